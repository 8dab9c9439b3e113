/* MQTT's packets, decoded: see mqtt.h. Clauses are those of MQTT 5.0. */
#include "proto/mqtt.h"

#include "base/tok.h"
#include "base/utf8.h"

static const struct tok type_names[] = {
	{ MQTT_CONNECT, "CONNECT" }, { MQTT_CONNACK, "CONNACK" }, { MQTT_PUBLISH, "PUBLISH" },
	{ MQTT_PUBACK, "PUBACK" }, { MQTT_PUBREC, "PUBREC" }, { MQTT_PUBREL, "PUBREL" },
	{ MQTT_PUBCOMP, "PUBCOMP" }, { MQTT_SUBSCRIBE, "SUBSCRIBE" }, { MQTT_SUBACK, "SUBACK" },
	{ MQTT_UNSUBSCRIBE, "UNSUBSCRIBE" }, { MQTT_UNSUBACK, "UNSUBACK" },
	{ MQTT_PINGREQ, "PINGREQ" }, { MQTT_PINGRESP, "PINGRESP" },
	{ MQTT_DISCONNECT, "DISCONNECT" }, { MQTT_AUTH, "AUTH" },
	{ 0, NULL }
};

/* 3.1.1, 3.2.2.3 */
static const struct tok return_codes[] = {
	{ 0, "ok" },
	{ 1, "unacceptable_protocol_version" },
	{ 2, "identifier_rejected" },
	{ 3, "server_unavailable" },
	{ 4, "bad_user_name_or_password" },
	{ 5, "not_authorized" },
	{ 0x80, "failure" },            /* of a SUBACK */
	{ 0, NULL }
};

/* 5.0, 2.4 */
static const struct tok reason_codes[] = {
	{ 0x00, "ok" },
	{ 0x01, "ok" },                 /* granted QoS 1 */
	{ 0x02, "ok" },                 /* granted QoS 2 */
	{ 0x04, "disconnect_with_will_message" },
	{ 0x10, "no_matching_subscribers" },
	{ 0x11, "no_subscription_existed" },
	{ 0x18, "continue_authentication" },
	{ 0x19, "re_authenticate" },
	{ 0x80, "unspecified_error" },
	{ 0x81, "malformed_packet" },
	{ 0x82, "protocol_error" },
	{ 0x83, "implementation_specific_error" },
	{ 0x84, "unsupported_protocol_version" },
	{ 0x85, "client_identifier_not_valid" },
	{ 0x86, "bad_user_name_or_password" },
	{ 0x87, "not_authorized" },
	{ 0x88, "server_unavailable" },
	{ 0x89, "server_busy" },
	{ 0x8a, "banned" },
	{ 0x8b, "server_shutting_down" },
	{ 0x8c, "bad_authentication_method" },
	{ 0x8d, "keep_alive_timeout" },
	{ 0x8e, "session_taken_over" },
	{ 0x8f, "topic_filter_invalid" },
	{ 0x90, "topic_name_invalid" },
	{ 0x91, "packet_identifier_in_use" },
	{ 0x92, "packet_identifier_not_found" },
	{ 0x93, "receive_maximum_exceeded" },
	{ 0x94, "topic_alias_invalid" },
	{ 0x95, "packet_too_large" },
	{ 0x96, "message_rate_too_high" },
	{ 0x97, "quota_exceeded" },
	{ 0x98, "administrative_action" },
	{ 0x99, "payload_format_invalid" },
	{ 0x9a, "retain_not_supported" },
	{ 0x9b, "qos_not_supported" },
	{ 0x9c, "use_another_server" },
	{ 0x9d, "server_moved" },
	{ 0x9e, "shared_subscriptions_not_supported" },
	{ 0x9f, "connection_rate_exceeded" },
	{ 0xa0, "maximum_connect_time" },
	{ 0xa1, "subscription_identifiers_not_supported" },
	{ 0xa2, "wildcard_subscriptions_not_supported" },
	{ 0, NULL }
};

/* 5.0, 2.2.2.2: what a property is, and bit t set where packet type t may have it. */
#define T(t)    (1u << MQTT_##t)
#define ACKS    (T(CONNACK) | T(PUBACK) | T(PUBREC) | T(PUBREL) | T(PUBCOMP) | T(SUBACK) | \
	T(UNSUBACK) | T(DISCONNECT) | T(AUTH))
