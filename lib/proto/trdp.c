/* trdp.c: TRDP, the Train Real-time Data Protocol (IEC 61375-2-3), highest byte first.
 *
 *     0          4         6      8       12       16       20       24
 *     +----------+---------+------+-------+--------+--------+--------+----
 *     | sequence | version | type | comId | ETB    | train  | data   | ...
 *     |          |  1.x    | "Pd" |       | topology count  | length |
 *     +----------+---------+------+-------+--------+--------+--------+----
 *
 * Process data (UDP 17224): 40 bytes of header; a telegram's beginning and end are
 * events, what comes between is counted. Message data (UDP and TCP 17225): 116 bytes,
 * with session id and who speaks to whom. The last four bytes of a header are its
 * CRC-32, lowest byte first; data is filled up to a multiple of four. */
#include "base/sum.h"
#include "proto/proto.h"

enum { PD_HEAD = 40, MD_HEAD = 116, TELEGRAMS = 20, GLOBAL_STATISTICS = 35, DATA_LONGEST = 65388 };
enum { PD = 0x5064, PP = 0x5070, PR = 0x5072, PE = 0x5065, MN = 0x4d6e, MR = 0x4d72, MP = 0x4d70,
	MQ = 0x4d71, MC = 0x4d63, ME = 0x4d65 };

/* Process data of one comId. packets == 0: a free place. */
struct telegram {
	uint32_t com_id, packets, lost, next;
	uint16_t size, type;
	uint8_t side;
};

struct trdp_state {
	struct telegram t[TELEGRAMS];
	uint32_t others;                /* packets for which there was no place */
};

struct trdp_md {
	uint32_t com_id, length, topo, train_topo, timeout;
	int32_t status;
	uint16_t type;
	uint8_t session[16];
	char source[32], target[32];
};

static const struct tok types[] = {
	{ PD, "Pd" }, { PP, "Pp" }, { PR, "Pr" }, { PE, "Pe" }, { MN, "Mn" }, { MR, "Mr" },
	{ MP, "Mp" }, { MQ, "Mq" }, { MC, "Mc" }, { ME, "Me" }, { 0, NULL },
};

static const struct tok services[] = {
	{ PD, "Process Data" }, { PP, "Pull Reply" }, { PR, "Pull Request" },
	{ PE, "Process Error" }, { MN, "Notification" }, { MR, "Request" }, { MP, "Reply" },
	{ MQ, "Reply with Confirmation" }, { MC, "Confirmation" },
	{ ME, "Message Error" }, { 0, NULL },
};

static bool
is_message(unsigned type)
{
	return type >> 8 == 'M';
}

static bool
sum_holds(const uint8_t *d, uint32_t n)
{
	uint32_t c = sum_crc32(d, n);

	return d[n] == (c & 255) && d[n + 1] == (c >> 8 & 255) && d[n + 2] == (c >> 16 & 255) &&
	    d[n + 3] == c >> 24;
}

/* Length of the packet at the cursor, 0: more bytes needed, -1: none. */
static ssize_t
packet_length(const struct rd *r)
{
	int version = rd_peek8(r, 4), type = rd_peek16(r, 6), high = rd_peek16(r, 20),
	    low = rd_peek16(r, 22);
	uint32_t n;

	if (version >= 0 && version != 1)
		return -1;
	if (type >= 0 && !tok_find(types, (uint32_t)type))
		return -1;
	if (low < 0)
		return 0;
	n = (uint32_t)high << 16 | (uint32_t)low;
	if (n > DATA_LONGEST)
		return -1;
	return (ssize_t)(is_message((unsigned)type) ? MD_HEAD : PD_HEAD) + ((n + 3) & ~3u);
}

static ssize_t
trdp_frame(const struct dctx *c, const struct rd *r)
{
	return packet_length(r);
}

static enum probe
trdp_probe(struct probe_in *in)
{
	const struct rd *r = rd_left(&in->side[0]) ? &in->side[0] : &in->side[1];
	ssize_t n = packet_length(r);
	int type = rd_peek16(r, 6);
	uint32_t head = type >= 0 && is_message((unsigned)type) ? MD_HEAD : PD_HEAD;

	if (n < 0)
		return PROBE_NO;
	if (n == 0 || rd_have(r) < head)
		return in->tcp ? PROBE_MORE : PROBE_NO;
	if (!sum_holds(rd_at(r), head - 4))
		return PROBE_NO;
	in->reversed = r == &in->side[0] && (type == MP || type == MQ || type == ME);
	return PROBE_YES;
}

static void
put_head(struct ev *e, unsigned type, uint32_t com_id)
{
	ev_cstr(e, "type", tok_find(types, type));
	ev_uint(e, "com_id", com_id);
	e->ot.service = text_c(tok_or(services, type, "Unknown"));
	e->ot.object = ev_text_num(e, "comId ", 6, com_id);
}

