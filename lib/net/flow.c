#include "net/flow.h"

#include "net/cid.h"
#include "net/flow_doubt.h"
#include "net/flow_hash.h"

#include <stdlib.h>
#include <sys/random.h>

enum { LRU_TCP_NEW, LRU_TCP_EST, LRU_TCP_CLOSED, LRU_OTHER, LRU_N };
enum { NIL = UINT32_MAX, BUCKETS = 4096 };

static const int64_t timeout_us[LRU_N] = {
	LIM_FLOW_TCP_NEW * 1000000LL, LIM_FLOW_TCP_EST * 1000000LL,
	LIM_FLOW_TCP_CLOSED * 1000000LL, LIM_FLOW_OTHER * 1000000LL,
};

/* What is touched of other flows than a packet's own, small and together: its
 * chain and its neighbours in a list by age. */
struct link { uint32_t hash, next; uint32_t older, younger; };

struct flowtab {
	struct flow *slab;
	void *mem;                      /* the slab begins in it, on a line of cache */
	struct link *link;              /* one for each flow of the slab */
	uint32_t *bucket;
	uint32_t mask;                  /* of the buckets in use: few as long as flows are few */
	uint32_t max, used_high, free_head;
	struct { uint32_t head, tail; } lru[LRU_N];
	const uint8_t *tcp_ports, *udp_ports;
	uint64_t seed;
	uint32_t vlan_mask;             /* 0: VLANs do not tell flows apart */
	int64_t now;                    /* the latest packet time seen */
	int64_t due;                    /* no flow ends before */
	void (*end)(void *, struct flow *, enum flow_reason);
	void (*need)(void *);
	void *arg;
	struct flow *last;              /* that flow_get() gave, or NULL: it ended */
	struct flow_stats stats;
	struct { struct flow *f; int side; enum doubt why; } doubt;
};

struct flowtab *
flowtab_new(uint32_t max, const uint8_t *tcp_ports, const uint8_t *udp_ports,
    void (*end)(void *, struct flow *, enum flow_reason), void *arg)
{
	struct flowtab *t = calloc(1, sizeof(*t));
	uint32_t nb = BUCKETS;

	if (!t)
		return NULL;
	while (nb < 4 * max)
		nb *= 2;
	t->mem = calloc((size_t)max + 1, sizeof(*t->slab));
	t->link = calloc(max, sizeof(*t->link));
	t->bucket = malloc(nb * sizeof(*t->bucket));
	if (!t->mem || !t->link || !t->bucket) {
		flowtab_free(t);
		return NULL;
	}
	t->slab = (struct flow *)(((uintptr_t)t->mem + 63) & ~(uintptr_t)63);
	t->mask = BUCKETS - 1;
	t->vlan_mask = ~0u;
	memset(t->bucket, 0xff, BUCKETS * sizeof(*t->bucket));
	t->max = max;
	t->free_head = NIL;
	for (int i = 0; i < LRU_N; i++)
		t->lru[i].head = t->lru[i].tail = NIL;
	/* Only where a flow lies in memory depends on it, never what is written:
	 * a sender cannot aim for one chain. */
	if (getrandom(&t->seed, sizeof(t->seed), GRND_NONBLOCK) != sizeof(t->seed))
		t->seed = 0x9e3779b97f4a7c15ull;
	t->tcp_ports = tcp_ports;
	t->udp_ports = udp_ports;
	t->end = end;
	t->arg = arg;
	return t;
}

void
flowtab_join_vlans(struct flowtab *t)
{
	t->vlan_mask = 0;
}

void
flowtab_free(struct flowtab *t)
{
	if (!t)
		return;
	free(t->mem);
	free(t->link);
	free(t->bucket);
	free(t);
}

const struct flow_stats *flowtab_stats(const struct flowtab *t) { return &t->stats; }
struct flow *flow_at(struct flowtab *t, uint32_t i) { return &t->slab[i]; }
uint32_t flowtab_high(const struct flowtab *t) { return t->used_high; }

