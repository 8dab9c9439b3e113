/* opcua_type.c: OPC UA's built-in types (OPC 10000-6, 5.2), bytes to structs.
 *
 * Little-endian throughout; lengths are Int32, -1 for null. Variants hold
 * arrays of Variants, DiagnosticInfos themselves: they are walked with a stack
 * of what is still to come, at most LIM_OPCUA_NEST deep. */
#include "proto/opcua.h"

#include "base/hex.h"
#include "base/stamp.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* The length of a string, array or byte string; 0 for null. */
static uint32_t
length(struct rd *r)
{
	uint32_t n = rd_le32(r);

	if (n == UINT32_MAX)
		return 0;
	if (n > rd_left(r)) {
		if (n > INT32_MAX)
			rd_set_bad(r);
		else
			rd_fail(r, n);
		return 0;
	}
	return n;
}

uint32_t
ua_count(struct rd *r)
{
	return length(r);       /* every element has a byte at least */
}

/* Not all there, or with something around it that is left out. */
static __attribute__((noinline)) struct text
odd_string(struct rd *r)
{
	uint32_t n = length(r);

	return text_rd(r, n);
}

static inline struct text
take_string(struct rd *r)
{
	uint32_t have = rd_have(r), n;
	const uint8_t *p;

	if (have < 4)
		return odd_string(r);
	p = rd_at(r);
	n = ua_le32(p);
	if (n == UINT32_MAX) {
		rd_skip(r, 4);
		return (struct text){ 0 };
	}
	if (!n || n > have - 4 || n > LIM_TEXT || p[4] <= ' ' || p[3 + n] <= ' ')
		return odd_string(r);
	rd_skip(r, 4 + n);
	return (struct text){ (const char *)p + 4, n };
}

struct text ua_string(struct rd *r) { return take_string(r); }

struct rd
ua_bytes(struct rd *r)
{
	uint32_t n = length(r);

	return rd_sub(r, n);
}

struct text
ua_ltext(struct rd *r)
{
	uint8_t mask = rd_u8(r);

	if (mask & 1)
		ua_string(r);
	return mask & 2 ? ua_string(r) : (struct text){ 0 };
}

struct text
ua_qname(struct rd *r, uint16_t *ns)
{
	uint16_t v = rd_le16(r);

	if (ns)
		*ns = v;
	return ua_string(r);
}

/* 5.2.2.9: the first byte says how long the rest is. */
static __attribute__((noinline)) void
odd_node(struct rd *r, struct ua_node *n, bool expanded)
{
	uint8_t form = rd_u8(r);
	struct rd b;

	switch (form & 0x3f) {
	case 0:
		n->num = rd_u8(r);
		break;
	case 1:
		n->ns = rd_u8(r);
		n->num = rd_le16(r);
		break;
	case 2:
		n->ns = rd_le16(r);
		n->num = rd_le32(r);
		break;
	case 3:
		n->kind = 's';
		n->ns = rd_le16(r);
		n->s = ua_string(r);
		break;
	case 4:
		n->kind = 'g';
		n->ns = rd_le16(r);
		n->s.p = (const char *)rd_bytes(r, 16);
		n->s.n = n->s.p ? 16 : 0;
		break;
	case 5:
		n->kind = 'b';
		n->ns = rd_le16(r);
		b = ua_bytes(r);
		n->s = (struct text){ (const char *)b.p, rd_have(&b) };
		break;
	default:
		rd_set_bad(r);
		return;
	}
	if (form & 0xc0 && !expanded) {
		rd_set_bad(r);
		return;
	}
	if (form & 0x80)
		n->uri = ua_string(r);
	if (form & 0x40)
		n->server = rd_le32(r);
}

/* From behind its namespace. */
static __attribute__((noinline)) void
string_node(struct rd *r, struct ua_node *n)
{
	n->kind = 's';
	n->s = take_string(r);
}

