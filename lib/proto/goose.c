/* goose.c: IEC 61850 GOOSE, on Ethernet (8-1, annex A) and routed over UDP (90-5).
 *
 * A publisher repeats its data set all the time and counts its changes (stNum).
 * A stream is an event when it begins, at each change with the values and which
 * of them changed, and when it ends; repetitions are counted. */
#include "base/hash.h"
#include "base/hex.h"
#include "proto/iec61850.h"

enum { GOOSE_PDU = 0x61, NAME = 130, LEAVES = 128, NEST = 16 };

struct goose_pdu {
	struct text gocb, dataset, id;
	uint64_t ttl, entries;
	uint32_t st, sq, conf;
	bool has_t, has_st, has_sq, simulation, nds, has_data, security;
	uint8_t t[8];
	struct rd data;                 /* of the PDU: gone with it */
	const char *why;
};

struct goose_stream {
	uint64_t frames, missed, repeated, disordered, late;
	uint32_t changes, st, sq, conf;
	uint32_t ttl;
	uint16_t appid;
	uint8_t gocb_n, dataset_n, id_n;
	bool simulation, nds, routed;
	bool partial;                   /* only seen cut by our snap length so far */
	uint32_t leaf[LEAVES];          /* a hash of each value, to see which changed */
	char gocb[NAME], dataset[NAME], id[NAME];
};
_Static_assert(sizeof(struct goose_stream) <= KEEP_DATA, "a GOOSE stream fits its place");

static void
goose_decode(struct rd *body, struct goose_pdu *p)
{
	struct rd again = *body;
	struct ber apdu, t;
	const uint8_t *b;

	memset(p, 0, sizeof(*p));
	if (!tlv_next(body, &apdu)) {
		uint8_t n;

		p->why = rd_left(&again) ? "APDU_LENGTH" : "APDU_MISSING";
		/* what there is of it still says who sends */
		apdu.first = rd_u8(&again);
		if ((n = rd_u8(&again)) & 0x80)
			rd_skip(&again, n & 0x7f);
		apdu.v = rd_rest(&again);
	}
	if (apdu.first != GOOSE_PDU) {
		p->why = "APDU_TAG";
		rd_set_bad(body);
		return;
	}
	while (tlv_next(&apdu.v, &t)) {
		switch (t.first) {
		case 0x80: p->gocb = text_rd(&t.v, rd_left(&t.v)); break;
		case 0x81: p->ttl = ber_uint(t.v); break;
		case 0x82: p->dataset = text_rd(&t.v, rd_left(&t.v)); break;
		case 0x83: p->id = text_rd(&t.v, rd_left(&t.v)); break;
		case 0x84:
			if ((b = rd_bytes(&t.v, 8))) {
				memcpy(p->t, b, 8);
				p->has_t = true;
			}
			break;
		case 0x85:
			p->st = (uint32_t)ber_uint(t.v);
			p->has_st = true;
			break;
		case 0x86:
			p->sq = (uint32_t)ber_uint(t.v);
			p->has_sq = true;
			break;
		case 0x87: p->simulation = ber_uint(t.v) != 0; break;
		case 0x88: p->conf = (uint32_t)ber_uint(t.v); break;
		case 0x89: p->nds = ber_uint(t.v) != 0; break;
		case 0x8a: p->entries = ber_uint(t.v); break;
		case 0xab:
			p->data = t.v;
			p->has_data = true;
			break;
		case 0xac: case 0x8c: p->security = true; break;
		default: break;
		}
		if (rd_bad(&t.v))
			p->why = "FIELD_LENGTH";
	}
	if (rd_bad(&apdu.v))
		p->why = "FIELD_LENGTH";
	else if (!p->why && !rd_short(body) && (!p->gocb.n || !p->has_st || !p->has_sq))
		p->why = "FIELD_MISSING";
	else if (!p->why && !rd_short(body) && !p->has_data)
		p->why = "DATA_MISSING";
	if (p->why)
		rd_set_bad(body);
}

static uint32_t
hash_of(const struct ber *t)
{
	struct rd v = t->v;
	uint32_t h = HASH32_BEGIN ^ t->first;

	while (rd_left(&v))
		h = hash32_step(h, rd_u8(&v));
	return h;
}

