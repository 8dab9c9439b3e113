/* dhcpv6.c: DHCP for IPv6, RFC 8415.
 *
 *      type 1 | transaction 3 | options: code 2, length 2, value
 *      type 1 (12, 13) | hops 1 | link 16 | peer 16 | options     from and to relays
 *
 * As in DHCP for IPv4 each message is an event of its own: a client asks the
 * group ff02::1:2 and the server answers from its own address, in another
 * flow; id and client_duid join them. A relayed message is shown as the
 * client's own, with the relay beside it. */
#include "proto/dnsev.h"
#include "proto/dnsmsg.h"
#include "proto/proto.h"

enum { SOLICIT = 1, ADVERTISE, REQUEST, CONFIRM, RENEW, REBIND, REPLY, RELEASE, DECLINE,
       RECONFIGURE, INFORMATION, RELAY_FORW, RELAY_REPL };
enum { ADDRS = 8 };

struct dhcp6_pdu {
	uint8_t type, hops;
	uint32_t xid;
	unsigned relays;
	struct addr link, peer;
	const uint8_t *client_duid, *server_duid;
	uint32_t client_n, server_n;
	unsigned naddr, nprefix, ndns, nntp;
	struct addr addr[ADDRS], prefix[ADDRS], dns[ADDRS], ntp[ADDRS];
	uint8_t prefix_bits[ADDRS];
	uint32_t valid[ADDRS];
	const uint8_t *oro;
	uint32_t oro_n;
	bool has_elapsed, has_status, rapid, has_enterprise, has_fqdn, has_ll;
	uint16_t elapsed, status;
	uint32_t enterprise;
	uint8_t ll[6];
	struct text status_text, vendor, user_class, interface_id, remote_id;
	struct dns_name fqdn, search;
	const char *why;
};

static const struct tok types[] = {
	{ SOLICIT, "solicit" }, { ADVERTISE, "advertise" }, { REQUEST, "request" },
	{ CONFIRM, "confirm" }, { RENEW, "renew" }, { REBIND, "rebind" }, { REPLY, "reply" },
	{ RELEASE, "release" }, { DECLINE, "decline" }, { RECONFIGURE, "reconfigure" },
	{ INFORMATION, "information_request" }, { RELAY_FORW, "relay_forward" },
	{ RELAY_REPL, "relay_reply" }, { 14, "leasequery" }, { 15, "leasequery_reply" },
	{ 0, NULL }
};
static const struct tok statuses[] = {
	{ 0, "success" }, { 1, "unspec_fail" }, { 2, "no_addrs_avail" }, { 3, "no_binding" },
	{ 4, "not_on_link" }, { 5, "use_multicast" }, { 6, "no_prefix_avail" },
	{ 0, NULL }
};
static const struct tok options[] = {
	{ 7, "preference" }, { 12, "unicast" }, { 14, "rapid_commit" }, { 17, "vendor_options" },
	{ 21, "sip_domain" }, { 22, "sip_server" }, { 23, "dns_server" },
	{ 24, "domain_search" }, { 27, "nis_server" }, { 29, "nis_domain" },
	{ 31, "sntp_server" }, { 32, "information_refresh" }, { 39, "fqdn" },
	{ 41, "timezone_posix" }, { 42, "timezone_name" }, { 56, "ntp_server" },
	{ 59, "bootfile_url" }, { 82, "sol_max_rt" }, { 83, "inf_max_rt" },
	{ 103, "captive_portal" },
	{ 0, NULL }
};

static struct addr
take_ip(struct rd *r)
{
	const uint8_t *p = rd_bytes(r, 16);

	return p ? addr_v6(p) : (struct addr){ .v = 0 };
}

static unsigned
take_list(struct rd *v, struct addr *a)
{
	unsigned n = 0;

	while (rd_left(v) && n < ADDRS) {
		a[n] = take_ip(v);
		if (!a[n].v)
			break;
		n++;
	}
	return n;
}

static bool
next_option(struct rd *r, uint16_t *code, struct rd *v)
{
	uint16_t n;

	if (!rd_left(r))
		return false;
	*code = rd_be16(r);
	n = rd_be16(r);
	*v = rd_sub(r, n);
	return !rd_bad(r);
}

