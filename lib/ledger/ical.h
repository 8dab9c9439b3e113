/* ical.h: due days, and moments at which something is due, as an iCalendar (RFC 5545), to be
 * subscribed to. */
#ifndef OT_LEDGER_ICAL_H
#define OT_LEDGER_ICAL_H

#include "ledger/status.h"

#include <stdio.h>

/* program: who made it, "calchain due". */
void ical_begin(FILE *f, const char *program);

/* Something that falls on a day. The UID follows from program and key: when the day moves,
 * calendars move the entry. Texts of NULL are left out. */
struct ical_day {
	const char *program, *key;
	int64_t day;                    /* midnight UTC */
	uint64_t sequence;
	const char *summary, *description, *location, *category;
};
/* now: DTSTAMP. */
void ical_day(FILE *f, const struct ical_day *d, int64_t now);

/* Something that is due at a moment, with alarms before it: an event without length. What
 * the members share with struct ical_day is as there. */
struct ical_moment {
	const char *program, *key;
	int64_t us;                     /* rounded down to the second */
	uint64_t sequence;
	const char *summary, *description, *location, *category;
	const int *alarms; size_t nalarms;      /* minutes before it, above 0 */
};
void ical_moment(FILE *f, const struct ical_moment *m, int64_t now);

/* The day on which an instrument is due; its UID follows from its id. */
void ical_event(FILE *f, const struct status *s, int64_t now);
void ical_end(FILE *f);

/* One content line, folded so that no line is longer than 75 octets and no character is
 * cut; ends with CRLF. */
void ical_line(FILE *f, const char *name, const char *value);
/* Text escaped as RFC 5545, 3.3.11 has it; cut where it does not fit. */
void ical_text(char *dst, size_t cap, const char *s);

#endif
