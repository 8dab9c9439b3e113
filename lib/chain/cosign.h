/* cosign.h: what witnesses and time stamping authorities say of a ledger's heads, written down
 * beside them (C2SP tlog-cosignature). */
#ifndef OT_COSIGN_H
#define OT_COSIGN_H

#include "base/err.h"
#include "chain/vkey.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum cosign_answer {
	COSIGN_DONE,
	COSIGN_STRANGE,         /* no line in it is of a witness that is trusted */
	COSIGN_FALSE,           /* a line of one of those holds for no head of this ledger */
	COSIGN_FAILED           /* it could not be done */
};
struct cosign_seen { const struct vkey *by; uint64_t at; };
struct cosigned {
	uint64_t size;                  /* of the head */
	bool newest;                    /* the ledger's: `checkpoint` has the lines now */
	bool was;                       /* they were there already: nothing was written */
	unsigned n;
	struct cosign_seen seen[64];    /* by whom, and when (seconds) */
};
/* Takes a witness's answer: signature lines of `trust` (cosigners' keys; others are passed over)
 * go to the head they are for, in checkpoints.ndjson and, where it is the newest, in
 * `checkpoint`. On the disk when it returns COSIGN_DONE. Waits for an appender. */
enum cosign_answer cosign_take(struct cosigned *c, const char *path, const struct vkey *trust,
    size_t ntrust, const char *answer, size_t n, struct err *e);

#endif
