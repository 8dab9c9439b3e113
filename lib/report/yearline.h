/* yearline.h: the months of a year as boxes, what falls in them on rows of their own, as SVG.
 *
 *     struct yearline y = { rules, lang, from, 12, today, marks, n };
 *     yearline_write(f, &y, YEARLINE_WIDE);
 *
 * Four boxes in a row, two on a narrow screen; what is overdue stands in a box above them.
 * Each mark is a row: its day, and as much of its text as fits; the rest of a full month is
 * counted. Colours come from the page's style sheet, by class: gap, partly, unknown, met.
 * Same marks, same bytes. */
#ifndef OT_YEARLINE_H
#define OT_YEARLINE_H

#include "model/rules.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct yearline_mark {
	int64_t day;                    /* midnight UTC */
	bool over;                      /* stands above the months, whatever its day */
	const char *class;              /* of the style sheet: gap, partly, unknown, met */
	const char *text;               /* as it is: escaped here */
	const char *link;               /* an id of the page, or NULL */
};

struct yearline {
	const struct rules *rules;
	const char *lang;
	int64_t from;                   /* a day of the first month */
	int months;                     /* how many: 0 is twelve, 24 at most */
	int64_t today;                  /* its box is marked */
	const struct yearline_mark *marks; size_t n;    /* by day */
};

enum yearline_form { YEARLINE_WIDE, YEARLINE_NARROW };

/* One <svg> element. False when the stream failed. */
bool yearline_write(FILE *f, const struct yearline *y, enum yearline_form form);

#endif
