/* redact.h: records whose names, addresses and values are replaced by pseudonyms,
 * the same for the same key: what may leave the house.
 *
 * What a field holds is decided by its name, in rules/redact.json: words of our own
 * and of makers (services, versions, models) stay, everything else goes, so that a
 * field nobody thought of is hidden and not shown. An address becomes another of the
 * same kind and network (public stays public, one subnet one subnet, a MAC address
 * keeps its maker); a text or value becomes "~" and twelve hex digits. Times, counts,
 * ports and packet numbers stay. */
#ifndef OT_REDACT_H
#define OT_REDACT_H

#include "base/err.h"

#include <stddef.h>

enum { REDACT_KEY_MIN = 16, REDACT_KEY_MAX = 4096 };

struct redact;

/* key: at least REDACT_KEY_MIN bytes that nobody guesses; not kept. NULL with the
 * reason in e. */
struct redact *redact_new(const void *key, size_t n, struct err *e);
void redact_free(struct redact *r);
/* Whole lines of n bytes; gives the lines to write instead and their length, which
 * are r's until the next call, or NULL when there is no memory. */
const char *redact_lines(struct redact *r, const char *lines, size_t n, size_t *len);

#endif
