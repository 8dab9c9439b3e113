/* cra_rules.h: classes under the Cyber Resilience Act: the law's, and those of an older
 * table that a vendor guide gives, for whoever has planned by it. */
#ifndef OT_CRA_RULES_H
#define OT_CRA_RULES_H

#include "assess/gap.h"

/* The most demanding first. */
enum cra_class { CRA_CRITICAL, CRA_CLASS_II, CRA_CLASS_I, CRA_UNKNOWN, CRA_DEFAULT, CRA_EXCLUDED };
enum { CRA_CLASSES = CRA_EXCLUDED + 1 };
const char *cra_class_name(enum cra_class c);           /* as asset records have it */

struct cra_rules {
	json_t *law, *guide;            /* rules/cra.json, rules/cra-guide.json */
	int64_t all;                    /* 2027-12-11: when the whole regulation applies */
};

/* dir: of --rules, or NULL. False with why. */
bool cra_rules_load(struct cra_rules *r, const char *dir, struct err *e);
void cra_rules_free(struct cra_rules *r);

/* The class of an asset record's word; of a register's word. CRA_UNKNOWN: no such word. */
enum cra_class cra_class_of(const char *name);
enum cra_class cra_class_said(const struct cra_rules *r, const char *said);

/* A function, reason or annex of the law's rules, which inventories have in English, in
 * the language. The text itself where the rules do not know it; NULL of NULL. key:
 * "function", "reason", "annex". */
const char *cra_word(const struct cra_rules *r, const char *key, const char *text,
    const char *lang);
/* How conformity is shown, in the language; NULL where there is no such class. */
const char *cra_route(const struct cra_rules *r, enum cra_class c, const char *lang);

/* The entry of the guide's table that fits, or NULL: it does not list the like. Either of
 * in and a may be NULL. */
const json_t *cra_guide_entry(const struct cra_rules *r, const struct site_instrument *in,
    const struct gap_asset *a);
/* The guide's class of an entry: {class, law, name, route}. */
const json_t *cra_guide_class(const struct cra_rules *r, const json_t *entry);

#endif
