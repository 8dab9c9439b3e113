/* iec104_put.c: an APDU as the event's detail, and what it means to an engineer. */
#include "proto/iec104.h"

enum { NAMED_MAX = 8, TEXT_MAX = 128 };

static char *
two(char *p, unsigned v)
{
	*p++ = (char)('0' + v / 10 % 10);
	*p++ = (char)('0' + v % 10);
	return p;
}

/* "2025-11-24T16:00:00.250", or "05:30.000" of the hour. The zone is the site's. */
static struct text
time_text(struct ev *e, const struct iec_time *t)
{
	char *s = ev_room(e, 32), *p = s;
	unsigned ms = t->ms % 1000;

	if (!s)
		return (struct text){ 0 };
	if (t->full) {
		p = two(p, 20 + t->year / 100);
		p = two(p, t->year % 100);
		*p++ = '-';
		p = two(p, t->month);
		*p++ = '-';
		p = two(p, t->day);
		*p++ = 'T';
		p = two(p, t->hour);
		*p++ = ':';
	}
	p = two(p, t->min);
	*p++ = ':';
	p = two(p, t->ms / 1000u);
	*p++ = '.';
	*p++ = (char)('0' + ms / 100);
	p = two(p, ms % 100);
	return (struct text){ s, (uint32_t)(p - s) };
}

static const char *
qualifier_name(uint8_t type, uint8_t q)
{
	switch (type) {
	case IEC_EI: return tok_find(iec_init, q & 0x7f);
	case IEC_IC: return tok_find(iec_qoi, q);
	case IEC_CI: return tok_find(iec_counters, q & 63);
	case IEC_RP: return tok_find(iec_reset, q);
	case 110: case 111: case 112: return tok_find(iec_parameter, q & 63);
	case IEC_F_CALL: return tok_find(iec_file_select, q & 15);
	case 124: return tok_find(iec_file_ack, q & 15);
	default: return NULL;
	}
}

static void
put_quality(struct ev *e, const struct iec_object *o)
{
	if (o->invalid)
		ev_bool(e, "invalid", true);
	if (o->not_topical)
		ev_bool(e, "not_topical", true);
	if (o->substituted)
		ev_bool(e, "substituted", true);
	if (o->blocked)
		ev_bool(e, "blocked", true);
	if (o->overflow)
		ev_bool(e, "overflow", true);
	if (o->carry)
		ev_bool(e, "carry", true);
	if (o->adjusted)
		ev_bool(e, "adjusted", true);
	if (o->elapsed_invalid)
		ev_bool(e, "elapsed_invalid", true);
}

static void
put_object(struct ev *e, uint8_t type, const struct iec_object *o)
{
	ev_a_obj(e);
	ev_uint(e, "ioa", o->ioa);
	if (o->has_value && o->real)
		ev_real(e, "value", o->number);
	else if (o->has_value)
		ev_int(e, "value", o->value);
	if (o->has_quality)
		put_quality(e, o);
	if (o->has_select) {
		ev_bool(e, "select", o->select);
		if (o->pulse)
			ev_uint(e, "pulse_raw", o->pulse);
		if (o->pulse && o->pulse < 4)
			ev_cstr(e, "pulse", iec_pulse[o->pulse]);
	}
	if (o->has_qualifier) {
		ev_uint(e, "qualifier", o->qualifier);
		ev_cstr(e, "qualifier_name", qualifier_name(type, o->qualifier));
		if (type == IEC_CI)
			ev_cstr(e, "freeze", tok_find(iec_freeze, o->qualifier >> 6));
	}
	if (o->has_elapsed)
		ev_uint(e, "elapsed_ms", o->elapsed_ms);
	if (o->time.has) {
		ev_str(e, "time", time_text(e, &o->time));
		if (o->time.invalid)
			ev_bool(e, "time_invalid", true);
		if (o->time.summer)
			ev_bool(e, "summer_time", true);
	}
	if (o->until.has)
		ev_str(e, "until", time_text(e, &o->until));
	if (o->has_name)
		ev_uint(e, "file", o->file);
	if (o->has_section)
		ev_uint(e, "section", o->section);
	if (o->has_size)
		ev_uint(e, "size", o->size);
	ev_end(e);
}

