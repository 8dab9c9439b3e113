/* flow_hash.h: where in its table a flow is looked for, and its number. Nobody who does not know
 * the seed can aim for one place. */
#ifndef OT_FLOW_HASH_H
#define OT_FLOW_HASH_H

#include "net/pkt.h"

#include <stdint.h>
#include <string.h>

static inline uint64_t
flow_mix(uint64_t a, uint64_t b)
{
	__uint128_t m = (__uint128_t)(a ^ 0xa0761d6478bd642full) * (b ^ 0xe7037ed1a0b428dbull);
	return (uint64_t)m ^ (uint64_t)(m >> 64);
}

static inline uint64_t
flow_end_hash(const struct addr *a, uint16_t port, uint64_t seed)
{
	uint64_t lo, hi;

	memcpy(&lo, a->b, 8);
	if (a->v == 4)
		return flow_mix(lo << 16 | port, seed);
	memcpy(&hi, a->b + 8, 8);
	return flow_mix(flow_mix(lo, seed) ^ port, hi);
}

/* Of a packet, the same for both directions. vlan_mask 0: VLANs do not count. */
static inline __attribute__((always_inline)) uint64_t
flow_hash(const struct pkt *k, uint16_t sp, uint16_t dp, uint64_t seed, uint32_t vlan_mask)
{
	uint64_t v = ((uint64_t)k->vlan[0] << 16 | k->vlan[1]) & vlan_mask;  /* 0 without */

	if (k->ip_v == 4) {
		uint32_t s, d;
		uint64_t a, b;

		memcpy(&s, k->src.b, 4);
		memcpy(&d, k->dst.b, 4);
		a = (uint64_t)s << 16 | sp;
		b = (uint64_t)d << 16 | dp;
		v = (v << 8 | k->ip_proto) * 0x9e3779b97f4a7c15ull ^ (seed << 32 | seed >> 32);
		return flow_mix((a < b ? a : b) ^ seed, (a < b ? b : a) ^ v);
	}
	return flow_mix(flow_end_hash(&k->src, sp, seed) + flow_end_hash(&k->dst, dp, seed),
	    seed ^ (v << 8 | k->ip_proto));
}

/* A flow's number, by its first packet, in a fixed order and not by the table's seed: the same on
 * every run. 51 bits, as EVE's. */
static inline uint64_t
flow_number(const struct pkt *k, uint16_t sp, uint16_t dp)
{
	uint64_t ends = flow_end_hash(&k->src, sp, 1) + flow_end_hash(&k->dst, dp, 1);

	return flow_mix(flow_mix(ends, (uint64_t)k->raw->us), k->raw->cnt << 8 | k->ip_proto) &
	    ((1ull << 51) - 1);
}

#endif
