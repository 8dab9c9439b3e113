/* wire.h: what the dissectors know of numbers and banners, for readers of foreign
 * records. Apart, since the dissectors' headers and the inventory's both have a "field". */
#ifndef OT_INV_WIRE_H
#define OT_INV_WIRE_H

#include "proto/ev.h"

/* DNP3: what a function code does (OT_NONE: not known), and what a group's points are
 * called, or NULL. */
enum ot_op wire_dnp3_op(unsigned code);
const char *wire_dnp3_group(unsigned group);
/* An SSH identification line; the texts borrow from it. */
struct wire_ssh { struct text vendor, os, product, version; };
void wire_ssh(struct text line, struct wire_ssh *s);

#endif
