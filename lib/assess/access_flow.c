/* access_flow.c: flows between the site and the outside, and what events said of them
 * before they ended.
 *
 * Notes are kept in sets of four by the flow's number; the one touched longest ago makes
 * room. An event that comes behind its flow finds the flow's figures there. */
#include "assess/access_impl.h"

#include "base/limits.h"

#include <string.h>

enum { WAYS = 4 };

static bool
same_ends(const struct access_note *n, const struct rec *r)
{
	return (addr_eq(&n->src, &r->src) && addr_eq(&n->dst, &r->dst)) ||
	    (addr_eq(&n->src, &r->dst) && addr_eq(&n->dst, &r->src));
}

/* ---- sessions from notes ----------------------------------------------------------- */

static const struct access_proto *
proto_of(const struct access *a, uint32_t app)
{
	return app ? access_proto(a->impl->rules, access_text(a, app), a->pool.len[app]) : NULL;
}

/* What people call the way in. */
static uint32_t
tool_of(struct access *a, const struct access_note *n, const struct access_proto *p)
{
	char t[48];
	int k;

	if (n->remote && !n->inward)
		return n->service;
	if (p)
		return access_keep_text(a, p->tool, strlen(p->tool));
	if (n->app)
		return n->app;
	k = snprintf(t, sizeof(t), "%.20s/%u", n->transport ? access_text(a, n->transport) : "ip",
	    n->dport);
	return access_keep_text(a, t, (size_t)k);
}

/* A note becomes a session where it is one. */
static bool
session_of(struct access *a, const struct access_note *n, const struct site_instrument *instrument)
{
	const struct access_proto *p = proto_of(a, n->app);
	bool in = n->inward;
	struct access_session s = { .peer = in ? n->src : n->dst, .inside = in ? n->dst : n->src,
	    .inward = in, .open = !n->flow_seen, .credential = n->credential, .app = n->app,
	    .name = n->name, .software = n->software, .transport = n->transport,
	    .port = n->dport, .client_port = n->sport, .at = n->at, .start = n->first,
	    .end = n->last, .flows = n->flow_seen, .midstream = n->midstream };
	enum access_lock lock = n->app ? access_lock(a->impl->rules, access_text(a, n->app)) :
	    LOCK_UNKNOWN;

	if (!p && !(n->remote && !in) && !(in && instrument))
		return false;
	if (n->flow_seen) {
		s.start = n->flow.start;
		s.end = n->flow.end;
		for (int k = 0; k < 2; k++) {
			s.bytes[k] = n->flow.bytes[in ? k : !k];
			s.packets[k] = n->flow.pkts[in ? k : !k];
		}
	}
	if (s.end < a->from || s.start >= a->to)
		return false;
	s.last_peer = s.peer;
	s.instrument = instrument;
	s.tool = tool_of(a, n, p);
	s.relayed = !in && (n->remote || (p && p->relay));
	s.by_instrument = !p && !s.relayed;
	s.encrypted = n->clear ? ACCESS_NO : (enum access_tri)lock;
	access_session_add(a, &s);
	return true;
}

static const struct site_instrument *
reached(struct access *a, const struct access_note *n)
{
	return n->inward ? access_party(a, &n->dst)->instrument : NULL;
}

static void
let_go(struct access *a, const struct access_note *n)
{
	if (n->flow_id && !n->flow_seen && !n->session_made)
		(void)session_of(a, n, reached(a, n));
}

void
access_note_learnt(struct access *a, struct access_note *n)
{
	if (n->flow_seen && !n->session_made && n->remote && !n->inward)
		n->session_made = session_of(a, n, NULL);
}

void
access_notes_end(struct access *a)
{
	for (uint32_t i = 0; i < LIM_ACCESS_NOTES; i++) {
		let_go(a, &a->impl->note[i]);
		a->impl->note[i].flow_id = 0;
	}
}

/* ---- notes -------------------------------------------------------------------------- */

/* Of an event in mid-flow the sender may be either side: the server's port is the lower. */
static void
ends(struct access *a, struct access_note *n, const struct rec *r)
{
	struct sval v;
	bool turned = !r->has_flow && sval_is(&r->type, "mqtt") && r->sport < r->dport &&
	    !scan_get(&r->detail, "connect", &v);

	n->src = turned ? r->dst : r->src;
	n->dst = turned ? r->src : r->dst;
	n->sport = turned ? r->dport : r->sport;
	n->dport = turned ? r->sport : r->dport;
	n->inward = access_party(a, &n->src)->outside;
}

