/* timeline_out.h: a timeline goes out: record by record, or as a paper. */
#ifndef TIMELINE_OUT_H
#define TIMELINE_OUT_H

#include "request.h"

#include "base/file.h"
#include "timeline/correlate.h"
#include "timeline/timeline.h"

/* What is written, and where to: the first five and e are the caller's. */
struct timeline_out {
	struct request *q;
	struct timeline *t;
	struct correlate *why;
	int64_t from, to;               /* asked for */
	struct file_out file; bool to_file;
	struct jw w; char *buf;
	int fd;
	bool closed;                    /* the reader has seen enough */
	struct err *e;
};

/* Records as they come (ndjson, csv, timesketch), to a file that appears whole, or to standard
 * output; and what weighs most as text, Markdown or a page. The exit status; the request is
 * ended. now: of records that are of no moment of their own. */
int timeline_out_records(struct timeline_out *o, int64_t now);
int timeline_out_paper(struct timeline_out *o);

#endif