/* Most are numbers and strings, and whole: read with one check. */
static inline void
take_node(struct rd *r, struct ua_node *n, bool expanded)
{
	const uint8_t *p;

	*n = (struct ua_node){ .kind = 'i' };
	if (rd_have(r) < 7) {
		odd_node(r, n, expanded);
		return;
	}
	p = rd_at(r);
	switch (p[0]) {
	case 0:
		n->num = p[1];
		rd_skip(r, 2);
		break;
	case 1:
		n->ns = p[1];
		n->num = ua_le16(p + 2);
		rd_skip(r, 4);
		break;
	case 2:
		n->ns = ua_le16(p + 1);
		n->num = ua_le32(p + 3);
		rd_skip(r, 7);
		break;
	case 3:
		n->ns = ua_le16(p + 1);
		rd_skip(r, 3);
		string_node(r, n);
		break;
	default:
		odd_node(r, n, expanded);
	}
}

void ua_nodeid(struct rd *r, struct ua_node *n) { take_node(r, n, false); }
void ua_xnodeid(struct rd *r, struct ua_node *n) { take_node(r, n, true); }

void
ua_no_ext(struct rd *r)
{
	static const uint8_t none[] = { 0, 0, 0 };
	struct ua_node type;
	struct rd body;

	if (rd_have(r) >= sizeof(none) && memcmp(rd_at(r), none, sizeof(none)) == 0)
		rd_skip(r, sizeof(none));
	else
		ua_ext(r, &type, &body);
}

uint32_t
ua_ext(struct rd *r, struct ua_node *type, struct rd *body)
{
	uint8_t form;

	ua_nodeid(r, type);
	form = rd_u8(r);
	*body = rd_init(NULL, 0, 0);
	if (form > 2)
		rd_set_bad(r);
	else if (form)
		*body = ua_bytes(r);
	return form == 1 && type->kind == 'i' && !type->ns ? type->num : 0;
}

/* Bytes of the types that have a fixed length; 0 for the others. */
static uint32_t
fixed_size(uint8_t type)
{
	static const uint8_t size[] = { [UA_BOOLEAN] = 1, [UA_SBYTE] = 1, [UA_BYTE] = 1,
	    [UA_INT16] = 2, [UA_UINT16] = 2, [UA_INT32] = 4, [UA_UINT32] = 4, [UA_INT64] = 8,
	    [UA_UINT64] = 8, [UA_FLOAT] = 4, [UA_DOUBLE] = 8, [UA_DATETIME] = 8, [UA_GUID] = 16,
	    [UA_STATUS] = 4, [UA_SKIP] = 1 };

	return type < sizeof(size) ? size[type] : 0;
}

struct level { uint8_t type; uint32_t left; };
struct walk { unsigned n; struct level at[LIM_OPCUA_NEST]; };

static void
push(struct rd *r, struct walk *k, uint8_t type, uint32_t n)
{
	if (k->n == LIM_OPCUA_NEST)
		rd_set_bad(r);
	else if (n)
		k->at[k->n++] = (struct level){ type, n };
}

/* What a Variant, DataValue or DiagnosticInfo holds goes on the stack, the last first. */
static void
open_variant(struct rd *r, struct walk *k)
{
	uint8_t mask = rd_u8(r), type = mask & 0x3f;

	if (type > UA_DIAG) {
		if (type > 31)
			rd_set_bad(r);
		type = UA_BYTES;        /* 26 to 31: of a later version, as ByteString */
	}
	if (mask & 0x40)
		push(r, k, UA_DIMS, 1);
	if (mask & 0x80)
		push(r, k, type, ua_count(r));
	else if (type)
		push(r, k, type, 1);
}

static void
open_datavalue(struct rd *r, struct walk *k)
{
	uint8_t mask = rd_u8(r);
	uint32_t rest = (mask & 2 ? 4u : 0) + (mask & 4 ? 8u : 0) + (mask & 8 ? 8u : 0) +
	    (mask & 16 ? 2u : 0) + (mask & 32 ? 2u : 0);

	push(r, k, UA_SKIP, rest);
	if (mask & 1)
		push(r, k, UA_VARIANT, 1);
}

static void
open_diag(struct rd *r, struct walk *k)
{
	uint8_t mask = rd_u8(r);

	for (uint8_t bit = 1; bit <= 8; bit = (uint8_t)(bit << 1))
		if (mask & bit)
			rd_skip(r, 4);
	if (mask & 16)
		ua_string(r);
	if (mask & 32)
		rd_skip(r, 4);
	if (mask & 64)
		push(r, k, UA_DIAG, 1);
}

