/* nis2report: answers the law: what is met, what is not, and why. */
#include "nis2report.h"

#include "base/diag.h"
#include "base/opt.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct command {
	const char *name, *operands, *purpose;
	int (*run)(int, char **);
} commands[] = {
	{ "attest", "[ITEM]", "write or check attestations", attest_main },
	{ "check", "FILE ...", "check a site file", check_main },
	{ "classify", "FILE", "is the organisation in scope, and in which class", classify_main },
	{ "cra", "[FILE ...]", "instruments by class under the Cyber Resilience Act", cra_main },
	{ "deadlines", "DIR ...", "the clocks that run on incidents", deadlines_main },
	{ "diff", "OLD NEW", "compare two assessments: what closed, what opened", diff_main },
	{ "evidence", "DIR", "pack an incident as evidence that others can check", evidence_main },
	{ "gap", "[FILE ...]", "assess an inventory against the NIS2 checklist", gap_main },
	{ "incident", "DIR ...", "keep an incident's journal", incident_main },
	{ "init", "", "begin a site file", init_main },
	{ "klassa", "[FILE]", "systems by KLASSA, and what is seen against their levels",
	    klassa_main },
	{ "plan", "[FILE ...]", "the yearly cycle: what falls due, and what is overdue",
	    plan_main },
	{ "significant", "[DIR]", "is an incident significant, by the rules of its day",
	    significant_main },
	{ "stage", "STAGE DIR", "the report for one step of an incident", stage_main },
	{ "timeline", "[FILE ...]", "what happened, in order, from many logs", timeline_main },
	{ "vendors", "[EVENTS ...]", "who came in, what went out, and whether it was agreed",
	    vendors_main },
	{ "zones", "[FILE]", "zones and conduits: declared against seen", zones_main },
};
enum { COMMANDS = sizeof(commands) / sizeof(*commands) };

static const struct opt opts[] = { { NULL } };

/* What the table says in the three forms that a program has it in. */
static char synopsis[2048], words[512], list[2048];

static struct prog prog = {
	.name = "nis2report",
	.synopsis = synopsis,
	.purpose = "Answers the law from what a network shows and what people attest.",
	.opts = opts,
	.words = words,
	.unconfined = true,
	.footer = list,
};

static void __attribute__((format(printf, 3, 4)))
add(char *dst, size_t cap, const char *fmt, ...)
{
	size_t n = strlen(dst);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(dst + n, cap - n, fmt, ap);
	va_end(ap);
}

static void
describe(void)
{
	for (int i = 0; i < COMMANDS; i++) {
		const struct command *c = &commands[i];

		add(synopsis, sizeof(synopsis), "nis2report %s [options]%s%s\n", c->name,
		    *c->operands ? " " : "", c->operands);
		add(words, sizeof(words), "%s%s", i ? "|" : "", c->name);
		add(list, sizeof(list), "%-11s  %s\n", c->name, c->purpose);
	}
	add(synopsis, sizeof(synopsis), "nis2report --help | --version");
	add(list, sizeof(list), "\n\"nis2report gap --help\" says more.");
}

int
main(int argc, char **argv)
{
	struct opt_state os;
	struct err e = { "" };
	int id;

	diag_name(prog.name);
	for (int i = 0; argc > 1 && i < COMMANDS; i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run(argc - 1, argv + 1);
	describe();
	opt_begin(&os, &prog, argc, argv);
	id = opt_next(&os, &e);
	if (id == -2)
		return 0;
	if (id < 0)
		diag("%s", e.text);
	else if (os.i < argc)
		diag("%s: no such subcommand; there are %s", argv[os.i], words);
	else
		diag("which subcommand? There are %s", words);
	return 2;
}
