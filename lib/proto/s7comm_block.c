/* s7comm_block.c: programs: blocks up and down, what is done with them, lists. */
#include "proto/s7comm.h"

#include "base/ascii.h"
#include "base/stamp.h"

/* A hex digit's value; of others something that no table has. */
static uint32_t
digit(uint8_t c)
{
	return c >= 'A' && c <= 'F' ? c - 'A' + 10u : ascii_digit(c) ? c - 0x30u : 255;
}

/* File names of blocks: "_" and two hex digits of type, five digits of number, one
 * letter for where to: A active, P passive, B both. Others (NC programs) stay as
 * they are. */
struct text
s7_block_name(struct ev *e, struct rd *r, bool detail)
{
	uint32_t n = rd_left(r);
	const uint8_t *p = rd_bytes(r, n < S7_NAME ? n : S7_NAME), *d;
	const char *type;
	uint32_t number = 0;

	if (!p)
		return (struct text){ 0 };
	if (n > S7_NAME)
		n = S7_NAME;
	d = n == 9 && p[0] == '_' ? p + 1 : n == 8 ? p : NULL;
	if (!d || d[0] != '0')
		return text_trim(p, n);
	type = tok_find(s7_block_types, digit(d[1]));
	for (int i = 2; i < 7; i++) {
		if (d[i] < '0' || d[i] > '9')
			return text_trim(p, n);
		number = number * 10 + d[i] - '0';
	}
	if (!type)
		return text_trim(p, n);
	if (detail) {
		ev_cstr(e, "type", type);
		ev_uint(e, "number", number);
		ev_cstr(e, "filesystem", d[7] == 'A' ? "active" : d[7] == 'P' ? "passive" :
		    d[7] == 'B' ? "both" : NULL);
	}
	return ev_text(e, "%s%u", type, number);
}

static void
keep(char *to, uint8_t *to_n, struct text t)
{
	*to_n = (uint8_t)(t.n < S7_NAME ? t.n : S7_NAME);
	if (*to_n)
		memcpy(to, t.p, *to_n);
}

/* Digits at the cursor. */
static uint32_t
decimal(struct rd *r, uint32_t n)
{
	uint32_t v = 0;

	while (n--) {
		uint8_t c = rd_u8(r);
		if (c < '0' || c > '9')
			rd_set_bad(r);
		v = v * 10 + c - '0';
	}
	return rd_ok(r) ? v : 0;
}

/* Status, two bytes, the upload's id, then the name with its length (where it is
 * one that begins), and for a download the lengths in digits. */
static struct text
put_load_request(struct dctx *c, struct ev *e, const struct s7_pdu *q)
{
	struct s7_state *s = c->state;
	struct rd r = q->param;
	struct text name = { 0 };
	uint32_t id;

	rd_skip(&r, 3);
	id = rd_be32(&r);
	switch (q->func) {
	case S7_REQ_DOWNLOAD: case S7_DOWNLOAD: case S7_END_DOWNLOAD: case S7_START_UPLOAD: {
		struct rd f = rd_sub(&r, rd_u8(&r));
		name = s7_block_name(e, &f, true);
		if (q->func == S7_START_UPLOAD)
			keep(s->upload, &s->upload_n, name);
		break;
	}
	default:
		if (id)
			ev_uint(e, "upload_id", id);
		if (s->upload_n && (!s->upload_id || s->upload_id == id)) {
			name = (struct text){ ev_room(e, s->upload_n), s->upload_n };
			if (name.p)
				memcpy((char *)(uintptr_t)name.p, s->upload, s->upload_n);
		}
	}
	if (q->func == S7_REQ_DOWNLOAD && rd_left(&r)) {
		struct rd l = rd_sub(&r, rd_u8(&r));
		rd_skip(&l, 1);
		if (rd_left(&l) >= 12) {
			uint32_t load = decimal(&l, 6), code = decimal(&l, 6);
			if (rd_ok(&l)) {
				ev_uint(e, "length", load);
				ev_uint(e, "code_length", code);
				e->ot.has_count = true;
				e->ot.count = load;
			}
		}
	}
	return name;
}

