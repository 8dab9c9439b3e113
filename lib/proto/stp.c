/* stp.c: spanning tree, IEEE 802.1D and 802.1Q (RSTP, MSTP), and Cisco's tree for
 * each VLAN (PVST+), which comes in SNAP.
 *
 *     0 protocol 2 | version 1 | type 1 | flags 1 | root 8 | cost 4 | bridge 8 |
 *     port 2 | age 2 | max age 2 | hello 2 | delay 2 | [0] | [MST 2 + ...]
 *
 * A bridge says the same every two seconds: an event where it is first heard, where
 * root, role, cost or region change, and where the topology does. */
#include "proto/hello.h"

enum { CONFIG = 0x00, RST = 0x02, TCN = 0x80, FLAG_TC = 1 };

struct stp {
	uint8_t version, type, flags, pvst;
	uint8_t root[8], bridge[8];
	uint32_t cost;
	uint16_t port, vlan, max_age, hello, delay;
	uint16_t instances;
	uint16_t revision;
	uint8_t region_n;
	char region[32];
};

static const char *const roles[4] = { NULL, "alternate", "root", "designated" };

static struct text
variant(const struct stp *s)
{
	if (s->pvst)
		return s->version >= 2 ? TEXT("rapid-pvst") : TEXT("pvst");
	return s->version >= 3 ? TEXT("mstp") : s->version == 2 ? TEXT("rstp") : TEXT("stp");
}

static void
take8(struct rd *r, uint8_t to[8])
{
	const uint8_t *p = rd_bytes(r, 8);

	if (p)
		memcpy(to, p, 8);
}

static void
mst_decode(struct rd *r, struct stp *s)
{
	uint16_t n = rd_be16(r);
	struct rd m = rd_sub(r, n);
	struct text region;

	rd_skip(&m, 1);
	region = text_rd(&m, 32);
	for (s->region_n = 0; s->region_n < region.n && region.p[s->region_n]; s->region_n++)
		s->region[s->region_n] = region.p[s->region_n];
	s->revision = rd_be16(&m);
	rd_skip(&m, 16);                /* digest */
	rd_skip(&m, 4);
	take8(&m, s->bridge);           /* the bridge itself; before it stood its region's root */
	rd_skip(&m, 1);
	s->instances = (uint16_t)(rd_left(&m) / 16);
	if (rd_bad(&m))
		rd_set_bad(r);
}

/* Bridges have addresses of their own: neither zeros nor a group's. */
static bool
no_bridge(const uint8_t id[8])
{
	static const uint8_t zero[6];

	return (id[2] & 1) || memcmp(id + 2, zero, 6) == 0;
}

/* False where it is no spanning tree; *age and *why are the frame's own. */
static bool
stp_decode(struct rd *r, struct stp *s, uint16_t *age, const char **why)
{
	memset(s, 0, sizeof(*s));
	if (rd_be16(r) != 0) {
		*why = "PROTOCOL_ID_UNKNOWN";
		rd_set_bad(r);
		return false;
	}
	s->version = rd_u8(r);
	s->type = rd_u8(r);
	if (!rd_ok(r))
		return false;
	if (s->type == TCN)
		return true;
	if (s->type != CONFIG && s->type != RST) {
		*why = "BPDU_TYPE_UNKNOWN";
		rd_set_bad(r);
		return false;
	}
	s->flags = rd_u8(r);
	take8(r, s->root);
	s->cost = rd_be32(r);
	take8(r, s->bridge);
	s->port = rd_be16(r);
	*age = rd_be16(r);
	s->max_age = rd_be16(r);
	s->hello = rd_be16(r);
	s->delay = rd_be16(r);
	if (!rd_ok(r))
		return false;
	if (no_bridge(s->root) || no_bridge(s->bridge)) {
		*why = "BRIDGE_ID_INVALID";
		rd_set_bad(r);
		return false;
	}
	if (*age >= s->max_age && s->max_age)
		*why = "MESSAGE_AGE_EXPIRED";
	return true;
}

static void
put_bridge(struct ev *e, const uint8_t id[8])
{
	ev_uint(e, "priority", (uint16_t)(id[0] << 8 | id[1]) & 0xf000);
	ev_uint(e, "extension", (uint16_t)(id[0] << 8 | id[1]) & 0xfff);
	ev_put_mac(e, "mac", id + 2);
	ev_end(e);
}

