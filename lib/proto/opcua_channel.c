/* opcua_channel.c: how an OPC UA connection begins and ends (OPC 10000-6, 7.1.2
 * and 6.7.4): Hello and Acknowledge, OpenSecureChannel with policy and
 * certificates, and what a channel comes to when it is over.
 *
 *     HEL  version, receive, send, max message, max chunks, endpoint URL
 *     ACK  version, receive, send, max message, max chunks
 *     ERR  status, reason        RHE  server URI, endpoint URL
 *     OPN  channel, policy URI, sender's certificate, receiver's thumbprint,
 *          then (sealed unless the policy is None) sequence, request id, body */
#include "proto/opcua.h"
#include "proto/tls_hello.h"
#include "proto/x509.h"

enum { OPEN_REQUEST = 446, OPEN_RESPONSE = 449, FAULT = 397 };

struct hello {
	uint32_t version, receive, send, message, chunks, n;
	char url[256];
};

/* What is kept of a certificate until the answer comes. */
struct cert {
	bool has, self_signed, valid;
	uint8_t thumb_n, subject_n, uri_n, host_n, cn_n, o_n;
	uint32_t bits;
	const char *key;
	int64_t from, until;
	char thumb[40], subject[104], uri[96], host[48], cn[48], o[32];
};

struct opening {
	uint32_t channel, request, handle, lifetime;
	uint8_t policy, mode, type;
	bool clear;
	struct cert cert;
};
_Static_assert(sizeof(struct hello) <= PEND_DATA && sizeof(struct opening) <= PEND_DATA,
    "both fit their place");

static uint8_t
copy_text(char *d, size_t cap, struct text t)
{
	uint32_t n = t.n < cap ? t.n : (uint32_t)cap;

	if (n)
		memcpy(d, t.p, n);
	return (uint8_t)n;
}

/* The first certificate of what may be a chain: one DER SEQUENCE. */
static struct rd
first_certificate(struct rd b)
{
	struct rd all = b;
	uint32_t n;

	if (rd_u8(&b) != 0x30)
		return rd_init(NULL, 0, 0);
	n = rd_u8(&b);
	if (n == 0x81)
		n = rd_u8(&b);
	else if (n == 0x82)
		n = rd_be16(&b);
	else if (n > 0x7f)
		return rd_init(NULL, 0, 0);
	n += b.off - all.off;
	return rd_ok(&b) ? rd_sub(&all, n) : rd_init(NULL, 0, 0);
}

/* SubjectAltName holds the application's URI and its host (10000-6, 6.2.2). */
static void
read_names(struct cert *t, struct rd san)
{
	char s[LIM_TEXT];
	size_t n;

	for (unsigned i = 0; i < 16 && x509_san_next(&san, s, sizeof(s), &n); i++) {
		struct text v = { s, (uint32_t)n };
		struct addr ip;

		if (memchr(s, ':', n) && n > 4 && (memcmp(s, "urn:", 4) == 0 ||
		    memcmp(s, "http", 4) == 0) && !t->uri_n)
			t->uri_n = copy_text(t->uri, sizeof(t->uri), v);
		else if (!t->host_n && n <= sizeof(t->host) && ua_host_like(v) &&
		    !addr_parse(&ip, s, n))
			t->host_n = copy_text(t->host, sizeof(t->host), v);
	}
}

static void
read_certificate(struct cert *t, struct rd b)
{
	struct rd der;
	struct x509 x;
	const char *why;
	char s[LIM_TEXT], digest[DIGEST_TEXT];
	uint32_t n;

	memset(t, 0, sizeof(*t));
	if (!rd_left(&b))
		return;
	der = first_certificate(b);
	if (!rd_left(&der) || (!x509_decode(der, &x, &why) && !rd_left(&x.subject)))
		return;
	t->has = true;
	n = rd_have(&der);
	if (n == rd_left(&der)) {
		size_t m = digest_text(digest, DIGEST_SHA1, rd_at(&der), n, 0);
		t->thumb_n = copy_text(t->thumb, sizeof(t->thumb),
		    (struct text){ digest, (uint32_t)m });
	}
	t->subject_n = copy_text(t->subject, sizeof(t->subject),
	    (struct text){ s, (uint32_t)x509_name(s, sizeof(s), x.subject) });
	t->cn_n = copy_text(t->cn, sizeof(t->cn),
	    text_trim(s, x509_attr(s, sizeof(s), x.subject, X509_CN)));
	t->self_signed = x.self_issued;
	if (x.self_issued)
		t->o_n = copy_text(t->o, sizeof(t->o),
		    text_trim(s, x509_attr(s, sizeof(s), x.subject, X509_O)));
	t->valid = x.valid;
	t->from = x.not_before;
	t->until = x.not_after;
	t->key = x.key_type;
	t->bits = x.key_bits;
	read_names(t, x.san);
}

