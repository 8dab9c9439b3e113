/* build.h: events into facts. */
#ifndef OT_INV_BUILD_H
#define OT_INV_BUILD_H

#include "inv/asset.h"
#include "model/rec.h"

/* Takes in one event. True when it said something that an inventory holds;
 * what it does not know it passes over. */
bool inv_event(struct inv *v, const struct rec *r);

#endif
