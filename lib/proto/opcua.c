/* opcua.c: OPC UA over TCP (OPC 10000-6, 7.1 and 6.7): chunks and channels.
 *
 *      0     3  4      8          12        16       20         24
 *     +-----+--+------+-----------+---------+--------+----------+--------
 *     |type |F | size | channel id| token id|sequence|request id| body
 *     +-----+--+------+-----------+---------+--------+----------+--------
 *
 * HEL, ACK, ERR, RHE end after size with a body of their own; OPN has the
 * policy and certificates in place of the token. From the sequence number on a
 * chunk may be encrypted: then only sizes are left to count. The body begins
 * with the NodeId of its type, which says service and direction. F: the last
 * chunk of a message, C: more follow, A: given up.
 *
 * Request and response are paired by channel and request id. Publish requests
 * wait on purpose, for minutes: they are counted, and what the server publishes
 * is its own message. */
#include "proto/gather.h"
#include "proto/opcua.h"

enum { HEAD = 8, CHUNK_MAX = 64 << 20, FAULT = 397, PUBLISH = 826, OPAQUE = 3 };

/* Keys: what is put together, and what is kept for the answer. */
static uint64_t
key_of(uint32_t channel, uint32_t request)
{
	return 1ull << 63 | (uint64_t)channel << 32 | request;
}

static uint64_t
key_kept(uint32_t channel, uint32_t request)
{
	return ~key_of(channel, request);
}

/* "MSGF" and the like at the cursor: length of the chunk, 0: too few bytes, -1. */
static ssize_t
chunk_length(const struct rd *r, char type[3])
{
	static const char types[][4] = { "MSG", "OPN", "HEL", "ACK", "CLO", "ERR", "RHE" };
	uint32_t n = 0;
	bool fits = false;
	int b[HEAD];

	for (unsigned i = 0; i < HEAD; i++)
		b[i] = rd_peek8(r, i);
	for (size_t t = 0; t < sizeof(types) / sizeof(*types) && !fits; t++) {
		fits = true;
		for (unsigned i = 0; i < 3; i++)
			fits &= b[i] < 0 || b[i] == types[t][i];
		memcpy(type, types[t], 3);
	}
	if (!fits || (b[3] >= 0 && b[3] != 'F' && ((b[3] != 'C' && b[3] != 'A') || type[0] != 'M')))
		return -1;
	if (b[HEAD - 1] < 0)
		return 0;
	for (unsigned i = 4; i < HEAD; i++)
		n |= (uint32_t)b[i] << (i - 4) * 8;
	return n < HEAD + 4 || n > CHUNK_MAX ? -1 : (ssize_t)n;
}

static __attribute__((noinline)) ssize_t
other_length(const struct rd *r)
{
	char type[3];

	return chunk_length(r, type);
}

static ssize_t
opcua_frame(const struct dctx *c, const struct rd *r)
{
	uint32_t n;

	/* nearly always */
	if (rd_have(r) < HEAD || memcmp(rd_at(r), "MSGF", 4) != 0)
		return other_length(r);
	n = ua_le32(rd_at(r) + 4);
	return n < HEAD + 4 || n > CHUNK_MAX ? -1 : (ssize_t)n;
}

/* A chunk in clear: the type id of a service stands behind the sequence header. */
static const struct ua_service *
clear_service(struct rd body, bool *request)
{
	uint32_t id;

	rd_skip(&body, 8);
	if (rd_le16(&body) != 1)        /* a NodeId of four bytes, namespace 0 */
		return NULL;
	id = rd_le16(&body);
	return rd_ok(&body) && id != FAULT ? ua_service_find(id, request) : NULL;
}

