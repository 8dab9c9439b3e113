/* timestamp.h: time stamps of a ledger's heads by an authority (RFC 3161).
 *
 * What is stamped is the SHA-256 of a signed checkpoint's bytes: the file `checkpoint` as it was
 * then, which checkpoints.ndjson keeps. Answers are kept as they came, in timestamps/, each with a
 * line in checkpoints.ndjson:
 *
 *     {"timestamp":"..","event_type":"time_stamp","time_stamp":{"size":4,"at":"..",
 *      "checkpoint":"<64 hex>","file":"timestamps/4.tsr","sha256":"<64 hex>"}} */
#ifndef OT_TIMESTAMP_H
#define OT_TIMESTAMP_H

#include "base/err.h"
#include "chain/merkle.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TIMESTAMP_FOLDER "timestamps"
enum { TIMESTAMP_MAX = 64 << 10 };      /* bytes of an answer: one with a chain has some 6,000 */

/* A query for this digest: DER in fresh memory. With a nonce, and asking for the certificate. */
uint8_t *timestamp_query(const struct merkle_hash *digest, size_t *n, struct err *e);

/* Who may sign time stamps in the end: a bundle of certificates in PEM, read whole. */
struct timestamp_roots;
struct timestamp_roots *timestamp_roots(const char *file, struct err *e);
void timestamp_roots_free(struct timestamp_roots *r);

/* An answer's digest and time without its signature being looked at: which head it may be of.
 * False when it is none, or says that nothing was stamped. */
bool timestamp_read(const uint8_t *p, size_t n, struct merkle_hash *digest, int64_t *at,
    struct err *e);
/* Whether it is an authority's under those roots, of this digest. Certificates are looked at as of
 * the stamp's own time: they end long before a record does. Who has revoked one is not asked. */
bool timestamp_holds(const struct timestamp_roots *r, const uint8_t *p, size_t n,
    const struct merkle_hash *digest, struct err *e);

/* Checks an answer and keeps it with the head that it is of. *size, *at (microseconds) and the
 * file's name in the ledger say what it was. *wrong: the answer is at fault, not the ledger or
 * the disk. */
bool timestamp_take(const char *path, const struct timestamp_roots *r, const uint8_t *p, size_t n,
    uint64_t *size, int64_t *at, char file[64], bool *wrong, struct err *e);

/* All that are kept, each with what is wrong with it ("" when it holds). Their number, or -1 and
 * said when that cannot be told. */
struct timestamp_kept { uint64_t size; int64_t at; char file[64]; struct err wrong; };
int timestamp_each(const char *path, const struct timestamp_roots *r,
    void (*see)(void *arg, const struct timestamp_kept *k), void *arg, struct err *e);

#endif
