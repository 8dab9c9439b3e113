/* rtsp.c: the Real Time Streaming Protocol 1.0 (RFC 2326): who watches which camera.
 *
 *      DESCRIBE rtsp://camera/stream1 RTSP/1.0\r\n     RTSP/1.0 200 OK\r\n
 *      CSeq: 2\r\n ... \r\n                            CSeq: 2\r\n ... \r\n [body]
 *
 *      $ | channel 1 | length 2 | data                 the stream itself, where it runs here
 *
 * Pictures are counted by the flow, bodies passed over, keepalives told of once. */
#include "proto/headers.h"
#include "proto/proto.h"
#include "proto/told.h"

enum { HEAD_MAX = 8192, BODY_MAX = 64 << 10, PATH = 128, AGENT = 96 };

struct rtsp_state { bool kept_alive; bool lost[2]; };

struct rtsp_head {
	bool response;
	uint16_t status;
	uint64_t cseq, length;
	struct text method, url, agent, server, auth, offers, transport, type;
};

struct waiting {
	uint8_t method_n, path_n, agent_n, transport_n;
	bool tell_agent;
	const char *auth;
	char method[20], path[PATH], agent[AGENT], transport[40];
};
_Static_assert(sizeof(struct waiting) <= PEND_DATA, "a waiting request fits its slot");

static void
decode(const struct rd *r, struct rtsp_head *h)
{
	struct text t = headers_text(r), line;
	struct header x;
	uint64_t v;

	memset(h, 0, sizeof(*h));
	while (rd_have(r) < rd_left(r) && t.n && t.p[t.n - 1] != '\n')
		t.n--;
	if (!headers_line(&t, &line))
		return;
	h->response = text_begins(line, "rtsp/1.0 ");
	h->method = headers_word(&line);
	h->url = headers_word(&line);
	if (h->response && text_number(h->url, &v) && v < 1000)
		h->status = (uint16_t)v;
	while (headers_next(&t, &x)) {
		if (text_is(x.name, "cseq"))
			text_number(x.value, &h->cseq);
		else if (text_is(x.name, "content-length"))
			text_number(x.value, &h->length);
		else if (text_is(x.name, "user-agent"))
			h->agent = x.value;
		else if (text_is(x.name, "server"))
			h->server = x.value;
		else if (text_is(x.name, "authorization"))
			h->auth = x.value;
		else if (text_is(x.name, "www-authenticate") && !h->offers.n)
			h->offers = x.value;
		else if (text_is(x.name, "transport"))
			h->transport = x.value;
	}
}

static ssize_t
rtsp_frame(const struct dctx *c, const struct rd *r)
{
	const struct rtsp_state *s = c->state;
	int high = rd_peek8(r, 2), low = rd_peek8(r, 3);
	struct rd v = *r;
	struct rtsp_head h;
	uint32_t n;

	if (rd_peek8(r, 0) == '$')
		return low < 0 ? 0 : (ssize_t)(high << 8 | low) + 4;
	if (rd_peek8(r, 0) == '\r' || rd_peek8(r, 0) == '\n')
		return 1;
	if (headers_start(r, "RTSP/1.0") == HEADERS_NOT)
		return s->lost[c->side] ? (ssize_t)rd_left(r) : -1;
	n = headers_length(r, HEAD_MAX);
	if (!n)
		return rd_have(r) < rd_left(r) ? (ssize_t)rd_left(r) :
		    rd_have(r) < HEAD_MAX ? 0 : -1;
	v.cap = v.len = v.off + n;
	decode(&v, &h);
	return (ssize_t)n + (ssize_t)(h.length < BODY_MAX ? h.length : BODY_MAX);
}

static bool
is_alive(struct text method)
{
	return text_is(method, "options") || text_is(method, "get_parameter") ||
	    text_is(method, "set_parameter");
}

static void
exchange(struct dctx *c, const struct waiting *q, const struct when *at,
    const struct rtsp_head *a)
{
	struct rtsp_state *s = c->state;
	struct text method = q ? (struct text){ q->method, q->method_n } : (struct text){ 0 };
	bool tell = a && a->server.n && !told_before(c, told_text(HASH_BEGIN + 1, a->server),
	    c->side == 0);
	struct ev *e;

	if (q && is_alive(method) && !q->tell_agent && !tell) {
		if (s && s->kept_alive && (!a || a->status < 300))
			return;
		if (s && a)
			s->kept_alive = true;
	}
	e = ev_begin(c, "rtsp", at, 0);
	if (q) {
		ev_str(e, "method", method);
		ev_str(e, "url", ((struct text){ q->path, q->path_n }));
		ev_str(e, "user_agent", ((struct text){ q->agent, q->agent_n }));
		ev_str(e, "transport", ((struct text){ q->transport, q->transport_n }));
		ev_cstr(e, "authorization", q->auth);
		e->ot.service = method;
		e->ot.object = (struct text){ q->path, q->path_n };
		if (q->tell_agent)
			headers_identify(e, "rtsp.user-agent", EV_SRC, agent_identity,
			    ((struct text){ q->agent, q->agent_n }));
	}
	e->ot.op = text_is(method, "setup") || text_is(method, "teardown") ? OT_CONNECT :
	    text_is(method, "play") || text_is(method, "pause") || text_is(method, "record") ?
	    OT_COMMAND : text_is(method, "describe") ? OT_READ : OT_OTHER;
	if (a && q)
		ev_answered(e, c, at);
	else if (!a)
		ev_unanswered(e, c);
	if (a) {
		ev_uint(e, "status", a->status);
		ev_str(e, "server", a->server);
		if (a->offers.n)
			ev_cstr(e, "authenticate", text_begins(a->offers, "basic") ? "Basic" :
			    text_begins(a->offers, "digest") ? "Digest" : "other");
		if (a->status >= 300)
			e->ot.result = ev_text(e, "%u", a->status);
		if (tell)
			headers_identify(e, "rtsp.server", EV_DEST, server_identity, a->server);
	}
	ev_emit(e);
}

