/* dnp3_app.c: requests and responses, and what becomes of them. IEEE 1815-2012,
 * clause 4: a response repeats the request's sequence number; further fragments of
 * it count on; unsolicited responses have numbers of their own. */
#include "proto/dnp3.h"

/* Masters that do not wait for an answer use sequence numbers again: the same
 * number may wait several times, and is answered in that order. */
enum { REQ_DATA = 420, KEY_LINK = 1, KEY_APP = 2, AGAIN = 8 };

/* A request that waits. */
struct waiting {
	struct dnp3_link link;
	uint8_t control, fc;
	bool link_only, told, more, challenged;
	uint16_t n;                     /* bytes of data; too many: told at once */
	uint8_t data[REQ_DATA];
};
_Static_assert(sizeof(struct waiting) <= PEND_DATA, "a request that waits");

static uint64_t
key_of(unsigned kind, uint16_t master, uint16_t outstation, unsigned seq)
{
	return (uint64_t)kind << 40 | (uint64_t)master << 24 | (uint64_t)outstation << 8 | seq;
}

static struct dnp3_msg
msg_of(const struct waiting *q)
{
	struct dnp3_msg m = { .link = q->link, .control = q->control, .fc = q->fc,
		.link_only = q->link_only, .told = q->told || q->more,
		.body = rd_init(q->data, q->n, q->n) };

	return m;
}

/* The request of that number that waits longest; of this PDU's own side, or of
 * the other. */
static struct pend *
oldest(struct dctx *c, uint64_t key, bool own)
{
	struct dctx o = *c;
	struct pend *found = NULL, *p;

	o.side = own ? !c->side : c->side;
	for (uint64_t i = 0; i < AGAIN; i++)
		if ((p = pend_find(&o, key | i << 48)) && (!found || p->when.cnt < found->when.cnt))
			found = p;
	return found;
}

static bool
is_same(const struct waiting *a, const struct waiting *b)
{
	return a->fc == b->fc && a->told == b->told && a->more == b->more && a->n == b->n &&
	    memcmp(a->data, b->data, a->n) == 0;
}

/* Remembers a request: beside another one of its number, but in place of itself
 * when it is sent again. */
static void
put(struct dctx *c, uint64_t key, const struct waiting *w)
{
	uint64_t at = 0, i;
	struct dctx o = *c;
	struct pend *p;

	o.side = !c->side;
	for (i = AGAIN; i > 0; i--) {
		p = pend_find(&o, key | (i - 1) << 48);
		if (p && is_same((struct waiting *)p->data, w)) {
			at = i - 1;
			break;
		}
		if (!p)
			at = i - 1;
	}
	pend_put(c, key | at << 48, w, offsetof(struct waiting, data) + w->n);
}

/* One event for each thing that is commanded, or one for the whole. */
static void
report(struct dctx *c, const struct dnp3_msg *q, const struct when *at, int side,
    const struct dnp3_msg *a, bool expired)
{
	unsigned parts = dnp3_parts(q && !q->told ? q : a), part = parts ? 1 : 0;

	do {
		struct ev *e = ev_begin(c, "dnp3", at, side);
		if (parts) {
			ev_uint(e, "part", part);
			ev_uint(e, "parts", parts);
		}
		if (q && !q->told)
			dnp3_put(e, q, false, part);
		if (a)
			dnp3_put(e, a, true, part);
		dnp3_ot(e, q, a, part);
		if (!c->flow && e->nid && a) {  /* a serial line: no address but its own */
			e->id[0].of = EV_OTHER;
			e->id[0].sub = ev_text_num(e, "outstation ", 11, a->link.src);
		}
		if (q && a && !q->told)
			ev_answered(e, c, at);
		else if (expired)
			ev_unanswered(e, c);
		else if (a && !e->ot.result.n && a->fc != DNP3_UNSOLICITED)
			e->ot.result = TEXT("ok");
		ev_emit(e);
	} while (part && ++part <= parts);
}

/* Objects that cannot be read, or more than anybody sends. */
static void
check(struct dctx *c, const struct dnp3_msg *m)
{
	struct rd r = m->body;
	struct dnp3_walk w;

	dnp3_walk_begin(&w, &r, m->fc);
	while (dnp3_next_object(&w))
		continue;
	if (w.bad)
		proto_anomaly(c, "UNKNOWN_OBJECT");
	else if (rd_bad(&r))
		proto_anomaly(c, "OBJECT_LENGTH");
	else if (dnp3_parts(m) == LIM_DNP3_PARTS)
		proto_anomaly(c, "TOO_MANY_POINTS");
}

static bool
is_answered(const struct dnp3_msg *m)
{
	switch (m->fc) {
	case DNP3_CONFIRM: case DNP3_DIRECT_NR: case DNP3_FREEZE_NR: case DNP3_FREEZE_CLEAR_NR:
	case DNP3_FREEZE_TIME_NR: case DNP3_AUTH_NR:
		return false;
	default:
		return m->link.dst < 0xfffd;    /* else everybody's: 9.2.4.1.4 */
	}
}

