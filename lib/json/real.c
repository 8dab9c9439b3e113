/* real.c: real numbers as text: the fewest digits that read back as the same. */
#include "base/digits.h"
#include "json/jw.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const uint64_t ten[] = { 1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000,
    1000000000, 10000000000, 100000000000, 1000000000000, 10000000000000, 100000000000000,
    1000000000000000, 10000000000000000, 100000000000000000, 1000000000000000000,
    10000000000000000000u };

/* Below one: dec / 10^k, its last zeros left out. Returns its length. */
static __attribute__((noinline)) size_t
put_below_one(char *d, uint64_t dec, int k)
{
	char t[20];
	size_t n;

	for (; k && dec % 10 == 0; k--)
		dec /= 10;
	n = jw_dec(t, dec);
	memcpy(d, "0.0000", 6);
	memcpy(d + 2 + (size_t)k - n, t, n);
	return 2 + (size_t)k;
}

/* The same from one on; whole is the part before the point or one less. */
static inline size_t
put_fixed(char *d, uint64_t dec, int k, uint64_t whole)
{
	char *point;

	dec -= whole * ten[k];
	if (dec >= ten[k]) {
		dec -= ten[k];
		whole++;
	}
	point = jw_num_at(d, whole);
	if (!dec)
		return (size_t)(point - d);
	for (; dec % 10000 == 0; k -= 4)
		dec /= 10000;
	for (; dec % 10 == 0; k--)
		dec /= 10;
	/* k is 16 at most: 16 digits, and of them the first k */
	dec *= ten[16 - k];
	*point++ = '.';
	digits8(point, (unsigned)(dec / ten[8]));
	digits8(point + 8, (unsigned)(dec % ten[8]));
	return (size_t)(point - d) + (size_t)k;
}

/* v as "%.*g" writes it, with the first of 15, 16 and 17 digits that reads back as
 * v; for what is measured anywhere: 0.0001 to 1e9. Returns its length, 0 when it
 * does not know.
 *
 * Exact: v = m / 2^e, and v * 10^k, of 17 digits before its point, is m * 10^k / 2^e.
 * Both factors are shifted so that the product has its point between the words:
 * m * 2^11, of 64 bits, and 10^k * 2^(53-e) = 5^k * 2^(k+53-e), of 58 at most. What reads
 * back as v lies within half a step of it, 10^k / 2^(e+1), and never just at the end: of
 * the product's factors of two only k - 1 are left there, and e is more. That is less
 * than 50 of the last digit, so at most one number of 15 digits is near enough. */
static inline size_t
put_real(char *d, double v)
{
	static const double power[] = { 1, 10, 100, 1000, 10000, 100000, 1000000, 10000000,
	    100000000, 1000000000 };
	static const uint64_t five[] = { 1, 5, 25, 125, 625, 3125, 15625, 78125, 390625, 1953125,
	    9765625, 48828125, 244140625, 1220703125, 6103515625, 30517578125, 152587890625,
	    762939453125, 3814697265625, 19073486328125, 95367431640625 };
	uint64_t bits, p, all, rest, low, high, dec;
	__uint128_t exact, half;
	int e, x, k;
	size_t sign;

	memcpy(&bits, &v, 8);
	sign = bits >> 63;
	*d = '-';
	d += sign;
	if (sign)
		v = -v;
	if (!(v >= 1e-4 && v < 1e9))
		return 0;
	e = 1075 - (int)(bits >> 52 & 2047);            /* 23 to 66 */
	/* x: exponent of the first digit; from that of two, times its logarithm, it is
	 * one too low at most; below 1 a guess, checked by the length */
	if (v >= 1) {
		x = (52 - e) * 77 >> 8;
		x += v >= power[x + 1];
	} else {
		x = v < 0.001 ? -4 : v < 0.01 ? -3 : v < 0.1 ? -2 : -1;
	}
	k = 16 - x;                                     /* 8 to 20 */
	p = five[k] << (k + 53 - e);
	exact = (__uint128_t)(bits << 11 | 1ull << 63) * p;
	all = (uint64_t)(exact >> 64);
	rest = (uint64_t)exact;
	if (all < ten[16] || all >= ten[17])
		return 0;
	half = (__uint128_t)p << 10;
	high = (uint64_t)((exact + half) >> 64);
	/* below a power of two steps are half as wide */
	low = (uint64_t)((exact - (bits << 12 ? half : half / 2)) >> 64) + 1;
	dec = (all + 50) / 100;
	if (dec * 100 >= low && dec * 100 <= high) {
		k -= 2;
	} else {
		dec = (all + 5) / 10;
		if (!rest && dec * 10 - all == 5)       /* to the even one */
			dec -= dec & 1;
		if (dec * 10 >= low && dec * 10 <= high) {
			k -= 1;
		} else {
			dec = all + (rest > 1ull << 63 || (rest == 1ull << 63 && (all & 1)));
		}
	}
	if (k > 18 || dec < ten[k])
		return sign + put_below_one(d, dec, k);
	return sign + put_fixed(d, dec, k, (uint64_t)v);
}

/* What put_real() does not know. */
static __attribute__((noinline)) char *
put_printed(char *d, double v)
{
	static const int digits[] = { 9, 15, 16, 17 };
	const size_t ndigits = sizeof(digits) / sizeof(*digits);
	char t[JW_REAL];

	/* the fewest digits that read back as the same number */
	for (size_t i = 0; ; i++) {
		int l = snprintf(t, sizeof(t), "%.*g", digits[i], v);
		if (strtod(t, NULL) == v || i + 1 == ndigits) {
			memcpy(d, t, (size_t)l);
			return d + l;
		}
	}
}

char *
jw_real_at(char *d, double v)
{
	size_t n = put_real(d, v);

	return n ? d + n : put_printed(d, v);
}

void
jw_k_real(struct jw *w, const char *k, size_t kn, double v)
{
	char *d;

	if (!isfinite(v))
		jw_absent(w);
	else if ((d = jw_at(w, k, kn, JW_REAL)))
		w->n = (size_t)(jw_real_at(d, v) - w->buf);
}
