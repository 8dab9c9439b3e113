#include "proto/engine.h"

#include "proto/crew.h"
#include "proto/engine_impl.h"
#include "proto/remote_access.h"
#include "proto/rollup.h"

#include <stdlib.h>

void
engine_end_flow(struct engine *g, struct flow *f, enum flow_reason why)
{
	if (f->proto == IPP_TCP)
		stream_finish(g, f);
	else if (f->proto == IPP_UDP)
		datagram_finish(g, f);
	pend_expire_flow(g, f);
	keep_end_flow(g, f);
	if (f->app && f->app->end && f->app_state == APP_KNOWN) {
		struct dctx c;
		engine_ctx(g, &c, f, 0);
		c.unseen = g->ending &&
		    g->now - f->last_us <= LIM_PENDING_SECONDS * 1000000LL;
		c.when = (struct when){ f->last_us, f->last_cnt, f->from };
		f->app->end(&c, false);
		ev_drop(&g->ev);
	}
	gather_forget(g, f);
	if (!g->o.no_flows)
		flow_event(g, f, why);
}

static void
on_flow_end(void *arg, struct flow *f, enum flow_reason why)
{
	struct engine *g = arg;

	crew_step(g);
	if (f->owner)
		crew_end(g, f, why);
	else
		engine_end_flow(g, f, why);
}

static void
learn_ports(struct engine *g)
{
	for (size_t i = 0; i < registry_n; i++) {
		if (!g->on[i])
			continue;
		for (const struct hint *h = registry[i]->hints; h && h->kind; h++) {
			uint8_t *t = h->kind == HINT_TCP ? g->tcp_port :
			    h->kind == HINT_UDP ? g->udp_port : NULL;
			if (t && !t[h->value & 0xffff])
				t[h->value & 0xffff] = (uint8_t)(i + 1);
		}
	}
	for (unsigned i = 0; i < g->o.nfixed; i++) {
		uint8_t v = (uint8_t)(engine_index(g->o.fixed[i].d) + 1);
		g->tcp_port[g->o.fixed[i].port] = g->udp_port[g->o.fixed[i].port] = v;
	}
}

struct engine *
engine_new(const struct engine_opts *o)
{
	struct engine *g = calloc(1, sizeof(*g));
	uint32_t max = o->max_flows ? o->max_flows : LIM_FLOWS;

	if (!g)
		return NULL;
	g->o = *o;
	g->flows = flowtab_new(max, g->tcp_port, g->udp_port, on_flow_end, g);
	g->tcp = tcppool_new();
	g->frags = fragtab_new();
	g->state = calloc(max, PROTO_STATE_MAX);
	g->websocket = calloc(max, sizeof(*g->websocket));      /* untouched pages cost nothing */
	g->fragment = calloc(FRAG_N, sizeof(*g->fragment));
	g->buf = malloc(OUT_CAP);
	g->on = calloc(registry_n, sizeof(*g->on));
	g->remote = calloc(1, sizeof(*g->remote));
	g->st.by_proto = calloc(registry_n, sizeof(*g->st.by_proto));
	if (!g->flows || !g->tcp || !g->frags || !g->state || !g->websocket || !g->fragment ||
	    !g->buf || !g->on || !g->remote || !g->st.by_proto || !pend_init(g) ||
	    !gather_init(g) || !keep_init(g) || (o->rollup_us && !rollup_init(g))) {
		engine_free(g);
		return NULL;
	}
	for (size_t i = 0; i < registry_n; i++)
		g->on[i] = !o->only || o->only[i];
	if (!hints_init(g)) {
		engine_free(g);
		return NULL;
	}
	if (o->join_vlans)
		flowtab_join_vlans(g->flows);
	learn_ports(g);
	jw_init(&g->out, g->buf, OUT_CAP);
	g->k = &g->batch[0];
	g->ev.eng = g;
	g->ev.w = &g->out;
	g->ev.scratch = g->scratch;
	jw_init(&g->ev.val, g->val, sizeof(g->val));
	return g;
}

