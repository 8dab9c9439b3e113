/* http.h: HTTP/1.x as bytes become it: no event, no state (RFC 9110, RFC 9112).
 *
 *      GET /path?query HTTP/1.1\r\n            HTTP/1.1 200 OK\r\n
 *      Name: value\r\n ... \r\n                Name: value\r\n ... \r\n
 *      [body]                                  [body]
 *
 * A body is as long as Content-Length says, or comes in chunks, or ends with the
 * connection. */
#ifndef OT_HTTP_H
#define OT_HTTP_H

#include "base/rd.h"
#include "proto/ev.h"
#include "proto/headers.h"
#include "proto/pend.h"

#include <stdbool.h>
#include <stdint.h>

struct dctx;

/* A head longer than this is none. */
enum { HTTP_HEAD_MAX = 32 << 10 };
/* Of a body that may name a device, so much is looked at: descriptions have their
 * names at the beginning. */
enum { HTTP_DOC_MAX = 8 << 10 };

/* What the beginning of a message says. */
enum http_start { HTTP_NOT, HTTP_MAYBE, HTTP_REQUEST, HTTP_RESPONSE };

/* A head; texts borrow its bytes, absent ones have n == 0. */
struct http_head {
	bool response;
	bool has_length, bad_length, chunked;
	bool encoded;                   /* the body is compressed */
	bool has_token;                 /* a key in a header of its own */
	bool websocket, deflate;        /* upgrade to it, with compressed frames */
	uint8_t minor;                  /* of HTTP/1.minor */
	uint16_t status;
	uint64_t length;
	struct text method, target, host, agent, server, type, location, auth, offers, upgrade,
	    subprotocol;
};

enum http_start http_start(const struct rd *r);
/* Takes a head off r, or what of it was captured. */
void http_decode(struct rd *r, struct http_head *h);
/* A status' name, or NULL. */
const char *http_status_name(uint16_t status);

/* ---- http_doc.c: what bodies say ---- */

/* What a request's body asks for, as far as it is to be told. */
struct http_ask {
	int secret;                     /* a CRED_ kind, or -1 */
	bool digest;                    /* of that secret */
	uint16_t ipp;                   /* operation of IPP; 0: none */
	struct text action;             /* SOAP's: the name of the body's first element */
};

/* A body of this content type is worth its beginning. */
bool http_doc_wanted(const struct http_head *h);
void http_doc_request(struct text type, struct text body, struct http_ask *a);
/* Identities of the server from a response's body; detail of IPP goes into e. True
 * when it named something. */
bool http_doc_response(struct ev *e, struct text type, struct text body);

/* ---- http_ipp.c: the Internet Printing Protocol (RFC 8010) ---- */

const char *ipp_operation(uint16_t op);
uint16_t ipp_request(struct text body);
bool ipp_response(struct ev *e, struct text body);


/* ---- http_event.c: an exchange as an event ---- */

/* A request that waits: its texts one after another, put there in this order, each
 * cut at its room. */
enum { W_METHOD, W_HOST, W_PATH, W_AGENT, W_TYPE, W_ACTION, W_N };
enum { HTTP_WAIT_TEXT = 416, HTTP_PATH = 160 };
struct http_waiting {
	uint64_t length;
	const char *auth;               /* scheme, of our table */
	uint16_t ipp;
	uint16_t params;
	bool has_length, tell_agent;
	uint8_t minor;
	uint8_t n[W_N];
	char b[HTTP_WAIT_TEXT];
};
void http_wait(struct http_waiting *w, int k, struct text t);
struct text http_waited(const struct http_waiting *w, int k);

/* One exchange, or the half of it that was seen: q or a NULL. doc is what was kept
 * of the answer's body. */
void http_exchange(struct dctx *c, const struct http_waiting *q, const struct when *at,
    const struct http_head *a, bool counted, uint64_t length, struct text doc);

#endif
