/* hartip_pdu.c: bytes to headers, commands and what they carry; no events here.
 * HCF SPEC-085 (HART-IP), SPEC-081 (token passing), SPEC-127 (universal commands).
 *
 *      0         1      2    3        4          6        8
 *     +---------+------+----+--------+----------+--------+------ ...
 *     | version | type | id | status | sequence | length | body
 *     +---------+------+----+--------+----------+--------+------ ...
 *     token passing: delimiter, address 1 or 5, command, count, data, checksum */
#include "proto/hartip.h"

bool
hip_header(struct rd *r, struct hip_header *h)
{
	h->version = rd_u8(r);
	h->type = rd_u8(r);
	h->id = rd_u8(r);
	h->status = rd_u8(r);
	h->seq = rd_be16(r);
	h->length = rd_be16(r);
	return rd_ok(r) && (h->version == 1 || h->version == 2) && tok_find(hip_types, h->type) &&
	    tok_find(hip_messages, h->id) && h->length >= HIP_HEADER;
}

/* Response code and status first, and of command 31 the real number. */
static void
take_command(struct rd *data, struct hip_command *c, bool with_status)
{
	if (c->answer) {
		c->code = rd_u8(data);
		c->comm_error = with_status && c->code & 0x80;
		if (with_status)
			c->status = rd_u8(data);
	}
	if (c->number == HIP_EXTENDED && rd_left(data) >= 2)
		c->number = rd_be16(data);
	c->data = *data;
}

bool
hip_pdu(struct rd *r, struct hip_pdu *p)
{
	struct rd all, data;
	const uint8_t *d;
	uint32_t n;

	*p = (struct hip_pdu){ 0 };
	while (rd_peek8(r, 0) == 0xff)          /* preambles of the line */
		rd_skip(r, 1);
	all = *r;
	p->delimiter = rd_u8(r);
	p->is_long = p->delimiter & 0x80;
	if (p->is_long) {
		uint8_t b = rd_u8(r);
		p->primary = b & 0x80;
		p->burst = b & 0x40;
		p->unique = (uint64_t)(b & 0x3f) << 32;
		p->unique |= rd_be32(r);
	} else {
		uint8_t b = rd_u8(r);
		p->primary = b & 0x80;
		p->burst = b & 0x40;
		p->poll = b & 0x3f;
	}
	rd_skip(r, p->delimiter >> 5 & 3);      /* expansion octets */
	p->cmd.number = rd_u8(r);
	p->cmd.answer = (p->delimiter & 7) == 6 || (p->delimiter & 7) == 1;
	data = rd_sub(r, rd_u8(r));
	take_command(&data, &p->cmd, true);
	rd_u8(r);
	if (!rd_ok(r))
		return false;
	n = r->off - all.off;
	if ((d = rd_bytes(&all, n)))
		while (n)
			p->check ^= d[--n];
	switch (p->delimiter & 7) {
	case 1: case 2: case 6: return true;
	default: return false;
	}
}

bool
hip_direct_next(struct rd *r, bool answer, struct hip_command *c)
{
	struct rd data;

	if (!rd_left(r))
		return false;
	*c = (struct hip_command){ .number = rd_be16(r), .answer = answer };
	data = rd_sub(r, rd_u8(r));
	take_command(&data, c, false);
	return rd_ok(r);
}

bool
hip_identity(struct rd r, struct hip_identity *i)
{
	uint8_t expansion = rd_u8(&r);

	*i = (struct hip_identity){ .type = rd_be16(&r) };
	rd_skip(&r, 1);
	i->universal = rd_u8(&r);
	i->revision = rd_u8(&r);
	i->software = rd_u8(&r);
	i->hardware = rd_u8(&r) >> 3;
	rd_skip(&r, 1);
	i->id = rd_be24(&r);
	if (!rd_ok(&r) || expansion != 254)
		return false;
	i->unique = (uint64_t)(i->type & 0x3fff) << 24 | i->id;
	i->vendor = i->type >> 8;
	if (i->universal >= 7 && rd_left(&r) >= 7) {
		rd_skip(&r, 5);
		i->vendor = rd_be16(&r);
	}
	return true;
}

/* The values of the commands that carry measured or set ones. */
unsigned
hip_values(const struct hip_command *c, struct hip_value v[HIP_SLOTS + 1])
{
	struct rd r = c->data;
	unsigned n = 0, most = 1;
	const char *shape;      /* c code, k class, u units, f value, s status */

	switch (c->number) {
	case 1: shape = "uf"; break;
	case 2: case 34: case 40: case 45: case 46: shape = "f"; break;
	case 3: case 110: shape = "uf"; break;
	case 9: shape = "ckufs"; break;
	case 33: shape = "cuf"; break;
	case 55: shape = "cf"; break;
	case 79: shape = "ckufs"; break;
	case 35: shape = "f"; break;
	default: return 0;
	}
	if (!c->answer && (c->number < 34 || c->number == 110))
		return 0;
	if (c->number == 2 || c->number == 35)
		most = 2;
	else if (c->number == 3 || c->number == 33 || c->number == 110)
		most = 4;
	else if (c->number == 9)
		most = HIP_SLOTS;
	memset(v, 0, sizeof(*v) * (HIP_SLOTS + 1));
	if (c->number == 3) {           /* the loop current first: mA */
		v[n].v = rd_be_f32(&r);
		v[n].units = 39;
		v[n++].has_units = true;
		most++;
	} else if (c->number == 9) {
		rd_skip(&r, 1);         /* extended device status */
	} else if (c->number == 35) {   /* one unit for both */
		v[0].units = v[1].units = rd_u8(&r);
		v[0].has_units = v[1].has_units = true;
	} else if (c->number == 2) {
		v[0].units = 39;
		v[1].units = 57;
		v[0].has_units = v[1].has_units = true;
	}
	while (n < most && rd_left(&r) >= (c->number == 9 ? 8 : 4)) {
		for (const char *s = shape; *s; s++) {
			switch (*s) {
			case 'c': v[n].code = rd_u8(&r); v[n].has_code = true; break;
			case 'u': v[n].units = rd_u8(&r); v[n].has_units = true; break;
			case 's': v[n].status = rd_u8(&r); v[n].has_status = true; break;
			case 'f': v[n].v = rd_be_f32(&r); break;
			default: rd_skip(&r, 1);
			}
		}
		if (!rd_ok(&r))
			break;
		n++;
	}
	return rd_ok(&r) || n ? n : 0;
}
