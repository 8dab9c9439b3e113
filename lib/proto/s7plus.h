/* s7plus.h: the decode half of S7-plus. */
#ifndef OT_PROTO_S7PLUS_H
#define OT_PROTO_S7PLUS_H

#include "proto/tpkt.h"

enum { S7P_REQUEST = 0x31, S7P_RESPONSE = 0x32, S7P_NOTIFICATION = 0x33, S7P_RESPONSE2 = 0x02 };

enum { S7P_ERROR = 0x04b1, S7P_EXPLORE = 0x04bb, S7P_CREATE = 0x04ca, S7P_DELETE = 0x04d4,
	S7P_SET = 0x04f2, S7P_GET = 0x04fc, S7P_SET_MULTI = 0x0542, S7P_GET_MULTI = 0x054c,
	S7P_SET_STREAM = 0x057c, S7P_GET_STREAM = 0x0586, S7P_INIT_SSL = 0x05b3 };

/* Objects and attributes that mean something to us. */
enum { S7P_NULL_SESSION = 0x120, S7P_EXEC_UNIT = 0x34, S7P_MODE_REQUEST = 2167,
	S7P_CLASS_SESSION = 287, S7P_CLASS_SUBSCRIPTION = 1001, S7P_DB_ACTUAL = 2550,
	S7P_AREA_ACTUAL = 3736, S7P_LEGITIMATION = 304, S7P_LEGITIMATION_NEW = 1846 };

/* One message: its head, and what follows. */
struct s7p_pdu {
	uint8_t version, opcode, flags;
	bool integrity;                 /* begins with a digest */
	uint16_t function, sequence;
	uint32_t session;               /* of requests; of notifications: the subscription */
	uint64_t code;                  /* of responses */
	struct rd body;
};

/* What a variable is named by: an area or object, and ids from there on. */
enum { S7P_IDS = 8 };
struct s7p_address {
	uint32_t area;
	uint8_t n;                      /* ids kept */
	uint32_t id[S7P_IDS];
};

/* One value: a scalar, or an array or structure passed over. */
enum s7p_kind { S7P_NONE, S7P_BOOL, S7P_UINT, S7P_INT, S7P_REAL, S7P_TEXT, S7P_BYTES,
	S7P_COMPLEX };
struct s7p_value {
	uint8_t flags, type;
	enum s7p_kind kind;
	uint64_t u;
	int64_t i;
	double d;
	uint32_t n;
	const uint8_t *p;
	struct rd array;                /* elements of an array of scalars */
};

/* s7plus_pdu.c */
bool s7p_decode(struct rd *r, uint8_t version, struct s7p_pdu *p);
uint64_t s7p_vlq(struct rd *r);
bool s7p_value_decode(struct rd *r, struct s7p_value *v);
/* The next element of v->array. */
bool s7p_element(struct s7p_value *v, struct s7p_value *e);
bool s7p_address_decode(struct rd *r, struct s7p_address *a);

/* s7plus_put.c. A write has an event for each variable. */
void s7p_put_get_multi(struct ev *e, const struct s7p_pdu *q, const struct s7p_pdu *a);
struct s7p_writes { struct rd names, values, errors; uint32_t object; uint64_t n, k; bool one; };
void s7p_write_begin(struct s7p_writes *w, const struct s7p_pdu *q, const struct s7p_pdu *a);
bool s7p_put_write(struct ev *e, struct s7p_writes *w);
void s7p_put_create(struct ev *e, const struct s7p_pdu *q, const struct s7p_pdu *a);
void s7p_put_object(struct ev *e, const struct s7p_pdu *q);
void s7p_put_notification(struct ev *e, const struct s7p_pdu *p);

#endif
