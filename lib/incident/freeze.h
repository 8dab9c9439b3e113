/* freeze.h: what was known when a stage was handed in, as one document. */
#ifndef OT_INCIDENT_FREEZE_H
#define OT_INCIDENT_FREEZE_H

#include "incident/incident.h"

/* {"otkit":"incident-stage/1","stage":..,"incident":..,"records":..,"root":"<hex>",
 * "fields":{NAME:{"value":..,"who":..,"written":..,"record":..,"basis":..}}}, a value a line,
 * in order of the names; n: its bytes. New memory, or NULL when it is out. The root binds it
 * to the journal: `calchain prove` shows that any of the records is in it. */
char *incident_freeze(const struct incident *i, const char *stage, size_t *n);

#endif
