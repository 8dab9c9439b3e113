/* rocplus.c: ROC Plus of Emerson's flow computers (ROC800, DL8000, FloBoss),
 * ROC Plus Protocol Specification Manual, over TCP and UDP.
 *
 *      0      1       2      3       4       5       6        6+n
 *     +------+-------+------+-------+--------+------+--------+-------+
 *     | to   | to    | from | from  | opcode |  n   | data   | CRC16 |
 *     | unit | group | unit | group |        |      |        |       |
 *     +------+-------+------+-------+--------+------+--------+-------+
 *
 * An object is a TLP: point type, logical number, parameter. How long a parameter
 * is only its table knows, so that several in one message are told apart where
 * each can have but one byte. Operator's name and password are never written. */
#include "base/hex.h"
#include "proto/crc16.h"
#include "proto/proto.h"

enum { OP_CONFIG = 6, OP_CLOCK_READ = 7, OP_CLOCK_SET = 8, OP_TABLE_READ = 10, OP_TABLE_WRITE = 11,
	OP_LOGIN = 17, OP_FORWARD = 24, OP_SET_POINT = 166, OP_READ_POINT = 167, OP_READ_TLP = 180,
	OP_WRITE_TLP = 181, OP_FILE = 203, OP_SRBX = 224, OP_SRBX_ACK = 225, OP_ERROR = 255 };
enum { FILE_OPEN = 1, FILE_READ, FILE_WRITE, FILE_CLOSE, FILE_DELETE, FILE_DIR, FILE_DIR64 = 64 };
enum { DATA_MAX = 255 };

struct roc_msg {
	uint8_t to_unit, to_group, from_unit, from_group, opcode, n;
	uint8_t have;                   /* of the n bytes that we hold */
	uint8_t data[DATA_MAX];
};

struct opcode {
	uint8_t code;
	enum ot_op op;
	const char *name;
};

static const struct opcode opcodes[] = {
	{ OP_CONFIG, OT_IDENTIFY, "System Configuration" },
	{ OP_CLOCK_READ, OT_READ, "Read Clock" },
	{ OP_CLOCK_SET, OT_CONFIGURE, "Set Clock" },
	{ OP_TABLE_READ, OT_READ, "Read Configurable Opcode" },
	{ OP_TABLE_WRITE, OT_WRITE, "Write Configurable Opcode" },
	{ OP_LOGIN, OT_AUTH, "Login" },
	{ OP_FORWARD, OT_OTHER, "Store and Forward" },
	{ 50, OT_READ, "Read I/O Point Position" },
	{ 100, OT_READ, "Access User-Defined Information" },
	{ 105, OT_READ, "Read History Minimum and Maximum" },
	{ 108, OT_READ, "Read History Tags" },
	{ 118, OT_READ, "Read Alarms" },
	{ 119, OT_READ, "Read Events" },
	{ 135, OT_READ, "Read Single History Point" },
	{ 136, OT_READ, "Read Multiple History Points" },
	{ 137, OT_READ, "Read History Index" },
	{ 138, OT_READ, "Read Daily and Periodic History" },
	{ 139, OT_READ, "History Information" },
	{ OP_SET_POINT, OT_WRITE, "Set Single Point Parameters" },
	{ OP_READ_POINT, OT_READ, "Read Single Point Parameters" },
	{ OP_READ_TLP, OT_READ, "Read Parameters" },
	{ OP_WRITE_TLP, OT_WRITE, "Write Parameters" },
	{ OP_FILE, OT_READ, "File Transfer" },
	{ 205, OT_OTHER, "Peer-to-Peer Message" },
	{ 206, OT_READ, "Read Transaction History" },
	{ OP_SRBX, OT_ALARM, "SRBX Signal" },
	{ OP_SRBX_ACK, OT_OTHER, "Acknowledge SRBX" },
	{ OP_ERROR, OT_ERROR, "Error" },
};

