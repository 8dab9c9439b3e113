/* doubt.c: packets and segments that are not taken at their word, for the host they are
 * sent to takes them for something else than who listens does, or not at all. The policy
 * is in otdissect(1). Each kind is an anomaly once a flow, and a number in its record. */
#include "proto/crew.h"

/* A zero window lets probes through, and what was on its way. */
enum { SEGMENT = 1500 };

static void
tell(struct engine *g, struct flow *f, int side, enum doubt why, uint32_t at)
{
	static const char *const event[DOUBT_N] = {
		[DOUBT_OVERLAP] = "TCP_OVERLAP_DIFFERENT_DATA",
		[DOUBT_CHECKSUM] = "TCP_INVALID_CHECKSUM",
		[DOUBT_TTL] = "TTL_FAR_BELOW",
		[DOUBT_WINDOW] = "TCP_OUT_OF_WINDOW",
		[DOUBT_RESET] = "TCP_RESET_OUT_OF_WINDOW",
	};
	const struct pkt *k = g->k;
	struct dctx c;
	struct ev *e;

	f->watched = true;
	if (f->doubted[why] < UINT16_MAX)
		f->doubted[why]++;
	g->st.anomalies++;
	if (f->doubted[why] > 1) {
		g->anomalies_muted++;
		return;
	}
	engine_ctx(g, &c, f, side);
	e = ev_begin(&c, "anomaly", &c.when, side);
	ev_cstr(e, "type", "stream");
	ev_cstr(e, "event", event[why]);
	ev_cstr(e, "layer", why != DOUBT_TTL ? "tcp" : k->ip_v == 4 ? "ipv4" : "ipv6");
	if (f->app)
		ev_cstr(e, "app_proto", f->app->name);
	if (why == DOUBT_OVERLAP)
		ev_uint(e, "offset", at);
	if (why == DOUBT_TTL) {
		ev_uint(e, "ttl", k->ttl);
		ev_uint(e, "usual_ttl", f->ttl[side]);
	}
	ev_uint(e, "length", rd_left(&k->payload));
	c.self = NULL;          /* counted as an anomaly, not as the protocol's event */
	ev_emit(e);
}

void
doubt_watch(struct flow *f)
{
	for (int side = 0; side < 2; side++)
		if (f->tcp[side].started)
			f->tcp[side].started = TCP_WATCHED;
}

/* What came with few hops to live was acknowledged, and came no other way: it does get there.
 * Somebody in between, a firewall maybe, had opened the connection with more. */
static bool
arrived(const struct flow *f, int side, const struct pkt *k)
{
	const struct tcp_side *s = &f->tcp[side];
	const union tcp_said *other = &f->said[!side];

	return s->started && other->flags & TH_ACK && k->seq == other->ack &&
	    (int32_t)(other->ack - s->next) > 0;
}

void
doubt_packet(struct engine *g)
{
	enum doubt why;
	int side;
	struct flow *f = flow_doubted(g->flows, &side, &why);

	if (!f)
		return;
	if (g->crew)
		crew_back(g, f);
	tell(g, f, side, why, 0);
	doubt_watch(f);
	if (why == DOUBT_TTL && arrived(f, side, g->k))
		f->ttl[side] = g->k->ttl;
}

/* Beyond what its receiver has room for, twice over: word of more room may have passed
 * elsewhere, but not of so much. */
static bool
beyond(const struct flow *f, int side, const struct pkt *k, const union tcp_said *other)
{
	const struct tcp_side *s = &f->tcp[side];
	uint32_t room, from = s->next;

	if (!s->started || !(other->flags & TH_ACK) || (int32_t)(k->seq - s->next) <= 0)
		return false;
	room = 2 * flow_window(f, side, other) + SEGMENT;
	if ((int32_t)(other->ack - from) > 0)
		from = other->ack;
	return k->seq - from < 1u << 31 && k->seq + rd_left(&k->payload) - from > room;
}

bool
doubt_segment(struct engine *g, struct flow *f, int side, const struct pkt *k)
{
	const union tcp_said *other = g->said ? g->said : &f->said[!side];
	enum doubt why = DOUBT_N;
	uint32_t at = 0;

	if (!rd_left(&k->payload))
		return true;
	if (flow_sum_wrong(f, side, k))
		why = DOUBT_CHECKSUM;
	else if (beyond(f, side, k, other))
		why = DOUBT_WINDOW;
	else if (!f->cut && tcp_differs(g->tcp, &f->tcp[side], &f->last[side],
	    f->last_head[side], k, f->sums[side], &at))
		why = DOUBT_OVERLAP;
	if (why == DOUBT_N)
		return true;
	tell(g, f, side, why, at);
	return why == DOUBT_OVERLAP;
}
