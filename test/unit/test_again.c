/* Records that are taken in by what one before them did: the inventory is, byte for byte, that of
 * records which are all read in full. */
#include "../read_again.h"
#include "tap.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

/* ---- events of every protocol -------------------------------------------------------- */

static char *
whole(const char *path, size_t *n)
{
	FILE *f = fopen(path, "rb");
	char *p = malloc(16 << 20);

	*n = f && p ? fread(p, 1, 16 << 20, f) : 0;
	if (f)
		fclose(f);
	return p;
}

static void
feed(struct reader *r, const char *p, size_t n)
{
	const char *stop = p + n, *q;

	for (; p < stop && (q = memchr(p, '\n', (size_t)(stop - p))); p = q + 1)
		reader_take(r, p, (size_t)(q - p));
}

static void
test_goldens(void)
{
	struct reader a, b;
	uint64_t seed = 3;
	bool same = true;
	glob_t g;

	if (glob("test/golden/*/*.ndjson", 0, NULL, &g) != 0 || g.gl_pathc < 100) {
		ok(false, "there are goldens");
		return;
	}
	reader_begin(&a, true);
	reader_begin(&b, false);
	/* by turns, for what stands beside a flow is the file's own */
	for (size_t round = 0; round < 4 * g.gl_pathc; round++) {
		size_t i = round < g.gl_pathc ? round : tap_random(&seed) % g.gl_pathc, n;
		char *p = whole(g.gl_pathv[i], &n);

		feed(&a, p, n);
		feed(&b, p, n);
		free(p);
	}
	ok(a.again > a.lines / 50 && !b.again, "of the goldens' events some are known: %lu of %lu",
	    a.again, a.lines);
	same = readers_agree(&a, &b, 1000);
	ok(same, "and the inventory is that of reading all of them");
	globfree(&g);
}

/* ---- events of all sorts ------------------------------------------------------------- */

/* Mostly the first of them. */
static const char *
one_of(uint64_t *seed, const char *const *v, unsigned n)
{
	return v[tap_random(seed) % 4 ? 0 : tap_random(seed) % n];
}
#define ONE(seed, ...)                                                                      \
	one_of(seed, (const char *const[]){ __VA_ARGS__ },                                  \
	    sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *))

