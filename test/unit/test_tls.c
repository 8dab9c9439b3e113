/* TLS hellos, fingerprints and certificates: known values, and hostile bytes. */
#include "proto/tls_hello.h"
#include "proto/x509.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>

/* Builds a ClientHello's body from lists. */
struct build { uint8_t b[4096]; uint32_t n; };

static void
p8(struct build *h, unsigned v)
{
	h->b[h->n++] = (uint8_t)v;
}

static void
p16(struct build *h, unsigned v)
{
	p8(h, v >> 8);
	p8(h, v & 0xff);
}

/* Hex words "1301,1302" as be16, or bytes when width is 1. */
static void
plist(struct build *h, const char *s, unsigned width)
{
	while (s && *s) {
		char *end;
		unsigned long v = strtoul(s, &end, 16);
		if (width == 2)
			p16(h, (unsigned)v);
		else
			p8(h, (unsigned)v);
		s = *end == ',' ? end + 1 : end;
	}
}

static uint32_t
count(const char *s)
{
	uint32_t n = s && *s ? 1 : 0;

	for (; s && *s; s++)
		n += *s == ',';
	return n;
}

struct hello {
	unsigned version;
	const char *ciphers, *extensions, *groups, *formats, *sigalgs, *versions, *alpn, *sni;
};

static void
put_ext(struct build *b, unsigned type, const struct hello *h)
{
	uint32_t n;

	p16(b, type);
	switch (type) {
	case 0:
		n = (uint32_t)strlen(h->sni);
		p16(b, n + 5);
		p16(b, n + 3);
		p8(b, 0);
		p16(b, n);
		memcpy(b->b + b->n, h->sni, n);
		b->n += n;
		break;
	case 10:
		p16(b, count(h->groups) * 2 + 2);
		p16(b, count(h->groups) * 2);
		plist(b, h->groups, 2);
		break;
	case 11:
		p16(b, count(h->formats) + 1);
		p8(b, count(h->formats));
		plist(b, h->formats, 1);
		break;
	case 13:
		p16(b, count(h->sigalgs) * 2 + 2);
		p16(b, count(h->sigalgs) * 2);
		plist(b, h->sigalgs, 2);
		break;
	case 16:
		n = (uint32_t)strlen(h->alpn);
		p16(b, n + 3);
		p16(b, n + 1);
		p8(b, n);
		memcpy(b->b + b->n, h->alpn, n);
		b->n += n;
		break;
	case 43:
		p16(b, count(h->versions) * 2 + 1);
		p8(b, count(h->versions) * 2);
		plist(b, h->versions, 2);
		break;
	default:
		p16(b, 0);
	}
}

static void
build(struct build *b, const struct hello *h)
{
	uint32_t at;

	memset(b, 0, sizeof(*b));
	p16(b, h->version);
	b->n += 32;
	p8(b, 0);
	p16(b, count(h->ciphers) * 2);
	plist(b, h->ciphers, 2);
	p16(b, 0x0100);
	if (!h->extensions)
		return;
	at = b->n;
	b->n += 2;
	for (const char *s = h->extensions; *s; ) {
		char *end;
		put_ext(b, (unsigned)strtoul(s, &end, 16), h);
		s = *end == ',' ? end + 1 : end;
	}
	b->b[at] = (uint8_t)((b->n - at - 2) >> 8);
	b->b[at + 1] = (uint8_t)(b->n - at - 2);
}

/* The values that the authors of JA3 and JA4 published with their methods, and
 * edges worked out by hand with sha256sum(1) and md5sum(1). */
static const struct {
	struct hello h;
	const char *ja3;        /* the string's MD5; NULL: not published */
	const char *ja4;
	const char *comment;
} prints[] = {
	{ { 0x0303, "aaaa,1301,1302,1303,c02b,c02f,c02c,c030,cca9,cca8,c013,c014,009c,009d,"
	    "002f,0035", "1a1a,001b,0000,0033,0010,4469,0017,002d,000d,0005,0023,0012,002b,"
	    "ff01,000b,000a,0015,caca", "2a2a,001d,0017,0018", "00",
	    "0403,0804,0401,0503,0805,0501,0806,0601", "dada,0304,0303", "h2",
	    "example.com" }, NULL, "t13d1516h2_8daaf6152771_e5627efa2ab1",
	  "JA4's own example: a browser, whatever its order" },
	{ { 0x0301, "002f,0035,0005,000a,c009,c00a,c013,c014,0032,0038,0013,0004", "0000,000a,000b",
	    "0017,0018,0019", "00", NULL, NULL, NULL, "example.com" },
	  "ada70206e40642a3e4461f35503241d5", NULL, "JA3's first example" },
	{ { 0x0301, "0004,0005,000a,0009,0064,0062,0003,0006,0013,0012,0063", NULL, NULL,
	    NULL, NULL, NULL, NULL, NULL }, "de350869b8c85de67a350c8d186f11e6", NULL,
	  "JA3's second example: no extensions" },
	{ { 0x0303, "", NULL, NULL, NULL, NULL, NULL, NULL, NULL }, NULL,
	  "t12i000000_000000000000_000000000000", "nothing at all" },
	{ { 0x0303, "0a0a", "0a0a", NULL, NULL, NULL, NULL, NULL, NULL }, NULL,
	  "t12i000000_000000000000_000000000000", "nothing but reserved values" },
	{ { 0x0300, "0005", NULL, NULL, NULL, NULL, NULL, NULL, NULL }, NULL, "ts3i010000_",
	  "SSL 3.0" },
	{ { 0x0302, "0005", "0010", NULL, NULL, NULL, NULL, "\xab" "x", NULL }, NULL, "t11i0101a8_",
	  "ALPN that is no letter: hex ends" },
	{ { 0x0302, "0005", "0010", NULL, NULL, NULL, NULL, "m", NULL }, NULL, "t11i0101mm_",
	  "ALPN of one letter" },
	{ { 0x0303, "0005", "002b", NULL, NULL, NULL, "7f1c,0303", NULL, NULL }, NULL,
	  "t00i010100_", "a draft of 1.3 has no version of its own" },
	{ { 0x0303, "0005", "002b", NULL, NULL, NULL, "0302,0301", NULL, NULL }, NULL,
	  "t11i010100_", "a list of versions outdoes the field" },
};

