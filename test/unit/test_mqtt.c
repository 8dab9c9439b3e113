/* MQTT packets: what each decodes to, and what is none. */
#include "proto/mqtt.h"
#include "tap.h"

#include <string.h>

#define B(s)    s, sizeof(s) - 1

static const struct {
	const char *bytes;
	uint32_t n;
	uint8_t version;        /* the flow's */
	bool good;
	uint8_t type;
	const char *topic;      /* PUBLISH's, the will's, or the first filter */
	uint32_t size;          /* of the message */
	uint16_t id;
	int code;               /* -1: none */
	const char *why;
	const char *comment;
} cases[] = {
	{ B("\x10\x10\0\4MQTT\4\2\0\x3c\0\4name"), 0, true, 1, "", 0, 0, -1, NULL,
	  "CONNECT 3.1.1" },
	{ B("\x10\x12\0\6MQIsdp\3\2\0\x3c\0\4name"), 0, true, 1, "", 0, 0, -1, NULL,
	  "CONNECT 3.1" },
	{ B("\x10\x11\0\4MQTT\5\2\0\x3c\0\0\4name"), 0, true, 1, "", 0, 0, -1, NULL, "CONNECT 5" },
	{ B("\x10\x1b\0\4MQTT\4\xc6\0\x3c\0\1c\0\1w\0\2ab\0\1u\0\2pw"), 0, true, 1, "w", 2, 0, -1,
	  NULL, "CONNECT with will, user name and password" },
	{ B("\x10\x0d\0\4MQTT\4\xc2\0\x3c\0\1c"), 0, false, 1, "", 0, 0, -1, "MALFORMED_TRAFFIC",
	  "CONNECT that promises a user name" },
	{ B("\x10\x0f\0\6MQIsdp\3\xc2\0\x3c\0\1c"), 0, true, 1, "", 0, 0, -1, NULL,
	  "which 3.1 forgave" },
	{ B("\x10\x0d\0\4MQTT\4\3\0\x3c\0\1c"), 0, false, 1, "", 0, 0, -1, "MALFORMED_TRAFFIC",
	  "CONNECT's reserved flag" },
	{ B("\x10\x0d\0\4MQTT\4\x1e\0\x3c\0\1c"), 0, false, 1, "", 0, 0, -1, "INVALID_QOS_LEVEL",
	  "will of QoS 3" },
	{ B("\x10\x0d\0\4MQTT\6\2\0\x3c\0\1c"), 0, false, 1, "", 0, 0, -1, "MALFORMED_TRAFFIC",
	  "version 6" },
	{ B("\x20\2\1\5"), 4, true, 2, "", 0, 0, 5, NULL, "CONNACK, refused" },
	{ B("\x20\3\0\0\0"), 0, true, 2, "", 0, 0, 0, NULL, "CONNACK that gives 5 away" },
	{ B("\x20\2\0\1"), 5, true, 2, "", 0, 0, 1, NULL, "CONNACK in 3.1.1's words" },
	{ B("\x20\2\2\0"), 4, false, 2, "", 0, 0, -1, "MALFORMED_TRAFFIC",
	  "CONNACK's reserved bits" },
	{ B("\x30\6\0\1t\x61\x62\x63"), 4, true, 3, "t", 3, 0, -1, NULL, "PUBLISH" },
	{ B("\x30\3\0\1t"), 4, true, 3, "t", 0, 0, -1, NULL, "PUBLISH of nothing" },
	{ B("\x32\6\0\1t\0\7x"), 4, true, 3, "t", 1, 7, -1, NULL, "PUBLISH, QoS 1" },
	{ B("\x32\6\0\1t\0\0x"), 4, false, 3, "", 0, 0, -1, "MISSING_MSG_ID", "without an id" },
	{ B("\x36\6\0\1t\0\1x"), 4, false, 3, "", 0, 0, -1, "INVALID_QOS_LEVEL", "QoS 3" },
	{ B("\x30\5\0\1t\0x"), 5, true, 3, "t", 1, 0, -1, NULL, "PUBLISH 5, no properties" },
	{ B("\x30\7\0\0\3\x23\0\1x"), 5, true, 3, "", 1, 0, -1, NULL, "an alias for the topic" },
	{ B("\x30\4\0\0\0x"), 5, false, 3, "", 0, 0, -1, "MALFORMED_TRAFFIC", "neither" },
	{ B("\x30\4\0\x20tx"), 4, false, 3, "", 0, 0, -1, "MALFORMED_TRAFFIC", "topic too long" },
	{ B("\x40\2\0\1"), 4, true, 4, "", 0, 1, -1, NULL, "PUBACK" },
	{ B("\x40\3\0\1\x10"), 5, true, 4, "", 0, 1, 16, NULL, "with a reason" },
	{ B("\x40\4\0\1\x10\0"), 0, true, 4, "", 0, 1, 16, NULL, "which gives 5 away" },
	{ B("\x40\3\0\1\x10"), 4, false, 4, "", 0, 1, -1, "MALFORMED_TRAFFIC", "3.1.1 has none" },
	{ B("\x50\2\0\1"), 4, true, 5, "", 0, 1, -1, NULL, "PUBREC" },
	{ B("\x62\2\0\1"), 4, true, 6, "", 0, 1, -1, NULL, "PUBREL" },
	{ B("\x60\2\0\1"), 4, false, 6, "", 0, 0, -1, "MALFORMED_TRAFFIC", "with other flags" },
	{ B("\x60\2\0\1"), 3, true, 6, "", 0, 1, -1, NULL, "which 3.1 did not mind" },
	{ B("\x70\2\0\1"), 4, true, 7, "", 0, 1, -1, NULL, "PUBCOMP" },
	{ B("\x82\6\0\1\0\1a\1"), 4, true, 8, "a", 0, 1, -1, NULL, "SUBSCRIBE" },
	{ B("\x82\7\0\1\0\0\1a\1"), 5, true, 8, "a", 0, 1, -1, NULL, "SUBSCRIBE 5" },
	{ B("\x82\7\0\1\0\0\1a\1"), 0, true, 8, "a", 0, 1, -1, NULL, "recognised mid-stream" },
	{ B("\x82\2\0\1"), 4, false, 8, "", 0, 1, -1, "MALFORMED_TRAFFIC", "SUBSCRIBE to nothing" },
	{ B("\x82\6\0\1\0\1a\4"), 4, false, 8, "", 0, 1, -1, "MALFORMED_TRAFFIC",
	  "options of 5 in 4" },
	{ B("\x90\3\0\1\x80"), 4, true, 9, "", 0, 1, -1, NULL, "SUBACK" },
	{ B("\xa2\5\0\1\0\1a"), 4, true, 10, "a", 0, 1, -1, NULL, "UNSUBSCRIBE" },
	{ B("\xb0\2\0\1"), 4, true, 11, "", 0, 1, -1, NULL, "UNSUBACK" },
	{ B("\xb0\4\0\1\0\x11"), 5, true, 11, "", 0, 1, -1, NULL, "UNSUBACK 5" },
	{ B("\xc0\0"), 4, true, 12, "", 0, 0, -1, NULL, "PINGREQ" },
	{ B("\xd0\1x"), 4, false, 13, "", 0, 0, -1, "MALFORMED_TRAFFIC", "PINGRESP with a body" },
	{ B("\xe0\0"), 4, true, 14, "", 0, 0, -1, NULL, "DISCONNECT" },
	{ B("\xe0\1\x8b"), 5, true, 14, "", 0, 0, 0x8b, NULL, "DISCONNECT by the broker" },
	{ B("\xf0\2\x18\0"), 5, true, 15, "", 0, 0, 0x18, NULL, "AUTH" },
	{ B("\xf0\0"), 4, false, 15, "", 0, 0, -1, "UNASSIGNED_MSG_TYPE", "AUTH in 3.1.1" },
	{ B("\x00\0"), 4, false, 0, "", 0, 0, -1, "UNASSIGNED_MSG_TYPE", "type 0" },
	{ B("\x30\xff\xff\xff\xff\1"), 4, false, 3, "", 0, 0, -1, "MALFORMED_TRAFFIC",
	  "a length of five bytes" },
};

