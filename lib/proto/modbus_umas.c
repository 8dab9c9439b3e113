/* modbus_umas.c: Schneider UMAS, the programming protocol inside Modbus function
 * 90. The maker publishes nothing: functions and layouts are those that several
 * researchers found, and only what recordings confirm is interpreted.
 *
 *     request   session 1 | function 1 | data
 *     response  session 1 | 0xfe ok, 0xfd error | data */
#include "proto/modbus.h"

enum { READ_ID = 0x02, READ_PROJECT = 0x03, RESERVE = 0x10, READ_BLOCK = 0x20,
	READ_VARIABLES = 0x22, WRITE_VARIABLES = 0x23,
	SEND_BLOCK = 0x31, FETCH_BLOCK = 0x34, OK = 0xfe, FAILED = 0xfd };

#define WORD(s) { s, sizeof(s) - 1 }
static const struct umas { uint8_t code; struct text name; enum ot_op op; } functions[] = {
	{ 0x01, WORD("UmasInitComm"), OT_CONNECT },
	{ 0x02, WORD("UmasReadId"), OT_IDENTIFY },
	{ 0x03, WORD("UmasReadProjectInfo"), OT_IDENTIFY },
	{ 0x04, WORD("UmasReadPlcInfo"), OT_READ },
	{ 0x06, WORD("UmasReadCardInfo"), OT_READ },
	{ 0x0a, WORD("UmasRepeat"), OT_OTHER },
	{ 0x10, WORD("UmasTakeReservation"), OT_CONNECT },
	{ 0x11, WORD("UmasReleaseReservation"), OT_CONNECT },
	{ 0x12, WORD("UmasKeepAlive"), OT_OTHER },
	{ 0x20, WORD("UmasReadMemoryBlock"), OT_READ },
	{ 0x21, WORD("UmasWriteMemoryBlock"), OT_WRITE },
	{ 0x22, WORD("UmasReadVariables"), OT_READ },
	{ 0x23, WORD("UmasWriteVariables"), OT_WRITE },
	{ 0x24, WORD("UmasReadCoilsRegisters"), OT_READ },
	{ 0x25, WORD("UmasWriteCoilsRegisters"), OT_WRITE },
	{ 0x26, WORD("UmasReadDictionary"), OT_READ },
	{ 0x30, WORD("UmasInitializeUpload"), OT_PROGRAM },
	{ 0x31, WORD("UmasUploadBlock"), OT_PROGRAM },
	{ 0x32, WORD("UmasEndUpload"), OT_PROGRAM },
	{ 0x33, WORD("UmasInitializeDownload"), OT_PROGRAM },
	{ 0x34, WORD("UmasDownloadBlock"), OT_PROGRAM },
	{ 0x35, WORD("UmasEndDownload"), OT_PROGRAM },
	{ 0x39, WORD("UmasReadEthMasterData"), OT_READ },
	{ 0x40, WORD("UmasStartPlc"), OT_COMMAND },
	{ 0x41, WORD("UmasStopPlc"), OT_COMMAND },
	{ 0x42, WORD("UmasInitPlc"), OT_COMMAND },
	{ 0x50, WORD("UmasMonitorPlc"), OT_READ },
	{ 0x58, WORD("UmasCheckPlc"), OT_READ },
	{ 0x70, WORD("UmasReadIoObject"), OT_READ },
	{ 0x71, WORD("UmasWriteIoObject"), OT_WRITE },
	{ 0x73, WORD("UmasGetModuleStatus"), OT_READ },
};

static const struct umas *
umas_find(uint8_t code)
{
	for (size_t i = 0; i < sizeof(functions) / sizeof(*functions); i++)
		if (functions[i].code == code)
			return &functions[i];
	return NULL;
}

static bool
is_printable(const uint8_t *p, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (p[i] < 0x20 || p[i] > 0x7e)
			return false;
	return n > 0;
}

