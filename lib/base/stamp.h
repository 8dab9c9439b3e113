/* stamp.h: timestamps in and out, and the override of "now".
 *
 * Inside, a time is microseconds since the epoch (int64_t): good until the
 * year 294247 and exact where a double is not. Outside, it is EVE's text:
 * "2026-11-22T04:21:01.123456+0000", always UTC, always 31 bytes. */
#ifndef OT_STAMP_H
#define OT_STAMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { STAMP_TEXT = 32 };       /* 31 bytes and a NUL */

/* The last second and the last microsecond that the text can say: the end of the year 9999. */
#define STAMP_LAST_S    INT64_C(253402300799)
#define STAMP_LAST      (STAMP_LAST_S * 1000000 + 999999)

/* Writes the 31 bytes of EVE's text, no NUL. Years outside 1970..9999 are
 * clamped: a capture's clock may be anything. dst must hold STAMP_TEXT. */
size_t stamp_put(char *dst, int64_t us);

/* "2026-11-22" of a time; "" of INT64_MIN. Returns dst. */
enum { STAMP_DAY = 11 };
const char *stamp_day_text(char dst[STAMP_DAY], int64_t us);

/* Reads EVE's text and its relatives: "Z", "+01:00", "+0100", no fraction or
 * up to nine digits, ' ' for 'T', or a date alone (midnight UTC). */
bool stamp_parse(int64_t *us, const char *s, size_t n);
/* Reads 31 bytes as stamp_put() writes them, and nothing else. */
bool stamp_parse_own(int64_t *us, const char *s);

/* Days since the epoch <-> civil date (proleptic Gregorian). */
int64_t stamp_days(int year, int month, int day);
/* The day that a time lies in, and of times before the epoch, too: rounded down. */
static inline int64_t
stamp_day_of(int64_t us)
{
	const int64_t day = INT64_C(86400) * 1000000;

	return us / day - (us % day < 0);
}
void stamp_civil(int64_t days, int *year, int *month, int *day);

/* The clock, or what --now said. */
int64_t stamp_now(void);
void stamp_set_now(int64_t us);

/* "90", "90s", "15m", "1h", "30d", "366d", "2w" as seconds. */
bool stamp_parse_span(int64_t *seconds, const char *s);
/* The same where a number without a unit is a slip: nobody means seconds. Of 0 it needs none. */
bool stamp_parse_span_unit(int64_t *seconds, const char *s);

#endif
