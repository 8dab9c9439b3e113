/* egd.c: GE Ethernet Global Data: what a producer sends to its consumers.
 *
 *      0    1    2       4          8          12     20       24        28   32
 *     +----+----+-------+----------+----------+------+--------+---------+----+----- ...
 *     | 0d | 01 | count | producer | exchange | time | status | signat. | 0  | data
 *     +----+----+-------+----------+----------+------+--------+---------+----+----- ...
 *
 * Little-endian. An exchange is sent many times a second: its first message, a
 * change of status or configuration, and its end are events; the others are
 * counted. What the data mean, only the configuration of both ends says. */
#include "proto/proto.h"

enum { DATA = 0x0d, VERSION = 1, HEADER = 32, EXCHANGES = 8 };

struct exchange {
	uint64_t messages;
	int64_t first_us, last_us;
	uint32_t id, producer, status;
	uint16_t signature, lost, request, size;
	uint8_t side, used;
};
struct egd_state { struct exchange x[EXCHANGES]; };
_Static_assert(sizeof(struct egd_state) <= PROTO_STATE_MAX, "state of a flow");

struct message { uint32_t producer, exchange, status; uint16_t request, signature, size; };

static bool
egd_decode(struct rd *r, struct message *m)
{
	uint8_t type = rd_u8(r), version = rd_u8(r);
	uint32_t reserved;

	m->request = rd_le16(r);
	m->producer = rd_be32(r);
	m->exchange = rd_le32(r);
	rd_skip(r, 8);
	m->status = rd_le32(r);
	m->signature = rd_le16(r);
	rd_skip(r, 2);
	reserved = rd_le32(r);
	m->size = (uint16_t)(rd_left(r) < UINT16_MAX ? rd_left(r) : UINT16_MAX);
	return rd_ok(r) && type == DATA && version == VERSION && !reserved;
}

/* Little of the header is fixed: believed on its own port. */
static enum probe
egd_probe(struct probe_in *in)
{
	struct rd r = in->side[0];
	struct message m;

	return !in->tcp && rd_left(&r) >= HEADER && egd_decode(&r, &m) && m.producer && m.exchange ?
	    PROBE_WEAK : PROBE_NO;
}

static void
report(struct dctx *c, const struct exchange *x, const char *what)
{
	struct ev *e = ev_begin(c, "egd", &c->when, x->side);

	ev_cstr(e, "state", what);
	ev_str(e, "producer", ev_text(e, "%u.%u.%u.%u", x->producer >> 24, x->producer >> 16 & 255,
	    x->producer >> 8 & 255, x->producer & 255));
	ev_uint(e, "exchange", x->id);
	ev_uint(e, "status", x->status);
	ev_uint(e, "signature", x->signature);
	ev_uint(e, "size", x->size);
	ev_uint(e, "messages", x->messages);
	if (x->lost)
		ev_uint(e, "lost", x->lost);
	if (x->last_us > x->first_us)
		ev_int(e, "duration_us", x->last_us - x->first_us);
	e->ot.op = OT_REPORT;
	e->ot.service = TEXT("data");
	e->ot.object = ev_text_num(e, "exchange:", 9, x->id);
	e->ot.has_count = true;
	e->ot.count = x->messages;
	ev_emit(e);
}

static enum verdict
egd_dissect(struct dctx *c, struct rd *r)
{
	struct egd_state *s = c->state;
	struct exchange *x = NULL;
	struct message m;

	if (!egd_decode(r, &m)) {
		if (rd_ok(r))
			c->why = "UNKNOWN_MESSAGE";
		return DIS_BAD;
	}
	for (int i = 0; i < EXCHANGES; i++) {
		x = &s->x[i];
		if (!x->used || (x->id == m.exchange && x->producer == m.producer &&
		    x->side == c->side))
			break;
		x = NULL;
	}
	if (!x)
		return DIS_OK;          /* more exchanges than we count between two ends */
	if (!x->used) {
		*x = (struct exchange){ .messages = 1, .first_us = c->when.us,
		    .last_us = c->when.us, .id = m.exchange, .producer = m.producer,
		    .status = m.status, .signature = m.signature, .request = m.request,
		    .size = m.size, .side = (uint8_t)c->side, .used = 1 };
		report(c, x, "begin");
		return DIS_OK;
	}
	x->messages++;
	x->last_us = c->when.us;
	if ((uint16_t)(m.request - x->request) - 1u < 1000 && x->lost < UINT16_MAX - 1000)
		x->lost = (uint16_t)(x->lost + (uint16_t)(m.request - x->request) - 1);
	x->request = m.request;
	if (x->status != m.status || x->signature != m.signature || x->size != m.size) {
		x->status = m.status;
		x->signature = m.signature;
		x->size = m.size;
		report(c, x, "change");
	}
	return DIS_OK;
}

static void
egd_end(struct dctx *c, bool gap)
{
	struct egd_state *s = c->state;

	if (!c->flow || gap)
		return;
	for (int i = 0; i < EXCHANGES && s->x[i].used; i++)
		if (s->x[i].messages > 1)
			report(c, &s->x[i], "end");
}

static const struct hint hints[] = { { HINT_UDP, 18246 }, { HINT_END, 0 } };

#define P "egd."
static const struct field fields[] = {
	{ P "state", "string", "begin, change, end" },
	{ P "producer", "string", "producer id, in the form of an address" },
	{ P "exchange", "integer", "exchange id" },
	{ P "status", "integer", "of the production" },
	{ P "signature", "integer", "of the configuration" },
	{ P "size", "integer", "bytes of data" },
	{ P "messages", "integer", "so far" },
	{ P "lost", "integer", "numbers that did not come, so far" },
	{ P "duration_us", "integer", "from the first to the last" },
	{ NULL },
};

const struct dissector egd_dissector = {
	.name = "egd",
	.title = "GE Ethernet Global Data",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct egd_state),
	.probe = egd_probe,
	.dissect = egd_dissect,
	.end = egd_end,
};
