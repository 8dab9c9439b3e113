/* snmp_pdu.c: the decode half of SNMP (RFC 1157, 3416, 3412, 3414).
 *
 *     SEQUENCE { version 0 or 1, community, PDU }
 *     SEQUENCE { version 3, SEQUENCE { id, max size, flags, model },
 *                OCTET STRING { SEQUENCE { engine, boots, time, user, auth, priv } },
 *                SEQUENCE { engine, context, PDU } or OCTET STRING, encrypted }
 *     PDU  { request id, error, index, SEQUENCE OF SEQUENCE { name, value } }
 *     trap of version 1 { enterprise, agent, generic, specific, time, variables } */
#include "proto/snmp.h"

static int64_t
integer(struct rd *r)
{
	struct ber b;

	if (!ber_take(r, BER_INT, &b) || !b.v.len || b.v.len > 5) {
		rd_set_bad(r);
		return 0;
	}
	return ber_int(b.v);
}

static bool
pdu(struct rd *r, struct snmp_msg *m)
{
	struct ber p, b;

	if (!ber_next(r, &p) || p.first < SNMP_GET || p.first > SNMP_REPORT)
		return false;
	m->pdu = p.first;
	if (p.first == SNMP_TRAP1) {
		if (!ber_take(&p.v, BER_OID, &b))
			return false;
		m->enterprise = b.v;
		if (!ber_take(&p.v, 0x40, &b))
			return false;
		const uint8_t *a = b.v.len == 4 ? rd_bytes(&b.v, 4) : NULL;
		m->has_agent = a != NULL;
		if (a)
			memcpy(m->agent, a, 4);
		m->generic = integer(&p.v);
		m->specific = integer(&p.v);
		ber_take(&p.v, 0x43, &b);
	} else {
		m->id = (uint32_t)integer(&p.v);
		m->error = integer(&p.v);
		m->index = integer(&p.v);
	}
	if (!rd_ok(&p.v))
		return rd_short(&p.v);
	if (!ber_take(&p.v, BER_SEQ, &b)) {
		m->why = rd_short(&p.v) ? NULL : "VARIABLES";
		return true;
	}
	m->vars = b.v;
	return true;
}

static bool
version3(struct rd *r, struct snmp_msg *m)
{
	struct ber b, s;
	const uint8_t *flags;

	if (!ber_take(r, BER_SEQ, &b))
		return false;
	m->id = (uint32_t)integer(&b.v);
	integer(&b.v);
	if (!ber_take(&b.v, BER_OCTETS, &s) || s.v.len != 1 || !(flags = rd_bytes(&s.v, 1)))
		return false;
	m->flags = *flags;
	integer(&b.v);
	if (!rd_ok(&b.v) || !ber_take(r, BER_OCTETS, &b))
		return false;
	if (ber_take(&b.v, BER_SEQ, &s)) {
		struct ber x;
		if (ber_take(&s.v, BER_OCTETS, &x)) {
			m->engine_n = rd_have(&x.v);
			m->engine = rd_bytes(&x.v, m->engine_n);
		}
		integer(&s.v);
		integer(&s.v);
		m->user = ber_take(&s.v, BER_OCTETS, &x) && x.v.len;
	}
	if (rd_peek8(r, 0) == BER_OCTETS)
		return m->flags & SNMP_PRIV;
	if (!ber_take(r, BER_SEQ, &b))
		return rd_short(r);
	return ber_take(&b.v, BER_OCTETS, &s) && ber_take(&b.v, BER_OCTETS, &s) && pdu(&b.v, m);
}

bool
snmp_decode(struct rd r, struct snmp_msg *m)
{
	struct ber b, s;

	memset(m, 0, sizeof(*m));
	if (!ber_take(&r, BER_SEQ, &b) || b.open)
		return false;
	if (!ber_take(&b.v, BER_INT, &s) || s.v.len != 1)
		return false;
	m->version = (uint8_t)ber_uint(s.v);
	if (m->version == 3)
		return version3(&b.v, m);
	if (m->version > 1 || !ber_take(&b.v, BER_OCTETS, &s))
		return false;
	m->community_n = rd_have(&s.v);
	m->community = rd_bytes(&s.v, m->community_n);
	return pdu(&b.v, m);
}

bool
snmp_next(struct rd *vars, struct snmp_var *v)
{
	struct ber b, s;

	memset(v, 0, sizeof(*v));
	if (!ber_take(vars, BER_SEQ, &b)) {
		if (rd_left(vars))
			rd_set_bad(vars);
		return false;
	}
	if (!ber_take(&b.v, BER_OID, &s)) {
		if (!rd_short(vars))
			rd_set_bad(vars);
		return false;
	}
	v->oid = s.v;
	if (ber_next(&b.v, &s)) {
		v->type = s.first;
		v->value = s.v;
	} else if (!rd_short(&b.v)) {
		rd_set_bad(vars);
		return false;
	}
	return true;
}

unsigned
snmp_count(struct rd vars)
{
	struct snmp_var v;
	unsigned n = 0;

	while (snmp_next(&vars, &v))
		n++;
	return n;
}

bool
snmp_oid_read(struct rd r, struct snmp_oid *o)
{
	uint32_t first;

	o->n = 0;
	while (rd_left(&r) && o->n < SNMP_ARCS - 1) {
		uint64_t v = 0;
		uint8_t c;
		do {
			c = rd_u8(&r);
			v = v << 7 | (c & 0x7f);
		} while (c & 0x80 && v <= UINT32_MAX);
		if (!rd_ok(&r) || v > UINT32_MAX)
			return false;
		if (o->n) {
			o->a[o->n++] = (uint32_t)v;
			continue;
		}
		first = v < 80 ? (uint32_t)v / 40 : 2;
		o->a[0] = first;
		o->a[1] = (uint32_t)v - first * 40;
		o->n = 2;
	}
	return o->n > 0 && !rd_left(&r);
}
