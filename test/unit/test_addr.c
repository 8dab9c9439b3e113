/* Addresses: read, written, classified; against inet_pton and inet_ntop. */
#include "base/addr.h"
#include "tap.h"

#include <arpa/inet.h>

static const struct {
	const char *text;
	const char *want;       /* written again; NULL: refused */
	const char *comment;
} texts[] = {
	{ "10.20.0.9", "10.20.0.9", "IPv4" },
	{ "0.0.0.0", "0.0.0.0", "all zero" },
	{ "255.255.255.255", "255.255.255.255", "all ones" },
	{ "256.1.1.1", NULL, "a byte too large" },
	{ "1.2.3", NULL, "three parts" },
	{ "1.2.3.4.5", NULL, "five parts" },
	{ "1.2.3.4 ", NULL, "a space behind" },
	{ " 1.2.3.4", NULL, "a space before" },
	{ "1..2.3", NULL, "an empty part" },
	{ "1.2.3.", NULL, "an empty last part" },
	{ "01.2.3.4", NULL, "a leading zero: octal to some" },
	{ "1.2.3.0004", NULL, "four digits" },
	{ "0x1.2.3.4", NULL, "hexadecimal" },
	{ "", NULL, "nothing" },
	{ ":", NULL, "a colon" },
	{ "::", "::", "the unspecified address" },
	{ "::1", "::1", "loopback" },
	{ "1::", "1::", "a gap at the end" },
	{ "2001:db8::1", "2001:db8::1", "a gap in the middle" },
	{ "2001:DB8::A", "2001:db8::a", "RFC 5952 4.3: small letters" },
	{ "2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1", "as Suricata writes them" },
	{ "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1", "RFC 5952 4.2.2: one zero group stays" },
	{ "2001:0:0:1:0:0:0:1", "2001:0:0:1::1", "RFC 5952 4.2.3: the longest run goes" },
	{ "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1", "RFC 5952 4.2.3: of two, the first" },
	{ "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8", "no gap" },
	{ "1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0", "a gap of one is written out" },
	{ "::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8", "at the front, too" },
	{ "::ffff:192.0.2.1", "::ffff:192.0.2.1", "mapped" },
	{ "::ffff:c000:201", "::ffff:192.0.2.1", "mapped, written in hexadecimal" },
	{ "64:ff9b::192.0.2.33", "64:ff9b::c000:221", "NAT64 has no dotted form" },
	{ "fe80::1%eth0", NULL, "a zone index" },
	{ "1:2:3:4:5:6:7", NULL, "seven groups" },
	{ "1:2:3:4:5:6:7:8:9", NULL, "nine groups" },
	{ "1:2:3:4::5:6:7:8", NULL, "a gap for nothing" },
	{ "1::2::3", NULL, "two gaps" },
	{ ":::", NULL, "three colons" },
	{ "1:::2", NULL, "three colons in the middle" },
	{ ":1::2", NULL, "a colon before" },
	{ "1::2:", NULL, "a colon behind" },
	{ "12345::", NULL, "five digits" },
	{ "g::", NULL, "no digit" },
	{ "::1.2.3", NULL, "a dotted part too short" },
	{ "1.2.3.4::", NULL, "a dotted part in front" },
	{ "::1.2.3.4:5", NULL, "a dotted part in the middle" },
	{ "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304", "six groups and a dotted part" },
	{ "1:2:3:4:5:6:7:1.2.3.4", NULL, "seven and a dotted part" },
	{ "[::1]", NULL, "brackets" },
	{ "::1/64", NULL, "a prefix" },
};