/* One value of a type; what is inside it is left on the stack. */
static void
pass_one(struct rd *r, struct walk *k, uint8_t type)
{
	struct ua_node node;
	struct rd body;

	switch (type) {
	case UA_STRING: case UA_BYTES: case UA_XML:
		ua_bytes(r);
		break;
	case UA_NODE: ua_nodeid(r, &node); break;
	case UA_XNODE: ua_xnodeid(r, &node); break;
	case UA_QNAME: ua_qname(r, NULL); break;
	case UA_LTEXT: ua_ltext(r); break;
	case UA_EXT: ua_ext(r, &node, &body); break;
	case UA_VARIANT: open_variant(r, k); break;
	case UA_DATAVALUE: open_datavalue(r, k); break;
	case UA_DIAG: open_diag(r, k); break;
	case UA_DIMS:
		push(r, k, UA_INT32, ua_count(r));
		break;
	default:
		rd_set_bad(r);
	}
}

void
ua_skip(struct rd *r, uint8_t type, uint32_t n)
{
	struct walk k;

	k.n = 0;
	push(r, &k, type, n);
	while (k.n && rd_ok(r)) {
		struct level *l = &k.at[k.n - 1];
		uint32_t size = fixed_size(l->type);

		if (size) {
			if (l->left > rd_left(r) / size)
				rd_fail(r, rd_left(r) + 1);
			else
				rd_skip(r, l->left * size);
			k.n--;
			continue;
		}
		type = l->type;
		if (--l->left == 0)
			k.n--;
		pass_one(r, &k, type);
	}
}

void
ua_variant(struct rd *r, struct ua_variant *v)
{
	uint8_t mask = rd_u8(r);
	uint32_t size;

	v->type = mask & 0x3f;
	v->array = mask & 0x80;
	v->matrix = mask & 0x40;
	if (v->type > UA_DIAG) {
		if (v->type > 31)
			rd_set_bad(r);
		v->type = UA_BYTES;
	}
	if (v->matrix && !v->array)
		rd_set_bad(r);
	v->n = v->array ? ua_count(r) : v->type ? 1 : 0;
	v->body = *r;
	if (!v->array && (size = fixed_size(v->type)))
		rd_skip(r, size);
	else
		ua_skip(r, v->type, v->n);
	if (v->matrix)
		ua_skip(r, UA_DIMS, 1);
	if (!rd_ok(r))
		v->body.err = r->err;
}

/* 100 ns since 1601; 0 and the last second of 9999 mean "none". */
static inline int64_t
time_of(uint64_t t)
{
	if (!t || t > 2650467743990000000u)
		return INT64_MIN;
	return (int64_t)(t / 10) - 11644473600000000;
}

static inline uint64_t
le64(const uint8_t *p)
{
	return (uint64_t)ua_le32(p + 4) << 32 | ua_le32(p);
}

int64_t ua_time(struct rd *r) { return time_of(rd_le64(r)); }

/* A value of fixed length and perhaps its times: what most are. False, and nothing
 * read: it is another. */
static inline bool
usual_datavalue(struct rd *r, struct ua_data *d)
{
	uint32_t have = rd_have(r), size, n;
	const uint8_t *p;
	uint8_t mask;

	if (have < 2)
		return false;
	p = rd_at(r);
	mask = p[0];
	size = p[1] < UA_SKIP ? fixed_size(p[1]) : 0;
	n = 2 + size + (mask & 4 ? 8 : 0) + (mask & 8 ? 8 : 0);
	if ((mask & ~12) != 1 || !size || have < n)
		return false;
	*d = (struct ua_data){ .plain = true, .has_value = true, .has_source = mask & 4,
	    .has_server = mask & 8 };
	rd_skip(r, 2);
	d->value.type = p[1];
	d->value.n = 1;
	d->value.body = *r;
	rd_skip(r, n - 2);
	if (mask & 4)
		d->source_us = time_of(le64(p + 2 + size));
	if (mask & 8)
		d->server_us = time_of(le64(p + n - 8));
	return true;
}

