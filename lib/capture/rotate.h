/* rotate.h: where a capture is kept: one file, or a folder of files that are
 * begun by time or size and kept for so long or so much.
 *
 * A file is written under a hidden temporary name and gets its own when it is
 * complete and on the disk. In a folder that name is the UTC time of its first
 * packet, so that names sort as the packets do:
 *
 *     otcap-20261122T042101.123456Z.pcapng.gz
 *     otcap-20261122T042101.123456Z-2.pcapng.gz     another of the same microsecond
 *
 * Nothing else in the folder is ever deleted. What is kept counts from the
 * newest packet, or from now where that lies in the future: a broken clock in
 * a capture empties no archive. */
#ifndef OT_ROTATE_H
#define OT_ROTATE_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rotate_opts {
	const char *path;       /* the file or, with folder, the folder */
	bool folder;
	bool force;             /* an existing file is replaced (not in a folder) */
	bool compress;
	const char *suffix;     /* "pcap", "pcapng", "ndjson" */
	int64_t every_us;       /* a new file at each multiple of this, 0: not by time */
	uint64_t bytes;         /* a new file before this size, 0: not by size */
	int64_t retain_us;      /* 0: for ever */
	uint64_t retain_bytes;  /* 0: without limit */
};

struct rotate;

/* Checks that the place can be written; a folder that is missing is made. */
struct rotate *rotate_new(const struct rotate_opts *o, struct err *e);
/* True when a packet of this time, of n bytes as written, belongs into a new
 * file. pending: bytes of this file that are not yet given to rotate_write. */
bool rotate_due(const struct rotate *r, int64_t us, size_t pending, size_t n);
/* True when a file is being written. */
bool rotate_open(const struct rotate *r);
/* Begins a file whose first packet has this time. */
bool rotate_begin(struct rotate *r, int64_t us, struct err *e);
/* Whole records only: each write can be undone when the disk is full, and is a
 * gzip member of its own when compressing. */
bool rotate_write(struct rotate *r, const void *p, size_t n, struct err *e);
/* Completes the file: sync, name, sync of the folder; then forgets what is too
 * old or too much. us is the newest packet's time. After a failed write what
 * had been written is kept. */
bool rotate_end(struct rotate *r, int64_t us, struct err *e);
void rotate_free(struct rotate *r);

uint64_t rotate_stored(const struct rotate *r);         /* bytes in all files so far */
uint64_t rotate_files(const struct rotate *r);          /* files completed */
uint64_t rotate_deleted(const struct rotate *r);

/* True for names that rotate itself gives; *us is the time in it. */
bool rotate_name_time(const char *name, int64_t *us);
/* "1h" sets *us, "100M" sets *bytes (K, M, G, T: powers of 1024). */
bool rotate_parse(const char *s, int64_t *us, uint64_t *bytes);

#endif
