/* init.c: nis2report init: a site file to begin with, from answers, flags or an inventory. */
#include "nis2report.h"
#include "request.h"

#include "base/diag.h"
#include "model/site.h"
#include "assess/site_start.h"

#include <string.h>
#include <unistd.h>

enum { O_BALANCE = REQUEST_OWN, O_COUNTRY, O_COUNTY, O_INVENTORY, O_HEADCOUNT, O_KEY, O_KIND,
	O_NAME, O_NUMBER, O_PERSON, O_SECTOR, O_TURNOVER, O_ZONE };

static const struct opt opts[] = {
	{ "balance", 0, "EUR", "balance sheet total of the last year", NULL, O_BALANCE },
	{ "country", 0, "CC", "where it is established, two letters (SE)", NULL, O_COUNTRY },
	{ "county", 0, "COUNTY", "county of its seat: decides the supervisory authority", NULL,
	    O_COUNTY },
	{ "force", 0, NULL, "overwrite an existing FILE", NULL, RQ_FORCE },
	{ "from-inventory", 'i', "FILE", "propose zones and instruments from asset records", "file",
	    O_INVENTORY },
	{ "headcount", 0, "N", "staff, in annual work units", NULL, O_HEADCOUNT },
	{ "key", 'k', "KEY", "short name of the site, part of each asset's id (lab)", NULL, O_KEY },
	{ "kind", 0, "KIND", "what runs it", "private|region|municipality|municipal_federation|"
	    "state_authority|state_university|private_education", O_KIND },
	{ "lang", 'l', "LANG", "en or sv: of questions and notes", "en|sv", RQ_LANG },
	{ "name", 'n', "NAME", "name of the organisation", NULL, O_NAME },
	{ "number", 0, "NUMBER", "its registration number", NULL, O_NUMBER },
	{ "out", 'o', "FILE", "write to FILE, whole or not at all", "file", RQ_OUT },
	{ "person", 'p', "ROLE=NAME", "a person for a role; again for more", NULL, O_PERSON },
	{ "rules", 0, "DIR", "take rule files from DIR where it has them", "dir", RQ_RULES },
	{ "sector", 's', "ID", "a sector it works in, such as a1.health.provider; again for more",
	    NULL, O_SECTOR },
	{ "turnover", 0, "EUR", "turnover of the last year", NULL, O_TURNOVER },
	{ "zone", 'z', "ID=PREFIX", "a zone of the network; again for more", NULL, O_ZONE },
	{ NULL },
};

static const struct prog prog = {
	.name = "nis2report init",
	.synopsis =
	    "nis2report init [-i FILE] [-k KEY] [-l LANG] [-n NAME] [-o FILE [--force]]\n"
	    "[-p ROLE=NAME] [-s ID] [-z ID=PREFIX] [--balance EUR] [--country CC]\n"
	    "[--county COUNTY] [--headcount N] [--kind KIND] [--number NUMBER]\n"
	    "[--rules DIR] [--turnover EUR]",
	.purpose = "Begins a site file: asks on a terminal, or takes what options say.",
	.opts = opts,
	.footer = "Without answers as options it asks, where standard input is a terminal.",
};

static const struct { int id; enum start_field field; } fields[] = {
	{ O_KEY, START_KEY }, { O_NAME, START_NAME }, { O_NUMBER, START_NUMBER },
	{ O_COUNTRY, START_COUNTRY }, { O_COUNTY, START_COUNTY }, { O_KIND, START_KIND },
	{ O_SECTOR, START_SECTOR }, { O_HEADCOUNT, START_HEADCOUNT },
	{ O_TURNOVER, START_TURNOVER }, { O_BALANCE, START_BALANCE },
};
enum { NFIELDS = sizeof(fields) / sizeof(*fields) };

/* ---- asking -------------------------------------------------------------------------- */

struct asking { struct request *q; struct site_start *s; char line[512]; };

/* One line, without its end; false where standard input has ended. */
static bool
answer(struct asking *a, const char *key, const char *usual)
{
	size_t n;

	fprintf(stderr, "%s%s%s%s: ", rules_word(a->q->rules, key, a->q->lang), usual ? " [" : "",
	    usual ? usual : "", usual ? "]" : "");
	fflush(stderr);
	if (!fgets(a->line, sizeof(a->line), stdin))
		return false;
	n = strcspn(a->line, "\r\n");
	while (n > 0 && a->line[n - 1] == ' ')
		n--;
	a->line[n] = 0;
	if (!n && usual)
		snprintf(a->line, sizeof(a->line), "%s", usual);
	return true;
}

/* Until an answer does, or is empty. */
static bool
ask_field(struct asking *a, enum start_field field, const char *usual)
{
	char key[64];

	snprintf(key, sizeof(key), "init.ask.%s", start_names[field]);
	for (;;) {
		struct err e = { "" };

		if (!answer(a, key, usual))
			return false;
		if (!a->line[0] || site_start_put(a->s, field, a->line, &e))
			return true;
		diag("%s", e.text);
	}
}

