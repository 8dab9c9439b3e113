/* c1222.h: ANSI C12.22 messages, for c1222.c (events) and c1222_pdu.c (ACSE, EPSEM). */
#ifndef OT_PROTO_C1222_H
#define OT_PROTO_C1222_H

#include "proto/proto.h"

enum { SERVICES = 32, RAW_MAX = 320 };

struct c1222_title {
	uint8_t n;
	bool relative;
	uint8_t oid[24];
};

struct c1222_msg {
	struct c1222_title called, calling;
	uint32_t called_id, calling_id;
	bool answer, has_key, has_class;
	uint8_t mode, key, class[4];
	uint16_t n;
	uint8_t raw[RAW_MAX];           /* the services, each behind its length */
};

/* A BER length of up to four bytes; the reader turns bad past that. */
uint32_t c1222_length(struct rd *r);
enum probe c1222_probe(struct probe_in *in);
ssize_t c1222_frame(const struct dctx *c, const struct rd *r);
enum verdict c1222_dissect(struct dctx *c, struct rd *r);
void c1222_event(struct dctx *c, const struct c1222_msg *q, const struct when *when,
    const struct c1222_msg *a);

#endif
