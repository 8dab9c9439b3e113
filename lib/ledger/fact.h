/* fact.h: what one record of a ledger says of an instrument, as far as its state goes. */
#ifndef OT_LEDGER_FACT_H
#define OT_LEDGER_FACT_H

#include "json/scan.h"
#include "ledger/day.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum fact_kind {
	FACT_CALIBRATION, FACT_VERIFICATION,
	FACT_ADJUSTMENT, FACT_REPAIR, FACT_FIRMWARE, FACT_SOFTWARE,     /* work, FACT_WORK.. */
	FACT_REPLACEMENT, FACT_FOUND,           /* out_of_tolerance */
	FACT_INSTRUMENT, FACT_STANDARD, FACT_ASSESSMENT, FACT_CORRECTION,
	FACT_KINDS, FACT_WORK = FACT_ADJUSTMENT, FACT_WORK_END = FACT_REPLACEMENT,
};
extern const char *const fact_names[FACT_KINDS];        /* the event types */

enum verdict { VERDICT_NONE, VERDICT_PASS, VERDICT_CONDITIONAL_PASS, VERDICT_CONDITIONAL_FAIL,
	VERDICT_FAIL, VERDICTS };
extern const char *const fact_verdict_names[VERDICTS];
static inline bool
verdict_good(enum verdict v)
{
	return v == VERDICT_PASS || v == VERDICT_CONDITIONAL_PASS;
}
static inline bool
verdict_bad(enum verdict v)
{
	return v == VERDICT_FAIL || v == VERDICT_CONDITIONAL_FAIL;
}

enum fact_text {
	FACT_CERTIFICATE, FACT_LABORATORY, FACT_ACCREDITATION,
	FACT_VIA, FACT_VIA_LABORATORY, FACT_VIA_CERTIFICATE,
	FACT_BY,                /* of a replacement: the new instrument */
	FACT_REASON,            /* reason, or description of what was found */
	FACT_VALIDATED,         /* of software: by whom */
	FACT_AUTHOR,            /* who wrote the record */
	FACT_TEXTS
};

struct used { char *id, *certificate; };        /* certificate may be NULL */

/* Several ledgers may be read together: a record's key is its ledger's number, then its seq. */
enum { KEY_SEQ_BITS = 48 };
static inline uint64_t
key_seq(uint64_t key)
{
	return key & ((UINT64_C(1) << KEY_SEQ_BITS) - 1);
}

struct fact {
	enum fact_kind kind;
	uint64_t key;
	uint64_t corrected_by;          /* key of the correction that put it in place; 0 */
	int64_t written;                /* when the record was written, microseconds */
	struct moment at;               /* performed, ended or found */
	struct moment from;             /* when the work began; as `at` where it is not said */
	/* the last day it is good for: due, valid_until; DAY_NONE */
	int64_t due;
	struct interval interval;
	bool has_interval;
	enum verdict verdict;
	bool outside;                   /* a value as found is outside its tolerance */
	/* out_of_tolerance: key of the calibration it was shown by; 0 */
	uint64_t about;
	char *text[FACT_TEXTS];         /* NULL: not said */
	struct used *used; size_t nused;
	unsigned mark;                  /* impact.c's: seen in this walk */
};

struct tolerance;                       /* tolerance.h */

/* From the block of a record. NULL, and *why a literal, where it lacks what it must have
 * or memory is out. t: the tolerance that the instrument itself has, or NULL. */
struct fact *fact_read(enum fact_kind kind, const struct sval *block, const struct tolerance *t,
    const char **why);
void fact_free(struct fact *f);

/* The kind of this event type, or FACT_KINDS. */
enum fact_kind fact_kind(const struct sval *event_type);
/* a after b: by when it was, then by the order in the ledger. */
bool fact_after(const struct fact *a, const struct fact *b);
/* Fresh memory with the string; NULL where it is none or empty, or memory is out. */
char *fact_text(const struct sval *v);

#endif
