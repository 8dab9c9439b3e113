/* dnp3.c: DNP3 over TCP and UDP: link frames and transport segments.
 *
 * IEEE 1815-2012, 9.2.4; CRC of 16 bits after the header and after each block:
 *
 *      0  1   2      3       4     6     8      10
 *     +-----+-----+---------+-----+-----+-----+-------------+-----+ ...
 *     |05 64| len | control | dst | src | CRC | 16 octets   | CRC |
 *     +-----+-----+---------+-----+-----+-----+-------------+-----+ ...
 *             `--- control to the last octet, without CRCs
 *
 * User data begins with the transport octet (8.2.1): FIN, FIR, sequence; segments
 * put together are one fragment of the application layer (dnp3_app.c). */
#include "proto/dnp3.h"

#include "proto/crc16.h"
#include "proto/gather.h"

enum { HEADER = 10, BLOCK = 16, USER_MAX = 250 };

static uint16_t
crc(const uint8_t *d, uint32_t n)
{
	return (uint16_t)~crc16_reflected(crc16_dnp, 0, d, n);
}

/* Length of the link frame at the cursor; 0: more bytes needed; -1: none. */
static ssize_t
frame_length(const struct rd *r)
{
	int len = rd_peek8(r, 2);
	uint32_t user;

	if ((rd_have(r) >= 1 && rd_peek8(r, 0) != 0x05) ||
	    (rd_have(r) >= 2 && rd_peek8(r, 1) != 0x64))
		return -1;
	if (len < 0)
		return 0;
	if (len < 5)
		return -1;
	user = (uint32_t)len - 5;
	return (ssize_t)(HEADER + user + (user + BLOCK - 1) / BLOCK * 2);
}

static bool
header_clean(const struct rd *v)
{
	struct rd r = *v;
	const uint8_t *d = rd_bytes(&r, HEADER - 2);

	return d && crc(d, HEADER - 2) == rd_le16(&r);
}

static enum probe
dnp3_probe(struct probe_in *in)
{
	for (int i = 0; i < 2; i++) {
		const struct rd *s = &in->side[i];
		if (!rd_left(s))
			continue;
		if (frame_length(s) < 0)
			return PROBE_NO;
		if (rd_have(s) >= HEADER)
			return header_clean(s) ? PROBE_YES : PROBE_WEAK;
	}
	return PROBE_MORE;
}

static ssize_t
dnp3_frame(const struct dctx *c, const struct rd *r)
{
	return frame_length(r);
}

/* A transport segment. */
static void
segment(struct dctx *c, const struct dnp3_link *l, struct rd *u)
{
	uint64_t key = (uint64_t)l->src << 16 | l->dst;
	uint8_t t = rd_u8(u), seq = t & 63;
	struct gather *m = gather_find(c, key);
	bool first = t & 0x40, final = t & 0x80, whole;

	if (!rd_ok(u)) {
		if (rd_bad(u))
			proto_anomaly(c, "NO_USER_DATA");
		return;
	}
	if (first && final) {
		gather_drop(m);
		dnp3_fragment(c, l, rd_rest(u));
		return;
	}
	if (first)
		m = gather_begin(c, key);
	else if (!m || ((m->next - 1) & 63) == seq)
		return;                 /* its beginning was not seen; sent twice */
	else if (m->next != seq) {
		gather_drop(m);
		if (c->tcp)
			proto_anomaly(c, "TRANSPORT_SEQUENCE");
		return;
	}
	m->next = (seq + 1u) & 63;
	whole = gather_add(m, u);
	if (m->total > LIM_GATHER_BYTES) {
		proto_anomaly(c, "FRAGMENT_TOO_LONG");
		whole = false;
	}
	if (whole && final)
		dnp3_fragment(c, l, gather_rd(m));
	if (!whole || final)
		gather_drop(m);
}

/* One link frame: r is just that long. */
static void
link_frame(struct dctx *c, struct rd *r)
{
	uint8_t user[USER_MAX];
	uint32_t total, n = 0;
	struct dnp3_link l;
	struct rd u, h = *r;
	const uint8_t *d;

	if (!header_clean(r)) {
		if (rd_have(r) >= HEADER)
			proto_anomaly(c, "HEADER_CRC");
		rd_skip(r, rd_left(r));
		return;
	}
	rd_skip(&h, 2);
	total = rd_u8(&h) - 5u;
	l.control = rd_u8(&h);
	l.dst = rd_le16(&h);
	l.src = rd_le16(&h);
	rd_skip(r, HEADER);
	while (n < total && rd_left(r)) {
		uint32_t k = total - n < BLOCK ? total - n : BLOCK;
		if (rd_have(r) < k + 2) {       /* our snap length: what is there, unchecked */
			k = rd_have(r) < k ? rd_have(r) : k;
			if ((d = rd_bytes(r, k)) && k)
				memcpy(user + n, d, k);
			n += k;
			rd_skip(r, rd_left(r));
			break;
		}
		d = rd_bytes(r, k);
		if (crc(d, k) != rd_le16(r)) {
			proto_anomaly(c, "BLOCK_CRC");
			rd_skip(r, rd_left(r));
			return;
		}
		memcpy(user + n, d, k);
		n += k;
	}
	u = rd_init(user, n, total);
	if ((l.control & 0x40) && ((l.control & 15) == 3 || (l.control & 15) == 4))
		segment(c, &l, &u);
	else
		dnp3_link_message(c, &l);
}

static enum verdict
dnp3_dissect(struct dctx *c, struct rd *r)
{
	if (c->tcp) {
		link_frame(c, r);
		return DIS_OK;
	}
	while (rd_left(r)) {
		ssize_t n = frame_length(r);
		struct rd one;

		if (n <= 0 && rd_have(r) >= 3) {
			c->why = "NO_LINK_FRAME";
			return DIS_BAD;
		}
		one = rd_sub(r, n > 0 ? (uint32_t)n : HEADER);
		if (!rd_left(&one))
			break;
		link_frame(c, &one);
	}
	return DIS_OK;
}

static const struct hint hints[] = {
	{ HINT_TCP, 20000 }, { HINT_UDP, 20000 }, { HINT_END, 0 },
};

const struct dissector dnp3_dissector = {
	.name = "dnp3",
	.title = "DNP3 over TCP and UDP",
	.hints = hints,
	.fields = dnp3_fields,
	.probe = dnp3_probe,
	.frame = dnp3_frame,
	.dissect = dnp3_dissect,
	.expire = dnp3_expire,
};
