/* vxi11.c: VXI-11, TCP/IP Instrument Protocol Specification 1.0: ONC RPC programs
 * 395183 (core), 395184 (abort) and 395185 (interrupts, from the instrument to
 * its controller), on ports that the portmapper gives out: known by the program
 * number in each call.
 *
 * A link is to one device: "inst0" is the server itself, "gpib0,5" one that is
 * behind it. What is written to and read from it is SCPI: those are "scpi"
 * events. Here are links, commands that are no messages, and refusals. */
#include "proto/gather.h"
#include "proto/oncrpc.h"
#include "proto/scpi.h"

enum { LINKS = 8, DEVICE = 36, MACHINE = 64 };

enum proc {
	CREATE_LINK = 10, WRITE, READ, READSTB, TRIGGER, CLEAR, REMOTE, LOCAL, LOCK, UNLOCK,
	ENABLE_SRQ, DOCMD = 22, DESTROY_LINK, CREATE_INTR = 25, DESTROY_INTR, ABORT = 1,
	INTR_SRQ = 30
};

struct link {
	uint32_t lid;
	bool used;
	uint8_t n;
	struct scpi_talk talk;
	char device[DEVICE];
};

struct vxi_state {
	uint8_t turn;
	struct link link[LINKS];
};
_Static_assert(sizeof(struct vxi_state) <= PROTO_STATE_MAX, "state");

/* A call as it waits. */
struct call {
	uint32_t prog, proc, lid, client, command, port;
	bool has_lid, lock;
	uint8_t n, machine_n;
	char device[DEVICE], machine[MACHINE];
	struct addr host;
};

static const struct { const char *name; enum ot_op op; } procs[] = {
	[CREATE_LINK] = { "create_link", OT_CONNECT },
	[WRITE] = { "device_write", OT_WRITE },
	[READ] = { "device_read", OT_READ },
	[READSTB] = { "device_readstb", OT_READ },
	[TRIGGER] = { "device_trigger", OT_COMMAND },
	[CLEAR] = { "device_clear", OT_COMMAND },
	[REMOTE] = { "device_remote", OT_COMMAND },
	[LOCAL] = { "device_local", OT_COMMAND },
	[LOCK] = { "device_lock", OT_COMMAND },
	[UNLOCK] = { "device_unlock", OT_COMMAND },
	[ENABLE_SRQ] = { "device_enable_srq", OT_CONFIGURE },
	[DOCMD] = { "device_docmd", OT_COMMAND },
	[DESTROY_LINK] = { "destroy_link", OT_CONNECT },
	[CREATE_INTR] = { "create_intr_chan", OT_CONFIGURE },
	[DESTROY_INTR] = { "destroy_intr_chan", OT_CONFIGURE },
};

/* B.5.2 of the specification. */
static const struct tok errors[] = {
	{ 0, "ok" }, { 1, "syntax_error" }, { 3, "device_not_accessible" },
	{ 4, "invalid_link_identifier" }, { 5, "parameter_error" },
	{ 6, "channel_not_established" }, { 8, "operation_not_supported" },
	{ 9, "out_of_resources" }, { 11, "device_locked_by_another_link" },
	{ 12, "no_lock_held_by_this_link" }, { 15, "io_timeout" }, { 17, "io_error" },
	{ 21, "invalid_address" }, { 23, "abort" }, { 29, "channel_already_established" },
	{ 0, NULL },
};

/* B.6.52: what a controller is told to do on its own bus. */
static const struct tok commands[] = {
	{ 0x020000, "send_command" }, { 0x020001, "bus_status" }, { 0x020002, "atn_control" },
	{ 0x020003, "ren_control" }, { 0x020004, "pass_control" }, { 0x02000a, "bus_address" },
	{ 0x020010, "ifc_control" }, { 0, NULL },
};

static const char *
name_of(uint32_t prog, uint32_t proc)
{
	if (prog == VXI11_ABORT)
		return proc == ABORT ? "device_abort" : NULL;
	if (prog == VXI11_INTR)
		return proc == INTR_SRQ ? "device_intr_srq" : NULL;
	return proc < sizeof(procs) / sizeof(procs[0]) ? procs[proc].name : NULL;
}

/* ---- links ---- */

