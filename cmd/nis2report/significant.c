/* significant: is an incident significant, by the rules of its day and its sector. */
#include "nis2report.h"
#include "request.h"

#include "base/diag.h"
#include "base/limits.h"
#include "base/stamp.h"
#include "model/local_time.h"
#include "report/significance_page.h"

#include <stdlib.h>
#include <string.h>

enum { O_ON = REQUEST_OWN, O_SECTOR, O_SET, O_RULES_OF, O_ZONE, O_QUESTIONS, O_SECTORS };
enum { TRIES = 200 };                   /* --set so often: more than there are fields */

static const struct opt opts[] = {
	REQUEST_OPTS("text|markdown|html|ndjson"),
	{ "on", 0, "DATE", "the incident's day, instead of what its moments say", NULL, O_ON },
	{ "sector", 0, "SECTOR", "the sector of the activity affected", NULL, O_SECTOR },
	{ "set", 0, "FIELD=VALUE", "try a value, before the journal's", NULL, O_SET },
	{ "rules-of", 0, "SET", "judge by this set of rules, whatever the day",
	    "ir2690|law|mcffs2026-8|msbfs2018-9", O_RULES_OF },
	{ "zone", 0, "ZONE", "time zone, where there is no journal", NULL, O_ZONE },
	{ "list-questions", 0, NULL, "the fields that rules ask for", NULL, O_QUESTIONS },
	{ "list-sectors", 0, NULL, "the sectors, with their types of the annexes", NULL,
	    O_SECTORS },
	{ NULL },
};

static const struct prog prog = {
	.name = "nis2report significant",
	.synopsis =
	    "nis2report significant [-f FORMAT] [-l LANG] [-o FILE [--force]] [-s FILE]\n"
	    "[-w COLUMNS] [--now TIME] [--on DATE] [--rules DIR] [--rules-of SET]\n"
	    "[--sector SECTOR] [--set FIELD=VALUE] [--zone ZONE] [INCIDENT]\n"
	    "nis2report significant [-l LANG] [--rules DIR] --list-questions | --list-sectors\n"
	    "nis2report significant --list-fields | --schema",
	.purpose = "Answers whether an incident is significant, criterion by criterion.",
	.opts = opts,
	.words = "dir",
	.footer = "Exit status: 0 not significant, 1 significant or not decidable, 2 it could not "
	    "be done.",
};

static const char *const types[] = { "significance", "criterion", NULL };

/* What the command line says, in texts until the fields are read. */
struct wishes {
	const char *on, *sector, *rules_of, *zone;
	const char *set[TRIES]; size_t nset;
	int list;
};

/* ---- values to try --------------------------------------------------------------- */

static bool
is_unknown(const char *value)
{
	return strcmp(value, "unknown") == 0 || strcmp(value, "ok\xc3\xa4nt") == 0 ||
	    strcmp(value, "?") == 0;
}

static bool
read_try(const struct incident_fields *fields, const char *text, const char *zone,
    struct figures_tried *out, struct err *e)
{
	const char *eq = strchr(text, '=');
	struct err why = { "" };

	if (!eq)
		return err_set(e, "--set %.60s: expected FIELD=VALUE", text);
	out->field = incident_field_n(fields, text, (size_t)(eq - text));
	if (!out->field)
		return err_set(e, "--set %.60s: no such field; --list-questions has those that "
		    "rules ask for", text);
	if (is_unknown(eq + 1))
		return true;
	out->value = incident_field_read(out->field, eq + 1, zone, &why);
	return out->value || err_set(e, "--set %.*s: %s", (int)(eq - text < 60 ? eq - text : 60),
	    text, why.text);
}

/* ---- lists ----------------------------------------------------------------------- */

/* Columns with tabs between: for people who fill in a journal, and for cut(1). */
static void
list_sectors(struct request *q, const struct significance_rules *r)
{
	const json_t *type;
	size_t k;

	for (size_t i = 0; i < r->nsectors; i++) {
		fprintf(q->f, "%s\t%s\t", r->sectors[i].choice->id,
		    rules_text(&r->sectors[i].choice->name, q->lang));
		json_array_foreach(r->sectors[i].types, k, type)
			fprintf(q->f, "%s%s", k ? " " : "", json_string_value(type));
		fputc('\n', q->f);
	}
}

struct listing { const struct significance_rules *r; uint8_t *asked; };

static void
see(void *arg, const struct condition *c)
{
	struct listing *l = arg;

	l->asked[c->field - l->r->fields->v] = 1;
	if (c->of)
		l->asked[c->of - l->r->fields->v] = 1;
}

