/* lldp.c: LLDP, IEEE 802.1AB; LLDP-MED, ANSI/TIA-1057; the organisations' TLVs
 * of 802.1, 802.3 and PROFINET (IEC 61158-6-10).
 *
 *      type 7 bits, length 9 bits | value       again and again
 *
 * The first three are the chassis' id, the port's id and the time to live, in
 * this order; type 0 ends. A frame is an announcement that a device makes of
 * itself to its neighbour alone: an event and an identity. */
#include "proto/proto.h"
#include "proto/sysdescr.h"

enum { MGMT_MAX = 8 };
enum { OUI_8021 = 0x0080c2, OUI_8023 = 0x00120f, OUI_MED = 0x0012bb, OUI_PN = 0x000ecf };
enum { CAP_REPEATER = 2, CAP_BRIDGE = 4, CAP_WLAN = 8, CAP_ROUTER = 16, CAP_PHONE = 32,
       CAP_KNOWN = 0x7ff };

struct lldp_id {
	uint8_t subtype;
	const uint8_t *p;
	uint32_t n;
};

struct lldp_pdu {
	struct lldp_id chassis, port;
	bool has_ttl, has_caps, has_pvid, has_phy, has_class, has_pn, has_pn_status;
	bool has_pn_mac, has_aggr, has_frame, has_poe;
	uint16_t ttl, caps, enabled;
	struct text port_desc, sys_name, sys_desc;

	unsigned nmgmt;
	struct { struct addr ip; uint32_t ifindex; } mgmt[MGMT_MAX];

	uint16_t pvid;
	unsigned nvlan;
	struct { uint16_t id; struct text name; } vlan[LIM_ANNOUNCED];

	uint8_t autoneg, aggr, poe;
	uint16_t mau, max_frame, poe_mw100;
	uint32_t aggr_port;

	uint8_t med_class;
	unsigned npolicy;
	struct { uint8_t app; uint32_t bits; } policy[8];
	struct text med[7];     /* hardware, firmware, software, serial, maker, model, asset */

	uint16_t rt2, rt3;
	uint8_t pn_mac[6];

	unsigned unknown;       /* TLVs of other organisations and reserved types */
	const char *why;        /* malformed */
};

static const struct tok chassis_types[] = {
	{ 1, "chassis_component" }, { 2, "interface_alias" }, { 3, "port_component" },
	{ 4, "mac_address" }, { 5, "network_address" }, { 6, "interface_name" }, { 7, "local" },
	{ 0, NULL }
};
static const struct tok port_types[] = {
	{ 1, "interface_alias" }, { 2, "port_component" }, { 3, "mac_address" },
	{ 4, "network_address" }, { 5, "interface_name" }, { 6, "agent_circuit_id" },
	{ 7, "local" },
	{ 0, NULL }
};
static const char *const cap_names[16] = {
	"other", "repeater", "bridge", "wlan_ap", "router", "telephone", "docsis_cable", "station",
	"cvlan", "svlan", "two_port_mac_relay",
};
static const struct tok med_classes[] = {
	{ 1, "endpoint_generic" }, { 2, "endpoint_media" }, { 3, "endpoint_communication" },
	{ 4, "network_connectivity" },
	{ 0, NULL }
};
static const struct tok med_apps[] = {
	{ 1, "voice" }, { 2, "voice_signaling" }, { 3, "guest_voice" },
	{ 4, "guest_voice_signaling" }, { 5, "softphone_voice" }, { 6, "video_conferencing" },
	{ 7, "streaming_video" }, { 8, "video_signaling" },
	{ 0, NULL }
};
/* IANAifMauType, RFC 4836: what laboratories and plants have. */
static const struct tok mau_types[] = {
	{ 10, "10BASE-T half duplex" }, { 11, "10BASE-T full duplex" },
	{ 15, "100BASE-TX half duplex" }, { 16, "100BASE-TX full duplex" },
	{ 17, "100BASE-FX half duplex" }, { 18, "100BASE-FX full duplex" },
	{ 21, "1000BASE-X half duplex" }, { 22, "1000BASE-X full duplex" },
	{ 24, "1000BASE-LX full duplex" }, { 26, "1000BASE-SX full duplex" },
	{ 29, "1000BASE-T half duplex" }, { 30, "1000BASE-T full duplex" },
	{ 33, "10GBASE-LR" }, { 37, "10GBASE-SR" }, { 54, "10GBASE-T" },
	{ 0, NULL }
};

