/* crew.c: batches of packets to other threads, and back. */
#include "proto/crew.h"

#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

enum {
	SLOTS = 3, CLOCKS = 1024, ENDED = 256,
	ITEMS = 1024, ARENA = 256 << 10,
	/* what is on its way may add to what waits: so much of it, and no more */
	HAND_BYTES = 24 << 10, HAND_LOAD = 448, LEAST = 4,
	/* packets of a flow before it is worth it; calls before another attempt */
	UNDER_WAY = 6, REST = 512,
	STALE_MS = 100,
	/* what a packet costs, in parts: the engine's thread with each, who dissects it */
	COST_TABLE = 6, COST_DECODE = 2, COST_DISSECT = 12, FADE = 1 << 20,
	AHEAD = 6, ALONE = 15,
};

/* A packet of a flow that is another thread's, or its end. */
struct item {
	struct packet raw;
	struct flow *f;
	uint64_t step;
	int64_t now;
	union tcp_said said;            /* by the other side before it */
	uint32_t index;                 /* the flow's */
	uint8_t side, end;              /* 1 + enum flow_reason; 0: a packet */
};

/* Where packet time went on, and a request of another thread's may be over. */
struct clock { int64_t now; uint64_t step; };

struct batch {
	struct item *item[ENGINE_THREADS];
	unsigned items[ENGINE_THREADS];
	struct clock clock[CLOCKS];
	unsigned clocks;
	int64_t first;                  /* packet time when it was begun */
	struct flow *ended[ENDED];
	unsigned nended;
	uint8_t *arena;
	size_t used;
	uint32_t load, bytes;           /* packets with a payload, and its bytes */
	struct outlet out[ENGINE_THREADS];
	atomic_uint left;               /* threads that are not through with it */
};

struct worker {
	struct crew *crew;
	struct engine *g;
	pthread_t thread;
	unsigned who;                   /* from 1 on */
	bool runs;
	/* in use when it was through with its last batch */
	atomic_uint pend, seg, small, big;
	_Atomic int64_t due;            /* of its oldest request; none: INT64_MAX */
};

struct crew {
	struct engine *g;
	unsigned n;                     /* threads, the engine's counted */
	struct worker worker[ENGINE_THREADS];
	struct batch slot[SLOTS], *b;   /* b: the one that is being filled */
	uint64_t posted, written;
	pthread_mutex_t lock;
	pthread_cond_t work, ready;
	bool over;
	uint32_t owned;                 /* flows that are others' */
	unsigned rest;                  /* calls for which nothing is handed over */
	uint64_t cost[ENGINE_THREADS], costs;
	bool (*alone[ALONE])(const struct flow *, struct rd);
	unsigned nalone;
	int64_t since;                  /* when the batch was begun, ms */
	int64_t due;                    /* no request of another thread's is over before */
};

#define WAIT    (LIM_PENDING_SECONDS * 1000000LL)

static int64_t
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* ---- the other threads ---------------------------------------------------------- */

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
fetch(struct engine *g, const struct item *it)
{
	__builtin_prefetch(it->raw.data);
	__builtin_prefetch(it->raw.data + 64);
	__builtin_prefetch(&it->f->app);
	__builtin_prefetch(&it->f->tcp[0]);
	__builtin_prefetch(&it->f->tcp[1]);
	fetch_state(g, it->index);
}

static void
one_item(struct engine *g, const struct item *it)
{
	g->now = it->now;
	g->step = it->step;
	if (it->end) {
		engine_end_flow(g, it->f, (enum flow_reason)(it->end - 1));
	} else {
		g->last = it->raw;
		g->said = &it->said;
		pkt_begin(g->k, &g->last);
		engine_give(g, it->f, it->side, g->k);
	}
	crew_mark(g, it->step, 0);
}

