/* bacnet.c: BACnet, ANSI/ASHRAE 135: over UDP (Annex J, Annex U), Ethernet
 * (clause 7) and MS/TP (clause 9).
 *
 * A confirmed request and its answer are one event: they are paired by invoke
 * id and by the addresses inside the NPDU, so that devices behind one router
 * are not confused. An answer in segments is put together first. What is
 * unconfirmed is an event of its own.
 *
 * Ethernet and MS/TP have no flow: their requests wait in a small table here,
 * keyed by both link addresses. */
#include "base/hash.h"
#include "proto/bacnet_put.h"
#include "proto/bacnet_wait.h"

#define COUNT(a)        (sizeof(a) / sizeof((a)[0]))

static const struct hint hints[] = {
	{ HINT_UDP, 47808 },
	{ HINT_LLC, 0x82 },
	{ HINT_SNAP, (uint64_t)0x001090 << 16 | 0x0001 },       /* Cimetrics: MS/TP in Ethernet */
	{ HINT_LINK, 165 },                                     /* LINKTYPE_BACNET_MS_TP */
	{ HINT_END, 0 }
};

/* ---- keys ------------------------------------------------------------ */

/* A BVLC request waits alone: Annex J has no ids. */
#define KEY_BVLC        (UINT64_C(1) << 63)

static uint64_t
mix_net(uint64_t h, bool has, uint16_t net, const uint8_t *mac, uint8_t len)
{
	if (!has)
		return hash_bytes(h, "", 1);
	h = hash_bytes(h, &net, sizeof(net));
	return hash_bytes(h, mac, len);
}

/* Of the exchange, the same from both sides: of a request its own addresses,
 * of an answer (turned) the other way round. */
static uint64_t
key_of(const struct dctx *c, const struct bac_hdr *h, bool turned)
{
	const struct bac_npdu *n = &h->n;
	uint64_t k = HASH_BEGIN;

	if (n->has_src || n->has_dest) {
		if (turned) {
			k = mix_net(k, n->has_dest, n->dnet, n->dadr, n->dlen);
			k = mix_net(k, n->has_src, n->snet, n->sadr, n->slen);
		} else {
			k = mix_net(k, n->has_src, n->snet, n->sadr, n->slen);
			k = mix_net(k, n->has_dest, n->dnet, n->dadr, n->dlen);
		}
	}
	if (!c->flow) {
		const uint8_t *s = c->k->src_mac, *d = c->k->dst_mac;
		uint8_t ms = h->vl.mstp_src, md = h->vl.mstp_dst;
		k = hash_bytes(k, turned ? d : s, 6);
		k = hash_bytes(k, turned ? s : d, 6);
		k = hash_bytes(k, turned ? &md : &ms, 1);
		k = hash_bytes(k, turned ? &ms : &md, 1);
	}
	return (k << 8 | h->a.invoke) & ~KEY_BVLC;
}

/* ---- events ----------------------------------------------------------- */

static void
put_member(struct ev *e, const struct text *m)
{
	jw_members(e->w, m->p, m->n);
}

static void
put_header(struct ev *e, const struct bac_hdr *h, const struct bac_service *s, bool confirmed)
{
	bac_write_vl(e, &h->vl);
	bac_write_npdu(e, &h->n, NULL);
	put_member(e, &bac_pdu_member[h->a.type]);
	if (confirmed)
		ev_uint(e, "invoke_id", h->a.invoke);
	if (s) {
		put_member(e, &s->member);
		e->ot.op = s->op;
		e->ot.service = s->title;
		e->ot.own_service = true;
	} else if (h->a.type != BAC_REJECT && h->a.type != BAC_ABORT) {
		bac_put_text(e, "service", ev_text_num(e, "", 0, h->a.service));
		e->ot.op = OT_OTHER;
	} else {
		e->ot.op = OT_ERROR;
	}
}

