/* rpcbind.c: where a host's RPC programs listen: portmapper version 2 (RFC 1833,
 * section 3) and rpcbind versions 3 and 4, TCP and UDP 111.
 *
 * VXI-11 clients begin here, and look for instruments by asking everybody: an
 * answer to a broadcast comes from another address than was asked, and is an
 * event of its own. */
#include "base/ascii.h"
#include "proto/keep.h"
#include "proto/oncrpc.h"

enum { MAPPINGS = 32, ADDRESS = 64 };

struct mapping {
	uint32_t prog, vers;
	const char *proto;
	struct text address;            /* versions 3 and 4: "0.0.0.0.2.3" */
	uint32_t port;
};

/* A call as it waits. */
struct waiting {
	uint32_t prog, vers, proc, called;
	uint8_t rpcvers, proto_n;
	char proto[8];
};

static const char *
proto_name(uint32_t n)
{
	return n == 6 ? "tcp" : n == 17 ? "udp" : NULL;
}

/* RFC 1833: version 2's procedures, and those of 3 and 4. */
static const char *
procedure(uint32_t vers, uint32_t proc)
{
	static const char *const two[] = { "NULL", "SET", "UNSET", "GETPORT", "DUMP", "CALLIT" };
	static const char *const more[] = { "NULL", "SET", "UNSET", "GETADDR", "DUMP", "BCAST",
		"GETTIME", "UADDR2TADDR", "TADDR2UADDR", "GETVERSADDR", "INDIRECT", "GETADDRLIST",
		"GETSTAT" };

	if (vers == 2)
		return proc < 6 ? two[proc] : NULL;
	return proc < 13 ? more[proc] : NULL;
}

/* A universal address: the last two of its numbers are the port. */
static uint32_t
port_of(struct text a)
{
	uint32_t part[2] = { 0, 0 };
	int dots = 0;

	for (uint32_t i = 0; i < a.n; i++) {
		if (a.p[i] == '.') {
			part[0] = part[1];
			part[1] = 0;
			dots++;
		} else if (ascii_digit(a.p[i]) && part[1] < 100) {
			part[1] = part[1] * 10 + (uint32_t)(a.p[i] - '0');
		} else {
			part[1] = ascii_digit(a.p[i]) ? 1000 : part[1];
		}
	}
	return dots >= 2 && part[0] < 256 && part[1] < 256 ? part[0] << 8 | part[1] : 0;
}

static struct text
string(struct rd *r)
{
	struct rd s = xdr_opaque(r);

	return text_rd(&s, rd_left(&s) < ADDRESS ? rd_left(&s) : ADDRESS);
}

static void
decode_call(struct waiting *w, const struct rpc *m)
{
	struct rd r = m->body;

	*w = (struct waiting){ .proc = m->proc, .rpcvers = (uint8_t)m->vers };
	if (m->proc == 0 || m->proc == 4 || m->proc > 11 || (m->proc > 5 && m->proc < 9))
		return;
	w->prog = rd_be32(&r);
	w->vers = rd_be32(&r);
	if (m->proc == 5) {
		w->called = rd_be32(&r);
	} else if (m->vers == 2) {
		const char *name = proto_name(rd_be32(&r));
		w->proto_n = name ? 3 : 0;
		if (name)
			memcpy(w->proto, name, 3);
	} else if (m->proc != 10) {
		struct text t = string(&r);
		w->proto_n = (uint8_t)(t.n < sizeof(w->proto) ? t.n : sizeof(w->proto));
		if (w->proto_n)
			memcpy(w->proto, t.p, w->proto_n);
	}
}

static void
put_program(struct ev *e, uint32_t prog, uint32_t vers)
{
	ev_uint(e, "program", prog);
	ev_cstr(e, "program_name", rpc_program_name(prog));
	ev_uint(e, "program_version", vers);
}

