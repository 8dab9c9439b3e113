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
	uint32_t n = v->n, size = element(transport);
	const uint8_t *p = v->p;

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

static struct text
address_of(struct ev *e, const struct s7_item *i)
{
	char *d = ev_room(e, S7_ADDRESS);

	return (struct text){ d, d ? (uint32_t)(s7_address_at(d, i) - d) : 0 };
}

/* What an item is, an answer's code and value: an entry of the list, begun with
 * whatever of it is there. A value that is to go elsewhere is not given. */
static void
put_item(struct ev *e, const struct s7_item *i, struct text address, struct text code,
    const struct s7_value *v)
{
	struct text t = s7_transport(i->transport);
	/* words: what most blocks are read as */
	uint32_t words = v && v->p && i->transport == 4 && v->n >= 4 ? v->n : 0;
	struct jw_run m;

	if (!ev_run(e, &m, 6, address.n + t.n + code.n + JW_BE16(words)))
		return;
	run_obj(&m);
	if (address.n) {
		run_word(&m, "address", address);
		run_word(&m, "transport", t);
		if (i->count)
			run_uint(&m, "count", i->count);
	}
	run_word(&m, "return_code", code);
	if (words)
		run_be16(&m, "value", v->p, words);
	ev_ran(e, &m);
	if (v && !words)
		put_value(e->w, i->transport, v, JW_K("value"));
	ev_end(e);
}

/* The addresses joined by commas: what a read of several items asked for. */
static struct text
names_begin(struct ev *e, unsigned n)
{
	return (struct text){ ev_room(e, (n < LIM_S7_ITEMS ? n : LIM_S7_ITEMS) * S7_ADDRESS), 0 };
}

/* One more; its own address. */
static struct text
names_add(struct text *all, const struct s7_item *i)
{
	char *d = (char *)all->p + all->n, *end;

	if (!all->p)
		return (struct text){ 0 };
	if (all->n)
		*d++ = ',';
	end = s7_address_at(d, i);
	all->n = (uint32_t)(end - all->p);
	return (struct text){ d, (uint32_t)(end - d) };
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
		struct s7_value v;
		struct text address = { 0 }, code = { 0 };
		bool has = false;

		if (q && !s7_item_decode(&qr, &i))
			break;
		if (q)
			address = n > 1 ? names_add(&names, &i) : address_of(e, &i);
		if (k < na)
			has = s7_value_decode(&ar, &v, false);
		if (!q && !has)
			break;
		if (!q)
			i.transport = transport_of_data(&v);
		if (has) {
			code = s7_code_text(e, v.code);
			if (v.code != 0xff && !e->ot.result.n)
				e->ot.result = code;
			if (n == 1)
				ot_value(e, i.transport, &v);
		}
		put_item(e, &i, address, code, has && n > 1 ? &v : NULL);
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
		e->ot.object = address_of(e, &i);
	if (item || answered) {
		struct text t = answered ? s7_code_text(e, code) : (struct text){ 0 };
		if (answered && code != 0xff)
			e->ot.result = t;
		ev_arr(e, "items");
		put_item(e, &i, e->ot.object, t, NULL);
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
		put_item(e, &i, item ? names_add(&names, &i) : (struct text){ 0 },
		    value ? s7_code_text(e, v.code) : (struct text){ 0 }, value ? &v : NULL);
	}
	ev_end(e);
	e->ot.object = names;
	e->ot.has_count = true;
	e->ot.count = n;
}
