/* pptp.c: PPTP's control connection (RFC 2637), TCP 1723.
 *
 *     length(2), 1(2), cookie(4) 1a2b3c4d, type(2), reserved(2), ...
 *
 * The start of a connection says what both sides are: host, vendor, firmware. Calls
 * are told with their answer; echoes and link settings are not. What the calls carry
 * comes in GRE, decoded with the other tunnels. */
#include "proto/proto.h"

enum { COOKIE = 0x1a2b3c4d, START = 1, START_REPLY, STOP, STOP_REPLY, ECHO, ECHO_REPLY, OUT,
	OUT_REPLY, IN, IN_REPLY, IN_CONNECTED, CLEAR, DISCONNECT, WAN_ERROR, LINK_INFO, NAME = 64 };

/* A request until its answer. */
struct pptp_msg {
	uint16_t type, version, firmware, call;
	uint8_t result;
	char host[NAME], vendor[NAME];
};

static const struct tok types[] = {
	{ START, "start_control_connection" }, { STOP, "stop_control_connection" },
	{ OUT, "outgoing_call" }, { IN, "incoming_call" }, { CLEAR, "call_clear" },
	{ DISCONNECT, "call_disconnect" }, { 0, NULL },
};

static const struct tok start_results[] = {
	{ 1, "ok" }, { 2, "general_error" }, { 3, "already_exists" }, { 4, "not_authorized" },
	{ 5, "version_not_supported" }, { 0, NULL },
};

static const struct tok call_results[] = {
	{ 1, "ok" }, { 2, "general_error" }, { 3, "no_carrier" }, { 4, "busy" },
	{ 5, "no_dial_tone" }, { 6, "time_out" }, { 7, "do_not_accept" }, { 0, NULL },
};

static bool
decode(struct rd r, struct pptp_msg *m)
{
	const uint8_t *p;

	memset(m, 0, sizeof(*m));
	rd_skip(&r, 8);
	m->type = rd_be16(&r);
	rd_skip(&r, 2);
	switch (m->type) {
	case START: case START_REPLY:
		m->version = rd_be16(&r);
		m->result = rd_u8(&r);
		rd_skip(&r, 11);
		m->firmware = rd_be16(&r);
		if ((p = rd_bytes(&r, NAME)))
			memcpy(m->host, p, NAME);
		if ((p = rd_bytes(&r, NAME)))
			memcpy(m->vendor, p, NAME);
		break;
	case OUT: case IN: case CLEAR: case DISCONNECT:
		m->call = rd_be16(&r);
		break;
	case OUT_REPLY: case IN_REPLY:
		rd_skip(&r, 2);
		m->call = rd_be16(&r);
		m->result = rd_u8(&r);
		break;
	case STOP_REPLY:
		m->result = rd_u8(&r);
		break;
	default:
		break;
	}
	return !rd_bad(&r);
}

static struct text
name_text(const char *s)
{
	return text_trim(s, strnlen(s, NAME));
}

static void
put_side(struct ev *e, const char *key, size_t kn, const struct pptp_msg *m, enum ident_of of)
{
	struct ident *i;

	jw_k_open(e->w, key, kn, '{');
	ev_str(e, "version", ev_text(e, "%u.%u", m->version >> 8, m->version & 255));
	ev_str(e, "host", name_text(m->host));
	ev_str(e, "vendor", name_text(m->vendor));
	ev_uint(e, "firmware", m->firmware);
	ev_end(e);
	i = ev_identity(e, "pptp.start", of);
	i->hostname = name_text(m->host);
	i->vendor = name_text(m->vendor);
	if (m->firmware)
		i->firmware = ev_text_num(e, "", 0, m->firmware);
}

