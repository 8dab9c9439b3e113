#include "timeline/clock.h"

#include "assess/ruledoc.h"
#include "base/limits.h"
#include "timeline/mix.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RULES = 16, FIELDS = 7, LEAST_PAIRS = 3, DIFFS = 256 << 10 };

struct rule {
	const char *id;
	unsigned kinds;                 /* a bit each; 0: any */
	bool field[FIELDS], kind;
};

struct mark { uint64_t key; int64_t shown; uint16_t source; uint8_t rule; };
/* A pair: what is to be added to the one clock, and how much it counts. */
struct diff { int64_t us; uint32_t weight; uint8_t rule; };

struct clocks {
	json_t *doc;
	struct rule rules[RULES]; size_t nrules;
	int64_t window, cluster;
	uint32_t most;
	struct mark *marks; size_t n;
	uint64_t mask;                  /* of keys that are kept all bits of it are 0 */
	bool sorted, wide;              /* wide: there is a source behind the sixteenth */
};

static const char *const fields[FIELDS] = { "asset", "object", "value", "peer", "text", "flow",
	"zone" };

/* ---- the rules ----------------------------------------------------------------------- */

static bool
number(const json_t *doc, const char *key, int64_t most, int64_t *v, struct err *e)
{
	const json_t *x = json_object_get(json_object_get(doc, key), "value");

	*v = json_integer_value(x);
	return (json_is_integer(x) && *v >= 1 && *v <= most) ||
	    err_set(e, "rules/coincidence.json: %s: a value from 1 to %lld and its source", key,
	    (long long)most);
}

static bool
take_field(struct rule *r, const char *name)
{
	if (name && strcmp(name, "kind") == 0)
		return r->kind = true;
	for (int i = 0; name && i < FIELDS; i++)
		if (strcmp(fields[i], name) == 0)
			return r->field[i] = true;
	return false;
}

static bool
take_rule(struct clocks *c, const json_t *x, size_t i, struct err *e)
{
	const json_t *kinds = json_object_get(x, "kinds"), *equal = json_object_get(x, "equal");
	struct rule *r = &c->rules[i];
	enum timeline_kind k;
	const char *s;

	r->id = json_string_value(json_object_get(x, "id"));
	if (!r->id || !json_array_size(equal))
		return err_set(e, "rules/coincidence.json: entries[%zu]: id and equal", i);
	for (size_t j = 0; j < json_array_size(kinds); j++) {
		s = json_string_value(json_array_get(kinds, j));
		if (!s || !timeline_kind_of(s, strlen(s), &k))
			return err_set(e, "rules/coincidence.json: %s: kinds[%zu]: a kind of item",
			    r->id, j);
		r->kinds |= 1u << k;
	}
	for (size_t j = 0; j < json_array_size(equal); j++)
		if (!take_field(r, json_string_value(json_array_get(equal, j))))
			return err_set(e, "rules/coincidence.json: %s: equal[%zu]: kind, asset, "
			    "object, value, peer, text, zone or flow", r->id, j);
	return true;
}

struct clocks *
clocks_new(const char *dir, struct err *e)
{
	struct clocks *c = calloc(1, sizeof(*c));
	const json_t *entries;
	int64_t window, cluster, most;
	bool ok;

	if (!c || !(c->marks = malloc(LIM_TIMELINE_MARKS * sizeof(*c->marks)))) {
		free(c);
		err_set(e, "out of memory");
		return NULL;
	}
	ok = (c->doc = ruledoc_load(dir, "coincidence", e)) &&
	    number(c->doc, "window_s", 86400, &window, e) &&
	    number(c->doc, "cluster_s", 3600, &cluster, e) &&
	    number(c->doc, "most_pairs", 4096, &most, e);
	entries = json_object_get(c->doc, "entries");
	c->nrules = json_array_size(entries);
	if (ok && c->nrules > RULES)
		ok = err_set(e, "rules/coincidence.json: more than %d entries", RULES);
	for (size_t i = 0; ok && i < c->nrules; i++)
		ok = take_rule(c, json_array_get(entries, i), i, e);
	if (!ok) {
		clocks_free(c);
		return NULL;
	}
	c->window = window * 1000000;
	c->cluster = cluster * 1000000;
	c->most = (uint32_t)most;
	return c;
}

void
clocks_free(struct clocks *c)
{
	if (!c)
		return;
	json_decref(c->doc);
	free(c->marks);
	free(c);
}

/* ---- marks --------------------------------------------------------------------------- */

static bool
key_of(const struct rule *r, size_t n, const struct timeline_item *x, uint64_t *key)
{
	const struct timeline_text *const t[FIELDS] = { &x->asset, &x->object, &x->value,
		&x->peer, &x->text, NULL, &x->zone };
	uint64_t h = mix(MIX_BEGIN, n);

	if (r->kinds && !(r->kinds >> x->kind & 1))
		return false;
	if (r->kind)
		h = mix(h, x->kind);
	for (int i = 0; i < FIELDS; i++) {
		if (!r->field[i])
			continue;
		if (t[i] ? !t[i]->n : !x->flow)
			return false;
		h = t[i] ? mix_text(h, t[i]) : mix(h, x->flow);
	}
	*key = mix(h, n);
	return true;
}

/* Half of what is said is forgotten, whoever says it. */
static void
thin(struct clocks *c)
{
	size_t n = 0;

	c->mask = c->mask << 1 | 1;
	for (size_t i = 0; i < c->n; i++)
		if (!(c->marks[i].key & c->mask))
			c->marks[n++] = c->marks[i];
	c->n = n;
}

