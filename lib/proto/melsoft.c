/* melsoft.c: what Mitsubishi's engineering tools (GX Works) speak with a controller.
 * There is no public description: this is the shape that recordings have.
 *
 *      0        1     2            19       21                  25        cmd    +2
 *     +--------+-----+------------+--------+-------------------+---------+------+-----+------
 *     | 57, d7 | no. | route      | length | 1c .. 16 14,      | zeros;  | cmd  | seq | data
 *     |        |     | .. 11 11 ..|        | 9c .. 18 14       | end code|      |     |
 *     +--------+-----+------------+--------+-------------------+---------+------+-----+------
 *
 * The command is at 45 in a request and at 47 in an answer, big-endian; all else is
 * little-endian. Command 0x0121 asks for the type name. */
#include "proto/melsec.h"

enum {
	HEADER = 21, AT_LENGTH = 19, AT_END = 25, AT_REQUEST = 45, AT_ANSWER = 47,
	TYPE_NAME = 0x0121,
};

struct melsoft {
	bool answer;
	uint16_t cmd, seq, end, len;
	struct rd data;
};

static ssize_t
length_of(const struct rd *v)
{
	int a = rd_peek8(v, 0), mark = rd_peek16(v, 5), len = rd_peek16(v, AT_LENGTH);

	if ((a >= 0 && a != 0x57 && a != 0xd7) || (mark >= 0 && mark != 0x1111))
		return -1;
	if (len < 0)
		return 0;
	len = (len & 0xff) << 8 | len >> 8;
	return len < (a == 0x57 ? AT_REQUEST : AT_ANSWER) + 4 - HEADER ? -1 : len + HEADER;
}

static bool
decode(struct rd *r, struct melsoft *m)
{
	memset(m, 0, sizeof(*m));
	m->answer = rd_u8(r) == 0xd7;
	rd_skip(r, AT_LENGTH - 1);
	m->len = rd_le16(r);
	rd_skip(r, AT_END - HEADER);
	if (m->answer) {
		m->end = rd_le16(r);
		rd_skip(r, AT_ANSWER - AT_END - 2);
	} else {
		rd_skip(r, AT_REQUEST - AT_END);
	}
	m->cmd = rd_be16(r);
	m->seq = rd_le16(r);
	m->data = rd_rest(r);
	return rd_ok(r) || m->cmd;
}

static void
identify(struct ev *e, struct rd r, enum ident_of of)
{
	struct text name;
	struct ident *i;

	rd_skip(&r, 2);
	name = text_rd(&r, 16);
	for (uint32_t k = 0; k < name.n; k++) {
		if (!name.p[k])
			name.n = k;
		else if ((uint8_t)name.p[k] < 0x20 || (uint8_t)name.p[k] > 0x7e)
			return;
	}
	if (!name.n)
		return;
	i = ev_identity(e, "melsoft.type_name", of);
	i->vendor = TEXT("Mitsubishi Electric");
	i->model = name;
	i->role = TEXT("plc");
}

static void
report(struct dctx *c, const struct melsoft *q, const struct when *when, int side,
    const struct melsoft *a, bool all)
{
	const struct melsoft *m = q ? q : a;
	struct ev *e = ev_begin(c, "melsoft", q ? when : &c->when, side);

	ev_uint(e, "command", m->cmd);
	ev_uint(e, "sequence", m->seq);
	if (q)
		ev_uint(e, "request_length", q->len);
	if (a) {
		ev_uint(e, "response_length", a->len);
		ev_uint(e, "end_code", a->end);
	}
	e->ot.op = m->cmd == TYPE_NAME ? OT_IDENTIFY : OT_OTHER;
	e->ot.service = m->cmd == TYPE_NAME ? TEXT("Read Type Name") :
	    ev_text(e, "command 0x%04x", m->cmd);
	if (!a && !all) {
		ev_unanswered(e, c);
	} else if (a) {
		const char *s = melsec_end_name(a->end);
		e->ot.result = !a->end ? TEXT("ok") : s ? text_c(s) :
		    ev_text(e, "end_code_0x%04x", a->end);
		if (m->cmd == TYPE_NAME && !a->end)
			identify(e, a->data, all ? EV_SRC : EV_DEST);
		if (q)
			ev_answered(e, c, when);
	}
	ev_emit(e);
}

static enum verdict
melsoft_dissect(struct dctx *c, struct rd *r)
{
	struct melsoft m;
	struct pend *w;
	uint64_t key;

	if ((!c->tcp && length_of(r) != (ssize_t)rd_left(r)) || !decode(r, &m)) {
		c->why = "FRAME_LENGTH";
		return DIS_BAD;
	}
	key = (uint64_t)m.cmd << 16 | m.seq;
	if (!c->tcp && c->k->has_mac && c->k->dst_mac[0] & 1) {
		/* tools and controllers on the same wire talk by broadcast: questions
		 * and answers are in different flows, and src is who speaks */
		report(c, m.answer ? NULL : &m, &c->when, c->side, m.answer ? &m : NULL, true);
	} else if (!m.answer) {
		m.data = rd_init(NULL, 0, 0);
		pend_put(c, key, &m, sizeof(m));
	} else if ((w = pend_find(c, key))) {
		report(c, (const struct melsoft *)w->data, &w->when, !c->side, &m, false);
		pend_done(c, w);
	} else {
		report(c, NULL, NULL, !c->side, &m, false);
	}
	return DIS_OK;
}

static void
melsoft_expire(struct dctx *c, struct pend *w)
{
	report(c, (const struct melsoft *)w->data, &w->when, w->side, NULL, false);
}

static ssize_t
melsoft_frame(const struct dctx *c, const struct rd *r)
{
	return length_of(r);
}

static enum probe
melsoft_probe(struct probe_in *in)
{
	for (int i = 0; i < 2; i++) {
		const struct rd *v = &in->side[i];
		int a = rd_peek8(v, 0);
		ssize_t n;
		if (!rd_left(v))
			continue;
		n = length_of(v);
		if (n < 0 || (!in->tcp && (size_t)n != rd_left(v)))
			return PROBE_NO;
		if (n == 0 || rd_have(v) < AT_END)
			return PROBE_MORE;
		if (rd_peek8(v, HEADER) != (a == 0x57 ? 0x1c : 0x9c) ||
		    rd_peek16(v, HEADER + 2) != (a == 0x57 ? 0x1614 : 0x1814))
			return PROBE_NO;
		in->reversed = (a == 0xd7) == (i == 0);
		return PROBE_YES;
	}
	return PROBE_MORE;
}

static const struct hint hints[] = {
	{ HINT_TCP, 5562 }, { HINT_UDP, 5560 }, { HINT_END, 0 },
};

static const struct field fields[] = {
	{ "melsoft.command", "integer", "command code" },
	{ "melsoft.sequence", "integer", "number of the request" },
	{ "melsoft.request_length", "integer", "bytes of the request" },
	{ "melsoft.response_length", "integer", "bytes of the answer" },
	{ "melsoft.end_code", "integer", "0, or the controller's error code" },
	{ NULL },
};

const struct dissector melsoft_dissector = {
	.name = "melsoft",
	.title = "MELSOFT, engineering tools of Mitsubishi controllers",
	.hints = hints,
	.fields = fields,
	.probe = melsoft_probe,
	.frame = melsoft_frame,
	.dissect = melsoft_dissect,
	.expire = melsoft_expire,
};
