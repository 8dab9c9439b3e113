/* access_hours.h: the hours in which a supplier may come, as a week of minutes.
 *
 * Windows are of the site's local time, from the first minute to before the last. One
 * that ends at or before its beginning runs past midnight: it belongs to the day on
 * which it begins. "24:00" is the end of the day. */
#ifndef OT_ACCESS_HOURS_H
#define OT_ACCESS_HOURS_H

#include "base/zone.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

enum { WEEK_MINUTES = 7 * 1440 };

struct access_week {
	bool any;                       /* hours are agreed at all */
	uint16_t run[WEEK_MINUTES];     /* allowed minutes from here on; Monday 00:00 is 0 */
};

/* From the site file's list of windows (NULL: none). False: it is not understood. */
bool access_week_read(struct access_week *w, const json_t *hours);
/* Whether all of [start, end] lies in allowed hours. */
bool access_week_holds(const struct access_week *w, struct zone *z, int64_t start, int64_t end);
/* Whether a minute of a local day is allowed. */
bool access_week_at(const struct access_week *w, int64_t days, int minute);

#endif
