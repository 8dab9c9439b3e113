/* profibus.c: PROFIBUS data link telegrams (LINKTYPE_PROFIBUS_DL), IEC 61158-4-3.
 *
 *      10 | to | from | FC | FCS | 16                              without data
 *      68 | length | length | 68 | to | from | FC | data | FCS | 16
 *      a2 | to | from | FC | data 8 | FCS | 16
 *      dc | to | from                                              the token
 *      e5                                                          short acknowledgement
 *
 * Bit 7 of an address: a service access point stands before the data. FCS is the sum
 * of all from the addresses on. One master at a time asks, and is answered at once:
 * what follows a question is its answer, or there was none. */
#include "proto/profibus.h"

#include "proto/keep.h"

enum { SD1 = 0x10, SD2 = 0x68, SD3 = 0xa2, SD4 = 0xdc, SC = 0xe5, ED = 0x16, BROADCAST = 127 };

struct line_key { const struct origin *from; };

/* The line as it was seen. */
struct line {
	uint64_t tokens, requests, answers, acks, unanswered, bad;
	uint8_t masters[16], slaves[16];        /* a bit each */
	struct pb_wait wait;
};
_Static_assert(sizeof(struct line) <= KEEP_DATA, "a line fits what is kept");

/* NULL: well-formed, or cut by us. */
static const char *
frame_decode(struct rd *r, struct pb_frame *f)
{
	uint8_t sd = rd_u8(r), n = 0, sum = 0;
	const uint8_t *p;

	memset(f, 0, offsetof(struct pb_frame, data));
	f->dsap = f->ssap = SAP_NONE;
	switch (sd) {
	case SC:
		f->kind = PB_ACK;
		return NULL;
	case SD4:
		f->kind = PB_TOKEN;
		f->dst = rd_u8(r) & 127;
		f->src = rd_u8(r) & 127;
		return NULL;
	case SD1: n = 3; break;
	case SD3: n = 11; break;
	case SD2:
		n = rd_u8(r);
		if (rd_u8(r) != n || rd_u8(r) != SD2 || n < 4 || n > 249)
			return rd_short(r) ? NULL : "HEADER_REPEATED";
		break;
	default:
		return "UNKNOWN_START";
	}
	p = rd_bytes(r, n);
	if (!p)
		return rd_bad(r) ? "FRAME_TOO_SHORT" : NULL;
	for (unsigned i = 0; i < n; i++)
		sum = (uint8_t)(sum + p[i]);
	if (rd_u8(r) != sum)
		return rd_short(r) ? NULL : "CHECKSUM";
	if (rd_u8(r) != ED)
		return rd_short(r) ? NULL : "END_DELIMITER";
	f->dst = p[0] & 127;
	f->src = p[1] & 127;
	f->request = p[2] & 0x40;
	f->function = p[2] & 15;
	f->station = f->request ? 0 : p[2] >> 4 & 3;
	sum = 3;
	if (p[0] & 128 && sum < n)
		f->dsap = p[sum++] & 63;
	if (p[1] & 128 && sum < n)
		f->ssap = p[sum++] & 63;
	f->n = (uint8_t)(n - sum);
	memcpy(f->data, p + sum, f->n);
	return NULL;
}

/* Whether this one says for the first time that it is there. */
static bool
is_new(uint8_t *set, uint8_t address)
{
	uint8_t bit = (uint8_t)(1 << (address & 7));

	if (address >= BROADCAST - 1 || set[address >> 3] & bit)
		return false;
	set[address >> 3] |= bit;
	return true;
}

static void
station_event(struct dctx *c, uint8_t address, bool master)
{
	struct ev *e = ev_begin(c, "profibus", &c->when, 0);
	struct text word = master ? TEXT("master_seen") : TEXT("slave_seen");
	struct ident *i;

	ev_word(e, "service", word);
	ev_uint(e, "station", address);
	e->ot.op = OT_IDENTIFY;
	e->ot.service = word;
	e->ot.object = pb_station(e, address);
	i = ev_identity(e, "profibus.fdl", EV_OTHER);
	i->sub = pb_station(e, address);
	i->role = master ? TEXT("controller") : TEXT("io_device");
	ev_emit(e);
}

