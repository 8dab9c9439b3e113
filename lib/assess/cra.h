/* cra.h: every instrument of the register, and what was seen and is not on it, as products
 * under the Cyber Resilience Act: class, what its vendor has said, how long it is
 * supported, how often it is patched.
 *
 *     cra_init(&c, site, rules, lang, dir, CRA_LAW, &e);
 *     ... cra_add(&c, line, n, &e) for assets, links and changes
 *     cra_run(&c, now, &e);
 *     for (i = 0; i < c.n; i++) ... c.v[i] ...
 *     cra_free(&c);
 *
 * Whose word counts for the class: the site file's, then what the inventory proposes by
 * the surest role, which a person must confirm. Medical devices and IVDs are outside. */
#ifndef OT_CRA_H
#define OT_CRA_H

#include "json/jw.h"
#include "assess/cra_patch.h"
#include "assess/cra_rules.h"
#include "assess/gap.h"

enum cra_set { CRA_LAW, CRA_GUIDE };
const char *cra_set_name(enum cra_set s);               /* "law", "guide" */

enum cra_basis { CRA_BY_NOTHING, CRA_BY_ROLE, CRA_BY_REGISTER, CRA_BY_GUIDE };
enum cra_vendor { CRA_NOT_ASKED, CRA_ASKED, CRA_ANSWERED, CRA_NOT_NEEDED };
enum cra_support { CRA_ENDED, CRA_BEFORE, CRA_SUPPORT_UNKNOWN, CRA_AFTER };
/* Who says that the vendor was asked. */
enum cra_said { CRA_SAID_NOBODY, CRA_SAID_INSTRUMENT, CRA_SAID_SUPPLIER, CRA_SAID_ATTESTED };
const char *cra_vendor_name(enum cra_vendor v);         /* "not_asked", ... */
const char *cra_support_name(enum cra_support s);       /* "ended", ... */
const char *cra_basis_name(enum cra_basis b);

struct cra_line {
	const struct site_instrument *in;       /* or NULL: not on the register */
	const struct gap_asset *a;              /* or NULL: never seen */
	const char *id, *name;                  /* what people call it; more of it, or NULL */
	const char *make, *model, *firmware;    /* or NULL */
	bool in_use;

	/* by the law, and what the guide's table says: NULL where it lists nothing like it */
	enum cra_class class;
	enum cra_basis basis;
	const char *function, *annex, *reason;  /* English, as inventories have it; or NULL */
	const char *certainty;
	bool confirm;                           /* a person must */
	const json_t *guide;
	bool differs;                           /* the guide says otherwise */

	const struct site_supplier *supplier;   /* or NULL */
	enum cra_vendor vendor;
	enum cra_said said;
	const char *asked, *answered;           /* days, or NULL */

	enum cra_support support;
	int64_t ends, days;                     /* INT64_MIN: not known; days left from now */

	const struct cra_patch **patches; size_t npatches;      /* by time */
	int64_t age, mean;                      /* days since the last; between two; -1 */

	bool unclassed, unasked, unsupported;   /* what is open */
};

struct cra {
	struct gap *g;
	struct cra_rules rules;
	struct cra_patches patches;
	enum cra_set set;
	struct cra_line *v; size_t n;           /* what is open first */
	size_t classes[CRA_CLASSES], differing, confirm;
	size_t open, unclassed, unasked, unsupported, not_known;
	size_t stray;                           /* changes of no line's firmware */
	const struct site_attestation *roadmap; /* on vendors' plans: or NULL */
	bool roadmap_valid, roadmap_over;       /* it counts; its last day is over */
};

/* site, rules and lang are borrowed; dir: of --rules, or NULL. */
bool cra_init(struct cra *c, const struct rules *rules, const struct site *site,
    const char *lang, const char *dir, enum cra_set set, struct err *e);
void cra_free(struct cra *c);
bool cra_add(struct cra *c, const char *p, size_t n, struct err *e);
/* now: INT64_MIN takes the inventory's last time. */
bool cra_run(struct cra *c, int64_t now, struct err *e);

/* The class by the set asked for; the guide's may be CRA_UNKNOWN though the law has one. */
bool cra_unclassed(const struct cra *c, const struct cra_line *l);

/* "cra_instrument" records, and "cra_summary" as the last. */
bool cra_line_write(const struct cra *c, const struct cra_line *l, struct jw *w);
bool cra_summary_write(const struct cra *c, struct jw *w);

#endif
