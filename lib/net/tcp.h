/* tcp.h: reassembly of one direction of a TCP connection.
 *
 * Segments in, bytes in order out, in place where nothing is missing. What
 * came too early waits in a bounded pool; what came twice is dropped: bytes once
 * handed out are never revised; what never comes is a gap, declared when the
 * other side has acknowledged what lies behind it, the pool is full, or the
 * flow ends. A capture that begins amid a connection
 * starts with the first segment seen. */
#ifndef OT_TCP_H
#define OT_TCP_H

#include "base/rd.h"
#include "net/pkt.h"

#include <stdbool.h>
#include <stdint.h>

/* Of a side: nothing seen; begun; begun, and every segment is looked at closely. */
enum { TCP_SILENT, TCP_BEGUN, TCP_WATCHED };

struct tcp_side {
	uint32_t next;          /* sequence number expected */
	uint32_t wait_head;     /* segments that came too early, by sequence; 0 = none */
	uint32_t wait_bytes;    /* memory they take */
	uint32_t carry;         /* pool block with the start of an unfinished PDU; 0 = none */
	uint32_t carry_n;
	uint32_t skip;          /* bytes of an oversized PDU still to pass over */
	uint32_t isn;           /* of the SYN that began it; 0 without */
	uint8_t started;        /* TCP_... */
	bool lost;              /* after a gap, not yet in step again */
	uint16_t last;          /* bytes of the segment handed out last, ending at next; 0:
	                         * not kept, see tcp_keep() */
};

/* Of the segment handed out last, enough to tell whether the same bytes came again: it
 * itself where it is short, else the TCP header before it, whose checksum knows. */
enum { TCP_SHORT = 16, TCP_KEPT = 24, TCP_KEPT_HEAD = 32 };
struct tcp_kept { uint8_t d[TCP_KEPT]; };

struct tcp_stats {
	uint64_t segments, retransmitted, out_of_order, gaps, gap_bytes;
	uint64_t pool_full;
};

struct tcppool;
/* One allocation of LIM_TCP_MEM bytes; NULL when memory is out. */
struct tcppool *tcppool_new(void);
void tcppool_free(struct tcppool *p);
struct tcp_stats *tcp_stats(struct tcppool *p);

/* What the stream gives: data in order, or word of a gap of n bytes. Both
 * return where the side is now: to find out what a stream speaks may have made
 * client and server change places. */
struct tcp_sink {
	void *arg;
	/* r.cap < r.len: cut by our snap length */
	struct tcp_side *(*data)(void *arg, struct rd r);
	struct tcp_side *(*gap)(void *arg, uint32_t n);
};

/* Feeds one segment of side s. */
void tcp_segment(struct tcppool *p, struct tcp_side *s, const struct pkt *k,
    const struct tcp_sink *out);
/* True, and it is taken: the segment is just what comes next, nothing waits, and its
 * payload is the stream's next bytes. False: tcp_segment() looks closer. */
static inline bool
tcp_next(struct tcp_side *s, const struct pkt *k)
{
	uint32_t n = rd_left(&k->payload);

	if (s->started != TCP_BEGUN || k->seq != s->next || !n || s->wait_head ||
	    (k->tcp_flags & (TH_SYN | TH_RST)))
		return false;
	s->next += n;
	return true;
}
/* Keeps of k, just handed out and not empty, what tcp_differs() needs; *head has the length of its
 * header. Behind the link and IP headers that are before it so much can always be read. */
static inline void
tcp_keep(struct tcp_side *s, struct tcp_kept *q, uint8_t *head, const struct pkt *k)
{
	/* nothing of a packet's own payload is read yet */
	uint32_t n = k->payload.cap;
	const uint8_t *p = k->payload.p;

	s->last = (uint16_t)n;
	if (n <= TCP_SHORT) {
		memcpy(q->d, p + n - TCP_SHORT, TCP_SHORT);
	} else {
		memcpy(q->d, p - TCP_KEPT, TCP_KEPT);
		*head = k->tcp_head;
	}
}
/* True when k brings other bytes than came before for the same sequence numbers: for those
 * that wait, and for the segment that was handed out last. *at is then the first byte of
 * k's payload that differs, 0 where that cannot be told. sums: the direction's checksums
 * are known to be right ones. A probe whether the other side is alive is none. */
bool tcp_differs(const struct tcppool *p, const struct tcp_side *s, const struct tcp_kept *q,
    uint8_t head, const struct pkt *k, bool sums, uint32_t *at);
/* The other side acknowledged up to `ack`: what is missing below is a gap. */
void tcp_acked(struct tcppool *p, struct tcp_side *s, uint32_t ack, const struct tcp_sink *out);
/* Gives out what still waits, gaps included, then frees everything. */
void tcp_finish(struct tcppool *p, struct tcp_side *s, const struct tcp_sink *out);
/* Frees everything, gives out nothing. */
void tcp_drop(struct tcppool *p, struct tcp_side *s);

/* The carry: the beginning of a PDU whose end has not come yet. Appends up to
 * n bytes (at most LIM_PDU in all); false, and nothing kept, when there is no room. */
bool tcp_carry(struct tcppool *p, struct tcp_side *s, const uint8_t *d, uint32_t n);
/* The carried bytes, contiguous; *n of them. */
const uint8_t *tcp_carried(struct tcppool *p, const struct tcp_side *s, uint32_t *n);
/* Drops the first n carried bytes (all when n is larger). */
void tcp_carry_drop(struct tcppool *p, struct tcp_side *s, uint32_t n);

/* What of a pool is in use, or may be: segments that wait, beginnings of PDUs. */
struct tcp_use { uint32_t seg, small, big; };
enum { TCP_SEGS = LIM_TCP_MEM / 2 / 2048 - 1, TCP_SMALLS = LIM_TCP_MEM / 4 / 4096,
       TCP_BIGS = LIM_TCP_MEM / 4 / LIM_PDU, TCP_SMALL = 4096, TCP_SEG = 1984 };
struct tcp_use tcp_used(const struct tcppool *p);
/* Where several pools share one ceiling: need(arg) is called before this one takes more
 * than room; it may move another's here. NULL: the ceilings are this pool's own. */
void tcp_room(struct tcppool *p, const struct tcp_use *room, void (*need)(void *), void *arg);
/* What a side has in one pool goes to another, where there must be place for it. */
void tcp_move(struct tcppool *to, struct tcppool *from, struct tcp_side *s);

#endif
