/* gather.c: a few places, found by looking at each: only messages in several
 * parts come here. */
#include "proto/gather.h"

#include "proto/engine_impl.h"

#include <stdlib.h>

struct gatherpool {
	struct gather at[LIM_GATHER];
	unsigned used;          /* mostly none: then nothing is looked at */
	uint64_t turn, evicted;
	uint8_t data[LIM_GATHER][LIM_GATHER_BYTES];
};

bool
gather_init(struct engine *g)
{
	/* untouched pages cost nothing */
	g->gather = calloc(1, sizeof(*g->gather));
	for (size_t i = 0; g->gather && i < LIM_GATHER; i++)
		g->gather->at[i].data = g->gather->data[i];
	return g->gather != NULL;
}

void
gather_free(struct engine *g)
{
	free(g->gather);
}

uint64_t
gather_evicted(const struct engine *g)
{
	return g->gather->evicted;
}

struct gather *
gather_find(struct dctx *c, uint64_t key)
{
	struct gatherpool *p = c->eng->gather;
	uint64_t flow = c->flow ? c->flow->id : 0;

	for (size_t i = 0; p->used && i < LIM_GATHER; i++) {
		struct gather *m = &p->at[i];
		if (m->used && m->key == key && m->flow == flow && m->side == c->side) {
			m->turn = ++p->turn;
			return m;
		}
	}
	return NULL;
}

struct gather *
gather_begin(struct dctx *c, uint64_t key)
{
	struct gatherpool *p = c->eng->gather;
	struct gather *m = gather_find(c, key);

	if (!m) {
		m = &p->at[0];
		for (size_t i = 0; i < LIM_GATHER && m->used; i++)
			if (!p->at[i].used || p->at[i].turn < m->turn)
				m = &p->at[i];
		p->evicted += m->used;
		p->used += !m->used;
	}
	*m = (struct gather){ .when = c->when, .key = key, .side = (uint8_t)c->side, .used = true,
	    .flow = c->flow ? c->flow->id : 0, .turn = ++p->turn, .data = m->data };
	return m;
}

bool
gather_add(struct gather *m, struct rd *r)
{
	uint32_t left = rd_left(r), n = rd_have(r), room = LIM_GATHER_BYTES - m->n;
	bool whole = n == left && rd_ok(r);

	if (m->total == m->n && n) {    /* past a cut nothing fits on */
		uint32_t take = n < room ? n : room;
		memcpy(m->data + m->n, rd_bytes(r, n), take);
		m->n += take;
	}
	m->total += left;
	m->parts++;
	rd_skip(r, rd_left(r));
	return whole;
}

struct rd
gather_rd(const struct gather *m)
{
	return rd_init(m->data, m->n, m->total);
}

void
gather_drop(struct gather *m)
{
	if (m)
		m->used = false;
}

void
gather_forget(struct engine *g, const struct flow *f)
{
	struct gatherpool *p = g->gather;

	if (!p->used)
		return;
	p->used = 0;
	for (size_t i = 0; i < LIM_GATHER; i++) {
		if (p->at[i].used && p->at[i].flow == f->id)
			p->at[i].used = false;
		p->used += p->at[i].used;
	}
}
