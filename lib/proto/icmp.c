/* icmp.c: ICMP, RFC 792, and ICMPv6, RFC 4443, with neighbour discovery,
 * RFC 4861 and 8106, and the names of MLD, RFC 3810. One event_type for both:
 * the envelope's proto tells them apart.
 *
 *      type 1 | code 1 | checksum 2 | four bytes of the type's own | body
 *
 * An echo request and its reply are one event, found by id and sequence. So
 * are timestamp and mask. A neighbour solicitation goes to a group and its
 * advertisement comes back in another flow: both are events of their own, as
 * in ARP. An error says what it is about: the packet inside it. */
#include "proto/proto.h"

enum { IN_NOTHING, IN_ECHO, IN_ERROR, IN_ND, IN_ROUTER4, IN_GROUP };

struct icmp_pdu {
	uint8_t type, code;
	uint32_t word;          /* the four bytes behind the checksum */
	struct rd body;
};

struct kind {
	uint8_t v6, type;
	uint8_t in;             /* what its body is: IN_ */
	int16_t reply_to;       /* the request's type this answers, or -1 */
	const char *name;
};

static const struct kind kinds[] = {
	{ 0, 0, IN_ECHO, 8, "echo_reply" },
	{ 0, 3, IN_ERROR, -1, "destination_unreachable" },
	{ 0, 4, IN_ERROR, -1, "source_quench" },
	{ 0, 5, IN_ERROR, -1, "redirect" },
	{ 0, 8, IN_ECHO, -1, "echo_request" },
	{ 0, 9, IN_ROUTER4, -1, "router_advertisement" },
	{ 0, 10, IN_NOTHING, -1, "router_solicitation" },
	{ 0, 11, IN_ERROR, -1, "time_exceeded" },
	{ 0, 12, IN_ERROR, -1, "parameter_problem" },
	{ 0, 13, IN_ECHO, -1, "timestamp_request" },
	{ 0, 14, IN_ECHO, 13, "timestamp_reply" },
	{ 0, 17, IN_ECHO, -1, "address_mask_request" },
	{ 0, 18, IN_ECHO, 17, "address_mask_reply" },
	{ 6, 1, IN_ERROR, -1, "destination_unreachable" },
	{ 6, 2, IN_ERROR, -1, "packet_too_big" },
	{ 6, 3, IN_ERROR, -1, "time_exceeded" },
	{ 6, 4, IN_ERROR, -1, "parameter_problem" },
	{ 6, 128, IN_ECHO, -1, "echo_request" },
	{ 6, 129, IN_ECHO, 128, "echo_reply" },
	{ 6, 130, IN_GROUP, -1, "mld_query" },
	{ 6, 131, IN_GROUP, -1, "mld_report" },
	{ 6, 132, IN_GROUP, -1, "mld_done" },
	{ 6, 133, IN_ND, -1, "router_solicitation" },
	{ 6, 134, IN_ND, -1, "router_advertisement" },
	{ 6, 135, IN_ND, -1, "neighbor_solicitation" },
	{ 6, 136, IN_ND, -1, "neighbor_advertisement" },
	{ 6, 137, IN_ND, -1, "redirect" },
	{ 6, 138, IN_NOTHING, -1, "router_renumbering" },
	{ 6, 139, IN_NOTHING, -1, "node_information_query" },
	{ 6, 140, IN_NOTHING, -1, "node_information_response" },
	{ 6, 143, IN_GROUP, -1, "mld2_report" },
	{ 6, 151, IN_NOTHING, -1, "multicast_router_advertisement" },
	{ 6, 152, IN_NOTHING, -1, "multicast_router_solicitation" },
	{ 6, 155, IN_NOTHING, -1, "rpl_control" },
	{ 0, 0, 0, -1, NULL }
};

