/* opcua_put.c: OPC UA's values and nodes into events, and the frame of an
 * exchange's event. */
#include "proto/opcua.h"

#include "base/stamp.h"

struct text
ua_keep(struct ev *e, struct text s)
{
	char *p = s.n ? ev_room(e, s.n) : NULL;

	if (!p)
		return (struct text){ 0 };
	memcpy(p, s.p, s.n);
	return (struct text){ p, s.n };
}

static struct text
status_text(struct ev *e, uint32_t status)
{
	const char *s = ua_status_name(status);

	return s ? text_c(s) : ev_text(e, "0x%08x", status);
}

void
ua_put_status(struct ev *e, uint32_t status)
{
	if (status)
		ev_str(e, "status", status_text(e, status));
}

void
ua_put_node_text(struct ev *e, const char *k, size_t kn, const struct ua_node *n, struct text t)
{
	if (n->kind == 's' || n->uri.n)
		jw_k_str(e->w, k, kn, t.p, t.n);
	else                            /* digits of our own */
		jw_k_word(e->w, k, kn, t.p, t.n);
}

void
ua_put_node(struct ev *e, const char *k, size_t kn, const struct ua_node *n)
{
	char t[UA_NODE_TEXT];

	ua_put_node_text(e, k, kn, n, (struct text){ t, (uint32_t)ua_node_text(t, n) });
}

void
ua_put_time(struct ev *e, const char *k, size_t kn, int64_t us)
{
	if (us != INT64_MIN)
		jw_k_time(e->w, k, kn, us);
}

void
ua_put_value(struct ev *e, const char *k, size_t kn, const struct ua_value *v)
{
	switch (v->t) {
	case UA_V_UINT: jw_k_uint(e->w, k, kn, v->u); break;
	case UA_V_INT: jw_k_int(e->w, k, kn, v->i); break;
	case UA_V_REAL: jw_k_real(e->w, k, kn, v->d); break;
	case UA_V_BOOL: jw_k_bool(e->w, k, kn, v->u != 0); break;
	case UA_V_TEXT: jw_k_str(e->w, k, kn, v->s.p, v->s.n); break;
	default: break;
	}
}

static void
put_ot_value(struct ev *e, const struct ua_value *v)
{
	switch (v->t) {
	case UA_V_UINT: ev_val_uint(e, v->u); break;
	case UA_V_INT: ev_val_int(e, v->i); break;
	case UA_V_REAL: ev_val_real(e, v->d); break;
	case UA_V_BOOL: ev_val_bool(e, v->u != 0); break;
	case UA_V_TEXT: ev_val_str(e, v->s); break;
	default: break;
	}
}

void
ua_put_variant(struct ev *e, const struct ua_variant *v, bool ot)
{
	struct rd r = v->body;
	struct ua_value val;
	struct jw_mark m, mv;
	size_t at;

	ev_word(e, "type", ua_type_name(v->type));
	if (!v->array) {
		if (!v->type)
			return;
		ua_value(&r, v->type, &val);
		ua_put_value(e, JW_K("value"), &val);
		if (ot)
			put_ot_value(e, &val);
		return;
	}
	ev_uint(e, "array_length", v->n);
	if (!v->n)
		return;
	m = jw_mark(e->w);
	mv = jw_mark(&e->val);
	ev_arr(e, "value");
	at = e->w->n;
	if (ot)
		ev_val_arr(e);
	for (uint32_t i = 0; i < v->n && i < LIM_OPCUA_VALUES && rd_left(&r); i++) {
		ua_value(&r, v->type, &val);
		ua_put_value(e, JW_NOKEY, &val);
		if (ot)
			put_ot_value(e, &val);
	}
	if (e->w->n == at) {            /* what has no value of one kind, or empty texts */
		jw_rewind(e->w, m);
		jw_rewind(&e->val, mv);
		return;
	}
	ev_end(e);
	if (ot)
		ev_val_end(e);
}

void
ua_put_data(struct ev *e, const struct ua_data *d, bool ot)
{
	if (d->has_value)
		ua_put_variant(e, &d->value, ot);
	if (d->has_status)
		ua_put_status(e, d->status);
	if (d->has_source)
		ua_put_time(e, JW_K("source_time"), d->source_us);
	if (d->has_server && (!d->has_source || d->server_us != d->source_us))
		ua_put_time(e, JW_K("server_time"), d->server_us);
}

