/* modbus.c: Modbus/TCP, Modbus RTU over TCP, and the same over UDP.
 *
 * MODBUS Messaging on TCP/IP Implementation Guide V1.0b, 3.1.3 (MBAP):
 *
 *      0        2        4        6      7      8
 *     +--------+--------+--------+------+------+-----------
 *     | trans. | proto  | length | unit | func | data ...
 *     |   id   |  == 0  |        |      |      |
 *     +--------+--------+--------+------+------+-----------
 *                                 `---- length counts from here
 *
 * Function codes: MODBUS Application Protocol Specification V1.1b3, clause 6.
 * RTU over TCP (serial servers): unit, function, data, CRC-16; no length, so
 * the function code and the direction give it.
 *
 * Addresses are written as engineers write them: register 0 of the holding
 * table is 40001 (six digits past 9999); the detail keeps the wire's number. */
#include "proto/modbus.h"

enum { RTU_UNKNOWN, RTU_NO, RTU_YES };

struct mb_state { uint8_t rtu; };

struct function {
	struct text name, access;
	enum ot_op op;
	struct text table;                      /* "coil:" ... */
	uint32_t base;
};

/* By function code. */
#define WORD(s) { s, sizeof(s) - 1 }
static const struct function functions[] = {
	[1] = { WORD("RdCoils"), WORD("READ | COILS"), OT_READ, WORD("coil:"), 1 },
	[2] = { WORD("RdDiscreteInputs"), WORD("READ | DISCRETES"), OT_READ,
	    WORD("discrete_input:"), 10001 },
	[3] = { WORD("RdHoldRegs"), WORD("READ | HOLDING"), OT_READ,
	    WORD("holding_register:"), 40001 },
	[4] = { WORD("RdInputRegs"), WORD("READ | INPUT"), OT_READ,
	    WORD("input_register:"), 30001 },
	[5] = { WORD("WrSingleCoil"), WORD("WRITE | COILS | SINGLE"), OT_WRITE, WORD("coil:"), 1 },
	[6] = { WORD("WrSingleReg"), WORD("WRITE | HOLDING | SINGLE"), OT_WRITE,
	    WORD("holding_register:"), 40001 },
	[7] = { WORD("RdExcStatus"), WORD(""), OT_READ, { NULL, 0 }, 0 },
	[8] = { WORD("Diagnostic"), WORD(""), OT_COMMAND, { NULL, 0 }, 0 },
	[11] = { WORD("GetCommEventCtr"), WORD(""), OT_READ, { NULL, 0 }, 0 },
	[12] = { WORD("GetCommEventLog"), WORD(""), OT_READ, { NULL, 0 }, 0 },
	[15] = { WORD("WrMultCoils"), WORD("WRITE | COILS | MULTIPLE"), OT_WRITE,
	    WORD("coil:"), 1 },
	[16] = { WORD("WrMultRegs"), WORD("WRITE | HOLDING | MULTIPLE"), OT_WRITE,
	    WORD("holding_register:"), 40001 },
	[17] = { WORD("ReportServerID"), WORD(""), OT_IDENTIFY, { NULL, 0 }, 0 },
	[20] = { WORD("RdFileRec"), WORD("READ"), OT_READ, { NULL, 0 }, 0 },
	[21] = { WORD("WrFileRec"), WORD("WRITE"), OT_WRITE, { NULL, 0 }, 0 },
	[22] = { WORD("MaskWrReg"), WORD("WRITE | HOLDING"), OT_WRITE,
	    WORD("holding_register:"), 40001 },
	[23] = { WORD("RdWrMultRegs"), WORD("READ | WRITE | HOLDING | MULTIPLE"), OT_WRITE,
	    WORD("holding_register:"), 40001 },
	[24] = { WORD("RdFIFOQueue"), WORD("READ | HOLDING"), OT_READ,
	    WORD("holding_register:"), 40001 },
	[43] = { WORD("MEI"), WORD(""), OT_OTHER, { NULL, 0 }, 0 },
};

