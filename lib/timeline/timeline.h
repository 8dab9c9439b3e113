/* timeline.h: logs of many sources, with clocks of their own, as one: what happened, in order.
 *
 * A source is a name, a kind and a clock; a file belongs to one. All files are read, one
 * after the other, in memory that does not grow with them: items are sorted in runs, which
 * wait in a file without a name. Then the clocks are known, and the items stream in the order
 * of time, duplicates folded, silences shown.
 *
 *     t = timeline_new(&ask, &e)
 *     s = timeline_source_add(t, "bms", &e);  s->kind = TIMELINE_CSV; s->map = ...
 *     timeline_read(t, s, "bms.csv", &e)                 each file
 *     timeline_sort(t, &e)                               all are read
 *     while (timeline_next(t, &item, &e)) ...            item's texts are good until the next
 *     timeline_free(t)
 *
 * What could not be read is counted for each source, and every such line is kept (in the
 * same manner as items): timeline_next_fault() streams them. */
#ifndef OT_TIMELINE_H
#define OT_TIMELINE_H

#include "base/err.h"
#include "model/site.h"
#include "timeline/item.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct timeline;
struct timeline_map;            /* timeline/map.h */

enum timeline_format {
	TIMELINE_RECORDS,       /* NDJSON that says itself what it is: ours, EVE, Zeek, ledger,
	                         * journal */
	TIMELINE_NDJSON,        /* NDJSON, by a map */
	TIMELINE_CSV,           /* by a map */
	TIMELINE_SYSLOG,        /* RFC 5424 and 3164, line by line */
};

/* How a source's clock was put right. */
enum timeline_clock_basis { TIMELINE_AS_SHOWN, TIMELINE_DECLARED, TIMELINE_ESTIMATED };

/* What pairs of items that must coincide say of two clocks: seconds to add to `source`'s. */
struct timeline_estimate {
	uint16_t source, other;
	bool holds;                     /* false: why says what is wrong with it */
	uint32_t pairs;
	double offset, spread, min, max;        /* median, median absolute deviation; seconds */
	const char *why;                /* static; NULL where it holds */
	const char *rule;               /* that gave the most pairs; of the rules */
};

struct timeline_source {
	const char *name;               /* owned by the timeline */
	const char *kind;               /* as given: "csv"; "records" where nothing was */
	enum timeline_format format;
	const struct timeline_map *map; /* borrowed; NULL: none */
	const char *zone;               /* borrowed; NULL: the map's, else the site's */
	int64_t offset;                 /* microseconds that are added to its clock */
	enum timeline_clock_basis basis;
	struct timeline_estimate estimate;      /* where basis is TIMELINE_ESTIMATED */
	/* after timeline_sort() */
	uint64_t lines, items, faults;  /* items: before folding */
	uint64_t doubts;                /* lines read, but not as they should be: a fault each */
	uint64_t passed;                /* lines that are none: polling, flows, other days */
	int64_t first, last;            /* of all its lines, put right; INT64_MIN: none */
	bool zone_assumed;              /* times without zone or map were read as the site's */
};

/* A silence, a loss, or a clock that was set back: then the times between are there twice. */
struct timeline_gap {
	uint16_t source;
	int64_t from, to;               /* put right */
	enum timeline_gap_why { TIMELINE_SILENT, TIMELINE_BEGINS_LATE, TIMELINE_ENDS_EARLY,
		TIMELINE_DROPS, TIMELINE_SET_BACK } why;
	uint64_t lost;                  /* TIMELINE_DROPS: packets */
	/* TIMELINE_SET_BACK: the first line behind the step */
	uint32_t file; uint64_t line;
};

/* A line, or a file, that could not be read. */
struct timeline_fault {
	uint16_t source;
	const char *file;
	uint64_t line;                  /* 0: the file as a whole */
	const char *what, *expected;    /* expected may be "" */
	bool kept;                      /* it is an item all the same */
};

