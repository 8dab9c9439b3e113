/* cip.c: CIP requests and responses as events see them: detail and common block. */
#include "proto/cip.h"

/* A name, two classes, numbers: the longest object. */
enum { OBJECT_MAX = CIP_NAME_MAX + 200, LISTED_MAX = 64, NAMED_MAX = 8 };

static struct text
number_or(struct ev *e, const char *name, unsigned v)
{
	return name ? text_c(name) : ev_text_num(e, "unknown-", 8, v);
}

/* A text that grows in room that is known to be enough. */
struct growing { char *d; uint32_t n; };

static void
grow(struct growing *g, const char *s, size_t n)
{
	jw_copy(g->d + g->n, s, n);
	g->n += (uint32_t)n;
}

static void
grow_num(struct growing *g, const char *before, uint32_t v)
{
	grow(g, before, strlen(before));
	g->n += (uint32_t)jw_dec(g->d + g->n, v);
}

static void
grow_class(struct growing *g, uint32_t cls)
{
	static const char hex[] = "0123456789abcdef";
	const char *s = cip_class_name(cls);
	int shift = 28;

	if (s) {
		grow(g, s, strlen(s));
		return;
	}
	grow(g, "class 0x", 8);
	while (shift && !(cls >> shift))
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		grow(g, &hex[cls >> shift & 15], 1);
}

struct text
cip_object(struct ev *e, const struct cip_path *p)
{
	struct growing g = { NULL, 0 };
	const char *attr;

	if (!p->has_class) {
		if (!p->symbolic || !(g.d = ev_room(e, p->name_n)))
			return (struct text){ 0 };
		grow(&g, p->name, p->name_n);
		return (struct text){ g.d, g.n };
	}
	if (!(g.d = ev_room(e, OBJECT_MAX)))
		return (struct text){ 0 };
	if (p->symbolic) {
		grow(&g, p->name, p->name_n);
		grow(&g, " ", 1);
	}
	if (p->has_parent) {
		grow_class(&g, p->parent_cls);
		grow_num(&g, " ", p->parent_instance);
		grow(&g, "/", 1);
	}
	grow_class(&g, p->cls);
	if (p->has_instance)
		grow_num(&g, " ", p->instance);
	for (unsigned i = 0; i < p->npoints; i++)
		grow_num(&g, i ? "," : "[", p->point[i]);
	if (p->npoints)
		grow(&g, "]", 1);
	if (p->has_attribute) {
		attr = cip_attribute_name(p->cls, p->attribute);
		if (attr) {
			grow(&g, " ", 1);
			grow(&g, attr, strlen(attr));
		} else {
			grow_num(&g, " attribute ", p->attribute);
		}
	}
	e->scratch_n -= OBJECT_MAX - g.n;       /* a packet of several has hundreds */
	return (struct text){ g.d, g.n };
}

bool
cip_is_deed(const struct cip_req *q)
{
	struct cip_path p;

	cip_path_decode(q->path, &p);
	switch (cip_service_find(&p, q->svc)->op) {
	case OT_READ: case OT_OTHER: case OT_IDENTIFY:
		/* a service without a name may be anything: shown */
		return p.has_class && p.cls == CIP_PCCC;
	default:
		return true;
	}
}

/* ---- detail ---------------------------------------------------------- */

/* The service, and of an answer its status. */
static void
put_service(struct ev *e, const struct cip_path *p, uint8_t svc, const struct cip_resp *a)
{
	const struct cip_service *s = cip_service_find(p, svc);
	struct text name = s->name, status = TEXT("Success");
	struct jw_run m;

	if (!name.n)
		name = ev_text_num(e, "unknown-", 8, svc);
	if (a && a->status)
		status = number_or(e, cip_status_name(a->status), a->status);
	if (!ev_run(e, &m, 4, name.n + status.n))
		return;
	run_word(&m, "service", name);
	run_uint(&m, "service_raw", svc);
	if (a)
		run_word(&m, "status", status);
	if (a && a->status)
		run_uint(&m, "status_raw", a->status);
	ev_ran(e, &m);
}

