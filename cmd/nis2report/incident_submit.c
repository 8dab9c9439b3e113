/* incident_submit.c: nis2report incident submit: a stage that was handed in, frozen. */
#include "incident.h"
#include "stage_read.h"

#include "base/diag.h"
#include "base/stamp.h"
#include "incident/deadline_rules.h"
#include "incident/freeze.h"
#include "incident/stage.h"
#include "model/local_time.h"
#include "report/stage_paper.h"

#include <stdlib.h>
#include <string.h>

enum { O_AT = STAGE_OWN, O_LANG, O_RECEIPT, O_TO, O_REPORT, O_SITE };

static const struct opt opts[] = {
	{ "at", 0, "TIME", "when it was handed in (now)", NULL, O_AT },
	{ "lang", 'l', "LANG", "of the report: en or sv", "en|sv", O_LANG },
	{ "receipt", 'r', "ID", "the receiver's number for it", NULL, O_RECEIPT },
	{ "report", 0, "FILE", "what was handed in, where it was a file", "file", O_REPORT },
	{ "site", 's', "FILE", "the site file: organisation, people", "file", O_SITE },
	{ "to", 't', "NAME", "who received it", NULL, O_TO },
	STAGE_OPTS, WRITING_OPTS, { NULL },
};

static const struct prog prog = {
	.name = "nis2report incident submit",
	.synopsis = "nis2report incident submit -r ID [-a NAME] [-e FILE] [-i FILE] [-k KEY] "
	    "[-l LANG]\n[-p FILE] [-s FILE] [-t NAME] [--at TIME] [--before TIME] [--ledger DIR]\n"
	    "[--log-key KEY] [--now TIME] [--report FILE] [--rules DIR] STAGE DIR",
	.purpose = "Freezes a stage that was handed in: its report, what was known, its receipt.",
	.opts = opts,
	.words = "dir",
};

struct asked {
	const char *stage, *at, *receipt, *to, *report;
	struct stage_records records;
	struct request q;               /* language, site and rules of the report */
};

/* The digests of what is kept. */
struct kept {
	char values[JOURNAL_DIGEST], form[JOURNAL_DIGEST], form_text[JOURNAL_DIGEST],
	    sent[JOURNAL_DIGEST];
	size_t size;                    /* of the values */
};

/* ---- the stage's report ---------------------------------------------------------------- */

/* As record or as text. */
static bool
keep_form(const struct writing *w, const struct stage *s, bool as_text,
    char digest[JOURNAL_DIGEST], struct err *e)
{
	char *p = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&p, &n);
	bool good = f && (as_text ? stage_text(s, f, 0, false) : stage_write(s, f, e));

	if ((f && fclose(f) != 0) || !good)
		good = err_set(e, "out of memory");
	good = good && journal_keep_bytes(w->path, p, n, digest, e);
	free(p);
	return good;
}

static bool
form_has(const struct forms *f, const char *stage)
{
	for (size_t i = 0; i < f->n; i++)
		for (size_t k = 0; k < f->v[i].nstages; k++)
			if (strcmp(f->v[i].stage[k].id, stage) == 0)
				return true;
	return false;
}

/* There is no form: a clock is stopped by reports of which none is here ("imy"), and then the
 * values are what is kept; what no clock waits for either is a slip. */
static bool
without_form(const struct writing *w, const struct asked *a, const struct forms *forms,
    const struct err *why, struct err *e)
{
	struct deadline_rules *d = deadline_rules_load(w->rules_dir, a->q.rules, w->fields, e);
	bool old = form_has(forms, a->stage), known = old;

	if (!d)
		return false;
	for (size_t i = 0; i < d->n; i++)
		known |= deadline_names_have(&d->v[i].stage, a->stage);
	deadline_rules_free(d);
	if (!known)
		return err_set(e, "%s; and no deadline is met by it", why->text);
	if (old)
		diag("%s: only what was known is kept", why->text);
	else
		diag("%s: there is no form of it: only what was known is kept", a->stage);
	return true;
}

static bool
keep_report(const struct writing *w, struct asked *a, int64_t when, struct kept *kept,
    struct err *e)
{
	struct stage_of of = { .rules = a->q.rules, .incident = w->incident, .site = a->q.site,
		.lang = a->q.lang, .now = when };
	struct forms *forms = forms_load(w->rules_dir, a->q.rules, w->fields, e);
	struct prefill *prefill = NULL;
	struct stage s = { .field = NULL };
	struct err why = { "" };
	const char *by;
	bool good = forms;