static enum probe
probe_side(const struct rd *v, int side, struct probe_in *in)
{
	char type[3];
	ssize_t n = chunk_length(v, type);
	struct rd r = *v;
	struct text name;
	bool request = true;
	uint32_t size;

	if (n < 0)
		return PROBE_NO;
	if (n == 0)
		return PROBE_MORE;
	rd_skip(&r, HEAD);
	switch (type[0]) {
	case 'H':
		rd_skip(&r, 20);
		size = rd_le32(&r);
		if (!rd_ok(&r))
			return rd_bad(&r) && n < 32 ? PROBE_NO : PROBE_MORE;
		if (size != UINT32_MAX && size + 32 != (size_t)n)
			return PROBE_NO;
		in->reversed = side == 1;
		return PROBE_YES;
	case 'A':
		if (n != 28)
			return PROBE_NO;
		in->reversed = side == 0;
		return PROBE_YES;
	case 'R':
		/* a server that calls its client */
		size = rd_le32(&r);
		if (!rd_ok(&r) || size > (size_t)n)
			return PROBE_NO;
		in->reversed = side == 0;
		return PROBE_YES;
	case 'O':
		rd_skip(&r, 4);
		name = ua_string(&r);
		if (rd_short(&r))
			return PROBE_MORE;
		if (!rd_ok(&r) || name.n < 10 || memcmp(name.p, "http://opc", 10) != 0)
			return rd_left(v) < (size_t)n ? PROBE_MORE : PROBE_NO;
		return PROBE_YES;
	case 'E':
		return PROBE_WEAK;
	default:
		rd_skip(&r, 8);
		if (clear_service(r, &request)) {
			in->reversed = request == (side == 1);
			return PROBE_YES;
		}
		/* encrypted, or amid a message: another chunk must begin where this ends */
		if ((size_t)n == rd_left(v))
			return PROBE_YES;
		r = *v;
		if ((size_t)n > rd_have(&r))
			return PROBE_WEAK;
		rd_skip(&r, (uint32_t)n);
		return chunk_length(&r, type) >= 0 ? PROBE_YES : PROBE_NO;
	}
}

static enum probe
opcua_probe(struct probe_in *in)
{
	enum probe v[2] = { PROBE_MORE, PROBE_MORE };

	if (!in->tcp)
		return PROBE_NO;
	for (int i = 0; i < 2; i++)
		if (rd_left(&in->side[i]) && (v[i] = probe_side(&in->side[i], i, in)) != PROBE_MORE)
			return v[i];
	return PROBE_MORE;
}

/* Sequence numbers go up by one; they begin again below 1024 (6.7.2.4). */
void
ua_sequence(struct dctx *c, uint32_t seq)
{
	struct ua_state *s = c->state;
	uint32_t want = s->seq[c->side];

	if (s->seq_known[c->side] && seq != want && !(seq < 1024 && want > UINT32_MAX - 1025))
		proto_anomaly(c, "SEQUENCE_NUMBER");
	s->seq_known[c->side] = true;
	s->seq[c->side] = seq + 1;
}

/* An absent ExtensionObject. */
static const uint8_t none[] = { 0, 0, 0 };

/* 10000-4, 7.33 and 7.34: what stands before every service's own members. */
static void
request_header(struct rd *r, struct ua_talk *t)
{
	struct ua_node n;
	const uint8_t *p;

	ua_nodeid(r, &n);               /* the session's token: a secret */
	if (rd_have(r) >= 27) {
		p = rd_at(r);
		if (ua_le32(p + 16) == UINT32_MAX && memcmp(p + 24, none, 3) == 0) {
			t->handle = ua_le32(p + 8);     /* neither audit entry nor extension */
			rd_skip(r, 27);
			return;
		}
	}
	rd_skip(r, 8);
	t->handle = rd_le32(r);
	rd_skip(r, 4);
	ua_string(r);
	rd_skip(r, 4);
	ua_no_ext(r);
}