/* The last text with its length before it that ends the data, or stands before
 * rest bytes that are none; the fields before it differ between models. */
static struct text
counted_text(const struct mb_pdu *p, unsigned from, bool at_end)
{
	for (unsigned i = from; i + 2 < p->n; i++) {
		unsigned n = p->data[i], m;

		if (n < 3 || i + 1 + n > p->n || (at_end && i + 1 + n != p->n))
			continue;
		m = p->data[i + n] ? n : n - 1;         /* some count a NUL */
		if (is_printable(p->data + i + 1, m))
			return text_trim(p->data + i + 1, m);
	}
	return (struct text){ 0 };
}

void
umas_put(struct ev *e, const struct mb_pdu *p, bool request)
{
	const struct umas *f = p->n > 1 && request ? umas_find(p->data[1]) : NULL;

	ev_uint(e, "length", p->len);
	if (p->n < 2)
		return;
	ev_obj(e, "umas");
	ev_uint(e, "session", p->data[0]);
	if (request) {
		ev_uint(e, "function_raw", p->data[1]);
		if (f)
			ev_word(e, "function", f->name);
	} else {
		ev_bool(e, "ok", p->data[1] == OK);
		if (p->data[1] == FAILED && p->n > 2)
			ev_hex(e, "error", p->data + 2, p->n - 2u < 4 ? p->n - 2u : 4);
	}
	ev_end(e);
}

/* Little-endian, inside the PDU's data that was kept; 0 past it. */
static uint32_t
le16_at(const struct mb_pdu *p, unsigned at)
{
	return at + 2 <= p->n ? (uint32_t)(p->data[at] | p->data[at + 1] << 8) : 0;
}

static void
put_object(struct ev *e, const struct mb_pdu *q)
{
	switch (q->data[1]) {
	case READ_BLOCK:
		if (q->n < 11)
			return;
		e->ot.object = ev_text(e, "block %u offset %u", le16_at(q, 3), le16_at(q, 5));
		e->ot.has_count = true;
		e->ot.count = le16_at(q, 9);
		break;
	case SEND_BLOCK: case FETCH_BLOCK:
		if (q->n >= 6)
			e->ot.object = ev_text_num(e, "block ", 6, le16_at(q, 4));
		break;
	case READ_VARIABLES: case WRITE_VARIABLES:
		if (q->n >= 7) {
			e->ot.has_count = true;
			e->ot.count = q->data[6];
		}
		break;
	}
}

void
umas_common(struct ev *e, const struct mb_pdu *q, const struct mb_pdu *a)
{
	const struct umas *f = q && q->n > 1 ? umas_find(q->data[1]) : NULL;
	struct text name;

	e->ot.op = f ? f->op : OT_PROGRAM;
	e->ot.service = f ? f->name : TEXT("UMAS");
	if (q && q->n > 1)
		put_object(e, q);
	if (!a || a->is_exception || a->n < 2)
		return;
	if (a->data[1] == FAILED) {
		e->ot.result = TEXT("umas_error");
		if (a->n > 3)
			e->ot.result = ev_text(e, "umas_error_%04x", le16_at(a, 2));
		return;
	}
	if (a->data[1] != OK || !f)
		return;
	switch (f->code) {
	case READ_ID:
		name = counted_text(a, 16, false);
		if (name.n) {
			struct ident *i = ev_identity(e, "modbus.umas", EV_DEST);
			i->vendor = TEXT("Schneider Electric");
			i->model = name;
			i->role = TEXT("plc");
		}
		break;
	case READ_PROJECT:
		name = counted_text(a, 2, true);
		if (name.n && !e->ot.object.n)
			e->ot.object = name;
		break;
	case RESERVE:           /* who reserves says his computer's name */
		name = counted_text(q, 2, true);
		if (name.n)
			ev_identity(e, "modbus.umas", EV_SRC)->hostname = name;
		break;
	}
}
