/* Who came in and what went out: flows become sessions in any order; hours hold across
 * midnight and on the days when clocks change; a contract ends on its day. */
#include "assess/access.h"
#include "base/stamp.h"
#include "assess/access_hours.h"
#include "assess/access_rules.h"
#include "tap.h"

#include <string.h>

static int64_t
at(const char *s)
{
	int64_t us = 0;

	ok(stamp_parse(&us, s, strlen(s)), "%s is a time", s);
	return us;
}

/* ---- hours -------------------------------------------------------------------- */

enum { MON = 1, TUE = 2, WED = 4, THU = 8, FRI = 16, SAT = 32, SUN = 64, WEEKDAYS = 31, ALL = 127 };

/* Stockholm: UTC+1, and UTC+2 from 2026-03-29 01:00 UTC to 2026-10-25 01:00 UTC
 * (directive 2000/84/EC). 2026-11-23 is a Monday. */
static const struct {
	struct site_span span[2];
	const char *start, *end;
	bool holds;
	const char *comment;
} hours[] = {
	{ { { WEEKDAYS, 420, 1020 } }, "2026-11-23T06:00:00Z", "2026-11-23T16:00:00Z", true,
	    "07:00 to 17:00 local, to the minute" },
	{ { { WEEKDAYS, 420, 1020 } }, "2026-11-23T05:59:59Z", "2026-11-23T07:00:00Z", false,
	    "a second too early" },
	{ { { WEEKDAYS, 420, 1020 } }, "2026-11-23T15:59:59Z", "2026-11-23T16:00:01Z", false,
	    "a second too long" },
	{ { { WEEKDAYS, 420, 1020 } }, "2026-11-23T16:00:00Z", "2026-11-23T16:00:00Z", false,
	    "begins where the window ends" },
	{ { { WEEKDAYS, 420, 1020 } }, "2026-11-21T09:00:00Z", "2026-11-21T09:01:00Z", false,
	    "a Saturday" },
	{ { { WEEKDAYS, 420, 1020 } }, "2026-07-06T05:00:00Z", "2026-07-06T15:00:00Z", true,
	    "the same hours in summer are two hours ahead of UTC" },
	{ { { WEEKDAYS, 420, 1020 } }, "2026-07-06T05:00:00Z", "2026-07-06T16:00:00Z", false,
	    "and winter's end is too late then" },
	{ { { WEEKDAYS, 420, 1020 } }, "2026-11-23T10:00:00Z", "2026-11-24T10:00:00Z", false,
	    "over a night that is not agreed" },
	{ { { FRI, 1320, 360 } }, "2026-11-27T21:00:00Z", "2026-11-28T05:00:00Z", true,
	    "22:00 to 06:00 belongs to the day on which it begins" },
	{ { { FRI, 1320, 360 } }, "2026-11-26T23:30:00Z", "2026-11-27T04:00:00Z", false,
	    "the night before it is not agreed" },
	{ { { SUN, 1320, 120 } }, "2026-11-22T22:00:00Z", "2026-11-23T00:30:00Z", true,
	    "from Sunday to Monday" },
	{ { { SAT, 1200, 0 }, { SUN, 0, 300 } }, "2026-03-28T20:00:00Z", "2026-03-29T03:00:00Z", true,
	    "two windows that meet, clocks go forward: 05:00 local is 03:00 UTC" },
	{ { { SAT, 1200, 0 }, { SUN, 0, 300 } }, "2026-03-28T20:00:00Z", "2026-03-29T03:30:00Z", false,
	    "and 03:30 UTC is past it" },
	{ { { SAT, 1200, 0 }, { SUN, 0, 300 } }, "2026-10-24T20:00:00Z", "2026-10-25T04:00:00Z", true,
	    "clocks go back: 05:00 local is 04:00 UTC" },
	{ { { SAT, 1200, 0 }, { SUN, 0, 300 } }, "2026-10-24T20:00:00Z", "2026-10-25T04:01:00Z", false,
	    "and a minute more is past it" },
	{ { { SUN, 150, 180 } }, "2026-10-25T00:30:00Z", "2026-10-25T00:59:00Z", true,
	    "02:30 to 03:00 for the first time, in summer" },
	{ { { SUN, 150, 180 } }, "2026-10-25T01:30:00Z", "2026-10-25T01:59:00Z", true,
	    "and once more, in winter" },
	{ { { SUN, 150, 180 } }, "2026-10-25T00:30:00Z", "2026-10-25T01:59:00Z", false,
	    "between them it is 02:00 again" },
	{ { { ALL, 0, 1440 } }, "2026-01-01T00:00:00Z", "2026-12-31T00:00:00Z", true, "day and night" },
	{ { { ALL, 1, 1440 } }, "2026-01-01T10:00:00Z", "2026-01-02T10:00:00Z", false,
	    "but for a minute" },
};

