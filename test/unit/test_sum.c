/* MD5, SHA-1 and SHA-256 against the vectors of RFC 1321 and FIPS 180, and in pieces. */
#include "base/sum.h"
#include "tap.h"

#include <string.h>

#define LONG "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
#define DIGITS "1234567890"

static const struct {
	enum sum_kind kind;
	const char *text;
	unsigned times;
	const char *hex;
} cases[] = {
	{ SUM_MD5, "", 1, "d41d8cd98f00b204e9800998ecf8427e" },
	{ SUM_MD5, "abc", 1, "900150983cd24fb0d6963f7d28e17f72" },
	{ SUM_MD5, "abcdefghijklmnopqrstuvwxyz", 1, "c3fcd3d76192e4007dfb496cca67e13b" },
	{ SUM_MD5, DIGITS, 8, "57edf4a22be3c955ac49da2e2107b67a" },
	{ SUM_SHA1, "", 1, "da39a3ee5e6b4b0d3255bfef95601890afd80709" },
	{ SUM_SHA1, "abc", 1, "a9993e364706816aba3e25717850c26c9cd0d89d" },
	{ SUM_SHA1, LONG, 1, "84983e441c3bd26ebaae4aa1f95129e5e54670f1" },
	{ SUM_SHA1, "a", 1000000, "34aa973cd4c4daa4f61eeb2bdbad27316534016f" },
	{ SUM_SHA256, "", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	{ SUM_SHA256, "abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ SUM_SHA256, LONG, 1, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	{ SUM_SHA256, "a", 1000000,
	    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0" },
};

static void
hex(char *d, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		snprintf(d + 2 * i, 3, "%02x", p[i]);
}

int
main(void)
{
	static const char *const name[] = { "MD5", "SHA-1", "SHA-256" };
	uint8_t md[SUM_MAX], whole[SUM_MAX], data[300];
	char got[2 * SUM_MAX + 1];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sum s;

		sum_begin(&s, cases[i].kind);
		for (unsigned k = 0; k < cases[i].times; k++)
			sum_add(&s, cases[i].text, strlen(cases[i].text));
		hex(got, md, sum_end(&s, md));
		ok(strcmp(got, cases[i].hex) == 0, "%s of %u times \"%.10s\"",
		    name[cases[i].kind], cases[i].times, cases[i].text);
	}
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 7);
	for (enum sum_kind k = SUM_MD5; k <= SUM_SHA256; k++) {
		bool good = true;

		for (size_t n = 0; n <= sizeof(data); n++) {
			for (size_t cut = 0; cut <= n; cut += 13) {
				struct sum s;
				size_t len = sum_of(k, data, n, whole);

				sum_begin(&s, k);
				sum_add(&s, data, cut);
				sum_add(&s, data + cut, n - cut);
				good &= sum_end(&s, md) == len && memcmp(md, whole, len) == 0;
			}
		}
		ok(good, "%s in two pieces is that of the whole", name[k]);
	}
	/* RFC 4231, test case 2, twice with one key */
	struct sum_keyed k;

	sum_key(&k, "Jefe", 4);
	for (int i = 0; i < 2; i++) {
		sum_keyed_of(&k, "what do ya want for nothing?", 28, md);
		hex(got, md, 32);
		ok(strcmp(got, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843") == 0,
		    "HMAC-SHA-256");
	}
	ok(sum_crc32("123456789", 9) == 0xcbf43926, "CRC-32");
	return tap_done();
}
