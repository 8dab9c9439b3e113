/* ber.c: ASN.1's basic encoding. */
#include "proto/ber.h"

bool
ber_next(struct rd *r, struct ber *b)
{
	uint32_t n;

	memset(b, 0, sizeof(*b));
	if (!rd_left(r))
		return false;
	b->first = rd_u8(r);
	b->number = b->first & 0x1f;
	if (b->number == 0x1f) {
		b->number = 0;
		for (int i = 0; i < 4; i++) {
			uint8_t c = rd_u8(r);
			b->number = b->number << 7 | (c & 0x7f);
			if (!(c & 0x80))
				break;
		}
	}
	n = rd_u8(r);
	if (n == 0x80) {
		b->open = true;
		n = rd_left(r);                 /* to the end; what is there is taken */
	} else if (n > 0x80) {
		uint32_t k = n & 0x7f;
		n = 0;
		if (k > 4)
			rd_set_bad(r);
		while (k-- && rd_ok(r))
			n = n << 8 | rd_u8(r);
	}
	b->v = rd_sub(r, n);
	return rd_ok(r) || (rd_short(r) && b->v.p);
}

bool
ber_take(struct rd *r, uint8_t first, struct ber *b)
{
	if (rd_peek8(r, 0) != first)
		return false;
	return ber_next(r, b);
}

uint64_t
ber_uint(struct rd v)
{
	uint64_t u = 0;

	while (rd_left(&v))
		u = u << 8 | rd_u8(&v);
	return u;
}

int64_t
ber_int(struct rd v)
{
	uint64_t u = rd_peek8(&v, 0) >= 0x80 ? ~0ull : 0;

	while (rd_left(&v))
		u = u << 8 | rd_u8(&v);
	return (int64_t)u;
}

bool
ber_find(struct rd *r, uint8_t first, struct ber *b)
{
	while (ber_next(r, b))
		if (b->first == first)
			return true;
	return false;
}

int64_t
ber_len(const struct rd *r)
{
	struct rd p = *r;
	uint32_t n;

	if ((rd_u8(&p) & 0x1f) == 0x1f)
		return -1;
	n = rd_u8(&p);
	if (n > 0x80) {
		uint32_t k = n & 0x7f;
		if (k > 4)
			return -1;
		for (n = 0; k; k--)
			n = n << 8 | rd_u8(&p);
	} else if (n == 0x80) {
		return -1;
	}
	return rd_ok(&p) ? (int64_t)n + p.off - r->off : 0;
}
