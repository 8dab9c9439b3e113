/* MQTT 3.1, 3.1.1 and 5.0: who reports what to which broker.
 *
 * One event an exchange, as in EVE: CONNECT with CONNACK, SUBSCRIBE with
 * SUBACK, PUBLISH with its PUBACK or PUBREC, PUBREL and PUBCOMP; QoS 0 at
 * once. PINGREQ and PINGRESP make no event: they say no more than the flow's
 * counters do. User names, passwords and will messages are never written, a
 * published message only when asked for. */
#include "proto/mqtt.h"
#include "proto/sparkplug.h"
#include "proto/proto.h"

enum { ALIASES = 7, ALIAS_TEXT = 60 };

struct alias { uint16_t alias; uint8_t side, n; char topic[ALIAS_TEXT]; };

struct mqtt_state {
	uint8_t version;        /* 0: no CONNECT seen, and nothing gave it away */
	bool started;           /* a packet was seen */
	bool connected;         /* CONNECT was */
	bool lossy;             /* the other half of an exchange may be missing */
	uint8_t turn;           /* the alias to forget next */
	struct alias alias[ALIASES];
};
_Static_assert(sizeof(struct mqtt_state) <= PROTO_STATE_MAX, "state fits its slot");

/* A packet that waits for its answer: struct mqtt_pdu with its bytes moved in,
 * part by part, each cut where the room ends. */
enum part { P_NAME, P_PROTOCOL, P_CLIENT, P_WILL_PROPS, P_PROPS, P_LIST, P_MESSAGE, P_N };
struct waiting {
	uint8_t type, flags, version, connect_flags;
	bool bridge, has_id, sized;
	uint16_t id, keep_alive;
	uint32_t size, items;
	struct { bool seen, has_code; uint8_t flags, code; } rec, rel;
	uint16_t n[P_N];
	uint32_t full[P_N];
	uint8_t bytes[332];
};
_Static_assert(sizeof(struct waiting) <= PEND_DATA, "a waiting packet fits its slot");

static uint64_t
key_of(uint8_t type, uint16_t id)
{
	return (uint64_t)type << 16 | id;
}

static void
pack(struct waiting *w, enum part part, uint32_t *at, const void *p, uint32_t n, uint32_t full)
{
	uint32_t room = sizeof(w->bytes) - *at;

	if (n > room)
		n = room;
	if (n)
		memcpy(w->bytes + *at, p, n);
	w->n[part] = (uint16_t)n;
	w->full[part] = full;
	*at += n;
}

static void
pack_rd(struct waiting *w, enum part part, uint32_t *at, struct rd r)
{
	uint32_t n = rd_have(&r), full = rd_left(&r);

	pack(w, part, at, n ? rd_bytes(&r, n) : NULL, n, full);
}

static void
wait_put(struct dctx *c, const struct mqtt_pdu *m)
{
	struct waiting w = { .type = m->type, .flags = m->flags, .version = m->version,
	    .connect_flags = m->connect_flags, .bridge = m->bridge, .has_id = m->has_id,
	    .sized = m->sized, .id = m->id, .keep_alive = m->keep_alive, .size = m->size,
	    .items = m->items };
	uint32_t at = 0;

	pack(&w, P_NAME, &at, m->topic.p, m->topic.n, m->topic.n);
	pack(&w, P_PROTOCOL, &at, m->protocol.p, m->protocol.n, m->protocol.n);
	pack(&w, P_CLIENT, &at, m->client_id.p, m->client_id.n, m->client_id.n);
	pack_rd(&w, P_LIST, &at, m->list);
	pack_rd(&w, P_PROPS, &at, m->props);
	pack_rd(&w, P_WILL_PROPS, &at, m->will_props);
	if (c->opts->mqtt_payload || sparkplug_is(m->topic))
		pack_rd(&w, P_MESSAGE, &at, m->message);
	pend_put(c, key_of(m->type, m->type == MQTT_CONNECT ? 0 : m->id), &w,
	    offsetof(struct waiting, bytes) + at);
}

static void
wait_get(const struct waiting *w, struct mqtt_pdu *m)
{
	uint32_t at = 0;

	*m = (struct mqtt_pdu){ .type = w->type, .flags = w->flags, .version = w->version,
	    .connect_flags = w->connect_flags, .bridge = w->bridge, .has_id = w->has_id,
	    .sized = w->sized, .id = w->id, .keep_alive = w->keep_alive, .size = w->size,
	    .items = w->items };
#define AS_TEXT(part) (struct text){ (const char *)w->bytes + at, w->n[part] }; at += w->n[part]
#define AS_RD(part)   rd_init(w->bytes + at, w->n[part], w->full[part]); at += w->n[part]
	m->topic = AS_TEXT(P_NAME);
	m->protocol = AS_TEXT(P_PROTOCOL);
	m->client_id = AS_TEXT(P_CLIENT);
	m->list = AS_RD(P_LIST);
	m->props = AS_RD(P_PROPS);
	m->will_props = AS_RD(P_WILL_PROPS);
	m->message = AS_RD(P_MESSAGE);
#undef AS_TEXT
#undef AS_RD
}

