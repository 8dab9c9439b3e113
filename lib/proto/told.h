/* told.h: what a sender has said of itself already, so that it is written once.
 *
 * Protocols that say who they are in each message (HTTP's Server and User-Agent,
 * SSDP's announcements) ask before they say it again. What is forgotten first is
 * what shares its place with something newer, and after LIM_TOLD_SECONDS of packet
 * time all is news again: each hour of a log stands for itself. */
#ifndef OT_TOLD_H
#define OT_TOLD_H

#include "base/hash.h"
#include "proto/ev.h"

#include <stdbool.h>
#include <stdint.h>

struct dctx;

enum { TOLD_N = 4096 };

/* More of what is hashed, from HASH_BEGIN on. */
static inline uint64_t
told_text(uint64_t h, struct text t)
{
	return hash_bytes(h, t.p, t.n) * 31;
}

/* True when who sends this PDU (or, with to, receives it) was noted with this hash
 * not long ago; notes it. */
bool told_before(struct dctx *c, uint64_t h, bool to);

#endif
