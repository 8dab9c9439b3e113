/* cra_patch.h: when firmware changed, from the change records of `otinv diff`. */
#ifndef OT_CRA_PATCH_H
#define OT_CRA_PATCH_H

#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cra_patch {
	int64_t at;                     /* the record's time */
	const char *old, *new;          /* NULL: not known before */
	const json_t *asset;            /* whose, as the record has it */
	bool taken;                     /* an asset was found for it */
};

struct cra_patches {
	struct cra_patch *v; size_t n, cap;
	json_t *kept;
};

bool cra_patches_init(struct cra_patches *p);
void cra_patches_free(struct cra_patches *p);

/* One line: a change of an asset's firmware is kept, all else passed over. False with why
 * when memory ran out or there are too many. The line must be JSON. */
bool cra_patches_add(struct cra_patches *p, const char *s, size_t n, struct err *e);

/* Sorts by time; the same change in two files is one. Before cra_patches_of(). */
void cra_patches_sort(struct cra_patches *p);

/* Whether the change is of this asset ("asset" block, or NULL), or else of what is called
 * name. */
bool cra_patch_is_of(const struct cra_patch *c, const json_t *asset, const char *name);

#endif
