/* iec104.c: IEC 60870-5-104: what a control centre and a station say to each other.
 *
 * U format: STARTDT, STOPDT, TESTFR and their confirmations. S format: only
 * acknowledges. I format: numbered, carries an ASDU (iec104_asdu.c). An activation
 * and its confirmation are one event; a termination is one of its own, and so is
 * what a station sends by itself or because it was interrogated. */
#include "proto/iec104.h"

enum { START = 0x68, LEN_MIN = 4, LEN_MAX = 253, TYPES = 45, BROADCAST = 0xffff };
enum { KEY_ACT = 1, KEY_TERM = 2, KEY_U = 3 };

struct iec_state {
	uint16_t next[2];       /* send sequence number that must come, by side */
	bool known[2];
};

/* What waits for its confirmation: the APDU as it came. */
struct waiting { uint16_t n; uint8_t apdu[LEN_MAX + 2]; };
_Static_assert(sizeof(struct waiting) <= PEND_DATA, "an APDU that waits");

static ssize_t
frame_length(const struct rd *r)
{
	int start = rd_peek8(r, 0), len = rd_peek8(r, 1);

	if (start >= 0 && start != START)
		return -1;
	if (len < 0)
		return 0;
	return len < LEN_MIN || len > LEN_MAX ? -1 : len + 2;
}

/* What the first APDU of one side proves. */
static enum probe
look(const struct rd *v, bool *from_station)
{
	ssize_t n = frame_length(v);
	struct iec_apdu a;
	struct rd r = *v, one;

	if (n < 0)
		return PROBE_NO;
	if (n == 0 || rd_have(v) < (size_t)n)
		return PROBE_MORE;
	one = rd_sub(&r, (uint32_t)n);
	if (!iec_decode(&one, &a))
		return PROBE_NO;
	if (a.format == IEC_U) {
		/* con answers act: the station's word */
		*from_station = a.u == 0x0b || a.u == 0x23;
		return rd_peek8(v, 3) || rd_peek8(v, 4) || rd_peek8(v, 5) ? PROBE_NO : PROBE_YES;
	}
	if (a.format == IEC_S)
		return rd_peek8(v, 3) == 0 && !(rd_peek8(v, 4) & 1) ? PROBE_WEAK : PROBE_NO;
	*from_station = a.type < TYPES || a.type == IEC_EI || a.cause == COT_ACT_CON ||
	    a.cause == COT_ACT_TERM;
	return rd_peek8(v, 4) & 1 || !iec_type(a.type) || !iec_cause(a.cause) || !iec_whole(&a) ?
	    PROBE_NO : PROBE_YES;
}

static enum probe
iec104_probe(struct probe_in *in)
{
	enum probe best = PROBE_MORE;

	for (int i = 0; i < 2; i++) {
		bool station = false;
		enum probe p = rd_left(&in->side[i]) ? look(&in->side[i], &station) : PROBE_MORE;
		if (p == PROBE_NO)
			return PROBE_NO;
		if (p == PROBE_YES && best != PROBE_YES)
			in->reversed = i == 0 ? station : false;
		if (p > best)
			best = p;
	}
	return best;
}

static ssize_t
iec104_frame(const struct dctx *c, const struct rd *r)
{
	return frame_length(r);
}

static uint64_t
key_of(unsigned kind, uint8_t type, uint16_t ca, uint32_t ioa)
{
	return (uint64_t)kind << 56 | (uint64_t)type << 40 | (uint64_t)ca << 24 | ioa;
}

/* Types that ask something of a station (or, with a file, of the other side). */
static bool
asks(const struct iec_apdu *a)
{
	return (a->type >= IEC_C_FIRST && a->type <= IEC_C_LAST) ||
	    (a->type >= IEC_IC && a->type <= IEC_P_LAST);
}

static bool
is_answer(const struct iec_apdu *a)
{
	return a->cause == COT_ACT_CON || a->cause == COT_DEACT_CON || a->cause == COT_ACT_TERM ||
	    (a->cause >= COT_UNKNOWN_TYPE && a->cause <= COT_UNKNOWN_IOA);
}

