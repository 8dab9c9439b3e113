/* socks.c: SOCKS 4, 4a and 5 (RFC 1928, RFC 1929): who goes through which proxy to
 * where. What is inside the tunnel is found out as a flow of its own would be.
 *
 *      5 | n | methods            5 | method               version 5: how to authenticate
 *      1 | n, user | n, password  1 | status               if asked for
 *      5 | 1 | 0 | address, port  5 | reply | 0 | address, port
 *
 *      4 | 1 | port 2 | address 4 | user, NUL | [name, NUL]        0 | reply | port, address
 *
 * User names and passwords are never written. */
#include "proto/proto.h"

enum want { HELLO, METHOD, AUTH, AUTH_ANSWER, REQUEST, REPLY, TUNNEL };
enum { HOST = 128, NO_METHOD = 0xff };

struct socks_state {
	uint8_t version, want, method, command;
	bool user;
	uint16_t port;
	struct when at;
	uint8_t n;
	char host[HOST];
};
_Static_assert(sizeof(struct socks_state) <= PROTO_STATE_MAX, "state fits its slot");

static const struct tok methods[] = {
	{ 0, "none" }, { 1, "gssapi" }, { 2, "password" }, { 3, "chap" }, { 0xff, "refused" },
	{ 0, NULL },
};
static const struct tok commands[] = {
	{ 1, "connect" }, { 2, "bind" }, { 3, "udp-associate" }, { 0, NULL },
};
static const struct tok replies[] = {
	{ 0, "ok" }, { 1, "general_failure" }, { 2, "not_allowed" }, { 3, "network_unreachable" },
	{ 4, "host_unreachable" }, { 5, "connection_refused" }, { 6, "ttl_expired" },
	{ 7, "command_not_supported" }, { 8, "address_type_not_supported" }, { 90, "ok" },
	{ 91, "rejected" }, { 92, "no_identd" }, { 93, "identd_differs" }, { 0, NULL },
};

/* Bytes of SOCKS 5's address, type and port included; 0: more are needed. */
static int
address_length(const struct rd *r, uint32_t at)
{
	int type = rd_peek8(r, at), n;

	if (type == 1)
		return 7;
	if (type == 4)
		return 19;
	if (type == 3) {
		n = rd_peek8(r, at + 1);
		return n < 0 ? 0 : n + 4;
	}
	return type < 0 ? 0 : -1;
}

/* The NUL from the cursor plus at on; 0: not there yet. */
static uint32_t
zero_at(const struct rd *r, uint32_t at)
{
	int ch;

	while ((ch = rd_peek8(r, at)) > 0 && at < 600)
		at++;
	return ch ? 0 : at;
}

static ssize_t
v4_length(const struct rd *r)
{
	uint32_t user = zero_at(r, 8), name;

	if (!user)
		return rd_have(r) > 512 ? -1 : 0;
	/* 0.0.0.x: a name follows */
	if (rd_peek16(r, 4) || rd_peek8(r, 6) || !rd_peek8(r, 7))
		return (ssize_t)user + 1;
	name = zero_at(r, user + 1);
	return name ? (ssize_t)name + 1 : rd_have(r) > 600 ? -1 : 0;
}

static ssize_t
socks_frame(const struct dctx *c, const struct rd *r)
{
	const struct socks_state *s = c->state;
	int n, m;

	if (c->side == 1) {
		if (s->version == 4)
			return 8;
		if (s->want != REPLY)
			return 2;
		n = address_length(r, 3);
		return n > 0 ? n + 3 : n;
	}
	if (s->want == HELLO && rd_peek8(r, 0) == 4)
		return v4_length(r);
	switch (s->want) {
	case HELLO:
		n = rd_peek8(r, 1);
		return n < 0 ? 0 : n + 2;
	case AUTH:
		n = rd_peek8(r, 1);
		m = n < 0 ? -1 : rd_peek8(r, (uint32_t)n + 2);
		return m < 0 ? 0 : n + m + 3;
	default:
		/* a client may be ahead of the proxy's answers */
		if (rd_peek8(r, 0) == 1) {
			n = rd_peek8(r, 1);
			m = n < 0 ? -1 : rd_peek8(r, (uint32_t)n + 2);
			return m < 0 ? 0 : n + m + 3;
		}
		n = address_length(r, 3);
		return n > 0 ? n + 3 : n;
	}
}

