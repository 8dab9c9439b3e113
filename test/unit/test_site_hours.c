/* Hours of a supplier in the site's time zone, people, KLASSA, reviews: what a site file answers. */
#include "model/site.h"

#include "base/stamp.h"
#include "tap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int64_t
at(const char *text)
{
	int64_t us = INT64_MIN;

	stamp_parse(&us, text, strlen(text));
	return us;
}

/* Days of summer time, (EU) directive 2000/84/EC, art. 2-3: the last Sundays of March and
 * October at 01:00 UTC. The days are of the calendar: cal(1). */
static const struct { const char *zone, *when; int minutes; const char *comment; } zones[] = {
	{ "Europe/Stockholm", "2026-01-15T12:00:00Z", 60, "winter" },
	{ "Europe/Stockholm", "2026-07-15T12:00:00Z", 120, "summer" },
	{ "Europe/Stockholm", "2026-03-29T00:59:59Z", 60, "before summer time begins" },
	{ "Europe/Stockholm", "2026-03-29T01:00:00Z", 120, "it begins" },
	{ "Europe/Stockholm", "2026-10-25T00:59:59Z", 120, "before it ends" },
	{ "Europe/Stockholm", "2026-10-25T01:00:00Z", 60, "it ends" },
	{ "Europe/Stockholm", "2024-03-31T01:00:00Z", 120, "the last Sunday is the 31st" },
	{ "Europe/Stockholm", "2027-10-31T00:59:00Z", 120, "so in October" },
	{ "Europe/Helsinki", "2026-07-15T12:00:00Z", 180, "another zone" },
	{ "Europe/Lisbon", "2026-01-15T12:00:00Z", 0, "at UTC in winter" },
	{ "UTC", "2026-07-15T12:00:00Z", 0, "UTC has no summer" },
};

static const char doc[] =
    "{\"otsite\":1,\"site\":{\"key\":\"k\"},"
    "\"policies\":{\"review_interval_days\":365,\"reviews\":{\"inc.process_72h\":182}},"
    "\"organisation\":{\"county\":\"v\xc3\xa4stra g\xc3\xb6talands l\xc3\xa4n\",\"facts\":{\"sole_provider\":true,\"dora\":false},"
    "\"partners\":[{\"share\":0.25,\"headcount\":8}],\"linked\":[{\"name\":\"L\"}]},"
    "\"people\":[{\"id\":\"eva\",\"name\":\"Eva Lind\",\"role\":[\"management\",\"dpo\"]},"
    " {\"id\":\"per\",\"role\":\"it\",\"deputy\":\"eva\"}],"
    "\"systems\":[{\"id\":\"lims\",\"klassa\":\"K3/R0/T4\"}],"
    "\"suppliers\":["
    " {\"id\":\"day\",\"hours\":{\"days\":\"mon-fri\",\"from\":\"07:00\",\"to\":\"17:00\"}},"
    " {\"id\":\"night\",\"hours\":[{\"days\":[\"fri\"],\"from\":\"22:00\",\"to\":\"06:00\"}]},"
    " {\"id\":\"weekend\",\"hours\":{\"days\":\"sat-mon\",\"from\":\"00:00\",\"to\":\"24:00\"}},"
    " {\"id\":\"two\",\"hours\":[{\"days\":\"mon\",\"from\":\"08:00\",\"to\":\"10:00\"},"
    "  {\"days\":\"mon\",\"from\":\"14:00\",\"to\":\"16:00\"}]},"
    " {\"id\":\"none\"}]}";

