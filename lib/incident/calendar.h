/* calendar.h: when a period that the law gives ends.
 *
 * Hours are elapsed time: 24 hours are 24 hours, whatever clocks do on that night. Weeks,
 * months and years go by the wall clock of a zone: the same time of day on the same day so
 * much later; a month that is too short ends with its last day (31 January and a month is 28
 * or 29 February).
 *
 * Such an end may be a time that the clocks show twice or never. The end is the first
 * moment at which they show that time or a later one: of an hour that comes twice the first
 * one, of an hour that is skipped the moment of the skip. An end on a Saturday, a Sunday or
 * a holiday is not moved. */
#ifndef OT_INCIDENT_CALENDAR_H
#define OT_INCIDENT_CALENDAR_H

#include "model/local_time.h"

#include <stdbool.h>
#include <stdint.h>

enum calendar_unit { CALENDAR_HOURS, CALENDAR_WEEKS, CALENDAR_MONTHS, CALENDAR_YEARS };
struct calendar_span { enum calendar_unit unit; int n; };

/* One unit in the words of ISO 8601, 1 to 999 of it: "PT72H", "P4W", "P1M", "P1Y". */
bool calendar_span_read(struct calendar_span *s, const char *text);

struct calendar_end {
	int64_t us;
	enum local_fit fit;             /* LOCAL_ONCE of hours */
	int64_t later;                  /* LOCAL_TWICE: the second moment; else us */
	bool clamped;                   /* the month has no such day: its last was taken */
};

/* The end of a period that begins at `from`. A zone that is not known counts as UTC. */
struct calendar_end calendar_after(const char *zone, int64_t from, struct calendar_span span);

/* 0 Monday to 6 Sunday on the zone's clocks. */
int calendar_weekday(const char *zone, int64_t us);

#endif
