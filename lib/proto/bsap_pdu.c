/* bsap_pdu.c: BSAP's datagrams and serial frames, and what answers what.
 *
 *     10 02 | address | serial | [to (2) from (2) control] | function | sequence (2) |
 *     from function | node status | data | 10 03 | CRC (2)
 *
 * The part in brackets is there when the address' top bit is set. A byte 10 inside is
 * sent twice. */
#include "proto/bsap.h"

enum { HEAD = 14, POLL = 0, ANSWER_1 = 1, ANSWER = 5, REQUEST = 6, REQUEST_1 = 0x84,
	REQUEST_2 = 0x86, DLE = 0x10, STX = 2, ETX = 3 };

static int
peek_le16(const struct rd *r, uint32_t at)
{
	int v = rd_peek16(r, at);

	return v < 0 ? v : (v >> 8 | (v & 0xff) << 8);
}

static bool
is_kind(int k)
{
	return k == POLL || k == ANSWER_1 || k == ANSWER || k == REQUEST || k == REQUEST_1 ||
	    k == REQUEST_2;
}

static bool
is_answer(int k)
{
	return k == ANSWER || k == ANSWER_1;
}

/* Messages that fill the datagram just so; with our own cut, as far as it goes. */
static enum probe
one_side(const struct rd *v)
{
	struct rd r = *v;
	int count = peek_le16(v, 2), kind = peek_le16(v, 4);

	if (rd_peek8(v, 0) == DLE && rd_peek8(v, 1) == STX)
		return rd_left(v) >= 10 && rd_have(v) == rd_left(v) &&
		    rd_peek16(v, rd_left(v) - 4) == (DLE << 8 | ETX) ? PROBE_WEAK : PROBE_NO;
	if (peek_le16(v, 0) != HEAD || count < 0 || count > 64 || !is_kind(kind))
		return PROBE_NO;
	rd_skip(&r, HEAD);
	if (!count)
		return rd_left(&r) == 0 && kind == POLL ? PROBE_WEAK : PROBE_NO;
	for (int i = 0; i < count && rd_ok(&r); i++) {
		uint32_t n = rd_le32(&r);
		if (rd_ok(&r) && (n < 11 || n > 65535))
			return PROBE_NO;
		rd_skip(&r, n - 4);
	}
	return rd_bad(&r) || (rd_ok(&r) && rd_left(&r)) ? PROBE_NO : PROBE_YES;
}

enum probe
bsap_probe(struct probe_in *in)
{
	enum probe q, a;

	if (in->tcp)
		return PROBE_NO;
	q = rd_left(&in->side[0]) ? one_side(&in->side[0]) : PROBE_MORE;
	a = rd_left(&in->side[1]) ? one_side(&in->side[1]) : PROBE_MORE;
	if (q == PROBE_NO || a == PROBE_NO)
		return PROBE_NO;
	if (q == PROBE_YES && is_answer(peek_le16(&in->side[0], 4)))
		in->reversed = true;
	return q > a ? q : a;
}

static void
take(struct dctx *c, const struct bsap_msg *m, bool answer)
{
	struct pend *w;

	if (!answer) {
		pend_put(c, m->seq, m, offsetof(struct bsap_msg, data) + m->n);
		return;
	}
	w = pend_find(c, m->seq);
	if (w) {
		bsap_event(c, (const struct bsap_msg *)w->data, &w->when, w->side, m);
		pend_done(c, w);
	} else {
		bsap_event(c, NULL, &c->when, !c->side, m);
	}
}

/* What is left of r as the message's data. */
static void
take_data(struct bsap_msg *m, struct rd *r)
{
	uint32_t n = rd_have(r) < DATA_MAX ? rd_have(r) : DATA_MAX;
	const uint8_t *p = rd_bytes(r, n);

	m->n = 0;
	if (!p)
		return;
	memcpy(m->data, p, n);
	m->n = (uint16_t)n;
}

static void
request_body(struct bsap_msg *m, struct rd *r)
{
	if (m->app == APP_RDB)
		m->func = rd_u8(r);
	else if (m->app == APP_RDB_EXT)
		m->ext = rd_le16(r);
	take_data(m, r);
}

static void
answer_body(struct bsap_msg *m, struct rd *r)
{
	m->status = rd_u8(r);
	m->elements = rd_left(r) ? rd_u8(r) : 0;
	take_data(m, r);
}

/* Without its escapes and its end; 0 where it is none. */
static uint32_t
unescape(struct rd *r, uint8_t *b, uint32_t max)
{
	uint32_t n = 0;

	rd_skip(r, 2);
	while (rd_ok(r) && n < max) {
		uint8_t x = rd_u8(r);
		if (x == DLE) {
			x = rd_u8(r);
			if (x == ETX)
				return rd_ok(r) ? n : 0;
			if (x != DLE)
				return 0;
		}
		b[n++] = x;
	}
	return 0;
}

static enum verdict
serial(struct dctx *c, struct rd *r)
{
	struct bsap_msg m = { .serial = true };
	uint8_t b[DATA_MAX + 32], from, address;
	uint32_t n;
	struct rd v;
	bool answer;

	if (c->cut)
		return DIS_OK;
	if (!(n = unescape(r, b, sizeof(b)))) {
		c->why = "SERIAL_FRAME";
		return DIS_BAD;
	}
	v = rd_init(b, n, n);
	address = rd_u8(&v);
	m.node = address & 0x7f;
	rd_skip(&v, 1);
	if (address & 0x80) {
		m.node = rd_le16(&v);
		rd_skip(&v, 3);
	}
	m.app = rd_u8(&v);
	m.seq = rd_le16(&v);
	from = rd_u8(&v);
	rd_skip(&v, 1);
	answer = m.app == APP_PEI && (from == APP_RDB || from == APP_RDB_EXT);
	if (answer)
		answer_body(&m, &v);
	else if (m.app == APP_RDB || m.app == APP_RDB_EXT)
		request_body(&m, &v);
	else
		return DIS_OK;          /* polls, acknowledgements, alarms of other functions */
	if (!rd_ok(&v)) {
		c->why = "LENGTH";
		return DIS_BAD;
	}
	take(c, &m, answer);
	return DIS_OK;
}

enum verdict
bsap_dissect(struct dctx *c, struct rd *r)
{
	uint16_t count, kind;

	if (rd_peek8(r, 0) == DLE && rd_peek8(r, 1) == STX)
		return serial(c, r);
	if (rd_le16(r) != HEAD && rd_ok(r)) {
		c->why = "HEADER";
		return DIS_BAD;
	}
	count = rd_le16(r);
	kind = rd_le16(r);
	rd_skip(r, 8);
	if (rd_ok(r) && !is_kind(kind)) {
		c->why = "MESSAGE_KIND";
		return DIS_BAD;
	}
	while (rd_ok(r) && count--) {
		struct bsap_msg m = { 0 };
		uint32_t n = rd_le32(r);
		struct rd v;

		if (rd_ok(r) && n < 4)
			rd_set_bad(r);
		v = rd_sub(r, n - 4);
		rd_skip(&v, 1);
		m.seq = rd_le32(&v);
		if (is_answer(kind)) {
			answer_body(&m, &v);
		} else {
			m.app = rd_u8(&v);
			rd_skip(&v, 1);
			request_body(&m, &v);
		}
		/* without its head a message says nothing */
		if (rd_ok(&v) || m.n)
			take(c, &m, is_answer(kind));
		else if (rd_bad(&v))
			rd_set_bad(r);
	}
	return rd_ok(r) || rd_short(r) ? DIS_OK : DIS_BAD;
}
