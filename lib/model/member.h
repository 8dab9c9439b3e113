/* member.h: members of rule documents, otrules(5), read strictly: what is wrong is said
 * with file, list, entry and member, and nothing that was not expected passes.
 *
 *     json_t *doc = member_doc(dir, "sectors", NULL, &e);
 *     struct member_at a = { .e = &e, .file = "sectors.json", .list = "types" };
 *     member_str(&a, o, "id", true, &t->id) && member_words(&a, o, "name", true, &t->name) ...
 *
 * Each function is true when the member is as it should be, and false with e set. Texts
 * are the document's. */
#ifndef OT_MEMBER_H
#define OT_MEMBER_H

#include "model/rules.h"

#include <openssl/evp.h>

/* Where in the documents we are, for messages; list and id may be NULL. */
struct member_at {
	struct err *e;
	const char *file;
	const char *list, *id;
};

/* The names of enum rules_certainty, in its order. */
extern const char *const member_certainties[3];

/* A whole document, owned by the caller: DIR/name.json where dir is given and has it, else
 * the one that is built in. It must be "otrules": 1 and of this kind. md: takes its bytes,
 * or NULL. */
json_t *member_doc(const char *dir, const char *name, EVP_MD_CTX *md, struct err *e);

/* "file: list.id.key: why: what"; always false. key and what may be NULL. */
bool member_bad(const struct member_at *a, const char *key, const char *why, const char *what);
/* o is an object, and holds nothing but these: "id group answer"; and review_by, the day by
 * which it is to be looked at again, which any may have. */
bool member_only(const struct member_at *a, const json_t *o, const char *keys);
/* A text that is not empty; absent and not required: NULL. */
bool member_str(const struct member_at *a, const json_t *o, const char *key, bool required,
    const char **out);
/* {"sv": ..., "en": ...}; absent and not required: both NULL. */
bool member_words(const struct member_at *a, const json_t *o, const char *key, bool required,
    struct rules_text *t);
/* A day of the calendar. */
bool member_date(const struct member_at *a, const json_t *o, const char *key, const char **out);
bool member_certainty(const struct member_at *a, const json_t *o, enum rules_certainty *c);
/* A list of provisions of law.json, none of them a standard's or all; the caller frees
 * *out. */
bool member_refs(const struct member_at *a, const struct rules *r, const json_t *o,
    const char *key, bool standards, const struct rules_ref ***out, size_t *n);
/* Where the word stands among n; -1: nowhere. */
int member_word(const char *const *words, size_t n, const char *w);

#endif
