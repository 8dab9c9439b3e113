/* The flow table: who is the client, timeouts by packet time, the ceiling. */
#include "net/flow.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>

static uint8_t tcp_ports[65536], udp_ports[65536];
static unsigned ended, by_reason[3];
static struct packet raw;

static void
on_end(void *arg, struct flow *f, enum flow_reason why)
{
	ended++;
	by_reason[why]++;
}

static struct flow *
packet(struct flowtab *t, uint8_t proto, uint32_t src, uint16_t sp, uint32_t dst, uint16_t dp,
    uint8_t flags, int64_t us, int *side)
{
	struct pkt k = { .raw = &raw,
		.what = PKT_IP,
		.ip_v = 4,
		.ip_proto = proto,
		.has_ports = true,
		.sport = sp,
		.dport = dp,
		.tcp_flags = flags,
		.bytes = 60 };
	uint8_t a[4] = { 10, (uint8_t)(src >> 16), (uint8_t)(src >> 8), (uint8_t)src };
	uint8_t b[4] = { 10, (uint8_t)(dst >> 16), (uint8_t)(dst >> 8), (uint8_t)dst };
	struct flow_seen seen;

	k.src = addr_v4(a);
	k.dst = addr_v4(b);
	raw.us = us;
	raw.cnt++;
	seen = flow_get(t, &k);
	*side = seen.side;
	return seen.flow;
}

/* ---- the packet before is told ------------------------------------------------------- */

/* Few ends and ports, so that flows come again, and long enough pauses that some end between. */
static void
make(struct pkt *k, struct packet *p, uint64_t *seed, const struct pkt *before)
{
	uint8_t a[4] = { 10, 0, 0, 0 }, b[4] = { 10, 0, 0, 0 };

	a[3] = (uint8_t)(1 + tap_random(seed) % 3);
	b[3] = (uint8_t)(1 + tap_random(seed) % 3);
	*k = (struct pkt){ .raw = p, .what = PKT_IP, .ip_v = 4, .has_ports = true, .bytes = 60,
	    .plain4 = tap_random(seed) % 8 != 0, .ip_proto = tap_random(seed) % 4 ? 6 : 17,
	    .sport = (uint16_t)(502 + tap_random(seed) % 2), .ttl = 64,
	    .dport = (uint16_t)(502 + tap_random(seed) % 2), .src = addr_v4(a), .dst = addr_v4(b),
	    .seq = tap_random(seed) % 4 };
	if (before && tap_random(seed) % 4) {   /* goes on, one way or the other */
		bool back = tap_random(seed) % 2;

		k->ip_proto = before->ip_proto;
		k->sport = back ? before->dport : before->sport;
		k->dport = back ? before->sport : before->dport;
		k->src = back ? before->dst : before->src;
		k->dst = back ? before->src : before->dst;
	}
	if (!k->plain4) {
		k->nvlan = 1;
		k->vlan[0] = 5;
	}
	if (k->ip_proto == 6)
		k->tcp_flags = tap_random(seed) % 8 ? TH_ACK : tap_random(seed) % 64;
	if (tap_random(seed) % 50 == 0)
		k->ttl = 1;
	p->us += tap_random(seed) % 200 ? 1000 : 100000000000;
	p->cnt++;
}

static bool
alike(struct flow_seen a, struct flow_seen b)
{
	const struct flow *f = a.flow, *g = b.flow;

	if (!f || !g)
		return !f && !g && a.side == b.side;
	return f->index == g->index && a.side == b.side && f->pkts[0] == g->pkts[0] &&
	    f->pkts[1] == g->pkts[1] && f->first_cnt == g->first_cnt && f->state == g->state &&
	    f->port[0] == g->port[0] && addr_eq(&f->addr[0], &g->addr[0]);
}

