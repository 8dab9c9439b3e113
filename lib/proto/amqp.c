/* amqp.c: AMQP: which broker, which client, which queues and exchanges.
 *
 * A method and its answer are one event. The opening of a connection, from the
 * broker's start to what comes of the client's credentials, is one. Messages
 * published and delivered are told the first time on an exchange with a routing
 * key (1.0: on a link), and once more with their number when the connection
 * ends. User names and passwords are in SASL responses, never written. */
#include "proto/amqp.h"

#include "base/hash.h"

enum { RAW = 432 };
enum { W_SERVER, W_MECHS = 4, W_CLIENT, W_MECH = 9, W_N, W_TEXT = 42 };

/* A frame as it came, or as much of it as fits. */
struct waiting { uint16_t n, len; uint8_t bytes[RAW]; };
/* What both sides said of themselves. */
struct greeting { uint8_t credentials, n[W_N]; char bytes[W_N * W_TEXT]; };
_Static_assert(sizeof(struct waiting) <= PEND_DATA, "a frame fits its slot");
_Static_assert(sizeof(struct greeting) <= PEND_DATA, "a greeting fits its slot");

#define KEY(kind, v)    ((uint64_t)(kind) << 56 | (v))
enum { K_START = 1, K_AUTH, K_METHOD, K_OPEN, K_INIT };

static const struct tok codes[] = {
	{ 200, "ok" }, { 311, "content_too_large" }, { 312, "no_route" }, { 313, "no_consumers" },
	{ 320, "connection_forced" }, { 402, "invalid_path" }, { 403, "access_refused" },
	{ 404, "not_found" }, { 405, "resource_locked" }, { 406, "precondition_failed" },
	{ 501, "frame_error" }, { 502, "syntax_error" }, { 503, "command_invalid" },
	{ 504, "channel_error" }, { 505, "unexpected_frame" }, { 506, "resource_error" },
	{ 530, "not_allowed" }, { 540, "not_implemented" }, { 541, "internal_error" },
	{ 0, NULL }
};

static struct text
code_name(struct ev *e, uint16_t code)
{
	const char *s = tok_find(codes, code);

	return s ? text_c(s) : ev_text_num(e, "code_", 5, code);
}

static void
wait_for(struct dctx *c, uint64_t key, const struct rd *whole)
{
	struct waiting w;

	w.len = (uint16_t)(rd_left(whole) < 0xffff ? rd_left(whole) : 0xffff);
	w.n = (uint16_t)(rd_have(whole) < RAW ? rd_have(whole) : RAW);
	if (w.n)
		memcpy(w.bytes, rd_at(whole), w.n);
	pend_put(c, key, &w, offsetof(struct waiting, bytes) + w.n);
}

static struct rd
waited(const struct pend *p)
{
	const struct waiting *w = (const struct waiting *)p->data;

	return rd_init(w->bytes, w->n, w->len);
}

/* ---- secrets ---- */

static bool
is_mechanism(struct text t, const char *s)
{
	return t.n >= strlen(s) && memcmp(t.p, s, strlen(s)) == 0;
}

static void
tell_secret(struct dctx *c, struct text mechanism, bool shipped)
{
	if (is_mechanism(mechanism, "PLAIN") || is_mechanism(mechanism, "AMQPLAIN"))
		proto_credential(c, CRED_PASSWORD, CRED_CLEAR, shipped);
	else if (is_mechanism(mechanism, "XOAUTH2") || is_mechanism(mechanism, "OAUTHBEARER"))
		proto_credential(c, CRED_TOKEN, CRED_CLEAR, false);
	else if (is_mechanism(mechanism, "CRAM-") || is_mechanism(mechanism, "DIGEST-") ||
	    is_mechanism(mechanism, "RABBIT-CR-DEMO"))
		proto_credential(c, CRED_CHALLENGE, CRED_DIGEST, false);
}

/* ---- 0-9-1 ---- */

static void
keep(struct greeting *g, int i, struct text t)
{
	g->n[i] = (uint8_t)(t.n < W_TEXT ? t.n : W_TEXT);
	if (g->n[i])
		memcpy(g->bytes + i * W_TEXT, t.p, g->n[i]);
}

static void
keep_peer(struct greeting *g, int from, const struct amqp_peer *p)
{
	keep(g, from, p->product);
	keep(g, from + 1, p->version);
	keep(g, from + 2, p->platform);
	keep(g, from + 3, p->name);
}

