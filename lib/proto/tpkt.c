/* tpkt.c: see tpkt.h. RFC 1006, clause 6; ISO 8073 (ITU-T X.224), clause 13. */
#include "base/hex.h"
#include "proto/tpkt.h"

/* Apart from all that users remember under keys of their own. */
#define KEY_CONNECT     (1ull << 63)
#define KEY_TSDU        (1ull << 62)
#define KEY_MORE        (1ull << 61)

enum { TPKT_HEAD = 4, TPKT_MIN = 7, PARAM_CALLING = 0xc1, PARAM_CALLED = 0xc2, PARAM_SIZE = 0xc0,
	SIZE_MAX_LOG = 13 };

/* X.224, 13.5.3. */
static const struct tok reasons[] = {
	{ 0, "no_reason" }, { 1, "congestion" }, { 2, "session_not_attached" },
	{ 3, "address_unknown" }, { 128, "normal_disconnect" }, { 129, "remote_congestion" },
	{ 130, "negotiation_failed" }, { 131, "duplicate_source_reference" },
	{ 132, "mismatched_references" }, { 133, "protocol_error" },
	{ 135, "reference_overflow" }, { 136, "connection_refused" },
	{ 138, "invalid_header_length" }, { 0, NULL },
};

static const struct tok kinds[] = { { 1, "pg" }, { 2, "op" }, { 3, "basic" }, { 0, NULL } };

ssize_t
tpkt_frame(const struct rd *r)
{
	int first = rd_peek8(r, 0), second = rd_peek8(r, 1), n = rd_peek16(r, 2);

	if ((first >= 0 && first != 3) || (second >= 0 && second != 0))
		return -1;
	if (n < 0)
		return 0;
	return n < TPKT_MIN ? -1 : n;
}

static void
take_tsap(struct rd *p, uint8_t *to, uint8_t *n)
{
	uint32_t len = rd_left(p), take = len < TSAP_MAX ? len : TSAP_MAX;
	const uint8_t *b = rd_bytes(p, take);

	if (b) {
		memcpy(to, b, take);
		*n = (uint8_t)take;
	}
}

bool
tpkt_decode(struct rd *r, struct cotp *h)
{
	struct rd head;
	uint8_t code;

	memset(h, 0, sizeof(*h));
	rd_skip(r, TPKT_HEAD);
	head = rd_sub(r, rd_u8(r));
	code = rd_u8(&head);
	h->type = code & 0xf0;
	switch (h->type) {
	case COTP_DT:
	case COTP_ED:
		h->eot = rd_u8(&head) & 0x80;
		break;
	case COTP_CR:
	case COTP_CC:
		h->dst_ref = rd_be16(&head);
		h->src_ref = rd_be16(&head);
		h->cls = rd_u8(&head) >> 4;
		while (rd_left(&head)) {
			uint8_t kind = rd_u8(&head);
			struct rd p = rd_sub(&head, rd_u8(&head));
			if (kind == PARAM_CALLING)
				take_tsap(&p, h->calling, &h->calling_n);
			else if (kind == PARAM_CALLED)
				take_tsap(&p, h->called, &h->called_n);
			else if (kind == PARAM_SIZE)
				h->size = rd_u8(&p);
		}
		break;
	case COTP_DR:
	case COTP_DC:
		h->dst_ref = rd_be16(&head);
		h->src_ref = rd_be16(&head);
		if (h->type == COTP_DR)
			h->reason = rd_u8(&head);
		break;
	case COTP_ER:
		h->dst_ref = rd_be16(&head);
		h->reason = rd_u8(&head);
		break;
	default:
		rd_set_bad(&head);
	}
	if (rd_bad(&head))
		rd_set_bad(r);
	return rd_ok(&head) && rd_ok(r);
}

/* ---- what waits for an answer ------------------------------------------ */

enum { HELD = PEND_DATA - 4 };

struct waiting {
	uint16_t n;                     /* bytes held */
	uint16_t total;
	uint8_t bytes[HELD];
};

void
tpkt_hold(struct dctx *c, uint64_t key, const struct rd *whole)
{
	struct waiting *w;
	struct rd r = *whole;
	uint32_t n = rd_have(&r), total = rd_left(&r);
	const uint8_t *b;

	if (total > HELD) {
		struct rd all = r;
		gather_add(gather_begin(c, KEY_MORE | key), &all);
	}
	n = n < HELD ? n : HELD;
	b = rd_bytes(&r, n);
	if (!b || !(w = pend_new(c, key, offsetof(struct waiting, bytes) + n)))
		return;
	w->n = (uint16_t)n;
	w->total = (uint16_t)(total < UINT16_MAX ? total : UINT16_MAX);
	memcpy(w->bytes, b, n);
}

