/* use_check.h: was it in calibration when it was used, as known then and as known now. */
#ifndef OT_LEDGER_USE_CHECK_H
#define OT_LEDGER_USE_CHECK_H

#include "json/jw.h"
#include "ledger/impact.h"
#include "ledger/standing.h"

/* Both ledgers are the same one, read with opts.all: with what was written by the end of
 * the day, and with all that there is. */
struct knowledge { const struct ledger *then, *now; const struct impacts *impacts;
	const struct work_rules *rules; };

struct use_check {
	const char *id, *result;
	struct moment at, until;
	struct standing then, now;
	const struct impact *doubt;     /* of "suspect": the finding */
	bool good;
};

void use_check_make(struct use_check *c, const struct knowledge *k, const char *id,
    const struct moment *at, const struct moment *until, const char *result);
bool use_check_write(struct jw *w, const struct use_check *c);

#endif
