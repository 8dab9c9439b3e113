/* page.h: small pieces of pages, and the sections that annex.c writes. All
 * write to a stream; whether that failed is asked once, at the end. */
#ifndef OT_PAGE_H
#define OT_PAGE_H

#include "assess/gap.h"
#include "report/picture.h"

#include <stdio.h>

/* A word of the rules in the report's language; the second form joins its key
 * from two parts: "status", "gap". */
const char *page_word(const struct gap *g, const char *key);
const char *page_word_of(const struct gap *g, const char *prefix, const char *name);
/* A phrase, escaped. Takes args. */
void page_phrase(FILE *f, const struct gap *g, const char *key, json_t *args);
/* A member's text, "" when there is none. */
const char *page_str(const json_t *o, const char *key);

/* Opens a section with its heading. */
void page_heading(FILE *f, const struct gap *g, const char *id, const char *key);
/* Opens a cell that shows its label on narrow screens. key and class: or NULL. */
void page_cell(FILE *f, const struct gap *g, const char *key, const char *class);
/* The head of a table and the start of its body; numbers: 'n' where a column is one. */
void page_head_row(FILE *f, const struct gap *g, const char *const *keys, const char *numbers);
void page_pill(FILE *f, const struct gap *g, enum gap_status s);
/* "2026-11-22 08:01" */
void page_minute(FILE *f, int64_t us);
void page_hex(FILE *f, const uint8_t *p, size_t n);

void annex_articles(FILE *f, const struct gap *g);        /* articles.c */
void annex_crossings(FILE *f, const struct gap *g);
void annex_inventory(FILE *f, const struct gap *g);
void annex_limits(FILE *f, const struct gap *g);
void annex_evidence(FILE *f, const struct gap *g);
/* Inputs, rules, disclaimer, and the end of the page. */
void annex_method(FILE *f, const struct gap *g);

#endif
