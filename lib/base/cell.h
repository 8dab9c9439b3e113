/* cell.h: UTF-8 text in so many columns of a terminal. */
#ifndef OT_CELL_H
#define OT_CELL_H

#include <stdbool.h>
#include <stdio.h>

/* Columns the text takes: 2 for wide characters, 0 for combining ones. */
unsigned cell_width(const char *s);
/* The text in exactly `width` columns (at most, without pad), cut with an ellipsis
 * where it is longer: "~" where utf8 is false. */
void cell_put(FILE *f, const char *s, unsigned width, bool utf8, bool pad);

/* A table's column and how it gives way: down to its least; or it is done without, the
 * columns of the lowest drop first (0: never). */
struct cell_column {
	const char *name, *key;         /* heading; what it is sorted by, or NULL */
	unsigned least, drop;
};
/* Widths w that fit, two blanks between, of n columns that would like to be `natural` wide
 * (0: left out). The greatest surplus gives way first; where nothing more can, they are
 * what they are at the least. width 0: as wide as they like. */
void cells_fit(const struct cell_column *cols, unsigned n, const unsigned *natural,
    unsigned width, unsigned *w);

#endif
