/* enterprise.h: vendors by their private enterprise number (IANA), as SNMP, RADIUS
 * and IPMI give it. */
#ifndef OT_ENTERPRISE_H
#define OT_ENTERPRISE_H

#include "proto/ev.h"

/* Absent for numbers that are not in the table, and for those that name a piece of
 * software instead of who made the device (Net-SNMP). */
struct text enterprise_vendor(uint32_t number);

#endif
