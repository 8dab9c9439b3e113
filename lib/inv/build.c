/* build.c: what one event says of its ends; build_link.c says it of the link between them. Knows
 * the envelope, flow, ot and identity; of protocols only what is in EVE alone. */
#include "inv/build.h"

#include "inv/again.h"
#include "inv/build_impl.h"
#include "inv/link.h"
#include "inv/merge.h"
#include "inv/names.h"
#include "inv/recall.h"
#include "model/rec_trail.h"

#include <string.h>

uint32_t
text_of(struct inv *v, const struct sval *s)
{
	char t[LIM_TEXT];

	if (s->type != SVAL_STR)
		return 0;
	if (!s->escaped && s->n < sizeof(t))
		return inv_text(v, s->p, s->n);
	return inv_text(v, t, sval_text(s, t, sizeof(t)));
}

uint32_t
text_again(struct inv *v, const struct sval *s, uint32_t *last)
{
	if (s->type == SVAL_STR && !s->escaped && *last && v->pool.len[*last] == s->n &&
	    memcmp(v->pool.text[*last], s->p, s->n) == 0)
		return *last;
	return *last = text_of(v, s);
}

/* ---- the envelope --------------------------------------------------------- */

static uint32_t
transport_of(struct in *in)
{
	const struct sval *p = &in->r->proto;
	char t[16];
	size_t i;

	if (p->type != SVAL_STR || p->n >= sizeof(t))
		return in->r->src.v ? 0 : inv_text(in->v, "ethernet", 8);
	for (i = 0; i < p->n; i++)
		t[i] = (char)tolower((unsigned char)p->p[i]);
	if (p->n == 9 && memcmp(t, "ipv6-icmp", 9) == 0)
		return inv_text(in->v, "icmpv6", 6);
	return inv_text(in->v, t, p->n);
}

/* The text of app_proto, which is that of the flow's event before. */
static uint32_t
app_again(struct in *in)
{
	const struct sval *s = &in->r->app_proto;
	struct recalled *x = in->known;

	if (!x || s->escaped || s->n >= sizeof(x->app_name))
		return text_of(in->v, s);
	if (!x->app || x->app_name[s->n] || memcmp(x->app_name, s->p, s->n) != 0) {
		x->app = text_of(in->v, s);
		memset(x->app_name, 0, sizeof(x->app_name));
		memcpy(x->app_name, s->p, s->n);
	}
	return x->app;
}

static void
protocol_of(struct in *in)
{
	const struct rec *r = in->r;
	struct sval name;

	if (in->app)
		;                       /* a foreign record's reader has said it */
	else if (r->app_proto.type == SVAL_STR && r->has_flow && !housekeeping(&r->app_proto))
		in->app = app_ours(in->v, r->app_proto.p, r->app_proto.n);
	else if (app_is_told(&r->app_proto))
		in->app = app_again(in);
	else if (sval_is(&r->type, "credential") && scan_get(&r->detail, "app_proto", &name))
		in->app = text_of(in->v, &name);
	else if (!r->has_flow && r->detail.type == SVAL_OBJ && r->kind == REC_EVE &&
	    !housekeeping(&r->type))
		in->app = text_of(in->v, &r->type);
	if (!in->app && r->guess.type == SVAL_OBJ && scan_get(&r->guess, "app_proto", &name)) {
		in->app = text_of(in->v, &name);
		in->guess = in->app != 0;
	}
	in->port = r->dport;
	/* nobody serves from a port that was given out for the moment */
	if (!in->app && in->port >= 49152)
		in->port = 0;
}

static void
get_ot(struct in *in)
{
	struct sval k, x;
	struct scan s;
	char op[16];

	in->op = -1;
	if (in->r->ot.type != SVAL_OBJ)
		return;
	in->has_ot = true;
	for (scan_in(&s, &in->r->ot); scan_member(&s, &k, &x); ) {
		if (k.n > 7 && !k.escaped)
			continue;
		if (sval_is(&k, "op"))
			in->op = op_find(op, sval_text(&x, op, sizeof(op)));
		else if (sval_is(&k, "object"))
			in->object = x;
		else if (sval_is(&k, "value"))
			in->value = x;
		else if (sval_is(&k, "unit_id"))
			in->has_unit = sval_uint(&x, &in->unit);
		else if (sval_is(&k, "result")) {
			in->unseen = sval_is(&x, "not_captured");
			in->unanswered = in->unseen || sval_is(&x, "no_response") ||
			    (x.type == SVAL_STR && x.n >= 8 && memcmp(x.p, "gateway_", 8) == 0);
			in->has_result = true;
			in->ok = !in->unanswered;
			in->refused = !sval_is(&x, "ok");
		}
	}
}

