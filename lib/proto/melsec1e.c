/* melsec1e.c: the oldest frame of Mitsubishi's MC protocol, which FX3 and A series
 * controllers speak: 1E, in binary, over TCP and UDP (SH-080008, chapter 18).
 *
 *     +------+------+-----------+----------------+----------+--------+----+------
 *     | cmd  |  pc  | timer (2) | device number  | code (2) | points | 0  | data
 *     +------+------+-----------+----------------+----------+--------+----+------
 *     +----------+-----+------
 *     | cmd + 80 | end | data            no length: the question gives the answer's
 *     +----------+-----+------
 *
 * A code is the device's letters: 20 44 is "D". Little-endian. */
#include "proto/pend_long.h"
#include "proto/proto.h"

enum { READ_BITS, READ_WORDS, WRITE_BITS, WRITE_WORDS, SET_BITS, SET_WORDS, ENTER_BITS,
	ENTER_WORDS, MONITOR_BITS, MONITOR_WORDS, RUN = 0x13, STOP, TYPE, LOOPBACK };
enum { DATA_MAX = 2048, ABNORMAL = 0x5b };

struct m1_state {
	uint8_t cmd;
	uint16_t points;
	bool asked;
	uint16_t entered[2];                    /* devices entered for bits and words */
};

struct m1_req {
	uint8_t cmd, pc;
	uint16_t timer, points;
	struct rd data;                         /* from the device or the points on */
};
_Static_assert(sizeof(struct m1_req) <= PEND_LONG_HEAD, "head");

struct command { enum ot_op op; struct text name; };
#define C(op, s)        { op, { s, sizeof(s) - 1 } }
static const struct command commands[] = {
	[READ_BITS] = C(OT_READ, "Batch Read Bits"), [READ_WORDS] = C(OT_READ, "Batch Read Words"),
	[WRITE_BITS] = C(OT_WRITE, "Batch Write Bits"),
	[WRITE_WORDS] = C(OT_WRITE, "Batch Write Words"), [SET_BITS] = C(OT_WRITE, "Set Bits"),
	[SET_WORDS] = C(OT_WRITE, "Set Words"),
	[ENTER_BITS] = C(OT_SUBSCRIBE, "Enter Monitor Bits"),
	[ENTER_WORDS] = C(OT_SUBSCRIBE, "Enter Monitor Words"),
	[MONITOR_BITS] = C(OT_READ, "Monitor Bits"), [MONITOR_WORDS] = C(OT_READ, "Monitor Words"),
	[RUN] = C(OT_COMMAND, "Remote Run"), [STOP] = C(OT_COMMAND, "Remote Stop"),
	[TYPE] = C(OT_IDENTIFY, "Read PC Type"), [LOOPBACK] = C(OT_OTHER, "Loopback Test"),
};

static const struct command *
command_find(uint8_t cmd)
{
	return cmd < sizeof(commands) / sizeof(commands[0]) && commands[cmd].name.n ?
	    &commands[cmd] : NULL;
}

/* Letters of a device, its first one in the high byte; hexadecimal numbers. */
static bool
device(uint16_t code, char name[3], bool *hex)
{
	static const char two[] = "TSTCTNCSCCCN", one[] = "DRWXYMLSFB";
	char a = (char)(code >> 8), b = (char)(code & 0xff);

	*hex = a == 'W' || a == 'X' || a == 'Y' || a == 'B';
	name[0] = a;
	name[1] = b == ' ' ? '\0' : b;
	name[2] = '\0';
	if (b == ' ')
		return a && strchr(one, a) != NULL;
	for (size_t i = 0; two[i]; i += 2)
		if (two[i] == a && two[i + 1] == b)
			return true;
	return false;
}

static struct text
device_name(struct ev *e, struct rd *r)
{
	uint32_t n = rd_le32(r);
	uint16_t code = rd_le16(r);
	char name[3];
	bool hex;

	if (!rd_ok(r))
		return (struct text){ 0 };
	if (!device(code, name, &hex))
		return ev_text(e, "device 0x%04x:%u", code, n);
	return hex ? ev_text(e, "%s%X", name, n) : ev_text(e, "%s%u", name, n);
}

/* ---- where a message ends -------------------------------------------- */

static ssize_t
request_length(const struct rd *v)
{
	int cmd = rd_peek8(v, 0), pc = rd_peek8(v, 1), n, low = rd_peek8(v, 8),
	    high = rd_peek8(v, 9);
	char name[3];
	bool hex;

	if (cmd < 0)
		return 0;
	if (!command_find((uint8_t)cmd) || (pc >= 0 && pc != 0xff))
		return -1;
	switch (cmd) {
	case READ_BITS: case READ_WORDS: case WRITE_BITS: case WRITE_WORDS:
		n = rd_peek8(v, 10);
		if (rd_peek8(v, 11) < 0)
			return 0;
		if (rd_peek8(v, 11) || !device((uint16_t)(high << 8 | low), name, &hex))
			return -1;
		n = n ? n : 256;
		return 12 + (cmd == WRITE_BITS ? (n + 1) / 2 : cmd == WRITE_WORDS ? n * 2 : 0);
	case SET_BITS: case SET_WORDS: case ENTER_BITS: case ENTER_WORDS:
		n = rd_peek8(v, 4);
		if (rd_peek8(v, 5) < 0)
			return 0;
		if (rd_peek8(v, 5) || !n)
			return -1;
		return 6 + n * (cmd == SET_BITS ? 7 : cmd == SET_WORDS ? 8 : 6);
	case LOOPBACK:
		n = rd_peek8(v, 4);
		return n < 0 ? 0 : 5 + n;
	default:
		return 4;
	}
}