static bool
list_questions(struct request *q, const struct significance_rules *r)
{
	struct listing l = { r, calloc(r->fields->n + 1, 1) };

	for (size_t i = 0; l.asked && i < r->nsets; i++)
		for (size_t k = 0; k < r->sets[i].nrules; k++)
			condition_each(&r->sets[i].rules[k].when, see, &l);
	for (size_t i = 0; l.asked && i < r->fields->n; i++) {
		const struct incident_field *f = &r->fields->v[i];

		if (l.asked[i])
			fprintf(q->f, "%s\t%s\t%s\t%s\n", f->id, incident_type_names[f->type],
			    f->unit ? f->unit : "", rules_text(&f->question, q->lang));
	}
	free(l.asked);
	return l.asked != NULL;
}

/* ---- the run --------------------------------------------------------------------- */

static bool
render(struct request *q, const struct significance *s)
{
	struct paper *p;
	bool good;

	if (request_wants(q, "ndjson")) {
		good = significance_write(s, request_jw(q)) && request_sent(q);
		for (size_t i = 0; good && i < s->ncriteria; i++)
			good = significance_write_criterion(s, &s->criteria[i], request_jw(q)) &&
			    request_sent(q);
		return good;
	}
	p = significance_page(s);
	return request_render(q, p, p != NULL);
}

/* The exit status; 2 with why. */
static int
judge(struct request *q, const struct wishes *w, const struct significance_rules *r,
    const struct incident *i, struct err *e)
{
	struct figures_tried tried[TRIES] = { { NULL } };
	struct significance_case c = {
		.incident = i, .day = w->on, .sector = w->sector, .set = w->rules_of,
		.zone = w->zone ? w->zone : i ? i->zone : q->site && q->site->timezone ?
		    q->site->timezone : "Europe/Stockholm",
		.now = q->now != INT64_MIN ? q->now : stamp_now(), .lang = q->lang,
		.tried = tried, .ntried = w->nset, .types = q->site ? &q->site->org.sector : NULL,
	};
	struct significance *s = NULL;
	int status = 2;
	size_t k;

	for (k = 0; k < w->nset; k++)
		if (!read_try(r->fields, w->set[k], c.zone, &tried[k], e))
			break;
	if (k == w->nset && (s = significance_run(r, &c, e))) {
		status = s->answer == TRUTH_NO ? 0 : 1;
		if (!render(q, s)) {
			err_set(e, "out of memory");
			status = 2;
		}
	}
	significance_free(s);
	for (k = 0; k < w->nset; k++)
		json_decref(tried[k].value);
	return status;
}

static int
significant(struct request *q, const struct wishes *w, const char *path)
{
	struct incident_fields *fields = NULL;
	struct significance_rules *r = NULL;
	struct incident *i = NULL;
	struct err e = { "" };
	int status = 2;

	if (request_open(q, &e) && (fields = incident_fields_load(q->rules_dir, &e)) &&
	    (r = significance_rules_load(q->rules, fields, q->rules_dir, &e))) {
		if (w->list == O_SECTORS) {
			list_sectors(q, r);
			status = 0;
		} else if (w->list) {
			status = list_questions(q, r) ? 0 : 2;
		} else if (!path || (i = incident_read(path, fields, &e)))
			status = judge(q, w, r, i, &e);
	}
	incident_free(i);
	significance_rules_free(r);
	incident_fields_free(fields);
	return request_end(q, status, &e);
}

/* The options of its own. */
static bool
take(void *arg, int id, const struct opt_state *os, struct err *e)
{
	struct wishes *w = arg;

	switch (id) {
	case O_ON: w->on = os->value; break;
	case O_SECTOR: w->sector = os->value; break;
	case O_RULES_OF: w->rules_of = os->value; break;
	case O_ZONE:
		w->zone = os->value;
		return site_timezone(w->zone, 0, NULL) || err_set(e, "--zone %.60s: no such time "
		    "zone", w->zone);
	case O_SET:
		if (w->nset == TRIES)
			return err_set(e, "--set: %d at most", TRIES);
		w->set[w->nset++] = os->value;
		break;
	default: w->list = id;
	}
	return true;
}

int
significant_main(int argc, char **argv)
{
	struct request q = REQUEST("text");
	struct wishes w = { NULL };
	struct err e = { "" };

	q.types = types;
	if (!request_parse(&q, &prog, argc, argv, take, &w, &e))
		return request_fail(&q, &e);
	if (q.nin > 1)
		err_set(&e, "%s: one incident at a time", q.in[1]);
	else if (!q.nin && !w.list && !w.nset && !w.sector && !q.site_file)
		err_set(&e, "which incident? Give its folder, or figures to try with --set");
	return e.text[0] ? request_fail(&q, &e) : significant(&q, &w, q.nin ? q.in[0] : NULL);
}
