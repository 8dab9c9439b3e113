/* sip.c: the Session Initiation Protocol (RFC 3261): that telephones and intercoms
 * are there, what they are and to which server they go. Users, numbers, subjects and
 * what the calls are about are never written.
 *
 *      REGISTER sip:pbx.lab.example SIP/2.0            SIP/2.0 401 Unauthorized
 *      Call-ID: ...  CSeq: 2 REGISTER  ...             the same
 */
#include "base/ascii.h"
#include "proto/headers.h"
#include "proto/proto.h"
#include "proto/told.h"

enum { HEAD_MAX = 16 << 10, BODY_MAX = 64 << 10, HOST = 64, AGENT = 96 };

struct sip_head {
	bool response;
	uint16_t code;
	uint64_t length, key;
	struct text method, uri, agent, server, auth, offers;
};

struct waiting {
	uint8_t method_n, host_n, agent_n;
	bool tell_agent;
	const char *auth;
	char method[16], host[HOST], agent[AGENT];
};

static void
decode(const struct rd *r, struct sip_head *h)
{
	struct text t = headers_text(r), line;
	struct header x;
	uint64_t v;

	memset(h, 0, sizeof(*h));
	h->key = HASH_BEGIN;
	while (rd_have(r) < rd_left(r) && t.n && t.p[t.n - 1] != '\n')
		t.n--;
	if (!headers_line(&t, &line))
		return;
	h->response = text_begins(line, "sip/2.0 ");
	h->method = headers_word(&line);
	h->uri = headers_word(&line);
	if (h->response && text_number(h->uri, &v) && v < 1000)
		h->code = (uint16_t)v;
	while (headers_next(&t, &x)) {
		/* the short forms are those of section 7.3.3 */
		if (text_is(x.name, "call-id") || text_is(x.name, "i"))
			h->key ^= told_text(HASH_BEGIN, x.value);
		else if (text_is(x.name, "cseq"))
			h->key ^= told_text(HASH_BEGIN + 1, x.value) << 1;
		else if (text_is(x.name, "content-length") || text_is(x.name, "l"))
			text_number(x.value, &h->length);
		else if (text_is(x.name, "user-agent"))
			h->agent = x.value;
		else if (text_is(x.name, "server"))
			h->server = x.value;
		else if (text_is(x.name, "authorization") ||
		    text_is(x.name, "proxy-authorization"))
			h->auth = x.value;
		else if (text_is(x.name, "www-authenticate") ||
		    text_is(x.name, "proxy-authenticate"))
			h->offers = x.value;
	}
}

static ssize_t
sip_frame(const struct dctx *c, const struct rd *r)
{
	struct rd v = *r;
	struct sip_head h;
	uint32_t n;

	if (rd_peek8(r, 0) == '\r' || rd_peek8(r, 0) == '\n')
		return 1;                       /* keepalive */
	if (headers_start(r, "SIP/2.0") == HEADERS_NOT)
		return -1;
	n = headers_length(r, HEAD_MAX);
	if (!n)
		return rd_have(r) < HEAD_MAX ? 0 : -1;
	v.cap = v.len = v.off + n;
	decode(&v, &h);
	return (ssize_t)n + (ssize_t)(h.length < BODY_MAX ? h.length : BODY_MAX);
}

/* "sip:user@host:port;x" */
static struct text
uri_host(struct text uri)
{
	const char *colon = uri.n ? memchr(uri.p, ':', uri.n) : NULL;
	struct text t = uri;
	bool secret;

	if (!colon)
		return (struct text){ 0 };
	t.n -= (uint32_t)(colon + 1 - t.p);
	t.p = colon + 1;
	/* a telephone's number has no host */
	if (text_begins(uri, "tel:"))
		return (struct text){ 0 };
	for (uint32_t i = 0; i < t.n; i++)
		if (t.p[i] == ';' || t.p[i] == '?' || t.p[i] == '>')
			t.n = i;
	t = url_host(t, &secret);
	/* a number alone is a telephone's, whoever left out the host */
	for (uint32_t i = 0; i < t.n; i++)
		if (!ascii_digit(t.p[i]) && t.p[i] != '+' && t.p[i] != '-')
			return t;
	return (struct text){ 0 };
}

