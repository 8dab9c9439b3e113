/* oscal.h: the assessment as an OSCAL assessment-results document.
 *
 * OSCAL is NIST's language for controls and what became of them; this is its JSON form,
 * version 1.1.3. What the checklist asks is there as local objectives, for no catalogue and
 * no assessment plan stands behind it (import-ap names a resource that says so). What was
 * heard is an observation by TEST, what the site file says one by EXAMINE; each item is a
 * finding, and one that is not met, or met in part, a risk.
 *
 *     if (!oscal_write(f, g)) ...     after gap_run()
 *
 * UUIDs are of version 5 (RFC 4122, 4.3), so the same input gives the same bytes: organisation,
 * people and devices keep theirs from one assessment to the next, the rest changes with what
 * was read. Properties that OSCAL has no name for are of the name space OSCAL_NS. */
#ifndef OT_OSCAL_H
#define OT_OSCAL_H

#include "assess/gap.h"

#include <stdbool.h>
#include <stdio.h>

#define OSCAL_VERSION   "1.1.3"
#define OSCAL_NS        "urn:otkit:oscal"

/* False when memory ran out or f failed. */
bool oscal_write(FILE *f, const struct gap *g);

#endif
