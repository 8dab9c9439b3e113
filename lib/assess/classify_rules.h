/* classify_rules.h: rules/classification.json, otrules(5): what decides whether an
 * organisation is in scope of NIS2 and the Swedish act, in which class, and what follows.
 *
 *     struct classify_rules *c = classify_rules_load(rules, dir, &e);
 *     ...
 *     classify_rules_free(c);
 *
 * A condition ("when") is JSON; classify_when() asks it in a world: one way in which all
 * that is not known could be. Texts are borrowed and valid until classify_rules_free(). */
#ifndef OT_CLASSIFY_RULES_H
#define OT_CLASSIFY_RULES_H

#include "model/rules.h"
#include "model/sectors.h"

#include <stdint.h>

/* Sizes of 2003/361/EC, annex, Art. 2; a set of them is a mask of 1 << size. */
enum classify_size { CLASSIFY_MICRO, CLASSIFY_SMALL, CLASSIFY_MEDIUM, CLASSIFY_LARGE };
enum { CLASSIFY_SIZES = 4 };
extern const char *const classify_size_name[CLASSIFY_SIZES];

/* What an organisation is. A set of them is a mask of 1 << class. */
enum classify_class { CLASSIFY_OUT, CLASSIFY_IMPORTANT, CLASSIFY_ESSENTIAL, CLASSIFY_MANUAL };
enum { CLASSIFY_CLASSES = 4 };
extern const char *const classify_class_name[CLASSIFY_CLASSES];

enum { CLASSIFY_FACTS = 64, CLASSIFY_TYPES = 64 };      /* a bit each in a world */

/* What every entry has. */
struct classify_basis {
	const char *id, *source, *review_by;
	const struct rules_ref **law; size_t nlaw;
	enum rules_certainty certainty;
};

/* A question that is answered with yes or no. */
struct classify_fact {
	struct classify_basis basis;
	struct rules_text question;
	bool ask;                       /* unanswered is unknown; else it counts as no */
	const json_t *ask_when;         /* where it makes sense; NULL: everywhere */
};

struct classify_rule {
	struct classify_basis basis;
	bool scope;                     /* of the list "scope"; else of "class" */
	bool sweden;                    /* Swedish law; else the directive alone */
	const char *result;             /* in out manual_review; essential important out */
	const json_t *when;
	struct rules_text reason;
};

/* An authority that is competent for something other than a type of the annexes. */
struct classify_office {
	struct classify_basis basis;
	const json_t *when;
	const char *authority;
	struct rules_text reason;
};

struct classify_duty {
	struct classify_basis basis;
	bool sweden;
	const json_t *when;             /* NULL: always */
	struct rules_text what, deadline;
	const char *to;                 /* a role of authorities.json, or NULL */
};

struct classify_sanction {
	struct classify_basis basis;
	bool sweden;
	const json_t *when;
	struct rules_text text;
	int64_t max_eur, permille, max_sek, min_sek;    /* -1: not given; of turnover */
};

/* A row of the product guide's table: what it would say, and why the law says what it says. */
struct classify_guide {
	struct classify_basis basis;
	const json_t *when;
	struct rules_text laboratory, says, why;
	int annex;
	enum classify_class class;
};

/* Below so many people, and at most so much of one of the two. */
struct classify_ceiling { int64_t headcount_below, turnover_eur, balance_eur; };

struct classify_rules {
	const struct rules *rules;
	struct sectors *sectors;
	const char *id, *version, *date;
	struct rules_text title;
	struct classify_ceiling ceiling[CLASSIFY_LARGE];        /* micro, small, medium */
	struct classify_basis *methods; size_t nmethods;        /* how figures are counted */
	struct classify_fact *facts; size_t nfacts;
	struct classify_rule *list; size_t nlist;
	struct classify_office *offices; size_t noffices;
	struct classify_duty *duties; size_t nduties;
	struct classify_sanction *sanctions; size_t nsanctions;
	struct classify_guide *guide; size_t nguide;
	int64_t guide_headcount, guide_turnover_eur;    /* what the guide calls medium-sized */
	struct rules_text guide_size;                   /* why that is not so */
	uint8_t digest[32];             /* SHA-256 of classification.json, then sectors.json */
	json_t *doc;
};

/* Both documents, from dir where it has them. NULL with e. rules is borrowed. */
struct classify_rules *classify_rules_load(const struct rules *rules, const char *dir,
    struct err *e);
void classify_rules_free(struct classify_rules *c);

/* Index of a fact; -1: there is none. */
int classify_fact(const struct classify_rules *c, const char *id);
/* The basis of a method ("group", "periods", ...), or NULL. */
const struct classify_basis *classify_method(const struct classify_rules *c, const char *id);

/* One way in which all could be. */
struct classify_world {
	const struct classify_rules *rules;
	const struct sectors_type *const *types; size_t ntypes;         /* declared */
	const char *kind;
	uint64_t facts;                 /* bit i: fact i is so */
	uint64_t counts;                /* bit i: type i counts */
	enum classify_size size;
	enum classify_class class;      /* known when duties and sanctions are asked */
	bool hearsay;                   /* rules that were not read in the original count */
};

/* Whether a condition holds; NULL and {} hold always. */
bool classify_when(const struct classify_world *w, const json_t *when);
/* Whether it is one: known members, facts, types, kinds and sizes. False with why. */
bool classify_when_check(const struct classify_rules *c, const json_t *when, const char **why);
/* An organisation's kind: private region municipality ... */
bool classify_kind_known(const char *kind);

#endif
