/* What may have led to what: the rules that are built in, each relation, the bounds of time
 * and of memory, and the sentences that say why. */
#include "timeline/correlate.h"
#include "base/limits.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define S INT64_C(1000000)
#define T0 (INT64_C(1795338723) * S)    /* 2026-11-22T09:12:03Z */

static struct timeline_text
text(const char *s)
{
	return (struct timeline_text){ s ? s : "", s ? (uint32_t)strlen(s) : 0 };
}

static uint64_t number;

static struct timeline_item
item(enum timeline_kind kind, int64_t us, const char *asset, const char *peer, const char *zone)
{
	return (struct timeline_item){ .n = ++number, .us = us, .shown = us, .last = us, .count = 1,
		.kind = (uint8_t)kind, .text = text("x"), .asset = text(asset), .peer = text(peer),
		.zone = text(zone), .object = text(NULL), .value = text(NULL),
		.capture = text(NULL),
		.severity = kind == TIMELINE_ALARM ? TIMELINE_MEDIUM : TIMELINE_INFO };
}

static const char site_text[] =
"{\"otsite\": 1, \"site\": {\"key\": \"lab\", \"name\": \"Lab\"},"
" \"zones\": [{\"id\": \"bms\", \"name\": \"BMS\", \"cidr\": [\"10.20.0.0/24\"]}],"
" \"instruments\": [{\"id\": \"AHU-2\"}, {\"id\": \"PART-1\"}, {\"id\": \"HPLC-4\"}],"
" \"systems\": [{\"id\": \"clean\", \"name\": \"Clean\", \"instruments\": [\"AHU-2\", \"PART-1\"]},"
"  {\"id\": \"air\", \"name\": \"Air\", \"instruments\": [\"AHU-2\"]}]}";

/* A cause, then an effect so much later: which rule links them, or none. */
static const struct {
	enum timeline_kind cause; const char *asset, *peer, *zone;
	enum timeline_kind effect; const char *asset2, *peer2, *zone2;
	double after;
	const char *rule, *comment;
} cases[] = {
	{ TIMELINE_COMMAND, "AHU-2", "K7", "bms", TIMELINE_ALARM, "AHU-2", NULL, "bms", 38,
	    "setpoint-alarm", "a write, then an alarm of the same asset" },
	{ TIMELINE_COMMAND, "AHU-2", "K7", "bms", TIMELINE_ALARM, "AHU-2", NULL, "bms", 900,
	    "setpoint-alarm", "at the very end of its quarter of an hour" },
	{ TIMELINE_COMMAND, "AHU-2", "K7", "bms", TIMELINE_ALARM, "AHU-2", NULL, "bms", 900.000001,
	    NULL, "a microsecond later" },
	{ TIMELINE_COMMAND, "AHU-2", "K7", NULL, TIMELINE_ALARM, "PART-1", NULL, NULL, 60,
	    "setpoint-alarm-depends", "of one system of the site file" },
	{ TIMELINE_COMMAND, "AHU-2", "K7", NULL, TIMELINE_ALARM, "GC-2", NULL, NULL, 60,
	    NULL, "of no system in common" },
	{ TIMELINE_COMMAND, "VAV-9", "K7", "bms", TIMELINE_ALARM, "DOOR", NULL, "bms", 299,
	    "setpoint-alarm-zone", "in the same zone" },
	{ TIMELINE_COMMAND, "VAV-9", "K7", "bms", TIMELINE_ALARM, "DOOR", NULL, "bms", 301,
	    NULL, "in the same zone, too late" },
	{ TIMELINE_COMMAND, "VAV-9", "K7", NULL, TIMELINE_ALARM, NULL, NULL, NULL, 1,
	    NULL, "what is unknown is not the same" },
	{ TIMELINE_ALARM, "AHU-2", NULL, "bms", TIMELINE_RESULT, "HPLC-4", NULL, "analysis", 139,
	    "alarm-result-depends", "HPLC-4 depends on AHU-2, the caller says" },
	{ TIMELINE_ALARM, "X", NULL, "bms", TIMELINE_RESULT, "GC-2", NULL, "analysis", 139,
	    "alarm-result-depends", "the zone analysis depends on X" },
	{ TIMELINE_ALARM, "AHU-2", NULL, "bms", TIMELINE_RESULT, "GC-2", NULL, "office", 139,
	    NULL, "and what depends on nothing does not" },
	{ TIMELINE_SESSION, "PC", "198.51.100.23", NULL, TIMELINE_COMMAND, "AHU-2", "PC", NULL, 700,
	    "session-command-through", "whoever was reached then wrote" },
	{ TIMELINE_SESSION, "GW", "198.51.100.23", NULL, TIMELINE_COMMAND, "AHU-2",
	    "198.51.100.23", NULL, 700, "session-command-party", "the same party" },
	{ TIMELINE_ALERT, "PC", "203.0.113.9", NULL, TIMELINE_COMMAND, "AHU-2", "PC", NULL, 86400,
	    "alert-command", "a day after the alert" },
	{ TIMELINE_LOGIN, "PC", NULL, NULL, TIMELINE_COMMAND, "AHU-2", "PC", NULL, 3600,
	    "login-command", "an hour after the login" },
	{ TIMELINE_CHANGE, "PC", NULL, NULL, TIMELINE_COMMAND, "AHU-2", "PC", NULL, 3600,
	    "change-command", "a new device writes" },
	{ TIMELINE_COMMAND, "AHU-2", "PC", NULL, TIMELINE_ALERT, "AHU-2", "PC", NULL, 0,
	    "command-alert", "at the same moment" },
	{ TIMELINE_COMMAND, "AHU-2", "PC", NULL, TIMELINE_CHANGE, "AHU-2", NULL, NULL, 7200,
	    "command-change", "its firmware is another" },
	{ TIMELINE_NOTE, "AHU-2", NULL, "bms", TIMELINE_ALARM, "AHU-2", NULL, "bms", 1,
	    NULL, "a note causes nothing" },
	{ TIMELINE_ALARM, "AHU-2", NULL, "bms", TIMELINE_COMMAND, "AHU-2", NULL, "bms", 1,
	    NULL, "and an alarm is not why somebody writes, as far as rules know" },
};

