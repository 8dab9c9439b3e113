/* ip.c: IPv4 (RFC 791), IPv6 (RFC 8200), their transports, and tunnels in IP. */
#include "net/pkt.h"

enum { LT_ETHERNET = 1 };

/* What the header says the packet holds. Where that is more than the wire had,
 * it is an anomaly, and what is there is decoded all the same. */
static inline struct rd
body_of(struct pkt *k, struct rd *r, uint32_t n, const char *layer, const char *event)
{
	if (rd_ok(r) && n > rd_left(r)) {
		if (!k->anomaly) {
			k->anomaly = event;
			k->anomaly_layer = layer;
		}
		n = rd_left(r);
	}
	return rd_sub(r, n);
}

void
pkt_ipv4(struct pkt *k, struct rd *r)
{
	/* one check for the whole header: this is every packet's way */
	const uint8_t *h = rd_bytes(r, 20);
	uint8_t vihl;
	unsigned hlen;
	uint16_t total, frag;
	struct rd body;

	if (!h) {
		pkt_stop(k, r, "ipv4", "IPV4_PKT_TOO_SMALL");
		return;
	}
	vihl = h[0];
	hlen = (vihl & 15u) * 4;
	total = (uint16_t)(h[2] << 8 | h[3]);
	k->frag_id = (uint32_t)h[4] << 8 | h[5];
	frag = (uint16_t)(h[6] << 8 | h[7]);
	k->ttl = h[8];
	k->ip_proto = h[9];
	if (vihl >> 4 != 4 || hlen < 20) {
		k->anomaly = vihl >> 4 != 4 ? "IPV4_WRONG_IP_VERSION" : "IPV4_HLEN_TOO_SMALL";
		k->anomaly_layer = "ipv4";
		return;
	}
	k->ip_v = 4;
	k->ethertype = 0x0800;
	/* the rest of both is 0 already */
	k->src.v = k->dst.v = 4;
	memcpy(k->src.b, h + 12, 4);
	memcpy(k->dst.b, h + 16, 4);
	if (total == 0)                 /* segmentation offload: the frame's length counts */
		total = (uint16_t)(rd_left(r) + 20 > 0xffff ? 0xffff : rd_left(r) + 20);
	k->what = PKT_IP;
	if (total < hlen) {
		k->anomaly = "IPV4_IPLEN_SMALLER_THAN_HLEN";
		k->anomaly_layer = "ipv4";
		return;
	}
	rd_skip(r, hlen - 20);
	body = body_of(k, r, total - hlen, "ipv4", "IPV4_TRUNC_PKT");
	if (!rd_ok(&body) && !rd_left(&body)) {
		pkt_stop(k, r, "ipv4", "IPV4_TRUNC_PKT");
		return;
	}
	if (frag & 0x3fff) {            /* more fragments, or an offset */
		k->frag_off = (frag & 0x1fffu) * 8;
		k->frag_more = frag & 0x2000;
		k->what = PKT_FRAGMENT;
		k->payload = body;
		return;
	}
	pkt_transport(k, &body);
}

void
pkt_ipv6(struct pkt *k, struct rd *r)
{
	uint32_t vtf = rd_be32(r);
	uint16_t plen = rd_be16(r);
	uint8_t next = rd_u8(r);
	const uint8_t *a;
	struct rd body;

	k->ttl = rd_u8(r);
	a = rd_bytes(r, 32);
	if (!rd_ok(r)) {
		pkt_stop(k, r, "ipv6", "IPV6_PKT_TOO_SMALL");
		return;
	}
	if (vtf >> 28 != 6) {
		k->anomaly = "IPV6_WRONG_IP_VERSION";
		k->anomaly_layer = "ipv6";
		return;
	}
	k->ip_v = 6;
	k->ethertype = 0x86dd;
	k->src = addr_v6(a);
	k->dst = addr_v6(a + 16);
	k->what = PKT_IP;
	k->ip_proto = next;
	/* a jumbogram (RFC 2675) or offloading says 0: the frame's length counts */
	body = plen ? body_of(k, r, plen, "ipv6", "IPV6_TRUNC_PKT") : rd_rest(r);
	for (int i = 0; ; i++) {
		uint32_t n;
		if (i == LIM_IP6_EXT) {
			k->anomaly = "IPV6_TOO_MANY_EXTENSION_HEADERS";
			k->anomaly_layer = "ipv6";
			return;
		}
		switch (next) {
		case 0: case 43: case 60: case 135: case 139: case 140:
			next = rd_u8(&body);
			n = rd_u8(&body) * 8u + 6;
			rd_skip(&body, n);
			break;
		case IPP_AH:
			next = rd_u8(&body);
			n = rd_u8(&body) * 4u + 6;
			rd_skip(&body, n);
			break;
		case 44: {                              /* RFC 8200 4.5 */
			uint16_t off;
			next = rd_u8(&body);
			rd_skip(&body, 1);
			off = rd_be16(&body);
			k->frag_id = rd_be32(&body);
			if (!rd_ok(&body))
				break;
			k->frag_off = off & 0xfff8u;
			k->frag_more = off & 1;
			if (k->frag_off || k->frag_more) {
				k->ip_proto = next;
				k->what = PKT_FRAGMENT;
				k->payload = body;
				return;
			}
			break;                          /* an atomic fragment (RFC 6946) */
		}
		default:
			k->ip_proto = next;
			if (next == 59) {               /* no next header */
				k->payload = rd_rest(&body);
				return;
			}
			pkt_transport(k, &body);
			return;
		}
		if (!rd_ok(&body)) {
			pkt_stop(k, &body, "ipv6", "IPV6_TRUNC_EXTHDR");
			return;
		}
	}
}

