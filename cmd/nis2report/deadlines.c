/* deadlines: which clocks run on incidents, how long they still have, and what was done. */
#include "nis2report.h"
#include "request.h"

#include "base/diag.h"
#include "base/stamp.h"
#include "incident/deadline_say.h"
#include "incident/escalate.h"
#include "ledger/ical.h"
#include "report/deadlines_paper.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { O_WITHIN = REQUEST_OWN, O_ESCALATE };

static const char *const types[] = { "deadline", NULL };

static const struct opt opts[] = {
	REQUEST_OPTS("text|markdown|html|ndjson|ical"),
	{ "escalate", 0, NULL, "a line for each that needs somebody: to whom, subject, text", NULL,
	    O_ESCALATE },
	{ "within", 0, "TIME", "also say 1 when one falls due within this time: 6h, 2d", NULL,
	    O_WITHIN },
	{ NULL },
};

static const struct prog prog = {
	.name = "nis2report deadlines",
	.synopsis =
	    "nis2report deadlines [-f FORMAT | --escalate] [-l LANG] [-o FILE [--force]]\n"
	    "[-s FILE] [-w COLUMNS] [--now TIME] [--rules DIR] [--within TIME] DIR ...\n"
	    "nis2report deadlines --list-fields | --schema",
	.purpose = "The clocks that run on incidents: from when, until when, and what was done.",
	.opts = opts,
	.words = "dir",
	.footer = "Exit status: 0 nothing is overdue, 1 something is or falls due within\n"
	    "--within, 2 it could not be done.",
};

/* What a run has read. */
struct run {
	struct request q;
	int64_t within;
	bool escalate;
	struct incident_fields *fields;
	struct deadline_rules *set;
	struct incident **v; size_t n;
	struct deadlines d;
};

/* ---- reading ------------------------------------------------------------------------- */

/* A stage that no clock knows leaves that clock running. */
static void
say_unknown_stages(const struct run *r, const struct incident *i)
{
	for (size_t k = 0; k < i->nsubmissions; k++) {
		const struct incident_submission *s = &i->submissions[k];
		bool known = false;

		for (size_t m = 0; m < r->set->n; m++)
			known |= deadline_names_have(&r->set->v[m].stage, s->stage);
		if (!known)
			diag("%s: record %llu: %s was submitted, which is no stage that a clock "
			    "waits for", i->path, (unsigned long long)s->at.seq, s->stage);
	}
}

/* One journal. What is wrong with it is said, and the others are read. */
static bool
read_one(struct run *r, const char *path, struct err *e)
{
	struct err why = { "" };
	struct incident *i, **v;

	if (r->n == LIM_INCIDENTS)
		return err_set(e, "more than %u journals", LIM_INCIDENTS);
	if (!(i = incident_read(path, r->fields, &why))) {
		diag("%s", why.text);
		r->q.broken = true;
		return true;
	}
	if (!site_timezone(i->zone, 0, NULL))
		diag("%s: time zone %s: not one that is known here; times are UTC", i->path,
		    i->zone);
	say_unknown_stages(r, i);
	v = realloc(r->v, (r->n + 1) * sizeof(*v));
	if (!v) {
		incident_free(i);
		return err_set(e, "out of memory");
	}
	r->v = v;
	v[r->n++] = i;
	return deadlines_add(&r->d, i, r->q.site, e);
}