static struct correlate *
fresh(const struct site *site)
{
	struct err e = { "" };
	struct correlate *c = correlate_new(NULL, site, &e);

	if (!c || !correlate_depends(c, "HPLC-4", "AHU-2", &e) ||
	    !correlate_depends(c, "analysis", "X", &e))
		printf("Bail out! %s\n", e.text);
	return c;
}

static void
test_cases(const struct site *site)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct correlate *c = fresh(site);
		struct timeline_item a = item(cases[i].cause, T0, cases[i].asset, cases[i].peer,
		    cases[i].zone);
		int64_t later = T0 + (int64_t)(cases[i].after * 1e6 + .5);
		struct timeline_item b = item(cases[i].effect, later,
		    cases[i].asset2, cases[i].peer2, cases[i].zone2);
		correlate_item(c, &a);
		correlate_item(c, &b);
		if (cases[i].rule)
			ok(b.nbecause == 1 && b.because[0].n == a.n &&
			    strcmp(b.because[0].rule, cases[i].rule) == 0 &&
			    b.because[0].seconds == cases[i].after, "%s: %s", cases[i].rule,
			    cases[i].comment);
		else
			ok(b.nbecause == 0, "no link: %s (%s)", cases[i].comment,
			    b.nbecause ? b.because[0].rule : "");
		correlate_free(c);
	}
}

static bool
reads(const struct correlate *c, const struct timeline_item *it, size_t i, const char *lang,
    const char *want)
{
	char *s = correlate_reason(c, lang, it, i);
	bool same = s && strcmp(s, want) == 0;

	if (!same)
		printf("# %s\n", s ? s : "nothing");
	free(s);
	return same;
}

/* The incident that the programs are judged by, with all that a real log has between. */
static void
test_story(const struct site *site)
{
	struct correlate *c = fresh(site);
	struct timeline_item in = item(TIMELINE_SESSION, T0 - 600 * S, "HPLC4-PC", "198.51.100.23",
	    "analysis"), w = item(TIMELINE_COMMAND, T0, "AHU-2", "HPLC4-PC", "bms"), o, a, r;

	correlate_item(c, &in);
	correlate_item(c, &w);
	ok(w.nbecause == 1 && w.because[0].n == in.n, "the session leads to the write");
	ok(reads(c, &w, 0, "en", "The write was made 10\xc2\xa0min after remote access to the device "
	    "that wrote."), "and why, in English");
	ok(reads(c, &w, 0, "sv", "Skrivningen gjordes 10\xc2\xa0min efter fjärråtkomst till enheten "
	    "som skrev."), "and in Swedish");
	for (int i = 0; i < 20; i++) {
		o = item(TIMELINE_LOG, T0 + i * S, "AHU-2", NULL, "bms");
		correlate_item(c, &o);
	}
	a = item(TIMELINE_ALARM, T0 + 38 * S, "AHU-2", NULL, "bms");
	correlate_item(c, &a);
	ok(a.nbecause == 1 && a.because[0].n == w.n && a.because[0].seconds == 38,
	    "the write leads to the alarm 38 s later, once, though its zone is the same, too");
	ok(reads(c, &a, 0, "en", "The alarm came 38\xc2\xa0s after a write to AHU-2.") &&
	    reads(c, &a, 0, "sv", "Larmet kom 38\xc2\xa0s efter en skrivning till AHU-2."), "and why");
	r = item(TIMELINE_RESULT, T0 + 177 * S, "HPLC-4", NULL, "bms");
	correlate_item(c, &r);
	ok(r.nbecause == 1 && r.because[0].n == a.n && strcmp(r.because[0].rule,
	    "alarm-result-depends") == 0, "the result was released after the alarm");
	ok(reads(c, &r, 0, "en", "The result was released 2\xc2\xa0min 19\xc2\xa0s after an alarm at a "
	    "device that HPLC-4 belongs with."), "and why");
	ok(correlate_forgotten(c) == 0, "nothing was forgotten");
	a = item(TIMELINE_ALARM, T0 + 178 * S, "AHU-2", NULL, "bms");
	a.severity = TIMELINE_LOW;
	correlate_item(c, &a);
	r = item(TIMELINE_RESULT, T0 + 179 * S, "HPLC-4", NULL, "bms");
	correlate_item(c, &r);
	ok(r.nbecause == 1 && r.because[0].seconds == 141, "a filter's timer is no reason");
	correlate_free(c);
}