static void
take_id(struct rd *v, struct lldp_id *id)
{
	id->subtype = rd_u8(v);
	id->n = rd_left(v);
	id->p = rd_bytes(v, id->n);
}

static void
take_mgmt(struct rd *v, struct lldp_pdu *l)
{
	uint8_t n = rd_u8(v);           /* of subtype and address */
	struct rd a = rd_sub(v, n);
	uint8_t family = rd_u8(&a);
	const uint8_t *p = rd_bytes(&a, rd_left(&a));
	uint32_t ifindex;

	rd_skip(v, 1);
	ifindex = rd_be32(v);
	if (!p || l->nmgmt == MGMT_MAX)
		return;
	if (family == 1 && n == 5)
		l->mgmt[l->nmgmt].ip = addr_v4(p);
	else if (family == 2 && n == 17)
		l->mgmt[l->nmgmt].ip = addr_v6(p);
	else
		return;
	l->mgmt[l->nmgmt++].ifindex = ifindex;
}

static void
take_8021(struct rd *v, uint8_t subtype, struct lldp_pdu *l)
{
	uint16_t id;
	uint8_t n;

	switch (subtype) {
	case 1:
		l->pvid = rd_be16(v);
		l->has_pvid = rd_ok(v);
		break;
	case 3:
		id = rd_be16(v);
		n = rd_u8(v);
		if (l->nvlan < LIM_ANNOUNCED) {
			struct text name = text_rd(v, n);
			if (!rd_ok(v))
				break;
			l->vlan[l->nvlan].id = id;
			l->vlan[l->nvlan++].name = name;
		}
		break;
	}
}

static void
take_8023(struct rd *v, uint8_t subtype, struct lldp_pdu *l)
{
	switch (subtype) {
	case 1:
		l->autoneg = rd_u8(v);
		rd_skip(v, 2);
		l->mau = rd_be16(v);
		l->has_phy = rd_ok(v);
		break;
	case 2:
		l->poe = rd_u8(v);
		rd_skip(v, 2);
		if (rd_left(v) >= 5) {
			rd_skip(v, 3);
			l->poe_mw100 = rd_be16(v);
		}
		l->has_poe = rd_ok(v);
		break;
	case 3:
		l->aggr = rd_u8(v);
		l->aggr_port = rd_be32(v);
		l->has_aggr = rd_ok(v);
		break;
	case 4:
		l->max_frame = rd_be16(v);
		l->has_frame = rd_ok(v);
		break;
	}
}

static void
take_med(struct rd *v, uint8_t subtype, struct lldp_pdu *l)
{
	switch (subtype) {
	case 1:
		rd_skip(v, 2);
		l->med_class = rd_u8(v);
		l->has_class = rd_ok(v);
		break;
	case 2:
		if (l->npolicy < 8) {
			l->policy[l->npolicy].app = rd_u8(v);
			l->policy[l->npolicy].bits = rd_be24(v);
			l->npolicy += rd_ok(v);
		}
		break;
	case 5: case 6: case 7: case 8: case 9: case 10: case 11:
		l->med[subtype - 5] = text_rd(v, rd_left(v));
		break;
	}
}

static void
take_profinet(struct rd *v, uint8_t subtype, struct lldp_pdu *l)
{
	const uint8_t *p;

	l->has_pn = true;
	switch (subtype) {
	case 2:
		l->rt2 = rd_be16(v);
		l->rt3 = rd_be16(v);
		l->has_pn_status = rd_ok(v);
		break;
	case 5:
		if ((p = rd_bytes(v, 6))) {
			memcpy(l->pn_mac, p, 6);
			l->has_pn_mac = true;
		}
		break;
	}
}

