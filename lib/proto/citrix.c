/* Citrix: ICA on TCP 1494, and CGP on 2598, which carries it.
 *
 *     7f 7f "ICA" 00                          both sides, the server first
 *     01 length(2) length(2) number(2) versions(2) "WFICA32.EXE" ...  the client's parts
 *     1a "CGP/01" ...                         the client, in place of it
 */
#include "proto/proto.h"

enum { MAGIC = 6, NAME_AT = 9, NAME_MAX = 13 };

struct citrix_state { struct when when; bool begun, told, cgp; };

static enum probe
shape(const struct rd *r, const char *want, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		int c = rd_peek8(r, i);
		if (c < 0)
			return i ? PROBE_MORE : PROBE_NO;
		if (c != (uint8_t)want[i])
			return PROBE_NO;
	}
	return PROBE_YES;
}

static enum probe
ica_shape(const struct rd *r)
{
	return shape(r, "\x7f\x7fICA\0", MAGIC);
}

static enum probe
cgp_shape(const struct rd *r)
{
	return shape(r, "\x1a" "CGP/0", 6);
}

static enum probe
citrix_probe(struct probe_in *in)
{
	enum probe best = PROBE_NO;

	for (int i = 0; i < 2 && in->tcp; i++) {
		enum probe a = ica_shape(&in->side[i]), b = cgp_shape(&in->side[i]);
		if (a == PROBE_YES || b == PROBE_YES)
			return PROBE_YES;
		if (a == PROBE_MORE || b == PROBE_MORE)
			best = PROBE_MORE;
	}
	return best;
}

static ssize_t
citrix_frame(const struct dctx *c, const struct rd *r)
{
	enum probe ica = ica_shape(r);

	if (ica == PROBE_YES)
		return MAGIC;
	/* the client's first part is wanted as far as its name */
	if (ica == PROBE_MORE || (c->side == 0 && rd_peek8(r, 0) == 1 &&
	    rd_have(r) < NAME_AT + NAME_MAX))
		return 0;
	return (ssize_t)rd_have(r);
}

static enum verdict
tell(struct dctx *c, struct citrix_state *st, struct text module)
{
	struct ev *e = ev_begin(c, "citrix", &st->when, 0);

	st->told = true;
	ev_str(e, "protocol", st->cgp ? TEXT("cgp") : TEXT("ica"));
	ev_str(e, "client_module", module);
	e->ot.op = OT_CONNECT;
	e->ot.service = st->cgp ? TEXT("CGP") : TEXT("ICA");
	ev_emit(e);
	return DIS_LEAVE;
}

static enum verdict
citrix_dissect(struct dctx *c, struct rd *r)
{
	struct citrix_state *st = c->state;
	struct text t;

	if (st->told)
		return DIS_LEAVE;
	if (!st->begun)
		st->when = c->when;
	st->begun = true;
	if (cgp_shape(r) == PROBE_YES) {
		st->cgp = true;
		return tell(c, st, (struct text){ 0 });
	}
	if (c->side == 1 || ica_shape(r) == PROBE_YES)
		return DIS_OK;
	if (rd_have(r) < NAME_AT + NAME_MAX || rd_u8(r) != 1)
		return tell(c, st, (struct text){ 0 });
	rd_skip(r, NAME_AT - 1);
	t = (struct text){ (const char *)rd_bytes(r, NAME_MAX), 0 };
	while (t.n < NAME_MAX && t.p[t.n] > ' ' && t.p[t.n] <= '~')
		t.n++;
	return tell(c, st, t);
}

static void
citrix_end(struct dctx *c, bool gap)
{
	struct citrix_state *st = c->state;

	if (!gap && st && st->begun && !st->told)
		tell(c, st, (struct text){ 0 });
}

static const struct hint hints[] = { { HINT_TCP, 1494 }, { HINT_TCP, 2598 }, { HINT_END, 0 } };
static const struct field fields[] = {
	{ "citrix.protocol", "string", "ica, or cgp that carries it" },
	{ "citrix.client_module", "string", "the first part the client names: its program" },
	{ NULL, NULL, NULL },
};

const struct dissector citrix_dissector = {
	.name = "citrix",
	.title = "Citrix ICA and CGP",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct citrix_state),
	.probe = citrix_probe,
	.frame = citrix_frame,
	.dissect = citrix_dissect,
	.end = citrix_end,
};
