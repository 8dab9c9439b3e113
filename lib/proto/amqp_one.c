/* amqp_one.c: AMQP 1.0 frames. Values carry their type before them; those that
 * contain others have their size first, so that nothing has to be descended into
 * but what is looked for. Pure. SASL responses are walked over. */
#include "proto/amqp.h"

enum { LONGEST = 16 << 20, LIST0 = 0x45, LIST8 = 0xc0, LIST32 = 0xd0, MAP8 = 0xc1, MAP32 = 0xd1 };

static const struct tok names[] = {
	{ AMQP1_OPEN, "open" }, { AMQP1_BEGIN, "begin" }, { AMQP1_ATTACH, "attach" },
	{ AMQP1_FLOW, "flow" }, { AMQP1_TRANSFER, "transfer" },
	{ AMQP1_DISPOSITION, "disposition" }, { AMQP1_DETACH, "detach" }, { AMQP1_END, "end" },
	{ AMQP1_CLOSE, "close" }, { AMQP1_MECHANISMS, "sasl-mechanisms" },
	{ AMQP1_INIT, "sasl-init" }, { AMQP1_CHALLENGE, "sasl-challenge" },
	{ AMQP1_RESPONSE, "sasl-response" }, { AMQP1_OUTCOME, "sasl-outcome" },
	{ 0, NULL }
};

const char *amqp1_name(uint8_t code) { return tok_find(names, code); }

ssize_t
amqp1_length(const struct rd *r)
{
	int hi = rd_peek16(r, 0), lo = rd_peek16(r, 2);
	int doff = rd_peek8(r, 4), type = rd_peek8(r, 5);
	uint64_t size;

	if ((doff >= 0 && doff < 2) || type > 1)
		return -1;
	if (hi < 0 || lo < 0)
		return 0;
	size = (uint64_t)hi << 16 | (uint64_t)lo;
	return size < 8 || size > LONGEST ? -1 : (ssize_t)size;
}

/* One value: its constructor and its bytes, the size of what contains others
 * taken off. A descriptor before it is passed over, its code kept. */
static bool
value(struct rd *r, uint8_t *kind, struct rd *v, uint64_t *descriptor)
{
	uint8_t k = rd_u8(r);
	uint32_t n;

	*descriptor = 0;
	*v = rd_init("", 0, 0);
	if (k == 0) {
		uint8_t dk = rd_u8(r);

		switch (dk) {
		case 0x53: *descriptor = rd_u8(r); break;
		case 0x80: *descriptor = rd_be64(r); break;
		case 0x44: break;
		case 0xa3: rd_skip(r, rd_u8(r)); break;
		case 0xb3: rd_sub(r, rd_be32(r)); break;
		default: rd_set_bad(r);
		}
		k = rd_u8(r);
	}
	*kind = k;
	switch (k >> 4) {
	case 4: n = 0; break;
	case 5: n = 1; break;
	case 6: n = 2; break;
	case 7: n = 4; break;
	case 8: n = 8; break;
	case 9: n = 16; break;
	case 0xa: case 0xc: case 0xe: n = rd_u8(r); break;
	case 0xb: case 0xd: case 0xf: n = rd_be32(r); break;
	default:
		rd_set_bad(r);
		return false;
	}
	*v = rd_sub(r, n);
	return !rd_bad(r);
}

static uint64_t
number(uint8_t kind, struct rd v)
{
	uint64_t n = 0;

	if (kind == 0x41)
		return 1;
	while (rd_have(&v) && kind < 0x90)
		n = n << 8 | rd_u8(&v);
	return n;
}

static struct text
text_of(uint8_t kind, struct rd v)
{
	bool is_text = kind == 0xa1 || kind == 0xa3 || kind == 0xb1 || kind == 0xb3;

	return is_text ? text_rd(&v, rd_have(&v) < LIM_TEXT ? rd_have(&v) : LIM_TEXT) :
	    (struct text){ 0 };
}

/* What contains others begins with their count. */
static void
enter(uint8_t kind, struct rd *v)
{
	if (kind == LIST8 || kind == MAP8)
		rd_skip(v, 1);
	else if (kind == LIST32 || kind == MAP32)
		rd_skip(v, 4);
	else
		*v = rd_init("", 0, 0);
}

static bool
is(struct text t, const char *s)
{
	return t.n == strlen(s) && memcmp(t.p, s, t.n) == 0;
}

