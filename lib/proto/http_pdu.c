#include "proto/http.h"

#include "base/ascii.h"
#include "proto/proto.h"

#include <strings.h>

static bool
is_target(uint8_t ch)
{
	return ch == '/' || ch == '*' || ch == '[' || ascii_digit(ch) || ascii_letter(ch);
}

/* Of a target whose end we do not wait for the beginning is enough where it is a path or an
 * http URL: a host or a * is not so long, and an instrument's list of numbers may be. */
static bool
is_long_target(const uint8_t *p)
{
	return *p == '/' || strncasecmp((const char *)p, "http://", 7) == 0 ||
	    strncasecmp((const char *)p, "https://", 8) == 0;
}

enum http_start
http_start(const struct rd *r)
{
	uint32_t n = rd_have(r), i = 0, end;
	const uint8_t *p = rd_at(r), *nl;

	if (!n)
		return HTTP_MAYBE;
	if (memcmp(p, "HTTP/1.", n < 7 ? n : 7) == 0) {
		if (n < 12)
			return HTTP_MAYBE;
		return p[8] == ' ' && p[9] >= '1' && p[9] <= '9' && ascii_digit(p[10]) &&
		    ascii_digit(p[11]) ? HTTP_RESPONSE : HTTP_NOT;
	}
	while (i < n && i < 24 && (ascii_upper(p[i]) || p[i] == '-' || p[i] == '_'))
		i++;
	if (i == n)
		return i < 24 ? HTTP_MAYBE : HTTP_NOT;
	if (i < 3 || p[i] != ' ')
		return HTTP_NOT;
	if (i + 1 == n)
		return HTTP_MAYBE;
	if (!is_target(p[i + 1]))
		return HTTP_NOT;
	nl = memchr(p, '\n', n);
	if (!nl) {
		if (n >= 1024 && is_long_target(p + i + 1))
			return HTTP_REQUEST;
		for (; i < n && i < 64; i++)
			if (p[i] < ' ' || p[i] > '~')
				return p[i] == '\r' ? HTTP_MAYBE : HTTP_NOT;
		return HTTP_MAYBE;
	}
	end = (uint32_t)(nl - p);
	if (end && p[end - 1] == '\r')
		end--;
	return end > i + 10 && memcmp(p + end - 9, " HTTP/1.", 8) == 0 ? HTTP_REQUEST : HTTP_NOT;
}

static void
first_line(struct http_head *h, struct text line)
{
	uint64_t v;

	if (text_begins(line, "http/1.") && line.n >= 8) {
		h->response = true;
		h->minor = line.p[7] == '0' ? 0 : 1;
		line.p += 8;
		line.n -= 8;
		if (text_number(headers_word(&line), &v) && v < 1000)
			h->status = (uint16_t)v;
		return;
	}
	h->method = headers_word(&line);
	h->target = headers_word(&line);
	h->minor = line.n && line.p[line.n - 1] == '0' ? 0 : 1;
}

#define HEADER(n, first) ((unsigned)(n) << 8 | (unsigned)(first))

/* By length and first letter: most headers are passed over without a comparison. */
static void
take(struct http_head *h, const struct header *x)
{
	struct text n = x->name, v = x->value;

	switch (HEADER(n.n, n.p[0] | 0x20)) {
	case HEADER(4, 'h'):
		if (text_is(n, "host"))
			h->host = v;
		break;
	case HEADER(6, 's'):
		if (text_is(n, "server"))
			h->server = v;
		break;
	case HEADER(7, 'u'):
		if (text_is(n, "upgrade")) {
			h->upgrade = v;
			h->websocket = text_is(v, "websocket");
		}
		break;
	case HEADER(8, 'l'):
		if (text_is(n, "location"))
			h->location = v;
		break;
	case HEADER(9, 'x'):
		h->has_token |= text_is(n, "x-api-key") && v.n;
		break;
	case HEADER(10, 'u'):
		if (text_is(n, "user-agent"))
			h->agent = v;
		break;
	case HEADER(12, 'c'):
		if (text_is(n, "content-type")) {
			const char *semi = v.n ? memchr(v.p, ';', v.n) : NULL;
			h->type = semi ? text_trim(v.p, (size_t)(semi - v.p)) : v;
		}
		break;
	case HEADER(12, 'x'):
		h->has_token |= text_is(n, "x-auth-token") && v.n;
		break;
	case HEADER(13, 'a'): case HEADER(19, 'p'):
		if (text_is(n, "authorization") || text_is(n, "proxy-authorization"))
			h->auth = v;
		break;
	case HEADER(14, 'c'):
		if (text_is(n, "content-length")) {
			h->has_length = text_number(v, &h->length);
			h->bad_length |= !h->has_length;
		}
		break;
	case HEADER(16, 'c'):
		if (text_is(n, "content-encoding"))
			h->encoded = !text_is(v, "identity");
		break;
	case HEADER(16, 'w'): case HEADER(18, 'p'):
		if (!h->offers.n && (text_is(n, "www-authenticate") ||
		    text_is(n, "proxy-authenticate")))
			h->offers = v;
		break;
	case HEADER(17, 't'):
		if (text_is(n, "transfer-encoding"))
			h->chunked = v.n >= 7 &&
			    strncasecmp(v.p + v.n - 7, "chunked", 7) == 0;
		break;
	case HEADER(22, 's'):
		if (text_is(n, "sec-websocket-protocol"))
			h->subprotocol = v;
		break;
	case HEADER(24, 's'):
		if (text_is(n, "sec-websocket-extensions"))
			h->deflate = text_begins(v, "permessage-deflate");
		break;
	}
}

void
http_decode(struct rd *r, struct http_head *h)
{
	struct text t = headers_text(r), line;
	struct header x;

	memset(h, 0, sizeof(*h));
	/* a line that our snap length cut says nothing for certain */
	while (rd_have(r) < rd_left(r) && t.n && t.p[t.n - 1] != '\n')
		t.n--;
	if (headers_line(&t, &line))
		first_line(h, line);
	while (headers_next(&t, &x))
		take(h, &x);
}

const char *
http_status_name(uint16_t status)
{
	/* IANA, HTTP Status Code Registry */
	static const struct tok names[] = {
		{ 400, "400 Bad Request" }, { 401, "401 Unauthorized" },
		{ 402, "402 Payment Required" }, { 403, "403 Forbidden" }, { 404, "404 Not Found" },
		{ 405, "405 Method Not Allowed" }, { 406, "406 Not Acceptable" },
		{ 407, "407 Proxy Authentication Required" }, { 408, "408 Request Timeout" },
		{ 409, "409 Conflict" }, { 410, "410 Gone" }, { 411, "411 Length Required" },
		{ 412, "412 Precondition Failed" }, { 413, "413 Content Too Large" },
		{ 414, "414 URI Too Long" }, { 415, "415 Unsupported Media Type" },
		{ 417, "417 Expectation Failed" }, { 422, "422 Unprocessable Content" },
		{ 423, "423 Locked" }, { 426, "426 Upgrade Required" },
		{ 429, "429 Too Many Requests" }, { 500, "500 Internal Server Error" },
		{ 501, "501 Not Implemented" }, { 502, "502 Bad Gateway" },
		{ 503, "503 Service Unavailable" }, { 504, "504 Gateway Timeout" },
		{ 505, "505 HTTP Version Not Supported" }, { 507, "507 Insufficient Storage" },
		{ 0, NULL },
	};

	return tok_find(names, status);
}
