/* amqp_pdu.c: AMQP 0-9-1 frames and methods. Pure. The response of start-ok, in
 * which user name and password are, is walked over and kept nowhere. */
#include "proto/amqp.h"

enum { END = 0xce, LONGEST = 16 << 20 };

static const struct amqp_name names[] = {
	{ AMQP_START, "connection.start", OT_CONNECT },
	{ AMQP_START_OK, "connection.start-ok", OT_CONNECT },
	{ AMQP_SECURE, "connection.secure", OT_AUTH },
	{ AMQP_ID(10, 21), "connection.secure-ok", OT_AUTH },
	{ AMQP_TUNE, "connection.tune", OT_CONNECT },
	{ AMQP_TUNE_OK, "connection.tune-ok", OT_CONNECT },
	{ AMQP_OPEN, "connection.open", OT_CONNECT },
	{ AMQP_ID(10, 41), "connection.open-ok", OT_CONNECT },
	{ AMQP_CLOSE, "connection.close", OT_CONNECT },
	{ AMQP_ID(10, 51), "connection.close-ok", OT_CONNECT },
	{ AMQP_BLOCKED, "connection.blocked", OT_ALARM },
	{ AMQP_UNBLOCKED, "connection.unblocked", OT_REPORT },
	{ AMQP_ID(20, 10), "channel.open", OT_CONNECT },
	{ AMQP_ID(20, 11), "channel.open-ok", OT_CONNECT },
	{ AMQP_ID(20, 20), "channel.flow", OT_OTHER },
	{ AMQP_ID(20, 21), "channel.flow-ok", OT_OTHER },
	{ AMQP_CHANNEL_CLOSE, "channel.close", OT_CONNECT },
	{ AMQP_ID(20, 41), "channel.close-ok", OT_CONNECT },
	{ AMQP_EXCHANGE_DECLARE, "exchange.declare", OT_CONFIGURE },
	{ AMQP_ID(40, 11), "exchange.declare-ok", OT_CONFIGURE },
	{ AMQP_EXCHANGE_DELETE, "exchange.delete", OT_CONFIGURE },
	{ AMQP_ID(40, 21), "exchange.delete-ok", OT_CONFIGURE },
	{ AMQP_EXCHANGE_BIND, "exchange.bind", OT_CONFIGURE },
	{ AMQP_ID(40, 31), "exchange.bind-ok", OT_CONFIGURE },
	{ AMQP_EXCHANGE_UNBIND, "exchange.unbind", OT_CONFIGURE },
	{ AMQP_ID(40, 51), "exchange.unbind-ok", OT_CONFIGURE },
	{ AMQP_QUEUE_DECLARE, "queue.declare", OT_CONFIGURE },
	{ AMQP_ID(50, 11), "queue.declare-ok", OT_CONFIGURE },
	{ AMQP_QUEUE_BIND, "queue.bind", OT_CONFIGURE },
	{ AMQP_ID(50, 21), "queue.bind-ok", OT_CONFIGURE },
	{ AMQP_QUEUE_PURGE, "queue.purge", OT_COMMAND },
	{ AMQP_ID(50, 31), "queue.purge-ok", OT_COMMAND },
	{ AMQP_QUEUE_DELETE, "queue.delete", OT_CONFIGURE },
	{ AMQP_ID(50, 41), "queue.delete-ok", OT_CONFIGURE },
	{ AMQP_QUEUE_UNBIND, "queue.unbind", OT_CONFIGURE },
	{ AMQP_ID(50, 51), "queue.unbind-ok", OT_CONFIGURE },
	{ AMQP_ID(60, 10), "basic.qos", OT_OTHER },
	{ AMQP_ID(60, 11), "basic.qos-ok", OT_OTHER },
	{ AMQP_CONSUME, "basic.consume", OT_SUBSCRIBE },
	{ AMQP_ID(60, 21), "basic.consume-ok", OT_SUBSCRIBE },
	{ AMQP_CANCEL, "basic.cancel", OT_SUBSCRIBE },
	{ AMQP_ID(60, 31), "basic.cancel-ok", OT_SUBSCRIBE },
	{ AMQP_PUBLISH, "basic.publish", OT_REPORT },
	{ AMQP_RETURN, "basic.return", OT_ERROR },
	{ AMQP_DELIVER, "basic.deliver", OT_REPORT },
	{ AMQP_GET, "basic.get", OT_READ },
	{ AMQP_GET_OK, "basic.get-ok", OT_READ },
	{ AMQP_GET_EMPTY, "basic.get-empty", OT_READ },
	{ AMQP_ID(60, 80), "basic.ack", OT_OTHER },
	{ AMQP_ID(60, 90), "basic.reject", OT_OTHER },
	{ AMQP_ID(60, 100), "basic.recover-async", OT_OTHER },
	{ AMQP_ID(60, 110), "basic.recover", OT_OTHER },
	{ AMQP_ID(60, 111), "basic.recover-ok", OT_OTHER },
	{ AMQP_ID(60, 120), "basic.nack", OT_OTHER },
	{ AMQP_ID(85, 10), "confirm.select", OT_OTHER },
	{ AMQP_ID(85, 11), "confirm.select-ok", OT_OTHER },
	{ AMQP_ID(90, 10), "tx.select", OT_OTHER },
	{ AMQP_ID(90, 11), "tx.select-ok", OT_OTHER },
	{ AMQP_ID(90, 20), "tx.commit", OT_OTHER },
	{ AMQP_ID(90, 21), "tx.commit-ok", OT_OTHER },
	{ AMQP_ID(90, 30), "tx.rollback", OT_OTHER },
	{ AMQP_ID(90, 31), "tx.rollback-ok", OT_OTHER },
};