static void
response_header(struct rd *r, struct ua_talk *t)
{
	uint32_t strings;
	const uint8_t *p;

	if (rd_have(r) >= 24) {
		p = rd_at(r);
		/* neither diagnostics nor extension */
		if (!p[16] && memcmp(p + 21, none, 3) == 0 &&
		    (!ua_le32(p + 17) || ua_le32(p + 17) == UINT32_MAX)) {
			t->handle = ua_le32(p + 8);
			t->status = ua_le32(p + 12);
			rd_skip(r, 24);
			return;
		}
	}
	rd_skip(r, 8);
	t->handle = rd_le32(r);
	t->status = rd_le32(r);
	if (rd_peek8(r, 0) == 0)        /* no DiagnosticInfo */
		rd_skip(r, 1);
	else
		ua_skip(r, UA_DIAG, 1);
	strings = ua_count(r);
	if (strings)
		ua_skip(r, UA_STRING, strings);
	ua_no_ext(r);
}

static struct gather *
kept(struct dctx *c, uint32_t channel, uint32_t request, int side)
{
	struct dctx d = *c;

	d.side = side;
	return gather_find(&d, key_kept(channel, request));
}

static void
take_request(struct dctx *c, struct ua_talk *t)
{
	struct ua_state *s = c->state;
	struct ua_req *q;
	struct rd r = t->q;
	uint32_t n = rd_have(&r), len = rd_left(&r), fits = n < UA_BODY ? n : UA_BODY;
	const uint8_t *body = rd_at(&r);

	if (t->service == PUBLISH) {
		s->publishes++;
		s->waiting++;
		return;
	}
	if (n > UA_BODY)
		gather_add(gather_begin(c, key_kept(t->channel, t->request)), &r);
	q = pend_new(c, key_of(t->channel, t->request), offsetof(struct ua_req, body) + fits);
	if (!q)
		return;
	q->channel = t->channel;
	q->request = t->request;
	q->handle = t->handle;
	q->chunks = t->chunks;
	q->service = (uint16_t)t->service;
	q->n = (uint16_t)fits;
	q->len = len;
	if (fits)
		memcpy(q->body, body, fits);
}

/* The exchange's request, from where it waited. */
static void
recall(struct dctx *c, struct ua_talk *t, const struct pend *p, struct gather **big)
{
	const struct ua_req *q = (const struct ua_req *)p->data;

	t->has_q = true;
	t->when = p->when;
	t->side = p->side;
	t->service = q->service;
	t->channel = q->channel;
	t->request = q->request;
	t->handle = q->handle;
	if (q->chunks > t->chunks)
		t->chunks = q->chunks;
	t->q = rd_init(q->body, q->n, q->len);
	*big = q->len > q->n ? kept(c, q->channel, q->request, p->side) : NULL;
	if (*big)
		t->q = gather_rd(*big);
}

/* As ua_service_find(); a flow mostly repeats what it asked for last. */
static const struct ua_service *
service(struct ua_state *s, uint32_t id, bool *request)
{
	if (!s->recent || (s->recent->request != id && s->recent->response != id))
		s->recent = ua_service_find(id, request);
	if (s->recent)
		*request = s->recent->request == id;
	return s->recent;
}

static void
report(struct ua_talk *t)
{
	if (t->sv && t->sv->put)
		t->sv->put(t);
	else
		ua_put_plain(t);
}

static enum verdict
take_response(struct dctx *c, struct ua_talk *t)
{
	const struct ua_service *sv = t->sv;
	struct ua_state *s = c->state;
	struct pend *p = pend_find(c, key_of(t->channel, t->request));
	struct gather *big = NULL;
	uint32_t handle = t->handle;
	bool request;

	t->has_a = true;
	t->when = c->when;
	t->side = !c->side;
	/* a fault to no other request is one to a Publish */
	if (t->fault && !p && s->waiting)
		t->sv = sv = ua_service_find(PUBLISH, &request);
	if (sv && sv->request == PUBLISH) {
		s->waiting -= s->waiting > 0;
		t->side = c->side;
	}
	if (p) {
		const struct ua_req *q = (const struct ua_req *)p->data;
		const struct ua_service *asked = service(s, q->service, &request);
		if (!t->fault && sv != asked) {
			proto_anomaly(c, "SERVICE_MISMATCH");
			p = NULL;
		} else {
			if (q->handle != handle)
				proto_anomaly(c, "REQUEST_HANDLE_MISMATCH");
			recall(c, t, p, &big);
			t->sv = asked;
		}
	}
	report(t);
	if (rd_bad(&t->q))
		proto_anomaly(c, "REQUEST_BODY");
	gather_drop(big);
	if (p)
		pend_done(c, p);
	if (rd_bad(&t->a)) {
		c->why = "RESPONSE_BODY";
		return DIS_BAD;
	}
	return DIS_OK;
}