static void
put_class(struct ev *e, const struct cip_path *p)
{
	if (p->has_class)
		ev_word(e, "class_name", number_or(e, cip_class_name(p->cls), p->cls));
}

/* What a tag request says of its data: type, elements, offset. */
struct tagged { uint16_t type, handle, count; uint32_t offset; bool has_type, has_offset; };

static bool
is_tag(const struct cip_path *p)
{
	return p->symbolic || (p->has_class && p->cls == CIP_SYMBOL);
}

/* r moves to the data. */
static void
tagged_request(uint8_t svc, struct rd *r, struct tagged *t)
{
	memset(t, 0, sizeof(*t));
	if (svc == CIP_WRITE_TAG || svc == CIP_WRITE_FRAG) {
		t->type = rd_le16(r);
		if (t->type == CIP_STRUCT)
			t->handle = rd_le16(r);
		t->has_type = true;
	}
	t->count = rd_le16(r);
	if (svc == CIP_READ_FRAG || svc == CIP_WRITE_FRAG) {
		t->offset = rd_le32(r);
		t->has_offset = true;
	}
}

static void
put_type(struct ev *e, uint16_t type, uint16_t handle)
{
	ev_str(e, "data_type", number_or(e, cip_type_name(type), type));
	if (type == CIP_STRUCT)
		ev_uint(e, "structure", handle);
}

static void
put_tag_request(struct ev *e, const struct cip_req *q)
{
	struct rd r = q->data;
	struct tagged t;

	if (q->svc == CIP_RMW_TAG)
		return;
	tagged_request(q->svc, &r, &t);
	if (!rd_ok(&r))
		return;
	if (t.has_type)
		put_type(e, t.type, t.handle);
	ev_uint(e, "elements", t.count);
	if (t.has_offset)
		ev_uint(e, "offset", t.offset);
}

static void
put_attribute_list(struct ev *e, const struct cip_req *q)
{
	struct rd r = q->data;
	uint16_t n = rd_le16(&r);

	if (!rd_ok(&r))
		return;
	ev_arr(e, "attributes");
	for (unsigned i = 0; i < n && i < LISTED_MAX && rd_have(&r) >= 2; i++) {
		ev_a_uint(e, rd_le16(&r));
		if (q->svc == CIP_SET_LIST)
			break;                  /* a value of unknown length follows */
	}
	ev_end(e);
}

static void
put_multiple_request(struct ev *e, const struct cip_req *q)
{
	unsigned n = cip_multiple_n(q->data);

	ev_arr(e, "multiple");
	for (unsigned i = 0; i < n; i++) {
		uint32_t mark = e->scratch_n;   /* what is written needs its room no longer */
		struct cip_req one;
		struct cip_path p;
		struct rd r;
		if (!cip_multiple(q->data, i, &r) || !cip_request(&r, &one))
			break;
		cip_path_decode(one.path, &p);
		ev_a_obj(e);
		put_service(e, &p, one.svc, NULL);
		put_class(e, &p);
		ev_str(e, "object", cip_object(e, &p));
		ev_end(e);
		e->scratch_n = mark;
	}
	ev_end(e);
}

void
cip_put_request(struct ev *e, const struct cip_talk *t)
{
	const struct cip_req *q = t->q;
	const struct cip_path *p = &t->path;

	put_service(e, p, q->svc, NULL);
	put_class(e, p);
	cip_path_put(e, q->path);
	if (is_tag(p) && q->svc >= CIP_READ_TAG && q->svc <= CIP_WRITE_FRAG)
		put_tag_request(e, q);
	else if (q->svc == CIP_GET_LIST || q->svc == CIP_SET_LIST)
		put_attribute_list(e, q);
	else if (q->svc == CIP_MULTIPLE)
		put_multiple_request(e, q);
	else if (p->has_class && p->cls == CIP_CONN_MANAGER)
		cip_conn_put_request(e, q);
	else if (p->has_class && p->cls == CIP_PCCC && q->svc == CIP_EXEC_PCCC)
		pccc_put_request(e, q->data);
	else if (rd_left(&q->data))
		ev_uint(e, "length", rd_left(&q->data));
}

