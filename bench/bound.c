/* bound.c: the yardstick: what a program can do that knows only one kind of
 * capture (Ethernet, IP, microsecond pcap of this machine's byte order), keeps
 * flows and sequence numbers, and writes one line of JSON for each packet by
 * hand, payload and all. No checks of content, no protocols, nothing shared
 * with otkit: so that it bounds it.
 *
 *     bound FILE > OUTPUT */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { FLOWS = 1 << 16, PROBES = 16, HEAD = 320, OUT = 1 << 20, PAYLOAD = 64 };

struct flow {
	uint64_t addrs;                 /* source, destination of this direction; IPv6: a sum */
	uint32_t ports;
	uint32_t next_seq;
	uint8_t proto, used;
	uint16_t head_n;
	uint64_t packets, bytes;
	char head[HEAD];                /* the members all its lines have in common */
};

static struct flow *flows;
static char out[OUT + 4096];
static size_t n_out;
static uint64_t lost;

static void
flush(void)
{
	for (size_t i = 0; i < n_out; ) {
		ssize_t r = write(STDOUT_FILENO, out + i, n_out - i);
		if (r < 0 && errno == EINTR)
			continue;
		if (r <= 0)
			exit(2);
		i += (size_t)r;
	}
	n_out = 0;
}

static inline char *
dec(char *d, uint64_t v)
{
	char t[20];
	int i = 20;

	do {
		t[--i] = (char)('0' + v % 10);
		v /= 10;
	} while (v);
	memcpy(d, t + i, (size_t)(20 - i));
	return d + 20 - i;
}

static inline char *
dec6(char *d, uint32_t v)
{
	for (int i = 5; i >= 0; i--, v /= 10)
		d[i] = (char)('0' + v % 10);
	return d + 6;
}

static inline char *
text(char *d, const char *s, size_t n)
{
	memcpy(d, s, n);
	return d + n;
}
#define TEXT(d, s) text(d, s, sizeof(s) - 1)

/* "2026-11-22T04:21:01", once a second. */
static const char *
second(uint32_t s)
{
	static uint32_t last = UINT32_MAX;
	static char t[20];

	if (s != last) {
		time_t v = s;
		struct tm tm;
		gmtime_r(&v, &tm);
		strftime(t, sizeof(t), "%Y-%m-%dT%H:%M:%S", &tm);
		last = s;
	}
	return t;
}

/* What is found in the packet, past Ethernet. */
struct place {
	const uint8_t *ip, *t;          /* the header of IP, the one behind it */
	uint8_t proto;
	bool v6;
};

static __attribute__((noinline)) void
render_head(struct flow *f, const uint8_t *eth, const struct place *at, uint64_t id)
{
	const uint8_t *ip = at->ip, *t = at->t;
	char src[INET6_ADDRSTRLEN], dst[INET6_ADDRSTRLEN];

	inet_ntop(at->v6 ? AF_INET6 : AF_INET, ip + (at->v6 ? 8 : 12), src, sizeof(src));
	inet_ntop(at->v6 ? AF_INET6 : AF_INET, ip + (at->v6 ? 24 : 16), dst, sizeof(dst));
	f->head_n = (uint16_t)snprintf(f->head, HEAD,
	    ",\"flow_id\":%llu,\"ether\":{\"src_mac\":\"%02x:%02x:%02x:%02x:%02x:%02x\","
	    "\"dest_mac\":\"%02x:%02x:%02x:%02x:%02x:%02x\"},"
	    "\"src_ip\":\"%s\",\"src_port\":%u,\"dest_ip\":\"%s\",\"dest_port\":%u,"
	    "\"proto\":\"%s\"",
	    (unsigned long long)id, eth[6], eth[7], eth[8], eth[9], eth[10], eth[11], eth[0],
	    eth[1], eth[2], eth[3], eth[4], eth[5], src, t[0] << 8 | t[1], dst, t[2] << 8 | t[3],
	    at->proto == 6 ? "TCP" : "UDP");
}

static inline __attribute__((always_inline)) struct flow *
flow_find(const uint8_t *eth, const struct place *at)
{
	struct flow *f = NULL;
	uint64_t addrs, h, v[4];
	uint32_t ports;

	if (at->v6) {
		memcpy(v, at->ip + 8, 32);
		addrs = (v[0] + 3 * v[1]) + 0x9e3779b97f4a7c15u * (v[2] + 5 * v[3]);
	} else {
		memcpy(&addrs, at->ip + 12, 8);
	}
	memcpy(&ports, at->t, 4);
	h = (addrs ^ (uint64_t)ports << 17) * 0x9e3779b97f4a7c15u;
	for (uint32_t i = 0; i < PROBES; i++) {
		f = &flows[((uint32_t)(h >> 40) + i) & (FLOWS - 1)];
		if (f->used && f->addrs == addrs && f->ports == ports && f->proto == at->proto)
			return f;
		if (!f->used)
			break;
	}
	/* a free place, or that of another: nothing is told of flows that end */
	memset(f, 0, offsetof(struct flow, head));
	f->used = 1;
	f->addrs = addrs;
	f->ports = ports;
	f->proto = at->proto;
	render_head(f, eth, at, h >> 13);
	return f;
}

