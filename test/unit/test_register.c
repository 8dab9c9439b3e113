/* Registers: CSV as it comes, header words, values, entries joined by id. */
#include "base/embed.h"
#include "json/doc.h"
#include "model/csv.h"
#include "model/register.h"
#include "model/register_impl.h"

#include "tap.h"

#include <stdlib.h>
#include <string.h>

static char *
decoded(const char *p, size_t n, enum csv_coding *how)
{
	struct err e = { "" };
	uint64_t line;
	size_t len;

	return csv_decode("t", p, n, &len, how, &line, &e);
}

static void
decode(const char *p, size_t n, const char *want, enum csv_coding as, const char *what)
{
	enum csv_coding how = CSV_UTF8;
	char *t = decoded(p, n, &how);

	ok(t && strcmp(t, want) == 0 && how == as, "%s", what);
	free(t);
}

static void
test_decode(void)
{
	static const char utf16[] = "\xff\xfe\xe5\0;\0\x3d\xd8\x00\xde";
	static const char big[] = "\xfe\xff\0\xe5\0;";
	enum csv_coding how;
	char *t;

	decode("\xef\xbb\xbfV\xc3\xa5g", 7, "Våg", CSV_UTF8, "a byte order mark goes");
	decode("V\xe5g \x96 5 \x80", 9, "Våg – 5 €", CSV_1252, "Windows-1252");
	decode("V\xc3\xa5g \xc3\xa4\xc3\xb6 \xe5", 11, "Våg äö å", CSV_MIXED, "a stranger in UTF-8");
	decode(utf16, sizeof(utf16) - 1, "å;😀", CSV_UTF16, "UTF-16, the little end first");
	decode(big, sizeof(big) - 1, "å;", CSV_UTF16, "UTF-16, the big end first");
	ok(!decoded("PK\3\4xxxx", 8, &how), "a spreadsheet's own file is refused");
	ok(!decoded("a\0b", 3, &how), "and what has zero bytes");
	t = decoded("", 0, &how);
	ok(t && !*t, "nothing is nothing");
	free(t);
}

/* The rows as "cell|cell/cell|cell", or what is wrong. */
static const char *
rows(const char *text)
{
	static char all[4096];
	char *copy = strdup(text);
	struct err e = { "" };
	enum csv_next got;
	struct csv c;

	all[0] = 0;
	csv_begin(&c, "t", copy, strlen(copy));
	while ((got = csv_row(&c, &e)) == CSV_ROW) {
		if (*all)
			snprintf(all + strlen(all), sizeof(all) - strlen(all), "/");
		for (size_t i = 0; i < c.ncells; i++)
			snprintf(all + strlen(all), sizeof(all) - strlen(all), "%s%s", i ? "|" : "",
			    c.cell[i]);
	}
	if (got == CSV_BAD)
		snprintf(all, sizeof(all), "%s", e.text);
	csv_end(&c);
	return all;
}

static void
test_rows(void)
{
	static const struct { const char *text, *want; } t[] = {
		{ "a,b\n1,2\n", "a|b/1|2" },
		{ "a,b\r\n1,2", "a|b/1|2" },
		{ "a;b,c\n1;2,5\n", "a|b,c/1|2,5" },
		{ "a\tb\n1\t2\n", "a|b/1|2" },
		{ "sep=|\na|b\n1;2|3\n", "a|b/1;2|3" },
		{ "\"a;b\";c\n", "a;b|c" },
		{ "a,\"say \"\"no\"\"\",\"\"\n", "a|say \"no\"|" },
		{ "a,b\n\"x\r\ny\",2\n", "a|b/x\r\ny|2" },
		{ "a,b\n,\n\n 1 ,\xc2\xa0" "2\xc2\xa0\n", "a|b/1|2" },
		{ "a,b\n19\" rack,2\n", "a|b/19\" rack|2" },
		{ "a,b\n \"x\" ,2\n", "a|b/x|2" },
		{ "a,b\n1,\n", "a|b/1|" },
		{ "a,b\n1,\"", "t:2:3: the quote that opens here is never closed" },
		{ "a,b\n\n1,\"x\"y\n", "t:3:6: text behind a closing quote: a quote within quotes is "
		    "written twice" },
		{ "", "" },
		{ "\n\n", "" },
	};

	for (size_t i = 0; i < sizeof(t) / sizeof(*t); i++) {
		const char *got = rows(t[i].text);
		if (!ok(strcmp(got, t[i].want) == 0, "rows %zu", i))
			printf("# %s\n", got);
	}
}

