/* poct1a.c: POCT1-A (CLSI POCT01): point-of-care devices and their data manager,
 * XML documents one behind another.
 *
 *      <HEL.R01><HDR><HDR.control_id V="1"/>..</HDR><DEV><DEV.serial_id V=".."/>..</DEV></HEL.R01>
 *
 * Values stand in the attribute V. A device says who it is (HEL), how it is (DST), what
 * it measured (OBS) and what happened (EVS); the manager asks (REQ), directs (DTV) and
 * loads lists of operators and patients (OPL, PTL). Each is answered by an ACK that
 * repeats the control id. Observations, patients and operators are counted, nothing of
 * them is read. */
#include "base/ascii.h"
#include "base/hash.h"
#include "proto/pack.h"
#include "proto/pend_long.h"
#include "proto/proto.h"

enum { ROOT = 7, CHUNK = 48 << 10, PROLOG_MAX = 512, TAG_MAX = 32, VALUE_MAX = 64 };

enum tag { T_NONE, T_VERSION, T_DEVICE, T_VENDOR, T_MODEL, T_SERIAL, T_MAKER, T_HARDWARE,
	T_SOFTWARE, T_NAME, T_CONDITION, T_COMMAND, T_REQUEST, T_ACK, T_ERROR, T_REASON, T_CONTROL,
	T_ANSWERS, T_PASSWORD };

/* What is counted: elements by name. */
enum { OBS, SVC, PT, CTC, EVT, OPR, COUNTED };

struct poct_state {
	char inside[2][ROOT + 1];       /* root of a document longer than we look at */
	uint64_t condition;             /* last status that was told, by hash */
};

struct poct_head {
	uint64_t control, answers;
	uint32_t bytes;
	uint16_t n[COUNTED];
	char root[ROOT + 1];
	bool partial, password;
};
_Static_assert(sizeof(struct poct_head) <= PEND_LONG_HEAD, "a message's head fits");

static const struct { const char *name; enum tag tag; } values[] = {
	{ "HDR.version_id", T_VERSION }, { "HDR.control_id", T_CONTROL },
	{ "DEV.device_id", T_DEVICE }, { "DEV.vendor_id", T_VENDOR },
	{ "DEV.model_id", T_MODEL }, { "DEV.serial_id", T_SERIAL },
	{ "DEV.manufacturer_name", T_MAKER }, { "DEV.hw_version", T_HARDWARE },
	{ "DEV.sw_version", T_SOFTWARE }, { "DEV.device_name", T_NAME },
	{ "DST.condition_cd", T_CONDITION }, { "DTV.command_cd", T_COMMAND },
	{ "REQ.request_cd", T_REQUEST }, { "ACK.type_cd", T_ACK },
	{ "ACK.ack_control_id", T_ANSWERS }, { "ACK.error_detail_cd", T_ERROR },
	{ "END.reason_cd", T_REASON }, { "ESC.detail_cd", T_REASON },
	{ "ACC.password", T_PASSWORD },
};

static const char *const counted[COUNTED] = { "OBS", "SVC", "PT", "CTC", "EVT", "OPR" };

/* Messages; acked: an ACK is to follow. Those that say nothing are no events. */
static const struct {
	char root[4];
	uint8_t op;
	bool acked, silent;
	const char *object;
	uint8_t count;                  /* what of it is counted, from 1 */
} types[] = {
	{ "ACK", OT_OTHER, false, false, NULL },
	{ "DST", OT_REPORT, true, false, "device_status" },
	{ "DTV", OT_COMMAND, true, false, NULL },
	{ "END", OT_CONNECT, false, false, NULL },
	{ "EOT", OT_OTHER, false, true, NULL },
	{ "ESC", OT_ERROR, false, false, NULL },
	{ "EVS", OT_REPORT, true, false, "events", EVT + 1 },
	{ "HEL", OT_IDENTIFY, true, false, NULL },
	{ "KPA", OT_OTHER, false, true, NULL },
	{ "OBS", OT_REPORT, true, false, "observations", OBS + 1 },
	{ "OPL", OT_WRITE, true, false, "operator_list", OPR + 1 },
	{ "PTL", OT_WRITE, true, false, "patient_list", PT + 1 },
	{ "REQ", OT_READ, false, false, NULL },
};
enum { TYPES = sizeof(types) / sizeof(types[0]), TYPE_NONE = TYPES };

