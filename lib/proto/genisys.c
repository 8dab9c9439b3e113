/* genisys.c: Genisys, by which railway dispatchers poll and command interlockings,
 * through a serial server.
 *
 *     +------+---------+----------------------+-------+----+
 *     | head | station | address, data ...    | CRC16 | f6 |
 *     +------+---------+----------------------+-------+----+
 *
 * Bytes from f0 up between head and end are sent as f0 and their low half. Heads
 * f1 to f3 are the field station's, f9 to fe the office's. An acknowledgement has no
 * checksum, and a poll need not have one. The CRC begins with ffff over what was meant,
 * not what was sent. */
#include "proto/crc16.h"
#include "proto/proto.h"

enum { ACK = 0xf1, INDICATION = 0xf2, CHECKBACK = 0xf3, END = 0xf6, COMMON = 0xf9, ACK_POLL = 0xfa,
	POLL = 0xfb, CONTROL = 0xfc, RECALL = 0xfd, EXECUTE = 0xfe, ESCAPE = 0xf0 };
/* 32 control and 32 indication bytes are usual; 255 pairs all there can be */
enum { PAIRS_MAX = 160, BODY_MAX = 2 * PAIRS_MAX + 4, FRAME_MAX = 2 * (2 * 256 + 4) };

struct gen_msg {
	uint8_t head, station;
	bool has_sum, bad_sum, odd;
	uint16_t n;                     /* bytes of pairs */
	uint8_t data[2 * PAIRS_MAX];
};

static const struct tok names[] = {
	{ ACK, "Acknowledge" }, { INDICATION, "Indication Data" },
	{ CHECKBACK, "Control Data Checkback" }, { COMMON, "Common Control Data" },
	{ ACK_POLL, "Acknowledge and Poll" }, { POLL, "Poll" }, { CONTROL, "Control Data" },
	{ RECALL, "Recall" }, { EXECUTE, "Execute Controls" }, { 0, NULL },
};

/* n bytes as they were meant, checksum and all; or, where it is not escaped (some
 * stations send it so), all but the last two. 0: more than a station can have. */
static uint32_t
unescape(const uint8_t *p, uint32_t n, bool raw_sum, uint8_t *b)
{
	uint32_t k = 0, end = raw_sum ? n - 2 : n;

	for (uint32_t i = 0; i < end; i++) {
		uint8_t x = p[i];
		if (x == ESCAPE && i + 1 < end)
			x = ESCAPE | (p[++i] & 15);
		if (k == BODY_MAX)
			return 0;
		b[k++] = x;
	}
	if (raw_sum && k + 2 <= BODY_MAX) {
		b[k++] = p[n - 2];
		b[k++] = p[n - 1];
	}
	return k;
}

static bool
sum_holds(const uint8_t *b, uint32_t n)
{
	return n >= 4 &&
	    crc16_reflected(crc16_modbus, 0xffff, b, n - 2) == (b[n - 2] | b[n - 1] << 8);
}

/* One frame of n bytes without its end; false where that cannot be. */
static bool
decode(const uint8_t *p, uint32_t n, struct gen_msg *m)
{
	uint8_t b[BODY_MAX];
	uint32_t k;

	memset(m, 0, offsetof(struct gen_msg, data));
	if (n < 2 || !(k = unescape(p, n, false, b)))
		return false;
	m->has_sum = p[0] != ACK && !(p[0] == POLL && k == 2);
	if (m->has_sum && !sum_holds(b, k)) {
		uint32_t raw = n >= 4 ? unescape(p, n, true, b) : 0;
		m->bad_sum = !sum_holds(b, raw);
		if (m->bad_sum)
			k = unescape(p, n, false, b);
		else
			k = raw;
	}
	m->head = b[0];
	m->station = b[1];
	if (m->has_sum) {
		if (k < 4)
			return false;
		k -= 2;
	}
	if (k < 2 || k - 2 > sizeof(m->data))
		return false;
	m->n = (uint16_t)(k - 2);
	m->odd = m->n & 1;
	memcpy(m->data, b + 2, m->n);
	return true;
}