static struct text
kept(const struct greeting *g, int i)
{
	return (struct text){ g->bytes + i * W_TEXT, g->n[i] };
}

static struct amqp_peer
kept_peer(const struct greeting *g, int from)
{
	return (struct amqp_peer){ kept(g, from), kept(g, from + 1), kept(g, from + 2),
		kept(g, from + 3) };
}

/* a NULL: nothing came after the credentials, or before them. */
static void
opened(struct dctx *c, const struct greeting *g, const struct when *at, int side,
    const struct amqp_pdu *a)
{
	struct amqp_peer server = kept_peer(g, W_SERVER), client = kept_peer(g, W_CLIENT);
	struct text list = kept(g, W_MECHS);
	struct ev *e = amqp_begin(c, at, side);

	ev_cstr(e, "method", g->n[W_MECH] ? "connection.start-ok" : "connection.start");
	if (list.n) {
		ev_arr(e, "mechanisms");
		while (list.n) {
			const char *p = memchr(list.p, ' ', list.n);
			uint32_t n = p ? (uint32_t)(p - list.p) : list.n;
			ev_a_str(e, ((struct text){ list.p, n }));
			list.p += n + (p != NULL);
			list.n -= n + (p != NULL);
		}
		ev_end(e);
	}
	ev_str(e, "mechanism", kept(g, W_MECH));
	if (g->credentials)
		ev_bool(e, "credentials", true);
	ev_obj(e, "server");
	amqp_put_peer(e, &server);
	ev_obj(e, "client");
	amqp_put_peer(e, &client);
	e->ot.op = OT_CONNECT;
	e->ot.service = g->n[W_MECH] ? TEXT("connection.start-ok") : TEXT("connection.start");
	amqp_identify(e, &server, "amqp.start", side == 0 ? EV_DEST : EV_SRC, true);
	if (g->n[W_MECH])
		amqp_identify(e, &client, "amqp.start-ok", EV_SRC, false);
	if (!a) {
		ev_unanswered(e, c);
	} else {
		ev_answered(e, c, at);
		if (a->has_code) {
			ev_uint(e, "code", a->code);
			ev_str(e, "reason", amqp_reason(a->reply));
			e->ot.result = code_name(e, a->code);
		}
	}
	ev_emit(e);
}

static void
method_event(struct dctx *c, const struct amqp_pdu *q, const struct when *at, int side,
    const struct amqp_pdu *a, bool answered)
{
	struct ev *e = amqp_begin(c, at, side);

	amqp_put_method(e, q, a);
	if (a && answered)
		ev_answered(e, c, at);
	if (a && a->has_code)
		e->ot.result = code_name(e, a->code);
	else if (q->has_code)
		e->ot.result = code_name(e, q->code);
	else if (!a && answered)
		ev_unanswered(e, c);
	ev_emit(e);
}

static uint64_t
method_key(uint16_t channel, uint32_t id)
{
	return KEY(K_METHOD, (uint64_t)channel << 32 | id);
}

/* The request that this method answers; 0: none. */
static uint32_t
answers(uint32_t id)
{
	switch (id) {
	case AMQP_ID(10, 41): case AMQP_ID(40, 11): case AMQP_ID(40, 21): case AMQP_ID(40, 31):
	case AMQP_ID(50, 11): case AMQP_ID(50, 21): case AMQP_ID(50, 31): case AMQP_ID(50, 41):
	case AMQP_ID(60, 21): case AMQP_ID(60, 31): case AMQP_GET_OK:
		return id - 1;
	case AMQP_ID(40, 51):
		return AMQP_EXCHANGE_UNBIND;
	case AMQP_ID(50, 51):
		return AMQP_QUEUE_UNBIND;
	case AMQP_GET_EMPTY:
		return AMQP_GET;
	}
	return 0;
}

static bool
is_request(uint32_t id)
{
	switch (id) {
	case AMQP_OPEN: case AMQP_EXCHANGE_DECLARE: case AMQP_EXCHANGE_DELETE:
	case AMQP_EXCHANGE_BIND: case AMQP_EXCHANGE_UNBIND: case AMQP_QUEUE_DECLARE:
	case AMQP_QUEUE_BIND: case AMQP_QUEUE_PURGE: case AMQP_QUEUE_DELETE:
	case AMQP_QUEUE_UNBIND: case AMQP_CONSUME: case AMQP_CANCEL: case AMQP_GET:
		return true;
	}
	return false;
}

