/* dhcp.c: DHCP for IPv4, RFC 2131 and 2132, and the BOOTP it grew out of.
 *
 *      op 1 | htype 1 | hlen 1 | hops 1 | xid 4 | secs 2 | flags 2
 *      ciaddr 4 | yiaddr 4 | siaddr 4 | giaddr 4 | chaddr 16
 *      sname 64 | file 128 | magic 63 82 53 63 | options: code 1, length 1, value
 *
 * Each message is an event of its own: discover and request go from 0.0.0.0 to
 * the broadcast address, offers and acks from the server to the client or its
 * relay, so that question and answer are never in one flow; xid and client_mac
 * join them. The client is known by its hardware address (chaddr), for behind
 * a relay the packet's source is not the client. */
#include "proto/proto.h"

enum { DHCP_MAGIC = 0x63825363 };
enum { DISCOVER = 1, OFFER, REQUEST, DECLINE, ACK, NAK, RELEASE, INFORM };
enum { LIST = 8 };

struct dhcp_list {
	unsigned n;
	struct addr a[LIST];
};

struct dhcp_pdu {
	uint8_t op, htype, hlen, hops;
	uint32_t xid;
	struct addr ciaddr, yiaddr, siaddr, giaddr;
	const uint8_t *chaddr;
	struct text sname, file;
	bool magic;

	uint8_t type, overload;
	bool has_lease, has_renewal, has_rebinding, has_mtu, has_fqdn;
	uint32_t lease, renewal, rebinding;
	uint16_t mtu;
	struct addr requested, server, mask, broadcast;
	struct dhcp_list routers, dns, ntp, log;
	struct text hostname, domain, vendor, user_class, message, fqdn, bootfile, tftp;
	struct text circuit, remote;            /* option 82: may be binary */
	const uint8_t *client_id, *params;
	uint8_t client_id_n, params_n;
	const char *why;
};

static const struct tok types[] = {
	{ DISCOVER, "discover" }, { OFFER, "offer" }, { REQUEST, "request" },
	{ DECLINE, "decline" }, { ACK, "ack" }, { NAK, "nak" }, { RELEASE, "release" },
	{ INFORM, "inform" }, { 9, "forcerenew" }, { 10, "leasequery" },
	{ 11, "leaseunassigned" }, { 12, "leaseunknown" }, { 13, "leaseactive" },
	{ 0, NULL }
};

/* Names of options as a parameter request list uses them. */
static const struct tok options[] = {
	{ 1, "subnet_mask" }, { 2, "time_offset" }, { 3, "router" }, { 4, "time_server" },
	{ 6, "dns_server" }, { 7, "log_server" }, { 12, "hostname" }, { 15, "domain" },
	{ 17, "root_path" }, { 26, "mtu" }, { 28, "broadcast_address" },
	{ 31, "router_discovery" }, { 33, "static_route" }, { 40, "nis_domain" },
	{ 41, "nis_server" }, { 42, "ntp_server" }, { 43, "vendor_specific" },
	{ 44, "netbios_server" }, { 46, "netbios_node_type" }, { 47, "netbios_scope" },
	{ 51, "lease_time" }, { 54, "server_id" }, { 58, "renewal_time" },
	{ 59, "rebinding_time" }, { 60, "vendor_class" }, { 66, "tftp_server" },
	{ 67, "bootfile" }, { 81, "fqdn" }, { 100, "timezone_posix" }, { 101, "timezone_name" },
	{ 114, "captive_portal" }, { 119, "domain_search" }, { 120, "sip_server" },
	{ 121, "classless_route" }, { 125, "vendor_information" }, { 150, "tftp_address" },
	{ 249, "classless_route_ms" }, { 252, "wpad" },
	{ 0, NULL }
};

static struct addr
take_ip(struct rd *r)
{
	const uint8_t *p = rd_bytes(r, 4);

	return p ? addr_v4(p) : (struct addr){ .v = 0 };
}

static void
take_list(struct rd *v, struct dhcp_list *l)
{
	while (rd_left(v) >= 4 && l->n < LIST) {
		struct addr a = take_ip(v);
		if (a.v)
			l->a[l->n++] = a;
	}
}

/* RFC 3046: sub-options 1 and 2. */
static void
take_relay(struct rd *v, struct dhcp_pdu *d)
{
	while (rd_left(v)) {
		uint8_t code = rd_u8(v), n = rd_u8(v);
		const uint8_t *p = rd_bytes(v, n);

		if (!p)
			break;
		if (code == 1)
			d->circuit = (struct text){ (const char *)p, n };
		else if (code == 2)
			d->remote = (struct text){ (const char *)p, n };
	}
}

