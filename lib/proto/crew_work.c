/* crew_work.c: the threads that have flows of the engine's dissect what they are given. */
#include "proto/crew_impl.h"

/* Requests whose time was over before this step. */
static void
expire(struct engine *g, const struct batch *b, unsigned *at, uint64_t step)
{
	while (g->pend_oldest) {
		int64_t due = g->pend[g->pend_oldest].due;
		uint64_t put = g->pend[g->pend_oldest].put;

		while (*at < b->clocks && b->clock[*at].now <= due)
			++*at;
		if (*at == b->clocks || b->clock[*at].step > step)
			return;
		g->now = b->clock[*at].now;
		g->step = b->clock[*at].step;
		pend_expire_oldest(g);
		crew_mark(g, g->step, put);
	}
}

/* As engine.c's fetch(). */
static void
fetch(struct engine *g, const struct mail *m, unsigned i)
{
	const struct flow *f = flow_at(g->flows, m->item[i].flow);
	const uint8_t *d = m->d + m->item[i].at;

	__builtin_prefetch(d);
	__builtin_prefetch(d + 64);
	__builtin_prefetch(d + 128);
	__builtin_prefetch(&f->app);
	__builtin_prefetch(f->tcp);
	__builtin_prefetch(f->last);
	fetch_state(g, m->item[i].flow);
}

static void
one_item(struct engine *g, struct flow *f, const struct item *it)
{
	g->now = it->now;
	g->step = it->step;
	if (it->end) {
		engine_end_flow(g, f, (enum flow_reason)(it->end - 1));
	} else {
		g->last = (struct packet){ (const uint8_t *)(it + 1), it->cap, it->len, it->us,
		    it->link, it->cnt, it->from };
		g->said = &it->said;
		pkt_begin(g->k, &g->last);
		engine_give(g, f, it->side, g->k);
	}
	crew_mark(g, it->step, 0);
}

static void
one_batch(struct worker *w, struct batch *b)
{
	struct engine *g = w->g;
	const struct mail *m = &b->to[w->who];
	unsigned at = 0;
	struct tcp_use u;

	outlet_bind(&b->out[w->who], g);
	for (unsigned i = 0; i < m->n && i < AHEAD; i++)
		fetch(g, m, i);
	for (unsigned i = 0; i < m->n; i++) {
		const struct item *it = (const struct item *)(m->d + m->item[i].at);

		if (i + AHEAD < m->n)
			fetch(g, m, i + AHEAD);
		if (g->pend_oldest && g->pend[g->pend_oldest].due < it->now)
			expire(g, b, &at, it->step);
		one_item(g, flow_at(g->flows, m->item[i].flow), it);
	}
	expire(g, b, &at, UINT64_MAX);
	outlet_unbind(g);
	u = tcp_used(g->tcp);
	w->pend = g->pend_n;
	w->due = g->pend_oldest ? g->pend[g->pend_oldest].due : INT64_MAX;
	w->seg = u.seg;
	w->small = u.small;
	w->big = u.big;
}

/* False: there is none, and will not be. */
static bool
await_batch(struct crew *c, uint64_t i)
{
	bool more;

	for (unsigned n = 0; n < c->rounds; n++) {
		if (c->posted != i)
			return true;
		__builtin_ia32_pause();
	}
	pthread_mutex_lock(&c->lock);
	c->asleep++;
	while (c->posted == i && !c->over)
		pthread_cond_wait(&c->work, &c->lock);
	c->asleep--;
	more = c->posted != i;
	pthread_mutex_unlock(&c->lock);
	return more;
}

void *
crew_work(void *arg)
{
	struct worker *w = arg;
	struct crew *c = w->crew;

	for (uint64_t i = 0; ; i++) {
		struct batch *b = &c->slot[i % SLOTS];

		if (!await_batch(c, i))
			return NULL;
		one_batch(w, b);
		w->done = i + 1;
		if (atomic_fetch_sub(&b->left, 1) == 1 && c->waits) {
			pthread_mutex_lock(&c->lock);
			pthread_cond_signal(&c->ready);
			pthread_mutex_unlock(&c->lock);
		}
	}
}
