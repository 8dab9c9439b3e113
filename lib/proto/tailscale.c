/* Tailscale's discovery messages between peers (UDP, any port; its "disco"
 * package): what follows in the same flow is WireGuard.
 *
 *     54 53 f0 9f 92 ac, sender's key(32), nonce(24), sealed
 */
#include "proto/proto.h"

enum { MAGIC = 6, MIN = MAGIC + 32 + 24 + 16 };

struct ts_state { bool told; };

static bool
is_disco(const struct rd *r)
{
	static const uint8_t magic[MAGIC] = { 0x54, 0x53, 0xf0, 0x9f, 0x92, 0xac };

	for (uint32_t i = 0; i < MAGIC; i++)
		if (rd_peek8(r, i) != magic[i])
			return false;
	return rd_left(r) >= MIN;
}

static enum probe
ts_probe(struct probe_in *in)
{
	return !in->tcp && (is_disco(&in->side[0]) || is_disco(&in->side[1])) ? PROBE_YES :
	    PROBE_NO;
}

static enum verdict
ts_dissect(struct dctx *c, struct rd *r)
{
	struct ts_state *st = c->state;
	struct ev *e;

	if (st->told)
		return DIS_LEAVE;
	if (!is_disco(r))
		return DIS_OK;
	st->told = true;
	e = ev_begin(c, "tailscale", &c->when, c->side);
	ev_str(e, "message", TEXT("disco"));
	e->ot.op = OT_CONNECT;
	e->ot.service = TEXT("Tailscale");
	ev_emit(e);
	return DIS_LEAVE;
}

static const struct hint hints[] = { { HINT_UDP, 41641 }, { HINT_END, 0 } };
static const struct field fields[] = {
	{ "tailscale.message", "string", "disco: peers look for a path to each other" },
	{ NULL, NULL, NULL },
};

const struct dissector tailscale_dissector = {
	.name = "tailscale",
	.title = "Tailscale peers",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct ts_state),
	.probe = ts_probe,
	.dissect = ts_dissect,
};
