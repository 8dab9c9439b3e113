/* significance_ask.h: which answers could settle a question of significance, fewest first. */
#ifndef OT_SIGNIFICANCE_ASK_H
#define OT_SIGNIFICANCE_ASK_H

#include "incident/significance.h"

/* Sets s->questions and s->settle by the criteria that are open; where nothing is, none.
 * False: out of memory. */
bool significance_ask(struct significance *s);

/* Whether somebody said otherwise than a set of rules takes for granted: nothing of it holds. */
bool significance_contrary(const struct significance *s, const struct significance_set *set);

#endif
