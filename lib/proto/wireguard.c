/* wireguard.c: WireGuard, and Tailscale's discovery beside it. Numbers lowest byte first.
 *
 *     1 0 0 0  sender(4) ...                  148 bytes: handshake initiation
 *     2 0 0 0  sender(4) receiver(4) ...       92 bytes: handshake response
 *     3 0 0 0  receiver(4) ...                 64 bytes: cookie reply
 *     4 0 0 0  receiver(4) counter(8) ...      data, filled up to 16 bytes
 *
 * Shape is little, so a response must name the initiation's sender, or data of both
 * sides count up. A tunnel's first handshake (or, where the capture began later, its
 * first packets) is an event, and its end with what was counted. */
#include "proto/proto.h"

/* Filled up to 16 bytes, but not beyond what the tunnel takes: 1,280 at least. */
enum { INITIATION = 1, RESPONSE, COOKIE, DATA, SHORTEST = 32, FULL = 1280 + SHORTEST };
static const uint8_t disco[6] = { 'T', 'S', 0xf0, 0x9f, 0x92, 0xac };

struct wg_state {
	struct when asked;
	uint32_t sender;                /* of the initiation that waits */
	uint32_t index[2];              /* by which each side is spoken to */
	uint32_t handshakes, unanswered, cookies, discos;
	uint64_t packets[2], bytes[2];
	bool waiting, told, tailscale;
};

static bool
is_disco(const struct rd *r)
{
	return rd_have(r) >= 62 && memcmp(rd_at(r), disco, sizeof(disco)) == 0;
}

/* The type of a message whose length fits, or 0. */
static int
message_type(const struct rd *r)
{
	int type = rd_peek8(r, 0);
	uint32_t n = rd_left(r);

	if (rd_peek8(r, 1) != 0 || rd_peek16(r, 2) != 0)
		return 0;
	if ((type == INITIATION && n == 148) || (type == RESPONSE && n == 92) ||
	    (type == COOKIE && n == 64) ||
	    (type == DATA && n >= SHORTEST && (n % 16 == 0 || n >= FULL)))
		return type;
	return 0;
}

static uint32_t
le32_at(const struct rd *r, uint32_t at)
{
	struct rd x = *r;

	rd_skip(&x, at);
	return rd_le32(&x);
}

static void
put_service(struct ev *e, const struct wg_state *s)
{
	e->ot.service = s->tailscale ? TEXT("Tailscale") : TEXT("WireGuard");
}

static void
begin_event(struct dctx *c, struct wg_state *s, const char *event, const struct when *when,
    int side)
{
	struct ev *e = ev_begin(c, "wireguard", when, side);

	ev_cstr(e, "event", event);
	if (s->tailscale)
		ev_cstr(e, "variant", "tailscale");
	put_service(e, s);
	e->ot.op = OT_CONNECT;
	s->told = true;
	if (*event == 'h')
		ev_answered(e, c, when);
	ev_emit(e);
}

static enum verdict
wireguard_dissect(struct dctx *c, struct rd *r)
{
	struct wg_state *s = c->state;
	int type = message_type(r);
	uint32_t n = rd_left(r);

	if (is_disco(r)) {
		s->tailscale = true;
		s->discos++;
		type = 0;
	} else if (!type) {
		rd_skip(r, rd_have(r)); /* STUN of Tailscale's, keepalives of others */
		return DIS_OK;
	}
	switch (type) {
	case INITIATION:
		s->unanswered += s->waiting;
		s->waiting = true;
		s->asked = c->when;
		s->sender = le32_at(r, 4);
		s->index[c->side] = s->sender;
		break;
	case RESPONSE:
		s->index[c->side] = le32_at(r, 4);
		if (!s->waiting || le32_at(r, 8) != s->sender)
			break;
		s->waiting = false;
		/* a tunnel renews its keys every two minutes: counted */
		if (s->handshakes++ == 0)
			begin_event(c, s, "handshake", &s->asked, !c->side);
		break;
	case COOKIE:
		s->cookies++;
		break;
	case DATA:
		s->packets[c->side]++;
		s->bytes[c->side] += n - SHORTEST;
		/* FALLTHROUGH */
	default:
		if (!s->told && !s->waiting)
			begin_event(c, s, "seen", &c->when, c->side);
		break;
	}
	rd_skip(r, rd_have(r));
	return DIS_OK;
}