static void
request(struct dctx *c, const struct dnp3_msg *m)
{
	uint64_t key = key_of(KEY_APP, m->link.src, m->link.dst, m->control & 15);
	struct waiting w = { .link = m->link, .control = m->control, .fc = m->fc };
	uint32_t n = rd_have(&m->body);
	struct rd r = m->body;
	struct pend *p;

	if (!is_answered(m)) {
		report(c, m, &c->when, c->side, NULL, false);
		return;
	}
	/* what answers a challenge does not replace what was challenged */
	if (m->fc == DNP3_AUTH && (p = oldest(c, key, true)) &&
	    ((struct waiting *)p->data)->challenged) {
		report(c, m, &c->when, c->side, NULL, false);
		return;
	}
	if (n > REQ_DATA) {
		report(c, m, &c->when, c->side, NULL, false);
		w.told = true;
	} else if (n) {
		memcpy(w.data, rd_bytes(&r, n), n);
		w.n = (uint16_t)n;
	}
	put(c, key, &w);
}

/* Whether the first object is that of authentication. */
static bool
is_auth(const struct dnp3_msg *m, uint8_t var)
{
	return rd_peek8(&m->body, 0) == 120 && rd_peek8(&m->body, 1) == var;
}

static void
response(struct dctx *c, const struct dnp3_msg *m)
{
	unsigned seq = m->control & 15;
	uint64_t key = key_of(KEY_APP, m->link.dst, m->link.src, seq);
	struct pend *p = m->fc == DNP3_UNSOLICITED ? NULL : oldest(c, key, false);
	struct waiting w;
	struct dnp3_msg q;
	struct dctx o;

	if (!p) {
		report(c, NULL, &c->when, m->fc == DNP3_UNSOLICITED ? c->side : !c->side, m, false);
		return;
	}
	memcpy(&w, p->data, sizeof(w));
	if (m->fc == DNP3_AUTH_RESPONSE && w.fc != DNP3_AUTH && is_auth(m, 1)) {
		((struct waiting *)p->data)->challenged = true;
		report(c, NULL, &c->when, !c->side, m, false);
		return;
	}
	o = *c;
	o.side = p->side;
	o.when = p->when;
	q = msg_of(&w);
	report(c, &q, q.told ? &c->when : &o.when, p->side, m, false);
	pend_done(c, p);
	if (!(m->control & 0x40) && m->fc == DNP3_RESPONSE) {   /* not the final fragment */
		w.more = true;
		w.n = 0;
		put(&o, key_of(KEY_APP, m->link.dst, m->link.src, (seq + 1) & 15), &w);
	}
}

void
dnp3_fragment(struct dctx *c, const struct dnp3_link *l, struct rd r)
{
	struct dnp3_msg m = { .link = *l };

	m.control = rd_u8(&r);
	m.fc = rd_u8(&r);
	if (m.fc >= DNP3_RESPONSE)
		m.iin = rd_be16(&r);
	if (!rd_ok(&r)) {
		if (rd_bad(&r))
			proto_anomaly(c, "FRAGMENT_LENGTH");
		return;
	}
	m.body = rd_rest(&r);
	if (!dnp3_function(m.fc))
		proto_anomaly(c, "UNKNOWN_FUNCTION");
	else
		check(c, &m);
	if (m.fc >= DNP3_RESPONSE)
		response(c, &m);
	else
		request(c, &m);
}

void
dnp3_link_message(struct dctx *c, const struct dnp3_link *l)
{
	bool primary = l->control & 0x40;
	struct waiting w = { .link = *l, .link_only = true };
	struct dnp3_msg q, a = { .link = *l, .link_only = true };
	struct ev *e;
	struct pend *p;

	if (!dnp3_link_function(primary, l->control & 15)) {
		proto_anomaly(c, "UNKNOWN_LINK_FUNCTION");
		return;
	}
	if (primary) {
		pend_put(c, key_of(KEY_LINK, l->src, l->dst, 0), &w,
		    offsetof(struct waiting, data));
		return;
	}
	p = pend_find(c, key_of(KEY_LINK, l->dst, l->src, 0));
	if (!p)
		return;                 /* an ACK of user data says nothing by itself */
	memcpy(&w, p->data, offsetof(struct waiting, data));
	w.n = 0;
	q = msg_of(&w);
	e = ev_begin(c, "dnp3", &p->when, p->side);
	dnp3_put(e, &q, false, 0);
	dnp3_put(e, &a, true, 0);
	e->ot.op = OT_OTHER;
	e->ot.service = text_c(dnp3_link_function(true, q.link.control & 15));
	if ((l->control & 15) == 1 || (l->control & 15) >= 14)
		e->ot.result = text_c(dnp3_link_function(false, l->control & 15));
	ev_answered(e, c, &p->when);
	ev_emit(e);
	pend_done(c, p);
}

void
dnp3_expire(struct dctx *c, struct pend *p)
{
	struct waiting w;
	struct dnp3_msg q;
	struct ev *e;

	memcpy(&w, p->data, sizeof(w));
	if (w.more)
		return;
	q = msg_of(&w);
	if (w.link_only) {
		e = ev_begin(c, "dnp3", &p->when, p->side);
		dnp3_put(e, &q, false, 0);
		e->ot.op = OT_OTHER;
		e->ot.service = text_c(dnp3_link_function(true, q.link.control & 15));
		ev_unanswered(e, c);
		ev_emit(e);
		return;
	}
	if (!w.told)
		report(c, &q, &p->when, p->side, NULL, true);
}
