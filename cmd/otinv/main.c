/* otinv: what is on the network. The subcommands are one file each. */
#include "otinv.h"

#include "base/diag.h"

#include <string.h>

static const struct command commands[] = {
	{ "build", build_main, "events into an inventory" },
	{ "show", show_main, "an inventory as a table" },
	{ "why", why_main, "the evidence for a value, and its rivals" },
	{ "diff", diff_main, "what changed between two inventories" },
	{ "register", register_main, "an inventory against the register of instruments" },
	{ "vuln", vuln_main, "which advisories are about which assets" },
	{ "export", export_main, "an inventory for other programs and people" },
	{ "merge", merge_main, "several inventories into one" },
};

static const struct opt opts[] = { { NULL } };

static const struct prog prog = {
	.name = "otinv",
	.synopsis = "otinv build [-v] [--files-from FILE] [--map FIELD=HEADER] [--meta]\n"
	    "[--register FILE] [-s FILE] [--site-key KEY] [--state FILE] [FILE ...]\n"
	    "otinv show [-aw] [--ascii] [--sort FIELD] [-z ZONE] [FILE ...]\n"
	    "otinv why [-j] ASSET [FIELD] [FILE]\n"
	    "otinv diff [-t] [--gone-after TIME] [--html] [--ignore WHAT] [--lang LANG]\n"
	    "[--min-severity SEVERITY] [--no-ignore] [--no-links] OLD NEW\n"
	    "otinv register [-t] [--ascii] [--files-from FILE] [--map FIELD=HEADER]\n"
	    "[--register FILE] [-s FILE] [--site-key KEY] [FILE ...]\n"
	    "otinv vuln [-atw] [--ascii] -c PATH [--files-from FILE] [-k FILE]\n"
	    "[--kev-only] [--min-score N] [FILE ...]\n"
	    "otinv export [-a] [--bom] -f FORMAT [-l LANG] [-o OUT [--force]] [--what PART]\n"
	    "[FILE ...]\n"
	    "otinv merge [-v] [--files-from FILE] [--map FIELD=HEADER] [--register FILE]\n"
	    "[-s FILE] [--site-key KEY] [FILE ...]",
	.purpose = "Knows what is on the network: an inventory, and what to do with it.",
	.opts = opts,
	.words = "build|show|why|diff|register|vuln|export|merge",
	.unconfined = true,
	.footer = "\"otinv build --help\" and so on tell of each.",
};

int
main(int argc, char **argv)
{
	struct opt_state os;
	struct err e = { "" };
	size_t i;
	int id;

	diag_name("otinv");
	for (i = 0; argc > 1 && i < sizeof(commands) / sizeof(*commands); i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run(argc - 1, argv + 1);
	opt_begin(&os, &prog, argc, argv);
	if ((id = opt_next(&os, &e)) == -2)
		return 0;
	if (id < 0)
		diag("%s", e.text);
	else if (os.i < argc)
		diag("%s: no such subcommand "
		    "(build, show, why, diff, register, vuln, export, merge)", argv[os.i]);
	else
		diag("which one: build, show, why, diff, register, vuln, export or merge? "
		    "(see otinv --help)");
	return 2;
}
