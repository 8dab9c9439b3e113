/* Timestamps: every form read, the one form written, and the calendar against
 * the C library's over ten thousand years. */
#include "base/stamp.h"
#include "tap.h"

#include <string.h>

#define S(s)            1000000LL * (s)
#define NONE            INT64_MIN

static const struct {
	const char *text;
	int64_t want;           /* NONE: refused */
	const char *comment;
} parses[] = {
	{ "2026-11-22T04:21:01.123456+0000", S(1795321261) + 123456, "as EVE writes it" },
	{ "2026-11-22T04:21:01.123456Z", S(1795321261) + 123456, "Z" },
	{ "2026-11-22T05:21:01.123456+0100", S(1795321261) + 123456, "an hour ahead" },
	{ "2026-11-22T05:21:01.123456+01:00", S(1795321261) + 123456, "with a colon" },
	{ "2026-11-22T05:21:01+01", S(1795321261), "hours alone" },
	{ "2026-11-21T22:51:01-05:30", S(1795321261), "behind, with a half hour" },
	{ "2026-11-22 04:21:01", S(1795321261), "a space, no zone: UTC" },
	{ "2026-11-22T04:21", S(1795321260), "no seconds" },
	{ "2026-11-22T04:21Z", S(1795321260), "no seconds, Z" },
	{ "2026-11-22", S(1795305600), "a date is its midnight" },
	{ "2026-11-22T04:21:01.5Z", S(1795321261) + 500000, "one digit" },
	{ "2026-11-22T04:21:01.123456789Z", S(1795321261) + 123456, "nanoseconds are cut" },
	{ "2026-11-22T04:21:01.1234567891Z", NONE, "ten digits" },
	{ "1970-01-01T00:00:00Z", 0, "the epoch" },
	{ "1969-12-31T23:59:59Z", S(-1), "before it" },
	{ "1970-01-01T00:00:00+0100", S(-3600), "before it by its zone" },
	{ "1969-12-31T23:59:59.5Z", S(-1) + 500000, "a fraction counts forward, too" },
	{ "2000-02-29", S(951782400), "2000 was a leap year" },
	{ "2024-02-29T12:00:00Z", S(1709208000), "and 2024" },
	{ "1900-02-29", NONE, "1900 was not" },
	{ "2023-02-29", NONE, "nor 2023" },
	{ "2016-12-31T23:59:60Z", S(1483228800), "a leap second is the next second" },
	{ "2026-11-22T04:21:61Z", NONE, "second 61" },
	{ "2026-11-22T24:00:00Z", NONE, "hour 24" },
	{ "2026-11-22T04:60:00Z", NONE, "minute 60" },
	{ "2026-13-01", NONE, "month 13" },
	{ "2026-00-01", NONE, "month 0" },
	{ "2026-04-31", NONE, "the 31st of April" },
	{ "2026-04-00", NONE, "day 0" },
	{ "9999-12-31T23:59:59.999999Z", 253402300799999999, "the last microsecond" },
	{ "0001-01-01", S(-62135596800), "the first year" },
	{ "", NONE, "nothing" },
	{ "2026-11-2", NONE, "a date too short" },
	{ "2026-11-22T", NONE, "T and nothing" },
	{ "2026-11-22T04", NONE, "an hour alone" },
	{ "2026-11-22T04:21:", NONE, "seconds missing" },
	{ "2026-11-22T04:21:0", NONE, "half a second's number" },
	{ "2026-11-22T04:21:01.", NONE, "fraction missing" },
	{ "2026-11-22T04:21:01+", NONE, "zone missing" },
	{ "2026-11-22T04:21:01+0", NONE, "zone too short" },
	{ "2026-11-22T04:21:01+01:", NONE, "zone's minutes missing" },
	{ "2026-11-22T04:21:01+01:0", NONE, "zone's minutes too short" },
	{ "2026-11-22T04:21:01+2400", NONE, "zone of a day" },
	{ "2026-11-22T04:21:01+0160", NONE, "zone of 60 minutes" },
	{ "2026-11-22T04:21:01Zulu", NONE, "more behind Z" },
	{ "2026-11-22T04:21:01 +0000", NONE, "a space before the zone" },
	{ "2026/11/22", NONE, "slashes" },
	{ "2026-1122-", NONE, "dashes elsewhere" },
	{ "2o26-11-22", NONE, "a letter for a digit" },
	{ "-026-11-22", NONE, "a sign for a digit" },
	{ "2026-11-22T 4:21:01Z", NONE, "a space for a digit" },
	{ "2026-11-22T04:21:01,5Z", NONE, "a comma" },
	{ "1795321261", NONE, "seconds since the epoch are no text" },
};