static const struct tok codes4[] = {    /* type << 8 | code */
	{ 0x300, "net_unreachable" }, { 0x301, "host_unreachable" },
	{ 0x302, "protocol_unreachable" }, { 0x303, "port_unreachable" },
	{ 0x304, "fragmentation_needed" }, { 0x305, "source_route_failed" },
	{ 0x306, "net_unknown" }, { 0x307, "host_unknown" }, { 0x309, "net_prohibited" },
	{ 0x30a, "host_prohibited" }, { 0x30d, "administratively_prohibited" },
	{ 0x500, "redirect_net" }, { 0x501, "redirect_host" },
	{ 0xb00, "ttl_exceeded" }, { 0xb01, "reassembly_time_exceeded" },
	{ 0, NULL }
};
static const struct tok codes6[] = {
	{ 0x100, "no_route" }, { 0x101, "administratively_prohibited" },
	{ 0x102, "beyond_scope" }, { 0x103, "address_unreachable" },
	{ 0x104, "port_unreachable" }, { 0x105, "source_address_failed_policy" },
	{ 0x106, "route_rejected" },
	{ 0x300, "hop_limit_exceeded" }, { 0x301, "reassembly_time_exceeded" },
	{ 0x400, "erroneous_header" }, { 0x401, "unknown_next_header" },
	{ 0x402, "unknown_option" },
	{ 0, NULL }
};

static bool
icmp_decode(struct rd *r, struct icmp_pdu *p)
{
	p->type = rd_u8(r);
	p->code = rd_u8(r);
	rd_skip(r, 2);
	/* Some tools send only four bytes of the types that need no more. */
	p->word = rd_left(r) || !rd_ok(r) ? rd_be32(r) : 0;
	if (!rd_ok(r))
		return false;
	p->body = *r;
	return true;
}

static const struct kind *
kind_of(bool v6, uint8_t type)
{
	for (const struct kind *k = kinds; k->name; k++)
		if (!!k->v6 == v6 && k->type == type)
			return k;
	return NULL;
}

static void
put_head(struct ev *e, bool v6, const struct icmp_pdu *p, const struct kind *k)
{
	const char *code = tok_find(v6 ? codes6 : codes4, (uint32_t)p->type << 8 | p->code);

	ev_uint(e, "type", p->type);
	ev_uint(e, "code", p->code);
	if (k)
		ev_cstr(e, "name", k->name);
	ev_cstr(e, "code_name", code);
	e->ot.op = OT_OTHER;
	if (k)
		e->ot.service = text_c(k->name);
}

/* The packet that an error is about: its addresses and ports as far as they
 * are there. Errors carry only its beginning, so that its end is never missed. */
static void
put_original(struct ev *e, bool v6, struct rd r)
{
	struct addr a[2];
	uint8_t proto;
	const uint8_t *s, *d;
	uint32_t ihl = 0;

	if (v6) {
		rd_skip(&r, 6);
		proto = rd_u8(&r);
		rd_skip(&r, 1);
		s = rd_bytes(&r, 16);
		d = rd_bytes(&r, 16);
	} else {
		ihl = (rd_u8(&r) & 15) * 4u;
		rd_skip(&r, 8);
		proto = rd_u8(&r);
		rd_skip(&r, 2);
		s = rd_bytes(&r, 4);
		d = rd_bytes(&r, 4);
	}
	if (!s || !d)
		return;
	a[0] = v6 ? addr_v6(s) : addr_v4(s);
	a[1] = v6 ? addr_v6(d) : addr_v4(d);
	if (ihl > 20)
		rd_skip(&r, ihl - 20);
	ev_obj(e, "original");
	switch (proto) {
	case IPP_TCP: ev_cstr(e, "proto", "TCP"); break;
	case IPP_UDP: ev_cstr(e, "proto", "UDP"); break;
	case IPP_ICMP: ev_cstr(e, "proto", "ICMP"); break;
	case IPP_ICMP6: ev_cstr(e, "proto", "IPv6-ICMP"); break;
	default: ev_str(e, "proto", ev_text_num(e, "", 0, proto));
	}
	ev_put_ip(e, "src_ip", &a[0]);
	ev_put_ip(e, "dest_ip", &a[1]);
	if ((proto == IPP_TCP || proto == IPP_UDP) && rd_have(&r) >= 4) {
		ev_uint(e, "src_port", rd_be16(&r));
		ev_uint(e, "dest_port", rd_be16(&r));
	}
	ev_end(e);
}