static bool
is(struct text t, const char *want)
{
	return t.n == strlen(want) && (t.n == 0 || memcmp(t.p, want, t.n) == 0);
}

static void
decode_cases(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct rd r = rd_init(cases[i].bytes, cases[i].n, cases[i].n);
		struct mqtt_pdu m;
		struct text t;
		struct rd list;
		uint8_t opt;
		bool good = mqtt_decode(&r, cases[i].version, &m);

		t = m.topic;
		list = m.list;
		if (good && (m.type == MQTT_SUBSCRIBE || m.type == MQTT_UNSUBSCRIBE))
			mqtt_topic_next(&list, m.type, &t, &opt);
		ok(good == cases[i].good && m.type == cases[i].type &&
		    (good ? is(t, cases[i].topic) && m.size == cases[i].size &&
		    m.id == cases[i].id && (m.has_code ? m.code : -1) == cases[i].code && !m.why :
		    strcmp(m.why, cases[i].why) == 0), "%s", cases[i].comment);
	}
}

/* Cut anywhere, a packet that is well formed is short and never malformed; and
 * whatever its bytes are changed to, decoding ends. */
static void
cuts_and_flips(void)
{
	unsigned blamed = 0, walked = 0;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t copy[64];
		struct mqtt_pdu m;

		for (uint32_t cut = 0; cut < cases[i].n && cases[i].good; cut++) {
			struct rd r = rd_init(cases[i].bytes, cut, cases[i].n);
			blamed += !mqtt_decode(&r, cases[i].version, &m);
		}
		for (uint32_t at = 0; at < cases[i].n; at++) {
			for (unsigned v = 0; v < 256; v++) {
				struct rd r = rd_init(copy, cases[i].n, cases[i].n);
				struct mqtt_prop p;
				struct text t;
				uint8_t opt;
				memcpy(copy, cases[i].bytes, cases[i].n);
				copy[at] = (uint8_t)v;
				mqtt_decode(&r, v % 2 ? 5 : cases[i].version, &m);
				while (mqtt_prop_next(&m.props, m.type, &p))
					walked++;
				while (mqtt_topic_next(&m.list, m.type, &t, &opt))
					walked++;
			}
		}
	}
	ok(blamed == 0, "cut by the snap length is not malformed (%u)", blamed);
	ok(walked > 0, "every byte changed to every value: it ends");
}