static void
put_load_answer(struct dctx *c, struct ev *e, const struct s7_pdu *a)
{
	struct s7_state *s = c->state;
	struct rd r = a->param, d = a->data;

	switch (a->func) {
	case S7_START_UPLOAD:
		rd_skip(&r, 3);
		s->upload_id = rd_be32(&r);
		if (!rd_ok(&r))
			break;
		ev_uint(e, "upload_id", s->upload_id);
		if (rd_left(&r)) {
			struct rd l = rd_sub(&r, rd_u8(&r));
			uint32_t n = decimal(&l, rd_left(&l) < 9 ? rd_left(&l) : 9);
			if (n) {
				ev_uint(e, "length", n);
				e->ot.has_count = true;
				e->ot.count = n;
			}
		}
		break;
	case S7_UPLOAD:
	case S7_DOWNLOAD: {
		uint8_t status = rd_u8(&r);
		uint16_t n = rd_be16(&d);
		if (rd_ok(&r))
			ev_bool(e, "more", status & 1);
		if (rd_ok(&d)) {
			ev_uint(e, "bytes", n);
			e->ot.has_count = true;
			e->ot.count = n;
		}
		break;
	}
	default:
		break;
	}
}

void
s7_put_load(struct dctx *c, struct ev *e, const struct s7_pdu *q, const struct s7_pdu *a)
{
	struct s7_state *s = c->state;
	uint8_t f = q ? q->func : a->func;
	struct text name = { 0 };

	/* what the controller asks for while it is loaded is not its own doing */
	e->ot.op = f == S7_DOWNLOAD || f == S7_END_DOWNLOAD ? OT_OTHER : OT_PROGRAM;
	ev_obj(e, "block");
	if (q)
		name = put_load_request(c, e, q);
	if (a && !a->err_class && (!q || a->func == q->func))
		put_load_answer(c, e, a);
	ev_str(e, "name", name);
	ev_end(e);
	e->ot.object = name;
	if (a && f == S7_END_UPLOAD) {
		s->upload_n = 0;
		s->upload_id = 0;
	}
}

bool
s7_is_login(const struct s7_pdu *q)
{
	struct rd r = q->param;
	struct text name;

	rd_skip(&r, 7);
	rd_skip(&r, rd_be16(&r));
	name = text_rd(&r, rd_u8(&r));
	return rd_ok(&r) && name.n == 8 && memcmp(name.p, "_N_LOGIN", 8) == 0;
}

/* Seven bytes, then the argument with a two-byte length, then the service's name. */
void
s7_put_pi(struct ev *e, const struct s7_pdu *q)
{
	struct rd r = q->param, arg;
	struct text name, plain = { 0 };

	rd_skip(&r, 7);
	arg = rd_sub(&r, rd_be16(&r));
	name = text_rd(&r, rd_u8(&r));
	e->ot.op = OT_COMMAND;
	ev_obj(e, "pi");
	ev_str(e, "name", name);
	if (name.n > 1 && name.p && (memcmp(name.p, "_INSE", name.n < 5 ? name.n : 5) == 0 ||
	    memcmp(name.p, "_INS2", name.n < 5 ? name.n : 5) == 0 ||
	    memcmp(name.p, "_DELE", name.n < 5 ? name.n : 5) == 0)) {
		uint8_t n = rd_u8(&arg);
		struct text all = { 0 };

		rd_skip(&arg, 1);
		e->ot.op = OT_PROGRAM;
		e->ot.service = name.p[1] == 'D' ? TEXT("delete_block") : TEXT("insert_block");
		e->ot.has_count = true;
		e->ot.count = n;
		ev_arr(e, "blocks");
		for (unsigned k = 0; k < n && rd_left(&arg) >= 8; k++) {
			struct rd f = rd_sub(&arg, 8);
			struct text t = s7_block_name(e, &f, false);
			ev_a_str(e, t);
			all = all.n ? ev_text(e, "%.*s,%.*s", (int)all.n, all.p, (int)t.n, t.p) : t;
		}
		ev_end(e);
		e->ot.object = all;
	} else {
		plain = text_rd(&arg, rd_left(&arg));
		e->ot.object = name;
		if (name.n == 9 && memcmp(name.p, "P_PROGRAM", 9) == 0) {
			e->ot.service = TEXT("plc_start");
			ev_val_str(e, plain.n && plain.p[0] == 'C' ? TEXT("cold_restart") :
			    TEXT("restart"));
		} else if (name.n == 5 && memcmp(name.p, "_MODU", 5) == 0) {
			e->ot.service = TEXT("copy_ram_to_rom");
		} else if (name.n == 5 && memcmp(name.p, "_GARB", 5) == 0) {
			e->ot.service = TEXT("compress_memory");
		} else if (name.n == 8 && memcmp(name.p, "_N_LOGIN", 8) == 0) {
			e->ot.op = OT_AUTH;
			plain.n = 0;            /* it holds the password */
		}
		ev_str(e, "argument", plain);
	}
	ev_end(e);
}