static void
lru_remove(struct flowtab *t, struct flow *f)
{
	struct link *l = &t->link[f->index];

	if (l->older != NIL)
		t->link[l->older].younger = l->younger;
	else
		t->lru[f->lru_list].head = l->younger;
	if (l->younger != NIL)
		t->link[l->younger].older = l->older;
	else
		t->lru[f->lru_list].tail = l->older;
}

static void
lru_append(struct flowtab *t, struct flow *f, uint8_t list)
{
	uint32_t i = f->index;
	struct link *l = &t->link[i];

	f->lru_list = list;
	l->younger = NIL;
	l->older = t->lru[list].tail;
	if (l->older != NIL)
		t->link[l->older].younger = i;
	else
		t->lru[list].head = i;
	t->lru[list].tail = i;
}

static inline void
lru_touch(struct flowtab *t, struct flow *f, uint8_t list)
{
	if (f->lru_list == list && t->lru[list].tail == f->index)
		return;                 /* already the youngest */
	lru_remove(t, f);
	lru_append(t, f, list);
}

static void
flow_end(struct flowtab *t, struct flow *f, enum flow_reason why)
{
	uint32_t i = f->index, *pp;

	t->end(t->arg, f, why);
	if (t->last == f)
		t->last = NULL;
	lru_remove(t, f);
	for (pp = &t->bucket[t->link[i].hash & t->mask]; *pp != i; pp = &t->link[*pp].next)
		;
	*pp = t->link[i].next;
	f->used = false;
	t->stats.ended++;
	t->stats.active--;
	if (!f->held)
		flowtab_release(t, f);
}

void
flowtab_release(struct flowtab *t, struct flow *f)
{
	t->link[f->index].next = t->free_head;
	t->free_head = f->index;
}

void
flowtab_on_need(struct flowtab *t, void (*need)(void *))
{
	t->need = need;
}

static void
expire(struct flowtab *t)
{
	t->due = INT64_MAX;
	for (int l = 0; l < LRU_N; l++) {
		while (t->lru[l].head != NIL) {
			struct flow *f = &t->slab[t->lru[l].head];
			int64_t due = f->last_us + timeout_us[l];
			if (t->now <= due) {
				if (due < t->due)
					t->due = due;
				break;
			}
			flow_end(t, f, FLOW_TIMEOUT);
		}
	}
}

/* Four times as many buckets as flows, and no more: what is looked up for each
 * packet stays in cache on a small site, and most chains are one flow long. */
static void
spread(struct flowtab *t)
{
	t->mask = t->mask * 2 + 1;
	memset(t->bucket, 0xff, ((size_t)t->mask + 1) * sizeof(*t->bucket));
	for (uint32_t i = 0; i < t->used_high; i++) {
		struct link *l = &t->link[i];
		if (!t->slab[i].used)
			continue;
		l->next = t->bucket[l->hash & t->mask];
		t->bucket[l->hash & t->mask] = i;
	}
}

static struct flow *
take_slot(struct flowtab *t)
{
	uint32_t i;

	if (t->free_head == NIL && t->used_high == t->max && t->stats.active == t->max) {
		/* full: the flow quiet longest, whatever its kind */
		struct flow *old = NULL;
		for (int l = 0; l < LRU_N; l++) {
			struct flow *f;
			if (t->lru[l].head == NIL)
				continue;
			f = &t->slab[t->lru[l].head];
			if (!old || f->last_us < old->last_us)
				old = f;
		}
		t->stats.evicted++;
		flow_end(t, old, FLOW_FORCED);
	}
	if (t->free_head == NIL && t->used_high == t->max)
		t->need(t->arg);
	if (t->free_head != NIL) {
		i = t->free_head;
		t->free_head = t->link[i].next;
	} else {
		i = t->used_high++;
	}
	memset(&t->slab[i], 0, sizeof(t->slab[i]));
	t->slab[i].index = i;
	return &t->slab[i];
}

