/* timeline_paper.h: a timeline for people: what happened, in order; what may have led to what;
 * what its sources are worth, and what could not be read.
 *
 *     struct timeline_view v = { .items = kept->items, ... };
 *     timeline_paper(&v, paper)       then text, Markdown or a page, by report/paper.h
 *
 * On a page the picture has a lane for each source and zone. Its script zooms to what is
 * selected with a mouse, a finger, two fields or buttons; without it the whole picture, one of
 * each chain from near, and all tables are there. */
#ifndef OT_TIMELINE_PAPER_H
#define OT_TIMELINE_PAPER_H

#include "model/site.h"
#include "report/paper.h"
#include "timeline/correlate.h"
#include "timeline/timeline.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct timeline_view {
	/* In the order of time, as timeline_keep() has them; and those that it left out. */
	const struct timeline_item *items; size_t nitems;
	uint64_t left_out;
	const struct timeline_minute *minutes; size_t nminutes;
	/* Indexed by item.source. */
	const struct timeline_source *const *sources; size_t nsources;
	const struct timeline_gap *gaps; size_t ngaps;
	const struct timeline_fault *faults; size_t nfaults;    /* the first of them */
	const char *const *files; size_t nfiles;                /* indexed by item.file */
	const struct correlate *why;
	const struct site *site;        /* or NULL */
	const char *zone;               /* whose clocks the times are shown by; NULL: UTC */
	int64_t from, to;               /* asked for; INT64_MIN, INT64_MAX: all */
};

/* False: memory ran out. */
bool timeline_paper(const struct timeline_view *v, struct paper *p);

#endif
