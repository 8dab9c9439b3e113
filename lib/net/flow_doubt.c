#include "net/flow_doubt.h"

#include "net/tcpsum.h"

/* A packet that does not reach the host behind the sensor: so much below its direction's
 * others, and not more than so many hops in all. A route that changes does neither. */
enum { TTL_FAR = 16, TTL_SHORT = 32 };
/* Its neighbours send with 1 (RFC 5082, 1), and open with what their system has. */
enum { BGP = 179 };
/* What a reset may be off by, beside a window: segments on their way. */
enum { RESET_SLACK = 64 << 10, SCALE_MAX = 14 };

bool
flow_sum_wrong(const struct flow *f, int side, const struct pkt *k)
{
	return f->sums[side] && tcpsum_of(k, false) == TCPSUM_WRONG;
}

/* The window scale that a SYN offers. */
static uint8_t
scale_of(const struct pkt *k)
{
	const uint8_t *p;

	if (k->tcp_head < 20)           /* cut by the snap length */
		return FLOW_SCALE_UNKNOWN;
	p = k->payload.p - k->tcp_head;
	for (uint32_t i = 20, len; i + 2 < k->tcp_head; i += len) {
		len = p[i] < 2 ? 1 : p[i + 1];
		if (p[i] == 0 || !len)
			break;
		if (p[i] == 3 && len == 3)
			return p[i + 2] > SCALE_MAX ? SCALE_MAX : p[i + 2];
	}
	return FLOW_SCALE_NONE;
}

uint32_t
flow_window(const struct flow *f, int side, const union tcp_said *other)
{
	const uint8_t *v = f->scale;
	unsigned scale = v[!side];

	if (v[0] == FLOW_SCALE_NONE || v[1] == FLOW_SCALE_NONE)
		scale = 0;
	else if (v[0] == FLOW_SCALE_UNKNOWN || v[1] == FLOW_SCALE_UNKNOWN)
		scale = SCALE_MAX;
	return (uint32_t)other->win << scale;
}

bool
flow_hops(struct flow *f, const struct pkt *k, int side)
{
	uint16_t *usual = &f->ttl[side];

	if (*usual == FLOW_SILENT && f->proto == IPP_TCP) {
		/* kernels fill in the checksum of a reset themselves, where cards do others */
		if (!(k->tcp_flags & TH_RST))
			f->sums[side] = tcpsum_of(k, true) == TCPSUM_RIGHT;
		if (k->tcp_flags & TH_SYN)
			f->scale[side] = scale_of(k);
	} else if (f->proto == IPP_TCP && k->has_ports && k->ttl < TTL_SHORT &&
	    k->ttl + TTL_FAR <= *usual && f->port[1] != BGP && f->port[0] != BGP) {
		if (k->ttl < f->ttl_low[side])
			f->ttl_low[side] = k->ttl;
		return false;
	}
	*usual = k->ttl;
	return true;
}

bool
flow_reset_believed(const struct flow *f, const struct pkt *k, int side)
{
	const union tcp_said *other = &f->said[!side];
	int32_t room = (int32_t)flow_window(f, side, other) + RESET_SLACK, d;

	d = (int32_t)(k->seq - other->ack);
	return f->state != FLOW_ESTABLISHED || !(other->flags & TH_ACK) ||
	    (-room <= d && d <= room);
}
