/* dicom.c: DICOM: who opened an association with whom and for what, which services
 * were asked for and how they ended, which equipment made what was stored.
 *
 * Data sets are patients' data. They are counted, and of the first part of one that
 * is stored the attributes of the equipment are read; nothing else of them is. One
 * study is hundreds of C-STOREs: the first of each class is an event, and so is each
 * that fails; the others are in the event that ends the association. */
#include "proto/dicom.h"

#include "base/hash.h"

enum { SERVICES = 11, ASSOC_KEY = 1, COMMAND_KEY = 1 << 16, NAMES_MAX = 12, TEXT_MAX = 40 };

struct service { uint16_t field; const char *name; uint8_t op; };

static const struct service services[SERVICES] = {
	{ 0x0001, "C-STORE", OT_REPORT }, { 0x0010, "C-GET", OT_READ },
	{ 0x0020, "C-FIND", OT_READ }, { 0x0021, "C-MOVE", OT_READ },
	{ 0x0030, "C-ECHO", OT_OTHER }, { 0x0100, "N-EVENT-REPORT", OT_REPORT },
	{ 0x0110, "N-GET", OT_READ }, { 0x0120, "N-SET", OT_WRITE },
	{ 0x0130, "N-ACTION", OT_COMMAND }, { 0x0140, "N-CREATE", OT_WRITE },
	{ 0x0150, "N-DELETE", OT_COMMAND },
};
enum { C_STORE = 0, C_ECHO = 4, RESPONSE = 0x8000, CANCEL = 0x0fff };

struct dicom_state {
	struct when first;              /* of the association */
	uint32_t count[SERVICES], failed[SERVICES];
	uint32_t folded, data_sets;
	uint64_t data_bytes, equipment;  /* the latter: of what was told, by hash */
	uint8_t told[32];               /* classes of C-STOREs that were events, by bit */
	uint8_t side;                   /* the requestor's */
	bool ended, echoed, wants[2];   /* wants: a data set begins next */
	uint8_t n[DICOM_EQUIPMENT];
	char text[DICOM_EQUIPMENT][TEXT_MAX];
};
_Static_assert(sizeof(struct dicom_state) <= PROTO_STATE_MAX, "a flow's state fits");
_Static_assert(sizeof(struct dicom_assoc) <= PEND_DATA, "an association fits its slot");

/* A request that waits. */
struct asked {
	uint8_t service, sop;
	uint16_t action, answers;       /* answers: how many came with "pending" */
	char uid[65], destination[17], originator[17];
};

static const struct text nothing;

/* ---- associations ---- */

static void
put_side(struct ev *e, const struct dicom_assoc *a)
{
	ev_cstr(e, "implementation", a->uid);
	ev_cstr(e, "implementation_version", a->version);
	ev_uint(e, "max_pdu", a->max_pdu);
}

/* What the contexts are for, as bits; only accepted ones where there is an answer. */
static uint32_t
purposes(const struct dicom_assoc *q, const struct dicom_assoc *a)
{
	uint32_t bits = 0;

	for (unsigned i = 0; i < DICOM_CONTEXTS; i++)
		if (q->context[i] && (!a || a->context[i] == 1))
			bits |= 1u << dicom_sop_for(q->context[i]);
	return bits;
}

static void
put_contexts(struct ev *e, const struct dicom_assoc *q, const struct dicom_assoc *a)
{
	uint32_t bits = purposes(q, a);
	uint8_t seen[32] = { 0 };
	unsigned n = 0;

	ev_uint(e, "contexts", q->contexts);
	if (a)
		ev_uint(e, "accepted", a->accepted);
	ev_arr(e, "purposes");
	for (unsigned f = 1; f < DICOM_FOR_N; f++)
		if (bits & 1u << f)
			ev_a_str(e, text_c(dicom_for_name(f)));
	ev_end(e);
	ev_arr(e, "sop_classes");
	for (unsigned i = 0; i < DICOM_CONTEXTS && n < NAMES_MAX; i++) {
		uint8_t s = q->context[i];
		const char *name = dicom_sop_name(s);

		if (!name || seen[s / 8] & 1 << s % 8 || (a && a->context[i] != 1))
			continue;
		seen[s / 8] |= (uint8_t)(1 << s % 8);
		ev_a_str(e, text_c(name));
		n++;
	}
	ev_end(e);
}