/* ---- documents ---- */

static unsigned
type_of(const char *root)
{
	unsigned i = 0;

	while (i < TYPES && memcmp(types[i].root, root, 3) != 0)
		i++;
	return i;
}

/* Length of what stands before the root element, declarations and blanks. -1: no
 * document; *more: it may become one. */
static ssize_t
prolog(const uint8_t *p, uint32_t n, bool *more)
{
	uint32_t at = 0;

	*more = false;
	for (;;) {
		while (at < n && (p[at] == ' ' || (p[at] >= '\t' && p[at] <= '\r')))
			at++;
		if (n - at < 2) {
			*more = at == n || p[at] == '<';
			return -1;
		}
		if (p[at] != '<' || at > PROLOG_MAX)
			return -1;
		if (p[at + 1] != '?' && p[at + 1] != '!')
			return at;
		const uint8_t *e = memchr(p + at, '>', n - at);
		if (!e) {
			*more = n - at < PROLOG_MAX;
			return -1;
		}
		at = (uint32_t)(e - p) + 1;
	}
}

/* "HEL.R01" behind a '<': 1 yes, 0 too few bytes, -1 no. */
static int
root_at(const uint8_t *p, uint32_t n)
{
	for (uint32_t i = 0; i < ROOT; i++) {
		bool fits;
		if (i >= n)
			return 0;
		fits = i < 3 ? ascii_upper(p[i]) : i == 3 ? p[i] == '.' :
		    i == 4 ? p[i] == 'R' : ascii_digit(p[i]);
		if (!fits)
			return -1;
	}
	if (type_of((const char *)p) == TYPE_NONE)
		return -1;
	return n == ROOT ? 0 : p[ROOT] == '>' || p[ROOT] == ' ' || p[ROOT] == '\r' ||
	    p[ROOT] == '\n' || p[ROOT] == '\t' ? 1 : -1;
}

static uint32_t
find_close(const uint8_t *p, uint32_t n, const char *root)
{
	char close[ROOT + 3] = "</";
	const uint8_t *e;

	memcpy(close + 2, root, ROOT);
	e = memmem(p, n, close, ROOT + 2);
	if (!e || !(e = memchr(e, '>', n - (uint32_t)(e - p))))
		return 0;
	return (uint32_t)(e - p) + 1;
}

static ssize_t
poct_frame(const struct dctx *c, const struct rd *r)
{
	const struct poct_state *s = c->state;
	const uint8_t *p = rd_at(r);
	uint32_t have = rd_have(r), n;
	ssize_t at;
	bool more;

	if (!have)
		return 0;
	if (s->inside[c->side][0]) {
		n = find_close(p, have, s->inside[c->side]);
		/* its end may lie across two segments */
		return n ? n : have > 64 ? have - 32 : 0;
	}
	at = prolog(p, have, &more);
	if (at < 0)
		return more ? 0 : -1;
	switch (root_at(p + at + 1, have - (uint32_t)at - 1)) {
	case -1:
		return -1;
	case 0:
		return 0;
	}
	n = find_close(p + at, have - (uint32_t)at, (const char *)p + at + 1);
	return n ? at + n : have >= CHUNK ? (ssize_t)have : 0;
}

static uint64_t
hash(struct text t)
{
	return t.n ? (hash_bytes(HASH_BEGIN, t.p, t.n) >> 8) | 1 : 0;
}

static bool
is(struct text t, const char *s)
{
	return t.n == strlen(s) && memcmp(t.p, s, t.n) == 0;
}

/* The attribute V of the tag whose inside is t. */
static struct text
value_of(struct text t)
{
	for (uint32_t i = 0; i + 3 < t.n; i++) {
		uint32_t from = i + 4;
		char quote;

		if ((t.p[i] != ' ' && t.p[i] != '\t' && t.p[i] != '\n') || t.p[i + 1] != 'V' ||
		    t.p[i + 2] != '=')
			continue;
		quote = t.p[i + 3];
		for (i = from; i < t.n && t.p[i] != quote; i++)
			;
		return i < t.n ? text_trim(t.p + from, i - from) : (struct text){ 0 };
	}
	return (struct text){ 0 };
}

