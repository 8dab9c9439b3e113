#include "proto/told.h"

#include "proto/engine_impl.h"

uint64_t
told_hash(uint64_t h, const void *p, size_t n)
{
	const uint8_t *b = p;

	for (size_t i = 0; i < n; i++)          /* FNV-1a */
		h = (h ^ b[i]) * 1099511628211u;
	return h;
}

bool
told_before(struct dctx *c, uint64_t h, bool to)
{
	struct engine *g = c->eng;
	int who = to ? !c->side : c->side;
	struct told *t;

	/* a flow's own sides, since client and server may have been found to be reversed */
	if (c->flow)
		h = told_hash(h, c->flow->addr[who].b, sizeof(c->flow->addr[who].b));
	else if (c->k)
		h = told_hash(h, to ? c->k->dst_mac : c->k->src_mac, 6);
	h = h * 31 + engine_index(c->self);
	t = &g->told[h >> 32 & (TOLD_N - 1)];
	if (t->hash == h && c->when.us - t->us < LIM_TOLD_SECONDS * 1000000LL)
		return true;
	*t = (struct told){ h, c->when.us };
	return false;
}
