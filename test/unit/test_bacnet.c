/* BACnet's decode half: headers, tags, values, texts, names; bytes by hand. */
#include "proto/bacnet.h"
#include "tap.h"

/* "81 0a 00 0c" to bytes. */
static uint32_t
unhex(uint8_t *d, const char *s)
{
	uint32_t n = 0;
	int hi = -1, v;

	for (; *s; s++) {
		if (*s == ' ')
			continue;
		v = *s <= '9' ? *s - '0' : *s - 'a' + 10;
		if (hi < 0) {
			hi = v;
		} else {
			d[n++] = (uint8_t)(hi << 4 | v);
			hi = -1;
		}
	}
	return n;
}

enum { GOOD, BAD, WHY };

static const struct {
	const char *hex;
	uint8_t want, link, fn;
	bool npdu;
	uint32_t left;
	const char *why, *what;
} links[] = {
	{ "810a0006 0100", GOOD, BAC_IP4, BVLC_UNICAST, true, 2, NULL, "unicast" },
	{ "810a0006 0100 ffff", GOOD, BAC_IP4, BVLC_UNICAST, true, 2, NULL, "bytes beyond" },
	{ "8104000c 0a000001bac0 0100", GOOD, BAC_IP4, BVLC_FORWARDED, true, 2, NULL, "forwarded" },
	{ "81040008 0a000001", BAD, BAC_IP4, BVLC_FORWARDED, false, 0, NULL, "forwarded, no port" },
	{ "81000006 0030", GOOD, BAC_IP4, BVLC_RESULT, false, 2, NULL, "result" },
	{ "81020004", GOOD, BAC_IP4, BVLC_READ_BDT, false, 0, NULL, "read table" },
	{ "810d0004", WHY, BAC_IP4, 13, false, 0, "BVLC_FUNCTION", "unknown function" },
	{ "800a0006 0100", WHY, 0, 0, false, 0, "BVLC_TYPE", "another type" },
	{ "810a0003", WHY, 0, 0, false, 0, "BVLC_LENGTH", "shorter than itself" },
	{ "810a0010 0100", BAD, 0, 0, false, 0, NULL, "longer than the datagram" },
	{ "81", BAD, 0, 0, false, 0, NULL, "one byte" },
	{ "8201000c 000005 000040 0100", GOOD, BAC_IP6, BVLC6_UNICAST, true, 2, NULL,
	  "v6 unicast" },
	{ "82020009 000005 0100", GOOD, BAC_IP6, BVLC6_BROADCAST, true, 2, NULL, "v6 broadcast" },
	{ "8203000a 000005 000040", GOOD, BAC_IP6, BVLC6_RESOLVE, false, 0, NULL, "v6 resolution" },
	{ "8208001b 000005 fd000000000000000000000000000001 bac0 0100", GOOD, BAC_IP6,
	  BVLC6_FORWARDED, true, 2, NULL, "v6 forwarded" },
	{ "820d0004", WHY, 0, 0, false, 0, "BVLC_FUNCTION", "v6 unknown function" },
	{ "82010006 0000", BAD, 0, 0, false, 0, NULL, "v6 without its address" },
};

static void
test_links(void)
{
	uint8_t b[64];

	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		uint32_t n = unhex(b, links[i].hex);
		struct rd r = rd_init(b, n, n);
		struct bac_vl v;
		const char *why = NULL;
		bool good = bac_vl_ip(&r, &v, &why);

		if (links[i].want == GOOD)
			ok(good && v.link == links[i].link && v.fn == links[i].fn &&
			    v.has_npdu == links[i].npdu && rd_left(&r) == links[i].left,
			    "link: %s", links[i].what);
		else if (links[i].want == WHY)
			ok(!good && why && strcmp(why, links[i].why) == 0, "link: %s",
			    links[i].what);
		else
			ok(!good && rd_bad(&r) && !why, "link: %s", links[i].what);
	}
}

