/* status.c: calchain status: every instrument, and whether it may be used. */
#include "calchain.h"

#include "base/diag.h"
#include "base/stamp.h"
#include "base/term.h"
#include "ledger/status.h"

#include <stdlib.h>

enum { O_TEXT = 1, O_NOW, O_WITHIN, O_SCHEMA, O_FIELDS };

static const struct opt opts[] = {
	{ "list-fields", 0, NULL, "what can be written: key, type, meaning", NULL, O_FIELDS },
	{ "now", 0, "TIME", "as of this time, instead of the clock", NULL, O_NOW },
	{ "schema", 0, NULL, "the JSON Schemas of what is written", NULL, O_SCHEMA },
	{ "text", 't', NULL, "a table for people instead of records", NULL, O_TEXT },
	{ "within", 0, "TIME", "due soon is what is due within so long: 30d", NULL, O_WITHIN },
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

int
status_main(int argc, char **argv)
{
	struct work_rules *rules = NULL;
	struct ledger *l;
	struct ledger_opts lo = { .known = INT64_MAX };
	struct sources src = { NULL };
	struct opt_state os;
	struct err e = { "" };
	struct moment now;
	int64_t soon = 30;
	bool text = false, ok = true;
	int id, status = 2;

	diag_name(prog.name);
	for (opt_begin(&os, &prog, argc, argv); ok && (id = opt_next(&os, &e)) > 0; )
		switch (id) {
		case O_TEXT: text = true; break;
		case O_NOW: ok = now_get(os.value, &e); break;
		case O_WITHIN: ok = days_get(&soon, "--within", os.value, &e); break;
		case O_SCHEMA: return print_schemas(types);
		case O_FIELDS: return print_fields(types);
		}
	if (ok && id == -2)
		return 0;
	if (e.text[0] || !sources_get(&src, argc, argv, os.i, &e) ||
	    !(rules = work_rules_load(&e)) || !reading_only(&e)) {
		diag("%s", e.text);
		work_rules_free(rules);
		return 2;
	}
	now = moment_of(stamp_now());
	lo.until = now.us;
	if ((l = sources_read(&src, &lo))) {
		status = text ? put_table(l, rules, &now, soon) : put_records(l, rules, &now, soon);
		ahead_tell(l);
		if (src.bad)
			status = 2;
		ledger_free(l);
	}
	sources_free(&src);
	work_rules_free(rules);
	return status;
}
