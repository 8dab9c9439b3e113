/* syntax.h: why a text is no JSON, in words for who wrote it by hand. */
#ifndef OT_SYNTAX_H
#define OT_SYNTAX_H

#include "json/locate.h"

#include <stdbool.h>
#include <stddef.h>

/* The first fault of a text that a document should be (RFC 8259; an object or an array;
 * names once in an object): its place, and what is wrong and what was expected in dst.
 * False when none is found. Nesting is to 2048, as the parser's. */
bool syntax_fault(const char *p, size_t n, struct locate_place *at, char *dst, size_t cap);

#endif
