#include "incident/calendar.h"

#include "base/stamp.h"
#include "ledger/day.h"

#include <string.h>

static const int64_t hour_us = INT64_C(3600) * 1000000, day_us = INT64_C(86400) * 1000000;

bool
calendar_span_read(struct calendar_span *s, const char *text)
{
	static const struct { const char *before; char after; enum calendar_unit unit; } forms[] = {
		{ "PT", 'H', CALENDAR_HOURS }, { "P", 'W', CALENDAR_WEEKS },
		{ "P", 'M', CALENDAR_MONTHS }, { "P", 'Y', CALENDAR_YEARS },
	};

	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		size_t n = strlen(forms[i].before), k;

		if (strncmp(text, forms[i].before, n) != 0)
			continue;
		*s = (struct calendar_span){ forms[i].unit, 0 };
		for (k = n; k < n + 3 && text[k] >= '0' && text[k] <= '9'; k++)
			s->n = s->n * 10 + (text[k] - '0');
		if (s->n > 0 && text[k] == forms[i].after && !text[k + 1])
			return true;
	}
	return false;
}

/* The day so many months later, or the last one of that month. */
static int64_t
months_later(int64_t days, int months, bool *clamped)
{
	int64_t end = interval_add(days, &(struct interval){ .months = months });
	int year, month, day, last;

	/* times are written with four digits of the year */
	if (end == DAY_NONE)
		end = stamp_days(9999, 12, 31);
	stamp_civil(days, &year, &month, &day);
	stamp_civil(end, &year, &month, &last);
	*clamped = last != day;
	return end;
}

struct calendar_end
calendar_after(const char *zone, int64_t from, struct calendar_span span)
{
	struct calendar_end e = { .us = from, .fit = LOCAL_ONCE };
	int64_t wall, days;

	if (span.unit == CALENDAR_HOURS) {
		e.later = e.us = from + span.n * hour_us;
		return e;
	}
	wall = local_wall(zone, from);
	days = stamp_day_of(wall);
	wall -= days * day_us;
	days = span.unit == CALENDAR_WEEKS ? days + 7 * span.n :
	    months_later(days, span.unit == CALENDAR_YEARS ? 12 * span.n : span.n, &e.clamped);
	e.fit = local_moment(zone, days * day_us + wall, &e.us, &e.later);
	return e;
}

int
calendar_weekday(const char *zone, int64_t us)
{
	/* 1 January 1970 was a Thursday */
	return (int)(((stamp_day_of(local_wall(zone, us)) + 3) % 7 + 7) % 7);
}
