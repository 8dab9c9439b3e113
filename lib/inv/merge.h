/* merge.h: two inventories made one.
 *
 * Joining is associative, commutative and idempotent over inventories of
 * inputs that lie apart or within one another. Which of the two they do is told
 * by what was read of each source and day, and by a sample of the records. */
#ifndef OT_INV_MERGE_H
#define OT_INV_MERGE_H

#include "inv/asset.h"

/* All of src into dst. Counts are summed where the two have read different
 * records, and the greater is taken where one has read all the other has, or
 * where they overlap in part: then *partly is set and counts are lower bounds. */
bool inv_join(struct inv *dst, const struct inv *src, bool *partly);
/* A new inventory of all n, which are put in order and stay the caller's. NULL:
 * out of memory. */
struct inv *inv_join_all(struct inv **v, size_t n, bool *partly);

/* Remembers that a record was read (its line's bytes). */
void inv_cover(struct inv *v, const char *line, size_t n, uint32_t host, uint32_t source,
    int64_t us);
/* What an inventory's stats say was read: whole days (where it was noted, or NULL:
 * no room), and a sample. */
struct cover *inv_covered(struct inv *v, const struct cover *c);
void inv_sampled(struct inv *v, uint64_t hash);

#endif
