/* timestamp.c: calchain timestamp: heads stamped by an authority (RFC 3161). */
#include "calchain.h"

#include "base/confine.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/stamp.h"
#include "base/sum.h"
#include "chain/chain.h"
#include "chain/timestamp.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { O_CA = 1, O_NOW };

/* --- query */

static const struct opt no_opts[] = { { NULL } };

static const struct prog query_prog = {
	.name = "calchain timestamp query",
	.synopsis = "calchain timestamp query DIR",
	.purpose = "Writes a time stamp query (RFC 3161) for the newest checkpoint to standard "
	    "output.",
	.opts = no_opts,
	.words = "dir",
};

static int
query_main(int argc, char **argv)
{
	struct chain_head *h = calloc(1, sizeof(*h));
	struct merkle_hash digest;
	const char *dir = NULL;
	uint8_t *q = NULL;
	struct opt_state os;
	struct err e = { "" };
	size_t n;
	int id, fd = -1, status = 2;

	diag_name(query_prog.name);
	opt_begin(&os, &query_prog, argc, argv);
	if ((id = opt_next(&os, &e)) == -2)
		status = 0;
	else if (h == NULL)
		err_set(&e, "out of memory");
	else if (id == 0 && (dir = ledger_confined(argc, argv, os.i, CONFINE_READ, &e)) != NULL &&
	    (fd = chain_folder(dir, &e)) >= 0 && chain_head(h, fd, dir, &e)) {
		sum_of(SUM_SHA256, h->text, h->n, digest.b);
		if ((q = timestamp_query(&digest, &n, &e)) != NULL) {
			if (file_write_all(STDOUT_FILENO, q, n))
				status = 0;
			else
				err_sys(&e, "standard output");
		}
	}
	if (e.text[0])
		diag("%s", e.text);
	if (fd >= 0)
		close(fd);
	if (h != NULL)
		chain_head_free(h);
	free(h);
	free(q);
	return status;
}

/* --- accept, verify */

static const struct opt accept_opts[] = {
	{ "ca", 0, "FILE", "certificates (PEM) under which authorities are trusted", "file", O_CA },
	{ "now", 0, "TIME", "instead of the clock", NULL, O_NOW },
	{ NULL },
};

static const struct prog accept_prog = {
	.name = "calchain timestamp accept",
	.synopsis = "calchain timestamp accept --ca FILE [--now TIME] DIR",
	.purpose = "Takes an authority's answer from standard input, checks it, and keeps it in "
	    "the ledger.",
	.opts = accept_opts,
	.words = "dir",
	.footer = "Exit status: 0 it is kept; 1 it is not right; 2 it could not be done.",
};

static const struct opt verify_opts[] = {
	{ "ca", 0, "FILE", "certificates (PEM) under which authorities are trusted", "file", O_CA },
	{ NULL },
};

static const struct prog verify_prog = {
	.name = "calchain timestamp verify",
	.synopsis = "calchain timestamp verify --ca FILE DIR",
	.purpose = "Checks the time stamps of a ledger again.",
	.opts = verify_opts,
	.words = "dir",
	.footer = "Exit status: 0 all hold; 1 one does not, or there is none; 2 it could not be "
	    "told.",
};

/* The options of both; the roots, and the ledger, or NULL and said in e. *status: it is over. */
static struct timestamp_roots *
asked(const struct prog *p, int argc, char **argv, const char **dir, unsigned calls, int *status,
    struct err *e)
{
	struct timestamp_roots *r = NULL;
	const char *ca = NULL;
	struct opt_state os;
	int id = 0;

	diag_name(p->name);
	*status = 2;
	for (opt_begin(&os, p, argc, argv); !e->text[0] && (id = opt_next(&os, e)) > 0; )
		switch (id) {
		case O_CA: ca = os.value; break;
		case O_NOW: (void)now_get(os.value, e); break;
		}
	if (!e->text[0] && id == -2) {
		*status = 0;
		return NULL;
	}
	if (!e->text[0] && ca == NULL)
		err_set(e, "whose time stamps count? --ca FILE");
	if (!e->text[0] && (*dir = ledger_operand(argc, argv, os.i, e)) != NULL)
		confine_path(*dir, calls);
	if (!e->text[0] && (r = timestamp_roots(ca, e)) != NULL && confine_prepare(e) &&
	    confine(calls, e))
		return r;
	timestamp_roots_free(r);
	return NULL;
}

static int
accept_main(int argc, char **argv)
{
	struct timestamp_roots *r;
	char file[64], when[STAMP_TEXT] = "", *p = NULL;
	const char *dir = NULL;
	struct err e = { "" };
	uint64_t size;
	int64_t at = 0;
	bool wrong;
	size_t n;
	int status;

	r = asked(&accept_prog, argc, argv, &dir, CONFINE_READ | CONFINE_WRITE, &status, &e);
	if (r != NULL && (p = file_slurp("-", TIMESTAMP_MAX, &n, &e)) != NULL) {
		if (timestamp_take(dir, r, (uint8_t *)p, n, &size, &at, file, &wrong, &e)) {
			stamp_put(when, at);
			status = printf("%s: the head of %" PRIu64 " records was there at %.19s "
			    "UTC (%s)\n", dir, size,
			    when, file) > 0 && fflush(stdout) == 0 ? 0 : 2;
		} else
			status = wrong ? 1 : 2;
	}
	if (e.text[0])
		diag("%s", e.text);
	timestamp_roots_free(r);
	free(p);
	return status;
}

struct said { const char *dir; int bad; };

static void
say(void *arg, const struct timestamp_kept *k)
{
	struct said *s = arg;
	char when[STAMP_TEXT] = "";

	s->bad += k->wrong.text[0] != '\0';
	printf("%s: %s: the head of %" PRIu64 " records: ", s->dir, k->file[0] ? k->file :
	    "time stamp", k->size);
	if (k->wrong.text[0])
		printf("not proved: %s\n", k->wrong.text);
	else {
		stamp_put(when, k->at);
		printf("was there at %.19s UTC\n", when);
	}
}

static int
again_main(int argc, char **argv)
{
	struct timestamp_roots *r;
	struct said s = { NULL, 0 };
	struct err e = { "" };
	int status, n;

	r = asked(&verify_prog, argc, argv, &s.dir, CONFINE_READ, &status, &e);
	if (r != NULL && (n = timestamp_each(s.dir, r, say, &s, &e)) >= 0) {
		if (n == 0)
			printf("%s: it has no time stamps\n", s.dir);
		status = fflush(stdout) != 0 ? 2 : s.bad > 0 || n == 0;
	}
	if (e.text[0])
		diag("%s", e.text);
	timestamp_roots_free(r);
	return status;
}

/* --- which of them */

static const struct prog prog = {
	.name = "calchain timestamp",
	.synopsis = "calchain timestamp query|accept|verify",
	.purpose = "Has a ledger's newest head stamped by a time stamping authority (RFC 3161).",
	.opts = no_opts,
	.words = "query|accept|verify",
	.unconfined = true,
};

static const struct command commands[] = {
	{ "query", query_main },
	{ "accept", accept_main },
	{ "verify", again_main },
};

int
timestamp_main(int argc, char **argv)
{
	return command_run(&prog, commands, sizeof(commands) / sizeof(*commands),
	    "query, accept or verify is expected", argc, argv);
}