static void
test_dates(void)
{
	static const struct { const char *s, *want; } t[] = {
		{ "2026-12-09", "2026-12-09" }, { "2026/1/9", "2026-01-09" }, { "20261209", "2026-12-09" },
		{ "2026-12-09 00:00:00", "2026-12-09" }, { "2028-02", "2028-02-29" },
		{ "2029", "2029-12-31" }, { "2026.11.30", "2026-11-30" },
		{ "2026-02-30", NULL }, { "2026-13-01", NULL }, { "09/12/2026", NULL }, { "26-12-09", NULL },
		{ "2026-", NULL }, { "2026-12-", NULL }, { "2026-12-09x", NULL }, { "20261", NULL },
		{ "2026-12-0", NULL }, { "snart", NULL }, { "", NULL },
	};
	char d[11];

	for (size_t i = 0; i < sizeof(t) / sizeof(*t); i++)
		ok(reg_date(d, t[i].s) == (t[i].want != NULL) && (!t[i].want ||
		    strcmp(d, t[i].want) == 0), "date \"%s\"", t[i].s);
}

static bool
load(struct reg *r, const char *text, const char *const *map, size_t nmap, struct err *e)
{
	return reg_loadb(r, "t.csv", text, strlen(text), map, nmap, e);
}

static void
test_values(void)
{
	struct err e = { "" };
	struct reg r = { NULL };
	const struct reg_entry *x;
	char line[300];

	ok(load(&r, "ID;Mac;IP 1;IP 2;K;R;T;Status;S/N\n"
	    "A;00 30 d3 1a 04 17 ;10.0.0.1/24;DHCP;2;3;k4;Kasserad;1,23457E+11\n"
	    "B;\"00:30:d3:1a:04:18, 0030.d31a.0419\n00-30-d3-1a-04-1a\";10.0.0.2 fd00::2;10.0.0.3;1;;2;X;7\n"
	    "C;ff:ff:ff:ff:ff:ff;010.0.0.1;;;;;;saknas\n", NULL, 0, &e), "values of many shapes");
	x = reg_find(&r, "A");
	ok(x && x->nmac == 1 && x->nip == 1 && strcmp(x->text[REG_KLASSA], "2/3/4") == 0 &&
	    strcmp(x->text[REG_IN_USE], "false") == 0 && !x->text[REG_SERIAL], "entry A");
	x = reg_find(&r, "B");
	ok(x && x->nmac == 3 && x->nip == 3 && !x->text[REG_KLASSA] &&
	    strcmp(x->text[REG_IN_USE], "true") == 0 && strcmp(x->text[REG_SERIAL], "7") == 0,
	    "entry B");
	x = reg_find(&r, "C");
	ok(x && x->nmac == 0 && x->nip == 0 && !x->text[REG_SERIAL], "entry C");
	ok(r.nfaults == 4, "four faults");
	if (r.nfaults == 4)
		ok(strcmp(reg_fault_text(&r.faults[0], line, sizeof(line)),
		    "t.csv:2: S/N: rounded by a spreadsheet: \"1,23457E+11\"") == 0,
		    "a fault has file, line, column and value");
	reg_free(&r);
}