/* GRE (RFC 2784, 2890), with Ethernet, IP, PPP (RFC 2637) or ERSPAN inside. */
static void
gre(struct pkt *k, struct rd *r)
{
	uint16_t fl = rd_be16(r), type = rd_be16(r);
	unsigned ver = fl & 7;

	if (fl & 0x8000 || fl & 0x4000)
		rd_skip(r, 4);          /* checksum, offset */
	if (fl & 0x2000)
		rd_skip(r, 4);          /* key */
	if (fl & 0x1000)
		rd_skip(r, 4);          /* sequence */
	if (ver == 1 && (fl & 0x80))
		rd_skip(r, 4);          /* acknowledgement */
	if (!rd_ok(r)) {
		pkt_stop(k, r, "gre", "GRE_PKT_TOO_SMALL");
		return;
	}
	switch (type) {
	case 0x0800: case 0x86dd: case 0x8847: case 0x880b:
		pkt_tunnel(k, rd_rest(r), PKT_ETYPE | type, "gre");
		break;
	case 0x6558:
		pkt_tunnel(k, rd_rest(r), LT_ETHERNET, "gre");
		break;
	case 0x88be:            /* ERSPAN type I has no header of its own, II has 8 bytes */
		if (fl & 0x1000)
			rd_skip(r, 8);
		pkt_tunnel(k, rd_rest(r), LT_ETHERNET, "erspan");
		break;
	case 0x22eb: {          /* type III: 12 bytes, 8 more with the O bit */
		const uint8_t *h = rd_bytes(r, 12);
		if (h && (h[11] & 1))
			rd_skip(r, 8);
		pkt_tunnel(k, rd_rest(r), LT_ETHERNET, "erspan");
		break;
	}
	default:
		break;
	}
}

static inline uint32_t
be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void
tcp(struct pkt *k, struct rd *r)
{
	const uint8_t *h;
	unsigned off;

	if (rd_have(r) < 20) {
		/* the ports may be there all the same */
		k->sport = rd_be16(r);
		k->dport = rd_be16(r);
		k->has_ports = rd_ok(r);
		rd_skip(r, 9);
		k->tcp_flags = rd_u8(r);
		rd_skip(r, 6);
		pkt_stop(k, r, "tcp", "TCP_PKT_TOO_SMALL");
		return;
	}
	h = rd_bytes(r, 20);
	k->sport = (uint16_t)(h[0] << 8 | h[1]);
	k->dport = (uint16_t)(h[2] << 8 | h[3]);
	k->has_ports = true;
	k->seq = be32(h + 4);
	k->ack = be32(h + 8);
	off = (h[12] >> 4) * 4u;
	k->tcp_flags = h[13];
	k->win = (uint16_t)(h[14] << 8 | h[15]);
	if (off < 20) {
		k->anomaly = "TCP_HLEN_TOO_SMALL";
		k->anomaly_layer = "tcp";
		return;
	}
	if (off > 20) {
		rd_skip(r, off - 20);
		if (!rd_ok(r)) {
			pkt_stop(k, r, "tcp", "TCP_INVALID_OPTLEN");
			return;
		}
	}
	k->tcp_head = (uint8_t)off;
	k->payload = rd_rest(r);
}

/* VXLAN (RFC 7348) and GENEVE (RFC 8926) by their ports and their shape. */
static void
udp_tunnel(struct pkt *k)
{
	struct rd r = k->payload;
	uint32_t head = rd_be32(&r), vni = rd_be32(&r);

	if (!rd_ok(&r))
		return;
	if ((k->dport == 4789 || k->dport == 8472) && (head & 0xf7ffffff) == 0 &&
	    (head & 0x08000000) && (vni & 0xff) == 0) {
		pkt_tunnel(k, rd_rest(&r), LT_ETHERNET, "vxlan");
	} else if (k->dport == 6081 && head >> 30 == 0 && (vni & 0xff) == 0) {
		uint16_t type = head & 0xffff;
		rd_skip(&r, (head >> 24 & 0x3f) * 4);
		if (type == 0x6558)
			pkt_tunnel(k, rd_rest(&r), LT_ETHERNET, "geneve");
		else if (type == 0x0800 || type == 0x86dd)
			pkt_tunnel(k, rd_rest(&r), PKT_ETYPE | type, "geneve");
	}
}