static struct link *
link_find(struct vxi_state *s, uint32_t lid)
{
	for (int i = 0; i < LINKS; i++)
		if (s->link[i].used && s->link[i].lid == lid)
			return &s->link[i];
	return NULL;
}

/* One that was made before the capture began has no name. */
static struct link *
link_make(struct vxi_state *s, uint32_t lid, const char *device, uint8_t n)
{
	struct link *l = link_find(s, lid);
	uint32_t next;

	if (!l) {
		l = &s->link[s->turn];
		s->turn = (uint8_t)((s->turn + 1) % LINKS);
	}
	next = l->talk.next;            /* keys are not used twice */
	memset(l, 0, sizeof(*l));
	l->used = true;
	l->lid = lid;
	l->talk.next = l->talk.head = next;
	l->talk.chan = (uint8_t)(l - s->link);
	l->n = n;
	if (n)
		memcpy(l->device, device, n);
	return l;
}

static struct text
device_of(const struct link *l)
{
	return l ? (struct text){ l->device, l->n } : (struct text){ NULL, 0 };
}

static struct scpi_via
via_of(struct link *l)
{
	return (struct scpi_via){ &l->talk, TEXT("vxi11"), device_of(l),
		scpi_is_behind(device_of(l)), true };
}

/* ---- events ---- */

static struct ev *
begin(struct dctx *c, const struct call *q, const struct when *at, int side, struct text device)
{
	const char *name = name_of(q->prog, q->proc);
	struct ev *e = ev_begin(c, "vxi11", at, side);

	ev_cstr(e, "procedure", name);
	if (q->has_lid)
		ev_uint(e, "link", q->lid);
	ev_str(e, "device", device);
	e->ot.op = q->prog == VXI11_CORE ? procs[q->proc].op : q->prog == VXI11_INTR ? OT_REPORT :
	    OT_COMMAND;
	e->ot.service = text_c(name);
	e->ot.object = device;
	if (scpi_is_behind(device))
		e->ot.role = TEXT("gateway");
	return e;
}

static void
put_call(struct ev *e, const struct call *q)
{
	if (q->prog != VXI11_CORE)
		return;
	if (q->proc == CREATE_LINK) {
		ev_uint(e, "client_id", q->client);
		ev_bool(e, "lock", q->lock);
	} else if (q->proc == DOCMD) {
		ev_uint(e, "command", q->command);
		ev_cstr(e, "command_name", tok_find(commands, q->command));
	} else if (q->proc == ENABLE_SRQ) {
		ev_bool(e, "enable", q->lock);
		ev_val_bool(e, q->lock);
	} else if (q->proc == CREATE_INTR) {
		ev_put_ip(e, "interrupt_address", &q->host);
		ev_uint(e, "interrupt_port", q->port);
	}
}

/* A call and its reply, or the call alone. */
static void
call_event(struct dctx *c, const struct call *q, const struct when *at, int side,
    const struct rpc *a)
{
	struct vxi_state *s = c->state;
	bool create = q->prog == VXI11_CORE && q->proc == CREATE_LINK;
	struct link *l = q->prog == VXI11_CORE ? link_find(s, q->lid) : NULL;
	struct text device = create ? (struct text){ q->device, q->n } : device_of(l);
	struct rd r = a ? a->body : rd_init("", 0, 0);
	uint32_t error = rd_left(&r) >= 4 ? rd_be32(&r) : 0, lid = 0;
	struct ev *e;
	const char *why = a ? a->status : NULL;

	if (why && strcmp(why, "ok") == 0)
		why = tok_or(errors, error, "error");
	if (create && a && !error && rd_left(&r) >= 12) {
		lid = rd_be32(&r);
		link_make(s, lid, q->device, q->n);
	}
	e = begin(c, q, at, side, device);
	put_call(e, q);
	if (create && a && !error && rd_left(&r) >= 8) {
		ev_uint(e, "link", lid);
		ev_uint(e, "abort_port", rd_be32(&r) & 0xffff);
		ev_uint(e, "max_size", rd_be32(&r));
	}
	if (error)
		ev_uint(e, "error", error);
	if (q->machine_n) {
		struct ident *i = ev_identity(e, "oncrpc.auth_sys", EV_SRC);
		i->hostname = (struct text){ q->machine, q->machine_n };
	}
	if (create && scpi_is_behind(device) && a && !error) {
		struct ident *i = ev_identity(e, "vxi11.link", EV_OTHER);
		i->has_parent = true;
		i->parent = EV_DEST;
		i->sub = device;
		i->role = TEXT("instrument");
	}
	if (q->prog == VXI11_CORE && q->proc == READSTB && a && !error && rd_left(&r)) {
		ev_val_uint(e, rd_be32(&r));
		e->ot.state = true;
	}
	if (a)
		ev_answered(e, c, at);
	else
		ev_unanswered(e, c);
	if (why)
		e->ot.result = text_c(why);
	ev_emit(e);
}