static void
one_batch(struct worker *w, struct batch *b)
{
	struct engine *g = w->g;
	const struct item *it = b->item[w->who];
	unsigned n = b->items[w->who], at = 0;
	struct tcp_use u;

	outlet_bind(&b->out[w->who], g);
	for (unsigned i = 0; i < n && i < AHEAD; i++)
		fetch(g, &it[i]);
	for (unsigned i = 0; i < n; i++) {
		if (i + AHEAD < n)
			fetch(g, &it[i + AHEAD]);
		if (g->pend_oldest && g->pend[g->pend_oldest].due < it[i].now)
			expire(g, b, &at, it[i].step);
		one_item(g, &it[i]);
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

static void *
work(void *arg)
{
	struct worker *w = arg;
	struct crew *c = w->crew;

	for (uint64_t i = 0; ; i++) {
		struct batch *b = &c->slot[i % SLOTS];

		pthread_mutex_lock(&c->lock);
		while (c->posted == i && !c->over)
			pthread_cond_wait(&c->work, &c->lock);
		if (c->posted == i) {
			pthread_mutex_unlock(&c->lock);
			return NULL;
		}
		pthread_mutex_unlock(&c->lock);
		one_batch(w, b);
		if (atomic_fetch_sub(&b->left, 1) == 1) {
			pthread_mutex_lock(&c->lock);
			pthread_cond_signal(&c->ready);
			pthread_mutex_unlock(&c->lock);
		}
	}
}

/* ---- batches ------------------------------------------------------------------- */

static void
begin(struct crew *c)
{
	struct batch *b = c->b = &c->slot[c->posted % SLOTS];

	memset(b->items, 0, sizeof(b->items));
	b->clocks = b->nended = b->load = b->bytes = 0;
	b->used = 0;
	b->first = c->g->now;
	outlet_bind(&b->out[0], c->g);
	c->since = 0;
}

/* The oldest batch, when all are through with it: what it gave is written. */
static void
retire(struct crew *c)
{
	struct batch *b = &c->slot[c->written % SLOTS];

	if (b->left) {
		pthread_mutex_lock(&c->lock);
		while (b->left)
			pthread_cond_wait(&c->ready, &c->lock);
		pthread_mutex_unlock(&c->lock);
	}
	outlet_merge(c->g, b->out, c->n);
	for (unsigned i = 0; i < b->nended; i++) {
		b->ended[i]->held = false;
		flowtab_release(c->g->flows, b->ended[i]);
		c->owned--;
	}
	b->load = b->bytes = b->nended = 0;
	c->written++;
}

static void
post(struct crew *c)
{
	crew_mark(c->g, c->g->step, 0);
	outlet_unbind(c->g);
	c->b->left = c->n - 1;
	pthread_mutex_lock(&c->lock);
	c->posted++;
	pthread_cond_broadcast(&c->work);
	pthread_mutex_unlock(&c->lock);
	while (c->posted - c->written >= SLOTS)
		retire(c);
	begin(c);
}

/* Nothing is on its way. */
static void
drain(struct crew *c)
{
	post(c);
	while (c->written < c->posted)
		retire(c);
}

void
crew_flush(struct engine *g)
{
	drain(g->crew);
}

/* ---- handing over ---------------------------------------------------------------- */

static struct item *
new_item(struct crew *c, struct flow *f)
{
	struct batch *b = c->b;
	unsigned who = f->owner & ALONE;

	if (b->items[who] == ITEMS || b->nended == ENDED || b->clocks == CLOCKS) {
		post(c);
		b = c->b;
	}
	return &b->item[who][b->items[who]++];
}

static void
hand(struct crew *c, struct flow *f, int side, const struct pkt *k)
{
	const struct packet *raw = k->raw;
	uint32_t n = rd_left(&k->payload);
	struct item *it;

	if (c->b->used + raw->cap > ARENA || c->b->load >= HAND_LOAD || c->b->bytes >= HAND_BYTES)
		post(c);
	it = new_item(c, f);
	it->raw = *raw;
	it->raw.data = c->b->arena + c->b->used;
	memcpy(c->b->arena + c->b->used, raw->data, raw->cap);
	c->b->used += (raw->cap + 63) & ~63u;
	c->b->bytes += n;
	c->b->load += n != 0;
	it->f = f;
	it->index = f->index;
	it->step = c->g->step;
	it->now = c->g->now;
	it->said = f->side[!side].said;
	it->side = (uint8_t)side;
	it->end = 0;
	c->cost[f->owner & ALONE] += COST_DECODE + (n ? COST_DISSECT : 0);
}

void
crew_end(struct engine *g, struct flow *f, enum flow_reason why)
{
	struct item *it = new_item(g->crew, f);

	it->f = f;
	it->index = f->index;
	it->step = g->step;
	it->now = g->now;
	it->end = (uint8_t)(1 + why);
	f->held = true;
	g->crew->b->ended[g->crew->b->nended++] = f;
}

void
crew_tell(struct engine *g)
{
	struct crew *c = g->crew;

	if (g->now <= c->due)
		return;
	if (c->b->clocks == CLOCKS)
		post(c);
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

/* Who has least to do, when that is not this thread: 0 otherwise. */
static unsigned
least(struct crew *c)
{
	unsigned who = 0;

	for (unsigned i = 1; i < c->n; i++)
		if (c->cost[i] < c->cost[who])
			who = i;
	return who;
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
	    !(who = least(c)) || !at_rest(f))
		return false;
	which = which_alone(c, f->app->alone);
	if ((f->app->alone && !which) || !alone(c, f, which, k)) {
		f->stays = true;
		return false;
	}
	f->owner = (uint8_t)(which << 4 | who);
	c->owned++;
	return true;
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

	drain(c);
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
		drain(c);
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
	c->cost[0] += COST_TABLE;
	if ((c->costs += COST_TABLE) > FADE) {
		c->costs = 0;
		for (unsigned i = 0; i < c->n; i++)
			c->cost[i] /= 2;
	}
	if (f->owner) {
		if (plain && alone(c, NULL, f->owner >> 4, k)) {
			hand(c, f, side, k);
			return true;
		}
		crew_back(g, f);
	} else if (plain && offer(c, f, k)) {
		hand(c, f, side, k);
		return true;
	}
	c->cost[0] += rd_left(&k->payload) ? COST_DISSECT : 0;
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

void
crew_begin(struct engine *g, const struct packet *p, size_t n)
{
	struct crew *c = g->crew;
	uint32_t bytes = 0;
	int64_t ms = now_ms();

	c->rest -= c->rest != 0;
	if (!c->since)
		c->since = ms;
	else if (ms - c->since > STALE_MS)
		drain(c);
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
			post(c);
		retire(c);
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
	w->runs = pthread_create(&w->thread, NULL, work, w) == 0;
	return w->runs ? w : NULL;
}

static bool
room(struct crew *c)
{
	for (unsigned i = 0; i < SLOTS; i++) {
		struct batch *b = &c->slot[i];

		if (!(b->arena = malloc(ARENA + LIM_FRAME)))
			return false;
		for (unsigned k = 0; k < c->n; k++)
			if (!outlet_open(&b->out[k]) ||
			    (k && !(b->item[k] = malloc(ITEMS * sizeof(**b->item)))))
				return false;
	}
	return true;
}

bool
engine_share(struct engine *g, unsigned threads)
{
	struct crew *c;
	sigset_t all, were;
	bool good;

	/* what folding keeps is of several flows */
	if (threads < 2 || g->o.rollup_us)
		return true;
	if (!(c = calloc(1, sizeof(*c))))
		return false;
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
	begin(c);
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
		free(b->arena);
		for (unsigned k = 0; k < c->n; k++) {
			outlet_close(&b->out[k]);
			free(b->item[k]);
		}
	}
	g->crew = NULL;
	free(c);
}
