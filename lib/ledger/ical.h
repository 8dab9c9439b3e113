/* ical.h: due days as an iCalendar (RFC 5545), to be subscribed to. */
#ifndef OT_LEDGER_ICAL_H
#define OT_LEDGER_ICAL_H

#include "ledger/status.h"

#include <stdio.h>

/* An event has the UID of its instrument: when a new calibration moves the day, calendars
 * move the entry. now: DTSTAMP. */
void ical_begin(FILE *f);
void ical_event(FILE *f, const struct status *s, int64_t now);
void ical_end(FILE *f);

/* One content line, folded so that no line is longer than 75 octets and no character is
 * cut; ends with CRLF. */
void ical_line(FILE *f, const char *name, const char *value);
/* Text escaped as RFC 5545, 3.3.11 has it; cut where it does not fit. */
void ical_text(char *dst, size_t cap, const char *s);

#endif
