/* TLS over TCP, on any port: one event a handshake, then nothing more, for
 * nothing more can be read.
 *
 *     record: type, version(2), length(2), fragment       RFC 8446, 5.1
 *     handshake message: type, length(3), body            RFC 8446, 4
 *
 * Messages may span records and records segments. What is certain to fit goes
 * into the flow's state; what is large (messages in reassembly, certificates,
 * JA3's text) goes into one of a fixed number of slots, of which the one least
 * used is taken away when there are too many handshakes at a time. A flow that
 * lost its slot still has its event, without those fields. */
#include "proto/tls.h"
#include "proto/x509.h"

enum { R_CCS = 20, R_ALERT, R_HANDSHAKE, R_DATA, R_HEARTBEAT, RECORD_MAX = 16384 + 2048 };
enum { M_CLIENT_HELLO = 1, M_SERVER_HELLO = 2, M_CERTIFICATE = 11 };
/* One dissecting thread has one pool; its pages are touched as handshakes
 * come. */
static _Thread_local struct slot slots[LIM_TLS_SLOTS];
static _Thread_local uint64_t turn, evicted;

uint64_t
tls_slots_evicted(void)
{
	return evicted;
}

/* The flow's slot if it still has one. */
static struct slot *
slot_of(const struct dctx *c, struct tls_state *st)
{
	struct slot *s;

	if (!st->slot)
		return NULL;
	s = &slots[st->slot - 1];
	if (s->owner != c->flow->id) {
		st->slot = 0;
		return NULL;
	}
	s->used = ++turn;
	return s;
}

static struct slot *
slot_take(const struct dctx *c, struct tls_state *st)
{
	struct slot *s = slot_of(c, st);
	uint32_t best = 0;

	if (s)
		return s;
	for (uint32_t i = 0; i < LIM_TLS_SLOTS; i++) {
		if (!slots[i].owner) {
			best = i;
			break;
		}
		if (slots[i].used < slots[best].used)
			best = i;
	}
	s = &slots[best];
	evicted += s->owner != 0;
	s->owner = c->flow->id;
	s->used = ++turn;
	s->ja3_n = s->ja3s_n = 0;
	memset(s->hs, 0, sizeof(s->hs));
	memset(s->cert, 0, sizeof(s->cert));
	st->slot = best + 1;
	return s;
}

/* The handshake as far as it is known; then the flow is left alone. */
static enum verdict
finish(struct dctx *c, struct tls_state *st, struct text result)
{
	struct slot *s = slot_of(c, st);

	st->done = true;
	if (st->client_hello || st->server_hello)
		tls_event(c, st, s, result);
	if (s)
		s->owner = 0;
	st->slot = 0;
	return DIS_LEAVE;
}

/* The time of the first answer. */
static void
note_answer(const struct dctx *c, struct tls_state *st)
{
	if (st->client_hello && !st->has_rtt && c->when.us >= st->when.us &&
	    c->when.us - st->when.us <= UINT32_MAX) {
		st->has_rtt = true;
		st->rtt_us = (uint32_t)(c->when.us - st->when.us);
	}
}

static void
keep_client(struct dctx *c, struct tls_state *st, const struct tls_hello *h)
{
	struct rd r = h->alpn;

	st->when = c->when;
	st->client_hello = true;
	st->client_version = h->version;
	st->sni_n = h->sni.n < SNI_KEPT ? (uint8_t)h->sni.n : SNI_KEPT;
	if (st->sni_n)
		memcpy(st->sni, h->sni.p, st->sni_n);
	while (rd_left(&r)) {
		uint8_t n = rd_u8(&r);
		const uint8_t *p = rd_bytes(&r, n);
		if (!p || !n || st->alpn_n + n + 1 > ALPN_KEPT)
			break;
		st->alpn[st->alpn_n] = n;
		memcpy(st->alpn + st->alpn_n + 1, p, n);
		st->alpn_n = (uint8_t)(st->alpn_n + n + 1);
	}
}

