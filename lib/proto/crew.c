/* crew.c: which flows other threads have, and how much may be on its way to them. */
#include "proto/crew_impl.h"

#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

/* ---- handing over ---------------------------------------------------------------- */

void
crew_tell(struct engine *g)
{
	struct crew *c = g->crew;

	if (g->now <= c->due)
		return;
	if (c->b->clocks == CLOCKS)
		batch_post(c);
	c->b->clock[c->b->clocks++] = (struct clock){ g->now, g->step };
}

/* This datagram is its flow's own matter; f: all before it were. */
static bool
alone(struct crew *c, const struct flow *f, unsigned which, const struct pkt *k)
{
	return !which || c->alone[which - 1](f, k->payload);
}

/* Nothing of it is half done. */
static bool
at_rest(const struct flow *f)
{
	const struct tcp_side *s = f->tcp;

	return f->pend_head == UINT32_MAX && !s[0].carry && !s[1].carry && !s[0].wait_head &&
	    !s[1].wait_head && !s[0].lost && !s[1].lost && !s[0].skip && !s[1].skip;
}

/* Whose the flow is to be: 0, this thread's. The same flows' as long as the share is. */
static unsigned
whose(const struct crew *c, const struct flow *f)
{
	uint32_t h = (uint32_t)(f->id * 0x9e3779b97f4a7c15 >> 32);

	return h >> 16 < c->share ? 1 + (h & 0xffff) % (c->n - 1) : 0;
}

static unsigned
which_alone(const struct crew *c, bool (*fn)(const struct flow *, struct rd))
{
	for (unsigned i = 0; fn && i < c->nalone; i++)
		if (c->alone[i] == fn)
			return i + 1;
	return 0;
}

static bool
offer(struct crew *c, struct flow *f, const struct pkt *k)
{
	unsigned who, which;

	if (f->stays || f->app_state != APP_KNOWN || !f->app->apart || f->websocket ||
	    f->app_first || !f->tx || f->pkts[0] + f->pkts[1] < UNDER_WAY || c->rest ||
	    !(who = whose(c, f)) || !at_rest(f))
		return false;
	which = which_alone(c, f->app->alone);
	if ((f->app->alone && !which) || !alone(c, f, which, k)) {
		f->stays = true;
		return false;
	}
	f->owner = (uint8_t)(which << 4 | who);
	for (int side = 0; side < 2; side++)
		f->next[side] = f->tcp[side].next;
	f->uneven = f->tcp[0].started != TCP_BEGUN || f->tcp[1].started != TCP_BEGUN;
	c->owned++;
	return true;
}

/* Nothing for who dissects it, as stream_wants() and datagram_wants() have it: of a stream
 * whose segments came one after the other none can be waiting for what this acknowledges. */
static bool
idle(struct flow *f, int side, const struct pkt *k)
{
	uint32_t n = rd_left(&k->payload);

	if (k->ip_proto == IPP_UDP)
		return !n;
	if (k->ip_proto != IPP_TCP || f->uneven)
		return false;
	f->uneven = (n && k->seq != f->next[side]) || k->tcp_flags & (TH_SYN | TH_RST);
	f->next[side] += n;
	return !n && !f->uneven;
}

static void
take_back(struct crew *c, struct flow *f)
{
	struct engine *from = c->worker[f->owner & ALONE].g;

	for (int side = 0; side < 2; side++)
		tcp_move(c->g->tcp, from->tcp, &f->tcp[side]);
	f->owner = 0;
	c->owned--;
}

/* As with one thread, from here on. */
static void
all_ours(struct crew *c)
{
	static const struct tcp_use room = { TCP_SEGS, TCP_SMALLS, TCP_BIGS };

	c->g->pend_room = PEND_MAX;
	tcp_room(c->g->tcp, &room, NULL, NULL);
}

void
crew_settle(struct engine *g)
{
	struct crew *c = g->crew;

	batch_drain(c);
	all_ours(c);
	for (unsigned i = 1; i < c->n; i++)
		pend_move(g, c->worker[i].g, NULL);
	for (uint32_t i = 0; c->owned && i < flowtab_high(g->flows); i++) {
		struct flow *f = flow_at(g->flows, i);
		if (f->used && f->owner)
			take_back(c, f);
	}
	for (unsigned i = 1; i < c->n; i++)
		c->worker[i].pend = c->worker[i].seg = c->worker[i].small = c->worker[i].big = 0;
	c->rest = REST;
}

