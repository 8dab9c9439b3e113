/* lanes.h: SHA-256 of several messages side by side.
 *
 * The rounds of a block wait for each other, and the processor's instructions for them take
 * longer to answer than to begin: while those of one message wait, it works on another's. So two
 * messages side by side take 0.55 of the time of one after the other. The digests are sum.h's.
 *
 *     struct lane l[2];
 *     lane_begin(&l[0]); lane_feed(&l[0], p, n / LANE_BLOCK); ..[1] the same
 *     lanes_run(l, 2);
 *     lane_last(&l[0], p + n / LANE_BLOCK * LANE_BLOCK, n % LANE_BLOCK, n); ..
 *     lanes_run(l, 2);
 *     lane_digest(&l[0], md);
 */
#ifndef OT_LANES_H
#define OT_LANES_H

#include <nettle/sha2.h>
#include <stddef.h>
#include <stdint.h>

enum { LANE_BLOCK = SHA256_BLOCK_SIZE };

struct lane {
	struct sha256_ctx ctx;
	const uint8_t *p;               /* blocks to come */
	size_t blocks;
	uint8_t end[2 * LANE_BLOCK];    /* the message's last bytes with their padding */
};

void lane_begin(struct lane *l);
/* A lane where `from` is now, which must have no blocks to come: a message that begins as
 * its does. */
void lane_fork(struct lane *l, const struct lane *from);
/* Whole blocks to be hashed; the bytes stay the caller's until lanes_run() is done. */
void lane_feed(struct lane *l, const void *p, size_t blocks);
/* The last n < LANE_BLOCK bytes of a message of `all` bytes, and its end. */
void lane_last(struct lane *l, const void *p, size_t n, uint64_t all);
/* Hashes what was fed to each of the n lanes. */
void lanes_run(struct lane *l, unsigned n);
/* The digest, after the last was fed and run. */
void lane_digest(const struct lane *l, uint8_t md[SHA256_DIGEST_SIZE]);

#endif