static const struct {
	int64_t us;
	const char *want;
	const char *comment;
} puts_[] = {
	{ S(1795321261) + 123456, "2026-11-22T04:21:01.123456+0000", "plain" },
	{ S(1795321261) + 123457, "2026-11-22T04:21:01.123457+0000", "same minute again" },
	{ S(1795321260), "2026-11-22T04:21:00.000000+0000", "its first second" },
	{ S(1795321320) - 1, "2026-11-22T04:21:59.999999+0000", "its last microsecond" },
	{ S(1795321320), "2026-11-22T04:22:00.000000+0000", "the next" },
	{ 0, "1970-01-01T00:00:00.000000+0000", "the epoch" },
	{ 1, "1970-01-01T00:00:00.000001+0000", "one microsecond" },
	{ -1, "1970-01-01T00:00:00.000000+0000", "before it: clamped" },
	{ INT64_MIN, "1970-01-01T00:00:00.000000+0000", "long before" },
	{ 253402300799999999, "9999-12-31T23:59:59.999999+0000", "the last" },
	{ 253402300800000000, "9999-12-31T23:59:59.999999+0000", "past it: clamped" },
	{ INT64_MAX, "9999-12-31T23:59:59.999999+0000", "long past" },
	{ S(951782400), "2000-02-29T00:00:00.000000+0000", "a leap day" },
	{ S(951868799), "2000-02-29T23:59:59.000000+0000", "its end" },
	{ S(2147483648), "2038-01-19T03:14:08.000000+0000", "past 32 bits" },
};

static const struct {
	const char *text;
	int64_t want;           /* -1: refused */
} spans[] = {
	{ "90", 90 }, { "90s", 90 }, { "15m", 900 }, { "1h", 3600 }, { "30d", 2592000 },
	{ "366d", 31622400 }, { "2w", 1209600 }, { "0", 0 }, { "1000000000w", 604800000000000 },
	{ "", -1 }, { "s", -1 }, { "-1", -1 }, { "+1", -1 }, { "1.5h", -1 }, { "1y", -1 },
	{ "1h30m", -1 }, { " 1h", -1 }, { "1h ", -1 }, { "1000000001", -1 },
	{ "99999999999999999999999", -1 },
};

static void
test_calendar(void)
{
	bool good = true;

	for (int64_t day = -719162; day < 2932897 && good; day += 13) {
		time_t t = (time_t)(day * 86400);
		struct tm tm;
		int y, m, d;

		gmtime_r(&t, &tm);
		stamp_civil(day, &y, &m, &d);
		good = y == tm.tm_year + 1900 && m == tm.tm_mon + 1 && d == tm.tm_mday &&
		    stamp_days(y, m, d) == day;
	}
	ok(good, "the calendar agrees with the C library's from year 1 to 9999");
}

static void
test_round_trip(void)
{
	uint64_t seed = 3;
	bool good = true;

	for (int i = 0; i < 100000 && good; i++) {
		int64_t us = (int64_t)(((uint64_t)tap_random(&seed) << 31 | tap_random(&seed)) %
		    253402300800000000u), back;
		char t[STAMP_TEXT + 1];
		size_t n = stamp_put(t, us);

		good = n == 31 && stamp_parse(&back, t, n) && back == us;
	}
	ok(good, "what is written is read back, 100,000 times");
}

/* Every text of a good one's prefix, and with each byte changed: no crash, and
 * nothing is read past its end (the sanitizers watch). */
static void
test_damage(void)
{
	const char *good = "2026-11-22T05:21:01.123456+01:00";
	size_t n = strlen(good);
	int64_t us;

	for (size_t i = 0; i <= n; i++) {
		char *t = malloc(i + 1);
		memcpy(t, good, i);
		char *exact = realloc(t, i ? i : 1);
		stamp_parse(&us, exact, i);
		for (size_t k = 0; k < i; k++)
			for (int c = 0; c < 256; c += 3) {
				char was = exact[k];
				exact[k] = (char)c;
				stamp_parse(&us, exact, i);
				exact[k] = was;
			}
		free(exact);
	}
	ok(true, "cut and damaged texts are survived");
}

int
main(void)
{
	int64_t us;

	for (size_t i = 0; i < sizeof(parses) / sizeof(*parses); i++) {
		bool r;

		us = 42;
		r = stamp_parse(&us, parses[i].text, strlen(parses[i].text));
		ok(parses[i].want == NONE ? !r : r && us == parses[i].want, "read %s: %s",
		    parses[i].text, parses[i].comment);
	}
	for (size_t i = 0; i < sizeof(puts_) / sizeof(*puts_); i++) {
		char t[STAMP_TEXT];
		size_t n = stamp_put(t, puts_[i].us);

		ok(n == 31 && memcmp(t, puts_[i].want, 31) == 0, "write %s: %s", puts_[i].want,
		    puts_[i].comment);
	}
	for (size_t i = 0; i < sizeof(spans) / sizeof(*spans); i++) {
		bool r;

		us = 42;
		r = stamp_parse_span(&us, spans[i].text);
		ok(spans[i].want < 0 ? !r : r && us == spans[i].want, "span '%s'", spans[i].text);
	}
	test_calendar();
	test_round_trip();
	test_damage();
	us = stamp_now();
	ok(us > S(1700000000), "the clock goes");
	stamp_set_now(S(5));
	ok(stamp_now() == S(5), "until --now stops it");
	return tap_done();
}
