/* standing.h: may this instrument be used at a moment, and why not. */
#ifndef OT_LEDGER_STANDING_H
#define OT_LEDGER_STANDING_H

#include "ledger/ledger.h"
#include "ledger/work_rules.h"

enum standing_state {
	STANDING_VALID, STANDING_DUE_SOON,      /* these two may be used */
	STANDING_OVERDUE, STANDING_FAILED, STANDING_UNVERIFIED, STANDING_NEVER,
	STANDING_OUT_OF_USE, STANDING_REPLACED,
	STANDING_SUSPECT,       /* on: as known now it was not fit, though it seemed so then */
	STANDING_UNKNOWN,       /* on: no such instrument in the ledger */
	STANDINGS
};
extern const char *const standing_names[STANDINGS];

enum { STANDING_WHY = 256 };

struct standing {
	enum standing_state state;
	const struct fact *calibration;         /* the last, or NULL */
	const struct fact *last;                /* that or a verification after it */
	const struct fact *own;                 /* without one: the standard's own certificate */
	const struct fact *since;               /* what spoilt it: work, finding, replacement */
	int64_t due;                            /* the last day it is good for, or DAY_NONE */
	/* "due", "interval", "instrument", "verification" */
	const char *due_by;
	int64_t left;                           /* days from the moment's day to due */
	char why[STANDING_WHY];
};

/* As it was at t: of a day alone, all that happened on it counts. soon: days before the
 * due day from which it is "due_soon". */
void standing_at(struct standing *s, const struct inst *i, const struct work_rules *rules,
    const struct moment *t, int64_t soon);
static inline bool
standing_good(enum standing_state s)
{
	return s == STANDING_VALID || s == STANDING_DUE_SOON;
}
/* Is there anything to say of this one: it is listed, or has a fact, or had one that was
 * withdrawn? */
bool standing_counts(const struct inst *i);

#endif
