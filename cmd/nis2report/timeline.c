/* timeline: logs of many sources in; what happened, in order, out. */
#include "nis2report.h"
#include "request.h"
#include "timeline_ask.h"
#include "timeline_out.h"

#include "base/diag.h"
#include "base/limits.h"
#include "base/stamp.h"
#include "model/local_time.h"
#include "timeline/correlate.h"
#include "timeline/map.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { O_FROM = REQUEST_OWN, O_TO, O_SOURCE, O_CLOCK, O_FOLD, O_YEAR, O_ALL };

static const struct opt opts[] = {
	REQUEST_OPTS("text|markdown|html|ndjson|csv|timesketch"),
	{ "from", 0, "TIME", "only what happened at or after TIME; a date is the site's", NULL,
	    O_FROM },
	{ "to", 0, "TIME", "only what happened before TIME; a date is included", NULL, O_TO },
	{ "source", 0, "SOURCE", "NAME=KIND:FILE[,clock=OFFSET][,zone=ZONE][,map=FILE]", NULL,
	    O_SOURCE },
	{ "clock", 0, "CLOCK", "NAME=OFFSET puts a source's clock right; NAME=estimate:OTHER",
	    NULL, O_CLOCK },
	{ "fold", 0, "SECONDS", "what repeats within SECONDS is one item (60; 0: duplicates only)",
	    NULL, O_FOLD },
	{ "year", 0, "YEAR", "of logs that name none (the newest before now)", NULL, O_YEAR },
	{ "all", 0, NULL, "reads, flows and messages of all kinds are items, too", NULL, O_ALL },
	{ NULL },
};

static const char *const types[] = { "timeline", "timeline_source", "timeline_gap",
	"timeline_fault", NULL };

static const struct prog prog = {
	.name = "nis2report timeline",
	.synopsis =
	    "nis2report timeline [-f FORMAT] [-l LANG] [-o FILE [--force]] [-s FILE] [-w COLUMNS]\n"
	    "[--all] [--clock CLOCK] [--fold SECONDS] [--from TIME] [--now TIME] [--rules DIR]\n"
	    "[--source SOURCE] [--to TIME] [--year YEAR] [FILE ...]\n"
	    "nis2report timeline --list-fields | --schema",
	.purpose = "Merges the logs of many sources: what happened, in order, and why.",
	.opts = opts,
	.words = "file",
	.footer = "Exit status: 0 done; 2 it could not be done, or lines could not be read.",
};

struct ask {
	const char *from, *to;
	struct ask_source *sources; size_t nsources;
	struct ask_clock *clocks; size_t nclocks;
	struct timeline_ask a;
};

static void
say_fault(void *arg, const struct timeline_fault *f)
{
	if (f->line)
		diag("%s:%llu: %s%s%s", f->file, (unsigned long long)f->line, f->what,
		    *f->expected ? ": expected " : "", f->expected);
	else
		diag("%s: %s%s%s", f->file, f->what, *f->expected ? ": expected " : "",
		    f->expected);
}

static void
say_remark(void *arg, const char *text)
{
	diag("%s", text);
}

/* ---- reading ------------------------------------------------------------------------------- */

static bool
period(const struct request *q, struct ask *k, struct err *e)
{
	const char *zone = q->site ? q->site->timezone : "Europe/Stockholm";
	int64_t to;

	k->a.from = INT64_MIN;
	k->a.to = INT64_MAX;
	if ((k->from && !local_parse(zone, k->from, false, &k->a.from, e)) ||
	    (k->to && !local_parse(zone, k->to, true, &to, e)))
		return false;
	/* a day is included, to its last microsecond */
	if (k->to)
		k->a.to = to + (strlen(k->to) == 10);
	return k->a.from < k->a.to || err_set(e, "--from %s --to %s: nothing lies between them",
	    k->from, k->to);
}

/* Every source before the first file: a clock is of one that there is. */
static bool
declare(struct timeline *t, struct ask *k, struct err *e)
{
	for (size_t i = 0; i < k->nsources; i++) {
		struct ask_source *a = &k->sources[i];
		struct timeline_source *s = timeline_source_add(t, a->name, e);

		if (!s)
			return false;
		if (a->map && !(a->loaded = map_load(a->map, a->format == TIMELINE_NDJSON, e)))
			return false;
		if (a->has_clock) {
			s->offset = a->clock;
			s->basis = TIMELINE_DECLARED;
		}
	}
	for (size_t i = 0; i < k->nclocks; i++) {
		struct timeline_source *s = NULL;

		for (size_t n = 0; n < k->nsources; n++)
			if (strcmp(k->sources[n].name, k->clocks[i].name) == 0)
				s = timeline_source_add(t, k->clocks[i].name, e);
		if (!s)
			return err_set(e, "--clock %s: no such source", k->clocks[i].name);
		s->offset = k->clocks[i].other ? 0 : k->clocks[i].offset;
		s->basis = k->clocks[i].other ? TIMELINE_ESTIMATED : TIMELINE_DECLARED;
	}
	return true;
}

static bool
read_all(struct timeline *t, const struct ask *k, struct err *e)
{
	for (size_t i = 0; i < k->nsources; i++) {
		const struct ask_source *a = &k->sources[i];
		struct timeline_source *s = timeline_source_add(t, a->name, e);

		s->kind = a->kind;
		s->format = a->format;
		s->zone = a->zone;
		s->map = a->loaded;
		if (!timeline_read(t, s, a->file, e))
			return false;
	}
	return true;
}

/* ---- the run ------------------------------------------------------------------------------- */

