/* tls_hello.h: ClientHello and ServerHello (RFC 8446, 4.1; RFC 5246, 7.4.1;
 * RFC 6101), and the fingerprints that are made of them.
 *
 *     ClientHello: version, random[32], session_id<0..32>, cipher_suites<2..>,
 *                  compression<1..>, extensions<0..> { type, data<0..> }
 *     ServerHello: version, random[32], session_id<0..32>, cipher_suite,
 *                  compression, extensions<0..>
 */
#ifndef OT_TLS_HELLO_H
#define OT_TLS_HELLO_H

#include "base/rd.h"
#include "proto/ev.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TLS_SSL2 = 0x0002, TLS_SSL3 = 0x0300, TLS_10 = 0x0301, TLS_11 = 0x0302, TLS_12 = 0x0303,
       TLS_13 = 0x0304 };
enum { JA3_TEXT = 6144, JA4_TEXT = 37, MD5_TEXT = 33 };

struct tls_hello {
	uint16_t legacy;                /* the version field */
	uint16_t version;               /* the highest offered, or the chosen one */
	uint16_t cipher;                /* ServerHello's */
	bool has_cipher;
	bool retry;                     /* ServerHello that is a HelloRetryRequest */
	bool cut;                       /* not captured whole: its lists have no fingerprint */
	bool has_sni;                   /* the extension is there, whatever it holds */
	struct text sni;
	/* readers over the lists, empty where absent */
	struct rd ciphers;              /* be16 each; SSLv2: be24 */
	struct rd extensions;
	struct rd alpn;                 /* length and bytes, each */
	struct rd groups;               /* be16 */
	struct rd formats;              /* u8 */
	struct rd sigalgs;              /* be16 */
	const char *odd;                /* EVE's name of an oddity that spoils nothing, or NULL */
};

/* The message's body, after its type and length. False when malformed. */
bool tls_client_hello(struct rd r, struct tls_hello *h);
bool tls_server_hello(struct rd r, struct tls_hello *h);
/* DTLS's ClientHello has a cookie behind the session id; its versions are 0xfeff for
 * 1.0, 0xfefd for 1.2, 0xfefc for 1.3. */
bool dtls_client_hello(struct rd r, struct tls_hello *h);
/* SSLv2's CLIENT-HELLO and SERVER-HELLO, after the two bytes of length. cert
 * becomes the server's certificate. */
bool tls_v2_client_hello(struct rd r, struct tls_hello *h);
bool tls_v2_server_hello(struct rd r, struct tls_hello *h, struct rd *cert);

/* True for the values that RFC 8701 reserves to keep servers tolerant. */
static inline bool
tls_grease(uint16_t v)
{
	return (v & 0x0f0f) == 0x0a0a && v >> 8 == (v & 0xff);
}

/* The strings that JA3 and JA3S hash; 0 when there is no room. */
size_t ja3_client(char *dst, size_t cap, const struct tls_hello *h);
size_t ja3_server(char *dst, size_t cap, const struct tls_hello *h);
/* JA4 of a ClientHello over TCP, NUL-terminated; false when its lists are too
 * long to be any client's. */
bool ja4_client(char dst[JA4_TEXT], const struct tls_hello *h);

/* n bytes' digest in lower-case hex, NUL-terminated, or "" when the library
 * refuses; sep stands between bytes, 0 for none. Returns its length. */
enum digest { DIGEST_MD5, DIGEST_SHA1, DIGEST_SHA256 };
enum { DIGEST_TEXT = 32 * 3 + 1 };
size_t digest_text(char dst[DIGEST_TEXT], enum digest kind, const void *p, size_t n, char sep);

/* "TLS 1.2", as EVE writes it, or NULL. */
const char *tls_version_name(uint16_t version);
/* IANA's name of a cipher suite, or NULL. */
const char *tls_cipher_name(uint16_t cipher);
/* "handshake_failure", or NULL. */
const char *tls_alert_name(uint8_t alert);

#endif