static void
put_refusal(struct ev *e, const struct bac_apdu *a)
{
	struct text s;

	if (a->type == BAC_REJECT) {
		s = bac_tok(e, bac_reject_reasons, a->service);
		ev_str(e, "reject", s);
		e->ot.result = ev_text(e, "reject-%.*s", (int)s.n, s.p);
	} else {
		s = bac_tok(e, bac_abort_reasons, a->service);
		ev_str(e, "abort", s);
		ev_cstr(e, "abort_by", a->srv ? "server" : "client");
		e->ot.result = ev_text(e, "abort-%.*s", (int)s.n, s.p);
	}
}

/* What waited was malformed: it is the evidence, not what came of it. */
static void
bad_request(const struct dctx *c, const struct when *at, int side)
{
	struct dctx d = *c;

	d.when = *at;
	d.side = side;
	proto_anomaly(&d, "REQUEST_PARAMETERS");
}

/* An answer as it came: header, parameters, and how many segments it took. */
struct reply {
	const struct bac_hdr *h;
	struct rd *r;
	unsigned segments;
	bool incomplete;
};

/* A confirmed request and what became of it. q NULL: its request was not seen;
 * y NULL: no answer came. c->k has src and dest as of the event. */
static void
exchange(struct dctx *c, const struct bac_req *q, const struct when *at, int side,
    const struct reply *y)
{
	const struct bac_hdr *h = q ? &q->h : y->h;
	struct ev *e = ev_begin(c, "bacnet", at, side);
	struct bac_out o;
	struct rd qr = q ? rd_init(q->data, q->n, q->bytes) : rd_init("", 0, 0);
	bool named = h->a.type != BAC_REJECT && h->a.type != BAC_ABORT;
	uint8_t type = y ? y->h->a.type : BAC_CONFIRMED;

	bac_out_begin(&o, e);
	put_header(e, h, named ? bac_confirmed(h->a.service) : NULL, true);
	if (q && y)
		put_member(e, &bac_response_member[type]);
	if (q && q->segments)
		ev_uint(e, "request_segments", q->segments);
	if (y && y->segments)
		ev_uint(e, "response_segments", y->segments);
	if (y && y->incomplete)
		ev_bool(e, "incomplete", true);
	if (named)
		bac_write_confirmed(&o, h->a.service, q ? &qr : NULL,
		    type == BAC_COMPLEX_ACK ? y->r : NULL);
	bac_write_close(&o);
	if (type == BAC_ERROR)
		bac_write_error(&o, h->a.service, y->r);
	else if (type == BAC_REJECT || type == BAC_ABORT)
		put_refusal(e, &y->h->a);
	bac_write_end(&o);
	if (y && y->incomplete)
		e->ot.result = TEXT("incomplete");
	if (!y)
		ev_unanswered(e, c);
	else if (q)
		ev_answered(e, c, at);
	else if (!e->ot.result.n)
		e->ot.result = TEXT("ok");
	if (q && q->h.n.has_src)        /* a client behind a router */
		bac_subject(c, e, "bacnet.npdu", EV_SRC, &q->h.vl, &q->h.n);
	if (y && !(type == BAC_ABORT && !y->h->a.srv))
		bac_identify(c, &o, "bacnet.device", q ? EV_DEST : EV_SRC, q ? &q->h.vl : &y->h->vl,
		    &y->h->n);
	ev_emit(e);
	if (q && rd_bad(&qr))
		bad_request(c, at, side);
}

static enum verdict
unconfirmed(struct dctx *c, const struct bac_hdr *h, struct rd *r)
{
	static const char *const source[] = { [0] = "bacnet.i-am", [1] = "bacnet.i-have",
		[13] = "bacnet.who-am-i" };
	struct ev *e = ev_begin(c, "bacnet", &c->when, c->side);
	struct bac_out o;
	uint8_t s = h->a.service;

	bac_out_begin(&o, e);
	put_header(e, h, bac_unconfirmed(s), false);
	bac_write_unconfirmed(&o, s, r);
	bac_write_end(&o);
	bac_identify(c, &o, s < COUNT(source) && source[s] ? source[s] : "bacnet.npdu", EV_SRC,
	    &h->vl, &h->n);
	ev_emit(e);
	return DIS_OK;
}