static const struct {
	const char *hex;
	uint8_t want;
	struct bac_npdu n;
	uint32_t left;
	const char *why, *what;
} npdus[] = {
	{ "0100 10 08", GOOD, { 0 }, 2, NULL, "local" },
	{ "0104", GOOD, { 0 }, 0, NULL, "expecting a reply" },
	{ "0103", GOOD, { .prio = 3 }, 0, NULL, "priority" },
	{ "0120 ffff 00 ff", GOOD, { .has_dest = true, .dnet = 0xffff, .hops = 255 }, 0, NULL,
	  "to all networks" },
	{ "0128 07d1 01 0a 001f 06 0a000001bac0 fe", GOOD,
	  { .has_dest = true, .dnet = 2001, .dlen = 1, .dadr = { 10 }, .has_src = true, .snet = 31,
	    .slen = 6, .sadr = { 10, 0, 0, 1, 0xba, 0xc0 }, .hops = 254 }, 0, NULL, "routed" },
	{ "0180 01 07d1", GOOD, { .msg = true, .type = 1 }, 2, NULL, "message" },
	{ "0180 80 0008 aa", GOOD, { .msg = true, .type = 0x80, .vendor = 8 }, 1, NULL,
	  "proprietary message" },
	{ "0200", WHY, { 0 }, 0, "NPDU_VERSION", "another version" },
	{ "0108 0000 01 01", WHY, { 0 }, 0, "NPDU_SOURCE", "from network 0" },
	{ "0108 ffff 01 01", WHY, { 0 }, 0, "NPDU_SOURCE", "from all networks" },
	{ "0108 0001 00", WHY, { 0 }, 0, "NPDU_SOURCE", "from no address" },
	{ "0120 0001 13 00", WHY, { 0 }, 0, "NPDU_ADDRESS_LENGTH", "an address of 19 bytes" },
	{ "0120 0001 06 00", BAD, { 0 }, 0, NULL, "an address cut" },
	{ "0180", BAD, { 0 }, 0, NULL, "no message type" },
	{ "01", BAD, { 0 }, 0, NULL, "one byte" },
};

static void
test_npdus(void)
{
	uint8_t b[64];

	for (size_t i = 0; i < sizeof(npdus) / sizeof(npdus[0]); i++) {
		uint32_t n = unhex(b, npdus[i].hex);
		struct rd r = rd_init(b, n, n);
		const struct bac_npdu *w = &npdus[i].n;
		struct bac_npdu g;
		const char *why = NULL;
		bool good = bac_npdu(&r, &g, &why);

		if (npdus[i].want == GOOD)
			ok(good && g.msg == w->msg && g.has_src == w->has_src &&
			    g.has_dest == w->has_dest && g.prio == w->prio && g.hops == w->hops &&
			    g.snet == w->snet && g.dnet == w->dnet && g.slen == w->slen &&
			    g.dlen == w->dlen && memcmp(g.sadr, w->sadr, BAC_MAC) == 0 &&
			    memcmp(g.dadr, w->dadr, BAC_MAC) == 0 && g.type == w->type &&
			    g.vendor == w->vendor && rd_left(&r) == npdus[i].left,
			    "npdu: %s", npdus[i].what);
		else if (npdus[i].want == WHY)
			ok(!good && why && strcmp(why, npdus[i].why) == 0, "npdu: %s",
			    npdus[i].what);
		else
			ok(!good && rd_bad(&r), "npdu: %s", npdus[i].what);
	}
}

static const struct {
	const char *hex;
	bool good;
	struct bac_apdu a;
	const char *what;
} apdus[] = {
	{ "00 05 01 0c", true, { .type = BAC_CONFIRMED, .invoke = 1, .service = 12 }, "request" },
	{ "0e 75 07 00 04 10", true, { .type = BAC_CONFIRMED, .seg = true, .more = true,
	  .invoke = 7, .window = 4, .service = 16 }, "request, segment 0" },
	{ "10 08", true, { .type = BAC_UNCONFIRMED, .service = 8 }, "unconfirmed" },
	{ "20 02 0f", true, { .type = BAC_SIMPLE_ACK, .invoke = 2, .service = 15 }, "simple ack" },
	{ "30 02 0c", true, { .type = BAC_COMPLEX_ACK, .invoke = 2, .service = 12 },
	  "complex ack" },
	{ "38 02 05 04 0c", true, { .type = BAC_COMPLEX_ACK, .seg = true, .invoke = 2, .seq = 5,
	  .window = 4, .service = 12 }, "complex ack, last segment" },
	{ "41 02 05 04", true, { .type = BAC_SEGMENT_ACK, .srv = true, .invoke = 2, .seq = 5,
	  .window = 4 }, "segment ack" },
	{ "50 02 0c", true, { .type = BAC_ERROR, .invoke = 2, .service = 12 }, "error" },
	{ "60 02 09", true, { .type = BAC_REJECT, .invoke = 2, .service = 9 }, "reject" },
	{ "71 02 04", true, { .type = BAC_ABORT, .srv = true, .invoke = 2, .service = 4 },
	  "abort" },
	{ "80 02 04", false, { 0 }, "type 8 is nobody's" },
	{ "", false, { 0 }, "nothing" },
	{ "08 05 01", false, { 0 }, "segment cut" },
};

