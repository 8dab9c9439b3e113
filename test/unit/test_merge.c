/* Inventories joined: for thousands of made-up networks, cut into parts at
 * random and joined in random orders and steps, with parts joined more than
 * once, the answer is the inventory of the whole, byte for byte. */
#include "inv/build.h"
#include "inv/group.h"
#include "inv/merge.h"
#include "inv/read.h"
#include "inv/write.h"

#include "tap.h"

#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 2000, EVENTS_MAX = 60, PARTS_MAX = 6, LINE = 1024 };

static uint64_t seed;

static uint32_t
pick(uint32_t n)
{
	return tap_random(&seed) % n;
}

/* ---- a network ------------------------------------------------------------------ */

/* Few of each, so that they meet in ways that no real network would think of. */
static const char *const macs[] = { "00:00:5e:00:53:01", "00:00:5e:00:53:02", "00:00:5e:00:53:03",
	"00:00:5e:00:53:04", "02:00:00:00:00:05", "06:00:00:00:00:06", "00:00:5e:00:01:07",
	"00:00:0c:07:ac:01" };
static const char *const ips[] = { "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.1.5",
	"10.0.1.6", "169.254.0.7", "203.0.113.8", "198.51.100.9", "fd00::1", "fe80::2", "2001:db8::3",
	"224.0.0.18", "255.255.255.255" };
static const char *const apps[] = { "modbus", "s7comm", "mqtt", "http", "tls", "dns", "vrrp" };
static const char *const ops[] = { "read", "write", "command", "program", "identify", "report",
	"alarm", "connect" };
static const char *const words[] = { "vendor", "product", "model", "serial", "firmware", "hostname",
	"role", "os" };
static const char *const values[] = { "SN-0417", "SN-0418", "Acme AB", "acme", "router", "plc-1",
	"1.0", "2.0", "pc7.lab.example", "Windows 10", "Linux 6.1", "macOS" };
static const char *const sources[] = { "modbus.mei", "s7comm.szl", "lldp", "dhcp", "mdns", "oui",
	"http.server", "http.user-agent", "smb.ntlm" };
#define ANY(list)       list[pick(sizeof(list) / sizeof(*list))]

static size_t
put_identity(char *d, size_t cap)
{
	size_t n = (size_t)snprintf(d, cap, ",\"identity\":[{\"of\":");

	switch (pick(5)) {
	case 0: n += (size_t)snprintf(d + n, cap - n, "\"src\""); break;
	case 1: n += (size_t)snprintf(d + n, cap - n, "{\"parent\":\"dest\",\"sub\":\"net %u\"}",
	    pick(3)); break;
	case 2: n += (size_t)snprintf(d + n, cap - n, "{\"mac\":\"%s\",\"ip\":\"%s\"}", ANY(macs),
	    ANY(ips)); break;
	case 3: n += (size_t)snprintf(d + n, cap - n, "{\"mac\":\"%s\"}", ANY(macs)); break;
	default: n += (size_t)snprintf(d + n, cap - n, "\"dest\"");
	}
	for (unsigned i = pick(3); i < 3; i++)
		n += (size_t)snprintf(d + n, cap - n, ",\"%s\":\"%s\"", ANY(words), ANY(values));
	return n + (size_t)snprintf(d + n, cap - n, ",\"source\":\"%s\"}]", ANY(sources));
}

static size_t
put_detail(char *d, size_t cap, const char *app)
{
	size_t n = (size_t)snprintf(d, cap, "\"x\":1");

	if (strcmp(app, "dns") == 0)
		n += (size_t)snprintf(d + n, cap - n, ",\"queries\":[{\"rrname\":\"n%u.example\"}],"
		    "\"answers\":[{\"rdata\":\"%s\"}]", pick(3), ANY(ips));
	else if (strcmp(app, "tls") == 0)
		n += (size_t)snprintf(d + n, cap - n, ",\"sni\":\"n%u.example\"", pick(3));
	if (pick(4) == 0)
		n += (size_t)snprintf(d + n, cap - n, ",\"weak\":[\"w%u\"]", pick(3));
	if (pick(8) == 0)
		n += (size_t)snprintf(d + n, cap - n, ",\"remote_access\":{\"product\":\"p%u\","
		    "\"vendor\":\"v\",\"kind\":\"vpn\"}", pick(2));
	return n;
}