static void
stp_tell(struct dctx *c, const struct hello *h)
{
	const struct stp *s = h->now, *was = h->before;
	struct ev *e = hello_ev(c, h);
	char mac[MAC_TEXT];

	ev_word(e, "variant", variant(s));
	if (s->pvst && s->vlan)
		ev_uint(e, "vlan_id", s->vlan);
	if (s->type == TCN) {
		if (h->what != HELLO_END)
			e->ot.service = TEXT("topology_change");
		ev_bool(e, "topology_change", true);
		ev_emit(e);
		return;
	}
	ev_obj(e, "root");
	put_bridge(e, s->root);
	ev_uint(e, "root_cost", s->cost);
	ev_obj(e, "bridge");
	put_bridge(e, s->bridge);
	ev_uint(e, "port_id", s->port);
	if (s->type == RST)
		ev_cstr(e, "role", roles[s->flags >> 2 & 3]);
	if (s->flags & FLAG_TC)
		ev_bool(e, "topology_change", true);
	ev_bool(e, "is_root", memcmp(s->root, s->bridge, 8) == 0);
	ev_real(e, "hello_s", s->hello / 256.0);
	ev_real(e, "max_age_s", s->max_age / 256.0);
	ev_real(e, "forward_delay_s", s->delay / 256.0);
	if (s->version >= 3) {
		ev_str(e, "region", ((struct text){ s->region, s->region_n }));
		ev_uint(e, "revision", s->revision);
		ev_uint(e, "instances", s->instances);
	}
	e->ot.object = ev_text(e, "%.*s", (int)mac_put(mac, s->root + 2), mac);
	if (h->what == HELLO_BEGIN)
		e->ot.service = TEXT("bpdu");
	if (was) {
		bool root = memcmp(was->root, s->root, 8) != 0;

		e->ot.service = root ? TEXT("root_change") :
		    s->flags & ~was->flags & FLAG_TC ? TEXT("topology_change") :
		    TEXT("port_change");
		if (root && was->type != TCN) {
			ev_obj(e, "previous_root");
			put_bridge(e, was->root);
		}
	}
	if (h->what != HELLO_END) {
		struct ident *i = ev_identity(e, "stp", EV_SRC);

		i->role = TEXT("switch");
		/* the port has an address of its own beside the bridge's */
		if (c->k->has_mac && memcmp(c->k->src_mac, s->bridge + 2, 6) != 0) {
			i = ev_identity(e, "stp", EV_OTHER);
			i->has_mac = true;
			memcpy(i->mac, s->bridge + 2, 6);
			i->role = TEXT("switch");
		}
	}
	ev_emit(e);
}

static enum verdict
stp_dissect(struct dctx *c, struct rd *r)
{
	struct { uint16_t port, vlan; uint8_t kind; } __attribute__((packed)) key;
	const char *why = NULL;
	uint16_t age = 0;
	struct stp s;

	if (c->k->snap_oui == ~0u)
		rd_skip(r, 1);          /* the control field of LLC */
	if (!stp_decode(r, &s, &age, &why)) {
		c->why = why ? why : "BPDU_TRUNCATED";
		return rd_short(r) ? DIS_OK : DIS_BAD;
	}
	s.pvst = c->k->snap_oui == 0x00000c;
	if (s.type == RST && rd_left(r)) {
		/* the length of what version 1 added: nothing */
		if (rd_u8(r) == 0 && s.version >= 3 && rd_left(r) > 2 && !s.pvst)
			mst_decode(r, &s);
	}
	if (rd_short(r))
		return DIS_OK;
	if (rd_bad(r)) {
		c->why = "MST_LENGTH_INVALID";
		return DIS_BAD;
	}
	if (s.pvst && s.type != TCN && rd_left(r) >= 6 + (s.type == CONFIG)) {
		rd_skip(r, s.type == CONFIG);   /* a pad stands for version 1's length */
		if (rd_be16(r) == 0 && rd_be16(r) == 2)
			s.vlan = rd_be16(r) & 0xfff;
	}
	/* what flips while neighbours agree is no news; the role and a change are */
	s.flags &= s.type == RST ? 0x0d : 0x01;
	if (why)
		proto_anomaly(c, why);
	key.port = s.port;
	key.vlan = s.vlan;
	key.kind = s.type == TCN;
	hello_note(c, &key, sizeof(key), &s, sizeof(s), stp_tell);
	return DIS_OK;
}

static const struct hint hints[] = {
	{ HINT_LLC, 0x42 }, { HINT_SNAP, (uint64_t)0x00000c << 16 | 0x010b }, { 0 }
};

static const struct field fields[] = {
	HELLO_FIELDS("stp"),
	{ "stp.variant", "string", "stp, rstp, mstp, pvst or rapid-pvst" },
	{ "stp.vlan_id", "integer", "the VLAN whose tree it is (PVST+)" },
	{ "stp.root.priority", "integer", "the root's priority" },
	{ "stp.root.extension", "integer", "its system id extension: VLAN or instance" },
	{ "stp.root.mac", "string", "its address" },
	{ "stp.root_cost", "integer", "cost of the way to the root" },
	{ "stp.bridge.priority", "integer", "the sending bridge's priority" },
	{ "stp.bridge.extension", "integer", "its system id extension" },
	{ "stp.bridge.mac", "string", "its address" },
	{ "stp.port_id", "integer", "the port it was sent from" },
	{ "stp.role", "string", "the port's role: root, designated, alternate" },
	{ "stp.topology_change", "boolean", "the topology changed" },
	{ "stp.is_root", "boolean", "the sender is the root" },
	{ "stp.hello_s", "number", "seconds between hellos" },
	{ "stp.max_age_s", "number", "seconds until what was heard is forgotten" },
	{ "stp.forward_delay_s", "number", "seconds until a port forwards" },
	{ "stp.region", "string", "MST region" },
	{ "stp.revision", "integer", "the region's revision" },
	{ "stp.instances", "integer", "instances told beside the common one" },
	{ "stp.previous_root.priority", "integer", "the root before the change" },
	{ "stp.previous_root.extension", "integer", "its system id extension" },
	{ "stp.previous_root.mac", "string", "its address" },
	{ NULL }
};

const struct dissector stp_dissector = {
	.name = "stp",
	.title = "Spanning tree: STP, RSTP, MSTP, PVST+",
	.hints = hints,
	.fields = fields,
	.dissect = stp_dissect,
};