static void
identify_side(struct ev *e, const struct dicom_assoc *a, const char *title, enum ident_of who,
    const char *role)
{
	const struct dicom_maker *m = dicom_maker(a->uid);
	struct ident *i = ev_identity(e, "dicom.associate", who);

	/* a library says nothing of the device; a maker's own UID does */
	i->hostname = text_c(title);
	i->vendor = text_c(m ? m->vendor : NULL);
	i->product = text_c(a->version[0] ? a->version : m ? m->product : NULL);
	i->role = text_c(role);
}

/* What the called one is, and the caller, by what is agreed on. */
static const char *
role_called(uint32_t bits)
{
	if (bits & 1u << DICOM_PRINT)
		return "printer";
	if (bits & (1u << DICOM_WORKLIST | 1u << DICOM_STEP))
		return "worklist_server";
	return bits & (1u << DICOM_STORE | 1u << DICOM_QUERY | 1u << DICOM_COMMIT) ?
	    "image_archive" : NULL;
}

static const char *
role_calling(uint32_t bits)
{
	return bits & (1u << DICOM_WORKLIST | 1u << DICOM_STEP) ? "modality" : NULL;
}

/* reject: source << 8 | reason, or 0. */
static void
associate_event(struct dctx *c, const struct dicom_assoc *q, const struct when *at, int side,
    const struct dicom_assoc *a, uint32_t reject, bool transient)
{
	struct ev *e = ev_begin(c, "dicom", at, side);
	const struct dicom_assoc *any = q ? q : a;
	uint32_t bits = q ? purposes(q, a) : 0;

	ev_cstr(e, "event", "associate");
	if (any) {
		ev_cstr(e, "calling", any->calling);
		ev_cstr(e, "called", any->called);
		if (strcmp(any->application, "1.2.840.10008.3.1.1.1") != 0)
			ev_cstr(e, "application", any->application);
		if (any->identity) {
			const char *name = dicom_user_identity(any->identity);
			ev_cstr(e, "user_identity", name ? name : "other");
		}
	}
	if (q)
		put_contexts(e, q, a);
	if (q) {
		ev_obj(e, "client");
		put_side(e, q);
		ev_end(e);
		identify_side(e, q, q->calling, EV_SRC, a ? role_calling(bits) : NULL);
	}
	if (a) {
		ev_obj(e, "server");
		put_side(e, a);
		ev_end(e);
		/* by which title it was called is not its own word */
		identify_side(e, a, NULL, EV_DEST, role_called(bits));
		e->ot.role = text_c(role_called(bits));
	}
	e->ot.op = OT_CONNECT;
	e->ot.service = TEXT("A-ASSOCIATE");
	e->ot.object = any ? text_c(any->called) : nothing;
	if (a || reject)
		ev_answered(e, c, at);
	else if (!c->flow || at != &c->when)
		ev_unanswered(e, c);
	if (reject) {
		const char *name = dicom_reject((uint8_t)(reject >> 8), (uint8_t)reject);
		ev_bool(e, "transient", transient);
		e->ot.result = name ? text_c(name) :
		    ev_text(e, "rejected_%u_%u", (unsigned)reject >> 8, (unsigned)reject & 255);
	} else if (a && !a->accepted && a->contexts) {
		e->ot.result = TEXT("no_context_accepted");
	}
	ev_emit(e);
}