static const struct tok errors[] = {
	{ 1, "invalid_opcode" }, { 2, "invalid_parameter" }, { 3, "invalid_point" },
	{ 4, "invalid_point_type" }, { 5, "too_many_bytes" }, { 6, "too_few_bytes" },
	{ 13, "address_out_of_range" }, { 14, "invalid_history_request" },
	{ 15, "invalid_fst_request" }, { 16, "invalid_event_entry" }, { 17, "too_many_alarms" },
	{ 18, "too_many_events" }, { 19, "read_only_parameter" }, { 20, "security_error" },
	{ 21, "invalid_logon" }, { 22, "invalid_path" }, { 0, NULL },
};

static const struct tok file_commands[] = {
	{ FILE_OPEN, "open" }, { FILE_READ, "read" }, { FILE_WRITE, "write" },
	{ FILE_CLOSE, "close" }, { FILE_DELETE, "delete" }, { FILE_DIR, "directory" },
	{ FILE_DIR64, "directory_64" }, { 0, NULL },
};

static const struct opcode *
opcode_find(unsigned code)
{
	for (size_t i = 0; i < sizeof(opcodes) / sizeof(opcodes[0]); i++)
		if (opcodes[i].code == code)
			return &opcodes[i];
	return NULL;
}

/* Length of the message at the cursor, 0: more bytes needed, -1: none. */
static ssize_t
message_length(const struct rd *r)
{
	int op = rd_peek8(r, 4), n = rd_peek8(r, 5);

	if (op < 0)
		return 0;
	if (!opcode_find((unsigned)op))
		return -1;
	return n < 0 ? 0 : n + 8;
}

static bool
sum_holds(const struct rd *r, uint32_t n)
{
	const uint8_t *d = rd_at(r);

	return rd_have(r) >= n &&
	    crc16_reflected(crc16_modbus, 0xffff, d, n - 2) == (d[n - 2] | d[n - 1] << 8);
}

static ssize_t
rocplus_frame(const struct dctx *c, const struct rd *r)
{
	return message_length(r);
}

static enum probe
one_side(const struct rd *r)
{
	ssize_t n = message_length(r);

	if (n < 0)
		return PROBE_NO;
	if (n == 0 || (size_t)n > rd_have(r))
		return PROBE_MORE;
	if (!sum_holds(r, (uint32_t)n))
		return PROBE_NO;
	/* Modbus RTU has the same sum, and eight bytes often */
	return n == 8 ? PROBE_WEAK : PROBE_YES;
}

/* An answer by its length alone. */
static bool
is_answer(const struct rd *r)
{
	int op = rd_peek8(r, 4), n = rd_peek8(r, 5), first = rd_peek8(r, 6);

	switch (op) {
	case OP_CONFIG: case OP_CLOCK_READ:
		return n > 0;
	case OP_TABLE_READ:
		return n >= 7;
	case OP_CLOCK_SET: case OP_TABLE_WRITE: case OP_SET_POINT: case OP_WRITE_TLP:
		return n == 0;
	case OP_LOGIN:
		return n == 0 || n == 24;
	case OP_READ_POINT:
		return n > 4;
	case OP_READ_TLP:
		return n > 1 + first * 3;
	default:
		return op == OP_ERROR;
	}
}

static enum probe
rocplus_probe(struct probe_in *in)
{
	enum probe q = one_side(&in->side[0]), a = one_side(&in->side[1]);

	if (!rd_left(&in->side[0]))
		return a;
	if (!rd_left(&in->side[1])) {
		in->reversed = q >= PROBE_WEAK && is_answer(&in->side[0]);
		return q;
	}
	if (q == PROBE_NO || a == PROBE_NO)
		return PROBE_NO;
	if (q >= PROBE_WEAK && a >= PROBE_WEAK &&
	    rd_peek8(&in->side[0], 4) == rd_peek8(&in->side[1], 4))
		return PROBE_YES;
	return q == PROBE_YES || a == PROBE_YES ? PROBE_YES : PROBE_WEAK;
}

static struct text
tlp(struct ev *e, const uint8_t *p)
{
	return ev_text(e, "tlp:%u,%u,%u", p[0], p[1], p[2]);
}

