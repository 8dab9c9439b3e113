/* ads.c: Beckhoff ADS: AMS packets over TCP (TwinCAT ADS/AMS specification).
 *
 *      0        2        6               14              22    24    26     30
 *     +--------+--------+---------------+---------------+-----+-----+------+------
 *     | 0      | length | target NetId, | source NetId, | cmd |flags|length| error,
 *     |        |        | port          | port          |     |     |      | invoke id
 *     +--------+--------+---------------+---------------+-----+-----+------+------
 *
 * Little-endian. Either end may ask; the flags say what is a response. A
 * notification is a request that nobody answers. An exchange is paired by
 * invoke id and the two ports. */
#include "proto/ads.h"
#include "proto/gather.h"

enum { TCP_HEAD = 6, AMS_HEAD = 32, LENGTH_MAX = 16 << 20 };

/* Length of the packet with its TCP header, 0: too few bytes, -1: not one. The
 * length stands in both headers. */
static ssize_t
ads_length(const struct rd *v)
{
	struct rd r = *v;
	uint32_t n, data;
	uint16_t cmd, flags;

	for (uint32_t i = 0; i < 2; i++)
		if (rd_peek8(v, i) > 0)
			return -1;
	if (rd_have(v) < TCP_HEAD)
		return 0;
	rd_skip(&r, 2);
	n = rd_le32(&r);
	if (n < AMS_HEAD || n > LENGTH_MAX)
		return -1;
	if (rd_have(&r) < AMS_HEAD)
		return rd_left(&r) < AMS_HEAD ? 0 : (ssize_t)n + TCP_HEAD;
	rd_skip(&r, 16);
	cmd = rd_le16(&r);
	flags = rd_le16(&r);
	data = rd_le32(&r);
	if (data != n - AMS_HEAD || cmd > 9 || !(flags & ADS_F_COMMAND))
		return -1;
	return (ssize_t)n + TCP_HEAD;
}

static ssize_t
ads_frame(const struct dctx *c, const struct rd *r)
{
	return ads_length(r);
}

static void
take_head(struct rd *r, struct ads_head *h)
{
	struct ads_addr *const both[] = { &h->target, &h->source };

	for (int i = 0; i < 2; i++) {
		const uint8_t *p = rd_bytes(r, 6);
		if (p)
			memcpy(both[i]->net, p, 6);
		both[i]->port = rd_le16(r);
	}
	h->cmd = rd_le16(r);
	h->flags = rd_le16(r);
	h->len = rd_le32(r);
	h->error = rd_le32(r);
	h->invoke = rd_le32(r);
}

static enum probe
ads_probe(struct probe_in *in)
{
	bool response;

	for (int i = 0; i < 2; i++) {
		const struct rd *v = &in->side[i];
		ssize_t n;

		if (!rd_left(v))
			continue;
		if (!in->tcp) {
			if (!ads_is_datagram(v, &response))
				return PROBE_NO;
			in->reversed = response == (i == 0);
			return PROBE_YES;
		}
		n = ads_length(v);
		if (n < 0)
			return PROBE_NO;
		if (n == 0 || rd_have(v) < TCP_HEAD + AMS_HEAD)
			continue;
		/* who asked first is taken for the client, but a notification's sender */
		response = (rd_peek8(v, 24) & ADS_F_RESPONSE) || rd_peek8(v, 22) == ADS_NOTE;
		in->reversed = response == (i == 0);
		return PROBE_YES;
	}
	return PROBE_MORE;
}

static uint64_t
key_of(const struct ads_head *h, bool response)
{
	uint16_t from = response ? h->target.port : h->source.port;
	uint16_t to = response ? h->source.port : h->target.port;

	return (uint64_t)h->invoke << 32 | (uint64_t)from << 16 | to;
}

static struct gather *
kept(struct dctx *c, uint64_t key, int side)
{
	struct dctx d = *c;

	d.side = side;
	return gather_find(&d, key);
}

