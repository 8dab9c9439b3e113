/* Makers under their many names, product names as words, order codes. */
#include "inv/maker.h"
#include "tap.h"

#include <string.h>

static const struct { const char *name, *makers; } names[] = {
	{ "Siemens", "siemens" },
	{ " Siemens AG ", "siemens" },
	{ "SIEMENS AG", "siemens" },
	{ "Siemens AG, A&D PI Flow Instruments", "siemens, a&d pi flow instruments" },
	{ "Siemens Energy & Automation, Inc.", "siemens" },
	{ "Siemens Healthineers", "siemens healthineers" },
	{ "Siemens Healthineers AG", "siemens healthineers" },
	{ "Schneider Electric", "schneider electric" },
	{ "Schneider Electric ", "schneider electric" },
	{ " Schneider Electric", "schneider electric" },
	{ "Schneider Electric Software, LLC", "schneider electric" },
	{ "SCHNEIDER ELECTRIC S.A.", "schneider electric" },
	{ "Telemecanique", "schneider electric" },
	{ "ABB, Phoenix Contact, Schneider Electric, Siemens, and WAGO",
	    "abb, phoenix contact, schneider electric, siemens, wago" },
	{ "ABB and Siemens", "abb, siemens" },
	{ "PHOENIX CONTACT Electronics GmbH", "phoenix contact" },
	{ "WAGO Kontakttechnik GmbH & Co. KG", "wago" },
	{ "Rockwell Automation/Allen-Bradley", "rockwell automation" },
	{ "Allen-Bradley", "rockwell automation" },
	{ "Rockwell Collins", "rockwell collins" },
	{ "Becton, Dickinson and Company", "becton dickinson" },
	{ "Becton, Dickinson and Company (BD)", "becton dickinson" },
	{ "Johnson Controls", "johnson controls" },
	{ "Johnson Controls, Inc.", "johnson controls" },
	{ "Johnson Controls Inc", "johnson controls" },
	{ "Johnson Controls International plc", "johnson controls" },
	{ "Sensormatic Electronics, LLC, a subsidiary of Johnson Controls Inc.",
	    "johnson controls, a subsidiary of johnson controls" },
	{ "Exacq Technologies, a subsidiary of Johnson Controls", "johnson controls" },
	{ "Dräger", "draeger" },
	{ "DRÄGERWERK AG & Co. KGaA", "draeger" },
	{ "B&R Industrial Automation GmbH ", "b&r" },
	{ "Endress+Hauser", "endress hauser" },
	{ "Endress & Hauser GmbH & Co", "endress hauser" },
	{ "Delta Electronics, Inc.", "delta electronics" },
	{ "Delta Controls", "delta controls" },
	{ "Delta Networks, Inc.", "delta networks" },
	{ "GE", "ge" },
	{ "GE Healthcare", "ge healthcare" },
	{ "Gefran S.p.A.", "gefran" },
	{ "Cisco Systems, Inc", "cisco" },
	{ "Axis Communications AB", "axis" },
	{ "Axisoft", "axisoft" },
	{ "Fr. Sauter AG", "sauter" },
	{ "Nobody & Sons Ltd.", "nobody & sons" },
	{ "", "" },
	{ " , ; / ", "" },
	{ "Inc.", "" },
};

static const struct { const char *pattern, *code; bool fits; } codes[] = {
	{ "6ES7214-1AG40-0XB0", "6es7 214-1ag40-0xb0", true },
	{ "6ES7 214-1AG40-0XB0", "6ES72141AG400XB0", true },
	{ "6ES7214-1AG40-0XB0", "6ES7214-1AG31-0XB0", false },
	{ "6ES7214-1xG40-0XB0", "6ES7214-1AG40-0XB0", true },
	{ "6ES721x-1xxxx-xxxx", "6ES7 214-1AG40-0XB0", true },
	{ "6ES721x-1xxxx-xxxx", "6ES7 314-1AG40-0XB0", false },
	{ "BMXP34*", "BMX P34 2020", true },
	{ "BMXP34*", "BMEP584040", false },
	{ "*EN2T*", "1756-EN2TR", true },
	{ "1756-EN2T", "1756-EN2TR", false },
	{ "750-810x/xxx-xxx", "750-8101/000-001", true },
};