static void
take_tag(struct poct_head *h, struct pack *p, struct text name, struct text rest)
{
	struct text v;

	for (unsigned i = 0; i < COUNTED; i++)
		if (is(name, counted[i]))
			h->n[i] += h->n[i] < UINT16_MAX;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		if (!is(name, values[i].name))
			continue;
		v = value_of(rest);
		if (values[i].tag == T_CONTROL)
			h->control = hash(v);
		else if (values[i].tag == T_ANSWERS)
			h->answers = hash(v);
		else if (values[i].tag == T_PASSWORD)
			h->password |= v.n > 0;
		else if (v.n <= VALUE_MAX)
			pack_put(p, values[i].tag, v);
		return;
	}
}

static bool
decode(struct rd *r, struct poct_head *h, struct pack *p)
{
	const uint8_t *b = rd_at(r);
	uint32_t n = rd_have(r), i = 0;
	bool more;
	ssize_t at = prolog(b, n, &more);

	memset(h, 0, sizeof(*h));
	p->n = 0;
	p->full = false;
	if (at < 0 || root_at(b + at + 1, n - (uint32_t)at - 1) != 1)
		return false;
	memcpy(h->root, b + at + 1, ROOT);
	h->bytes = rd_left(r);
	for (i = (uint32_t)at; i < n;) {
		struct text name, rest;
		const uint8_t *open = memchr(b + i, '<', n - i), *end;

		if (!open || !(end = memchr(open, '>', n - (uint32_t)(open - b))))
			break;
		i = (uint32_t)(end - b) + 1;
		name = (struct text){ (const char *)open + 1, 0 };
		while (name.n < TAG_MAX && name.p + name.n < (const char *)end &&
		    name.p[name.n] > ' ' && name.p[name.n] != '/')
			name.n++;
		rest.p = name.p + name.n;
		rest.n = (uint32_t)((const char *)end - rest.p);
		take_tag(h, p, name, rest);
	}
	rd_skip(r, n);
	return true;
}

/* ---- events ---- */

static bool
holds(struct text t, const char *word)
{
	return t.n && memmem(t.p, t.n, word, strlen(word)) != NULL;
}

static void
set_directive(struct ev *e, struct text code)
{
	/* a calibration by whatever name comes first */
	if (holds(code, "CAL")) {
		e->ot.op = OT_CONFIGURE;
		e->ot.object = ev_text(e, "calibration:%.*s", (int)code.n, code.p);
		return;
	}
	if (holds(code, "SET") || holds(code, "CONF") || holds(code, "UPD") || holds(code, "PARAM"))
		e->ot.op = OT_CONFIGURE;
	e->ot.object = code.n ? ev_text(e, "directive:%.*s", (int)code.n, code.p) :
	    TEXT("directive");
}

static void
identify(struct ev *e, struct rd p)
{
	struct text maker = pack_find(p, T_MAKER);
	struct ident *i;

	if (!pack_find(p, T_MODEL).n && !pack_find(p, T_SERIAL).n && !pack_find(p, T_DEVICE).n)
		return;
	i = ev_identity(e, "poct1a.hel", EV_SRC);
	i->vendor = maker.n ? maker : pack_find(p, T_VENDOR);
	i->model = pack_find(p, T_MODEL);
	i->serial = pack_find(p, T_SERIAL);
	i->firmware = pack_find(p, T_SOFTWARE);
	i->hardware = pack_find(p, T_HARDWARE);
	i->hostname = pack_find(p, T_NAME);
	i->role = TEXT("analyser");
}

