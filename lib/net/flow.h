/* flow.h: the flow table: who talks to whom, client and server, by packet time.
 *
 * A flow is a five-tuple (with its VLANs). side 0 is the client's direction
 * ("toserver"), side 1 the server's. The table is one slab with a ceiling;
 * hitting it evicts the flow that was quiet longest. Whoever calls it is told
 * of every end exactly once, through the `end` callback, before the slot is
 * used again. All timing is by packet time, so the same input gives the same
 * flows whatever the clock. */
#ifndef OT_FLOW_H
#define OT_FLOW_H

#include "base/addr.h"
#include "net/pkt.h"
#include "net/tcp.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct dissector;

enum flow_state { FLOW_NEW, FLOW_ESTABLISHED, FLOW_CLOSED };
/* Why a packet is not taken at its word: other bytes for what was there; a wrong checksum;
 * too few hops to live to get where the others went; bytes that its receiver has no room
 * for; a reset from outside of what its receiver awaits. The policy is otdissect(1)'s. */
enum doubt { DOUBT_OVERLAP, DOUBT_CHECKSUM, DOUBT_TTL, DOUBT_WINDOW, DOUBT_RESET, DOUBT_N };
enum flow_reason { FLOW_TIMEOUT, FLOW_FORCED, FLOW_SHUTDOWN };

/* What every packet needs stands in the first lines of cache, what is written
 * of it now and then at the end. The table and who dissects may be two threads: the
 * second line and the sixth are written by the first of them alone, the third to the
 * fifth by the other, and what was doubted. */
struct flow {
	/* identity: addr[0], port[0] is the client */
	struct addr addr[2];
	uint16_t port[2];
	uint8_t proto;
	uint8_t nvlan;
	uint16_t vlan[2];
	uint32_t index;                 /* private to flow.c */
	bool used;                      /* and this */

	/* the thread that dissects it, 0: the table's own; see crew.h */
	uint8_t owner;

	/* counters, [side] */
	_Alignas(64) uint64_t pkts[2];
	uint64_t bytes[2];
	int64_t last_us;
	uint64_t last_cnt;              /* packet numbers: the evidence */
	const struct origin *from;      /* of the last packet, where last_cnt counts */
	uint16_t ttl[2];                /* smallest of each direction; FLOW_SILENT before */
	uint8_t tcp_flags[2];
	uint8_t state;                  /* enum flow_state */
	uint8_t lru_list;               /* private to flow.c */

	/* application: what the dissecting layer keeps here */
	_Alignas(64) const struct dissector *app;       /* NULL while unknown */
	void *app_data;                 /* state_size bytes, zeroed at first, or NULL */
	uint32_t tx;                    /* events so far */
	uint8_t app_state;              /* the engine's own */
	uint8_t app_tries;
	uint8_t app_first;              /* 1 + the registry's index of what app was before */
	uint8_t anomalies;
	uint32_t pend_head;             /* requests waiting; see pend.h */
	uint32_t pend_n;
	uint16_t credentials;           /* kinds reported; see proto_credential() */
	uint16_t kept;                  /* entries of keep.h that are its own */
	bool websocket;                 /* its bytes are in WebSocket frames */
	bool cut;                       /* our snap length cut a packet of it */

	_Alignas(64) struct tcp_side tcp[2];
	_Alignas(64) struct tcp_kept last[2];   /* see tcp_keep() */
	uint8_t last_head[2];

	/* what each side said last, as the table's thread has it */
	_Alignas(64) union tcp_said said[2];
	/* while another thread dissects it: the sequence number that comes next, and whether
	 * any other came */
	uint32_t next[2];
	bool uneven;

	uint8_t mac[2][6];
	bool has_mac;
	uint8_t icmp_type, icmp_code;
	bool stays;                     /* with the table's thread, whatever else */
	bool held;                      /* ended, its place not free yet: flowtab_release() */
	uint32_t isn[2];                /* of each side's first SYN; 0 without */
	uint64_t id;                    /* 51 bits, the same on every run */
	int64_t first_us;
	uint64_t first_cnt;
	const struct origin *first_from;
	const char *tunnel;
	char cid[32];                   /* community_id once asked for, NUL-terminated */
	uint16_t doubted[DOUBT_N];      /* packets, counted by who follows the flow */
	bool watched;                   /* something of it was doubted */
	/* as each side's first packet had it: */
	bool sums[2];                   /* a right checksum */
	uint8_t scale[2];               /* of its window (RFC 7323), in its SYN; FLOW_... */
	uint16_t ttl_low[2];            /* smallest that was doubted; FLOW_SILENT: none */
	struct { int64_t us; uint64_t cnt; } carry_at[2];       /* where what tcp[] carries began */
};
_Static_assert(offsetof(struct flow, app) == 128 && offsetof(struct flow, tcp) == 192 &&
    offsetof(struct flow, last) == 256 && offsetof(struct flow, said) == 320 &&
    sizeof(struct flow) == 512, "a flow's lines of cache");

