/* cip_path.c: messages, packets of several messages, and encoded paths
 * (volume 1, appendix C-1.4): bytes to struct, no events but for the list of
 * segments. */
#include "proto/cip.h"

enum segment {
	SEG_PORT, SEG_CLASS, SEG_INSTANCE, SEG_MEMBER, SEG_POINT, SEG_ATTRIBUTE, SEG_SERVICE,
	SEG_KEY, SEG_NETWORK, SEG_SYMBOL, SEG_DATA, SEG_RESERVED,
};

/* One segment; its link address or text stays in bytes. */
struct seg {
	enum segment kind;
	uint32_t value;                 /* a logical value, or the port */
	struct rd bytes;
	bool link;                      /* a port's link address in several bytes */
};

bool
cip_request(struct rd *r, struct cip_req *q)
{
	uint32_t have = rd_have(r), n;
	const uint8_t *p;

	if (have >= 2 && have == rd_left(r)) {
		p = rd_at(r);
		n = p[1] * 2u;
		if (n <= have - 2) {    /* whole, as nearly all are */
			q->svc = p[0];
			q->path = rd_init(p + 2, n, n);
			q->data = rd_init(p + 2 + n, have - 2 - n, have - 2 - n);
			rd_skip(r, have);
			return !(p[0] & 0x80);
		}
	}
	q->svc = rd_u8(r);
	q->path = rd_sub(r, rd_u8(r) * 2u);
	q->data = rd_rest(r);
	return rd_ok(&q->path) && !(q->svc & 0x80);
}

bool
cip_response(struct rd *r, struct cip_resp *a)
{
	uint32_t have = rd_have(r), n;
	const uint8_t *p;

	if (have >= 4 && have == rd_left(r)) {
		p = rd_at(r);
		n = p[3] * 2u;
		if (n <= have - 4 && p[0] & 0x80) {
			a->svc = p[0] & 0x7f;
			a->status = p[2];
			a->ext = rd_init(p + 4, n, n);
			a->data = rd_init(p + 4 + n, have - 4 - n, have - 4 - n);
			rd_skip(r, have);
			return true;
		}
	}
	a->svc = rd_u8(r);
	rd_skip(r, 1);
	a->status = rd_u8(r);
	a->ext = rd_sub(r, rd_u8(r) * 2u);
	a->data = rd_rest(r);
	if (rd_bad(&a->ext) || !(a->svc & 0x80))
		return false;
	a->svc &= 0x7f;
	return rd_ok(&a->ext) || rd_short(r);
}

unsigned
cip_multiple_n(struct rd data)
{
	uint32_t n = rd_le16(&data);

	/* each has an offset of two bytes, and at least two of its own */
	return n <= rd_left(&data) / 4 ? n : rd_left(&data) / 4;
}

bool
cip_multiple(struct rd data, unsigned i, struct rd *one)
{
	struct rd r = data, all = data;
	uint32_t n = rd_le16(&r), at, end;

	if (i >= n)
		return false;
	rd_skip(&r, i * 2);
	at = rd_le16(&r);
	end = i + 1 < n ? rd_le16(&r) : rd_left(&all);
	if (!rd_ok(&r) || at < 2 + n * 2 || end < at || end > rd_left(&all))
		return false;
	rd_skip(&all, at);
	*one = rd_sub(&all, end - at);
	return !rd_bad(one);
}

static uint32_t
logical_value(struct rd *r, unsigned format)
{
	switch (format) {
	case 0:
		return rd_u8(r);
	case 1:
		rd_skip(r, 1);          /* the pad of a padded path */
		return rd_le16(r);
	case 2:
		rd_skip(r, 1);
		return rd_le32(r);
	default:
		rd_set_bad(r);
		return 0;
	}
}

