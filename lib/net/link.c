/* link.c: link layers, from the capture's link type to an ethertype. */
#include "net/pkt.h"

enum {
	ET_IP4 = 0x0800, ET_VLAN = 0x8100, ET_QINQ = 0x88a8, ET_QINQ_OLD = 0x9100, ET_IP6 = 0x86dd,
	ET_PPP = 0x880b, ET_MPLS = 0x8847, ET_MPLS_MC = 0x8848, ET_PPPOE_D = 0x8863,
	ET_PPPOE_S = 0x8864, ET_TEB = 0x6558,
};

/* LINKTYPE_ values (tcpdump.org/linktypes.html). */
enum {
	LT_NULL = 0,
	LT_ETHERNET = 1,
	LT_PPP = 9,
	LT_RAW_BSD = 12,
	LT_RAW_OBSD = 14,
	LT_PPP_HDLC = 50,
	LT_RAW = 101,
	LT_C_HDLC = 104,
	LT_80211 = 105,
	LT_LOOP = 108,
	LT_SLL = 113,
	LT_PRISM = 119,
	LT_RADIOTAP = 127,
	LT_IPV4 = 228,
	LT_IPV6 = 229,
	LT_SLL2 = 276,
};

/* Raw IP: the version nibble says which. */
static void
raw_ip(struct pkt *k, struct rd *r)
{
	int b = rd_peek8(r, 0);

	if (b >= 0 && b >> 4 == 4)
		pkt_ethertype(k, r, ET_IP4);
	else if (b >= 0 && b >> 4 == 6)
		pkt_ethertype(k, r, ET_IP6);
	else
		k->payload = rd_rest(r);
}

/* IEEE 802.2: LLC, and SNAP inside. */
static void
llc(struct pkt *k, struct rd *r)
{
	k->dsap = rd_u8(r);
	k->ssap = rd_u8(r);
	if (!rd_ok(r)) {
		pkt_stop(k, r, "llc", "LLC_PKT_TOO_SMALL");
		return;
	}
	if (k->dsap == 0xaa && k->ssap == 0xaa) {
		rd_skip(r, 1);
		k->snap_oui = rd_be24(r);
		k->snap_pid = rd_be16(r);
		if (!rd_ok(r)) {
			pkt_stop(k, r, "llc", "SNAP_PKT_TOO_SMALL");
			return;
		}
		/* RFC 1042 and 802.1H: an ethertype after all */
		if (k->snap_oui == 0x000000 || k->snap_oui == 0x0000f8) {
			k->snap_oui = ~0u;
			pkt_ethertype(k, r, k->snap_pid);
			return;
		}
	} else if ((k->dsap == 0x06 && k->ssap == 0x06)) {
		rd_skip(r, 1);
		raw_ip(k, r);
		return;
	}
	k->llc = true;
	k->payload = rd_rest(r);
}

static void
ethernet(struct pkt *k, struct rd *r)
{
	const uint8_t *m = rd_bytes(r, 14);

	if (!m) {
		pkt_stop(k, r, "ethernet", "ETHERNET_PKT_TOO_SMALL");
		return;
	}
	memcpy(k->dst_mac, m, 6);
	memcpy(k->src_mac, m + 6, 6);
	k->has_mac = true;
	pkt_ethertype(k, r, (uint16_t)(m[12] << 8 | m[13]));
}

/* PPP after its address and control bytes, which HDLC framing keeps. */
static void
ppp(struct pkt *k, struct rd *r)
{
	struct rd whole;
	uint16_t p;

	if (rd_peek16(r, 0) == 0xff03)
		rd_skip(r, 2);
	whole = *r;
	p = rd_u8(r);
	if (!(p & 1))           /* compressed protocol field is odd and one byte */
		p = (uint16_t)(p << 8 | rd_u8(r));
	if (!rd_ok(r)) {
		pkt_stop(k, r, "ppp", "PPP_PKT_TOO_SMALL");
		return;
	}
	if (p == 0x0021)
		pkt_ethertype(k, r, ET_IP4);
	else if (p == 0x0057)
		pkt_ethertype(k, r, ET_IP6);
	else if (p == 0x0281)
		pkt_ethertype(k, r, ET_MPLS);
	else {                          /* LCP, IPCP, CHAP ... */
		k->ethertype = ET_PPP;
		k->payload = rd_rest(&whole);
	}
}

