/* stream.c: from TCP segments to whole PDUs: finding out what a stream speaks,
 * framing, carrying a PDU's beginning over to the next segment, and getting
 * back into step after a gap. */
#include "proto/engine_impl.h"

struct stream {
	struct engine *g;
	struct flow *f;
	int side;
	struct when now;        /* of the packet that brings the bytes */
};

static void
forget(struct stream *x)
{
	tcp_drop(x->g->tcp, &x->f->tcp[0]);
	tcp_drop(x->g->tcp, &x->f->tcp[1]);
}

/* The stream's bytes no longer make sense from here. Quietly wait for a
 * segment that begins with a PDU again. */
static void
lose_step(struct stream *x, const struct when *w, const struct rd *r)
{
	struct tcp_side *s = &x->f->tcp[x->side];
	struct dctx c;

	if (!s->lost) {
		engine_ctx(x->g, &c, x->f, x->side);
		c.when = *w;
		engine_anomaly(x->g, &c, "applayer", "PROTO_OUT_OF_STEP", "proto_parser", r);
	}
	s->lost = true;
}

/* At the cursor no whole PDU of n bytes: false when the rest of r is of no use. */
static __attribute__((noinline)) bool
unfinished(struct stream *x, struct rd *r, const struct when *w, struct dctx *c, struct rd *pdu,
    ssize_t n)
{
	struct tcp_side *s = &x->f->tcp[x->side];
	bool cut = rd_have(r) < rd_left(r);

	if (cut && n <= 0) {
		s->lost = true; /* cut by our snap length */
		return false;
	}
	if (n < 0) {
		lose_step(x, w, pdu);
		return false;
	}
	if (n == 0)
		return rd_have(r) < LIM_PDU;
	/* Longer than we keep, or cut by the snap length: what is here is all there
	 * will be. */
	if (!cut && (n <= LIM_PDU || rd_have(r) < 2048))
		return true;
	x->g->oversize += !cut;
	pdu->len = n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
	if (cut)
		s->lost = true;
	else
		s->skip = pdu->len - rd_left(r);
	engine_dissect(x->g, c, pdu, s->lost);
	return false;
}

/* Takes whole PDUs off r as long as there are any; what is left stays in r.
 * False when the rest of r is of no use. */
static inline __attribute__((always_inline)) bool
take_pdus(struct stream *x, struct rd *r, const struct when *w)
{
	struct flow *f = x->f;
	const struct dissector *d = f->app;
	struct dctx c;

	while (rd_left(r)) {
		struct rd pdu = rd_ahead(r);
		struct tcp_side *s = &f->tcp[x->side];
		ssize_t n;

		engine_ctx(x->g, &c, f, x->side);
		c.when = *w;
		n = d->frame(&c, &pdu);
		if (n > 0 && (size_t)n <= rd_have(r)) {
			pdu.cap = pdu.len = (uint32_t)n;
			r->off += (uint32_t)n;
		} else if (n > 0 && (size_t)n <= rd_left(r)) {
			pdu = rd_sub(r, (uint32_t)n);   /* its end is not in the capture */
		} else {
			return unfinished(x, r, w, &c, &pdu, n);
		}
		if (!engine_dissect(x->g, &c, &pdu, s->lost)) {
			if (f->app_state == APP_PROBING)
				r->off -= c.unread;
			return false;
		}
		/* in step again once a PDU made sense */
		if (s->lost && rd_ok(&pdu))
			s->lost = false;
		if (!rd_ok(r)) {        /* the snap length ended this segment */
			s->lost = true;
			return false;
		}
	}
	return true;
}

/* The same of bytes that were kept, out of line. */
static __attribute__((noinline)) bool
take_pdus_kept(struct stream *x, struct rd *r, const struct when *w)
{
	return take_pdus(x, r, w);
}

/* What take_pdus() left: the beginning of a PDU, kept for the next segment. */
static __attribute__((noinline)) void
keep(struct stream *x, struct rd *r, const struct when *now)
{
	struct tcp_side *s = &x->f->tcp[x->side];
	uint32_t n = rd_have(r);

	if (!n || x->f->app_state != APP_KNOWN)
		return;
	x->f->carry_at[x->side].us = now->us;
	x->f->carry_at[x->side].cnt = now->cnt;
	if (!tcp_carry(x->g->tcp, s, rd_bytes(r, n), n))
		s->lost = true;
}