static void
take_status(struct rd *v, struct dhcp6_pdu *d)
{
	uint16_t s = rd_be16(v);

	if (!rd_ok(v) || (d->has_status && d->status))
		return;                 /* the first failure is the one to tell */
	d->status = s;
	d->has_status = true;
	d->status_text = text_rd(v, rd_left(v));
}

/* What an identity association holds: addresses or prefixes. */
static void
take_ia(struct rd *v, struct dhcp6_pdu *d, uint32_t head)
{
	uint16_t code;
	struct rd o;

	rd_skip(v, head);
	while (next_option(v, &code, &o)) {
		if (code == 5) {
			struct addr a = take_ip(&o);
			uint32_t valid;
			rd_skip(&o, 4);
			valid = rd_be32(&o);
			if (rd_ok(&o) && d->naddr < ADDRS) {
				d->valid[d->naddr] = valid;
				d->addr[d->naddr++] = a;
			}
		} else if (code == 26) {
			uint8_t bits;
			struct addr a;
			rd_skip(&o, 8);
			bits = rd_u8(&o);
			a = take_ip(&o);
			if (rd_ok(&o) && d->nprefix < ADDRS) {
				d->prefix_bits[d->nprefix] = bits;
				d->prefix[d->nprefix++] = a;
			}
		} else if (code == 13) {
			take_status(&o, d);
		}
		if (rd_bad(&o) && !d->why)
			d->why = "OPTION_TOO_SHORT";
	}
}

/* A name in labels, without compression; a partial one has no root. */
static void
take_name(struct rd *v, struct dns_name *n)
{
	struct dns_msg m = { .all = *v, .r = *v };
	struct rd at = *v;

	dns_name(&m, &at, n);
}

static void
take_ntp(struct rd *v, struct dhcp6_pdu *d)
{
	uint16_t code;
	struct rd o;

	while (next_option(v, &code, &o))
		if ((code == 1 || code == 2) && rd_left(&o) == 16 && d->nntp < ADDRS) {
			d->ntp[d->nntp] = take_ip(&o);
			d->nntp += d->ntp[d->nntp].v != 0;
		}
}

/* Length 2 and bytes, of which the first is taken. */
static struct text
take_counted(struct rd *v)
{
	uint16_t n = rd_be16(v);

	return text_rd(v, n);
}

static void
take_option(uint16_t code, struct rd *v, struct dhcp6_pdu *d)
{
	const uint8_t *p;

	switch (code) {
	case 1:
		d->client_n = rd_left(v);
		d->client_duid = rd_bytes(v, d->client_n);
		break;
	case 2:
		d->server_n = rd_left(v);
		d->server_duid = rd_bytes(v, d->server_n);
		break;
	case 3: case 25: take_ia(v, d, 12); break;
	case 4: take_ia(v, d, 4); break;
	case 6:
		d->oro_n = rd_left(v);
		d->oro = rd_bytes(v, d->oro_n);
		break;
	case 8:
		d->elapsed = rd_be16(v);
		d->has_elapsed = rd_ok(v);
		break;
	case 13: take_status(v, d); break;
	case 14: d->rapid = true; break;
	case 15: d->user_class = take_counted(v); break;
	case 16:
		d->enterprise = rd_be32(v);
		d->has_enterprise = rd_ok(v);
		if (rd_left(v))
			d->vendor = take_counted(v);
		break;
	case 18:
		d->interface_id.n = rd_left(v);
		d->interface_id.p = (const char *)rd_bytes(v, d->interface_id.n);
		break;
	case 23: d->ndns = take_list(v, d->dns); break;
	case 24: take_name(v, &d->search); break;
	case 37:
		rd_skip(v, 4);
		d->remote_id.n = rd_left(v);
		d->remote_id.p = (const char *)rd_bytes(v, d->remote_id.n);
		break;
	case 39:
		rd_skip(v, 1);
		take_name(v, &d->fqdn);
		d->has_fqdn = d->fqdn.n > 0;
		break;
	case 56: take_ntp(v, d); break;
	case 79:
		if (rd_be16(v) == 1 && (p = rd_bytes(v, 6))) {
			memcpy(d->ll, p, 6);
			d->has_ll = true;
		}
		break;
	}
}

