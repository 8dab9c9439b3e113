/* mms.c: Manufacturing Message Specification (ISO 9506) over ISO on TCP, as IEC
 * 61850-8-1 and TASE.2 use it. */
#include "proto/mms.h"

#define KEY_ASSOCIATE   (1ull << 32)
#define KEY_CONCLUDE    (2ull << 32)
#define KEY_RELEASE     (3ull << 32)
#define KEY_CANCEL      (4ull << 32)

static const struct tok pdus[] = {
	{ MMS_REQUEST, "confirmed-request" }, { MMS_RESPONSE, "confirmed-response" },
	{ MMS_ERROR, "confirmed-error" }, { MMS_UNCONFIRMED, "unconfirmed" },
	{ MMS_REJECT, "reject" }, { MMS_CANCEL_REQUEST, "cancel-request" },
	{ MMS_CANCEL_RESPONSE, "cancel-response" }, { MMS_CANCEL_ERROR, "cancel-error" },
	{ MMS_INITIATE, "initiate-request" }, { MMS_INITIATED, "initiate-response" },
	{ MMS_INITIATE_ERROR, "initiate-error" }, { MMS_CONCLUDE, "conclude-request" },
	{ MMS_CONCLUDED, "conclude-response" }, { MMS_CONCLUDE_ERROR, "conclude-error" },
	{ MMS_RELEASE, "release-request" }, { MMS_RELEASED, "release-response" },
	{ MMS_ABORT, "abort" }, { MMS_REFUSED, "refuse" }, { 0, NULL },
};

static enum probe
mms_probe(struct probe_in *in)
{
	return tpkt_probe(in, TPKT_MMS);
}

static ssize_t
mms_frame(const struct dctx *c, const struct rd *r)
{
	return tpkt_frame(r);
}

/* Requests wait under this; the answer of each kind looks for it. */
static uint64_t
key_of(const struct mms_pdu *p)
{
	switch (p->type) {
	case MMS_INITIATE: case MMS_INITIATED: case MMS_INITIATE_ERROR: case MMS_REFUSED:
		return KEY_ASSOCIATE;
	case MMS_CONCLUDE: case MMS_CONCLUDED: case MMS_CONCLUDE_ERROR:
		return KEY_CONCLUDE;
	case MMS_RELEASE: case MMS_RELEASED:
		return KEY_RELEASE;
	case MMS_CANCEL_REQUEST: case MMS_CANCEL_RESPONSE: case MMS_CANCEL_ERROR:
		return KEY_CANCEL | p->invoke;
	default:
		return p->invoke;
	}
}

static bool
is_request(const struct mms_pdu *p)
{
	return p->type == MMS_REQUEST || p->type == MMS_INITIATE || p->type == MMS_CONCLUDE ||
	    p->type == MMS_RELEASE || p->type == MMS_CANCEL_REQUEST;
}

static void
put_initiate(struct ev *e, const struct mms_pdu *q, const struct mms_pdu *a)
{
	const struct mms_pdu *p = a && a->type == MMS_INITIATED ? a : NULL;
	struct rd r;
	struct ber b, x;
	uint32_t seen = 0;

	ev_obj(e, "initiate");
	if (q) {
		r = q->body;
		if (ber_take(&r, 0x80, &b))
			ev_uint(e, "requested_pdu_size", ber_uint(b.v));
	}
	if (p || q) {
		r = p ? p->body : q->body;
		while (ber_next(&r, &b)) {
			if (!ber_once(&seen, &b))
				continue;
			if (b.first == 0x80 && p)
				ev_uint(e, "pdu_size", ber_uint(b.v));
			else if (b.first == 0x81)
				ev_uint(e, "outstanding_calling", ber_uint(b.v));
			else if (b.first == 0x82)
				ev_uint(e, "outstanding_called", ber_uint(b.v));
			else if (b.first == 0x83)
				ev_uint(e, "nesting", ber_uint(b.v));
			else if (b.first == 0xa4 && ber_take(&b.v, 0x80, &x))
				ev_uint(e, "version", ber_uint(x.v));
		}
	}
	ev_end(e);
	if (q && q->auth)
		ev_bool(e, "authentication", true);
	if (q && q->password)
		ev_credential(e, CRED_PASSWORD, CRED_CLEAR);
}

