/* memo.h: what a number stands for, as it was agreed earlier in the flow: the
 * node behind a monitored item's handle, the symbol behind a variable's.
 *
 * The names lie in one of gather's places, so the run's ceilings hold: a flow
 * has LIM_GATHER_BYTES of them at most, and begins anew when that is full; all
 * are forgotten when the flow ends or loses bytes. */
#ifndef OT_MEMO_H
#define OT_MEMO_H

#include "proto/ev.h"

#include <stdint.h>

struct dctx;

/* Remembers it. The same number may be given a new name: the later one counts
 * where it is found first. */
void memo_put(struct dctx *c, uint64_t num, struct text name);
/* The name, borrowed until the next call of memo or gather; or no text. *at is
 * where the caller's flow found the last one: names are mostly asked for in the
 * order in which they were put. Both ends of the flow share them. */
struct text memo_get(struct dctx *c, uint64_t num, uint32_t *at);

#endif
