/* s7comm_var.c: reading and writing variables, and cyclic data: addresses and
 * typed values. */
#include "proto/s7comm.h"

/* Bytes of one element by the item's transport size; 0: bits. */
static uint8_t
element(uint8_t transport)
{
	static const uint8_t size[] = { 1, 0, 1, 1, 2, 2, 4, 4, 4, 2, 4, 4, 2, 1, 1, 8 };

	if (transport < sizeof(size))
		return size[transport];
	return transport == 0x1c || transport == 0x1d ? 2 : 1;
}

/* The kind of value by the data's own kind where no request names it. */
static uint8_t
transport_of_data(const struct s7_value *v)
{
	switch (v->transport) {
	case 3: return 1;
	case 5: return 5;
	case 6: return 7;
	case 7: return 8;
	default: return 2;
	}
}

static unsigned
bcd(uint8_t b)
{
	return (b >> 4) * 10u + (b & 15);
}

/* DATE_AND_TIME: eight BCD bytes. */
static void
put_date_time(struct jw *w, const char *k, size_t kn, const uint8_t *p)
{
	char t[32];
	unsigned y = bcd(p[0]);
	int n = snprintf(t, sizeof(t), "%04u-%02u-%02uT%02u:%02u:%02u.%03u",
	    y < 90 ? 2000 + y : 1900 + y, bcd(p[1]), bcd(p[2]), bcd(p[3]), bcd(p[4]), bcd(p[5]),
	    bcd(p[6]) * 10u + (p[7] >> 4));

	if (n > 0 && (size_t)n < sizeof(t))
		jw_k_str(w, k, kn, t, (size_t)n);
}

static void
put_one(struct jw *w, const char *k, size_t kn, uint8_t transport, const uint8_t *p)
{
	uint16_t h;
	uint32_t x;

	if (element(transport) == 1) {
		jw_k_uint(w, k, kn, p[0]);
		return;
	}
	h = (uint16_t)(p[0] << 8 | p[1]);
	switch (transport) {
	case 4: case 9: case 0x0c: case 0x1c: case 0x1d:
		jw_k_uint(w, k, kn, h);
		return;
	case 5:
		jw_k_int(w, k, kn, (int16_t)h);
		return;
	default:
		break;
	}
	x = (uint32_t)h << 16 | (uint32_t)p[2] << 8 | p[3];
	switch (transport) {
	case 6: case 0x0a:
		jw_k_uint(w, k, kn, x);
		return;
	case 7: case 0x0b:
		jw_k_int(w, k, kn, (int32_t)x);
		return;
	case 8:
		jw_k_real(w, k, kn, (double)rd_f32_of(x));
		return;
	default:
		put_date_time(w, k, kn, p);
	}
}

/* One value or an array of them. What has no bytes writes nothing. */
static void
put_value(struct jw *w, uint8_t transport, const struct s7_value *v, const char *k, size_t kn)
{
	struct rd r = v->bytes;
	uint32_t n = rd_have(&r), size = element(transport);
	const uint8_t *p = rd_bytes(&r, n);

	if (!p || n < (size ? size : 1))
		return;
	if (transport == 3) {
		struct text t = text_trim(p, n);
		jw_k_str(w, k, kn, t.p, t.n);
	} else if (transport == 1 && n == 1) {
		jw_k_bool(w, k, kn, p[0] & 1);
	} else if (transport == 1) {
		jw_k_open(w, k, kn, '[');
		for (uint32_t i = 0; i < n; i++)
			jw_a_bool(w, p[i] & 1);
		jw_end(w);
	} else if (n / size == 1) {
		put_one(w, k, kn, transport, p);
	} else if (transport == 4) {    /* words: what most blocks are read as */
		jw_k_be16(w, k, kn, p, n);
	} else {
		jw_k_open(w, k, kn, '[');
		for (uint32_t i = 0; i < n / size; i++)
			put_one(w, JW_NOKEY, transport, p + i * size);
		jw_end(w);
	}
}

static void
ot_value(struct ev *e, uint8_t transport, const struct s7_value *v)
{
	struct jw_mark m = jw_mark(&e->val);

	put_value(&e->val, transport, v, JW_NOKEY);
	if (e->val.err || e->val.n > LIM_EV_VALUE - 8)
		jw_rewind(&e->val, m);
}

static void
put_item_head(struct ev *e, const struct s7_item *i, struct text address)
{
	const char *t = tok_find(s7_transports, i->transport);

	if (address.n)
		ev_word(e, "address", address);
	if (t)
		ev_word(e, "transport", text_c(t));
	if (i->count)
		ev_uint(e, "count", i->count);
}

/* Do the items fill what the lengths say? */
bool
s7_sound(const struct s7_pdu *p)
{
	struct rd r = p->param, d = p->data;
	struct s7_item i;
	struct s7_value v;
	unsigned n;

	if (p->rosctr == S7_USERDATA) {
		rd_skip(&d, 2);
		if (rd_ok(&d) && p->data.len >= 4 && rd_peek8(&p->data, 1) == 9)
			rd_sub(&d, rd_be16(&d));
		return !rd_bad(&d);
	}
	if ((p->func != S7_READ && p->func != S7_WRITE) || p->err_class || p->rosctr == S7_ACK)
		return true;
	n = rd_u8(&r);
	if (p->rosctr == S7_JOB) {
		for (unsigned k = 0; k < n && rd_ok(&r); k++)
			s7_item_decode(&r, &i);
		for (unsigned k = 0; k < n && rd_ok(&d) && p->func == S7_WRITE; k++)
			s7_value_decode(&d, &v, true);
	} else if (p->func == S7_READ) {
		for (unsigned k = 0; k < n && rd_ok(&d); k++)
			s7_value_decode(&d, &v, false);
	} else {
		rd_skip(&d, n);
	}
	return !rd_bad(&r) && !rd_bad(&d);
}

