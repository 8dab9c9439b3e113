/* keep.h: what a protocol keeps beyond one flow, bounded: streams of frames on
 * links that have no flows, requests there, answers that come from another port.
 *
 *     struct keep *s = keep_find(c, &key, sizeof(key));
 *     if (!s)
 *             s = keep_new(c, KEEP_STREAM, &key, sizeof(key), on_end);
 *     struct mine *m = (struct mine *)s->data;         zeroed at first
 *     keep_touch(c, s);
 *
 * Keys are bytes of the protocol's own choice (without padding) and are apart
 * for each dissector. A WAIT lives LIM_PENDING_SECONDS from its making, a
 * STREAM until nothing was seen of it for LIM_FLOW_OTHER seconds of packet
 * time; both go when the flow they came in ends, at the end of input, or, the
 * one untouched for longest, when the table is full (counted in "stats"). In
 * all these cases on_end is called, so that nothing is silent; its context has
 * the addresses, VLANs or flow of the packet that made the entry, and the time
 * of the last one. */
#ifndef OT_KEEP_H
#define OT_KEEP_H

#include "base/limits.h"
#include "proto/pend.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dissector;
struct pkt;

enum keep_kind { KEEP_WAIT, KEEP_STREAM };
enum { KEEP_KEY = 40, KEEP_DATA = 1536 };

struct keep {
	struct when first, last;
	struct flow *flow;              /* of the first packet, or NULL */
	uint8_t side;                   /* its direction there */
	bool has_mac;
	uint8_t src[6], dst[6], nvlan;
	uint16_t vlan[LIM_VLANS], ethertype;
	bool answered;                  /* a WAIT whose answer came: ends unsaid, for repeats */
	/* private */
	bool used;
	uint8_t kind, key_n;
	uint8_t key[KEEP_KEY];
	const struct dissector *self;
	void (*end)(struct dctx *, struct keep *);
	uint32_t chain;                 /* of its bucket */
	uint32_t older, newer;          /* of its kind */
	_Alignas(16) uint8_t data[KEEP_DATA];
};

struct keep *keep_find(struct dctx *c, const void *key, size_t n);
/* A new entry, data zeroed; one with the same key ends first. Never NULL. Not
 * while an event is open (another entry may have to be reported). */
struct keep *keep_new(struct dctx *c, enum keep_kind kind, const void *key, size_t n,
    void (*end)(struct dctx *, struct keep *));
/* Seen again, in the current packet. */
void keep_touch(struct dctx *c, struct keep *s);
/* Forgets it, without its end being called. */
void keep_drop(struct dctx *c, struct keep *s);
/* Makes d a context whose events go from s's sender to s's receiver; k is
 * where its link addresses live, and may be changed before ev_begin. */
void keep_ctx(struct dctx *d, struct pkt *k, const struct dctx *c, const struct keep *s);

#endif
