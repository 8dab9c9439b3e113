/* melsec.c: SLMP over TCP and UDP: requests with their answers. 3E frames carry no
 * number: over TCP the answers come in order, over UDP there is one at a time. */
#include "proto/melsec.h"
#include "proto/pend_long.h"

struct melsec_state {
	uint32_t turn;                          /* requests of 3E so far: their keys */
	bool cyclic;                            /* cyclic data has been told of */
};

struct melsec_wait {
	bool ascii, four;
	uint8_t network, pc, station;
	uint16_t serial, io, timer, cmd, sub;
};

struct melsec_pair {
	const struct melsec_frame *q, *a;
	const struct when *when;
	int side;
	int index;
};

static void
report(struct dctx *c, const struct melsec_pair *p)
{
	const struct melsec_frame *f = p->q ? p->q : p->a;
	const struct melsec_command *k = p->q ? melsec_command_find(p->q->cmd) : NULL;
	struct ev *e = ev_begin(c, "melsec", p->q ? p->when : &c->when, p->side);

	ev_cstr(e, "frame", f->four ? "4E" : "3E");
	ev_cstr(e, "code", f->ascii ? "ascii" : "binary");
	if (f->four)
		ev_uint(e, "serial", f->serial);
	ev_uint(e, "network", f->network);
	ev_uint(e, "pc", f->pc);
	ev_uint(e, "io", f->io);
	ev_uint(e, "station", f->station);
	if (p->q) {
		ev_str(e, "command", k ? k->name : ev_text(e, "unknown-0x%04x", p->q->cmd));
		ev_uint(e, "command_raw", p->q->cmd);
		ev_uint(e, "subcommand", p->q->sub);
	}
	if (p->index >= 0)
		ev_uint(e, "index", (unsigned)p->index);
	if (p->q)
		melsec_put_request(e, p->q);
	if (p->a)
		melsec_put_response(e, p->a);
	melsec_put_common(e, p->q, p->a, p->index);
	if (p->a) {
		const char *s = melsec_end_name(p->a->end);
		e->ot.result = !p->a->end ? TEXT("ok") : s ? text_c(s) :
		    ev_text(e, "end_code_0x%04x", p->a->end);
		melsec_identify(e, p->q, p->a);
		if (p->q)
			ev_answered(e, c, p->when);
	} else if (p->q->cmd != MELSEC_CYCLIC) {
		ev_unanswered(e, c);
	}
	ev_emit(e);
}

/* Each device written in one request is an event of its own. */
static void
report_all(struct dctx *c, struct melsec_pair *p)
{
	unsigned n = 0;

	p->index = -1;
	if (p->q && (p->q->cmd == MELSEC_RANDOM_WRITE || p->q->cmd == MELSEC_BLOCK_WRITE ||
	    p->q->cmd == MELSEC_LABEL_WRITE))
		n = melsec_writes(p->q);
	if (n < 2) {
		report(c, p);
		return;
	}
	for (unsigned i = 0; i < n; i++) {
		p->index = (int)i;
		report(c, p);
	}
}

static uint64_t
key_of(struct dctx *c, const struct melsec_frame *f)
{
	struct melsec_state *s = c->state;

	if (f->four)
		return 1ull << 40 | f->serial;
	return c->tcp ? s->turn++ : 0;
}

/* The request that f answers, or NULL. */
static struct pend *
waiting(struct dctx *c, const struct melsec_frame *f)
{
	struct pend *w;

	if (f->four)
		return pend_find(c, 1ull << 40 | f->serial);
	while ((w = pend_oldest(c)) && pend_long_is_part(w))
		pend_done(c, w);
	return w;
}

static void
restore(struct dctx *c, const struct pend *w, struct melsec_frame *q, uint8_t buf[MELSEC_MAX])
{
	const struct melsec_wait *x = (const struct melsec_wait *)w->data;

	memset(q, 0, sizeof(*q));
	q->ascii = x->ascii;
	q->four = x->four;
	q->network = x->network;
	q->pc = x->pc;
	q->station = x->station;
	q->serial = x->serial;
	q->io = x->io;
	q->timer = x->timer;
	q->cmd = x->cmd;
	q->sub = x->sub;
	q->data = pend_long_rd(c, w, sizeof(*x), buf, MELSEC_MAX);
}

/* Field devices' cyclic data (CC-Link IE Field Basic): once is enough. */
static bool
is_cyclic(struct dctx *c, const struct melsec_frame *f)
{
	struct melsec_state *s = c->state;
	bool again = s->cyclic;

	if (f->answer || f->cmd != MELSEC_CYCLIC)
		return s->cyclic && f->answer;
	s->cyclic = true;
	return again;
}

