/* s7comm.c: S7 communication of the S7-300 and 400 (and what others offer to
 * older partners): variables, programs, modes, system lists.
 *
 * No public specification: what is here follows captures and what open
 * implementations agree on. Framing and transport: tpkt.h. */
#include "proto/s7comm.h"

static enum probe
s7_probe(struct probe_in *in)
{
	return tpkt_probe(in, TPKT_S7);
}

static ssize_t
s7_frame(const struct dctx *c, const struct rd *r)
{
	return tpkt_frame(r);
}

static void
put_setup(struct ev *e, const struct s7_pdu *q, const struct s7_pdu *a)
{
	struct rd r;
	uint16_t calling, called, n;

	e->ot.op = OT_CONNECT;
	ev_obj(e, "setup");
	if (q) {
		r = q->param;
		rd_skip(&r, 1);
		calling = rd_be16(&r);
		called = rd_be16(&r);
		n = rd_be16(&r);
		if (rd_ok(&r)) {
			ev_uint(e, "requested_amq_calling", calling);
			ev_uint(e, "requested_amq_called", called);
			ev_uint(e, "requested_pdu_length", n);
		}
	}
	if (a && !a->err_class) {
		r = a->param;
		rd_skip(&r, 1);
		calling = rd_be16(&r);
		called = rd_be16(&r);
		n = rd_be16(&r);
		if (rd_ok(&r)) {
			ev_uint(e, "amq_calling", calling);
			ev_uint(e, "amq_called", called);
			ev_uint(e, "pdu_length", n);
		}
	}
	ev_end(e);
}

static struct ev *
begin(struct dctx *c, const struct s7_pdu *q, const struct when *at, const struct s7_pdu *a)
{
	const struct s7_pdu *p = q ? q : a;
	struct ev *e = ev_begin(c, "s7comm", q ? at : &c->when,
	    q ? c->side ^ (a != NULL) : p->rosctr == S7_USERDATA && p->ud_type == S7_UD_PUSH ?
	    c->side : !c->side);
	struct text rosctr = s7_rosctr(p->rosctr), function = { 0 };
	bool has_function = p->rosctr == S7_JOB || p->rosctr == S7_ACK_DATA;
	struct jw_run m;

	if (has_function)
		function = s7_function(p->func);
	if (!ev_run(e, &m, 4, rosctr.n + function.n))
		return e;
	run_word(&m, "rosctr", rosctr);
	run_uint(&m, "pdu_reference", p->ref);
	if (has_function) {
		run_word(&m, "function", function);
		run_uint(&m, "function_code", p->func);
		e->ot.service = function;
		e->ot.own_service = true;
	}
	ev_ran(e, &m);
	return e;
}

static void
finish(struct dctx *c, struct ev *e, const struct s7_pdu *q, const struct when *at,
    const struct s7_pdu *a)
{
	if (a && a->err_class) {
		uint16_t code = (uint16_t)(a->err_class << 8 | a->err_code);
		const char *cls = s7_error_class(a->err_class);
		ev_obj(e, "error");
		ev_str(e, "code", ev_text(e, "0x%04x", code));
		ev_cstr(e, "class", cls);
		ev_cstr(e, "name", s7_error(code));
		ev_end(e);
		e->ot.result = s7_error_text(e, code);
	}
	if (q && a)
		ev_answered(e, c, at);
	else if (q)
		ev_unanswered(e, c);
	else if (!e->ot.result.n && !(a->rosctr == S7_USERDATA && a->ud_type == S7_UD_PUSH))
		e->ot.result = TEXT("ok");
	ev_emit(e);
}

/* One event for a request, its answer, or both; a write has one for each item. */
static void
report(struct dctx *c, const struct s7_pdu *q, const struct when *at, const struct s7_pdu *a)
{
	const struct s7_pdu *p = q ? q : a;
	struct ev *e;

	if (p->func == S7_WRITE && p->rosctr != S7_USERDATA) {
		struct s7_writes w;
		s7_write_begin(&w, q, a);
		for (unsigned k = 0; k < (w.n ? w.n : 1); k++) {
			e = begin(c, q, at, a);
			if (!s7_put_write(e, &w)) {
				ev_drop(e);
				break;
			}
			finish(c, e, q, at, a);
		}
		return;
	}
	e = begin(c, q, at, a);
	e->ot.op = OT_OTHER;
	if (p->rosctr == S7_USERDATA) {
		s7_put_userdata(c, e, q, a);
	} else {
		switch (p->func) {
		case S7_READ:
			s7_put_read(e, q, a);
			break;
		case S7_SETUP:
			put_setup(e, q, a);
			break;
		case S7_REQ_DOWNLOAD: case S7_DOWNLOAD: case S7_END_DOWNLOAD:
		case S7_START_UPLOAD: case S7_UPLOAD: case S7_END_UPLOAD:
			s7_put_load(c, e, q, a);
			break;
		case S7_PI:
			e->ot.op = OT_COMMAND;
			if (q)
				s7_put_pi(e, q);
			break;
		case S7_STOP:
			e->ot.op = OT_COMMAND;
			if (q)
				s7_put_stop(e, q);
			break;
		default:
			break;
		}
	}
	finish(c, e, q, at, a);
}