struct timeline_ask {
	const struct site *site;        /* or NULL */
	int64_t from, to;               /* INT64_MIN, INT64_MAX: all */
	int64_t now;                    /* for logs without a year */
	int year;                       /* of logs without one; 0: by now */
	unsigned fold;                  /* seconds; 0: only duplicates */
	bool all;                       /* reads and flows are items, too */
	size_t mem;                     /* of items before they go to a file; 0:
					 * LIM_TIMELINE_MEM */
	const char *rules;              /* folder of rules that replace ours, or NULL */
	/* The first faults of each file and kind, as they are found; may be NULL. */
	void (*say)(void *arg, const struct timeline_fault *f);
	/* What is remarked of a source, once: "bms: times without a zone ..."; may be NULL. */
	void (*remark)(void *arg, const char *text);
	void *arg;
};

/* Opens the files that runs and faults wait in: before confine(). ask is copied; its site is
 * timeline_begin()'s. */
struct timeline *timeline_new(const struct timeline_ask *ask, struct err *e);
void timeline_free(struct timeline *t);

/* The site file (or NULL), borrowed, and the rules: before the first file. */
bool timeline_begin(struct timeline *t, const struct site *site, struct err *e);

/* The period, where it is known after timeline_new() only. */
void timeline_period(struct timeline *t, int64_t from, int64_t to);

/* The source of this name, new where there is none. NULL: too many. Good until
 * timeline_free(). */
struct timeline_source *timeline_source_add(struct timeline *t, const char *name,
    struct err *e);
size_t timeline_sources(const struct timeline *t);
const struct timeline_source *timeline_source(const struct timeline *t, size_t i);
/* The last moment of all sources, put right; 0: there is none. */
int64_t timeline_last(const struct timeline *t);
size_t timeline_files(const struct timeline *t);
/* A file's path, as given. */
const char *timeline_file(const struct timeline *t, uint32_t file);

/* Reads a file ("-": standard input; of a folder: its records.ndjson). False: it cannot be
 * read, or memory or room for runs ran out. */
bool timeline_read(struct timeline *t, struct timeline_source *s, const char *path,
    struct err *e);

/* What pairs say of s's clock by that of other, after all files are read. */
void timeline_estimate(struct timeline *t, size_t s, size_t other,
    struct timeline_estimate *est);

/* All files are read and the offsets are set: from here on items can be had. */
bool timeline_sort(struct timeline *t, struct err *e);
/* In the order of time; gaps are items, too. False: no more, or *e. */
bool timeline_next(struct timeline *t, struct timeline_item *item, struct err *e);
/* From the first one again. */
bool timeline_rewind(struct timeline *t, struct err *e);

/* Assets that a mapping file says have to do with each other, pair by pair; false: no more. */
bool timeline_related(const struct timeline *t, size_t i, const char **a, const char **b);

size_t timeline_gaps(const struct timeline *t);
const struct timeline_gap *timeline_gap(const struct timeline *t, size_t i);
/* In the order they were found. */
bool timeline_next_fault(struct timeline *t, struct timeline_fault *f, struct err *e);

/* For forms that need all at once: the items that weigh most, at most max, in order, texts
 * included; the rest is counted for each minute. */
struct timeline_minute { int64_t us; uint64_t count; };
struct timeline_kept {
	struct timeline_item *items; size_t nitems;
	uint64_t left_out;              /* items that are not among them */
	struct timeline_minute *minutes; size_t nminutes;       /* of those, in order */
	void *mem;                      /* of the texts */
};
/* each() is called with every item in order, kept or not, before it is judged: it may set
 * because (view's correlation); may be NULL. NULL: *e. */
struct timeline_kept *timeline_keep(struct timeline *t, size_t max,
    void (*each)(void *arg, struct timeline_item *item), void *arg, struct err *e);
void timeline_kept_free(struct timeline_kept *k);

#endif
