/* hl7.c: HL7 v2 over MLLP: who sends whom what kind of message, and what the
 * answer was. A block is 0B, a message (or a batch of them), 1C 0D; the answer's
 * MSA-2 repeats the control id of what it answers.
 *
 * Nothing is written of patients, samples, orders and results: names of segments
 * are counted. Control ids are no more than compared, because senders make them of
 * sample numbers. */
#include "proto/hl7.h"

#include "base/hash.h"
#include "proto/pend_long.h"

enum { START = 0x0b, END = 0x1c, CR = 0x0d, CHUNK = 48 << 10 };

struct hl7_state {
	bool inside[2];                 /* in a block longer than we look at */
	uint64_t told[2];               /* of each side: what it said of itself, by hash */
};
_Static_assert(sizeof(struct hl7_head) <= PEND_LONG_HEAD, "a message's head fits");

/* Messages by what they mean for a device, and which end is one. */
enum end { NEITHER, SENDER, RECEIVER };
static const struct { char code[4]; uint8_t op, equipment; } messages[] = {
	{ "EAC", OT_COMMAND, RECEIVER }, { "EAN", OT_REPORT, SENDER }, { "EAR", OT_REPORT, SENDER },
	{ "ESR", OT_READ, RECEIVER }, { "ESU", OT_REPORT, SENDER }, { "INR", OT_READ, RECEIVER },
	{ "INU", OT_REPORT, SENDER }, { "LSR", OT_READ, RECEIVER }, { "LSU", OT_REPORT, SENDER },
	{ "OMG", OT_OTHER, NEITHER }, { "OML", OT_OTHER, RECEIVER }, { "ORM", OT_OTHER, NEITHER },
	{ "ORU", OT_REPORT, NEITHER }, { "OUL", OT_REPORT, SENDER }, { "QBP", OT_READ, NEITHER },
	{ "QRY", OT_READ, NEITHER }, { "QSB", OT_READ, NEITHER }, { "SSR", OT_READ, RECEIVER },
	{ "SSU", OT_REPORT, SENDER }, { "TCR", OT_READ, RECEIVER },
	{ "TCU", OT_CONFIGURE, RECEIVER },
};

/* Table 0368. */
static const struct { char code[3]; const char *name; } commands[] = {
	{ "AB", "abort" }, { "CL", "clear" }, { "CN", "clear notification" },
	{ "DI", "disable sending events" }, { "EN", "enable sending events" },
	{ "ES", "emergency stop" }, { "EX", "execute" }, { "IN", "initialize" },
	{ "LC", "local control" }, { "LK", "lock" }, { "LO", "load" }, { "PA", "pause" },
	{ "RC", "remote control" }, { "RE", "resume" }, { "SA", "sampling" }, { "SU", "setup" },
	{ "TT", "transport to" }, { "UC", "unlock" }, { "UN", "unload" },
};

static const struct { char code[3]; const char *result; } acks[] = {
	{ "AA", "ok" }, { "AE", "application_error" }, { "AR", "application_reject" },
	{ "CA", "ok" }, { "CE", "commit_error" }, { "CR", "commit_reject" },
};

static const uint8_t *
find_end(const uint8_t *p, uint32_t n, uint32_t *len)
{
	const uint8_t *e = p;

	while (n && (e = memchr(e, END, n - (uint32_t)(e - p)))) {
		uint32_t at = (uint32_t)(e - p);
		if (at + 1 == n || e[1] == CR || e[1] == START) {
			*len = at + 1;
			if (at + 1 < n && e[1] == CR)
				++*len;
			return e;
		}
		e++;
	}
	return NULL;
}

static ssize_t
hl7_frame(const struct dctx *c, const struct rd *r)
{
	const struct hl7_state *s = c->state;
	uint32_t have = rd_have(r), n = 0;
	const uint8_t *e;
	int b = rd_peek8(r, 0);

	if (b == CR || b == '\n')       /* line ends between blocks */
		return 1;
	if (b != START && !s->inside[c->side])
		return -1;
	e = find_end(rd_at(r), have, &n);
	/* 1C as the last byte: its CR may be on the way, and may not */
	if (e && (n < have || rd_at(r)[n - 1] == CR))
		return n;
	if (s->inside[c->side])
		return have;
	return have >= CHUNK ? (ssize_t)have : 0;
}