/* Identifiers and traits: few, so that several give the same. */
static size_t
put_own(char *d, size_t cap, unsigned kind)
{
	static const char *const hex[] = { "000100012c0ffee000005e005301", "ff00000001000200000ab1" };
	static const char *const ids[] = { "80001f8803", "800000090300005e005302",
		"80001f88043132" };

	switch (kind) {
	case 0: return (size_t)snprintf(d, cap, "\"type\":\"request\",\"client_mac\":\"%s\","
	    "\"client_id\":\"%s\",\"fingerprint\":\"1,3,%u\"", ANY(macs), ANY(hex), pick(2));
	case 1: return (size_t)snprintf(d, cap, "\"host_key_sha256\":\"SHA256:k%u\"", pick(3));
	case 2: return (size_t)snprintf(d, cap, "\"engine_id\":\"%s\"", ANY(ids));
	case 3: return (size_t)snprintf(d, cap, "\"method\":\"NOTIFY\",\"target\":"
	    "\"urn:schemas-upnp-org:device:InternetGatewayDevice:1\",\"location_host\":\"%s\","
	    "\"usn\":\"uuid:f5c1d177-62e5-45d1-a6e7-00005e00530%u::upnp:rootdevice\"", ips[0],
	    1 + pick(2));
	default: return (size_t)snprintf(d, cap, "\"service\":\"i-Am\",\"device\":"
	    "\"device,%u\"", pick(3));
	}
}

/* Nobody contradicts: else what identifiers join would seldom be seen. */
static unsigned calm;                   /* 1: many alike at once, 2: who gives what */

static const char *
some_mac(void)
{
	return calm ? macs[pick(4)] : ANY(macs);
}

static const char *
some_ip(void)
{
	return calm ? ips[pick(calm == 1 ? 3 : 2)] : ANY(ips);
}

static const char *const owns[] = { "dhcp", "ssh", "snmp", "ssdp", "bacnet" };

static void
make_event(char *d, unsigned number)
{
	static const char *const files[] = { "a.pcap", "b.pcap" };
	const char *app = ANY(apps);
	unsigned kind = !calm ? pick(10) : calm == 1 && pick(2) ? 0 : 9;
	unsigned own = calm ? 1 + pick(2) : pick(5), at_once = kind == 0 && (calm || pick(2));
	size_t n;

	if (kind == 9)
		app = owns[own];

	n = (size_t)snprintf(d, LINE, "{\"timestamp\":\"2026-11-2%uT%02u:00:%02u.%06u+0000\","
	    "\"event_type\":\"%s\",\"pcap_filename\":\"%s\",\"pcap_cnt\":%u,",
	    at_once ? 1 : pick(3), at_once ? 10 : pick(24), at_once ? 0 : pick(60), number, kind == 0 ? "flow" : kind == 1 ? "arp" : app, ANY(files), number + 1);
	if (calm || pick(8))
		n += (size_t)snprintf(d + n, LINE - n, "\"ether\":{\"src_mac\":\"%s\",\"dest_mac\":"
		    "\"%s\"},", some_mac(), pick(9) ? some_mac() : "ff:ff:ff:ff:ff:ff");
	if (!calm && pick(5) == 0)
		n += (size_t)snprintf(d + n, LINE - n, "\"vlan\":[%u],", 1 + pick(3));
	if (kind == 1) {
		n += (size_t)snprintf(d + n, LINE - n, "\"arp\":{\"opcode\":\"reply\",\"src_mac\":"
		    "\"%s\",\"src_ip\":\"%s\"}", some_mac(), some_ip());
		snprintf(d + n, LINE - n, "}");
		return;
	}
	n += (size_t)snprintf(d + n, LINE - n, "\"src_ip\":\"%s\",\"src_port\":%u,\"dest_ip\":\"%s\","
	    "\"dest_port\":%u,\"proto\":\"TCP\",\"app_proto\":\"%s\"", some_ip(), 40000 + pick(3),
	    some_ip(), 500 + (calm ? 0 : pick(3)), calm && kind == 0 ? apps[0] : app);
	if (kind == 0) {
		/* now and then as much as another, and one hop late */
		unsigned pkts = calm || pick(2) ? 20 : pick(9);
		n += (size_t)snprintf(d + n, LINE - n, ",\"flow\":{\"pkts_toserver\":%u,"
		    "\"pkts_toclient\":%u,\"bytes_toserver\":%u,\"bytes_toclient\":9,"
		    "\"min_ttl\":%u,\"min_ttl_toserver\":%u}", pkts,
		    pkts, pick(999), calm ? 64 : 63, calm ? 64 : pick(2) ? 127 : 63);
	} else {
		n += (size_t)snprintf(d + n, LINE - n, ",\"%s\":{", app);
		n += kind == 9 ? put_own(d + n, LINE - n, own) : put_detail(d + n, LINE - n, app);
		n += (size_t)snprintf(d + n, LINE - n, "},\"ot\":{\"op\":\"%s\",\"object\":"
		    "\"register:%u\",\"unit_id\":%u,\"value\":%u,\"result\":\"%s\"}", ANY(ops),
		    pick(4), pick(4), pick(100),
		    pick(4) ? "ok" : pick(2) ? "no_response" : "refused");
		if (kind == 9 && (calm || pick(2)))
			n += (size_t)snprintf(d + n, LINE - n, ",\"identity\":[{\"of\":\"%s\","
			    "\"hostname\":\"pc7.lab.example\",\"source\":\"smb\"}]",
			    own == 1 || own == 2 ? "dest" : "src");
		else if (pick(2))
			n += put_identity(d + n, LINE - n - 2);
	}
	snprintf(d + n, LINE - n, "}");
}