/* IEEE 802.11 data frames (clear text only), as far as LLC. */
static void
wlan(struct pkt *k, struct rd *r)
{
	uint16_t fc = rd_le16(r);
	unsigned type = fc >> 2 & 3, sub = fc >> 4 & 15;
	bool to_ds = fc & 0x100, from_ds = fc & 0x200, wep = fc & 0x4000;
	const uint8_t *a1, *a2, *a3, *a4 = NULL;

	rd_skip(r, 2);
	a1 = rd_bytes(r, 6);
	if (type != 2 || (sub & 4)) {   /* management, control, null data */
		k->payload = rd_rest(r);
		return;
	}
	a2 = rd_bytes(r, 6);
	a3 = rd_bytes(r, 6);
	rd_skip(r, 2);
	if (to_ds && from_ds)
		a4 = rd_bytes(r, 6);
	if (sub & 8) {                  /* QoS; with "order" an HT control field too */
		rd_skip(r, 2);
		if (fc & 0x8000)
			rd_skip(r, 4);
	}
	if (!rd_ok(r)) {
		pkt_stop(k, r, "ieee80211", "IEEE80211_PKT_TOO_SMALL");
		return;
	}
	memcpy(k->dst_mac, to_ds ? a3 : a1, 6);
	memcpy(k->src_mac, a4 ? a4 : from_ds ? a3 : a2, 6);
	k->has_mac = true;
	if (wep)
		k->payload = rd_rest(r);
	else
		llc(k, r);
}

static void
radiotap(struct pkt *k, struct rd *r)
{
	uint16_t len;
	uint32_t present, flags_at = 8;
	bool fcs = false;

	rd_skip(r, 2);
	len = rd_le16(r);
	present = rd_le32(r);
	if (!rd_ok(r) || len < 8) {
		pkt_stop(k, r, "radiotap", "RADIOTAP_PKT_TOO_SMALL");
		return;
	}
	/* Only the first present word and only what precedes "flags": TSFT. */
	if (!(present >> 31) && (present & 2)) {
		int f;
		if (present & 1)
			flags_at = 16;
		f = rd_peek8(r, flags_at - 8);
		fcs = f >= 0 && (f & 0x10);
	}
	rd_skip(r, len - 8u);
	if (fcs && rd_left(r) > 4) {
		struct rd body = rd_sub(r, rd_left(r) - 4);
		wlan(k, &body);
	} else {
		wlan(k, r);
	}
}

void
pkt_link(struct pkt *k, struct rd *r, uint32_t linktype)
{
	uint32_t af;
	uint16_t type, alen;
	const uint8_t *m;

	switch (linktype) {
	case LT_ETHERNET:
		ethernet(k, r);
		break;
	case LT_RAW: case LT_RAW_BSD: case LT_RAW_OBSD:
		raw_ip(k, r);
		break;
	case LT_IPV4:
		pkt_ethertype(k, r, ET_IP4);
		break;
	case LT_IPV6:
		pkt_ethertype(k, r, ET_IP6);
		break;
	case LT_NULL: case LT_LOOP:
		/* The writer's byte order: small either way. */
		af = rd_le32(r);
		if (af > 0xffff)
			af = __builtin_bswap32(af);
		if (af == 2)
			pkt_ethertype(k, r, ET_IP4);
		else if (af == 10 || af == 24 || af == 28 || af == 30)
			pkt_ethertype(k, r, ET_IP6);
		else if (rd_ok(r))
			k->payload = rd_rest(r);
		else
			pkt_stop(k, r, "null", "NULL_PKT_TOO_SMALL");
		break;
	case LT_SLL:
		rd_skip(r, 4);
		alen = rd_be16(r);
		m = rd_bytes(r, 8);
		type = rd_be16(r);
		if (!rd_ok(r)) {
			pkt_stop(k, r, "sll", "SLL_PKT_TOO_SMALL");
			break;
		}
		/* The sender's address only; nobody's as destination. */
		if (alen == 6) {
			memcpy(k->src_mac, m, 6);
			k->has_mac = true;
		}
		pkt_ethertype(k, r, type);
		break;
	case LT_SLL2:
		type = rd_be16(r);
		rd_skip(r, 9);
		alen = rd_u8(r);
		m = rd_bytes(r, 8);
		if (!rd_ok(r)) {
			pkt_stop(k, r, "sll", "SLL2_PKT_TOO_SMALL");
			break;
		}
		if (alen == 6) {
			memcpy(k->src_mac, m, 6);
			k->has_mac = true;
		}
		pkt_ethertype(k, r, type);
		break;
	case LT_PPP: case LT_PPP_HDLC:
		ppp(k, r);
		break;
	case LT_C_HDLC:
		rd_skip(r, 2);
		type = rd_be16(r);
		pkt_ethertype(k, r, type);
		break;
	case LT_80211:
		wlan(k, r);
		break;
	case LT_RADIOTAP:
		radiotap(k, r);
		break;
	default:
		k->payload = rd_rest(r);        /* a link protocol of its own, or nobody's */
	}
}

