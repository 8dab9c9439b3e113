/* Days, times and intervals of calibrations: the calendar's corners, zones, and that a
 * day alone is all of it. Expected days are from a wall calendar. */
#include "base/stamp.h"
#include "ledger/day.h"
#include "ledger/window.h"
#include "tap.h"

#include <string.h>

static const struct { const char *day, *interval, *want, *comment; } sums[] = {
	{ "2025-12-09", "P12M", "2026-12-09", "a year of months" },
	{ "2025-12-09", "P1Y", "2026-12-09", "a year" },
	{ "2025-12-09", "P90D", "2026-03-09", "days over the end of a year" },
	{ "2024-02-20", "P2W", "2024-03-05", "weeks over a leap day" },
	{ "2025-01-31", "P1M", "2025-02-28", "the end of January" },
	{ "2024-01-31", "P1M", "2024-02-29", "in a leap year" },
	{ "2000-01-31", "P1M", "2000-02-29", "2000 is one" },
	{ "2100-01-31", "P1M", "2100-02-28", "2100 is none" },
	{ "2024-02-29", "P1Y", "2025-02-28", "a leap day's year" },
	{ "2024-02-29", "P4Y", "2028-02-29", "and its fourth" },
	{ "2026-02-28", "P12M", "2027-02-28", "the last of February is its 28th" },
	{ "2025-08-31", "P1M", "2025-09-30", "thirty days has September" },
	{ "2025-08-31", "P1Y6M", "2027-02-28", "years and months" },
	{ "2025-01-31", "P1M1D", "2025-03-01", "months first, then days" },
	{ "2025-12-31", "P1D", "2026-01-01", "a day" },
	{ "2025-06-15", "P0D", "2025-06-15", "nothing" },
	{ "9999-06-01", "P1Y", NULL, "past the last year" },
	{ "2025-06-01", "P999999Y", NULL, "far past it" },
};

static const char *const refused[] = { "", "P", "12M", "P12", "PM", "P1.5M", "P-1M", "PT1H", "P1M1Y",
	"P1D1W", "P1M1M", "p1m", "P1m", "P 1M", "P1M ", "P1234567D" };

static const struct { const char *a, *b; int want; const char *comment; } order[] = {
	{ "2026-03-05", "2026-03-06", -1, "two days" },
	{ "2026-03-05", "2026-03-05", 0, "the same" },
	{ "2026-03-05T08:00:00Z", "2026-03-05T09:00:00Z", -1, "two times" },
	{ "2026-03-05T09:30:00+0100", "2026-03-05T09:00:00Z", -1, "in two zones" },
	{ "2026-03-05T23:30:00-0800", "2026-03-06T07:30:00Z", 0, "one moment, two days" },
	{ "2026-03-05", "2026-03-05T23:59:59Z", 0, "a day and a time in it" },
	{ "2026-03-05T23:30:00-0800", "2026-03-05", 0, "in it where it was written" },
	{ "2026-03-06T00:30:00+0100", "2026-03-06", 0, "though it is the day before in UTC" },
	{ "2026-03-06T00:30:00+0100", "2026-03-05", 1, "and so not in that one" },
};

static int64_t
day_of(const char *s)
{
	struct moment m = { 0 };

	moment_parse(&m, s, strlen(s));
	return m.day;
}

static int
sign(int v)
{
	return (v > 0) - (v < 0);
}

static void
test_windows(void)
{
	static const struct { const char *started, *at, *from,
	    *to; bool day; const char *comment; } v[] = {
		{ "2026-03-05T08:00:00+0100", "2026-03-05T10:00:00+0100", "2026-03-05T07:00:00.000000+0000",
		    "2026-03-05T09:00:00.000000+0000", false, "beginning and end" },
		{ "2026-03-05", "2026-03-05", "2026-03-05T00:00:00.000000+0000",
		    "2026-03-05T23:59:59.999999+0000", true, "a day alone" },
		{ "2026-03-05T12:00:00Z", "2026-03-05T12:00:00Z", "2026-03-05T00:00:00.000000+0000",
		    "2026-03-05T23:59:59.999999+0000", true, "one moment: its day" },
		{ "2026-03-05T12:00:00Z", "2026-03-06", "2026-03-05T12:00:00.000000+0000",
		    "2026-03-06T23:59:59.999999+0000", false, "from a time to a day" },
		{ "2026-03-05T20:00:00-0800", "2026-03-05", "2026-03-06T04:00:00.000000+0000",
		    "2026-03-06T23:59:59.999999+0000", false, "the day is over in UTC" },
	};
	char from[STAMP_TEXT] = "", to[STAMP_TEXT] = "";
	int64_t a, b;
	bool day;

	for (size_t i = 0; i < sizeof(v) / sizeof(*v); i++) {
		struct fact f = { .kind = FACT_ADJUSTMENT };
		moment_parse(&f.from, v[i].started, strlen(v[i].started));
		moment_parse(&f.at, v[i].at, strlen(v[i].at));
		window_of(&f, &a, &b, &day);
		stamp_put(from, a);
		stamp_put(to, b);
		ok(strcmp(from, v[i].from) == 0 && strcmp(to, v[i].to) == 0 && day == v[i].day,
		    "window, %s: %s to %s", v[i].comment, from, to);
	}
	ok(!window_of(&(struct fact){ .kind = FACT_FOUND }, &a, &b, &day), "a finding is no work");
}

int
main(void)
{
	struct interval iv;
	struct moment a, b;
	char t[DAY_TEXT];
	int64_t day;

	for (size_t i = 0; i < sizeof(sums) / sizeof(*sums); i++) {
		bool read = interval_parse(&iv, sums[i].interval, strlen(sums[i].interval));
		day = interval_add(day_of(sums[i].day), &iv);
		ok(read && (sums[i].want ? day != DAY_NONE && strcmp(day_put(t, day),
		    sums[i].want) == 0 :
		    day == DAY_NONE), "%s: %s and %s is %s", sums[i].comment, sums[i].day, sums[i].interval,
		    day == DAY_NONE ? "no day" : day_put(t, day));
	}
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++)
		ok(!interval_parse(&iv, refused[i], strlen(refused[i])), "no interval: \"%s\"", refused[i]);
	for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++) {
		moment_parse(&a, order[i].a, strlen(order[i].a));
		moment_parse(&b, order[i].b, strlen(order[i].b));
		ok(sign(moment_cmp(&a, &b)) == order[i].want && sign(moment_cmp(&b, &a)) ==
		    -order[i].want,
		    "%s: %s and %s", order[i].comment, order[i].a, order[i].b);
	}
	test_windows();
	return tap_done();
}
