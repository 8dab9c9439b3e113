/* heads.h: the heads that checkpoints.ndjson keeps, for whoever looks for one of them. */
#ifndef OT_HEADS_H
#define OT_HEADS_H

#include "base/err.h"
#include "chain/checkpoint.h"
#include "json/scan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Shows each line that is JSON, until see() says false. False when the file could not be read. */
bool heads_lines(int dir, bool (*see)(void *arg, const struct sval *o), void *arg, struct err *e);

/* One head; all of it is good until see() returns. Nothing of it is checked but its shape. */
struct head_line {
	struct checkpoint cp;
	const struct note *note;
	const char *text;               /* the note's bytes */
	size_t n;
	int64_t time;                   /* of the line */
	bool part;                      /* it lies within a batch: no tiles end there */
};
/* Shows each head in order of the lines, until see() says false. Lines that hold none are
 * passed over: calchain verify names them. False when the file could not be read. */
bool heads_each(int dir, bool (*see)(void *arg, const struct head_line *h), void *arg,
    struct err *e);

/* The note about the head of this size that has most signatures, the later where two have as
 * many: fresh memory. NULL and said where there is none. */
char *heads_find(int dir, uint64_t size, size_t *n, struct err *e);

#endif
