/* work_rules.h: lib/rules/ledger-state.json: after which work a calibration no longer holds. */
#ifndef OT_LEDGER_WORK_RULES_H
#define OT_LEDGER_WORK_RULES_H

#include "base/err.h"
#include "ledger/fact.h"

struct work_rule {
	const char *why, *reference;    /* NULL: this kind of work changes nothing */
	bool until_calibration, until_verification;
	bool unless_validated;
};
struct work_rules;

/* The document that is part of the program, read strictly. NULL with the reason in e. */
struct work_rules *work_rules_load(struct err *e);
const struct work_rule *work_rule(const struct work_rules *r, enum fact_kind kind);
void work_rules_free(struct work_rules *r);

#endif
