/* keyring.h: whose signatures count, as the ledger itself says.
 *
 * Record 1 (`ledger`) names the origin, how records are signed and the first keys;
 * `signer` records, signed by an administrator, add, replace, retire and revoke others:
 *
 *     {"action":"add","role":"author","vkey":"bo+..","reason":".."}
 *     {"action":"rotate","vkey":"bo+..","replaces":"bo+..","reason":".."}
 *     {"action":"retire","vkey":"bo+..","reason":".."}
 *     {"action":"revoke","vkey":"bo+..","since":"<time>","reason":".."}
 *
 * Who holds a key may replace, retire and revoke that one; what a revoked key signed since
 * then is in doubt. */
#ifndef OT_KEYRING_H
#define OT_KEYRING_H

#include "base/err.h"
#include "chain/entry.h"
#include "json/scan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CHAIN_FORMAT "otledger/1"

enum key_role { KEY_ADMIN, KEY_AUTHOR, KEY_LOG, KEY_ROLES };
extern const char *const key_role_names[KEY_ROLES];

struct ring_key {
	struct vkey key;
	enum key_role role;
	uint64_t from, to;      /* seq: counts behind record `from`, up to record `to` (its end) */
	bool revoked;
	int64_t since;          /* revoked: from when on its signatures are in doubt */
	char reason[200];
};

struct keyring {
	char origin[VKEY_NAME];
	bool each;              /* every record is signed, not only ledger and signer records */
	struct ring_key *v;
	size_t n;
};

/* False, and said, of a line that begins a ledger of another format than this: nothing can be said
 * of it, nor done with it. Any other line passes. */
bool keyring_known(const struct sval *line, struct err *e);
/* Takes in a `ledger` or `signer` record that entry_read() took apart; its signature is
 * checked by the caller, whether its author may say so here. Others are passed over. */
bool keyring_take(struct keyring *k, const struct entry *en, struct err *e);
void keyring_free(struct keyring *k);

/* The key of this author and ID that may sign record seq, or NULL. A ledger record's
 * is the one it brings. */
const struct ring_key *keyring_author(const struct keyring *k, const struct span *name,
    uint32_t id, uint64_t seq);
/* A log key that may seal a tree of this size: of this ID, or any of index *i on. */
const struct ring_key *keyring_log(const struct keyring *k, uint64_t size, size_t *i);
/* Whether a record of this kind must be signed. */
bool keyring_must_sign(const struct keyring *k, const struct span *type);

#endif