static void
put_certificate(struct ev *e, const struct cert *t)
{
	jw_str(e->w, "subject", t->subject, t->subject_n);
	jw_str(e->w, "application_uri", t->uri, t->uri_n);
	jw_str(e->w, "thumbprint", t->thumb, t->thumb_n);
	if (t->valid) {
		jw_time(e->w, "not_before", t->from);
		jw_time(e->w, "not_after", t->until);
	}
	if (t->subject_n)
		ev_bool(e, "self_signed", t->self_signed);
	ev_cstr(e, "key_type", t->key);
	if (t->bits)
		ev_uint(e, "key_bits", t->bits);
}

static void
put_identity(struct ev *e, const struct cert *t, enum ident_of of)
{
	struct ident *i = ev_identity(e, "opcua.certificate", of);

	i->hostname = ua_keep(e, (struct text){ t->host, t->host_n });
	if (t->cn_n && !(t->cn_n == t->host_n && memcmp(t->cn, t->host, t->cn_n) == 0))
		i->product = ua_keep(e, ua_product((struct text){ t->cn, t->cn_n }));
	i->vendor = ua_keep(e, (struct text){ t->o, t->o_n });
}

void
ua_certificate(struct ev *e, struct rd b, enum ident_of of)
{
	struct cert t;

	read_certificate(&t, b);
	if (!t.has)
		return;
	if (of == EV_SRC)
		ev_obj(e, "client_certificate");
	else
		ev_obj(e, "server_certificate");
	put_certificate(e, &t);
	ev_end(e);
	put_identity(e, &t, of);
}

/* An error, when something went wrong; its reason is the server's own words. */
struct refusal { bool is; uint32_t status; struct text reason; };

static void
put_refusal(struct ev *e, const struct refusal *x)
{
	const char *s;

	if (!x->is)
		return;
	ua_put_status(e, x->status);
	ev_str(e, "reason", x->reason);
	s = ua_status_name(x->status);
	e->ot.result = s ? text_c(s) : ev_text(e, "0x%08x", x->status);
}

static void
put_sizes(struct ev *e, const struct hello *h)
{
	ev_uint(e, "version", h->version);
	ev_uint(e, "receive_buffer", h->receive);
	ev_uint(e, "send_buffer", h->send);
	ev_uint(e, "max_message", h->message);
	ev_uint(e, "max_chunks", h->chunks);
}

static void
report_hello(struct dctx *c, const struct hello *h, const struct when *at, const struct hello *a,
    const struct refusal *x)
{
	struct ev *e = ev_begin(c, "opcua", h ? at : &c->when, 0);
	struct text host;
	struct addr ip;

	ev_cstr(e, "message", h ? "HEL" : "ACK");
	if (h) {
		jw_str(e->w, "endpoint_url", h->url, h->n);
		ev_obj(e, "hello");
		put_sizes(e, h);
		ev_end(e);
	}
	if (a) {
		ev_obj(e, "acknowledge");
		put_sizes(e, a);
		ev_end(e);
	}
	e->ot.op = OT_CONNECT;
	e->ot.service = TEXT("Hello");
	if (h) {
		e->ot.object = (struct text){ h->url, h->n };
		if (ua_host_of(e->ot.object, &host, &ip))
			ev_identity(e, "opcua.hello", EV_DEST)->hostname = host;
	}
	if (!a && !x->is)
		ev_unanswered(e, c);
	put_refusal(e, x);
	if (h && (a || x->is))
		ev_answered(e, c, at);
	else if (a)
		e->ot.result = TEXT("ok");
	ev_emit(e);
}

static void
report_open(struct dctx *c, const struct opening *q, const struct when *at, const struct opening *a,
    struct text policy, const struct refusal *x, const struct ua_state *s)
{
	struct ev *e = ev_begin(c, "opcua", q ? at : &c->when, 0);
	uint32_t mode = q ? q->mode : 0;

