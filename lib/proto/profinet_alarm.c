/* profinet_alarm.c: PROFINET IO's alarms, and the end of application relations.
 *
 * IEC 61158-6-10, 4.7.2 (RTA-PDU) and 5.2.4 (AlarmNotification-PDU):
 *
 *      destination endpoint 2 | source endpoint 2 | version, type 1 | flags 1
 *      send sequence 2 | acknowledged sequence 2 | length 2 | block
 *
 * A notification and its acknowledgement are one event. */
#include "proto/keep.h"
#include "proto/profinet.h"

enum { RTA_DATA = 1, RTA_NACK, RTA_ACK, RTA_ERR };

struct alarm {
	bool high;
	uint16_t dst, src, send_seq, block, type, slot, subslot, spec;
	uint32_t api, module, submodule, status;
	bool has_user, has_channel, has_ext;
	uint16_t user, channel, chan_props, chan_error, ext_error, user_len;
	uint32_t ext_value;
};

struct alarm_wait {
	struct alarm a;
	uint16_t repeats;
};

/* Longer than a stream's: the two must never be the same. */
struct alarm_key {
	uint8_t from[6], to[6];
	uint16_t type, seq, is_alarm;
};

static const struct tok channel_errors[] = {
	{ 0x01, "short_circuit" }, { 0x02, "undervoltage" }, { 0x03, "overvoltage" },
	{ 0x04, "overload" }, { 0x05, "overtemperature" }, { 0x06, "line_break" },
	{ 0x07, "upper_limit_exceeded" }, { 0x08, "lower_limit_exceeded" }, { 0x09, "error" },
	{ 0x0a, "simulation_active" }, { 0x10, "parameterization_fault" },
	{ 0x11, "power_supply_fault" }, { 0x12, "fuse_blown" }, { 0x13, "communication_fault" },
	{ 0x14, "ground_fault" }, { 0x15, "reference_point_lost" }, { 0x16, "process_event_lost" },
	{ 0x17, "threshold_warning" }, { 0x18, "output_disabled" },
	{ 0x19, "functional_safety_event" }, { 0x1a, "external_fault" },
	{ 0x1f, "temporary_fault" }, { 0x8000, "data_transmission_impossible" },
	{ 0x8001, "remote_mismatch" }, { 0x8002, "media_redundancy_mismatch" },
	{ 0x8003, "sync_mismatch" }, { 0x8004, "isochronous_mode_mismatch" },
	{ 0x8005, "multicast_mismatch" }, { 0x8007, "fiber_optic_mismatch" },
	{ 0x8008, "network_component_mismatch" }, { 0x8009, "time_mismatch" },
	{ 0, NULL }
};

/* The notification's user data; the maker's own is not looked at. */
static void
take_user(struct rd *b, struct alarm *a)
{
	a->user_len = (uint16_t)rd_left(b);
	if (rd_left(b) < 2)
		return;
	a->user = rd_be16(b);
	a->has_user = rd_ok(b);
	if (a->user != 0x8000 && a->user != 0x8002 && a->user != 0x8003)
		return;
	a->channel = rd_be16(b);
	a->chan_props = rd_be16(b);
	a->chan_error = rd_be16(b);
	a->has_channel = rd_ok(b);
	if (a->user == 0x8000)
		return;
	a->ext_error = rd_be16(b);
	a->ext_value = rd_be32(b);
	a->has_ext = rd_ok(b);
}

static bool
take_block(struct rd *v, struct alarm *a)
{
	uint16_t len;
	struct rd b;

	a->block = rd_be16(v);
	len = rd_be16(v);
	b = rd_sub(v, len);
	rd_skip(&b, 2);
	a->type = rd_be16(&b);
	a->api = rd_be32(&b);
	a->slot = rd_be16(&b);
	a->subslot = rd_be16(&b);
	if (a->block & 0x8000) {
		a->spec = rd_be16(&b);
		a->status = rd_be32(&b);
		return !rd_bad(v) && !rd_bad(&b);
	}
	a->module = rd_be32(&b);
	a->submodule = rd_be32(&b);
	a->spec = rd_be16(&b);
	if (rd_ok(&b))
		take_user(&b, a);
	return !rd_bad(v) && !rd_bad(&b);
}

