/* decide.c: calchain decide: results held against their tolerances. */
#include "calchain.h"

#include "base/confine.h"
#include "base/diag.h"
#include "base/embed.h"
#include "base/limits.h"
#include "json/line.h"
#include "metrology/decide_read.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { O_RULE = 1, O_GUARD, O_NON_BINARY, O_LANG, O_TEXT, O_VALUE, O_U, O_STD, O_K, O_DOF, O_LOWER,
	O_UPPER, O_UNIT, O_QUANTITY, O_SPECIFICATION, O_MEAN, O_SD, O_VALUE_OF, O_RULES, O_SCHEMA };

static const struct opt opts[] = {
	{ "dof", 0, "N", "degrees of freedom of the uncertainty (without: normal distribution)",
	    NULL, O_DOF },
	{ "expanded-uncertainty", 'U', "U", "expanded uncertainty of the value", NULL, O_U },
	{ "factor", 'k', "K", "coverage factor of U (2)", NULL, O_K },
	{ "guard", 'g', "R", "guard band w = R U; the rule is custom", NULL, O_GUARD },
	{ "lang", 'l', "LANG", "language of the statement: en or sv", "en|sv", O_LANG },
	{ "list-rules", 0, NULL, "the decision rules: name, r, risk, source", NULL, O_RULES },
	{ "lower", 'L', "LIMIT", "lower tolerance limit", NULL, O_LOWER },
	{ "non-binary", 'n', NULL,
	    "four verdicts: pass, conditional pass, conditional fail, fail", NULL, O_NON_BINARY },
	{ "process-mean", 0, "M", "mean of the process that items come from", NULL, O_MEAN },
	{ "process-sd", 0, "S", "its standard deviation", NULL, O_SD },
	{ "quantity", 'q', "NAME", "what was measured, for the statement", NULL, O_QUANTITY },
	{ "rule", 'r', "RULE", "decision rule: simple, guarded, iso14253 ... (see --list-rules)",
	    "simple|guarded|iso14253|3sigma|6sigma|uncritical|custom", O_RULE },
	{ "schema", 0, NULL, "the JSON Schema of decision records", NULL, O_SCHEMA },
	{ "specification", 'S', "TEXT", "what sets the limits, for the statement", NULL,
	    O_SPECIFICATION },
	{ "standard-uncertainty", 'u', "U", "standard uncertainty of the value", NULL, O_STD },
	{ "text", 't', NULL, "the statements alone instead of records", NULL, O_TEXT },
	{ "unit", 0, "UNIT", "unit of all numbers, for the statement", NULL, O_UNIT },
	{ "upper", 'H', "LIMIT", "upper tolerance limit", NULL, O_UPPER },
	{ "value", 'y', "Y", "the value: decide this one case and read nothing", NULL, O_VALUE },
	{ "value-of", 0, "MEMBER", "of a result: value, as_left, as_found or error (the first "
	    "there)", "value|as_left|as_found|error", O_VALUE_OF },
	{ NULL },
};

static const struct prog prog = {
	.name = "calchain decide",
	.synopsis = "calchain decide [-nt] [-g R] [-l LANG] [-r RULE] "
	    "[--process-mean M --process-sd S] [--value-of MEMBER] [FILE ...]\n"
	    "calchain decide [-nt] [-g R] [-k K] [-L LIMIT] [-l LANG] [-H LIMIT] [-q NAME] "
	    "[-r RULE] [-S TEXT] [--dof N] [--process-mean M --process-sd S] [--unit UNIT] "
	    "-y Y -U U | -u U\n"
	    "calchain decide --list-rules | --schema",
	.purpose = "Holds results against their tolerances by a decision rule.",
	.opts = opts,
	.words = "file",
	.footer = "Exit status: 0 all accepted, 1 some not, 2 it could not be done.",
};

struct ask {
	const char *rule, *value_of, *quantity, *unit, *specification;
	double r, y, U, u, k, nu, lower, upper, mean, sd;
	bool has_r, has_y, has_U, has_u, has_k, has_mean, has_sd, has_nu;
	bool non_binary, swedish, text;
};

