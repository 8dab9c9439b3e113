/* due.c: calchain due: what must be calibrated next. */
#include "calchain.h"

#include "base/diag.h"
#include "base/stamp.h"
#include "base/term.h"
#include "ledger/ical.h"

#include <stdlib.h>

static const struct opt opts[] = {
	{ "ical", 0, NULL, "an iCalendar instead of records", NULL, STANDING_ICAL },
	{ "list-fields", 0, NULL, "what can be written: key, type, meaning", NULL,
	    STANDING_FIELDS },
	{ "now", 0, "TIME", "as of this time, instead of the clock", NULL, STANDING_NOW },
	{ "schema", 0, NULL, "the JSON Schemas of what is written", NULL, STANDING_SCHEMA },
	{ "text", 't', NULL, "a table for people instead of records", NULL, STANDING_TEXT },
	{ "within", 0, "TIME", "what is due within so long: 30d unless given", NULL,
	    STANDING_WITHIN },
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
	const char *days = soon == 1 ? "" : "s";
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
		printf("\n%zu of %zu instruments due within %lld day%s, %zu of them overdue.", l->n,
		    l->total, (long long)soon, days, l->overdue);
	else
		printf("None of %zu instruments is due within %lld day%s.", l->total,
		    (long long)soon, days);
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
run(void *arg, const struct ledger *l, const struct work_rules *rules, const struct moment *now)
{
	const struct standing_asked *a = arg;
	struct list list = { NULL };
	int status;

	if (!gather(&list, l, rules, now, a->soon)) {
		diag("not enough memory for this list");
		return 2;
	}
	status = a->text ? put_table(&list, l, rules, now, a->soon) :
	    a->ical ? put_ical(&list, l, rules, now, a->soon) :
	    put_records(&list, l, rules, now, a->soon);
	if (!status)
		status = list.n > 0;
	free(list.v);
	return status;
}

int
due_main(int argc, char **argv)
{
	return standing_main(&prog, types, argc, argv, run);
}
