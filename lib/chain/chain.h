/* chain.h: a hash-chained, append-only ledger in a folder (otledger(5)).
 *
 *     records.ndjson        the records, a line each, as they were signed
 *     checkpoint            the newest signed head (C2SP tlog-checkpoint)
 *     checkpoints.ndjson    all heads there ever were, and what witnesses said of them
 *     tile/                 the Merkle tree (C2SP tlog-tiles)
 *     torn/                 what was behind the newest head when an append was cut short
 *
 * What a checkpoint covers was acknowledged; what is behind it was not. So a batch is
 * all or nothing: it is written, synced, and then covered. A writer holds a lock on
 * records.ndjson (flock(2)); readers look at the head under a shared one and then read
 * what it covers, which never changes. */
#ifndef OT_CHAIN_H
#define OT_CHAIN_H

#include "base/err.h"
#include "chain/checkpoint.h"
#include "chain/entry.h"
#include "chain/keyring.h"
#include "chain/merkle.h"
#include "chain/signer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a ledger is at one moment, read under its lock. Nothing of it is checked but its
 * shape: chain/verify.h does that. */
struct chain_head {
	struct checkpoint cp;
	struct note note;               /* of the checkpoint; its spans lie in text */
	char *text;
	size_t n;
	uint64_t file, heads;           /* bytes of records.ndjson and of checkpoints.ndjson */
};
/* The folder, or -1. */
int chain_folder(const char *path, struct err *e);
bool chain_head(struct chain_head *h, int dir, const char *path, struct err *e);
void chain_head_free(struct chain_head *h);

/* --- writing */

/* Asks the kernel whether its clock is kept right, which records then say ("synchronised");
 * before confine(), for adjtimex(2) could also set it. */
void chain_clock_look(void);

struct chain;

/* A new ledger in a folder that is not there or is empty. `log` seals, `admin` (of this name) signs
 * records; they may be the same. Record 1 and its checkpoint are on the disk when it
 * returns true. */
bool chain_create(const char *path, const char *origin, bool each, struct signer *log,
    struct signer *admin, const char *name, struct err *e);

/* Opens for appending: takes the lock, reads the keys, checks the head's signature and
 * that head, tiles and last record fit. `key` signs records, `log` seals (NULL: key does, its
 * public key being a log's, too). `author` is needed where no records are signed, else NULL. */
struct chain *chain_open(const char *path, struct signer *key, struct signer *log,
    const char *author, struct err *e);
/* What appends that were cut short left behind the head and no record tells of yet: the i-th file,
 * from 0, and its bytes; NULL: there is none. The last may have been set aside by chain_open().
 * A `recovery` record of each goes before what is added next. */
const char *chain_torn(const struct chain *c, size_t i, uint64_t *bytes);
const struct keyring *chain_keys(const struct chain *c);
const struct checkpoint *chain_at(const struct chain *c);
/* The number of the record that chain_add() makes next. */
uint64_t chain_next(const struct chain *c);
/* A checkpoint each so many records (0: one at each chain_seal). */
void chain_seal_every(struct chain *c, uint64_t records);

/* One more record; its payload is a JSON object without line ends, checked by the caller.
 * False when it cannot be written or the keys, or the clock, do not allow it. */
bool chain_add(struct chain *c, const char *type, const char *payload, size_t n,
    struct err *e);
/* All that was added is on the disk and covered by a signed checkpoint when this returns true. */
bool chain_seal(struct chain *c, struct err *e);
/* Closes; what was added and not sealed is taken back. */
void chain_close(struct chain *c);

/* Makes the tiles anew of the records that the checkpoint covers, when these give its root;
 * *records is their number. Else false, and nothing is written. */
bool chain_rebuild(const char *path, uint64_t *records, struct err *e);

#endif
