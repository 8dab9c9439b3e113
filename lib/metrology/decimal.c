#include "metrology/decimal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS = 15, PLAIN = 15 };

/* |v| as 0.d1 d2 ... d15 * 10^(top + 1). */
struct figures { char d[DIGITS + 1]; int top; bool minus; };

static struct figures
figures_of(double v)
{
	struct figures f = { .minus = v < 0 };
	char t[32];

	snprintf(t, sizeof(t), "%.14e", fabs(v));
	f.d[0] = t[0];
	memcpy(f.d + 1, t + 2, DIGITS - 1);
	f.top = (int)strtol(t + 17, NULL, 10);
	return f;
}

/* Adds one at the n-th digit; n 0: what is left is a one before the first. */
static void
carry(struct figures *f, int n)
{
	while (n > 0 && f->d[n - 1] == '9')
		f->d[--n] = '0';
	if (n > 0) {
		f->d[n - 1]++;
		return;
	}
	memmove(f->d + 1, f->d, DIGITS - 1);
	f->d[0] = '1';
	f->top++;
}

/* Rounds to the place: digits behind it become zeros. */
static void
round_at(struct figures *f, int place, bool up)
{
	int keep = f->top - place + 1;
	bool more, zero = f->d[0] == '0';

	if (keep >= DIGITS || zero)
		return;
	if (keep < 0) {
		memset(f->d, '0', DIGITS);
		f->top = place;
		if (up)
			f->d[0] = '1';
		return;
	}
	more = up ? strspn(f->d + keep, "0") < (size_t)(DIGITS - keep) : f->d[keep] >= '5';
	memset(f->d + keep, '0', (size_t)(DIGITS - keep));
	if (more)
		carry(f, keep);
	else if (keep == 0)
		f->top = place;
}

/* The figures from the first one to the place. */
static const char *
put(char *dst, const struct figures *f, int place)
{
	bool zero = strspn(f->d, "0") == DIGITS;
	int top = zero ? place > 0 ? place : 0 : f->top, i;
	char *p = dst;

	if (f->minus && !zero)
		*p++ = '-';
	if (zero && place > 0) {
		*p++ = '0';
	} else if (top > PLAIN || place < -PLAIN) {
		*p++ = zero ? '0' : f->d[0];
		if (!zero && top > place) {
			*p++ = '.';
			for (i = 1; i <= top - place && i < DIGITS; i++)
				*p++ = f->d[i];
		}
		p += snprintf(p, 8, "e%d", zero ? place : f->top);
	} else {
		for (i = top > 0 ? top : 0; i >= (place < 0 ? place : 0); i--) {
			if (i == -1)
				*p++ = '.';
			*p++ = i > f->top || f->top - i >= DIGITS || zero ? '0' : f->d[f->top - i];
		}
	}
	*p = '\0';
	return dst;
}

static bool
goes_up(double u, int place, enum rounding r)
{
	struct figures f = figures_of(u);
	char t[DECIMAL_TEXT];

	if (r == ROUND_UP)
		return true;
	round_at(&f, place, false);
	return strtod(put(t, &f, place), NULL) < 0.95 * u;
}

int
decimal_place(double u, int digits, enum rounding r)
{
	struct figures f = figures_of(u);
	int place = f.top - digits + 1, top = f.top;

	round_at(&f, place, goes_up(u, place, r));
	return place + (f.top - top);           /* 9.96 is 10. with two digits */
}

const char *
decimal_uncertainty(char *dst, double u, int place, enum rounding r)
{
	struct figures f = figures_of(u);

	round_at(&f, place, goes_up(u, place, r));
	return put(dst, &f, place);
}

const char *
decimal_value(char *dst, double v, int place)
{
	struct figures f = figures_of(v);

	round_at(&f, place, false);
	return put(dst, &f, place);
}

const char *
decimal_brief(char *dst, double v, int digits)
{
	snprintf(dst, DECIMAL_TEXT, "%.*g", digits, v == 0 ? 0 : v);
	return dst;
}