enum { FLOW_SILENT = 256 };
/* No SYN seen; a SYN that does not scale. */
enum { FLOW_SCALE_UNKNOWN = 0xff, FLOW_SCALE_NONE = 0xfe };

struct flow_stats {
	uint64_t created, ended, evicted;
	uint32_t active, peak;
};

struct flowtab;

/* One allocation of the whole table; NULL when memory is out. end(arg, f, why)
 * is called as each flow ends. tcp_ports and udp_ports are borrowed, 65536
 * bytes each, not zero where a port is known as a server's: that settles who
 * is the client when a capture begins amid a conversation. */
struct flowtab *flowtab_new(uint32_t max, const uint8_t *tcp_ports, const uint8_t *udp_ports,
    void (*end)(void *, struct flow *, enum flow_reason), void *arg);
/* From now on VLAN tags do not tell flows apart: for mirrors that tag one direction
 * only. A flow then has the tags of its first packet. */
void flowtab_join_vlans(struct flowtab *t);
void flowtab_free(struct flowtab *t);

/* The flow of this packet, made if new, and the packet's direction in it. Expires what
 * is due first. Counts the packet. Packets without IP give NULL, and so does a TCP packet
 * that is not believed: it is counted, and flow_doubted() tells whose it is and why. */
struct flow_seen { struct flow *flow; int side; };
struct flow_seen flow_get(struct flowtab *t, const struct pkt *k);
/* The flow of the packet for which flow_get() gave NULL just now; NULL without IP. */
struct flow *flow_doubted(const struct flowtab *t, int *side, enum doubt *why);
/* True when k has a wrong checksum and its direction is known for right ones. Other
 * threads ask: a direction's first packet settles it. */
bool flow_sum_wrong(const struct flow *f, int side, const struct pkt *k);
/* Bytes that the other side's receiver has room for beyond what it acknowledged, when this
 * was the last it said: the window that `side` may send into, the greatest it can mean.
 * Other threads ask, once both sides have spoken: that settles it. */
uint32_t flow_window(const struct flow *f, int side, const union tcp_said *other);

/* Whether both are of one flow, and of the usual kind. */
static inline bool
flow_same(const struct pkt *a, const struct pkt *b)
{
	uint32_t src, dst, from, to;

	memcpy(&src, a->src.b, 4);
	memcpy(&dst, a->dst.b, 4);
	memcpy(&from, b->src.b, 4);
	memcpy(&to, b->dst.b, 4);
	return a->plain4 && b->plain4 && a->ip_proto == b->ip_proto &&
	    ((src == to && dst == from && a->sport == b->dport && a->dport == b->sport) ||
	    (src == from && dst == to && a->sport == b->sport && a->dport == b->dport));
}

void flow_ask(const struct flowtab *t, struct pkt *k);
uint32_t flow_fetch(const struct flowtab *t, const struct pkt *k);
/* Ahead of flow_get(), some packets before and then a few: memory is slow to answer,
 * and these ask without waiting. A request and its answer mostly follow on each other: two
 * packets of three are of the flow of the one `before` them (NULL: not known), and nothing is
 * asked for again. flow_get() must be called for `before`, then for k, and for none between. */
static inline void
flow_far(const struct flowtab *t, struct pkt *k, const struct pkt *before)
{
	if (before && flow_same(k, before)) {
		k->hash = before->hash;
		k->hashed = k->same = true;
	} else {
		flow_ask(t, k);
	}
}
/* Returns the index of the flow it will likely be, for what others keep of it, or ~0. */
static inline uint32_t
flow_near(const struct flowtab *t, const struct pkt *k)
{
	return k->same ? ~0u : flow_fetch(t, k);
}
/* The same in two steps where others dissect some of the flows: the table's part, then,
 * some packets later, whether the flow is this thread's: its index, or ~0. */
void flow_near_table(const struct flowtab *t, const struct pkt *k);
uint32_t flow_near_own(const struct flowtab *t, const struct pkt *k);

/* Whose flow's end() sets f->held gives its place back later, with flowtab_release().
 * need(arg) is called when a place is wanted and all that are free are held: it must
 * release one at least. */
void flowtab_on_need(struct flowtab *t, void (*need)(void *arg));
void flowtab_release(struct flowtab *t, struct flow *f);

/* Client and server change places: the first packet seen was an answer. Only
 * before anything was reported of the flow. */
void flow_swap(struct flow *f);

/* Ends all flows, oldest first: end of input. */
void flowtab_drain(struct flowtab *t);

const struct flow_stats *flowtab_stats(const struct flowtab *t);
/* k was handed out just now. */
static inline void
flow_keep(struct flow *f, int side, const struct pkt *k)
{
	tcp_keep(&f->tcp[side], &f->last[side], &f->last_head[side], k);
}
static inline uint32_t
flow_index(const struct flowtab *t, const struct flow *f)
{
	return f->index;
}
struct flow *flow_at(struct flowtab *t, uint32_t index);
/* One more than the highest index so far. */
uint32_t flowtab_high(const struct flowtab *t);

#endif