/* Data of L2TP (RFC 2661, 3.1): PPP frames. Control messages are none. */
static void
l2tp(struct pkt *k)
{
	struct rd r = k->payload;
	uint16_t flags = rd_be16(&r);

	if (!rd_ok(&r) || (flags & 0xb0ff) != 2)
		return;
	if (flags & 0x4000)
		rd_skip(&r, 2);
	if (rd_be16(&r) == 0)
		return;
	rd_skip(&r, flags & 0x0800 ? 6 : 2);
	if (flags & 0x0200)
		rd_skip(&r, rd_be16(&r));
	if (rd_ok(&r))
		pkt_tunnel(k, rd_rest(&r), PKT_ETYPE | 0x880b, "l2tp");
}

/* IPv6 in UDP (RFC 4380), behind an origin or an authentication at most. */
static void
teredo(struct pkt *k)
{
	struct rd r = k->payload;
	int client, value;

	if (rd_peek16(&r, 0) == 1) {
		client = rd_peek8(&r, 2);
		value = rd_peek8(&r, 3);
		rd_skip(&r, 13u + (uint32_t)(client > 0 ? client : 0) +
		    (uint32_t)(value > 0 ? value : 0));
	}
	if (rd_peek16(&r, 0) == 0)
		rd_skip(&r, 8);
	if (rd_have(&r) >= 40 && rd_peek8(&r, 0) >> 4 == 6 &&
	    (uint32_t)rd_peek16(&r, 4) + 40 == rd_left(&r))
		pkt_tunnel(k, rd_rest(&r), PKT_ETYPE | 0x86dd, "teredo");
}

static void
udp(struct pkt *k, struct rd *r)
{
	uint16_t len;

	k->sport = rd_be16(r);
	k->dport = rd_be16(r);
	if (rd_ok(r))
		k->has_ports = true;
	len = rd_be16(r);
	rd_skip(r, 2);
	if (!rd_ok(r)) {
		pkt_stop(k, r, "udp", "UDP_PKT_TOO_SMALL");
		return;
	}
	if (len == 0)                   /* offloading, or an IPv6 jumbogram */
		k->payload = rd_rest(r);
	else if (len < 8) {
		k->anomaly = "UDP_LEN_INVALID";
		k->anomaly_layer = "udp";
	} else {
		k->payload = body_of(k, r, len - 8u, "udp", "UDP_HLEN_INVALID");
	}
	if (k->dport == 4789 || k->dport == 8472 || k->dport == 6081)
		udp_tunnel(k);
	else if (k->dport == 1701 || k->sport == 1701)
		l2tp(k);
	else if (k->dport == 3544 || k->sport == 3544)
		teredo(k);
}

void
pkt_transport(struct pkt *k, struct rd *r)
{
	int b;

	if (++k->layers > LIM_LAYERS) {
		k->anomaly = "TOO_MANY_LAYERS";
		k->anomaly_layer = "ip";
		return;
	}
	if (__builtin_expect(k->ip_proto == IPP_TCP, 1)) {
		tcp(k, r);
		return;
	}
	switch (k->ip_proto) {
	case IPP_UDP: case 136:
		udp(k, r);
		return;
	case IPP_SCTP:
		k->sport = rd_be16(r);
		k->dport = rd_be16(r);
		if (rd_ok(r))
			k->has_ports = true;
		else
			pkt_stop(k, r, "sctp", "SCTP_PKT_TOO_SMALL");
		k->payload = rd_rest(r);
		return;
	case IPP_ICMP: case IPP_ICMP6:
		if ((b = rd_peek8(r, 0)) >= 0)
			k->icmp_type = (uint8_t)b;
		if ((b = rd_peek8(r, 1)) >= 0)
			k->icmp_code = (uint8_t)b;
		else if (r->len < 4) {
			k->anomaly = k->ip_proto == IPP_ICMP ?
			    "ICMPV4_PKT_TOO_SMALL" : "ICMPV6_PKT_TOO_SMALL";
			k->anomaly_layer = "icmp";
		}
		break;
	case IPP_IPIP:
		pkt_tunnel(k, *r, PKT_ETYPE | 0x0800, "ipip");
		break;
	case IPP_IP6:
		pkt_tunnel(k, *r, PKT_ETYPE | 0x86dd, "6in4");
		break;
	case IPP_GRE: {
		struct rd g = *r;
		gre(k, &g);
		break;
	}
	case 137: {                     /* MPLS in IP, RFC 4023 */
		pkt_tunnel(k, *r, PKT_ETYPE | 0x8847, "mpls");
		break;
	}
	default:
		break;
	}
	k->payload = rd_rest(r);
}