void
engine_free(struct engine *g)
{
	if (!g)
		return;
	crew_free(g);
	flowtab_free(g->flows);
	tcppool_free(g->tcp);
	fragtab_free(g->frags);
	free(g->state);
	free(g->websocket);
	free(g->fragment);
	free(g->buf);
	free(g->on);
	free(g->hint);
	free(g->pend);
	gather_free(g);
	rollup_free(g);
	keep_free(g);
	free(g->remote);
	free(g->st.by_proto);
	free(g);
}

void
engine_flush(struct engine *g)
{
	if (g->crew) {
		crew_flush(g);
		return;
	}
	if (g->out.n && g->o.flush)
		g->o.flush(g->o.flush_arg, g->out.buf, g->out.n);
	jw_reset(&g->out);
}

void
engine_full(struct engine *g)
{
	if (g->outlet)
		crew_room(g);
	else
		engine_flush(g);
}

const struct engine_stats *engine_stats(const struct engine *g) { return &g->st; }

size_t
engine_index(const struct dissector *d)
{
	size_t i = 0;

	while (i < registry_n && registry[i] != d)
		i++;
	return i;
}

void
engine_anomaly(struct engine *g, const struct dctx *ctx, const char *type, const char *event,
    const char *layer, const struct rd *r)
{
	struct dctx c = *ctx;
	struct ev *e;

	if (c.flow) {
		if (c.flow->anomalies == 255 || c.flow->anomalies++ >= LIM_FLOW_ANOMALIES) {
			g->anomalies_muted++;
			g->st.anomalies++;
			return;
		}
	}
	g->st.anomalies++;
	e = ev_begin(&c, "anomaly", &c.when, c.side);
	ev_cstr(e, "type", type);
	ev_cstr(e, "event", event);
	ev_cstr(e, "layer", layer);
	if (c.self)
		ev_cstr(e, "app_proto", c.self->name);
	if (r) {
		/* where in the PDU, and how many bytes were wanted and how many there were */
		ev_uint(e, "offset", r->err ? r->err_off : r->off);
		if (r->err)
			ev_uint(e, "wanted", r->err_want);
		ev_uint(e, "length", r->len);
	}
	c.self = NULL;          /* counted as an anomaly, not as the protocol's event */
	g->ev_ctx = &c;
	ev_emit(e);
}

void
proto_anomaly(struct dctx *c, const char *event)
{
	/* nor what follows from a PDU of this flow that was cut before */
	if (!c->cut && !(c->flow ? c->flow->cut : c->eng->link_cut))
		engine_anomaly(c->eng, c, "applayer", event, "proto_parser", NULL);
}

void
engine_set_app(struct engine *g, struct flow *f, const struct dissector *d)
{
	if (f->app && f->app != d && !f->app_first)
		f->app_first = (uint8_t)(engine_index(f->app) + 1);
	f->app = d;
	f->app_state = APP_KNOWN;
	if (d->state_size) {
		f->app_data = g->state[flow_index(g->flows, f)];
		memset(f->app_data, 0, d->state_size);
	}
}

/* Whose port one of the flow's is. */
static void
hinted_ones(const struct engine *g, const struct flow *f, bool tcp, struct set *s)
{
	for (int side = 0; side < 2; side++)
		for (const struct hint_at *h = hints_first(g, tcp ? HINT_TCP : HINT_UDP,
		    f->port[side]); h; h = hints_next(g, h))
			set_add(s, h->d);
	for (unsigned i = 0; i < g->o.nfixed; i++)
		if (g->o.fixed[i].port == f->port[1] || g->o.fixed[i].port == f->port[0])
			set_add(s, engine_index(g->o.fixed[i].d));
}

