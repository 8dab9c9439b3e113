/* l2tp.c: control messages of L2TP, version 2 (RFC 2661) and 3 (RFC 3931), on UDP 1701
 * and straight above IP (115).
 *
 *     flags and version(2), length(2), tunnel(2), session(2), Ns(2), Nr(2)
 *     version 3: flags and version(2), length(2), control connection(4), Ns(2), Nr(2)
 *     AVP: flags and length(2), vendor(2), type(2), value
 *
 * A tunnel's request says what the sides are. Data are PPP frames, decoded as a
 * tunnel. A proxy's copy of the caller's password is reported as such. */
#include "proto/proto.h"

enum { SCCRQ = 1, SCCRP, SCCCN, STOPCCN, HELLO = 6, OCRQ, OCRP, OCCN, ICRQ, ICRP, ICCN, CDN = 14,
	LAST = 27, NAME = 96 };
enum { A_TYPE, A_RESULT, A_FIRMWARE = 6, A_HOST, A_VENDOR, A_TUNNEL = 9, A_SESSION = 14,
	A_PROXY_TYPE = 29, A_PROXY_RESPONSE = 33, A_CONNECTION3 = 61, A_SESSION3 = 63 };

struct l2tp_msg {
	uint8_t version;
	uint16_t type, ns, firmware, proxy, result;
	uint32_t to, session, assigned; /* ids: in the header, and the sender's own */
	bool has_firmware, has_response, bad;
	uint8_t host_n, vendor_n;
	char host[NAME], vendor[NAME];
};

struct l2tp_state { uint32_t last[2]; };

static const struct tok types[] = {
	{ SCCRQ, "start_control_connection" }, { STOPCCN, "stop_control_connection" },
	{ OCRQ, "outgoing_call" }, { ICRQ, "incoming_call" }, { CDN, "call_disconnect" },
	{ 0, NULL },
};

static void
keep_text(char *dst, uint8_t *n, struct rd v)
{
	struct text t = text_rd(&v, rd_left(&v));

	*n = t.n < NAME ? (uint8_t)t.n : NAME;
	if (*n)
		memcpy(dst, t.p, *n);
}

static bool
is_control(const struct rd *r)
{
	int flags = rd_peek16(r, 0), n = rd_peek16(r, 2);

	return flags >= 0 && (flags & 0xf8f0) == 0xc800 &&
	    ((flags & 15) == 2 || (flags & 15) == 3) && n >= 12 && (uint32_t)n <= rd_left(r);
}

/* True for one of which something is to be said. */
static bool
decode(struct rd r, struct l2tp_msg *m)
{
	struct rd b;

	memset(m, 0, sizeof(*m));
	m->version = (uint8_t)(rd_be16(&r) & 15);
	b = rd_sub(&r, rd_be16(&r) - 4u);
	if (m->version == 3) {
		m->to = rd_be32(&b);
	} else {
		m->to = rd_be16(&b);
		m->session = rd_be16(&b);
	}
	m->ns = rd_be16(&b);
	rd_skip(&b, 2);
	while (rd_left(&b)) {
		uint16_t flags = rd_be16(&b), vendor = rd_be16(&b), type = rd_be16(&b);
		uint32_t n = flags & 0x3ff;
		struct rd v;

		if (n < 6)
			rd_set_bad(&b);
		v = rd_sub(&b, n - 6);
		/* hidden ones are enciphered */
		if (!rd_ok(&b) || vendor || flags & 0x4000)
			continue;
		switch (type) {
		case A_TYPE: m->type = rd_be16(&v); break;
		case A_RESULT: m->result = rd_be16(&v); break;
		case A_FIRMWARE:
			m->firmware = rd_be16(&v);
			m->has_firmware = rd_ok(&v);
			break;
		case A_HOST: keep_text(m->host, &m->host_n, v); break;
		case A_VENDOR: keep_text(m->vendor, &m->vendor_n, v); break;
		case A_TUNNEL: case A_SESSION: m->assigned = rd_be16(&v); break;
		case A_CONNECTION3: case A_SESSION3: m->assigned = rd_be32(&v); break;
		case A_PROXY_TYPE: m->proxy = rd_be16(&v); break;
		case A_PROXY_RESPONSE: m->has_response = true; break;
		default: break;
		}
	}
	m->bad = rd_bad(&b);
	return m->type != 0;
}

static void
put_side(struct ev *e, const char *key, size_t kn, const struct l2tp_msg *m, enum ident_of of)
{
	struct text host = { m->host, m->host_n }, vendor = { m->vendor, m->vendor_n };
	struct ident *i;

	if (!host.n && !vendor.n)
		return;
	jw_k_open(e->w, key, kn, '{');
	ev_str(e, "host", host);
	ev_str(e, "vendor", vendor);
	if (m->has_firmware)
		ev_uint(e, "firmware", m->firmware);
	ev_end(e);
	i = ev_identity(e, "l2tp.start", of);
	i->hostname = host;
	i->vendor = vendor;
	if (m->has_firmware && m->firmware)
		i->firmware = ev_text(e, "0x%04x", m->firmware);
}