static const struct tok exceptions[] = {
	{ 1, "illegal_function" }, { 2, "illegal_data_address" }, { 3, "illegal_data_value" },
	{ 4, "server_device_failure" }, { 5, "acknowledge" }, { 6, "server_device_busy" },
	{ 7, "negative_acknowledge" }, { 8, "memory_parity_error" },
	{ 10, "gateway_path_unavailable" }, { 11, "gateway_target_failed_to_respond" }, { 0, NULL },
};

static const struct tok diagnostics[] = {
	{ 0, "return_query_data" },
	{ 1, "restart_communications" },
	{ 2, "return_diagnostic_register" },
	{ 3, "change_ascii_delimiter" },
	{ 4, "force_listen_only" },
	{ 10, "clear_counters" },
	{ 11, "bus_message_count" },
	{ 12, "bus_comm_error_count" },
	{ 13, "bus_exception_count" },
	{ 14, "server_message_count" },
	{ 15, "server_no_response_count" },
	{ 16, "server_nak_count" },
	{ 17, "server_busy_count" },
	{ 18, "bus_overrun_count" },
	{ 20, "clear_overrun" },
	{ 0, NULL },
};

/* Without a flow it is a serial line itself (rtac_serial.c). */
static bool
is_rtu(const struct dctx *c)
{
	return !c->flow || ((const struct mb_state *)c->state)->rtu == RTU_YES;
}

static const struct function *
function_find(uint8_t fc)
{
	return fc < sizeof(functions) / sizeof(functions[0]) && functions[fc].name.n ?
	    &functions[fc] : NULL;
}

bool modbus_public(uint8_t fc) { return function_find(fc) != NULL; }

static ssize_t
modbus_frame(const struct dctx *c, const struct rd *r)
{
	struct mb_state *s = c->state;

	if (s->rtu == RTU_UNKNOWN && rd_have(r) >= 4)
		s->rtu = modbus_mbap_frame(r) >= 0 ? RTU_NO :
		    modbus_rtu_frame(r, c->side == 0) >= 0 ? RTU_YES : RTU_NO;
	return s->rtu == RTU_YES ? modbus_rtu_frame(r, c->side == 0) : modbus_mbap_frame(r);
}

static struct text
category(uint8_t fc)
{
	if (function_find(fc))
		return TEXT("PUBLIC_ASSIGNED");
	if ((fc >= 65 && fc <= 72) || (fc >= 100 && fc <= 110))
		return TEXT("USER_DEFINED");
	switch (fc) {
	case 9: case 10: case 13: case 14: case 41: case 42: case 90: case 91: case 125: case 126:
	case 127:
		return TEXT("RESERVED");
	default:
		return TEXT("PUBLIC_UNASSIGNED");
	}
}

/* What ev_again() does not have yet. */
static __attribute__((noinline)) void
put_new_head(struct ev *e, const struct mb_pdu *p, bool rtu)
{
	const struct function *f = function_find(p->fc);

	if (!rtu)
		ev_uint(e, "protocol_id", 0);
	ev_uint(e, "unit_id", p->unit);
	ev_uint(e, "function_raw", p->fc | (p->is_exception ? 0x80u : 0));
	ev_word(e, "function_code", f ? f->name : TEXT("Unknown"));
	if (f)
		ev_word(e, "access_type", f->access);
	ev_word(e, "category", category(p->fc));
	ev_word(e, "error_flags", p->bad_length ? p->bad_value ? TEXT("DATA_VALUE | DATA_LENGTH") :
	    TEXT("DATA_LENGTH") : p->bad_value ? TEXT("DATA_VALUE") : TEXT("NONE"));
	ev_keep(e);
}

/* Of one event: its number, the two heads with what follows them. */
enum { MEMBERS = 16 };

static inline __attribute__((always_inline)) bool
put_head(struct ev *e, struct jw_run *m, const struct mb_pdu *p, bool rtu)
{
	uint32_t key = (uint32_t)(p->unit << 11 | p->fc << 4 | rtu << 3 | p->is_exception << 2 |
	    p->bad_length << 1 | p->bad_value);
	struct text kept;

	if (!rtu)
		run_uint(m, "transaction_id", p->tid);
	kept = ev_kept(e, key);
	if (kept.n) {
		run_members(m, kept);
		return true;
	}
	ev_ran(e, m);
	if (!ev_again(e, key))
		put_new_head(e, p, rtu);
	return ev_run(e, m, MEMBERS, 2 * EV_KEPT);
}

