/* classify.h: what an asset counts as: its Purdue level, which of a laboratory's
 * seven systems it is of, its class under the Cyber Resilience Act. A zone's or
 * the register's word first; else worked out from its surest role, with the reason. */
#ifndef OT_INV_CLASSIFY_H
#define OT_INV_CLASSIFY_H

#include "inv/role.h"

struct asset;

/* "purdue", "lab_system" and "cra", where they are known, into the open object of
 * an asset record. r may be NULL: then only what the site file says of the level. */
void classes_write(const struct inv *v, struct jw *w, const struct roles *r,
    const struct asset *a, const struct role_list *l);

/* Whether lib/rules/systems.json and cra.json hold together with the role words. */
bool class_rules_check(const struct roles *r, struct err *e);

#endif
