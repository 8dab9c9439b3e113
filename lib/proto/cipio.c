/* cipio.c: implicit I/O of EtherNet/IP over UDP 2222 (volume 2, 3-2.2): cyclic data of
 * connections opened elsewhere. A connection's beginning and end are events, and
 * the change between run and idle; the packets between are counted.
 *
 *     +-------+------+---+----+----------+------+------+-------+------+-------+------
 *     | items | 8002 | 8 | id | sequence | 00b1 | len  | count | run/idle (4) | data
 *     +-------+------+---+----+----------+------+------+-------+------+-------+------
 *
 * Whether the 32 bits of run and idle are there was agreed when the connection was
 * opened. They are believed where they have looked like it from the start. */
#include "proto/enip.h"

enum { CONNS = 30, HEADER_SEEN = 3 };
enum { USED = 1, FROM_SERVER = 2, NOT_HEADER = 4, RUN = 8 };

struct io_conn {
	uint32_t id, packets;
	uint16_t seq, lost, size;               /* of the sequence number the low half */
	uint8_t flags;
	uint8_t held;                           /* packets of the same run/idle state */
};
struct io_state {
	struct io_conn conn[CONNS];
	uint32_t others;                        /* packets of connections past those */
};
_Static_assert(sizeof(struct io_state) <= PROTO_STATE_MAX, "state");

struct io_packet {
	uint32_t id, seq, header;
	uint16_t size;
	bool has_header;
};

static bool
decode(struct rd *r, struct io_packet *p)
{
	uint16_t n = rd_le16(r);
	bool addressed = false, filled = false;

	memset(p, 0, sizeof(*p));
	while (n-- && rd_left(r)) {
		uint16_t type = rd_le16(r), len = rd_le16(r);
		struct rd item = rd_sub(r, len);
		if (type == CPF_SEQUENCED && len == 8) {
			p->id = rd_le32(&item);
			p->seq = rd_le32(&item);
			addressed = rd_ok(&item);
		} else if (type == CPF_CONN && len == 4) {
			p->id = rd_le32(&item);
			addressed = rd_ok(&item);
		} else if (type == CPF_CONN_DATA) {
			p->size = len;
			filled = true;
			rd_skip(&item, 2);
			p->header = rd_le32(&item);
			p->has_header = rd_ok(&item);
		}
	}
	return addressed && filled && !rd_bad(r);
}

static struct ev *
begin(struct dctx *c, const struct io_conn *k, const char *event)
{
	struct ev *e = ev_begin(c, "cipio", &c->when, k->flags & FROM_SERVER ? 1 : 0);

	ev_cstr(e, "event", event);
	ev_uint(e, "connection_id", k->id);
	ev_uint(e, "size", k->size);
	e->ot.op = OT_REPORT;
	e->ot.object = ev_text(e, "connection 0x%08x", k->id);
	return e;
}

static void
put_state(struct ev *e, const struct io_conn *k)
{
	if (!(k->flags & NOT_HEADER) && k->held >= HEADER_SEEN)
		ev_cstr(e, "state", k->flags & RUN ? "run" : "idle");
}

/* The packet's connection, or NULL when there are more than we follow. */
static struct io_conn *
find(struct dctx *c, const struct io_packet *p)
{
	struct io_state *s = c->state;
	uint8_t side = c->side ? FROM_SERVER : 0;
	struct io_conn *k;
	struct ev *e;
	unsigned i;

	for (i = 0; i < CONNS && s->conn[i].flags & USED; i++)
		if (s->conn[i].id == p->id && (s->conn[i].flags & FROM_SERVER) == side)
			return &s->conn[i];
	if (i == CONNS)
		return NULL;
	k = &s->conn[i];
	*k = (struct io_conn){ .flags = USED | side, .id = p->id, .size = p->size,
	    .seq = (uint16_t)(p->seq - 1) };
	e = begin(c, k, "begin");
	e->ot.service = TEXT("I/O begin");
	ev_emit(e);
	return k;
}

