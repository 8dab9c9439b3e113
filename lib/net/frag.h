/* frag.h: IP fragments put together, bounded in number, size and time.
 * The first copy of a byte wins; overlap is an anomaly, for no host sends it, and in
 * IPv6 the end of its datagram, as it is for the receiver. */
#ifndef OT_FRAG_H
#define OT_FRAG_H

#include "net/pkt.h"

struct fragtab;

struct frag_stats { uint64_t fragments, reassembled, overlaps, evicted, timed_out; };

struct fragtab *fragtab_new(void);
void fragtab_free(struct fragtab *t);

/* Takes a PKT_FRAGMENT. When it completes its datagram, returns the payload
 * (borrowed until the next call) and its length; NULL while more is missing.
 * k->anomaly is set on overlaps and impossible offsets. */
const uint8_t *frag_add(struct fragtab *t, struct pkt *k, uint32_t *len);

const struct frag_stats *frag_stats(const struct fragtab *t);

#endif