/* ---- calls and replies ---- */

static void
on_call(struct dctx *c, const struct rpc *m)
{
	struct vxi_state *s = c->state;
	struct rd r = m->body;
	struct call q = { .prog = m->prog, .proc = m->proc };

	if (m->proc == 0)
		return;
	if (!name_of(m->prog, m->proc)) {
		proto_anomaly(c, "UNKNOWN_PROCEDURE");
		return;
	}
	if (m->prog == VXI11_INTR) {    /* device_intr_srq has no reply */
		struct ev *e = begin(c, &q, &c->when, c->side, (struct text){ NULL, 0 });
		ev_emit(e);
		return;
	}
	if (m->prog == VXI11_CORE && m->proc == CREATE_LINK) {
		struct text t;
		struct rd name;

		q.client = rd_be32(&r);
		q.lock = rd_be32(&r) != 0;
		rd_skip(&r, 4);
		name = xdr_opaque(&r);
		t = text_rd(&name, rd_left(&name) < DEVICE ? rd_left(&name) : DEVICE);
		q.n = (uint8_t)t.n;
		if (t.n)
			memcpy(q.device, t.p, t.n);
		q.machine_n = (uint8_t)(m->machine.n < MACHINE ? m->machine.n : MACHINE);
		if (q.machine_n)
			memcpy(q.machine, m->machine.p, q.machine_n);
	} else if (m->prog == VXI11_CORE && m->proc == CREATE_INTR) {
		const uint8_t *ip = rd_bytes(&r, 4);

		if (ip)
			q.host = addr_v4(ip);
		q.port = rd_be32(&r) & 0xffff;
	} else if (m->prog == VXI11_ABORT || m->proc != DESTROY_INTR) {
		q.has_lid = true;
		q.lid = rd_be32(&r);
	}
	if (m->proc == WRITE) {
		struct link *l = link_find(s, q.lid);
		struct scpi_via v;
		uint32_t flags;

		rd_skip(&r, 8);
		flags = rd_be32(&r);
		if (!l)
			l = link_make(s, q.lid, NULL, 0);
		v = via_of(l);
		scpi_program(c, &v, xdr_opaque(&r), flags >> 3 & 1);
	} else if (m->proc == DOCMD) {
		rd_skip(&r, 12);
		q.command = rd_be32(&r);
	} else if (m->proc == ENABLE_SRQ) {
		q.lock = rd_be32(&r) != 0;
	}
	if (!rd_ok(&r)) {
		if (rd_bad(&r) && !c->cut)
			proto_anomaly(c, "INVALID_ARGUMENTS");
		return;
	}
	pend_put(c, m->xid, &q, sizeof(q));
}

static void
on_read(struct dctx *c, const struct call *q, const struct rpc *m)
{
	struct vxi_state *s = c->state;
	struct link *l = link_find(s, q->lid);
	struct rd r = m->body;
	uint32_t error = rd_left(&r) ? rd_be32(&r) : 0, reason = rd_be32(&r);
	struct scpi_via v;

	if (!l)
		l = link_make(s, q->lid, NULL, 0);
	v = via_of(l);
	if (error && !scpi_refused(c, &v, text_c(tok_or(errors, error, "error"))))
		call_event(c, q, &c->when, !c->side, m);
	else if (!error && rd_ok(&r))
		/* reason: 4 is the end of the message, 2 a character that ends it */
		scpi_response(c, &v, xdr_opaque(&r), reason & 6);
}