/* Topic aliases (5.0, 3.3.2.3.4), for each direction its own. A topic that
 * does not fit is not remembered: then the alias's number stands for it. */
static void
alias_learn(struct mqtt_state *st, int side, uint16_t alias, struct text topic)
{
	struct alias *a = NULL;

	for (unsigned i = 0; i < ALIASES && !a; i++)
		if (st->alias[i].alias == alias && st->alias[i].side == side)
			a = &st->alias[i];
	if (!a && topic.n > ALIAS_TEXT)
		return;
	if (!a) {
		a = &st->alias[st->turn];
		st->turn = (uint8_t)((st->turn + 1) % ALIASES);
	}
	a->alias = topic.n > ALIAS_TEXT ? 0 : alias;
	a->side = (uint8_t)side;
	if (a->alias) {
		a->n = (uint8_t)topic.n;
		memcpy(a->topic, topic.p, topic.n);
	}
}

static struct text
alias_topic(const struct mqtt_state *st, int side, uint16_t alias)
{
	for (unsigned i = 0; i < ALIASES; i++)
		if (st->alias[i].alias == alias && st->alias[i].side == side)
			return (struct text){ st->alias[i].topic, st->alias[i].n };
	return (struct text){ NULL, 0 };
}

/* The answer's word for it: "ok", the code's name, or the number of a code
 * that has none. */
static void
put_result(struct ev *e, uint8_t version, uint8_t code)
{
	const char *s = mqtt_code_name(version, code);

	e->ot.result = s ? text_c(s) : ev_text(e, "0x%02x", code);
}

/* Of a list of codes the first refusal counts. */
static uint8_t
worst_code(const struct mqtt_pdu *m)
{
	struct rd r = m->list;

	while (rd_have(&r)) {
		uint8_t code = rd_u8(&r);
		if (code >= 0x80)
			return code;
	}
	return m->code;
}

static void
put_roles(struct ev *e, bool answered)
{
	ev_identity(e, "mqtt.connect", EV_SRC)->role = TEXT("mqtt client");
	if (answered)
		ev_identity(e, "mqtt.connack", EV_DEST)->role = TEXT("mqtt broker");
}

/* The request's half of an event, from what waited. */
static struct ev *
begin_waited(struct dctx *c, struct pend *p)
{
	struct waiting *w = (struct waiting *)p->data;
	struct rd none = { 0 };
	struct mqtt_pdu m;
	struct ev *e = ev_begin(c, "mqtt", &p->when, p->side);

	wait_get(w, &m);
	switch (m.type) {
	case MQTT_CONNECT:
		mqtt_put_connect(e, &m);
		break;
	case MQTT_PUBLISH:
		mqtt_put_publish(e, &m, c->opts);
		if (w->rec.seen)
			mqtt_put_ack(e, MQTT_PUBREC, w->rec.flags, m.id, w->rec.has_code,
			    w->rec.code, none);
		if (w->rel.seen)
			mqtt_put_ack(e, MQTT_PUBREL, w->rel.flags, m.id, w->rel.has_code,
			    w->rel.code, none);
		break;
	default:
		mqtt_put_topics(e, &m);
		break;
	}
	return e;
}

static void
mqtt_expire(struct dctx *c, struct pend *p)
{
	struct mqtt_state *st = c->state;
	struct ev *e = begin_waited(c, p);

	if (st)
		st->lossy = true;
	if (((struct waiting *)p->data)->type == MQTT_CONNECT)
		put_roles(e, false);
	ev_unanswered(e, c);
	ev_emit(e);
}

