/* due.h: which assets should be in the register. */
#ifndef OT_INV_DUE_H
#define OT_INV_DUE_H

#include "inv/list.h"

/* An asset of the laboratory's own that was heard, and a thing of its own: no
 * address on the internet, and no part behind a gateway that neither is listed
 * nor says anything but what the gateway is. All who tell how much is listed
 * count these, as `otinv register` does (audit.h). l was sorted. */
bool asset_due(const struct list *l, const struct item *i);

#endif
