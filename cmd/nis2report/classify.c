/* classify: is the organisation of a site file in scope, in which class, and what follows. */
#include "nis2report.h"
#include "request.h"

#include "base/ascii.h"
#include "base/diag.h"
#include "base/stamp.h"
#include "report/classify_paper.h"

#include <string.h>

enum { O_RATE = REQUEST_OWN, O_QUESTIONS, O_SECTORS };

static const struct opt opts[] = {
	REQUEST_OPTS("text|markdown|html|ndjson"),
	{ "eur-rate", 0, "KRONOR", "Swedish kronor to the euro: ceilings in kronor, too", NULL,
	    O_RATE },
	{ "list-questions", 0, NULL, "the questions organisation.facts answers", NULL,
	    O_QUESTIONS },
	{ "list-sectors", 0, NULL, "the types organisation.sector names", NULL, O_SECTORS },
	{ NULL },
};

static const struct prog prog = {
	.name = "nis2report classify",
	.synopsis =
	    "nis2report classify [-f FORMAT] [-l LANG] [-o FILE [--force]] [-w COLUMNS]\n"
	    "[--eur-rate KRONOR] [--now TIME] [--rules DIR] [-s] FILE\n"
	    "nis2report classify [-l LANG] [--rules DIR] --list-questions | --list-sectors\n"
	    "nis2report classify --list-fields | --schema",
	.purpose = "Classifies the organisation of a site file under NIS2 and the Swedish act.",
	.opts = opts,
	.words = "file",
	.footer = "Exit status: 0 settled, 1 a person must answer something, 2 it could not be "
	    "done.",
};

static const char *const types[] = { "classification", NULL };

/* "11.4275": kronor in 1/10000; above 0, below 1000. */
static bool
take_rate(const char *v, int64_t *rate, struct err *e)
{
	const char *p = v;
	int64_t n = 0;
	int digits = 0, decimals = -1;

	for (; *p; p++) {
		if ((*p == '.' || *p == ',') && decimals < 0 && digits)
			decimals = 0;
		else if (ascii_digit((uint8_t)*p) && decimals < 4 && digits < 7) {
			n = n * 10 + (*p - '0');
			digits++;
			decimals += decimals >= 0;
		} else
			break;
	}
	if (*p || !digits || decimals == 0)
		n = 0;
	for (int i = decimals < 0 ? 0 : decimals; i < 4; i++)
		n *= 10;
	*rate = n;
	return (n > 0 && n < 10000000) ||
	    err_set(e, "--eur-rate %.40s: kronor to the euro, such as 11.4275", v);
}

struct ask {
	int64_t rate;                   /* 0: none */
	int list;                       /* O_QUESTIONS, O_SECTORS; 0: none */
};

static bool
take_own(void *arg, int id, const struct opt_state *os, struct err *e)
{
	struct ask *a = arg;

	if (id == O_RATE)
		return take_rate(os->value, &a->rate, e);
	a->list = id;
	return true;
}

/* ---- lists ---------------------------------------------------------------------------- */

/* Columns of one table, tabs between: for people who write a site file, and for cut(1). */
static void
list(struct request *q, const struct classify_rules *c, int which)
{
	char cite[256];

	for (size_t i = 0; which == O_SECTORS && i < c->sectors->ntypes; i++) {
		const struct sectors_type *t = &c->sectors->types[i];
		fprintf(q->f, "%s\t%s\t%s\t%s\n", t->id, t->annex == 1 ? "I" : "II",
		    rules_text(&t->sector, q->lang), rules_text(&t->name, q->lang));
	}
	for (size_t i = 0; which == O_QUESTIONS && i < c->nfacts; i++)
		fprintf(q->f, "%s\t%s\t%s\n", c->facts[i].basis.id,
		    rules_text(&c->facts[i].question, q->lang),
		    rules_cite(c->facts[i].basis.law[0], q->lang, cite, sizeof(cite)));
}

/* ---- the run ---------------------------------------------------------------------------- */

static bool
render(struct request *q, const struct classify *c)
{
	struct paper *p;

	if (request_wants(q, "ndjson")) {
		classify_write(c, request_jw(q));
		return request_sent(q);
	}
	p = classify_paper(c);
	return request_render(q, p, p != NULL);
}

static int
classify(struct request *q, const struct ask *a)
{
	struct classify_rules *rules = NULL;
	struct classify *c = NULL;
	struct enterprise en = { .name = NULL };
	struct err e = { "" };
	int status = 0;

	if (request_open(q, &e) && (rules = classify_rules_load(q->rules, q->rules_dir, &e))) {
		if (a->list) {
			list(q, rules, a->list);
		} else if (!enterprise_of(&en, q->site, q->lang)) {
			err_set(&e, "out of memory");
		} else {
			en.eur_sek = a->rate;
			if ((c = classify_run(rules, &en, q->now != INT64_MIN ? q->now :
			    stamp_now(), q->lang, &e)) && !render(q, c))
				err_set(&e, "out of memory");
			status = c && classify_open(c) ? 1 : 0;
		}
	}
	status = e.text[0] ? 2 : status;
	classify_free(c);
	enterprise_free(&en);
	classify_rules_free(rules);
	return status == 2 ? request_fail(q, &e) : request_deliver(q, status);
}

/* The site file may stand as the operand, too. */
static bool
operand(struct request *q, bool needed, struct err *e)
{
	int n = 0;

	if (q->nin && !q->site_file)
		q->site_file = q->in[n++];
	if (q->nin > n)
		return err_set(e, "%s: one site file at a time", q->in[n]);
	return !needed || q->site_file ||
	    err_set(e, "which site file? It describes the organisation, see otsite(5)");
}

int
classify_main(int argc, char **argv)
{
	struct request q = REQUEST("text");
	struct ask a = { 0 };
	struct err e = { "" };

	q.types = types;
	if (!request_parse(&q, &prog, argc, argv, take_own, &a, &e) ||
	    !operand(&q, !a.list, &e))
		return request_fail(&q, &e);
	return classify(&q, &a);
}
