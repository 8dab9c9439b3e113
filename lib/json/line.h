/* line.h: the line reader: NDJSON in, one line at a time, bounded.
 *
 * Reads a descriptor in large blocks (gzip is recognised by its first bytes
 * and read through zlib, one member or many). A line is handed out without its
 * LF (and CR), valid until the next call; an empty line is a line. A line
 * longer than LIM_RECORD is skipped and reported, never split. What could be
 * read before a failure is handed out before LINE_FAILED; after LINE_FAILED
 * and LINE_END comes LINE_END. A signal that interrupts the wait shows as
 * LINE_IDLE, so that the caller can look at its flags. */
#ifndef OT_LINE_H
#define OT_LINE_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum line_next {
	LINE_OK,
	LINE_IDLE,              /* nothing came within idle_ms: time to flush */
	LINE_TOO_LONG,          /* this line was skipped */
	LINE_CUT,               /* the input ended amid this last line: it is handed out */
	LINE_END,
	LINE_FAILED,            /* err says why */
};

struct line;

/* path "-" is stdin. idle_ms 0: LINE_IDLE only for signals. NULL on failure. */
struct line *line_open(const char *path, unsigned idle_ms, struct err *e);
/* The same on an open descriptor, which it then owns; head: bytes already read from it. */
struct line *line_fd(int fd, const char *name, const void *head, size_t n, unsigned idle_ms,
    struct err *e);
enum line_next line_next(struct line *l, const char **p, size_t *n, struct err *e);
/* What is already read of the lines behind the last one, which may be cut: NULL for nothing. */
const char *line_ahead(const struct line *l, size_t *n);
uint64_t line_no(const struct line *l);         /* of the line handed out last, from 1 */
const char *line_name(const struct line *l);
uint64_t line_bytes(const struct line *l);      /* read so far (as stored), for progress */
void line_close(struct line *l);

#endif
