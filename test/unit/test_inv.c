/* The inventory: what events make of it, and that parts merged are the whole. */
#include "base/stamp.h"
#include "inv/build.h"
#include "inv/diff.h"
#include "inv/group.h"
#include "inv/link.h"
#include "inv/merge.h"
#include "inv/read.h"
#include "inv/show.h"
#include "inv/write.h"

#include "tap.h"

#include <stdlib.h>
#include <string.h>

#define ETHER(s, d)     "\"ether\":{\"src_mac\":\"00:00:5e:00:53:" s "\",\"dest_mac\":\"00:00:5e:00:53:" d "\"},"
#define IPS(s, d)       "\"src_ip\":\"" s "\",\"dest_ip\":\"" d "\","
#define PORTS(s, d)     "\"src_port\":" s ",\"dest_port\":" d ",\"proto\":\"TCP\","
#define AT(sec)         "{\"timestamp\":\"2026-11-22T08:00:" sec ".000000+0000\","
#define ARP(sec, mac, ip)                                                                   \
	AT(sec) "\"event_type\":\"arp\"," "\"ether\":{\"src_mac\":\"" mac "\",\"dest_mac\":"       \
	"\"ff:ff:ff:ff:ff:ff\"},\"arp\":{\"opcode\":\"request\"},\"identity\":[{\"of\":{\"mac\":\"" \
	mac "\",\"ip\":\"" ip "\"},\"source\":\"arp\"}]}"
#define MODBUS(sec, unit, op, object, value, result)                                        \
	AT(sec) "\"event_type\":\"modbus\",\"pcap_filename\":\"a.pcap\",\"pcap_cnt\":1" sec ","    \
	ETHER("01", "02") IPS("10.0.0.1", "10.0.0.2") PORTS("40000", "502")                        \
	"\"app_proto\":\"modbus\",\"modbus\":{},\"ot\":{\"op\":\"" op "\",\"object\":\"" object     \
	"\",\"unit_id\":" unit ",\"value\":" value ",\"result\":\"" result "\"}"
#define FLOW(sec, ether, ips, app, to, from)                                                \
	AT(sec) "\"event_type\":\"flow\"," ether ips PORTS("40000", "1883") app                     \
	"\"flow\":{\"pkts_toserver\":" to ",\"pkts_toclient\":" from ",\"bytes_toserver\":100,"      \
	"\"bytes_toclient\":50,\"start\":\"2026-11-22T08:00:00.500000+0000\"}}"

/* A small network: a client, a gateway with two units, a router with a host
 * behind it and the internet. */
