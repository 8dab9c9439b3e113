/* pend_long.h: requests that wait with more bytes than one entry of pend holds
 * (writes of whole blocks): the rest waits in parts, under keys of their own.
 *
 *     pend_long_put(c, key, &head, sizeof(head), r);
 *     ...
 *     struct rd r = pend_long_rd(c, p, sizeof(head), buf, sizeof(buf));
 *
 * The upper eight bits of the keys belong to this layer: a protocol's own key
 * has 56. Its expire asks pend_long_is_part() first, and leaves those alone. */
#ifndef OT_PEND_LONG_H
#define OT_PEND_LONG_H

#include "base/rd.h"
#include "proto/pend.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PEND_LONG_HEAD = 128 };

/* As pend_put: a head of n <= PEND_LONG_HEAD bytes, and what is left of r, up to
 * max bytes of it. */
void pend_long_put(struct dctx *c, uint64_t key, const void *head, size_t n, struct rd r,
    uint32_t max);
/* The bytes of such a request, put together in buf; its parts are forgotten, the
 * entry itself is not. What did not fit, or was not captured, reads as short. */
struct rd pend_long_rd(struct dctx *c, const struct pend *p, size_t n, uint8_t *buf, uint32_t max);

static inline bool
pend_long_is_part(const struct pend *p)
{
	return p->key >> 56 != 0;
}

#endif
