/* enip.c: EtherNet/IP explicit messaging over TCP and UDP: sessions, discovery, and
 * the CIP messages inside, each request with its answer.
 *
 * Unconnected messages are paired by the sender's context, connected ones by
 * sequence count and service. A class 3 connection opened in sight tells where
 * its messages lead: to the device itself, or to a module behind it. */
#include "proto/enip.h"
#include "proto/pend_long.h"

enum { ROUTE_KEPT = 28, CONNS = 11 };

/* An explicit connection through this TCP connection. */
struct enip_conn {
	uint32_t ot, to, orig;
	uint16_t serial;
	bool used;
	uint8_t route_n;
	char route[ROUTE_KEPT];
};
struct enip_state {
	struct enip_conn conn[CONNS];
	uint8_t next;                           /* the place that is taken next */
};
_Static_assert(sizeof(struct enip_state) <= PROTO_STATE_MAX, "state");

/* A request that waits; its bytes are behind it. */
struct enip_wait {
	uint32_t session, status, conn;
	uint16_t cmd, seq;
	bool connected, has_data;
};

/* One message of either direction, as it is written. */
struct enip_msg {
	uint16_t cmd;
	uint32_t session, status, options;
	struct enip_items x;
	struct rd body;                         /* of commands other than Send */
};

/* ---- pairing --------------------------------------------------------- */

/* The connection by its id in this direction: known only when its opening was seen. */
static const struct enip_conn *
conn_of(const struct dctx *c, const struct enip_msg *m, bool request)
{
	const struct enip_state *s = c->state;

	for (unsigned i = 0; m->x.connected && i < CONNS; i++)
		if (s->conn[i].used && m->x.conn == (request ? s->conn[i].ot : s->conn[i].to))
			return &s->conn[i];
	return NULL;
}

static uint64_t
key_of(const struct dctx *c, const struct enip_msg *m, uint64_t context, bool request)
{
	if (m->x.has_data && m->x.connected) {
		const struct enip_conn *k = conn_of(c, m, request);
		struct rd r = m->x.data;
		return 1ull << 55 | (uint64_t)(k ? k->serial : 0) << 24 |
		    (uint64_t)(rd_u8(&r) & 0x7f) << 16 | m->x.seq;
	}
	context *= 0x9e3779b97f4a7c15ull;       /* all of it tells, though not all is kept */
	return (context ^ context >> 32 ^ m->cmd) & ((1ull << 55) - 1);
}

static void
wait_put(struct dctx *c, uint64_t key, const struct enip_msg *m)
{
	struct enip_wait w = { .cmd = m->cmd, .session = m->session, .status = m->status,
	    .conn = m->x.conn, .seq = m->x.seq, .connected = m->x.connected,
	    .has_data = m->x.has_data };

	pend_long_put(c, key, &w, sizeof(w), m->x.has_data ? m->x.data : m->body, LIM_CIP_MESSAGE);
}

/* The request as a message again; its bytes come to lie in buf. */
static void
wait_take(struct dctx *c, const struct pend *p, struct enip_msg *m, uint8_t buf[LIM_CIP_MESSAGE])
{
	const struct enip_wait *w = (const struct enip_wait *)p->data;
	struct rd r = pend_long_rd(c, p, sizeof(*w), buf, LIM_CIP_MESSAGE);

	memset(m, 0, sizeof(*m));
	m->cmd = w->cmd;
	m->session = w->session;
	m->status = w->status;
	m->x.conn = w->conn;
	m->x.seq = w->seq;
	m->x.connected = w->connected;
	m->x.has_data = w->has_data;
	if (w->has_data)
		m->x.data = r;
	else
		m->body = r;
}

/* ---- connections ----------------------------------------------------- */

static struct text
route_of(const struct dctx *c, const struct enip_msg *m, bool request)
{
	const struct enip_conn *k = conn_of(c, m, request);

	return k ? (struct text){ k->route, k->route_n } : (struct text){ 0 };
}