/* Length of the frame at the cursor, 0: its end has not come, -1: none. A checksum
 * sent as it is may hold the end's own value: then the sum tells. */
static ssize_t
frame_length(const struct rd *r)
{
	uint32_t n = rd_have(r), first = 0;
	int head = rd_peek8(r, 0);
	struct gen_msg m;

	if (head < 0)
		return 0;
	if (!tok_find(names, (uint32_t)head))
		return -1;
	for (uint32_t i = 1; i < n && i < FRAME_MAX; i++) {
		if (first && i > first + 2)
			break;
		if (rd_peek8(r, i) == END && i >= 2) {
			if (decode(rd_at(r), i, &m) && !m.bad_sum)
				return (ssize_t)i + 1;
			if (!first)
				first = i;
		} else if (rd_peek8(r, i) > ESCAPE && !first && i + 1 < n &&
		    rd_peek8(r, i + 1) != END && i + 2 < n && rd_peek8(r, i + 2) != END) {
			return -1;
		}
	}
	return first ? (ssize_t)first + 1 : n >= FRAME_MAX ? -1 : 0;
}

static ssize_t
genisys_frame(const struct dctx *c, const struct rd *r)
{
	return frame_length(r);
}

static enum probe
one_side(const struct rd *v, bool *office)
{
	ssize_t n = frame_length(v);
	struct rd r = *v;
	struct gen_msg m;
	const uint8_t *p;

	if (n <= 0)
		return n < 0 ? PROBE_NO : PROBE_MORE;
	if (!(p = rd_bytes(&r, (uint32_t)n)) || !decode(p, (uint32_t)n - 1, &m) || m.bad_sum ||
	    m.odd)
		return PROBE_NO;
	*office = m.head >= COMMON;
	return m.has_sum ? PROBE_YES : PROBE_WEAK;
}

static enum probe
genisys_probe(struct probe_in *in)
{
	bool office[2] = { true, false };
	enum probe q = one_side(&in->side[0], &office[0]), a = one_side(&in->side[1], &office[1]);

	if (q == PROBE_NO || a == PROBE_NO)
		return PROBE_NO;
	in->reversed = !office[0] || office[1];
	if (office[0] == office[1])
		return PROBE_NO;
	if (q >= PROBE_WEAK && a >= PROBE_WEAK)
		return PROBE_YES;
	return q > a ? q : a;
}

static void
put_pairs(struct ev *e, const struct gen_msg *m)
{
	if (m->n < 2)
		return;
	ev_arr(e, "data");
	for (unsigned i = 0; i + 1 < m->n; i += 2) {
		ev_a_obj(e);
		ev_uint(e, "address", m->data[i]);
		ev_uint(e, "value", m->data[i + 1]);
		ev_end(e);
	}
	ev_end(e);
}

static void
put_message(struct ev *e, const struct gen_msg *m)
{
	ev_uint(e, "header", m->head);
	ev_cstr(e, "name", tok_find(names, m->head));
	put_pairs(e, m);
}

static enum ot_op
op_of(uint8_t head)
{
	switch (head) {
	case CONTROL: case COMMON: case EXECUTE:
		return OT_COMMAND;
	case INDICATION:
		return OT_REPORT;
	default:
		return OT_READ;
	}
}

