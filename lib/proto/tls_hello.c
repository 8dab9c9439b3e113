/* TLS hellos, decoded: see tls_hello.h. */
#include "proto/tls_hello.h"

enum { EXTENSIONS_MAX = 256 };
enum { X_SNI = 0, X_GROUPS = 10, X_FORMATS = 11, X_SIGALGS = 13, X_ALPN = 16, X_VERSIONS = 43 };

/* SHA-256 of "HelloRetryRequest": RFC 8446, 4.1.3. */
static const uint8_t retry_random[32] = {
	0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11,
	0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
	0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e,
	0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
};

/* RFC 6066, 3: a list of names, of which only host_name (0) is defined. */
static void
decode_sni(struct rd x, struct tls_hello *h)
{
	struct rd list;

	if (!rd_left(&x))
		return;
	list = rd_sub(&x, rd_be16(&x));
	while (rd_left(&list)) {
		uint8_t type = rd_u8(&list);
		uint16_t n = rd_be16(&list);
		struct rd name = rd_sub(&list, n);
		if (rd_bad(&list) || n == 0) {
			h->odd = "INVALID_SNI_LENGTH";
			return;
		}
		if (type != 0)
			h->odd = "INVALID_SNI_TYPE";
		else if (!h->sni.n)
			h->sni = (struct text){ (const char *)name.p,
			    name.cap < LIM_TEXT ? name.cap : LIM_TEXT };
	}
	if (rd_bad(&x))
		h->odd = "INVALID_SNI_LENGTH";
}

/* RFC 8446, 4.2.1: the client's list, highest known; the server's one. */
static void
decode_versions(struct rd x, struct tls_hello *h, bool server)
{
	uint16_t best = 0;

	if (server) {
		h->version = rd_be16(&x);
		if (!rd_ok(&x))
			h->version = h->legacy;
		return;
	}
	rd_skip(&x, 1);
	while (rd_left(&x) >= 2) {
		uint16_t v = rd_be16(&x);
		/* drafts (0x7fxx) rank with what they became, below it */
		if (tls_grease(v) || !rd_ok(&x))
			continue;
		/* DTLS counts downwards */
		if (v >> 8 == 0xfe) {
			best = best >> 8 != 0xfe || v < best ? v : best;
			continue;
		}
		if (best >> 8 == 0x7f ? v == TLS_13 || (v >> 8 == 0x7f && v > best) :
		    v >> 8 == 0x7f ? best < TLS_13 : v > best)
			best = v;
	}
	/* where there is a list, the old field means nothing */
	if (best)
		h->version = best;
}

static void
decode_extensions(struct rd *r, struct tls_hello *h, bool server)
{
	struct rd list;
	unsigned count = 0;

	if (!rd_left(r))        /* none at all: SSL 3.0 and the very old */
		return;
	list = rd_sub(r, rd_be16(r));
	h->extensions = list;
	while (rd_left(&list)) {
		uint16_t type = rd_be16(&list);
		struct rd x = rd_sub(&list, rd_be16(&list));
		if (rd_bad(&list) || ++count > EXTENSIONS_MAX) {
			rd_set_bad(&list);
			break;
		}
		switch (type) {
		case X_SNI:
			h->has_sni = true;
			if (!server)
				decode_sni(x, h);
			break;
		case X_GROUPS:
			h->groups = rd_sub(&x, rd_be16(&x));
			break;
		case X_FORMATS:
			h->formats = rd_sub(&x, rd_u8(&x));
			break;
		case X_SIGALGS:
			h->sigalgs = rd_sub(&x, rd_be16(&x));
			break;
		case X_ALPN:
			h->alpn = rd_sub(&x, rd_be16(&x));
			break;
		case X_VERSIONS:
			decode_versions(x, h, server);
			break;
		default:
			break;
		}
	}
	if (rd_bad(&list))
		rd_set_bad(r);
}

static bool
client_hello(struct rd r, struct tls_hello *h, bool cookie)
{
	uint8_t n;

	memset(h, 0, sizeof(*h));
	h->version = h->legacy = rd_be16(&r);
	rd_skip(&r, 32);
	n = rd_u8(&r);
	if (n > 32)
		rd_set_bad(&r);
	rd_skip(&r, n);
	if (cookie)
		rd_skip(&r, rd_u8(&r));
	h->ciphers = rd_sub(&r, rd_be16(&r));
	if (rd_ok(&r) && h->ciphers.len % 2)
		rd_set_bad(&r);
	rd_skip(&r, rd_u8(&r));
	decode_extensions(&r, h, false);
	h->cut = rd_short(&r);
	return !rd_bad(&r);
}

bool
tls_client_hello(struct rd r, struct tls_hello *h)
{
	return client_hello(r, h, false);
}

bool
dtls_client_hello(struct rd r, struct tls_hello *h)
{
	return client_hello(r, h, true);
}

bool
tls_server_hello(struct rd r, struct tls_hello *h)
{
	const uint8_t *random;
	uint8_t n;

	memset(h, 0, sizeof(*h));
	h->version = h->legacy = rd_be16(&r);
	random = rd_bytes(&r, 32);
	h->retry = random && memcmp(random, retry_random, 32) == 0;
	/* The drafts of 1.3 had no session id: theirs is no version of ours. */
	if (h->legacy >> 8 != 0x7f) {
		n = rd_u8(&r);
		if (n > 32)
			rd_set_bad(&r);
		rd_skip(&r, n);
		h->cipher = rd_be16(&r);
		rd_skip(&r, 1);
	} else {
		h->cipher = rd_be16(&r);
	}
	h->has_cipher = rd_ok(&r);
	decode_extensions(&r, h, true);
	h->cut = rd_short(&r);
	return !rd_bad(&r);
}

bool
tls_v2_client_hello(struct rd r, struct tls_hello *h)
{
	uint16_t ciphers, id, challenge;

	memset(h, 0, sizeof(*h));
	rd_skip(&r, 1);
	h->version = h->legacy = rd_be16(&r);
	ciphers = rd_be16(&r);
	id = rd_be16(&r);
	challenge = rd_be16(&r);
	h->ciphers = rd_sub(&r, ciphers);
	if (ciphers % 3 || (id != 0 && id != 16) || challenge < 16 || challenge > 32)
		rd_set_bad(&r);
	rd_skip(&r, id);
	rd_skip(&r, challenge);
	return !rd_bad(&r);
}

bool
tls_v2_server_hello(struct rd r, struct tls_hello *h, struct rd *cert)
{
	uint16_t ncert, nciphers;

	memset(h, 0, sizeof(*h));
	rd_skip(&r, 3);         /* type, session-id-hit, certificate type */
	h->version = h->legacy = rd_be16(&r);
	ncert = rd_be16(&r);
	nciphers = rd_be16(&r);
	rd_skip(&r, 2);
	*cert = rd_sub(&r, ncert);
	h->ciphers = rd_sub(&r, nciphers);
	return !rd_bad(&r);
}
