/* A paper's three forms: what is escaped, what wraps, how numbers and sizes are written. */
#include "tap.h"

#include "report/paper.h"

#include <stdlib.h>
#include <string.h>

static char *
form(struct paper *p, char which, int width)
{
	char *s = NULL;
	size_t n;
	FILE *f = open_memstream(&s, &n);
	bool good = which == 'h' ? paper_html(p, f) : which == 'm' ? paper_markdown(p, f) :
	    paper_text(p, f, width, false);

	fclose(f);
	ok(good, "form %c is written", which);
	return s;
}

static void
sizes(const struct rules *r, const char *lang, const int64_t *n, const char *const *want)
{
	static const struct paper_column col[] = { { "x", PAPER_NUMBER, 0, 0 } };
	struct paper *p = paper_new(r, lang, "test");
	char *s;

	paper_title(p, "k", "t");
	paper_table(p, "sizes", col, 1, NULL);
	for (size_t i = 0; want[i]; i++)
		paper_bytes(p, n[i]);
	s = form(p, 't', 100);
	for (size_t i = 0; want[i]; i++)
		ok(strstr(s, want[i]) != NULL, "%lld bytes are %s", (long long)n[i], want[i]);
	free(s);
	paper_free(p);
}

/* At the width of a terminal no word is broken while there is room, and no column is lost for it;
 * a name that is longer than any word is. */
static void
words(const struct rules *r)
{
	static const struct paper_column col[] = { { "Step", PAPER_TEXT, 8, 0 },
		{ "Who", PAPER_TEXT, 8, 0 }, { "Host", PAPER_TEXT, 8, 0 },
		{ "Provision", PAPER_TEXT, 8, 1 } };
	struct paper *p = paper_new(r, "sv", "test");
	char *s;

	paper_title(p, "k", "t");
	paper_table(p, "w", col, 4, NULL);
	paper_cell(p, "Tillsynsmyndighet enligt det som gäller från och med idag");
	paper_cell(p, "leverantörsansvarig tills vidare, och hela tiden");
	paper_cell(p, "a.very.long.name.of.a.host.that.nobody.reads.example");
	paper_cell(p, "CSF 5 och 23\xc2\xa0§§");
	s = form(p, 't', 80);
	ok(strstr(s, "Tillsynsmyndighet ") && strstr(s, "leverantörsansvarig ") &&
	    strstr(s, "23\xc2\xa0§§") && strstr(s, "Provision"), "words stay whole: %s", s);
	ok(!strstr(s, "a.very.long.name.of.a.host.that.nobody.reads.example"),
	    "the name of a host gives way");
	free(s);
	s = form(p, 't', 46);
	ok(strstr(s, "Step") && strstr(s, "Host"), "where there is no room, words give way");
	free(s);
	paper_free(p);
}

int
main(void)
{
	static const struct paper_column cols[] = {
		{ "Name", PAPER_TEXT, 10, 0 }, { "State", PAPER_STATUS, 0, 0 },
		{ "Why", PAPER_TEXT, 20, 0 }, { "Number", PAPER_NUMBER, 0, 1 },
	};
	static const int64_t en[] = { 0, 999, 1000, 1049, 1050, 999949, 999950, 1500000,
		40000000000 };
	static const char *const en_want[] = { "0\xc2\xa0" "B", "999\xc2\xa0" "B", "1.0\xc2\xa0kB",
		"1.0\xc2\xa0kB", "1.1\xc2\xa0kB", "999.9\xc2\xa0kB", "1.0\xc2\xa0MB", "1.5\xc2\xa0MB",
		"40.0\xc2\xa0GB", NULL };
	static const int64_t sv[] = { 1500000 };
	static const char *const sv_want[] = { "1,5\xc2\xa0MB", NULL };
	struct err e = { "" };
	struct rules *r = rules_load(NULL, &e);
	struct paper *p = paper_new(r, "sv", "test");
	char *s;

	paper_title(p, "Report", "Lab <3> \"x\"");
	paper_byline(p, "one");
	paper_byline(p, "two");
	paper_number(p, "42\xc2\xa0%", "of it", NULL);
	paper_share(p, "gap", 3, "3 gaps");
	paper_section(p, "first", "First");
	paper_para(p, "a *star* | <b>bar</b> and \x1b[31mred");
	paper_item(p, "# one");
	paper_fact(p, "Term", "its text");
	paper_table(p, "t", cols, 4, "none");
	paper_anchor(p, "row-1");
	paper_cell(p, "HPLC|4");
	paper_sub(p, "second line");
	paper_status(p, "gap", "Gap");
	paper_cell(p, "a reason that is long enough to be broken over several lines of its cell");
	paper_link(p, "row-1");
	paper_count(p, 31042);
	paper_table(p, "u", cols, 4, "nothing here");
	s = form(p, 't', 60);
	ok(strstr(s, "Report \xc2\xb7 Lab <3>") != NULL, "a title");
	ok(strstr(s, "one \xc2\xb7 two") != NULL, "a byline of two parts");
	ok(strstr(s, "\x1b") == NULL, "nothing steers the terminal");
	ok(strstr(s, "31\xc2\xa0" "042") != NULL, "a number in Swedish");
	ok(strstr(s, "second line") != NULL && strstr(s, "nothing here") != NULL,
	    "a second line, an empty table");
	for (const char *l = s; *l; l += strcspn(l, "\n") + 1)
		if (strcspn(l, "\n") > 66)      /* bytes: some of it is UTF-8 */
			ok(false, "a line of 60 columns: %.*s", (int)strcspn(l, "\n"), l);
	free(s);
	s = form(p, 'm', 0);
	ok(strstr(s, "# Lab \\<3\\>") != NULL, "Markdown: a title, escaped");
	ok(strstr(s, "a \\*star\\* \\| \\<b\\>bar") != NULL, "Markdown: text stays text");
	ok(strstr(s, "| HPLC\\|4<br>second line | **Gap** |") != NULL, "Markdown: cells");
	ok(strstr(s, "- \\# one") != NULL, "Markdown: an item is no heading");
	free(s);
	s = form(p, 'h', 0);
	ok(strstr(s, "Lab &lt;3&gt; &quot;x&quot;") != NULL, "HTML: escaped");
	ok(strstr(s, "<tr id=\"row-1\"><th scope=\"row\">HPLC|4<span class=\"sub\">second line") !=
	    NULL, "HTML: a row with its anchor");
	ok(strstr(s, "<a href=\"#row-1\">a reason") != NULL, "HTML: a cell that leads there");
	ok(strstr(s, "data-s=\"31042\"") != NULL, "HTML: what it is sorted by");
	ok(strstr(s, "\x1b") == NULL, "HTML: no control characters");
	free(s);
	paper_free(p);
	words(r);
	sizes(r, "en", en, en_want);
	sizes(r, "sv", sv, sv_want);
	rules_free(r);
	return tap_done();
}