static void
take_org(struct rd *v, struct lldp_pdu *l)
{
	uint32_t oui = rd_be24(v);
	uint8_t subtype = rd_u8(v);

	if (!rd_ok(v))
		return;
	switch (oui) {
	case OUI_8021: take_8021(v, subtype, l); break;
	case OUI_8023: take_8023(v, subtype, l); break;
	case OUI_MED: take_med(v, subtype, l); break;
	case OUI_PN: take_profinet(v, subtype, l); break;
	default: l->unknown++;
	}
}

/* All that is there; l->why when something is malformed, which does not end
 * the walk as long as the TLVs' own lengths hold. */
static void
lldp_decode(struct rd *r, struct lldp_pdu *l)
{
	unsigned i = 0;

	memset(l, 0, sizeof(*l));
	while (rd_left(r)) {
		uint16_t h = rd_be16(r);
		unsigned type = h >> 9;
		struct rd v = rd_sub(r, h & 0x1ff);

		if (rd_bad(r))
			l->why = "TLV_LENGTH_INVALID";
		if (v.err)
			break;
		if (i < 3 && type != i + 1 && !l->why)
			l->why = "MANDATORY_TLV_MISSING";
		i++;
		if (type == 0)
			break;
		switch (type) {
		case 1: take_id(&v, &l->chassis); break;
		case 2: take_id(&v, &l->port); break;
		case 3:
			l->ttl = rd_be16(&v);
			l->has_ttl = rd_ok(&v);
			break;
		case 4: l->port_desc = text_rd(&v, rd_left(&v)); break;
		case 5: l->sys_name = text_rd(&v, rd_left(&v)); break;
		case 6: l->sys_desc = text_rd(&v, rd_left(&v)); break;
		case 7:
			l->caps = rd_be16(&v);
			l->enabled = rd_be16(&v);
			l->has_caps = rd_ok(&v);
			break;
		case 8: take_mgmt(&v, l); break;
		case 127: take_org(&v, l); break;
		default: l->unknown++;
		}
		if (rd_bad(&v) && !l->why)
			l->why = "TLV_TOO_SHORT";
	}
	if (i < 3 && !rd_short(r) && !l->why)
		l->why = "MANDATORY_TLV_MISSING";
}

static struct text
id_text(struct ev *e, const struct lldp_id *id, unsigned mac_type, unsigned net_type)
{
	char t[ADDR_TEXT];
	struct text s;

	if (!id->p || !id->n)
		return (struct text){ NULL, 0 };
	if (id->subtype == mac_type && id->n == 6)
		return ev_text(e, "%.*s", (int)mac_put(t, id->p), t);
	if (id->subtype == net_type && ((id->p[0] == 1 && id->n == 5) ||
	    (id->p[0] == 2 && id->n == 17))) {
		struct addr a = id->p[0] == 1 ? addr_v4(id->p + 1) : addr_v6(id->p + 1);
		return ev_text(e, "%.*s", (int)addr_put(t, &a), t);
	}
	s = text_trim(id->p, id->n);
	for (uint32_t i = 0; i < s.n; i++)
		if ((uint8_t)s.p[i] < 0x20) {           /* no text: in hex */
			char *p = ev_room(e, id->n * 2 + 1);
			if (!p)
				return (struct text){ NULL, 0 };
			for (uint32_t k = 0; k < id->n; k++)
				snprintf(p + 2 * k, 3, "%02x", id->p[k]);
			return (struct text){ p, id->n * 2 };
		}
	return s;
}

static void
put_id(struct ev *e, const struct tok *types, const struct lldp_id *id, struct text s)
{
	ev_cstr(e, "type", tok_find(types, id->subtype));
	ev_uint(e, "subtype", id->subtype);
	ev_str(e, "id", s);
	ev_end(e);
}

static void
put_caps(struct ev *e, uint16_t bits)
{
	for (unsigned i = 0; i < 16; i++)
		if (bits >> i & 1 && cap_names[i])
			ev_a_str(e, text_c(cap_names[i]));
	ev_end(e);
}

