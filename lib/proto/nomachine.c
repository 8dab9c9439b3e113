/* NoMachine's NX: both sides say who they are in a line, TLS follows.
 *
 *     "NXSH-8.10.1\n"         client
 *     "NXD-8.10.1\n"          server
 *
 * Sound and pictures may go in datagrams beside it:
 *
 *     kind(2, LE) 01 00 length(2, LE) number(2, LE) 00 00 ...
 */
#include "proto/proto.h"

enum { LINE_MAX = 32, UDP_HEAD = 10, EARLY_MAX = 2048 };

struct nx_state {
	struct when when;
	uint8_t n[2];
	bool done;
	char version[2][LINE_MAX];      /* client's, server's */
};

/* "NXSH-1.2.3\n": where the version begins, and how long the line is. */
static enum probe
line_shape(const struct rd *r, uint32_t *from, uint32_t *n, bool *server)
{
	static const char *const begin[] = { "NXSH-", "NXD-" };
	bool more = false;

	for (int k = 0; k < 2; k++) {
		uint32_t i = 0;
		int c = 0;

		while (begin[k][i] && (c = rd_peek8(r, i)) == begin[k][i])
			i++;
		if (begin[k][i]) {
			more |= c < 0 && i;
			continue;
		}
		for (*from = i; i < LINE_MAX; i++) {
			c = rd_peek8(r, i);
			if (c < 0)
				return PROBE_MORE;
			if (c == '\n' && i > *from) {
				*n = i + 1;
				*server = k == 1;
				return PROBE_YES;
			}
			if ((c < '0' || c > '9') && c != '.')
				return PROBE_NO;
		}
		return PROBE_NO;
	}
	return more ? PROBE_MORE : PROBE_NO;
}

static bool
is_datagram(const struct rd *r)
{
	int kind = rd_peek16(r, 0), n = rd_peek16(r, 4);

	return rd_left(r) >= UDP_HEAD && kind >= 0x0100 && kind <= 0x0f00 && (kind & 0xff) == 0 &&
	    rd_peek16(r, 2) == 0x0100 && ((n & 0xff) << 8 | n >> 8) == (int)rd_left(r);
}

static enum probe
nx_probe(struct probe_in *in)
{
	enum probe best = PROBE_NO;
	uint32_t from, n;
	bool server;

	if (!in->tcp)
		return is_datagram(&in->side[0]) && is_datagram(&in->side[1]) ? PROBE_YES :
		    is_datagram(&in->side[0]) || is_datagram(&in->side[1]) ? PROBE_WEAK : PROBE_NO;
	for (int i = 0; i < 2; i++) {
		enum probe v = line_shape(&in->side[i], &from, &n, &server);
		if (v == PROBE_YES) {
			in->reversed = server != (i == 1);
			return v;
		}
		if (v == PROBE_MORE)
			best = v;
	}
	return best;
}

static ssize_t
nx_frame(const struct dctx *c, const struct rd *r)
{
	const struct nx_state *st = c->state;
	uint32_t from, n = 0;
	bool server;

	if (st->done)
		return rd_have(r);
	/* TLS begun before the other side's line came waits for it */
	if (st->n[c->side])
		return rd_have(r) <= EARLY_MAX ? 0 : rd_have(r);
	switch (line_shape(r, &from, &n, &server)) {
	case PROBE_YES:
		return n;
	case PROBE_MORE:
		return 0;
	default:
		return rd_have(r);
	}
}

static enum verdict
finish(struct dctx *c, struct nx_state *st)
{
	struct ev *e = ev_begin(c, "nomachine", &st->when, 0);

	st->done = true;
	jw_str(e->w, "client_version", st->version[0], st->n[0]);
	jw_str(e->w, "server_version", st->version[1], st->n[1]);
	ev_str(e, "transport", c->tcp ? TEXT("tcp") : TEXT("udp"));
	e->ot.op = OT_CONNECT;
	e->ot.service = TEXT("NX");
	if (c->tcp && st->n[1]) {
		e->ot.result = TEXT("ok");
		ev_identity(e, "nomachine.hello", EV_DEST)->product = ev_text(e, "NoMachine %.*s",
		    (int)st->n[1], st->version[1]);
	} else if (c->tcp) {
		ev_unanswered(e, c);
	}
	ev_emit(e);
	return DIS_LEAVE;
}

static enum verdict
nx_dissect(struct dctx *c, struct rd *r)
{
	struct nx_state *st = c->state;
	uint32_t from, n;
	bool server;

	if (st->done)
		return DIS_LEAVE;
	if (!c->tcp) {
		st->when = c->when;
		return finish(c, st);
	}
	if (st->n[c->side] || line_shape(r, &from, &n, &server) != PROBE_YES)
		return finish(c, st);
	if (!st->n[!c->side])
		st->when = c->when;
	st->n[c->side] = (uint8_t)(n - 1 - from);
	rd_skip(r, from);
	memcpy(st->version[c->side], rd_bytes(r, st->n[c->side]), st->n[c->side]);
	if (!st->n[!c->side])
		return DIS_OK;
	finish(c, st);
	return DIS_NEXT;
}

static void
nx_end(struct dctx *c, bool gap)
{
	struct nx_state *st = c->state;

	if (!gap && st && !st->done && (st->n[0] || st->n[1]))
		finish(c, st);
}

static const struct hint hints[] = { { HINT_UDP, 4000 }, { HINT_END, 0 } };
static const struct field fields[] = {
	{ "nomachine.client_version", "string", "the client's version" },
	{ "nomachine.server_version", "string", "the server's version" },
	{ "nomachine.transport", "string", "tcp, or udp beside it" },
	{ NULL, NULL, NULL },
};

const struct dissector nomachine_dissector = {
	.name = "nomachine",
	.title = "NoMachine NX",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct nx_state),
	.probe = nx_probe,
	.frame = nx_frame,
	.dissect = nx_dissect,
	.end = nx_end,
};
