/* dnp3_ot.c: what a message means to an engineer: operation, object, value,
 * result, and what the outstation says of itself. */
#include "proto/dnp3.h"

enum { TEXT_MAX = 160, NAMED_MAX = 8 };

/* A short text, built in place. */
struct text_out { char *p; uint32_t n; };

static void
add(struct text_out *t, const char *s, size_t n)
{
	if (t->p && t->n + n <= TEXT_MAX) {
		memcpy(t->p + t->n, s, n);
		t->n += (uint32_t)n;
	}
}

static void
add_num(struct text_out *t, uint64_t v)
{
	char d[20];

	add(t, d, jw_dec(d, v));
}

static void
add_c(struct text_out *t, const char *s)
{
	if (s)
		add(t, s, strlen(s));
}

static void
add_file(struct text_out *t, const struct dnp3_obj *h, const struct dnp3_point *p)
{
	static const char hex[] = "0123456789abcdef";
	struct dnp3_file f;
	char d[8];

	dnp3_file_decode(h->var, p->body, &f);
	if (f.has_name) {
		add(t, ":", 1);
		add(t, f.name.p, f.name.n < 100 ? f.name.n : 100);
	} else if (f.has_handle) {
		for (int i = 7; i >= 0; i--, f.handle >>= 4)
			d[i] = hex[f.handle & 15];
		add(t, ":#", 2);
		add(t, d, 8);
	}
}

/* One header's points: "analog_input:0-15", "binary_output:3,7", "class_1". */
static void
add_object(struct text_out *t, struct dnp3_walk *w)
{
	const struct dnp3_obj *h = &w->h;
	struct dnp3_point p;
	unsigned n = 0;

	if (t->n)
		add(t, ",", 1);
	add_c(t, dnp3_group(h->group));
	if (h->group == 60) {
		add(t, "_", 1);
		add_num(t, h->var ? h->var - 1u : 0);
		return;
	}
	if (h->group >= 50 && h->group <= 52)
		return;
	if (h->group == 70) {
		if (dnp3_next_point(w, &p))
			add_file(t, h, &p);
		return;
	}
	add(t, ":", 1);
	if (h->group == 120) {
		add_c(t, dnp3_auth_object(h->var));
	} else if (h->group == 0) {
		if (dnp3_attribute(h->var))
			add_c(t, dnp3_attribute(h->var));
		else
			add_num(t, h->var);
	} else if (h->ranged) {
		add_num(t, h->start);
		if (h->stop != h->start) {
			add(t, "-", 1);
			add_num(t, h->stop);
		}
	} else if (h->prefix >= 1 && h->prefix <= 3) {
		while (dnp3_next_point(w, &p)) {
			if (n++ >= NAMED_MAX)
				continue;
			if (n > 1)
				add(t, ",", 1);
			add_num(t, p.index);
		}
		if (n > NAMED_MAX)
			add(t, ",...", 4);
	} else {
		add(t, "*", 1);
	}
}

static struct text
object_text(struct ev *e, const struct dnp3_msg *m)
{
	struct text_out t = { ev_room(e, TEXT_MAX), 0 };
	struct rd r = m->body;
	struct dnp3_walk w;
	unsigned n = 0;

	dnp3_walk_begin(&w, &r, m->fc);
	while (n++ < NAMED_MAX && dnp3_next_object(&w)) {
		/* the time goes before what is frozen, not what is written */
		if (w.h.group == 51 && n == 1 && m->fc >= DNP3_RESPONSE)
			continue;
		add_object(&t, &w);
	}
	return (struct text){ t.p, t.n };
}

static struct text
part_text(struct ev *e, const struct dnp3_part *part)
{
	struct text_out t = { ev_room(e, TEXT_MAX), 0 };
	const struct dnp3_obj *h = &part->h;

	add_c(&t, dnp3_group(h->group));
	if (part->p.has_index) {
		add(&t, ":", 1);
		add_num(&t, part->p.index);
	} else if (h->ranged) {
		add(&t, ":", 1);
		add_num(&t, h->start);
		if (h->stop != h->start) {
			add(&t, "-", 1);
			add_num(&t, h->stop);
		}
	}
	return (struct text){ t.p, t.n };
}

/* "latch_on", "pulse_on close", "pulse_on trip queue". */
static struct text
crob_text(struct ev *e, const struct dnp3_point *p)
{
	struct text_out t = { ev_room(e, TEXT_MAX), 0 };

	if (dnp3_op_types[p->op]) {
		add_c(&t, dnp3_op_types[p->op]);
	} else {
		add_c(&t, "op_");
		add_num(&t, p->op);
	}
	if (p->tcc) {
		add(&t, " ", 1);
		add_c(&t, dnp3_trip_close[p->tcc]);
	}
	if (p->queue)
		add_c(&t, " queue");
	if (p->clear)
		add_c(&t, " clear");
	return (struct text){ t.p, t.n };
}

