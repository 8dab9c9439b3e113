/* drain.h: a timeline to its end. */
#ifndef OT_FUZZ_DRAIN_H
#define OT_FUZZ_DRAIN_H

#include "fuzz.h"

#include "base/limits.h"
#include "timeline/write.h"

#include <stdlib.h>

/* Items come in order of time and are numbered; they, and what else is told of a sorted or rewound
 * timeline, are records. Aborts where it is not so. */
static inline void
drain(struct timeline *t)
{
	static char buf[2 * LIM_RECORD];
	struct err e = { "" };
	struct timeline_item x;
	struct timeline_fault f;
	struct jw w;
	uint64_t n = 0;
	int64_t last = INT64_MIN;

	jw_init(&w, buf, sizeof(buf));
	for (size_t i = 0; i < timeline_sources(t); i++)
		if (timeline_write_source(t, i, 0, &w))
			fuzz_records(NULL, w.buf, w.n), jw_reset(&w);
	for (size_t i = 0; i < timeline_gaps(t); i++)
		if (timeline_write_gap(t, i, &w))
			fuzz_records(NULL, w.buf, w.n), jw_reset(&w);
	while (timeline_next(t, &x, &e)) {
		if (x.us < last || x.n != ++n)
			abort();
		last = x.us;
		if (!timeline_write_item(t, &x, NULL, &w) || !timeline_write_timesketch(t, &x, &w))
			abort();
		fuzz_records(NULL, w.buf, w.n);
		jw_reset(&w);
	}
	while (timeline_next_fault(t, &f, &e))
		if (timeline_write_fault(t, &f, 0, &w))
			fuzz_records(NULL, w.buf, w.n), jw_reset(&w);
	if (e.text[0])
		abort();
}

#endif
