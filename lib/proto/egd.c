/* egd.c: GE Ethernet Global Data: controllers that send each other exchanges of
 * process data, and the commands beside it.
 *
 * Data, UDP 18246, numbers lowest byte first:
 *
 *     0     1     2         4            8            12       20       24      26  28   32
 *     +-----+-----+---------+------------+------------+--------+--------+-----------+----
 *     | 13  |  1  | request | producer   | exchange   | time   | status | config    | 0 | data
 *     +-----+-----+---------+------------+------------+--------+--------+-----------+----
 *
 * An exchange's beginning and end are events, and a change of its status; the
 * packets between are counted. Commands, UDP 7937: type, flags, request id, version
 * 1, status, length of the whole; then what the command needs. */
#include "proto/proto.h"

enum { DATA = 13, CONFIG_REQ = 3, CONFIG_RESP = 4, SUMMARY_REQ = 7, SUMMARY_RESP = 8, CAPS_REQ = 9,
	CAPS_RESP = 10, STATS_REQ = 15, STATS_RESP = 16, NAK = 18, READ_REQ = 32, READ_RESP = 33,
	WRITE_REQ = 34, WRITE_RESP = 35, MASK_REQ = 36, MASK_RESP = 37 };
enum { HEAD = 32, EXCHANGES = 12, CELLS = 32 };

/* An exchange of this flow. packets == 0: a free place. */
struct exchange {
	uint32_t producer, id, signature;
	uint32_t packets, lost;
	uint16_t length, next;
	uint8_t status, side;
};

struct egd_state {
	struct exchange x[EXCHANGES];
	uint32_t others;                /* packets of exchanges there was no place for */
};

/* What a command's event needs, kept while it waits for its answer. */
struct command {
	uint8_t type, status, cells;
	uint16_t id, length;
	uint32_t producer, exchange;
	bool addressed;
	uint16_t have;                  /* bytes of cells */
	uint8_t data[400];
};

static const struct tok statuses[] = {
	{ 0, "no_new_event" }, { 1, "no_error" }, { 2, "consumed" }, { 3, "sntp_error" },
	{ 4, "specification_error" }, { 6, "refresh_timeout" }, { 7, "refresh_after_timeout" },
	{ 10, "ip_not_ready" }, { 12, "no_resources" }, { 16, "resolving_name" },
	{ 18, "ethernet_lost" }, { 22, "not_supported" }, { 26, "no_response" },
	{ 28, "create_failed" }, { 30, "deleted" }, { 0, NULL },
};

struct kind {
	uint8_t type, answer;
	enum ot_op op;
	const char *name;
};

static const struct kind kinds[] = {
	{ CONFIG_REQ, CONFIG_RESP, OT_READ, "Retrieve Configuration" },
	{ SUMMARY_REQ, SUMMARY_RESP, OT_READ, "Summary" },
	{ CAPS_REQ, CAPS_RESP, OT_IDENTIFY, "Capabilities" },
	{ STATS_REQ, STATS_RESP, OT_READ, "Statistics" },
	{ READ_REQ, READ_RESP, OT_READ, "Read" },
	{ WRITE_REQ, WRITE_RESP, OT_WRITE, "Write" },
	{ MASK_REQ, MASK_RESP, OT_WRITE, "Masked Write" },
};

static const struct kind *
kind_find(unsigned type)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].type == type || kinds[i].answer == type)
			return &kinds[i];
	return NULL;
}

static int
peek_le16(const struct rd *r, uint32_t at)
{
	int v = rd_peek16(r, at);

	return v < 0 ? v : (v >> 8 | (v & 0xff) << 8);
}

static bool
is_data(const struct rd *r)
{
	return rd_peek8(r, 0) == DATA && rd_peek8(r, 1) == 1 && rd_left(r) >= HEAD &&
	    rd_left(r) <= HEAD + 1400 && rd_peek16(r, 20) >= 0 &&
	    tok_find(statuses, (uint32_t)rd_peek8(r, 20)) && rd_peek8(r, 21) == 0 &&
	    rd_peek16(r, 22) == 0 && rd_peek16(r, 28) == 0 && rd_peek16(r, 30) == 0;
}

static bool
is_command(const struct rd *r)
{
	int type = rd_peek8(r, 0);

	return type >= 0 && (kind_find((unsigned)type) || type == NAK) && rd_peek8(r, 4) == 1 &&
	    peek_le16(r, 6) == (int)rd_left(r);
}

