#include "proto/told.h"

#include "proto/engine_impl.h"

bool
told_before(struct dctx *c, uint64_t h, bool to)
{
	struct engine *g = c->eng;
	int who = to ? !c->side : c->side;
	struct told *t;

	/* a flow's own sides, since client and server may have been found to be reversed */
	if (c->flow)
		h = hash_bytes(h, c->flow->addr[who].b, sizeof(c->flow->addr[who].b));
	else if (c->k)
		h = hash_bytes(h, to ? c->k->dst_mac : c->k->src_mac, 6);
	h = h * 31 + engine_index(c->self);
	t = &g->told[h >> 32 & (TOLD_N - 1)];
	if (t->hash == h && c->when.us - t->us < LIM_TOLD_SECONDS * 1000000LL)
		return true;
	*t = (struct told){ h, c->when.us };
	return false;
}