/* 23 November 2026 is a Monday. Stockholm is an hour ahead of UTC then. */
static const struct { const char *who, *when; enum site_tri want; const char *comment; } hours[] = {
	{ "day", "2026-11-23T06:00:00Z", SITE_YES, "Monday at 07:00" },
	{ "day", "2026-11-23T05:59:59Z", SITE_NO, "a second before" },
	{ "day", "2026-11-23T15:59:59Z", SITE_YES, "a second before 17:00" },
	{ "day", "2026-11-23T16:00:00Z", SITE_NO, "17:00" },
	{ "day", "2026-11-27T10:00:00Z", SITE_YES, "Friday" },
	{ "day", "2026-11-28T10:00:00Z", SITE_NO, "Saturday" },
	{ "day", "2026-07-06T05:00:00Z", SITE_YES, "07:00 in summer is 05:00 UTC" },
	{ "night", "2026-11-27T21:00:00Z", SITE_YES, "Friday at 22:00" },
	{ "night", "2026-11-28T04:59:00Z", SITE_YES, "Saturday before 06:00" },
	{ "night", "2026-11-28T05:00:00Z", SITE_NO, "Saturday at 06:00" },
	{ "night", "2026-11-28T21:30:00Z", SITE_NO, "Saturday night" },
	{ "night", "2026-11-27T04:00:00Z", SITE_NO, "Friday morning" },
	{ "weekend", "2026-11-27T23:00:00Z", SITE_YES, "Saturday begins" },
	{ "weekend", "2026-11-23T22:59:59Z", SITE_YES, "Monday ends" },
	{ "weekend", "2026-11-23T23:00:00Z", SITE_NO, "Tuesday begins" },
	{ "two", "2026-11-23T11:00:00Z", SITE_NO, "between two" },
	{ "two", "2026-11-23T13:30:00Z", SITE_YES, "in the second" },
	{ "none", "2026-11-23T13:30:00Z", SITE_UNSET, "none are given" },
};

int
main(void)
{
	struct err e = { "" };
	struct site *s = site_loadb("x.json", doc, sizeof(doc) - 1, &e);
	int minutes;

	for (size_t i = 0; i < sizeof(zones) / sizeof(*zones); i++) {
		minutes = -1;
		ok(site_timezone(zones[i].zone, at(zones[i].when), &minutes) &&
		    minutes == zones[i].minutes, "%s: %s", zones[i].zone, zones[i].comment);
	}
	ok(!site_timezone("Europe/Lund", 0, &minutes), "no such zone");
	if (!ok(s != NULL, "a site file %s", e.text))
		return tap_done();
	for (size_t i = 0; i < sizeof(hours) / sizeof(*hours); i++)
		ok(site_hours_hold(s, site_supplier(s, hours[i].who), at(hours[i].when)) ==
		    hours[i].want, "%s: %s", hours[i].who, hours[i].comment);
	ok(site_hours_hold(s, NULL, 0) == SITE_UNSET, "nobody has no hours");

	ok(strcmp(s->org.county, "V\xc3\xa4stra G\xc3\xb6taland") == 0, "a county by its name");
	ok(!strcmp(site_county("Stockholms l\xc3\xa4n"), "Stockholm") && !strcmp(site_county("orebro"),
	    "\xc3\x96rebro") && !site_county("Lund") && !site_county("") && !site_county("Sk"), "others, and none");
	ok(site_county_nth(20) && !site_county_nth(21), "there are 21");
	ok(site_fact(s, "sole_provider") == SITE_YES && site_fact(s, "dora") == SITE_NO &&
	    site_fact(s, "systemic_risk") == SITE_UNSET, "facts");
	ok(s->org.npartners == 1 && fabs(s->org.partners[0].share - 0.25) < 1e-9 && s->org.partners[0].headcount == 8 &&
	    s->org.partners[0].turnover_eur == -1, "a partner");
	ok(s->org.nlinked == 1 && fabs(s->org.linked[0].share - 1) < 1e-9 && s->org.linked[0].headcount == -1,
	    "a linked enterprise counts whole");
	ok(s->org.headcount == -1 && s->org.previous.balance_eur == -1 && s->org.turnover_year == -1,
	    "a number that is absent is -1");
	ok(s->nsystems == 1 && s->systems[0].klassa.k == 3 && s->systems[0].klassa.r == 0 && s->systems[0].klassa.t == 4,
	    "a KLASSA triple");
	ok(site_role(s, "dpo") == &s->people[0] && site_role(s, "it") == &s->people[1] && !site_role(s, "facility"),
	    "people by their roles");
	ok(!strcmp(site_who(s, "eva"), "Eva Lind") && !strcmp(site_who(s, "per"), "per") &&
	    !strcmp(site_who(s, "Omar"), "Omar") && !site_who(s, NULL), "who that is");
	ok(site_review_days(s, "inc.process_72h") == 182 && site_review_days(s, "gov.board_informed") == 365 &&
	    site_review_days(NULL, "x") == -1, "days between reviews");
	ok(strcmp(s->timezone, "Europe/Stockholm") == 0, "the usual time zone");
	site_free(s);
	return tap_done();
}