/* ---- confirmed -------------------------------------------------------- */

static void
req_fill(struct bac_req *q, const struct bac_hdr *h, struct rd *r)
{
	uint32_t n = rd_have(r);
	const uint8_t *p;

	q->h = *h;
	q->bytes = rd_left(r);
	q->segments = h->a.seg;
	q->n = (uint16_t)(n < BAC_REQ_DATA ? n : BAC_REQ_DATA);
	if ((p = rd_bytes(r, q->n)) && q->n)
		memcpy(q->data, p, q->n);
}

/* A request that waited without a flow got no answer. */
static void
link_expire(struct dctx *c, struct bac_wait *w)
{
	struct dctx d;
	struct pkt k;

	bac_wait_ctx(&d, &k, c, w);
	exchange(&d, &w->q, &w->when, 0, NULL);
}

/* The waiting request that this PDU of the client itself belongs to. */
static struct bac_req *
own_request(struct dctx *c, uint64_t key, struct pend **p)
{
	struct dctx o = *c;
	struct bac_wait *w;

	*p = NULL;
	if (!c->flow) {
		w = bac_wait_find(c, key);
		return w ? &w->q : NULL;
	}
	o.side = !c->side;
	*p = pend_find(&o, key);
	return *p ? (struct bac_req *)(*p)->data : NULL;
}

static enum verdict
confirmed(struct dctx *c, const struct bac_hdr *h, struct rd *r)
{
	uint64_t key = key_of(c, h, false);
	struct bac_req q, *was;
	struct pend *p;

	if (h->a.seg && h->a.seq != 0) {
		/* What its first segment holds is kept, the others are counted. */
		if ((was = own_request(c, key, &p)) && was->h.a.seq + 1 == h->a.seq) {
			was->segments++;
			was->bytes += rd_left(r);
			was->h.a.seq = h->a.seq;
		}
		return DIS_OK;
	}
	req_fill(&q, h, r);
	if (c->flow)
		pend_put(c, key, &q, offsetof(struct bac_req, data) + q.n);
	else
		bac_wait_put(c, key, &q, link_expire);
	return DIS_OK;
}

/* Whether an answer of this service may belong to that request. */
static bool
fits(const struct bac_req *q, const struct bac_apdu *a)
{
	return a->type == BAC_REJECT || a->type == BAC_ABORT || q->h.a.service == a->service;
}

static enum verdict
answered(struct dctx *c, const struct bac_hdr *h, struct rd *r)
{
	bool by_client = h->a.type == BAC_ABORT && !h->a.srv, lost = false;
	uint64_t key = key_of(c, h, !by_client);
	struct reply y = { .h = h, .r = r };
	struct rd whole;
	struct bac_answer *s = NULL;
	struct bac_req *q = NULL;
	struct pend *p = NULL;
	struct bac_wait *w = NULL;

	if (h->a.type == BAC_COMPLEX_ACK && h->a.seg) {
		lost = !h->a.more && !bac_answer_find(c, key, c->side);
		s = bac_answer_add(c, key, &h->a, r);
		if (!s && !lost)
			return DIS_OK;
		whole = s ? rd_init(s->data, s->n, s->total) : rd_init("", 0, 1);
		y.r = &whole;
		y.segments = s ? s->segments : 1;
		y.incomplete = !s || (s->gap && s->n < sizeof(s->data));
	} else if ((s = bac_answer_find(c, key, by_client ? !c->side : c->side))) {
		bac_answer_drop(s);     /* broken off */
	}
	if (!c->flow) {
		if ((w = bac_wait_find(c, key)))
			q = &w->q;
	} else if (by_client) {
		q = own_request(c, key, &p);
	} else if ((p = pend_find(c, key))) {
		q = (struct bac_req *)p->data;
	}
	if (q && !fits(q, &h->a))
		q = NULL;
	if (!q && lost && !s)
		return DIS_OK;          /* the tail of something older than the capture */
	if (!q) {
		exchange(c, NULL, &c->when, c->side, &y);
	} else if (w) {
		struct dctx d;
		struct pkt k;
		bac_wait_ctx(&d, &k, c, w);
		exchange(&d, q, &w->when, 0, &y);
		w->eng = NULL;
	} else {
		exchange(c, q, &p->when, p->side, &y);
		pend_done(c, p);
	}
	if (y.r != r && rd_bad(y.r)) {
		c->why = "RESPONSE_PARAMETERS";
		return DIS_BAD;
	}
	return DIS_OK;
}

