/* opcua_session.c: OPC UA discovery and sessions (OPC 10000-4, 5.5 and 5.7), and
 * what applications say of themselves in them.
 *
 * User names, passwords and the session's authentication token are never
 * written; a user's certificate neither. */
#include "proto/opcua.h"

#include "base/ascii.h"

/* 7.2 ApplicationDescription; urls is at the array's count. */
struct app {
	struct text uri, product, name;
	uint32_t type;
	struct rd urls;
};

static void
take_app(struct rd *r, struct app *a)
{
	a->uri = ua_string(r);
	a->product = ua_string(r);
	a->name = ua_ltext(r);
	a->type = rd_le32(r);
	ua_string(r);
	ua_string(r);
	a->urls = *r;
	ua_skip(r, UA_STRING, ua_count(r));
}

bool
ua_host_like(struct text t)
{
	bool letter = false;

	for (uint32_t i = 0; i < t.n; i++) {
		char c = t.p[i];
		if (ascii_letter(c))
			letter = true;
		else if (!(ascii_digit(c) || c == '-' || c == '.' || c == '_'))
			return false;
	}
	return letter && !text_is(t, "localhost");
}

/* "opc.tcp://host:4840/path": true when the host is named; ip.v when numbered. */
bool
ua_host_of(struct text url, struct text *host, struct addr *ip)
{
	uint32_t at = 0, end;

	memset(ip, 0, sizeof(*ip));
	*host = (struct text){ 0 };
	while (at + 3 <= url.n && memcmp(url.p + at, "://", 3) != 0)
		at++;
	if (at + 3 > url.n)
		return false;
	at += 3;
	if (at < url.n && url.p[at] == '[') {
		for (end = ++at; end < url.n && url.p[end] != ']'; end++)
			;
	} else {
		for (end = at; end < url.n && url.p[end] != ':' && url.p[end] != '/'; end++)
			;
	}
	if (addr_parse(ip, url.p + at, end - at))
		return false;
	memset(ip, 0, sizeof(*ip));
	*host = (struct text){ url.p + at, end - at };
	return ua_host_like(*host);
}

/* The next part of a URI between colons. */
static struct text
uri_part(struct text *uri)
{
	const char *colon = uri->n ? memchr(uri->p, ':', uri->n) : NULL;
	uint32_t n = colon ? (uint32_t)(colon - uri->p) : uri->n;
	struct text part = { uri->p, n };

	n += colon != NULL;
	uri->p += n;
	uri->n -= n;
	return part;
}

static bool
begins(struct text t, const char *s)
{
	size_t n = strlen(s);

	return t.n >= n && memcmp(t.p, s, n) == 0;
}

/* Who made it, by the product's URI: "urn:Maker:Product", "http://www.maker.com/...".
 * A name of a host with one dot tells; what standards bodies and examples
 * put there does not. */
static struct text
maker_of(struct text uri)
{
	struct text host, t;
	struct addr ip;
	uint32_t at, end;

	if (begins(uri, "urn:")) {
		uri.p += 4;
		uri.n -= 4;
		t = uri_part(&uri);
		return uri.n && ua_host_like(t) && !memchr(t.p, '.', t.n) &&
		    !text_is(t, "unconfigured") ? t : (struct text){ 0 };
	}
	if (!begins(uri, "http") || !ua_host_of(uri, &host, &ip))
		return (struct text){ 0 };
	for (end = host.n; end && host.p[end - 1] != '.'; end--)
		;
	if (end < 2)
		return (struct text){ 0 };
	for (at = --end; at && host.p[at - 1] != '.'; at--)
		;
	t = (struct text){ host.p + at, end - at };
	return t.n < 2 || text_is(t, "opcfoundation") || text_is(t, "example") ||
	    text_is(t, "github") ? (struct text){ 0 } : t;
}

/* Where an application runs, by its URI: "urn:host:maker:product". */
static struct text
host_of_app(struct text uri)
{
	struct text t;

	if (!begins(uri, "urn:"))
		return (struct text){ 0 };
	uri.p += 4;
	uri.n -= 4;
	t = uri_part(&uri);
	uri_part(&uri);
	return uri.n && ua_host_like(t) ? t : (struct text){ 0 };
}

