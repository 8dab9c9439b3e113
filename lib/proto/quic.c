/* quic.c: QUIC version 1, 2 and drafts, and what Google had before: one event a
 * connection, then the flow is left, for nothing more can be read.
 *
 *     flags, version(4), dcid<0..20>, scid<0..20>, token<>, length, number, frames
 *
 * A client's first packets are enciphered with keys that their own connection id gives
 * (quickeys.h): in their CRYPTO frames, in any order and over several packets, lies
 * the TLS ClientHello, and in the server's first ones its ServerHello. */
#include "base/limits.h"
#include "base/quickeys.h"
#include "proto/gather.h"
#include "proto/proto.h"
#include "proto/quic.h"
#include "proto/remote_access.h"
#include "proto/tls_kept.h"

enum { TRIES = 24 };
enum { F_PADDING, F_PING, F_ACK, F_ACK_ECN, F_CRYPTO = 6, F_CLOSE = 0x1c };

struct quic_state {
	struct when when;               /* the first packet's evidence */
	uint32_t version, rtt_us;
	bool asked, answered, retry, done, has_rtt;
	uint8_t tries, dcid_n;
	uint8_t dcid[QUIC_CID];
	struct tls_kept tls;
};
_Static_assert(sizeof(struct quic_state) <= PROTO_STATE_MAX, "state fits its slot");

/* EVE has the number in hex. */
static void
put_version(struct ev *e, uint32_t version)
{
	const char *name = quic_version_name(version);

	ev_str(e, "version", ev_text(e, "%x", version));
	e->ot.service = name ? ev_text(e, "QUIC %s", name) : TEXT("QUIC");
}

/* offered: what a server has instead, or no reader. */
static enum verdict
finish(struct dctx *c, struct quic_state *st, const char *result, const struct rd *offered)
{
	struct ev *e;

	st->done = true;
	e = ev_begin(c, "quic", &st->when, 0);
	put_version(e, st->version);
	tls_kept_put(e, &st->tls);
	if (st->retry)
		ev_bool(e, "retry", true);
	if (offered) {
		struct rd r = *offered;
		ev_arr(e, "server_versions");
		for (unsigned i = 0; rd_left(&r) >= 4 && i < LIM_ANNOUNCED; i++)
			ev_a_str(e, ev_text(e, "%x", rd_be32(&r)));
		ev_end(e);
	}
	remote_access_put(e, remote_access(e->eng, REMOTE_HOST, st->tls.sni, st->tls.sni_n));
	e->ot.op = OT_CONNECT;
	e->ot.object = tls_kept_sni(&st->tls);
	if (result)
		e->ot.result = text_c(result);
	else if (!st->answered)
		ev_unanswered(e, c);
	e->ot.has_rtt = st->has_rtt;
	e->ot.rtt_us = st->rtt_us;
	if (e->ot.object.n)
		ev_identity(e, "quic.sni", EV_DEST)->hostname = e->ot.object;
	ev_emit(e);
	return DIS_LEAVE;
}

/* A CRYPTO frame, as it came: where it belongs, how long, and its bytes. */
static void
gather_piece(struct dctx *c, uint32_t at, struct rd data)
{
	uint32_t n = data.cap;
	uint8_t head[6] = { (uint8_t)(at >> 24), (uint8_t)(at >> 16), (uint8_t)(at >> 8),
		(uint8_t)at, (uint8_t)(n >> 8), (uint8_t)n };
	struct gather *m = gather_find(c, 0);
	struct rd r = rd_init(head, sizeof(head), sizeof(head));

	if (!m)
		m = gather_begin(c, 0);
	if (m->parts >= 2 * LIM_QUIC_PIECES)
		return;
	gather_add(m, &r);
	gather_add(m, &data);
}

/* The stream's bytes from its beginning, as many as hang together. */
static uint32_t
together(const struct gather *m, uint8_t buf[LIM_QUIC_HELLO])
{
	uint32_t have = 0, before;

	do {
		struct rd r = gather_rd(m);

		before = have;
		while (rd_left(&r)) {
			uint32_t at = rd_be32(&r), n = rd_be16(&r);
			const uint8_t *p = rd_bytes(&r, n);

			if (!p || at > have || at + n <= have || at + n > LIM_QUIC_HELLO)
				continue;
			memcpy(buf + have, p + (have - at), at + n - have);
			have = at + n;
		}
	} while (have != before);
	return have;
}

