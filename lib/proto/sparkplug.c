/* sparkplug.c: edge nodes, devices and metrics in MQTT.
 *
 *      spBv1.0/<group>/<NBIRTH|DDATA|NCMD|...>/<edge node>[/<device>]
 *      spBv1.0/STATE/<host>
 *
 * A payload may be a wrapper whose uuid says that its body is compressed: a
 * payload again, which is not unpacked.
 *
 * The payload is a Protocol Buffers message: timestamp 1, metrics 2, sequence
 * number 3; of a metric name 1, alias 2, type 4, null 7, value 10 to 19. */
#include "proto/sparkplug.h"

enum { METRICS = 64, NAME_MAX_ = 128 };
enum { P_METRIC = 2, P_SEQ = 3, P_UUID = 4 };
enum { M_NAME = 1, M_ALIAS = 2, M_TYPE = 4, M_NULL = 7, M_INT = 10, M_LONG = 11, M_FLOAT = 12,
       M_DOUBLE = 13, M_BOOL = 14, M_STRING = 15, M_LAST = 19 };

enum spb_type { SPB_NBIRTH, SPB_NDATA, SPB_NCMD, SPB_NDEATH, SPB_DBIRTH, SPB_DDATA, SPB_DCMD,
	SPB_DDEATH, SPB_STATE, SPB_N };

static const struct { const char *name; enum ot_op op; } kinds[SPB_N] = {
	[SPB_NBIRTH] = { "NBIRTH", OT_IDENTIFY }, [SPB_NDATA] = { "NDATA", OT_REPORT },
	[SPB_NCMD] = { "NCMD", OT_COMMAND }, [SPB_NDEATH] = { "NDEATH", OT_ALARM },
	[SPB_DBIRTH] = { "DBIRTH", OT_IDENTIFY }, [SPB_DDATA] = { "DDATA", OT_REPORT },
	[SPB_DCMD] = { "DCMD", OT_COMMAND }, [SPB_DDEATH] = { "DDEATH", OT_ALARM },
	[SPB_STATE] = { "STATE", OT_REPORT },
};

static const struct tok datatypes[] = {
	{ 1, "Int8" }, { 2, "Int16" }, { 3, "Int32" }, { 4, "Int64" }, { 5, "UInt8" },
	{ 6, "UInt16" }, { 7, "UInt32" }, { 8, "UInt64" }, { 9, "Float" }, { 10, "Double" },
	{ 11, "Boolean" }, { 12, "String" }, { 13, "DateTime" }, { 14, "Text" }, { 15, "UUID" },
	{ 16, "DataSet" }, { 17, "Bytes" }, { 18, "File" }, { 19, "Template" },
	{ 0, NULL }
};

struct topic {
	enum spb_type type;
	struct text group, node, device;
};

struct metric {
	struct text name;
	bool has_alias, null, has_type;
	uint64_t alias;
	uint32_t type;
	uint8_t value;                  /* field number of the value; 0: none */
	uint64_t u;                     /* numbers, bits of floats, booleans */
	struct text text;
};

static struct text
segment(struct text *t)
{
	struct text s = { t->p, 0 };

	while (s.n < t->n && t->p[s.n] != '/')
		s.n++;
	t->p += s.n;
	t->n -= s.n;
	if (t->n) {
		t->p++;
		t->n--;
	}
	return s;
}

static bool
is(struct text t, const char *s)
{
	return t.n == strlen(s) && memcmp(t.p, s, t.n) == 0;
}

static bool
read_topic(struct text t, struct topic *s)
{
	struct text type;

	memset(s, 0, sizeof(*s));
	if (!is(segment(&t), "spBv1.0"))
		return false;
	s->group = segment(&t);
	if (is(s->group, "STATE")) {
		s->type = SPB_STATE;
		s->group = (struct text){ 0 };
		s->node = segment(&t);
		return s->node.n && !t.n;
	}
	type = segment(&t);
	for (s->type = 0; s->type < SPB_STATE && !is(type, kinds[s->type].name); s->type++)
		continue;
	s->node = segment(&t);
	s->device = t;
	return s->type < SPB_STATE && s->group.n && s->node.n;
}

bool
sparkplug_is(struct text topic)
{
	struct topic s;

	return topic.n > 8 && memcmp(topic.p, "spBv1.0/", 8) == 0 && read_topic(topic, &s);
}

static uint64_t
varint(struct rd *r)
{
	uint64_t v = 0;
	uint8_t b = 0x80;

	for (unsigned i = 0; i < 10 && (b & 0x80); i++) {
		b = rd_u8(r);
		v |= (uint64_t)(b & 0x7f) << 7 * i;
	}
	if (b & 0x80)
		rd_set_bad(r);
	return v;
}

/* One field: its number, and its number or bytes. False at the end or when it is
 * no field: then r says so. */