/* ICMP has no ports: an echo and its reply are one flow by their identifier,
 * other types one flow each. */
static __attribute__((noinline)) uint32_t
icmp_ports(const struct pkt *k)
{
	uint8_t t = k->icmp_type;
	bool echo = k->ip_proto == IPP_ICMP ? t == 8 || t == 0 : t == 128 || t == 129;
	int id = rd_peek16(&k->payload, 4);
	uint16_t v = echo && id >= 0 ? (uint16_t)id : (uint16_t)(t << 8 | k->icmp_code);

	return (uint32_t)v << 16 | v;
}

/* Both ports in one number, as they lie in a flow whose client sends this. */
static inline uint32_t
ports_of(const struct pkt *k)
{
	uint16_t p[2] = { k->sport, k->dport };
	uint32_t v;

	if (!k->has_ports && (k->ip_proto == IPP_ICMP || k->ip_proto == IPP_ICMP6))
		return icmp_ports(k);
	memcpy(&v, p, 4);
	return v;
}

static inline uint16_t
port_of(uint32_t ports, int side)
{
	uint16_t p[2];

	memcpy(p, &ports, 4);
	return p[side];
}

/* The flow of this packet and its direction, or NULL. */
static inline struct flow *
find(const struct flowtab *t, const struct pkt *k, uint32_t ports, uint32_t hash, int *side)
{
	uint32_t back = ports << 16 | ports >> 16, p;

	for (uint32_t i = t->bucket[hash & t->mask]; i != NIL; i = t->link[i].next) {
		struct flow *f = &t->slab[i];

		if (t->link[i].hash != hash)
			continue;
		/* a packet's VLANs that it does not have are 0 */
		if (f->proto != k->ip_proto ||
		    (memcmp(f->vlan, k->vlan, sizeof(f->vlan)) != 0 && t->vlan_mask))
			continue;
		memcpy(&p, f->port, 4);
		if (p == ports && addr_eq(&f->addr[0], &k->src) && addr_eq(&f->addr[1], &k->dst)) {
			*side = 0;
			return f;
		}
		if (p == back && addr_eq(&f->addr[0], &k->dst) && addr_eq(&f->addr[1], &k->src)) {
			*side = 1;
			return f;
		}
	}
	return NULL;
}

/* The flow of the packet before, which is this one's, too. Its ends may have changed places. */
static inline struct flow *
again(struct flow *f, const struct pkt *k, uint32_t ports, int *side)
{
	uint32_t p;

	memcpy(&p, f->port, 4);
	*side = p != ports || memcmp(f->addr[0].b, k->src.b, 4) != 0;
	return f;
}

static bool
client_first(const struct flowtab *t, const struct pkt *k)
{
	uint8_t fl = k->tcp_flags & (TH_SYN | TH_ACK);

	if (k->ip_proto == IPP_TCP) {
		/* with FIN or RST it is noise, not the start of a connection */
		if (fl == TH_SYN && !(k->tcp_flags & (TH_FIN | TH_RST)))
			return true;
		if (fl == (TH_SYN | TH_ACK))
			return false;
	} else if (k->ip_proto != IPP_UDP) {
		if (k->ip_proto == IPP_ICMP)
			return k->icmp_type != 0;
		if (k->ip_proto == IPP_ICMP6)
			return k->icmp_type != 129;
		return true;
	}
	if (addr_multicast(&k->dst) || !k->has_ports)
		return true;
	if (k->sport != k->dport) {
		const uint8_t *known = k->ip_proto == IPP_TCP ? t->tcp_ports : t->udp_ports;
		bool s = known[k->sport], d = known[k->dport];
		if (s != d)
			return d;
		/* no SYN seen: low ports serve */
		if (k->ip_proto == IPP_TCP && (k->sport < 1024) != (k->dport < 1024))
			return k->dport < 1024;
	}
	return true;
}