static struct text
op_code(struct text type)
{
	return (struct text){ type.p, type.n < 3 ? type.n : 3 };
}

/* An analyser has a laboratory's information system opposite. */
static struct text
role_of(enum end equipment, enum end who)
{
	return equipment == NEITHER ? (struct text){ 0 } : equipment == who ? TEXT("analyser") :
	    TEXT("laboratory_system");
}

static void
set_ot(struct ev *e, struct rd p, enum end *equipment)
{
	struct text type = pack_find(p, HL7_TYPE), code = op_code(type);
	struct text app = pack_find(p, HL7_RECEIVER), at = pack_find(p, HL7_RECEIVER_AT);

	*equipment = NEITHER;
	e->ot.op = OT_OTHER;
	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]) && code.n == 3; i++)
		if (memcmp(messages[i].code, code.p, 3) == 0) {
			e->ot.op = messages[i].op;
			*equipment = messages[i].equipment;
		}
	e->ot.service = type;
	e->ot.role = role_of(*equipment, RECEIVER);
	e->ot.object = app.n && at.n ? ev_text(e, "%.*s@%.*s", (int)app.n, app.p, (int)at.n, at.p) :
	    app.n ? app : at;
}

/* A command of an ECD segment, as what it does. */
static struct text
command_name(struct ev *e, struct text code, bool calibration)
{
	const char *name = NULL;

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]) && code.n == 2; i++)
		if (memcmp(commands[i].code, code.p, 2) == 0)
			name = commands[i].name;
	return ev_text(e, "%s%.*s%s%s", calibration ? "calibration:" : "command:", (int)code.n,
	    code.p, name ? " " : "", name ? name : "");
}

static void
put_message(struct ev *e, const struct hl7_head *h, struct rd p)
{
	struct text t, vendor = { 0 }, product = { 0 };
	struct rd all = p;
	uint8_t tag;

	ev_str(e, "type", pack_find(p, HL7_TYPE));
	ev_str(e, "structure", pack_find(p, HL7_STRUCTURE));
	ev_str(e, "version", pack_find(p, HL7_VERSION));
	ev_str(e, "sender", pack_find(p, HL7_SENDER));
	ev_str(e, "sender_facility", pack_find(p, HL7_SENDER_AT));
	if (h->security)
		ev_bool(e, "security", true);
	ev_str(e, "ack", pack_find(p, HL7_ACK));
	ev_str(e, "error", pack_find(p, HL7_ERROR));
	if (h->ack)             /* the rest of an acknowledgement repeats the question */
		return;
	ev_str(e, "processing", pack_find(p, HL7_PROCESSING));
	ev_str(e, "receiver", pack_find(p, HL7_RECEIVER));
	ev_str(e, "receiver_facility", pack_find(p, HL7_RECEIVER_AT));
	ev_str(e, "charset", pack_find(p, HL7_CHARSET));
	ev_str(e, "profile", pack_find(p, HL7_PROFILE));
	ev_str(e, "delimiters", pack_find(p, HL7_DELIMITERS));
	if (h->software) {
		ev_arr(e, "software");
		while (pack_next(&all, &tag, &t)) {
			if (tag == HL7_SW_VENDOR)
				vendor = t;
			else if (tag == HL7_SW_PRODUCT)
				product = t;
			if (tag != HL7_SW_VERSION)
				continue;
			ev_a_obj(e);
			ev_str(e, "vendor", vendor);
			ev_str(e, "product", product);
			ev_str(e, "version", t);
			ev_end(e);
			vendor = product = (struct text){ 0 };
		}
		ev_end(e);
	}
	if (pack_find(p, HL7_EQUIPMENT).n) {
		ev_arr(e, "equipment");
		for (all = p; pack_next(&all, &tag, &t);)
			if (tag == HL7_EQUIPMENT)
				ev_a_str(e, t);
		ev_end(e);
	}
	ev_arr(e, "segments");
	for (all = p; pack_next(&all, &tag, &t);) {
		if (tag != HL7_SEGMENT || t.n != 5)
			continue;
		ev_a_obj(e);
		ev_str(e, "name", ((struct text){ t.p, 3 }));
		ev_uint(e, "count", (uint64_t)(uint8_t)t.p[3] << 8 | (uint8_t)t.p[4]);
		ev_end(e);
	}
	ev_end(e);
	ev_uint(e, "length", h->bytes);
	if (h->partial)
		ev_bool(e, "partial", true);
}

