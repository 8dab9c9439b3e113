/* dsi.c: lists and units of the D-SI. */
#include "ledger/dsi.h"

#include "base/ascii.h"
#include "base/embed.h"
#include "base/limits.h"
#include "json/doc.h"

#include <stdlib.h>
#include <string.h>

/* ---- lists ------------------------------------------------------------------ */

static const char blanks[] = " \t\r\n";

bool
dsi_split(struct dsi_words *w, char *text, struct err *e)
{
	size_t n = 0, k;
	char *p;

	*w = (struct dsi_words){ .text = text };
	if (!text)
		return true;
	for (p = text; p += strspn(p, blanks), *p; p += strcspn(p, blanks))
		n++;
	if (n > LIM_DCC_VALUES)
		return err_set(e, "a list of %zu values: %d are read at most", n, LIM_DCC_VALUES);
	if (!n)
		return true;
	if (!(w->v = calloc(n, sizeof(*w->v))))
		return err_set(e, "out of memory");
	for (p = text; p += strspn(p, blanks), *p; ) {
		w->v[w->n++] = p;
		k = strcspn(p, blanks);
		p += k;
		if (*p)
			*p++ = 0;
	}
	return true;
}

void
dsi_free(struct dsi_words *w)
{
	free(w->text);
	free(w->v);
	*w = (struct dsi_words){ NULL };
}

const char *
dsi_at(const struct dsi_words *w, size_t i)
{
	if (w->n == 1)
		return w->v[0];
	return i < w->n ? w->v[i] : NULL;
}

bool
dsi_fits(const struct dsi_words *w, size_t n)
{
	return w->n <= 1 || w->n == n;
}

/* ---- units ------------------------------------------------------------------ */

bool
dsi_units_load(struct dsi_units *u, struct err *e)
{
	const struct embed *f = embed_find("rules/dsi-units.json");

	if (!f)
		return err_set(e, "rules/dsi-units.json: not built in");
	u->doc = doc_loadb(f->name, f->p, (size_t)(f->end - f->p), e);
	return u->doc != NULL;
}

void
dsi_units_free(struct dsi_units *u)
{
	json_decref(u->doc);
	u->doc = NULL;
}

struct out { char *p; size_t cap, n; };

static bool
add(struct out *o, const char *s)
{
	size_t n = strlen(s);

	if (o->n + n + 1 > o->cap)
		return false;
	memcpy(o->p + o->n, s, n + 1);
	o->n += n;
	return true;
}

static bool
add_power(struct out *o, const char *s, size_t n)
{
	static const char *const raised[] = { "\xe2\x81\xb0", "\xc2\xb9", "\xc2\xb2", "\xc2\xb3",
		"\xe2\x81\xb4", "\xe2\x81\xb5", "\xe2\x81\xb6", "\xe2\x81\xb7", "\xe2\x81\xb8",
		"\xe2\x81\xb9" };
	size_t i = 0;

	if (n && (*s == '-' || *s == '+')) {
		if (*s == '-' && !add(o, "\xe2\x81\xbb"))
			return false;
		i = 1;
	}
	if (i == n)
		return false;
	for (; i < n; i++)
		/* 0.5 and the like have no raised form */
		if (!ascii_digit(s[i]) || !add(o, raised[s[i] - '0']))
			return false;
	return true;
}

/* The symbol of a word of n bytes in one of the document's tables, or NULL. */
static const char *
symbol(const struct dsi_units *u, const char *table, const char *s, size_t n)
{
	char t[40];

	if (n >= sizeof(t))
		return NULL;
	memcpy(t, s, n);
	t[n] = 0;
	return json_string_value(json_object_get(json_object_get(json_object_get(u->doc, table), t),
	    "symbol"));
}

/* One unit of the product from s on, with its prefix and power; where it ends, or
 * NULL. over: behind \per. */
static const char *
unit_of(const struct dsi_units *u, struct out *o, const char *s, bool over)
{
	const char *sym = NULL, *end;
	size_t n;

	for (int parts = 0; parts < 2 && !sym; parts++) {
		if (*s != '\\')
			return NULL;
		n = strcspn(++s, "\\{");
		if ((sym = symbol(u, "units", s, n))) {
			if (!add(o, sym))
				return NULL;
		} else if (parts || !(end = symbol(u, "prefixes", s, n)) || !add(o, end)) {
			return NULL;
		}
		s += n;
	}
	if (!sym)
		return NULL;
	if (strncmp(s, "\\tothe{", 7) == 0) {
		s += 7;
		n = strcspn(s, "}");
		if (s[n] != '}' || (over && *s == '-') || !add_power(o, s, n))
			return NULL;
		s += n + 1;
	}
	return s;
}

const char *
dsi_shown(const struct dsi_units *u, const char *unit, char *dst, size_t cap)
{
	struct out o = { dst, cap, 0 };
	const char *s = unit;
	bool over = false;

	for (bool first = true; *s == '\\'; first = false) {
		if (strncmp(s, "\\per\\", 5) == 0 && !first && !over) {
			over = true;
			s += 4;
			if (!add(&o, "/"))
				break;
		} else if (over) {
			/* a product below the line would need parentheses */
			s = NULL;
			break;
		} else if (!first && !add(&o, "\xc2\xb7")) {
			break;
		}
		if (!(s = unit_of(u, &o, s, over)))
			break;
	}
	if (!s || *s || !o.n)
		snprintf(dst, cap, "%s", unit);
	return dst;
}

bool
dsi_same_step(const char *a, const char *b)
{
	static const char k[] = "\\kelvin", c[] = "\\degreecelsius";

	return strcmp(a, b) == 0 || (strcmp(a, k) == 0 && strcmp(b, c) == 0) ||
	    (strcmp(a, c) == 0 && strcmp(b, k) == 0);
}
