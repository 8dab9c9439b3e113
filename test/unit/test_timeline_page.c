/* The timeline for people: an incident of six sources, made here, as text, Markdown and a page.
 * With a language (and a form: html, text or markdown) as arguments it writes that report, for
 * the browser test (test/pipe/pages-browser.t). */
#include "tap.h"

#include "base/stamp.h"
#include "report/timeline_paper.h"

#include <stdlib.h>
#include <string.h>

#define S INT64_C(1000000)

static const char site_text[] =
"{\"otsite\": 1, \"site\": {\"key\": \"lab\", \"name\": {\"sv\": \"Laboratoriet i Lund, plan 3\", \"en\": "
"\"The laboratory in Lund, floor 3\"}, \"timezone\": \"Europe/Stockholm\"},"
" \"zones\": [{\"id\": \"analysis\", \"name\": {\"sv\": \"Analys\", \"en\": \"Analysis\"}, "
"\"cidr\": [\"10.10.0.0/24\"]}, {\"id\": \"bms\", \"name\": {\"sv\": \"Fastighet och renrum\", "
"\"en\": \"Building and cleanroom\"}, \"cidr\": [\"10.20.0.0/24\"]},"
" {\"id\": \"office\", \"name\": {\"sv\": \"Kontor och drift\", \"en\": \"Office and operations\"}, "
"\"cidr\": [\"10.30.0.0/24\"]}],"
" \"instruments\": [{\"id\": \"AHU-2\"}, {\"id\": \"HPLC-4\"}, {\"id\": \"HPLC4-PC\"}]}";

enum { WIRE, SENSOR, BMS, LIMS, SYSLOG, NOTES, SOURCES };

static const char *const files[] = { "lab.ndjson", "eve.json", "bms.csv", "lims.csv", "syslog",
	"INC-7/records.ndjson" };

/* What happened on 2026-11-22, 08:00 UTC and later; a made-up laboratory. */
static const struct {
	int at;                         /* seconds after 08:00:00 UTC */
	int source;
	enum timeline_kind kind;
	enum timeline_severity severity;
	const char *zone, *asset, *peer, *text, *object, *value;
	uint64_t count;
} story[] = {
	{ 31, SYSLOG, TIMELINE_LOG, TIMELINE_INFO, "office", "FW-1", "", "dhcpd: lease renewed", "", "", 9 },
	{ 240, BMS, TIMELINE_LOG, TIMELINE_INFO, "bms", "AHU-2", "", "filter timer 412 h", "", "", 1 },
	{ 1911, SYSLOG, TIMELINE_LOGIN, TIMELINE_NOTICE, "analysis", "HPLC4-PC", "198.51.100.23",
	    "sshd: accepted password for service", "", "", 1 },
	{ 1912, WIRE, TIMELINE_SESSION, TIMELINE_MEDIUM, "analysis", "HPLC4-PC", "198.51.100.23",
	    "Nordlab Instruments AB came in over SSH", "", "", 1 },
	{ 2010, SENSOR, TIMELINE_ALERT, TIMELINE_MEDIUM, "analysis", "HPLC4-PC", "198.51.100.23",
	    "SSH from outside the agreed hours", "", "", 1 },
	{ 2700, LIMS, TIMELINE_RESULT, TIMELINE_INFO, "analysis", "GC-2", "", "batch released", "", "", 4 },
	{ 4100, WIRE, TIMELINE_CHANGE, TIMELINE_LOW, "office", "10.20.0.77", "",
	    "new: 10.20.0.77, a sensor, perhaps <script>alert(1)</script>", "", "", 1 },
	{ 4323, WIRE, TIMELINE_COMMAND, TIMELINE_HIGH, "bms", "AHU-2", "HPLC4-PC",
	    "set-point of the differential pressure written", "holding_register:40012", "8.5", 1 },
	{ 4323, SENSOR, TIMELINE_ALERT, TIMELINE_HIGH, "bms", "AHU-2", "HPLC4-PC",
	    "Modbus write from outside the zone", "", "", 1 },
	{ 4330, WIRE, TIMELINE_COMMAND, TIMELINE_HIGH, "bms", "VAV-201", "HPLC4-PC",
	    "present value written", "analog-value,3", "12", 2 },
	{ 4361, BMS, TIMELINE_ALARM, TIMELINE_MEDIUM, "bms", "AHU-2", "",
	    "Differential pressure low, cleanroom 2", "DP-2", "9.1", 6 },
	{ 4375, BMS, TIMELINE_ALARM, TIMELINE_HIGH, "bms", "AHU-2", "", "Pressure cascade lost", "", "", 1 },
	{ 4500, LIMS, TIMELINE_RESULT, TIMELINE_NOTICE, "analysis", "HPLC-4", "", "result released", "", "", 1 },
	{ 4980, NOTES, TIMELINE_NOTE, TIMELINE_INFO, "", "", "Per Ek",
	    "BMS on manual, the supplier's session cut at the firewall", "", "", 1 },
	{ 5040, WIRE, TIMELINE_COMMAND, TIMELINE_HIGH, "bms", "AHU-2", "BMS-SRV",
	    "set-point of the differential pressure written", "holding_register:40012", "15", 1 },
	{ 5400, BMS, TIMELINE_ALARM, TIMELINE_INFO, "bms", "AHU-2", "", "Differential pressure normal", "DP-2", "14.8", 1 },
	{ 6900, NOTES, TIMELINE_NOTE, TIMELINE_INFO, "", "", "Karin Holm", "results of HPLC-4 since 08:00 blocked", "", "", 1 },
};
enum { N = sizeof(story) / sizeof(*story) };

