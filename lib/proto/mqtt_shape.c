/* Is this MQTT? A CONNECT says so for certain; amid a connection both sides must
 * fit. */
#include "proto/mqtt.h"

#include "base/utf8.h"

enum { PROBE_PACKETS = 8 };

/* A name as publishers write it: text, no wildcards, no control characters. */
bool
mqtt_topic_like(struct text t)
{
	const uint8_t *s = (const uint8_t *)t.p;
	size_t step;

	for (size_t i = 0; i < t.n; i += step) {
		step = utf8_len(s + i, t.n - i);
		if (step == 0 || s[i] < 0x20 || s[i] == 0x7f || s[i] == '#' || s[i] == '+')
			return false;
	}
	return t.n > 0;
}

/* CONNECT's beginning, whatever is wrong with the rest of it. */
static bool
connect_like(const struct rd *r)
{
	struct rd s = *r;
	const uint8_t *p;
	uint16_t n;

	rd_skip(&s, 1);
	while (rd_u8(&s) & 0x80)
		;
	n = rd_be16(&s);
	p = n == 4 || n == 6 ? rd_bytes(&s, n) : NULL;
	return p && memcmp(p, n == 4 ? "MQTT" : "MQIsdp", n) == 0;
}

struct shape {
	int points;             /* < 0: not MQTT */
	bool connect;           /* begins with CONNECT: certain */
	bool client, server;    /* whose words they are */
	bool more;              /* too few bytes to tell */
};

static struct shape
shape_of(struct rd r)
{
	struct shape s = { 0 };

	for (unsigned i = 0; i < PROBE_PACKETS && rd_have(&r) && s.points >= 0; i++) {
		int b = rd_peek8(&r, 0);
		int64_t n = mqtt_length(&r);
		struct mqtt_pdu m;
		struct rd pdu;

		if (!mqtt_flags_ok((uint8_t)(b >> 4), b & 15) || n < 0) {
			s.points = -1;
			break;
		}
		if (n == 0) {
			s.more = i == 0;
			break;
		}
		if (i == 0 && b >> 4 == MQTT_CONNECT && connect_like(&r)) {
			s.connect = s.client = true;
			break;
		}
		pdu = rd_init(rd_at(&r), rd_have(&r), (uint32_t)n);
		if (!mqtt_decode(&pdu, 0, &m)) {
			s.points = -1;
			break;
		}
		switch (m.type) {
		case MQTT_CONNECT:
			s.more = i == 0;        /* cut before its name */
			s.client = true;
			break;
		case MQTT_PUBLISH:
			s.points += mqtt_topic_like(m.topic) ? 2 : -9;
			break;
		case MQTT_SUBSCRIBE: case MQTT_UNSUBSCRIBE:
			s.points += m.items ? 2 : 0;
			s.client = true;
			break;
		case MQTT_PINGREQ: case MQTT_DISCONNECT:
			s.points++;
			s.client = true;
			break;
		case MQTT_CONNACK: case MQTT_SUBACK: case MQTT_UNSUBACK: case MQTT_PINGRESP:
			s.points++;
			s.server = true;
			break;
		default:
			s.points++;
			break;
		}
		if (rd_short(&pdu))
			break;
		rd_skip(&r, (uint32_t)n);
	}
	return s;
}

enum probe
mqtt_probe(struct probe_in *in)
{
	struct shape a = shape_of(in->side[0]), b = shape_of(in->side[1]);

	if (a.points < 0 || b.points < 0)
		return PROBE_NO;
	if (b.connect || (!a.connect && ((a.server && !a.client) || (b.client && !b.server))))
		in->reversed = true;
	if (a.connect || b.connect)
		return PROBE_YES;
	if (a.more || b.more)
		return PROBE_MORE;
	/* without a CONNECT: both sides must fit, or enough packets of one */
	if ((a.points && b.points && a.points + b.points >= 3) || a.points + b.points >= 6)
		return PROBE_YES;
	return a.points + b.points ? PROBE_WEAK : PROBE_MORE;
}
