/* dtls.c: DTLS 1.0, 1.2 and 1.3 (RFC 4347, 6347, 9147): CoAP's, the SSL-VPNs', WebRTC's
 * way to encrypt datagrams. One event a handshake, then the flow is left.
 *
 *     record: type, version(2), epoch(2), number(6), length(2)
 *     handshake: type, length(3), message number(2), offset(3), bytes here(3)
 */
#include "proto/gather.h"
#include "proto/proto.h"
#include "proto/remote_access.h"
#include "proto/tls.h"
#include "proto/tls_kept.h"
#include "proto/x509.h"

enum { R_CCS = 20, R_ALERT, R_HANDSHAKE, R_DATA, R_HEARTBEAT };
enum { M_CLIENT_HELLO = 1, M_SERVER_HELLO, M_VERIFY, M_CERTIFICATE = 11 };
enum { DTLS_BAD = 0x0100, DTLS_10 = 0xfeff, DTLS_12 = 0xfefd, DTLS_13 = 0xfefc };
enum { HEAD = 13, CERTIFICATE_KEPT = 1 << 16 };

struct dtls_state {
	struct when when;
	uint32_t rtt_us;
	bool done, has_rtt, answered, cookie;
	struct tls_kept tls;
};
_Static_assert(sizeof(struct dtls_state) <= PROTO_STATE_MAX, "state fits its slot");

static const struct tok versions[] = {
	{ DTLS_BAD, "DTLS 1.0 (draft)" }, { DTLS_10, "DTLS 1.0" }, { DTLS_12, "DTLS 1.2" },
	{ DTLS_13, "DTLS 1.3" }, { 0, NULL },
};

static bool
record_like(const struct rd *r)
{
	int type = rd_peek8(r, 0), version = rd_peek16(r, 1), n = rd_peek16(r, 11);

	return type >= R_CCS && type <= R_HEARTBEAT && n > 0 && (uint32_t)n + HEAD <= rd_left(r) &&
	    tok_find(versions, (uint32_t)version) && version != DTLS_13 && rd_peek16(r, 5) == 0;
}

static enum verdict
finish(struct dctx *c, struct dtls_state *st, struct text result)
{
	struct dctx server = *c;
	struct gather *m;
	struct x509 x;
	struct rd der = { 0 };
	const char *why, *name;
	bool has = false;
	struct ev *e;

	st->done = true;
	if (!st->tls.client && !st->tls.server)
		return DIS_LEAVE;
	server.side = 1;
	m = gather_find(&server, CERTIFICATE_KEPT);
	if (m) {
		der = gather_rd(m);
		has = x509_decode(der, &x, &why);
	}
	e = ev_begin(c, "dtls", &st->when, 0);
	if (st->tls.server) {
		name = tok_find(versions, st->tls.version);
		ev_str(e, "version", name ? text_c(name) : ev_text(e, "0x%04x", st->tls.version));
		e->ot.service = text_c(name ? name : "DTLS");
	} else {
		e->ot.service = TEXT("DTLS");
	}
	if (st->tls.client) {
		name = tok_find(versions, st->tls.client_version);
		ev_str(e, "client_version", name ? text_c(name) :
		    ev_text(e, "0x%04x", st->tls.client_version));
	}
	tls_kept_put(e, &st->tls);
	if (st->cookie)
		ev_bool(e, "cookie", true);
	if (has)
		tls_put_certificate(e, &x, der.p, der.cap, der.cap == der.len);
	tls_put_weak(e, st->tls.server && (st->tls.version == DTLS_10 ||
	    st->tls.version == DTLS_BAD), st->tls.has_cipher ? tls_cipher_name(st->tls.cipher) :
	    NULL, has ? &x : NULL, st->when.us);
	remote_access_put(e, remote_access(e->eng, REMOTE_HOST, st->tls.sni, st->tls.sni_n));
	e->ot.op = OT_CONNECT;
	e->ot.object = tls_kept_sni(&st->tls);
	if (result.n)
		e->ot.result = result;
	else if (!st->answered)
		ev_unanswered(e, c);
	e->ot.has_rtt = st->has_rtt;
	e->ot.rtt_us = st->rtt_us;
	if (e->ot.object.n)
		ev_identity(e, "dtls.sni", EV_DEST)->hostname = e->ot.object;
	if (has)
		tls_put_identity(e, &x, EV_DEST);
	ev_emit(e);
	return DIS_LEAVE;
}

