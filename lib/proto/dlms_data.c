/* dlms_data.c: COSEM's data (IEC 62056-6-2, A-XDR): a type, then the value; arrays and
 * structures count their elements, which follow in order. */
#include "base/hex.h"
#include "proto/dlms.h"

enum { T_NULL, T_ARRAY, T_STRUCT, T_BOOL, T_BITS, T_I32, T_U32, T_OCTETS = 9, T_VISIBLE,
	T_UTF8 = 12, T_BCD, T_I8 = 15, T_I16, T_U8, T_U16, T_COMPACT, T_I64, T_U64, T_ENUM, T_F32,
	T_F64, T_DATETIME, T_DATE, T_TIME };

static uint32_t
length(struct rd *r)
{
	uint32_t n = rd_u8(r);

	switch (n) {
	case 0x81: return rd_u8(r);
	case 0x82: return rd_be16(r);
	case 0x83: return rd_be24(r);
	case 0x84: return rd_be32(r);
	default:
		if (n > 0x84)
			rd_set_bad(r);
		return n;
	}
}

static bool
printable(const uint8_t *p, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (p[i] < 0x20 || p[i] > 0x7e)
			return n >= 4 && i >= 3 && i + 1 == n && !p[i];
	return n > 0;
}

static void
put_octets(struct ev *e, const uint8_t *p, uint32_t n, bool text)
{
	char *d;

	if (!p || !n || n > LIM_TEXT / 2)
		return;
	if (text || printable(p, n)) {
		ev_val_str(e, text_trim(p, n));
		return;
	}
	if (!(d = ev_room(e, 2 * n)))
		return;
	hex_put(d, p, n);
	ev_val_str(e, (struct text){ d, 2 * n });
}

/* A scalar of `type`; false for what is not one. */
static bool
scalar(struct ev *e, struct rd *r, uint8_t type, bool write)
{
	double d;
	int64_t s = 0;
	uint64_t u = 0;
	uint32_t n;
	const uint8_t *p;

	switch (type) {
	case T_NULL:
		return true;
	case T_BOOL: case T_U8: case T_ENUM: case T_BCD: u = rd_u8(r); break;
	case T_U16: u = rd_be16(r); break;
	case T_U32: u = rd_be32(r); break;
	case T_U64: u = rd_be64(r); break;
	case T_I8: s = (int8_t)rd_u8(r); break;
	case T_I16: s = (int16_t)rd_be16(r); break;
	case T_I32: s = (int32_t)rd_be32(r); break;
	case T_I64: s = (int64_t)rd_be64(r); break;
	case T_F32:
		d = (double)rd_be_f32(r);
		if (write && rd_ok(r))
			ev_val_real(e, d);
		return true;
	case T_F64:
		d = rd_be_f64(r);
		if (write && rd_ok(r))
			ev_val_real(e, d);
		return true;
	case T_BITS: case T_OCTETS: case T_VISIBLE: case T_UTF8:
		n = length(r);
		if (type == T_BITS)
			n = n / 8 + (n % 8 != 0);
		p = rd_bytes(r, n);
		if (write)
			put_octets(e, p, n, type == T_VISIBLE || type == T_UTF8);
		return true;
	case T_DATETIME: case T_DATE: case T_TIME:
		n = type == T_DATETIME ? 12 : type == T_DATE ? 5 : 4;
		p = rd_bytes(r, n);
		if (write)
			put_octets(e, p, n, false);
		return true;
	default:
		return false;
	}
	if (!write || !rd_ok(r))
		return true;
	if (type == T_BOOL)
		ev_val_bool(e, u != 0);
	else if (type == T_I8 || type == T_I16 || type == T_I32 || type == T_I64)
		ev_val_int(e, s);
	else
		ev_val_uint(e, u);
	return true;
}

void
dlms_value(struct ev *e, struct rd *r, bool write)
{
	uint64_t todo = 1;
	bool first = true;

	/* elements follow their head, so that one loop passes over any nesting */
	while (todo && rd_ok(r) && rd_left(r)) {
		uint8_t type = rd_u8(r);

		todo--;
		if (type == T_ARRAY || type == T_STRUCT) {
			uint32_t n = length(r);
			if (first && write) {
				e->ot.has_count = true;
				e->ot.count = n;
			}
			todo += n;
		} else if (!scalar(e, r, type, write && first)) {
			rd_set_bad(r);  /* a compact array says its types elsewhere */
		}
		first = false;
	}
}

struct text
dlms_text(struct rd r)
{
	uint8_t type = rd_u8(&r);
	uint32_t n;
	const uint8_t *p;

	if (type != T_OCTETS && type != T_VISIBLE && type != T_UTF8)
		return (struct text){ 0 };
	n = length(&r);
	p = rd_bytes(&r, n);
	return p && n && n <= 64 && printable(p, n) ? text_trim(p, n) : (struct text){ 0 };
}

void
dlms_object(struct rd *r, struct dlms_object *o)
{
	const uint8_t *p;

	o->class = rd_be16(r);
	if ((p = rd_bytes(r, 6)))
		memcpy(o->obis, p, 6);
	else
		memset(o->obis, 0, 6);
	o->index = (int8_t)rd_u8(r);
}
