/* MQTT packets as members of an event, in EVE's words. */
#include "proto/mqtt.h"
#include "proto/sparkplug.h"

enum { MESSAGE_MAX = 16 * 1024, ITEMS_MAX = 128 };

/* The detail. EVE has the fixed header's bits in every packet's object. */
void
mqtt_put_head(struct ev *e, uint8_t flags)
{
	if (ev_again(e, flags & 15))
		return;
	ev_uint(e, "qos", flags >> 1 & 3);
	ev_bool(e, "retain", flags & 1);
	ev_bool(e, "dup", flags >> 3 & 1);
	ev_keep(e);
}

static const struct { const char *k; size_t n; } prop_keys[] = {
	[1] = { JW_K("payload_format_indicator") },
	[2] = { JW_K("message_expiry_interval") },
	[3] = { JW_K("content_type") },
	[8] = { JW_K("response_topic") },
	[9] = { JW_K("correlation_data_length") },
	[11] = { JW_K("subscription_identifier") },
	[17] = { JW_K("session_expiry_interval") },
	[18] = { JW_K("assigned_client_identifier") },
	[19] = { JW_K("server_keep_alive") },
	[21] = { JW_K("authentication_method") },
	[22] = { JW_K("authentication_data_length") },
	[23] = { JW_K("request_problem_information") },
	[24] = { JW_K("will_delay_interval") },
	[25] = { JW_K("request_response_information") },
	[26] = { JW_K("response_information") },
	[28] = { JW_K("server_reference") },
	[31] = { JW_K("reason_string") },
	[33] = { JW_K("receive_maximum") },
	[34] = { JW_K("topic_alias_maximum") },
	[35] = { JW_K("topic_alias") },
	[36] = { JW_K("maximum_qos") },
	[37] = { JW_K("retain_available") },
	[39] = { JW_K("maximum_packet_size") },
	[40] = { JW_K("wildcard_subscription_available") },
	[41] = { JW_K("subscription_identifiers_available") },
	[42] = { JW_K("shared_subscription_available") },
};

void
mqtt_put_props(struct ev *e, struct rd props, uint8_t type)
{
	struct rd r = props;
	struct mqtt_prop p;
	uint64_t seen = 0;
	unsigned n = 0;

	if (!rd_left(&r))
		return;
	ev_obj(e, "properties");
	while (mqtt_prop_next(&r, type, &p)) {
		if (p.id != 38 && seen >> p.id & 1)
			continue;
		seen |= 1ull << p.id;
		switch (p.kind) {
		case MQTT_TEXT:
			jw_k_str(e->w, prop_keys[p.id].k, prop_keys[p.id].n, p.text.p, p.text.n);
			break;
		case MQTT_BINARY:
			jw_k_uint(e->w, prop_keys[p.id].k, prop_keys[p.id].n, p.text.n);
			break;
		case MQTT_PAIR:
			break;
		default:
			jw_k_uint(e->w, prop_keys[p.id].k, prop_keys[p.id].n, p.num);
			break;
		}
	}
	/* User properties: what they are called. Their values may be anything. */
	if (seen >> 38 & 1) {
		ev_arr(e, "user_properties");
		for (r = props; n < ITEMS_MAX && mqtt_prop_next(&r, type, &p); )
			if (p.kind == MQTT_PAIR && ++n)
				ev_a_str(e, p.text);
		ev_end(e);
	}
	ev_end(e);
}

void
mqtt_put_connect(struct ev *e, const struct mqtt_pdu *m)
{
	uint8_t f = m->connect_flags;

	ev_obj(e, "connect");
	mqtt_put_head(e, m->flags);
	ev_str(e, "protocol_string", m->protocol);
	ev_uint(e, "protocol_version", m->version);
	ev_str(e, "client_id", m->client_id);
	ev_uint(e, "keep_alive", m->keep_alive);
	ev_obj(e, "flags");
	ev_bool(e, "username", f & MQTT_C_USER);
	ev_bool(e, "password", f & MQTT_C_PASSWORD);
	ev_bool(e, "will", f & MQTT_C_WILL);
	ev_bool(e, "will_retain", f & MQTT_C_WILL_RETAIN);
	ev_bool(e, "clean_session", f & MQTT_C_CLEAN);
	ev_end(e);
	if (m->bridge)
		ev_bool(e, "bridge", true);
	if (f & MQTT_C_WILL) {
		ev_obj(e, "will");
		ev_str(e, "topic", m->topic);
		ev_uint(e, "qos", f >> 3 & 3);
		if (m->sized)
			ev_uint(e, "length", m->size);
		mqtt_put_props(e, m->will_props, MQTT_WILL);
		ev_end(e);
	}
	mqtt_put_props(e, m->props, MQTT_CONNECT);
	ev_end(e);
	e->ot.op = OT_CONNECT;
	e->ot.service = TEXT("CONNECT");
}

