/* Certificates' values: lists of one for all, units in words, numbers with their digits,
 * sums, cells of tables, days as people write them. */
#include "base/limits.h"
#include "ledger/daytext.h"
#include "ledger/dsi.h"
#include "ledger/figure.h"

#include "tap.h"

#include <stdlib.h>
#include <string.h>

static void
test_lists(void)
{
	static const struct { const char *text; size_t n; const char *at2, *comment; } lists[] = {
		{ "1 2 3", 3, "3", "three words" },
		{ "  7\t\n", 1, "7", "one stands for all" },
		{ "1 2", 2, NULL, "past the end there is none" },
		{ "", 0, NULL, "none" },
		{ " \n ", 0, NULL, "blanks alone" },
		{ "a\r\nb\tc d", 4, "c", "any blanks between" },
	};
	struct err e = { "" };
	struct dsi_words w;
	char *many;

	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		const char *at = NULL;
		bool good = dsi_split(&w, strdup(lists[i].text), &e);
		at = dsi_at(&w, 2);
		good = good && w.n == lists[i].n && !at == !lists[i].at2;
		ok(good && (!at || strcmp(at, lists[i].at2) == 0), "%s", lists[i].comment);
		dsi_free(&w);
	}
	ok(dsi_split(&w, NULL, &e) && w.n == 0 && !dsi_at(&w, 0), "no list at all");
	dsi_split(&w, strdup("1 2 3"), &e);
	ok(dsi_fits(&w, 3) && !dsi_fits(&w, 2) && !dsi_fits(&w, 4), "three go with three");
	dsi_free(&w);
	dsi_split(&w, strdup("1"), &e);
	ok(dsi_fits(&w, 3) && dsi_fits(&w, 1), "one goes with any");
	dsi_free(&w);
	many = malloc(2 * LIM_DCC_VALUES + 3);
	for (size_t i = 0; many && i < LIM_DCC_VALUES + 1; i++)
		memcpy(many + 2 * i, "1 ", 3);
	ok(many && !dsi_split(&w, many, &e) && strstr(e.text, "read at most"), "too many: %s", e.text);
	dsi_free(&w);
}

static void
test_units(void)
{
	static const char *const units[][2] = {
		{ "\\degreecelsius", "°C" }, { "\\kelvin", "K" }, { "\\one", "1" }, { "\\percent", "%" },
		{ "\\metre\\second\\tothe{-1}", "m·s⁻¹" }, { "\\metre\\per\\second", "m/s" },
		{ "\\milli\\volt", "mV" }, { "\\micro\\metre\\tothe{2}", "µm²" }, { "\\ohm", "Ω" },
		{ "\\kilogram", "kg" }, { "\\kilo\\gram", "kg" },
		{ "\\kilogram\\metre\\tothe{2}\\second\\tothe{-3}", "kg·m²·s⁻³" },
		{ "\\metre\\tothe{12}", "m¹²" },
		/* what is not known stays as it is */
		{ "\\furlong", "\\furlong" }, { "\\milli", "\\milli" }, { "\\milli\\milli\\volt",
		"\\milli\\milli\\volt" }, { "mg", "mg" }, { "", "" }, { "\\", "\\" }, { "\\per\\second",
		"\\per\\second" }, { "\\metre\\tothe{0.5}", "\\metre\\tothe{0.5}" }, { "\\metre\\tothe{",
		"\\metre\\tothe{" }, { "\\metre\\tothe{}", "\\metre\\tothe{}" }, { "\\metre second",
		"\\metre second" }, { "\\joule\\per\\mole\\kelvin", "\\joule\\per\\mole\\kelvin" },
	};
	struct err e = { "" };
	struct dsi_units u = { NULL };
	char t[64], small[6];

	ok(dsi_units_load(&u, &e), "the words are built in %s", e.text);
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		ok(strcmp(dsi_shown(&u, units[i][0], t, sizeof(t)), units[i][1]) == 0, "%s is %s (%s)",
		    units[i][0], units[i][1], t);
	ok(strlen(dsi_shown(&u, "\\metre\\second\\tothe{-1}", small, sizeof(small))) < sizeof(small),
	    "no more than there is room for");
	ok(dsi_same_step("\\kelvin", "\\degreecelsius") && dsi_same_step("\\degreecelsius", "\\kelvin") &&
	    dsi_same_step("x", "x") && !dsi_same_step("\\kelvin", "\\metre"), "steps of one size");
	dsi_units_free(&u);
}