/* "Product@host" is how SDKs call a certificate's subject; the host is told by itself. */
struct text
ua_product(struct text name)
{
	const char *at = name.n ? memchr(name.p, '@', name.n) : NULL;

	if (at && at > name.p)
		name.n = (size_t)(at - name.p);
	return name;
}

static void
identity_app(struct ident *i, const struct app *a)
{
	struct rd r = a->urls;
	uint32_t n = ua_count(&r);
	struct text host;
	struct addr ip;

	i->product = ua_product(a->name);
	i->vendor = maker_of(a->product);
	i->hostname = host_of_app(a->uri);
	while (n-- && !i->hostname.n && rd_left(&r))
		if (ua_host_of(ua_string(&r), &host, &ip))
			i->hostname = host;
}

static void
put_urls(struct ev *e, struct rd r)
{
	uint32_t n = ua_count(&r);

	if (!n)
		return;
	ev_arr(e, "discovery_urls");
	for (uint32_t i = 0; i < n && i < LIM_ANNOUNCED && rd_left(&r); i++)
		ev_a_str(e, ua_string(&r));
	ev_end(e);
}

static void
put_app(struct ev *e, const struct app *a)
{
	ev_str(e, "application_uri", a->uri);
	ev_str(e, "product_uri", a->product);
	ev_str(e, "application_name", a->name);
	ev_cstr(e, "application_type", tok_find(ua_app_types, a->type));
	put_urls(e, a->urls);
}

/* 7.9 EndpointDescription, up to its certificate. */
static void
take_endpoint(struct rd *r, struct text *url, struct app *a, struct rd *cert)
{
	*url = ua_string(r);
	take_app(r, a);
	*cert = ua_bytes(r);
}

static void
put_user_tokens(struct ev *e, struct rd *r)
{
	uint32_t n = ua_count(r);
	unsigned seen = 0;

	ev_arr(e, "user_tokens");
	while (n-- && rd_left(r)) {
		uint32_t type;
		ua_string(r);
		type = rd_le32(r);
		ua_string(r);
		ua_string(r);
		ua_string(r);
		if (type < 4 && !(seen >> type & 1) && rd_ok(r)) {
			seen |= 1u << type;
			ev_a_str(e, text_c(tok_find(ua_user_tokens, type)));
		}
	}
	ev_end(e);
}

/* An array of endpoints; the server they are of, and its certificate, come first:
 * all of them say the same. */
static void
put_endpoints(struct ua_talk *t, struct rd *r, bool certificate)
{
	struct ev *e = t->e;
	uint32_t n = ua_count(r), mode;
	struct rd first = *r, cert;
	struct text url, policy;
	struct app a = { 0 };

	if (!n)
		return;
	take_endpoint(&first, &url, &a, &cert);
	if (!rd_bad(&first)) {
		ev_obj(e, "server");
		put_app(e, &a);
		ev_end(e);
		identity_app(ev_identity(e, "opcua.application", EV_DEST), &a);
		if (certificate)
			ua_certificate(e, cert, EV_DEST);
	}
	ev_arr(e, "endpoints");
	for (; n && rd_left(r); n--) {
		bool mute = ua_full(t);
		struct jw_mark m = jw_mark(e->w);

		take_endpoint(r, &url, &a, &cert);
		mode = rd_le32(r);
		ua_policy_find(ua_string(r), &policy);
		ev_a_obj(e);
		ev_str(e, "endpoint_url", url);
		ev_cstr(e, "security_mode", ua_mode_name(mode));
		ev_str(e, "security_policy", policy);
		put_user_tokens(e, r);
		ua_string(r);
		ev_uint(e, "security_level", rd_u8(r));
		ev_end(e);
		if (mute || !rd_ok(r))
			jw_rewind(e->w, m);
		t->items++;
	}
	ev_end(e);
	e->ot.has_count = true;
	e->ot.count = t->items;
}

void
ua_put_get_endpoints(struct ua_talk *t)
{
	struct ev *e = ua_begin(t);

	if (t->has_q) {
		struct text url = ua_string(&t->q);
		ev_str(e, "endpoint_url", url);
		ua_object_text(t, url);
		ua_skip(&t->q, UA_STRING, ua_count(&t->q));
		ua_skip(&t->q, UA_STRING, ua_count(&t->q));
	}
	if (t->has_a && !t->fault)
		put_endpoints(t, &t->a, true);
	ua_emit(t);
}