static bool
field(struct rd *r, uint32_t *num, uint64_t *v, struct rd *bytes)
{
	uint64_t tag;

	if (!rd_have(r))
		return false;
	tag = varint(r);
	*num = (uint32_t)(tag >> 3);
	*v = 0;
	*bytes = rd_init("", 0, 0);
	switch (tag & 7) {
	case 0:
		*v = varint(r);
		break;
	case 1:
		*v = rd_le64(r);
		break;
	case 2:
		tag = varint(r);
		if (tag > rd_left(r))
			rd_set_bad(r);
		*bytes = rd_sub(r, (uint32_t)tag);
		return !rd_bad(r);      /* the part that was captured may still be read */
	case 5:
		*v = rd_le32(r);
		break;
	default:
		rd_set_bad(r);
	}
	if (rd_ok(r) && *num == 0)
		rd_set_bad(r);
	return rd_ok(r);
}

static struct text
short_text(struct rd *b)
{
	uint32_t n = rd_have(b) < NAME_MAX_ ? rd_have(b) : NAME_MAX_;

	return text_rd(b, n);
}

static bool
read_metric(struct rd r, struct metric *m)
{
	struct rd bytes;
	uint32_t num;
	uint64_t v;

	memset(m, 0, sizeof(*m));
	while (field(&r, &num, &v, &bytes)) {
		switch (num) {
		case M_NAME: m->name = short_text(&bytes); break;
		case M_ALIAS: m->alias = v; m->has_alias = true; break;
		case M_TYPE: m->type = (uint32_t)v; m->has_type = true; break;
		case M_NULL: m->null = v != 0; break;
		}
		if (num >= M_INT && num <= M_LAST) {
			m->value = (uint8_t)num;
			m->u = v;
			if (num == M_STRING)
				m->text = short_text(&bytes);
		}
	}
	return !rd_bad(&r);
}

/* The next metric; *seq is set on the way. */
static bool
next_metric(struct rd *r, struct metric *m, uint64_t *seq, bool *has_seq)
{
	struct rd bytes;
	uint32_t num;
	uint64_t v;

	while (field(r, &num, &v, &bytes)) {
		if (num == P_SEQ) {
			*seq = v;
			*has_seq = true;
		}
		if (num != P_METRIC)
			continue;
		if (!read_metric(bytes, m))
			rd_set_bad(r);
		return !rd_bad(r);
	}
	return false;
}

static int64_t
integer(const struct metric *m)
{
	switch (m->type) {
	case 1: return (int8_t)m->u;
	case 2: return (int16_t)m->u;
	case 3: return (int32_t)m->u;
	default: return (int64_t)m->u;
	}
}

/* As ot.value, or as member "value". */
static void
put_value(struct ev *e, const struct metric *m, bool ot)
{
	double real = m->value == M_FLOAT ? (double)rd_f32_of((uint32_t)m->u) : rd_f64_of(m->u);

	if (m->null)
		return;
	switch (m->value) {
	case M_INT: case M_LONG:
		if (m->type >= 5 && ot)
			ev_val_uint(e, m->u);
		else if (m->type >= 5)
			ev_uint(e, "value", m->u);
		else if (ot)
			ev_val_int(e, integer(m));
		else
			ev_int(e, "value", integer(m));
		return;
	case M_FLOAT: case M_DOUBLE:
		if (ot)
			ev_val_real(e, real);
		else
			ev_real(e, "value", real);
		return;
	case M_BOOL:
		if (ot)
			ev_val_bool(e, m->u != 0);
		else
			ev_bool(e, "value", m->u != 0);
		return;
	case M_STRING:
		if (ot)
			ev_val_str(e, m->text);
		else
			ev_str(e, "value", m->text);
		return;
	}
}

static struct text
metric_name(struct ev *e, const struct metric *m)
{
	return m->name.n || !m->has_alias ? m->name : ev_text_num(e, "alias:", 6, m->alias);
}

static void
put_metric(struct ev *e, const struct metric *m, bool values)
{
	ev_a_obj(e);
	ev_str(e, "name", m->name);
	if (m->has_alias)
		ev_uint(e, "alias", m->alias);
	if (m->has_type)
		ev_cstr(e, "datatype", tok_find(datatypes, m->type));
	if (m->null)
		ev_bool(e, "null", true);
	if (values)
		put_value(e, m, false);
	ev_end(e);
}

static struct text
owner(struct ev *e, const struct topic *t)
{
	if (!t->group.n)
		return t->node;
	return ev_text(e, "%.*s/%.*s%s%.*s", (int)t->group.n, t->group.p, (int)t->node.n,
	    t->node.p, t->device.n ? "/" : "", (int)t->device.n, t->device.p);
}

static void
put_topic(struct ev *e, const struct topic *t)
{
	ev_obj(e, "sparkplug");
	ev_cstr(e, "type", kinds[t->type].name);
	ev_str(e, "group", t->group);
	if (t->type == SPB_STATE)
		ev_str(e, "host", t->node);
	else
		ev_str(e, "node", t->node);
	ev_str(e, "device", t->device);
	e->ot.op = kinds[t->type].op;
	e->ot.service = text_c(kinds[t->type].name);
	e->ot.object = owner(e, t);
}