static enum verdict
associate(struct dctx *c, struct rd *r)
{
	struct dicom_state *s = c->state;
	bool asked = rd_peek8(r, 0) == DICOM_RQ;
	struct dicom_assoc a;
	struct pend *w;

	if (!dicom_decode_assoc(r, &a) && !c->cut)
		return DIS_BAD;
	if (c->cut && !a.calling[0])
		return DIS_OK;
	if (asked) {
		memset(s, 0, sizeof(*s));
		s->first = c->when;
		s->side = (uint8_t)c->side;
		if (a.identity)
			proto_credential(c, a.identity == 1 ? CRED_USER_NAME :
			    a.identity == 2 ? CRED_PASSWORD : CRED_TOKEN, CRED_CLEAR, false);
		pend_put(c, ASSOC_KEY, &a, sizeof(a));
		return DIS_OK;
	}
	w = pend_find(c, ASSOC_KEY);
	if (w) {
		associate_event(c, (const struct dicom_assoc *)w->data, &w->when, w->side, &a, 0,
		    false);
		pend_done(c, w);
	} else {
		associate_event(c, NULL, &c->when, !c->side, &a, 0, false);
	}
	return DIS_OK;
}

static enum verdict
reject(struct dctx *c, struct rd *r)
{
	struct pend *w = pend_find(c, ASSOC_KEY);
	uint8_t result, source, reason;

	rd_skip(r, 7);
	result = rd_u8(r);
	source = rd_u8(r);
	reason = rd_u8(r);
	if (!rd_ok(r))
		return DIS_BAD;
	associate_event(c, w ? (const struct dicom_assoc *)w->data : NULL, w ? &w->when : &c->when,
	    !c->side, NULL, (uint32_t)source << 8 | reason, result == 2);
	if (w)
		pend_done(c, w);
	((struct dicom_state *)c->state)->ended = true;
	return DIS_OK;
}

/* ---- the end ---- */

/* What was not said one by one, and an end that is none. */
static void
summary(struct dctx *c, const char *how, const char *why)
{
	struct dicom_state *s = c->state;
	struct ev *e;

	if (s->ended)
		return;
	s->ended = true;
	if (!s->folded && !why && how[0] == 'r')
		return;
	e = ev_begin(c, "dicom", s->first.cnt ? &s->first : &c->when, s->side);
	ev_cstr(e, "event", "end");
	ev_cstr(e, "how", how);
	ev_cstr(e, "why", why);
	ev_arr(e, "services");
	for (unsigned i = 0; i < SERVICES; i++) {
		if (!s->count[i])
			continue;
		ev_a_obj(e);
		ev_cstr(e, "name", services[i].name);
		ev_uint(e, "count", s->count[i]);
		if (s->failed[i])
			ev_uint(e, "failed", s->failed[i]);
		ev_end(e);
	}
	ev_end(e);
	ev_uint(e, "data_sets", s->data_sets);
	ev_uint(e, "data_bytes", s->data_bytes);
	e->ot.op = s->count[C_STORE] ? OT_REPORT : OT_CONNECT;
	e->ot.service = s->count[C_STORE] ? TEXT("C-STORE") : TEXT("A-RELEASE");
	if (s->count[C_STORE]) {
		e->ot.has_count = true;
		e->ot.count = s->count[C_STORE];
	}
	e->ot.result = how[0] == 'r' ? TEXT("ok") : text_c(how);
	ev_emit(e);
}

/* ---- commands ---- */

static uint64_t
command_key(uint16_t id)
{
	return COMMAND_KEY | id;
}

static int
service_of(uint16_t field)
{
	for (int i = 0; i < SERVICES; i++)
		if (services[i].field == (field & ~RESPONSE))
			return i;
	return -1;
}

static uint64_t
equipment_hash(const struct dicom_state *s)
{
	uint64_t h = HASH_BEGIN;

	for (int k = 0; k < DICOM_EQUIPMENT; k++)
		h = hash_bytes(hash_step(h, s->n[k]), s->text[k], s->n[k]);
	return h;
}

/* Does the last data set name equipment, and another than was told? */
static bool
equipment_news(const struct dicom_state *s)
{
	return (s->n[DICOM_MAKER] || s->n[DICOM_MODEL] || s->n[DICOM_SERIAL]) &&
	    equipment_hash(s) != s->equipment;
}