static const struct { uint8_t kind; uint16_t in; } prop_table[] = {
	[1] = { MQTT_BYTE, T(PUBLISH) | T(WILL) },
	[2] = { MQTT_U32, T(PUBLISH) | T(WILL) },
	[3] = { MQTT_TEXT, T(PUBLISH) | T(WILL) },
	[8] = { MQTT_TEXT, T(PUBLISH) | T(WILL) },
	[9] = { MQTT_BINARY, T(PUBLISH) | T(WILL) },
	[11] = { MQTT_VARINT, T(PUBLISH) | T(SUBSCRIBE) },
	[17] = { MQTT_U32, T(CONNECT) | T(CONNACK) | T(DISCONNECT) },
	[18] = { MQTT_TEXT, T(CONNACK) },
	[19] = { MQTT_U16, T(CONNACK) },
	[21] = { MQTT_TEXT, T(CONNECT) | T(CONNACK) | T(AUTH) },
	[22] = { MQTT_BINARY, T(CONNECT) | T(CONNACK) | T(AUTH) },
	[23] = { MQTT_BYTE, T(CONNECT) },
	[24] = { MQTT_U32, T(WILL) },
	[25] = { MQTT_BYTE, T(CONNECT) },
	[26] = { MQTT_TEXT, T(CONNACK) },
	[28] = { MQTT_TEXT, T(CONNACK) | T(DISCONNECT) },
	[31] = { MQTT_TEXT, ACKS },
	[33] = { MQTT_U16, T(CONNECT) | T(CONNACK) },
	[34] = { MQTT_U16, T(CONNECT) | T(CONNACK) },
	[35] = { MQTT_U16, T(PUBLISH) },
	[36] = { MQTT_BYTE, T(CONNACK) },
	[37] = { MQTT_BYTE, T(CONNACK) },
	[38] = { MQTT_PAIR, 0xffff },
	[39] = { MQTT_U32, T(CONNECT) | T(CONNACK) },
	[40] = { MQTT_BYTE, T(CONNACK) },
	[41] = { MQTT_BYTE, T(CONNACK) },
	[42] = { MQTT_BYTE, T(CONNACK) },
};
#undef T
#undef ACKS

const char *
mqtt_type_name(uint8_t type)
{
	return tok_find(type_names, type);
}

const char *
mqtt_code_name(uint8_t version, uint8_t code)
{
	return tok_find(version >= 5 ? reason_codes : return_codes, code);
}

/* 1.5.5: seven bits a byte, least significant first, four bytes at most. */
static uint32_t
get_varint(struct rd *r)
{
	uint32_t v = 0;

	for (unsigned i = 0; i < 4; i++) {
		uint8_t b = rd_u8(r);
		v |= (uint32_t)(b & 0x7f) << 7 * i;
		if (!(b & 0x80))
			return v;
	}
	rd_set_bad(r);
	return 0;
}

/* Length and bytes; of a text that the capture cut, what is held. */
static struct text
get_text(struct rd *r)
{
	uint16_t n = rd_be16(r);
	struct rd s = rd_sub(r, n);

	if (s.err)
		return (struct text){ NULL, 0 };
	return (struct text){ (const char *)s.p, s.cap < LIM_TEXT ? s.cap : LIM_TEXT };
}

static struct rd
get_props(struct rd *r)
{
	uint32_t n = get_varint(r);

	return rd_sub(r, n);
}

bool
mqtt_prop_next(struct rd *props, uint8_t type, struct mqtt_prop *p)
{
	if (!rd_left(props))
		return false;
	*p = (struct mqtt_prop){ .id = rd_u8(props) };
	if (!rd_ok(props))
		return false;
	if (p->id >= sizeof(prop_table) / sizeof(prop_table[0]) ||
	    !(prop_table[p->id].in >> type & 1)) {
		rd_set_bad(props);
		return false;
	}
	p->kind = prop_table[p->id].kind;
	switch (p->kind) {
	case MQTT_BYTE:
		p->num = rd_u8(props);
		break;
	case MQTT_U16:
		p->num = rd_be16(props);
		break;
	case MQTT_U32:
		p->num = rd_be32(props);
		break;
	case MQTT_VARINT:
		p->num = get_varint(props);
		break;
	case MQTT_PAIR:
		p->text = get_text(props);
		get_text(props);
		break;
	default:
		p->text = get_text(props);
		break;
	}
	return rd_ok(props);
}

/* Walks the properties once, so that a bad one makes the packet bad. */
static void
check_props(struct rd *r, struct rd props, struct mqtt_pdu *m, uint8_t type)
{
	struct mqtt_prop p;
	uint64_t seen = 0;

	while (mqtt_prop_next(&props, type, &p)) {
		if (p.id == 35)
			m->alias = (uint16_t)p.num;
		/* once each, but user properties and what matched which subscription */
		if (seen >> p.id & 1 && p.id != 38 && !(p.id == 11 && type == MQTT_PUBLISH))
			rd_set_bad(&props);
		seen |= 1ull << p.id;
	}
	if (rd_bad(&props))
		rd_set_bad(r);
}

