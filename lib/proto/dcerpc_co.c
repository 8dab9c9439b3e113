/* dcerpc_co.c: DCE/RPC over connections (The Open Group C706, 12.6; [MS-RPCE]): which
 * interfaces are bound, who calls what. OPC Classic (DA, A&E, HDA) is DCOM and so is
 * here; arguments are not decoded: an OPC item is a number that another message gave.
 *
 *      0     2      3       4     8          10       12        16
 *     +-----+------+-------+-----+----------+--------+---------+------
 *     | 5 0 | type | flags | rep | fragment | auth n | call id | body
 *     +-----+------+-------+-----+----------+--------+---------+------
 *
 * An operation is an event the first time in a connection; each time where it writes,
 * commands or configures. */
#include "proto/dcerpc.h"
#include "proto/dcerpc_names.h"
#include "proto/ntlm.h"
#include "proto/proto.h"

enum { REQUEST = 0, RESPONSE = 2, FAULT = 3, BIND = 11, BIND_ACK, BIND_NAK, ALTER, ALTER_RESP,
	AUTH3, SHUTDOWN, CANCEL, ORPHANED, FIRST = 1, OBJECT = 0x80, CONTEXTS = 12, BOUND = 8 };

static const struct tok auth_types[] = { { 9, "spnego" }, { 10, "ntlm" }, { 14, "schannel" },
	{ 16, "kerberos" }, { 68, "netlogon" }, { 0, NULL } };
static const struct tok auth_levels[] = { { 1, "none" }, { 2, "connect" }, { 3, "call" },
	{ 4, "packet" }, { 5, "integrity" }, { 6, "privacy" }, { 0, NULL } };

struct rpc_state {
	struct { bool used; uint16_t id; int16_t iface; uint64_t seen; } ctx[CONTEXTS];
	uint8_t next;
	bool middle;
};

struct wait {
	uint8_t type, n, auth, level;
	uint16_t op;
	int16_t iface;
	struct { uint16_t id, major, minor; int16_t iface; uint8_t uuid[16]; } bound[BOUND];
};

struct head { uint8_t type, flags; bool le; uint16_t len, auth_n; uint32_t call; };

static bool
head_read(struct rd *r, struct head *h)
{
	uint8_t minor, rep[4];

	memset(h, 0, sizeof(*h));
	if (rd_u8(r) != 5)
		return false;
	minor = rd_u8(r);
	h->type = rd_u8(r);
	h->flags = rd_u8(r);
	for (int i = 0; i < 4; i++)
		rep[i] = rd_u8(r);
	h->le = rep[0] >> 4 == 1;
	h->len = rpc_u16(r, h->le);
	h->auth_n = rpc_u16(r, h->le);
	h->call = rpc_u32(r, h->le);
	return rd_ok(r) && minor <= 1 && h->type <= ORPHANED && rep[0] >> 4 <= 1 &&
	    !(rep[0] & 15) && rep[1] <= 3 && !rep[2] && !rep[3] && h->len >= 16 &&
	    h->auth_n <= h->len;
}

static ssize_t
rpc_frame(const struct dctx *c, const struct rd *r)
{
	struct rd p = *r;
	struct head h;

	(void)c;
	if (rd_have(r) < 16)
		return rd_have(r) && rd_peek8(r, 0) != 5 ? -1 : 0;
	return head_read(&p, &h) ? h.len : -1;
}

static enum probe
rpc_probe(struct probe_in *in)
{
	for (int side = 0; side < 2; side++) {
		struct rd r = in->side[side];
		struct head h;
		bool answer;

		if (!in->tcp || !rd_left(&r))
			continue;
		if (rpc_frame(NULL, &r) <= 0)
			return rd_have(&r) < 16 && rd_peek8(&r, 0) == 5 ? PROBE_MORE : PROBE_NO;
		head_read(&r, &h);
		answer = h.type == RESPONSE || h.type == FAULT || h.type == BIND_ACK ||
		    h.type == BIND_NAK || h.type == ALTER_RESP;
		in->reversed = answer == (side == 0);
		return PROBE_YES;
	}
	return PROBE_NO;
}

