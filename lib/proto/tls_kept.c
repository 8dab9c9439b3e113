#include "proto/tls_kept.h"

#include "proto/tls.h"

void
tls_kept_client(struct tls_kept *k, const struct tls_hello *h, char transport)
{
	char text[JA3_TEXT], t[DIGEST_TEXT], ja4[JA4_TEXT];
	struct rd r = h->alpn;
	size_t n;

	k->client = true;
	k->client_version = h->version;
	k->alpn_n = k->ja3_n = k->ja4_n = 0;
	k->sni_n = h->sni.n < sizeof(k->sni) ? (uint8_t)h->sni.n : sizeof(k->sni);
	if (k->sni_n)
		memcpy(k->sni, h->sni.p, k->sni_n);
	while (rd_left(&r)) {
		uint8_t len = rd_u8(&r);
		const uint8_t *p = rd_bytes(&r, len);
		if (!p || !len || k->alpn_n + len + 1u > sizeof(k->alpn))
			break;
		k->alpn[k->alpn_n] = len;
		memcpy(k->alpn + k->alpn_n + 1, p, len);
		k->alpn_n = (uint8_t)(k->alpn_n + len + 1);
	}
	if (h->cut)
		return;
	n = ja3_client(text, sizeof(text), h);
	if (n && digest_text(t, DIGEST_MD5, text, n, 0) == sizeof(k->ja3)) {
		memcpy(k->ja3, t, sizeof(k->ja3));
		k->ja3_n = sizeof(k->ja3);
	}
	if (ja4_client(ja4, h)) {
		memcpy(k->ja4, ja4, sizeof(k->ja4));
		k->ja4[0] = transport;
		if (h->version >> 8 == 0xfe) {  /* d1, d2, d3 */
			k->ja4[1] = 'd';
			k->ja4[2] = h->version == 0xfeff ? '1' : h->version == 0xfefd ? '2' : '3';
		}
		k->ja4_n = sizeof(k->ja4);
	}
}

void
tls_kept_server(struct tls_kept *k, const struct tls_hello *h)
{
	char text[JA3_TEXT], t[DIGEST_TEXT];
	size_t n = h->cut ? 0 : ja3_server(text, sizeof(text), h);
	struct rd alpn = h->alpn;
	uint8_t len = rd_left(&alpn) ? rd_u8(&alpn) : 0;
	const uint8_t *p = rd_bytes(&alpn, len);

	k->server = true;
	k->version = h->version;
	k->cipher = h->cipher;
	k->has_cipher = h->has_cipher;
	if (p && len && len <= sizeof(k->server_alpn)) {
		memcpy(k->server_alpn, p, len);
		k->server_alpn_n = len;
	}
	if (n && digest_text(t, DIGEST_MD5, text, n, 0) == sizeof(k->ja3s)) {
		memcpy(k->ja3s, t, sizeof(k->ja3s));
		k->ja3s_n = sizeof(k->ja3s);
	}
}

static void
put_hash(struct ev *e, const char *key, size_t kn, const char *hash, uint8_t n)
{
	if (!n)
		return;
	jw_k_open(e->w, key, kn, '{');
	jw_str(e->w, "hash", hash, n);
	ev_end(e);
}

void
tls_kept_put(struct ev *e, const struct tls_kept *k)
{
	const char *cipher;

	jw_str(e->w, "sni", k->sni, k->sni_n);
	tls_put_alpns(e, k->alpn, k->alpn_n, k->server_alpn, k->server_alpn_n);
	if (k->has_cipher) {
		cipher = tls_cipher_name(k->cipher);
		ev_str(e, "cipher", cipher ? text_c(cipher) : ev_text(e, "0x%04x", k->cipher));
	}
	put_hash(e, JW_K("ja3"), k->ja3, k->ja3_n);
	put_hash(e, JW_K("ja3s"), k->ja3s, k->ja3s_n);
	jw_str(e->w, "ja4", k->ja4, k->ja4_n);
}
