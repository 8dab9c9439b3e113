/* lon.c: LonTalk over IP (CNP/IP, EIA/CEA-852) and the LonTalk packets in it
 * (EN 14908-1): which nodes are there, which network variables are written, who
 * manages whom.
 *
 *      length 2 | version 1 | type 1 | extra header 1 | flags 1 | vendor 2
 *      session 4 | sequence 4 | time 4 | extra header (words of 4) | body
 *
 *      LonTalk: layer 2 1 | version:2 format:2 address:2 domain:2 | addresses
 *               domain 0, 1, 3 or 6 | PDU */
#include "proto/proto.h"

enum { CNP_DATA = 1, HEADER = 20, KNOWN = 48 };
enum { F_TPDU, F_SPDU, F_AUTH, F_APDU };

struct lon_state {
	uint8_t nheard, turn;
	uint16_t heard[KNOWN];          /* subnet and node of those told of */
};

struct lon_pdu {
	uint16_t length;
	uint8_t version, type;
	uint16_t vendor;
	uint32_t session, sequence;
	/* LonTalk */
	bool lon, priority, has_node, has_neuron, has_group, auth, has_nv, polled;
	uint8_t npdu_version, format, address, kind, transaction;
	uint8_t src_subnet, src_node, dst_subnet, dst_node, group;
	const uint8_t *neuron, *domain;
	uint8_t domain_n;
	bool has_kind, has_code;
	uint16_t selector;
	uint8_t code;
	const uint8_t *data;
	uint32_t n;
};

static const struct tok types[] = {
	{ 0x01, "data" }, { 0x03, "device_registration" }, { 0x04, "channel_membership" },
	{ 0x06, "send_list" }, { 0x07, "acknowledge" }, { 0x08, "channel_routing" },
	{ 0x60, "status_request" }, { 0x63, "device_configuration_request" },
	{ 0x64, "channel_membership_request" }, { 0x66, "send_list_request" },
	{ 0x68, "channel_routing_request" }, { 0x70, "status_response" },
	{ 0x71, "device_configuration" }, { 0x7f, "segment" },
	{ 0, NULL }
};

static const char *const formats[] = { "TPDU", "SPDU", "AuthPDU", "APDU" };
static const struct tok tpdus[] = {
	{ 0, "ACKD" }, { 1, "UnACKD_RPT" }, { 2, "ACK" }, { 4, "REMINDER" }, { 5, "REM/MSG" },
	{ 0, NULL }
};
static const struct tok spdus[] = {
	{ 0, "REQUEST" }, { 2, "RESPONSE" }, { 4, "REMINDER" }, { 5, "REM/MSG" },
	{ 0, NULL }
};
static const struct tok auths[] = {
	{ 0, "CHALLENGE" }, { 2, "REPLY" },
	{ 0, NULL }
};

/* Network management and diagnostics (EN 14908-1, annex B). */
static const struct { uint8_t code; const char *name; enum ot_op op; } services[] = {
	{ 0x51, "ND_QUERY_STATUS", OT_READ }, { 0x52, "ND_PROXY_COMMAND", OT_COMMAND },
	{ 0x53, "ND_CLEAR_STATUS", OT_COMMAND }, { 0x54, "ND_QUERY_XCVR", OT_READ },
	{ 0x61, "NM_QUERY_ID", OT_IDENTIFY }, { 0x62, "NM_RESPOND_TO_QUERY", OT_CONFIGURE },
	{ 0x63, "NM_UPDATE_DOMAIN", OT_CONFIGURE }, { 0x64, "NM_LEAVE_DOMAIN", OT_CONFIGURE },
	{ 0x65, "NM_UPDATE_KEY", OT_CONFIGURE }, { 0x66, "NM_UPDATE_ADDR", OT_CONFIGURE },
	{ 0x67, "NM_QUERY_ADDR", OT_READ }, { 0x68, "NM_QUERY_NV_CNFG", OT_READ },
	{ 0x69, "NM_UPDATE_GROUP_ADDR", OT_CONFIGURE }, { 0x6a, "NM_QUERY_DOMAIN", OT_READ },
	{ 0x6b, "NM_UPDATE_NV_CNFG", OT_CONFIGURE }, { 0x6c, "NM_SET_NODE_MODE", OT_COMMAND },
	{ 0x6d, "NM_READ_MEMORY", OT_READ }, { 0x6e, "NM_WRITE_MEMORY", OT_PROGRAM },
	{ 0x6f, "NM_CHECKSUM_RECALC", OT_COMMAND }, { 0x70, "NM_WINK", OT_COMMAND },
	{ 0x71, "NM_MEMORY_REFRESH", OT_COMMAND }, { 0x72, "NM_QUERY_SNVT", OT_IDENTIFY },
	{ 0x73, "NM_NV_FETCH", OT_READ }, { 0x7f, "NM_MANUAL_SERVICE_REQUEST", OT_IDENTIFY },
};

