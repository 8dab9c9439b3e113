/* witness.h: a witness of ledgers' heads (C2SP tlog-witness, tlog-cosignature).
 *
 * A witness knows some logs by their keys and keeps one record for each: the head that it
 * cosigned last. It cosigns another only when that has grown from the kept one, so nobody
 * who trusts it can be shown a history that was cut or written anew. Requests and answers
 * are the bodies of add-checkpoint, by HTTP or in files. */
#ifndef OT_WITNESS_H
#define OT_WITNESS_H

#include "base/err.h"
#include "chain/note.h"
#include "chain/proof.h"
#include "chain/signer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is answered, with HTTP's numbers as the standard has them. */
enum witness_verdict {
	WITNESS_COSIGNED = 200,
	WITNESS_MALFORMED = 400,        /* no request; old size above the checkpoint's */
	WITNESS_UNSIGNED = 403,         /* no signature of a key that is known for this log */
	WITNESS_UNKNOWN = 404,          /* the log is not known */
	WITNESS_CONFLICT = 409,         /* it has another size, or another root of this size */
	WITNESS_UNPROVED = 422,         /* the proof does not hold */
	WITNESS_FAILED = 500
};

struct witness {
	int state;                      /* the folder with one file for each log */
	struct signer *signer;
	struct vkey key;                /* of type VKEY_COSIGNATURE */
	const struct vkey *logs;        /* VKEY_ED25519, each by the name of its log's origin */
	size_t nlogs;
};

struct witness_said {
	char line[NOTE_LINE_MAX];       /* the signature line; n bytes */
	size_t n;
	char origin[VKEY_NAME];         /* of the log, when it was told */
	uint64_t size;                  /* that it has now */
};
/* Looks at a request and, when it is right, cosigns its checkpoint at time `at` (seconds):
 * the new head is on the disk before this returns. Two at a time wait for each other. Why
 * not: e. */
enum witness_verdict witness_answer(struct witness_said *said, const struct witness *w,
    const char *request, size_t n, uint64_t at, struct err *e);

#endif
