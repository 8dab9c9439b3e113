/* digits.h: numbers below a hundred, ten thousand and a hundred million in decimal, with
 * zeros before them: two digits at a time. */
#ifndef OT_DIGITS_H
#define OT_DIGITS_H

#include <string.h>

static const char digit_pairs[] __attribute__((unused)) =
    "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
    "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
    "8081828384858687888990919293949596979899";

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

static inline void
digits8(char *d, unsigned v)
{
	digits4(d, v / 10000);
	digits4(d + 4, v % 10000);
}

#endif