static void
on_connack(struct dctx *c, const struct mqtt_pdu *m)
{
	struct pend *p = pend_find(c, key_of(MQTT_CONNECT, 0));
	struct ev *e = p ? begin_waited(c, p) : ev_begin(c, "mqtt", &c->when, c->side);

	ev_obj(e, "connack");
	mqtt_put_head(e, m->flags);
	ev_bool(e, "session_present", m->session_present);
	ev_uint(e, "return_code", m->code);
	mqtt_put_props(e, m->props, MQTT_CONNACK);
	ev_end(e);
	if (p) {
		ev_answered(e, c, &p->when);
		put_roles(e, true);
	} else {
		e->ot.op = OT_CONNECT;
		e->ot.service = TEXT("CONNACK");
		ev_identity(e, "mqtt.connack", EV_SRC)->role = TEXT("mqtt broker");
	}
	put_result(e, m->version, m->code);
	ev_emit(e);
	if (p)
		pend_done(c, p);
}

/* What waits and went the same way as this packet. */
static struct pend *
find_own(struct dctx *c, uint64_t key)
{
	struct pend *p;

	c->side ^= 1;
	p = pend_find(c, key);
	c->side ^= 1;
	return p;
}

static void
on_publish(struct dctx *c, struct mqtt_pdu *m)
{
	struct mqtt_state *st = c->state;
	struct ev *e;

	if (m->alias && m->topic.n)
		alias_learn(st, c->side, m->alias, m->topic);
	else if (m->alias)
		m->topic = alias_topic(st, c->side, m->alias);
	if (m->flags >> 1 & 3) {
		/* sent again while it waits: one exchange still */
		struct pend *p = m->flags & 8 ? find_own(c, key_of(MQTT_PUBLISH, m->id)) : NULL;
		if (p)
			((struct waiting *)p->data)->flags |= 8;
		else
			wait_put(c, m);
		if (!p)
			sparkplug_more(c, m);
		return;
	}
	e = ev_begin(c, "mqtt", &c->when, c->side);
	mqtt_put_publish(e, m, c->opts);
	sparkplug_identify(c, e, m);
	ev_emit(e);
	sparkplug_more(c, m);
}

/* An answer without its question: said as it stands, and an anomaly where
 * nothing of the flow can have been missed. */
static void
orphan(struct dctx *c, const struct mqtt_pdu *m)
{
	struct mqtt_state *st = c->state;
	struct ev *e = ev_begin(c, "mqtt", &c->when, c->side);

	e->ot.op = OT_OTHER;
	e->ot.service = text_c(mqtt_type_name(m->type));
	if (m->type == MQTT_SUBACK || m->type == MQTT_UNSUBACK)
		mqtt_put_codes(e, m);
	else
		mqtt_put_ack(e, m->type, m->flags, m->id, m->has_code, m->code, m->props);
	put_result(e, m->version, worst_code(m));
	ev_emit(e);
	/* what is missing may yet wait for a segment before it */
	if (st->connected && !st->lossy && !c->flow->tcp[!c->side].wait_head)
		proto_anomaly(c, m->type == MQTT_SUBACK ? "MISSING_SUBSCRIBE" :
		    m->type == MQTT_UNSUBACK ? "MISSING_UNSUBSCRIBE" : "MISSING_PUBLISH");
}

static void
on_codes(struct dctx *c, const struct mqtt_pdu *m)
{
	struct pend *p = pend_find(c, key_of(m->type - 1, m->id));
	struct ev *e;

	if (!p) {
		orphan(c, m);
		return;
	}
	e = begin_waited(c, p);
	mqtt_put_codes(e, m);
	ev_answered(e, c, &p->when);
	put_result(e, m->version, worst_code(m));
	ev_emit(e);
	pend_done(c, p);
}

static void
on_ack(struct dctx *c, const struct mqtt_pdu *m)
{
	struct pend *p;
	struct waiting *w;
	struct ev *e;

	if (m->type == MQTT_PUBREL)
		p = find_own(c, key_of(MQTT_PUBLISH, m->id));
	else
		p = pend_find(c, key_of(MQTT_PUBLISH, m->id));
	if (!p) {
		orphan(c, m);
		return;
	}
	w = (struct waiting *)p->data;
	if (m->type == MQTT_PUBREL) {
		w->rel.seen = true;
		w->rel.has_code = m->has_code;
		w->rel.flags = m->flags;
		w->rel.code = m->code;
		return;
	}
	if (m->type == MQTT_PUBREC && m->code < 0x80) {
		w->rec.seen = true;
		w->rec.has_code = m->has_code;
		w->rec.flags = m->flags;
		w->rec.code = m->code;
		return;
	}
	e = begin_waited(c, p);
	mqtt_put_ack(e, m->type, m->flags, m->id, m->has_code, m->code, m->props);
	ev_answered(e, c, &p->when);
	if (m->has_code)
		put_result(e, m->version, m->code);
	ev_emit(e);
	pend_done(c, p);
}

