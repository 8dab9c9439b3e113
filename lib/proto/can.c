/* can.c: CAN frames in UDP, as gateways with the mark "ISO11898" send them. Named
 * and counted: the first datagram of a flow is an event, the number of frames
 * another at its end.
 *
 *      "ISO11898" | version 1 | frames 1 | frames, ... */
#include "proto/proto.h"

enum { MARK = 8 };

struct can_state { uint64_t datagrams[2], frames[2]; };

static bool
is_mark(const struct rd *r)
{
	struct rd v = *r;
	const uint8_t *p = rd_bytes(&v, MARK);

	return p && memcmp(p, "ISO11898", MARK) == 0;
}

static void
tell(struct dctx *c, int side, uint8_t version, bool last)
{
	const struct can_state *s = c->state;
	struct ev *e = ev_begin(c, "can", &c->when, side);

	if (!last)
		ev_uint(e, "version", version);
	ev_uint(e, "datagrams", s->datagrams[side]);
	ev_uint(e, "frames", s->frames[side]);
	e->ot.op = OT_REPORT;
	e->ot.service = TEXT("CAN");
	e->ot.has_count = true;
	e->ot.count = s->frames[side];
	if (!last)
		ev_identity(e, "can.udp", EV_SRC)->role = TEXT("can gateway");
	ev_emit(e);
}

static enum verdict
can_dissect(struct dctx *c, struct rd *r)
{
	struct can_state *s = c->state;
	uint8_t version, frames;

	if (!is_mark(r)) {
		c->why = "MARK_MISSING";
		return rd_have(r) < MARK && c->cut ? DIS_OK : DIS_BAD;
	}
	rd_skip(r, MARK);
	version = rd_u8(r);
	frames = rd_u8(r);
	if (!rd_ok(r))
		return rd_short(r) ? DIS_OK : DIS_BAD;
	/* a frame has an identifier of four bytes and a length at least */
	if (frames * 5u > rd_left(r)) {
		c->why = "FRAME_COUNT";
		return DIS_BAD;
	}
	s->frames[c->side] += frames;
	if (++s->datagrams[c->side] == 1)
		tell(c, c->side, version, false);
	return DIS_OK;
}

static void
can_end(struct dctx *c, bool gap)
{
	const struct can_state *s = c->state;

	for (int side = 0; s && side < 2; side++)
		if (s->datagrams[side] > 1)
			tell(c, side, 0, true);
}

static enum probe
can_probe(struct probe_in *in)
{
	const struct rd *r = &in->side[rd_left(&in->side[0]) ? 0 : 1];

	return is_mark(r) ? PROBE_YES : PROBE_NO;
}

static const struct hint hints[] = {
	{ HINT_UDP, 11898 }, { HINT_END, 0 },
};

static const struct field fields[] = {
	{ "can.version", "integer", "version of the encapsulation" },
	{ "can.datagrams", "integer", "datagrams of this direction so far; in the last event all" },
	{ "can.frames", "integer", "CAN frames in them" },
	{ NULL },
};

const struct dissector can_dissector = {
	.name = "can",
	.title = "CAN in UDP",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct can_state),
	.probe = can_probe,
	.dissect = can_dissect,
	.end = can_end,
};
