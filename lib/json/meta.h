/* meta.h: the "meta" record that may open a file that is kept: which program
 * made it, how it was called, from which inputs. */
#ifndef OT_META_H
#define OT_META_H

#include "json/jw.h"

#include <stddef.h>
#include <stdint.h>

/* Writes the whole record and its line; false, and no byte of it, when it did
 * not fit. us 0: no timestamp is known; host NULL: none. Inputs are named with
 * the SHA-256 of what lies there now; "-" is left out, and one that cannot be
 * read has a name only. argv[0] is passed over. Reads files: before the program is confined. */
bool meta_write(struct jw *w, const char *program, int64_t us, const char *host, int argc,
    char *const *argv, const char *const *inputs, size_t n);

#endif