/* RFC 4702: flags, two results, a name in text or (flag E) in labels. The
 * labels are shown with their dots; they are never compressed. */
static void
take_fqdn(struct rd *v, struct dhcp_pdu *d)
{
	uint8_t flags = rd_u8(v);

	rd_skip(v, 2);
	d->has_fqdn = true;
	if (!(flags & 4))
		d->fqdn = text_rd(v, rd_left(v));
	else if (rd_left(v) && rd_peek8(v, 0) < 64) {
		uint8_t n = rd_u8(v);
		d->fqdn = text_rd(v, n);
	}
}

/* RFC 3004 has lengths inside; what clients really send is mostly bare text. */
static void
take_user_class(struct rd *v, struct dhcp_pdu *d)
{
	uint32_t n = rd_left(v);

	if (n > 1 && rd_peek8(v, 0) == (int)n - 1)
		rd_skip(v, 1);
	d->user_class = text_rd(v, rd_left(v));
}

static void
take_option(uint8_t code, struct rd *v, struct dhcp_pdu *d)
{
	switch (code) {
	case 1: d->mask = take_ip(v); break;
	case 3: take_list(v, &d->routers); break;
	case 6: take_list(v, &d->dns); break;
	case 7: take_list(v, &d->log); break;
	case 12: d->hostname = text_rd(v, rd_left(v)); break;
	case 15: d->domain = text_rd(v, rd_left(v)); break;
	case 26:
		d->mtu = rd_be16(v);
		d->has_mtu = rd_ok(v);
		break;
	case 28: d->broadcast = take_ip(v); break;
	case 42: take_list(v, &d->ntp); break;
	case 50: d->requested = take_ip(v); break;
	case 51:
		d->lease = rd_be32(v);
		d->has_lease = rd_ok(v);
		break;
	case 52: d->overload = rd_u8(v); break;
	case 53: d->type = rd_u8(v); break;
	case 54: d->server = take_ip(v); break;
	case 55:
		d->params_n = (uint8_t)rd_left(v);
		d->params = rd_bytes(v, d->params_n);
		break;
	case 56: d->message = text_rd(v, rd_left(v)); break;
	case 58:
		d->renewal = rd_be32(v);
		d->has_renewal = rd_ok(v);
		break;
	case 59:
		d->rebinding = rd_be32(v);
		d->has_rebinding = rd_ok(v);
		break;
	case 60: d->vendor = text_rd(v, rd_left(v)); break;
	case 61:
		d->client_id_n = (uint8_t)rd_left(v);
		d->client_id = rd_bytes(v, d->client_id_n);
		break;
	case 66: d->tftp = text_rd(v, rd_left(v)); break;
	case 67: d->bootfile = text_rd(v, rd_left(v)); break;
	case 77: take_user_class(v, d); break;
	case 81: take_fqdn(v, d); break;
	case 82: take_relay(v, d); break;
	}
}

static void
take_options(struct rd *r, struct dhcp_pdu *d)
{
	while (rd_left(r)) {
		uint8_t code = rd_u8(r), n;
		struct rd v;

		if (code == 0)
			continue;
		if (code == 255)
			return;
		n = rd_u8(r);
		v = rd_sub(r, n);
		if (rd_bad(r)) {
			d->why = "OPTION_LENGTH_INVALID";
			return;
		}
		take_option(code, &v, d);
		if (rd_bad(&v) && !d->why)
			d->why = "OPTION_TOO_SHORT";
	}
}

