/* witness_answer.c: calchain witness answer: a witness's answer to a request in a file. */
#include "witness.h"

#include "base/confine.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/stamp.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct opt opts[] = { WITNESS_OPTS, { NULL } };

static const struct prog prog = {
	.name = "calchain witness answer",
	.synopsis = "calchain witness answer -k KEY -n NAME [--now TIME] [-p FILE] [--provider "
	    "NAME] -s DIR\n"
	    "[-t FILE] [--vkey VKEY]",
	.purpose = "Reads a request from standard input and cosigns its checkpoint, if the ledger "
	    "only grew.",
	.opts = opts,
	.footer = "Exit status: 0 it is cosigned; 1 it is not, and why is said; 2 it could not be "
	    "done.",
};

int
witness_open(struct witness_open *o, const struct prog *p, int argc, char **argv, struct err *e)
{
	struct keys_asked asked = { NULL };
	const char *name = NULL, *state = NULL;
	uint8_t public[VKEY_PUBLIC];
	struct opt_state os;
	int id = 0;

	memset(o, 0, sizeof(*o));
	o->w.state = -1;
	o->w.logs = o->logs;
	for (opt_begin(&os, p, argc, argv); !e->text[0] && (id = opt_next(&os, e)) > 0; )
		switch (id) {
		case W_KEY: asked.key = os.value; break;
		case W_NAME: name = os.value; break;
		case W_NOW: (void)now_get(os.value, e); break;
		case W_PASS: asked.pass = os.value; break;
		case W_PROVIDER: asked.provider = os.value; break;
		case W_STATE: state = os.value; break;
		case W_TRUST: (void)trust_file(o->logs, &o->w.nlogs, os.value, e); break;
		case W_VKEY: (void)trust_key(o->logs, &o->w.nlogs, os.value, e); break;
		}
	if (!e->text[0] && id == -2)
		return 0;
	if (!e->text[0] && os.i < argc)
		err_set(e, "\"%.60s\": no operand is expected", argv[os.i]);
	else if (!e->text[0] && (name == NULL || asked.key == NULL || state == NULL ||
	    o->w.nlogs == 0))
		err_set(e, "%s", asked.key == NULL ? "with which key? --key FILE" :
		    name == NULL ? "who is the witness? --name NAME" :
		    state == NULL ? "where is kept what was cosigned? --state DIR" :
		    "which logs are known? --trust FILE or --vkey VKEY");
	/* another folder would begin anew and cosign what it should refuse: none is made */
	if (!e->text[0] && keys_open(&o->keys, &asked, e) && signer_public(o->keys.key, public,
	    e) &&
	    vkey_make(&o->w.key, name, VKEY_COSIGNATURE, public, e) &&
	    (o->w.state = open(state, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
		err_sys(e, "%s", state);
	o->w.signer = o->keys.key;
	confine_path(state, CONFINE_WRITE);
	if (!e->text[0] && asked.provider == NULL && confine_prepare(e))
		(void)confine(CONFINE_READ | CONFINE_WRITE, e);
	return e->text[0] ? 2 : -1;
}

void
witness_close(struct witness_open *o)
{
	if (o->w.state >= 0)
		close(o->w.state);
	keys_close(&o->keys);
}

int
witness_answer_main(int argc, char **argv)
{
	static struct witness_open o;
	struct witness_said said;
	struct err e = { "" };
	char *body = NULL;
	size_t n;
	int status;

	diag_name(prog.name);
	if ((status = witness_open(&o, &prog, argc, argv, &e)) < 0) {
		status = 2;
		if ((body = file_slurp("-", WITNESS_BODY, &n, &e)) != NULL)
			switch (witness_answer(&said, &o.w, body, n,
			    (uint64_t)stamp_now() / 1000000, &e)) {
			case WITNESS_COSIGNED:
				if (file_write_all(STDOUT_FILENO, said.line, said.n))
					status = 0;
				else
					err_sys(&e, "standard output");
				break;
			case WITNESS_MALFORMED:
			case WITNESS_UNSIGNED:
			case WITNESS_UNKNOWN:
			case WITNESS_CONFLICT:
			case WITNESS_UNPROVED: status = 1; break;
			case WITNESS_FAILED: break;
			}
	}
	if (e.text[0])
		diag("%s", e.text);
	free(body);
	witness_close(&o);
	return status;
}
