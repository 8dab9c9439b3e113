/* hsrp.c: Cisco's Hot Standby Router Protocol: version 1 (RFC 2281) and version 2, for
 * IPv4 and IPv6.
 *
 *     1: 0 | op 1 | state 1 | hello 1 | hold 1 | priority 1 | group 1 | 0 | auth 8 | ip 4
 *     2: TLVs, type 1 and length 1: group state (1), text (3) or MD5 (4) authentication
 *
 * Each group's hello is an event where it is first heard and where state, priority
 * or address change. The shared word is never written, only whether it is Cisco's own. */
#include "proto/hello.h"

enum { V1_LENGTH = 20, HELLO = 0, COUP = 1, RESIGN = 2, ADVERTISE = 3, ACTIVE = 16 };

struct hsrp {
	uint32_t priority, hello_ms, hold_ms;
	uint16_t group;
	uint8_t version, op, state, auth;       /* auth: 0 none, 1 text, 2 md5 */
	struct addr ip;
};

static const struct tok ops[] = {
	{ HELLO, "hello" }, { COUP, "coup" }, { RESIGN, "resign" }, { ADVERTISE, "advertise" },
	{ 0, NULL }
};
/* Version 1 has them in bits, version 2 counts them. */
static const struct tok states1[] = {
	{ 0, "initial" }, { 1, "learn" }, { 2, "listen" }, { 4, "speak" }, { 8, "standby" },
	{ 16, "active" }, { 0, NULL }
};
static const struct tok states2[] = {
	{ 0, "disabled" }, { 1, "initial" }, { 2, "learn" }, { 3, "listen" }, { 4, "speak" },
	{ 5, "standby" }, { 6, "active" }, { 0, NULL }
};

static const char *
state_name(const struct hsrp *h)
{
	return tok_find(h->version == 2 ? states2 : states1, h->state);
}

static bool
set(const struct addr *a)
{
	static const uint8_t none[16];

	return a->v && memcmp(a->b, none, 16) != 0;
}

/* The address that moves with the active router. */
static void
virtual_mac(const struct hsrp *h, uint8_t m[6])
{
	const uint8_t v1[6] = { 0, 0, 0x0c, 0x07, 0xac, (uint8_t)h->group };
	const uint8_t v2[6] = { 0, 0, 0x0c, 0x9f, (uint8_t)(0xf0 | (h->group >> 8 & 15)),
		(uint8_t)h->group };
	const uint8_t v6[6] = { 0, 5, 0x73, 0xa0, (uint8_t)(h->group >> 8 & 15),
		(uint8_t)h->group };

	memcpy(m, h->version == 1 ? v1 : h->ip.v == 6 ? v6 : v2, 6);
}

static void
hsrp_tell(struct dctx *c, const struct hello *n)
{
	const struct hsrp *h = n->now, *was = n->before;
	const char *state = state_name(h);
	struct ev *e = hello_ev(c, n);
	struct ident *i;
	uint8_t mac[6];

	ev_uint(e, "version", h->version);
	ev_uint(e, "group", h->group);
	ev_cstr(e, "opcode", tok_find(ops, h->op));
	ev_cstr(e, "state", state);
	if (was && was->state != h->state)
		ev_cstr(e, "previous_state", state_name(was));
	ev_uint(e, "priority", h->priority);
	ev_uint(e, "hello_ms", h->hello_ms);
	ev_uint(e, "hold_ms", h->hold_ms);
	if (set(&h->ip))
		ev_put_ip(e, "virtual_ip", &h->ip);
	virtual_mac(h, mac);
	ev_put_mac(e, "virtual_mac", mac);
	ev_cstr(e, "auth", h->auth == 2 ? "md5" : h->auth == 1 ? "text" : "none");
	if (h->auth < 2) {
		ev_arr(e, "weak");
		ev_a_str(e, h->auth ? TEXT("clear_auth") : TEXT("no_auth"));
		ev_end(e);
	}
	e->ot.object = ev_text_num(e, "group:", 6, h->group);
	if (n->what == HELLO_BEGIN)
		e->ot.service = text_c(tok_find(ops, h->op));
	else if (was)
		e->ot.service = was->state != h->state || was->op != h->op ?
		    TEXT("state_change") : TEXT("change");
	if (n->what != HELLO_END) {
		i = ev_identity(e, "hsrp", EV_SRC);
		i->role = TEXT("router");
		if (set(&h->ip)) {
			i = ev_identity(e, "hsrp.group", EV_OTHER);
			i->has_mac = true;
			memcpy(i->mac, mac, 6);
			i->ip = h->ip;
			i->role = TEXT("virtual router");
		}
	}
	ev_emit(e);
}

static void
tell_community(struct dctx *c, const uint8_t *p)
{
	static const uint8_t none[8];

	if (p && memcmp(p, none, 8) != 0)
		proto_credential(c, CRED_COMMUNITY, CRED_CLEAR, memcmp(p, "cisco\0\0", 8) == 0);
}

static void
note(struct dctx *c, const struct hsrp *h)
{
	uint8_t key[4] = { h->version, (uint8_t)(h->group >> 8), (uint8_t)h->group, h->ip.v };

	hello_note(c, key, sizeof(key), h, sizeof(*h), hsrp_tell);
}

