/* keep.c: a hash table in one slab; two lists by age, for waits and streams. */
#include "proto/keep.h"

#include "base/hash.h"
#include "proto/engine_impl.h"

#include <assert.h>
#include <stdlib.h>

enum { BUCKETS = 1024 };

struct keeppool {
	uint32_t bucket[BUCKETS];       /* index of at[], 0: none */
	uint32_t oldest[2], newest[2];  /* by kind */
	uint32_t free, high;
	uint64_t evicted;
	struct keep at[LIM_KEPT + 1];   /* [0] is nobody */
};

bool
keep_init(struct engine *g)
{
	/* untouched pages cost nothing */
	g->keep = calloc(1, sizeof(*g->keep));
	if (g->keep)
		g->keep->high = 1;
	return g->keep != NULL;
}

void
keep_free(struct engine *g)
{
	free(g->keep);
}

uint64_t
keep_evicted(const struct engine *g)
{
	return g->keep->evicted;
}

static uint32_t
hash(const struct dissector *d, const uint8_t *key, size_t n)
{
	uint32_t h = HASH32_BEGIN ^ (uint8_t)d->name[0] ^ (uint32_t)n << 8;

	h = hash32_bytes(h, key, n);
	return (h ^ h >> 15) & (BUCKETS - 1);
}

struct keep *
keep_find(struct dctx *c, const void *key, size_t n)
{
	struct keeppool *p = c->eng->keep;

	for (uint32_t i = p->bucket[hash(c->self, key, n)]; i; i = p->at[i].chain) {
		struct keep *s = &p->at[i];
		if (s->self == c->self && s->key_n == n && memcmp(s->key, key, n) == 0)
			return s;
	}
	return NULL;
}

static void
unlink_age(struct keeppool *p, struct keep *s)
{
	if (s->older)
		p->at[s->older].newer = s->newer;
	else
		p->oldest[s->kind] = s->newer;
	if (s->newer)
		p->at[s->newer].older = s->older;
	else
		p->newest[s->kind] = s->older;
}

static void
link_age(struct keeppool *p, struct keep *s)
{
	uint32_t i = (uint32_t)(s - p->at);

	s->newer = 0;
	s->older = p->newest[s->kind];
	if (s->older)
		p->at[s->older].newer = i;
	else
		p->oldest[s->kind] = i;
	p->newest[s->kind] = i;
}

void
keep_drop(struct dctx *c, struct keep *s)
{
	struct keeppool *p = c->eng->keep;
	uint32_t i = (uint32_t)(s - p->at), *at = &p->bucket[hash(s->self, s->key, s->key_n)];

	if (!s->used)
		return;
	while (*at != i)
		at = &p->at[*at].chain;
	*at = s->chain;
	unlink_age(p, s);
	if (s->flow)
		s->flow->kept--;
	s->used = false;
	c->eng->kept--;
	s->chain = p->free;
	p->free = i;
}

void
keep_ctx(struct dctx *d, struct pkt *k, const struct dctx *c, const struct keep *s)
{
	engine_ctx(c->eng, d, s->flow, s->side);
	d->self = s->self;
	d->when = s->last;
	if (s->flow)
		return;
	memset(k, 0, sizeof(*k));
	k->has_mac = s->has_mac;
	memcpy(k->src_mac, s->src, 6);
	memcpy(k->dst_mac, s->dst, 6);
	k->nvlan = s->nvlan;
	memcpy(k->vlan, s->vlan, sizeof(k->vlan));
	k->ethertype = s->ethertype;
	d->k = k;
}

/* Its end, reported. */
static void
keep_end(struct engine *g, struct keep *s)
{
	struct dctx c = { .eng = g }, d;
	struct pkt k;

	keep_ctx(&d, &k, &c, s);
	if (!s->answered) {
		g->st.unanswered += s->kind == KEEP_WAIT;
		s->end(&d, s);
		ev_drop(&g->ev);
	}
	keep_drop(&d, s);
}

/* Who gives way: of the two lists' oldest the one that is older. */
static struct keep *
oldest_of(struct keeppool *p)
{
	struct keep *w = &p->at[p->oldest[KEEP_WAIT]], *s = &p->at[p->oldest[KEEP_STREAM]];

	if (w == p->at || s == p->at)
		return w == p->at ? s : w;
	return w->last.us <= s->last.us ? w : s;
}

struct keep *
keep_new(struct dctx *c, enum keep_kind kind, const void *key, size_t n,
    void (*end)(struct dctx *, struct keep *))
{
	struct keeppool *p = c->eng->keep;
	struct keep *s = keep_find(c, key, n);
	uint32_t i, b;

	assert(n <= KEEP_KEY);
	if (s)
		keep_end(c->eng, s);
	if (!p->free && p->high > LIM_KEPT) {
		p->evicted++;
		keep_end(c->eng, oldest_of(p));
	}
	if ((i = p->free))
		p->free = p->at[i].chain;
	else
		i = p->high++;
	s = &p->at[i];
	memset(s, 0, sizeof(*s));
	s->used = true;
	c->eng->kept++;
	s->kind = (uint8_t)kind;
	s->self = c->self;
	s->end = end;
	s->first = s->last = c->when;
	s->flow = c->flow;
	s->side = (uint8_t)c->side;
	if (s->flow)
		s->flow->kept++;
	if (c->k) {
		s->has_mac = c->k->has_mac;
		memcpy(s->src, c->k->src_mac, 6);
		memcpy(s->dst, c->k->dst_mac, 6);
		s->nvlan = c->k->nvlan;
		memcpy(s->vlan, c->k->vlan, sizeof(s->vlan));
		s->ethertype = c->k->ethertype;
	}
	s->key_n = (uint8_t)n;
	memcpy(s->key, key, n);
	b = hash(s->self, s->key, n);
	s->chain = p->bucket[b];
	p->bucket[b] = i;
	link_age(p, s);
	return s;
}

void
keep_touch(struct dctx *c, struct keep *s)
{
	s->last = c->when;
	if (s->kind == KEEP_STREAM && s->newer) {
		unlink_age(c->eng->keep, s);
		link_age(c->eng->keep, s);
	}
}

void
keep_expire_due(struct engine *g, int64_t now)
{
	struct keeppool *p = g->keep;
	struct keep *s;

	while ((s = &p->at[p->oldest[KEEP_WAIT]]) != p->at &&
	    now - s->first.us > LIM_PENDING_SECONDS * 1000000LL)
		keep_end(g, s);
	while ((s = &p->at[p->oldest[KEEP_STREAM]]) != p->at &&
	    now - s->last.us > LIM_FLOW_OTHER * 1000000LL)
		keep_end(g, s);
}

void
keep_end_flow(struct engine *g, const struct flow *f)
{
	struct keeppool *p = g->keep;

	for (int kind = KEEP_WAIT; f->kept && kind <= KEEP_STREAM; kind++) {
		for (uint32_t next, i = p->oldest[kind]; i; i = next) {
			next = p->at[i].newer;
			if (p->at[i].flow == f)
				keep_end(g, &p->at[i]);
		}
	}
}

void
keep_finish(struct engine *g)
{
	struct keep *s;

	while ((s = oldest_of(g->keep)) != g->keep->at)
		keep_end(g, s);
}
