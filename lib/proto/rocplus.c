/* rocplus.c: Emerson ROC Plus: flow computers and controllers, over TCP and UDP.
 *
 *      0        2        4        5        6
 *     +--------+--------+--------+--------+-- ... --+-------+
 *     | to     | from   | opcode | length | data    | CRC16 |
 *     +--------+--------+--------+--------+-- ... --+-------+
 *       unit, group: one octet each
 *
 * An answer repeats the opcode (or is an error, 255) with the addresses swapped.
 * Points are named type.logical.parameter. What a login says is never written. */
#include "proto/proto.h"

enum { HEAD = 6, DATA = 255, ERROR = 255, LOGIN = 17, SRBX = 224, AGAIN = 8 };

struct known { uint8_t number; enum ot_op op; const char *name, *object; };

static const struct known known[] = {
	{ 6, OT_IDENTIFY, "system_configuration", NULL },
	{ 7, OT_READ, "read_clock", "clock" },
	{ 8, OT_WRITE, "set_clock", "clock" },
	{ 10, OT_READ, "read_opcode_table", "opcode_table" },
	{ 11, OT_WRITE, "write_opcode_table", "opcode_table" },
	{ 17, OT_AUTH, "login", NULL },
	{ 24, OT_OTHER, "store_and_forward", NULL },
	{ 50, OT_READ, "read_io_positions", "io" },
	{ 100, OT_READ, "user_defined_information", NULL },
	{ 105, OT_READ, "read_min_max", "history" },
	{ 108, OT_READ, "read_history_tags", "history" },
	{ 118, OT_READ, "read_alarms", "alarms" },
	{ 119, OT_READ, "read_events", "events" },
	{ 135, OT_READ, "read_history_point", "history" },
	{ 136, OT_READ, "read_history_points", "history" },
	{ 137, OT_READ, "read_history_index", "history" },
	{ 138, OT_READ, "read_daily_history", "history" },
	{ 139, OT_READ, "history_information", "history" },
	{ 166, OT_WRITE, "set_point_parameters", "point" },
	{ 167, OT_READ, "read_point_parameters", "point" },
	{ 180, OT_READ, "read_parameters", "point" },
	{ 181, OT_WRITE, "write_parameters", "point" },
	{ 203, OT_PROGRAM, "file_transfer", "file" },
	{ 205, OT_OTHER, "peer_to_peer", NULL },
	{ 206, OT_READ, "read_transactions", "transactions" },
	{ 224, OT_ALARM, "report_by_exception", NULL },
	{ 225, OT_OTHER, "acknowledge_report", NULL },
	{ 255, OT_ERROR, "error", NULL },
};

static const struct tok errors[] = {
	{ 1, "invalid_opcode" },
	{ 2, "invalid_parameter" },
	{ 3, "invalid_logical_number" },
	{ 4, "invalid_point_type" },
	{ 5, "too_many_data_bytes" },
	{ 6, "too_few_data_bytes" },
	{ 13, "out_of_range" },
	{ 20, "security_error" },
	{ 21, "invalid_login" },
	{ 0, NULL },
};

static const struct known *
find_known(uint8_t n)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].number == n)
			return &known[i];
	return NULL;
}

/* As Modbus RTU has it. */
static uint16_t
crc(const uint8_t *d, uint32_t n)
{
	uint16_t c = 0xffff;

	for (uint32_t i = 0; i < n; i++) {
		c ^= d[i];
		for (int b = 0; b < 8; b++)
			c = (uint16_t)(c & 1 ? c >> 1 ^ 0xa001 : c >> 1);
	}
	return c;
}

/* Length of the message at the cursor; 0: more bytes needed; -1: none. */
static ssize_t
rocplus_length(const struct rd *r)
{
	int opcode = rd_peek8(r, 4), len = rd_peek8(r, 5);
	struct rd v = *r;
	const uint8_t *d;
	uint32_t n;

	if (opcode >= 0 && !find_known((uint8_t)opcode))
		return -1;
	if (len < 0)
		return 0;
	n = HEAD + (uint32_t)len;
	if (rd_have(r) < n + 2)
		return (ssize_t)n + 2;
	d = rd_bytes(&v, n);
	return d && crc(d, n) == rd_le16(&v) ? (ssize_t)n + 2 : -1;
}

static ssize_t
rocplus_frame(const struct dctx *c, const struct rd *r)
{
	return rocplus_length(r);
}

/* Modbus RTU has the same CRC, and a write of one register can look like a
 * request here: off its own port only a question with its answer is believed. */
