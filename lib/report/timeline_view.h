/* timeline_view.h: what a timeline has, gathered for people: the weightiest items with what may
 * have led to them, the sources, their silences, the first faults.
 *
 *     timeline_sort(t, &e)
 *     h = timeline_gather(t, why, LIM_PAGE_ROWS, &e)
 *     h->view.site = site; h->view.zone = site->timezone; h->view.from = ...
 *     timeline_paper(&h->view, paper)
 *     timeline_gathered_free(h) */
#ifndef OT_TIMELINE_VIEW_H
#define OT_TIMELINE_VIEW_H

#include "report/timeline_paper.h"

struct timeline_gathered {
	struct timeline_view view;      /* site, zone, from and to: the caller's */
	struct timeline_kept *kept;
	const struct timeline_source **sources;
	struct timeline_gap *gaps;
	struct timeline_fault *faults;  /* at most LIM_PAGE_ROWS, texts included */
	const char **files;
};

/* Takes the timeline's items, at most `max` of them, from where it stands; sets their because
 * by why, which is also told what the mapping files say has to do with each other. NULL: *e. */
struct timeline_gathered *timeline_gather(struct timeline *t, struct correlate *why, size_t max,
    struct err *e);
void timeline_gathered_free(struct timeline_gathered *h);

#endif
