/* rip.c: RIP version 1 (RFC 1058) and 2 (RFC 2453, 4822): who tells whom which routes.
 *
 *     command 1 | version 1 | 0 | entries of 20: family 2, tag 2, address 4, mask 4, hop 4,
 *     metric 4; family 0xffff first: authentication, kind 2, 16 bytes
 *
 * A router's announcement is an event where it is first heard and where its kind or
 * its authentication change; routes are counted, as they come in several datagrams. A
 * simple password goes by in clear: it is reported, not written. */
#include "proto/hello.h"

enum { REQUEST = 1, RESPONSE = 2, ENTRY = 20, ENTRIES = 25, AUTH = 0xffff, AUTH_TRAILER = 1,
	AUTH_SIMPLE = 2, AUTH_CRYPTO = 3 };

struct rip { uint8_t command, version, auth; };

static void
rip_tell(struct dctx *c, const struct hello *h)
{
	const struct rip *p = h->now;
	struct ev *e = hello_ev(c, h);

	ev_uint(e, "version", p->version);
	ev_cstr(e, "command", p->command == REQUEST ? "request" : "response");
	ev_cstr(e, "auth", p->auth == AUTH_SIMPLE ? "simple" : p->auth == AUTH_CRYPTO ?
	    "cryptographic" : "none");
	if (h->what == HELLO_END)
		ev_uint(e, "routes", h->more);
	if (p->auth != AUTH_CRYPTO) {
		ev_arr(e, "weak");
		ev_a_str(e, p->auth ? TEXT("clear_auth") : TEXT("no_auth"));
		ev_end(e);
	}
	if (h->what == HELLO_BEGIN)
		e->ot.service = p->command == REQUEST ? TEXT("request") : TEXT("response");
	else if (h->before)
		e->ot.service = TEXT("change");
	if (h->what != HELLO_END && p->command == RESPONSE)
		ev_identity(e, "rip", EV_SRC)->role = TEXT("router");
	ev_emit(e);
}

static enum verdict
rip_dissect(struct dctx *c, struct rd *r)
{
	struct rip p = { 0 };
	uint32_t routes = 0;

	p.command = rd_u8(r);
	p.version = rd_u8(r);
	rd_skip(r, 2);
	if (rd_ok(r) && (p.command < REQUEST || p.command > RESPONSE || p.version < 1 ||
	    p.version > 2)) {
		c->why = "COMMAND_OR_VERSION_UNKNOWN";
		rd_set_bad(r);
		return DIS_BAD;
	}
	while (rd_left(r)) {
		uint16_t family = rd_be16(r), kind = rd_be16(r);

		rd_skip(r, ENTRY - 4);
		if (!rd_ok(r))
			break;
		if (family != AUTH) {
			routes++;
			continue;
		}
		if (kind == AUTH_TRAILER) {             /* the digest stands here */
			rd_skip(r, rd_left(r));
			break;
		}
		p.auth = (uint8_t)kind;
		if (kind == AUTH_SIMPLE)
			proto_credential(c, CRED_PASSWORD, CRED_CLEAR, false);
	}
	if (rd_bad(r)) {
		c->why = "ENTRY_TRUNCATED";
		return DIS_BAD;
	}
	if (!rd_ok(r))
		return DIS_OK;
	hello_note(c, &p.command, 1, &p, sizeof(p), rip_tell);
	hello_more(c, &p.command, 1, routes);
	return DIS_OK;
}

static enum probe
rip_probe(struct probe_in *in)
{
	const struct rd *r = rd_left(&in->side[0]) ? &in->side[0] : &in->side[1];
	int command = rd_peek8(r, 0), version = rd_peek8(r, 1), family = rd_peek16(r, 4);

	if (in->tcp || rd_left(r) < 4 + ENTRY || rd_left(r) > 4 + ENTRIES * ENTRY + ENTRY ||
	    command < REQUEST || command > RESPONSE || version < 1 || version > 2 ||
	    rd_peek16(r, 2) != 0)
		return PROBE_NO;
	return family == 2 || family == 0 || family == AUTH ? PROBE_WEAK : PROBE_NO;
}

static const struct hint hints[] = { { HINT_UDP, 520 }, { 0 } };

static const struct field fields[] = {
	HELLO_FIELDS("rip"),
	{ "rip.version", "integer", "1 or 2" },
	{ "rip.command", "string", "request or response" },
	{ "rip.auth", "string", "none, simple or cryptographic" },
	{ "rip.routes", "integer", "routes it told in all, at the end" },
	{ "rip.weak", "array", "no_auth or clear_auth" },
	{ NULL }
};

const struct dissector rip_dissector = {
	.name = "rip",
	.title = "RIP",
	.hints = hints,
	.fields = fields,
	.probe = rip_probe,
	.dissect = rip_dissect,
};