/* ---- identity -------------------------------------------------------------- */

void
claim_is(struct inv *v, uint32_t st, const struct place *at, int64_t us, bool asked)
{
	if (st == INV_NONE || !v->st[st].has_mac || !v->st[st].ip.v)
		return;
	v->st[st].claimed = true;
	v->st[st].asked |= asked;
	inv_seen(v, st, at, us, true);
}

void
claim(struct in *in, uint32_t st)
{
	struct sval op;

	/* who answers that an address is there may do so for another */
	claim_is(in->v, st, &in->at, in->r->us, !sval_is(&in->r->type, "arp") ||
	    !scan_get(&in->r->detail, "opcode", &op) || !sval_is(&op, "reply"));
}

uint32_t
heard_of(struct in *in, const uint8_t *mac, const struct addr *ip, bool heard)
{
	uint32_t st = inv_station(in->v, mac, ip, 0);

	inv_seen(in->v, st, &in->at, in->r->us, heard);
	return st;
}

/* The station an identity is about. */
static uint32_t
subject(struct in *in, const struct sval *of)
{
	struct sval k, x, sub = { .type = SVAL_NONE };
	struct addr ip = { .v = 0 };
	uint32_t st = INV_NONE;
	uint8_t mac[6];
	bool has_mac = false;
	struct scan s;

	if (sval_is(of, "src"))
		return in->src;
	if (sval_is(of, "dest"))
		return in->dst;
	for (scan_in(&s, of); scan_member(&s, &k, &x); ) {
		if (sval_is(&k, "mac"))
			has_mac = x.type == SVAL_STR && mac_parse(mac, x.p, x.n);
		else if (sval_is(&k, "ip"))
			(void)(x.type == SVAL_STR && addr_parse(&ip, x.p, x.n));
		else if (sval_is(&k, "parent"))
			st = sval_is(&x, "src") ? in->src : in->dst;
		else if (sval_is(&k, "sub"))
			sub = x;
	}
	if (has_mac && ip.v) {
		st = inv_station(in->v, mac, &ip, 0);
		claim(in, st);
	} else if (has_mac) {
		st = inv_station(in->v, mac, NULL, 0);
		inv_seen(in->v, st, &in->at, in->r->us, true);
	} else if (ip.v && addr_eq(&ip, &in->r->src)) {
		st = in->src;
	} else if (ip.v && addr_eq(&ip, &in->r->dst)) {
		st = in->dst;
	} else if (ip.v && !addr_loopback(&ip)) {
		st = inv_station(in->v, NULL, &ip, 0);
		inv_seen(in->v, st, &in->at, in->r->us, false);
	}
	if (sub.type == SVAL_STR && st != INV_NONE) {
		struct station *p = &in->v->st[st];
		uint8_t m[6];
		memcpy(m, p->mac, 6);
		ip = p->ip;
		st = inv_station(in->v, p->has_mac ? m : NULL, &ip, text_of(in->v, &sub));
		inv_seen(in->v, st, &in->at, in->r->us, true);
	}
	return st;
}

/* "MQTT broker", "dhcp server": one word, one way of writing. */
static uint32_t
role_text(struct inv *v, const struct sval *x)
{
	char t[64];
	size_t n = sval_text(x, t, sizeof(t)), i;

	for (i = 0; i < n; i++)
		t[i] = t[i] == ' ' || t[i] == '-' ? '_' : (char)tolower((unsigned char)t[i]);
	return inv_text(v, t, n);
}

