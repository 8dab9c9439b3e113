/* s7plus.c: what the S7-1200 and S7-1500 speak: sessions, objects, variables.
 *
 *      0      1         2        4
 *     +------+---------+--------+----------------------- ... -+------+---------+------+
 *     | 0x72 | version | length | (digest,) head, contents    | 0x72 | version | 0  0 |
 *     +------+---------+--------+----------------------- ... -+------+---------+------+
 *
 * A message too long for one frame has the trailer in its last. There is no public
 * specification: this follows captures and what open implementations agree on.
 * With TLS inside (InitSSL) nothing more is to be seen. */
#include "proto/s7plus.h"

/* NO_ANSWER: a bit of the flags of a request. */
enum { KEEP_ALIVE = 0xff, SYSTEM_EVENT = 0xfe, NO_ANSWER = 0x40 };
#define KEY_PARTS       (1ull << 40)

static const struct {
	uint16_t code;
	uint8_t op;
	const char *name;
} functions[] = {
	{ S7P_ERROR, OT_ERROR, "error" }, { S7P_EXPLORE, OT_READ, "explore" },
	{ S7P_CREATE, OT_PROGRAM, "create_object" }, { S7P_DELETE, OT_PROGRAM, "delete_object" },
	{ S7P_SET, OT_WRITE, "set_variable" }, { S7P_GET, OT_READ, "get_variable" },
	{ 0x0506, OT_CONFIGURE, "add_link" }, { 0x051a, OT_CONFIGURE, "remove_link" },
	{ 0x0524, OT_READ, "get_link" }, { S7P_SET_MULTI, OT_WRITE, "set_multi_variables" },
	{ S7P_GET_MULTI, OT_READ, "get_multi_variables" }, { 0x0556, OT_OTHER, "begin_sequence" },
	{ 0x0560, OT_OTHER, "end_sequence" }, { 0x056b, OT_COMMAND, "invoke" },
	{ S7P_SET_STREAM, OT_WRITE, "set_variable_substreamed" },
	{ S7P_GET_STREAM, OT_READ, "get_variable_substreamed" },
	{ 0x0590, OT_READ, "get_variables_address" }, { 0x059a, OT_OTHER, "abort" },
	{ 0x05a9, OT_ERROR, "error" }, { S7P_INIT_SSL, OT_CONNECT, "init_ssl" },
};

static const struct tok opcodes[] = {
	{ S7P_REQUEST, "request" }, { S7P_RESPONSE, "response" },
	{ S7P_NOTIFICATION, "notification" }, { S7P_RESPONSE2, "response" }, { 0, NULL },
};

static enum probe
s7p_probe(struct probe_in *in)
{
	return tpkt_probe(in, TPKT_S7PLUS);
}

static ssize_t
s7p_frame(const struct dctx *c, const struct rd *r)
{
	return tpkt_frame(r);
}

static struct ev *
begin(struct dctx *c, const struct s7p_pdu *q, const struct when *at, const struct s7p_pdu *a)
{
	const struct s7p_pdu *p = q ? q : a;
	struct ev *e = ev_begin(c, "s7comm-plus", q ? at : &c->when,
	    q ? c->side ^ (a != NULL) : p->opcode == S7P_NOTIFICATION ? c->side : !c->side);
	const char *name = NULL;

	e->ot.op = OT_OTHER;
	ev_uint(e, "version", p->version);
	ev_cstr(e, "opcode", tok_find(opcodes, p->opcode));
	if (p->integrity)
		ev_bool(e, "integrity", true);
	if (p->opcode == S7P_NOTIFICATION)
		return e;
	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
		if (functions[i].code == p->function) {
			name = functions[i].name;
			e->ot.op = (enum ot_op)functions[i].op;
		}
	ev_cstr(e, "function", name);
	ev_uint(e, "function_code", p->function);
	ev_uint(e, "sequence", p->sequence);
	if (q)
		ev_str(e, "session", ev_text(e, "0x%08x", q->session));
	e->ot.service = text_c(name);
	return e;
}

