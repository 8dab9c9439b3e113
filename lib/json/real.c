/* real.c: real numbers as text: the fewest digits that read back as the same. */
#include "json/jw.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const uint64_t ten[] = { 1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000,
    1000000000, 10000000000, 100000000000, 1000000000000, 10000000000000, 100000000000000,
    1000000000000000, 10000000000000000, 100000000000000000, 1000000000000000000 };

static inline __uint128_t
power_of_ten(int k)                             /* at most 36 */
{
	return k <= 18 ? ten[k] : (__uint128_t)ten[18] * ten[k - 18];
}

/* dec / 10^k, its last zeros left out; returns its length. */
static inline size_t
put_fixed(char *d, uint64_t dec, int k)
{
	uint64_t whole;
	size_t n, point;

	if (k >= 4 && dec % 10000 == 0) {
		dec /= 10000;
		k -= 4;
	}
	for (; k && dec % 10 == 0; k--)
		dec /= 10;
	if (k > 18 || dec < ten[k]) {
		char t[20];
		n = jw_dec(t, dec);
		memcpy(d, "0.0000", 6);
		d += 2 + (size_t)k - n;
		memcpy(d, t, n);
		return 2 + (size_t)k;
	}
	whole = dec / ten[k];
	point = jw_dec(d, whole);
	if (!k)
		return point;
	/* a 1 before the fraction keeps its zeros; the point takes its place */
	n = jw_dec(d + point, dec - whole * ten[k] + ten[k]);
	d[point] = '.';
	return point + n;
}

/* v as "%.*g" writes it, with the first of 9, 15, 16 and 17 digits that reads back
 * as v; for what is measured anywhere: 0.0001 to 1e9. Returns its length, 0 when
 * it does not know. Exact: with v = m * 2^-e the decimal of p digits nearest to v
 * is round(m * 10^k / 2^e), and 128 bits hold both products. */
static size_t
put_real(char *d, double v)
{
	static const double power[] = { 1, 10, 100, 1000, 10000, 100000, 1000000, 10000000,
	    100000000, 1000000000 };
	static const int drop[] = { 17 - 9, 17 - 15, 17 - 16, 0 };
	uint64_t bits, m, all, half, dec, rest;
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
	all = (uint64_t)(m * power_of_ten(k) >> e);
	/* half a step of v in the last of its 17 digits, rounded up */
	half = (uint64_t)(power_of_ten(k) >> (e + 1)) + 2;
	for (int i = 0; ; i++) {
		__uint128_t exact, err, step, one = (__uint128_t)1 << e;

		/* what leaving digits out costs, by the 17 and before it is done */
		rest = all % ten[drop[i]];
		if (rest > half && ten[drop[i]] - rest > half)
			continue;
		step = power_of_ten(k - drop[i]);
		exact = m * step;
		dec = (uint64_t)(exact >> e);
		err = exact & (one - 1);
		if (err > one / 2 || (err == one / 2 && (dec & 1))) {
			dec++;
			err = one - err;
		}
		if (dec < ten[16 - drop[i]] || dec >= ten[17 - drop[i]])
			return 0;
		/* within half a step of v: but below a power of two steps are smaller */
		if (err && (2 * err == step || (m == 1ull << 52 && 2 * err < step)))
			return 0;
		if (2 * err < step)
			return sign + put_fixed(d, dec, k - drop[i]);
		if (!drop[i])
			return 0;
	}
}

void
jw_k_real(struct jw *w, const char *k, size_t kn, double v)
{
	static const int digits[] = { 9, 15, 16, 17 };
	const size_t ndigits = sizeof(digits) / sizeof(*digits);
	char t[40], *d;
	size_t n;

	if (!isfinite(v)) {
		jw_absent(w);
		return;
	}
	/* the fewest digits that read back as the same number */
	n = put_real(t, v);
	for (size_t i = 0; !n && i < ndigits; i++) {
		int l = snprintf(t, sizeof(t), "%.*g", digits[i], v);
		if (strtod(t, NULL) == v || i + 1 == ndigits)
			n = (size_t)l;
	}
	if (!(d = jw_at(w, k, kn, n)))
		return;
	jw_copy(d, t, n);
	w->n = (size_t)(d + n - w->buf);
}
