/* plan: what falls due in a year, and what is overdue. */
#include "nis2report.h"
#include "request.h"

#include "base/diag.h"
#include "base/stamp.h"
#include "ledger/ical.h"
#include "report/cycle_page.h"

enum { O_WITHIN = REQUEST_OWN, O_FROM, O_YEAR };

static const char *const types[] = { "duty", NULL };

static const struct opt opts[] = {
	REQUEST_OPTS("text|markdown|html|ndjson|ics"),
	{ "from", 0, "DATE", "the period begins on this day (that of judgement)", NULL, O_FROM },
	{ "within", 0, "TIME", "how long the period is: 90d, 12w (a year)", NULL, O_WITHIN },
	{ "year", 0, NULL, "the whole calendar year of that day", NULL, O_YEAR },
	{ NULL },
};

static const struct prog prog = {
	.name = "nis2report plan",
	.synopsis =
	    "nis2report plan [-f FORMAT] [-l LANG] [-o FILE [--force]] [-s FILE] [-w COLUMNS]\n"
	    "[--from DATE] [--now TIME] [--rules DIR] [--within TIME | --year] [FILE ...]\n"
	    "nis2report plan --list-fields | --schema",
	.purpose = "The yearly cycle: reviews, exercises, follow-ups, what ends and when.",
	.opts = opts,
	.words = "file",
	.footer = "Exit status: 0 nothing is overdue, 1 something is, 2 it could not be done.",
};

struct ask {
	int64_t from, within;           /* INT64_MIN: the day of judgement; 0: a year */
	bool year;
};

static bool
take_own(void *arg, int id, const struct opt_state *os, struct err *e)
{
	struct ask *a = arg;
	int64_t s;

	switch (id) {
	case O_FROM:
		return stamp_parse(&a->from, os->value, strlen(os->value)) ||
		    err_set(e, "%s %s: a date such as 2027-01-01", os->shown, os->value);
	case O_WITHIN:
		if (!stamp_parse_span(&s, os->value) || s < 86400 || s > 36600LL * 86400)
			return err_set(e, "%s %s: a time such as 90d or 12w, a day at least",
			    os->shown, os->value);
		a->within = s * 1000000;
		return true;
	case O_YEAR: a->year = true; return true;
	}
	return false;
}

static bool
take(void *arg, const char *p, size_t n, struct err *e)
{
	return cycle_add(arg, p, n, e);
}

/* The UID is of what is due, for whom and which time: a day that moves keeps it. */
static void
calendar(FILE *f, const struct cycle *c)
{
	static const char program[] = "nis2report plan";
	char key[1024], about[1024];

	ical_begin(f, program);
	for (size_t i = 0; i < c->n; i++) {
		const struct duty *d = &c->v[i];
		snprintf(key, sizeof(key), "%s\n%s\n%s\n%u", c->site && c->site->key ?
		    c->site->key : "", d->id, d->subject ? d->subject : "", d->turn);
		snprintf(about, sizeof(about), "%s%s%s%s%s", d->owner ? d->owner : "",
		    d->owner && d->why ? "\n" : "", d->why ? d->why : "",
		    (d->owner || d->why) && d->reference ? "\n" : "",
		    d->reference ? d->reference : "");
		ical_day(f, &(struct ical_day){ .program = program, .key = key, .day = d->due,
			.summary = d->what, .description = about, .category = "NIS2" }, c->now);
	}
	ical_end(f);
}

static bool
render(struct request *q, const struct cycle *c)
{
	struct paper *p;
	bool ok = true;

	if (request_wants(q, "ics")) {
		calendar(q->f, c);
		return !ferror(q->f);
	}
	if (request_wants(q, "ndjson")) {
		for (size_t i = 0; ok && i < c->n; i++)
			ok = duty_write(c, &c->v[i], request_jw(q)) && request_sent(q);
		return ok;
	}
	p = request_blank(q);
	return request_render(q, p, p && cycle_page(p, c));
}

static int
plan(struct request *q, const struct ask *a)
{
	struct cycle c;
	struct err e = { "" };
	int64_t now = q->now == INT64_MIN ? stamp_now() : q->now;
	int64_t from = a->from == INT64_MIN ? now : a->from, until;
	int status = 2;

	if (a->year)
		from = cycle_year(from);
	until = a->within ? from + a->within :
	    cycle_after(from, (struct cycle_every){ .months = 12 });
	if (!cycle_init(&c, q->rules, q->site, q->lang, q->rules_dir, &e))
		goto out;
	if (!request_read(q, take, &c, &e) || !cycle_run(&c, now, from, until, &e))
		goto out;
	if (!q->site)
		diag("no --site: nothing shows what was done, and who answers for it");
	if (!render(q, &c))
		err_set(&e, "out of memory");
	else
		status = c.count[DUTY_OVERDUE] ? 1 : 0;
out:
	cycle_free(&c);
	return request_end(q, status, &e);
}

int
plan_main(int argc, char **argv)
{
	struct request q = REQUEST("text");
	struct ask a = { .from = INT64_MIN };
	struct err e = { "" };
	bool good;

	q.types = types;
	good = request_parse(&q, &prog, argc, argv, take_own, &a, &e);
	if (good && a.year && a.within)
		good = err_set(&e, "--year and --within: one of them");
	if (!good || !request_apart(&q, "the records", &e) || !request_open(&q, &e))
		return request_fail(&q, &e);
	return plan(&q, &a);
}
