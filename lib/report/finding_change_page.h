/* finding_change_page.h: two assessments compared, as a paper. */
#ifndef OT_FINDING_CHANGE_PAGE_H
#define OT_FINDING_CHANGE_PAGE_H

#include "assess/finding_change.h"
#include "report/paper.h"

/* site: whose laboratory it is called by, or NULL: then by the records' key. False when
 * memory ran out. */
bool finding_change_page(struct paper *p, const struct findings_compared *c,
    const struct site *site);

#endif
