/* Records that are taken in by what one before them did: the inventory is, byte for byte, that of
 * records which are all read in full. */
#include "inv/again.h"
#include "inv/build.h"
#include "inv/group.h"
#include "inv/write.h"

#include "tap.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

struct text { char *v; size_t n, cap; };

static bool
gather(void *arg, struct jw *w)
{
	struct text *t = arg;

	if (t->n + w->n > t->cap) {
		t->cap = (t->n + w->n) * 2;
		t->v = realloc(t->v, t->cap);
	}
	memcpy(t->v + t->n, w->buf, w->n);
	t->n += w->n;
	jw_reset(w);
	return true;
}

struct reader {
	struct inv *v;
	struct tape t;
	struct rec_flows *flows;
	unsigned long lines, again;
};

static void
begin(struct reader *r, bool again)
{
	*r = (struct reader){ .v = inv_new("lab"), .flows = rec_flows_new() };
	if (!again) {
		again_free(r->v->again);
		r->v->again = NULL;
	}
}

/* As otinv build reads a line. */
static void
line(struct reader *r, const char *p, size_t n)
{
	struct rec_trail trail;
	const char *why;
	struct rec rec;
	bool followed;

	r->lines++;
	followed = rec_follow(&trail, p, n, &r->t, r->flows);
	if (followed && inv_again(r->v, &trail)) {
		r->again++;
		return;
	}
	if (rec_read_again(&rec, p, n, &r->t, r->flows, &why) != REC_OK)
		return;
	rec.trail = followed ? &trail : NULL;
	inv_event(r->v, &rec);
}

static struct text
end(struct reader *r)
{
	struct text t = { NULL, 0, 0 };
	char *room = malloc(1 << 20);
	struct jw w;

	inv_again_done(r->v);
	jw_init(&w, room, 1 << 20);
	if (!inv_group(r->v) || !inv_write(r->v, NULL, &w, gather, &t))
		t.n = 0;
	free(room);
	inv_free(r->v);
	rec_flows_free(r->flows);
	tape_free(&r->t);
	return t;
}

static bool
the_same(struct reader *a, struct reader *b)
{
	struct text x = end(a), y = end(b);
	bool same = x.n > 1000 && x.n == y.n && memcmp(x.v, y.v, x.n) == 0;

	free(x.v);
	free(y.v);
	return same;
}

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
		line(r, p, (size_t)(q - p));
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
	begin(&a, true);
	begin(&b, false);
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
	same = the_same(&a, &b);
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

		begin(&a, true);
		begin(&b, false);
		for (unsigned i = 0; i < 60000; i++) {
			size_t n = make(o, 4096, &seed, &clock, 200);
			char *own = malloc(n);  /* nothing behind it that may be read */

			memcpy(own, o, n);
			line(&a, own, n);
			line(&b, own, n);
			free(own);
		}
		free(o);
		ok(a.again > a.lines / 20, "of events of all sorts many are known: %lu of %lu",
		    a.again, a.lines);
		same = the_same(&a, &b);
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

		begin(&a, true);
		begin(&b, false);
		for (unsigned i = 0; i < 400; i++) {
			/* first the odd ones teach what is done: later flows are ever new */
			size_t n = make(o, 4096, &seed, &clock, 4 + i / 10);

			line(&a, o, n);
			line(&b, o, n);
		}
		lines += a.lines;
		again += a.again;
		same = the_same(&a, &b) && same;
	}
	free(o);
	ok(again > lines / 20, "of events of flows ever new some are known: %lu of %lu", again,
	    lines);
	ok(same, "and the inventories are the same");
}

int
main(void)
{
	test_goldens();
	test_sorts();
	test_firsts();
	return tap_done();
}
