/* vuln_impl.h: an asset and a product as they are compared, between vuln.c,
 * vuln_product.c and vuln_subject.c. Nobody else includes this. */
#ifndef OT_INV_VULN_IMPL_H
#define OT_INV_VULN_IMPL_H

#include "inv/vuln.h"

enum { SUBJECT_WORDS = 512, SUBJECT_CODES = 64, SUBJECT_FIRMWARE = 16 };
enum { KIND_WAYS = 8, KIND_WORDS = 12 };

/* A word or code of an asset, and who said it. */
struct said { uint32_t word; bool family; const char *field; struct sval by; };
struct code { char text[CODE_TEXT]; bool order; const char *field; struct sval by; };

struct subject {
	const struct item *item;
	uint32_t maker[MAKER_NAMES]; unsigned nmaker;
	struct said word[SUBJECT_WORDS]; unsigned nword;
	const uint16_t *mark;           /* by a word of products: its place in word[], from 1 */
	struct code code[SUBJECT_CODES]; unsigned ncode;
	bool has_order;
	char series;                    /* behind its code, "1756-ENBT/A"; 0: not known */
	struct sval firmware[SUBJECT_FIRMWARE];         /* the one that counts first */
	unsigned nfirmware;
	char hardware[64];
};
/* What the records say of one asset; nothing is left out but at the ceilings above. */
void subject_read(struct subject *s, const struct item *it, struct makers *m);

/* A product as advisories name it, whatever the version: one for all that are alike. */
/* weak: nothing but words that tell little. */
struct way { uint32_t word[KIND_WORDS]; unsigned n; bool number, weak; };
struct kind {
	uint32_t vendor, name, family;  /* texts */
	uint32_t code, ncode;           /* patterns: kinds.code[code ..] */
	bool models;                    /* some of them are order codes of this very product */
	char series;                    /* "1756-EN2T Series A"; 0: of any */
	bool excepts;                   /* "excl. ...": its name alone does not settle it */
	uint32_t maker[MAKER_NAMES]; unsigned nmaker;
	struct way way[KIND_WAYS]; unsigned nway;
	uint32_t product;               /* the first of them, or NO_PRODUCT */
};
enum { NO_PRODUCT = UINT32_MAX };
struct kinds {
	struct kind *v; uint32_t n, cap;
	char (*code)[CODE_TEXT]; uint32_t *code_text; uint32_t ncode, ccode;
	uint32_t *next;                 /* by product: the next of its kind */
	struct maker_kind { uint32_t maker, kind; } *by; uint32_t nby, cby;
};
bool kinds_make(struct kinds *k, const struct csaf *c, struct makers *m);
void kinds_free(struct kinds *k);

/* How the kind fits, if it does. */
struct fit { enum vuln_by by; uint32_t text; const char *field; struct sval word; };
bool kind_fits(const struct kinds *ks, const struct kind *k, const struct subject *s,
    const struct makers *m, struct fit *f);
/* Where a name ends and a version begins in "S7-1200 < V4.5"; its length without. */
size_t name_length(const char *s);

#endif
