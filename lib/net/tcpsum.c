#include "net/tcpsum.h"

enum { IP_HEAD = 20, TCP_HEAD = 20, SUM_AT = 16, MERGED = 1480, ALL_ONES = 0xffff };

/* RFC 1071: the sum of 16-bit words, carries kept above, in this machine's order of bytes:
 * whether it is all ones does not depend on that. */
static uint64_t
sum(const uint8_t *p, uint32_t n)
{
	uint64_t s = 0, v;
	uint8_t last[4] = { 0 };
	uint32_t w;

	for (; n > 7; n -= 8, p += 8) {
		memcpy(&v, p, 8);
		s += v;
		s += s < v;             /* carried around the end */
	}
	s = (s >> 32) + (s & 0xffffffff);
	for (; n > 3; n -= 4, p += 4) {
		memcpy(&w, p, 4);
		s += w;
	}
	for (uint32_t i = 0; i < n; i++)
		last[i] = p[i];
	memcpy(&w, last, 4);
	return s + w;
}

/* A number below 65536 as such a word. */
static uint32_t
wire(uint32_t n)
{
	const uint8_t b[4] = { 0, 0, (uint8_t)(n >> 8), (uint8_t)n };
	uint32_t w;

	memcpy(&w, b, 4);
	return w;
}

static uint16_t
fold(uint64_t s)
{
	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	return (uint16_t)s;
}

/* RFC 9293, 3.1: what the checksum covers beside the segment. */
static uint64_t
pseudo(const struct pkt *k)
{
	uint32_t len = k->ip_v == 4 ? 4 : 16;

	return sum(k->src.b, len) + sum(k->dst.b, len) + wire(k->ip_proto);
}

/* True when what stands there says nothing: a card fills it in, or segments were merged.
 * before, with: the pseudo header's sum without and with a length. */
static bool
unfilled(uint16_t v, uint64_t before, uint64_t with)
{
	return v == fold(with) || v == fold(before);
}

/* The IPv4 header before TCP's is there, and wrong. */
static bool
ip_wrong(const struct pkt *k, const uint8_t *t)
{
	const struct packet *raw = k->raw;
	const uint8_t *ip = t - IP_HEAD;

	/* what was put together from fragments has no IP header before it */
	return k->ip_v == 4 && (uintptr_t)ip >= (uintptr_t)raw->data &&
	    (uintptr_t)t <= (uintptr_t)raw->data + raw->cap && ip[0] == 0x45 &&
	    memcmp(ip + 12, k->src.b, 4) == 0 && memcmp(ip + 16, k->dst.b, 4) == 0 &&
	    (ip[10] || ip[11]) && fold(sum(ip, IP_HEAD)) != ALL_ONES;
}

enum tcpsum
tcpsum_of(const struct pkt *k, bool only_right)
{
	const struct rd *r = &k->payload;
	uint32_t n = r->len, head = k->tcp_head;
	const uint8_t *t;
	uint64_t before;
	uint16_t v;

	if (head < TCP_HEAD || r->cap < n || n + head > MERGED || r->err)
		return TCPSUM_UNKNOWN;
	t = r->p - head;
	memcpy(&v, t + SUM_AT, 2);
	if (!v && only_right)
		return TCPSUM_UNKNOWN;
	before = pseudo(k);
	if (fold(before + wire(n + head) + sum(t, head) + sum(r->p, n)) == ALL_ONES)
		return only_right || !ip_wrong(k, t) ? TCPSUM_RIGHT : TCPSUM_WRONG;
	return unfilled(v, before, before + wire(n + head)) ? TCPSUM_UNKNOWN : TCPSUM_WRONG;
}

bool
tcpsum_other(const struct pkt *k, const uint8_t *rest, uint8_t head)
{
	struct rd r = k->payload;
	uint32_t n = rd_left(&r);
	const uint8_t *t = rd_at(&r) - k->tcp_head;
	uint64_t before = pseudo(k), with = before + wire(n + head);
	uint16_t v;

	if (head < TCP_HEAD || k->tcp_head < TCP_HEAD || rd_have(&r) < n || n + head > MERGED)
		return false;
	memcpy(&v, rest + SUM_AT - 8, 2);
	return !unfilled(v, before, with) &&
	    fold(with + sum(t, 8) + sum(rest, head - 8u) + sum(rd_at(&r), n)) != ALL_ONES;
}
