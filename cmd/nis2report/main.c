/* nis2report: answers the law: what is met, what is not, and why. */
#include "nis2report.h"

#include "base/diag.h"
#include "base/opt.h"

static const struct command {
	const char *name, *purpose;
	int (*run)(int, char **);
} commands[] = {
	{ "attest", "write or check attestations", attest_main },
	{ "check", "check a site file", check_main },
	{ "classify", "is the organisation in scope, and in which class", classify_main },
	{ "cra", "instruments by class under the Cyber Resilience Act", cra_main },
	{ "deadlines", "the clocks that run on incidents", deadlines_main },
	{ "diff", "compare two assessments: what closed, what opened", diff_main },
	{ "gap", "assess an inventory against the NIS2 checklist", gap_main },
	{ "incident", "keep an incident's journal", incident_main },
	{ "init", "begin a site file", init_main },
	{ "klassa", "systems by KLASSA, and what is seen against their levels", klassa_main },
	{ "plan", "the yearly cycle: what falls due, and what is overdue", plan_main },
	{ "stage", "the report for one step of an incident", stage_main },
	{ "vendors", "who came in, what went out, and whether it was agreed", vendors_main },
	{ "zones", "zones and conduits: declared against seen", zones_main },
};
enum { COMMANDS = sizeof(commands) / sizeof(*commands) };

static const struct opt opts[] = { { NULL } };

static const struct prog prog = {
	.name = "nis2report",
	.synopsis = "nis2report attest [options] [ITEM]\n"
	    "nis2report check [options] FILE ...\n"
	    "nis2report classify [options] FILE\n"
	    "nis2report cra [options] [FILE ...]\n"
	    "nis2report deadlines [options] DIR ...\n"
	    "nis2report diff [options] OLD NEW\n"
	    "nis2report gap [options] [FILE ...]\n"
	    "nis2report incident SUBCOMMAND [options] DIR ...\n"
	    "nis2report init [options]\n"
	    "nis2report klassa [options] [FILE]\n"
	    "nis2report plan [options] [FILE ...]\n"
	    "nis2report stage [options] STAGE DIR\n"
	    "nis2report vendors [options] [EVENTS ...]\n"
	    "nis2report zones [options] [FILE]\n"
	    "nis2report --help | --version",
	.purpose = "Answers the law from what a network shows and what people attest.",
	.opts = opts,
	.words = "attest|check|classify|cra|deadlines|diff|gap|incident|init|klassa|plan|stage|"
	    "vendors|zones",
	.footer = "attest    write or check attestations\n"
	    "check     check a site file\n"
	    "classify  is the organisation in scope, and in which class\n"
	    "cra       instruments by class under the Cyber Resilience Act\n"
	    "deadlines the clocks that run on incidents\n"
	    "diff      compare two assessments: what closed, what opened\n"
	    "gap       assess an inventory against the NIS2 checklist\n"
	    "incident  keep an incident's journal\n"
	    "init      begin a site file\n"
	    "klassa    systems by KLASSA, and what is seen against their levels\n"
	    "plan      the yearly cycle: what falls due, and what is overdue\n"
	    "stage     the report for one step of an incident\n"
	    "vendors   who came in, what went out, and whether it was agreed\n"
	    "zones     zones and conduits: declared against seen\n\n"
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
