/* fins_put.c: what a command and its answer say, as events have it: detail, the
 * common block, identity. */
#include "proto/fins.h"

/* ---- detail ---------------------------------------------------------- */

void
fins_put_address(struct ev *e, const struct fins_frame *f)
{
	const uint8_t *d = f->answer ? f->src : f->dest, *s = f->answer ? f->dest : f->src;

	ev_str(e, "dest_address", ev_text(e, "%u.%u.%u", d[0], d[1], d[2]));
	ev_str(e, "src_address", ev_text(e, "%u.%u.%u", s[0], s[1], s[2]));
}

static void
put_place(struct ev *e, struct rd *r)
{
	struct fins_place p = fins_place_read(r);

	if (!rd_ok(r))
		return;
	ev_uint(e, "area", p.area);
	ev_uint(e, "address", p.word);
	ev_uint(e, "bit", p.bit);
}

void
fins_put_request(struct ev *e, const struct fins_frame *q)
{
	struct rd r = q->data;
	uint16_t n;

	ev_obj(e, "request");
	switch (q->cmd) {
	case FINS_MEM_READ: case FINS_MEM_WRITE: case FINS_MEM_FILL: case FINS_MEM_TRANSFER:
		put_place(e, &r);
		if (q->cmd == FINS_MEM_TRANSFER && rd_have(&r) >= 6) {
			struct fins_place to = fins_place_read(&r);
			ev_str(e, "to", fins_place_name(e, &to));
		}
		n = rd_be16(&r);
		if (rd_ok(&r))
			ev_uint(e, "count", n);
		break;
	case 0x0201: case 0x0202: case 0x0203:
		if (rd_have(&r) >= 6) {
			ev_uint(e, "area", rd_be16(&r));
			ev_uint(e, "address", rd_be16(&r));
			ev_uint(e, "count", rd_be16(&r) & 0x7fff);
		}
		break;
	case FINS_PROGRAM_PROTECT: case FINS_PROGRAM_UNPROTECT:
		if (rd_have(&r) >= 11) {
			ev_uint(e, "program", rd_be16(&r));
			rd_skip(&r, 1);
			ev_uint(e, "address", rd_be32(&r));
			ev_uint(e, "last", rd_be32(&r));
			ev_bool(e, "has_password", rd_left(&r) > 0);
			if (rd_left(&r))
				ev_credential(e, CRED_PASSWORD, CRED_CLEAR);
		}
		break;
	case FINS_PROGRAM_READ: case FINS_PROGRAM_WRITE: case FINS_PROGRAM_CLEAR:
		if (rd_have(&r) >= 2)
			ev_uint(e, "program", rd_be16(&r));
		if (rd_have(&r) >= 6) {
			ev_uint(e, "address", rd_be32(&r));
			n = rd_be16(&r);
			ev_uint(e, "count", n & 0x7fff);
			ev_bool(e, "last_part", n & 0x8000);
		}
		break;
	case FINS_RUN:
		if (rd_have(&r) >= 2)
			ev_uint(e, "program", rd_be16(&r));
		if (rd_have(&r))
			ev_uint(e, "mode", rd_u8(&r));
		break;
	case 0x2102:
		if (rd_have(&r) >= 4) {
			ev_uint(e, "address", rd_be16(&r));
			ev_uint(e, "count", rd_be16(&r));
		}
		break;
	default:
		break;
	}
	ev_uint(e, "length", rd_left(&q->data));
	ev_end(e);
}

static const struct tok run_modes[] = {
	{ 0, "program" }, { 1, "debug" }, { 2, "monitor" }, { 4, "run" }, { 0, NULL },
};
static const struct tok states[] = {
	{ 0, "stop" }, { 1, "run" }, { 0x80, "standby" }, { 0, NULL },
};

void
fins_put_response(struct ev *e, const struct fins_frame *a)
{
	struct rd r = a->data;

	ev_obj(e, "response");
	ev_uint(e, "end_code", a->end);
	ev_cstr(e, "end", fins_end_name(a->end));
	if (a->end & 0x8000)
		ev_bool(e, "relay_error", true);
	if (a->end & 0x0080)
		ev_bool(e, "fatal_cpu_error", true);
	if (a->end & 0x0040)
		ev_bool(e, "non_fatal_cpu_error", true);
	if (a->cmd == FINS_STATUS && rd_have(&r) >= 10) {
		ev_cstr(e, "status", tok_find(states, rd_u8(&r)));
		ev_cstr(e, "mode", tok_find(run_modes, rd_u8(&r)));
		ev_uint(e, "fatal_errors", rd_be16(&r));
		ev_uint(e, "non_fatal_errors", rd_be16(&r));
		ev_uint(e, "messages", rd_be16(&r));
		ev_uint(e, "error_code", rd_be16(&r));
	} else if (a->cmd == 0x2102 && rd_have(&r) >= 6) {
		ev_uint(e, "log_records", rd_be16(&r));
		ev_uint(e, "log_stored", rd_be16(&r));
		ev_uint(e, "log_read", rd_be16(&r));
	}
	ev_uint(e, "length", rd_left(&a->data));
	ev_end(e);
}