/* Process data. */
static void
telegram_event(struct dctx *c, const char *event, const struct telegram *t)
{
	struct ev *e = ev_begin(c, "trdp", &c->when, t->side);

	ev_cstr(e, "event", event);
	put_head(e, t->type, t->com_id);
	ev_uint(e, "size", t->size);
	if (*event == 'e') {
		ev_uint(e, "packets", t->packets);
		ev_uint(e, "lost", t->lost);
		e->ot.has_count = true;
		e->ot.count = t->packets;
	}
	e->ot.op = t->type == PR ? OT_READ : t->type == PE ? OT_ERROR : OT_REPORT;
	ev_emit(e);
}

/* Statistics that every device can be asked for: its host's name is in them. */
static void
statistics(struct dctx *c, struct rd r)
{
	struct ev *e;
	struct ident *i;
	struct text name, leader;

	rd_skip(&r, 20);
	name = text_rd(&r, 16);
	leader = text_rd(&r, 16);
	if (!rd_ok(&r) || !name.n)
		return;
	e = ev_begin(c, "trdp", &c->when, c->side);
	ev_cstr(e, "event", "statistics");
	put_head(e, PD, GLOBAL_STATISTICS);
	ev_str(e, "host", name);
	ev_str(e, "leader", leader);
	e->ot.op = OT_IDENTIFY;
	i = ev_identity(e, "trdp.statistics", EV_SRC);
	i->hostname = name;
	ev_emit(e);
}

static enum verdict
process_data(struct dctx *c, struct rd *r, uint32_t sequence, unsigned type)
{
	struct trdp_state *s = c->state;
	uint32_t com_id = rd_be32(r), length;
	struct telegram *t;
	bool first = false;

	rd_skip(r, 8);
	length = rd_be32(r);
	rd_skip(r, 16);
	if (!rd_ok(r))
		return DIS_BAD;
	for (t = s->t; t < s->t + TELEGRAMS && t->packets; t++)
		if (t->com_id == com_id && t->side == c->side && t->type == type)
			break;
	if (t == s->t + TELEGRAMS) {
		s->others++;
		return DIS_OK;
	}
	if (!t->packets) {
		t->com_id = com_id;
		t->side = (uint8_t)c->side;
		t->type = (uint16_t)type;
		t->size = (uint16_t)length;
		first = true;
		telegram_event(c, "begin", t);
	} else {
		if (sequence != t->next && sequence - t->next < 0x10000)
			t->lost += sequence - t->next;
		if (length != t->size) {
			t->size = (uint16_t)length;
			telegram_event(c, "change", t);
		}
	}
	t->next = sequence + 1;
	t->packets++;
	if (first && com_id == GLOBAL_STATISTICS && (type == PD || type == PP))
		statistics(c, *r);
	rd_skip(r, rd_left(r));
	return DIS_OK;
}

static void
put_message(struct ev *e, const struct trdp_md *m)
{
	ev_cstr(e, "type", tok_find(types, m->type));
	ev_uint(e, "com_id", m->com_id);
	ev_uint(e, "length", m->length);
	ev_str(e, "source", text_trim(m->source, strnlen(m->source, 32)));
	ev_str(e, "target", text_trim(m->target, strnlen(m->target, 32)));
	if (m->timeout)
		ev_uint(e, "timeout_us", m->timeout);
	if (m->status || m->type == ME)
		ev_int(e, "status", m->status);
}

static void
message_event(struct dctx *c, const struct trdp_md *q, const struct when *when,
    const struct trdp_md *a)
{
	const struct trdp_md *m = q ? q : a;
	struct ev *e = ev_begin(c, "trdp", when, q ? c->side ^ (a && a != q) : c->side);

	ev_cstr(e, "event", "message");
	put_head(e, m->type, m->com_id);
	ev_hex(e, "session_id", m->session, 16);
	ev_uint(e, "topology", m->topo);
	ev_uint(e, "train_topology", m->train_topo);
	if (q) {
		ev_obj(e, "request");
		put_message(e, q);
		ev_end(e);
	}
	if (a && a != q) {
		ev_obj(e, "response");
		put_message(e, a);
		ev_end(e);
	}
	e->ot.op = m->type == MN ? OT_REPORT : m->type == ME ? OT_ERROR : OT_OTHER;
	if (m->type == MR && !a)
		ev_unanswered(e, c);
	else if (q && a && a != q)
		ev_answered(e, c, when);
	if (a && a != q && (a->type == ME || a->status < 0))
		e->ot.result = ev_text(e, "status_%d", a->status);
	ev_emit(e);
}

static uint64_t
session_key(const uint8_t s[16])
{
	uint64_t k = 0;

	for (unsigned i = 0; i < 16; i++)
		k = (k << 8 | k >> 56) ^ s[i];
	return k;
}

