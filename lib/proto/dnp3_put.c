/* dnp3_put.c: a message as the event's detail, named as EVE names it. Flags stand
 * there when they are set; neither keys nor file contents are written. */
#include "proto/dnp3.h"

static void
put_flags(struct ev *e, enum dnp3_kind kind, uint8_t f)
{
	if (f & 0x01)
		ev_bool(e, "online", true);
	if (f & 0x02)
		ev_bool(e, "restart", true);
	if (f & 0x04)
		ev_bool(e, "comm_lost", true);
	if (f & 0x08)
		ev_bool(e, "remote_forced", true);
	if (f & 0x10)
		ev_bool(e, "local_forced", true);
	switch (kind) {
	case DP_BIT: case DP_DOUBLE:
		if (f & 0x20)
			ev_bool(e, "chatter_filter", true);
		break;
	case DP_COUNTER:
		if (f & 0x20)
			ev_bool(e, "rollover", true);
		if (f & 0x40)
			ev_bool(e, "discontinuity", true);
		break;
	case DP_ANALOG:
		if (f & 0x20)
			ev_bool(e, "over_range", true);
		if (f & 0x40)
			ev_bool(e, "reference_err", true);
		break;
	default:
		break;
	}
}

static void
put_crob(struct ev *e, const struct dnp3_point *p)
{
	ev_uint(e, "op_type", p->op);
	ev_cstr(e, "op", dnp3_op_types[p->op]);
	ev_uint(e, "tcc", p->tcc);
	if (p->tcc)
		ev_cstr(e, "trip_close", dnp3_trip_close[p->tcc]);
	if (p->queue)
		ev_bool(e, "qu", true);
	if (p->clear)
		ev_bool(e, "cr", true);
	ev_uint(e, "count", p->count);
	ev_uint(e, "ontime", p->on_ms);
	ev_uint(e, "offtime", p->off_ms);
}

static void
put_attribute(struct ev *e, uint8_t var, const struct dnp3_point *p)
{
	struct dnp3_attr a;

	dnp3_attr_decode(p->body, &a);
	ev_cstr(e, "attribute", dnp3_attribute(var));
	ev_uint(e, "type", a.type);
	ev_str(e, "text", a.text);
	if (a.has_number)
		ev_int(e, "value", a.number);
	else if (a.real)
		ev_real(e, "value", a.value);
}

static void
put_file(struct ev *e, uint8_t var, const struct dnp3_point *p)
{
	struct dnp3_file f;

	dnp3_file_decode(var, p->body, &f);
	ev_str(e, "filename", f.name);
	if (f.has_mode) {
		ev_uint(e, "operational_mode", f.mode);
		ev_cstr(e, "mode", tok_find(dnp3_file_modes, f.mode));
	}
	if (f.has_handle)
		ev_uint(e, "file_handle", f.handle);
	if (f.has_size) {
		ev_uint(e, "file_size", f.size);
		ev_uint(e, "request_id", f.request);
	}
	if (f.max_block)
		ev_uint(e, "maximum_block_size", f.max_block);
	if (f.has_block) {
		ev_uint(e, "block_number", f.block);
		if (f.last)
			ev_bool(e, "last_block", true);
		if (f.bytes)
			ev_uint(e, "bytes", f.bytes);
	}
	if (f.has_status) {
		ev_uint(e, "status_code", f.status);
		ev_cstr(e, "status", tok_find(dnp3_file_status, f.status));
	}
	if (f.has_key)
		ev_bool(e, "key_given", true);
	if (f.has_user)
		ev_bool(e, "user_name", true);
}

/* Group 120: sequence and user number; what is secret, or a name, stays out. */
static void
put_auth(struct ev *e, uint8_t var, const struct dnp3_point *p)
{
	struct rd r = p->body;
	bool has_seq = var >= 1 && var <= 7 && var != 4;
	uint32_t seq = has_seq ? rd_le32(&r) : 0;
	uint16_t user = has_seq || var == 4 ? rd_le16(&r) : 0;

	if (!rd_ok(&r) || (!has_seq && var != 4))
		return;
	if (has_seq)
		ev_uint(e, "csq", seq);
	ev_uint(e, "usr", user);
	if (var == 7) {
		rd_skip(&r, 2);
		uint8_t code = rd_u8(&r);
		if (rd_ok(&r)) {
			ev_uint(e, "error_code", code);
			ev_cstr(e, "error", tok_find(dnp3_auth_errors, code));
		}
	}
}