/* One flow has one pair of ends, in either direction; time goes on, mostly. */
static size_t
make(char *o, size_t cap, uint64_t *seed, unsigned *clock, unsigned flows)
{
	unsigned flow = tap_random(seed) % flows, back = tap_random(seed) % 8 == 0;
	unsigned c = 1 + flow % 7, s = 20 + flow % 11, sport = flow % 5 ? 40000 + flow : 502;
	const char *app = flow % 3 ? "modbus" : flow % 2 ? "bacnet" : "opcua";
	unsigned at = tap_random(seed) % 16 ? ++*clock : tap_random(seed) % (*clock + 1);
	size_t n;

	n = (size_t)snprintf(o, cap, "{\"timestamp\":\"2026-11-22T%02u:%02u:%02u.%06u+0000\","
	    "\"event_type\":\"%s\",", at / 3600000 % 24, at / 60000 % 60, at / 1000 % 60,
	    at % 1000 * 1000, tap_random(seed) % 32 ? app : "credential");
	n += (size_t)snprintf(o + n, cap - n, "%s", ONE(seed, "\"pcap_filename\":\"a.pcap\",",
	    "\"in_iface\":\"eth0\",\"host\":\"s1\",", ""));
	if (tap_random(seed) % 8)
		n += (size_t)snprintf(o + n, cap - n, "\"pcap_cnt\":%u,", at);
	n += (size_t)snprintf(o + n, cap - n, "\"flow_id\":%u,", 7000 + flow);
	if (flow % 13 == 0)
		n += (size_t)snprintf(o + n, cap - n, "\"vlan\":[%u],", 1 + flow % 40);
	n += (size_t)snprintf(o + n, cap - n, "\"ether\":{\"src_mac\":\"02:00:00:00:00:%02x\","
	    "\"dest_mac\":\"02:00:00:00:00:%02x\"},\"src_ip\":\"10.0.0.%u\",\"src_port\":%u,"
	    "\"dest_ip\":\"10.0.0.%u\",\"dest_port\":%u,\"proto\":\"TCP\",%s",
	    back ? s : c, back ? c : s, back ? s : c, back ? 502 : sport, back ? c : s,
	    back ? sport : 502, flow % 17 ? "\"app_proto\":\"modbus\"," : "");
	n += (size_t)snprintf(o + n, cap - n, "\"%s\":{\"id\":%u%s},\"ot\":{\"op\":\"%s\"", app,
	    tap_random(seed) % 1000, ONE(seed, "", "", "", "", ",\"weak\":[\"sha1\"]",
	    ",\"connect\":{\"flags\":{\"username\":true}}",
	    ",\"server\":{\"application_uri\":\"urn:a\"}", ",\"name\":\"a\\u00e5\""),
	    ONE(seed, tap_random(seed) % 2 ? "read" : "write", "report", "identify", "alarm", "command",
	    "nothing of ours"));
	if (tap_random(seed) % 8)
		n += (size_t)snprintf(o + n, cap - n, ",\"object\":\"holding_register:%u\"",
		    40001 + tap_random(seed) % 50);
	if (flow % 2)
		n += (size_t)snprintf(o + n, cap - n, ",\"unit_id\":%s", ONE(seed, "1", "2", "3",
		    "0", "255", "-1", "70000", "1e1"));
	n += (size_t)snprintf(o + n, cap - n, "%s", ONE(seed, ",\"value\":[1,2,3]", "",
	    ",\"value\":[7]", ",\"value\":21.5", ",\"value\":\"on\"", ",\"value\":true",
	    ",\"value\":[[1],[2]]", ",\"value\":[ 1,2 ]", ",\"value\":{\"a\":1}",
	    ",\"value\":null"));
	n += (size_t)snprintf(o + n, cap - n, "%s}", ONE(seed, ",\"result\":\"ok\"", "",
	    ",\"result\":\"ok\"", ",\"result\":\"no_response\"", ",\"result\":\"not_captured\"",
	    ",\"result\":\"illegal_data_address\"", ",\"result\":\"gateway_target_failed\""));
	n += (size_t)snprintf(o + n, cap - n, "%s}", ONE(seed, "",
	    ",\"identity\":[{\"of\":\"dest\",\"vendor\":\"Acme AB\",\"source\":\"modbus.mei\"}]",
	    ",\"rollup\":{\"count\":3,\"last\":\"2026-11-22T23:59:59.000000+0000\"}",
	    ",\"proto\":\"UDP\"", ",\"timestamp\":\"2026-11-22T00:00:00.000001+0000\"",
	    ",\"guess\":{\"app_proto\":\"modbus\"}"));
	return n;
}

static void
test_sorts(void)
{
	for (unsigned round = 0; round < 4; round++) {
		uint64_t seed = 100 + round;
		unsigned clock = 0;
		struct reader a, b;
		bool same;
		char *o = malloc(4096);

		reader_begin(&a, true);
		reader_begin(&b, false);
		for (unsigned i = 0; i < 60000; i++) {
			size_t n = make(o, 4096, &seed, &clock, 200);

			readers_take(&a, &b, o, n);
		}
		free(o);
		ok(a.again > a.lines / 20, "of events of all sorts many are known: %lu of %lu",
		    a.again, a.lines);
		same = readers_agree(&a, &b, 1000);
		ok(same, "and the inventory is the same");
	}
}

/* What a pair of stations or a unit does first was seen of others: that nothing was answered
 * before, or never will be, must not be lost. */
static void
test_firsts(void)
{
	unsigned long lines = 0, again = 0;
	bool same = true;
	char *o = malloc(4096);

	for (unsigned round = 0; round < 300; round++) {
		uint64_t seed = 7000 + round;
		unsigned clock = 0;
		struct reader a, b;

		reader_begin(&a, true);
		reader_begin(&b, false);
		for (unsigned i = 0; i < 400; i++) {
			/* first the odd ones teach what is done: later flows are ever new */
			size_t n = make(o, 4096, &seed, &clock, 4 + i / 10);

			readers_take(&a, &b, o, n);
		}
		lines += a.lines;
		again += a.again;
		same = readers_agree(&a, &b, 1000) && same;
	}
	free(o);
	ok(again > lines / 20, "of events of flows ever new some are known: %lu of %lu", again,
	    lines);
	ok(same, "and the inventories are the same");
}

