/* factory.h: host names that devices come with, which so many have that they tell
 * nothing apart. */
#ifndef OT_INV_FACTORY_H
#define OT_INV_FACTORY_H

#include <stdbool.h>

/* name: up to its first dot, in any case. */
bool factory_name(const char *name);
/* The end of a name that any network may have: "local", "lan". NULL: the name has none. */
bool factory_domain(const char *domain);

#endif