static void
put_net(struct ev *e, const struct lldp_pdu *l)
{
	if (l->nmgmt) {
		ev_arr(e, "management_addresses");
		for (unsigned i = 0; i < l->nmgmt; i++) {
			ev_a_obj(e);
			ev_put_ip(e, "ip", &l->mgmt[i].ip);
			ev_uint(e, "if_number", l->mgmt[i].ifindex);
			ev_end(e);
		}
		ev_end(e);
	}
	if (l->has_pvid)
		ev_uint(e, "pvid", l->pvid);
	if (l->nvlan) {
		ev_arr(e, "vlans");
		for (unsigned i = 0; i < l->nvlan; i++) {
			ev_a_obj(e);
			ev_uint(e, "id", l->vlan[i].id);
			ev_str(e, "name", l->vlan[i].name);
			ev_end(e);
		}
		ev_end(e);
	}
	if (!l->has_phy && !l->has_aggr && !l->has_frame && !l->has_poe)
		return;
	ev_obj(e, "link");
	if (l->has_phy) {
		ev_bool(e, "autoneg_supported", l->autoneg & 1);
		ev_bool(e, "autoneg_enabled", l->autoneg >> 1 & 1);
		ev_uint(e, "mau_type", l->mau);
		ev_cstr(e, "mau_name", tok_find(mau_types, l->mau));
	}
	if (l->has_aggr) {
		ev_bool(e, "aggregated", l->aggr >> 1 & 1);
		ev_uint(e, "aggregated_port", l->aggr_port);
	}
	if (l->has_frame)
		ev_uint(e, "max_frame", l->max_frame);
	if (l->has_poe) {
		ev_cstr(e, "power", l->poe & 1 ? "sources" : "draws");
		if (l->poe_mw100)
			ev_real(e, "power_watts", l->poe_mw100 / 10.0);
	}
	ev_end(e);
}

static void
put_med(struct ev *e, const struct lldp_pdu *l)
{
	ev_obj(e, "med");
	if (l->has_class) {
		ev_uint(e, "class", l->med_class);
		ev_cstr(e, "class_name", tok_find(med_classes, l->med_class));
	}
	if (l->npolicy) {
		ev_arr(e, "policies");
		for (unsigned i = 0; i < l->npolicy; i++) {
			uint32_t b = l->policy[i].bits;
			ev_a_obj(e);
			ev_uint(e, "application", l->policy[i].app);
			ev_cstr(e, "application_name", tok_find(med_apps, l->policy[i].app));
			ev_bool(e, "tagged", b >> 22 & 1);
			ev_uint(e, "vlan", b >> 9 & 0xfff);
			ev_uint(e, "priority", b >> 6 & 7);
			ev_uint(e, "dscp", b & 63);
			ev_end(e);
		}
		ev_end(e);
	}
	ev_str(e, "hardware", l->med[0]);
	ev_str(e, "firmware", l->med[1]);
	ev_str(e, "software", l->med[2]);
	ev_str(e, "serial", l->med[3]);
	ev_str(e, "manufacturer", l->med[4]);
	ev_str(e, "model", l->med[5]);
	ev_str(e, "asset_id", l->med[6]);
	ev_end(e);
}

static bool
has_inventory(const struct lldp_pdu *l)
{
	bool any = false;

	for (int i = 0; i < 7; i++)
		any |= l->med[i].n > 0;
	return any;
}

static struct text
role_of(uint16_t caps)
{
	if (caps & CAP_PHONE)
		return TEXT("phone");
	if (caps & CAP_WLAN)
		return TEXT("wlan ap");
	if (caps & CAP_BRIDGE)
		return TEXT("switch");
	if (caps & CAP_ROUTER)
		return TEXT("router");
	return (struct text){ NULL, 0 };
}

static void
describe(struct ident *i, const struct lldp_pdu *l, struct text chassis)
{
	struct sysdescr d;

	sysdescr_read(l->sys_desc, &d);
	i->hostname = l->sys_name;
	/* PROFINET: the station's name is the chassis' id (or the end of the port's). */
	if (!i->hostname.n && l->has_pn && l->chassis.subtype == 7)
		i->hostname = chassis;
	i->product = d.product;
	i->vendor = l->med[4].n ? l->med[4] : d.vendor;
	i->model = l->med[5];
	i->serial = l->med[3].n ? l->med[3] : d.serial;
	i->firmware = l->med[1].n ? l->med[1] : l->med[2].n ? l->med[2] : d.firmware;
	i->hardware = l->med[0].n ? l->med[0] : d.hardware;
	i->order_code = d.order_code;
	i->os = d.os;
	if (l->has_caps)
		i->role = role_of(l->enabled);
}

