/* synchrophasor_pdu.c: bytes to frame heads and configurations; no events here.
 *
 *      0    1              2      4    6     10       14
 *     +----+--------------+------+----+-----+--------+------ ... ---+-----+
 *     | AA | type,version | size | id | SOC | fracsec| by the type  | CRC |
 *     +----+--------------+------+----+-----+--------+------ ... ---+-----+ */
#include "proto/synchrophasor.h"

#include "proto/crc16.h"

enum { NAME = 16, SIZE_MIN = 16 };

const char *
syn_type(uint8_t type)
{
	static const char *const names[] = { "data", "header", "configuration_1",
		"configuration_2", "command", "configuration_3" };

	return type < sizeof(names) / sizeof(names[0]) ? names[type] : NULL;
}

bool
syn_head(struct rd *r, struct syn_head *h)
{
	uint8_t sync = rd_u8(r), b = rd_u8(r);

	h->type = b >> 4;
	h->version = b & 15;
	h->size = rd_be16(r);
	h->id = rd_be16(r);
	h->soc = rd_be32(r);
	rd_skip(r, 4);
	return rd_ok(r) && sync == 0xaa && h->type <= SYN_CFG3 && h->version &&
	    h->size >= SIZE_MIN;
}

/* CRC-CCITT, x^16+x^12+x^5+1, from all ones: annex B. */
bool
syn_check(const struct rd *v, uint16_t size)
{
	struct rd r = *v;
	const uint8_t *d = rd_bytes(&r, size - 2u);

	return d && crc16_forward(crc16_ccitt, 0xffff, d, size - 2u) == rd_be16(&r);
}

bool
syn_config_begin(struct syn_config *k, struct rd r, uint8_t type)
{
	struct rd tail = r;

	*k = (struct syn_config){ .cfg3 = type == SYN_CFG3 };
	if (k->cfg3)
		rd_skip(&r, 2);         /* continuation */
	k->time_base = rd_be32(&r) & 0xffffff;
	k->stations = rd_be16(&r);
	if (rd_left(&tail) >= 2) {
		rd_skip(&tail, rd_left(&tail) - 2);
		k->rate = (int16_t)rd_be16(&tail);
	}
	k->r = r;
	return rd_ok(&r);
}

/* A name of one octet of length, or of 16 characters. */
static struct text
take_name(struct rd *r, bool cfg3)
{
	return text_rd(r, cfg3 ? rd_u8(r) : NAME);
}

bool
syn_config_next(struct syn_config *k, struct syn_station *s)
{
	struct rd *r = &k->r;
	uint32_t names, from;

	/* the rate comes last */
	if (!k->stations || rd_left(r) <= 2)
		return false;
	k->stations--;
	*s = (struct syn_station){ .name = take_name(r, k->cfg3) };
	s->id = rd_be16(r);
	if (k->cfg3)
		rd_skip(r, 16);         /* global PMU id */
	s->format = rd_be16(r);
	s->phasors = rd_be16(r);
	s->analogs = rd_be16(r);
	s->digitals = rd_be16(r);
	names = s->phasors + (uint32_t)s->analogs + 16u * s->digitals;
	s->names = *r;
	from = r->off;
	if (k->cfg3)
		while (names-- && rd_left(r))
			take_name(r, true);
	else
		rd_skip(r, names * NAME);
	if (rd_ok(r))
		s->names = rd_init(s->names.p + from, r->off - from, r->off - from);
	rd_skip(r, (k->cfg3 ? 12u : 4u) * s->phasors);
	rd_skip(r, (k->cfg3 ? 8u : 4u) * s->analogs);
	rd_skip(r, 4u * s->digitals);
	if (k->cfg3) {
		s->latitude = rd_be_f32(r);
		s->longitude = rd_be_f32(r);
		/* infinite: not known */
		s->has_place = s->latitude >= -90 && s->latitude <= 90 &&
		    s->longitude >= -180 && s->longitude <= 180;
		rd_skip(r, 4 + 1 + 4 + 4);
	}
	s->nominal = rd_be16(r) & 1 ? 50 : 60;
	s->changes = rd_be16(r);
	return rd_ok(r);
}

bool
syn_name_next(struct rd *names, bool cfg3, struct text *t)
{
	if (!rd_left(names))
		return false;
	*t = take_name(names, cfg3);
	return rd_ok(names);
}
