/* significance_page.h: whether an incident is significant, for people: the answer, what is
 * left to ask, and every criterion with its figures. */
#ifndef OT_SIGNIFICANCE_PAGE_H
#define OT_SIGNIFICANCE_PAGE_H

#include "incident/significance.h"
#include "report/paper.h"

/* NULL when memory ran out. s stays the caller's, and is not needed afterwards. */
struct paper *significance_page(const struct significance *s);

#endif