static void
take_address(struct rd *r, struct lon_pdu *p)
{
	uint8_t b;

	p->src_subnet = rd_u8(r);
	b = rd_u8(r);
	p->src_node = b & 0x7f;
	switch (p->address) {
	case 0:
		p->dst_subnet = rd_u8(r);
		break;
	case 1:
		p->group = rd_u8(r);
		p->has_group = true;
		break;
	case 2:
		p->dst_subnet = rd_u8(r);
		p->dst_node = rd_u8(r) & 0x7f;
		p->has_node = true;
		/* with the top bit clear an acknowledgement in a group: which, and whose */
		if (!(b & 0x80)) {
			p->group = rd_u8(r);
			rd_skip(r, 1);
			p->has_group = true;
		}
		break;
	default:
		p->dst_subnet = rd_u8(r);
		p->neuron = rd_bytes(r, 6);
		p->has_neuron = p->neuron != NULL;
	}
}

/* An application message: a network variable, or a code. */
static void
take_apdu(struct rd *r, struct lon_pdu *p)
{
	uint8_t b;

	if (!rd_left(r))
		return;
	b = rd_u8(r);
	if (b & 0x80) {
		p->selector = (uint16_t)((b & 0x3f) << 8 | rd_u8(r));
		p->polled = p->format == F_SPDU && p->kind == 0;
		p->has_nv = rd_ok(r);
	} else {
		p->code = b;
		p->has_code = rd_ok(r);
	}
	p->n = rd_left(r);
	p->data = rd_bytes(r, p->n);
	if (!p->data)
		p->n = 0;
}

static void
take_lon(struct rd *r, struct lon_pdu *p)
{
	static const uint8_t domains[] = { 0, 1, 3, 6 };
	uint8_t b = rd_u8(r), n;

	p->priority = b & 0x80;
	b = rd_u8(r);
	p->npdu_version = b >> 6;
	p->format = b >> 4 & 3;
	p->address = b >> 2 & 3;
	p->domain_n = domains[b & 3];
	take_address(r, p);
	p->domain = rd_bytes(r, p->domain_n);
	p->lon = rd_ok(r);
	if (p->format != F_APDU) {
		n = rd_u8(r);
		p->auth = n & 0x80;
		p->kind = n >> 4 & 7;
		p->transaction = n & 15;
		p->has_kind = rd_ok(r);
	}
	/* acknowledgements, reminders and what proves who one is hold no message */
	if (p->format == F_AUTH || (p->format == F_TPDU && (p->kind == 2 || p->kind == 4)) ||
	    (p->format == F_SPDU && p->kind == 4))
		rd_skip(r, rd_left(r));
	else if (p->kind == 5 && p->format != F_APDU) {
		rd_skip(r, rd_u8(r));   /* who has answered already */
		take_apdu(r, p);
	} else {
		take_apdu(r, p);
	}
}

static void
lon_decode(struct rd *r, struct lon_pdu *p, const char **why)
{
	uint8_t extra;

	memset(p, 0, sizeof(*p));
	p->length = rd_be16(r);
	p->version = rd_u8(r);
	p->type = rd_u8(r);
	extra = rd_u8(r);
	rd_skip(r, 1);
	p->vendor = rd_be16(r);
	p->session = rd_be32(r);
	p->sequence = rd_be32(r);
	rd_skip(r, 4);
	rd_skip(r, extra * 4u);
	if (!rd_ok(r)) {
		*why = "HEADER_TRUNCATED";
		return;
	}
	if (p->type != CNP_DATA) {
		rd_skip(r, rd_left(r));
		return;
	}
	take_lon(r, p);
	if (rd_bad(r))
		*why = "LONTALK_TRUNCATED";
}

