/* day.h: days and times as certificates have them, and intervals between them. */
#ifndef OT_LEDGER_DAY_H
#define OT_LEDGER_DAY_H

#include "json/scan.h"

#include <stdbool.h>
#include <stdint.h>

#define DAY_NONE INT64_MIN

/* A day alone, or a time. */
struct moment {
	int64_t us;             /* since the epoch; of a day: its beginning in UTC */
	/* as written: the calendar day where it was written; since the epoch */
	int64_t day;
	bool whole;             /* a day alone */
};

/* "2026-11-22" or a time as base/stamp.h reads it. */
bool moment_parse(struct moment *m, const char *s, size_t n);
bool moment_read(struct moment *m, const struct sval *v);
struct moment moment_of(int64_t us);            /* its day is that in UTC */
struct moment moment_day(int64_t day);

/* Less than, equal to, more than 0. Where one of the two is a day alone their days are
 * compared as they were written, for nobody knows more: equal is "on the same day". */
int moment_cmp(const struct moment *a, const struct moment *b);
/* The last microsecond: of a day, in UTC. */
int64_t moment_end(const struct moment *m);

enum { DAY_TEXT = 11 };
/* "2026-11-22" and a NUL; returns dst. */
const char *day_put(char dst[DAY_TEXT], int64_t day);
/* A day as "2026-11-22", a time as EVE has it, in UTC; dst holds STAMP_TEXT bytes. */
const char *moment_put(char *dst, const struct moment *m);

/* ISO 8601 durations of whole years, months, weeks and days: P12M, P1Y6M, P90D. */
struct interval { int months, days; };
bool interval_parse(struct interval *i, const char *s, size_t n);
/* Months first, to the same day of the month or its last one (31 January and P1M:
 * 28 or 29 February), then days. DAY_NONE past the year 9999. */
int64_t interval_add(int64_t day, const struct interval *i);

#endif
