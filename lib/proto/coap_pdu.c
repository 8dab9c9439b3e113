/* coap_pdu.c: CoAP messages: header, token, options. Pure. And its names. */
#include "proto/coap.h"

enum { O_URI_HOST = 3, O_OBSERVE = 6, O_URI_PORT = 7, O_OSCORE = 9, O_URI_PATH = 11,
       O_FORMAT = 12, O_MAX_AGE = 14, O_URI_QUERY = 15, O_ACCEPT = 17, O_BLOCK2 = 23,
       O_BLOCK1 = 27, O_PROXY_URI = 35, O_PROXY_SCHEME = 39 };

static const struct tok methods[] = {
	{ 1, "GET" }, { 2, "POST" }, { 3, "PUT" }, { 4, "DELETE" }, { 5, "FETCH" }, { 6, "PATCH" },
	{ 7, "iPATCH" },
	{ 0, NULL }
};

/* class << 5 | detail */
#define C(c, d) ((c) << 5 | (d))
static const struct tok codes[] = {
	{ C(2, 1), "Created" }, { C(2, 2), "Deleted" }, { C(2, 3), "Valid" },
	{ C(2, 4), "Changed" }, { C(2, 5), "Content" }, { C(2, 31), "Continue" },
	{ C(4, 0), "Bad Request" }, { C(4, 1), "Unauthorized" }, { C(4, 2), "Bad Option" },
	{ C(4, 3), "Forbidden" }, { C(4, 4), "Not Found" }, { C(4, 5), "Method Not Allowed" },
	{ C(4, 6), "Not Acceptable" }, { C(4, 8), "Request Entity Incomplete" },
	{ C(4, 9), "Conflict" }, { C(4, 12), "Precondition Failed" },
	{ C(4, 13), "Request Entity Too Large" }, { C(4, 15), "Unsupported Content-Format" },
	{ C(4, 22), "Unprocessable Entity" }, { C(4, 29), "Too Many Requests" },
	{ C(5, 0), "Internal Server Error" }, { C(5, 1), "Not Implemented" },
	{ C(5, 2), "Bad Gateway" }, { C(5, 3), "Service Unavailable" },
	{ C(5, 4), "Gateway Timeout" }, { C(5, 5), "Proxying Not Supported" },
	{ C(5, 8), "Hop Limit Reached" },
	{ 0, NULL }
};

static const struct tok formats[] = {
	{ 0, "text/plain" }, { 40, "application/link-format" }, { 41, "application/xml" },
	{ 42, "application/octet-stream" }, { 47, "application/exi" }, { 50, "application/json" },
	{ 60, "application/cbor" }, { 61, "application/cwt" }, { 110, "application/senml+json" },
	{ 112, "application/senml+cbor" }, { 1542, "application/vnd.oma.lwm2m+tlv" },
	{ 1543, "application/vnd.oma.lwm2m+json" }, { 10000, "application/vnd.ocf+cbor" },
	{ 11542, "application/vnd.oma.lwm2m+tlv" }, { 11543, "application/vnd.oma.lwm2m+json" },
	{ 0, NULL }
};

const char *coap_method(uint8_t code) { return tok_find(methods, code); }
const char *coap_code_name(uint8_t code) { return tok_find(codes, code); }
const char *coap_format(uint16_t format) { return tok_find(formats, format); }

struct text
coap_result(struct ev *e, uint8_t code)
{
	const char *s = coap_code_name(code);
	uint32_t n = s ? (uint32_t)strlen(s) : 0;
	char *d;

	if (code >> 5 == 2)
		return TEXT("ok");
	if (!s || !(d = ev_room(e, n)))
		return ev_text(e, "%u.%02u", code >> 5, code & 31);
	for (uint32_t i = 0; i < n; i++)
		d[i] = s[i] == ' ' || s[i] == '-' ? '_' : (char)(s[i] | 0x20);
	return (struct text){ d, n };
}

static uint32_t
option_uint(struct rd *v)
{
	uint32_t n = 0;

	while (rd_have(v))
		n = n << 8 | rd_u8(v);
	return n;
}

static void
append(char *d, uint8_t *n, uint32_t cap, char mark, struct rd *v)
{
	uint32_t m = rd_have(v);
	const uint8_t *p = rd_bytes(v, m);

	if (!p || *n + 1u >= cap)
		return;
	if (mark)
		d[(*n)++] = mark;
	if (m > cap - *n)
		m = cap - *n;
	memcpy(d + *n, p, m);
	*n = (uint8_t)(*n + m);
}

