/* opcua_node.c: OPC UA's view, attribute and method services (OPC 10000-4, 5.8
 * to 5.11): what is browsed, read, written, called.
 *
 * A request lists nodes, its answer results in the same order: both are walked
 * at once. Reads are one event; every written value and every call is its own. */
#include "base/stamp.h"
#include "proto/opcua.h"

enum { ATTR_VALUE = 13, NAMESPACE_ARRAY = 2255 };

/* Which of the server's own nodes name its maker. */
struct build { struct text uri, maker, product, version, number; };

/* "DisplayName", or nothing for a node's value; a number when it has no name. */
static const char *
attribute(struct ev *e, uint32_t id, char d[16])
{
	const char *s;

	if (id == ATTR_VALUE)
		return NULL;
	s = ua_attribute_name(id);
	if (!s) {
		d[jw_dec(d, id)] = '\0';
		return d;
	}
	return s;
}

static void
put_known(struct ev *e, const struct ua_node *n)
{
	if (n->kind == 'i' && !n->ns && !n->uri.n)
		ev_cstr(e, "name", ua_node_name(n->num));
}

static void
identity_build(struct ev *e, const struct build *b)
{
	struct ident *i;

	if (!b->maker.n && !b->product.n && !b->version.n && !b->number.n)
		return;
	i = ev_identity(e, "opcua.build_info", EV_DEST);
	i->vendor = ua_keep(e, b->maker);
	i->product = ua_keep(e, b->product);
	i->firmware = ua_keep(e, b->version);
}

/* 10000-5, 12.4: the BuildInfo structure. */
static void
take_build(struct rd *r, struct build *b)
{
	b->uri = ua_string(r);
	b->maker = ua_string(r);
	b->product = ua_string(r);
	b->version = ua_string(r);
	b->number = ua_string(r);
	rd_skip(r, 8);
}

static void
put_build(struct ev *e, const struct build *b)
{
	ev_obj(e, "build_info");
	ev_str(e, "product_uri", b->uri);
	ev_str(e, "manufacturer", b->maker);
	ev_str(e, "product_name", b->product);
	ev_str(e, "software_version", b->version);
	ev_str(e, "build_number", b->number);
	ev_end(e);
}

/* A value that is the server's status or build: its content. */
static void
put_structure(struct ev *e, const struct ua_variant *v, struct build *b)
{
	static const char *const states[] = { "running", "failed", "no_configuration", "suspended",
	    "shutdown", "test", "communication_fault", "unknown" };
	struct rd r = v->body, body;
	struct ua_node type;
	uint32_t id, state;

	if (v->type != UA_EXT || v->array)
		return;
	id = ua_ext(&r, &type, &body);
	if (id == 864) {
		rd_skip(&body, 16);
		state = rd_le32(&body);
		if (rd_ok(&body) && state < sizeof(states) / sizeof(*states))
			ev_cstr(e, "server_state", states[state]);
	} else if (id != 340) {
		return;
	}
	take_build(&body, b);
	if (rd_ok(&body))
		put_build(e, b);
}

/* The same, where they are read one by one. */
static void
learn_build(const struct ua_node *n, const struct ua_variant *v, struct build *b)
{
	struct rd r = v->body;
	struct text t;

	if (n->kind != 'i' || n->ns || n->num < 2261 || n->num > 2265 || v->type != UA_STRING ||
	    v->array)
		return;
	t = ua_string(&r);
	switch (n->num) {
	case 2261: b->product = t; break;
	case 2262: b->uri = t; break;
	case 2263: b->maker = t; break;
	case 2264: b->version = t; break;
	case 2265: b->number = t; break;
	}
}

/* Devices under a server (OPC 10000-100, DI; 30500-1, LADS) have properties of
 * fixed names; where node ids are paths, the name ends the path and the device
 * is what is before it. */
