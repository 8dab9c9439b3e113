/* inventory.h: an inventory for people: a picture, and a page. Both are of the
 * forms of inv/export.h; they stand in this layer for what they share with reports. */
#ifndef OT_INVENTORY_H
#define OT_INVENTORY_H

#include "inv/export.h"

/* The map (map.h) as a file of its own. */
bool export_svg_write(FILE *out, const struct list *l, const struct export_opts *o);

/* One page: the map, one number, and a table of the assets, each of which unfolds to
 * all that is known of it, with the packets it rests on. A script of its own sorts
 * and filters; without it the page has all the same. */
bool export_html_write(FILE *out, const struct list *l, const struct export_opts *o);

#endif