static void
dhcp_decode(struct rd *r, struct dhcp_pdu *d)
{
	struct rd sname, file;

	memset(d, 0, sizeof(*d));
	d->op = rd_u8(r);
	d->htype = rd_u8(r);
	d->hlen = rd_u8(r);
	d->hops = rd_u8(r);
	d->xid = rd_be32(r);
	rd_skip(r, 4);
	d->ciaddr = take_ip(r);
	d->yiaddr = take_ip(r);
	d->siaddr = take_ip(r);
	d->giaddr = take_ip(r);
	d->chaddr = rd_bytes(r, 16);
	sname = rd_sub(r, 64);
	file = rd_sub(r, 128);
	if (!rd_ok(r))
		return;
	if (d->hlen > 16)
		d->why = "HARDWARE_LENGTH_INVALID";
	/* BOOTP's vendor area may be anything, or missing. */
	if (rd_left(r) >= 4 && rd_be32(r) == DHCP_MAGIC) {
		d->magic = true;
		take_options(r, d);
	}
	/* Option 52: the two text fields hold more options (RFC 2131 section 4.1);
	 * the file's first. */
	if (d->overload > 3 && !d->why)
		d->why = "OPTION_OVERLOAD_INVALID";
	if (d->overload & 1)
		take_options(&file, d);
	if (d->overload & 2)
		take_options(&sname, d);
	if (!(d->overload & 1)) {
		const void *p = rd_bytes(&file, 128);
		d->file = text_trim(p, p ? strnlen(p, 128) : 0);
	}
	if (!(d->overload & 2)) {
		const void *p = rd_bytes(&sname, 64);
		d->sname = text_trim(p, p ? strnlen(p, 64) : 0);
	}
}

static bool
set(const struct addr *a)
{
	return a->v && (a->b[0] | a->b[1] | a->b[2] | a->b[3]);
}

static void
put_ip(struct ev *e, const char *k, size_t kn, const struct addr *a)
{
	if (set(a))
		ev_ip(e, k, kn, a);
}
#define put_addr(e, k, a)       put_ip(e, JW_K(k), a)

static void
put_ips(struct ev *e, const char *k, size_t kn, const struct dhcp_list *l)
{
	char t[ADDR_TEXT];

	if (!l->n)
		return;
	jw_k_open(e->w, k, kn, '[');
	for (unsigned i = 0; i < l->n; i++)
		ev_a_str(e, ((struct text){ t, (uint32_t)addr_put(t, &l->a[i]) }));
	ev_end(e);
}
#define put_list(e, k, l)       put_ips(e, JW_K(k), l)

/* As text where it is text, else in hex: relays put port numbers in. */
static void
put_opaque(struct ev *e, const char *k, size_t kn, struct text t)
{
	for (uint32_t i = 0; i < t.n; i++)
		if ((uint8_t)t.p[i] < 0x20 || (uint8_t)t.p[i] > 0x7e) {
			jw_k_hex(e->w, k, kn, t.p, t.n);
			return;
		}
	jw_k_str(e->w, k, kn, t.p, t.n);
}

/* What a client asks for, as names, and as the numbers in their order, which
 * tell operating systems apart. */
static void
put_params(struct ev *e, const struct dhcp_pdu *d)
{
	char t[256 * 4], *p = t;

	if (!d->params || !d->params_n)
		return;
	ev_arr(e, "params");
	for (unsigned i = 0; i < d->params_n; i++) {
		const char *s = tok_find(options, d->params[i]);
		char n[20];

		if (s)
			ev_a_str(e, text_c(s));
		else
			ev_a_str(e, ((struct text){ n, (uint32_t)jw_dec(n, d->params[i]) }));
		if (i)
			*p++ = ',';
		p += jw_dec(p, d->params[i]);
	}
	ev_end(e);
	ev_str(e, "fingerprint", ((struct text){ t, (uint32_t)(p - t) }));
}

static void
put_detail(struct ev *e, const struct dhcp_pdu *d)
{
	ev_cstr(e, "type", d->op == 2 ? "reply" : "request");
	ev_uint(e, "id", d->xid);
	if (d->htype == 1 && d->hlen == 6)
		ev_put_mac(e, "client_mac", d->chaddr);
	put_addr(e, "assigned_ip", &d->yiaddr);
	put_addr(e, "client_ip", &d->ciaddr);
	put_addr(e, "relay_ip", &d->giaddr);
	put_addr(e, "next_server_ip", &d->siaddr);
	if (d->hops)
		ev_uint(e, "hops", d->hops);
	ev_cstr(e, "dhcp_type", d->type ? tok_find(types, d->type) : NULL);
	if (d->client_id_n == 7 && d->client_id && d->client_id[0] == 1)
		ev_put_mac(e, "client_id", d->client_id + 1);
	else if (d->client_id)
		ev_hex(e, "client_id", d->client_id, d->client_id_n);
	ev_str(e, "hostname", d->hostname);
	ev_str(e, "fqdn", d->fqdn);
	put_params(e, d);
	put_addr(e, "requested_ip", &d->requested);
	put_addr(e, "server_id", &d->server);
	if (d->has_lease)
		ev_uint(e, "lease_time", d->lease);
	if (d->has_renewal)
		ev_uint(e, "renewal_time", d->renewal);
	if (d->has_rebinding)
		ev_uint(e, "rebinding_time", d->rebinding);
	put_addr(e, "subnet_mask", &d->mask);
	put_addr(e, "broadcast_address", &d->broadcast);
	put_list(e, "routers", &d->routers);
	put_list(e, "dns_servers", &d->dns);
	put_list(e, "ntp_servers", &d->ntp);
	put_list(e, "log_servers", &d->log);
	ev_str(e, "domain", d->domain);
	if (d->has_mtu)
		ev_uint(e, "mtu", d->mtu);
	ev_str(e, "vendor_class_identifier", d->vendor);
	ev_str(e, "user_class", d->user_class);
	ev_str(e, "message", d->message);
	ev_str(e, "server_name", d->sname.n ? d->sname : d->tftp);
	ev_str(e, "boot_file", d->file.n ? d->file : d->bootfile);
	if (d->circuit.n || d->remote.n) {
		ev_obj(e, "relay_agent");
		put_opaque(e, JW_K("circuit_id"), d->circuit);
		put_opaque(e, JW_K("remote_id"), d->remote);
		ev_end(e);
	}
}

