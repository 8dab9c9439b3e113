/* fold.h: what is said twice becomes one item: a write that two sensors saw, a line that two
 * servers kept, an alarm that repeats every ten seconds.
 *
 * Items go in in the order of time and come out in it, later: one is held back until nothing
 * more can be folded into it, at most LIM_TIMELINE_SPAN seconds and as long as there is room.
 * Two are the same when kind, asset and what was done or said are, and of one source the words
 * and the party, too; of different sources within a second, of any within `seconds` of the last
 * one. Notes, calibrations, changes, gaps and
 * clocks are never folded. */
#ifndef OT_TIMELINE_FOLD_H
#define OT_TIMELINE_FOLD_H

#include "timeline/item.h"

#include <stdbool.h>

struct fold;

/* seconds 0: only duplicates. NULL: out of memory. */
struct fold *folding_new(unsigned seconds);
void folding_free(struct fold *f);
void folding_reset(struct fold *f);

/* Copies the item, or counts it to one that is held. False: there is no room; take first. */
bool folding_put(struct fold *f, const struct timeline_item *item);
/* The first one held, when nothing more can come to it (or `all`: whatever may come). Texts
 * are good until the next folding_put(). */
bool folding_take(struct fold *f, bool all, struct timeline_item *item);

#endif
