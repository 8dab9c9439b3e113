/* trace.h: traceability: from an instrument's calibration, standard by standard, to where
 * the chain leaves the ledger: a national institute, an accredited laboratory, a
 * certified reference material, a natural constant (ISO/IEC 17025:2017, 6.5; ILAC P10). */
#ifndef OT_LEDGER_TRACE_H
#define OT_LEDGER_TRACE_H

#include "ledger/ledger.h"

enum trace_problem {
	TRACE_GOOD,
	TRACE_BREAK,            /* neither standards nor a way out are named */
	TRACE_NOT_LISTED,       /* a standard that this ledger does not know */
	TRACE_CERTIFICATE,      /* its certificate is not in the ledger; another one is */
	TRACE_EXPIRED,          /* past its day when it was used */
	TRACE_FAILED,           /* its own calibration says fail */
	TRACE_DOUBT,            /* found out of tolerance later, and used before */
	TRACE_LOOP,             /* a standard that hangs on itself */
	TRACE_LONG,             /* longer than is followed */
	TRACE_PROBLEMS
};
extern const char *const trace_names[TRACE_PROBLEMS];
extern const char *const trace_words[TRACE_PROBLEMS];   /* for people */

/* Standards behind standards: SI is five or six steps away. All steps of one chain: a
 * calibration names few standards, each of which leads on. */
enum { TRACE_DEEP = 16, TRACE_STEPS = 64 };

struct trace_step {
	unsigned depth;                 /* 0: the instrument itself */
	const char *id;
	const struct fact *by;          /* its calibration, or own record; NULL: none */
	const char *via;                /* "nmi", ...: the chain ends here, well; or NULL */
	enum trace_problem problem;
};

struct trace {
	struct trace_step v[TRACE_STEPS];
	size_t n;
	bool whole;
	const struct trace_step *bad;   /* the first with a problem */
};

/* cal: the calibration (or verification) of i that it begins with. */
void trace_make(struct trace *c, const struct ledger *l, const struct inst *i,
    const struct fact *cal);

/* A finding's window: from the last good result before it (false: none is known, and
 * *from is nothing) to when it was found. Needs all facts of the instrument. */
bool finding_window(const struct ledger *l, const struct inst *i, const struct fact *finding,
    struct moment *from, struct moment *until, const struct fact **good);

#endif