static void
learn_device(struct ev *e, const struct ua_node *n, const struct ua_variant *v)
{
	static const struct { const char *s; uint8_t n, what; } names[] = {
		{ "Manufacturer", 12, 0 }, { "Model", 5, 1 }, { "SerialNumber", 12, 2 },
		{ "SoftwareRevision", 16, 3 }, { "HardwareRevision", 16, 4 },
		{ "DeviceRevision", 14, 5 }, { "ProductCode", 11, 6 },
	};
	struct rd r = v->body;
	struct text t;
	char d[UA_NODE_TEXT];

	if (n->kind != 's' || v->array || (v->type != UA_STRING && v->type != UA_LTEXT))
		return;
	for (size_t k = 0; k < sizeof(names) / sizeof(*names); k++) {
		struct ua_node parent = *n;
		struct ident *i = NULL;
		size_t m = names[k].n;
		char sep;

		if (n->s.n < m + 2 || memcmp(n->s.p + n->s.n - m, names[k].s, m) != 0)
			continue;
		sep = n->s.p[n->s.n - m - 1];
		if (sep != '.' && sep != '/' && sep != ':' && sep != '|')
			continue;
		parent.s.n -= (uint32_t)m + 1;
		t = ua_keep(e, (struct text){ d, (uint32_t)ua_node_text(d, &parent) });
		for (unsigned j = 0; j < e->nid && !i; j++)
			if (e->id[j].of == EV_OTHER && e->id[j].sub.n == t.n &&
			    memcmp(e->id[j].sub.p, t.p, t.n) == 0)
				i = &e->id[j];
		if (!i) {
			i = ev_identity(e, "opcua.di", EV_OTHER);
			i->has_parent = true;
			i->parent = EV_DEST;
			i->sub = t;
		}
		t = v->type == UA_STRING ? ua_string(&r) : ua_ltext(&r);
		switch (names[k].what) {
		case 0: i->vendor = t; break;
		case 1: i->model = t; break;
		case 2: i->serial = t; break;
		case 3: i->firmware = t; break;
		case 4: i->hardware = t; break;
		case 5: i->hardware = i->hardware.n ? i->hardware : t; break;
		case 6: i->order_code = t; break;
		}
		return;
	}
}

static void
learn(struct ev *e, const struct ua_node *n, const struct ua_variant *v, struct build *b)
{
	if (v->type < UA_STRING)
		return;
	learn_build(n, v, b);
	learn_device(e, n, v);
}

/* What most polls bring, in one run: a node's value, a number, and its time. False,
 * and nothing written, for all else. */
static bool
put_usual(struct ev *e, const struct ua_node *id, struct text node, const struct ua_data *d)
{
	struct text type = ua_type_name(d->value.type);
	struct rd r = d->value.body;
	struct ua_value v;
	struct jw_run m;
	enum { MEMBERS = 5 };           /* beside the node's text */

	if (!d->plain || d->value.type > UA_DOUBLE ||
	    (d->has_server && d->server_us != d->source_us) || (id->kind == 'i' && !id->ns))
		return false;
	ua_value(&r, d->value.type, &v);
	/* numbers that JSON's readers would round are texts, as NaN is one */
	if (v.t != UA_V_REAL && (v.t == UA_V_NONE || v.t == UA_V_TEXT ||
	    (v.t == UA_V_INT && v.i <= -(1ll << 53))))
		return false;
	if (!ev_run(e, &m, MEMBERS, node.n))
		return false;
	run_obj(&m);
	if (id->kind != 's' && !id->uri.n)
		run_word(&m, "node", node);
	else if (!run_text(e, &m, "node", node, MEMBERS * (size_t)JW_RUN))
		return true;
	run_word(&m, "type", type);
	switch (v.t) {
	case UA_V_UINT: run_uint(&m, "value", v.u); break;
	case UA_V_INT: run_int(&m, "value", v.i); break;
	case UA_V_REAL: run_real(&m, "value", v.d); break;
	default: run_bool(&m, "value", v.u != 0);
	}
	if (d->has_source && d->source_us != INT64_MIN)
		run_time(&m, "source_time", d->source_us);
	run_end(&m);
	ev_ran(e, &m);
	return true;
}

