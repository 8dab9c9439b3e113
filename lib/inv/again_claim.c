/* again_claim.c: who has which address. ARP packets say nothing else, they are of no flow, and each
 * asks for another: what they do is done anew, without reading what nobody wants. */
#include "inv/again_impl.h"

#include <string.h>

static bool
text_stands(const struct in *in, const struct sval *o, const char *key, uint8_t *at)
{
	struct sval x;

	return scan_get(o, key, &x) && x.type == SVAL_STR &&
	    (*at = again_on_trail(in->r->trail, &x)) != NOWHERE;
}

/* An object of these members alone, each of them once. */
static bool
has_only(const struct sval *o, const char *const *keys, unsigned n)
{
	struct sval k, x;
	unsigned i, seen = 0;
	struct scan s;

	for (scan_in(&s, o); scan_member(&s, &k, &x); ) {
		for (i = 0; i < n && !sval_is(&k, keys[i]); i++)
			;
		if (i == n || k.escaped || seen >> i & 1)
			return false;
		seen |= 1u << i;
	}
	return o->type == SVAL_OBJ;
}

bool
again_claims(const struct in *in, struct plan *p)
{
	static const char *const id_keys[] = { "of", "source" }, *const of_keys[] = { "mac", "ip" };
	static const char *const ether_keys[] = { "src_mac", "dest_mac", "ether_type" };
	static const char *const own[] = { "timestamp", "event_type", "pcap_cnt", "pcap_filename",
		"in_iface", "host", "ether", "arp", "ot", "identity" };
	const struct rec *r = in->r;
	struct sval ether, id, of, x;
	struct scan s;

	p->is_claim = true;
	if (!sval_is(&r->type, "arp") || in->f || in->has_result || in->has_unit ||
	    !has_only(&r->line, own, sizeof(own) / sizeof(*own)) ||
	    r->identity.type != SVAL_ARR || r->detail.type != SVAL_OBJ ||
	    !scan_get(&r->line, "ether", &ether) || !has_only(&ether, ether_keys, 3) ||
	    !text_stands(in, &ether, "src_mac", &p->claim[CLAIM_SRC]) ||
	    !text_stands(in, &ether, "dest_mac", &p->claim[CLAIM_DST]) ||
	    !text_stands(in, &r->detail, "opcode", &p->claim[CLAIM_OPCODE]))
		return false;
	scan_in(&s, &r->identity);
	return scan_elem(&s, &id) && !scan_elem(&s, &x) && has_only(&id, id_keys, 2) &&
	    scan_get(&id, "of", &of) && has_only(&of, of_keys, 2) &&
	    text_stands(in, &of, "mac", &p->claim[CLAIM_MAC]) &&
	    text_stands(in, &of, "ip", &p->claim[CLAIM_IP]);
}

static bool
mac_on(const struct rec_trail *l, uint8_t at, uint8_t mac[6])
{
	struct sval x = text_on(l, at);

	return mac_parse(mac, x.p, x.n);
}

/* As one_event() and identity() do; all stations are there. */
bool
again_claimed(struct inv *v, const struct plan *p, const struct rec_trail *l,
    const struct place *at)
{
	uint8_t smac[6], dmac[6], mac[6];
	uint32_t src, dst, st;
	struct sval op = text_on(l, p->claim[CLAIM_OPCODE]), at_ip = text_on(l, p->claim[CLAIM_IP]);
	struct addr ip;

	if (!mac_on(l, p->claim[CLAIM_SRC], smac) || !mac_on(l, p->claim[CLAIM_DST], dmac) ||
	    !mac_on(l, p->claim[CLAIM_MAC], mac) || !addr_parse(&ip, at_ip.p, at_ip.n) ||
	    (src = inv_station_known(v, v->site, smac, NULL)) == INV_NONE ||
	    (st = inv_station_known(v, v->site, mac, &ip)) == INV_NONE)
		return false;
	dst = inv_station_known(v, v->site, dmac, NULL);
	if (dst == INV_NONE && !(dmac[0] & 1))
		return false;
	v->st[src].events++;
	inv_seen(v, src, at, at->us, true);
	if (dst != INV_NONE) {
		v->st[dst].events++;
		inv_seen(v, dst, at, at->us, false);
	}
	claim_is(v, st, at, at->us, !sval_is(&op, "reply"));
	return true;
}
