/* journal.h: an incident's journal begun and added to.
 *
 * A journal is sealed by a key of its own: DIR/log.key, made when it is begun, not under a
 * passphrase, for a lead at three in the morning writes first. That key shows what was
 * changed by mistake or by somebody without the folder's rights; who holds the folder could
 * seal another history, which a head kept elsewhere (the receipt of a report, a witness)
 * shows. Where a person's key is given each record is signed by its author, too, and a log
 * key kept elsewhere can be given instead of the one in the folder. */
#ifndef OT_INCIDENT_JOURNAL_H
#define OT_INCIDENT_JOURNAL_H

#include "base/err.h"
#include "chain/signer.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* Whose records: key NULL: they are not signed each; log NULL: the folder's key seals. */
struct journal_who { const char *author; struct signer *key, *log; };

/* Begins one in a folder that is not there: with the ledger's first record and this
 * incident_opened. All of it is there when it returns true, or nothing. */
bool journal_begin(const char *path, const char *origin, const struct journal_who *who,
    const json_t *opened, struct err *e);

/* The key in the folder, which seals it and has no passphrase. The caller frees it. */
struct signer *journal_key(const char *path, struct err *e);

struct journal;
/* Opens for adding, under the chain's lock. */
struct journal *journal_open(const char *path, const struct journal_who *who, struct err *e);
/* The number of the record that is added next. */
uint64_t journal_next(const struct journal *j);
/* One more record; *seq is its number, or NULL. */
bool journal_add(struct journal *j, const char *type, const json_t *payload, uint64_t *seq,
    struct err *e);
/* What was added is on the disk, and covered by a signed head. */
bool journal_seal(struct journal *j, struct err *e);
/* What was not sealed is taken back. */
void journal_close(struct journal *j);

enum { JOURNAL_DIGEST = 65 };
/* Keeps a file's bytes as DIR/files/DIGEST, before the record that names it is added. */
bool journal_keep(const char *path, const char *file, char digest[JOURNAL_DIGEST],
    uint64_t *size, struct err *e);
/* The same of bytes in memory. */
bool journal_keep_bytes(const char *path, const void *p, size_t n, char digest[JOURNAL_DIGEST],
    struct err *e);

#endif