/* A server list of one is the server asked; otherwise who is meant shows by the
 * address in a URL, and the discovery server names itself. */
static void
identity_listed(struct ev *e, const struct app *a, bool only)
{
	struct rd r = a->urls;
	uint32_t n = ua_count(&r);
	struct text host;
	struct addr ip = { 0 };

	if (only || a->type == 3) {
		identity_app(ev_identity(e, "opcua.application", EV_DEST), a);
		return;
	}
	while (n-- && rd_left(&r) && !ip.v)
		ua_host_of(ua_string(&r), &host, &ip);
	if (ip.v) {
		struct ident *i = ev_identity(e, "opcua.application", EV_OTHER);
		i->ip = ip;
		identity_app(i, a);
	}
}

void
ua_put_find_servers(struct ua_talk *t)
{
	struct ev *e = ua_begin(t);
	struct app a = { 0 };
	uint32_t n;

	if (t->has_q) {
		struct text url = ua_string(&t->q);
		ev_str(e, "endpoint_url", url);
		ua_object_text(t, url);
		ua_skip(&t->q, UA_STRING, ua_count(&t->q));
		ua_skip(&t->q, UA_STRING, ua_count(&t->q));
	}
	n = t->has_a && !t->fault ? ua_count(&t->a) : 0;
	if (n) {
		bool only = n == 1;
		ev_arr(e, "servers");
		for (; n && rd_left(&t->a); n--, t->items++) {
			take_app(&t->a, &a);
			if (ua_full(t) || !rd_ok(&t->a))
				continue;
			ev_a_obj(e);
			put_app(e, &a);
			ev_end(e);
			identity_listed(e, &a, only);
		}
		ev_end(e);
		e->ot.has_count = true;
		e->ot.count = t->items;
	}
	ua_emit(t);
}

void
ua_put_on_network(struct ua_talk *t)
{
	struct ev *e = ua_begin(t);
	uint32_t n;

	if (t->has_q) {
		rd_skip(&t->q, 8);
		ua_skip(&t->q, UA_STRING, ua_count(&t->q));
	}
	if (t->has_a && !t->fault) {
		rd_skip(&t->a, 8);
		n = ua_count(&t->a);
		ev_arr(e, "servers");
		for (; n && rd_left(&t->a); n--, t->items++) {
			struct text name, url, host;
			struct addr ip;

			rd_skip(&t->a, 4);
			name = ua_string(&t->a);
			url = ua_string(&t->a);
			ua_skip(&t->a, UA_STRING, ua_count(&t->a));
			if (ua_full(t) || !rd_ok(&t->a))
				continue;
			ev_a_obj(e);
			ev_str(e, "application_name", name);
			ev_str(e, "endpoint_url", url);
			ev_end(e);
			if (!ua_host_of(url, &host, &ip) && ip.v) {
				struct ident *i = ev_identity(e, "opcua.server_on_network",
				    EV_OTHER);
				i->ip = ip;
				i->product = ua_product(name);
			}
		}
		ev_end(e);
		e->ot.has_count = true;
		e->ot.count = t->items;
	}
	ua_emit(t);
}

/* 7.32 RegisteredServer: a server makes itself known to a discovery server. */
void
ua_put_register(struct ua_talk *t)
{
	struct ev *e = ua_begin(t);
	struct rd *q = &t->q;

	if (t->has_q) {
		struct app a = { .uri = ua_string(q) };
		uint32_t n;

		a.product = ua_string(q);
		n = ua_count(q);
		for (uint32_t i = 0; i < n && rd_left(q); i++) {
			struct text name = ua_ltext(q);
			if (!a.name.n)
				a.name = name;
		}
		a.type = rd_le32(q);
		ua_string(q);
		a.urls = *q;
		ua_skip(q, UA_STRING, ua_count(q));
		ua_string(q);
		ev_obj(e, "server");
		put_app(e, &a);
		ev_bool(e, "online", rd_u8(q) != 0);
		ev_end(e);
		identity_app(ev_identity(e, "opcua.register", EV_SRC), &a);
		ua_object_text(t, a.uri);
	}
	ua_emit(t);
}

