/* vuln.h: which advisories are about which assets.
 *
 * First what the product is (maker and order code; maker and the words of its
 * name), then the version. "Affected" is said only when both are sure. What is
 * not known, or cannot be compared, makes it "possibly"; where neither is sure
 * nothing is decided. That an asset is not affected is never said for want of
 * knowledge: only "outside the range", with the version, or in the maker's words. */
#ifndef OT_INV_VULN_H
#define OT_INV_VULN_H

#include "inv/csaf.h"
#include "inv/kev.h"
#include "inv/list.h"
#include "inv/maker.h"
#include "json/jw.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum vuln_answer {
	VULN_AFFECTED, VULN_POSSIBLY, VULN_UNDECIDED,
	VULN_OUTSIDE, VULN_FIXED, VULN_NOT_AFFECTED,    /* told on demand only */
	VULN_ANSWERS
};
extern const char *const vuln_answer_names[VULN_ANSWERS];

/* How the product was recognised; from BY_CODE_PART on only in part. */
enum vuln_by { BY_CODE, BY_FAMILY, BY_NAME, BY_CODE_PART, BY_NAME_NO_CODE, BY_NAME_PART };
/* What the version says. */
enum vuln_why {
	WHY_IN, WHY_ALL, WHY_NO_FIRMWARE, WHY_NO_RANGE, WHY_NOT_COMPARABLE, WHY_AT_ODDS,
	WHY_COMPONENT, WHY_INVESTIGATED, WHY_BETWEEN, WHY_BOTH, WHY_OUT, WHY_FIXED,
	WHY_NOT_AFFECTED,
};

struct vuln_finding {
	const struct item *asset;
	uint32_t kase;                  /* index into csaf.cases */
	uint8_t answer, by, why;
	uint32_t text;                  /* of the advisory: what it was recognised by */
	const char *field;              /* of the asset: by which field */
	struct sval word, firmware;     /* its evidence objects, or SVAL_NONE */
	const struct kev_entry *kev;    /* NULL: not known to be exploited */
	double score;                   /* < 0: none */
};

struct vuln_opts { bool all, kev_only; double min_score; };

struct vuln {
	const struct csaf *csaf;
	struct vuln_finding *v; size_t n, cap;
	uint64_t answers[VULN_ANSWERS]; /* of all that was compared, shown or not */
	uint64_t assets, no_vendor, no_product, no_firmware;
	uint64_t unknown;               /* of them no model, or neither make nor order code */
	uint64_t full;
};

/* Lists the findings by weight: exploited first, then answer and score. l was
 * sorted and, with the others, must outlive v. False: memory is out. */
bool vuln_match(struct vuln *v, const struct list *l, const struct csaf *c, struct makers *m,
    const struct kev *k, const struct vuln_opts *o);
void vuln_free(struct vuln *v);

/* vuln_write.c: one finding as a record's members; the stats. */
void vuln_write(const struct vuln *v, const struct vuln_finding *f, struct jw *w);
void vuln_stats_write(const struct vuln *v, const struct kev *k, int64_t us, struct jw *w);
/* The answer's reason, one sentence. */
const char *vuln_reason(const struct vuln *v, const struct vuln_finding *f, char *dst, size_t cap);

/* vuln_text.c: for people; width 0: as wide as it is. False: memory is out. */
bool vuln_table(const struct vuln *v, const struct kev *k, unsigned width, bool utf8, bool colour,
    FILE *f);

#endif
