/* tftp.c: TFTP, RFC 1350, 2347 to 2349, 7440: firmware and configurations on their way.
 *
 *     1 read, 2 write: file 0 mode 0 [option 0 value 0]...
 *     3 data: block 2, bytes | 4 ack: block 2 | 5 error: code 2, text 0 | 6 options
 *
 * A request goes to port 69, the transfer comes from another port of the server: one
 * event tells both, with the file's name, when the transfer is over. */
#include "base/ascii.h"
#include "proto/keep.h"
#include "proto/line.h"

enum { RRQ = 1, WRQ, DATA, ACK, ERR, OACK, FILE_MAX = 200 };

struct tftp_request {
	struct when when;
	uint8_t op, name_n, nopt;
	bool netascii, mail;
	uint16_t blksize, window;
	uint32_t tsize;
	bool has_tsize;
	char name[FILE_MAX];
};

struct tftp_state {
	struct tftp_request q;
	uint64_t bytes;
	uint32_t blocks;
	uint16_t last, error;
	bool asked, done, refused, told;
	uint8_t sender, client;         /* sides: who sends the data, who asked */
	struct when first;
};
_Static_assert(sizeof(struct tftp_state) <= PROTO_STATE_MAX, "a transfer fits a flow");

static const struct tok errors[] = {
	{ 0, "not_defined" }, { 1, "file_not_found" }, { 2, "access_violation" },
	{ 3, "disk_full" }, { 4, "illegal_operation" }, { 5, "unknown_transfer_id" },
	{ 6, "file_exists" }, { 7, "no_such_user" }, { 8, "option_refused" }, { 0, NULL }
};

static struct text
zstring(struct rd *r)
{
	const char *p = (const char *)rd_at(r);
	uint32_t n = rd_have(r);
	const char *z = n ? memchr(p, 0, n) : NULL;

	if (!z) {
		rd_skip(r, rd_left(r) + 1);
		return (struct text){ 0 };
	}
	rd_skip(r, (uint32_t)(z - p) + 1);
	return (struct text){ p, (uint32_t)(z - p) };
}

static uint32_t
number(struct text t)
{
	uint64_t v = 0;

	for (uint32_t i = 0; i < t.n && ascii_digit(t.p[i]) && v <= UINT32_MAX; i++)
		v = v * 10 + (uint64_t)(t.p[i] - '0');
	return v > UINT32_MAX ? UINT32_MAX : (uint32_t)v;
}

static void
take_options(struct rd *r, struct tftp_request *q)
{
	while (rd_left(r) && q->nopt < 16) {
		struct text k = zstring(r), v = zstring(r);

		if (!rd_ok(r))
			break;
		q->nopt++;
		if (text_is(k, "blksize"))
			q->blksize = (uint16_t)number(v);
		else if (text_is(k, "windowsize"))
			q->window = (uint16_t)number(v);
		else if (text_is(k, "tsize")) {
			q->tsize = number(v);
			q->has_tsize = true;
		}
	}
}

static bool
request_decode(struct rd *r, struct tftp_request *q)
{
	struct text name, mode;

	memset(q, 0, sizeof(*q));
	q->op = (uint8_t)rd_be16(r);
	name = zstring(r);
	mode = zstring(r);
	if (!rd_ok(r))
		return false;
	q->name_n = name.n < FILE_MAX ? (uint8_t)name.n : FILE_MAX;
	if (q->name_n)
		memcpy(q->name, name.p, q->name_n);
	q->netascii = text_is(mode, "netascii");
	q->mail = text_is(mode, "mail");
	if (!q->netascii && !q->mail && !text_is(mode, "octet"))
		return false;
	take_options(r, q);
	return true;
}

static struct ev *
begin(struct dctx *c, const struct tftp_request *q, int side)
{
	struct ev *e = ev_begin(c, "tftp", &q->when, side);

	ev_cstr(e, "packet", q->op == RRQ ? "read" : "write");
	ev_str(e, "file", ((struct text){ q->name, q->name_n }));
	ev_cstr(e, "mode", q->netascii ? "netascii" : q->mail ? "mail" : "octet");
	if (q->blksize)
		ev_uint(e, "blksize", q->blksize);
	if (q->window)
		ev_uint(e, "windowsize", q->window);
	e->ot.op = q->op == RRQ ? OT_READ : OT_WRITE;
	e->ot.service = q->op == RRQ ? TEXT("RRQ") : TEXT("WRQ");
	e->ot.object = (struct text){ q->name, q->name_n };
	return e;
}

