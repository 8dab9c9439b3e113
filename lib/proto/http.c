/* http.c: HTTP/1.0 and 1.1: who asks which device's web server for what.
 *
 * An exchange is one event with EVE's names. Bodies are passed over as they come;
 * only the beginning of those that may name a device (http_doc.c) is kept until the
 * body's end. Queries, fragments, cookies, titles and contents are never written. */
#include "proto/http.h"

#include "base/ascii.h"
#include "proto/gather.h"
#include "proto/proto.h"
#include "proto/sysdescr.h"
#include "proto/told.h"

enum { CHUNK_LINE = 256 };

/* Where in its stream a side is. */
enum phase {
	HEAD, BODY, CHUNK_SIZE, CHUNK_DATA, CHUNK_END, TRAILER,
	UNTIL_CLOSE,
	RESYNC,                 /* passing over segments up to one that begins a message */
};

struct way {
	uint8_t phase;
	bool doc;                       /* the body is gathered */
	bool began;                     /* a head was seen */
	uint64_t left;                  /* of BODY or CHUNK_DATA */
};

struct http_state {
	struct way way[2];
	uint64_t turn;                  /* key of the latest request */
	uint64_t doc_of;                /* key of the request whose answer is gathered; 0: none */
	bool lossy;                     /* bytes went missing since the last answer */
};

/* ---- framing ---- */

static ssize_t
http_frame(const struct dctx *c, const struct rd *r)
{
	const struct http_state *s = c->state;
	const struct way *w = &s->way[c->side];
	uint32_t left = rd_left(r), have = rd_have(r), n;
	bool cut = have < left;
	enum http_start what;
	const uint8_t *p = rd_at(r), *nl;

	switch (w->phase) {
	case BODY: case CHUNK_DATA:
		return w->left < left ? (ssize_t)w->left : (ssize_t)left;
	case CHUNK_SIZE: case CHUNK_END: case TRAILER:
		n = have < CHUNK_LINE ? have : CHUNK_LINE;
		nl = n ? memchr(p, '\n', n) : NULL;
		return nl ? nl - p + 1 : cut || n == CHUNK_LINE ? (ssize_t)left : 0;
	case HEAD:
		if (have && (*p == '\r' || *p == '\n'))
			return 1;
		break;
	}
	what = http_start(r);
	if (what == HTTP_NOT || (w->phase == UNTIL_CLOSE && what != HTTP_RESPONSE))
		return left;
	n = headers_length(r, HTTP_HEAD_MAX);
	if (n)
		return n;
	/* what our snap length left of a head is all there will be */
	return cut || have >= HTTP_HEAD_MAX ? (ssize_t)left : w->phase == HEAD ||
	    what != HTTP_MAYBE ? 0 : (ssize_t)left;
}

/* ---- bodies ---- */

/* The request whose body this is. */
static struct http_waiting *
own_request(struct dctx *c)
{
	const struct http_state *s = c->state;
	struct pend *p;

	c->side ^= 1;
	p = pend_find(c, s->turn);
	c->side ^= 1;
	return p ? (struct http_waiting *)p->data : NULL;
}

static void
request_body(struct dctx *c, struct gather *m)
{
	struct rd r = gather_rd(m);
	struct http_waiting *q = own_request(c);
	struct http_ask a;

	if (q) {
		http_doc_request(http_waited(q, W_TYPE), headers_text(&r), &a);
		q->ipp = a.ipp;
		http_wait(q, W_ACTION, a.action);
		if (a.secret >= 0)
			proto_credential(c, (enum cred_kind)a.secret,
			    a.digest ? CRED_DIGEST : CRED_CLEAR, false);
	}
	gather_drop(m);
}

/* The head and what was kept of the body behind it. */
static void
response_doc(struct dctx *c, struct gather *m, const struct pend *p, bool whole)
{
	struct http_state *s = c->state;
	struct rd r = gather_rd(m);
	uint32_t n = headers_length(&r, HTTP_HEAD_MAX);
	struct http_head a;
	struct rd head = rd_sub(&r, n);

	http_decode(&head, &a);
	http_exchange(c, p ? (const struct http_waiting *)p->data : NULL,
	    p ? &p->when : &c->when, &a, a.has_length || whole,
	    a.has_length ? a.length : m->total - n, headers_text(&r));
	gather_drop(m);
	s->doc_of = 0;
}

