/* show.h: an inventory as a table for people. */
#ifndef OT_INV_SHOW_H
#define OT_INV_SHOW_H

#include "inv/list.h"

#include <stdbool.h>
#include <stdio.h>

struct show_opts {
	unsigned width;                 /* columns of the terminal; 0: as wide as it gets */
	bool colour, utf8;
	bool all;                       /* also what was only spoken of */
	const char *sort;               /* a column's name in small letters; NULL: zone, address */
	const char *zone;               /* only this one; NULL: all */
};

/* NULL, or why the options do not do. */
const char *show_check(const struct show_opts *o);
/* Is anything in this zone? all, of cap bytes: the zones there are, separated by ", ". */
bool show_zone(const struct list *l, const char *zone, char *all, size_t cap);
/* The table and its summary onto f. l was sorted. False when memory is out. */
bool show_table(const struct list *l, const struct show_opts *o, FILE *f);

#endif