/* What a successful Forward Open or Close changes. */
static void
learn(struct dctx *c, const struct cip_talk *t)
{
	struct enip_state *s = c->state;
	struct cip_open o;
	uint32_t ot, to;

	if (!t->q || !t->a || t->a->status || !t->path.has_class ||
	    t->path.cls != CIP_CONN_MANAGER)
		return;
	if (t->q->svc == CIP_FWD_CLOSE) {
		struct rd r = t->q->data;
		uint16_t serial;
		uint32_t orig;
		rd_skip(&r, 2);
		serial = rd_le16(&r);
		rd_skip(&r, 2);
		orig = rd_le32(&r);
		for (unsigned i = 0; rd_ok(&r) && i < CONNS; i++)
			if (s->conn[i].serial == serial && s->conn[i].orig == orig)
				s->conn[i].used = false;
	} else if ((t->q->svc == CIP_FWD_OPEN || t->q->svc == CIP_LARGE_FWD_OPEN) &&
	    cip_open_decode(t->q, &o) && cip_opened_decode(t->a, &ot, &to) &&
	    (o.trigger & 15) >= 2) {
		struct enip_conn *n = &s->conn[s->next];
		struct cip_path p;
		s->next = (uint8_t)((s->next + 1) % CONNS);
		cip_path_decode(o.path, &p);
		*n = (struct enip_conn){ .used = true, .ot = ot, .to = to, .serial = o.serial,
		    .orig = o.orig_serial };
		n->route_n = p.route_n < ROUTE_KEPT ? p.route_n : ROUTE_KEPT;
		memcpy(n->route, p.route, n->route_n);
	}
}

/* ---- events ---------------------------------------------------------- */

static void
put_head(struct ev *e, const struct enip_msg *m, bool request)
{
	struct text cmd = enip_command_name(m->cmd), st = enip_status_name(m->status);
	struct jw_run run;

	if (!cmd.n)
		cmd = ev_text(e, "unknown-%u", m->cmd);
	if (!st.n)
		st = ev_text(e, "unknown-%u", m->status);
	if (!ev_run(e, &run, 6, cmd.n + st.n))
		return;
	run_word(&run, "command", cmd);
	run_word(&run, "status", st);
	if (m->options)
		run_uint(&run, "options", m->options);
	if (m->session)
		run_uint(&run, "session", m->session);
	if (m->x.connected && m->x.has_data) {
		run_uint(&run, "connection_id", m->x.conn);
		if (request)
			run_uint(&run, "sequence", m->x.seq);
	}
	ev_ran(e, &run);
}

static void
put_register(struct ev *e, struct rd r)
{
	uint16_t version = rd_le16(&r), options = rd_le16(&r);

	if (!rd_ok(&r))
		return;
	ev_obj(e, "register_session");
	ev_uint(e, "protocol_version", version);
	ev_uint(e, "options", options);
	ev_end(e);
}

/* List answers: items, of which EVE shows the first. */
static void
put_listed(struct ev *e, const struct enip_msg *m)
{
	struct rd r = m->body;
	uint16_t n = rd_le16(&r);
	bool shown = false;

	while (n-- && rd_left(&r)) {
		uint16_t type = rd_le16(&r), len = rd_le16(&r);
		struct rd item = rd_sub(&r, len);
		uint16_t version = rd_le16(&item);
		if (type == CPF_IDENTITY && m->cmd == ENIP_LIST_IDENTITY) {
			struct cip_ident d;
			uint32_t ip;
			rd_skip(&item, 4);      /* family, port */
			ip = rd_be32(&item);
			rd_skip(&item, 8);
			cip_ident_decode(&item, &d);
			if (!d.has_vendor)
				continue;
			if (!shown) {
				ev_obj(e, "identity");
				ev_uint(e, "protocol_version", version);
				cip_ident_put(e, &d);
				if (ip) {
					uint8_t b[4] = { (uint8_t)(ip >> 24), (uint8_t)(ip >> 16),
						(uint8_t)(ip >> 8), (uint8_t)ip };
					struct addr a = addr_v4(b);
					ev_put_ip(e, "address", &a);
				}
				ev_end(e);
				shown = true;
			}
			cip_ident_say(e, &d, "enip.list_identity", (struct text){ 0 });
		} else if (type == CPF_SERVICE && m->cmd == ENIP_LIST_SERVICES && !shown) {
			uint16_t caps = rd_le16(&item);
			struct text name = text_rd(&item, 16);
			for (uint32_t i = 0; i < name.n; i++)
				if (!name.p[i])
					name.n = i;
			if (!rd_ok(&item))
				continue;
			ev_obj(e, "list_services");
			ev_uint(e, "protocol_version", version);
			ev_uint(e, "capabilities", caps);
			ev_str(e, "service_name", name);
			ev_end(e);
			shown = true;
		}
	}
}