static void need_room(void *g) { crew_settle(g); }
static void need_flow(void *g) { crew_flush(g); }

void
crew_back(struct engine *g, struct flow *f)
{
	struct crew *c = g->crew;

	crew_step(g);
	if (f->owner) {
		batch_drain(c);
		pend_move(g, c->worker[f->owner & ALONE].g, f);
		take_back(c, f);
	}
	f->stays = true;
}

bool
crew_takes(struct engine *g, struct flow *f, int side, const struct pkt *k, bool plain)
{
	struct crew *c = g->crew;

	crew_step(g);
	if (f->owner) {
		if (plain && idle(f, side, k))
			return true;
		if (plain && alone(c, NULL, f->owner >> 4, k) &&
		    !(c->relief && !whose(c, f))) {
			batch_hand(c, f, side, k);
			return true;
		}
		c->relief = false;
		crew_back(g, f);
	} else if (plain && offer(c, f, k)) {
		if (!idle(f, side, k))
			batch_hand(c, f, side, k);
		return true;
	}
	return false;
}

/* ---- ceilings -------------------------------------------------------------------- */

/* What the others have, or will have when they are through with what is on its way; and
 * c->due. */
static void
others(struct crew *c, uint32_t load, uint32_t bytes, uint32_t *pend, struct tcp_use *u)
{
	uint32_t flows = c->owned + load;
	uint64_t n;

	*u = (struct tcp_use){ 0, 0, 0 };
	c->due = INT64_MAX;
	for (uint64_t i = c->written; i <= c->posted; i++) {
		const struct batch *b = &c->slot[i % SLOTS];
		if (i < c->posted && !b->left)
			continue;
		load += b->load;
		bytes += b->bytes;
		if (b->first + WAIT < c->due)
			c->due = b->first + WAIT;
	}
	n = load + bytes / LEAST;
	for (unsigned i = 1; i < c->n; i++) {
		if (c->worker[i].due < c->due)
			c->due = c->worker[i].due;
		n += c->worker[i].pend;
		u->seg += c->worker[i].seg;
		u->small += c->worker[i].small;
		u->big += c->worker[i].big;
	}
	/* what waits for a segment may come at once */
	n += u->seg * (TCP_SEG / LEAST);
	u->big += u->small + (bytes + u->seg * TCP_SEG) / TCP_SMALL;
	u->small += load + u->seg;
	if (u->small > 2 * flows)
		u->small = 2 * flows;
	if (u->big > 2 * flows)
		u->big = 2 * flows;
	u->seg += load + bytes / TCP_SEG;
	*pend = n < (uint64_t)PEND_FLOW * flows ? (uint32_t)n : PEND_FLOW * flows;
}

/* What is left for this thread's flows; false: less than they have. */
static bool
share(struct crew *c, uint32_t load, uint32_t bytes)
{
	struct tcp_use u, ours = tcp_used(c->g->tcp);
	uint32_t pend;

	others(c, load, bytes, &pend, &u);
	if (pend + c->g->pend_n > PEND_MAX || u.seg + ours.seg > TCP_SEGS ||
	    u.small + ours.small > TCP_SMALLS || u.big + ours.big > TCP_BIGS)
		return false;
	u = (struct tcp_use){ TCP_SEGS - u.seg, TCP_SMALLS - u.small, TCP_BIGS - u.big };
	c->g->pend_room = PEND_MAX - pend;
	tcp_room(c->g->tcp, &u, need_room, c->g);
	return true;
}

/* One of the others has nothing to do. */
static bool
has_none(struct crew *c)
{
	for (unsigned i = 1; i < c->n; i++)
		if (c->worker[i].done == c->posted)
			return true;
	return false;
}

static int64_t
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void
crew_begin(struct engine *g, const struct packet *p, size_t n)
{
	struct crew *c = g->crew;
	uint32_t bytes = 0;
	int64_t ms = now_ms();

	c->rest -= c->rest != 0;
	if (has_none(c)) {
		c->share += c->share < ALL ? MORE : 0;
		if (c->b->load >= SHORT)
			batch_post(c);
	}
	if (g->out.n >= LONG)
		batch_post(c);
	if (!c->since)
		c->since = ms;
	else if (ms - c->since > STALE_MS)
		batch_drain(c);
	for (size_t i = 0; i < n; i++)
		bytes += p[i].cap;
	if (c->rest)
		return;
	while (!share(c, (uint32_t)n, bytes)) {
		if (c->written == c->posted && !c->b->load) {
			crew_settle(g);
			return;
		}
		if (c->written == c->posted)
			batch_post(c);
		batch_wait(c);
	}
}

