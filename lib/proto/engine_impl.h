/* engine_impl.h: the engine's insides, for engine.c, stream.c, ev.c, pend.c
 * and flowev.c only. */
#ifndef OT_ENGINE_IMPL_H
#define OT_ENGINE_IMPL_H

#include "proto/engine.h"
#include "proto/told.h"
#include "proto/websocket.h"

enum { APP_PROBING, APP_KNOWN, APP_FAILED, APP_LEFT };

enum {
	FLUSH_AT = 64 << 10,
	/* what a flush may leave behind, plus the longest record */
	OUT_CAP = FLUSH_AT + LIM_RECORD + 4096,
	FRAG_N = 16384, FRAG_TEXT = 492,
	HEAD_N = 256, CRED_N = 256, HEAD_TRIES = 4,
	MEMO_BITS = 10,
	ENGINE_NEAR = 8,        /* so many packets before its turn, memory is asked for */
};

/* The part of the envelope that is the same for all events of one direction of
 * a flow, rendered once: it is half of a typical record. */
struct fragment {
	uint64_t id;
	const struct dissector *app;
	const char *type;
	uint16_t n;
	uint16_t opened;                /* with the detail object of an event of that type */
	uint8_t side;
	char s[FRAG_TEXT];
};

/* What stands between an event's time and the number of its packet: the same for
 * all events of a type from one place. */
struct head {
	const char *type;
	const struct origin *org;
	const struct dissector *self;   /* whose events these are, and its place: */
	size_t index;
	size_t n;
	char s[2 * LIM_TEXT + 100];
};

/* What told_before() noted, and when. */
struct told { uint64_t hash; int64_t us; };

/* What ev_keep() keeps. */
struct memo {
	const struct dissector *app;
	uint32_t key;
	uint16_t n;
	char s[EV_KEPT];
};

/* Dissectors by their place in the registry. */
enum { SET_MAX = 256 };
struct set { uint64_t w[SET_MAX / 64]; };
static inline void set_add(struct set *s, size_t i) { s->w[i / 64] |= 1ull << (i & 63); }
struct hint_at { uint64_t key; uint16_t d; };

struct engine {
	struct engine_opts o;
	struct flowtab *flows;
	struct tcppool *tcp;
	struct fragtab *frags;
	uint8_t (*state)[PROTO_STATE_MAX];      /* by flow index */
	struct pend *pend;                      /* [0] is nobody */
	uint32_t pend_free, pend_high, pend_oldest, pend_newest, pend_n;
	uint32_t pend_room;                     /* so many may wait before crew.c is asked */
	struct websocket (*websocket)[2];       /* by flow index, for flows that are in frames */
	uint8_t plain[WEBSOCKET_PLAIN];
	struct told told[TOLD_N];
	struct fragment *fragment;
	struct gatherpool *gather;
	struct rollup *rollup;                  /* NULL: nothing is folded */
	struct when ev_at;                      /* of the event at hand, where there is a rollup */
	struct keeppool *keep;
	uint32_t kept;                          /* entries in it */

	struct crew *crew;                      /* NULL: this thread does all */
	struct outlet *outlet;                  /* where out's bytes go then */
	uint64_t step;                          /* what is done now, in the order of the output */
	const union tcp_said *said;             /* by the other side before the packet at hand,
	                                         * where the flow has later ones; see doubt.c */

	struct ev ev;
	struct jw out;
	char *buf;
	char scratch[LIM_EV_SCRATCH];
	char val[LIM_EV_VALUE];
	struct ident spare;                     /* where an identity too many is written */
	struct jw_mark detail;                  /* before the detail object */
	size_t detail_at;
	const struct dctx *ev_ctx;
	const struct when *ev_when;             /* as ev_begin() was given it */
	int ev_side;

	struct head head[HEAD_N];
	struct head *ev_head;                   /* of the event being written */
	struct memo memo[1 << MEMO_BITS];
	struct memo *memo_open;                 /* to be filled by what is written now, */
	size_t memo_at;                         /* from here on */

