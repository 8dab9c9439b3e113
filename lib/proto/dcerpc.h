/* dcerpc.h: the connectionless header of DCE/RPC (The Open Group C706, 12.5),
 * which PROFINET IO's context management travels in.
 *
 *      version 1 (4) | type 1 | flags 2 | data representation 3 | serial high 1
 *      object 16 | interface 16 | activity 16 | server boot 4 | interface version 4
 *      sequence 4 | operation 2 | hints 4 | length 2 | fragment 2 | auth 1 | serial low 1 */
#ifndef OT_DCERPC_H
#define OT_DCERPC_H

#include "base/rd.h"

enum { RPC_REQUEST, RPC_PING, RPC_RESPONSE, RPC_FAULT, RPC_WORKING, RPC_NOCALL, RPC_REJECT, RPC_ACK,
	RPC_CANCEL, RPC_FACK, RPC_CANCEL_ACK };
enum { RPC_LAST_FRAG = 0x02, RPC_FRAG = 0x04 };
enum { RPC_HEAD = 80, RPC_UUID_TEXT = 37 };

struct rpc_head {
	uint8_t type, flags, flags2, auth;
	bool le;                        /* integers are little-endian */
	uint8_t object[16], iface[16], activity[16];    /* as written, big-endian */
	uint32_t version, seq;
	uint16_t op, len, frag;
};

/* Reads the header; false when it is none. r is then at the body. */
bool rpc_head_read(struct rd *r, struct rpc_head *h);
uint16_t rpc_u16(struct rd *r, bool le);
uint32_t rpc_u32(struct rd *r, bool le);
/* A UUID in the given order, turned to how it is written. */
void rpc_uuid(struct rd *r, bool le, uint8_t u[16]);
/* "dea00001-6c97-11d1-8271-00a02442df7d"; t has RPC_UUID_TEXT bytes. Its length. */
uint32_t rpc_uuid_put(char *t, const uint8_t u[16]);
/* The name of a fault or reject status, or NULL. */
const char *rpc_status_name(uint32_t status);

#endif