uint32_t
unit_station(struct in *in)
{
	struct station *p = &in->v->st[in->dst];
	struct recalled *x = in->known;
	unsigned k = in->unit % RECALL_UNITS;
	struct addr ip = p->ip;
	uint8_t m[6];
	uint32_t st;
	char t[32];
	int n;

	if (x && x->dst_st == in->dst && x->units[k].st != INV_NONE && x->units[k].unit == in->unit)
		return x->units[k].st;
	n = snprintf(t, sizeof(t), "unit %u", (unsigned)in->unit);
	memcpy(m, p->mac, 6);
	st = inv_station(in->v, p->has_mac ? m : NULL, &ip, inv_text(in->v, t, (size_t)n));
	if (x && x->dst_st == in->dst && in->unit <= UINT32_MAX) {
		x->units[k].unit = (uint32_t)in->unit;
		x->units[k].st = st;
	}
	return st;
}

static void
identity(struct in *in, const struct sval *id)
{
	struct sval k, x, of, src;
	uint32_t st, source = 0;
	struct scan s;
	int f;

	if (!scan_get(id, "of", &of) || (st = subject(in, &of)) == INV_NONE)
		return;
	if (scan_get(id, "source", &src))
		source = text_of(in->v, &src);
	/* a word from behind a serial line is the unit's, not the gateway's */
	if (in->has_unit && st == in->dst && in->unit > 0 && in->unit < 255 && !in->unanswered)
		st = unit_station(in);
	for (scan_in(&s, id); scan_member(&s, &k, &x); ) {
		if (x.type != SVAL_STR)
			continue;
		for (f = 0; f < F_NAME; f++)
			if (sval_is(&k, field_names[f]))
				inv_word(in->v, st, (enum field)f, f == F_ROLE ?
				    role_text(in->v, &x) : text_of(in->v, &x), source,
				    &in->at, in->r->us);
	}
}

/* ---- ends and link ---------------------------------------------------------- */

static void
end_seen(struct in *in, uint32_t st, bool heard)
{
	inv_seen(in->v, st, &in->at, in->r->us, heard);
	for (size_t i = 0; i < in->r->nvlan; i++)
		inv_vlan(in->v, st, in->r->vlan[i]);
}

static void
unit_of(struct in *in)
{
	struct unit *u;

	if (!in->has_unit || in->dst == INV_NONE || in->unit > UINT32_MAX)
		return;
	u = inv_unit(in->v, in->dst, in->app, (uint32_t)in->unit, in->r->us, in->r->us);
	if (u) {
		u->events += in->times;
		u->answered += in->unanswered ? 0 : in->f && in->f->reply ? 1 : in->times;
		if (in->op >= 0)
			u->ops[in->op] += in->times;
	}
	/* 0 is everybody, 255 the device itself */
	if (in->unanswered || in->unit == 0 || in->unit == 255)
		return;
	inv_seen(in->v, unit_station(in), &in->at, in->r->us, true);
}

static void
speaks(struct in *in, uint32_t st, enum side side)
{
	struct speak *s;

	if (!in->app && side == SIDE_GROUP)
		return;
	s = inv_speak(in->v, st, in->app, in->transport, in->port, side, in->guess,
	    in->r->has_flow ? in->at.us : in->r->us, in->r->us);
	if (!s)
		return;
	if (in->r->has_flow)
		s->flows += in->times;
	else if (in->f && in->f->reply && side == SIDE_SERVER)
		s->events++;
	else
		s->events += in->times;
	if (in->op >= 0)
		s->ops[in->op] += in->times;
}

static void
flow_ends(struct in *in)
{
	const struct rec *r = in->r;
	uint64_t pkts = r->flow.pkts[0] + r->flow.pkts[1];
	uint64_t bytes = r->flow.bytes[0] + r->flow.bytes[1];
	uint32_t ends[2] = { in->src, in->dst };

	for (int k = 0; k < 2; k++) {
		if (ends[k] == INV_NONE)
			continue;
		in->v->st[ends[k]].packets += pkts;
		in->v->st[ends[k]].bytes += bytes;
	}
}