/* A request, its answer, or both; k: which control of several. */
static void
one_event(struct dctx *c, const struct gen_msg *q, const struct when *when,
    const struct gen_msg *a, unsigned k)
{
	struct ev *e = ev_begin(c, "genisys", when, q ? 0 : 1);
	const struct gen_msg *m = q ? q : a;
	bool controls = q && (q->head == CONTROL || q->head == COMMON) && q->n >= 2;

	ev_uint(e, "station", m->station);
	if (q) {
		ev_obj(e, "request");
		put_message(e, q);
		if (controls && q->n > 2)
			ev_uint(e, "index", k);
		ev_end(e);
	}
	if (a) {
		ev_obj(e, "response");
		put_message(e, a);
		ev_end(e);
	}
	e->ot.op = op_of(m->head);
	e->ot.service = text_c(tok_find(names, m->head));
	e->ot.has_unit = true;
	e->ot.unit_id = m->station;
	e->ot.state = true;
	if (controls) {
		e->ot.object = ev_text(e, "station %u control:%u", m->station, q->data[k * 2]);
		ev_val_uint(e, q->data[k * 2 + 1]);
	} else {
		e->ot.object = ev_text_num(e, "station ", 8, m->station);
	}
	if (a && a->head == INDICATION && a->n >= 2) {
		e->ot.has_count = true;
		e->ot.count = a->n / 2;
		if (!controls && a->n == 2) {
			e->ot.object = ev_text(e, "station %u indication:%u", m->station,
			    a->data[0]);
			ev_val_uint(e, a->data[1]);
		}
	}
	if (q && q->head == COMMON)
		;                       /* to all: nobody answers */
	else if (!a)
		ev_unanswered(e, c);
	else if (q)
		ev_answered(e, c, when);
	/* what comes back must be what was sent */
	if (a && q && a->head == CHECKBACK &&
	    (a->n != q->n || memcmp(a->data, q->data, a->n) != 0))
		e->ot.result = TEXT("checkback_differs");
	ev_emit(e);
}

static void
event(struct dctx *c, const struct gen_msg *q, const struct when *when, const struct gen_msg *a)
{
	unsigned n = q && (q->head == CONTROL || q->head == COMMON) && q->n >= 2 ? q->n / 2 : 1;

	for (unsigned k = 0; k < n; k++)
		one_event(c, q, when, a, k);
}

static enum verdict
genisys_dissect(struct dctx *c, struct rd *r)
{
	struct gen_msg m;
	struct pend *w;
	uint32_t n = rd_left(r);
	const uint8_t *p;

	if (c->cut)
		return DIS_OK;
	p = rd_bytes(r, n);
	if (!p || n < 3 || p[n - 1] != END || !decode(p, n - 1, &m)) {
		c->why = "LENGTH";
		return DIS_BAD;
	}
	if (m.bad_sum) {
		c->why = "CHECKSUM";
		return DIS_BAD;
	}
	if ((m.head >= COMMON) != (c->side == 0)) {
		c->why = "DIRECTION";
		return DIS_BAD;
	}
	if (m.odd)
		proto_anomaly(c, "ODD_PAIRS");
	if (m.head == COMMON) {
		event(c, &m, &c->when, NULL);
	} else if (c->side == 0) {
		pend_put(c, m.station, &m, offsetof(struct gen_msg, data) + m.n);
	} else if ((w = pend_find(c, m.station))) {
		event(c, (const struct gen_msg *)w->data, &w->when, &m);
		pend_done(c, w);
	} else {
		event(c, NULL, &c->when, &m);
	}
	return DIS_OK;
}

static void
genisys_expire(struct dctx *c, struct pend *p)
{
	event(c, (const struct gen_msg *)p->data, &p->when, NULL);
}

static const struct hint hints[] = { { HINT_TCP, 10001 }, { HINT_UDP, 10001 }, { HINT_END, 0 } };

static const struct field fields[] = {
	{ "genisys.station", "integer", "address of the field station" },
	{ "genisys.request.header", "integer", "header byte, which is the kind of message" },
	{ "genisys.request.name", "string", "its name" },
	{ "genisys.request.data[].address", "integer", "address of a control byte" },
	{ "genisys.request.data[].value", "integer", "its eight controls" },
	{ "genisys.request.index", "integer", "which of several controls, from 0" },
	{ "genisys.response.header", "integer", "header byte, which is the kind of message" },
	{ "genisys.response.name", "string", "its name" },
	{ "genisys.response.data[].address", "integer", "address of an indication byte" },
	{ "genisys.response.data[].value", "integer", "its eight indications" },
	{ NULL },
};

const struct dissector genisys_dissector = {
	.name = "genisys",
	.title = "Genisys",
	.hints = hints,
	.fields = fields,
	.probe = genisys_probe,
	.frame = genisys_frame,
	.dissect = genisys_dissect,
	.expire = genisys_expire,
	.apart = true,
};