bool
engine_probe(struct engine *g, struct flow *f, struct rd s0, struct rd s1, bool tcp, int *side)
{
	bool more = false, weak = false, any = false, middle = engine_midstream(f);
	struct set hinted = { { 0 } };

	/* a side that said nothing is no bytes, not nowhere */
	s0.p = s0.p ? s0.p : (const uint8_t *)"";
	s1.p = s1.p ? s1.p : (const uint8_t *)"";
	hinted_ones(g, f, tcp, &hinted);
	/* first those whose port it is, then everybody */
	for (unsigned n = 0; n < 2 * SET_MAX / 64; n++) {
		bool first = n < SET_MAX / 64;
		unsigned at = n % (SET_MAX / 64);
		uint64_t w = g->carriers[tcp].w[at] & (first ? hinted.w[at] : ~hinted.w[at]);

		for (; w; w &= w - 1) {
			size_t i = at * 64 + (size_t)__builtin_ctzll(w);
			const struct dissector *d = registry[i];
			struct probe_in in = { .side = { s0, s1 }, .tcp = tcp, .hinted = first };
			enum probe v = d->probe(&in);

			any |= first;
			if (v == PROBE_YES || (v == PROBE_WEAK && first)) {
				/* against a SYN that was seen only what is certain counts */
				if (in.reversed && f->tx == 0 &&
				    (v == PROBE_YES || !tcp || middle)) {
					flow_swap(f);
					*side ^= 1;
				}
				if (f->app_state == APP_FAILED)
					g->probe_failed--;
				engine_set_app(g, f, d);
				return true;
			}
			more |= v == PROBE_MORE;
			weak |= v == PROBE_WEAK;
		}
	}
	g->probe_open = more || weak;
	/* Seen from the middle, a later segment may begin with a PDU. From its beginning a stream
	 * has LIM_PROBE bytes, in however many segments: else who sends the first ones one by
	 * one is not seen. */
	if ((!more && !weak && !middle) ||
	    ((middle || !tcp) && ++f->app_tries >= LIM_PROBE_SEGMENTS)) {
		g->probe_failed += f->app_state != APP_FAILED;
		f->app_state = APP_FAILED;
		/* one odd datagram on a port that is known says nothing of the next */
		f->app_tries = !tcp && any ? f->app_tries + 1 : LIM_PROBE_SEGMENTS;
	}
	return false;
}

bool
engine_dissected(struct engine *g, struct dctx *c, struct rd *r, enum verdict v, bool quiet)
{
	struct flow *f = c->flow;

	if (c->cut) {
		g->st.truncated++;
	} else if (v == DIS_BAD || (rd_bad(r) && v != DIS_NOT_MINE)) {
		if (!quiet)
			engine_anomaly(g, c, "applayer", c->why ? c->why : "INVALID_LENGTH",
			    "proto_parser", r);
	}
	if (f && v == DIS_LEAVE)
		f->app_state = APP_LEFT;
	else if (f && v == DIS_NEXT) {
		/* what waits for an answer is of the protocol that ends here */
		pend_expire_flow(g, f);
		gather_forget(g, f);
		/* until it is found out the flow keeps the name it has */
		f->app_state = APP_PROBING;
		f->app_tries = 0;
		if (f->websocket)
			memset(g->websocket[f->index], 0, sizeof(g->websocket[f->index]));
	}
	else if (f && v == DIS_NOT_MINE) {
		f->app_state = APP_FAILED;
		g->probe_failed++;
		f->app = NULL;
		/* what a wrong guess waits for is nothing: told by nobody, found by no other */
		pend_forget_flow(g, f);
		gather_forget(g, f);
	}
	return f ? f->app_state == APP_KNOWN : v != DIS_NOT_MINE;
}

static void
link_packet(struct engine *g, const struct pkt *k)
{
	enum hint_kind kind;
	uint64_t number;
	struct dctx c;

	if (k->snap_oui != ~0u) {
		kind = HINT_SNAP;
		number = (uint64_t)k->snap_oui << 16 | k->snap_pid;
	} else if (k->llc) {
		kind = HINT_LLC;
		number = k->dsap;
	} else if (k->ethertype) {
		kind = HINT_ETHER;
		number = k->ethertype;
	} else {
		kind = k->depth ? HINT_END : HINT_LINK;
		number = k->raw->link;
	}
	/* several may share a number (PROFINET's parts do): whose it is not says so */
	for (const struct hint_at *h = hints_first(g, kind, number); h; h = hints_next(g, h)) {
		struct rd r = k->payload;

		g->link_cut |= r.cap < r.len;
		engine_ctx(g, &c, NULL, 0);
		c.self = registry[h->d];
		if (engine_dissect(g, &c, &r, false))
			return;
	}
	g->unknown_link++;
}