/* Did the server's port really answer? A refusal (SYN, RST) is two packets long. */
static bool
flow_answered(const struct in *in)
{
	const struct rec_flow *f = &in->r->flow;

	if (in->f)
		return in->f->server_spoke;
	if ((in->app && !in->guess) || !sval_is(&in->r->proto, "TCP"))
		return f->pkts[1] > 0;
	return f->pkts[1] >= 2 && f->pkts[0] + f->pkts[1] >= 6;
}

/* "Who is there", "I am here": said between equals, asking nothing of one another. */
static bool
calls_out(const struct in *in)
{
	return in->op == OP_IDENTIFY && !in->has_result && in->r->sport &&
	    in->r->sport == in->r->dport;
}

/* Who serves? A request's sender is the client. A message nobody asked for comes
 * from the server as often as not: then the ports tell, of which a client's is
 * one given out for the moment (and of equals the one that reports serves). */
static bool
from_server(const struct in *in)
{
	const struct rec *r = in->r;

	if (!r->sport)
		return false;
	if (sval_is(&r->app_proto, "dhcp"))
		return r->sport == 67 && r->dport != r->sport;
	if (sval_is(&r->app_proto, "dhcpv6"))
		return r->sport == 547 && r->dport != r->sport;
	if (!unasked(in->op))
		return false;
	return rec_port_serves(r->sport, r->dport);
}

/* ---- one event --------------------------------------------------------------- */

static bool
passed_over(const struct sval *t)
{
	return sval_is(t, "stats") || sval_is(t, "meta") || sval_is(t, "packet") ||
	    sval_is(t, "asset") || sval_is(t, "link") || sval_is(t, "change") ||
	    sval_is(t, "finding") || sval_is(t, "alert") || sval_is(t, "anomaly") ||
	    sval_is(t, "fileinfo");
}

static void
both_ends(struct in *in)
{
	const struct rec *r = in->r;
	bool answered;

	if (r->has_flow) {
		in->heard = r->flow.pkts[1] > 0;
		answered = flow_answered(in);
		flow_ends(in);
		/* a scan's thousand closed doors are one thing, not a thousand */
		if (!in->app && !answered)
			in->port = 0;
	} else {
		/* without the word of an ot block only the flow knows */
		in->heard = (in->has_ot && !in->unanswered && in->op >= 0 && in->ok) ||
		    (in->f && in->f->server_spoke);
		answered = in->heard;
		if (in->src != INV_NONE)
			in->v->st[in->src].events += in->times;
		if (in->dst != INV_NONE)
			in->v->st[in->dst].events += in->times;
	}
	end_seen(in, in->src, r->has_flow ? r->flow.pkts[0] > 0 : true);
	end_seen(in, in->dst, in->heard);
	if (in->f && in->f->no_link)
		return;
	if (housekeeping(&r->type) || strcmp(inv_str(in->v, in->transport), "icmpv6") == 0)
		return;
	if (!in->f && from_server(in)) {
		in->client = in->dst;
		in->server = in->src;
		in->port = r->sport;
		answered = true;
	}
	if (in->client == INV_NONE || in->server == INV_NONE || calls_out(in)) {
		/* to a group, or from nobody yet: who speaks is all there is to say */
		speaks(in, in->src, in->server == in->src ? SIDE_SERVER : SIDE_GROUP);
		return;
	}
	speaks(in, in->client, SIDE_CLIENT);
	in->answered = answered;
	if (answered)
		speaks(in, in->server, SIDE_SERVER);
	link_of(in, answered);
}

/* A whole network's address: without a MAC that says so only the number tells, and
 * that nobody ever answers from it. */
static bool
broadcast(const struct in *in)
{
	const struct rec *r = in->r;

	return !r->has_dmac && r->dst.v == 4 && r->dst.b[3] == 255 && !addr_public(&r->dst) &&
	    !(in->f ? in->f->server_spoke : r->has_flow ? r->flow.pkts[1] > 0 : in->ok);
}

