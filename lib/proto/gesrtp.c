/* gesrtp.c: GE SRTP (Service Request Transfer Protocol) of Series 90, VersaMax and
 * PACSystems controllers. No public standard: Denton et al., Leveraging the SRTP
 * protocol for over-the-network memory acquisition, DFRWS EU 2017, and drivers.
 *
 *      0      2     4        30    31     36     40    42      43    44     46     48    56
 *     +------+-----+--------+-----+------+------+-----+-------+-----+------+------+-----+------
 *     | type | seq | length | seq | kind | dest | 1 1 | serv. | seg | addr | size | ... | text
 *     +------+-----+--------+-----+------+------+-----+-------+-----+------+------+-----+------
 *
 * type: 0 and 1 open, 2 or 8 asks, 3 answers. kind: c0 asks; 80 asks with text, and
 * service to size stand at 50; d4 answers, with six bytes of data at 44; 94 answers
 * with text; d1 refuses, with status at 42. Little-endian; the first register is 0. */
#include "proto/pend_long.h"
#include "proto/proto.h"

enum { HEADER = 56, TEXT_MAX = 2048 };
enum { ASK = 0xc0, ASK_TEXT = 0x80, ANSWER = 0xd4, ANSWER_TEXT = 0x94, REFUSE = 0xd1 };
#define OPEN_KEY        (1ull << 40)

struct gs_msg {
	uint8_t type, kind, slot, service, seg, major, minor;
	uint16_t seq, addr, size, status;
	uint8_t level;
	bool has_status;
	uint8_t inline_n;
	uint8_t in[8];                          /* data inside the header */
	struct rd text;
};

struct service { uint8_t code; enum ot_op op; struct text name; };
#define S(code, op, s)  { code, op, { s, sizeof(s) - 1 } }
static const struct service services[] = {
	S(0x00, OT_READ, "PLC Short Status"), S(0x03, OT_IDENTIFY, "Return Control Program Names"),
	S(0x04, OT_READ, "Read System Memory"), S(0x05, OT_READ, "Read Task Memory"),
	S(0x06, OT_PROGRAM, "Read Program Memory"), S(0x07, OT_WRITE, "Write System Memory"),
	S(0x08, OT_WRITE, "Write Task Memory"), S(0x09, OT_PROGRAM, "Write Program Memory"),
	S(0x20, OT_AUTH, "Programmer Logon"), S(0x21, OT_AUTH, "Change Privilege Level"),
	S(0x22, OT_CONFIGURE, "Set Control ID"), S(0x23, OT_COMMAND, "Set PLC State"),
	S(0x24, OT_CONFIGURE, "Set Time and Date"), S(0x25, OT_READ, "Return Time and Date"),
	S(0x27, OT_PROGRAM, "Return Program Blocks"), S(0x38, OT_READ, "Return Fault Table"),
	S(0x39, OT_COMMAND, "Clear Fault Table"), S(0x3f, OT_PROGRAM, "Program Store"),
	S(0x40, OT_PROGRAM, "Program Load"), S(0x43, OT_IDENTIFY, "Return Controller Type"),
	S(0x44, OT_COMMAND, "Toggle Force System Memory"), S(0x4f, OT_CONNECT, "Open Session"),
};

enum unit { WORDS, BYTES, BITS };
struct segment { uint8_t code; enum unit unit; const char *name; };
static const struct segment segments[] = {
	{ 0, WORDS, "%L" }, { 4, WORDS, "%P" }, { 8, WORDS, "%R" }, { 10, WORDS, "%AI" },
	{ 12, WORDS, "%AQ" }, { 16, BYTES, "%I" }, { 18, BYTES, "%Q" }, { 20, BYTES, "%T" },
	{ 22, BYTES, "%M" }, { 24, BYTES, "%SA" }, { 26, BYTES, "%SB" }, { 28, BYTES, "%SC" },
	{ 30, BYTES, "%S" }, { 56, BYTES, "%G" }, { 70, BITS, "%I" }, { 72, BITS, "%Q" },
	{ 74, BITS, "%T" }, { 76, BITS, "%M" }, { 78, BITS, "%SA" }, { 80, BITS, "%SB" },
	{ 82, BITS, "%SC" }, { 84, BITS, "%S" }, { 86, BITS, "%G" },
};

