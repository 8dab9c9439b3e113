/* bacnet_tag.c: BACnet's tagged values (clause 20.2). Pure: bytes to structs.
 *
 *     tag number (4 bits) | class (1) | length, value or type (3)
 *     [tag number] when the first is 15, [length 1, 3 or 5 bytes] when it is 5
 *
 * class 0 is an application tag: the number is the type. class 1 is a context
 * tag: the number is the parameter's place, 6 and 7 open and close a
 * construction. Constructions nest; walking them is a loop with a stack. */
#include "proto/bacnet.h"

bool
bac_tag(struct rd *r, struct bac_tag *t)
{
	uint8_t b = rd_u8(r), lvt = b & 7;

	t->num = b >> 4;
	t->kind = b & 8 ? BAC_T_CTX : BAC_T_APP;
	t->len = lvt;
	if (t->num == 15)
		t->num = rd_u8(r);
	if (t->kind == BAC_T_CTX && lvt >= 6) {
		t->kind = lvt == 6 ? BAC_T_OPEN : BAC_T_CLOSE;
		t->len = 0;
	} else if (lvt >= 6) {
		rd_set_bad(r);
	} else if (lvt == 5) {
		t->len = rd_u8(r);
		if (t->len == 254)
			t->len = rd_be16(r);
		else if (t->len == 255)
			t->len = rd_be32(r);
	}
	return rd_ok(r);
}

bool
bac_at(const struct rd *r, uint8_t kind, uint8_t n)
{
	int b = rd_peek8(r, 0);

	if (b < 0 || b >> 4 != n || !(b & 8))
		return false;
	if (kind == BAC_T_OPEN)
		return (b & 7) == 6;
	if (kind == BAC_T_CLOSE)
		return (b & 7) == 7;
	return (b & 7) < 6;
}

bool
bac_open(struct rd *r, uint8_t n)
{
	if (!bac_at(r, BAC_T_OPEN, n))
		return false;
	rd_skip(r, 1);
	return true;
}

bool
bac_close(struct rd *r, uint8_t n)
{
	if (!bac_at(r, BAC_T_CLOSE, n))
		return false;
	rd_skip(r, 1);
	return true;
}

/* An unsigned of 0 to 8 bytes (the standard's shortest form has at least one). */
static uint64_t
uint_of(struct rd *r, uint32_t len)
{
	uint64_t v = 0;

	if (len == 0 || len > 8) {
		rd_set_bad(r);
		return 0;
	}
	while (len--)
		v = v << 8 | rd_u8(r);
	return v;
}

static int64_t
int_of(struct rd *r, uint32_t len)
{
	uint64_t v = uint_of(r, len);

	if (len && len < 8 && v >> (len * 8 - 1) & 1)
		v |= ~UINT64_C(0) << len * 8;
	return (int64_t)v;
}

bool
bac_ctx_uint(struct rd *r, uint8_t n, uint64_t *v)
{
	struct bac_tag t;

	if (!bac_at(r, BAC_T_CTX, n) || !bac_tag(r, &t))
		return false;
	if (t.len > 4)
		rd_set_bad(r);          /* clause 21 knows no longer parameter */
	*v = uint_of(r, t.len);
	return rd_ok(r);
}

bool
bac_ctx_oid(struct rd *r, uint8_t n, uint32_t *oid)
{
	struct bac_tag t;

	if (!bac_at(r, BAC_T_CTX, n) || !bac_tag(r, &t))
		return false;
	if (t.len != 4)
		rd_set_bad(r);
	*oid = rd_be32(r);
	return rd_ok(r);
}

/* Moves past one tag and its content, keeping the stack of open constructions. */
static void
skip_one(struct rd *r, uint8_t stack[LIM_BACNET_NEST], unsigned *depth)
{
	struct bac_tag t;

	if (!bac_tag(r, &t))
		return;
	switch (t.kind) {
	case BAC_T_OPEN:
		if (*depth == LIM_BACNET_NEST)
			rd_set_bad(r);
		else
			stack[(*depth)++] = t.num;
		break;
	case BAC_T_CLOSE:
		if (*depth == 0 || stack[*depth - 1] != t.num)
			rd_set_bad(r);
		else
			--*depth;
		break;
	case BAC_T_APP:
		if (t.num == BAC_BOOLEAN)
			break;          /* its value is in the length */
		/* FALLTHROUGH */
	default:
		rd_skip(r, t.len);
	}
}

