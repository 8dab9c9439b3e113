/* bacnetsc.c: BACnet/SC (ANSI/ASHRAE 135, Annex AB) where it is not inside TLS:
 * on a test bench, or behind the proxy that ends it. In TLS nothing tells it
 * from other WebSockets.
 *
 *      GET ... Sec-WebSocket-Protocol: hub.bsc.bacnet.org      an HTTP upgrade, then
 *      WebSocket frames (RFC 6455), in each a BVLC-SC message:
 *      function 1 | flags 1 | id 2 | [from 6] | [to 6] | [options] | payload
 *
 * Who connects to which hub is told; NPDUs are counted, their senders named. */
#include "base/ascii.h"
#include "base/hex.h"
#include "proto/proto.h"

enum { HEAD_MAX = 8192, LOOK = 96, KNOWN = 32 };
enum { SC_RESULT, SC_NPDU, SC_RESOLVE, SC_RESOLVE_ACK, SC_ADVERTISE, SC_SOLICIT, SC_CONNECT,
       SC_ACCEPT, SC_DISCONNECT, SC_DISCONNECT_ACK, SC_HEARTBEAT, SC_HEARTBEAT_ACK,
       SC_PROPRIETARY, SC_N };

struct sc_state {
	bool open[2];                   /* this side's HTTP head is over */
	bool direct;
	uint8_t nknown, turn;
	uint64_t npdus[2];
	uint8_t known[KNOWN][6];        /* senders told of */
};
_Static_assert(sizeof(struct sc_state) <= PROTO_STATE_MAX, "state fits its slot");

struct sc_msg {
	uint8_t function;
	uint16_t id;
	const uint8_t *from, *to;
	bool has_peer;                  /* connect, accept */
	const uint8_t *vmac, *uuid;
	uint16_t max_bvlc, max_npdu;
	bool has_result;
	uint8_t of, result;
	uint16_t error_class, error_code;
};

static const char *const names[SC_N] = {
	"bvlc-result", "encapsulated-npdu", "address-resolution", "address-resolution-ack",
	"advertisement", "advertisement-solicitation", "connect-request", "connect-accept",
	"disconnect-request", "disconnect-ack", "heartbeat-request", "heartbeat-ack",
	"proprietary-message",
};

/* ---- the HTTP upgrade ---- */

/* Bytes up to the empty line; 0: more needed. */
static uint32_t
head_length(const struct rd *r)
{
	uint32_t n = rd_have(r) < HEAD_MAX ? rd_have(r) : HEAD_MAX;
	const uint8_t *p = rd_at(r);

	for (uint32_t i = 3; i < n; i++)
		if (p[i] == '\n' && p[i - 1] == '\r' && p[i - 2] == '\n' && p[i - 3] == '\r')
			return i + 1;
	return 0;
}

static bool
lower_is(const uint8_t *p, const char *s, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (ascii_lower(p[i]) != (uint8_t)s[i])
			return false;
	return true;
}

/* The value of a field of the head. */
static struct text
header(const struct rd *r, uint32_t n, const char *name)
{
	const uint8_t *p = rd_at(r);
	uint32_t m = (uint32_t)strlen(name);

	for (uint32_t i = 2; i + m < n; i++) {
		uint32_t end;

		if (p[i - 1] != '\n' || !lower_is(p + i, name, m) || p[i + m] != ':')
			continue;
		for (end = i + m + 1; end < n && p[end] != '\r'; end++)
			continue;
		return text_trim(p + i + m + 1, end - i - m - 1);
	}
	return (struct text){ 0 };
}

static bool
contains(struct text t, const char *s)
{
	uint32_t n = (uint32_t)strlen(s);

	for (uint32_t i = 0; i + n <= t.n; i++)
		if (memcmp(t.p + i, s, n) == 0)
			return true;
	return false;
}

