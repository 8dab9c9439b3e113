/* pend.h: requests that wait for their answers, bounded.
 *
 * A dissector puts what it must remember of a request under a key of its own
 * (transaction id, invoke id); the answer finds it, and both become one event.
 * What is never answered comes back through dissector.expire, in packet time,
 * at the flow's end or when the table is full, so that nothing is silent.
 *
 * On a line that has no flows (a serial line's capture) requests wait as well, apart
 * for each capture; pend_oldest() knows nothing of those. */
#ifndef OT_PEND_H
#define OT_PEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct origin;
struct dctx;
struct flow;

/* The evidence of one PDU: when, and which packet completed it. */
struct when {
	int64_t us;
	uint64_t cnt;
	const struct origin *from;
};

enum { PEND_DATA = 448 };

struct pend {
	struct when when;
	uint64_t key;
	uint32_t flow;                  /* index of its flow */
	uint8_t side;                   /* the request's direction */
	/* private */
	bool used;
	bool unseen;                    /* its answer may be in a gap of the capture */
	uint32_t next, prev;            /* of its flow, newest first */
	uint32_t older, newer;          /* of the run */
	int64_t due;                    /* by packet time */
	uint64_t put;                   /* the run's step that put it here; see crew.h */
	_Alignas(16) uint8_t data[PEND_DATA];
};

/* Remembers a request: copies n <= PEND_DATA bytes. Not while an event is open
 * (it may have to report another one). A waiting request with the
 * same key and side is expired first (the client gave up on it). */
void pend_put(struct dctx *c, uint64_t key, const void *data, size_t n);
/* The same, its n bytes to be written by the caller, at once; NULL: it is not kept. */
void *pend_new(struct dctx *c, uint64_t key, size_t n);
/* The request with this key that went the other way than the current PDU, or NULL. */
struct pend *pend_find(struct dctx *c, uint64_t key);
/* The oldest request that went the other way (protocols without ids), or NULL. */
struct pend *pend_oldest(struct dctx *c);
/* Answered: forgets it. */
void pend_done(struct dctx *c, struct pend *p);

#endif
