/* local_time.c: wall clocks to moments and back. */
#include "model/local_time.h"

#include "base/stamp.h"
#include "model/site.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const int64_t minute_us = INT64_C(60) * 1000000, quarter_us = 15 * INT64_C(60000000);
static const int64_t day_us = INT64_C(86400) * 1000000;

static int
offset_at(const char *zone, int64_t us)
{
	int minutes = 0;

	(void)site_timezone(zone, us, &minutes);
	return minutes;
}

int64_t
local_wall(const char *zone, int64_t us)
{
	return us + offset_at(zone, us) * minute_us;
}

enum local_fit
local_moment(const char *zone, int64_t wall, int64_t *us, int64_t *later)
{
	/* no clock changes twice within a day: one of the two offsets is in force, or both */
	int before = offset_at(zone, wall - day_us), after = offset_at(zone, wall + day_us);
	int64_t a = wall - before * minute_us, b = wall - after * minute_us, c;
	bool fits_a = local_wall(zone, a) == wall, fits_b = local_wall(zone, b) == wall;
	int64_t unused;

	if (later == NULL)
		later = &unused;
	*us = fits_a ? a : b;
	*later = fits_b ? b : a;
	if (fits_a && fits_b) {
		if (a == b)
			return LOCAL_ONCE;
		if (*us > *later) {
			c = *us;
			*us = *later;
			*later = c;
		}
		return LOCAL_TWICE;
	}
	if (fits_a || fits_b) {
		*later = *us = fits_a ? a : b;
		return LOCAL_ONCE;
	}
	/* the change is the last quarter of an hour before the earlier offset's answer */
	c = a - a % quarter_us;
	while (offset_at(zone, c - minute_us) != before)
		c -= quarter_us;
	*us = *later = c;
	return LOCAL_NEVER;
}

const char *
local_text(char dst[LOCAL_TEXT], const char *zone, int64_t us)
{
	int minutes = offset_at(zone, us), year, month, day;
	int64_t wall = us + minutes * minute_us;
	int64_t days = stamp_day_of(wall);
	int m = (int)((wall - days * day_us) / minute_us);

	stamp_civil(days, &year, &month, &day);
	snprintf(dst, LOCAL_TEXT, "%04u-%02u-%02u %02u:%02u %c%02u:%02u",
	    (unsigned)year % 10000, (unsigned)month % 100, (unsigned)day % 100,
	    (unsigned)m / 60 % 24, (unsigned)m % 60, minutes < 0 ? '-' : '+',
	    (unsigned)abs(minutes) / 60 % 24, (unsigned)abs(minutes) % 60);
	return dst;
}

/* Whether the text ends in an offset or "Z": then it is a moment by itself. */
static bool
has_offset(const char *s)
{
	const char *t = strpbrk(s, "Tt ");

	return t != NULL && strpbrk(t + 1, "+-Zz") != NULL;
}

bool
local_parse(const char *zone, const char *text, bool end, int64_t *us, struct err *e)
{
	static const char expected[] = "2026-11-22 or 2026-11-22 09:12, with an offset like +01:00 "
	    "where it is not local time";
	size_t n = strlen(text);
	bool whole = n == 10;
	int64_t later;
	char one[LOCAL_TEXT], other[LOCAL_TEXT];

	if (n > 40 || !stamp_parse(us, text, n))
		return err_set(e, "\"%.40s\" is no time: expected %s", text, expected);
	if (has_offset(text))
		return true;
	if (whole && end)
		*us += day_us;
	switch (local_moment(zone, *us, us, &later)) {
	case LOCAL_NEVER:
		if (!whole)
			return err_set(e,
			    "\"%s\" never was in %s: clocks went on to %s then", text,
			    zone, local_text(one, zone, *us));
		break;
	case LOCAL_TWICE:
		if (!whole)
			return err_set(e,
			    "\"%s\" was twice in %s: write %s or %s", text, zone,
			    local_text(one, zone, *us), local_text(other, zone, later) + 17);
		break;
	case LOCAL_ONCE: break;
	}
	if (whole && end)
		*us -= 1;
	return true;
}