static struct timeline_text
span(const char *s)
{
	return (struct timeline_text){ s, (uint32_t)strlen(s) };
}

struct made {
	struct timeline_item items[N + 1200];
	struct timeline_source source[SOURCES];
	const struct timeline_source *sources[SOURCES];
	struct timeline_gap gap[1];
	struct timeline_fault fault[3];
	struct timeline_minute minutes[60];
	struct timeline_view v;
};

static void
make_sources(struct made *m, int64_t t0)
{
	static const char *const names[SOURCES] = { "otdissect", "Suricata", "BMS", "LIMS", "syslog",
		"INC-7" };
	static const char *const kinds[SOURCES] = { "records", "records", "csv", "csv", "syslog",
		"records" };

	for (int i = 0; i < SOURCES; i++) {
		m->source[i] = (struct timeline_source){ .name = names[i], .kind = kinds[i],
			.lines = 1000u * (unsigned)(i + 1), .items = 10, .first = t0,
			.last = t0 + 7200 * S };
		m->sources[i] = &m->source[i];
	}
	m->source[BMS].offset = -12400000;
	m->source[BMS].basis = TIMELINE_ESTIMATED;
	m->source[BMS].estimate = (struct timeline_estimate){ .source = BMS, .other = WIRE,
		.holds = true, .pairs = 7, .offset = -12.4, .spread = 0.8, .min = -13, .max = -11 };
	m->source[LIMS].offset = 1500000;
	m->source[LIMS].basis = TIMELINE_DECLARED;
	m->source[SYSLOG].zone_assumed = true;
	m->source[LIMS].faults = 3;
	m->gap[0] = (struct timeline_gap){ .source = SYSLOG, .from = t0 + 2400 * S,
		.to = t0 + 4680 * S,		.why = TIMELINE_SILENT };
	m->fault[0] = (struct timeline_fault){ LIMS, "lims.csv", 14, "a two-digit year: 26-11-22",
		"a year of four digits, or \"century\" in the map" };
	m->fault[1] = (struct timeline_fault){ LIMS, "lims.csv", 15, "no such column: 9", "8 columns" };
	m->fault[2] = (struct timeline_fault){ LIMS, "lims.csv", 0, "not UTF-8", "iso-8859-1?" };
}

