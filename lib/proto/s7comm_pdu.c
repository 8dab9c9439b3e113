/* s7comm_pdu.c: the decode half of S7: bytes to structs.
 *
 *      0      1        2          4       6           8          10
 *     +------+--------+----------+-------+-----------+----------+------------------
 *     | 0x32 | ROSCTR | reserved | ref   | parameter | data     | (error), parameter,
 *     |      |        |          |       | length    | length   | data
 *     +------+--------+----------+-------+-----------+----------+------------------
 */
#include "proto/s7comm.h"

/* What userdata has instead of a function; v is its parameter part. */
static __attribute__((noinline)) void
userdata_head(struct rd *v, struct s7_pdu *p)
{
	uint8_t n, method;

	rd_skip(v, 3);                  /* always 00 01 12 */
	n = rd_u8(v);
	method = rd_u8(v);
	p->ud_type = rd_peek8(v, 0) < 0 ? 0 : (uint8_t)rd_peek8(v, 0) >> 4;
	p->group = rd_u8(v) & 15;
	p->sub = rd_u8(v);
	p->seq = rd_u8(v);
	if (method == 0x12 || n >= 8) {
		p->unit = rd_u8(v);
		p->more = rd_u8(v);
		p->ud_error = rd_be16(v);
		p->has_result = rd_ok(v);
	}
}

/* A whole PDU of a job or its answer, as nearly all are: one check for all of it. False,
 * and nothing read: it is something else. */
static bool
usual_pdu(struct rd *r, struct s7_pdu *p)
{
	uint32_t have = rd_have(r), head, nparam, ndata;
	const uint8_t *h;

	if (have < 12)
		return false;
	h = rd_at(r);
	if (h[0] != 0x32 || (h[1] != S7_JOB && h[1] != S7_ACK_DATA))
		return false;
	head = h[1] == S7_JOB ? 10 : 12;
	nparam = (uint32_t)h[6] << 8 | h[7];
	ndata = (uint32_t)h[8] << 8 | h[9];
	if (!nparam || have < head + nparam + ndata)
		return false;
	*p = (struct s7_pdu){ .rosctr = h[1], .func = h[head], .ref = (uint16_t)(h[4] << 8 | h[5]),
	    .err_class = head == 12 ? h[10] : 0, .err_code = head == 12 ? h[11] : 0,
	    .param = rd_init(h + head, nparam, nparam),
	    .data = rd_init(h + head + nparam, ndata, ndata) };
	rd_skip(&p->param, 1);
	rd_skip(r, head + nparam + ndata);
	return true;
}

bool
s7_decode(struct rd *r, struct s7_pdu *p)
{
	uint16_t nparam, ndata;

	if (usual_pdu(r, p))
		return true;
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
	p->param = rd_sub(r, nparam);
	p->data = rd_sub(r, ndata);
	if (p->rosctr == S7_USERDATA)
		userdata_head(&p->param, p);
	else if (rd_left(&p->param))
		p->func = rd_u8(&p->param);
	if (rd_bad(&p->param))
		rd_set_bad(r);
	return rd_ok(r) && rd_ok(&p->param);
}

