/* decision_rules.h: the rules of lib/rules/decision-rules.json, and their texts. */
#ifndef OT_DECISION_RULES_H
#define OT_DECISION_RULES_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct decision_rule {
	const char *id;                 /* "guarded" */
	const char *name_en, *name_sv;
	const char *source;             /* standard, clause */
	double r;                       /* guard band by U; NAN: whoever asks gives it */
	double risk;                    /* of false acceptance, as the source says; NAN: none */
};

struct decision_rules;

/* From the data that are part of the program; NULL with what is wrong in them. */
struct decision_rules *decision_rules_load(struct err *e);
/* The same from a document of those bytes. */
struct decision_rules *decision_rules_loadb(const char *name, const void *p, size_t n,
    struct err *e);
void decision_rules_free(struct decision_rules *r);
/* NULL: no such rule. What is given is borrowed. */
const struct decision_rule *decision_rule(const struct decision_rules *r, const char *id);
/* In the document's order; NULL past the last. */
const struct decision_rule *decision_rule_at(const struct decision_rules *r, size_t i);
/* A text by its key: "pass", "rule", "interval" and so on (the document lists them). Never NULL. */
const char *decision_text(const struct decision_rules *r, const char *key, bool swedish);

#endif
