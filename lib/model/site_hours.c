/* site_hours.c: what hour of the week it is somewhere, and whether a supplier may come. */
#include "model/site.h"

#include "base/stamp.h"

#include <string.h>

/* Zones whose summer time is the European Union's (directive 2000/84/EC): from 01:00 UTC on
 * the last Sunday of March to 01:00 UTC on that of October, an hour. Minutes from UTC. */
static const struct { const char *name; int minutes; } zones[] = {
	{ "Europe/Stockholm", 60 }, { "Europe/Amsterdam", 60 }, { "Europe/Athens", 120 },
	{ "Europe/Berlin", 60 }, { "Europe/Bratislava", 60 }, { "Europe/Brussels", 60 },
	{ "Europe/Bucharest", 120 }, { "Europe/Budapest", 60 }, { "Europe/Copenhagen", 60 },
	{ "Europe/Dublin", 0 }, { "Europe/Helsinki", 120 }, { "Europe/Lisbon", 0 },
	{ "Europe/Ljubljana", 60 }, { "Europe/London", 0 }, { "Europe/Luxembourg", 60 },
	{ "Europe/Madrid", 60 }, { "Europe/Malta", 60 }, { "Europe/Mariehamn", 120 },
	{ "Europe/Oslo", 60 }, { "Europe/Paris", 60 }, { "Europe/Prague", 60 },
	{ "Europe/Riga", 120 }, { "Europe/Rome", 60 }, { "Europe/Sofia", 120 },
	{ "Europe/Tallinn", 120 }, { "Europe/Vienna", 60 }, { "Europe/Vilnius", 120 },
	{ "Europe/Warsaw", 60 }, { "Europe/Zagreb", 60 }, { "Europe/Zurich", 60 },
	{ "Asia/Nicosia", 120 },
};

static const int64_t day_us = INT64_C(86400) * 1000000, minute_us = INT64_C(60) * 1000000;

/* 0 is Monday: 1 January 1970 was a Thursday. */
static int
weekday(int64_t days)
{
	return (int)(((days + 3) % 7 + 7) % 7);
}

/* 01:00 UTC on the last Sunday of a month that has 31 days. */
static int64_t
last_sunday(int year, int month)
{
	int64_t last = stamp_days(year, month, 31);

	return (last - (weekday(last) + 1) % 7) * day_us + 60 * minute_us;
}

bool
site_timezone(const char *name, int64_t us, int *minutes)
{
	int year, month, day, zone = -1;

	for (size_t i = 0; i < sizeof(zones) / sizeof(*zones); i++)
		if (strcmp(zones[i].name, name) == 0)
			zone = (int)i;
	if (zone < 0 && strcmp(name, "UTC") != 0)
		return false;
	if (!minutes)
		return true;
	*minutes = zone < 0 ? 0 : zones[zone].minutes;
	stamp_civil(stamp_day_of(us), &year, &month, &day);
	if (zone >= 0 && us >= last_sunday(year, 3) && us < last_sunday(year, 10))
		*minutes += 60;
	return true;
}

enum site_tri
site_hours_hold(const struct site *s, const struct site_supplier *p, int64_t us)
{
	int minutes = 0, today, yesterday;
	int64_t day, minute;

	if (!p || p->hours.n == 0 || !s || !site_timezone(s->timezone, us, &minutes))
		return SITE_UNSET;
	us += minutes * minute_us;
	day = stamp_day_of(us);
	minute = (us - day * day_us) / minute_us;
	today = 1 << weekday(day);
	yesterday = 1 << weekday(day - 1);
	for (size_t i = 0; i < p->hours.n; i++) {
		const struct site_span *x = &p->hours.v[i];

		if (x->from < x->to) {
			if (x->days & today && minute >= x->from && minute < x->to)
				return SITE_YES;
		} else if ((x->days & today && minute >= x->from) ||
		    (x->days & yesterday && minute < x->to)) {
			return SITE_YES;
		}
	}
	return SITE_NO;
}
