/* eigrp.c: Cisco's EIGRP (RFC 7868): who routes with whom.
 *
 *     version 1 | opcode 1 | checksum 2 | flags 4 | sequence 4 | ack 4 | router 2 | AS 2 |
 *     TLVs: type 2, length 2 (of all), value
 *
 * A router's hello is an event where it is first heard and where what it says changes;
 * routes in updates are counted. */
#include "proto/hello.h"

enum { HELLO = 5, TLV_PARAMETERS = 1, TLV_AUTH = 2, TLV_SOFTWARE = 4 };

struct eigrp {
	uint8_t version, opcode, auth;
	uint8_t k[6], software[4];
	uint16_t router, as, hold;
	bool has_k, has_software, leaving;
};

static void
eigrp_tell(struct dctx *c, const struct hello *h)
{
	const struct eigrp *g = h->now;
	struct ev *e = hello_ev(c, h);

	ev_uint(e, "version", g->version);
	ev_uint(e, "as", g->as);
	if (g->router)
		ev_uint(e, "virtual_router", g->router);
	if (g->has_k) {
		ev_arr(e, "k");
		for (unsigned i = 0; i < 6; i++)
			ev_a_uint(e, g->k[i]);
		ev_end(e);
		ev_uint(e, "hold_s", g->hold);
	}
	if (g->leaving)
		ev_bool(e, "leaving", true);
	ev_cstr(e, "auth", g->auth == 2 ? "md5" : g->auth == 3 ? "sha2" : g->auth ? "other" :
	    "none");
	if (h->what == HELLO_END)
		ev_uint(e, "routes", h->more);
	if (g->auth == 0 || g->auth == 2) {
		ev_arr(e, "weak");
		ev_a_str(e, g->auth ? TEXT("md5") : TEXT("no_auth"));
		ev_end(e);
	}
	e->ot.object = ev_text_num(e, "as:", 3, g->as);
	if (h->what == HELLO_BEGIN)
		e->ot.service = TEXT("hello");
	else if (h->before)
		e->ot.service = g->leaving ? TEXT("leave") : TEXT("change");
	if (h->what != HELLO_END) {
		struct ident *i = ev_identity(e, "eigrp", EV_SRC);
		i->role = TEXT("router");
		/* of whose system it does not say: Cisco's and FRR send the same */
		if (g->has_software)
			i->firmware = ev_text(e, "%u.%u", g->software[0], g->software[1]);
	}
	ev_emit(e);
}

static enum verdict
eigrp_dissect(struct dctx *c, struct rd *r)
{
	uint32_t routes = 0, ack;
	struct eigrp g;
	uint8_t key[4];

	memset(&g, 0, sizeof(g));
	g.version = rd_u8(r);
	g.opcode = rd_u8(r);
	rd_skip(r, 10);
	ack = rd_be32(r);
	g.router = rd_be16(r);
	g.as = rd_be16(r);
	if (rd_ok(r) && (g.version != 2 || !g.opcode || g.opcode > 11)) {
		c->why = "VERSION_OR_OPCODE_UNKNOWN";
		return DIS_BAD;
	}
	while (rd_left(r) >= 4) {
		uint16_t type = rd_be16(r), n = rd_be16(r);
		const uint8_t *p;
		struct rd v;

		if (!rd_ok(r))
			break;
		if (n < 4) {
			c->why = "TLV_LENGTH_INVALID";
			rd_set_bad(r);
			break;
		}
		v = rd_sub(r, n - 4u);
		if (rd_bad(r)) {
			c->why = "TLV_LENGTH_INVALID";
			break;
		}
		switch (type) {
		case TLV_PARAMETERS:
			if ((p = rd_bytes(&v, 6))) {
				memcpy(g.k, p, 6);
				g.has_k = true;
				/* all 255: goodbye */
				g.leaving = p[0] == 255 && p[1] == 255 && p[2] == 255;
			}
			g.hold = rd_be16(&v);
			break;
		case TLV_AUTH:
			g.auth = (uint8_t)rd_be16(&v);
			break;
		case TLV_SOFTWARE:
			if ((p = rd_bytes(&v, 4))) {
				memcpy(g.software, p, 4);
				g.has_software = true;
			}
			break;
		default:
			/* the protocols' numbers: IPv4 1, AppleTalk 2, IPX 3, IPv6 4, all 6 */
			routes += type >= 0x100 && type < 0x700;
		}
		if (rd_bad(&v)) {
			c->why = "TLV_TOO_SHORT";
			rd_set_bad(r);
			break;
		}
	}
	if (rd_bad(r))
		return DIS_BAD;
	if (!rd_ok(r))
		return DIS_OK;
	key[0] = (uint8_t)(g.as >> 8);
	key[1] = (uint8_t)g.as;
	key[2] = (uint8_t)(g.router >> 8);
	key[3] = (uint8_t)g.router;
	if (g.opcode == HELLO && !ack)          /* with one it is a bare acknowledgement */
		hello_note(c, key, sizeof(key), &g, sizeof(g), eigrp_tell);
	else if (routes)
		hello_more(c, key, sizeof(key), routes);
	return DIS_OK;
}

static const struct hint hints[] = { { HINT_IPPROTO, 88 }, { 0 } };

static const struct field fields[] = {
	HELLO_FIELDS("eigrp"),
	{ "eigrp.version", "integer", "2" },
	{ "eigrp.as", "integer", "autonomous system" },
	{ "eigrp.virtual_router", "integer", "virtual router, where not the first" },
	{ "eigrp.k", "array", "weights of the metric, K1 to K6" },
	{ "eigrp.hold_s", "integer", "seconds until a silent router is given up" },
	{ "eigrp.leaving", "boolean", "the router takes its leave" },
	{ "eigrp.auth", "string", "none, md5, sha2 or other" },
	{ "eigrp.routes", "integer", "routes it told, at the end" },
	{ "eigrp.weak", "array", "no_auth or md5" },
	{ NULL }
};

const struct dissector eigrp_dissector = {
	.name = "eigrp",
	.title = "EIGRP",
	.hints = hints,
	.fields = fields,
	.dissect = eigrp_dissect,
};
