#include "chain/keyring.h"

#include "base/limits.h"
#include "json/scan.h"

#include <string.h>

const char *const key_role_names[KEY_ROLES] = {
	[KEY_ADMIN] = "admin", [KEY_AUTHOR] = "author", [KEY_LOG] = "log",
};

/* A member that must be a string; false and said when it is none. */
static bool
text(const struct sval *o, const char *name, char *dst, size_t cap, struct err *e)
{
	struct sval v;

	if (!scan_get(o, name, &v) || v.type != SVAL_STR || v.n == 0 || v.n >= cap)
		return err_set(e, "%s: a text of 1 to %zu bytes is expected", name, cap - 1);
	/* U+0000 would hide what is behind it, others steer a terminal */
	for (size_t i = 0, n = sval_text(&v, dst, cap); i < n; i++)
		if ((uint8_t)dst[i] < ' ' || dst[i] == 0x7f ||
		    ((uint8_t)dst[i] == 0xc2 && (uint8_t)dst[i + 1] < 0xa0))
			return err_set(e, "%s: there is a control character in it", name);
	return true;
}

static bool
vkey_of(const struct sval *o, const char *name, struct vkey *k, struct err *e)
{
	char s[VKEY_TEXT + 2];

	return text(o, name, s, sizeof(s), e) && vkey_parse(k, s, strlen(s), e);
}

static bool
role_of(const struct sval *o, enum key_role *role, struct err *e)
{
	struct sval v;
	int i;

	if (!scan_get(o, "role", &v))
		v.type = SVAL_NONE;
	for (i = 0; i < KEY_ROLES; i++)
		if (sval_is(&v, key_role_names[i]))
			break;
	if (i == KEY_ROLES)
		return err_set(e, "role: admin, author or log is expected");
	*role = (enum key_role)i;
	return true;
}

/* A key under its role: its name is the origin's for a log key and nobody else's. */
static bool
add(struct keyring *k, const struct vkey *key, enum key_role role, uint64_t seq, struct err *e)
{
	struct ring_key *v;

	if (k->n >= LIM_CHAIN_KEYS)
		return err_set(e, "more than %d keys", LIM_CHAIN_KEYS);
	if (key->type != VKEY_ED25519)
		return err_set(e, "vkey: a cosigner's key cannot sign records or checkpoints");
	if ((role == KEY_LOG) != (strcmp(key->name, k->origin) == 0))
		return err_set(e, role == KEY_LOG ? "vkey: a log's key has the origin's name, %s" :
		    "vkey: only a log's key has the origin's name, %s", k->origin);
	for (size_t i = 0; i < k->n; i++) {
		if (k->v[i].key.id == key->id && strcmp(k->v[i].key.name, key->name) == 0)
			return err_set(
			    e, "vkey: %s+%08x is or was in the ledger", key->name, key->id);
		if (role != KEY_LOG && k->v[i].to == UINT64_MAX &&
		    strcmp(k->v[i].key.name, key->name) == 0)
			return err_set(e, "vkey: %s has a key (rotate replaces it)", key->name);
	}
	if ((v = realloc(k->v, (k->n + 1) * sizeof(*v))) == NULL)
		return err_set(e, "out of memory");
	k->v = v;
	k->v[k->n++] =
	    (struct ring_key){ .key = *key, .role = role, .from = seq, .to = UINT64_MAX };
	return true;
}

static bool
format_known(const char *format, struct err *e)
{
	return strcmp(format, CHAIN_FORMAT) == 0 ||
	    err_set(e, "format: this program knows %s, the ledger is %s", CHAIN_FORMAT, format);
}

bool
keyring_known(const struct sval *line, struct err *e)
{
	struct err none = { "" };
	struct sval type, ledger;
	char format[64];

	return !scan_get(line, "event_type", &type) || !sval_is(&type, "ledger") ||
	    !scan_get(line, "ledger", &ledger) ||
	    !text(&ledger, "format", format, sizeof(format), &none) || format_known(format, e);
}

static bool
take_ledger(struct keyring *k, const struct sval *o, const struct entry *en, struct err *e)
{
	struct sval keys, key, sign;
	struct scan s;
	char format[64];

	if (en->seq != 1 || k->n > 0)
		return err_set(e, "a ledger record is the first and no other");
	if (!text(o, "format", format, sizeof(format), e))
		return false;
	if (!format_known(format, e))
		return false;
	if (!text(o, "origin", k->origin, sizeof(k->origin), e))
		return false;
	if (!vkey_name_ok(k->origin, strlen(k->origin)))
		return err_set(e, "origin: %s is no name", k->origin);
	if (!scan_get(o, "sign", &sign) ||
	    !(sval_is(&sign, "record") || sval_is(&sign, "checkpoint")))
		return err_set(e, "sign: record or checkpoint is expected");
	k->each = sval_is(&sign, "record");
	if (!scan_get(o, "keys", &keys) || keys.type != SVAL_ARR)
		return err_set(e, "keys: a list is expected");
	for (scan_in(&s, &keys); scan_elem(&s, &key); ) {
		struct vkey vk;
		enum key_role role;

		/* what it brings may sign it: from 0 */
		if (!vkey_of(&key, "vkey", &vk, e) || !role_of(&key, &role, e) ||
		    !add(k, &vk, role, 0, e))
			return false;
	}
	return true;
}

