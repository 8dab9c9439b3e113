/* schema_text.c: what a string looks like: patterns and formats. */
#include "json/schema_impl.h"

#include "base/stamp.h"

#include <stdlib.h>
#include <string.h>

/* ---- patterns ---------------------------------------------------------------- */

/* Steps of one pattern: a certificate's digest in pairs has 64. */
enum { STEPS = 512, TIMES = 100000 };

struct parse { const char *p; struct pattern *out; const char *why; };

static void
set_add(struct step *s, unsigned c)
{
	s->set[c >> 6] |= UINT64_C(1) << (c & 63);
}

static bool
set_has(const struct step *s, uint8_t c)
{
	return s->set[c >> 6] >> (c & 63) & 1;
}

static bool
fail(struct parse *g, const char *why)
{
	if (!g->why)
		g->why = why;
	return false;
}

static bool
add_step(struct parse *g, const struct step *s)
{
	if (g->out->n == STEPS)
		return fail(g, "too long");
	g->out->v[g->out->n++] = *s;
	return true;
}

/* "{2}", "{2,45}", "+", "*", "?", or nothing. */
static bool
times(struct parse *g, uint32_t *min, uint32_t *max)
{
	char *end;
	unsigned long a, b;

	*min = *max = 1;
	switch (*g->p) {
	case '+': g->p++; *max = UINT32_MAX; return true;
	case '*': g->p++; *min = 0; *max = UINT32_MAX; return true;
	case '?': g->p++; *min = 0; return true;
	case '{': break;
	default: return true;
	}
	if (g->p[1] < '0' || g->p[1] > '9')
		return fail(g, "a number is missing in {}");
	a = b = strtoul(g->p + 1, &end, 10);
	if (*end == ',') {
		if (end[1] < '0' || end[1] > '9')
			return fail(g, "a number is missing in {}");
		b = strtoul(end + 1, &end, 10);
	}
	if (*end != '}' || a > b || b > TIMES)
		return fail(g, "{} is not {n} or {n,m}");
	*min = (uint32_t)a;
	*max = (uint32_t)b;
	g->p = end + 1;
	return true;
}

static bool
class(struct parse *g, struct step *s)
{
	unsigned from, to;

	for (g->p++; *g->p && *g->p != ']'; g->p++) {
		if (*g->p == '^' || *g->p == '[' || (uint8_t)*g->p >= 0x80)
			return fail(g, "no such class is known here");
		if (*g->p == '\\' && (!*++g->p || !strchr("]\\-^.+/", *g->p)))
			return fail(g, "no such escape is known here");
		from = to = (uint8_t)*g->p;
		if (g->p[1] == '-' && g->p[2] && g->p[2] != ']') {
			to = (uint8_t)g->p[2];
			g->p += 2;
		}
		if (to < from || to >= 0x80)
			return fail(g, "a class runs backwards, or beyond ASCII");
		for (; from <= to; from++)
			set_add(s, from);
	}
	if (!*g->p)
		return fail(g, "']' is missing");
	g->p++;
	return true;
}

/* One element and how often. Groups are written out, n times. */
static bool
element(struct parse *g, bool within)
{
	struct step s = { { 0 } };
	size_t from = g->out->n, n;
	uint32_t min, max;

	if (*g->p == '(') {
		if (within)
			return fail(g, "a group in a group");
		for (g->p++; *g->p && *g->p != ')'; )
			if (!element(g, true))
				return false;
		if (!*g->p++)
			return fail(g, "')' is missing");
		if (!times(g, &min, &max))
			return false;
		if (min != max || !min)
			return fail(g, "a group is repeated {n} times only");
		n = g->out->n - from;
		for (; min > 1; min--)
			for (size_t i = 0; i < n; i++)
				if (!add_step(g, &g->out->v[from + i]))
					return false;
		return true;
	}
	if (*g->p == '[') {
		if (!class(g, &s))
			return false;
	} else {
		const char *which = ".|*+?{})]^$";
		if (*g->p == '\\') {
			g->p++;
			which = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
		}
		if (!*g->p || strchr(which, *g->p) || (uint8_t)*g->p >= 0x80)
			return fail(g, "not a pattern that is known here");
		set_add(&s, (uint8_t)*g->p++);
	}
	return times(g, &s.min, &s.max) && add_step(g, &s);
}