static ssize_t
answer_length(const struct m1_state *s, const struct rd *v)
{
	int cmd = rd_peek8(v, 0), end = rd_peek8(v, 1), n;

	if (cmd < 0)
		return 0;
	if (!(cmd & 0x80) || !command_find((uint8_t)(cmd & 0x7f)))
		return -1;
	if (end < 0)
		return 0;
	if (end)
		return end == ABNORMAL ? 4 : 2;
	if (s->asked && s->cmd != (cmd & 0x7f))
		return -1;
	switch (cmd & 0x7f) {
	case READ_BITS: case READ_WORDS: case MONITOR_BITS: case MONITOR_WORDS:
		if (!s->asked)          /* the beginning was not seen: all that came at once */
			return rd_left(v);
		return 2 + ((cmd & 1) ? s->points * 2 : (s->points + 1) / 2);
	case TYPE:
		return 4;
	case LOOPBACK:
		n = rd_peek8(v, 2);
		return n < 0 ? 0 : 3 + n;
	default:
		return 2;
	}
}

static ssize_t
melsec1e_frame(const struct dctx *c, const struct rd *r)
{
	return c->side == 0 ? request_length(r) : answer_length(c->state, r);
}

/* ---- events ---------------------------------------------------------- */

static void
put_values(struct ev *e, struct rd r, unsigned n, bool bits)
{
	unsigned have = bits ? rd_have(&r) * 2 : rd_have(&r) / 2;

	if (n > have)
		n = have;
	if (!n)
		return;
	if (n > 1)
		ev_val_arr(e);
	for (unsigned i = 0; i < n; i++) {
		int b = bits ? rd_peek8(&r, i / 2) : 0;
		ev_val_uint(e, bits ? (unsigned)(i & 1 ? b : b >> 4) & 1 : rd_le16(&r));
	}
	if (n > 1)
		ev_val_end(e);
}

static void
put_common(struct ev *e, const struct m1_req *q, int end, const struct rd *answer, int index)
{
	struct rd r = q->data;

	switch (q->cmd) {
	case READ_BITS: case READ_WORDS: case WRITE_BITS: case WRITE_WORDS:
		e->ot.object = device_name(e, &r);
		e->ot.has_count = true;
		e->ot.count = q->points;
		rd_skip(&r, 2);
		if (q->cmd >= WRITE_BITS)
			put_values(e, r, q->points, q->cmd == WRITE_BITS);
		else if (answer && !end)
			put_values(e, *answer, q->points, q->cmd == READ_BITS);
		break;
	case SET_BITS: case SET_WORDS:
		rd_skip(&r, 2 + (unsigned)index * (q->cmd == SET_BITS ? 7 : 8));
		e->ot.object = device_name(e, &r);
		if (q->cmd == SET_BITS && rd_have(&r) >= 1)
			ev_val_uint(e, rd_u8(&r));
		else if (rd_have(&r) >= 2)
			ev_val_uint(e, rd_le16(&r));
		break;
	case ENTER_BITS: case ENTER_WORDS:
		rd_skip(&r, 2);
		e->ot.object = device_name(e, &r);
		e->ot.has_count = true;
		e->ot.count = q->points;
		break;
	case MONITOR_BITS: case MONITOR_WORDS:
		if (answer && !end)
			put_values(e, *answer, q->points, q->cmd == MONITOR_BITS);
		break;
	default:
		break;
	}
}

static void
report(struct dctx *c, const struct m1_req *q, const struct when *when, int side, uint8_t cmd,
    int end, const struct rd *answer)
{
	const struct command *k = command_find(cmd);
	unsigned n = q && (cmd == SET_BITS || cmd == SET_WORDS) && q->points > 1 ? q->points : 1;

	for (unsigned i = 0; i < n; i++) {      /* each device set is an event of its own */
		struct ev *e = ev_begin(c, "melsec1e", q ? when : &c->when, side);
		ev_word(e, "command", k->name);
		ev_uint(e, "command_raw", cmd);
		if (n > 1)
			ev_uint(e, "index", i);
		if (q) {
			ev_uint(e, "pc", q->pc);
			ev_uint(e, "timer", q->timer);
		}
		if (answer) {
			struct rd r = *answer;
			ev_uint(e, "end_code", (unsigned)end);
			if (end == ABNORMAL)
				ev_uint(e, "abnormal_code", rd_u8(&r));
			else if (cmd == TYPE && !end)
				ev_uint(e, "pc_type", rd_u8(&r));
		}
		e->ot.op = k->op;
		e->ot.service = k->name;
		if (q)
			put_common(e, q, end, answer, (int)i);
		if (!answer)
			ev_unanswered(e, c);
		else
			e->ot.result = end ? ev_text(e, "end_code_0x%02x", (unsigned)end) :
			    TEXT("ok");
		if (q && answer)
			ev_answered(e, c, when);
		ev_emit(e);
	}
}