static void
keep_prints(struct dctx *c, struct tls_state *st, const struct tls_hello *h)
{
	char text[JA3_TEXT], t[DIGEST_TEXT], ja4[JA4_TEXT];
	size_t n;
	struct slot *s;

	if (h->cut)
		return;
	n = ja3_client(text, sizeof(text), h);
	if (n && digest_text(t, DIGEST_MD5, text, n, 0) == sizeof(st->ja3)) {
		memcpy(st->ja3, t, sizeof(st->ja3));
		st->ja3_n = sizeof(st->ja3);
		s = slot_take(c, st);
		if (n <= sizeof(s->ja3)) {
			memcpy(s->ja3, text, n);
			s->ja3_n = (uint16_t)n;
		}
	}
	if (ja4_client(ja4, h)) {
		memcpy(st->ja4, ja4, sizeof(st->ja4));
		st->ja4_n = sizeof(st->ja4);
	}
}

static const char *
on_client_hello(struct dctx *c, struct tls_state *st, struct rd body)
{
	struct tls_hello h;

	if (c->side != 0 || st->client_hello)   /* again after HelloRetryRequest: the same client */
		return NULL;
	if (!tls_client_hello(body, &h)) {
		st->when = c->when;             /* the server's answer still says something */
		return "INVALID_CLIENT_HELLO";
	}
	keep_client(c, st, &h);
	keep_prints(c, st, &h);
	return h.odd;
}

static const char *
on_server_hello(struct dctx *c, struct tls_state *st, struct rd body)
{
	char text[JA3_TEXT], t[DIGEST_TEXT];
	struct tls_hello h;
	struct slot *s;
	struct rd alpn;
	size_t len;
	uint8_t n;

	if (c->side != 1 || st->server_hello)
		return NULL;
	if (!tls_server_hello(body, &h))
		return "INVALID_SERVER_HELLO";
	note_answer(c, st);
	if (h.retry) {
		st->retry = true;
		return NULL;
	}
	if (!st->client_hello)
		st->when = c->when;
	st->server_hello = true;
	st->version = h.version;
	st->cipher = h.cipher;
	st->has_cipher = h.has_cipher;
	alpn = h.alpn;
	n = rd_left(&alpn) ? rd_u8(&alpn) : 0;
	if (n && n <= SERVER_ALPN_KEPT && rd_have(&alpn) >= n) {
		memcpy(st->server_alpn, rd_bytes(&alpn, n), n);
		st->server_alpn_n = n;
	}
	if (h.cut)
		return NULL;
	len = ja3_server(text, sizeof(text), &h);
	if (len && digest_text(t, DIGEST_MD5, text, len, 0) == sizeof(st->ja3s)) {
		memcpy(st->ja3s, t, sizeof(st->ja3s));
		st->ja3s_n = sizeof(st->ja3s);
		s = slot_take(c, st);
		if (len <= sizeof(s->ja3s)) {
			memcpy(s->ja3s, text, len);
			s->ja3s_n = (uint16_t)len;
		}
	}
	return NULL;
}

/* The first certificate is the speaker's own; the chain above it says nothing
 * of the device. */
static const char *
keep_certificate(struct dctx *c, struct tls_state *st, struct rd leaf)
{
	struct slot *s = slot_take(c, st);
	uint32_t n = rd_have(&leaf);
	const char *why;
	struct x509 x;

	if (n > sizeof(s->der[0]))
		n = sizeof(s->der[0]);
	if (!n)
		return NULL;
	memcpy(s->der[c->side], rd_at(&leaf), n);
	s->cert[c->side].n = n;
	s->cert[c->side].len = rd_left(&leaf);
	return x509_decode(leaf, &x, &why) ? NULL : why;
}

static const char *
on_certificate(struct dctx *c, struct tls_state *st, struct rd body)
{
	struct rd list = rd_sub(&body, rd_be24(&body));
	struct rd leaf;

	st->certificate |= c->side == 1;
	if (!rd_left(&list))            /* a client that has none says so */
		return rd_bad(&body) ? "CERTIFICATE_INVALID_LENGTH" : NULL;
	leaf = rd_sub(&list, rd_be24(&list));
	if (rd_bad(&list) || !leaf.len)
		return "CERTIFICATE_INVALID_LENGTH";
	return keep_certificate(c, st, leaf);
}