/* A whole message in clear. */
static enum verdict
take_message(struct dctx *c, struct rd *r, uint32_t channel, uint32_t request, uint32_t chunks)
{
	struct ua_talk t;
	struct ua_node id;
	bool is_request = c->side == 0;

	ua_talk_init(&t, c, channel, request);
	t.chunks = chunks;
	ua_nodeid(r, &id);
	if (!rd_ok(r) || id.kind != 'i' || id.ns) {
		c->why = "TYPE_ID";
		return rd_short(r) ? DIS_OK : DIS_BAD;
	}
	t.service = id.num;
	t.sv = service(c->state, id.num, &is_request);
	t.fault = id.num == FAULT;
	if (t.fault)
		is_request = false;
	if (is_request)
		request_header(r, &t);
	else
		response_header(r, &t);
	if (rd_bad(r)) {
		c->why = is_request ? "REQUEST_HEADER" : "RESPONSE_HEADER";
		return DIS_BAD;
	}
	if (rd_short(r) && !t.service)
		return DIS_OK;
	if (!is_request) {
		t.a = *r;
		return take_response(c, &t);
	}
	t.q = *r;
	take_request(c, &t);
	return DIS_OK;
}

static enum verdict
take_abort(struct dctx *c, struct rd *r, uint32_t channel, uint32_t request)
{
	struct ua_talk t;
	struct pend *p = pend_find(c, key_of(channel, request));
	struct gather *big = NULL;
	bool is_request;

	ua_talk_init(&t, c, channel, request);
	t.has_a = t.fault = t.aborted = true;
	t.when = c->when;
	t.side = c->side;
	t.status = rd_le32(r);
	t.reason = ua_string(r);
	if (p) {
		recall(c, &t, p, &big);
		t.sv = ua_service_find(t.service, &is_request);
	}
	report(&t);
	gather_drop(big);
	if (p)
		pend_done(c, p);
	return rd_bad(r) ? DIS_BAD : DIS_OK;
}

/* What the chunk adds to its message; the message when it is whole. */
static enum verdict
take_chunk(struct dctx *c, struct rd *r, int final, uint32_t channel)
{
	struct ua_state *s = c->state;
	uint32_t seq = rd_le32(r), request = rd_le32(r), chunks = 1;
	uint8_t sig = s->mode == UA_M_SIGN ? ua_policies[s->policy].signature : 0;
	uint64_t key = key_of(channel, request);
	struct rd body, whole;
	struct gather *m;
	enum verdict v;

	if (!rd_ok(r))
		return DIS_BAD;
	ua_sequence(c, seq);
	body = rd_sub(r, rd_left(r) > sig ? rd_left(r) - sig : rd_left(r));
	m = gather_find(c, key);
	if (final == 'A') {
		s->aborts++;
		gather_drop(m);
		return take_abort(c, &body, channel, request);
	}
	if (final == 'C' && !m)
		m = gather_begin(c, key);
	whole = body;
	if (m) {
		gather_add(m, &body);
		if (final == 'C')
			return DIS_OK;
		whole = gather_rd(m);
		chunks = m->parts;
	}
	s->messages[c->side]++;
	v = take_message(c, &whole, channel, request, chunks);
	gather_drop(m);
	return v;
}