/* ---- the layers below -------------------------------------------------- */

static enum verdict
message(struct dctx *c, const struct bac_hdr *h, struct rd *r)
{
	struct ev *e = ev_begin(c, "bacnet", &c->when, c->side);
	struct ident *i;

	bac_write_vl(e, &h->vl);
	bac_write_npdu(e, &h->n, r);
	bac_message_ot(e, &h->n);
	if (h->n.type == 1 || h->n.has_src) {
		i = bac_subject(c, e, "bacnet.i-am-router", EV_SRC, &h->vl, &h->n);
		if (h->n.type == 1 || h->n.type == 7)
			i->role = TEXT("bacnet-router");
		else
			i->source = "bacnet.npdu";
	}
	ev_emit(e);
	return DIS_OK;
}

static bool
bvlc_is_request(const struct bac_vl *v)
{
	if (v->link == BAC_IP6)
		return v->fn == BVLC6_REGISTER_FD || v->fn == BVLC6_DELETE_FDT;
	return v->fn == BVLC_WRITE_BDT || v->fn == BVLC_READ_BDT || v->fn == BVLC_REGISTER_FD ||
	    v->fn == BVLC_READ_FDT || v->fn == BVLC_DELETE_FDT;
}

/* Whether v answers the request q: the acknowledgement of its own kind, or a
 * result that is good or names it. */
static bool
bvlc_answers(const struct bac_vl *v, const struct bac_vl *q, struct rd r)
{
	static const uint8_t nak[] = { 0, BVLC_WRITE_BDT, BVLC_READ_BDT, BVLC_REGISTER_FD,
		BVLC_READ_FDT, BVLC_DELETE_FDT };
	uint16_t code;

	if (v->link != q->link)
		return false;
	if (v->fn != BVLC_RESULT)
		return v->link == BAC_IP4 && v->fn == q->fn + 1 &&
		    (v->fn == BVLC_READ_BDT_ACK || v->fn == BVLC_READ_FDT_ACK);
	code = rd_be16(&r);
	if (!rd_ok(&r) || code == 0 || v->link == BAC_IP6)
		return rd_ok(&r) && (code == 0 || code >> 4 == q->fn);
	return code >> 4 < sizeof(nak) && nak[code >> 4] == q->fn;
}

static void
bvlc_event(struct dctx *c, const struct bac_req *q, const struct when *at, int side,
    const struct bac_vl *v, struct rd *r)
{
	struct ev *e = ev_begin(c, "bacnet", at, side);
	struct rd qr = q ? rd_init(q->data, q->n, q->bytes) : rd_init("", 0, 0);
	const struct bac_vl *first = q ? &q->h.vl : v;

	bac_write_vl(e, first);
	bac_bvlc_ot(e, first);
	if (q)
		bac_write_bvlc(e, first, &qr);
	if (v) {
		if (q)
			bac_put_text(e, "response", bac_tok(e, v->link == BAC_IP4 ?
			    bac_bvlc_functions : bac_bvlc6_functions, v->fn));
		bac_write_bvlc(e, v, r);
	}
	if (q && v) {
		ev_answered(e, c, at);
		if (e->ot.result.n == 2)        /* "ok": whoever does so is a BBMD */
			ev_identity(e, "bacnet.bvlc", EV_DEST)->role = TEXT("bbmd");
	} else if (q) {
		ev_unanswered(e, c);
	}
	ev_emit(e);
	if (q && rd_bad(&qr))
		bad_request(c, at, side);
}

