/* opcua_sub.c: OPC UA subscriptions, monitored items and what is published
 * (OPC 10000-4, 5.12 and 5.13).
 *
 * A notification names its item by the handle the client chose. Which node that
 * is was said when the item was made. */
#include "proto/memo.h"
#include "proto/opcua.h"

enum { DATA_CHANGE = 811, STATUS_CHANGE = 820, EVENTS = 916 };

static uint64_t
item_number(uint32_t sub, uint32_t handle)
{
	return (uint64_t)sub << 32 | handle;
}

static void
remember(struct dctx *c, uint32_t sub, uint32_t handle, const struct ua_node *node)
{
	char d[UA_NODE_TEXT];
	size_t n = ua_node_text(d, node);

	memo_put(c, item_number(sub, handle), (struct text){ d, (uint32_t)n });
}

static struct text
recall_item(struct dctx *c, uint32_t sub, uint32_t handle)
{
	struct ua_state *s = c->state;

	return memo_get(c, item_number(sub, handle), &s->map_at);
}

/* Also ModifySubscription: its id comes first, and whether it publishes is left out. */
void
ua_put_create_subscription(struct ua_talk *t)
{
	struct ev *e = ua_begin(t);
	struct rd *q = &t->q, *a = &t->a;
	bool modify = t->sv->request == 793;
	double wanted, interval;
	uint32_t id = 0, life, alive;

	if (t->has_q) {
		if (modify)
			id = rd_le32(q);
		wanted = rd_le_f64(q);
		rd_skip(q, modify ? 13 : 14);
		if (rd_ok(q))
			ev_real(e, "requested_interval", wanted);
	}
	if (t->has_a && !t->fault) {
		if (!modify)
			id = rd_le32(a);
		interval = rd_le_f64(a);
		life = rd_le32(a);
		alive = rd_le32(a);
		if (rd_ok(a)) {
			ev_real(e, "interval", interval);
			ev_uint(e, "lifetime_count", life);
			ev_uint(e, "keep_alive_count", alive);
		}
	}
	if (id)
		ev_uint(e, "subscription_id", id);
	ua_emit(t);
}

/* SetPublishingMode, TransferSubscriptions, DeleteSubscriptions: lists of ids. */
void
ua_put_subscriptions(struct ua_talk *t)
{
	struct ev *e = ua_begin(t);
	struct rd *q = &t->q, *a = &t->a;
	uint16_t what = t->sv->request;
	uint32_t n;

	if (t->has_q) {
		if (what == 799)
			ev_bool(e, "publishing", rd_u8(q) != 0);
		n = ua_count(q);
		e->ot.has_count = true;
		e->ot.count = n;
		ev_arr(e, "subscriptions");
		for (; n && rd_left(q); n--, t->items++) {
			uint32_t id = rd_le32(q);
			if (rd_ok(q) && !ua_full(t))
				ev_a_uint(e, id);
		}
		ev_end(e);
	}
	n = t->has_a && !t->fault ? ua_count(a) : 0;
	for (; n && rd_left(a); n--) {
		uint32_t status = rd_le32(a);
		if (what == 841)
			ua_skip(a, UA_UINT32, ua_count(a));
		if (rd_ok(a))
			ua_result(t, status);
	}
	ua_emit(t);
}

/* 7.21 MonitoringParameters: the handle and how often. */
static void
take_parameters(struct rd *q, uint32_t *handle, double *every)
{
	struct ua_node type;
	struct rd filter;

	*handle = rd_le32(q);
	*every = rd_le_f64(q);
	ua_ext(q, &type, &filter);
	rd_skip(q, 5);
}

