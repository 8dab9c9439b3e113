/* lanes_impl.h: what the files of lanes share. */
#ifndef OT_LANES_IMPL_H
#define OT_LANES_IMPL_H

#include "base/lanes.h"

#include <stdbool.h>

/* Of each of n lanes so many blocks, by Nettle, block by block by turns. */
void lanes_turns(struct lane *l[], unsigned n, size_t blocks);
/* Whether the processor has instructions for SHA-256. */
bool lanes_native(void);
/* By them, n blocks of one message and n of another side by side: a and b are how far their
 * digests are, and become how far they then are. */
void lanes_pair(uint32_t a[8], const uint8_t *pa, uint32_t b[8], const uint8_t *pb, size_t n);

#endif
