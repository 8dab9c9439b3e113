/* factory.h: host names and serial numbers that devices come with, which so many have
 * that they tell nothing apart. */
#ifndef OT_INV_FACTORY_H
#define OT_INV_FACTORY_H

#include <stdbool.h>

/* name: up to its first dot, in any case. */
bool factory_name(const char *name);
/* The end of a name that any network may have: "local", "lan". NULL: the name has none. */
bool factory_domain(const char *domain);
/* A serial number that was never given: a word ("default string": it has no two digits),
 * zeros alone, 1 with zeros before it, one digit repeated, a run as 12345678 or 87654321, and each
 * of these behind up to three letters or a word as "serial". Short numbers are none for being
 * short: 4711 and 0042 are somebody's. */
bool factory_serial(const char *serial);

#endif