/* A parameter's bytes: a number where it is one, else as they are. */
static void
put_value(struct ev *e, const uint8_t *p, uint32_t n)
{
	char *d;

	if (n == 1) {
		ev_val_uint(e, p[0]);
		return;
	}
	if (!n || !(d = ev_room(e, n * 2 + 2)))
		return;
	d[0] = '0';
	d[1] = 'x';
	hex_put(d + 2, p, n);
	ev_val_str(e, (struct text){ d, n * 2 + 2 });
}

/* How many TLPs of a write can be told apart: all when each has one byte only. */
static unsigned
written(const struct roc_msg *m)
{
	unsigned count = m->have ? m->data[0] : 0;

	return count > 1 && m->n == 1 + count * 4 && m->have == m->n ? count : 1;
}

static void
put_time(struct ev *e, const struct roc_msg *m)
{
	const uint8_t *d = m->data;
	unsigned year = m->have >= 7 ? d[5] | (unsigned)d[6] << 8 : 0;

	/* both orders of the year are met */
	if (year > 9999)
		year = (unsigned)d[5] << 8 | d[6];
	if (m->have >= 7)
		ev_val_str(e, ev_text(e, "%04u-%02u-%02uT%02u:%02u:%02u", year, d[4], d[3], d[2],
		    d[1], d[0]));
}

/* A path and, in an open or delete, a name: 100 and 25 bytes. */
static struct text
file_name(struct ev *e, const uint8_t *d, uint32_t n)
{
	struct text path, name = { 0 };
	uint32_t k = (uint32_t)strnlen((const char *)d, n < 100 ? n : 100);

	path = text_trim(d, k);
	if (n >= 125)
		name = text_trim(d + 100, strnlen((const char *)d + 100, 25));
	return name.n ? ev_text(e, "file:%.*s%.*s", (int)path.n, path.p, (int)name.n, name.p) :
	    ev_text(e, "file:%.*s", (int)path.n, path.p);
}

static void
put_file(struct ev *e, const struct roc_msg *q)
{
	const uint8_t *d = q->data;
	const char *name;

	if (!q->have)
		return;
	name = tok_find(file_commands, d[0]);
	ev_cstr(e, "file_command", name);
	if (name)
		e->ot.service = ev_text(e, "File Transfer/%s", name);
	switch (d[0]) {
	case FILE_OPEN:
		e->ot.op = OT_OTHER;
		if (q->have > 2)
			e->ot.object = file_name(e, d + 2, q->have - 2u);
		break;
	case FILE_DELETE:
		e->ot.op = OT_WRITE;
		e->ot.object = file_name(e, d + 1, q->have - 1u);
		break;
	case FILE_DIR: case FILE_DIR64:
		e->ot.object = file_name(e, d + 1, q->have - 1u);
		break;
	case FILE_WRITE:
		e->ot.op = OT_WRITE;
		if (q->have >= 14) {
			e->ot.has_count = true;
			e->ot.count = d[13];
		}
		/* fall through */
	case FILE_READ:
		if (q->have >= 9)
			e->ot.object = ev_text(e, "file descriptor:%u offset:%u",
			    (unsigned)d[1] | (unsigned)d[2] << 8 | (unsigned)d[3] << 16 |
			    (unsigned)d[4] << 24, (d[0] == FILE_WRITE && q->have >= 13 ?
			    (unsigned)d[9] | (unsigned)d[10] << 8 | (unsigned)d[11] << 16 |
			    (unsigned)d[12] << 24 : (unsigned)d[5] | (unsigned)d[6] << 8 |
			    (unsigned)d[7] << 16 | (unsigned)d[8] << 24));
		break;
	default:
		e->ot.op = OT_OTHER;
	}
}