static void
on_request(struct dctx *c, const struct rtsp_head *h)
{
	struct text auth = auth_report(c, h->auth), t = h->transport;
	struct waiting q = { .auth = auth.p };
	char path[PATH];
	unsigned params;
	bool secret;

	url_host(h->url, &secret);
	if (secret)
		proto_credential(c, CRED_PASSWORD, CRED_CLEAR, false);
	for (uint32_t i = 0; i < t.n; i++)
		if (t.p[i] == ';')
			t.n = i;
	q.method_n = headers_keep(q.method, sizeof(q.method), h->method);
	q.path_n = headers_keep(q.path, PATH, url_path(h->url, path, PATH, &params));
	q.agent_n = headers_keep(q.agent, AGENT, h->agent);
	q.transport_n = headers_keep(q.transport, sizeof(q.transport), t);
	q.tell_agent = h->agent.n && !told_before(c, told_text(HASH_BEGIN, h->agent), false);
	pend_put(c, h->cseq, &q, sizeof(q));
}

static enum verdict
rtsp_dissect(struct dctx *c, struct rd *r)
{
	struct rtsp_state *s = c->state;
	enum headers_start what = headers_start(r, "RTSP/1.0");
	struct rtsp_head h;
	struct rd v = *r;
	struct pend *p;
	uint32_t n = headers_length(r, HEAD_MAX);

	if (n)
		v.cap = v.len = v.off + n;
	rd_skip(r, rd_have(r));
	if (what != HEADERS_REQUEST && what != HEADERS_RESPONSE)
		return DIS_OK;
	s->lost[c->side] = !n;
	decode(&v, &h);
	if (!h.response) {
		/* a server may ask, too: told of as the others are, in its direction */
		if (c->side == 0)
			on_request(c, &h);
		return DIS_OK;
	}
	p = pend_find(c, h.cseq);
	if (c->side == 1)
		exchange(c, p ? (const struct waiting *)p->data : NULL,
		    p ? &p->when : &c->when, &h);
	if (p)
		pend_done(c, p);
	return DIS_OK;
}

static void
rtsp_expire(struct dctx *c, struct pend *p)
{
	exchange(c, (const struct waiting *)p->data, &p->when, NULL);
}

static void
rtsp_end(struct dctx *c, bool gap)
{
	struct rtsp_state *s = c->state;

	if (gap && s)
		s->lost[c->side] = true;
}

static enum probe
rtsp_probe(struct probe_in *in)
{
	enum headers_start a, b;

	if (!in->tcp)
		return PROBE_NO;
	a = headers_start(&in->side[0], "RTSP/1.0");
	b = headers_start(&in->side[1], "RTSP/1.0");
	in->reversed = a == HEADERS_RESPONSE || b == HEADERS_REQUEST;
	if (a >= HEADERS_REQUEST || b >= HEADERS_REQUEST)
		return PROBE_YES;
	return a == HEADERS_NOT || b == HEADERS_NOT ? PROBE_NO : PROBE_MORE;
}

static const struct hint hints[] = {
	{ HINT_TCP, 554 }, { HINT_TCP, 8554 }, { HINT_END, 0 },
};

static const struct field fields[] = {
	{ "rtsp.method", "string", "OPTIONS, DESCRIBE, SETUP, PLAY, ..." },
	{ "rtsp.url", "string", "path of the stream, without what may be a secret" },
	{ "rtsp.user_agent", "string", "the client's name for itself" },
	{ "rtsp.transport", "string", "how the stream is carried" },
	{ "rtsp.authorization", "string", "scheme of the credentials sent" },
	{ "rtsp.status", "integer", "status code" },
	{ "rtsp.server", "string", "the server's name for itself" },
	{ "rtsp.authenticate", "string", "scheme the server asks for" },
	{ NULL },
};

const struct dissector rtsp_dissector = {
	.name = "rtsp",
	.title = "RTSP",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct rtsp_state),
	.probe = rtsp_probe,
	.frame = rtsp_frame,
	.dissect = rtsp_dissect,
	.expire = rtsp_expire,
	.end = rtsp_end,
};
