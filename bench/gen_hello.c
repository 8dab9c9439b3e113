/* gen_hello.c: hellos of TLS 1.2, TLS 1.3 and QUIC, certificates, records. */
#include "gen_office.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHANGE = 20, HANDSHAKE = 22, DATA = 23, RECORD = 16384 };

/* ------------------------------------------------------------ hellos */

static unsigned
extension(unsigned type)
{
	p16(type);
	return mark(2);
}

static void
ext_list(unsigned type, unsigned lenlen, const uint16_t *v, unsigned n)
{
	unsigned e = extension(type), l = mark(lenlen);

	for (unsigned i = 0; i < n; i++)
		p16(v[i]);
	fill(l, lenlen);
	fill(e, 2);
}

static void
ext_alpn(const char *const *name, unsigned n)
{
	unsigned e = extension(16), l = mark(2);

	for (unsigned i = 0; i < n; i++)
		p8((unsigned)strlen(name[i])), ptext(name[i]);
	fill(l, 2);
	fill(e, 2);
}

static void
ext_key_share(bool client)
{
	unsigned e = extension(51), l = client ? mark(2) : 0;

	p16(29), p16(32), opaque(32);
	if (client)
		fill(l, 2);
	fill(e, 2);
}

/* Parameters of the transport; a connection id belongs to them on both sides. */
static void
ext_quic(void)
{
	unsigned e = extension(57);

	p8(1), p8(4), p32(0x80007530);          /* idle timeout: 30 s */
	p8(3), p8(2), p16(0x45c0);              /* datagrams of 1472 bytes */
	p8(4), p8(4), p32(0x80f00000);
	p8(8), p8(2), p16(0x4064);
	p8(15), p8(0);
	fill(e, 2);
}

void
client_hello(const char *name, bool old, bool quic)
{
	static const uint16_t suites[] = { 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030,
		0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035 };
	static const uint16_t groups[] = { 29, 23, 24 }, versions[] = { 0x0304, 0x0303 };
	static const uint16_t sigs[] = { 0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806,
		0x0601 };
	static const char *const web[] = { "h2", "http/1.1" }, *const h3[] = { "h3" };
	unsigned from = old ? 3 : 0, to = quic ? 3 : 15, start = pn;
	unsigned body, e, x, list;

	p8(1), body = mark(3);
	p16(0x0303), opaque(32);
	p8(quic ? 0 : 32), opaque(quic ? 0 : 32);
	p16(2 * (to - from));
	for (unsigned i = from; i < to; i++)
		p16(suites[i]);
	p8(1), p8(0);
	e = mark(2);
	x = extension(0), list = mark(2), p8(0), p16((unsigned)strlen(name)), ptext(name);
	fill(list, 2), fill(x, 2);
	x = extension(23), fill(x, 2);
	x = extension(0xff01), p8(0), fill(x, 2);
	ext_list(10, 2, groups, 3);
	x = extension(11), p8(1), p8(0), fill(x, 2);
	x = extension(35), fill(x, 2);
	ext_alpn(quic ? h3 : web, quic ? 1 : 2);
	x = extension(5), p8(1), p16(0), p16(0), fill(x, 2);
	ext_list(13, 2, sigs, 8);
	x = extension(18), fill(x, 2);
	if (!old) {
		ext_key_share(true);
		x = extension(45), p8(1), p8(1), fill(x, 2);
		ext_list(43, 1, versions, quic ? 1 : 2);
	}
	if (quic) {
		ext_quic();
	} else {
		x = extension(21);
		while (pn - start < 512)
			p8(0);
		fill(x, 2);
	}
	fill(e, 2);
	fill(body, 3);
}

void
server_hello(bool old, bool quic)
{
	static const char *const h2[] = { "h2" };
	unsigned body, e, x;

	p8(2), body = mark(3);
	p16(0x0303), opaque(32);
	p8(quic ? 0 : 32), opaque(quic ? 0 : 32);
	p16(old ? 0xc02f : 0x1301), p8(0);
	e = mark(2);
	if (old) {
		x = extension(0xff01), p8(0), fill(x, 2);
		x = extension(23), fill(x, 2);
		ext_alpn(h2, 1);
	} else {
		x = extension(43), p16(0x0304), fill(x, 2);
		ext_key_share(false);
	}
	fill(e, 2);
	fill(body, 3);
}