static enum probe
rocplus_probe(struct probe_in *in)
{
	const struct rd *s = in->side;
	bool whole[2] = { false, false };

	for (int i = 0; i < 2; i++) {
		ssize_t n = rd_left(&s[i]) ? rocplus_length(&s[i]) : 0;
		if (n < 0)
			return PROBE_NO;
		whole[i] = n > 0 && rd_have(&s[i]) >= (size_t)n;
		if (whole[i] && !in->tcp && rd_left(&s[i]) != (size_t)n)
			return PROBE_NO;
	}
	if (whole[0] && whole[1])
		return rd_peek16(&s[0], 0) == rd_peek16(&s[1], 2) &&
		    rd_peek16(&s[0], 2) == rd_peek16(&s[1], 0) &&
		    rd_peek16(&s[0], 0) != rd_peek16(&s[0], 2) &&
		    rd_peek8(&s[0], 4) == rd_peek8(&s[1], 4) ? PROBE_YES : PROBE_WEAK;
	return whole[0] || whole[1] ? PROBE_WEAK : PROBE_MORE;
}

struct message { uint8_t to[2], from[2], opcode, n; uint8_t data[DATA]; };

static bool
rocplus_decode(struct rd *r, struct message *m)
{
	struct rd body;
	const uint8_t *d;

	memset(m, 0, offsetof(struct message, data));
	m->to[0] = rd_u8(r);
	m->to[1] = rd_u8(r);
	m->from[0] = rd_u8(r);
	m->from[1] = rd_u8(r);
	m->opcode = rd_u8(r);
	body = rd_sub(r, rd_u8(r));
	if (rd_bad(r))
		return false;
	m->n = (uint8_t)rd_have(&body);
	if ((d = rd_bytes(&body, m->n)))
		memcpy(m->data, d, m->n);
	return true;
}

/* "point:103.0.7", "point:103.0.7-9", the first of several with how many there are. */
static struct text
point_text(struct ev *e, const struct message *q, uint64_t *count)
{
	struct rd r = rd_init(q->data, q->n, q->n);
	unsigned type, logical, n, first;

	*count = 0;
	if (q->opcode == 180 || q->opcode == 181) {
		n = rd_u8(&r);
		type = rd_u8(&r);
		logical = rd_u8(&r);
		first = rd_u8(&r);
		if (!rd_ok(&r))
			return TEXT("point");
		*count = n;
		return ev_text(e, "point:%u.%u.%u%s", type, logical, first, n > 1 ? ",..." : "");
	}
	type = rd_u8(&r);
	logical = rd_u8(&r);
	n = rd_u8(&r);
	first = rd_u8(&r);
	if (!rd_ok(&r))
		return TEXT("point");
	*count = n;
	return n > 1 ? ev_text(e, "point:%u.%u.%u-%u", type, logical, first, first + n - 1) :
	    ev_text(e, "point:%u.%u.%u", type, logical, first);
}

/* One parameter that is set: its bytes, since what they are the device alone knows. */
static void
value(struct ev *e, const struct message *q)
{
	static const char hex[] = "0123456789abcdef";
	uint32_t n = q->n > 4 ? q->n - 4u : 0;
	char *s = n && n <= 8 ? ev_room(e, n * 2) : NULL;

	if (!s)
		return;
	for (uint32_t i = 0; i < n; i++) {
		s[2 * i] = hex[q->data[4 + i] >> 4];
		s[2 * i + 1] = hex[q->data[4 + i] & 15];
	}
	ev_val_str(e, (struct text){ s, n * 2 });
}

static void
put_address(struct ev *e, const struct message *m, bool swapped)
{
	const uint8_t *to = swapped ? m->from : m->to, *from = swapped ? m->to : m->from;

	ev_uint(e, "unit", to[0]);
	ev_uint(e, "group", to[1]);
	ev_uint(e, "host_unit", from[0]);
	ev_uint(e, "host_group", from[1]);
}