static const char *
kind_name(const struct lon_pdu *p)
{
	return tok_find(p->format == F_TPDU ? tpdus : p->format == F_SPDU ? spdus : auths, p->kind);
}

static struct text
destination(struct ev *e, const struct lon_pdu *p)
{
	if (p->has_neuron)
		return ev_text(e, "neuron %02x%02x%02x%02x%02x%02x", p->neuron[0], p->neuron[1],
		    p->neuron[2], p->neuron[3], p->neuron[4], p->neuron[5]);
	if (p->has_node)
		return ev_text(e, "%u/%u", p->dst_subnet, p->dst_node);
	if (p->has_group)
		return ev_text(e, "group %u", p->group);
	return p->dst_subnet ? ev_text(e, "%u/all", p->dst_subnet) : TEXT("all");
}

static bool
is_new(struct dctx *c, const struct lon_pdu *p)
{
	struct lon_state *s = c->state;
	uint16_t id = (uint16_t)(p->src_subnet << 8 | p->src_node);

	for (unsigned i = 0; i < s->nheard; i++)
		if (s->heard[i] == id)
			return false;
	s->heard[s->turn] = id;
	s->turn = (uint8_t)((s->turn + 1) % KNOWN);
	if (s->nheard < KNOWN)
		s->nheard++;
	return true;
}

/* The one told of last after all not. */
static void
forget(struct dctx *c)
{
	struct lon_state *s = c->state;

	s->turn = (uint8_t)((s->turn + KNOWN - 1) % KNOWN);
	s->heard[s->turn] = 0;
}

static void
put_message(struct ev *e, const struct lon_pdu *p)
{
	bool answer = p->format == F_SPDU && p->kind == 2;

	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++)
		if (p->has_code && services[i].code == p->code && !answer) {
			ev_cstr(e, "code", services[i].name);
			e->ot.op = services[i].op;
			e->ot.service = text_c(services[i].name);
		}
	if (p->has_code && !e->ot.service.n) {
		ev_str(e, "code", ev_text(e, "0x%02x", p->code));
		e->ot.op = answer ? OT_REPORT : OT_OTHER;
		e->ot.service = answer ? TEXT("RESPONSE") : TEXT("message");
	}
	if (p->has_nv) {
		ev_uint(e, "variable", p->selector);
		ev_bool(e, "poll", p->polled);
		/* what is sent to the variable of another is a write, its answer a report */
		e->ot.op = answer ? OT_REPORT : p->polled ? OT_READ : OT_WRITE;
		e->ot.service = p->polled ? TEXT("nv_poll") : TEXT("nv_update");
	}
	/* a new key is never written, nor is memory */
	if (p->n && !(p->has_code && (answer || p->code == 0x65 || p->code == 0x6e ||
	    p->code == 0x63))) {
		ev_hex(e, "data", p->data, p->n < 64 ? p->n : 64);
		if (p->has_nv && p->n == 1)
			ev_val_uint(e, p->data[0]);
		else if (p->has_nv && p->n == 2)
			ev_val_uint(e, (uint64_t)p->data[0] << 8 | p->data[1]);
	} else if (p->n) {
		ev_uint(e, "length", p->n);
	}
}

static void
tell_node(struct ev *e, const struct lon_pdu *p, enum ident_of router)
{
	struct ident *i = ev_identity(e, "lon.packet", EV_OTHER);

	i->has_parent = true;
	i->parent = router;
	i->sub = ev_text(e, "lon %u/%u", p->src_subnet, p->src_node);
}