static void
test_hours(void)
{
	static struct access_week w;
	struct access_clock c = { "Europe/Stockholm", INT64_MIN, 0 };
	struct access_time t;

	for (size_t i = 0; i < sizeof(hours) / sizeof(*hours); i++) {
		struct site_span span[2] = { hours[i].span[0], hours[i].span[1] };
		struct site_hours h = { span, hours[i].span[1].days ? 2 : 1 };
		int64_t from, to;
		access_week_of(&w, &h);
		(void)stamp_parse(&from, hours[i].start, strlen(hours[i].start));
		(void)stamp_parse(&to, hours[i].end, strlen(hours[i].end));
		ok(access_week_holds(&w, &c, from, to) == hours[i].holds, "%s", hours[i].comment);
	}
	access_week_of(&w, &(struct site_hours){ NULL, 0 });
	ok(!w.any, "no hours are none");
	access_local(&c, at("2026-03-29T00:59:59Z"), &t);
	ok(t.minute == 119 && t.offset == 60, "a second before summer it is 01:59");
	access_local(&c, at("2026-03-29T01:00:00Z"), &t);
	ok(t.minute == 180 && t.offset == 120, "and then 03:00");
	ok(access_midnight(&c, stamp_days(2026, 3, 29)) == at("2026-03-28T23:00:00Z") &&
	    access_midnight(&c, stamp_days(2026, 3, 30)) == at("2026-03-29T22:00:00Z"),
	    "that day has 23 hours");
	access_local(&c, at("1969-12-31T22:30:00Z"), &t);
	ok(t.days == -1 && t.minute == 1410, "before 1970, too");
}

/* ---- sessions ------------------------------------------------------------------ */

static const char site_text[] = "{\"otsite\":1,\"site\":{\"key\":\"t\"},"
    "\"zones\":[{\"id\":\"lab\",\"cidr\":[\"10.0.0.0/16\"]},"
    "{\"id\":\"vpn\",\"cidr\":[\"10.9.0.0/24\"],\"category\":\"vendor\"}],"
    "\"conduits\":[{\"from\":\"lab\",\"to\":\"internet\",\"app_proto\":[\"mqtt\"],\"port\":[1884]},"
    "{\"from\":\"internet\",\"to\":\"lab\",\"app_proto\":[\"ssh\"],\"supplier\":\"a\"}],"
    "\"suppliers\":[{\"id\":\"a\",\"name\":\"A\",\"addresses\":[\"198.51.100.0/24\"],"
    "\"domains\":[\"a.example\"],\"contract\":\"A-1\",\"expires\":\"2026-11-23\",\"mfa\":true,"
    "\"hours\":[{\"days\":\"mon-fri\",\"from\":\"07:00\",\"to\":\"17:00\"}]},"
    "{\"id\":\"b\",\"name\":\"B\",\"addresses\":[\"192.0.2.0/24\",\"10.9.0.7\"]}],"
    "\"instruments\":[{\"id\":\"I-1\",\"ip\":\"10.0.0.14\"},{\"id\":\"I-2\",\"mac\":\"02:00:00:00:00:22\"}]}";

