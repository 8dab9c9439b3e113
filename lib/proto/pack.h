/* pack.h: texts of a message that waits for its answer, one behind another: tag,
 * length, bytes. What a clinical message holds beside them is not kept at all.
 *
 *     struct pack p = { 0 };
 *     pack_put(&p, TAG, text);
 *     ...
 *     struct rd r = rd_init(p.b, p.n, p.n);
 *     while (pack_next(&r, &tag, &text)) ...
 *
 * What does not fit is left out, and said by `full`. */
#ifndef OT_PACK_H
#define OT_PACK_H

#include "base/rd.h"
#include "proto/ev.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { PACK_MAX = 1200, PACK_TEXT = 120 };

struct pack { uint16_t n; bool full; uint8_t b[PACK_MAX]; };

static inline void
pack_put(struct pack *p, uint8_t tag, struct text t)
{
	uint32_t n = t.n < PACK_TEXT ? t.n : PACK_TEXT;

	if (!n)
		return;
	if (p->n + 2u + n > PACK_MAX) {
		p->full = true;
		return;
	}
	p->b[p->n] = tag;
	p->b[p->n + 1] = (uint8_t)n;
	memcpy(p->b + p->n + 2, t.p, n);
	p->n = (uint16_t)(p->n + 2 + n);
}

static inline bool
pack_next(struct rd *r, uint8_t *tag, struct text *t)
{
	if (!rd_have(r))
		return false;
	*tag = rd_u8(r);
	t->n = rd_u8(r);
	t->p = (const char *)rd_bytes(r, t->n);
	return rd_ok(r);
}

/* The first text with this tag, or none. */
static inline struct text
pack_find(struct rd r, uint8_t want)
{
	struct text t;
	uint8_t tag;

	while (pack_next(&r, &tag, &t))
		if (tag == want)
			return t;
	return (struct text){ 0 };
}

#endif
