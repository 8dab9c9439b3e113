#include "net/tcp.h"

#include "net/tcpsum.h"

#include <stdlib.h>

enum {
	SEG_DATA = TCP_SEG,                     /* a full Ethernet segment and then some */
	SEG_N = TCP_SEGS + 1,
	SMALL = TCP_SMALL, SMALL_N = TCP_SMALLS,
	BIG = LIM_PDU, BIG_N = TCP_BIGS,
	/* further from what a SYN promised no first segment is: that SYN was not
	 * this connection's */
	ASTRAY = 1 << 20,
};

struct seg {
	uint32_t next;
	uint32_t seq, cap, len;                 /* cap < len: cut by our snap length */
	uint8_t d[SEG_DATA];
};

struct tcppool {
	struct seg *seg;                        /* [0] is nobody: 0 means none */
	uint8_t (*small)[SMALL];
	uint8_t (*big)[BIG];
	uint32_t seg_free, seg_high;
	uint32_t small_free, small_high, big_free, big_high;
	struct tcp_use used, room;
	void (*need)(void *);
	void *need_arg;
	struct tcp_stats stats;
};

struct tcppool *
tcppool_new(void)
{
	struct tcppool *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->seg = calloc(SEG_N, sizeof(*p->seg));
	p->small = calloc(SMALL_N, SMALL);
	p->big = calloc(BIG_N, BIG);
	if (!p->seg || !p->small || !p->big) {
		tcppool_free(p);
		return NULL;
	}
	p->seg_high = 1;
	return p;
}

void
tcppool_free(struct tcppool *p)
{
	if (!p)
		return;
	free(p->seg);
	free(p->small);
	free(p->big);
	free(p);
}

struct tcp_stats *tcp_stats(struct tcppool *p) { return &p->stats; }

static uint32_t
seg_take(struct tcppool *p)
{
	uint32_t i = p->seg_free;

	p->used.seg++;
	if (i) {
		p->seg_free = p->seg[i].next;
		return i;
	}
	return p->seg_high++;
}

static void
seg_give(struct tcppool *p, uint32_t i)
{
	p->seg[i].next = p->seg_free;
	p->seg_free = i;
	p->used.seg--;
}

/* Hands out what now continues the stream. This and the next return the side. */
static struct tcp_side *
drain(struct tcppool *p, struct tcp_side *s, const struct tcp_sink *out)
{
	while (s->wait_head) {
		uint32_t i = s->wait_head;
		struct seg *g = &p->seg[i];
		int32_t diff = (int32_t)(g->seq - s->next);

		if (diff > 0)
			break;
		s->wait_head = g->next;
		s->wait_bytes -= (uint32_t)sizeof(*g);
		if ((uint32_t)-diff < g->len) {
			struct rd r = rd_init(g->d, g->cap, g->len);
			rd_skip(&r, (uint32_t)-diff);
			r = rd_rest(&r);
			s->next = g->seq + g->len;
			s->last = 0;
			s = out->data(out->arg, r);
		}
		seg_give(p, i);
	}
	return s;
}

/* What lies before the first waiting segment, or before seq, will not come. */
static struct tcp_side *
skip_hole(struct tcppool *p, struct tcp_side *s, uint32_t seq, const struct tcp_sink *out)
{
	uint32_t n = seq - s->next, first = s->wait_head ? p->seg[s->wait_head].seq - s->next : n;

	if (first < n)
		n = first;
	p->stats.gaps++;
	p->stats.gap_bytes += n;
	s->next += n;
	s->last = 0;
	s = out->gap(out->arg, n);
	return drain(p, s, out);
}

/* Pieces that continue each other go into one place: a segment in single bytes takes no more room
 * than in one. Only where there is none left, for some protocols' messages end where a segment
 * does. */
static void
wait_join(struct tcppool *p, struct tcp_side *s)
{
	for (uint32_t i = s->wait_head, next; i && (next = p->seg[i].next); ) {
		struct seg *g = &p->seg[i], *h = &p->seg[next];

		if (h->seq != g->seq + g->len || g->cap < g->len || h->cap < h->len ||
		    g->len + h->len > SEG_DATA) {
			i = next;
			continue;
		}
		memcpy(g->d + g->len, h->d, h->len);
		g->len += h->len;
		g->cap = g->len;
		g->next = h->next;
		s->wait_bytes -= (uint32_t)sizeof(*h);
		seg_give(p, next);
	}
}