static const char *const events[] = {
	ARP("01", "00:00:5e:00:53:01", "10.0.0.1"),
	ARP("01", "00:00:5e:00:53:02", "10.0.0.2"),
	ARP("01", "00:00:5e:00:53:03", "10.0.0.254"),
	MODBUS("02", "1", "read", "holding_register:40001", "[7]", "ok")
	    ",\"identity\":[{\"of\":\"dest\",\"vendor\":\"Acme AB\",\"model\":\"GW-1\",\"firmware\":\"1.0\","
	    "\"serial\":\"SN-00417\",\"source\":\"modbus.mei\"}]}",
	MODBUS("03", "5", "write", "holding_register:40012", "21.5", "ok") "}",
	MODBUS("04", "5", "write", "holding_register:40012", "22", "ok") "}",
	MODBUS("05", "5", "write", "coil:00007", "true", "illegal_data_address") "}",
	MODBUS("06", "9", "read", "coil:00001", "1", "no_response") "}",
	MODBUS("07", "5", "identify", "x", "0", "ok")
	    ",\"identity\":[{\"of\":\"dest\",\"vendor\":\"Meter AB\",\"source\":\"modbus.mei\"}]}",
	FLOW("08", ETHER("01", "03"), IPS("10.0.0.1", "203.0.113.9"), "\"app_proto\":\"mqtt\",", "9", "7"),
	FLOW("09", ETHER("03", "01"), IPS("10.9.0.5", "10.0.0.1"), "\"app_proto\":\"failed\",", "1", "1"),
	FLOW("10", ETHER("03", "01"), IPS("10.9.0.6", "10.0.0.1"), "", "20", "20"),
	AT("11") "\"event_type\":\"lldp\",\"ether\":{\"src_mac\":\"00:00:5e:00:53:03\",\"dest_mac\":"
	    "\"01:80:c2:00:00:0e\"},\"lldp\":{},\"identity\":[{\"of\":\"src\",\"hostname\":\"fw-1\","
	    "\"firmware\":\"7.2\",\"source\":\"lldp\"},{\"of\":{\"mac\":\"00:00:5e:00:53:03\",\"ip\":"
	    "\"10.0.0.254\"},\"hostname\":\"fw-1\",\"source\":\"lldp\"}]}",
	AT("12") "\"event_type\":\"lldp\",\"ether\":{\"src_mac\":\"00:00:5e:00:53:03\",\"dest_mac\":"
	    "\"01:80:c2:00:00:0e\"},\"lldp\":{},\"identity\":[{\"of\":\"src\",\"firmware\":\"7.3\","
	    "\"source\":\"lldp\"}]}",
	/* as Suricata writes it: no ot, no identity, IPv6 in full */
	AT("13") "\"event_type\":\"arp\",\"arp\":{\"opcode\":\"reply\",\"src_mac\":\"00:00:5e:00:53:04\","
	    "\"src_ip\":\"10.0.0.4\"}}",
	AT("14") "\"event_type\":\"flow\"," ETHER("04", "01")
	    IPS("fd00:0000:0000:0000:0000:0000:0000:0004", "fd00:0000:0000:0000:0000:0000:0000:0001")
	    PORTS("40001", "443") "\"app_proto\":\"tls\",\"flow\":{\"pkts_toserver\":5,"
	    "\"pkts_toclient\":5}}",
	AT("15") "\"event_type\":\"tls\"," ETHER("01", "03") IPS("10.0.0.1", "203.0.113.9")
	    PORTS("40009", "8883") "\"app_proto\":\"tls\",\"tls\":{\"sni\":\"cloud.example\",\"weak\":"
	    "[\"version\",\"sha1\"],\"remote_access\":{\"vendor\":\"Acme AB\",\"product\":"
	    "\"Acme Remote\",\"kind\":\"vpn\"}}}",
	AT("15") "\"event_type\":\"tls\"," ETHER("01", "03") IPS("10.0.0.1", "203.0.113.9")
	    PORTS("40011", "8883") "\"app_proto\":\"tls\",\"tls\":{\"sni\":\"b.example\",\"weak\":"
	    "[\"cipher\",\"sha1\"],\"remote_access\":{\"vendor\":\"Bcme AB\",\"product\":"
	    "\"Bcme\",\"kind\":\"remote_desktop\"}}}",
	AT("16") "\"event_type\":\"dns\"," ETHER("01", "04") IPS("10.0.0.1", "10.0.0.4")
	    "\"src_port\":40012,\"dest_port\":53,\"proto\":\"UDP\",\"app_proto\":\"dns\","
	    "\"dns\":{\"remote_access\":{\"vendor\":\"Acme AB\",\"product\":\"Acme Remote\","
	    "\"kind\":\"vpn\"}}}",
	AT("16") "\"event_type\":\"modbus\"," ETHER("01", "04") IPS("10.0.0.1", "10.0.0.4")
	    PORTS("40010", "502") "\"app_proto\":\"modbus\",\"modbus\":{\"request\":{\"unit_id\":1,"
	    "\"function_raw\":6},\"response\":{\"unit_id\":1}}}",
	AT("17") "\"event_type\":\"stats\",\"stats\":{}}",
};
enum { EVENTS = sizeof(events) / sizeof(*events) };

struct text { char *p; size_t n; };

static bool
gather(void *arg, struct jw *w)
{
	struct text *t = arg;

	t->p = realloc(t->p, t->n + w->n + 1);
	memcpy(t->p + t->n, w->buf, w->n);
	t->n += w->n;
	t->p[t->n] = 0;
	jw_reset(w);
	return true;
}

static struct text
written(struct inv *v)
{
	static char buf[2 * LIM_RECORD];
	struct text t = { NULL };
	struct roles *roles = roles_load(&(struct err){ "" });
	struct jw w;

	jw_init(&w, buf, sizeof(buf));
	if (!inv_group(v) || !inv_write(v, roles, &w, gather, &t))
		printf("# could not be written\n");
	roles_free(roles);
	inv_free(v);
	return t;
}