static enum probe
egd_probe(struct probe_in *in)
{
	const struct rd *q = &in->side[0], *a = &in->side[1];
	const struct rd *one = rd_left(q) ? q : a;
	int type;

	if (in->tcp)
		return PROBE_NO;
	if (is_data(one))
		return PROBE_YES;
	if (!is_command(one))
		return PROBE_NO;
	type = rd_peek8(one, 0);
	if (one == q && (type == NAK || kind_find((unsigned)type)->answer == type))
		in->reversed = true;
	return PROBE_YES;
}

/* "192.168.8.77/123": producer and exchange. */
static struct text
exchange_name(struct ev *e, uint32_t producer, uint32_t id)
{
	return ev_text(e, "exchange:%u.%u.%u.%u/%u", producer >> 24, producer >> 16 & 255,
	    producer >> 8 & 255, producer & 255, id);
}

static void
put_exchange(struct ev *e, const char *event, const struct exchange *x)
{
	struct addr ip = { .v = 4 };

	ev_cstr(e, "event", event);
	ip.b[0] = (uint8_t)(x->producer >> 24);
	ip.b[1] = (uint8_t)(x->producer >> 16);
	ip.b[2] = (uint8_t)(x->producer >> 8);
	ip.b[3] = (uint8_t)x->producer;
	ev_put_ip(e, "producer_id", &ip);
	ev_uint(e, "exchange_id", x->id);
	ev_uint(e, "size", x->length);
	ev_uint(e, "config_signature", x->signature);
	ev_uint(e, "status", x->status);
	ev_cstr(e, "status_name", tok_find(statuses, x->status));
	e->ot.op = OT_REPORT;
	e->ot.object = exchange_name(e, x->producer, x->id);
}

static struct exchange *
exchange_get(struct egd_state *s, uint32_t producer, uint32_t id, int side)
{
	struct exchange *x;

	for (x = s->x; x < s->x + EXCHANGES && x->packets; x++)
		if (x->producer == producer && x->id == id && x->side == side)
			return x;
	if (x == s->x + EXCHANGES)
		return NULL;
	x->producer = producer;
	x->id = id;
	x->side = (uint8_t)side;
	return x;
}

static enum verdict
data(struct dctx *c, struct rd *r)
{
	struct egd_state *s = c->state;
	struct exchange *x;
	uint32_t producer, id, signature;
	uint16_t request, length;
	uint8_t status;
	struct ev *e;

	rd_skip(r, 2);
	request = rd_le16(r);
	producer = rd_be32(r);
	id = rd_le32(r);
	rd_skip(r, 8);
	status = (uint8_t)rd_le32(r);
	signature = rd_le32(r);
	rd_skip(r, 4);
	if (!rd_ok(r))
		return DIS_BAD;
	length = (uint16_t)rd_left(r);
	rd_skip(r, rd_left(r));
	if (!(x = exchange_get(s, producer, id, c->side))) {
		s->others++;
		return DIS_OK;
	}
	if (!x->packets) {
		x->length = length;
		x->status = status;
		x->signature = signature;
		e = ev_begin(c, "egd", &c->when, c->side);
		put_exchange(e, "begin", x);
		e->ot.service = TEXT("Exchange begin");
		ev_emit(e);
	} else {
		if (request != x->next && (uint16_t)(request - x->next) < 0x8000)
			x->lost += (uint16_t)(request - x->next);
		/* a status or a layout that changes is told at once */
		if (status != x->status || signature != x->signature || length != x->length) {
			x->length = length;
			x->status = status;
			x->signature = signature;
			e = ev_begin(c, "egd", &c->when, c->side);
			put_exchange(e, "change", x);
			e->ot.service = TEXT("Exchange change");
			e->ot.op = status > 2 ? OT_ALARM : OT_REPORT;
			ev_val_str(e, text_c(tok_or(statuses, status, "unknown")));
			ev_emit(e);
		}
	}
	x->next = (uint16_t)(request + 1);
	x->packets++;
	return DIS_OK;
}

static void
put_value(struct ev *e, const uint8_t *p, uint32_t n)
{
	if (n == 1) {
		ev_val_uint(e, p[0]);
		return;
	}
	ev_val_arr(e);
	for (uint32_t i = 0; i < n; i++)
		ev_val_uint(e, p[i]);
	ev_val_end(e);
}