static void
test_apdus(void)
{
	uint8_t b[64];

	for (size_t i = 0; i < sizeof(apdus) / sizeof(apdus[0]); i++) {
		uint32_t n = unhex(b, apdus[i].hex);
		struct rd r = rd_init(b, n, n);
		const struct bac_apdu *w = &apdus[i].a;
		struct bac_apdu a;
		bool good = bac_apdu(&r, &a);

		ok(good == apdus[i].good && (!good || (a.type == w->type && a.seg == w->seg &&
		    a.more == w->more && a.srv == w->srv && a.invoke == w->invoke &&
		    a.seq == w->seq && a.window == w->window && a.service == w->service &&
		    rd_left(&r) == 0)), "apdu: %s", apdus[i].what);
	}
}

static void
test_mstp(void)
{
	uint8_t b[64];
	const char *why = NULL;
	struct bac_vl v;
	struct rd r;
	uint32_t n = unhex(b, "06 ff 07 0002 00 0100 aaaa");

	r = rd_init(b, n, n);
	ok(bac_vl_mstp(&r, &v, &why) && v.has_npdu && v.mstp_src == 7 && v.mstp_dst == 255 &&
	    rd_left(&r) == 2, "mstp: a frame's data without its CRC");
	n = unhex(b, "00 01 07 0000 00");
	r = rd_init(b, n, n);
	ok(bac_vl_mstp(&r, &v, &why) && !v.has_npdu, "mstp: a token");
	n = unhex(b, "06 01 ff 0002 00 0100");
	r = rd_init(b, n, n);
	ok(!bac_vl_mstp(&r, &v, &why) && why && strcmp(why, "MSTP_SOURCE") == 0,
	    "mstp: nobody is station 255");
	n = unhex(b, "06 01 07 0009 00 0100");
	r = rd_init(b, n, n);
	ok(!bac_vl_mstp(&r, &v, &why) && rd_bad(&r), "mstp: length beyond the frame");
}