/* Router advertisement's prefix and recursive servers, MTU, link-layer
 * addresses: RFC 4861 section 4.6, RFC 8106. Lists are gathered by walking the
 * options once for each. False when an option is malformed. */
struct nd_opts {
	const uint8_t *src_ll, *dest_ll;
	uint32_t mtu;
	bool has_mtu;
	unsigned nprefix, ndns;
};

enum { ND_SRC_LL = 1, ND_DEST_LL = 2, ND_PREFIX = 3, ND_MTU = 5, ND_RDNSS = 25 };

static bool
nd_next(struct rd *r, uint8_t *type, struct rd *opt)
{
	uint8_t n;

	if (!rd_left(r))
		return false;
	*type = rd_u8(r);
	n = rd_u8(r);
	if (rd_ok(r) && n == 0)
		rd_set_bad(r);
	*opt = rd_sub(r, n ? n * 8u - 2 : 0);
	return rd_ok(r);
}

static bool
nd_options(struct rd r, struct nd_opts *o, uint8_t *err)
{
	struct rd opt;
	uint8_t type;

	memset(o, 0, sizeof(*o));
	while (nd_next(&r, &type, &opt)) {
		switch (type) {
		case ND_SRC_LL: o->src_ll = rd_left(&opt) == 6 ? rd_bytes(&opt, 6) : NULL; break;
		case ND_DEST_LL: o->dest_ll = rd_left(&opt) == 6 ? rd_bytes(&opt, 6) : NULL; break;
		case ND_PREFIX: o->nprefix += rd_have(&opt) >= 30; break;
		case ND_RDNSS: o->ndns += rd_have(&opt) >= 22; break;
		case ND_MTU:
			rd_skip(&opt, 2);
			o->mtu = rd_be32(&opt);
			o->has_mtu = rd_ok(&opt);
			break;
		}
	}
	*err = r.err;
	return r.err != RD_BAD;
}

static void
put_prefixes(struct ev *e, struct rd r)
{
	struct rd opt;
	uint8_t type;

	ev_arr(e, "prefixes");
	for (unsigned n = 0; n < LIM_ANNOUNCED && nd_next(&r, &type, &opt); ) {
		uint8_t bits;
		const uint8_t *p;
		char t[ADDR_TEXT];
		struct addr a;

		if (type != ND_PREFIX)
			continue;
		bits = rd_u8(&opt);
		rd_skip(&opt, 13);
		p = rd_bytes(&opt, 16);
		if (!p)
			continue;
		a = addr_v6(p);
		ev_a_str(e, ev_text(e, "%.*s/%u", (int)addr_put(t, &a), t, bits));
		n++;
	}
	ev_end(e);
}

static void
put_rdnss(struct ev *e, struct rd r)
{
	struct rd opt;
	uint8_t type;
	unsigned n = 0;

	ev_arr(e, "dns_servers");
	while (nd_next(&r, &type, &opt)) {
		const uint8_t *p;
		char t[ADDR_TEXT];

		if (type != ND_RDNSS)
			continue;
		rd_skip(&opt, 6);
		while (rd_left(&opt) && n < LIM_ANNOUNCED && (p = rd_bytes(&opt, 16))) {
			struct addr a = addr_v6(p);
			ev_a_str(e, ((struct text){ t, (uint32_t)addr_put(t, &a) }));
			n++;
		}
	}
	ev_end(e);
}

static bool
unspecified(const struct addr *a)
{
	static const uint8_t none[16];
	return memcmp(a->b, none, 16) == 0;
}

