/* fields.h: --list-fields and --schema, from the schemas that are part of the program. */
#ifndef OT_FIELDS_H
#define OT_FIELDS_H

#include "base/err.h"

#include <stdbool.h>
#include <stdio.h>

/* Key, type and meaning of these record types' own members, a line each; NULL ends the list. */
bool fields_print(FILE *f, const char *const *types, struct err *e);
/* Their schemas, a line each. */
bool fields_schemas(FILE *f, const char *const *types, struct err *e);

#endif
