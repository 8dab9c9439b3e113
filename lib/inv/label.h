/* label.h: what people call an asset and know it by, from its record. */
#ifndef OT_INV_LABEL_H
#define OT_INV_LABEL_H

#include "base/addr.h"
#include "json/scan.h"

#include <stdbool.h>
#include <stddef.h>

/* What the text rests on. */
enum label_make {
	MAKE_NONE,
	MAKE_SAID,                      /* maker and model, by its own word */
	MAKE_BY_MAC,                    /* the maker of its MAC address */
	MAKE_OS,                        /* nothing but an operating system is known */
	MAKE_MADE_UP,                   /* nothing: its MAC was made up */
};

/* "Siemens CPU 1214C", the maker without its legal form, into dst. o: the asset's block. */
enum label_make label_make(const struct sval *o, char *dst, size_t cap);

/* Of its addresses the one that people know: IPv4, else a routed IPv6; else its MAC.
 * *ip: that address (v 0: none); *more: how many others it has. */
void label_address(const struct sval *o, char *dst, size_t cap, struct addr *ip, unsigned *more);

/* Its name: that of the register's entry (its id, which is short), its own, the
 * first that others asked for it by; "" where it has none. */
void label_name(const struct sval *o, char *dst, size_t cap);

/* Does every network speak it? Tables and graphs leave it in the background. */
bool label_everyday(const char *app);

#endif