static void
result_of(struct ev *e, const struct iec_apdu *a)
{
	if (a->cause >= COT_UNKNOWN_TYPE && a->cause <= COT_UNKNOWN_IOA)
		e->ot.result = text_c(iec_cause(a->cause));
	else if (a->negative)
		e->ot.result = TEXT("negative");
}

/* A request and what became of it, an event for each object that is commanded. */
static void
report(struct dctx *c, const struct waiting *w, const struct when *at, int side,
    const struct iec_apdu *answer)
{
	struct rd r = rd_init(w->apdu, w->n, w->n);
	struct iec_apdu q;
	unsigned part;

	if (!iec_decode(&r, &q))
		return;
	part = q.format == IEC_I && q.count > 1 && asks(&q) ? 1 : 0;
	do {
		struct ev *e = ev_begin(c, "iec104", at, side);
		if (part) {
			ev_uint(e, "part", part);
			ev_uint(e, "parts", q.count);
		}
		iec_put(e, &q, part);
		if (answer)
			iec_put_confirmation(e, answer);
		if (q.format == IEC_I) {
			iec_ot(e, &q, part, true, true);
			if (answer)
				result_of(e, answer);
		} else {
			e->ot.op = q.u == 0x43 ? OT_OTHER : OT_CONNECT;
			e->ot.service = (struct text){ iec_u_name(q.u), q.u == 0x07 ? 7 : 6 };
		}
		if (answer)
			ev_answered(e, c, at);
		else
			ev_unanswered(e, c);
		ev_emit(e);
	} while (part && ++part <= q.count);
}

/* What comes by itself, or whose question was not seen. What a station says
 * because it was asked is about the asking: client to server. */
static void
alone(struct dctx *c, const struct iec_apdu *a, bool answer)
{
	bool asked = answer || (c->side == 1 && a->format == IEC_I && !iec_reports(a));
	struct ev *e = ev_begin(c, "iec104", &c->when, asked ? !c->side : c->side);

	iec_put(e, a, 0);
	if (a->format == IEC_I) {
		iec_ot(e, a, 0, answer || (c->side == 0 && a->type > IEC_EI), asked);
		if (asked) {
			result_of(e, a);
			if (!e->ot.result.n)
				e->ot.result = TEXT("ok");
		}
	} else {
		e->ot.op = a->u == 0x83 ? OT_OTHER : OT_CONNECT;
		e->ot.service = text_c(iec_u_name(a->u));
		e->ot.result = TEXT("ok");
	}
	ev_emit(e);
}

/* An activation has ended; the command itself was reported when it was confirmed. */
static void
termination(struct dctx *c, const struct iec_apdu *a, struct pend *p)
{
	struct ev *e = ev_begin(c, "iec104", &c->when, c->side);

	iec_put(e, a, 0);
	iec_ot(e, a, 0, false, false);
	e->ot.op = OT_REPORT;
	result_of(e, a);
	if (p) {
		ev_answered(e, c, &p->when);
		pend_done(c, p);
	}
	ev_emit(e);
}

static void
wait_for(struct dctx *c, uint64_t key, const uint8_t *apdu, uint32_t n)
{
	struct waiting w = { .n = (uint16_t)n };

	memcpy(w.apdu, apdu, n);
	pend_put(c, key, &w, offsetof(struct waiting, apdu) + n);
}

static void
answer(struct dctx *c, const struct iec_apdu *a)
{
	uint64_t key = key_of(KEY_ACT, a->type, a->ca, a->ioa);
	uint64_t term = key_of(KEY_TERM, a->type, a->ca, a->ioa);
	struct pend *p;
	struct waiting w;
	struct dctx o;

	if (a->cause == COT_ACT_TERM) {
		termination(c, a, pend_find(c, term));
		return;
	}
	p = pend_find(c, key);
	if (!p)
		p = pend_find(c, key_of(KEY_ACT, a->type, BROADCAST, a->ioa));
	if (!p) {
		alone(c, a, true);
		return;
	}
	memcpy(&w, p->data, sizeof(w));
	report(c, &w, &p->when, p->side, a);
	o = *c;
	o.side = p->side;
	o.when = p->when;
	pend_done(c, p);
	if (a->cause == COT_ACT_CON && !a->negative)
		pend_put(&o, term, &w, offsetof(struct waiting, apdu));
}