static void
recall(struct dctx *c, struct ads_talk *t, const struct pend *p, struct gather **big)
{
	const struct ads_req *q = (const struct ads_req *)p->data;

	t->has_q = true;
	t->h = q->h;
	t->when = p->when;
	t->side = p->side;
	t->q = rd_init(q->body, q->n, q->h.len);
	*big = q->h.len > q->n ? kept(c, p->key, p->side) : NULL;
	if (*big)
		t->q = gather_rd(*big);
}

static enum verdict
take_response(struct dctx *c, const struct ads_head *h, struct rd *r)
{
	struct ads_talk t = { .c = c, .h = *h, .has_a = true, .error = h->error, .when = c->when,
	    .side = !c->side };
	struct pend *p = pend_find(c, key_of(h, true));
	struct gather *big = NULL;

	if (p && ((const struct ads_req *)p->data)->h.cmd != h->cmd) {
		proto_anomaly(c, "COMMAND_MISMATCH");
		p = NULL;
	}
	if (p) {
		recall(c, &t, p, &big);
	} else {
		t.h.target = h->source;
		t.h.source = h->target;
	}
	t.a = *r;
	ads_report(&t);
	if (rd_bad(&t.q))
		proto_anomaly(c, "REQUEST_DATA");
	gather_drop(big);
	if (p)
		pend_done(c, p);
	if (rd_bad(&t.a)) {
		c->why = "RESPONSE_DATA";
		return DIS_BAD;
	}
	return DIS_OK;
}

static enum verdict
take_request(struct dctx *c, const struct ads_head *h, struct rd *r)
{
	struct ads_talk t = { .c = c, .h = *h, .has_q = true, .when = c->when, .side = c->side };
	struct ads_req q = { *h, 0, { 0 } };
	uint32_t n = rd_have(r);

	if (h->cmd == ADS_NOTE || h->flags & ADS_F_NO_RETURN) {
		t.q = *r;
		ads_report(&t);
		if (rd_bad(&t.q)) {
			c->why = "REQUEST_DATA";
			return DIS_BAD;
		}
		return DIS_OK;
	}
	q.n = n < ADS_BODY ? n : ADS_BODY;
	if (q.n)
		memcpy(q.body, rd_at(r), q.n);
	if (n > ADS_BODY)
		gather_add(gather_begin(c, key_of(h, false)), r);
	pend_put(c, key_of(h, false), &q, offsetof(struct ads_req, body) + q.n);
	return DIS_OK;
}

static enum verdict
ads_dissect(struct dctx *c, struct rd *r)
{
	struct ads_head h = { 0 };

	if (!c->tcp)
		return ads_datagram(c, r);
	rd_skip(r, TCP_HEAD);
	take_head(r, &h);
	if (!rd_ok(r))
		return DIS_BAD;
	if (h.flags & ADS_F_RESPONSE)
		return take_response(c, &h, r);
	return take_request(c, &h, r);
}

static void
ads_expire(struct dctx *c, struct pend *p)
{
	struct ads_talk t = { .c = c };
	struct gather *big;

	if (!c->tcp) {
		ads_datagram_expire(c, p);
		return;
	}
	recall(c, &t, p, &big);
	ads_report(&t);
	if (rd_bad(&t.q))
		proto_anomaly(c, "REQUEST_DATA");
	gather_drop(big);
}

static const struct hint hints[] = {
	{ HINT_TCP, 48898 }, { HINT_UDP, 48899 }, { HINT_END, 0 },
};

const struct dissector ads_dissector = {
	.name = "ads",
	.title = "Beckhoff ADS (AMS over TCP, discovery over UDP)",
	.hints = hints,
	.fields = ads_fields,
	.state_size = sizeof(struct ads_state),
	.probe = ads_probe,
	.frame = ads_frame,
	.dissect = ads_dissect,
	.expire = ads_expire,
};
