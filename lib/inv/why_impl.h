/* why_impl.h: between why.c and its siblings. Nobody else includes this. */
#ifndef OT_INV_WHY_IMPL_H
#define OT_INV_WHY_IMPL_H

#include "inv/why.h"

enum { WHY_TEXT = 2048 };

/* A row, its texts copied; NULL when memory is out. Borrowed until the next. */
struct why_row *why_row(struct why *w, const char *value, const char *source, unsigned rank,
    bool counts, const char *because);
/* "mac ip sub" of an element of "addresses". */
const char *why_address(const struct sval *address, char *dst, size_t cap);
/* The address that a word points to, as a text, and nothing where it points nowhere. */
const char *why_at(const struct item *asset, const struct sval *word, char *dst, size_t cap);
/* Sets place and last from an object that has them. */
void why_place(struct why_row *r, const struct sval *from);
void why_text(struct why *w, char **text, const char *s);

/* Each field's own: rows into w. */
void rows_words(struct why *w, const char *field);
void rows_key(struct why *w);
void rows_roles(struct why *w);
void rows_zone(struct why *w, const char *field);
void rows_classified(struct why *w, const char *field);
void rows_addresses(struct why *w, bool macs);
void rows_register(struct why *w, const char *field);
void rows_via(struct why *w, const struct list *l);
void rows_nat(struct why *w, const struct list *l);
void rows_maybe_same(struct why *w, const struct list *l);
/* Why what an alias names is this asset: by its "by" and "identifier". */
void alias_text(const struct sval *alias, char *dst, size_t cap);
void rows_services(struct why *w, const struct list *l);

#endif