const struct amqp_name *
amqp_name(uint32_t id)
{
	size_t lo = 0, hi = sizeof(names) / sizeof(names[0]);

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		if (names[mid].id < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < sizeof(names) / sizeof(names[0]) && names[lo].id == id ? &names[lo] : NULL;
}

ssize_t
amqp_length(const struct rd *r)
{
	int type = rd_peek8(r, 0), hi = rd_peek16(r, 3), lo = rd_peek16(r, 5), end;
	uint64_t size;

	if (type < 0)
		return 0;
	if (type != AMQP_METHOD && type != AMQP_HEADER && type != AMQP_BODY &&
	    type != AMQP_HEARTBEAT)
		return -1;
	if (hi < 0 || lo < 0)
		return 0;
	size = (uint64_t)hi << 16 | (uint64_t)lo;
	if (size > LONGEST || (type == AMQP_METHOD && size < 4) ||
	    (type == AMQP_HEADER && size < 14) || (type == AMQP_HEARTBEAT && size))
		return -1;
	end = rd_peek8(r, (uint32_t)size + 7);
	return end >= 0 && end != END ? -1 : (ssize_t)size + 8;
}

static struct text
short_string(struct rd *r)
{
	return text_rd(r, rd_u8(r));
}

static struct rd
long_string(struct rd *r)
{
	return rd_sub(r, rd_be32(r));
}

static struct text
text_of(struct rd v)
{
	return text_rd(&v, rd_have(&v) < LIM_TEXT ? rd_have(&v) : LIM_TEXT);
}

/* A field table's value; tables and arrays inside are passed over whole. */
static bool
value(struct rd *r, struct rd *text)
{
	uint8_t kind = rd_u8(r);

	*text = rd_init("", 0, 0);
	switch (kind) {
	case 't': case 'b': case 'B':
		rd_skip(r, 1);
		break;
	case 'U': case 's': case 'u':
		rd_skip(r, 2);
		break;
	case 'I': case 'i': case 'f':
		rd_skip(r, 4);
		break;
	case 'D':
		rd_skip(r, 5);
		break;
	case 'L': case 'l': case 'd': case 'T':
		rd_skip(r, 8);
		break;
	case 'S':
		*text = long_string(r);
		break;
	case 'F': case 'A': case 'x':
		long_string(r);
		break;
	case 'V':
		break;
	default:
		rd_set_bad(r);
	}
	return rd_ok(r);
}

static bool
is(struct text t, const char *s)
{
	return t.n == strlen(s) && memcmp(t.p, s, t.n) == 0;
}

static void
take_peer(struct rd *r, struct amqp_peer *p)
{
	struct rd t = long_string(r), v;

	while (rd_have(&t)) {
		struct text name = short_string(&t);

		if (!value(&t, &v))
			break;
		if (is(name, "product"))
			p->product = text_of(v);
		else if (is(name, "version"))
			p->version = text_of(v);
		else if (is(name, "platform"))
			p->platform = text_of(v);
		else if (is(name, "cluster_name") || is(name, "connection_name"))
			p->name = text_of(v);
	}
	if (rd_bad(&t))
		rd_set_bad(r);
}

static void
take_reply(struct rd *r, struct amqp_pdu *p)
{
	p->code = rd_be16(r);
	p->has_code = rd_ok(r);
	p->reply = short_string(r);
}

bool
amqp_is_guest(struct rd response)
{
	const uint8_t *p = rd_bytes(&response, 12);

	return p && !rd_left(&response) && memcmp(p, "\0guest\0guest", 12) == 0;
}

static void
take_method(struct rd *r, struct amqp_pdu *p)
{
	uint8_t bits;
	struct rd response;

	switch (p->id) {
	case AMQP_START:
		rd_skip(r, 2);
		take_peer(r, &p->peer);
		p->mechanisms = text_of(long_string(r));
		break;
	case AMQP_START_OK:
		take_peer(r, &p->peer);
		p->mechanisms = short_string(r);
		response = long_string(r);
		p->credentials = rd_left(&response) > 0;
		p->shipped = amqp_is_guest(response);
		break;
	case AMQP_OPEN:
		p->vhost = short_string(r);
		break;
	case AMQP_CLOSE: case AMQP_CHANNEL_CLOSE:
		take_reply(r, p);
		p->failed_class = rd_be16(r);
		p->failed_method = rd_be16(r);
		break;
	case AMQP_BLOCKED:
		p->reply = short_string(r);
		break;
	case AMQP_EXCHANGE_DECLARE:
		rd_skip(r, 2);
		p->exchange = short_string(r);
		p->kind = short_string(r);
		bits = rd_u8(r);
		p->no_wait = bits & 16;
		break;
	case AMQP_EXCHANGE_DELETE:
		rd_skip(r, 2);
		p->exchange = short_string(r);
		p->no_wait = rd_u8(r) & 2;
		break;
	case AMQP_EXCHANGE_BIND: case AMQP_EXCHANGE_UNBIND:
		rd_skip(r, 2);
		p->exchange = short_string(r);
		p->source = short_string(r);
		p->key = short_string(r);
		p->no_wait = rd_u8(r) & 1;
		break;
	case AMQP_QUEUE_DECLARE:
		rd_skip(r, 2);
		p->queue = short_string(r);
		p->no_wait = rd_u8(r) & 16;
		break;
	case AMQP_ID(50, 11):
		p->queue = short_string(r);
		p->messages = rd_be32(r);
		p->consumers = rd_be32(r);
		p->has_messages = p->has_consumers = rd_ok(r);
		break;
	case AMQP_QUEUE_BIND:
		rd_skip(r, 2);
		p->queue = short_string(r);
		p->exchange = short_string(r);
		p->key = short_string(r);
		p->no_wait = rd_u8(r) & 1;
		break;
	case AMQP_QUEUE_UNBIND:
		rd_skip(r, 2);
		p->queue = short_string(r);
		p->exchange = short_string(r);
		p->key = short_string(r);
		break;
	case AMQP_QUEUE_PURGE:
		rd_skip(r, 2);
		p->queue = short_string(r);
		p->no_wait = rd_u8(r) & 1;
		break;
	case AMQP_QUEUE_DELETE:
		rd_skip(r, 2);
		p->queue = short_string(r);
		p->no_wait = rd_u8(r) & 4;
		break;
	case AMQP_ID(50, 31): case AMQP_ID(50, 41):
		p->messages = rd_be32(r);
		p->has_messages = rd_ok(r);
		break;
	case AMQP_CONSUME:
		rd_skip(r, 2);
		p->queue = short_string(r);
		p->tag = short_string(r);
		p->no_wait = rd_u8(r) & 8;
		break;
	case AMQP_ID(60, 21):
		p->tag = short_string(r);
		break;
	case AMQP_CANCEL:
		p->tag = short_string(r);
		p->no_wait = rd_u8(r) & 1;
		break;
	case AMQP_PUBLISH:
		rd_skip(r, 2);
		p->exchange = short_string(r);
		p->key = short_string(r);
		break;
	case AMQP_RETURN:
		take_reply(r, p);
		p->exchange = short_string(r);
		p->key = short_string(r);
		break;
	case AMQP_DELIVER:
		p->tag = short_string(r);
		rd_skip(r, 9);
		p->exchange = short_string(r);
		p->key = short_string(r);
		break;
	case AMQP_GET:
		rd_skip(r, 2);
		p->queue = short_string(r);
		break;
	case AMQP_GET_OK:
		rd_skip(r, 9);
		p->exchange = short_string(r);
		p->key = short_string(r);
		p->messages = rd_be32(r);
		p->has_messages = rd_ok(r);
		break;
	}
}

void
amqp_decode(struct rd *r, struct amqp_pdu *p)
{
	struct rd body;

	memset(p, 0, sizeof(*p));
	p->type = rd_u8(r);
	p->channel = rd_be16(r);
	p->size = rd_be32(r);
	body = rd_sub(r, p->size);
	if (p->type == AMQP_METHOD) {
		p->id = rd_be32(&body);
		take_method(&body, p);
		if (rd_bad(&body))
			p->why = "METHOD_ARGUMENTS";
		else if (rd_ok(&body) && !amqp_name(p->id))
			p->why = "METHOD_UNKNOWN";
	}
	if (rd_u8(r) != END && rd_ok(r))
		p->why = "FRAME_END";
}