struct run {
	const struct ask *ask;
	const struct decision_rules *rules;
	struct jw w;
	struct err e;                   /* of the case at hand */
	size_t decided, refused, assumed;
	bool failed, closed;
};

/* ---- one case ------------------------------------------------------------ */

/* The rule of the command line, else of the record. */
static const struct decision_rule *
rule_of(struct run *run, const struct decide_input *in, double *r)
{
	const struct ask *a = run->ask;
	const char *id = a->rule ? a->rule : a->has_r ? "custom" : *in->rule ? in->rule : NULL;
	const struct decision_rule *rule = id ? decision_rule(run->rules, id) : NULL;

	if (!id && in->has_r)
		rule = decision_rule(run->rules, id = "custom");
	if (!id) {
		err_set(&run->e, "which decision rule? Give --rule (ISO/IEC 17025 7.1.3: it is "
		    "agreed beforehand)");
		return NULL;
	}
	if (!rule) {
		err_set(&run->e, "no such decision rule: %.60s (see --list-rules)", id);
		return NULL;
	}
	*r = !isnan(rule->r) ? rule->r : a->has_r ? a->r : in->has_r ? in->c.r : NAN;
	if (isnan(*r)) {
		err_set(&run->e, "rule %s: its guard band is missing (--guard R)", rule->id);
		return NULL;
	}
	return rule;
}

static const char *
or_null(const char *text)
{
	return *text ? text : NULL;
}

static bool
one(void *arg, const struct decide_input *given)
{
	struct run *run = arg;
	const struct ask *a = run->ask;
	struct decide_input in = *given;
	const struct decision_rule *rule = rule_of(run, &in, &in.c.r);
	const struct decide_labels labels = { or_null(in.quantity), or_null(in.unit),
	    or_null(in.point), or_null(in.specification) };
	char text[STATEMENT_TEXT];
	struct decision d;

	in.c.non_binary = a->non_binary;
	in.c.process_mean = a->mean;
	in.c.process_sd = a->sd;
	if (!rule || !decide(&in.c, &d, &run->e))
		return false;
	run->decided++;
	run->refused += !d.accepted;
	run->assumed += in.assumed_k;
	decide_statement(text, run->rules, rule, &in.c, &d, &labels, a->swedish);
	if (a->text) {
		if (puts(text) == EOF)
			run->closed = true;
		return !run->closed;
	}
	jw_begin(&run->w);
	decide_write(&in, rule, &d, text, &run->w);
	if (!jw_line(&run->w))
		return err_set(&run->e, "the answer is too long for a record");
	if (fwrite(run->w.buf, 1, run->w.n, stdout) != run->w.n)
		run->closed = true;
	jw_reset(&run->w);
	return !run->closed;
}

/* ---- records ------------------------------------------------------------- */

static void
one_line(struct run *run, const struct line *l, const char *p, size_t n, struct decide_count *count)
{
	const char *why = "";
	struct sval v;
	size_t at, i;

	for (i = 0; i < n && (p[i] == ' ' || p[i] == '\t' || p[i] == '\r'); i++)
		;
	if (i == n)
		return;
	err_clear(&run->e);
	if (!scan_check(p, n, true, &at, &why)) {
		diag("%s:%llu: not JSON: %s", line_name(l), (unsigned long long)line_no(l), why);
		run->failed = true;
		return;
	}
	v = scan_line(p, n);
	decide_read(&v, run->ask->value_of, one, run, count, &run->e);
	if (run->e.text[0]) {
		diag("%s:%llu: %s", line_name(l), (unsigned long long)line_no(l), run->e.text);
		run->failed = true;
	}
}

