/* iec104_asdu.c: bytes to APDU, ASDU and information objects; no events here.
 * IEC 60870-5-104, 5: lengths are those of -104 (cause 2 octets, common address 2,
 * object address 3).
 *
 *      0    1     2       6      7         8       9       10     12
 *     +----+-----+-------+------+---------+-------+-------+------+-----+---------
 *     | 68 | len | ctl 4 | type | SQ, num | cause | orig. | addr | IOA | elements
 *     +----+-----+-------+------+---------+-------+-------+------+-----+---------
 *
 * What an object is made of (-101, 7.2.6):
 *   p SIQ   d DIQ   v VTI   b BSI/SCD   n NVA   s SVA   f float   i BCR   q QDS
 *   e SEP   x SPE, OCI   y QDP   w CP16   3 CP24   7 CP56 (8: another)   C SCO
 *   D DCO, RCO   Q QOS   O one octet of qualifier   T test word   j file name
 *   k section   l length 3   c checksum   z segment */
#include "proto/iec104.h"

bool
iec_decode(struct rd *r, struct iec_apdu *a)
{
	uint8_t c[4];

	*a = (struct iec_apdu){ 0 };
	rd_skip(r, 2);
	for (int i = 0; i < 4; i++)
		c[i] = rd_u8(r);
	if (!rd_ok(r))
		return false;
	a->format = !(c[0] & 1) ? IEC_I : !(c[0] & 2) ? IEC_S : IEC_U;
	a->rx = (uint16_t)(c[3] << 7 | c[2] >> 1);
	if (a->format == IEC_U) {
		a->u = c[0];
		return iec_u_name(a->u) && !rd_left(r);
	}
	if (a->format == IEC_S)
		return c[0] == 1 && !rd_left(r);
	a->tx = (uint16_t)(c[1] << 7 | c[0] >> 1);
	a->type = rd_u8(r);
	a->count = rd_u8(r);
	a->sq = a->count & 0x80;
	a->count &= 0x7f;
	a->cause = rd_u8(r);
	a->negative = a->cause & 0x40;
	a->test = a->cause & 0x80;
	a->cause &= 0x3f;
	a->originator = rd_u8(r);
	a->ca = rd_le16(r);
	a->objects = rd_rest(r);
	for (uint32_t i = 0; i < 3 && rd_peek8(&a->objects, i) >= 0; i++)
		a->ioa |= (uint32_t)rd_peek8(&a->objects, i) << 8 * i;
	return true;
}

void
iec_walk_begin(struct iec_walk *w, const struct iec_apdu *a)
{
	const struct iec_type *t = iec_type(a->type);

	*w = (struct iec_walk){ .r = a->objects, .layout = t ? t->layout : NULL, .a = a };
}

static void
quality(struct iec_object *o, uint8_t q)
{
	o->has_quality = true;
	o->invalid = q & 0x80;
	o->not_topical = q & 0x40;
	o->substituted = q & 0x20;
	o->blocked = q & 0x10;
}

static void
set(struct iec_object *o, int64_t v)
{
	o->has_value = true;
	o->value = v;
}

static uint32_t
le24(struct rd *r)
{
	uint32_t v = rd_le16(r);

	return v | (uint32_t)rd_u8(r) << 16;
}

static void
take_time(struct rd *r, struct iec_time *t, bool full)
{
	uint8_t m;

	t->ms = rd_le16(r);
	m = rd_u8(r);
	t->min = m & 63;
	t->invalid = m & 0x80;
	t->full = full;
	if (full) {
		uint8_t h = rd_u8(r);
		t->hour = h & 31;
		t->summer = h & 0x80;
		t->day = rd_u8(r) & 31;
		t->month = rd_u8(r) & 15;
		t->year = rd_u8(r) & 127;
	}
	t->has = rd_ok(r);
}

static void
command(struct iec_object *o, uint8_t b, uint8_t states)
{
	set(o, b & states);
	o->has_select = true;
	o->select = b & 0x80;
	o->pulse = b >> 2 & 31;
}

static void
element(struct rd *r, char c, struct iec_object *o)
{
	uint8_t b;

	switch (c) {
	case 'p':
		b = rd_u8(r);
		quality(o, b);
		set(o, b & 1);
		break;
	case 'd':
		b = rd_u8(r);
		quality(o, b);
		set(o, b & 3);
		break;
	case 'v':
		b = rd_u8(r);
		set(o, b & 0x40 ? (int)(b & 0x7f) - 128 : b & 0x7f);
		break;
	case 'b': set(o, rd_le32(r)); break;
	case 'n':                       /* a fraction of one: F16 */
		o->number = (int16_t)rd_le16(r) / 32768.0;
		o->has_value = o->real = true;
		break;
	case 's': set(o, (int16_t)rd_le16(r)); break;
	case 'f':
		o->number = (double)rd_le_f32(r);
		o->has_value = o->real = true;
		break;
	case 'i':
		set(o, (int32_t)rd_le32(r));
		b = rd_u8(r);
		o->has_quality = true;
		o->invalid = b & 0x80;
		o->adjusted = b & 0x40;
		o->carry = b & 0x20;
		o->sequence = b & 31;
		break;
	case 'q':
		b = rd_u8(r);
		quality(o, b);
		o->overflow = b & 1;
		break;
	case 'e':
		b = rd_u8(r);
		quality(o, b);
		o->elapsed_invalid = b & 8;
		set(o, b & 3);
		break;
	case 'x': set(o, rd_u8(r)); break;
	case 'y':
		b = rd_u8(r);
		quality(o, b);
		o->elapsed_invalid = b & 8;
		break;
	case 'w':
		o->elapsed_ms = rd_le16(r);
		o->has_elapsed = true;
		break;
	case '3': take_time(r, &o->time, false); break;
	case '7': take_time(r, &o->time, true); break;
	case '8': take_time(r, &o->until, true); break;
	case 'C': command(o, rd_u8(r), 1); break;
	case 'D': command(o, rd_u8(r), 3); break;
	case 'Q':
		b = rd_u8(r);
		o->has_select = o->has_qualifier = true;
		o->select = b & 0x80;
		o->qualifier = b & 0x7f;
		break;
	case 'O':
		o->qualifier = rd_u8(r);
		o->has_qualifier = true;
		break;
	case 'T': rd_skip(r, 2); break;
	case 'j':
		o->file = rd_le16(r);
		o->has_name = true;
		break;
	case 'k':
		o->section = rd_u8(r);
		o->has_section = true;
		break;
	case 'l':
		o->size = le24(r);
		o->has_size = true;
		break;
	case 'z':
		o->size = rd_u8(r);
		o->has_size = true;
		rd_skip(r, o->size);
		break;
	default: rd_skip(r, 1);
	}
}

bool
iec_next(struct iec_walk *w, struct iec_object *o)
{
	struct rd *r = &w->r;

	if (w->done >= w->a->count || !rd_left(r) || !w->layout)
		return false;
	memset(o, 0, sizeof(*o));
	/* SQ: one address, the others follow it */
	o->ioa = w->a->sq && w->done ? w->a->ioa + w->done : le24(r);
	for (const char *c = w->layout; *c; c++)
		element(r, *c, o);
	w->done++;
	return rd_ok(r);
}

bool
iec_whole(const struct iec_apdu *a)
{
	struct iec_walk w;
	struct iec_object o;

	iec_walk_begin(&w, a);
	if (!w.layout)
		return true;
	while (iec_next(&w, &o))
		continue;
	return w.done == a->count && a->count && rd_ok(&w.r) && !rd_left(&w.r);
}