	of.date = stage_date(w->incident, &by);
	if (good && !(of.stage = forms_stage(forms, a->stage, of.date, w->incident->zone, &why)))
		good = without_form(w, a, forms, &why, e);
	else if (good)
		good = (of.prefill = prefill = stage_prefill(&a->q, &a->records, w->incident,
		    w->fields, when, e)) && stage_make(&s, &of, e) &&
		    keep_form(w, &s, false, kept->form, e) &&
		    keep_form(w, &s, true, kept->form_text, e);
	stage_free(&s);
	prefill_free(prefill);
	forms_free(forms);
	return good && (!a->q.broken || err_set(e, "nothing was entered"));
}

/* ---- the record ------------------------------------------------------------------------ */

static bool
keep_values(const struct writing *w, const struct asked *a, struct kept *kept, struct err *e)
{
	char *text = incident_freeze(w->incident, a->stage, &kept->size);
	bool good = text ? journal_keep_bytes(w->path, text, kept->size, kept->values, e) :
	    err_set(e, "out of memory");

	free(text);
	return good;
}

static const char *
unless_empty(const char *s)
{
	return *s ? s : NULL;
}

static json_t *
submission(struct writing *w, struct asked *a, struct err *e)
{
	const struct incident *i = w->incident;
	struct kept kept = { "", "", "", "", 0 };
	char at[STAMP_TEXT];
	uint64_t size = 0;
	int64_t when = stamp_now();

	if (a->at && (!local_parse(i->zone, a->at, false, &when, e) ||
	    !writing_past(w, "--at", when, e)))
		return NULL;
	at[stamp_put(at, when)] = '\0';
	if (!(a->q.rules = rules_load(w->rules_dir, e)) ||
	    (a->q.site_file && !(a->q.site = site_load(a->q.site_file, e))) ||
	    !keep_report(w, a, when, &kept, e) || !keep_values(w, a, &kept, e) ||
	    (a->report && !journal_keep(w->path, a->report, kept.sent, &size, e)))
		return NULL;
	return json_pack("{ss ss ss ss* ss sI ss* ss* ss* sI}", "stage", a->stage, "at", at,
	    "receipt", a->receipt, "to", a->to, "digest", kept.values, "size",
	    (json_int_t)kept.size, "form", unless_empty(kept.form), "form_text",
	    unless_empty(kept.form_text), "report", unless_empty(kept.sent), "upto",
	    (json_int_t)i->records);
}

static void
take(struct asked *a, int id, const struct opt_state *os, struct err *e)
{
	switch (id) {
	case O_AT: a->at = os->value; break;
	case O_LANG:
		a->q.lang = os->value;
		(void)request_word(os, "en|sv", e);
		break;
	case O_RECEIPT: a->receipt = os->value; break;
	case O_TO: a->to = os->value; break;
	case O_REPORT: a->report = os->value; break;
	case O_SITE: a->q.site_file = os->value; break;
	default: (void)stage_take(&a->records, id, os, e);
	}
}

int
incident_submit_main(int argc, char **argv)
{
	struct writing w = { .path = NULL };
	struct asked a = { .records = STAGE_FROM, .q = REQUEST("text") };
	struct opt_state os;
	struct err e = { "" };
	json_t *o;
	int id, status;

	diag_name(prog.name);
	for (opt_begin(&os, &prog, argc, argv); (id = opt_next(&os, &e)) > 0 && !e.text[0]; )
		if (!writing_take(&w, id, &os, &e) && !e.text[0])
			take(&a, id, &os, &e);
	if (id == -2)
		return 0;
	if (!e.text[0] && argc - os.i != 2)
		err_set(&e, "a stage, like upplysning, and the incident's folder are expected");
	if (!e.text[0] && (!a.receipt || !*a.receipt))
		err_set(&e, "what number did the receiver give it? --receipt ID");
	if (!e.text[0])
		(void)stage_apart(&a.records, a.q.site_file, &e);
	a.stage = argv[os.i];
	w.path = argv[os.i + 1 < argc ? os.i + 1 : os.i];
	if (!e.text[0] && writing_open(&w, false, &e) && (o = submission(&w, &a, &e)))
		(void)writing_add(&w, "incident_submission", o, &e);
	status = writing_close(&w, a.stage ? a.stage : "", &e);
	site_free(a.q.site);
	rules_free(a.q.rules);
	return status;
}
