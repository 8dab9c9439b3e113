/* s7comm_pdu.c: the decode half of S7: bytes to structs.
 *
 *      0      1        2          4       6           8          10
 *     +------+--------+----------+-------+-----------+----------+------------------
 *     | 0x32 | ROSCTR | reserved | ref   | parameter | data     | (error), parameter,
 *     |      |        |          |       | length    | length   | data
 *     +------+--------+----------+-------+-----------+----------+------------------
 */
#include "proto/s7comm.h"

bool
s7_decode(struct rd *r, struct s7_pdu *p)
{
	uint16_t nparam, ndata;
	struct rd v;

	memset(p, 0, sizeof(*p));
	if (rd_u8(r) != 0x32)
		rd_set_bad(r);
	p->rosctr = rd_u8(r);
	rd_skip(r, 2);
	p->ref = rd_be16(r);
	nparam = rd_be16(r);
	ndata = rd_be16(r);
	if (p->rosctr == S7_ACK || p->rosctr == S7_ACK_DATA) {
		p->err_class = rd_u8(r);
		p->err_code = rd_u8(r);
	}
	v = rd_sub(r, nparam);
	p->data = rd_sub(r, ndata);
	if (p->rosctr == S7_USERDATA) {
		uint8_t n, method;
		rd_skip(&v, 3);                 /* always 00 01 12 */
		n = rd_u8(&v);
		method = rd_u8(&v);
		p->ud_type = rd_peek8(&v, 0) < 0 ? 0 : (uint8_t)rd_peek8(&v, 0) >> 4;
		p->group = rd_u8(&v) & 15;
		p->sub = rd_u8(&v);
		p->seq = rd_u8(&v);
		if (method == 0x12 || n >= 8) {
			p->unit = rd_u8(&v);
			p->more = rd_u8(&v);
			p->ud_error = rd_be16(&v);
			p->has_result = rd_ok(&v);
		}
	} else if (rd_left(&v)) {
		p->func = rd_u8(&v);
	}
	p->param = v;
	if (rd_bad(&v))
		rd_set_bad(r);
	return rd_ok(r) && rd_ok(&v);
}

/* 0x12, length, syntax, and by that. False: there is none, or it is malformed. */
bool
s7_item_decode(struct rd *r, struct s7_item *i)
{
	static const uint8_t usual[] = { 0x12, 10, 0x10 };
	struct rd v = *r;
	const uint8_t *p = rd_bytes(&v, 12);

	if (p && memcmp(p, usual, sizeof(usual)) == 0) {
		i->syntax = 0x10;
		i->transport = p[3];
		i->count = (uint16_t)(p[4] << 8 | p[5]);
		i->db = (uint16_t)(p[6] << 8 | p[7]);
		i->area = p[8];
		i->addr = (uint32_t)p[9] << 16 | (uint32_t)p[10] << 8 | p[11];
		rd_skip(r, 12);
		return true;
	}
	memset(i, 0, sizeof(*i));
	if (rd_u8(r) != 0x12)
		rd_set_bad(r);
	v = rd_sub(r, rd_u8(r));
	i->syntax = rd_u8(&v);
	switch (i->syntax) {
	case 0x10:                      /* S7ANY */
		i->transport = rd_u8(&v);
		i->count = rd_be16(&v);
		i->db = rd_be16(&v);
		i->area = rd_u8(&v);
		i->addr = rd_be24(&v);
		break;
	case 0xb0:                      /* DB read: several areas of blocks, the first is named */
		rd_skip(&v, 1);
		i->transport = 2;
		i->count = rd_u8(&v);
		i->db = rd_be16(&v);
		i->area = 0x84;
		i->addr = (uint32_t)rd_be16(&v) * 8;
		break;
	case 0x82: case 0x83: case 0x84:        /* numerical control */
		i->area = rd_u8(&v);            /* area and unit */
		i->addr = rd_be16(&v);          /* column */
		i->db = rd_be16(&v);            /* line */
		i->transport = rd_u8(&v);       /* module */
		i->count = rd_u8(&v);           /* lines */
		break;
	default:
		break;
	}
	if (rd_bad(&v))
		rd_set_bad(r);
	/* items begin at even places: a length that is odd is filled up */
	if (rd_ok(r) && v.len % 2 && rd_left(r))
		rd_skip(r, 1);
	return rd_ok(r) && rd_ok(&v);
}