static __attribute__((noinline)) void
other_datavalue(struct rd *r, struct ua_data *d)
{
	uint8_t mask = rd_u8(r);

	memset(d, 0, sizeof(*d));
	if (mask & 0xc0)
		rd_set_bad(r);
	d->has_value = mask & 1;
	d->has_status = mask & 2;
	d->has_source = mask & 4;
	d->has_server = mask & 8;
	if (d->has_value)
		ua_variant(r, &d->value);
	if (d->has_status)
		d->status = rd_le32(r);
	if (d->has_source)
		d->source_us = ua_time(r);
	if (mask & 16)
		rd_skip(r, 2);
	if (d->has_server)
		d->server_us = ua_time(r);
	if (mask & 32)
		rd_skip(r, 2);
}

void
ua_datavalue(struct rd *r, struct ua_data *d)
{
	if (!usual_datavalue(r, d))
		other_datavalue(r, d);
}

/* The nearest decimal fraction that is this Float, so that 0.1 reads 0.1. */
static double
float_value(uint32_t bits)
{
	static const double ten[] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8 };
	float f = rd_f32_of(bits);
	double d = (double)f;

	if (d == 0 || !isfinite(d))
		return d;
	if (fabs(d) < 1e7 && fabs(d) > 1e-3) {
		for (size_t i = 0; i < sizeof(ten) / sizeof(*ten); i++) {
			double t = nearbyint(d * ten[i]) / ten[i];
			if ((float)t == f)
				return t;
		}
	}
	for (int n = 6; n < 9; n++) {
		char s[24];
		snprintf(s, sizeof(s), "%.*g", n, d);
		if (strtof(s, NULL) == f)
			return strtod(s, NULL);
	}
	return d;
}

static void
value_real(struct ua_value *v, double d)
{
	v->t = UA_V_TEXT;
	if (isnan(d)) {
		v->s = TEXT("NaN");
	} else if (isinf(d)) {
		v->s = d > 0 ? TEXT("Infinity") : TEXT("-Infinity");
	} else {
		v->t = UA_V_REAL;
		v->d = d;
	}
}

static size_t
hex_within(char *d, size_t cap, const void *p, uint32_t n)
{
	return hex_put(d, p, n < cap / 2 ? n : cap / 2);
}

/* 5.2.2.6: the first three parts are little-endian numbers. */
static size_t
guid_put(char d[36], const uint8_t *p)
{
	static const uint8_t order[] = { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15 };
	size_t o = 0;

	for (unsigned i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			d[o++] = '-';
		o += hex_put(d + o, p + order[i], 1);
	}
	return o;
}

size_t
ua_node_text(char d[UA_NODE_TEXT], const struct ua_node *n)
{
	size_t o = 0;

	if (n->uri.n) {
		size_t m = n->uri.n < 100 ? n->uri.n : 100;
		memcpy(d, "nsu=", 4);
		memcpy(d + 4, n->uri.p, m);
		o = 4 + m;
		d[o++] = ';';
	} else if (n->ns) {
		memcpy(d, "ns=", 3);
		o = (size_t)(jw_num_at(d + 3, n->ns) - d);
		d[o++] = ';';
	}
	d[o++] = (char)n->kind;
	d[o++] = '=';
	if (n->kind == 'i') {
		o = (size_t)(jw_num_at(d + o, n->num) - d);
	} else if (n->kind == 's') {
		size_t m = n->s.n < UA_NODE_TEXT - o ? n->s.n : UA_NODE_TEXT - o;
		jw_copy(d + o, n->s.p, m);
		o += m;
	} else if (n->kind == 'g') {
		if (n->s.n == 16)
			o += guid_put(d + o, (const uint8_t *)n->s.p);
	} else {
		o += hex_within(d + o, UA_NODE_TEXT - o, n->s.p, n->s.n);
	}
	return o;
}

static void
value_text(struct ua_value *v, struct text s)
{
	v->t = UA_V_TEXT;
	v->s = s;
}

static void
value_bytes(struct rd *r, struct ua_value *v)
{
	struct rd b = ua_bytes(r);
	uint32_t n = rd_have(&b);

	value_text(v, (struct text){ v->buf,
	    n ? (uint32_t)hex_within(v->buf, 128, rd_bytes(&b, n), n) : 0 });
}

