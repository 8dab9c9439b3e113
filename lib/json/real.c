/* real.c: real numbers as text: the fewest digits that read back as the same. */
#include "json/jw.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const uint64_t ten[] = { 1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000,
    1000000000, 10000000000, 100000000000, 1000000000000, 10000000000000, 100000000000000,
    1000000000000000, 10000000000000000, 100000000000000000, 1000000000000000000,
    10000000000000000000u };

/* dec / 10^k, its last zeros left out; whole is the part before the point or one
 * less. Returns its length. */
static inline size_t
put_fixed(char *d, uint64_t dec, int k, uint64_t whole)
{
	char t[32] = { 0 };
	size_t n, point;

	if (k > 18 || dec < ten[k]) {
		for (; k && dec % 10 == 0; k--)
			dec /= 10;
		n = jw_dec(t, dec);
		memcpy(d, "0.0000", 6);
		d += 2 + (size_t)k - n;
		memcpy(d, t, n);
		return 2 + (size_t)k;
	}
	dec -= whole * ten[k];
	if (dec >= ten[k]) {
		dec -= ten[k];
		whole++;
	}
	point = jw_dec(d, whole);
	if (!dec)
		return point;
	for (; dec % 10000 == 0; k -= 4)
		dec /= 10000;
	for (; dec % 10 == 0; k--)
		dec /= 10;
	/* at least 1, so that k is 16 at most: 16 digits, and of them the last k */
	jw_dec8(t, (unsigned)(dec / ten[8]));
	jw_dec8(t + 8, (unsigned)(dec % ten[8]));
	d[point] = '.';
	memcpy(d + point + 1, t + 16 - k, 16);
	return point + 1 + (size_t)k;
}

/* v as "%.*g" writes it, with the first of 15, 16 and 17 digits that reads back as
 * v; for what is measured anywhere: 0.0001 to 1e9. Returns its length, 0 when it
 * does not know.
 *
 * Exact: v = m / 2^e, and v * 10^k, of 17 digits before its point, is m * 10^k / 2^e:
 * 128 bits hold the product. What reads back as v lies within half a step of it,
 * 10^k / 2^(e+1), and never just at the end: of the product's factors of two only
 * k - 1 are left there, and e is more. That is less than 50 of the last digit, so
 * at most one number of 15 digits is near enough. */
static size_t
put_real(char *d, double v)
{
	static const double power[] = { 1, 10, 100, 1000, 10000, 100000, 1000000, 10000000,
	    100000000, 1000000000 };
	uint64_t bits, m, all, low, high, dec;
	__uint128_t p, exact, rest, half;
	int e, x = 0, k;
	size_t sign;

	memcpy(&bits, &v, 8);
	sign = bits >> 63;
	*d = '-';
	d += sign;
	if (sign)
		v = -v;
	if (!(v >= 1e-4 && v < 1e9))
		return 0;
	m = (bits & ((1ull << 52) - 1)) | 1ull << 52;
	e = 1075 - (int)(bits >> 52 & 2047);            /* 23 to 66 */
	/* x: exponent of the first digit; below 1 a guess, checked by the length */
	while (x < 8 && v >= power[x + 1])
		x++;
	if (v < 1)
		x = v < 0.001 ? -4 : v < 0.01 ? -3 : v < 0.1 ? -2 : -1;
	k = 16 - x;                                     /* 8 to 20 */
	p = k < 20 ? ten[k] : (__uint128_t)ten[19] * 10;
	exact = m * p;
	all = (uint64_t)(exact >> e);
	if (all < ten[16] || all >= ten[17])
		return 0;
	/* below a power of two steps are half as wide */
	low = (uint64_t)((exact - (m == 1ull << 52 ? p / 4 : p / 2)) >> e) + 1;
	high = (uint64_t)((exact + p / 2) >> e);
	dec = (all + 50) / 100;
	if (dec * 100 >= low && dec * 100 <= high)
		return sign + put_fixed(d, dec, k - 2, (uint64_t)v);
	rest = exact & (((__uint128_t)1 << e) - 1);
	dec = (all + 5) / 10;
	if (!rest && dec * 10 - all == 5)               /* to the even one */
		dec -= dec & 1;
	if (dec * 10 >= low && dec * 10 <= high)
		return sign + put_fixed(d, dec, k - 1, (uint64_t)v);
	half = (__uint128_t)1 << (e - 1);
	all += rest > half || (rest == half && (all & 1));
	return sign + put_fixed(d, all, k, (uint64_t)v);
}

char *
jw_real_at(char *d, double v)
{
	static const int digits[] = { 9, 15, 16, 17 };
	const size_t ndigits = sizeof(digits) / sizeof(*digits);
	size_t n = put_real(d, v);

	/* the fewest digits that read back as the same number */
	for (size_t i = 0; !n && i < ndigits; i++) {
		char t[JW_REAL];
		int l = snprintf(t, sizeof(t), "%.*g", digits[i], v);
		if (strtod(t, NULL) == v || i + 1 == ndigits) {
			n = (size_t)l;
			memcpy(d, t, n);
		}
	}
	return d + n;
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