static void
take_properties(uint8_t kind, struct rd v, struct amqp_peer *p)
{
	struct rd k, x;
	uint8_t kk, xk;
	uint64_t d;

	enter(kind, &v);
	while (rd_have(&v) && value(&v, &kk, &k, &d) && value(&v, &xk, &x, &d)) {
		struct text name = text_of(kk, k);

		if (is(name, "product"))
			p->product = text_of(xk, x);
		else if (is(name, "version"))
			p->version = text_of(xk, x);
		else if (is(name, "platform"))
			p->platform = text_of(xk, x);
	}
}

/* The first element of a source, target or error: an address or condition. */
static struct text
first_of(uint8_t kind, struct rd v)
{
	uint8_t k;
	struct rd x;
	uint64_t d;

	enter(kind, &v);
	return rd_have(&v) && value(&v, &k, &x, &d) ? text_of(k, x) : (struct text){ 0 };
}

static void
take_field(struct amqp1_pdu *p, unsigned i, uint8_t kind, struct rd v)
{
	switch (p->code) {
	case AMQP1_OPEN:
		if (i == 0)
			p->container = text_of(kind, v);
		else if (i == 1)
			p->hostname = text_of(kind, v);
		else if (i == 9)
			take_properties(kind, v, &p->peer);
		break;
	case AMQP1_ATTACH:
		if (i == 0)
			p->link = text_of(kind, v);
		else if (i == 1)
			p->handle = (uint32_t)number(kind, v);
		else if (i == 2)
			p->receiver = number(kind, v) != 0;
		else if (i == 5)
			p->source = first_of(kind, v);
		else if (i == 6)
			p->target = first_of(kind, v);
		break;
	case AMQP1_TRANSFER: case AMQP1_DETACH:
		if (i == 0)
			p->handle = (uint32_t)number(kind, v);
		else if (i == 2 && p->code == AMQP1_DETACH)
			p->error = first_of(kind, v);
		else if (i == 5 && p->code == AMQP1_TRANSFER)
			p->more = number(kind, v) != 0;
		break;
	case AMQP1_END: case AMQP1_CLOSE:
		if (i == 0)
			p->error = first_of(kind, v);
		break;
	case AMQP1_MECHANISMS:
		if (i == 0 && (kind == 0xe0 || kind == 0xf0)) {
			rd_skip(&v, kind == 0xe0 ? 1 : 4);
			p->mechanisms = v;
		} else if (i == 0) {
			p->mechanism = text_of(kind, v);
		}
		break;
	case AMQP1_INIT:
		if (i == 0) {
			p->mechanism = text_of(kind, v);
		} else if (i == 1) {
			p->credentials = rd_left(&v) > 0;
			p->shipped = amqp_is_guest(v);
		}
		break;
	case AMQP1_OUTCOME:
		if (i == 0) {
			p->outcome = (uint8_t)number(kind, v);
			p->has_outcome = true;
		}
		break;
	}
}

/* An array's elements share one constructor, which comes first. */
bool
amqp1_symbol(struct rd *r, struct text *t)
{
	if (rd_have(r) && (rd_peek8(r, 0) == 0xa3 || rd_peek8(r, 0) == 0xb3))
		rd_skip(r, 1);
	if (!rd_have(r))
		return false;
	*t = text_rd(r, rd_u8(r));
	return rd_ok(r) && t->n;
}

void
amqp1_decode(struct rd *r, struct amqp1_pdu *p)
{
	uint32_t size = rd_be32(r);
	uint8_t doff = rd_u8(r), kind;
	uint64_t descriptor, d;
	struct rd body, list, v;

	memset(p, 0, sizeof(*p));
	rd_skip(r, 1);
	p->channel = rd_be16(r);
	if (size < 8 || doff < 2 || doff * 4u > size) {
		p->why = "FRAME_HEADER";
		rd_set_bad(r);
		return;
	}
	body = rd_sub(r, size - 8);
	rd_skip(&body, doff * 4u - 8);
	if (!rd_left(&body)) {
		p->empty = rd_ok(&body);
		return;
	}
	if (!value(&body, &kind, &list, &descriptor) || descriptor > 255 ||
	    !amqp1_name((uint8_t)descriptor)) {
		p->why = rd_short(&body) ? NULL : "PERFORMATIVE_UNKNOWN";
		return;
	}
	p->code = (uint8_t)descriptor;
	if (kind == LIST0)
		return;
	enter(kind, &list);
	for (unsigned i = 0; i < 16 && rd_have(&list); i++) {
		if (!value(&list, &kind, &v, &d))
			break;
		take_field(p, i, kind, v);
	}
	if (rd_bad(&list))
		p->why = "PERFORMATIVE_FIELDS";
}