static bool
same_head(const struct mb_pdu *q, const struct mb_pdu *a)
{
	return q->tid == a->tid && q->unit == a->unit && q->fc == a->fc &&
	    q->is_exception == a->is_exception && q->bad_length == a->bad_length &&
	    q->bad_value == a->bad_value;
}

static void
put_diagnostic(struct ev *e, const struct mb_pdu *p)
{
	ev_obj(e, "diagnostic");
	ev_uint(e, "raw", p->sub);
	ev_cstr(e, "code", tok_find(diagnostics, p->sub));
	ev_end(e);
}

static void
put_mei(struct ev *e, const struct mb_pdu *p, bool request)
{
	ev_obj(e, "mei");
	ev_uint(e, "raw", p->sub);
	ev_cstr(e, "code", p->sub == 14 ? "RdDeviceID" : p->sub == 13 ? "CANopenGenRef" : NULL);
	if (p->sub == 14) {
		ev_uint(e, "read_device_id_code", p->dev_code);
		if (request) {
			ev_uint(e, "object_id", p->dev_object);
		} else {
			ev_uint(e, "conformity", p->dev_conformity);
			ev_bool(e, "more_follows", p->dev_more == 0xff);
			ev_uint(e, "objects", p->dev_count);
		}
	}
	ev_end(e);
}

static __attribute__((noinline)) void
put_odd_request(struct ev *e, const struct mb_pdu *q)
{
	switch (q->fc) {
	case 23:
		ev_two(e, "read", "address", q->addr, "quantity", q->qty);
		ev_two(e, "write", "address", q->waddr, "quantity", q->wqty);
		break;
	case 24:
		ev_obj(e, "read");
		ev_uint(e, "address", q->addr);
		ev_end(e);
		break;
	case 22:
		ev_obj(e, "write");
		ev_uint(e, "address", q->addr);
		ev_uint(e, "and_mask", q->and_mask);
		ev_uint(e, "or_mask", q->or_mask);
		ev_end(e);
		break;
	case 8:
		put_diagnostic(e, q);
		break;
	case 43:
		put_mei(e, q, true);
		break;
	case 90:
		umas_put(e, q, true);
		break;
	default:
		ev_uint(e, "length", q->len);
	}
}

static __attribute__((noinline)) void
put_odd_response(struct ev *e, const struct mb_pdu *a)
{
	if (a->is_exception) {
		ev_obj(e, "exception");
		ev_uint(e, "raw", a->exception);
		ev_cstr(e, "code", tok_find(exceptions, a->exception));
		ev_end(e);
		return;
	}
	switch (a->fc) {
	case 7:
		ev_uint(e, "exception_status", a->value);
		break;
	case 8:
		put_diagnostic(e, a);
		break;
	case 43:
		put_mei(e, a, false);
		break;
	case 90:
		umas_put(e, a, false);
		break;
	case 22: case 23: case 24:
		break;
	default:
		ev_uint(e, "length", a->len);
	}
}

/* What is said of the access behind the head; of an answer only where it repeats it. */
static inline __attribute__((always_inline)) bool
put_access(struct ev *e, struct jw_run *m, const struct mb_pdu *p, bool request)
{
	switch (p->is_exception ? 0 : p->fc) {
	case 1: case 2: case 3: case 4:
		if (request)
			run_two(m, "read", "address", p->addr, "quantity", p->qty);
		return true;
	case 5: case 6:
		run_two(m, "write", "address", p->addr, "data", p->value);
		return true;
	case 15: case 16:
		run_two(m, "write", "address", p->addr, "quantity", p->qty);
		return true;
	default:
		ev_ran(e, m);
		if (request)
			put_odd_request(e, p);
		else
			put_odd_response(e, p);
		return ev_run(e, m, MEMBERS, 2 * EV_KEPT);
	}
}