/* Minutes of 2026-11-23, a Monday, 10:00 UTC. */
static char *
flow(char *dst, size_t cap, const char *src, unsigned sport, const char *to, unsigned dport,
    const char *app, int from_min, int to_min, uint64_t id, const char *more)
{
	char a[STAMP_TEXT], b[STAMP_TEXT];
	int64_t t0 = stamp_days(2026, 11, 23) * INT64_C(86400000000) + INT64_C(36000000000);

	a[stamp_put(a, t0 + from_min * INT64_C(60000000))] = 0;
	b[stamp_put(b, t0 + to_min * INT64_C(60000000))] = 0;
	snprintf(dst, cap, "{\"timestamp\":\"%s\",\"event_type\":\"flow\",\"pcap_filename\":\"c.pcap\","
	    "\"pcap_cnt\":%llu,\"flow_id\":%llu,\"src_ip\":\"%s\",\"src_port\":%u,\"dest_ip\":\"%s\","
	    "\"dest_port\":%u,\"proto\":\"TCP\",%s%s%s\"flow\":{\"pkts_toserver\":10,"
	    "\"pkts_toclient\":20,\"bytes_toserver\":100,\"bytes_toclient\":1000,\"start\":\"%s\","
	    "\"end\":\"%s\",\"first_pcap_cnt\":%llu},\"tcp\":{\"syn\":true}%s}", b,
	    (unsigned long long)id * 10 + 5, (unsigned long long)id, src, sport, to, dport,
	    app ? "\"app_proto\":\"" : "", app ? app : "", app ? "\"," : "", a, b,
	    (unsigned long long)id * 10, more);
	return dst;
}

static struct site *site;

static struct access *
begin(void)
{
	struct err e = { "" };
	struct access *a = access_new(NULL, site, &e);

	if (!a)
		printf("# %s\n", e.text);
	return a;
}

static void
line(struct access *a, const char *s)
{
	struct err e = { "" };

	if (!access_line(a, s, strlen(s), &e))
		printf("# %s: %s\n", e.text, s);
}

static void
end(struct access *a)
{
	struct err e = { "" };

	if (!access_run(a, &e))
		printf("# %s\n", e.text);
}

/* Flows of one peer with SSH: minutes from and to; what they become. */
static const struct {
	int flows[5][2];
	size_t n, sessions;
	uint64_t first_flows;
	int64_t first_minutes;
	const char *comment;
} joins[] = {
	{ { { 0, 10 } }, 1, 1, 1, 10, "one flow is one session" },
	{ { { 0, 10 }, { 15, 20 } }, 2, 1, 2, 20, "a pause of five minutes is none" },
	{ { { 0, 10 }, { 16, 20 } }, 2, 2, 1, 10, "of six it is" },
	{ { { 0, 30 }, { 5, 10 }, { 12, 40 } }, 3, 1, 3, 40, "overlapping" },
	{ { { 0, 4 }, { 12, 16 }, { 8, 9 } }, 3, 1, 3, 16, "the last closes the pause of two" },
	{ { { 0, 4 }, { 20, 24 }, { 40, 44 }, { 5, 39 } }, 4, 1, 4, 44, "or of three" },
	{ { { 40, 44 }, { 20, 24 }, { 0, 4 }, { 23, 30 } }, 4, 3, 1, 4, "backwards" },
};

static void
test_joins(void)
{
	char t[1024];

	for (size_t i = 0; i < sizeof(joins) / sizeof(*joins); i++)
		for (int turned = 0; turned < 2; turned++) {
			struct access *a = begin();
			for (size_t k = 0; k < joins[i].n; k++) {
				size_t f = turned ? joins[i].n - 1 - k : k;
				line(a, flow(t, sizeof(t), "198.51.100.5", (unsigned)(4000 + f),
				    "10.0.0.14", 22, "ssh", joins[i].flows[f][0],
				    joins[i].flows[f][1], f + 1, ""));
			}
			end(a);
			const struct access_session *s = a->sessions;
			ok(a->nsessions == joins[i].sessions && s->flows == joins[i].first_flows &&
			    s->end - s->start == joins[i].first_minutes * INT64_C(60000000) &&
			    s->bytes[0] == 100 * s->flows && s->bytes[1] == 1000 * s->flows,
			    "%s%s", joins[i].comment, turned ? ", read backwards" : "");
			access_free(a);
		}
}

