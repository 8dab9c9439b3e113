/* sbus.c: Saia S-Bus over UDP (Ether-S-Bus): the controllers PCD.
 *
 *      0        4         5      6          8      9         10
 *     +--------+---------+------+----------+------+---------+---------+-- ... --+-----+
 *     | length | version | type | sequence | attr | station | command | data    | CRC |
 *     +--------+---------+------+----------+------+---------+---------+-- ... --+-----+
 *
 * attr 0: request; 1: response, 2: acknowledgement, both without station and
 * command. A request and its answer, matched by sequence, are one event. */
#include "proto/crc16.h"
#include "proto/proto.h"

enum { REQUEST = 0, RESPONSE = 1, ACK = 2, BODY = 300 };

/* How a command addresses what it is about. */
enum shape { NONE, WORDS, BITS, CPU, MEMORY };

struct known { uint8_t number; enum ot_op op; enum shape shape; const char *name, *object; };

/* Sorted. Those of a CPU come in a row: cpu 0 to 6, or 1 to 6, then own and all. */
static const struct known known[] = {
	{ 0, OT_READ, WORDS, "read_counters", "counter" },
	{ 1, OT_READ, NONE, "read_display_register", "display_register" },
	{ 2, OT_READ, BITS, "read_flags", "flag" },
	{ 3, OT_READ, BITS, "read_inputs", "input" },
	{ 4, OT_READ, NONE, "read_clock", "clock" },
	{ 5, OT_READ, BITS, "read_outputs", "output" },
	{ 6, OT_READ, WORDS, "read_registers", "register" },
	{ 7, OT_READ, WORDS, "read_timers", "timer" },
	{ 10, OT_WRITE, WORDS, "write_counters", "counter" },
	{ 11, OT_WRITE, BITS, "write_flags", "flag" },
	{ 12, OT_WRITE, NONE, "write_clock", "clock" },
	{ 13, OT_WRITE, BITS, "write_outputs", "output" },
	{ 14, OT_WRITE, WORDS, "write_registers", "register" },
	{ 15, OT_WRITE, WORDS, "write_timers", "timer" },
	{ 19, OT_WRITE, NONE, "read_write_media", NULL },
	{ 20, OT_READ, CPU, "read_status", "cpu" },
	{ 29, OT_READ, NONE, "read_station_number", "station" },
	{ 30, OT_READ, MEMORY, "read_user_memory", "memory" },
	{ 31, OT_READ, MEMORY, "read_program_line", "program" },
	{ 32, OT_IDENTIFY, NONE, "read_firmware_version", NULL },
	{ 33, OT_READ, NONE, "read_text", "text" },
	{ 34, OT_READ, NONE, "read_active_transition", NULL },
	{ 35, OT_PROGRAM, MEMORY, "write_user_memory", "memory" },
	{ 36, OT_PROGRAM, MEMORY, "write_program_line", "program" },
	{ 37, OT_WRITE, NONE, "write_text", "text" },
	{ 40, OT_COMMAND, CPU, "run", "cpu" },
	{ 49, OT_COMMAND, CPU, "restart_cold", "cpu" },
	{ 60, OT_COMMAND, CPU, "stop", "cpu" },
	{ 71, OT_READ, MEMORY, "read_bytes", "byte" },
	{ 75, OT_READ, NONE, "find_history", NULL },
	{ 81, OT_PROGRAM, MEMORY, "write_bytes", "byte" },
	{ 90, OT_COMMAND, NONE, "clear_all", NULL },
	{ 91, OT_COMMAND, NONE, "clear_flags", "flag" },
	{ 92, OT_COMMAND, NONE, "clear_outputs", "output" },
	{ 93, OT_COMMAND, NONE, "clear_registers", "register" },
	{ 94, OT_COMMAND, NONE, "clear_timers", "timer" },
	{ 99, OT_COMMAND, CPU, "restart_warm", "cpu" },
	{ 110, OT_PROGRAM, NONE, "change_block", NULL },
	{ 111, OT_COMMAND, NONE, "clear_history", NULL },
	{ 112, OT_PROGRAM, NONE, "delete_program_line", "program" },
	{ 114, OT_PROGRAM, NONE, "insert_program_line", "program" },
	{ 117, OT_PROGRAM, NONE, "make_text", "text" },
	{ 118, OT_COMMAND, NONE, "execute_instruction", NULL },
	{ 119, OT_COMMAND, NONE, "single_step", NULL },
	{ 130, OT_COMMAND, NONE, "xob_17_interrupt", NULL },
	{ 131, OT_COMMAND, NONE, "xob_18_interrupt", NULL },
	{ 132, OT_COMMAND, NONE, "xob_19_interrupt", NULL },
	{ 145, OT_READ, NONE, "read_hangup_timeout", NULL },
	{ 150, OT_READ, NONE, "read_data_block", "data_block" },
	{ 151, OT_WRITE, NONE, "write_data_block", "data_block" },
	{ 152, OT_PROGRAM, NONE, "make_data_block", "data_block" },
	{ 153, OT_PROGRAM, NONE, "clear_data_block", "data_block" },
	{ 154, OT_PROGRAM, NONE, "clear_text", "text" },
	{ 165, OT_PROGRAM, NONE, "erase_flash", "flash" },
	{ 166, OT_COMMAND, NONE, "restart_cold_flag", NULL },
	{ 167, OT_WRITE, NONE, "write_system_buffer", "system_buffer" },
	{ 168, OT_READ, NONE, "read_system_buffer", "system_buffer" },
	{ 169, OT_PROGRAM, NONE, "read_write_block_data", "block" },
	{ 170, OT_READ, NONE, "get_diagnostic", NULL },
	{ 171, OT_READ, NONE, "read_system_information", NULL },
	{ 172, OT_PROGRAM, NONE, "change_blocks_on_run", "block" },
	{ 174, OT_PROGRAM, NONE, "download_firmware", "firmware" },
};

