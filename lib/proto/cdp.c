/* cdp.c: Cisco Discovery Protocol, versions 1 and 2, in 802.2 SNAP.
 *
 *      version 1 | ttl 1 | checksum 2 | TLVs: type 2, length 2 (of all), value */
#include "proto/proto.h"
#include "proto/sysdescr.h"

enum { CDP_ADDRS = 8, CAP_KNOWN = 0x7ff };

struct cdp_pdu {
	uint8_t version, ttl;
	struct text device, port, software, platform, vtp, name, location;
	bool has_caps, has_vlan, has_duplex, has_voice, has_power;
	uint32_t caps;
	uint16_t vlan, voice, power_mw;
	uint8_t duplex;
	unsigned naddr, nmgmt;
	struct addr addr[CDP_ADDRS], mgmt[CDP_ADDRS];
	const char *why;
};

static const struct tok cap_names[] = {
	{ 0x01, "router" }, { 0x02, "transparent_bridge" }, { 0x04, "source_route_bridge" },
	{ 0x08, "switch" }, { 0x10, "host" }, { 0x20, "igmp" }, { 0x40, "repeater" },
	{ 0x80, "phone" }, { 0x100, "remotely_managed" }, { 0x200, "cvta" },
	{ 0x400, "two_port_mac_relay" },
	{ 0, NULL }
};

static unsigned
take_addrs(struct rd *v, struct addr *a)
{
	static const uint8_t snap6[8] = { 0xaa, 0xaa, 3, 0, 0, 0, 0x86, 0xdd };
	uint32_t n = rd_be32(v);
	unsigned got = 0;

	while (n-- && rd_left(v)) {
		uint8_t kind = rd_u8(v), plen = rd_u8(v);
		const uint8_t *proto = rd_bytes(v, plen), *p;
		uint16_t len = rd_be16(v);

		p = rd_bytes(v, len);
		if (!proto || !p || got == CDP_ADDRS)
			continue;
		if (kind == 1 && plen == 1 && proto[0] == 0xcc && len == 4)
			a[got++] = addr_v4(p);
		else if (kind == 2 && plen == 8 && memcmp(proto, snap6, 8) == 0 && len == 16)
			a[got++] = addr_v6(p);
	}
	return got;
}

static void
cdp_decode(struct rd *r, struct cdp_pdu *d)
{
	memset(d, 0, sizeof(*d));
	d->version = rd_u8(r);
	d->ttl = rd_u8(r);
	rd_skip(r, 2);
	if (rd_bad(r))
		d->why = "HEADER_TRUNCATED";
	/* Fewer bytes than a TLV's head are the frame's padding. */
	while (rd_left(r) >= 4) {
		uint16_t type = rd_be16(r), n = rd_be16(r);
		struct rd v;

		if (!rd_ok(r))
			break;
		if (n < 4) {
			d->why = "TLV_LENGTH_INVALID";
			rd_set_bad(r);
			break;
		}
		v = rd_sub(r, n - 4u);
		if (rd_bad(r)) {
			d->why = "TLV_LENGTH_INVALID";
			break;
		}
		switch (type) {
		case 0x01: d->device = text_rd(&v, rd_left(&v)); break;
		case 0x02: d->naddr = take_addrs(&v, d->addr); break;
		case 0x03: d->port = text_rd(&v, rd_left(&v)); break;
		case 0x04:
			d->caps = rd_be32(&v);
			d->has_caps = rd_ok(&v);
			break;
		case 0x05: d->software = text_rd(&v, rd_left(&v)); break;
		case 0x06: d->platform = text_rd(&v, rd_left(&v)); break;
		case 0x09: d->vtp = text_rd(&v, rd_left(&v)); break;
		case 0x0a:
			d->vlan = rd_be16(&v);
			d->has_vlan = rd_ok(&v);
			break;
		case 0x0b:
			d->duplex = rd_u8(&v);
			d->has_duplex = rd_ok(&v);
			break;
		case 0x0e:
			rd_skip(&v, 1);
			d->voice = rd_be16(&v);
			d->has_voice = rd_ok(&v);
			break;
		case 0x10:
			d->power_mw = rd_be16(&v);
			d->has_power = rd_ok(&v);
			break;
		case 0x14: d->name = text_rd(&v, rd_left(&v)); break;
		case 0x16: d->nmgmt = take_addrs(&v, d->mgmt); break;
		case 0x17:
			rd_skip(&v, 1);
			d->location = text_rd(&v, rd_left(&v));
			break;
		}
		if (rd_bad(&v) && !d->why)
			d->why = "TLV_TOO_SHORT";
	}
}

static struct text
role_of(uint32_t caps)
{
	if (caps & 0x80)
		return TEXT("phone");
	if (caps & 0x08)
		return TEXT("switch");
	if (caps & 0x01)
		return TEXT("router");
	return (struct text){ NULL, 0 };
}

