/* pretty.h: a JSON document laid out as people write it: what fits a line stands on one, what
 * does not is opened, a member or element a line. */
#ifndef OT_PRETTY_H
#define OT_PRETTY_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* With a line end behind it; lines of `width` columns where they can be broken. False: memory
 * ran out, or it is nested deeper than LIM_JSON_DEPTH. */
bool pretty_write(FILE *f, const json_t *v, size_t width);

#endif
