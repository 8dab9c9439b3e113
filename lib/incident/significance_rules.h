/* significance_rules.h: when an incident is significant, as data: rules/significance.json. */
#ifndef OT_SIGNIFICANCE_RULES_H
#define OT_SIGNIFICANCE_RULES_H

#include "incident/condition.h"
#include "incident/figures.h"
#include "model/rules.h"

/* Sectors are bits: their places in the list. */
enum { SIGNIFICANCE_SECTORS = 64 };
struct significance_sector {
	const struct incident_choice *choice;   /* of the field "sector": its id and its name */
	const json_t *types;                    /* of sectors.json: ids, or "a2.mfg.*" */
};

struct significance_rule {
	const char *id;
	uint64_t sectors;                       /* that it is for */
	bool general;                           /* it is for all of its set's */
	struct rules_text text, note;           /* note may be absent */
	const struct rules_ref **law; size_t nlaw;
	enum rules_certainty certainty;
	struct condition when;
};

/* What is taken for granted until somebody says otherwise. */
struct significance_presumption {
	const struct incident_field *field;
	bool is;
	struct rules_text text;
};
struct significance_note { uint64_t sectors; struct rules_text text; };

struct significance_set {
	const char *id;
	struct rules_text name;
	const char *valid_from, *valid_to;      /* days; valid_to may be NULL */
	uint64_t sectors;
	enum rules_certainty certainty;
	const char *source;
	const struct significance_set *include; /* whose criteria count, too; or NULL */
	struct significance_presumption *presumes; size_t npresumes;
	struct significance_note *notes; size_t nnotes;
	struct significance_rule *rules; size_t nrules;
};

struct significance_rules {
	const struct rules *rules;
	const struct incident_fields *fields;
	const char *version;
	struct significance_sector *sectors; size_t nsectors;
	struct figures_span *spans; size_t nspans;
	struct significance_set *sets; size_t nsets;
	uint8_t digest[32];                     /* SHA-256 of significance.json */
	json_t *doc;
};

/* Rules and fields are borrowed. dir: as rules_load()'s. NULL with why. */
struct significance_rules *significance_rules_load(const struct rules *rules,
    const struct incident_fields *fields, const char *dir, struct err *e);
void significance_rules_free(struct significance_rules *s);

/* The place of a sector by its id, by its name in either language, or by a type of
 * sectors.json; -1: there is none. */
int significance_sector(const struct significance_rules *s, const char *name);
/* The first set that is valid on a day ("2026-07-01") and has the sector, or NULL. */
const struct significance_set *significance_set_on(const struct significance_rules *s,
    const char *day, int sector);
const struct significance_set *significance_set_named(const struct significance_rules *s,
    const char *id);

#endif
