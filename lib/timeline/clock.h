/* clock.h: how far the clocks of two sources lie apart, from what both must have seen at the
 * same moment (lib/rules/coincidence.json).
 *
 * Of each item that could be one of a pair a mark is kept: a hash of what must be alike, and
 * what its source's clock showed. Where they become too many, the same half of what is said
 * is forgotten of all sources. */
#ifndef OT_TIMELINE_CLOCK_H
#define OT_TIMELINE_CLOCK_H

#include "base/err.h"
#include "timeline/timeline.h"

#include <stdbool.h>

struct clocks;

/* dir: of rules that replace ours, or NULL. NULL: *e. */
struct clocks *clocks_new(const char *dir, struct err *e);
void clocks_free(struct clocks *c);

/* Marks what is put: its `shown` by its source's clock. Not after the first estimate. */
void clocks_mark(struct clocks *c, const struct timeline_item *item);
/* Fills all but source and other. offset: microseconds that `other`'s clock is corrected by;
 * the estimate is then what is to be added to what source's clock shows. */
void clocks_estimate(struct clocks *c, uint16_t source, uint16_t other, int64_t offset,
    struct timeline_estimate *est);

#endif