static bool
ask_people(struct asking *a)
{
	static const char *const roles[] = { "management", "security_lead", "incident_lead" };
	char key[64], text[600];

	for (size_t i = 0; i < sizeof(roles) / sizeof(*roles); i++) {
		struct err e = { "" };

		snprintf(key, sizeof(key), "init.ask.%s", roles[i]);
		if (!answer(a, key, NULL))
			return false;
		snprintf(text, sizeof(text), "%s=%s", roles[i], a->line);
		if (a->line[0] && !site_start_person(a->s, text, &e))
			diag("%s", e.text);
	}
	return true;
}

static bool
ask_zones(struct asking *a)
{
	do {
		struct err e = { "" };

		if (!answer(a, "init.ask.zone", NULL))
			return false;
		if (a->line[0] && !site_start_zone(a->s, a->line, &e))
			diag("%s", e.text);
	} while (a->line[0]);
	return true;
}

static bool
ask(struct request *q, struct site_start *s, bool zones, struct err *e)
{
	struct asking a = { .q = q, .s = s };

	fprintf(stderr, "%s\n", rules_word(q->rules, "init.ask", q->lang));
	if (ask_field(&a, START_NAME, NULL) && ask_field(&a, START_NUMBER, NULL) &&
	    ask_field(&a, START_COUNTRY, "SE") && ask_field(&a, START_COUNTY, NULL) &&
	    ask_field(&a, START_KIND, "private") && ask_field(&a, START_SECTOR, NULL) &&
	    ask_field(&a, START_HEADCOUNT, NULL) && ask_field(&a, START_TURNOVER, NULL) &&
	    ask_field(&a, START_BALANCE, NULL) && ask_field(&a, START_KEY, "lab") &&
	    (!zones || ask_zones(&a)) && ask_people(&a))
		return true;
	return err_set(e, "the answers ended before the questions: nothing is written");
}

/* ---- the run ---------------------------------------------------------------------------- */

static bool
take_line(void *s, const char *p, size_t n, struct err *e)
{
	return site_start_record(s, p, n, e);
}

/* An answer as an option: "--county" said where it is wrong. */
static bool
put(struct site_start *s, int id, const char *shown, const char *v, struct err *e)
{
	struct err why = { "" };
	bool good = false;

	if (id == O_ZONE)
		good = site_start_zone(s, v, &why);
	else if (id == O_PERSON)
		good = site_start_person(s, v, &why);
	for (size_t i = 0; i < NFIELDS; i++)
		if (fields[i].id == id)
			good = site_start_put(s, fields[i].field, v, &why);
	return good || err_set(e, "%s: %s", shown, why.text);
}

struct said { int id; char shown[24]; const char *value; };

static int
init(struct request *q, const struct said *said, size_t nsaid, const char *inventory)
{
	struct site_start *s = NULL;
	size_t instruments, zones;
	struct err e = { "" };
	bool good;

	if (!request_open(q, &e) || !(s = site_start_new(q->rules, q->lang, &e)))
		return request_fail(q, &e);
	/* the country first: which counties there are rests on it */
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; !e.text[0] && i < nsaid; i++)
			if ((said[i].id == O_COUNTRY) == (pass == 0))
				put(s, said[i].id, said[i].shown, said[i].value, &e);
	good = !e.text[0] && (!inventory || request_lines(q, inventory, take_line, s, &e));
	site_start_proposed(s, &instruments, &zones);
	if (good && inventory && instruments == 0)
		diag("%s: no asset record in it: is it the output of otinv build?", inventory);
	if (good && nsaid == 0 && isatty(STDIN_FILENO))
		good = ask(q, s, zones == 0, &e);
	else if (good && nsaid == 0 && !inventory)
		good = err_set(&e, "nothing to begin with: options such as --name say it, or a "
		    "terminal to ask at");
	good = good && site_start_write(s, q->f, &e);
	if (good && inventory)
		diag_note("%zu instruments and %zu zones proposed: to be confirmed", instruments,
		    zones);
	site_start_free(s);
	return good ? request_deliver(q, 0) : request_fail(q, &e);
}

int
init_main(int argc, char **argv)
{
	struct request q = REQUEST("text");
	const char *inventory = NULL;
	struct said *said = calloc((size_t)argc + 1, sizeof(*said));
	struct opt_state os;
	struct err e = { "" };
	size_t n = 0;
	int id, status;

	diag_name(prog.name);
	q.opts = opts;
	for (opt_begin(&os, &prog, argc, argv); said && (id = opt_next(&os, &e)) > 0; ) {
		if (id == O_INVENTORY) {
			inventory = os.value;
		} else if (id >= REQUEST_OWN) {
			said[n].id = id;
			snprintf(said[n].shown, sizeof(said[n].shown), "%.20s", os.shown);
			said[n++].value = os.value;
		} else if (!request_take(&q, id, &os, &e)) {
			break;
		}
	}
	if (!said)
		err_set(&e, "out of memory");
	else if (id == -2) {
		free(said);
		return 0;
	} else if (id == 0 && os.i < argc)
		err_set(&e, "%s: no operand is expected; -o FILE says where it is written",
		    argv[os.i]);
	else if (id == 0 && q.out && !q.force && strcmp(q.out, "-") != 0 &&
	    access(q.out, F_OK) == 0)
		/* before a person has answered all of it */
		err_set(&e, "%s: exists (--force replaces it)", q.out);
	status = e.text[0] ? request_fail(&q, &e) : init(&q, said, n, inventory);
	free(said);
	return status;
}
