/* dcc.h: digital calibration certificates (PTB's DCC, schema 2.4 to 3.3) as records.
 *
 *     struct dcc *d = dcc_open("K-2026-118.xml", p, n, &opts, &e);
 *     for (i = 0; i < dcc_items(d); i++)
 *             if (dcc_id(d, i, id, sizeof(id), &e)) dcc_put_calibration(d, i, id, &w, &e);
 *     for (i = 0; i < dcc_notes(d); i++) puts(dcc_note(d, i));
 *     dcc_free(d);
 *
 * What the certificate says is taken as it says it; what it does not say is left
 * out. Whatever of its content finds no place in a record is told in a note. */
#ifndef OT_DCC_H
#define OT_DCC_H

#include "base/err.h"
#include "json/jw.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dcc;
struct dcc_trust;

struct dcc_opts {
	const char *lang;               /* texts are wanted in this language: "sv"; NULL: "en" */
	const struct dcc_trust *trust;  /* whose signatures count; NULL: nobody's */
	int64_t now;                    /* for a signature that does not say when it was made */
};

enum dcc_signature {
	DCC_NOT_SIGNED,
	DCC_NOT_CHECKED,        /* there is one, of which not all could be checked */
	DCC_VALID,              /* every part of it holds, and so does its signer's chain */
	DCC_INVALID,            /* the document is not what was signed */
};

/* The certificates of those whose signatures count: a PEM file of roots (and of what lies
 * between). Before the program confines itself; what OpenSSL reads by itself is
 * read here, so that also without a file (NULL) this is to be called. */
struct dcc_trust *dcc_trust_load(const char *path, struct err *e);
void dcc_trust_free(struct dcc_trust *t);

/* Reads n bytes, which stay the caller's and are not needed longer. name: its path, for
 * messages and (the last component) for the record. NULL with the reason in e. */
struct dcc *dcc_open(const char *name, const void *p, size_t n, const struct dcc_opts *o,
    struct err *e);
void dcc_free(struct dcc *d);

size_t dcc_items(const struct dcc *d);
const char *dcc_sha256(const struct dcc *d);    /* of its bytes, in hexadecimal */
enum dcc_signature dcc_signature(const struct dcc *d);
/* Why it is not valid, or who signed; "" for what is not signed. */
const char *dcc_signature_why(const struct dcc *d);

/* The human-readable copy inside, decoded; borrowed. NULL: none. */
const void *dcc_attachment(const struct dcc *d, size_t *n, const char **sha256);

/* The number the customer has given item i. False, and what to do in e: none, or several. */
bool dcc_id(const struct dcc *d, size_t i, char *dst, size_t cap, struct err *e);
/* Has item i this number, of whomever, or this id in the document? */
bool dcc_has_number(const struct dcc *d, size_t i, const char *number);

/* One line {"event_type":"calibration","calibration":{...}} of item i, for `calchain
 * append`; of id as instrument. False: e says what is missing in the certificate. */
bool dcc_put_calibration(struct dcc *d, size_t i, const char *id, struct jw *w, struct err *e);
/* The same for {"event_type":"instrument",...}: what the certificate says of item i. */
bool dcc_put_instrument(struct dcc *d, size_t i, const char *id, struct jw *w, struct err *e);

size_t dcc_notes(const struct dcc *d);
const char *dcc_note(const struct dcc *d, size_t i);

#endif
