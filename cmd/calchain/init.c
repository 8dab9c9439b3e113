/* init.c: calchain init: a new ledger. */
#include "calchain.h"

#include "base/diag.h"
#include "chain/chain.h"

#include <stdio.h>
#include <string.h>

enum { O_ORIGIN = 1, O_NAME, O_SIGN, O_NOW, O_FORCE };

static const struct opt opts[] = {
	{ "force", 0, NULL, "also take a time more than a day ahead of the clock", NULL, O_FORCE },
	{ "key", 'k', "KEY", "the first administrator's key: a PEM file or a URI", "key",
	    KEYS_KEY },
	KEYS_LOG_OPTS,
	{ "name", 'n', "NAME", "the administrator's name", NULL, O_NAME },
	{ "now", 0, "TIME", "instead of the clock", NULL, O_NOW },
	{ "origin", 'o', "NAME",
	    "what the ledger is called everywhere, like lab.example/calibration", NULL, O_ORIGIN },
	{ "passphrase-file", 'p', "FILE",
	    "its first line is the key's passphrase; - is standard input", "key",
	    KEYS_PASS },
	KEYS_PROVIDER_OPT,
	{ "sign", 0, "WHAT", "each record (the default), or only each checkpoint",
	    "record|checkpoint", O_SIGN },
	{ NULL },
};

static const struct prog prog = {
	.name = "calchain init",
	.synopsis =
	    "calchain init -k KEY [--force] [-l KEY] [--log-passphrase-file FILE] -n NAME\n"
	    "[--now TIME] -o NAME [-p FILE] [--provider NAME] [--sign WHAT] DIR",
	.purpose = "Begins a ledger in a new folder, and prints the verifier key of its log.",
	.opts = opts,
	.words = "dir",
	.unconfined = true,
};

int
init_main(int argc, char **argv)
{
	const char *origin = NULL, *name = NULL, *sign = "record", *dir = NULL;
	struct keys_asked asked = { NULL };
	struct keys keys = { NULL };
	char text[VKEY_TEXT + 1];
	uint8_t public[VKEY_PUBLIC];
	struct opt_state os;
	struct err e = { "" };
	struct vkey k;
	bool force = false;
	int id, status = 2;

	diag_name(prog.name);
	chain_clock_look();
	for (opt_begin(&os, &prog, argc, argv); (id = opt_next(&os, &e)) > 0; )
		switch (id) {
		case O_ORIGIN: origin = os.value; break;
		case O_NAME: name = os.value; break;
		case O_SIGN: sign = os.value; break;
		case O_NOW: (void)now_get(os.value, &e); break;
		case O_FORCE: force = true; break;
		default: keys_take(&asked, id, os.value);
		}
	if (id == -2)
		return 0;
	if (id == 0 && !e.text[0]) {
		if (origin == NULL || name == NULL || asked.key == NULL)
			err_set(&e, "%s (see calchain init --help)",
			    origin == NULL   ? "what is it called? --origin NAME" :
				name == NULL ? "who begins it? --name NAME" :
					       "with which key? --key FILE");
		else if (strcmp(sign, "record") != 0 && strcmp(sign, "checkpoint") != 0)
			err_set(
			    &e, "--sign: record or checkpoint is expected, not \"%.40s\"", sign);
		else if (force || now_not_ahead(&e))
			dir = ledger_operand(argc, argv, os.i, &e);
	}
	if (dir != NULL && keys_open(&keys, &asked, &e)) {
		struct signer *log = keys.log != NULL ? keys.log : keys.key;

		if (chain_create(
			dir, origin, strcmp(sign, "record") == 0, log, keys.key, name, &e) &&
		    signer_public(log, public, &e) &&
		    vkey_make(&k, origin, VKEY_ED25519, public, &e)) {
			vkey_put(text, &k);
			status = printf("%s\n", text) > 0 && fflush(stdout) == 0 ? 0 : 2;
		}
	}
	if (e.text[0])
		diag("%s", e.text);
	keys_close(&keys);
	return status;
}
