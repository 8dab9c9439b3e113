/* figure.c: numbers from text to text. */
#include "ledger/figure.h"

#include "base/ascii.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool
figure_json(char dst[FIGURE_TEXT], const char *s, size_t n)
{
	const char *end = s + n;
	size_t k = 0, whole;

	/* "-0." and the NUL are what may come beside the bytes that are there */
	if (n + 4 > FIGURE_TEXT)
		return false;
	if (s < end && (*s == '+' || *s == '-')) {
		if (*s == '-')
			dst[k++] = '-';
		s++;
	}
	while (end - s > 1 && *s == '0' && ascii_digit(s[1]))
		s++;
	for (whole = 0; s < end && ascii_digit(*s); whole++)
		dst[k++] = *s++;
	if (!whole)
		dst[k++] = '0';
	if (s < end && *s == '.') {
		s++;
		if (s < end && ascii_digit(*s)) {
			dst[k++] = '.';
			for (; s < end && ascii_digit(*s); whole++)
				dst[k++] = *s++;
		}
	}
	if (!whole)
		return false;
	if (s < end && ascii_lower(*s) == 'e') {
		dst[k++] = *s++;
		if (s < end && (*s == '+' || *s == '-'))
			dst[k++] = *s++;
		if (s == end || !ascii_digit(*s))
			return false;
		while (s < end && ascii_digit(*s))
			dst[k++] = *s++;
	}
	dst[k] = 0;
	return s == end && isfinite(strtod(dst, NULL));
}

/* Bytes of a blank that people put between digits: also U+00A0, U+2009, U+202F. */
static size_t
blank(const char *s)
{
	if (*s == ' ' || *s == '\'')
		return 1;
	if (strncmp(s, "\xc2\xa0", 2) == 0)
		return 2;
	return strncmp(s, "\xe2\x80\x89", 3) == 0 || strncmp(s, "\xe2\x80\xaf", 3) == 0 ? 3 : 0;
}

/* Digits behind s, up to what is none. */
static size_t
digits(const char *s)
{
	size_t n = 0;

	while (ascii_digit(s[n]))
		n++;
	return n;
}

/* Takes what stands between groups of digits out: "-1 234,5" becomes "-1234,5". group: a
 * mark that does beside blanks. False: a group that has not three digits. */
static bool
ungroup(char *d, size_t cap, const char *s, char group)
{
	size_t k = 0, n, b, of = 0;
	bool fraction = false, grouped = false;

	if (strncmp(s, "\xe2\x88\x92", 3) == 0) {
		d[k++] = '-';
		s += 3;
	} else if (*s == '-' || *s == '+') {
		d[k++] = *s++;
	}
	while (*s) {
		if (k + 2 > cap)
			return false;
		b = group && *s == group ? 1 : blank(s);
		if (b && !fraction) {
			/* three digits behind, no more; one to three before the first */
			n = digits(s + b);
			if (n != 3 || !of || (!grouped && of > 3))
				return false;
			grouped = true;
			s += b;
			of = 0;
			continue;
		}
		if (ascii_digit(*s))
			of++;
		else if (*s == ',' || *s == '.')
			fraction = true;
		else if (ascii_lower(*s) != 'e' && *s != '-' && *s != '+')
			return false;
		if (grouped && !fraction && of > 3)
			return false;
		d[k++] = *s++;
	}
	d[k] = 0;
	return true;
}

static size_t
count(const char *s, char c)
{
	size_t n = 0;

	for (; *s; s++)
		n += *s == c;
	return n;
}

enum figure_cell
figure_cell(char dst[FIGURE_TEXT], const char *s, enum figure_mark mark)
{
	char t[FIGURE_TEXT], *p;
	size_t commas = count(s, ','), points = count(s, '.');

	if (mark == FIGURE_EITHER && (commas || points > 1)) {
		/* 1.234,5 and 1,234.5 show which mark is which; 1,234 does not */
		const char *comma = strrchr(s, ','), *point = strrchr(s, '.');
		if (commas && points)
			mark = comma > point ? FIGURE_COMMA : FIGURE_POINT;
		else if (commas > 1 || points > 1)
			mark = commas > 1 ? FIGURE_POINT : FIGURE_COMMA;
		else if (digits(comma + 1) != 3 || comma == s || !ascii_digit(comma[-1]) ||
		    (comma[-1] == '0' && (comma - 1 == s || !ascii_digit(comma[-2]))))
			mark = FIGURE_COMMA;
		else
			return FIGURE_AMBIGUOUS;
	}
	if (!ungroup(t, sizeof(t), s, mark == FIGURE_COMMA ? '.' : ','))
		return FIGURE_NONE;
	if (mark == FIGURE_COMMA)
		for (p = t; *p; p++)
			if (*p == ',')
				*p = '.';
	return figure_json(dst, t, strlen(t)) ? FIGURE_OK : FIGURE_NONE;
}

/* ---- a sum ---------------------------------------------------------------------- */

/* A number as whole * 10^-places; whole has 36 digits at most. */
struct scaled { __int128 whole; int places; };

static bool
scaled_of(struct scaled *d, const char *s)
{
	bool minus = *s == '-', fraction = false;
	int used = 0;
	long e = 0;

	*d = (struct scaled){ 0, 0 };
	for (s += minus; ascii_digit(*s) || *s == '.'; s++) {
		if (*s == '.') {
			fraction = true;
			continue;
		}
		if ((used += used || *s != '0') > 36)
			return false;
		d->whole = d->whole * 10 + (*s - '0');
		d->places += fraction;
	}
	if (ascii_lower(*s) == 'e')
		e = strtol(s + 1, NULL, 10);
	if (e < -30 || e > 30)
		return false;
	d->places -= (int)e;
	if (minus)
		d->whole = -d->whole;
	return true;
}

static bool
to_places(struct scaled *d, int places)
{
	for (; d->places < places; d->places++) {
		if (d->whole > (__int128)1 << 120 || d->whole < -((__int128)1 << 120))
			return false;
		d->whole *= 10;
	}
	return true;
}

bool
figure_add(char dst[FIGURE_TEXT], const char *a, const char *b)
{
	struct scaled x, y;
	char digit[FIGURE_TEXT];
	size_t k = 0, n = 0;
	__int128 sum;
	int places;

	if (!scaled_of(&x, a) || !scaled_of(&y, b))
		return false;
	places = x.places > y.places ? x.places : y.places;
	if (places < 0)
		places = 0;
	if (places > 40 || !to_places(&x, places) || !to_places(&y, places))
		return false;
	sum = x.whole + y.whole;
	if (sum < 0) {
		dst[k++] = '-';
		sum = -sum;
	}
	/* from the last digit on, with zeros until one stands before the point */
	while ((sum || n <= (size_t)places) && n < sizeof(digit)) {
		digit[n++] = (char)('0' + (int)(sum % 10));
		sum /= 10;
	}
	if (sum || k + n + 2 > FIGURE_TEXT)
		return false;
	while (n) {
		if (n == (size_t)places)
			dst[k++] = '.';
		dst[k++] = digit[--n];
	}
	dst[k] = 0;
	return true;
}