/* The trailer that says how it is protected: type, level, padding, reserved, id, token. */
static struct rd
trailer(const struct rd *all, const struct head *h, uint8_t *type, uint8_t *level)
{
	struct rd r = *all;

	*type = *level = 0;
	if (!h->auth_n || h->auth_n + 8u > h->len)
		return rd_init(NULL, 0, 0);
	rd_skip(&r, h->len - h->auth_n - 8u);
	*type = rd_u8(&r);
	*level = rd_u8(&r);
	rd_skip(&r, 6);
	return r;
}

static void
put_auth(struct ev *e, uint8_t type, uint8_t level)
{
	if (type)
		ev_cstr(e, "auth", tok_or(auth_types, type, "other"));
	ev_cstr(e, "level", type ? tok_find(auth_levels, level) : "none");
	if (!type || level < 5) {
		ev_arr(e, "weak");
		ev_a_str(e, type ? TEXT("signing") : TEXT("no_auth"));
		ev_end(e);
	}
}

static void
put_iface(struct ev *e, const struct rpc_iface *f)
{
	if (!f)
		return;
	ev_cstr(e, "interface", f->name);
	ev_cstr(e, "family", f->family);
}

/* ---- binding */

static void
bind_read(struct dctx *c, struct rd *r, const struct head *h, struct wait *w)
{
	struct rpc_state *s = c->state;
	char uuid[RPC_UUID_TEXT];
	unsigned n;

	rd_skip(r, 8);
	n = rd_u8(r);
	rd_skip(r, 3);
	for (unsigned i = 0; i < n && rd_left(r); i++) {
		uint16_t id = rpc_u16(r, h->le), transfers = rd_u8(r), k;
		uint8_t u[16];
		uint32_t version;
		int iface;

		rd_skip(r, 1);
		rpc_uuid(r, h->le, u);
		version = rpc_u32(r, h->le);
		for (k = 0; k < transfers && rd_left(r); k++)
			rd_skip(r, 20);
		if (!rd_ok(r))
			break;
		rpc_uuid_put(uuid, u);
		iface = rpc_iface_find(uuid);
		for (k = 0; k < CONTEXTS && !(s->ctx[k].used && s->ctx[k].id == id); k++)
			;
		if (k == CONTEXTS)
			k = s->next++ % CONTEXTS;
		/* a context that is named again is the same interface or a new one */
		if (!s->ctx[k].used || s->ctx[k].iface != iface)
			s->ctx[k].seen = 0;
		s->ctx[k].used = true;
		s->ctx[k].id = id;
		s->ctx[k].iface = (int16_t)iface;
		/* the same interface again with another syntax is no news */
		for (k = 0; k < w->n && memcmp(w->bound[k].uuid, u, 16) != 0; k++)
			;
		if (k < w->n || w->n == BOUND)
			continue;
		memcpy(w->bound[w->n].uuid, u, 16);
		w->bound[w->n].iface = (int16_t)iface;
		w->bound[w->n].major = (uint16_t)version;
		w->bound[w->n++].minor = (uint16_t)(version >> 16);
	}
}

static void
put_bind(struct dctx *c, const struct wait *q, const struct when *when, const char *result,
    struct rd token)
{
	struct ev *e = ev_begin(c, "dcerpc", when, 0);
	const struct rpc_iface *first = q->n ? rpc_iface_at(q->bound[0].iface) : NULL;
	char uuid[RPC_UUID_TEXT];
	struct ntlm ntlm;

