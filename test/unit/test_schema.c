/* Records held to their schemas: what is right passes, what is wrong is refused with
 * its place. With arguments it is a filter for test/pipe/schema.t:
 *
 *     test_schema SCHEMA PATH         "ok" or "no: why" for each line of standard input */
#include "base/embed.h"
#include "json/line.h"
#include "json/schema.h"
#include "json/schema_impl.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static bool
ask(const struct schema *s, struct tape *t, const char *p, size_t n, struct err *e)
{
	const char *why;
	struct sval v;
	size_t at;

	if (!scan_check_noting(p, n, false, t, &at, &why))
		return err_set(e, "not JSON: %s", why);
	v = scan_noted(t, p);
	return schema_check(s, &v, e);
}

static int
filter(const char *name, const char *path)
{
	struct err e = { "" };
	struct schema *s = schema_load(name, path, &e);
	struct line *l = s ? line_open("-", 0, &e) : NULL;
	struct tape t = { NULL };
	const char *p;
	size_t n;

	if (!l) {
		fprintf(stderr, "%s\n", e.text);
		schema_free(s);
		return 2;
	}
	while (line_next(l, &p, &n, &e) == LINE_OK) {
		err_clear(&e);
		if (ask(s, &t, p, n, &e))
			puts("ok");
		else
			printf("no: %s\n", e.text);
	}
	tape_free(&t);
	line_close(l);
	schema_free(s);
	return 0;
}

#define GOOD    "{\"instrument\":\"HPLC-4\",\"certificate\":\"K-1\",\"performed\":\"2026-02-28\"," \
	"\"laboratory\":{\"name\":\"RISE\"},\"verdict\":\"pass\""

static const struct { const char *text, *want, *comment; } calibrations[] = {
	{ GOOD "}", NULL, "the least there can be" },
	{ "[]", "calibration: an object is expected", "another type" },
	{ "{}", "calibration.instrument: missing", "nothing in it" },
	{ GOOD ",\"results\":[{\"unit\":\"V\"},{\"unit\":\"V\"},{\"unit\":5}]}",
	    "calibration.results[2].unit: a string is expected", "deep inside" },
	{ GOOD ",\"results\":[{\"unit\":\"\"}]}", "calibration.results[0].unit: is empty", "an empty text" },
	{ GOOD ",\"results\":[]}", "calibration.results: is empty", "an empty list" },
	{ GOOD ",\"resluts\":[]}", "calibration.resluts: no such member is known", "a typo" },
	{ GOOD ",\"verdict\":\"pass\"}", "calibration.verdict: stands there twice", "a member twice" },
	{ GOOD ",\"v\\u0065rdict\":\"pass\"}", "calibration.verdict: stands there twice", "twice, once escaped" },
	{ GOOD ",\"due\":\"2026-02-30\"}", "calibration.due: a date such as 2026-11-22 is expected", "no such day" },
	{ GOOD ",\"due\":\"2024-02-29\"}", NULL, "a leap day" },
	{ GOOD ",\"due\":\"2100-02-29\"}", "calibration.due: a date such as 2026-11-22 is expected", "and none" },
	{ GOOD ",\"started\":\"2026-02-28T08:00:00+0100\"}", NULL, "EVE's zone" },
	{ GOOD ",\"started\":\"2026-02-28T08:00:00.5+01:00\"}", NULL, "RFC 3339's zone" },
	{ GOOD ",\"started\":\"2026-02-28T08:00:00Z\"}", NULL, "Z" },
	{ GOOD ",\"started\":\"2026-02-28T08:00:00\"}", "calibration.started: a time with its zone such as "
	    "2026-11-22T08:12:00+01:00 is expected", "no zone" },
	{ GOOD ",\"started\":\"2026-02-28\"}", "calibration.started: a time with its zone such as "
	    "2026-11-22T08:12:00+01:00 is expected", "a day for a time" },
	{ GOOD ",\"interval\":\"P12M\"}", NULL, "an interval" },
	{ GOOD ",\"interval\":\"PT12M\"}", "calibration.interval: a duration such as P12M or P90D is expected",
	    "minutes" },
	{ GOOD ",\"interval\":\"P1M1Y\"}", "calibration.interval: a duration such as P12M or P90D is expected",
	    "units out of order" },
	{ GOOD ",\"interval\":\"P\"}", "calibration.interval: a duration such as P12M or P90D is expected",
	    "of nothing" },
	{ GOOD ",\"results\":[{\"unit\":\"V\",\"as_found\":1e999}]}",
	    "calibration.results[0].as_found: a finite number is expected", "beyond a double" },
	{ GOOD ",\"results\":[{\"unit\":\"V\",\"expanded_uncertainty\":-1}]}",
	    "calibration.results[0].expanded_uncertainty: less than 0", "less than nothing" },
	{ GOOD ",\"results\":[{\"unit\":\"V\",\"k\":2}]}",
	    "calibration.results[0].expanded_uncertainty: missing", "k of no uncertainty" },
	{ GOOD ",\"results\":[{\"unit\":\"V\",\"point\":true}]}",
	    "calibration.results[0].point: a number, or a string is expected", "of neither form" },
	{ GOOD ",\"documents\":[{\"sha256\":\"00\"}]}",
	    "calibration.documents[0].sha256: not of the form ^[0-9a-f]{64}$", "half a digest" },
	{ GOOD ",\"adjusted\":\"yes\"}", "calibration.adjusted: true or false is expected", "a word for a truth" },
	{ GOOD ",\"traceability\":{\"via\":\"friend\"}}",
	    "calibration.traceability.via: one of nmi, accredited, crm, natural_constant is expected", "a word" },
	{ GOOD ",\"method\":null}", "calibration.method: a string is expected", "null is not absent" },
};