static struct ident *
neighbour(struct ev *e, const uint8_t *mac, const struct addr *ip)
{
	struct ident *i;

	if (!mac || mac[0] & 1 || unspecified(ip) || addr_multicast(ip))
		return NULL;
	i = ev_identity(e, "nd", EV_OTHER);
	i->has_mac = true;
	memcpy(i->mac, mac, 6);
	i->ip = *ip;
	return i;
}

/* The fixed part of each message, then its options. */
static enum verdict
nd(struct dctx *c, struct ev *e, const struct icmp_pdu *p)
{
	struct rd r = p->body;
	struct addr target = { .v = 0 }, dest = { .v = 0 };
	struct nd_opts o;
	struct ident *i;
	const uint8_t *b;
	uint8_t err;

	if (p->type == 134) {
		ev_uint(e, "hop_limit", p->word >> 24);
		ev_uint(e, "router_lifetime", p->word & 0xffff);
		if (p->word >> 23 & 1)
			ev_bool(e, "managed", true);
		if (p->word >> 22 & 1)
			ev_bool(e, "other_config", true);
		rd_skip(&r, 8);
	} else if (p->type >= 135) {
		if ((b = rd_bytes(&r, 16)))
			target = addr_v6(b);
		if (p->type == 137 && (b = rd_bytes(&r, 16)))
			dest = addr_v6(b);
	}
	if (target.v) {
		ev_put_ip(e, "target_ip", &target);
		if (dest.v)
			ev_put_ip(e, "redirected_ip", &dest);
	}
	if (p->type == 136) {
		if (p->word >> 31 & 1)
			ev_bool(e, "router", true);
		if (p->word >> 30 & 1)
			ev_bool(e, "solicited", true);
		if (p->word >> 29 & 1)
			ev_bool(e, "override", true);
	}
	nd_options(r, &o, &err);
	if (o.src_ll)
		ev_put_mac(e, "src_mac", o.src_ll);
	if (o.dest_ll)
		ev_put_mac(e, "target_mac", o.dest_ll);
	if (o.has_mtu)
		ev_uint(e, "mtu", o.mtu);
	if (o.nprefix)
		put_prefixes(e, r);
	if (o.ndns)
		put_rdnss(e, r);
	e->ot.op = OT_IDENTIFY;
	if (target.v) {
		char t[ADDR_TEXT];
		e->ot.object = ev_text(e, "%.*s", (int)addr_put(t, &target), t);
	}
	if (p->type == 136 && target.v) {
		i = neighbour(e, o.dest_ll, &target);
		if (p->word >> 31 & 1) {
			if (!i) {
				i = ev_identity(e, "nd", EV_OTHER);
				i->ip = target;
			}
			i->role = TEXT("router");
		}
	} else if (p->type == 133 || p->type == 135) {
		neighbour(e, o.src_ll, &c->k->src);
	} else if (p->type == 134) {
		i = neighbour(e, o.src_ll, &c->k->src);
		if (!i)
			i = ev_identity(e, "nd", EV_SRC);
		i->role = p->word & 0xffff ? TEXT("router") : (struct text){ 0 };
	}
	if (rd_bad(&r) || err == RD_BAD) {
		c->why = "ND_OPTION_INVALID";
		return DIS_BAD;
	}
	return DIS_OK;
}

/* RFC 1256: addresses and preferences. */
static void
router4(struct ev *e, const struct icmp_pdu *p)
{
	struct rd r = p->body;
	unsigned n = p->word >> 24;
	const uint8_t *b;
	bool open = false;

	for (unsigned i = 0; i < n && i < LIM_ANNOUNCED && (b = rd_bytes(&r, 4)); i++) {
		struct addr a = addr_v4(b);
		char t[ADDR_TEXT];
		struct ident *id;

		if (!open)
			ev_arr(e, "routers");
		open = true;
		ev_a_str(e, ((struct text){ t, (uint32_t)addr_put(t, &a) }));
		rd_skip(&r, 4);
		id = ev_identity(e, "icmp.router", EV_OTHER);
		id->ip = a;
		id->role = TEXT("router");
	}
	if (open)
		ev_end(e);
}

