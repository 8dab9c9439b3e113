/* A report's page: its landmarks, headings, tables and what assistive programs read. With a
 * language as argument it writes a report with all that a report can have, for the browser
 * test (test/pipe/pages-browser.t). */
#include "tap.h"

#include "report/paper.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define DAY  86400000000
#define FROM 1795305600000000           /* 2026-11-22 */

static const char *const state[] = { "gap", "partly", "unknown", "met", "not_applicable" };
static const char *const said[2][5] = {
	{ "Gap", "Partly", "Unknown", "Met", "Not applicable" },
	{ "Brist", "Delvis", "Okänt", "Uppfyllt", "Ej tillämpligt" },
};

static void
systems(struct paper *p, bool sv)
{
	const struct paper_column cols[] = {
		{ "System", PAPER_TEXT, 10, 0 }, { sv ? "Läge" : "State", PAPER_STATUS, 0, 0 },
		{ sv ? "Varför" : "Why", PAPER_TEXT, 20, 0 },
		{ sv ? "Stöd till" : "Supported until", PAPER_DATE, 0, 2 },
		{ sv ? "Trafik" : "Traffic", PAPER_NUMBER, 0, 1 },
	};
	char name[32];

	paper_table(p, "systems", cols, 5, "none");
	for (int i = 0; i < 14; i++) {
		snprintf(name, sizeof(name), "%s-%d", i % 3 ? "HPLC" : "GC", i + 1);
		if (i == 0)
			paper_anchor(p, "first-one");
		paper_cell(p, name);
		if (i % 4 == 0)
			paper_sub(p, "Separationsverket AB, CX-9 Autosampler");
		paper_status(p, state[i % 5], said[sv][i % 5]);
		paper_cell(p, sv ? "Leverantören har inte svarat på frågan om rapportering av sårbarheter, "
		    "och versionen som används fick sin sista rättning 2024-03-01" :
		    "The supplier has not answered the question about reporting vulnerabilities, "
		    "and the version in use had its last correction on 2024-03-01");
		if (i == 3)
			paper_link(p, "first-one");
		paper_date(p, i == 5 ? INT64_MIN : FROM + (int64_t)(i * 7919 % 900) * DAY);
		paper_bytes(p, (int64_t)(i * 48271 % 1000) * 12345);
	}
}

static struct paper *
sample(const struct rules *r, const char *lang)
{
	struct paper *p = paper_new(r, lang, "nis2report");
	bool sv = strcmp(lang, "sv") == 0;
	const struct paper_column few[] = {
		{ sv ? "Vad" : "What", PAPER_TEXT, 10, 0 }, { sv ? "När" : "When", PAPER_DATE, 0, 0 },
	};
	static const size_t n[] = { 3, 4, 2, 5, 1 };
	char text[64];

	paper_title(p, sv ? "Provrapport" : "Sample report", "Analyslaboratoriet i Vast AB");
	paper_byline(p, sv ? "Bedömt 2026-11-22" : "Judged 2026-11-22");
	paper_byline(p, sv ? "Regler nis2-se 2026.1" : "Rules nis2-se 2026.1");
	paper_number(p, "9", sv ? "instrument får inget stöd efter 2027-12-11" :
	    "instruments have no support after 2027-12-11", sv ? "av 15 i registret" :
	    "of 15 in the register");
	for (size_t i = 0; i < 5; i++) {
		snprintf(text, sizeof(text), "%zu %s", n[i], said[sv][i]);
		paper_share(p, state[i], n[i], text);
	}
	paper_section(p, "systems-title", sv ? "Instrument" : "Instruments");
	paper_para(p, sv ? "Raderna står i den ordning som de brådskar." :
	    "The rows stand in the order of their urgency.");
	systems(p, sv);
	paper_note(p, sv ? "Det som inte syns i trafiken har inte bedömts." :
	    "What traffic does not show was not judged.");
	paper_section(p, "facts", sv ? "Underlag" : "Basis");
	paper_fact(p, sv ? "Inventarium" : "Inventory", "9a40c1");
	paper_fact(p, sv ? "Regler" : "Rules", "nis2-se 2026.1");
	paper_heading(p, "later", sv ? "Senare" : "Later");
	paper_item(p, sv ? "Fråga leverantören" : "Ask the supplier");
	paper_item(p, sv ? "Byt ut autosamplern" : "Replace the autosampler");
	paper_table(p, "later-table", few, 2, NULL);
	paper_cell(p, sv ? "Övning" : "Exercise");
	paper_date(p, FROM + 9 * DAY);
	paper_cell(p, sv ? "Genomgång" : "Review");
	paper_date(p, FROM + 3 * DAY);
	return p;
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
check(const struct rules *r, const char *lang)
{
	struct paper *p = sample(r, lang);
	char *s = NULL, want[64];
	size_t n;
	FILE *f = open_memstream(&s, &n);

	ok(paper_html(p, f) && fclose(f) == 0, "%s: a page", lang);
	snprintf(want, sizeof(want), "<html lang=\"%s\">", lang);
	ok(strstr(s, want) != NULL, "%s: it says its language", lang);
	ok(times(s, "<main id=\"main\"") == 1 && times(s, "</main>") == 1, "%s: one main", lang);
	ok(strstr(s, "<a class=\"skip\" href=\"#main\">") != NULL, "%s: a way past the head", lang);
	ok(times(s, "<h1>") == 1, "%s: one title", lang);
	ok(times(s, "<th scope=\"col\"") == 7 && times(s, "<th scope=\"row\"") == 16,
	    "%s: heads of columns and rows", lang);
	ok(times(s, "aria-live=\"polite\"") == 1, "%s: the filter's count is read out", lang);
	free(s);
	paper_free(p);
}

int
main(int argc, char **argv)
{
	struct err e = { "" };
	struct rules *r = rules_load(NULL, &e);
	int status = 0;

	if (argc > 1) {
		struct paper *p = sample(r, strcmp(argv[1], "sv") == 0 ? "sv" : "en");
		status = paper_html(p, stdout) && fflush(stdout) == 0 ? 0 : 1;
		paper_free(p);
	} else {
		check(r, "en");
		check(r, "sv");
		status = tap_done();
	}
	rules_free(r);
	return status;
}
