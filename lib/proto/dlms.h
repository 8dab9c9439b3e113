/* dlms.h: DLMS/COSEM messages, for dlms.c (events), dlms_frame.c (HDLC, wrapper) and
 * dlms_data.c (COSEM's data types). */
#ifndef OT_PROTO_DLMS_H
#define OT_PROTO_DLMS_H

#include "proto/proto.h"

enum { TAG_SNRM = 0x100 | 0x93, TAG_UA = 0x100 | 0x73, TAG_DISC = 0x100 | 0x53,
	TAG_DM = 0x100 | 0x1f };        /* HDLC's own, beside the APDUs' tags */
enum { AARQ = 0x60, AARE, RLRQ, RLRE, GET_REQ = 0xc0, SET_REQ, EVENT_NOTE, ACTION_REQ, GET_RESP,
	SET_RESP, ACTION_RESP = 0xc7, DATA_NOTE = 0x0f, EXCEPTION = 0xd8, SERVICE_ERROR = 0x0e,
	GENERAL_FIRST = 0xdb, GENERAL_LAST = 0xe0 };
enum { RAW_MAX = 384, NORMAL = 1, BLOCK = 2, LIST = 3 };

struct dlms_msg {
	uint16_t tag, client, server, lower;    /* lower: HDLC's physical address, 0: none */
	uint8_t type, invoke;
	bool hdlc, whole;                       /* raw holds all of it */
	uint16_t n;
	uint8_t raw[RAW_MAX];                   /* behind tag, type and invoke id */
};

struct dlms_state { uint8_t framing; };

/* A COSEM attribute or method. */
struct dlms_object {
	uint16_t class;
	uint8_t obis[6];
	int8_t index;
};

bool dlms_is_answer(unsigned tag);
enum probe dlms_probe(struct probe_in *in);
ssize_t dlms_frame(const struct dctx *c, const struct rd *r);
enum verdict dlms_dissect(struct dctx *c, struct rd *r);

/* One message, from dlms_frame.c: r is at the tag. */
enum verdict dlms_apdu(struct dctx *c, struct dlms_msg *m, struct rd *r);
void dlms_message(struct dctx *c, const struct dlms_msg *m);

/* One COSEM value: a scalar becomes ot.value where `write`, of what is made of parts
 * the number of elements. The cursor moves past it. */
void dlms_value(struct ev *e, struct rd *r, bool write);
/* A text or octets that are one; the reader is at the value and is not moved. */
struct text dlms_text(struct rd r);
void dlms_object(struct rd *r, struct dlms_object *o);

#endif
