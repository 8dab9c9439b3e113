/* vrrp.c: Virtual Router Redundancy Protocol, versions 2 (RFC 3768, 2338) and 3
 * (RFC 5798), and OpenBSD's CARP, which shares its number.
 *
 *     version:4 type:4 | vrid | priority | count | auth, interval | checksum 2 | addresses
 *
 * Only the master speaks. An event where a master is first heard, where what it says
 * changes (priority 0: it steps down), and where it has fallen silent. */
#include "proto/hello.h"

enum { ADDRS = 16, CARP_LENGTH = 36 };

struct vrrp {
	uint8_t version, vrid, priority, auth, count, carp, ip_v;
	uint32_t interval_ms;
	struct addr ip[ADDRS];
};

static const struct tok auths[] = {
	{ 0, "none" }, { 1, "text" }, { 2, "ip_auth_header" }, { 0, NULL }
};

static void
vrrp_tell(struct dctx *c, const struct hello *h)
{
	const struct vrrp *v = h->now, *was = h->before;
	const uint8_t mac[6] = { 0, 0, 0x5e, 0, v->ip_v == 6 ? 2 : 1, v->vrid };
	struct ev *e = hello_ev(c, h);
	char t[ADDR_TEXT];

	if (v->carp)
		ev_bool(e, "carp", true);
	ev_uint(e, "version", v->version);
	ev_uint(e, "vrid", v->vrid);
	if (v->carp)
		ev_uint(e, "skew", v->priority);
	else
		ev_uint(e, "priority", v->priority);
	if (was && was->priority != v->priority)
		ev_uint(e, "previous_priority", was->priority);
	ev_uint(e, "interval_ms", v->interval_ms);
	if (v->version == 2 && !v->carp)
		ev_cstr(e, "auth", tok_find(auths, v->auth));
	if (v->count && v->ip[0].v) {
		ev_arr(e, "addresses");
		for (unsigned i = 0; i < v->count && i < ADDRS; i++)
			ev_a_str(e, ((struct text){ t, (uint32_t)addr_put(t, &v->ip[i]) }));
		ev_end(e);
	}
	ev_put_mac(e, "virtual_mac", mac);
	if (!v->carp && v->auth < 2) {
		ev_arr(e, "weak");
		ev_a_str(e, v->auth ? TEXT("clear_auth") : TEXT("no_auth"));
		ev_end(e);
	}
	e->ot.object = ev_text_num(e, "vrid:", 5, v->vrid);
	if (h->what == HELLO_BEGIN)
		e->ot.service = TEXT("advertisement");
	else if (was)
		e->ot.service = !v->carp && v->priority == 0 ? TEXT("step_down") : TEXT("change");
	if (h->what != HELLO_END) {
		ev_identity(e, "vrrp", EV_SRC)->role = TEXT("router");
		for (unsigned i = 0; i < v->count && i < 4; i++) {
			struct ident *d;

			/* the owner's own address is its own */
			if (!v->ip[i].v || (v->priority == 255 && addr_eq(&v->ip[i], &c->k->src)))
				continue;
			d = ev_identity(e, "vrrp.group", EV_OTHER);
			d->has_mac = true;
			memcpy(d->mac, mac, 6);
			d->ip = v->ip[i];
			d->role = TEXT("virtual router");
		}
	}
	ev_emit(e);
}

static enum verdict
vrrp_dissect(struct dctx *c, struct rd *r)
{
	uint8_t key[4] = { 0 }, first, count;
	uint32_t length = rd_left(r);
	const uint8_t *p;
	struct vrrp v;

	memset(&v, 0, sizeof(v));
	first = rd_u8(r);
	v.version = first >> 4;
	v.vrid = rd_u8(r);
	v.priority = rd_u8(r);
	count = rd_u8(r);
	v.ip_v = c->k->ip_v;
	if (rd_ok(r) && ((v.version != 2 && v.version != 3) || (first & 15) != 1)) {
		c->why = "VERSION_OR_TYPE_UNKNOWN";
		return DIS_BAD;
	}
	v.carp = v.version == 2 && length == CARP_LENGTH && count == 7;
	if (v.carp) {
		rd_skip(r, 1);
		v.interval_ms = rd_u8(r) * 1000u;
		rd_skip(r, 2);
	} else {
		if (v.version == 2) {
			v.auth = rd_u8(r);
			v.interval_ms = rd_u8(r) * 1000u;
		} else {
			v.interval_ms = (rd_be16(r) & 0xfff) * 10u;
		}
		rd_skip(r, 2);
		v.count = count;
		for (unsigned i = 0; i < count; i++) {
			if (!(p = rd_bytes(r, v.ip_v == 6 ? 16 : 4)))
				break;
			if (i < ADDRS)
				v.ip[i] = v.ip_v == 6 ? addr_v6(p) : addr_v4(p);
		}
		if (rd_bad(r))
			c->why = "ADDRESS_COUNT";
		if (v.version == 2 && v.auth == 1 && (p = rd_bytes(r, 8)))
			proto_credential(c, CRED_COMMUNITY, CRED_CLEAR, false);
	}
	if (!rd_ok(r))
		return rd_short(r) ? DIS_OK : DIS_BAD;
	/* who is on the link sends with 255: less came from elsewhere (RFC 5798, 5.1.1.3) */
	if (c->k->ttl != 255)
		proto_anomaly(c, "TTL_NOT_255");
	key[0] = v.vrid;
	key[1] = v.version;
	key[2] = v.carp;
	hello_note(c, key, sizeof(key), &v, sizeof(v), vrrp_tell);
	return DIS_OK;
}

static const struct hint hints[] = { { HINT_IPPROTO, 112 }, { 0 } };

static const struct field fields[] = {
	HELLO_FIELDS("vrrp"),
	{ "vrrp.carp", "boolean", "CARP" },
	{ "vrrp.version", "integer", "2 or 3" },
	{ "vrrp.vrid", "integer", "the virtual router" },
	{ "vrrp.priority", "integer", "255: owner of the address, 0: steps down" },
	{ "vrrp.skew", "integer", "CARP: the lowest is the master" },
	{ "vrrp.previous_priority", "integer", "priority before the change" },
	{ "vrrp.interval_ms", "integer", "milliseconds between advertisements" },
	{ "vrrp.auth", "string", "version 2: none, text, ip_auth_header" },
	{ "vrrp.addresses", "array", "the virtual router's addresses" },
	{ "vrrp.virtual_mac", "string", "the MAC address that goes with them" },
	{ "vrrp.weak", "array", "clear_auth or no_auth" },
	{ NULL }
};

const struct dissector vrrp_dissector = {
	.name = "vrrp",
	.title = "Virtual Router Redundancy Protocol, CARP",
	.hints = hints,
	.fields = fields,
	.dissect = vrrp_dissect,
};