/* Whether the name before '=' is one that keeps a secret. */
static bool
secret(const uint8_t *p, uint32_t n)
{
	static const char *const words[] = { "pass", "pwd", "key", "token", "secret", "auth",
		"psk", "user" };

	for (size_t w = 0; w < sizeof(words) / sizeof(words[0]); w++) {
		uint32_t m = (uint32_t)strlen(words[w]);

		for (uint32_t i = 0; i + m <= n && p[i] != '='; i++) {
			uint32_t k = 0;
			while (k < m && (p[i + k] | 0x20) == (uint8_t)words[w][k])
				k++;
			if (k == m)
				return true;
		}
	}
	return false;
}

static void
take_query(struct rd *v, struct coap_pdu *p)
{
	const uint8_t *s = rd_at(v), *eq = memchr(s, '=', rd_have(v));
	struct rd name;

	if (!eq || !secret(s, rd_have(v))) {
		append(p->query, &p->nquery, COAP_QUERY, p->nquery ? '&' : 0, v);
		return;
	}
	name = rd_init(s, (uint32_t)(eq + 1 - s), (uint32_t)(eq + 1 - s));
	if ((s[0] | 0x20) != 'u')       /* "user" tells a name only */
		p->secret = true;
	else
		p->user = true;
	append(p->query, &p->nquery, COAP_QUERY, p->nquery ? '&' : 0, &name);
	if (p->nquery < COAP_QUERY)
		p->query[p->nquery++] = '*';
}

static void
take_option(uint32_t num, struct rd *v, struct coap_pdu *p)
{
	switch (num) {
	case O_URI_HOST:
		p->nhost = 0;
		append(p->host, &p->nhost, COAP_HOST, 0, v);
		break;
	case O_OBSERVE:
		p->observe = option_uint(v);
		p->has_observe = true;
		break;
	case O_URI_PORT:
		p->port = (uint16_t)option_uint(v);
		p->has_port = true;
		break;
	case O_OSCORE:
		p->oscore = true;
		break;
	case O_URI_PATH:
		append(p->path, &p->npath, COAP_PATH, '/', v);
		break;
	case O_FORMAT:
		p->format = (uint16_t)option_uint(v);
		p->has_format = true;
		break;
	case O_MAX_AGE:
		p->max_age = option_uint(v);
		p->has_max_age = true;
		break;
	case O_URI_QUERY:
		if (rd_have(v))
			take_query(v, p);
		break;
	case O_ACCEPT:
		p->accept = (uint16_t)option_uint(v);
		p->has_accept = true;
		break;
	case O_BLOCK1:
		p->block1 = option_uint(v);
		p->has_block1 = true;
		break;
	case O_BLOCK2:
		p->block2 = option_uint(v);
		p->has_block2 = true;
		break;
	case O_PROXY_URI: case O_PROXY_SCHEME:
		p->proxied = true;
		break;
	}
}

/* The long forms of an option's delta and length. */
static uint32_t
extended(struct rd *r, uint8_t nibble)
{
	return nibble == 13 ? 13u + rd_u8(r) : nibble == 14 ? 269u + rd_be16(r) : nibble;
}

static bool
fail(struct rd *r, const char **why, const char *what)
{
	if (rd_short(r))
		return true;
	*why = what;
	rd_set_bad(r);
	return false;
}

/* The token, the options, the payload: the same over datagrams and streams. */
static bool
take_rest(struct rd *r, struct coap_pdu *p, struct rd *payload, const char **why)
{
	const uint8_t *token;
	uint32_t num = 0;

	if (p->tkl > 8)
		return fail(r, why, "TOKEN_LENGTH");
	if (p->code >> 5 == 1 || p->code >> 5 == 6 || (p->code >> 5 == 7 && !p->stream))
		return fail(r, why, "CODE_RESERVED");
	if (p->code == 0 && !p->stream && (p->tkl || rd_left(r)))
		return fail(r, why, "EMPTY_MESSAGE_NOT_EMPTY");
	token = rd_bytes(r, p->tkl);
	if (!token) {
		p->code = p->tkl = 0;
		return fail(r, why, "TOKEN_LENGTH");
	}
	memcpy(p->token, token, p->tkl);
	while (rd_left(r)) {
		uint8_t b = rd_u8(r);
		uint32_t n;
		struct rd v;

		if (b == 0xff) {
			if (!rd_left(r))
				return fail(r, why, "PAYLOAD_EMPTY");
			p->length = rd_left(r);
			*payload = rd_rest(r);
			return true;
		}
		if (b >> 4 == 15 || (b & 15) == 15)
			return fail(r, why, "OPTION_INVALID");
		num += extended(r, b >> 4);
		n = extended(r, b & 15);
		v = rd_sub(r, n);
		if (rd_bad(r))
			return fail(r, why, "OPTION_LENGTH");
		if (!rd_ok(r))
			return true;
		if (p->code < COAP_CSM)         /* signals have options of their own */
			take_option(num, &v, p);
		else if (num != 2 && num != 4)
			p->odd = true;
	}
	return true;
}