/* One entry of a Read's request. */
struct asked {
	struct ua_node id;
	uint32_t attribute;
	struct text range;
};

static bool
take_asked(struct rd *r, struct asked *k)
{
	const uint8_t *p;

	ua_nodeid(r, &k->id);
	if (rd_have(r) >= 14) {
		p = rd_at(r);
		if (ua_le32(p + 4) == UINT32_MAX && ua_le32(p + 10) == UINT32_MAX) {
			k->attribute = ua_le32(p);      /* neither range nor encoding */
			k->range = (struct text){ 0 };
			rd_skip(r, 14);
			return true;
		}
	}
	k->attribute = rd_le32(r);
	k->range = ua_string(r);
	ua_qname(r, NULL);
	return rd_ok(r);
}

void
ua_put_read(struct ua_talk *t)
{
	struct ev *e = ua_begin(t);
	struct rd *q = &t->q, *a = &t->a;
	uint32_t nq = 0, na = 0, n;
	struct build b = { { 0 } };
	struct ua_variant namespaces = { 0 };
	char num[16], text[UA_NODE_TEXT];

	if (t->has_q) {
		rd_skip(q, 12);
		nq = ua_count(q);
	}
	if (t->has_a && !t->fault)
		na = ua_count(a);
	n = nq > na ? nq : na;
	e->ot.has_count = n > 0;
	e->ot.count = n;
	if (n)
		ev_arr(e, "nodes");
	for (uint32_t i = 0; i < n; i++, t->items++) {
		struct asked k;
		struct ua_data d;
		struct text node = { 0 };
		const char *what = NULL;
		uint32_t left_q = rd_left(q), left_a = rd_left(a);
		bool mute = ua_full(t);
		bool has_id = i < nq && left_q && take_asked(q, &k);
		bool has_data = i < na && left_a && (ua_datavalue(a, &d), rd_ok(a));

		if (!left_q && !left_a)
			break;
		if (has_id) {
			what = attribute(e, k.attribute, num);
			if (what) {
				node = (struct text){ text, (uint32_t)ua_node_text(text, &k.id) };
				ua_object_node(t, node, what);
			} else {
				node = ua_object_place(t, &k.id, text);
			}
		}
		if (has_data)
			ua_result(t, d.status);
		if (has_id && k.id.num == NAMESPACE_ARRAY && k.id.kind == 'i' && !k.id.ns &&
		    has_data && d.has_value && !what)
			namespaces = d.value;
		if (mute || (!has_id && !has_data)) {
			if (has_data && has_id && d.has_value && !what)
				learn(e, &k.id, &d.value, &b);
			continue;
		}
		if (has_id && has_data && !what && !k.range.n && n > 1 &&
		    put_usual(e, &k.id, node, &d))
			continue;
		ev_a_obj(e);
		if (has_id) {
			ua_put_node_text(e, JW_K("node"), &k.id, node);
			put_known(e, &k.id);
			ev_cstr(e, "attribute", what);
			ev_str(e, "index_range", k.range);
		}
		if (has_data) {
			ua_put_data(e, &d, n == 1);
			if (d.has_value && !what)
				put_structure(e, &d.value, &b);
			if (d.has_value && !what && has_id)
				learn(e, &k.id, &d.value, &b);
		}
		ev_end(e);
	}
	if (n)
		ev_end(e);
	ua_put_companions(e, &namespaces);
	identity_build(e, &b);
	ua_emit(t);
}

/* The types of a list of Variants, and of numbers what they are: a text or a
 * structure given to a method may be anything. */
