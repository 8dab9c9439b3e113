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

#endif