/* Keeps an early segment, in order of sequence numbers, in pieces of SEG_DATA. */
static bool
wait_insert(struct tcppool *p, struct tcp_side *s, uint32_t seq, struct rd r)
{
	uint32_t *pp = &s->wait_head, whole = rd_have(&r) / SEG_DATA;
	uint32_t pieces = whole + (rd_left(&r) > whole * SEG_DATA);

	/* what each takes, not what it holds: many small ones are no cheaper */
	if (s->wait_bytes + pieces * sizeof(struct seg) > LIM_TCP_DIR) {
		wait_join(p, s);
		if (s->wait_bytes + pieces * sizeof(struct seg) > LIM_TCP_DIR)
			return false;
	}
	if (p->used.seg + pieces > p->room.seg && p->need)
		p->need(p->need_arg);
	if (p->used.seg + pieces > SEG_N - 1) {
		p->stats.pool_full++;
		return false;
	}
	while (rd_left(&r)) {
		uint32_t n = rd_left(&r), have = rd_have(&r), i;
		struct seg *g;

		if (have >= SEG_DATA)
			n = have = SEG_DATA;
		i = seg_take(p);
		g = &p->seg[i];
		g->seq = seq;
		g->len = n;
		g->cap = have;
		if (have)
			memcpy(g->d, rd_bytes(&r, have), have);
		if (n > have)
			r.off = r.cap = r.len;  /* the rest is not ours to read */
		while (*pp && (int32_t)(p->seg[*pp].seq - seq) <= 0)
			pp = &p->seg[*pp].next;
		g->next = *pp;
		*pp = i;
		s->wait_bytes += (uint32_t)sizeof(*g);
		seq += n;
	}
	return true;
}

void
tcp_segment(struct tcppool *p, struct tcp_side *s, const struct pkt *k, const struct tcp_sink *out)
{
	struct rd r = k->payload;
	uint32_t len = rd_left(&r), seq = k->seq;
	int32_t diff;

	if (k->tcp_flags & TH_SYN) {
		seq++;
		if (!s->started) {
			s->started = TCP_BEGUN;
			s->next = seq;
			s->isn = k->seq;
		}
	}
	if (!len || k->tcp_flags & TH_RST)
		return;
	p->stats.segments++;
	if (!s->started) {
		s->started = TCP_BEGUN;
		s->next = seq;
	}
	diff = (int32_t)(seq - s->next);
	if (diff && s->isn && s->next == s->isn + 1 && (diff > ASTRAY || diff < -ASTRAY)) {
		s->next = seq;
		diff = 0;
	}
	if (diff > 0) {
		p->stats.out_of_order++;
		while (!wait_insert(p, s, seq, r)) {
			/* no room to wait: give up on the hole */
			s = skip_hole(p, s, seq, out);
			diff = (int32_t)(seq - s->next);
			if (diff <= 0)
				break;
		}
		if (diff > 0)
			return;
	}
	if (diff < 0) {
		uint32_t old = 0 - (uint32_t)diff;
		p->stats.retransmitted++;
		if (old >= len)
			return;
		rd_skip(&r, old);
		if (!rd_ok(&r))
			return;
		r = rd_rest(&r);
	}
	s->next = seq + len;
	s->last = 0;
	s = out->data(out->arg, r);
	if (s->wait_head)
		drain(p, s, out);
}

/* Bytes that wait. A piece that our snap length cut says nothing of its end. */
static bool
differs_waiting(const struct tcppool *p, const struct tcp_side *s, uint32_t seq, const uint8_t *d,
    uint32_t n, uint32_t *at)
{
	for (uint32_t i = s->wait_head; i; i = p->seg[i].next) {
		const struct seg *g = &p->seg[i];
		int32_t from = (int32_t)(g->seq - seq);         /* where g begins in d */
		uint32_t skip = from < 0 ? 0 - (uint32_t)from : 0;
		uint32_t to = from > 0 ? (uint32_t)from : 0;

		if (from >= (int32_t)n)
			break;
		for (; skip < g->cap && to < n; skip++, to++)
			if (g->d[skip] != d[to]) {
				*at = to;
				return true;
			}
	}
	return false;
}

/* The segment handed out last. */
static bool
differs_last(const struct tcp_side *s, const struct tcp_kept *q, uint8_t head,
    const struct pkt *k, const uint8_t *d, uint32_t n, bool sums, uint32_t *at)
{
	uint32_t first = s->next - s->last;     /* its sequence number */

	if (!s->last || (int32_t)(s->next - k->seq) <= 0 || (int32_t)(k->seq + n - first) <= 0)
		return false;
	if (s->last > TCP_SHORT)
		return sums && k->seq == first && n == s->last && head <= TCP_KEPT_HEAD &&
		    tcpsum_other(k, q->d + (TCP_KEPT_HEAD - head), head);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t back = s->next - (k->seq + i);         /* bytes before the end */
		if ((int32_t)back <= 0)
			break;
		if (back <= s->last && q->d[TCP_SHORT - back] != d[i]) {
			*at = i;
			return true;
		}
	}
	return false;
}

bool
tcp_differs(const struct tcppool *p, const struct tcp_side *s, const struct tcp_kept *q,
    uint8_t head, const struct pkt *k, bool sums, uint32_t *at)
{
	struct rd r = k->payload;
	uint32_t n = rd_have(&r);
	const uint8_t *d = rd_at(&r);

	*at = 0;
	/* hosts ask whether the other one is there with a byte of any value, again */
	if (!s->started || !n || (n == 1 && k->seq == s->next - 1))
		return false;
	return differs_waiting(p, s, k->seq, d, n, at) ||
	    differs_last(s, q, head, k, d, n, sums && n == rd_left(&r), at);
}