static void
test_nearest(void)
{
	struct correlate *c = fresh(NULL);
	struct timeline_item a = item(TIMELINE_COMMAND, T0, "AHU-2", "K7", "bms"),
	    b = item(TIMELINE_COMMAND, T0 + 5 * S, "AHU-2", "K7", "bms"),
	    z = item(TIMELINE_COMMAND, T0 + 6 * S, "VAV-201", "K7", "bms"),
	    x = item(TIMELINE_ALARM, T0 + 10 * S, "AHU-2", NULL, "bms"),
	    cal = item(TIMELINE_CALIBRATION, T0, "AHU-2", NULL, NULL),
	    res = item(TIMELINE_RESULT, T0 + 20 * S, "AHU-2", NULL, NULL);

	correlate_item(c, &a);
	correlate_item(c, &b);
	correlate_item(c, &z);
	correlate_item(c, &x);
	ok(x.nbecause == 1 && x.because[0].n == b.n,
	    "the last write to the asset, and not the later one in its zone");
	cal.severity = TIMELINE_NOTICE;
	correlate_item(c, &cal);
	correlate_item(c, &res);
	ok(res.nbecause == 2 && res.because[0].n == x.n && res.because[1].n == b.n,
	    "a calibration as it should be leads to nothing; alarm and write do");
	cal = item(TIMELINE_CALIBRATION, T0 + 21 * S, "AHU-2", NULL, NULL);
	cal.severity = TIMELINE_LOW;
	correlate_item(c, &cal);
	res = item(TIMELINE_RESULT, T0 + 22 * S, "AHU-2", NULL, NULL);
	correlate_item(c, &res);
	ok(res.nbecause == 3 && res.because[2].n == cal.n, "one that is remarked on does");
	correlate_free(c);
}

/* A coil was written last; the set-point before it is what matters. */
static void
test_objects(void)
{
	static const char *const objects[] = { "holding_register:40012", "coil:5", "coil:5",
		"coil:6", "coil:7" };
	struct correlate *c = fresh(NULL);
	struct timeline_item w[5], a = item(TIMELINE_ALARM, T0 + 38 * S, "AHU-2", NULL, "bms");

	for (int i = 0; i < 3; i++) {
		w[i] = item(TIMELINE_COMMAND, T0 + i * S, "AHU-2", "K7", "bms");
		w[i].object = text(objects[i]);
		correlate_item(c, &w[i]);
	}
	correlate_item(c, &a);
	ok(a.nbecause == 2 && a.because[0].n == w[2].n && a.because[1].n == w[0].n &&
	    a.because[1].seconds == 38, "the last write of each object, the latest first");
	for (int i = 3; i < 5; i++) {
		w[i] = item(TIMELINE_COMMAND, T0 + i * S, "AHU-2", "K7", "bms");
		w[i].object = text(objects[i]);
		correlate_item(c, &w[i]);
	}
	correlate_item(c, &a);
	ok(a.nbecause == 3 && a.because[0].n == w[4].n && a.because[2].n == w[2].n,
	    "three at most");
	correlate_free(c);
}

