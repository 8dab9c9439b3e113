/* mms_var.c: variables of MMS: their names, values, reading, writing, reports. */
#include "proto/mms.h"

/* A text of the wire; absent where there is none. */
struct text
mms_text(struct rd v)
{
	uint32_t n = rd_have(&v);

	return text_trim(rd_bytes(&v, n), n);
}

/* "domain/item"; "@item": of the association alone. */
struct text
mms_name_text(struct ev *e, const struct mms_name *n)
{
	uint32_t d = n->domain_n < LIM_TEXT ? n->domain_n : LIM_TEXT;
	uint32_t i = n->item_n < LIM_TEXT ? n->item_n : LIM_TEXT;
	char *p, *at;

	if (!n->item || !(p = at = ev_room(e, d + i + 1)))
		return (struct text){ 0 };
	if (n->scope == 'a')
		*at++ = '@';
	if (n->scope == 'd' && n->domain) {
		memcpy(at, n->domain, d);
		at += d;
		*at++ = '/';
	}
	memcpy(at, n->item, i);
	return (struct text){ p, (uint32_t)(at + i - p) };
}

/* VariableSpecification: name, or an address and the like. */
static bool
next_variable(struct rd *list, struct mms_name *n)
{
	struct ber b, x;

	memset(n, 0, sizeof(*n));
	if (!ber_take(list, 0x30, &b))
		return false;
	if (ber_take(&b.v, 0xa0, &x))
		mms_name(&x.v, n);
	return true;
}

/* VariableAccessSpecification at the cursor: a list of variables in *list, or the
 * name of one. */
static void
variables(struct rd *r, struct rd *list, struct mms_name *named)
{
	struct ber b;

	if (!ber_next(r, &b))
		return;
	if (b.first == 0xa0)
		*list = b.v;
	else if (b.first == 0xa1)
		mms_name(&b.v, named);
}

/* ---- values ------------------------------------------------------------ */

static void
put_bits(struct jw *w, const char *k, size_t kn, struct rd v)
{
	uint8_t unused = rd_u8(&v);
	char t[64];
	uint32_t n = 0, bits = rd_left(&v) * 8;

	bits = bits > unused ? bits - unused : 0;
	while (n < bits && n < sizeof(t)) {
		uint8_t b = rd_u8(&v);
		for (int i = 7; i >= 0 && n < bits && n < sizeof(t); i--)
			t[n++] = b >> i & 1 ? '1' : '0';
	}
	jw_k_str(w, k, kn, t, n);
}

static void
put_float(struct jw *w, const char *k, size_t kn, struct rd v)
{
	uint8_t exponent = rd_u8(&v);

	if (exponent == 8 && rd_left(&v) == 4)
		jw_k_real(w, k, kn, (double)rd_be_f32(&v));
	else if (exponent == 11 && rd_left(&v) == 8)
		jw_k_real(w, k, kn, rd_be_f64(&v));
}

/* Data that is neither array nor structure. */
static void
put_leaf(struct jw *w, const char *k, size_t kn, const struct ber *b)
{
	struct rd v = b->v;
	struct text t;
	uint32_t n = rd_have(&v);
	int64_t s;

	if (rd_have(&v) < rd_left(&v))
		return;
	switch (b->number) {
	case 3:
		jw_k_bool(w, k, kn, rd_u8(&v) != 0);
		break;
	case 4:
		put_bits(w, k, kn, v);
		break;
	case 5:
		jw_k_int(w, k, kn, ber_int(v));
		break;
	case 6:
		jw_k_uint(w, k, kn, ber_uint(v));
		break;
	case 7:
		put_float(w, k, kn, v);
		break;
	case 9:
		jw_k_hex(w, k, kn, rd_bytes(&v, n), n < 64 ? n : 64);
		break;
	case 10: case 16:
		t = mms_text(v);
		jw_k_str(w, k, kn, t.p, t.n);
		break;
	case 12:                        /* milliseconds of the day, days since 1984 */
		s = rd_be32(&v);
		if (n == 6)
			jw_k_time(w, k, kn, (5113LL + rd_be16(&v)) * 86400000000LL + s * 1000);
		break;
	case 17:                        /* seconds, fraction, quality */
		s = rd_be32(&v);
		if (n == 8)
			jw_k_time(w, k, kn, s * 1000000 +
			    (int64_t)(((uint64_t)rd_be24(&v) * 1000000) >> 24));
		break;
	default:
		break;
	}
}