bool
bac_skip(struct rd *r)
{
	uint8_t stack[LIM_BACNET_NEST];
	unsigned depth = 0;

	do
		skip_one(r, stack, &depth);
	while (depth && rd_left(r));
	if (depth)
		rd_set_bad(r);
	return rd_ok(r);
}

/* Whether any closing tag comes next. */
static bool
at_close(const struct rd *r)
{
	int b = rd_peek8(r, 0);

	return b >= 0 && (b & 0x0f) == 0x0f;
}

uint32_t
bac_skip_to_close(struct rd *r)
{
	uint32_t n = 0;

	while (rd_left(r) && !at_close(r)) {
		if (!bac_skip(r))
			break;
		n++;
	}
	return n;
}

bool
bac_value(struct rd *r, struct bac_val *v)
{
	struct bac_tag t;

	*v = (struct bac_val){ 0 };
	if (!bac_tag(r, &t))
		return false;
	v->num = t.num;
	if (t.kind != BAC_T_APP) {
		v->t = t.kind == BAC_T_OPEN ? BAC_OPEN :
		    t.kind == BAC_T_CLOSE ? BAC_CLOSE : BAC_CTX;
		v->p = rd_bytes(r, t.len);
		v->n = t.len;
		return rd_ok(r);
	}
	v->t = t.num;
	switch (t.num) {
	case BAC_NULL:
		rd_skip(r, t.len);
		break;
	case BAC_BOOLEAN:
		if (t.len > 1)
			rd_set_bad(r);
		v->u = t.len;
		break;
	case BAC_UNSIGNED: case BAC_ENUM:
		v->u = uint_of(r, t.len);
		break;
	case BAC_INTEGER:
		v->i = int_of(r, t.len);
		break;
	case BAC_REAL:
		if (t.len != 4)
			rd_set_bad(r);
		v->d = (double)rd_be_f32(r);
		break;
	case BAC_DOUBLE:
		if (t.len != 8)
			rd_set_bad(r);
		v->d = rd_be_f64(r);
		break;
	case BAC_OID:
		if (t.len != 4)
			rd_set_bad(r);
		v->u = rd_be32(r);
		break;
	case BAC_DATE: case BAC_TIME:
		if (t.len != 4)
			rd_set_bad(r);
		v->p = rd_bytes(r, 4);
		v->n = 4;
		break;
	case BAC_TEXT: case BAC_BITS:
		if (t.len == 0) {
			rd_set_bad(r);
			break;
		}
		v->enc = rd_u8(r);
		/* FALLTHROUGH */
	case BAC_OCTETS:
		v->n = t.len - (t.num != BAC_OCTETS);
		v->p = rd_bytes(r, v->n);
		if (t.num == BAC_BITS && v->enc > 7)
			rd_set_bad(r);
		break;
	default:
		rd_set_bad(r);          /* 13 to 15 are reserved */
	}
	return rd_ok(r);
}