/* ---- values ---------------------------------------------------------- */

static void
put_elements(struct ev *e, struct rd r, unsigned width, unsigned n)
{
	unsigned have = width ? rd_have(&r) / width : 0;

	if (n > have)
		n = have;
	if (!n)
		return;
	if (width == 2 && n > 1) {
		ev_val_be16(e, rd_bytes(&r, n * 2), n * 2);
		return;
	}
	if (n > 1)
		ev_val_arr(e);
	for (unsigned i = 0; i < n; i++)
		ev_val_uint(e, width == 1 ? rd_u8(&r) : width == 2 ? rd_be16(&r) : rd_be32(&r));
	if (n > 1)
		ev_val_end(e);
}

/* "2026-11-22 08:30:00" from BCD, as far as it goes. */
static void
put_clock(struct ev *e, struct rd r)
{
	uint32_t n = rd_have(&r);
	const uint8_t *d = rd_bytes(&r, n);

	if (!d || n < 5)
		return;
	ev_val_str(e, n < 6 ? ev_text(e, "%s%02x-%02x-%02x %02x:%02x", d[0] >= 0x90 ? "19" : "20",
	    d[0], d[1], d[2], d[3], d[4]) : ev_text(e, "%s%02x-%02x-%02x %02x:%02x:%02x",
	    d[0] >= 0x90 ? "19" : "20", d[0], d[1], d[2], d[3], d[4], d[5]));
}

/* What several reads in one command touched. */
static void
put_multiple(struct ev *e, struct rd r, struct rd a)
{
	char *d = ev_room(e, 320);
	uint32_t at = 0;
	unsigned n = rd_left(&r) / 4;

	e->ot.has_count = true;
	e->ot.count = n;
	if (rd_have(&a))
		ev_val_arr(e);
	for (unsigned i = 0; rd_have(&r) >= 4; i++) {
		struct fins_place p = fins_place_read(&r);
		struct text t = fins_place_name(e, &p);
		unsigned w = fins_place_width(p.area);
		if (d && i < 8 && t.n < 32) {
			if (i) {
				memcpy(d + at, ", ", 2);
				at += 2;
			}
			memcpy(d + at, t.p, t.n);
			at += t.n;
			if (i == 7 && n > 8) {
				memcpy(d + at, ", ...", 5);
				at += 5;
			}
		}
		if (rd_have(&a) > w && w && rd_u8(&a) == p.area)
			ev_val_uint(e, w == 1 ? rd_u8(&a) : w == 2 ? rd_be16(&a) : rd_be32(&a));
		else
			a = rd_init(NULL, 0, 0);
	}
	if (e->val.depth > 1)
		ev_val_end(e);
	e->ot.object = (struct text){ d, at };
}

static void
put_forced(struct ev *e, struct rd r, int index)
{
	static const struct tok how[] = {
		{ 0x0000, "force_reset" }, { 0x0001, "force_set" }, { 0x8000, "release_reset" },
		{ 0x8001, "release_set" }, { 0xffff, "release" }, { 0, NULL },
	};
	uint16_t n = rd_be16(&r), code;
	struct fins_place p;

	rd_skip(&r, (index < 0 ? 0u : (unsigned)index) * 6);
	code = rd_be16(&r);
	p = fins_place_read(&r);
	if (!rd_ok(&r) || !n)
		return;
	e->ot.object = fins_place_name(e, &p);
	ev_val_str(e, text_c(tok_or(how, code, "unknown")));
}

