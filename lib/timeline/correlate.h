/* correlate.h: what may have led to what, by rules: a set-point is written, 38 seconds later
 * the building's alarm comes, and minutes later a result is released.
 *
 *     c = correlate_new(NULL, site, &e)
 *     correlate_depends(c, "HPLC-4", "AHU-2", &e)
 *     while (timeline_next(t, &item, &e))
 *             correlate_item(c, &item);               sets because of the item
 *     correlate_free(c)
 *
 * Rules are lib/rules/correlation.json: the last cause of its kind, near enough in time, that
 * happened to the same asset, party, zone or system. Items come in the order of time and of
 * their numbers. Of those that may be causes the latest are held, so many of each kind and no
 * more (LIM_CORRELATE): memory does not grow with the logs. */
#ifndef OT_CORRELATE_H
#define OT_CORRELATE_H

#include "base/err.h"
#include "model/site.h"
#include "timeline/item.h"

#include <stddef.h>
#include <stdint.h>

struct correlate;

/* dir: a folder whose correlation.json replaces the rules that are built in, or NULL. site: or
 * NULL; borrowed, for its systems. NULL with "file: where: what is wrong". */
struct correlate *correlate_new(const char *dir, const struct site *site, struct err *e);
void correlate_free(struct correlate *c);

/* What happens to `on` may show on `effect`: each an asset or a zone. False: too many, or too
 * long a name. */
bool correlate_depends(struct correlate *c, const char *effect, const char *on, struct err *e);

/* Sets the item's because and nbecause, the strongest reason first. */
void correlate_item(struct correlate *c, struct timeline_item *item);

/* Causes that had left the window when they were less old than the longest rule allows: a
 * link to one of them may be missing. */
uint64_t correlate_forgotten(const struct correlate *c);

/* The rule's sentence of a cause of this item, in "sv" or "en"; the caller frees it. NULL:
 * memory ran out, or the rule is none of c's. */
char *correlate_reason(const struct correlate *c, const char *lang,
    const struct timeline_item *item, size_t because);

/* "38 s", "2 min 57 s", "1 h 5 min", "3 d 4 h"; milliseconds below one second. */
enum { CORRELATE_SPAN = 40 };
const char *correlate_span(char dst[CORRELATE_SPAN], double seconds);

/* Rules, for tests: the n-th one's id, NULL behind the last. */
const char *correlate_rule(const struct correlate *c, size_t n);

#endif
