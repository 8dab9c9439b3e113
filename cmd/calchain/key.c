/* key.c: calchain key: whose signatures count: list them, add, replace, retire, revoke one. */
#include "calchain.h"

#include "base/confine.h"
#include "base/diag.h"
#include "base/stamp.h"
#include "chain/chain.h"
#include "chain/verify.h"
#include "json/jw.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { O_NOW = 1, O_AUTHOR, O_ROLE, O_VKEY, O_OLD, O_REASON, O_SINCE, O_JSON, O_FORCE };

static const struct opt opts[] = {
	{ "author", 'a', "NAME", "whose key it is that signs, where it has several names", NULL,
	    O_AUTHOR },
	{ "force", 0, NULL, "also end the last admin or log key, or take a time to come", NULL,
	    O_FORCE },
	{ "json", 0, NULL, "list: records instead of a table", NULL, O_JSON },
	{ "key", 'k', "KEY", "the key that signs the change: a PEM file or a URI", "key",
	    KEYS_KEY },
	KEYS_LOG_OPTS,
	{ "now", 0, "TIME", "instead of the clock", NULL, O_NOW },
	{ "passphrase-file", 'p', "FILE", "its first line is the key's passphrase", "key",
	    KEYS_PASS },
	KEYS_PROVIDER_OPT,
	{ "reason", 'r', "TEXT", "why", NULL, O_REASON },
	{ "replaces", 0, "VKEY", "rotate: the key that the new one replaces", NULL, O_OLD },
	{ "role", 0, "ROLE", "add: what it may do", "admin|author|log", O_ROLE },
	{ "since", 0, "TIME", "revoke: what it signed since is in doubt", NULL, O_SINCE },
	{ "vkey", 0, "VKEY", "the key's public half, as keygen prints it", NULL, O_VKEY },
	{ NULL },
};

static const struct prog prog = {
	.name = "calchain key",
	.synopsis =
	    "calchain key list [--json] DIR\n"
	    "calchain key add -k KEY [-l KEY] [-p FILE] -r TEXT --role ROLE --vkey VKEY DIR\n"
	    "calchain key rotate -k KEY [-l KEY] [-p FILE] -r TEXT --replaces VKEY\n"
	    "--vkey VKEY DIR\n"
	    "calchain key retire -k KEY [--force] [-l KEY] [-p FILE] -r TEXT --vkey VKEY DIR\n"
	    "calchain key revoke -k KEY [--force] [-l KEY] [-p FILE] -r TEXT [--since TIME]\n"
	    "--vkey VKEY DIR",
	.purpose = "Says whose signatures count in a ledger, and changes it, by a signed record.",
	.opts = opts,
	.words = "list|add|rotate|retire|revoke",
};

struct asked { const char *action, *role, *vkey, *old, *reason, *since, *author; bool force; };

/* The payload of the key record; 0 and said when something is missing or has no place here. */
static size_t
payload(char *dst, size_t cap, const struct asked *a, struct err *e)
{
	bool add = strcmp(a->action, "add") == 0, rotate = strcmp(a->action, "rotate") == 0;
	bool revoke = strcmp(a->action, "revoke") == 0;
	struct jw w;

	if (a->vkey == NULL || a->reason == NULL)
		return err_set(
			   e, a->vkey == NULL ? "which key? --vkey VKEY" : "why? --reason TEXT"),
		       0;
	if (add != (a->role != NULL))
		return err_set(e, add ? "what may it do? --role admin, author or log" :
		    "--role goes with add"), 0;
	if (rotate != (a->old != NULL))
		return err_set(e, rotate ? "which key does it replace? --replaces VKEY" :
		    "--replaces goes with rotate"), 0;
	if (a->since != NULL && !revoke)
		return err_set(e, "--since goes with revoke"), 0;
	jw_init(&w, dst, cap);
	jw_begin(&w);
	jw_cstr(&w, "action", a->action);
	jw_cstr(&w, "role", a->role);
	jw_cstr(&w, "vkey", a->vkey);
	jw_cstr(&w, "replaces", a->old);
	jw_cstr(&w, "since", a->since);
	jw_cstr(&w, "reason", a->reason);
	if (!jw_line(&w))
		return err_set(e, "the reason is too long"), 0;
	return w.n - 1;
}

/* Whether a key may go: without an admin nobody changes the keys any more, without a log's key
 * nobody appends. */
static bool
not_last(const struct keyring *ring, const struct asked *a, struct err *e)
{
	const struct ring_key *key = NULL;
	struct vkey gone;
	size_t others = 0;

	if (a->force || (strcmp(a->action, "retire") != 0 && strcmp(a->action, "revoke") != 0))
		return true;
	if (!vkey_parse(&gone, a->vkey, strlen(a->vkey), e))
		return false;
	for (size_t i = 0; i < ring->n; i++)
		if (ring->v[i].to == UINT64_MAX && ring->v[i].key.id == gone.id &&
		    strcmp(ring->v[i].key.name, gone.name) == 0)
			key = &ring->v[i];
	if (key == NULL || key->role == KEY_AUTHOR)
		return true;    /* whether it is one in use the ledger says */
	for (size_t i = 0; i < ring->n; i++)
		others += &ring->v[i] != key && ring->v[i].to == UINT64_MAX &&
		    ring->v[i].role == key->role;
	return others > 0 ||
	    err_set(e,
		"%s+%08x is the last %s key in use, and nobody could %s after it: add another "
		"first, or rotate it (--force ends it all the same)",
		key->key.name, key->key.id, key_role_names[key->role],
		key->role == KEY_ADMIN ? "change the keys" : "append");
}