	ev_cstr(e, "type", q->type == ALTER ? "alter_context" : "bind");
	ev_arr(e, "interfaces");
	for (unsigned i = 0; i < q->n; i++) {
		const struct rpc_iface *f = rpc_iface_at(q->bound[i].iface);
		ev_a_obj(e);
		ev_str(e, "uuid", ((struct text){ uuid, rpc_uuid_put(uuid, q->bound[i].uuid) }));
		if (f) {
			ev_cstr(e, "name", f->name);
			ev_cstr(e, "family", f->family);
		}
		ev_str(e, "version", ev_text(e, "%u.%u", q->bound[i].major, q->bound[i].minor));
		ev_end(e);
	}
	ev_end(e);
	put_auth(e, q->auth, q->level);
	if (ntlm_find(token, &ntlm) && ntlm.type == NTLM_CHALLENGE)
		ntlm_put(e, &ntlm, EV_DEST, "dcerpc.ntlm");
	e->ot.op = OT_CONNECT;
	e->ot.service = q->type == ALTER ? TEXT("alter_context") : TEXT("bind");
	if (first)
		e->ot.object = text_c(first->name);
	else if (q->n) {
		rpc_uuid_put(uuid, q->bound[0].uuid);
		e->ot.object = ev_text(e, "%s", uuid);
	}
	if (!result) {
		ev_unanswered(e, c);
	} else {
		ev_answered(e, c, when);
		e->ot.result = text_c(result);
	}
	ev_emit(e);
}

/* ---- calls */

static bool
changes(uint8_t op)
{
	return op == OT_WRITE || op == OT_COMMAND || op == OT_CONFIGURE;
}

static void
put_call(struct dctx *c, const struct wait *q, const struct when *when, const uint32_t *fault,
    bool answered)
{
	const struct rpc_iface *f = rpc_iface_at(q->iface);
	const struct rpc_op *o = rpc_op_find(f, q->op);
	struct ev *e = ev_begin(c, "dcerpc", when, 0);

	ev_cstr(e, "type", "call");
	put_iface(e, f);
	ev_uint(e, "opnum", q->op);
	if (o)
		ev_cstr(e, "operation", o->name);
	e->ot.op = o ? (enum ot_op)o->op : OT_OTHER;
	e->ot.service = o ? text_c(o->name) : ev_text_num(e, "opnum ", 6, q->op);
	if (f)
		e->ot.object = text_c(f->name);
	if (!answered) {
		ev_unanswered(e, c);
	} else {
		ev_answered(e, c, when);
		if (fault)
			e->ot.result = rpc_status_name(*fault) ? text_c(rpc_status_name(*fault)) :
			    ev_text(e, "fault_%08x", *fault);
	}
	ev_emit(e);
}

static void
request(struct dctx *c, struct rd *r, const struct head *h)
{
	struct rpc_state *s = c->state;
	struct wait w = { .type = REQUEST, .iface = -1 };
	uint16_t id;
	unsigned k;
	const struct rpc_op *o;
	bool first;

	rd_skip(r, 4);
	id = rpc_u16(r, h->le);
	w.op = rpc_u16(r, h->le);
	if (!rd_ok(r) || !(h->flags & FIRST))
		return;
	for (k = 0; k < CONTEXTS && !(s->ctx[k].used && s->ctx[k].id == id); k++)
		;
	if (k == CONTEXTS) {                    /* its binding was not seen */
		k = s->next++ % CONTEXTS;
		memset(&s->ctx[k], 0, sizeof(s->ctx[k]));
		s->ctx[k].used = true;
		s->ctx[k].id = id;
		s->ctx[k].iface = -1;
	}
	w.iface = s->ctx[k].iface;
	o = rpc_op_find(rpc_iface_at(w.iface), w.op);
	first = !(s->ctx[k].seen >> (w.op & 63) & 1);
	s->ctx[k].seen |= 1ull << (w.op & 63);
	/* what nobody can name is said once */
	if (w.iface < 0 && s->middle)
		return;
	s->middle |= w.iface < 0;
	if (first || (o && changes(o->op)))
		pend_put(c, h->call, &w, sizeof(w));
}

