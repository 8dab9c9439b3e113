/* change_page.h: what changed between two inventories as one page: to be mailed,
 * printed, kept. No script, nothing fetched, colours spelled out (mail programs
 * know no variables); all text from outside is escaped (picture_text). */
#ifndef OT_CHANGE_PAGE_H
#define OT_CHANGE_PAGE_H

#include "inv/diff_text.h"

#include <stdio.h>

/* A page also where nothing changed. False: out of memory, or the stream failed. */
bool change_page(FILE *f, struct diff *d, const struct diff_text_opts *o);

#endif