	ev_cstr(e, "message", "OPN");
	ev_word(e, "service", TEXT("OpenSecureChannel"));
	if (q && !policy.n)
		policy = ua_policies[q->policy].name;
	if (a || (q && q->channel))
		ev_uint(e, "channel_id", a ? a->channel : q->channel);
	if (q && q->clear) {
		ev_uint(e, "request_id", q->request);
		ev_uint(e, "request_handle", q->handle);
	}
	ev_str(e, "security_policy", policy);
	ev_cstr(e, "security_mode", ua_mode_name(mode));
	if (q)
		ev_cstr(e, "request_type",
		    (q->clear ? q->type : q->channel != 0) ? "renew" : "issue");
	if (q && q->clear)
		ev_uint(e, "requested_lifetime", q->lifetime);
	if (a && a->clear && !x->is) {
		ev_uint(e, "token_id", s->token);
		ev_uint(e, "lifetime", a->lifetime);
	}
	if (q && q->cert.has) {
		ev_obj(e, "client_certificate");
		put_certificate(e, &q->cert);
		ev_end(e);
		put_identity(e, &q->cert, EV_SRC);
	}
	if (a && a->cert.has) {
		ev_obj(e, "server_certificate");
		put_certificate(e, &a->cert);
		ev_end(e);
		put_identity(e, &a->cert, EV_DEST);
	}
	e->ot.op = OT_CONNECT;
	e->ot.service = TEXT("OpenSecureChannel");
	if (!a && !x->is)
		ev_unanswered(e, c);
	put_refusal(e, x);
	if (q && (a || x->is))
		ev_answered(e, c, at);
	else if (a && !x->is)
		e->ot.result = TEXT("ok");
	ev_emit(e);
}

static enum verdict
take_reverse(struct dctx *c, struct rd *r)
{
	struct text uri = ua_string(r), url = ua_string(r), host;
	struct addr ip;
	struct ev *e;

	if (rd_bad(r))
		return DIS_BAD;
	e = ev_begin(c, "opcua", &c->when, c->side);
	ev_cstr(e, "message", "RHE");
	ev_str(e, "server_uri", uri);
	ev_str(e, "endpoint_url", url);
	e->ot.op = OT_CONNECT;
	e->ot.service = TEXT("ReverseHello");
	e->ot.object = url;
	if (ua_host_of(url, &host, &ip))
		ev_identity(e, "opcua.reverse_hello", EV_SRC)->hostname = host;
	ev_emit(e);
	return DIS_OK;
}

static enum verdict
take_error(struct dctx *c, struct rd *r)
{
	struct refusal x = { .is = true };
	struct pend *p;
	struct ev *e;

	x.status = rd_le32(r);
	x.reason = ua_string(r);
	if (rd_bad(r))
		return DIS_BAD;
	if ((p = pend_find(c, UA_KEY_HELLO))) {
		report_hello(c, (const struct hello *)p->data, &p->when, NULL, &x);
		pend_done(c, p);
	} else if ((p = pend_find(c, UA_KEY_OPEN))) {
		report_open(c, (const struct opening *)p->data, &p->when, NULL,
		    (struct text){ 0 }, &x, c->state);
		pend_done(c, p);
	} else {
		e = ev_begin(c, "opcua", &c->when, c->side);
		ev_cstr(e, "message", "ERR");
		e->ot.op = OT_ERROR;
		e->ot.service = TEXT("Error");
		put_refusal(e, &x);
		ev_emit(e);
	}
	return DIS_OK;
}

enum verdict
ua_hello(struct dctx *c, struct rd *r, const char type[3])
{
	struct hello h = { 0 };
	struct refusal none = { 0 };
	struct pend *p;
	struct text url;

	if (type[0] == 'E')
		return take_error(c, r);
	if (type[0] == 'R')
		return take_reverse(c, r);
	h.version = rd_le32(r);
	h.receive = rd_le32(r);
	h.send = rd_le32(r);
	h.message = rd_le32(r);
	h.chunks = rd_le32(r);
	if (rd_bad(r))
		return DIS_BAD;
	if (type[0] == 'H') {
		url = ua_string(r);
		h.n = url.n < sizeof(h.url) ? url.n : sizeof(h.url);
		if (h.n)
			memcpy(h.url, url.p, h.n);
		pend_put(c, UA_KEY_HELLO, &h, offsetof(struct hello, url) + h.n);
		return rd_bad(r) ? DIS_BAD : DIS_OK;
	}
	p = pend_find(c, UA_KEY_HELLO);
	report_hello(c, p ? (const struct hello *)p->data : NULL, p ? &p->when : NULL, &h, &none);
	if (p)
		pend_done(c, p);
	return DIS_OK;
}

