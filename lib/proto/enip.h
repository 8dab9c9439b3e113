/* enip.h: the encapsulation of EtherNet/IP (volume 2, 2-3 and 2-6), for enip.c and
 * cipio.c.
 *
 *      0         2        4         8        12        20        24
 *     +---------+--------+---------+---------+---------+---------+------
 *     | command | length | session | status  | context | options | data
 *     +---------+--------+---------+---------+---------+---------+------
 *
 *     data of SendRRData and SendUnitData: interface handle (4), timeout (2), and
 *     the common packet format: item count (2), then type (2), length (2), bytes */
#ifndef OT_PROTO_ENIP_H
#define OT_PROTO_ENIP_H

#include "proto/cip.h"

enum { ENIP_HEADER = 24 };
enum {
	ENIP_NOP = 0, ENIP_LIST_SERVICES = 0x04, ENIP_LIST_IDENTITY = 0x63,
	ENIP_LIST_INTERFACES = 0x64, ENIP_REGISTER = 0x65, ENIP_UNREGISTER = 0x66,
	ENIP_RR_DATA = 0x6f, ENIP_UNIT_DATA = 0x70, ENIP_INDICATE = 0x72, ENIP_CANCEL = 0x73,
};
enum {
	CPF_NULL = 0, CPF_IDENTITY = 0x0c, CPF_CONN = 0xa1, CPF_CONN_DATA = 0xb1,
	CPF_DATA = 0xb2, CPF_SERVICE = 0x100, CPF_SEQUENCED = 0x8002,
};

struct enip_header {
	uint16_t cmd, len;
	uint32_t session, status, options;
	uint64_t context;
};
/* The items of a Send; what they do not have is 0. */
struct enip_items {
	bool connected, has_data;
	uint32_t conn;
	uint16_t seq;                           /* of connected data */
	struct rd data;                         /* the CIP message */
};

void enip_header_decode(struct rd *r, struct enip_header *h);
/* From the interface handle on. False: malformed. */
bool enip_items_decode(struct rd *r, bool connected, struct enip_items *x);
/* Length of the PDU at the cursor, 0: more bytes needed, -1: none here. */
ssize_t enip_length(const struct rd *v);
/* Absent where it has none. */
struct text enip_command_name(uint16_t cmd);
struct text enip_status_name(uint32_t status);

extern const struct field enip_fields[];

#endif