static bool
same_words(struct makers *m, const char *a, const char *b)
{
	uint32_t x[MAKER_WORDS], y[MAKER_WORDS];
	unsigned n = words_of(m, a, strlen(a), false, x), k = words_of(m, b, strlen(b), true, y);

	for (unsigned i = 0; i < n; i++) {
		unsigned j = 0;
		while (j < k && y[j] != x[i])
			j++;
		if (j == k)
			return false;
	}
	return n > 0;
}

int
main(void)
{
	struct err e = { "" };
	struct makers *m = makers_load(&e);
	uint32_t id[MAKER_NAMES], w[MAKER_WORDS];
	char t[1024], a[CODE_TEXT], b[CODE_TEXT], longest[4000];
	const char *words;
	size_t at = 0, i;
	unsigned n, k;

	if (!ok(m != NULL, "the list is whole: %s", m ? "yes" : e.text))
		return tap_done();
	ok(makers_groups(m) > 80, "%zu makers", makers_groups(m));
	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		n = makers_of(m, names[i].name, id);
		for (k = 0, *t = 0; k < n; k++)
			snprintf(t + strlen(t), sizeof(t) - strlen(t), "%s%s", k ? ", " : "",
			    pool_get(makers_pool(m), id[k]));
		ok(strcmp(t, names[i].makers) == 0, "\"%s\": %s", names[i].name, t);
	}
	for (i = 0; i < sizeof(codes) / sizeof(*codes); i++)
		ok(code_fold(a, codes[i].pattern, strlen(codes[i].pattern)) &&
		    code_fold(b, codes[i].code, strlen(codes[i].code)) &&
		    code_fits(a, b) == codes[i].fits, "%s and %s: %s", codes[i].pattern,
		    codes[i].code, codes[i].fits ? "fit" : "do not fit");
	ok(!code_fold(a, "CPU", 3) && !code_fold(a, "S7", 2) && !code_fold(a, "", 0), "words are no codes");
	memset(longest, '*', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = 0;
	ok(!code_fold(a, longest, sizeof(longest) - 1), "nor is what has no end");
	longest[40] = 0;
	memset(a, 'A', 60);
	a[60] = 0;
	ok(code_fits(longest, a), "stars in a row end");
	ok(same_words(m, "S7-1200", "SIMATIC S7 1200 CPU"), "\"S7 1200\" is \"S7-1200\"");
	ok(same_words(m, "SCALANCE X-200", "Siemens AG SIMATIC S7 MULTIPORT SCALANCE X 200 FAM"),
	    "\"X 200\" is \"X-200\"");
	ok(!same_words(m, "S7-1200", "S7-1500"), "\"S7-1500\" is not");
	ok(words_of(m, "family", 6, false, w) == 1 && word_kind(m, w[0]) == WORD_NOISE, "family: noise");
	ok(words_of(m, "SIMATIC", 7, false, w) == 1 && word_kind(m, w[0]) == WORD_BRAND, "SIMATIC: brand");
	ok(words_of(m, "M340", 4, false, w) == 1 && word_kind(m, w[0]) == WORD_NUMBER, "M340: number");
	memset(longest, 'a', sizeof(longest) - 1);
	n = words_of(m, longest, sizeof(longest) - 1, true, w);
	ok(n <= MAKER_WORDS, "a word without end is %u", n);
	n = makers_of(m, longest, id);
	ok(n == 1, "a name without end is one");
	makers_of(m, "Siemens", id);
	words = makers_family(m, id[0], "6ES72141AG400XB0", &at);
	ok(words && strstr(words, "S7-1200"), "6ES7 214-1...: S7-1200");
	ok(!makers_family(m, id[0], "6ES72141AG400XB0", &at), "and nothing else");
	at = 0;
	makers_of(m, "ABB", id);
	ok(!makers_family(m, id[0], "6ES72141AG400XB0", &at), "of ABB it says nothing");
	ok(makers_begins(m, "Siemens AG SIMATIC S7") != 0, "a product's text begins with its maker");
	ok(makers_begins(m, "Sie") == 0 && makers_begins(m, "") == 0, "or not");
	makers_free(m);
	return tap_done();
}
