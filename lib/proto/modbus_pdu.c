/* modbus_pdu.c: bytes to struct mb_pdu, and where a PDU ends; no events here. */
#include "proto/modbus.h"

#include "proto/crc16.h"

static void
take_data(struct mb_pdu *p, struct rd *r, uint32_t n)
{
	const uint8_t *d = rd_bytes(r, n);

	if (!d)
		return;
	p->n = (uint16_t)(n > MB_DATA_MAX ? MB_DATA_MAX : n);
	p->data = d;
}

/* A byte count and that many bytes, which must be all there is. */
static void
counted_data(struct mb_pdu *p, struct rd *r, unsigned expect)
{
	uint8_t n = rd_u8(r);

	if (rd_ok(r) && ((expect && n != expect) || n != rd_left(r)))
		p->bad_length = true;
	take_data(p, r, n);
}

static void
decode_request(struct mb_pdu *p, struct rd *r)
{
	switch (p->fc) {
	case 1: case 2:
		p->addr = rd_be16(r);
		p->qty = rd_be16(r);
		p->bad_value = p->qty < 1 || p->qty > 2000;
		break;
	case 3: case 4:
		p->addr = rd_be16(r);
		p->qty = rd_be16(r);
		p->bad_value = p->qty < 1 || p->qty > 125;
		break;
	case 5:
		p->addr = rd_be16(r);
		p->value = rd_be16(r);
		p->bad_value = p->value != 0 && p->value != 0xff00;
		break;
	case 6:
		p->addr = rd_be16(r);
		p->value = rd_be16(r);
		break;
	case 8:
		p->sub = rd_be16(r);
		take_data(p, r, rd_left(r));
		break;
	case 15:
		p->addr = rd_be16(r);
		p->qty = rd_be16(r);
		p->bad_value = p->qty < 1 || p->qty > 1968;
		counted_data(p, r, (p->qty + 7u) / 8);
		break;
	case 16:
		p->addr = rd_be16(r);
		p->qty = rd_be16(r);
		p->bad_value = p->qty < 1 || p->qty > 123;
		counted_data(p, r, p->qty * 2u);
		break;
	case 20: case 21:
		counted_data(p, r, 0);
		break;
	case 22:
		p->addr = rd_be16(r);
		p->and_mask = rd_be16(r);
		p->or_mask = rd_be16(r);
		break;
	case 23:
		p->addr = rd_be16(r);
		p->qty = rd_be16(r);
		p->waddr = rd_be16(r);
		p->wqty = rd_be16(r);
		p->bad_value = p->qty < 1 || p->qty > 125 || p->wqty < 1 || p->wqty > 121;
		counted_data(p, r, p->wqty * 2u);
		break;
	case 24:
		p->addr = rd_be16(r);
		break;
	case 43:
		p->sub = rd_u8(r);
		if (p->sub == 14) {
			p->dev_code = rd_u8(r);
			p->dev_object = rd_u8(r);
		} else {
			take_data(p, r, rd_left(r));
		}
		break;
	case 7: case 11: case 12: case 17:
		break;
	default:
		take_data(p, r, rd_left(r));
	}
}

static void
decode_response(struct mb_pdu *p, struct rd *r)
{
	if (p->is_exception) {
		p->exception = rd_u8(r);
		return;
	}
	switch (p->fc) {
	case 1: case 2: case 3: case 4: case 12: case 17: case 20: case 21: case 23:
		counted_data(p, r, 0);
		break;
	case 5: case 6:
		p->addr = rd_be16(r);
		p->value = rd_be16(r);
		break;
	case 7:
		p->value = rd_u8(r);
		break;
	case 8:
		p->sub = rd_be16(r);
		take_data(p, r, rd_left(r));
		break;
	case 11:
		p->value = rd_be16(r);
		p->qty = rd_be16(r);
		break;
	case 15: case 16:
		p->addr = rd_be16(r);
		p->qty = rd_be16(r);
		break;
	case 22:
		p->addr = rd_be16(r);
		p->and_mask = rd_be16(r);
		p->or_mask = rd_be16(r);
		break;
	case 24:
		p->bad_length = rd_be16(r) != rd_left(r);
		p->qty = rd_be16(r);
		take_data(p, r, rd_left(r));
		break;
	case 43:
		p->sub = rd_u8(r);
		if (p->sub == 14) {
			p->dev_code = rd_u8(r);
			p->dev_conformity = rd_u8(r);
			p->dev_more = rd_u8(r);
			rd_skip(r, 1);          /* next object id */
			p->dev_count = rd_u8(r);
		}
		take_data(p, r, rd_left(r));
		break;
	default:
		take_data(p, r, rd_left(r));
	}
}