/* Relays wrap messages in messages: a loop, ever inwards. */
static void
dhcp6_decode(struct rd *r, struct dhcp6_pdu *d)
{
	struct rd in = *r, inner = { 0 };
	bool relay;

	memset(d, 0, sizeof(*d));
	do {
		uint16_t code;
		struct rd v;

		d->type = rd_u8(&in);
		relay = d->type == RELAY_FORW || d->type == RELAY_REPL;
		if (relay) {
			uint8_t hops = rd_u8(&in);
			d->link = take_ip(&in);
			d->peer = take_ip(&in);
			if (d->relays++ == 0)
				d->hops = hops;
		} else {
			d->xid = rd_be24(&in);
		}
		if (rd_bad(&in)) {
			d->why = "HEADER_TRUNCATED";
			break;
		}
		inner.p = NULL;
		while (next_option(&in, &code, &v)) {
			if (relay && code == 9)
				inner = v;
			else
				take_option(code, &v, d);
			if (rd_bad(&v) && !d->why)
				d->why = "OPTION_TOO_SHORT";
		}
		if (rd_bad(&in)) {
			d->why = "OPTION_LENGTH_INVALID";
			break;
		}
		if (relay && d->relays > LIM_DHCP6_RELAYS) {
			d->why = "TOO_MANY_RELAYS";
			break;
		}
		in = inner;
	} while (relay && inner.p);
	/* The cursor says to the engine what became of the outer message. */
	rd_rest(r);
}

/* The MAC inside a DUID made of one (RFC 8415 sections 11.2 and 11.4). */
static const uint8_t *
duid_mac(const uint8_t *p, uint32_t n)
{
	if (p && n == 14 && p[0] == 0 && p[1] == 1 && p[2] == 0 && p[3] == 1)
		return p + 8;
	if (p && n == 10 && p[0] == 0 && p[1] == 3 && p[2] == 0 && p[3] == 1)
		return p + 4;
	return NULL;
}

static void
put_addrs(struct ev *e, const struct addr *a, unsigned n)
{
	char t[ADDR_TEXT];

	for (unsigned i = 0; i < n; i++)
		ev_a_str(e, ((struct text){ t, (uint32_t)addr_put(t, &a[i]) }));
	ev_end(e);
}

static void
put_opaque(struct ev *e, const char *k, size_t kn, struct text t)
{
	if (!t.p)               /* the capture ended before it did */
		return;
	for (uint32_t i = 0; i < t.n; i++)
		if ((uint8_t)t.p[i] < 0x20 || (uint8_t)t.p[i] > 0x7e) {
			jw_k_hex(e->w, k, kn, t.p, t.n);
			return;
		}
	jw_k_str(e->w, k, kn, t.p, t.n);
}

static void
put_detail(struct ev *e, const struct dhcp6_pdu *d)
{
	char t[DNS_NAME_TEXT];

	ev_uint(e, "type", d->type);
	ev_cstr(e, "name", tok_find(types, d->type));
	ev_uint(e, "id", d->xid);
	ev_hex(e, "client_duid", d->client_duid, d->client_n);
	if (duid_mac(d->client_duid, d->client_n))
		ev_put_mac(e, "client_mac", duid_mac(d->client_duid, d->client_n));
	ev_hex(e, "server_duid", d->server_duid, d->server_n);
	if (d->naddr) {
		ev_arr(e, "addresses");
		for (unsigned i = 0; i < d->naddr; i++) {
			ev_a_obj(e);
			ev_put_ip(e, "ip", &d->addr[i]);
			ev_uint(e, "valid_time", d->valid[i]);
			ev_end(e);
		}
		ev_end(e);
	}
	if (d->nprefix) {
		ev_arr(e, "prefixes");
		for (unsigned i = 0; i < d->nprefix; i++)
			ev_a_str(e, ev_text(e, "%.*s/%u", (int)addr_put(t, &d->prefix[i]), t,
			    d->prefix_bits[i]));
		ev_end(e);
	}
	if (d->oro && d->oro_n > 1) {
		struct rd o = rd_init(d->oro, d->oro_n, d->oro_n);

		ev_arr(e, "params");
		for (unsigned n = 0; rd_left(&o) > 1 && n < LIM_ANNOUNCED; n++) {
			uint16_t code = rd_be16(&o);
			const char *s = tok_find(options, code);
			ev_a_str(
			    e, s ? text_c(s) : ((struct text){ t, (uint32_t)jw_dec(t, code) }));
		}
		ev_end(e);
	}
	if (d->has_elapsed)
		ev_uint(e, "elapsed_ms", d->elapsed * 10u);
	if (d->rapid)
		ev_bool(e, "rapid_commit", true);
	if (d->has_fqdn)
		ev_str(e, "fqdn", ((struct text){ t, (uint32_t)dns_name_put(t, &d->fqdn) }));
	if (d->has_enterprise)
		ev_uint(e, "vendor_enterprise", d->enterprise);
	ev_str(e, "vendor_class", d->vendor);
	ev_str(e, "user_class", d->user_class);
	if (d->has_status) {
		ev_uint(e, "status", d->status);
		ev_cstr(e, "status_name", tok_find(statuses, d->status));
		ev_str(e, "status_message", d->status_text);
	}
	if (d->ndns) {
		ev_arr(e, "dns_servers");
		put_addrs(e, d->dns, d->ndns);
	}
	if (d->search.n)
		ev_str(e, "domain", ((struct text){ t, (uint32_t)dns_name_put(t, &d->search) }));
	if (d->nntp) {
		ev_arr(e, "ntp_servers");
		put_addrs(e, d->ntp, d->nntp);
	}
	if (!d->relays)
		return;
	ev_obj(e, "relay");
	ev_uint(e, "count", d->relays);
	ev_uint(e, "hops", d->hops);
	if (d->link.v)
		ev_put_ip(e, "link_ip", &d->link);
	if (d->peer.v)
		ev_put_ip(e, "peer_ip", &d->peer);
	put_opaque(e, JW_K("interface_id"), d->interface_id);
	put_opaque(e, JW_K("remote_id"), d->remote_id);
	if (d->has_ll)
		ev_put_mac(e, "client_link_mac", d->ll);
	ev_end(e);
}

