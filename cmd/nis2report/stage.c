/* stage: the report for one step of an incident, in the form's field order. */
#include "nis2report.h"
#include "request.h"
#include "stage_handed.h"
#include "stage_read.h"
#include "stage_save.h"

#include "base/confine.h"
#include "base/diag.h"
#include "base/stamp.h"
#include "base/term.h"
#include "chain/chain.h"
#include "incident/stage.h"
#include "report/paper.h"
#include "report/stage_paper.h"

#include <stdlib.h>
#include <string.h>

enum { O_SAVE = STAGE_OWN, O_AUTHOR, O_HANDED };

static const struct opt opts[] = {
	REQUEST_OPTS("text|markdown|html|json"),
	{ "author", 'a', "NAME", "with --save: who enters them ($LOGNAME)", NULL, O_AUTHOR },
	{ "handed-in", 0, NULL, "the report as it was when the stage was handed in", NULL,
	    O_HANDED },
	{ "save", 0, NULL, "enter in the journal what records say and nobody has set", NULL,
	    O_SAVE },
	STAGE_OPTS,
	{ NULL },
};

static const char *const types[] = { "incident_stage", NULL };

static const struct prog prog = {
	.name = "nis2report stage",
	.synopsis =
	    "nis2report stage [-e FILE] [-f FORMAT] [-i FILE] [-l LANG] [-o FILE [--force]]\n"
	    "[-s FILE] [-w COLUMNS] [--before TIME] [--ledger DIR] [--now TIME] [--rules DIR]\n"
	    "[--save [-a NAME]] STAGE DIR\n"
	    "nis2report stage --handed-in [-f text|json] [-o FILE [--force]] [--rules DIR]\n"
	    "STAGE DIR\n"
	    "nis2report stage --list-fields | --schema",
	.purpose = "Writes the report for one step of an incident, in the form's field order.",
	.opts = opts,
	.words = "upplysning|incidentanmalan|delrapport|lagesrapport|slutrapport|skede1|skede2|"
	    "skede3|early_warning|incident_notification|intermediate_report|progress_report|"
	    "final_report",
	.footer = "Exit status: 0 no required field is missing, 1 one is, 2 it could not be done.",
};

struct ask {
	const char *stage, *dir, *author;
	bool save, handed;
	struct stage_records records;
};

/* What the report is made from, in the order in which it is freed. */
struct made {
	struct incident_fields *fields;
	struct forms *forms;
	struct incident *incident, *before;     /* before: as it was before --save */
	struct prefill *prefill;
	struct stage stage;
};

static bool
render(struct request *q, const struct stage *s, struct err *e)
{
	struct paper *p;

	if (request_wants(q, "json"))
		return stage_write(s, q->f, e);
	if (request_wants(q, "text"))
		return stage_text(s, q->f, q->width, !q->out && term_colour()) ||
		    err_set(e, "out of memory");
	p = request_blank(q);
	return request_render(q, p, p && stage_paper(p, s)) || err_set(e, "out of memory");
}

/* The journal with what records say in it. */
static bool
save(const struct request *q, const struct ask *k, struct made *m, struct err *e)
{
	const char *author = k->author ? k->author : getenv("LOGNAME");
	size_t n = 0;

	if (!k->save)
		return true;
	if (!stage_has_records(&k->records) && !q->site)
		return err_set(e, "--save: there is nothing to enter without --events, "
		    "--inventory, --ledger or --site");
	if (!author)
		return err_set(e, "--save: who enters it? --author NAME");
	if (!stage_save(m->incident, m->prefill, author, &n, e))
		return false;
	diag("%zu values from records entered in %s", n, k->dir);
	m->before = m->incident;
	return (m->incident = incident_read(k->dir, m->fields, e)) != NULL;
}

static bool
make(struct request *q, const struct ask *k, struct made *m, struct err *e)
{
	int64_t now;
	struct stage_of of = { .rules = q->rules, .site = q->site, .lang = q->lang };
	const char *by;

	if (q->now != INT64_MIN)
		stamp_set_now(q->now);
	of.now = now = stamp_now();
	if (!(m->fields = incident_fields_load(q->rules_dir, e)) ||
	    !(m->forms = forms_load(q->rules_dir, q->rules, m->fields, e)) ||
	    !(m->incident = incident_read(k->dir, m->fields, e)))
		return false;
	if (k->handed)
		return stage_handed(m->incident, k->stage, request_wants(q, "text"), q->f, e);
	of.date = stage_date(m->incident, &by);
	of.stage = forms_stage(m->forms, k->stage, of.date, m->incident->zone, e);
	if (!of.stage || !(m->prefill = stage_prefill(q, &k->records, m->incident, m->fields, now,
	    e)) || !save(q, k, m, e))
		return false;
	of.incident = m->incident;
	of.prefill = m->prefill;
	if (!by)
		diag("%s: nobody said when the incident occurred, was detected or became known: "
		    "the form is that of the day the journal was opened", k->dir);
	return stage_make(&m->stage, &of, e) && render(q, &m->stage, e);
}

static int
run(struct request *q, const struct ask *k)
{
	struct made m = { NULL };
	struct err e = { "" };
	int status;

	if ((q->writes = k->save))
		chain_clock_look();     /* before confine() */
	confine_path(k->dir, k->save ? CONFINE_WRITE : CONFINE_READ);
	if (!request_open(q, &e))
		return request_fail(q, &e);
	make(q, k, &m, &e);
	status = request_end(q, m.stage.missing ? 1 : 0, &e);
	stage_free(&m.stage);
	prefill_free(m.prefill);
	incident_free(m.incident);
	incident_free(m.before);
	forms_free(m.forms);
	incident_fields_free(m.fields);
	return status;
}

static bool
own_option(void *arg, int id, const struct opt_state *os, struct err *e)
{
	struct ask *k = arg;

	switch (id) {
	case O_SAVE: k->save = true; return true;
	case O_HANDED: k->handed = true; return true;
	case O_AUTHOR: k->author = os->value; return true;
	}
	return stage_take(&k->records, id, os, e);
}

/* What was handed in is shown as it was, whatever records say by now. */
static bool
alone(const struct request *q, const struct ask *k, struct err *e)
{
	if (!k->handed)
		return stage_apart(&k->records, q->site_file, e);
	if (k->save || q->site_file || stage_has_records(&k->records))
		return err_set(e, "--handed-in: the report is shown as it was kept: without "
		    "--save, --site, --events, --inventory and --ledger");
	return request_wants(q, "text") || request_wants(q, "json") || err_set(e,
	    "--handed-in: the report was kept as text and as json, not as %s", q->format);
}

int
stage_main(int argc, char **argv)
{
	struct request q = REQUEST("text");
	struct ask k = { .records = STAGE_FROM };
	struct err e = { "" };

	q.types = types;
	if (!request_parse(&q, &prog, argc, argv, own_option, &k, &e))
		return request_fail(&q, &e);
	if (q.nin != 2) {
		err_set(&e, q.nin < 2 ? "which stage, and whose? nis2report stage STAGE DIR" :
		    "one stage of one incident at a time");
		return request_fail(&q, &e);
	}
	k.stage = q.in[0];
	k.dir = q.in[1];
	return alone(&q, &k, &e) ? run(&q, &k) : request_fail(&q, &e);
}