/* ---- building and joining --------------------------------------------------------- */

/* An inventory as written, and which parts of the input it has read. */
struct text { char *p; size_t n; unsigned parts; };

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

static struct roles *roles;

static struct text
written(struct inv *v, unsigned parts)
{
	static char buf[2 * LIM_RECORD];
	struct text t = { .parts = parts };
	struct jw w;

	jw_init(&w, buf, sizeof(buf));
	if (!inv_group(v) || !inv_write(v, roles, &w, gather, &t))
		printf("# could not be written\n");
	inv_free(v);
	return t;
}

static char events[EVENTS_MAX][LINE];

/* Of the events those whose part is in the mask. */
static struct text
built(unsigned n, const uint8_t *part, unsigned mask)
{
	struct inv *v = inv_new("lab");
	const char *why;
	struct rec r;

	for (unsigned i = 0; i < n; i++) {
		if (!(mask >> part[i] & 1))
			continue;
		if (rec_read(&r, events[i], strlen(events[i]), &why) != REC_OK)
			printf("# event %u: %s: %s\n", i, why, events[i]);
		else
			inv_event(v, &r);
	}
	return written(v, mask);
}

static struct inv *
read_back(const struct text *t)
{
	struct inv *v = inv_new("");
	const char *p, *nl, *why;
	struct rec r;

	for (p = t->p; p && *p; p = nl + 1) {
		nl = strchr(p, '\n');
		if (rec_read(&r, p, (size_t)(nl - p), &why) != REC_OK || !inv_record(v, &r))
			printf("# not read back: %.*s\n", (int)(nl - p), p);
	}
	return v;
}

static struct text
joined(const struct text *const *of, size_t n, bool *partly)
{
	struct inv *v[PARTS_MAX], *all;
	unsigned mask = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		v[i] = read_back(of[i]);
		mask |= of[i]->parts;
	}
	all = inv_join_all(v, n, partly);
	for (i = 0; i < n; i++)
		inv_free(v[i]);
	return written(all, mask);
}

static bool
same(const struct text *a, const struct text *b)
{
	return a->n == b->n && a->p && b->p && memcmp(a->p, b->p, a->n) == 0;
}