/* One line or two, and what the session is. */
static const struct {
	const char *src, *dst, *app;
	unsigned port;
	int from, to;
	const char *more;
	const char *before;             /* an event of the same flow (id 7) */
	const char *tool;               /* NULL: no session */
	const char *supplier, *instrument;
	enum access_contract contract;
	enum access_tri hours;
	const char *comment;
} kinds[] = {
	{ "198.51.100.5", "10.0.0.14", "ssh", 22, 0, 10, "", NULL, "SSH", "a", "I-1", CONTRACT_VALID,
	    ACCESS_YES, "a supplier within contract and hours" },
	{ "198.51.100.5", "10.0.0.14", "ssh", 22, 0, 600, "", NULL, "SSH", "a", "I-1", CONTRACT_VALID,
	    ACCESS_NO, "past 17:00" },
	{ "198.51.100.5", "10.0.0.14", "ssh", 22, 840, 850, "", NULL, "SSH", "a", "I-1",
	    CONTRACT_EXPIRED, ACCESS_NO, "on the day after the contract's last" },
	{ "198.51.100.5", "10.0.0.14", "ssh", 22, 820, 850, "", NULL, "SSH", "a", "I-1",
	    CONTRACT_EXPIRED, ACCESS_NO, "it ends while they are in" },
	{ "192.0.2.9", "10.0.0.14", "rdp", 3389, 0, 10, "", NULL, "RDP", "b", "I-1", CONTRACT_NONE,
	    ACCESS_UNKNOWN, "a supplier without contract and hours" },
	{ "203.0.113.9", "10.0.0.14", "rdp", 3389, 0, 10, "", NULL, "RDP", NULL, "I-1",
	    CONTRACT_UNKNOWN, ACCESS_UNKNOWN, "an unknown party" },
	{ "203.0.113.9", "10.0.0.50", "rfb", 5900, 0, 10, "", NULL, "VNC", NULL, NULL,
	    CONTRACT_UNKNOWN, ACCESS_UNKNOWN, "remote access to what is no instrument" },
	{ "203.0.113.9", "10.0.0.14", "modbus", 502, 0, 10, "", NULL, "modbus", NULL, "I-1",
	    CONTRACT_UNKNOWN, ACCESS_UNKNOWN, "anything that reaches an instrument" },
	{ "203.0.113.9", "10.0.0.14", NULL, 4711, 0, 10, "", NULL, "TCP/4711", NULL, "I-1",
	    CONTRACT_UNKNOWN, ACCESS_UNKNOWN, "even what nobody recognised" },
	{ "203.0.113.9", "10.0.0.50", "http", 80, 0, 10, "", NULL, NULL, NULL, NULL, 0, 0,
	    "but not a page of what is no instrument" },
	{ "203.0.113.9", "10.0.0.22", "http", 80, 0, 10,
	    ",\"ether\":{\"dest_mac\":\"02:00:00:00:00:22\"}", NULL, "http", NULL, "I-2",
	    CONTRACT_UNKNOWN, ACCESS_UNKNOWN, "an instrument known by its MAC" },
	{ "10.9.0.7", "10.0.0.14", "ssh", 22, 0, 10, "", NULL, "SSH", "b", "I-1", CONTRACT_NONE,
	    ACCESS_UNKNOWN, "from the zone for suppliers" },
	{ "10.0.0.60", "10.0.0.14", "ssh", 22, 0, 10, "", NULL, NULL, NULL, NULL, 0, 0,
	    "inside the site" },
	{ "10.0.0.50", "203.0.113.9", "tls", 443, 0, 10, "", NULL, NULL, NULL, NULL, 0, 0,
	    "a web page outside" },
	{ "10.0.0.50", "203.0.113.9", "tls", 443, 0, 10, "",
	    "\"event_type\":\"tls\",\"tls\":{\"sni\":\"relay-3.net.anydesk.com\"}", "AnyDesk", NULL,
	    NULL, CONTRACT_UNKNOWN, ACCESS_UNKNOWN, "a service known by its name" },
	{ "10.0.0.50", "203.0.113.9", "tls", 443, 0, 10, "",
	    "\"event_type\":\"tls\",\"tls\":{\"sni\":\"x.iot.eu-north-1.amazonaws.com\"}", NULL, NULL,
	    NULL, 0, 0, "an IoT cloud is no remote access" },
	{ "10.0.0.50", "203.0.113.9", "ssh", 22, 0, 10, "", NULL, "SSH", NULL, NULL, CONTRACT_UNKNOWN,
	    ACCESS_UNKNOWN, "SSH out of the site" },
	{ "10.0.0.50", "203.0.113.9", "tls", 443, 0, 10, "",
	    "\"event_type\":\"tls\",\"tls\":{\"sni\":\"vpn.a.example\",\"remote_access\":"
	    "{\"vendor\":\"V\",\"product\":\"P\",\"kind\":\"vpn\"}}", "P", "a", NULL, CONTRACT_VALID,
	    ACCESS_YES, "a supplier known by its domain" },
};