void
mqtt_put_publish(struct ev *e, const struct mqtt_pdu *m, const struct proto_opts *o)
{
	ev_obj(e, "publish");
	mqtt_put_head(e, m->flags);
	ev_str(e, "topic", m->topic);
	if (m->has_id)
		ev_uint(e, "message_id", m->id);
	if (m->sized)
		ev_uint(e, "length", m->size);
	if (o->mqtt_payload && m->message.len) {
		uint32_t n = rd_have(&m->message);
		if (n > MESSAGE_MAX)
			n = MESSAGE_MAX;
		jw_str(e->w, "message", m->message.p, n);
		if (n < m->size) {
			ev_bool(e, "truncated", true);
			ev_uint(e, "skipped_length", m->size - n);
		}
	}
	mqtt_put_props(e, m->props, MQTT_PUBLISH);
	ev_end(e);
	e->ot.op = OT_REPORT;
	e->ot.service = TEXT("PUBLISH");
	e->ot.object = m->topic;
	if (m->topic.n == 0 && m->alias)
		e->ot.object = ev_text_num(e, "topic_alias:", 12, m->alias);
	sparkplug_put(e, m, o);
}

/* SUBSCRIBE has filters with options, UNSUBSCRIBE filters alone. */
void
mqtt_put_topics(struct ev *e, const struct mqtt_pdu *m)
{
	bool sub = m->type == MQTT_SUBSCRIBE;
	struct rd r = m->list;
	struct text t;
	uint8_t opt;
	unsigned n = 0;

	if (sub)
		ev_obj(e, "subscribe");
	else
		ev_obj(e, "unsubscribe");
	mqtt_put_head(e, m->flags);
	ev_uint(e, "message_id", m->id);
	ev_arr(e, "topics");
	for (; n < ITEMS_MAX && mqtt_topic_next(&r, m->type, &t, &opt); n++) {
		if (n == 0)
			e->ot.object = t;
		if (!sub) {
			ev_a_str(e, t);
			continue;
		}
		ev_a_obj(e);
		ev_str(e, "topic", t);
		ev_uint(e, "qos", opt & 3);
		ev_end(e);
	}
	ev_end(e);
	if (n < m->items)
		ev_bool(e, "truncated", true);
	mqtt_put_props(e, m->props, m->type);
	ev_end(e);
	e->ot.op = OT_SUBSCRIBE;
	e->ot.service = sub ? TEXT("SUBSCRIBE") : TEXT("UNSUBSCRIBE");
	e->ot.has_count = true;
	e->ot.count = m->items;
}

void
mqtt_put_codes(struct ev *e, const struct mqtt_pdu *m)
{
	struct rd r = m->list;

	if (m->type == MQTT_SUBACK)
		ev_obj(e, "suback");
	else
		ev_obj(e, "unsuback");
	mqtt_put_head(e, m->flags);
	ev_uint(e, "message_id", m->id);
	if (rd_have(&r)) {
		if (m->type == MQTT_SUBACK)
			ev_arr(e, "qos_granted");
		else
			ev_arr(e, "reason_codes");
		for (unsigned n = 0; n < ITEMS_MAX && rd_have(&r); n++)
			ev_a_uint(e, rd_u8(&r));
		ev_end(e);
	}
	mqtt_put_props(e, m->props, m->type);
	ev_end(e);
}

void
mqtt_put_ack(struct ev *e, uint8_t type, uint8_t flags, uint16_t id, bool has_code, uint8_t code,
    struct rd props)
{
	switch (type) {
	case MQTT_PUBACK:
		ev_obj(e, "puback");
		break;
	case MQTT_PUBREC:
		ev_obj(e, "pubrec");
		break;
	case MQTT_PUBREL:
		ev_obj(e, "pubrel");
		break;
	default:
		ev_obj(e, "pubcomp");
		break;
	}
	mqtt_put_head(e, flags);
	ev_uint(e, "message_id", id);
	if (has_code)
		ev_uint(e, "reason_code", code);
	mqtt_put_props(e, props, type);
	ev_end(e);
}
