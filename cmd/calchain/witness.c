/* witness.c: calchain witness: heads cosigned by somebody else (C2SP tlog-witness). */
#include "witness.h"

#include "base/confine.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/stamp.h"
#include "chain/chain.h"
#include "chain/cosign.h"
#include "chain/heads.h"
#include "chain/proof.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* --- request */

enum { O_FROM = 1, O_SINCE, O_WITNESS };

static const struct opt request_opts[] = {
	{ "from", 0, "SIZE",
	    "the witness has cosigned SIZE records so far (0 without)", NULL, O_FROM },
	{ "since", 0, "FILE", "the checkpoint that it cosigned last", "file", O_SINCE },
	{ "witness", 0, "NAME",
	    "the largest head with a line of this witness was the last", NULL, O_WITNESS },
	{ NULL },
};

static const struct prog request_prog = {
	.name = "calchain witness request",
	.synopsis = "calchain witness request [--from SIZE | --since FILE | --witness NAME] DIR",
	.purpose = "Writes what a witness needs to cosign the newest head: the body of "
	    "add-checkpoint.",
	.opts = request_opts,
	.words = "dir",
};

struct last { const char *name; uint64_t size; };

static bool
cosigned_by(void *arg, const struct head_line *h)
{
	struct last *l = arg;

	for (unsigned i = 0; i < h->note->nsigs; i++)
		if (h->cp.size > l->size && h->note->sig[i].name_n == strlen(l->name) &&
		    memcmp(h->note->sig[i].name, l->name, h->note->sig[i].name_n) == 0)
			l->size = h->cp.size;
	return true;
}

static bool
size_of(uint64_t *size, const char *file, struct err *e)
{
	struct note *t = malloc(sizeof(*t));
	struct err why = { "" };
	struct checkpoint cp;
	size_t n;
	char *p = t != NULL ? file_slurp(file, NOTE_MAX, &n, e) : NULL;

	if (t == NULL)
		err_set(e, "out of memory");
	else if (p != NULL && !checkpoint_read(&cp, t, p, n, &why))
		err_set(e, "%s: %s", file, why.text);
	else if (p != NULL)
		*size = cp.size;
	free(t);
	free(p);
	return !e->text[0];
}

static int
request_main(int argc, char **argv)
{
	const char *dir = NULL, *since = NULL;
	struct last last = { NULL, 0 };
	struct chain_head *h = calloc(1, sizeof(*h));
	char *body = NULL;
	struct opt_state os;
	struct err e = { "" }, why = { "" };
	uint64_t old = 0;
	size_t n = 0;
	int id, fd = -1, ways = 0, status = 2;

	diag_name(request_prog.name);
	for (opt_begin(&os, &request_prog, argc, argv); !e.text[0] && (id = opt_next(&os,
	    &e)) > 0; ways++)
		switch (id) {
		case O_FROM: (void)count_asked(&old, &os, &e); break;
		case O_SINCE: since = os.value; break;
		case O_WITNESS: last.name = os.value; break;
		}
	if (!e.text[0] && id == -2) {
		free(h);
		return 0;
	}
	if (!e.text[0] && ways > 1)
		err_set(&e, "--from, --since and --witness are three ways to say one thing");
	if (h == NULL)
		err_set(&e, "out of memory");
	if (!e.text[0] && (dir = ledger_confined(argc, argv, os.i, CONFINE_READ, &e)) != NULL &&
	    (since == NULL || size_of(&old, since, &e)) &&
	    (fd = chain_folder(dir, &e)) >= 0 && chain_head(h, fd, dir, &e)) {
		if (last.name != NULL && heads_each(fd, cosigned_by, &last, &why))
			old = last.size;
		if (!why.text[0])
			body = proof_grown(fd, h->cp.size, old, h->text, h->n, &n, &why);
		if (why.text[0])
			err_set(&e, "%s: %s", dir, why.text);
		else if (file_write_all(STDOUT_FILENO, body, n))
			status = 0;
		else
			err_sys(&e, "standard output");
	}
	if (e.text[0])
		diag("%s", e.text);
	if (fd >= 0)
		close(fd);
	if (h != NULL)
		chain_head_free(h);
	free(h);
	free(body);
	return status;
}