/* The answer to C_RD: the value itself. */
static bool
read_answer(struct dctx *c, const struct iec_apdu *a)
{
	struct pend *p = pend_find(c, key_of(KEY_ACT, IEC_RD, a->ca, a->ioa));
	struct iec_object o;
	struct iec_walk w;
	struct iec_apdu q;
	struct ev *e;
	struct rd r;

	if (!p)
		return false;
	r = rd_init(((struct waiting *)p->data)->apdu, ((struct waiting *)p->data)->n,
	    ((struct waiting *)p->data)->n);
	if (!iec_decode(&r, &q))
		return false;
	e = ev_begin(c, "iec104", &p->when, p->side);
	iec_put(e, &q, 0);
	iec_put_confirmation(e, a);
	iec_ot(e, &q, 0, true, true);
	iec_walk_begin(&w, a);
	if (iec_next(&w, &o) && o.has_value) {
		if (o.real)
			ev_val_real(e, o.number);
		else
			ev_val_int(e, o.value);
		e->ot.has_count = true;
		e->ot.count = 1;
	}
	ev_answered(e, c, &p->when);
	ev_emit(e);
	pend_done(c, p);
	return true;
}

static void
u_format(struct dctx *c, const struct iec_apdu *a, const uint8_t *apdu, uint32_t n)
{
	bool act = a->u == 0x07 || a->u == 0x13 || a->u == 0x43;
	uint8_t of = act ? a->u : a->u == 0x0b ? 0x07 : a->u == 0x23 ? 0x13 : 0x43;
	struct pend *p;

	if (act) {
		wait_for(c, key_of(KEY_U, of, 0, 0), apdu, n);
		return;
	}
	p = pend_find(c, key_of(KEY_U, of, 0, 0));
	if (p) {
		report(c, (const struct waiting *)p->data, &p->when, p->side, a);
		pend_done(c, p);
	} else {
		alone(c, a, true);
	}
}

/* The numbers that I formats count; lost bytes and a late start are not held
 * against anybody. */
static void
sequence(struct dctx *c, const struct iec_apdu *a)
{
	struct iec_state *s = c->state;

	if (s->known[c->side] && s->next[c->side] != a->tx && !c->flow->tcp[c->side].lost)
		proto_anomaly(c, "SEQUENCE_NUMBER");
	s->next[c->side] = (a->tx + 1u) & 0x7fff;
	s->known[c->side] = true;
}

static enum verdict
iec104_dissect(struct dctx *c, struct rd *r)
{
	struct rd copy = *r;
	uint32_t n = rd_have(r);
	const uint8_t *apdu = rd_bytes(&copy, n);
	struct iec_apdu a;

	if (!iec_decode(r, &a)) {
		if (rd_ok(r))
			c->why = "UNKNOWN_FORMAT";
		return DIS_BAD;
	}
	if (n > LEN_MAX + 2)
		return DIS_BAD;
	if (a.format == IEC_S)
		return DIS_OK;
	if (a.format == IEC_U) {
		u_format(c, &a, apdu, n);
		return DIS_OK;
	}
	if (!rd_ok(r))
		return DIS_BAD;
	sequence(c, &a);
	if (!iec_type(a.type))
		proto_anomaly(c, "UNKNOWN_TYPE");
	else if (!iec_whole(&a))
		proto_anomaly(c, "OBJECT_LENGTH");
	if (!iec_cause(a.cause))
		proto_anomaly(c, "UNKNOWN_CAUSE");
	if (is_answer(&a))
		answer(c, &a);
	else if (asks(&a) && (a.cause == COT_ACT || a.cause == COT_DEACT || a.cause == COT_REQUEST))
		wait_for(c, key_of(KEY_ACT, a.type, a.ca, a.ioa), apdu, n);
	else if (a.cause != COT_REQUEST || !read_answer(c, &a))
		alone(c, &a, false);
	return DIS_OK;
}