void
clocks_mark(struct clocks *c, const struct timeline_item *item)
{
	uint64_t key;

	c->wide |= item->source > 15;
	for (size_t i = 0; i < c->nrules; i++) {
		if (!key_of(&c->rules[i], i, item, &key) || (key & c->mask))
			continue;
		/* a key that fills all by itself cannot be thinned out */
		while (c->n == LIM_TIMELINE_MARKS && c->mask != UINT64_MAX)
			thin(c);
		if (c->n == LIM_TIMELINE_MARKS || (key & c->mask))
			continue;
		c->marks[c->n++] = (struct mark){ key, item->shown, item->source, (uint8_t)i };
		c->sorted = false;
	}
}

static int
by_key(const void *a, const void *b)
{
	const struct mark *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	if (x->source != y->source)
		return x->source < y->source ? -1 : 1;
	return x->shown < y->shown ? -1 : x->shown > y->shown;
}

static int
by_us(const void *a, const void *b)
{
	const struct diff *x = a, *y = b;

	return x->us < y->us ? -1 : x->us > y->us;
}

/* What one source alone said has no pair: most of it is forgotten before the rest is sorted. */
static void
only_shared(struct clocks *c)
{
	enum { SLOTS = 1 << 19 };
	uint16_t *seen = calloc(SLOTS, sizeof(*seen));
	size_t n = 0;

	if (!seen)
		return;
	for (size_t i = 0; i < c->n; i++)
		seen[c->marks[i].key >> 8 & (SLOTS - 1)] |=
		    (uint16_t)(1u << (c->marks[i].source & 15));
	for (size_t i = 0; i < c->n; i++) {
		uint16_t who = seen[c->marks[i].key >> 8 & (SLOTS - 1)];

		/* sources sixteen apart share a bit: theirs are kept */
		if ((who & (who - 1)) || c->wide)
			c->marks[n++] = c->marks[i];
	}
	c->n = n;
	free(seen);
}

/* ---- the estimate ---------------------------------------------------------------------- */

/* Marks of one key, m[0..n): the pairs of the two sources. */
static size_t
pairs(const struct clocks *c, const struct mark *m, size_t n, const struct timeline_estimate *est,
    int64_t offset, struct diff *d, size_t room)
{
	size_t a = 0, na = 0, b = 0, nb = 0, k = 0;

	for (size_t i = 0; i < n; i++) {
		if (m[i].source == est->source && na++ == 0)
			a = i;
		if (m[i].source == est->other && nb++ == 0)
			b = i;
	}
	if (!na || !nb || na > c->most || nb > c->most || na * nb > c->most)
		return 0;
	for (size_t i = 0; i < na; i++)
		for (size_t j = 0; j < nb && k < room; j++) {
			int64_t us = m[b + j].shown + offset - m[a + i].shown;

			if (us >= -c->window && us <= c->window)
				d[k++] = (struct diff){ us, (uint32_t)(c->most / (na * nb)),
					m[a].rule };
		}
	return k;
}

/* The heaviest stretch of d that is no wider than a cluster may be. */
static bool
cluster(const struct clocks *c, const struct diff *d, size_t n, size_t *from, size_t *to)
{
	uint64_t all = 0, in = 0, best = 0;

	for (size_t i = 0, j = 0; i < n; i++) {
		all += d[i].weight;
		in += d[i].weight;
		for (; d[i].us - d[j].us > c->cluster; j++)
			in -= d[j].weight;
		if (in > best) {
			best = in;
			*from = j;
			*to = i + 1;
		}
	}
	return best * 2 > all;
}

static double
middle(const double *v, size_t n)
{
	return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static void
say(const struct clocks *c, const struct diff *d, size_t n, double *v,
    struct timeline_estimate *est)
{
	size_t most = 0, count[RULES] = { 0 };

	for (size_t i = 0; i < n; i++) {
		v[i] = (double)d[i].us / 1e6;
		if (++count[d[i].rule] > count[most])
			most = d[i].rule;
	}
	est->rule = c->rules[most].id;
	est->min = v[0];
	est->max = v[n - 1];
	est->offset = middle(v, n);
	for (size_t i = 0; i < n; i++)
		v[i] = fabs(v[i] - est->offset);
	qsort(v, n, sizeof(*v), by_size);
	est->spread = middle(v, n);
	est->pairs = (uint32_t)n;
	est->holds = true;
}

void
clocks_estimate(struct clocks *c, uint16_t source, uint16_t other, int64_t offset,
    struct timeline_estimate *est)
{
	struct diff *d = malloc(DIFFS * sizeof(*d));
	double *v = NULL;
	size_t n = 0, from = 0, to = 0;
	bool together;

	memset(est, 0, sizeof(*est));
	est->source = source;
	est->other = other;
	est->why = "memory ran out";
	if (!d)
		return;
	if (!c->sorted) {
		only_shared(c);
		qsort(c->marks, c->n, sizeof(*c->marks), by_key);
	}
	c->sorted = true;
	for (size_t i = 0, j; i < c->n; i = j) {
		for (j = i + 1; j < c->n && c->marks[j].key == c->marks[i].key; j++)
			;
		if (j - i > 1)
			n += pairs(c, c->marks + i, j - i, est, offset, d + n, DIFFS - n);
	}
	qsort(d, n, sizeof(*d), by_us);
	together = n && cluster(c, d, n, &from, &to);
	est->pairs = (uint32_t)(together ? to - from : n);
	if (n && (v = malloc(n * sizeof(*v))) && together)
		say(c, d + from, to - from, v, est);
	est->why = NULL;
	if (est->pairs < LEAST_PAIRS) {
		est->holds = false;
		est->why = "fewer than three things that both saw";
	} else if (!est->holds) {
		est->why = v ? "the differences do not lie together" : "memory ran out";
	}
	free(v);
	free(d);
}