static const struct {
	const char *hex;
	bool good;
	uint8_t t;
	uint64_t u;
	int64_t i;
	double d;
	uint32_t n;
	const char *what;
} values[] = {
	{ "00", true, BAC_NULL, 0, 0, 0, 0, "null" },
	{ "11", true, BAC_BOOLEAN, 1, 0, 0, 0, "true" },
	{ "12", false, 0, 0, 0, 0, 0, "a boolean of 2" },
	{ "21 07", true, BAC_UNSIGNED, 7, 0, 0, 0, "unsigned, 1 byte" },
	{ "24 ffffffff", true, BAC_UNSIGNED, 0xffffffff, 0, 0, 0, "unsigned, 4 bytes" },
	{ "25 08 ffffffffffffffff", true, BAC_UNSIGNED, UINT64_MAX, 0, 0, 0, "unsigned, 8 bytes" },
	{ "25 09 000000000000000001", false, 0, 0, 0, 0, 0, "unsigned, 9 bytes" },
	{ "20", false, 0, 0, 0, 0, 0, "unsigned, no byte" },
	{ "31 ff", true, BAC_INTEGER, 0, -1, 0, 0, "signed -1" },
	{ "32 ff7f", true, BAC_INTEGER, 0, -129, 0, 0, "signed -129" },
	{ "35 08 8000000000000000", true, BAC_INTEGER, 0, INT64_MIN, 0, 0, "the least signed" },
	{ "44 41ac0000", true, BAC_REAL, 0, 0, 21.5, 0, "real" },
	{ "43 41ac00", false, 0, 0, 0, 0, 0, "a real of 3 bytes" },
	{ "55 08 4035800000000000", true, BAC_DOUBLE, 0, 0, 21.5, 0, "double" },
	{ "54 40358000", false, 0, 0, 0, 0, 0, "a double of 4 bytes" },
	{ "63 010203", true, BAC_OCTETS, 0, 0, 0, 3, "octets" },
	{ "60", true, BAC_OCTETS, 0, 0, 0, 0, "no octets" },
	{ "73 00 4142", true, BAC_TEXT, 0, 0, 0, 2, "text" },
	{ "71 00", true, BAC_TEXT, 0, 0, 0, 0, "empty text" },
	{ "70", false, 0, 0, 0, 0, 0, "text without its character set" },
	{ "82 04 f0", true, BAC_BITS, 0, 0, 0, 1, "bits" },
	{ "82 08 f0", false, 0, 0, 0, 0, 0, "8 unused bits" },
	{ "91 03", true, BAC_ENUM, 3, 0, 0, 0, "enumerated" },
	{ "a4 7d0b1801", true, BAC_DATE, 0, 0, 0, 4, "date" },
	{ "a3 7d0b18", false, 0, 0, 0, 0, 0, "a date of 3 bytes" },
	{ "b4 0c223838", true, BAC_TIME, 0, 0, 0, 4, "time" },
	{ "c4 02000fc9", true, BAC_OID, 0x02000fc9, 0, 0, 0, "object" },
	{ "c3 02000f", false, 0, 0, 0, 0, 0, "an object of 3 bytes" },
	{ "d1 00", false, 0, 0, 0, 0, 0, "type 13 is reserved" },
	{ "0a 0102", true, BAC_CTX, 0, 0, 0, 2, "context tag 0" },
	{ "fa 20 0102", true, BAC_CTX, 0, 0, 0, 2, "context tag 32" },
	{ "3e", true, BAC_OPEN, 0, 0, 0, 0, "opening" },
	{ "3f", true, BAC_CLOSE, 0, 0, 0, 0, "closing" },
	{ "26", false, 0, 0, 0, 0, 0, "an application tag that opens" },
	{ "65 fe 0003 010203", true, BAC_OCTETS, 0, 0, 0, 3, "length in 2 bytes" },
	{ "65 ff 00000003 010203", true, BAC_OCTETS, 0, 0, 0, 3, "length in 4 bytes" },
	{ "65 ff ffffffff 01", false, 0, 0, 0, 0, 0, "length beyond everything" },
	{ "65", false, 0, 0, 0, 0, 0, "length missing" },
};

static void
test_values(void)
{
	uint8_t b[64];

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		uint32_t n = unhex(b, values[i].hex), cut;
		struct rd r = rd_init(b, n, n);
		struct bac_val v;
		bool good = bac_value(&r, &v), quiet = true;

		ok(good == values[i].good && (good ? v.t == values[i].t && v.u == values[i].u &&
		    v.i == values[i].i && v.d == values[i].d && v.n == values[i].n &&
		    rd_left(&r) == 0 : rd_bad(&r)), "value: %s", values[i].what);
		/* our own capture cut short is never the sender's fault */
		for (cut = 0; good && cut < n; cut++) {
			r = rd_init(b, cut, n);
			quiet = quiet && !bac_value(&r, &v) && rd_short(&r);
		}
		if (good)
			ok(quiet, "value: %s, cut anywhere", values[i].what);
	}
}