struct seen { const uint8_t *pay; uint32_t left, seq; };

/* Told the version and protocol as constants, so that the common ones cost no questions. */
static inline __attribute__((always_inline)) char *
transport(char *d, const uint8_t *p, uint32_t n, struct place at, struct seen *x)
{
	const uint8_t *ip = at.ip, *t = at.t;
	uint32_t head = (uint32_t)(t - ip) + 8;
	uint32_t total = at.v6 ? (uint32_t)(40 + (ip[4] << 8 | ip[5])) :
	    (uint32_t)(ip[2] << 8 | ip[3]);
	struct flow *f = flow_find(p, &at);

	f->packets++;
	f->bytes += n;
	if (at.proto == 6 && n >= (uint32_t)(t - p) + 20) {
		head = (uint32_t)(t - ip) + (t[12] >> 4) * 4u;
		x->seq = (uint32_t)t[4] << 24 | (uint32_t)t[5] << 16 | (uint32_t)t[6] << 8 | t[7];
	}
	if (total > n - 14)
		total = n - 14;
	x->left = total > head ? total - head : 0;
	x->pay = ip + head;
	if (at.proto == 6) {
		if (f->packets > 1 && x->seq != f->next_seq)
			lost++;
		f->next_seq = x->seq + x->left + (t[13] & 3 ? 1 : 0);
	}
	return text(d, f->head, f->head_n);
}

static void
packet(uint32_t sec, uint32_t usec, const uint8_t *p, uint32_t n, uint64_t number)
{
	static const char hex[] = "0123456789abcdef";
	const uint8_t *ip = p + 14, *pay;
	struct seen x = { ip, n - 14, 0 };
	uint32_t left, seq;
	char *d = out + n_out;

	d = TEXT(d, "{\"timestamp\":\"");
	d = text(d, second(sec), 19);
	*d++ = '.';
	d = dec6(d, usec);
	d = TEXT(d, "+0000\",\"event_type\":\"packet\",\"pcap_cnt\":");
	d = dec(d, number);
	if (n >= 42 && p[12] == 8 && p[13] == 0 && ip[0] == 0x45) {
		if (ip[9] == 6)
			d = transport(d, p, n, (struct place){ ip, ip + 20, 6, false }, &x);
		else if (ip[9] == 17)
			d = transport(d, p, n, (struct place){ ip, ip + 20, 17, false }, &x);
	} else if (n >= 62 && p[12] == 0x86 && p[13] == 0xdd && (ip[6] == 6 || ip[6] == 17)) {
		d = transport(d, p, n, (struct place){ ip, ip + 40, ip[6], true }, &x);
	}
	pay = x.pay, left = x.left, seq = x.seq;
	d = TEXT(d, ",\"packet_info\":{\"linktype\":1,\"seq\":");
	d = dec(d, seq);
	d = TEXT(d, ",\"length\":");
	d = dec(d, n);
	d = TEXT(d, ",\"payload_length\":");
	d = dec(d, left);
	d = TEXT(d, "},\"payload\":\"");
	if (left > PAYLOAD)
		left = PAYLOAD;
	for (uint32_t i = 0; i < left; i++) {
		*d++ = hex[pay[i] >> 4];
		*d++ = hex[pay[i] & 15];
	}
	d = TEXT(d, "\"}\n");
	n_out = (size_t)(d - out);
	if (n_out >= OUT)
		flush();
}

int
main(int argc, char **argv)
{
	int fd = argc == 2 ? open(argv[1], O_RDONLY) : -1;
	const uint8_t *b;
	struct stat st;
	uint64_t number = 0;

	if (fd < 0 || fstat(fd, &st) || st.st_size < 24 ||
	    (b = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0)) == MAP_FAILED ||
	    !(flows = calloc(FLOWS, sizeof(*flows)))) {
		fprintf(stderr, "usage: bound FILE\n");
		return 2;
	}
	madvise((void *)(uintptr_t)b, (size_t)st.st_size, MADV_SEQUENTIAL);
	for (size_t i = 24; i + 16 <= (size_t)st.st_size; ) {
		uint32_t h[4];
		memcpy(h, b + i, sizeof(h));
		if (h[2] < 14 || h[2] > (size_t)st.st_size - i - 16)
			break;
		packet(h[0], h[1], b + i + 16, h[2], ++number);
		i += 16 + h[2];
	}
	flush();
	fprintf(stderr, "bound: %llu packets, %llu out of sequence\n", (unsigned long long)number,
	    (unsigned long long)lost);
	return 0;
}
