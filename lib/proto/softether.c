/* SoftEther VPN's NAT traversal (UDP 5004 of its servers): a VPN server inside
 * makes itself reachable from outside without the firewall's knowledge.
 *
 *     PACK: n(4), n * { name length + 1 (4), name, type(4), count(4), values }
 *     "IP=192.0.2.1,PORT=1234"                what the outside sees, every few seconds
 *
 * The registration says the machine's name and the public name it gets. Keys and
 * tokens are passed over. */
#include "base/ascii.h"
#include "proto/proto.h"

enum { ELEMENTS = 64, NAME_MAX = 64, VALUES = 16, TEXT_MAX = 64 };
enum { V_INT, V_DATA, V_STR, V_UNISTR, V_INT64 };

enum { K_OPCODE, K_HOST, K_PRODUCT, K_SERVICE, K_FQDN, K_PRIVATE, K_YOUR, K_N };
static const char *const keys[K_N] = { "opcode", "host_name", "product_str", "svc_name",
	"ddns_fqdn", "private_ip", "your_ip" };

struct se_state { struct when when; bool seen, told; uint8_t n; char public[TEXT_MAX]; };

/* Takes the texts whose names are known; false when it is no PACK. */
static bool
pack_decode(struct rd r, struct text *t)
{
	uint32_t n = rd_be32(&r);

	memset(t, 0, K_N * sizeof(*t));
	if (!n || n > ELEMENTS)
		return false;
	for (; n && rd_ok(&r); n--) {
		uint32_t len = rd_be32(&r), type, count;
		const uint8_t *name;

		if (len < 2 || len > NAME_MAX)
			return false;
		name = rd_bytes(&r, --len);
		type = rd_be32(&r);
		count = rd_be32(&r);
		if (!rd_ok(&r) || type > V_INT64 || count > VALUES || name[0] < 'A' ||
		    name[0] > 'z')
			return false;
		for (; count && rd_ok(&r); count--) {
			struct text v = { 0 };
			if (type == V_INT) {
				rd_skip(&r, 4);
			} else if (type == V_INT64) {
				rd_skip(&r, 8);
			} else {
				uint32_t m = rd_be32(&r);
				v = (struct text){ (const char *)rd_bytes(&r, m), m };
			}
			for (int k = 0; v.p && v.n <= TEXT_MAX && type == V_STR && k < K_N; k++)
				if (strlen(keys[k]) == len && memcmp(keys[k], name, len) == 0)
					t[k] = text_trim(v.p, v.n);
		}
	}
	return rd_ok(&r) && !rd_left(&r);
}

/* "IP=", an address, ",PORT=", a number, to the end. */
static bool
is_seen_as(const struct rd *r, uint32_t *n)
{
	static const char a[] = "IP=", b[] = ",PORT=";
	uint32_t i = 0, from;

	for (; a[i]; i++)
		if (rd_peek8(r, i) != a[i])
			return false;
	for (from = i; ascii_digit(rd_peek8(r, i)) || rd_peek8(r, i) == '.';
	    i++)
		;
	*n = i - from;
	for (uint32_t k = 0; b[k]; k++)
		if (rd_peek8(r, i + k) != b[k])
			return false;
	for (i += sizeof(b) - 1; ascii_digit(rd_peek8(r, i)); i++)
		;
	return *n >= 7 && *n <= 15 && i == rd_left(r);
}

static bool
is_ours(const struct text *t)
{
	/* all of its messages name an operation and what answers it */
	return t[K_OPCODE].n && (t[K_HOST].n || t[K_YOUR].n || t[K_FQDN].n ||
	    (t[K_OPCODE].n >= 6 && memcmp(t[K_OPCODE].p, "nat_t_", 6) == 0) ||
	    (t[K_OPCODE].n == 9 && memcmp(t[K_OPCODE].p, "get_token", 9) == 0));
}

static enum probe
se_probe(struct probe_in *in)
{
	struct text t[K_N];
	uint32_t n;

	for (int i = 0; i < 2 && !in->tcp; i++) {
		if (!rd_have(&in->side[i]))
			continue;
		if (is_seen_as(&in->side[i], &n) || (pack_decode(in->side[i], t) && is_ours(t)))
			return PROBE_YES;
	}
	return PROBE_NO;
}

static enum verdict
tell(struct dctx *c, struct se_state *st, const struct text *t, const struct when *at)
{
	struct ev *e = ev_begin(c, "softether", at, 0);

	st->told = true;
	ev_str(e, "operation", t[K_OPCODE]);
	ev_str(e, "product", t[K_PRODUCT]);
	ev_str(e, "service", t[K_SERVICE]);
	ev_str(e, "public_name", t[K_FQDN]);
	ev_str(e, "private_ip", t[K_PRIVATE]);
	jw_str(e->w, "public_ip", st->public, st->n);
	e->ot.op = OT_CONNECT;
	e->ot.service = t[K_OPCODE].n ? t[K_OPCODE] : TEXT("SoftEther");
	if (t[K_HOST].n)
		ev_identity(e, "softether.register", EV_SRC)->hostname = t[K_HOST];
	ev_emit(e);
	return DIS_LEAVE;
}

static enum verdict
se_dissect(struct dctx *c, struct rd *r)
{
	struct se_state *st = c->state;
	struct text t[K_N];
	uint32_t n;

	if (st->told)
		return DIS_LEAVE;
	if (!st->seen)
		st->when = c->when;
	st->seen = true;
	if (is_seen_as(r, &n)) {
		rd_skip(r, 3);
		memcpy(st->public, rd_bytes(r, n), n);
		st->n = (uint8_t)n;
		return DIS_OK;
	}
	if (!pack_decode(*r, t))
		return DIS_OK;
	if (t[K_YOUR].n) {
		st->n = (uint8_t)t[K_YOUR].n;
		memcpy(st->public, t[K_YOUR].p, st->n);
	}
	return t[K_HOST].n ? tell(c, st, t, &c->when) : DIS_OK;
}

static void
se_end(struct dctx *c, bool gap)
{
	struct se_state *st = c->state;
	struct text none[K_N] = { { 0 } };

	if (!gap && st && st->seen && !st->told)
		tell(c, st, none, &st->when);
}

static const struct hint hints[] = { { HINT_UDP, 5004 }, { HINT_END, 0 } };
static const struct field fields[] = {
	{ "softether.operation", "string", "what is asked of the relay: nat_t_register, ..." },
	{ "softether.product", "string", "who built the server inside" },
	{ "softether.service", "string", "which of its services" },
	{ "softether.public_name", "string", "the name by which it is reached from outside" },
	{ "softether.private_ip", "string", "its address inside" },
	{ "softether.public_ip", "string", "the address that the outside sees" },
	{ NULL, NULL, NULL },
};

const struct dissector softether_dissector = {
	.name = "softether",
	.title = "SoftEther VPN NAT traversal",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct se_state),
	.probe = se_probe,
	.dissect = se_dissect,
	.end = se_end,
};
