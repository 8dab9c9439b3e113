/* Radmin, as seen on TCP 4899; its maker has published no description.
 *
 *     01 length(4, BE) code(4, BE) body(length)
 */
#include "proto/proto.h"

enum { HEAD = 9, BODY_MAX = 4096, CODE_MAX = 0xffff };

struct radmin_state { struct when when; uint32_t code; bool asked, told; };

/* Length of the message at the cursor; 0: more bytes needed; -1: none. */
static ssize_t
radmin_length(const struct rd *r, uint32_t *code)
{
	struct rd v = *r;
	uint32_t n;

	if (rd_have(r) && rd_peek8(r, 0) != 1)
		return -1;
	if (rd_peek16(r, 1) > 0)
		return -1;
	rd_skip(&v, 1);
	n = rd_be32(&v);
	*code = rd_be32(&v);
	if (!rd_ok(&v))
		return 0;
	return n && n <= BODY_MAX && *code && *code <= CODE_MAX ? HEAD + (ssize_t)n : -1;
}

static enum probe
radmin_probe(struct probe_in *in)
{
	unsigned whole = 0, there = 0;
	uint32_t code;

	for (int i = 0; i < 2; i++) {
		struct rd r = in->side[i];
		ssize_t n;

		if (!rd_have(&r))
			continue;
		there++;
		n = radmin_length(&r, &code);
		/* a question is one message, to the byte, and so is its answer */
		if (n < 0 || (n && (size_t)n < rd_have(&r)))
			return PROBE_NO;
		whole += n && (size_t)n == rd_have(&r);
	}
	if (!in->tcp || !there)
		return PROBE_NO;
	return whole == 2 ? PROBE_YES : PROBE_MORE;
}

static ssize_t
radmin_frame(const struct dctx *c, const struct rd *r)
{
	return rd_have(r);
}

static enum verdict
tell(struct dctx *c, struct radmin_state *st)
{
	struct ev *e = ev_begin(c, "radmin", &st->when, 0);

	st->told = true;
	ev_uint(e, "request", st->code);
	e->ot.op = OT_CONNECT;
	e->ot.service = TEXT("Radmin");
	e->ot.result = TEXT("ok");
	ev_emit(e);
	return DIS_LEAVE;
}

static enum verdict
radmin_dissect(struct dctx *c, struct rd *r)
{
	struct radmin_state *st = c->state;
	uint32_t code;

	if (st->told)
		return DIS_LEAVE;
	if (c->side == 1)
		return st->asked ? tell(c, st) : DIS_OK;
	if (radmin_length(r, &code) <= 0)
		return DIS_NOT_MINE;
	st->asked = true;
	st->when = c->when;
	st->code = code;
	return DIS_OK;
}

static const struct hint hints[] = { { HINT_TCP, 4899 }, { HINT_END, 0 } };
static const struct field fields[] = {
	{ "radmin.request", "integer", "code of the first request" },
	{ NULL, NULL, NULL },
};

const struct dissector radmin_dissector = {
	.name = "radmin",
	.title = "Radmin",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct radmin_state),
	.probe = radmin_probe,
	.frame = radmin_frame,
	.dissect = radmin_dissect,
};