/* One Data: a leaf as it is; of arrays and structures all leaves in a row. */
static void
put_data(struct jw *w, const char *k, size_t kn, const struct ber *b)
{
	struct rd at[LIM_MMS_NEST];
	unsigned depth = 1;
	struct ber x;

	if (b->number != 1 && b->number != 2) {
		put_leaf(w, k, kn, b);
		return;
	}
	at[0] = b->v;
	jw_k_open(w, k, kn, '[');
	while (depth) {
		if (!ber_next(&at[depth - 1], &x))
			depth--;
		else if (x.number != 1 && x.number != 2)
			put_leaf(w, JW_NOKEY, &x);
		else if (depth < LIM_MMS_NEST)
			at[depth++] = x.v;
	}
	jw_end(w);
}

static void
ot_value(struct ev *e, const struct ber *b)
{
	struct jw_mark m = jw_mark(&e->val);

	put_data(&e->val, JW_NOKEY, b);
	if (e->val.err || e->val.n > LIM_EV_VALUE - 8)
		jw_rewind(&e->val, m);
}

static struct text
access_error(struct ev *e, const struct ber *b)
{
	uint32_t code = (uint32_t)ber_uint(b->v);
	const char *s = tok_find(mms_access_errors, code);

	return s ? text_c(s) : ev_text(e, "access_error_%u", code);
}

/* ---- read, report, write ------------------------------------------------ */

unsigned
mms_count(struct rd list)
{
	struct ber b;
	unsigned n = 0;

	while (ber_next(&list, &b))
		n++;
	return n;
}

/* Names and what was found under them, side by side. */
static void
put_items(struct ev *e, struct rd names, struct rd results, const struct mms_name *named)
{
	unsigned nn = mms_count(names), nr = mms_count(results), n = nn ? nn : nr, k = 0;
	struct text all = { 0 };

	if (named->item) {
		all = mms_name_text(e, named);
		ev_str(e, "variable_list", all);
	}
	if (!n) {
		e->ot.object = all;
		return;
	}
	ev_arr(e, "items");
	for (; k < n && k < LIM_MMS_OBJECTS; k++) {
		struct mms_name name = { 0 };
		struct ber b;
		struct text t = { 0 };

		ev_a_obj(e);
		if (next_variable(&names, &name)) {
			t = mms_name_text(e, &name);
			ev_str(e, "name", t);
		}
		if (ber_next(&results, &b)) {
			if (b.first == 0x80) {
				struct text err = access_error(e, &b);
				ev_str(e, "error", err);
				if (!e->ot.result.n && e->ot.op != OT_REPORT)
					e->ot.result = err;
			} else if (n == 1) {
				ot_value(e, &b);
			} else {
				put_data(e->w, JW_K("value"), &b);
			}
		}
		ev_end(e);
		if (all.n && t.n && !named->item)
			t = ev_text(e, "%.*s,%.*s", (int)all.n, all.p, (int)t.n, t.p);
		if (t.n && !named->item)
			all = t;
	}
	ev_end(e);
	e->ot.object = all;
	e->ot.has_count = true;
	e->ot.count = n;
}

/* The list of results behind an optional specification. */
static struct rd
results_of(const struct mms_pdu *a)
{
	struct rd r = a->body;
	struct ber b;

	while (ber_next(&r, &b))
		if (b.first == 0xa1)
			return b.v;
	return (struct rd){ 0 };
}

