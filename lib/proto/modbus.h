/* modbus.h: the decode half of Modbus, for modbus.c and its tests. */
#ifndef OT_PROTO_MODBUS_H
#define OT_PROTO_MODBUS_H

#include "proto/proto.h"

enum { MB_DATA_MAX = 250, MB_PDU_MAX = 1460 };

/* One PDU, request or response. Numbers that a function does not have are 0. */
struct mb_pdu {
	uint16_t tid;
	uint8_t unit, fc, exception;            /* fc without its top bit */
	bool is_exception, bad_value, bad_length;
	uint16_t addr, qty, value;              /* of the read or single write */
	uint16_t waddr, wqty;                   /* of the write in FC 23 */
	uint16_t and_mask, or_mask, sub;        /* FC 22; FC 8's or FC 43's sub-function */
	uint8_t dev_code, dev_object, dev_conformity, dev_more, dev_count;
	uint16_t len;                           /* of the whole PDU from the function code */
	uint16_t n;                             /* bytes of data */
	const uint8_t *data;                    /* registers, coils, or the rest: borrowed */
};

/* From the unit id on. Pure: bytes to struct; what is left of r or missing from
 * it is in p's flags and r's error. */
void modbus_decode(struct rd *r, struct mb_pdu *p, bool request);
/* Decoded whole, and nothing in it that the specification forbids. */
static inline bool
modbus_clean(const struct mb_pdu *p, const struct rd *r)
{
	return rd_ok(r) && !p->bad_length && !p->bad_value && p->fc;
}

/* Length of the PDU at the cursor with its MBAP header, or of the RTU frame
 * with its CRC (checked); 0: more bytes needed; -1: none here. */
ssize_t modbus_mbap_frame(const struct rd *v);
ssize_t modbus_rtu_frame(const struct rd *v, bool request);

/* A function of the specification, by its code. */
bool modbus_public(uint8_t fc);
enum probe modbus_probe(struct probe_in *in);

/* modbus_umas.c: Schneider's UMAS in FC 90: its part of a request or response,
 * and of the common block; either may be NULL. */
void umas_put(struct ev *e, const struct mb_pdu *p, bool request);
void umas_common(struct ev *e, const struct mb_pdu *q, const struct mb_pdu *a);

#endif
