/* profinet.h: what PROFINET's parts share: names of its numbers, and the decode
 * half of DCP. */
#ifndef OT_PROFINET_H
#define OT_PROFINET_H

#include "proto/proto.h"

/* Who makes a device, by the vendor id PI gave him, or NULL. */
const char *pn_vendor_name(uint16_t id);
/* "input", "output", "ModuleDiffBlock": NULL where unknown. */
const char *pn_block_name(uint16_t type);
const char *pn_index_name(uint16_t index);
const char *pn_alarm_name(uint16_t type);

/* PNIOStatus (IEC 61158-6-10, 5.2.6): ErrorCode, ErrorDecode, ErrorCode1, ErrorCode2. */
struct text pn_status_text(struct ev *e, uint32_t status);
void pn_put_status(struct ev *e, uint32_t status);

/* "slot 1 subslot 0x8001", as an engineer writes it; with the API where it is not 0. */
struct text pn_place(struct ev *e, uint32_t api, uint16_t slot, uint16_t subslot);

/* Alarms (profinet_alarm.c): an RTA-PDU behind its frame id. */
enum verdict pn_alarm(struct dctx *c, struct rd *r, bool high);

/* DCP: IEC 61158-6-10, 4.3.
 *
 *      frame id 2 | service 1 | type 1 | xid 4 | response delay 2 | length 2
 *      blocks: option 1, suboption 1, length 2, value, even bytes */
enum { DCP_HELLO = 0xfefc, DCP_GETSET = 0xfefd, DCP_IDENT_REQ = 0xfefe, DCP_IDENT_RES = 0xfeff };
enum { DCP_SVC_GET = 3, DCP_SVC_SET, DCP_SVC_IDENTIFY, DCP_SVC_HELLO };
enum { DCP_BLOCKS = 32 };

struct dcp_block {
	uint8_t option, sub;
	bool has_info;
	uint16_t info;                  /* BlockInfo, or BlockQualifier of a Set */
	uint8_t error;                  /* of a control response, about option/sub */
	struct text text;               /* a name in it */
	struct addr ip[3];              /* address, mask, gateway */
	uint16_t value;                 /* signal */
};

struct dcp_pdu {
	uint16_t frame, delay;
	uint8_t service, type;
	uint32_t xid;
	struct text station, name, alias;
	bool head;                      /* all of it is there */
	bool has_ids, has_oem, has_role, has_instance, has_ip, has_mac, all;
	uint16_t vendor, device, oem_vendor, oem_device, ip_info;
	uint8_t role, instance[2], mac[6];
	struct addr ip[3], dns[4];
	unsigned ndns;
	unsigned noptions, nset, nerrors;
	uint16_t options[DCP_BLOCKS];   /* asked for, or supported: option << 8 | suboption */
	struct dcp_block set[DCP_BLOCKS];
	struct dcp_block errors[DCP_BLOCKS];
	const char *why;
};

/* The frame from its frame id on. Texts are borrowed from r. */
void dcp_decode(struct rd *r, struct dcp_pdu *d);

#endif
