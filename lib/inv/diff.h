/* diff.h: what changed between two inventories. */
#ifndef OT_INV_DIFF_H
#define OT_INV_DIFF_H

#include "inv/list.h"
#include "json/jw.h"

#include <stdbool.h>
#include <stdio.h>

enum change_kind { CHANGE_NEW, CHANGE_GONE, CHANGE_CHANGED };

struct change {
	enum change_kind kind;
	bool link;                      /* of a link; else of an asset */
	const struct item *from, *to;   /* NULL: not there */
	const char *field;              /* CHANGE_CHANGED */
	char *old, *now;                /* owned; NULL: absent */
	struct sval evidence;           /* of `now`: an evidence object in `to`, or SVAL_NONE */
};

struct diff { struct change *v; size_t n; bool failed; };

/* Assets are matched by id, else by a MAC they share (a serial number learned
 * gives a new id); links by their ends' ids, protocol and port. Both lists were
 * sorted and must outlive d. Silence is no change: a word that was only said
 * in the old one is not missing in the new one. */
void diff_make(struct diff *d, const struct list *from, const struct list *to);
void diff_free(struct diff *d);

void change_write(const struct change *c, struct jw *w);
/* One line for people. */
void change_print(const struct change *c, FILE *f);

#endif
