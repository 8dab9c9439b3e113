/* kerberos.c: Kerberos 5 (RFC 4120) over UDP and TCP (four bytes of length before it):
 * which realm and which services tickets are asked for, why not, and with what
 * encryption. Who asks is never written.
 *
 *     [APPLICATION 10..30] SEQUENCE { [0] .. [12], by message }
 *     request  [1] 5, [2] type, [4] { [2] realm, [3] service, [8] SEQUENCE OF type }
 *     reply    [0] 5, [1] type, [3] realm, [4] client, [5] ticket, [6] { [0] type .. }
 *     error    [0] 5, [1] 30, [6] code, [9] realm, [10] service */
#include "proto/ber.h"
#include "proto/proto.h"

enum { AS_REQ = 10, AS_REP, TGS_REQ, TGS_REP, AP_REQ, AP_REP, KRB_ERROR = 30, ETYPES = 16 };

static const struct tok types[] = { { 10, "as" }, { 11, "as" }, { 12, "tgs" }, { 13, "tgs" },
	{ 14, "ap" }, { 15, "ap" }, { 20, "safe" }, { 21, "priv" }, { 22, "cred" },
	{ 30, "error" }, { 0, NULL } };
static const struct tok etypes[] = { { 1, "des-cbc-crc" }, { 2, "des-cbc-md4" },
	{ 3, "des-cbc-md5" }, { 16, "des3-cbc-sha1" }, { 17, "aes128-cts-hmac-sha1-96" },
	{ 18, "aes256-cts-hmac-sha1-96" }, { 19, "aes128-cts-hmac-sha256-128" },
	{ 20, "aes256-cts-hmac-sha384-192" }, { 23, "rc4-hmac" }, { 24, "rc4-hmac-exp" },
	{ 0xffffff7b, "rc4-hmac-old" }, { 0xffffff80, "rc4-md4" },
	{ 0xffffff79, "rc4-hmac-old-exp" }, { 0, NULL } };
static const struct tok errors[] = { { 6, "client_unknown" }, { 7, "service_unknown" },
	{ 12, "policy" }, { 13, "bad_option" }, { 14, "etype_unsupported" },
	{ 17, "transited_unsupported" }, { 18, "client_revoked" }, { 23, "key_expired" },
	{ 24, "preauth_failed" }, { 25, "preauth_required" }, { 29, "service_unavailable" },
	{ 31, "bad_integrity" }, { 32, "ticket_expired" }, { 34, "repeat" }, { 37, "skew" },
	{ 41, "modified" }, { 52, "response_too_big" }, { 60, "generic" }, { 68, "wrong_realm" },
	{ 0, NULL } };

enum { NAME = 96 };
struct msg {
	uint8_t type, n, realm_n, service_n;
	int32_t error, cipher;
	bool has_cipher, bad;
	int32_t etype[ETYPES];
	char realm[64], service[NAME];
};

static unsigned
copy(char *d, unsigned room, struct rd v)
{
	uint32_t n = rd_have(&v);
	const uint8_t *p;

	if (n > room)
		n = room;
	p = rd_bytes(&v, n);
	if (p)
		memcpy(d, p, n);
	return p ? n : 0;
}

static struct rd
inner(const struct ber *b)
{
	struct rd v = b->v;
	struct ber s;

	return ber_next(&v, &s) ? s.v : rd_init(NULL, 0, 0);
}

/* PrincipalName of a service: one of a single part may be a person's. */
static void
service(struct msg *m, const struct ber *b)
{
	struct rd v = inner(b);
	struct ber x, part;
	unsigned parts = 0;

	m->service_n = 0;
	while (ber_next(&v, &x)) {
		struct rd names;
		if (x.first != 0xa1)
			continue;
		names = inner(&x);
		while (ber_next(&names, &part) && m->service_n < NAME - 1) {
			if (parts++)
				m->service[m->service_n++] = '/';
			m->service_n = (uint8_t)(m->service_n + copy(m->service + m->service_n,
			    NAME - 1u - m->service_n, part.v));
		}
	}
	if (parts < 2)
		m->service_n = 0;
}

