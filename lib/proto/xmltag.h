/* xmltag.h: the text of one element, out of the small XML documents by which
 * devices describe themselves. No tree, no memory but the caller's. */
#ifndef OT_XMLTAG_H
#define OT_XMLTAG_H

#include "base/rd.h"
#include "proto/ev.h"

#include <stdbool.h>
#include <stddef.h>

/* Where the first element of this name (without its prefix) begins: r moves to
 * its content. False when there is none; comments and CDATA are passed over. */
bool xml_into(struct rd *r, const char *name);
/* The text of the first such element that has one, its entities resolved, blanks at
 * both ends cut, always ended by NUL. Its length; 0 when there is none, or when its
 * end is not there. */
size_t xml_text(struct rd doc, const char *name, char *buf, size_t size);

/* The same of texts, in place: entities stay as they are. What is in the first element
 * of this name up to the next tag; and all from its content on. */
struct text xml_value(struct text doc, const char *name);
struct text xml_inside(struct text doc, const char *name);

#endif