static void
lengths(void)
{
	static const struct {
		const char *b;
		uint32_t n;
		int64_t want;
		const char *comment;
	} t[] = {
		{ B("\x30"), 0, "the length is yet to come" },
		{ B("\x30\x80"), 0, "half of it" },
		{ B("\x30\0"), 2, "nothing follows" },
		{ B("\x30\x7f"), 129, "the longest of one byte" },
		{ B("\x30\x80\1"), 131, "the shortest of two" },
		{ B("\x30\xff\xff\xff\x7f"), 268435460, "the longest" },
		{ B("\x30\xff\xff\xff\xff"), -1, "one more" },
	};

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct rd r = rd_init(t[i].b, t[i].n, t[i].n);
		ok(mqtt_length(&r) == t[i].want, "length: %s", t[i].comment);
	}
}

static void
properties(void)
{
	static const char b[] = "\x01\1\x02\0\0\0\5\x0b\xff\x7f\x23\0\7\x26\0\1k\0\1v"
	    "\x09\0\2ab\x03\0\1c";
	static const uint8_t ids[] = { 1, 2, 11, 35, 38, 9, 3 };
	struct rd r = rd_init(b, sizeof(b) - 1, sizeof(b) - 1), foreign = r;
	struct mqtt_prop p;
	unsigned n = 0;
	bool order = true;

	while (mqtt_prop_next(&r, MQTT_PUBLISH, &p)) {
		order &= p.id == ids[n++];
		if (p.id == 11)
			ok(p.num == 16383, "a variable number");
		if (p.id == 38)
			ok(is(p.text, "k"), "a user property's name");
	}
	ok(n == 7 && order && rd_ok(&r), "all properties of a PUBLISH");
	ok(!mqtt_prop_next(&foreign, MQTT_CONNECT, &p) && rd_bad(&foreign),
	    "one that CONNECT may not have");
	ok(strcmp(mqtt_code_name(4, 5), "not_authorized") == 0 &&
	    strcmp(mqtt_code_name(5, 0x87), "not_authorized") == 0 && !mqtt_code_name(5, 0xee),
	    "codes' names, by version");
	ok(strcmp(mqtt_type_name(MQTT_AUTH), "AUTH") == 0 && !mqtt_type_name(0), "types' names");
}

int
main(void)
{
	decode_cases();
	cuts_and_flips();
	lengths();
	properties();
	return tap_done();
}