static const struct tok naks[] = {
	{ 0, "ok" }, { 1, "nak" }, { 2, "nak_password" }, { 3, "nak_reduced_protocol" },
	{ 4, "nak_port_in_use" }, { 0, NULL },
};

static const struct known *
find_known(uint8_t n)
{
	const struct known *k = NULL;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]) && known[i].number <= n; i++)
		k = &known[i];
	if (k && k->number != n && !(k->shape == CPU && n < k->number + 9u))
		return NULL;
	return k;
}

/* One telegram. */
struct telegram {
	uint32_t length;
	uint8_t version, attr, station, command;
	uint16_t seq, n;
	bool sound;             /* its CRC is right */
	uint8_t body[BODY];
};

/* False: it is none. */
static bool
sbus_decode(struct rd *r, struct telegram *t)
{
	struct rd all = *r, body;
	const uint8_t *d;
	uint8_t type;

	t->length = rd_be32(r);
	t->version = rd_u8(r);
	type = rd_u8(r);
	t->seq = rd_be16(r);
	t->attr = rd_u8(r);
	t->station = t->command = 0;
	if (!rd_ok(r) || type || t->version > 1 || t->attr > ACK ||
	    t->length < (t->attr == REQUEST ? 13 : t->attr == ACK ? 13 : 11))
		return false;
	if (t->attr == REQUEST) {
		t->station = rd_u8(r);
		t->command = rd_u8(r);
	}
	body = rd_sub(r, t->length - r->off - 2);
	t->n = (uint16_t)(rd_have(&body) < BODY ? rd_have(&body) : BODY);
	if ((d = rd_bytes(&body, t->n)))
		memcpy(t->body, d, t->n);
	d = rd_bytes(&all, t->length - 2);
	t->sound = d && crc16_forward(crc16_ccitt, 0, d, t->length - 2) == rd_be16(r);
	return true;
}