/* Is this channel's content in clear? Decided by its policy or the first chunks. */
static bool
in_clear(struct ua_state *s, const struct rd *r)
{
	bool request;

	if (s->policy == UA_P_NONE || s->mode == UA_M_NONE || s->mode == UA_M_SIGN)
		return true;
	if (s->encrypted)
		return false;
	if (clear_service(*r, &request)) {
		s->mode = s->policy == UA_P_UNKNOWN ? UA_M_NONE : UA_M_SIGN;
		return true;
	}
	/* seen from the middle, it may be the end of a long message */
	if (rd_have(r) >= 12 && (s->policy != UA_P_UNKNOWN || ++s->opaque >= OPAQUE)) {
		s->encrypted = true;
		s->mode = UA_M_ENCRYPT;
	}
	return false;
}

/* MSG or CLO, from behind its head. */
static enum verdict
take_secured(struct dctx *c, struct rd *r, const uint8_t type[4], uint32_t size, uint32_t channel)
{
	struct ua_state *s = c->state;

	if (!s->first.us)
		s->first = c->when;
	if (!s->opened)
		s->channel = channel;
	s->chunks[c->side]++;
	s->bytes[c->side] += size;
	if (type[0] == 'C') {
		ua_summary(c, &c->when, "CloseSecureChannel");
		return DIS_OK;
	}
	if (in_clear(s, r))
		return take_chunk(c, r, type[3], channel);
	s->messages[c->side] += type[3] == 'F';
	s->aborts += type[3] == 'A';
	return DIS_OK;
}

static enum verdict
other_chunk(struct dctx *c, struct rd *r)
{
	struct ua_state *s = c->state;
	const uint8_t *type = rd_bytes(r, 4);
	uint32_t size = rd_le32(r);

	if (!type)
		return DIS_BAD;
	if (type[0] == 'O')
		return ua_open(c, r, size);
	if (type[0] != 'M' && type[0] != 'C')
		return ua_hello(c, r, (const char *)type);
	/* ends within its head */
	if (!s->first.us)
		s->first = c->when;
	rd_skip(r, 4);
	s->token = rd_le32(r);
	return DIS_BAD;
}

static enum verdict
opcua_dissect(struct dctx *c, struct rd *r)
{
	struct ua_state *s = c->state;
	const uint8_t *h;

	if (rd_have(r) < 16)
		return other_chunk(c, r);
	h = rd_at(r);
	if (h[0] != 'M' && h[0] != 'C')
		return other_chunk(c, r);
	rd_skip(r, 16);
	s->token = ua_le32(h + 12);
	return take_secured(c, r, h, ua_le32(h + 4), ua_le32(h + 8));
}

static void
opcua_expire(struct dctx *c, struct pend *p)
{
	struct ua_talk t;
	struct gather *big;
	bool request;

	if (p->key < 1ull << 63) {
		ua_channel_expire(c, p);
		return;
	}
	ua_talk_init(&t, c, 0, 0);
	t.chunks = 1;
	recall(c, &t, p, &big);
	t.sv = ua_service_find(t.service, &request);
	report(&t);
	if (rd_bad(&t.q))
		proto_anomaly(c, "REQUEST_BODY");
	gather_drop(big);
}

static void
opcua_end(struct dctx *c, bool gap)
{
	struct ua_state *s = c->state;

	if (!s)
		return;
	if (gap)
		s->seq_known[0] = s->seq_known[1] = false;
	else if (!s->summed && (s->encrypted || s->keep_alives || s->opaque))
		ua_summary(c, &s->first, NULL);
}

static const struct hint hints[] = { { HINT_TCP, 4840 }, { HINT_TCP, 4843 }, { HINT_END, 0 } };

const struct dissector opcua_dissector = {
	.name = "opcua",
	.title = "OPC UA binary over TCP",
	.hints = hints,
	.fields = opcua_fields,
	.state_size = sizeof(struct ua_state),
	.probe = opcua_probe,
	.frame = opcua_frame,
	.dissect = opcua_dissect,
	.expire = opcua_expire,
	.end = opcua_end,
};
