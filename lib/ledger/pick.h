/* pick.h: records of a ledger that are asked for: by number, instrument or certificate.
 *
 * Read is DIR/records.ndjson, a line a record. Whether it holds together is not looked
 * at here: that is `calchain verify`. */
#ifndef OT_PICK_H
#define OT_PICK_H

#include "base/err.h"
#include "json/scan.h"
#include "model/certificate.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct pick_ask {
	uint64_t seq;                   /* this record alone; 0: any */
	const char *instrument;         /* all that is about it; NULL: any */
	const char *certificate;        /* with what was later said of it; NULL: any */
};

/* A record on its line, for the length of a call. */
struct pick_line {
	uint64_t seq;
	const char *p; size_t n;        /* as written, without LF */
	struct sval record, type, block;
	bool instead;                   /* block and type are those of a correction's "instead" */
	uint64_t about;                 /* the record that it is about, 0: none */
};

/* Each of the ledger's records that is asked for, in order. *last: the number of the last
 * record of the ledger, may be NULL. False: it cannot be read, or `each` returned false. */
bool pick_each(const char *dir, const struct pick_ask *a, uint64_t *last,
    bool (*each)(void *, const struct pick_line *), void *arg, struct err *e);

/* The blocks whose certificates have pages of their own. */
bool pick_has_page(const struct pick_line *l);

/* Record seq with all that belongs to it; the caller frees it. NULL with the reason in
 * e: it is not there, is no calibration or verification, or its digest is not that of its bytes. */
struct certificate *pick_certificate(const char *dir, uint64_t seq, struct err *e);
void pick_certificate_free(struct certificate *c);

/* A row a result, as CSV. corrected[seq]: the last record that corrects record seq, 0: none. */
struct pick_rows { const uint64_t *corrected; size_t n; };
void pick_csv_head(FILE *f);
void pick_csv(FILE *f, const struct pick_line *l, const struct pick_rows *r);

#endif
