/* sectors.h: the types of entities of NIS2's annexes: rules/sectors.json, otrules(5).
 *
 *     struct sectors *s = sectors_load(rules, dir, NULL, &e);
 *     const struct sectors_type *t = sectors_type(s, "a1.health.provider");
 *     sectors_free(s);
 *
 * Texts are borrowed and valid until sectors_free(). */
#ifndef OT_SECTORS_H
#define OT_SECTORS_H

#include "model/rules.h"

#include <openssl/evp.h>

struct sectors_type {
	const char *id;                 /* "a1.health.provider" */
	int annex;                      /* 1 or 2 */
	struct rules_text sector, subsector, name, note;        /* the 2nd and 4th may be absent */
	const char *authority;          /* who supervises in Sweden, an id of authorities.json */
	const json_t *requires;         /* a condition for it to count, or NULL */
	const json_t *nace;             /* a list of texts, or NULL */
	const struct rules_ref **law; size_t nlaw;
	const char *source, *review_by;
	enum rules_certainty certainty;
};

struct sectors {
	struct sectors_type *types; size_t ntypes;
	json_t *doc;
};

/* The document in dir where it has it, else the one built in. NULL with e. r is borrowed.
 * md: takes its bytes, or NULL. */
struct sectors *sectors_load(const struct rules *r, const char *dir, EVP_MD_CTX *md,
    struct err *e);
void sectors_free(struct sectors *s);
const struct sectors_type *sectors_type(const struct sectors *s, const char *id);

/* Is this a type of the document that is built in? For readers of site files. */
bool sectors_known(const char *id);
/* Its ids, a list of texts owned by the caller: to choose from. */
json_t *sectors_ids(void);

#endif