/* Stream bytes behind the beginning of a PDU, or of one that is passed over. */
static __attribute__((noinline)) void
feed_rest(struct stream *x, struct rd *r, const struct when *now)
{
	struct tcppool *p = x->g->tcp;
	struct flow *f = x->f;
	struct tcp_side *s = &f->tcp[x->side];

	while (rd_left(r) && f->app_state == APP_KNOWN) {
		struct rd v;
		const uint8_t *d;
		uint32_t n, all;

		if (s->skip) {
			n = s->skip < rd_left(r) ? s->skip : rd_left(r);
			s->skip -= n;
			rd_skip(r, n);
			continue;
		}
		if (!s->carry) {
			if (take_pdus_kept(x, r, now))
				keep(x, r, now);
			return;
		}
		tcp_carried(p, s, &n);
		n = LIM_PDU - n < rd_have(r) ? LIM_PDU - n : rd_have(r);
		if (!n || !tcp_carry(p, s, rd_bytes(r, n), n)) {
			tcp_carry_drop(p, s, UINT32_MAX);
			s->lost = true;
			return;
		}
		d = tcp_carried(p, s, &all);
		v = rd_init(d, all, all);
		if (!take_pdus_kept(x, &v, now)) {
			tcp_carry_drop(p, s, UINT32_MAX);
			/* another protocol begins in what r brought */
			if (f->app_state == APP_PROBING)
				r->off -= rd_left(&v) < n ? rd_left(&v) : n;
			if (f->app_state == APP_PROBING || !s->skip)
				return;
			continue;       /* what of r did not fit the carry is passed over */
		}
		if (f->app_state == APP_KNOWN)
			tcp_carry_drop(p, s, v.off);
	}
}

/* Stream bytes in order, protocol known: mostly whole PDUs. */
static inline __attribute__((always_inline)) void
feed(struct stream *x, struct rd *r, const struct when *now)
{
	const struct tcp_side *s = &x->f->tcp[x->side];

	if (s->skip || s->carry)
		feed_rest(x, r, now);
	else if (take_pdus(x, r, now) && rd_left(r))
		keep(x, r, now);
}

/* Keeps r behind what its direction began with, and is past what it kept: LIM_PROBE is enough
 * to tell what it is. False when nothing can be kept. */
static bool
keep_unknown(struct stream *x, struct rd *r, const struct when *now)
{
	struct tcp_side *s = &x->f->tcp[x->side];
	uint32_t n = rd_have(r), room = LIM_PROBE - s->carry_n;

	if (!s->carry) {
		x->f->carry_at[x->side].us = now->us;
		x->f->carry_at[x->side].cnt = now->cnt;
	}
	if (n > room)
		n = room;
	return n && tcp_carry(x->g->tcp, s, rd_bytes(r, n), n);
}

/* Nobody knows what it speaks, and nobody will. */
static void
give_up(struct stream *x)
{
	x->g->probe_failed += x->f->app_state != APP_FAILED;
	x->f->app_state = APP_FAILED;
}

/* What was kept begins amid a PDU, or is no pair: at most this segment is worth
 * keeping. */
static void
begin_again(struct stream *x, struct rd r, const struct when *now, bool keep)
{
	for (int i = 0; i < 2; i++)
		tcp_carry_drop(x->g->tcp, &x->f->tcp[i], UINT32_MAX);
	if (keep && rd_have(&r) <= LIM_PROBE)
		keep_unknown(x, &r, now);
}

static void hand_over(struct stream *x, struct rd *r);

/* Unknown as yet: keeps the beginnings of both directions and asks around. Where
 * the capture began amid a PDU, only what may be the beginning of one is kept. */