static bool
is(const char *want, const char *got)
{
	return !want || !got ? want == got : strcmp(want, got) == 0;
}

static void
test_kinds(void)
{
	char t[1024], b[512];

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		for (int late = 0; late < (kinds[i].before ? 2 : 1); late++) {
			struct access *a = begin();
			const struct access_session *s;
			flow(t, sizeof(t), kinds[i].src, 4000, kinds[i].dst, kinds[i].port,
			    kinds[i].app, kinds[i].from, kinds[i].to, 7, kinds[i].more);
			if (kinds[i].before)
				snprintf(b, sizeof(b), "{\"timestamp\":\"2026-11-23T10:00:01.000000+0000\","
				    "%s,\"flow_id\":7,\"src_ip\":\"%s\",\"src_port\":4000,\"dest_ip\":\"%s\","
				    "\"dest_port\":%u,\"proto\":\"TCP\"}", kinds[i].before, kinds[i].src,
				    kinds[i].dst, kinds[i].port);
			if (kinds[i].before && !late)
				line(a, b);
			line(a, t);
			if (late)
				line(a, b);
			end(a);
			s = a->sessions;
			ok(kinds[i].tool ? a->nsessions == 1 &&
			    is(kinds[i].tool, access_text(a, s->tool)) &&
			    is(kinds[i].supplier, s->supplier ? s->supplier->id : NULL) &&
			    is(kinds[i].instrument, s->instrument ? s->instrument->id : NULL) &&
			    s->contract == kinds[i].contract && s->inside_hours == kinds[i].hours :
			    a->nsessions == 0, "%s%s", kinds[i].comment, late ? ", said afterwards" : "");
			access_free(a);
		}
}

/* ---- the rest -------------------------------------------------------------------- */

#define FROM_DEVICE "\"src_ip\":\"10.0.0.77\",\"src_port\":4000,\"dest_ip\":\"203.0.113.10\"," \
    "\"dest_port\":1883,\"proto\":\"TCP\",\"app_proto\":\"mqtt\",\"flow_id\":9,"
#define TOPIC(s, name) "{\"timestamp\":\"2026-11-23T10:0" s ":00.000000+0000\",\"event_type\":\"mqtt\"," \
    FROM_DEVICE "\"mqtt\":{\"publish\":{\"topic\":\"" name "\"}}}"