/* The hello, when all of it is there. */
static void
take_hello(struct dctx *c, struct quic_state *st)
{
	uint8_t buf[LIM_QUIC_HELLO];
	struct gather *m = gather_find(c, 0);
	uint32_t have = m ? together(m, buf) : 0;
	struct rd r = rd_init(buf, have, have), body;
	struct tls_hello h;
	uint8_t type = rd_u8(&r);

	body = rd_sub(&r, rd_be24(&r));
	if (!rd_ok(&r))
		return;
	gather_drop(m);
	if (type == 1 && c->side == 0 && !st->tls.client) {
		if (tls_client_hello(body, &h))
			tls_kept_client(&st->tls, &h, 'q');
		else
			proto_anomaly(c, "INVALID_CLIENT_HELLO");
	} else if (type == 2 && c->side == 1 && tls_server_hello(body, &h) && !h.retry) {
		tls_kept_server(&st->tls, &h);
	}
}

/* The frames that an Initial packet may have. True when it closes the connection. */
static bool
frames(struct dctx *c, struct rd r)
{
	bool crypto = false;

	while (rd_left(&r)) {
		uint64_t type = quic_varint(&r), at, n;

		if (type == F_PADDING) {        /* hundreds of them follow each other */
			const uint8_t *p = rd_at(&r);
			uint32_t have = rd_have(&r), pads = 0;

			while (pads < have && !p[pads])
				pads++;
			rd_skip(&r, pads);
			continue;
		}
		if (type == F_PING)
			continue;
		if (type == F_ACK || type == F_ACK_ECN) {
			(void)quic_varint(&r);
			(void)quic_varint(&r);
			n = quic_varint(&r);
			(void)quic_varint(&r);
			for (; n && rd_left(&r); n--) {
				(void)quic_varint(&r);
				(void)quic_varint(&r);
			}
			for (int i = 0; type == F_ACK_ECN && i < 3; i++)
				(void)quic_varint(&r);
			continue;
		}
		if (type == F_CLOSE)
			return true;
		if (type != F_CRYPTO)
			break;
		at = quic_varint(&r);
		n = quic_varint(&r);
		if (n > rd_left(&r) || at > LIM_QUIC_HELLO || n > LIM_QUIC_HELLO)
			break;
		gather_piece(c, (uint32_t)at, rd_sub(&r, (uint32_t)n));
		crypto = true;
	}
	if (crypto)
		take_hello(c, c->state);
	return false;
}

/* Takes off the protection with the keys of the connection id; 1: the frames are read,
 * 2: they close the connection, 0: other keys. */
static int
open_with(struct dctx *c, const struct quic_packet *q, const uint8_t *dcid, uint32_t n)
{
	uint8_t buf[LIM_QUIC_PACKET];
	struct quic_keys k;
	size_t at, len;

	if (q->n > sizeof(buf) || q->rest.cap < q->rest.len ||
	    !quic_keys(&k, q->version, dcid, n, c->side == 1))
		return 0;
	memcpy(buf, q->p, q->n);
	if (!quic_open(&k, buf, q->pn_at, q->n, &at, &len))
		return 0;
	return frames(c, rd_init(buf + at, (uint32_t)len, (uint32_t)len)) ? 2 : 1;
}

static int
on_initial(struct dctx *c, struct quic_state *st, const struct quic_packet *q)
{
	int v;

	if (st->tries >= TRIES)
		return 0;
	st->tries++;
	if (st->dcid_n && (v = open_with(c, q, st->dcid, st->dcid_n)))
		return v;
	/* a client's first, or its first after a Retry */
	if (c->side != 0)
		return 0;
	v = open_with(c, q, q->dcid.p, q->dcid.cap);
	if (v || !st->dcid_n) {
		st->dcid_n = (uint8_t)q->dcid.cap;
		if (q->dcid.cap)
			memcpy(st->dcid, q->dcid.p, q->dcid.cap);
	}
	return v;
}

static void
note_answer(const struct dctx *c, struct quic_state *st)
{
	if (st->asked && !st->has_rtt && c->when.us >= st->when.us &&
	    c->when.us - st->when.us < 1000000000) {
		st->has_rtt = true;
		st->rtt_us = (uint32_t)(c->when.us - st->when.us);
	}
	st->answered = true;
}