static void
other(struct ev *e, const char *source, const struct addr *a, struct text role)
{
	struct ident *i = ev_identity(e, source, EV_OTHER);

	i->ip = *a;
	i->role = role;
}

/* "MSFT 5.0" and "android-dhcp-13" name the system, all else the product. */
static void
vendor_class(struct ident *i, struct text v)
{
	static const char *const systems[] = { "MSFT", "android-dhcp", "dhcpcd", "udhcp" };

	for (size_t k = 0; k < sizeof(systems) / sizeof(systems[0]); k++)
		if (v.n >= strlen(systems[k]) && memcmp(v.p, systems[k], strlen(systems[k])) == 0) {
			i->os = v;
			return;
		}
	i->product = v;
}

static void
identify(struct ev *e, const struct dhcp_pdu *d)
{
	bool mac = d->htype == 1 && d->hlen == 6;
	struct ident *i;

	if (d->op == 1) {
		const struct addr *ip = &d->ciaddr;

		if (mac || set(ip)) {
			i = ev_identity(e, "dhcp.request", EV_OTHER);
			i->has_mac = mac;
			if (mac)
				memcpy(i->mac, d->chaddr, 6);
			if (set(ip))
				i->ip = *ip;
			i->hostname = d->hostname.n ? d->hostname : d->fqdn;
			vendor_class(i, d->vendor);
		}
	} else {
		if (d->type == ACK && mac && (set(&d->yiaddr) || set(&d->ciaddr))) {
			i = ev_identity(e, "dhcp.ack", EV_OTHER);
			i->has_mac = true;
			memcpy(i->mac, d->chaddr, 6);
			i->ip = set(&d->yiaddr) ? d->yiaddr : d->ciaddr;
			i->hostname = d->hostname;
		}
		if (set(&d->server))
			other(e, "dhcp.server", &d->server, TEXT("dhcp server"));
		else
			ev_identity(e, "dhcp.server", EV_SRC)->role = TEXT("dhcp server");
		for (unsigned k = 0; k < d->routers.n && k < 2; k++)
			if (set(&d->routers.a[k]))
				other(e, "dhcp.option3", &d->routers.a[k], TEXT("router"));
		for (unsigned k = 0; k < d->dns.n && k < 2; k++)
			if (set(&d->dns.a[k]))
				other(e, "dhcp.option6", &d->dns.a[k], TEXT("dns server"));
	}
	if (set(&d->giaddr))
		other(e, "dhcp.relay", &d->giaddr, TEXT("dhcp relay"));
}

static enum probe
dhcp_probe(struct probe_in *in)
{
	const struct rd *r = rd_left(&in->side[0]) ? &in->side[0] : &in->side[1];
	int op = rd_peek8(r, 0), hlen = rd_peek8(r, 2);

	if ((op != 1 && op != 2) || hlen < 0)
		return PROBE_NO;
	/* a request that seems to come from the server: sides are the wrong way round */
	in->reversed = (r == &in->side[0]) == (op == 2);
	if (hlen <= 16 && rd_peek16(r, 236) == DHCP_MAGIC >> 16 &&
	    rd_peek16(r, 238) == (DHCP_MAGIC & 0xffff))
		return PROBE_YES;
	return in->hinted ? PROBE_WEAK : PROBE_NO;
}

