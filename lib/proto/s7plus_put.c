/* s7plus_put.c: what S7-plus functions say: variables, objects, notifications. */
#include "proto/s7plus.h"

/* Areas that have a letter; blocks are in the 0x8a0e0000s. */
static const struct tok areas[] = {
	{ 0x50, "I" }, { 0x51, "Q" }, { 0x52, "M" }, { 0x53, "C" }, { 0x54, "T" }, { 0, NULL },
};

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

void
s7p_put_get_multi(struct ev *e, const struct s7p_pdu *q, const struct s7p_pdu *a)
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

void
s7p_write_begin(struct s7p_writes *w, const struct s7p_pdu *q, const struct s7p_pdu *a)
{
	memset(w, 0, sizeof(*w));
	w->one = q->function == S7P_SET;
	w->names = q->body;
	if (a)
		w->errors = a->body;
	if (w->one) {
		w->object = rd_be32(&w->names);
		w->n = s7p_vlq(&w->names);
	} else {
		w->n = multi_head(&w->names, &w->object);
	}
	w->values = w->names;
	for (uint64_t k = 0; k < w->n && rd_left(&w->values); k++) {
		struct s7p_address x;
		if (!multi_address(&w->values, w->object, &x))
			break;
	}
}

/* The next variable of a write. False: there is none. */
bool
s7p_put_write(struct ev *e, struct s7p_writes *w)
{
	struct s7p_address x;
	struct s7p_value v = { 0 };
	bool named = w->n > w->k && multi_address(&w->names, w->object, &x), has, secret = false;
	int16_t err;

	if (w->k++ && !named)
		return false;
	if (!w->one)
		s7p_vlq(&w->values);
	has = s7p_value_decode(&w->values, &v);
	if (w->n > 1) {
		ev_uint(e, "item", w->k);
		ev_uint(e, "items_written", w->n);
	}
	if (named) {
		e->ot.object = address_text(e, &x);
		secret = put_special(e, &x, has ? &v : NULL);
		ev_arr(e, "items");
		ev_a_obj(e);
		ev_str(e, "address", e->ot.object);
		if (!w->one && (err = item_error(&w->errors, w->k)) != 0) {
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
	return true;
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
void
s7p_put_create(struct ev *e, const struct s7p_pdu *q, const struct s7p_pdu *a)
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

void
s7p_put_object(struct ev *e, const struct s7p_pdu *q)
{
	struct rd r = q->body;
	struct s7p_address x = { .area = rd_be32(&r) };

	if (!rd_ok(&r))
		return;
	e->ot.object = address_text(e, &x);
	if (q->function == S7P_DELETE && x.area >> 28 == 7) {
		bool own = x.area == q->session;
		e->ot.op = own ? OT_CONNECT : OT_SUBSCRIBE;
		e->ot.service = own ? TEXT("delete_session") : TEXT("delete_subscription");
	}
}

/* Two bytes thrice, a counter of credit, sequence number, one more byte; then by
 * item 0x92, reference, value, until 0. */
void
s7p_put_notification(struct ev *e, const struct s7p_pdu *p)
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
