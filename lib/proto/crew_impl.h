/* crew_impl.h: what the parts of the crew share: crew.c, who gets what and how much may be
 * on its way; crew_batch.c, the engine's thread's side of a batch; crew_work.c, the others'. */
#ifndef OT_CREW_IMPL_H
#define OT_CREW_IMPL_H

#include "proto/crew.h"

#include <pthread.h>
#include <stdatomic.h>

enum {
	SLOTS = 8, CLOCKS = 256, ENDED = 256,
	ITEMS = 512, MAIL = 128 << 10,
	/* what is on its way may add to what waits: so much of it, and no more */
	HAND_BYTES = 10 << 10, HAND_LOAD = 128, LEAST = 4,
	/* packets of a flow before it is worth it; calls before another attempt */
	UNDER_WAY = 6, REST = 512,
	STALE_MS = 100,
	/* of so many packets with a payload a batch is worth it to who has nothing to do */
	SHORT = 32,
	/* bytes of this thread's own output that wait for nobody else's */
	LONG = 128 << 10,
	/* of 1 << 16 flows: how many others have at first, and what one that has nothing to do
	 * adds to it, one that is waited for takes from it */
	SHARE = 1 << 15, MORE = 1 << 8, FEWER = 1 << 10, ALL = 1 << 16,
	/* rounds to wait before sleep: a processor of its own comes back at once, a wakeup
	 * takes as long as half a batch */
	ROUNDS = 2000,
	/* items ahead that are asked for by who reads; bytes, by who writes */
	AHEAD = 6, NEXT = 1024,
	ALONE = 15,
};

/* A packet of a flow that is another thread's, and its bytes behind it; or the flow's end. */
struct item {
	int64_t us, now;
	uint64_t cnt, step;
	const struct origin *from;
	union tcp_said said;            /* by the other side before it */
	uint32_t cap, len, link;
	uint8_t side, end;              /* 1 + enum flow_reason; 0: a packet */
};
_Static_assert(sizeof(struct item) == 64, "a line of cache");

/* Items as one thread writes and another reads them: one behind the other, for a line that
 * changes processors takes as long as a packet does, unless it was asked for before. */
struct mail {
	uint8_t *d;
	size_t used;
	struct { uint32_t at, flow; } *item;
	unsigned n;
};

/* Where packet time went on, and a request of another thread's may be over. */
struct clock { int64_t now; uint64_t step; };

struct batch {
	struct mail to[ENGINE_THREADS];
	struct clock clock[CLOCKS];
	unsigned clocks;
	int64_t first;                  /* packet time when it was begun */
	struct flow *ended[ENDED];
	unsigned nended;
	uint32_t load, bytes;           /* packets with a payload, and its bytes */
	struct outlet out[ENGINE_THREADS];
	_Alignas(64) atomic_uint left;  /* threads that are not through with it */
};

struct worker {
	struct crew *crew;
	struct engine *g;
	pthread_t thread;
	unsigned who;                   /* from 1 on */
	bool runs;
	_Alignas(64) _Atomic uint64_t done;     /* batches */
	/* in use when it was through with its last batch */
	atomic_uint pend, seg, small, big;
	_Atomic int64_t due;            /* of its oldest request; none: INT64_MAX */
};

struct crew {
	struct engine *g;
	unsigned n;                     /* threads, the engine's counted */
	struct worker worker[ENGINE_THREADS];
	struct batch slot[SLOTS], *b;   /* b: the one that is being filled */
	/* read by who waits, again and again: nothing else is in its line */
	_Alignas(64) _Atomic uint64_t posted;
	_Alignas(64) uint64_t written;
	unsigned rounds;
	pthread_mutex_t lock;
	pthread_cond_t work, ready;
	atomic_uint asleep;             /* threads that are woken for work */
	atomic_bool waits;              /* the engine's is woken when a batch is ready */
	bool over;
	uint32_t owned;                 /* flows that are others' */
	unsigned rest;                  /* calls for which nothing is handed over */
	uint32_t share;                 /* of ALL flows: those that others have */
	bool relief;                    /* one was waited for: a flow may come back */
	bool (*alone[ALONE])(const struct flow *, struct rd);
	unsigned nalone;
	int64_t since;                  /* when the batch was begun, ms */
	int64_t due;                    /* no request of another thread's is over before */
};

#define WAIT    (LIM_PENDING_SECONDS * 1000000LL)

/* crew_work.c: the thread of a struct worker. */
void *crew_work(void *worker);

/* crew_batch.c */
void batch_begin(struct crew *c);
/* The one that is being filled is the others' now, and the next is begun. */
void batch_post(struct crew *c);
/* Writes the oldest, once all are through with it. */
void batch_retire(struct crew *c);
/* The same, where there is too much on its way. */
void batch_wait(struct crew *c);
/* Nothing is on its way. */
void batch_drain(struct crew *c);
/* This packet of f, whose owner has it from here on. */
void batch_hand(struct crew *c, struct flow *f, int side, const struct pkt *k);

#endif
