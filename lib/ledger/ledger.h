/* ledger.h: the instruments of a ledger, from its records in order.
 *
 * A ledger is read twice. The first reading gathers what changes how the rest is read:
 * corrections, assessments, and who is a standard. The second makes the facts:
 *
 *     struct ledger *l = ledger_new(&opts);
 *     for each line: ledger_look(l, ...);
 *     ledger_settle(l);
 *     for each line: ledger_take(l, ...);
 *     ledger_done(l);                 instruments by id, facts by time
 *     ... standing.h, chain.h, impact.h
 *     ledger_free(l);
 *
 * Kept are, of each instrument, its own words and the latest fact of each kind; all of
 * it where somebody was calibrated with it, or where opts.all asks. So memory grows with
 * instruments, corrections and findings, not with records.
 *
 * Nothing here looks at digests or signatures: what it says is as good as the last time
 * the ledger was verified. */
#ifndef OT_LEDGER_H
#define OT_LEDGER_H

#include "ledger/fact.h"
#include "ledger/tolerance.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct inst;
struct ledger_opts {
	/* Told each fact as it is taken, before it may be forgotten; NULL: nobody asks. */
	void (*seen)(void *arg, const struct inst *i, const struct fact *f);
	void *arg;
	bool all;                       /* keep all facts of all instruments */
	/* facts of later days are not known: microseconds, INT64_MAX */
	int64_t until;
	int64_t known;                  /* records written later were not known, INT64_MAX */
};

enum inst_text { INST_NAME, INST_MAKE, INST_MODEL, INST_SERIAL, INST_FIRMWARE, INST_LOCATION,
	INST_OWNER, INST_ASSET, INST_TEXTS };
extern const char *const inst_names[INST_TEXTS];

/* A record of the instrument's that was corrected. */
struct corrected {
	uint64_t key, by;
	enum fact_kind kind;
	bool withdrawn;
	const char *reason;             /* the ledger's; may be NULL */
};

struct in_use { int64_t written; bool on; };

struct inst {
	char *id;
	bool listed;                    /* an instrument or reference_standard record names it */
	/* somebody was calibrated with it, or it is listed as one */
	bool standard;
	char *text[INST_TEXTS];
	struct interval interval;
	bool has_interval;
	struct tolerance *tolerance;
	struct in_use *use; size_t nuse;        /* each time that it was said */
	struct fact *own_chain;         /* of a reference_standard record: where it leaves */
	char *replaced_by;              /* as another's record says; its moment in replaced_at */
	int64_t replaced_at;
	uint64_t replaced_key;
	/* Facts: by time where all is kept (v), and the latest of each kind. */
	struct fact **v; size_t n, cap;
	struct fact *last[FACT_KINDS];
	struct fact **found; size_t nfound;     /* out_of_tolerance; outside as found; failed */
	struct corrected *corrected; size_t ncorrected;
};

/* What was decided about a finding: of the record `about`. */
struct decided {
	uint64_t about, key;
	char *conclusion;               /* "no_effect", "effect", "unknown" */
	struct moment at;
};

struct ledger;

struct ledger *ledger_new(const struct ledger_opts *o);         /* NULL: out of memory */
/* A record of ledger number `source` (from 0), `n` its place from 1 for those that have no
 * seq. False: it lacks what it must have, and *why is a literal. Other records pass. */
bool ledger_look(struct ledger *l, unsigned source, uint64_t n, const struct sval *rec,
    const char **why);
bool ledger_settle(struct ledger *l);                           /* false: out of memory */
bool ledger_take(struct ledger *l, unsigned source, uint64_t n, const struct sval *rec,
    const char **why);
bool ledger_done(struct ledger *l);                             /* false: out of memory */
void ledger_free(struct ledger *l);

size_t ledger_count(const struct ledger *l);
const struct inst *ledger_inst(const struct ledger *l, size_t i);       /* by id */
const struct inst *ledger_find(const struct ledger *l, const char *id);
/* The latest assessment of a finding, by its own record or that which showed it; or NULL. */
const struct decided *ledger_decided(const struct ledger *l, const struct fact *finding);
/* Corrections that correct nothing that is there. */
size_t ledger_astray(const struct ledger *l);
/* Records that are of a day after opts.until. */
uint64_t ledger_ahead(const struct ledger *l);

/* The latest fact of a kind up to a moment; NULL: none. */
const struct fact *inst_last(const struct inst *i, enum fact_kind kind, const struct moment *t);
/* In use at a moment, as far as was said. */
bool inst_in_use(const struct inst *i, const struct moment *t);
/* The day until which a calibration is good, and by what: "due", "interval" of its own,
 * "instrument": the instrument's interval; DAY_NONE and NULL: nobody said. */
int64_t fact_due(const struct fact *f, const struct inst *i, const char **by);

#endif
