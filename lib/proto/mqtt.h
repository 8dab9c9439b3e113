/* mqtt.h: MQTT control packets as bytes become them: no event, no state.
 *
 *     +--------+-----------------+----------------------------------------+
 *     | type:4 | remaining length| variable header        | payload       |
 *     | flag:4 | 1..4 bytes, 7 + |  topic, id, properties |               |
 *     +--------+-----------------+----------------------------------------+
 *
 * MQTT 3.1 (the IBM and Eurotech specification of 2010), 3.1.1 (ISO/IEC
 * 20922) and 5.0 (OASIS). Only 5.0 has properties, and nothing but CONNECT
 * says which it is: the caller remembers. */
#ifndef OT_MQTT_H
#define OT_MQTT_H

#include "base/rd.h"
#include "proto/proto.h"

#include <stdbool.h>
#include <stdint.h>

enum mqtt_type {
	MQTT_WILL = 0,          /* a will's properties: no packet, so no type of its own */
	MQTT_CONNECT, MQTT_CONNACK, MQTT_PUBLISH, MQTT_PUBACK, MQTT_PUBREC, MQTT_PUBREL,
	MQTT_PUBCOMP, MQTT_SUBSCRIBE, MQTT_SUBACK, MQTT_UNSUBSCRIBE, MQTT_UNSUBACK, MQTT_PINGREQ,
	MQTT_PINGRESP, MQTT_DISCONNECT, MQTT_AUTH,
};

/* CONNECT's flags. */
enum { MQTT_C_CLEAN = 0x02, MQTT_C_WILL = 0x04, MQTT_C_WILL_RETAIN = 0x20, MQTT_C_PASSWORD = 0x40,
       MQTT_C_USER = 0x80 };

/* One packet. Texts and readers borrow its bytes. The user name, the password
 * and a will's message are walked over and kept nowhere. */
struct mqtt_pdu {
	uint8_t type, flags;            /* of the first byte: enum mqtt_type, low four bits */
	uint8_t version;                /* 3, 4, 5; 0 unknown; CONNECT: its own */
	bool bridge;                    /* CONNECT: another broker's bridge, by its private bit */
	bool has_id, has_code, session_present;
	bool sized;                     /* size is known: the capture went that far */
	uint16_t id;
	uint8_t code;                   /* return or reason code */
	uint8_t connect_flags;
	uint16_t keep_alive;
	uint16_t alias;                 /* PUBLISH: topic alias, 0 none */
	uint32_t remaining;             /* remaining length */
	uint32_t size;                  /* PUBLISH: bytes of the message; CONNECT: of the will's */
	uint32_t items;                 /* topics of a (UN)SUBSCRIBE, codes of a (UN)SUBACK */
	struct text protocol;           /* CONNECT: "MQTT", "MQIsdp" */
	struct text client_id;
	struct text topic;              /* PUBLISH's, or CONNECT's will topic */
	struct rd props, will_props;    /* checked by the decoding; walk with mqtt_prop_next */
	struct rd list;                 /* walk with mqtt_topic_next; codes: one byte each */
	struct rd message;
	const char *why;                /* the anomaly's name when mqtt_decode said no */
};

/* Decodes a whole packet, fixed header included; version is the flow's. False
 * when it is malformed; true also when the capture cut it (rd_short(r)): what
 * was held is there. */
bool mqtt_decode(struct rd *r, uint8_t version, struct mqtt_pdu *m);

/* The fixed header alone. Bytes of the whole packet; 0: more are needed;
 * -1: its length field is none. */
int64_t mqtt_length(const struct rd *r);

/* True when flags are what the standard demands of the type (3.1 is looser). */
bool mqtt_flags_ok(uint8_t type, uint8_t flags);

/* A topic filter of SUBSCRIBE or UNSUBSCRIBE and its options byte (0 for the
 * latter). False at the end. */
bool mqtt_topic_next(struct rd *list, uint8_t type, struct text *topic, uint8_t *options);

/* A property (5.0, section 2.2.2). num for numbers; text for strings, for the
 * key of a user property and, as bytes, for binary data. */
enum mqtt_kind { MQTT_BYTE, MQTT_U16, MQTT_U32, MQTT_VARINT, MQTT_TEXT, MQTT_BINARY, MQTT_PAIR };
struct mqtt_prop {
	uint8_t id;
	enum mqtt_kind kind;
	uint32_t num;
	struct text text;
};
/* False at the end, or with props BAD at an unknown or foreign property. */
bool mqtt_prop_next(struct rd *props, uint8_t type, struct mqtt_prop *p);

/* The name of a return code (3.x) or reason code (5.0); "ok" for success, NULL
 * when it has none. */
const char *mqtt_code_name(uint8_t version, uint8_t code);
/* "PUBLISH" */
const char *mqtt_type_name(uint8_t type);

/* mqtt_event.c: one packet's object each, its qos, retain and dup first. Those of
 * requests set ot's op, service, object and count, too. */
void mqtt_put_head(struct ev *e, uint8_t flags);
void mqtt_put_props(struct ev *e, struct rd props, uint8_t type);
void mqtt_put_connect(struct ev *e, const struct mqtt_pdu *m);
void mqtt_put_publish(struct ev *e, const struct mqtt_pdu *m, const struct proto_opts *o);
void mqtt_put_topics(struct ev *e, const struct mqtt_pdu *m);
void mqtt_put_codes(struct ev *e, const struct mqtt_pdu *m);
void mqtt_put_ack(struct ev *e, uint8_t type, uint8_t flags, uint16_t id, bool has_code,
    uint8_t code, struct rd props);

/* mqtt_shape.c */
enum probe mqtt_probe(struct probe_in *in);
/* A name as publishers write it: text, no wildcards, no control characters. */
bool mqtt_topic_like(struct text t);

/* mqtt_fields.c */
extern const struct field mqtt_fields[];

#endif
