/* oncrpc.h: ONC RPC version 2 (RFC 5531), with record marking over TCP, and XDR
 * (RFC 4506), for the programs that have dissectors.
 *
 *      0               4         8
 *     +---------------+---------+----------+------- - -
 *     |last| length   |   xid   | 0 call   | rpcvers 2, program, version, procedure,
 *     |  (TCP only)   |         |          | credential, verifier, arguments
 *     +---------------+---------+----------+------- - -
 *                               | 1 reply  | accepted: verifier, status, results */
#ifndef OT_ONCRPC_H
#define OT_ONCRPC_H

#include "proto/proto.h"

enum { RPCBIND = 100000, VXI11_CORE = 395183, VXI11_ABORT = 395184, VXI11_INTR = 395185 };

struct rpc {
	uint32_t xid;
	bool call;
	bool last;                      /* the record ends here: nearly always */
	uint32_t prog, vers, proc;      /* of a call */
	struct text machine;            /* AUTH_SYS: the caller's host name */
	const char *status;             /* of a reply: "ok", or what is wrong */
	struct rd body;                 /* arguments or results */
};

/* False when it is none. tcp: a record mark is before it. */
bool rpc_decode(struct rd *r, bool tcp, struct rpc *m);
/* Length of the record at the cursor; 0: more is needed; -1: cannot be one. */
ssize_t rpc_frame(const struct rd *r);
/* Does the side hold a call of one of these programs (ended by 0)? */
enum probe rpc_calls(struct rd r, bool tcp, const uint32_t *programs);
/* Nothing here speaks against it (all there is of it may be too little to say). */
bool rpc_could(struct rd r, bool tcp);
/* A reply to something? */
bool rpc_replies(struct rd r, bool tcp);
const char *rpc_program_name(uint32_t prog);
/* XDR's variable opaque or string; the cursor moves past its padding. */
struct rd xdr_opaque(struct rd *r);

#endif
