/* crew.h: several threads that dissect, and one output as of one thread.
 *
 * The engine's thread reads, decodes headers, has the flow table, and dissects what is
 * not handed over. Flows of protocols whose flows stand for themselves (dissector.apart)
 * go to other threads, each with an engine of its own, once they are under way and
 * nothing of them is half done. From then on a packet of theirs, or their end, is an item
 * in that thread's part of a batch.
 *
 * How many flows are handed over follows who waits for whom. An acknowledgement without
 * data is not, as long as the flow's segments came in order: none can wait for it.
 *
 * A packet that the flow table does not believe brings its flow back for good. A segment
 * that is doubted for what came before it is found by who dissects: what the table has of
 * the flow is of later packets by then, so what the other side had said comes with it.
 *
 * What is written follows the run's steps: the start of a packet, the end of a flow, a
 * packet's dissection are one step each, numbered by the engine's thread. Each thread
 * notes which step the bytes it wrote are of; a batch that all have done is merged by
 * these numbers. Requests that nobody answered expire at the start of a packet, oldest
 * first whoever has them: by the step that put them there.
 *
 * What all flows share has its ceiling for all (waiting requests, TCP's memory). What is
 * in use elsewhere, and what the packets on their way may add to it, is kept below it;
 * when that is too close, all flows come back to the engine's thread (crew_settle), and
 * the ceiling works as with one thread. */
#ifndef OT_CREW_H
#define OT_CREW_H

#include "proto/engine_impl.h"

/* Bytes of out from `at` on are of this step; sub: which request's expiry. */
struct crew_mark { uint64_t step, sub; size_t at; };

/* What one thread writes for one batch. */
struct outlet {
	char *buf;
	size_t n, room;
	struct crew_mark *mark;
	size_t marks, mark_room;
	size_t cut;                     /* marked up to here */
	bool failed;                    /* there was no memory: it has a hole */
};

/* crew.c */
bool crew_takes(struct engine *g, struct flow *f, int side, const struct pkt *k, bool plain);
void crew_end(struct engine *g, struct flow *f, enum flow_reason why);
/* A new step, for which f is this thread's, and remains so. */
void crew_back(struct engine *g, struct flow *f);
/* Packet time went on. */
void crew_tell(struct engine *g);
void crew_begin(struct engine *g, const struct packet *p, size_t n);
/* All that came is dissected and written. */
void crew_flush(struct engine *g);
/* All flows are this thread's again. */
void crew_settle(struct engine *g);
/* The same, for good: the other threads end, their counts are this engine's. */
void crew_dismiss(struct engine *g);
void crew_free(struct engine *g);

/* crew_out.c */
bool outlet_open(struct outlet *o);
void outlet_close(struct outlet *o);
/* The engine writes there. */
void outlet_bind(struct outlet *o, struct engine *g);
void outlet_unbind(struct engine *g);
void outlet_mark(struct engine *g, uint64_t step, uint64_t sub);
void crew_room(struct engine *g);
/* All n in the order of their steps, to g's flush(); they are empty then. */
void outlet_merge(struct engine *g, struct outlet *o, unsigned n);

/* What was written since the last mark is of this step. */
static inline void
crew_mark(struct engine *g, uint64_t step, uint64_t sub)
{
	if (g->out.n > g->outlet->cut)
		outlet_mark(g, step, sub);
}

/* The next step of the run. */
static inline void
crew_step(struct engine *g)
{
	if (__builtin_expect(g->crew != NULL, 0)) {
		crew_mark(g, g->step, 0);
		g->step++;
	}
}

#endif
