/* fins.c: Omron FINS over UDP and TCP: commands with their answers, node addresses
 * agreed on, the controller's model and version. */
#include "proto/fins.h"
#include "proto/pend_long.h"

enum { TCP_CLIENT_NODE, TCP_SERVER_NODE, TCP_FRAME, TCP_ERROR, TCP_CONFIRM = 6 };
/* No command's key: their node addresses come with it. */
#define NODE_KEY        (1ull << 55)
static const uint8_t magic[4] = { 'F', 'I', 'N', 'S' };

/* What waits; the data is behind it. */
struct fins_wait {
	uint8_t icf, sid, dest[3], src[3];
	uint16_t cmd;
};

struct fins_pair {
	const struct fins_frame *q, *a;
	const struct when *when;
	int side;
	int index;                      /* of several forced bits; -1: the only one */
};

static uint64_t
key_of(const struct fins_frame *f)
{
	const uint8_t *n = f->answer ? f->dest : f->src;

	return (uint64_t)f->cmd << 32 | (uint64_t)f->sid << 24 | (uint64_t)n[0] << 16 |
	    (uint64_t)n[1] << 8 | n[2];
}

/* ---- events ---------------------------------------------------------- */

static void
report(struct dctx *c, const struct fins_pair *p)
{
	const struct fins_frame *f = p->q ? p->q : p->a;
	const struct fins_command *k = fins_command_find(f->cmd);
	struct ev *e = ev_begin(c, "fins", p->q ? p->when : &c->when, p->side);

	ev_str(e, "command", k ? k->name : ev_text(e, "unknown-0x%04x", f->cmd));
	ev_uint(e, "command_raw", f->cmd);
	ev_uint(e, "sid", f->sid);
	fins_put_address(e, f);
	if (p->index >= 0)
		ev_uint(e, "index", (unsigned)p->index);
	if (p->q)
		fins_put_request(e, p->q);
	if (p->a)
		fins_put_response(e, p->a);
	fins_put_common(e, p->q, p->a, p->index);
	if (p->a) {
		const char *s = fins_end_name(p->a->end);
		if (!(p->a->end & 0x7f3f))
			e->ot.result = TEXT("ok");
		else
			e->ot.result = s ? text_c(s) : ev_text(e, "end_code_0x%04x", p->a->end);
		fins_identify(e, p->a);
		if (p->q)
			ev_answered(e, c, p->when);
	} else if (!(p->q->icf & 1)) {
		ev_unanswered(e, c);
	}
	ev_emit(e);
}

/* Each forced bit is an event of its own. */
static void
report_all(struct dctx *c, struct fins_pair *p)
{
	unsigned n = 1;

	p->index = -1;
	if (p->q && p->q->cmd == FINS_FORCE) {
		struct rd r = p->q->data;
		n = rd_be16(&r);
		if (n > rd_left(&r) / 6 && rd_ok(&r))
			proto_anomaly(c, "ELEMENT_COUNT");
		if (n > rd_have(&r) / 6)
			n = rd_have(&r) / 6;
		if (n < 2)
			n = 1;
	}
	for (unsigned i = 0; i < n; i++) {
		if (n > 1)
			p->index = (int)i;
		report(c, p);
	}
}

static void
restore(struct dctx *c, const struct pend *w, struct fins_frame *q, uint8_t buf[FINS_MAX])
{
	const struct fins_wait *x = (const struct fins_wait *)w->data;

	memset(q, 0, sizeof(*q));
	q->icf = x->icf;
	q->sid = x->sid;
	q->cmd = x->cmd;
	memcpy(q->dest, x->dest, 3);
	memcpy(q->src, x->src, 3);
	q->data = pend_long_rd(c, w, sizeof(*x), buf, FINS_MAX);
}

static enum verdict
frame(struct dctx *c, struct rd *r)
{
	struct fins_pair p = { .side = c->side };
	uint8_t buf[FINS_MAX];
	struct fins_frame f, q;
	struct pend *w;
	struct when when;

	if (!fins_decode(r, &f)) {
		c->why = "FINS_LENGTH";
		return DIS_BAD;
	}
	if (!f.answer) {
		struct fins_wait x = { .icf = f.icf, .sid = f.sid, .cmd = f.cmd };
		if (f.icf & 1) {                /* no answer wanted */
			p.q = &f;
			p.when = &c->when;
			report_all(c, &p);
			return DIS_OK;
		}
		memcpy(x.dest, f.dest, 3);
		memcpy(x.src, f.src, 3);
		pend_long_put(c, key_of(&f), &x, sizeof(x), f.data, FINS_MAX);
		return DIS_OK;
	}
	p.a = &f;
	p.side = !c->side;
	if ((w = pend_find(c, key_of(&f)))) {
		restore(c, w, &q, buf);
		when = w->when;
		p.q = &q;
		p.when = &when;
		pend_done(c, w);
	}
	report_all(c, &p);
	return DIS_OK;
}