static const struct { const char *text, *want, *comment; } corrections[] = {
	{ "\"withdrawn\":true}", NULL, "withdrawn" },
	{ "\"withdrawn\":false}", "correction.withdrawn: true is expected", "withdrawn, or not" },
	{ "\"instead\":{\"event_type\":\"calibration\",\"calibration\":" GOOD "}}}", NULL, "another record" },
	{ "\"instead\":{\"event_type\":\"calibration\",\"calibration\":" GOOD ",\"due\":\"\"}}}",
	    "correction.instead.calibration.due: a date such as 2026-11-22 is expected",
	    "another record that is wrong: its own fault is told" },
	{ "\"instead\":{\"event_type\":\"calibration\",\"calibration\":" GOOD "},\"x\":1}}",
	    "correction.instead: has too many members", "more than a block" },
	{ "\"withdrawn\":true,\"instead\":{\"event_type\":\"note\",\"note\":{\"text\":\"x\"}}}",
	    "correction: more than one of the forms of which it may have one", "both" },
};

static void
test_calibrations(void)
{
	struct err e = { "" };
	struct schema *s = schema_load("schema/calibration.json", "properties.calibration", &e);
	struct tape t = { NULL };
	const char *why;
	struct sval v;
	size_t at;
	bool good;

	ok(s != NULL, "the schema of calibrations is understood %s", e.text);
	for (size_t i = 0; s && i < sizeof(calibrations) / sizeof(*calibrations); i++) {
		const char *p = calibrations[i].text, *want = calibrations[i].want;
		err_clear(&e);
		good = ask(s, &t, p, strlen(p), &e);
		ok(want ? !good && strstr(e.text, want) == e.text &&
		    strlen(e.text) - strlen(want) < 12 : good,
		    "%s: %s", calibrations[i].comment, e.text);
		/* the same of text that was not noted */
		v = scan_line(p, strlen(p));
		if (scan_check(p, strlen(p), false, &at, &why) && schema_check(s, &v, NULL) != good)
			ok(false, "%s: another answer without notes", calibrations[i].comment);
	}
	tape_free(&t);
	schema_free(s);
}

