/* Link layers that captures from elsewhere have: what is found under each head,
 * and what a broken head is called. Goldens hold the usual ones. */
#include "net/frag.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>

/* IPv4 and IPv6 with UDP from port 4242 to port 502, and nothing in it. */
#define V4 "4500001c00000000401100000a0000010a000002" UDP
#define V6 "6000000000081140" \
    "fd000000000000000000000000000001" "fd000000000000000000000000000002" UDP
#define UDP "109201f600080000"
#define SNAP(type) "aaaa03000000" type
#define A1 "020000000001"
#define A2 "020000000002"
#define A3 "020000000003"
#define A4 "020000000004"

static const struct {
	uint32_t link;
	const char *hex;
	int ip_v;               /* with IP: UDP to port 502 */
	uint8_t src, dst;       /* last byte of the MACs, 0: none */
	const char *anomaly;
	const char *comment;
} cases[] = {
	{ 101, V6, 6, 0, 0, NULL, "raw IPv6" },
	{ 101, "0000", 0, 0, 0, NULL, "raw, neither" },
	{ 12, V4, 4, 0, 0, NULL, "raw, BSD's number" },
	{ 14, V6, 6, 0, 0, NULL, "raw, OpenBSD's number" },
	{ 229, V6, 6, 0, 0, NULL, "IPv6 alone" },
	{ 0, "1e000000" V6, 6, 0, 0, NULL, "loopback: FreeBSD's IPv6" },
	{ 108, "0000001c" V6, 6, 0, 0, NULL, "loopback, big endian: 28" },
	{ 0, "63000000" V4, 0, 0, 0, NULL, "loopback: another family" },
	{ 9, "0057" V6, 6, 0, 0, NULL, "PPP: IPv6" },
	{ 9, "21" V4, 4, 0, 0, NULL, "PPP: a protocol of one byte" },
	{ 9, "0281" "00064140" V4, 4, 0, 0, NULL, "PPP: MPLS" },
	{ 9, "c021" "0101", 0, 0, 0, NULL, "PPP: LCP is nobody's" },
	{ 50, "ff03", 0, 0, 0, "PPP_PKT_TOO_SMALL", "PPP: no protocol" },
	{ 1, A1 A2 "880b" "0021" V4, 4, 2, 1, NULL, "PPP on Ethernet" },
	{ 1, A1 A2 "0023" "060603" V4, 4, 2, 1, NULL, "802.2: IP by its SAP" },
	{ 1, A1 A2 "05ff" "00", 0, 2, 1, NULL, "neither length nor type" },
	{ 1, A1 A2 "8847" "00064140" V6, 6, 2, 1, NULL, "MPLS: IPv6" },
	{ 1, A1 A2 "0800" V4, 4, 2, 1, NULL, "Ethernet" },
	{ 1, A1 "0200", 0, 0, 0, "ETHERNET_PKT_TOO_SMALL", "half a head" },
	{ 105, "08010000" A1 A2 A3 "0000" SNAP("0800") V4, 4, 2, 3, NULL, "802.11 to the access point" },
	{ 105, "08020000" A1 A2 A3 "0000" SNAP("0800") V4, 4, 3, 1, NULL, "802.11 from it" },
	{ 105, "08000000" A1 A2 A3 "0000" SNAP("0800") V4, 4, 2, 1, NULL, "802.11 among stations" },
	{ 105, "08030000" A1 A2 A3 "0000" A4 SNAP("86dd") V6, 6, 4, 3, NULL, "802.11, four addresses" },
	{ 105, "88810000" A1 A2 A3 "0000" "0000" "00000000" SNAP("0800") V4, 4, 2, 3, NULL,
	    "802.11 QoS with HT control" },
	{ 105, "08410000" A1 A2 A3 "0000" "deadbeef", 0, 2, 3, NULL, "802.11, encrypted: addresses only" },
	{ 105, "48010000" A1 A2 A3 "0000", 0, 0, 0, NULL, "802.11, no data" },
	{ 105, "80000000" A1 A2 A3 "0000", 0, 0, 0, NULL, "802.11, a beacon" },
	{ 105, "08010000" A1 A2, 0, 0, 0, "IEEE80211_PKT_TOO_SMALL", "802.11, cut by its sender" },
	{ 127, "0000" "0900" "02000000" "10" "08010000" A1 A2 A3 "0000" SNAP("0800") V4 "cafecafe", 4, 2, 3,
	    NULL, "radiotap: the check sum is not payload" },
	{ 127, "0000" "1100" "03000000" "0000000000000000" "10" "08010000" A1 A2 A3 "0000" SNAP("0800") V4
	    "cafecafe", 4, 2, 3, NULL, "radiotap: flags behind the time" },
	{ 127, "0000" "0700" "00000000", 0, 0, 0, "RADIOTAP_PKT_TOO_SMALL", "radiotap: shorter than itself" },
	{ 127, "0000", 0, 0, 0, "RADIOTAP_PKT_TOO_SMALL", "radiotap: half a head" },
	{ 147, "0102", 0, 0, 0, NULL, "a link type of somebody's own" },
};

