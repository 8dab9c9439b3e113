/* ruledoc.h: a document of lib/rules that only one report reads: classes, cycles. */
#ifndef OT_RULEDOC_H
#define OT_RULEDOC_H

#include "base/err.h"

#include <jansson.h>

/* "cra" is DIR/cra.json where the folder has it, else the one built in. NULL with why. The
 * document's "rules" member must be its name. */
json_t *ruledoc_load(const char *dir, const char *name, struct err *e);

/* {"sv": ..., "en": ...} of such a document in the language, or NULL. */
const char *ruledoc_text(const json_t *texts, const char *lang);

#endif