/* What is not S7ANY, or not whole. */
static __attribute__((noinline)) bool
other_item(struct rd *r, struct s7_item *i)
{
	struct rd v;

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

/* Most items are whole and S7ANY: twelve bytes. NULL, and nothing read: this one is not. */
static inline const uint8_t *
usual_item(struct rd *r)
{
	static const uint8_t usual[] = { 0x12, 10, 0x10 };

	if (rd_have(r) < 12 || memcmp(rd_at(r), usual, sizeof(usual)) != 0)
		return NULL;
	return rd_bytes(r, 12);
}

/* 0x12, length, syntax, and by that. False: there is none, or it is malformed. */
bool
s7_item_decode(struct rd *r, struct s7_item *i)
{
	const uint8_t *p = usual_item(r);

	if (!p)
		return other_item(r, i);
	i->syntax = 0x10;
	i->transport = p[3];
	i->count = (uint16_t)(p[4] << 8 | p[5]);
	i->db = (uint16_t)(p[6] << 8 | p[7]);
	i->area = p[8];
	i->addr = (uint32_t)p[9] << 16 | (uint32_t)p[10] << 8 | p[11];
	return true;
}

static uint32_t
value_bytes(uint8_t transport, uint32_t n)
{
	return transport >= 3 && transport <= 5 ? (n + 7) / 8 : n;      /* given in bits */
}

/* Not all of it is there. */
static __attribute__((noinline)) bool
cut_value(struct rd *r, struct s7_value *v, bool request)
{
	uint32_t n;
	struct rd b;

	v->code = rd_u8(r);
	v->transport = rd_u8(r);
	n = rd_be16(r);
	n = value_bytes(v->transport, request || v->code == 0xff ? n : 0);
	b = rd_sub(r, n);
	v->n = rd_have(&b);
	v->p = rd_bytes(&b, v->n);
	if (rd_ok(r) && n % 2 && rd_left(r))
		rd_skip(r, 1);
	return rd_ok(r);
}

/* Return code (reserved in requests), kind, length in bits or bytes, bytes. */
static inline bool
take_value(struct rd *r, struct s7_value *v, bool request)
{
	uint32_t have = rd_have(r), n;
	const uint8_t *h;

	if (have < 4)
		return cut_value(r, v, request);
	h = rd_at(r);
	n = request || h[0] == 0xff ? (uint32_t)h[2] << 8 | h[3] : 0;
	n = value_bytes(h[1], n);
	if (have - 4 < n + n % 2)
		return cut_value(r, v, request);
	v->code = h[0];
	v->transport = h[1];
	v->p = h + 4;
	v->n = n;
	rd_skip(r, 4 + n + n % 2);
	return true;
}

bool
s7_value_decode(struct rd *r, struct s7_value *v, bool request)
{
	return take_value(r, v, request);
}

bool
s7_sound(const struct s7_pdu *p)
{
	struct rd r = p->param, d = p->data;
	struct s7_item i;
	struct s7_value v;
	unsigned n;

	if (p->rosctr == S7_USERDATA) {
		rd_skip(&d, 2);
		if (rd_ok(&d) && p->data.len >= 4 && rd_peek8(&p->data, 1) == 9)
			rd_sub(&d, rd_be16(&d));
		return !rd_bad(&d);
	}
	if ((p->func != S7_READ && p->func != S7_WRITE) || p->err_class || p->rosctr == S7_ACK)
		return true;
	n = rd_u8(&r);
	if (p->rosctr == S7_JOB) {
		for (unsigned k = 0; k < n && rd_ok(&r); k++)
			if (!usual_item(&r))
				other_item(&r, &i);
		for (unsigned k = 0; k < n && rd_ok(&d) && p->func == S7_WRITE; k++)
			take_value(&d, &v, true);
	} else if (p->func == S7_READ) {
		for (unsigned k = 0; k < n && rd_ok(&d); k++)
			take_value(&d, &v, false);
	} else {
		rd_skip(&d, n);
	}
	return !rd_bad(&r) && !rd_bad(&d);
}

static char *
put_num(char *d, uint32_t v)
{
	return jw_num_at(d, v);
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

/* Numerical control, and what has no address that we know. */
static char *
other_address(char *d, const struct s7_item *i)
{
	if (i->syntax >= 0x82 && i->syntax <= 0x84) {
		d = put_num(put_str(d, "NCK"), i->area >> 5);
		d = put_num(put_str(d, ".U"), i->area & 31);
		d = put_num(put_str(d, ".M"), i->transport);
		d = put_num(put_str(d, ".C"), i->addr);
		return put_num(put_str(d, ".L"), i->db);
	}
	if (i->syntax == 0xb2)
		return put_str(d, "symbol");
	return put_num(put_str(d, "syntax:"), i->syntax);
}

char *
s7_address_at(char *d, const struct s7_item *i)
{
	uint32_t byte = i->addr >> 3, bit = i->addr & 7;
	char w = width(i->transport);

	if (i->syntax != 0x10 && i->syntax != 0xb0)
		return other_address(d, i);
	switch (i->area) {
	case 0x84: case 0x85:
		d = put_num(put_str(d, i->area == 0x84 ? "DB" : "DI"), i->db);
		d = put_str(d, i->area == 0x84 ? ".DB" : ".DI");
		*d++ = w;
		d = put_num(d, byte);
		break;
	case 0x1c: case 0x1e:
		return put_num(put_str(d, "C"), i->addr);
	case 0x1d: case 0x1f:
		return put_num(put_str(d, "T"), i->addr);
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
	return d;
}
