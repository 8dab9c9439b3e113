/* bound.c: the yardstick: what a program can do that knows only one kind of
 * capture (Ethernet, IPv4, microsecond pcap of this machine's byte order), keeps
 * flows and sequence numbers, and writes one line of JSON for each packet by
 * hand, payload and all. No checks of content, no protocols, nothing shared
 * with otkit: so that it bounds it.
 *
 *     bound FILE > OUTPUT */
#include <errno.h>
#include <fcntl.h>
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
	uint64_t addrs;                 /* source and destination, of this direction */
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

static void
render_head(struct flow *f, const uint8_t *eth, const uint8_t *ip, uint64_t id)
{
	const uint8_t *t = ip + 20;

	f->head_n = (uint16_t)snprintf(f->head, HEAD,
	    ",\"flow_id\":%llu,\"ether\":{\"src_mac\":\"%02x:%02x:%02x:%02x:%02x:%02x\","
	    "\"dest_mac\":\"%02x:%02x:%02x:%02x:%02x:%02x\"},"
	    "\"src_ip\":\"%u.%u.%u.%u\",\"src_port\":%u,"
	    "\"dest_ip\":\"%u.%u.%u.%u\",\"dest_port\":%u,\"proto\":\"%s\"",
	    (unsigned long long)id, eth[6], eth[7], eth[8], eth[9], eth[10], eth[11], eth[0],
	    eth[1], eth[2], eth[3], eth[4], eth[5], ip[12], ip[13], ip[14], ip[15],
	    t[0] << 8 | t[1], ip[16], ip[17], ip[18], ip[19], t[2] << 8 | t[3],
	    ip[9] == 6 ? "TCP" : "UDP");
}

static struct flow *
flow_find(const uint8_t *eth, const uint8_t *ip)
{
	struct flow *f = NULL;
	uint64_t addrs, h;
	uint32_t ports;

	memcpy(&addrs, ip + 12, 8);
	memcpy(&ports, ip + 20, 4);
	h = (addrs ^ (uint64_t)ports << 17) * 0x9e3779b97f4a7c15u;
	for (uint32_t i = 0; i < PROBES; i++) {
		f = &flows[((uint32_t)(h >> 40) + i) & (FLOWS - 1)];
		if (f->used && f->addrs == addrs && f->ports == ports && f->proto == ip[9])
			return f;
		if (!f->used)
			break;
	}
	/* a free place, or that of another: nothing is told of flows that end */
	memset(f, 0, offsetof(struct flow, head));
	f->used = 1;
	f->addrs = addrs;
	f->ports = ports;
	f->proto = ip[9];
	render_head(f, eth, ip, h >> 13);
	return f;
}

static void
packet(uint32_t sec, uint32_t usec, const uint8_t *p, uint32_t n, uint64_t number)
{
	static const char hex[] = "0123456789abcdef";
	const uint8_t *ip = p + 14, *pay = p + 14;
	uint32_t left = n - 14, seq = 0;
	struct flow *f = NULL;
	char *d = out + n_out;

	d = TEXT(d, "{\"timestamp\":\"");
	d = text(d, second(sec), 19);
	*d++ = '.';
	d = dec6(d, usec);
	d = TEXT(d, "+0000\",\"event_type\":\"packet\",\"pcap_cnt\":");
	d = dec(d, number);
	if (n >= 42 && p[12] == 8 && p[13] == 0 && ip[0] == 0x45 && (ip[9] == 6 || ip[9] == 17)) {
		uint32_t total = (uint32_t)ip[2] << 8 | ip[3], head = 28;
		f = flow_find(p, ip);
		f->packets++;
		f->bytes += n;
		if (ip[9] == 6 && n >= 54) {
			head = 20 + (ip[32] >> 4) * 4u;
			seq = (uint32_t)ip[24] << 24 | (uint32_t)ip[25] << 16 |
			    (uint32_t)ip[26] << 8 | ip[27];
		}
		if (total > n - 14)
			total = n - 14;
		left = total > head ? total - head : 0;
		pay = ip + head;
		if (ip[9] == 6) {
			if (f->packets > 1 && seq != f->next_seq)
				lost++;
			f->next_seq = seq + left + (ip[33] & 3 ? 1 : 0);
		}
		d = text(d, f->head, f->head_n);
	}
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
