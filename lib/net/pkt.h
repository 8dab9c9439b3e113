/* pkt.h: a packet's layers, from the link up to the transport's payload.
 *
 * pkt_begin() decodes down to the first IP header and its transport, or to
 * whatever the link carried instead of IP. Where that transport is a tunnel
 * (GRE, VXLAN, ERSPAN, IP in IP), the caller accounts for what it has and asks
 * pkt_inner() for the next packet inside. Decoding is a loop with a limit; no
 * bytes are copied. */
#ifndef OT_PKT_H
#define OT_PKT_H

#include "base/addr.h"
#include "base/limits.h"
#include "base/rd.h"
#include "capture/packet.h"

#include <stdbool.h>
#include <stdint.h>

enum pkt_what {
	PKT_DONE,               /* no (further) packet here */
	PKT_LINK,               /* not IP: payload belongs to `ethertype`, LLC or SNAP */
	PKT_IP,                 /* IP with a payload of `ip_proto`; ports where it has any */
	PKT_FRAGMENT,           /* IP, a fragment: see frag.h */
};

/* TCP flag bits as on the wire. */
enum { TH_FIN = 1, TH_SYN = 2, TH_RST = 4, TH_PSH = 8, TH_ACK = 16, TH_URG = 32 };
enum { IPP_ICMP = 1, IPP_IGMP = 2, IPP_IPIP = 4, IPP_TCP = 6, IPP_UDP = 17, IPP_IP6 = 41,
       IPP_GRE = 47, IPP_ESP = 50, IPP_AH = 51, IPP_ICMP6 = 58, IPP_SCTP = 132 };

/* What a segment says beside its bytes: what its sender has and has room for. Read as
 * `all` it is copied at once. */
union tcp_said {
	struct {
		uint32_t ack;
		uint16_t win;
		uint8_t flags;
		uint8_t head;           /* bytes of the TCP header; 0: not decoded */
	};
	uint64_t all;
};

struct pkt {
	_Alignas(64) enum pkt_what what;
	const struct packet *raw;

	/* link */
	bool has_mac;
	uint8_t src_mac[6], dst_mac[6];
	uint16_t vlan[LIM_VLANS];       /* ids, outermost first */
	uint8_t nvlan;
	uint16_t ethertype;             /* of the payload; 0 with 802.2 LLC */
	bool llc;                       /* 802.2: dsap, ssap; SNAP: oui and pid too */
	uint8_t dsap, ssap;
	uint32_t snap_oui;              /* 24 bits; ~0 without SNAP */
	uint16_t snap_pid;

	/* network */
	uint8_t ip_v;                   /* 4, 6; 0 without IP */
	uint8_t ip_proto;
	bool plain4;                    /* IPv4 with ports, straight in Ethernet, no tunnel */
	uint8_t ttl;
	struct addr src, dst;
	uint32_t frag_id;               /* PKT_FRAGMENT */
	uint32_t frag_off;              /* bytes */
	bool frag_more;

	/* transport */
	bool has_ports;
	uint16_t sport, dport;
	uint32_t seq;
	union {
		struct {
			uint32_t ack;
			uint16_t win;
			uint8_t tcp_flags;
			uint8_t tcp_head;
		};
		union tcp_said said;
	};
	uint8_t icmp_type, icmp_code;

	struct rd payload;              /* above the last layer decoded */
	uint32_t bytes;                 /* of this packet from its link header on, wire length */

	/* tunnels */
	uint8_t depth;                  /* 0: outermost */
	const char *tunnel;             /* "gre", "vxlan", ... that this one travelled in */

	/* what was wrong, NULL if nothing: EVE-like decode events */
	const char *anomaly;            /* "IPV4_TRUNC_PKT", ... */
	const char *anomaly_layer;      /* "ethernet", "ipv4", "tcp", ... */
	bool truncated;                 /* our own snap length ended the decoding */

	/* private: the tunnel's payload, for pkt_inner() */
	struct rd inner;
	uint32_t inner_link;            /* LINKTYPE_; or an ethertype | PKT_ETYPE */
	const char *inner_name;
	uint8_t layers;

	/* private to flow.c: of the five-tuple, once asked for; it is that of the packet before */
	bool hashed, same;
	uint32_t hash;
};

/* Decodes the outermost packet. Never PKT_DONE: what cannot be decoded is
 * PKT_LINK with an empty payload and, where the bytes are to blame, an anomaly. */
enum pkt_what pkt_begin(struct pkt *k, const struct packet *p);

/* Goes on with the packet inside, if there is one: PKT_DONE otherwise. */
enum pkt_what pkt_inner(struct pkt *k);

/* The payload of a reassembled datagram takes the place of the fragment's:
 * decodes the transport. */
enum pkt_what pkt_reassembled(struct pkt *k, const uint8_t *data, uint32_t len);

/* For pkt.c's own parts (link.c, ip.c). */
enum { PKT_ETYPE = 1u << 31 };
void pkt_link(struct pkt *k, struct rd *r, uint32_t linktype);
void pkt_ethertype(struct pkt *k, struct rd *r, uint16_t type);
void pkt_ipv4(struct pkt *k, struct rd *r);
void pkt_ipv6(struct pkt *k, struct rd *r);
void pkt_transport(struct pkt *k, struct rd *r);
void pkt_tunnel(struct pkt *k, struct rd inner, uint32_t link, const char *name);
/* Ends decoding with what the reader says: SHORT is our truncation, BAD an anomaly. */
void pkt_stop(struct pkt *k, const struct rd *r, const char *layer, const char *event)
    __attribute__((cold));

#endif