static void
restore(struct dctx *c, const struct pend *w, struct m1_req *q, uint8_t buf[DATA_MAX])
{
	memcpy(q, w->data, sizeof(*q));
	q->data = pend_long_rd(c, w, sizeof(*q), buf, DATA_MAX);
}

static enum verdict
melsec1e_dissect(struct dctx *c, struct rd *r)
{
	struct m1_state *s = c->state;
	ssize_t len = melsec1e_frame(c, r);

	if (!c->tcp && len != (ssize_t)rd_left(r)) {
		c->why = "FRAME_LENGTH";
		return DIS_BAD;
	}
	if (c->side == 0) {
		struct m1_req q = { .cmd = rd_u8(r), .pc = rd_u8(r) };
		q.timer = rd_le16(r);
		int points = rd_peek8(r, q.cmd <= WRITE_WORDS ? 6 : 0);
		q.points = (uint16_t)(points < 0 ? 0 : points);
		if (q.cmd <= WRITE_WORDS && !q.points)
			q.points = 256;
		if (q.cmd == MONITOR_BITS || q.cmd == MONITOR_WORDS)
			q.points = s->entered[q.cmd & 1];
		q.data = rd_rest(r);
		if (q.cmd == ENTER_BITS || q.cmd == ENTER_WORDS)
			s->entered[q.cmd & 1] = q.points;
		s->cmd = q.cmd;
		s->points = q.points;
		s->asked = true;
		pend_long_put(c, q.cmd, &q, sizeof(q), q.data, DATA_MAX);
	} else {
		uint8_t cmd = rd_u8(r) & 0x7f, end = rd_u8(r);
		struct rd rest = rd_rest(r);
		struct pend *w = pend_find(c, cmd);
		s->asked = false;
		if (!command_find(cmd))
			return DIS_BAD;
		if (w) {
			struct when when = w->when;
			uint8_t buf[DATA_MAX];
			struct m1_req q;
			restore(c, w, &q, buf);
			pend_done(c, w);
			report(c, &q, &when, !c->side, cmd, end, &rest);
		} else {
			report(c, NULL, NULL, !c->side, cmd, end, &rest);
		}
	}
	return DIS_OK;
}

static void
melsec1e_expire(struct dctx *c, struct pend *w)
{
	uint8_t buf[DATA_MAX];
	struct m1_req q;

	if (pend_long_is_part(w))
		return;
	restore(c, w, &q, buf);
	report(c, &q, &w->when, w->side, q.cmd, 0, NULL);
}

/* A device's letters in the right place, and nothing behind the points. */
static enum probe
melsec1e_probe(struct probe_in *in)
{
	const struct rd *v = &in->side[0];
	ssize_t n = request_length(v);
	int cmd = rd_peek8(v, 0);

	if (!rd_left(v) || n < 0)
		return PROBE_NO;
	if (n == 0 || (size_t)n > rd_left(v))
		return in->tcp ? PROBE_MORE : PROBE_NO;
	if ((size_t)n != rd_left(v))
		return PROBE_NO;
	if (cmd > WRITE_WORDS)
		return PROBE_WEAK;
	/* numbers of devices are small */
	return rd_peek16(v, 6) == 0 ? PROBE_YES : PROBE_NO;
}

static const struct hint hints[] = {
	{ HINT_TCP, 5551 }, { HINT_TCP, 5556 }, { HINT_UDP, 5551 }, { HINT_END, 0 },
};

static const struct field fields[] = {
	{ "melsec1e.command", "string", "name of the command" },
	{ "melsec1e.command_raw", "integer", "its code" },
	{ "melsec1e.index", "integer", "which of several devices set this is, from 0" },
	{ "melsec1e.pc", "integer", "station, 255: the connected one" },
	{ "melsec1e.timer", "integer", "time to wait, in quarters of a second" },
	{ "melsec1e.end_code", "integer", "end code as on the wire" },
	{ "melsec1e.abnormal_code", "integer", "more of end code 91" },
	{ "melsec1e.pc_type", "integer", "type code of the controller" },
	{ NULL },
};

const struct dissector melsec1e_dissector = {
	.name = "melsec1e",
	.title = "Mitsubishi MC protocol, 1E frames",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct m1_state),
	.probe = melsec1e_probe,
	.frame = melsec1e_frame,
	.dissect = melsec1e_dissect,
	.expire = melsec1e_expire,
	.apart = true,
};