static void
body_over(struct dctx *c)
{
	struct http_state *s = c->state;
	struct way *w = &s->way[c->side];
	struct gather *m = w->doc ? gather_find(c, 0) : NULL;
	struct pend *p;

	w->phase = HEAD;
	w->doc = false;
	if (m && c->side == 0) {
		request_body(c, m);
	} else if (m) {
		p = s->doc_of ? pend_find(c, s->doc_of) : NULL;
		response_doc(c, m, p, true);
		if (p)
			pend_done(c, p);
	}
}

static void
body_part(struct dctx *c, struct rd *r)
{
	struct http_state *s = c->state;
	struct way *w = &s->way[c->side];
	struct gather *m = w->doc ? gather_find(c, 0) : NULL;
	uint32_t n = rd_left(r);

	w->left -= n < w->left ? n : w->left;
	if (c->cut && w->phase == CHUNK_DATA) {         /* where the next one begins is gone */
		w->phase = RESYNC;
		s->lossy = true;
		return;
	}
	if (m && m->n < HTTP_DOC_MAX)
		gather_add(m, r);
	else if (m)
		m->total += n;
	if (w->left)
		return;
	if (w->phase == CHUNK_DATA)
		w->phase = CHUNK_END;
	else
		body_over(c);
}

/* What follows the head. */
static void
body_begins(struct dctx *c, const struct http_head *h, bool none, bool captured)
{
	struct http_state *s = c->state;
	struct way *w = &s->way[c->side];

	w->doc = false;
	if (!captured)
		w->phase = RESYNC;
	else if (none)
		w->phase = HEAD;
	else if (h->chunked)
		w->phase = CHUNK_SIZE;
	else if (h->has_length) {
		w->phase = h->length ? BODY : HEAD;
		w->left = h->length;
	} else if (h->response) {
		w->phase = UNTIL_CLOSE;
		w->left = UINT64_MAX;
	} else {
		w->phase = HEAD;
	}
}

static enum verdict
chunk_size(struct dctx *c, struct rd *r)
{
	struct http_state *s = c->state;
	struct way *w = &s->way[c->side];
	uint64_t v = 0;
	unsigned digits = 0;
	bool cut = rd_have(r) < rd_left(r);

	while (rd_have(r)) {
		uint8_t ch = rd_u8(r);
		int d = ascii_hex(ch);

		if (d < 0)
			break;
		v = v << 4 | (unsigned)d;
		if (++digits > 15)
			break;
	}
	rd_skip(r, rd_have(r));
	if (cut) {
		w->phase = RESYNC;
		return DIS_OK;
	}
	if (!digits || digits > 15) {
		w->phase = RESYNC;
		s->lossy = true;
		if (!c->flow || c->flow->cut)
			return DIS_OK;
		c->why = "CHUNK_SIZE_INVALID";
		return DIS_BAD;
	}
	w->left = v;
	w->phase = v ? CHUNK_DATA : TRAILER;
	return DIS_OK;
}

/* ---- heads ---- */

static enum verdict
on_request(struct dctx *c, const struct http_head *h, bool captured)
{
	struct http_state *s = c->state;
	struct http_waiting q = { .length = h->length, .has_length = h->has_length,
	    .minor = h->minor };
	struct text auth = auth_report(c, h->auth), query = h->target, host;
	bool secret = false, user = false;
	unsigned params = 0;
	struct gather *m;
	char path[HTTP_PATH];
	const char *mark;

	host = url_host(h->target.n && h->target.p[0] != '/' && h->target.p[0] != '*' ?
	    h->target : h->host, &secret);
	if (!host.n)
		host = url_host(h->host, &user);
	if (secret || user)
		proto_credential(c, CRED_PASSWORD, CRED_CLEAR, false);
	if (h->has_token)
		proto_credential(c, CRED_TOKEN, CRED_CLEAR, false);
	mark = query.n ? memchr(query.p, '?', query.n) : NULL;
	if (mark) {
		int kind;

		query.n -= (uint32_t)(mark + 1 - query.p);
		query.p = mark + 1;
		kind = form_secret(query);
		if (kind >= 0)
			proto_credential(c, (enum cred_kind)kind, CRED_CLEAR, false);
	}
	q.auth = auth.p;
	http_wait(&q, W_METHOD, h->method);
	http_wait(&q, W_HOST, host);
	if (text_is(h->method, "CONNECT"))           /* host:port */
		http_wait(&q, W_PATH, h->target.n && memchr(h->target.p, '@', h->target.n) ? host :
		    h->target);
	else
		http_wait(&q, W_PATH, url_path(h->target, path, sizeof(path), &params));
	q.params = (uint16_t)(params < 999 ? params : 999);
	http_wait(&q, W_AGENT, h->agent);
	http_wait(&q, W_TYPE, h->type);
	q.tell_agent = h->agent.n && !told_before(c, told_text(HASH_BEGIN, h->agent), false);
	/* after a loss the answer to the last one may have been missed: it is given up */
	if (!s->lossy || !s->turn)
		s->turn++;
	pend_put(c, s->turn, &q, sizeof(q));
	body_begins(c, h, false, captured);
	if (s->way[0].phase != HEAD && s->way[0].phase != RESYNC && http_doc_wanted(h)) {
		m = gather_begin(c, 0);
		s->way[0].doc = m != NULL;
	}
	return DIS_OK;
}