/* The common block of commands without CIP. */
static void
put_session(struct ev *e, const struct enip_msg *m)
{
	switch (m->cmd) {
	case ENIP_LIST_IDENTITY:
		e->ot.op = OT_IDENTIFY;
		e->ot.service = TEXT("ListIdentity");
		break;
	case ENIP_LIST_SERVICES:
		e->ot.op = OT_IDENTIFY;
		e->ot.service = TEXT("ListServices");
		break;
	case ENIP_LIST_INTERFACES:
		e->ot.op = OT_IDENTIFY;
		e->ot.service = TEXT("ListInterfaces");
		break;
	case ENIP_REGISTER:
		e->ot.op = OT_CONNECT;
		e->ot.service = TEXT("RegisterSession");
		break;
	case ENIP_UNREGISTER:
		e->ot.op = OT_CONNECT;
		e->ot.service = TEXT("UnRegisterSession");
		break;
	case ENIP_RR_DATA:
		e->ot.op = OT_OTHER;
		e->ot.service = TEXT("SendRRData");
		break;
	case ENIP_UNIT_DATA:
		e->ot.op = OT_OTHER;
		e->ot.service = TEXT("SendUnitData");
		break;
	default:
		e->ot.op = OT_OTHER;
	}
}

/* What is written: either side, or both. */
struct pair {
	const struct enip_msg *q, *a;
	const struct when *when;                /* of q */
	int side;                               /* the client's */
	const struct cip_unconnected *via;
	bool answerless;                        /* nobody answers such a one */
	int index;                              /* in a packet of several; -1: not from one */
};

static void
put_via(struct ev *e, const struct pair *p, const struct cip_talk *t)
{
	if (t->route.n)
		ev_str(e, "route", t->route);
	if (p->via) {
		ev_obj(e, "unconnected_send");
		ev_uint(e, "timeout_ms", (uint64_t)p->via->ticks << (p->via->tick & 15));
		cip_path_put(e, p->via->route);
		ev_end(e);
	}
}

static void
report(struct dctx *c, const struct pair *p, const struct cip_talk *t)
{
	const struct enip_msg *q = p->q, *a = p->a;
	struct ev *e = ev_begin(c, "enip", q ? p->when : &c->when, p->side);
	bool cip = t && (t->q || t->a);
	size_t head = 0, head_n = 0;

	if (q) {
		ev_obj(e, "request");
		head = ev_here(e);
		put_head(e, q, true);
		head_n = ev_here(e) - head;
		if (q->cmd == ENIP_REGISTER)
			put_register(e, q->body);
		if (t && t->q) {
			put_via(e, p, t);
			ev_obj(e, "cip");
			if (p->index >= 0)
				ev_uint(e, "index", (unsigned)p->index);
			cip_put_request(e, t);
			ev_end(e);
		}
		ev_end(e);
	}
	if (a) {
		ev_obj(e, "response");
		if (q && !q->x.connected && !a->x.connected && q->cmd == a->cmd &&
		    q->status == a->status && q->options == a->options && q->session == a->session)
			ev_repeat(e, head, head_n);
		else
			put_head(e, a, !q);
		if (a->cmd == ENIP_REGISTER)
			put_register(e, a->body);
		else if (a->cmd == ENIP_LIST_IDENTITY || a->cmd == ENIP_LIST_SERVICES)
			put_listed(e, a);
		if (t && t->a) {
			ev_obj(e, "cip");
			cip_put_response(e, t);
			ev_end(e);
		}
		ev_end(e);
	}
	if (cip)
		cip_put_common(e, c, t);
	else
		put_session(e, q ? q : a);
	if (p->answerless) {
		e->ot.result = (struct text){ 0 };
	} else if (!a) {
		ev_unanswered(e, c);
	} else if (a->status) {
		struct text s = enip_status_name(a->status);
		e->ot.result = s.n ? s : ev_text(e, "status_%u", a->status);
	} else if (!cip) {
		e->ot.result = TEXT("ok");
	}
	if (q && a)
		ev_answered(e, c, p->when);
	ev_emit(e);
}

/* Each write and command in a packet of several is an event of its own. */
static void
report_each(struct dctx *c, struct pair *p, const struct cip_talk *whole)
{
	unsigned n = cip_multiple_n(whole->q->data);

	for (unsigned i = 0; i < n; i++) {
		struct cip_talk t = { .route = whole->route };
		struct cip_req q;
		struct cip_resp a;
		struct rd r;
		if (!cip_multiple(whole->q->data, i, &r) || !cip_request(&r, &q)) {
			if (rd_have(&whole->q->data) == rd_left(&whole->q->data))
				proto_anomaly(c, "CIP_MULTIPLE");
			return;
		}
		if (!cip_is_deed(&q))
			continue;
		t.q = &q;
		cip_path_decode(q.path, &t.path);
		if (whole->a && cip_multiple(whole->a->data, i, &r) && cip_response(&r, &a))
			t.a = &a;
		else if (whole->a && whole->a->status)
			t.a = whole->a;         /* all of them were refused */
		p->index = (int)i;
		report(c, p, &t);
	}
}

