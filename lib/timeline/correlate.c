/* correlate.c: the window of what may be a cause, and the rules asked of each item.
 *
 * Each kind that is a cause has a ring of its latest items, so that a flood of writes does
 * not push out the one calibration. In a ring the items of one asset, party, zone or system
 * hang together, the latest first: a link is a few steps, however many items there are. */
#include "timeline/correlate_impl.h"

#include "base/hash.h"
#include "base/limits.h"
#include "model/member.h"

#include <stdlib.h>
#include <string.h>

enum { TEXT = 64 };             /* bytes of a name that are kept; a longer one is nobody's */
enum { LOOK = 64 };             /* steps on a chain: others of the same hash, too mild ones */
enum { BY_ASSET, BY_PEER, BY_ZONE, BY_SYSTEM, CHAINS };

struct cause {
	uint64_t n, prev[CHAINS];       /* seq of the one before on the chain, from 1; 0: none */
	int64_t us;
	uint64_t systems;               /* a bit each of the site file's first 64 */
	uint64_t object;                /* of its object, to tell it from others */
	uint8_t len[3], severity;       /* of asset, peer, zone; 0: none, or too long */
	char text[3][TEXT];
};

struct ring {
	struct cause *v;                /* LIM_CORRELATE of them; seq s is at (s - 1) % that */
	uint64_t *head[3];              /* by hash: seq of the latest */
	uint64_t system_head;
	uint64_t seq;                   /* how many there were */
	int64_t within;                 /* of the longest rule */
};

struct pair { char effect[TEXT], on[TEXT]; };

/* An asset's systems. */
struct belonging { const char *asset; uint64_t systems; };

struct correlate {
	json_t *doc;
	struct correlate_rule rule[CORRELATE_RULES]; size_t nrules;
	struct ring ring[TIMELINE_KINDS];
	struct pair pair[LIM_CORRELATE_PAIRS]; size_t npairs;
	struct belonging *of; size_t nof;       /* by asset */
	bool effects[TIMELINE_KINDS];
	uint64_t forgotten;
};

/* ---- made and freed ------------------------------------------------------------------- */

static int
by_asset(const void *a, const void *b)
{
	return strcmp(((const struct belonging *)a)->asset, ((const struct belonging *)b)->asset);
}

static bool
systems_read(struct correlate *c, const struct site *site)
{
	size_t n = 0, k = 0, i, j;

	for (i = 0; site && i < site->nsystems && i < 64; i++)
		n += site->systems[i].instruments.n;
	if (!n)
		return true;
	if (!(c->of = calloc(n, sizeof(*c->of))))
		return false;
	for (i = 0; i < site->nsystems && i < 64; i++)
		for (j = 0; j < site->systems[i].instruments.n; j++)
			c->of[k++] = (struct belonging){ site->systems[i].instruments.v[j],
			    UINT64_C(1) << i };
	qsort(c->of, n, sizeof(*c->of), by_asset);
	for (i = 1, k = 0; i < n; i++)          /* an asset of two systems once, with both */
		if (strcmp(c->of[k].asset, c->of[i].asset) == 0)
			c->of[k].systems |= c->of[i].systems;
		else
			c->of[++k] = c->of[i];
	c->nof = k + 1;
	return true;
}

static bool
ring_make(struct ring *r)
{
	r->v = calloc(LIM_CORRELATE, sizeof(*r->v));
	for (int i = 0; i < 3; i++)
		if (!(r->head[i] = calloc(LIM_CORRELATE, sizeof(**r->head))))
			return false;
	return r->v != NULL;
}

