/* impact.h: what was found out of tolerance, and all that hangs on it (ISO/IEC
 * 17025:2017, 6.4.9 and 7.10.1: the effect on earlier results is examined).
 *
 * A finding is an out_of_tolerance record; or a calibration or verification whose values
 * as found lie outside tolerance, or that failed, where no such record tells of it. Its
 * window goes back to the last good result. In it stand the uses of the instrument, the
 * instruments calibrated with it, their uses until they were next found good, and so on.
 * The ledger must have been read with opts.all. */
#ifndef OT_LEDGER_IMPACT_H
#define OT_LEDGER_IMPACT_H

#include "ledger/ledger.h"
#include "ledger/uses.h"

#define NO_STEP SIZE_MAX

/* One thing in doubt. */
struct affected {
	const struct inst *inst;        /* who was calibrated, or used */
	const struct fact *fact;        /* its calibration or verification; NULL: a use */
	const struct use *use;
	/* entry of the calibration it hangs on; NO_STEP: the finding's */
	size_t through;
	unsigned depth;                 /* standards between it and the finding */
	struct moment until;            /* of a calibration: until it was next found good */
	bool open;                      /* not yet */
};

struct impact {
	const struct inst *inst;
	const struct fact *finding;
	const struct fact *good;        /* the last good result before; NULL: none is known */
	struct moment from, until;      /* from: only where there is a good one */
	const struct decided *decided;  /* NULL: nobody assessed it yet */
	struct affected *v; size_t n, cap;
};

/* A span in which an instrument is in doubt, unless that was found without effect. */
struct doubt {
	const struct inst *inst;
	const struct impact *impact;
	struct moment from, until;
	bool since_ever, open;          /* no beginning; no end yet */
};

struct impacts {
	struct impact *v; size_t n, cap;
	struct doubt *doubts; size_t ndoubts;   /* by instrument */
};

/* All findings, by instrument and time. uses may be NULL. False: out of memory. */
bool impacts_make(struct impacts *p, struct ledger *l, const struct uses *uses);
void impacts_free(struct impacts *p);

/* Is this finding told by another record that stands beside it? */
bool finding_told(const struct inst *i, const struct fact *f);
/* As known now: the finding for which an instrument is in doubt at this span of time,
 * unless it was assessed as without effect; or NULL. */
const struct impact *impacts_doubt(const struct impacts *p, const struct inst *i,
    const struct moment *at, const struct moment *until);

#endif
