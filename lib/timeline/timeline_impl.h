/* timeline_impl.h: what is behind struct timeline. */
#ifndef OT_TIMELINE_IMPL_H
#define OT_TIMELINE_IMPL_H

#include "base/limits.h"
#include "json/scan.h"
#include "timeline/clock.h"
#include "timeline/fault.h"
#include "timeline/fold.h"
#include "timeline/map.h"
#include "timeline/place.h"
#include "timeline/runs.h"
#include "timeline/silence.h"
#include "timeline/timeline.h"

struct timeline {
	struct timeline_ask ask;
	struct timeline_source sources[LIM_TIMELINE_SOURCES];
	struct silence *silences[LIM_TIMELINE_SOURCES];
	uint64_t dropped[LIM_TIMELINE_SOURCES];         /* the last count of its sensor */
	int64_t offsets[LIM_TIMELINE_SOURCES];
	size_t nsources;
	char **files; size_t nfiles, files_cap;
	struct timeline_gap *gaps; size_t ngaps, gaps_cap;
	struct runs *runs;
	struct faults *faults;
	struct fault fault;                             /* the one given last */
	struct clocks *clocks;
	struct place *place;
	struct fold *fold;
	struct tape tape;
	json_t *access;                                 /* what is remote access: */
	struct { const char *app_proto, *tool; size_t n; } remote[64]; size_t nremote;
	char *scratch;
	/* the stream */
	uint64_t n;
	struct timeline_item waiting;
	bool sorted, has_waiting, over, faults_begun;
};

/* access.json's protocols: what a flow of this protocol is called, or NULL. */
const char *timeline_remote(const struct timeline *t, const struct sval *app_proto);
/* A gap of a source, put right; false: too many, or no memory. */
bool timeline_add_gap(struct timeline *t, const struct timeline_gap *g);
/* Silences of all sources become gaps. */
bool timeline_find_gaps(struct timeline *t, struct err *e);

#endif
