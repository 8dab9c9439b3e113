/* arp.c: ARP, RFC 826; probes and announcements, RFC 5227; RARP, RFC 903.
 *
 *      hardware type 2 | protocol type 2 | hlen 1 | plen 1 | opcode 2
 *      sender hardware address hlen | sender protocol address plen
 *      target hardware address hlen | target protocol address plen
 *
 * ARP belongs to no flow, so that each packet is an event of its own: who asks
 * for whom is half of what the network's map is made of. */
#include "proto/proto.h"

enum { ARP_ETHERNET = 1, ARP_IPV4 = 0x0800 };

struct arp_pdu {
	uint16_t hw_type, proto_type, opcode;
	uint8_t hlen, plen;
	bool pair;              /* Ethernet and IPv4: the addresses below are filled */
	uint8_t mac[2][6];      /* sender, target */
	struct addr ip[2];
};

static const struct tok hw_types[] = {
	{ 1, "ethernet" }, { 3, "ax.25" }, { 6, "ieee802" }, { 7, "arcnet" }, { 15, "frame_relay" },
	{ 19, "atm" }, { 20, "hdlc" }, { 24, "ieee1394" }, { 27, "eui64" }, { 32, "infiniband" },
	{ 0, NULL }
};

static const struct tok opcodes[] = {
	{ 1, "request" }, { 2, "reply" }, { 3, "rarp_request" }, { 4, "rarp_reply" },
	{ 8, "inarp_request" }, { 9, "inarp_reply" }, { 10, "nak" },
	{ 0, NULL }
};

/* NULL when well-formed, else what is wrong. */
static const char *
arp_decode(struct rd *r, struct arp_pdu *a)
{
	memset(a, 0, sizeof(*a));
	a->hw_type = rd_be16(r);
	a->proto_type = rd_be16(r);
	a->hlen = rd_u8(r);
	a->plen = rd_u8(r);
	a->opcode = rd_be16(r);
	if (!rd_ok(r))
		return "PACKET_TOO_SMALL";
	if (a->hw_type != ARP_ETHERNET || a->proto_type != ARP_IPV4) {
		rd_skip(r, 2u * a->hlen + 2u * a->plen);
		return rd_bad(r) ? "PACKET_TOO_SMALL" : NULL;
	}
	if (a->hlen != 6)
		return "INVALID_HARDWARE_SIZE";
	if (a->plen != 4)
		return "INVALID_PROTOCOL_SIZE";
	for (int i = 0; i < 2; i++) {
		const uint8_t *mac = rd_bytes(r, 6), *ip = rd_bytes(r, 4);
		if (!mac || !ip)
			return "PACKET_TOO_SMALL";
		memcpy(a->mac[i], mac, 6);
		a->ip[i] = addr_v4(ip);
	}
	a->pair = true;
	return NULL;
}

static bool
zero(const uint8_t *p, size_t n)
{
	while (n--)
		if (*p++)
			return false;
	return true;
}

static enum verdict
arp_dissect(struct dctx *c, struct rd *r)
{
	struct arp_pdu a;
	struct ev *e;
	const char *op;
	bool said;

	c->why = arp_decode(r, &a);
	if (rd_short(r))
		return DIS_OK;
	if (c->why)
		return DIS_BAD;
	e = ev_begin(c, "arp", &c->when, c->side);
	if (tok_find(hw_types, a.hw_type))
		ev_cstr(e, "hw_type", tok_find(hw_types, a.hw_type));
	else
		ev_str(e, "hw_type", ev_text_num(e, "", 0, a.hw_type));
	if (a.proto_type == ARP_IPV4)
		ev_cstr(e, "proto_type", "ipv4");
	else
		ev_str(e, "proto_type", ev_text(e, "0x%04x", a.proto_type));
	op = tok_find(opcodes, a.opcode);
	ev_str(e, "opcode", op ? text_c(op) : ev_text_num(e, "", 0, a.opcode));
	e->ot.op = OT_IDENTIFY;
	e->ot.service = text_c(op);
	if (a.pair) {
		bool probe = zero(a.ip[0].b, 4), same = addr_eq(&a.ip[0], &a.ip[1]);
		const struct addr *about = a.opcode == 2 ? &a.ip[0] : &a.ip[1];
		char *t;

		ev_put_mac(e, "src_mac", a.mac[0]);
		ev_put_ip(e, "src_ip", &a.ip[0]);
		ev_put_mac(e, "dest_mac", a.mac[1]);
		ev_put_ip(e, "dest_ip", &a.ip[1]);
		if (same && !probe)
			ev_bool(e, "gratuitous", true);
		if (probe && a.opcode == 1 && !zero(a.ip[1].b, 4))
			ev_bool(e, "probe", true);
		/* A proxy, a standby router, or somebody who speaks for another. */
		if (c->k->has_mac && memcmp(a.mac[0], c->k->src_mac, 6) != 0)
			ev_bool(e, "ether_differs", true);
		if (!zero(about->b, 4) && (t = ev_room(e, ADDR_TEXT)))
			e->ot.object = (struct text){ t, (uint32_t)addr_put(t, about) };
		said = !probe && !zero(a.mac[0], 6) && !(a.mac[0][0] & 1) &&
		    !addr_multicast(&a.ip[0]);
		/* A reverse request's sender does not know its address yet. */
		if (said && a.opcode != 3 && a.opcode != 10) {
			struct ident *i = ev_identity(e, "arp", EV_OTHER);
			i->has_mac = true;
			memcpy(i->mac, a.mac[0], 6);
			i->ip = a.ip[0];
		}
	}
	ev_emit(e);
	return DIS_OK;
}

static const struct hint hints[] = {
	{ HINT_ETHER, 0x0806 }, { HINT_ETHER, 0x8035 }, { 0 }
};

static const struct field fields[] = {
	{ "arp.hw_type", "string", "hardware type: ethernet, or its number" },
	{ "arp.proto_type", "string", "protocol type: ipv4, or its number in hex" },
	{ "arp.opcode", "string", "request, reply, ..., or its number" },
	{ "arp.src_mac", "string", "the sender's MAC address as the packet says it" },
	{ "arp.src_ip", "string", "the sender's IP address; 0.0.0.0 in a probe" },
	{ "arp.dest_mac", "string", "the target's MAC address; zero in a request" },
	{ "arp.dest_ip", "string", "the target's IP address" },
	{ "arp.gratuitous", "boolean", "sender and target address are the same: an announcement" },
	{ "arp.probe", "boolean", "asks whether an address is free before taking it" },
	{ "arp.ether_differs", "boolean", "the frame's source MAC is not the sender's" },
	{ NULL }
};

const struct dissector arp_dissector = {
	.name = "arp",
	.title = "ARP",
	.hints = hints,
	.fields = fields,
	.dissect = arp_dissect,
};