static void
test_figures(void)
{
	static const char *const good[][2] = {
		{ "0.30", "0.30" }, { "+.5", "0.5" }, { "-.5", "-0.5" }, { "007", "7" }, { "0", "0" },
		{ "-0.0", "-0.0" }, { "1.", "1" }, { "1.20e3", "1.20e3" }, { "1E-5", "1E-5" },
		{ "00.5", "0.5" },
	};
	static const char *const bad[] = { "", "+", ".", "-", "1,5", "1e", "1e+", "NaN", "inf", "1e999",
		"0x1", "1 2", "1.2.3", "--1", "12345678901234567890123456789012345678901234567890" };
	static const char *const sums[][3] = {
		{ "306.248", "-0.23", "306.018" }, { "100.0000", "0.0010", "100.0010" },
		{ "0.1", "0.2", "0.3" }, { "-1", "1", "0" }, { "1.50", "-1.5", "0.00" },
		{ "1e3", "0.5", "1000.5" }, { "95e-2", "0", "0.95" }, { "-0.1", "0.05", "-0.05" },
		{ "99.9", "0.1", "100.0" }, { "5", "12", "17" },
	};
	static const struct {
		const char *s; enum figure_mark m; enum figure_cell got; const char *v;
	} cells[] = {
		{ "0,5", FIGURE_EITHER, FIGURE_OK, "0.5" },
		{ "0.5", FIGURE_EITHER, FIGURE_OK, "0.5" },
		{ "0,125", FIGURE_EITHER, FIGURE_OK, "0.125" },
		{ "1,234", FIGURE_EITHER, FIGURE_AMBIGUOUS, NULL },
		{ "12,345", FIGURE_EITHER, FIGURE_AMBIGUOUS, NULL },
		{ "1,2345", FIGURE_EITHER, FIGURE_OK, "1.2345" },
		{ "1.234,5", FIGURE_EITHER, FIGURE_OK, "1234.5" },
		{ "1,234.5", FIGURE_EITHER, FIGURE_OK, "1234.5" },
		{ "1,234,567", FIGURE_EITHER, FIGURE_OK, "1234567" },
		{ "1,234", FIGURE_COMMA, FIGURE_OK, "1.234" },
		{ "1,234", FIGURE_POINT, FIGURE_OK, "1234" },
		{ "1 234,50", FIGURE_COMMA, FIGURE_OK, "1234.50" },
		{ "1\xc2\xa0" "234\xe2\x80\xaf" "567", FIGURE_EITHER, FIGURE_OK, "1234567" },
		{ "\xe2\x88\x92" "0,5", FIGURE_COMMA, FIGURE_OK, "-0.5" },
		{ "1 23", FIGURE_COMMA, FIGURE_NONE, NULL },
		{ "1234 567", FIGURE_COMMA, FIGURE_NONE, NULL },
		{ "12,34,5", FIGURE_POINT, FIGURE_NONE, NULL },
		{ "0,5 mg", FIGURE_COMMA, FIGURE_NONE, NULL },
		{ "<0,5", FIGURE_EITHER, FIGURE_NONE, NULL },
		{ "", FIGURE_EITHER, FIGURE_NONE, NULL },
	};
	char t[FIGURE_TEXT];

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		ok(figure_json(t, good[i][0], strlen(good[i][0])) && strcmp(t, good[i][1]) == 0, "%s: %s",
		    good[i][0], t);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		ok(!figure_json(t, bad[i], strlen(bad[i])), "\"%s\" is none", bad[i]);
	for (size_t i = 0; i < sizeof(sums) / sizeof(*sums); i++)
		ok(figure_add(t, sums[i][0], sums[i][1]) && strcmp(t, sums[i][2]) == 0, "%s + %s = %s",
		    sums[i][0], sums[i][1], t);
	ok(!figure_add(t, "1e300", "1"), "no sum out of all proportion");
	ok(!figure_add(t, "12345678901234567890123456789012345678", "1"), "no sum of too many digits");
	for (size_t i = 0; i < sizeof(cells) / sizeof(*cells); i++) {
		enum figure_cell got = figure_cell(t, cells[i].s, cells[i].m);
		ok(got == cells[i].got && (!cells[i].v || strcmp(t, cells[i].v) == 0), "cell \"%s\": %s",
		    cells[i].s, cells[i].v ? cells[i].v : got == FIGURE_NONE ? "none" : "two numbers");
	}
}