static void
put_message(struct ev *e, const struct poct_head *h, struct rd p)
{
	ev_str(e, "type", text_c(h->root));
	ev_str(e, "version", pack_find(p, T_VERSION));
	ev_str(e, "device_id", pack_find(p, T_DEVICE));
	ev_str(e, "vendor_id", pack_find(p, T_VENDOR));
	ev_str(e, "model_id", pack_find(p, T_MODEL));
	ev_str(e, "serial_id", pack_find(p, T_SERIAL));
	ev_str(e, "manufacturer", pack_find(p, T_MAKER));
	ev_str(e, "hw_version", pack_find(p, T_HARDWARE));
	ev_str(e, "sw_version", pack_find(p, T_SOFTWARE));
	ev_str(e, "device_name", pack_find(p, T_NAME));
	ev_str(e, "condition", pack_find(p, T_CONDITION));
	ev_str(e, "command", pack_find(p, T_COMMAND));
	ev_str(e, "request", pack_find(p, T_REQUEST));
	ev_str(e, "reason", pack_find(p, T_REASON));
	if (h->n[OBS])
		ev_uint(e, "observations", h->n[OBS]);
	if (h->n[SVC])
		ev_uint(e, "services", h->n[SVC]);
	if (h->n[PT])
		ev_uint(e, "patients", h->n[PT]);
	if (h->n[CTC])
		ev_uint(e, "controls", h->n[CTC]);
	if (h->n[EVT])
		ev_uint(e, "events", h->n[EVT]);
	if (h->n[OPR])
		ev_uint(e, "operators", h->n[OPR]);
	ev_uint(e, "length", h->bytes);
	if (h->partial)
		ev_bool(e, "partial", true);
}

/* ack: NULL where none came; waited: one should have. */
static void
event(struct dctx *c, const struct poct_head *h, struct rd p, const struct when *at, int side,
    const struct rd *ack, bool waited)
{
	unsigned type = type_of(h->root), n = 0;
	struct ev *e = ev_begin(c, "poct1a", at, side);
	struct text t;

	put_message(e, h, p);
	e->ot.op = type == TYPE_NONE ? OT_OTHER : types[type].op;
	e->ot.service = text_c(h->root);
	if (type != TYPE_NONE && types[type].object)
		e->ot.object = text_c(types[type].object);
	if (memcmp(h->root, "DTV", 3) == 0)
		set_directive(e, pack_find(p, T_COMMAND));
	else if (memcmp(h->root, "REQ", 3) == 0)
		e->ot.object = pack_find(p, T_REQUEST);
	else if (memcmp(h->root, "HEL", 3) == 0)
		identify(e, p);
	if (type != TYPE_NONE && types[type].count)
		n = h->n[types[type].count - 1];
	e->ot.has_count = n > 0;
	e->ot.count = n;
	if (ack) {
		t = pack_find(*ack, T_ACK);
		ev_str(e, "ack", t);
		ev_str(e, "error", pack_find(*ack, T_ERROR));
		ev_answered(e, c, at);
		if (!is(t, "AA"))
			e->ot.result = is(t, "AE") ? TEXT("application_error") :
			    is(t, "AR") ? TEXT("application_reject") : TEXT("unknown");
	} else if (waited) {
		ev_unanswered(e, c);
	}
	ev_emit(e);
}

/* A status is told when the device's condition is another one. */
static bool
is_news(struct dctx *c, const struct poct_head *h, struct rd p)
{
	struct poct_state *s = c->state;
	uint64_t now;

	if (memcmp(h->root, "DST", 3) != 0)
		return true;
	now = hash(pack_find(p, T_CONDITION)) | 1;
	if (now == s->condition)
		return false;
	s->condition = now;
	return true;
}

static void
message(struct dctx *c, const struct poct_head *h, const struct pack *pk)
{
	struct rd p = rd_init(pk->b, pk->n, pk->n), q;
	unsigned type = type_of(h->root);
	uint8_t buf[PACK_MAX];
	struct poct_head asked;
	struct pend *w;

	if (h->password)
		proto_credential(c, CRED_PASSWORD, CRED_CLEAR, false);
	if (memcmp(h->root, "ACK", 3) == 0) {
		w = h->answers ? pend_find(c, h->answers) : NULL;
		if (!w)
			return;         /* of what came before the capture, or says nothing */
		memcpy(&asked, w->data, sizeof(asked));
		q = pend_long_rd(c, w, sizeof(asked), buf, sizeof(buf));
		if (is_news(c, &asked, q) || !is(pack_find(p, T_ACK), "AA"))
			event(c, &asked, q, &w->when, w->side, &p, true);
		pend_done(c, w);
		return;
	}
	if (type == TYPE_NONE || types[type].silent)
		return;
	if (types[type].acked && h->control)
		pend_long_put(c, h->control, h, sizeof(*h), p, PACK_MAX);
	else
		event(c, h, p, &c->when, c->side, NULL, false);
}

