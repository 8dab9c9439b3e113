/* bsap.c: BSAP of Bristol's (Emerson's) remote terminal units: over UDP, and its
 * serial frames where an adapter passes them on in UDP.
 *
 *      0      2       4      6          10           14
 *     +------+-------+------+----------+------------+-------------------
 *     |  14  | count | kind | sequence | last heard | messages ...       numbers: lowest
 *     +------+-------+------+----------+------------+-------------------  byte first
 *
 *     message: length of itself (4), 12, sequence (4), then
 *       of a request:  function (1), node status (1), sub-function (1), data
 *       of an answer:  status (1), elements (1), the elements
 *
 * A request of no message acknowledges. Signals are read by name; the answer gives
 * their addresses, by which they are written: the last names of a flow are kept, so
 * that a write says which signal it was. */
#include "proto/bsap.h"

static const struct tok rdb_names[] = {
	{ 0x00, "Read Signal by Address" }, { 0x02, "Read Logical by Address" },
	{ 0x04, "Read Signal by Name" }, { 0x06, "Read Logical by Name" },
	{ 0x0c, "Read Signal List" }, { 0x0d, "Read Signal List, continued" },
	{ 0x0e, "Read Logical List" }, { 0x0f, "Read Logical List, continued" },
	{ 0x80, "Write Signal by Address" }, { 0x84, "Write Signal by Name" },
	{ 0x8c, "Write Signal List" }, { 0x8d, "Write Signal List, continued" }, { 0, NULL },
};

static const struct tok ext_names[] = {
	{ 0x0101, "Reset System" }, { 0x0102, "Reset Diagnostics" },
	{ 0x0201, "Read Date and Time" }, { 0x0202, "Read Date" }, { 0x0203, "Read Time" },
	{ 0x0281, "Write Date and Time" }, { 0x0400, "Change Local Address" }, { 0, NULL },
};

/* Write field descriptors that a capture confirms: no value, no value, a float. */
enum { WRITE_ON = 9, WRITE_OFF = 10, WRITE_ANALOG = 11 };

/* One signal of an answer to a read with the fields that OpenBSI asks for. */
struct element {
	uint8_t type;
	uint16_t address;
	bool on;
	float analog;
};

static bool
next_element(struct rd *r, struct element *x)
{
	x->type = rd_u8(r);
	x->analog = 0;
	if ((x->type & 3) == 2)
		x->analog = rd_le_f32(r);
	else if ((x->type & 3) == 0)
		x->on = rd_u8(r) != 0;
	else
		rd_set_bad(r);
	x->address = rd_le16(r);
	rd_skip(r, 2);
	return rd_ok(r);
}

/* The k-th name of a read by name; they end with a NUL. */
static struct text
name_at(const struct bsap_msg *q, unsigned k)
{
	unsigned at = 5;

	for (unsigned i = 0; at < q->n; i++) {
		size_t n = strnlen((const char *)q->data + at, q->n - at);
		if (i == k)
			return (struct text){ (const char *)q->data + at, (uint32_t)n };
		at += (unsigned)n + 1;
	}
	return (struct text){ 0 };
}

static void
remember(struct bsap_state *s, uint16_t address, struct text name)
{
	struct bsap_name *x = NULL;

	if (!name.n || name.n > sizeof(x->name))
		return;
	for (unsigned i = 0; i < NAMES; i++)
		if (s->name[i].n && s->name[i].address == address)
			x = &s->name[i];
	if (!x)
		x = &s->name[s->next++ % NAMES];
	x->address = address;
	x->n = (uint8_t)name.n;
	memcpy(x->name, name.p, name.n);
}

static struct text
object_of(struct ev *e, const struct bsap_state *s, uint16_t address)
{
	for (unsigned i = 0; i < NAMES; i++)
		if (s->name[i].n && s->name[i].address == address)
			return ev_text(e, "%.*s", s->name[i].n, s->name[i].name);
	return ev_text(e, "address:%u", address);
}

/* Do the fields asked for give elements as next_element() takes them? */
static bool
plain_fields(const struct bsap_msg *q)
{
	return q->n >= 5 && q->data[0] == 3 && q->data[1] == 0xd0 && q->data[2] == 1;
}

static void
put_read(struct ev *e, struct bsap_state *s, const struct bsap_msg *q, const struct bsap_msg *a)
{
	unsigned count = q->n >= 5 ? q->data[4] : 0, k = 0;
	struct rd r = rd_init(a ? a->data : NULL, a ? a->n : 0, a ? a->n : 0);
	bool values = a && !a->status && q->func == 4 && plain_fields(q);
	struct element x = { 0 };

	e->ot.has_count = true;
	e->ot.count = count;
	if (q->func != 4)
		return;
	e->ot.object = name_at(q, 0);
	ev_arr(e, "signals");
	if (values)
		ev_val_arr(e);
	for (k = 0; k < count && k < SIGNALS; k++) {
		struct text name = name_at(q, k);
		if (!name.n)
			break;
		ev_a_obj(e);
		ev_str(e, "name", name);
		if (values && next_element(&r, &x)) {
			ev_uint(e, "address", x.address);
			remember(s, x.address, name);
			if ((x.type & 3) == 2) {
				ev_real(e, "value", (double)x.analog);
				ev_val_real(e, (double)x.analog);
			} else {
				ev_uint(e, "value", x.on);
				ev_val_uint(e, x.on);
			}
		}
		ev_end(e);
	}
	if (values)
		ev_val_end(e);
	ev_end(e);
}

/* How many writes by address can be told apart: those up to a descriptor of which
 * the length of the value is not known. */