/* The detail, of a request, its answer, or both. */
static inline void
put_detail(struct ev *e, const struct flow *f, bool rtu, const struct mb_pdu *q,
    const struct mb_pdu *a)
{
	const char *head = NULL;
	size_t head_n = 0;
	struct jw_run m;

	if (!ev_run(e, &m, MEMBERS, 2 * EV_KEPT))
		return;
	if (f)
		run_uint(&m, "id", f->tx + 1);
	if (rtu)
		run_bool(&m, "rtu", true);
	if (q) {
		run_under(&m, "request");
		head = m.d;
		if (!put_head(e, &m, q, rtu))
			return;
		head_n = (size_t)(m.d - head);
		if (!put_access(e, &m, q, true))
			return;
		run_end(&m);
	}
	if (a) {
		run_under(&m, "response");
		if (q && same_head(q, a))
			run_repeat(&m, head, head_n);
		else if (!put_head(e, &m, a, rtu))
			return;
		if (!put_access(e, &m, a, false))
			return;
		run_end(&m);
	}
	ev_ran(e, &m);
}

static void
values_of_bits(struct ev *e, const uint8_t *d, unsigned bytes, unsigned qty)
{
	ev_val_bits(e, d, qty < bytes * 8 ? qty : bytes * 8);
}

/* "holding_register:40012". */
static struct text
object_name(struct ev *e, const struct function *f, uint16_t addr)
{
	uint32_t n = f->table.n, v = f->base + addr;
	char *p = ev_room(e, n + 8);

	if (!p)
		return (struct text){ 0 };
	jw_copy(p, f->table.p, n);
	if (addr > 9998) {              /* the table's digit, and five behind it */
		p[n++] = (char)('0' + f->base / 10000);
		v = 1u + addr;
	}
	jw_dec5(p + n, v);
	return (struct text){ p, n + 5 };
}

static void
put_common(struct ev *e, const struct mb_pdu *q, const struct mb_pdu *a)
{
	const struct mb_pdu *p = q ? q : a;
	const struct function *f = function_find(p->fc);

	e->ot.op = f ? f->op : OT_OTHER;
	e->ot.service = f ? f->name : (struct text){ 0 };
	e->ot.own_service = true;
	e->ot.has_unit = true;
	e->ot.unit_id = p->unit;
	if (f && f->table.n && (q || p->fc == 5 || p->fc == 6 || p->fc == 15 || p->fc == 16)) {
		e->ot.object = object_name(e, f, q && q->fc == 23 ? q->waddr : p->addr);
		e->ot.own_object = true;        /* UMAS' may not be */
		e->ot.has_count = true;
		e->ot.count = p->fc == 23 ? p->wqty : p->qty ? p->qty : 1;
	}
	switch (p->fc) {
	case 1: case 2:
		if (a && !a->is_exception)
			values_of_bits(e, a->data, a->n, q ? q->qty : a->n * 8u);
		e->ot.state = true;
		break;
	case 3: case 4:
		if (a && !a->is_exception)
			ev_val_be16(e, a->data, a->n);
		break;
	case 5:
		ev_val_uint(e, p->value == 0xff00);
		break;
	case 6:
		ev_val_uint(e, p->value);
		break;
	case 15:
		if (q)
			values_of_bits(e, q->data, q->n, q->qty);
		break;
	case 16: case 23:
		if (q)
			ev_val_be16(e, q->data, q->n);
		break;
	case 8:
		/* only these change anything: 6.8.1 */
		e->ot.op = OT_READ;
		if (p->sub == 1 || p->sub == 4 || p->sub == 10 || p->sub == 20)
			e->ot.op = OT_COMMAND;
		break;
	case 43:
		e->ot.op = p->sub == 14 ? OT_IDENTIFY : OT_OTHER;
		break;
	case 90:                        /* Schneider UMAS: programming and PLC control */
		umas_common(e, q, a);
		break;
	default:
		break;
	}
}

/* FC 43/14 (6.21): object id, length, text, repeated. */
static void
identity_mei(struct ev *e, const struct mb_pdu *a)
{
	struct rd r = rd_init(a->data, a->n, a->n);
	struct ident *i = ev_identity(e, "modbus.mei", EV_DEST);

	for (unsigned k = 0; k < a->dev_count && rd_left(&r); k++) {
		uint8_t id = rd_u8(&r), n = rd_u8(&r);
		struct text t = text_rd(&r, n);
		switch (id) {
		case 0: i->vendor = t; break;
		case 1: i->order_code = t; break;
		case 2: i->firmware = t; break;
		case 4: i->product = t; break;
		case 5: i->model = t; break;
		case 6: i->hostname = t; break; /* UserApplicationName: what the site calls it */
		default: break;                 /* 3 is a URL; 0x80.. are the maker's own */
		}
	}
}

