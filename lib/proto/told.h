/* told.h: what a sender has said of itself already, so that it is written once.
 *
 * Protocols that say who they are in each message (HTTP's Server and User-Agent,
 * SSDP's announcements) ask before they say it again. What is forgotten first is
 * what shares its place with something newer, and after LIM_TOLD_SECONDS of packet
 * time all is news again: each hour of a log stands for itself. */
#ifndef OT_TOLD_H
#define OT_TOLD_H

#include "proto/ev.h"

#include <stdbool.h>
#include <stdint.h>

struct dctx;

enum { TOLD_N = 4096 };

/* The beginning of a hash, and more of what is hashed. */
#define TOLD_BEGIN 14695981039346656037u
uint64_t told_hash(uint64_t h, const void *p, size_t n);
static inline uint64_t
told_text(uint64_t h, struct text t)
{
	return told_hash(h, t.p, t.n) * 31;
}

/* True when who sends this PDU (or, with to, receives it) was noted with this hash
 * not long ago; notes it. */
bool told_before(struct dctx *c, uint64_t h, bool to);

#endif