static void
describe(struct ident *i, const struct cdp_pdu *d)
{
	struct sysdescr s;
	struct text dev = d->device;

	sysdescr_read(d->software, &s);
	/* NX-OS: "name(serial)". */
	if (dev.n > 2 && dev.p[dev.n - 1] == ')') {
		uint32_t at = dev.n - 1;
		while (at && dev.p[at] != '(')
			at--;
		if (at) {
			i->serial = (struct text){ dev.p + at + 1, dev.n - at - 2 };
			dev.n = at;
		}
	}
	i->hostname = d->name.n ? d->name : dev;
	i->product = d->platform;
	i->vendor = s.vendor;
	if (!i->vendor.n && text_find(d->platform, "cisco"))
		i->vendor = TEXT("Cisco");
	i->firmware = s.firmware;
	/* Telephones give the bare version: "P003-08-8-00". */
	if (!i->firmware.n && d->software.n && !memchr(d->software.p, ' ', d->software.n))
		i->firmware = d->software;
	i->os = s.os;
	i->location = d->location;
	if (d->has_caps)
		i->role = role_of(d->caps);
}

static void
put_list(struct ev *e, const struct addr *a, unsigned n)
{
	char t[ADDR_TEXT];

	for (unsigned i = 0; i < n; i++)
		ev_a_str(e, ((struct text){ t, (uint32_t)addr_put(t, &a[i]) }));
	ev_end(e);
}

static enum verdict
cdp_dissect(struct dctx *c, struct rd *r)
{
	static const uint8_t none[16];
	struct cdp_pdu d;
	unsigned ips = 0;
	struct ev *e;

	cdp_decode(r, &d);
	c->why = d.why;
	if (d.version == 0 || d.version > 2) {
		if (rd_short(r))
			return DIS_OK;
		c->why = d.why ? d.why : "VERSION_UNKNOWN";
		return DIS_BAD;
	}
	e = ev_begin(c, "cdp", &c->when, c->side);
	ev_uint(e, "version", d.version);
	ev_uint(e, "ttl", d.ttl);
	ev_str(e, "device_id", d.device);
	ev_str(e, "system_name", d.name);
	if (d.naddr) {
		ev_arr(e, "addresses");
		put_list(e, d.addr, d.naddr);
	}
	if (d.nmgmt) {
		ev_arr(e, "management_addresses");
		put_list(e, d.mgmt, d.nmgmt);
	}
	ev_str(e, "port_id", d.port);
	if (d.caps & CAP_KNOWN) {
		ev_arr(e, "capabilities");
		for (const struct tok *t = cap_names; t->s; t++)
			if (d.caps & t->v)
				ev_a_str(e, text_c(t->s));
		ev_end(e);
	}
	ev_str(e, "software", d.software);
	ev_str(e, "platform", d.platform);
	ev_str(e, "vtp_domain", d.vtp);
	if (d.has_vlan)
		ev_uint(e, "native_vlan", d.vlan);
	if (d.has_voice)
		ev_uint(e, "voice_vlan", d.voice);
	if (d.has_duplex)
		ev_cstr(e, "duplex", d.duplex ? "full" : "half");
	if (d.has_power)
		ev_uint(e, "power_mw", d.power_mw);
	ev_str(e, "location", d.location);
	e->ot.op = OT_IDENTIFY;
	e->ot.service = TEXT("announce");
	e->ot.object = d.port;
	describe(ev_identity(e, "cdp", EV_SRC), &d);
	for (unsigned k = 0; k < d.naddr + d.nmgmt && ips < 4; k++) {
		const struct addr *ip = k < d.naddr ? &d.addr[k] : &d.mgmt[k - d.naddr];
		struct ident *i;
		bool seen = false;

		for (unsigned j = 0; j < k && !seen; j++)
			seen = addr_eq(ip, j < d.naddr ? &d.addr[j] : &d.mgmt[j - d.naddr]);
		if (seen || memcmp(ip->b, none, 16) == 0 || addr_multicast(ip))
			continue;
		i = ev_identity(e, "cdp", EV_OTHER);
		i->ip = *ip;
		if (c->k->has_mac) {
			i->has_mac = true;
			memcpy(i->mac, c->k->src_mac, 6);
		}
		describe(i, &d);
		ips++;
	}
	ev_emit(e);
	return d.why ? DIS_BAD : DIS_OK;
}

static const struct hint hints[] = {
	{ HINT_SNAP, (uint64_t)0x00000c << 16 | 0x2000 }, { 0 }
};

static const struct field fields[] = {
	{ "cdp.version", "integer", "1 or 2" },
	{ "cdp.ttl", "integer", "seconds this holds" },
	{ "cdp.device_id", "string", "what the sender calls itself" },
	{ "cdp.system_name", "string", "the device's name where it differs" },
	{ "cdp.addresses", "array", "the sending interface's addresses" },
	{ "cdp.management_addresses", "array", "where the device is managed" },
	{ "cdp.port_id", "string", "the port it was sent from" },
	{ "cdp.capabilities", "array", "what the device is: router, switch, host, ..." },
	{ "cdp.software", "string", "the software's version text" },
	{ "cdp.platform", "string", "the hardware's model" },
	{ "cdp.vtp_domain", "string", "VTP management domain" },
	{ "cdp.native_vlan", "integer", "the port's untagged VLAN" },
	{ "cdp.voice_vlan", "integer", "the VLAN for telephones" },
	{ "cdp.duplex", "string", "half or full" },
	{ "cdp.power_mw", "integer", "power drawn in milliwatts" },
	{ "cdp.location", "string", "the device's location text" },
	{ NULL }
};

const struct dissector cdp_dissector = {
	.name = "cdp",
	.title = "Cisco Discovery Protocol",
	.hints = hints,
	.fields = fields,
	.dissect = cdp_dissect,
};
