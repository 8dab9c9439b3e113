/* genisys.c: Genisys: a control office and its field stations (railway signals,
 * points), over TCP.
 *
 *     +--------+---------+------------------------+-------+----+
 *     | header | station | address, value; ...    | CRC16 | f6 |
 *     +--------+---------+------------------------+-------+----+
 *
 * Octets of f0 and above stand only at the ends; inside they are escaped by f0.
 * An acknowledgement (f1) has no CRC, a poll (fb) need not have one. Request and
 * answer are one event; each octet that is controlled is an event of its own. */
#include "proto/proto.h"

enum { ESCAPE = 0xf0, END = 0xf6, ACK = 0xf1, INDICATION = 0xf2, CHECKBACK = 0xf3,
	COMMON = 0xf9, CONTROL = 0xfc, RECALL = 0xfd, EXECUTE = 0xfe };
enum { MESSAGE_MAX = 520, BODY = 256, PAIRS = 128, KEY = 1 };

struct known { const char *name; enum ot_op op; bool from_office; };

/* By the header's low nibble. */
static const struct known known[16] = {
	[1] = { "acknowledge", OT_OTHER, false },
	[2] = { "indication", OT_REPORT, false },
	[3] = { "control_checkback", OT_OTHER, false },
	[9] = { "common_control", OT_COMMAND, true },
	[10] = { "acknowledge_and_poll", OT_READ, true },
	[11] = { "poll", OT_READ, true },
	[12] = { "control", OT_COMMAND, true },
	[13] = { "recall", OT_READ, true },
	[14] = { "execute", OT_COMMAND, true },
};

/* One message, unescaped. */
struct message {
	uint8_t header, station;
	bool has_crc, sound;
	uint16_t n;             /* octets of address and value */
	uint8_t body[BODY];
};

static uint16_t
crc(const uint8_t *d, uint32_t n)
{
	uint16_t c = 0xffff;

	for (uint32_t i = 0; i < n; i++) {
		c ^= d[i];
		for (int b = 0; b < 8; b++)
			c = (uint16_t)(c & 1 ? c >> 1 ^ 0xa001 : c >> 1);
	}
	return c;
}

/* n octets without their escapes; returns how many there are then. */
static uint32_t
unescape(uint8_t *out, const uint8_t *d, uint32_t n)
{
	uint32_t k = 0;

	for (uint32_t i = 0; i < n; i++)
		out[k++] = d[i] == ESCAPE && i && i + 1 < n ? 0xf0 | d[++i] : d[i];
	return k;
}

/* A message of n octets up to its end octet, without that. Some escape the octets
 * of the CRC as the others, some do not. */
static void
genisys_decode(const uint8_t *d, uint32_t n, struct message *m)
{
	uint8_t raw[MESSAGE_MAX];
	uint32_t k = 0;

	memset(m, 0, offsetof(struct message, body));
	if (n < 2 || n > MESSAGE_MAX)
		return;
	m->has_crc = n >= 4;
	if (m->has_crc) {
		k = unescape(raw, d, n);
		m->sound = k >= 4 && crc(raw, k - 2) == (raw[k - 2] | raw[k - 1] << 8);
		if (!m->sound) {
			k = unescape(raw, d, n - 2) + 2;
			m->sound = crc(raw, k - 2) == (d[n - 2] | d[n - 1] << 8);
		}
		k -= 2;
	} else {
		k = unescape(raw, d, n);
	}
	m->header = raw[0];
	m->station = raw[1];
	m->n = (uint16_t)(k - 2 < BODY ? k - 2 : BODY);
	memcpy(m->body, raw + 2, m->n);
}

/* Up to the end octet: that with which the CRC is right, for the CRC may hold such
 * an octet too. 0: more bytes needed; -1: none. */
static ssize_t
message_length(const struct rd *r)
{
	struct rd v = *r;
	uint32_t have = rd_have(r) < MESSAGE_MAX ? rd_have(r) : MESSAGE_MAX;
	const uint8_t *d = rd_bytes(&v, have);
	ssize_t first = 0;
	struct message m;

	if (!have)
		return 0;
	if (!d || d[0] < 0xf1 || !known[d[0] & 15].name)
		return -1;
	for (uint32_t i = 1; i < have; i++) {
		if (d[i] != END)
			continue;
		if (i < 2)
			return -1;
		genisys_decode(d, i, &m);
		if (m.sound || !m.has_crc)
			return (ssize_t)i + 1;
		if (!first)
			first = (ssize_t)i + 1;
		else
			break;
	}
	return first ? first : have == MESSAGE_MAX ? -1 : 0;
}

static enum probe
look(const struct rd *v, bool *from_office)
{
	ssize_t n = message_length(v);
	struct rd all = *v;
	struct message m;

	if (n <= 0)
		return n < 0 ? PROBE_NO : PROBE_MORE;
	genisys_decode(rd_bytes(&all, (uint32_t)n), (uint32_t)n - 1, &m);
	*from_office = known[m.header & 15].from_office;
	if (m.has_crc)
		return m.sound && m.n % 2 == 0 ? PROBE_YES : PROBE_NO;
	return PROBE_WEAK;
}

