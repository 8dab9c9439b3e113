/* proof.h: proofs from the tree as files that travel alone.
 *
 *     c2sp.org/tlog-proof@v1          old <size>              that a ledger only grew: the body
 *     extra <base64>                  <base64 hash>           of a request to a witness (C2SP
 *     index <decimal>                 ...                     tlog-witness)
 *     <base64 hash>
 *     ...                             <checkpoint>
 *
 *     <checkpoint>
 *
 * On the left that a record is in it (C2SP tlog-proof). Our `extra`, where there is one,
 * is the record's line: the proof says itself whether it is the right one. */
#ifndef OT_PROOF_H
#define OT_PROOF_H

#include "base/err.h"
#include "base/limits.h"
#include "chain/checkpoint.h"
#include "chain/merkle.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROOF_FIRST "c2sp.org/tlog-proof@v1\n"
enum {
	/* bytes of a file: 63 hashes, a note, a record in base64 and the rest */
	PROOF_MAX = 8192 + NOTE_MAX + (LIM_RECORD + 2) / 3 * 4
};

/* One that was taken apart; spans lie in its bytes. */
struct proof {
	bool grown;                     /* of growth: `old` counts, else index and extra */
	uint64_t old, index;
	const char *extra;              /* base64, not authenticated; NULL: none */
	size_t extra_n;
	struct merkle_proof path;
	struct checkpoint cp;
	struct note note;
	const char *head;               /* the checkpoint's bytes */
	size_t head_n;
};
/* Either kind. False with what is wrong: nothing is checked yet. */
bool proof_read(struct proof *p, const char *text, size_t n, struct err *e);

/* That record `seq` is among those of the checkpoint whose note this is: fresh memory. Tiles come
 * from the folder, whose tree has `tree` leaves now. The proof was checked against the
 * checkpoint; false tells that the two do not fit. `line` is put in when it is not NULL. */
char *proof_in(int dir, uint64_t tree, uint64_t seq, const char *note, size_t n,
    const char *line, size_t line_n, size_t *len, struct err *e);
/* That the tree of the checkpoint begins with all of the one of size `old`. */
char *proof_grown(int dir, uint64_t tree, uint64_t old, const char *note, size_t n, size_t *len,
    struct err *e);

/* Line `seq` of records.ndjson without its LF: fresh memory. */
char *proof_line(int dir, uint64_t seq, size_t *n, struct err *e);

#endif
