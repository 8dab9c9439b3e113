/* encoding.h: bytes of a log as UTF-8. */
#ifndef OT_TIMELINE_ENCODING_H
#define OT_TIMELINE_ENCODING_H

#include "timeline/map.h"

#include <stdbool.h>
#include <stddef.h>

/* Whether all n bytes are below 0x80; whether they are UTF-8. */
bool encoding_ascii(const char *p, size_t n);
bool encoding_utf8(const char *p, size_t n);

/* Of ISO 8859-1 or Windows-1252, or of UTF-8 with faults in it (each becomes U+FFFD), into
 * dst, which holds 3 * n bytes. Returns how many were written. */
size_t encoding_from(enum map_encoding how, const char *p, size_t n, char *dst);

#endif