static enum probe
genisys_probe(struct probe_in *in)
{
	enum probe best = PROBE_MORE;

	for (int i = 0; i < 2; i++) {
		bool office = i == 0;
		enum probe p = rd_left(&in->side[i]) ? look(&in->side[i], &office) : PROBE_MORE;
		if (p == PROBE_NO)
			return PROBE_NO;
		if (p >= PROBE_WEAK)
			in->reversed = office != (i == 0);
		if (p > best)
			best = p;
	}
	return best;
}

static ssize_t
genisys_frame(const struct dctx *c, const struct rd *r)
{
	return message_length(r);
}

static void
put_pairs(struct ev *e, const struct message *m, unsigned from, unsigned to)
{
	ev_arr(e, "values");
	for (unsigned i = from; i < to; i++) {
		ev_a_obj(e);
		ev_uint(e, "address", m->body[2 * i]);
		ev_uint(e, "value", m->body[2 * i + 1]);
		ev_end(e);
	}
	ev_end(e);
}

static void
put_message(struct ev *e, const struct message *m)
{
	ev_uint(e, "header", m->header);
	ev_cstr(e, "message", known[m->header & 15].name);
}

/* The values of an answer, or of what comes by itself. */
static void
value_list(struct ev *e, const struct message *m)
{
	unsigned n = m->n / 2;

	if (!n)
		return;
	if (n > 1)
		ev_val_arr(e);
	for (unsigned i = 0; i < n; i++)
		ev_val_uint(e, m->body[2 * i + 1]);
	if (n > 1)
		ev_val_end(e);
	e->ot.has_count = true;
	e->ot.count = n;
	e->ot.object = n > 1 ? ev_text(e, "byte:%u-%u", m->body[0], m->body[2 * n - 2]) :
	    ev_text_num(e, "byte:", 5, m->body[0]);
}

/* A request with its answer, an answer alone, or a request without; each octet that
 * is controlled by itself. */
static void
report(struct dctx *c, const struct message *q, const struct when *at, int side,
    const struct message *a)
{
	const struct message *m = q ? q : a;
	const struct known *k = &known[m->header & 15];
	bool sets = q && (q->header == CONTROL || q->header == COMMON);
	unsigned parts = sets ? q->n / 2u : 0, part = 0;

	do {
		struct ev *e = ev_begin(c, "genisys", at, side);
		if (parts > 1) {
			ev_uint(e, "part", part + 1);
			ev_uint(e, "parts", parts);
		}
		ev_uint(e, "station", m->station);
		put_message(e, m);
		e->ot.op = k->op;
		e->ot.service = text_c(k->name);
		e->ot.has_unit = q || k->op != OT_REPORT;
		e->ot.unit_id = m->station;
		if (part < parts) {
			put_pairs(e, q, part, part + 1);
			e->ot.object = ev_text_num(e, "byte:", 5, q->body[2 * part]);
			ev_val_uint(e, q->body[2 * part + 1]);
			e->ot.has_count = true;
			e->ot.count = 1;
		}
		if (a) {
			if (q)
				ev_cstr(e, "answer", known[a->header & 15].name);
			if (!sets && a->n >= 2) {
				put_pairs(e, a, 0, a->n / 2);
				value_list(e, a);
			}
			if (q)
				ev_answered(e, c, at);
		} else {
			ev_unanswered(e, c);
		}
		ev_emit(e);
	} while (++part < parts);
}

static enum verdict
genisys_dissect(struct dctx *c, struct rd *r)
{
	struct message m;
	struct pend *p;
	const uint8_t *d;
	uint32_t n;

	n = rd_left(r);
	d = rd_bytes(r, n);
	if (!d || n > MESSAGE_MAX)
		return DIS_BAD;
	genisys_decode(d, n - 1, &m);
	if (m.has_crc && !m.sound) {
		c->why = "CHECKSUM";
		return DIS_BAD;
	}
	if (m.n % 2)
		proto_anomaly(c, "BODY_LENGTH");
	if (known[m.header & 15].from_office) {
		pend_put(c, KEY, &m, offsetof(struct message, body) + m.n);
		return DIS_OK;
	}
	p = pend_find(c, KEY);
	if (p) {
		report(c, (const struct message *)p->data, &p->when, p->side, &m);
		pend_done(c, p);
	} else {
		report(c, NULL, &c->when, c->side, &m);
	}
	return DIS_OK;
}

static void
genisys_expire(struct dctx *c, struct pend *p)
{
	report(c, (const struct message *)p->data, &p->when, p->side, NULL);
}

static const struct hint hints[] = { { HINT_TCP, 10001 }, { HINT_END, 0 } };

#define P "genisys."
static const struct field fields[] = {
	{ P "part", "integer", "which octet of its message this event is" },
	{ P "parts", "integer", "how many there are" },
	{ P "station", "integer", "field station" },
	{ P "header", "integer", "control character" },
	{ P "message", "string", "its name" },
	{ P "answer", "string", "name of the answer" },
	{ P "values[].address", "integer", "octet" },
	{ P "values[].value", "integer", "its bits" },
	{ NULL },
};

const struct dissector genisys_dissector = {
	.name = "genisys",
	.title = "Genisys field stations",
	.hints = hints,
	.fields = fields,
	.probe = genisys_probe,
	.frame = genisys_frame,
	.dissect = genisys_dissect,
	.expire = genisys_expire,
};