/* A SYN from a side that has spoken before, and not the same SYN again. */
static bool
begins_anew(const struct flow *f, const struct pkt *k, int side)
{
	return !(k->tcp_flags & (TH_FIN | TH_RST)) && f->pkts[side] &&
	    f->isn[side] != k->seq;
}

static inline __attribute__((always_inline)) uint32_t
hash_of(const struct flowtab *t, const struct pkt *k, uint32_t ports)
{
	uint64_t h = flow_hash(k, port_of(ports, 0), port_of(ports, 1), t->seed, t->vlan_mask);

	return (uint32_t)(h ^ h >> 32);
}

void
flow_ask(const struct flowtab *t, struct pkt *k)
{
	if (k->what != PKT_IP)
		return;
	k->hash = hash_of(t, k, ports_of(k));
	k->hashed = true;
	__builtin_prefetch(&t->bucket[k->hash & t->mask]);
}

/* The flow it will likely be; NIL where that is not known, or was asked for already. */
static inline uint32_t
likely(const struct flowtab *t, const struct pkt *k)
{
	return k->hashed && !k->same ? t->bucket[k->hash & t->mask] : NIL;
}

/* What the table wants of a flow, and what who dissects it. */
static inline void
fetch_table(const struct flowtab *t, uint32_t i)
{
	__builtin_prefetch(&t->link[i]);
	__builtin_prefetch(t->slab[i].addr);
	__builtin_prefetch(t->slab[i].pkts);
	__builtin_prefetch(t->slab[i].said);
}
static inline void
fetch_own(const struct flow *f)
{
	__builtin_prefetch(&f->app);
	__builtin_prefetch(f->tcp);
	__builtin_prefetch(f->last);
	__builtin_prefetch(&f->id);
}

uint32_t
flow_fetch(const struct flowtab *t, const struct pkt *k)
{
	uint32_t i = likely(t, k);

	if (i != NIL) {
		fetch_table(t, i);
		fetch_own(&t->slab[i]);
	}
	return i;
}

void
flow_near_table(const struct flowtab *t, const struct pkt *k)
{
	uint32_t i = likely(t, k);

	if (i != NIL)
		fetch_table(t, i);
}

uint32_t
flow_near_own(const struct flowtab *t, const struct pkt *k)
{
	uint32_t i = likely(t, k);

	if (i == NIL || t->slab[i].owner)
		return NIL;
	fetch_own(&t->slab[i]);
	return i;
}

static __attribute__((noinline)) struct flow_seen
add(struct flowtab *t, const struct pkt *k, uint32_t ports, uint32_t hash)
{
	uint16_t sp = port_of(ports, 0), dp = port_of(ports, 1);
	struct flow *f = take_slot(t);
	uint32_t i = f->index;
	int64_t us = k->raw->us;

	f->used = true;
	t->link[i].hash = hash;
	t->link[i].next = t->bucket[hash & t->mask];
	t->bucket[hash & t->mask] = i;
	f->proto = k->ip_proto;
	f->addr[0] = k->src;
	f->addr[1] = k->dst;
	f->port[0] = sp;
	f->port[1] = dp;
	f->nvlan = k->nvlan > 2 ? 2 : k->nvlan;
	f->vlan[0] = k->nvlan ? k->vlan[0] : 0;
	f->vlan[1] = k->nvlan > 1 ? k->vlan[1] : 0;
	f->has_mac = k->has_mac;
	memcpy(f->mac[0], k->src_mac, 6);
	memcpy(f->mac[1], k->dst_mac, 6);
	f->icmp_type = k->icmp_type;
	f->icmp_code = k->icmp_code;
	f->first_us = us;
	f->first_cnt = k->raw->cnt;
	f->first_from = k->raw->from;
	f->tunnel = k->tunnel;
	f->ttl[0] = f->ttl[1] = FLOW_SILENT;
	f->ttl_low[0] = f->ttl_low[1] = FLOW_SILENT;
	f->scale[0] = f->scale[1] = FLOW_SCALE_UNKNOWN;
	f->pend_head = NIL;
	f->id = flow_number(k, sp, dp);
	lru_append(t, f, k->ip_proto == IPP_TCP ? LRU_TCP_NEW : LRU_OTHER);
	t->stats.created++;
	if (++t->stats.active > t->stats.peak) {
		t->stats.peak = t->stats.active;
		if (t->stats.peak > t->mask / 4 && t->mask / 4 + 1 < t->max)
			spread(t);
	}
	if (!client_first(t, k)) {
		flow_swap(f);
		return (struct flow_seen){ f, 1 };
	}
	return (struct flow_seen){ f, 0 };
}

