/* cip_conn.c: the Connection Manager (volume 1, 3-5.5): Forward Open and Close,
 * and messages that are passed on to where a route leads. */
#include "proto/cip.h"

bool
cip_unconnected_decode(const struct cip_req *q, struct cip_unconnected *u)
{
	struct rd r = q->data;
	uint16_t n;

	u->tick = rd_u8(&r);
	u->ticks = rd_u8(&r);
	n = rd_le16(&r);
	u->message = rd_sub(&r, n);
	if (n & 1)
		rd_skip(&r, 1);
	n = rd_u8(&r);
	rd_skip(&r, 1);
	u->route = rd_sub(&r, n * 2u);
	return rd_ok(&r);
}

bool
cip_open_decode(const struct cip_req *q, struct cip_open *o)
{
	struct rd r = q->data;

	memset(o, 0, sizeof(*o));
	o->large = q->svc == CIP_LARGE_FWD_OPEN;
	o->tick = rd_u8(&r);
	o->ticks = rd_u8(&r);
	o->ot = rd_le32(&r);
	o->to = rd_le32(&r);
	o->serial = rd_le16(&r);
	o->vendor = rd_le16(&r);
	o->orig_serial = rd_le32(&r);
	o->multiplier = rd_u8(&r);
	rd_skip(&r, 3);
	o->ot_rpi = rd_le32(&r);
	o->ot_params = o->large ? rd_le32(&r) : rd_le16(&r);
	o->to_rpi = rd_le32(&r);
	o->to_params = o->large ? rd_le32(&r) : rd_le16(&r);
	o->trigger = rd_u8(&r);
	o->path = rd_sub(&r, rd_u8(&r) * 2u);
	return rd_ok(&r);
}

bool
cip_opened_decode(const struct cip_resp *a, uint32_t *ot, uint32_t *to)
{
	struct rd r = a->data;

	*ot = rd_le32(&r);
	*to = rd_le32(&r);
	return rd_ok(&r) && a->status == 0;
}

/* Seconds are 2^tick milliseconds times ticks (3-5.5.1.2). */
static void
put_timeout(struct ev *e, uint8_t tick, uint8_t ticks)
{
	ev_uint(e, "timeout_ms", (uint64_t)ticks << (tick & 15));
}

/* 3-5.5.1.1: size, fixed or variable, priority, type, of one direction. */
static void
put_params(struct ev *e, uint32_t rpi, uint32_t p, bool large)
{
	static const char *const kinds[] = { "null", "multicast", "point_to_point", "reserved" };
	static const char *const priorities[] = { "low", "high", "scheduled", "urgent" };
	unsigned at = large ? 16 : 0;

	ev_uint(e, "rpi_us", rpi);
	ev_uint(e, "size", large ? p & 0xffff : p & 0x1ff);
	ev_bool(e, "variable", p >> (9 + at) & 1);
	ev_cstr(e, "priority", priorities[p >> (10 + at) & 3]);
	ev_cstr(e, "type", kinds[p >> (13 + at) & 3]);
	ev_bool(e, "redundant_owner", p >> (15 + at) & 1);
}

static void
put_key(struct ev *e, const struct cip_path *p)
{
	const char *v;

	if (!p->has_key)
		return;
	ev_obj(e, "electronic_key");
	v = cip_vendor_name(p->key_vendor);
	if (v)
		ev_cstr(e, "vendor", v);
	ev_uint(e, "vendor_id", p->key_vendor);
	ev_uint(e, "device_type", p->key_type);
	ev_uint(e, "product_code", p->key_code);
	ev_uint(e, "major", p->key_major);
	ev_uint(e, "minor", p->key_minor);
	ev_end(e);
}

static void
put_originator(struct ev *e, uint16_t serial, uint16_t vendor, uint32_t orig)
{
	const char *v = cip_vendor_name(vendor);

	ev_uint(e, "connection_serial", serial);
	ev_str(e, "originator_vendor", v ? text_c(v) : ev_text(e, "unknown-%u", vendor));
	ev_uint(e, "originator_serial", orig);
}

static void
put_target(struct ev *e, struct rd path)
{
	struct cip_path p;

	cip_path_decode(path, &p);
	ev_str(e, "route", ((struct text){ p.route, p.route_n }));
	ev_str(e, "target", cip_object(e, &p));
	put_key(e, &p);
	cip_path_put(e, path);
}