/* What a sender says of itself: once for each flow and side, and when it changes. */
static bool
is_news(struct dctx *c, int side, struct rd p)
{
	struct hl7_state *s = c->state;
	uint64_t h = HASH_BEGIN;
	struct text t;
	uint8_t tag;

	while (pack_next(&p, &tag, &t)) {
		if (tag != HL7_SENDER && tag != HL7_SENDER_AT && tag < HL7_SW_VENDOR)
			continue;
		if (tag > HL7_EQU_SERIAL)
			continue;
		h = hash_bytes(hash_step(h, tag), t.p, t.n);
	}
	if (s->told[side] == h)
		return false;
	s->told[side] = h;
	return true;
}

static void
identify(struct ev *e, const struct hl7_head *h, struct rd p, enum ident_of who,
    enum end equipment)
{
	struct text app = pack_find(p, HL7_SENDER), at = pack_find(p, HL7_SENDER_AT), t;
	struct ident *i;
	unsigned n = 0;
	uint8_t tag;

	if (app.n || at.n) {
		i = ev_identity(e, "hl7.msh", who);
		i->product = app;
		i->location = at;
		i->role = role_of(equipment, who == EV_SRC ? SENDER : RECEIVER);
	}
	if (h->software == 1) {         /* of several one does not know which is the sender's */
		i = ev_identity(e, "hl7.sft", who);
		i->vendor = pack_find(p, HL7_SW_VENDOR);
		i->product = pack_find(p, HL7_SW_PRODUCT);
		t = pack_find(p, HL7_SW_VERSION);
		if (t.n > 1 || (t.n && *t.p != '-'))
			i->firmware = t;
	}
	i = NULL;
	while (pack_next(&p, &tag, &t)) {
		if (tag == HL7_EQUIPMENT && n++ < LIM_IDENTITIES - 3) {
			i = ev_identity(e, "hl7.equipment", EV_OTHER);
			i->has_parent = true;
			i->parent = equipment == RECEIVER ||
			    (who == EV_DEST && equipment == NEITHER) ? EV_DEST : EV_SRC;
			i->sub = ev_text(e, "equipment %.*s", (int)t.n, t.p);
			i->hostname = t;
			i->role = TEXT("analyser");
		} else if (tag == HL7_EQU_MAKER && i) {
			i->vendor = t;
		} else if (tag == HL7_EQU_SERIAL && i) {
			/* the pair of IHE LAW: model and maker, then serial number */
			i->model = i->hostname;
			i->hostname = (struct text){ 0 };
			i->serial = t;
		}
	}
}

static struct text
result_of(struct ev *e, struct rd p)
{
	struct text code = pack_find(p, HL7_ACK);

	for (size_t i = 0; i < sizeof(acks) / sizeof(acks[0]) && code.n == 2; i++)
		if (memcmp(acks[i].code, code.p, 2) == 0)
			return text_c(acks[i].result);
	return code.n ? code : TEXT("ok");
}