bool
mqtt_topic_next(struct rd *list, uint8_t type, struct text *topic, uint8_t *options)
{
	if (!rd_left(list))
		return false;
	*topic = get_text(list);
	*options = type == MQTT_SUBSCRIBE ? rd_u8(list) : 0;
	return rd_ok(list);
}

bool
mqtt_flags_ok(uint8_t type, uint8_t flags)
{
	switch (type) {
	case 0:
		return false;
	case MQTT_PUBLISH:
		return (flags >> 1 & 3) != 3;
	case MQTT_PUBREL: case MQTT_SUBSCRIBE: case MQTT_UNSUBSCRIBE:
		/* 3.1 lets these be sent again, with DUP */
		return (flags & ~8) == 2;
	default:
		return flags == 0;
	}
}

int64_t
mqtt_length(const struct rd *r)
{
	uint32_t v = 0;

	for (unsigned i = 0; i < 4; i++) {
		int b = rd_peek8(r, 1 + i);
		if (b < 0)
			return 0;
		v |= (uint32_t)(b & 0x7f) << 7 * i;
		if (!(b & 0x80))
			return (int64_t)v + 2 + i;
	}
	return -1;
}

static void
decode_connect(struct rd *r, struct mqtt_pdu *m)
{
	uint8_t level;

	m->protocol = get_text(r);
	level = rd_u8(r);
	m->connect_flags = rd_u8(r);
	m->keep_alive = rd_be16(r);
	if (!rd_ok(r))
		return;
	m->bridge = level & 0x80;
	m->version = level & 0x7f;
	if (m->version < 3 || m->version > 5 ||
	    !((m->protocol.n == 4 && memcmp(m->protocol.p, "MQTT", 4) == 0) ||
	      (m->protocol.n == 6 && memcmp(m->protocol.p, "MQIsdp", 6) == 0))) {
		rd_set_bad(r);
		return;
	}
	if ((m->connect_flags >> 3 & 3) == 3) {
		m->why = "INVALID_QOS_LEVEL";
		rd_set_bad(r);
		return;
	}
	if (m->version >= 4 && m->connect_flags & 1) {
		rd_set_bad(r);
		return;
	}
	if (m->version == 5) {
		m->props = get_props(r);
		check_props(r, m->props, m, MQTT_CONNECT);
	}
	m->client_id = get_text(r);
	if (m->connect_flags & MQTT_C_WILL) {
		if (m->version == 5) {
			m->will_props = get_props(r);
			check_props(r, m->will_props, m, MQTT_WILL);
		}
		m->topic = get_text(r);
		m->size = rd_be16(r);
		m->sized = rd_ok(r);
		rd_skip(r, m->size);
	}
	/* 3.1 clients may leave these out although they announced them */
	if (m->connect_flags & MQTT_C_USER && (m->version > 3 || rd_left(r)))
		get_text(r);
	if (m->connect_flags & MQTT_C_PASSWORD && (m->version > 3 || rd_left(r)))
		get_text(r);
	if (rd_left(r))
		rd_set_bad(r);
}

static void
decode_publish(struct rd *r, struct mqtt_pdu *m)
{
	unsigned qos = m->flags >> 1 & 3;

	if (qos == 3) {
		m->why = "INVALID_QOS_LEVEL";
		rd_set_bad(r);
		return;
	}
	m->topic = get_text(r);
	if (qos) {
		m->id = rd_be16(r);
		m->has_id = rd_ok(r);
		if (m->has_id && m->id == 0) {
			m->why = "MISSING_MSG_ID";
			rd_set_bad(r);
			return;
		}
	}
	if (m->version == 5) {
		m->props = get_props(r);
		check_props(r, m->props, m, MQTT_PUBLISH);
	}
	/* 3.3.2.1: only an alias may stand for the name */
	if (rd_ok(r) && m->topic.n == 0 && m->alias == 0 && m->version != 0) {
		rd_set_bad(r);
		return;
	}
	m->sized = rd_ok(r);
	m->size = rd_left(r);
	m->message = rd_rest(r);
}

/* The list fits exactly in what is left, or not at all. */
static bool
check_list(struct rd list, uint8_t type, uint8_t bad_options, uint32_t *items)
{
	struct text t;
	uint8_t opt;

	for (*items = 0; mqtt_topic_next(&list, type, &t, &opt); ++*items)
		if (t.n == 0 || opt & bad_options || (opt & 3) == 3)
			return false;
	return !rd_bad(&list) && (*items > 0 || rd_short(&list));
}