/* The port's MAC sends; the chassis' MAC and management address are the same
 * device's: told apart, so that inventory can bring them together. */
static void
identify(struct dctx *c, struct ev *e, const struct lldp_pdu *l, struct text chassis)
{
	const uint8_t *mac = NULL;
	unsigned ips = 0;
	struct ident *i;

	describe(ev_identity(e, "lldp", EV_SRC), l, chassis);
	if (l->has_pn_mac)
		mac = l->pn_mac;
	else if (l->chassis.subtype == 4 && l->chassis.n == 6 && l->chassis.p)
		mac = l->chassis.p;
	for (unsigned k = 0; k < l->nmgmt && ips < 3; k++) {
		static const uint8_t none[16];
		const struct addr *ip = &l->mgmt[k].ip;

		if (memcmp(ip->b, none, 16) == 0 || addr_multicast(ip))
			continue;
		i = ev_identity(e, "lldp", EV_OTHER);
		i->ip = *ip;
		i->has_mac = mac || c->k->has_mac;
		if (i->has_mac)
			memcpy(i->mac, mac ? mac : c->k->src_mac, 6);
		describe(i, l, chassis);
		ips++;
	}
	if (!ips && mac && c->k->has_mac && memcmp(mac, c->k->src_mac, 6) != 0) {
		i = ev_identity(e, "lldp", EV_OTHER);
		i->has_mac = true;
		memcpy(i->mac, mac, 6);
		describe(i, l, chassis);
	}
}

static enum verdict
lldp_dissect(struct dctx *c, struct rd *r)
{
	struct lldp_pdu l;
	struct text chassis;
	struct ev *e;

	lldp_decode(r, &l);
	if (l.chassis.p || l.port.p) {
		e = ev_begin(c, "lldp", &c->when, c->side);
		chassis = id_text(e, &l.chassis, 4, 5);
		if (l.chassis.p) {
			ev_obj(e, "chassis_id");
			put_id(e, chassis_types, &l.chassis, chassis);
		}
		if (l.port.p) {
			struct text port = id_text(e, &l.port, 3, 4);
			ev_obj(e, "port_id");
			put_id(e, port_types, &l.port, port);
			e->ot.object = port;
		}
		if (l.has_ttl)
			ev_uint(e, "ttl", l.ttl);
		ev_str(e, "port_description", l.port_desc);
		ev_str(e, "system_name", l.sys_name);
		ev_str(e, "system_description", l.sys_desc);
		if (l.caps & CAP_KNOWN) {
			ev_arr(e, "capabilities");
			put_caps(e, l.caps);
		}
		if (l.enabled & CAP_KNOWN) {
			ev_arr(e, "enabled_capabilities");
			put_caps(e, l.enabled);
		}
		put_net(e, &l);
		if (l.has_class || l.npolicy || has_inventory(&l))
			put_med(e, &l);
		if (l.has_pn_status || l.has_pn_mac) {
			ev_obj(e, "profinet");
			if (l.has_pn_status) {
				ev_uint(e, "rt_class2_status", l.rt2);
				ev_uint(e, "rt_class3_status", l.rt3);
			}
			if (l.has_pn_mac)
				ev_put_mac(e, "chassis_mac", l.pn_mac);
			ev_end(e);
		}
		if (l.unknown)
			ev_uint(e, "other_tlvs", l.unknown);
		e->ot.op = OT_IDENTIFY;
		e->ot.service = l.has_ttl && l.ttl == 0 ? TEXT("shutdown") : TEXT("announce");
		identify(c, e, &l, chassis);
		ev_emit(e);
	}
	c->why = l.why;
	return l.why ? DIS_BAD : DIS_OK;
}

static const struct hint hints[] = { { HINT_ETHER, 0x88cc }, { 0 } };