static enum probe
sbus_probe(struct probe_in *in)
{
	struct telegram t;
	struct rd r = in->side[0];

	if (in->tcp || !rd_left(&r) || !sbus_decode(&r, &t) || t.length != in->side[0].len)
		return PROBE_NO;
	in->reversed = t.attr != REQUEST;
	return rd_ok(&r) && t.sound ? PROBE_YES : rd_short(&r) ? PROBE_WEAK : PROBE_NO;
}

/* "register:100-104", "cpu:own", "memory:0x001000". */
static struct text
object_text(struct ev *e, const struct known *k, const struct telegram *q, uint32_t *count)
{
	struct rd r = rd_init(q->body, q->n, q->n);
	unsigned at = q->command - k->number;
	bool write = k->op == OT_WRITE;
	uint32_t n, addr;

	*count = 0;
	if (!k->object)
		return (struct text){ 0 };
	switch (k->shape) {
	case CPU:
		/* cold and warm restart have no CPU 0: their row begins one later */
		if (at >= 7)
			return at == 7 ? TEXT("cpu:own") : TEXT("cpu:all");
		return ev_text_num(e, "cpu:", 4, at);
	case MEMORY:
		n = rd_u8(&r);
		addr = rd_be24(&r);
		return rd_ok(&r) ? ev_text(e, "%s:0x%06x", k->object, addr) : text_c(k->object);
	case WORDS: case BITS:
		n = rd_u8(&r);
		addr = rd_be16(&r);
		if (write && k->shape == WORDS)
			n = (n - 1u) / 4 - (n > 4);     /* bytes that follow, in words */
		else if (write)
			n = rd_u8(&r);
		if (!rd_ok(&r) || n > 255)
			return text_c(k->object);
		*count = n + 1;
		return n ? ev_text(e, "%s:%u-%u", k->object, addr, addr + n) :
		    ev_text(e, "%s:%u", k->object, addr);
	default:
		return text_c(k->object);
	}
}

static void
values(struct ev *e, const struct known *k, struct rd r, uint32_t count)
{
	if (!rd_left(&r))
		return;
	if (count > 1)
		ev_val_arr(e);
	for (uint32_t i = 0, byte = 0; i < count && (rd_left(&r) || i % 8); i++) {
		if (k->shape == WORDS) {
			uint32_t v = rd_be32(&r);
			if (rd_ok(&r))
				ev_val_int(e, (int32_t)v);
			continue;
		}
		if (i % 8 == 0)
			byte = rd_u8(&r);
		ev_val_uint(e, byte >> i % 8 & 1);
	}
	if (count > 1)
		ev_val_end(e);
}

/* Nine characters: type of the PCD, version. */
static void
identify(struct ev *e, const struct telegram *a)
{
	struct rd r = rd_init(a->body, a->n, a->n);
	struct text type = text_rd(&r, 5), version = text_rd(&r, 3);
	struct ident *i;

	if (!rd_ok(&r) || !type.n)
		return;
	ev_str(e, "pcd_type", type);
	ev_str(e, "firmware", version);
	i = ev_identity(e, "sbus.firmware", EV_DEST);
	i->vendor = TEXT("Saia-Burgess");
	i->model = type;
	i->firmware = version;
	i->role = TEXT("plc");
}