static void
note_answer(const struct dctx *c, struct dtls_state *st)
{
	if (st->tls.client && !st->has_rtt && c->when.us >= st->when.us &&
	    c->when.us - st->when.us < 1000000000) {
		st->has_rtt = true;
		st->rtt_us = (uint32_t)(c->when.us - st->when.us);
	}
	st->answered = true;
}

/* The server's own certificate waits for the event. */
static const char *
keep_certificate(struct dctx *c, struct rd body)
{
	struct rd list = rd_sub(&body, rd_be24(&body)), leaf;

	if (!rd_left(&list))
		return NULL;
	leaf = rd_sub(&list, rd_be24(&list));
	if (rd_bad(&list) || !leaf.len)
		return "CERTIFICATE_INVALID_LENGTH";
	(void)gather_add(gather_begin(c, CERTIFICATE_KEPT), &leaf);
	return NULL;
}

static const char *
message(struct dctx *c, struct dtls_state *st, uint8_t type, struct rd body)
{
	struct tls_hello h;

	switch (type) {
	case M_CLIENT_HELLO:
		if (c->side != 0 || st->tls.server)
			break;
		if (!dtls_client_hello(body, &h))
			return "INVALID_CLIENT_HELLO";
		if (!st->tls.client)
			st->when = c->when;
		tls_kept_client(&st->tls, &h, 'd');
		return h.odd;
	case M_SERVER_HELLO:
		if (c->side != 1)
			break;
		if (!tls_server_hello(body, &h))
			return "INVALID_SERVER_HELLO";
		if (!st->tls.client)
			st->when = c->when;
		note_answer(c, st);
		if (!h.retry)
			tls_kept_server(&st->tls, &h);
		st->cookie |= h.retry;
		break;
	case M_VERIFY:
		note_answer(c, st);
		st->cookie = true;
		break;
	case M_CERTIFICATE:
		return c->side == 1 ? keep_certificate(c, body) : NULL;
	default:
		break;
	}
	return NULL;
}

/* Messages, each whole or a fragment; fragments are taken in order. */
static const char *
handshake(struct dctx *c, struct dtls_state *st, struct rd r)
{
	const char *why, *first = NULL;

	while (rd_left(&r)) {
		uint8_t type = rd_u8(&r);
		uint32_t len = rd_be24(&r), seq = rd_be16(&r), at = rd_be24(&r), n = rd_be24(&r);
		struct rd part = rd_sub(&r, n);
		struct gather *m;

		if (rd_bad(&r) || at + n > len)
			return "INVALID_FRAGMENT";
		if (n == len) {
			why = message(c, st, type, part);
		} else {
			m = at == 0 ? gather_begin(c, seq) : gather_find(c, seq);
			if (!m || m->next != at)
				continue;
			m->next = at + n;
			(void)gather_add(m, &part);
			if (m->next < len)
				continue;
			why = message(c, st, type, gather_rd(m));
			gather_drop(m);
		}
		first = first ? first : why;
	}
	return first;
}

