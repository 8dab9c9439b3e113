/* ospf.c: OSPF version 2 (RFC 2328) and 3 (RFC 5340): who routes with whom.
 *
 *     version 1 | type 1 | length 2 | router id 4 | area 4 | checksum 2 |
 *         2: auth type 2 | auth 8         3: instance 1 | 0
 *
 * A router's hello is an event where it is first heard and where what it says changes;
 * link state is counted. A simple password goes by in clear: it is reported, not written. */
#include "proto/hello.h"

enum { HELLO = 1, UPDATE = 4, AUTH_NONE = 0, AUTH_SIMPLE = 1, AUTH_CRYPTO = 2 };

struct ospf {
	uint8_t version, type, priority, instance, digest_n;
	uint16_t auth, hello, neighbours;
	uint32_t dead, lsas;
	uint8_t router[4], area[4], mask[4], dr[4], bdr[4];
};

static void
take4(struct rd *r, uint8_t to[4])
{
	const uint8_t *p = rd_bytes(r, 4);

	if (p)
		memcpy(to, p, 4);
}

static void
put4(struct ev *e, const char *k, size_t kn, const uint8_t v[4])
{
	struct addr a = addr_v4(v);

	ev_ip(e, k, kn, &a);
}

static const char *
weakness(const struct ospf *o)
{
	if (o->version != 2)
		return NULL;
	if (o->auth == AUTH_NONE)
		return "no_auth";
	if (o->auth == AUTH_SIMPLE)
		return "clear_auth";
	return o->auth == AUTH_CRYPTO && o->digest_n == 16 ? "md5" : NULL;
}

static void
ospf_tell(struct dctx *c, const struct hello *h)
{
	static const char *const auths[] = { "none", "simple", "cryptographic" };
	const struct ospf *o = h->now, *was = h->before;
	struct ev *e = hello_ev(c, h);

	ev_uint(e, "version", o->version);
	put4(e, JW_K("router_id"), o->router);
	put4(e, JW_K("area"), o->area);
	if (o->version == 2) {
		if (o->auth <= AUTH_CRYPTO)
			ev_cstr(e, "auth", auths[o->auth]);
		put4(e, JW_K("mask"), o->mask);
	} else {
		ev_uint(e, "instance", o->instance);
	}
	ev_uint(e, "hello_s", o->hello);
	ev_uint(e, "dead_s", o->dead);
	ev_uint(e, "priority", o->priority);
	put4(e, JW_K("designated_router"), o->dr);
	put4(e, JW_K("backup_router"), o->bdr);
	ev_uint(e, "neighbours", o->neighbours);
	if (h->what == HELLO_END)
		ev_uint(e, "lsas", h->more);
	if (weakness(o)) {
		ev_arr(e, "weak");
		ev_a_str(e, text_c(weakness(o)));
		ev_end(e);
	}
	e->ot.object = ev_text(e, "area:%u.%u.%u.%u", o->area[0], o->area[1], o->area[2],
	    o->area[3]);
	if (h->what == HELLO_BEGIN)
		e->ot.service = TEXT("hello");
	else if (was)
		e->ot.service = memcmp(was->dr, o->dr, 4) != 0 ?
		    TEXT("designated_router_change") :
		    was->neighbours != o->neighbours ? TEXT("neighbour_change") : TEXT("change");
	if (h->what != HELLO_END)
		ev_identity(e, "ospf", EV_SRC)->role = TEXT("router");
	ev_emit(e);
}

static enum verdict
ospf_dissect(struct dctx *c, struct rd *r)
{
	uint16_t length;
	uint8_t key[6];
	struct ospf o;
	struct rd b;

	memset(&o, 0, sizeof(o));
	o.version = rd_u8(r);
	o.type = rd_u8(r);
	length = rd_be16(r);
	take4(r, o.router);
	take4(r, o.area);
	rd_skip(r, 2);
	if (!rd_ok(r))
		goto out;
	if ((o.version != 2 && o.version != 3) || o.type < 1 || o.type > 5) {
		c->why = "VERSION_OR_TYPE_UNKNOWN";
		return DIS_BAD;
	}
	if (length < (o.version == 2 ? 24 : 16)) {
		c->why = "LENGTH_INVALID";
		rd_set_bad(r);
		return DIS_BAD;
	}
	if (o.version == 2) {
		o.auth = rd_be16(r);
		if (o.auth == AUTH_CRYPTO) {
			rd_skip(r, 3);
			o.digest_n = rd_u8(r);
			rd_skip(r, 4);
		} else {
			rd_skip(r, 8);
			if (o.auth == AUTH_SIMPLE && rd_ok(r))
				proto_credential(c, CRED_PASSWORD, CRED_CLEAR, false);
		}
	} else {
		o.instance = rd_u8(r);
		rd_skip(r, 1);
	}
	b = rd_sub(r, length - (o.version == 2 ? 24u : 16u));
	memcpy(key, o.router, 4);
	key[4] = o.version;
	key[5] = o.instance;
	if (o.type == UPDATE) {
		uint32_t n = rd_be32(&b);
		if (rd_ok(&b))
			hello_more(c, key, sizeof(key), n);
		return rd_bad(r) || rd_bad(&b) ? DIS_BAD : DIS_OK;
	}
	if (o.type != HELLO)
		goto out;
	if (o.version == 2) {
		take4(&b, o.mask);
		o.hello = rd_be16(&b);
		rd_skip(&b, 1);
		o.priority = rd_u8(&b);
		o.dead = rd_be32(&b);
	} else {
		rd_skip(&b, 4);
		o.priority = rd_u8(&b);
		rd_skip(&b, 3);
		o.hello = rd_be16(&b);
		o.dead = rd_be16(&b);
	}
	take4(&b, o.dr);
	take4(&b, o.bdr);
	o.neighbours = (uint16_t)(rd_left(&b) / 4);
	if (rd_bad(&b)) {
		c->why = "HELLO_TOO_SHORT";
		rd_set_bad(r);
	}
	if (rd_ok(&b) && rd_ok(r))
		hello_note(c, key, sizeof(key), &o, sizeof(o), ospf_tell);
out:
	return rd_bad(r) ? DIS_BAD : DIS_OK;
}

static const struct hint hints[] = { { HINT_IPPROTO, 89 }, { 0 } };

static const struct field fields[] = {
	HELLO_FIELDS("ospf"),
	{ "ospf.version", "integer", "2 or 3" },
	{ "ospf.router_id", "string", "the sending router's id" },
	{ "ospf.area", "string", "the area" },
	{ "ospf.instance", "integer", "version 3: the instance" },
	{ "ospf.auth", "string", "none, simple or cryptographic" },
	{ "ospf.mask", "string", "the network's mask" },
	{ "ospf.hello_s", "integer", "seconds between hellos" },
	{ "ospf.dead_s", "integer", "seconds until a silent router is given up" },
	{ "ospf.priority", "integer", "priority for the designated router" },
	{ "ospf.designated_router", "string", "the designated router; 0.0.0.0: none" },
	{ "ospf.backup_router", "string", "the backup designated router" },
	{ "ospf.neighbours", "integer", "routers it hears" },
	{ "ospf.lsas", "integer", "link states it sent, at the end" },
	{ "ospf.weak", "array", "no_auth, clear_auth or md5" },
	{ NULL }
};

const struct dissector ospf_dissector = {
	.name = "ospf",
	.title = "OSPF",
	.hints = hints,
	.fields = fields,
	.dissect = ospf_dissect,
};
