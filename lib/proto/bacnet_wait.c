/* bacnet_wait.c: answers in segments (clause 5.4.5), and requests on links that
 * have no flows. */
#include "proto/bacnet_wait.h"

#define COUNT(a)        (sizeof(a) / sizeof((a)[0]))

static _Thread_local struct bac_answer answers[LIM_BACNET_ANSWERS];
static _Thread_local struct bac_wait waits[LIM_BACNET_LINK];
static _Thread_local uint64_t ticks;
static _Thread_local unsigned busy;             /* answers in use: mostly none */

static int64_t
run_of(const struct dctx *c)
{
	return engine_stats(c->eng)->first_us;
}

static uint64_t
flow_of(const struct dctx *c)
{
	return c->flow ? c->flow->id : 0;
}

struct bac_answer *
bac_answer_find(const struct dctx *c, uint64_t key, int side)
{
	for (size_t i = 0; busy && i < COUNT(answers); i++) {
		struct bac_answer *s = &answers[i];
		if (s->eng == c->eng && s->run == run_of(c) && s->key == key &&
		    s->side == side && s->flow == flow_of(c))
			return s;
	}
	return NULL;
}

void
bac_answer_drop(struct bac_answer *s)
{
	s->eng = NULL;
	busy--;
}

/* A free place, or the one not used for longest. */
static struct bac_answer *
answer_place(void)
{
	struct bac_answer *s = &answers[0];

	for (size_t i = 0; i < COUNT(answers); i++) {
		if (!answers[i].eng)
			return &answers[i];
		if (answers[i].used < s->used)
			s = &answers[i];
	}
	return s;
}

bool
bac_answer_open(const struct flow *f)
{
	for (size_t i = 0; busy && i < COUNT(answers); i++)
		if (answers[i].eng && answers[i].flow == f->id)
			return true;
	return false;
}

struct bac_answer *
bac_answer_add(const struct dctx *c, uint64_t key, const struct bac_apdu *a, struct rd *r)
{
	struct bac_answer *s = bac_answer_find(c, key, c->side);
	uint32_t len = rd_left(r), have = rd_have(r);
	const uint8_t *p;

	/* number 0 begins an answer, unless it is sent again or the numbers wrap */
	if (a->seq == 0 && (!s || (s->next > 1 && !(s->segments > 255 && s->next < 128)))) {
		if (!s)
			s = answer_place();
		busy += !s->eng;
		s->eng = c->eng;
		s->run = run_of(c);
		s->key = key;
		s->flow = flow_of(c);
		s->side = (uint8_t)c->side;
		s->next = 0;
		s->gap = false;
		s->segments = 0;
		s->n = s->total = 0;
	}
	if (!s)
		return NULL;
	s->used = ++ticks;
	if (a->seq != s->next) {
		if ((uint8_t)(s->next - a->seq) < 128)
			return NULL;            /* sent again */
		s->gap = true;
	}
	s->next = (uint8_t)(a->seq + 1);
	s->segments++;
	s->total += len;
	if (!s->gap) {
		if (have > sizeof(s->data) - s->n)
			have = (uint32_t)sizeof(s->data) - s->n;
		if ((p = rd_bytes(r, have)) && have)
			memcpy(s->data + s->n, p, have);
		s->n += have;
		s->gap = have < len;
	}
	if (a->more)
		return NULL;
	bac_answer_drop(s);
	return s;
}

static bool
is_ours(const struct bac_wait *w, const struct dctx *c)
{
	return w->eng == c->eng && w->run == run_of(c);
}

struct bac_wait *
bac_wait_find(const struct dctx *c, uint64_t key)
{
	for (size_t i = 0; i < COUNT(waits); i++)
		if (is_ours(&waits[i], c) && waits[i].key == key)
			return &waits[i];
	return NULL;
}

static struct bac_wait *
wait_place(const struct dctx *c, uint64_t key)
{
	struct bac_wait *w = bac_wait_find(c, key);

	if (w)
		return w;
	w = &waits[0];
	for (size_t i = 0; i < COUNT(waits); i++) {
		if (!waits[i].eng)
			return &waits[i];
		if (waits[i].seq < w->seq)
			w = &waits[i];
	}
	return w;
}

void
bac_wait_put(struct dctx *c, uint64_t key, const struct bac_req *q,
    void (*expire)(struct dctx *, struct bac_wait *))
{
	struct bac_wait *w = wait_place(c, key);

	if (w->eng && is_ours(w, c))
		expire(c, w);
	w->eng = c->eng;
	w->run = run_of(c);
	w->key = key;
	w->seq = ++ticks;
	w->when = c->when;
	w->has_mac = c->k->has_mac;
	memcpy(w->src, c->k->src_mac, 6);
	memcpy(w->dst, c->k->dst_mac, 6);
	w->nvlan = c->k->nvlan;
	memcpy(w->vlan, c->k->vlan, sizeof(w->vlan));
	w->q = *q;
}

void
bac_wait_sweep(struct dctx *c, bool all, void (*expire)(struct dctx *, struct bac_wait *))
{
	for (;;) {
		struct bac_wait *old = NULL;
		for (size_t i = 0; i < COUNT(waits); i++)
			if (is_ours(&waits[i], c) && (!old || waits[i].seq < old->seq))
				old = &waits[i];
		if (!old || (!all && c->when.us - old->when.us < LIM_PENDING_SECONDS * 1000000LL))
			return;
		expire(c, old);
		old->eng = NULL;
	}
}

void
bac_wait_ctx(struct dctx *d, struct pkt *k, const struct dctx *c, const struct bac_wait *w)
{
	*d = *c;
	*k = *c->k;
	d->k = k;
	k->has_mac = w->has_mac;
	memcpy(k->src_mac, w->src, 6);
	memcpy(k->dst_mac, w->dst, 6);
	k->nvlan = w->nvlan;
	memcpy(k->vlan, w->vlan, sizeof(k->vlan));
}