static void
pptp_event(struct dctx *c, const struct pptp_msg *q, const struct pptp_msg *a,
    const struct when *when, int side)
{
	uint16_t type = q ? q->type : (uint16_t)(a->type - 1);
	const char *name = tok_find(types, type), *result;
	struct ev *e = ev_begin(c, "pptp", when, side);

	ev_cstr(e, "message", name);
	if (q && (type == OUT || type == IN || type == CLEAR || type == DISCONNECT))
		ev_uint(e, "call_id", q->call);
	if (q && type == START)
		put_side(e, JW_K("client"), q, EV_SRC);
	if (a && type == START)
		put_side(e, JW_K("server"), a, EV_DEST);
	e->ot.op = OT_CONNECT;
	e->ot.service = TEXT("PPTP");
	e->ot.object = text_c(name);
	if (q && a)
		ev_answered(e, c, when);
	else if (q && type < CLEAR)
		ev_unanswered(e, c);
	if (a && a->result != 1) {
		result = tok_find(type == START ? start_results : call_results, a->result);
		e->ot.result = result ? text_c(result) : ev_text(e, "result_%u", a->result);
	}
	ev_emit(e);
}

static enum verdict
pptp_dissect(struct dctx *c, struct rd *r)
{
	struct pptp_msg m;
	struct pend *w;

	if (!decode(*r, &m))
		return DIS_BAD;
	rd_skip(r, rd_have(r));
	switch (m.type) {
	case START: case STOP: case OUT: case IN:
		pend_put(c, m.type, &m, sizeof(m));
		break;
	case START_REPLY: case STOP_REPLY: case OUT_REPLY: case IN_REPLY:
		w = pend_find(c, m.type - 1u);
		if (w) {
			pptp_event(c, (const struct pptp_msg *)w->data, &m, &w->when, w->side);
			pend_done(c, w);
		} else {
			pptp_event(c, NULL, &m, &c->when, !c->side);
		}
		break;
	case CLEAR: case DISCONNECT:
		pptp_event(c, &m, NULL, &c->when, c->side);
		break;
	default:
		break;
	}
	return DIS_OK;
}

static void
pptp_expire(struct dctx *c, struct pend *p)
{
	pptp_event(c, (const struct pptp_msg *)p->data, NULL, &p->when, p->side);
}

/* -1: none, 0: too little to tell. */
static int
message_like(const struct rd *r)
{
	int n = rd_peek16(r, 0), one = rd_peek16(r, 2), type = rd_peek16(r, 8);

	if ((n >= 0 && (n < 12 || n > 220)) || (one >= 0 && one != 1) ||
	    (rd_have(r) >= 8 && (rd_peek16(r, 4) != COOKIE >> 16 ||
	    rd_peek16(r, 6) != (COOKIE & 0xffff))) ||
	    (type >= 0 && (type < START || type > LINK_INFO)))
		return -1;
	return type < 0 ? 0 : n;
}

static ssize_t
pptp_frame(const struct dctx *c, const struct rd *r)
{
	return message_like(r);
}

static enum probe
pptp_probe(struct probe_in *in)
{
	const struct rd *r = rd_left(&in->side[0]) ? &in->side[0] : &in->side[1];
	int n = message_like(r), type = rd_peek16(r, 8);

	if (!in->tcp || n < 0)
		return PROBE_NO;
	if (n == 0)
		return PROBE_MORE;
	in->reversed = rd_left(&in->side[0]) && (type == START_REPLY || type == OUT_REPLY);
	return PROBE_YES;
}

static const struct hint hints[] = { { HINT_TCP, 1723 }, { HINT_END, 0 } };

#define SIDE(p)                                                                                    \
	{ "pptp." p ".version", "string", "protocol version" },                                    \
	{ "pptp." p ".host", "string", "its host's name" },                                        \
	{ "pptp." p ".vendor", "string", "who made it" },                                          \
	{ "pptp." p ".firmware", "integer", "its firmware's revision" }

static const struct field fields[] = {
	{ "pptp.message", "string", "start_control_connection, outgoing_call, call_clear ..." },
	{ "pptp.call_id", "integer", "the asker's number for the call" },
	SIDE("client"),
	SIDE("server"),
	{ NULL },
};

const struct dissector pptp_dissector = {
	.name = "pptp",
	.title = "PPTP",
	.hints = hints,
	.fields = fields,
	.probe = pptp_probe,
	.frame = pptp_frame,
	.dissect = pptp_dissect,
	.expire = pptp_expire,
};
