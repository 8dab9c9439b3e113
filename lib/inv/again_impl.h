/* again_impl.h: what is kept of records that may be said again: again.c looks it up, again_keep.c
 * finds it out, again_plan.c where in a line it stands, again_do.c does it; again_claim.c is
 * ARP's. */
#ifndef OT_INV_AGAIN_IMPL_H
#define OT_INV_AGAIN_IMPL_H

#include "inv/again.h"
#include "inv/build_impl.h"
#include "inv/written.h"

enum { PLANS = 1024, ACTS = 1024, PAIRS = 1 << 14, SETS = 1 << 12, WAYS = 16 };
enum { NOWHERE = 0xff };
enum { LONGEST_TYPE = 16 };

/* Members of the ot block that are wanted. */
enum { OT_OP, OT_RESULT, OT_UNIT, OT_OBJECT, OT_VALUE, OT_MEMBERS };
/* Of a flow's own; the last three tell how many hops away its ends are. */
enum { FLOW_PKTS, FLOW_PKTS_BACK, FLOW_BYTES, FLOW_BYTES_BACK, FLOW_FIRST_CNT, FLOW_TTL,
	FLOW_TTL_SERVER, FLOW_TTL_CLIENT, FLOW_MEMBERS };
enum { ANSWERS = 8 };                   /* of a name */
/* Of an ARP packet: whose it is, to whom, what it is, and the two that belong together. */
enum { CLAIM_SRC, CLAIM_DST, CLAIM_OPCODE, CLAIM_MAC, CLAIM_IP, CLAIM_MEMBERS };

/* Where in records of a kind the values stand. */
struct plan {
	uint32_t kind;                  /* 0: none */
	bool counts;                    /* such records may be known */
	bool detail;                    /* they have one: an object */
	uint8_t time, cnt, type, file, iface, host, ot[OT_MEMBERS];
	uint8_t value_last;             /* ot.value: of a list of numbers, else the same */
	bool has_value, text_value, list_value;
	bool is_flow;
	uint8_t flow[FLOW_MEMBERS], start;
	uint8_t asked, nanswers, answer[ANSWERS];       /* a name, and what may be its addresses */
	bool is_claim;
	uint8_t claim[CLAIM_MEMBERS];
	uint8_t type_n;
	char type_is[LONGEST_TYPE];
	uint32_t type_text;
};

/* What is done, and how it ends: op and result eight bytes at a time, filled up with zeros, and
 * what they mean. */
enum { OP_WORDS = 2, ACT_WORDS = 6 };
struct act {
	uint32_t kind, id;              /* id: from 1; of no other act */
	bool writes, heard, unanswered, silent;
	int8_t op_is;
	uint64_t words[ACT_WORDS];
};

/* Who speaks with whom: flows that differ in the client's port alone are the same. */
struct pair {
	uint32_t id;                    /* from 1; of no other pair */
	uint32_t src, dst, transport, app;
	uint16_t port, nvlan, vlan[REC_VLANS];
	uint16_t tells, from;           /* 1: the source's port tells something, which is `from`;
	                                 * 2: it is TCP */
};
_Static_assert(sizeof(struct pair) == 36, "compared whole: nothing between its members");

/* What a record does; a line of the cache. */
struct deed {
	_Alignas(64) uint32_t unit;
	uint32_t src, dst, link, part;  /* part: the unit's own station */
	uint32_t app, transport, type;
	uint16_t port, asks, answers, at_unit;          /* where speaks and units were */
	uint16_t vlan[REC_VLANS];
	uint8_t nvlan;
	int8_t op;
	bool turned;                    /* dst is the client */
	bool answered, unanswered, silent, has_unit, has_part;
	bool heard;                     /* dst said something */
	bool flow;                      /* a flow's record: it has counts of its own */
	bool app_said;                  /* app is what the record calls its flow's protocol */
};
_Static_assert(sizeof(struct deed) == 64, "a line of the cache");

/* One that is put off, until what it touches has come from memory. */
struct waiting {
	struct deed *d;
	struct place at, last;          /* of a flow its beginning, and its record's own place */
	uint64_t pkts[2], bytes[2];     /* of a flow */
	uint32_t object;                /* a text; 0: nothing was written */
	uint16_t value_n;               /* of it in values[]; 0: not said */
};
/* How many lines before its turn its stations are asked for, and what hangs on them. */
enum { WAITING = 16, FAR = 12, NEAR = 6 };

/* All deeds of a pair are in one set; of a full one, `next` makes room. */
struct set { uint64_t key[WAYS]; };
_Static_assert(WAYS == 16, "among16() compares all keys");

/* Of its 5 MiB what is used is touched. */
struct again {
	struct set set[SETS];
	struct deed deed[SETS][WAYS];
	uint8_t next[SETS];
	struct plan plan[PLANS];
	struct act act[ACTS];
	struct pair pair[PAIRS];
	uint32_t npairs, nacts;
	uint32_t write_text;            /* "write" */
	struct waiting queue[WAITING];
	char values[WAITING][WRITTEN_VALUE];
	unsigned in, out;
};

/* Pairs are numbered one by one: neighbours do not get into each other's way. */
static inline size_t
again_set(uint32_t pair)
{
	return pair % SETS;
}

/* By whom, what, and to which unit: not 0. */
static inline uint64_t
again_key(uint32_t pair, const struct act *act, uint64_t unit)
{
	return (uint64_t)pair << 32 | act->id << 16 | (uint32_t)unit;
}

/* Of the record's words the act that was kept, or the place for it: then its id is 0. NULL: too
 * long a word. how: what a flow's counts say of its ends. */
struct act *again_act(struct again *a, const struct plan *p, const struct rec_trail *l,
    uint8_t how);
/* A flow's counts and times, and what they say of its ends. False: they are to be read in full. */
bool again_flow(const struct plan *p, const struct rec_trail *l, struct waiting *w, uint8_t *how);
/* Finds out where in records of this kind the values are; p->counts: such records may be known. */
bool again_plan(const struct in *in, struct plan *p);
/* Where a member's value stands on the trail, or NOWHERE; and the value there, as a text. */
uint8_t again_on_trail(const struct rec_trail *l, const struct sval *x);
static inline struct sval
text_on(const struct rec_trail *l, uint8_t at)
{
	return (struct sval){ .p = l->line.p + l->v.v[at].at, .n = l->v.v[at].n, .type = SVAL_STR };
}
/* The same of ARP packets, whose stations are looked up each time (again_claim.c). */
bool again_claims(const struct in *in, struct plan *p);
bool again_claimed(struct inv *v, const struct plan *p, const struct rec_trail *l,
    const struct place *at);
/* Counts one that waited. */
void again_do(struct inv *v, const struct waiting *w);
/* The same, and asks for what it will touch: first for its stations and its link, then for what
 * hangs on them. */
void again_fetch_ends(const struct inv *v, const struct deed *d);
void again_fetch_lists(const struct inv *v, const struct deed *d);
/* Keeps what the pair does under that key; where it is kept. What waited may have been counted. */
struct deed *again_put(struct inv *v, uint32_t pair, uint64_t key, const struct deed *d);

#endif
