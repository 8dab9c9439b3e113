/* vendor.h: who made a MAC address: the IEEE's registries as Debian's
 * ieee-data package installs them, read at run time.
 *
 * Without the files nobody has a vendor, and vendors_why() says so, for the
 * caller to pass on once. */
#ifndef OT_VENDOR_H
#define OT_VENDOR_H

#include <stdbool.h>
#include <stdint.h>

struct vendors;

/* The tables of this folder (NULL: /usr/share/ieee-data). Never NULL unless
 * memory is out; what could not be read is in vendors_why(). */
struct vendors *vendors_load(const char *dir);
void vendors_free(struct vendors *v);
/* NULL when all is well, else one line why there are no or fewer vendors. */
const char *vendors_why(const struct vendors *v);

/* The organisation with the longest prefix (36, 28, 24 bits), or NULL: unknown,
 * kept private, or an address that its owner made up (locally administered).
 * Valid until vendors_free(). */
const char *vendor_of(const struct vendors *v, const uint8_t mac[6]);

/* The U/L bit: the address says nothing of its maker. */
static inline bool
mac_is_local(const uint8_t m[6])
{
	return (m[0] & 2) != 0;
}
/* The I/G bit: a group, not a station. */
static inline bool
mac_is_group(const uint8_t m[6])
{
	return (m[0] & 1) != 0;
}

#endif
