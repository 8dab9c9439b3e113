/* igmp.c: IGMP versions 1 (RFC 1112), 2 (RFC 2236) and 3 (RFC 3376): who asks for what
 * is sent to many: sampled values, GOOSE over IP, EtherNet/IP I/O, mDNS, PTP.
 *
 *     type 1 | time 1 | checksum 2 | group 4 | version 3: more
 *
 * A host that joins or leaves a group and a querier that is first heard are events;
 * what they repeat is counted. Multicast listeners of IPv6 are in icmp. */
#include "proto/hello.h"

enum { QUERY = 0x11, REPORT1 = 0x12, DVMRP = 0x13, PIM1 = 0x14, REPORT2 = 0x16, LEAVE = 0x17,
	REPORT3 = 0x22 };
enum { IS_IN = 1, IS_EX, TO_IN, TO_EX, ALLOW, BLOCK };

struct igmp {
	uint8_t version;
	bool querier, left;
	uint8_t group[4];
	uint16_t sources;
	uint32_t interval_s;
};

static void
igmp_tell(struct dctx *c, const struct hello *h)
{
	const struct igmp *g = h->now;
	struct addr a = addr_v4(g->group);
	struct ev *e;
	char t[ADDR_TEXT];

	/* a leave without a join is of before, and who no longer reports need not have left */
	if ((h->what == HELLO_END && !g->querier) || (h->what == HELLO_BEGIN && g->left))
		return;
	e = hello_ev(c, h);
	ev_uint(e, "version", g->version);
	if (g->querier) {
		ev_bool(e, "querier", true);
		if (g->interval_s)
			ev_uint(e, "interval_s", g->interval_s);
		if (h->what != HELLO_END) {
			e->ot.service = TEXT("query");
			ev_identity(e, "igmp", EV_SRC)->role = TEXT("multicast querier");
		}
	} else {
		ev_put_ip(e, "group", &a);
		if (g->sources)
			ev_uint(e, "sources", g->sources);
		e->ot.object = ev_text(e, "%.*s", (int)addr_put(t, &a), t);
		if (h->what != HELLO_END) {
			e->ot.op = OT_SUBSCRIBE;
			e->ot.service = g->left ? TEXT("leave") : TEXT("join");
		}
	}
	ev_emit(e);
}

static void
note(struct dctx *c, const struct igmp *g)
{
	static const uint8_t all[3] = { 224, 0, 0 };
	uint8_t key[5] = { g->group[0], g->group[1], g->group[2], g->group[3], g->querier };

	/* all hosts: everybody's */
	if (!g->querier && memcmp(g->group, all, 3) == 0 && g->group[3] <= 1)
		return;
	hello_note(c, key, sizeof(key), g, sizeof(*g), igmp_tell);
}

static void
reports(struct dctx *c, struct rd *r, struct igmp *g)
{
	uint16_t n;

	rd_skip(r, 2);
	n = rd_be16(r);
	for (unsigned i = 0; i < n && rd_left(r) && i < LIM_ANNOUNCED; i++) {
		uint8_t kind = rd_u8(r), aux = rd_u8(r);
		uint16_t sources = rd_be16(r);
		const uint8_t *p = rd_bytes(r, 4);

		rd_skip(r, sources * 4u);
		rd_skip(r, aux * 4u);
		if (!rd_ok(r) || !p)
			break;
		memcpy(g->group, p, 4);
		/* "of no source" is leaving, "of all but none" is joining */
		g->left = (kind == IS_IN || kind == TO_IN) && !sources;
		g->sources = kind == IS_IN || kind == TO_IN ? sources : 0;
		if (kind == ALLOW || kind == BLOCK)
			continue;
		note(c, g);
	}
	if (rd_bad(r))
		c->why = "RECORD_COUNT";
}

static enum verdict
igmp_dissect(struct dctx *c, struct rd *r)
{
	uint32_t length = rd_left(r);
	const uint8_t *p;
	struct igmp g;
	uint8_t type, q;

	memset(&g, 0, sizeof(g));
	type = rd_u8(r);
	if (type == DVMRP || type == PIM1 || (rd_ok(r) && type > REPORT3))
		return DIS_OK;          /* routers among themselves */
	rd_skip(r, 3);
	g.version = 3;
	switch (type) {
	case QUERY:
		p = rd_bytes(r, 4);
		g.version = length >= 12 ? 3 : 2;
		if (!rd_ok(r) || !p)
			break;
		if (memcmp(p, "\0\0\0\0", 4) != 0)
			return DIS_OK;          /* for one group: the answer to a leave */
		g.querier = true;
		if (g.version == 3) {
			rd_skip(r, 1);
			q = rd_u8(r);
			g.interval_s = q < 128 ? q :
			    (uint32_t)((q & 15) | 16) << ((q >> 4 & 7) + 3);
		}
		if (rd_ok(r))
			note(c, &g);
		break;
	case REPORT1: case REPORT2: case LEAVE:
		g.version = type == REPORT1 ? 1 : 2;
		g.left = type == LEAVE;
		if ((p = rd_bytes(r, 4))) {
			memcpy(g.group, p, 4);
			note(c, &g);
		}
		break;
	case REPORT3:
		reports(c, r, &g);
		break;
	default:
		c->why = "TYPE_UNKNOWN";
		return rd_ok(r) ? DIS_BAD : DIS_OK;
	}
	return rd_bad(r) ? DIS_BAD : DIS_OK;
}

static const struct hint hints[] = { { HINT_IPPROTO, 2 }, { 0 } };

static const struct field fields[] = {
	HELLO_FIELDS("igmp"),
	{ "igmp.version", "integer", "1, 2 or 3" },
	{ "igmp.querier", "boolean", "asks for everybody's groups" },
	{ "igmp.interval_s", "integer", "seconds between its queries" },
	{ "igmp.group", "string", "the group joined or left" },
	{ "igmp.sources", "integer", "from that many senders only" },
	{ NULL }
};

const struct dissector igmp_dissector = {
	.name = "igmp",
	.title = "IGMP",
	.hints = hints,
	.fields = fields,
	.dissect = igmp_dissect,
};