struct gather *
tpkt_held(struct dctx *c, const struct pend *p, struct rd *r)
{
	const struct waiting *w = (const struct waiting *)p->data;
	struct gather *m = NULL;

	*r = rd_init(w->bytes, w->n, w->total);
	if (w->total > HELD) {
		int side = c->side;
		c->side = p->side;
		m = gather_find(c, KEY_MORE | p->key);
		c->side = side;
		if (m)
			*r = gather_rd(m);
	}
	return m;
}

/* ---- whose stream ---------------------------------------------------- */

/* Presentation (X.226) and ACSE (X.227) say by object identifier what they carry:
 * 1.0.9506.2, the MMS abstract syntaxes. */
static bool
names_mms(const struct rd *r)
{
	static const uint8_t oid[] = { 0x28, 0xca, 0x22, 0x02 };
	struct rd v = *r;
	uint32_t n = rd_have(&v);
	const uint8_t *p = rd_bytes(&v, n);

	for (uint32_t i = 0; p && i + sizeof(oid) <= n; i++)
		if (memcmp(p + i, oid, sizeof(oid)) == 0)
			return true;
	return false;
}

/* Length octets of BER at the cursor, passed over; false when they are none. */
static bool
ber_skip_len(struct rd *r)
{
	uint8_t n = rd_u8(r);

	if (n == 0x80 || n > 0x84)
		return false;
	if (n > 0x80)
		rd_skip(r, n & 0x7f);
	return rd_ok(r);
}

/* Data transfer (X.225, 8.3.11): empty give tokens and DT, then fully encoded
 * presentation data with one value, which is an MMS PDU. */
static enum tpkt_user
osi_data(struct rd r, bool *answer)
{
	uint8_t tag;

	rd_skip(&r, 4);
	if (rd_u8(&r) != 0x61 || !ber_skip_len(&r) || rd_u8(&r) != 0x30 || !ber_skip_len(&r) ||
	    rd_u8(&r) != 0x02)
		return TPKT_OTHER;
	rd_skip(&r, rd_u8(&r));
	tag = rd_u8(&r);
	if ((tag != 0xa0 && tag != 0x81) || !ber_skip_len(&r))
		return TPKT_OTHER;
	tag = rd_u8(&r);
	*answer = tag == 0xa1 || tag == 0xa2 || tag == 0xa9;
	/* confirmed .. conclude; 0x61, 0x62..: ACSE's release, seen in data */
	if ((tag >= 0xa0 && tag <= 0xad) || (tag >= 0x85 && tag <= 0x8d))
		return TPKT_MMS;
	return TPKT_OTHER;
}

enum tpkt_user
tpkt_message(const struct rd *r, bool *answer)
{
	int a = rd_peek8(r, 0), b = rd_peek8(r, 1);

	*answer = false;
	switch (a) {
	case 0x32: {
		int param = rd_peek16(r, 6), data = rd_peek16(r, 8);
		uint32_t head = b == 2 || b == 3 ? 12 : 10;
		if ((b != 1 && b != 2 && b != 3 && b != 7) || param < 0 || data < 0)
			return TPKT_OTHER;
		*answer = b == 2 || b == 3;
		/* a block on its way down is asked for by the controller */
		if ((b == 1 || b == 3) && (rd_peek8(r, head) == 0x1b || rd_peek8(r, head) == 0x1c))
			*answer = !*answer;
		if (b == 7 && rd_peek8(r, 15) >= 0)
			*answer = (rd_peek8(r, 15) & 0xc0) != 0x40;
		return head + (uint32_t)param + (uint32_t)data >= rd_left(r) ? TPKT_S7 : TPKT_OTHER;
	}
	case 0x72: {
		int n = rd_peek16(r, 2), op = rd_peek8(r, b == 3 ? 37 : 4);
		if ((b < 1 || b > 3) && b != 0xfe && b != 0xff)
			return TPKT_OTHER;
		*answer = op == 0x32 || op == 0x33 || op == 0x02;
		return n < 0 || (n == 0 && b != 0xff) ? TPKT_OTHER : TPKT_S7PLUS;
	}
	case 0x0d:
	case 0x0e:
		*answer = a == 0x0e;
		return names_mms(r) ? TPKT_MMS : TPKT_OTHER;
	case 0x01:
		return b == 0 && rd_peek16(r, 2) == 0x0100 ? osi_data(*r, answer) : TPKT_OTHER;
	default:
		return TPKT_OTHER;
	}
}