/* What is asked of what: the k-th TLP of a write of several. */
static void
put_request(struct ev *e, const struct roc_msg *q, unsigned k)
{
	const uint8_t *d = q->data, *p;
	unsigned n = q->have;

	switch (q->opcode) {
	case OP_CLOCK_SET:
		e->ot.object = TEXT("clock");
		put_time(e, q);
		break;
	case OP_CLOCK_READ:
		e->ot.object = TEXT("clock");
		break;
	case OP_TABLE_READ: case OP_TABLE_WRITE:
		if (n < 3)
			break;
		e->ot.object = ev_text(e, "table:%u,%u", d[0], d[1]);
		e->ot.has_count = true;
		e->ot.count = d[2];
		if (q->opcode == OP_TABLE_WRITE && n == q->n)
			put_value(e, d + 3, n - 3);
		break;
	case OP_LOGIN:
		ev_bool(e, "user_name", n >= 6 && n != 13);
		if (n >= 6 && n != 13)
			ev_credential(e, CRED_PASSWORD, CRED_CLEAR);
		ev_cstr(e, "login", n == 6 || n == 71 ? "login" : n == 11 || n == 76 ? "logout" :
		    n == 13 ? "session_key" : NULL);
		if (n == 6 || n == 71)
			ev_uint(e, "access_level", d[n - 1]);
		break;
	case OP_FORWARD:
		/* up to four hops of unit and group, then the host's, opcode, length */
		if (n < 12)
			break;
		ev_uint(e, "forwarded_opcode", d[10]);
		e->ot.object = ev_text(e, "unit %u group %u", d[0], d[1]);
		e->ot.op = opcode_find(d[10]) ? opcode_find(d[10])->op : OT_OTHER;
		break;
	case OP_SET_POINT: case OP_READ_POINT:
		if (n < 4)
			break;
		e->ot.object = ev_text(e, "tlp:%u,%u,%u", d[0], d[1], d[3]);
		e->ot.has_count = true;
		e->ot.count = d[2];
		if (q->opcode == OP_SET_POINT && n == q->n)
			put_value(e, d + 4, n - 4);
		break;
	case OP_READ_TLP: case OP_WRITE_TLP:
		p = d + 1 + (size_t)k * 4;
		if (n < 4 || (k && n < 5 + k * 4))
			break;
		e->ot.object = tlp(e, p);
		e->ot.has_count = true;
		e->ot.count = d[0];
		if (q->opcode == OP_READ_TLP && d[0] > 1) {
			ev_arr(e, "parameters");
			for (unsigned i = 0; i < d[0] && 1 + i * 3 + 3 <= n; i++)
				ev_a_str(e, tlp(e, d + 1 + (size_t)i * 3));
			ev_end(e);
		} else if (q->opcode == OP_WRITE_TLP && n == q->n) {
			if (written(q) > 1) {
				ev_uint(e, "index", k);
				e->ot.count = 1;
				put_value(e, p + 3, 1);
			} else if (d[0] == 1) {
				put_value(e, d + 4, n - 4);
			}
		}
		break;
	case OP_FILE:
		put_file(e, q);
		break;
	default:
		break;
	}
}

static bool
printable(const uint8_t *p, uint32_t n)
{
	uint32_t i = 0;

	while (i < n && p[i] >= 0x20 && p[i] < 0x7f)
		i++;
	return i >= 2 && (i == n || !p[i]);
}