static void
l2tp_event(struct dctx *c, const struct l2tp_msg *q, const struct l2tp_msg *a,
    const struct when *when, int side)
{
	uint16_t type = q ? q->type : (uint16_t)(a->type - 1);
	const struct l2tp_msg *m = q ? q : a;
	const char *name = tok_find(types, type);
	bool stop = type == STOPCCN || type == CDN;
	struct ev *e = ev_begin(c, "l2tp", when, side);

	ev_cstr(e, "message", name);
	ev_uint(e, "version", m->version);
	if (q && q->assigned)
		ev_uint(e, "id", q->assigned);
	if (a && a->assigned)
		ev_uint(e, "peer_id", a->assigned);
	if (stop && q->result)
		ev_uint(e, "result_code", q->result);
	if (type == SCCRQ) {
		if (q)
			put_side(e, JW_K("client"), q, EV_SRC);
		if (a)
			put_side(e, JW_K("server"), a, EV_DEST);
	}
	e->ot.op = OT_CONNECT;
	e->ot.service = m->version == 3 ? TEXT("L2TPv3") : TEXT("L2TP");
	e->ot.object = text_c(name);
	if (q && a)
		ev_answered(e, c, when);
	else if (q && !stop)
		ev_unanswered(e, c);
	ev_emit(e);
}

static uint64_t
key_of(uint16_t type, uint32_t id)
{
	return (uint64_t)type << 32 | id;
}

static enum verdict
l2tp_dissect(struct dctx *c, struct rd *r)
{
	struct l2tp_state *s = c->state;
	struct l2tp_msg m;
	struct pend *w;

	if (!c->flow->port[1] && !c->flow->port[0] && rd_peek16(r, 0) == 0 && rd_peek16(r, 2) == 0)
		rd_skip(r, 4);          /* above IP a session of 0 is the control connection */
	if (!is_control(r) || !decode(*r, &m) ||
	    s->last[c->side] == (1u << 31 | (uint32_t)m.type << 16 | m.ns)) {
		bool bad = is_control(r) && m.bad && !c->cut;
		rd_skip(r, rd_have(r));
		return bad ? DIS_BAD : DIS_OK;
	}
	rd_skip(r, rd_have(r));
	s->last[c->side] = 1u << 31 | (uint32_t)m.type << 16 | m.ns;
	switch (m.type) {
	case SCCRQ: case OCRQ: case ICRQ:
		pend_put(c, key_of(m.type, m.assigned), &m, sizeof(m));
		break;
	case SCCRP: case OCRP: case ICRP:
		w = pend_find(c, key_of(m.type - 1, m.type == SCCRP || m.version == 3 ? m.to :
		    m.session));
		if (!w)
			w = pend_oldest(c);
		if (w) {
			l2tp_event(c, (const struct l2tp_msg *)w->data, &m, &w->when, w->side);
			pend_done(c, w);
		} else {
			l2tp_event(c, NULL, &m, &c->when, !c->side);
		}
		break;
	case STOPCCN: case CDN:
		l2tp_event(c, &m, NULL, &c->when, c->side);
		break;
	case ICCN:
		if (m.has_response)
			proto_credential(c, m.proxy == 3 ? CRED_PASSWORD : CRED_CHALLENGE,
			    m.proxy == 3 ? CRED_CLEAR : CRED_DIGEST, false);
		break;
	default:
		break;
	}
	if (m.bad && !c->cut) {
		c->why = "INVALID_AVP";
		return DIS_BAD;
	}
	return DIS_OK;
}

static void
l2tp_expire(struct dctx *c, struct pend *p)
{
	l2tp_event(c, (const struct l2tp_msg *)p->data, NULL, &p->when, p->side);
}

static enum probe
l2tp_probe(struct probe_in *in)
{
	const struct rd *r = rd_left(&in->side[0]) ? &in->side[0] : &in->side[1];
	struct l2tp_msg m;

	if (in->tcp || !is_control(r))
		return PROBE_NO;
	if (!decode(*r, &m))            /* an acknowledgement alone */
		return PROBE_WEAK;
	in->reversed = rd_left(&in->side[0]) && m.type == SCCRP;
	return m.type <= LAST ? PROBE_YES : PROBE_NO;
}

static const struct hint hints[] = {
	{ HINT_UDP, 1701 }, { HINT_IPPROTO, 115 }, { HINT_END, 0 },
};

#define SIDE(p)                                                                                    \
	{ "l2tp." p ".host", "string", "its host's name" },                                        \
	{ "l2tp." p ".vendor", "string", "who made it" },                                          \
	{ "l2tp." p ".firmware", "integer", "its firmware's revision" }

static const struct field fields[] = {
	{ "l2tp.message", "string", "start_control_connection, incoming_call ..." },
	{ "l2tp.version", "integer", "2 or 3" },
	{ "l2tp.id", "integer", "tunnel or session, as the asker numbers it" },
	{ "l2tp.peer_id", "integer", "as the other side does" },
	{ "l2tp.result_code", "integer", "why it ended" },
	SIDE("client"),
	SIDE("server"),
	{ NULL },
};

const struct dissector l2tp_dissector = {
	.name = "l2tp",
	.title = "L2TP",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct l2tp_state),
	.probe = l2tp_probe,
	.dissect = l2tp_dissect,
	.expire = l2tp_expire,
};
