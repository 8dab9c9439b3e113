/* classify.h: is an organisation in scope of NIS2 and the Swedish Cybersecurity Act,
 * essential or important, under whom, with which duties and which sanction ceiling.
 *
 *     classify.h          an organisation in, an answer out
 *     classify_size.c     2003/361/EC: figures, group, two periods
 *     classify_world.c    all the ways in which what is not known could be
 *     classify_steps.c    the answer, step by step
 *     classify_say.c      steps and questions in words
 *     classify_follow.c   authorities, duties, sanction, what would change the answer
 *     classify_record.c   the answer as a record; classify_paper.c: for people
 *
 * Nothing is guessed. A figure or a fact that is not given may be either; where that would
 * change the answer, the answer is CLASSIFY_MANUAL and says which of them would decide and
 * how. A rule that was not read in the original counts as such a fact.
 *
 *     struct classify *c = classify_run(rules, &en, now, "sv", &e);
 *     c->class, c->sizes, c->steps ...
 *     classify_free(c); */
#ifndef OT_REPORT_CLASSIFY_H
#define OT_REPORT_CLASSIFY_H

#include "json/jw.h"
#include "model/site.h"
#include "assess/classify_rules.h"

/* An enterprise's year; -1: not given. */
struct enterprise_figures { int64_t headcount, turnover_eur, balance_eur; };

/* An enterprise beside it: linked has a share of 1, a partner 0.25 to 0.5. */
struct enterprise_other { const char *name; double share; struct enterprise_figures figures; };

/* The organisation, as the site file has it. Texts are borrowed. */
struct enterprise {
	const char *name, *number, *country;    /* country NULL: taken to be SE, and said */
	const char *county;                     /* by the name of authorities.json, or NULL */
	const char *kind;                       /* NULL: taken to be private, and said */
	const char *const *types; size_t ntypes;
	bool types_given;                       /* an empty list is an answer, too */
	struct enterprise_figures own, previous;
	struct enterprise_other *others; size_t nothers;
	enum site_tri independent;              /* of its group (NIS2, recital 16) */
	enum site_tri care_provider;
	const json_t *facts;                    /* object of booleans, or NULL */
	const char *notified;                   /* the day it notified itself, or NULL */
	int64_t eur_sek;                        /* kronor to the euro, in 1/10000; 0: not given */
};

/* What a site file says of the organisation, borrowed from it. False: no memory. */
bool enterprise_of(struct enterprise *en, const struct site *s, const char *lang);
void enterprise_free(struct enterprise *en);

/* Figures of a group. known: what is certain; whole: nothing is missing in it. */
struct classify_sum { double known; bool whole; };
struct classify_sums { struct classify_sum headcount, turnover, balance; };

struct classify_step {
	const char *id;                 /* "size", "scope", ... */
	char result[64];                /* for programs: "medium", "yes", "manual_review" */
	char *reason;                   /* for people */
	const struct rules_ref *law[8]; size_t nlaw;
	json_t *figures;                /* object of numbers, or NULL */
	bool secondhand;                /* its rule was not read in the original */
};

struct classify_duty_due { const struct classify_duty *duty; const char *to; };

/* What is not known and would change the answer: what it would be either way. */
struct classify_question {
	const char *id;                 /* of a fact, or "size", "sector", "county", ... */
	char *text;
	unsigned yes, no;               /* masks of classes; 0: no such answer */
};

/* What would change a settled answer. */
struct classify_change { char *text; enum classify_class class; };

struct classify {
	const struct classify_rules *rules;
	const struct enterprise *en;
	const char *lang;
	int64_t now;
	bool sweden;
	const char *kind;
	const struct sectors_type *types[CLASSIFY_TYPES]; size_t ntypes;
	struct classify_sums sums;      /* own, linked and partners' */
	double group_turnover;          /* own and linked: of sanctions */
	bool group_turnover_whole;
	unsigned sizes;                 /* mask: one bit when it is settled */
	unsigned classes;               /* mask of what it could be */
	enum classify_class class;      /* the answer */
	enum classify_class directive;  /* by the directive alone */
	struct classify_world world;    /* one that has this answer */
	uint64_t maybe;                 /* types that count in some world */
	const struct classify_rule *scope_rule, *class_rule;    /* that decided in it; or NULL */
	struct classify_step *steps; size_t nsteps;
	struct rules_supervisor *offices; size_t noffices;      /* authorities */
	struct classify_duty_due *duties; size_t nduties;
	const struct classify_sanction *sanction;               /* or NULL */
	int64_t max_eur;                /* of this organisation; -1: there is none, or unknown */
	int64_t max_sek;                /* by law, or by the rate given; -1 */
	struct classify_question *questions; size_t nquestions;
	char **assumed; size_t nassumed;        /* what was taken to be so without being said */
	struct classify_change *changes; size_t nchanges;
	const struct classify_guide *guide;     /* row of the product guide, or NULL */
	bool guide_differs, guide_size;         /* guide_size: for its size line, too */
	bool nomem;
};

/* NULL with e: an unknown type, kind or fact, a share that is none, or no memory. en and
 * rules are borrowed and stay. now: which day's authorities. lang: "sv" or "en". */
struct classify *classify_run(const struct classify_rules *rules, const struct enterprise *en,
    int64_t now, const char *lang, struct err *e);
void classify_free(struct classify *c);

/* Sizes that these figures may be: a mask. A figure that is not whole may be anything
 * above what is known. */
unsigned classify_sizes(const struct classify_rules *r, const struct classify_sums *s);

/* Is there something left that a person has to answer? */
bool classify_open(const struct classify *c);

/* "Viktig verksamhetsutövare, tillsyn: Läkemedelsverket": the answer as one sentence; the
 * caller frees it. */
char *classify_sentence(const struct classify *c);

/* The answer as a "classification" record, schema/classification.json. */
bool classify_write(const struct classify *c, struct jw *w);

#endif
