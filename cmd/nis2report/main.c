/* nis2report: answers the law: what is met, what is not, and why. */
#include "nis2report.h"

#include "base/diag.h"
#include "base/opt.h"

static const struct command {
	const char *name, *purpose;
	int (*run)(int, char **);
} commands[] = {
	{ "gap", "assess an inventory against the NIS2 checklist", gap_main },
	{ "vendors", "say who came in, what went out, and whether it was agreed", vendors_main },
};
enum { COMMANDS = sizeof(commands) / sizeof(*commands) };

static const struct opt opts[] = { { NULL } };

static const struct prog prog = {
	.name = "nis2report",
	.synopsis = "nis2report gap [options] [FILE]\nnis2report vendors [options] [EVENTS ...]\n"
	    "nis2report --help | --version",
	.purpose = "Answers the law from inventories: gap assessments.",
	.opts = opts,
	.words = "gap|vendors",
	.footer = "gap       assess an inventory against the NIS2 checklist\n"
	    "vendors   say who came in, what went out, and whether it was agreed\n\n"
	    "\"nis2report gap --help\" says more.",
};

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
	opt_begin(&os, &prog, argc, argv);
	id = opt_next(&os, &e);
	if (id == -2)
		return 0;
	if (id < 0)
		diag("%s", e.text);
	else if (os.i < argc)
		diag("%s: no such subcommand; there %s %s", argv[os.i], COMMANDS > 1 ? "are" :
		    "is", prog.words);
	else
		diag("which subcommand? There %s %s", COMMANDS > 1 ? "are" : "is", prog.words);
	return 2;
}