/* FC 17 (6.13): the server id is the device's own; text in most of them. */
static void
identity_server_id(struct ev *e, const struct mb_pdu *a)
{
	unsigned from = 0, n = a->n;

	while (n && a->data[n - 1] < 0x20)      /* run indicator, padding */
		n--;
	while (from < n && (a->data[from] < 0x20 || a->data[from] > 0x7e))
		from++;
	for (unsigned i = from; i < n; i++)
		if (a->data[i] < 0x20 || a->data[i] > 0x7e)
			n = i;
	if (n > from + 2)
		ev_identity(e, "modbus.server_id", EV_DEST)->product =
		    text_trim(a->data + from, n - from);
}

/* One event for a request, its response, or both. */
static void
report(struct dctx *c, const struct mb_pdu *q, const struct when *q_when, const struct mb_pdu *a)
{
	bool rtu = is_rtu(c);
	struct ev *e = ev_begin(c, "modbus", q ? q_when : &c->when, 0);

	put_detail(e, c->flow, rtu, q, a);
	put_common(e, q, a);
	if (!a) {
		ev_unanswered(e, c);
	} else {
		if (a->is_exception) {
			const char *s_ = tok_find(exceptions, a->exception);
			e->ot.result = s_ ? text_c(s_) : ev_text(e, "exception_%u", a->exception);
		}
		if (q)
			ev_answered(e, c, q_when);
		else if (!a->is_exception)
			e->ot.result = TEXT("ok");
		if (a->fc == 43 && a->sub == 14 && !a->is_exception)
			identity_mei(e, a);
		else if (a->fc == 17 && !a->is_exception)
			identity_server_id(e, a);
		if (!c->flow && e->nid) {       /* the unit is all the address there is */
			e->id[0].of = EV_OTHER;
			e->id[0].sub = ev_text_num(e, "unit ", 5, a->unit);
		}
	}
	ev_emit(e);
}

/* A request that waits, with its data: that of the packet is gone when the answer comes. */
struct waiting { struct mb_pdu pdu; uint8_t data[MB_DATA_MAX]; };
_Static_assert(sizeof(struct waiting) <= PEND_DATA, "a request fits where it waits");

static void
wait_for(struct dctx *c, uint16_t tid, const struct mb_pdu *q)
{
	struct waiting *x = pend_new(c, tid, sizeof(*x));

	if (!x)
		return;
	x->pdu = *q;
	if (q->n)
		jw_copy((char *)x->data, q->data, q->n);
}

/* It may have been moved since. */
static const struct mb_pdu *
waited(struct pend *w)
{
	struct waiting *x = (struct waiting *)w->data;

	x->pdu.data = x->data;
	return &x->pdu;
}

static enum verdict
modbus_dissect(struct dctx *c, struct rd *r)
{
	bool request = c->side == 0, rtu;
	struct mb_pdu pdu;
	struct pend *w;
	uint16_t tid = 0;

	if (c->flow && !c->tcp && modbus_frame(c, r) != (ssize_t)rd_left(r))
		return DIS_BAD;
	rtu = is_rtu(c);
	if (rtu) {
		struct rd body = rd_sub(r, rd_left(r) - 2);
		modbus_decode(&body, &pdu, request);
	} else {
		tid = rd_be16(r);
		rd_skip(r, 4);
		modbus_decode(r, &pdu, request);
		pdu.tid = tid;
	}
	if (!rd_ok(r) && !pdu.fc)
		return DIS_BAD;
	if (request) {
		/* Broadcast (unit 0 on a serial line, 4.1) gets no answer, but
		 * TCP servers answer unit 0 as any other. */
		wait_for(c, tid, &pdu);
	} else {
		w = rtu && c->flow ? pend_oldest(c) : pend_find(c, tid);
		if (w) {
			const struct mb_pdu *q = waited(w);
			/* an answer to another question is not this one's answer */
			if (q->fc != pdu.fc) {
				proto_anomaly(c, "FUNCTION_MISMATCH");
				w = NULL;
			} else {
				report(c, q, &w->when, &pdu);
				pend_done(c, w);
			}
		}
		if (!w)
			report(c, NULL, NULL, &pdu);
	}
	if (pdu.bad_length)
		c->why = "DATA_LENGTH";
	else if (pdu.bad_value)
		c->why = "DATA_VALUE";
	return c->why ? DIS_BAD : DIS_OK;
}