static void
tell(const struct text *a, const struct text *b)
{
	size_t i = 0, from;

	while (i < a->n && i < b->n && a->p[i] == b->p[i])
		i++;
	from = i < 300 ? 0 : i - 300;
	printf("# differ at %zu of %zu and %zu:\n# %.600s\n# %.600s\n", i, a->n, b->n, a->p + from,
	    b->p + from);
}

/* Joins what lies in the heap, two or three at a time, until one is left;
 * now and then something that was joined already is thrown in again. */
static struct text
join_at_random(struct text *heap, size_t n, bool *partly)
{
	struct text out, old[64];
	size_t nold = 0, i, k;

	while (n > 1) {
		const struct text *of[3];
		unsigned a = pick((uint32_t)n), b = pick((uint32_t)n);
		if (a == b)
			continue;
		of[0] = &heap[a];
		of[1] = &heap[b];
		k = 2;
		if (nold && pick(3) == 0) {
			const struct text *x = &old[pick((uint32_t)nold)];
			if ((x->parts & ~heap[a].parts) == 0 || (x->parts & ~heap[b].parts) == 0)
				of[k++] = x;
		}
		out = joined(of, k, partly);
		if (nold + 2 < sizeof(old) / sizeof(*old)) {
			old[nold++] = heap[a];
			old[nold++] = heap[b];
		} else {
			free(heap[a].p);
			free(heap[b].p);
		}
		heap[a] = out;
		heap[b] = heap[--n];
	}
	for (i = 0; i < nold; i++)
		free(old[i].p);
	return heap[0];
}

int
main(void)
{
	struct err e = { "" };
	unsigned unequal = 0, unstable = 0, twice = 0, partly_n = 0, nats = 0, sides = 0;
	unsigned same_n = 0, maybes = 0;

	roles = roles_load(&e);
	for (unsigned round = 0; round < ROUNDS; round++) {
		unsigned nparts, n, all;
		uint8_t part[EVENTS_MAX];
		struct text whole, again, heap[PARTS_MAX], end;
		bool partly = false;

		seed = round * 7919u + 1;
		calm = pick(6) < 3 ? pick(3) : 0;
		nparts = 2 + pick(PARTS_MAX - 1);
		n = 2 + pick(EVENTS_MAX - 2);
		all = (1u << nparts) - 1;
		for (unsigned i = 0; i < n; i++) {
			make_event(events[i], i);
			part[i] = (uint8_t)pick(nparts);
		}
		whole = built(n, part, all);
		again = joined((const struct text *[]){ &whole }, 1, &partly);
		if (!same(&again, &whole) && !unstable++)
			tell(&again, &whole);
		free(again.p);
		again = joined((const struct text *[]){ &whole, &whole }, 2, &partly);
		if (!same(&again, &whole) && !twice++)
			tell(&again, &whole);
		free(again.p);
		for (unsigned k = 0; k < nparts; k++)
			heap[k] = built(n, part, 1u << k);
		end = join_at_random(heap, nparts, &partly);
		if (!same(&end, &whole) && !unequal++) {
			printf("# round %u\n", round);
			tell(&end, &whole);
		}
		partly_n += partly;
		nats += strstr(whole.p, "\"nat\":") != NULL;
		sides += strstr(whole.p, "both_sides") != NULL;
		same_n += strstr(whole.p, "\"by\":\"identifier\"") != NULL;
		maybes += strstr(whole.p, "\"maybe_same\":") != NULL;
		free(end.p);
		free(whole.p);
	}
	roles_free(roles);
	ok(unstable == 0, "%d networks: read back and written again, nothing changes (%u did)", ROUNDS,
	    unstable);
	ok(twice == 0, "joined with itself, an inventory is itself (%u were not)", twice);
	ok(unequal == 0, "cut and joined at random, they are the whole (%u were not)", unequal);
	ok(partly_n == 0, "and nothing was taken for an overlap (%u were)", partly_n);
	ok(nats > ROUNDS / 40 && sides > ROUNDS / 200 && same_n > ROUNDS / 50 && maybes > ROUNDS / 20, "%u of them "
	    "had translators, %u on both sides, %u machines of several MACs, %u what may be one",
	    nats, sides, same_n, maybes);
	return tap_done();
}
