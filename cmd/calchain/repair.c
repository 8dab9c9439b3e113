/* repair.c: calchain repair: the tree's files anew, from the records that a head covers. */
#include "calchain.h"

#include "base/confine.h"
#include "base/diag.h"
#include "chain/chain.h"

#include <stdio.h>

static const struct opt opts[] = { { NULL } };

static const struct prog prog = {
	.name = "calchain repair",
	.synopsis = "calchain repair DIR",
	.purpose = "Makes a ledger's tiles anew from its records, when these give the signed root.",
	.opts = opts,
	.words = "dir",
};

int
repair_main(int argc, char **argv)
{
	const char *dir = NULL;
	struct opt_state os;
	struct err e = { "" };
	uint64_t records;
	char n[32];
	int id, status = 2;

	diag_name(prog.name);
	for (opt_begin(&os, &prog, argc, argv); (id = opt_next(&os, &e)) > 0; )
		;
	if (id == -2)
		return 0;
	if (id == 0)
		dir = ledger_operand(argc, argv, os.i, &e);
	confine_path(dir, CONFINE_WRITE);
	if (dir != NULL && confine_prepare(&e) && confine(CONFINE_READ | CONFINE_WRITE, &e) &&
	    chain_rebuild(dir, &records, &e)) {
		diag_note("the tiles of %s records were made anew", diag_num(n, records));
		status = 0;
	}
	if (e.text[0])
		diag("%s", e.text);
	return status;
}