static void
put_head(struct ev *e, const struct alarm *a, const char *event)
{
	ev_cstr(e, "event", event);
	ev_cstr(e, "class", a->high ? "alarm_high" : "alarm_low");
	ev_uint(e, "frame_id", a->high ? 0xfc01 : 0xfe01);
	ev_uint(e, "source_endpoint", a->src);
	ev_uint(e, "destination_endpoint", a->dst);
}

static void
put_alarm(struct ev *e, const struct alarm *a)
{
	ev_obj(e, "alarm");
	ev_uint(e, "type_raw", a->type);
	ev_cstr(e, "type", pn_alarm_name(a->type));
	ev_uint(e, "api", a->api);
	ev_uint(e, "slot", a->slot);
	ev_uint(e, "subslot", a->subslot);
	if (!(a->block & 0x8000)) {
		ev_uint(e, "module_ident", a->module);
		ev_uint(e, "submodule_ident", a->submodule);
	}
	ev_uint(e, "sequence", a->spec & 0x7ff);
	if (a->spec & 0x0800)
		ev_bool(e, "channel_diagnosis", true);
	if (a->spec & 0x1000)
		ev_bool(e, "manufacturer_diagnosis", true);
	if (a->spec & 0x2000)
		ev_bool(e, "submodule_diagnosis", true);
	if (a->spec & 0x8000)
		ev_bool(e, "ar_diagnosis", true);
	if (a->has_user) {
		ev_uint(e, "user_structure", a->user);
		ev_uint(e, "user_length", a->user_len);
	}
	if (a->has_channel) {
		ev_uint(e, "channel", a->channel);
		ev_uint(e, "channel_error_raw", a->chan_error);
		ev_cstr(e, "channel_error", tok_find(channel_errors, a->chan_error));
	}
	if (a->has_ext) {
		ev_uint(e, "ext_error", a->ext_error);
		ev_uint(e, "ext_value", a->ext_value);
	}
	ev_end(e);
}

static void
report(struct dctx *c, const struct alarm *q, const struct when *at, const struct alarm *ack,
    unsigned repeats)
{
	const struct alarm *p = q ? q : ack;
	struct ev *e = ev_begin(c, "profinet_rt", at, c->flow ? c->side : 0);

	put_head(e, p, "alarm");
	if (repeats)
		ev_uint(e, "repeats", repeats);
	put_alarm(e, p);
	if (ack)
		pn_put_status(e, ack->status);
	e->ot.op = OT_ALARM;
	e->ot.service = text_c(pn_alarm_name(p->type));
	e->ot.object = pn_place(e, p->api, p->slot, p->subslot);
	if (q && q->has_channel && tok_find(channel_errors, q->chan_error))
		ev_val_str(e, text_c(tok_find(channel_errors, q->chan_error)));
	if (ack)
		e->ot.result = pn_status_text(e, ack->status);
	if (q && ack)
		ev_answered(e, c, at);
	else if (q)
		ev_unanswered(e, c);
	ev_emit(e);
}

static void
unanswered(struct dctx *c, struct keep *s)
{
	const struct alarm_wait *w = (const struct alarm_wait *)s->data;

	report(c, &w->a, &s->first, NULL, w->repeats);
}

static void
take_notification(struct dctx *c, const struct alarm *a)
{
	struct alarm_key key = { .type = a->type, .seq = a->spec & 0x7ff, .is_alarm = 1 };
	struct alarm_wait *w;
	struct keep *s;

	memcpy(key.from, c->k->src_mac, 6);
	memcpy(key.to, c->k->dst_mac, 6);
	s = keep_find(c, &key, sizeof(key));
	/* zeroed as a whole: NOLINTNEXTLINE(*-suspicious-memory-comparison,cert-*) */
	if (s && memcmp(s->data, a, sizeof(*a)) == 0) {
		((struct alarm_wait *)s->data)->repeats++;
		return;
	}
	s = keep_new(c, KEEP_WAIT, &key, sizeof(key), unanswered);
	w = (struct alarm_wait *)s->data;
	memcpy(&w->a, a, sizeof(*a));
}