static void
report(struct dctx *c, const struct message *q, const struct when *at, int side,
    const struct message *a)
{
	struct ev *e = ev_begin(c, "rocplus", at, side);
	const struct message *m = q ? q : a;
	const struct known *k = find_known(m->opcode);
	const char *s;
	uint64_t count = 0;

	put_address(e, m, !q && m->opcode != SRBX);
	ev_uint(e, "opcode", m->opcode);
	ev_cstr(e, "opcode_name", k ? k->name : NULL);
	if (q)
		ev_uint(e, "request_length", q->n);
	e->ot.op = k ? k->op : OT_OTHER;
	e->ot.service = text_c(k ? k->name : NULL);
	e->ot.object = text_c(k ? k->object : NULL);
	e->ot.has_unit = m->opcode != SRBX;
	e->ot.unit_id = q ? q->to[0] : m->from[0];
	if (q && (q->opcode == 166 || q->opcode == 167 || q->opcode == 180 || q->opcode == 181)) {
		e->ot.object = point_text(e, q, &count);
		e->ot.has_count = count > 0;
		e->ot.count = count;
		if (count == 1 && k->op == OT_WRITE)
			value(e, q);
	}
	if (q && q->opcode == LOGIN)
		ev_bool(e, "user_name", q->n >= 3);
	if (a) {
		ev_uint(e, "response_length", a->n);
		if (a->opcode == ERROR && a->n) {
			ev_uint(e, "error_code", a->data[0]);
			s = tok_find(errors, a->data[0]);
			ev_cstr(e, "error", s);
			e->ot.result = s ? text_c(s) : ev_text_num(e, "error_", 6, a->data[0]);
		}
		if (a->opcode == 6 && a->n > 19) {
			ev_uint(e, "system_mode", a->data[0]);
			ev_uint(e, "roc_type", a->data[19]);
		}
		if (q)
			ev_answered(e, c, at);
		else if (!e->ot.result.n && m->opcode != SRBX)
			e->ot.result = TEXT("ok");
	} else {
		ev_unanswered(e, c);
	}
	ev_emit(e);
}

/* The two addresses and the opcode. Simulators do not swap the addresses, so that
 * their order is not looked at. */
static uint64_t
key_of(const struct message *m)
{
	uint32_t a = (uint32_t)m->to[0] << 8 | m->to[1], b = (uint32_t)m->from[0] << 8 | m->from[1];

	return (uint64_t)(a < b ? a : b) << 24 | (uint64_t)(a < b ? b : a) << 8 | m->opcode;
}

/* The request of that key that waits longest. */
static struct pend *
oldest(struct dctx *c, uint64_t key)
{
	struct pend *found = NULL, *p;

	for (uint64_t i = 0; i < AGAIN; i++)
		if ((p = pend_find(c, key | i << 48)) && (!found || p->when.cnt < found->when.cnt))
			found = p;
	return found;
}

/* Hosts need not wait: one opcode may be asked several times, and is answered in
 * that order. */
static void
put(struct dctx *c, const struct message *m)
{
	struct dctx o = *c;
	uint64_t key = key_of(m), i = 0;

	o.side = !c->side;
	while (i < AGAIN - 1 && pend_find(&o, key | i << 48))
		i++;
	pend_put(c, key | i << 48, m, offsetof(struct message, data) + m->n);
}

static enum verdict
rocplus_dissect(struct dctx *c, struct rd *r)
{
	ssize_t n = rocplus_length(r);
	struct message m;
	struct pend *p;

	if (n < 0 || (!c->tcp && (size_t)n != rd_left(r))) {
		c->why = n < 0 ? "UNKNOWN_MESSAGE" : "MESSAGE_LENGTH";
		return DIS_BAD;
	}
	if (!rocplus_decode(r, &m))
		return DIS_BAD;
	if (m.opcode == SRBX) {
		report(c, NULL, &c->when, c->side, &m);
		return DIS_OK;
	}
	p = m.opcode == ERROR ? pend_oldest(c) : oldest(c, key_of(&m));
	if (p) {
		report(c, (const struct message *)p->data, &p->when, p->side, &m);
		pend_done(c, p);
	} else if (c->side == 0 && m.opcode != ERROR) {
		/* neither a question nor an answer says which it is: the direction does */
		put(c, &m);
	} else {
		report(c, NULL, &c->when, !c->side, &m);
	}
	return DIS_OK;
}

static void
rocplus_expire(struct dctx *c, struct pend *p)
{
	report(c, (const struct message *)p->data, &p->when, p->side, NULL);
}

static const struct hint hints[] = {
	{ HINT_TCP, 4000 }, { HINT_UDP, 4000 }, { HINT_END, 0 },
};

#define P "rocplus."
static const struct field fields[] = {
	{ P "unit", "integer", "address of the device" },
	{ P "group", "integer", "its group" },
	{ P "host_unit", "integer", "address of the host" },
	{ P "host_group", "integer", "its group" },
	{ P "opcode", "integer", "as on the wire" },
	{ P "opcode_name", "string", "its name" },
	{ P "request_length", "integer", "bytes asked with" },
	{ P "response_length", "integer", "bytes answered" },
	{ P "user_name", "boolean", "a login names somebody (never written)" },
	{ P "error_code", "integer", "of an error indicator" },
	{ P "error", "string", "its name" },
	{ P "system_mode", "integer", "1: the device runs" },
	{ P "roc_type", "integer", "kind of device" },
	{ NULL },
};

const struct dissector rocplus_dissector = {
	.name = "rocplus",
	.title = "Emerson ROC Plus",
	.hints = hints,
	.fields = fields,
	.probe = rocplus_probe,
	.frame = rocplus_frame,
	.dissect = rocplus_dissect,
	.expire = rocplus_expire,
};
