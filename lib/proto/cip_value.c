/* cip_value.c: data of tags behind their type (volume 1, appendix C-6): numbers,
 * arrays of them, strings. */
#include "base/hex.h"
#include "proto/cip.h"

enum { HANDLE_STRING = 0x0fce, RAW_MAX = 64 };

static const struct tok types[] = {
	{ 0xc1, "BOOL" }, { 0xc2, "SINT" }, { 0xc3, "INT" }, { 0xc4, "DINT" }, { 0xc5, "LINT" },
	{ 0xc6, "USINT" }, { 0xc7, "UINT" }, { 0xc8, "UDINT" }, { 0xc9, "ULINT" },
	{ 0xca, "REAL" }, { 0xcb, "LREAL" }, { 0xcc, "STIME" }, { 0xcd, "DATE" },
	{ 0xce, "TIME_OF_DAY" }, { 0xcf, "DATE_AND_TIME" }, { 0xd0, "STRING" }, { 0xd1, "BYTE" },
	{ 0xd2, "WORD" }, { 0xd3, "DWORD" }, { 0xd4, "LWORD" }, { 0xda, "SHORT_STRING" },
	{ 0xdb, "TIME" }, { CIP_STRUCT, "STRUCT" }, { 0, NULL },
};

/* Bytes of one, 0: no plain number. */
static const uint8_t width[] = {
	[0x01] = 1, [0x02] = 1, [0x03] = 2, [0x04] = 4, [0x05] = 8, [0x06] = 1, [0x07] = 2,
	[0x08] = 4, [0x09] = 8, [0x0a] = 4, [0x0b] = 8, [0x0c] = 4, [0x0d] = 2, [0x0e] = 4,
	[0x11] = 1, [0x12] = 2, [0x13] = 4, [0x14] = 8, [0x1b] = 4,
};

const char *
cip_type_name(uint16_t type)
{
	return tok_find(types, type);
}

/* Where values go: ot.value keeps within its ceiling by itself. */
#define PUT(to, ot, detail) do { if ((to) == CIP_TO_OT) ot; else detail; } while (0)

static void
put_real(struct ev *e, double v, enum cip_to to, bool alone)
{
	/* what JSON has no number for keeps its place in an array */
	if (v != v || v - v != 0) {
		struct text t = v != v ? TEXT("NaN") : v > 0 ? TEXT("Infinity") : TEXT("-Infinity");
		PUT(to, ev_val_str(e, t), if (alone) ev_str(e, "value", t); else ev_a_str(e, t));
		return;
	}
	PUT(to, ev_val_real(e, v),
	    if (alone) ev_real(e, "value", v); else jw_a_real(e->w, v));
}

static void
put_one(struct ev *e, uint16_t type, struct rd *r, enum cip_to to, bool alone)
{
	uint64_t u = 0;
	int64_t i = 0;
	bool sign = false;

	switch (type) {
	case 0xc1: {
		bool b = rd_u8(r) != 0;
		PUT(to, ev_val_bool(e, b),
		    if (alone) ev_bool(e, "value", b); else jw_a_bool(e->w, b));
		return;
	}
	case 0xc2: i = (int8_t)rd_u8(r); sign = true; break;
	case 0xc3: i = (int16_t)rd_le16(r); sign = true; break;
	case 0xc4: case 0xcc: case 0xdb: i = (int32_t)rd_le32(r); sign = true; break;
	case 0xc5: i = (int64_t)rd_le64(r); sign = true; break;
	case 0xca:
		put_real(e, (double)rd_le_f32(r), to, alone);
		return;
	case 0xcb:
		put_real(e, rd_le_f64(r), to, alone);
		return;
	default:
		switch (width[type - 0xc0]) {
		case 1: u = rd_u8(r); break;
		case 2: u = rd_le16(r); break;
		case 4: u = rd_le32(r); break;
		default: u = rd_le64(r); break;
		}
	}
	if (sign)
		PUT(to, ev_val_int(e, i),
		    if (alone) ev_int(e, "value", i); else ev_a_int(e, i));
	else
		PUT(to, ev_val_uint(e, u),
		    if (alone) ev_uint(e, "value", u); else ev_a_uint(e, u));
}

static void
put_text(struct ev *e, struct text t, enum cip_to to)
{
	PUT(to, ev_val_str(e, t), ev_str(e, "value", t));
}

/* Bytes of an unknown shape: what an engineer would look at first, in hex. */
void
cip_value_raw(struct ev *e, struct rd r, enum cip_to to)
{
	uint32_t n = rd_have(&r) < RAW_MAX ? rd_have(&r) : RAW_MAX;
	const uint8_t *d = rd_bytes(&r, n);
	char *p;

	if (!d || !n || !(p = ev_room(e, n * 2)))
		return;
	hex_put(p, d, n);
	put_text(e, (struct text){ p, n * 2 }, to);
}

void
cip_value_put(struct ev *e, uint16_t type, uint16_t handle, struct rd r, enum cip_to to)
{
	uint32_t n, w;

	if (type == CIP_STRUCT) {
		/* the handle tells which; that of the standard string is known */
		struct rd s = r;
		n = rd_le32(&s);
		if (handle == HANDLE_STRING && rd_ok(&s) && n <= rd_have(&s)) {
			put_text(e, text_rd(&s, n), to);
			return;
		}
		cip_value_raw(e, r, to);
		return;
	}
	if (type == 0xd0 || type == 0xda) {
		n = type == 0xd0 ? rd_le16(&r) : rd_u8(&r);
		if (n <= rd_have(&r))
			put_text(e, text_rd(&r, n), to);
		return;
	}
	if (type < 0xc0 || type - 0xc0u >= sizeof(width) || !(w = width[type - 0xc0])) {
		cip_value_raw(e, r, to);
		return;
	}
	n = rd_have(&r) / w;
	if (!n)
		return;
	if (n == 1) {
		put_one(e, type, &r, to, true);
		return;
	}
	if (type == 0xc4 && to == CIP_TO_OT && n <= LIM_EV_VALUE / 16) {        /* most arrays */
		ev_val_le32s(e, rd_bytes(&r, n * 4), n * 4);
		return;
	}
	PUT(to, ev_val_arr(e), ev_arr(e, "value"));
	while (n--)
		put_one(e, type, &r, to, false);
	PUT(to, ev_val_end(e), ev_end(e));
}
