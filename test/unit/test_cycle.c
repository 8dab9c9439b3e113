/* Days of the yearly cycle: months that are too short, leap years, times before the epoch;
 * and the months as boxes. Expected days by the calendar. */
#include "assess/cycle_day.h"
#include "report/yearline.h"
#include "base/stamp.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>

static const struct { const char *from; int months, days; const char *want, *comment; } afters[] = {
	{ "2026-01-31", 1, 0, "2026-02-28", "a month that is too short" },
	{ "2028-01-31", 1, 0, "2028-02-29", "in a leap year" },
	{ "2024-02-29", 12, 0, "2025-02-28", "a year after a leap day" },
	{ "2024-02-29", 48, 0, "2028-02-29", "four years after" },
	{ "2026-12-31", 6, 0, "2027-06-30", "over the turn of the year" },
	{ "2026-11-22", 12, 0, "2027-11-22", "a year" },
	{ "2026-11-22", 0, 90, "2027-02-20", "ninety days" },
	{ "2026-11-22", 0, 365, "2027-11-22", "365 days" },
	{ "2027-11-22", 0, 365, "2028-11-21", "365 days with a leap day in them" },
	{ "2026-11-22", 0, 0, "2026-11-22", "nothing" },
	{ "1999-12-31", 2, 0, "2000-02-29", "a century's leap day" },
	{ "2026-11-22T23:59:59Z", 1, 0, "2026-12-22", "the time of day is dropped" },
};

static int64_t
at(const char *s)
{
	int64_t us = 0;

	stamp_parse(&us, s, strlen(s));
	return us;
}

static const char *
day(int64_t us)
{
	static char t[STAMP_TEXT];

	stamp_put(t, us);
	t[10] = 0;
	return t;
}

static size_t
count(const char *s, const char *what)
{
	size_t n = 0;

	for (; (s = strstr(s, what)); s += strlen(what))
		n++;
	return n;
}

static void
test_yearline(const struct rules *r)
{
	struct yearline_mark m[12];
	struct yearline y = { r, "sv", at("2026-11-05"), 0, at("2026-11-22"), m, 12 };
	char *svg[2];
	size_t n;
	FILE *f;

	for (int i = 0; i < 12; i++)
		m[i] = (struct yearline_mark){ at("2027-03-01") + i * CYCLE_DAY_US, false, "met",
			i ? "a<b>" : "first", i ? NULL : "duty-1" };
	m[11].over = true;
	for (int k = 0; k < 2; k++) {
		f = open_memstream(&svg[k], &n);
		ok(f && yearline_write(f, &y, (enum yearline_form)k), "drawn");
		fclose(f);
	}
	ok(count(svg[0], "<svg") == 1 && count(svg[0], "</svg>") == 1, "one element");
	ok(count(svg[0], "class=\"month") == 12, "twelve months");
	ok(strstr(svg[0], ">november 2026<") && strstr(svg[0], ">oktober 2027<"), "from the first on");
	ok(count(svg[0], "month now") == 1, "today's is marked");
	ok(count(svg[0], "<circle") == 7 + 1, "seven of eleven, and one that is overdue");
	ok(strstr(svg[0], "+ 4 till") != NULL, "the rest is counted");
	ok(!strstr(svg[0], "<b>") && strstr(svg[0], "&lt;b&gt;"), "texts are escaped");
	ok(strstr(svg[0], "href=\"#duty-1\"") != NULL, "a mark leads to its row");
	ok(strstr(svg[1], "class=\"narrow") != NULL, "a narrow one");
	y.months = 3;
	free(svg[0]);
	f = open_memstream(&svg[0], &n);
	yearline_write(f, &y, YEARLINE_WIDE);
	fclose(f);
	ok(count(svg[0], "class=\"month") == 3, "as many months as asked for");
	free(svg[0]);
	free(svg[1]);
}

int
main(void)
{
	struct err e = { "" };
	struct rules *r = rules_load(NULL, &e);

	for (size_t i = 0; i < sizeof(afters) / sizeof(*afters); i++) {
		const char *is = day(cycle_after(at(afters[i].from), (struct cycle_every){
		    afters[i].months, afters[i].days }));
		ok(strcmp(is, afters[i].want) == 0, "%s: %s", afters[i].comment, is);
	}
	ok(strcmp(day(cycle_month(at("2026-11-22T12:00:00Z"))), "2026-11-01") == 0, "the month");
	ok(strcmp(day(cycle_year(at("2026-11-22T12:00:00Z"))), "2026-01-01") == 0, "the year");
	ok(cycle_days(at("2026-11-22T23:00:00Z"), at("2027-12-11")) == 384, "384 days");
	ok(cycle_days(at("2026-11-22T23:00:00Z"), at("2026-11-22T01:00:00Z")) == 0, "the same day");
	ok(cycle_days(at("2026-11-22"), at("2026-11-21T23:59:59Z")) == -1, "the day before");
	ok(cycle_midnight(-1) == -CYCLE_DAY_US, "before the epoch");
	if (ok(r != NULL, "rules: %s", e.text))
		test_yearline(r);
	rules_free(r);
	return tap_done();
}