/* Answers q's request where it waits, else tells it alone. */
static void
answer(struct dctx *c, uint64_t key, const struct amqp_pdu *p)
{
	struct pend *w = pend_find(c, key);
	struct amqp_pdu q;
	struct rd r;

	if (!w) {
		method_event(c, p, &c->when, c->side, NULL, false);
		return;
	}
	r = waited(w);
	amqp_decode(&r, &q);
	method_event(c, &q, &w->when, w->side, p, true);
	pend_done(c, w);
}

static void
on_close(struct dctx *c, const struct amqp_pdu *p)
{
	struct pend *w = pend_find(c, KEY(K_AUTH, 0));

	if (w && p->id == AMQP_CLOSE) {
		struct greeting g;

		memcpy(&g, w->data, sizeof(g));
		opened(c, &g, &w->when, w->side, p);
		pend_done(c, w);
		return;
	}
	if (p->code == 200 && p->id == AMQP_CHANNEL_CLOSE)
		return;
	if (p->code != 200 && pend_find(c, method_key(p->channel,
	    AMQP_ID(p->failed_class, p->failed_method))))
		answer(c, method_key(p->channel, AMQP_ID(p->failed_class, p->failed_method)), p);
	else
		method_event(c, p, &c->when, c->side, NULL, false);
}

static void
on_method(struct dctx *c, const struct amqp_pdu *p, const struct rd *whole)
{
	struct greeting g;
	struct pend *w;

	switch (p->id) {
	case AMQP_START:
		memset(&g, 0, sizeof(g));
		keep_peer(&g, W_SERVER, &p->peer);
		keep(&g, W_MECHS, p->mechanisms);
		pend_put(c, KEY(K_START, 0), &g, sizeof(g));
		return;
	case AMQP_START_OK:
		memset(&g, 0, sizeof(g));
		if ((w = pend_find(c, KEY(K_START, 0)))) {
			memcpy(&g, w->data, sizeof(g));
			pend_done(c, w);
		}
		keep_peer(&g, W_CLIENT, &p->peer);
		keep(&g, W_MECH, p->mechanisms.n ? p->mechanisms : TEXT("?"));
		g.credentials = p->credentials;
		if (p->credentials)
			tell_secret(c, p->mechanisms, p->shipped);
		pend_put(c, KEY(K_AUTH, 0), &g, sizeof(g));
		return;
	case AMQP_TUNE:
		if ((w = pend_find(c, KEY(K_AUTH, 0)))) {
			memcpy(&g, w->data, sizeof(g));
			opened(c, &g, &w->when, w->side, p);
			pend_done(c, w);
		}
		return;
	case AMQP_CLOSE: case AMQP_CHANNEL_CLOSE:
		on_close(c, p);
		return;
	case AMQP_PUBLISH: case AMQP_DELIVER:
		amqp_count(c, amqp_entry(c, c->side,
		    amqp_hash(amqp_hash(HASH32_BEGIN, p->exchange), p->key), p->exchange, p->key));
		return;
	case AMQP_BLOCKED: case AMQP_UNBLOCKED: case AMQP_RETURN:
		method_event(c, p, &c->when, c->side, NULL, false);
		return;
	}
	if (answers(p->id))
		answer(c, method_key(p->channel, answers(p->id)), p);
	else if (is_request(p->id) && p->no_wait)
		method_event(c, p, &c->when, c->side, NULL, false);
	else if (is_request(p->id))
		wait_for(c, method_key(p->channel, p->id), whole);
}

/* ---- 1.0 ---- */

static void
open_event(struct dctx *c, const struct amqp1_pdu *q, const struct when *at, int side,
    const struct amqp1_pdu *a)
{
	struct ev *e = amqp_begin(c, at, side);
	struct amqp_peer p = q->peer;

	amqp1_put(e, q);
	p.name = q->container;
	if (side == 0)
		ev_obj(e, "client");
	else
		ev_obj(e, "server");
	amqp_put_peer(e, &p);
	amqp_identify(e, &p, "amqp.open", EV_SRC, side == 1);
	if (a) {
		p = a->peer;
		p.name = a->container;
		if (side == 0)
			ev_obj(e, "server");
		else
			ev_obj(e, "client");
		amqp_put_peer(e, &p);
		amqp_identify(e, &p, "amqp.open", EV_DEST, side == 0);
		ev_answered(e, c, at);
	} else {
		ev_unanswered(e, c);
	}
	ev_emit(e);
}

