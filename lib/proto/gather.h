/* gather.h: messages that come in several PDUs (chunks, fragments, transport
 * segments), put together within bounds.
 *
 *     struct gather *m = first ? gather_begin(c, key) : gather_find(c, key);
 *     if (m && gather_add(m, r) && last) {
 *             struct rd whole = gather_rd(m);
 *             ... use it, then ...
 *             gather_drop(m);
 *     }
 *
 * What order parts have and which is the last is the protocol's business. The
 * bytes are the engine's; a message that has been left lying is dropped when
 * its flow ends or loses step, or when a place is needed for another. */
#ifndef OT_GATHER_H
#define OT_GATHER_H

#include "base/rd.h"
#include "proto/pend.h"

#include <stdbool.h>
#include <stdint.h>

struct gather {
	struct when when;       /* of the first part */
	uint64_t key;
	uint32_t n;             /* bytes held */
	uint32_t total;         /* bytes that came; more than n when there was no room for all */
	uint32_t parts;
	uint32_t next;          /* the protocol's own: the sequence number that must follow */
	uint8_t side;
	/* private */
	bool used;
	uint64_t flow;
	uint64_t turn;
	uint8_t *data;
};

/* A new, empty message for this flow, this PDU's direction and key, in place of
 * one that was being put together there. Never NULL: when all places are taken
 * the one untouched for longest goes (counted in "stats"). */
struct gather *gather_begin(struct dctx *c, uint64_t key);
/* The one being put together, or NULL. */
struct gather *gather_find(struct dctx *c, uint64_t key);
/* Takes all that is left of r (its cursor moves to the end). False when our
 * capture cut it, or an earlier one: nothing of use can follow. */
bool gather_add(struct gather *m, struct rd *r);
/* All parts as one. Where there was no room for everything, reading past what
 * is held is RD_SHORT: our limit, not the sender's fault. */
struct rd gather_rd(const struct gather *m);
void gather_drop(struct gather *m);     /* NULL: nothing */

#endif