/* The members of a request or answer under the policy None. */
static void
read_body(struct dctx *c, struct rd *r, struct opening *o, struct refusal *x)
{
	struct ua_state *s = c->state;
	struct ua_node id;
	struct rd body;
	uint32_t status;

	ua_sequence(c, rd_le32(r));
	o->request = rd_le32(r);
	ua_nodeid(r, &id);
	if (!rd_ok(r))
		return;
	if (id.num != OPEN_REQUEST && id.num != OPEN_RESPONSE && id.num != FAULT) {
		rd_set_bad(r);
		return;
	}
	o->clear = true;
	if (id.num == OPEN_REQUEST) {
		ua_nodeid(r, &id);
		rd_skip(r, 8);
		o->handle = rd_le32(r);
		rd_skip(r, 4);
		ua_string(r);
		rd_skip(r, 4);
		ua_ext(r, &id, &body);
		rd_skip(r, 4);
		o->type = rd_le32(r) == 1;
		o->mode = (uint8_t)rd_le32(r);
		ua_bytes(r);
		o->lifetime = rd_le32(r);
		return;
	}
	rd_skip(r, 8);
	o->handle = rd_le32(r);
	status = rd_le32(r);
	ua_skip(r, UA_DIAG, 1);
	ua_skip(r, UA_STRING, ua_count(r));
	ua_ext(r, &id, &body);
	if (ua_bad(status)) {
		x->is = true;
		x->status = status;
		return;
	}
	rd_skip(r, 4);
	o->channel = rd_le32(r);
	s->token = rd_le32(r);
	rd_skip(r, 8);
	o->lifetime = rd_le32(r);
	ua_bytes(r);
}

enum verdict
ua_open(struct dctx *c, struct rd *r, uint32_t size)
{
	struct ua_state *s = c->state;
	struct opening o = { 0 };
	struct refusal x = { 0 };
	struct text policy;
	struct pend *p;

	if (!s->first.us)
		s->first = c->when;
	o.channel = rd_le32(r);
	o.policy = ua_policy_find(ua_string(r), &policy);
	read_certificate(&o.cert, ua_bytes(r));
	ua_bytes(r);
	if (rd_bad(r) || (rd_ok(r) && !policy.n)) {
		c->why = "SECURITY_HEADER";
		return DIS_BAD;
	}
	s->bytes[c->side] += size;
	if (o.policy != s->policy) {
		s->mode = UA_M_UNKNOWN;
		s->encrypted = false;
		s->opaque = 0;
		s->policy = o.policy;
	}
	if (o.policy == UA_P_NONE) {
		s->mode = UA_M_NONE;
		read_body(c, r, &o, &x);
		if (rd_bad(r))
			return DIS_BAD;
	} else {
		s->seq_known[c->side] = false;
	}
	if (c->side == 0) {
		s->renewals += s->opened;
		pend_put(c, UA_KEY_OPEN, &o, sizeof(o));
		return DIS_OK;
	}
	s->opened = !x.is;
	s->channel = o.channel;
	s->lifetime = o.lifetime;
	p = pend_find(c, UA_KEY_OPEN);
	report_open(c, p ? (const struct opening *)p->data : NULL, p ? &p->when : NULL, &o, policy,
	    &x, s);
	if (p)
		pend_done(c, p);
	return DIS_OK;
}

void
ua_channel_expire(struct dctx *c, struct pend *p)
{
	struct refusal none = { 0 };

	if (p->key == UA_KEY_HELLO)
		report_hello(c, (const struct hello *)p->data, &p->when, NULL, &none);
	else
		report_open(c, (const struct opening *)p->data, &p->when, NULL,
		    (struct text){ 0 }, &none, c->state);
}

void
ua_summary(struct dctx *c, const struct when *at, const char *service)
{
	struct ua_state *s = c->state;
	struct ev *e = ev_begin(c, "opcua", at, service ? c->side : 0);

	ev_cstr(e, "message", service ? "CLO" : "summary");
	ev_cstr(e, "service", service);
	ev_uint(e, "channel_id", s->channel);
	ev_word(e, "security_policy", ua_policies[s->policy].name);
	ev_cstr(e, "security_mode", ua_mode_name(s->mode));
	if (s->encrypted)
		ev_bool(e, "encrypted", true);
	ev_obj(e, "totals");
	ev_uint(e, "messages_toserver", s->messages[0]);
	ev_uint(e, "messages_toclient", s->messages[1]);
	ev_uint(e, "chunks_toserver", s->chunks[0]);
	ev_uint(e, "chunks_toclient", s->chunks[1]);
	ev_uint(e, "bytes_toserver", s->bytes[0]);
	ev_uint(e, "bytes_toclient", s->bytes[1]);
	ev_uint(e, "renewals", s->renewals);
	ev_uint(e, "aborted", s->aborts);
	ev_uint(e, "publish_requests", s->publishes);
	ev_uint(e, "keep_alives", s->keep_alives);
	ev_end(e);
	e->ot.op = service ? OT_CONNECT : OT_OTHER;
	e->ot.service = text_c(service);
	ev_emit(e);
	s->summed = true;
}