static void
take_ack(struct dctx *c, const struct alarm *a)
{
	struct alarm_key key = { .type = a->type, .seq = a->spec & 0x7ff, .is_alarm = 1 };
	const struct alarm_wait *w;
	struct keep *s;
	struct dctx d;
	struct pkt k;

	memcpy(key.from, c->k->dst_mac, 6);
	memcpy(key.to, c->k->src_mac, 6);
	s = keep_find(c, &key, sizeof(key));
	if (!s) {
		/* who alarmed is the source all the same */
		d = *c;
		k = *c->k;
		d.k = &k;
		d.side = !c->side;
		memcpy(k.src_mac, c->k->dst_mac, 6);
		memcpy(k.dst_mac, c->k->src_mac, 6);
		report(&d, NULL, &c->when, a, 0);
	} else if (!s->answered) {
		w = (const struct alarm_wait *)s->data;
		s->answered = true;
		keep_ctx(&d, &k, c, s);
		d.when = c->when;
		report(&d, &w->a, &s->first, a, w->repeats);
	}
}

/* NACK and ERR: the relation's own trouble, most often its end. */
static void
take_error(struct dctx *c, const struct alarm *a, bool err)
{
	struct ev *e = ev_begin(c, "profinet_rt", &c->when, c->flow ? c->side : 0);

	put_head(e, a, err ? "abort" : "nack");
	if (err) {
		pn_put_status(e, a->status);
		e->ot.result = pn_status_text(e, a->status);
	}
	e->ot.op = OT_ALARM;
	e->ot.service = err ? TEXT("abort") : TEXT("nack");
	ev_emit(e);
}

enum verdict
pn_alarm(struct dctx *c, struct rd *r, bool high)
{
	struct alarm a;
	uint8_t type;
	uint16_t len;
	struct rd v;

	memset(&a, 0, sizeof(a));       /* compared whole, padding too */
	a.high = high;
	a.dst = rd_be16(r);
	a.src = rd_be16(r);
	type = rd_u8(r);
	rd_skip(r, 1);
	a.send_seq = rd_be16(r);
	rd_skip(r, 2);
	len = rd_be16(r);
	if (!rd_ok(r))
		return rd_short(r) ? DIS_OK : DIS_BAD;
	v = rd_sub(r, len);
	if (rd_bad(r)) {
		c->why = "ALARM_LENGTH";
		return DIS_BAD;
	}
	switch (type & 15) {
	case RTA_DATA:
		if (!take_block(&v, &a)) {
			c->why = "ALARM_BLOCK_LENGTH";
			return DIS_BAD;
		}
		if (rd_short(&v) && !a.slot && !a.spec)
			return DIS_OK;
		if (a.block == 1 || a.block == 2) {
			take_notification(c, &a);
		} else if (a.block == 0x8001 || a.block == 0x8002) {
			take_ack(c, &a);
		} else if (!rd_short(&v)) {
			c->why = "ALARM_BLOCK_TYPE";
			return DIS_BAD;
		}
		return DIS_OK;
	case RTA_ACK:
		return DIS_OK;          /* of the transport only */
	case RTA_NACK:
		take_error(c, &a, false);
		return DIS_OK;
	case RTA_ERR:
		a.status = rd_be32(&v);
		if (rd_short(&v))
			return DIS_OK;
		if (rd_bad(&v))
			return DIS_BAD;
		take_error(c, &a, true);
		return DIS_OK;
	default:
		c->why = "ALARM_PDU_TYPE";
		return DIS_BAD;
	}
}
