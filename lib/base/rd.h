/* rd.h: the bounds-checked reader, the only way to look at bytes from outside.
 *
 *        p                     off              cap            len
 *        |---- already read ----|--- captured ---|-- on the ----|
 *                                                   wire only
 *
 * Invariant: off <= cap <= len. `len` is what the wire (or an outer length
 * field) said, `cap` is how much of that we hold. They differ when a capture's
 * snap length cut the packet.
 *
 * Two errors, never confused:
 *   RD_SHORT  read past cap: our own capture was cut. Not the sender's fault.
 *   RD_BAD    read past len: the bytes contradict a length. Malformed.
 *
 * The error is sticky. After it reads give 0 or NULL and rd_left() gives 0, so
 * a parser is straight-line code, every `while (rd_left(&r))` ends, and the
 * caller asks rd_ok() once. A length field is used once, in rd_sub().
 *
 * A reader is passed by value or on the stack and borrows its bytes. */
#ifndef OT_RD_H
#define OT_RD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { RD_OK = 0, RD_SHORT, RD_BAD };

struct rd {
	const uint8_t *p;
	uint32_t cap, len, off;
	uint32_t err_off;       /* where the failing read began */
	uint32_t err_want;      /* how many bytes it wanted */
	uint8_t err;            /* RD_OK, RD_SHORT, RD_BAD */
};

static inline struct rd
rd_init(const void *p, uint32_t cap, uint32_t len)
{
	struct rd r = { .p = p, .cap = cap < len ? cap : len, .len = len };
	return r;
}

static inline bool rd_ok(const struct rd *r) { return r->err == RD_OK; }
static inline bool rd_short(const struct rd *r) { return r->err == RD_SHORT; }
static inline bool rd_bad(const struct rd *r) { return r->err == RD_BAD; }

/* Bytes the wire still has; 0 after an error. */
static inline uint32_t
rd_left(const struct rd *r)
{
	return r->err ? 0 : r->len - r->off;
}

/* Bytes we hold of those. */
static inline uint32_t
rd_have(const struct rd *r)
{
	return r->err ? 0 : r->cap - r->off;
}

/* Apart from the readers: what is rare stays out of the cache of instructions. */
static __attribute__((noinline, cold, unused)) void
rd_fail(struct rd *r, uint32_t want)
{
	if (r->err)
		return;
	r->err = want > r->len - r->off ? RD_BAD : RD_SHORT;
	r->err_off = r->off;
	r->err_want = want;
}

/* The sender's contradiction found by the parser itself (a count that cannot
 * be, a nesting too deep): marks the reader as malformed here. */
static inline void
rd_set_bad(struct rd *r)
{
	if (r->err)
		return;
	r->err = RD_BAD;
	r->err_off = r->off;
	r->err_want = 0;
}

/* Where the cursor is: rd_have() bytes lie there. Never NULL: a reader of nothing may have no
 * bytes at all, and neither p + off nor memchr(p, c, 0) is defined for NULL. */
static inline const uint8_t *
rd_at(const struct rd *r)
{
	return r->p ? r->p + r->off : (const uint8_t *)"";
}

/* True when n bytes can be read now; else sets the error. */
static inline bool
rd_need(struct rd *r, uint32_t n)
{
	if (__builtin_expect(!r->err && n <= r->cap - r->off, 1))
		return true;
	rd_fail(r, n);
	return false;
}

static inline uint8_t
rd_u8(struct rd *r)
{
	if (!rd_need(r, 1))
		return 0;
	return r->p[r->off++];
}