static bool
has_value(const struct dnp3_point *p)
{
	return p->has_value || p->kind == DP_CROB || p->kind == DP_ATTRIBUTE ||
	    (p->kind == DP_TIME && p->has_time);
}

static void
value_of(struct ev *e, const struct dnp3_point *p)
{
	struct dnp3_attr a;

	if (p->kind == DP_CROB) {
		ev_val_str(e, crob_text(e, p));
	} else if (p->kind == DP_ATTRIBUTE) {
		dnp3_attr_decode(p->body, &a);
		if (a.text.n)
			ev_val_str(e, a.text);
		else if (a.has_number)
			ev_val_int(e, a.number);
		else if (a.real)
			ev_val_real(e, a.value);
	} else if (p->real) {
		ev_val_real(e, p->number);
	} else if (p->has_value) {
		ev_val_int(e, p->value);
	} else if (p->has_time) {
		ev_val_uint(e, p->time);
	}
}

/* One value alone, several as an array. */
struct collect { struct dnp3_point first; bool held, array; };

static void
collect(struct ev *e, struct collect *c, const struct dnp3_point *p)
{
	if (!has_value(p))
		return;
	if (!c->held) {
		c->first = *p;
		c->held = true;
		return;
	}
	if (!c->array) {
		ev_val_arr(e);
		value_of(e, &c->first);
		c->array = true;
	}
	value_of(e, p);
}

static void
collected(struct ev *e, struct collect *c)
{
	if (c->array)
		ev_val_end(e);
	else if (c->held)
		value_of(e, &c->first);
}

/* All values of a message. Returns the points. */
static uint64_t
values(struct ev *e, const struct dnp3_msg *m)
{
	struct collect c = { .held = false };
	struct rd r = m->body;
	struct dnp3_walk w;
	struct dnp3_point p;
	uint64_t n = 0;

	dnp3_walk_begin(&w, &r, m->fc);
	while (dnp3_next_object(&w)) {
		if (w.h.group == 51 && m->fc != DNP3_WRITE)
			continue;
		for (; dnp3_next_point(&w, &p); n++)
			collect(e, &c, &p);
	}
	collected(e, &c);
	return n;
}

/* The values of one range that is written. */
static void
part_values(struct ev *e, const struct dnp3_msg *m, unsigned part)
{
	struct collect c = { .held = false };
	struct rd r = m->body;
	struct dnp3_walk w;
	struct dnp3_point p;
	unsigned at = 0;

	dnp3_walk_begin(&w, &r, m->fc);
	while (at < part && dnp3_next_object(&w)) {
		bool indexed = w.h.prefix >= 1 && w.h.prefix <= 3;
		if (!dnp3_is_part(m->fc, &w.h))
			continue;
		at += !indexed;
		while (dnp3_next_point(&w, &p)) {
			at += indexed;
			if (!indexed && at == part)
				collect(e, &c, &p);
		}
	}
	collected(e, &c);
}

/* What refuses the whole request. */
static const char *
iin_error(uint16_t iin)
{
	return iin & 1 ? "no_func_code_support" : iin & 2 ? "object_unknown" :
	    iin & 4 ? "parameter_error" : iin & 0x10 ? "already_executing" :
	    iin & 0x20 ? "config_corrupt" : NULL;
}

static void
put_result(struct ev *e, const struct tok *t, uint32_t code)
{
	const char *s = tok_find(t, code);

	e->ot.result = s ? text_c(s) : ev_text_num(e, "status_", 7, code);
}

/* A status other than success among the answer's objects. */
static void
result_of(struct ev *e, const struct dnp3_msg *a, unsigned part)
{
	struct rd r = a->body;
	struct dnp3_walk w;
	struct dnp3_point p;
	struct dnp3_part d;
	struct dnp3_file f;
	const char *s = iin_error(a->iin);
	int g;

	if (s)
		e->ot.result = text_c(s);
	if (part) {
		if (dnp3_part_find(a, part, &d) && d.p.has_status && d.p.status)
			put_result(e, dnp3_control_status, d.p.status);
		return;
	}
	/* most answers begin with a value, which has no status */
	g = rd_peek8(&r, 0);
	if (g != 12 && g != 41 && g != 70 && g != 120)
		return;
	dnp3_walk_begin(&w, &r, a->fc);
	while (dnp3_next_object(&w)) {
		while (dnp3_next_point(&w, &p)) {
			if ((p.kind == DP_CROB || w.h.group == 41) && p.has_status && p.status) {
				put_result(e, dnp3_control_status, p.status);
				return;
			}
			if (p.kind == DP_FILE) {
				dnp3_file_decode(w.h.var, p.body, &f);
				if (f.has_status && f.status) {
					put_result(e, dnp3_file_status, f.status);
					return;
				}
			} else if (p.kind == DP_AUTH && w.h.var == 7) {
				rd_skip(&p.body, 8);
				put_result(e, dnp3_auth_errors, rd_u8(&p.body));
				return;
			}
		}
	}
}

