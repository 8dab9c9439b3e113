/* TeamViewer's own framing, as it is seen on TCP 5938, 443 and 80, and between
 * peers on UDP. Its maker has published none of it; what is inside is encrypted.
 *
 *     17 24 command(1) length(2, LE) ...
 *     11 30 command(1) 00 length(4, LE) sent(4) received(4) 1b 00 00 00 18 00 00 00 ...
 *     00 * 8, counter(2), 03 17 24 ...                                UDP
 */
#include "proto/proto.h"

enum { HEAD_1 = 5, HEAD_2 = 24, UDP_MIN = 16, BODY_MAX = 1 << 20 };

struct tv_state { bool told; };

/* Length of the message at the cursor; 0: more bytes needed; -1: none. */
static ssize_t
tv_length(const struct rd *r)
{
	struct rd v = *r;
	int magic = rd_peek16(r, 0);
	uint32_t n;

	if (magic < 0)
		return rd_peek8(r, 0) == 0x17 || rd_peek8(r, 0) == 0x11 ? 0 : -1;
	if (magic == 0x1724) {
		rd_skip(&v, 3);
		n = rd_le16(&v);
		return rd_ok(&v) ? HEAD_1 + (ssize_t)n : 0;
	}
	if (magic != 0x1130 || rd_peek8(r, 3) > 0)
		return -1;
	rd_skip(&v, 4);
	n = rd_le32(&v);
	rd_skip(&v, 12);
	if (!rd_ok(&v) || rd_have(&v) < 4)
		return n > BODY_MAX ? -1 : 0;
	/* the header's own length */
	return n <= BODY_MAX && rd_le32(&v) == HEAD_2 ? HEAD_2 + (ssize_t)n : -1;
}

static bool
is_datagram(const struct rd *r)
{
	for (uint32_t i = 0; i < 8; i++)
		if (rd_peek8(r, i) != 0)
			return false;
	return rd_left(r) >= UDP_MIN && rd_peek8(r, 10) == 3 && rd_peek16(r, 11) == 0x1724;
}

static enum probe
tv_probe(struct probe_in *in)
{
	enum probe best = PROBE_NO;

	for (int i = 0; i < 2; i++) {
		struct rd r = in->side[i];
		ssize_t n;

		if (!rd_have(&r))
			continue;
		if (!in->tcp)
			return is_datagram(&r) ? PROBE_YES : PROBE_NO;
		n = tv_length(&r);
		if (n < 0)
			return PROBE_NO;
		if (n == 0 || (size_t)n > rd_have(&r)) {
			best = rd_peek8(&r, 0) == 0x11 && n ? PROBE_YES : best ? best : PROBE_MORE;
			continue;
		}
		rd_skip(&r, (uint32_t)n);
		/* it ends where the segment does, or another follows */
		if (rd_have(&r) && tv_length(&r) < 0)
			return PROBE_NO;
		best = PROBE_YES;
	}
	return best;
}

static ssize_t
tv_frame(const struct dctx *c, const struct rd *r)
{
	return rd_have(r);
}

static enum verdict
tv_dissect(struct dctx *c, struct rd *r)
{
	struct tv_state *st = c->state;
	struct ev *e;

	if (st->told)
		return DIS_LEAVE;
	st->told = true;
	e = ev_begin(c, "teamviewer", &c->when, 0);
	ev_str(e, "framing", !c->tcp ? TEXT("udp") : rd_peek8(r, 0) == 0x17 ? TEXT("1724") :
	    TEXT("1130"));
	e->ot.op = OT_CONNECT;
	e->ot.service = TEXT("TeamViewer");
	ev_emit(e);
	return DIS_LEAVE;
}

static const struct hint hints[] = { { HINT_TCP, 5938 }, { HINT_UDP, 5938 }, { HINT_END, 0 } };
static const struct field fields[] = {
	{ "teamviewer.framing", "string", "1724 or 1130 to a relay over TCP, udp between peers" },
	{ NULL, NULL, NULL },
};

const struct dissector teamviewer_dissector = {
	.name = "teamviewer",
	.title = "TeamViewer",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct tv_state),
	.probe = tv_probe,
	.frame = tv_frame,
	.dissect = tv_dissect,
};