static unsigned
writes(const struct bsap_msg *q, unsigned k, uint16_t *address, uint8_t *field, double *value)
{
	struct rd r = rd_init(q->data, q->n, q->n);
	unsigned count, i;

	rd_skip(&r, 3);
	count = rd_u8(&r);
	for (i = 0; i < count; i++) {
		float v = 0;
		uint16_t a = rd_le16(&r);
		uint8_t f = rd_u8(&r);
		if (f == WRITE_ANALOG)
			v = rd_le_f32(&r);
		if (!rd_ok(&r))
			break;
		if (i == k) {
			*address = a;
			*field = f;
			*value = (double)v;
		}
		if (f > WRITE_ANALOG) {
			i++;
			break;
		}
	}
	return i;
}

static void
put_write(struct ev *e, const struct bsap_state *s, const struct bsap_msg *q, unsigned k)
{
	uint16_t address = 0;
	uint8_t field = 0;
	double value = 0;

	if (q->func == 0x84) {
		e->ot.object = name_at(q, 0);
		return;
	}
	if (q->func != 0x80 || !writes(q, k, &address, &field, &value))
		return;
	e->ot.object = object_of(e, s, address);
	ev_uint(e, "address", address);
	ev_uint(e, "field", field);
	if (q->data[3] > 1)
		ev_uint(e, "index", k);
	if (field == WRITE_ON || field == WRITE_OFF)
		ev_val_uint(e, field == WRITE_ON);
	else if (field == WRITE_ANALOG)
		ev_val_real(e, value);
}

static void
put_head(struct ev *e, const struct bsap_msg *m)
{
	const char *name = NULL;

	ev_uint(e, "function", m->app);
	ev_cstr(e, "function_name", m->app == APP_RDB ? "rdb" : m->app == APP_RDB_EXT ?
	    "rdb_extension" : m->app == APP_PEI ? "pei_pc" : NULL);
	e->ot.op = OT_OTHER;
	if (m->app == APP_RDB) {
		name = tok_find(rdb_names, m->func);
		ev_uint(e, "subfunction", m->func);
		e->ot.op = m->func & 0x80 ? OT_WRITE : OT_READ;
	} else if (m->app == APP_RDB_EXT) {
		name = tok_find(ext_names, m->ext);
		ev_uint(e, "subfunction", m->ext);
		e->ot.op = m->ext == 0x0101 || m->ext == 0x0102 ? OT_COMMAND :
		    m->ext == 0x0281 || m->ext == 0x0400 ? OT_CONFIGURE : OT_READ;
	}
	ev_cstr(e, "name", name);
	e->ot.service = name ? text_c(name) : ev_text_num(e, "function ", 9, m->app);
}

void
bsap_event(struct dctx *c, const struct bsap_msg *q, const struct when *when, int side,
    const struct bsap_msg *a)
{
	struct bsap_state *s = c->state;
	unsigned n = 1;
	uint16_t address;
	uint8_t field;
	double value;

	if (q && q->app == APP_RDB && q->func == 0x80)
		n = writes(q, UINT32_MAX, &address, &field, &value);
	for (unsigned k = 0; k < (n ? n : 1); k++) {
		struct ev *e = ev_begin(c, "bsap", when, side);

		ev_uint(e, "sequence", q ? q->seq : a->seq);
		if ((q ? q : a)->serial) {
			ev_bool(e, "serial", true);
			ev_uint(e, "node", (q ? q : a)->node);
			e->ot.has_unit = true;
			e->ot.unit_id = (q ? q : a)->node;
		}
		if (q) {
			ev_obj(e, "request");
			put_head(e, q);
			if (q->app == APP_RDB && q->func & 0x80)
				put_write(e, s, q, k);
			else if (q->app == APP_RDB && !q->serial)
				put_read(e, s, q, a);
			ev_end(e);
		} else {
			e->ot.op = OT_READ;
		}
		if (a) {
			ev_obj(e, "response");
			ev_uint(e, "status", a->status);
			ev_uint(e, "elements", a->elements);
			ev_end(e);
		}
		if (!a)
			ev_unanswered(e, c);
		else if (q)
			ev_answered(e, c, when);
		else
			e->ot.result = TEXT("ok");
		if (a && a->status)
			e->ot.result = ev_text(e, "status_%u", a->status);
		ev_emit(e);
	}
}

static const struct field fields[] = {
	{ "bsap.sequence", "integer", "ties answer to request" },
	{ "bsap.serial", "boolean", "true: a serial frame" },
	{ "bsap.node", "integer", "address of the node, of serial frames" },
	{ "bsap.request.function", "integer", "application function" },
	{ "bsap.request.function_name", "string", "its name" },
	{ "bsap.request.subfunction", "integer", "what is done with the database" },
	{ "bsap.request.name", "string", "its name" },
	{ "bsap.request.signals[].name", "string", "a signal read" },
	{ "bsap.request.signals[].address", "integer", "its address, from the answer" },
	{ "bsap.request.signals[].value", "number", "its value, from the answer" },
	{ "bsap.request.address", "integer", "address of a signal written" },
	{ "bsap.request.field", "integer", "which field of it: 9 on, 10 off, 11 analog value" },
	{ "bsap.request.index", "integer", "which of several writes, from 0" },
	{ "bsap.response.status", "integer", "0: all is well" },
	{ "bsap.response.elements", "integer", "elements in the answer" },
	{ NULL },
};

static const struct hint hints[] = {
	{ HINT_UDP, 1234 }, { HINT_UDP, 1235 }, { HINT_END, 0 },
};

static void
bsap_expire(struct dctx *c, struct pend *p)
{
	bsap_event(c, (const struct bsap_msg *)p->data, &p->when, p->side, NULL);
}

const struct dissector bsap_dissector = {
	.name = "bsap",
	.title = "BSAP",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct bsap_state),
	.probe = bsap_probe,
	.dissect = bsap_dissect,
	.expire = bsap_expire,
};