static void
sasl_event(struct dctx *c, const struct amqp1_pdu *q, const struct when *at, int side,
    const struct amqp1_pdu *a)
{
	static const char *const outcomes[] = { "ok", "authentication_failed", "system_error",
		"permanent_system_error", "temporary_system_error" };
	struct ev *e = amqp_begin(c, at, side);

	amqp1_put(e, q);
	if (q->credentials)
		ev_bool(e, "credentials", true);
	if (a) {
		ev_cstr(e, "response", amqp1_name(a->code));
		ev_answered(e, c, at);
		e->ot.result = a->outcome < 5 ? text_c(outcomes[a->outcome]) :
		    ev_text_num(e, "code_", 5, a->outcome);
	} else if (q->code == AMQP1_INIT) {
		ev_unanswered(e, c);
	}
	ev_emit(e);
}

static void
on_performative(struct dctx *c, const struct amqp1_pdu *p, const struct rd *whole)
{
	struct amqp1_pdu q;
	struct pend *w;
	struct rd r;
	uint32_t link = (p->handle << 16 | p->channel) & ~(1u << 31);
	struct ev *e;

	switch (p->code) {
	case AMQP1_OPEN: case AMQP1_OUTCOME:
		w = pend_find(c, KEY(p->code == AMQP1_OPEN ? K_OPEN : K_INIT, 0));
		if (w) {
			r = waited(w);
			amqp1_decode(&r, &q);
			if (p->code == AMQP1_OPEN)
				open_event(c, &q, &w->when, w->side, p);
			else
				sasl_event(c, &q, &w->when, w->side, p);
			pend_done(c, w);
		} else if (p->code == AMQP1_OPEN) {
			wait_for(c, KEY(K_OPEN, 0), whole);
		}
		return;
	case AMQP1_MECHANISMS:
		sasl_event(c, p, &c->when, c->side, NULL);
		return;
	case AMQP1_INIT:
		if (p->credentials)
			tell_secret(c, p->mechanism, p->shipped);
		wait_for(c, KEY(K_INIT, 0), whole);
		return;
	case AMQP1_ATTACH:
		amqp1_attach(c, p, link);
		if (c->side == 1)
			return;
		break;
	case AMQP1_TRANSFER:
		if (p->more)
			return;
		if (amqp1_link(c, link) < 0)
			amqp1_adopt(c, link);
		amqp_count(c, amqp_entry(c, c->side, link, (struct text){ 0 }, (struct text){ 0 }));
		return;
	case AMQP1_CLOSE:
		if (!p->error.n && c->side == 1)
			return;
		break;
	case AMQP1_DETACH: case AMQP1_END:
		if (!p->error.n)
			return;
		break;
	default:
		return;
	}
	e = amqp_begin(c, &c->when, c->side);
	amqp1_put(e, p);
	if (p->code == AMQP1_DETACH)
		e->ot.object = amqp1_link_name(c, link);
	ev_emit(e);
}

/* ---- both ---- */

static enum verdict
on_header(struct dctx *c, struct rd *r)
{
	struct amqp_state *s = c->state;
	uint8_t id, major, minor, rev;
	struct ev *e;

	rd_skip(r, 4);
	id = rd_u8(r);
	major = rd_u8(r);
	minor = rd_u8(r);
	rev = rd_u8(r);
	if (!rd_ok(r))
		return DIS_OK;
	s->version = major == 1 && id != 1 ? AMQP_V10 : AMQP_V091;
	if (s->version == AMQP_V10 && id == 2)
		return DIS_LEAVE;       /* TLS from here on */
	if (s->version == AMQP_V10 || c->side == 0)
		return DIS_OK;
	/* a server that answers with a header wants another version */
	e = ev_begin(c, "amqp", &c->when, c->side);
	ev_str(e, "version", ev_text(e, "%u-%u-%u", major, minor, rev));
	e->ot.op = OT_ERROR;
	e->ot.service = TEXT("protocol-header");
	e->ot.result = TEXT("version_refused");
	ev_emit(e);
	return DIS_OK;
}

static bool
is_header(const struct rd *r)
{
	return rd_peek16(r, 0) == ('A' << 8 | 'M') && (rd_have(r) < 4 ||
	    rd_peek16(r, 2) == ('Q' << 8 | 'P'));
}