/* A token's provider has calls of its own. */
static bool
confined(const char *dir, unsigned calls, bool token, struct err *e)
{
	confine_path(dir, calls);
	return token || (confine_prepare(e) && confine(CONFINE_READ | calls, e));
}

static int
change(const char *dir, const struct asked *a, const struct keys_asked *asked, struct err *e)
{
	char text[4096];
	struct keys keys = { NULL };
	struct chain *c = NULL;
	size_t n = payload(text, sizeof(text), a, e);
	bool done = false;

	if (n > 0 && asked->key == NULL)
		err_set(e, "who says so? --key FILE");
	else if (n > 0 && (a->force || now_not_ahead(e)) && keys_open(&keys, asked, e) &&
	    confined(dir, CONFINE_WRITE, asked->provider != NULL, e) &&
	    (c = chain_open(dir, keys.key, keys.log, a->author, e)) != NULL)
		done = not_last(chain_keys(c), a, e) && chain_add(c, "signer", text, n, e) &&
		    chain_seal(c, e);
	chain_close(c);
	keys_close(&keys);
	return done ? 0 : 2;
}

/* --- the list */

static void
row(const struct ring_key *k)
{
	char text[VKEY_TEXT + 1], when[STAMP_TEXT] = "", to[32] = "";

	vkey_put(text, &k->key);
	if (k->to != UINT64_MAX)
		snprintf(to, sizeof(to), "%" PRIu64, k->to);
	printf("%-7s %-9s %8" PRIu64 " %8s  %s\n", key_role_names[k->role], k->to == UINT64_MAX ?
	    "in use" : k->revoked ? "revoked" : "retired", k->from + 1, to, text);
	if (k->to != UINT64_MAX) {
		stamp_put(when, k->since);
		printf("        %s%s%.19s%s%s\n", k->reason, k->revoked ? "; in doubt since " : "",
		    k->revoked ? when : "", k->revoked ? " UTC" : "", "");
	}
}

static bool
record(const struct ring_key *k)
{
	char text[VKEY_TEXT + 1], buf[2048];
	struct jw w;

	jw_init(&w, buf, sizeof(buf));
	jw_begin(&w);
	jw_cstr(&w, "event_type", "ledger_key");
	jw_obj(&w, "ledger_key");
	jw_str(&w, "vkey", text, vkey_put(text, &k->key));
	jw_cstr(&w, "name", k->key.name);
	jw_cstr(&w, "role", key_role_names[k->role]);
	jw_cstr(&w, "state", k->to == UINT64_MAX ? "in_use" : k->revoked ? "revoked" : "retired");
	jw_uint(&w, "from", k->from + 1);
	if (k->to != UINT64_MAX) {
		jw_uint(&w, "to", k->to);
		jw_cstr(&w, "reason", k->reason);
	}
	if (k->revoked)
		jw_time(&w, "since", k->since);
	jw_end(&w);
	return jw_line(&w) && fwrite(buf, 1, w.n, stdout) == w.n;
}

/* From the records themselves, so that what is listed holds. */
static int
list(const char *dir, bool json, struct err *e)
{
	static struct verify_answer a;
	struct verify_ask ask = { .threads = 0 };
	bool good = true;

	if (!verify_ledger(&a, dir, &ask, e))
		return 2;
	if (a.nfound > 0)
		diag(
		    "%s does not hold (calchain verify tells more): the keys are as its "
		    "records say",
		    dir);
	if (!json)
		printf("%-7s %-9s %8s %8s  %s\n", "ROLE", "STATE", "FROM", "TO", "KEY");
	for (size_t i = 0; i < a.ring.n && good; i++)
		if (json)
			good = record(&a.ring.v[i]);
		else
			row(&a.ring.v[i]);
	good = fflush(stdout) == 0 && !ferror(stdout) && good;
	verify_free(&a);
	return !good ? 2 : a.nfound > 0;
}

int
key_main(int argc, char **argv)
{
	static const char *const actions[] = { "list", "add", "rotate", "retire", "revoke" };
	struct keys_asked asked = { NULL };
	struct asked a = { NULL };
	const char *dir = NULL;
	struct opt_state os;
	struct err e = { "" };
	bool json = false;
	int id, status = 2;

	diag_name(prog.name);
	chain_clock_look();
	for (opt_begin(&os, &prog, argc, argv); !e.text[0] && (id = opt_next(&os, &e)) > 0; )
		switch (id) {
		case O_NOW: (void)now_get(os.value, &e); break;
		case O_AUTHOR: a.author = os.value; break;
		case O_ROLE: a.role = os.value; break;
		case O_VKEY: a.vkey = os.value; break;
		case O_OLD: a.old = os.value; break;
		case O_REASON: a.reason = os.value; break;
		case O_SINCE: a.since = os.value; break;
		case O_JSON: json = true; break;
		case O_FORCE: a.force = true; break;
		default: keys_take(&asked, id, os.value);
		}
	if (!e.text[0] && id == -2)
		return 0;
	if (!e.text[0] && id == 0) {
		for (size_t i = 0; os.i < argc && i < sizeof(actions) / sizeof(*actions); i++)
			if (strcmp(argv[os.i], actions[i]) == 0)
				a.action = actions[i];
		if (a.action == NULL)
			err_set(&e, "what with the keys: list, add, rotate, retire or revoke?");
		else
			dir = ledger_operand(argc, argv, os.i + 1, &e);
	}
	if (dir != NULL && strcmp(a.action, "list") != 0)
		status = change(dir, &a, &asked, &e);
	else if (dir != NULL && confined(dir, CONFINE_THREADS, false, &e))
		status = list(dir, json, &e);
	if (e.text[0])
		diag("%s", e.text);
	return status;
}
