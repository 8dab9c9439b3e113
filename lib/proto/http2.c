/* http2.c: HTTP/2 without TLS (RFC 9113, section 3.3), as gRPC services inside a
 * laboratory use it. It is named; its headers are compressed and not read. */
#include "proto/proto.h"

static const char preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
enum { PREFACE = sizeof(preface) - 1 };

static enum probe
http2_probe(struct probe_in *in)
{
	for (int i = 0; in->tcp && i < 2; i++) {
		struct rd *r = &in->side[i];
		uint32_t n = rd_have(r) < PREFACE ? rd_have(r) : PREFACE;

		if (!n || memcmp(rd_at(r), preface, n) != 0)
			continue;
		in->reversed = i == 1;
		return n == PREFACE ? PROBE_YES : PROBE_MORE;
	}
	return PROBE_NO;
}

static ssize_t
http2_frame(const struct dctx *c, const struct rd *r)
{
	return rd_left(r);
}

static enum verdict
http2_dissect(struct dctx *c, struct rd *r)
{
	struct ev *e = ev_begin(c, "http2", &c->when, 0);

	ev_bool(e, "prior_knowledge", true);
	e->ot.op = OT_CONNECT;
	e->ot.service = TEXT("preface");
	ev_emit(e);
	rd_skip(r, rd_have(r));
	return DIS_LEAVE;
}

static const struct hint hints[] = { { HINT_TCP, 50051 }, { HINT_TCP, 50052 }, { HINT_END, 0 } };

static const struct field fields[] = {
	{ "http2.prior_knowledge", "boolean", "begun without asking, and without TLS" },
	{ NULL },
};

const struct dissector http2_dissector = {
	.name = "http2",
	.title = "HTTP/2 without TLS",
	.hints = hints,
	.fields = fields,
	.probe = http2_probe,
	.frame = http2_frame,
	.dissect = http2_dissect,
};