/* ServiceError: class and code, in a position of its own by the kind of PDU. */
static void
put_error(struct ev *e, const struct mms_pdu *a)
{
	struct rd r = a->body;
	struct ber b, x;
	uint32_t code;
	const char *s;

	if (a->type == MMS_ERROR || a->type == MMS_CANCEL_ERROR) {
		uint8_t at = a->type == MMS_ERROR ? 0xa2 : 0xa1;
		while (ber_next(&r, &b))
			if (b.first == at)
				break;
		if (b.first != at)
			return;
		r = b.v;
	}
	if (!ber_take(&r, 0xa0, &b) || !ber_next(&b.v, &x))
		return;
	code = (uint32_t)ber_uint(x.v);
	s = mms_error(x.number, code);
	ev_obj(e, "error");
	ev_cstr(e, "class", tok_find(mms_classes, x.number));
	ev_uint(e, "code", code);
	ev_cstr(e, "name", s);
	ev_end(e);
	e->ot.result = s ? text_c(s) : ev_text(e, "error_%u_%u", x.number, code);
}

static void
put_reject(struct ev *e, const struct mms_pdu *a)
{
	struct rd r = a->body;
	struct ber b;

	e->ot.result = TEXT("reject");
	if (!ber_next(&r, &b))
		return;
	ev_obj(e, "reject");
	ev_uint(e, "kind", b.number);
	ev_uint(e, "reason", ber_uint(b.v));
	ev_end(e);
}

static struct ev *
begin(struct dctx *c, const struct mms_pdu *q, const struct when *at, const struct mms_pdu *a)
{
	const struct mms_pdu *p = q ? q : a;
	struct ev *e = ev_begin(c, "mms", q ? at : &c->when,
	    q ? c->side ^ (a != NULL) : p->type == MMS_UNCONFIRMED || p->type == MMS_ABORT ?
	    c->side : !c->side);

	ev_cstr(e, "pdu", tok_find(pdus, p->type));
	if (p->has_invoke)
		ev_uint(e, "invoke_id", p->invoke);
	e->ot.op = OT_OTHER;
	if (p->type == MMS_REQUEST || p->type == MMS_RESPONSE) {
		const struct mms_service *s = mms_service(p->service);
		if (s) {
			e->ot.op = (enum ot_op)s->op;
			e->ot.service = text_c(s->name);
			ev_cstr(e, "service", s->name);
		}
		if (p->service != UINT32_MAX)
			ev_uint(e, "service_code", p->service);
	}
	return e;
}

static void
finish(struct dctx *c, struct ev *e, const struct mms_pdu *q, const struct when *at,
    const struct mms_pdu *a)
{
	if (a && (a->type == MMS_ERROR || a->type == MMS_INITIATE_ERROR ||
	    a->type == MMS_CONCLUDE_ERROR || a->type == MMS_CANCEL_ERROR)) {
		e->ot.result = TEXT("error");
		put_error(e, a);
	} else if (a && a->type == MMS_REJECT) {
		put_reject(e, a);
	} else if (a && a->type == MMS_REFUSED) {
		e->ot.result = a->result == 1 ? TEXT("rejected-permanent") : a->result == 2 ?
		    TEXT("rejected-transient") : TEXT("refused");
	}
	if (q && a)
		ev_answered(e, c, at);
	else if (q)
		ev_unanswered(e, c);
	else if (!e->ot.result.n && a->type != MMS_UNCONFIRMED && a->type != MMS_ABORT)
		e->ot.result = TEXT("ok");
	ev_emit(e);
}

