#include "base/lanes.h"

#include <stdbool.h>
#include <string.h>

void
lane_begin(struct lane *l)
{
	sha256_init(&l->ctx);
	l->blocks = 0;
}

void
lane_fork(struct lane *l, const struct lane *from)
{
	l->ctx = from->ctx;
	l->blocks = 0;
}

void
lane_feed(struct lane *l, const void *p, size_t blocks)
{
	l->p = p;
	l->blocks = blocks;
}

/* FIPS 180-4, 5.1.1: a bit, zeros, and the length in bits. */
void
lane_last(struct lane *l, const void *p, size_t n, uint64_t all)
{
	size_t size = n + 9 > LANE_BLOCK ? 2 * LANE_BLOCK : LANE_BLOCK;

	memset(l->end, 0, size);
	memcpy(l->end, p, n);
	l->end[n] = 0x80;
	all *= 8;
	for (unsigned i = 1; i <= 8; i++, all >>= 8)
		l->end[size - i] = (uint8_t)all;
	lane_feed(l, l->end, size / LANE_BLOCK);
}

void
lanes_run(struct lane *l, unsigned n)
{
	for (bool more = true; more; ) {
		more = false;
		for (unsigned i = 0; i < n; i++)
			if (l[i].blocks > 0) {
				/* a whole block goes to the rounds without a copy */
				sha256_update(&l[i].ctx, LANE_BLOCK, l[i].p);
				l[i].p += LANE_BLOCK;
				more |= --l[i].blocks > 0;
			}
	}
}

void
lane_digest(const struct lane *l, uint8_t md[SHA256_DIGEST_SIZE])
{
	/* compilers make one store of four */
	for (unsigned i = 0; i < SHA256_DIGEST_SIZE; i += 4) {
		uint32_t w = l->ctx.state[i / 4];

		md[i] = (uint8_t)(w >> 24);
		md[i + 1] = (uint8_t)(w >> 16);
		md[i + 2] = (uint8_t)(w >> 8);
		md[i + 3] = (uint8_t)w;
	}
}