static enum verdict
poct_dissect(struct dctx *c, struct rd *r)
{
	struct poct_state *s = c->state;
	char *inside = s->inside[c->side];
	struct poct_head h;
	struct pack p;
	bool whole;

	if (inside[0]) {
		if (find_close(rd_at(r), rd_have(r), inside))
			inside[0] = '\0';
		rd_skip(r, rd_have(r));
		return DIS_OK;
	}
	whole = c->cut;
	if (!decode(r, &h, &p)) {
		rd_skip(r, rd_have(r));
		return DIS_OK;
	}
	whole |= find_close(r->p, r->off, h.root) > 0;
	if (!whole)
		memcpy(inside, h.root, ROOT);
	h.partial = !whole;
	if (!h.control && !c->cut)
		proto_anomaly(c, "CONTROL_ID_MISSING");
	message(c, &h, &p);
	return DIS_OK;
}

static void
poct_expire(struct dctx *c, struct pend *w)
{
	uint8_t buf[PACK_MAX];
	struct poct_head h;
	struct rd p;

	if (pend_long_is_part(w))
		return;
	memcpy(&h, w->data, sizeof(h));
	p = pend_long_rd(c, w, sizeof(h), buf, sizeof(buf));
	event(c, &h, p, &w->when, w->side, NULL, true);
}

static void
poct_end(struct dctx *c, bool gap)
{
	struct poct_state *s = c->state;

	if (gap)
		s->inside[c->side][0] = '\0';
}

static enum probe
poct_probe(struct probe_in *in)
{
	enum probe best = PROBE_NO;

	for (int i = 0; i < 2; i++) {
		const struct rd *r = &in->side[i];
		uint32_t n = rd_have(r);
		const uint8_t *p;
		bool more;
		ssize_t at;

		if (!n)
			continue;
		p = rd_at(r);
		at = prolog(p, n, &more);
		if (at < 0 && !more)
			return PROBE_NO;
		if (at < 0) {
			best = best == PROBE_YES ? best : PROBE_MORE;
			continue;
		}
		switch (root_at(p + at + 1, n - (uint32_t)at - 1)) {
		case -1:
			return PROBE_NO;
		case 0:
			best = best == PROBE_YES ? best : PROBE_MORE;
			break;
		default:
			best = PROBE_YES;
		}
	}
	return best;
}

static const struct hint hints[] = { { HINT_END, 0 } };

static const struct field fields[] = {
	{ "poct1a.type", "string", "kind of message: HEL.R01, DST.R01, OBS.R01, DTV.R01, ..." },
	{ "poct1a.version", "string", "version of the standard" },
	{ "poct1a.device_id", "string", "the device's EUI-64" },
	{ "poct1a.vendor_id", "string", "code of its vendor" },
	{ "poct1a.model_id", "string", "its model" },
	{ "poct1a.serial_id", "string", "its serial number" },
	{ "poct1a.manufacturer", "string", "its manufacturer" },
	{ "poct1a.hw_version", "string", "its hardware's version" },
	{ "poct1a.sw_version", "string", "its software's version" },
	{ "poct1a.device_name", "string", "its name" },
	{ "poct1a.condition", "string", "R ready, B busy, L locked, ..." },
	{ "poct1a.command", "string", "code of a directive" },
	{ "poct1a.request", "string", "code of a request: ROBS, RDEV" },
	{ "poct1a.reason", "string", "why a conversation or topic ended" },
	{ "poct1a.observations", "integer", "observations in it; nothing of them is written" },
	{ "poct1a.services", "integer", "tests they belong to" },
	{ "poct1a.patients", "integer", "patients; nothing of them is written" },
	{ "poct1a.controls", "integer", "controls and calibrations" },
	{ "poct1a.events", "integer", "events of the device" },
	{ "poct1a.operators", "integer", "operators; nothing of them is written" },
	{ "poct1a.length", "integer", "bytes of the message" },
	{ "poct1a.partial", "boolean", "longer than what was looked at" },
	{ "poct1a.ack", "string", "AA accepted, AE error, AR refused" },
	{ "poct1a.error", "string", "code of the error" },
	{ NULL },
};

const struct dissector poct1a_dissector = {
	.name = "poct1a",
	.title = "POCT1-A (CLSI POCT01)",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct poct_state),
	.probe = poct_probe,
	.frame = poct_frame,
	.dissect = poct_dissect,
	.expire = poct_expire,
	.end = poct_end,
};