/* "0110": a bit string, its first byte the number of bits not used. */
static struct text
bits_text(struct ev *e, struct rd v)
{
	uint32_t unused = rd_u8(&v), n = rd_left(&v) * 8, have = 0;
	char *t = ev_room(e, n);

	if (!t || unused > 7 || unused > n || n > LIM_TEXT)
		return (struct text){ 0 };
	n -= unused;
	while (have < n && rd_left(&v)) {
		uint8_t b = rd_u8(&v);
		for (int i = 7; i >= 0 && have < n; i--)
			t[have++] = b >> i & 1 ? '1' : '0';
	}
	return (struct text){ t, have };
}

static void
put_float(struct ev *e, struct rd v)
{
	uint8_t width = rd_u8(&v);

	if (width == 8 && rd_left(&v) == 4)
		ev_val_real(e, (double)rd_be_f32(&v));
	else if (width == 11 && rd_left(&v) == 8)
		ev_val_real(e, rd_be_f64(&v));
	else
		ev_val_str(e, TEXT("?"));
}

static struct text
hex_text(struct ev *e, struct rd v)
{
	uint32_t n = rd_have(&v) < LIM_TEXT / 2 ? rd_have(&v) : LIM_TEXT / 2;
	const uint8_t *p = rd_bytes(&v, n);
	char *t = ev_room(e, 2 * n);

	return (struct text){ t, t && p ? (uint32_t)hex_put(t, p, n) : 0 };
}

/* One value of MMS's Data (ISO 9506-2). */
static void
put_value(struct ev *e, const struct ber *t)
{
	struct rd v = t->v;
	const uint8_t *b;
	struct text s = { 0 };

	switch (t->first) {
	case 0x83: ev_val_bool(e, ber_uint(t->v) != 0); return;
	case 0x84: s = bits_text(e, v); break;
	case 0x85: ev_val_int(e, ber_int(t->v)); return;
	case 0x86: ev_val_uint(e, ber_uint(t->v)); return;
	case 0x87: put_float(e, v); return;
	case 0x8a: case 0x90: s = text_rd(&v, rd_left(&v)); break;
	case 0x91:
		if ((b = rd_bytes(&v, 8)))
			s = utc_text(e, b);
		break;
	default: s = hex_text(e, v); break;
	}
	ev_val_str(e, s.n ? s : TEXT("-"));     /* each keeps its place in the list */
}

/* The values in order, structures opened up; which of them are others than
 * before, unless that is not known yet. s is brought up to date. */
static const char *
put_values(struct ev *e, const struct goose_pdu *p, struct goose_stream *s, bool fresh)
{
	struct rd stack[NEST];
	uint16_t changed[LEAVES];
	unsigned depth = 0, n = 0, top = 0, nchanged = 0;
	struct ber t;
	const char *why = NULL;

	stack[0] = p->data;
	ev_val_arr(e);
	for (;;) {
		if (!tlv_next(&stack[depth], &t)) {
			if (rd_bad(&stack[depth]))
				why = "DATA_LENGTH";
			if (!depth || why)
				break;
			depth--;
			continue;
		}
		top += depth == 0;
		if (t.first == 0xa1 || t.first == 0xa2) {
			if (depth + 1 == NEST) {
				why = "DATA_NESTING";
				break;
			}
			stack[++depth] = t.v;
			continue;
		}
		if (n < LEAVES) {
			uint32_t h = hash_of(&t);
			if (!fresh && s->leaf[n] != h)
				changed[nchanged++] = (uint16_t)n;
			s->leaf[n] = h;
		}
		n++;
		put_value(e, &t);
	}
	ev_val_end(e);
	e->ot.has_count = true;
	e->ot.count = n;
	if (!fresh) {
		ev_arr(e, "changed");
		for (unsigned i = 0; i < nchanged; i++)
			ev_a_uint(e, changed[i]);
		ev_end(e);
	}
	if (!why && top != p->entries && rd_ok(&stack[0]))
		why = "ENTRY_COUNT";
	return why;
}