static void
put_answer(struct ev *e, const struct roc_msg *q, const struct roc_msg *a)
{
	const uint8_t *d = a->data;
	unsigned n = a->have;

	switch (a->opcode) {
	case OP_ERROR:
		if (n < 2)
			break;
		ev_uint(e, "error", d[0]);
		ev_uint(e, "error_offset", d[1]);
		e->ot.result = tok_find(errors, d[0]) ? text_c(tok_find(errors, d[0])) :
		    ev_text(e, "error_%u", d[0]);
		break;
	case OP_CONFIG:
		if (n < 19)
			break;
		ev_cstr(e, "mode", d[0] == 0 ? "firmware_update" : d[0] == 1 ? "run" : NULL);
		ev_uint(e, "security_mode", d[3]);
		ev_uint(e, "device_type", d[18]);
		break;
	case OP_CLOCK_READ:
		put_time(e, a);
		break;
	case OP_TABLE_READ:
		if (n >= 7) {
			e->ot.object = ev_text(e, "table:%u,%u", d[0], d[1]);
			e->ot.has_count = true;
			e->ot.count = d[2];
			put_value(e, d + 7, n - 7);
		}
		break;
	case OP_READ_POINT:
		if (n < 4)
			break;
		e->ot.object = ev_text(e, "tlp:%u,%u,%u", d[0], d[1], d[3]);
		e->ot.has_count = true;
		e->ot.count = d[2];
		put_value(e, d + 4, n - 4);
		if (d[0] == 91 && d[2] == 1 && d[3] == 2 && printable(d + 4, n - 4))
			ev_identity(e, "rocplus.station", EV_DEST)->hostname =
			    text_trim(d + 4, strnlen((const char *)d + 4, n - 4));
		break;
	case OP_READ_TLP:
		if (n < 4)
			break;
		if (d[0] == 1) {
			e->ot.object = tlp(e, d + 1);
			put_value(e, d + 4, n - 4);
			/* 91,0,2: what the site calls it */
			if (d[1] == 91 && d[3] == 2 && printable(d + 4, n - 4))
				ev_identity(e, "rocplus.station", EV_DEST)->hostname =
				    text_trim(d + 4, strnlen((const char *)d + 4, n - 4));
		} else if (d[0] > 1 && a->n == 1 + d[0] * 4 && n == a->n) {
			ev_val_arr(e);
			for (unsigned i = 0; i < d[0]; i++)
				ev_val_uint(e, d[4 + (size_t)i * 4]);
			ev_val_end(e);
		}
		if (!q) {
			e->ot.has_count = true;
			e->ot.count = d[0];
		}
		break;
	case OP_FILE:
		if (n == 5 && d[0] == FILE_OPEN)
			ev_uint(e, "file_descriptor", (uint32_t)d[1] | (uint32_t)d[2] << 8 |
			    (uint32_t)d[3] << 16 | (uint32_t)d[4] << 24);
		break;
	default:
		break;
	}
}

static void
put_head(struct ev *e, const struct roc_msg *m, bool answer)
{
	const struct opcode *o = opcode_find(m->opcode);

	ev_uint(e, "opcode", m->opcode);
	ev_cstr(e, "name", o ? o->name : NULL);
	ev_uint(e, "unit", answer ? m->from_unit : m->to_unit);
	ev_uint(e, "group", answer ? m->from_group : m->to_group);
	ev_uint(e, "host_unit", answer ? m->to_unit : m->from_unit);
	ev_uint(e, "host_group", answer ? m->to_group : m->from_group);
}

static void
event(struct dctx *c, const struct roc_msg *q, const struct when *when, const struct roc_msg *a)
{
	unsigned n = q && q->opcode == OP_WRITE_TLP ? written(q) : 1;
	const struct opcode *o = opcode_find(q ? q->opcode : a->opcode);

	for (unsigned k = 0; k < n; k++) {
		/* a signal the device sends of itself comes from it */
		struct ev *e = ev_begin(c, "rocplus", when, q ? 0 : a->opcode == OP_SRBX);

		put_head(e, q ? q : a, !q);
		e->ot.op = o ? o->op : OT_OTHER;
		e->ot.service = o ? text_c(o->name) : (struct text){ 0 };
		e->ot.has_unit = true;
		e->ot.unit_id = q ? q->to_unit : a->from_unit;
		if (q) {
			ev_obj(e, "request");
			ev_uint(e, "length", q->n);
			put_request(e, q, k);
			ev_end(e);
		}
		if (a) {
			ev_obj(e, "response");
			ev_uint(e, "length", a->n);
			put_answer(e, q, a);
			ev_end(e);
		}
		if (!a) {
			ev_unanswered(e, c);
		} else if (q) {
			struct text refused = e->ot.result;
			ev_answered(e, c, when);
			if (refused.n)
				e->ot.result = refused;
		} else if (a->opcode != OP_ERROR) {
			e->ot.result = TEXT("ok");
		}
		ev_emit(e);
	}
}

