/* deadlines_impl.h: between deadlines.c, which has the incidents, and deadline_judge.c, which
 * judges one clock of one. */
#ifndef OT_INCIDENT_DEADLINES_IMPL_H
#define OT_INCIDENT_DEADLINES_IMPL_H

#include "incident/deadlines.h"

/* The incident that is judged. */
struct judging {
	struct deadlines *d;
	const struct incident *i;
	const struct site *site;
	char day[11];                   /* of the incident, on its clocks */
	size_t first;                   /* its first deadline in d->v */
};

/* Settles *x, of which rule and incident are set, state is DEADLINE_RUNNING (none yet) and the
 * times are INT64_MIN. False: there is no such clock on this incident. */
bool deadline_judge(const struct judging *j, struct deadline *x);

#endif