static void
test_corrections(void)
{
	struct err e = { "" };
	struct schema *s = schema_load("schema/correction.json", "properties.correction", &e);
	struct tape t = { NULL };
	char text[2000];

	ok(s != NULL, "the schema of corrections is understood %s", e.text);
	for (size_t i = 0; s && i < sizeof(corrections) / sizeof(*corrections); i++) {
		const char *want = corrections[i].want;
		snprintf(text, sizeof(text), "{\"corrects\":3,\"reason\":\"r\",\"person\":\"p\","
		    "\"corrected_digest\":\"%064d\",%s", 0, corrections[i].text);
		err_clear(&e);
		ok(ask(s, &t, text, strlen(text), &e) ? !want : want && strcmp(e.text, want) == 0,
		    "%s: %s", corrections[i].comment, e.text);
	}
	tape_free(&t);
	schema_free(s);
}

static void
test_load(void)
{
	static const char *const whole[] = { "instrument", "calibration", "adjustment", "repair",
		"replacement", "firmware_update", "verification", "out_of_tolerance", "assessment",
		"correction", "reference_standard", "software", "note", "use", "envelope" };
	struct schema *s;
	struct err e = { "" };
	char name[64];

	for (size_t i = 0; i < sizeof(whole) / sizeof(*whole); i++) {
		snprintf(name, sizeof(name), "schema/%s.json", whole[i]);
		err_clear(&e);
		s = schema_load(name, "", &e);
		ok(s != NULL, "%s is understood whole %s", whole[i], e.text);
		schema_free(s);
	}
	err_clear(&e);
	ok(!schema_load("schema/otsite.json", "", &e) && strstr(e.text, "patternProperties"),
	    "a keyword that nothing would check is an error: %s", e.text);
	err_clear(&e);
	ok(!schema_load("schema/none.json", "", &e) && strstr(e.text, "no such schema"), "%s", e.text);
	err_clear(&e);
	ok(!schema_load("schema/note.json", "properties.x", &e) && strstr(e.text, "nothing at"), "%s",
	    e.text);
}

static const struct { const char *pattern, *text; int want; } patterns[] = {
	{ "^[0-9a-f]{4}$", "00ff", 1 }, { "^[0-9a-f]{4}$", "00fg", 0 }, { "^[0-9a-f]{4}$", "00f", 0 },
	{ "^[0-9a-f]{4}$", "00ff0", 0 }, { "^([0-9a-f]{2}:){2}[0-9a-f]{2}$", "00:11:22", 1 },
	{ "^([0-9a-f]{2}:){2}[0-9a-f]{2}$", "00:11", 0 }, { "^a+b?c*$", "aab", 1 }, { "^a+b?c*$", "acc", 1 },
	{ "^a+b?c*$", "bcc", 0 }, { "^\\.\\+$", ".+", 1 }, { "^[A-Za-z0-9+/]+={0,2}$", "ab==", 1 },
	{ "^[A-Za-z0-9+/]+={0,2}$", "ab===", 0 }, { "^$", "", 1 }, { "^$", "a", 0 },
	{ "^a+a$", "", -1 }, { "^a?b?a$", "", -1 }, { "a$", "", -1 }, { "^a", "", -1 }, { "^a|b$", "", -1 },
	{ "^.$", "", -1 }, { "^[^a]$", "", -1 }, { "^\\d$", "", -1 }, { "^(ab)+$", "", -1 }, { "^[a$", "", -1 },
	{ "^(a$", "", -1 }, { "^a{$", "", -1 }, { "^a{2,1}$", "", -1 }, { "^[z-a]$", "", -1 }, { "^\\$", "", -1 },
	{ "^[\\$", "", -1 }, { "^((a){2}){2}$", "", -1 }, { "^(a{99}){99}$", "aa", 0 },
	{ "^(a{2}b{2}c{2}){999}$", "", -1 },
};

static void
test_patterns(void)
{
	struct pattern *p;
	struct err e;
	int got;

	for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++) {
		err_clear(&e);
		p = pattern_make(patterns[i].pattern, &e);
		got = p ? pattern_fits(p, patterns[i].text, strlen(patterns[i].text)) : -1;
		ok(got == patterns[i].want, "%s and \"%s\": %d", patterns[i].pattern, patterns[i].text, got);
		pattern_free(p);
	}
}

int
main(int argc, char **argv)
{
	if (argc == 3)
		return filter(argv[1], argv[2]);
	test_patterns();
	test_load();
	test_calibrations();
	test_corrections();
	return tap_done();
}