/* Counts the packet. */
static inline __attribute__((always_inline)) void
count(struct flowtab *t, struct flow *f, const struct pkt *k, int side, uint8_t list)
{
	const struct packet *raw = k->raw;

	f->pkts[side]++;
	f->bytes[side] += k->bytes;
	if (raw->us > f->last_us)
		f->last_us = raw->us;
	f->last_cnt = raw->cnt;
	f->from = raw->from;
	lru_touch(t, f, list);
}

/* A packet that is not believed: counted, but the flow is no further for it. */
static __attribute__((cold, noinline)) void
doubted(struct flowtab *t, struct flow *f, const struct pkt *k, int side, enum doubt why)
{
	count(t, f, k, side, f->lru_list);
	t->doubt.f = f;
	t->doubt.side = side;
	t->doubt.why = why;
}

/* A SYN or a reset on ports that are known. ANEW: the same ports again, for another
 * connection, be it that the old one was closed or that a side which lost its power
 * forgot it. */
enum turn { BELIEVED, DOUBTED, ANEW };
static __attribute__((noinline)) enum turn
turn(struct flowtab *t, struct flow *f, const struct pkt *k, int side)
{
	bool anew = (k->tcp_flags & (TH_SYN | TH_ACK)) == TH_SYN &&
	    (f->state == FLOW_CLOSED || begins_anew(f, k, side));

	if ((anew || k->tcp_flags & TH_RST) && flow_sum_wrong(f, side, k))
		doubted(t, f, k, side, DOUBT_CHECKSUM);
	else if (k->tcp_flags & TH_RST && !anew && !flow_reset_believed(f, k, side))
		doubted(t, f, k, side, DOUBT_RESET);
	else
		return anew ? ANEW : BELIEVED;
	return DOUBTED;
}

struct flow *
flow_doubted(const struct flowtab *t, int *side, enum doubt *why)
{
	*side = t->doubt.side;
	*why = t->doubt.why;
	return t->doubt.f;
}

/* Its state after this packet, and the list by age that it belongs to. */
static uint8_t
advance(struct flow *f, const struct pkt *k, int side)
{
	if (f->proto != IPP_TCP) {
		if (f->state == FLOW_NEW && f->pkts[!side])
			f->state = FLOW_ESTABLISHED;
		return LRU_OTHER;
	}
	if (k->tcp_flags & TH_SYN && !(f->tcp_flags[side] & TH_SYN) && !f->pkts[side])
		f->isn[side] = k->seq;
	f->tcp_flags[side] |= k->tcp_flags;
	if (k->tcp_flags & TH_RST || (f->tcp_flags[0] & f->tcp_flags[1] & TH_FIN))
		f->state = FLOW_CLOSED;
	else if (f->state == FLOW_NEW && f->pkts[!side])
		f->state = FLOW_ESTABLISHED;
	return f->state == FLOW_CLOSED ? LRU_TCP_CLOSED :
	    f->state == FLOW_NEW ? LRU_TCP_NEW : LRU_TCP_EST;
}

/* Of a fragment put together, of what lay in a tunnel. */
static __attribute__((noinline)) uint32_t
hash_late(const struct flowtab *t, const struct pkt *k, uint32_t ports)
{
	return hash_of(t, k, ports);
}