static size_t
utf8_put(char *d, uint32_t c)
{
	if (c >= 0xd800 && c <= 0xdfff)
		c = 0xfffd;
	if (c < 0x80) {
		d[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		d[0] = (char)(0xc0 | c >> 6);
		d[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		d[0] = (char)(0xe0 | c >> 12);
		d[1] = (char)(0x80 | (c >> 6 & 0x3f));
		d[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	if (c > 0x10ffff)
		return utf8_put(d, 0xfffd);
	d[0] = (char)(0xf0 | c >> 18);
	d[1] = (char)(0x80 | (c >> 12 & 0x3f));
	d[2] = (char)(0x80 | (c >> 6 & 0x3f));
	d[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

enum { CS_UTF8 = 0, CS_DBCS = 1, CS_JIS = 2, CS_UCS4 = 3, CS_UCS2 = 4, CS_LATIN1 = 5 };

/* The next character of a character set of fixed width; 0 bytes: none whole. */
static uint32_t
char_at(uint8_t enc, const uint8_t *p, uint32_t n, uint32_t *c)
{
	switch (enc) {
	case CS_UCS4:
		if (n < 4)
			return 0;
		*c = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
		return 4;
	case CS_UCS2:
		if (n < 2)
			return 0;
		*c = (uint32_t)p[0] << 8 | p[1];
		/* UTF-16's pairs are not UCS-2, and are met all the same */
		if (*c >> 10 == 0x36 && n >= 4 && p[2] >> 2 == 0x37) {
			*c = 0x10000 + ((*c & 0x3ff) << 10 | (uint32_t)(p[2] & 3) << 8 | p[3]);
			return 4;
		}
		return 2;
	case CS_LATIN1:
		*c = p[0];
		return 1;
	default:                /* DBCS, JIS: ASCII as it is, the rest not known here */
		*c = p[0] < 0x80 ? p[0] : 0xfffd;
		return 1;
	}
}

size_t
bac_utf8(char *dst, size_t cap, uint8_t enc, const uint8_t *p, uint32_t n)
{
	size_t o = 0;
	uint32_t i, c, w;

	if (enc == CS_UTF8) {
		o = n < cap ? n : cap;
		memcpy(dst, p, o);
		return o;
	}
	if (enc == CS_DBCS) {           /* code page first */
		w = n < 2 ? n : 2;
		p += w;
		n -= w;
	}
	for (i = 0; i < n && cap - o >= 4; i += w) {
		if ((w = char_at(enc, p + i, n - i, &c)) == 0)
			break;
		o += utf8_put(dst + o, c);
	}
	return o;
}

static size_t
two(char *d, uint8_t v)
{
	if (v == 255) {
		*d = '*';
		return 1;
	}
	if (v > 99)
		d[0] = (char)('0' + v / 100), d++;
	d[0] = (char)('0' + v / 10 % 10);
	d[1] = (char)('0' + v % 10);
	return v > 99 ? 3 : 2;
}

size_t
bac_date(char *dst, const uint8_t *p, uint32_t n)
{
	size_t o = 0;

	if (n < 4)
		return 0;
	if (p[0] == 255)
		dst[o++] = '*';
	else
		o += jw_dec(dst, 1900u + p[0]);
	dst[o++] = '-';
	/* 20.2.12: 13 odd months, 14 even months; 32 the last day, 33 odd, 34 even days */
	o += two(dst + o, p[1]);
	dst[o++] = '-';
	o += two(dst + o, p[2]);
	return o;
}

size_t
bac_time(char *dst, const uint8_t *p, uint32_t n)
{
	size_t o = 0;
	int i;

	if (n < 4)
		return 0;
	for (i = 0; i < 4; i++) {
		if (i)
			dst[o++] = i == 3 ? '.' : ':';
		o += two(dst + o, p[i]);
	}
	return o;
}

size_t
bac_bits(char *dst, size_t cap, const uint8_t *p, uint32_t n, uint8_t unused)
{
	size_t bits = (size_t)n * 8, i;

	bits = bits > unused ? bits - unused : 0;
	if (bits > cap)
		bits = cap;
	for (i = 0; i < bits; i++)
		dst[i] = p[i / 8] >> (7 - i % 8) & 1 ? '1' : '0';
	return bits;
}

size_t
bac_oid_text(char *dst, uint32_t oid)
{
	const char *s = bac_object_name(oid >> 22);
	size_t o = s ? strlen(s) : 0;

	if (s)
		memcpy(dst, s, o);
	else
		o = jw_dec(dst, oid >> 22);
	dst[o++] = ',';
	return o + jw_dec(dst + o, oid & 0x3fffff);
}

size_t
bac_prop_text(char *dst, uint32_t prop)
{
	const char *s = bac_property_name(prop);
	size_t o = s ? strlen(s) : 0;

	if (!s)
		return jw_dec(dst, prop);
	memcpy(dst, s, o);
	return o;
}