static __attribute__((noinline)) bool
other_segment(struct rd *r, struct seg *s)
{
	static const enum segment logical[] = { SEG_CLASS, SEG_INSTANCE, SEG_MEMBER, SEG_POINT,
		SEG_ATTRIBUTE, SEG_KEY, SEG_SERVICE, SEG_RESERVED };
	uint8_t t = rd_u8(r), n;

	*s = (struct seg){ .kind = SEG_RESERVED };
	switch (t >> 5) {
	case 0:                         /* C-1.4.1: extended link bit, port */
		s->kind = SEG_PORT;
		s->link = t & 0x10;
		n = s->link ? rd_u8(r) : 1;
		s->value = (t & 15) == 15 ? rd_le16(r) : t & 15;
		s->bytes = rd_sub(r, n);
		if (s->link && n & 1)
			rd_skip(r, 1);
		break;
	case 1:
		s->kind = logical[t >> 2 & 7];
		if (s->kind == SEG_KEY) {
			n = rd_u8(r);           /* key format 4: vendor, type, code, revision */
			s->bytes = rd_sub(r, n == 4 ? 8 : n == 5 ? 12 : 0);
			if (n != 4 && n != 5)
				rd_set_bad(r);
		} else if (s->kind == SEG_RESERVED) {
			rd_set_bad(r);
		} else {
			s->value = logical_value(r, t & 3);
		}
		break;
	case 2:
		s->kind = SEG_NETWORK;
		if (t & 0x10) {
			n = rd_u8(r);
			s->bytes = rd_sub(r, n * 2u);
		} else {
			s->value = rd_u8(r);
		}
		break;
	case 3:
		s->kind = SEG_SYMBOL;
		n = t & 31;
		if (!n)
			rd_set_bad(r);
		s->bytes = rd_sub(r, n);
		if (!(n & 1))           /* type byte and text together are even */
			rd_skip(r, 1);
		break;
	case 4:
		n = rd_u8(r);
		s->kind = t == 0x91 ? SEG_SYMBOL : SEG_DATA;
		s->bytes = rd_sub(r, t == 0x91 ? n : n * 2u);
		if (t == 0x91 && n & 1)
			rd_skip(r, 1);
		break;
	default:
		rd_set_bad(r);
	}
	return rd_ok(r);
}

static inline bool
segment(struct rd *r, struct seg *s)
{
	uint32_t have = rd_have(r), n;
	const uint8_t *p;

	if (have < 2)
		return other_segment(r, s);
	p = rd_at(r);
	n = p[1];
	if (p[0] != 0x91 || have < 2 + n + n % 2)
		return other_segment(r, s);
	/* a tag's name */
	s->kind = SEG_SYMBOL;
	s->value = 0;
	s->link = false;
	s->bytes = rd_init(p + 2, n, n);
	rd_skip(r, 2 + n + n % 2);
	return true;
}

/* Appends to a text with a ceiling; what does not fit is left out. */
struct to { char *p; unsigned n, max; };

static void
add(struct to *t, const void *s, size_t n)
{
	if (n > t->max - t->n)
		n = t->max - t->n;
	jw_copy(t->p + t->n, s, n);
	t->n += (unsigned)n;
}

static void
add_num(struct to *t, uint32_t v)
{
	char d[20];

	add(t, d, jw_dec(d, v));
}

/* "port 1 slot 0", "port 2 address 10.0.0.5": port 1 is the backplane. */
static void
add_hop(struct to *t, const struct seg *s)
{
	struct rd b = s->bytes;
	uint32_t n = rd_left(&b);

	if (t->n)
		add(t, "/", 1);
	add(t, "port ", 5);
	add_num(t, s->value);
	if (s->link) {
		add(t, " address ", 9);
		const uint8_t *d = rd_bytes(&b, n);
		for (uint32_t i = 0; d && i < n; i++)
			if (d[i] > 0x20 && d[i] < 0x7f)
				add(t, &d[i], 1);
	} else {
		if (s->value == 1)
			add(t, " slot ", 6);
		else
			add(t, " address ", 9);
		add_num(t, rd_u8(&b));
	}
}

