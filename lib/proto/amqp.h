/* amqp.h: AMQP 0-9-1 and 1.0 (ISO/IEC 19464).
 *
 *     "AMQP" | id | major | minor | revision          protocol header
 *
 *     0-9-1:  type | channel (2) | size (4) | payload | CE
 *     1.0:    size (4) | doff | type | channel (2) | [extended header] | performative
 *
 *     amqp_pdu.c      0-9-1: methods and their arguments
 *     amqp_one.c      1.0: performatives
 *     amqp_count.c    messages counted
 *     amqp_put.c      both into events; who says what of itself
 *     amqp.c          probe, framing, pairing, counting */
#ifndef OT_AMQP_H
#define OT_AMQP_H

#include "proto/proto.h"

enum { AMQP_METHOD = 1, AMQP_HEADER, AMQP_BODY, AMQP_HEARTBEAT = 8 };
#define AMQP_ID(cls, method) ((uint32_t)(cls) << 16 | (method))
enum {
	AMQP_START = AMQP_ID(10, 10), AMQP_START_OK = AMQP_ID(10, 11),
	AMQP_SECURE = AMQP_ID(10, 20), AMQP_TUNE = AMQP_ID(10, 30), AMQP_TUNE_OK = AMQP_ID(10, 31),
	AMQP_OPEN = AMQP_ID(10, 40), AMQP_CLOSE = AMQP_ID(10, 50),
	AMQP_BLOCKED = AMQP_ID(10, 60), AMQP_UNBLOCKED = AMQP_ID(10, 61),
	AMQP_CHANNEL_CLOSE = AMQP_ID(20, 40),
	AMQP_EXCHANGE_DECLARE = AMQP_ID(40, 10), AMQP_EXCHANGE_DELETE = AMQP_ID(40, 20),
	AMQP_EXCHANGE_BIND = AMQP_ID(40, 30), AMQP_EXCHANGE_UNBIND = AMQP_ID(40, 40),
	AMQP_QUEUE_DECLARE = AMQP_ID(50, 10), AMQP_QUEUE_BIND = AMQP_ID(50, 20),
	AMQP_QUEUE_PURGE = AMQP_ID(50, 30), AMQP_QUEUE_DELETE = AMQP_ID(50, 40),
	AMQP_QUEUE_UNBIND = AMQP_ID(50, 50),
	AMQP_CONSUME = AMQP_ID(60, 20), AMQP_CANCEL = AMQP_ID(60, 30),
	AMQP_PUBLISH = AMQP_ID(60, 40), AMQP_RETURN = AMQP_ID(60, 50),
	AMQP_DELIVER = AMQP_ID(60, 60), AMQP_GET = AMQP_ID(60, 70), AMQP_GET_OK = AMQP_ID(60, 71),
	AMQP_GET_EMPTY = AMQP_ID(60, 72),
};

/* What either side says of itself. */
struct amqp_peer { struct text product, version, platform, name; };

struct amqp_pdu {
	uint8_t type;
	uint16_t channel;
	uint32_t size;
	uint32_t id;                    /* AMQP_METHOD: class and method */
	bool no_wait, has_code, has_messages, has_consumers;
	struct text exchange, queue, key, tag, kind, vhost, reply;
	struct text source;             /* exchange.bind: the other exchange */
	uint16_t code, failed_class, failed_method;
	uint32_t messages, consumers;
	struct amqp_peer peer;          /* start: server, start-ok: client */
	struct text mechanisms;         /* start: all, by blanks; start-ok: the chosen one */
	bool credentials;               /* a response was sent */
	bool shipped;                   /* it is the one that brokers are shipped with */
	const char *why;
};

/* Bytes of the frame at the cursor; 0: more needed; -1: none. */
ssize_t amqp_length(const struct rd *r);
void amqp_decode(struct rd *r, struct amqp_pdu *p);
/* "queue.declare"; its op; NULL when unknown. */
struct amqp_name { uint32_t id; const char *name; enum ot_op op; };
const struct amqp_name *amqp_name(uint32_t id);

/* 1.0 */
enum { AMQP1_OPEN = 0x10, AMQP1_BEGIN, AMQP1_ATTACH, AMQP1_FLOW, AMQP1_TRANSFER,
       AMQP1_DISPOSITION, AMQP1_DETACH, AMQP1_END, AMQP1_CLOSE, AMQP1_MECHANISMS = 0x40,
       AMQP1_INIT, AMQP1_CHALLENGE, AMQP1_RESPONSE, AMQP1_OUTCOME };
struct amqp1_pdu {
	bool empty;                     /* keeps the connection alive */
	uint8_t code;                   /* of the performative */
	uint16_t channel;
	struct text container, hostname, link, source, target, error, mechanism;
	struct rd mechanisms;           /* an array of symbols, or one */
	uint32_t handle;
	bool receiver;                  /* attach: the sender of the frame receives */
	bool more;                      /* transfer: the message goes on in the next */
	bool credentials, shipped;      /* as above */
	bool has_outcome;
	uint8_t outcome;
	struct amqp_peer peer;
	const char *why;
};
ssize_t amqp1_length(const struct rd *r);
void amqp1_decode(struct rd *r, struct amqp1_pdu *p);
const char *amqp1_name(uint8_t code);
/* The next symbol of an array of them. */
bool amqp1_symbol(struct rd *r, struct text *t);

/* Whether a PLAIN response is guest's, with the password guest. */
bool amqp_is_guest(struct rd response);

enum { AMQP_UNKNOWN, AMQP_V091, AMQP_V10 };
enum { AMQP_COUNTED = 7, AMQP_COUNTED_NAME = 44 };
struct amqp_state {
	uint8_t version, turn;
	/* messages, by exchange and routing key or by link */
	struct {
		uint32_t hash, n;
		uint8_t used, side, n1, n2;
		char names[AMQP_COUNTED_NAME];
	} count[AMQP_COUNTED];
};
_Static_assert(sizeof(struct amqp_state) <= PROTO_STATE_MAX, "state fits its slot");

/* amqp_count.c */
struct ev *amqp_begin(struct dctx *c, const struct when *at, int side);
/* The place where messages with this hash are counted; a and b name it. */
unsigned amqp_entry(struct dctx *c, int side, uint32_t hash, struct text a, struct text b);
uint32_t amqp_hash(uint32_t h, struct text t);
void amqp_count(struct dctx *c, unsigned i);
void amqp_tell_count(struct dctx *c, unsigned i, const struct when *at, bool last);
/* 1.0's links, by handle and channel: -1 or the place. */
int amqp1_link(struct dctx *c, uint32_t link);
void amqp1_attach(struct dctx *c, const struct amqp1_pdu *p, uint32_t link);
void amqp1_adopt(struct dctx *c, uint32_t link);
struct text amqp1_link_name(struct dctx *c, uint32_t link);

/* amqp_put.c */
void amqp_put_peer(struct ev *e, const struct amqp_peer *p);
void amqp_identify(struct ev *e, const struct amqp_peer *p, const char *source,
    enum ident_of who, bool server);
void amqp_put_method(struct ev *e, const struct amqp_pdu *q, const struct amqp_pdu *a);
struct text amqp_reason(struct text t);
void amqp1_put(struct ev *e, const struct amqp1_pdu *p);
extern const struct field amqp_fields[];

#endif