static void
put_point(struct ev *e, const struct dnp3_obj *h, const struct dnp3_point *p)
{
	ev_a_obj(e);
	if (p->has_index)
		ev_uint(e, "index", p->index);
	if (p->has_size)
		ev_uint(e, "size", p->size);
	switch (p->kind) {
	case DP_CROB: put_crob(e, p); break;
	case DP_ATTRIBUTE: put_attribute(e, h->var, p); break;
	case DP_FILE: put_file(e, h->var, p); break;
	case DP_AUTH: put_auth(e, h->var, p); break;
	case DP_BIT: case DP_DOUBLE: case DP_OUTPUT:
		ev_uint(e, "state", (uint64_t)p->value);
		break;
	default:
		if (!p->has_value)
			break;
		if (p->real)
			ev_real(e, "value", p->number);
		else if (p->kind == DP_COUNTER)
			ev_int(e, "count", p->value);
		else
			ev_int(e, "value", p->value);
	}
	if (p->has_flags)
		put_flags(e, p->kind, p->flags);
	if (p->has_status) {
		ev_uint(e, "status_code", p->status);
		ev_cstr(e, "status", tok_find(dnp3_control_status, p->status));
	}
	if (p->has_time)
		ev_uint(e, "timestamp", p->time);
	ev_end(e);
}

static void
put_object(struct ev *e, const struct dnp3_obj *h)
{
	ev_a_obj(e);
	ev_uint(e, "group", h->group);
	ev_uint(e, "variation", h->var);
	ev_cstr(e, "name", h->group == 120 ? dnp3_auth_object(h->var) : dnp3_group(h->group));
	ev_uint(e, "qualifier", h->qualifier);
	ev_uint(e, "prefix_code", h->prefix);
	ev_uint(e, "range_code", h->range);
	if (h->ranged) {
		ev_uint(e, "start", h->start);
		ev_uint(e, "stop", h->stop);
	}
	if (h->range != 6)
		ev_uint(e, "count", h->count);
}

/* The objects; of those that are parts only the part'th (0: all). */
static bool
put_objects(struct ev *e, const struct dnp3_msg *m, unsigned part)
{
	struct rd r = m->body;
	struct dnp3_walk w;
	struct dnp3_point p;
	unsigned points = 0, at = 0;

	dnp3_walk_begin(&w, &r, m->fc);
	if (!rd_left(&r))
		return true;
	ev_arr(e, "objects");
	while (at < LIM_DNP3_PARTS && dnp3_next_object(&w)) {
		bool is_part = dnp3_is_part(m->fc, &w.h);
		bool each = is_part && part &&
		    (m->fc != DNP3_WRITE || (w.h.prefix >= 1 && w.h.prefix <= 3));
		bool open = false;

		if (part && is_part && !each && ++at != part)
			continue;
		if (part > 1 && !is_part)
			continue;
		if (!each) {
			put_object(e, &w.h);
			open = true;
		}
		bool list = false;
		while (dnp3_next_point(&w, &p)) {
			if (each && (++at > LIM_DNP3_PARTS || at != part))
				continue;
			if (++points > LIM_DNP3_POINTS)
				continue;
			if (!open) {
				put_object(e, &w.h);
				open = true;
			}
			if (!list)
				ev_arr(e, "points");
			list = true;
			put_point(e, &w.h, &p);
		}
		if (list)
			ev_end(e);
		if (open)
			ev_end(e);
	}
	ev_end(e);
	return rd_ok(&r) && !rd_left(&r) && points <= LIM_DNP3_POINTS;
}

void
dnp3_put(struct ev *e, const struct dnp3_msg *m, bool response, unsigned part)
{
	const struct dnp3_function *f = dnp3_function(m->fc);
	uint8_t lc = m->link.control;
	bool whole;

	if (response)
		ev_obj(e, "response");
	else
		ev_obj(e, "request");
	ev_cstr(e, "type", m->link_only ? "link" : m->fc == DNP3_UNSOLICITED ?
	    "unsolicited_response" : response ? "response" : "request");
	ev_obj(e, "control");
	ev_bool(e, "dir", lc & 0x80);
	ev_bool(e, "pri", lc & 0x40);
	ev_bool(e, "fcb", lc & 0x20);
	ev_bool(e, "fcv", lc & 0x10);
	ev_uint(e, "function_code", lc & 15);
	if (m->link_only)
		ev_cstr(e, "function", dnp3_link_function(lc & 0x40, lc & 15));
	ev_end(e);
	ev_uint(e, "src", m->link.src);
	ev_uint(e, "dst", m->link.dst);
	if (m->link_only) {
		ev_end(e);
		return;
	}
	ev_obj(e, "application");
	ev_obj(e, "control");
	ev_bool(e, "fir", m->control & 0x80);
	ev_bool(e, "fin", m->control & 0x40);
	ev_bool(e, "con", m->control & 0x20);
	ev_bool(e, "uns", m->control & 0x10);
	ev_uint(e, "sequence", m->control & 15);
	ev_end(e);
	ev_uint(e, "function_code", m->fc);
	if (f)
		ev_word(e, "function", f->name);
	whole = put_objects(e, m, part);
	ev_bool(e, "complete", whole);
	ev_end(e);
	if (m->fc >= DNP3_RESPONSE && m->iin) {
		ev_obj(e, "iin");
		ev_arr(e, "indicators");
		for (unsigned i = 0; i < 16; i++)
			if (m->iin & 0x8000u >> i)
				ev_a_str(e, text_c(dnp3_iin[i]));
		ev_end(e);
		ev_end(e);
	}
	ev_end(e);
}