void
tcp_acked(struct tcppool *p, struct tcp_side *s, uint32_t ack, const struct tcp_sink *out)
{
	while (s->wait_head && (int32_t)(ack - p->seg[s->wait_head].seq) > 0 &&
	    (int32_t)(p->seg[s->wait_head].seq - s->next) > 0)
		s = skip_hole(p, s, p->seg[s->wait_head].seq, out);
}

void
tcp_finish(struct tcppool *p, struct tcp_side *s, const struct tcp_sink *out)
{
	while (s->wait_head)
		s = skip_hole(p, s, p->seg[s->wait_head].seq, out);
	tcp_drop(p, s);
}

void
tcp_drop(struct tcppool *p, struct tcp_side *s)
{
	while (s->wait_head) {
		uint32_t i = s->wait_head;
		s->wait_head = p->seg[i].next;
		seg_give(p, i);
	}
	s->wait_bytes = 0;
	tcp_carry_drop(p, s, UINT32_MAX);
}

/* Carry blocks: 1..SMALL_N are small, those above big. The free list's next is
 * kept in a free block's first bytes. */
static uint8_t *
carry_ptr(struct tcppool *p, uint32_t id)
{
	return id <= SMALL_N ? p->small[id - 1] : p->big[id - 1 - SMALL_N];
}

static uint32_t
carry_take(struct tcppool *p, bool big)
{
	uint32_t *head = big ? &p->big_free : &p->small_free;
	uint32_t *high = big ? &p->big_high : &p->small_high;
	uint32_t *used = big ? &p->used.big : &p->used.small, id;

	if (*used >= (big ? p->room.big : p->room.small) && p->need)
		p->need(p->need_arg);
	id = *head;
	*used += 1;
	if (id) {
		memcpy(head, carry_ptr(p, id), sizeof(*head));
		return id;
	}
	if (*high == (uint32_t)(big ? BIG_N : SMALL_N)) {
		p->stats.pool_full++;
		*used -= 1;
		return 0;
	}
	return ++*high + (big ? SMALL_N : 0);
}

static void
carry_give(struct tcppool *p, uint32_t id)
{
	uint32_t *head = id > SMALL_N ? &p->big_free : &p->small_free;

	memcpy(carry_ptr(p, id), head, sizeof(*head));
	*head = id;
	*(id > SMALL_N ? &p->used.big : &p->used.small) -= 1;
}

bool
tcp_carry(struct tcppool *p, struct tcp_side *s, const uint8_t *d, uint32_t n)
{
	uint32_t have = s->carry ? s->carry_n : 0;

	if (n > LIM_PDU - have)
		goto no;
	if (!s->carry) {
		s->carry = carry_take(p, n > SMALL);
		s->carry_n = 0;
		if (!s->carry)
			return false;
	} else if (s->carry <= SMALL_N && have + n > SMALL) {
		uint32_t big = carry_take(p, true);
		if (!big)
			goto no;
		memcpy(carry_ptr(p, big), carry_ptr(p, s->carry), have);
		carry_give(p, s->carry);
		s->carry = big;
	}
	memcpy(carry_ptr(p, s->carry) + have, d, n);
	s->carry_n = have + n;
	return true;
no:
	tcp_carry_drop(p, s, UINT32_MAX);
	return false;
}

const uint8_t *
tcp_carried(struct tcppool *p, const struct tcp_side *s, uint32_t *n)
{
	*n = s->carry ? s->carry_n : 0;
	return s->carry ? carry_ptr(p, s->carry) : NULL;
}

void
tcp_carry_drop(struct tcppool *p, struct tcp_side *s, uint32_t n)
{
	uint8_t *d;

	if (!s->carry)
		return;
	if (n >= s->carry_n) {
		carry_give(p, s->carry);
		s->carry = 0;
		s->carry_n = 0;
		return;
	}
	d = carry_ptr(p, s->carry);
	memmove(d, d + n, s->carry_n - n);
	s->carry_n -= n;
}

struct tcp_use tcp_used(const struct tcppool *p) { return p->used; }

void
tcp_room(struct tcppool *p, const struct tcp_use *room, void (*need)(void *), void *arg)
{
	p->room = *room;
	p->need = need;
	p->need_arg = arg;
}

void
tcp_move(struct tcppool *to, struct tcppool *from, struct tcp_side *s)
{
	uint32_t *pp = &s->wait_head;

	while (*pp) {
		uint32_t old = *pp, i = seg_take(to);

		memcpy(&to->seg[i], &from->seg[old], sizeof(struct seg));
		*pp = i;
		pp = &to->seg[i].next;
		seg_give(from, old);
	}
	if (s->carry) {
		uint32_t old = s->carry;

		s->carry = carry_take(to, old > SMALL_N);
		memcpy(carry_ptr(to, s->carry), carry_ptr(from, old), s->carry_n);
		carry_give(from, old);
	}
}
