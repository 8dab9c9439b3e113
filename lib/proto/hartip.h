/* hartip.h: the parts of HART-IP among themselves. */
#ifndef OT_PROTO_HARTIP_H
#define OT_PROTO_HARTIP_H

#include "proto/proto.h"

enum { HIP_REQUEST = 0, HIP_RESPONSE = 1, HIP_PUBLISH = 2, HIP_NAK = 15 };
enum { HIP_INITIATE = 0, HIP_CLOSE = 1, HIP_KEEP_ALIVE = 2, HIP_TOKEN = 3, HIP_DIRECT = 4,
	HIP_AUDIT = 5 };
enum { HIP_HEADER = 8, HIP_EXTENDED = 31, HIP_SLOTS = 8 };

/* The header of HART-IP: version, type, id, status, sequence, length; 2 or 1 octets. */
struct hip_header { uint8_t version, type, id, status; uint16_t seq, length; };

/* One HART command, asked or answered. */
struct hip_command {
	uint16_t number;
	bool answer, comm_error;
	uint8_t code, status;   /* of an answer: response code, device status */
	struct rd data;         /* what follows these */
};
/* A token-passing PDU. */
struct hip_pdu {
	uint8_t delimiter;
	bool is_long, primary, burst;
	uint8_t poll;           /* short address */
	uint64_t unique;        /* long address: type and device id, 38 bits */
	uint8_t check;          /* 0: the checksum is right */
	struct hip_command cmd;
};
/* The header; false when it is none. */
bool hip_header(struct rd *r, struct hip_header *h);
bool hip_pdu(struct rd *r, struct hip_pdu *p);
/* A direct PDU's next command. Its two octets of status come first: take them. */
bool hip_direct_next(struct rd *r, bool answer, struct hip_command *c);

/* What is known of commands. */
struct hip_known { uint16_t number; enum ot_op op; const char *name, *object; };
const struct hip_known *hip_known(uint16_t number);
const char *hip_vendor(uint16_t id);
const char *hip_units(uint8_t code);
extern const struct tok hip_codes[], hip_messages[], hip_types[];
extern const char *const hip_device_status[8];

/* Who says of itself what: commands 0, 11, 21. */
struct hip_identity {
	uint16_t type, vendor;
	uint8_t universal, revision, software, hardware;
	uint32_t id;
	uint64_t unique;
};
bool hip_identity(struct rd r, struct hip_identity *i);

/* A measured value, or one that is set. */
struct hip_value { bool has_code, has_units, has_status; uint8_t code, units, status; float v; };
unsigned hip_values(const struct hip_command *c, struct hip_value v[HIP_SLOTS + 1]);

/* hartip_put.c: a command into the event: detail and common block. own: the
 * address of whom the connection leads to (0: not known). */
void hip_put(struct ev *e, const struct hip_command *q, const struct hip_command *a);
void hip_ot(struct ev *e, const struct hip_command *q, const struct hip_command *a);
void hip_identify(struct ev *e, const struct hip_command *a, const struct hip_pdu *p, uint64_t own);

extern const struct field hartip_fields[];

#endif
