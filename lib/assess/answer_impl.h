/* answer_impl.h: what evaluators share. */
#ifndef OT_ANSWER_IMPL_H
#define OT_ANSWER_IMPL_H

#include "assess/answer.h"

void answer_set(struct answer *a, enum gap_status status, const char *key);
/* Arguments of the phrase. */
void answer_int(struct answer *a, const char *name, int64_t v);
void answer_text(struct answer *a, const char *name, const char *s);
/* The time observed, as "span". */
void answer_span(const struct gap *g, struct answer *a);
/* Names in a sentence: the first three, then how many more. Takes all. */
void answer_name_some(const struct gap *g, struct answer *a, const char *name, json_t *all);
/* Appends the link's text, once. */
void answer_add_link_name(const struct gap *g, json_t *all, const struct gap_link *l);
/* Whether a text is in a list among the item's parameters. */
bool answer_in_list(const struct gap_finding *f, const char *param, const char *s);
/* That nothing was seen says something only when we looked for a day. */
bool answer_looked_long(const struct gap *g);
/* A word of the rules, as the text of a piece of evidence. */
const char *answer_word(const struct gap *g, const char *key);
/* What is wrong with a supplier (NULL: unknown) on the day: a word, or NULL. */
const char *answer_contract_fault(const struct gap *g, const struct site_supplier *s);

void ask_remote_access(const struct gap *g, struct gap_finding *f, struct answer *a);
void ask_segmentation(const struct gap *g, struct gap_finding *f, struct answer *a);
void ask_cloud(const struct gap *g, struct gap_finding *f, struct answer *a);
void ask_control_systems(const struct gap *g, struct gap_finding *f, struct answer *a);
void ask_cleartext(const struct gap *g, struct gap_finding *f, struct answer *a);
void ask_mfa(const struct gap *g, struct gap_finding *f, struct answer *a);

void ask_calibration_due(const struct gap *g, struct gap_finding *f, struct answer *a);
void ask_ledger_holds(const struct gap *g, struct gap_finding *f, struct answer *a);
void ask_ledger_sealed(const struct gap *g, struct gap_finding *f, struct answer *a);
void ask_assessed(const struct gap *g, struct gap_finding *f, struct answer *a);
void ask_log_span(const struct gap *g, struct gap_finding *f, struct answer *a);
void ask_log_sources(const struct gap *g, struct gap_finding *f, struct answer *a);
void ask_alerts(const struct gap *g, struct gap_finding *f, struct answer *a);

#endif