static void
modbus_expire(struct dctx *c, struct pend *p)
{
	report(c, waited(p), &p->when, NULL);
}

static const struct hint hints[] = {
	{ HINT_TCP, 502 }, { HINT_UDP, 502 }, { HINT_END, 0 },
};

#define HEAD(p)                                                                                    \
	{ "modbus." p ".transaction_id", "integer", "MBAP transaction id" },                       \
	    { "modbus." p ".protocol_id", "integer", "MBAP protocol id, 0" },                      \
	    { "modbus." p ".unit_id", "integer", "unit behind a gateway, or the device itself" },  \
	    { "modbus." p ".function_raw", "integer", "function code as on the wire" },            \
	    { "modbus." p ".function_code", "string", "its name as EVE has it" },                  \
	    { "modbus." p ".access_type", "string", "what it touches, and how" },                  \
	    { "modbus." p ".category", "string", "public, user defined or reserved code" },        \
	    { "modbus." p ".error_flags", "string", "DATA_VALUE, DATA_LENGTH or NONE" },           \
	    { "modbus." p ".length", "integer", "bytes of a PDU whose data is not decoded" },      \
	    { "modbus." p ".write.address", "integer", "first address written, from 0" },          \
	    { "modbus." p ".write.quantity", "integer", "how many" },                              \
	    { "modbus." p ".write.data", "integer", "value of a single write, as on the wire" },   \
	    { "modbus." p ".diagnostic.raw", "integer", "sub-function of FC 8" },                  \
	    { "modbus." p ".diagnostic.code", "string", "its name" },                              \
	    { "modbus." p ".mei.raw", "integer", "MEI type of FC 43" },                            \
	    { "modbus." p ".mei.code", "string", "its name" },                                     \
	{                                                                                          \
		"modbus." p ".mei.read_device_id_code", "integer",                                 \
		    "1 basic, 2 regular, 3 extended, 4 one"                                        \
	}

static const struct field fields[] = {
	{ "modbus.id", "integer", "number of the transaction in its flow" },
	{ "modbus.rtu", "boolean", "true: RTU frames, no MBAP header" },
	HEAD("request"),
	{ "modbus.request.read.address", "integer", "first address read, from 0" },
	{ "modbus.request.read.quantity", "integer", "how many" },
	{ "modbus.request.write.and_mask", "integer", "FC 22" },
	{ "modbus.request.write.or_mask", "integer", "FC 22" },
	{ "modbus.request.mei.object_id", "integer", "first object asked for" },
	HEAD("response"),
	{ "modbus.response.exception_status", "integer", "the eight outputs of FC 7" },
	{ "modbus.response.exception.raw", "integer", "exception code" },
	{ "modbus.response.exception.code", "string", "its name" },
	{ "modbus.response.mei.conformity", "integer", "conformity level" },
	{ "modbus.response.mei.more_follows", "boolean", "more objects in a further answer" },
	{ "modbus.response.mei.objects", "integer", "objects in this answer" },
	{ "modbus.request.umas.session", "integer", "UMAS session, 0: none" },
	{ "modbus.request.umas.function_raw", "integer", "UMAS function code" },
	{ "modbus.request.umas.function", "string", "its name, where known" },
	{ "modbus.response.umas.session", "integer", "UMAS session, 0: none" },
	{ "modbus.response.umas.ok", "boolean", "the controller did it" },
	{ "modbus.response.umas.error", "string", "first bytes of an error, hex" },
	{ NULL },
};

const struct dissector modbus_dissector = {
	.name = "modbus",
	.title = "Modbus/TCP, RTU over TCP",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct mb_state),
	.probe = modbus_probe,
	.frame = modbus_frame,
	.dissect = modbus_dissect,
	.expire = modbus_expire,
	.apart = true,
};
