/* timeline_ask.h: the sources of a timeline as the command line names them. */
#ifndef TIMELINE_ASK_H
#define TIMELINE_ASK_H

#include "base/err.h"
#include "timeline/timeline.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A --source, or a file on the command line. */
struct ask_source {
	const char *name, *kind, *file, *zone, *map;
	enum timeline_format format;
	bool has_clock;
	int64_t clock;
	struct timeline_map *loaded;
	char *text;                     /* owned: what the names are cut from */
};

/* A --clock. */
struct ask_clock {
	const char *name, *other;       /* other NULL: declared */
	int64_t offset;
	char *text;
};

/* "NAME=KIND:FILE[,clock=+1.5s][,zone=Europe/Stockholm][,map=FILE]" */
bool ask_source(struct ask_source *s, const char *value, const char *option, struct err *e);
/* A file that says itself what it is: its name up to the first dot names the source. */
bool ask_operand(struct ask_source *s, const char *file, struct err *e);
/* "NAME=+1.5s" or "NAME=estimate:OTHER" */
bool ask_clock(struct ask_clock *c, const char *value, const char *option, struct err *e);
/* "+1.5s", "-250ms", "+1h", "-3m", "+12" (seconds) as microseconds. */
bool ask_offset(int64_t *us, const char *s);

/* Offsets of clocks that were asked to be estimated, once all files are read; false: one
 * cannot be. */
bool ask_estimates(struct timeline *t, const struct ask_clock *c, size_t n, struct err *e);
/* Says on stderr which clocks seem to be off although nobody said so. */
void ask_doubts(struct timeline *t);

#endif
