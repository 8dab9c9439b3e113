/* bacnet_alarm.c: BACnet's alarms and events (clause 13). Who acknowledged or
 * silenced one is a person and never written. */
#include "proto/bacnet_put.h"

#include <math.h>

/* BACnetEventType, clause 21 */
enum { OUT_OF_RANGE = 5, DOUBLE_OUT_OF_RANGE = 14 };

/* A context-tagged number that has no application tag to say which: Real, or Double. */
static bool
ctx_real(struct rd *r, uint8_t n, double *v)
{
	struct bac_tag t;

	if (!bac_at(r, BAC_T_CTX, n) || !bac_tag(r, &t))
		return false;
	if (t.len != 4 && t.len != 8)
		rd_set_bad(r);
	*v = t.len == 8 ? rd_be_f64(r) : (double)rd_be_f32(r);
	return rd_ok(r) && isfinite(*v);
}

/* What the value was and which limit it passed (clause 13.3.6); of other types of
 * event the values stay unread. */
static void
event_values(struct bac_out *o, struct rd *q, uint64_t type)
{
	double v;

	if (!bac_open(q, 12) || !bac_open(q, (uint8_t)type))
		return;
	if (ctx_real(q, 0, &v)) {
		ev_real(o->e, "value", v);
		ev_val_real(o->e, v);
	}
	if (bac_at(q, BAC_T_CTX, 1))
		bac_skip(q);            /* the object's status flags */
	if (bac_at(q, BAC_T_CTX, 2))
		bac_skip(q);            /* the deadband */
	if (ctx_real(q, 3, &v))
		ev_real(o->e, "limit", v);
}

void
bac_event_notification(struct bac_out *o, struct rd *q, struct rd *a)
{
	uint32_t dev, oid;
	uint64_t v, type = 0;
	struct rd ahead;
	struct text msg;
	struct bac_obj b;

	bac_put_uint(o, q, 0, JW_K("process_id"));
	if (bac_ctx_oid(q, 1, &dev))
		bac_put_oid(o, "device", dev);
	if (!bac_ctx_oid(q, 2, &oid)) {
		bac_need(q, false);
		return;
	}
	b = bac_obj(o->e, "event");
	if (bac_open(q, 3)) {
		bac_put_timestamp(o, q);
		bac_need(q, bac_close(q, 3));
	}
	bac_put_uint(o, q, 4, JW_K("notification_class"));
	bac_put_uint(o, q, 5, JW_K("priority"));
	ahead = *q;
	(void)bac_ctx_uint(&ahead, 6, &type);
	bac_put_tok(o, q, 6, bac_event_types, JW_K("type"));
	msg = bac_ctx_text(o, q, 7);
	ev_str(o->e, "message", msg);
	if (bac_ctx_uint(q, 8, &v)) {
		bac_put_text(o->e, "notify_type", bac_tok(o->e, bac_notify_types, (uint32_t)v));
		if (v != 0)
			o->e->ot.op = OT_REPORT;
	}
	bac_put_bool(o, q, 9, JW_K("ack_required"));
	bac_put_tok(o, q, 10, bac_event_states, JW_K("from_state"));
	bac_put_tok(o, q, 11, bac_event_states, JW_K("to_state"));
	if (type == OUT_OF_RANGE || type == DOUBLE_OUT_OF_RANGE)
		event_values(o, q, type);
	bac_obj_end(o->e, &b);
	bac_entry_object(o, oid);
}

void
bac_acknowledge_alarm(struct bac_out *o, struct rd *q, struct rd *a)
{
	uint32_t oid;
	struct bac_obj b;

	bac_put_uint(o, q, 0, JW_K("process_id"));
	if (!bac_ctx_oid(q, 1, &oid)) {
		bac_need(q, false);
		return;
	}
	/* [4] says who acknowledged: a person, never written */
	b = bac_obj(o->e, "event");
	bac_put_tok(o, q, 2, bac_event_states, JW_K("to_state"));
	if (bac_open(q, 3)) {
		bac_put_timestamp(o, q);
		bac_need(q, bac_close(q, 3));
	}
	bac_obj_end(o->e, &b);
	bac_entry_object(o, oid);
}

static void
entry_state(struct bac_out *o, uint32_t oid, uint64_t state)
{
	bac_entry_begin(o, oid);
	bac_entry_name(o);
	if (!o->mute)
		bac_put_text(o->e, "state", bac_tok(o->e, bac_event_states, (uint32_t)state));
	bac_entry_end(o);
}

void
bac_alarm_summary(struct bac_out *o, struct rd *q, struct rd *a)
{
	uint32_t oid;
	uint64_t state;

	while (a && rd_left(a)) {
		if (!bac_app_oid(a, &oid) || !bac_app_uint(a, &state))
			return;
		entry_state(o, oid, state);
		bac_skip(a);            /* acknowledged transitions */
	}
}

void
bac_enrollment_summary(struct bac_out *o, struct rd *q, struct rd *a)
{
	uint32_t oid;
	uint64_t type, state, prio;

	while (a && rd_left(a)) {
		if (!bac_app_oid(a, &oid) || !bac_app_uint(a, &type) || !bac_app_uint(a, &state) ||
		    !bac_app_uint(a, &prio))
			return;
		entry_state(o, oid, state);
		/* the notification class is optional; an object identifier would be the next's */
		if (rd_peek8(a, 0) >> 4 == BAC_UNSIGNED)
			bac_skip(a);
	}
}

void
bac_event_information(struct bac_out *o, struct rd *q, struct rd *a)
{
	uint32_t oid;
	uint64_t state, more;

	if (!a)
		return;
	bac_need(a, bac_open(a, 0));
	while (rd_left(a) && !bac_close(a, 0)) {
		if (!bac_ctx_oid(a, 0, &oid) || !bac_ctx_uint(a, 1, &state)) {
			bac_need(a, false);
			return;
		}
		entry_state(o, oid, state);
		while (rd_left(a) && !bac_at(a, BAC_T_CTX, 0) && !bac_at(a, BAC_T_CLOSE, 0))
			bac_skip(a);
	}
	bac_write_close(o);
	if (bac_ctx_uint(a, 1, &more) && more)
		ev_bool(o->e, "more", true);
}

void
bac_life_safety(struct bac_out *o, struct rd *q, struct rd *a)
{
	uint32_t oid;

	bac_put_uint(o, q, 0, JW_K("process_id"));
	if (bac_at(q, BAC_T_CTX, 1))
		bac_skip(q);            /* who asked for it: a person */
	bac_put_tok(o, q, 2, bac_life_safety_ops, JW_K("command"));
	if (bac_ctx_oid(q, 3, &oid))
		bac_entry_object(o, oid);
}