static void
test_before(void)
{
	struct flowtab *told = flowtab_new(16, tcp_ports, udp_ports, on_end, NULL);
	struct flowtab *not = flowtab_new(16, tcp_ports, udp_ports, on_end, NULL);
	uint64_t seed = 12;
	bool same = true;
	unsigned of_one = 0;

	raw.us = 1000000;
	for (unsigned round = 0; round < 20000; round++) {
		struct packet p[8];
		struct pkt k[8], l[8];

		for (unsigned i = 0; i < 8; i++) {
			make(&k[i], &raw, &seed, i ? &k[i - 1] : NULL);
			p[i] = raw;
			k[i].raw = &p[i];
			l[i] = k[i];
			flow_far(told, &k[i], i ? &k[i - 1] : NULL);
			of_one += k[i].same;
		}
		for (unsigned i = 0; i < 8; i++) {
			struct flow_seen a = flow_get(told, &k[i]), b = flow_get(not, &l[i]);

			same = same && alike(a, b);
			if (a.flow && b.flow && tap_random(&seed) % 16 == 0) {
				flow_swap(a.flow);
				flow_swap(b.flow);
			}
		}
	}
	ok(of_one > 40000, "%u of 160,000 packets are of the flow before", of_one);
	ok(same, "and are counted where they are counted when they are looked up");
	ok(flowtab_stats(told)->created == flowtab_stats(not)->created &&
	    flowtab_stats(told)->ended > 1000, "flows begin and end alike: %llu",
	    (unsigned long long)flowtab_stats(told)->ended);
	flowtab_free(told);
	flowtab_free(not);
}

int
main(void)
{
	const int64_t s = 1000000;
	struct flowtab *t;
	struct flow *f, *g;
	int side;

	tcp_ports[502] = udp_ports[47808] = 1;
	t = flowtab_new(64, tcp_ports, udp_ports, on_end, NULL);

	f = packet(t, 6, 1, 40000, 2, 502, TH_SYN, s, &side);
	ok(side == 0 && f->port[1] == 502, "who sends SYN is the client");
	g = packet(t, 6, 2, 502, 1, 40000, TH_SYN | TH_ACK, 2 * s, &side);
	ok(g == f && side == 1 && f->state == FLOW_ESTABLISHED, "the answer is the same flow's other side");
	f = packet(t, 6, 2, 502, 3, 41000, TH_ACK, 2 * s, &side);
	ok(side == 1 && f->port[1] == 502, "from the middle, the known port is the server's");
	f = packet(t, 6, 3, 41001, 2, 80, TH_ACK, 2 * s, &side);
	ok(side == 0 && f->port[1] == 80, "from the middle, the low port is the server's");
	f = packet(t, 6, 1, 502, 2, 40001, TH_SYN | TH_FIN, 2 * s, &side);
	ok(side == 1, "SYN with FIN opens nothing");
	packet(t, 6, 1, 40000, 2, 502, TH_FIN | TH_ACK, 3 * s, &side);
	g = packet(t, 6, 2, 502, 1, 40000, TH_FIN | TH_ACK, 3 * s, &side);
	ok(g->state == FLOW_CLOSED && ended == 0, "closed, and kept a while");
	f = packet(t, 6, 1, 40000, 2, 502, TH_SYN, 4 * s, &side);
	ok(ended == 1 && f->pkts[0] == 1, "the same ports again are another connection");
	f->isn[0] = 77;
	packet(t, 6, 2, 502, 1, 40000, TH_SYN | TH_ACK, 4 * s, &side);
	g = packet(t, 6, 1, 40000, 2, 502, TH_SYN, 4 * s, &side);
	ok(ended == 2 && g->pkts[0] == 1 && g->pkts[1] == 0,
	    "and so without an end, when the SYN is another one");
	g = packet(t, 6, 1, 40000, 2, 502, TH_SYN, 4 * s, &side);
	ok(ended == 2 && g->pkts[0] == 2, "the same SYN again is not");
	f = packet(t, 17, 5, 1000, 6, 1001, 0, 5 * s, &side);
	g = packet(t, 17, 6, 1001, 5, 1000, 0, 5 * s, &side);
	ok(f == g && side == 1, "UDP both ways is one flow");
	packet(t, 17, 7, 1, 8, 2, 0, (LIM_FLOW_OTHER + 10) * s, &side);
	ok(by_reason[FLOW_TIMEOUT] >= 1 && flowtab_stats(t)->active >= 1, "quiet flows end by packet time");
	for (uint32_t i = 0; i < 1000; i++)
		packet(t, 17, 1000 + i, 9, 9, 10, 0, (LIM_FLOW_OTHER + 11) * s + i, &side);
	ok(flowtab_stats(t)->active == 64 && by_reason[FLOW_FORCED] > 900, "the ceiling holds: %u flows",
	    flowtab_stats(t)->active);
	ended = 0;
	flowtab_drain(t);
	ok(ended == 64 && flowtab_stats(t)->active == 0, "the end of input ends all, once each");
	ok(flowtab_stats(t)->created == flowtab_stats(t)->ended, "every flow made has ended");
	flowtab_free(t);
	test_before();
	return tap_done();
}
