/* passphrase.h: a passphrase from a file or the terminal. */
#ifndef OT_PASSPHRASE_H
#define OT_PASSPHRASE_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

/* From a file's first line ("-": standard input, and no byte past that line), or without a
 * file asked for at /dev/tty, unseen, twice where `twice`; what: whose it is. Its length, or
 * -1 with the reason. The caller wipes dst. */
int passphrase(char *dst, size_t cap, const char *file, const char *what, bool twice,
    struct err *e);

#endif
