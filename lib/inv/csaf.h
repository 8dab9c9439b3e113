/* csaf.h: security advisories (CSAF 2.0, OASIS): which products have which flaws.
 *
 * Only what matching and telling need is kept, all texts in one pool; 0 is an
 * absent text. Documents are hostile: what grows has a ceiling, and a document
 * that is no advisory leaves nothing behind. */
#ifndef OT_INV_CSAF_H
#define OT_INV_CSAF_H

#include "base/err.h"
#include "inv/pool.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One advisory. */
struct csaf_doc {
	uint32_t id, title, publisher, space, url, date, status, file;
	uint32_t flaw, nflaw;           /* its vulnerabilities, from csaf.flaw[flaw] on */
	bool older;                     /* another document of this id is newer */
};

/* What a product_id stands for. */
struct csaf_product {
	uint32_t id, vendor, family, name, full;
	uint32_t range;                 /* of its versions, as written; 0: none is given */
	uint32_t component;             /* what is installed on it, where the range is that one's */
	uint32_t code, ncode;           /* model numbers: csaf.code[code ..] */
	uint32_t doc;
};

enum csaf_status {                      /* bits: a product may have several */
	CSAF_AFFECTED = 1, CSAF_FIXED = 2, CSAF_NOT_AFFECTED = 4, CSAF_INVESTIGATED = 8,
	CSAF_FIRST = 16, CSAF_LAST = 32, CSAF_RECOMMENDED = 64,
};
/* One product under one vulnerability; score and fix are indexes + 1, 0: none. */
struct csaf_case { uint32_t product, flaw, score, fix; uint8_t status; };

struct csaf_flaw {
	uint32_t doc, cve, title;       /* cve: or another id, where it has none */
	uint32_t first, n;              /* csaf.cases[first ..], by product */
};
struct csaf_score { double base; uint32_t vector, severity, version; };
struct csaf_fix { uint32_t category, details, url; };

struct csaf {
	struct pool *pool;              /* borrowed */
	struct csaf_doc *doc; uint32_t ndoc, cdoc;
	struct csaf_product *product; uint32_t nproduct, cproduct;
	uint32_t *code; uint32_t ncode, ccode;
	struct csaf_flaw *flaw; uint32_t nflaw, cflaw;
	struct csaf_case *cases; uint32_t ncases, ccases;
	struct csaf_score *score; uint32_t nscore, cscore;
	struct csaf_fix *fix; uint32_t nfix, cfix;
	uint64_t bad, other, older, full;       /* files: no CSAF; JSON of another kind;
						 * superseded; left out at a ceiling */
};

enum csaf_result { CSAF_OK, CSAF_BAD, CSAF_OTHER };

/* Takes in one document of n bytes; file names it. CSAF_BAD with e. */
enum csaf_result csaf_read(struct csaf *c, const char *file, const char *p, size_t n,
    struct err *e);
/* After all: of documents with one publisher and id all but the latest are "older". */
bool csaf_settle(struct csaf *c);
void csaf_free(struct csaf *c);

/* csaf_files.c: files (.json, .json.gz) and folders of them, in order of their
 * names. What is bad is counted, told by say() and passed over; false with e only
 * when path itself cannot be read or memory is out. */
bool csaf_add(struct csaf *c, const char *path, void (*say)(const char *line), struct err *e);

#endif
