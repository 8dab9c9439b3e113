/* paper_impl.h: what a paper holds, for its renderers. */
#ifndef OT_PAPER_IMPL_H
#define OT_PAPER_IMPL_H

#include "report/paper.h"

enum block_kind { BLOCK_SECTION, BLOCK_HEADING, BLOCK_PARA, BLOCK_NOTE, BLOCK_ITEM, BLOCK_FACT,
	BLOCK_PICTURE, BLOCK_TABLE };

struct paper_cell {
	char *text;             /* "" where empty */
	char *sub;              /* lines with \n between, or NULL */
	char *link;             /* an id, or NULL */
	char *class;            /* of a status, or NULL */
	char *anchor;           /* of the row, in its first cell, or NULL */
	int64_t sort;           /* of numbers and dates; INT64_MIN: empty */
};

struct paper_table {
	struct paper_column *cols; size_t ncols;
	struct paper_cell *cells; size_t ncells, cap;
	char *empty;
};

struct paper_block {
	enum block_kind kind;
	char *id, *text;        /* FACT: the term in id; PICTURE: the alternative in text */
	char *more;             /* FACT: the text; PICTURE: the wide one */
	char *narrow;
	struct paper_table *table;
};

struct paper_share { char *class, *text; size_t n; };

struct paper {
	const struct rules *rules;
	const char *lang, *program;
	const char *style, *script;     /* beside those of all pages, or NULL */
	char *kicker, *title, *byline;
	char *number, *what, *detail;
	struct paper_share share[8]; size_t nshares;
	struct paper_block *blocks; size_t nblocks, cap;
	char *pending;          /* an anchor for the next cell */
	bool failed;
};

static inline size_t
paper_rows(const struct paper_table *t)
{
	return t->ncols ? t->ncells / t->ncols : 0;
}

/* A word of ours in the paper's language. */
const char *paper_word(const struct paper *p, const char *key);

#endif