static const struct service *
service_find(uint8_t code)
{
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++)
		if (services[i].code == code)
			return &services[i];
	return NULL;
}

static const struct segment *
segment_find(uint8_t code)
{
	for (size_t i = 0; i < sizeof(segments) / sizeof(segments[0]); i++)
		if (segments[i].code == code)
			return &segments[i];
	return NULL;
}

static bool
decode(struct rd *r, struct gs_msg *m)
{
	const uint8_t *d;
	uint16_t n;

	memset(m, 0, sizeof(*m));
	m->type = rd_u8(r);
	rd_skip(r, 1);
	m->seq = rd_le16(r);
	n = rd_le16(r);
	rd_skip(r, 25);
	m->kind = rd_u8(r);
	rd_skip(r, 4);
	m->slot = rd_u8(r) >> 4;
	rd_skip(r, 5);
	if (m->kind == ASK_TEXT)
		rd_skip(r, 8);
	if (m->kind == ASK || m->kind == ASK_TEXT) {
		m->service = rd_u8(r);
		m->seg = rd_u8(r);
		m->addr = rd_le16(r);
		m->size = rd_le16(r);
		m->inline_n = m->kind == ASK ? 8 : 0;
	} else {
		m->major = rd_u8(r);
		m->minor = rd_u8(r);
		m->inline_n = 6;
	}
	if ((d = rd_bytes(r, m->inline_n)) && m->inline_n)
		memcpy(m->in, d, m->inline_n);
	if (m->kind == ANSWER || m->kind == ANSWER_TEXT || m->kind == REFUSE) {
		rd_skip(r, 1);                  /* number of the program */
		m->level = rd_u8(r);
		rd_skip(r, 2);                  /* time of the last sweep */
		m->status = rd_le16(r);
		m->has_status = rd_ok(r);
	}
	if (!rd_ok(r))
		return false;
	m->text = rd_sub(r, n);
	return !rd_bad(&m->text);
}

static bool
has_place(const struct gs_msg *q)
{
	return q->service >= 0x04 && q->service <= 0x09;
}

static void
put_values(struct ev *e, const struct gs_msg *q, struct rd r)
{
	const struct segment *g = segment_find(q->seg);
	unsigned n = q->size, have = rd_have(&r), shift = 0;

	if (!g)
		return;
	if (g->unit == BITS) {
		shift = q->addr % 8;
		have = have * 8 > shift ? have * 8 - shift : 0;
	} else if (g->unit == WORDS) {
		have /= 2;
	}
	if (n > have)
		n = have;
	if (!n)
		return;
	if (n > 1)
		ev_val_arr(e);
	for (unsigned i = 0; i < n; i++) {
		if (g->unit == WORDS)
			ev_val_uint(e, rd_le16(&r));
		else if (g->unit == BYTES)
			ev_val_uint(e, rd_u8(&r));
		else
			ev_val_uint(e, (unsigned)rd_peek8(&r, (i + shift) / 8) >>
			    (i + shift) % 8 & 1);
	}
	if (n > 1)
		ev_val_end(e);
}

static void
put_common(struct ev *e, const struct gs_msg *q, const struct gs_msg *a)
{
	const struct service *s = service_find(q->service);
	const struct segment *g;

	e->ot.op = s ? s->op : OT_OTHER;
	e->ot.service = s ? s->name : ev_text(e, "service 0x%02x", q->service);
	if (has_place(q)) {
		g = segment_find(q->seg);
		e->ot.object = g ? ev_text_num(e, g->name, strlen(g->name),
		    (g->unit == BYTES ? q->addr * 8u : q->addr) + 1u) :
		    ev_text(e, "segment 0x%02x:%u", q->seg, q->addr);
		e->ot.has_count = true;
		e->ot.count = q->size;
	}
	switch (q->service) {
	case 0x07: case 0x08:
		put_values(e, q, q->kind == ASK ? rd_init(q->in, 8, 8) : q->text);
		break;
	case 0x04: case 0x05:
		if (a && a->kind == ANSWER_TEXT)
			put_values(e, q, a->text);
		else if (a && a->kind == ANSWER)
			put_values(e, q, rd_init(a->in, 6, 6));
		break;
	case 0x23:
		ev_val_uint(e, q->seg);         /* the state wanted */
		break;
	case 0x24:                              /* BCD: second to year */
		if (q->seg == 1)
			ev_val_str(e, ev_text(e, "%s%02x-%02x-%02x %02x:%02x:%02x",
			    q->in[1] >= 0x90 ? "19" : "20", q->in[1], q->in[0], q->size >> 8,
			    q->size & 0xff, q->addr >> 8, q->addr & 0xff));
		break;
	default:
		break;
	}
}