static enum verdict
group(struct dctx *c, struct ev *e, const struct icmp_pdu *p)
{
	struct rd r = p->body;
	unsigned n = p->type == 143 ? p->word & 0xffff : 1;
	bool open = false;

	for (unsigned i = 0; i < n && i < LIM_ANNOUNCED; i++) {
		uint16_t sources = 0;
		uint8_t aux = 0;
		const uint8_t *b;
		struct addr a;
		char t[ADDR_TEXT];

		if (p->type == 143) {
			rd_skip(&r, 1);
			aux = rd_u8(&r);
			sources = rd_be16(&r);
		}
		b = rd_bytes(&r, 16);
		if (!b)
			break;
		a = addr_v6(b);
		if (unspecified(&a))            /* a general query is about no group */
			break;
		if (!open)
			ev_arr(e, "groups");
		open = true;
		ev_a_str(e, ((struct text){ t, (uint32_t)addr_put(t, &a) }));
		rd_skip(&r, sources * 16u + aux * 4u);
	}
	if (open)
		ev_end(e);
	if (!rd_bad(&r))
		return DIS_OK;
	c->why = "GROUP_RECORD_INVALID";
	return DIS_BAD;
}

struct icmp_wait {
	uint32_t word;
	uint32_t bytes;
	uint8_t type, code;
	bool v6;
};

static void
put_echo(struct ev *e, uint32_t word, uint32_t bytes)
{
	ev_uint(e, "id", word >> 16);
	ev_uint(e, "seq", word & 0xffff);
	ev_uint(e, "bytes", bytes);
}

static void
put_wait(struct ev *e, const struct icmp_wait *w)
{
	struct icmp_pdu p = { .type = w->type, .code = w->code };

	put_head(e, w->v6, &p, kind_of(w->v6, w->type));
	put_echo(e, w->word, w->bytes);
}

static void
icmp_expire(struct dctx *c, struct pend *p)
{
	struct ev *e = ev_begin(c, "icmp", &p->when, p->side);

	put_wait(e, (const struct icmp_wait *)p->data);
	ev_unanswered(e, c);
	ev_emit(e);
}

static void
echo(struct dctx *c, bool v6, const struct icmp_pdu *p, const struct kind *k)
{
	struct icmp_wait w = { p->word, rd_left(&p->body), p->type, p->code, v6 };
	uint8_t asked = k->reply_to < 0 ? p->type : (uint8_t)k->reply_to;
	uint64_t key = (uint64_t)asked << 32 | p->word;
	struct pend *q;
	struct ev *e;

	if (k->reply_to < 0 && c->flow) {
		pend_put(c, key, &w, sizeof(w));
		return;
	}
	q = k->reply_to < 0 ? NULL : pend_find(c, key);
	if (q) {
		struct icmp_wait asking;

		memcpy(&asking, q->data, sizeof(asking));
		e = ev_begin(c, "icmp", &q->when, q->side);
		put_wait(e, &asking);
		if (asking.bytes != w.bytes)
			ev_uint(e, "reply_bytes", w.bytes);
		ev_answered(e, c, &q->when);
		ev_emit(e);
		pend_done(c, q);
		return;
	}
	e = ev_begin(c, "icmp", &c->when, c->side);
	put_head(e, v6, p, k);
	put_echo(e, p->word, w.bytes);
	ev_emit(e);
}

