/* nbns.c: NetBIOS' name service, RFC 1002: who has which name.
 *
 *      0    2       4      6      8      10     12
 *     +----+-------+------+------+------+------+------------------------
 *     | id | flags | ques | answ | auth | addi | question, record
 *     +----+-------+------+------+------+------+------------------------
 *
 * Hosts say and ask the same for hours: an event is what has not been said before by
 * this sender; the rest is not written. */
#include "proto/keep.h"
#include "proto/netbios.h"
#include "proto/proto.h"

enum { NB = 0x20, NBSTAT = 0x21, QUERY = 0, REGISTRATION = 5, RELEASE = 6, WACK = 7, REFRESH = 8,
	REFRESH_ALT = 9, MULTIHOMED = 15, NAMES = 32 };

static const struct tok opcodes[] = { { 0, "query" }, { 5, "registration" }, { 6, "release" },
	{ 7, "wait" }, { 8, "refresh" }, { 9, "refresh" }, { 15, "registration" }, { 0, NULL } };
static const struct tok rcodes[] = { { 0, "ok" }, { 1, "format_error" }, { 2, "server_failure" },
	{ 3, "name_error" }, { 4, "unsupported" }, { 5, "refused" }, { 6, "active" },
	{ 7, "conflict" }, { 0, NULL } };

struct msg {
	uint16_t id, flags, n[4];
	uint8_t opcode;
	bool response, has_name;
	struct nb_name name;
	uint16_t type;
	struct rd data;                 /* of the record */
};

static bool
decode(struct rd *r, struct msg *m)
{
	struct nb_name skip;

	memset(m, 0, sizeof(*m));
	m->id = rd_be16(r);
	m->flags = rd_be16(r);
	for (int i = 0; i < 4; i++)
		m->n[i] = rd_be16(r);
	m->response = m->flags & 0x8000;
	m->opcode = m->flags >> 11 & 15;
	if (!rd_ok(r) || !tok_find(opcodes, m->opcode) ||
	    m->n[0] + m->n[1] + m->n[2] + m->n[3] == 0 || m->n[0] > 1 || m->n[1] > 1 || m->n[3] > 1)
		return false;
	if (m->n[0]) {
		m->has_name = nb_name(r, &m->name);
		m->type = rd_be16(r);
		if (!m->has_name || rd_be16(r) != 1)
			return false;
	}
	if (m->n[1] || m->n[3]) {
		if (m->n[0])
			nb_name(r, &skip);
		else
			m->has_name = nb_name(r, &m->name);
		m->type = rd_be16(r);
		if (rd_be16(r) != 1)
			return false;
		rd_skip(r, 4);
		m->data = rd_sub(r, rd_be16(r));
	}
	return m->has_name && (m->type == NB || m->type == NBSTAT || m->type == 0x0a) && !rd_bad(r);
}

static enum probe
nbns_probe(struct probe_in *in)
{
	for (int side = 0; side < 2 && !in->tcp; side++) {
		struct rd r = in->side[side];
		struct msg m;

		if (!rd_left(&r))
			continue;
		if (!decode(&r, &m))
			return PROBE_NO;
		in->reversed = m.response == (side == 0);
		return PROBE_YES;
	}
	return PROBE_NO;
}

/* ---- has this been said? */

static void
forget(struct dctx *c, struct keep *s)
{
}

static bool
is_news(struct dctx *c, const struct msg *m)
{
	struct { uint8_t src[16], name[16]; uint16_t what, sum; } key;
	struct rd d = m->data;
	struct keep *s;

	memset(&key, 0, sizeof(key));
	memcpy(key.src, c->k->src.b, 16);
	memcpy(key.name, m->name.b, 16);
	key.what = m->flags & 0xf80f;
	while (rd_have(&d))
		key.sum = (uint16_t)(key.sum * 31 + rd_u8(&d));
	if ((s = keep_find(c, &key, sizeof(key)))) {
		keep_touch(c, s);
		return false;
	}
	keep_new(c, KEEP_STREAM, &key, sizeof(key), forget);
	return true;
}

/* ---- events */

static void
put_name(struct ev *e, const struct nb_name *n, bool group)
{
	ev_str(e, "name", nb_text(e, n));
	ev_uint(e, "suffix", n->b[15]);
	ev_cstr(e, "service", nb_service(n->b[15], group) ? nb_service(n->b[15], group) :
	    nb_service(n->b[15], !group));      /* a question does not tell which */
}

/* Of an address that may be another's. */
static struct ident *
ident_at(struct dctx *c, struct ev *e, const struct addr *a)
{
	struct ident *i;

	if (addr_eq(a, &c->k->src))
		return ev_identity(e, "nbns", EV_SRC);
	i = ev_identity(e, "nbns", EV_OTHER);
	i->ip = *a;
	return i;
}

