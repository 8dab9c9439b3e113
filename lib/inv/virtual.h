/* virtual.h: MAC addresses that are no device's: those which redundant routers
 * hand to one another. */
#ifndef OT_INV_VIRTUAL_H
#define OT_INV_VIRTUAL_H

#include <stdint.h>

/* "vrrp" (RFC 9568, 7.3; CARP uses the same), "hsrp" (RFC 2281, 5.3, and Cisco's
 * later versions), "glbp" (Cisco); NULL for all others. */
const char *mac_virtual(const uint8_t mac[6]);

#endif
