/* entry.h: a record of a ledger as its line (otledger(5)):
 *
 *     {"timestamp":"..","event_type":"note","seq":2,"clock":"synchronised","author":"anna",
 *      "key":"530d903a","prev":"<64>","note":{..},"digest":"<64>","signature":"<88>"}
 *
 * on one line, the members in this order and without blanks between them, so that
 * cut(1) and sed(1) can take it apart. The digest is SHA-256 of the line's bytes before
 * `,"digest":"`; the signature is Ed25519 of "otkit-record/v1" LF digest LF; the next
 * record's prev, and the tree's entry, is SHA-256 of the whole line without its LF. */
#ifndef OT_ENTRY_H
#define OT_ENTRY_H

#include "base/stamp.h"
#include "chain/merkle.h"
#include "chain/vkey.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum entry_clock { ENTRY_SYNCHRONISED, ENTRY_UNSYNCHRONISED, ENTRY_GIVEN, ENTRY_CLOCKS };
extern const char *const entry_clock_names[ENTRY_CLOCKS];

struct span { const char *p; size_t n; };
bool span_is(const struct span *s, const char *text);

struct entry {
	int64_t time;                   /* when it was written down, in microseconds */
	uint64_t seq;                   /* from 1; line n is record n */
	enum entry_clock clock;
	struct span type, author, payload;      /* in the line; the payload is a JSON object */
	bool is_signed;
	uint32_t key;                   /* ID of the key that signed */
	uint8_t sig[VKEY_SIGNATURE];
	struct merkle_hash prev, digest;
	size_t body;                    /* bytes before the digest */
	struct span kind, who;          /* from time to seq, from seq to prev: see entry_read() */
};

enum {
	ENTRY_TYPE = 40,                /* bytes of a type's name */
	/* all of a line but its payload: what an appender needs beside it */
	ENTRY_AROUND = 512 + VKEY_NAME + 2 * ENTRY_TYPE,
	ENTRY_SIGNED_TEXT = 16 + 64 + 1
};

/* Takes a line apart. False, and why, when it has another shape. The payload is not
 * looked into: whoever needs that calls scan_check() on the line. */
bool entry_read(struct entry *en, const char *line, size_t n, const char **why);
/* The same of a line that comes after another, whose bytes are still there: what is
 * byte for byte as in that one is not taken apart again. */
bool entry_read_next(struct entry *en, const struct entry *last, const char *line, size_t n,
    const char **why);

/* The digest of its body, and the hash of the whole line, in one pass. */
void entry_hashes(const char *line, size_t n, size_t body, struct merkle_hash *digest,
    struct merkle_hash *whole);
/* The same of one line or two, side by side (base/lanes.h). */
struct entry_sums { const char *line; size_t n, body; struct merkle_hash digest, whole; };
enum { ENTRY_SIDES = 2 };
void entry_hashes_beside(struct entry_sums *v, unsigned n);
/* What is signed of a digest. */
void entry_signed_text(char dst[ENTRY_SIGNED_TEXT], const struct merkle_hash *digest);

/* The line up to its digest from time, clock, seq, type, author, key (when is_signed), prev
 * and payload; returns its length. dst has ENTRY_AROUND and the payload's bytes. */
size_t entry_put_body(char *dst, const struct entry *en);
/* Its end: digest, signature when is_signed, the brace. */
size_t entry_put_end(char *dst, const struct entry *en);

#endif
