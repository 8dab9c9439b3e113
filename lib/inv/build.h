/* build.h: events into facts. */
#ifndef OT_INV_BUILD_H
#define OT_INV_BUILD_H

#include "inv/asset.h"
#include "model/rec.h"
#include "model/site.h"
#include "model/vendor.h"

/* Takes in one event. True when it said something that an inventory holds;
 * what it does not know it passes over. */
bool inv_event(struct inv *v, const struct rec *r);

/* Once all events are in: makers of MAC addresses (mac may be NULL). */
void inv_vendors(struct inv *v, const struct vendors *mac);
/* Zones, suppliers and register entries of this site's stations, in place of
 * what was known of them. */
bool inv_site(struct inv *v, const struct site *s);

#endif
