/* due.c: calchain due: what must be calibrated next. */
#include "calchain.h"

#include "base/diag.h"
#include "base/stamp.h"
#include "base/term.h"
#include "ledger/ical.h"

#include <stdlib.h>

enum { O_TEXT = 1, O_ICAL, O_NOW, O_WITHIN, O_SCHEMA, O_FIELDS };

static const struct opt opts[] = {
	{ "ical", 0, NULL, "an iCalendar instead of records", NULL, O_ICAL },
	{ "list-fields", 0, NULL, "what can be written: key, type, meaning", NULL, O_FIELDS },
	{ "now", 0, "TIME", "as of this time, instead of the clock", NULL, O_NOW },
	{ "schema", 0, NULL, "the JSON Schemas of what is written", NULL, O_SCHEMA },
	{ "text", 't', NULL, "a table for people instead of records", NULL, O_TEXT },
	{ "within", 0, "TIME", "what is due within so long: 30d unless given", NULL, O_WITHIN },
	{ NULL },
};

static const char *const types[] = { "calibration_status", NULL };

static const struct prog prog = {
	.name = "calchain due",
	.synopsis = "calchain due [-t] [--ical] [--now TIME] [--within TIME] [DIR | FILE ...]\n"
	    "calchain due --list-fields | --schema",
	.purpose = "Lists instruments whose calibration is due; exit status 1 when there are any.",
	.opts = opts,
	.words = "file",
};

/* Instruments with a day, the nearest first. */
struct next { const struct inst *inst; int64_t due; size_t at; };
struct list {
	struct next *v; size_t n, total;        /* due in time; all that count */
	size_t overdue, dateless;
	const struct inst *later; int64_t later_due;    /* the next one after those */
};

static int
by_due(const void *a, const void *b)
{
	const struct next *x = a, *y = b;

	if (x->due != y->due)
		return x->due < y->due ? -1 : 1;
	return (x->at > y->at) - (x->at < y->at);
}

/* In use, with the day until which it is good. What is out of use needs no calibration. */
static bool
gather(struct list *l, const struct ledger *ledger, const struct work_rules *rules,
    const struct moment *now, int64_t soon)
{
	struct standing s;

	if (!(l->v = calloc(ledger_count(ledger) + 1, sizeof(*l->v))))
		return false;
	for (size_t i = 0; i < ledger_count(ledger); i++) {
		const struct inst *x = ledger_inst(ledger, i);
		if (!standing_counts(x))
			continue;
		standing_at(&s, x, rules, now, soon);
		if (s.state == STANDING_OUT_OF_USE || s.state == STANDING_REPLACED)
			continue;
		l->total++;
		if (s.due == DAY_NONE) {
			l->dateless++;
		} else if (s.left <= soon) {
			l->v[l->n++] = (struct next){ x, s.due, i };
			l->overdue += s.left < 0;
		} else if (!l->later || s.due < l->later_due) {
			l->later = x;
			l->later_due = s.due;
		}
	}
	if (l->n)
		qsort(l->v, l->n, sizeof(*l->v), by_due);
	return true;
}

static void
put_row(struct table *t, const struct status *s)
{
	const struct standing *st = &s->standing;
	char due[DAY_TEXT], left[48];
	long long n = st->left < 0 ? -st->left : st->left;
	const char *cells[] = { s->inst->id, s->inst->text[INST_NAME], day_put(due, st->due), left,
		fact_word(st->calibration, FACT_CERTIFICATE),
		fact_word(st->calibration, FACT_LABORATORY), s->inst->text[INST_LOCATION],
		s->inst->text[INST_OWNER], NULL };
	bool other = st->state != STANDING_DUE_SOON && st->state != STANDING_OVERDUE;

	if (st->left == 0)
		snprintf(left, sizeof(left), "today");
	else
		snprintf(left, sizeof(left), st->left < 0 ? "%lld day%s ago" : "in %lld day%s", n,
		    n == 1 ? "" : "s");
	cells[8] = other ? st->why : "";
	table_row(t, cells);
}