static uint32_t
unhex(uint8_t *b, const char *hex)
{
	uint32_t n = 0;

	for (; hex[0] && hex[1]; hex += 2) {
		char two[3] = { hex[0], hex[1], '\0' };

		b[n++] = (uint8_t)strtoul(two, NULL, 16);
	}
	return n;
}

static void
links(void)
{
	static uint8_t b[512];

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct packet raw = { .data = b, .link = cases[i].link, .cnt = 1 };
		struct pkt k;
		bool good;

		raw.cap = raw.len = unhex(b, cases[i].hex);
		pkt_begin(&k, &raw);
		good = k.ip_v == cases[i].ip_v;
		if (cases[i].ip_v)
			good = good && k.what == PKT_IP && k.sport == 4242 && k.dport == 502;
		good = good && k.has_mac == (cases[i].src != 0);
		if (cases[i].src)
			good = good && k.src_mac[5] == cases[i].src && k.dst_mac[5] == cases[i].dst;
		good = good && (!k.anomaly || !cases[i].anomaly ? k.anomaly == cases[i].anomaly :
		    strcmp(k.anomaly, cases[i].anomaly) == 0);
		if (!ok(good, "%s", cases[i].comment))
			printf("# IPv%d %u>%u mac %d %02x>%02x %s\n", k.ip_v, k.sport, k.dport,
			    k.has_mac, k.src_mac[5], k.dst_mac[5], k.anomaly ? k.anomaly : "-");
		/* a capture that is cut is nobody's fault */
		good = true;
		for (uint32_t cap = 0; good && cap < raw.len; cap++) {
			uint8_t *cut = malloc(cap + !cap);

			memcpy(cut, b, cap);
			raw.data = cut;
			raw.cap = cap;
			pkt_begin(&k, &raw);
			good = !k.anomaly ||
			    (cases[i].anomaly && strcmp(k.anomaly, cases[i].anomaly) == 0);
			free(cut);
		}
		ok(good, "%s: cut anywhere, no anomaly", cases[i].comment);
	}
}

/* ---- the short way ---- */

