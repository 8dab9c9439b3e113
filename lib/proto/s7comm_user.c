/* s7comm_user.c: userdata: what is not a variable: lists, messages, alarms, clock,
 * password, blocks' lists, debugging. */
#include "proto/s7comm.h"

/* Return code, kind, length, then what it is about. */
static bool
payload(const struct s7_pdu *p, struct rd *v, uint8_t *code)
{
	struct rd r = p->data;
	uint8_t kind;
	uint32_t n;

	*code = rd_u8(&r);
	kind = rd_u8(&r);
	n = rd_be16(&r);
	if (kind >= 3 && kind <= 5)
		n = (n + 7) / 8;
	*v = rd_sub(&r, n);
	return rd_ok(&r) && n;
}

/* A list in several answers, each asked for anew: *v becomes all of it with the
 * last. False: there is more to come, or the beginning is not known. */
static bool
gathered(struct s7_state *s, const struct s7_pdu *q, const struct s7_pdu *a, struct rd *v)
{
	bool goes_on = s->parts && s->seq == a->seq && (!q || (q->has_result && q->seq == a->seq));
	uint32_t n = rd_have(v), left = rd_left(v);
	const uint8_t *p = rd_bytes(v, n);

	if (!goes_on && !a->more && (!q || !q->has_result)) {
		*v = rd_init(p, p ? n : 0, left);
		return true;
	}
	if (!goes_on && q && q->has_result)
		return false;
	if (!goes_on)
		s->part_n = s->part_total = 0;
	s->parts = a->more;
	s->seq = a->seq;
	/* behind a part that was cut nothing fits on */
	if (s->part_n == s->part_total && p) {
		uint32_t room = S7_PART - (uint32_t)s->part_n, take = n < room ? n : room;
		memcpy(s->part + s->part_n, p, take);
		s->part_n = (uint16_t)(s->part_n + take);
	}
	s->part_total = (uint16_t)(left > 0xffffu - s->part_total ? 0xffffu : s->part_total + left);
	*v = rd_init(s->part, s->part_n, s->part_total);
	return !a->more;
}

/* Which messages the controller shall send; behind it stands a user's name. */
static void
put_subscription(struct ev *e, struct rd *r)
{
	static const struct text names[8] = {
		TEXT("mode"), TEXT("system_diagnostics"), TEXT("user_diagnostics"), TEXT("load"),
		{ 0 }, { 0 }, { 0 }, TEXT("alarms"),
	};
	uint8_t b = rd_u8(r);

	if (!rd_ok(r))
		return;
	ev_arr(e, "subscribed");
	for (int i = 0; i < 8; i++)
		if (b >> i & 1 && names[i].n)
			ev_a_str(e, names[i]);
	ev_end(e);
	rd_skip(r, 1);
	if (rd_left(r) >= 8)
		ev_bool(e, "user_name", true);
}

/* Event ids of operating mode changes: what an incident is put together from. */
static const struct tok diagnostics[] = {
	{ 0x4301, "stop_to_startup" }, { 0x4302, "startup_to_run" }, { 0x4303, "stop_by_switch" },
	{ 0x4304, "stop_by_programming_device" }, { 0x4305, "hold_by_breakpoint" },
	{ 0x4306, "hold_left" }, { 0x4307, "memory_reset_by_programming_device" },
	{ 0x4308, "memory_reset_by_switch" }, { 0x4309, "memory_reset_at_power_on" },
	{ 0x430a, "hold_to_stop" }, { 0x430d, "stop_by_other_cpu" },
	{ 0x430e, "memory_reset_executed" }, { 0x4510, "stop_violation" },
	{ 0x4520, "defect" }, { 0x4540, "stop_memory_expansion" }, { 0x4541, "stop_by_priority" },
	{ 0x4542, "stop_by_object_management" }, { 0x4543, "stop_by_test_functions" },
	{ 0x4544, "stop_by_diagnostics" }, { 0x4545, "stop_by_communication" },
	{ 0x4546, "stop_by_memory_management" }, { 0x4547, "stop_by_process_image" },
	{ 0x4548, "stop_by_io" }, { 0x4562, "stop_by_programming_error" },
	{ 0x4563, "stop_by_io_access_error" }, { 0x4567, "stop_by_missing_block" },
	{ 0x4568, "stop_by_time_error" }, { 0x0, NULL },
};