	struct pkt batch[ENGINE_PACKETS];         /* layers of the packets that came together */
	struct pkt *k;                          /* those of the packet at hand */
	struct packet last;                     /* the batch's last packet, when it is done */
	int64_t now;
	bool ending;                            /* the input has: late requests had no time */
	uint64_t cred[CRED_N];                  /* senders reported, where there are no flows */
	struct remote_table *remote;            /* filled when a name is first looked up */
	bool link_cut;                          /* our snap length cut a link-layer PDU */
	bool probe_open;                        /* somebody may yet know what was last probed */

	struct hint_at *hint;                   /* sorted by key; see hints.c */
	size_t nhints;
	struct set carriers[2];                 /* who probes datagrams [0], streams [1] */
	/* 1 + registry index of a server port's protocol, 0: none */
	uint8_t tcp_port[65536], udp_port[65536];
	bool *on;                               /* registry_n: runs at all */

	struct engine_stats st;
	uint64_t unknown_link, unknown_ip, probe_failed, oversize, anomalies_muted,
	    decode_anomalies;
	int64_t decode_minute;                  /* the minute that is being counted */
	unsigned decode_reported;
};

/* What follows from a packet of flow f, once the table has it. */
void engine_give(struct engine *g, struct flow *f, int side, const struct pkt *k);
void engine_end_flow(struct engine *g, struct flow *f, enum flow_reason why);
/* The buffer has no room for many more records. */
void engine_full(struct engine *g) __attribute__((cold));

/* hints.c: whom a number points to, in the registry's order. */
bool hints_init(struct engine *g);
const struct hint_at *hints_first(const struct engine *g, enum hint_kind kind, uint64_t value);
const struct hint_at *hints_next(const struct engine *g, const struct hint_at *h);

/* Where the fragment of one direction of a flow is, or would be. */
static inline struct fragment *
fragment_at(struct engine *g, uint32_t flow, int side)
{
	/* most flows have events of one side only: the other's come in between */
	return &g->fragment[(flow + (uint32_t)side * (FRAG_N / 2)) & (FRAG_N - 1)];
}

/* On its way into the cache while others are dissected: the state of a flow's dissector, and the
 * envelope of the event there may be. */
static inline __attribute__((always_inline)) void
fetch_state(struct engine *g, uint32_t flow)
{
	const char *fr = (const char *)fragment_at(g, flow, 0);

	__builtin_prefetch(g->state[flow]);
	/* not prefetch(): compilers leave its loop, and it would run for each packet */
	__builtin_prefetch(fr);
	__builtin_prefetch(fr + 64);
	__builtin_prefetch(fr + 128);
	__builtin_prefetch(fr + 192);
	__builtin_prefetch(fr + 256);
	__builtin_prefetch(fr + 320);
}

/* A context for flow f (may be NULL). */
static inline void
engine_ctx(struct engine *g, struct dctx *c, struct flow *f, int side)
{
	const struct packet *raw = g->k->raw;

	*c = (struct dctx){ .eng = g, .k = g->k, .flow = f, .side = side, .opts = &g->o.proto };
	if (f) {
		c->self = f->app;
		c->tcp = f->proto == IPP_TCP;
		c->state = f->app_data;
	}
	if (raw)
		c->when = (struct when){ raw->us, raw->cnt, raw->from };
}
/* What follows from a verdict that is not just DIS_OK. */
bool engine_dissected(struct engine *g, struct dctx *c, struct rd *r, enum verdict v, bool quiet);
/* One PDU or datagram to its dissector; reports what is malformed unless quiet.
 * False when the flow left APP_KNOWN. */
static inline bool
engine_dissect(struct engine *g, struct dctx *c, struct rd *r, bool quiet)
{
	const struct flow *f = c->flow;
	enum verdict v;

	/* What our own snap length cut reads as zeros and short lists: nothing
	 * that follows from that is the sender's fault. */
	c->cut = r->cap < r->len;
	v = c->self->dissect(c, r);
	if (g->ev.open)
		ev_drop(&g->ev);
	if (__builtin_expect(v == DIS_OK && rd_ok(r) && !c->cut, 1))
		return !f || f->app_state == APP_KNOWN;
	return engine_dissected(g, c, r, v, quiet);
}
/* Which protocol the bytes are: sets f->app and swaps sides where needed (*side
 * follows). True when it was decided; where not, g->probe_open says whether more
 * of it may decide. */