/* ---- connections that are opened again and again ----------------------------------------- */

static size_t
stamp(char *o, size_t cap, unsigned at)
{
	return (size_t)snprintf(o, cap, "\"2026-11-22T%02u:%02u:%02u.%06u+0000\"",
	    at / 3600000 % 24, at / 60000 % 60, at / 1000 % 60, at % 1000 * 1000);
}

/* Answers of all sorts: addresses, other names, of another name, nothing that is one. */
static size_t
answers(char *o, size_t cap, uint64_t *seed)
{
	unsigned many = tap_random(seed) % 4 ? tap_random(seed) % 3 : tap_random(seed) % 11;
	size_t n = (size_t)snprintf(o, cap, "\"answers\":[");
	bool bare = tap_random(seed) % 3 == 0;

	for (unsigned i = 0; i < many; i++)
		n += (size_t)snprintf(o + n, cap - n, "%s{%s\"rdata\":\"%s\"%s}", i ? "," : "",
		    bare ? "" : ONE(seed, "\"rrname\":\"a.lab\",", "\"ttl\":5,", ""),
		    ONE(seed, "10.0.1.7", "10.0.1.8", "b.lab", "fe80::1", "224.0.0.1", ""),
		    bare ? "" : ONE(seed, "", ",\"rrtype\":\"A\"", ",\"rdata\":\"10.0.1.9\""));
	return n + (size_t)snprintf(o + n, cap - n, "]");
}

/* One line of a flow, which has the next lines too where *left says so. */
struct flow { unsigned id, client, server, sport, left; bool dns, odd; };