static void
put_status(struct ev *e, const struct cip_path *p, const struct cip_resp *a)
{
	struct rd x = a->ext;

	put_service(e, p, a->svc, a);
	if (rd_have(&x)) {
		uint32_t n = rd_have(&x);
		ev_hex(e, "status_extended", rd_at(&x), n);
		if (n == 2)
			ev_cstr(e, "status_extended_meaning",
			    cip_extended_name(a->status, rd_le16(&x)));
	}
}

/* Type and value of a tag that was read. */
static void
put_tag_value(struct ev *e, const struct cip_resp *a, enum cip_to to)
{
	struct rd r = a->data;
	uint16_t type = rd_le16(&r), handle = type == CIP_STRUCT ? rd_le16(&r) : 0;

	if (!rd_ok(&r) || !rd_left(&r))
		return;
	if (to == CIP_TO_DETAIL)
		put_type(e, type, handle);
	cip_value_put(e, type, handle, r, to);
}

static void
put_multiple_response(struct ev *e, const struct cip_talk *t)
{
	unsigned n = cip_multiple_n(t->a->data);

	ev_arr(e, "multiple");
	for (unsigned i = 0; i < n; i++) {
		uint32_t mark = e->scratch_n;
		struct cip_req q;
		struct cip_resp a;
		struct cip_path p;
		struct rd r;
		memset(&p, 0, offsetof(struct cip_path, route));
		if (t->q && cip_multiple(t->q->data, i, &r) && cip_request(&r, &q))
			cip_path_decode(q.path, &p);
		if (!cip_multiple(t->a->data, i, &r) || !cip_response(&r, &a))
			break;
		ev_a_obj(e);
		put_status(e, &p, &a);
		if (!a.status && is_tag(&p) && (a.svc == CIP_READ_TAG || a.svc == CIP_READ_FRAG))
			put_tag_value(e, &a, CIP_TO_DETAIL);
		ev_end(e);
		e->scratch_n = mark;
	}
	ev_end(e);
}

void
cip_put_response(struct ev *e, const struct cip_talk *t)
{
	const struct cip_resp *a = t->a;
	const struct cip_path *p = &t->path;
	struct cip_ident d;
	struct rd r = a->data;

	put_status(e, p, a);
	if (t->q && cip_identify(e, t, &d)) {
		ev_obj(e, "identity");
		cip_ident_put(e, &d);
		ev_end(e);
		cip_ident_say(e, &d, "cip.identity", t->route);
	}
	if (a->svc == CIP_MULTIPLE) {
		put_multiple_response(e, t);
	} else if (p->has_class && p->cls == CIP_CONN_MANAGER) {
		cip_conn_put_response(e, t);
	} else if (p->has_class && p->cls == CIP_PCCC && a->svc == CIP_EXEC_PCCC) {
		pccc_put_response(e, a->data, t->q ? t->q->data : rd_init(NULL, 0, 0));
	} else if (is_tag(p) && (a->svc == CIP_READ_TAG || a->svc == CIP_READ_FRAG)) {
		uint16_t type = rd_le16(&r), handle = type == CIP_STRUCT ? rd_le16(&r) : 0;
		if (rd_ok(&r))
			put_type(e, type, handle);
	} else if (rd_left(&a->data)) {
		ev_uint(e, "length", rd_left(&a->data));
	}
}

/* ---- common block ---------------------------------------------------- */

static void
put_result(struct ev *e, const struct cip_resp *a)
{
	struct rd x = a->ext;
	const char *s = NULL;

	/* more to come: how long answers are read */
	if (!a->status || (a->status == 6 && a->svc >= CIP_READ_TAG)) {
		e->ot.result = TEXT("ok");
		return;
	}
	if (rd_have(&x) >= 2)
		s = cip_extended_name(a->status, rd_le16(&x));
	if (!s)
		s = cip_status_name(a->status);
	e->ot.result = s ? cip_word(e, s) : ev_text(e, "status_0x%02x", a->status);
}