static struct inv *
built(const char *const *list, size_t n, const uint8_t *only, uint8_t which)
{
	struct inv *v = inv_new("lab");
	const char *why;
	struct rec r;

	for (size_t i = 0; i < n; i++) {
		if (only && only[i] != which)
			continue;
		if (rec_read(&r, list[i], strlen(list[i]), &why) != REC_OK)
			printf("# event %zu: %s\n", i, why);
		else
			inv_event(v, &r);
	}
	return v;
}

static struct inv *
read_back(const struct text *t)
{
	struct inv *v = inv_new("");
	const char *p = t->p, *nl, *why;
	struct rec r;

	for (; p && p < t->p + t->n; p = nl + 1) {
		nl = strchr(p, '\n');
		if (rec_read(&r, p, (size_t)(nl - p), &why) == REC_OK)
			inv_record(v, &r);
	}
	return v;
}

/* ---- what events make ------------------------------------------------------- */

/* The asset record that holds both texts, as a line. */
static const char *
line_with(const struct text *t, const char *type, const char *a, const char *b)
{
	static char line[LIM_RECORD];
	char want[64];
	const char *p, *nl;

	snprintf(want, sizeof(want), "\"event_type\":\"%s\"", type);
	for (p = t->p; *p; p = nl + 1) {
		nl = strchr(p, '\n');
		snprintf(line, sizeof(line), "%.*s", (int)(nl - p), p);
		if (strstr(line, want) && strstr(line, a) && (!b || strstr(line, b)))
			return line;
	}
	return "";
}

static const struct {
	const char *type, *a, *b;       /* the record with these */
	const char *holds;              /* "!...": does not hold */
	const char *comment;
} shows[] = {
	{ "asset", "\"key\":\"serial:SN-00417\"", "\"sub\":\"unit 1\"", "\"vendor\":\"Acme AB\"",
	    "a unit among others is an asset, by its serial number" },
	{ "asset", "\"sub\":\"unit 5\"", "\"parent\"", "\"vendor\":\"Meter AB\"",
	    "so is the next one" },
	{ "asset", "\"ips\":[\"10.0.0.2\"]", "\"key\":\"mac:", "\"macs\":[\"00:00:5e:00:53:02\"]",
	    "their gateway is one by its MAC" },
	{ "asset", "\"macs\":[\"00:00:5e:00:53:02\"]", NULL, "\"role\":\"controller\"",
	    "who answers Modbus is a controller" },
	{ "asset", "\"macs\":[\"00:00:5e:00:53:02\"]", NULL, "\"unit_id\":9,\"events\":1,\"answered\":0",
	    "a unit that never answered is no asset, and counted" },
	{ "asset", "\"ips\":[\"10.0.0.1\"", NULL, "\"role\":\"hmi\"",
	    "who asks them and writes to them operates them" },
	{ "asset", "\"ips\":[\"10.0.0.1\"", NULL, "\"role\":\"iot_gateway\"",
	    "MQTT to a public address makes a gateway to the cloud" },
	{ "asset", "\"macs\":[\"00:00:5e:00:53:03\"]", NULL, "\"role\":\"router\"",
	    "a MAC with addresses it did not claim is a router" },
	{ "asset", "\"macs\":[\"00:00:5e:00:53:03\"]", NULL, "\"ips\":[\"10.0.0.254\"]",
	    "which has its own address alone" },
	{ "asset", "\"macs\":[\"00:00:5e:00:53:03\"]", NULL, "\"firmware\":\"7.3\"",
	    "of two words by one source the later counts" },
	{ "asset", "\"macs\":[\"00:00:5e:00:53:03\"]", NULL,
	    "\"contradictions\":[{\"field\":\"firmware\",\"values\":[{\"value\":\"7.3\"",
	    "and the other is kept, as a contradiction" },
	{ "asset", "\"key\":\"ip:10.9.0.5\"", NULL, "\"via\":", "behind it is an asset by address" },
	{ "asset", "\"key\":\"ip:10.9.0.5\"", NULL, "!\"macs\":", "without the router's MAC" },
	{ "asset", "\"key\":\"ip:203.0.113.9\"", NULL, "\"public\":true", "the internet is public" },
	{ "asset", "\"key\":\"ip:203.0.113.9\"", NULL, "\"names\":[\"b.example\",\"cloud.example\"]",
	    "the names it was asked for by" },
	{ "asset", "\"macs\":[\"00:00:5e:00:53:04\"]", NULL, "\"ips\":[\"10.0.0.4\",\"fd00::4\"]",
	    "EVE: addresses by ARP, IPv6 in full" },
	{ "asset", "\"macs\":[\"00:00:5e:00:53:04\"]", NULL, "\"ops\":{\"write\":1}",
	    "EVE: a Modbus function is an operation" },
	{ "link", "10.0.0.2", "\"app_proto\":\"modbus\"",
	    "{\"object\":\"holding_register:40012\",\"op\":\"write\",\"count\":2,\"last_value\":22,",
	    "what was written, how often, the last value" },
	{ "link", "10.0.0.2", "\"app_proto\":\"modbus\"", "!coil:00007", "what was refused was not written" },
	{ "link", "10.0.0.2", "\"app_proto\":\"modbus\"", "\"no_response\":1", "what was not answered" },
	{ "link", "\"app_proto\":\"mqtt\"", NULL, "\"outward\":true", "to the internet" },
	{ "link", "\"app_proto\":\"mqtt\"", NULL, "\"encrypted\":false", "in clear" },
	{ "link", "\"app_proto\":\"tls\"", "8883", "\"names\":[\"b.example\",\"cloud.example\"]", "by name" },
	{ "link", "\"app_proto\":\"tls\"", "8883",
	    "\"weak\":[\"tls:cipher\",\"tls:sha1\",\"tls:version\"]", "what was weak, each word once" },
	{ "link", "\"app_proto\":\"tls\"", "8883",
	    "\"remote_access\":[{\"vendor\":\"Acme AB\",\"product\":\"Acme Remote\",\"kind\":\"vpn\"},"
	    "{\"vendor\":\"Bcme AB\"", "whose remote access the names stand for" },
	{ "link", "\"app_proto\":\"dns\"", NULL, "!remote_access",
	    "but not where the name was only looked up" },
	{ "link", "10.9.0.5", NULL, "!\"port\":", "a refused connection has no port of its own" },
	{ "link", "10.9.0.6", NULL, "\"port\":1883", "one that was answered has" },
	{ "stats", "\"inventory\"", NULL, "\"records\":20,", "the stats say how many records" },
};