static void
test_days(void)
{
	static const struct { const char *s; enum daytext got; int y, m, d; } days[] = {
		{ "2026-11-03", DAYTEXT_OK, 2026, 11, 3 },
		{ "2026/11/3", DAYTEXT_OK, 2026, 11, 3 },
		{ "20261103", DAYTEXT_OK, 2026, 11, 3 },
		{ "3.11.2026", DAYTEXT_OK, 2026, 11, 3 },
		{ "03. 11.2026", DAYTEXT_OK, 2026, 11, 3 },
		{ "3 nov 2026", DAYTEXT_OK, 2026, 11, 3 },
		{ "03-Okt-2026", DAYTEXT_OK, 2026, 10, 3 },
		{ "3. MAJ 2026", DAYTEXT_OK, 2026, 5, 3 },
		{ "25/11/2026", DAYTEXT_OK, 2026, 11, 25 },
		{ "11/25/2026", DAYTEXT_OK, 2026, 11, 25 },
		{ "5/5/2026", DAYTEXT_OK, 2026, 5, 5 },
		{ "2026-11-03 08:00", DAYTEXT_OK, 2026, 11, 3 },
		{ "2026-11-03T08:00:30,5+01:00", DAYTEXT_OK, 2026, 11, 3 },
		{ "29.2.2028", DAYTEXT_OK, 2028, 2, 29 },
		{ "3/11/2026", DAYTEXT_AMBIGUOUS, 0, 0, 0 },
		{ "03-11-2026", DAYTEXT_AMBIGUOUS, 0, 0, 0 },
		{ "3.11.26", DAYTEXT_SHORT, 0, 0, 0 },
		{ "3 nov 26", DAYTEXT_SHORT, 0, 0, 0 },
		{ "46329", DAYTEXT_SERIAL, 0, 0, 0 },
		{ "46329.5", DAYTEXT_SERIAL, 0, 0, 0 },
		{ "29.2.2026", DAYTEXT_NONE, 0, 0, 0 },
		{ "2026-13-01", DAYTEXT_NONE, 0, 0, 0 },
		{ "31.4.2026", DAYTEXT_NONE, 0, 0, 0 },
		{ "11.13.2026", DAYTEXT_NONE, 0, 0, 0 },
		{ "2026-11-03 25:00", DAYTEXT_NONE, 0, 0, 0 },
		{ "2026-11-03x", DAYTEXT_NONE, 0, 0, 0 },
		{ "2026-11", DAYTEXT_NONE, 0, 0, 0 },
		{ "3 foo 2026", DAYTEXT_NONE, 0, 0, 0 },
		{ "", DAYTEXT_NONE, 0, 0, 0 },
		{ "november", DAYTEXT_NONE, 0, 0, 0 },
	};
	json_t *months = json_pack("[[s][s][s][s][sss][s][s][s][s][ss][s][s]]", "jan", "feb", "mar", "apr",
	    "may", "maj", "xx", "jun", "jul", "aug", "sep", "oct", "okt", "nov", "dec");
	struct daytime d;
	int m;

	for (size_t i = 0; i < sizeof(days) / sizeof(*days); i++) {
		enum daytext got = daytext_read(&d, days[i].s, months);
		ok(got == days[i].got && (got != DAYTEXT_OK || (d.year == days[i].y &&
		    d.month == days[i].m && d.day == days[i].d)), "\"%s\"%s%s", days[i].s,
		    got == DAYTEXT_OK ? "" : ": ", daytext_why(got));
	}
	daytext_read(&d, "2026-11-03T08:00:30+01:00", months);
	ok(d.timed && d.zoned && d.offset == 60 && d.us == 28830000000, "a time and its zone");
	ok(daytext_offset(&m, "-0530") && m == -330 && daytext_offset(&m, "Z") && m == 0 &&
	    !daytext_offset(&m, "+1") && !daytext_offset(&m, "CET") && !daytext_offset(&m, "+01:99"),
	    "how far from UTC");
	json_decref(months);
}

int
main(void)
{
	test_lists();
	test_units();
	test_figures();
	test_days();
	return tap_done();
}
