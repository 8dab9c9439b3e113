/* dnp3_obj.c: the objects of a fragment: headers, ranges, points; bytes to
 * structs, no events here. IEEE 1815-2012, 4.2.2.7 and annex A.
 *
 *     +-------+-----------+-----------+---------+--------------------------
 *     | group | variation | qualifier | range   | [index or size] point ...
 *     +-------+-----------+-----------+---------+--------------------------
 *                           prefix 4-6, range 0-3
 */
#include "proto/dnp3.h"

/* What a point is made of, in order:
 *   1 2    packed: that many bits           f  flags        e  control status
 *   u U    unsigned of 16, 32 bits          s S  signed     B  one octet
 *   F D    float of 32, 64 bits             t  time, 48 bits, ms
 *   r      16 bits: ms after the common time of the fragment
 *   c      control relay output block       x  octets of no interest */
static const char *const binary[] = { NULL, "1", "f" };
static const char *const binary_event[] = { NULL, "f", "ft", "fr" };
static const char *const dbl[] = { NULL, "2", "f" };
static const char *const output_event[] = { NULL, "f", "ft" };
static const char *const crob[] = { NULL, "c", "c", "1" };
static const char *const output_cmd[] = { NULL, "e", "et" };
static const char *const counter[] = { NULL, "fU", "fu", "fU", "fu", "U", "u", "U", "u" };
static const char *const frozen[] = { NULL, "fU", "fu", "fU", "fu", "fUt", "fut", "fUt", "fut",
	"U", "u", "U", "u" };
static const char *const counter_event[] = { NULL, "fU", "fu", "fU", "fu", "fUt", "fut", "fUt",
	"fut" };
static const char *const analog[] = { NULL, "fS", "fs", "S", "s", "fF", "fD" };
static const char *const frozen_analog[] = { NULL, "fS", "fs", "fSt", "fst", "S", "s", "fF", "fD" };
static const char *const analog_event[] = { NULL, "fS", "fs", "fSt", "fst", "fF", "fD", "fFt",
	"fDt" };
static const char *const deadband[] = { NULL, "u", "U", "F" };
static const char *const analog_output[] = { NULL, "fS", "fs", "fF", "fD" };
static const char *const setpoint[] = { NULL, "Se", "se", "Fe", "De" };
static const char *const setpoint_event[] = { NULL, "eS", "es", "eSt", "est", "eF", "eD", "eFt",
	"eDt" };
static const char *const times[] = { NULL, "t", "txxxx", "t", "txxxxx" };
static const char *const cto[] = { NULL, "t", "t" };
static const char *const delay[] = { NULL, "u", "u" };
static const char *const iin[] = { NULL, "1" };
static const char *const storage[] = { NULL, "Bxx" };
static const char *const floating[] = { NULL, "fF", "fD", "fFx" };
static const char *const bcd[] = { NULL, "u", "U", "xxxxxxxx" };
static const char *const octet[] = { NULL, "B" };
static const char *const stat[] = { NULL, "fxxU", "fxxUt" };

#define ROW(a) { a, sizeof(a) / sizeof((a)[0]) }
static const struct { const char *const *var; uint8_t n; } layouts[123] = {
	[1] = ROW(binary), [2] = ROW(binary_event), [3] = ROW(dbl), [4] = ROW(binary_event),
	[10] = ROW(binary), [11] = ROW(output_event), [12] = ROW(crob), [13] = ROW(output_cmd),
	[20] = ROW(counter), [21] = ROW(frozen), [22] = ROW(counter_event),
	[23] = ROW(counter_event), [30] = ROW(analog), [31] = ROW(frozen_analog),
	[32] = ROW(analog_event), [33] = ROW(analog_event), [34] = ROW(deadband),
	[40] = ROW(analog_output), [41] = ROW(setpoint), [42] = ROW(analog_event),
	[43] = ROW(setpoint_event), [50] = ROW(times), [51] = ROW(cto), [52] = ROW(delay),
	[80] = ROW(iin), [81] = ROW(storage), [100] = ROW(floating), [101] = ROW(bcd),
	[102] = ROW(octet), [121] = ROW(stat), [122] = ROW(stat),
};

static const uint8_t widths[128] = { ['f'] = 1, ['e'] = 1, ['u'] = 2, ['s'] = 2, ['U'] = 4,
	['S'] = 4, ['F'] = 4, ['D'] = 8, ['t'] = 6, ['r'] = 2, ['c'] = 11, ['B'] = 1, ['x'] = 1 };