static int
put_table(const struct list *l, const struct ledger *ledger, const struct work_rules *rules,
    const struct moment *now, int64_t soon)
{
	static const struct cell_column cols[] = {
		{ "INSTRUMENT", NULL, 14, 0 }, { "NAME", NULL, 8, 4 }, { "DUE", NULL, 10, 0 },
		{ "", NULL, 14, 0 }, { "CERTIFICATE", NULL, 11, 5 }, { "LABORATORY", NULL, 10, 3 },
		{ "LOCATION", NULL, 8, 2 }, { "OWNER", NULL, 8, 1 }, { "BUT", NULL, 20, 0 },
	};
	struct table t = { .cols = cols, .ncols = sizeof(cols) / sizeof(*cols) };
	struct status s;
	char day[DAY_TEXT];
	bool failed;

	for (size_t i = 0; i < l->n; i++) {
		status_make(&s, ledger, l->v[i].inst, rules, now, soon);
		put_row(&t, &s);
	}
	failed = t.failed;
	table_put(stdout, &t, term_width(100));
	table_free(&t);
	if (failed) {
		diag("not enough memory for this table");
		return 2;
	}
	if (l->n)
		printf("\n%zu of %zu instruments due within %lld days, %zu of them overdue.", l->n,
		    l->total, (long long)soon, l->overdue);
	else
		printf("None of %zu instruments is due within %lld days.", l->total,
		    (long long)soon);
	if (l->later)
		printf(" Next: %s on %s.", l->later->id, day_put(day, l->later_due));
	if (l->dateless)
		printf(" %zu without a due day.", l->dateless);
	putchar('\n');
	return printed_end();
}

static int
put_ical(const struct list *l, const struct ledger *ledger, const struct work_rules *rules,
    const struct moment *now, int64_t soon)
{
	struct status s;

	ical_begin(stdout, "calchain due");
	for (size_t i = 0; i < l->n; i++) {
		status_make(&s, ledger, l->v[i].inst, rules, now, soon);
		ical_event(stdout, &s, now->us);
	}
	ical_end(stdout);
	return printed_end();
}

static int
put_records(const struct list *l, const struct ledger *ledger, const struct work_rules *rules,
    const struct moment *now, int64_t soon)
{
	struct records *r = records_new();
	bool ok = r != NULL;
	struct status s;

	for (size_t i = 0; ok && i < l->n; i++) {
		status_make(&s, ledger, l->v[i].inst, rules, now, soon);
		ok = records_sent(r, status_write(records_jw(r), &s, now->us));
	}
	return r ? records_end(r) : 2;
}

static int
run(const struct ledger *l, const struct work_rules *rules, int64_t soon, bool text, bool ical)
{
	struct moment now = moment_of(stamp_now());
	struct list list = { NULL };
	int status;

	if (!gather(&list, l, rules, &now, soon)) {
		diag("not enough memory for this list");
		return 2;
	}
	status = text ? put_table(&list, l, rules, &now, soon) :
	    ical ? put_ical(&list, l, rules, &now, soon) :
	    put_records(&list, l, rules, &now, soon);
	if (!status)
		status = list.n > 0;
	free(list.v);
	return status;
}

int
due_main(int argc, char **argv)
{
	struct work_rules *rules = NULL;
	struct ledger_opts lo = { .known = INT64_MAX };
	struct sources src = { NULL };
	struct opt_state os;
	struct err e = { "" };
	struct ledger *l;
	int64_t soon = 30;
	bool text = false, ical = false, ok = true;
	int id, status = 2;

	diag_name(prog.name);
	for (opt_begin(&os, &prog, argc, argv); ok && (id = opt_next(&os, &e)) > 0; )
		switch (id) {
		case O_TEXT: text = true; break;
		case O_ICAL: ical = true; break;
		case O_NOW: ok = now_get(os.value, &e); break;
		case O_WITHIN: ok = days_get(&soon, "--within", os.value, &e); break;
		case O_SCHEMA: return print_schemas(types);
		case O_FIELDS: return print_fields(types);
		}
	if (ok && id == -2)
		return 0;
	if (!e.text[0] && text && ical)
		err_set(&e, "--text and --ical do not go together");
	if (e.text[0] || !sources_get(&src, argc, argv, os.i, &e) ||
	    !(rules = work_rules_load(&e)) || !reading_only(&e)) {
		diag("%s", e.text);
		work_rules_free(rules);
		return 2;
	}
	lo.until = stamp_now();
	if ((l = sources_read(&src, &lo))) {
		status = run(l, rules, soon, text, ical);
		ahead_tell(l);
		if (src.bad)
			status = 2;
		ledger_free(l);
	}
	sources_free(&src);
	work_rules_free(rules);
	return status;
}