static enum verdict
rpc_dissect(struct dctx *c, struct rd *r)
{
	struct rd all = *r, token;
	struct wait w = { 0 }, q;
	struct when when;
	struct pend *p;
	struct head h;
	struct ntlm ntlm;
	uint32_t status;

	if (!head_read(r, &h)) {
		c->why = "HEADER";
		return c->cut ? DIS_OK : DIS_BAD;
	}
	token = trailer(&all, &h, &w.auth, &w.level);
	w.type = h.type;
	if (ntlm_find(token, &ntlm) && ntlm.type == NTLM_AUTHENTICATE && !ntlm.anonymous)
		proto_credential(c, CRED_CHALLENGE, CRED_DIGEST, false);
	switch (h.type) {
	case BIND: case ALTER:
		bind_read(c, r, &h, &w);
		if (rd_bad(r)) {
			c->why = "CONTEXTS";
			return DIS_BAD;
		}
		pend_put(c, h.call, &w, sizeof(w));
		return DIS_OK;
	case REQUEST:
		request(c, r, &h);
		return DIS_OK;
	case AUTH3:
		if (ntlm.type == NTLM_AUTHENTICATE) {
			struct ev *e = ev_begin(c, "dcerpc", &c->when, 0);
			ev_cstr(e, "type", "auth");
			put_auth(e, w.auth, w.level);
			ntlm_put(e, &ntlm, EV_SRC, "dcerpc.ntlm");
			e->ot.op = OT_AUTH;
			e->ot.service = TEXT("auth");
			ev_emit(e);
		}
		return DIS_OK;
	case BIND_ACK: case BIND_NAK: case ALTER_RESP: case RESPONSE: case FAULT:
		if (!(p = pend_find(c, h.call)))
			return DIS_OK;
		q = *(const struct wait *)p->data;
		when = p->when;
		pend_done(c, p);
		if (q.type == BIND || q.type == ALTER) {
			put_bind(c, &q, &when, h.type == BIND_ACK || h.type == ALTER_RESP ? "ok" :
			    "rejected", token);
		} else {
			rd_skip(r, 8);
			status = h.type == FAULT ? rpc_u32(r, h.le) : 0;
			put_call(c, &q, &when, h.type == FAULT ? &status : NULL, true);
		}
		return DIS_OK;
	default:
		return DIS_OK;
	}
}

static void
rpc_expire(struct dctx *c, struct pend *p)
{
	const struct wait *q = (const struct wait *)p->data;

	if (q->type == REQUEST)
		put_call(c, q, &p->when, NULL, false);
	else
		put_bind(c, q, &p->when, NULL, rd_init(NULL, 0, 0));
}

static const struct hint hints[] = { { HINT_TCP, 135 }, { HINT_END, 0 } };

static const struct field fields[] = {
	{ "dcerpc.type", "string", "bind, alter_context, auth, call" },
	{ "dcerpc.interfaces[].uuid", "string", "an interface that is bound" },
	{ "dcerpc.interfaces[].name", "string", "its name: IOPCServer, svcctl, ..." },
	{ "dcerpc.interfaces[].family", "string", "OPC DA, OPC A&E, OPC HDA, COM, WMI" },
	{ "dcerpc.interfaces[].version", "string", "its version" },
	{ "dcerpc.auth", "string", "ntlm, kerberos, spnego, schannel, ..." },
	{ "dcerpc.level", "string", "none, connect, call, packet, integrity, privacy" },
	{ "dcerpc.weak", "array", "no_auth, signing (calls are not signed)" },
	NTLM_FIELDS("dcerpc"),
	{ "dcerpc.interface", "string", "of a call: the interface" },
	{ "dcerpc.family", "string", "what it belongs to" },
	{ "dcerpc.opnum", "integer", "number of the operation" },
	{ "dcerpc.operation", "string", "its name" },
	{ NULL },
};

const struct dissector dcerpc_dissector = {
	.name = "dcerpc",
	.title = "DCE/RPC over TCP, with OPC Classic",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct rpc_state),
	.probe = rpc_probe,
	.frame = rpc_frame,
	.dissect = rpc_dissect,
	.expire = rpc_expire,
};
