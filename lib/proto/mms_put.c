/* mms_put.c: what MMS services say: names, values, files, who a device is. */
#include "proto/mms.h"

/* A text of the wire; absent where there is none. */
static struct text
text_of(struct rd v)
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
	union { uint32_t u; float f; } x;
	union { uint64_t u; double d; } y;
	uint8_t exponent = rd_u8(&v);

	if (exponent == 8 && rd_left(&v) == 4) {
		x.u = rd_be32(&v);
		jw_k_real(w, k, kn, (double)x.f);
	} else if (exponent == 11 && rd_left(&v) == 8) {
		y.u = rd_be64(&v);
		jw_k_real(w, k, kn, y.d);
	}
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
		t = text_of(v);
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

static unsigned
count_of(struct rd list)
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
	unsigned nn = count_of(names), nr = count_of(results), n = nn ? nn : nr, k = 0;
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

static void
put_read(struct ev *e, const struct mms_pdu *q, const struct mms_pdu *a)
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
	w->n = count_of(w->names);
	if (!w->n)
		w->n = count_of(w->values);
	if (!w->n)
		w->n = count_of(w->results);
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
static void
put_report(struct ev *e, const struct mms_pdu *p)
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
		e->ot.object = text_of(b.v);
}

/* ---- other services ------------------------------------------------------ */

static void
put_identify(struct ev *e, const struct mms_pdu *a)
{
	struct rd r = a->body;
	struct ident *id = ev_identity(e, "mms.identify", EV_DEST);
	struct ber b;

	while (ber_next(&r, &b)) {
		switch (b.first) {
		case 0x80:
			id->vendor = text_of(b.v);
			ev_str(e, "vendor", id->vendor);
			break;
		case 0x81:
			id->model = text_of(b.v);
			ev_str(e, "model", id->model);
			break;
		case 0x82:
			id->firmware = text_of(b.v);
			ev_str(e, "revision", id->firmware);
			break;
		default:
			break;
		}
	}
}

static void
put_status(struct ev *e, struct rd r)
{
	struct ber b;

	while (ber_next(&r, &b)) {
		const char *s = tok_find(b.first == 0x80 ? mms_logical : mms_physical,
		    (uint32_t)ber_uint(b.v));
		if (b.first == 0x80) {
			ev_cstr(e, "logical_status", s);
		} else if (b.first == 0x81) {
			ev_cstr(e, "physical_status", s);
			if (s)
				ev_val_str(e, text_c(s));
		}
	}
}

static void
put_name_list(struct ev *e, const struct mms_pdu *q, const struct mms_pdu *a)
{
	struct ber b, x;
	struct rd r;

	if (q) {
		r = q->body;
		while (ber_next(&r, &b)) {
			if (b.first == 0xa0 && ber_take(&b.v, 0x80, &x)) {
				ev_cstr(e, "object_class",
				    tok_find(mms_object_classes, (uint32_t)ber_uint(x.v)));
			} else if (b.first == 0xa1 && ber_next(&b.v, &x)) {
				struct text t = text_of(x.v);
				e->ot.object = x.first == 0x81 ? t : x.first == 0x80 ? TEXT("VMD") :
				    TEXT("association");
				if (x.first == 0x81)
					ev_str(e, "domain", t);
			} else if (b.first == 0x82) {
				ev_str(e, "continue_after", text_of(b.v));
			}
		}
	}
	if (!a || a->type != MMS_RESPONSE)
		return;
	r = a->body;
	while (ber_next(&r, &b)) {
		if (b.first == 0xa0) {
			unsigned n = 0;
			ev_arr(e, "names");
			while (ber_next(&b.v, &x))
				if (n++ < LIM_MMS_OBJECTS)
					ev_a_str(e, text_of(x.v));
			ev_end(e);
			e->ot.has_count = true;
			e->ot.count = n;
		} else if (b.first == 0x81) {
			ev_bool(e, "more", ber_uint(b.v) != 0);
		}
	}
}

/* FileName: GraphicStrings, in practice one. */
static struct text
file_name(struct rd r)
{
	struct ber b;

	return ber_next(&r, &b) ? text_of(b.v) : (struct text){ 0 };
}

static void
file_opened(struct mms_state *s, uint32_t frsm, struct text name)
{
	unsigned i = s->next++ % MMS_FILES;

	s->file[i].frsm = frsm;
	s->file[i].n = (uint8_t)(name.n < MMS_FILE_NAME ? name.n : MMS_FILE_NAME);
	if (s->file[i].n)
		memcpy(s->file[i].name, name.p, s->file[i].n);
}

/* The name of an open file. It may be gone once the event is; the event copies. */
static struct text
file_open(struct mms_state *s, uint32_t frsm, bool closes)
{
	for (unsigned i = 0; i < MMS_FILES; i++)
		if (s->file[i].n && s->file[i].frsm == frsm) {
			struct text t = { s->file[i].name, s->file[i].n };
			if (closes)
				s->file[i].n = 0;
			return t;
		}
	return (struct text){ 0 };
}