static const struct field fields[] = {
	{ "lldp.chassis_id", "object", "what the sender calls itself" },
	{ "lldp.chassis_id.type", "string", "kind of id: mac_address, local, ..." },
	{ "lldp.chassis_id.subtype", "integer", "the kind's number" },
	{ "lldp.chassis_id.id", "string", "the id: an address, a name, or hex" },
	{ "lldp.port_id", "object", "the port it was sent from" },
	{ "lldp.port_id.type", "string", "kind of id: interface_name, mac_address, ..." },
	{ "lldp.port_id.subtype", "integer", "the kind's number" },
	{ "lldp.port_id.id", "string", "the id: an address, a name, or hex" },
	{ "lldp.ttl", "integer", "seconds this holds; 0: the sender is leaving" },
	{ "lldp.port_description", "string", "the port in words" },
	{ "lldp.system_name", "string", "the device's name" },
	{ "lldp.system_description", "string", "the device in words" },
	{ "lldp.capabilities", "array", "what the device can be: bridge, router, ..." },
	{ "lldp.enabled_capabilities", "array", "what of it is switched on" },
	{ "lldp.management_addresses", "array", "where the device is managed" },
	{ "lldp.management_addresses.ip", "string", "the address" },
	{ "lldp.management_addresses.if_number", "integer", "its interface's number" },
	{ "lldp.pvid", "integer", "the port's VLAN (802.1)" },
	{ "lldp.vlans", "array", "the port's VLANs with names (802.1)" },
	{ "lldp.vlans.id", "integer", "VLAN id" },
	{ "lldp.vlans.name", "string", "VLAN name" },
	{ "lldp.link", "object", "the port's link (802.3)" },
	{ "lldp.link.autoneg_supported", "boolean", "autonegotiation is possible" },
	{ "lldp.link.autoneg_enabled", "boolean", "autonegotiation is on" },
	{ "lldp.link.mau_type", "integer", "operational MAU type" },
	{ "lldp.link.mau_name", "string", "its name: 100BASE-TX full duplex" },
	{ "lldp.link.aggregated", "boolean", "the link is part of an aggregation" },
	{ "lldp.link.aggregated_port", "integer", "the aggregation's port" },
	{ "lldp.link.max_frame", "integer", "longest frame" },
	{ "lldp.link.power", "string", "power over Ethernet: sources or draws" },
	{ "lldp.link.power_watts", "number", "watts asked for" },
	{ "lldp.med", "object", "LLDP-MED" },
	{ "lldp.med.class", "integer", "device class" },
	{ "lldp.med.class_name", "string", "the class's name" },
	{ "lldp.med.policies", "array", "VLAN and priority per application" },
	{ "lldp.med.policies.application", "integer", "application type" },
	{ "lldp.med.policies.application_name", "string", "its name: voice, ..." },
	{ "lldp.med.policies.tagged", "boolean", "frames are to be tagged" },
	{ "lldp.med.policies.vlan", "integer", "VLAN id" },
	{ "lldp.med.policies.priority", "integer", "layer 2 priority" },
	{ "lldp.med.policies.dscp", "integer", "DSCP value" },
	{ "lldp.med.hardware", "string", "hardware revision" },
	{ "lldp.med.firmware", "string", "firmware revision" },
	{ "lldp.med.software", "string", "software revision" },
	{ "lldp.med.serial", "string", "serial number" },
	{ "lldp.med.manufacturer", "string", "manufacturer" },
	{ "lldp.med.model", "string", "model" },
	{ "lldp.med.asset_id", "string", "the owner's asset number" },
	{ "lldp.profinet", "object", "PROFINET's own TLVs" },
	{ "lldp.profinet.rt_class2_status", "integer", "RT class 2 port status" },
	{ "lldp.profinet.rt_class3_status", "integer", "RT class 3 port status" },
	{ "lldp.profinet.chassis_mac", "string", "the device's own MAC address" },
	{ "lldp.other_tlvs", "integer", "TLVs of other organisations, passed over" },
	{ NULL }
};

const struct dissector lldp_dissector = {
	.name = "lldp",
	.title = "LLDP with LLDP-MED and PROFINET's extensions",
	.hints = hints,
	.fields = fields,
	.dissect = lldp_dissect,
};