/* Nothing came back. */
static void
give_up(struct dctx *c, struct line *l)
{
	if (!l->wait.used)
		return;
	l->wait.used = false;
	l->unanswered++;
	pb_exchange(c, &l->wait, NULL);
}

static unsigned
put_set(struct ev *e, const uint8_t *set)
{
	unsigned n = 0;

	for (unsigned s = 0; s < BROADCAST; s++)
		if (set[s >> 3] & 1 << (s & 7)) {
			ev_a_uint(e, s);
			n++;
		}
	ev_end(e);
	return n;
}

static void
line_end(struct dctx *c, struct keep *k)
{
	struct line *l = (struct line *)k->data;
	unsigned n;
	struct ev *e;

	c->unseen = true;
	give_up(c, l);
	e = ev_begin(c, "profibus", &k->last, 0);
	ev_cstr(e, "service", "line_end");
	ev_obj(e, "line");
	ev_uint(e, "tokens", l->tokens);
	ev_uint(e, "requests", l->requests);
	ev_uint(e, "answers", l->answers);
	ev_uint(e, "short_acks", l->acks);
	ev_uint(e, "unanswered", l->unanswered);
	ev_uint(e, "bad", l->bad);
	ev_int(e, "duration_us", k->last.us - k->first.us);
	ev_arr(e, "masters");
	n = put_set(e, l->masters);
	ev_arr(e, "slaves");
	n += put_set(e, l->slaves);
	ev_end(e);
	e->ot.op = OT_REPORT;
	e->ot.service = TEXT("line_end");
	e->ot.has_count = true;
	e->ot.count = n;
	ev_emit(e);
}

/* Functions that send without an acknowledgement. */
static bool
is_answered(const struct pb_frame *f)
{
	return f->dst != BROADCAST && f->function != 0 && f->function != 4 && f->function != 6;
}

static void
answer(struct dctx *c, struct line *l, const struct pb_frame *f)
{
	uint8_t from = f->kind == PB_ACK ? l->wait.q.dst : f->src;

	l->answers++;
	l->acks += f->kind == PB_ACK;
	if (f->kind == PB_ACK && !l->wait.used)
		return;
	if (f->station) {
		if (f->station > 1 && is_new(l->masters, from))
			station_event(c, from, true);
	} else if (is_new(l->slaves, from)) {
		station_event(c, from, false);
	}
	if (l->wait.used && l->wait.q.dst == from) {
		l->wait.used = false;
		pb_exchange(c, &l->wait, f);
	}
}

static enum verdict
profibus_dissect(struct dctx *c, struct rd *r)
{
	struct line_key key = { c->when.from };
	struct keep *k = keep_find(c, &key, sizeof(key));
	struct pb_frame f;
	struct line *l;

	c->why = frame_decode(r, &f);
	if (rd_short(r))
		return DIS_OK;
	if (rd_bad(r) && !c->why)
		c->why = "FRAME_TOO_SHORT";
	if (!k)
		k = keep_new(c, KEEP_STREAM, &key, sizeof(key), line_end);
	keep_touch(c, k);
	l = (struct line *)k->data;
	if (c->why) {
		l->bad++;
		return DIS_BAD;
	}
	if (f.kind == PB_ACK || (f.kind == PB_TELEGRAM && !f.request)) {
		answer(c, l, &f);
		return DIS_OK;
	}
	give_up(c, l);
	if (f.kind == PB_TOKEN) {
		l->tokens++;
		if (is_new(l->masters, f.src))
			station_event(c, f.src, true);
		return DIS_OK;
	}
	l->requests++;
	if (is_new(l->masters, f.src))
		station_event(c, f.src, true);
	if (is_answered(&f))
		l->wait = (struct pb_wait){ .used = true, .when = c->when, .q = f };
	else
		pb_control(c, &f);
	return DIS_OK;
}

static const struct hint hints[] = { { HINT_LINK, 257 }, { 0 } };

const struct dissector profibus_dissector = {
	.name = "profibus",
	.title = "PROFIBUS DP on its own line",
	.hints = hints,
	.fields = pb_fields,
	.dissect = profibus_dissect,
};
