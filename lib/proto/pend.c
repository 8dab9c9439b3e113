#include "proto/pend.h"

#include "proto/crew.h"
#include "proto/engine_impl.h"
#include "proto/keep.h"

#include <stdlib.h>

enum { NIL = UINT32_MAX };

/* Entry 0 is nobody, so that 0 can end the run's lists. The flow's list ends
 * with NIL, as the flow table made it. */
bool
pend_init(struct engine *g)
{
	/* untouched pages cost nothing: the ceiling is only reached in a flood */
	g->pend = calloc(LIM_PENDING, sizeof(*g->pend));
	g->pend_high = 1;
	g->pend_room = PEND_MAX;
	return g->pend != NULL;
}

/* Behind one that is older in the run's list; 0: before all. */
static inline void
link_age(struct engine *g, uint32_t i, uint32_t older)
{
	struct pend *p = &g->pend[i];

	p->older = older;
	p->newer = older ? g->pend[older].newer : g->pend_oldest;
	if (p->older)
		g->pend[p->older].newer = i;
	else
		g->pend_oldest = i;
	if (p->newer)
		g->pend[p->newer].older = i;
	else
		g->pend_newest = i;
}

/* Out of the run's list: its place is free. */
static inline void
unlink_age(struct engine *g, uint32_t i)
{
	struct pend *p = &g->pend[i];

	if (p->older)
		g->pend[p->older].newer = p->newer;
	else
		g->pend_oldest = p->newer;
	if (p->newer)
		g->pend[p->newer].older = p->older;
	else
		g->pend_newest = p->older;
	p->used = false;
	p->next = g->pend_free;
	g->pend_free = i;
	g->pend_n--;
}

static inline void
unlink_pend(struct engine *g, struct flow *f, struct pend *p)
{
	if (p->prev != NIL)
		g->pend[p->prev].next = p->next;
	else
		f->pend_head = p->next;
	if (p->next != NIL)
		g->pend[p->next].prev = p->prev;
	f->pend_n--;
	unlink_age(g, (uint32_t)(p - g->pend));
}

/* Tells the dissector that no answer came, and forgets the request. */
static void
expire_one(struct engine *g, struct pend *p)
{
	struct flow *f = flow_at(g->flows, p->flow);
	struct dctx c;

	g->st.unanswered += !p->unseen;
	if (f->app && f->app->expire) {
		engine_ctx(g, &c, f, p->side);
		c.when = p->when;
		c.unseen = p->unseen;
		f->app->expire(&c, p);
		ev_drop(&g->ev);
	}
	unlink_pend(g, f, p);
}

/* On a line without flows a request waits in keep.h, apart for each capture. */
struct line_key {
	const struct origin *from;
	uint64_t key, side;
};

static struct keep *
line_find(struct dctx *c, uint64_t key, int side)
{
	struct line_key k = { c->when.from, key, (uint64_t)side };

	return keep_find(c, &k, sizeof(k));
}

static void
line_expire(struct dctx *c, struct keep *s)
{
	struct pend *p = (struct pend *)s->data;

	c->when = p->when;
	c->self->expire(c, p);
}

static __attribute__((noinline)) void *
line_new(struct dctx *c, uint64_t key, size_t n)
{
	struct line_key k = { c->when.from, key, (uint64_t)c->side };
	struct pend *p;

	_Static_assert(sizeof(*p) <= KEEP_DATA, "a request fits what is kept");
	if (!c->self->expire || n > PEND_DATA)
		return NULL;
	p = (struct pend *)keep_new(c, KEEP_WAIT, &k, sizeof(k), line_expire)->data;
	p->when = c->when;
	p->key = key;
	p->flow = NIL;
	p->side = (uint8_t)c->side;
	p->used = true;
	return p->data;
}

static inline uint32_t
take_free(struct engine *g)
{
	uint32_t i = g->pend_free;

	if (i)
		g->pend_free = g->pend[i].next;
	else
		i = g->pend_high++;
	g->pend_n++;
	return i;
}

/* Newest first on both sides, in the run's list as in a flow's: one walk does. */
void
pend_move(struct engine *to, struct engine *from, const struct flow *only)
{
	uint32_t at = to->pend_newest;

	for (uint32_t i = from->pend_newest, older; i; i = older) {
		struct pend *p = &from->pend[i], *q;
		struct flow *f = flow_at(from->flows, p->flow);
		uint32_t k;

		older = p->older;
		if (only && f != only)
			continue;
		while (at && to->pend[at].put > p->put)
			at = to->pend[at].older;
		k = take_free(to);
		q = &to->pend[k];
		memcpy(q, p, sizeof(*q));
		if (p->prev == NIL)
			f->pend_head = k;
		else
			to->pend[p->prev].next = k;     /* which was told its new place: */
		if (p->next != NIL)
			from->pend[p->next].prev = k;
		q->next = NIL;
		link_age(to, k, at);
		unlink_age(from, i);
	}
}