static void
file(struct run *run, const char *path)
{
	struct decide_count count = { 0 };
	struct err e = { "" };
	struct line *l = line_open(path, 0, &e);
	bool end = false;
	const char *p;
	size_t n;

	if (!l) {
		diag("%s", e.text);
		run->failed = true;
		return;
	}
	while (!end && !run->closed)
		switch (line_next(l, &p, &n, &e)) {
		case LINE_OK: case LINE_CUT: one_line(run, l, p, n, &count); break;
		case LINE_IDLE: break;
		case LINE_TOO_LONG:
			diag("%s:%llu: longer than a record may be (1 MiB): passed over",
			    line_name(l), (unsigned long long)line_no(l));
			run->failed = true;
			break;
		case LINE_FAILED:
			diag("%s", e.text);
			run->failed = true;
			end = true;
			break;
		case LINE_END: end = true; break;
		}
	if (count.without)
		diag("%s: results without a tolerance, not decided: %zu", line_name(l),
		    count.without);
	if (!count.cases && !run->failed) {
		diag("%s: no result with a tolerance in it", line_name(l));
		run->failed = true;
	}
	line_close(l);
}

static bool
from_options(struct run *run, const struct ask *a)
{
	struct decide_input in = { .c = { .y = a->y, .k = a->has_k ? a->k : 2, .nu = a->nu,
	    .lower = a->lower, .upper = a->upper }, .from = "value" };

	in.c.u = a->has_u ? a->u : a->U / in.c.k;
	in.assumed_k = a->has_U && !a->has_k;
	snprintf(in.quantity, sizeof(in.quantity), "%s", a->quantity ? a->quantity : "");
	snprintf(in.unit, sizeof(in.unit), "%s", a->unit ? a->unit : "");
	snprintf(in.specification, sizeof(in.specification), "%s",
	    a->specification ? a->specification : "");
	if (one(run, &in))
		return true;
	if (run->e.text[0])
		diag("%s", run->e.text);
	return false;
}

static int
run_all(const struct ask *a, const struct decision_rules *rules, int argc, char **argv)
{
	struct run run = { .ask = a, .rules = rules };
	struct err e = { "" };
	char *buf = malloc(2 * LIM_RECORD);

	if (!buf) {
		diag("not enough memory");
		return 2;
	}
	jw_init(&run.w, buf, 2 * LIM_RECORD);
	if (a->has_y)
		run.failed = !from_options(&run, a) && !run.closed;
	else if (!argc)
		file(&run, "-");
	for (int i = 0; !a->has_y && i < argc && !run.closed; i++)
		file(&run, argv[i]);
	free(buf);
	if (run.assumed)
		diag("k = 2 is taken where the uncertainty came without it");
	if ((fflush(stdout) != 0 || ferror(stdout)) && errno != EPIPE) {
		err_sys(&e, "writing to standard output");
		diag("%s", e.text);
		return 2;
	}
	return run.failed ? 2 : run.refused ? 1 : 0;
}

/* ---- options ------------------------------------------------------------- */

static int
list_rules(const struct decision_rules *rules)
{
	const struct decision_rule *r;

	for (size_t i = 0; (r = decision_rule_at(rules, i)); i++) {
		printf("%s\t", r->id);
		printf(isnan(r->r) ? "r\t" : "%g\t", r->r);
		printf(isnan(r->risk) ? "-\t" : "%g\t", r->risk);
		printf("%s\t%s\n", r->name_en, r->source);
	}
	return fflush(stdout) ? 2 : 0;
}

static bool
number(const struct opt_state *os, double *v, bool *there, struct err *e)
{
	char *end;

	errno = 0;
	*v = strtod(os->value, &end);
	*there = true;
	if (*os->value && !*end && isfinite(*v) && !(errno && *v != 0))
		return true;
	return err_set(e, "%s: a number is expected: %.40s", os->shown, os->value);
}

