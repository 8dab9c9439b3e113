/* ike.c: IKE version 1 and 2, on UDP 500 and with ESP on UDP 4500 (RFC 3948).
 *
 * The first exchange of a security association is in clear: it is one event, with what
 * was chosen, what of that is weak, and who both sides' vendor ids say they are. All
 * that follows is encrypted and counted. ESP inside the flow is told once for each
 * direction. Who the peers say they are (identities) is never written. */
#include "proto/ike.h"

#include "proto/proto.h"

struct ike_state {
	uint32_t esp[2], spi[2];
	uint8_t ispi[8];                /* whose offer waits */
	bool waiting;
	bool marked;                    /* IKE with the marker that tells it from ESP */
};

static const struct tok weak_encryption[] = {
	{ 1, "des" }, { 5, "3des" }, { 0, NULL },
};
static const struct tok weak_encryption2[] = {
	{ 1, "des" }, { 2, "des" }, { 3, "3des" }, { 11, "null" }, { 0, NULL },
};
static const struct tok weak_hash[] = { { 1, "md5" }, { 2, "sha1" }, { 0, NULL } };
static const struct tok weak_groups[] = { { 1, "dh1" }, { 2, "dh2" }, { 5, "dh5" }, { 0, NULL } };

static void
put_name(struct ev *e, const char *k, size_t kn, const char *name, uint16_t id)
{
	struct text t;

	if (!id)
		return;
	t = name ? text_c(name) : ev_text(e, "%u", id);
	jw_k_str(e->w, k, kn, t.p, t.n);
}

static void
put_weak(struct ev *e, const struct ike_msg *m, bool aggressive)
{
	const char *w[4];
	unsigned n = 0, v = m->version >> 4;

	if ((w[n] = tok_find(v == 1 ? weak_encryption : weak_encryption2, m->encryption)))
		n++;
	if ((w[n] = tok_find(weak_hash, m->hash)) ||
	    (w[n] = tok_find(weak_hash, m->prf)))
		n++;
	if ((w[n] = tok_find(weak_groups, m->group)))
		n++;
	if (aggressive)
		w[n++] = "aggressive";
	if (!n)
		return;
	ev_arr(e, "weak");
	for (unsigned i = 0; i < n; i++)
		ev_a_str(e, text_c(w[i]));
	ev_end(e);
}

static void
put_chosen(struct ev *e, const struct ike_msg *m)
{
	unsigned v = m->version >> 4;

	put_name(e, JW_K("encryption"), ike_encryption(v, m->encryption), m->encryption);
	if (m->key_bits)
		ev_uint(e, "key_bits", m->key_bits);
	put_name(e, JW_K("integrity"), ike_hash(v, m->hash), m->hash);
	put_name(e, JW_K("prf"), ike_prf(m->prf), m->prf);
	put_name(e, JW_K("dh_group"), ike_group(m->group), m->group);
	if (m->has_auth)
		put_name(e, JW_K("auth"), ike_auth(m->auth), m->auth);
}

static void
put_vendors(struct ev *e, const char *k, size_t kn, const struct ike_msg *m, enum ident_of of)
{
	const char *vendor = NULL, *product = NULL;

	if (!m->nvendor)
		return;
	jw_k_open(e->w, k, kn, '[');
	for (unsigned i = 0; i < m->nvendor; i++) {
		const struct ike_vendor *x = &ike_vendors[m->vendor[i] - 1];
		ev_a_str(e, text_c(x->name));
		vendor = vendor ? vendor : x->vendor;
		product = product ? product : x->product;
	}
	ev_end(e);
	if (vendor || product) {
		struct ident *id = ev_identity(e, "ike.vendor_id", of);
		id->vendor = text_c(vendor);
		id->product = text_c(product);
	}
}

