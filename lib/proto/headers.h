/* headers.h: messages of the family of HTTP (HTTP itself, RTSP, SIP, SSDP): a first
 * line, then "Name: value" lines up to an empty one.
 *
 *     n = headers_length(r, max);             0: the empty line is not there yet
 *     headers_line(&rest, &line);             the first line, and what is behind it
 *     while (headers_next(&rest, &h))
 *             switch (HEADER(h.name.n, lower(h.name.p[0]))) ...
 *
 * All texts borrow the message's bytes. */
#ifndef OT_HEADERS_H
#define OT_HEADERS_H

#include "base/rd.h"
#include "proto/ev.h"

#include <stdbool.h>
#include <stdint.h>

struct dctx;

struct header { struct text name, value; };

/* Whether r begins "METHOD target VERSION" or "VERSION 200 ...". */
enum headers_start { HEADERS_NOT, HEADERS_MAYBE, HEADERS_REQUEST, HEADERS_RESPONSE };
enum headers_start headers_start(const struct rd *r, const char *version);
/* Bytes of the head, its empty line included, or 0 when none is within max. Lines
 * may end in a bare LF. */
uint32_t headers_length(const struct rd *r, uint32_t max);
/* What we hold of r, as text. */
struct text headers_text(const struct rd *r);
/* Takes a line off t, without its end. False when there is none. */
bool headers_line(struct text *t, struct text *line);
/* The next header; false at the empty line or the end. What has no colon is passed over. */
bool headers_next(struct text *t, struct header *h);
/* Takes a word up to a blank off t. */
struct text headers_word(struct text *t);

/* Copies t to d, at most room bytes (255 or less); returns how many. */
uint8_t headers_keep(char *d, uint32_t room, struct text t);
/* A decimal number at the beginning of t; false when there is none or it is too long. */
bool text_number(struct text t, uint64_t *v);

/* The path of a target, fit to be written: without scheme, host, user, query,
 * fragment and parameters, and with "*" for segments that are mostly digits, look like
 * a token or name somebody (behind "users"). buf has n bytes. *params: how many the query has. */
struct text url_path(struct text url, char *buf, uint32_t n, unsigned *params);
/* The host of "scheme://user:password@host:port/..." or of "host:port". */
struct text url_host(struct text url, bool *has_secret);
/* The value of a query or form (or the end of a URL) holds a secret: what kind.
 * CRED_PASSWORD, CRED_TOKEN or -1. */
int form_secret(struct text form);

/* Authorization's and Proxy-Authorization's value: its scheme, and what goes by in
 * it is reported. No event may be open. */
struct text auth_report(struct dctx *c, struct text value);

/* Who a User-Agent and a Server are: product, and os, vendor, model where they are
 * in it for certain. False when nothing of use is. */
bool agent_identity(struct ident *i, struct text agent);
bool server_identity(struct ident *i, struct text server);
/* The same as an identity of the event, by one of the two; none where it says nothing. */
void headers_identify(struct ev *e, const char *source, enum ident_of of,
    bool (*who)(struct ident *, struct text), struct text t);

#endif
