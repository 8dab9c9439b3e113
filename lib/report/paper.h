/* paper.h: a report as a list of blocks, before it is text, Markdown or a page.
 *
 * A report is made once and rendered in any form: it says what there is (a heading, a
 * sentence, a table, a picture), and never how it looks. All text is plain; the
 * renderers escape it. Texts are copied. Where memory runs out the paper remembers, and
 * its renderers return false.
 *
 *     struct paper *p = paper_new(rules, "sv", "nis2report");
 *     paper_title(p, rules_word(rules, "cra.title", lang), name);
 *     paper_section(p, "instruments", rules_word(...));
 *     t = paper_table(p, "by-class", columns, 4);
 *     paper_cell(p, "HPLC-4"); paper_date(p, us); paper_status(p, "gap", word);
 *     ...
 *     paper_html(p, stdout);
 *     paper_free(p); */
#ifndef OT_PAPER_H
#define OT_PAPER_H

#include "model/rules.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct paper;

struct paper *paper_new(const struct rules *rules, const char *lang, const char *program);
void paper_free(struct paper *p);
bool paper_ok(const struct paper *p);           /* false: memory ran out on the way */
const char *paper_lang(const struct paper *p);
const struct rules *paper_rules(const struct paper *p);

/* ---- what it opens with ----------------------------------------------------- */

/* kicker: what kind of report; title: of whom. */
void paper_title(struct paper *p, const char *kicker, const char *title);
/* The quiet line under the title: period, day of judgement, rule set. Called again, the
 * parts are joined with " · ". */
void paper_byline(struct paper *p, const char *text);
/* The one number a report opens with, and what it counts; detail: or NULL. */
void paper_number(struct paper *p, const char *number, const char *what, const char *detail);
/* How many of each, as a bar and a list: class is a status of the style sheet (gap, partly,
 * unknown, met, not_applicable), text "8 met". */
void paper_share(struct paper *p, const char *class, size_t n, const char *text);

/* ---- blocks, in their order --------------------------------------------------- */

void paper_section(struct paper *p, const char *id, const char *heading);
void paper_heading(struct paper *p, const char *id, const char *heading);       /* below it */
void paper_para(struct paper *p, const char *text);
void paper_note(struct paper *p, const char *text);                             /* quiet */
/* A phrase of the words with its arguments, as a paragraph. Takes args. */
void paper_phrase(struct paper *p, const char *key, json_t *args);
void paper_item(struct paper *p, const char *text);     /* of a list with bullets */
void paper_fact(struct paper *p, const char *term, const char *text);   /* of a list of terms */
/* SVG elements for a wide and a narrow screen (narrow: or NULL), taken as they are: made
 * by us, their texts escaped. alt says the same in words, and is all that text and
 * Markdown show; NULL: nothing. */
void paper_picture(struct paper *p, const char *wide, const char *narrow, const char *alt);

/* What a picture needs beside it on a page: a style sheet, and a script that finds in the
 * page what it works on. Static texts. */
void paper_page(struct paper *p, const char *style, const char *script);

/* ---- tables --------------------------------------------------------------------- */

enum { PAPER_COLUMNS = 16 };           /* a table has at most */
/* PAPER_CHOICE: text that recurs in the column, a source's name; pages filter by it. */
enum paper_kind { PAPER_TEXT, PAPER_NUMBER, PAPER_DATE, PAPER_STATUS, PAPER_CHOICE };
struct paper_column {
	const char *heading;
	enum paper_kind kind;
	/* As plain text, where the terminal is narrow: the least width, and which columns go
	 * first (the lowest; 0: never). */
	unsigned least, drop;
};
/* Starts a table; id is unique in the paper. Cells follow row by row; a row is full when it
 * has n. Where there is no row, `empty` is said instead (NULL: nothing). Pages sort it by
 * any column and filter it by words, and by each column of PAPER_STATUS or PAPER_CHOICE. */
void paper_table(struct paper *p, const char *id, const struct paper_column *c, size_t n,
    const char *empty);
/* An anchor on the row that begins with the next cell: "#id" leads there. */
void paper_anchor(struct paper *p, const char *id);
void paper_cell(struct paper *p, const char *text);             /* NULL or "": empty */
void paper_count(struct paper *p, int64_t n);                   /* 3 104 */
void paper_bytes(struct paper *p, int64_t n);                   /* 1.2 MB; sorts by n */
void paper_date(struct paper *p, int64_t us);                   /* the day; INT64_MIN: empty */
void paper_minute(struct paper *p, int64_t us);                 /* day, hour and minute, UTC */
/* A time as text says it, in whatever zone; sorts by us. */
void paper_moment(struct paper *p, int64_t us, const char *text);
void paper_status(struct paper *p, const char *class, const char *word);
/* A second, quiet line in the cell that was just made; again: a third. */
void paper_sub(struct paper *p, const char *text);
/* The cell that was just made leads to a place in this paper: an id without "#". */
void paper_link(struct paper *p, const char *id);

/* ---- forms -------------------------------------------------------------------- */

/* False: the stream failed or memory ran out. */
bool paper_html(const struct paper *p, FILE *f);
bool paper_text(const struct paper *p, FILE *f, int width, bool colour);
bool paper_markdown(const struct paper *p, FILE *f);

#endif