static void
test_shows(void)
{
	struct text t = written(built(events, EVENTS, NULL, 0));

	for (size_t i = 0; i < sizeof(shows) / sizeof(*shows); i++) {
		const char *line = line_with(&t, shows[i].type, shows[i].a, shows[i].b);
		const char *want = shows[i].holds;
		bool good = *want == '!' ? *line && !strstr(line, want + 1) : strstr(line, want) != NULL;
		ok(good, "%s", shows[i].comment);
		if (!good)
			printf("# %.600s\n", *line ? line : "no such record");
	}
	free(t.p);
}

/* ---- parts and wholes ---------------------------------------------------------- */

static bool
same(const struct text *a, const struct text *b)
{
	return a->n == b->n && memcmp(a->p, b->p, a->n) == 0;
}

static struct text
joined(const struct text *const *parts, size_t n, bool *partly)
{
	struct inv *all = inv_new("");

	for (size_t i = 0; i < n; i++) {
		struct inv *v = read_back(parts[i]);
		inv_join(all, v, partly);
		inv_free(v);
	}
	return written(all);
}

static void
test_merge(void)
{
	struct text whole = written(built(events, EVENTS, NULL, 0)), p[3], x, y, z;
	uint8_t which[EVENTS];
	uint64_t seed = 1;
	bool parts = true, order = true, twice = true, nested = true, crossed = false;

	for (int round = 0; round < 60; round++) {
		for (size_t i = 0; i < EVENTS; i++)
			which[i] = (uint8_t)(tap_random(&seed) % 3);
		for (uint8_t k = 0; k < 3; k++)
			p[k] = written(built(events, EVENTS, which, k));
		x = joined((const struct text *[]){ &p[0], &p[1], &p[2] }, 3, &crossed);
		parts &= same(&x, &whole);
		free(x.p);
		x = joined((const struct text *[]){ &p[2], &p[0] }, 2, &crossed);
		y = joined((const struct text *[]){ &p[1], &x }, 2, &crossed);
		order &= same(&y, &whole);
		z = joined((const struct text *[]){ &y, &x, &p[0] }, 3, &crossed);
		nested &= same(&z, &whole);
		free(z.p);
		free(y.p);
		y = joined((const struct text *[]){ &p[0], &p[0] }, 2, &crossed);
		twice &= same(&y, &p[0]);
		free(x.p);
		free(y.p);
		for (int k = 0; k < 3; k++)
			free(p[k].p);
	}
	ok(parts, "60 times: three parts merged are the whole, byte for byte");
	ok(order, "in another order, in two steps");
	ok(nested, "with parts that are in it already");
	ok(twice, "an inventory merged with itself is itself");
	ok(!crossed, "and nothing was taken for an overlap");
	for (size_t i = 0; i < EVENTS; i++)
		which[i] = i < EVENTS / 2 ? 0 : 1;
	p[0] = written(built(events, EVENTS - 3, NULL, 0));
	p[1] = written(built(events + 3, EVENTS - 3, NULL, 0));
	x = joined((const struct text *[]){ &p[0], &p[1] }, 2, &crossed);
	ok(crossed && strstr(x.p, "\"counts\":\"lower_bound\""), "a true overlap is told");
	free(x.p);
	free(p[0].p);
	free(p[1].p);
	free(whole.p);
}