void
dnp3_walk_begin(struct dnp3_walk *w, struct rd *r, uint8_t fc)
{
	*w = (struct dnp3_walk){ .r = r, .fc = fc };
}

/* Requests that name points without giving any. */
static bool
names_only(uint8_t fc, const struct dnp3_obj *h)
{
	if (h->prefix >= 4 && h->prefix <= 6)
		return false;
	switch (fc) {
	case DNP3_READ: case DNP3_ENABLE: case DNP3_DISABLE: case DNP3_ASSIGN:
		return true;
	case DNP3_FREEZE_TIME: case DNP3_FREEZE_TIME_NR:
		return h->group != 50;
	default:
		return (fc >= DNP3_FREEZE && fc <= DNP3_FREEZE_CLEAR_NR) ||
		    (fc >= DNP3_COLD_RESTART && fc <= DNP3_STOP_APPL);
	}
}

static uint32_t
number(struct rd *r, unsigned width)
{
	return width == 1 ? rd_u8(r) : width == 2 ? rd_le16(r) : rd_le32(r);
}

/* How one point of h lies there; false: not known. */
static bool
find_layout(struct dnp3_walk *w)
{
	const struct dnp3_obj *h = &w->h;

	w->layout = NULL;
	w->size = w->bits = 0;
	if (!h->data || (h->prefix >= 4 && h->prefix <= 6))
		return true;
	if (h->group == 0 || h->group == 110 || h->group == 111 || h->group == 112 ||
	    h->group == 113 || h->group == 114 || h->group == 115)
		return true;
	if (h->group == 120)            /* those of a fixed size: A.45 */
		return h->var == 3 || h->var == 4;
	if (h->group < sizeof(layouts) / sizeof(layouts[0]) && h->var < layouts[h->group].n)
		w->layout = layouts[h->group].var[h->var];
	if (!w->layout)
		return false;
	if (*w->layout == '1' || *w->layout == '2')
		w->bits = (uint8_t)(*w->layout - '0');
	for (const char *c = w->layout; *c; c++)
		w->size = (uint8_t)(w->size + widths[*c & 127]);
	return true;
}

bool
dnp3_next_object(struct dnp3_walk *w)
{
	struct dnp3_obj *h = &w->h;
	struct dnp3_point p;
	struct rd *r = w->r;
	unsigned width;

	while (dnp3_next_point(w, &p))
		continue;
	if (w->bad || !rd_left(r))
		return false;
	*h = (struct dnp3_obj){ 0 };
	w->done = 0;
	h->group = rd_u8(r);
	h->var = rd_u8(r);
	h->qualifier = rd_u8(r);
	h->prefix = h->qualifier >> 4 & 7;
	h->range = h->qualifier & 15;
	switch (h->range) {
	case 0: case 1: case 2: case 3: case 4: case 5:
		width = 1u << h->range % 3;
		h->start = number(r, width);
		h->stop = number(r, width);
		h->ranged = true;
		if (h->stop < h->start || h->stop - h->start == UINT32_MAX)
			w->bad = rd_ok(r);
		else
			h->count = h->stop - h->start + 1;
		break;
	case 6:
		break;
	case 7: case 8: case 9:
		h->count = number(r, 1u << (h->range - 7));
		break;
	case 11:
		h->count = rd_u8(r);
		break;
	default:
		w->bad = rd_ok(r);
	}
	if (h->prefix == 7 || !dnp3_group(h->group))
		w->bad = rd_ok(r);
	h->data = h->range != 6 && (h->var || h->group == 110 || h->group == 111) &&
	    !names_only(w->fc, h) && h->group != 60;
	/* the length of octet strings is the variation: none, nothing follows */
	if (!h->var && (h->group == 110 || h->group == 111) && h->prefix < 4)
		h->data = false;
	if (rd_ok(r) && !w->bad && !find_layout(w))
		w->bad = true;
	if (w->bad)
		rd_set_bad(r);
	return rd_ok(r);
}