void
iec_put(struct ev *e, const struct iec_apdu *a, unsigned part)
{
	const struct iec_type *t = iec_type(a->type);
	struct iec_walk w;
	struct iec_object o;
	bool list = false;

	if (a->format == IEC_U) {
		ev_cstr(e, "format", "U");
		ev_cstr(e, "function", iec_u_name(a->u));
		return;
	}
	ev_cstr(e, "format", "I");
	ev_uint(e, "tx", a->tx);
	ev_uint(e, "rx", a->rx);
	ev_obj(e, "asdu");
	ev_uint(e, "type_id", a->type);
	ev_cstr(e, "type", t ? t->name : NULL);
	ev_uint(e, "cause", a->cause);
	ev_cstr(e, "cause_name", iec_cause(a->cause));
	if (a->negative)
		ev_bool(e, "negative", true);
	if (a->test)
		ev_bool(e, "test", true);
	ev_uint(e, "originator", a->originator);
	ev_uint(e, "common_address", a->ca);
	ev_uint(e, "count", a->count);
	if (a->sq)
		ev_bool(e, "sequence", true);
	iec_walk_begin(&w, a);
	while (iec_next(&w, &o)) {
		if (part && w.done != part)
			continue;
		if (!list)
			ev_arr(e, "objects");
		list = true;
		put_object(e, a->type, &o);
	}
	if (list)
		ev_end(e);
	ev_end(e);
}

void
iec_put_confirmation(struct ev *e, const struct iec_apdu *a)
{
	const struct iec_type *t = iec_type(a->type);

	ev_obj(e, "confirmation");
	if (a->format == IEC_U) {
		ev_cstr(e, "function", iec_u_name(a->u));
	} else {
		ev_uint(e, "tx", a->tx);
		ev_uint(e, "rx", a->rx);
		ev_cstr(e, "type", t ? t->name : NULL);
		ev_uint(e, "cause", a->cause);
		ev_cstr(e, "cause_name", iec_cause(a->cause));
		if (a->negative)
			ev_bool(e, "negative", true);
		if (a->test)
			ev_bool(e, "test", true);
	}
	ev_end(e);
}

static enum ot_op
op_of(const struct iec_apdu *a, const struct iec_object *o, bool to_station)
{
	uint8_t t = a->type;

	if ((t >= IEC_C_FIRST && t <= IEC_C_LAST) || t == IEC_RP)
		return OT_COMMAND;
	if (t == IEC_CI)
		return o->qualifier >> 6 ? OT_COMMAND : OT_READ;
	if (t == IEC_IC || t == IEC_RD)
		return OT_READ;
	if (t == IEC_CS)
		return to_station ? OT_WRITE : OT_REPORT;
	if (t >= IEC_P_FIRST && t <= IEC_P_LAST)
		return OT_CONFIGURE;
	if (t >= IEC_F_FIRST) {
		/* who offers a file, or sends it, writes it to the other */
		if ((t == IEC_F_READY || t == IEC_F_SEGMENT) && to_station)
			return OT_PROGRAM;
		return t == IEC_F_CALL && (o->qualifier & 15) == 4 ? OT_PROGRAM : OT_READ;
	}
	if (t >= 81 && t <= 95)
		return OT_AUTH;
	if (t > IEC_EI)
		return OT_OTHER;
	if ((t >= 17 && t <= 19) || (t >= 38 && t <= 40))
		return OT_ALARM;                /* a protection has acted */
	return a->cause == COT_REQUEST || (a->cause >= COT_INTERROGATED &&
	    a->cause <= COT_COUNTERS_LAST) ? OT_READ : OT_REPORT;
}