static inline uint16_t
rd_be16(struct rd *r)
{
	const uint8_t *p;
	if (!rd_need(r, 2))
		return 0;
	p = r->p + r->off;
	r->off += 2;
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t
rd_be24(struct rd *r)
{
	const uint8_t *p;
	if (!rd_need(r, 3))
		return 0;
	p = r->p + r->off;
	r->off += 3;
	return (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
}

static inline uint32_t
rd_be32(struct rd *r)
{
	const uint8_t *p;
	if (!rd_need(r, 4))
		return 0;
	p = r->p + r->off;
	r->off += 4;
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline uint64_t
rd_be64(struct rd *r)
{
	uint64_t hi;
	if (!rd_need(r, 8))
		return 0;
	hi = rd_be32(r);
	return hi << 32 | rd_be32(r);
}

static inline uint16_t
rd_le16(struct rd *r)
{
	const uint8_t *p;
	if (!rd_need(r, 2))
		return 0;
	p = r->p + r->off;
	r->off += 2;
	return (uint16_t)(p[1] << 8 | p[0]);
}

static inline uint32_t
rd_le32(struct rd *r)
{
	const uint8_t *p;
	if (!rd_need(r, 4))
		return 0;
	p = r->p + r->off;
	r->off += 4;
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static inline uint64_t
rd_le64(struct rd *r)
{
	uint64_t lo;
	if (!rd_need(r, 8))
		return 0;
	lo = rd_le32(r);
	return lo | (uint64_t)rd_le32(r) << 32;
}

/* IEEE 754 numbers. */
static inline float
rd_f32_of(uint32_t bits)
{
	float f;
	memcpy(&f, &bits, sizeof(f));
	return f;
}

static inline double
rd_f64_of(uint64_t bits)
{
	double d;
	memcpy(&d, &bits, sizeof(d));
	return d;
}

static inline float rd_be_f32(struct rd *r) { return rd_f32_of(rd_be32(r)); }
static inline float rd_le_f32(struct rd *r) { return rd_f32_of(rd_le32(r)); }
static inline double rd_be_f64(struct rd *r) { return rd_f64_of(rd_be64(r)); }
static inline double rd_le_f64(struct rd *r) { return rd_f64_of(rd_le64(r)); }

/* The byte `ahead` of the cursor without moving, or -1 when we do not hold it.
 * Sets no error: for looking, not for reading. */
static inline int
rd_peek8(const struct rd *r, uint32_t ahead)
{
	if (r->err || ahead >= r->cap - r->off)
		return -1;
	return r->p[r->off + ahead];
}

/* As rd_peek8, two bytes, big-endian. */
static inline int
rd_peek16(const struct rd *r, uint32_t ahead)
{
	if (r->err || r->cap - r->off < 2 || ahead > r->cap - r->off - 2)
		return -1;
	return r->p[r->off + ahead] << 8 | r->p[r->off + ahead + 1];
}

/* Borrows n bytes, or NULL. n == 0 gives a non-NULL pointer that must not be read. */
static inline const uint8_t *
rd_bytes(struct rd *r, uint32_t n)
{
	const uint8_t *p;
	if (!rd_need(r, n))
		return NULL;
	if (!n)                         /* a reader of nothing may have no bytes at all */
		return (const uint8_t *)"";
	p = r->p + r->off;
	r->off += n;
	return p;
}

static inline void
rd_skip(struct rd *r, uint32_t n)
{
	if (rd_need(r, n))
		r->off += n;
}

/* A reader over the next n bytes of the wire; the cursor moves past them.
 * Where the capture ends inside them, the part reads up to there and both are
 * SHORT in the end; where the wire itself has fewer, this one is BAD and the
 * part is empty and BAD as well. */
static inline struct rd
rd_sub(struct rd *r, uint32_t n)
{
	struct rd s = { .p = r->p ? r->p + r->off : NULL };

	if (r->err || n > r->len - r->off) {
		rd_fail(r, n);
		s.err = r->err;
		return s;
	}
	s.len = n;
	s.cap = n < r->cap - r->off ? n : r->cap - r->off;
	if (s.cap < n) {
		rd_fail(r, n);
		r->off = r->cap;
	} else {
		r->off += n;
	}
	return s;
}

/* All that is left, as a reader of its own without an error; the cursor stays. */
static inline struct rd
rd_ahead(const struct rd *r)
{
	return rd_init(rd_at(r), r->cap - r->off, r->len - r->off);
}

/* All that is left, as a reader of its own. */
static inline struct rd
rd_rest(struct rd *r)
{
	return rd_sub(r, rd_left(r));
}

#endif