static void
report(struct dctx *c, const struct gs_msg *q, const struct when *when, int side,
    const struct gs_msg *a)
{
	const struct gs_msg *m = q ? q : a;
	struct ev *e = ev_begin(c, "gesrtp", q ? when : &c->when, side);

	ev_uint(e, "type", m->type);
	ev_uint(e, "sequence", m->seq);
	if (q && q->type >= 2) {
		ev_obj(e, "request");
		ev_uint(e, "kind", q->kind);
		ev_uint(e, "slot", q->slot);
		ev_uint(e, "service", q->service);
		if (has_place(q)) {
			ev_uint(e, "segment", q->seg);
			ev_uint(e, "address", q->addr);
			ev_uint(e, "size", q->size);
		}
		ev_uint(e, "length", rd_left(&q->text));
		ev_end(e);
	}
	if (a && a->type >= 2) {
		ev_obj(e, "response");
		ev_uint(e, "kind", a->kind);
		if (a->kind == REFUSE) {
			ev_uint(e, "major_status", a->major);
			ev_uint(e, "minor_status", a->minor);
		}
		if (a->has_status) {
			ev_uint(e, "privilege_level", a->level);
			ev_uint(e, "plc_status", a->status);
		}
		ev_uint(e, "length", rd_left(&a->text));
		ev_end(e);
	}
	if (m->type < 2) {
		e->ot.op = OT_CONNECT;
		e->ot.service = TEXT("Open");
	} else if (q) {
		put_common(e, q, a);
	} else {
		e->ot.op = OT_OTHER;
	}
	if (!a)
		ev_unanswered(e, c);
	else if (a->type >= 2 && a->kind == REFUSE)
		e->ot.result = ev_text(e, "error_0x%02x_0x%02x", a->major, a->minor);
	else
		e->ot.result = TEXT("ok");
	if (q && a)
		ev_answered(e, c, when);
	ev_emit(e);
}

static void
restore(struct dctx *c, const struct pend *w, struct gs_msg *q, uint8_t buf[TEXT_MAX])
{
	memcpy(q, w->data, sizeof(*q));
	q->text = pend_long_rd(c, w, sizeof(*q), buf, TEXT_MAX);
}

static enum verdict
gesrtp_dissect(struct dctx *c, struct rd *r)
{
	uint8_t buf[TEXT_MAX];
	struct gs_msg m, q;
	struct pend *w;
	uint64_t key;

	if (!decode(r, &m)) {
		c->why = "INVALID_LENGTH";
		return DIS_BAD;
	}
	key = m.type < 2 ? OPEN_KEY : m.seq;
	if (m.type != 1 && m.type != 3 && m.type != 9) {
		_Static_assert(sizeof(m) <= PEND_LONG_HEAD, "head");
		pend_long_put(c, key, &m, sizeof(m), m.text, TEXT_MAX);
	} else if ((w = pend_find(c, key))) {
		struct when when = w->when;
		restore(c, w, &q, buf);
		pend_done(c, w);
		report(c, &q, &when, !c->side, &m);
	} else {
		report(c, NULL, NULL, !c->side, &m);
	}
	return DIS_OK;
}

static void
gesrtp_expire(struct dctx *c, struct pend *w)
{
	uint8_t buf[TEXT_MAX];
	struct gs_msg q;

	if (pend_long_is_part(w))
		return;
	restore(c, w, &q, buf);
	report(c, &q, &w->when, w->side, NULL);
}