void
modbus_decode(struct rd *r, struct mb_pdu *p, bool request)
{
	static const uint8_t none[1];
	uint8_t fc;

	memset(p, 0, sizeof(*p));
	p->data = none;
	if (rd_have(r) >= 2) {          /* both with one check */
		const uint8_t *h = rd_bytes(r, 2);
		p->unit = h[0];
		p->len = (uint16_t)(rd_left(r) + 1);
		fc = h[1];
	} else {
		p->unit = rd_u8(r);
		p->len = (uint16_t)rd_left(r);
		fc = rd_u8(r);
	}
	p->fc = fc & 0x7f;
	p->is_exception = !request && (fc & 0x80);
	if (request && (fc & 0x80))
		p->bad_value = true;
	if (request)
		decode_request(p, r);
	else
		decode_response(p, r);
	if (rd_ok(r) && rd_left(r))
		p->bad_length = true;
}

/* FC 43/14 (6.21): five bytes asked; answered by a list of id, length, text. */
static ssize_t
rtu_mei_length(const struct rd *v, bool request)
{
	uint32_t at = 8;
	int count;

	if (rd_peek8(v, 2) < 0)
		return 0;
	if (rd_peek8(v, 2) != 14)
		return -1;
	if (request)
		return 7;
	count = rd_peek8(v, 7);
	if (count < 0)
		return 0;
	for (int i = 0; i < count; i++) {
		int n = rd_peek8(v, at + 1);
		if (n < 0)
			return 0;
		at += 2 + (uint32_t)n;
	}
	return at + 2;
}

/* Length of an RTU frame with its CRC, 0: more bytes needed, -1: cannot tell. */
static ssize_t
rtu_length(const struct rd *v, bool request)
{
	int fc = rd_peek8(v, 1), n;

	if (fc < 0)
		return 0;
	if (!request && (fc & 0x80))
		return 5;
	switch (fc) {
	case 1: case 2: case 3: case 4:
		if (request)
			return 8;
		n = rd_peek8(v, 2);
		return n < 0 ? 0 : n + 5;
	case 5: case 6: case 8:
		return 8;
	case 7:
		return request ? 4 : 5;
	case 11:
		return request ? 4 : 8;
	case 15: case 16:
		if (!request)
			return 8;
		n = rd_peek8(v, 6);
		return n < 0 ? 0 : n + 9;
	case 12: case 17:
		if (request)
			return 4;
		n = rd_peek8(v, 2);
		return n < 0 ? 0 : n + 5;
	case 22:
		return 10;
	case 23:
		n = rd_peek8(v, request ? 10 : 2);
		return n < 0 ? 0 : n + (request ? 13 : 5);
	case 43:
		return rtu_mei_length(v, request);
	default:
		return -1;
	}
}

ssize_t
modbus_rtu_frame(const struct rd *v, bool request)
{
	ssize_t n = rtu_length(v, request);
	const uint8_t *d;

	if (n <= 0)
		return n;
	if (rd_have(v) < (size_t)n)
		return rd_left(v) < (size_t)n ? 0 : -1;
	d = rd_at(v);
	return crc16_reflected(crc16_modbus, 0xffff, d, (uint32_t)n - 2) ==
	    (d[n - 2] | d[n - 1] << 8) ? n : -1;
}

ssize_t
modbus_mbap_frame(const struct rd *v)
{
	struct rd r = *v;
	const uint8_t *h;
	unsigned len;

	if (rd_have(v) < 7)     /* what is there must not contradict the header */
		return rd_peek16(v, 2) > 0 ? -1 : 0;
	h = rd_bytes(&r, 7);
	len = (unsigned)h[4] << 8 | h[5];
	if (h[2] || h[3] || len < 2 || len > MB_PDU_MAX)
		return -1;
	return (ssize_t)len + 6;
}
