#include "base/digits.h"
#include "base/utf8.h"
#include "json/scan.h"
#include "json/scan_impl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One character of a string's inside, unescaped, into out (4 bytes). A NUL
 * and half a surrogate pair become U+FFFD: a text is a C string. */
static size_t
next_char(const uint8_t **pp, const uint8_t *end, uint8_t out[4])
{
	const uint8_t *p = *pp;
	int v, lo;

	if (*p != '\\' || end - p < 2) {
		size_t l = *p >= 0x80 ? utf8_len(p, (size_t)(end - p)) : 1;
		if (!l || !*p)
			goto replace;
		memcpy(out, p, l);
		*pp = p + l;
		return l;
	}
	*pp = p + 2;
	switch (p[1]) {
	case 'b': out[0] = '\b'; return 1;
	case 'f': out[0] = '\f'; return 1;
	case 'n': out[0] = '\n'; return 1;
	case 'r': out[0] = '\r'; return 1;
	case 't': out[0] = '\t'; return 1;
	case 'u': break;
	default: out[0] = p[1]; return 1;
	}
	if (end - p < 6 || (v = hex4(p + 2)) < 0)
		goto replace;
	*pp = p + 6;
	if ((v & 0xf800) == 0xd800) {
		if (v >= 0xdc00 || end - p < 12 || p[6] != '\\' || p[7] != 'u' ||
		    (lo = hex4(p + 8)) < 0 || (lo & 0xfc00) != 0xdc00)
			v = 0xfffd;
		else {
			v = 0x10000 + ((v & 0x3ff) << 10 | (lo & 0x3ff));
			*pp = p + 12;
		}
	}
	if (!v)
		v = 0xfffd;
	if (v < 0x80) {
		out[0] = (uint8_t)v;
		return 1;
	}
	if (v < 0x800) {
		out[0] = (uint8_t)(0xc0 | v >> 6);
		out[1] = (uint8_t)(0x80 | (v & 63));
		return 2;
	}
	if (v < 0x10000) {
		out[0] = (uint8_t)(0xe0 | v >> 12);
		out[1] = (uint8_t)(0x80 | (v >> 6 & 63));
		out[2] = (uint8_t)(0x80 | (v & 63));
		return 3;
	}
	out[0] = (uint8_t)(0xf0 | v >> 18);
	out[1] = (uint8_t)(0x80 | (v >> 12 & 63));
	out[2] = (uint8_t)(0x80 | (v >> 6 & 63));
	out[3] = (uint8_t)(0x80 | (v & 63));
	return 4;
replace:
	if (*pp == p)
		*pp = p + 1;
	memcpy(out, "\xef\xbf\xbd", 3);
	return 3;
}

size_t
sval_text(const struct sval *v, char *dst, size_t cap)
{
	const uint8_t *p = (const uint8_t *)v->p, *end = p + v->n;
	size_t n = 0;

	if (!cap)
		return 0;
	if (v->type == SVAL_STR && !v->escaped && v->n < cap) {
		memcpy(dst, v->p, v->n);
		n = v->n;
	} else if (v->type == SVAL_STR) {
		while (p < end) {
			uint8_t c[4];
			size_t l = next_char(&p, end, c);
			if (n + l >= cap)
				break;
			memcpy(dst + n, c, l);
			n += l;
		}
	} else if (v->type == SVAL_NUM || v->type == SVAL_TRUE || v->type == SVAL_FALSE) {
		n = v->n < cap ? v->n : cap - 1;
		memcpy(dst, v->p, n);
	}
	dst[n] = '\0';
	return n;
}

bool
sval_is_slow(const struct sval *v, const char *lit)
{
	const uint8_t *p, *end;
	size_t n = strlen(lit);

	p = (const uint8_t *)v->p;
	end = p + v->n;
	while (p < end) {
		uint8_t c[4];
		size_t l = next_char(&p, end, c);
		if (l > n || memcmp(c, lit, l) != 0)
			return false;
		lit += l;
		n -= l;
	}
	return n == 0;
}

/* Decimal digits alone, all n of them. */
static bool
digits_uint(const char *p, size_t n, uint64_t *out)
{
	const char *end = p + n;
	uint64_t v;

	if (!n)
		return false;
	for (p = digits_from(p, end, &v); p < end; p++) {
		unsigned d = (unsigned)(uint8_t)*p - '0';

		if (d > 9 || v > (UINT64_MAX - d) / 10)
			return false;
		v = v * 10 + d;
	}
	*out = v;
	return true;
}

bool
sval_uint(const struct sval *v, uint64_t *out)
{
	double d;

	if (v->type != SVAL_NUM && v->type != SVAL_STR)
		return false;
	if (digits_uint(v->p, v->n, out))
		return true;
	/* 5.0 and 1e3 are the integers they look like */
	if (v->type == SVAL_STR || !sval_real(v, &d) || d < 0 || d >= 18446744073709551616.0 ||
	    d != floor(d))
		return false;
	*out = (uint64_t)d;
	return true;
}

bool
sval_int(const struct sval *v, int64_t *out)
{
	uint64_t u;
	double d;

	if ((v->type == SVAL_NUM || v->type == SVAL_STR) && v->n && v->p[0] == '-' &&
	    digits_uint(v->p + 1, v->n - 1, &u)) {
		if (u > (uint64_t)INT64_MAX + 1)
			return false;
		*out = (int64_t)(0 - u);
		return true;
	}
	if (sval_uint(v, &u)) {
		if (u > INT64_MAX)
			return false;
		*out = (int64_t)u;
		return true;
	}
	if (v->type != SVAL_NUM || !sval_real(v, &d) || d < -9223372036854775808.0 || d >= 0 ||
	    d != ceil(d))
		return false;
	*out = (int64_t)d;
	return true;
}

bool
sval_real(const struct sval *v, double *out)
{
	static const double tens[] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
		1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };
	const char *p = v->p, *end = p + v->n;
	char t[512], *stop;
	uint64_t m = 0;
	unsigned frac = 0, many = 0;
	bool neg;

	if (v->type != SVAL_NUM || !v->n)
		return false;
	neg = *p == '-';
	p += neg;
	for (; p < end && is_digit((uint8_t)*p); p++, many++)
		m = m * 10 + (unsigned)(*p - '0');
	if (p < end && *p == '.')
		for (p++; p < end && is_digit((uint8_t)*p); p++, many++, frac++)
			m = m * 10 + (unsigned)(*p - '0');
	/* Both exact, so their quotient is the nearest double. */
	if (p == end && many <= 19 && m <= 1ull << 53) {
		*out = (double)m / tens[frac];
		if (neg)
			*out = -*out;
		return true;
	}
	if (v->n >= sizeof(t))
		return false;
	memcpy(t, v->p, v->n);
	t[v->n] = '\0';
	*out = strtod(t, &stop);
	return *stop == '\0' && isfinite(*out);
}