static void
put_diagnostic(struct ev *e, struct rd *r)
{
	uint16_t id = rd_be16(r);
	const char *s;

	if (!rd_ok(r))
		return;
	s = tok_find(diagnostics, id);
	ev_obj(e, "diagnostic");
	ev_str(e, "event_id", ev_text(e, "0x%04x", id));
	ev_cstr(e, "event", s);
	ev_end(e);
	e->ot.object = ev_text(e, "event 0x%04x", id);
	if (s)
		ev_val_str(e, text_c(s));
}

/* Time stamp, function, number of messages; then by message 0x12, length, syntax,
 * number of values, event id .. */
static void
put_alarms(struct ev *e, struct rd *r, bool stamped)
{
	uint8_t n;

	if (stamped)
		rd_skip(r, 8);
	rd_skip(r, 1);
	n = rd_u8(r);
	if (!rd_ok(r) || !n)
		return;
	ev_arr(e, "alarms");
	for (unsigned k = 0; k < n && k < LIM_S7_ITEMS; k++) {
		struct rd x;
		uint32_t id;
		if (rd_u8(r) != 0x12)
			break;
		x = rd_sub(r, rd_u8(r));
		rd_skip(&x, 2);
		id = rd_be32(&x);
		if (!rd_ok(&x))
			break;
		ev_a_obj(e);
		ev_str(e, "event_id", ev_text(e, "0x%08x", id));
		if (rd_left(&x) >= 2) {
			rd_skip(&x, 1);
			ev_bool(e, "active", rd_u8(&x) != 0);
		}
		ev_end(e);
		if (!e->ot.object.n)
			e->ot.object = ev_text(e, "event 0x%08x", id);
		/* values of the message follow: of the process, not needed here */
		while (rd_left(r) && rd_peek8(r, 0) != 0x12)
			rd_skip(r, 1);
	}
	ev_end(e);
	e->ot.has_count = true;
	e->ot.count = n;
}

/* The clock: one reserved byte, the century, then BCD from the year on. */
static void
put_clock(struct ev *e, struct rd *r)
{
	const uint8_t *p = rd_bytes(r, 10);
	struct text t;

	if (!p)
		return;
	for (int i = 1; i < 8; i++)
		if ((p[i] & 15) > 9 || p[i] >> 4 > 9)
			return;
	t = ev_text(e, "%s%02x-%02x-%02xT%02x:%02x:%02x.%02x%x", p[2] < 0x84 ? "20" : "19", p[2],
	    p[3], p[4], p[5], p[6], p[7], p[8], p[9] >> 4);
	ev_str(e, "clock", t);
	ev_val_str(e, t);
}

/* Mode transitions say the new mode where others have their function. */
static const struct tok transitions[] = {
	{ 0, "STOP" }, { 1, "STARTUP (warm restart)" }, { 2, "RUN" },
	{ 3, "STARTUP (hot restart)" }, { 4, "HOLD" }, { 6, "STARTUP (cold restart)" },
	{ 9, "RUN-R" }, { 11, "LINK-UP" }, { 12, "UPDATE" }, { 0, NULL },
};

