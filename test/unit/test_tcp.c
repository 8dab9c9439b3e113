/* TCP reassembly: whatever the order, doubling and loss, what comes out is the
 * stream's bytes in order, with a gap where bytes never came. */
#include "net/tcp.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>

static uint8_t out[65536];
static uint32_t n_out, n_gap, at;
static uint8_t stream[32768];

static struct tcp_side *where;

static struct tcp_side *
on_data(void *arg, struct rd r)
{
	memcpy(out + n_out, r.p + r.off, rd_have(&r));
	if (rd_have(&r) && memcmp(out + n_out, stream + at, rd_have(&r)) != 0)
		*(bool *)arg = false;
	n_out += rd_have(&r);
	at += rd_left(&r);
	return where;
}

static struct tcp_side *
on_gap(void *arg, uint32_t n)
{
	n_gap += n;
	at += n;
	return where;
}

/* The first data shows that client and server are the other way round. */
static struct tcp_side sides[2];

static struct tcp_side *
on_data_swap(void *arg, struct rd r)
{
	if (where == &sides[0]) {
		struct tcp_side t = sides[0];
		sides[0] = sides[1];
		sides[1] = t;
		where = &sides[1];
	}
	return on_data(arg, r);
}

static struct packet raw;

static void
send(struct tcppool *p, struct tcp_side *s, uint32_t isn, uint32_t off, uint32_t n, bool *good)
{
	struct tcp_sink sink = { good, on_data, on_gap };
	struct pkt k = { .raw = &raw, .seq = isn + off, .tcp_flags = TH_ACK,
	    .payload = rd_init(stream + off, n, n) };

	where = s;
	tcp_segment(p, s, &k, &sink);
}

