/* Keys of QUIC's Initial packets: the examples of RFC 9001, A and RFC 9369, A. */
#include "base/quickeys.h"
#include "tap.h"

#include <string.h>

static const uint8_t dcid[] = { 0x83, 0x94, 0xc8, 0xf0, 0x3e, 0x51, 0x57, 0x08 };

static bool
hex_is(const uint8_t *p, size_t n, const char *hex)
{
	static const char digit[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++)
		if (hex[2 * i] != digit[p[i] >> 4] || hex[2 * i + 1] != digit[p[i] & 15])
			return false;
	return hex[2 * n] == '\0';
}

static void
keys_are(uint32_t version, bool server, const char *key, const char *iv, const char *hp)
{
	struct quic_keys k;

	ok(quic_keys(&k, version, dcid, sizeof(dcid), server), "version %x has keys", version);
	ok(hex_is(k.key, sizeof(k.key), key), "key");
	ok(hex_is(k.iv, sizeof(k.iv), iv), "iv");
	ok(hex_is(k.hp, sizeof(k.hp), hp), "header protection");
}

/* RFC 9001, A.3: the server's first packet, with an ACK and a CRYPTO frame. */
static const char packet[] =
    "cf000000010008f067a5502a4262b5004075c0d95a482cd0991cd25b0aac406a5816b6394100f37a1c6979"
    "7554780bb38cc5a99f5ede4cf73c3ec2493a1839b3dbcba3f6ea46c5b7684df3548e7ddeb9c3bf9c73cc3f"
    "3bded74b562bfb19fb84022f8ef4cdd93795d77d06edbb7aaf2f58891850abbdca3d20398c276456cbc421"
    "58407dd074ee";

static unsigned
nibble(char c)
{
	return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

int
main(void)
{
	enum { N = sizeof(packet) / 2, PN_AT = 18 };
	uint8_t p[N], q[N];
	struct quic_keys k;
	size_t at = 0, len = 0;

	keys_are(1, false, "1f369613dd76d5467730efcbe3b1a22d", "fa044b2f42a3fd3b46fb255c",
	    "9f50449e04a0e810283a1e9933adedd2");
	keys_are(1, true, "cf3a5331653c364c88f0f379b6067e37", "0ac1493ca1905853b0bba03e",
	    "c206b8d9b9f0f37644430b490eeaa314");
	keys_are(0x6b3343cf, false, "8b1a0bc121284290a29e0971b5cd045d", "91f73e2351d8fa91660e909f",
	    "45b95e15235d6f45a6b19cbcb0294ba9");
	ok(!quic_keys(&k, 0xbabababa, dcid, sizeof(dcid), false), "an unknown version has none");

	for (size_t i = 0; i < N; i++)
		p[i] = (uint8_t)(nibble(packet[2 * i]) << 4 | nibble(packet[2 * i + 1]));
	memcpy(q, p, N);
	ok(quic_keys(&k, 1, dcid, sizeof(dcid), true) && quic_open(&k, p, PN_AT, N, &at, &len),
	    "the server's packet opens");
	ok(at == 20 && len == 99, "its frames are where they should be");
	ok(hex_is(p + at, 5, "0200000000"), "an ACK");
	ok(hex_is(p + at + 5, 4, "0600405a"), "and a CRYPTO frame of 90 bytes");
	ok(hex_is(p + at + 9, 6, "020000560303"), "that begins a ServerHello");
	for (size_t i = 0; i < N; i += 7) {
		memcpy(p, q, N);
		p[i] ^= 0x10;
		if (quic_open(&k, p, PN_AT, N, &at, &len))
			ok(false, "a change at %zu is noticed", i);
	}
	memcpy(p, q, N);
	ok(!quic_open(&k, p, PN_AT, PN_AT + 19, &at, &len), "too short is refused");
	quic_keys(&k, 1, dcid, sizeof(dcid), false);
	ok(!quic_open(&k, p, PN_AT, N, &at, &len), "the client's keys do not open it");
	return tap_done();
}