static void
put_arguments(struct ev *e, const char *k, size_t kn, struct rd *r)
{
	uint32_t n = ua_count(r);

	if (!n)
		return;
	jw_k_open(e->w, k, kn, '[');
	for (uint32_t i = 0; i < n && rd_left(r); i++) {
		struct ua_variant v;
		struct rd body;
		struct ua_value val;

		ua_variant(r, &v);
		if (i >= LIM_OPCUA_VALUES || !rd_ok(r))
			continue;
		ev_a_obj(e);
		ev_word(e, "type", ua_type_name(v.type));
		if (v.array) {
			ev_uint(e, "array_length", v.n);
		} else if (v.type >= UA_BOOLEAN && v.type <= UA_DOUBLE) {
			body = v.body;
			ua_value(&body, v.type, &val);
			ua_put_value(e, JW_K("value"), &val);
		}
		ev_end(e);
	}
	ev_end(e);
}

void
ua_put_place(struct ev *e, uint32_t i, uint32_t n)
{
	if (n > 1) {
		ev_uint(e, "entry", i + 1);
		ev_uint(e, "entries", n);
	}
}

void
ua_put_write(struct ua_talk *t)
{
	struct rd *q = &t->q, *a = &t->a;
	uint32_t nq = t->has_q ? ua_count(q) : 0, na = t->has_a && !t->fault ? ua_count(a) : 0;
	uint32_t n = nq > na ? nq : na;
	char num[16];

	if (!n) {
		ua_begin(t);
		ua_emit(t);
	}
	for (uint32_t i = 0; i < n && (rd_left(q) || rd_left(a)); i++) {
		struct ev *e = ua_begin(t);

		ua_put_place(e, i, n);
		e->ot.has_count = true;
		e->ot.count = 1;
		if (i < nq && rd_left(q)) {
			struct ua_node id;
			struct ua_data d;
			struct text range;
			const char *what;
			uint32_t attr;

			ua_nodeid(q, &id);
			attr = rd_le32(q);
			range = ua_string(q);
			ua_datavalue(q, &d);
			what = attribute(e, attr, num);
			ev_arr(e, "nodes");
			ev_a_obj(e);
			ua_put_node(e, JW_K("node"), &id);
			put_known(e, &id);
			ev_cstr(e, "attribute", what);
			ev_str(e, "index_range", range);
			ua_put_data(e, &d, true);
			ev_end(e);
			ev_end(e);
			ua_object(t, &id, what);
			if (d.value.array)
				e->ot.count = d.value.n;
		}
		if (i < na && rd_left(a)) {
			uint32_t status = rd_le32(a);
			if (rd_ok(a)) {
				ua_result(t, status);
				ua_put_status(e, status);
			}
		}
		ua_emit(t);
	}
}

void
ua_put_call(struct ua_talk *t)
{
	struct rd *q = &t->q, *a = &t->a;
	uint32_t nq = t->has_q ? ua_count(q) : 0, na = t->has_a && !t->fault ? ua_count(a) : 0;
	uint32_t n = nq > na ? nq : na;

	if (!n) {
		ua_begin(t);
		ua_emit(t);
	}
	for (uint32_t i = 0; i < n && (rd_left(q) || rd_left(a)); i++) {
		struct ev *e = ua_begin(t);

		ua_put_place(e, i, n);
		if (i < nq && rd_left(q)) {
			struct ua_node object, method;
			char d[UA_NODE_TEXT];
			size_t m;

			ua_nodeid(q, &object);
			ua_nodeid(q, &method);
			if (rd_ok(q)) {
				ua_put_node(e, JW_K("object"), &object);
				ua_put_node(e, JW_K("method"), &method);
				put_known(e, &method);
				m = ua_node_text(d, &method);
				ua_object(t, &object, NULL);
				if (t->obj_n + m + 1 < sizeof(t->obj)) {
					t->obj[t->obj_n++] = ' ';
					memcpy(t->obj + t->obj_n, d, m);
					t->obj_n += (uint32_t)m;
				}
				/* "ns=2;s=Scale.Calibrate" */
				if (text_has((struct text){ t->obj, t->obj_n }, "calib"))
					e->ot.op = OT_CONFIGURE;
				put_arguments(e, JW_K("inputs"), q);
			}
		}
		if (i < na && rd_left(a)) {
			uint32_t status = rd_le32(a);
			ua_skip(a, UA_STATUS, ua_count(a));
			ua_skip(a, UA_DIAG, ua_count(a));
			if (rd_ok(a)) {
				ua_result(t, status);
				ua_put_status(e, status);
				put_arguments(e, JW_K("outputs"), a);
			}
		}
		ua_emit(t);
	}
}