/* Whether both say the same; memory behind what is said may differ. */
static bool
same(const struct pkt *a, const struct pkt *b)
{
	return a->what == b->what && a->has_mac == b->has_mac &&
	    memcmp(a->src_mac, b->src_mac, 6) == 0 && memcmp(a->dst_mac, b->dst_mac, 6) == 0 &&
	    a->nvlan == b->nvlan && a->ethertype == b->ethertype && a->llc == b->llc &&
	    a->snap_oui == b->snap_oui && a->ip_v == b->ip_v && a->ip_proto == b->ip_proto &&
	    a->ttl == b->ttl && addr_eq(&a->src, &b->src) && addr_eq(&a->dst, &b->dst) &&
	    a->frag_id == b->frag_id && a->frag_off == b->frag_off &&
	    a->frag_more == b->frag_more && a->has_ports == b->has_ports &&
	    a->sport == b->sport && a->dport == b->dport && a->seq == b->seq &&
	    a->ack == b->ack && a->win == b->win && a->tcp_flags == b->tcp_flags &&
	    a->payload.p == b->payload.p && a->payload.cap == b->payload.cap &&
	    a->payload.len == b->payload.len && a->payload.err == b->payload.err &&
	    a->anomaly == b->anomaly && a->truncated == b->truncated &&
	    a->inner_name == b->inner_name && a->layers == b->layers;
}

/* What pkt_begin() sees at one look, the layers one by one must see as well. */
static void
short_way(void)
{
	static const char *const whole_packets[] = {
		A1 A2 "0800" "4500003412340000400600000a0000010a000002" "109201f6" "01020304"
		    "05060708" "80180100" "00000000" "0101080a0000000100000002" "cafe0000" "00000000",
		A1 A2 "0800" "450000241234000040110000" "0a0000010a000002" "1092bac0" "00100000"
		    "8104000801020304" "00000000000000000000",
		A1 A2 "86dd" "6000000000200640" "fd000000000000000000000000000001"
		    "fd000000000000000000000000000002" "109201f6" "01020304" "05060708"
		    "80180100" "00000000" "0101080a0000000100000002" "cafe0000",
		A1 A2 "86dd" "6000000000101140" "fd000000000000000000000000000001"
		    "fd000000000000000000000000000002" "109201f600100000" "8104000801020304"
		    "00000000",
	};
	uint64_t seed = 7;
	unsigned differ = 0, taken = 0, six = 0;

	for (unsigned i = 0; i < 200000; i++) {
		uint8_t b[128];
		uint32_t n = unhex(b, whole_packets[i % 4]);
		struct packet raw = { .data = b, .link = 1, .cnt = 1 };
		struct pkt k, slow = { .what = PKT_LINK, .raw = &raw, .snap_oui = ~0u };
		struct rd r;

		/* lengths, version, fragment, protocol, ports, header length */
		for (unsigned k2 = i / 4 % 4; k2; k2--)
			b[12 + tap_random(&seed) % (i % 4 < 2 ? 40 : 60)] =
			    (uint8_t)tap_random(&seed) >> tap_random(&seed) % 8;
		raw.len = n;
		raw.cap = i % 16 ? n : tap_random(&seed) % (n + 1);
		slow.bytes = n;
		r = rd_init(b, raw.cap, raw.len);
		pkt_link(&slow, &r, 1);
		pkt_begin(&k, &raw);
		taken += k.what == PKT_IP && k.payload.len;
		six += k.what == PKT_IP && k.payload.len && k.ip_v == 6;
		if (!same(&k, &slow) && !differ++)
			printf("# packet %u\n", i);
	}
	ok(!differ && taken > 50000 && six > 20000, "at one look as layer by layer: %u differ", differ);
}

/* ---- fragments ----------------------------------------------------------- */

static uint8_t whole[4096];
static struct packet at;
static struct pkt piece;

/* A fragment of datagram `id`: what comes of it. */
static const uint8_t *
fragment(struct fragtab *t, uint32_t id, uint32_t from, uint32_t n, bool more, uint32_t *len)
{
	static uint8_t src[4] = { 10, 0, 0, 1 }, dst[4] = { 10, 0, 0, 2 };

	memset(&piece, 0, sizeof(piece));
	piece.raw = &at;
	piece.ip_v = 4;
	piece.ip_proto = IPP_UDP;
	piece.src = addr_v4(src);
	piece.dst = addr_v4(dst);
	piece.frag_id = id;
	piece.frag_off = from;
	piece.frag_more = more;
	piece.payload = (struct rd){ .p = whole + from, .cap = n, .len = n };
	return frag_add(t, &piece, len);
}

