/* known.h: what is known without traffic, put upon what traffic shows. */
#ifndef OT_INV_KNOWN_H
#define OT_INV_KNOWN_H

#include "inv/asset.h"
#include "model/site.h"
#include "model/vendor.h"

/* Once all events are in: makers of MAC addresses (mac may be NULL). */
void inv_vendors(struct inv *v, const struct vendors *mac);
/* Zones, suppliers and register entries of this site's stations, in place of
 * what was known of them. */
bool inv_site(struct inv *v, const struct site *s);

#endif