static void
iec104_expire(struct dctx *c, struct pend *p)
{
	if (p->key >> 56 != KEY_TERM)
		report(c, (const struct waiting *)p->data, &p->when, p->side, NULL);
}

static void
iec104_end(struct dctx *c, bool gap)
{
	struct iec_state *s = c->state;

	if (gap)
		s->known[0] = s->known[1] = false;
}

static const struct hint hints[] = { { HINT_TCP, 2404 }, { HINT_END, 0 } };

#define P "iec104."
#define O P "asdu.objects[]."
static const struct field fields[] = {
	{ P "part", "integer", "which of the objects of its message this event is" },
	{ P "parts", "integer", "how many there are" },
	{ P "format", "string", "I or U" },
	{ P "function", "string", "of the U format" },
	{ P "tx", "integer", "send sequence number" },
	{ P "rx", "integer", "receive sequence number" },
	{ P "asdu.type_id", "integer", "type identification" },
	{ P "asdu.type", "string", "its name" },
	{ P "asdu.cause", "integer", "cause of transmission" },
	{ P "asdu.cause_name", "string", "its name" },
	{ P "asdu.negative", "boolean", "P/N: negative" },
	{ P "asdu.test", "boolean", "T: a test, without effect" },
	{ P "asdu.originator", "integer", "originator address" },
	{ P "asdu.common_address", "integer", "station" },
	{ P "asdu.count", "integer", "information objects" },
	{ P "asdu.sequence", "boolean", "one address, the others follow it" },
	{ O "ioa", "integer", "information object address" },
	{ O "value", "number", "state, measured value or setpoint; normalized ones as a fraction" },
	{ O "invalid", "boolean", "quality" },
	{ O "not_topical", "boolean", "quality" },
	{ O "substituted", "boolean", "quality" },
	{ O "blocked", "boolean", "quality" },
	{ O "overflow", "boolean", "quality" },
	{ O "carry", "boolean", "the counter has overflowed" },
	{ O "adjusted", "boolean", "the counter has been adjusted" },
	{ O "elapsed_invalid", "boolean", "the elapsed time is invalid" },
	{ O "select", "boolean", "true: select; false: execute" },
	{ O "pulse_raw", "integer", "qualifier of command" },
	{ O "pulse", "string", "short, long or persistent" },
	{ O "qualifier", "integer", "as on the wire" },
	{ O "qualifier_name", "string", "its name" },
	{ O "freeze", "string", "what is done to counters" },
	{ O "elapsed_ms", "integer", "elapsed or delay time" },
	{ O "time", "string", "time tag, in the site's zone; or minutes of the hour" },
	{ O "time_invalid", "boolean", "the time tag is invalid" },
	{ O "summer_time", "boolean", "the time tag is summer time" },
	{ O "until", "string", "end of the range asked for" },
	{ O "file", "integer", "name of file" },
	{ O "section", "integer", "name of section" },
	{ O "size", "integer", "bytes of a file, section or segment" },
	{ P "confirmation.function", "string", "of the U format" },
	{ P "confirmation.tx", "integer", "send sequence number" },
	{ P "confirmation.rx", "integer", "receive sequence number" },
	{ P "confirmation.type", "string", "name of the type" },
	{ P "confirmation.cause", "integer", "cause of transmission" },
	{ P "confirmation.cause_name", "string", "its name" },
	{ P "confirmation.negative", "boolean", "P/N: negative" },
	{ P "confirmation.test", "boolean", "T: a test" },
	{ NULL },
};

const struct dissector iec104_dissector = {
	.name = "iec104",
	.title = "IEC 60870-5-104",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct iec_state),
	.probe = iec104_probe,
	.frame = iec104_frame,
	.dissect = iec104_dissect,
	.expire = iec104_expire,
	.end = iec104_end,
	.apart = true,
};