static enum verdict
icmp_dissect(struct dctx *c, struct rd *r)
{
	bool v6 = c->k->ip_v == 6;
	struct icmp_pdu p;
	const struct kind *k;
	enum verdict v = DIS_OK;
	struct ev *e;

	if (rd_left(r) < 2)             /* the packet layer has said so already */
		return DIS_OK;
	if (!icmp_decode(r, &p))
		return DIS_OK;          /* the reader knows whether it is malformed */
	k = kind_of(v6, p.type);
	if (k && k->in == IN_ECHO) {
		echo(c, v6, &p, k);
		return DIS_OK;
	}
	e = ev_begin(c, "icmp", &c->when, c->side);
	put_head(e, v6, &p, k);
	switch (k ? k->in : IN_NOTHING) {
	case IN_ERROR:
		e->ot.op = OT_ERROR;
		if (!v6 && p.type == 5) {
			uint8_t b[4] = { (uint8_t)(p.word >> 24), (uint8_t)(p.word >> 16),
			    (uint8_t)(p.word >> 8), (uint8_t)p.word };
			struct addr a = addr_v4(b);
			ev_put_ip(e, "gateway_ip", &a);
		}
		if (!v6 && p.type == 3 && p.code == 4)
			ev_uint(e, "mtu", p.word & 0xffff);
		if (v6 && p.type == 2)
			ev_uint(e, "mtu", p.word);
		put_original(e, v6, p.body);
		e->ot.result = text_c(tok_find(v6 ? codes6 : codes4,
		    (uint32_t)p.type << 8 | p.code));
		break;
	case IN_ND:
		v = nd(c, e, &p);
		break;
	case IN_ROUTER4:
		router4(e, &p);
		e->ot.op = OT_IDENTIFY;
		break;
	case IN_GROUP:
		v = group(c, e, &p);
		break;
	}
	ev_emit(e);
	return v;
}

static const struct hint hints[] = {
	{ HINT_IPPROTO, IPP_ICMP }, { HINT_IPPROTO, IPP_ICMP6 }, { 0 }
};

static const struct field fields[] = {
	{ "icmp.type", "integer", "ICMP or ICMPv6 type" },
	{ "icmp.code", "integer", "the type's code" },
	{ "icmp.name", "string", "the type's name" },
	{ "icmp.code_name", "string", "the code's name" },
	{ "icmp.id", "integer", "identifier of an echo" },
	{ "icmp.seq", "integer", "sequence number of an echo" },
	{ "icmp.bytes", "integer", "bytes of data in the request" },
	{ "icmp.reply_bytes", "integer", "bytes of data in the reply where they differ" },
	{ "icmp.gateway_ip", "string", "the better router a redirect names" },
	{ "icmp.mtu", "integer", "the link's MTU" },
	{ "icmp.original", "object", "the packet that an error is about" },
	{ "icmp.original.proto", "string", "its protocol" },
	{ "icmp.original.src_ip", "string", "its source address" },
	{ "icmp.original.dest_ip", "string", "its destination address" },
	{ "icmp.original.src_port", "integer", "its source port" },
	{ "icmp.original.dest_port", "integer", "its destination port" },
	{ "icmp.target_ip", "string", "the neighbour asked for or announced" },
	{ "icmp.redirected_ip", "string", "the destination that an ICMPv6 redirect is about" },
	{ "icmp.src_mac", "string", "source link-layer address option" },
	{ "icmp.target_mac", "string", "target link-layer address option" },
	{ "icmp.router", "boolean", "the neighbour says that it is a router" },
	{ "icmp.solicited", "boolean", "the advertisement answers a solicitation" },
	{ "icmp.override", "boolean", "the advertisement replaces what was known" },
	{ "icmp.hop_limit", "integer", "hop limit that hosts are to use" },
	{ "icmp.router_lifetime", "integer", "seconds as default router; 0: it is none" },
	{ "icmp.managed", "boolean", "hosts are to ask DHCPv6 for addresses" },
	{ "icmp.other_config", "boolean", "hosts are to ask DHCPv6 for the rest" },
	{ "icmp.prefixes", "array", "prefixes on this link" },
	{ "icmp.dns_servers", "array", "recursive DNS servers announced" },
	{ "icmp.routers", "array", "routers announced (ICMP router discovery)" },
	{ "icmp.groups", "array", "multicast groups queried, joined or left" },
	{ NULL }
};

const struct dissector icmp_dissector = {
	.name = "icmp",
	.title = "ICMP and ICMPv6 with neighbour discovery",
	.hints = hints,
	.fields = fields,
	.dissect = icmp_dissect,
	.expire = icmp_expire,
};