/* What one side's first bytes tell beside whose they are. */
struct seen {
	bool answer;                    /* its first message was one */
	bool opens, refused;            /* it asked for a connection; it turned one down */
	enum tpkt_user called;          /* by the selector it called */
};

/* S7 puts kind of connection, rack and slot into two bytes; S7-plus calls by name. */
static bool
is_s7_tsap(const uint8_t *p, uint8_t n)
{
	return n == 2 && p[0] >= 1 && p[0] <= 3;
}

static enum probe
side_probe(struct rd r, enum tpkt_user user, struct seen *s)
{
	enum probe v = PROBE_NO;

	while (rd_left(&r)) {
		ssize_t n = tpkt_frame(&r);
		struct cotp h;
		struct rd pdu;

		if (n < 0)
			return PROBE_NO;
		if (n == 0)
			return PROBE_MORE;
		if ((size_t)n > rd_left(&r)) {
			/* longer than what came so far */
			pdu = rd_init(rd_at(&r), rd_have(&r), (uint32_t)n);
			r.off = r.len;
		} else {
			pdu = rd_sub(&r, (uint32_t)n);
		}
		if (!tpkt_decode(&pdu, &h))
			return rd_short(&pdu) ? PROBE_MORE : PROBE_NO;
		v = PROBE_MORE;
		switch (h.type) {
		case COTP_CR:
			s->opens = true;
			if (is_s7_tsap(h.called, h.called_n))
				s->called = TPKT_S7;
			else if (h.called_n >= 12 && memcmp(h.called, "SIMATIC-ROOT", 12) == 0)
				s->called = TPKT_S7PLUS;
			break;
		case COTP_CC:
			s->answer = true;
			break;
		case COTP_DR:
			s->refused = true;
			break;
		default:
			break;
		}
		if (h.type != COTP_DT || !rd_left(&pdu))
			continue;
		if (rd_have(&pdu) < 2)
			return PROBE_MORE;
		return tpkt_message(&pdu, &s->answer) == user ? PROBE_YES : PROBE_NO;
	}
	return v;
}

enum probe
tpkt_probe(struct probe_in *in, enum tpkt_user user)
{
	enum probe v[2] = { PROBE_MORE, PROBE_MORE };
	struct seen s[2] = { { 0 }, { 0 } };

	if (!in->tcp)
		return PROBE_NO;
	for (int i = 0; i < 2; i++)
		if (rd_left(&in->side[i]))
			v[i] = side_probe(in->side[i], user, &s[i]);
	if (v[0] == PROBE_NO || v[1] == PROBE_NO)
		return PROBE_NO;
	if (v[0] != PROBE_YES && v[1] != PROBE_YES) {
		/* turned down: no more will come, and whom was called says whose it was */
		for (int i = 0; i < 2; i++)
			if (s[i].called == user && s[!i].refused) {
				in->reversed = i;
				return PROBE_YES;
			}
		return PROBE_MORE;
	}
	in->reversed = s[1].opens || (s[0].answer && !s[0].opens);
	return PROBE_YES;
}

/* ---- connections ----------------------------------------------------- */

static struct text
tsap_text(struct ev *e, const uint8_t *p, uint8_t n)
{
	bool print = n > 2;
	char *t;

	for (uint8_t i = 0; i < n; i++)
		print &= p[i] >= 0x20 && p[i] <= 0x7e;
	if (print)
		return (struct text){ (const char *)p, n };
	t = ev_room(e, n * 2u);
	if (!t)
		return (struct text){ 0 };
	hex_put(t, p, n);
	return (struct text){ t, n * 2u };
}