static void
probe(struct stream *x, struct rd r, const struct when *now)
{
	struct engine *g = x->g;
	struct flow *f = x->f;
	struct rd seen[2], all = r;
	int side = x->side, first;
	bool middle = engine_midstream(f), begins = false;
	uint32_t n;

	/* the other side spoke since: what this one said before was of another exchange */
	if (middle && f->tcp[side].carry && f->tcp[!side].carry &&
	    f->carry_at[side].cnt < f->carry_at[!side].cnt)
		tcp_carry_drop(g->tcp, &f->tcp[side], UINT32_MAX);
	for (int i = 0; i < 2; i++) {
		const uint8_t *d = tcp_carried(g->tcp, &f->tcp[i], &n);
		seen[i] = rd_init(d, n, n);
	}
	if ((!f->tcp[0].carry && !f->tcp[1].carry) || middle) {
		/* the usual case: the first segment says it all, in place; and when
		 * the capture began amid a PDU, any later segment may */
		struct rd one[2] = { rd_init(r.p, 0, 0), rd_init(r.p, 0, 0) };
		one[side] = r;
		if (engine_probe(g, f, one[0], one[1], true, &side)) {
			tcp_carry_drop(g->tcp, &f->tcp[0], UINT32_MAX);
			tcp_carry_drop(g->tcp, &f->tcp[1], UINT32_MAX);
			x->side = side;
			feed(x, &r, now);
			return;
		}
		begins = middle && g->probe_open;
	}
	if (rd_have(&r) < rd_left(&r)) {
		/* cut by our snap length: what follows does not continue it */
		tcp_carry_drop(g->tcp, &f->tcp[side], UINT32_MAX);
	} else if (f->app_state == APP_PROBING && (!middle || begins || seen[side].len)) {
		/* of what is more than is kept the beginning may tell what it is, with what came
		 * before it; the rest follows then, or never */
		bool fits = f->tcp[side].carry_n + rd_have(&r) <= LIM_PROBE;
		bool more = seen[side].len || f->tcp[!side].carry;

		if (middle && !fits)
			begin_again(x, r, now, begins);
		else if ((!fits && !more) || !keep_unknown(x, &r, now))
			give_up(x);
	}
	if (f->app_state == APP_PROBING && (f->tcp[!side].carry || seen[side].len)) {
		for (int i = 0; i < 2; i++) {
			const uint8_t *d = tcp_carried(g->tcp, &f->tcp[i], &n);
			seen[i] = rd_init(d, n, n);
		}
		if (engine_probe(g, f, seen[0], seen[1], true, &side)) {
			/* replay, in the order in which they came */
			first = f->tcp[0].carry && (!f->tcp[1].carry ||
			    f->carry_at[0].cnt < f->carry_at[1].cnt) ? 0 : 1;
			for (int j = 0; j < 2 && f->app_state == APP_KNOWN; j++) {
				struct when w = *now;
				struct rd v;
				const uint8_t *d;

				x->side = j ? !first : first;
				d = tcp_carried(g->tcp, &f->tcp[x->side], &n);
				if (!n)
					continue;
				if (x->side != side) {
					w.us = f->carry_at[x->side].us;
					w.cnt = f->carry_at[x->side].cnt;
				}
				v = rd_init(d, n, n);
				if (take_pdus_kept(x, &v, &w) && f->app_state == APP_KNOWN)
					tcp_carry_drop(g->tcp, &f->tcp[x->side], v.off);
				else
					tcp_carry_drop(g->tcp, &f->tcp[x->side], UINT32_MAX);
				if (f->app_state == APP_PROBING && x->side == side) {
					/* another protocol begins in what r brought */
					n = r.off - all.off;
					r.off -= n < rd_left(&v) ? n : rd_left(&v);
					hand_over(x, &r);
					return;
				}
			}
			x->side = side;
			if (f->app_state == APP_KNOWN && rd_left(&r))
				feed(x, &r, now);
		} else if (middle && !g->probe_open && f->app_state == APP_PROBING) {
			begin_again(x, all, now, begins);
		} else if (!middle && rd_left(&r)) {
			give_up(x);
		}
	}
	if (f->app_state == APP_FAILED || f->app_state == APP_LEFT)
		forget(x);
}

static void give_again(struct stream *x, struct rd *r);

/* The payload of WebSocket frames, as if it were the stream's. */
static __attribute__((noinline)) void
unwrap(struct stream *x, struct rd *r)
{
	struct engine *g = x->g;
	struct flow *f = x->f;
	struct websocket *w = &g->websocket[f->index][x->side];
	struct rd piece;

	while (f->websocket && (f->app_state == APP_KNOWN || f->app_state == APP_PROBING) &&
	    websocket_next(w, r, g->plain, &piece)) {
		if (f->app_state == APP_PROBING)
			probe(x, piece, &x->now);
		else
			feed(x, &piece, &x->now);
	}
}

/* The stream's protocol said that another one follows, from the rest of r on. */
static __attribute__((noinline)) void
hand_over(struct stream *x, struct rd *r)
{
	for (int side = 0; side < 2; side++) {
		/* who did not wait for the word has begun already */
		if (side == x->side || x->f->websocket)
			tcp_carry_drop(x->g->tcp, &x->f->tcp[side], UINT32_MAX);
		x->f->tcp[side].lost = false;
		x->f->tcp[side].skip = 0;
	}
	if (rd_left(r))
		give_again(x, r);
}