/* What was held, decoded again. */
static struct gather *
held(struct dctx *c, const struct pend *p, struct s7_pdu *q)
{
	struct rd r;
	struct gather *m = tpkt_held(c, p, &r);

	s7_decode(&r, q);
	return m;
}

static bool
is_answer(const struct s7_pdu *p)
{
	if (p->rosctr == S7_USERDATA)
		return p->ud_type != S7_UD_REQUEST && p->ud_type != 7;
	return p->rosctr != S7_JOB;
}

/* The session password goes by xored with a constant; that of _N_LOGIN as it is. */
static void
tell_password(struct dctx *c, const struct s7_pdu *p)
{
	if (p->rosctr == S7_USERDATA && p->group == S7_G_SECURITY && p->sub == 1)
		proto_credential(c, CRED_PASSWORD, CRED_ENCODED, false);
	else if (p->rosctr == S7_JOB && p->func == S7_PI && s7_is_login(p))
		proto_credential(c, CRED_PASSWORD, CRED_CLEAR, false);
}

static enum verdict
s7_dissect(struct dctx *c, struct rd *r)
{
	struct gather *m, *more = NULL;
	struct rd v, whole;
	struct s7_pdu p, q;
	struct pend *w;
	bool bad;

	switch (tpkt_read(c, r, &v, &m)) {
	case TPKT_BAD:
		return DIS_BAD;
	case TPKT_NONE:
		return DIS_OK;
	case TPKT_DATA:
		break;
	}
	whole = v;
	if (rd_peek8(&v, 0) >= 0 && rd_peek8(&v, 0) != 0x32) {
		c->why = "PROTOCOL_ID";
		bad = true;
	} else if (!s7_decode(&v, &p) && rd_bad(&v)) {
		bad = true;
	} else if (!s7_rosctr(p.rosctr).n) {
		if (!rd_short(&v))
			c->why = "UNKNOWN_ROSCTR";
		bad = c->why != NULL;
	} else {
		bad = !s7_sound(&p);
		if (bad)
			c->why = "ITEM_LENGTH";
		if (!is_answer(&p)) {
			tell_password(c, &p);
			tpkt_hold(c, p.ref, &whole);
		} else if (p.rosctr == S7_USERDATA && p.ud_type == S7_UD_PUSH) {
			report(c, NULL, NULL, &p);
		} else if ((w = pend_find(c, p.ref))) {
			more = held(c, w, &q);
			if (p.rosctr != S7_ACK &&
			    (q.rosctr == S7_USERDATA) != (p.rosctr == S7_USERDATA)) {
				proto_anomaly(c, "FUNCTION_MISMATCH");
				report(c, NULL, NULL, &p);
			} else {
				if (p.rosctr == S7_ACK_DATA && q.func != p.func && !p.err_class)
					proto_anomaly(c, "FUNCTION_MISMATCH");
				report(c, &q, &w->when, &p);
				pend_done(c, w);
				gather_drop(more);
			}
		} else {
			report(c, NULL, NULL, &p);
		}
	}
	gather_drop(m);
	return bad ? DIS_BAD : DIS_OK;
}

static void
s7_expire(struct dctx *c, struct pend *p)
{
	struct s7_pdu q;
	struct gather *m;

	if (tpkt_expire(c, p))
		return;
	m = held(c, p, &q);
	report(c, &q, &p->when, NULL);
	gather_drop(m);
}

static const struct hint hints[] = { { HINT_TCP, 102 }, { HINT_END, 0 } };

const struct dissector s7comm_dissector = {
	.name = "s7comm",
	.title = "S7 communication (S7-300, S7-400)",
	.hints = hints,
	.fields = s7_fields,
	.state_size = sizeof(struct s7_state),
	.probe = s7_probe,
	.frame = s7_frame,
	.dissect = s7_dissect,
	.expire = s7_expire,
};