bool
coap_decode(struct rd *r, struct coap_pdu *p, struct rd *payload, const char **why)
{
	uint8_t b = rd_u8(r);

	memset(p, 0, offsetof(struct coap_pdu, path));
	*payload = rd_init("", 0, 0);
	p->type = b >> 4 & 3;
	p->tkl = b & 15;
	p->code = rd_u8(r);
	p->id = rd_be16(r);
	if (!rd_ok(r)) {                /* nothing of it counts */
		p->code = p->tkl = 0;
		return fail(r, why, "HEADER_TRUNCATED");
	}
	if (b >> 6 != 1)
		return fail(r, why, "VERSION_UNKNOWN");
	return take_rest(r, p, payload, why);
}

/* Bytes of the length behind its nibble. */
static uint32_t
more_length(uint8_t b)
{
	return b >> 4 < 13 ? 0 : b >> 4 == 13 ? 1 : b >> 4 == 14 ? 2 : 4;
}

ssize_t
coap_stream_length(const struct rd *r)
{
	struct rd h = *r;
	uint8_t b = rd_u8(&h);
	uint32_t more = more_length(b);
	uint64_t n;

	if (!rd_ok(&h))
		return 0;
	if ((b & 15) > 8)
		return -1;
	switch (more) {
	case 0: n = b >> 4; break;
	case 1: n = 13u + rd_u8(&h); break;
	case 2: n = 269u + rd_be16(&h); break;
	default: n = UINT64_C(65805) + rd_be32(&h); break;
	}
	if (!rd_ok(&h))
		return 0;
	return (ssize_t)(2 + more + (b & 15) + n);
}

bool
coap_decode_stream(struct rd *r, struct coap_pdu *p, struct rd *payload, const char **why)
{
	uint8_t b = rd_u8(r);

	memset(p, 0, offsetof(struct coap_pdu, path));
	*payload = rd_init("", 0, 0);
	p->stream = true;
	p->tkl = b & 15;
	rd_skip(r, more_length(b));
	p->code = rd_u8(r);
	if (!rd_ok(r)) {
		p->code = p->tkl = 0;
		return fail(r, why, "HEADER_TRUNCATED");
	}
	return take_rest(r, p, payload, why);
}

const struct field coap_fields[] = {
	{ "coap.type", "string", "CON, NON, ACK or RST; over TCP none" },
	{ "coap.method", "string", "GET, POST, PUT, DELETE, FETCH, PATCH, iPATCH" },
	{ "coap.message_id", "integer", "message id of the request, or of what came alone" },
	{ "coap.token", "string", "token in hex: ties an answer to its request" },
	{ "coap.host", "string", "Uri-Host" },
	{ "coap.port", "integer", "Uri-Port" },
	{ "coap.path", "string", "Uri-Path" },
	{ "coap.query", "string", "Uri-Query; what looks like a secret is starred" },
	{ "coap.observe", "string", "register or deregister: to be told of changes" },
	{ "coap.content_format", "string", "media type of the request's payload, or its number" },
	{ "coap.accept", "string", "media type wanted" },
	{ "coap.block1.number", "integer", "block of the request" },
	{ "coap.block1.more", "boolean", "more follow" },
	{ "coap.block1.size", "integer", "bytes of a block" },
	{ "coap.block2.number", "integer", "block of the answer asked for" },
	{ "coap.block2.more", "boolean", "more follow" },
	{ "coap.block2.size", "integer", "bytes of a block" },
	{ "coap.oscore", "boolean", "protected by OSCORE: the inner request cannot be read" },
	{ "coap.proxy", "boolean", "to be passed on by a proxy" },
	{ "coap.length", "integer", "bytes of the request's payload" },
	{ "coap.response.type", "string", "CON, NON, ACK or RST" },
	{ "coap.response.code", "string", "2.05" },
	{ "coap.response.name", "string", "its name" },
	{ "coap.response.message_id", "integer", "message id" },
	{ "coap.response.sequence", "integer", "Observe: number of the notification" },
	{ "coap.response.max_age", "integer", "seconds it holds" },
	{ "coap.response.content_format", "string", "media type, or its number" },
	{ "coap.response.block2.number", "integer", "block of the answer" },
	{ "coap.response.block2.more", "boolean", "more follow" },
	{ "coap.response.block2.size", "integer", "bytes of a block" },
	{ "coap.response.oscore", "boolean", "protected by OSCORE" },
	{ "coap.response.length", "integer", "bytes of the payload" },
	{ "coap.response.resources", "array", "what /.well-known/core lists" },
	{ NULL }
};