void
mms_put_read(struct ev *e, const struct mms_pdu *q, const struct mms_pdu *a)
{
	struct rd names = { 0 }, results = { 0 };
	struct mms_name named = { 0 };
	struct ber b;

	if (q) {
		struct rd r = q->body;
		ber_take(&r, 0x80, &b);         /* with the specification in the answer */
		if (ber_take(&r, 0xa1, &b))
			variables(&b.v, &names, &named);
	}
	if (a && a->type == MMS_RESPONSE)
		results = results_of(a);
	put_items(e, names, results, &named);
}

/* IEC 61850-8-1: the functional constraint stands between the first two "$". */
static bool
constrained(const struct mms_name *n, const char *fc)
{
	const uint8_t *p = n->item ? memchr(n->item, '$', n->item_n) : NULL;

	return p && (uint32_t)(n->item + n->item_n - p) > 3 && p[1] == (uint8_t)fc[0] &&
	    p[2] == (uint8_t)fc[1] && p[3] == '$';
}

static bool
ends(const struct mms_name *n, const char *s)
{
	size_t k = strlen(s);

	return n->item && n->item_n >= k && memcmp(n->item + n->item_n - k, s, k) == 0;
}

/* What writing to such a name means. */
static enum ot_op
write_op(const struct mms_name *n)
{
	if (constrained(n, "CO") || ends(n, "$Oper") || ends(n, "$SBOw") || ends(n, "$Cancel"))
		return OT_COMMAND;
	if (constrained(n, "BR") || constrained(n, "RP") || constrained(n, "GO") ||
	    constrained(n, "LG"))
		return OT_SUBSCRIBE;
	if (constrained(n, "SP") || constrained(n, "SG") || constrained(n, "SE") ||
	    constrained(n, "CF"))
		return OT_CONFIGURE;
	return OT_WRITE;
}

void
mms_write_begin(struct mms_writes *w, const struct mms_pdu *q, const struct mms_pdu *a)
{
	memset(w, 0, sizeof(*w));
	if (q) {
		struct rd r = q->body;
		struct ber b;
		variables(&r, &w->names, &w->list);
		if (ber_take(&r, 0xa0, &b))
			w->values = b.v;
	}
	if (a && a->type == MMS_RESPONSE)
		w->results = a->body;
	w->n = mms_count(w->names);
	if (!w->n)
		w->n = mms_count(w->values);
	if (!w->n)
		w->n = mms_count(w->results);
}

bool
mms_put_write(struct ev *e, struct mms_writes *w)
{
	struct mms_name name = { 0 };
	struct ber value, result;
	bool named = next_variable(&w->names, &name), has = ber_next(&w->values, &value);
	bool answered = ber_next(&w->results, &result);

	if (w->k++ && !named && !has && !answered)
		return false;
	if (!named && w->list.item)
		name = w->list;
	e->ot.op = write_op(&name);
	e->ot.object = mms_name_text(e, &name);
	e->ot.has_count = true;
	e->ot.count = 1;
	if (w->n > 1) {
		ev_uint(e, "item", w->k);
		ev_uint(e, "items_written", w->n);
	}
	if (has)
		ot_value(e, &value);
	ev_arr(e, "items");
	ev_a_obj(e);
	ev_str(e, "name", e->ot.object);
	if (answered && result.first == 0x80) {
		e->ot.result = access_error(e, &result);
		ev_str(e, "error", e->ot.result);
	}
	ev_end(e);
	ev_end(e);
	return true;
}

/* A report: IEC 61850 names the list RPT and says in the first value which. */
void
mms_put_report(struct ev *e, const struct mms_pdu *p)
{
	struct rd r = p->body, names = { 0 }, results = { 0 }, first;
	struct mms_name named = { 0 };
	struct ber b;

	variables(&r, &names, &named);
	if (ber_take(&r, 0xa0, &b))
		results = b.v;
	first = results;
	put_items(e, names, results, &named);
	if (named.item_n == 3 && named.scope == 'v' && memcmp(named.item, "RPT", 3) == 0 &&
	    ber_next(&first, &b) && b.first == 0x8a)
		e->ot.object = mms_text(b.v);
}
