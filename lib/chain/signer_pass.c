/* signer_pass.c: a private key whose passphrase is in a file, or asked for at the terminal. */
#include "chain/signer.h"

#include "base/passphrase.h"

struct asking { const char *file; struct err *e; };

static int
ask(void *arg, const char *what, char *dst, size_t cap)
{
	struct asking *a = arg;

	return passphrase(dst, cap, a->file, what, false, a->e);
}

struct signer *
signer_open_with(const char *what, const char *file, struct err *e)
{
	struct asking a = { file, e };

	return signer_open(what, ask, &a, e);
}
