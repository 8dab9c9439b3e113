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

/* Areas that have a letter; blocks are in the 0x8a0e0000s. */
static const struct tok areas[] = {
	{ 0x50, "I" }, { 0x51, "Q" }, { 0x52, "M" }, { 0x53, "C" }, { 0x54, "T" }, { 0, NULL },
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

/* "DB3.9": symbolic access has no offsets, only ids; "M.12"; "0x70000e4d.303". */
static struct text
address_text(struct ev *e, const struct s7p_address *a)
{
	const char *s = tok_find(areas, a->area);
	struct text t;

	if (s)
		t = text_c(s);
	else if (a->area >> 16 == 0x8a0e)
		t = ev_text(e, "DB%u", a->area & 0xffff);
	else
		t = ev_text(e, "0x%08x", a->area);
	/* of blocks and areas the first id says that the actual value is meant */
	for (unsigned i = a->n > 1 && (a->id[0] == S7P_DB_ACTUAL || a->id[0] == S7P_AREA_ACTUAL) &&
	    (s || a->area >> 16 == 0x8a0e); i < a->n; i++)
		t = ev_text(e, "%.*s.%u", (int)t.n, t.p, a->id[i]);
	return t;
}

static void
put_scalar(struct jw *w, const char *k, size_t kn, const struct s7p_value *v)
{
	struct text t;

	switch (v->kind) {
	case S7P_BOOL: jw_k_bool(w, k, kn, v->u != 0); break;
	case S7P_UINT: jw_k_uint(w, k, kn, v->u); break;
	case S7P_INT: jw_k_int(w, k, kn, v->i); break;
	case S7P_REAL: jw_k_real(w, k, kn, v->d); break;
	case S7P_TEXT:
		t = text_trim(v->p, v->n);
		jw_k_str(w, k, kn, t.p, t.n);
		break;
	case S7P_BYTES: case S7P_NONE: case S7P_COMPLEX: break;
	}
}

static void
put_value(struct jw *w, const char *k, size_t kn, struct s7p_value *v)
{
	struct s7p_value x;

	if (v->kind != S7P_COMPLEX) {
		put_scalar(w, k, kn, v);
		return;
	}
	if (!rd_left(&v->array))
		return;
	jw_k_open(w, k, kn, '[');
	while (s7p_element(v, &x))
		put_scalar(w, JW_NOKEY, &x);
	jw_end(w);
}

static void
ot_value(struct ev *e, struct s7p_value *v)
{
	struct jw_mark m = jw_mark(&e->val);

	put_value(&e->val, JW_NOKEY, v);
	if (e->val.err || e->val.n > LIM_EV_VALUE - 8)
		jw_rewind(&e->val, m);
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
		e->ot.result = TEXT("no_response");
	else if (a && !e->ot.result.n && a->opcode != S7P_NOTIFICATION)
		e->ot.result = TEXT("ok");
	ev_emit(e);
}

/* Written to an execution unit, this is a start or stop; to a session, a password. */
static bool
put_special(struct ev *e, const struct s7p_address *a, const struct s7p_value *v)
{
	uint32_t last = a->n ? a->id[a->n - 1] : 0;

	if (a->area == S7P_EXEC_UNIT && last == S7P_MODE_REQUEST) {
		e->ot.op = OT_COMMAND;
		e->ot.service = v && v->kind == S7P_INT && v->i == 1 ? TEXT("plc_stop") :
		    v && v->kind == S7P_INT && v->i == 3 ? TEXT("plc_start") : TEXT("plc_mode");
		return false;
	}
	if (a->n == 1 && (last == S7P_LEGITIMATION || last == S7P_LEGITIMATION_NEW) &&
	    a->area >> 28 == 7) {
		e->ot.op = OT_AUTH;
		e->ot.service = TEXT("legitimate");
		return true;
	}
	/* sessions and subscriptions are run by writing to them: no process value */
	if (a->area >> 28 == 7 && e->ot.op == OT_WRITE)
		e->ot.op = OT_OTHER;
	return false;
}

/* Values and errors of an answer: number of the item, what it is, until 0; both in
 * the order of the items. True: the next is about this item. */
static bool
next_is(struct rd *r, uint64_t item)
{
	struct rd at = *r;

	if (s7p_vlq(&at) != item || !rd_ok(&at))
		return false;
	*r = at;
	return true;
}

static int16_t
item_error(struct rd *errors, uint64_t item)
{
	return next_is(errors, item) ? (int16_t)(s7p_vlq(errors) & 0xffff) : 0;
}

/* The errors stand behind the values. */
static struct rd
errors_of(struct rd values)
{
	struct s7p_value v;

	while (rd_left(&values) && s7p_vlq(&values))
		if (!s7p_value_decode(&values, &v))
			break;
	return values;
}

/* Several variables: object (0: the addresses have their own), number of items,
 * number of fields, addresses. */
static uint64_t
multi_head(struct rd *r, uint32_t *object)
{
	uint64_t n;

	*object = rd_be32(r);
	n = s7p_vlq(r);
	s7p_vlq(r);
	return n;
}

static bool
multi_address(struct rd *r, uint32_t object, struct s7p_address *a)
{
	if (!object)
		return s7p_address_decode(r, a);
	memset(a, 0, sizeof(*a));
	a->area = object;
	a->id[a->n++] = (uint32_t)s7p_vlq(r);
	return rd_ok(r);
}

static void
put_get_multi(struct ev *e, const struct s7p_pdu *q, const struct s7p_pdu *a)
{
	struct rd r = { 0 }, values = { 0 }, errors = { 0 };
	uint32_t object = 0;
	uint64_t n = 0;
	struct text all = { 0 };

	if (a) {
		values = a->body;
		errors = errors_of(values);
	}
	if (q) {
		r = q->body;
		n = multi_head(&r, &object);
	}
	ev_arr(e, "items");
	for (uint64_t k = 1; k <= n && k <= LIM_S7_ITEMS && rd_left(&r); k++) {
		struct s7p_address at;
		struct s7p_value v;
		struct text t;
		int16_t err;
		bool secret;

		if (!multi_address(&r, object, &at))
			break;
		t = address_text(e, &at);
		secret = at.area >> 28 == 7;
		ev_a_obj(e);
		ev_str(e, "address", t);
		if (a && next_is(&values, k)) {
			if (!s7p_value_decode(&values, &v) || secret)
				v.kind = S7P_NONE;
			if (n == 1)
				ot_value(e, &v);
			else
				put_value(e->w, JW_K("value"), &v);
		} else if (a && (err = item_error(&errors, k)) != 0) {
			ev_int(e, "error", err);
			if (!e->ot.result.n)
				e->ot.result = ev_text(e, "error_%d", err);
		}
		ev_end(e);
		if (all.n)
			t = ev_text(e, "%.*s,%.*s", (int)all.n, all.p, (int)t.n, t.p);
		if (t.n)
			all = t;
	}
	ev_end(e);
	e->ot.object = all;
	if (n) {
		e->ot.has_count = true;
		e->ot.count = n;
	}
}

/* One event for each variable written. */
static void
report_set(struct dctx *c, const struct s7p_pdu *q, const struct when *at, const struct s7p_pdu *a)
{
	struct rd r = q->body, values, errors = { 0 };
	uint32_t object;
	uint64_t n;
	bool one = q->function == S7P_SET;

	if (a)
		errors = a->body;
	if (one) {
		object = rd_be32(&r);
		n = s7p_vlq(&r);
	} else {
		n = multi_head(&r, &object);
	}
	values = r;
	for (uint64_t k = 0; k < n && rd_left(&values); k++) {
		struct s7p_address x;
		if (!multi_address(&values, object, &x))
			break;
	}
	for (uint64_t k = 1; k <= (n ? n : 1); k++) {
		struct s7p_address x;
		struct s7p_value v = { 0 };
		bool has, named = n && multi_address(&r, object, &x), secret = false;
		struct ev *e;
		int16_t err;

		if (k > 1 && !named)
			break;
		e = begin(c, q, at, a);
		if (!one)
			s7p_vlq(&values);
		has = s7p_value_decode(&values, &v);
		if (n > 1) {
			ev_uint(e, "item", k);
			ev_uint(e, "items_written", n);
		}
		if (named) {
			e->ot.object = address_text(e, &x);
			secret = put_special(e, &x, has ? &v : NULL);
			ev_arr(e, "items");
			ev_a_obj(e);
			ev_str(e, "address", e->ot.object);
			if (a && (err = one ? 0 : item_error(&errors, k)) != 0) {
				ev_int(e, "error", err);
				e->ot.result = ev_text(e, "error_%d", err);
			}
			ev_end(e);
			ev_end(e);
		}
		e->ot.has_count = true;
		e->ot.count = 1;
		if (has && !secret)
			ot_value(e, &v);
		finish(c, e, q, at, a);
	}
}

/* "1;6ES7 214-1AG40-0XB0;V4.2" wherever a new session's attributes hold it. */
static void
find_device(struct ev *e, struct rd r)
{
	uint32_t n = rd_have(&r), from = 0;
	const char *p = (const char *)rd_bytes(&r, n);

	for (uint32_t i = 0; p && i + 2 < n; i++) {
		uint32_t start, end;
		if (p[i] < 0x20 || p[i] > 0x7e) {
			from = i + 1;
			continue;
		}
		if (p[i] != ';' || p[i + 1] != 'V' || p[i + 2] < '0' || p[i + 2] > '9')
			continue;
		for (start = i; start > from && p[start - 1] != ';' && p[start - 1] != ':'; )
			start--;
		for (end = i + 1; end < n && p[end] > 0x20 && p[end] <= 0x7e && p[end] != ';'; )
			end++;
		if (i - start >= 10 && i - start <= 32 && end - i <= 16) {
			struct ident *id = ev_identity(e, "s7comm-plus.session", EV_DEST);
			id->order_code = text_trim(p + start, i - start);
			id->firmware = text_trim(p + i + 1, end - i - 1);
			if (id->order_code.n > 3 && (memcmp(id->order_code.p, "6ES7", 4) == 0 ||
			    memcmp(id->order_code.p, "6AG1", 4) == 0 ||
			    memcmp(id->order_code.p, "6AV2", 4) == 0))
				id->vendor = TEXT("Siemens");
			id->role = TEXT("plc");
			ev_str(e, "device", text_trim(p + from, end - from));
			return;
		}
	}
}

/* What is made: id of the object it is made in, a value, then 0xa1, its relation
 * and class. */
static void
put_create(struct ev *e, const struct s7p_pdu *q, const struct s7p_pdu *a)
{
	struct rd r;
	struct s7p_value v;
	uint32_t cls = 0;

	if (q) {
		r = q->body;
		rd_skip(&r, 4);
		s7p_value_decode(&r, &v);
		/* some reserved bytes, by version */
		while (rd_left(&r) && rd_peek8(&r, 0) != 0xa1)
			rd_skip(&r, 1);
		rd_skip(&r, 5);
		cls = (uint32_t)s7p_vlq(&r);
		if (rd_ok(&r)) {
			ev_uint(e, "class", cls);
			e->ot.object = ev_text(e, "class %u", cls);
		}
		if (q->session == S7P_NULL_SESSION || cls == S7P_CLASS_SESSION) {
			e->ot.op = OT_CONNECT;
			e->ot.service = TEXT("create_session");
			e->ot.object = (struct text){ 0 };
		} else if (cls == S7P_CLASS_SUBSCRIPTION) {
			e->ot.op = OT_SUBSCRIBE;
			e->ot.service = TEXT("create_subscription");
		}
	}
	if (a) {
		uint64_t n;
		r = a->body;
		n = rd_u8(&r);
		ev_arr(e, "objects");
		while (n-- && rd_left(&r)) {
			uint64_t id = s7p_vlq(&r);
			if (rd_ok(&r))
				ev_a_str(e, ev_text(e, "0x%08x", (uint32_t)id));
		}
		ev_end(e);
		if (rd_ok(&r))
			find_device(e, r);
	}
}

static void
put_object(struct ev *e, const struct s7p_pdu *q)
{
	struct rd r = q->body;
	struct s7p_address x = { .area = rd_be32(&r) };

	if (!rd_ok(&r))
		return;
	e->ot.object = address_text(e, &x);
	if (q->function == S7P_DELETE && x.area >> 28 == 7) {
		e->ot.op = x.area == q->session ? OT_CONNECT : OT_SUBSCRIBE;
		e->ot.service = x.area == q->session ? TEXT("delete_session") : TEXT("delete_subscription");
	}
}

/* Two bytes thrice, a counter of credit, sequence number, one more byte; then by
 * item 0x92, reference, value, until 0. */
static void
put_notification(struct ev *e, const struct s7p_pdu *p)
{
	struct rd r = p->body;
	uint8_t tick;
	uint64_t seq, n = 0;

	rd_skip(&r, 6);
	tick = rd_u8(&r);
	seq = s7p_vlq(&r);
	rd_skip(&r, 1);
	e->ot.op = OT_REPORT;
	e->ot.service = TEXT("notification");
	e->ot.object = ev_text(e, "subscription 0x%08x", p->session);
	ev_str(e, "subscription", ev_text(e, "0x%08x", p->session));
	if (!rd_ok(&r))
		return;
	ev_uint(e, "credit", tick);
	ev_uint(e, "notification_sequence", seq);
	ev_arr(e, "items");
	while (rd_left(&r) && n < LIM_S7_ITEMS) {
		struct s7p_value v;
		uint8_t kind = rd_u8(&r);
		uint32_t ref;
		if (kind != 0x92 && kind != 0x9b)
			break;
		ref = kind == 0x92 ? rd_be32(&r) : (uint32_t)s7p_vlq(&r);
		if (!s7p_value_decode(&r, &v))
			break;
		ev_a_obj(e);
		ev_uint(e, "reference", ref);
		put_value(e->w, JW_K("value"), &v);
		ev_end(e);
		n++;
	}
	ev_end(e);
	e->ot.has_count = true;
	e->ot.count = n;
}

/* One event for a request, its answer, or both. */
static void
report(struct dctx *c, const struct s7p_pdu *q, const struct when *at, const struct s7p_pdu *a)
{
	const struct s7p_pdu *p = q ? q : a;
	struct ev *e;

	if (q && (p->function == S7P_SET || p->function == S7P_SET_MULTI)) {
		report_set(c, q, at, a);
		return;
	}
	e = begin(c, q, at, a);
	if (p->opcode == S7P_NOTIFICATION) {
		put_notification(e, p);
	} else if (p->function == S7P_GET_MULTI) {
		put_get_multi(e, q, a);
	} else if (p->function == S7P_CREATE) {
		put_create(e, q, a);
	} else if (p->function == S7P_INIT_SSL) {
		ev_bool(e, "tls", true);
	} else if (q) {
		put_object(e, q);
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
		if (more)
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
	if (m)
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
	if (m)
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
