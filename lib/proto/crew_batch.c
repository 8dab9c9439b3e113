/* crew_batch.c: what is handed over goes in batches, and what all threads wrote for one is
 * written when it comes back. */
#include "proto/crew_impl.h"

void
batch_begin(struct crew *c)
{
	struct batch *b = c->b = &c->slot[c->posted % SLOTS];

	for (unsigned i = 1; i < c->n; i++)
		b->to[i].n = b->to[i].used = 0;
	b->clocks = b->nended = b->load = b->bytes = 0;
	b->first = c->g->now;
	outlet_bind(&b->out[0], c->g);
	c->since = 0;
}

static void
await_ready(struct crew *c, const struct batch *b)
{
	for (unsigned n = 0; b->left && n < c->rounds; n++)
		__builtin_ia32_pause();
	if (!b->left)
		return;
	pthread_mutex_lock(&c->lock);
	c->waits = true;
	while (b->left)
		pthread_cond_wait(&c->ready, &c->lock);
	c->waits = false;
	pthread_mutex_unlock(&c->lock);
}

/* The oldest batch, when all are through with it: what it gave is written. */
void
batch_retire(struct crew *c)
{
	struct batch *b = &c->slot[c->written % SLOTS];

	await_ready(c, b);
	outlet_merge(c->g, b->out, c->n);
	for (unsigned i = 0; i < b->nended; i++) {
		b->ended[i]->held = false;
		flowtab_release(c->g->flows, b->ended[i]);
		c->owned--;
	}
	b->load = b->bytes = b->nended = 0;
	c->written++;
}

/* Who has the oldest batch has too much. */
void
batch_wait(struct crew *c)
{
	if (c->slot[c->written % SLOTS].left) {
		c->relief = true;
		c->share -= c->share > FEWER ? FEWER : 0;
	}
	batch_retire(c);
}

void
batch_post(struct crew *c)
{
	crew_mark(c->g, c->g->step, 0);
	outlet_unbind(c->g);
	c->b->left = c->n - 1;
	c->posted++;
	if (c->asleep) {
		pthread_mutex_lock(&c->lock);
		pthread_cond_broadcast(&c->work);
		pthread_mutex_unlock(&c->lock);
	}
	while (c->posted - c->written >= SLOTS)
		batch_wait(c);
	batch_begin(c);
}

/* Nothing is on its way. */
void
batch_drain(struct crew *c)
{
	batch_post(c);
	while (c->written < c->posted)
		batch_retire(c);
}

void
crew_flush(struct engine *g)
{
	batch_drain(g->crew);
}

/* Room for the next, and for n bytes behind it. */
static struct item *
new_item(struct crew *c, const struct flow *f, uint32_t n)
{
	unsigned who = f->owner & ALONE;
	struct mail *m = &c->b->to[who];
	struct item *it;

	if (m->n == ITEMS || m->used + n > MAIL || c->b->nended == ENDED) {
		batch_post(c);
		m = &c->b->to[who];
	}
	it = (struct item *)(m->d + m->used);
	for (unsigned i = 0; i < 3; i++)
		__builtin_prefetch(m->d + m->used + NEXT + 64 * i, 1);
	m->item[m->n].at = (uint32_t)m->used;
	m->item[m->n++].flow = f->index;
	m->used += sizeof(*it) + ((n + 15) & ~15u);
	it->now = c->g->now;
	it->step = c->g->step;
	return it;
}

void
batch_hand(struct crew *c, struct flow *f, int side, const struct pkt *k)
{
	const struct packet *raw = k->raw;
	uint32_t n = rd_left(&k->payload);
	struct item *it;

	if (c->b->load >= HAND_LOAD || c->b->bytes >= HAND_BYTES)
		batch_post(c);
	it = new_item(c, f, raw->cap);
	it->us = raw->us;
	it->cnt = raw->cnt;
	it->from = raw->from;
	it->said = f->said[!side];
	it->cap = raw->cap;
	it->len = raw->len;
	it->link = raw->link;
	it->side = (uint8_t)side;
	it->end = 0;
	memcpy(it + 1, raw->data, raw->cap);
	c->b->bytes += n;
	c->b->load += n != 0;
}

void
crew_end(struct engine *g, struct flow *f, enum flow_reason why)
{
	struct item *it = new_item(g->crew, f, 0);

	it->end = (uint8_t)(1 + why);
	f->held = true;
	g->crew->b->ended[g->crew->b->nended++] = f;
}