/* The list of a DUMP: each element has a 1 before it, its end a 0. */
static void
put_dump(struct ev *e, struct rd r, bool two)
{
	uint32_t n = 0;

	while (rd_left(&r) && rd_be32(&r) == 1) {
		struct mapping m = { .prog = rd_be32(&r), .vers = rd_be32(&r) };
		struct text proto;

		if (two) {
			m.proto = proto_name(rd_be32(&r));
			m.port = rd_be32(&r);
			proto = text_c(m.proto);
		} else {
			proto = string(&r);
			m.address = string(&r);
			m.port = port_of(m.address);
			string(&r);     /* who owns it */
		}
		if (!rd_ok(&r) || n++ >= MAPPINGS)
			continue;
		if (n == 1)
			ev_arr(e, "mappings");
		ev_a_obj(e);
		put_program(e, m.prog, m.vers);
		ev_str(e, "protocol", proto);
		ev_uint(e, "port", m.port);
		ev_end(e);
	}
	if (n)
		ev_end(e);
	e->ot.has_count = true;
	e->ot.count = n;
}

static void
put_reply(struct ev *e, const struct waiting *w, const struct rpc *a)
{
	struct rd r = a->body;
	uint32_t port = 0;

	e->ot.result = text_c(a->status);
	if (!rd_left(&r) || !w)
		return;
	if (w->proc == 4) {
		put_dump(e, r, w->rpcvers == 2);
	} else if (w->proc == 3 || w->proc == 9) {
		port = w->rpcvers == 2 ? rd_be32(&r) : port_of(string(&r));
		ev_uint(e, "port", port & 0xffff);
		if (!port)
			e->ot.result = TEXT("not_registered");
		else if (w->prog == VXI11_CORE)
			e->ot.role = TEXT("instrument");
	} else if (w->proc == 5) {
		if (w->rpcvers == 2)
			ev_uint(e, "port", rd_be32(&r) & 0xffff);
	} else if (w->proc == 1 || w->proc == 2) {
		if (!rd_be32(&r))
			e->ot.result = TEXT("refused");
	}
}

static void
event(struct dctx *c, const struct waiting *w, const struct when *at, int side,
    const struct rpc *a)
{
	struct ev *e = ev_begin(c, "rpcbind", at, side);
	const char *name = procedure(w->rpcvers, w->proc);

	ev_uint(e, "version", w->rpcvers);
	ev_uint(e, "procedure_number", w->proc);
	ev_cstr(e, "procedure", name);
	if (w->prog)
		put_program(e, w->prog, w->vers);
	if (w->called)
		ev_uint(e, "called_procedure", w->called);
	ev_str(e, "protocol", ((struct text){ w->proto, w->proto_n }));
	e->ot.op = w->proc == 1 || w->proc == 2 ? OT_CONFIGURE : w->proc == 5 ? OT_COMMAND :
	    OT_READ;
	e->ot.service = text_c(name);
	if (w->prog)
		e->ot.object = ev_text(e, "program %u", w->prog);
	if (a) {
		ev_answered(e, c, at);
		put_reply(e, w, a);
	} else {
		ev_unanswered(e, c);
	}
	ev_emit(e);
}

/* What a broadcast waits under: whoever answers, answers this port of this host. */
struct group_key { uint8_t v, ip[16], port[2], xid[4]; };

static bool
is_group(const struct addr *a)
{
	return a->v == 4 ? a->b[0] >= 224 || a->b[3] == 255 : a->v == 6 && a->b[0] == 0xff;
}

static void
group_key(struct group_key *k, const struct addr *a, uint16_t port, uint32_t xid)
{
	memset(k, 0, sizeof(*k));
	k->v = a->v;
	memcpy(k->ip, a->b, a->v == 4 ? 4 : 16);
	k->port[0] = (uint8_t)(port >> 8);
	k->port[1] = (uint8_t)port;
	for (int i = 0; i < 4; i++)
		k->xid[i] = (uint8_t)(xid >> 8 * i);
}

/* Nobody, or nobody more, answered. */
static void
group_end(struct dctx *c, struct keep *s)
{
	if (!s->answered)
		event(c, (const struct waiting *)s->data, &s->first, c->side, NULL);
}

static enum verdict
on_call(struct dctx *c, const struct rpc *m)
{
	struct waiting w;
	struct group_key k;

	if (m->prog != RPCBIND)
		return DIS_NOT_MINE;
	decode_call(&w, m);
	if (m->proc == 0)
		return DIS_OK;
	if (!c->tcp && is_group(&c->k->dst)) {
		struct keep *s;

		group_key(&k, &c->k->src, c->k->sport, m->xid);
		s = keep_find(c, &k, sizeof(k));
		if (!s)
			s = keep_new(c, KEEP_WAIT, &k, sizeof(k), group_end);
		memcpy(s->data, &w, sizeof(w));
		return DIS_OK;
	}
	pend_put(c, m->xid, &w, sizeof(w));
	return DIS_OK;
}

