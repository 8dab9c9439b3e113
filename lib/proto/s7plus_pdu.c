/* s7plus_pdu.c: the decode half of S7-plus: heads, numbers, values. */
#include "proto/s7plus.h"

enum { ARRAY = 0x10, ADDRESS_ARRAY = 0x20, SPARSE = 0x40, T_STRUCT = 0x17 };

/* Seven bits a byte, most significant first; of nine bytes the last has eight. */
uint64_t
s7p_vlq(struct rd *r)
{
	uint64_t v = 0;

	for (int i = 0; i < 9; i++) {
		uint8_t b = rd_u8(r);
		if (i == 8)
			return v << 8 | b;
		v = v << 7 | (b & 0x7f);
		if (!(b & 0x80))
			break;
	}
	return v;
}

/* As above; the second bit is the sign. */
static int64_t
svlq(struct rd *r)
{
	uint8_t b = rd_u8(r);
	uint64_t v = b & 0x3f;

	if (b & 0x40)
		v |= ~0x3full;
	for (int i = 1; b & 0x80 && i < 9; i++) {
		b = rd_u8(r);
		v = i == 8 ? v << 8 | b : v << 7 | (b & 0x7f);
	}
	return (int64_t)v;
}

static void
scalar(struct rd *r, uint8_t type, struct s7p_value *v)
{
	v->kind = S7P_UINT;
	switch (type) {
	case 0x00:
		v->kind = S7P_NONE;
		break;
	case 0x01:
		v->kind = S7P_BOOL;
		v->u = rd_u8(r);
		break;
	case 0x02: case 0x0a:
		v->u = rd_u8(r);
		break;
	case 0x03: case 0x0b:
		v->u = rd_be16(r);
		break;
	case 0x04: case 0x05: case 0x13:
		v->u = s7p_vlq(r);
		break;
	case 0x06:
		v->kind = S7P_INT;
		v->i = (int8_t)rd_u8(r);
		break;
	case 0x07:
		v->kind = S7P_INT;
		v->i = (int16_t)rd_be16(r);
		break;
	case 0x08: case 0x09: case 0x11:
		v->kind = S7P_INT;
		v->i = svlq(r);
		break;
	case 0x0c: case 0x12:
		v->u = rd_be32(r);
		break;
	case 0x0d: case 0x10:
		v->u = rd_be64(r);
		break;
	case 0x0e:
		v->kind = S7P_REAL;
		v->d = (double)rd_be_f32(r);
		break;
	case 0x0f:
		v->kind = S7P_REAL;
		v->d = rd_be_f64(r);
		break;
	case 0x14:
		v->kind = S7P_BYTES;
		s7p_vlq(r);
		v->n = (uint32_t)s7p_vlq(r);
		v->p = rd_bytes(r, v->n);
		break;
	case 0x15:
		v->kind = S7P_TEXT;
		v->n = (uint32_t)s7p_vlq(r);
		v->p = rd_bytes(r, v->n);
		break;
	default:
		v->kind = S7P_COMPLEX;
		rd_set_bad(r);
	}
}

/* Members of a structure, and of those inside it. What is packed cannot be
 * passed over without its description. */
static void
skip_struct(struct rd *r)
{
	unsigned depth = 1;

	rd_skip(r, 4);
	while (depth && rd_left(r)) {
		struct s7p_value v = { 0 };
		if (!s7p_vlq(r)) {
			depth--;
			continue;
		}
		v.flags = rd_u8(r);
		v.type = rd_u8(r);
		if (v.type == T_STRUCT && !v.flags) {
			rd_skip(r, 4);
			depth++;
		} else if (v.flags & (ARRAY | ADDRESS_ARRAY)) {
			uint64_t n = s7p_vlq(r);
			while (n-- && rd_left(r))
				scalar(r, v.type, &v);
		} else {
			scalar(r, v.type, &v);
		}
	}
}

bool
s7p_value_decode(struct rd *r, struct s7p_value *v)
{
	memset(v, 0, sizeof(*v));
	v->flags = rd_u8(r);
	v->type = rd_u8(r);
	if (v->type == T_STRUCT) {
		v->kind = S7P_COMPLEX;
		if (v->flags & (ARRAY | ADDRESS_ARRAY | SPARSE))
			rd_set_bad(r);
		else
			skip_struct(r);
	} else if (v->flags & (ARRAY | ADDRESS_ARRAY)) {
		struct s7p_value e = { 0 };
		uint32_t at;
		v->u = s7p_vlq(r);
		v->array = *r;
		at = r->off;
		for (uint64_t n = v->u; n && rd_left(r); n--)
			scalar(r, v->type, &e);
		v->array.len = r->off;
		if (v->array.cap > v->array.len)
			v->array.cap = v->array.len;
		v->array.off = at;
		v->kind = S7P_COMPLEX;
	} else if (v->flags & SPARSE) {
		struct s7p_value e = { 0 };
		v->kind = S7P_COMPLEX;
		while (rd_left(r) && s7p_vlq(r))
			scalar(r, v->type, &e);
	} else {
		scalar(r, v->type, v);
	}
	return rd_ok(r);
}

bool
s7p_element(struct s7p_value *v, struct s7p_value *e)
{
	memset(e, 0, sizeof(*e));
	if (!rd_left(&v->array))
		return false;
	scalar(&v->array, v->type, e);
	return rd_ok(&v->array);
}

/* Checksum of the symbol, area, number of ids, ids. */
bool
s7p_address_decode(struct rd *r, struct s7p_address *a)
{
	uint64_t n;

	memset(a, 0, sizeof(*a));
	s7p_vlq(r);
	a->area = (uint32_t)s7p_vlq(r);
	for (n = s7p_vlq(r); n && rd_left(r); n--) {
		uint32_t id = (uint32_t)s7p_vlq(r);
		if (a->n < S7P_IDS)
			a->id[a->n++] = id;
	}
	return rd_ok(r);
}

/* From behind the protocol's head on: of version 3 the digest comes first. */
bool
s7p_decode(struct rd *r, uint8_t version, struct s7p_pdu *p)
{
	memset(p, 0, sizeof(*p));
	p->version = version;
	if (version == 3) {
		rd_skip(r, rd_u8(r));
		p->integrity = true;
	}
	p->opcode = rd_u8(r);
	switch (p->opcode) {
	case S7P_REQUEST:
	case S7P_RESPONSE:
	case S7P_RESPONSE2:
		rd_skip(r, 2);
		p->function = rd_be16(r);
		rd_skip(r, 2);
		p->sequence = rd_be16(r);
		if (p->opcode == S7P_REQUEST)
			p->session = rd_be32(r);
		p->flags = rd_u8(r);
		if (p->opcode != S7P_REQUEST)
			p->code = s7p_vlq(r);
		break;
	case S7P_NOTIFICATION:
		p->session = rd_be32(r);
		break;
	default:
		rd_set_bad(r);
	}
	p->body = *r;
	return rd_ok(r);
}
