/* build_traits.c: what tells machines apart beside their names: identifiers that are
 * unique by their standard, and traits that several machines behind one address
 * give away. Of our own events, in whose details they stand. */
#include "inv/build_impl.h"

#include <stdio.h>
#include <string.h>

/* "duid:0001...": the kind, and the value as the event has it. */
static void
note(struct in *in, uint32_t st, enum field f, const char *kind, const struct sval *x,
    const char *source)
{
	char t[LIM_TEXT], value[LIM_TEXT - 32];
	int n;

	if (st == INV_NONE || x->type != SVAL_STR || !x->n || x->n >= sizeof(value))
		return;
	value[sval_text(x, value, sizeof(value))] = 0;
	n = snprintf(t, sizeof(t), "%s:%s", kind, value);
	give_word(in, st, f, inv_text(in->v, t, (size_t)n), source);
}

static void
noted_at(struct in *in, uint32_t st, const char *path, const char *kind, const char *source)
{
	struct sval x;

	if (detail_at(in, path, &x))
		note(in, st, F_IDENTIFIER, kind, &x, source);
}

/* ---- DHCP ----------------------------------------------------------------------- */

static bool
all_hex(const struct sval *x)
{
	for (uint32_t i = 0; i < x->n; i++)
		if (!isxdigit((unsigned char)x->p[i]))
			return false;
	return true;
}

/* RFC 4361, 6.1: ff, an interface's number (4 bytes), the machine's DUID. What is a
 * MAC says no more than the MAC; what is shorter than one is no identifier. */
static void
dhcp_client_id(struct in *in, uint32_t st)
{
	enum { HEAD = 10, SHORTEST = 12 };
	struct sval x;
	uint8_t mac[6];

	if (!detail_at(in, "client_id", &x) || x.type != SVAL_STR || x.n < SHORTEST ||
	    mac_parse(mac, x.p, x.n) || !all_hex(&x))
		return;
	if (memcmp(x.p, "ff", 2) == 0 && x.n >= HEAD + SHORTEST) {
		x.p += HEAD;
		x.n -= HEAD;
		note(in, st, F_IDENTIFIER, "duid", &x, "dhcp.client_id");
	} else {
		note(in, st, F_IDENTIFIER, "client_id", &x, "dhcp.client_id");
	}
}

static void
dhcp(struct in *in)
{
	struct sval x;
	uint8_t mac[6];
	uint32_t st;

	if (!detail_is(in, "type", "request") || !detail_at(in, "client_mac", &x) ||
	    x.type != SVAL_STR || !mac_parse(mac, x.p, x.n) ||
	    (st = inv_station(in->v, mac, NULL, 0)) == INV_NONE)
		return;
	inv_seen(in->v, st, &in->at, in->r->us, true);
	dhcp_client_id(in, st);
	if (detail_at(in, "fingerprint", &x))
		note(in, st, F_TRAIT, "dhcp", &x, "dhcp.request");
}

/* RFC 8415, 11: a client's, whichever of its interfaces asks. Behind a relay the
 * packet is the relay's. */
static void
dhcpv6(struct in *in)
{
	struct sval relay;

	if (in->r->dport == 547 && !detail_at(in, "relay", &relay))
		noted_at(in, in->src, "client_duid", "duid", "dhcpv6.request");
	else if (in->r->sport == 547 && !detail_at(in, "relay", &relay))
		noted_at(in, in->src, "server_duid", "duid", "dhcpv6.reply");
}

/* ---- UPnP ----------------------------------------------------------------------- */

static bool
has_text(const struct sval *x, const char *word)
{
	return x->type == SVAL_STR && memmem(x->p, x->n, word, strlen(word));
}

/* Device Architecture 2.0, 1.2.2: "uuid:...::what". Who repeats what others said has
 * another address than the description. */
static void
ssdp(struct in *in)
{
	struct sval x, host;
	struct addr ip;
	const char *end;

	if (detail_is(in, "method", "M-SEARCH") || in->src == INV_NONE ||
	    !detail_at(in, "location_host", &host) || host.type != SVAL_STR ||
	    !addr_parse(&ip, host.p, host.n) || !addr_eq(&ip, &in->r->src))
		return;
	if (detail_at(in, "target", &x) && (has_text(&x, ":InternetGatewayDevice:") ||
	    has_text(&x, ":WANIPConnection:") || has_text(&x, ":WANPPPConnection:")))
		give_word(in, in->src, F_TRAIT, inv_text(in->v, "upnp:internet_gateway", 21),
		    "ssdp");
	if (!detail_at(in, "usn", &x) || x.type != SVAL_STR || x.n < 41 ||
	    strncasecmp(x.p, "uuid:", 5) != 0)
		return;
	x.p += 5;
	x.n -= 5;
	if ((end = memmem(x.p, x.n, "::", 2)))
		x.n = (uint32_t)(end - x.p);
	if (x.n == 36)
		note(in, in->src, F_IDENTIFIER, "uuid", &x, "ssdp");
}

/* ---- others ----------------------------------------------------------------------- */

/* RFC 3412, 7.1: the engine is the one that is asked, but of a trap its sender. */
static void
snmp(struct in *in)
{
	bool trap = in->op == OP_ALARM && !detail_is(in, "type", "Inform");

	if (trap || in->ok)
		noted_at(in, trap ? in->src : in->dst, "engine_id", "engine_id", "snmp");
}

