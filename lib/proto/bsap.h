/* bsap.h: BSAP's messages, for bsap.c (events) and bsap_pdu.c (frames). */
#ifndef OT_PROTO_BSAP_H
#define OT_PROTO_BSAP_H

#include "proto/proto.h"

enum { APP_PEI = 0x03, APP_RDB = 0xa0, APP_RDB_EXT = 0xa1 };
enum { NAMES = 14, SIGNALS = 64, DATA_MAX = 400 };

/* A request or an answer. */
struct bsap_msg {
	uint32_t seq;
	uint16_t n, ext, node;
	uint8_t app, func, status, elements;
	bool serial;
	uint8_t data[DATA_MAX];         /* behind the sub-function, or the elements */
};

/* Names of signals by address, as answers told them. */
struct bsap_name {
	uint16_t address;
	uint8_t n;
	char name[29];
};
struct bsap_state {
	struct bsap_name name[NAMES];
	uint32_t next;
};

enum probe bsap_probe(struct probe_in *in);
enum verdict bsap_dissect(struct dctx *c, struct rd *r);
void bsap_event(struct dctx *c, const struct bsap_msg *q, const struct when *when, int side,
    const struct bsap_msg *a);

#endif