static void
on_reply(struct dctx *c, const struct rpc *m)
{
	struct vxi_state *s = c->state;
	struct pend *p = pend_find(c, m->xid);
	struct call q;
	struct when at;
	struct link *l;
	struct rd r = m->body;
	bool ok = strcmp(m->status, "ok") == 0;

	if (!p)
		return;
	q = *(const struct call *)p->data;
	at = p->when;
	pend_done(c, p);
	if (q.prog == VXI11_CORE && q.proc == READ && ok) {
		on_read(c, &q, m);
		return;
	}
	/* a message that was taken is told of by what it says */
	if (q.prog == VXI11_CORE && (q.proc == WRITE || q.proc == DESTROY_LINK) && ok &&
	    rd_left(&r) && rd_be32(&r) == 0) {
		if (q.proc == DESTROY_LINK && (l = link_find(s, q.lid)))
			l->used = false;
		return;
	}
	call_event(c, &q, &at, !c->side, m);
}

/* One whole record: its parts, if it came in several, are put together. */
static enum verdict
on_record(struct dctx *c, struct rd *r, bool tcp)
{
	struct rpc m;

	if (!rpc_decode(r, tcp, &m)) {
		if (rd_short(r) || c->cut)
			return DIS_OK;
		c->why = "RPC_INVALID";
		return DIS_BAD;
	}
	rd_skip(r, rd_have(r));
	if (!m.call) {
		on_reply(c, &m);
	} else if (m.prog >= VXI11_CORE && m.prog <= VXI11_INTR) {
		on_call(c, &m);
	} else {
		c->why = "UNKNOWN_PROGRAM";
		return DIS_BAD;
	}
	return DIS_OK;
}

static enum verdict
vxi11_dissect(struct dctx *c, struct rd *r)
{
	const uint64_t key = (uint64_t)2 << 48;
	struct gather *m = gather_find(c, key);
	bool last = rd_peek8(r, 0) & 0x80;
	struct rd all;

	if (last && !m)
		return on_record(c, r, true);
	if (!m)
		m = gather_begin(c, key);
	rd_skip(r, 4);
	gather_add(m, r);
	if (!last)
		return DIS_OK;
	all = gather_rd(m);
	gather_drop(m);
	return on_record(c, &all, false);
}

static void
vxi11_expire(struct dctx *c, struct pend *p)
{
	if (!scpi_expire(c, p))
		call_event(c, (const struct call *)p->data, &p->when, p->side, NULL);
}

static ssize_t
vxi11_frame(const struct dctx *c, const struct rd *r)
{
	return rpc_frame(r);
}

static enum probe
vxi11_probe(struct probe_in *in)
{
	static const uint32_t mine[] = { VXI11_CORE, VXI11_ABORT, VXI11_INTR, 0 };
	enum probe p;

	if (!in->tcp)
		return PROBE_NO;
	p = rpc_calls(in->side[0], true, mine);
	if (p != PROBE_YES && rpc_calls(in->side[1], true, mine) == PROBE_YES) {
		in->reversed = true;
		return PROBE_YES;
	}
	return p == PROBE_YES || rpc_could(in->side[1], true) ? p : PROBE_NO;
}

static const struct hint hints[] = {
	{ HINT_END, 0 },
};

static const struct field fields[] = {
	{ "vxi11.procedure", "string", "procedure: create_link, device_clear, ..." },
	{ "vxi11.link", "integer", "number of the link" },
	{ "vxi11.device", "string", "the device that the link is to: inst0, gpib0,5" },
	{ "vxi11.client_id", "integer", "number the client gave itself" },
	{ "vxi11.lock", "boolean", "the link wanted the device for itself" },
	{ "vxi11.abort_port", "integer", "port for aborting what is going on" },
	{ "vxi11.max_size", "integer", "longest message that the device takes" },
	{ "vxi11.command", "integer", "command to the device's bus" },
	{ "vxi11.command_name", "string", "its name" },
	{ "vxi11.enable", "boolean", "service requests are wanted" },
	{ "vxi11.interrupt_address", "string", "where they are to be sent" },
	{ "vxi11.interrupt_port", "integer", "port there" },
	{ "vxi11.error", "integer", "number of the device's error" },
	{ NULL },
};

const struct dissector vxi11_dissector = {
	.name = "vxi11",
	.title = "VXI-11",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct vxi_state),
	.probe = vxi11_probe,
	.frame = vxi11_frame,
	.dissect = vxi11_dissect,
	.expire = vxi11_expire,
};