static void
find_ends(struct in *in)
{
	const struct rec *r = in->r;
	struct recalled *x = recall_find(in->v->recall, r, in->v->site);

	in->known = x;
	if (x) {
		in->src = x->src_st;
		in->dst = x->dst_st;
		in->transport = x->transport ? x->transport : transport_of(in);
	}
	if (!x || in->src == INV_NONE)
		in->src = inv_station(in->v, r->has_smac ? r->smac : NULL, &r->src, 0);
	if (broadcast(in))
		in->dst = INV_NONE;
	else if (!x || in->dst == INV_NONE)
		in->dst = inv_station(in->v, r->has_dmac ? r->dmac : NULL, &r->dst, 0);
	if (x)
		return;
	in->transport = transport_of(in);
	if (!(x = in->known = recall_keep(in->v->recall, r, in->v->site)))
		return;
	x->src_st = in->src;
	x->dst_st = in->dst;
	x->transport = in->transport;
}

/* Nothing that takes two: a connection that was opened, a datagram with an answer, a
 * request that was answered, or a word on who somebody is. */
static bool
attempt(const struct in *in)
{
	const struct rec *r = in->r;
	bool tcp = r->proto.type == SVAL_STR && r->proto.n == 3 && (*r->proto.p | 32) == 't';

	if (in->ok || (in->f && in->f->server_spoke) || r->identity.type == SVAL_ARR)
		return false;
	/* who was made up does not acknowledge what he is answered */
	return !r->has_flow || r->flow.pkts[1] == 0 || r->flow.pkts[0] < (tcp ? 2 : 1);
}

/* Shape, ends, words: of a foreign record the first and the last are its reader's. */
static void
one_event(struct in *in)
{
	const struct rec *r = in->r;
	struct sval id, x;
	struct scan s;
	uint64_t cnt;

	if (r->has_flow && r->flow.start && r->flow.start <= r->us) {
		in->at.us = r->flow.start;
		if (scan_get(&r->detail, "first_pcap_cnt", &x) && sval_uint(&x, &cnt))
			in->at.cnt = cnt;
	}
	find_ends(in);
	in->client = in->src;
	in->server = in->dst;
	protocol_of(in);
	both_ends(in);
	unit_of(in);
	if (!in->f && sval_is(&r->type, "dns"))
		dns_answers(in);
	if (!in->f)
		traits(in);
	if (r->identity.type == SVAL_ARR)
		for (scan_in(&s, &r->identity); scan_elem(&s, &id); )
			identity(in, &id);
}

bool
inv_event(struct inv *v, const struct rec *r)
{
	struct in in = { .v = v, .r = r, .times = 1, .link = INV_NONE };
	struct foreign f;
	struct rec last;

	inv_again_done(v);
	if (passed_over(&r->type))
		return false;
	if (!r->has_time) {
		v->no_time++;
		return false;
	}
	in.at.us = r->us;
	in.at.file = text_again(v, &r->pcap_filename, &v->last_file);
	in.at.iface = text_again(v, &r->in_iface, &v->last_iface);
	in.at.cnt = r->pcap_cnt;
	get_ot(&in);
	if (r->kind == REC_ZEEK || (!in.has_ot && !r->has_flow && r->identity.type == SVAL_NONE)) {
		f.reply = f.server_spoke = f.nobody = f.no_link = false;
		f.nwrote = 0;
		in.f = &f;
		if (r->kind != REC_ZEEK)
			eve_shape(&in);
		else if (!zeek_shape(&in))
			return false;
	}
	v->records++;
	inv_cover(v, r->line.p, r->line.n, text_again(v, &r->host, &v->last_host),
	    in.at.file ? in.at.file : in.at.iface, r->us);
	if (r->rollup.count) {
		/* the evidence is the first of them; the record's own time is the last */
		in.times = r->rollup.count;
		last = *r;
		if (last.rollup.last > last.us) {
			last.us = last.rollup.last;
			last.pcap_cnt = last.rollup.last_cnt;
		}
		in.r = &last;
	}
	if ((v->nst >= LIM_INV_STATIONS / 2 || v->nln >= LIM_INV_LINKS / 2) &&
	    !(in.f && f.nobody) && attempt(&in))
		v->spare = LIM_INV_STATIONS / 4;
	if (!in.f || !f.nobody)
		one_event(&in);
	if (in.f && r->kind == REC_ZEEK)
		zeek_words(&in);
	else if (in.f)
		eve_words(&in);
	else if (r->trail)
		again_keep(&in);
	v->spare = 0;
	return true;
}
