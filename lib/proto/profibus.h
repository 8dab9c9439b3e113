/* profibus.h: a PROFIBUS telegram, and what DP says in it. */
#ifndef OT_PROTO_PROFIBUS_H
#define OT_PROTO_PROFIBUS_H

#include "proto/proto.h"

/* Service access points of DP: IEC 61158-6-3; in a request the receiver's. */
enum { SAP_NONE = 255, SAP_SET_ADDRESS = 55, SAP_READ_INPUT = 56, SAP_READ_OUTPUT = 57,
	SAP_CONTROL = 58, SAP_GET_CFG = 59, SAP_DIAGNOSIS = 60, SAP_SET_PRM = 61, SAP_CHK_CFG = 62,
	SAP_C1_ALARM = 50, SAP_C1 = 51, SAP_C2_MANAGER = 49 };

enum pb_kind { PB_TELEGRAM, PB_TOKEN, PB_ACK };

struct pb_frame {
	enum pb_kind kind;
	bool request;
	uint8_t dst, src, function;     /* function: the low four bits of FC */
	uint8_t station;                /* of an answer: 0 slave, 1 to 3 master */
	uint8_t dsap, ssap;             /* SAP_NONE: default */
	uint8_t n;
	uint8_t data[246];
};

/* A request that waits for its answer. */
struct pb_wait {
	bool used;
	struct when when;
	struct pb_frame q;
};

const char *pb_service(const struct pb_frame *q);
/* profibus_dp.c: the events of one exchange; a is NULL where nothing answered. */
void pb_exchange(struct dctx *c, const struct pb_wait *w, const struct pb_frame *a);
/* What needs no answer. */
void pb_control(struct dctx *c, const struct pb_frame *f);
struct text pb_station(struct ev *e, uint8_t address);

extern const struct field pb_fields[];

#endif