/* What the answer does not hold, said beside it. */
static void
remarks(const struct timeline *t, struct request *q)
{
	uint64_t lines = 0, items = 0, faults = 0;

	for (size_t i = 0; i < timeline_sources(t); i++) {
		lines += timeline_source(t, i)->lines;
		items += timeline_source(t, i)->items;
		faults += timeline_source(t, i)->faults;
		if (timeline_sources(t) > 1 && !timeline_source(t, i)->items)
			diag("%s: no item in %llu lines", timeline_source(t, i)->name,
			    (unsigned long long)timeline_source(t, i)->lines);
	}
	if (faults) {
		diag("%llu of %llu lines could not be read: all are in the list of faults",
		    (unsigned long long)faults, (unsigned long long)lines);
		q->broken = true;
	}
	if (!items)
		diag("no item in %llu lines", (unsigned long long)lines);
}

static bool
pairs(struct timeline_out *o)
{
	const char *a, *b;

	for (size_t i = 0; timeline_related(o->t, i, &a, &b); i++)
		if (!correlate_depends(o->why, a, b, o->e))
			return false;
	return true;
}

static int
run(struct request *q, struct ask *k)
{
	struct err e = { "" };
	struct timeline_out o = { .q = q, .e = &e };
	int status;
	bool streams = request_wants(q, "ndjson") || request_wants(q, "csv") ||
	    request_wants(q, "timesketch"), going;
	int64_t now = q->now != INT64_MIN ? q->now : stamp_now();

	k->a.now = now;
	k->a.rules = q->rules_dir;
	k->a.say = say_fault;
	k->a.remark = say_remark;
	/* the files of what does not fit into memory are opened before the program is confined */
	going = (o.t = timeline_new(&k->a, &e)) && request_open(q, &e) && period(q, k, &e);
	if (going) {
		timeline_period(o.t, k->a.from, k->a.to);
		going = timeline_begin(o.t, q->site, &e) &&
		    (o.why = correlate_new(q->rules_dir, q->site, &e)) && declare(o.t, k, &e) &&
		    read_all(o.t, k, &e) && ask_estimates(o.t, k->clocks, k->nclocks, &e) &&
		    pairs(&o);
	}
	if (going) {
		ask_doubts(o.t);
		going = timeline_sort(o.t, &e);
	}
	if (going) {
		remarks(o.t, q);
		/* a record of a source is of the moment it is judged at, or of its last line */
		if (q->now == INT64_MIN)
			now = timeline_last(o.t);
		o.from = k->a.from;
		o.to = k->a.to;
		status = streams ? timeline_out_records(&o, now) : timeline_out_paper(&o);
	} else {
		status = request_fail(q, &e);
	}
	correlate_free(o.why);
	timeline_free(o.t);
	return status;
}

/* ---- the command line ------------------------------------------------------------------------ */

static bool
number(const char *option, const char *v, long least, long most, long *n, struct err *e)
{
	char *end;

	*n = strtol(v, &end, 10);
	return (*v >= '0' && *v <= '9' && !*end && *n >= least && *n <= most) ||
	    err_set(e, "%s %s: a number from %ld to %ld", option, v, least, most);
}

static bool
own(void *arg, int id, const struct opt_state *os, struct err *e)
{
	struct ask *k = arg;
	const char *v = os->value;
	long n;

	switch (id) {
	case O_FROM: k->from = v; return true;
	case O_TO: k->to = v; return true;
	case O_SOURCE: return ask_source(&k->sources[k->nsources++], v, os->shown, e);
	case O_CLOCK: return ask_clock(&k->clocks[k->nclocks++], v, os->shown, e);
	case O_ALL: k->a.all = true; return true;
	case O_FOLD:
		if (!number(os->shown, v, 0, LIM_TIMELINE_SPAN, &n, e))
			return false;
		k->a.fold = (unsigned)n;
		return true;
	case O_YEAR:
		if (!number(os->shown, v, 1970, 9999, &n, e))
			return false;
		k->a.year = (int)n;
		return true;
	}
	return false;
}

/* Standard input can be read once. */
static bool
inputs(const struct request *q, struct ask *k, struct err *e)
{
	int stdins = q->site_file && strcmp(q->site_file, "-") == 0;

	for (int i = 0; i < q->nin; i++)
		if (!ask_operand(&k->sources[k->nsources++], q->in[i], e))
			return false;
	if (!k->nsources) {
		if (isatty(STDIN_FILENO))
			return err_set(e,
			    "no input: give a file or a --source, or pipe records in");
		if (!ask_operand(&k->sources[k->nsources++], "-", e))
			return false;
	}
	for (size_t i = 0; i < k->nsources; i++)
		stdins += strcmp(k->sources[i].file, "-") == 0;
	return stdins < 2 || err_set(e, "only one of site file and sources can be standard input");
}

static void
release(struct ask *k)
{
	for (size_t i = 0; k->sources && i < k->nsources; i++) {
		timeline_map_free(k->sources[i].loaded);
		free(k->sources[i].text);
	}
	for (size_t i = 0; k->clocks && i < k->nclocks; i++)
		free(k->clocks[i].text);
	free(k->sources);
	free(k->clocks);
}

int
timeline_main(int argc, char **argv)
{
	struct request q = REQUEST("text");
	struct ask k = { .a = { .fold = 60 } };
	struct err e = { "" };
	int status;

	q.types = types;
	/* no more sources and clocks than there are words */
	k.sources = calloc((size_t)argc + 1, sizeof(*k.sources));
	k.clocks = calloc((size_t)argc + 1, sizeof(*k.clocks));
	if (!k.sources || !k.clocks)
		err_set(&e, "out of memory");
	if (!e.text[0] && request_parse(&q, &prog, argc, argv, own, &k, &e))
		inputs(&q, &k, &e);
	status = e.text[0] ? request_fail(&q, &e) : run(&q, &k);
	release(&k);
	return status;
}
