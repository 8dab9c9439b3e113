/* check.c: nis2report check: what is wrong with site files, and what will be a gap. */
#include "nis2report.h"
#include "request.h"

#include "base/diag.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/stamp.h"
#include "assess/site_notes.h"

#include <string.h>

enum { FAULTS = 20 };                   /* of one file; more are the echoes of these */

enum { O_ERRORS = REQUEST_OWN };

static const struct opt opts[] = {
	{ "errors-only", 'e', NULL, "no notes on what is no error and will be a gap", NULL,
	    O_ERRORS },
	{ "lang", 'l', "LANG", "en or sv", "en|sv", RQ_LANG },
	{ "now", 0, "TIME", "what has expired by TIME instead of now", NULL, RQ_NOW },
	{ "rules", 0, "DIR", "take rule files from DIR where it has them", "dir", RQ_RULES },
	{ NULL },
};

static const struct prog prog = {
	.name = "nis2report check",
	.synopsis = "nis2report check [-e] [-l LANG] [--now TIME] [--rules DIR] FILE ...",
	.purpose = "Checks site files: errors with file, line and what was expected; and notes.",
	.opts = opts,
	.words = "file",
	.footer = "Exit status: 0 no error, 2 an error, or it could not be done.",
};

struct checking { struct request *q; const char *name; size_t notes; };

static void
take(void *arg, unsigned line, const char *where, const char *text)
{
	struct checking *c = arg;

	fprintf(c->q->f, "%s:%u: %s: %s%s%s\n", c->name, line,
	    rules_word(c->q->rules, "check.note", c->q->lang), where, *where ? ": " : "", text);
	c->notes++;
}

static void
sum_up(struct checking *c, const struct site *s, bool notes)
{
	json_t *args = json_pack("{ss sI sI sI sI sI sI}", "file", c->name, "zones",
	    (json_int_t)s->nzones, "instruments", (json_int_t)s->ninstruments, "suppliers",
	    (json_int_t)s->nsuppliers, "people", (json_int_t)s->npeople, "attestations",
	    (json_int_t)s->nattestations, "notes", (json_int_t)c->notes);
	char *text = rules_phrase(c->q->rules, notes ? "check.holds" :
	    "check.holds_alone", c->q->lang, args);

	if (text)
		fprintf(c->q->f, "%s\n", text);
	free(text);
	json_decref(args);
}

/* Whether it is a site file without an error. */
static bool
check(struct request *q, const char *path, bool notes)
{
	static struct site_fault faults[FAULTS];
	struct checking c = { q, strcmp(path, "-") == 0 ? "stdin" : path, 0 };
	struct err e = { "" };
	size_t n, nfaults;
	char *text = file_slurp(path, LIM_DOC, &n, &e);
	struct site *s;

	if (!text) {
		diag("%s", e.text);
		return false;
	}
	if ((s = site_loadb_all(c.name, text, n, faults, FAULTS, &nfaults))) {
		struct site_notes ask = { q->rules, q->lang, q->now != INT64_MIN ? q->now :
		    stamp_now(), s, text, n, take, &c };
		if (notes && !site_notes(&ask))
			diag("out of memory");
		sum_up(&c, s, notes);
	} else {
		for (size_t i = 0; i < nfaults; i++)
			diag("%s", faults[i].what.text);
		if (nfaults == FAULTS)
			diag("%s: %d errors and perhaps more", c.name, FAULTS);
	}
	site_free(s);
	free(text);
	return s != NULL;
}

int
check_main(int argc, char **argv)
{
	struct request q = REQUEST("text");
	struct opt_state os;
	struct err e = { "" };
	bool notes = true, good = true;
	int id, status;

	diag_name(prog.name);
	q.opts = opts;
	for (opt_begin(&os, &prog, argc, argv); (id = opt_next(&os, &e)) > 0; )
		if (id == O_ERRORS)
			notes = false;
		else if (!request_take(&q, id, &os, &e))
			break;
	if (id == -2)
		return 0;
	if (id == 0 && os.i == argc)
		err_set(&e, "which site file? \"-\" is standard input");
	if (e.text[0] || !request_open(&q, &e))
		return request_fail(&q, &e);
	for (int i = os.i; i < argc; i++)
		good = check(&q, argv[i], notes) && good;
	status = request_deliver(&q, 0);
	return good ? status : 2;
}
