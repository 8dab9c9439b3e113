/* datagram.c: UDP: which protocol a flow's datagrams are of, and to its dissector. */
#include "proto/engine_impl.h"

/* A question alone may leave open what its answer will tell: the last datagram of
 * each side is kept until then, where a stream keeps its beginning. */
static void
keep(struct engine *g, struct flow *f, int side, struct rd r, const struct pkt *k)
{
	struct tcp_side *s = &f->tcp[side];
	uint32_t n = rd_have(&r);

	tcp_carry_drop(g->tcp, s, UINT32_MAX);
	if (n < rd_left(&r) || n > LIM_PROBE)
		return;
	if (tcp_carry(g->tcp, s, rd_bytes(&r, n), n)) {
		f->carry_at[side].us = k->raw->us;
		f->carry_at[side].cnt = k->raw->cnt;
	}
}

void
datagram_finish(struct engine *g, struct flow *f)
{
	tcp_carry_drop(g->tcp, &f->tcp[0], UINT32_MAX);
	tcp_carry_drop(g->tcp, &f->tcp[1], UINT32_MAX);
}

/* Whether the datagram and the last one of the other side tell it together. That
 * they do not fit each other, being question and answer of different pairs,
 * says nothing against what each could be. */
static bool
with_kept(struct engine *g, struct flow *f, int *side, struct rd r)
{
	uint32_t n;
	const uint8_t *d = tcp_carried(g->tcp, &f->tcp[!*side], &n);
	struct rd kept = rd_init(d, n, n);
	uint8_t tries = f->app_tries;

	if (!n)
		return false;
	if (engine_probe(g, f, *side ? kept : r, *side ? r : kept, false, side))
		return true;
	if (f->app_state == APP_FAILED && tries < LIM_PROBE_SEGMENTS) {
		f->app_state = APP_PROBING;
		f->app_tries = tries;
		g->probe_failed--;
	}
	return false;
}

/* The protocol is known: what was kept of the other side comes first. */
static void
take_kept(struct engine *g, struct flow *f, int side)
{
	struct tcp_side *s = &f->tcp[side];
	struct dctx c;
	uint32_t n;
	const uint8_t *d = tcp_carried(g->tcp, s, &n);

	if (n) {
		struct rd r = rd_init(d, n, n);
		engine_ctx(g, &c, f, side);
		c.when.us = f->carry_at[side].us;
		c.when.cnt = f->carry_at[side].cnt;
		engine_dissect(g, &c, &r, false);
	}
}

void
datagram_packet(struct engine *g, struct flow *f, int side, const struct pkt *k)
{
	struct rd r = k->payload;
	struct dctx c;

	if (f->app_state != APP_KNOWN) {
		struct rd none = rd_init(r.p, 0, 0);

		/* by itself, as mostly; then with what the other side said before */
		if (!engine_probe(g, f, side ? none : r, side ? r : none, false, &side) &&
		    !(f->app_state == APP_PROBING && with_kept(g, f, &side, r))) {
			if (f->app_state == APP_PROBING)
				keep(g, f, side, r, k);
			else
				datagram_finish(g, f);
			return;
		}
		take_kept(g, f, !side);
		datagram_finish(g, f);
		if (f->app_state != APP_KNOWN)
			return;
	}
	engine_ctx(g, &c, f, side);
	engine_dissect(g, &c, &r, false);
}