static void
put_lon(struct ev *e, const struct lon_pdu *p, bool fresh)
{
	struct text dst = destination(e, p);

	ev_cstr(e, "format", formats[p->format]);
	if (p->has_kind)
		ev_cstr(e, "kind", kind_name(p));
	ev_str(e, "source", ev_text(e, "%u/%u", p->src_subnet, p->src_node));
	ev_str(e, "destination", dst);
	if (p->domain_n)
		ev_hex(e, "domain", p->domain, p->domain_n);
	if (p->has_kind)
		ev_uint(e, "transaction", p->transaction);
	if (p->auth)
		ev_bool(e, "authenticated", true);
	if (p->priority)
		ev_bool(e, "priority", true);
	e->ot.object = dst;
	if (p->has_nv || p->has_code)
		put_message(e, p);
	else
		e->ot.service = text_c(kind_name(p));
	if (p->has_nv)
		e->ot.object = ev_text(e, "%.*s nv:%u", (int)dst.n, dst.p, p->selector);
	if (p->format == F_AUTH)
		e->ot.op = OT_AUTH;
	if (fresh)
		tell_node(e, p, EV_SRC);
}

/* Acknowledgements say no more than what they follow. */
static bool
is_ack(const struct lon_pdu *p)
{
	return p->lon && ((p->format == F_TPDU && (p->kind == 2 || p->kind == 4)) ||
	    (p->format == F_SPDU && p->kind == 4));
}

/* A request as it came, until a response to its sender has its number. */
struct waiting { uint16_t n, len; uint8_t bytes[280]; };

static uint64_t
key_of(const struct lon_pdu *p, uint8_t subnet, uint8_t station)
{
	return (uint64_t)subnet << 16 | (uint64_t)station << 8 | p->transaction;
}

/* 0x20 and what was asked, or less: refused. What may hold keys or memory (of
 * domains, 0x0a; of memory, 0x0d; of keys, 0x05) is not written. */
static void
put_response(struct ev *e, const struct lon_pdu *a)
{
	uint8_t what = a->code & 0x1f;

	ev_obj(e, "response");
	ev_str(e, "source", ev_text(e, "%u/%u", a->src_subnet, a->src_node));
	if (a->has_code)
		ev_str(e, "code", ev_text(e, "0x%02x", a->code));
	if (a->n && (a->has_nv || (what != 0x0a && what != 0x0d && what != 0x05)))
		ev_hex(e, "data", a->data, a->n < 64 ? a->n : 64);
	ev_end(e);
	if (a->has_nv && a->n == 1)
		ev_val_uint(e, a->data[0]);
	else if (a->has_nv && a->n == 2)
		ev_val_uint(e, (uint64_t)a->data[0] << 8 | a->data[1]);
}

static void
report(struct dctx *c, const struct lon_pdu *p, const struct when *at, int side, bool fresh,
    const struct lon_pdu *a, bool a_fresh, bool waited)
{
	struct ev *e = ev_begin(c, "lon", at, side);

	ev_cstr(e, "type", tok_find(types, p->type));
	ev_uint(e, "vendor", p->vendor);
	ev_uint(e, "session", p->session);
	ev_uint(e, "sequence", p->sequence);
	e->ot.op = p->type == CNP_DATA ? OT_OTHER : p->type == 0x60 || p->type >= 0x70 ?
	    OT_REPORT : OT_CONFIGURE;
	e->ot.service = text_c(tok_find(types, p->type));
	if (p->lon) {
		e->ot.service = (struct text){ 0 };
		put_lon(e, p, fresh);
	}
	if (a) {
		put_response(e, a);
		if (a_fresh)
			tell_node(e, a, EV_DEST);
		ev_answered(e, c, at);
		if (a->has_code && a->code < 0x20)
			e->ot.result = TEXT("failed");
	} else if (waited) {
		ev_unanswered(e, c);
	}
	ev_emit(e);
}

static void
unpack(const struct pend *w, struct lon_pdu *p)
{
	const struct waiting *h = (const struct waiting *)w->data;
	struct rd r = rd_init(h->bytes, h->n, h->len);
	const char *why;

	lon_decode(&r, p, &why);
}

static void
lon_expire(struct dctx *c, struct pend *w)
{
	struct lon_pdu q;

	unpack(w, &q);
	report(c, &q, &w->when, w->side, is_new(c, &q), NULL, false, true);
}