static enum verdict
dtls_dissect(struct dctx *c, struct rd *r)
{
	struct dtls_state *st = c->state;
	const char *why;

	if (st->done)
		return DIS_LEAVE;
	while (rd_left(r)) {
		int first = rd_peek8(r, 0);
		struct rd body;
		uint16_t epoch;
		uint8_t type;

		/* 1.3's short header: encrypted; and what shares the flow (STUN, media) */
		if (first < 0 || !record_like(r)) {
			rd_skip(r, rd_have(r));
			if (first >= 0x20 && first < 0x40 && st->tls.server)
				return finish(c, st, TEXT("ok"));
			return DIS_OK;
		}
		type = rd_u8(r);
		rd_skip(r, 2);
		epoch = rd_be16(r);
		rd_skip(r, 6);
		body = rd_sub(r, rd_be16(r));
		if (epoch || type == R_DATA || type == R_CCS) {
			/* encrypted from here on: of interest once the server has spoken */
			if (!st->tls.server && (st->tls.client || c->side == 0) && !epoch)
				continue;
			rd_skip(r, rd_have(r));
			return finish(c, st, st->tls.server ? TEXT("ok") : (struct text){ 0 });
		}
		if (type == R_ALERT) {
			uint8_t level = rd_u8(&body), alert = rd_u8(&body);
			const char *s = tls_alert_name(alert);
			if (!rd_ok(&body) || level != 2)
				continue;
			if (c->side == 1)
				note_answer(c, st);
			return finish(c, st, s ? text_c(s) : TEXT("unknown_alert"));
		}
		if (type != R_HANDSHAKE)
			continue;
		why = handshake(c, st, body);
		if (why && !c->cut)
			return c->why = why, DIS_BAD;
	}
	return DIS_OK;
}

static void
dtls_end(struct dctx *c, bool gap)
{
	struct dtls_state *st = c->state;

	if (st && !st->done && !gap)
		(void)finish(c, st, (struct text){ 0 });
}

static enum probe
dtls_probe(struct probe_in *in)
{
	struct rd *r = rd_left(&in->side[0]) ? &in->side[0] : &in->side[1];
	int type = rd_peek8(r, 0), message_type = rd_peek8(r, HEAD), epoch = rd_peek16(r, 3);

	if (in->tcp || !record_like(r))
		return PROBE_NO;
	if (type != R_HANDSHAKE || epoch)
		return epoch > 0 && epoch < 16 ? PROBE_YES : PROBE_WEAK;
	if (message_type != M_CLIENT_HELLO && message_type != M_SERVER_HELLO &&
	    message_type != M_VERIFY)
		return PROBE_WEAK;
	in->reversed = r == &in->side[0] && message_type != M_CLIENT_HELLO;
	return PROBE_YES;
}

static const struct hint hints[] = {
	{ HINT_UDP, 443 }, { HINT_UDP, 4433 }, { HINT_UDP, 5061 }, { HINT_UDP, 5684 },
	{ HINT_UDP, 5349 }, { HINT_UDP, 10161 }, { HINT_UDP, 10162 }, { HINT_END, 0 },
};

static const struct field fields[] = {
	{ "dtls.version", "string", "version the server chose" },
	{ "dtls.client_version", "string", "highest version the client offered" },
	TLS_KEPT_FIELDS("dtls."),
	{ "dtls.cookie", "boolean", "the server made the client prove its address first" },
	{ "dtls.subject", "string", "certificate's subject" },
	{ "dtls.issuerdn", "string", "certificate's issuer" },
	{ "dtls.serial", "string", "certificate's serial number, hex with colons" },
	{ "dtls.fingerprint", "string", "SHA-1 of the certificate, hex with colons" },
	{ "dtls.fingerprint_sha256", "string", "SHA-256 of the certificate, hex with colons" },
	{ "dtls.notbefore", "string", "certificate is valid from, UTC" },
	{ "dtls.notafter", "string", "certificate is valid until, UTC" },
	{ "dtls.subjectaltname", "array", "further names of the subject, at most 64" },
	{ "dtls.self_signed", "boolean", "issuer and subject are the same" },
	{ "dtls.key_type", "string", "public key: RSA, EC, DSA, Ed25519, Ed448" },
	{ "dtls.key_bits", "integer", "public key's length" },
	{ "dtls.key_curve", "string", "curve of an EC key" },
	{ "dtls.signature_algorithm", "string", "how the issuer signed" },
	{ "dtls.weak", "array", "what the server chose or showed and should not have" },
	REMOTE_ACCESS_FIELDS("dtls"),
	{ NULL },
};

const struct dissector dtls_dissector = {
	.name = "dtls",
	.title = "DTLS: hellos and certificates",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct dtls_state),
	.probe = dtls_probe,
	.dissect = dtls_dissect,
	.end = dtls_end,
};