/* The station that made what was stored. It may have come by way of an archive, so
 * it is a part behind the sender. */
static void
put_equipment(struct dctx *c, struct ev *e)
{
	struct dicom_state *s = c->state;
	struct text t[DICOM_EQUIPMENT];
	struct ident *i;

	if (!equipment_news(s))
		return;
	s->equipment = equipment_hash(s);
	for (int k = 0; k < DICOM_EQUIPMENT; k++)
		t[k] = (struct text){ s->text[k], s->n[k] };
	ev_obj(e, "equipment");
	ev_str(e, "modality", t[DICOM_MODALITY]);
	ev_str(e, "manufacturer", t[DICOM_MAKER]);
	ev_str(e, "model", t[DICOM_MODEL]);
	ev_str(e, "station", t[DICOM_STATION]);
	ev_str(e, "serial", t[DICOM_SERIAL]);
	ev_str(e, "software", t[DICOM_SOFTWARE]);
	ev_end(e);
	i = ev_identity(e, "dicom.data_set", EV_OTHER);
	i->has_parent = true;
	i->parent = EV_SRC;
	i->sub = t[DICOM_STATION].n ?
	    ev_text(e, "station %.*s", (int)t[DICOM_STATION].n, t[DICOM_STATION].p) :
	    t[DICOM_SERIAL].n ?
	    ev_text(e, "serial %.*s", (int)t[DICOM_SERIAL].n, t[DICOM_SERIAL].p) :
	    t[DICOM_MODEL].n ? t[DICOM_MODEL] : t[DICOM_MAKER];
	i->vendor = t[DICOM_MAKER];
	i->model = t[DICOM_MODEL];
	i->serial = t[DICOM_SERIAL];
	i->firmware = t[DICOM_SOFTWARE];
	i->hostname = t[DICOM_STATION];
	i->role = TEXT("modality");
}

/* m: the answer, or NULL where there was none. */
static void
operation_event(struct dctx *c, const struct asked *q, const struct when *at, int side,
    const struct dicom_command *m)
{
	const struct service *v = &services[q->service];
	struct ev *e = ev_begin(c, "dicom", at, side);
	const char *name = dicom_sop_name(q->sop);

	ev_cstr(e, "event", "operation");
	ev_cstr(e, "service", v->name);
	ev_cstr(e, "sop_class", name ? name : q->uid);
	if (q->action)
		ev_uint(e, "action", q->action);
	ev_cstr(e, "destination", q->destination);
	ev_cstr(e, "originator", q->originator);
	if (q->answers)
		ev_uint(e, "answers", q->answers);
	if (m && m->has_done) {
		ev_uint(e, "completed", m->done);
		ev_uint(e, "failed", m->failed);
		ev_uint(e, "warned", m->warned);
	}
	if (m && m->has_status)
		ev_uint(e, "status", m->status);
	if (q->service == C_STORE && m)
		put_equipment(c, e);
	e->ot.op = v->op;
	e->ot.service = text_c(v->name);
	e->ot.object = q->destination[0] ? text_c(q->destination) : text_c(name ? name : q->uid);
	if (m) {
		const char *status = dicom_status(m->status);
		ev_answered(e, c, at);
		e->ot.result = status ? text_c(status) :
		    ev_text(e, "status_%04x", (unsigned)m->status);
	} else {
		ev_unanswered(e, c);
	}
	ev_emit(e);
}

static void
request(struct dctx *c, const struct dicom_command *m, int service)
{
	struct dicom_state *s = c->state;
	struct asked q = { .service = (uint8_t)service, .sop = m->sop, .action = m->action };

	if (!s->first.cnt)
		s->first = c->when;
	s->ended = false;
	s->wants[c->side] = m->data_set && service == C_STORE;
	memset(s->n, 0, sizeof(s->n));
	memcpy(q.uid, m->uid, sizeof(q.uid));
	memcpy(q.destination, m->destination, sizeof(q.destination));
	memcpy(q.originator, m->originator, sizeof(q.originator));
	pend_put(c, command_key(m->id), &q, sizeof(q));
}

