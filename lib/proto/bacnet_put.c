/* bacnet_put.c: references and values of BACnet's services, into the event.
 *
 * Lists stay on the wire and are walked while writing; the one value of an
 * exchange about one property is walked once more for ot.value. */
#include "base/hex.h"
#include "proto/bacnet_put.h"

#include <math.h>

/* One value as JSON sees it. */
enum { S_NONE, S_UINT, S_INT, S_REAL, S_BOOL, S_TEXT, S_WORD };      /* S_WORD: our own text */
struct scalar {
	uint8_t t;
	uint64_t u;
	int64_t i;
	double d;
	struct text s;
	char buf[LIM_TEXT];
};

struct text
bac_tok(struct ev *e, const struct tok *t, uint32_t v)
{
	const char *s = tok_find(t, v);

	return s ? text_c(s) : ev_text_num(e, "", 0, v);
}

struct text
bac_oid_name(struct ev *e, uint32_t oid)
{
	char *p = ev_room(e, BAC_OID_TEXT);

	return p ? (struct text){ p, (uint32_t)bac_oid_text(p, oid) } : (struct text){ 0 };
}

struct bac_obj
bac_obj_open(struct ev *e, const char *k, size_t kn)
{
	struct bac_obj b = { .m = jw_mark(e->w) };

	jw_k_open(e->w, k, kn, '{');
	b.n = e->w->n;
	return b;
}

void
bac_obj_end(struct ev *e, const struct bac_obj *b)
{
	if (e->w->n == b->n)
		jw_rewind(e->w, b->m);
	else
		ev_end(e);
}

void
bac_need(struct rd *r, bool there)
{
	if (there)
		return;
	if (rd_have(r))
		rd_set_bad(r);
	else
		rd_fail(r, 1);          /* cut there by our own capture, or ended by the sender */
}

/* Whoever stands at a door or holds a card is nobody's business here. */
static bool
is_personal(uint32_t prop)
{
	switch (prop) {
	case 248: case 249:     /* access-event-authentication-factor, -credential */
	case 257: case 265: case 266: case 277: case 279:       /* factors, credentials */
	case 310: case 311: case 317:                           /* user-... */
		return true;
	}
	return false;
}

static struct text
hex_text(char *d, size_t cap, const uint8_t *p, uint32_t n)
{
	if (n > 64)
		n = 64;
	return (struct text){ d, (uint32_t)hex_put(d, p, n < cap / 2 ? n : cap / 2) };
}

static void
scalar_of(struct scalar *s, const struct bac_val *v, uint32_t oid, uint32_t prop)
{
	const char *name;
	size_t n;

	s->t = S_TEXT;
	s->s = (struct text){ 0 };
	switch (v->t) {
	case BAC_NULL:
		s->s = TEXT("null");
		break;
	case BAC_BOOLEAN:
		s->t = S_BOOL;
		s->u = v->u;
		break;
	case BAC_UNSIGNED:
		s->t = S_UINT;
		s->u = v->u;
		break;
	case BAC_ENUM:
		name = bac_enum_name(oid >> 22, prop, v->u);
		if (name) {
			s->t = S_WORD;
			s->s = text_c(name);
		} else {
			s->t = S_UINT;
			s->u = v->u;
		}
		break;
	case BAC_INTEGER:
		s->t = S_INT;
		s->i = v->i;
		break;
	case BAC_REAL: case BAC_DOUBLE:
		if (isnan(v->d)) {
			s->s = TEXT("NaN");
		} else if (isinf(v->d)) {
			s->s = v->d > 0 ? TEXT("Infinity") : TEXT("-Infinity");
		} else {
			s->t = S_REAL;
			s->d = v->d;
		}
		break;
	case BAC_TEXT:
		if (v->enc == 0) {
			s->s = text_trim(v->p, v->n);
		} else {
			n = bac_utf8(s->buf, sizeof(s->buf), v->enc, v->p, v->n);
			s->s = text_trim(s->buf, n);
		}
		break;
	case BAC_OCTETS:
		s->s = hex_text(s->buf, sizeof(s->buf), v->p, v->n);
		break;
	case BAC_BITS:
		n = bac_bits(s->buf, sizeof(s->buf), v->p, v->n, v->enc);
		s->t = S_WORD;
		s->s = (struct text){ s->buf, (uint32_t)n };
		break;
	case BAC_DATE:
		s->s = (struct text){ s->buf, (uint32_t)bac_date(s->buf, v->p, v->n) };
		break;
	case BAC_TIME:
		s->s = (struct text){ s->buf, (uint32_t)bac_time(s->buf, v->p, v->n) };
		break;
	case BAC_OID:
		s->s = (struct text){ s->buf, (uint32_t)bac_oid_text(s->buf, (uint32_t)v->u) };
		break;
	case BAC_CTX:
		/* its type is not said on the wire: place and bytes */
		n = 0;
		s->buf[n++] = '[';
		n += jw_dec(s->buf + n, v->num);
		s->buf[n++] = ']';
		s->buf[n++] = ' ';
		s->s = (struct text){ s->buf,
		    (uint32_t)n + hex_text(s->buf + n, sizeof(s->buf) - n, v->p, v->n).n };
		break;
	default:
		s->t = S_NONE;
	}
}