/* The part that a device behind the sender is: bacnet_ident.c calls it so. */
static uint32_t
bacnet_part(struct in *in, const struct sval *net)
{
	struct station *p;
	struct addr ip;
	struct sval m;
	uint64_t number;
	uint8_t mac[6];
	char t[64];

	if (in->src == INV_NONE || !sval_uint(net, &number) ||
	    !detail_at(in, "npdu.src_mac", &m) || m.type != SVAL_STR || m.n > 16)
		return INV_NONE;
	snprintf(t, sizeof(t), "net %u mac %.*s", (unsigned)number, (int)m.n, m.p);
	p = &in->v->st[in->src];
	memcpy(mac, p->mac, 6);
	ip = p->ip;
	return inv_station(in->v, p->has_mac ? mac : NULL, &ip, inv_text(in->v, t, strlen(t)));
}

/* 135-2020, 12.11.1: a device's instance is its own in the whole internetwork. Of one
 * that was repeated by a BBMD the address is not its own. */
static void
bacnet(struct in *in)
{
	uint32_t st = in->src;
	struct sval x, net;

	if (in->op != OP_IDENTIFY || !detail_is(in, "service", "i-Am") ||
	    detail_is(in, "bvlc", "forwarded-npdu") || !detail_at(in, "device", &x) ||
	    x.n <= 7 || memcmp(x.p, "device,", 7) != 0)
		return;
	if (detail_at(in, "npdu.src_net", &net))
		st = bacnet_part(in, &net);
	x.p += 7;
	x.n -= 7;
	if (x.n == 7 && memcmp(x.p, "4194303", 7) == 0)
		return;                 /* none yet: 135-2020, 12.11.1 */
	note(in, st, F_IDENTIFIER, "bacnet_device", &x, "bacnet.i-am");
}

/* A public server's certificate stands on a hundred of its kind. */
static void
certificate(struct in *in)
{
	if (in->dst != INV_NONE && !addr_public(&in->r->dst))
		noted_at(in, in->dst, "fingerprint_sha256", "certificate", "tls");
}

/* Hosts begin at 64, 128 or 255: one less came through one more hop. */
bool
ttl_tells(uint64_t ttl)
{
	return ttl == 63 || ttl == 127 || ttl == 254;
}

static void
ttl_of(struct in *in, uint32_t st, uint64_t ttl)
{
	char t[16];

	if (ttl_tells(ttl))
		give_word(in, st, F_TRAIT, inv_text(in->v, t, (size_t)snprintf(t, sizeof(t),
		    "ttl:%u", (unsigned)ttl)), "flow");
}

/* Where both directions have one smallest TTL, it is each one's. */
static void
flow(struct in *in)
{
	struct sval k, x;
	struct scan s;
	uint64_t ttl[2], any = 0;

	if (!sval_is(&in->r->proto, "TCP") && !sval_is(&in->r->proto, "UDP"))
		return;
	ttl[0] = ttl[1] = UINT64_MAX;
	for (scan_in(&s, &in->r->detail); scan_member(&s, &k, &x); ) {
		if (k.n < 7 || memcmp(k.p, "min_ttl", 7) != 0)
			continue;
		if (k.n == 7)
			(void)sval_uint(&x, &any);
		else if (sval_is(&k, "min_ttl_toserver"))
			(void)sval_uint(&x, &ttl[0]);
		else if (sval_is(&k, "min_ttl_toclient"))
			(void)sval_uint(&x, &ttl[1]);
	}
	if (in->r->flow.pkts[0])
		ttl_of(in, in->src, ttl[0] == UINT64_MAX ? any : ttl[0]);
	if (in->r->flow.pkts[1])
		ttl_of(in, in->dst, ttl[1] == UINT64_MAX ? any : ttl[1]);
}

static void
ssh(struct in *in)
{
	noted_at(in, in->dst, "host_key_sha256", "ssh_host_key", "ssh");
}

static void
opcua(struct in *in)
{
	if (in->ok)
		noted_at(in, in->dst, "server.application_uri", "application_uri", "opcua");
}

static const struct { const char *type; uint32_t n; void (*read)(struct in *); } readers[] = {
	{ "bacnet", 6, bacnet }, { "dhcp", 4, dhcp }, { "dhcpv6", 6, dhcpv6 }, { "flow", 4, flow },
	{ "opcua", 5, opcua }, { "snmp", 4, snmp }, { "ssdp", 4, ssdp }, { "ssh", 3, ssh },
	{ "tls", 3, certificate } };

static void (*
reader_of(const struct in *in))(struct in *)
{
	const struct sval *t = &in->r->type;

	if (in->r->detail.type != SVAL_OBJ || t->type != SVAL_STR || t->n < 3 || t->n > 6)
		return NULL;
	for (size_t i = 0; i < sizeof(readers) / sizeof(*readers); i++)
		if (readers[i].n == t->n && readers[i].type[0] == t->p[0] &&
		    memcmp(readers[i].type, t->p, t->n) == 0)
			return readers[i].read;
	return NULL;
}

void
traits(struct in *in)
{
	void (*read)(struct in *) = reader_of(in);

	if (read)
		read(in);
}

bool
traits_never(const struct in *in)
{
	void (*read)(struct in *) = reader_of(in);
	struct sval x;

	return !read || read == flow || (read == bacnet && in->op != OP_IDENTIFY) ||
	    (read == opcua && !detail_at(in, "server.application_uri", &x));
}