/* Neither TCP nor UDP: a protocol straight above IP, or nobody's. */
static __attribute__((noinline)) void
ip_other(struct engine *g, struct flow *f, int side, const struct pkt *k)
{
	struct rd r = k->payload;
	struct dctx c;

	if (k->truncated && !rd_left(&r))       /* cut before it began, in IP's options */
		return;
	if (f->app_state == APP_PROBING) {
		const struct hint_at *h = hints_first(g, HINT_IPPROTO, k->ip_proto);
		if (h) {
			engine_set_app(g, f, registry[h->d]);
		} else {
			f->app_state = APP_LEFT;
			g->unknown_ip++;
		}
	}
	if (f->app_state == APP_KNOWN) {
		engine_ctx(g, &c, f, side);
		engine_dissect(g, &c, &r, false);
	}
}

static void
decode_anomaly(struct engine *g, const struct pkt *k)
{
	int64_t minute = k->raw->us / 60000000;
	struct dctx c;

	g->decode_anomalies++;
	if (minute != g->decode_minute) {
		g->decode_minute = minute;
		g->decode_reported = 0;
	}
	if (g->decode_reported++ >= LIM_DECODE_ANOMALIES) {
		g->anomalies_muted++;
		g->st.anomalies++;
		return;
	}
	engine_ctx(g, &c, NULL, 0);
	engine_anomaly(g, &c, "decode", k->anomaly, k->anomaly_layer, NULL);
}

static inline __attribute__((always_inline)) void
give(struct engine *g, struct flow *f, int side, const struct pkt *k)
{
	f->cut |= k->payload.cap < k->payload.len;
	if (k->ip_proto == IPP_TCP) {
		if (stream_wants(f, side, k))
			stream_packet(g, f, side, k);
	} else if (k->ip_proto == IPP_UDP) {
		if (datagram_wants(f, k))
			datagram_packet(g, f, side, k);
	} else {
		ip_other(g, f, side, k);
	}
}

void
engine_give(struct engine *g, struct flow *f, int side, const struct pkt *k)
{
	give(g, f, side, k);
}

/* plain: as it came, so that another thread can decode it once more. crew: there are
 * other threads; a constant where it is called for each packet, so that one thread alone
 * asks for nothing. */
static inline __attribute__((always_inline)) void
ip_packet(struct engine *g, const struct pkt *k, bool plain, bool crew)
{
	struct flow_seen seen = flow_get(g->flows, k);
	struct flow *f = seen.flow;
	int side = seen.side;

	if (!f || k->inner_name) {      /* a tunnel: its inside follows */
		if (!f)
			doubt_packet(g);
		return;
	}
	if (crew && crew_takes(g, f, side, k, plain))
		return;
	give(g, f, side, k);
}

/* A fragment, a tunnel, something wrong, or no IP at all. */
static __attribute__((noinline)) void
odd_packet(struct engine *g, struct pkt *k)
{
	do {
		if (k->what == PKT_FRAGMENT) {
			uint32_t n;
			const uint8_t *whole = frag_add(g->frags, k, &n);
			if (whole)
				pkt_reassembled(k, whole, n);
		}
		crew_step(g);
		if (k->anomaly)
			decode_anomaly(g, k);
		if (k->truncated)
			g->st.truncated++;
		if (k->what == PKT_IP)
			ip_packet(g, k, false, g->crew != NULL);
		else if (k->what == PKT_LINK && rd_left(&k->payload))
			link_packet(g, k);
	} while (k->inner_name && pkt_inner(k) != PKT_DONE);
}