/* Flags octet: what it means depends on the group. */
static enum dnp3_kind
kind_of(uint8_t g)
{
	switch (g) {
	case 1: case 2: return DP_BIT;
	case 3: case 4: return DP_DOUBLE;
	case 10: case 11: return DP_OUTPUT;
	case 12: return DP_CROB;
	case 20: case 21: case 22: case 23: case 121: case 122: return DP_COUNTER;
	case 30: case 31: case 32: case 33: case 40: case 42: case 100: return DP_ANALOG;
	case 41: case 43: return DP_SETPOINT;
	case 13: return DP_SETPOINT;
	case 50: case 51: return DP_TIME;
	case 80: return DP_BIT;
	default: return DP_NUMBER;
	}
}

static void
take_crob(struct rd *r, struct dnp3_point *p)
{
	uint8_t b = rd_u8(r);

	p->op = b & 15;
	p->queue = b & 0x10;
	p->clear = b & 0x20;
	p->tcc = b >> 6;
	p->count = rd_u8(r);
	p->on_ms = rd_le32(r);
	p->off_ms = rd_le32(r);
	p->has_status = true;
	p->status = rd_u8(r) & 0x7f;
}

static uint64_t
time48(struct rd *r)
{
	uint64_t lo = rd_le32(r);

	return lo | (uint64_t)rd_le16(r) << 32;
}

static void
take_real(struct dnp3_point *p, struct rd *r, bool wide)
{
	p->number = wide ? rd_le_f64(r) : (double)rd_le_f32(r);
	p->has_value = p->real = true;
}

static void
take_layout(const struct dnp3_walk *w, struct rd *r, struct dnp3_point *p)
{
	for (const char *c = w->layout; *c; c++) {
		switch (*c) {
		case 'f':
			p->flags = rd_u8(r);
			p->has_flags = true;
			if (p->kind == DP_BIT || p->kind == DP_OUTPUT || p->kind == DP_DOUBLE) {
				p->value = p->kind == DP_DOUBLE ? p->flags >> 6 : p->flags >> 7;
				p->has_value = true;
			}
			break;
		case 'e':
			p->status = rd_u8(r);
			p->has_status = true;
			if (w->h.group == 13) { /* the state commanded is its top bit */
				p->value = p->status >> 7;
				p->has_value = true;
			}
			p->status &= 0x7f;
			break;
		case 'B': p->value = rd_u8(r); p->has_value = true; break;
		case 'u': p->value = rd_le16(r); p->has_value = true; break;
		case 'U': p->value = rd_le32(r); p->has_value = true; break;
		case 's': p->value = (int16_t)rd_le16(r); p->has_value = true; break;
		case 'S': p->value = (int32_t)rd_le32(r); p->has_value = true; break;
		case 'F': take_real(p, r, false); break;
		case 'D': take_real(p, r, true); break;
		case 't': p->time = time48(r); p->has_time = true; break;
		case 'r': p->time = rd_le16(r); p->has_time = true; break;
		case 'c': take_crob(r, p); break;
		default: rd_skip(r, 1);
		}
	}
}

/* Objects whose size the wire gives: by a prefix, by the variation, or inside. */
static void
take_sized(struct dnp3_walk *w, struct dnp3_point *p)
{
	const struct dnp3_obj *h = &w->h;
	struct rd *r = w->r;

	if (h->prefix >= 4 && h->prefix <= 6)
		p->size = number(r, 1u << (h->prefix - 4));
	else if (h->group == 0)
		p->size = rd_peek8(r, 1) < 0 ? 2 : 2u + (uint32_t)rd_peek8(r, 1);
	else if (h->group == 120)
		p->size = h->var == 3 ? 6 : 2;
	else
		p->size = h->var;
	p->has_size = true;
	p->kind = h->group == 0 ? DP_ATTRIBUTE : h->group == 70 ? DP_FILE :
	    h->group == 120 ? DP_AUTH : DP_OCTETS;
	if (!p->size && !(h->prefix >= 4 && h->prefix <= 6))
		rd_set_bad(r);          /* points of nothing without end */
	p->body = rd_sub(r, p->size);
}