static bool
anomaly_is(const char *s)
{
	return piece.anomaly && strcmp(piece.anomaly, s) == 0 && strcmp(piece.anomaly_layer, "ipv4") == 0;
}

static void
fragments(void)
{
	struct fragtab *t = fragtab_new();
	const uint8_t *p;
	uint32_t len = 0;
	bool good = true;

	for (size_t i = 0; i < sizeof(whole); i++)
		whole[i] = (uint8_t)(i * 7 + i / 256);
	at.us = 1000000;
	fragment(t, 1, 16, 8, false, &len);
	fragment(t, 1, 0, 8, true, &len);
	p = fragment(t, 1, 8, 8, true, &len);
	ok(p && len == 24 && memcmp(p, whole, 24) == 0 && !piece.anomaly, "in any order");
	fragment(t, 2, 0, 16, true, &len);
	fragment(t, 2, 8, 16, true, &len);
	ok(anomaly_is("FRAG_OVERLAP") && frag_stats(t)->overlaps == 1, "an overlap is an anomaly");
	p = fragment(t, 2, 24, 8, false, &len);
	ok(p && len == 32 && memcmp(p, whole, 32) == 0, "and the datagram is put together all the same");
	fragment(t, 3, 8, 8, false, &len);
	ok(!fragment(t, 3, 16, 8, false, &len) && anomaly_is("FRAG_OVERLAP"), "two last fragments");
	fragment(t, 4, 0, 12, true, &len);
	ok(anomaly_is("FRAG_INVALID_LENGTH"), "not a multiple of eight");
	fragment(t, 5, 65528, 16, false, &len);
	ok(anomaly_is("FRAG_PKT_TOO_LARGE"), "past 64 KiB");
	for (uint32_t i = 0; i < LIM_FRAG_PARTS; i++) {
		fragment(t, 6, 16 * i, 8, true, &len);
		good = good && !piece.anomaly;
	}
	ok(good, "as many holes as there may be");
	fragment(t, 6, 16 * LIM_FRAG_PARTS, 8, true, &len);
	ok(anomaly_is("FRAG_TOO_MANY"), "one more is an anomaly");
	for (uint32_t i = 0; i < LIM_FRAG_PARTS; i++)
		good = good && !fragment(t, 6, 16 * i + 8, 8, true, &len);
	ok(good && !fragment(t, 6, 16 * LIM_FRAG_PARTS, 8, false, &len), "and the datagram is given up");
	/* time */
	fragment(t, 7, 0, 8, true, &len);
	at.us += LIM_FRAG_SECONDS * 1000000LL;
	p = fragment(t, 7, 8, 8, false, &len);
	ok(p && len == 16, "not too late at the very last moment");
	fragment(t, 8, 0, 8, true, &len);
	at.us += LIM_FRAG_SECONDS * 1000000LL + 1;
	ok(!fragment(t, 8, 8, 8, false, &len) && frag_stats(t)->timed_out >= 1, "too late a moment after");
	/* number */
	fragtab_free(t);
	t = fragtab_new();
	for (uint32_t i = 0; i < LIM_FRAG_DGRAMS; i++)
		fragment(t, i, 0, 8, true, &len);
	ok(frag_stats(t)->evicted == 0, "as many datagrams as there may be");
	fragment(t, 9999, 0, 8, true, &len);
	ok(frag_stats(t)->evicted == 1 && fragment(t, 1, 8, 8, false, &len),
	    "one more takes the place of the first");
	ok(!fragment(t, 0, 8, 8, false, &len), "which is gone");
	fragtab_free(t);
	fragtab_free(NULL);
}

int
main(void)
{
	links();
	short_way();
	fragments();
	return tap_done();
}