static inline __attribute__((always_inline)) void
one_packet(struct engine *g, struct pkt *k, bool crew)
{
	const struct packet *p = k->raw;

	g->k = k;
	if (crew)
		crew_step(g);
	if (p->us > g->now) {
		g->now = p->us;
		if (crew)
			crew_tell(g);
		if (g->pend_oldest && g->pend[g->pend_oldest].due < p->us)
			pend_expire_due(g, g->now);
		if (g->rollup)
			rollup_due(g, false);
		if (g->kept) {
			crew_step(g);
			keep_expire_due(g, g->now);
		}
	}
	if (k->what == PKT_IP && !k->anomaly && !k->truncated && !k->inner_name)
		ip_packet(g, k, true, crew);
	else
		odd_packet(g, k);
}

/* What the packet's flow has, unless it brings nothing to dissect. */
static inline __attribute__((always_inline)) void
fetch_flow(struct engine *g, uint32_t i, const struct pkt *k)
{
	if (i != ~0u && k->payload.len)
		fetch_state(g, i);
}

/* And the flow. */
static inline __attribute__((always_inline)) void
fetch(struct engine *g, const struct pkt *k)
{
	fetch_flow(g, flow_near(g->flows, k), k);
}

static inline __attribute__((always_inline)) void
alone(struct engine *g, size_t m)
{
	for (size_t i = 0; i < m && i < ENGINE_NEAR; i++)
		fetch(g, &g->batch[i]);
	for (size_t i = 0; i < m; i++) {
		if (i + ENGINE_NEAR < m)
			fetch(g, &g->batch[i + ENGINE_NEAR]);
		one_packet(g, &g->batch[i], false);
	}
}

/* The same where other threads have flows: nothing that is theirs is fetched. */
static __attribute__((noinline)) void
crewed(struct engine *g, size_t m)
{
	enum { OWN = ENGINE_NEAR / 2 };
	struct pkt *b = g->batch;

	for (size_t i = 0; i < m && i < ENGINE_NEAR; i++)
		flow_near_table(g->flows, &b[i]);
	for (size_t i = 0; i < m; i++) {
		if (i + ENGINE_NEAR < m)
			flow_near_table(g->flows, &b[i + ENGINE_NEAR]);
		if (i + OWN < m)
			fetch_flow(g, flow_near_own(g->flows, &b[i + OWN]), &b[i + OWN]);
		one_packet(g, &b[i], true);
	}
}

void
engine_packets(struct engine *g, const struct packet *p, size_t n)
{
	uint64_t bytes = 0;

	for (size_t m; n; n -= m, p += m) {
		m = n < ENGINE_PACKETS ? n : ENGINE_PACKETS;
		if (g->crew)
			crew_begin(g, p, m);
		if (!g->st.first_us)
			g->st.first_us = p->us;
		for (size_t i = 0; i < m; i++) {
			pkt_begin(&g->batch[i], &p[i]);
			flow_far(g->flows, &g->batch[i], i ? &g->batch[i - 1] : NULL);
			bytes += p[i].len;
		}
		if (g->crew)
			crewed(g, m);
		else
			alone(g, m);
		/* flows that end later still look at its time and number */
		g->last = p[m - 1];
		g->batch[m - 1].raw = &g->last;
		g->st.packets += m;
	}
	g->st.bytes += bytes;
	g->st.last_us = g->now;
}

void
engine_finish(struct engine *g)
{
	if (g->crew)
		crew_dismiss(g);
	g->ending = true;
	flowtab_drain(g->flows);
	keep_finish(g);
	/* what waits on links without flows */
	for (size_t i = 0; i < registry_n; i++) {
		struct dctx c;
		if (!g->on[i] || !registry[i]->end)
			continue;
		engine_ctx(g, &c, NULL, 0);
		c.self = registry[i];
		c.unseen = true;
		registry[i]->end(&c, false);
		ev_drop(&g->ev);
	}
	if (g->rollup)
		rollup_due(g, true);
	g->ending = false;
	engine_flush(g);
}
