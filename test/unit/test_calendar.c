/* Ends of periods: elapsed hours, weeks, months and years by the wall clock. Expected times by
 * the calendar and directive 2000/84/EC. With "-" it answers lines of standard input instead,
 * for test/pipe/nis2report-deadlines.t, which holds it against another program:
 *
 *     after ZONE FROM SPAN       the end, "once", "twice" or "never", the later end
 *     offset ZONE TIME           minutes ahead of UTC, or "unknown"
 *     moment ZONE WALL           as `after`; all times are microseconds */
#include "base/stamp.h"
#include "incident/calendar.h"
#include "model/site.h"
#include "tap.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char *const fits[] = { "once", "twice", "never" };

static const struct {
	const char *zone, *from, *span, *want;
	enum local_fit fit;
	bool clamped;
	const char *comment;
} cases[] = {
	{ "Europe/Stockholm", "2026-11-22T08:12Z", "PT24H", "2026-11-23T08:12Z", LOCAL_ONCE, false, "24 hours" },
	{ "Europe/Stockholm", "2026-03-28T12:00Z", "PT24H", "2026-03-29T12:00Z", LOCAL_ONCE, false,
	    "24 hours over the night that is an hour short: 13:00 becomes 14:00" },
	{ "Europe/Stockholm", "2026-10-24T12:00Z", "PT72H", "2026-10-27T12:00Z", LOCAL_ONCE, false,
	    "72 hours over the night that is an hour long" },
	{ "Europe/Stockholm", "2026-10-25T00:30Z", "PT6H", "2026-10-25T06:30Z", LOCAL_ONCE, false, "six hours in it" },
	{ "Europe/Stockholm", "2026-01-31T11:00Z", "P1M", "2026-02-28T11:00Z", LOCAL_ONCE, true,
	    "31 January and a month" },
	{ "Europe/Stockholm", "2028-01-31T11:00Z", "P1M", "2028-02-29T11:00Z", LOCAL_ONCE, true, "in a leap year" },
	{ "Europe/Stockholm", "2028-01-29T11:00Z", "P1M", "2028-02-29T11:00Z", LOCAL_ONCE, false, "29 January" },
	{ "Europe/Stockholm", "2026-03-31T10:00Z", "P1M", "2026-04-30T10:00Z", LOCAL_ONCE, true, "31 March" },
	{ "Europe/Stockholm", "2026-12-15T11:00Z", "P1M", "2027-01-15T11:00Z", LOCAL_ONCE, false, "over the new year" },
	{ "Europe/Stockholm", "2026-03-15T11:00Z", "P1M", "2026-04-15T10:00Z", LOCAL_ONCE, false,
	    "noon stays noon over the change to summer time" },
	{ "Europe/Stockholm", "2026-10-15T10:00Z", "P1M", "2026-11-15T11:00Z", LOCAL_ONCE, false, "and back" },
	{ "Europe/Stockholm", "2026-01-30T23:30Z", "P1M", "2026-02-27T23:30Z", LOCAL_ONCE, true,
	    "00:30 on 31 January there: the day is the zone's, not UTC's" },
	{ "UTC", "2026-01-30T23:30Z", "P1M", "2026-02-28T23:30Z", LOCAL_ONCE, true, "30 January by UTC" },
	{ "Europe/Stockholm", "2026-02-28T01:30Z", "P1M", "2026-03-28T01:30Z", LOCAL_ONCE, false, "02:30 the day before" },
	{ "Europe/Stockholm", "2026-03-01T01:30Z", "P4W", "2026-03-29T01:00Z", LOCAL_NEVER, false,
	    "02:30 never comes: the clocks skip it at 01:00 UTC" },
	{ "Europe/Stockholm", "2026-09-25T00:30Z", "P1M", "2026-10-25T00:30Z", LOCAL_TWICE, false,
	    "02:30 comes twice: the first" },
	{ "Europe/Helsinki", "2026-09-25T00:59Z", "P1M", "2026-10-25T00:59Z", LOCAL_TWICE, false, "03:59 in Helsinki" },
	{ "Europe/London", "2026-09-25T00:00Z", "P1M", "2026-10-25T00:00Z", LOCAL_TWICE, false, "01:00 in London" },
	{ "Europe/Stockholm", "2026-09-25T01:00Z", "P1M", "2026-10-25T02:00Z", LOCAL_ONCE, false, "03:00 comes once" },
	{ "Europe/Stockholm", "2024-02-29T11:00Z", "P1Y", "2025-02-28T11:00Z", LOCAL_ONCE, true, "a year from a leap day" },
	{ "Europe/Stockholm", "2025-07-01T10:00Z", "P1Y", "2026-07-01T10:00Z", LOCAL_ONCE, false, "a year" },
	{ "Europe/Stockholm", "2025-03-20T11:00Z", "P4W", "2025-04-17T10:00Z", LOCAL_ONCE, false, "four weeks" },
	{ "Mars/Olympus", "2026-03-15T11:00Z", "P1M", "2026-04-15T11:00Z", LOCAL_ONCE, false, "an unknown zone is UTC" },
};

