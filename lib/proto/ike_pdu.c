/* IKE messages, decoded: see ike.h.
 *
 *     SPI(8), SPI(8), next payload, version, exchange, flags, message id(4), length(4)
 *     payload: next payload, reserved, length(2), body
 *
 * Identities, certificates and keys are passed over. */
#include "proto/ike.h"

enum { P_SA1 = 1, P_HASH1 = 8, P_NOTIFY1 = 11, P_VENDOR1 = 13, P_SA2 = 33, P_NOTIFY2 = 41,
	P_VENDOR2 = 43, P_ENCRYPTED = 46, P_FRAGMENT = 53, PAYLOADS = 64 };
enum { FLAG_ENCRYPTED = 1 };

bool
ike_head(struct rd *r, struct ike_msg *m)
{
	const uint8_t *p = rd_bytes(r, 16);

	memset(m, 0, sizeof(*m));
	if (!p)
		return false;
	memcpy(m->ispi, p, 8);
	memcpy(m->rspi, p + 8, 8);
	m->first = rd_u8(r);
	m->version = rd_u8(r);
	m->exchange = rd_u8(r);
	m->flags = rd_u8(r);
	m->id = rd_be32(r);
	m->length = rd_be32(r);
	return rd_ok(r) && (m->version >> 4 == 1 || m->version >> 4 == 2) &&
	    (m->version & 15) == 0 && ike_exchange(m->exchange) && m->length >= IKE_HEAD &&
	    (m->version >> 4 == 2) == (m->exchange >= IKE_SA_INIT);
}

/* Version 1: attributes, of two bytes or with a length. */
static void
attributes(struct rd r, struct ike_msg *m)
{
	while (rd_left(&r) >= 4) {
		uint16_t type = rd_be16(&r), v = rd_be16(&r);

		if (!(type & 0x8000)) {
			rd_skip(&r, v);
			continue;
		}
		switch (type & 0x7fff) {
		case 1: m->encryption = v; break;
		case 2: m->hash = v; break;
		case 3: m->auth = v; m->has_auth = true; break;
		case 4: m->group = v; break;
		case 14: m->key_bits = v; break;
		default: break;
		}
	}
}

static void
transform2(struct rd r, struct ike_msg *m)
{
	uint8_t type = rd_u8(&r);
	uint16_t id, *where;

	rd_skip(&r, 1);
	id = rd_be16(&r);
	where = type == 1 ? &m->encryption : type == 2 ? &m->prf : type == 3 ? &m->hash :
	    type == 4 ? &m->group : NULL;
	if (!rd_ok(&r) || !where || *where)
		return;
	*where = id;
	while (type == 1 && rd_left(&r) >= 4) {
		uint16_t a = rd_be16(&r), v = rd_be16(&r);
		if (a == 0x800e)
			m->key_bits = v;
		else if (!(a & 0x8000))
			rd_skip(&r, v);
	}
}

static bool
association(struct rd r, struct ike_msg *m)
{
	unsigned v = m->version >> 4;

	m->sa = true;
	if (v == 1)
		rd_skip(&r, 8);         /* domain of interpretation, situation */
	while (rd_left(&r)) {
		struct rd p;
		uint16_t n;
		uint8_t spi;

		rd_skip(&r, 2);
		n = rd_be16(&r);
		if (n < 8)
			rd_set_bad(&r);
		p = rd_sub(&r, n - 4u);
		m->proposals++;
		rd_skip(&p, 2);
		spi = rd_u8(&p);
		rd_skip(&p, 1u + spi);
		while (rd_left(&p)) {
			struct rd t;

			rd_skip(&p, 2);
			n = rd_be16(&p);
			if (n < 8)
				rd_set_bad(&p);
			t = rd_sub(&p, n - 4u);
			if (v == 1 && !m->transforms) {
				rd_skip(&t, 4);
				attributes(t, m);
			} else if (v == 2 && m->proposals == 1) {
				transform2(t, m);
			}
			m->transforms++;
		}
		if (rd_bad(&p))
			rd_set_bad(&r);
	}
	return !rd_bad(&r);
}

static void
notify(struct rd r, struct ike_msg *m)
{
	uint16_t type;

	rd_skip(&r, m->version >> 4 == 1 ? 6 : 2);
	type = rd_be16(&r);
	if (rd_ok(&r) && type && type < 8192 && !m->has_error) {
		m->has_error = true;
		m->error = type;
	}
}

static void
vendor(struct rd r, struct ike_msg *m)
{
	unsigned i = rd_have(&r) ? ike_vendor_find(rd_at(&r), rd_have(&r)) : 0;

	if (!i) {
		m->unknown_vendors += m->unknown_vendors < 255;
		return;
	}
	for (unsigned k = 0; k < m->nvendor; k++)
		if (m->vendor[k] == i)
			return;
	if (m->nvendor < IKE_VENDORS)
		m->vendor[m->nvendor++] = (uint8_t)i;
}

bool
ike_body(struct rd r, struct ike_msg *m)
{
	uint8_t next = m->first;
	bool good = true;

	if (m->version >> 4 == 1 && m->flags & FLAG_ENCRYPTED)
		return true;
	for (unsigned i = 0; next && i < PAYLOADS && rd_left(&r); i++) {
		uint8_t type = next;
		struct rd p;
		uint16_t n;

		if (type == P_ENCRYPTED || type == P_FRAGMENT)
			return good;
		next = rd_u8(&r);
		rd_skip(&r, 1);
		n = rd_be16(&r);
		if (n < 4)
			rd_set_bad(&r);
		p = rd_sub(&r, n - 4u);
		if (rd_bad(&r))
			return false;
		switch (type) {
		case P_SA1: case P_SA2:
			good = association(p, m) && good;
			break;
		case P_NOTIFY1: case P_NOTIFY2:
			notify(p, m);
			break;
		case P_VENDOR1: case P_VENDOR2:
			vendor(p, m);
			break;
		case P_HASH1:
			m->has_hash = true;
			break;
		default:
			break;
		}
	}
	return good && !(next && !rd_left(&r) && rd_ok(&r));
}
