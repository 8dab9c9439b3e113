/* mix.h: a hash of texts, eight bytes at a time: for tables whose finds are compared, and for
 * what only looks for likeness. */
#ifndef OT_TIMELINE_MIX_H
#define OT_TIMELINE_MIX_H

#include "timeline/item.h"

#include <string.h>

#define MIX_BEGIN UINT64_C(0x9e3779b97f4a7c15)

static inline uint64_t
mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * UINT64_C(0xff51afd7ed558ccd);
	return h ^ h >> 32;
}

static inline uint64_t
mix_bytes(uint64_t h, const char *p, size_t n)
{
	uint64_t v;

	h = mix(h, n);
	for (; n >= 8; p += 8, n -= 8) {
		memcpy(&v, p, 8);
		h = mix(h, v);
	}
	v = 0;
	memcpy(&v, p, n);
	return mix(h, v);
}

static inline uint64_t
mix_text(uint64_t h, const struct timeline_text *t)
{
	return mix_bytes(h, t->p, t->n);
}

#endif
