/* sysdescr.h: what a free text of a device tells of it.
 *
 * LLDP's system description, SNMP's sysDescr and CDP's version are texts for
 * people in which vendors hide versions and order numbers. What is recognised
 * here is a piece of the given text, borrowed; what is not, stays absent. */
#ifndef OT_SYSDESCR_H
#define OT_SYSDESCR_H

#include "proto/ev.h"

struct sysdescr {
	struct text vendor, product, firmware, hardware, order_code, serial, os;
};

/* product is the text's first line where nothing better is in it. */
void sysdescr_read(struct text s, struct sysdescr *d);

/* The place of lit in s without regard to case of ASCII letters, or NULL. */
const char *text_find(struct text s, const char *lit);

#endif