/* Into the detail, with a key or (JW_NOKEY) in an array. */
static void
put_scalar(struct jw *w, const char *k, size_t kn, const struct scalar *s)
{
	switch (s->t) {
	case S_UINT: jw_k_uint(w, k, kn, s->u); break;
	case S_INT: jw_k_int(w, k, kn, s->i); break;
	case S_REAL: jw_k_real(w, k, kn, s->d); break;
	case S_BOOL: jw_k_bool(w, k, kn, s->u != 0); break;
	case S_TEXT: jw_k_str(w, k, kn, s->s.p, s->s.n); break;
	case S_WORD: jw_k_word(w, k, kn, s->s.p, s->s.n); break;
	}
}

static void
put_ot_scalar(struct ev *e, const struct scalar *s)
{
	switch (s->t) {
	case S_UINT: ev_val_uint(e, s->u); break;
	case S_INT: ev_val_int(e, s->i); break;
	case S_REAL: ev_val_real(e, s->d); break;
	case S_BOOL: ev_val_bool(e, s->u != 0); break;
	case S_TEXT: case S_WORD: ev_val_str(e, s->s); break;
	}
}

static bool
at_close(const struct rd *r)
{
	int b = rd_peek8(r, 0);

	return b >= 0 && (b & 0x0f) == 0x0f;
}

/* The next primitive before the closing tag of this level. */
static bool
next_primitive(struct rd *r, unsigned *depth, struct bac_val *v)
{
	while (rd_left(r) && !(*depth == 0 && at_close(r)) && bac_value(r, v)) {
		if (v->t == BAC_OPEN) {
			if (++*depth > LIM_BACNET_NEST)
				rd_set_bad(r);
		} else if (v->t == BAC_CLOSE) {
			--*depth;
		} else {
			return true;
		}
	}
	return false;
}

/* True when there is exactly one primitive before the closing tag: then in v,
 * and passed over. */
static bool
take_scalar(struct rd *r, struct bac_val *v)
{
	struct rd s = *r;

	if (!bac_value(&s, v) || v->t == BAC_OPEN || v->t == BAC_CLOSE ||
	    (!at_close(&s) && rd_left(&s)))
		return false;
	*r = s;
	return true;
}

static void
learn(struct bac_out *o, const struct scalar *s)
{
	struct text t = s->s;
	char *p;

	if (s->t == S_UINT && o->prop == BAC_P_VENDOR_ID && !o->vendor.n && s->u <= 0xffff)
		o->vendor = text_c(bac_vendor_name((uint32_t)s->u));
	if ((s->t != S_TEXT && s->t != S_WORD) || !t.n)
		return;
	if (t.p == s->buf) {            /* must live until the event is written */
		if (!(p = ev_room(o->e, t.n)))
			return;
		memcpy(p, t.p, t.n);
		t.p = p;
	}
	switch (o->prop) {
	case BAC_P_OBJECT_NAME: o->hostname = t; break;
	case BAC_P_VENDOR_NAME: o->vendor = t; break;
	case BAC_P_MODEL: o->model = t; break;
	case BAC_P_FIRMWARE: o->firmware = t; break;
	case BAC_P_LOCATION: o->location = t; break;
	case BAC_P_SERIAL: o->serial = t; break;
	}
}