/* ------------------------------------------------------------ records */

static unsigned record_at;

void
tls_open(void)
{
	p8(HANDSHAKE), p16(0x0303);
	record_at = mark(2);
}

void
tls_close(void)
{
	fill(record_at, 2);
}

void
tls_change(void)
{
	p8(CHANGE), p16(0x0303), p16(1), p8(1);
}

void
tls_opaque(unsigned type, unsigned n)
{
	p8(type), p16(0x0303), p16(n), opaque(n);
}

void
tls_records(unsigned n)
{
	while (n) {
		unsigned k = n < RECORD ? n : RECORD;
		tls_opaque(DATA, k + 17);
		n -= k;
	}
}

/* ------------------------------------------------------------ a certificate (RFC 5280) */

static unsigned
der(unsigned tag)
{
	p8(tag);
	return pn;
}

/* Puts the length of what was written since `at` in front of it. */
static void
der_end(unsigned at)
{
	unsigned n = pn - at, more = n < 128 ? 1 : n < 256 ? 2 : 3;

	memmove(pay + at + more, pay + at, n);
	pn = at;
	if (more == 1)
		p8(n);
	else if (more == 2)
		p8(0x81), p8(n);
	else
		p8(0x82), p16(n);
	pn += n;
}

static void
der_bytes(unsigned tag, const char *s, size_t n)
{
	unsigned at = der(tag);

	pbytes(s, n);
	der_end(at);
}

static void
der_name(const char *cn)
{
	unsigned name = der(0x30), set = der(0x31), pair = der(0x30);

	der_bytes(6, "\x55\x04\x03", 3);
	der_bytes(12, cn, strlen(cn));
	der_end(pair), der_end(set), der_end(name);
}

/* The algorithm that differs from RSA's other ones in its last byte. */
static void
der_rsa(char which)
{
	char oid[] = "\x2a\x86\x48\x86\xf7\x0d\x01\x01?";
	unsigned a = der(0x30);

	oid[8] = which;
	der_bytes(6, oid, 9);
	p8(5), p8(0);
	der_end(a);
}

/* A signature or key of RSA: a number of 2048 bits. */
static void
rsa_number(void)
{
	p8(0x80 | rnd(128)), opaque(255);
}

static void
certificate(const char *name, const char *issuer)
{
	unsigned all = der(0x30), tbs = der(0x30), x, y, z, names, list;

	x = der(0xa0), der_bytes(2, "\2", 1), der_end(x);
	x = der(2), p8(0x40), opaque(7), der_end(x);
	der_rsa(11);
	der_name(issuer);
	x = der(0x30);
	der_bytes(0x17, "261001000000Z", 13), der_bytes(0x17, "270101000000Z", 13);
	der_end(x);
	der_name(name);
	x = der(0x30), der_rsa(1), y = der(3), p8(0), z = der(0x30);
	names = der(2), p8(0), rsa_number(), der_end(names);
	der_bytes(2, "\1\0\1", 3);
	der_end(z), der_end(y), der_end(x);
	x = der(0xa3), y = der(0x30), z = der(0x30);
	der_bytes(6, "\x55\x1d\x11", 3);
	names = der(4), list = der(0x30);
	der_bytes(0x82, name, strlen(name));
	der_end(list), der_end(names), der_end(z), der_end(y), der_end(x);
	der_end(tbs);
	der_rsa(11);
	x = der(3), p8(0), rsa_number(), der_end(x);
	der_end(all);
}

/* Certificate, ServerKeyExchange, ServerHelloDone: a chain of two. */
void
tls_certificate(const char *name)
{
	static const char issuer[] = "Example Issuing CA 3", root[] = "Example Root CA";
	unsigned m, all, one;

	p8(11), m = mark(3), all = mark(3);
	one = mark(3), certificate(name, issuer), fill(one, 3);
	one = mark(3), certificate(issuer, root), fill(one, 3);
	fill(all, 3), fill(m, 3);
	p8(12), m = mark(3);
	p8(3), p16(29), p8(32), opaque(32), p16(0x0804), p16(256), opaque(256);
	fill(m, 3);
	p8(14), m = mark(3), fill(m, 3);
}