static enum verdict
bvlc(struct dctx *c, const struct bac_hdr *h, struct rd *r)
{
	struct bac_req q;
	struct pend *p;

	if (bvlc_is_request(&h->vl)) {
		req_fill(&q, h, r);
		pend_put(c, KEY_BVLC, &q, offsetof(struct bac_req, data) + q.n);
		return DIS_OK;
	}
	p = pend_find(c, KEY_BVLC);
	if (p && bvlc_answers(&h->vl, &((struct bac_req *)p->data)->h.vl, *r)) {
		bvlc_event(c, (struct bac_req *)p->data, &p->when, p->side, &h->vl, r);
		pend_done(c, p);
	} else {
		bvlc_event(c, NULL, &c->when, c->side, &h->vl, r);
	}
	return DIS_OK;
}

/* The frame down to the NPDU. False: nothing (more) to see, *v is the verdict. */
static bool
unwrap(struct dctx *c, struct rd *r, struct bac_vl *vl, enum verdict *v)
{
	const struct pkt *k = c->k;
	struct rd head, plain;

	*v = DIS_BAD;
	*vl = (struct bac_vl){ 0 };
	if (c->flow) {
		if (!bac_vl_ip(r, vl, &c->why)) {
			*v = rd_short(r) ? DIS_OK : DIS_BAD;
			return false;
		}
		return true;
	}
	if (k->llc && k->snap_oui == ~0u) {
		vl->link = BAC_ETHERNET;
		vl->has_npdu = true;
		if (rd_peek8(r, 0) != 3) {      /* only unnumbered information carries NPDUs */
			*v = DIS_OK;
			return false;
		}
		rd_skip(r, 1);
		return true;
	}
	if (k->llc) {
		rd_skip(r, 3);                  /* time since the last frame, state */
	} else if (rd_be16(r) != 0x55ff && rd_ok(r)) {
		c->why = "MSTP_PREAMBLE";
		return false;
	}
	head = *r;
	if (!bac_vl_mstp(r, vl, &c->why)) {
		*v = rd_short(r) ? DIS_OK : DIS_BAD;
		return false;
	}
	if (!bac_mstp_checked(&head, vl, &plain, &c->why)) {
		bac_mstp_seen(c, vl, true);
		return false;
	}
	if (rd_left(&plain))
		*r = plain;
	bac_mstp_seen(c, vl, false);
	*v = DIS_OK;
	return vl->has_npdu;                    /* the token going round is counted */
}

static enum verdict
dissect(struct dctx *c, struct rd *r)
{
	struct bac_hdr h = { 0 };
	enum verdict v;

	if (!c->flow)
		bac_wait_sweep(c, false, link_expire);
	if (!unwrap(c, r, &h.vl, &v))
		return v;
	if (!h.vl.has_npdu)
		return bvlc(c, &h, r);
	if (!bac_npdu(r, &h.n, &c->why))
		return rd_short(r) ? DIS_OK : DIS_BAD;
	if (h.n.msg)
		return message(c, &h, r);
	if (!bac_apdu(r, &h.a)) {
		c->why = "APDU_HEADER";
		return rd_short(r) ? DIS_OK : DIS_BAD;
	}
	switch (h.a.type) {
	case BAC_CONFIRMED:
		return confirmed(c, &h, r);
	case BAC_UNCONFIRMED:
		return unconfirmed(c, &h, r);
	case BAC_SEGMENT_ACK:
		return DIS_OK;                  /* part of an exchange */
	default:
		return answered(c, &h, r);
	}
}

static void
expire(struct dctx *c, struct pend *p)
{
	const struct bac_req *q = (const struct bac_req *)p->data;
	struct bac_answer *s;

	if (p->key == KEY_BVLC) {
		bvlc_event(c, q, &p->when, p->side, NULL, NULL);
	} else if ((s = bac_answer_find(c, p->key, !p->side))) {
		struct bac_hdr h = q->h;
		struct rd r = rd_init(s->data, s->n, s->n + 1);
		struct reply y = { &h, &r, s->segments, true };
		h.a.type = BAC_COMPLEX_ACK;
		h.n = (struct bac_npdu){ 0 };
		exchange(c, q, &p->when, p->side, &y);
		bac_answer_drop(s);
	} else {
		exchange(c, q, &p->when, p->side, NULL);
	}
}