static ssize_t
amqp_frame(const struct dctx *c, const struct rd *r)
{
	struct amqp_state *s = c->state;

	if (is_header(r))
		return 8;
	if (rd_have(r) == 1 && rd_peek8(r, 0) == 'A')
		return 0;               /* no frame begins so */
	if (s->version == AMQP_UNKNOWN && rd_have(r) >= 8)
		s->version = amqp_length(r) > 0 ? AMQP_V091 : AMQP_V10;
	return s->version == AMQP_V10 ? amqp1_length(r) : amqp_length(r);
}

static enum verdict
amqp_dissect(struct dctx *c, struct rd *r)
{
	struct amqp_state *s = c->state;
	struct rd whole = *r;
	struct amqp1_pdu p1;
	struct amqp_pdu p;

	if (is_header(r))
		return on_header(c, r);
	if (s->version == AMQP_V10) {
		amqp1_decode(r, &p1);
		c->why = p1.why;
		if (!p1.why && p1.code)
			on_performative(c, &p1, &whole);
	} else {
		amqp_decode(r, &p);
		c->why = p.why;
		if (!p.why && p.id)
			on_method(c, &p, &whole);
	}
	return c->why ? DIS_BAD : DIS_OK;
}

static void
amqp_expire(struct dctx *c, struct pend *w)
{
	struct amqp1_pdu q1;
	struct amqp_pdu q;
	struct rd r;

	switch (w->key >> 56) {
	case K_START: case K_AUTH:
		opened(c, (const struct greeting *)w->data, &w->when, w->side, NULL);
		break;
	case K_METHOD:
		r = waited(w);
		amqp_decode(&r, &q);
		method_event(c, &q, &w->when, w->side, NULL, true);
		break;
	default:
		r = waited(w);
		amqp1_decode(&r, &q1);
		if (w->key >> 56 == K_OPEN)
			open_event(c, &q1, &w->when, w->side, NULL);
		else
			sasl_event(c, &q1, &w->when, w->side, NULL);
	}
}

static void
amqp_end(struct dctx *c, bool gap)
{
	struct amqp_state *s = c->state;

	for (unsigned i = 0; s && !gap && i < AMQP_COUNTED; i++) {
		if (s->count[i].used && s->count[i].n > 1)
			amqp_tell_count(c, i, &c->when, true);
		s->count[i].used = 0;
	}
}

/* 1: a whole frame that makes sense, 0: too little, -1: none. */
static int
shape(const struct rd *side, bool *server)
{
	struct rd r = *side;
	struct amqp1_pdu p1;
	struct amqp_pdu p;
	ssize_t n;

	if (!rd_have(&r))
		return 0;
	if (is_header(&r))
		return rd_have(&r) < 8 ? 0 : 1;
	n = amqp_length(&r);
	if (n > 0 && rd_have(&r) >= (size_t)n && r.p[r.off] == AMQP_METHOD) {
		amqp_decode(&r, &p);
		*server = p.id == AMQP_START || p.id == AMQP_TUNE || p.id == AMQP_DELIVER;
		return p.why || rd_bad(&r) ? -1 : 1;
	}
	if (n >= 0)
		return 0;
	n = amqp1_length(&r);
	if (n > 8 && rd_have(&r) >= (size_t)n) {
		amqp1_decode(&r, &p1);
		return p1.why || rd_bad(&r) || !p1.code ? -1 : 1;
	}
	return n < 0 ? -1 : 0;
}

static enum probe
amqp_probe(struct probe_in *in)
{
	bool server[2] = { false, false };
	int a = shape(&in->side[0], &server[0]), b = shape(&in->side[1], &server[1]);

	if (a < 0 || b < 0)
		return PROBE_NO;
	if (!a && !b)
		return PROBE_MORE;
	in->reversed = server[0];
	return PROBE_YES;
}

static const struct hint hints[] = {
	{ HINT_TCP, 5672 }, { HINT_END, 0 },
};

const struct dissector amqp_dissector = {
	.name = "amqp",
	.title = "AMQP 0-9-1 and 1.0",
	.hints = hints,
	.fields = amqp_fields,
	.state_size = sizeof(struct amqp_state),
	.probe = amqp_probe,
	.frame = amqp_frame,
	.dissect = amqp_dissect,
	.expire = amqp_expire,
	.end = amqp_end,
};