/* Client and server agree on node addresses (W342, 7-4). */
struct node { uint32_t cmd, error, client, server; };

static void
node_event(struct dctx *c, const struct node *n, const struct when *when, int side, bool answered)
{
	static const struct text names[] = { { "Node Address", 12 }, { "Node Address", 12 },
		{ NULL, 0 }, { "Frame Send Error", 16 }, { NULL, 0 }, { NULL, 0 },
		{ "Connection Confirmation", 23 } };
	struct ev *e = ev_begin(c, "fins", when, side);
	const char *s = fins_tcp_error_name(n->error);

	ev_word(e, "command", names[n->cmd]);
	if (n->client)
		ev_uint(e, "client_node", n->client);
	if (n->server)
		ev_uint(e, "server_node", n->server);
	e->ot.op = n->cmd == TCP_ERROR ? OT_ERROR : OT_CONNECT;
	e->ot.service = names[n->cmd];
	if (n->error)
		e->ot.result = s ? text_c(s) : ev_text(e, "error_%u", n->error);
	else if (!answered && n->cmd <= TCP_SERVER_NODE)
		ev_unanswered(e, c);
	if (answered)
		ev_answered(e, c, when);
	ev_emit(e);
}

static void
node(struct dctx *c, uint32_t cmd, uint32_t error, struct rd r)
{
	struct node n = { .cmd = cmd, .error = error };
	struct pend *w;

	if (cmd <= TCP_SERVER_NODE && rd_have(&r) >= 4)
		n.client = rd_be32(&r);
	if (cmd == TCP_SERVER_NODE && rd_have(&r) >= 4)
		n.server = rd_be32(&r);
	if (cmd == TCP_CLIENT_NODE) {
		pend_put(c, NODE_KEY, &n, sizeof(n));
	} else if (cmd == TCP_SERVER_NODE && (w = pend_find(c, NODE_KEY))) {
		struct when when = w->when;
		pend_done(c, w);
		node_event(c, &n, &when, !c->side, true);
	} else {
		node_event(c, &n, &c->when, cmd == TCP_SERVER_NODE ? !c->side : c->side,
		    cmd == TCP_SERVER_NODE);
	}
}

static enum verdict
fins_dissect(struct dctx *c, struct rd *r)
{
	uint32_t cmd, error;

	if (!c->tcp)
		return frame(c, r);
	rd_skip(r, 8);
	cmd = rd_be32(r);
	error = rd_be32(r);
	if (!rd_ok(r))
		return DIS_BAD;
	if (cmd == TCP_FRAME)
		return frame(c, r);
	if (cmd <= TCP_ERROR || cmd == TCP_CONFIRM) {
		node(c, cmd, error, *r);
		return DIS_OK;
	}
	c->why = "UNKNOWN_COMMAND";
	return DIS_BAD;
}

static void
fins_expire(struct dctx *c, struct pend *w)
{
	struct fins_pair p = { .side = w->side, .when = &w->when };
	uint8_t buf[FINS_MAX];
	struct fins_frame q;

	if (pend_long_is_part(w))
		return;
	if (w->key == NODE_KEY) {
		node_event(c, (const struct node *)w->data, &w->when, w->side, false);
		return;
	}
	restore(c, w, &q, buf);
	p.q = &q;
	report_all(c, &p);
}

static ssize_t
fins_frame(const struct dctx *c, const struct rd *r)
{
	struct rd v = *r;
	uint32_t n;

	if (memcmp(rd_at(r), magic, rd_have(r) < 4 ? rd_have(r) : 4) != 0)
		return -1;
	if (rd_have(r) < 8)
		return 0;
	rd_skip(&v, 4);
	n = rd_be32(&v);
	return n >= 8 && n <= FINS_MAX + 64 ? (ssize_t)n + 8 : -1;
}