void
s7_put_stop(struct ev *e, const struct s7_pdu *q)
{
	struct rd r = q->param;

	rd_skip(&r, 5);
	e->ot.op = OT_COMMAND;
	e->ot.object = text_rd(&r, rd_u8(&r));
}

/* Milliseconds of the day and days since 1984. */
static struct text
stamp(struct ev *e, struct rd *r)
{
	uint32_t ms = rd_be32(r), days = rd_be16(r);
	int y, m, d;

	if (!rd_ok(r) || ms >= 86400000u || (!ms && !days))
		return (struct text){ 0 };
	stamp_civil(days + stamp_days(1984, 1, 1), &y, &m, &d);
	return ev_text(e, "%04d-%02d-%02dT%02u:%02u:%02u.%03u", y, m, d, ms / 3600000,
	    ms / 60000 % 60, ms / 1000 % 60, ms % 1000);
}

/* Two bytes, length, two bytes, then the head of the block as it is stored. The
 * author's name is left out. */
static void
put_info(struct ev *e, struct rd *r)
{
	uint8_t language, type, version;
	uint16_t number;
	uint32_t length, mc7;
	struct text code, interface, family, name;
	const char *t;

	rd_skip(r, 6);
	if (rd_be16(r) != 0x7070)
		return;
	rd_skip(r, 2);
	language = rd_u8(r);
	type = rd_u8(r);
	number = rd_be16(r);
	length = rd_be32(r);
	rd_skip(r, 4);
	code = stamp(e, r);
	interface = stamp(e, r);
	rd_skip(r, 6);
	mc7 = rd_be16(r);
	rd_skip(r, 8);
	family = text_rd(r, 8);
	name = text_rd(r, 8);
	version = rd_u8(r);
	rd_skip(r, 1);
	if (!rd_ok(r))
		return;
	t = tok_find(s7_block_types, type);
	ev_cstr(e, "type", t);
	ev_uint(e, "number", number);
	ev_cstr(e, "language", tok_find(s7_languages, language));
	ev_uint(e, "length", length);
	ev_uint(e, "code_length", mc7);
	ev_str(e, "code_time", code);
	ev_str(e, "interface_time", interface);
	ev_str(e, "family", family);
	ev_str(e, "header_name", name);
	ev_str(e, "version", ev_text(e, "%u.%u", version >> 4, version & 15));
	ev_str(e, "checksum", ev_text(e, "0x%04x", rd_be16(r)));
}

void
s7_put_blocks(struct ev *e, uint8_t sub, struct rd *request, struct rd *answer)
{
	struct text name = { 0 };

	if (sub == 1 && answer && rd_left(answer)) {
		ev_arr(e, "block_counts");
		while (rd_left(answer) >= 4) {
			uint8_t zero = rd_u8(answer), type = rd_u8(answer);
			uint16_t n = rd_be16(answer);
			const char *t = tok_find(s7_block_types, digit(type));
			if (!rd_ok(answer))
				break;
			ev_a_obj(e);
			if (t && zero == '0')
				ev_cstr(e, "type", t);
			ev_uint(e, "count", n);
			ev_end(e);
		}
		ev_end(e);
		return;
	}
	if (sub == 2) {
		int t = request ? rd_peek8(request, 1) : -1;
		if (t >= 0) {
			name = text_c(tok_find(s7_block_types, digit((uint8_t)t)));
			if (name.n) {
				ev_obj(e, "block");
				ev_str(e, "type", name);
				ev_end(e);
			}
		}
		if (answer && rd_left(answer)) {
			e->ot.has_count = true;
			e->ot.count = rd_left(answer) / 4;
		}
	} else if (sub == 3) {
		ev_obj(e, "block");
		if (answer && rd_left(answer))
			put_info(e, answer);
		if (request) {
			struct rd f = rd_sub(request, 8);
			name = s7_block_name(e, &f, false);
		}
		ev_str(e, "name", name);
		ev_end(e);
	}
	e->ot.object = name;
}
