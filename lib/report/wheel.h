/* wheel.h: how much of each group of a checklist remains, as SVG.
 *
 * A ring, divided by group from the top clockwise, a cell for each item: the further it
 * reaches out, the more remains (gap, partly, unknown, met, not applicable), so that it is
 * read without colour too; what is unknown or does not apply is hollow. Each group is
 * labelled with its name and a text of the caller's. Many items are drawn as one cell a
 * status. Colours come from the style sheet, by class; texts are escaped. Same input, same
 * bytes. */
#ifndef OT_WHEEL_H
#define OT_WHEEL_H

#include <stddef.h>
#include <stdio.h>

enum { WHEEL_STATUSES = 5, WHEEL_GROUPS = 12 };

struct wheel_group {
	const char *name;               /* "Incident handling" */
	const char *text;               /* "2 of 5 met"; "" or NULL: none */
	size_t n[WHEEL_STATUSES];       /* gap, partly, unknown, met, not applicable */
};

struct wheel {
	const char *id;                 /* begins the ids in it: letters, unique in the page */
	const char *title, *desc;       /* what it is; all it says, in words */
	const char *number, *what;      /* in the middle: "28", "items" */
	const struct wheel_group *groups;
	size_t ngroups;                 /* at most WHEEL_GROUPS are drawn */
};

/* Wide: labels beside the ring; narrow, for a telephone: numbered, in a list below it. */
enum wheel_form { WHEEL_WIDE, WHEEL_NARROW };

/* One <svg> element of class "wheel". Nothing where no group has an item. */
void wheel_write(FILE *f, const struct wheel *w, enum wheel_form form);

#endif
