/* Wall clocks and moments: once, twice and never. What the zones do is directive 2000/84/EC's;
 * test/pipe/nis2report-deadlines.t holds every change of theirs against another program. */
#include "base/stamp.h"
#include "model/local_time.h"
#include "tap.h"

#include <string.h>

static int64_t
utc(const char *s)
{
	int64_t us = 0;

	if (!stamp_parse(&us, s, strlen(s)))
		ok(0, "the test's own time %s", s);
	return us;
}

static void
parses(const char *zone, const char *text, bool end, const char *expected)
{
	struct err e = { "" };
	int64_t us = 0;

	ok(local_parse(zone, text, end, &us, &e) && us == utc(expected), "%s in %s is %s: %s", text,
	    zone, expected, e.text);
}

static void
refused(const char *zone, const char *text, const char *why)
{
	struct err e = { "" };
	int64_t us;

	ok(!local_parse(zone, text, false, &us, &e) && strstr(e.text, why), "%s in %s: %s", text,
	    zone, e.text);
}

int
main(void)
{
	const char *const here = "Europe/Stockholm";
	int64_t us, later;
	char text[LOCAL_TEXT];

	parses(here, "2026-11-22 09:12", false, "2026-11-22T08:12:00Z");
	parses(here, "2026-07-01T09:12:03.5", false, "2026-07-01T07:12:03.5Z");
	parses(here, "2026-07-01T09:12:03Z", false, "2026-07-01T09:12:03Z");
	parses(here, "2026-10-25 02:30+01:00", false, "2026-10-25T01:30:00Z");
	parses(here, "2026-03-29 01:59", false, "2026-03-29T00:59:00Z");
	parses(here, "2026-03-29 03:00", false, "2026-03-29T01:00:00Z");
	parses(here, "2026-03-29", false, "2026-03-28T23:00:00Z");
	parses(here, "2026-03-29", true, "2026-03-29T21:59:59.999999Z");
	parses(here, "2026-10-25", true, "2026-10-25T22:59:59.999999Z");
	parses("Europe/London", "2026-10-25 01:59+00:00", false, "2026-10-25T01:59:00Z");
	parses("Europe/Helsinki", "2026-10-25 02:59", false, "2026-10-24T23:59:00Z");
	parses("UTC", "2026-03-29 02:30", false, "2026-03-29T02:30:00Z");
	refused(here, "2026-10-25 02:30", "twice");
	refused("Europe/London", "2026-10-25 01:00", "twice");
	refused("Europe/Helsinki", "2026-10-25 03:59", "twice");
	refused(here, "2026-03-29 02:00", "never");
	refused(here, "2026-03-29 02:59", "03:00 +02:00");
	refused("Europe/Helsinki", "2026-03-29 03:30", "never");
	refused(here, "2026-02-29 10:00", "is no time");
	refused(here, "22/11 2026", "is no time");

	ok(local_moment(here, utc("2026-10-25T02:30Z"), &us, &later) == LOCAL_TWICE &&
	    us == utc("2026-10-25T00:30Z") && later == utc("2026-10-25T01:30Z"),
	    "an hour that comes twice has both moments");
	ok(local_moment(here, utc("2026-03-29T02:15Z"), &us, &later) == LOCAL_NEVER &&
	    us == utc("2026-03-29T01:00Z") && later == us, "and one that is skipped that of the skip");
	ok(strcmp(local_text(text, here, utc("2026-11-23T08:12:59Z")), "2026-11-23 09:12 +01:00") == 0,
	    "told: %s", text);
	ok(strcmp(local_text(text, here, utc("2026-03-29T01:00Z")), "2026-03-29 03:00 +02:00") == 0,
	    "in summer: %s", text);
	return tap_done();
}
