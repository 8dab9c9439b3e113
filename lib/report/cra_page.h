/* cra_page.h: the register by CRA class, as a paper. */
#ifndef OT_CRA_PAGE_H
#define OT_CRA_PAGE_H

#include "assess/cra.h"
#include "report/paper.h"

/* False when memory ran out. */
bool cra_page(struct paper *p, const struct cra *c);

#endif