/* A message, its answer, or both. Several commands in one are an event each. */
static void
event(struct dctx *c, const struct hl7_head *q, struct rd qp, const struct when *at, int side,
    const struct hl7_head *a, struct rd ap, bool waited)
{
	unsigned parts = q && q->commands > 1 ? q->commands : 1;
	bool news[2] = { q && is_news(c, side, qp), a && is_news(c, !side, ap) };
	struct rd walk = qp;

	for (unsigned part = 0; part < parts; part++) {
		struct ev *e = ev_begin(c, "hl7", at, side);
		struct text t = { 0 };
		enum end equipment = NEITHER;
		uint8_t tag = HL7_NONE;

		if (q) {
			ev_obj(e, "request");
			put_message(e, q, qp);
			ev_end(e);
			set_ot(e, qp, &equipment);
			while (q->commands && pack_next(&walk, &tag, &t) && tag != HL7_COMMAND &&
			    tag != HL7_CALIBRATE)
				;
			if (tag == HL7_COMMAND || tag == HL7_CALIBRATE)
				e->ot.object = command_name(e, t, tag == HL7_CALIBRATE);
			if (tag == HL7_CALIBRATE)
				e->ot.op = OT_CONFIGURE;
		}
		if (parts > 1)
			ev_uint(e, "part", part + 1);
		if (a) {
			ev_obj(e, "response");
			put_message(e, a, ap);
			ev_end(e);
			if (!q) {
				e->ot.op = OT_OTHER;
				e->ot.service = pack_find(ap, HL7_TYPE);
			}
		}
		if (news[0] && !part)
			identify(e, q, qp, EV_SRC, equipment);
		if (news[1] && !part)
			identify(e, a, ap, EV_DEST, equipment);
		if (a && q)
			ev_answered(e, c, at);
		if (a)
			e->ot.result = result_of(e, ap);
		else if (waited)
			ev_unanswered(e, c);
		ev_emit(e);
	}
}

static void
message(struct dctx *c, const struct hl7_head *h, const struct pack *p)
{
	struct rd mine = rd_init(p->b, p->n, p->n);
	struct rd none = rd_init(p->b, 0, 0);
	uint8_t buf[PACK_MAX];
	struct pend *w;

	if (h->security)
		proto_credential(c, CRED_TOKEN, CRED_CLEAR, false);
	w = h->answers ? pend_find(c, h->answers) : NULL;
	if (w) {
		struct hl7_head q;
		struct rd qp;
		struct when at = w->when;

		memcpy(&q, w->data, sizeof(q));
		qp = pend_long_rd(c, w, sizeof(q), buf, sizeof(buf));
		event(c, &q, qp, &at, !c->side, h, mine, true);
		pend_done(c, w);
	} else if (h->answers) {
		struct text code = pack_find(mine, HL7_ACK);
		const struct hl7_state *s = c->state;
		/* the second level's receipt for an answer says nothing new, nor do the
		 * acknowledgements that some servers send again and again */
		if (h->ack && code.n == 2 && (memcmp(code.p, "CA", 2) == 0 ||
		    (memcmp(code.p, "AA", 2) == 0 && s->told[c->side])))
			return;
		event(c, NULL, none, &c->when, !c->side, h, mine, false);
	} else if (h->no_ack || !h->control) {
		event(c, h, mine, &c->when, c->side, NULL, none, false);
	} else {
		pend_long_put(c, h->control, h, sizeof(*h), mine, PACK_MAX);
	}
}

static enum verdict
hl7_dissect(struct dctx *c, struct rd *r)
{
	struct hl7_state *s = c->state;
	const char *why = NULL;
	struct hl7_head h;
	struct pack p;
	uint32_t n = 0;
	bool start = rd_peek8(r, 0) == START, ends, first = true;

	if (!start && !s->inside[c->side]) {
		rd_skip(r, rd_have(r));
		return DIS_OK;
	}
	ends = rd_have(r) && find_end(rd_at(r), rd_have(r), &n);
	s->inside[c->side] = !ends && !c->cut;
	if (!start) {
		rd_skip(r, rd_have(r));
		return DIS_OK;
	}
	rd_skip(r, 1);
	if (ends) {
		/* without the end, which is one byte or two */
		n = n - 1 - (rd_at(r)[n - 2] == CR ? 2 : 1);
		r->cap = r->len = r->off + n;
	}
	/* a block too long for us breaks off like one that our capture cut */
	while (hl7_decode(r, &h, &p, c->cut || !ends, &why)) {
		h.partial = !ends;
		message(c, &h, &p);
		first = false;
	}
	if (why || (first && ends && !c->cut)) {
		c->why = why ? why : "HEADER_MISSING";
		return DIS_BAD;
	}
	rd_skip(r, rd_have(r));
	return DIS_OK;
}

