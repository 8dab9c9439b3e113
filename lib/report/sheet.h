/* sheet.h: a page from head to foot: what every HTML page of ours has in common.
 *
 *     struct sheet s = { .f = f, .rules = rules, .lang = "sv" };
 *     sheet_open(&s, &(struct sheet_head){ .program = "otinv", .kicker = ..., .title = ... });
 *     ...                             the header is left open for a line below the title
 *     sheet_main(&s);
 *     ...
 *     sheet_close(&s, "words of the foot", NULL);
 *
 * One file, nothing fetched: the page can be mailed, printed and archived. A
 * content security policy lets nothing in but its own style and, where there is
 * one, its own script, by its digest. Texts of ours come from rules/words.json;
 * all text from outside goes through markup_text(). Whether the stream failed
 * is asked once, at the end. */
#ifndef OT_SHEET_H
#define OT_SHEET_H

#include "model/rules.h"

#include <stdint.h>
#include <stdio.h>

struct sheet {
	FILE *f;
	const struct rules *rules;      /* for the words */
	const char *lang;               /* "sv" or "en" */
};

struct sheet_head {
	const char *program;            /* that made it */
	const char *kicker;             /* what kind of page; one of our words */
	const char *title;              /* of whom or what; from outside */
	const char *style;              /* beside sheet_style, or NULL */
	const char *script;             /* the one that may run, or NULL; sheet_close() writes it */
};

/* How all pages look: colours as variables, light and dark; the rest, on a screen,
 * a telephone and paper. */
extern const char sheet_colours[], sheet_style[];
/* Tables of class "list", and what sorts them and filters them by the "find" above each. */
extern const char table_style[], table_script[];
/* Texts of class "copy", and what gives each its button. */
extern const char copy_style[], copy_script[];

/* From the doctype to the title, with <header> still open. */
void sheet_open(const struct sheet *s, const struct sheet_head *h);
/* Closes the header: what follows is the page's matter, and the skip link leads to it. */
void sheet_main(const struct sheet *s);
/* The end of the matter, the foot and the end of the page. foot: a word of ours; script: or
 * NULL. */
void sheet_close(const struct sheet *s, const char *foot, const char *script);

/* A word of ours; a phrase, escaped (takes args). */
const char *sheet_word(const struct sheet *s, const char *key);
void sheet_phrase(const struct sheet *s, const char *key, json_t *args);

/* Above a table of class "list" and this id, hidden until the script shows it: words to find
 * and a choice for each of n columns, labelled; the count of what is left. */
struct sheet_choice { const char *label; size_t column; };
void sheet_find(const struct sheet *s, const char *table, const struct sheet_choice *c, size_t n);

/* Opens a section with its heading; the caller closes it. */
void sheet_heading(const struct sheet *s, const char *id, const char *key);
/* The head of a table and the start of its body; numbers: 'n' where a column is one. */
void sheet_head_row(const struct sheet *s, const char *const *keys, const char *numbers);
/* Opens a cell that shows its label on narrow screens. key and class: or NULL. */
void sheet_cell(const struct sheet *s, const char *key, const char *class);
/* "2026-11-22 08:01" */
void sheet_minute(FILE *f, int64_t us);

#endif