void
fins_put_common(struct ev *e, const struct fins_frame *q, const struct fins_frame *a, int index)
{
	const struct fins_frame *f = q ? q : a;
	const struct fins_command *c = fins_command_find(f->cmd);
	struct rd none = rd_init(NULL, 0, 0), r = q ? q->data : none;
	struct rd back = a && !(a->end & 0x7f3f) ? a->data : none;
	struct fins_place p;
	uint16_t n;

	e->ot.op = c ? c->op : OT_OTHER;
	e->ot.service = c ? c->name : ev_text(e, "command 0x%04x", f->cmd);
	switch (f->cmd) {
	case FINS_MEM_READ: case FINS_MEM_WRITE: case FINS_MEM_FILL: case FINS_MEM_TRANSFER:
		p = fins_place_read(&r);
		if (f->cmd == FINS_MEM_TRANSFER) {
			struct fins_place from = p;
			p = fins_place_read(&r);
			if (rd_ok(&r))
				ev_val_str(e, fins_place_name(e, &from));
		}
		n = rd_be16(&r);
		if (!rd_ok(&r))
			break;
		e->ot.object = fins_place_name(e, &p);
		e->ot.has_count = true;
		e->ot.count = n;
		if (f->cmd == FINS_MEM_READ)
			put_elements(e, back, fins_place_width(p.area), n);
		else if (f->cmd != FINS_MEM_TRANSFER)
			put_elements(e, r, fins_place_width(p.area),
			    f->cmd == FINS_MEM_FILL ? 1 : n);
		break;
	case FINS_MEM_MULTI:
		put_multiple(e, r, back);
		break;
	case FINS_PROGRAM_PROTECT: case FINS_PROGRAM_UNPROTECT: case FINS_PROGRAM_READ:
	case FINS_PROGRAM_WRITE: case FINS_PROGRAM_CLEAR:
		n = rd_be16(&r);
		if (rd_ok(&r))
			e->ot.object = ev_text_num(e, "program ", 8, n);
		break;
	case FINS_RUN:
		rd_skip(&r, 2);
		n = rd_u8(&r);
		if (rd_ok(&r))
			ev_val_str(e, text_c(tok_or(run_modes, n, "unknown")));
		else if (q)
			ev_val_str(e, TEXT("monitor"));         /* what is meant without a mode */
		break;
	case FINS_CLOCK_READ:
		put_clock(e, back);
		break;
	case FINS_CLOCK_WRITE:
		put_clock(e, r);
		break;
	case FINS_FORCE:
		put_forced(e, r, index);
		break;
	default:
		break;
	}
}

/* ---- identity -------------------------------------------------------- */

static bool
printable(struct text t)
{
	for (uint32_t i = 0; i < t.n; i++)
		if ((uint8_t)t.p[i] < 0x20 || (uint8_t)t.p[i] > 0x7e)
			return false;
	return t.n > 0;
}

/* The text up to its first NUL. */
static struct text
field(struct rd *r, uint32_t n)
{
	struct text t = text_rd(r, n);

	for (uint32_t i = 0; i < t.n; i++)
		if (!t.p[i])
			t.n = i;
	return text_trim(t.p, t.n);
}

/* A controller on another network is behind the one that has the address. */
static struct ident *
whose(struct ev *e, const struct fins_frame *a, const char *source, int unit)
{
	struct ident *i = ev_identity(e, source, a->src[0] || unit >= 0 ? EV_OTHER : EV_DEST);

	if (i->of != EV_OTHER)
		return i;
	i->has_parent = true;
	i->parent = EV_DEST;
	if (!a->src[0])
		i->sub = ev_text(e, "unit %d", unit);
	else if (unit < 0)
		i->sub = ev_text(e, "network %u node %u", a->src[0], a->src[1]);
	else
		i->sub = ev_text(e, "network %u node %u unit %d", a->src[0], a->src[1], unit);
	return i;
}

void
fins_identify(struct ev *e, const struct fins_frame *a)
{
	struct rd r = a->data;
	struct ident *i;

	if (a->end & 0x7f3f)
		return;
	if (a->cmd == FINS_CONTROLLER) {
		struct text model = field(&r, 20), version = field(&r, 20);
		if (!printable(model))
			return;
		i = whose(e, a, "fins.controller_data", -1);
		i->vendor = TEXT("Omron");
		i->model = model;
		if (printable(version))
			i->firmware = version;
		i->role = TEXT("plc");
	} else if (a->cmd == FINS_UNITS) {
		unsigned n = rd_u8(&r) & 0x7f;
		while (n-- && rd_have(&r) >= 21) {
			uint8_t unit = rd_u8(&r);
			struct text model = field(&r, 20);
			if (!printable(model))
				continue;
			i = whose(e, a, "fins.connection_data", unit);
			i->vendor = TEXT("Omron");
			i->model = model;
		}
	}
}
