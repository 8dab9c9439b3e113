/* conduits_page.h: zones and conduits, as a paper. */
#ifndef OT_CONDUITS_PAGE_H
#define OT_CONDUITS_PAGE_H

#include "assess/conduits.h"
#include "report/paper.h"

/* False when memory ran out. */
bool conduits_page(struct paper *p, const struct conduits *c);

#endif