/* Address, mask, gateway: little-endian numbers of four bytes. */
static void
put_addresses(struct ev *e, struct rd r)
{
	ev_val_arr(e);
	for (int i = 0; i < 3; i++) {
		uint32_t v = rd_le32(&r);
		ev_val_str(e, ev_text(e, "%u.%u.%u.%u", v >> 24, v >> 16 & 255, v >> 8 & 255,
		    v & 255));
	}
	ev_val_end(e);
}

/* One value of an attribute whose type only its class knows. */
static void
put_attribute(struct ev *e, const struct cip_path *p, struct rd r)
{
	uint32_t n = rd_have(&r);

	if ((p->cls == CIP_IDENTITY && p->attribute == 7 && n > 1 && r.p[r.off] == n - 1) ||
	    (p->cls == CIP_TCPIP && p->attribute == 6 && n > 2)) {
		cip_value_put(e, p->cls == CIP_TCPIP ? 0xd0 : 0xda, 0, r, CIP_TO_OT);
		return;
	}
	if (p->cls == CIP_TCPIP && p->attribute == 5 && n >= 12) {
		put_addresses(e, r);
		return;
	}
	switch (n) {
	case 1: ev_val_uint(e, rd_u8(&r)); break;
	case 2: ev_val_uint(e, rd_le16(&r)); break;
	case 4: ev_val_uint(e, rd_le32(&r)); break;
	case 8: ev_val_uint(e, rd_le64(&r)); break;
	default: cip_value_raw(e, r, CIP_TO_OT);
	}
}

/* Bits to set and bits to keep (1756-PM020, Read Modify Write Tag). */
static void
put_masks(struct ev *e, struct rd r)
{
	uint16_t n = rd_le16(&r);

	if (n != 1 && n != 2 && n != 4)
		return;
	ev_val_arr(e);
	for (int i = 0; i < 2 && rd_have(&r) >= n; i++)
		ev_val_uint(e, n == 1 ? rd_u8(&r) : n == 2 ? rd_le16(&r) : rd_le32(&r));
	ev_val_end(e);
}

static bool
is_security(const struct cip_path *p)
{
	return p->has_class && p->cls >= 0x5d && p->cls <= 0x62;
}

/* What is set may be a password (CIP Security and its authenticators), and a piece
 * of a program is none of our business: numbers alone are written of that. */
static bool
is_secret(const struct cip_talk *t)
{
	const struct cip_path *p = &t->path;

	return is_security(p) || (cip_service_find(p, t->q->svc)->op == OT_PROGRAM &&
	    rd_left(&t->q->data) > 12);
}

static void
put_request_value(struct ev *e, const struct cip_talk *t)
{
	const struct cip_req *q = t->q;
	struct rd r = q->data;
	struct tagged g;

	if (is_tag(&t->path) && q->svc >= CIP_READ_TAG && q->svc <= CIP_WRITE_FRAG) {
		if (q->svc == CIP_RMW_TAG) {
			put_masks(e, r);
			return;
		}
		tagged_request(q->svc, &r, &g);
		if (!rd_ok(&r))
			return;
		e->ot.has_count = true;
		e->ot.count = g.count;
		if (g.has_type)
			cip_value_put(e, g.type, g.handle, r, CIP_TO_OT);
		return;
	}
	if (is_secret(t))
		return;
	switch (q->svc) {
	case CIP_SET_SINGLE:
		put_attribute(e, &t->path, r);
		break;
	case CIP_SET_LIST: {
		uint16_t n = rd_le16(&r), first = rd_le16(&r);
		struct cip_path p = t->path;
		p.attribute = first;
		if (rd_ok(&r) && n == 1)
			put_attribute(e, &p, r);
		else
			cip_value_raw(e, r, CIP_TO_OT);
		break;
	}
	case CIP_RESET:
		if (rd_have(&r))
			ev_val_uint(e, rd_u8(&r));      /* 0 restart, 1 factory settings */
		break;
	default:
		break;
	}
}