static void
fingerprints(void)
{
	for (size_t i = 0; i < sizeof(prints) / sizeof(prints[0]); i++) {
		struct build b;
		struct tls_hello h;
		char text[JA3_TEXT], md5[DIGEST_TEXT], ja4[JA4_TEXT] = "";
		bool good;

		build(&b, &prints[i].h);
		good = tls_client_hello(rd_init(b.b, b.n, b.n), &h);
		digest_text(md5, DIGEST_MD5, text, ja3_client(text, sizeof(text), &h), 0);
		if (prints[i].ja3)
			ok(good && strcmp(md5, prints[i].ja3) == 0, "%s", prints[i].comment);
		if (prints[i].ja4)
			ok(good && ja4_client(ja4, &h) &&
			    strncmp(ja4, prints[i].ja4, strlen(prints[i].ja4)) == 0, "%s (%s)",
			    prints[i].comment, ja4);
	}
}

/* A ClientHello cut anywhere is short, never malformed, and has no
 * fingerprints; changed anywhere, it ends. */
static void
hello_cuts(void)
{
	struct build b, c;
	struct tls_hello h;
	char text[JA3_TEXT], ja4[JA4_TEXT];
	unsigned bad = 0, uncut = 0, fine = 0;
	uint64_t seed = 5;

	build(&b, &prints[0].h);
	for (uint32_t cut = 0; cut < b.n; cut++) {
		bad += !tls_client_hello(rd_init(b.b, cut, b.n), &h);
		uncut += !h.cut;
	}
	ok(bad == 0 && uncut == 0, "cut by the snap length is not malformed (%u, %u)", bad, uncut);
	for (unsigned i = 0; i < 20000; i++) {
		c = b;
		c.b[tap_random(&seed) % b.n] = (uint8_t)tap_random(&seed);
		c.b[tap_random(&seed) % b.n] = (uint8_t)tap_random(&seed);
		if (tls_client_hello(rd_init(c.b, b.n, b.n), &h)) {
			fine += ja3_client(text, sizeof(text), &h) > 0;
			fine += ja4_client(ja4, &h);
		}
		tls_server_hello(rd_init(c.b, b.n, b.n), &h);
		ja3_server(text, sizeof(text), &h);
	}
	ok(fine > 0, "changed at random: it ends");
	build(&b, &prints[0].h);
	tls_client_hello(rd_init(b.b, b.n, b.n), &h);
	ok(ja3_client(text, 20, &h) == 0, "no room for JA3's text: none");
	ok(h.sni.n == 11 && memcmp(h.sni.p, "example.com", 11) == 0 && h.version == TLS_13 &&
	    h.legacy == TLS_12, "name and versions");
	ok(tls_grease(0x0a0a) && tls_grease(0xfafa) && !tls_grease(0x0a1a) && !tls_grease(0x1301),
	    "reserved values");
}

/* Two bytes a character; enough DER for one certificate. */
static uint32_t
unhex(uint8_t *d, const char *s)
{
	uint32_t n = 0;

	for (; s[0] && s[1]; s += 2) {
		char t[3] = { s[0], s[1], 0 };
		d[n++] = (uint8_t)strtoul(t, NULL, 16);
	}
	return n;
}

/* EC P-384: C=SE, O=Some Owner, CN=gw.lab.example, by O=Example Lab; made once by
 * openssl(1) for this test. */