static const struct { const char *text; bool good; enum calendar_unit unit; int n; } spans[] = {
	{ "PT6H", true, CALENDAR_HOURS, 6 }, { "PT72H", true, CALENDAR_HOURS, 72 }, { "P4W", true, CALENDAR_WEEKS, 4 },
	{ "P1M", true, CALENDAR_MONTHS, 1 }, { "P1Y", true, CALENDAR_YEARS, 1 }, { "PT999H", true, CALENDAR_HOURS, 999 },
	{ "PT0H", false, 0, 0 }, { "PT1000H", false, 0, 0 }, { "P1D", false, 0, 0 }, { "P1M2", false, 0, 0 },
	{ "PT1M", false, 0, 0 }, { "P", false, 0, 0 }, { "", false, 0, 0 }, { "P-1M", false, 0, 0 }, { "P1Y1M", false, 0, 0 },
};

static int64_t
at(const char *s)
{
	int64_t us = 0;

	if (!stamp_parse(&us, s, strlen(s)))
		ok(false, "the test's own time %s", s);
	return us;
}

/* One question of standard input. */
static bool
answer(char *line)
{
	char *word[4] = { NULL }, *save = NULL;
	struct calendar_span span;
	struct calendar_end e;
	int minutes;
	size_t n = 0;

	for (char *p = strtok_r(line, " \n", &save); p && n < 4; p = strtok_r(NULL, " \n", &save))
		word[n++] = p;
	if (n == 4 && strcmp(word[0], "after") == 0 && calendar_span_read(&span, word[3])) {
		e = calendar_after(word[1], strtoll(word[2], NULL, 10), span);
	} else if (n == 3 && strcmp(word[0], "moment") == 0) {
		e.fit = local_moment(word[1], strtoll(word[2], NULL, 10), &e.us, &e.later);
	} else if (n == 3 && strcmp(word[0], "offset") == 0) {
		if (site_timezone(word[1], strtoll(word[2], NULL, 10), &minutes))
			printf("%d\n", minutes);
		else
			puts("unknown");
		return true;
	} else {
		return false;
	}
	printf("%" PRId64 " %s %" PRId64 "\n", e.us, fits[e.fit], e.later);
	return true;
}

int
main(int argc, char **argv)
{
	struct calendar_span span = { 0 };
	char line[256];

	if (argc == 2 && strcmp(argv[1], "-") == 0) {
		while (fgets(line, sizeof(line), stdin))
			if (!answer(line))
				return 2;
		return 0;
	}
	for (size_t i = 0; i < sizeof(spans) / sizeof(*spans); i++) {
		bool good = calendar_span_read(&span, spans[i].text);
		bool same = span.unit == spans[i].unit && span.n == spans[i].n;

		ok(good == spans[i].good && (!good || same),
		    "\"%s\" is %s", spans[i].text, spans[i].good ? "a period" : "none");
	}
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct calendar_end e;
		char is[STAMP_TEXT];
		bool good;

		if (!ok(calendar_span_read(&span, cases[i].span), "%s", cases[i].span))
			continue;
		e = calendar_after(cases[i].zone, at(cases[i].from), span);
		is[stamp_put(is, e.us)] = '\0';
		good = e.fit == cases[i].fit && e.clamped == cases[i].clamped;
		ok(e.us == at(cases[i].want) && good,
		    "%s: %s", cases[i].comment, is);
		ok(e.fit == LOCAL_TWICE ? e.later - e.us == INT64_C(3600000000) : e.later == e.us, "and later");
	}
	ok(calendar_weekday("Europe/Stockholm", at("2026-11-22T22:59Z")) == 6, "Sunday");
	ok(calendar_weekday("Europe/Stockholm", at("2026-11-22T23:00Z")) == 0, "Monday there, Sunday by UTC");
	return tap_done();
}
