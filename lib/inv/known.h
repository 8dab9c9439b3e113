/* known.h: what is known without traffic, put upon what traffic shows. */
#ifndef OT_INV_KNOWN_H
#define OT_INV_KNOWN_H

#include "inv/asset.h"
#include "model/register.h"
#include "model/site.h"
#include "model/vendor.h"

/* Once all events are in: makers of MAC addresses (mac may be NULL). */
void inv_vendors(struct inv *v, const struct vendors *mac);
/* Zones and suppliers of this site's stations, in place of what was known of them. */
bool inv_site(struct inv *v, const struct site *s);
/* The entries of a register on the stations of the site with this key (a text),
 * in place of those that were there. listed.c */
bool inv_listed(struct inv *v, const struct reg *r, uint32_t site);
/* A serial number as it is compared: letters and digits alone; 0 when it tells
 * nothing apart. */
size_t serial_fold(char *dst, size_t cap, const char *s);

#endif
