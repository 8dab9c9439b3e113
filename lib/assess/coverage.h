/* coverage.h: the findings by article of NIS2, and what they add up to. */
#ifndef OT_COVERAGE_H
#define OT_COVERAGE_H

#include "assess/gap.h"

/* A provision that items of the checklist come from. */
struct coverage {
	const struct rules_ref *ref;
	size_t n, count[GAP_STATUSES];  /* items, and of them of each status */
	enum gap_status worst;          /* gap before partly before unknown before met */
};

/* The provisions of Articles 20, 21(2) and 23 in their order, with the items that come from
 * each; a provision without an item has n 0. Returns how many, at most cap. */
size_t coverage_make(const struct gap *g, struct coverage *c, size_t cap);

/* Of the weight of what could be judged, the share that is met (partly counts half): 0 to 100,
 * or -1 where nothing could be. *unjudged: the share of all weight that could not be, 0 to
 * 100: never say the one without the other. */
int coverage_score(const struct gap *g, int *unjudged);

#endif