/* --- accept */

enum { O_TRUST = 1, O_KEY, O_NOW };

static const struct opt accept_opts[] = {
	{ "now", 0, "TIME", "instead of the clock", NULL, O_NOW },
	{ "trust", 't', "FILE", "verifier keys of witnesses, one a line", "file", O_TRUST },
	{ "vkey", 0, "VKEY", "one such key itself; may be repeated", NULL, O_KEY },
	{ NULL },
};

static const struct prog accept_prog = {
	.name = "calchain witness accept",
	.synopsis = "calchain witness accept [--now TIME] [-t FILE] [--vkey VKEY] DIR",
	.purpose = "Takes a witness's answer from standard input and writes it down with the head "
	    "it is for.",
	.opts = accept_opts,
	.words = "dir",
	.footer = "Exit status: 0 it is written down; 1 it is not right; 2 it could not be done.",
};

static bool
say_accepted(const struct cosigned *c, const char *dir)
{
	char when[STAMP_TEXT] = "";

	for (unsigned i = 0; i < c->n; i++) {
		stamp_put(when, (int64_t)c->seen[i].at * 1000000);
		printf("%s: the first %" PRIu64 " records were seen by %s at %.19s UTC%s\n", dir,
		    c->size,
		    c->seen[i].by->name, when, c->was ? ", as was known" : "");
	}
	return fflush(stdout) == 0;
}

static int
accept_main(int argc, char **argv)
{
	static struct vkey trust[TRUST_MAX];
	static struct cosigned c;
	const char *dir = NULL;
	struct opt_state os;
	struct err e = { "" };
	size_t n, ntrust = 0;
	char *answer = NULL;
	int id, status = 2;

	diag_name(accept_prog.name);
	for (opt_begin(&os, &accept_prog, argc, argv); !e.text[0] && (id = opt_next(&os, &e)) > 0; )
		switch (id) {
		case O_TRUST: (void)trust_file(trust, &ntrust, os.value, &e); break;
		case O_KEY: (void)trust_key(trust, &ntrust, os.value, &e); break;
		case O_NOW: (void)now_get(os.value, &e); break;
		}
	if (!e.text[0] && id == -2)
		return 0;
	if (!e.text[0] && ntrust == 0)
		err_set(&e, "which witness is trusted? --trust FILE or --vkey VKEY");
	if (!e.text[0] && (dir = ledger_confined(argc, argv, os.i, CONFINE_READ | CONFINE_WRITE,
	    &e)) != NULL && (answer = file_slurp("-", NOTE_MAX, &n, &e)) != NULL)
		switch (cosign_take(&c, dir, trust, ntrust, answer, n, &e)) {
		case COSIGN_DONE: status = say_accepted(&c, dir) ? 0 : 2; break;
		case COSIGN_STRANGE:
		case COSIGN_FALSE: status = 1; break;
		case COSIGN_FAILED: break;
		}
	if (e.text[0])
		diag("%s", e.text);
	free(answer);
	return status;
}

/* --- which of them */

static const struct opt opts[] = { { NULL } };

static const struct prog prog = {
	.name = "calchain witness",
	.synopsis = "calchain witness request|answer|accept|serve",
	.purpose = "Has a ledger's newest head cosigned by a witness, or is one.",
	.opts = opts,
	.words = "request|answer|accept|serve",
	.unconfined = true,
};

static const struct command commands[] = {
	{ "request", request_main },
	{ "answer", witness_answer_main },
	{ "accept", accept_main },
	{ "serve", witness_serve_main },
};

int
witness_main(int argc, char **argv)
{
	return command_run(&prog, commands, sizeof(commands) / sizeof(*commands),
	    "request, answer, accept or serve is expected", argc, argv);
}