void
ua_put_create_items(struct ua_talk *t)
{
	struct ev *e = ua_begin(t);
	struct rd *q = &t->q, *a = &t->a;
	uint32_t sub = 0, nq = 0, na = 0, n;

	if (t->has_q) {
		sub = rd_le32(q);
		rd_skip(q, 4);
		nq = ua_count(q);
		ev_uint(e, "subscription_id", sub);
	}
	if (t->has_a && !t->fault)
		na = ua_count(a);
	n = nq > na ? nq : na;
	e->ot.has_count = n > 0;
	e->ot.count = n;
	if (n)
		ev_arr(e, "nodes");
	for (uint32_t i = 0; i < n && (rd_left(q) || rd_left(a)); i++, t->items++) {
		bool mute = ua_full(t), has_id = false, good = false;
		struct jw_mark m = jw_mark(e->w);
		struct ua_node id, type;
		struct rd filter;
		uint32_t handle = 0, attr, status, item;
		double every;

		ev_a_obj(e);
		if (i < nq && rd_left(q)) {
			ua_nodeid(q, &id);
			attr = rd_le32(q);
			ua_string(q);
			ua_qname(q, NULL);
			rd_skip(q, 4);
			take_parameters(q, &handle, &every);
			has_id = rd_ok(q);
			if (has_id) {
				ua_put_node(e, JW_K("node"), &id);
				if (attr != 13)
					ev_cstr(e, "attribute", ua_attribute_name(attr));
				ev_uint(e, "client_handle", handle);
				ev_real(e, "sampling_interval", every);
				ua_object(t, &id, NULL);
			}
		}
		if (i < na && rd_left(a)) {
			status = rd_le32(a);
			item = rd_le32(a);
			rd_skip(a, 12);
			ua_ext(a, &type, &filter);
			if (rd_ok(a)) {
				ua_result(t, status);
				ua_put_status(e, status);
				good = !ua_bad(status);
				if (good)
					ev_uint(e, "item_id", item);
			}
		}
		ev_end(e);
		if (mute)
			jw_rewind(e->w, m);
		if (has_id && good)
			remember(t->c, sub, handle, &id);
	}
	if (n)
		ev_end(e);
	ua_emit(t);
}

/* ModifyMonitoredItems, SetMonitoringMode, SetTriggering, DeleteMonitoredItems. */
void
ua_put_items(struct ua_talk *t)
{
	static const char *const modes[] = { "disabled", "sampling", "reporting" };
	struct ev *e = ua_begin(t);
	struct rd *q = &t->q, *a = &t->a;
	struct ua_node type;
	struct rd filter;
	uint16_t what = t->sv->request;
	uint32_t n, mode, handle;
	double every;

	if (t->has_q) {
		ev_uint(e, "subscription_id", rd_le32(q));
		if (what == 769) {
			mode = rd_le32(q);
			if (mode < 3)
				ev_cstr(e, "monitoring_mode", modes[mode]);
		} else if (what != 781) {
			rd_skip(q, 4);
		}
		n = ua_count(q);
		e->ot.has_count = true;
		e->ot.count = n;
		if (what == 763) {
			for (; n && rd_left(q); n--) {
				rd_skip(q, 4);
				take_parameters(q, &handle, &every);
			}
		} else {
			ua_skip(q, UA_UINT32, n);
		}
		if (what == 775) {
			n = ua_count(q);
			e->ot.count += n;
			ua_skip(q, UA_UINT32, n);
		}
	}
	n = t->has_a && !t->fault ? ua_count(a) : 0;
	for (; n && rd_left(a); n--) {
		uint32_t status = rd_le32(a);
		if (what == 763) {
			rd_skip(a, 12);
			ua_ext(a, &type, &filter);
		}
		if (rd_ok(a))
			ua_result(t, status);
	}
	ua_emit(t);
}

static void
put_changes(struct ua_talk *t, struct rd *r, uint32_t sub)
{
	struct ev *e = t->e;
	uint32_t n = ua_count(r);

	e->ot.has_count = true;
	e->ot.count = n;
	ev_arr(e, "nodes");
	for (uint32_t i = 0; i < n && rd_left(r); i++, t->items++) {
		uint32_t handle = rd_le32(r);
		struct ua_data d;
		struct text node;

		ua_datavalue(r, &d);
		if (!rd_ok(r) || ua_full(t))
			continue;
		node = recall_item(t->c, sub, handle);
		ev_a_obj(e);
		ev_str(e, "node", node);
		ev_uint(e, "client_handle", handle);
		ua_put_data(e, &d, n == 1);
		ev_end(e);
		ua_object_text(t, node);
	}
	ev_end(e);
	ua_skip(r, UA_DIAG, ua_count(r));
}

