/* keygen.c: calchain keygen: a new key pair. */
#include "calchain.h"

#include "base/diag.h"
#include "base/file.h"
#include "base/passphrase.h"
#include "chain/signer.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { O_NAME = 1, O_PASS, O_NONE, O_FORCE, O_WITNESS };

static const struct opt opts[] = {
	{ "force", 0, NULL, "replace an existing file", NULL, O_FORCE },
	{ "name", 'n', "NAME", "whose key it is: a person, a program, or a ledger's origin", NULL,
	    O_NAME },
	{ "no-passphrase", 0, NULL, "leave the private key unencrypted", NULL, O_NONE },
	{ "passphrase-file", 'p', "FILE", "its first line is the passphrase; - is standard input",
	    "key", O_PASS },
	{ "witness", 0, NULL, "a key for cosigning others' checkpoints", NULL, O_WITNESS },
	{ NULL },
};

static const struct prog prog = {
	.name = "calchain keygen",
	.synopsis =
	    "calchain keygen [--force] [--no-passphrase | -p FILE] [--witness] -n NAME FILE",
	.purpose =
	    "Makes an Ed25519 key: the private half to FILE, the verifier key to standard output.",
	.opts = opts,
	.words = "file",
	.unconfined = true,
};

int
keygen_main(int argc, char **argv)
{
	const char *name = NULL, *pass_file = NULL;
	bool none = false, force = false, witness = false;
	char pass[1024], text[VKEY_TEXT + 1], *pem = NULL;
	uint8_t public[VKEY_PUBLIC];
	struct signer *s = NULL;
	struct file_out f;
	struct opt_state os;
	struct err e = { "" };
	struct vkey k;
	size_t len = 0;
	int id, n = 0, status = 2;

	diag_name(prog.name);
	for (opt_begin(&os, &prog, argc, argv); (id = opt_next(&os, &e)) > 0; )
		switch (id) {
		case O_NAME: name = os.value; break;
		case O_PASS: pass_file = os.value; break;
		case O_NONE: none = true; break;
		case O_FORCE: force = true; break;
		case O_WITNESS: witness = true; break;
		}
	if (id == -2)
		return 0;
	if (id == 0 && name == NULL)
		err_set(&e, "whose key? --name NAME");
	else if (id == 0 && none && pass_file != NULL)
		err_set(&e, "--no-passphrase and --passphrase-file do not go together");
	else if (id == 0 && argc - os.i != 1)
		err_set(&e, "the file for the private key is expected");
	/* the name is checked and the file made before a passphrase is asked for */
	memset(public, 0, sizeof(public));
	umask(077);
	if (!e.text[0] && vkey_make(&k, name, VKEY_ED25519, public, &e) &&
	    file_create(&f, argv[os.i], force, &e)) {
		if ((none ||
			(n = passphrase(pass, sizeof(pass), pass_file, argv[os.i], true, &e)) >
			    0) &&
		    (s = signer_new(&e)) != NULL && signer_public(s, public, &e) &&
		    vkey_make(&k, name, witness ? VKEY_COSIGNATURE : VKEY_ED25519, public, &e) &&
		    (pem = signer_pem(s, none ? NULL : pass, (size_t)n, &len, &e)) != NULL) {
			(void)!fchmod(f.fd, 0600);
			if (!file_write_all(f.fd, pem, len))
				err_sys(&e, "%s", argv[os.i]);
		}
		if (e.text[0])
			file_abort(&f);
		else if (file_commit(&f, &e)) {
			vkey_put(text, &k);
			status = printf("%s\n", text) > 0 && fflush(stdout) == 0 ? 0 : 2;
		}
		explicit_bzero(pass, sizeof(pass));
	}
	if (e.text[0])
		diag("%s", e.text);
	signer_pem_free(pem, len);
	signer_free(s);
	return status;
}