static ssize_t
websocket_length(const struct rd *r)
{
	int op = rd_peek8(r, 0), b = rd_peek8(r, 1), hi, lo;
	uint32_t head = 2, n;

	if (op >= 0 && ((op & 0x70) || ((op & 15) > 2 && (op & 15) < 8) || (op & 15) > 10))
		return -1;
	if (b < 0)
		return 0;
	n = b & 0x7f;
	if (n == 126) {
		hi = rd_peek16(r, 2);
		if (hi < 0)
			return 0;
		n = (uint32_t)hi;
		head = 4;
	} else if (n == 127) {
		/* none is so long: an NPDU has 61,327 bytes at most */
		hi = rd_peek16(r, 6);
		lo = rd_peek16(r, 8);
		if (hi < 0 || lo < 0)
			return 0;
		if (rd_peek16(r, 2) || rd_peek16(r, 4) || hi > 15)
			return -1;
		n = (uint32_t)hi << 16 | (uint32_t)lo;
		head = 10;
	}
	return (ssize_t)n + head + (b & 0x80 ? 4 : 0);
}

static ssize_t
sc_frame(const struct dctx *c, const struct rd *r)
{
	const struct sc_state *s = c->state;
	uint32_t n;

	if (s->open[c->side])
		return websocket_length(r);
	n = head_length(r);
	return n ? (ssize_t)n : rd_have(r) < HEAD_MAX ? 0 : -1;
}

/* ---- messages ---- */

static void
skip_options(struct rd *r)
{
	uint8_t mark = 0x80;

	while ((mark & 0x80) && rd_have(r)) {
		mark = rd_u8(r);
		if (mark & 0x20)
			rd_skip(r, rd_be16(r));
	}
}

static void
sc_decode(struct rd *r, struct sc_msg *m)
{
	uint8_t flags;

	memset(m, 0, sizeof(*m));
	m->function = rd_u8(r);
	flags = rd_u8(r);
	m->id = rd_be16(r);
	if (flags & 8)
		m->from = rd_bytes(r, 6);
	if (flags & 4)
		m->to = rd_bytes(r, 6);
	if (flags & 2)
		skip_options(r);
	if (flags & 1)
		skip_options(r);
	switch (m->function) {
	case SC_CONNECT: case SC_ACCEPT:
		m->vmac = rd_bytes(r, 6);
		m->uuid = rd_bytes(r, 16);
		m->max_bvlc = rd_be16(r);
		m->max_npdu = rd_be16(r);
		m->has_peer = rd_ok(r);
		break;
	case SC_RESULT:
		m->of = rd_u8(r);
		m->result = rd_u8(r);
		m->has_result = rd_ok(r);
		if (m->result && rd_left(r)) {
			rd_skip(r, 1);
			m->error_class = rd_be16(r);
			m->error_code = rd_be16(r);
		}
		break;
	}
}

static void
put_peer(struct ev *e, const struct sc_msg *m)
{
	ev_put_mac(e, "vmac", m->vmac);
	ev_hex(e, "uuid", m->uuid, 16);
	ev_uint(e, "max_bvlc", m->max_bvlc);
	ev_uint(e, "max_npdu", m->max_npdu);
	ev_end(e);
}

static void
identify(struct ev *e, const struct sc_msg *m, enum ident_of who, struct text role)
{
	struct ident *i = ev_identity(e, "bacnetsc.connect", who);
	char *d = ev_room(e, 32);

	i->role = role;
	if (d)
		hex_put(d, m->uuid, 16);
	i->serial = (struct text){ d, d ? 32 : 0 };
}

struct waiting { uint8_t vmac[6], uuid[16]; uint16_t max_bvlc, max_npdu; };

static void
connected(struct dctx *c, const struct pend *w, const struct sc_msg *a)
{
	const struct sc_state *s = c->state;
	const struct waiting *h = (const struct waiting *)w->data;
	struct sc_msg q = { .vmac = h->vmac, .uuid = h->uuid, .max_bvlc = h->max_bvlc,
	    .max_npdu = h->max_npdu };
	struct ev *e = ev_begin(c, "bacnetsc", &w->when, w->side);

	ev_cstr(e, "function", names[SC_CONNECT]);
	ev_cstr(e, "connection", s->direct ? "direct" : "hub");
	if (a)
		ev_cstr(e, "response", names[a->function]);
	ev_obj(e, "node");
	put_peer(e, &q);
	identify(e, &q, EV_SRC, TEXT("bacnet-sc node"));
	e->ot.op = OT_CONNECT;
	e->ot.service = TEXT("Connect-Request");
	if (a) {
		ev_answered(e, c, &w->when);
		if (a->has_peer) {
			ev_obj(e, "peer");
			put_peer(e, a);
			identify(e, a, EV_DEST, s->direct ? TEXT("bacnet-sc node") :
			    TEXT("bacnet-sc hub"));
		} else if (a->has_result && a->result) {
			e->ot.result = ev_text(e, "error_%u_%u", a->error_class, a->error_code);
		}
	} else {
		ev_unanswered(e, c);
	}
	ev_emit(e);
}

