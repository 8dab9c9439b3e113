/* doc.h: whole JSON documents that people write: site files, rules, registers.
 * jansson behind, duplicate keys rejected, errors with file and line. */
#ifndef OT_DOC_H
#define OT_DOC_H

#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* The document, owned by the caller (json_decref), or NULL with
 * "file:line:column: what" in e. path "-" is stdin. Comment lines are not JSON. */
json_t *doc_load(const char *path, struct err *e);
/* The same from memory; name is for messages. */
json_t *doc_loadb(const char *name, const void *p, size_t n, struct err *e);

#endif