/* What a packet of several reads touched: by name, as far as it fits. */
static void
put_several(struct ev *e, const struct cip_talk *t)
{
	unsigned n = cip_multiple_n(t->q->data), named = 0;
	char *d = ev_room(e, NAMED_MAX * (CIP_NAME_MAX + 2) + 8);
	struct text last = { 0 };
	uint32_t at = 0;
	bool read = false;

	e->ot.has_count = true;
	e->ot.count = n;
	for (unsigned i = 0; d && i < n; i++) {
		uint32_t mark = e->scratch_n;
		struct cip_req one;
		struct cip_path p;
		struct text o;
		struct rd r;
		if (!cip_multiple(t->q->data, i, &r) || !cip_request(&r, &one))
			break;
		cip_path_decode(one.path, &p);
		read |= cip_service_find(&p, one.svc)->op == OT_READ ||
		    cip_service_find(&p, one.svc)->op == OT_IDENTIFY;
		o = cip_object(e, &p);
		e->scratch_n = mark;            /* o is copied at once, or forgotten */
		if (named == NAMED_MAX || !o.n ||
		    (o.n == last.n && memcmp(o.p, last.p, o.n) == 0))
			continue;
		if (named++) {
			memcpy(d + at, ", ", 2);
			at += 2;
		}
		if (o.n > CIP_NAME_MAX)
			o.n = CIP_NAME_MAX;
		memcpy(d + at, o.p, o.n);
		last = (struct text){ d + at, o.n };
		at += o.n;
		if (named == NAMED_MAX && i + 1 < n) {
			memcpy(d + at, ", ...", 5);
			at += 5;
		}
	}
	e->ot.op = read ? OT_READ : OT_OTHER;
	e->ot.object = (struct text){ d, at };
}

/* A list of one attribute is that attribute. */
static struct text
object_of(struct ev *e, const struct cip_talk *t)
{
	struct cip_path p;
	struct rd r;

	if (!t->q)
		return cip_object(e, &t->path);
	if (t->path.has_class && t->path.cls == CIP_CONN_MANAGER) {
		struct text target = cip_conn_target(e, t->q);
		return target.n ? target : cip_object(e, &t->path);
	}
	if (t->q->svc != CIP_GET_LIST && t->q->svc != CIP_SET_LIST)
		return cip_object(e, &t->path);
	r = t->q->data;
	p = t->path;
	if (rd_le16(&r) == 1 && rd_have(&r) >= 2 && !p.has_attribute && p.has_class) {
		p.has_attribute = true;
		p.attribute = rd_le16(&r);
	}
	return cip_object(e, &p);
}

void
cip_put_common(struct ev *e, const struct dctx *c, const struct cip_talk *t)
{
	uint8_t svc = t->q ? t->q->svc : t->a->svc;
	const struct cip_service *s = cip_service_find(&t->path, svc);

	e->ot.op = s->op;
	/* S-Gas and S-Sensor Calibration: whatever is done to them is a calibration */
	if (s->op != OT_READ && (t->path.cls == 52 || t->path.cls == 64))
		e->ot.op = OT_CONFIGURE;
	e->ot.service = s->name.n ? s->name : ev_text(e, "service 0x%02x", svc);
	e->ot.own_service = true;
	e->ot.object = object_of(e, t);
	if (t->q && svc == CIP_MULTIPLE)
		put_several(e, t);
	else if (t->q)
		put_request_value(e, t);
	if (!t->a) {
		ev_unanswered(e, c);
	} else {
		put_result(e, t->a);
		if (!t->a->status || t->a->status == 6) {
			if (is_tag(&t->path) && (svc == CIP_READ_TAG || svc == CIP_READ_FRAG))
				put_tag_value(e, t->a, CIP_TO_OT);
			else if (svc == CIP_GET_SINGLE && t->path.has_attribute &&
			    !is_security(&t->path))
				put_attribute(e, &t->path, t->a->data);
		}
	}
	/* a Logix controller's key switch by message: what it is called there */
	if (t->path.has_class && t->path.cls == CIP_PCCC)
		pccc_put_common(e, t);
}
