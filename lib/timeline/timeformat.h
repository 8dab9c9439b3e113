/* timeformat.h: times as logs write them, by a format as strptime(3) has it.
 *
 * A format is made once and read many times; nothing of the locale or of the machine's zone
 * is in it. Letters:
 *
 *     %Y four digits   %y two (a century must be given)   %m month   %b its name (English or
 *     Swedish, three letters or whole, any case)   %d day   %e day, a blank for its zero
 *     %j day of the year   %H hour   %I hour of %p   %p AM or PM   %M minute   %S second
 *     %f a fraction behind '.' or ',', or nothing   %z offset: Z, +01:00, +0100, +01
 *     %s seconds since 1970, with a fraction or not   %Q thousandths, %N millionths of them
 *     %A a weekday's name, passed over   %F %Y-%m-%d   %T %H:%M:%S   %% a percent sign
 *
 * A blank stands for any number of blanks, other characters for themselves. The names
 * "iso8601" (RFC 3339 and its relatives, "," before the fraction too), "epoch", "epoch_ms"
 * and "epoch_us" are formats, too. */
#ifndef OT_TIMELINE_TIMEFORMAT_H
#define OT_TIMELINE_TIMEFORMAT_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TIMEFORMAT_OPS = 48 };

struct timeformat {
	uint8_t n;
	bool iso;                       /* "iso8601" */
	bool has_year, has_zone;        /* %z or seconds since 1970: it is a moment */
	int century;                    /* of %y; 0: none */
	struct { char op, literal; } ops[TIMEFORMAT_OPS];
};

enum timeformat_fit {
	TIMEFORMAT_MOMENT,              /* *us is a moment */
	TIMEFORMAT_WALL,                /* *us is what a clock of some zone shows */
	TIMEFORMAT_NOT,                 /* the text is not of this form */
	TIMEFORMAT_TWO_DIGITS,          /* it is but for a year of two digits */
	TIMEFORMAT_NO_DAY,              /* it is, and there is no such day or hour */
};

/* Where %y is in it a century is asked for: 2000 makes 26 the year 2026. */
bool timeformat_make(struct timeformat *f, const char *text, int century, struct err *e);
/* The whole of s must fit. *wall of a time without a year has the year 0's place taken by
 * `year`. */
enum timeformat_fit timeformat_read(const struct timeformat *f, const char *s, size_t n,
    int year, int64_t *us);

/* Days, month by month, of a day that exists. */
bool timeformat_day(int year, int month, int day);
/* "nov", "November", "maj": 1 to 12 and its length in *n, or 0. */
int timeformat_month(const char *s, size_t left, size_t *n);
/* "Z", "+01:00", "+0100", "+01" at s: seconds east of Greenwich; its length, or 0. */
size_t timeformat_offset(const char *s, size_t left, int *seconds);

#endif