static void
test_egress(void)
{
	struct access *a = begin();
	char t[1024], topic[400];
	const struct access_egress *g;

	line(a, "{\"timestamp\":\"2026-11-23T09:59:00.000000+0000\",\"event_type\":\"dns\",\"src_ip\":"
	    "\"10.0.0.77\",\"dest_ip\":\"10.0.0.1\",\"proto\":\"UDP\",\"flow_id\":3,\"dns\":{\"queries\":"
	    "[{\"rrname\":\"mq.example\"}],\"answers\":[{\"rrtype\":\"CNAME\",\"rdata\":\"x.example\"},"
	    "{\"rrtype\":\"A\",\"rdata\":\"203.0.113.10\"}]}}");
	line(a, TOPIC("1", "b/2"));
	line(a, TOPIC("2", "a/1"));
	line(a, TOPIC("3", "b/2"));
	line(a, flow(t, sizeof(t), "10.0.0.77", 4000, "203.0.113.10", 1883, "mqtt", 0, 20, 9, ""));
	line(a, flow(t, sizeof(t), "10.0.0.77", 4001, "203.0.113.10", 1883, "mqtt", 30, 40, 10, ""));
	line(a, flow(t, sizeof(t), "10.0.0.77", 4001, "203.0.113.10", 1883, "mqtt", 900, 910, 11, ""));
	line(a, flow(t, sizeof(t), "10.0.0.78", 4001, "203.0.113.10", 1884, "mqtt", 30, 40, 12, ""));
	line(a, flow(t, sizeof(t), "10.0.0.78", 4002, "203.0.113.11", 443, "tls", 30, 40, 13, ""));
	for (int i = 0; i < 100; i++) {
		snprintf(topic, sizeof(topic), "{\"timestamp\":\"2026-11-23T10:31:00.000000+0000\","
		    "\"event_type\":\"mqtt\",\"src_ip\":\"10.0.0.78\",\"src_port\":4001,\"dest_ip\":"
		    "\"203.0.113.10\",\"dest_port\":1884,\"proto\":\"TCP\",\"app_proto\":\"mqtt\","
		    "\"flow_id\":12,\"mqtt\":{\"publish\":{\"topic\":\"t/%02d\"}}}", i);
		line(a, topic);
	}
	end(a);
	ok(a->negress == 4 && a->nsessions == 0, "four rows of device, destination and day");
	g = &a->egress[0];
	ok(g->flows == 2 && g->bytes[1] == 200 && g->bytes[0] == 2000, "two flows of one day in one");
	ok(g->topics && g->topics->n == 2 && strcmp(access_text(a, g->topics->text[0]), "a/1") == 0,
	    "topics are counted once, and sorted");
	ok(strcmp(access_text(a, g->name), "mq.example") == 0, "a name from DNS, the one asked for");
	ok(g->encrypted == ACCESS_NO && !g->conduit, "in clear, undeclared");
	ok(a->egress[1].day == g->day + 1 && a->egress[1].flows == 1,
	    "01:00 local is the next day, though 00:00 UTC is to come");
	g = a->egress[2].port == 1884 ? &a->egress[2] : &a->egress[3];
	ok(g->conduit && g->topics->n == ACCESS_TOPIC_SET && g->topics->ntext == ACCESS_TOPICS &&
	    strcmp(access_text(a, g->topics->text[0]), "t/00") == 0, "declared; so many topics at least");
	ok(a->undeclared_clear == 2 && access_wanting(a), "two rows to ask about");
	ok(a->encrypted_egress == 1, "and one that is encrypted");
	access_free(a);
}

static void
test_period(void)
{
	struct access *a = begin();
	char t[1024];

	access_period(a, at("2026-11-23T10:00:00Z"), at("2026-11-23T20:00:00Z"));
	line(a, flow(t, sizeof(t), "198.51.100.5", 1, "10.0.0.14", 22, "ssh", -60, -30, 1, ""));
	line(a, flow(t, sizeof(t), "198.51.100.5", 2, "10.0.0.14", 22, "ssh", -20, 5, 2, ""));
	line(a, flow(t, sizeof(t), "198.51.100.5", 3, "10.0.0.14", 22, "ssh", 30, 40, 3, ""));
	line(a, flow(t, sizeof(t), "198.51.100.5", 4, "10.0.0.14", 22, "ssh", 590, 700, 4, ""));
	line(a, flow(t, sizeof(t), "198.51.100.5", 5, "10.0.0.14", 22, "ssh", 610, 620, 5, ""));
	/* inside the site: time goes on */
	line(a, flow(t, sizeof(t), "10.0.0.5", 5, "10.0.0.6", 502, "modbus", 100, 100, 6, ""));
	line(a, flow(t, sizeof(t), "10.0.0.5", 5, "10.0.0.6", 502, "modbus", 595, 595, 7, ""));
	end(a);
	ok(a->nsessions == 3, "sessions that reach into the period count whole (%zu)", a->nsessions);
	ok(a->first == at("2026-11-23T10:05:00Z") && a->last == at("2026-11-23T19:55:00Z"),
	    "first and last record of the period");
	/* 10:05 10:40 11:40 19:55: quarters of an hour without a record, from an hour on */
	ok(a->ngaps == 1 && a->gaps[0].from == at("2026-11-23T11:45:00Z") &&
	    a->gaps[0].to == at("2026-11-23T19:45:00Z"), "a gap of eight hours (%zu)", a->ngaps);
	ok(a->observed_us == INT64_C(7200000000), "two of the ten hours were observed");
	access_free(a);
}