bool
engine_probe(struct engine *g, struct flow *f, struct rd s0, struct rd s1, bool tcp, int *side);
/* The capture began amid this TCP connection. */
static inline bool
engine_midstream(const struct flow *f)
{
	return f->proto == IPP_TCP && !((f->tcp_flags[0] | f->tcp_flags[1]) & TH_SYN);
}
void engine_set_app(struct engine *g, struct flow *f, const struct dissector *d);
size_t engine_index(const struct dissector *d);

/* stream.c: a TCP packet of f that may have something for it. */
static inline bool
stream_wants(const struct flow *f, int side, const struct pkt *k)
{
	if (f->app_state == APP_FAILED || f->app_state == APP_LEFT)
		return false;
	/* an acknowledgement of what is here already: every third packet */
	return rd_left(&k->payload) || f->tcp[!side].wait_head || (k->tcp_flags & TH_SYN);
}
void stream_packet(struct engine *g, struct flow *f, int side, const struct pkt *k);
/* The flow ends: what still waits is given out. */
void stream_finish(struct engine *g, struct flow *f);

/* doubt.c: packets and segments that are not taken at their word. */
/* flow_get() gave no flow for the packet at hand. */
void doubt_packet(struct engine *g) __attribute__((cold));
/* A segment that is not just what comes next: false where it is not believed. */
bool doubt_segment(struct engine *g, struct flow *f, int side, const struct pkt *k);
/* Once something of a flow was doubted every segment of it is looked at closely. */
void doubt_watch(struct flow *f);

/* datagram.c: a UDP packet of f that may have something for it. */
static inline bool
datagram_wants(const struct flow *f, const struct pkt *k)
{
	return f->app_state != APP_LEFT && rd_left(&k->payload) &&
	    (f->app_state != APP_FAILED || f->app_tries < LIM_PROBE_SEGMENTS);
}
void datagram_packet(struct engine *g, struct flow *f, int side, const struct pkt *k);
/* The flow ends. */
void datagram_finish(struct engine *g, struct flow *f);

/* pend.c */
enum { PEND_MAX = LIM_PENDING - 1, PEND_FLOW = 256 };
/* What waits of one flow, or of all (NULL), goes to another engine that shares the flow
 * table and has room. */
void pend_move(struct engine *to, struct engine *from, const struct flow *only);
bool pend_init(struct engine *g);
/* Bytes of this side are missing: answers may be among them. */
void pend_gap(struct engine *g, struct flow *f, int side);
void pend_expire_flow(struct engine *g, struct flow *f);
/* Those of a guess that was wrong: nobody is told. */
void pend_forget_flow(struct engine *g, struct flow *f);
void pend_expire_due(struct engine *g, int64_t now);
void pend_expire_oldest(struct engine *g);

/* gather.c */
bool gather_init(struct engine *g);
void gather_free(struct engine *g);
void gather_forget(struct engine *g, const struct flow *f);
uint64_t gather_evicted(const struct engine *g);

/* rollup.c */
bool rollup_init(struct engine *g);
void rollup_free(struct engine *g);
/* keep.c */
bool keep_init(struct engine *g);
void keep_free(struct engine *g);
void keep_expire_due(struct engine *g, int64_t now);
void keep_end_flow(struct engine *g, const struct flow *f);
void keep_finish(struct engine *g);
uint64_t keep_evicted(const struct engine *g);

/* guess.c: what the server's port of an unrecognised flow usually means, or NULL. */
const char *guess_name(const struct engine *g, const struct flow *f);

/* credential.c: what ev_credential() said of the event that has ended. */
void credential_after(struct engine *g) __attribute__((cold));

/* stats.c: what w, another thread's, counted is the run's. */
void engine_add_stats(struct engine *g, const struct engine *w);

/* flowev.c: the "flow" event. */
void flow_event(struct engine *g, struct flow *f, enum flow_reason why);

/* An anomaly event outside a dissector (decode, stream). */
void engine_anomaly(struct engine *g, const struct dctx *c, const char *type, const char *event,
    const char *layer, const struct rd *r) __attribute__((cold));

#endif
