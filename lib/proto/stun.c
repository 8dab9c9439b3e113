/* stun.c: STUN (RFC 8489, and 3489 before it) and TURN: how hosts find the way through
 * NAT, for WebRTC, telephones, remote access.
 *
 *     type(2), length(2), cookie(4) 2112a442, transaction(12), attributes
 *
 * A flow's first request with its answer is an event, and what a server answers
 * otherwise; keepalives are none. User names are never written. What comes after in
 * the same flow may be DTLS. */
#include "proto/proto.h"

enum { COOKIE = 0x2112a442, BINDING = 1, ALLOCATE = 3, HEAD = 20, SOFTWARE_KEPT = 128 };
enum { A_USERNAME = 6, A_ERROR = 9, A_SOFTWARE = 0x8022 };

struct stun_msg {
	uint16_t type;
	uint16_t error;
	uint8_t software_n;
	bool user;
	bool old;                       /* no cookie: RFC 3489 */
	char software[SOFTWARE_KEPT];
};

struct stun_state {
	uint64_t last;                  /* transaction of the last request */
	uint16_t told[8];
	uint8_t n, foreign;
};

static const struct tok methods[] = {
	{ BINDING, "binding" }, { 2, "shared_secret" }, { ALLOCATE, "allocate" }, { 4, "refresh" },
	{ 6, "send" }, { 7, "data" }, { 8, "create_permission" }, { 9, "channel_bind" },
	{ 10, "connect" }, { 11, "connection_bind" }, { 12, "connection_attempt" }, { 0, NULL },
};

static uint16_t
method_of(uint16_t type)
{
	return (uint16_t)((type & 15) | (type >> 1 & 0x70) | (type >> 2 & 0xf80));
}

/* 0 request, 1 indication, 2 answer, 3 error. */
static unsigned
class_of(uint16_t type)
{
	return (type >> 4 & 1) | (type >> 7 & 2);
}

static bool
is_stun(const struct rd *r, bool *old)
{
	int type = rd_peek16(r, 0), n = rd_peek16(r, 2);

	*old = rd_peek16(r, 4) != COOKIE >> 16 || rd_peek16(r, 6) != (COOKIE & 0xffff);
	return type >= 0 && type < 0x4000 && n >= 0 && n % 4 == 0 && rd_left(r) >= HEAD &&
	    (uint32_t)n + HEAD == rd_left(r) && tok_find(methods, method_of((uint16_t)type));
}

static bool
decode(struct rd *r, struct stun_msg *m)
{
	struct rd body;
	uint16_t n;

	memset(m, 0, sizeof(*m));
	m->type = rd_be16(r);
	n = rd_be16(r);
	m->old = rd_be32(r) != COOKIE;
	rd_skip(r, 12);
	body = rd_sub(r, n);
	while (rd_left(&body) >= 4) {
		uint16_t type = rd_be16(&body), len = rd_be16(&body);
		struct rd a = rd_sub(&body, len);

		if (type == A_USERNAME) {
			m->user = true;
		} else if (type == A_ERROR) {
			rd_skip(&a, 2);
			m->error = (uint16_t)((rd_u8(&a) & 7) * 100);
			m->error = (uint16_t)(m->error + rd_u8(&a));
		} else if (type == A_SOFTWARE) {
			struct text t = text_rd(&a, len);
			m->software_n = t.n < SOFTWARE_KEPT ? (uint8_t)t.n : SOFTWARE_KEPT;
			if (m->software_n)
				memcpy(m->software, t.p, m->software_n);
		}
		if (len % 4 && rd_left(&body))
			rd_skip(&body, 4u - len % 4);
	}
	return !rd_bad(&body);
}

/* Once a flow for each kind of message. */
static bool
is_news(struct stun_state *s, uint16_t what)
{
	for (unsigned i = 0; i < s->n; i++)
		if (s->told[i] == what)
			return false;
	if (s->n == sizeof(s->told) / sizeof(s->told[0]))
		return false;
	s->told[s->n++] = what;
	return true;
}