static void
on_end(struct dctx *c, const struct mqtt_pdu *m)
{
	struct ev *e = ev_begin(c, "mqtt", &c->when, c->side);

	if (m->type == MQTT_AUTH) {
		ev_obj(e, "auth");
		e->ot.op = OT_AUTH;
	} else {
		ev_obj(e, "disconnect");
		e->ot.op = OT_CONNECT;
	}
	e->ot.service = text_c(mqtt_type_name(m->type));
	mqtt_put_head(e, m->flags);
	if (m->has_code)
		ev_uint(e, "reason_code", m->code);
	mqtt_put_props(e, m->props, m->type);
	ev_end(e);
	if (m->has_code)
		put_result(e, m->version, m->code);
	ev_emit(e);
}

/* What may be said of a packet's place in the conversation, as EVE says it. */
static void
check_order(struct dctx *c, const struct mqtt_pdu *m)
{
	struct mqtt_state *st = c->state;

	if (m->type == MQTT_CONNECT && st->connected)
		proto_anomaly(c, "DOUBLE_CONNECT");
	else if (m->type != MQTT_CONNECT && !st->started && !st->lossy && c->flow &&
	    c->flow->tcp_flags[0] & TH_SYN)
		proto_anomaly(c, "MISSING_CONNECT");
	st->started = true;
	if (m->type == MQTT_CONNECT) {
		st->connected = true;
		st->version = m->version;
		memset(st->alias, 0, sizeof(st->alias));
	} else if (st->version == 0) {
		st->version = m->version;
	}
}

static enum verdict
mqtt_dissect(struct dctx *c, struct rd *r)
{
	struct mqtt_state *st = c->state;
	struct mqtt_pdu m;

	if (!mqtt_decode(r, st->version, &m)) {
		st->started = true;
		st->lossy = true;
		c->why = m.why;
		return DIS_BAD;
	}
	if (rd_have(r) == 0 && r->off < 2)
		return DIS_OK;
	check_order(c, &m);
	if (m.type == MQTT_CONNECT && m.connect_flags & MQTT_C_PASSWORD)
		proto_credential(c, CRED_PASSWORD, CRED_CLEAR, false);
	else if (m.type == MQTT_CONNECT && m.connect_flags & MQTT_C_USER)
		proto_credential(c, CRED_USER_NAME, CRED_CLEAR, false);
	switch (m.type) {
	case MQTT_CONNECT: case MQTT_SUBSCRIBE: case MQTT_UNSUBSCRIBE:
		wait_put(c, &m);
		break;
	case MQTT_CONNACK:
		on_connack(c, &m);
		break;
	case MQTT_PUBLISH:
		on_publish(c, &m);
		break;
	case MQTT_SUBACK: case MQTT_UNSUBACK:
		on_codes(c, &m);
		break;
	case MQTT_PINGREQ: case MQTT_PINGRESP:
		break;
	case MQTT_DISCONNECT: case MQTT_AUTH:
		on_end(c, &m);
		break;
	default:
		on_ack(c, &m);
		break;
	}
	return DIS_OK;
}

static void
mqtt_end(struct dctx *c, bool gap)
{
	struct mqtt_state *st = c->state;

	if (gap && st)
		st->lossy = true;
}

static ssize_t
mqtt_frame(const struct dctx *c, const struct rd *r)
{
	int64_t n = mqtt_length(r);
	int b = rd_peek8(r, 0);

	/* Out of step, a packet must look like one to be taken for one. */
	if (n > 0 && c->flow && c->flow->tcp[c->side].lost) {
		const struct mqtt_state *st = c->state;
		struct rd pdu = rd_init(rd_at(r), rd_have(r), (uint32_t)n);
		struct mqtt_pdu m;

		if (!mqtt_flags_ok((uint8_t)(b >> 4), b & 15) ||
		    !mqtt_decode(&pdu, st ? st->version : 0, &m) ||
		    (m.type == MQTT_PUBLISH && m.topic.n && !mqtt_topic_like(m.topic)))
			return -1;
	}
	return (ssize_t)n;
}

static const struct hint hints[] = {
	{ HINT_TCP, 1883 },
	{ HINT_END, 0 },
};

const struct dissector mqtt_dissector;
const struct dissector mqtt_dissector = {
	.name = "mqtt",
	.title = "MQTT 3.1, 3.1.1 and 5",
	.hints = hints,
	.fields = mqtt_fields,
	.state_size = sizeof(struct mqtt_state),
	.probe = mqtt_probe,
	.frame = mqtt_frame,
	.dissect = mqtt_dissect,
	.expire = mqtt_expire,
	.end = mqtt_end,
	.apart = true,
};
