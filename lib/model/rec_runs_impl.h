/* rec_runs_impl.h: what is kept of flows: rec_again.c keeps and finds it, rec_like.c finds it for
 * flows that are like one of them. */
#ifndef OT_REC_RUNS_IMPL_H
#define OT_REC_RUNS_IMPL_H

#include "model/rec_impl.h"
#include "model/rec_trail.h"

/* 8 MiB, of which what is used is touched. */
enum { BITS = 11, WAYS = 8, LONGEST = 336 };
enum { LIKE_BITS = 12, LIKE_WAYS = 8, OFTEN_BITS = 14 };

/* What stands between a flow's number and its community_id, in flows that are compared. */
#define RUN_ID  ",\"community_id\":\""

/* A text of the run: where it begins, from the flow's number on; 0: there is none. */
struct part { uint16_t at, n; uint32_t node; };

struct flow_run {
	uint64_t flow_id;
	uint32_t nodes;                 /* its values */
	struct rec_own own;
	uint32_t forgotten;             /* when there was a place behind it: json/trail.h */
	uint16_t behind;
	uint16_t n;
	uint16_t a, port;               /* behind the community_id, if any; src_port, or 0 */
	uint8_t port_n;
	bool has_id;
	uint16_t sport, dport, vlan[REC_VLANS];
	struct part proto, app_proto;
	struct addr src, dst;
	uint8_t smac[6], dmac[6], nvlan;
	bool has_smac, has_dmac;
	char text[LONGEST];
};

/* Nearly whose the runs of a set are, and the tick when each was wanted last: near together. */
struct run_set { uint16_t tag[WAYS]; uint32_t wanted[WAYS]; };
_Static_assert(WAYS == 8, "among8() compares all tags");

struct rec_flows {
	size_t at;                      /* where in its line the last one's number stood */
	struct shapes *shapes;
	uint32_t forgotten;             /* when the place behind "flow_id" was asked for */
	uint16_t number;
	struct rec_own *own;            /* of the run of the line at hand */
	uint32_t tick;
	struct run_set set[1 << BITS];
	struct flow_run v[WAYS << BITS];        /* set by set */
	/* rec_like.c */
	uint16_t like[1 << LIKE_BITS][LIKE_WAYS];       /* runs, by what flows share */
	uint8_t next[1 << LIKE_BITS];
	uint16_t often[1 << OFTEN_BITS];                /* how often a flow came: two bits */
	uint32_t since;                 /* the tick when nobody had come */
};

static inline uint64_t
run_hash(uint64_t flow_id)
{
	return flow_id * UINT64_C(0x9e3779b97f4a7c15);
}

static inline size_t
run_set(uint64_t hash)
{
	return hash >> (64 - BITS);
}

static inline uint16_t
run_tag(uint64_t hash)
{
	return (uint16_t)(hash >> (48 - BITS));
}

static inline uint32_t
runs_forgotten(const struct rec_flows *f)
{
	return f->shapes ? trail_forgotten(f->shapes) : 0;
}

/* The place for a flow's run: of its set's, the one that was not wanted for longest. */
struct flow_run *run_for(struct rec_flows *f, uint64_t flow_id);

/* The run is one that other flows may be like. */
void run_alike(struct rec_flows *f, const struct flow_run *x);
/* The run of a flow that this one is like, whose number stands at p and takes value_n bytes of the
 * *n that are there, or one made for it; *n is how many bytes the run has here. NULL: none. */
struct flow_run *run_like(struct rec_flows *f, uint64_t flow_id, const char *p, size_t value_n,
    size_t *n);

#endif
