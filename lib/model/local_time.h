/* local_time.h: what people's clocks show, and the moment that it is.
 *
 * A wall clock is no moment by itself: when summer time ends an hour comes twice, and when
 * it begins an hour never comes. Whoever reads such a time must say so instead of guessing.
 * Zones are site_timezone()'s. */
#ifndef OT_LOCAL_TIME_H
#define OT_LOCAL_TIME_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum local_fit { LOCAL_ONCE, LOCAL_TWICE, LOCAL_NEVER };

/* The moment at which the zone's clocks show `wall`: microseconds as if they were UTC's.
 * LOCAL_TWICE: *us is the first of the two, *later the second (later may be NULL).
 * LOCAL_NEVER: both are the moment at which the clocks skip it. A zone that is not known
 * counts as UTC. */
enum local_fit local_moment(const char *zone, int64_t wall, int64_t *us, int64_t *later);

/* What the zone's clocks show at a moment, as microseconds as if they were UTC's. */
int64_t local_wall(const char *zone, int64_t us);

/* A time as people write it: "2026-11-22 09:12", with seconds and a fraction or without, 'T'
 * for the blank, and an offset or without. Without one it is the zone's; an hour that comes
 * twice or never is refused, with the offsets to choose from. `end` of a day alone: false
 * is its beginning, true its last microsecond; a day alone is the zone's. */
bool local_parse(const char *zone, const char *text, bool end, int64_t *us, struct err *e);

/* "2026-11-23 09:12 +01:00", to the minute; dst holds LOCAL_TEXT. Returns dst. */
enum { LOCAL_TEXT = 24 };
const char *local_text(char dst[LOCAL_TEXT], const char *zone, int64_t us);

#endif