static enum verdict
melsec_dissect(struct dctx *c, struct rd *r)
{
	struct melsec_pair p = { .side = c->side };
	uint8_t buf[MELSEC_MAX];
	struct melsec_frame f, q;
	struct pend *w;
	struct when when;

	if (!melsec_decode(r, &f)) {
		c->why = "FRAME_LENGTH";
		return DIS_BAD;
	}
	if (is_cyclic(c, &f))
		return DIS_OK;
	if (!f.answer) {
		struct melsec_wait x = { .ascii = f.ascii, .four = f.four, .network = f.network,
		    .pc = f.pc, .station = f.station, .serial = f.serial, .io = f.io,
		    .timer = f.timer, .cmd = f.cmd, .sub = f.sub };
		if (f.cmd == MELSEC_CYCLIC) {
			p.q = &f;
			p.when = &c->when;
			report_all(c, &p);
			return DIS_OK;
		}
		if (melsec_is_torn(&f))
			proto_anomaly(c, "REQUEST_LENGTH");
		pend_long_put(c, key_of(c, &f), &x, sizeof(x), f.data, MELSEC_MAX);
		return DIS_OK;
	}
	p.a = &f;
	p.side = !c->side;
	if ((w = waiting(c, &f))) {
		restore(c, w, &q, buf);
		when = w->when;
		p.q = &q;
		p.when = &when;
		pend_done(c, w);
	}
	report_all(c, &p);
	return DIS_OK;
}

static void
melsec_expire(struct dctx *c, struct pend *w)
{
	struct melsec_pair p = { .side = w->side, .when = &w->when };
	uint8_t buf[MELSEC_MAX];
	struct melsec_frame q;

	if (pend_long_is_part(w))
		return;
	restore(c, w, &q, buf);
	p.q = &q;
	report_all(c, &p);
}

static ssize_t
melsec_frame(const struct dctx *c, const struct rd *r)
{
	return melsec_length(r);
}

/* Frame, route and command are those of the manual. */
static enum probe
melsec_probe(struct probe_in *in)
{
	bool more = false, weak = false;

	for (int i = 0; i < 2; i++) {
		const struct rd *v = &in->side[i];
		struct melsec_frame f;
		struct rd r = *v, one;
		ssize_t n;
		if (!rd_left(v))
			continue;
		n = melsec_length(v);
		if (n < 0 || (!in->tcp && (n == 0 || (size_t)n != rd_left(v))))
			return PROBE_NO;
		if (n == 0 || (size_t)n > rd_have(v)) {
			more = true;
			continue;
		}
		one = rd_sub(&r, (uint32_t)n);
		/* the I/O number names a CPU: 0x3d0 to 0x3e3, 0x3ff itself */
		if (!melsec_decode(&one, &f) || f.station > 31 || f.network > 239 ||
		    (f.io >> 4 != 0x3d && f.io >> 4 != 0x3e && f.io != 0x3ff && f.io > 0x1ff))
			return PROBE_NO;
		if (f.answer) {
			in->reversed = i == 0;
			weak = true;
			if (f.ascii || (f.io == 0x3ff && (!f.end || melsec_end_name(f.end))))
				return PROBE_YES;
			continue;
		}
		if (!melsec_command_find(f.cmd) || (f.sub & ~0xe3u))
			return PROBE_NO;
		return PROBE_YES;
	}
	return weak ? PROBE_WEAK : more ? PROBE_MORE : PROBE_NO;
}

static const struct hint hints[] = {
	{ HINT_TCP, 5006 }, { HINT_TCP, 5007 }, { HINT_TCP, 45237 }, { HINT_UDP, 5006 },
	{ HINT_UDP, 5007 }, { HINT_UDP, 45237 }, { HINT_UDP, 61450 }, { HINT_UDP, 61451 },
	{ HINT_END, 0 },
};

static const struct field fields[] = {
	{ "melsec.frame", "string", "3E or 4E" },
	{ "melsec.code", "string", "binary or ascii" },
	{ "melsec.serial", "integer", "serial number of a 4E frame" },
	{ "melsec.network", "integer", "network of the target, 0: this one" },
	{ "melsec.pc", "integer", "station of the target, 255: the connected one" },
	{ "melsec.io", "integer", "I/O number of the target's module, 0x3ff: its CPU" },
	{ "melsec.station", "integer", "station on a multidrop line" },
	{ "melsec.command", "string", "name of the command" },
	{ "melsec.command_raw", "integer", "its code" },
	{ "melsec.subcommand", "integer", "subcommand" },
	{ "melsec.index", "integer", "which of several writes this is, from 0" },
	{ "melsec.request.device", "string", "first device" },
	{ "melsec.request.points", "integer", "how many" },
	{ "melsec.request.unit", "string", "bit or word" },
	{ "melsec.request.forced", "boolean", "even if another station has stopped it" },
	{ "melsec.request.clear", "string", "devices cleared at run: none, except_latch, all" },
	{ "melsec.request.has_password", "boolean", "a password came with it" },
	{ "melsec.request.timer", "integer", "time to wait, in quarters of a second" },
	{ "melsec.request.length", "integer", "bytes of data" },
	{ "melsec.response.end_code", "integer", "end code as on the wire" },
	{ "melsec.response.end", "string", "what it means" },
	{ "melsec.response.error_network", "integer", "network that reports the error" },
	{ "melsec.response.error_station", "integer", "station that reports the error" },
	{ "melsec.response.error_command", "integer", "command it is about" },
	{ "melsec.response.length", "integer", "bytes of data" },
	{ NULL },
};

const struct dissector melsec_dissector = {
	.name = "melsec",
	.title = "Mitsubishi SLMP (MC protocol 3E and 4E)",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct melsec_state),
	.probe = melsec_probe,
	.frame = melsec_frame,
	.dissect = melsec_dissect,
	.expire = melsec_expire,
	.apart = true,
};