static void
put_detail(struct ev *e, const struct s7_pdu *p, struct rd *request, struct rd *answer)
{
	uint8_t who = p->group;

	switch (who) {
	case S7_G_CYCLIC:
		if (p->sub == 1 || p->sub == 5 || p->sub == 7)
			s7_put_cyclic(e, request, answer);
		break;
	case S7_G_BLOCK:
		s7_put_blocks(e, p->sub, request, answer);
		break;
	case S7_G_CPU:
		if (p->sub == 1) {
			if (answer && rd_left(answer)) {
				s7_put_szl(e, answer);
			} else if (request && rd_left(request) >= 4) {
				uint16_t id = rd_be16(request), index = rd_be16(request);
				ev_obj(e, "szl");
				s7_put_szl_ids(e, id, index);
				ev_end(e);
			}
		} else if (p->sub == 2) {
			if (request)
				put_subscription(e, request);
		} else if (p->sub == 3) {
			if (answer)
				put_diagnostic(e, answer);
		} else if (p->sub == 0x0b) {
			if (request)
				put_alarms(e, request, false);
		} else if (p->sub != 0x13 && answer) {
			put_alarms(e, answer, true);
		}
		break;
	case S7_G_TIME:
		if (p->sub & 1) {
			if (answer)
				put_clock(e, answer);
		} else if (request) {
			put_clock(e, request);
		}
		break;
	case S7_G_PBC:
		/* data blocks of the user's: how much, no more */
		if (request || answer) {
			e->ot.has_count = true;
			e->ot.count = rd_left(request ? request : answer);
		}
		break;
	default:
		break;
	}
}

void
s7_put_userdata(struct dctx *c, struct ev *e, const struct s7_pdu *q, const struct s7_pdu *a)
{
	const struct s7_pdu *p = q ? q : a;
	const struct s7_sub *s = s7_sub_find(p->group, p->sub);
	const char *group = tok_find(s7_groups, p->group);
	struct rd request = { 0 }, answer = { 0 };
	uint8_t code = 0xff, dummy;
	bool asked, answered, whole = true;

	asked = q && payload(q, &request, &dummy);
	answered = a && payload(a, &answer, &code);
	e->ot.op = s ? (enum ot_op)s->op : OT_OTHER;
	if (a && !q && a->ud_type == S7_UD_PUSH && e->ot.op != OT_ALARM)
		e->ot.op = OT_REPORT;
	ev_obj(e, "userdata");
	ev_cstr(e, "group", group);
	if (!group)
		ev_uint(e, "group_code", p->group);
	if (p->group == S7_G_MODE) {
		const char *mode = tok_find(transitions, p->sub);
		e->ot.service = TEXT("mode_transition");
		ev_uint(e, "subfunction_code", p->sub);
		ev_cstr(e, "mode", mode);
		if (mode)
			ev_val_str(e, text_c(mode));
	} else if (p->group == S7_G_PBC) {
		e->ot.service = TEXT("bsend");
		e->ot.op = OT_REPORT;
		ev_uint(e, "subfunction_code", p->sub);
	} else {
		e->ot.service = s ? text_c(s->name) : group ? text_c(group) : TEXT("userdata");
		ev_uint(e, "subfunction_code", p->sub);
	}
	ev_cstr(e, "kind", a && !q && a->ud_type == S7_UD_PUSH ? "push" : NULL);
	ev_uint(e, "sequence", a ? a->seq : q->seq);
	if (a && a->has_result) {
		if (a->more)
			ev_bool(e, "more", true);
		if (a->ud_error)
			e->ot.result = s7_error_text(e, a->ud_error);
	}
	if (q && q->has_result && q->seq)
		ev_bool(e, "continued", true);
	ev_end(e);
	/* "object does not exist" with nothing behind it is how "nothing to say" is said */
	if (a && code != 0xff && !e->ot.result.n && !(code == 0x0a && !a->ud_error))
		e->ot.result = s7_code_text(e, code);
	if (answered && p->group == S7_G_CPU && p->sub == 1 && a->has_result)
		whole = gathered(c->state, q, a, &answer);
	put_detail(e, p, asked ? &request : NULL, answered && whole ? &answer : NULL);
}