static void
wireguard_end(struct dctx *c, bool gap)
{
	struct wg_state *s = c->state;
	struct ev *e;

	if (!s || gap)
		return;
	e = ev_begin(c, "wireguard", &c->when, 0);
	ev_cstr(e, "event", "end");
	if (s->tailscale)
		ev_cstr(e, "variant", "tailscale");
	ev_uint(e, "handshakes", s->handshakes);
	if (s->unanswered + s->waiting)
		ev_uint(e, "unanswered", s->unanswered + s->waiting);
	if (s->cookies)
		ev_uint(e, "cookies", s->cookies);
	if (s->discos)
		ev_uint(e, "discoveries", s->discos);
	ev_uint(e, "packets_toserver", s->packets[0]);
	ev_uint(e, "packets_toclient", s->packets[1]);
	ev_uint(e, "bytes_toserver", s->bytes[0]);
	ev_uint(e, "bytes_toclient", s->bytes[1]);
	put_service(e, s);
	e->ot.op = OT_CONNECT;
	if (!s->handshakes && s->cookies)
		e->ot.result = TEXT("cookie_reply");
	else if (!s->handshakes && !s->packets[0] && !s->packets[1] && !s->discos)
		ev_unanswered(e, c);
	ev_emit(e);
}

/* Data whose counter is still small: what is random is not. */
static bool
counts(const struct rd *r)
{
	return message_type(r) == DATA && le32_at(r, 12) == 0 && le32_at(r, 8) < 1u << 24;
}

static enum probe
wireguard_probe(struct probe_in *in)
{
	const struct rd *a = &in->side[0], *b = &in->side[1];
	const struct rd *one = rd_left(a) ? a : b;
	int ta = rd_left(a) ? message_type(a) : 0, tb = rd_left(b) ? message_type(b) : 0;

	if (in->tcp)
		return PROBE_NO;
	if (is_disco(one) || is_disco(b))
		return PROBE_YES;
	if (!(rd_left(a) ? ta : tb))
		return PROBE_NO;
	if (rd_left(a) && rd_left(b)) {
		if (ta == INITIATION && tb == RESPONSE && le32_at(a, 4) == le32_at(b, 8))
			return PROBE_YES;
		if (ta == RESPONSE && tb == INITIATION && le32_at(b, 4) == le32_at(a, 8)) {
			in->reversed = true;
			return PROBE_YES;
		}
		if (ta == INITIATION && tb == COOKIE && le32_at(a, 4) == le32_at(b, 4))
			return PROBE_YES;
		if (counts(a) && counts(b))
			return PROBE_YES;
		return PROBE_WEAK;
	}
	return in->hinted && (ta == INITIATION || counts(one)) ? PROBE_WEAK : PROBE_MORE;
}

static const struct hint hints[] = {
	{ HINT_UDP, 51820 }, { HINT_UDP, 41641 }, { HINT_END, 0 },
};

static const struct field fields[] = {
	{ "wireguard.event", "string", "handshake (the first), seen (amid a tunnel), end" },
	{ "wireguard.variant", "string", "tailscale where its discovery was seen" },
	{ "wireguard.handshakes", "integer", "answered handshakes" },
	{ "wireguard.unanswered", "integer", "handshakes without answer" },
	{ "wireguard.cookies", "integer", "refusals under load" },
	{ "wireguard.discoveries", "integer", "Tailscale's discovery packets" },
	{ "wireguard.packets_toserver", "integer", "data packets" },
	{ "wireguard.packets_toclient", "integer", "data packets" },
	{ "wireguard.bytes_toserver", "integer", "bytes inside them" },
	{ "wireguard.bytes_toclient", "integer", "bytes inside them" },
	{ NULL },
};

const struct dissector wireguard_dissector = {
	.name = "wireguard",
	.title = "WireGuard and Tailscale",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct wg_state),
	.probe = wireguard_probe,
	.dissect = wireguard_dissect,
	.end = wireguard_end,
};