/* Greedy is right only where what comes behind cannot be taken for more of the same. */
static bool
steady(const struct pattern *p)
{
	for (size_t i = 0; i < p->n; i++) {
		if (p->v[i].min == p->v[i].max)
			continue;
		for (size_t k = i + 1; k < p->n; k++) {
			for (int w = 0; w < 4; w++)
				if (p->v[i].set[w] & p->v[k].set[w])
					return false;
			if (p->v[k].min)
				break;
		}
	}
	return true;
}

struct pattern *
pattern_make(const char *text, struct err *e)
{
	struct pattern *p = calloc(1, sizeof(*p));
	struct parse g = { .p = text + 1, .out = p };
	size_t n = strlen(text);

	if (!p || !(p->v = calloc(STEPS, sizeof(*p->v))) || !(p->text = strdup(text))) {
		err_set(e, "out of memory");
	} else {
		if (n < 2 || text[0] != '^' || text[n - 1] != '$')
			fail(&g, "it does not go from ^ to $");
		while (!g.why && strcmp(g.p, "$") != 0 && element(&g, false))
			;
		if (!g.why && !steady(p))
			g.why = "where a part of it ends is not clear from the next character";
		if (!g.why)
			return p;
		err_set(e, "pattern %.100s: %s", text, g.why);
	}
	pattern_free(p);
	return NULL;
}

bool
pattern_fits(const struct pattern *p, const char *s, size_t n)
{
	size_t at = 0;

	for (size_t i = 0; i < p->n; i++) {
		const struct step *t = &p->v[i];
		uint32_t k = 0;

		while (k < t->max && at < n && set_has(t, (uint8_t)s[at])) {
			k++;
			at++;
		}
		if (k < t->min)
			return false;
	}
	return at == n;
}

void
pattern_free(struct pattern *p)
{
	if (!p)
		return;
	free(p->v);
	free(p->text);
	free(p);
}

/* ---- formats ----------------------------------------------------------------- */

/* P1Y6M, P2W, P90D: ISO 8601-1:2019, 5.5.2, whole numbers, no time of day. */
static bool
duration_fits(const char *s, size_t n)
{
	static const char units[] = "YMWD";
	const char *u = units, *at;
	unsigned digits = 0;

	if (n < 3 || *s != 'P')
		return false;
	for (size_t i = 1; i < n; i++) {
		if (s[i] >= '0' && s[i] <= '9') {
			if (++digits > 6)
				return false;
			continue;
		}
		if (!digits || !*u || !s[i] || !(at = strchr(u, s[i])))
			return false;
		u = at + 1;
		digits = 0;
	}
	return digits == 0;
}

bool
format_fits(enum schema_format f, const char *s, size_t n)
{
	const char *zone;
	int64_t us;

	switch (f) {
	case FORMAT_DATE:
		return n == 10 && stamp_parse(&us, s, n);
	case FORMAT_TIME:
		/* with seconds and a zone of hours and minutes: no guess where it was */
		if (n < 20 || s[10] != 'T' || s[16] != ':' || !stamp_parse(&us, s, n))
			return false;
		if (s[n - 1] == 'Z')
			return true;
		zone = s + n - (s[n - 3] == ':' ? 6 : 5);
		return zone >= s + 19 && (*zone == '+' || *zone == '-');
	case FORMAT_DURATION:
		return duration_fits(s, n);
	case FORMAT_NONE:
		break;
	}
	return true;
}
