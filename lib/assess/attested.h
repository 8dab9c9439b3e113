/* attested.h: whether an attestation of the site file is signed, and by whom.
 *
 * What is signed is a text (UTF-8, LF), so that openssl-pkeyutl(1) can check it:
 *
 *     otkit attestation
 *     item: gov.board_informed
 *     status: met
 *     by: eva
 *     date: 2026-09-01
 *     expires: 2027-09-01
 *     document: protokoll-2026-09.pdf
 *     digest: sha256:a7fa...
 *     statement (sv): Styrelsen har ...
 *     statement (en): The board has ...
 *
 * with a line for each member that is there; a statement in one text is in both lines. The
 * signature is Ed25519 of it. Keys that count are those of the site file's people: where
 * `by` is a person's id, that person's alone. */
#ifndef OT_ATTESTED_H
#define OT_ATTESTED_H

#include "base/err.h"
#include "model/site.h"

#include <stdbool.h>
#include <stddef.h>

enum attested {
	ATTESTED_UNSIGNED,
	ATTESTED_VALID,
	ATTESTED_BAD,           /* what was signed is not what is there */
	ATTESTED_UNKNOWN_KEY    /* signed by a key that is not that of who attests */
};

enum attested attested_check(const struct site *s, const struct site_attestation *a);
const char *attested_name(enum attested v);     /* "unsigned" "valid" "bad" "unknown_key" */

/* The text that is signed, fresh, for free(); NULL with the reason: a value has a line end or
 * another control character in it, or memory ran out. */
char *attested_text(const struct site_attestation *a, size_t *n, struct err *e);

/* "sha256:..." of a file of any size: 71 characters and a NUL. False with the reason. */
enum { ATTESTED_DIGEST = 72 };
bool attested_digest_of(char dst[ATTESTED_DIGEST], const char *path, struct err *e);

enum attested_document {
	DOCUMENT_NONE,          /* it names none */
	DOCUMENT_NO_DIGEST,     /* it names one without its digest */
	DOCUMENT_NOT_READ,      /* no folder was given, or it is not in one: an address on the web,
				 * a path from the root or with ".." in it */
	DOCUMENT_HOLDS,
	DOCUMENT_MISSING,       /* it is not in the folder, or cannot be read */
	DOCUMENT_DIFFERS        /* it has another digest */
};
/* The document under a folder (NULL: none). Why it could not be read in e. */
enum attested_document attested_document(const struct site_attestation *a, const char *dir,
    struct err *e);
const char *attested_document_name(enum attested_document v);   /* "none" "holds" ... */

#endif
