#include "net/frag.h"

#include <stdlib.h>

enum { DGRAM = 65536, LEAD = 64 };

struct range { uint32_t from, to; };

struct dgram {
	struct addr src, dst;
	uint32_t id;
	uint16_t vlan[2];               /* sites overlap in private addresses */
	uint8_t proto;
	bool used, broken;
	int64_t first_us;
	uint64_t order;                 /* the oldest goes first when all are taken */
	uint32_t total;                 /* 0 until the last fragment was seen */
	uint32_t n;
	struct range part[LIM_FRAG_PARTS];      /* sorted, disjoint */
};

struct fragtab {
	struct dgram d[LIM_FRAG_DGRAMS];
	struct frag_stats stats;
	uint64_t clock;
	uint8_t (*buf)[DGRAM];
	uint8_t *mem;                   /* it begins in there: see tcp_keep() */
};

struct fragtab *
fragtab_new(void)
{
	struct fragtab *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	/* calloc: pages nobody touches cost nothing */
	t->mem = calloc(LIM_FRAG_DGRAMS + 1, DGRAM);
	if (!t->mem) {
		free(t);
		return NULL;
	}
	t->buf = (uint8_t (*)[DGRAM])(t->mem + LEAD);
	return t;
}

void
fragtab_free(struct fragtab *t)
{
	if (!t)
		return;
	free(t->mem);
	free(t);
}

const struct frag_stats *
frag_stats(const struct fragtab *t)
{
	return &t->stats;
}

static struct dgram *
find(struct fragtab *t, const struct pkt *k)
{
	struct dgram *d, *slot = NULL;
	int64_t now = k->raw->us;

	for (d = t->d; d < t->d + LIM_FRAG_DGRAMS; d++) {
		if (d->used && now - d->first_us > LIM_FRAG_SECONDS * 1000000LL) {
			d->used = false;
			t->stats.timed_out++;
		}
		if (!d->used) {
			if (!slot || slot->used)
				slot = d;
			continue;
		}
		if (d->id == k->frag_id && d->proto == k->ip_proto && d->vlan[0] == k->vlan[0] &&
		    d->vlan[1] == k->vlan[1] && addr_eq(&d->src, &k->src) &&
		    addr_eq(&d->dst, &k->dst))
			return d;
		if (!slot || (slot->used && d->order < slot->order))
			slot = d;
	}
	if (slot->used)
		t->stats.evicted++;
	memset(slot, 0, sizeof(*slot));
	slot->used = true;
	slot->src = k->src;
	slot->dst = k->dst;
	slot->id = k->frag_id;
	slot->vlan[0] = k->vlan[0];
	slot->vlan[1] = k->vlan[1];
	slot->proto = k->ip_proto;
	slot->first_us = now;
	slot->order = ++t->clock;
	return slot;
}

enum overlap { NONE, SAME, OTHER };

/* Adds [from, to) to what is there; copies only bytes that are new. */
static bool
add_range(struct dgram *d, uint8_t *buf, const uint8_t *p, uint32_t from, uint32_t to,
    enum overlap *overlap)
{
	uint32_t at = from;
	unsigned i = 0, j;

	/* copy the holes between the parts there are */
	for (i = 0; i < d->n && at < to; i++) {
		struct range *q = &d->part[i];
		if (q->to <= at)
			continue;
		if (q->from >= to)
			break;
		if (q->from > at) {
			memcpy(buf + at, p + (at - from), q->from - at);
			at = q->from;
		}
		if (*overlap != OTHER)
			*overlap = memcmp(buf + at, p + (at - from),
			    (q->to < to ? q->to : to) - at) != 0 ? OTHER : SAME;
		at = q->to;
	}
	/* A tunnel's inner fragment lies in the buffer that its outer datagram just
	 * gave back, and may be the first one put there again. */
	if (at < to)
		memmove(buf + at, p + (at - from), to - at);
	/* merge the range into the list */
	for (i = 0; i < d->n && d->part[i].to < from; i++)
		;
	for (j = i; j < d->n && d->part[j].from <= to; j++) {
		if (d->part[j].from < from)
			from = d->part[j].from;
		if (d->part[j].to > to)
			to = d->part[j].to;
	}
	if (j == i) {
		if (d->n == LIM_FRAG_PARTS)
			return false;
		memmove(&d->part[i + 1], &d->part[i], (d->n - i) * sizeof(d->part[0]));
		d->n++;
	} else if (j > i + 1) {
		memmove(&d->part[i + 1], &d->part[j], (d->n - j) * sizeof(d->part[0]));
		d->n -= j - i - 1;
	}
	d->part[i].from = from;
	d->part[i].to = to;
	return true;
}

const uint8_t *
frag_add(struct fragtab *t, struct pkt *k, uint32_t *len)
{
	struct rd r = k->payload;
	uint32_t n = rd_have(&r), end = k->frag_off + rd_left(&r);
	const char *layer = k->ip_v == 4 ? "ipv4" : "ipv6";
	const uint8_t *p = rd_bytes(&r, n);
	enum overlap overlap = NONE;
	struct dgram *d;
	uint8_t *buf;

	t->stats.fragments++;
	if (!p)
		return NULL;
	if (end > DGRAM - 1 || (k->frag_more && (end - k->frag_off) % 8)) {
		k->anomaly = end > DGRAM - 1 ? "FRAG_PKT_TOO_LARGE" : "FRAG_INVALID_LENGTH";
		k->anomaly_layer = layer;
		return NULL;
	}
	d = find(t, k);
	if (n < end - k->frag_off) {    /* our snap length: it can never be whole */
		k->truncated = true;
		d->broken = true;
	}
	if (d->broken || !n)
		return NULL;
	buf = t->buf[d - t->d];
	/* a mirror of two ports delivers everything twice */
	for (unsigned i = 0; i < d->n; i++)
		if (d->part[i].from <= k->frag_off && k->frag_off + n <= d->part[i].to &&
		    memcmp(buf + k->frag_off, p, n) == 0)
			return NULL;
	if (!k->frag_more) {
		if (d->total && d->total != end) {
			k->anomaly = "FRAG_OVERLAP";
			k->anomaly_layer = layer;
		} else {
			d->total = end;
		}
	}
	if (!add_range(d, buf, p, k->frag_off, k->frag_off + n, &overlap)) {
		k->anomaly = "FRAG_TOO_MANY";
		k->anomaly_layer = layer;
		d->broken = true;
		return NULL;
	}
	if (overlap) {
		t->stats.overlaps++;
		k->anomaly = overlap == OTHER ? "FRAG_OVERLAP_DIFFERENT_DATA" : "FRAG_OVERLAP";
		k->anomaly_layer = layer;
		/* RFC 8200, 4.5: no host takes such a datagram */
		if (k->ip_v == 6) {
			d->broken = true;
			return NULL;
		}
	}
	if (d->total && d->n == 1 && d->part[0].from == 0 && d->part[0].to >= d->total) {
		d->used = false;
		t->stats.reassembled++;
		*len = d->total;
		return buf;
	}
	return NULL;
}