/* An event's fields are those the client asked for, in its order, which is not
 * said here: severity and message show by their types. Names and other texts
 * may be a user's: left out. */
static void
put_event(struct ua_talk *t, struct rd *r, uint32_t sub)
{
	struct ev *e = t->e;
	uint32_t handle = rd_le32(r), n = ua_count(r);
	struct text node = recall_item(t->c, sub, handle);
	bool severity = false, message = false, type = false;

	ev_a_obj(e);
	ev_str(e, "node", node);
	ev_uint(e, "client_handle", handle);
	ev_uint(e, "fields", n);
	for (; n && rd_left(r); n--) {
		struct ua_variant v;
		struct ua_value val;

		ua_variant(r, &v);
		if (!rd_ok(r) || v.array)
			continue;
		if (v.type == UA_UINT16 && !severity) {
			ua_value(&v.body, v.type, &val);
			ua_put_value(e, JW_K("severity"), &val);
			severity = true;
		} else if (v.type == UA_LTEXT && !message) {
			ua_value(&v.body, v.type, &val);
			ua_put_value(e, JW_K("message"), &val);
			message = true;
		} else if (v.type == UA_NODE && !type) {
			ua_value(&v.body, v.type, &val);
			ua_put_value(e, JW_K("event_type"), &val);
			type = true;
		}
	}
	ev_end(e);
	ua_object_text(t, node);
}

static void
put_notification(struct ua_talk *t, struct rd *r, uint32_t sub, uint32_t seq)
{
	struct ua_node type;
	struct rd body;
	uint32_t id = ua_ext(r, &type, &body), n, status;
	struct ev *e;

	if (!rd_ok(r) && !rd_have(&body))
		return;
	e = ua_begin(t);
	if (sub)
		ev_uint(e, "subscription_id", sub);
	ev_uint(e, "notification", seq);
	switch (id) {
	case DATA_CHANGE:
		put_changes(t, &body, sub);
		break;
	case EVENTS:
		e->ot.op = OT_ALARM;
		n = ua_count(&body);
		e->ot.has_count = true;
		e->ot.count = n;
		ev_arr(e, "events");
		for (; n && rd_left(&body); n--, t->items++) {
			struct jw_mark m = jw_mark(e->w);
			bool mute = ua_full(t);
			put_event(t, &body, sub);
			if (mute || !rd_ok(&body))
				jw_rewind(e->w, m);
		}
		ev_end(e);
		break;
	case STATUS_CHANGE:
		status = rd_le32(&body);
		if (rd_ok(&body)) {
			ua_put_status(e, status);
			ua_result(t, status);
		}
		break;
	default:
		ua_put_node(e, JW_K("type"), &type);
	}
	if (rd_bad(&body))
		rd_set_bad(r);
	ua_emit(t);
}

void
ua_put_publish(struct ua_talk *t)
{
	struct ua_state *s = t->c->state;
	struct rd *a = &t->a;
	bool again = t->sv->request == 832;
	uint32_t sub = 0, seq, n;

	if (again && t->has_q) {
		sub = rd_le32(&t->q);
		rd_skip(&t->q, 4);
	}
	if (!t->has_a || t->fault || ua_bad(t->status)) {
		ua_begin(t);
		if (sub)
			ev_uint(t->e, "subscription_id", sub);
		ua_emit(t);
		return;
	}
	if (!again) {
		sub = rd_le32(a);
		ua_skip(a, UA_UINT32, ua_count(a));
		rd_skip(a, 1);
	}
	seq = rd_le32(a);
	rd_skip(a, 8);
	n = ua_count(a);
	if (!n && rd_ok(a)) {
		s->keep_alives++;
		s->summed = false;
	}
	for (; n && rd_left(a); n--)
		put_notification(t, a, sub, seq);
	if (!again) {
		ua_skip(a, UA_STATUS, ua_count(a));
		ua_skip(a, UA_DIAG, ua_count(a));
	}
}