static enum verdict
on_response(struct dctx *c, const struct http_head *h, struct rd head, bool captured)
{
	struct http_state *s = c->state;
	struct pend *p = pend_oldest(c);
	const struct http_waiting *q = p ? (const struct http_waiting *)p->data : NULL;
	bool none;

	if (h->status >= 100 && h->status < 200 && h->status != 101)
		return DIS_OK;          /* the answer proper is yet to come */
	none = h->status < 200 || h->status == 204 || h->status == 304 ||
	    (q && text_is(http_waited(q, W_METHOD), "HEAD"));
	body_begins(c, h, none, captured);
	s->lossy = false;
	if (s->way[1].phase != HEAD && s->way[1].phase != RESYNC && http_doc_wanted(h)) {
		struct gather *m = gather_begin(c, 0);

		gather_add(m, &head);
		s->way[1].doc = true;
		s->doc_of = p ? p->key : 0;
		return DIS_OK;
	}
	none = q && text_is(http_waited(q, W_METHOD), "CONNECT") && h->status / 100 == 2;
	http_exchange(c, q, p ? &p->when : &c->when, h, h->has_length, h->length,
	    (struct text){ 0 });
	if (p)
		pend_done(c, p);
	if (none)
		return DIS_NEXT;
	if (h->status != 101)
		return DIS_OK;
	if (!h->websocket || h->deflate || !c->flow)
		return DIS_LEAVE;
	c->flow->websocket = true;
	return DIS_NEXT;
}

static enum verdict
on_head(struct dctx *c, struct rd *r)
{
	struct http_state *s = c->state;
	struct way *w = &s->way[c->side];
	bool captured = rd_have(r) == rd_left(r);
	enum http_start what = http_start(r);
	struct http_head h;
	struct rd head = *r;

	if (rd_have(r) && (rd_peek8(r, 0) == '\r' || rd_peek8(r, 0) == '\n') && rd_left(r) == 1) {
		rd_skip(r, 1);
		return DIS_OK;
	}
	if ((what != HTTP_REQUEST && what != HTTP_RESPONSE) ||
	    (what == HTTP_RESPONSE) != (c->side == 1)) {
		bool bad = w->phase == HEAD && w->began && captured && !s->lossy && c->flow &&
		    !c->flow->cut;

		if (w->phase != UNTIL_CLOSE)
			w->phase = RESYNC;
		else
			body_part(c, r);
		s->lossy |= w->phase == RESYNC;
		rd_skip(r, rd_have(r));
		if (bad) {
			c->why = "START_LINE_INVALID";
			return DIS_BAD;
		}
		return DIS_OK;
	}
	if (w->phase == UNTIL_CLOSE || w->doc)
		body_over(c);
	captured &= headers_length(r, HTTP_HEAD_MAX) > 0;
	http_decode(r, &h);
	rd_skip(r, rd_have(r));
	w->began = true;
	if (h.bad_length)
		proto_anomaly(c, "CONTENT_LENGTH_INVALID");
	else if (h.has_length && h.chunked)
		proto_anomaly(c, "LENGTH_AND_CHUNKED");
	return h.response ? on_response(c, &h, head, captured) : on_request(c, &h, captured);
}

static enum verdict
http_dissect(struct dctx *c, struct rd *r)
{
	struct http_state *s = c->state;
	struct way *w = &s->way[c->side];
	bool empty;

	switch (w->phase) {
	case BODY: case CHUNK_DATA:
		body_part(c, r);
		return DIS_OK;
	case CHUNK_SIZE:
		return chunk_size(c, r);
	case CHUNK_END:
		w->phase = CHUNK_SIZE;
		return DIS_OK;
	case TRAILER:
		empty = rd_peek8(r, 0) == '\n' || (rd_peek8(r, 0) == '\r' && rd_left(r) == 2);
		if (empty)
			body_over(c);
		return DIS_OK;
	default:
		return on_head(c, r);
	}
}