static bool
from_server(uint8_t type)
{
	return type == ADVERTISE || type == REPLY || type == RECONFIGURE || type == RELAY_REPL;
}

/* The client's own MAC: of the frame where there is no relay between, else
 * what the relay saw, else what its DUID was once made of. */
static const uint8_t *
client_mac(const struct dctx *c, const struct dhcp6_pdu *d)
{
	if (d->relays)
		return d->has_ll ? d->ll : duid_mac(d->client_duid, d->client_n);
	if (!c->k->has_mac)
		return duid_mac(d->client_duid, d->client_n);
	return from_server(d->type) ? c->k->dst_mac : c->k->src_mac;
}

static void
identify(struct dctx *c, struct ev *e, const struct dhcp6_pdu *d)
{
	const uint8_t *mac = client_mac(c, d);
	struct ident *i;

	if (!from_server(d->type)) {
		if (d->relays) {
			i = ev_identity(e, "dhcpv6.request", EV_OTHER);
			i->has_mac = mac != NULL;
			if (mac)
				memcpy(i->mac, mac, 6);
			i->ip = d->peer;
		} else {
			i = ev_identity(e, "dhcpv6.request", EV_SRC);
		}
		if (d->has_fqdn)
			i->hostname = dnsev_name(e, &d->fqdn);
		if (d->vendor.n > 4 && memcmp(d->vendor.p, "MSFT", 4) == 0)
			i->os = d->vendor;
		else
			i->product = d->vendor;
		if (d->relays)
			ev_identity(e, "dhcpv6.relay", EV_SRC)->role = TEXT("dhcp relay");
		return;
	}
	for (unsigned k = 0; d->type == REPLY && k < d->naddr && k < 3 && mac; k++) {
		if (d->valid[k] == 0 || mac[0] & 1)
			continue;
		i = ev_identity(e, "dhcpv6.reply", EV_OTHER);
		i->has_mac = true;
		memcpy(i->mac, mac, 6);
		i->ip = d->addr[k];
	}
	ev_identity(e, "dhcpv6.server", EV_SRC)->role = TEXT("dhcp server");
	for (unsigned k = 0; k < d->ndns && k < 2; k++) {
		i = ev_identity(e, "dhcpv6.option23", EV_OTHER);
		i->ip = d->dns[k];
		i->role = TEXT("dns server");
	}
}

static enum probe
dhcp6_probe(struct probe_in *in)
{
	bool first = rd_left(&in->side[0]) > 0;
	struct rd r = in->side[!first], v;
	uint16_t code;
	uint8_t type = rd_u8(&r);
	bool ids = false;

	if (!in->hinted || type == 0 || type > 36 || rd_left(&r) < 3)
		return PROBE_NO;
	in->reversed = first == from_server(type);
	rd_skip(&r, type == RELAY_FORW || type == RELAY_REPL ? 33 : 3);
	while (next_option(&r, &code, &v))
		ids |= code == 1 || code == 2 || code == 9;
	return ids && !rd_bad(&r) ? PROBE_YES : PROBE_WEAK;
}