static void
put(struct dctx *c, const struct when *at, int reply)
{
	struct socks_state *s = c->state;
	const char *name = reply < 0 ? NULL : tok_find(replies, (uint32_t)reply);
	const char *command = tok_find(commands, s->command);
	struct text host = { s->host, s->n };
	struct ev *e = ev_begin(c, "socks", at, 0);

	ev_uint(e, "version", s->version);
	if (s->version == 5 && s->method != NO_METHOD)
		ev_cstr(e, "method", tok_find(methods, s->method));
	else if (s->version == 5 && s->want == METHOD)
		ev_cstr(e, "method", "refused");
	if (s->user)
		ev_bool(e, "user_name", true);
	ev_cstr(e, "command", command);
	ev_str(e, "host", host);
	if (s->command)
		ev_uint(e, "port", s->port);
	e->ot.op = OT_CONNECT;
	e->ot.service = text_c(command);
	if (host.n)
		e->ot.object = ev_text(e, memchr(host.p, ':', host.n) ? "[%.*s]:%u" : "%.*s:%u",
		    (int)host.n, host.p, s->port);
	if (reply >= 0) {
		ev_uint(e, "reply", (unsigned)reply);
		ev_answered(e, c, at);
		e->ot.result = name ? text_c(name) : ev_text(e, "%d", reply);
	} else if (s->command) {
		ev_unanswered(e, c);
	} else if (s->method == NO_METHOD) {
		e->ot.result = TEXT("refused");
	}
	ev_emit(e);
}

static void
take_address(struct socks_state *s, struct rd *r, int type)
{
	uint32_t n = type == 3 ? rd_u8(r) : type == 4 ? 16 : 4;
	const uint8_t *p = rd_bytes(r, n);
	struct addr a;

	s->n = 0;
	if (!p)
		return;
	if (type == 3) {
		s->n = (uint8_t)(n < HOST ? n : HOST);
		memcpy(s->host, p, s->n);
	} else {
		char t[ADDR_TEXT];

		a = type == 4 ? addr_v6(p) : addr_v4(p);
		s->n = (uint8_t)addr_put(t, &a);
		memcpy(s->host, t, s->n);
	}
}

static void
from_client(struct dctx *c, struct rd *r)
{
	struct socks_state *s = c->state;
	uint8_t first = rd_u8(r), n;
	uint32_t user, name;

	if (s->want == HELLO && first == 4) {
		s->version = 4;
		s->command = rd_u8(r);
		s->port = rd_be16(r);
		user = zero_at(r, 4);
		name = rd_peek16(r, 0) == 0 && rd_peek8(r, 2) == 0 && rd_peek8(r, 3) > 0 ?
		    zero_at(r, user + 1) : 0;
		if (user > 4) {
			s->user = true;
			proto_credential(c, CRED_USER_NAME, CRED_CLEAR, false);
		}
		if (name) {
			rd_skip(r, user + 1);
			s->n = (uint8_t)(name - user - 1 < HOST ? name - user - 1 : HOST);
			memcpy(s->host, rd_bytes(r, s->n), s->n);
		} else {
			take_address(s, r, 1);
		}
		s->at = c->when;
		s->want = REPLY;
	} else if (s->want == HELLO) {
		s->version = 5;
		s->method = NO_METHOD;
		s->want = METHOD;
		s->at = c->when;
	} else if (first == 1 && rd_left(r) > 2) {
		n = rd_u8(r);
		s->user = n > 0;
		rd_skip(r, n);
		if (rd_u8(r))
			proto_credential(c, CRED_PASSWORD, CRED_CLEAR, false);
		if (s->want == AUTH)
			s->want = AUTH_ANSWER;
	} else {
		s->version = 5;
		s->command = rd_u8(r);
		rd_skip(r, 1);
		take_address(s, r, rd_u8(r));
		s->port = rd_be16(r);
		s->at = c->when;
		s->want = REPLY;
	}
	rd_skip(r, rd_have(r));
}