/* One event for a request, its answer, or both; a write has one for each variable. */
static void
report(struct dctx *c, const struct mms_pdu *q, const struct when *at, const struct mms_pdu *a)
{
	const struct mms_pdu *p = q ? q : a;
	struct ev *e;

	if ((p->type == MMS_REQUEST || p->type == MMS_RESPONSE) && p->service == MMS_WRITE) {
		struct mms_writes w;
		mms_write_begin(&w, q, a);
		for (unsigned k = 0; k < (w.n ? w.n : 1); k++) {
			e = begin(c, q, at, a);
			if (!mms_put_write(e, &w)) {
				ev_drop(e);
				break;
			}
			finish(c, e, q, at, a);
		}
		return;
	}
	e = begin(c, q, at, a);
	switch (p->type) {
	case MMS_REQUEST: case MMS_RESPONSE:
		mms_put_service(c->state, e, q, a);
		break;
	case MMS_UNCONFIRMED:
		mms_put_unconfirmed(e, p);
		break;
	case MMS_INITIATE: case MMS_INITIATED: case MMS_INITIATE_ERROR: case MMS_REFUSED:
		e->ot.op = OT_CONNECT;
		e->ot.service = TEXT("initiate");
		put_initiate(e, q, a);
		break;
	case MMS_CONCLUDE: case MMS_CONCLUDED: case MMS_CONCLUDE_ERROR:
		e->ot.op = OT_CONNECT;
		e->ot.service = TEXT("conclude");
		break;
	case MMS_RELEASE: case MMS_RELEASED:
		e->ot.op = OT_CONNECT;
		e->ot.service = TEXT("release");
		break;
	case MMS_ABORT:
		e->ot.op = OT_CONNECT;
		e->ot.service = TEXT("abort");
		break;
	case MMS_CANCEL_REQUEST: case MMS_CANCEL_RESPONSE: case MMS_CANCEL_ERROR:
		e->ot.service = TEXT("cancel");
		break;
	case MMS_ERROR: case MMS_REJECT:
		e->ot.op = OT_ERROR;
		break;
	default:
		break;
	}
	finish(c, e, q, at, a);
}

static enum verdict
mms_dissect(struct dctx *c, struct rd *r)
{
	struct gather *m, *more = NULL;
	struct rd v, whole;
	struct mms_pdu p, q;
	struct pend *w;
	bool bad = false;

	switch (tpkt_read(c, r, &v, &m)) {
	case TPKT_BAD:
		return DIS_BAD;
	case TPKT_NONE:
		return DIS_OK;
	case TPKT_DATA:
		break;
	}
	whole = v;
	if (!mms_decode(&v, &p)) {
		bad = !rd_short(&v) && rd_have(&whole) == rd_left(&whole);
		c->why = bad ? "MMS_ENCODING" : NULL;
	} else if (is_request(&p)) {
		tpkt_hold(c, key_of(&p), &whole);
	} else if (p.type != MMS_UNCONFIRMED && p.type != MMS_ABORT &&
	    (w = pend_find(c, key_of(&p)))) {
		struct rd held;
		more = tpkt_held(c, w, &held);
		mms_decode(&held, &q);
		if (p.type == MMS_RESPONSE && q.service != p.service)
			proto_anomaly(c, "SERVICE_MISMATCH");
		report(c, &q, &w->when, &p);
		pend_done(c, w);
		gather_drop(more);
	} else {
		report(c, NULL, NULL, &p);
	}
	gather_drop(m);
	return bad ? DIS_BAD : DIS_OK;
}

static void
mms_expire(struct dctx *c, struct pend *p)
{
	struct mms_pdu q;
	struct rd r;
	struct gather *m;

	if (tpkt_expire(c, p))
		return;
	m = tpkt_held(c, p, &r);
	mms_decode(&r, &q);
	report(c, &q, &p->when, NULL);
	gather_drop(m);
}

/* The port is S7's as well and stands there; this is told by its structure. */
static const struct hint hints[] = { { HINT_END, 0 } };

const struct dissector mms_dissector = {
	.name = "mms",
	.title = "MMS: IEC 61850, TASE.2",
	.hints = hints,
	.fields = mms_fields,
	.state_size = sizeof(struct mms_state),
	.probe = mms_probe,
	.frame = mms_frame,
	.dissect = mms_dissect,
	.expire = mms_expire,
};
