/* bacnet_wait.h: what BACnet has to keep beside the flows' own requests: answers
 * in segments, and requests on links that have no flows. Both are small tables
 * of the thread, the least recently used entry giving way. For bacnet.c only. */
#ifndef OT_BACNET_WAIT_H
#define OT_BACNET_WAIT_H

#include "proto/bacnet.h"
#include "proto/engine.h"

/* An answer of which segments have come. */
struct bac_answer {
	const struct engine *eng;       /* NULL: free */
	int64_t run;                    /* when eng's run began: tells runs of one process apart */
	uint64_t key, flow, used;
	uint8_t side, next;
	bool gap;                       /* a segment is missing: data ends before it */
	uint16_t segments;
	uint32_t n, total;
	uint8_t data[LIM_BACNET_ANSWER];
};
struct bac_answer *bac_answer_find(const struct dctx *c, uint64_t key, int side);
/* Any of this flow's. */
bool bac_answer_open(const struct flow *f);
/* Forgets it; its bytes stay until the next segment of anybody is taken. */
void bac_answer_drop(struct bac_answer *s);
/* Takes one segment; the answer once its last one came, forgotten by then. */
struct bac_answer *bac_answer_add(const struct dctx *c, uint64_t key, const struct bac_apdu *a,
    struct rd *r);

/* A request on Ethernet or MS/TP, with what its event's envelope needs. */
struct bac_wait {
	const struct engine *eng;       /* NULL: free */
	int64_t run;
	uint64_t key, seq;
	struct when when;
	bool has_mac;
	uint8_t src[6], dst[6], nvlan;
	uint16_t vlan[LIM_VLANS];
	struct bac_req q;
};
struct bac_wait *bac_wait_find(const struct dctx *c, uint64_t key);
/* Remembers q. Who waits under this key already, or gives way, expires first. */
void bac_wait_put(struct dctx *c, uint64_t key, const struct bac_req *q,
    void (*expire)(struct dctx *, struct bac_wait *));
/* Expires what has waited LIM_PENDING_SECONDS; with all, whatever waits. */
void bac_wait_sweep(struct dctx *c, bool all, void (*expire)(struct dctx *, struct bac_wait *));
/* Makes d a copy of c whose packet (k) goes from w's client to its server. */
void bac_wait_ctx(struct dctx *d, struct pkt *k, const struct dctx *c, const struct bac_wait *w);

/* bacnet_mstp.c. An MS/TP frame's checksums, r at its type; false: wrong, and *why
 * says which. npdu: what an encoded frame holds, else empty. */
bool bac_mstp_checked(const struct rd *r, struct bac_vl *v, struct rd *npdu, const char **why);
/* Counts a frame; the first of a station's is an event. At the end of the run:
 * what the line carried. */
void bac_mstp_seen(struct dctx *c, const struct bac_vl *v, bool bad);
void bac_mstp_end(struct dctx *c);

#endif
