/* eapol.c: 802.1X on the wire: version 1, type 1, length 2, and EAP, or keys. Who is
 * let in at a port and how; an event when a port starts, leaves, or is told yes or no,
 * and the first time a method or key exchange is seen. Identities are never written. */
#include "proto/eap.h"
#include "proto/keep.h"
#include "proto/proto.h"

static const struct tok types[] = { { 0, "eap" }, { 1, "start" }, { 2, "logoff" }, { 3, "key" },
	{ 4, "alert" }, { 5, "mka" }, { 0, NULL } };

static void
forget(struct dctx *c, struct keep *s)
{
}

/* Said between these two before? */
static bool
is_news(struct dctx *c, uint8_t type, uint8_t code, uint8_t eap)
{
	struct { uint8_t src[6], dst[6], what[3]; } key;
	struct keep *s;

	memcpy(key.src, c->k->src_mac, 6);
	memcpy(key.dst, c->k->dst_mac, 6);
	key.what[0] = type;
	key.what[1] = code;
	key.what[2] = eap;
	if ((s = keep_find(c, &key, sizeof(key)))) {
		keep_touch(c, s);
		return false;
	}
	keep_new(c, KEEP_STREAM, &key, sizeof(key), forget);
	return true;
}

static enum verdict
eapol_dissect(struct dctx *c, struct rd *r)
{
	uint8_t version = rd_u8(r), type = rd_u8(r);
	uint16_t n = rd_be16(r);
	struct eap p = { 0 };
	struct ev *e;
	bool outcome;

	if (!rd_ok(r) || version > 3 || !tok_find(types, type) || n > rd_left(r)) {
		c->why = "HEADER";
		return c->cut ? DIS_OK : DIS_BAD;
	}
	if (type == 0 && !eap_read(rd_sub(r, n), &p)) {
		c->why = "EAP";
		return c->cut ? DIS_OK : DIS_BAD;
	}
	/* a Start is said again and again where nobody authenticates */
	outcome = type == 2 || p.code == 3 || p.code == 4;
	if (!outcome && !is_news(c, type, p.code, p.type))
		return DIS_OK;
	e = ev_begin(c, "eapol", &c->when, c->side);
	ev_uint(e, "version", version);
	ev_cstr(e, "type", tok_find(types, type));
	if (p.code) {
		ev_cstr(e, "code", tok_find(eap_codes, p.code));
		if (p.has_type)
			ev_cstr(e, "eap_type", tok_or(eap_types, p.type, "other"));
		if (p.has_type && p.type == 1 && p.code == 2)
			ev_bool(e, "user_name", true);
		if (p.has_type && eap_weak(p.type)) {
			ev_arr(e, "weak");
			ev_a_str(e, TEXT("eap_type"));
			ev_end(e);
		}
	}
	e->ot.op = OT_AUTH;
	e->ot.service = text_c(p.code ? tok_find(eap_codes, p.code) : tok_find(types, type));
	if (p.code == 3)
		e->ot.result = TEXT("ok");
	else if (p.code == 4)
		e->ot.result = TEXT("failure");
	ev_emit(e);
	return DIS_OK;
}

static const struct hint hints[] = { { HINT_ETHER, 0x888e }, { HINT_END, 0 } };

static const struct field fields[] = {
	{ "eapol.version", "integer", "version of 802.1X" },
	{ "eapol.type", "string", "eap, start, logoff, key, mka" },
	{ "eapol.code", "string", "of EAP: request, response, success, failure" },
	{ "eapol.eap_type", "string", "method of EAP" },
	{ "eapol.user_name", "boolean", "an identity was given; never which" },
	{ "eapol.weak", "array", "eap_type: a method open to guessing" },
	{ NULL },
};

const struct dissector eapol_dissector = {
	.name = "eapol",
	.title = "802.1X (EAPOL)",
	.hints = hints,
	.fields = fields,
	.dissect = eapol_dissect,
};