static void
body(struct msg *m, const struct ber *b)
{
	struct rd v = inner(b), list;
	struct ber x, t;

	while (ber_next(&v, &x)) {
		switch (x.first) {
		case 0xa2: m->realm_n = (uint8_t)copy(m->realm, sizeof(m->realm), inner(&x)); break;
		case 0xa3: service(m, &x); break;
		case 0xa8:
			list = inner(&x);
			while (m->n < ETYPES && ber_take(&list, BER_INT, &t))
				m->etype[m->n++] = (int32_t)ber_int(t.v);
			break;
		default: break;
		}
	}
	m->bad |= rd_bad(&v);
}

static void
cipher(struct msg *m, const struct ber *b)
{
	struct rd v = inner(b);
	struct ber x;

	if (ber_take(&v, 0xa0, &x)) {
		m->cipher = (int32_t)ber_int(inner(&x));
		m->has_cipher = true;
	}
}

/* A ticket: [1] realm, [2] service, [3] what it is encrypted with. */
static void
ticket(struct msg *m, const struct ber *b)
{
	struct rd v = b->v;
	struct ber t, s, x;

	if (!ber_take(&v, 0x61, &t) || !ber_take(&t.v, BER_SEQ, &s))
		return;
	while (ber_next(&s.v, &x)) {
		if (x.first == 0xa1)
			m->realm_n = (uint8_t)copy(m->realm, sizeof(m->realm), inner(&x));
		else if (x.first == 0xa2)
			service(m, &x);
		else if (x.first == 0xa3)
			cipher(m, &x);
	}
}

static bool
decode(struct rd r, struct msg *m)
{
	struct ber app, s, x;
	bool five = false;

	memset(m, 0, sizeof(*m));
	if (!ber_next(&r, &app) || (app.first & 0xe0) != 0x60 || !tok_find(types, app.number) ||
	    !ber_take(&app.v, BER_SEQ, &s))
		return false;
	m->type = (uint8_t)app.number;
	while (ber_next(&s.v, &x)) {
		if ((x.first & 0xe0) != 0xa0)
			return false;
		if (x.number <= 2 && (m->type == AS_REQ || m->type == TGS_REQ ? x.number == 1 :
		    x.number == 0))
			five = ber_uint(inner(&x)) == 5;
		if (m->type == AS_REQ || m->type == TGS_REQ) {
			if (x.number == 4)
				body(m, &x);
		} else if (m->type == AS_REP || m->type == TGS_REP) {
			if (x.number == 5)
				ticket(m, &x);
		} else if (m->type == AP_REQ) {
			if (x.number == 3)
				ticket(m, &x);
		} else if (m->type == KRB_ERROR) {
			if (x.number == 6)
				m->error = (int32_t)ber_int(inner(&x));
			else if (x.number == 9)
				m->realm_n = (uint8_t)copy(m->realm, sizeof(m->realm), inner(&x));
			else if (x.number == 10)
				service(m, &x);
		}
	}
	m->bad |= rd_bad(&s.v) || rd_bad(&app.v);
	return five;
}

static bool
is_request(uint8_t type)
{
	return type == AS_REQ || type == TGS_REQ;
}

static ssize_t
kerberos_frame(const struct dctx *c, const struct rd *r)
{
	struct rd p = *r;
	uint32_t n = rd_be32(&p);

	(void)c;
	if (!rd_ok(&p))
		return 0;
	return n < 8 || n > LIM_PDU ? -1 : (ssize_t)n + 4;
}

static enum probe
kerberos_probe(struct probe_in *in)
{
	for (int side = 0; side < 2; side++) {
		struct rd r = in->side[side];
		struct msg m;

		if (!rd_left(&r))
			continue;
		if (in->tcp) {
			if (kerberos_frame(NULL, &r) < 0)
				return PROBE_NO;
			if (rd_have(&r) < 16)
				return PROBE_MORE;
			rd_skip(&r, 4);
		}
		if (!decode(r, &m))
			return PROBE_NO;
		in->reversed = is_request(m.type) == (side == 1);
		return PROBE_YES;
	}
	return PROBE_NO;
}

static bool
weak_etype(int32_t t, bool *des)
{
	const char *s = tok_find(etypes, (uint32_t)t);

	*des = t >= 1 && t <= 3;
	return s && (*des || memcmp(s, "rc4", 3) == 0);
}