/* ---- beginning and end ------------------------------------------------------------ */

static void *
start(struct crew *c, unsigned who)
{
	struct engine_opts o = c->g->o;
	struct worker *w = &c->worker[who];
	struct engine *g;

	o.max_flows = 16;
	if (!(g = w->g = engine_new(&o)))
		return NULL;
	flowtab_free(g->flows);
	free(g->state);
	free(g->websocket);
	g->flows = c->g->flows;
	g->state = c->g->state;
	g->websocket = c->g->websocket;
	g->k = &g->batch[0];
	g->k->raw = &g->last;
	w->crew = c;
	w->who = who;
	w->runs = pthread_create(&w->thread, NULL, crew_work, w) == 0;
	return w->runs ? w : NULL;
}

static bool
room(struct crew *c)
{
	for (unsigned i = 0; i < SLOTS; i++) {
		struct batch *b = &c->slot[i];

		for (unsigned k = 0; k < c->n; k++) {
			struct mail *m = &b->to[k];
			if (!outlet_open(&b->out[k]))
				return false;
			if (k && (!(m->d = aligned_alloc(64, MAIL + LIM_FRAME)) ||
			    !(m->item = aligned_alloc(64, ITEMS * sizeof(*m->item)))))
				return false;
		}
	}
	return true;
}

bool
engine_share(struct engine *g, unsigned threads, unsigned processors)
{
	struct crew *c;
	sigset_t all, were;
	bool good;

	/* what folding keeps is of several flows */
	if (threads < 2 || g->o.rollup_us)
		return true;
	if (!(c = aligned_alloc(64, sizeof(*c))))
		return false;
	memset(c, 0, sizeof(*c));
	mallopt(M_ARENA_MAX, 1);
	c->g = g;
	c->n = threads < ENGINE_THREADS ? threads : ENGINE_THREADS;
	for (size_t i = 0; i < registry_n && c->nalone < ALONE; i++)
		if (registry[i]->alone)
			c->alone[c->nalone++] = registry[i]->alone;
	pthread_mutex_init(&c->lock, NULL);
	pthread_cond_init(&c->work, NULL);
	pthread_cond_init(&c->ready, NULL);
	g->crew = c;
	c->share = SHARE;
	c->rounds = processors >= c->n ? ROUNDS : 0;
	good = room(c);
	/* signals are the first thread's: they are to wake its reading */
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &were);
	for (unsigned i = 1; good && i < c->n; i++)
		good = start(c, i) != NULL;
	pthread_sigmask(SIG_SETMASK, &were, NULL);
	if (!good) {
		crew_free(g);
		return false;
	}
	flowtab_on_need(g->flows, need_flow);
	batch_begin(c);
	return true;
}

void
crew_dismiss(struct engine *g)
{
	struct crew *c = g->crew;

	crew_settle(g);
	for (unsigned i = 1; i < c->n; i++)
		engine_add_stats(g, c->worker[i].g);
	crew_free(g);
	g->outlet = NULL;
	jw_init(&g->out, g->buf, OUT_CAP);
}

void
crew_free(struct engine *g)
{
	struct crew *c = g->crew;

	if (!c)
		return;
	pthread_mutex_lock(&c->lock);
	c->over = true;
	pthread_cond_broadcast(&c->work);
	pthread_mutex_unlock(&c->lock);
	for (unsigned i = 1; i < c->n; i++) {
		struct worker *w = &c->worker[i];
		if (w->runs)
			pthread_join(w->thread, NULL);
		if (w->g) {
			w->g->flows = NULL;
			w->g->state = NULL;
			w->g->websocket = NULL;
			engine_free(w->g);
		}
	}
	for (unsigned i = 0; i < SLOTS; i++) {
		struct batch *b = &c->slot[i];
		for (unsigned k = 0; k < c->n; k++) {
			outlet_close(&b->out[k]);
			free(b->to[k].d);
			free(b->to[k].item);
		}
	}
	g->crew = NULL;
	free(c);
}
