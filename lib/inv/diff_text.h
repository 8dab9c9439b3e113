/* diff_text.h: a diff as lines for people, the worst first. */
#ifndef OT_INV_DIFF_TEXT_H
#define OT_INV_DIFF_TEXT_H

#include "inv/diff.h"

#include <stdio.h>

struct diff_text_opts {
	const struct change_rules *rules;
	const char *lang;
	const char *names[2];           /* of the two inventories */
	const struct list *list[2];
	unsigned width;
	bool colour;
};

/* Nothing where nothing changed. False: out of memory. */
bool diff_text(FILE *f, struct diff *d, const struct diff_text_opts *o);

#endif