static const struct {
	const char *text;
	bool public, multicast, linklocal;
	const char *comment;
} classes[] = {
	{ "8.8.8.8", true, false, false, "public" },
	{ "10.0.0.1", false, false, false, "private" },
	{ "11.0.0.1", true, false, false, "behind it" },
	{ "172.15.255.255", true, false, false, "before 172.16/12" },
	{ "172.16.0.0", false, false, false, "its first" },
	{ "172.31.255.255", false, false, false, "its last" },
	{ "172.32.0.0", true, false, false, "behind it" },
	{ "192.168.0.1", false, false, false, "private" },
	{ "192.169.0.1", true, false, false, "behind it" },
	{ "100.63.255.255", true, false, false, "before 100.64/10" },
	{ "100.64.0.1", false, false, false, "shared (RFC 6598)" },
	{ "100.127.255.255", false, false, false, "its last" },
	{ "100.128.0.0", true, false, false, "behind it" },
	{ "127.0.0.1", false, false, false, "loopback" },
	{ "0.0.0.0", false, false, false, "none" },
	{ "169.254.1.1", false, false, true, "link-local" },
	{ "198.18.0.1", false, false, false, "benchmarks (RFC 2544)" },
	{ "198.19.255.255", false, false, false, "its last" },
	{ "198.20.0.0", true, false, false, "behind it" },
	{ "192.0.0.8", false, false, false, "special purpose (RFC 6890)" },
	{ "192.0.2.1", true, false, false, "documentation stands for public" },
	{ "203.0.113.7", true, false, false, "documentation stands for public" },
	{ "224.0.0.1", false, true, false, "multicast" },
	{ "239.255.255.250", false, true, false, "its last block" },
	{ "240.0.0.1", false, false, false, "reserved" },
	{ "255.255.255.255", false, true, false, "limited broadcast" },
	{ "2a00:1450::1", true, false, false, "public" },
	{ "2001:db8::1", true, false, false, "documentation stands for public" },
	{ "::", false, false, false, "none" },
	{ "::1", false, false, false, "loopback" },
	{ "fc00::1", false, false, false, "unique local" },
	{ "fd12::1", false, false, false, "unique local" },
	{ "fe80::1", false, false, true, "link-local" },
	{ "febf::1", false, false, true, "its last" },
	{ "ff02::fb", false, true, false, "multicast" },
	{ "::ffff:10.0.0.1", false, false, false, "mapped private" },
	{ "::ffff:8.8.8.8", true, false, false, "mapped public" },
};

static const struct {
	const char *prefix, *addr;
	int want;               /* -1: the prefix is refused */
} cidrs[] = {
	{ "10.20.0.0/24", "10.20.0.255", 1 }, { "10.20.0.0/24", "10.20.1.0", 0 },
	{ "10.20.0.9/24", "10.20.0.1", 1 }, { "10.20.0.9", "10.20.0.9", 1 },
	{ "10.20.0.9", "10.20.0.8", 0 }, { "0.0.0.0/0", "255.1.2.3", 1 },
	{ "0.0.0.0/0", "::1", 0 }, { "::/0", "::1", 1 }, { "::/0", "1.2.3.4", 0 },
	{ "10.0.0.0/9", "10.127.255.255", 1 }, { "10.0.0.0/9", "10.128.0.0", 0 },
	{ "10.0.0.0/31", "10.0.0.1", 1 }, { "10.0.0.0/31", "10.0.0.2", 0 },
	{ "2001:db8::/33", "2001:db8:7fff::", 1 }, { "2001:db8::/33", "2001:db8:8000::", 0 },
	{ "2001:db8::1/128", "2001:db8::1", 1 }, { "2001:db8::1/128", "2001:db8::2", 0 },
	{ "2001:db8::/127", "2001:db8::1", 1 },
	{ "10.0.0.0/33", "10.0.0.1", -1 }, { "::/129", "::", -1 }, { "10.0.0.0/", "10.0.0.1", -1 },
	{ "10.0.0.0/x", "10.0.0.1", -1 }, { "10.0.0.0/-1", "10.0.0.1", -1 },
	{ "10.0.0.0/2 ", "10.0.0.1", -1 }, { "/24", "10.0.0.1", -1 }, { "10.0.0/8", "10.0.0.1", -1 },
	{ "10.0.0.0/8/8", "10.0.0.1", -1 }, { "10.0.0.0/1000", "10.0.0.1", -1 },
};

