/* audit.h: the register and what was seen, held against each other. */
#ifndef OT_INV_AUDIT_H
#define OT_INV_AUDIT_H

#include "inv/asset.h"
#include "inv/group.h"
#include "model/register.h"

#include <stdio.h>

/* Seen and listed; seen and not listed; listed and never seen. */
enum audit_kind { AUDIT_LISTED, AUDIT_NOT_LISTED, AUDIT_NEVER_SEEN };

/* A field on which list and traffic do not agree, and where it was seen. */
struct audit_diff {
	const char *field;
	uint32_t listed, seen, source;  /* texts */
	struct place at;
};

struct audit_item {
	enum audit_kind kind;
	uint32_t asset;                 /* INV_NONE: never seen */
	const struct reg_entry *entry;  /* NULL: not listed */
	enum reg_by by;
	uint32_t diff, ndiffs;          /* in audit.diffs */
	uint32_t perhaps;               /* the item it may be, or INV_NONE */
	const char *because;
	bool addressed;                 /* never seen, but spoken to: asset is which */
	bool not_in_use, no_address;    /* never seen, and no wonder */
};

struct audit {
	struct audit_item *v; uint32_t n;
	struct audit_diff *diffs; uint32_t ndiffs, cdiffs;
	uint32_t site;                  /* text */
	int64_t last;                   /* of what was seen */
	uint32_t assets, assets_listed; /* the share that is listed */
	uint32_t entries, entries_seen; /* the share that was seen */
	uint32_t differing;             /* listed and seen, and not as listed */
	uint32_t external, silent, parts;       /* left out of the first share */
	uint32_t not_in_use, no_address;        /* left out of the second */
	bool failed;
};

/* After inv_listed() and inv_group(). What is counted:
 * - assets of this site that were heard, without public addresses. A part behind a gateway
 *   counts where it is listed, or has said what it is (maker, model or serial number) and
 *   that is not what the gateway is.
 * - entries that were seen, and those that say a MAC, an address or a name on the network
 *   and are in use.
 * A pair that only may be one is proposed, and counted as two; where the two lists are
 * longer than 5,000 each nothing is. */
void audit_make(struct audit *a, struct inv *v, const struct reg *r, uint32_t site);
void audit_free(struct audit *a);
/* Whether all is as listed: nothing unlisted, missing or different, and no fault in the list. */
bool audit_agrees(const struct audit *a, const struct reg *r);

/* Records: the items, faults of the register, stats. False when out() says no more. */
bool audit_write(const struct audit *a, const struct inv *v, const struct reg *r, struct jw *w,
    bool (*out)(void *, struct jw *), void *arg);

struct audit_look { unsigned width; bool colour, utf8; };
/* For people. False: out of memory. */
bool audit_text(const struct audit *a, const struct inv *v, const struct reg *r,
    const struct audit_look *look, FILE *f);

#endif