static enum verdict
on_reply(struct dctx *c, const struct rpc *m)
{
	struct pend *p = pend_find(c, m->xid);
	struct group_key k;
	struct keep *s;

	if (p) {
		event(c, (const struct waiting *)p->data, &p->when, p->side, m);
		pend_done(c, p);
		return DIS_OK;
	}
	group_key(&k, &c->k->dst, c->k->dport, m->xid);
	if (!c->tcp && (s = keep_find(c, &k, sizeof(k)))) {
		struct waiting w = *(const struct waiting *)s->data;
		struct when at = s->first;

		s->answered = true;
		event(c, &w, &at, !c->side, m);
	}
	return DIS_OK;
}

static enum verdict
rpcbind_dissect(struct dctx *c, struct rd *r)
{
	struct rpc m;

	if (!rpc_decode(r, c->tcp, &m)) {
		if (rd_short(r) || c->cut)
			return DIS_OK;
		c->why = "RPC_INVALID";
		return DIS_BAD;
	}
	rd_skip(r, rd_have(r));
	return m.call ? on_call(c, &m) : on_reply(c, &m);
}

static void
rpcbind_expire(struct dctx *c, struct pend *p)
{
	event(c, (const struct waiting *)p->data, &p->when, p->side, NULL);
}

static ssize_t
rpcbind_frame(const struct dctx *c, const struct rd *r)
{
	return rpc_frame(r);
}

static enum probe
rpcbind_probe(struct probe_in *in)
{
	static const uint32_t mine[] = { RPCBIND, 0 };
	enum probe p = rpc_calls(in->side[0], in->tcp, mine);

	if (p == PROBE_YES)
		return p;
	if (rpc_calls(in->side[1], in->tcp, mine) == PROBE_YES) {
		in->reversed = true;
		return PROBE_YES;
	}
	/* an answer to a broadcast */
	if (!in->tcp && in->hinted && rpc_replies(in->side[0], false)) {
		in->reversed = true;
		return PROBE_WEAK;
	}
	if (!rpc_could(in->side[1], in->tcp))
		return PROBE_NO;
	return !in->tcp && rpc_replies(in->side[1], false) && in->hinted ? PROBE_WEAK : p;
}

static const struct hint hints[] = {
	{ HINT_TCP, 111 }, { HINT_UDP, 111 }, { HINT_END, 0 },
};

static const struct field fields[] = {
	{ "rpcbind.version", "integer", "2: portmapper; 3 and 4: rpcbind" },
	{ "rpcbind.procedure_number", "integer", "procedure" },
	{ "rpcbind.procedure", "string", "its name: GETPORT, GETADDR, DUMP, SET, ..." },
	{ "rpcbind.program", "integer", "program asked for" },
	{ "rpcbind.program_name", "string", "its name" },
	{ "rpcbind.program_version", "integer", "version of it" },
	{ "rpcbind.called_procedure", "integer", "procedure of it that was called indirectly" },
	{ "rpcbind.protocol", "string", "transport: tcp, udp, ..." },
	{ "rpcbind.port", "integer", "where it listens; 0: nowhere" },
	{ "rpcbind.mappings", "array", "programs that a DUMP listed" },
	{ "rpcbind.mappings[].program", "integer", "program" },
	{ "rpcbind.mappings[].program_name", "string", "its name" },
	{ "rpcbind.mappings[].program_version", "integer", "version of it" },
	{ "rpcbind.mappings[].protocol", "string", "transport" },
	{ "rpcbind.mappings[].port", "integer", "where it listens" },
	{ NULL },
};

const struct dissector rpcbind_dissector = {
	.name = "rpcbind",
	.title = "RPC portmapper, rpcbind",
	.hints = hints,
	.fields = fields,
	.probe = rpcbind_probe,
	.frame = rpcbind_frame,
	.dissect = rpcbind_dissect,
	.expire = rpcbind_expire,
};