void
ua_put_history_read(struct ua_talk *t)
{
	struct ev *e = ua_begin(t);
	struct rd *q = &t->q, *a = &t->a, body;
	struct ua_node type;
	uint32_t nq = 0, na = 0, n;

	if (t->has_q) {
		ev_cstr(e, "details", ua_encoding_name(ua_ext(q, &type, &body)));
		rd_skip(q, 5);
		nq = ua_count(q);
	}
	if (t->has_a && !t->fault)
		na = ua_count(a);
	n = nq > na ? nq : na;
	e->ot.has_count = n > 0;
	e->ot.count = n;
	if (n)
		ev_arr(e, "nodes");
	for (uint32_t i = 0; i < n && (rd_left(q) || rd_left(a)); i++, t->items++) {
		bool mute = ua_full(t);
		struct jw_mark m = jw_mark(e->w);

		ev_a_obj(e);
		if (i < nq && rd_left(q)) {
			struct ua_node id;
			ua_nodeid(q, &id);
			ev_str(e, "index_range", ua_string(q));
			ua_qname(q, NULL);
			ua_bytes(q);
			if (rd_ok(q)) {
				ua_put_node(e, JW_K("node"), &id);
				ua_object(t, &id, NULL);
			}
		}
		if (i < na && rd_left(a)) {
			uint32_t status = rd_le32(a), kind, values;
			ua_bytes(a);
			kind = ua_ext(a, &type, &body);
			if (rd_ok(a)) {
				ua_result(t, status);
				ua_put_status(e, status);
				ev_cstr(e, "type", ua_encoding_name(kind));
				values = kind == 658 || kind == 11227 ? ua_count(&body) : 0;
				if (values)
					ev_uint(e, "array_length", values);
			}
		}
		ev_end(e);
		if (mute)
			jw_rewind(e->w, m);
	}
	if (n)
		ev_end(e);
	ua_emit(t);
}

/* 5.10.5: each detail is a change to the history of one node, which stands first
 * in all of them. */
void
ua_put_history_update(struct ua_talk *t)
{
	struct rd *q = &t->q, *a = &t->a, body;
	uint32_t nq = t->has_q ? ua_count(q) : 0, na = t->has_a && !t->fault ? ua_count(a) : 0;
	uint32_t n = nq > na ? nq : na;

	if (!n) {
		ua_begin(t);
		ua_emit(t);
	}
	for (uint32_t i = 0; i < n && (rd_left(q) || rd_left(a)); i++) {
		struct ev *e = ua_begin(t);
		struct ua_node type, id;

		ua_put_place(e, i, n);
		if (i < nq && rd_left(q)) {
			ev_cstr(e, "details", ua_encoding_name(ua_ext(q, &type, &body)));
			ua_nodeid(&body, &id);
			if (rd_ok(&body)) {
				ua_put_node(e, JW_K("object"), &id);
				ua_object(t, &id, NULL);
			}
		}
		if (i < na && rd_left(a)) {
			uint32_t status = rd_le32(a);
			ua_skip(a, UA_STATUS, ua_count(a));
			ua_skip(a, UA_DIAG, ua_count(a));
			if (rd_ok(a)) {
				ua_result(t, status);
				ua_put_status(e, status);
			}
		}
		ua_emit(t);
	}
}