static void
command(struct ev *e, const struct metric *m, bool values)
{
	struct text name = metric_name(e, m), o = e->ot.object;

	if (name.n)
		e->ot.object = ev_text(e, "%.*s %.*s", (int)o.n, o.p, (int)name.n, name.p);
	if (values)
		put_value(e, m, true);
}

static bool
compressed(struct rd r)
{
	struct rd bytes;
	uint32_t num;
	uint64_t v;

	while (field(&r, &num, &v, &bytes))
		if (num == P_UUID && is(short_text(&bytes), "SPBV1.0_COMPRESSED"))
			return true;
	return false;
}

void
sparkplug_put(struct ev *e, const struct mqtt_pdu *m, const struct proto_opts *o)
{
	struct rd r = m->message;
	bool has_seq = false;
	struct metric x;
	struct topic t;
	uint64_t seq = 0;
	uint32_t n = 0;

	if (!sparkplug_is(m->topic) || !read_topic(m->topic, &t))
		return;
	put_topic(e, &t);
	if (t.type == SPB_STATE) {              /* JSON: whether the host is there */
		ev_end(e);
		return;
	}
	if (rd_have(&r) && compressed(r)) {
		ev_bool(e, "compressed", true);
	} else if (rd_have(&r)) {
		ev_arr(e, "metrics");
		while (next_metric(&r, &x, &seq, &has_seq)) {
			if (n++ < METRICS)
				put_metric(e, &x, o->mqtt_payload);
			if (n == 1 && e->ot.op == OT_COMMAND)
				command(e, &x, o->mqtt_payload);
		}
		ev_end(e);
		ev_uint(e, "count", n);
		e->ot.has_count = true;
		e->ot.count = e->ot.op == OT_COMMAND ? 1 : n;
	}
	if (has_seq)
		ev_uint(e, "seq", seq);
	ev_end(e);
}

void
sparkplug_more(struct dctx *c, const struct mqtt_pdu *m)
{
	struct rd r = m->message;
	struct proto_opts o = *c->opts;
	bool has_seq = false;
	struct metric x;
	struct topic t;
	uint64_t seq;
	uint32_t n = 0;

	if (!sparkplug_is(m->topic) || !read_topic(m->topic, &t) || t.type == SPB_STATE ||
	    compressed(r))
		return;
	while (next_metric(&r, &x, &seq, &has_seq)) {
		struct ev *e;

		if (n++ == 0 || kinds[t.type].op != OT_COMMAND)
			continue;
		e = ev_begin(c, "mqtt", &c->when, c->side);
		put_topic(e, &t);
		ev_arr(e, "metrics");
		put_metric(e, &x, o.mqtt_payload);
		ev_end(e);
		ev_uint(e, "number", n);
		ev_end(e);
		command(e, &x, o.mqtt_payload);
		e->ot.has_count = true;
		e->ot.count = 1;
		ev_emit(e);
	}
	if (rd_bad(&r))
		proto_anomaly(c, "SPARKPLUG_PAYLOAD");
}

/* Names that makers of edge nodes use for what the node is; the last part counts. */
static struct text *
told(struct ident *i, struct text name)
{
	struct text last = name;

	for (uint32_t k = 0; k < name.n; k++)
		if (name.p[k] == '/')
			last = (struct text){ name.p + k + 1, name.n - k - 1 };
	if (is(last, "Hardware Make") || is(last, "Make") || is(last, "Manufacturer") ||
	    is(last, "Vendor"))
		return &i->vendor;
	if (is(last, "Hardware Model") || is(last, "Model"))
		return &i->model;
	if (is(last, "Serial Number") || is(last, "SerialNumber"))
		return &i->serial;
	if (is(last, "Firmware Version") || is(last, "FirmwareVersion") || is(last, "FW"))
		return &i->firmware;
	if (is(last, "OS"))
		return &i->os;
	return NULL;
}

void
sparkplug_identify(struct dctx *c, struct ev *e, const struct mqtt_pdu *m)
{
	struct rd r = m->message;
	bool has_seq;
	struct ident *i;
	struct metric x;
	struct topic t;
	struct text *f;
	uint64_t seq;

	if (!sparkplug_is(m->topic) || !read_topic(m->topic, &t) ||
	    (t.type != SPB_NBIRTH && t.type != SPB_DBIRTH) || compressed(r))
		return;
	i = ev_identity(e, "mqtt.sparkplug", EV_SRC);
	/* what a broker passes on is not its own word */
	if (t.type == SPB_DBIRTH || c->side == 1) {
		i->of = EV_OTHER;
		i->has_parent = true;
		i->parent = EV_SRC;
		i->sub = c->side == 1 ? owner(e, &t) : t.device;
	}
	i->hostname = t.type == SPB_DBIRTH ? t.device : t.node;
	i->role = t.type == SPB_DBIRTH ? TEXT("sparkplug device") : TEXT("sparkplug edge node");
	while (next_metric(&r, &x, &seq, &has_seq))
		if (x.value == M_STRING && (f = told(i, x.name)) && !f->n)
			*f = x.text;
}
