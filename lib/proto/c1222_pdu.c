/* c1222_pdu.c: ACSE and EPSEM, bytes to struct c1222_msg, and what answers what. */
#include "proto/c1222.h"

enum { CALLED = 0xa2, CALLED_ID = 0xa4, CALLING = 0xa6, CALLING_ID = 0xa8, AUTH = 0xac,
	USER = 0xbe };

uint32_t
c1222_length(struct rd *r)
{
	uint32_t n = rd_u8(r), k = n & 0x7f;

	if (n < 0x80)
		return n;
	if (k < 1 || k > 4) {
		rd_set_bad(r);
		return 0;
	}
	for (n = 0; k; k--)
		n = n << 8 | rd_u8(r);
	return n;
}

ssize_t
c1222_frame(const struct dctx *c, const struct rd *r)
{
	int first = rd_peek8(r, 1);
	struct rd v = *r;
	uint32_t n;

	if (rd_have(r) && rd_peek8(r, 0) != 0x60)
		return -1;
	if (first < 0 || (first > 0x80 && rd_have(r) < 2u + (first & 7)))
		return 0;
	rd_skip(&v, 1);
	n = c1222_length(&v);
	if (!rd_ok(&v) || n > LIM_PDU)
		return -1;
	return (ssize_t)(v.off - r->off + n);
}

static uint32_t
number(struct rd *v)
{
	uint32_t n, x = 0;

	if (rd_u8(v) != 2)
		return 0;
	for (n = c1222_length(v); n && rd_ok(v); n--)
		x = x << 8 | rd_u8(v);
	return x;
}

static void
title(struct rd *v, struct c1222_title *t)
{
	uint8_t tag = rd_u8(v);
	uint32_t n = c1222_length(v);
	const uint8_t *p = rd_bytes(v, n);

	t->relative = tag == 0x80;
	if (!p || (tag != 0x06 && tag != 0x80))
		return;
	t->n = (uint8_t)(n < sizeof(t->oid) ? n : sizeof(t->oid));
	memcpy(t->oid, p, t->n);
}

/* A2, A0, A1: what C12.22 says of the key; C12.21's ticket is passed over. */
static void
authentication(struct rd *v, struct c1222_msg *m)
{
	for (unsigned depth = 0; depth < 3 && rd_peek8(v, 0) >= 0xa0; depth++) {
		rd_skip(v, 1);
		c1222_length(v);
	}
	if (rd_peek8(v, 0) != 0x80)
		return;
	rd_skip(v, 1);
	if (c1222_length(v) == 1) {
		m->key = rd_u8(v);
		m->has_key = rd_ok(v);
	}
}

static void
epsem(struct rd *v, struct c1222_msg *m)
{
	uint8_t flags;
	uint32_t n, have;
	const uint8_t *p;

	if (rd_u8(v) != 0x28)
		return;
	c1222_length(v);
	/* a reference to a syntax may stand before the octets */
	while (rd_ok(v) && rd_left(v) && rd_peek8(v, 0) != 0x81) {
		rd_skip(v, 1);
		rd_skip(v, c1222_length(v));
	}
	rd_skip(v, 1);
	c1222_length(v);
	flags = rd_u8(v);
	m->mode = flags >> 2 & 3;
	if (flags & 0x10 && (p = rd_bytes(v, 4))) {
		memcpy(m->class, p, 4);
		m->has_class = true;
	}
	n = rd_left(v);
	if (m->mode == 1 && n >= 4)
		n -= 4;                 /* the MAC */
	have = rd_have(v) < n ? rd_have(v) : n;
	m->n = (uint16_t)(have < RAW_MAX ? have : RAW_MAX);
	if ((p = rd_bytes(v, m->n)))
		memcpy(m->raw, p, m->n);
	else
		m->n = 0;
}

/* The reader is behind tag and length. False where it is not C12.22. */
static bool
decode(struct rd *r, struct c1222_msg *m)
{
	bool titled = false, user = false;

	memset(m, 0, offsetof(struct c1222_msg, raw));
	while (rd_left(r)) {
		uint8_t tag = rd_u8(r);
		struct rd v = rd_sub(r, c1222_length(r));

		switch (tag) {
		case CALLED:
			title(&v, &m->called);
			titled = true;
			break;
		case CALLING:
			title(&v, &m->calling);
			titled = true;
			break;
		case CALLED_ID:
			m->called_id = number(&v);
			m->answer = true;
			break;
		case CALLING_ID:
			m->calling_id = number(&v);
			break;
		case AUTH:
			authentication(&v, m);
			break;
		case USER:
			epsem(&v, m);
			user = true;
			break;
		case 0xa0: case 0xa1: case 0xa3: case 0xa7: case 0x8b:
			break;
		default:
			return false;
		}
		if (rd_bad(&v))
			return false;
	}
	return titled && user;
}

static enum probe
one_side(const struct rd *v, struct c1222_msg *m)
{
	ssize_t n = c1222_frame(NULL, v);
	struct rd r = *v, f;

	if (n < 0)
		return PROBE_NO;
	if (n == 0 || (size_t)n > rd_have(v))
		return PROBE_MORE;
	f = rd_sub(&r, (uint32_t)n);
	rd_skip(&f, 1);
	c1222_length(&f);
	return decode(&f, m) ? PROBE_YES : PROBE_NO;
}

enum probe
c1222_probe(struct probe_in *in)
{
	struct c1222_msg q = { 0 }, a = { 0 };
	enum probe x = rd_left(&in->side[0]) ? one_side(&in->side[0], &q) : PROBE_MORE;
	enum probe y = rd_left(&in->side[1]) ? one_side(&in->side[1], &a) : PROBE_MORE;

	if (x == PROBE_NO || y == PROBE_NO)
		return PROBE_NO;
	in->reversed = x == PROBE_YES && q.answer;
	return x > y ? x : y;
}

enum verdict
c1222_dissect(struct dctx *c, struct rd *r)
{
	struct c1222_msg m;
	struct pend *w;
	ssize_t n = c1222_frame(c, r);

	if (!c->tcp && !c->cut && n != (ssize_t)rd_left(r)) {
		c->why = "LENGTH";
		return DIS_BAD;
	}
	rd_skip(r, 1);
	c1222_length(r);
	if (!decode(r, &m)) {
		if (c->cut || !rd_ok(r))
			return DIS_BAD;
		c->why = "ACSE";
		return DIS_BAD;
	}
	if (!m.answer) {
		pend_put(c, m.calling_id, &m, offsetof(struct c1222_msg, raw) + m.n);
		return DIS_OK;
	}
	w = pend_find(c, m.called_id);
	c1222_event(c, w ? (const struct c1222_msg *)w->data : NULL, w ? &w->when : &c->when, &m);
	if (w)
		pend_done(c, w);
	return DIS_OK;
}
