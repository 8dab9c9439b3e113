/* status.c: calchain status: every instrument, and whether it may be used. */
#include "calchain.h"

#include "base/diag.h"
#include "base/stamp.h"
#include "base/term.h"
#include "ledger/status.h"

#include <stdlib.h>

static const struct opt opts[] = {
	{ "list-fields", 0, NULL, "what can be written: key, type, meaning", NULL,
	    STANDING_FIELDS },
	{ "now", 0, "TIME", "as of this time, instead of the clock", NULL, STANDING_NOW },
	{ "schema", 0, NULL, "the JSON Schemas of what is written", NULL, STANDING_SCHEMA },
	{ "text", 't', NULL, "a table for people instead of records", NULL, STANDING_TEXT },
	{ "within", 0, "TIME", "due soon is what is due within so long: 30d", NULL,
	    STANDING_WITHIN },
	{ NULL },
};

static const char *const types[] = { "calibration_status", "calibration_summary", NULL };

static const struct prog prog = {
	.name = "calchain status",
	.synopsis = "calchain status [-t] [--now TIME] [--within TIME] [DIR | FILE ...]\n"
	    "calchain status --list-fields | --schema",
	.purpose = "Says of every instrument of a ledger whether it is calibrated, and why not.",
	.opts = opts,
	.words = "file",
};

static int
put_table(const struct ledger *l, const struct work_rules *rules, const struct moment *now,
    int64_t soon)
{
	struct table t = { .cols = status_columns, .ncols = STATUS_COLUMNS };
	struct status_counts counts = { 0 };
	struct status s;

	for (size_t i = 0; i < ledger_count(l); i++) {
		if (!standing_counts(ledger_inst(l, i)))
			continue;
		status_make(&s, l, ledger_inst(l, i), rules, now, soon);
		status_count(&counts, &s);
		status_row(&t, &s);
	}
	if (t.failed) {
		diag("not enough memory for this table");
		table_free(&t);
		return 2;
	}
	table_put(stdout, &t, term_width(100));
	table_free(&t);
	if (counts.broken || counts.open)
		putchar('\n');
	for (size_t i = 0; i < ledger_count(l) && (counts.broken || counts.open); i++) {
		if (!standing_counts(ledger_inst(l, i)))
			continue;
		status_make(&s, l, ledger_inst(l, i), rules, now, soon);
		status_remarks(stdout, &s);
	}
	putchar('\n');
	status_headline(stdout, &counts);
	return printed_end();
}

static int
put_records(const struct ledger *l, const struct work_rules *rules, const struct moment *now,
    int64_t soon)
{
	struct records *r = records_new();
	struct status_counts counts = { 0 };
	struct status s;
	bool ok = r != NULL;

	for (size_t i = 0; ok && i < ledger_count(l); i++) {
		if (!standing_counts(ledger_inst(l, i)))
			continue;
		status_make(&s, l, ledger_inst(l, i), rules, now, soon);
		status_count(&counts, &s);
		ok = records_sent(r, status_write(records_jw(r), &s, now->us));
	}
	if (ok)
		records_sent(r, status_summary(records_jw(r), &counts, now->us));
	return r ? records_end(r) : 2;
}

static int
run(void *arg, const struct ledger *l, const struct work_rules *rules, const struct moment *now)
{
	const struct standing_asked *a = arg;

	return a->text ? put_table(l, rules, now, a->soon) : put_records(l, rules, now, a->soon);
}

int
status_main(int argc, char **argv)
{
	return standing_main(&prog, types, argc, argv, run);
}
