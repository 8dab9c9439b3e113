#include "net/pkt.h"

enum pkt_what
pkt_begin(struct pkt *k, const struct packet *p)
{
	struct rd r = rd_init(p->data, p->cap, p->len);

	memset(k, 0, sizeof(*k));
	k->raw = p;
	k->what = PKT_LINK;
	k->snap_oui = ~0u;
	k->bytes = p->len;
	pkt_link(k, &r, p->link);
	return k->what;
}

enum pkt_what
pkt_inner(struct pkt *k)
{
	const struct packet *raw = k->raw;
	struct rd r = k->inner;
	uint32_t link = k->inner_link;
	const char *name = k->inner_name;
	uint8_t depth = k->depth, layers = k->layers, nvlan = k->nvlan;
	uint16_t vlan[LIM_VLANS];

	if (!name)
		return k->what = PKT_DONE;
	memcpy(vlan, k->vlan, sizeof(vlan));
	memset(k, 0, sizeof(*k));
	k->raw = raw;
	k->what = PKT_LINK;
	k->snap_oui = ~0u;
	k->tunnel = name;
	k->depth = (uint8_t)(depth + 1);
	k->layers = layers;
	k->bytes = rd_left(&r);
	if (link & PKT_ETYPE) {
		/* IP straight in the tunnel: the VLANs it came through still tell sites apart */
		memcpy(k->vlan, vlan, sizeof(vlan));
		k->nvlan = nvlan;
		pkt_ethertype(k, &r, (uint16_t)link);
	} else {
		pkt_link(k, &r, link);
	}
	return k->what;
}

enum pkt_what
pkt_reassembled(struct pkt *k, const uint8_t *data, uint32_t len)
{
	struct rd r = rd_init(data, len, len);

	k->what = PKT_IP;
	k->hashed = false;
	pkt_transport(k, &r);
	return k->what;
}

void
pkt_tunnel(struct pkt *k, struct rd inner, uint32_t link, const char *name)
{
	if (k->depth >= LIM_TUNNELS) {
		k->anomaly = "TOO_MANY_TUNNELS";
		k->anomaly_layer = name;
		return;
	}
	if (!rd_left(&inner))
		return;
	k->inner = inner;
	k->inner_link = link;
	k->inner_name = name;
}

void
pkt_stop(struct pkt *k, const struct rd *r, const char *layer, const char *event)
{
	if (rd_short(r)) {
		k->truncated = true;
	} else if (!k->anomaly) {
		k->anomaly = event;
		k->anomaly_layer = layer;
	}
}