static struct ev *
begin(struct dctx *c, const struct goose_stream *s, const struct when *at, const char *event)
{
	struct ev *e = ev_begin(c, "goose", at, c->flow ? c->side : 0);
	struct text gocb = { s->gocb, s->gocb_n };

	ev_cstr(e, "event", event);
	if (s->routed)
		ev_bool(e, "routed", true);
	ev_uint(e, "appid", s->appid);
	ev_str(e, "gocb_ref", gocb);
	ev_str(e, "dataset", ((struct text){ s->dataset, s->dataset_n }));
	ev_str(e, "go_id", ((struct text){ s->id, s->id_n }));
	ev_uint(e, "conf_rev", s->conf);
	ev_uint(e, "st_num", s->st);
	ev_uint(e, "sq_num", s->sq);
	ev_uint(e, "ttl_ms", s->ttl);
	if (s->simulation)
		ev_bool(e, "simulation", true);
	if (s->nds)
		ev_bool(e, "needs_commissioning", true);
	e->ot.op = OT_REPORT;
	e->ot.object = gocb;
	return e;
}

static void
stream_end(struct dctx *c, struct keep *k)
{
	const struct goose_stream *s = (const struct goose_stream *)k->data;
	struct ev *e = begin(c, s, &k->last, "end");

	ev_uint(e, "frames", s->frames);
	ev_uint(e, "changes", s->changes);
	if (s->missed)
		ev_uint(e, "missed", s->missed);
	if (s->repeated)
		ev_uint(e, "repeated", s->repeated);
	if (s->disordered)
		ev_uint(e, "disordered", s->disordered);
	if (s->late)
		ev_uint(e, "late", s->late);
	ev_int(e, "duration_us", k->last.us - k->first.us);
	e->ot.service = TEXT("stream_end");
	e->ot.has_count = true;
	e->ot.count = s->frames;
	ev_emit(e);
}

static uint8_t
copy(char *to, struct text t)
{
	uint8_t n = t.n < NAME ? (uint8_t)t.n : NAME - 1;

	if (n)
		memcpy(to, t.p, n);
	return n;
}

static void
remember(struct goose_stream *s, const struct goose_pdu *p, const struct apdu_head *h)
{
	s->st = p->st;
	s->sq = p->sq;
	s->conf = p->conf;
	s->ttl = p->ttl > UINT32_MAX ? UINT32_MAX : (uint32_t)p->ttl;
	s->simulation = p->simulation || h->simulated;
	s->nds = p->nds;
	s->dataset_n = copy(s->dataset, p->dataset);
	s->id_n = copy(s->id, p->id);
}

static void
tell(struct dctx *c, const struct goose_pdu *p, struct goose_stream *s, const char *event,
    const struct goose_stream *before)
{
	struct ev *e = begin(c, s, &c->when, event);
	const char *slash = p->gocb.n ? memchr(p->gocb.p, '/', p->gocb.n) : NULL;
	struct ident *i;

	if (p->has_t)
		ev_str(e, "t", utc_text(e, p->t));
	ev_uint(e, "entries", p->entries);
	if (p->security)
		ev_bool(e, "security", true);
	e->ot.service = before ? TEXT("state_change") : TEXT("stream_begin");
	if (before) {
		ev_uint(e, "previous_st_num", before->st);
		/* a restart begins at 1: anything else that goes back is not its history */
		if (before->st > s->st && s->st > 1)
			ev_bool(e, "backwards", true);
		if (before->conf != s->conf) {
			ev_uint(e, "previous_conf_rev", before->conf);
			e->ot.service = TEXT("configuration_change");
		}
		if (before->simulation != s->simulation)
			e->ot.service = s->simulation ? TEXT("simulation_on") :
			    TEXT("simulation_off");
	} else {
		i = ev_identity(e, "goose", EV_SRC);
		i->role = TEXT("ied");
		if (slash)
			i->hostname = (struct text){ p->gocb.p, (uint32_t)(slash - p->gocb.p) };
	}
	if (p->has_data) {
		const char *why = put_values(e, p, s, !before || before->partial || c->cut);
		if (why && !c->why)
			c->why = why;
	}
	ev_emit(e);
}

