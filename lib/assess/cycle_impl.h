/* cycle_impl.h: between cycle.c, which has what comes again, and cycle_dated.c, which has
 * what ends on a day. */
#ifndef OT_CYCLE_IMPL_H
#define OT_CYCLE_IMPL_H

#include "assess/cycle.h"

/* A duty of this day, where it is overdue or in the period: state and days are set. what is
 * taken. It is overdue when its day is over. */
void cycle_put(struct cycle *c, struct duty d);
/* The phrase in the language; takes args. */
char *cycle_say(struct cycle *c, const char *key, json_t *args);
/* The names of who has the role, or NULL. */
const char *cycle_owner(struct cycle *c, const char *role);
/* Whether an entry of the cycle rests on attestations of the item. */
bool cycle_covers(const struct cycle *c, const char *item);

/* Attestations, contracts, support, calibrations, days of the law. */
void cycle_dated(struct cycle *c);

#endif