static void
finish(struct dctx *c, struct ev *e, const struct s7p_pdu *q, const struct when *at,
    const struct s7p_pdu *a)
{
	if (a && a->code) {
		/* the number of the error is in the low 16 bits, as a signed one; an
		 * even one there with no such bit is a warning */
		int16_t n = (int16_t)(a->code & 0xffff);
		ev_int(e, "error", n);
		if (n < 0 && !e->ot.result.n)
			e->ot.result = ev_text(e, "error_%d", n);
	}
	if (q && a)
		ev_answered(e, c, at);
	else if (q && !(q->flags & NO_ANSWER))
		ev_unanswered(e, c);
	else if (a && !e->ot.result.n && a->opcode != S7P_NOTIFICATION)
		e->ot.result = TEXT("ok");
	ev_emit(e);
}

/* One event for a request, its answer, or both; a write has one for each variable. */
static void
report(struct dctx *c, const struct s7p_pdu *q, const struct when *at, const struct s7p_pdu *a)
{
	const struct s7p_pdu *p = q ? q : a;
	struct ev *e;

	if (q && (p->function == S7P_SET || p->function == S7P_SET_MULTI)) {
		struct s7p_writes w;
		s7p_write_begin(&w, q, a);
		do {
			e = begin(c, q, at, a);
			if (!s7p_put_write(e, &w)) {
				ev_drop(e);
				break;
			}
			finish(c, e, q, at, a);
		} while (w.k < w.n);
		return;
	}
	e = begin(c, q, at, a);
	if (p->opcode == S7P_NOTIFICATION) {
		s7p_put_notification(e, p);
	} else if (p->function == S7P_GET_MULTI) {
		s7p_put_get_multi(e, q, a);
	} else if (p->function == S7P_CREATE) {
		s7p_put_create(e, q, a);
	} else if (p->function == S7P_INIT_SSL) {
		ev_bool(e, "tls", true);
	} else if (q) {
		s7p_put_object(e, q);
	}
	finish(c, e, q, at, a);
}

static struct gather *
held(struct dctx *c, const struct pend *p, struct s7p_pdu *q)
{
	struct rd r;
	struct gather *m = tpkt_held(c, p, &r);
	uint8_t version = rd_u8(&r);

	s7p_decode(&r, version, q);
	return m;
}

/* A whole message: version, then what was between heads and trailers. */
static bool
take(struct dctx *c, struct rd whole)
{
	struct rd r = whole;
	struct s7p_pdu p, q;
	struct gather *more;
	struct pend *w;
	uint8_t version = rd_u8(&r);

	if (!s7p_decode(&r, version, &p))
		return !rd_bad(&r);
	if (p.opcode == S7P_REQUEST && p.flags & NO_ANSWER) {
		report(c, &p, &c->when, NULL);
	} else if (p.opcode == S7P_REQUEST) {
		tpkt_hold(c, p.sequence, &whole);
	} else if (p.opcode == S7P_NOTIFICATION || !(w = pend_find(c, p.sequence))) {
		report(c, NULL, NULL, &p);
	} else {
		more = held(c, w, &q);
		if (q.function != p.function && p.function != S7P_ERROR)
			proto_anomaly(c, "FUNCTION_MISMATCH");
		report(c, &q, &w->when, &p);
		pend_done(c, w);
		gather_drop(more);
	}
	return true;
}

