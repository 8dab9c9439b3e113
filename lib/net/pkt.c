#include "net/pkt.h"

static inline uint16_t
be16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t
be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* UDP that packets may travel in: VXLAN, GENEVE, L2TP, Teredo. */
static inline bool
is_tunnel(uint16_t port)
{
	return port == 4789 || port == 8472 || port == 6081 || port == 1701 || port == 3544;
}

enum { ETHER = 14, IP4 = 20, IP6 = 40, TCP = 20, UDP = 8 };

/* TCP or UDP at t, of n bytes by IP's word, 20 of which at least are there. */
static inline __attribute__((always_inline)) bool
plain_transport(struct pkt *k, const uint8_t *t, uint32_t n, uint8_t proto)
{
	uint32_t head;

	if (proto == IPP_TCP) {
		head = (t[12] >> 4) * 4u;
		if (head < TCP || head > n)
			return false;
		k->seq = be32(t + 4);
		k->ack = be32(t + 8);
		k->tcp_flags = t[13];
		k->win = be16(t + 14);
		k->tcp_head = (uint8_t)head;
	} else if (proto == IPP_UDP) {
		uint16_t len = be16(t + 4);
		if (len < UDP || len > n || is_tunnel(be16(t + 2)) || is_tunnel(be16(t)))
			return false;
		head = UDP;
		n = len;
	} else {
		return false;
	}
	k->ip_proto = proto;
	k->sport = be16(t);
	k->dport = be16(t + 2);
	k->has_ports = true;
	k->layers = 2;
	k->payload = rd_init(t + head, n - head, n - head);
	k->what = PKT_IP;
	return true;
}

static inline __attribute__((always_inline)) void
plain_ether(struct pkt *k, const uint8_t *m, uint16_t type)
{
	memcpy(k->dst_mac, m, 6);
	memcpy(k->src_mac, m + 6, 6);
	k->has_mac = true;
	k->ethertype = type;
}

/* The same of IPv6, without extension headers. */
static __attribute__((noinline)) bool
plain6(struct pkt *k, const struct packet *p)
{
	const uint8_t *m = p->data, *h = m + ETHER;
	uint32_t n;

	if (p->cap < ETHER + IP6 + TCP || be16(m + 12) != 0x86dd || h[0] >> 4 != 6)
		return false;
	n = be16(h + 4);
	if (n < UDP || n > p->cap - ETHER - IP6 || !plain_transport(k, h + IP6, n, h[6]))
		return false;
	plain_ether(k, m, 0x86dd);
	k->ttl = h[7];
	k->ip_v = k->src.v = k->dst.v = 6;
	memcpy(k->src.b, h + 8, 16);
	memcpy(k->dst.b, h + 24, 16);
	return true;
}

/* Nearly every packet: Ethernet, whole IPv4 without options, TCP or UDP, all lengths
 * right. False, and nothing done, for all else: link.c and ip.c look at
 * that layer by layer, and would say the same of these. */
static inline bool
plain(struct pkt *k, const struct packet *p)
{
	const uint8_t *m = p->data, *h = m + ETHER;
	uint32_t total;

	if (p->link != 1 || p->cap < ETHER + IP4 + TCP)
		return false;
	if (be32(m + 12) >> 8 != 0x080045 || (be16(h + 6) & 0x3fff))
		return plain6(k, p);
	total = be16(h + 2);
	if (total < IP4 + UDP || total > p->cap - ETHER ||
	    !plain_transport(k, h + IP4, total - IP4, h[9]))
		return false;
	plain_ether(k, m, 0x0800);
	k->frag_id = be16(h + 4);
	k->ttl = h[8];
	k->ip_v = k->src.v = k->dst.v = 4;
	k->plain4 = true;
	memcpy(k->src.b, h + 12, 4);
	memcpy(k->dst.b, h + 16, 4);
	return true;
}

static __attribute__((noinline)) void
layers(struct pkt *k, const struct packet *p)
{
	struct rd r = rd_init(p->data, p->cap, p->len);

	pkt_link(k, &r, p->link);
}

/* A line at a time: of a size like this compilers make a loop of small stores. */
static inline void
clear(struct pkt *k)
{
	char *p = (char *)k;

	_Static_assert(sizeof(*k) == 4 * 64, "whole lines of cache");
	memset(p, 0, 64);
	memset(p + 64, 0, 64);
	memset(p + 128, 0, 64);
	memset(p + 192, 0, 64);
}

enum pkt_what
pkt_begin(struct pkt *k, const struct packet *p)
{
	clear(k);
	k->raw = p;
	k->what = PKT_LINK;
	k->snap_oui = ~0u;
	k->bytes = p->len;
	if (!plain(k, p))
		layers(k, p);
	return k->what;
}

enum pkt_what
pkt_inner(struct pkt *k)
{
	const struct packet *raw = k->raw;
	struct rd r = k->inner;
	uint32_t link = k->inner_link;
	const char *name = k->inner_name;
	uint8_t depth = k->depth, layers = k->layers, nvlan = k->nvlan, ip_v = k->ip_v,
	    ip_proto = k->ip_proto;
	struct addr src = k->src, dst = k->dst;
	uint16_t vlan[LIM_VLANS];

	if (!name)
		return k->what = PKT_DONE;
	memcpy(vlan, k->vlan, sizeof(vlan));
	memset(k, 0, sizeof(*k));
	k->raw = raw;
	k->what = PKT_LINK;
	k->snap_oui = ~0u;
	k->tunnel = name;
	k->depth = (uint8_t)(depth + 1);
	k->layers = layers;
	k->bytes = rd_left(&r);
	if (link & PKT_ETYPE) {
		/* IP straight in the tunnel: the VLANs it came through still tell sites apart */
		memcpy(k->vlan, vlan, sizeof(vlan));
		k->nvlan = nvlan;
		if (link == (PKT_ETYPE | 0x880b)) {     /* PPP itself has no addresses */
			k->ip_v = ip_v;
			k->ip_proto = ip_proto;
			k->src = src;
			k->dst = dst;
		}
		pkt_ethertype(k, &r, (uint16_t)link);
	} else {
		pkt_link(k, &r, link);
	}
	return k->what;
}

enum pkt_what
pkt_reassembled(struct pkt *k, const uint8_t *data, uint32_t len)
{
	struct rd r = rd_init(data, len, len);

	k->what = PKT_IP;
	k->hashed = false;
	pkt_transport(k, &r);
	return k->what;
}

void
pkt_tunnel(struct pkt *k, struct rd inner, uint32_t link, const char *name)
{
	if (k->depth >= LIM_TUNNELS) {
		k->anomaly = "TOO_MANY_TUNNELS";
		k->anomaly_layer = name;
		return;
	}
	if (!rd_left(&inner))
		return;
	k->inner = inner;
	k->inner_link = link;
	k->inner_name = name;
}

void
pkt_stop(struct pkt *k, const struct rd *r, const char *layer, const char *event)
{
	if (rd_short(r)) {
		k->truncated = true;
	} else if (!k->anomaly) {
		k->anomaly = event;
		k->anomaly_layer = layer;
	}
}