static bool
close_path(const struct cip_req *q, struct rd *path)
{
	struct rd r = q->data;
	uint8_t words;

	rd_skip(&r, 10);
	words = rd_u8(&r);
	rd_skip(&r, 1);
	*path = rd_sub(&r, words * 2u);
	return rd_ok(&r);
}

/* "port 1 slot 0 Message Router 1": where a connection leads. */
struct text
cip_conn_target(struct ev *e, const struct cip_req *q)
{
	struct cip_open o;
	struct cip_path p;
	struct text t;

	if (q->svc == CIP_FWD_CLOSE) {
		if (!close_path(q, &o.path))
			return (struct text){ 0 };
	} else if ((q->svc != CIP_FWD_OPEN && q->svc != CIP_LARGE_FWD_OPEN) ||
	    !cip_open_decode(q, &o)) {
		return (struct text){ 0 };
	}
	cip_path_decode(o.path, &p);
	t = cip_object(e, &p);
	if (!p.route_n)
		return t;
	return ev_text(e, "%.*s%s%.*s", (int)p.route_n, p.route, t.n ? " " : "", (int)t.n,
	    t.n ? t.p : "");
}

void
cip_conn_put_request(struct ev *e, const struct cip_req *q)
{
	struct cip_open o;
	struct rd r = q->data;

	if (q->svc == CIP_FWD_CLOSE) {
		uint8_t tick = rd_u8(&r), ticks = rd_u8(&r);
		uint16_t serial = rd_le16(&r), vendor = rd_le16(&r);
		uint32_t orig = rd_le32(&r);
		uint8_t words = rd_u8(&r);
		rd_skip(&r, 1);
		if (!rd_ok(&r))
			return;
		ev_obj(e, "forward_close");
		put_timeout(e, tick, ticks);
		put_originator(e, serial, vendor, orig);
		put_target(e, rd_sub(&r, words * 2u));
		ev_end(e);
		return;
	}
	if ((q->svc != CIP_FWD_OPEN && q->svc != CIP_LARGE_FWD_OPEN) || !cip_open_decode(q, &o))
		return;
	ev_obj(e, "forward_open");
	put_timeout(e, o.tick, o.ticks);
	ev_uint(e, "ot_connection_id", o.ot);
	ev_uint(e, "to_connection_id", o.to);
	put_originator(e, o.serial, o.vendor, o.orig_serial);
	ev_uint(e, "timeout_multiplier", o.multiplier > 7 ? 0 : 4u << o.multiplier);
	ev_uint(e, "transport_class", o.trigger & 15);
	ev_cstr(e, "trigger", (o.trigger >> 4 & 7) == 0 ? "cyclic" :
	    (o.trigger >> 4 & 7) == 1 ? "change_of_state" : "application");
	ev_cstr(e, "direction", o.trigger & 0x80 ? "server" : "client");
	ev_obj(e, "ot");
	put_params(e, o.ot_rpi, o.ot_params, o.large);
	ev_end(e);
	ev_obj(e, "to");
	put_params(e, o.to_rpi, o.to_params, o.large);
	ev_end(e);
	put_target(e, o.path);
	ev_end(e);
}

void
cip_conn_put_response(struct ev *e, const struct cip_talk *t)
{
	const struct cip_resp *a = t->a;
	struct rd r = a->data;
	bool close = a->svc == CIP_FWD_CLOSE;
	uint32_t ot = 0, to = 0;
	uint16_t serial, vendor;
	uint32_t orig;

	if (!close && a->svc != CIP_FWD_OPEN && a->svc != CIP_LARGE_FWD_OPEN)
		return;
	if (!close && !a->status) {
		ot = rd_le32(&r);
		to = rd_le32(&r);
	}
	serial = rd_le16(&r);
	vendor = rd_le16(&r);
	orig = rd_le32(&r);
	if (!rd_ok(&r))
		return;
	if (close)
		ev_obj(e, "forward_close");
	else
		ev_obj(e, "forward_open");
	if (!close && !a->status) {
		ev_uint(e, "ot_connection_id", ot);
		ev_uint(e, "to_connection_id", to);
	}
	put_originator(e, serial, vendor, orig);
	if (!close && !a->status) {
		uint32_t ot_api = rd_le32(&r), to_api = rd_le32(&r);
		if (rd_ok(&r)) {
			ev_uint(e, "ot_api_us", ot_api);
			ev_uint(e, "to_api_us", to_api);
		}
	} else if (a->status) {
		uint8_t left = rd_u8(&r);
		if (rd_ok(&r))
			ev_uint(e, "remaining_path_words", left);
	}
	ev_end(e);
}