void
bac_entry_begin(struct bac_out *o, uint32_t oid)
{
	if (o->refs++ == 0)
		o->first_oid = oid;
	else if (o->first_oid != oid)
		o->differ = true;
	if (o->refs == 1 || o->oid != oid)
		o->cur_n = (uint32_t)bac_oid_text(o->cur, oid);
	o->oid = oid;
	o->prop = UINT32_MAX;
	o->mute = o->refs > LIM_BACNET_OBJECTS;
	if (!o->arr) {
		ev_arr(o->e, "objects");
		o->arr = true;
	}
	if (o->mute)
		return;
	ev_a_obj(o->e);
	jw_word(o->e->w, "object", o->cur, o->cur_n);
}

/* Adds "object property[index]" to what ot.object may become. */
static void
gather(struct bac_out *o, const char *prop, size_t n, const uint64_t *index)
{
	char *d = o->obj + o->obj_n;

	if (o->obj_full)
		return;
	/* separators, brackets, a number and the dots of a list cut short */
	if (o->obj_n + o->cur_n + n + 32 > sizeof(o->obj)) {
		memcpy(d, "; ...", 5);
		o->obj_n += 5;
		o->obj_full = true;
		return;
	}
	if (o->obj_n) {
		*d++ = ';';
		*d++ = ' ';
	}
	memcpy(d, o->cur, o->cur_n);
	d += o->cur_n;
	if (n) {
		*d++ = ' ';
		memcpy(d, prop, n);
		d += n;
	}
	if (index) {
		*d++ = '[';
		d += jw_dec(d, *index);
		*d++ = ']';
	}
	o->obj_n = (uint32_t)(d - o->obj);
}

void
bac_entry_name(struct bac_out *o)
{
	gather(o, NULL, 0, NULL);
}

void
bac_entry_prop(struct bac_out *o, uint64_t prop, const uint64_t *index)
{
	char t[BAC_PROP_TEXT];
	size_t n;

	o->prop = (uint32_t)prop;
	n = bac_prop_text(t, o->prop);
	gather(o, t, n, index);
	if (o->mute)
		return;
	jw_word(o->e->w, "property", t, n);
	if (index)
		ev_uint(o->e, "index", *index);
}

void
bac_entry_end(struct bac_out *o)
{
	if (!o->mute)
		ev_end(o->e);
}

void
bac_entry_value(struct bac_out *o, struct rd *r)
{
	struct scalar s;
	struct bac_val v;
	struct rd first = *r;
	struct jw *w = o->e->w;
	size_t at;
	unsigned depth = 0;
	uint32_t n = 0;
	bool hide = o->mute || is_personal(o->prop), one = take_scalar(r, &v);

	/* what cannot be read at all is no value, not an empty one */
	if (!one && !at_close(r) && !bac_value(&first, &v))
		hide = true;
	if (!o->has_val && !hide) {
		o->has_val = one ? BAC_ONE : BAC_LIST;
		o->list = *r;
		o->val_oid = o->oid;
		o->val_prop = o->prop;
	}
	if (one) {
		if (hide)
			return;
		scalar_of(&s, &v, o->oid, o->prop);
		if (o->answer && o->oid >> 22 == BAC_DEVICE)
			learn(o, &s);
		at = w->n;
		put_scalar(w, JW_K("value"), &s);
		if (o->refs == 1 && w->n > at) {        /* without its comma and key */
			o->one_at = at + (w->buf[at] == ',') + sizeof("\"value\":") - 1;
			o->one_n = w->n - o->one_at;
		}
		return;
	}
	if (!hide)
		ev_arr(o->e, "value");
	while (next_primitive(r, &depth, &v)) {
		if (++n > LIM_BACNET_VALUES || hide)
			continue;
		scalar_of(&s, &v, o->oid, o->prop);
		put_scalar(o->e->w, JW_NOKEY, &s);
	}
	if (!hide) {
		ev_end(o->e);
		ev_uint(o->e, "count", n);
	}
	if (o->refs == 1)
		o->list_n = n;
}

void
bac_entry_priority(struct bac_out *o, struct rd *r, uint8_t n)
{
	uint64_t p;

	if (bac_ctx_uint(r, n, &p) && !o->mute)
		ev_uint(o->e, "priority", p);
}

/* [n] index, when there is one. */
const uint64_t *
bac_opt_index(struct rd *r, uint8_t n, uint64_t *index)
{
	return bac_ctx_uint(r, n, index) ? index : NULL;
}