/* A request of the Connection Manager that ends before its fields do. */
static bool
is_torn(const struct cip_req *q, const struct cip_path *p)
{
	struct cip_unconnected u;
	struct cip_open o;

	if (!p->has_class || p->cls != CIP_CONN_MANAGER || rd_have(&q->data) < rd_left(&q->data))
		return false;
	switch (q->svc) {
	case CIP_FWD_OPEN: case CIP_LARGE_FWD_OPEN:
		return !cip_open_decode(q, &o);
	case CIP_UNCONN_SEND:
		return !cip_unconnected_decode(q, &u);
	default:
		return false;
	}
}

/* An exchange, or half of one; false: the CIP message in it is malformed. */
static bool
exchange(struct dctx *c, struct pair *p)
{
	struct cip_unconnected via;
	struct cip_req outer, inner;
	struct cip_resp answer;
	struct cip_talk t = { 0 };
	struct cip_path route;
	struct rd r;
	bool fine = true;

	p->index = -1;
	memset(&t.path, 0, offsetof(struct cip_path, route));
	if (p->q && p->q->x.has_data) {
		r = p->q->x.data;
		fine = cip_request(&r, &outer);
		if (fine) {
			t.q = &outer;
			cip_path_decode(outer.path, &t.path);
			fine = !t.path.bad;
			if (is_torn(&outer, &t.path))
				proto_anomaly(c, "CIP_CONNECTION_MANAGER");
		}
		if (t.q && outer.svc == CIP_UNCONN_SEND && t.path.has_class &&
		    t.path.cls == CIP_CONN_MANAGER && cip_unconnected_decode(&outer, &via) &&
		    cip_request(&via.message, &inner)) {
			p->via = &via;
			t.q = &inner;
			cip_path_decode(inner.path, &t.path);
			cip_path_decode(via.route, &route);
			t.route = (struct text){ route.route, route.route_n };
		} else {
			t.route = route_of(c, p->q, true);
		}
	}
	if (p->a && p->a->x.has_data) {
		r = p->a->x.data;
		if (cip_response(&r, &answer))
			t.a = &answer;
		else
			fine = false;
		if (!p->q)
			t.route = route_of(c, p->a, false);
	}
	learn(c, &t);
	report(c, p, &t);
	if (t.q && t.q->svc == CIP_MULTIPLE)
		report_each(c, p, &t);
	return fine || (p->q && rd_short(&p->q->x.data)) || c->cut;
}

/* ---- the dissector --------------------------------------------------- */

/* Which way a message goes: 0 request, 1 answer, -1 it does not say. */
static int
direction(const struct enip_msg *m)
{
	struct rd r = m->x.data;

	switch (m->cmd) {
	case ENIP_RR_DATA: case ENIP_UNIT_DATA:
		if (!m->x.has_data || !rd_have(&r))
			return m->status ? 1 : -1;
		return rd_u8(&r) >> 7;
	case ENIP_LIST_IDENTITY: case ENIP_LIST_SERVICES: case ENIP_LIST_INTERFACES:
		return rd_left(&m->body) > 0 || m->status;
	case ENIP_UNREGISTER:
		return 0;
	default:
		return m->status ? 1 : -1;
	}
}

/* False: malformed. */
static bool
message(struct rd *r, struct enip_msg *m, uint64_t *context)
{
	struct enip_header h;
	struct rd body;

	memset(m, 0, sizeof(*m));
	enip_header_decode(r, &h);
	*context = h.context;
	m->cmd = h.cmd;
	m->session = h.session;
	m->status = h.status;
	m->options = h.options;
	body = rd_sub(r, h.len);
	if (h.cmd == ENIP_RR_DATA || h.cmd == ENIP_UNIT_DATA)
		return enip_items_decode(&body, h.cmd == ENIP_UNIT_DATA, &m->x);
	m->body = body;
	return !rd_bad(&body);
}