static void
value_of(struct ev *e, uint8_t type, const struct iec_object *o)
{
	if (type == 45 || type == 58)
		ev_val_str(e, o->value ? TEXT("on") : TEXT("off"));
	else if (type == 46 || type == 59)
		ev_val_str(e, text_c(iec_double_command[o->value & 3]));
	else if (type == 47 || type == 60)
		ev_val_str(e, text_c(iec_step_command[o->value & 3]));
	else if (type == IEC_CS)
		ev_val_str(e, time_text(e, &o->time));
	else if (o->real)
		ev_val_real(e, o->number);
	else if (o->has_value)
		ev_val_int(e, o->value);
}

/* "ioa:10010", "ioa:10010-10019", "ioa:5,9"; of what has none, what is meant. */
static struct text
object_text(struct ev *e, const struct iec_apdu *a, unsigned part, const struct iec_object *first)
{
	char *s = ev_room(e, TEXT_MAX);
	struct iec_walk w;
	struct iec_object o;
	const char *name = NULL;
	uint32_t n;

	if (!s)
		return (struct text){ 0 };
	if (a->type == IEC_CS)
		return TEXT("clock");
	if (first->has_qualifier && !first->ioa &&
	    (a->type == IEC_IC || a->type == IEC_CI || a->type == IEC_RP))
		name = qualifier_name(a->type, first->qualifier);
	if (name)
		return text_c(name);
	if (first->has_name) {
		memcpy(s, "file:", 5);
		return (struct text){ s, (uint32_t)(5 + jw_dec(s + 5, first->file)) };
	}
	if (a->type >= IEC_EI && !first->ioa)
		return (struct text){ 0 };
	memcpy(s, "ioa:", 4);
	n = 4 + (uint32_t)jw_dec(s + 4, first->ioa);
	if (part || a->count < 2)
		return (struct text){ s, n };
	if (a->sq) {
		s[n++] = '-';
		return (struct text){ s, n + (uint32_t)jw_dec(s + n, first->ioa + a->count - 1u) };
	}
	iec_walk_begin(&w, a);
	while (iec_next(&w, &o)) {
		if (w.done == 1)
			continue;
		if (w.done > NAMED_MAX) {
			memcpy(s + n, ",...", 4);
			return (struct text){ s, n + 4 };
		}
		s[n++] = ',';
		n += (uint32_t)jw_dec(s + n, o.ioa);
	}
	return (struct text){ s, n };
}

bool
iec_reports(const struct iec_apdu *a)
{
	struct iec_object none = { 0 };
	enum ot_op op = op_of(a, &none, false);

	return op == OT_REPORT || op == OT_ALARM;
}

void
iec_ot(struct ev *e, const struct iec_apdu *a, unsigned part, bool to_station, bool to_dest)
{
	const struct iec_type *t = iec_type(a->type);
	struct iec_object first = { .ioa = a->ioa }, o;
	struct iec_walk w;
	bool array;

	iec_walk_begin(&w, a);
	while (iec_next(&w, &o)) {
		if (w.done == (part ? part : 1)) {
			first = o;
			break;
		}
	}
	e->ot.op = op_of(a, &first, to_station);
	e->ot.service = text_c(t ? t->name : NULL);
	e->ot.object = object_text(e, a, part, &first);
	if (to_station || to_dest) {
		e->ot.has_unit = true;
		e->ot.unit_id = a->ca;
	}
	if (!first.has_value && a->type != IEC_CS)
		return;
	e->ot.has_count = true;
	e->ot.count = part ? 1 : a->count;
	array = !part && a->count > 1;
	if (!array) {
		value_of(e, a->type, &first);
		return;
	}
	ev_val_arr(e);
	iec_walk_begin(&w, a);
	while (iec_next(&w, &o))
		value_of(e, a->type, &o);
	ev_val_end(e);
}