/* A request that no transfer and no error came of. */
static void
unanswered(struct dctx *c, struct keep *k)
{
	const struct tftp_request *q = (const struct tftp_request *)k->data;
	struct ev *e = begin(c, q, 0);

	ev_unanswered(e, c);
	ev_emit(e);
}

static void
tell(struct dctx *c, struct tftp_state *s)
{
	struct ev *e;

	if (s->told || (!s->asked && !s->blocks))
		return;
	s->told = true;
	if (s->asked) {
		e = begin(c, &s->q, s->client);
		if (s->q.has_tsize)
			ev_uint(e, "tsize", s->q.tsize);
	} else {
		e = ev_begin(c, "tftp", &s->first, s->sender);
		ev_cstr(e, "packet", "data");
		e->ot.op = OT_OTHER;
		e->ot.service = TEXT("DATA");
	}
	ev_uint(e, "blocks", s->blocks);
	ev_uint(e, "bytes", s->bytes);
	if (s->refused) {
		ev_uint(e, "error_code", s->error);
		ev_cstr(e, "error", tok_find(errors, s->error));
		e->ot.result = tok_find(errors, s->error) ? text_c(tok_find(errors, s->error)) :
		    TEXT("error");
	} else {
		e->ot.result = s->done ? TEXT("ok") : TEXT("incomplete");
	}
	e->ot.has_count = true;
	e->ot.count = s->bytes;
	ev_emit(e);
}

struct tftp_key { uint8_t ip[16]; uint16_t port; uint8_t server[16]; } __attribute__((packed));

static struct tftp_key
key_of(const struct dctx *c, int client)
{
	struct tftp_key k;

	memset(&k, 0, sizeof(k));
	memcpy(k.ip, c->flow->addr[client].b, 16);
	memcpy(k.server, c->flow->addr[!client].b, 16);
	k.port = c->flow->port[client];
	return k;
}

/* The request this flow answers: the one that came from this port of the client. */
static void
join(struct dctx *c, struct tftp_state *s)
{
	for (int client = 0; client < 2 && !s->asked; client++) {
		struct tftp_key key = key_of(c, client);
		struct keep *k = keep_find(c, &key, sizeof(key));

		if (!k)
			continue;
		memcpy(&s->q, k->data, sizeof(s->q));
		s->asked = true;
		s->client = (uint8_t)client;
		keep_drop(c, k);
	}
}

static enum verdict
tftp_dissect(struct dctx *c, struct rd *r)
{
	struct tftp_state *s = c->state;
	int op = rd_peek16(r, 0);
	struct tftp_request q;
	struct tftp_key key;
	struct keep *k;
	uint32_t n, block;
	uint16_t size;

	if (op == RRQ || op == WRQ) {
		if (!request_decode(r, &q)) {
			c->why = "REQUEST_FORMAT";
			return rd_short(r) ? DIS_OK : DIS_BAD;
		}
		q.when = c->when;
		key = key_of(c, c->side);
		if ((k = keep_find(c, &key, sizeof(key)))) {    /* asked again: nobody heard */
			memcpy(k->data, &q, sizeof(q));
			return DIS_OK;
		}
		if (s->asked)           /* the same ports once more */
			tell(c, s);
		memset(s, 0, sizeof(*s));
		k = keep_new(c, KEEP_WAIT, &key, sizeof(key), unanswered);
		memcpy(k->data, &q, sizeof(q));
		return DIS_OK;
	}
	rd_skip(r, 2);
	if (!s->first.us) {
		s->first = c->when;
		join(c, s);
	}
	switch (op) {
	case DATA:
		block = rd_be16(r);
		n = rd_left(r);
		if (!rd_ok(r))
			break;
		size = s->asked && s->q.blksize ? s->q.blksize : 512;
		s->sender = (uint8_t)c->side;
		if (block != s->last || !s->blocks) {
			s->blocks++;
			s->bytes += n;
			s->last = (uint16_t)block;
		}
		if (n < size && s->asked)
			s->done = true;
		rd_skip(r, rd_have(r));
		break;
	case ACK:
		rd_skip(r, 2);
		break;
	case ERR:
		s->error = rd_be16(r);
		s->refused = rd_ok(r);
		rd_skip(r, rd_have(r));         /* a text that may hold anything */
		/* "I know already how long it is": asked for the size alone */
		tell(c, s);
		break;
	case OACK:
		q = s->q;
		q.nopt = 0;
		q.blksize = 0;
		take_options(r, &q);
		s->q.blksize = q.blksize;
		s->q.window = q.window;
		s->q.tsize = q.tsize;
		s->q.has_tsize = q.has_tsize;
		break;
	default:
		c->why = "OPCODE_UNKNOWN";
		return rd_ok(r) ? DIS_BAD : DIS_OK;
	}
	if (s->done)
		tell(c, s);
	return rd_bad(r) ? DIS_BAD : DIS_OK;
}

