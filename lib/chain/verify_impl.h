/* verify_impl.h: what the files of verification share. */
#ifndef OT_VERIFY_IMPL_H
#define OT_VERIFY_IMPL_H

#include "base/limits.h"
#include "chain/tile.h"
#include "chain/verify.h"
#include "json/scan.h"

/* A block of whole lines, and what was found about them: small enough to stay in a core's own
 * cache from the read to the last hash. */
enum { VERIFY_BLOCK = 1 << 18, VERIFY_ROOM = (1 << 20) + LIM_RECORD, VERIFY_LINES = 2048 };
struct verify_line { uint32_t at, n; };
struct verify_block {
	char *bytes;
	size_t n;
	uint64_t first;                 /* number of its first line */
	unsigned lines;
	struct verify_line line[VERIFY_LINES];
	struct merkle_hash whole[VERIFY_LINES], leaf[VERIFY_LINES];
	struct merkle_hash prev;        /* of its first record */
	int64_t began, ended;           /* time of its first and last record */
	unsigned read;                  /* lines before one that has no shape */
	uint64_t bad, signatures;
	struct verify_finding first_bad;        /* check VERIFY_CHECKS: none */
};

/* One worker's keys, as OpenSSL has them: by their index in the ring. */
struct verify_worker {
	const struct keyring *ring;
	void *run;                      /* verify_run.c's */
	struct checker *checker[LIM_CHAIN_KEYS];
	struct tape tape;
};
void verify_worker_free(struct verify_worker *w);

/* Looks at each line by itself and at the links between them. */
void verify_block(struct verify_block *b, struct verify_worker *w);

/* Finds: in order of their number, the first of each check. */
void verify_found(struct verify_answer *a, enum verify_check check, uint64_t seq, const char *fmt,
    ...) __attribute__((format(printf, 4, 5)));

/* Reads records.ndjson (its first `size` bytes) once, block by block, and looks at the blocks on
 * `threads` threads. Each comes to keys() in order, and no thread is at work then: it may change
 * `ring`. Then, looked at, it comes to done() in order; where that says no, the rest comes to
 * keys() alone. False when it could not be read. Bytes behind the last line: *rest. */
struct verify_reader {
	struct keyring *ring;
	void (*keys)(void *arg, const struct verify_block *b);
	bool (*done)(void *arg, struct verify_block *b);
	void *arg;
};
bool verify_run(int fd, uint64_t size, const struct verify_reader *by, unsigned threads,
    uint64_t *rest, struct err *e);

/* The same on this thread, nothing looked at: the lines alone. */
bool verify_lines(int fd, const char *name, uint64_t size,
    bool (*done)(void *arg, struct verify_block *b), void *arg, uint64_t *rest, struct err *e);

/* The heads whose roots are asked for, by size. */
struct verify_head {
	enum verify_check check;
	const char *name;               /* as messages call it */
	uint64_t size;
	struct merkle_hash root;
	int64_t time;                   /* of its line */
	bool same;                      /* set when the tree of that size had this root */
	bool reached;
	bool sealed; /* of checkpoints.ndjson, and no part of a batch: it has tiles */
	bool early;                     /* its line does not have the time that it has to have */
	bool witnessed;                 /* more signed it than the appender */
	bool by_log, by_trust;          /* who signed it */
};
struct verify_heads { struct verify_head *v; size_t n, next; };
/* Gathers them: those of checkpoints.ndjson, which has so many bytes, and those from elsewhere.
 * What is wrong with them verify_heads_look() finds. */
bool verify_heads_read(struct verify_heads *h, int dir, uint64_t size,
    const struct verify_answer *a, const struct verify_ask *ask, struct err *e);
/* Once all keys are known: the same heads again, checked as notes. */
bool verify_heads_look(struct verify_heads *h, int dir, uint64_t size, struct verify_answer *a,
    const struct verify_ask *ask, struct err *e);
/* The tree has grown to this size, by a record of this time. Whether a head of it is kept here,
 * whose tiles may be there. */
bool verify_heads_at(struct verify_heads *h, const struct tile_writer *w, const char *record);
/* All was read: what does not fit is found. */
void verify_heads_end(
    struct verify_heads *h, struct verify_answer *a, const struct verify_ask *ask);
/* Whether this head is kept in checkpoints.ndjson, sealed. */
bool verify_heads_has(const struct verify_heads *h, const struct checkpoint *cp);
void verify_heads_free(struct verify_heads *h);

#endif