static void
response(struct dctx *c, const struct dicom_command *m, int service)
{
	struct dicom_state *s = c->state;
	struct pend *w = pend_find(c, command_key(m->answers));
	struct asked *q = w ? (struct asked *)w->data : NULL;
	uint16_t warning = m->status >> 12;
	bool failed, news;

	if ((m->status & 0xfffe) == 0xff00) {   /* more to come */
		if (q)
			q->answers += q->answers < UINT16_MAX;
		return;
	}
	failed = m->status && warning != 0xb;
	s->count[service]++;
	s->failed[service] += failed;
	if (!q)                         /* its question is before the capture */
		return;
	news = failed || (service != C_STORE && service != C_ECHO) ||
	    (service == C_ECHO && !s->echoed);
	if (service == C_STORE && !failed) {
		uint8_t *bits = &s->told[q->sop / 8], bit = (uint8_t)(1 << q->sop % 8);
		news = !(*bits & bit) || equipment_news(s);
		*bits |= bit;
	}
	s->echoed |= service == C_ECHO;
	s->folded += !news;
	if (news)
		operation_event(c, q, &w->when, w->side, m);
	pend_done(c, w);
}

static void
data_set(struct dctx *c, struct rd v)
{
	struct dicom_state *s = c->state;
	struct text t[DICOM_EQUIPMENT];

	if (!s->wants[c->side])
		return;
	s->wants[c->side] = false;
	dicom_equipment(v, t);
	for (int k = 0; k < DICOM_EQUIPMENT; k++) {
		s->n[k] = (uint8_t)(t[k].n < TEXT_MAX ? t[k].n : TEXT_MAX);
		if (s->n[k])
			memcpy(s->text[k], t[k].p, s->n[k]);
	}
}

static enum verdict
data(struct dctx *c, struct rd *r)
{
	struct dicom_state *s = c->state;

	rd_skip(r, 6);
	while (rd_left(r)) {
		uint32_t n = rd_be32(r);
		struct rd v = rd_sub(r, n);
		struct dicom_command m;
		uint8_t id = rd_u8(&v), control = rd_u8(&v);
		int service;

		if (!rd_ok(&v))
			break;
		if (n < 2 || !(id & 1) || control > 3) {
			c->why = "PDV_HEADER";
			return DIS_BAD;
		}
		if (!(control & 1)) {
			s->data_bytes += n - 2;
			s->data_sets += control >> 1;
			data_set(c, v);
			continue;
		}
		if (control != 3)       /* a command in parts; nobody sends that */
			continue;
		if (!dicom_decode_command(&v, &m)) {
			if (c->cut)
				break;
			c->why = "COMMAND_SET";
			return DIS_BAD;
		}
		if (m.field == CANCEL || !rd_ok(&v))
			continue;
		service = service_of(m.field);
		if (service < 0) {
			proto_anomaly(c, "COMMAND_UNKNOWN");
			continue;
		}
		if (m.field & RESPONSE)
			response(c, &m, service);
		else
			request(c, &m, service);
	}
	return DIS_OK;
}

static enum verdict
dicom_dissect(struct dctx *c, struct rd *r)
{
	uint8_t source, reason;
	struct pend *w;

	switch (rd_peek8(r, 0)) {
	case DICOM_RQ:
	case DICOM_AC:
		return associate(c, r);
	case DICOM_RJ:
		return reject(c, r);
	case DICOM_DATA:
		return data(c, r);
	case DICOM_RELEASED:
		summary(c, "release", NULL);
		return DIS_OK;
	case DICOM_ABORT:
		rd_skip(r, 8);
		source = rd_u8(r);
		reason = rd_u8(r);
		if (!rd_ok(r))
			return DIS_BAD;
		w = pend_find(c, ASSOC_KEY);
		if (w) {
			associate_event(c, (const struct dicom_assoc *)w->data, &w->when, w->side,
			    NULL, 0, false);
			pend_done(c, w);
		}
		summary(c, "abort", dicom_abort(source, reason));
		return DIS_OK;
	}
	return DIS_OK;
}