static enum verdict
dhcp_dissect(struct dctx *c, struct rd *r)
{
	struct dhcp_pdu d;
	struct ev *e;

	dhcp_decode(r, &d);
	if (!d.chaddr || d.hlen > 16) {
		c->why = d.why ? d.why : "HEADER_TRUNCATED";
		return rd_short(r) ? DIS_OK : DIS_BAD;
	}
	e = ev_begin(c, "dhcp", &c->when, c->side);
	put_detail(e, &d);
	e->ot.op = d.type == OFFER || d.type == ACK ? OT_CONFIGURE : OT_OTHER;
	e->ot.service = d.magic ? text_c(tok_find(types, d.type)) : TEXT("bootp");
	if (d.op == 2 || set(&d.requested)) {
		char t[ADDR_TEXT];
		const struct addr *a = d.op == 2 ? &d.yiaddr : &d.requested;
		if (set(a))
			e->ot.object = ev_text(e, "%.*s", (int)addr_put(t, a), t);
	}
	if (d.type == ACK)
		e->ot.result = TEXT("ok");
	else if (d.type == NAK)
		e->ot.result = TEXT("nak");
	identify(e, &d);
	ev_emit(e);
	c->why = d.why;
	if (!d.why && rd_bad(r))
		c->why = "HEADER_TRUNCATED";
	return c->why ? DIS_BAD : DIS_OK;
}

static const struct hint hints[] = {
	{ HINT_UDP, 67 }, { HINT_UDP, 68 }, { 0 }
};

static const struct field fields[] = {
	{ "dhcp.type", "string", "request (from a client) or reply" },
	{ "dhcp.id", "integer", "transaction id: the same in question and answer" },
	{ "dhcp.client_mac", "string", "the client's MAC address" },
	{ "dhcp.assigned_ip", "string", "the address the server gives" },
	{ "dhcp.client_ip", "string", "the address the client has already" },
	{ "dhcp.relay_ip", "string", "the relay that carried the message" },
	{ "dhcp.next_server_ip", "string", "the server to boot from" },
	{ "dhcp.hops", "integer", "relays passed" },
	{ "dhcp.dhcp_type", "string", "discover, offer, request, ack, nak, ..." },
	{ "dhcp.client_id", "string", "client identifier: a MAC address, or hex" },
	{ "dhcp.hostname", "string", "host name (option 12)" },
	{ "dhcp.fqdn", "string", "fully qualified name (option 81)" },
	{ "dhcp.params", "array", "options asked for (option 55), names or numbers" },
	{ "dhcp.fingerprint", "string", "option 55 as numbers in their order" },
	{ "dhcp.requested_ip", "string", "the address the client would like" },
	{ "dhcp.server_id", "string", "the server's address (option 54)" },
	{ "dhcp.lease_time", "integer", "seconds the address is lent" },
	{ "dhcp.renewal_time", "integer", "seconds until the client renews" },
	{ "dhcp.rebinding_time", "integer", "seconds until the client asks any server" },
	{ "dhcp.subnet_mask", "string", "the network's mask" },
	{ "dhcp.broadcast_address", "string", "the network's broadcast address" },
	{ "dhcp.routers", "array", "routers (option 3)" },
	{ "dhcp.dns_servers", "array", "DNS servers (option 6)" },
	{ "dhcp.ntp_servers", "array", "NTP servers (option 42)" },
	{ "dhcp.log_servers", "array", "log servers (option 7)" },
	{ "dhcp.domain", "string", "domain name (option 15)" },
	{ "dhcp.mtu", "integer", "MTU of the link (option 26)" },
	{ "dhcp.vendor_class_identifier", "string", "what kind of device asks (option 60)" },
	{ "dhcp.user_class", "string", "user class (option 77)" },
	{ "dhcp.message", "string", "the server's or client's message (option 56)" },
	{ "dhcp.server_name", "string", "boot server's name" },
	{ "dhcp.boot_file", "string", "boot file's name" },
	{ "dhcp.relay_agent", "object", "what the relay adds (option 82)" },
	{ "dhcp.relay_agent.circuit_id", "string", "the port the client is at: text or hex" },
	{ "dhcp.relay_agent.remote_id", "string", "the relay's or client's id: text or hex" },
	{ NULL }
};

const struct dissector dhcp_dissector = {
	.name = "dhcp",
	.title = "DHCP and BOOTP",
	.hints = hints,
	.fields = fields,
	.probe = dhcp_probe,
	.dissect = dhcp_dissect,
};
