/* locate.h: where in a text a value of its JSON stands. The parser keeps no positions; when
 * something is wrong with a value, the text is walked again.
 *
 *     zones[2].cidr[0]       { { "zones" }, { .i = 2 }, { "cidr" }, { .i = 0 } } */
#ifndef OT_LOCATE_H
#define OT_LOCATE_H

#include <stdbool.h>
#include <stddef.h>

struct locate_step { const char *key; size_t i; };      /* key NULL: element i */
struct locate_place { size_t offset; unsigned line, column; };  /* both from 1; bytes */

/* The place of the value n steps down (at_key: of its last member's name), or of as much of
 * the way as is there: for a missing member, its object. False when the text ends before,
 * which a text that was parsed does not; the place is that end. */
bool locate(const char *p, size_t n, const struct locate_step *way, size_t steps, bool at_key,
    struct locate_place *at);
/* The line and column of an offset. */
void locate_line(const char *p, size_t n, size_t offset, struct locate_place *at);

/* The way as people write it, `a.b[2]["c.d"]`, cut at cap; its length. */
size_t locate_put(char *dst, size_t cap, const struct locate_step *way, size_t steps);

#endif