/* q asked, a answered; one of them may be absent. side: the asker's. */
static void
negotiation(struct dctx *c, const struct ike_msg *q, const struct ike_msg *a,
    const struct when *when, int side)
{
	const struct ike_msg *m = q ? q : a;
	bool aggressive = m->version >> 4 == 1 && m->exchange == IKE_AGGRESSIVE;
	const char *error;
	struct ev *e;

	/* the responder's hash over the shared key, for anybody who asks */
	if (aggressive && a && a->has_hash && (a->auth == 1 || a->auth == 65001))
		proto_credential(c, CRED_CHALLENGE, CRED_DIGEST, false);
	e = ev_begin(c, "ike", when, side);
	ev_cstr(e, "event", "negotiation");
	ev_uint(e, "version", m->version >> 4);
	ev_cstr(e, "exchange", ike_exchange(m->exchange));
	ev_hex(e, "initiator_spi", m->ispi, 8);
	if (a)
		ev_hex(e, "responder_spi", a->rspi, 8);
	if (q && q->proposals)
		ev_uint(e, "offered", q->version >> 4 == 1 ? q->transforms : q->proposals);
	if (a && a->sa) {
		put_chosen(e, a);
		put_weak(e, a, aggressive);
	} else if (aggressive) {
		put_weak(e, &(struct ike_msg){ .version = m->version }, true);
	}
	if (q)
		put_vendors(e, JW_K("initiator_vendor_ids"), q, EV_SRC);
	if (a)
		put_vendors(e, JW_K("responder_vendor_ids"), a, EV_DEST);
	e->ot.op = OT_CONNECT;
	e->ot.service = m->version >> 4 == 1 ? TEXT("IKEv1") : TEXT("IKEv2");
	e->ot.object = text_c(ike_exchange(m->exchange));
	if (!a) {
		ev_unanswered(e, c);
	} else if (q) {
		ev_answered(e, c, when);
		if (a->has_error) {
			error = ike_error(a->version >> 4, a->error);
			e->ot.result = error ? text_c(error) : ev_text(e, "error_%u", a->error);
		}
	}
	ev_emit(e);
}

static uint64_t
spi_key(const struct ike_msg *m)
{
	uint64_t k = 0;

	for (unsigned i = 0; i < 8; i++)
		k = k << 8 | m->ispi[i];
	return k;
}

static bool
is_zero(const uint8_t spi[8])
{
	static const uint8_t zero[8];

	return memcmp(spi, zero, 8) == 0;
}

/* The first exchange, as far as it is the offer and its answer. */
static void
first_exchange(struct dctx *c, const struct ike_msg *m)
{
	struct ike_state *st = c->state;
	struct pend *w = pend_find(c, spi_key(m));

	if (is_zero(m->rspi) && m->sa && !w) {
		if (st->waiting && memcmp(st->ispi, m->ispi, 8) == 0)
			return;         /* the same once more */
		memcpy(st->ispi, m->ispi, 8);
		st->waiting = true;
		pend_put(c, spi_key(m), m, sizeof(*m));
		return;
	}
	st->waiting = false;
	if (w && (m->sa || m->has_error)) {
		const struct ike_msg *q = (const struct ike_msg *)w->data;
		negotiation(c, q, m, &w->when, w->side);
		pend_done(c, w);
	} else if (m->sa && !w && !is_zero(m->rspi)) {
		negotiation(c, NULL, m, &c->when, !c->side);
	} else if (w && m->version >> 4 == 2) {
		/* asks for a cookie or another group: the offer will come again */
		pend_done(c, w);
	}
}

static void
on_error(struct dctx *c, const struct ike_msg *m)
{
	const char *error = ike_error(m->version >> 4, m->error);
	struct pend *w = pend_find(c, spi_key(m));
	struct ike_state *st = c->state;
	struct ev *e;

	if (w) {
		st->waiting = false;
		negotiation(c, (const struct ike_msg *)w->data, m, &w->when, w->side);
		pend_done(c, w);
		return;
	}
	e = ev_begin(c, "ike", &c->when, c->side);
	ev_cstr(e, "event", "notify");
	ev_uint(e, "version", m->version >> 4);
	ev_cstr(e, "exchange", ike_exchange(m->exchange));
	ev_hex(e, "initiator_spi", m->ispi, 8);
	e->ot.op = OT_ERROR;
	e->ot.service = m->version >> 4 == 1 ? TEXT("IKEv1") : TEXT("IKEv2");
	e->ot.result = error ? text_c(error) : ev_text(e, "error_%u", m->error);
	ev_emit(e);
}

static enum verdict
on_message(struct dctx *c, struct rd *r)
{
	struct ike_msg m;
	uint32_t have = rd_left(r);

	if (!ike_head(r, &m)) {
		c->why = "INVALID_HEADER";
		return DIS_BAD;
	}
	if (m.length > have && !c->cut) {
		c->why = "INVALID_LENGTH";
		return DIS_BAD;
	}
	if (!ike_body(rd_rest(r), &m) && !c->cut) {
		c->why = "INVALID_PAYLOAD";
		return DIS_BAD;
	}
	if (m.exchange == IKE_MAIN || m.exchange == IKE_AGGRESSIVE || m.exchange == IKE_SA_INIT)
		first_exchange(c, &m);
	else if (m.has_error)
		on_error(c, &m);
	return DIS_OK;
}

