/* stage_save.h: what records say, entered in the journal. */
#ifndef STAGE_SAVE_H
#define STAGE_SAVE_H

#include "base/err.h"
#include "incident/prefill.h"

/* Each value whose field nobody has set becomes a record of the journal with basis "evidence"
 * and what shows it, by this author. *n: how many. False with e: nothing was entered. */
bool stage_save(const struct incident *i, const struct prefill *p, const char *author, size_t *n,
    struct err *e);

#endif
