/* prove.c: calchain prove: that a record is in a ledger, or that a ledger only grew. */
#include "calchain.h"

#include "base/confine.h"
#include "base/diag.h"
#include "base/file.h"
#include "chain/chain.h"
#include "chain/heads.h"
#include "chain/proof.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { O_RECORD = 1, O_SIZE, O_GROWN, O_WITH };

static const struct opt opts[] = {
	{ "grown", 'g', "OLD",
	    "prove that the ledger begins with all of its first OLD records", NULL, O_GROWN },
	{ "record", 'r', "SEQ", "prove that record SEQ is in it", NULL, O_RECORD },
	{ "size", 's', "SIZE", "against the head of SIZE records, not the newest", NULL, O_SIZE },
	{ "with-record", 'w', NULL, "put the record itself into the proof", NULL, O_WITH },
	{ NULL },
};

static const struct prog prog = {
	.name = "calchain prove",
	.synopsis = "calchain prove -r SEQ [-s SIZE] [-w] DIR\n"
	    "calchain prove -g OLD [-s SIZE] DIR",
	.purpose = "Writes a proof that needs no ledger beside it (C2SP tlog-proof); calchain "
	    "check reads it.",
	.opts = opts,
	.words = "dir",
};

bool
count_asked(uint64_t *v, const struct opt_state *os, struct err *e)
{
	char *end;

	*v = strtoull(os->value, &end, 10);
	if (*os->value < '0' || *os->value > '9' || *end || *v > INT64_MAX)
		return err_set(e, "%s: a number is expected, not \"%.20s\"", os->shown, os->value);
	return true;
}

static char *
make(const char *path, bool grown, uint64_t what, bool sized, uint64_t size, bool with, size_t *n,
    struct err *e)
{
	struct chain_head *h = calloc(1, sizeof(*h));
	struct err why = { "" };
	char *text = NULL, *proof = NULL, *line = NULL;
	int dir = chain_folder(path, e);
	size_t len = 0, line_n = 0;

	if (h == NULL)
		err_set(e, "out of memory");
	if (h != NULL && dir >= 0 && chain_head(h, dir, path, e)) {
		if (sized && size != h->cp.size)
			text = heads_find(dir, size, &len, &why);
		if (!why.text[0] && grown)
			proof = proof_grown(dir, h->cp.size, what, text ? text : h->text, text ?
			    len : h->n, n, &why);
		else if (!why.text[0] && (!with || (line = proof_line(dir, what, &line_n,
		    &why)) != NULL))
			proof = proof_in(dir, h->cp.size, what, text ? text : h->text, text ? len :
			    h->n, line,
			    line_n, n, &why);
		if (why.text[0])
			err_set(e, "%s: %s", path, why.text);
	}
	if (dir >= 0)
		close(dir);
	if (h != NULL)
		chain_head_free(h);
	free(h);
	free(text);
	free(line);
	return proof;
}

int
prove_main(int argc, char **argv)
{
	bool record = false, grown = false, sized = false, with = false;
	uint64_t what = 0, size = 0;
	const char *dir = NULL;
	char *proof = NULL;
	struct opt_state os;
	struct err e = { "" };
	size_t n = 0;
	int id, status = 2;

	diag_name(prog.name);
	for (opt_begin(&os, &prog, argc, argv); !e.text[0] && (id = opt_next(&os, &e)) > 0; )
		switch (id) {
		case O_RECORD: record = count_asked(&what, &os, &e); break;
		case O_GROWN: grown = count_asked(&what, &os, &e); break;
		case O_SIZE: sized = count_asked(&size, &os, &e); break;
		case O_WITH: with = true; break;
		}
	if (!e.text[0] && id == -2)
		return 0;
	if (!e.text[0] && record == grown)
		err_set(&e, record ? "--record and --grown are two proofs" :
		    "prove what? --record SEQ or --grown OLD is expected");
	if (!e.text[0] && (dir = ledger_confined(argc, argv, os.i, CONFINE_READ, &e)) != NULL &&
	    (proof = make(dir, grown, what, sized, size, with, &n, &e)) != NULL) {
		if (file_write_all(STDOUT_FILENO, proof, n))
			status = 0;
		else
			err_sys(&e, "standard output");
	}
	if (e.text[0])
		diag("%s", e.text);
	free(proof);
	return status;
}