static void
decode_topics(struct rd *r, struct mqtt_pdu *m)
{
	m->id = rd_be16(r);
	m->has_id = rd_ok(r);
	if (m->has_id && m->id == 0) {
		m->why = "MISSING_MSG_ID";
		rd_set_bad(r);
		return;
	}
	if (m->version != 5) {
		struct rd list = *r;
		if (check_list(list, m->type, 0xfc, &m->items)) {
			m->list = rd_rest(r);
			return;
		}
		if (m->version != 0) {
			rd_set_bad(r);
			return;
		}
		m->version = 5;         /* mid-stream: only this reading is left */
	}
	m->props = get_props(r);
	check_props(r, m->props, m, m->type);
	if (!rd_bad(r) && !rd_short(r) && !check_list(*r, m->type, 0xc0, &m->items))
		rd_set_bad(r);
	m->list = rd_rest(r);
}

/* SUBACK, UNSUBACK: codes to the end; 3.x has none in UNSUBACK. */
static void
decode_codes(struct rd *r, struct mqtt_pdu *m)
{
	m->id = rd_be16(r);
	m->has_id = rd_ok(r);
	if (m->version == 5) {
		m->props = get_props(r);
		check_props(r, m->props, m, m->type);
	} else if (m->version != 0 && m->type == MQTT_UNSUBACK && rd_left(r)) {
		rd_set_bad(r);
	}
	m->items = rd_left(r);
	m->list = rd_rest(r);
}

/* PUBACK and kin, DISCONNECT, AUTH: a code and properties, both left out when
 * all is well (5.0, 3.4.2.1). */
static void
decode_ack(struct rd *r, struct mqtt_pdu *m)
{
	if (m->type < MQTT_DISCONNECT) {
		m->id = rd_be16(r);
		m->has_id = rd_ok(r);
	}
	if (!rd_left(r))
		return;
	if (m->version != 5 && m->version != 0) {
		rd_set_bad(r);
		return;
	}
	m->version = 5;
	m->code = rd_u8(r);
	m->has_code = rd_ok(r);
	if (rd_left(r)) {
		m->props = get_props(r);
		check_props(r, m->props, m, m->type);
	}
	if (rd_left(r))
		rd_set_bad(r);
}

static void
decode_connack(struct rd *r, struct mqtt_pdu *m)
{
	uint8_t flags = rd_u8(r);

	m->session_present = flags & 1;
	m->code = rd_u8(r);
	m->has_code = rd_ok(r);
	if (m->version == 0)
		m->version = rd_left(r) ? 5 : 0;
	/* a broker may refuse version 5 in the words of 3.1.1 */
	if (m->version == 5 && rd_ok(r) && !rd_left(r) && m->code > 0 && m->code <= 5)
		m->version = 4;
	if (m->version == 5) {
		m->props = get_props(r);
		check_props(r, m->props, m, MQTT_CONNACK);
	}
	if (rd_left(r) || (rd_ok(r) && flags & ~1))
		rd_set_bad(r);
}

bool
mqtt_decode(struct rd *r, uint8_t version, struct mqtt_pdu *m)
{
	uint8_t b = rd_u8(r);
	struct rd body;
	uint32_t head;

	*m = (struct mqtt_pdu){ .type = b >> 4, .flags = b & 15, .version = version };
	m->remaining = get_varint(r);
	if (rd_bad(r))
		return m->why = "MALFORMED_TRAFFIC", false;
	if (rd_short(r))
		return true;
	if (m->type == 0 || (m->type == MQTT_AUTH && version != 5 && version != 0))
		return m->why = "UNASSIGNED_MSG_TYPE", false;
	head = r->off;
	body = rd_sub(r, m->remaining);
	if (rd_bad(r))
		return m->why = "MALFORMED_TRAFFIC", false;
	if (m->type != MQTT_PUBLISH && version != 3 && !mqtt_flags_ok(m->type, m->flags))
		return m->why = "MALFORMED_TRAFFIC", false;

	switch (m->type) {
	case MQTT_CONNECT:
		decode_connect(&body, m);
		break;
	case MQTT_CONNACK:
		decode_connack(&body, m);
		break;
	case MQTT_PUBLISH:
		decode_publish(&body, m);
		break;
	case MQTT_SUBSCRIBE: case MQTT_UNSUBSCRIBE:
		decode_topics(&body, m);
		break;
	case MQTT_SUBACK: case MQTT_UNSUBACK:
		decode_codes(&body, m);
		break;
	case MQTT_PINGREQ: case MQTT_PINGRESP:
		if (rd_left(&body))
			rd_set_bad(&body);
		break;
	default:
		decode_ack(&body, m);
		break;
	}
	if (rd_bad(&body)) {
		if (!m->why)
			m->why = "MALFORMED_TRAFFIC";
		r->err = RD_BAD;
		r->err_off = head + body.err_off;
		r->err_want = body.err_want;
		return false;
	}
	return true;
}