static void
dicom_expire(struct dctx *c, struct pend *w)
{
	if (w->key == ASSOC_KEY)
		associate_event(c, (const struct dicom_assoc *)w->data, &w->when, w->side, NULL, 0,
		    false);
	else
		operation_event(c, (const struct asked *)w->data, &w->when, w->side, NULL);
}

static void
dicom_end(struct dctx *c, bool gap)
{
	struct dicom_state *s = c->state;

	if (!c->flow)                   /* nothing waits but in flows */
		return;
	if (gap)
		s->wants[c->side] = false;
	else if (s->folded)
		summary(c, "closed", NULL);
}

static const struct hint hints[] = { { HINT_TCP, 104 }, { HINT_TCP, 11112 }, { HINT_END, 0 } };

#define SIDE(s)                                                                                    \
	{ "dicom." s ".implementation", "string", "implementation class UID" },                    \
	    { "dicom." s ".implementation_version", "string", "its version name" },                \
	{ "dicom." s ".max_pdu", "integer", "longest PDU it takes, bytes; 0: any" }

static const struct field fields[] = {
	{ "dicom.event", "string", "associate, operation, end" },
	{ "dicom.calling", "string", "title of the application that calls" },
	{ "dicom.called", "string", "title of the one that is called" },
	{ "dicom.application", "string", "application context, where it is not DICOM's" },
	{ "dicom.user_identity", "string", "what kind of identity was sent; never the identity" },
	{ "dicom.contexts", "integer", "presentation contexts proposed" },
	{ "dicom.accepted", "integer", "of these accepted" },
	{ "dicom.purposes[]", "string", "what they are for: storage, query, worklist, ..." },
	{ "dicom.sop_classes[]", "string", "their services, by name; the first ones" },
	SIDE("client"),
	SIDE("server"),
	{ "dicom.transient", "boolean", "the refusal may be over later" },
	{ "dicom.service", "string", "C-STORE, C-FIND, N-ACTION, ..." },
	{ "dicom.sop_class", "string", "on what, by name or UID" },
	{ "dicom.action", "integer", "type of action or event" },
	{ "dicom.destination", "string", "title to which a C-MOVE sends" },
	{ "dicom.originator", "string", "title that asked for it by C-MOVE" },
	{ "dicom.answers", "integer", "answers before the last one" },
	{ "dicom.completed", "integer", "sub-operations done" },
	{ "dicom.failed", "integer", "sub-operations that failed" },
	{ "dicom.warned", "integer", "sub-operations with a warning" },
	{ "dicom.status", "integer", "status (PS3.7, annex C)" },
	{ "dicom.equipment.modality", "string", "kind of examination: CT, SM, DX" },
	{ "dicom.equipment.manufacturer", "string", "maker of what made the stored data" },
	{ "dicom.equipment.model", "string", "its model" },
	{ "dicom.equipment.station", "string", "its name" },
	{ "dicom.equipment.serial", "string", "its serial number" },
	{ "dicom.equipment.software", "string", "its software's versions" },
	{ "dicom.how", "string", "release, abort, closed" },
	{ "dicom.why", "string", "reason of an abort" },
	{ "dicom.services[].name", "string", "a service" },
	{ "dicom.services[].count", "integer", "how often in this association" },
	{ "dicom.services[].failed", "integer", "how often it failed" },
	{ "dicom.data_sets", "integer", "data sets that were sent" },
	{ "dicom.data_bytes", "integer", "bytes of them" },
	{ NULL },
};

const struct dissector dicom_dissector = {
	.name = "dicom",
	.title = "DICOM",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct dicom_state),
	.probe = dicom_probe,
	.frame = dicom_frame,
	.dissect = dicom_dissect,
	.expire = dicom_expire,
	.end = dicom_end,
};