/* ---- lists ------------------------------------------------------------------------ */

static void
listed(struct list *l, const struct text *t)
{
	const char *p, *nl, *why;
	struct rec r;

	*l = (struct list){ NULL };
	for (p = t->p; *p; p = nl + 1) {
		nl = strchr(p, '\n');
		if (rec_read(&r, p, (size_t)(nl - p), &why) == REC_OK)
			list_keep(l, &r);
	}
	list_sort(l);
}

static void
test_diff(void)
{
	struct text a = written(built(events, 13, NULL, 0)),
		    b = written(built(events, EVENTS, NULL, 0));
	struct err e = { "" };
	struct change_rules *rules = change_rules_load(&e);
	struct diff_opts o = { .rules = rules, .gone_after = -1, .links = true };
	struct list la, lb;
	struct diff d;
	size_t i;
	bool firmware = false, fresh = false;

	ok(rules != NULL, "the rules of changes are read");
	listed(&la, &a);
	listed(&lb, &b);
	diff_make(&d, &la, &la, &o);
	ok(d.n == 0, "nothing changed between an inventory and itself");
	diff_free(&d);
	diff_make(&d, &la, &lb, &o);
	for (i = 0; i < d.n; i++) {
		const struct change *c = &d.v[i];
		firmware |= c->kind == CHANGE_CHANGED && strcmp(c->field, "firmware") == 0 &&
		    strcmp(c->old, "7.2") == 0 && strcmp(c->now, "7.3") == 0;
		fresh |= c->kind == CHANGE_NEW && !c->link && strstr(c->to->line, "00:00:5e:00:53:04");
		if (c->kind == CHANGE_GONE)
			printf("# gone: %.200s\n", c->from->line);
	}
	ok(firmware, "a new firmware, with the old one");
	ok(fresh, "a new device");
	diff_free(&d);
	diff_make(&d, &lb, &la, &o);
	for (i = 0, fresh = false; i < d.n; i++)
		fresh |= d.v[i].kind == CHANGE_GONE && !d.v[i].link;
	ok(fresh, "backwards it is gone");
	diff_free(&d);
	change_rules_free(rules);
	list_free(&la);
	list_free(&lb);
	free(a.p);
	free(b.p);
}

/* Columns on a terminal: one each but for wide and combining characters. */
static unsigned
columns(const char *s, size_t n)
{
	unsigned w = 0;

	for (size_t i = 0; i < n; i++)
		w += ((unsigned char)s[i] & 0xc0) != 0x80;
	return w;
}