static bool
options_fit(const struct ask *a, int operands, struct err *e)
{
	bool of_one = a->has_U || a->has_u || a->has_k || a->has_nu || a->quantity || a->unit ||
	    a->specification || !isinf(a->lower) || !isinf(a->upper);

	if (a->has_mean != a->has_sd)
		return err_set(e, "--process-mean and --process-sd go together");
	if (a->has_sd && !(a->sd > 0))
		return err_set(e, "--process-sd: a number above 0 is expected");
	if (a->has_r && a->rule && strcmp(a->rule, "custom") != 0)
		return err_set(e, "--guard goes with rule custom");
	if (!a->has_y)
		return of_one ? err_set(e, "--value is missing: these options tell of one case") :
		    true;
	if (operands)
		return err_set(e, "--value and files do not go together");
	if (a->value_of)
		return err_set(e, "--value-of tells of records: it does not go with --value");
	if (a->has_U == a->has_u)
		return err_set(e,
		    "either --expanded-uncertainty or --standard-uncertainty is expected");
	return true;
}

int
decide_main(int argc, char **argv)
{
	struct ask a = { .nu = INFINITY, .lower = -INFINITY, .upper = INFINITY };
	struct decision_rules *rules;
	struct opt_state os;
	struct err e = { "" };
	const char *const *v;
	int id, status = 2;
	bool list = false, limit;

	diag_name(prog.name);
	for (opt_begin(&os, &prog, argc, argv); !e.text[0] && (id = opt_next(&os, &e)) > 0; )
		switch (id) {
		case O_RULE: a.rule = os.value; break;
		case O_GUARD: number(&os, &a.r, &a.has_r, &e); break;
		case O_NON_BINARY: a.non_binary = true; break;
		case O_TEXT: a.text = true; break;
		case O_VALUE: number(&os, &a.y, &a.has_y, &e); break;
		case O_U: number(&os, &a.U, &a.has_U, &e); break;
		case O_STD: number(&os, &a.u, &a.has_u, &e); break;
		case O_K: number(&os, &a.k, &a.has_k, &e); break;
		case O_DOF: number(&os, &a.nu, &a.has_nu, &e); break;
		case O_LOWER: number(&os, &a.lower, &limit, &e); break;
		case O_UPPER: number(&os, &a.upper, &limit, &e); break;
		case O_UNIT: a.unit = os.value; break;
		case O_QUANTITY: a.quantity = os.value; break;
		case O_SPECIFICATION: a.specification = os.value; break;
		case O_MEAN: number(&os, &a.mean, &a.has_mean, &e); break;
		case O_SD: number(&os, &a.sd, &a.has_sd, &e); break;
		case O_RULES: list = true; break;
		case O_LANG:
			a.swedish = strcmp(os.value, "sv") == 0;
			if (!a.swedish && strcmp(os.value, "en") != 0)
				err_set(&e, "%s: en or sv is expected: %.40s", os.shown, os.value);
			break;
		case O_VALUE_OF:
			a.value_of = os.value;
			for (v = decide_values; *v && strcmp(*v, os.value) != 0; v++)
				;
			if (!*v)
				err_set(&e, "%s: value, as_left, as_found or error is expected: "
				    "%.40s", os.shown, os.value);
			break;
		case O_SCHEMA:
			embed_print(stdout, "schema/decision.json");
			return fflush(stdout) ? 2 : 0;
		}
	if (!e.text[0] && id == -2)
		return 0;
	if (!e.text[0] && !list && options_fit(&a, argc - os.i, &e) && !a.has_y && os.i == argc &&
	    isatty(STDIN_FILENO))
		err_set(&e, "no input: give a file, pipe records in, or give --value");
	rules = e.text[0] ? NULL : decision_rules_load(&e);
	if (rules && a.rule && !decision_rule(rules, a.rule))
		err_set(&e, "no such decision rule: %.60s (see --list-rules)", a.rule);
	if (!e.text[0] && list)
		status = list_rules(rules);
	else if (!e.text[0] && confine_prepare(&e) && confine(CONFINE_READ, &e)) {
		signal(SIGPIPE, SIG_IGN);
		status = run_all(&a, rules, argc - os.i, argv + os.i);
	}
	if (e.text[0])
		diag("%s", e.text);
	decision_rules_free(rules);
	return status;
}
