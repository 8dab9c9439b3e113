/* answer.h: what the machine itself can answer.
 *
 * An evaluator looks at the inventory and the site file and leaves what it can
 * say in an answer; gap.c weighs it against the attestation. "unknown" with a
 * reason is an answer, and often the honest one. */
#ifndef OT_ANSWER_H
#define OT_ANSWER_H

#include "assess/gap.h"

struct answer {
	enum gap_status status;
	const char *key;                /* the phrase that says why; NULL: nothing to say */
	json_t *args;                   /* of the phrase; an object */
};

struct evaluator {
	const char *name;               /* as checklist.json names it */
	void (*ask)(const struct gap *g, struct gap_finding *f, struct answer *a);
};

/* By name, or NULL. */
const struct evaluator *answer_find(const char *name);

#endif