/* Not amid a flow that goes on: its first packets and its last. No flow: the packet is doubted. */
static __attribute__((noinline)) struct flow_seen
edge(struct flowtab *t, const struct pkt *k, struct flow *f, int side, uint32_t ports,
    uint32_t hash)
{
	if (f && f->proto == IPP_TCP && k->tcp_flags & (TH_SYN | TH_RST)) {
		enum turn v = turn(t, f, k, side);

		if (v == DOUBTED)
			return (struct flow_seen){ NULL, side };
		if (v == ANEW) {
			flow_end(t, f, FLOW_SHUTDOWN);
			f = NULL;
		}
	}
	return f ? (struct flow_seen){ f, side } : add(t, k, ports, hash);
}

struct flow_seen
flow_get(struct flowtab *t, const struct pkt *k)
{
	uint32_t ports = ports_of(k), hash;
	int64_t us = k->raw->us;
	struct flow *f;
	uint8_t list;
	bool usual;
	int s = 0;

	if (!k->ip_v) {
		t->doubt.f = NULL;
		return (struct flow_seen){ NULL, 0 };
	}
	if (us > t->now) {
		t->now = us;
		if (us > t->due)
			expire(t);
	}
	hash = k->hashed ? k->hash : hash_late(t, k, ports);
	f = k->same && t->last ? again(t->last, k, ports, &s) : find(t, k, ports, hash, &s);
	usual = __builtin_expect(f && f->state == FLOW_ESTABLISHED &&
	    !(k->tcp_flags & (TH_SYN | TH_FIN | TH_RST)), 1);
	if (!usual) {
		struct flow_seen e = edge(t, k, f, s, ports, hash);

		f = e.flow;
		s = e.side;
		if (!f) {
			t->last = NULL;
			return e;
		}
	}
	t->last = f;
	if (k->ttl < f->ttl[s] && !flow_hops(f, k, s)) {
		doubted(t, f, k, s, DOUBT_TTL);
		return (struct flow_seen){ NULL, s };
	}
	list = usual ? f->lru_list : advance(f, k, s);
	if (usual)
		f->tcp_flags[s] |= k->tcp_flags;        /* 0 of all but TCP */
	f->said[s] = k->said;
	count(t, f, k, s, list);
	if (f->last_us + timeout_us[list] < t->due)
		t->due = f->last_us + timeout_us[list];
	return (struct flow_seen){ f, s };
}

void
flow_swap(struct flow *f)
{
#define SWAP(x) do { __typeof__((x)[0]) t_ = (x)[0]; (x)[0] = (x)[1]; (x)[1] = t_; } while (0)
	uint8_t m[6];

	SWAP(f->addr);
	SWAP(f->port);
	SWAP(f->pkts);
	SWAP(f->bytes);
	SWAP(f->tcp_flags);
	SWAP(f->ttl);
	SWAP(f->tcp);
	SWAP(f->last_head);
	SWAP(f->carry_at);
	SWAP(f->last);
	SWAP(f->said);
	SWAP(f->sums);
	SWAP(f->scale);
	SWAP(f->ttl_low);
	SWAP(f->isn);
#undef SWAP
	memcpy(m, f->mac[0], 6);
	memcpy(f->mac[0], f->mac[1], 6);
	memcpy(f->mac[1], m, 6);
	f->cid[0] = '\0';
}

void
flowtab_drain(struct flowtab *t)
{
	for (;;) {
		struct flow *old = NULL;
		/* oldest start first, by the packet that began it: a stable order */
		for (int l = 0; l < LRU_N; l++) {
			struct flow *f;
			if (t->lru[l].head == NIL)
				continue;
			f = &t->slab[t->lru[l].head];
			if (!old || f->last_us < old->last_us ||
			    (f->last_us == old->last_us && f->last_cnt < old->last_cnt))
				old = f;
		}
		if (!old)
			return;
		flow_end(t, old, FLOW_SHUTDOWN);
	}
}
