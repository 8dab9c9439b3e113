/* QUIC's packets, decoded: see quic.h. */
#include "proto/quic.h"

#include "base/tok.h"

static const struct tok versions[] = {
	{ 1, "v1" }, { QUIC_V2, "v2" },
	{ 0xff000017, "draft-23" }, { 0xff000018, "draft-24" }, { 0xff000019, "draft-25" },
	{ 0xff00001a, "draft-26" }, { 0xff00001b, "draft-27" }, { 0xff00001c, "draft-28" },
	{ 0xff00001d, "draft-29" }, { 0xff00001e, "draft-30" }, { 0xff00001f, "draft-31" },
	{ 0xff000020, "draft-32" }, { 0xff000021, "draft-33" }, { 0xff000022, "draft-34" },
	{ 0, NULL },
};

const char *
quic_version_name(uint32_t version)
{
	return tok_find(versions, version);
}

uint64_t
quic_varint(struct rd *r)
{
	uint64_t v = rd_u8(r);
	unsigned more = (1u << (v >> 6)) - 1;

	for (v &= 63; more; more--)
		v = v << 8 | rd_u8(r);
	return v;
}

bool
quic_packet(struct rd *r, struct quic_packet *q)
{
	static const uint8_t types2[] = { QUIC_RETRY, QUIC_INITIAL, QUIC_ZERO_RTT, QUIC_HANDSHAKE };
	uint32_t start = r->off;
	uint8_t first = rd_u8(r), n;
	uint64_t len;

	memset(q, 0, sizeof(*q));
	q->version = rd_be32(r);
	if (!rd_ok(r) || !(first & 0x80))
		return false;
	/* its fixed bit need not be set: RFC 9287 */
	if (q->version && !quic_version_name(q->version))
		return false;
	n = rd_u8(r);
	if (n > QUIC_CID)
		return false;
	q->dcid = rd_sub(r, n);
	n = rd_u8(r);
	if (n > QUIC_CID)
		return false;
	q->scid = rd_sub(r, n);
	q->type = q->version == QUIC_V2 ? (enum quic_type)types2[first >> 4 & 3] :
	    (enum quic_type)(first >> 4 & 3);
	if (!q->version)
		q->type = QUIC_NEGOTIATION;
	if (!rd_ok(r))
		return false;
	if (q->type == QUIC_NEGOTIATION || q->type == QUIC_RETRY) {
		q->rest = rd_rest(r);
		return q->type == QUIC_RETRY ? q->rest.len > 16 :
		    q->rest.len && q->rest.len % 4 == 0;
	}
	if (q->type == QUIC_INITIAL) {
		len = quic_varint(r);
		if (len > rd_left(r))
			return false;
		rd_skip(r, (uint32_t)len);
	}
	len = quic_varint(r);
	if (!rd_ok(r) || len > rd_left(r) || len < 20)
		return false;
	q->p = r->p + start;
	q->pn_at = r->off - start;
	q->rest = rd_sub(r, (uint32_t)len);
	q->n = q->pn_at + q->rest.cap;
	return true;
}

/* The value of a tag in a CHLO: tags have the end of their value in the data behind
 * all tags. */
static void
gquic_hello(struct rd r, struct gquic *g)
{
	uint16_t tags;
	struct rd table, data;
	uint32_t from = 0;

	rd_skip(&r, 4);
	tags = rd_le16(&r);
	rd_skip(&r, 2);
	table = rd_sub(&r, tags * 8u);
	data = rd_rest(&r);
	while (rd_left(&table) >= 8) {
		const uint8_t *tag = rd_bytes(&table, 4);
		uint32_t to = rd_le32(&table);
		struct rd value = data;

		if (!tag || to < from)
			return;
		rd_skip(&value, from);
		if (memcmp(tag, "SNI\0", 4) == 0)
			g->sni = text_rd(&value, to - from);
		else if (memcmp(tag, "UAID", 4) == 0)
			g->ua = text_rd(&value, to - from);
		from = to;
	}
}

bool
gquic_packet(struct rd r, struct gquic *g)
{
	enum { SEARCHED = 64 };
	int first = rd_peek8(&r, 0);
	uint32_t at = first >= 0 && first & 0x80 ? 1 : 9;
	const uint8_t *v;

	memset(g, 0, sizeof(*g));
	/* public flags: a version, an 8-byte id; later the long header */
	if (first < 0 || (!(first & 0x80) && (first & 0x09) != 0x09))
		return false;
	rd_skip(&r, at);
	v = rd_bytes(&r, 4);
	if (!v || (v[0] != 'Q' && v[0] != 'T') || v[1] != '0' || v[2] < '2' || v[2] > '5' ||
	    v[3] < '0' || v[3] > '9')
		return false;
	memcpy(g->version, v, 4);
	for (unsigned i = 0; i < SEARCHED && rd_have(&r) > 8; i++, rd_skip(&r, 1))
		if (memcmp(rd_at(&r), "CHLO", 4) == 0) {
			g->hello = true;
			gquic_hello(r, g);
			break;
		}
	return true;
}
