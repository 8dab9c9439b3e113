/* coap.h: CoAP messages as bytes become them (RFC 7252, 7641, 7959, 8132).
 *
 *     +------+------+------+--------+------------+-------+---------+----+-----
 *     | ver:2|type:2|tkl:4 |  code  | message id | token | options | ff | payload
 *     +------+------+------+--------+------------+-------+---------+----+-----
 *
 * Over TCP (RFC 8323) a length stands where version, type and message id were:
 *     | len:4 | tkl:4 | more of the length: 0, 1, 2 or 4 | code | token | ...
 */
#ifndef OT_COAP_H
#define OT_COAP_H

#include "proto/proto.h"

enum { COAP_CSM = 7 << 5 | 1 }; /* RFC 8323: the first of a stream; signals follow it */
enum { COAP_CON, COAP_NON, COAP_ACK, COAP_RST };
enum { COAP_GET = 1, COAP_POST, COAP_PUT, COAP_DELETE, COAP_FETCH, COAP_PATCH, COAP_IPATCH };
enum { COAP_PATH = 200, COAP_QUERY = 120, COAP_HOST = 48 };
enum { COAP_TEXT = 0, COAP_LINKS = 40, COAP_TLV = 11542, COAP_TLV_OLD = 1542 };

/* Whole in itself: it waits as it is for its answer. */
struct coap_pdu {
	uint8_t type, code, tkl;
	uint8_t token[8];
	uint16_t id;
	bool has_observe, has_format, has_accept, has_port, has_block1, has_block2, has_max_age;
	bool oscore, proxied;
	bool stream;                    /* over TCP: neither type nor message id */
	bool odd;                       /* a signal with options unknown */
	bool secret, user;              /* a query names one and gives it */
	uint16_t format, accept, port;
	uint32_t observe, block1, block2, max_age;
	uint32_t length;                /* of the payload */
	uint8_t npath, nquery, nhost;
	char path[COAP_PATH];           /* "/a/b" */
	char query[COAP_QUERY];         /* "a=1&b=2", what looks like a secret starred */
	char host[COAP_HOST];
};

/* A whole message; its payload borrows the bytes. False when it is malformed:
 * *why names it; true also when the capture cut it. */
bool coap_decode(struct rd *r, struct coap_pdu *p, struct rd *payload, const char **why);

/* A whole message of a stream, and how long the next is (as dissector.frame). */
bool coap_decode_stream(struct rd *r, struct coap_pdu *p, struct rd *payload, const char **why);
ssize_t coap_stream_length(const struct rd *r);

static inline bool coap_is_request(const struct coap_pdu *p)
{
	return p->code && p->code < 32;
}

/* "GET"; "Content"; NULL when unknown. And a response's code for ot.result. */
const char *coap_method(uint8_t code);
const char *coap_code_name(uint8_t code);
struct text coap_result(struct ev *e, uint8_t code);
const char *coap_format(uint16_t format);

extern const struct field coap_fields[];

#endif
