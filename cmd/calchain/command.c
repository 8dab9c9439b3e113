/* command.c: which subcommand is meant. */
#include "calchain.h"

#include "base/diag.h"

#include <string.h>

const struct command *
command_find(const struct command *c, size_t n, int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < n; i++)
		if (strcmp(argv[1], c[i].name) == 0)
			return &c[i];
	return NULL;
}

int
command_run(const struct prog *p, const struct command *c, size_t n, const char *expected,
    int argc, char **argv)
{
	const struct command *one = command_find(c, n, argc, argv);
	struct opt_state os;
	struct err e = { "" };
	int id;

	if (one != NULL)
		return one->run(argc - 1, argv + 1);
	diag_name(p->name);
	opt_begin(&os, p, argc, argv);
	if ((id = opt_next(&os, &e)) == -2)
		return 0;
	diag("%s", id < 0 ? e.text : expected);
	return 2;
}