static const struct {
	const char *text, *want;
	const char *comment;
} macs[] = {
	{ "00:1b:44:11:3A:b7", "00:1b:44:11:3a:b7", "colons" },
	{ "00-1B-44-11-3A-B7", "00:1b:44:11:3a:b7", "dashes" },
	{ "001b44113ab7", "00:1b:44:11:3a:b7", "bare" },
	{ "001b.4411.3ab7", "00:1b:44:11:3a:b7", "as Cisco writes it" },
	{ "00:1b-44:11-3a:b7", NULL, "mixed" },
	{ "00:1b:44:11:3a", NULL, "five bytes" },
	{ "00:1b:44:11:3a:b7:00", NULL, "seven bytes" },
	{ "001b44113ab7:", NULL, "a colon behind" },
	{ "00::1b44113ab7", NULL, "two colons" },
	{ "00:1b:44:11:3a:g7", NULL, "no digit" },
	{ "001b44113ab", NULL, "eleven digits" },
	{ "001b:4411:3ab7", NULL, "colons where dots go" },
	{ "", NULL, "nothing" },
};

static void
test_against_libc(void)
{
	static const char set[] = "0123456789abcdef::::....fF";
	uint64_t seed = 11;
	unsigned differ = 0, valid = 0;

	/* written */
	for (int i = 0; i < 20000; i++) {
		uint8_t b[16];
		char want[INET6_ADDRSTRLEN], got[ADDR_TEXT + 1];
		struct addr a, back;
		size_t n;

		for (int k = 0; k < 16; k++)
			b[k] = tap_random(&seed) % 3 ? 0 : (uint8_t)tap_random(&seed);
		/* the C library writes ::a.b.c.d for more than mapped addresses */
		if (!b[0] && !b[1] && !b[2] && !b[3] && !b[4] && !b[5] && !b[6] && !b[7] && !b[8] &&
		    !b[9] && !b[10] && !b[11])
			continue;
		a = addr_v6(b);
		n = addr_put(got, &a);
		got[n] = '\0';
		inet_ntop(AF_INET6, b, want, sizeof(want));
		if (strcmp(got, want) != 0 || !addr_parse(&back, got, n) || !addr_eq(&a, &back)) {
			printf("# wrote %s, not %s\n", got, want);
			differ++;
		}
	}
	ok(!differ, "IPv6 texts equal the C library's and read back");

	/* read: nearly addresses, so that both verdicts come */
	differ = 0;
	for (int i = 0; i < 300000; i++) {
		char t[ADDR_TEXT + 8];
		uint8_t b[16];
		struct addr a;
		size_t n = 0, groups = 1 + tap_random(&seed) % 9;
		bool r, want;

		for (size_t g = 0; g < groups; g++) {
			uint32_t k = tap_random(&seed) % 12;
			n += (size_t)snprintf(t + n, sizeof(t) - n, k < 7 ? "%x:" : k < 9 ? "%x::" :
			    k < 10 ? ":%x" : "%u.", k == 10 ? tap_random(&seed) % 300 :
			    tap_random(&seed) >> (15 + tap_random(&seed) % 16));
			if (n >= ADDR_TEXT)
				break;
		}
		if (n >= ADDR_TEXT)
			continue;
		if (n && tap_random(&seed) % 3)
			n--;
		if (n && tap_random(&seed) % 8 == 0)
			t[tap_random(&seed) % n] = set[tap_random(&seed) % (sizeof(set) - 1)];
		t[n] = '\0';
		r = addr_parse(&a, t, n);
		want = inet_pton(AF_INET6, t, b) == 1;
		if (want != (r && a.v == 6) || (want && memcmp(a.b, b, 16) != 0)) {
			printf("# read '%s': %d, not %d\n", t, r, want);
			differ++;
		}
		valid += want;
	}
	ok(!differ && valid > 1000, "IPv6 is read as the C library reads it (%u valid)", valid);

	differ = valid = 0;
	for (int i = 0; i < 200000; i++) {
		char t[32];
		uint8_t b[4];
		struct addr a;
		int n = snprintf(t, sizeof(t), "%u.%u.%u.%u", tap_random(&seed) % 300,
		    tap_random(&seed) % 260, tap_random(&seed) % 20, tap_random(&seed) % 257);
		bool r, want;

		if (tap_random(&seed) % 2)
			t[tap_random(&seed) % (uint32_t)n] = "0123456789. "[tap_random(&seed) % 12];
		r = addr_parse(&a, t, (size_t)n);
		want = inet_pton(AF_INET, t, b) == 1;
		if (want != (r && a.v == 4) || (want && memcmp(a.b, b, 4) != 0)) {
			printf("# read '%s': %d, not %d\n", t, r, want);
			differ++;
		}
		valid += want;
	}
	ok(!differ && valid > 1000, "IPv4 is read as the C library reads it (%u valid)", valid);
}

