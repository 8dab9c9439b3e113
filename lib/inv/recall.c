/* recall.c: a table of flows by their numbers; who collides, goes. */
#include "inv/recall.h"

#include "base/prefetch.h"
#include "inv/link.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { BITS = 14, FLOWS = 1 << BITS };  /* 2.4 MiB */

struct recall { struct recalled v[FLOWS]; };

struct recall *
recall_new(void)
{
	return calloc(1, sizeof(struct recall));
}

void
recall_free(struct recall *c)
{
	free(c);
}

static struct recalled *
place_of(struct recall *c, uint64_t flow_id)
{
	return &c->v[flow_id * UINT64_C(0x9e3779b97f4a7c15) >> (64 - BITS)];
}

void
recall_ahead(const struct inv *v, uint64_t next, uint64_t behind)
{
	const struct recalled *x;

	if (!v->recall)
		return;
	x = place_of(v->recall, next);
	if (next && x->flow_id == next) {
		if (x->src_st < v->nst)
			prefetch_change(&v->st[x->src_st], offsetof(struct station, zone));
		if (x->dst_st < v->nst)
			prefetch_change(&v->st[x->dst_st], offsetof(struct station, zone));
		if (x->link < v->nln)
			prefetch_change(&v->ln[x->link], 128);
	}
	if (behind)
		prefetch_change(place_of(v->recall, behind), sizeof(*x));
}

struct recalled *
recall_find(struct recall *c, const struct rec *r, uint32_t site)
{
	struct recalled *x;

	if (!c || !r->flow_id)
		return NULL;
	x = place_of(c, r->flow_id);
	if (x->flow_id != r->flow_id || x->site != site || x->has_smac != r->has_smac ||
	    x->has_dmac != r->has_dmac || memcmp(x->smac, r->smac, 6) != 0 ||
	    memcmp(x->dmac, r->dmac, 6) != 0 || !addr_eq(&x->src, &r->src) ||
	    !addr_eq(&x->dst, &r->dst) || r->proto.type != SVAL_STR ||
	    r->proto.n >= sizeof(x->proto) || x->proto[r->proto.n] ||
	    memcmp(x->proto, r->proto.p, r->proto.n) != 0)
		return NULL;
	return x;
}

struct recalled *
recall_keep(struct recall *c, const struct rec *r, uint32_t site)
{
	struct recalled *x;

	if (!c || !r->flow_id || r->proto.type != SVAL_STR || r->proto.n >= sizeof(x->proto))
		return NULL;
	x = place_of(c, r->flow_id);
	*x = (struct recalled){ .flow_id = r->flow_id, .src = r->src, .dst = r->dst,
	    .has_smac = r->has_smac, .has_dmac = r->has_dmac, .site = site, .src_st = INV_NONE,
	    .dst_st = INV_NONE, .link = INV_NONE };
	for (int i = 0; i < RECALL_UNITS; i++)
		x->units[i].st = INV_NONE;
	memcpy(x->smac, r->smac, 6);
	memcpy(x->dmac, r->dmac, 6);
	memcpy(x->proto, r->proto.p, r->proto.n);
	return x;
}