/* Before a protocol is known, or when it is in frames. */
static __attribute__((noinline)) void
give_unknown(struct stream *x, struct rd *r)
{
	struct flow *f = x->f;

	if (f->websocket) {
		unwrap(x, r);
		if (f->app_state == APP_FAILED || f->app_state == APP_LEFT)
			forget(x);
	} else if (f->app_state == APP_PROBING) {
		probe(x, *r, &x->now);
	}
}

static __attribute__((noinline)) void
no_longer_known(struct stream *x, struct rd *r)
{
	if (x->f->app_state == APP_PROBING)
		hand_over(x, r);
	else
		forget(x);
}

static inline __attribute__((always_inline)) void
give(struct stream *x, struct rd *r)
{
	struct flow *f = x->f;

	if (f->websocket || f->app_state != APP_KNOWN) {
		give_unknown(x, r);
		return;
	}
	feed(x, r, &x->now);
	if (f->app_state != APP_KNOWN)
		no_longer_known(x, r);
}

static void give_again(struct stream *x, struct rd *r) { give(x, r); }

static struct tcp_side *
on_data(void *arg, struct rd r)
{
	struct stream *x = arg;

	give_again(x, &r);
	return &x->f->tcp[x->side];
}

static struct tcp_side *
on_gap(void *arg, uint32_t n)
{
	struct stream *x = arg;
	struct flow *f = x->f;
	struct tcp_side *s = &f->tcp[x->side];
	struct dctx c;

	if (f->websocket)
		websocket_gap(&x->g->websocket[f->index][x->side], n);
	if (s->skip >= n) {             /* inside what we pass over anyway */
		s->skip -= n;
		return s;
	}
	s->skip = 0;
	tcp_carry_drop(x->g->tcp, s, UINT32_MAX);
	gather_forget(x->g, f);
	pend_gap(x->g, f, x->side);
	s->lost = true;
	if (f->app_state == APP_KNOWN && f->app->end) {
		engine_ctx(x->g, &c, f, x->side);
		c.when = x->now;
		f->app->end(&c, true);
		ev_drop(&x->g->ev);
	}
	return s;
}

/* A segment that is not just what comes next, or ends a wait for one. */
static __attribute__((noinline)) void
odd_segment(struct stream *x, const struct pkt *k)
{
	struct tcppool *p = x->g->tcp;
	struct flow *f = x->f;
	struct tcp_sink out = { x, on_data, on_gap };
	int side = x->side;
	bool next;

	if (!doubt_segment(x->g, f, side, k))
		return;
	/* first what this packet acknowledges: an answer comes after its question */
	if (f->tcp[!side].wait_head && k->tcp_flags & TH_ACK) {
		x->side = !side;
		tcp_acked(p, &f->tcp[!side], k->ack, &out);
		/* the probe may have found client and server to be the other way round */
		if (x->side == side)
			side = !side;
		x->side = side;
	}
	next = k->seq == f->tcp[side].next && !f->tcp[side].wait_head;
	tcp_segment(p, &f->tcp[side], k, &out);
	if (next && rd_left(&k->payload))
		flow_keep(f, x->side, k);
	if (f->watched)
		doubt_watch(f);
}

void
stream_packet(struct engine *g, struct flow *f, int side, const struct pkt *k)
{
	struct stream x;
	struct rd r;

	x = (struct stream){ g, f, side, { k->raw->us, k->raw->cnt, k->raw->from } };
	if (!f->tcp[!side].wait_head && tcp_next(&f->tcp[side], k)) {
		/* nothing of a packet's own payload is read yet */
		r = rd_init(k->payload.p, k->payload.cap, k->payload.len);
		flow_keep(f, side, k);
		tcp_stats(g->tcp)->segments++;
		give(&x, &r);
	} else {
		odd_segment(&x, k);
	}
	/* given up amid its segments: what still waited must not keep its place */
	if (f->app_state == APP_FAILED || f->app_state == APP_LEFT)
		forget(&x);
}

void
stream_finish(struct engine *g, struct flow *f)
{
	for (int side = 0; side < 2; side++) {
		/* what comes out now belongs to this flow's last packet, not to the
		 * one whose time ended it */
		struct stream x = { g, f, side, { f->last_us, f->last_cnt, f->from } };
		struct tcp_sink out = { &x, on_data, on_gap };
		if (f->app_state == APP_KNOWN && g->k->raw)
			tcp_finish(g->tcp, &f->tcp[side], &out);
	}
	forget(&(struct stream){ .g = g, .f = f });
}
