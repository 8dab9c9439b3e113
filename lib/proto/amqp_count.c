/* amqp_count.c: how many messages went where: by exchange and routing key (0-9-1) or
 * by link (1.0). Told the first time, and once more with their number. */
#include "proto/amqp.h"

#include "base/hash.h"

static const char *
amqp_version(const struct amqp_state *s)
{
	return s->version == AMQP_V10 ? "1.0" : "0-9-1";
}

struct ev *
amqp_begin(struct dctx *c, const struct when *at, int side)
{
	struct ev *e = ev_begin(c, "amqp", at, side);

	ev_cstr(e, "version", amqp_version(c->state));
	return e;
}

void
amqp_tell_count(struct dctx *c, unsigned i, const struct when *at, bool last)
{
	struct amqp_state *s = c->state;
	struct text a = { s->count[i].names, s->count[i].n1 };
	struct text b = { s->count[i].names + s->count[i].n1, s->count[i].n2 };
	bool publish = s->count[i].side == 0;
	struct ev *e = amqp_begin(c, at, s->count[i].side);

	if (s->version == AMQP_V10) {
		ev_cstr(e, "method", "transfer");
		if (publish)
			ev_str(e, "target", a);
		else
			ev_str(e, "source", a);
		e->ot.service = TEXT("transfer");
	} else {
		ev_cstr(e, "method", publish ? "basic.publish" : "basic.deliver");
		ev_str(e, "exchange", a);
		ev_str(e, "routing_key", b);
		e->ot.service = publish ? TEXT("basic.publish") : TEXT("basic.deliver");
	}
	if (last)
		ev_uint(e, "messages", s->count[i].n);
	e->ot.op = OT_REPORT;
	e->ot.object = a.n && b.n ? ev_text(e, "%.*s %.*s", (int)a.n, a.p, (int)b.n, b.p) :
	    a.n ? a : b;
	if (last) {
		e->ot.has_count = true;
		e->ot.count = s->count[i].n;
	}
	ev_emit(e);
}

unsigned
amqp_entry(struct dctx *c, int side, uint32_t hash, struct text a, struct text b)
{
	struct amqp_state *s = c->state;
	unsigned i;
	uint32_t room;

	for (i = 0; i < AMQP_COUNTED; i++)
		if (s->count[i].used && s->count[i].hash == hash && s->count[i].side == side)
			return i;
	i = s->turn;
	if (s->count[i].used && s->count[i].n > 1)
		amqp_tell_count(c, i, &c->when, true);
	s->turn = (uint8_t)((s->turn + 1) % AMQP_COUNTED);
	memset(&s->count[i], 0, sizeof(s->count[i]));
	s->count[i].used = 1;
	s->count[i].hash = hash;
	s->count[i].side = (uint8_t)side;
	s->count[i].n1 = (uint8_t)(a.n < AMQP_COUNTED_NAME ? a.n : AMQP_COUNTED_NAME);
	room = AMQP_COUNTED_NAME - s->count[i].n1;
	s->count[i].n2 = (uint8_t)(b.n < room ? b.n : room);
	if (a.n)
		memcpy(s->count[i].names, a.p, s->count[i].n1);
	if (b.n)
		memcpy(s->count[i].names + s->count[i].n1, b.p, s->count[i].n2);
	return i;
}

void
amqp_count(struct dctx *c, unsigned i)
{
	struct amqp_state *s = c->state;

	if (++s->count[i].n == 1)
		amqp_tell_count(c, i, &c->when, false);
}

uint32_t
amqp_hash(uint32_t h, struct text t)
{
	return hash32_step(hash32_bytes(h, t.p, t.n), 0xff);
}

int
amqp1_link(struct dctx *c, uint32_t link)
{
	struct amqp_state *s = c->state;

	for (int i = 0; i < AMQP_COUNTED; i++)
		if (s->count[i].used && s->count[i].hash == link && s->count[i].side == c->side)
			return i;
	return -1;
}

/* A handle is its sender's own: what it transfers on is what it attached. The one
 * who receives may be the only one to say the address; the link's name ties both. */
void
amqp1_attach(struct dctx *c, const struct amqp1_pdu *p, uint32_t link)
{
	struct amqp_state *s = c->state;
	uint32_t named = amqp_hash(HASH32_BEGIN, p->link) | 1u << 31;
	struct text name = c->side == 1 && p->source.n ? p->source : p->target;
	int i;

	if (p->receiver) {
		if (p->source.n)
			amqp_entry(c, !c->side, named, p->source, (struct text){ 0 });
		return;
	}
	if ((i = amqp1_link(c, link)) >= 0) {
		if (s->count[i].n > 1)
			amqp_tell_count(c, (unsigned)i, &c->when, true);
		s->count[i].used = 0;
	}
	if ((i = amqp1_link(c, named)) >= 0)
		s->count[i].hash = link;
	else
		amqp_entry(c, c->side, link, name.n ? name : p->link, (struct text){ 0 });
}

/* The sender's own attach was not seen: the only link that waits for one is it. */
void
amqp1_adopt(struct dctx *c, uint32_t link)
{
	struct amqp_state *s = c->state;
	int found = -1;

	for (int i = 0; i < AMQP_COUNTED; i++)
		if (s->count[i].used && s->count[i].side == c->side && s->count[i].hash >> 31) {
			if (found >= 0)
				return;
			found = i;
		}
	if (found >= 0)
		s->count[found].hash = link;
}

struct text
amqp1_link_name(struct dctx *c, uint32_t link)
{
	struct amqp_state *s = c->state;
	int i = amqp1_link(c, link);

	return i < 0 ? (struct text){ 0 } : (struct text){ s->count[i].names, s->count[i].n1 };
}