static void
test_walk(void)
{
	uint8_t b[256];
	uint32_t n, oid = 0, k;
	uint64_t u = 0;
	struct rd r;

	n = unhex(b, "0c 00800003 19 55 3e 44 41ac0000 3f 49 08");
	r = rd_init(b, n, n);
	ok(!bac_ctx_oid(&r, 1, &oid) && rd_left(&r) == n, "walk: another tag is left alone");
	ok(bac_ctx_oid(&r, 0, &oid) && oid == (2u << 22 | 3), "walk: object");
	ok(bac_ctx_uint(&r, 1, &u) && u == 85, "walk: property");
	ok(!bac_open(&r, 2) && bac_open(&r, 3) && !bac_at(&r, BAC_T_CLOSE, 3), "walk: opens");
	ok(bac_skip_to_close(&r) == 1 && bac_close(&r, 3), "walk: to the closing tag");
	ok(bac_ctx_uint(&r, 4, &u) && u == 8 && rd_left(&r) == 0, "walk: priority");

	n = unhex(b, "0e 1e 21 01 1f 2e 2f 0f 00");
	r = rd_init(b, n, n);
	ok(bac_skip(&r) && rd_left(&r) == 1, "walk: over a construction");
	n = unhex(b, "0e 1e 21 01 0f 1f");
	r = rd_init(b, n, n);
	ok(!bac_skip(&r) && rd_bad(&r), "walk: closed in the wrong order");
	n = unhex(b, "0e 21 01");
	r = rd_init(b, n, n);
	ok(!bac_skip(&r) && rd_bad(&r), "walk: never closed");
	n = unhex(b, "1f");
	r = rd_init(b, n, n);
	ok(!bac_skip(&r) && rd_bad(&r), "walk: never opened");
	for (k = 0; k < 2 * LIM_BACNET_NEST; k++)
		b[k] = k < LIM_BACNET_NEST ? 0x0e : 0x0f;
	r = rd_init(b, k, k);
	ok(bac_skip(&r), "walk: as deep as is allowed");
	memset(b, 0x0e, LIM_BACNET_NEST + 1);
	r = rd_init(b, LIM_BACNET_NEST + 1, LIM_BACNET_NEST + 1);
	ok(!bac_skip(&r) && rd_bad(&r), "walk: deeper");
}

static const struct {
	uint8_t enc;
	const char *hex, *want, *what;
} texts[] = {
	{ 0, "41c3b6", "A\xc3\xb6", "UTF-8" },
	{ 1, "0352 4181", "A\xef\xbf\xbd", "a code page" },
	{ 1, "03", "", "a code page cut" },
	{ 2, "242a41a4", "$*A\xef\xbf\xbd", "JIS" },
	{ 3, "000000c5 0001f321 00", "\xc3\x85\xf0\x9f\x8c\xa1", "UCS-4, and a byte too many" },
	{ 3, "00110000", "\xef\xbf\xbd", "UCS-4 beyond Unicode" },
	{ 4, "00c5 20ac 0041", "\xc3\x85\xe2\x82\xac" "A", "UCS-2" },
	{ 4, "d83cdf21", "\xf0\x9f\x8c\xa1", "UCS-2 with a surrogate pair" },
	{ 4, "d83c0041", "\xef\xbf\xbd" "A", "half a pair" },
	{ 4, "004100", "A", "UCS-2, and a byte too many" },
	{ 5, "e54180", "\xc3\xa5" "A\xc2\x80", "Latin-1" },
};

static void
test_texts(void)
{
	uint8_t b[64];
	char t[BAC_OID_TEXT + 64], s[8];
	size_t n;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		n = bac_utf8(t, sizeof(t), texts[i].enc, b, unhex(b, texts[i].hex));
		ok(n == strlen(texts[i].want) && memcmp(t, texts[i].want, n) == 0, "text: %s",
		    texts[i].what);
	}
	memset(b, 'x', sizeof(b));
	ok(bac_utf8(s, sizeof(s), 5, b, sizeof(b)) <= sizeof(s) && bac_utf8(s, 3, 0, b, 9) == 3,
	    "text: no longer than there is room");
	n = bac_date(t, (const uint8_t *)"\x7d\x0b\x18\x01", 4);
	ok(n == 10 && memcmp(t, "2025-11-24", 10) == 0, "date");
	n = bac_date(t, (const uint8_t *)"\xff\xff\x20\xff", 4);
	ok(n == 6 && memcmp(t, "*-*-32", 6) == 0, "date: the last day of any month");
	ok(bac_date(t, b, 3) == 0 && bac_time(t, b, 3) == 0, "date: too short");
	n = bac_time(t, (const uint8_t *)"\x0c\x22\x38\xff", 4);
	ok(n == 10 && memcmp(t, "12:34:56.*", 10) == 0, "time");
	n = bac_bits(t, 16, (const uint8_t *)"\xa5\xf0", 2, 4);
	ok(n == 12 && memcmp(t, "101001011111", 12) == 0, "bits");
	ok(bac_bits(t, 5, b, 2, 0) == 5 && bac_bits(t, 5, b, 0, 7) == 0, "bits: room, and none");
	n = bac_oid_text(t, 2u << 22 | 3);
	ok(n == 14 && memcmp(t, "analog-value,3", 14) == 0, "object by name");
	n = bac_oid_text(t, 0xffffffff);
	ok(n == 12 && memcmp(t, "1023,4194303", 12) == 0, "object by number");
	n = bac_prop_text(t, 85);
	ok(n == 13 && memcmp(t, "present-value", 13) == 0, "property by name");
	ok(bac_prop_text(t, 4294967295u) == 10, "property by number");
}

