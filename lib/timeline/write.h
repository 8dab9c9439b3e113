/* write.h: a timeline as records: ours (NDJSON), CSV, and Timesketch's JSON lines. */
#ifndef OT_TIMELINE_WRITE_H
#define OT_TIMELINE_WRITE_H

#include "json/jw.h"
#include "timeline/timeline.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Who says why: the sentence of a link of an item, freed by the writer; may be NULL. */
struct timeline_sayer {
	char *(*say)(void *arg, const struct timeline_item *item, size_t because);
	void *arg;
};

/* One record each, into w; false: it does not fit. */
bool timeline_write_source(const struct timeline *t, size_t i, int64_t now, struct jw *w);
bool timeline_write_gap(const struct timeline *t, size_t i, struct jw *w);
bool timeline_write_item(const struct timeline *t, const struct timeline_item *item,
    const struct timeline_sayer *why, struct jw *w);
bool timeline_write_fault(const struct timeline *t, const struct timeline_fault *f, int64_t now,
    struct jw *w);
/* message, datetime, timestamp in microseconds, timestamp_desc, and what else there is. */
bool timeline_write_timesketch(const struct timeline *t, const struct timeline_item *item,
    struct jw *w);

/* Rows of CSV (model/csv.h): the header, an item. */
void timeline_csv_header(FILE *f);
void timeline_csv_item(const struct timeline *t, const struct timeline_item *item, FILE *f);

#endif