static enum verdict
dissect1(struct dctx *c, struct rd *r)
{
	const uint8_t *word, *ip;
	struct hsrp h;

	memset(&h, 0, sizeof(h));
	h.version = 1;
	rd_skip(r, 1);
	h.op = rd_u8(r);
	if (h.op == ADVERTISE)          /* which groups a router has: said by their hellos */
		return DIS_OK;
	h.state = rd_u8(r);
	h.hello_ms = rd_u8(r) * 1000u;
	h.hold_ms = rd_u8(r) * 1000u;
	h.priority = rd_u8(r);
	h.group = rd_u8(r);
	rd_skip(r, 1);
	word = rd_bytes(r, 8);
	ip = rd_bytes(r, 4);
	if (!rd_ok(r) || !word || !ip)
		return rd_short(r) ? DIS_OK : DIS_BAD;
	h.ip = addr_v4(ip);
	h.auth = rd_left(r) >= 2 && rd_peek8(r, 0) == 4 ? 2 : 1;
	if (h.auth == 1)
		tell_community(c, word);
	if (!tok_find(states1, h.state) || !tok_find(ops, h.op)) {
		c->why = "STATE_UNKNOWN";
		return DIS_BAD;
	}
	note(c, &h);
	return DIS_OK;
}

static void
take_group(struct rd *v, struct hsrp *h)
{
	const uint8_t *p;
	uint8_t ip_v;

	h->version = rd_u8(v);
	h->op = rd_u8(v);
	h->state = rd_u8(v);
	ip_v = rd_u8(v);
	h->group = rd_be16(v);
	rd_skip(v, 6);
	h->priority = rd_be32(v);
	h->hello_ms = rd_be32(v);
	h->hold_ms = rd_be32(v);
	p = rd_bytes(v, 16);
	if (p)
		h->ip = ip_v == 6 ? addr_v6(p) : addr_v4(p);
}

static enum verdict
dissect2(struct dctx *c, struct rd *r)
{
	bool group = false;
	struct hsrp h;

	memset(&h, 0, sizeof(h));
	while (rd_left(r) >= 2) {
		uint8_t type = rd_u8(r), n = rd_u8(r);
		struct rd v = rd_sub(r, n);

		if (rd_bad(r)) {
			c->why = "TLV_LENGTH_INVALID";
			return DIS_BAD;
		}
		switch (type) {
		case 1:
			take_group(&v, &h);
			group = rd_ok(&v);
			break;
		case 3:
			h.auth = 1;
			tell_community(c, rd_bytes(&v, 8));
			break;
		case 4:
			h.auth = 2;
			break;
		}
		if (rd_bad(&v)) {
			c->why = "TLV_TOO_SHORT";
			rd_set_bad(r);
			return DIS_BAD;
		}
	}
	if (group && h.version == 2 && rd_ok(r))
		note(c, &h);
	return DIS_OK;
}

static enum verdict
hsrp_dissect(struct dctx *c, struct rd *r)
{
	return rd_peek8(r, 0) == 0 ? dissect1(c, r) : dissect2(c, r);
}

static enum probe
hsrp_probe(struct probe_in *in)
{
	const struct rd *r = rd_left(&in->side[0]) ? &in->side[0] : &in->side[1];
	int a = rd_peek8(r, 0), b = rd_peek8(r, 1);

	if (a == 0 && rd_left(r) >= V1_LENGTH && b >= HELLO && b <= ADVERTISE &&
	    tok_find(states1, (uint32_t)rd_peek8(r, 2)))
		return PROBE_WEAK;
	if (a == 1 && b == 40 && rd_peek8(r, 2) == 2 && rd_left(r) >= 42)
		return PROBE_WEAK;
	return a == 2 && b == 4 ? PROBE_WEAK : PROBE_NO;
}

static const struct hint hints[] = { { HINT_UDP, 1985 }, { HINT_UDP, 2029 }, { 0 } };

static const struct field fields[] = {
	HELLO_FIELDS("hsrp"),
	{ "hsrp.version", "integer", "1 or 2" },
	{ "hsrp.group", "integer", "the group of routers" },
	{ "hsrp.opcode", "string", "hello, coup or resign" },
	{ "hsrp.state", "string", "the sender's state: active, standby, ..." },
	{ "hsrp.previous_state", "string", "its state before the change" },
	{ "hsrp.priority", "integer", "the highest is the active router" },
	{ "hsrp.hello_ms", "integer", "milliseconds between hellos" },
	{ "hsrp.hold_ms", "integer", "milliseconds until a silent router is given up" },
	{ "hsrp.virtual_ip", "string", "the group's address" },
	{ "hsrp.virtual_mac", "string", "the MAC address that goes with it" },
	{ "hsrp.auth", "string", "none, text or md5" },
	{ "hsrp.weak", "array", "clear_auth or no_auth" },
	{ NULL }
};

const struct dissector hsrp_dissector = {
	.name = "hsrp",
	.title = "Hot Standby Router Protocol",
	.hints = hints,
	.fields = fields,
	.probe = hsrp_probe,
	.dissect = hsrp_dissect,
};