/* The k-th cell of a read or write: offset, length and, where there is data, that
 * many bytes up to the next 4. False past the last. */
static bool
cell_at(const struct command *m, bool with_data, unsigned k, uint16_t *offset, struct rd *value)
{
	struct rd r = rd_init(m->data, m->have, m->have);

	for (unsigned i = 0; i <= k && i < m->cells; i++) {
		uint16_t n;
		*offset = rd_le16(&r);
		n = rd_le16(&r);
		*value = rd_sub(&r, with_data ? n : 0);
		if (!rd_ok(&r))
			return false;
		if (!with_data)
			value->len = n;
		else if (n % 4 && rd_left(&r) >= 4u - n % 4)
			rd_skip(&r, 4u - n % 4);
		if (i == k)
			return true;
	}
	return false;
}

static void
identity(struct ev *e, const struct command *a)
{
	/* behind the producer: reserved, exchanges, capabilities, type; then the text */
	struct text t = a->have > 16 ? text_trim(a->data + 16,
	    strnlen((const char *)a->data + 16, a->have - 16u < 80 ? a->have - 16u : 80)) :
	    (struct text){ 0 };

	ev_str(e, "identification", t);
	if (t.n)
		ev_identity(e, "egd.capabilities", EV_DEST)->product = t;
}

static void
put_command(struct ev *e, const struct command *q, const struct command *a, unsigned k)
{
	const struct command *m = q ? q : a;
	const struct kind *d = kind_find(m->type);
	struct rd value;
	uint16_t offset;

	ev_cstr(e, "event", "command");
	ev_uint(e, "type", m->type);
	ev_cstr(e, "name", d ? d->name : "Command NAK");
	ev_uint(e, "request_id", m->id);
	e->ot.op = d ? d->op : OT_ERROR;
	e->ot.service = text_c(d ? d->name : "Command NAK");
	if (m->addressed) {
		e->ot.object = exchange_name(e, m->producer, m->exchange);
		if (m->cells) {
			e->ot.has_count = true;
			e->ot.count = m->cells;
		}
	}
	if (q && q->type == WRITE_REQ && cell_at(q, true, k, &offset, &value)) {
		if (q->cells > 1)
			ev_uint(e, "index", k);
		ev_uint(e, "offset", offset);
		e->ot.object = ev_text(e, "%.*s+%u", (int)e->ot.object.n, e->ot.object.p, offset);
		e->ot.count = value.len;
		put_value(e, value.p, value.len);
	}
	if (q && q->type == READ_REQ && q->cells == 1 && cell_at(q, false, 0, &offset, &value)) {
		ev_uint(e, "offset", offset);
		e->ot.object = ev_text(e, "%.*s+%u", (int)e->ot.object.n, e->ot.object.p, offset);
		e->ot.count = value.len;
	}
	if (a && a->type == READ_RESP && a->cells == 1 && cell_at(a, true, 0, &offset, &value))
		put_value(e, value.p, value.len);
	if (a && a->type == CAPS_RESP)
		identity(e, a);
	if (a && (a->status || a->type == NAK)) {
		ev_uint(e, "error", a->status);
		e->ot.result = a->type == NAK ? TEXT("nak") : ev_text(e, "error_%u", a->status);
	}
}

static void
event(struct dctx *c, const struct command *q, const struct when *when, const struct command *a)
{
	unsigned n = q && q->type == WRITE_REQ && q->cells ? q->cells : 1;
	struct rd value;
	uint16_t offset;

	for (unsigned k = 0; k < n && (!k || cell_at(q, true, k, &offset, &value)); k++) {
		struct ev *e = ev_begin(c, "egd", when, 0);
		struct text refused;

		put_command(e, q, a, k);
		refused = e->ot.result;
		if (!a)
			ev_unanswered(e, c);
		else if (q)
			ev_answered(e, c, when);
		if (a && !q)
			e->ot.result = TEXT("ok");
		if (refused.n)
			e->ot.result = refused;
		ev_emit(e);
	}
}

