/* on.c: calchain on: was all that was used on a day in calibration. */
#include "calchain.h"

#include "base/diag.h"
#include "base/term.h"
#include "ledger/status.h"
#include "ledger/use_check.h"

#include <string.h>

enum { O_TEXT = 1, O_USES, O_MAP, O_SCHEMA, O_FIELDS };

static const struct opt opts[] = {
	{ "list-fields", 0, NULL, "what can be written: key, type, meaning", NULL, O_FIELDS },
	{ "map", 0, "FIELD=HEADER", "which column of --uses is the instrument, at, until or result",
	    NULL, O_MAP },
	{ "schema", 0, NULL, "the JSON Schemas of what is written", NULL, O_SCHEMA },
	{ "text", 't', NULL, "a table for people instead of records", NULL, O_TEXT },
	{ "uses", 'u', "FILE", "what was used when: CSV, or records", "file", O_USES },
	{ NULL },
};

static const char *const types[] = { "use_check", NULL };

static const struct prog prog = {
	.name = "calchain on",
	.synopsis = "calchain on [-t] [--map FIELD=HEADER] [-u FILE] DATE [DIR | FILE ...]\n"
	    "calchain on --list-fields | --schema",
	.purpose =
	    "Says whether instruments were in calibration on a day; exit status 1 when not all.",
	.opts = opts,
	.words = "file",
};

struct answer {
	struct records *r;              /* or a table */
	struct table t;
	size_t n, bad;
};

static void
put_row(struct table *t, const struct use_check *c)
{
	char at[64], then[32], now[32];
	const char *cells[] = { c->id, at, c->result, then, now,
		standing_good(c->then.state) ? c->now.why : c->then.why };

	moment_put(at, &c->at);
	if (!c->at.whole)
		memcpy(at + 16, "Z", 2);        /* to the minute */
	snprintf(then, sizeof(then), "%s", standing_names[c->then.state]);
	snprintf(now, sizeof(now), "%s", standing_names[c->now.state]);
	table_row(t, cells);
}

static bool
one(struct answer *a, const struct knowledge *k, const char *id, const struct moment *at,
    const struct moment *until, const char *result)
{
	struct use_check c;

	use_check_make(&c, k, id, at, until, result);
	/* asked about a day, not a use: what was out of use then and is now is no fault */
	if (!result && at == until && !c.good &&
	    (c.then.state == STANDING_OUT_OF_USE || c.then.state == STANDING_REPLACED ||
	    c.then.state == STANDING_UNKNOWN) &&
	    (c.now.state == STANDING_OUT_OF_USE || c.now.state == STANDING_REPLACED))
		return true;
	a->n++;
	a->bad += !c.good;
	if (a->r)
		return records_sent(a->r, use_check_write(records_jw(a->r), &c));
	if (!c.good)
		put_row(&a->t, &c);
	return !a->t.failed;
}

static void
answer_uses(struct answer *a, const struct knowledge *k, const struct uses *uses,
    const struct moment *day)
{
	bool ok = true;

	for (size_t i = 0; ok && i < uses->n; i++)
		if (spans_touch(&uses->v[i].at, &uses->v[i].until, day, day))
			ok = one(a, k, uses->v[i].instrument, &uses->v[i].at, &uses->v[i].until,
			    uses->v[i].result);
}

static void
answer_all(struct answer *a, const struct knowledge *k, const struct moment *day)
{
	bool ok = true;

	for (size_t i = 0; ok && i < ledger_count(k->now); i++)
		if (standing_counts(ledger_inst(k->now, i)))
			ok = one(a, k, ledger_inst(k->now, i)->id, day, day, NULL);
}

static int
answer_end(struct answer *a, const char *what)
{
	int status;

	if (a->r)
		return records_end(a->r);
	table_put(stdout, &a->t, term_width(100));
	if (a->t.failed)
		diag("not enough memory for this table");
	status = a->t.failed ? 2 : 0;
	table_free(&a->t);
	printf("%s%zu %s%s: %zu in calibration, %zu not.\n", a->bad ? "\n" : "", a->n, what,
	    a->n == 1 ? "" : "s", a->n - a->bad, a->bad);
	return printed_end() ? 2 : status;
}

static int
run(struct sources *src, const struct work_rules *rules, const struct moment *day,
    const struct uses *uses, bool text)
{
	static const struct cell_column cols[] = {
		{ "INSTRUMENT", NULL, 14, 0 }, { "USED", NULL, 10, 0 }, { "RESULT", NULL, 10, 0 },
		{ "THEN", NULL, 10, 0 }, { "NOW", NULL, 10, 0 }, { "WHY", NULL, 30, 0 },
	};
	struct ledger_opts lo = { .all = true, .until = INT64_MAX, .known = moment_end(day) };
	struct answer a = { .t = { .cols = cols, .ncols = sizeof(cols) / sizeof(*cols) } };
	struct ledger *then = sources_read(src, &lo), *now = NULL;
	struct impacts impacts = { NULL };
	struct knowledge k = { then, NULL, &impacts, rules };
	int status = 2;

	lo.known = INT64_MAX;
	if (then && (now = sources_read(src, &lo))) {
		k.now = now;
		if (!impacts_make(&impacts, now, NULL)) {
			diag("not enough memory for this ledger");
		} else if (text || (a.r = records_new())) {
			if (uses)
				answer_uses(&a, &k, uses, day);
			else
				answer_all(&a, &k, day);
			status = answer_end(&a, uses ? "use" : "instrument");
			if (uses && !a.n)
				diag("nothing was used on that day");
		}
	}
	impacts_free(&impacts);
	ledger_free(then);
	ledger_free(now);
	return status ? status : src->bad ? 2 : a.bad > 0;
}

int
on_main(int argc, char **argv)
{
	static struct uses_opt uo;
	struct work_rules *rules = NULL;
	struct sources src = { NULL };
	struct uses uses = { NULL };
	struct opt_state os;
	struct err e = { "" };
	struct moment day = { 0 };
	bool text = false, ok = true;
	int id, status = 2;

	diag_name(prog.name);
	for (opt_begin(&os, &prog, argc, argv); ok && (id = opt_next(&os, &e)) > 0; )
		switch (id) {
		case O_TEXT: text = true; break;
		case O_USES: ok = uses_opt_add(uo.file, &uo.nfiles, "--uses", os.value, &e); break;
		case O_MAP: ok = uses_opt_add(uo.map, &uo.nmap, "--map", os.value, &e); break;
		case O_SCHEMA: return print_schemas(types);
		case O_FIELDS: return print_fields(types);
		}
	if (ok && id == -2)
		return 0;
	if (!e.text[0] && (os.i == argc || !moment_parse(&day, argv[os.i], strlen(argv[os.i])) ||
	    !day.whole))
		err_set(&e, "on which day? a date such as 2026-11-22 comes first");
	if (!e.text[0] && sources_get(&src, argc, argv, os.i + 1, &e) &&
	    (rules = work_rules_load(&e)) && reading_only(&e) &&
	    uses_opt_load(&uo, &uses, &src, &e))
		status = run(&src, rules, &day, uo.nfiles ? &uses : NULL, text);
	else
		diag("%s", e.text);
	sources_free(&src);
	uses_free(&uses);
	work_rules_free(rules);
	return status;
}
