/* esp.c: IPsec straight above IP: ESP (RFC 4303) and AH (RFC 4302). All that can be
 * said is who protects what they say to whom, under which index: an event for each
 * direction when it is first seen and when the index changes. */
#include "proto/proto.h"

struct esp_state {
	uint32_t spi[2];
	bool seen[2];
};

static void
sa_event(struct dctx *c, struct text service, uint32_t spi, int next)
{
	struct esp_state *s = c->state;
	bool again = s->seen[c->side];
	struct ev *e;

	if (again && s->spi[c->side] == spi)
		return;
	s->seen[c->side] = true;
	s->spi[c->side] = spi;
	e = ev_begin(c, c->self->name, &c->when, c->side);
	ev_cstr(e, "event", again ? "change" : "seen");
	ev_str(e, "spi", ev_text(e, "%08x", spi));
	if (next >= 0)
		ev_uint(e, "next_header", (unsigned)next);
	e->ot.op = OT_OTHER;
	e->ot.service = service;
	ev_emit(e);
}

static enum verdict
esp_dissect(struct dctx *c, struct rd *r)
{
	uint32_t spi = rd_be32(r);

	(void)rd_be32(r);
	if (!rd_ok(r))
		return DIS_BAD;
	sa_event(c, TEXT("ESP"), spi, -1);
	rd_skip(r, rd_have(r));
	return DIS_OK;
}

static enum verdict
ah_dissect(struct dctx *c, struct rd *r)
{
	uint8_t next = rd_u8(r);
	uint32_t spi;

	rd_skip(r, 3);
	spi = rd_be32(r);
	(void)rd_be32(r);
	if (!rd_ok(r))
		return DIS_BAD;
	sa_event(c, TEXT("AH"), spi, next);
	rd_skip(r, rd_have(r));
	return DIS_OK;
}

static const struct hint esp_hints[] = { { HINT_IPPROTO, IPP_ESP }, { HINT_END, 0 } };
static const struct hint ah_hints[] = { { HINT_IPPROTO, IPP_AH }, { HINT_END, 0 } };

static const struct field esp_fields[] = {
	{ "esp.event", "string", "seen (first in its direction), change (another index)" },
	{ "esp.spi", "string", "security parameters index, hex" },
	{ NULL },
};

static const struct field ah_fields[] = {
	{ "ah.event", "string", "seen (first in its direction), change (another index)" },
	{ "ah.spi", "string", "security parameters index, hex" },
	{ "ah.next_header", "integer", "IP protocol that it protects, in clear" },
	{ NULL },
};

const struct dissector esp_dissector = {
	.name = "esp",
	.title = "IPsec ESP",
	.hints = esp_hints,
	.fields = esp_fields,
	.state_size = sizeof(struct esp_state),
	.dissect = esp_dissect,
};

const struct dissector ah_dissector = {
	.name = "ah",
	.title = "IPsec AH",
	.hints = ah_hints,
	.fields = ah_fields,
	.state_size = sizeof(struct esp_state),
	.dissect = ah_dissect,
};
