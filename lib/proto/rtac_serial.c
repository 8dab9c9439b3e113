/* rtac_serial.c: a serial line as SEL's RTAC records it (LINKTYPE_RTAC_SERIAL).
 *
 *      seconds 4 | microseconds 4 | event 1 | control lines 1 | footer 2 | bytes
 *
 * Sent or received is from where the RTAC stands, which is master on most lines. What
 * the bytes are is not said: a frame whose checksum is right as DNP3's or Modbus RTU's
 * is given to those, everything else is counted. A message may come in pieces. */
#include "proto/keep.h"
#include "proto/modbus.h"

#include "proto/crc16.h"

enum { STATUS, TX_START, RX_START, TX_END, RX_END, LOST, COMPLETE, FRAMING, PARITY, BREAK,
	OVERFLOW, EVENTS };
enum { PIECES = 512, GAP_US = 1000000, DNP3_HEAD = 10 };
enum { OTHER, DNP3, MODBUS, KINDS };

extern const struct dissector dnp3_dissector, modbus_dissector;

struct line_key { const struct origin *from; };

struct line {
	uint64_t events[EVENTS], bytes[2], frames[KINDS];
	uint64_t unknown_bytes;
	int64_t last_us[2];
	uint16_t n[2];                  /* of a message that is not whole yet */
	uint8_t slave;                  /* 1: questions came in, so that the RTAC answers */
	uint8_t buf[2][PIECES];
};
_Static_assert(sizeof(struct line) <= KEEP_DATA, "a line fits what is kept");

static const struct text kinds[KINDS] = { TEXT("other"), TEXT("dnp3"), TEXT("modbus") };

/* Length of the DNP3 link frame at the cursor; 0: more needed; -1: none. */
static ssize_t
dnp3_length(const struct rd *r)
{
	int len = rd_peek8(r, 2);
	const uint8_t *d = rd_at(r);
	uint32_t user, n;

	if ((rd_have(r) >= 1 && d[0] != 0x05) || (rd_have(r) >= 2 && d[1] != 0x64))
		return -1;
	if (rd_have(r) < DNP3_HEAD)
		return rd_have(r) == rd_left(r) ? 0 : -1;
	if (len < 5 || (uint16_t)~crc16_reflected(crc16_dnp, 0, d, 8) != (d[8] | d[9] << 8))
		return -1;
	user = (uint32_t)len - 5;
	n = DNP3_HEAD + user + (user + 15) / 16 * 2;
	return rd_left(r) < n ? 0 : (ssize_t)n;
}

/* The same for Modbus; *request says which of the two it is. Frames of 8 bytes look
 * the same both ways: then who asks on this line decides. */
static ssize_t
modbus_length(const struct rd *r, struct line *l, int side, bool *request)
{
	ssize_t q = modbus_rtu_frame(r, true), a = modbus_rtu_frame(r, false);

	if (q > 0 && a <= 0)
		l->slave = side == 1;
	else if (a > 0 && q <= 0)
		l->slave = side == 0;
	*request = (side == 1) == l->slave;
	if (q > 0 || a > 0)
		return *request && q > 0 ? q : a > 0 ? a : q;
	return q == 0 || a == 0 ? 0 : -1;
}

static void
hand_over(struct dctx *c, const struct dissector *to, int side, const uint8_t *p, uint32_t n)
{
	struct rd r = rd_init(p, n, n);
	struct dctx d = *c;

	d.self = to;
	d.side = side;
	d.state = NULL;
	d.why = NULL;
	if (to->dissect(&d, &r) == DIS_BAD)
		proto_anomaly(&d, d.why ? d.why : "INVALID_LENGTH");
}

/* Whole frames at the beginning of r; false: what stands there is nothing known. */
static bool
take_frames(struct dctx *c, struct line *l, int side, struct rd *r)
{
	while (rd_left(r)) {
		const uint8_t *p = rd_at(r);
		bool request = false, more;
		ssize_t n = dnp3_length(r);

		more = n == 0;
		if (n > 0) {
			l->frames[DNP3]++;
			hand_over(c, &dnp3_dissector, p[3] & 0x80 ? 0 : 1, p, (uint32_t)n);
		} else if (!more) {
			n = modbus_length(r, l, side, &request);
			if (n > 0) {
				l->frames[MODBUS]++;
				hand_over(c, &modbus_dissector, !request, p, (uint32_t)n);
			}
		}
		if (n <= 0)
			return n == 0;
		rd_skip(r, (uint32_t)n);
	}
	return true;
}

static void
take_bytes(struct dctx *c, struct line *l, int side, struct rd *r)
{
	uint32_t n = rd_have(r);
	const uint8_t *p = rd_bytes(r, n);
	struct rd one = rd_init(p, n, n);
	uint32_t held = l->n[side];

	l->bytes[side] += n;
	if (c->when.us - l->last_us[side] > GAP_US) {
		l->unknown_bytes += held;
		held = 0;
	}
	l->last_us[side] = c->when.us;
	l->n[side] = 0;
	if (held && n <= PIECES - held) {
		struct rd both;

		memcpy(l->buf[side] + held, p, n);
		both = rd_init(l->buf[side], held + n, held + n);
		if (take_frames(c, l, side, &both)) {
			l->n[side] = (uint16_t)rd_left(&both);
			memmove(l->buf[side], l->buf[side] + both.off, l->n[side]);
			return;
		}
		if (both.off)           /* frames, and then something else */
			one = rd_init(l->buf[side] + both.off, rd_left(&both), rd_left(&both));
		else
			l->unknown_bytes += held;
	}
	if (!take_frames(c, l, side, &one) || rd_left(&one) > PIECES) {
		l->frames[OTHER]++;
		l->unknown_bytes += rd_left(&one);
	} else if (rd_left(&one)) {
		l->n[side] = (uint16_t)rd_left(&one);
		memmove(l->buf[side], rd_at(&one), l->n[side]);
	}
}