static void
run_idle(struct dctx *c, struct io_conn *k, const struct io_packet *p)
{
	bool run = p->header & 1;
	struct ev *e;

	/* bits 4 to 31 are reserved (3-6.1.4) */
	if (!p->has_header || p->header >> 4)
		k->flags |= NOT_HEADER;
	if (k->flags & NOT_HEADER)
		return;
	if (!k->held || run == !!(k->flags & RUN)) {
		k->flags = (uint8_t)((k->flags & ~RUN) | (run ? RUN : 0));
		k->held += k->held < HEADER_SEEN;
		return;
	}
	if (k->held < HEADER_SEEN) {
		k->flags |= NOT_HEADER;         /* data that changes all the time */
		return;
	}
	k->flags ^= RUN;
	e = begin(c, k, run ? "run" : "idle");
	put_state(e, k);
	e->ot.op = OT_COMMAND;
	e->ot.service = run ? TEXT("I/O run") : TEXT("I/O idle");
	ev_val_str(e, run ? TEXT("run") : TEXT("idle"));
	ev_emit(e);
}

static enum verdict
cipio_dissect(struct dctx *c, struct rd *r)
{
	struct io_state *s = c->state;
	struct io_packet p;
	struct io_conn *k;
	int16_t step;

	if (!decode(r, &p)) {
		if (c->cut)
			return DIS_OK;
		c->why = rd_bad(r) ? "ITEM_LENGTH" : "ITEM_MISSING";
		return DIS_BAD;
	}
	if (!(k = find(c, &p))) {
		s->others++;
		return DIS_OK;
	}
	step = (int16_t)(p.seq - k->seq);
	if (p.seq && step <= 0)
		return DIS_OK;          /* sent again, or late */
	if (p.seq && step > 1 && k->packets && k->lost < UINT16_MAX - step)
		k->lost = (uint16_t)(k->lost + step - 1);
	k->seq = (uint16_t)p.seq;
	k->packets++;
	k->size = p.size;
	if (!c->cut)
		run_idle(c, k, &p);
	return DIS_OK;
}

static void
cipio_end(struct dctx *c, bool gap)
{
	const struct io_state *s = c->state;
	struct ev *e;

	if (!c->flow || gap)
		return;
	for (unsigned i = 0; i < CONNS && s->conn[i].flags & USED; i++) {
		const struct io_conn *k = &s->conn[i];
		e = begin(c, k, "end");
		e->ot.service = TEXT("I/O end");
		put_state(e, k);
		ev_uint(e, "packets", k->packets);
		if (k->lost)
			ev_uint(e, "lost", k->lost);
		ev_emit(e);
	}
	if (s->others) {
		e = ev_begin(c, "cipio", &c->when, 0);
		ev_cstr(e, "event", "others");
		ev_uint(e, "packets", s->others);
		e->ot.op = OT_REPORT;
		e->ot.service = TEXT("I/O of further connections");
		ev_emit(e);
	}
}

static enum probe
cipio_probe(struct probe_in *in)
{
	for (int i = 0; i < 2; i++) {
		struct rd r = in->side[i];
		struct io_packet p;
		if (!rd_left(&r))
			continue;
		if (rd_peek16(&r, 0) != 0x0200 || rd_have(&r) < 14)
			return PROBE_NO;
		if (!decode(&r, &p))
			return rd_short(&r) && in->hinted ? PROBE_WEAK : PROBE_NO;
		if (rd_left(&r))
			return PROBE_NO;
		return PROBE_YES;
	}
	return PROBE_MORE;
}

static const struct hint hints[] = {
	{ HINT_UDP, 2222 }, { HINT_END, 0 },
};

static const struct field fields[] = {
	{ "cipio.event", "string", "begin, end, run, idle; others: past those followed" },
	{ "cipio.connection_id", "integer", "connection of the packets" },
	{ "cipio.size", "integer", "bytes of one packet's data" },
	{ "cipio.state", "string", "run or idle, where the connection says so" },
	{ "cipio.packets", "integer", "how many came" },
	{ "cipio.lost", "integer", "missing in their numbers" },
	{ NULL },
};

const struct dissector cipio_dissector = {
	.name = "cipio",
	.title = "CIP implicit I/O",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct io_state),
	.probe = cipio_probe,
	.dissect = cipio_dissect,
	.end = cipio_end,
};