/* A stack of MPLS labels (RFC 3032) and what lies under it. */
static void
mpls(struct pkt *k, struct rd *r)
{
	uint32_t label;
	int b;

	do {
		if (++k->layers > LIM_LAYERS) {
			k->anomaly = "TOO_MANY_LAYERS";
			k->anomaly_layer = "mpls";
			return;
		}
		label = rd_be32(r);
	} while (rd_ok(r) && !(label >> 8 & 1));
	if (!rd_ok(r)) {
		pkt_stop(k, r, "mpls", "MPLS_PKT_TOO_SMALL");
		return;
	}
	b = rd_peek8(r, 0);
	if (b >= 0 && (b >> 4 == 4 || b >> 4 == 6)) {
		raw_ip(k, r);
	} else if (b >= 0 && b >> 4 == 0) {
		rd_skip(r, 4);          /* RFC 4448: control word of an Ethernet pseudowire */
		pkt_tunnel(k, rd_rest(r), LT_ETHERNET, "mpls");
	} else {
		k->payload = rd_rest(r);
	}
}

void
pkt_ethertype(struct pkt *k, struct rd *r, uint16_t type)
{
	for (;;) {
		if (++k->layers > LIM_LAYERS) {
			k->anomaly = "TOO_MANY_LAYERS";
			k->anomaly_layer = "ethernet";
			return;
		}
		if (__builtin_expect(type == ET_IP4, 1)) {
			pkt_ipv4(k, r);
			return;
		}
		switch (type) {
		case ET_IP6:
			pkt_ipv6(k, r);
			return;
		case ET_VLAN: case ET_QINQ: case ET_QINQ_OLD: {
			uint16_t tci = rd_be16(r);
			type = rd_be16(r);
			if (!rd_ok(r)) {
				pkt_stop(k, r, "vlan", "VLAN_HEADER_TOO_SMALL");
				return;
			}
			if ((tci & 0xfff) == 0)
				continue;       /* 802.1Q 9.6: only a priority */
			if (k->nvlan < LIM_VLANS)
				k->vlan[k->nvlan++] = tci & 0xfff;
			continue;
		}
		case ET_MPLS: case ET_MPLS_MC:
			mpls(k, r);
			return;
		case ET_PPPOE_S: {
			struct rd body;
			uint16_t len;
			rd_skip(r, 4);          /* version, type, code, session */
			len = rd_be16(r);
			body = rd_sub(r, len);
			if (rd_bad(&body)) {
				pkt_stop(k, r, "pppoe", "PPPOE_WRONG_LENGTH");
				return;
			}
			ppp(k, &body);
			return;
		}
		case ET_PPP:
			ppp(k, r);
			return;
		default:
			break;
		}
		if (type >= 0x600) {
			k->ethertype = type;
			k->payload = rd_rest(r);
			return;
		}
		/* IEEE 802.3: a length; what is beyond it is padding */
		if (type <= 1500) {
			if (type < rd_left(r)) {
				struct rd body = rd_sub(r, type);
				llc(k, &body);
			} else {
				llc(k, r);
			}
			return;
		}
		k->payload = rd_rest(r);
		return;
	}
}
