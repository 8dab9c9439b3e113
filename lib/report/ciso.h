/* ciso.h: the assessment as CISO Assistant (intuitem) takes it in.
 *
 * It wants two files. A library, once: the checklist as a framework, which an administrator
 * uploads. An audit, each time: a table that the data import wizard, or its command line
 * tool, reads into a new audit of that framework. Both are by what its own readers do
 * (backend/library/utils.py at 014d824, backend/data_wizard/views.py at 00a6338). */
#ifndef OT_CISO_H
#define OT_CISO_H

#include "assess/gap.h"

#include <stdbool.h>
#include <stdio.h>

/* The framework, as JSON, which is YAML: name the file .yaml. False when f failed or
 * memory ran out. */
bool ciso_library(FILE *f, const struct rules *r, const char *lang);

/* The audit, as CSV. */
bool ciso_audit(FILE *f, const struct gap *g);

#endif