static void
line_end(struct dctx *c, struct keep *k)
{
	const struct line *l = (const struct line *)k->data;
	struct ev *e = ev_begin(c, "rtac_serial", &k->last, 0);

	ev_cstr(e, "event", "end");
	ev_int(e, "duration_us", k->last.us - k->first.us);
	ev_uint(e, "sent_bytes", l->bytes[0]);
	ev_uint(e, "received_bytes", l->bytes[1]);
	ev_uint(e, "unknown_bytes", l->unknown_bytes + l->n[0] + l->n[1]);
	ev_obj(e, "frames");
	ev_uint(e, "dnp3", l->frames[DNP3]);
	ev_uint(e, "modbus", l->frames[MODBUS]);
	ev_uint(e, "other", l->frames[OTHER]);
	ev_end(e);
	ev_obj(e, "line");
	ev_uint(e, "status_changes", l->events[STATUS]);
	ev_uint(e, "framing_errors", l->events[FRAMING]);
	ev_uint(e, "parity_errors", l->events[PARITY]);
	ev_uint(e, "breaks", l->events[BREAK]);
	ev_uint(e, "overflows", l->events[OVERFLOW]);
	ev_uint(e, "lost", l->events[LOST]);
	ev_end(e);
	e->ot.op = OT_REPORT;
	e->ot.service = TEXT("serial_line");
	e->ot.has_count = true;
	e->ot.count = l->frames[DNP3] + l->frames[MODBUS];
	ev_emit(e);
}

/* Which protocol a line speaks is said when its first frame was understood, or was not. */
static void
line_begin(struct dctx *c, const struct line *l, uint8_t lines)
{
	static const char *const names[7] = { "cts", "dcd", "dsr", "rts", "dtr", "ring", "mbok" };
	struct ev *e = ev_begin(c, "rtac_serial", &c->when, 0);

	ev_cstr(e, "event", "begin");
	for (int k = KINDS - 1; k >= 0; k--)
		if (l->frames[k] || !k) {
			ev_word(e, "payload", kinds[k]);
			break;
		}
	ev_arr(e, "control_lines");
	for (unsigned i = 0; i < 7; i++)
		if (lines & 1 << i)
			ev_a_str(e, text_c(names[i]));
	ev_end(e);
	e->ot.op = OT_REPORT;
	e->ot.service = TEXT("serial_line");
	ev_emit(e);
}

static enum verdict
rtac_dissect(struct dctx *c, struct rd *r)
{
	struct line_key key = { c->when.from };
	struct keep *k;
	struct line *l;
	uint8_t event, lines;
	uint64_t before;

	rd_skip(r, 8);                  /* the packet's own time is the same */
	event = rd_u8(r);
	lines = rd_u8(r);
	rd_skip(r, 2);
	if (!rd_ok(r))
		return rd_short(r) ? DIS_OK : DIS_BAD;
	if (event >= EVENTS) {
		c->why = "UNKNOWN_EVENT_TYPE";
		return DIS_BAD;
	}
	k = keep_find(c, &key, sizeof(key));
	if (!k)
		k = keep_new(c, KEEP_STREAM, &key, sizeof(key), line_end);
	keep_touch(c, k);
	l = (struct line *)k->data;
	l->events[event]++;
	before = l->frames[OTHER] + l->frames[DNP3] + l->frames[MODBUS];
	if (c->cut)
		rd_skip(r, rd_have(r));         /* no checksum to go by */
	else if (event >= TX_START && event <= RX_END && rd_have(r))
		take_bytes(c, l, event == RX_START || event == RX_END, r);
	else
		rd_skip(r, rd_left(r));
	if (!before && l->frames[OTHER] + l->frames[DNP3] + l->frames[MODBUS])
		line_begin(c, l, lines);
	return DIS_OK;
}

static const struct hint hints[] = { { HINT_LINK, 250 }, { 0 } };

static const struct field fields[] = {
	{ "rtac_serial.event", "string", "begin or end of what was recorded of a line" },
	{ "rtac_serial.payload", "string", "what its first message was: dnp3, modbus or other" },
	{ "rtac_serial.control_lines", "array", "control lines that were on: cts, rts, ..." },
	{ "rtac_serial.duration_us", "integer", "from the first record to the last" },
	{ "rtac_serial.sent_bytes", "integer", "bytes that the recorder sent" },
	{ "rtac_serial.received_bytes", "integer", "bytes that it received" },
	{ "rtac_serial.unknown_bytes", "integer", "of both, in no frame that was understood" },
	{ "rtac_serial.frames.dnp3", "integer", "DNP3 link frames" },
	{ "rtac_serial.frames.modbus", "integer", "Modbus RTU frames" },
	{ "rtac_serial.frames.other", "integer", "messages that are neither" },
	{ "rtac_serial.line.status_changes", "integer", "changes of the control lines" },
	{ "rtac_serial.line.framing_errors", "integer", "characters without a stop bit" },
	{ "rtac_serial.line.parity_errors", "integer", "characters of wrong parity" },
	{ "rtac_serial.line.breaks", "integer", "breaks on the line" },
	{ "rtac_serial.line.overflows", "integer", "characters the UART lost" },
	{ "rtac_serial.line.lost", "integer", "gaps of the recording itself" },
	{ NULL }
};

const struct dissector rtac_serial_dissector = {
	.name = "rtac_serial",
	.title = "Serial lines recorded by an RTAC",
	.hints = hints,
	.fields = fields,
	.dissect = rtac_dissect,
};
