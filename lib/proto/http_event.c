/* http_event.c: an exchange of HTTP as an event: EVE's names, who the two sides say
 * they are, and what the method or SOAP's action does. */
#include "proto/http.h"
#include "proto/proto.h"
#include "proto/told.h"

_Static_assert(sizeof(struct http_waiting) <= PEND_DATA, "a waiting request fits its slot");

static const uint8_t room[W_N] = { 16, 64, HTTP_PATH, 220, 40, 32 };

struct text
http_waited(const struct http_waiting *w, int k)
{
	uint32_t at = 0;

	for (int i = 0; i < k; i++)
		at += w->n[i];
	return (struct text){ w->b + at, w->n[k] };
}

void
http_wait(struct http_waiting *w, int k, struct text t)
{
	uint32_t at = 0, n = t.n < room[k] ? t.n : room[k], left = HTTP_WAIT_TEXT;

	for (int i = 0; i < k; i++)
		at += w->n[i];
	for (int i = k + 1; i < W_N; i++)       /* the long ones leave room for the others */
		left -= i >= W_TYPE ? room[i] : 0;
	if (n > left - at)
		n = left - at;
	w->n[k] = (uint8_t)n;
	if (n)
		memcpy(w->b + at, t.p, n);
}

static bool
is(struct text t, const char *s)
{
	return t.n == strlen(s) && memcmp(t.p, s, t.n) == 0;
}

static enum ot_op
action_op(struct text a)
{
	static const struct { const char *begin; enum ot_op op; } by_name[] = {
		{ "GetDeviceInformation", OT_IDENTIFY }, { "GetDeviceIdentification", OT_IDENTIFY },
		{ "Get-Printer-Attributes", OT_IDENTIFY }, { "Get", OT_READ },
		{ "Probe", OT_READ }, { "CUPS-Get", OT_READ }, { "Browse", OT_READ },
		{ "Subscribe", OT_SUBSCRIBE }, { "Set", OT_CONFIGURE }, { "Add", OT_CONFIGURE },
		{ "Create", OT_CONFIGURE }, { "Delete", OT_CONFIGURE }, { "Remove", OT_CONFIGURE },
		{ "CUPS-", OT_CONFIGURE }, { "Modify", OT_CONFIGURE }, { "Upgrade", OT_PROGRAM },
		{ "StartFirmware", OT_PROGRAM },
	};

	for (size_t i = 0; i < sizeof(by_name) / sizeof(by_name[0]); i++)
		if (text_begins(a, by_name[i].begin))
			return by_name[i].op;
	return OT_COMMAND;
}

static enum ot_op
op_of(struct text method, struct text action)
{
	if (is(method, "GET") || is(method, "HEAD") || is(method, "OPTIONS") ||
	    is(method, "PROPFIND"))
		return OT_READ;
	if (is(method, "CONNECT"))
		return OT_CONNECT;
	if (is(method, "SUBSCRIBE") || is(method, "UNSUBSCRIBE"))
		return OT_SUBSCRIBE;
	if (is(method, "NOTIFY"))
		return OT_REPORT;
	if (action.n && is(method, "POST"))
		return action_op(action);
	return is(method, "TRACE") ? OT_OTHER : OT_WRITE;
}

/* "Digest realm=..." names its scheme; the realm is free text. */
static const char *
scheme_name(struct text t)
{
	static const char *const names[] = { "Basic", "Digest", "Bearer", "NTLM", "Negotiate" };
	struct text w = headers_word(&t);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (w.n == strlen(names[i]) && text_begins(w, names[i]))
			return names[i];
	return w.n ? "other" : NULL;
}

/* The first of a list of words. */
static struct text
first_of(struct text t)
{
	for (uint32_t i = 0; i < t.n; i++)
		if (t.p[i] == ',' || t.p[i] == ' ')
			t.n = i;
	return t;
}

