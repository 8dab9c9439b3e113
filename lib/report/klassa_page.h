/* klassa_page.h: systems by KLASSA, as a paper. */
#ifndef OT_KLASSA_PAGE_H
#define OT_KLASSA_PAGE_H

#include "assess/klassa.h"
#include "report/paper.h"

/* False when memory ran out. */
bool klassa_page(struct paper *p, const struct klassa *k);

#endif
