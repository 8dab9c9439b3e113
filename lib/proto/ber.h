/* ber.h: ASN.1's basic encoding (X.690), as far as protocols need it: one element
 * after the other, without recursion and without memory.
 *
 *     while (ber_next(&r, &b))
 *             switch (b.first) { case 0x30: ... b.v is a reader of its contents
 */
#ifndef OT_BER_H
#define OT_BER_H

#include "base/rd.h"

enum { BER_INT = 0x02, BER_OCTETS = 0x04, BER_NULL = 0x05, BER_OID = 0x06, BER_ENUM = 0x0a,
	BER_SEQ = 0x30, BER_SET = 0x31 };

/* One element: the first byte of its identifier, its number, its contents. */
struct ber {
	uint8_t first;
	bool open;                      /* of indefinite length: all that is left */
	uint32_t number;
	struct rd v;
};

/* The next element; false at the end or where it is broken. One that the capture
 * cut is still given, as far as it goes. */
bool ber_next(struct rd *r, struct ber *b);
/* The next element if it begins with this byte. */
bool ber_take(struct rd *r, uint8_t first, struct ber *b);
/* The first element in r that begins with this byte; r is left behind it. */
bool ber_find(struct rd *r, uint8_t first, struct ber *b);
/* How long the element at r is, with its head; 0: more bytes are needed to tell, -1: it
 * is none, or has no length. */
int64_t ber_len(const struct rd *r);
/* A whole value as an unsigned or signed number (its last eight bytes). */
uint64_t ber_uint(struct rd v);
int64_t ber_int(struct rd v);

/* True the first time: an element that may not be repeated, and was. */
static inline bool
ber_once(uint32_t *seen, const struct ber *b)
{
	uint32_t bit = 1u << (b->number & 31);
	bool first = !(*seen & bit);

	*seen |= bit;
	return first;
}

#endif