/* The addresses joined by commas: what a read of several items asked for. */
static struct text
names_begin(struct ev *e, unsigned n)
{
	return (struct text){ ev_room(e, (n < LIM_S7_ITEMS ? n : LIM_S7_ITEMS) * S7_ADDRESS), 0 };
}

static void
names_add(struct text *all, struct text name)
{
	char *d = (char *)all->p;

	if (!d || !name.n)
		return;
	if (all->n)
		d[all->n++] = ',';
	memcpy(d + all->n, name.p, name.n);
	all->n += name.n;
}

void
s7_put_read(struct ev *e, const struct s7_pdu *q, const struct s7_pdu *a)
{
	struct rd qr = { 0 }, ar = { 0 };
	unsigned nq = 0, na = 0, n;
	bool data = a && !a->err_class;
	struct text names = { 0 };

	e->ot.op = OT_READ;
	if (q) {
		qr = q->param;
		nq = rd_u8(&qr);
	}
	if (data) {
		struct rd pr = a->param;
		na = rd_u8(&pr);
		ar = a->data;
	}
	n = q ? nq : na;
	if (q && n > 1)
		names = names_begin(e, n);
	ev_arr(e, "items");
	for (unsigned k = 0; k < n && k < LIM_S7_ITEMS; k++) {
		struct s7_item i = { 0 };
		struct s7_value v = { 0 };
		struct text address = { 0 };
		bool has = false;

		if (q && !s7_item_decode(&qr, &i))
			break;
		if (q)
			address = s7_address(e, &i);
		names_add(&names, address);
		if (k < na)
			has = s7_value_decode(&ar, &v, false);
		if (!q && !has)
			break;
		if (!q)
			i.transport = transport_of_data(&v);
		ev_a_obj(e);
		if (q)
			put_item_head(e, &i, address);
		if (has) {
			struct text code = s7_code_text(e, v.code);
			ev_str(e, "return_code", code);
			if (v.code != 0xff && !e->ot.result.n)
				e->ot.result = code;
			if (n == 1)
				ot_value(e, i.transport, &v);
			else
				put_value(e->w, i.transport, &v, JW_K("value"));
		}
		ev_end(e);
		if (n == 1) {
			e->ot.object = address;
			e->ot.has_count = true;
			e->ot.count = i.count ? i.count : 1;
		}
	}
	ev_end(e);
	if (n > 1) {
		e->ot.object = names;
		e->ot.has_count = true;
		e->ot.count = n;
	}
}

void
s7_write_begin(struct s7_writes *w, const struct s7_pdu *q, const struct s7_pdu *a)
{
	memset(w, 0, sizeof(*w));
	w->n = 1;
	if (q) {
		w->items = q->param;
		w->values = q->data;
		w->n = rd_u8(&w->items);
	}
	if (a && !a->err_class) {
		w->codes = a->data;
		if (!q)
			w->n = rd_left(&w->codes);
	}
}

/* The next item of a write: an event of its own, for nobody looks for a second
 * address in a list. False: there is none. */
bool
s7_put_write(struct ev *e, struct s7_writes *w)
{
	struct s7_item i = { 0 };
	struct s7_value v = { 0 };
	bool item = s7_item_decode(&w->items, &i);
	bool value = s7_value_decode(&w->values, &v, true);
	bool answered = rd_left(&w->codes) > 0;
	uint8_t code = rd_u8(&w->codes);

	if (w->k++ && !item && !answered)
		return false;
	e->ot.op = OT_WRITE;
	e->ot.has_count = true;
	e->ot.count = item && i.count ? i.count : 1;
	if (w->n > 1) {
		ev_uint(e, "item", w->k);
		ev_uint(e, "items_written", w->n);
	}
	if (item)
		e->ot.object = s7_address(e, &i);
	if (item || answered) {
		ev_arr(e, "items");
		ev_a_obj(e);
		if (item)
			put_item_head(e, &i, e->ot.object);
		if (answered) {
			struct text t = s7_code_text(e, code);
			ev_str(e, "return_code", t);
			if (code != 0xff)
				e->ot.result = t;
		}
		ev_end(e);
		ev_end(e);
	}
	if (value)
		ot_value(e, item ? i.transport : transport_of_data(&v), &v);
	return true;
}

/* Cyclic data: 2 bytes number of items; the request then has time base and
 * factor before them. */
void
s7_put_cyclic(struct ev *e, struct rd *request, struct rd *answer)
{
	struct text names = { 0 };
	unsigned nq = 0, na = 0, n;

	if (request) {
		nq = rd_be16(request);
		rd_skip(request, 2);
	}
	if (answer && rd_left(answer) >= 2)
		na = rd_be16(answer);
	n = nq ? nq : na;
	if (!n)
		return;
	if (nq)
		names = names_begin(e, n);
	ev_arr(e, "items");
	for (unsigned k = 0; k < n && k < LIM_S7_ITEMS; k++) {
		struct s7_item i = { 0 };
		struct s7_value v = { 0 };
		bool item = k < nq && s7_item_decode(request, &i);
		bool value = k < na && s7_value_decode(answer, &v, false);

		if (!item && !value)
			break;
		if (!item)
			i.transport = transport_of_data(&v);
		ev_a_obj(e);
		if (item) {
			struct text address = s7_address(e, &i);
			put_item_head(e, &i, address);
			names_add(&names, address);
		}
		if (value) {
			ev_str(e, "return_code", s7_code_text(e, v.code));
			put_value(e->w, i.transport, &v, JW_K("value"));
		}
		ev_end(e);
	}
	ev_end(e);
	e->ot.object = names;
	e->ot.has_count = true;
	e->ot.count = n;
}