static void
test_names(void)
{
	size_t longest = 0, n;
	uint32_t i;

	for (i = 0; i < 600; i++)
		if (bac_property_name(i) && (n = strlen(bac_property_name(i))) > longest)
			longest = n;
	for (i = 4194304; i < 4194340; i++)
		if (bac_property_name(i) && (n = strlen(bac_property_name(i))) > longest)
			longest = n;
	ok(longest < BAC_PROP_TEXT, "names: the longest property fits");
	for (i = longest = 0; i < 1024; i++)
		if (bac_object_name(i) && (n = strlen(bac_object_name(i))) > longest)
			longest = n;
	ok(longest + 8 < BAC_OID_TEXT, "names: the longest object fits");
	ok(!bac_property_name(18) && !bac_property_name(512) && !bac_object_name(65),
	    "names: none where the standard has none");
	ok(strcmp(bac_property_name(28), "description") == 0 &&
	    strcmp(bac_property_name(77), "object-name") == 0 &&
	    strcmp(bac_property_name(121), "vendor-name") == 0 &&
	    strcmp(bac_property_name(155), "database-revision") == 0 &&
	    strcmp(bac_property_name(372), "serial-number") == 0 &&
	    strcmp(bac_property_name(511), "issuer-certificate-files") == 0, "names: properties");
	ok(strcmp(bac_object_name(8), "device") == 0 &&
	    strcmp(bac_object_name(20), "trend-log") == 0 &&
	    strcmp(bac_object_name(64), "color-temperature") == 0, "names: objects");
	ok(strcmp(bac_confirmed(12)->name, "readProperty") == 0 &&
	    strcmp(bac_confirmed(33)->name, "auditLogQuery") == 0 && !bac_confirmed(34) &&
	    strcmp(bac_unconfirmed(8)->title.p, "Who-Is") == 0 && !bac_unconfirmed(15),
	    "names: services");
	ok(strcmp(bac_vendor_name(7), "Siemens") == 0 && !bac_vendor_name(65535), "names: vendors");
	ok(strcmp(bac_enum_name(3, 85, 1), "active") == 0 && !bac_enum_name(2, 85, 1) &&
	    !bac_enum_name(3, 85, 2) && !bac_enum_name(3, 85, UINT64_MAX) &&
	    strcmp(bac_enum_name(8, 112, 4), "non-operational") == 0, "names: enumerations");
}

/* Whatever the bytes, every walk ends and stays inside. */
static void
test_noise(void)
{
	uint64_t seed = 135;
	uint8_t *b;
	bool fine = true;

	for (int i = 0; i < 20000; i++) {
		uint32_t n = tap_random(&seed) % 48, cap = tap_random(&seed) % (n + 1), k;
		struct bac_val v;
		struct bac_vl vl;
		struct bac_npdu np;
		struct bac_apdu a;
		const char *why;
		struct rd r;

		b = malloc(cap + 1);    /* its own block: what reads past it is caught */
		for (k = 0; k < cap; k++)
			b[k] = (uint8_t)(tap_random(&seed) & (i & 1 ? 0xff : 0x3f));
		r = rd_init(b, cap, n);
		for (k = 0; rd_left(&r) && k <= n; k++)
			bac_value(&r, &v);
		fine = fine && k <= n && r.off <= r.cap;
		r = rd_init(b, cap, n);
		bac_skip_to_close(&r);
		fine = fine && r.off <= r.cap;
		r = rd_init(b, cap, n);
		if (bac_vl_ip(&r, &vl, &why) && bac_npdu(&r, &np, &why))
			bac_apdu(&r, &a);
		r = rd_init(b, cap, n);
		bac_vl_mstp(&r, &vl, &why);
		fine = fine && r.off <= r.cap;
		free(b);
	}
	ok(fine, "noise: 20000 times");
}

int
main(void)
{
	test_links();
	test_npdus();
	test_apdus();
	test_mstp();
	test_values();
	test_walk();
	test_texts();
	test_names();
	test_noise();
	return tap_done();
}
