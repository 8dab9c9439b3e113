/* say.h: phrases of the words where a paper takes a text: in a cell, below one, in the
 * byline. All take args. */
#ifndef OT_SAY_H
#define OT_SAY_H

#include "model/site.h"
#include "report/paper.h"

/* The phrase in the paper's language; the caller frees it. NULL: memory ran out. */
char *say(const struct paper *p, const char *key, json_t *args);

void say_byline(struct paper *p, const char *key, json_t *args);
void say_cell(struct paper *p, const char *key, json_t *args);
void say_sub(struct paper *p, const char *key, json_t *args);
void say_note(struct paper *p, const char *key, json_t *args);
void say_item(struct paper *p, const char *key, json_t *args);
/* A part of the opening bar, by the phrase of the number n alone. */
void say_share(struct paper *p, const char *class, const char *key, size_t n);

/* The section that each report ends with: what cannot be seen, in a word of ours. */
void say_limits(struct paper *p, const char *key);

/* What a site is called: its name, else its key; that there is none, where s is NULL. */
const char *say_site(const struct paper *p, const struct site *s);

/* A word of ours, and of a pair of texts the one in the paper's language. */
const char *say_word(const struct paper *p, const char *key);

#endif