/* One frame: its part of a message, and whether that is the last. */
static bool
s7p_part(struct dctx *c, struct rd *v)
{
	struct gather *m;
	struct rd part;
	uint8_t version;

	rd_skip(v, 1);
	version = rd_u8(v);
	if (version == KEEP_ALIVE || version == SYSTEM_EVENT)
		return true;
	part = rd_sub(v, rd_be16(v));
	if (!rd_ok(v))
		return !rd_bad(v);
	m = gather_find(c, KEY_PARTS);
	if (m && version == 3)          /* each has a digest of its own */
		rd_skip(&part, rd_u8(&part));
	if (!m) {
		struct rd head = rd_init(&version, 1, 1);
		m = gather_begin(c, KEY_PARTS);
		gather_add(m, &head);
	}
	gather_add(m, &part);
	if (rd_left(v)) {
		bool ok = rd_u8(v) == 0x72 && take(c, gather_rd(m));
		gather_drop(m);
		return ok;
	}
	return true;
}

static enum verdict
s7p_dissect(struct dctx *c, struct rd *r)
{
	struct gather *m;
	struct rd v;
	bool ok = true, leave = false;

	switch (tpkt_read(c, r, &v, &m)) {
	case TPKT_BAD:
		return DIS_BAD;
	case TPKT_NONE:
		return DIS_OK;
	case TPKT_DATA:
		break;
	}
	if (rd_peek8(&v, 0) == 0x72) {
		ok = s7p_part(c, &v);
	} else if (rd_peek8(&v, 0) >= 0x14 && rd_peek8(&v, 0) <= 0x17 && rd_peek8(&v, 1) == 3) {
		leave = true;                   /* TLS from here on */
	} else if (rd_have(&v)) {
		c->why = "PROTOCOL_ID";
		ok = false;
	}
	gather_drop(m);
	return leave ? DIS_LEAVE : ok ? DIS_OK : DIS_BAD;
}

static void
s7p_expire(struct dctx *c, struct pend *p)
{
	struct s7p_pdu q;
	struct gather *m;

	if (tpkt_expire(c, p))
		return;
	m = held(c, p, &q);
	report(c, &q, &p->when, NULL);
	gather_drop(m);
}

/* The port is S7's own and stands there; this is told by its structure. */
static const struct hint hints[] = { { HINT_END, 0 } };

static const struct field fields[] = {
	TPKT_FIELDS("s7comm-plus"),
	{ "s7comm-plus.version", "integer", "version of the frame: 1, 2, 3" },
	{ "s7comm-plus.opcode", "string", "request, response, notification" },
	{ "s7comm-plus.integrity", "boolean", "the message has a digest" },
	{ "s7comm-plus.function", "string", "what was asked for" },
	{ "s7comm-plus.function_code", "integer", "its number" },
	{ "s7comm-plus.sequence", "integer", "joins request and response" },
	{ "s7comm-plus.session", "string", "session; 0x00000120: none yet" },
	{ "s7comm-plus.error", "integer", "return code of the response, other than 0" },
	{ "s7comm-plus.item", "integer", "which item of a write this event is about, from 1" },
	{ "s7comm-plus.items_written", "integer", "how many items the write had" },
	{ "s7comm-plus.items.address", "string", "block or area and ids from there on" },
	{ "s7comm-plus.items.reference", "integer", "item of a subscription" },
	{ "s7comm-plus.items.value", "any", "value where there may be several; else ot.value" },
	{ "s7comm-plus.items.error", "integer", "what was wrong with the item" },
	{ "s7comm-plus.class", "integer", "class of an object made; 287: session" },
	{ "s7comm-plus.objects", "array", "ids of objects made" },
	{ "s7comm-plus.device", "string", "what a controller says of itself in a new session" },
	{ "s7comm-plus.subscription", "string", "subscription that reports" },
	{ "s7comm-plus.credit", "integer", "counter of the subscription's credit" },
	{ "s7comm-plus.notification_sequence", "integer", "number of the notification" },
	{ "s7comm-plus.tls", "boolean", "from here on the session is in TLS" },
	{ NULL },
};

const struct dissector s7plus_dissector = {
	.name = "s7comm-plus",
	.title = "S7-plus (S7-1200, S7-1500)",
	.hints = hints,
	.fields = fields,
	.probe = s7p_probe,
	.frame = s7p_frame,
	.dissect = s7p_dissect,
	.expire = s7p_expire,
};