struct correlate *
correlate_new(const char *dir, const struct site *site, struct err *e)
{
	struct correlate *c = calloc(1, sizeof(*c));

	if (!c) {
		err_set(e, "out of memory");
		return NULL;
	}
	if (!(c->doc = member_doc(dir, "correlation", NULL, e)) ||
	    !correlate_rules_read(c->doc, c->rule, &c->nrules, e))
		goto fail;
	if (!systems_read(c, site)) {
		err_set(e, "out of memory");
		goto fail;
	}
	for (size_t i = 0; i < c->nrules; i++) {
		struct ring *r = &c->ring[c->rule[i].cause];
		c->effects[c->rule[i].effect] = true;
		r->within = c->rule[i].within > r->within ? c->rule[i].within : r->within;
		if (!r->v && !ring_make(r)) {
			err_set(e, "out of memory");
			goto fail;
		}
	}
	return c;
fail:
	correlate_free(c);
	return NULL;
}

void
correlate_free(struct correlate *c)
{
	if (!c)
		return;
	for (size_t k = 0; k < TIMELINE_KINDS; k++) {
		free(c->ring[k].v);
		for (int i = 0; i < 3; i++)
			free(c->ring[k].head[i]);
	}
	free(c->of);
	json_decref(c->doc);
	free(c);
}

bool
correlate_depends(struct correlate *c, const char *effect, const char *on, struct err *e)
{
	struct pair *p = &c->pair[c->npairs];

	if (c->npairs == LIM_CORRELATE_PAIRS)
		return err_set(e, "more than %u pairs that depend on each other",
		    LIM_CORRELATE_PAIRS);
	if (!*effect || !*on || strlen(effect) >= TEXT || strlen(on) >= TEXT)
		return err_set(e, "%s=%s: two names of assets or zones, each at most %d bytes",
		    effect, on, TEXT - 1);
	snprintf(p->effect, TEXT, "%s", effect);
	snprintf(p->on, TEXT, "%s", on);
	c->npairs++;
	return true;
}

/* ---- the window -------------------------------------------------------------------------- */

static size_t
bucket(const char *p, size_t n)
{
	return hash_bytes(HASH_BEGIN, p, n) % LIM_CORRELATE;
}

