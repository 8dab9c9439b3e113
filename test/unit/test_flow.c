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
	return tap_done();
}
