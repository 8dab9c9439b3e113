/* impact_write.h: findings and what hangs on them, for programs and people. */
#ifndef OT_LEDGER_IMPACT_WRITE_H
#define OT_LEDGER_IMPACT_WRITE_H

#include "json/jw.h"
#include "ledger/impact.h"

#include <stdio.h>

/* An "impact" record. */
bool impact_write(struct jw *w, const struct impact *p, int64_t now);
/* An "affected" record of one thing in it. */
bool affected_write(struct jw *w, const struct impact *p, const struct affected *a, int64_t now);
/* A paragraph; `most` things of each kind are listed, the rest is counted. */
void impact_text(FILE *f, const struct impact *p, size_t most);

#endif