static size_t
short_one(char *o, size_t cap, uint64_t *seed, struct flow *f, unsigned *clock)
{
	unsigned at = tap_random(seed) % 16 ? ++*clock : tap_random(seed) % (*clock + 1);
	bool last;
	size_t n;

	if (!f->left) {
		static const unsigned ports[] = { 0, 53, 67, 500, 1500, 547 };
		*f = (struct flow){ .id = f->id + 1, .client = 1 + tap_random(seed) % 9,
		    .server = 20 + tap_random(seed) % 3, .left = 1 + tap_random(seed) % 3,
		    .sport = 33000 + tap_random(seed) % 30000, .dns = tap_random(seed) % 2,
		    .odd = tap_random(seed) % 8 == 0 };
		if (tap_random(seed) % 6 == 0)
			f->sport = ports[tap_random(seed) % 6];
		if (tap_random(seed) % 30 == 0)
			f->left = 9;
	}
	last = --f->left == 0;
	n = (size_t)snprintf(o, cap, "{\"timestamp\":");
	n += stamp(o + n, cap - n, at);
	n += (size_t)snprintf(o + n, cap - n, ",\"event_type\":\"%s\",\"pcap_cnt\":%u,"
	    "\"flow_id\":%u,", last ? "flow" : f->dns ? "dns" : "modbus", at, 9000 + f->id);
	if (f->client % 3 && f->id % 7)
		n += (size_t)snprintf(o + n, cap - n, "\"community_id\":\"1:%0*u%s\",",
		    f->client % 2 ? 27 : 20, f->id, f->odd ? "\\u00e5" : "=");
	n += (size_t)snprintf(o + n, cap - n, "\"ether\":{\"src_mac\":\"02:00:00:00:00:%02x\","
	    "\"dest_mac\":\"02:00:00:00:00:%02x\"},\"src_ip\":\"10.0.0.%u\",\"src_port\":%u,"
	    "\"dest_ip\":\"10.0.0.%u\",\"dest_port\":%u,\"proto\":\"%s\",\"app_proto\":\"%s\"%s,",
	    f->client, f->server, f->client, f->sport, f->server,
	    f->dns ? 53 : f->client == 4 ? 40000 : 502, f->dns ? "UDP" : "TCP",
	    f->dns ? "dns" : f->server == 21 ? "failed" : f->client == 7 ? "dnp3_tcp" : "modbus",
	    f->odd ? ONE(seed, "", ",\"src_port\":5", ",\"vlan\":[7]", ",\"app_proto\":\"dns\"") : "");
	if (last) {
		n += (size_t)snprintf(o + n, cap - n, "\"flow\":{\"pkts_toserver\":%s,"
		    "\"pkts_toclient\":%s,\"bytes_toserver\":%u%s", ONE(seed, "5", "0", "1", "2"),
		    ONE(seed, "1", "0", "2", "7", "1e1"), tap_random(seed) % 3000,
		    ONE(seed, "", "", "", "", ",\"guess\":{\"app_proto\":\"s7comm\"}",
		    ",\"bytes_toserver\":7", ",\"weak\":[\"x\"]"));
		if (tap_random(seed) % 8) {
			n += (size_t)snprintf(o + n, cap - n, ",\"start\":");
			n += stamp(o + n, cap - n, at - (at > 50 ? tap_random(seed) % 50 : 0) +
			    (tap_random(seed) % 8 == 0) * 9);
		}
		n += (size_t)snprintf(o + n, cap - n, "%s%s}%s", ONE(seed, ",\"min_ttl\":64",
		    ",\"min_ttl\":63", ",\"min_ttl_toserver\":127,\"min_ttl_toclient\":64",
		    ",\"min_ttl_toclient\":254", ""), ONE(seed, ",\"first_pcap_cnt\":3", "",
		    ",\"first_pcap_cnt\":-3"), ONE(seed, "", ",\"tcp\":{\"syn\":true}"));
	} else if (f->dns) {
		n += (size_t)snprintf(o + n, cap - n, "\"dns\":{\"id\":%u,%s", tap_random(seed) % 1000,
		    ONE(seed, "\"queries\":[{\"rrname\":\"a.lab\",\"rrtype\":\"A\"}],",
		    "\"queries\":[{\"rrname\":\"c.lab\"},{\"rrname\":\"d.lab\"},{\"rrname\":\"e.lab\"}],",
		    "\"queries\":[{\"rrname\":\"\",\"rrtype\":\"A\"}],",
		    "\"queries\":[{\"rrname\":\" f.lab\",\"rrtype\":\"A\"}],", "",
		    "\"remote_access\":{\"product\":\"x\"},"));
		n += answers(o + n, cap - n, seed);
		n += (size_t)snprintf(o + n, cap - n, "},\"ot\":{\"op\":\"other\"%s}",
		    ONE(seed, ",\"result\":\"ok\"", ",\"result\":\"no_response\"", ""));
	} else {
		n += (size_t)snprintf(o + n, cap - n, "\"modbus\":{\"id\":%u},\"ot\":{\"op\":\"%s\","
		    "\"object\":\"coil:%u\",\"unit_id\":%u,\"value\":[1]%s}",
		    tap_random(seed) % 100, ONE(seed, "read", "write", "report"), tap_random(seed) % 9,
		    1 + tap_random(seed) % 2, f->server == 22 ? ",\"result\":\"no_response\"" :
		    ONE(seed, ",\"result\":\"ok\"", "", ",\"result\":\"no_response\""));
	}
	return n + (size_t)snprintf(o + n, cap - n, "}");
}

static void
test_short(void)
{
	unsigned long lines = 0, again = 0;
	char *o = malloc(4096);
	bool same = true;

	for (unsigned round = 0; round < 40; round++) {
		struct flow f[8] = { { .id = 0 } };
		uint64_t seed = 31000 + round;
		unsigned clock = 0;
		struct reader a, b;

		for (unsigned i = 0; i < 8; i++)
			f[i].id = i * 100000;
		reader_begin(&a, true);
		reader_begin(&b, false);
		for (unsigned i = 0; i < 5000; i++) {
			size_t n = short_one(o, 4096, &seed, &f[tap_random(&seed) % 8], &clock);

			readers_take(&a, &b, o, n);
		}
		lines += a.lines;
		again += a.again;
		same = readers_agree(&a, &b, 1000) && same;
	}
	free(o);
	ok(again > lines / 20, "of connections ever new many are known: %lu of %lu", again, lines);
	ok(same, "and the inventories are the same");
}

