/* runs.h: items in the order of time, however many there are.
 *
 * Items are packed into a room of fixed size. When it is full, what is in it is sorted,
 * source by source, and written to a file without a name as one run for each source; at the
 * end the runs are merged. Within a source the order is that of what its clock shows, so that
 * the clocks need not be known before the merge. Items of one moment come in the order of
 * their sources, then as they were put. */
#ifndef OT_TIMELINE_RUNS_H
#define OT_TIMELINE_RUNS_H

#include "base/err.h"
#include "timeline/item.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct runs;

/* Opens the file that runs wait in, beside TMPDIR or /tmp. mem: bytes of the room and of what
 * sorting takes, at least 1 MiB. */
struct runs *runs_new(size_t mem, struct err *e);
void runs_free(struct runs *r);

/* Copies an item; its texts together have at most LIM_TIMELINE_ITEM bytes. n, us, because and
 * also are not kept. */
bool runs_put(struct runs *r, const struct timeline_item *item, struct err *e);
uint64_t runs_count(const struct runs *r);

/* All were put. offset: what is added to each source's clock, borrowed. */
bool runs_sort(struct runs *r, const int64_t *offset, struct err *e);
/* us is shown and the offset, last likewise. Texts are good until the next call. False: no
 * more, or *e. */
bool runs_next(struct runs *r, struct timeline_item *item, struct err *e);
bool runs_rewind(struct runs *r, struct err *e);

/* A file without a name, for writing and reading, or -1. */
int runs_file(struct err *e);

#endif