static void
test_show(void)
{
	struct text b = written(built(events, EVENTS, NULL, 0));
	static const unsigned widths[] = { 40, 60, 80, 100, 132, 200 };
	struct show_opts o = { .utf8 = true };
	struct list l;
	char *out;
	size_t n, i;

	listed(&l, &b);
	for (i = 0; i < sizeof(widths) / sizeof(*widths); i++) {
		FILE *f = open_memstream(&out, &n);
		unsigned worst = 0;
		o.width = widths[i];
		show_table(&l, &o, f);
		fclose(f);
		/* the last line is the summary, and wraps as text does */
		for (char *p = out, *nl; (nl = strchr(p, '\n')) && nl[1]; p = nl + 1)
			if (columns(p, (size_t)(nl - p)) > worst)
				worst = columns(p, (size_t)(nl - p));
		/* below 80 columns the least widths stay */
		ok(worst <= (o.width < 80 ? 80 : o.width), "the table fits %u columns", o.width);
		free(out);
	}
	o.sort = "colour";
	ok(show_check(&o) != NULL, "an unknown column is refused");
	list_free(&l);
	free(b.p);
}

/* ---- floods ----------------------------------------------------------------- */

/* n attempts: at addresses where nobody is, or from senders that are made up. */
static void
flood(struct inv *v, unsigned n, bool sources)
{
	char line[768];

	for (unsigned i = 0; i < n; i++) {
		const char *why;
		struct rec r;
		int len;
		unsigned a = i >> 16 & 255, b = i >> 8 & 255, c = i & 255;

		if (sources)
			len = snprintf(line, sizeof(line), AT("01") "\"event_type\":\"flow\","
			    "\"ether\":{\"src_mac\":\"02:00:00:%02x:%02x:%02x\",\"dest_mac\":"
			    "\"00:00:5e:00:53:02\"},\"src_ip\":\"10.%u.%u.%u\",\"dest_ip\":\"172.16.0.2\","
			    PORTS("40000", "502") "\"flow\":{\"pkts_toserver\":1,\"pkts_toclient\":1}}",
			    a, b, c, a, b, c);
		else
			len = snprintf(line, sizeof(line), AT("01") "\"event_type\":\"flow\","
			    ETHER("01", "fe") "\"src_ip\":\"172.16.0.1\",\"dest_ip\":\"10.%u.%u.%u\","
			    PORTS("40000", "502") "\"flow\":{\"pkts_toserver\":1,\"pkts_toclient\":0}}",
			    a, b, c);
		if (rec_read(&r, line, (size_t)len, &why) == REC_OK)
			inv_event(v, &r);
	}
}

static bool
knows_pair(const struct inv *v, const char *mac)
{
	uint8_t want[6];

	mac_parse(want, mac, 17);
	for (uint32_t i = 0; i < v->nln; i++)
		if (memcmp(v->st[v->ln[i].s].mac, want, 6) == 0 && v->ln[i].answered)
			return true;
	return false;
}

static void
test_flood(void)
{
	static const char *const later[] = {
		AT("09") "\"event_type\":\"modbus\"," ETHER("aa", "bb") IPS("192.168.7.1",
		    "192.168.7.2") PORTS("40000", "502") "\"app_proto\":\"modbus\",\"modbus\":{},"
		    "\"ot\":{\"op\":\"read\",\"result\":\"ok\"}}" };

	for (int sources = 0; sources < 2; sources++) {
		const char *text = sources ? "senders that are made up" : "a scan";
		struct inv *v = inv_new("lab"), *twice = inv_new("lab");
		struct inv *other = built(later, 1, NULL, 0);
		const char *why;
		struct rec r;
		bool partly = false;
		uint32_t n;

		flood(v, LIM_INV_STATIONS, sources);
		ok(v->full_stations > 0 && v->nst < LIM_INV_STATIONS, "%s: there is an end to it",
		    text);
		if (rec_read(&r, later[0], strlen(later[0]), &why) == REC_OK)
			inv_event(v, &r);
		ok(knows_pair(v, "00:00:5e:00:53:bb"), "%s: who converses after it has room", text);
		inv_join(twice, v, &partly);
		n = twice->nst;
		inv_join(twice, v, &partly);
		ok(n == v->nst && twice->nst == n && twice->nln == v->nln,
		    "%s: merged with itself it has room for all that it had", text);
		inv_free(twice);
		twice = inv_new("lab");
		flood(twice, LIM_INV_STATIONS, sources);
		inv_join(twice, other, &partly);
		ok(knows_pair(twice, "00:00:5e:00:53:bb"), "%s: or was heard by another sensor", text);
		inv_free(v);
		inv_free(other);
		inv_free(twice);
	}
}

int
main(void)
{
	test_flood();
	test_shows();
	test_merge();
	test_diff();
	test_show();
	return tap_done();
}