static enum verdict
on_google(struct dctx *c, const struct gquic *g)
{
	struct quic_state *st = c->state;
	struct ev *e;

	if (!g->hello)
		return DIS_OK;
	st->done = true;
	e = ev_begin(c, "quic", &c->when, 0);
	jw_str(e->w, "version", g->version, 4);
	ev_str(e, "sni", g->sni);
	ev_str(e, "ua", g->ua);
	remote_access_put(e, remote_access(e->eng, REMOTE_HOST, g->sni.p, g->sni.n));
	e->ot.op = OT_CONNECT;
	e->ot.service = TEXT("gQUIC");
	e->ot.object = g->sni;
	if (g->sni.n)
		ev_identity(e, "quic.sni", EV_DEST)->hostname = g->sni;
	ev_emit(e);
	return DIS_LEAVE;
}

static enum verdict
quic_dissect(struct dctx *c, struct rd *r)
{
	struct quic_state *st = c->state;
	struct quic_packet q;
	struct gquic g;
	int first = rd_peek8(r, 0);

	if (st->done)
		return DIS_LEAVE;
	if (!st->asked && !st->answered)
		st->when = c->when;
	if (gquic_packet(*r, &g)) {
		enum verdict v = on_google(c, &g);
		rd_skip(r, rd_left(r));
		return v;
	}
	while (rd_left(r) && rd_peek8(r, 0) >= 0x80 && quic_packet(r, &q)) {
		if (q.version)
			st->version = q.version;
		if (c->side == 0) {
			st->asked = true;
			if (q.type == QUIC_INITIAL)
				(void)on_initial(c, st, &q);
			continue;
		}
		note_answer(c, st);
		switch (q.type) {
		case QUIC_NEGOTIATION:
			/* the versions that it has, instead of the one asked for */
			return finish(c, st, "version_negotiation", &q.rest);
		case QUIC_RETRY:
			st->retry = true;
			st->tries = 0;
			break;
		case QUIC_INITIAL:
			if (on_initial(c, st, &q) == 2 && !st->tls.has_cipher)
				return finish(c, st, "closed", NULL);
			if (st->tls.has_cipher)
				return finish(c, st, "ok", NULL);
			break;
		default:
			return finish(c, st, "ok", NULL);
		}
	}
	/* a short header: the handshake is over */
	if (first >= 0 && first < 0x80 && st->answered)
		return finish(c, st, "ok", NULL);
	rd_skip(r, rd_have(r));
	return DIS_OK;
}

static void
quic_end(struct dctx *c, bool gap)
{
	struct quic_state *st = c->state;

	if (st && !st->done && !gap && (st->asked || st->answered))
		(void)finish(c, st, NULL, NULL);
}

static enum probe
quic_probe(struct probe_in *in)
{
	struct rd r = rd_left(&in->side[0]) ? in->side[0] : in->side[1];
	struct quic_packet q;
	struct gquic g;

	if (in->tcp)
		return PROBE_NO;
	if (quic_packet(&r, &q)) {
		if (q.type == QUIC_NEGOTIATION) {
			in->reversed = rd_left(&in->side[0]) > 0;
			return PROBE_WEAK;
		}
		return PROBE_YES;
	}
	r = rd_left(&in->side[0]) ? in->side[0] : in->side[1];
	if (gquic_packet(r, &g))
		return g.hello ? PROBE_YES : PROBE_WEAK;
	return PROBE_NO;
}

static const struct hint hints[] = {
	{ HINT_UDP, 443 }, { HINT_UDP, 80 }, { HINT_UDP, 784 }, { HINT_UDP, 853 },
	{ HINT_UDP, 8443 }, { HINT_END, 0 },
};

static const struct field fields[] = {
	{ "quic.version", "string", "version, hex; Google's own as Q and a number" },
	{ "quic.ua", "string", "client's software (Google's QUIC)" },
	TLS_KEPT_FIELDS("quic."),
	{ "quic.retry", "boolean", "the server made the client prove its address first" },
	{ "quic.server_versions", "array", "what a server speaks that refused the version" },
	REMOTE_ACCESS_FIELDS("quic"),
	{ NULL },
};

const struct dissector quic_dissector = {
	.name = "quic",
	.title = "QUIC",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct quic_state),
	.probe = quic_probe,
	.dissect = quic_dissect,
	.end = quic_end,
};