static void
report(struct dctx *c, const struct msg *q, const struct when *when, const struct msg *a)
{
	struct ev *e = ev_begin(c, "kerberos", when, q ? 0 : c->side);
	const struct msg *p = q ? q : a, *named = a && a->service_n ? a : p;
	bool rc4 = false, des = false, d;
	const char *s;

	ev_cstr(e, "type", tok_find(types, p->type));
	ev_str(e, "realm", ((struct text){ named->realm, named->realm_n }));
	ev_str(e, "service", ((struct text){ named->service, named->service_n }));
	if (q && q->n) {
		ev_arr(e, "etypes");
		for (unsigned i = 0; i < q->n; i++) {
			s = tok_find(etypes, (uint32_t)q->etype[i]);
			ev_a_str(e, s ? text_c(s) : ev_text(e, "%d", q->etype[i]));
		}
		ev_end(e);
	}
	if (a && a->has_cipher) {
		s = tok_find(etypes, (uint32_t)a->cipher);
		ev_str(e, "ticket_etype", s ? text_c(s) : ev_text(e, "%d", a->cipher));
		if (weak_etype(a->cipher, &d)) {
			des = d;
			rc4 = !d;
		}
	}
	/* a client that offers no better; one that only also offers it is no finding */
	if (q && q->n) {
		bool better = false;
		for (unsigned i = 0; i < q->n; i++)
			better |= q->etype[i] == 16 || (q->etype[i] >= 17 && q->etype[i] <= 20);
		for (unsigned i = 0; i < q->n && !better; i++)
			if (weak_etype(q->etype[i], &d)) {
				des |= d;
				rc4 |= !d;
			}
	}
	if (rc4 || des) {
		ev_arr(e, "weak");
		if (rc4)
			ev_a_str(e, TEXT("rc4"));
		if (des)
			ev_a_str(e, TEXT("des"));
		ev_end(e);
	}
	if (a && a->type == KRB_ERROR)
		ev_int(e, "error_code", a->error);
	e->ot.op = OT_AUTH;
	e->ot.service = text_c(tok_find(types, p->type));
	e->ot.object = (struct text){ named->service, named->service_n };
	if (!a)
		ev_unanswered(e, c);
	else if (q)
		ev_answered(e, c, when);
	else
		e->ot.result = TEXT("ok");
	if (a && a->type == KRB_ERROR) {
		s = tok_find(errors, (uint32_t)a->error);
		e->ot.result = s ? text_c(s) : ev_text(e, "error_%d", a->error);
	}
	ev_emit(e);
}

static enum verdict
kerberos_dissect(struct dctx *c, struct rd *r)
{
	struct pend *w;
	struct msg m, q;
	struct when when;

	if (c->tcp)
		rd_skip(r, 4);
	if (!decode(*r, &m)) {
		c->why = "SYNTAX";
		return c->cut ? DIS_OK : DIS_BAD;
	}
	if (is_request(m.type)) {
		pend_put(c, m.type, &m, sizeof(m));
	} else {
		w = m.type == KRB_ERROR ? pend_oldest(c) : pend_find(c, m.type - 1u);
		if (w) {
			q = *(const struct msg *)w->data;
			when = w->when;
			pend_done(c, w);
			report(c, &q, &when, &m);
		} else {
			report(c, NULL, &c->when, &m);
		}
	}
	if (m.bad && !c->cut)
		c->why = "SYNTAX";
	return c->why ? DIS_BAD : DIS_OK;
}

static void
kerberos_expire(struct dctx *c, struct pend *p)
{
	report(c, (const struct msg *)p->data, &p->when, NULL);
}

static const struct hint hints[] = { { HINT_UDP, 88 }, { HINT_TCP, 88 }, { HINT_END, 0 } };

static const struct field fields[] = {
	{ "kerberos.type", "string", "as, tgs, ap, error, ..." },
	{ "kerberos.realm", "string", "realm" },
	{ "kerberos.service", "string", "the service a ticket is for; never the client" },
	{ "kerberos.etypes", "array", "encryption the client offers" },
	{ "kerberos.ticket_etype", "string", "encryption of the ticket" },
	{ "kerberos.weak", "array", "rc4, des: of the ticket, or all that the client offers" },
	{ "kerberos.error_code", "integer", "error" },
	{ NULL },
};

const struct dissector kerberos_dissector = {
	.name = "kerberos",
	.title = "Kerberos 5",
	.hints = hints,
	.fields = fields,
	.probe = kerberos_probe,
	.frame = kerberos_frame,
	.dissect = kerberos_dissect,
	.expire = kerberos_expire,
};
