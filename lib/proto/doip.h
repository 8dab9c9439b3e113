/* doip.h: diagnostics over IP (ISO 13400-2) and UDS in it (ISO 14229-1).
 *
 *     version | ~version | type 2 | length 4 | payload */
#ifndef OT_DOIP_H
#define OT_DOIP_H

#include "proto/proto.h"

enum { DOIP_NACK = 0, DOIP_ID_REQ = 1, DOIP_ID_EID, DOIP_ID_VIN, DOIP_ID_RES, DOIP_ACTIVATE,
       DOIP_ACTIVATE_RES, DOIP_ALIVE, DOIP_ALIVE_RES, DOIP_STATUS = 0x4001, DOIP_STATUS_RES,
       DOIP_POWER, DOIP_POWER_RES, DOIP_DIAG = 0x8001, DOIP_DIAG_ACK, DOIP_DIAG_NACK };

struct doip_pdu {
	uint8_t version;
	uint16_t type;
	bool has_source, has_target, has_code, has_action, has_status;
	uint16_t source, target;
	uint8_t code;                   /* of a refusal or answer */
	uint8_t action;                 /* activation type, further action required */
	struct text vin;
	const uint8_t *eid, *gid;
	uint8_t node_type, sockets, open;
	uint32_t max_data;
	struct rd uds;                  /* of a diagnostic message */
	const char *why;
};

struct uds {
	bool negative;
	uint8_t sid;                    /* of the request, an answer's without its 0x40 */
	uint8_t nrc;
	bool has_sub, has_id;
	uint8_t sub;
	uint16_t id;                    /* data or routine identifier */
	const uint8_t *p;               /* what follows */
	uint32_t n;
};

/* doip_uds.c. An empty message has sid 0. */
void uds_decode(struct rd r, struct uds *u);
const char *uds_name(uint8_t sid);
enum ot_op uds_op(uint8_t sid);
const char *uds_refusal(uint8_t nrc);
/* Into "uds" of an event; a: the answer, or NULL. Sets op, service, object, value. */
void uds_put(struct ev *e, const struct uds *q, const struct uds *a, uint16_t target);
/* What a control unit says of itself in a data identifier. */
void uds_identify(struct ev *e, const struct uds *a, uint16_t unit, enum ident_of gateway);

#endif