/* Group 0, set 0: the standard's own attributes. */
static void
identify(struct ev *e, const struct dnp3_msg *a, enum ident_of of)
{
	struct rd r = a->body;
	struct dnp3_walk w;
	struct dnp3_point p;
	struct dnp3_attr v;
	struct ident *i = NULL;

	dnp3_walk_begin(&w, &r, a->fc);
	while (dnp3_next_object(&w)) {
		if (w.h.group != 0 || w.h.start != 0)
			continue;
		while (dnp3_next_point(&w, &p)) {
			if (p.kind != DP_ATTRIBUTE)
				continue;
			dnp3_attr_decode(p.body, &v);
			if (!v.text.n)
				continue;
			if (!i)
				i = ev_identity(e, "dnp3.attributes", of);
			switch (w.h.var) {
			case 242: i->firmware = v.text; break;
			case 243: i->hardware = v.text; break;
			case 245: i->location = v.text; break;
			case 247: i->hostname = v.text; break;
			case 248: i->serial = v.text; break;
			case 250: i->product = v.text; break;
			case 252: i->vendor = v.text; break;
			default: break;
			}
		}
	}
}

/* A file opened to be written, or written to, is a transfer of something. */
static void
file_op(struct ev *e, const struct dnp3_msg *m, uint8_t fc)
{
	struct rd r = m->body;
	struct dnp3_walk w;
	struct dnp3_point p;
	struct dnp3_file f;

	dnp3_walk_begin(&w, &r, m->fc);
	if (!dnp3_next_object(&w) || w.h.group != 70 || !dnp3_next_point(&w, &p))
		return;
	dnp3_file_decode(w.h.var, p.body, &f);
	if (fc == DNP3_WRITE || (f.has_mode && f.mode != 1))
		e->ot.op = OT_PROGRAM;
}

static bool
commands(uint8_t fc)
{
	return fc >= DNP3_SELECT && fc <= DNP3_DIRECT_NR;
}

void
dnp3_ot(struct ev *e, const struct dnp3_msg *q, const struct dnp3_msg *a, unsigned part)
{
	const struct dnp3_msg *m = q && !q->told ? q : a;       /* whose objects */
	uint8_t fc = q ? q->fc : a->fc;
	const struct dnp3_function *f = dnp3_function(fc);
	struct dnp3_part d;

	e->ot.op = f ? f->op : OT_OTHER;
	e->ot.service = f ? f->name : (struct text){ 0 };
	if (fc != DNP3_UNSOLICITED) {
		e->ot.has_unit = true;
		e->ot.unit_id = q ? q->link.dst : a->link.src;
	} else if (a->iin & 0x4000) {
		e->ot.op = OT_ALARM;            /* the device says it is in trouble */
	}
	if ((part || commands(fc) || fc == DNP3_RESPONSE) && dnp3_part_find(m, part, &d)) {
		if (fc == DNP3_RESPONSE)
			e->ot.op = OT_COMMAND;
		e->ot.object = part_text(e, &d);
		e->ot.has_count = true;
		e->ot.count = d.p.kind == DP_NONE ? d.h.count : 1;
		if (d.p.kind == DP_NONE)
			part_values(e, m, part);
		else if (has_value(&d.p))
			value_of(e, &d.p);
	} else {
		if (rd_left(&m->body))
			e->ot.object = object_text(e, m);
		if (a && (!q || fc == DNP3_READ))
			e->ot.count = values(e, a);
		else if (fc == DNP3_WRITE && m == q)
			e->ot.count = values(e, q);
		e->ot.has_count = e->ot.count > 0;
	}
	if (a && (!q || fc == DNP3_READ) && rd_peek8(&a->body, 0) == 0)
		identify(e, a, fc == DNP3_UNSOLICITED ? EV_SRC : EV_DEST);
	if (fc == DNP3_OPEN || fc == DNP3_WRITE)
		file_op(e, m, fc);
	if (a)
		result_of(e, a, part);
}