/* The oldest gives way. */
static __attribute__((cold, noinline)) void
make_room(struct engine *g)
{
	uint32_t i;

	/* those that wait with other threads may be too many together: all are ours then */
	if (g->crew)
		crew_settle(g);
	if (g->pend_n < PEND_MAX)
		return;
	g->st.pend_full++;
	i = g->pend_oldest;
	g->pend[i].unseen = true;
	expire_one(g, &g->pend[i]);
}

/* A free place. */
static inline uint32_t
pend_take(struct engine *g)
{
	if (__builtin_expect(g->pend_n >= g->pend_room, 0))
		make_room(g);
	return take_free(g);
}

void *
pend_new(struct dctx *c, uint64_t key, size_t n)
{
	struct engine *g = c->eng;
	struct flow *f = c->flow;
	struct pend *p, *last = NULL;
	uint32_t i;

	if (!f)
		return line_new(c, key, n);
	if (n > PEND_DATA)
		return NULL;
	for (i = f->pend_head; i != NIL; i = p->next) {
		p = last = &g->pend[i];
		if (p->key == key && p->side == c->side) {
			expire_one(g, p);
			last = NULL;
			break;
		}
	}
	if (f->pend_n >= PEND_FLOW && last) {
		g->st.pend_full++;
		last->unseen = true;    /* we did not wait for it */
		expire_one(g, last);
	}
	i = pend_take(g);
	p = &g->pend[i];
	p->when = c->when;
	p->key = key;
	p->flow = flow_index(g->flows, f);
	p->side = (uint8_t)c->side;
	p->used = true;
	p->unseen = false;
	p->due = g->now + LIM_PENDING_SECONDS * 1000000LL;
	p->put = g->step;
	p->prev = NIL;
	p->next = f->pend_head;
	if (p->next != NIL)
		g->pend[p->next].prev = i;
	f->pend_head = i;
	f->pend_n++;
	link_age(g, i, g->pend_newest);
	return p->data;
}

void
pend_put(struct dctx *c, uint64_t key, const void *data, size_t n)
{
	void *p = pend_new(c, key, n);

	if (p)
		memcpy(p, data, n);
}

static __attribute__((noinline)) struct pend *
line_waits(struct dctx *c, uint64_t key)
{
	struct keep *s = line_find(c, key, !c->side);

	return s ? (struct pend *)s->data : NULL;
}

struct pend *
pend_find(struct dctx *c, uint64_t key)
{
	struct pend *p;

	if (!c->flow)
		return line_waits(c, key);
	for (uint32_t i = c->flow->pend_head; i != NIL; i = p->next) {
		p = &c->eng->pend[i];
		if (p->key == key && p->side != c->side)
			return p;
	}
	return NULL;
}

struct pend *
pend_oldest(struct dctx *c)
{
	struct pend *p, *found = NULL;

	if (!c->flow)
		return NULL;
	for (uint32_t i = c->flow->pend_head; i != NIL; i = p->next) {
		p = &c->eng->pend[i];
		if (p->side != c->side)
			found = p;
	}
	return found;
}

static __attribute__((noinline)) void
line_done(struct dctx *c, const struct pend *p)
{
	struct keep *s = line_find(c, p->key, p->side);

	if (s)
		keep_drop(c, s);
}

void
pend_done(struct dctx *c, struct pend *p)
{
	if (__builtin_expect(p->used && p->flow == NIL, 0)) {
		line_done(c, p);
		return;
	}
	unlink_pend(c->eng, flow_at(c->eng->flows, p->flow), p);
}

void
pend_gap(struct engine *g, struct flow *f, int side)
{
	for (uint32_t i = f->pend_head; i != NIL; i = g->pend[i].next)
		g->pend[i].unseen |= g->pend[i].side != side;
}

void
pend_expire_flow(struct engine *g, struct flow *f)
{
	while (f->pend_head != NIL) {
		struct pend *p = &g->pend[f->pend_head];
		while (p->next != NIL)          /* oldest first */
			p = &g->pend[p->next];
		p->unseen |= g->ending && g->now - p->when.us <= LIM_PENDING_SECONDS * 1000000LL;
		expire_one(g, p);
	}
}

void
pend_forget_flow(struct engine *g, struct flow *f)
{
	while (f->pend_head != NIL)
		unlink_pend(g, f, &g->pend[f->pend_head]);
}

void pend_expire_oldest(struct engine *g) { expire_one(g, &g->pend[g->pend_oldest]); }

void
pend_expire_due(struct engine *g, int64_t now)
{
	while (g->pend_oldest) {
		struct pend *p = &g->pend[g->pend_oldest];
		uint64_t put = p->put;
		if (now <= p->due)
			return;
		expire_one(g, p);
		if (g->crew)
			crew_mark(g, g->step, put);
	}
}
