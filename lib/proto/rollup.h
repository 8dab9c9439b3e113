/* rollup.h: polling folded: one event for many reads that say the same.
 *
 * A successful read like one before (same client, server, service, object and
 * number of objects) is not written; at the end of each window one event says
 * how many there were, the last value, the least and the greatest, and the
 * round-trip times. The first of its kind goes out as it is. So does, at once,
 * whatever is not a successful read, names a device, or reads another state
 * than before: a value with texts or booleans in it that changed. */
#ifndef OT_ROLLUP_H
#define OT_ROLLUP_H

#include "proto/ev.h"

struct engine;

/* True when the event, complete but for "ot", was folded: it is to be dropped. */
bool rollup_take(struct engine *g, struct ev *e);
/* Writes out the windows that are over by packet time; all, at the input's end. */
void rollup_due(struct engine *g, bool all);

#endif