/* A window is a window: what is pushed out is counted, and the other kinds stay. */
static void
test_bounds(void)
{
	struct correlate *c = fresh(NULL);
	struct timeline_item in = item(TIMELINE_SESSION, T0, "PC", "V", NULL), w, a;
	char name[24];
	size_t wrong = 0;

	correlate_item(c, &in);
	for (unsigned i = 0; i < 3 * LIM_CORRELATE; i++) {
		snprintf(name, sizeof(name), "PLC-%u", i);
		w = item(TIMELINE_COMMAND, T0 + (int64_t)i * 1000, name, "PC", NULL);
		correlate_item(c, &w);
		wrong += w.nbecause != 1 || w.because[0].n != in.n;
	}
	ok(wrong == 0, "each of %u writes has its session", 3 * LIM_CORRELATE);
	ok(correlate_forgotten(c) == 2 * LIM_CORRELATE, "what left the window too early is counted");
	a = item(TIMELINE_ALARM, T0 + 60 * S, "PLC-0", NULL, NULL);
	correlate_item(c, &a);
	ok(a.nbecause == 0, "the first write has left the window");
	snprintf(name, sizeof(name), "PLC-%u", 2 * LIM_CORRELATE);
	a = item(TIMELINE_ALARM, T0 + 60 * S, name, NULL, NULL);
	correlate_item(c, &a);
	ok(a.nbecause == 1, "the oldest that is held has not");
	correlate_free(c);
}

static void
test_spans(void)
{
	static const struct { double s; const char *want; } spans[] = {
		{ 0, "0\xc2\xa0s" }, { 0.4, "400\xc2\xa0ms" }, { 1, "1\xc2\xa0s" },
		{ 34.8, "35\xc2\xa0s" }, { 0.9999, "1\xc2\xa0s" },
		{ 59.9, "1\xc2\xa0min" }, { 60, "1\xc2\xa0min" }, { 177, "2\xc2\xa0min 57\xc2\xa0s" },
		{ 3600, "1\xc2\xa0h 0\xc2\xa0min" }, { 86399, "23\xc2\xa0h 59\xc2\xa0min" },
		{ 97200, "1\xc2\xa0" "d 3\xc2\xa0h" },
	};
	char dst[CORRELATE_SPAN];

	for (size_t i = 0; i < sizeof(spans) / sizeof(*spans); i++)
		ok(strcmp(correlate_span(dst, spans[i].s), spans[i].want) == 0, "%g s: %s",
		    spans[i].s, dst);
}

/* The same edit of a good document: what is said of it. */
static void
test_refused(void)
{
	static const struct { const char *with, *want; } bad[] = {
		{ "\"cause\": \"comand\"", "links.r.cause: no kind of item: comand" },
		{ "\"cause\": \"command\", \"severity\": \"worst\"", "links.r.severity: none of info" },
		{ "\"cause\": \"command\", \"same\": [\"asset\", \"planet\"]", "links.r.same: none of" },
		{ "\"cause\": \"command\", \"same\": []", "links.r.same: missing" },
		{ "\"cause\": \"command\", \"within_s\": 0", "links.r.within_s: not a whole number" },
		{ "\"cause\": \"command\", \"within_s\": 99999999", "links.r.within_s: not a whole" },
		{ "\"cause\": \"command\", \"extra\": 1", "unknown member: extra" },
		{ "\"cause\": \"command\", \"source\": \"\"", "links.r.source" },
	};
	char dir[] = "/tmp/otkit-correlate-XXXXXX", path[64];

	if (!mkdtemp(dir))
		return;
	snprintf(path, sizeof(path), "%s/correlation.json", dir);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct err e = { "" };
		struct correlate *c;
		FILE *f = fopen(path, "w");
		if (!f)
			break;
		fprintf(f, "{\"otrules\": 1, \"kind\": \"correlation\", \"links\": [{\"id\": \"r\", %s",
		    bad[i].with);
		if (!strstr(bad[i].with, "\"same\""))
			fputs(", \"same\": [\"asset\"]", f);
		if (!strstr(bad[i].with, "\"within_s\""))
			fputs(", \"within_s\": 9", f);
		if (!strstr(bad[i].with, "\"source\""))
			fputs(", \"source\": \"s\"", f);
		fputs(", \"effect\": \"alarm\", \"reason\": {\"sv\": \"a\", \"en\": \"b\"}, "
		    "\"certainty\": \"memory\"}]}\n", f);
		fclose(f);
		c = correlate_new(dir, NULL, &e);
		ok(!c && strstr(e.text, bad[i].want), "refused: %s", e.text);
		correlate_free(c);
	}
	unlink(path);
	rmdir(dir);
}

int
main(void)
{
	struct err e = { "" };
	struct site *site = site_loadb("site.json", site_text, sizeof(site_text) - 1, &e);
	struct correlate *c = fresh(NULL);
	char long_name[80];

	ok(site != NULL, "the site: %s", e.text);
	memset(long_name, 'x', 64);
	long_name[64] = '\0';
	ok(!correlate_depends(c, long_name, "A", &e), "a name that is too long: %s", e.text);
	correlate_free(c);
	test_cases(site);
	test_story(site);
	test_nearest();
	test_objects();
	test_bounds();
	test_spans();
	test_refused();
	site_free(site);
	return tap_done();
}
