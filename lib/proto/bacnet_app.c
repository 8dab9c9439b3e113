/* bacnet_app.c: which service is written by whom; device management (clause 16). */
#include "proto/bacnet_put.h"

/* ---- device management ----------------------------------------------- */

static void
put_password(struct bac_out *o, struct rd *q, uint8_t at)
{
	bool has = bac_at(q, BAC_T_CTX, at);

	ev_bool(o->e, "has_password", has);
	if (has)
		ev_credential(o->e, CRED_PASSWORD, CRED_CLEAR);
}

static void
communication_control(struct bac_out *o, struct rd *q, struct rd *a)
{
	bac_put_uint(o, q, 0, JW_K("duration"));
	bac_put_tok(o, q, 1, bac_dcc_states, JW_K("command"));
	if (rd_ok(q))
		put_password(o, q, 2);
}

static void
reinitialize(struct bac_out *o, struct rd *q, struct rd *a)
{
	bac_put_tok(o, q, 0, bac_reinit_states, JW_K("command"));
	if (rd_ok(q))
		put_password(o, q, 1);
}

static void
private_transfer(struct bac_out *o, struct rd *q, struct rd *a)
{
	struct rd *r = q ? q : a;
	uint64_t id;

	if (!bac_ctx_uint(r, 0, &id)) {
		bac_need(r, false);
		return;
	}
	bac_put_vendor(o, id);
	bac_put_uint(o, r, 1, JW_K("service_number"));
}

static void
text_message(struct bac_out *o, struct rd *q, struct rd *a)
{
	uint32_t dev;
	uint64_t prio;

	if (!bac_ctx_oid(q, 0, &dev)) {
		bac_need(q, false);
		return;
	}
	bac_put_oid(o, "device", dev);
	if (bac_at(q, BAC_T_OPEN, 1))
		bac_skip(q);
	if (bac_ctx_uint(q, 2, &prio))
		ev_bool(o->e, "urgent", prio != 0);
}

static void
time_sync(struct bac_out *o, struct rd *q, struct rd *a)
{
	struct bac_val d, h;
	char t[72];
	size_t n;

	if (!bac_value(q, &d) || !bac_value(q, &h))
		return;
	if (d.t != BAC_DATE || h.t != BAC_TIME) {
		rd_set_bad(q);
		return;
	}
	n = bac_date(t, d.p, d.n);
	t[n++] = ' ';
	n += bac_time(t + n, h.p, h.n);
	jw_str(o->e->w, "time", t, n);
}

static void
write_group(struct bac_out *o, struct rd *q, struct rd *a)
{
	uint64_t group;

	if (!bac_ctx_uint(q, 0, &group)) {
		bac_need(q, false);
		return;
	}
	ev_uint(o->e, "group", group);
	bac_put_uint(o, q, 1, JW_K("write_priority"));
	o->e->ot.object = ev_text_num(o->e, "group ", 6, group);
}

/* ---- who is there ---------------------------------------------------- */

static void
put_limits(struct bac_out *o, struct rd *r)
{
	uint64_t low, high;

	if (!bac_ctx_uint(r, 0, &low))
		return;
	if (!bac_ctx_uint(r, 1, &high)) {
		bac_need(r, false);
		return;
	}
	ev_uint(o->e, "low", low);
	ev_uint(o->e, "high", high);
	if (low == high)
		o->e->ot.object = bac_oid_name(o->e, BAC_DEVICE << 22 | ((uint32_t)low & 0x3fffff));
}

static void
who_is(struct bac_out *o, struct rd *q, struct rd *a)
{
	put_limits(o, q);
}

static void
i_am(struct bac_out *o, struct rd *q, struct rd *a)
{
	uint32_t dev;
	uint64_t max, seg, vendor;

	if (!bac_app_oid(q, &dev))
		return;
	bac_put_oid(o, "device", dev);
	o->e->ot.object = bac_oid_name(o->e, dev);
	if (!bac_app_uint(q, &max) || !bac_app_uint(q, &seg) || !bac_app_uint(q, &vendor))
		return;
	ev_uint(o->e, "max_apdu", max);
	bac_put_text(o->e, "segmentation", bac_tok(o->e, bac_segmentations, (uint32_t)seg));
	bac_put_vendor(o, vendor);
	o->vendor = text_c(vendor <= 0xffff ? bac_vendor_name((uint32_t)vendor) : NULL);
}

static void
who_has(struct bac_out *o, struct rd *q, struct rd *a)
{
	uint32_t oid;
	struct text name;

	put_limits(o, q);
	if (bac_ctx_oid(q, 2, &oid)) {
		bac_entry_object(o, oid);
		return;
	}
	bac_need(q, bac_at(q, BAC_T_CTX, 3));
	name = bac_ctx_text(o, q, 3);
	ev_str(o->e, "object_name", name);
	o->e->ot.object = name;
}

static void
i_have(struct bac_out *o, struct rd *q, struct rd *a)
{
	uint32_t dev, oid;
	struct text name;

	if (!bac_app_oid(q, &dev) || !bac_app_oid(q, &oid))
		return;
	name = bac_app_text(o, q);
	bac_put_oid(o, "device", dev);
	ev_str(o->e, "object_name", name);
	if (oid >> 22 == BAC_DEVICE)
		o->hostname = name;
	bac_entry_object(o, oid);
}