/* With no flow: the end of the run. */
static void
end(struct dctx *c, bool gap)
{
	if (!c->flow) {
		bac_wait_sweep(c, true, link_expire);
		bac_mstp_end(c);
	}
}

/* ---- probe ------------------------------------------------------------- */

/* 1: what a client says first, -1: an answer, 0: neither. */
static int
direction(struct rd r)
{
	struct bac_hdr h;
	const char *why;

	if (!bac_vl_ip(&r, &h.vl, &why))
		return 0;
	if (!h.vl.has_npdu) {
		if (bvlc_is_request(&h.vl))
			return 1;
		return h.vl.fn == BVLC_RESULT || (h.vl.link == BAC_IP4 &&
		    (h.vl.fn == BVLC_READ_BDT_ACK || h.vl.fn == BVLC_READ_FDT_ACK)) ? -1 : 0;
	}
	if (!bac_npdu(&r, &h.n, &why) || h.n.msg || !bac_apdu(&r, &h.a))
		return 0;
	switch (h.a.type) {
	case BAC_CONFIRMED:
		return 1;
	case BAC_SIMPLE_ACK: case BAC_COMPLEX_ACK: case BAC_ERROR: case BAC_REJECT:
		return -1;
	case BAC_SEGMENT_ACK: case BAC_ABORT:
		return h.a.srv ? -1 : 1;
	}
	return 0;
}

static enum probe
shape(struct rd r, bool hinted)
{
	struct bac_hdr h;
	const char *why = NULL;
	int type = rd_peek8(&r, 0);
	uint32_t left = rd_left(&r);

	/* on its own port one odd datagram does not yet speak against it */
	if ((type != 0x81 && type != 0x82) || left < 4)
		return hinted ? PROBE_MORE : PROBE_NO;
	if ((uint32_t)rd_peek16(&r, 2) != left)
		return hinted ? PROBE_WEAK : PROBE_NO;
	if (!bac_vl_ip(&r, &h.vl, &why))
		return hinted || rd_short(&r) ? PROBE_WEAK : PROBE_NO;
	if (!h.vl.has_npdu)
		return hinted ? PROBE_YES : PROBE_WEAK;
	if (!bac_npdu(&r, &h.n, &why))
		return hinted || rd_short(&r) ? PROBE_WEAK : PROBE_NO;
	return PROBE_YES;
}

static enum probe
probe(struct probe_in *in)
{
	int s = rd_left(&in->side[0]) ? 0 : 1;

	in->reversed = direction(in->side[s]) == (s == 0 ? -1 : 1);
	return shape(in->side[s], in->hinted);
}

/* Segments go to a table that all flows share. What is not plainly without is as if. */
static bool
alone(const struct flow *f, struct rd r)
{
	const uint8_t *p = rd_at(&r);
	uint32_t n = rd_have(&r), at = 6;

	if (n < rd_left(&r) || n < 7 || p[0] != 0x81 || (p[1] != 0x0a && p[1] != 0x0b) ||
	    p[4] != 1 || p[5] & 0x80 || (f && bac_answer_open(f)))
		return false;
	if (p[5] & 0x20)                /* to another network, and through how many more */
		at += 3u + (at + 2 < n ? p[at + 2] : 0);
	if (p[5] & 0x08 && at + 2 < n)
		at += 3u + p[at + 2];
	at += p[5] >> 5 & 1;
	if (at >= n)
		return false;
	switch (p[at] >> 4) {
	case BAC_CONFIRMED: case BAC_COMPLEX_ACK:
		return !(p[at] & 8);
	case BAC_SEGMENT_ACK:
		return false;
	}
	return true;
}

const struct dissector bacnet_dissector = {
	.name = "bacnet",
	.title = "BACnet/IP, BACnet over Ethernet and MS/TP",
	.hints = hints,
	.fields = bac_fields,
	.probe = probe,
	.dissect = dissect,
	.expire = expire,
	.end = end,
	.apart = true,
	.alone = alone,
};