static void
report(struct dctx *c, const struct telegram *q, const struct when *at, int side,
    const struct telegram *a)
{
	struct ev *e = ev_begin(c, "sbus", at, side);
	const struct known *k = q ? find_known(q->command) : NULL;
	const char *s;
	uint32_t count;

	ev_uint(e, "sequence", q ? q->seq : a->seq);
	e->ot.op = k ? k->op : OT_OTHER;
	if (q) {
		ev_uint(e, "station", q->station);
		ev_uint(e, "command", q->command);
		ev_cstr(e, "command_name", k ? k->name : NULL);
		ev_uint(e, "request_length", q->n);
		e->ot.has_unit = true;
		e->ot.unit_id = q->station;
		e->ot.service = k ? text_c(k->name) : ev_text_num(e, "command_", 8, q->command);
	}
	if (k) {
		e->ot.object = object_text(e, k, q, &count);
		e->ot.has_count = count > 0;
		e->ot.count = count;
		if (count && k->op == OT_WRITE) {
			struct rd r = rd_init(q->body, q->n, q->n);
			rd_skip(&r, k->shape == WORDS ? 3 : 4);
			values(e, k, r, count);
		} else if (count && a && a->attr == RESPONSE) {
			values(e, k, rd_init(a->body, a->n, a->n), count);
		}
	}
	if (a) {
		ev_cstr(e, "answer", a->attr == ACK ? "acknowledgement" : "response");
		ev_uint(e, "response_length", a->n);
		if (k && k->op == OT_IDENTIFY && a->attr == RESPONSE)
			identify(e, a);
		else if (k && k->shape == CPU && k->op == OT_READ && a->attr == RESPONSE &&
		    a->n == 1)
			ev_val_str(e, a->body[0] == 'R' ? TEXT("run") : a->body[0] == 'S' ?
			    TEXT("stop") : a->body[0] == 'H' ? TEXT("halt") :
			    ((struct text){ (const char *)a->body, 1 }));
		if (a->attr == ACK && a->n >= 2) {
			unsigned code = (unsigned)(a->body[0] << 8 | a->body[1]);
			ev_uint(e, "nak_code", code);
			s = tok_find(naks, code);
			e->ot.result = s ? text_c(s) : ev_text_num(e, "nak_", 4, code);
		}
		if (q)
			ev_answered(e, c, at);
		else if (!e->ot.result.n)
			e->ot.result = TEXT("ok");
	} else if (q->station != 255) {
		ev_unanswered(e, c);
	}
	ev_emit(e);
}

static enum verdict
sbus_dissect(struct dctx *c, struct rd *r)
{
	struct telegram t;
	struct pend *p;

	if (!sbus_decode(r, &t)) {
		if (rd_ok(r))
			c->why = "UNKNOWN_TELEGRAM";
		return DIS_BAD;
	}
	if (rd_ok(r) && !t.sound) {
		c->why = "CHECKSUM";
		return DIS_BAD;
	}
	if (t.attr == REQUEST && t.station == 255) {    /* everybody; nobody answers */
		report(c, &t, &c->when, c->side, NULL);
	} else if (t.attr == REQUEST) {
		pend_put(c, t.seq, &t, offsetof(struct telegram, body) + t.n);
	} else if ((p = pend_find(c, t.seq))) {
		report(c, (const struct telegram *)p->data, &p->when, p->side, &t);
		pend_done(c, p);
	} else {
		report(c, NULL, &c->when, !c->side, &t);
	}
	return DIS_OK;
}

static void
sbus_expire(struct dctx *c, struct pend *p)
{
	report(c, (const struct telegram *)p->data, &p->when, p->side, NULL);
}

static const struct hint hints[] = { { HINT_UDP, 5050 }, { HINT_END, 0 } };

#define P "sbus."
static const struct field fields[] = {
	{ P "sequence", "integer", "of the request, repeated by its answer" },
	{ P "station", "integer", "S-Bus station; 255: all" },
	{ P "command", "integer", "as on the wire" },
	{ P "command_name", "string", "its name" },
	{ P "request_length", "integer", "bytes asked with" },
	{ P "answer", "string", "response or acknowledgement" },
	{ P "response_length", "integer", "bytes answered" },
	{ P "nak_code", "integer", "0: acknowledged" },
	{ P "pcd_type", "string", "type of the controller" },
	{ P "firmware", "string", "its firmware" },
	{ NULL },
};

const struct dissector sbus_dissector = {
	.name = "sbus",
	.title = "Saia S-Bus over UDP",
	.hints = hints,
	.fields = fields,
	.probe = sbus_probe,
	.dissect = sbus_dissect,
	.expire = sbus_expire,
	.apart = true,
};