static void
stun_event(struct dctx *c, const struct stun_msg *q, const struct stun_msg *a,
    const struct when *when, int side)
{
	const struct stun_msg *m = q ? q : a;
	const char *method = tok_find(methods, method_of(m->type));
	struct ev *e;

	if (!is_news(c->state, (uint16_t)(method_of(m->type) << 10 | (a ? a->error : 1023))))
		return;
	e = ev_begin(c, "stun", when, side);
	ev_cstr(e, "method", method);
	if (m->old)
		ev_bool(e, "classic", true);
	if (q && q->user)
		ev_bool(e, "user_name", true);
	if (q)
		ev_str(e, "client_software", text_trim(q->software, q->software_n));
	if (a) {
		ev_str(e, "server_software", text_trim(a->software, a->software_n));
		if (a->error)
			ev_uint(e, "error", a->error);
	}
	e->ot.op = OT_CONNECT;
	e->ot.service = method_of(m->type) == BINDING ? TEXT("STUN") : TEXT("TURN");
	if (!a)
		ev_unanswered(e, c);
	else if (q)
		ev_answered(e, c, when);
	if (a && a->error)
		e->ot.result = ev_text(e, "error_%u", a->error);
	if (q && q->software_n)
		ev_identity(e, "stun.software", EV_SRC)->product =
		    text_trim(q->software, q->software_n);
	if (a && a->software_n)
		ev_identity(e, "stun.software", EV_DEST)->product =
		    text_trim(a->software, a->software_n);
	ev_emit(e);
}

static enum verdict
stun_dissect(struct dctx *c, struct rd *r)
{
	struct stun_state *s = c->state;
	int first = rd_peek8(r, 0);
	struct rd id = *r;
	struct stun_msg m;
	struct pend *w;
	uint64_t key;
	bool old;

	if (!is_stun(r, &old)) {
		/* DTLS (20 to 63) takes over; media and TURN's channels are nobody's */
		if (first >= 20 && first <= 63)
			return DIS_NOT_MINE;
		if (++s->foreign >= LIM_PROBE_SEGMENTS)
			return DIS_LEAVE;
		rd_skip(r, rd_have(r));
		return DIS_OK;
	}
	rd_skip(&id, 12);
	key = rd_be64(&id);
	if (!decode(r, &m))
		return DIS_BAD;
	switch (class_of(m.type)) {
	case 0:
		if (key != s->last)     /* not the same once more */
			pend_put(c, key, &m, sizeof(m));
		s->last = key;
		break;
	case 2: case 3:
		w = pend_find(c, key);
		if (w) {
			stun_event(c, (const struct stun_msg *)w->data, &m, &w->when, w->side);
			pend_done(c, w);
		} else {
			stun_event(c, NULL, &m, &c->when, !c->side);
		}
		break;
	default:
		break;
	}
	return DIS_OK;
}

static void
stun_expire(struct dctx *c, struct pend *p)
{
	stun_event(c, (const struct stun_msg *)p->data, NULL, &p->when, p->side);
}

static enum probe
stun_probe(struct probe_in *in)
{
	const struct rd *r = rd_left(&in->side[0]) ? &in->side[0] : &in->side[1];
	bool old;

	if (in->tcp || !is_stun(r, &old))
		return PROBE_NO;
	in->reversed = rd_left(&in->side[0]) && class_of((uint16_t)rd_peek16(r, 0)) >= 2;
	return !old ? PROBE_YES : rd_peek16(r, 0) == BINDING ? PROBE_WEAK : PROBE_NO;
}

static const struct hint hints[] = {
	{ HINT_UDP, 3478 }, { HINT_UDP, 3479 }, { HINT_UDP, 19302 }, { HINT_END, 0 },
};

static const struct field fields[] = {
	{ "stun.method", "string", "binding, allocate ..." },
	{ "stun.classic", "boolean", "as RFC 3489 had it" },
	{ "stun.user_name", "boolean", "the request had one" },
	{ "stun.client_software", "string", "what the client says it is" },
	{ "stun.server_software", "string", "what the server says it is" },
	{ "stun.error", "integer", "why the server refused" },
	{ NULL },
};

const struct dissector stun_dissector = {
	.name = "stun",
	.title = "STUN and TURN",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct stun_state),
	.probe = stun_probe,
	.dissect = stun_dissect,
	.expire = stun_expire,
};