/* One event for a connection request, its answer, or both. */
static void
report(struct dctx *c, const struct cotp *q, const struct when *at, const struct cotp *a, int side)
{
	struct ev *e = ev_begin(c, c->self->name, at ? at : &c->when, side);
	const struct cotp *h = q ? q : a;
	uint8_t size = a && a->size ? a->size : h->size;

	ev_obj(e, "cotp");
	ev_uint(e, "src_ref", q ? q->src_ref : a->dst_ref);
	if (a)
		ev_uint(e, "dst_ref", a->src_ref);
	ev_str(e, "calling_tsap", tsap_text(e, h->calling, h->calling_n));
	ev_str(e, "called_tsap", tsap_text(e, h->called, h->called_n));
	if (size && size <= SIZE_MAX_LOG)
		ev_uint(e, "tpdu_size", 1u << size);
	if (is_s7_tsap(h->called, h->called_n)) {
		uint8_t rack = h->called[1] >> 5, slot = h->called[1] & 0x1f;
		ev_cstr(e, "connection", tok_find(kinds, h->called[0]));
		ev_uint(e, "rack", rack);
		ev_uint(e, "slot", slot);
		e->ot.object = ev_text(e, "rack %u slot %u", rack, slot);
	} else {
		e->ot.object = tsap_text(e, h->called, h->called_n);
	}
	if (a && a->type == COTP_DR)
		ev_uint(e, "reason", a->reason);
	ev_end(e);
	e->ot.op = OT_CONNECT;
	e->ot.service = TEXT("COTP connect");
	if (a && a->type != COTP_CC) {
		const char *s = tok_find(reasons, a->reason);
		e->ot.result = s ? text_c(s) : ev_text(e, "reason_%u", a->reason);
	}
	if (q && a)
		ev_answered(e, c, at);
	else if (!a)
		ev_unanswered(e, c);
	else if (!e->ot.result.n)
		e->ot.result = TEXT("ok");
	ev_emit(e);
}

/* A release, or an error report, amid a connection. */
static void
report_end(struct dctx *c, const struct cotp *h)
{
	struct ev *e = ev_begin(c, c->self->name, &c->when, c->side);
	const char *s = tok_find(reasons, h->reason);

	ev_obj(e, "cotp");
	ev_uint(e, "src_ref", h->src_ref);
	ev_uint(e, "dst_ref", h->dst_ref);
	ev_uint(e, "reason", h->reason);
	ev_end(e);
	e->ot.op = h->type == COTP_ER ? OT_ERROR : OT_CONNECT;
	e->ot.service = h->type == COTP_ER ? TEXT("COTP error") : TEXT("COTP disconnect");
	e->ot.result = s ? text_c(s) : ev_text(e, "reason_%u", h->reason);
	ev_emit(e);
}

bool
tpkt_expire(struct dctx *c, struct pend *p)
{
	if (p->key != KEY_CONNECT)
		return false;
	report(c, (const struct cotp *)p->data, &p->when, NULL, p->side);
	return true;
}

/* A TPDU that carries no data. */
static __attribute__((noinline)) void
connection(struct dctx *c, const struct cotp *h)
{
	struct pend *w;

	switch (h->type) {
	case COTP_CR:
		pend_put(c, KEY_CONNECT, h, sizeof(*h));
		break;
	case COTP_CC:
	case COTP_DR:
	case COTP_ER:
		if ((w = pend_find(c, KEY_CONNECT))) {
			report(c, (const struct cotp *)w->data, &w->when, h, w->side);
			pend_done(c, w);
		} else if (h->type == COTP_CC) {
			report(c, NULL, NULL, h, !c->side);
		} else {
			report_end(c, h);
		}
		break;
	default:
		break;
	}
}

/* One that is not what most are. */
static __attribute__((noinline)) enum tpkt_got
other_tpdu(struct dctx *c, struct rd *r, struct rd *message, struct gather **m)
{
	struct cotp h;

	if (!tpkt_decode(r, &h))
		return TPKT_BAD;
	if (h.type != COTP_DT) {
		connection(c, &h);
		return TPKT_NONE;
	}
	*m = gather_find(c, KEY_TSDU);
	if (!*m && h.eot) {
		*message = *r;
		rd_skip(r, rd_left(r));
		return rd_left(message) ? TPKT_DATA : TPKT_NONE;
	}
	if (!rd_left(r) && !h.eot) {            /* S7 acknowledges with empty ones */
		*m = NULL;
		return TPKT_NONE;
	}
	if (!*m)
		*m = gather_begin(c, KEY_TSDU);
	gather_add(*m, r);
	if (!h.eot) {
		*m = NULL;
		return TPKT_NONE;
	}
	*message = gather_rd(*m);
	return TPKT_DATA;
}

enum tpkt_got
tpkt_read(struct dctx *c, struct rd *r, struct rd *message, struct gather **m)
{
	static const uint8_t whole[] = { 2, COTP_DT, 0x80 };

	*m = NULL;
	/* nearly always: a message in one TPDU */
	if (rd_have(r) <= TPKT_MIN || rd_have(r) < rd_left(r) ||
	    memcmp(rd_at(r) + TPKT_HEAD, whole, sizeof(whole)) != 0 ||
	    gather_find(c, KEY_TSDU))
		return other_tpdu(c, r, message, m);
	rd_skip(r, TPKT_MIN);
	*message = *r;
	rd_skip(r, rd_left(r));
	return TPKT_DATA;
}