static enum verdict
enip_dissect(struct dctx *c, struct rd *r)
{
	struct pair p = { .side = c->side };
	uint8_t buf[LIM_CIP_MESSAGE];
	struct enip_msg m, q;
	uint64_t context, key;
	struct pend *w;
	struct when when;
	int dir;

	if (!message(r, &m, &context) || !enip_command_name(m.cmd).n) {
		c->why = rd_bad(r) ? "INVALID_LENGTH" : enip_command_name(m.cmd).n ? "ITEM_LENGTH" :
		    "UNKNOWN_COMMAND";
		return DIS_BAD;
	}
	if (!rd_ok(r) && rd_left(r) == 0 && !m.x.has_data && !rd_have(&m.body) &&
	    m.cmd != ENIP_REGISTER)
		return DIS_OK;          /* our capture has no more than the header */
	if (m.cmd == ENIP_NOP)
		return DIS_OK;
	dir = direction(&m);
	if (dir < 0)
		dir = c->side;
	key = key_of(c, &m, context, dir == 0);
	if (dir == 0) {
		bool all = c->k && c->k->has_mac && c->k->dst_mac[0] & 1;
		if (m.cmd == ENIP_UNREGISTER || (!c->tcp && all)) {
			p.q = &m;
			p.when = &c->when;
			p.answerless = true;
			exchange(c, &p);
			return DIS_OK;
		}
		if (m.x.has_data) {
			struct cip_req req;
			struct rd v = m.x.data;
			if (!cip_request(&v, &req) && !rd_short(&v) && !c->cut) {
				c->why = "CIP_REQUEST";
				return DIS_BAD;
			}
		}
		wait_put(c, key, &m);
		return DIS_OK;
	}
	p.a = &m;
	p.side = !c->side;
	if ((w = pend_find(c, key))) {
		wait_take(c, w, &q, buf);
		when = w->when;
		p.q = &q;
		p.when = &when;
		pend_done(c, w);
	}
	if (!exchange(c, &p)) {
		c->why = "CIP_RESPONSE";
		return DIS_BAD;
	}
	return DIS_OK;
}

static void
enip_expire(struct dctx *c, struct pend *w)
{
	struct pair p = { .side = w->side, .when = &w->when };
	uint8_t buf[LIM_CIP_MESSAGE];
	struct enip_msg q;

	if (pend_long_is_part(w))
		return;
	wait_take(c, w, &q, buf);
	p.q = &q;
	exchange(c, &p);
}

/* One side's first bytes: 1 a whole message of a likely shape, -1 none, 0 not yet;
 * *dir as direction(). */
static int
shape(const struct rd *v, int *dir)
{
	ssize_t n = enip_length(v);
	struct enip_msg m;
	struct rd r = *v, pdu;
	uint64_t context;

	*dir = -1;
	if (n <= 0)
		return n < 0 ? -1 : 0;
	pdu = rd_sub(&r, (uint32_t)n < rd_left(v) ? (uint32_t)n : rd_left(v));
	if (!message(&pdu, &m, &context) && rd_left(v) >= (uint32_t)n)
		return -1;
	switch (m.cmd) {
	case ENIP_NOP:
		return 0;               /* all zeros: anything */
	case ENIP_REGISTER:
		if (n != ENIP_HEADER + 4)
			return -1;
		break;
	case ENIP_UNREGISTER:
		if (n != ENIP_HEADER)
			return -1;
		break;
	case ENIP_RR_DATA: case ENIP_UNIT_DATA:
		if (n > ENIP_HEADER && rd_left(v) >= (uint32_t)n && !m.x.has_data)
			return -1;
		if (rd_have(v) >= ENIP_HEADER + 4 && rd_peek16(v, ENIP_HEADER))
			return -1;      /* interface handle: CIP is 0 */
		break;
	default:
		break;
	}
	*dir = direction(&m);
	return 1;
}

static enum probe
enip_probe(struct probe_in *in)
{
	int dir[2], s[2];

	for (int i = 0; i < 2; i++)
		s[i] = shape(&in->side[i], &dir[i]);
	if (s[0] < 0 || s[1] < 0)
		return PROBE_NO;
	if (s[0] > 0 || s[1] > 0) {
		if (dir[0] == 1 || dir[1] == 0)
			in->reversed = true;
		return PROBE_YES;
	}
	if (!in->tcp)
		return PROBE_NO;        /* no more will come of a datagram */
	return in->hinted && (rd_left(&in->side[0]) || rd_left(&in->side[1])) ?
	    PROBE_WEAK : PROBE_MORE;
}

static ssize_t
enip_frame(const struct dctx *c, const struct rd *r)
{
	return enip_length(r);
}

static const struct hint hints[] = {
	{ HINT_TCP, 44818 }, { HINT_UDP, 44818 }, { HINT_END, 0 },
};

const struct dissector enip_dissector = {
	.name = "enip",
	.title = "EtherNet/IP and CIP explicit messages, PCCC inside",
	.hints = hints,
	.fields = enip_fields,
	.state_size = sizeof(struct enip_state),
	.probe = enip_probe,
	.frame = enip_frame,
	.dissect = enip_dissect,
	.expire = enip_expire,
};