void
ua_put_create_session(struct ua_talk *t)
{
	struct ev *e = ua_begin(t);
	struct rd *q = &t->q, *a = &t->a, cert;
	struct app client = { 0 };
	struct ua_node id;

	if (t->has_q) {
		struct text url;
		double timeout;

		take_app(q, &client);
		ev_obj(e, "client");
		put_app(e, &client);
		ev_end(e);
		if (rd_ok(q))
			identity_app(ev_identity(e, "opcua.client", EV_SRC), &client);
		ua_string(q);
		url = ua_string(q);
		ev_str(e, "endpoint_url", url);
		ua_object_text(t, url);
		ev_str(e, "session_name", ua_string(q));
		ua_bytes(q);
		cert = ua_bytes(q);
		ua_certificate(e, cert, EV_SRC);
		timeout = rd_le_f64(q);
		if (rd_ok(q))
			ev_real(e, "requested_timeout", timeout);
		rd_skip(q, 4);
	}
	if (t->has_a && !t->fault) {
		ua_nodeid(a, &id);
		if (rd_ok(a))
			ua_put_node(e, JW_K("session_id"), &id);
		ua_nodeid(a, &id);              /* the authentication token: a secret */
		if (rd_left(a) >= 8)
			ev_real(e, "timeout", rd_le_f64(a));
		ua_bytes(a);
		cert = ua_bytes(a);
		ua_certificate(e, cert, EV_DEST);
		put_endpoints(t, a, rd_left(&cert) == 0);
		e->ot.has_count = false;
	}
	ua_emit(t);
}

/* 7.40: the user's token; of a name and password only that they were there. */
static void
put_identity_token(struct ev *e, struct rd *r)
{
	struct ua_node type;
	struct rd b, secret;
	struct text name, algorithm;
	uint32_t id = ua_ext(r, &type, &b);

	switch (id) {
	case 321:
		ev_word(e, "token_type", TEXT("anonymous"));
		ev_str(e, "token_policy", ua_string(&b));
		break;
	case 324:
		ev_word(e, "token_type", TEXT("user_name"));
		ev_str(e, "token_policy", ua_string(&b));
		name = ua_string(&b);
		secret = ua_bytes(&b);
		algorithm = ua_string(&b);
		if (!rd_ok(&b))
			break;
		ev_bool(e, "user_name", name.n > 0);
		ev_bool(e, "password", rd_left(&secret) > 0);
		if (rd_left(&secret))
			ev_bool(e, "password_encrypted", algorithm.n > 0);
		if (rd_left(&secret) && !algorithm.n)
			ev_credential(e, CRED_PASSWORD, CRED_CLEAR);
		break;
	case 327:
		ev_word(e, "token_type", TEXT("certificate"));
		ev_str(e, "token_policy", ua_string(&b));
		break;
	case 940:
		ev_word(e, "token_type", TEXT("issued_token"));
		ev_str(e, "token_policy", ua_string(&b));
		secret = ua_bytes(&b);
		algorithm = ua_string(&b);
		if (rd_ok(&b) && rd_left(&secret) && !algorithm.n)
			ev_credential(e, CRED_TOKEN, CRED_CLEAR);
		break;
	default:
		if (rd_ok(r) && type.kind == 'i' && !type.num)
			ev_word(e, "token_type", TEXT("anonymous"));    /* 5.7.3.2: null */
	}
}

void
ua_put_activate_session(struct ua_talk *t)
{
	struct ev *e = ua_begin(t);
	struct rd *q = &t->q;
	uint32_t n;

	if (t->has_q) {
		ua_string(q);
		ua_bytes(q);
		n = ua_count(q);
		while (n-- && rd_left(q)) {
			ua_bytes(q);
			ua_bytes(q);
		}
		ua_skip(q, UA_STRING, ua_count(q));
		put_identity_token(e, q);
	}
	ua_emit(t);
}

void
ua_put_close_session(struct ua_talk *t)
{
	struct ev *e = ua_begin(t);
	uint8_t all;

	if (t->has_q) {
		all = rd_u8(&t->q);
		if (rd_ok(&t->q))
			ev_bool(e, "delete_subscriptions", all != 0);
	}
	ua_emit(t);
}

void
ua_put_plain(struct ua_talk *t)
{
	struct ev *e = ua_begin(t);

	if (t->fault && !t->has_q) {
		e->ot.op = OT_ERROR;
		if (!t->aborted)
			e->ot.service = TEXT("ServiceFault");
	}
	ua_emit(t);
}
