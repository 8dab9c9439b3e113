/* write.h: an inventory as records: assets, links, and what was read. */
#ifndef OT_INV_WRITE_H
#define OT_INV_WRITE_H

#include "inv/asset.h"
#include "inv/role.h"

/* All records of an inventory that was grouped, in order of content, through
 * out() after each. roles may be NULL. False when out() says no more,
 * or memory is out. */
bool inv_write(struct inv *v, const struct roles *roles, struct jw *w,
    bool (*out)(void *, struct jw *), void *arg);

#endif
