/* openvpn.c: OpenVPN on UDP and, with two bytes of length before each packet, on TCP.
 *
 *     opcode and key id, session id(8), [HMAC(16..64), packet id(4), time(4)],
 *     count of acknowledgements, [4 each, peer's session id(8)], [packet id(4)], TLS
 *
 * A client's reset and the server's, which names the client's session id, are one
 * event: with the version of the key method and what protects the control channel
 * (nothing, tls-auth, tls-crypt), told by structure. The rest is counted. */
#include "proto/proto.h"

enum { CLIENT_V1 = 1, SERVER_V1, SOFT_RESET, CONTROL, ACK, DATA_V1, CLIENT_V2, SERVER_V2, DATA_V2,
	CLIENT_V3, WKC };
enum guard { PLAIN, TLS_AUTH, TLS_CRYPT };

struct ov_state {
	uint8_t session[2][8];
	struct when when;
	uint8_t opcode, guard;
	bool waiting, told;
	uint32_t renewals;
	uint64_t packets[2], bytes[2];
};

static const struct tok guards[] = {
	{ PLAIN, "none" }, { TLS_AUTH, "tls-auth" }, { TLS_CRYPT, "tls-crypt" }, { 0, NULL },
};

static bool
is_client(int op)
{
	return op == CLIENT_V1 || op == CLIENT_V2 || op == CLIENT_V3;
}

static bool
is_server(int op)
{
	return op == SERVER_V1 || op == SERVER_V2;
}

static int
opcode_of(const struct rd *r)
{
	int b = rd_peek8(r, 0);

	return b < 0 ? -1 : b >> 3;
}

static uint32_t
be32_at(const struct rd *r, uint32_t at)
{
	struct rd x = *r;

	rd_skip(&x, at);
	return rd_be32(&x);
}

/* What protects a reset, by where its packet id, the count of acknowledgements and the
 * message id lie: -1 where nothing fits. In tls-crypt only the packet id is in clear. */
static int
guard_of(const struct rd *r)
{
	static const uint8_t hmacs[] = { 16, 20, 32, 48, 64 };
	uint32_t n = rd_left(r), acks, tail;
	int op = opcode_of(r);

	if (n < 14 || rd_have(r) < n)
		return -1;
	acks = (uint32_t)rd_peek8(r, 9);
	tail = 10 + (acks ? acks * 4 + 8 : 0) + 4;
	if (acks <= 8 && n == tail && be32_at(r, n - 4) == 0)
		return PLAIN;
	for (unsigned i = 0; i < sizeof(hmacs); i++) {
		uint32_t at = 9u + hmacs[i] + 8;

		if (n < at + 5)
			break;
		acks = (uint32_t)rd_peek8(r, at);
		tail = at + 1 + (acks ? acks * 4 + 8 : 0) + 4;
		if (acks <= 8 && n == tail && be32_at(r, n - 4) == 0 &&
		    be32_at(r, at - 8) - 1 < 16)
			return TLS_AUTH;
	}
	/* packet id, time, HMAC of 32, then enciphered: count, ids, message id; behind a
	 * client's of version 3 comes its own key, wrapped */
	if (n >= 54 && be32_at(r, 9) > 0 && (be32_at(r, 9) < 16 || (op == CLIENT_V3 &&
	    (be32_at(r, 9) >> 24 == 0x0f || be32_at(r, 9) >> 24 == 0x0a))) &&
	    (n == 54 || op == CLIENT_V3 || (n <= 54 + 8 + 32 && (n - 54) % 4 == 0)))
		return TLS_CRYPT;
	return -1;
}

static void
session_event(struct dctx *c, struct ov_state *s, const struct when *when, int side, bool answered)
{
	struct ev *e = ev_begin(c, "openvpn", when, side);

	s->told = true;
	s->waiting = false;
	ev_cstr(e, "event", "session");
	ev_uint(e, "reset", s->opcode == CLIENT_V3 ? 3 : s->opcode == CLIENT_V1 ? 1 : 2);
	ev_cstr(e, "control_channel", tok_find(guards, s->guard));
	ev_hex(e, "client_session", s->session[side], 8);
	if (answered)
		ev_hex(e, "server_session", s->session[!side], 8);
	e->ot.op = OT_CONNECT;
	e->ot.service = TEXT("OpenVPN");
	if (answered)
		ev_answered(e, c, when);
	else
		ev_unanswered(e, c);
	ev_emit(e);
}

static void
on_reset(struct dctx *c, struct ov_state *s, const struct rd *r, int op, int guard)
{
	const uint8_t *id = rd_at(r) + 1;

	if (is_client(op)) {
		if (memcmp(s->session[c->side], id, 8) == 0)
			return;         /* again */
		if (s->waiting)
			session_event(c, s, &s->when, c->side, false);
		memcpy(s->session[c->side], id, 8);
		s->opcode = (uint8_t)op;
		s->guard = (uint8_t)(guard < 0 ? PLAIN : guard);
		s->when = c->when;
		s->waiting = true;
		return;
	}
	if (!s->waiting)
		return;
	memcpy(s->session[c->side], id, 8);
	session_event(c, s, &s->when, !c->side, true);
}