static void
hl7_expire(struct dctx *c, struct pend *w)
{
	uint8_t buf[PACK_MAX];
	struct hl7_head q;
	struct rd qp;

	if (pend_long_is_part(w))
		return;
	memcpy(&q, w->data, sizeof(q));
	qp = pend_long_rd(c, w, sizeof(q), buf, sizeof(buf));
	event(c, &q, qp, &w->when, w->side, NULL, rd_init(buf, 0, 0), true);
}

static void
hl7_end(struct dctx *c, bool gap)
{
	struct hl7_state *s = c->state;

	if (gap)
		s->inside[c->side] = false;
}

static enum probe
hl7_probe(struct probe_in *in)
{
	static const char *const begins[] = { "MSH", "FHS", "BHS" };
	enum probe best = PROBE_NO;

	for (int i = 0; i < 2; i++) {
		const struct rd *r = &in->side[i];
		uint32_t have = rd_have(r), n = have < 4 ? have - 1 : 3;
		const uint8_t *p;
		bool fits = false;

		if (!have)
			continue;
		p = rd_at(r);
		for (size_t k = 0; k < 3 && p[0] == START; k++)
			fits |= memcmp(begins[k], p + 1, n) == 0;
		if (!fits)
			return PROBE_NO;
		if (have < 6) {
			best = PROBE_MORE;
			continue;
		}
		/* a mark behind the name, and another behind that */
		if (!hl7_is_mark(p[4]) || !hl7_is_mark(p[5]) || p[4] == p[5])
			return PROBE_NO;
		if (i == 1 || rd_left(&in->side[1]))
			return PROBE_YES;
		/* alone in the middle of a conversation: an answer comes from the server */
		in->reversed = have > 40 && memmem(p, have < 400 ? have : 400, "\rMSA", 4) != NULL;
		return PROBE_YES;
	}
	return best;
}

static const struct hint hints[] = { { HINT_TCP, 2575 }, { HINT_END, 0 } };

#define MESSAGE(p)                                                                                 \
	{ "hl7." p ".type", "string", "message code and trigger event: ORU^R01" },                 \
	    { "hl7." p ".structure", "string", "message structure: ORU_R01" },                     \
	    { "hl7." p ".version", "string", "version of HL7" },                                   \
	    { "hl7." p ".processing", "string", "P production, T training, D debugging" },         \
	    { "hl7." p ".sender", "string", "sending application" },                               \
	    { "hl7." p ".sender_facility", "string", "where it is" },                              \
	    { "hl7." p ".receiver", "string", "receiving application" },                           \
	    { "hl7." p ".receiver_facility", "string", "where it is" },                            \
	    { "hl7." p ".charset", "string", "character set" },                                    \
	    { "hl7." p ".profile", "string", "message profile" },                                  \
	    { "hl7." p ".delimiters", "string", "delimiters other than |^~\\&" },                  \
	    { "hl7." p ".security", "boolean", "something was sent in MSH-8; never written" },     \
	    { "hl7." p ".ack", "string", "acknowledgement code" },                                 \
	    { "hl7." p ".error", "string", "error code (table 0357)" },                            \
	    { "hl7." p ".software[].vendor", "string", "maker of software it passed" },            \
	    { "hl7." p ".software[].product", "string", "its name" },                              \
	    { "hl7." p ".software[].version", "string", "its version" },                           \
	    { "hl7." p ".equipment[]", "string", "instruments named in EQU-1 and OBX-18" },        \
	    { "hl7." p ".segments[].name", "string", "name of a segment" },                        \
	    { "hl7." p ".segments[].count", "integer", "how many of them" },                       \
	    { "hl7." p ".length", "integer", "bytes of the message" },                             \
	{ "hl7." p ".partial", "boolean", "longer than what was looked at" }

static const struct field fields[] = {
	MESSAGE("request"),
	{ "hl7.part", "integer", "which of the message's commands" },
	MESSAGE("response"),
	{ NULL },
};

const struct dissector hl7_dissector = {
	.name = "hl7",
	.title = "HL7 v2 over MLLP",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct hl7_state),
	.probe = hl7_probe,
	.frame = hl7_frame,
	.dissect = hl7_dissect,
	.expire = hl7_expire,
	.end = hl7_end,
};
