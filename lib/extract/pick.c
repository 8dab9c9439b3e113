/* pick.c: a packet held against what is asked for. */
#include "extract/pick.h"

#include "base/addr.h"
#include "base/limits.h"
#include "base/stamp.h"
#include "net/cid.h"
#include "net/flow.h"
#include "net/pkt.h"

#include <stdlib.h>
#include <string.h>

enum {
	MAX_HOSTS = 256,                /* more than an incident names; all are asked each time */
	MAX_FLOWS = 256,                /* by flow_id */
	PIECES = 1024,                  /* fragmented datagrams under way at a time */
	ARP = 0x0806,
};

/* A datagram of which the first fragment, the only one with ports, was taken. */
struct piece { struct addr src, dst; uint32_t id; uint8_t proto; };

struct pick {
	struct pkt k;
	int64_t from_us, to_us;
	struct cidr net[MAX_HOSTS];
	uint8_t mac[MAX_HOSTS][6];
	char (*cid)[CID_TEXT];          /* in order, each once, after pick_ready() */
	size_t ncid, cap;
	uint64_t id[MAX_FLOWS];
	unsigned nnet, nmac, nid;
	struct flowtab *flows;          /* when a flow_id is asked for */
	uint8_t ports[65536];           /* no port is known: it does not change a flow's id */
	struct piece piece[PIECES];
	unsigned npiece;                /* so far; the table is a ring */
	struct wanted *wanted;
};

struct pick *
pick_new(struct err *e)
{
	struct pick *p = aligned_alloc(_Alignof(struct pick), sizeof(*p));

	if (!p) {
		err_set(e, "out of memory");
		return NULL;
	}
	memset(p, 0, sizeof(*p));
	p->from_us = INT64_MIN;
	p->to_us = INT64_MAX;
	return p;
}

void
pick_free(struct pick *p)
{
	if (!p)
		return;
	flowtab_free(p->flows);
	wanted_free(p->wanted);
	free(p->cid);
	free(p);
}

/* ---- what is asked for ---- */

static bool
moment(const char *opt, const char *s, int64_t *us, struct err *e)
{
	return stamp_parse(us, s, strlen(s)) || err_set(e, "%s %s: a time such as "
	    "2026-11-22T04:21:00Z or 2026-11-22T05:21:00+01:00", opt, s);
}

bool
pick_from(struct pick *p, const char *s, struct err *e)
{
	return moment("--from", s, &p->from_us, e);
}

bool
pick_to(struct pick *p, const char *s, struct err *e)
{
	return moment("--to", s, &p->to_us, e);
}

bool
pick_host(struct pick *p, const char *s, struct err *e)
{
	size_t n = strlen(s);

	if (p->nnet == MAX_HOSTS || p->nmac == MAX_HOSTS)
		return err_set(e, "--host: more than %d", MAX_HOSTS);
	if (cidr_parse(&p->net[p->nnet], s, n)) {
		p->nnet++;
		return true;
	}
	if (mac_parse(p->mac[p->nmac], s, n)) {
		p->nmac++;
		return true;
	}
	return err_set(e, "--host %s: an address, a prefix such as 10.20.0.0/24, or a MAC", s);
}

static int
by_text(const void *a, const void *b)
{
	return memcmp(a, b, CID_TEXT);
}

/* In order, and each once. */
static void
tidy(struct pick *p)
{
	size_t n = 0;

	if (p->ncid)
		qsort(p->cid, p->ncid, sizeof(*p->cid), by_text);
	for (size_t i = 0; i < p->ncid; i++)
		if (!n || by_text(p->cid[i], p->cid[n - 1]) != 0)
			memmove(p->cid[n++], p->cid[i], CID_TEXT);
	p->ncid = n;
}

/* One flow has many packets: only when none is there twice does the list grow. */
static bool
add_cid(struct pick *p, const char cid[CID_TEXT], struct err *e)
{
	if (p->ncid && by_text(cid, p->cid[p->ncid - 1]) == 0)
		return true;
	if (p->ncid == p->cap)
		tidy(p);
	if (p->ncid >= LIM_EXTRACT_FLOWS)
		return err_set(e, "more than %u flows", LIM_EXTRACT_FLOWS);
	if (2 * p->ncid >= p->cap) {
		size_t cap = p->cap ? 2 * p->cap : 64;
		char (*more)[CID_TEXT] = realloc(p->cid, cap * sizeof(*more));
		if (!more)
			return err_set(e, "out of memory");
		p->cid = more;
		p->cap = cap;
	}
	memcpy(p->cid[p->ncid++], cid, CID_TEXT);
	return true;
}

bool
pick_flow(struct pick *p, const char *s, struct err *e)
{
	size_t n = strlen(s);
	bool digits = n && n <= 16 && strspn(s, "0123456789") == n;

	if (p->nid == MAX_FLOWS)
		return err_set(e, "--flow: more than %d", MAX_FLOWS);
	if (digits) {
		p->id[p->nid++] = strtoull(s, NULL, 10);
		return true;
	}
	if (n == CID_TEXT - 1 && s[0] == '1' && s[1] == ':')
		return add_cid(p, s, e);
	return err_set(e, "--flow %s: a community_id (1:...) or a flow_id", s);
}

size_t
pick_flows(const struct pick *p)
{
	return p->ncid + p->nid;
}

void
pick_wanted(struct pick *p, struct wanted *w)
{
	p->wanted = w;
}

const struct wanted *
pick_named(const struct pick *p)
{
	return p->wanted;
}

static void
flow_ended(void *arg, struct flow *f, enum flow_reason why)
{
}