static void
put_file_request(struct mms_state *s, struct ev *e, const struct mms_pdu *q)
{
	struct rd r = q->body;
	struct ber b;
	struct text t = { 0 }, to = { 0 };

	switch (q->service) {
	case MMS_FILE_READ: case MMS_FILE_CLOSE:
		ev_uint(e, "frsm", ber_uint(r));
		t = file_open(s, (uint32_t)ber_uint(r), q->service == MMS_FILE_CLOSE);
		ev_str(e, "file", t);
		e->ot.object = t.n ? t : ev_text(e, "frsm %u", (uint32_t)ber_uint(r));
		return;
	case MMS_FILE_DELETE:
		t = file_name(r);
		break;
	case MMS_OBTAIN_FILE:
		while (ber_next(&r, &b)) {
			if (b.first == 0xa1)
				t = file_name(b.v);
			else if (b.first == 0xa2)
				to = file_name(b.v);
		}
		break;
	default:
		while (ber_next(&r, &b)) {
			if (b.first == 0xa0)
				t = file_name(b.v);
			else if (b.first == 0xa1 && q->service == MMS_FILE_RENAME)
				to = file_name(b.v);
		}
	}
	ev_str(e, "file", t);
	ev_str(e, "new_file", to);
	e->ot.object = to.n && q->service == MMS_OBTAIN_FILE ? to : t;
}

static void
put_file_answer(struct mms_state *s, struct ev *e, const struct mms_pdu *a)
{
	struct rd r = a->body;
	struct ber b, x;
	unsigned n = 0;

	while (ber_next(&r, &b)) {
		switch (a->service << 8 | b.first) {
		case MMS_FILE_OPEN << 8 | 0x80:
			ev_uint(e, "frsm", ber_uint(b.v));
			file_opened(s, (uint32_t)ber_uint(b.v), e->ot.object);
			break;
		case MMS_FILE_OPEN << 8 | 0xa1:
			if (ber_take(&b.v, 0x80, &x))
				ev_uint(e, "file_size", ber_uint(x.v));
			break;
		case MMS_FILE_READ << 8 | 0x80:
			ev_uint(e, "bytes", rd_left(&b.v));
			e->ot.has_count = true;
			e->ot.count = rd_left(&b.v);
			break;
		case MMS_FILE_READ << 8 | 0x81: case MMS_FILE_DIRECTORY << 8 | 0x81:
			ev_bool(e, "more", ber_uint(b.v) != 0);
			break;
		case MMS_FILE_DIRECTORY << 8 | 0xa0:
			/* some wrap the list once more */
			if (rd_peek8(&b.v, 0) == 0x30) {
				struct rd in = b.v;
				if (ber_next(&in, &x) && rd_peek8(&x.v, 0) == 0x30)
					b.v = x.v;
			}
			ev_arr(e, "names");
			while (ber_take(&b.v, 0x30, &x)) {
				struct ber name;
				if (n++ < LIM_MMS_OBJECTS && ber_take(&x.v, 0xa0, &name))
					ev_a_str(e, file_name(name.v));
			}
			ev_end(e);
			e->ot.has_count = true;
			e->ot.count = n;
			break;
		default:
			break;
		}
	}
}

/* What names one object first: attributes, lists, domains, programs. */
static void
put_object(struct ev *e, const struct mms_pdu *q)
{
	struct rd r = q->body;
	struct mms_name n;
	struct ber b;

	if (q->service == MMS_GET_ATTRIBUTES) {
		if (ber_take(&r, 0xa0, &b) && mms_name(&b.v, &n))
			e->ot.object = mms_name_text(e, &n);
	} else if (q->service == MMS_DELETE_LIST) {
		while (ber_next(&r, &b)) {
			if (b.first != 0xa1)
				continue;
			if (mms_name(&b.v, &n))
				e->ot.object = mms_name_text(e, &n);
		}
	} else if (q->service == MMS_DEFINE_LIST || q->service == MMS_GET_LIST) {
		if (mms_name(&r, &n))
			e->ot.object = mms_name_text(e, &n);
		if (ber_take(&r, 0xa0, &b)) {
			e->ot.has_count = true;
			e->ot.count = count_of(b.v);
		}
	} else if (q->service >= MMS_DOWNLOAD_FIRST && q->service <= MMS_PI_LAST) {
		/* an identifier, alone or as the first member */
		if (rd_peek8(&r, 0) >= 0x20 && rd_peek8(&r, 0) < 0x80)
			e->ot.object = text_of(r);
		else if (ber_next(&r, &b))
			e->ot.object = text_of(b.v);
	}
}

void
mms_put_service(struct mms_state *s, struct ev *e, const struct mms_pdu *q, const struct mms_pdu *a)
{
	uint32_t service = q ? q->service : a->service;
	bool answered = a && a->type == MMS_RESPONSE;

	switch (service) {
	case MMS_READ:
		put_read(e, q, a);
		break;
	case MMS_IDENTIFY:
		if (answered)
			put_identify(e, a);
		break;
	case MMS_STATUS:
		if (answered)
			put_status(e, a->body);
		break;
	case MMS_GET_NAME_LIST:
		put_name_list(e, q, a);
		break;
	case MMS_OBTAIN_FILE: case MMS_FILE_OPEN: case MMS_FILE_READ: case MMS_FILE_CLOSE:
	case MMS_FILE_RENAME: case MMS_FILE_DELETE: case MMS_FILE_DIRECTORY:
		if (q)
			put_file_request(s, e, q);
		if (answered)
			put_file_answer(s, e, a);
		break;
	default:
		if (q)
			put_object(e, q);
		break;
	}
}

void
mms_put_unconfirmed(struct ev *e, const struct mms_pdu *p)
{
	switch (p->service) {
	case 0:
		e->ot.op = OT_REPORT;
		e->ot.service = TEXT("informationReport");
		put_report(e, p);
		break;
	case 1:
		e->ot.op = OT_REPORT;
		e->ot.service = TEXT("unsolicitedStatus");
		put_status(e, p->body);
		break;
	default:
		e->ot.op = OT_ALARM;
		e->ot.service = TEXT("eventNotification");
		break;
	}
}
