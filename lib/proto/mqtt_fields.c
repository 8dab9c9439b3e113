/* What an MQTT event may hold. Packets share members and properties: so do the
 * macros here. */
#include "proto/mqtt.h"

#define P "mqtt."
#define HEAD(o) \
	{ P o ".qos", "integer", "quality of service in the fixed header" }, \
	{ P o ".retain", "boolean", "RETAIN bit of the fixed header" }, \
	{ P o ".dup", "boolean", "DUP bit of the fixed header: sent again" }
#define PROPS(o) \
	{ P o ".properties.user_properties", "array", "names of the user properties" }
#define REASON(o) \
	{ P o ".properties.reason_string", "string", "reason for people" }
#define ACK(o) \
	HEAD(o), \
	{ P o ".message_id", "integer", "packet identifier" }, \
	{ P o ".reason_code", "integer", "MQTT 5 reason code" }, \
	PROPS(o), REASON(o)
#define AUTH_PROPS(o) \
	{ P o ".properties.authentication_method", "string", "enhanced authentication's method" }, \
	{ P o ".properties.authentication_data_length", "integer", "bytes of authentication data" }
#define MAXIMA(o) \
	{ P o ".properties.session_expiry_interval", "integer", \
	    "seconds a session outlives its connection" }, \
	{ P o ".properties.receive_maximum", "integer", \
	    "QoS 1 and 2 messages accepted at a time" }, \
	{ P o ".properties.maximum_packet_size", "integer", "largest packet accepted, in bytes" }, \
	{ P o ".properties.topic_alias_maximum", "integer", "highest topic alias accepted" }
#define MESSAGE_PROPS(o) \
	{ P o ".properties.payload_format_indicator", "integer", "1: the message is UTF-8 text" }, \
	{ P o ".properties.message_expiry_interval", "integer", \
	    "seconds the message is good for" }, \
	{ P o ".properties.content_type", "string", "what the message is" }, \
	{ P o ".properties.response_topic", "string", "where an answer is awaited" }, \
	{ P o ".properties.correlation_data_length", "integer", "bytes of correlation data" }