/* Return code (reserved in requests), kind, length in bits or bytes, bytes. */
bool
s7_value_decode(struct rd *r, struct s7_value *v, bool request)
{
	uint32_t n, bytes;

	memset(v, 0, sizeof(*v));
	v->code = rd_u8(r);
	v->transport = rd_u8(r);
	n = rd_be16(r);
	if (!request && v->code != 0xff)
		n = 0;
	v->bits = v->transport >= 3 && v->transport <= 5 ? n : n * 8;
	bytes = (v->bits + 7) / 8;
	v->bytes = rd_sub(r, bytes);
	if (rd_ok(r) && bytes % 2 && rd_left(r))
		rd_skip(r, 1);
	return rd_ok(r);
}

static char *
put_num(char *d, uint32_t v)
{
	return d + jw_dec(d, v);
}

static char *
put_str(char *d, const char *s)
{
	size_t n = strlen(s);

	memcpy(d, s, n);
	return d + n;
}

/* By transport size: bit, byte, word, double word. */
static char
width(uint8_t transport)
{
	static const char w[] = "BXBBWWDDDWDDW";

	if (transport < sizeof(w) - 1)
		return w[transport];
	return transport == 0x1c || transport == 0x1d ? 'W' : 'B';
}

/* "DB10.DBW4", "M4.0", "IB2", "T5", "nck:1/2:..." */
struct text
s7_address(struct ev *e, const struct s7_item *i)
{
	char *p = ev_room(e, S7_ADDRESS - 1), *d = p;
	uint32_t byte = i->addr >> 3, bit = i->addr & 7;
	char w = width(i->transport);

	if (!p)
		return (struct text){ 0 };
	if (i->syntax >= 0x82 && i->syntax <= 0x84) {
		d = put_num(put_str(d, "NCK"), i->area >> 5);
		d = put_num(put_str(d, ".U"), i->area & 31);
		d = put_num(put_str(d, ".M"), i->transport);
		d = put_num(put_str(d, ".C"), i->addr);
		d = put_num(put_str(d, ".L"), i->db);
		return (struct text){ p, (uint32_t)(d - p) };
	}
	if (i->syntax == 0xb2)
		return (struct text){ p, (uint32_t)(put_str(d, "symbol") - p) };
	if (i->syntax != 0x10 && i->syntax != 0xb0) {
		d = put_num(put_str(d, "syntax:"), i->syntax);
		return (struct text){ p, (uint32_t)(d - p) };
	}
	switch (i->area) {
	case 0x84: case 0x85:
		d = put_num(put_str(d, i->area == 0x84 ? "DB" : "DI"), i->db);
		d = put_str(d, i->area == 0x84 ? ".DB" : ".DI");
		*d++ = w;
		d = put_num(d, byte);
		break;
	case 0x1c: case 0x1e:
		d = put_num(put_str(d, "C"), i->addr);
		return (struct text){ p, (uint32_t)(d - p) };
	case 0x1d: case 0x1f:
		d = put_num(put_str(d, "T"), i->addr);
		return (struct text){ p, (uint32_t)(d - p) };
	default: {
		static const struct tok areas[] = {
			{ 0x03, "SI" }, { 0x05, "SM" }, { 0x06, "AI" }, { 0x07, "AQ" },
			{ 0x80, "P" }, { 0x81, "I" }, { 0x82, "Q" }, { 0x83, "M" },
			{ 0x86, "L" }, { 0x87, "V" }, { 0, NULL },
		};
		const char *a = tok_find(areas, i->area);
		if (a) {
			d = put_str(d, a);
		} else {
			d = put_num(put_str(d, "area:"), i->area);
			*d++ = ' ';
		}
		if (w != 'X')
			*d++ = w;
		d = put_num(d, byte);
	}
	}
	if (w == 'X') {
		*d++ = '.';
		*d++ = (char)('0' + bit);
	}
	return (struct text){ p, (uint32_t)(d - p) };
}