static enum verdict
dhcp6_dissect(struct dctx *c, struct rd *r)
{
	struct dhcp6_pdu d;
	const char *name;
	struct ev *e;

	dhcp6_decode(r, &d);
	c->why = d.why;
	name = tok_find(types, d.type);
	if (!name) {
		if (!c->why && !rd_short(r))
			c->why = "MESSAGE_TYPE_UNKNOWN";
		return c->why ? DIS_BAD : DIS_OK;
	}
	e = ev_begin(c, "dhcpv6", &c->when, c->side);
	put_detail(e, &d);
	e->ot.op = d.type == ADVERTISE || d.type == REPLY ? OT_CONFIGURE : OT_OTHER;
	e->ot.service = text_c(name);
	if (d.naddr) {
		char t[ADDR_TEXT];
		e->ot.object = ev_text(e, "%.*s", (int)addr_put(t, &d.addr[0]), t);
	}
	if (d.has_status && d.status)
		e->ot.result = text_c(tok_find(statuses, d.status));
	else if (d.type == REPLY)
		e->ot.result = TEXT("ok");
	identify(c, e, &d);
	ev_emit(e);
	return c->why ? DIS_BAD : DIS_OK;
}

static const struct hint hints[] = {
	{ HINT_UDP, 547 }, { HINT_UDP, 546 }, { 0 }
};

static const struct field fields[] = { { "dhcpv6.type", "integer", "message type" },
	{ "dhcpv6.name", "string", "its name: solicit, advertise, request, reply, ..." },
	{ "dhcpv6.id", "integer", "transaction id: the same in question and answer" },
	{ "dhcpv6.client_duid", "string", "the client's identifier in hex" },
	{ "dhcpv6.client_mac", "string",
	    "the MAC address that the client's identifier is made of" },
	{ "dhcpv6.server_duid", "string", "the server's identifier in hex" },
	{ "dhcpv6.addresses", "array", "addresses asked for or given" },
	{ "dhcpv6.addresses.ip", "string", "the address" },
	{ "dhcpv6.addresses.valid_time", "integer", "seconds it is valid" },
	{ "dhcpv6.prefixes", "array", "prefixes asked for or given" },
	{ "dhcpv6.params", "array", "options asked for, names or numbers" },
	{ "dhcpv6.elapsed_ms", "integer", "milliseconds since the client began" },
	{ "dhcpv6.rapid_commit", "boolean", "two messages are to be enough" },
	{ "dhcpv6.fqdn", "string", "the client's name (option 39)" },
	{ "dhcpv6.vendor_enterprise", "integer", "enterprise number of the vendor class" },
	{ "dhcpv6.vendor_class", "string", "what kind of device asks (option 16)" },
	{ "dhcpv6.user_class", "string", "user class (option 15)" },
	{ "dhcpv6.status", "integer", "status code: the first failure where there is one" },
	{ "dhcpv6.status_name", "string", "the status code's name" },
	{ "dhcpv6.status_message", "string", "the status in words" },
	{ "dhcpv6.dns_servers", "array", "DNS servers" },
	{ "dhcpv6.domain", "string", "the first domain to search" },
	{ "dhcpv6.ntp_servers", "array", "NTP servers" },
	{ "dhcpv6.relay", "object", "the relay next to the client" },
	{ "dhcpv6.relay.count", "integer", "relays the message passed" },
	{ "dhcpv6.relay.hops", "integer", "hop count of the last relay" },
	{ "dhcpv6.relay.link_ip", "string", "the client's link" },
	{ "dhcpv6.relay.peer_ip", "string", "the client's address" },
	{ "dhcpv6.relay.interface_id", "string", "the relay's interface: text or hex" },
	{ "dhcpv6.relay.remote_id", "string", "the relay's name for the client: text or hex" },
	{ "dhcpv6.relay.client_link_mac", "string", "the client's MAC as the relay saw it" },
	{ NULL } };

const struct dissector dhcpv6_dissector = {
	.name = "dhcpv6",
	.title = "DHCPv6",
	.hints = hints,
	.fields = fields,
	.probe = dhcp6_probe,
	.dissect = dhcp6_dissect,
};