static enum verdict
message_data(struct dctx *c, struct rd *r, unsigned type)
{
	struct trdp_md m = { .type = (uint16_t)type };
	const uint8_t *p;
	struct pend *w;

	m.com_id = rd_be32(r);
	m.topo = rd_be32(r);
	m.train_topo = rd_be32(r);
	m.length = rd_be32(r);
	m.status = (int32_t)rd_be32(r);
	if ((p = rd_bytes(r, 16)))
		memcpy(m.session, p, 16);
	m.timeout = rd_be32(r);
	if ((p = rd_bytes(r, 32)))
		memcpy(m.source, p, 32);
	if ((p = rd_bytes(r, 32)))
		memcpy(m.target, p, 32);
	rd_skip(r, 4);
	if (!rd_ok(r))
		return DIS_BAD;
	rd_skip(r, rd_left(r));
	if (type == MR) {
		pend_put(c, session_key(m.session), &m, sizeof(m));
		return DIS_OK;
	}
	w = type == MN || type == MC ? NULL : pend_find(c, session_key(m.session));
	if (w) {
		message_event(c, (const struct trdp_md *)w->data, &w->when, &m);
		pend_done(c, w);
	} else if (type == MN || type == MC) {
		message_event(c, &m, &c->when, &m);
	} else {
		message_event(c, NULL, &c->when, &m);
	}
	return DIS_OK;
}

static enum verdict
trdp_dissect(struct dctx *c, struct rd *r)
{
	ssize_t n = packet_length(r);
	uint32_t sequence, head;
	unsigned type = (unsigned)rd_peek16(r, 6);

	if (n < 0 || (!c->tcp && !c->cut && (n == 0 || (size_t)n != rd_left(r)))) {
		c->why = n < 0 ? "HEADER" : "LENGTH";
		return DIS_BAD;
	}
	head = is_message(type) ? MD_HEAD : PD_HEAD;
	if (rd_have(r) >= head && !sum_holds(rd_at(r), head - 4)) {
		c->why = "CHECKSUM";
		return DIS_BAD;
	}
	sequence = rd_be32(r);
	rd_skip(r, 4);
	if (!rd_ok(r))
		return DIS_BAD;
	return is_message(type) ? message_data(c, r, type) : process_data(c, r, sequence, type);
}

static void
trdp_expire(struct dctx *c, struct pend *p)
{
	message_event(c, (const struct trdp_md *)p->data, &p->when, NULL);
}

static void
trdp_end(struct dctx *c, bool gap)
{
	struct trdp_state *s = c->state;

	if (!c->flow || gap)
		return;
	for (unsigned i = 0; i < TELEGRAMS && s->t[i].packets; i++)
		telegram_event(c, "end", &s->t[i]);
	if (s->others) {
		struct ev *e = ev_begin(c, "trdp", &c->when, 0);
		ev_cstr(e, "event", "others");
		ev_uint(e, "packets", s->others);
		ev_emit(e);
	}
}

static const struct hint hints[] = {
	{ HINT_UDP, 17224 }, { HINT_UDP, 17225 }, { HINT_TCP, 17225 }, { HINT_END, 0 },
};

#define MESSAGE(p)                                                                                 \
	{ "trdp." p ".type", "string", "Mr, Mp, Mq, Mc, Mn or Me" },                               \
	    { "trdp." p ".com_id", "integer", "comId" },                                           \
	    { "trdp." p ".length", "integer", "bytes of data" },                                   \
	    { "trdp." p ".source", "string", "user part of the sender's URI" },                    \
	    { "trdp." p ".target", "string", "user part of the receiver's URI" },                  \
	    { "trdp." p ".timeout_us", "integer", "how long a reply may take" },                   \
	{                                                                                          \
		"trdp." p ".status", "integer", "status of a reply"                                \
	}

static const struct field fields[] = {
	{ "trdp.event", "string", "begin, change, end, others, statistics; message" },
	{ "trdp.type", "string", "kind of packet, its two letters" },
	{ "trdp.com_id", "integer", "what the data is" },
	{ "trdp.size", "integer", "bytes of process data" },
	{ "trdp.packets", "integer", "packets seen" },
	{ "trdp.lost", "integer", "packets missing by their numbers" },
	{ "trdp.host", "string", "name in a device's statistics" },
	{ "trdp.leader", "string", "name of its redundancy leader" },
	{ "trdp.session_id", "string", "ties reply to request" },
	{ "trdp.topology", "integer", "count of the consist network's topology" },
	{ "trdp.train_topology", "integer", "count of the train's" },
	MESSAGE("request"),
	MESSAGE("response"),
	{ NULL },
};

const struct dissector trdp_dissector = {
	.name = "trdp",
	.title = "TRDP",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct trdp_state),
	.probe = trdp_probe,
	.frame = trdp_frame,
	.dissect = trdp_dissect,
	.expire = trdp_expire,
	.end = trdp_end,
};