static void
on_esp(struct dctx *c, uint32_t spi)
{
	struct ike_state *st = c->state;
	struct ev *e;

	if (st->esp[c->side]++ && st->spi[c->side] == spi)
		return;
	st->spi[c->side] = spi;
	e = ev_begin(c, "ike", &c->when, c->side);
	ev_cstr(e, "event", "esp");
	ev_str(e, "spi", ev_text(e, "%08x", spi));
	e->ot.op = OT_OTHER;
	e->ot.service = TEXT("ESP in UDP");
	ev_emit(e);
}

static enum verdict
ike_dissect(struct dctx *c, struct rd *r)
{
	struct ike_state *st = c->state;
	bool natt = st->marked || c->flow->port[0] == 4500 || c->flow->port[1] == 4500;
	int b = rd_peek8(r, 0);

	if (rd_left(r) == 1 && b == 0xff) {     /* keeps the way through NAT open */
		rd_skip(r, 1);
		return DIS_OK;
	}
	if (rd_peek16(r, 0) == 0 && rd_peek16(r, 2) == 0) {
		rd_skip(r, 4);
		st->marked = true;
		return on_message(c, r);
	}
	if (natt && rd_have(r) >= 8) {
		on_esp(c, rd_be32(r));
		rd_skip(r, rd_have(r));
		return DIS_OK;
	}
	return on_message(c, r);
}

static void
ike_expire(struct dctx *c, struct pend *p)
{
	negotiation(c, (const struct ike_msg *)p->data, NULL, &p->when, p->side);
}

/* ESP whose numbers are still small. */
static bool
esp_like(const struct rd *r)
{
	return rd_left(r) >= 36 && rd_left(r) % 2 == 0 && rd_peek16(r, 0) > 0 &&
	    rd_peek16(r, 4) == 0;
}

static enum probe
ike_probe(struct probe_in *in)
{
	struct rd r = rd_left(&in->side[0]) ? in->side[0] : in->side[1];
	struct ike_msg m;
	uint32_t n = rd_left(&r);

	if (in->tcp)
		return PROBE_NO;
	if (rd_left(&r) == 1 && rd_peek8(&r, 0) == 0xff)
		return in->hinted ? PROBE_MORE : PROBE_NO;
	if (rd_peek16(&r, 0) == 0 && rd_peek16(&r, 2) == 0)
		rd_skip(&r, 4);
	else if (in->hinted && esp_like(&in->side[0]) && esp_like(&in->side[1]))
		return PROBE_WEAK;
	else if (in->hinted && esp_like(&r) && rd_left(&in->side[0]) + rd_left(&in->side[1]) == n)
		return PROBE_MORE;
	n = rd_left(&r);
	if (!ike_head(&r, &m) || m.length != n)
		return PROBE_NO;
	if (rd_left(&in->side[0]) && m.version >> 4 == 2)
		in->reversed = m.exchange == IKE_SA_INIT && (m.flags & 0x20);
	return is_zero(m.ispi) ? PROBE_WEAK : PROBE_YES;
}

static const struct hint hints[] = { { HINT_UDP, 500 }, { HINT_UDP, 4500 }, { HINT_END, 0 } };

static const struct field fields[] = {
	{ "ike.event", "string", "negotiation, notify (an error), esp (first in UDP)" },
	{ "ike.version", "integer", "1 or 2" },
	{ "ike.exchange", "string", "main_mode, aggressive_mode, ike_sa_init ..." },
	{ "ike.initiator_spi", "string", "hex" },
	{ "ike.responder_spi", "string", "hex" },
	{ "ike.offered", "integer", "proposals the initiator made" },
	{ "ike.encryption", "string", "cipher chosen" },
	{ "ike.key_bits", "integer", "its key's length" },
	{ "ike.integrity", "string", "hash chosen" },
	{ "ike.prf", "string", "pseudo-random function chosen" },
	{ "ike.dh_group", "string", "key exchange chosen" },
	{ "ike.auth", "string", "how the peers prove themselves (version 1)" },
	{ "ike.weak", "array", "what of the choice is weak: des, 3des, md5, sha1, dh1, dh2, dh5, "
	    "null, aggressive" },
	{ "ike.initiator_vendor_ids", "array", "who the initiator says made it, what it can" },
	{ "ike.responder_vendor_ids", "array", "likewise the responder" },
	{ "ike.spi", "string", "of ESP inside the flow, hex" },
	{ NULL },
};

const struct dissector ike_dissector = {
	.name = "ike",
	.title = "IKE versions 1 and 2, and ESP in UDP",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct ike_state),
	.probe = ike_probe,
	.dissect = ike_dissect,
	.expire = ike_expire,
};