void
ua_object_text(struct ua_talk *t, struct text s)
{
	char *d = t->obj + t->obj_n;
	uint32_t sep = t->obj_n ? 2 : 0;

	if (!s.n || t->obj_full)
		return;
	if (t->obj_n + sep + s.n + 5 > sizeof(t->obj)) {
		t->obj_full = true;
		if (t->obj_n) {
			memcpy(d, "; ...", 5);
			t->obj_n += 5;
			return;
		}
		s.n = (uint32_t)sizeof(t->obj) - 5;
	}
	if (sep)
		memcpy(d, "; ", 2);
	jw_copy(d + sep, s.p, s.n);
	t->obj_n += sep + s.n;
}

struct text
ua_object_place(struct ua_talk *t, const struct ua_node *n, char d[UA_NODE_TEXT])
{
	struct text s = { d, 0 };

	if (t->obj_full || t->obj_n + 2 + UA_NODE_TEXT + 5 > sizeof(t->obj)) {
		s.n = (uint32_t)ua_node_text(d, n);
		ua_object_text(t, s);
		return s;
	}
	d = t->obj + t->obj_n;          /* fits, however long it is */
	if (t->obj_n) {
		memcpy(d, "; ", 2);
		d += 2;
	}
	s = (struct text){ d, (uint32_t)ua_node_text(d, n) };
	t->obj_n = (uint32_t)(d + s.n - t->obj);
	return s;
}

static __attribute__((noinline)) void
object_of(struct ua_talk *t, struct text node, const char *what)
{
	char d[UA_NODE_TEXT + 32];
	size_t m = strlen(what);

	if (m && m < 31 && !t->obj_full && node.n <= UA_NODE_TEXT) {
		memcpy(d, node.p, node.n);
		d[node.n] = ' ';
		memcpy(d + node.n + 1, what, m);
		node = (struct text){ d, node.n + 1 + (uint32_t)m };
	}
	ua_object_text(t, node);
}

void
ua_object_node(struct ua_talk *t, struct text node, const char *what)
{
	if (what)
		object_of(t, node, what);
	else
		ua_object_text(t, node);
}

void
ua_object(struct ua_talk *t, const struct ua_node *n, const char *what)
{
	char d[UA_NODE_TEXT];

	if (!t->obj_full)
		ua_object_node(t, (struct text){ d, (uint32_t)ua_node_text(d, n) }, what);
}

struct ev *
ua_begin(struct ua_talk *t)
{
	struct ev *e = ev_begin(t->c, "opcua", &t->when, t->side);
	struct jw_run m;

	t->e = e;
	t->items = t->good = t->failed = t->obj_n = 0;
	t->obj_full = false;
	if (ev_run(e, &m, 6, t->sv ? t->sv->name.n : 0)) {
		run_word(&m, "message", TEXT("MSG"));
		if (t->sv)
			run_word(&m, "service", t->sv->name);
		else if (t->service)
			run_uint(&m, "service_id", t->service);
		run_uint(&m, "channel_id", t->channel);
		run_uint(&m, "request_id", t->request);
		run_uint(&m, "request_handle", t->handle);
		if (t->chunks > 1)
			run_uint(&m, "chunks", t->chunks);
		ev_ran(e, &m);
	}
	if (t->aborted) {
		ev_bool(e, "aborted", true);
		ev_str(e, "reason", t->reason);
	}
	e->ot.op = t->sv ? t->sv->op : OT_OTHER;
	if (t->sv)
		e->ot.service = t->sv->name;
	e->ot.own_service = true;
	return e;
}

void
ua_emit(struct ua_talk *t)
{
	struct ev *e = t->e;

	if (t->obj_n && !e->ot.object.n)
		e->ot.object = (struct text){ t->obj, t->obj_n };
	if (!t->has_a) {
		ev_unanswered(e, t->c);
	} else {
		if (t->fault || ua_bad(t->status))
			e->ot.result = status_text(e, t->status);
		else if (t->failed && !t->good)
			e->ot.result = status_text(e, t->worst);
		else
			e->ot.result = TEXT("ok");
		if (t->has_q)
			ev_answered(e, t->c, &t->when);
	}
	ev_emit(e);
}