static bool
is_new(struct sc_state *s, const uint8_t *vmac)
{
	for (unsigned i = 0; i < s->nknown; i++)
		if (memcmp(s->known[i], vmac, 6) == 0)
			return false;
	memcpy(s->known[s->turn], vmac, 6);
	s->turn = (uint8_t)((s->turn + 1) % KNOWN);
	if (s->nknown < KNOWN)
		s->nknown++;
	return true;
}

static void
alone(struct dctx *c, const struct sc_msg *m)
{
	struct ev *e = ev_begin(c, "bacnetsc", &c->when, c->side);
	struct ident *i;
	char t[MAC_TEXT];

	ev_cstr(e, "function", names[m->function]);
	if (m->from)
		ev_put_mac(e, "from", m->from);
	if (m->to)
		ev_put_mac(e, "to", m->to);
	e->ot.op = m->function == SC_DISCONNECT ? OT_CONNECT : m->function == SC_NPDU ?
	    OT_REPORT : OT_OTHER;
	if (m->has_result && m->result) {
		ev_cstr(e, "refused", m->of < SC_N ? names[m->of] : NULL);
		e->ot.op = OT_ERROR;
		e->ot.result = ev_text(e, "error_%u_%u", m->error_class, m->error_code);
	}
	e->ot.service = text_c(names[m->function]);
	if (m->from) {
		i = ev_identity(e, "bacnetsc.npdu", EV_OTHER);
		i->has_parent = true;
		i->parent = EV_SRC;
		mac_put(t, m->from);
		i->sub = ev_text(e, "vmac %.17s", t);
	}
	ev_emit(e);
}

static void
on_message(struct dctx *c, const struct sc_msg *m)
{
	struct sc_state *s = c->state;
	struct waiting w;
	struct pend *p;

	switch (m->function) {
	case SC_NPDU:
		s->npdus[c->side]++;
		if (m->from && is_new(s, m->from))
			alone(c, m);
		return;
	case SC_CONNECT:
		if (!m->has_peer)
			return;
		memcpy(w.vmac, m->vmac, 6);
		memcpy(w.uuid, m->uuid, 16);
		w.max_bvlc = m->max_bvlc;
		w.max_npdu = m->max_npdu;
		pend_put(c, m->id, &w, sizeof(w));
		return;
	case SC_ACCEPT: case SC_RESULT:
		p = m->function == SC_ACCEPT || m->of == SC_CONNECT ? pend_find(c, m->id) : NULL;
		if (p) {
			connected(c, p, m);
			pend_done(c, p);
		} else if (m->has_result && m->result) {
			alone(c, m);
		}
		return;
	case SC_HEARTBEAT: case SC_HEARTBEAT_ACK: case SC_DISCONNECT_ACK:
		return;                 /* says no more than what it answers */
	}
	alone(c, m);
}

static enum verdict
on_head(struct dctx *c, struct rd *r)
{
	struct sc_state *s = c->state;
	uint32_t n = head_length(r);
	struct text sub = header(r, n, "sec-websocket-protocol");
	const uint8_t *p = rd_at(r);

	s->open[c->side] = true;
	if (c->side == 0) {
		s->direct = contains(sub, "dc.bsc.bacnet.org");
		return DIS_OK;
	}
	/* "HTTP/1.1 101 ..." or it comes to nothing */
	return n > 12 && memcmp(p + 8, " 101", 4) == 0 ? DIS_OK : DIS_LEAVE;
}

