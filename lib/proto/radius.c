/* radius.c: RADIUS (RFC 2865, 2866, 5176): which switch or access point asks, how
 * somebody is let in, and what came of it. Users are never named.
 *
 *      0      1    2        4               20
 *     +------+----+--------+---------------+--------------------------
 *     | code | id | length | authenticator | type, length, value ...
 *     +------+----+--------+---------------+-------------------------- */
#include "proto/eap.h"
#include "proto/enterprise.h"
#include "proto/proto.h"

static const struct tok codes[] = { { 1, "access_request" }, { 2, "access_accept" },
	{ 3, "access_reject" }, { 4, "accounting_request" }, { 5, "accounting_response" },
	{ 11, "access_challenge" }, { 12, "status_server" }, { 40, "disconnect_request" },
	{ 41, "disconnect_ack" }, { 42, "disconnect_nak" }, { 43, "coa_request" },
	{ 44, "coa_ack" }, { 45, "coa_nak" }, { 0, NULL } };
static const struct tok port_types[] = { { 0, "async" }, { 5, "virtual" }, { 15, "ethernet" },
	{ 19, "wireless" }, { 0, NULL } };
static const struct tok statuses[] = { { 1, "start" }, { 2, "stop" }, { 3, "interim" },
	{ 7, "on" }, { 8, "off" }, { 0, NULL } };

enum { MAXLEN = 4096 };

struct msg {
	uint8_t code, id, nas_n, port_type, eap_code, eap_type, status;
	bool user, password, chap, mschap, eap, signed_, has_nas_ip, has_port_type, has_eap_type;
	bool has_station, bad, cut;
	uint8_t nas_ip[4], station[6];
	uint32_t vendor;
	char nas[64];
};

static bool
decode(struct rd r, struct msg *m, bool strict)
{
	uint16_t len;
	struct eap eap;

	memset(m, 0, sizeof(*m));
	m->code = rd_u8(&r);
	m->id = rd_u8(&r);
	len = rd_be16(&r);
	rd_skip(&r, 16);
	if (rd_bad(&r) || !tok_find(codes, m->code) || len < 20 || len > MAXLEN ||
	    len - 20u > rd_left(&r) || (strict && len - 20u != rd_left(&r)))
		return false;
	r = rd_sub(&r, len - 20u);
	while (rd_left(&r)) {
		uint8_t type = rd_u8(&r), n = rd_u8(&r);
		struct rd v;
		const uint8_t *p;

		if (n < 2 || !type) {
			m->bad = rd_ok(&r);
			break;
		}
		v = rd_sub(&r, n - 2u);
		switch (type) {
		case 1: m->user = true; break;
		case 2: m->password = true; break;
		case 3: m->chap = true; break;
		case 4:
			if (v.len == 4 && (p = rd_bytes(&v, 4))) {
				memcpy(m->nas_ip, p, 4);
				m->has_nas_ip = true;
			}
			break;
		case 26:
			m->vendor = rd_be32(&v);
			if (m->vendor == 311) {
				uint8_t t = rd_u8(&v);
				m->mschap |= t == 1 || t == 25;
			}
			break;
		case 31: {              /* Calling-Station-Id: a MAC address, of LANs */
			uint32_t k = rd_have(&v);
			p = rd_bytes(&v, k);
			m->has_station = p && mac_parse(m->station, (const char *)p, k);
			break;
		}
		case 32: {
			uint32_t k = rd_have(&v) < sizeof(m->nas) ? rd_have(&v) : sizeof(m->nas);
			if ((p = rd_bytes(&v, k))) {
				memcpy(m->nas, p, k);
				m->nas_n = (uint8_t)k;
			}
			break;
		}
		case 40: m->status = (uint8_t)rd_be32(&v); break;
		case 61:
			m->port_type = (uint8_t)rd_be32(&v);
			m->has_port_type = rd_ok(&v);
			break;
		case 79:
			if (!m->eap && eap_read(v, &eap)) {
				m->eap = true;
				m->eap_code = eap.code;
				m->eap_type = eap.type;
				m->has_eap_type = eap.has_type;
			}
			break;
		case 80: m->signed_ = true; break;
		default: break;
		}
	}
	m->bad |= rd_bad(&r);
	m->cut = rd_short(&r);
	return true;
}

static bool
is_request(uint8_t code)
{
	return code == 1 || code == 4 || code == 12 || code == 40 || code == 43;
}

static enum probe
radius_probe(struct probe_in *in)
{
	for (int side = 0; side < 2; side++) {
		const struct rd *r = &in->side[side];
		struct msg m;

		if (in->tcp || !rd_left(r))
			continue;
		if (!decode(*r, &m, true) || m.bad)
			return PROBE_NO;
		in->reversed = is_request(m.code) == (side == 1);
		/* twenty bytes and nothing, or attributes that fill it to the last byte */
		if (rd_left(r) < 26)
			return PROBE_WEAK;
		return in->hinted || m.has_nas_ip || m.nas_n || m.signed_ ? PROBE_YES : PROBE_WEAK;
	}
	return PROBE_NO;
}