static void
test_ids(void)
{
	const char *map[] = { "id=Vårt nr", "name=" };
	struct err e = { "" };
	struct reg r = { NULL };

	ok(load(&r, "Vårt nr,Namn,Serienr\nA,x,\n,x,S-77\n", map, 2, &e) && reg_find(&r, "A") &&
	    reg_find(&r, "S-77") && !reg_find(&r, "A")->text[REG_NAME],
	    "--map, and a serial number for an id");
	ok(load(&r, "{\"id\":\"A\",\"make\":\"Acme\",\"mac\":[\"00:00:5e:00:53:01\"]}\n"
	    "{\"id\":\"A\",\"make\":\"Bcme\",\"klassa\":{\"k\":0,\"r\":1,\"t\":2}}\n", NULL, 0, &e) &&
	    r.n == 2 && strcmp(reg_find(&r, "A")->text[REG_MAKE], "Acme") == 0 &&
	    strcmp(reg_find(&r, "A")->text[REG_KLASSA], "0/1/2") == 0 && reg_find(&r, "A")->nmac == 1,
	    "JSON lines join what is there");
	ok(r.nfaults == 3, "listed twice, with two makers");
	ok(strcmp(reg_find(&r, "A")->text[REG_SOURCE], "t.csv:2, t.csv:1, t.csv:2") == 0,
	    "where it stands");
	ok(!load(&r, "{\"id\":1}\n[1]\n", NULL, 0, &e) && strcmp(e.text, "t.csv:2:1: not an object") == 0,
	    "a line that is no object");
	err_clear(&e);
	ok(!load(&r, "x,y\n1,2\n", NULL, 0, &e) && strstr(e.text, "no header is known: x, y"),
	    "no header");
	err_clear(&e);
	ok(!load(&r, "id,name\n", NULL, 0, &e) || r.nfaults, "a header alone");
	reg_free(&r);
	ok(load(&r, "id,mac,serial\nA,00:00:5e:00:53:01,77\nB,00:00:5e:00:53:01,0-77\nC,,7-7\n", NULL, 0,
	    &e) && reg_check(&r) && r.nfaults >= 1, "what two claim is told");
	reg_free(&r);
}

/* The words of each field mean that field and no other. */
static void
test_words(void)
{
	const struct embed *f = embed_find("rules/register-headers.json");
	struct err e = { "" };
	struct titles h = { NULL };
	const json_t *x, *w;
	size_t i, k, bad = 0, n = 0;
	unsigned rank;
	int want;

	ok(f && reg_heads(&h, &e), "the header words");
	ok(json_string_value(json_object_get(h.doc, "version")) != NULL, "they have a date");
	json_array_foreach(json_object_get(h.doc, "fields"), i, x) {
		const char *name = json_string_value(json_object_get(x, "field"));
		for (want = 0; want < REG_FIELDS && strcmp(reg_names[want], name) != 0; want++)
			;
		bad += want == REG_FIELDS || !json_string_value(json_object_get(x, "source"));
		json_array_foreach(json_object_get(x, "headers"), k, w) {
			n++;
			if (titles_field(&h, json_string_value(w), &rank) == want)
				continue;
			printf("# %s is not %s\n", json_string_value(w), name);
			bad++;
		}
	}
	ok(!bad && n > 150, "each of %zu words is its field's, and each field has a source", n);
	ok(titles_field(&h, "MAC-ADRESS (wlan) ", &rank) == REG_MAC &&
	    titles_field(&h, "ip adress 3", &rank) == REG_IP &&
	    titles_field(&h, "tillganglighet", &rank) == REG_KLASSA_T &&
	    titles_field(&h, "Inköpspris", &rank) == -1 && titles_field(&h, "", &rank) == -1 &&
	    titles_field(&h, "source", &rank) == -1, "case, accents, numbers and parentheses");
	bad = 0;
	json_array_foreach(json_object_get(h.doc, "no"), i, w)
		bad += titles_word(&h, "yes", json_string_value(w));
	ok(!bad && titles_word(&h, "no", "UR BRUK") && titles_word(&h, "nothing", "—") &&
	    !titles_word(&h, "nothing", "…"), "yes is not no");
	titles_free(&h);
}

/* Whatever comes, it ends, and says why. */
static void
test_hostile(void)
{
	static const char alphabet[] = "\",;\t\n\r =|{}[]:aI1\xe5\xc3\xa5-.x/";
	uint64_t state = 7;
	char text[200];
	unsigned n, i, silent = 0;

	for (unsigned round = 0; round < 5000; round++) {
		struct err e = { "" };
		struct reg r = { NULL };
		n = tap_random(&state) % 160;
		i = (unsigned)snprintf(text, sizeof(text), round % 3 ? "id;mac;ip;T;i bruk\n" : "");
		for (; i < n; i++)
			text[i] = alphabet[tap_random(&state) % (sizeof(alphabet) - 1)];
		if (!reg_loadb(&r, "t", text, i, NULL, 0, &e) && !e.text[0])
			silent++;
		silent += !reg_check(&r);
		reg_free(&r);
	}
	ok(silent == 0, "5,000 texts of nonsense are read or refused with a reason");
}

int
main(void)
{
	test_decode();
	test_rows();
	test_dates();
	test_values();
	test_ids();
	test_words();
	test_hostile();
	return tap_done();
}