/* Addresses that have the name: flags 2, address 4, repeated. */
static void
put_addresses(struct dctx *c, struct ev *e, const struct msg *m)
{
	struct rd d = m->data;
	bool group = rd_peek8(&d, 0) >= 0x80;
	unsigned n = 0;

	ev_bool(e, "group", group);
	ev_arr(e, "addresses");
	while (rd_left(&d) >= 6 && n++ < NAMES) {
		struct addr a;
		const uint8_t *p;

		rd_skip(&d, 2);
		if (!(p = rd_bytes(&d, 4)))
			break;
		a = addr_v4(p);
		ev_ip(e, JW_NOKEY, &a);
		/* who releases a name has it no more; a refusal names who has it */
		if (nb_is_host(m->name.b[15], group) && m->opcode != RELEASE && p[0] &&
		    p[0] < 224 && (m->response ? m->opcode == QUERY : true))
			ident_at(c, e, &a)->hostname = nb_text(e, &m->name);
	}
	ev_end(e);
}

/* A node's own list: count 1, (name 16, flags 2) each, MAC 6 and statistics. */
static void
put_status(struct dctx *c, struct ev *e, const struct msg *m)
{
	static const uint8_t none[6];
	struct rd d = m->data;
	unsigned n = rd_u8(&d);
	struct text host = { 0 }, domain = { 0 };
	const uint8_t *mac;
	bool controller = false;
	struct ident *i;

	ev_arr(e, "names");
	for (unsigned k = 0; k < n && rd_left(&d); k++) {
		const uint8_t *p = rd_bytes(&d, 16);
		bool group = rd_be16(&d) & 0x8000;
		struct nb_name name;

		if (!p)
			break;
		memcpy(name.b, p, 16);
		if (k < NAMES) {
			ev_a_obj(e);
			put_name(e, &name, group);
			ev_bool(e, "group", group);
			ev_end(e);
		}
		if (nb_is_host(name.b[15], group) && !host.n)
			host = nb_text(e, &name);
		if (group && (name.b[15] == 0 || name.b[15] == 0x1c) && !domain.n)
			domain = nb_text(e, &name);
		controller |= group && name.b[15] == 0x1c;
	}
	ev_end(e);
	ev_str(e, "domain", domain);
	mac = rd_bytes(&d, 6);
	i = ev_identity(e, "nbns", EV_SRC);
	i->hostname = host;
	if (controller)
		i->role = TEXT("domain_controller");
	if (mac && memcmp(mac, none, 6) != 0) {
		ev_put_mac(e, "mac", mac);
		i = ev_identity(e, "nbns", EV_OTHER);
		i->ip = c->k->src;
		i->has_mac = true;
		memcpy(i->mac, mac, 6);
		i->hostname = host;
	}
}

static enum verdict
nbns_dissect(struct dctx *c, struct rd *r)
{
	struct msg m;
	struct ev *e;
	uint8_t rcode;

	if (!decode(r, &m)) {
		c->why = "SYNTAX";
		return c->cut ? DIS_OK : DIS_BAD;
	}
	if (!is_news(c, &m))
		return DIS_OK;
	rcode = m.flags & 15;
	e = ev_begin(c, "nbns", &c->when, c->side);
	ev_cstr(e, "type", m.type == NBSTAT ? "node_status" : tok_find(opcodes, m.opcode));
	ev_bool(e, "response", m.response);
	put_name(e, &m.name, rd_peek8(&m.data, 0) >= 0x80 && m.type == NB);
	e->ot.op = m.opcode == QUERY ? OT_IDENTIFY : OT_REPORT;
	e->ot.service = text_c(m.type == NBSTAT ? "node_status" : tok_find(opcodes, m.opcode));
	e->ot.object = nb_text(e, &m.name);
	if (m.response && rcode)
		ev_cstr(e, "error", tok_or(rcodes, rcode, "unknown"));
	if (m.response)
		e->ot.result = text_c(tok_or(rcodes, rcode, "unknown"));
	if (m.data.len && m.type == NB)
		put_addresses(c, e, &m);
	else if (m.data.len && m.type == NBSTAT && m.response)
		put_status(c, e, &m);
	ev_emit(e);
	return DIS_OK;
}

static const struct hint hints[] = { { HINT_UDP, 137 }, { HINT_END, 0 } };

static const struct field fields[] = {
	{ "nbns.type", "string", "query, registration, refresh, release, wait, node_status" },
	{ "nbns.response", "boolean", "an answer" },
	{ "nbns.name", "string", "the name; absent for messenger names, which may be people's" },
	{ "nbns.suffix", "integer", "its sixteenth byte" },
	{ "nbns.service", "string", "what the name is for" },
	{ "nbns.group", "boolean", "the name of a group" },
	{ "nbns.error", "string", "why not" },
	{ "nbns.addresses", "array", "who has it" },
	{ "nbns.names[].name", "string", "a name of the node" },
	{ "nbns.names[].suffix", "integer", "its sixteenth byte" },
	{ "nbns.names[].service", "string", "what it is for" },
	{ "nbns.names[].group", "boolean", "the name of a group" },
	{ "nbns.domain", "string", "the node's domain or workgroup" },
	{ "nbns.mac", "string", "the node's MAC address" },
	{ NULL },
};

const struct dissector nbns_dissector = {
	.name = "nbns",
	.title = "NetBIOS name service",
	.hints = hints,
	.fields = fields,
	.probe = nbns_probe,
	.dissect = nbns_dissect,
};