static uint64_t
systems_of(const struct correlate *c, const struct timeline_text *asset)
{
	size_t lo = 0, hi = c->nof;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		int d = strncmp(c->of[mid].asset, asset->p, asset->n);
		if (d == 0 && c->of[mid].asset[asset->n] == '\0')
			return c->of[mid].systems;
		if (d < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return 0;
}

static void
remember(struct correlate *c, const struct timeline_item *item)
{
	const struct timeline_text *t[3] = { &item->asset, &item->peer, &item->zone };
	struct ring *r = &c->ring[item->kind];
	struct cause *x = &r->v[r->seq % LIM_CORRELATE];

	if (r->seq >= LIM_CORRELATE)
		c->forgotten += item->us - x->us <= r->within;
	r->seq++;
	x->n = item->n;
	x->us = item->us;
	x->severity = item->severity;
	x->object = hash_bytes(HASH_BEGIN, item->object.p, item->object.n);
	x->systems = item->asset.n ? systems_of(c, &item->asset) : 0;
	for (int i = 0; i < 3; i++) {
		x->len[i] = t[i]->n < TEXT ? (uint8_t)t[i]->n : 0;
		x->prev[i] = 0;
		if (!x->len[i])
			continue;
		memcpy(x->text[i], t[i]->p, x->len[i]);
		uint64_t *head = &r->head[i][bucket(x->text[i], x->len[i])];
		x->prev[i] = *head;
		*head = r->seq;
	}
	x->prev[BY_SYSTEM] = r->system_head;
	if (x->systems)
		r->system_head = r->seq;
}

/* What is looked for: the last one by this key. */
struct want {
	const struct ring *r;
	const struct correlate_rule *rule;
	const struct timeline_item *item;
	int chain;
	const char *p; size_t n;        /* or, by system: */
	uint64_t systems;
	const uint64_t *but; size_t nbut;       /* objects that are known already */
};

static bool
fits(const struct want *w, const struct cause *x)
{
	if (x->severity < w->rule->severity)
		return false;
	for (size_t i = 0; i < w->nbut; i++)
		if (x->object == w->but[i])
			return false;
	if (w->chain == BY_SYSTEM)
		return x->systems & w->systems;
	return x->len[w->chain] == w->n && memcmp(x->text[w->chain], w->p, w->n) == 0;
}

static const struct cause *
find(const struct want *w)
{
	const struct ring *r = w->r;
	uint64_t at;

	if (w->chain == BY_SYSTEM ? !w->systems : !w->n || w->n >= TEXT)
		return NULL;
	at = w->chain == BY_SYSTEM ? r->system_head : r->head[w->chain][bucket(w->p, w->n)];
	for (int step = 0; at && at + LIM_CORRELATE > r->seq && step < LOOK; step++) {
		const struct cause *x = &r->v[(at - 1) % LIM_CORRELATE];
		if (w->item->us - x->us > w->rule->within)
			return NULL;            /* the others are older still */
		if (fits(w, x))
			return x;
		at = x->prev[w->chain];
	}
	return NULL;
}

static const struct cause *
find_text(struct want *w, int chain, const struct timeline_text *t)
{
	w->chain = chain;
	w->p = t->p;
	w->n = t->n;
	return find(w);
}

static bool
is(const struct timeline_text *t, const char *s)
{
	return t->n && strlen(s) == t->n && memcmp(s, t->p, t->n) == 0;
}

static const struct cause *
later(const struct cause *a, const struct cause *b)
{
	return !a || (b && b->n > a->n) ? b : a;
}

/* The last of what it depends on. */
static const struct cause *
find_pair(const struct correlate *c, struct want *w)
{
	const struct cause *best = NULL;

	for (size_t i = 0; i < c->npairs; i++) {
		const struct pair *p = &c->pair[i];
		struct timeline_text on = { p->on, (uint32_t)strlen(p->on) };
		if (!is(&w->item->asset, p->effect) && !is(&w->item->zone, p->effect))
			continue;
		best = later(best, find_text(w, BY_ASSET, &on));
		best = later(best, find_text(w, BY_ZONE, &on));
	}
	return best;
}

static const struct cause *
ask(const struct correlate *c, const struct correlate_rule *rule,
    const struct timeline_item *item, const uint64_t *but, size_t nbut)
{
	struct want w = { .r = &c->ring[rule->cause], .rule = rule, .item = item, .but = but,
		.nbut = nbut };
	const struct cause *x = NULL;

	if (rule->same & SAME_ASSET)
		x = find_text(&w, BY_ASSET, &item->asset);
	if (!x && rule->same & SAME_THROUGH)
		x = find_text(&w, BY_ASSET, &item->peer);
	if (!x && rule->same & SAME_PEER)
		x = find_text(&w, BY_PEER, &item->peer);
	if (!x && rule->same & SAME_PAIR)
		x = find_pair(c, &w);
	if (!x && rule->same & SAME_SYSTEM && item->asset.n) {
		w.chain = BY_SYSTEM;
		w.systems = systems_of(c, &item->asset);
		x = find(&w);
	}
	if (!x && rule->same & SAME_ZONE)
		x = find_text(&w, BY_ZONE, &item->zone);
	return x;
}

static uint64_t
add(struct timeline_item *item, const struct correlate_rule *rule, const struct cause *x)
{
	item->because[item->nbecause++] = (struct timeline_because){ .n = x->n, .rule = rule->id,
	    .seconds = (double)(item->us - x->us) / 1e6 };
	return x->object;
}

void
correlate_item(struct correlate *c, struct timeline_item *item)
{
	const struct correlate_rule *first = NULL;
	const struct cause *x;
	bool found[TIMELINE_KINDS] = { false };
	uint64_t but[TIMELINE_BECAUSE];
	size_t nbut = 0;

	item->nbecause = 0;
	for (size_t i = 0; c->effects[item->kind] && i < c->nrules &&
	    item->nbecause < TIMELINE_BECAUSE; i++) {
		/* a write to the asset itself: what else was written in its zone is less */
		if (c->rule[i].effect != item->kind || found[c->rule[i].cause] ||
		    !(x = ask(c, &c->rule[i], item, NULL, 0)))
			continue;
		found[c->rule[i].cause] = true;
		if (first) {
			add(item, &c->rule[i], x);
		} else {
			first = &c->rule[i];
			but[nbut++] = add(item, first, x);
		}
	}
	/* and what else was written there: the coil was last, the set-point before it */
	while (first && item->nbecause < TIMELINE_BECAUSE &&
	    (x = ask(c, first, item, but, nbut)))
		but[nbut++] = add(item, first, x);
	if (c->ring[item->kind].v)
		remember(c, item);
}

uint64_t
correlate_forgotten(const struct correlate *c)
{
	return c->forgotten;
}

const char *
correlate_rule(const struct correlate *c, size_t n)
{
	return n < c->nrules ? c->rule[n].id : NULL;
}

/* ---- words --------------------------------------------------------------------------------- */

const char *
correlate_span(char dst[CORRELATE_SPAN], double seconds)
{
	int64_t s = seconds < 0.9995 ? 0 : (int64_t)(seconds + 0.5);
	long long d = (long long)(s / 86400), h = (long long)(s / 3600 % 24),
	    m = (long long)(s / 60 % 60);

	if (s < 1 && seconds >= 0.0005)
		snprintf(dst, CORRELATE_SPAN, "%d\xc2\xa0ms", (int)(seconds * 1000 + 0.5));
	else if (s < 60)
		snprintf(dst, CORRELATE_SPAN, "%d\xc2\xa0s", (int)s);
	else if (s < 3600 && s % 60 == 0)
		snprintf(dst, CORRELATE_SPAN, "%lld\xc2\xa0min", m);
	else if (s < 3600)
		snprintf(dst, CORRELATE_SPAN, "%lld\xc2\xa0min %d\xc2\xa0s", m, (int)(s % 60));
	else if (s < 86400)
		snprintf(dst, CORRELATE_SPAN, "%lld\xc2\xa0h %lld\xc2\xa0min", h, m);
	else
		snprintf(dst, CORRELATE_SPAN, "%lld\xc2\xa0" "d %lld\xc2\xa0h", d, h);
	return dst;
}

/* A name in its place, "?" where it is not known. */
static char *
put_name(char *d, const struct timeline_text *t)
{
	if (!t->n)
		*d = '?';
	else
		memcpy(d, t->p, t->n);
	return d + (t->n ? t->n : 1);
}

/* Room for the sentence with all that may stand in its braces. */
static size_t
reason_room(const char *p, const struct timeline_item *item)
{
	size_t n = strlen(p) + 1, most = CORRELATE_SPAN + item->asset.n + item->zone.n;

	while ((p = strchr(p, '{'))) {
		n += most;
		p++;
	}
	return n;
}

char *
correlate_reason(const struct correlate *c, const char *lang, const struct timeline_item *item,
    size_t because)
{
	const struct timeline_because *b = &item->because[because];
	char span[CORRELATE_SPAN], *out, *d;
	const char *p = NULL;
	size_t n;

	for (size_t i = 0; i < c->nrules && !p; i++)
		if (strcmp(c->rule[i].id, b->rule) == 0)
			p = rules_text(&c->rule[i].reason, lang);
	if (!p || !(out = malloc(reason_room(p, item))))
		return NULL;
	for (d = out; *p; p += n + (p[n] == '}')) {
		n = strcspn(p, "{");
		memcpy(d, p, n);
		d += n;
		p += n;
		n = strcspn(p, "}");
		if (strncmp(p, "{span}", 6) == 0) {
			correlate_span(span, b->seconds);
			memcpy(d, span, strlen(span));
			d += strlen(span);
		} else if (strncmp(p, "{asset}", 7) == 0) {
			d = put_name(d, &item->asset);
		} else if (strncmp(p, "{zone}", 6) == 0) {
			d = put_name(d, &item->zone);
		} else {
			memcpy(d, p, n + (p[n] == '}'));
			d += n + (p[n] == '}');
		}
	}
	*d = '\0';
	return out;
}