static bool
is_journal(const char *path)
{
	char name[4096];

	return snprintf(name, sizeof(name), "%s/records.ndjson", path) < (int)sizeof(name) &&
	    access(name, F_OK) == 0;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The journals in a folder, by their names. */
static bool
read_folder(struct run *r, const char *path, struct err *e)
{
	DIR *dir = opendir(path);
	char **names = NULL, **more, one[4096];
	const struct dirent *en;
	size_t n = 0, was = r->n;
	bool good = dir || err_sys(e, "%s", path);

	while (good && (en = readdir(dir))) {
		if (en->d_name[0] == '.' || snprintf(one, sizeof(one), "%s/%s", path,
		    en->d_name) >= (int)sizeof(one) || !is_journal(one))
			continue;
		more = n < LIM_INCIDENTS ? realloc(names, (n + 1) * sizeof(*names)) : NULL;
		if (more)
			names = more;
		good = more && (names[n] = strdup(one)) ? (n++, true) :
		    err_set(e, "%s: more than %u journals, or out of memory", path,
			LIM_INCIDENTS);
	}
	if (dir)
		closedir(dir);
	if (n)
		qsort(names, n, sizeof(*names), by_name);
	for (size_t i = 0; i < n; i++) {
		good = good && read_one(r, names[i], e);
		free(names[i]);
	}
	free(names);
	if (good && n == 0 && r->n == was)
		diag("%s: no incident's journal, and no folder with one", path);
	return good;
}

/* ---- writing ------------------------------------------------------------------------- */

/* Before the end of what lasts a day at most, and of what lasts longer. */
static const int short_alarms[] = { 360, 60 }, long_alarms[] = { 1440, 360, 60 };

static bool
calendar(struct run *r)
{
	static const char program[] = "nis2report deadlines";
	FILE *f = r->q.f;
	char key[1024], summary[1024], *state;

	ical_begin(f, program);
	for (size_t i = 0; i < r->d.n; i++) {
		const struct deadline *x = &r->d.v[i];
		bool day = x->rule->within.unit == CALENDAR_HOURS && x->rule->within.n <= 24;

		if (x->state != DEADLINE_OVERDUE && x->state != DEADLINE_SOON &&
		    x->state != DEADLINE_RUNNING)
			continue;
		if (!(state = deadline_within_text(&r->d, x, r->q.lang)))
			state = strdup("");
		snprintf(key, sizeof(key), "%s\n%s", x->incident->origin, x->rule->id);
		snprintf(summary, sizeof(summary), "%s: %s%s%s%s%s", x->incident->name,
		    rules_text(&x->rule->name, r->q.lang), state && *state ? ", " : "",
		    state ? state : "", x->provisional ? " \xc2\xb7 " : "",
		    x->provisional ? rules_word(r->q.rules, "deadlines.provisional", r->q.lang) :
		    "");
		free(state);
		ical_moment(f, &(struct ical_moment){ .program = program, .key = key,
			.us = x->end.us, .sequence = x->incident->records, .summary = summary,
			.description = rules_text(&x->rule->why, r->q.lang), .category = "NIS2",
			.alarms = day ? short_alarms : long_alarms,
			.nalarms = day ? sizeof(short_alarms) / sizeof(*short_alarms) :
			sizeof(long_alarms) / sizeof(*long_alarms) }, r->d.now);
	}
	ical_end(f);
	return !ferror(f);
}

static bool
lines(struct run *r)
{
	struct escalation who;
	size_t nobody = 0;
	char *line;

	for (size_t i = 0; i < r->d.n; i++) {
		if (!escalate(&r->d, &r->d.v[i], r->q.site, &who))
			continue;
		if (!(line = escalate_line(&r->d, &r->d.v[i], &who, r->q.lang)))
			return false;
		nobody += *line == '-';
		fprintf(r->q.f, "%s\n", line);
		free(line);
	}
	if (nobody)
		diag("%zu of these lines have nobody with an address to go to: people of %s with "
		    "the roles incident_lead and management, and their email", nobody,
		    r->q.site_file ? r->q.site_file : "the site file");
	return !ferror(r->q.f);
}

static bool
render(struct run *r)
{
	struct paper *p;
	bool ok = true;

	if (r->escalate)
		return lines(r);
	if (request_wants(&r->q, "ical"))
		return calendar(r);
	if (request_wants(&r->q, "ndjson")) {
		for (size_t i = 0; ok && i < r->d.n; i++)
			ok = deadline_write(&r->d, &r->d.v[i], r->q.lang, request_jw(&r->q)) &&
			    request_sent(&r->q);
		return ok;
	}
	p = request_blank(&r->q);
	return request_render(&r->q, p, p && deadlines_paper(p, &r->d, r->v, r->n));
}

/* ---- the run --------------------------------------------------------------------------- */

static void
release(struct run *r)
{
	deadlines_free(&r->d);
	for (size_t i = 0; i < r->n; i++)
		incident_free(r->v[i]);
	free(r->v);
	deadline_rules_free(r->set);
	incident_fields_free(r->fields);
}

static int
run(struct run *r, char *const *path, int n)
{
	struct err e = { "" };
	struct stat st;
	bool good;
	int status = 2;

	if (!(r->fields = incident_fields_load(r->q.rules_dir, &e)) ||
	    !(r->set = deadline_rules_load(r->q.rules_dir, r->q.rules, r->fields, &e)))
		goto out;
	deadlines_init(&r->d, r->q.rules, r->set, r->q.now == INT64_MIN ? stamp_now() : r->q.now,
	    r->within);
	for (int i = 0; i < n; i++) {
		if (stat(path[i], &st) != 0) {
			err_sys(&e, "%s", path[i]);
			goto out;
		}
		good = is_journal(path[i]) || !S_ISDIR(st.st_mode) ? read_one(r, path[i], &e) :
		    read_folder(r, path[i], &e);
		if (!good)
			goto out;
	}
	deadlines_sort(&r->d);
	if (!render(r))
		err_set(&e, "out of memory");
	else
		status = deadlines_due(&r->d) ? 1 : 0;
out:
	release(r);
	return request_end(&r->q, status, &e);
}

static bool
own_option(void *arg, int id, const struct opt_state *os, struct err *e)
{
	struct run *r = arg;
	int64_t s;

	if (id == O_ESCALATE) {
		r->escalate = true;
		return true;
	}
	if (!stamp_parse_span_unit(&s, os->value) || s > 3660LL * 86400)        /* --within */
		return err_set(e, "%s %s: a time such as 6h or 2d", os->shown, os->value);
	r->within = s * 1000000;
	return true;
}

int
deadlines_main(int argc, char **argv)
{
	struct run r = { .q = REQUEST("text") };
	const char *unasked = r.q.format;
	struct err e = { "" };

	r.q.types = types;
	if (request_parse(&r.q, &prog, argc, argv, own_option, &r, &e) && r.q.nin == 0)
		err_set(&e, "which incident? The folder of its journal, or a folder of such "
		    "folders, is expected");
	if (!e.text[0] && r.escalate && r.q.format != unasked)
		err_set(&e, "--escalate and --format: one of them");
	if (e.text[0] || !request_open(&r.q, &e))
		return request_fail(&r.q, &e);
	return run(&r, r.q.in, r.q.nin);
}
