/* otinv: what is on the network. The subcommands are one file each. */
#include "otinv.h"

#include "base/diag.h"

#include <string.h>

static const struct command commands[] = {
	{ "build", build_main, "events into an inventory" },
	{ "show", show_main, "an inventory as a table" },
	{ "diff", diff_main, "what changed between two inventories" },
	{ "merge", merge_main, "several inventories into one" },
	{ "register", register_main, "what was seen, held against what is listed" },
};

static const struct opt opts[] = { { NULL } };

static const struct prog prog = {
	.name = "otinv",
	.synopsis = "otinv build [-v] [--files-from FILE] [--map FIELD=HEADER] [--meta]\n"
	    "[--register FILE] [-s FILE] [--site-key KEY] [FILE ...]\n"
	    "otinv show [-aw] [--ascii] [--sort FIELD] [-z ZONE] [FILE ...]\n"
	    "otinv diff [-t] [--no-links] OLD NEW\n"
	    "otinv merge [-v] [--files-from FILE] [--map FIELD=HEADER] [--register FILE]\n"
	    "[-s FILE] [--site-key KEY] [FILE ...]\n"
	    "otinv register [-t] [--ascii] [--files-from FILE] [--map FIELD=HEADER]\n"
	    "[--register FILE] [-s FILE] [--site-key KEY] [FILE ...]",
	.purpose = "Knows what is on the network: builds, shows, compares and merges inventories,\n"
	    "and holds them against the register.",
	.opts = opts,
	.words = "build|show|diff|merge|register",
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
		diag("%s: no such subcommand (build, show, diff, merge, register)", argv[os.i]);
	else
		diag("which one: build, show, diff, merge or register? (see otinv --help)");
	return 2;
}
