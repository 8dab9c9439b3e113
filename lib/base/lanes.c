#include "base/lanes_impl.h"

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

/* The lanes with most to come, that with more first; how many have any, but not more than two. */
static unsigned
longest(struct lane *l, unsigned n, struct lane *most[2])
{
	unsigned k = 0;

	for (unsigned i = 0; i < n; i++) {
		if (l[i].blocks == 0)
			continue;
		if (k == 0 || l[i].blocks > most[0]->blocks) {
			most[1] = k > 0 ? most[0] : NULL;
			most[0] = &l[i];
		} else if (k == 1 || l[i].blocks > most[1]->blocks)
			most[1] = &l[i];
		k += k < 2;
	}
	return k;
}

void
lanes_turns(struct lane *l[], unsigned n, size_t blocks)
{
	/* a whole block goes to the rounds without a copy */
	for (size_t at = 0; at < blocks; at++)
		for (unsigned i = 0; i < n; i++)
			sha256_update(&l[i]->ctx, LANE_BLOCK, l[i]->p + at * LANE_BLOCK);
}

void
lanes_run(struct lane *l, unsigned n)
{
	struct lane *m[2];
	unsigned k;

	while ((k = longest(l, n, m)) > 0) {
		size_t blocks = m[k - 1]->blocks;

		if (k == 2 && lanes_native())
			lanes_pair(m[0]->ctx.state, m[0]->p, m[1]->ctx.state, m[1]->p, blocks);
		else
			lanes_turns(m, k, blocks);
		for (unsigned i = 0; i < k; i++) {
			m[i]->p += blocks * LANE_BLOCK;
			m[i]->blocks -= blocks;
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
