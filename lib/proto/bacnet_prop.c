/* bacnet_prop.c: BACnet services about properties and objects (clause 15) and
 * about changes of value (13.1, 13.14 to 13.17).
 *
 * Parameters are context-tagged in the order of clause 21's productions;
 * optional ones are simply not there. */
#include "proto/bacnet_put.h"

void
bac_read_property(struct bac_out *o, struct rd *q, struct rd *a)
{
	struct rd *r = a ? a : q;
	uint32_t oid;
	uint64_t prop, index;
	const uint64_t *ip;

	if (!bac_ctx_oid(r, 0, &oid) || !bac_ctx_uint(r, 1, &prop)) {
		bac_need(r, false);
		return;
	}
	bac_entry_begin(o, oid);
	ip = bac_opt_index(r, 2, &index);
	bac_entry_prop(o, prop, ip);
	if (a) {
		bac_need(a, bac_open(a, 3));
		bac_entry_value(o, a);
		bac_need(a, bac_close(a, 3));
	}
	bac_entry_end(o);
}

void
bac_read_multiple(struct bac_out *o, struct rd *q, struct rd *a)
{
	struct rd *r = a ? a : q;
	uint8_t base = a ? 2 : 0;       /* [2] [3] in the answer, [0] [1] in the request */
	struct bac_obj b;
	uint32_t oid;
	uint64_t prop, index;
	const uint64_t *ip;

	while (rd_left(r)) {
		if (!bac_ctx_oid(r, 0, &oid) || !bac_open(r, 1)) {
			bac_need(r, false);
			return;
		}
		while (rd_left(r) && !bac_close(r, 1)) {
			if (!bac_ctx_uint(r, base, &prop)) {
				bac_need(r, false);
				return;
			}
			bac_entry_begin(o, oid);
			ip = bac_opt_index(r, base + 1, &index);
			bac_entry_prop(o, prop, ip);
			if (a && bac_open(a, 4)) {
				bac_entry_value(o, a);
				bac_need(a, bac_close(a, 4));
			} else if (a && bac_open(a, 5)) {
				if (o->mute) {
					bac_skip_to_close(a);
				} else {
					b = bac_obj(o->e, "error");
					bac_put_error(o, a, false);
					bac_obj_end(o->e, &b);
				}
				bac_need(a, bac_close(a, 5));
			} else if (a) {
				bac_need(a, false);
			}
			bac_entry_end(o);
		}
	}
}

/* BACnetPropertyValue: [0] property, [1] index, [2] {value}, [3] priority; in
 * lists of changes [3] is a time instead. */
static bool
property_value(struct bac_out *o, uint32_t oid, struct rd *r, bool changes)
{
	uint64_t prop, index;
	const uint64_t *ip;

	if (!bac_ctx_uint(r, 0, &prop)) {
		bac_need(r, false);
		return false;
	}
	bac_entry_begin(o, oid);
	ip = bac_opt_index(r, 1, &index);
	bac_entry_prop(o, prop, ip);
	bac_need(r, bac_open(r, 2));
	bac_entry_value(o, r);
	bac_need(r, bac_close(r, 2));
	if (!changes)
		bac_entry_priority(o, r, 3);
	else if (bac_at(r, BAC_T_CTX, 3))
		bac_skip(r);            /* the time of the change */
	bac_entry_end(o);
	return rd_ok(r);
}

static void
property_values(struct bac_out *o, uint32_t oid, struct rd *r, uint8_t close, bool changes)
{
	while (rd_left(r) && !bac_close(r, close))
		if (!property_value(o, oid, r, changes))
			return;
}

void
bac_write_property(struct bac_out *o, struct rd *q, struct rd *a)
{
	uint32_t oid;
	uint64_t prop, index;
	const uint64_t *ip;

	if (!bac_ctx_oid(q, 0, &oid) || !bac_ctx_uint(q, 1, &prop)) {
		bac_need(q, false);
		return;
	}
	bac_entry_begin(o, oid);
	ip = bac_opt_index(q, 2, &index);
	bac_entry_prop(o, prop, ip);
	bac_need(q, bac_open(q, 3));
	bac_entry_value(o, q);
	bac_need(q, bac_close(q, 3));
	bac_entry_priority(o, q, 4);
	bac_entry_end(o);
}

void
bac_write_multiple(struct bac_out *o, struct rd *q, struct rd *a)
{
	uint32_t oid;

	while (rd_left(q)) {
		if (!bac_ctx_oid(q, 0, &oid) || !bac_open(q, 1)) {
			bac_need(q, false);
			return;
		}
		property_values(o, oid, q, 1, false);
	}
}

void
bac_create_object(struct bac_out *o, struct rd *q, struct rd *a)
{
	uint32_t oid = UINT32_MAX, made;
	uint64_t type;

	bac_need(q, bac_open(q, 0));
	if (bac_ctx_uint(q, 0, &type))
		oid = ((uint32_t)type & 0x3ff) << 22 | 0x3fffff;       /* any instance */
	else
		bac_need(q, bac_ctx_oid(q, 1, &oid));
	bac_need(q, bac_close(q, 0));
	if (a && bac_app_oid(a, &made))
		oid = made;
	if (oid == UINT32_MAX)
		return;
	if (bac_open(q, 1))
		property_values(o, oid, q, 1, false);
	if (!o->refs)
		bac_entry_object(o, oid);
}