static void
report(struct dctx *c, const struct msg *q, const struct when *when, const struct msg *a)
{
	struct ev *e = ev_begin(c, "radius", when, q ? 0 : c->side);
	const struct msg *p = q ? q : a, *eap = q && q->eap ? q : a && a->eap ? a : NULL;
	struct ident *i;
	bool weak_eap = eap && eap->has_eap_type && eap_weak(eap->eap_type);

	ev_cstr(e, "type", tok_find(codes, p->code));
	ev_uint(e, "id", p->id);
	if (p->user)
		ev_bool(e, "user_name", true);
	ev_cstr(e, "auth", p->eap ? "eap" : p->mschap ? "mschap" : p->chap ? "chap" : p->password ?
	    "pap" : NULL);
	if (eap && eap->has_eap_type)
		ev_cstr(e, "eap_type", tok_or(eap_types, eap->eap_type, "other"));
	if (p->status)
		ev_cstr(e, "accounting", tok_find(statuses, p->status));
	ev_str(e, "nas", ((struct text){ p->nas, p->nas_n }));
	if (p->has_nas_ip) {
		struct addr x = addr_v4(p->nas_ip);
		ev_put_ip(e, "nas_ip", &x);
	}
	if (p->has_port_type)
		ev_cstr(e, "port_type", tok_find(port_types, p->port_type));
	if (p->has_station)
		ev_put_mac(e, "station_mac", p->station);
	/* RFC 9765 and CVE-2024-3596: without it an answer can be forged */
	if (q && q->code == 1 && (!q->signed_ || q->password || q->chap || q->mschap || weak_eap)) {
		ev_arr(e, "weak");
		if (!q->signed_)
			ev_a_str(e, TEXT("unsigned"));
		if (q->password || q->chap || q->mschap)
			ev_a_str(e, TEXT("password"));
		if (weak_eap)
			ev_a_str(e, TEXT("eap_type"));
		ev_end(e);
	}
	if (q && (q->nas_n || q->vendor)) {
		i = ev_identity(e, "radius", EV_SRC);
		i->hostname = (struct text){ q->nas, q->nas_n };
		if (q->vendor && q->vendor != 311)      /* Microsoft's attributes are everybody's */
			i->vendor = enterprise_vendor(q->vendor);
	}
	e->ot.op = p->code == 40 || p->code == 43 ? OT_COMMAND : p->code == 4 ? OT_REPORT : OT_AUTH;
	e->ot.service = text_c(tok_find(codes, p->code));
	if (!a) {
		ev_unanswered(e, c);
	} else {
		if (q)
			ev_answered(e, c, when);
		e->ot.result = a->code == 2 || a->code == 5 || a->code == 41 || a->code == 44 ?
		    TEXT("ok") : text_c(tok_find(codes, a->code));
	}
	ev_emit(e);
}

static enum verdict
radius_dissect(struct dctx *c, struct rd *r)
{
	struct pend *w;
	struct msg m, q;
	struct when when;

	if (!decode(*r, &m, false)) {
		c->why = "HEADER";
		return c->cut ? DIS_OK : DIS_BAD;
	}
	if (is_request(m.code)) {
		if (m.password)
			proto_credential(c, CRED_PASSWORD, CRED_DIGEST, false);
		if (m.chap || m.mschap)
			proto_credential(c, CRED_CHALLENGE, CRED_DIGEST, false);
		pend_put(c, m.id, &m, sizeof(m));
	} else if ((w = pend_find(c, m.id))) {
		q = *(const struct msg *)w->data;
		when = w->when;
		pend_done(c, w);
		report(c, &q, &when, &m);
	} else {
		report(c, NULL, &c->when, &m);
	}
	c->why = m.bad ? "ATTRIBUTE" : NULL;
	return m.bad ? DIS_BAD : DIS_OK;
}

static void
radius_expire(struct dctx *c, struct pend *p)
{
	report(c, (const struct msg *)p->data, &p->when, NULL);
}

static const struct hint hints[] = {
	{ HINT_UDP, 1812 }, { HINT_UDP, 1813 }, { HINT_UDP, 1645 }, { HINT_UDP, 1646 },
	{ HINT_UDP, 3799 }, { HINT_END, 0 },
};

static const struct field fields[] = {
	{ "radius.type", "string", "access_request, accounting_request, coa_request, ..." },
	{ "radius.id", "integer", "ties answer to request" },
	{ "radius.user_name", "boolean", "somebody is named; never who" },
	{ "radius.auth", "string", "pap, chap, mschap or eap" },
	{ "radius.eap_type", "string", "method of EAP" },
	{ "radius.accounting", "string", "start, stop, interim, on, off" },
	{ "radius.nas", "string", "name of the switch or access point that asks" },
	{ "radius.nas_ip", "string", "its address" },
	{ "radius.port_type", "string", "ethernet, wireless, virtual, ..." },
	{ "radius.station_mac", "string", "MAC address of the device that is to be let in" },
	{ "radius.weak", "array", "unsigned (no Message-Authenticator), password, eap_type" },
	{ NULL },
};

const struct dissector radius_dissector = {
	.name = "radius",
	.title = "RADIUS",
	.hints = hints,
	.fields = fields,
	.probe = radius_probe,
	.dissect = radius_dissect,
	.expire = radius_expire,
};