const struct field mqtt_fields[] = {
	HEAD("connect"),
	{ P "connect.protocol_string", "string", "protocol name: MQTT, MQIsdp" },
	{ P "connect.protocol_version", "integer", "3 (3.1), 4 (3.1.1) or 5" },
	{ P "connect.client_id", "string", "client identifier" },
	{ P "connect.keep_alive", "integer", "seconds between packets at most; 0 is off" },
	{ P "connect.flags.username", "boolean", "a user name is given (never written)" },
	{ P "connect.flags.password", "boolean", "a password is given (never written)" },
	{ P "connect.flags.will", "boolean", "a will is given" },
	{ P "connect.flags.will_retain", "boolean", "the will is to be retained" },
	{ P "connect.flags.clean_session", "boolean", "no earlier session is resumed" },
	{ P "connect.bridge", "boolean",
	    "another broker's bridge, by the private bit of its version" },
	{ P "connect.will.topic", "string", "where" },
	{ P "connect.will.qos", "integer", "how" },
	{ P "connect.will.length", "integer", "bytes of its message (never written)" },
	PROPS("connect.will"), MESSAGE_PROPS("connect.will"),
	{ P "connect.will.properties.will_delay_interval", "integer",
	    "seconds until it is published" },
	PROPS("connect"), MAXIMA("connect"), AUTH_PROPS("connect"),
	{ P "connect.properties.request_problem_information", "integer", "1: reasons are wanted" },
	{ P "connect.properties.request_response_information", "integer",
	    "1: response information is wanted" },
	HEAD("connack"),
	{ P "connack.session_present", "boolean", "an earlier session goes on" },
	{ P "connack.return_code", "integer", "return code (3.x) or reason code (5)" },
	PROPS("connack"), REASON("connack"), MAXIMA("connack"), AUTH_PROPS("connack"),
	{ P "connack.properties.assigned_client_identifier", "string",
	    "client identifier the broker gave" },
	{ P "connack.properties.server_keep_alive", "integer",
	    "keep-alive the broker demands, seconds" },
	{ P "connack.properties.response_information", "string", "basis for response topics" },
	{ P "connack.properties.server_reference", "string", "another broker to use" },
	{ P "connack.properties.maximum_qos", "integer", "highest quality of service" },
	{ P "connack.properties.retain_available", "integer", "1: retained messages are possible" },
	{ P "connack.properties.wildcard_subscription_available", "integer",
	    "1: wildcards are possible" },
	{ P "connack.properties.subscription_identifiers_available", "integer",
	    "1: subscription identifiers are possible" },
	{ P "connack.properties.shared_subscription_available", "integer",
	    "1: shared subscriptions are possible" },
	HEAD("publish"),
	{ P "publish.topic", "string", "topic name, an alias resolved" },
	{ P "publish.message_id", "integer", "packet identifier (QoS 1 and 2)" },
	{ P "publish.length", "integer", "bytes of the message" },
	{ P "publish.message", "string", "the message, with --mqtt-payload" },
	{ P "publish.truncated", "boolean", "the message is not written whole" },
	{ P "publish.skipped_length", "integer", "bytes of the message that are not written" },
	PROPS("publish"), MESSAGE_PROPS("publish"),
	{ P "publish.properties.topic_alias", "integer", "number that stands for the topic" },
	{ P "publish.properties.subscription_identifier", "integer",
	    "the first subscription it matched" },
	ACK("puback"), ACK("pubrec"), ACK("pubrel"), ACK("pubcomp"),
	HEAD("subscribe"),
	{ P "subscribe.message_id", "integer", "packet identifier" },
	{ P "subscribe.topics", "array", "topic filters, at most 128" },
	{ P "subscribe.topics.topic", "string", "topic filter" },
	{ P "subscribe.topics.qos", "integer", "highest quality of service wanted" },
	{ P "subscribe.truncated", "boolean", "there were more filters" },
	PROPS("subscribe"),
	{ P "subscribe.properties.subscription_identifier", "integer",
	    "number for this subscription" },
	HEAD("suback"),
	{ P "suback.message_id", "integer", "packet identifier" },
	{ P "suback.qos_granted", "array", "quality of service granted, or a code from 128 on" },
	PROPS("suback"), REASON("suback"),
	HEAD("unsubscribe"),
	{ P "unsubscribe.message_id", "integer", "packet identifier" },
	{ P "unsubscribe.topics", "array", "topic filters, at most 128" },
	{ P "unsubscribe.truncated", "boolean", "there were more filters" },
	PROPS("unsubscribe"),
	HEAD("unsuback"),
	{ P "unsuback.message_id", "integer", "packet identifier" },
	{ P "unsuback.reason_codes", "array", "MQTT 5 reason codes" },
	PROPS("unsuback"), REASON("unsuback"),
	HEAD("disconnect"),
	{ P "disconnect.reason_code", "integer", "MQTT 5 reason code" },
	PROPS("disconnect"), REASON("disconnect"),
	{ P "disconnect.properties.session_expiry_interval", "integer",
	    "seconds the session goes on" },
	{ P "disconnect.properties.server_reference", "string", "another broker to use" },
	HEAD("auth"),
	{ P "auth.reason_code", "integer", "MQTT 5 reason code" },
	PROPS("auth"), REASON("auth"), AUTH_PROPS("auth"),
	{ P "sparkplug.type", "string", "Sparkplug B: NBIRTH, DDATA, NCMD, ..., STATE" },
	{ P "sparkplug.group", "string", "group id" },
	{ P "sparkplug.node", "string", "edge node id" },
	{ P "sparkplug.device", "string", "device id behind the edge node" },
	{ P "sparkplug.host", "string", "STATE: the host application" },
	{ P "sparkplug.compressed", "boolean", "the metrics are compressed: not read" },
	{ P "sparkplug.seq", "integer", "sequence number of the message" },
	{ P "sparkplug.count", "integer", "metrics in the message" },
	{ P "sparkplug.number", "integer", "which metric of a command it is about, from 1" },
	{ P "sparkplug.metrics", "array", "metrics, the first 64" },
	{ P "sparkplug.metrics.name", "string", "metric name" },
	{ P "sparkplug.metrics.alias", "integer", "number that stands for the name" },
	{ P "sparkplug.metrics.datatype", "string", "Int32, Boolean, String, ..." },
	{ P "sparkplug.metrics.null", "boolean", "it has no value" },
	{ P "sparkplug.metrics.value", "string", "its value, with --mqtt-payload" },
	{ NULL, NULL, NULL },
};
