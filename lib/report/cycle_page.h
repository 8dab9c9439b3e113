/* cycle_page.h: what falls due, as a paper: the year as a picture, then the list. */
#ifndef OT_CYCLE_PAGE_H
#define OT_CYCLE_PAGE_H

#include "assess/cycle.h"
#include "report/paper.h"

/* False when memory ran out. */
bool cycle_page(struct paper *p, const struct cycle *c);

#endif
