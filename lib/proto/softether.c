/* softether.c: SoftEther VPN's way through NAT (UDP): a server that registers itself
 * with its makers says what it is called; between that, a byte 'A' is answered by
 * "IP=...,PORT=...".
 *
 *     count(4), elements: length of name + 1 (4), name, type(4), count(4), values
 *
 * Keys and tokens beside the names are not written. */
#include "proto/proto.h"

enum { T_INT, T_DATA, T_STR, T_UNISTR, T_INT64, ELEMENTS = 64 };

struct softether_state { bool told, refused; };

struct pack { struct text opcode, host, product, service, ddns; bool error; };

static bool
is_word(struct rd name, const char *s)
{
	return name.cap == strlen(s) && memcmp(name.p, s, name.cap) == 0;
}

/* False when these are no such elements. */
static bool
decode(struct rd r, struct pack *p)
{
	uint32_t n = rd_be32(&r);

	memset(p, 0, sizeof(*p));
	if (n == 0 || n > ELEMENTS)
		return false;
	for (; n && rd_left(&r); n--) {
		uint32_t len = rd_be32(&r), type, values;
		struct rd name = rd_sub(&r, len - 1);

		type = rd_be32(&r);
		values = rd_be32(&r);
		if (!len || rd_bad(&r) || type > T_INT64)
			return false;
		for (; values && rd_left(&r); values--) {
			uint32_t size = type == T_INT ? 4 : type == T_INT64 ? 8 : rd_be32(&r);
			struct rd v = rd_sub(&r, size);
			struct text t = { 0 };

			if (type == T_STR)
				t = text_rd(&v, size);

			if (is_word(name, "opcode"))
				p->opcode = t;
			else if (is_word(name, "host_name"))
				p->host = t;
			else if (is_word(name, "product_str"))
				p->product = t;
			else if (is_word(name, "svc_name"))
				p->service = t;
			else if (is_word(name, "ddns_fqdn"))
				p->ddns = t;
			else if (is_word(name, "error") || is_word(name, "err_str"))
				p->error = true;
		}
	}
	return !rd_bad(&r) && n == 0;
}

static bool
is_place(const struct rd *r)
{
	return rd_left(r) >= 15 && rd_left(r) <= 64 && rd_have(r) >= 15 &&
	    memcmp(r->p + r->off, "IP=", 3) == 0 && memchr(r->p + r->off, ',', rd_have(r));
}

static void
pack_event(struct dctx *c, const struct pack *p)
{
	struct ev *e = ev_begin(c, "softether", &c->when, c->side);
	struct ident *i;

	ev_str(e, "opcode", p->opcode);
	ev_str(e, "host", p->host);
	ev_str(e, "product", p->product);
	ev_str(e, "service", p->service);
	ev_str(e, "ddns_name", p->ddns);
	e->ot.op = OT_CONNECT;
	e->ot.service = TEXT("SoftEther");
	e->ot.object = p->ddns;
	if (p->error)
		e->ot.result = TEXT("refused");
	if (p->host.n || p->product.n) {
		i = ev_identity(e, "softether.register", EV_SRC);
		i->hostname = p->host;
		i->product = p->product;
	}
	ev_emit(e);
}

static enum verdict
softether_dissect(struct dctx *c, struct rd *r)
{
	struct softether_state *s = c->state;
	struct pack p;

	if (rd_left(r) > 32 && decode(*r, &p) && p.opcode.n && !c->cut) {
		if (c->side == 0 && p.host.n && !s->told) {
			s->told = true;
			pack_event(c, &p);
		} else if (c->side == 1 && p.error && !s->refused) {
			s->refused = true;
			pack_event(c, &p);
		}
	}
	rd_skip(r, rd_have(r));
	return DIS_OK;
}

static enum probe
softether_probe(struct probe_in *in)
{
	const struct rd *a = &in->side[0], *b = &in->side[1];
	const struct rd *one = rd_left(a) ? a : b;
	struct pack p;

	if (in->tcp)
		return PROBE_NO;
	if (rd_left(one) > 32 && decode(*one, &p) && p.opcode.n)
		return PROBE_YES;
	if (rd_left(a) == 1 && rd_peek8(a, 0) == 'A')
		return is_place(b) ? PROBE_YES : rd_left(b) ? PROBE_NO : PROBE_MORE;
	return PROBE_NO;
}

static const struct hint hints[] = { { HINT_UDP, 5004 }, { HINT_END, 0 } };

static const struct field fields[] = {
	{ "softether.opcode", "string", "what is asked: nat_t_register, get_token ..." },
	{ "softether.host", "string", "name of the server's host" },
	{ "softether.product", "string", "which edition" },
	{ "softether.service", "string", "name of the service" },
	{ "softether.ddns_name", "string", "name by which it is reached from anywhere" },
	{ NULL },
};

const struct dissector softether_dissector = {
	.name = "softether",
	.title = "SoftEther VPN through NAT",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct softether_state),
	.probe = softether_probe,
	.dissect = softether_dissect,
};
