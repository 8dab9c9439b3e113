/* stage: the report for one step of an incident, in the form's field order. */
#include "nis2report.h"
#include "request.h"
#include "stage_save.h"

#include "base/diag.h"
#include "base/stamp.h"
#include "base/term.h"
#include "chain/chain.h"
#include "incident/stage.h"
#include "report/paper.h"
#include "report/stage_paper.h"

#include <stdlib.h>
#include <string.h>

enum { O_EVENTS = REQUEST_OWN, O_INVENTORY, O_LEDGER, O_BEFORE, O_SAVE, O_AUTHOR, FILES = 64 };

static const struct opt opts[] = {
	REQUEST_OPTS("text|markdown|html|json"),
	{ "author", 'a', "NAME", "with --save: who enters them ($LOGNAME)", NULL, O_AUTHOR },
	{ "before", 0, "TIME", "look so long before detected_at where occurred_at is unknown (24h)",
	    NULL, O_BEFORE },
	{ "events", 'e', "FILE", "events of otdissect, Suricata or Zeek; again for more", "file",
	    O_EVENTS },
	{ "inventory", 'i', "FILE", "asset records of otinv build: names of devices", "file",
	    O_INVENTORY },
	{ "ledger", 0, "DIR", "the calibration ledger: how instruments stood", "file", O_LEDGER },
	{ "save", 0, NULL, "enter in the journal what records say and nobody has set", NULL,
	    O_SAVE },
	{ NULL },
};

static const char *const types[] = { "incident_stage", NULL };

static const struct prog prog = {
	.name = "nis2report stage",
	.synopsis =
	    "nis2report stage [-e FILE] [-f FORMAT] [-i FILE] [-l LANG] [-o FILE [--force]]\n"
	    "[-s FILE] [-w COLUMNS] [--before TIME] [--ledger DIR] [--now TIME] [--rules DIR]\n"
	    "[--save [-a NAME]] STAGE DIR\n"
	    "nis2report stage --list-fields | --schema",
	.purpose = "Writes the report for one step of an incident, in the form's field order.",
	.opts = opts,
	.words = "upplysning|incidentanmalan|delrapport|lagesrapport|slutrapport|skede1|skede2|"
	    "skede3|early_warning|incident_notification|intermediate_report|progress_report|"
	    "final_report",
	.footer = "Exit status: 0 no required field is missing, 1 one is, 2 it could not be done.",
};

struct ask {
	const char *stage, *dir, *inventory, *ledger, *author;
	bool save;
	const char *events[FILES]; size_t nevents;
	int64_t before;
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
take_event(void *p, const char *line, size_t n, struct err *e)
{
	return prefill_event(p, line, n, e);
}

static bool
take_asset(void *p, const char *line, size_t n, struct err *e)
{
	return prefill_asset(p, line, n, e);
}

/* What the records did not give, said beside the report. */
static void
remarks(const struct prefill_summary *p, const struct ask *k)
{
	const json_t *name;
	size_t i;

	json_array_foreach(p->strangers, i, name)
		diag("affected_assets: %s: neither in the inventory, nor in the register, nor an "
		    "address that was seen", json_string_value(name));
	if (k->nevents && !p->events)
		diag("no event in %llu lines: are they the output of otdissect, Suricata or Zeek?",
		    (unsigned long long)p->lines);
	else if (k->nevents && !p->within)
		diag("none of %llu events lies in the incident's span",
		    (unsigned long long)p->events);
	if (k->inventory && !p->assets)
		diag("%s: no asset record: is it the output of otinv build?", k->inventory);
	if (p->untimed)
		diag("%llu events without a time were passed over",
		    (unsigned long long)p->untimed);
	if (p->full)
		diag("%llu addresses, writes or indicators came past a ceiling and are left out",
		    (unsigned long long)p->full);
}

static bool
read_records(struct request *q, const struct ask *k, struct made *m, int64_t now, struct err *e)
{
	bool any = k->nevents || k->inventory || k->ledger;

	m->prefill = prefill_new(q->rules, m->incident, m->fields, q->site, q->lang, e);
	if (!m->prefill || (any && !prefill_span(m->prefill, k->before, now, e)) ||
	    (k->inventory && !request_lines(q, k->inventory, take_asset, m->prefill, e)))
		return false;
	for (size_t i = 0; i < k->nevents; i++)
		if (!request_lines(q, k->events[i], take_event, m->prefill, e))
			return false;
	if ((k->ledger && !prefill_ledger(m->prefill, k->ledger, e)) ||
	    !prefill_run(m->prefill, e))
		return false;
	remarks(prefill_summary(m->prefill), k);
	return true;
}

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
	if (!k->nevents && !k->inventory && !k->ledger && !q->site)
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
	of.date = stage_date(m->incident, &by);
	of.stage = forms_stage(m->forms, k->stage, of.date, m->incident->zone, e);
	if (!of.stage || !read_records(q, k, m, now, e) || !save(q, k, m, e))
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
	int64_t seconds;

	switch (id) {
	case O_EVENTS:
		if (k->nevents == FILES)
			return err_set(e, "--events: at most %d files; join them", FILES);
		k->events[k->nevents++] = os->value;
		return true;
	case O_INVENTORY: k->inventory = os->value; return true;
	case O_SAVE: k->save = true; return true;
	case O_AUTHOR: k->author = os->value; return true;
	case O_LEDGER: k->ledger = os->value; return true;
	case O_BEFORE:
		if (!stamp_parse_span(&seconds, os->value) || seconds <= 0)
			return err_set(e, "--before %s: a span such as 24h or 2d", os->value);
		k->before = seconds * 1000000;
		return true;
	}
	return false;
}

int
stage_main(int argc, char **argv)
{
	struct request q = REQUEST("text");
	struct ask k = { .before = INT64_C(86400000000) };
	struct err e = { "" };
	int stdins = 0;

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
	for (size_t i = 0; i < k.nevents; i++)
		stdins += strcmp(k.events[i], "-") == 0;
	stdins += k.inventory && strcmp(k.inventory, "-") == 0;
	stdins += q.site_file && strcmp(q.site_file, "-") == 0;
	if (stdins > 1)
		err_set(&e, "only one of site file, inventory and events can be standard input");
	return e.text[0] ? request_fail(&q, &e) : run(&q, &k);
}