static enum verdict
openvpn_dissect(struct dctx *c, struct rd *r)
{
	struct ov_state *s = c->state;
	int op, b;

	if (c->tcp)
		rd_skip(r, 2);
	op = opcode_of(r);
	b = rd_peek8(r, 0);
	if (b < 0)
		return DIS_OK;
	if (op == DATA_V1 || op == DATA_V2) {
		s->packets[c->side]++;
		s->bytes[c->side] += rd_left(r);
	} else if ((is_client(op) || is_server(op)) && rd_have(r) >= 14) {
		on_reset(c, s, r, op, guard_of(r));
	} else if (op == SOFT_RESET) {
		s->renewals += c->side == 0;
	} else if (op < CLIENT_V1 || op > WKC) {
		c->why = "INVALID_OPCODE";
		return DIS_BAD;
	}
	rd_skip(r, rd_have(r));
	return DIS_OK;
}

static void
openvpn_end(struct dctx *c, bool gap)
{
	struct ov_state *s = c->state;
	struct ev *e;

	if (!s || gap)
		return;
	if (s->waiting)
		session_event(c, s, &s->when, 0, false);
	if (!s->packets[0] && !s->packets[1])
		return;
	e = ev_begin(c, "openvpn", &c->when, 0);
	ev_cstr(e, "event", "end");
	if (s->renewals)
		ev_uint(e, "renewals", s->renewals);
	ev_uint(e, "packets_toserver", s->packets[0]);
	ev_uint(e, "packets_toclient", s->packets[1]);
	ev_uint(e, "bytes_toserver", s->bytes[0]);
	ev_uint(e, "bytes_toclient", s->bytes[1]);
	e->ot.op = OT_CONNECT;
	e->ot.service = TEXT("OpenVPN");
	ev_emit(e);
}

static ssize_t
openvpn_frame(const struct dctx *c, const struct rd *r)
{
	int n = rd_peek16(r, 0), b = rd_peek8(r, 2);

	if (b < 0)
		return 0;
	return n < 1 || b >> 3 < CLIENT_V1 || b >> 3 > WKC ? -1 : 2 + n;
}

/* One packet: a reset with its key id 0 whose structure fits. */
static bool
resets(struct rd r, bool tcp, bool *client, bool *plain)
{
	int op, guard;

	if (tcp) {
		uint16_t n = rd_be16(&r);
		if (n > rd_left(&r))
			return false;
		r = rd_sub(&r, n);
	}
	op = opcode_of(&r);
	if (!(is_client(op) || is_server(op)) || (rd_peek8(&r, 0) & 7))
		return false;
	guard = guard_of(&r);
	*client = is_client(op);
	*plain = guard == PLAIN;
	return guard >= 0;
}

/* The first bytes of a reset whose rest is in another segment. */
static bool
begun(const struct rd *r)
{
	struct rd d = *r;
	uint16_t n = rd_be16(&d);

	return n <= 512 && n > rd_left(&d) && (!rd_left(&d) ||
	    is_client(opcode_of(&d)) || is_server(opcode_of(&d)));
}

static enum probe
openvpn_probe(struct probe_in *in)
{
	bool ca = false, cb = false, pa = false, pb = false;
	bool has_a = rd_left(&in->side[0]) > 0, has_b = rd_left(&in->side[1]) > 0;
	bool a = has_a && resets(in->side[0], in->tcp, &ca, &pa);
	bool b = has_b && resets(in->side[1], in->tcp, &cb, &pb);

	if (in->tcp && (has_a ? rd_have(&in->side[0]) : rd_have(&in->side[1])) < 16)
		return (has_a ? rd_peek16(&in->side[0], 0) : rd_peek16(&in->side[1], 0)) <= 512 ?
		    PROBE_MORE : PROBE_NO;
	if (in->tcp && ((has_a && !a && begun(&in->side[0])) ||
	    (has_b && !b && begun(&in->side[1]))))
		return PROBE_MORE;
	if ((has_a && !a) || (has_b && !b))
		return PROBE_NO;
	if (a && b) {
		in->reversed = cb && !ca;
		return ca != cb ? PROBE_YES : PROBE_NO;
	}
	if (!a && !b)
		return PROBE_NO;
	in->reversed = a && !ca;
	return in->hinted && (a ? ca : cb) ? PROBE_WEAK : PROBE_MORE;
}

static const struct hint hints[] = { { HINT_UDP, 1194 }, { HINT_TCP, 1194 }, { HINT_END, 0 } };

static const struct field fields[] = {
	{ "openvpn.event", "string", "session, end" },
	{ "openvpn.reset", "integer", "of the client's hard reset: 1, 2; 3 with its own key" },
	{ "openvpn.control_channel", "string", "what protects it: none, tls-auth, tls-crypt" },
	{ "openvpn.client_session", "string", "hex" },
	{ "openvpn.server_session", "string", "hex" },
	{ "openvpn.renewals", "integer", "new keys of the client's" },
	{ "openvpn.packets_toserver", "integer", "data packets" },
	{ "openvpn.packets_toclient", "integer", "data packets" },
	{ "openvpn.bytes_toserver", "integer", "bytes in them" },
	{ "openvpn.bytes_toclient", "integer", "bytes in them" },
	{ NULL },
};

const struct dissector openvpn_dissector = {
	.name = "openvpn",
	.title = "OpenVPN",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct ov_state),
	.probe = openvpn_probe,
	.frame = openvpn_frame,
	.dissect = openvpn_dissect,
	.end = openvpn_end,
};