static void
put_request(struct ev *e, const struct http_waiting *q)
{
	const char *ipp = q->ipp ? ipp_operation(q->ipp) : NULL;
	struct text method = http_waited(q, W_METHOD), path = http_waited(q, W_PATH),
	    action = ipp ? text_c(ipp) : http_waited(q, W_ACTION);

	ev_str(e, "hostname", http_waited(q, W_HOST));
	ev_str(e, "url", path);
	if (q->params)
		ev_uint(e, "parameters", q->params);
	ev_str(e, "http_user_agent", http_waited(q, W_AGENT));
	ev_str(e, "http_method", method);
	ev_word(e, "protocol", q->minor ? TEXT("HTTP/1.1") : TEXT("HTTP/1.0"));
	ev_str(e, "request_content_type", http_waited(q, W_TYPE));
	if (q->has_length)
		ev_uint(e, "request_length", q->length);
	if (q->ipp)
		ev_uint(e, "ipp_operation", q->ipp);
	ev_str(e, "action", action);
	ev_cstr(e, "authorization", q->auth);
	e->ot.op = op_of(method, action);
	e->ot.service = method;
	if (action.n)
		e->ot.service = ev_text(e, "%.*s %.*s", (int)method.n, method.p, (int)action.n,
		    action.p);
	e->ot.object = path;
}

static void
put_response(struct ev *e, const struct http_head *a, bool counted, uint64_t length)
{
	const char *name = http_status_name(a->status);
	bool secret;

	if (a->status)
		ev_uint(e, "status", a->status);
	ev_str(e, "http_content_type", a->type);
	if (counted)
		ev_uint(e, "length", length);
	if (a->location.n && a->location.p[0] != '/')
		ev_str(e, "redirect", url_host(a->location, &secret));
	if (a->server.n)
		ev_str(e, "server", ((struct text){ a->server.p, a->server.n < 128 ?
		    a->server.n : 128 }));
	ev_cstr(e, "authenticate", a->offers.n ? scheme_name(a->offers) : NULL);
	if (a->status == 101) {
		e->ot.op = OT_CONNECT;
		ev_str(e, "upgrade", first_of(a->upgrade));
		ev_str(e, "subprotocol", first_of(a->subprotocol));
	}
	if (a->status >= 400)
		e->ot.result = name ? text_c(name) : ev_text(e, "%u", a->status);
}

void
http_exchange(struct dctx *c, const struct http_waiting *q, const struct when *at,
    const struct http_head *a, bool counted, uint64_t length, struct text doc)
{
	uint64_t h = HASH_BEGIN;
	struct text agent = q ? http_waited(q, W_AGENT) : (struct text){ 0 };
	bool tell_server = a && a->server.n && !told_before(c, told_text(h + 1, a->server),
	    c->side == 0), named = false;
	struct ev *e;

	/* documents are asked for again and again */
	if (doc.n && told_before(c, told_text(h + 2, doc), c->side == 0) &&
	    !text_is(a->type, "application/ipp"))
		doc.n = 0;
	e = ev_begin(c, "http", at, 0);
	if (q)
		put_request(e, q);
	else if (a)
		ev_word(e, "protocol", a->minor ? TEXT("HTTP/1.1") : TEXT("HTTP/1.0"));
	if (a && q)
		ev_answered(e, c, at);
	else if (a)
		e->ot.result = TEXT("ok");
	else
		ev_unanswered(e, c);
	if (a)
		put_response(e, a, counted, length);
	if (!q)
		e->ot.op = OT_OTHER;
	if (q && q->tell_agent)
		headers_identify(e, "http.user-agent", EV_SRC, agent_identity, agent);
	if (doc.n)
		named = http_doc_response(e, a->type, doc);
	if (named)
		e->ot.op = OT_IDENTIFY;
	if (tell_server)
		headers_identify(e, "http.server", EV_DEST, server_identity, a->server);
	ev_emit(e);
}
