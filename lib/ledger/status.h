/* status.h: every instrument of a ledger, its standing and its chain, for programs and people. */
#ifndef OT_LEDGER_STATUS_H
#define OT_LEDGER_STATUS_H

#include "json/jw.h"
#include "ledger/trace.h"
#include "ledger/standing.h"
#include "ledger/table.h"

#include <stdio.h>

struct status {
	const struct ledger *ledger;
	const struct inst *inst;
	struct standing standing;
	struct trace chain;             /* n is 0 where there is no calibration */
	size_t nopen;                   /* findings that nobody assessed */
};

/* Counts of one run, for the headline. */
struct status_counts {
	size_t instruments, state[STANDINGS], broken, open, corrected;
};

/* All of one instrument at t. */
void status_make(struct status *s, const struct ledger *l, const struct inst *i,
    const struct work_rules *rules, const struct moment *t, int64_t soon);
void status_count(struct status_counts *c, const struct status *s);

/* A "calibration_status" record; a "calibration_summary" record. */
bool status_write(struct jw *w, const struct status *s, int64_t now);
bool status_summary(struct jw *w, const struct status_counts *c, int64_t now);

/* A row of the table; its columns. */
extern const struct cell_column status_columns[];
enum { STATUS_COLUMNS = 9 };
void status_row(struct table *t, const struct status *s);
/* What is wrong with its chain and what was found, a line each; nothing where all is well. */
void status_remarks(FILE *f, const struct status *s);
/* "12 instruments: 9 valid, 2 due soon, 1 overdue." */
void status_headline(FILE *f, const struct status_counts *c);

/* "GB-2 < NMI-7 < nmi" into d. */
void trace_text(const struct trace *c, char *d, size_t cap);
/* What was recorded of its calibration: "K-2025-1187"; never NULL. */
const char *fact_word(const struct fact *f, enum fact_text t);

#endif
