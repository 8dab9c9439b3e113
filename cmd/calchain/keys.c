/* keys.c: the keys that the options name, and the passphrases they need. */
#include "calchain.h"

#include "base/confine.h"
#include "chain/signer.h"

#include <string.h>

void
keys_take(struct keys_asked *asked, int id, const char *value)
{
	switch (id) {
	case KEYS_KEY: asked->key = value; break;
	case KEYS_LOG: asked->log = value; break;
	case KEYS_PASS: asked->pass = value; break;
	case KEYS_LOGPASS: asked->log_pass = value; break;
	case KEYS_PROVIDER: asked->provider = value; break;
	}
}

bool
keys_open(struct keys *k, const struct keys_asked *asked, struct err *e)
{
	const char *log_pass = asked->log_pass ? asked->log_pass : asked->pass;

	memset(k, 0, sizeof(*k));
	if (asked->provider != NULL && !signer_provider(asked->provider, e))
		return false;
	if ((asked->key == NULL ||
	    (k->key = signer_open_with(asked->key, asked->pass, e)) != NULL) &&
	    (asked->log == NULL || (k->log = signer_open_with(asked->log, log_pass, e)) != NULL))
		return true;
	keys_close(k);
	return false;
}

void
keys_close(struct keys *k)
{
	signer_free(k->key);
	signer_free(k->log);
	memset(k, 0, sizeof(*k));
}

const char *
ledger_operand(int argc, char **argv, int i, struct err *e)
{
	if (argc - i == 1)
		return argv[i];
	err_set(e, argc == i ? "which ledger? its folder is expected" :
	    "one ledger is expected, \"%.60s\" is another operand", argc == i ? "" : argv[i + 1]);
	return NULL;
}

const char *
ledger_confined(int argc, char **argv, int i, unsigned calls, struct err *e)
{
	const char *dir = ledger_operand(argc, argv, i, e);

	confine_path(dir, calls);
	return dir != NULL && confine_prepare(e) && confine(calls, e) ? dir : NULL;
}
