/* dcc_impl.h: between the files of dcc*.c. Nobody else includes this. */
#ifndef OT_DCC_IMPL_H
#define OT_DCC_IMPL_H

#include "base/limits.h"
#include "ledger/dcc.h"
#include "ledger/dsi.h"
#include "ledger/xmldoc.h"

enum { DCC_ID = 200 };                  /* bytes of a number by which something is known */

struct dcc_attached {
	uint8_t *p;                     /* owned */
	size_t n;
	char sha256[65], name[256], type[80];
};

struct dcc_sign {
	enum dcc_signature state;
	char why[240];
};

struct dcc {
	const char *name;               /* owned */
	const char *base;               /* its last component */
	const char *lang;
	char langs[16][8];              /* that the certificate says it uses */
	size_t nlangs;
	char schema[16], certificate[256], sha256[65];
	size_t bytes;
	struct _xmlDoc *doc;
	const struct _xmlNode *admin, *core, *results;
	const struct _xmlNode *item[LIM_DCC_ITEMS];
	size_t nitems;
	struct dcc_attached attached;
	struct dcc_sign sign;
	struct dsi_units units;
	char *notes[LIM_DCC_NOTES];     /* owned */
	size_t nnotes;
};

/* A note, each once; what finds no room is not told. */
void dcc_say(struct dcc *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* "name:line: what" in e; returns false. */
bool dcc_wrong(const struct dcc *d, const struct _xmlNode *at, struct err *e, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* ---- dcc_text.c: texts in several languages, and who is meant ---- */

/* The content of a text (dcc:name and the like) in the wanted language, else English, else
 * the first; 0 when there is none. */
size_t dcc_text(const struct dcc *d, const struct _xmlNode *n, char *dst, size_t cap);
/* That of its first child of this name. */
size_t dcc_text_of(const struct dcc *d, const struct _xmlNode *n, const char *child, char *dst,
    size_t cap);
/* Among n's identifications the value of the only one by this issuer; *more: there are
 * several different ones. */
size_t dcc_number_by(const struct dcc *d, const struct _xmlNode *n, const char *issuer, char *dst,
    size_t cap, bool *more);
/* Is this part of the certificate about item i: does it name it, or none of the items? */
bool dcc_about(const struct dcc *d, const struct _xmlNode *part, size_t i, bool *named);

/* ---- dcc_value.c: a quantity's values ---- */

struct dcc_values {
	struct dsi_words value, unit, expanded, k, probability;
	size_t n;
};
enum dcc_got { DCC_NO_VALUES, DCC_VALUES, DCC_BAD };
/* Of a dcc:quantity. DCC_NO_VALUES: of a kind that is not read; it is noted under `what`.
 * The caller frees v, whatever came. */
enum dcc_got dcc_values(struct dcc *d, const struct _xmlNode *quantity, const char *what,
    struct dcc_values *v, struct err *e);
void dcc_values_free(struct dcc_values *v);

/* ---- dcc_result.c: tables of results ---- */

/* Which way the results of an item went. */
struct dcc_tally { unsigned rows, verdicts, pass, fail, maybe_pass, maybe_fail; };
/* "results":[...] of item i, if it has any. *adjusted: results of before an adjustment
 * are among them. */
bool dcc_put_results(struct dcc *d, size_t i, struct jw *w, struct dcc_tally *t, bool *adjusted,
    struct err *e);
/* "conditionalPass" as "conditional_pass"; NULL for what is none of ours. */
const char *dcc_verdict(const char *word);

/* ---- dcc_admin.c: all but the results ---- */

bool dcc_put_frame(struct dcc *d, size_t i, const char *id, struct jw *w, struct err *e);
void dcc_put_conditions(struct dcc *d, size_t i, struct jw *w);
void dcc_put_item(struct dcc *d, size_t i, const char *id, struct jw *w);
/* The verdict on the whole: a statement's, else that of all results. */
void dcc_put_verdict(struct dcc *d, size_t i, const struct dcc_tally *t, struct jw *w);

/* ---- dcc_sign.c: the signature ---- */

void dcc_sign_check(struct dcc *d, const struct dcc_opts *o);

#endif
