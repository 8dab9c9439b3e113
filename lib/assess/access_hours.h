/* access_hours.h: the site's clocks, and the hours in which a supplier may come as a
 * week of minutes.
 *
 * Windows are of the site's local time, from the first minute to before the last. One
 * that ends at or before its beginning runs past midnight: it belongs to the day on
 * which it begins. */
#ifndef OT_ACCESS_HOURS_H
#define OT_ACCESS_HOURS_H

#include "model/site.h"

#include <stdbool.h>
#include <stdint.h>

enum { WEEK_MINUTES = 7 * 1440 };

/* A time zone of site_timezone(); remembers the quarter of an hour asked last, for
 * clocks change on the edges of those. Begin with { .zone = name, .asked = INT64_MIN }. */
struct access_clock { const char *zone; int64_t asked; int minutes; };

struct access_time {
	int64_t days;                   /* since 1970-01-01, of the local calendar */
	int minute;                     /* of the local day, 0..1439 */
	int offset;                     /* minutes ahead of UTC */
};

/* UTC where the zone is none that is known. */
void access_local(struct access_clock *c, int64_t us, struct access_time *t);
/* When a local day begins. */
int64_t access_midnight(const struct access_clock *c, int64_t days);

struct access_week {
	bool any;                       /* hours are agreed at all */
	uint16_t run[WEEK_MINUTES];     /* allowed minutes from here on; Monday 00:00 is 0 */
};

void access_week_of(struct access_week *w, const struct site_hours *hours);
/* Whether all of [start, end] lies in allowed hours. */
bool access_week_holds(const struct access_week *w, struct access_clock *c, int64_t start,
    int64_t end);
/* Whether a minute of a local day is allowed. */
bool access_week_at(const struct access_week *w, int64_t days, int minute);

#endif