static struct ring_key *
current(struct keyring *k, const struct vkey *key)
{
	for (size_t i = 0; i < k->n; i++)
		if (k->v[i].to == UINT64_MAX && k->v[i].key.id == key->id &&
		    strcmp(k->v[i].key.name, key->name) == 0)
			return &k->v[i];
	return NULL;
}

static bool
take_key(struct keyring *k, const struct sval *o, const struct entry *en, struct err *e)
{
	const struct ring_key *by = keyring_author(k, &en->author, en->key, en->seq);
	struct ring_key *old = NULL;
	char action[16], reason[sizeof(old->reason)];
	struct vkey key, was;
	enum key_role role;
	struct sval v;

	if (by == NULL || !text(o, "action", action, sizeof(action), e) ||
	    !vkey_of(o, "vkey", &key, e))
		return by != NULL ? false : err_set(e, "its author has no key here");
	if (!text(o, "reason", reason, sizeof(reason), e))
		return false;
	if (strcmp(action, "add") == 0) {
		if (by->role != KEY_ADMIN)
			return err_set(
			    e, "%s is no administrator and cannot add a key", by->key.name);
		return role_of(o, &role, e) && add(k, &key, role, en->seq, e);
	}
	if (strcmp(action, "rotate") == 0) {
		if (!vkey_of(o, "replaces", &was, e))
			return false;
	} else if (strcmp(action, "retire") == 0 || strcmp(action, "revoke") == 0)
		was = key;
	else
		return err_set(e, "action: add, rotate, retire or revoke is expected");
	if ((old = current(k, &was)) == NULL)
		return err_set(e, "%s+%08x is no key in use", was.name, was.id);
	if (by->role != KEY_ADMIN && by != old)
		return err_set(
		    e, "%s is no administrator and cannot end another's key", by->key.name);
	/* else an author could go on under the name of somebody who has no key now */
	if (strcmp(action, "rotate") == 0 && strcmp(was.name, key.name) != 0)
		return err_set(e, "vkey: a key that replaces that of %s has its name, not %s",
		    was.name, key.name);
	if (strcmp(action, "revoke") == 0) {
		old->revoked = true;
		old->since = en->time;
		if (scan_get(o, "since", &v) && (v.type != SVAL_STR || v.escaped ||
		    !stamp_parse(&old->since, v.p, v.n)))
			return err_set(e, "since: a time is expected");
	}
	memcpy(old->reason, reason, sizeof(reason));
	role = old->role;
	old->to = en->seq;
	return strcmp(action, "rotate") != 0 || add(k, &key, role, en->seq, e);
}

bool
keyring_take(struct keyring *k, const struct entry *en, struct err *e)
{
	bool ledger = span_is(&en->type, "ledger");
	struct sval o;
	const char *why;
	size_t at;

	if (!ledger && !span_is(&en->type, "signer"))
		return true;
	if (!scan_check(en->payload.p, en->payload.n, true, &at, &why))
		return err_set(e, "its payload is not JSON: %s", why);
	o = scan_line(en->payload.p, en->payload.n);
	return ledger ? take_ledger(k, &o, en, e) : take_key(k, &o, en, e);
}

void
keyring_free(struct keyring *k)
{
	free(k->v);
	memset(k, 0, sizeof(*k));
}

const struct ring_key *
keyring_author(const struct keyring *k, const struct span *name, uint32_t id, uint64_t seq)
{
	for (size_t i = 0; i < k->n; i++) {
		const struct ring_key *r = &k->v[i];

		if (r->role != KEY_LOG && r->key.id == id && seq > r->from && seq <= r->to &&
		    span_is(name, r->key.name))
			return r;
	}
	return NULL;
}

const struct ring_key *
keyring_log(const struct keyring *k, uint64_t size, size_t *i)
{
	for (; *i < k->n; ++*i)
		/* the checkpoint that seals a change of keys is the old one's and the new one's */
		if (k->v[*i].role == KEY_LOG && size >= k->v[*i].from && size <= k->v[*i].to)
			return &k->v[(*i)++];
	return NULL;
}

bool
keyring_must_sign(const struct keyring *k, const struct span *type)
{
	return k->each || span_is(type, "ledger") || span_is(type, "signer");
}
