/* iec61850.c: the headers GOOSE and sampled values have in common. */
#include "proto/iec61850.h"

#include "base/hash.h"
#include "base/stamp.h"

bool
tlv_next(struct rd *r, struct ber *t)
{
	ber_next(r, t);
	if (t->open)
		rd_set_bad(r);
	return t->v.p && !rd_bad(r) && !(rd_short(r) && !t->v.len);
}

void
apdu_head(struct rd *r, struct apdu_head *h, struct rd *body)
{
	memset(h, 0, sizeof(*h));
	h->appid = rd_be16(r);
	h->length = rd_be16(r);
	h->simulated = rd_be16(r) & 0x8000;
	rd_skip(r, 2);
	if (rd_bad(r))
		h->why = "HEADER_TRUNCATED";
	if (h->length < 8 || h->length - 8u > rd_left(r)) {
		if (rd_ok(r))
			h->why = "LENGTH";
		*body = rd_rest(r);
		return;
	}
	*body = rd_sub(r, h->length - 8u);
}

/* CLTP unit data (1, 0x40), then the session: identifier, length, common header
 * 0x80 with its length, SPDU length 4 and number 4, version 2, keys 4, 2 and 4,
 * initialization vector; payload length 4, then payloads. */
bool
apdu_session(struct rd *r, uint8_t kind, struct apdu_head *h, struct rd *body)
{
	uint32_t n;
	uint16_t apdu;
	uint8_t type;

	memset(h, 0, sizeof(*h));
	h->routed = true;
	if (rd_be16(r) != 0x0140 || rd_u8(r) != kind)
		return false;
	rd_skip(r, 1);
	if (rd_u8(r) != 0x80)
		return false;
	rd_skip(r, 5);
	h->spdu = rd_be32(r);
	if (rd_be16(r) > 2 && rd_ok(r))
		return false;
	h->secured = rd_be32(r) != 0;
	rd_skip(r, 6);
	rd_skip(r, rd_u8(r));
	n = rd_be32(r);
	type = rd_u8(r);
	h->simulated = rd_u8(r) != 0;
	h->appid = rd_be16(r);
	apdu = rd_be16(r);
	if (!rd_ok(r) || type != (kind == SESSION_GOOSE ? 0x81 : 0x82) || n < 6)
		return false;
	h->length = apdu;
	*body = rd_sub(r, apdu);
	if (rd_bad(r))
		h->why = "LENGTH";
	return true;
}

enum probe
apdu_probe(struct probe_in *in, uint8_t kind)
{
	struct apdu_head h;

	for (int side = 0; side < 2; side++) {
		struct rd r = in->side[side], body;
		if (in->tcp || !rd_left(&r))
			continue;
		in->reversed = side == 1;
		return apdu_session(&r, kind, &h, &body) ? PROBE_YES : PROBE_NO;
	}
	return PROBE_NO;
}

struct apdu_key
apdu_key(const struct dctx *c, uint16_t appid, struct text name)
{
	uint64_t h = hash_bytes(HASH_BEGIN, name.p, name.n), flow = c->flow ? c->flow->id : 0;
	uint16_t vlan = c->k->nvlan ? c->k->vlan[0] : 0;
	struct apdu_key k = { { 0 } };

	memcpy(k.b, c->k->src_mac, 6);
	memcpy(k.b + 6, c->k->dst_mac, 6);
	memcpy(k.b + 12, &h, 8);
	memcpy(k.b + 20, &flow, 8);
	memcpy(k.b + 28, &appid, 2);
	memcpy(k.b + 30, &vlan, 2);
	return k;
}

struct text
utc_text(struct ev *e, const uint8_t p[8])
{
	uint32_t s = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
	uint32_t f = (uint32_t)p[4] << 16 | (uint32_t)p[5] << 8 | p[6];
	char *t = ev_room(e, STAMP_TEXT);

	if (!t)
		return (struct text){ 0 };
	return (struct text){ t, (uint32_t)stamp_put(t, (int64_t)s * 1000000 +
	    (int64_t)((uint64_t)f * 1000000 >> 24)) };
}