/* ------------------------------------------------------------ QUIC (RFC 9000, 9001) */

struct quic_keys { uint8_t key[16], iv[12], hp[16]; };

static void
hkdf_label(const uint8_t secret[32], const char *label, uint8_t *out, unsigned n)
{
	uint8_t info[64], mac[32];
	unsigned len = (unsigned)strlen(label), at = 0;

	put16(info, n);
	info[2] = (uint8_t)(6 + len);
	memcpy(info + 3, "tls13 ", 6);
	memcpy(info + 9, label, len);
	at = 9 + len;
	info[at++] = 0;
	info[at++] = 1;
	HMAC(EVP_sha256(), secret, 32, info, at, mac, NULL);
	memcpy(out, mac, n);
}

static void
quic_derive(const uint8_t id[8], int side, struct quic_keys *k)
{
	static const uint8_t salt[20] = { 0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d,
		0x17, 0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a };
	uint8_t initial[32], secret[32];

	HMAC(EVP_sha256(), salt, sizeof(salt), id, 8, initial, NULL);
	hkdf_label(initial, side ? "server in" : "client in", secret, 32);
	hkdf_label(secret, "quic key", k->key, 16);
	hkdf_label(secret, "quic iv", k->iv, 12);
	hkdf_label(secret, "quic hp", k->hp, 16);
}

/* Encrypts n bytes at pay + body, behind the header that begins at `head` and ends in a packet
 * number of two bytes, which is 0; the tag comes behind. */
static void
quic_protect(const struct quic_keys *k, unsigned head, unsigned body, unsigned n)
{
	EVP_CIPHER_CTX *x = EVP_CIPHER_CTX_new();
	uint8_t mask[16];
	int len, good;

	good = x && EVP_EncryptInit_ex(x, EVP_aes_128_gcm(), NULL, k->key, k->iv) &&
	    EVP_EncryptUpdate(x, NULL, &len, pay + head, (int)(body - head)) &&
	    EVP_EncryptUpdate(x, pay + body, &len, pay + body, (int)n) &&
	    EVP_EncryptFinal_ex(x, pay + body + n, &len) &&
	    EVP_CIPHER_CTX_ctrl(x, EVP_CTRL_GCM_GET_TAG, 16, pay + body + n) &&
	    EVP_CIPHER_CTX_reset(x) &&
	    EVP_EncryptInit_ex(x, EVP_aes_128_ecb(), NULL, k->hp, NULL) &&
	    EVP_EncryptUpdate(x, mask, &len, pay + body + 2, 16);
	if (!good) {
		fprintf(stderr, "gen: libcrypto: no AES\n");
		exit(2);
	}
	EVP_CIPHER_CTX_free(x);
	pay[head] ^= mask[0] & 15;
	pay[body - 2] ^= mask[1];
	pay[body - 1] ^= mask[2];
	pn = body + n + 16;
}

/* A datagram of 1,200 bytes: the client's Initial; the server's, and behind it the beginning
 * of its Handshake. */
void
quic_initial(const uint8_t id[8], int side, const uint8_t server_id[8], const char *name)
{
	enum { SIZE = 1200 };
	struct quic_keys k;
	unsigned head = pn, len, body, crypto;

	quic_derive(id, side, &k);
	p8(0xc1), p32(1);
	p8(side ? 0 : 8), pbytes(id, side ? 0 : 8);
	p8(side ? 8 : 0), pbytes(server_id, side ? 8 : 0);
	p8(0), len = mark(2), p16(0);
	body = pn;
	if (side)
		p8(2), p8(0), p8(0), p8(0), p8(0);      /* ACK of packet 0 */
	p8(6), p8(0), crypto = mark(2);
	if (side)
		server_hello(false, true);
	else
		client_hello(name, false, true);
	put16(pay + crypto, 0x4000 | (pn - crypto - 2));
	while (!side && pn < SIZE - 16)
		p8(0);
	put16(pay + len, 0x4000 | (pn + 16 - len - 2));
	quic_protect(&k, head, body, pn - body);
	if (side) {
		p8(0xe1), p32(1), p8(0), p8(8), pbytes(server_id, 8);
		len = mark(2), opaque(SIZE - pn);
		put16(pay + len, 0x4000 | (pn - len - 2));
	}
}