static enum verdict
command(struct dctx *c, struct rd *r)
{
	struct command m = { 0 };
	const struct kind *d;
	const uint8_t *p;
	uint32_t length;
	struct pend *w;

	m.type = rd_u8(r);
	d = kind_find(m.type);
	rd_skip(r, 1);
	m.id = rd_le16(r);
	rd_skip(r, 1);
	m.status = rd_u8(r);
	length = rd_le16(r);
	m.length = (uint16_t)length;
	if (rd_ok(r) && ((!d && m.type != NAK) || length != r->len)) {
		c->why = !d && m.type != NAK ? "COMMAND" : "LENGTH";
		return DIS_BAD;
	}
	if (m.type >= READ_REQ) {
		m.status = 0;           /* there it is the length of options */
		rd_skip(r, 3);
		m.cells = rd_u8(r);
		m.producer = rd_be32(r);
		m.exchange = rd_le32(r);
		m.addressed = true;
		rd_skip(r, 12);
	} else if (m.type == CAPS_RESP || m.type == CONFIG_REQ || m.type == CONFIG_RESP) {
		m.producer = rd_be32(r);
		if (m.type != CAPS_RESP) {
			m.exchange = rd_le32(r);
			m.addressed = true;
		}
	}
	m.have = (uint16_t)(rd_have(r) < sizeof(m.data) ? rd_have(r) : sizeof(m.data));
	if (!(p = rd_bytes(r, m.have)) || !rd_ok(r))
		return DIS_BAD;
	memcpy(m.data, p, m.have);
	rd_skip(r, rd_left(r));
	if (d && d->type == m.type) {
		pend_put(c, m.id, &m, offsetof(struct command, data) + m.have);
		return DIS_OK;
	}
	w = pend_find(c, m.id);
	event(c, w ? (const struct command *)w->data : NULL, w ? &w->when : &c->when, &m);
	if (w)
		pend_done(c, w);
	return DIS_OK;
}

static enum verdict
egd_dissect(struct dctx *c, struct rd *r)
{
	if (rd_peek8(r, 0) != DATA)
		return command(c, r);
	if (rd_left(r) < HEAD) {
		c->why = "LENGTH";
		return DIS_BAD;
	}
	return data(c, r);
}

static void
egd_expire(struct dctx *c, struct pend *p)
{
	event(c, (const struct command *)p->data, &p->when, NULL);
}

static void
egd_end(struct dctx *c, bool gap)
{
	struct egd_state *s = c->state;
	struct ev *e;

	if (!c->flow)
		return;
	for (unsigned i = 0; i < EXCHANGES && s->x[i].packets; i++) {
		struct exchange *x = &s->x[i];
		e = ev_begin(c, "egd", &c->when, x->side);
		put_exchange(e, "end", x);
		ev_uint(e, "packets", x->packets);
		ev_uint(e, "lost", x->lost);
		e->ot.service = TEXT("Exchange end");
		e->ot.has_count = true;
		e->ot.count = x->packets;
		ev_emit(e);
	}
	if (s->others) {
		e = ev_begin(c, "egd", &c->when, 0);
		ev_cstr(e, "event", "others");
		ev_uint(e, "packets", s->others);
		ev_emit(e);
	}
}

static const struct hint hints[] = {
	{ HINT_UDP, 18246 }, { HINT_UDP, 7937 }, { HINT_END, 0 },
};

static const struct field fields[] = {
	{ "egd.event", "string", "begin, change, end; others: past those followed; command" },
	{ "egd.producer_id", "string", "who produces, mostly its address" },
	{ "egd.exchange_id", "integer", "number of the exchange" },
	{ "egd.size", "integer", "bytes of data in a packet" },
	{ "egd.config_signature", "integer", "signature of the layout" },
	{ "egd.status", "integer", "the producer's status" },
	{ "egd.status_name", "string", "its name" },
	{ "egd.packets", "integer", "packets seen" },
	{ "egd.lost", "integer", "packets missing by their numbers" },
	{ "egd.type", "integer", "type of the command" },
	{ "egd.name", "string", "its name" },
	{ "egd.request_id", "integer", "ties answer to request" },
	{ "egd.index", "integer", "which of several cells written, from 0" },
	{ "egd.offset", "integer", "byte in the exchange" },
	{ "egd.identification", "string", "what a device says of itself" },
	{ "egd.error", "integer", "status of a refused command" },
	{ NULL },
};

const struct dissector egd_dissector = {
	.name = "egd",
	.title = "GE Ethernet Global Data",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct egd_state),
	.probe = egd_probe,
	.dissect = egd_dissect,
	.expire = egd_expire,
	.end = egd_end,
};