/* A structure is named; a QualifiedName has its namespace before a colon. */
static void
value_named(struct rd *r, uint8_t type, struct ua_value *v)
{
	struct ua_node n;
	struct rd body;
	struct text s;
	const char *name;
	uint16_t ns;
	size_t o;

	if (type == UA_EXT) {
		uint32_t id = ua_ext(r, &n, &body);
		name = ua_encoding_name(id);
		if (name)
			value_text(v, text_c(name));
		else
			value_text(v, (struct text){ v->buf, (uint32_t)ua_node_text(v->buf, &n) });
		return;
	}
	s = ua_qname(r, &ns);
	if (!ns) {
		value_text(v, s);
		return;
	}
	o = jw_dec(v->buf, ns);
	v->buf[o++] = ':';
	if (s.n > UA_NODE_TEXT - o)
		s.n = (uint32_t)(UA_NODE_TEXT - o);
	if (s.n)
		memcpy(v->buf + o, s.p, s.n);
	value_text(v, (struct text){ v->buf, (uint32_t)o + s.n });
}

/* What is no number. */
static __attribute__((noinline)) void
other_value(struct rd *r, uint8_t type, struct ua_value *v)
{
	struct ua_node n;
	const char *name;
	const uint8_t *p;
	uint32_t u;
	int64_t us;

	switch (type) {
	case UA_STRING: case UA_XML: value_text(v, ua_string(r)); break;
	case UA_LTEXT: value_text(v, ua_ltext(r)); break;
	case UA_BYTES: value_bytes(r, v); break;
	case UA_EXT: case UA_QNAME: value_named(r, type, v); break;
	case UA_DATETIME:
		us = ua_time(r);
		value_text(v, (struct text){ v->buf,
		    us == INT64_MIN ? 0 : (uint32_t)stamp_put(v->buf, us) });
		break;
	case UA_GUID:
		p = rd_bytes(r, 16);
		value_text(v, (struct text){ v->buf, p ? (uint32_t)guid_put(v->buf, p) : 0 });
		break;
	case UA_NODE: case UA_XNODE:
		take_node(r, &n, type == UA_XNODE);
		value_text(v, (struct text){ v->buf, (uint32_t)ua_node_text(v->buf, &n) });
		break;
	case UA_STATUS:
		u = rd_le32(r);
		name = ua_status_name(u);
		if (name) {
			value_text(v, text_c(name));
		} else {
			v->t = UA_V_UINT;
			v->u = u;
		}
		break;
	default:
		ua_skip(r, type, 1);
	}
}

static void
plain_value(struct rd *r, uint8_t type, struct ua_value *v)
{
	const uint8_t *p;

	v->t = UA_V_NONE;
	v->s = (struct text){ 0 };
	switch (type) {
	case UA_BOOLEAN: v->t = UA_V_BOOL; v->u = rd_u8(r) != 0; break;
	case UA_BYTE: v->t = UA_V_UINT; v->u = rd_u8(r); break;
	case UA_UINT16: v->t = UA_V_UINT; v->u = rd_le16(r); break;
	case UA_UINT32: v->t = UA_V_UINT; v->u = rd_le32(r); break;
	case UA_UINT64: v->t = UA_V_UINT; v->u = rd_le64(r); break;
	case UA_SBYTE: v->t = UA_V_INT; v->i = (int8_t)rd_u8(r); break;
	case UA_INT16: v->t = UA_V_INT; v->i = (int16_t)rd_le16(r); break;
	case UA_INT32: v->t = UA_V_INT; v->i = (int32_t)rd_le32(r); break;
	case UA_INT64: v->t = UA_V_INT; v->i = (int64_t)rd_le64(r); break;
	case UA_FLOAT: value_real(v, float_value(rd_le32(r))); break;
	case UA_DOUBLE:
		p = rd_bytes(r, 8);
		value_real(v, p ? rd_f64_of(le64(p)) : 0);
		break;
	default: other_value(r, type, v);
	}
	if (!rd_ok(r))
		v->t = UA_V_NONE;
}

/* A Variant among the elements gives its own value, when that is one value. */
static __attribute__((noinline)) void
variant_value(struct rd *r, struct ua_value *v)
{
	struct ua_variant in;

	v->t = UA_V_NONE;
	ua_variant(r, &in);
	if (rd_ok(r) && !in.array && in.type && in.type < UA_DATAVALUE)
		plain_value(&in.body, in.type, v);
}

void
ua_value(struct rd *r, uint8_t type, struct ua_value *v)
{
	if (type == UA_VARIANT)
		variant_value(r, v);
	else
		plain_value(r, type, v);
}