static void
test_order(void)
{
	struct addr a, b, none = { .v = 0 };
	char t[ADDR_TEXT];

	addr_parse(&a, "10.0.0.1", 8);
	addr_parse(&b, "10.0.0.2", 8);
	ok(addr_cmp(&a, &b) < 0 && addr_cmp(&b, &a) > 0 && addr_cmp(&a, &a) == 0, "by bytes");
	addr_parse(&b, "::1", 3);
	ok(addr_cmp(&a, &b) < 0 && !addr_eq(&a, &b), "IPv4 before IPv6");
	ok(addr_put(t, &none) == 0, "no address has no text");
	ok(!addr_public(&none) && !addr_multicast(&none) && !addr_linklocal(&none), "nor a class");
	addr_parse(&a, "::ffff:1.2.3.4", 14);
	addr_parse(&b, "1.2.3.4", 7);
	ok(!addr_eq(&a, &b), "a mapped address is not its IPv4 address");
	memset(&a, 0xff, sizeof(a));
	ok(!addr_parse(&a, "nonsense", 8) && a.v == 0, "a text refused leaves no address");
}

int
main(void)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct addr a;
		char t[ADDR_TEXT + 1];
		bool r = addr_parse(&a, texts[i].text, strlen(texts[i].text));

		t[r ? addr_put(t, &a) : 0] = '\0';
		ok(texts[i].want ? r && strcmp(t, texts[i].want) == 0 : !r, "'%s': %s", texts[i].text,
		    texts[i].comment);
	}
	for (size_t i = 0; i < sizeof(classes) / sizeof(*classes); i++) {
		struct addr a;
		bool r = addr_parse(&a, classes[i].text, strlen(classes[i].text));

		ok(r && addr_public(&a) == classes[i].public &&
		    addr_multicast(&a) == classes[i].multicast &&
		    addr_linklocal(&a) == classes[i].linklocal, "class of %s: %s", classes[i].text,
		    classes[i].comment);
	}
	for (size_t i = 0; i < sizeof(cidrs) / sizeof(*cidrs); i++) {
		struct cidr c;
		struct addr a;
		int r = -1;

		addr_parse(&a, cidrs[i].addr, strlen(cidrs[i].addr));
		if (cidr_parse(&c, cidrs[i].prefix, strlen(cidrs[i].prefix)))
			r = cidr_has(&c, &a);
		ok(r == cidrs[i].want, "%s in '%s': %d", cidrs[i].addr, cidrs[i].prefix, cidrs[i].want);
	}
	for (size_t i = 0; i < sizeof(macs) / sizeof(*macs); i++) {
		uint8_t m[6];
		char t[MAC_TEXT];
		bool r = mac_parse(m, macs[i].text, strlen(macs[i].text));

		ok(macs[i].want ? r && mac_put(t, m) == 17 && memcmp(t, macs[i].want, 17) == 0 : !r,
		    "MAC '%s': %s", macs[i].text, macs[i].comment);
	}
	test_order();
	test_against_libc();
	return tap_done();
}