/* The story, with `more` small ones between. */
static void
make(struct made *m, const struct site *site, struct correlate *why, size_t more)
{
	int64_t t0 = 0;
	size_t n = 0, k = 0;

	stamp_parse(&t0, "2026-11-22T08:00:00Z", 20);
	*m = (struct made){ 0 };
	make_sources(m, t0);
	for (size_t i = 0; i < N; i++) {
		struct timeline_item *it;
		for (; k < more && k * 7200 / more < (size_t)story[i].at; k++) {
			it = &m->items[n++];
			*it = (struct timeline_item){ .n = n, .count = 1, .line = k + 1,
				.us = t0 + (int64_t)(k * 7200 / more) * S, .file = SYSLOG,
				.source = SYSLOG, .kind = TIMELINE_LOG,
				.text = span("kernel: link is up"), .asset = span("SW-LAB-1"),
				.zone = span("office"), .object = span(""), .value = span(""), .peer = span(""),
				.capture = span("") };
			it->shown = it->last = it->us;
			correlate_item(why, it);
		}
		it = &m->items[n++];
		*it = (struct timeline_item){ .n = n, .us = t0 + story[i].at * S,
			.count = story[i].count,
			.line = i + 1, .packet = story[i].source == WIRE ? 1200 + i : 0,
			.file = (uint32_t)story[i].source, .source = (uint16_t)story[i].source,
			.kind = (uint8_t)story[i].kind, .severity = (uint8_t)story[i].severity,
			.text = span(story[i].text), .asset = span(story[i].asset),
			.zone = span(story[i].zone), .object = span(story[i].object),
			.value = span(story[i].value), .peer = span(story[i].peer),
			.capture = span("captures/lab.pcapng") };
		it->shown = it->us - m->source[it->source].offset;
		it->last = it->us + (it->count > 1 ? 50 * S : 0);
		if (i == 7) {
			it->also[0] = SENSOR;
			it->nalso = 1;
		}
		correlate_item(why, it);
	}
	for (size_t i = 0; i < 60; i++)
		m->minutes[i] = (struct timeline_minute){ t0 + (int64_t)i * 120 * S,
			1 + i * i % 97 };
	m->v = (struct timeline_view){ .items = m->items, .nitems = n, .sources = m->sources,
		.nsources = SOURCES, .gaps = m->gap, .ngaps = 1, .faults = m->fault, .nfaults = 3,
		.files = files, .nfiles = SOURCES, .why = why, .site = site,
		.zone = "Europe/Stockholm", .from = INT64_MIN, .to = INT64_MAX };
}

static char *
render(const struct timeline_view *v, const struct rules *r, const char *lang, const char *form,
    int width)
{
	struct paper *p = paper_new(r, lang, "nis2report");
	char *s = NULL;
	size_t n;
	FILE *f = open_memstream(&s, &n);
	bool done = timeline_paper(v, p);

	if (strcmp(form, "html") == 0)
		done = done && paper_html(p, f);
	else if (strcmp(form, "text") == 0)
		done = done && paper_text(p, f, width, false);
	else
		done = done && paper_markdown(p, f);
	fclose(f);
	paper_free(p);
	ok(done, "%s, %s", form, lang);
	return s;
}

static size_t
times(const char *s, const char *what)
{
	size_t n = 0;

	for (; (s = strstr(s, what)); s += strlen(what))
		n++;
	return n;
}

static void
says(const char *s, const char *what)
{
	ok(strstr(s, what) != NULL, "it says: %s", what);
}

/* Characters of the longest line; wide ones do not come here. */
static size_t
longest(const char *s)
{
	size_t most = 0, n = 0;

	for (; *s; s++) {
		n = *s == '\n' ? 0 : n + ((*s & 0xc0) != 0x80);
		most = n > most ? n : most;
	}
	return most;
}

static void
test_text(const struct made *m, const struct rules *r)
{
	char *s = render(&m->v, r, "sv", "text", 80);

	ok(longest(s) <= 80, "no line is longer than 80 (%zu)", longest(s));
	says(s, "17 händelser från 6 källor");
	says(s, "2026-11-22 09:00:31 till 2026-11-22 10:55:00");        /* Stockholm in November: UTC+1 */
	says(s, "Larmet kom 38");
	says(s, "10:12:03");
	says(s, "−12,4 s");
	says(s, "lims.csv");
	free(s);
	s = render(&m->v, r, "en", "text", 100);
	says(s, "The alarm came 38\xc2\xa0s after");
	says(s, "the source's clock showed");
	says(s, "bms.csv:11");
	says(s, "lab.pcapng #1207");
	free(s);
	s = render(&m->v, r, "en", "markdown", 0);
	says(s, "## Connections");
	says(s, "\\<script\\>");
	free(s);
}

