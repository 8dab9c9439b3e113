/* DameWare Mini Remote Control on TCP 6129: both sides begin with a message of 40
 * bytes that has their version.
 *
 *     30 11 00 00, 4 bytes, version(8, IEEE 754, LE), ...
 */
#include "proto/proto.h"

enum { HELLO = 40 };

struct dw_state { struct when when; double version[2]; bool has[2], told; };

/* The version, or 0: not what it should be. */
static double
hello_version(struct rd r)
{
	double v;

	if (rd_have(&r) < HELLO || rd_le32(&r) != 0x1130)
		return 0;
	rd_skip(&r, 4);
	v = rd_le_f64(&r);
	return v >= 1 && v < 100 ? v : 0;
}

static enum probe
dw_probe(struct probe_in *in)
{
	enum probe best = PROBE_NO;

	for (int i = 0; i < 2 && in->tcp; i++) {
		const struct rd *r = &in->side[i];
		if (!rd_have(r))
			continue;
		if (rd_peek8(r, 0) != 0x30 || (rd_have(r) > 3 && rd_peek16(r, 2) != 0))
			return PROBE_NO;
		if (rd_have(r) < HELLO)
			best = PROBE_MORE;
		else if (hello_version(*r) > 0)
			return PROBE_YES;
		else
			return PROBE_NO;
	}
	return best;
}

static ssize_t
dw_frame(const struct dctx *c, const struct rd *r)
{
	const struct dw_state *st = c->state;

	return st->told || st->has[c->side] ? (ssize_t)rd_have(r) : HELLO;
}

static enum verdict
tell(struct dctx *c, struct dw_state *st)
{
	struct ev *e = ev_begin(c, "dameware", &st->when, 0);

	st->told = true;
	if (st->has[0])
		ev_str(e, "client_version", ev_text(e, "%.2f", st->version[0]));
	if (st->has[1])
		ev_str(e, "server_version", ev_text(e, "%.2f", st->version[1]));
	e->ot.op = OT_CONNECT;
	e->ot.service = TEXT("DameWare");
	if (st->has[1]) {
		struct ident *i = ev_identity(e, "dameware.hello", EV_DEST);
		i->product = ev_text(e, "DameWare Mini Remote Control %.2f", st->version[1]);
		i->os = TEXT("Windows");
		e->ot.result = TEXT("ok");
	} else {
		ev_unanswered(e, c);
	}
	ev_emit(e);
	return DIS_LEAVE;
}

static enum verdict
dw_dissect(struct dctx *c, struct rd *r)
{
	struct dw_state *st = c->state;
	double v;

	if (st->told)
		return DIS_LEAVE;
	v = st->has[c->side] ? 0 : hello_version(*r);
	if (!(v > 0))
		return st->has[0] || st->has[1] ? tell(c, st) : DIS_NOT_MINE;
	if (!st->has[!c->side])
		st->when = c->when;
	st->has[c->side] = true;
	st->version[c->side] = v;
	return st->has[!c->side] ? tell(c, st) : DIS_OK;
}

static void
dw_end(struct dctx *c, bool gap)
{
	struct dw_state *st = c->state;

	if (!gap && st && !st->told && (st->has[0] || st->has[1]))
		tell(c, st);
}

static const struct hint hints[] = { { HINT_TCP, 6129 }, { HINT_END, 0 } };
static const struct field fields[] = {
	{ "dameware.client_version", "string", "the client's version" },
	{ "dameware.server_version", "string", "the server's version" },
	{ NULL, NULL, NULL },
};

const struct dissector dameware_dissector = {
	.name = "dameware",
	.title = "DameWare Mini Remote Control",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct dw_state),
	.probe = dw_probe,
	.frame = dw_frame,
	.dissect = dw_dissect,
	.end = dw_end,
};
