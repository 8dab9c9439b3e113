/* escalate.h: who is to be told of a clock, by the people of the site file. */
#ifndef OT_INCIDENT_ESCALATE_H
#define OT_INCIDENT_ESCALATE_H

#include "incident/deadlines.h"

enum { ESCALATE_PEOPLE = 4 };

struct escalation {
	const struct site_person *to[ESCALATE_PEOPLE]; size_t n;
	bool idle;                      /* nobody has written in the journal: the deputy, too */
	int64_t written;                /* when somebody last did */
};

/* Whether somebody is needed: it is overdue or due within; it has no figure and is not
 * done after the time that the rules give; a field is not answered, and it would be. Then
 * *out is who: whose it is (else the incident lead), the deputy where nobody has
 * written for so long, the management of what is overdue. site may be NULL: nobody. */
bool escalate(const struct deadlines *d, const struct deadline *x, const struct site *site,
    struct escalation *out);

/* "TO<TAB>SUBJECT<TAB>TEXT" without a line end: addresses with commas between them, or "-" where
 * nobody has one. No part has control characters. New memory; NULL when it is out. */
char *escalate_line(const struct deadlines *d, const struct deadline *x,
    const struct escalation *who, const char *lang);

#endif