/* side is the request's. */
static void
exchange(struct dctx *c, const struct waiting *q, const struct when *at, int side,
    const struct sip_head *a)
{
	struct text method = q ? (struct text){ q->method, q->method_n } : (struct text){ 0 };
	struct text agent = q ? (struct text){ q->agent, q->agent_n } : (struct text){ 0 };
	struct text name = !a ? (struct text){ 0 } : a->server.n ? a->server : a->agent;
	bool tell = name.n && !told_before(c, told_text(HASH_BEGIN + 2, name), false);
	struct ev *e = ev_begin(c, "sip", at, side);

	if (q) {
		ev_str(e, "method", method);
		ev_str(e, "host", ((struct text){ q->host, q->host_n }));
		ev_str(e, "user_agent", agent);
		ev_cstr(e, "authorization", q->auth);
		e->ot.service = method;
		e->ot.object = (struct text){ q->host, q->host_n };
		if (q->tell_agent)
			headers_identify(e, "sip.user-agent", EV_SRC, agent_identity, agent);
	}
	e->ot.op = text_is(method, "register") || text_is(method, "invite") ||
	    text_is(method, "bye") ? OT_CONNECT : OT_OTHER;
	if (a && q)
		ev_answered(e, c, at);
	else if (!a && !text_is(method, "ack"))
		ev_unanswered(e, c);
	if (a) {
		ev_uint(e, "code", a->code);
		ev_str(e, "server", name);
		if (a->offers.n)
			ev_cstr(e, "authenticate", text_begins(a->offers, "digest") ? "Digest" :
			    text_begins(a->offers, "basic") ? "Basic" : "other");
		if (a->code >= 300)
			e->ot.result = ev_text(e, "%u", a->code);
		if (tell)
			headers_identify(e, "sip.server", EV_DEST, agent_identity, name);
	}
	ev_emit(e);
}

static void
on_request(struct dctx *c, const struct sip_head *h)
{
	struct text auth = auth_report(c, h->auth);
	struct waiting q = { .auth = auth.p };
	struct pend *p;

	q.method_n = headers_keep(q.method, sizeof(q.method), h->method);
	q.host_n = headers_keep(q.host, HOST, uri_host(h->uri));
	q.agent_n = headers_keep(q.agent, AGENT, h->agent);
	c->side ^= 1;
	p = pend_find(c, h->key);
	c->side ^= 1;
	if (p)                          /* sent again */
		return;
	q.tell_agent = h->agent.n && !told_before(c, told_text(HASH_BEGIN, h->agent), false);
	if (text_is(h->method, "ack"))  /* ends what was told already */
		return;
	pend_put(c, h->key, &q, sizeof(q));
}

static enum verdict
sip_dissect(struct dctx *c, struct rd *r)
{
	enum headers_start what = headers_start(r, "SIP/2.0");
	uint32_t n = headers_length(r, HEAD_MAX);
	struct rd v = *r;
	struct sip_head h;
	struct pend *p;

	if (n)
		v.cap = v.len = v.off + n;
	if (what != HEADERS_REQUEST && what != HEADERS_RESPONSE) {
		/* keepalives: blanks, zeros, STUN */
		rd_skip(r, rd_have(r));
		return DIS_OK;
	}
	rd_skip(r, rd_have(r));
	decode(&v, &h);
	if (!h.response) {
		on_request(c, &h);
		return DIS_OK;
	}
	if (h.code < 200)               /* the final answer is yet to come */
		return DIS_OK;
	p = pend_find(c, h.key);
	if (p) {
		exchange(c, (const struct waiting *)p->data, &p->when, p->side, &h);
		pend_done(c, p);
		told_before(c, h.key + h.code, false);
	} else if (!told_before(c, h.key + h.code, false)) {    /* and not sent again */
		exchange(c, NULL, &c->when, !c->side, &h);
	}
	return DIS_OK;
}

static void
sip_expire(struct dctx *c, struct pend *p)
{
	exchange(c, (const struct waiting *)p->data, &p->when, p->side, NULL);
}

static enum probe
sip_probe(struct probe_in *in)
{
	enum headers_start a = headers_start(&in->side[0], "SIP/2.0"),
	    b = headers_start(&in->side[1], "SIP/2.0");

	if (a >= HEADERS_REQUEST || b >= HEADERS_REQUEST) {
		in->reversed = a == HEADERS_RESPONSE ||
		    (a < HEADERS_REQUEST && b == HEADERS_REQUEST);
		return PROBE_YES;
	}
	if (!in->tcp)
		return PROBE_NO;
	return a == HEADERS_NOT || b == HEADERS_NOT ? PROBE_NO : PROBE_MORE;
}

static const struct hint hints[] = { { HINT_UDP, 5060 }, { HINT_TCP, 5060 }, { HINT_END, 0 } };

static const struct field fields[] = {
	{ "sip.method", "string", "REGISTER, INVITE, ..." },
	{ "sip.host", "string", "host that is asked for; users are never written" },
	{ "sip.user_agent", "string", "the caller's name for itself" },
	{ "sip.authorization", "string", "scheme of the credentials sent" },
	{ "sip.code", "integer", "code of the final answer" },
	{ "sip.server", "string", "the answerer's name for itself" },
	{ "sip.authenticate", "string", "scheme that is asked for" },
	{ NULL },
};

const struct dissector sip_dissector = {
	.name = "sip",
	.title = "SIP",
	.hints = hints,
	.fields = fields,
	.probe = sip_probe,
	.frame = sip_frame,
	.dissect = sip_dissect,
	.expire = sip_expire,
};
