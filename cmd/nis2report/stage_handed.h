/* stage_handed.h: a stage's report as it was kept when it was handed in. */
#ifndef STAGE_HANDED_H
#define STAGE_HANDED_H

#include "base/err.h"
#include "incident/incident.h"

#include <stdio.h>

/* The bytes of the last submission of the stage, as text or as an incident_stage record, held
 * to the digest in the journal. False with e: it was not handed in, or is not what it was. */
bool stage_handed(const struct incident *i, const char *stage, bool text, FILE *f,
    struct err *e);

#endif