struct access_note *
access_note(struct access *a, const struct rec *r, bool make)
{
	uint64_t h = (r->flow_id * 0x9e3779b97f4a7c15u) >> 20;
	struct access_note *set = &a->impl->note[h % (LIM_ACCESS_NOTES / WAYS) * WAYS], *n = NULL;
	int old = 0;
	bool s, d;

	if (!r->flow_id)
		return NULL;
	for (int i = 0; i < WAYS; i++) {
		if (set[i].flow_id == r->flow_id && same_ends(&set[i], r)) {
			n = &set[i];
			goto found;
		}
		if (set[i].touched < set[old].touched)
			old = i;
	}
	s = access_party(a, &r->src)->outside;
	d = access_party(a, &r->dst)->outside;
	if (!make || s == d)
		return NULL;
	n = &set[old];
	let_go(a, n);
	*n = (struct access_note){ .flow_id = r->flow_id, .first = r->us, .last = r->us };
	ends(a, n, r);
	n->transport = access_keep(a, &r->proto);
	access_place_of(a, r, &n->at);
found:
	n->touched = ++a->impl->clock;
	if (r->us > n->last)
		n->last = r->us;
	if (!n->app && r->app_proto.type == SVAL_STR && !sval_is(&r->app_proto, "failed"))
		n->app = access_keep(a, &r->app_proto);
	else if (!n->app && !r->has_flow && !sval_is(&r->type, "credential"))
		n->app = access_keep(a, &r->type);
	return n;
}

/* ---- flows --------------------------------------------------------------------------- */

/* Did the other side really answer? A refusal (SYN, RST) is two packets long. */
static bool
answered(const struct rec *r, uint32_t app, bool midstream)
{
	const struct rec_flow *f = &r->flow;

	if (!sval_is(&r->proto, "TCP"))
		return f->pkts[1] > 0;
	return app || midstream || (f->pkts[1] >= 2 && f->pkts[0] + f->pkts[1] >= 6);
}

/* The packets' numbers of the whole flow. */
static void
whole_place(struct access *a, const struct rec *r, struct access_place *at)
{
	struct sval v;
	uint64_t u;

	access_place_of(a, r, at);
	if (scan_get(&r->detail, "first_pcap_cnt", &v) && sval_uint(&v, &u))
		at->cnt = u;
	if (scan_get(&r->detail, "first_pcap_filename", &v))
		at->file = access_keep(a, &v);
}

static void
outward(struct access *a, const struct rec *r, const struct access_note *n, bool guessed,
    bool midstream)
{
	struct access_egress *g;
	uint32_t app = n->app;
	struct sval v;

	if (n->flow.start < a->from || n->flow.start >= a->to)
		return;
	if (!app && (sval_is(&r->proto, "ICMP") || sval_is(&r->proto, "IPv6-ICMP")))
		app = access_keep_text(a, "icmp", 4);
	if (!app && guessed && scan_get(&r->guess, "app_proto", &v))
		app = access_keep(a, &v);
	if (!(g = access_egress_of(a, &n->src, &n->dst, n->name, app, n->transport, n->dport,
	    n->flow.start)))
		return;
	g->guessed |= guessed && !n->app;
	g->midstream |= midstream;
	g->credential |= n->credential;
	if (!g->flows || n->flow.start < g->first) {
		g->first = n->flow.start;
		g->at = n->at;
	}
	if (n->flow.end > g->last)
		g->last = n->flow.end;
	g->flows++;
	if (!g->service)
		g->service = n->service;
	g->packets += r->flow.pkts[0] + r->flow.pkts[1];
	g->bytes[0] += r->flow.bytes[1];
	g->bytes[1] += r->flow.bytes[0];
}

/* Without a number for the flow there is nothing to keep: it stands for itself. */
static struct access_note *
note_of_flow(struct access *a, const struct rec *r, struct access_note *own)
{
	struct access_note *n = access_note(a, r, true);

	if (n)
		return n;
	*own = (struct access_note){ .first = r->us, .last = r->us };
	own->transport = access_keep(a, &r->proto);
	if (r->app_proto.type == SVAL_STR && !sval_is(&r->app_proto, "failed"))
		own->app = access_keep(a, &r->app_proto);
	return own;
}

void
access_flow(struct access *a, const struct rec *r, bool midstream)
{
	bool s = access_party(a, &r->src)->outside, d = access_party(a, &r->dst)->outside, made;
	const struct site_instrument *in = NULL;
	struct access_note own, *n;

	if (s == d)
		return;
	n = note_of_flow(a, r, &own);
	ends(a, n, r);
	n->flow = r->flow;
	if (!n->flow.start || n->flow.start > r->us)
		n->flow.start = r->us;
	if (n->flow.end < n->flow.start)
		n->flow.end = n->flow.start;
	n->flow_seen = true;
	n->midstream = midstream;
	whole_place(a, r, &n->at);
	if (n->inward) {
		if (n->flow.end < a->from || n->flow.start >= a->to)
			return;
		if (sval_is(&r->proto, "ICMP") || sval_is(&r->proto, "IPv6-ICMP"))
			return;
		if (!answered(r, n->app, midstream)) {
			a->attempts++;
			return;
		}
		if (!(in = reached(a, n)) && r->has_dmac)
			in = access_by_mac(a, r->dmac);
		made = session_of(a, n, in);
		a->inbound_other += !made;
		n->session_made |= made;
		return;
	}
	if (answered(r, n->app, midstream))
		n->session_made |= session_of(a, n, NULL);
	outward(a, r, n, r->guess.type == SVAL_OBJ, midstream);
}