bool
pick_ready(struct pick *p, struct err *e)
{
	tidy(p);
	if (p->from_us >= p->to_us)
		return err_set(e, "--from and --to: nothing lies between them");
	if (p->from_us == INT64_MIN && p->to_us == INT64_MAX && !p->wanted &&
	    !(p->nnet + p->nmac + pick_flows(p)))
		return err_set(e, "which packets: --from, --to, --host, --flow or --packets?");
	if (p->nid) {
		p->flows = flowtab_new(LIM_FLOWS, p->ports, p->ports, flow_ended, NULL);
		if (!p->flows)
			return err_set(e, "out of memory");
	}
	return true;
}

/* ---- one packet ---- */

static bool
net_has(const struct pick *p, const struct addr *a)
{
	for (unsigned i = 0; i < p->nnet; i++)
		if (a->v && cidr_has(&p->net[i], a))
			return true;
	return false;
}

/* Who asks for an address, and of whom (RFC 826, IPv4 over Ethernet). */
static bool
arp_has(const struct pick *p, struct rd r)
{
	const uint8_t *b = rd_bytes(&r, 28);
	struct addr a, t;

	if (!b || b[4] != 6 || b[5] != 4)
		return false;
	a = addr_v4(b + 14);
	t = addr_v4(b + 24);
	return net_has(p, &a) || net_has(p, &t);
}

static bool
host_has(const struct pick *p, const struct pkt *k)
{
	for (unsigned i = 0; k->has_mac && i < p->nmac; i++)
		if (memcmp(k->src_mac, p->mac[i], 6) == 0 || memcmp(k->dst_mac, p->mac[i], 6) == 0)
			return true;
	if (!p->nnet)
		return false;
	if (k->what == PKT_LINK && k->ethertype == ARP)
		return arp_has(p, k->payload);
	return k->ip_v && (net_has(p, &k->src) || net_has(p, &k->dst));
}

static bool
cid_has(const struct pick *p, uint8_t proto, const struct pkt *k, uint16_t sport, uint16_t dport)
{
	char cid[CID_TEXT];

	if (!p->ncid)
		return false;
	cid_put(cid, proto, &k->src, sport, &k->dst, dport);
	return bsearch(cid, p->cid, p->ncid, sizeof(*p->cid), by_text);
}

/* The first fragment has the ports; those behind it have its number. */
static bool
fragment_has(struct pick *p, const struct pkt *k)
{
	int sport = rd_peek16(&k->payload, 0), dport = rd_peek16(&k->payload, 2);
	struct piece *q;

	if (k->frag_off == 0) {
		bool icmp = k->ip_proto == IPP_ICMP || k->ip_proto == IPP_ICMP6;
		if (sport < 0 || dport < 0)
			return false;
		if (icmp) {             /* type and code are a byte each */
			dport = sport & 255;
			sport >>= 8;
		}
		if (!cid_has(p, k->ip_proto, k, (uint16_t)sport, (uint16_t)dport))
			return false;
		p->piece[p->npiece++ % PIECES] = (struct piece){ k->src, k->dst, k->frag_id,
		    k->ip_proto };
		return true;
	}
	for (unsigned i = 0; i < p->npiece && i < PIECES; i++) {
		q = &p->piece[i];
		if (q->id == k->frag_id && q->proto == k->ip_proto && addr_eq(&q->src, &k->src) &&
		    addr_eq(&q->dst, &k->dst))
			return true;
	}
	return false;
}

/* Flows as otdissect numbers them. */
static bool
id_has(struct pick *p, const struct pkt *k)
{
	struct flow_seen seen = flow_get(p->flows, k);
	struct flow *f = seen.flow;
	enum doubt why;

	if (!f)
		f = flow_doubted(p->flows, &seen.side, &why);
	if (!f)
		return false;
	for (unsigned i = 0; i < p->nid; i++)
		if (f->id == p->id[i])
			return true;
	return false;
}

static bool
flow_has(struct pick *p, const struct pkt *k)
{
	bool icmp = k->ip_proto == IPP_ICMP || k->ip_proto == IPP_ICMP6, has = false;

	if (k->what == PKT_FRAGMENT)
		return p->ncid && fragment_has(p, k);
	if (k->what != PKT_IP)
		return false;
	if (p->nid)
		has = id_has(p, k);
	return has || (p->ncid && cid_has(p, k->ip_proto, k, icmp ? k->icmp_type : k->sport,
	    icmp ? k->icmp_code : k->dport));
}

bool
pick_has(struct pick *p, const struct packet *packet)
{
	bool hosts = p->nnet + p->nmac != 0, flows = pick_flows(p) != 0;
	bool host = !hosts, flow = !flows;

	if (hosts || flows) {
		pkt_begin(&p->k, packet);
		do {
			if (!host)
				host = host_has(p, &p->k);
			/* every packet of every layer: the table counts */
			if (flows && flow_has(p, &p->k))
				flow = true;
		} while (p->k.inner_name && pkt_inner(&p->k) != PKT_DONE);
	}
	return host && flow && packet->us >= p->from_us && packet->us < p->to_us &&
	    (!p->wanted || wanted_has(p->wanted, packet));
}

bool
pick_flow_of(struct pick *p, const struct packet *packet, struct err *e)
{
	const struct pkt *k = &p->k;
	char cid[CID_TEXT] = "";
	bool icmp;

	pkt_begin(&p->k, packet);
	do {
		if (k->what != PKT_IP)
			continue;
		icmp = k->ip_proto == IPP_ICMP || k->ip_proto == IPP_ICMP6;
		cid_put(cid, k->ip_proto, &k->src, icmp ? k->icmp_type : k->sport, &k->dst,
		    icmp ? k->icmp_code : k->dport);
	} while (k->inner_name && pkt_inner(&p->k) != PKT_DONE);
	return !*cid || add_cid(p, cid, e);
}