bool
dnp3_next_point(struct dnp3_walk *w, struct dnp3_point *p)
{
	const struct dnp3_obj *h = &w->h;
	struct rd *r = w->r;

	if (w->bad || !rd_ok(r) || w->done >= h->count)
		return false;
	if (!h->data && !(h->prefix >= 1 && h->prefix <= 3)) {
		w->done = h->count;
		return false;
	}
	memset(p, 0, offsetof(struct dnp3_point, body));
	p->kind = DP_NONE;
	if (h->ranged) {
		p->index = h->start + w->done;
		p->has_index = true;
	}
	if (h->prefix >= 1 && h->prefix <= 3) {
		p->index = number(r, 1u << (h->prefix - 1));
		p->has_index = true;
	}
	if (h->data && w->layout && w->bits) {
		unsigned at = w->done * w->bits % 8;
		if (at == 0)
			w->byte = rd_u8(r);
		p->kind = w->bits == 2 ? DP_DOUBLE :
		    kind_of(h->group) == DP_OUTPUT ? DP_OUTPUT : DP_BIT;
		p->value = w->byte >> at & (w->bits == 2 ? 3 : 1);
		p->has_value = true;
	} else if (h->data && w->layout) {
		struct rd one = rd_sub(r, w->size);
		p->kind = kind_of(h->group);
		take_layout(w, &one, p);
	} else if (h->data) {
		take_sized(w, p);
	}
	w->done++;
	return rd_ok(r);
}

/* Group 0 (A.1): type, length, value. */
void
dnp3_attr_decode(struct rd r, struct dnp3_attr *a)
{
	uint64_t v = 0;
	uint32_t n;
	const uint8_t *d;
	struct dnp3_point p = { 0 };

	*a = (struct dnp3_attr){ .type = rd_u8(&r) };
	n = rd_u8(&r);
	switch (a->type) {
	case 1:                         /* visible string */
		a->text = text_rd(&r, n);
		return;
	case 4:
		if (n != 4 && n != 8)
			return;
		take_real(&p, &r, n == 8);
		a->real = rd_ok(&r);
		a->value = p.number;
		return;
	case 2: case 3: case 7:
		if (n < 1 || n > 8 || !(d = rd_bytes(&r, n)))
			return;
		for (uint32_t i = n; i > 0; i--)
			v = v << 8 | d[i - 1];
		if (a->type == 3 && n < 8 && v >> (n * 8 - 1))
			v |= ~0ull << (n * 8);
		a->number = (int64_t)v;
		a->has_number = true;
		return;
	default:                        /* octets, bits and lists: of no use without their maker */
		return;
	}
}

/* Group 70 (A.26). Neither user, password nor key is taken. */
void
dnp3_file_decode(uint8_t var, struct rd r, struct dnp3_file *f)
{
	struct rd whole = r;
	uint32_t off, n;

	*f = (struct dnp3_file){ .request = 0 };
	switch (var) {
	case 2:                         /* user name, password, key */
		off = rd_le16(&r);
		n = rd_le16(&r);
		f->has_user = n > 0;
		rd_skip(&r, 4);
		f->has_key = rd_le32(&r) != 0;
		return;
	case 3:                         /* open, delete */
	case 7:                         /* what it is */
		off = rd_le16(&r);
		n = rd_le16(&r);
		if (var == 3) {
			rd_skip(&r, 8);         /* creation, permissions */
			f->has_key = rd_le32(&r) != 0;
			f->size = rd_le32(&r);
			f->mode = rd_le16(&r);
			f->has_mode = rd_ok(&r);
			f->max_block = rd_le16(&r);
		} else {
			rd_skip(&r, 2);
			f->size = rd_le32(&r);
			rd_skip(&r, 8);
		}
		f->request = rd_le16(&r);
		f->has_size = rd_ok(&r);
		rd_skip(&whole, off);
		f->name = text_rd(&whole, n);
		break;
	case 4:                         /* what came of it */
		f->handle = rd_le32(&r);
		f->size = rd_le32(&r);
		f->max_block = rd_le16(&r);
		f->request = rd_le16(&r);
		f->status = rd_u8(&r);
		f->has_handle = f->has_size = f->has_status = rd_ok(&r);
		break;
	case 5: case 6:                 /* a block, and what came of it */
		f->handle = rd_le32(&r);
		f->block = rd_le32(&r);
		f->last = f->block >> 31;
		f->block &= 0x7fffffff;
		f->has_handle = f->has_block = rd_ok(&r);
		if (var == 6) {
			f->status = rd_u8(&r);
			f->has_status = rd_ok(&r);
		} else {
			f->bytes = rd_left(&r);
		}
		break;
	case 8:
		f->name = text_rd(&r, rd_left(&r));
		break;
	default:
		break;
	}
	f->has_name = f->name.n > 0;
}