static enum verdict
lon_dissect(struct dctx *c, struct rd *r)
{
	struct rd whole = *r;
	struct lon_pdu p, q;
	struct waiting h;
	struct pend *w;
	bool fresh;

	lon_decode(r, &p, &c->why);
	if (rd_bad(r))
		return DIS_BAD;
	c->why = NULL;
	if (rd_short(r) && !p.lon)
		return DIS_OK;
	if (!tok_find(types, p.type)) {
		c->why = "TYPE_UNKNOWN";
		return DIS_BAD;
	}
	fresh = p.lon && is_new(c, &p);
	if (is_ack(&p) && !fresh)
		return DIS_OK;
	if (p.lon && p.format == F_SPDU && p.kind == 0) {
		h.len = (uint16_t)rd_left(&whole);
		h.n = (uint16_t)(rd_have(&whole) < sizeof(h.bytes) ? rd_have(&whole) :
		    sizeof(h.bytes));
		memcpy(h.bytes, rd_at(&whole), h.n);
		pend_put(c, key_of(&p, p.src_subnet, p.src_node), &h,
		    offsetof(struct waiting, bytes) + h.n);
		if (fresh)              /* to be told with the answer */
			forget(c);
		return DIS_OK;
	}
	w = p.lon && p.format == F_SPDU && p.kind == 2 && p.has_node ?
	    pend_find(c, key_of(&p, p.dst_subnet, p.dst_node)) : NULL;
	if (w) {
		unpack(w, &q);
		report(c, &q, &w->when, w->side, is_new(c, &q), &p, fresh, true);
		pend_done(c, w);
	} else {
		report(c, &p, &c->when, c->side, fresh, NULL, false, false);
	}
	return DIS_OK;
}

static enum probe
lon_probe(struct probe_in *in)
{
	struct rd r = in->side[rd_left(&in->side[0]) ? 0 : 1];
	uint32_t left = rd_left(&r);
	const char *why = NULL;
	struct lon_pdu p;

	/* the length is its own only where it is all there is */
	if (left < HEADER || rd_peek16(&r, 0) != (int)left || rd_peek8(&r, 2) != 1 ||
	    rd_peek8(&r, 3) < 0 || !tok_find(types, (uint32_t)rd_peek8(&r, 3)))
		return PROBE_NO;
	lon_decode(&r, &p, &why);
	if (rd_bad(&r))
		return in->hinted ? PROBE_WEAK : PROBE_NO;
	return in->hinted || (p.lon && p.npdu_version == 0 && rd_ok(&r)) ? PROBE_YES : PROBE_WEAK;
}

static const struct hint hints[] = {
	{ HINT_UDP, 1628 }, { HINT_UDP, 1629 }, { HINT_END, 0 },
};

static const struct field fields[] = {
	{ "lon.type", "string", "CNP/IP packet: data, device_registration, ..." },
	{ "lon.vendor", "integer", "vendor code" },
	{ "lon.session", "integer", "session" },
	{ "lon.sequence", "integer", "sequence number" },
	{ "lon.format", "string", "TPDU, SPDU, AuthPDU or APDU" },
	{ "lon.kind", "string", "ACKD, ACK, REQUEST, RESPONSE, CHALLENGE, ..." },
	{ "lon.source", "string", "subnet and node of the sender" },
	{ "lon.destination", "string", "subnet/node, group, neuron, or all" },
	{ "lon.domain", "string", "domain in hex" },
	{ "lon.transaction", "integer", "transaction number" },
	{ "lon.authenticated", "boolean", "authentication is demanded" },
	{ "lon.priority", "boolean", "sent with priority" },
	{ "lon.code", "string", "network management or diagnostic, or a message code in hex" },
	{ "lon.variable", "integer", "selector of the network variable" },
	{ "lon.poll", "boolean", "the variable's value is asked for" },
	{ "lon.data", "string", "bytes in hex, the first 64" },
	{ "lon.response.source", "string", "subnet and node that answered" },
	{ "lon.response.code", "string", "its code: from 0x20 on it was done" },
	{ "lon.response.data", "string", "bytes in hex, the first 64; never keys or memory" },
	{ "lon.length", "integer", "bytes that are not written: keys, memory" },
	{ NULL },
};

const struct dissector lon_dissector = {
	.name = "lon",
	.title = "LonTalk over IP",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct lon_state),
	.probe = lon_probe,
	.dissect = lon_dissect,
	.expire = lon_expire,
};