static void
http_expire(struct dctx *c, struct pend *p)
{
	const struct http_state *s = c->state;
	struct gather *m;
	int was = c->side;

	/* its answer may be half here: the flow ended within the body */
	c->side = 1;
	m = s && s->doc_of == p->key ? gather_find(c, 0) : NULL;
	if (m)
		response_doc(c, m, p, false);
	else
		http_exchange(c, (struct http_waiting *)p->data, &p->when, NULL, false, 0,
		    (struct text){ 0 });
	c->side = was;
}

static void
http_end(struct dctx *c, bool gap)
{
	struct http_state *s = c->state;
	struct way *w;

	if (!s)
		return;
	w = &s->way[c->side];
	if (!gap)
		return;
	if (w->phase != UNTIL_CLOSE)
		w->phase = RESYNC;
	w->doc = false;
	s->lossy = true;
}

static bool
is_bacnet(const struct rd *r)
{
	return text_find(headers_text(r), ".bsc.bacnet.org") != NULL;
}

static enum probe
http_probe(struct probe_in *in)
{
	enum http_start a, b;
	struct rd *r;

	if (!in->tcp)
		return PROBE_NO;
	a = http_start(&in->side[0]);
	b = http_start(&in->side[1]);
	if (a == HTTP_RESPONSE || b == HTTP_REQUEST) {
		in->reversed = true;
		if (a == HTTP_RESPONSE)
			return PROBE_YES;
		a = b;
	} else if (a != HTTP_REQUEST && b != HTTP_RESPONSE) {
		/* who said nothing may yet; who said something else will not */
		return a == HTTP_NOT || b == HTTP_NOT ? PROBE_NO : PROBE_MORE;
	}
	/* BACnet/SC begins as HTTP does: the rest of a short head may say so */
	r = &in->side[in->reversed ? 1 : 0];
	if (a == HTTP_REQUEST && rd_peek8(r, 0) == 'G') {
		if (is_bacnet(r))
			return PROBE_NO;
		if (rd_have(r) < 256 && rd_have(r) == rd_left(r) &&
		    !headers_length(r, 256) && !rd_have(&in->side[!in->reversed]))
			return PROBE_MORE;
	}
	return PROBE_YES;
}

static const struct hint hints[] = {
	{ HINT_TCP, 80 }, { HINT_TCP, 8080 }, { HINT_TCP, 631 }, { HINT_TCP, 5357 },
	{ HINT_END, 0 },
};

static const struct field fields[] = {
	{ "http.hostname", "string", "host that the client asked for" },
	{ "http.url", "string", "path; queries are left out, long numbers and tokens are *" },
	{ "http.parameters", "integer", "parameters the query had" },
	{ "http.http_user_agent", "string", "the client's name for itself" },
	{ "http.http_method", "string", "GET, POST, ..." },
	{ "http.protocol", "string", "HTTP/1.0 or HTTP/1.1" },
	{ "http.request_content_type", "string", "media type of what was sent" },
	{ "http.request_length", "integer", "bytes sent" },
	{ "http.ipp_operation", "integer", "operation of a printer" },
	{ "http.ipp_status", "integer", "status code of IPP" },
	{ "http.printer_name", "string", "name of the printer" },
	{ "http.action", "string", "action of SOAP, operation of IPP" },
	{ "http.authorization", "string", "scheme of the credentials sent" },
	{ "http.status", "integer", "status code" },
	{ "http.http_content_type", "string", "media type of the answer" },
	{ "http.length", "integer", "bytes of the answer's body" },
	{ "http.redirect", "string", "host that the client is sent to" },
	{ "http.server", "string", "the server's name for itself" },
	{ "http.authenticate", "string", "scheme the server asks for" },
	{ "http.upgrade", "string", "protocol that follows" },
	{ "http.subprotocol", "string", "what runs over WebSocket" },
	{ NULL },
};

const struct dissector http_dissector = {
	.name = "http",
	.title = "HTTP/1.x",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct http_state),
	.probe = http_probe,
	.frame = http_frame,
	.dissect = http_dissect,
	.expire = http_expire,
	.end = http_end,
};
