/* runs_impl.h: what runs.c, which makes runs, and merge.c, which reads them, share. */
#ifndef OT_TIMELINE_RUNS_IMPL_H
#define OT_TIMELINE_RUNS_IMPL_H

#include "base/limits.h"
#include "timeline/runs.h"

enum { PACKED_TEXTS = 7 };

/* An item; its texts lie behind, and zeros up to a multiple of eight. */
struct packed {
	int64_t shown, last;
	uint64_t count, line, packet, flow;
	uint32_t file;
	uint16_t source, size;
	uint8_t kind, severity;
	uint16_t len[PACKED_TEXTS];
};
enum { PACKED_MAX = LIM_TIMELINE_ITEM + sizeof(struct packed) + 8 };

/* Where an item lies in the room, in units of eight bytes. */
struct entry { int64_t shown; uint32_t at; uint16_t source; };

/* Sorted items of one source: entries of the room, or bytes of the file. */
struct run {
	uint16_t source;
	bool in_file;
	size_t first, n;
	uint64_t at, end;
};

/* A run while it is read. */
struct cursor {
	const struct packed *item;      /* the one it stands at; NULL: none is left */
	int64_t us;                     /* of it */
	size_t i;                       /* of entries: the next one */
	uint64_t at;                    /* of the file: what is not in buf yet */
	char *buf;
	size_t from, to;                /* what is in buf and not read */
};

struct runs {
	int fd;
	char *room; size_t room_cap, used;
	struct entry *ent, *tmp; size_t n, max;
	struct run *runs; size_t nruns, cap;
	uint64_t written, count;
	const int64_t *offset;
	/* the merge */
	struct cursor *cursors;
	uint32_t *heap; size_t heap_n;
	size_t buf_cap;                 /* of each cursor */
	bool begun;
};

static inline const struct packed *
packed_at(const char *room, const struct entry *x)
{
	return (const struct packed *)(const void *)(room + (size_t)x->at * 8);
}

#endif
