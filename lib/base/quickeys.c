#include "base/quickeys.h"

#include <nettle/aes.h>
#include <nettle/gcm.h>
#include <nettle/hkdf.h>
#include <nettle/hmac.h>
#include <string.h>

enum { SALT = 20, SECRET = 32, TAG = 16, SAMPLE = 16, PN_LONGEST = 4, VERSION_2 = 0x6b3343cf };

/* Drafts before 29 are nowhere any more, but in captures. */
static const struct { uint32_t first, last; uint8_t salt[SALT]; } salts[] = {
	{ 1, 1, { 0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4,
	    0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a } },
	{ VERSION_2, VERSION_2, { 0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93, 0x81,
	    0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9 } },
	{ 0xff000021, 0xff000022, { 0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17,
	    0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a } },
	{ 0xff00001d, 0xff000020, { 0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97,
	    0x86, 0xf1, 0x9c, 0x61, 0x11, 0xe0, 0x43, 0x90, 0xa8, 0x99 } },
	{ 0xff000017, 0xff00001c, { 0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7,
	    0xd2, 0x43, 0x2b, 0xb4, 0x63, 0x65, 0xbe, 0xf9, 0xf5, 0x02 } },
};

/* HKDF-Expand-Label with no context: RFC 8446, 7.1. h has the secret as its key, and has it
 * again afterwards. */
static void
expand(struct hmac_sha256_ctx *h, const char *label, uint8_t *dst, uint8_t n)
{
	uint8_t info[4 + 6 + 16], m = (uint8_t)strlen(label);

	info[0] = 0;
	info[1] = n;
	info[2] = (uint8_t)(6 + m);
	memcpy(info + 3, "tls13 ", 6);
	memcpy(info + 9, label, m);
	info[9 + m] = 0;
	hkdf_expand(h, (nettle_hash_update_func *)hmac_sha256_update,
	    (nettle_hash_digest_func *)hmac_sha256_digest, SECRET, 10u + m, info, n, dst);
}

bool
quic_keys(struct quic_keys *k, uint32_t version, const uint8_t *dcid, size_t n, bool server)
{
	struct hmac_sha256_ctx h;
	uint8_t initial[SECRET], secret[SECRET];
	bool two = version == VERSION_2;
	size_t i = 0;

	while (i < sizeof(salts) / sizeof(salts[0]) &&
	    (version < salts[i].first || version > salts[i].last))
		i++;
	if (i == sizeof(salts) / sizeof(salts[0]))
		return false;
	hmac_sha256_set_key(&h, SALT, salts[i].salt);
	hkdf_extract(&h, (nettle_hash_update_func *)hmac_sha256_update,
	    (nettle_hash_digest_func *)hmac_sha256_digest, SECRET, n, dcid, initial);
	hmac_sha256_set_key(&h, SECRET, initial);
	expand(&h, server ? "server in" : "client in", secret, SECRET);
	hmac_sha256_set_key(&h, SECRET, secret);
	expand(&h, two ? "quicv2 key" : "quic key", k->key, sizeof(k->key));
	expand(&h, two ? "quicv2 iv" : "quic iv", k->iv, sizeof(k->iv));
	expand(&h, two ? "quicv2 hp" : "quic hp", k->hp, sizeof(k->hp));
	return true;
}

bool
quic_open(const struct quic_keys *k, uint8_t *packet, size_t pn_at, size_t n, size_t *at,
    size_t *len)
{
	struct aes128_ctx hp;
	struct gcm_aes128_ctx g;
	uint8_t mask[SAMPLE], nonce[12], tag[TAG], pn_n, bad = 0;

	if (n < pn_at + PN_LONGEST + SAMPLE)
		return false;
	aes128_set_encrypt_key(&hp, k->hp);
	aes128_encrypt(&hp, SAMPLE, mask, packet + pn_at + PN_LONGEST);
	packet[0] ^= mask[0] & 15;
	pn_n = (uint8_t)((packet[0] & 3) + 1);
	memcpy(nonce, k->iv, sizeof(nonce));
	for (uint8_t i = 0; i < pn_n; i++) {
		packet[pn_at + i] ^= mask[1 + i];
		nonce[sizeof(nonce) - pn_n + i] ^= packet[pn_at + i];
	}
	*at = pn_at + pn_n;
	*len = n - *at - TAG;
	gcm_aes128_set_key(&g, k->key);
	gcm_aes128_set_iv(&g, sizeof(nonce), nonce);
	gcm_aes128_update(&g, *at, packet);
	gcm_aes128_decrypt(&g, *len, packet + *at, packet + *at);
	gcm_aes128_digest(&g, TAG, tag);
	for (unsigned i = 0; i < TAG; i++)
		bad |= tag[i] ^ packet[n - TAG + i];
	return bad == 0;
}