/* An object alone, as services that are not about properties have it. */
void
bac_entry_object(struct bac_out *o, uint32_t oid)
{
	bac_entry_begin(o, oid);
	bac_entry_name(o);
	bac_entry_end(o);
}

/* {class, code}, application-tagged. */
void
bac_put_error(struct bac_out *o, struct rd *r, bool result)
{
	struct bac_val cls, code;

	if (!bac_value(r, &cls) || !bac_value(r, &code))
		return;
	if (cls.t != BAC_ENUM || code.t != BAC_ENUM || (cls.u | code.u) > UINT32_MAX) {
		rd_set_bad(r);
		return;
	}
	bac_put_text(o->e, "class", bac_tok(o->e, bac_error_classes, (uint32_t)cls.u));
	bac_put_text(o->e, "code", bac_tok(o->e, bac_error_codes, (uint32_t)code.u));
	if (result)
		o->e->ot.result = bac_tok(o->e, bac_error_codes, (uint32_t)code.u);
}

/* Application-tagged values that a service has in a fixed order. */
bool
bac_app_oid(struct rd *r, uint32_t *oid)
{
	struct bac_val v;

	if (!bac_value(r, &v))
		return false;
	bac_need(r, v.t == BAC_OID);
	*oid = (uint32_t)v.u;
	return rd_ok(r);
}

bool
bac_app_uint(struct rd *r, uint64_t *u)
{
	struct bac_val v;

	if (!bac_value(r, &v))
		return false;
	bac_need(r, (v.t == BAC_UNSIGNED || v.t == BAC_ENUM) && v.u <= UINT32_MAX);
	*u = v.u;
	return rd_ok(r);
}

bool
bac_app_int(struct rd *r, int64_t *i)
{
	struct bac_val v;

	if (!bac_value(r, &v))
		return false;
	bac_need(r, (v.t == BAC_INTEGER && v.i == (int32_t)v.i) ||
	    (v.t == BAC_UNSIGNED && v.u <= UINT32_MAX));
	*i = v.t == BAC_INTEGER ? v.i : (int64_t)v.u;
	return rd_ok(r);
}

/* A character string's text, living as long as the event. */
struct text
bac_app_text(struct bac_out *o, struct rd *r)
{
	struct bac_val v;
	char *p;
	size_t n;

	if (!bac_value(r, &v))
		return (struct text){ 0 };
	bac_need(r, v.t == BAC_TEXT);
	if (!rd_ok(r))
		return (struct text){ 0 };
	if (v.enc == 0)
		return text_trim(v.p, v.n);
	if (!(p = ev_room(o->e, LIM_TEXT)))
		return (struct text){ 0 };
	n = bac_utf8(p, LIM_TEXT, v.enc, v.p, v.n);
	return text_trim(p, n);
}

/* The same, context-tagged. */
struct text
bac_ctx_text(struct bac_out *o, struct rd *r, uint8_t n)
{
	struct bac_tag t;
	struct text x = { 0 };
	const uint8_t *p;
	uint8_t enc;
	char *d;

	if (!bac_at(r, BAC_T_CTX, n) || !bac_tag(r, &t) || t.len == 0)
		return x;
	enc = rd_u8(r);
	p = rd_bytes(r, t.len - 1);
	if (!p)
		return x;
	if (enc == 0)
		return text_trim(p, t.len - 1);
	if ((d = ev_room(o->e, LIM_TEXT)))
		x = text_trim(d, bac_utf8(d, LIM_TEXT, enc, p, t.len - 1));
	return x;
}

/* BACnetTimeStamp: [0] time | [1] sequence number | [2] {date, time}, the
 * reader inside its construction. */
void
bac_put_timestamp(struct bac_out *o, struct rd *r)
{
	char t[72];
	size_t n = 0;
	uint64_t seq;
	struct bac_tag tag;
	struct bac_val d, h;

	if (bac_open(r, 2)) {
		if (bac_value(r, &d) && bac_value(r, &h) && d.t == BAC_DATE && h.t == BAC_TIME) {
			n = bac_date(t, d.p, d.n);
			t[n++] = ' ';
			n += bac_time(t + n, h.p, h.n);
			jw_str(o->e->w, "time", t, n);
		}
		bac_need(r, bac_close(r, 2));
	} else if (bac_ctx_uint(r, 1, &seq)) {
		ev_uint(o->e, "sequence", seq);
	} else if (bac_at(r, BAC_T_CTX, 0) && bac_tag(r, &tag)) {
		const uint8_t *p = rd_bytes(r, tag.len);
		if (p && tag.len == 4)
			jw_str(o->e->w, "time", t, bac_time(t, p, 4));
	}
}