static enum verdict
sc_dissect(struct dctx *c, struct rd *r)
{
	const struct sc_state *s = c->state;
	uint8_t op, b, key[4] = { 0 }, plain[LOOK];
	const uint8_t *p;
	struct sc_msg m;
	struct rd v;
	uint32_t n;

	if (!s->open[c->side])
		return on_head(c, r);
	op = rd_u8(r);
	b = rd_u8(r);
	rd_skip(r, (b & 0x7f) == 126 ? 2 : (b & 0x7f) == 127 ? 8 : 0);
	if (b & 0x80) {
		p = rd_bytes(r, 4);
		if (p)
			memcpy(key, p, 4);
	}
	n = rd_have(r) < LOOK ? rd_have(r) : LOOK;
	v = *r;
	p = rd_bytes(&v, n);
	/* the beginning of a message of binary data is all that is looked at */
	if (!rd_ok(r) || !p || (op & 15) != 2)
		return DIS_OK;
	for (uint32_t i = 0; i < n; i++)
		plain[i] = p[i] ^ key[i & 3];
	v = rd_init(plain, n, rd_left(r));
	sc_decode(&v, &m);
	if (rd_bad(&v) || m.function >= SC_N) {
		c->why = rd_bad(&v) ? "MESSAGE_TOO_SHORT" : "FUNCTION_UNKNOWN";
		return DIS_BAD;
	}
	if (rd_ok(&v) || m.function == SC_NPDU)
		on_message(c, &m);
	return DIS_OK;
}

static void
sc_expire(struct dctx *c, struct pend *w)
{
	connected(c, w, NULL);
}

static void
sc_end(struct dctx *c, bool gap)
{
	const struct sc_state *s = c->state;

	for (int side = 0; s && !gap && side < 2; side++) {
		struct ev *e;

		if (!s->npdus[side])
			continue;
		e = ev_begin(c, "bacnetsc", &c->when, side);
		ev_cstr(e, "function", names[SC_NPDU]);
		ev_uint(e, "npdus", s->npdus[side]);
		e->ot.op = OT_REPORT;
		e->ot.service = TEXT("encapsulated-npdu");
		e->ot.has_count = true;
		e->ot.count = s->npdus[side];
		ev_emit(e);
	}
}

static enum probe
sc_probe(struct probe_in *in)
{
	const struct rd *r = &in->side[0];
	uint32_t n = rd_have(r);

	if (!n)                         /* here the client speaks first */
		return rd_have(&in->side[1]) ? PROBE_NO : PROBE_MORE;
	if (memcmp(rd_at(r), "GET ", n < 4 ? n : 4) != 0)
		return PROBE_NO;
	n = head_length(r);
	if (!n)
		return rd_have(r) < LIM_PROBE ? PROBE_MORE : PROBE_NO;
	return contains(header(r, n, "sec-websocket-protocol"), ".bsc.bacnet.org") ?
	    PROBE_YES : PROBE_NO;
}

static const struct hint hints[] = {
	{ HINT_TCP, 47808 }, { HINT_END, 0 },
};

static const struct field fields[] = {
	{ "bacnetsc.function", "string", "connect-request, encapsulated-npdu, bvlc-result, ..." },
	{ "bacnetsc.response", "string", "function that answers" },
	{ "bacnetsc.connection", "string", "hub or direct" },
	{ "bacnetsc.node.vmac", "string", "virtual MAC address of the node that connects" },
	{ "bacnetsc.node.uuid", "string", "its device UUID" },
	{ "bacnetsc.node.max_bvlc", "integer", "longest message it takes" },
	{ "bacnetsc.node.max_npdu", "integer", "longest NPDU it takes" },
	{ "bacnetsc.peer.vmac", "string", "virtual MAC address of the hub or node that accepts" },
	{ "bacnetsc.peer.uuid", "string", "its device UUID" },
	{ "bacnetsc.peer.max_bvlc", "integer", "longest message it takes" },
	{ "bacnetsc.peer.max_npdu", "integer", "longest NPDU it takes" },
	{ "bacnetsc.from", "string", "virtual MAC address of the sender" },
	{ "bacnetsc.to", "string", "virtual MAC address of the receiver" },
	{ "bacnetsc.refused", "string", "function that was refused" },
	{ "bacnetsc.npdus", "integer", "NPDUs of this direction" },
	{ NULL },
};

const struct dissector bacnetsc_dissector = {
	.name = "bacnetsc",
	.title = "BACnet/SC without TLS",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct sc_state),
	.probe = sc_probe,
	.frame = sc_frame,
	.dissect = sc_dissect,
	.expire = sc_expire,
	.end = sc_end,
};