/* 1: a FINS frame by its header, 2: an answer, 0: none. */
static int
shape(const struct rd *v)
{
	struct rd r = *v;
	struct fins_frame f;
	uint8_t icf = (uint8_t)rd_peek8(v, 0);

	if (!fins_decode(&r, &f) || rd_peek8(v, 1) != 0 || (icf & 0x3e) || f.gct > 7 || !f.gct ||
	    !fins_command_find(f.cmd) || f.dest[0] > 127 || f.src[0] > 127)
		return 0;
	if (f.answer)
		return fins_end_name(f.end) ? 2 : 0;
	return 1;
}

static enum probe
fins_probe(struct probe_in *in)
{
	for (int i = 0; i < 2; i++) {
		const struct rd *v = &in->side[i];
		int s;
		if (!rd_left(v))
			continue;
		if (in->tcp) {
			ssize_t n = fins_frame(NULL, v);
			if (n < 0)
				return PROBE_NO;
			if (n == 0)
				continue;
			if (rd_have(v) >= 27 && rd_peek8(v, 11) == TCP_FRAME)
				in->reversed = (rd_peek8(v, 16) & 0x40) != 0 && i == 0;
			else
				in->reversed = rd_peek8(v, 11) == TCP_SERVER_NODE && i == 0;
			return PROBE_YES;
		}
		if (!(s = shape(v)))
			return PROBE_NO;
		in->reversed = s == 2 && i == 0;
		return in->hinted ? PROBE_YES : PROBE_WEAK;
	}
	return PROBE_MORE;
}

static const struct hint hints[] = {
	{ HINT_TCP, 9600 }, { HINT_UDP, 9600 }, { HINT_END, 0 },
};

static const struct field fields[] = {
	{ "fins.command", "string", "name of the command" },
	{ "fins.command_raw", "integer", "its code" },
	{ "fins.sid", "integer", "service id" },
	{ "fins.dest_address", "string", "of the server: network.node.unit" },
	{ "fins.src_address", "string", "of the client: network.node.unit" },
	{ "fins.index", "integer", "which of several forced bits this is, from 0" },
	{ "fins.client_node", "integer", "node address of the client, over TCP" },
	{ "fins.server_node", "integer", "node address of the server, over TCP" },
	{ "fins.request.area", "integer", "memory or parameter area code" },
	{ "fins.request.address", "integer", "first word" },
	{ "fins.request.bit", "integer", "bit in it" },
	{ "fins.request.count", "integer", "how many" },
	{ "fins.request.to", "string", "where a transfer goes" },
	{ "fins.request.program", "integer", "program number" },
	{ "fins.request.last", "integer", "last word protected" },
	{ "fins.request.has_password", "boolean", "a password came with it" },
	{ "fins.request.last_part", "boolean", "the end of the program" },
	{ "fins.request.mode", "integer", "mode to run in" },
	{ "fins.request.length", "integer", "bytes of data" },
	{ "fins.response.end_code", "integer", "end code as on the wire" },
	{ "fins.response.end", "string", "what it means" },
	{ "fins.response.relay_error", "boolean", "the error happened at a relay" },
	{ "fins.response.fatal_cpu_error", "boolean", "the CPU unit has a fatal error" },
	{ "fins.response.non_fatal_cpu_error", "boolean", "the CPU unit has another error" },
	{ "fins.response.status", "string", "stop, run, standby" },
	{ "fins.response.mode", "string", "program, debug, monitor, run" },
	{ "fins.response.fatal_errors", "integer", "flags" },
	{ "fins.response.non_fatal_errors", "integer", "flags" },
	{ "fins.response.messages", "integer", "flags" },
	{ "fins.response.error_code", "integer", "most urgent error" },
	{ "fins.response.log_records", "integer", "places in the error log" },
	{ "fins.response.log_stored", "integer", "errors in it" },
	{ "fins.response.log_read", "integer", "errors in this answer" },
	{ "fins.response.length", "integer", "bytes of data" },
	{ NULL },
};

const struct dissector fins_dissector = {
	.name = "fins",
	.title = "Omron FINS over UDP and TCP",
	.hints = hints,
	.fields = fields,
	.probe = fins_probe,
	.frame = fins_frame,
	.dissect = fins_dissect,
	.expire = fins_expire,
	.apart = true,
};