void
bac_delete_object(struct bac_out *o, struct rd *q, struct rd *a)
{
	uint32_t oid;

	if (bac_app_oid(q, &oid))
		bac_entry_object(o, oid);
}

/* ---- change of value ------------------------------------------------- */

static void
put_ctx_real(struct bac_out *o, struct rd *r, uint8_t n)
{
	struct bac_tag t;
	float x;

	if (!bac_at(r, BAC_T_CTX, n) || !bac_tag(r, &t))
		return;
	bac_need(r, t.len == 4);
	x = rd_be_f32(r);
	if (rd_ok(r))
		ev_real(o->e, "cov_increment", (double)x);
}

void
bac_cov_notification(struct bac_out *o, struct rd *q, struct rd *a)
{
	uint32_t dev, oid;

	bac_put_uint(o, q, 0, JW_K("process_id"));
	if (bac_ctx_oid(q, 1, &dev))
		bac_put_oid(o, "device", dev);
	if (!bac_ctx_oid(q, 2, &oid)) {
		bac_need(q, false);
		return;
	}
	bac_put_uint(o, q, 3, JW_K("lifetime"));
	bac_need(q, bac_open(q, 4));
	property_values(o, oid, q, 4, false);
}

void
bac_cov_notification_multiple(struct bac_out *o, struct rd *q, struct rd *a)
{
	uint32_t dev, oid;

	bac_put_uint(o, q, 0, JW_K("process_id"));
	if (bac_ctx_oid(q, 1, &dev))
		bac_put_oid(o, "device", dev);
	bac_put_uint(o, q, 2, JW_K("lifetime"));
	if (bac_at(q, BAC_T_OPEN, 3))
		bac_skip(q);
	bac_need(q, bac_open(q, 4));
	while (rd_left(q) && !bac_close(q, 4)) {
		if (!bac_ctx_oid(q, 0, &oid) || !bac_open(q, 1)) {
			bac_need(q, false);
			return;
		}
		property_values(o, oid, q, 1, true);
	}
}

/* [n] {[0] property, [1] index} */
static void
property_ref(struct bac_out *o, uint32_t oid, struct rd *r, uint8_t n)
{
	uint64_t prop, index;
	const uint64_t *ip;

	bac_need(r, bac_open(r, n));
	if (!bac_ctx_uint(r, 0, &prop)) {
		bac_need(r, false);
		return;
	}
	bac_entry_begin(o, oid);
	ip = bac_opt_index(r, 1, &index);
	bac_entry_prop(o, prop, ip);
	bac_entry_end(o);
	bac_need(r, bac_close(r, n));
}

void
bac_subscribe_cov(struct bac_out *o, struct rd *q, struct rd *a)
{
	uint32_t oid;

	bac_put_uint(o, q, 0, JW_K("process_id"));
	if (!bac_ctx_oid(q, 1, &oid)) {
		bac_need(q, false);
		return;
	}
	/* neither confirmed nor lifetime: 13.14.1.3, the subscription is cancelled */
	if (!rd_left(q))
		ev_bool(o->e, "cancel", true);
	bac_put_bool(o, q, 2, JW_K("confirmed"));
	bac_put_uint(o, q, 3, JW_K("lifetime"));
	bac_entry_object(o, oid);
}

void
bac_subscribe_cov_property(struct bac_out *o, struct rd *q, struct rd *a)
{
	uint32_t oid;

	bac_put_uint(o, q, 0, JW_K("process_id"));
	if (!bac_ctx_oid(q, 1, &oid)) {
		bac_need(q, false);
		return;
	}
	if (bac_at(q, BAC_T_OPEN, 4))
		ev_bool(o->e, "cancel", true);
	bac_put_bool(o, q, 2, JW_K("confirmed"));
	bac_put_uint(o, q, 3, JW_K("lifetime"));
	property_ref(o, oid, q, 4);
	bac_write_close(o);
	put_ctx_real(o, q, 5);
}

void
bac_subscribe_cov_multiple(struct bac_out *o, struct rd *q, struct rd *a)
{
	uint32_t oid;
	uint64_t delay;

	bac_put_uint(o, q, 0, JW_K("process_id"));
	bac_put_bool(o, q, 1, JW_K("confirmed"));
	bac_put_uint(o, q, 2, JW_K("lifetime"));
	bac_ctx_uint(q, 3, &delay);
	bac_need(q, bac_open(q, 4));
	while (rd_left(q) && !bac_close(q, 4)) {
		if (!bac_ctx_oid(q, 0, &oid) || !bac_open(q, 1)) {
			bac_need(q, false);
			return;
		}
		while (rd_left(q) && !bac_close(q, 1)) {
			property_ref(o, oid, q, 0);
			if (bac_at(q, BAC_T_CTX, 1))
				bac_skip(q);    /* increment */
			if (bac_at(q, BAC_T_CTX, 2))
				bac_skip(q);    /* timestamped */
		}
	}
}

