/* OPC UA's built-in types: what is passed over, what is written, and where a
 * nesting ends. */
#include "base/limits.h"
#include "proto/opcua.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>

static struct rd
bytes(const char *hex, uint8_t *d)
{
	uint32_t n = 0;
	unsigned v;

	for (; sscanf(hex, "%2x", &v) == 1; hex += 2 + (hex[2] == ' '))
		d[n++] = (uint8_t)v;
	return rd_init(d, n, n);
}

static void
nodes(void)
{
	static const struct { const char *hex, *text; } t[] = {
		{ "00 55", "i=85" },
		{ "01 02 e803", "ns=2;i=1000" },
		{ "02 2c01 70110100", "ns=300;i=70000" },
		{ "03 0200 05000000 5363616c65", "ns=2;s=Scale" },
		{ "03 0000 ffffffff", "s=" },
		{ "04 0100 000102030405060708090a0b0c0d0e0f",
		    "ns=1;g=03020100-0504-0706-0809-0a0b0c0d0e0f" },
		{ "05 0100 02000000 cafe", "ns=1;b=cafe" },
		{ "81 00 0500 03000000 75726e", "nsu=urn;i=5" },
		{ "06 00", NULL },
		{ "03 0200 05000000 5363", NULL },
		{ "03 0200 feffffff", NULL },
	};

	for (size_t i = 0; i < sizeof(t) / sizeof(*t); i++) {
		uint8_t d[64];
		char s[UA_NODE_TEXT];
		struct rd r = bytes(t[i].hex, d);
		struct ua_node n;
		size_t m;

		ua_xnodeid(&r, &n);
		if (!t[i].text) {
			ok(rd_bad(&r), "%s is malformed", t[i].hex);
			continue;
		}
		m = ua_node_text(s, &n);
		ok(rd_ok(&r) && m == strlen(t[i].text) && memcmp(s, t[i].text, m) == 0, "%s",
		    t[i].text);
	}
}

static void
values(void)
{
	static const struct { uint8_t type; const char *hex; double d; } t[] = {
		{ UA_FLOAT, "cdcccc3d", 0.1 }, { UA_FLOAT, "0000c841", 25 },
		{ UA_FLOAT, "0ad7233c", 0.01 }, { UA_FLOAT, "79e9f642", 123.456 },
		{ UA_FLOAT, "ffff7f7f", 3.4028235e38 }, { UA_FLOAT, "00000000", 0 },
		{ UA_FLOAT, "bd378635", 1e-6 }, { UA_FLOAT, "cdccccbd", -0.1 },
		{ UA_DOUBLE, "9a9999999999b93f", 0.1 },
	};

	for (size_t i = 0; i < sizeof(t) / sizeof(*t); i++) {
		uint8_t d[16];
		struct rd r = bytes(t[i].hex, d);
		struct ua_value v;

		ua_value(&r, t[i].type, &v);
		ok(v.t == UA_V_REAL && v.d == t[i].d, "%s is %.9g (%.17g)", t[i].hex, t[i].d, v.d);
	}
}

/* A Variant of two Variants, the first of two again, and so on; the last hold
 * nothing. */
static bool
deep(unsigned n)
{
	uint8_t d[6 * 100 + 1];
	struct ua_variant v;
	struct rd r;
	uint32_t o = 0;

	for (unsigned i = 0; i < n; i++) {
		d[o++] = 0x80 | UA_VARIANT;
		memcpy(d + o, "\2\0\0\0", 4);
		o += 4;
	}
	for (unsigned i = 0; i <= n; i++)
		d[o++] = UA_NULL;
	r = rd_init(d, o, o);
	ua_variant(&r, &v);
	return rd_ok(&r) && rd_left(&r) == 0;
}

static void
skips(void)
{
	static const struct { uint8_t type; uint32_t n; const char *hex, *what; bool good; } t[] = {
		{ UA_INT32, 2, "01000000 02000000", "numbers", true },
		{ UA_INT32, 0x40000001, "01000000", "more than can be there", false },
		{ UA_VARIANT, 1, "c6 02000000 01000000 02000000 02000000 01000000 02000000", "a matrix", true },
		{ UA_VARIANT, 1, "28", "a type that cannot be", false },
		{ UA_VARIANT, 1, "1f 02000000 cafe", "a type of a later version", true },
		{ UA_DATAVALUE, 1, "3f 01 01 00000000 0000000000000000 0000 0000000000000000 0000",
		    "all members", true },
		{ UA_DIAG, 1, "7f 01000000 02000000 03000000 04000000 01000000 78 00000000 00",
		    "an inner one", true },
		{ UA_EXT, 2, "00 00 00 01 00 5401 01 02000000 cafe", "structures", true },
		{ UA_LTEXT, 1, "03 02000000 656e 01000000 78", "text and locale", true },
		{ UA_STRING, 3, "ffffffff 00000000 01000000 78", "null, empty, text", true },
	};

	for (size_t i = 0; i < sizeof(t) / sizeof(*t); i++) {
		uint8_t d[128];
		struct rd r = bytes(t[i].hex, d);

		ua_skip(&r, t[i].type, t[i].n);
		ok(t[i].good ? rd_ok(&r) && rd_left(&r) == 0 : rd_bad(&r), "%s: %s",
		    t[i].good ? "passed" : "refused", t[i].what);
	}
	ok(deep(5), "five levels");
	ok(!deep(99), "99 levels are refused");
}

static void
hosts(void)
{
	static const struct { const char *url, *host; bool ip; } t[] = {
		{ "opc.tcp://balance-3:4840/x", "balance-3", false },
		{ "opc.tcp://balance-3", "balance-3", false },
		{ "opc.tcp://10.0.0.2:4840", NULL, true },
		{ "opc.tcp://[fd00::1]:4840", NULL, true },
		{ "opc.tcp://localhost:4840", NULL, false },
		{ "opc.tcp://", NULL, false },
		{ "balance-3", NULL, false },
	};

	for (size_t i = 0; i < sizeof(t) / sizeof(*t); i++) {
		struct text host;
		struct addr ip;
		bool named = ua_host_of(text_c(t[i].url), &host, &ip);

		ok(named == (t[i].host != NULL) && (ip.v != 0) == t[i].ip && (!named ||
		    (host.n == strlen(t[i].host) && memcmp(host.p, t[i].host, host.n) == 0)),
		    "%s", t[i].url);
	}
}

int
main(void)
{
	nodes();
	values();
	skips();
	hosts();
	ok(strcmp(ua_status_name(0x80340000), "BadNodeIdUnknown") == 0, "a status code");
	ok(strcmp(ua_status_name(0x00000480), "Good") == 0, "its flags aside");
	ok(!ua_status_name(0x8fff0000), "one that is not known");
	return tap_done();
}