void
cip_path_decode(struct rd path, struct cip_path *p)
{
	struct to name = { p->name, 0, CIP_NAME_MAX }, route = { p->route, 0, CIP_ROUTE_MAX };
	bool member = false;
	struct seg s;

	memset(p, 0, offsetof(struct cip_path, route));
	while (rd_left(&path) && segment(&path, &s)) {
		struct rd b = s.bytes;
		bool more = s.kind == SEG_MEMBER && p->symbolic;

		if (member && !more) {
			add(&name, "]", 1);
			member = false;
		}
		switch (s.kind) {
		case SEG_PORT:
			add_hop(&route, &s);
			break;
		case SEG_CLASS:
			if (p->has_class) {
				p->has_parent = true;
				p->parent_cls = p->cls;
				p->parent_instance = p->instance;
				p->has_instance = false;
			}
			p->has_class = true;
			p->cls = s.value;
			break;
		case SEG_INSTANCE:
			p->has_instance = true;
			p->instance = s.value;
			break;
		case SEG_ATTRIBUTE:
			p->has_attribute = true;
			p->attribute = s.value;
			break;
		case SEG_MEMBER:
			if (p->symbolic) {
				add(&name, member ? "," : "[", 1);
				add_num(&name, s.value);
				member = true;
				break;
			}
			/* FALLTHROUGH */
		case SEG_POINT:
			if (p->npoints < CIP_POINTS)
				p->point[p->npoints++] = s.value;
			break;
		case SEG_KEY:
			p->has_key = true;
			p->key_vendor = rd_le16(&b);
			p->key_type = rd_le16(&b);
			p->key_code = rd_le16(&b);
			p->key_major = rd_u8(&b) & 0x7f;        /* top bit: compatible will do */
			p->key_minor = rd_u8(&b);
			break;
		case SEG_SYMBOL:
			if (p->symbolic)
				add(&name, ".", 1);
			p->symbolic = true;
			add(&name, rd_at(&b), rd_left(&b));
			break;
		default:
			break;
		}
	}
	if (member)
		add(&name, "]", 1);
	p->bad = rd_bad(&path);
	p->name_n = (uint16_t)name.n;
	p->route_n = (uint8_t)route.n;
}

#define WORD(s) { s, sizeof(s) - 1 }
void
cip_path_put(struct ev *e, struct rd path)
{
	static const struct text kinds[] = {
		[SEG_PORT] = WORD("port"), [SEG_CLASS] = WORD("class"),
		[SEG_INSTANCE] = WORD("instance"), [SEG_MEMBER] = WORD("member"),
		[SEG_POINT] = WORD("connection_point"), [SEG_ATTRIBUTE] = WORD("attribute"),
		[SEG_SERVICE] = WORD("service_id"), [SEG_KEY] = WORD("electronic_key"),
		[SEG_NETWORK] = WORD("network"), [SEG_SYMBOL] = WORD("symbol"),
		[SEG_DATA] = WORD("data"), [SEG_RESERVED] = WORD("reserved"),
	};
	struct jw_run m;
	struct seg s;

	if (!rd_left(&path))
		return;
	ev_arr(e, "path");
	while (rd_left(&path) && segment(&path, &s)) {
		struct rd b = s.bytes;
		struct text symbol = { 0 };

		if (s.kind == SEG_SYMBOL)
			symbol = text_rd(&b, rd_left(&b));
		if (!ev_run(e, &m, 3, symbol.n))
			break;
		run_obj(&m);
		run_word(&m, "segment_type", kinds[s.kind]);
		if (symbol.n && !run_text(e, &m, "symbol", symbol, JW_RUN))
			break;
		if (s.kind != SEG_SYMBOL && s.kind != SEG_KEY && s.kind != SEG_DATA)
			run_uint(&m, "value", s.value);
		run_end(&m);
		ev_ran(e, &m);
	}
	ev_end(e);
}
