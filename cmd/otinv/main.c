/* otinv: what is on the network. The subcommands are one file each. */
#include "otinv.h"

#include "base/diag.h"

#include <string.h>

static const struct command commands[] = {
	{ "build", build_main, "events into an inventory" },
	{ "show", show_main, "an inventory as a table" },
	{ "diff", diff_main, "what changed between two inventories" },
	{ "merge", merge_main, "several inventories into one" },
	{ "why", why_main, "what an inventory rests on" },
};

static const struct opt opts[] = { { NULL } };

static const struct prog prog = {
	.name = "otinv",
	.synopsis = "otinv build [-v] [--files-from FILE] [--meta] [-s FILE] [--site-key KEY]\n"
	    "[FILE ...]\n"
	    "otinv show [-aw] [--ascii] [--sort FIELD] [-z ZONE] [FILE ...]\n"
	    "otinv diff [-t] [--gone-after TIME] [--html] [--ignore WHAT] [--lang LANG]\n"
	    "[--min-severity SEVERITY] [--no-ignore] [--no-links] OLD NEW\n"
	    "otinv merge [-v] [--files-from FILE] [-s FILE] [FILE ...]\n"
	    "otinv why [-j] ASSET [FIELD] [FILE]",
	.purpose = "Knows what is on the network: builds, shows, compares and merges inventories.",
	.opts = opts,
	.words = "build|show|diff|merge|why",
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
		diag("%s: no such subcommand (build, show, diff, merge, why)", argv[os.i]);
	else
		diag("which one: build, show, diff, merge or why? (see otinv --help)");
	return 2;
}