static void
test_page(const struct made *m, const struct rules *r, const char *lang)
{
	char *s = render(&m->v, r, lang, "html", 0), *a, *b, id[32], link[40];
	size_t lost = 0;

	ok(times(s, "<script>") == 1 && !strstr(s, "<script>alert"), "%s: no script but ours", lang);
	ok(times(s, " data-zoom ") == 2, "%s: a picture for a wide and one for a narrow screen", lang);
	ok(times(s, "data-n=\"8\"") == 4, "%s: the write in both, and in both from near", lang);
	ok(times(s, "class=\"m ") == 2 * N + 2 * 9,
	    "%s: each item has its mark, and nine of a chain another (%zu)", lang, times(s, "class=\"m "));
	for (size_t i = 1; i <= N; i++) {
		snprintf(id, sizeof(id), "<tr id=\"e%zu\">", i);
		lost += times(s, id) != 1;
	}
	ok(lost == 0, "%s: each item is a row that can be linked to", lang);
	for (a = s, lost = 0; (a = strstr(a, "href=\"#e")); a = b) {
		b = a + 8;
		snprintf(link, sizeof(link), "id=\"e%ld\"", strtol(b, NULL, 10));
		lost += !strstr(s, link);
	}
	ok(lost == 0, "%s: no link leads nowhere", lang);
	ok(times(s, "class=\"hole\"") == 4, "%s: the silence is drawn in both lanes of its source", lang);
	free(s);
}

/* Silence, one item, and too many: nothing breaks. */
static void
test_edges(struct made *m, const struct site *site, const struct rules *r, struct correlate *why)
{
	char *s;

	m->v.nitems = 0;
	m->v.ngaps = 0;
	s = render(&m->v, r, "en", "html", 0);
	ok(strstr(s, "No event.") && !strstr(s, "<svg"), "nothing happened: no picture");
	free(s);
	m->v.nitems = 1;
	m->v.site = NULL;
	m->v.zone = NULL;
	s = render(&m->v, r, "en", "html", 0);
	ok(times(s, "class=\"m ") == 2 && !strstr(s, "nan") && !strstr(s, "inf\""), "one item");
	says(s, "08:00:31");
	free(s);
	make(m, site, why, 1200);
	m->v.left_out = 12345;
	m->v.minutes = m->minutes;
	m->v.nminutes = 60;
	s = render(&m->v, r, "sv", "html", 0);
	ok(times(s, "class=\"rest\"") == 120, "what is not drawn is counted");
	says(s, "12\xc2\xa0" "345 till räknas per minut");
	free(s);
}

int
main(int argc, char **argv)
{
	struct err e = { "" };
	struct rules *r = rules_load(NULL, &e);
	struct site *site = site_loadb("site.json", site_text, sizeof(site_text) - 1, &e);
	struct correlate *why = correlate_new(NULL, site, &e);
	struct made *m = calloc(1, sizeof(*m));
	int status = 0;

	if (!r || !site || !why || !m || !correlate_depends(why, "HPLC-4", "AHU-2", &e)) {
		printf("Bail out! %s\n", e.text);
		return 1;
	}
	if (argc > 1) {
		struct paper *p = paper_new(r, strcmp(argv[1], "sv") == 0 ? "sv" : "en", "nis2report");
		const char *form = argc > 2 ? argv[2] : "html";
		make(m, site, why, argc > 3 ? strtoul(argv[3], NULL, 10) % 1200 : 0);
		status = timeline_paper(&m->v, p) && (strcmp(form, "text") == 0 ?
		    paper_text(p, stdout, 80, false) : strcmp(form, "markdown") == 0 ?
		    paper_markdown(p, stdout) : paper_html(p, stdout)) && fflush(stdout) == 0 ?
		    0 : 1;
		paper_free(p);
	} else {
		make(m, site, why, 0);
		test_text(m, r);
		test_page(m, r, "en");
		test_page(m, r, "sv");
		test_edges(m, site, r, why);
		status = tap_done();
	}
	free(m);
	correlate_free(why);
	site_free(site);
	rules_free(r);
	return status;
}