int
main(void)
{
	struct tcppool *p = tcppool_new();
	uint64_t seed = 7;

	for (size_t i = 0; i < sizeof(stream); i++)
		stream[i] = (uint8_t)(i * 31 + i / 256);
	/* shuffled within a window, some sent twice, overlapping; from a sequence number that wraps
	 */
	for (int round = 0; round < 300; round++) {
		struct tcp_side s = { 0 };
		struct tcp_sink sink;
		uint32_t isn = 0xffffff00u + tap_random(&seed) % 512, cut[64], n = 0, off = 0;
		bool good = true, lossy = round % 3 == 0;
		uint32_t lost = 0;

		sink = (struct tcp_sink){ &good, on_data, on_gap };
		n_out = n_gap = at = 0;
		while (off < 20000 && n < 60) {
			cut[n++] = off;
			off += 1 + tap_random(&seed) % 3000;
		}
		cut[n] = off = off > sizeof(stream) ? (uint32_t)sizeof(stream) : off;
		send(p, &s, isn, 0, 1, &good);
		for (uint32_t i = 0; i < n; i++) {
			/* a window of four, backwards */
			uint32_t j = i / 4 * 4 + 3 - i % 4;
			if (j >= n)
				continue;
			if (lossy && j == n / 2 && j > 0) {
				lost = cut[j + 1] - cut[j];
				continue;
			}
			send(p, &s, isn, cut[j], cut[j + 1] - cut[j], &good);
			if (tap_random(&seed) % 4 == 0)
				send(p, &s, isn, cut[j], cut[j + 1] - cut[j], &good);
		}
		for (uint32_t j = 0; j < n; j++)        /* the tail that the window left out */
			if (!(lossy && j == n / 2 && j > 0))
				send(p, &s, isn, cut[j], cut[j + 1] - cut[j], &good);
		where = &s;
		tcp_finish(p, &s, &sink);
		if (!good || n_out + n_gap != off || n_gap != lost || s.wait_head || s.carry)
			ok(false, "round %d: %u bytes and %u of gap of %u, lost %u", round, n_out, n_gap, off, lost);
	}
	ok(true, "300 rounds of shuffled, doubled and lost segments");
	{
		struct tcp_side s = { 0 };
		struct tcp_sink sink;
		bool good = true;
		n_out = n_gap = at = 0;
		sink = (struct tcp_sink){ &good, on_data, on_gap };
		send(p, &s, 1, 0, 100, &good);
		send(p, &s, 1, 200, 100, &good);
		ok(n_out == 100 && n_gap == 0, "an early segment waits");
		where = &s;
		tcp_acked(p, &s, 1 + 200, &sink);
		ok(n_out == 100, "an ACK up to the hole's end proves nothing of what lies behind");
		tcp_acked(p, &s, 1 + 300, &sink);
		ok(n_out == 200 && n_gap == 100 && good, "an ACK beyond makes the hole a gap");
	}
	{
		/* hostile: only early segments, for ever */
		struct tcp_side s = { 0 };
		bool good = true;
		n_out = n_gap = at = 0;
		send(p, &s, 0, 0, 1, &good);
		for (uint32_t i = 0; i < 4000; i++) {
			struct tcp_sink sink = { &good, on_data, on_gap };
			struct pkt k = { .raw = &raw,
				.seq = 10 + i * 2000,
				.payload = rd_init(stream, 1000, 1000) };
			if (n_out > 60000)
				n_out = 0;
			where = &s;
			tcp_segment(p, &s, &k, &sink);
			at = 0;
			good = true;
		}
		ok(s.wait_bytes <= LIM_TCP_DIR, "a direction keeps at most %u bytes (%u)", LIM_TCP_DIR, s.wait_bytes);
		tcp_drop(p, &s);
		ok(!s.wait_head, "and gives them back");
	}
	{
		/* what comes early in single bytes waits in as little room as in one piece */
		struct tcp_side s = { 0 };
		bool good = true;
		n_out = n_gap = at = 0;
		send(p, &s, 1, 0, 40, &good);
		for (uint32_t off = 100; off < 5000; off++)
			send(p, &s, 1, off, 1, &good);
		ok(!n_gap && n_out == 40 && s.wait_bytes <= LIM_TCP_DIR, "4,900 bytes wait for 60");
		send(p, &s, 1, 40, 60, &good);
		ok(!n_gap && good && n_out == 5000 && !s.wait_head, "and all come: %u", n_out);
		tcp_drop(p, &s);
	}
	{
		/* one hole that nobody acknowledges, and more behind it than may wait */
		struct tcp_side s = { 0 };
		bool good = true;
		n_out = n_gap = at = 0;
		send(p, &s, 1, 0, 40, &good);
		for (uint32_t off = 100; off < 30000; off += 50)        /* none to be joined */
			send(p, &s, 1, off, 51, &good);
		ok(n_gap == 60 && good && n_out > 20000 && !s.wait_head,
		    "past what may wait the hole is given up once, and nothing else is lost: %u, %u",
		    n_gap, n_out);
		tcp_drop(p, &s);
	}
	{
		/* many small ones, for ever: a direction's room is counted in memory */
		struct tcp_side s = { 0 };
		bool good = true;
		uint32_t n = 0;
		n_out = n_gap = at = 0;
		send(p, &s, 0, 0, 1, &good);
		for (uint32_t i = 0; i < 100; i++)
			send(p, &s, 0, 10 + i * 2, 1, &good);
		ok(s.wait_bytes > 100 * 1500, "a byte that waits takes a whole place: %u", s.wait_bytes);
		for (uint32_t i = 100; i < 10000; i++)
			send(p, &s, 0, 10 + i * 2, 1, &good);
		n = s.wait_bytes;
		ok(n <= LIM_TCP_DIR && good, "and there are few: %u", n);
		tcp_drop(p, &s);
	}
	{
		/* client and server change places while segments wait */
		struct tcp_sink sink;
		struct pkt k = { .raw = &raw, .seq = 1, .payload = rd_init(stream, 100, 100) };
		bool good = true;
		n_out = n_gap = at = 0;
		sides[0] = (struct tcp_side){ .started = true, .next = 1 };
		sides[1] = (struct tcp_side){ .started = true, .next = 77 };
		send(p, &sides[0], 1, 100, 100, &good);
		send(p, &sides[0], 1, 200, 100, &good);
		where = &sides[0];
		sink = (struct tcp_sink){ &good, on_data_swap, on_gap };
		tcp_segment(p, &sides[0], &k, &sink);
		ok(good && n_out == 300 && sides[1].next == 301 && !sides[1].wait_head &&
		    sides[0].next == 77, "the sides change places amid it: %u", n_out);
	}
	{
		/* a SYN that was not this connection's */
		struct tcp_side s = { 0 };
		struct pkt k = { .raw = &raw, .seq = 0x70000000, .tcp_flags = TH_SYN };
		struct tcp_sink sink = { NULL, on_data, on_gap };
		bool good = true;
		where = &s;
		tcp_segment(p, &s, &k, &sink);
		n_out = n_gap = at = 0;
		send(p, &s, 1, 0, 100, &good);
		send(p, &s, 1, 100, 100, &good);
		ok(n_out == 200 && n_gap == 0 && good, "a foreign SYN hides nothing: %u", n_out);
	}
	{
		struct tcp_side s = { 0 };
		uint32_t n;
		const uint8_t *d;
		ok(tcp_carry(p, &s, stream, 3000) && tcp_carry(p, &s, stream + 3000, 20000), "a carry grows");
		d = tcp_carried(p, &s, &n);
		ok(n == 23000 && memcmp(d, stream, n) == 0, "and stays in one piece");
		tcp_carry_drop(p, &s, 22000);
		d = tcp_carried(p, &s, &n);
		ok(n == 1000 && memcmp(d, stream + 22000, n) == 0, "its front can go");
		ok(!tcp_carry(p, &s, stream, LIM_PDU), "it has a ceiling");
		tcp_carried(p, &s, &n);
		ok(n == 0, "and past it keeps nothing");
	}
	tcppool_free(p);
	return tap_done();
}
