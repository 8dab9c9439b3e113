/* amqp_put.c: AMQP into events: who is at either end, what is declared, bound,
 * consumed. Messages themselves are never written. */
#include "proto/amqp.h"

void
amqp_put_peer(struct ev *e, const struct amqp_peer *p)
{
	ev_str(e, "product", p->product);
	ev_str(e, "version", p->version);
	ev_str(e, "platform", p->platform);
	ev_str(e, "name", p->name);
	ev_end(e);
}

void
amqp_identify(struct ev *e, const struct amqp_peer *p, const char *source, enum ident_of who,
    bool server)
{
	struct ident *i = ev_identity(e, source, who);

	i->product = p->product;
	i->firmware = p->version;
	i->role = server ? TEXT("amqp broker") : TEXT("amqp client");
	/* "rabbit@host" */
	if (server && p->name.n) {
		const char *at = memchr(p->name.p, '@', p->name.n);
		if (at)
			i->hostname = (struct text){ at + 1,
				p->name.n - (uint32_t)(at + 1 - p->name.p) };
	}
}

/* "exchange key", "queue", ...: whatever there is. */
static struct text
object(struct ev *e, const struct amqp_pdu *p)
{
	if (p->queue.n && p->exchange.n)
		return ev_text(e, "%.*s %.*s", (int)p->exchange.n, p->exchange.p, (int)p->queue.n,
		    p->queue.p);
	if (p->queue.n)
		return p->queue;
	if (p->exchange.n && p->key.n)
		return ev_text(e, "%.*s %.*s", (int)p->exchange.n, p->exchange.p, (int)p->key.n,
		    p->key.p);
	if (p->exchange.n)
		return p->exchange;
	return p->key.n ? p->key : p->vhost.n ? p->vhost : p->tag;
}

static struct text
either(struct text a, struct text b)
{
	return a.n ? a : b;
}

/* Brokers name the user whom they refuse: "... refused for user 'x'". */
struct text
amqp_reason(struct text t)
{
	for (uint32_t i = 0; i + 5 <= t.n; i++)
		if (memcmp(t.p + i, "user ", 5) == 0 || memcmp(t.p + i, "User ", 5) == 0)
			return text_trim(t.p, i + 4);
	return t;
}

void
amqp_put_method(struct ev *e, const struct amqp_pdu *q, const struct amqp_pdu *a)
{
	static const struct amqp_pdu none;
	const struct amqp_pdu *x = a ? a : &none;
	const struct amqp_name *n = amqp_name(q->id);

	ev_cstr(e, "method", n ? n->name : NULL);
	if (a)
		ev_cstr(e, "response", amqp_name(a->id) ? amqp_name(a->id)->name : NULL);
	ev_uint(e, "channel", q->channel);
	ev_str(e, "vhost", q->vhost);
	ev_str(e, "exchange", either(q->exchange, x->exchange));
	ev_str(e, "exchange_type", q->kind);
	ev_str(e, "source_exchange", q->source);
	ev_str(e, "queue", either(q->queue, x->queue));
	ev_str(e, "routing_key", either(q->key, x->key));
	ev_str(e, "consumer", either(q->tag, x->tag));
	if (x->has_messages)
		ev_uint(e, "messages", x->messages);
	if (x->has_consumers)
		ev_uint(e, "consumers", x->consumers);
	if (q->has_code || x->has_code)
		ev_uint(e, "code", q->has_code ? q->code : x->code);
	ev_str(e, "reason", amqp_reason(either(q->reply, x->reply)));
	e->ot.op = n ? n->op : OT_OTHER;
	e->ot.service = n ? text_c(n->name) : (struct text){ 0 };
	e->ot.object = object(e, q);
	if (!e->ot.object.n && a)
		e->ot.object = object(e, a);
}

void
amqp1_put(struct ev *e, const struct amqp1_pdu *p)
{
	struct rd v = p->mechanisms;
	struct text t;

	ev_cstr(e, "method", amqp1_name(p->code));
	ev_uint(e, "channel", p->channel);
	ev_str(e, "container", p->container);
	ev_str(e, "hostname", p->hostname);
	ev_str(e, "link", p->link);
	if (p->code == AMQP1_ATTACH)
		ev_cstr(e, "role", p->receiver ? "receiver" : "sender");
	ev_str(e, "source", p->source);
	ev_str(e, "target", p->target);
	ev_str(e, "mechanism", p->mechanism);
	if (rd_have(&v)) {
		ev_arr(e, "mechanisms");
		for (unsigned i = 0; i < LIM_ANNOUNCED && amqp1_symbol(&v, &t); i++)
			ev_a_str(e, t);
		ev_end(e);
	}
	ev_str(e, "reason", p->error);
	e->ot.service = text_c(amqp1_name(p->code));
	e->ot.op = OT_OTHER;
	switch (p->code) {
	case AMQP1_OPEN: case AMQP1_CLOSE:
		e->ot.op = OT_CONNECT;
		e->ot.object = p->hostname;
		break;
	case AMQP1_ATTACH:
		e->ot.op = OT_SUBSCRIBE;
		e->ot.object = p->receiver ? p->source : p->target;
		break;
	case AMQP1_MECHANISMS: case AMQP1_INIT: case AMQP1_OUTCOME:
		e->ot.op = OT_AUTH;
		break;
	}
	if (p->error.n) {
		e->ot.op = OT_ERROR;
		e->ot.result = p->error;
	}
}

const struct field amqp_fields[] = {
	{ "amqp.version", "string", "0-9-1 or 1.0; of a protocol header: what it asks for" },
	{ "amqp.method", "string", "queue.declare, basic.publish, ...; 1.0: open, attach, ..." },
	{ "amqp.response", "string", "the method that answers" },
	{ "amqp.channel", "integer", "channel" },
	{ "amqp.vhost", "string", "virtual host" },
	{ "amqp.exchange", "string", "exchange" },
	{ "amqp.exchange_type", "string", "direct, topic, fanout, headers" },
	{ "amqp.source_exchange", "string", "exchange.bind: where messages come from" },
	{ "amqp.queue", "string", "queue" },
	{ "amqp.routing_key", "string", "routing key" },
	{ "amqp.consumer", "string", "consumer tag" },
	{ "amqp.messages", "integer", "messages in the queue; published or delivered: how many" },
	{ "amqp.consumers", "integer", "consumers of the queue" },
	{ "amqp.code", "integer", "reply code of a close or return" },
	{ "amqp.reason", "string", "its text; 1.0: the error's condition" },
	{ "amqp.mechanisms", "array", "SASL mechanisms offered" },
	{ "amqp.mechanism", "string", "SASL mechanism chosen" },
	{ "amqp.credentials", "boolean", "a SASL response was sent; it is never written" },
	{ "amqp.server.product", "string", "the broker's product" },
	{ "amqp.server.version", "string", "its version" },
	{ "amqp.server.platform", "string", "what it runs on" },
	{ "amqp.server.name", "string", "its cluster's name" },
	{ "amqp.client.product", "string", "the client's library" },
	{ "amqp.client.version", "string", "its version" },
	{ "amqp.client.platform", "string", "what it runs on" },
	{ "amqp.client.name", "string", "what the connection is called" },
	{ "amqp.container", "string", "1.0: container id" },
	{ "amqp.hostname", "string", "1.0: host the client wants" },
	{ "amqp.link", "string", "1.0: link name" },
	{ "amqp.role", "string", "1.0: what the sender of attach is on the link" },
	{ "amqp.source", "string", "1.0: address messages come from" },
	{ "amqp.target", "string", "1.0: address messages go to" },
	{ NULL }
};
