/* tls_kept.h: what of the TLS hellos is kept in a flow's state until its event, for
 * protocols that carry TLS's handshake in packets of their own (QUIC, DTLS). */
#ifndef OT_TLS_KEPT_H
#define OT_TLS_KEPT_H

#include "proto/tls_hello.h"

#include <stdbool.h>
#include <stdint.h>

struct tls_kept {
	uint16_t client_version, version, cipher;
	bool client, server, has_cipher;
	uint8_t sni_n, alpn_n, server_alpn_n, ja3_n, ja3s_n, ja4_n;
	uint8_t alpn[48];               /* as on the wire, whole entries */
	char sni[200], server_alpn[16];
	char ja3[32], ja3s[32], ja4[36];
};

/* transport is JA4's letter: 'q' or 'd'. */
void tls_kept_client(struct tls_kept *k, const struct tls_hello *h, char transport);
void tls_kept_server(struct tls_kept *k, const struct tls_hello *h);
/* sni, client_alpns, server_alpns, cipher; ja3, ja3s, ja4. */
void tls_kept_put(struct ev *e, const struct tls_kept *k);
static inline struct text
tls_kept_sni(const struct tls_kept *k)
{
	return (struct text){ k->sni, k->sni_n };
}

#define TLS_KEPT_FIELDS(p)                                                                         \
	{ p "sni", "string", "host the client asked for" },                                        \
	{ p "client_alpns", "array", "application protocols the client offered" },                 \
	{ p "server_alpns", "array", "application protocol the server chose" },                    \
	{ p "cipher", "string", "cipher suite the server chose, IANA's name or number" },          \
	{ p "ja3.hash", "string", "MD5 of the ClientHello's lists" },                              \
	{ p "ja3s.hash", "string", "MD5 of the ServerHello's lists" },                             \
	{ p "ja4", "string", "client's fingerprint, sorted lists" }

#endif
