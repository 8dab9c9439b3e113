/* table.h: rows of text in columns that fit a terminal. */
#ifndef OT_LEDGER_TABLE_H
#define OT_LEDGER_TABLE_H

#include "base/cell.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { TABLE_COLUMNS = 12 };

struct table {
	const struct cell_column *cols;         /* ncols of them, borrowed */
	unsigned ncols;
	char **v; size_t n, cap;                /* cells, row by row */
	bool failed;                            /* out of memory */
};

/* Copies ncols texts; NULL is an empty cell. */
void table_row(struct table *t, const char *const *cells);
/* Heading and rows, in `width` columns. Nothing where there is no row. */
void table_put(FILE *f, const struct table *t, unsigned width);
void table_free(struct table *t);

#endif