/* One handshake message. Its anomaly's name, or NULL. */
static const char *
message(struct dctx *c, struct tls_state *st, struct rd m)
{
	uint8_t type = rd_u8(&m);
	struct rd body = rd_sub(&m, rd_be24(&m));

	switch (type) {
	case M_CLIENT_HELLO:
		return on_client_hello(c, st, body);
	case M_SERVER_HELLO:
		return on_server_hello(c, st, body);
	case M_CERTIFICATE:
		return on_certificate(c, st, body);
	/* hello request, ticket, encrypted extensions, key exchanges, request,
	 * done, verify, finished, URL, status, key update, next protocol */
	case 0: case 4: case 5: case 6: case 8: case 12: case 13: case 14: case 15: case 16:
	case 20: case 21: case 22: case 23: case 24: case 67:
		return NULL;
	default:
		st->broken[c->side] = true;
		return "INVALID_HANDSHAKE_MESSAGE";
	}
}

/* A record's worth of handshake: whole messages in place, others through the
 * slot. */
static const char *
handshake(struct dctx *c, struct tls_state *st, struct rd r)
{
	int side = c->side;
	const char *why = NULL, *first = NULL;

	while (rd_left(&r) && !st->broken[side]) {
		struct slot *s;
		uint32_t n, room;

		if (!st->partial[side] && rd_have(&r) >= 4) {
			struct rd look = r;
			rd_skip(&look, 1);
			n = rd_be24(&look) + 4;
			if (n <= rd_left(&r)) {
				why = message(c, st, rd_sub(&r, n));
				first = first ? first : why;
				continue;
			}
		}
		if (st->partial[side]) {
			s = slot_of(c, st);
			if (!s) {
				st->broken[side] = true;
				break;
			}
		} else {
			s = slot_take(c, st);
			st->partial[side] = true;
			s->hs[side].got = 0;
			s->hs[side].need = 4;
		}
		n = s->hs[side].need - s->hs[side].got;
		if (n > rd_have(&r))
			n = rd_have(&r);
		if (!n) {                       /* the capture was cut here */
			st->broken[side] = true;
			break;
		}
		room = s->hs[side].got < LIM_TLS_MESSAGE ? LIM_TLS_MESSAGE - s->hs[side].got : 0;
		memcpy(s->msg[side] + (LIM_TLS_MESSAGE - room), rd_at(&r), n < room ? n : room);
		s->hs[side].got += n;
		rd_skip(&r, n);
		if (s->hs[side].got < s->hs[side].need)
			continue;
		if (s->hs[side].need == 4) {
			const uint8_t *p = s->msg[side];
			s->hs[side].need += (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
			if (s->hs[side].need > 4)
				continue;
		}
		st->partial[side] = false;
		why = message(c, st, rd_init(s->msg[side], s->hs[side].need < LIM_TLS_MESSAGE ?
		    s->hs[side].need : LIM_TLS_MESSAGE, s->hs[side].need));
		first = first ? first : why;
	}
	if (rd_short(&r))               /* what our snap length took away */
		st->broken[side] = true;
	return first;
}

static enum verdict
on_v2(struct dctx *c, struct tls_state *st, struct rd *r)
{
	struct tls_hello h;
	const char *why;
	struct rd cert;

	rd_skip(r, 2);
	st->seen[c->side] = true;
	if (c->side == 0) {
		if (!tls_v2_client_hello(rd_rest(r), &h))
			return c->why = "INVALID_SSLV2_HEADER", DIS_BAD;
		keep_client(c, st, &h);
		return DIS_OK;
	}
	if (!tls_v2_server_hello(rd_rest(r), &h, &cert))
		return c->why = "INVALID_SSLV2_HEADER", DIS_BAD;
	note_answer(c, st);
	if (!st->client_hello)
		st->when = c->when;
	st->server_hello = true;
	st->version = h.version;
	why = keep_certificate(c, st, cert);
	if (why)
		proto_anomaly(c, why);
	return finish(c, st, TEXT("ok"));
}

static enum verdict
on_alert(struct dctx *c, struct tls_state *st, struct rd *r)
{
	uint8_t level = rd_u8(r), alert = rd_u8(r);
	const char *s = tls_alert_name(alert);

	if (!rd_ok(r) || st->sealed[c->side])
		return DIS_OK;
	if (level != 1 && level != 2)
		return c->why = "INVALID_ALERT", DIS_BAD;
	if (level == 1 || !(st->client_hello || st->server_hello))
		return DIS_OK;
	if (c->side == 1)
		note_answer(c, st);
	if (s)
		return finish(c, st, text_c(s));
	/* a text of ours must outlive ev_begin: none does but a literal */
	return finish(c, st, TEXT("unknown_alert"));
}

static enum verdict
tls_dissect(struct dctx *c, struct rd *r)
{
	struct tls_state *st = c->state;
	const char *why;
	uint8_t type;

	if (st->done)
		return DIS_LEAVE;
	if (rd_peek8(r, 0) >= 0x80)
		return on_v2(c, st, r);
	type = rd_u8(r);
	rd_skip(r, 4);
	if (!rd_ok(r))
		return DIS_OK;
	st->seen[c->side] = true;
	switch (type) {
	case R_HANDSHAKE:
		if (st->sealed[c->side])
			return DIS_OK;
		why = handshake(c, st, rd_rest(r));
		if (why)
			return c->why = why, DIS_BAD;
		return DIS_OK;
	case R_ALERT:
		/* sealed ones are longer */
		return rd_left(r) == 2 ? on_alert(c, st, r) : DIS_OK;
	case R_CCS:
		/* between HelloRetryRequest and the true ServerHello it means nothing */
		if (st->retry && !st->server_hello)
			return DIS_OK;
		st->sealed[c->side] = true;
		if (st->server_hello && (c->side == 1 || st->version > TLS_12))
			return finish(c, st, TEXT("ok"));
		return DIS_OK;
	case R_DATA:
		if (st->server_hello)
			return finish(c, st, TEXT("ok"));
		/* 0-RTT data follow the client's hello at once */
		if (st->client_hello && c->side == 0 && !st->sealed[0])
			return DIS_OK;
		return finish(c, st, (struct text){ 0 });
	default:
		return DIS_OK;
	}
}

static void
tls_end(struct dctx *c, bool gap)
{
	struct tls_state *st = c->state;
	struct text none = { 0 };

	if (!st || st->done)
		return;
	if (gap) {
		st->broken[c->side] = true;
		st->partial[c->side] = false;
		return;
	}
	/* A client that went on to encrypt had an answer; we did not see it. What
	 * was no record was an answer, too. */
	finish(c, st, st->seen[1] || st->broken[1] || st->sealed[0] || c->flow->tcp[1].lost ? none :
	    c->unseen ? TEXT("not_captured") : TEXT("no_response"));
}

/* Type, version and length as records have them. */
static bool
record_like(const struct rd *r, uint32_t at)
{
	int type = rd_peek8(r, at), v = rd_peek16(r, at + 1), n = rd_peek16(r, at + 3);

	return type >= R_CCS && type <= R_HEARTBEAT && v >= TLS_SSL3 && v <= TLS_13 &&
	    n <= RECORD_MAX && (n > 0 || type == R_DATA);
}

/* SSLv2's hellos have two bytes of length, then their type. */
static bool
v2_like(const struct rd *r, int type)
{
	int v = rd_peek16(r, 3);

	return rd_peek8(r, 0) >= 0x80 && rd_peek8(r, 2) == type &&
	    (type == 4 || v == TLS_SSL2 || (v >= TLS_SSL3 && v <= TLS_12));
}

static ssize_t
tls_frame(const struct dctx *c, const struct rd *r)
{
	const struct tls_state *st = c->state;

	if (rd_have(r) < 5)
		return 0;
	if (record_like(r, 0))
		return 5 + rd_peek16(r, 3);
	if (!st->seen[c->side] && (v2_like(r, 1) || (v2_like(r, 4) && c->side == 1)))
		return 2 + (rd_peek16(r, 0) & 0x7fff);
	return -1;
}

struct shape {
	bool certain, no, more;
	bool client, server;
	unsigned records;
};

static struct shape
shape_of(struct rd r)
{
	struct shape s = { 0 };
	uint32_t at = 0;
	int type;

	if (!rd_have(&r))
		return s;
	if (rd_peek8(&r, 0) >= 0x80) {
		/* SSLv2: lengths that add up, or it is something else */
		if (rd_have(&r) < 11) {
			s.more = rd_have(&r) < 3 || v2_like(&r, 1);
			s.no = !s.more;
			return s;
		}
		s.certain = s.client = v2_like(&r, 1) &&
		    (rd_peek16(&r, 0) & 0x7fff) == 9 + rd_peek16(&r, 5) + rd_peek16(&r, 7) +
		    rd_peek16(&r, 9) && rd_peek16(&r, 5) % 3 == 0 && rd_peek16(&r, 9) >= 16;
		s.no = !s.certain;
		return s;
	}
	if (rd_have(&r) < 5) {
		type = rd_peek8(&r, 0);
		s.no = type < R_CCS || type > R_HEARTBEAT ||
		    (rd_have(&r) >= 2 && rd_peek8(&r, 1) != 3);
		s.more = !s.no;
		return s;
	}
	for (; at < rd_have(&r); at += 5u + (uint32_t)rd_peek16(&r, at + 3)) {
		if (rd_have(&r) - at < 5)
			break;
		if (!record_like(&r, at)) {
			s.no = true;
			return s;
		}
		s.records++;
		if (rd_peek8(&r, at) != R_HANDSHAKE || s.client || s.server || at)
			continue;
		/* message type, length(3), version, random(32), session id */
		type = rd_peek8(&r, 5);
		if (rd_have(&r) < 11) {
			s.more = true;
			break;
		}
		if (type != M_CLIENT_HELLO && type != M_SERVER_HELLO)
			continue;
		if (rd_peek8(&r, 9) != 3 && rd_peek8(&r, 9) != 0x7f)
			continue;
		s.certain = true;
		s.client = type == M_CLIENT_HELLO;
		s.server = !s.client;
	}
	return s;
}

static enum probe
tls_probe(struct probe_in *in)
{
	struct shape a = shape_of(in->side[0]), b = shape_of(in->side[1]);

	/* a server may answer a hello with something else: the hello decides */
	if ((a.no && !b.client) || (b.no && !a.client))
		return PROBE_NO;
	in->reversed = (a.server && !b.server) || (b.client && !a.client);
	if (a.certain || b.certain)
		return PROBE_YES;
	if (a.more || b.more)
		return PROBE_MORE;
	return a.records + b.records >= 2 ? PROBE_YES : PROBE_WEAK;
}

static const struct hint hints[] = {
	{ HINT_TCP, 443 }, { HINT_TCP, 465 }, { HINT_TCP, 563 }, { HINT_TCP, 636 },
	{ HINT_TCP, 802 }, { HINT_TCP, 853 }, { HINT_TCP, 990 }, { HINT_TCP, 993 },
	{ HINT_TCP, 995 }, { HINT_TCP, 2762 }, { HINT_TCP, 4843 }, { HINT_TCP, 5061 },
	{ HINT_TCP, 8443 }, { HINT_TCP, 8883 }, { HINT_TCP, 19999 }, { HINT_TCP, 47809 },
	{ HINT_END, 0 },
};

const struct dissector tls_dissector;
const struct dissector tls_dissector = {
	.name = "tls",
	.title = "TLS and SSL: hellos and certificates",
	.hints = hints,
	.fields = tls_fields,
	.state_size = sizeof(struct tls_state),
	.probe = tls_probe,
	.frame = tls_frame,
	.dissect = tls_dissect,
	.end = tls_end,
	.evicted = tls_slots_evicted,
};
