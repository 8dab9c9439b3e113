/* ledger_impl.h: between ledger.c (records), correct.c (corrections, assessments) and
 * inst.c (instruments). Nobody else includes this. */
#ifndef OT_LEDGER_IMPL_H
#define OT_LEDGER_IMPL_H

#include "ledger/ledger.h"
#include "ledger/room.h"

struct correction {
	uint64_t key, target;
	/* the record that holds instead, as JSON; NULL: withdrawn */
	char *instead; size_t n;
	char *reason;
	bool dropped;                   /* another correction took it back */
	bool met;                       /* its record was there */
};

struct ledger {
	struct ledger_opts opts;
	struct inst **slot; size_t nslots;      /* open hash of ids */
	struct inst **v; size_t n, cap;
	struct correction *corr; size_t ncorr, corr_cap;        /* by target, then key */
	struct decided *dec; size_t ndec, dec_cap;              /* by about, then key */
	struct tape tape;               /* of a correction's own record */
	uint64_t ahead;
	bool failed;                    /* out of memory */
};

/* The block of a record and its kind, or FACT_KINDS. */
enum fact_kind record_block(const struct sval *rec, struct sval *block);

/* The instrument of this id, made where it is not there. NULL: out of memory. */
struct inst *inst_get(struct ledger *l, const char *id);
/* Takes over f. */
bool inst_add(struct ledger *l, struct inst *i, struct fact *f);
void inst_free(struct inst *i);
/* An instrument or reference_standard record. */
bool inst_describe(struct ledger *l, struct inst *i, const struct sval *block, int64_t written,
    uint64_t key);

bool correction_keep(struct ledger *l, uint64_t key, const struct sval *block, const char **why);
bool decided_keep(struct ledger *l, uint64_t key, const struct sval *block, const char **why);
/* Sorts both and lets corrections of corrections take effect. */
void corrections_settle(struct ledger *l);
/* What holds instead of a record; NULL: it holds itself. */
struct correction *correction_of(struct ledger *l, uint64_t key);
/* The record that a correction puts in place; good until the next one is asked for. */
bool correction_record(struct ledger *l, const struct correction *c, struct sval *rec);
void corrections_free(struct ledger *l);

#endif