/* Addendum 135-2016bz: a device without an address asks for one. */
static void
who_am_i(struct bac_out *o, struct rd *q, struct rd *a)
{
	uint64_t vendor;

	if (!bac_app_uint(q, &vendor))
		return;
	bac_put_vendor(o, vendor);
	o->vendor = text_c(vendor <= 0xffff ? bac_vendor_name((uint32_t)vendor) : NULL);
	o->model = bac_app_text(o, q);
	o->serial = bac_app_text(o, q);
	ev_str(o->e, "model", o->model);
	ev_str(o->e, "serial", o->serial);
}

static void
you_are(struct bac_out *o, struct rd *q, struct rd *a)
{
	uint64_t vendor;
	uint32_t dev;
	struct text s;

	if (!bac_app_uint(q, &vendor))
		return;
	bac_put_vendor(o, vendor);
	bac_put_text(o->e, "model", bac_app_text(o, q));
	s = bac_app_text(o, q);
	ev_str(o->e, "serial", s);
	if (rd_left(q) && rd_peek8(q, 0) >> 4 == BAC_OID && bac_app_oid(q, &dev)) {
		bac_put_oid(o, "device", dev);
		o->e->ot.object = bac_oid_name(o->e, dev);
	}
}

/* ---- tables ---------------------------------------------------------- */

/* What a writer cannot do without: the request, either, or nothing. */
enum { NEED_Q = 1, NEED_ANY = 2, NEED_NONE = 4 };
struct writer {
	void (*fn)(struct bac_out *, struct rd *q, struct rd *a);
	uint8_t need;
	bool own;               /* the parameters that count are the answer's */
};

static const struct writer confirmed[] = {
	[0] = { bac_acknowledge_alarm, NEED_Q },
	[1] = { bac_cov_notification, NEED_Q },
	[2] = { bac_event_notification, NEED_Q },
	[3] = { bac_alarm_summary, NEED_NONE },
	[4] = { bac_enrollment_summary, NEED_NONE },
	[5] = { bac_subscribe_cov, NEED_Q },
	[6] = { bac_read_file, NEED_NONE },
	[7] = { bac_write_file, NEED_Q },
	[8] = { bac_write_property, NEED_Q },       /* AddListElement: the same parameters */
	[9] = { bac_write_property, NEED_Q },
	[10] = { bac_create_object, NEED_Q },
	[11] = { bac_delete_object, NEED_Q },
	[12] = { bac_read_property, NEED_ANY, true },
	[14] = { bac_read_multiple, NEED_ANY, true },
	[15] = { bac_write_property, NEED_Q },
	[16] = { bac_write_multiple, NEED_Q },
	[17] = { communication_control, NEED_Q },
	[18] = { private_transfer, NEED_ANY },
	[19] = { text_message, NEED_Q },
	[20] = { reinitialize, NEED_Q },
	[26] = { bac_read_range, NEED_ANY, true },
	[27] = { bac_life_safety, NEED_Q },
	[28] = { bac_subscribe_cov_property, NEED_Q },
	[29] = { bac_event_information, NEED_NONE },
	[30] = { bac_subscribe_cov_multiple, NEED_Q },
	[31] = { bac_cov_notification_multiple, NEED_Q },
};

static const struct writer unconfirmed[] = {
	[0] = { i_am, NEED_Q },
	[1] = { i_have, NEED_Q },
	[2] = { bac_cov_notification, NEED_Q },
	[3] = { bac_event_notification, NEED_Q },
	[4] = { private_transfer, NEED_Q },
	[5] = { text_message, NEED_Q },
	[6] = { time_sync, NEED_Q },
	[7] = { who_has, NEED_Q },
	[8] = { who_is, NEED_Q },
	[9] = { time_sync, NEED_Q },
	[10] = { write_group, NEED_Q },
	[11] = { bac_cov_notification_multiple, NEED_Q },
	[13] = { who_am_i, NEED_Q },
	[14] = { you_are, NEED_Q },
};

#define COUNT(a)        (sizeof(a) / sizeof((a)[0]))

void
bac_write_confirmed(struct bac_out *o, uint8_t service, struct rd *q, struct rd *a)
{
	const struct writer *w = service < COUNT(confirmed) ? &confirmed[service] : NULL;

	if (!w || !w->fn || (w->need == NEED_Q && !q) || (w->need == NEED_ANY && !q && !a))
		return;
	o->answer = a && w->own;
	w->fn(o, q, a);
	if (o->answer && !o->refs && q) {       /* nothing to be read in it: what was asked */
		o->answer = false;
		w->fn(o, q, NULL);
	}
}

void
bac_write_unconfirmed(struct bac_out *o, uint8_t service, struct rd *r)
{
	if (service < COUNT(unconfirmed) && unconfirmed[service].fn) {
		o->answer = true;
		unconfirmed[service].fn(o, r, NULL);
	}
}