static void
tftp_end(struct dctx *c, bool gap)
{
	if (c->flow && !gap && c->state)
		tell(c, c->state);
}

static bool
is_text(const struct rd *r, uint32_t from, bool to_end)
{
	uint32_t n = rd_have(r), i;

	for (i = from; i < n && rd_peek8(r, i); i++)
		if (rd_peek8(r, i) < 0x20)
			return false;
	return i < n && (!to_end || i == n - 1);
}

static enum probe
tftp_probe(struct probe_in *in)
{
	struct rd *q = &in->side[0], *a = &in->side[1], *r = rd_left(q) ? q : a;
	struct tftp_request t;
	struct rd copy = *r;
	int op = rd_peek16(r, 0);

	if (in->tcp)
		return PROBE_NO;
	if (rd_left(q) && rd_left(a)) {
		/* data and the acknowledgement of the same block, or of the one before */
		int x = rd_peek16(q, 0), y = rd_peek16(a, 0);
		const struct rd *d = x == DATA ? q : a, *k = x == DATA ? a : q;
		int b = rd_peek16(d, 2), ack = rd_peek16(k, 2);

		if (((x == DATA && y == ACK) || (x == ACK && y == DATA)) &&
		    (rd_left(k) == 4 || in->hinted) && (b == ack || b == ((ack + 1) & 0xffff)) && b)
			return PROBE_YES;
	}
	switch (op) {
	case RRQ: case WRQ:
		return is_text(r, 2, false) && request_decode(&copy, &t) ? PROBE_YES : PROBE_NO;
	case DATA:
		if (in->hinted && rd_peek16(r, 2) == 1)
			return PROBE_WEAK;
		return rd_peek16(r, 2) > 0 && rd_left(r) >= 4 ? PROBE_MORE : PROBE_NO;
	case ACK:
		return rd_left(r) == 4 ? PROBE_MORE : PROBE_NO;
	case ERR:
		return rd_peek16(r, 2) <= 8 && rd_left(r) >= 8 && is_text(r, 4, true) ?
		    PROBE_YES : PROBE_NO;
	case OACK:
		memset(&t, 0, sizeof(t));
		rd_skip(&copy, 2);
		take_options(&copy, &t);
		return rd_ok(&copy) && (t.blksize || t.has_tsize || t.window) ? PROBE_YES :
		    PROBE_NO;
	default:
		return PROBE_NO;
	}
}

static const struct hint hints[] = { { HINT_UDP, 69 }, { 0 } };

static const struct field fields[] = {
	{ "tftp.packet", "string", "read or write; data where the request was not seen" },
	{ "tftp.file", "string", "the file's name" },
	{ "tftp.mode", "string", "octet, netascii or mail" },
	{ "tftp.blksize", "integer", "bytes of a block, where agreed on" },
	{ "tftp.windowsize", "integer", "blocks sent before an answer, where agreed on" },
	{ "tftp.tsize", "integer", "bytes of the file as announced" },
	{ "tftp.blocks", "integer", "blocks seen" },
	{ "tftp.bytes", "integer", "bytes seen" },
	{ "tftp.error_code", "integer", "the error's number" },
	{ "tftp.error", "string", "the error's name" },
	{ NULL }
};

const struct dissector tftp_dissector = {
	.name = "tftp",
	.title = "TFTP",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct tftp_state),
	.probe = tftp_probe,
	.dissect = tftp_dissect,
	.end = tftp_end,
};
