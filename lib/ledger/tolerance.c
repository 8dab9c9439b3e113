#include "ledger/tolerance.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LIMITS_MAX = 500, WORD = 128 };  /* as the schema of instruments has it */

struct limits { char quantity[WORD], point[WORD], unit[WORD]; double lower, upper; };
struct tolerance { struct limits *v; size_t n; };

static void
limits_read(struct limits *l, const struct sval *o)
{
	struct sval v;
	double d;

	*l = (struct limits){ .lower = NAN, .upper = NAN };
	if (scan_get(o, "quantity", &v))
		sval_text(&v, l->quantity, WORD);
	/* a point is a number or words: numbers are compared as such */
	if (scan_get(o, "point", &v)) {
		if (sval_real(&v, &d))
			snprintf(l->point, WORD, "%.17g", d);
		else
			sval_text(&v, l->point, WORD);
	}
	if (scan_get(o, "unit", &v))
		sval_text(&v, l->unit, WORD);
	if (scan_get(o, "lower", &v) && sval_real(&v, &d))
		l->lower = d;
	if (scan_get(o, "upper", &v) && sval_real(&v, &d))
		l->upper = d;
}

struct tolerance *
tolerance_read(const struct sval *list)
{
	struct tolerance *t;
	struct scan s;
	struct sval o;
	size_t n = 0;

	for (scan_in(&s, list); scan_elem(&s, &o) && n < LIMITS_MAX; )
		n++;
	if (!n || !(t = calloc(1, sizeof(*t))))
		return NULL;
	if (!(t->v = calloc(n, sizeof(*t->v)))) {
		free(t);
		return NULL;
	}
	for (scan_in(&s, list); t->n < n && scan_elem(&s, &o); )
		limits_read(&t->v[t->n++], &o);
	return t;
}

void
tolerance_free(struct tolerance *t)
{
	if (t)
		free(t->v);
	free(t);
}

/* What one of the two does not say does not tell them apart; the unit always does. */
static bool
same(const char *a, const char *b)
{
	return !*a || !*b || strcmp(a, b) == 0;
}

static const struct limits *
limits_for(const struct tolerance *t, const struct limits *r)
{
	for (size_t i = 0; t && i < t->n; i++)
		if (strcmp(t->v[i].unit, r->unit) == 0 && same(t->v[i].quantity, r->quantity) &&
		    (!*t->v[i].point || strcmp(t->v[i].point, r->point) == 0))
			return &t->v[i];
	return NULL;
}

bool
tolerance_outside(const struct tolerance *t, const struct sval *results)
{
	const struct limits *l;
	struct limits own;
	struct scan s;
	struct sval o, v;
	double found;

	for (scan_in(&s, results); scan_elem(&s, &o); ) {
		if (!scan_get(&o, "as_found", &v) || !sval_real(&v, &found))
			continue;
		limits_read(&own, &o);
		l = isnan(own.lower) && isnan(own.upper) ? limits_for(t, &own) : &own;
		if (l && (found < l->lower || found > l->upper))
			return true;
	}
	return false;
}
