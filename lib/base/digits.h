/* digits.h: numbers below a hundred, ten thousand and a hundred million in decimal, with
 * zeros before them: two digits at a time written, eight read. */
#ifndef OT_DIGITS_H
#define OT_DIGITS_H

#include <endian.h>
#include <stdint.h>
#include <string.h>

static const char digit_pairs[] __attribute__((unused)) =
    "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
    "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
    "8081828384858687888990919293949596979899";

/* 000, to 999, with a comma behind each. */
extern const char digit_threes[];

static inline void
digits2(char *d, unsigned v)
{
	memcpy(d, digit_pairs + 2 * v, 2);
}

static inline void
digits4(char *d, unsigned v)
{
	digits2(d, v / 100);
	digits2(d + 2, v % 100);
}

/* Below a thousand; a comma is written behind them. Returns where it is. */
static inline char *
digits3(char *d, unsigned v)
{
	memcpy(d, digit_threes + 4 * v, 4);
	return d + 3;
}

static inline void
digits8(char *d, unsigned v)
{
	digits4(d, v / 10000);
	digits4(d + 4, v % 10000);
}

/* Eight bytes as the values of digits, the first one lowest; and how many of them from the first
 * are digits. */
static inline uint64_t
digit_values(const char *p)
{
	uint64_t x;

	memcpy(&x, p, sizeof(x));
	return le64toh(x) ^ UINT64_C(0x3030303030303030);
}
static inline unsigned
digits_first(uint64_t x)
{
	/* what is above 9 goes beyond its four bits when six are added; what that carries comes
	 * behind it */
	x = (x | (x + UINT64_C(0x0606060606060606))) & UINT64_C(0xf0f0f0f0f0f0f0f0);
	return x ? (unsigned)__builtin_ctzll(x) / 8 : 8;
}

/* The number that eight values of digits are. */
static inline uint32_t
digits_joined(uint64_t x)
{
	/* neighbours are put together: by ones, by twos, by fours */
	x = x * 10 + (x >> 8);
	x = (x & UINT64_C(0x00ff00ff00ff00ff)) * 100 + (x >> 16 & UINT64_C(0x00ff00ff00ff00ff));
	x = (x & UINT64_C(0x0000ffff0000ffff)) * 10000 + (x >> 32 & 0xffff);
	return (uint32_t)x;
}

/* The number that the digits from p on are, of which nineteen are taken at most: so many always
 * fit. Returns where they end: p when there are none, and *v is 0. */
static inline const char *
digits_from(const char *p, const char *end, uint64_t *v)
{
	static const uint32_t tens[] = { 1, 10, 100, 1000, 10000, 100000, 1000000, 10000000,
	    100000000 };
	const char *most = end - p > 19 ? p + 19 : end;
	unsigned n = 8;
	uint64_t x;

	for (*v = 0; most - p >= 8 && n == 8; p += n) {
		x = digit_values(p);
		n = digits_first(x);
		if (n)          /* with zeros before them */
			*v = *v * tens[n] + digits_joined(x << (8 - n) * 8);
	}
	for (; n == 8 && p < most && (unsigned)(*p - '0') < 10; p++)
		*v = *v * 10 + (unsigned)(*p - '0');
	return p;
}

#endif
