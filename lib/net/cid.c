#include "net/cid.h"

#include "base/sum.h"

#include <string.h>

/* The type that answers this one, or -1: then (type, code) is one-way. */
static int
icmp_counterpart(uint8_t proto, unsigned type)
{
	static const uint8_t v4[][2] = { { 8, 0 }, { 13, 14 }, { 15, 16 }, { 17, 18 }, { 10, 9 } };
	static const uint8_t v6[][2] = { { 128, 129 }, { 133, 134 }, { 135, 136 }, { 130, 131 },
	    { 139, 140 }, { 144, 145 } };
	const uint8_t (*t)[2] = proto == 1 ? v4 : v6;
	size_t n = proto == 1 ? sizeof(v4) / 2 : sizeof(v6) / 2;

	for (size_t i = 0; i < n; i++) {
		if (t[i][0] == type)
			return t[i][1];
		if (t[i][1] == type)
			return t[i][0];
	}
	return -1;
}

void
cid_put(char dst[CID_TEXT], uint8_t proto, const struct addr *src, uint16_t sport,
    const struct addr *dst_addr, uint16_t dport)
{
	static const char b64[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint8_t m[2 + 32 + 2 + 4], md[SUM_MAX];
	size_t alen = src->v == 4 ? 4 : 16, n = 0;
	bool ports = proto == 6 || proto == 17 || proto == 132, oneway = false;
	char *d = dst;
	int c;

	if (proto == 1 || proto == 58) {
		ports = true;
		c = icmp_counterpart(proto, sport);
		if (c >= 0)
			dport = (uint16_t)c;
		else
			oneway = true;
	}
	c = memcmp(src->b, dst_addr->b, alen);
	if (!oneway && (c > 0 || (c == 0 && ports && sport > dport))) {
		const struct addr *a = src;
		uint16_t p = sport;
		src = dst_addr;
		dst_addr = a;
		sport = dport;
		dport = p;
	}
	m[n++] = 0;                     /* seed */
	m[n++] = 0;
	memcpy(m + n, src->b, alen);
	n += alen;
	memcpy(m + n, dst_addr->b, alen);
	n += alen;
	m[n++] = proto;
	m[n++] = 0;
	if (ports) {
		m[n++] = (uint8_t)(sport >> 8);
		m[n++] = (uint8_t)sport;
		m[n++] = (uint8_t)(dport >> 8);
		m[n++] = (uint8_t)dport;
	}
	sum_of(SUM_SHA1, m, n, md);
	md[20] = 0;
	*d++ = '1';
	*d++ = ':';
	for (int i = 0; i < 21; i += 3) {
		uint32_t v = (uint32_t)md[i] << 16 | (uint32_t)md[i + 1] << 8 | md[i + 2];
		*d++ = b64[v >> 18];
		*d++ = b64[v >> 12 & 63];
		*d++ = b64[v >> 6 & 63];
		*d++ = b64[v & 63];
	}
	d[-1] = '=';                    /* 20 bytes: the last of 28 characters is padding */
	*d = '\0';
}