/* ---- who has which address --------------------------------------------------------------- */

static size_t
arp_one(char *o, size_t cap, uint64_t *seed, unsigned *clock)
{
	unsigned at = tap_random(seed) % 16 ? ++*clock : tap_random(seed) % (*clock + 1);
	unsigned a = 1 + tap_random(seed) % 9, b = 1 + tap_random(seed) % 9;
	size_t n = (size_t)snprintf(o, cap, "{\"timestamp\":");

	n += stamp(o + n, cap - n, at);
	n += (size_t)snprintf(o + n, cap - n, ",\"event_type\":\"%s\",\"in_iface\":\"e0\","
	    "\"pcap_cnt\":%u,\"ether\":{\"src_mac\":\"%s:%02x\",\"dest_mac\":\"%s\"%s},",
	    ONE(seed, "arp", "arp", "arp", "arp", "lldp"), at,
	    ONE(seed, "02:00:00:00:00", "02:00:00:00:00", "00:00:00:00:00", "03:00:00:00:00", "x"), a,
	    ONE(seed, "ff:ff:ff:ff:ff:ff", "02:00:00:00:00:05", "02:00:00:00:00:99", "00:00:00:00:00:00"),
	    ONE(seed, ",\"ether_type\":2054", "", ",\"src_mac\":\"02:00:00:00:00:44\"",
	    ",\"name\":1"));
	n += (size_t)snprintf(o + n, cap - n, "%s\"arp\":{\"opcode\":%s,\"dest_ip\":\"10.0.0.%u\"%s},"
	    "\"ot\":{\"op\":\"identify\"%s},\"identity\":[{\"of\":", ONE(seed, "", "", "",
	    "\"vlan\":[7],", "\"src_ip\":\"10.0.0.77\","), ONE(seed, "\"request\"", "\"reply\"",
	    "\"reply\"", "3"), b, ONE(seed, "", ",\"opcode\":\"reply\""),
	    ONE(seed, "", "", ",\"result\":\"ok\"", ",\"unit_id\":3"));
	n += (size_t)snprintf(o + n, cap - n, "{\"mac\":\"02:00:00:00:%s:%02x\",\"%s\":\"%s\"%s}",
	    ONE(seed, "00", "00", "01"), a, ONE(seed, "ip", "ip", "ip", "sub"),
	    ONE(seed, "10.0.0.1", "10.0.0.2", "0.0.0.0", "224.0.0.9", "127.0.0.1", "10.0.0.", "fe80::1"),
	    ONE(seed, "", "", "", ",\"ip\":\"10.0.2.1\""));
	return n + (size_t)snprintf(o + n, cap - n, ",\"source\":\"arp\"%s}%s]%s}",
	    ONE(seed, "", ",\"vendor\":\"Acme\""),
	    ONE(seed, "", "", "", ",{\"of\":\"src\",\"model\":\"M\",\"source\":\"x\"}"),
	    ONE(seed, "", "", ",\"rollup\":{\"count\":3}", ",\"guess\":{\"app_proto\":\"x\"}",
	    ",\"identity\":[]"));
}

static void
test_claims(void)
{
	unsigned long lines = 0, again = 0;
	char *o = malloc(4096);
	bool same = true;

	for (unsigned round = 0; round < 40; round++) {
		struct flow f = { .id = 0 };
		uint64_t seed = 51000 + round;
		unsigned clock = 0;
		struct reader a, b;

		reader_begin(&a, true);
		reader_begin(&b, false);
		for (unsigned i = 0; i < 3000; i++) {
			size_t n = tap_random(&seed) % 8 ? arp_one(o, 4096, &seed, &clock) :
			    short_one(o, 4096, &seed, &f, &clock);

			readers_take(&a, &b, o, n);
		}
		lines += a.lines;
		again += a.again;
		same = readers_agree(&a, &b, 1000) && same;
	}
	free(o);
	ok(again > lines / 20, "of ARP packets some are known: %lu of %lu", again, lines);
	ok(same, "and the inventories are the same");
}

int
main(void)
{
	test_goldens();
	test_sorts();
	test_firsts();
	test_short();
	test_claims();
	return tap_done();
}