static enum verdict
rocplus_dissect(struct dctx *c, struct rd *r)
{
	struct roc_msg m;
	struct pend *w;
	const uint8_t *p;
	ssize_t whole = message_length(r);
	bool sum = whole > 0 && sum_holds(r, (uint32_t)whole);

	if (whole < 0 || (!c->tcp && !c->cut && whole != (ssize_t)rd_left(r))) {
		c->why = whole < 0 ? "UNKNOWN_OPCODE" : "LENGTH";
		return DIS_BAD;
	}
	if (!c->cut && !sum) {
		c->why = "CHECKSUM";
		return DIS_BAD;
	}
	m.to_unit = rd_u8(r);
	m.to_group = rd_u8(r);
	m.from_unit = rd_u8(r);
	m.from_group = rd_u8(r);
	m.opcode = rd_u8(r);
	m.n = rd_u8(r);
	m.have = (uint8_t)(rd_have(r) < m.n ? rd_have(r) : m.n);
	if (!(p = rd_bytes(r, m.have)) || !rd_ok(r))
		return DIS_BAD;
	memcpy(m.data, p, m.have);
	rd_skip(r, rd_left(r));
	if (c->side == 0) {
		if (m.opcode == OP_SRBX_ACK)    /* answers the device's signal */
			event(c, &m, &c->when, &m);
		else
			pend_put(c, m.opcode, &m, offsetof(struct roc_msg, data) + m.have);
		return DIS_OK;
	}
	w = m.opcode == OP_ERROR ? pend_oldest(c) : pend_find(c, m.opcode);
	if (w) {
		event(c, (const struct roc_msg *)w->data, &w->when, &m);
		pend_done(c, w);
	} else {
		event(c, NULL, &c->when, &m);
	}
	return DIS_OK;
}

static void
rocplus_expire(struct dctx *c, struct pend *p)
{
	event(c, (const struct roc_msg *)p->data, &p->when, NULL);
}

static const struct hint hints[] = {
	{ HINT_TCP, 4000 }, { HINT_UDP, 4000 }, { HINT_END, 0 },
};

static const struct field fields[] = {
	{ "rocplus.opcode", "integer", "what is asked" },
	{ "rocplus.name", "string", "its name" },
	{ "rocplus.unit", "integer", "unit of the device" },
	{ "rocplus.group", "integer", "group of the device" },
	{ "rocplus.host_unit", "integer", "unit of who asks" },
	{ "rocplus.host_group", "integer", "group of who asks" },
	{ "rocplus.request.length", "integer", "bytes of data" },
	{ "rocplus.request.user_name", "boolean", "true: a name and a password were sent" },
	{ "rocplus.request.login", "string", "login, logout or session_key" },
	{ "rocplus.request.access_level", "integer", "access level asked for" },
	{ "rocplus.request.forwarded_opcode", "integer", "opcode passed on to another device" },
	{ "rocplus.request.parameters[]", "string", "TLPs asked for, when several" },
	{ "rocplus.request.index", "integer", "which of several writes in one message, from 0" },
	{ "rocplus.request.file_command", "string", "open, read, write, close, delete, directory" },
	{ "rocplus.response.length", "integer", "bytes of data" },
	{ "rocplus.response.error", "integer", "error code" },
	{ "rocplus.response.error_offset", "integer", "where in the request the error is" },
	{ "rocplus.response.mode", "string", "run or firmware_update" },
	{ "rocplus.response.security_mode", "integer", "security access mode" },
	{ "rocplus.response.device_type", "integer", "type of ROC" },
	{ "rocplus.response.file_descriptor", "integer", "of the file opened" },
	{ NULL },
};

const struct dissector rocplus_dissector = {
	.name = "rocplus",
	.title = "ROC Plus",
	.hints = hints,
	.fields = fields,
	.probe = rocplus_probe,
	.frame = rocplus_frame,
	.dissect = rocplus_dissect,
	.expire = rocplus_expire,
};
