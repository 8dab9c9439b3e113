/* daytext.h: days and times as people write them in tables.
 *
 * 2026-11-03, 2026/11/03, 20261103, 3.11.2026 (with points the day comes first),
 * 3 nov 2026, 3-Nov-2026, 25/11/2026; a time of day behind: 08:00, 08:00:30, T08:00+01:00.
 * What could be two days is none: 3/11/2026. */
#ifndef OT_DAYTEXT_H
#define OT_DAYTEXT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

enum daytext {
	DAYTEXT_OK,
	DAYTEXT_NONE,                   /* no day, or one that no calendar has */
	DAYTEXT_AMBIGUOUS,              /* two days in one */
	DAYTEXT_SHORT,                  /* a year of two digits */
	DAYTEXT_SERIAL,                 /* a number: how a spreadsheet counts days */
};

struct daytime {
	int year, month, day;
	bool timed;                     /* a time of day was written, too */
	int64_t us;                     /* of the day */
	bool zoned;                     /* and how far it is from UTC */
	int offset;                     /* in minutes */
};

/* months: names of each, "months" of rules/calibration-headers.json. */
enum daytext daytext_read(struct daytime *d, const char *s, const json_t *months);
/* "+01:00", "-05:30", "Z" as minutes; false: none of that. */
bool daytext_offset(int *minutes, const char *s);
/* What to say of one that is not OK: what was expected. */
const char *daytext_why(enum daytext t);

#endif