/* Length of the message, 0: more bytes needed, -1: none. */
static ssize_t
gesrtp_frame(const struct dctx *c, const struct rd *r)
{
	int type = rd_peek8(r, 0), kind = rd_peek8(r, 31), one = rd_peek16(r, 40);
	int len = rd_peek16(r, 4);

	if (type > 9 || (type > 3 && type < 8) || rd_peek8(r, 1) > 0)
		return -1;
	if (type < 2) {
		/* nothing but zeros, or in an answer a little */
		for (uint32_t i = 2; i < (type ? 8 : HEADER); i++)
			if (rd_peek8(r, i) > 0)
				return -1;
		return rd_have(r) < HEADER ? 0 : HEADER;
	}
	if (one < 0)
		return 0;
	if (kind != ASK && kind != ASK_TEXT && kind != ANSWER && kind != ANSWER_TEXT &&
	    kind != REFUSE)
		return -1;
	len = (len & 0xff) << 8 | len >> 8;
	return one == 0 || len > 4096 ? -1 : HEADER + len;
}

static enum probe
gesrtp_probe(struct probe_in *in)
{
	bool more = false, open = false;

	for (int i = 0; i < 2; i++) {
		const struct rd *v = &in->side[i];
		int type = rd_peek8(v, 0), kind = rd_peek8(v, 31);
		ssize_t n;
		if (!rd_left(v))
			continue;
		n = gesrtp_frame(NULL, v);
		if (n < 0)
			return PROBE_NO;
		if (n == 0) {
			more = true;
			continue;
		}
		if (type < 2) {
			/* zeros may be anything; a single one in answer to them not */
			if (type == 1 && rd_have(v) >= HEADER) {
				in->reversed = i == 0;
				if (rd_peek8(&in->side[!i], 0) == 0)
					return PROBE_YES;
			}
			open = true;
			continue;
		}
		/* the second number says the same as the first, and who is asked */
		if (rd_peek8(v, 30) != rd_peek8(v, 2) && rd_peek8(v, 37) != 0x0e &&
		    rd_peek8(v, 37) != 0x0a)
			return PROBE_NO;
		if ((type == 2 || type == 8) != (kind == ASK || kind == ASK_TEXT))
			return PROBE_NO;
		in->reversed = (type == 3 || type == 9) == (i == 0);
		return PROBE_YES;
	}
	return open ? in->hinted ? PROBE_WEAK : PROBE_MORE : more ? PROBE_MORE : PROBE_NO;
}

static const struct hint hints[] = {
	{ HINT_TCP, 18245 }, { HINT_TCP, 18246 }, { HINT_END, 0 },
};

static const struct field fields[] = {
	{ "gesrtp.type", "integer", "0 and 1 open the connection, 2 or 8 ask" },
	{ "gesrtp.sequence", "integer", "number of the request" },
	{ "gesrtp.request.kind", "integer", "192, or 128: with text" },
	{ "gesrtp.request.slot", "integer", "slot of the CPU that is asked" },
	{ "gesrtp.request.service", "integer", "service request code" },
	{ "gesrtp.request.segment", "integer", "memory it is about" },
	{ "gesrtp.request.address", "integer", "first word, byte or bit, from 0" },
	{ "gesrtp.request.size", "integer", "how many" },
	{ "gesrtp.request.length", "integer", "bytes of text" },
	{ "gesrtp.response.kind", "integer", "212, 148: with text, 209: refused" },
	{ "gesrtp.response.major_status", "integer", "why, if refused" },
	{ "gesrtp.response.minor_status", "integer", "and more exactly" },
	{ "gesrtp.response.privilege_level", "integer", "what the client may do now" },
	{ "gesrtp.response.plc_status", "integer", "status word of the controller" },
	{ "gesrtp.response.length", "integer", "bytes of text" },
	{ NULL },
};

const struct dissector gesrtp_dissector = {
	.name = "gesrtp",
	.title = "GE SRTP",
	.hints = hints,
	.fields = fields,
	.probe = gesrtp_probe,
	.frame = gesrtp_frame,
	.dissect = gesrtp_dissect,
	.expire = gesrtp_expire,
};