static void
test_attempts(void)
{
	struct access *a = begin();

	line(a, "{\"timestamp\":\"2026-11-23T10:00:00.000000+0000\",\"event_type\":\"flow\",\"flow_id\":1,"
	    "\"src_ip\":\"203.0.113.9\",\"src_port\":1,\"dest_ip\":\"10.0.0.14\",\"dest_port\":22,"
	    "\"proto\":\"TCP\",\"flow\":{\"pkts_toserver\":1,\"pkts_toclient\":1,\"bytes_toserver\":60,"
	    "\"bytes_toclient\":54,\"start\":\"2026-11-23T10:00:00.000000+0000\"},\"tcp\":{\"syn\":true}}");
	line(a, "{\"timestamp\":\"2026-11-23T10:01:00.000000+0000\",\"event_type\":\"ssh\",\"flow_id\":2,"
	    "\"src_ip\":\"203.0.113.9\",\"src_port\":1,\"dest_ip\":\"10.0.0.14\",\"dest_port\":22,"
	    "\"proto\":\"TCP\",\"app_proto\":\"ssh\",\"ssh\":{\"client\":{\"software_version\":\"X_1\"}}}");
	end(a);
	ok(a->attempts == 1, "what nobody answered is an attempt");
	ok(a->nsessions == 1 && a->sessions[0].open && a->sessions[0].flows == 0 &&
	    strcmp(access_text(a, a->sessions[0].software), "X_1") == 0,
	    "what has events and no flow record is a session without an end");
	access_free(a);
}

static void
test_rules(void)
{
	struct err e = { "" };
	struct access_rules *r = access_rules_load(&e);
	const struct access_service *s;

	if (!ok(r != NULL, "the documents are whole: %s", e.text))
		return;
	ok(access_proto(r, "ssh", 3) && !access_proto(r, "ss", 2) && !access_proto(r, "sshx", 4),
	    "protocols by their whole name");
	s = access_service(r, "x.iot.eu-north-1.amazonaws.com", 30);
	ok(s && strcmp(s->product, "AWS IoT") == 0, "a star is one label");
	ok(!access_service(r, "myanydesk.com", 13) && access_service(r, "ANYDESK.com.", 12),
	    "whole labels, whatever their case");
	ok(access_kind(r, "vpn") && !access_kind(r, "iot_cloud"), "kinds");
	ok(access_lock(r, "telnet") == LOCK_NO && access_lock(r, "tls") == LOCK_YES &&
	    access_lock(r, "rfb") == LOCK_UNKNOWN && access_lock(r, "nobody") == LOCK_UNKNOWN,
	    "what is encrypted, and what is not known to be");
	access_rules_free(r);
}

int
main(void)
{
	struct err e = { "" };

	site = site_loadb("site.json", site_text, sizeof(site_text) - 1, &e);
	if (!ok(site != NULL, "the site file: %s", e.text))
		return tap_done();
	test_hours();
	test_joins();
	test_kinds();
	test_egress();
	test_period();
	test_attempts();
	test_rules();
	site_free(site);
	return tap_done();
}
