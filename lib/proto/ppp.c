/* ppp.c: how the ends of a PPP link prove who they are (RFC 1334, 1994, 2433, 2759,
 * 3748), wherever PPP travels: PPPoE, PPTP, L2TP, serial lines.
 *
 *     protocol(2), code, id, length(2), ...
 *
 * PAP sends the password in clear; what CHAP and its kin send can be guessed offline.
 * Names and secrets are never written. A link that its ends agree on without proof is
 * not told; the data of a link are decoded elsewhere. */
#include "proto/keep.h"
#include "proto/proto.h"

enum { P_PAP = 0xc023, P_CHAP = 0xc223, P_EAP = 0xc227 };
enum { PAP_REQUEST = 1, PAP_ACK, PAP_NAK, CHAP_CHALLENGE = 1, CHAP_RESPONSE, CHAP_SUCCESS,
	CHAP_FAILURE, EAP_RESPONSE = 2, EAP_SUCCESS, EAP_FAILURE, EAP_IDENTITY = 1 };
enum method { PAP, CHAP_MD5, MS_CHAP, MS_CHAP_2, EAP };

struct login { uint8_t method, ip_v, ip_proto; struct addr src, dst; };

static const struct text methods[] = { TEXT("pap"), TEXT("chap-md5"), TEXT("ms-chap"),
	TEXT("ms-chap-v2"), TEXT("eap") };

/* An exchange: protocol, id, and both ends with the smaller first. */
static unsigned
key_of(const struct dctx *c, uint8_t key[KEEP_KEY], uint16_t protocol, uint8_t id)
{
	const struct pkt *k = c->k;
	const uint8_t *a = k->ip_v ? k->src.b : k->src_mac, *b = k->ip_v ? k->dst.b : k->dst_mac;
	unsigned n = k->ip_v ? 16 : 6;
	bool swap = memcmp(a, b, n) > 0;

	key[0] = (uint8_t)(protocol >> 8);
	key[1] = (uint8_t)protocol;
	key[2] = id;
	memcpy(key + 3, swap ? b : a, n);
	memcpy(key + 3 + n, swap ? a : b, n);
	return 3 + 2 * n;
}

static void
login_event(struct dctx *c, const struct login *l, const struct when *when, const char *result)
{
	struct ev *e = ev_begin(c, "ppp", when, 0);

	ev_word(e, "authentication", methods[l->method]);
	if (l->method != EAP) {
		ev_arr(e, "weak");
		ev_a_str(e, methods[l->method]);
		ev_end(e);
	}
	e->ot.op = OT_AUTH;
	e->ot.service = TEXT("PPP");
	e->ot.object = methods[l->method];
	if (result)
		e->ot.result = text_c(result);
	else
		ev_unanswered(e, c);
	ev_emit(e);
}

static void
login_end(struct dctx *c, struct keep *s)
{
	const struct login *l;
	struct pkt k;
	struct dctx d;

	if (s->answered)
		return;
	l = (const struct login *)s->data;
	keep_ctx(&d, &k, c, s);
	k.ip_v = l->ip_v;               /* of the tunnel around it */
	k.ip_proto = l->ip_proto;
	k.src = l->src;
	k.dst = l->dst;
	login_event(&d, l, &s->first, NULL);
}

static void
asked(struct dctx *c, uint16_t protocol, uint8_t id, enum method method)
{
	uint8_t key[KEEP_KEY];
	unsigned n = key_of(c, key, protocol, id);
	struct keep *s = keep_find(c, key, n);

	if (s && !s->answered)          /* once more */
		return;
	s = keep_new(c, KEEP_WAIT, key, n, login_end);
	*(struct login *)s->data = (struct login){ (uint8_t)method, c->k->ip_v, c->k->ip_proto,
	    c->k->src, c->k->dst };
}

/* The event is the one who asked's: told from its packet's ends. */
static void
answered(struct dctx *c, uint16_t protocol, uint8_t id, const char *result)
{
	uint8_t key[KEEP_KEY];
	unsigned n = key_of(c, key, protocol, id);
	struct keep *s = keep_find(c, key, n);
	struct dctx d = *c;
	struct pkt k = *c->k;

	if (!s || s->answered)
		return;
	s->answered = true;
	k.src = c->k->dst;
	k.dst = c->k->src;
	memcpy(k.src_mac, c->k->dst_mac, 6);
	memcpy(k.dst_mac, c->k->src_mac, 6);
	d.k = &k;
	login_event(&d, (const struct login *)s->data, &s->first, result);
}

static void
on_chap_response(struct dctx *c, struct rd *r, uint8_t id)
{
	uint8_t n = rd_u8(r);
	const uint8_t *v = rd_bytes(r, n);
	static const uint8_t zero[8];

	if (!v || !n)
		return;
	proto_credential(c, CRED_CHALLENGE, CRED_DIGEST, false);
	/* a response of 49 bytes is Microsoft's; the second has 8 zeros in the middle */
	asked(c, P_CHAP, id, n != 49 ? CHAP_MD5 : memcmp(v + 16, zero, 8) == 0 ? MS_CHAP_2 :
	    MS_CHAP);
}

static enum verdict
ppp_dissect(struct dctx *c, struct rd *r)
{
	uint16_t protocol = rd_u8(r), n;
	uint8_t code, id;
	struct rd body;

	if (!(protocol & 1))
		protocol = (uint16_t)(protocol << 8 | rd_u8(r));
	if (protocol != P_PAP && protocol != P_CHAP && protocol != P_EAP) {
		rd_skip(r, rd_have(r));
		return DIS_OK;
	}
	code = rd_u8(r);
	id = rd_u8(r);
	n = rd_be16(r);
	if (rd_ok(r) && n < 4)
		rd_set_bad(r);
	body = rd_sub(r, n - 4u);
	if (rd_ok(r))
		rd_skip(r, rd_left(r));         /* padding */
	if (!rd_ok(r))
		return DIS_BAD;
	if (protocol == P_PAP && code == PAP_REQUEST) {
		proto_credential(c, CRED_PASSWORD, CRED_CLEAR, false);
		asked(c, protocol, id, PAP);
	} else if (protocol == P_PAP && (code == PAP_ACK || code == PAP_NAK)) {
		answered(c, protocol, id, code == PAP_ACK ? "ok" : "refused");
	} else if (protocol == P_CHAP && code == CHAP_RESPONSE) {
		on_chap_response(c, &body, id);
	} else if (protocol == P_CHAP && (code == CHAP_SUCCESS || code == CHAP_FAILURE)) {
		answered(c, protocol, id, code == CHAP_SUCCESS ? "ok" : "refused");
	} else if (protocol == P_EAP && code == EAP_RESPONSE && rd_peek8(&body, 0) > EAP_IDENTITY) {
		asked(c, protocol, id, EAP);
	} else if (protocol == P_EAP && (code == EAP_SUCCESS || code == EAP_FAILURE)) {
		answered(c, protocol, id, code == EAP_SUCCESS ? "ok" : "refused");
	}
	return DIS_OK;
}

static const struct hint hints[] = { { HINT_ETHER, 0x880b }, { HINT_END, 0 } };

static const struct field fields[] = {
	{ "ppp.authentication", "string", "pap, chap-md5, ms-chap, ms-chap-v2, eap" },
	{ "ppp.weak", "array", "the method, where what it sends can be read or guessed" },
	{ NULL },
};

const struct dissector ppp_dissector = {
	.name = "ppp",
	.title = "PPP authentication",
	.hints = hints,
	.fields = fields,
	.dissect = ppp_dissect,
};