static const char cert_hex[] =
    "308201e030820186a003020102020111300a06082a8648ce3d040302303c310b300906035504061302534531"
    "143012060355040a0c0b4578616d706c65204c61623117301506035504030c0e4578616d706c65204c616220"
    "4341301e170d3236313132323037313334335a170d3237313232373037313334335a303b310b300906035504"
    "061302534531133011060355040a0c0a536f6d65204f776e65723117301506035504030c0e67772e6c61622e"
    "6578616d706c653076301006072a8648ce3d020106052b81040022036200041dfe0c6cbcf690288eb91f7feb"
    "5048bc5846d2adceda1b5bbe9061a0ce2f984d74b0eaab44259add682c72adab8650cfb75a233fe2fe545b87"
    "d8eb6005d0ba017d5f36203a5a7370f52f9e5afa5a0f5dd2ee1c043dfed775513fa8ee4405316ea35d305b30"
    "190603551d1104123010820e67772e6c61622e6578616d706c65301d0603551d0e04160414a62b13fbaa4b18"
    "a6682d315fb1f394613a18329c301f0603551d2304183016801434003b57e94e6e627c05c344ba1c3024c59d"
    "7340300a06082a8648ce3d0403020348003045022100b47ddfb91390a03fc2b231f99c316fa926de4ad5c5c1"
    "9220cada19fc1e046b9a022078a369277659fb625b8189175902fa53c9ff39ce7ff4edd3559c4034c0a86497";

static void
certificate(void)
{
	uint8_t der[1024], copy[1024];
	uint32_t n = unhex(der, cert_hex);
	struct x509 x;
	const char *why = "";
	char t[256], digest[DIGEST_TEXT];
	struct rd san;
	size_t m, walked = 0;
	unsigned bad = 0;
	uint64_t seed = 9;

	ok(x509_decode(rd_init(der, n, n), &x, &why) && !why, "a certificate decodes");
	ok(x.version == 3 && x.serial_n == 1 && x.serial[0] == 0x11, "version and serial");
	m = x509_name(t, sizeof(t), x.subject);
	ok(m == 37 && memcmp(t, "C=SE, O=Some Owner, CN=gw.lab.example", m) == 0, "subject %.*s",
	    (int)m, t);
	m = x509_name(t, sizeof(t), x.issuer);
	ok(m == 38 && memcmp(t, "C=SE, O=Example Lab, CN=Example Lab CA", m) == 0, "issuer %.*s",
	    (int)m, t);
	m = x509_name(t, 10, x.subject);
	ok(m <= 10, "a name with little room is cut");
	m = x509_attr(t, sizeof(t), x.subject, X509_CN);
	ok(m == 14 && memcmp(t, "gw.lab.example", m) == 0, "common name");
	ok(x509_attr(t, sizeof(t), x.subject, X509_SERIAL) == 0, "no serial number in it");
	ok(strcmp(x.key_type, "EC") == 0 && strcmp(x.curve, "secp384r1") == 0 && x.key_bits == 384,
	    "key");
	ok(strcmp(x.signature, "ecdsa-with-SHA256") == 0 && !x.self_issued && !x.ca, "signature");
	ok(x.valid && x.not_before == 1795331623000000LL && x.not_after == 1829891623000000LL,
	    "validity");
	san = x.san;
	ok(x509_san_next(&san, t, sizeof(t), &m) && m == 14 &&
	    memcmp(t, "gw.lab.example", m) == 0 && !x509_san_next(&san, t, sizeof(t), &m),
	    "alternative names");
	digest_text(digest, DIGEST_SHA1, der, n, ':');
	ok(strcmp(digest, "01:ca:54:96:3e:a4:dc:3e:00:f8:6e:f2:a5:c8:d6:3b:86:e7:bd:fc") == 0,
	    "fingerprint");

	for (uint32_t cut = 0; cut < n; cut++)
		bad += !x509_decode(rd_init(der, cut, n), &x, &why) && why;
	ok(bad == 0, "cut by the snap length is not malformed (%u)", bad);
	for (unsigned i = 0; i < 50000; i++) {
		memcpy(copy, der, n);
		copy[tap_random(&seed) % n] = (uint8_t)tap_random(&seed);
		x509_decode(rd_init(copy, n, n), &x, &why);
		walked += x509_name(t, sizeof(t), x.subject);
		walked += x509_name(t, sizeof(t), x.issuer);
		for (san = x.san; x509_san_next(&san, t, sizeof(t), &m); )
			walked += m;
	}
	ok(walked > 0, "changed at random: it ends");
}

static void
names(void)
{
	ok(strcmp(tls_version_name(TLS_10), "TLSv1") == 0 &&
	    strcmp(tls_version_name(TLS_13), "TLS 1.3") == 0 && !tls_version_name(0x0399),
	    "versions");
	ok(strcmp(tls_cipher_name(0x1301), "TLS_AES_128_GCM_SHA256") == 0 &&
	    !tls_cipher_name(0xfafa), "cipher suites");
	ok(strcmp(tls_alert_name(48), "unknown_ca") == 0 && !tls_alert_name(99), "alerts");
}

int
main(void)
{
	fingerprints();
	hello_cuts();
	certificate();
	names();
	return tap_done();
}