static enum verdict
goose_dissect(struct dctx *c, struct rd *r)
{
	struct goose_stream *s, before;
	struct apdu_head h;
	struct goose_pdu p;
	struct apdu_key key;
	struct rd body;
	struct keep *k;

	if (c->flow) {
		if (!apdu_session(r, SESSION_GOOSE, &h, &body)) {
			c->why = "SESSION_HEADER";
			return rd_short(r) ? DIS_OK : DIS_BAD;
		}
	} else {
		apdu_head(r, &h, &body);
	}
	if (h.why && rd_bad(r) && !h.appid)
		return DIS_BAD;
	goose_decode(&body, &p);
	c->why = h.why ? h.why : p.why;
	if (!p.gocb.n || !p.has_st)
		return c->why ? DIS_BAD : DIS_OK;
	key = apdu_key(c, h.appid, p.gocb);
	k = keep_find(c, &key, sizeof(key));
	if (!k) {
		k = keep_new(c, KEEP_STREAM, &key, sizeof(key), stream_end);
		s = (struct goose_stream *)k->data;
		s->appid = h.appid;
		s->routed = h.routed;
		s->gocb_n = copy(s->gocb, p.gocb);
		s->frames = 1;
		s->partial = c->cut;
		remember(s, &p, &h);
		tell(c, &p, s, "begin", NULL);
		return c->why ? DIS_BAD : DIS_OK;
	}
	s = (struct goose_stream *)k->data;
	/* the time a subscriber waits before it takes the publisher for dead */
	s->late += s->ttl && c->when.us - k->last.us > (int64_t)s->ttl * 1000;
	keep_touch(c, k);
	s->frames++;
	before = *s;
	if (c->cut) {
		/* what was cut away has not changed */
		p.conf = s->conf;
		p.nds = s->nds;
		p.simulation = s->simulation;
	} else if (s->partial) {
		s->partial = false;
		s->conf = p.conf;
		s->nds = p.nds;
		s->simulation = p.simulation || h.simulated;
	}
	if (p.st == s->st) {
		if (p.sq == s->sq)
			s->repeated++;
		else if (p.sq > s->sq)
			s->missed += p.sq - s->sq - 1;
		else if (p.sq > 1)      /* it goes round to 1 */
			s->disordered++;
	}
	if (p.st == s->st && p.conf == s->conf && p.nds == s->nds &&
	    (p.simulation || h.simulated) == s->simulation) {
		if (p.sq > s->sq || p.sq <= 1)
			s->sq = p.sq;
		s->ttl = (uint32_t)p.ttl;
		return c->why ? DIS_BAD : DIS_OK;
	}
	remember(s, &p, &h);
	s->changes++;
	tell(c, &p, s, "change", &before);
	return c->why ? DIS_BAD : DIS_OK;
}

static enum probe
goose_probe(struct probe_in *in)
{
	return apdu_probe(in, SESSION_GOOSE);
}

static const struct hint hints[] = { { HINT_ETHER, 0x88b8 }, { HINT_UDP, 102 }, { 0 } };

static const struct field fields[] = {
	{ "goose.event", "string", "begin, change or end of a stream" },
	{ "goose.routed", "boolean", "over UDP, not on the link" },
	{ "goose.appid", "integer", "application id" },
	{ "goose.gocb_ref", "string", "the publisher's control block" },
	{ "goose.dataset", "string", "the data set it publishes" },
	{ "goose.go_id", "string", "the name subscribers know it by" },
	{ "goose.conf_rev", "integer", "revision of its configuration" },
	{ "goose.st_num", "integer", "changes so far, as the publisher counts" },
	{ "goose.sq_num", "integer", "repetitions since the last change" },
	{ "goose.ttl_ms", "integer", "the longest time to the next one" },
	{ "goose.simulation", "boolean", "not from the process: a test" },
	{ "goose.needs_commissioning", "boolean", "its configuration is not complete" },
	{ "goose.t", "string", "when the state changed, by the publisher's clock" },
	{ "goose.entries", "integer", "members of the data set" },
	{ "goose.security", "boolean", "there is a security field" },
	{ "goose.previous_st_num", "integer", "stNum before the change" },
	{ "goose.previous_conf_rev", "integer", "confRev before the change" },
	{ "goose.backwards", "boolean", "stNum went back, and not to a restart" },
	{ "goose.changed", "array", "which values changed, from 0, in the order of ot.value" },
	{ "goose.frames", "integer", "frames of the stream" },
	{ "goose.changes", "integer", "changes of its state" },
	{ "goose.missed", "integer", "frames that are missing by their numbers" },
	{ "goose.repeated", "integer", "frames that came twice" },
	{ "goose.disordered", "integer", "frames whose number went back" },
	{ "goose.late", "integer", "frames that came after the time they should have" },
	{ "goose.duration_us", "integer", "from its first frame to its last" },
	{ NULL }
};

const struct dissector goose_dissector = {
	.name = "goose",
	.title = "IEC 61850 GOOSE",
	.hints = hints,
	.fields = fields,
	.probe = goose_probe,
	.dissect = goose_dissect,
};
