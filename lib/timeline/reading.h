/* reading.h: what the readers of all kinds of logs share: a file being read, its source's
 * clock and zone, where its faults and items go.
 *
 * A reader takes one line and calls reading_heard() with its time, then reading_put() with an
 * item (or two), or reading_fault(). All return false only where the run cannot go on, with
 * the reason in r->e. */
#ifndef OT_TIMELINE_READING_H
#define OT_TIMELINE_READING_H

#include "json/line.h"
#include "timeline/fault.h"
#include "timeline/setback.h"
#include "timeline/timeline_impl.h"

#include <stddef.h>
#include <stdint.h>

enum { READING_SCRATCH = 64 << 10 };

struct reading {
	struct timeline *t;
	struct timeline_source *s;
	uint16_t source;
	uint32_t file;
	const char *path;
	uint64_t line;                  /* that faults and items are of */
	struct err *e;
	uint64_t told[FAULT_KINDS];
	/* the zone of its wall clocks */
	const char *zone;
	int fixed;                      /* seconds; where the zone is an offset */
	bool is_fixed, slot_known;
	int64_t slot, shift;            /* a quarter of an hour by the wall, and what is added */
	int64_t before;                 /* the last moment read: an hour that comes twice goes on */
	int64_t stats_us;               /* of a sensor's last counters */
	struct setback back;            /* of logs: lines in the order of time */
	uint64_t host;                  /* whose clock it is that the next line shows */
	/* years of logs without them */
	int year, month;
	bool turned;
	/* texts of the item being made */
	char *scratch; size_t used;
};

static inline struct timeline_text
text_span(const char *p, size_t n)
{
	return (struct timeline_text){ n ? p : "", (uint32_t)n };
}

/* Copies into scratch; what does not fit is cut. */
struct timeline_text reading_text(struct reading *r, const char *p, size_t n);
/* Of pieces, ended by NULL. */
struct timeline_text reading_join(struct reading *r, ...) __attribute__((sentinel));

/* kept: it is an item all the same. */
bool reading_fault(struct reading *r, enum fault_kind kind, bool kept, const char *detail,
    size_t n, const char *expected);
/* A moment by the source's clock: of a line that is an item or not. */
void reading_heard(struct reading *r, int64_t us);
/* Empty but for the moment. */
struct timeline_item reading_item(int64_t us);
bool reading_put(struct reading *r, struct timeline_item *item);
/* A line that is none. */
void reading_pass(struct reading *r);

/* The moment at which the source's wall clock showed this. */
bool reading_moment(struct reading *r, int64_t wall, int64_t *us);
/* The year of a line that names none: the one in which it lies before now; *wall: what it
 * shows with the year given. */
int reading_year(struct reading *r, int month, int day);

/* One line each. */
bool read_record(struct reading *r, const char *p, size_t n);
bool read_mapped(struct reading *r, const char *p, size_t n);
bool read_syslog(struct reading *r, const char *p, size_t n);
/* A whole file of rows. */
bool read_csv(struct reading *r, struct line *in);
/* A fault of what line_next() says; true: there is a line. */
bool reading_line(struct reading *r, enum line_next how, bool *has);

/* What a mapped line's columns say (map_line.c); cell() gives one, empty where it is not. */
struct cells {
	struct timeline_text v[MAP_COLUMNS];
};
bool reading_cells(struct reading *r, const struct cells *c);

#endif
