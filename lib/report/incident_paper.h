/* incident_paper.h: an incident's journal as people read it (report/paper.h). */
#ifndef OT_INCIDENT_PAPER_H
#define OT_INCIDENT_PAPER_H

#include "incident/incident.h"
#include "report/paper.h"

/* What is in force, who said it and what it was before; notes, files and submissions.
 * False: memory ran out. */
bool incident_paper(struct paper *p, const struct incident *i, const struct incident_fields *f);
/* What can be set: each field with its type and question. names: only these n, or all. */
bool incident_fields_paper(struct paper *p, const struct incident_fields *f, char *const *names,
    size_t n);

#endif