void
bac_put_uint(struct bac_out *o, struct rd *r, uint8_t n, const char *k, size_t kn)
{
	uint64_t v;

	if (bac_ctx_uint(r, n, &v))
		jw_k_uint(o->e->w, k, kn, v);
}

void
bac_put_bool(struct bac_out *o, struct rd *r, uint8_t n, const char *k, size_t kn)
{
	uint64_t v;

	if (bac_ctx_uint(r, n, &v))
		jw_k_bool(o->e->w, k, kn, v != 0);
}

void
bac_put_tok(struct bac_out *o, struct rd *r, uint8_t n, const struct tok *t, const char *k,
    size_t kn)
{
	uint64_t v;
	struct text s;

	if (!bac_ctx_uint(r, n, &v))
		return;
	s = bac_tok(o->e, t, (uint32_t)v);
	jw_k_str(o->e->w, k, kn, s.p, s.n);
}

void
bac_put_vendor(struct bac_out *o, uint64_t id)
{
	ev_uint(o->e, "vendor_id", id);
	ev_cstr(o->e, "vendor", id <= 0xffff ? bac_vendor_name((uint32_t)id) : NULL);
}

/* Error ::= {class, code}; some services wrap it and say which element failed:
 * [0] {class, code} [1] element number or {object, property, index}. */
void
bac_write_error(struct bac_out *o, uint8_t service, struct rd *r)
{
	uint32_t oid;
	uint64_t n;
	char t[BAC_PROP_TEXT];
	struct bac_obj b = bac_obj(o->e, "error");

	if (bac_open(r, 0)) {
		bac_put_error(o, r, true);
		bac_need(r, bac_close(r, 0));
		if (bac_ctx_uint(r, 1, &n)) {
			ev_uint(o->e, "element", n);
		} else if (bac_open(r, 1)) {
			if (bac_ctx_oid(r, 0, &oid))
				bac_put_oid(o, "object", oid);
			if (bac_ctx_uint(r, 1, &n))
				jw_str(o->e->w, "property", t, bac_prop_text(t, (uint32_t)n));
			bac_skip_to_close(r);
			bac_need(r, bac_close(r, 1));
		}
	} else {
		bac_put_error(o, r, true);
	}
	bac_obj_end(o->e, &b);
	if (!o->e->ot.result.n)
		o->e->ot.result = TEXT("error");
}

void
bac_write_close(struct bac_out *o)
{
	if (o->arr)
		ev_end(o->e);
	o->arr = false;
}

void
bac_write_end(struct bac_out *o)
{
	struct ev *e = o->e;
	struct scalar s;
	struct bac_val v;
	unsigned depth = 0;
	uint32_t n = 0;
	bool acts = e->ot.op == OT_WRITE || e->ot.op == OT_COMMAND || e->ot.op == OT_CONFIGURE;

	bac_write_close(o);
	if (o->refs == 0)
		return;
	if (o->refs > LIM_BACNET_OBJECTS)
		ev_uint(e, "objects_omitted", o->refs - LIM_BACNET_OBJECTS);
	/* What was changed is said in full; what was read, where it was all of one object. */
	if (o->refs == 1 || acts)
		e->ot.object = (struct text){ o->obj, o->obj_n };
	else if (!o->differ)
		e->ot.object = bac_oid_name(e, o->first_oid);
	if (o->refs > 1 || o->list_n) {
		e->ot.has_count = true;
		e->ot.count = o->refs > 1 ? o->refs : o->list_n;
	}
	if (o->refs > 1 || !o->has_val)
		return;
	if (o->has_val == BAC_ONE) {
		if (o->one_n)
			jw_k_raw(&e->val, JW_NOKEY, e->w->buf + o->one_at, o->one_n);
		return;
	}
	ev_val_arr(e);
	while (n++ < LIM_BACNET_VALUES && next_primitive(&o->list, &depth, &v)) {
		scalar_of(&s, &v, o->val_oid, o->val_prop);
		put_ot_scalar(e, &s);
	}
	ev_val_end(e);
}