static enum verdict
from_proxy(struct dctx *c, struct rd *r)
{
	struct socks_state *s = c->state;
	uint8_t code;

	rd_skip(r, 1);
	code = rd_u8(r);
	rd_skip(r, rd_have(r));
	switch (s->want) {
	case METHOD:
		s->method = code;
		if (code == 0 || code == 2) {
			s->want = code == 2 ? AUTH : REQUEST;
			return DIS_OK;
		}
		/* refused; or GSSAPI, after which it is not ours to read */
		put(c, &s->at, -1);
		return DIS_LEAVE;
	case AUTH: case AUTH_ANSWER:
		s->want = REQUEST;
		return DIS_OK;
	case REPLY:
		s->want = TUNNEL;
		put(c, &s->at, code);
		return s->command == 1 && (code == 0 || code == 90) ? DIS_NEXT : DIS_LEAVE;
	}
	return DIS_LEAVE;
}

static enum verdict
socks_dissect(struct dctx *c, struct rd *r)
{
	if (c->cut)
		return DIS_LEAVE;
	if (c->side == 1)
		return from_proxy(c, r);
	from_client(c, r);
	return DIS_OK;
}

static void
socks_end(struct dctx *c, bool gap)
{
	struct socks_state *s = c->state;

	if (!gap && s && s->want == REPLY && s->command)
		put(c, &s->at, -1);
}

/* The client's first message exactly, and the proxy's, which agrees. */
static enum probe
socks_probe(struct probe_in *in)
{
	const struct rd *q = &in->side[0], *a = &in->side[1];
	int v = rd_peek8(q, 0), n = rd_peek8(q, 1), answer;
	ssize_t len;

	if (!in->tcp || (v >= 0 && v != 4 && v != 5))
		return PROBE_NO;
	if (v < 0)
		return rd_have(a) ? PROBE_NO : PROBE_MORE;
	if (n < 0)
		return PROBE_MORE;
	if (v == 4) {
		len = n == 1 || n == 2 ? v4_length(q) : -1;
		if (len < 0 || (len > 0 && (size_t)len != rd_left(q)))
			return PROBE_NO;
		if (!len || rd_have(a) < 2)
			return PROBE_MORE;
		answer = rd_peek8(a, 1);
		return rd_peek8(a, 0) == 0 && answer >= 90 && answer <= 93 && rd_left(a) == 8 ?
		    PROBE_YES : PROBE_NO;
	}
	if (!n || n > 16 || rd_left(q) > (uint32_t)n + 2)
		return PROBE_NO;
	for (uint32_t i = 0; i < (uint32_t)n; i++) {
		int m = rd_peek8(q, i + 2);
		if (m > 9 && m < 0x80)
			return PROBE_NO;
	}
	if (rd_have(q) < (uint32_t)n + 2 || rd_have(a) < 2)
		return PROBE_MORE;
	answer = rd_peek8(a, 1);
	if (rd_peek8(a, 0) != 5 || rd_left(a) != 2)
		return PROBE_NO;
	/* one of those that were offered */
	for (uint32_t i = 0; i < (uint32_t)n; i++)
		if (rd_peek8(q, i + 2) == answer)
			return PROBE_YES;
	return answer == 0xff ? PROBE_YES : PROBE_NO;
}

static const struct hint hints[] = { { HINT_TCP, 1080 }, { HINT_END, 0 } };

static const struct field fields[] = {
	{ "socks.version", "integer", "4 or 5" },
	{ "socks.method", "string", "how the client authenticates: none, password, gssapi" },
	{ "socks.user_name", "boolean", "a user name was sent; it is never written" },
	{ "socks.command", "string", "connect, bind or udp-associate" },
	{ "socks.host", "string", "where to" },
	{ "socks.port", "integer", "port there" },
	{ "socks.reply", "integer", "the proxy's answer" },
	{ NULL },
};

const struct dissector socks_dissector = {
	.name = "socks",
	.title = "SOCKS 4 and 5",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct socks_state),
	.probe = socks_probe,
	.frame = socks_frame,
	.dissect = socks_dissect,
	.end = socks_end,
};
