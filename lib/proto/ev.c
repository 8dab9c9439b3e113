#include "proto/ev.h"

#include "base/stamp.h"
#include "net/cid.h"
#include "proto/engine_impl.h"
#include "proto/rollup.h"

#include <stdarg.h>

#define WORD(s) { s, sizeof(s) - 1 }
static const struct text op_name[] = {
	[OT_READ] = WORD("read"), [OT_WRITE] = WORD("write"), [OT_COMMAND] = WORD("command"),
	[OT_PROGRAM] = WORD("program"), [OT_CONFIGURE] = WORD("configure"),
	[OT_IDENTIFY] = WORD("identify"), [OT_SUBSCRIBE] = WORD("subscribe"),
	[OT_REPORT] = WORD("report"), [OT_ALARM] = WORD("alarm"), [OT_CONNECT] = WORD("connect"),
	[OT_AUTH] = WORD("auth"), [OT_ERROR] = WORD("error"), [OT_OTHER] = WORD("other"),
};

void
ev_ip(struct ev *e, const char *k, size_t kn, const struct addr *a)
{
	char t[ADDR_TEXT];

	jw_k_str(e->w, k, kn, t, addr_put(t, a));
}

void
ev_mac(struct ev *e, const char *k, size_t kn, const uint8_t m[6])
{
	char t[MAC_TEXT];

	jw_k_str(e->w, k, kn, t, mac_put(t, m));
}

static void
put_proto(struct jw *w, uint8_t proto, uint8_t v)
{
	char t[4];

	switch (proto) {
	case IPP_TCP: jw_cstr(w, "proto", "TCP"); break;
	case IPP_UDP: jw_cstr(w, "proto", "UDP"); break;
	case IPP_ICMP: jw_cstr(w, "proto", v == 4 ? "ICMP" : "1"); break;
	case IPP_ICMP6: jw_cstr(w, "proto", "IPv6-ICMP"); break;
	case IPP_SCTP: jw_cstr(w, "proto", "SCTP"); break;
	default: jw_str(w, "proto", t, jw_dec(t, proto));
	}
}

static void
put_addr(struct jw *w, const struct addr *src, const struct addr *dst)
{
	char t[ADDR_TEXT];

	jw_str(w, "src_ip", t, addr_put(t, src));
	jw_str(w, "dest_ip", t, addr_put(t, dst));
}

/* The members that one direction of a flow has in common. */
static void
put_flow(struct jw *w, struct flow *f, int side)
{
	char t[ADDR_TEXT];
	int o = !side;
	bool icmp = f->proto == IPP_ICMP || f->proto == IPP_ICMP6;

	if (!f->cid[0]) {
		/* an echo's answer that came first: the type is that of the server's side */
		int s = icmp && f->icmp_type == (f->proto == IPP_ICMP ? 0 : 129);
		cid_put(f->cid, f->proto, &f->addr[s], icmp ? f->icmp_type : f->port[0],
		    &f->addr[!s], icmp ? f->icmp_code : f->port[1]);
	}
	jw_uint(w, "flow_id", f->id);
	jw_cstr(w, "community_id", f->cid);
	if (f->has_mac) {
		jw_obj(w, "ether");
		jw_str(w, "src_mac", t, mac_put(t, f->mac[side]));
		jw_str(w, "dest_mac", t, mac_put(t, f->mac[o]));
		jw_end(w);
	}
	if (f->nvlan) {
		jw_arr(w, "vlan");
		for (int i = 0; i < f->nvlan; i++)
			jw_a_uint(w, f->vlan[i]);
		jw_end(w);
	}
	jw_str(w, "src_ip", t, addr_put(t, &f->addr[side]));
	if (!icmp && (f->port[0] || f->port[1]))
		jw_uint(w, "src_port", f->port[side]);
	jw_str(w, "dest_ip", t, addr_put(t, &f->addr[o]));
	if (!icmp && (f->port[0] || f->port[1]))
		jw_uint(w, "dest_port", f->port[o]);
	if (icmp) {
		jw_uint(w, "icmp_type", f->icmp_type);
		jw_uint(w, "icmp_code", f->icmp_code);
	}
	put_proto(w, f->proto, f->addr[0].v);
	if (f->app)
		jw_cstr(w, "app_proto", f->app->name);
	else if (f->app_state == APP_FAILED)
		jw_cstr(w, "app_proto", "failed");
	if (f->tunnel) {
		jw_obj(w, "tunnel");
		jw_cstr(w, "proto", f->tunnel);
		jw_end(w);
	}
}

/* Not seen lately: out of line, as all here that is not needed for each event. */
static __attribute__((noinline)) void
fragment_make(struct fragment *fr, struct flow *f, int side, const char *type)
{
	struct jw w;

	jw_init(&w, fr->s, sizeof(fr->s));
	w.comma = true;
	w.depth = 1;
	put_flow(&w, f, side);
	fr->n = w.err ? 0 : (uint16_t)w.n;
	jw_obj_named(&w, type, strlen(type));
	fr->type = w.err ? NULL : type;
	fr->opened = w.err ? fr->n : (uint16_t)w.n;
	fr->id = f->id;
	fr->side = (uint8_t)side;
	fr->app = f->app;
}

static inline const struct fragment *
fragment_get(struct engine *g, struct flow *f, int side, const char *type)
{
	struct fragment *fr = fragment_at(g, flow_index(g->flows, f), side);

	if (!(fr->n && fr->id == f->id && fr->side == side && fr->app == f->app && f->app))
		fragment_make(fr, f, side, type);
	return fr;
}

/* Where the evidence lies: sensor, file or interface. What is too long is left out. */
static size_t
put_origin(char *d, const struct origin *o)
{
	struct jw w;

	jw_init(&w, d, 2 * LIM_TEXT);
	w.comma = true;
	w.depth = 1;
	jw_cstr(&w, "host", o->host);
	jw_cstr(&w, "in_iface", o->iface);
	jw_cstr(&w, "pcap_filename", o->file);
	return w.err ? 0 : w.n;
}

static __attribute__((noinline)) struct head *
head_make(struct head *h, const char *type, const struct origin *o)
{
	size_t n = strlen(type);
	char *d;

	h->type = type;
	h->org = o;
	h->self = NULL;
	d = JW_LIT(h->s, "+0000\",\"event_type\":");
	d = jw_word_at(d, type, n < 32 ? n : 32);
	if (o)
		d += put_origin(d, o);
	d = JW_LIT(d, ",\"pcap_cnt\":");
	h->n = (size_t)(d - h->s);
	return h;
}

/* By the type's address: near its place, or made there. */
static inline struct head *
head_get(struct engine *g, const char *type, const struct origin *o)
{
	uintptr_t at = (uintptr_t)type ^ (uintptr_t)type >> 6;
	struct head *h;

	for (unsigned i = 0; i < HEAD_TRIES; i++) {
		h = &g->head[(at + i) % HEAD_N];
		if (h->type == type && h->org == o)
			return h;
		if (!h->type)
			return head_make(h, type, o);
	}
	return head_make(&g->head[at % HEAD_N], type, o);
}

static __attribute__((noinline)) void
put_link(struct ev *e, const struct pkt *k)
{
	struct jw *w = e->w;

	if (k->has_mac) {
		jw_obj(w, "ether");
		ev_put_mac(e, "src_mac", k->src_mac);
		ev_put_mac(e, "dest_mac", k->dst_mac);
		if (k->ethertype)
			jw_uint(w, "ether_type", k->ethertype);
		jw_end(w);
	}
	if (k->nvlan) {
		jw_arr(w, "vlan");
		for (int i = 0; i < k->nvlan; i++)
			jw_a_uint(w, k->vlan[i]);
		jw_end(w);
	}
	if (k->ip_v) {
		put_addr(w, &k->src, &k->dst);
		if (k->has_ports) {
			jw_uint(w, "src_port", k->sport);
			jw_uint(w, "dest_port", k->dport);
		}
		put_proto(w, k->ip_proto, k->ip_v);
	}
}

/* What was not said is absent: a text of no length, a number without its flag. */
static inline void
ot_clear(struct ot *o)
{
	o->op = OT_NONE;
	o->service.n = o->object.n = o->result.n = o->role.n = 0;
	o->has_unit = o->has_count = o->has_rtt = o->state = false;
	o->own_service = o->own_object = false;
	o->count = 0;                   /* dissectors add to it */
	o->unit_id = 0;
}

static void
value_clear(struct ev *e)
{
	jw_rewind(&e->val, (struct jw_mark){ .depth = 1 });
}

struct ev *
ev_begin(struct dctx *c, const char *type, const struct when *at, int side)
{
	struct engine *g = c->eng;
	struct ev *e = &g->ev;
	struct jw *w = &g->out;
	struct head *h = head_get(g, type, at->from);
	const struct fragment *fr = NULL;
	size_t n = h->n;
	char *d;

	if (e->open)
		ev_drop(e);
	ot_clear(&e->ot);
	e->nid = 0;
	e->scratch_n = 0;
	e->cred = 0;
	e->open = true;
	value_clear(e);
	g->ev_ctx = c;
	g->ev_when = at;
	g->ev_side = side;
	g->ev_head = h;
	if (g->rollup)
		g->ev_at = *at;

	jw_begin(w);
	if (c->flow) {
		fr = fragment_get(g, c->flow, side, type);
		n += FRAG_TEXT;
	}
	if (!(d = jw_room(w, n + 64)))
		return e;
	d = JW_LIT(d, "\"timestamp\":\"");
	d += stamp_put(d, at->us) - 5;          /* its zone begins the head */
	memcpy(d, h->s, h->n);
	d = jw_num_at(d + h->n, at->cnt);
	if (fr) {
		memcpy(d, fr->s, fr->opened);
		d += fr->n;
	}
	jw_took(w, d);
	if (!fr && c->k)
		put_link(e, c->k);
	g->detail = jw_mark(w);
	if (fr && fr->type == type)
		jw_opened(w, fr->opened - fr->n);
	else
		jw_obj_named(w, type, strlen(type));
	g->detail_at = w->n;
	return e;
}

static inline char *
put_text(struct jw *w, char *d, struct text t, bool own, size_t rest)
{
	return own ? jw_word_at(d, t.p, t.n) : jw_text_at(w, d, t.p, t.n, rest);
}

static void
put_ot(struct jw *w, const struct ev *e)
{
	const struct ot *o = &e->ot;
	const struct jw *v = &e->val;
	size_t rest = 256 + o->service.n + o->object.n + v->n + o->result.n + o->role.n;
	char *d = jw_room(w, rest);

	if (!d)
		return;
	d = JW_LIT(d, ",\"ot\":{\"op\":");
	d = jw_word_at(d, op_name[o->op].p, op_name[o->op].n);
	if (o->service.n && d) {
		d = JW_LIT(d, ",\"service\":");
		d = put_text(w, d, o->service, o->own_service, rest);
	}
	if (o->object.n && d) {
		d = JW_LIT(d, ",\"object\":");
		d = put_text(w, d, o->object, o->own_object, rest);
	}
	if (o->has_unit && d) {
		d = JW_LIT(d, ",\"unit_id\":");
		d = jw_num_at(d, o->unit_id);
	}
	if (o->has_count && d) {
		d = JW_LIT(d, ",\"count\":");
		d = jw_num_at(d, o->count);
	}
	if (v->n && !v->err && v->depth == 1 && d) {
		d = JW_LIT(d, ",\"value\":");
		jw_copy(d, v->buf, v->n);
		d += v->n;
	}
	if (o->result.n == 2 && d && memcmp(o->result.p, "ok", 2) == 0) {
		d = JW_LIT(d, ",\"result\":\"ok\"");   /* what nearly every answer says */
	} else if (o->result.n && d) {
		d = JW_LIT(d, ",\"result\":");
		d = jw_text_at(w, d, o->result.p, o->result.n, rest);
	}
	if (o->has_rtt && o->rtt_us >= 0 && d) {
		d = JW_LIT(d, ",\"rtt_us\":");
		d = jw_num_at(d, (uint64_t)o->rtt_us);
	}
	if (o->role.n && d) {
		d = JW_LIT(d, ",\"role\":");
		d = jw_text_at(w, d, o->role.p, o->role.n, rest);
	}
	if (!d)
		return;
	*d++ = '}';
	jw_took(w, d);
}

/* A device's own address; all zeros and group addresses are nobody's. */
static bool
one_mac(const struct ident *i)
{
	static const uint8_t zero[6];

	return i->has_mac && !(i->mac[0] & 1) && memcmp(i->mac, zero, 6) != 0;
}

static void
put_ident(struct jw *w, const struct ident *i)
{
	char t[ADDR_TEXT];

	jw_a_obj(w);
	if (i->of != EV_OTHER) {
		jw_cstr(w, "of", i->of == EV_SRC ? "src" : "dest");
	} else {
		jw_obj(w, "of");
		if (one_mac(i))
			jw_str(w, "mac", t, mac_put(t, i->mac));
		if (i->ip.v)
			jw_str(w, "ip", t, addr_put(t, &i->ip));
		if (i->has_parent)
			jw_cstr(w, "parent", i->parent == EV_SRC ? "src" : "dest");
		jw_str(w, "sub", i->sub.p, i->sub.n);
		jw_end(w);
	}
	jw_str(w, "vendor", i->vendor.p, i->vendor.n);
	jw_str(w, "product", i->product.p, i->product.n);
	jw_str(w, "model", i->model.p, i->model.n);
	jw_str(w, "serial", i->serial.p, i->serial.n);
	jw_str(w, "firmware", i->firmware.p, i->firmware.n);
	jw_str(w, "hardware", i->hardware.p, i->hardware.n);
	jw_str(w, "hostname", i->hostname.p, i->hostname.n);
	jw_str(w, "order_code", i->order_code.p, i->order_code.n);
	jw_str(w, "role", i->role.p, i->role.n);
	jw_str(w, "os", i->os.p, i->os.n);
	jw_str(w, "location", i->location.p, i->location.n);
	jw_cstr(w, "source", i->source);
	jw_end(w);
}

/* An identity that names nothing says nothing: unless it ties a MAC to an IP, or
 * a part to what it is behind. */
static bool
ident_says(const struct ident *i)
{
	if (i->of == EV_OTHER && i->has_mac && !one_mac(i) && !i->ip.v && !i->has_parent)
		return false;           /* of whom? */
	return i->vendor.n || i->product.n || i->model.n || i->serial.n || i->firmware.n ||
	    i->hardware.n || i->hostname.n || i->order_code.n || i->role.n || i->os.n ||
	    i->location.n || (i->of == EV_OTHER &&
	    ((one_mac(i) && i->ip.v) || i->has_parent || (i->sub.n && i->ip.v)));
}

static __attribute__((noinline)) void
put_identities(const struct ev *e)
{
	struct jw *w = e->w;
	bool any = false;

	for (unsigned i = 0; i < e->nid; i++) {
		if (!ident_says(&e->id[i]))
			continue;
		if (!any)
			jw_arr(w, "identity");
		any = true;
		put_ident(w, &e->id[i]);
	}
	if (any)
		jw_end(w);
}

static void
emit(struct ev *e)
{
	struct engine *g = e->eng;
	struct jw *w = &g->out;
	const struct dctx *c = g->ev_ctx;

	if (!e->open)
		return;
	if (g->rollup && rollup_take(g, e)) {
		ev_drop(e);
		if (c->flow)
			c->flow->tx++;
		return;
	}
	if (w->n == g->detail_at)
		jw_rewind(w, g->detail);
	else if (w->depth > 1)          /* the flow event adds members beside its detail */
		jw_end(w);
	if (e->ot.op != OT_NONE)
		put_ot(w, e);
	if (e->nid)
		put_identities(e);
	e->open = false;
	if (!jw_line(w)) {
		g->st.event_too_long++;
		return;
	}
	g->st.events++;
	if (c->self) {
		struct head *h = g->ev_head;

		if (c->self != h->self) {
			h->self = c->self;
			h->index = engine_index(c->self);
		}
		g->st.by_proto[h->index]++;
	}
	if (c->flow)
		c->flow->tx++;
	if (w->n >= FLUSH_AT)
		engine_full(g);
}

void
ev_emit(struct ev *e)
{
	emit(e);
	if (e->cred)
		credential_after(e->eng);
}

void
ev_drop(struct ev *e)
{
	if (e->open)
		jw_drop(&e->eng->out);
	e->open = false;
}

/* Where the members of this key are, or would be. */
static inline struct memo *
memo_at(struct engine *g, const struct dissector *app, uint32_t key)
{
	return &g->memo[((key ^ (uint32_t)app->name[0] << 24 ^ (uint32_t)app->name[1] << 16) *
	    0x9e3779b1u) >> (32 - MEMO_BITS)];
}

struct text
ev_kept(const struct ev *e, uint32_t key)
{
	const struct dissector *app = e->eng->ev_ctx->self;
	const struct memo *m = app ? memo_at(e->eng, app, key) : NULL;

	if (!m || m->key != key || m->app != app)
		return (struct text){ 0 };
	return (struct text){ m->s, m->n };
}

bool
ev_again(struct ev *e, uint32_t key)
{
	struct engine *g = e->eng;
	const struct dissector *app = g->ev_ctx->self;
	struct memo *m;

	if (!app)
		return false;
	m = memo_at(g, app, key);
	if (m->n && m->key == key && m->app == app) {
		jw_members(e->w, m->s, m->n);
		return true;
	}
	m->n = 0;
	m->app = app;
	m->key = key;
	g->memo_open = m;
	g->memo_at = e->w->n;
	return false;
}

void
ev_keep(struct ev *e)
{
	struct memo *m = e->eng->memo_open;
	const char *s = e->w->buf + e->eng->memo_at;
	size_t n = e->w->n - e->eng->memo_at, first = n && *s != ',';

	if (e->w->err || !n || n + first > EV_KEPT)
		return;
	m->s[0] = ',';
	memcpy(m->s + first, s, n);
	m->n = (uint16_t)(n + first);
}

/* An event has one value: of several, as hostile answers bring about, the last one said. */
static inline void
alone(struct ev *e)
{
	if (e->val.n && e->val.depth == 1)
		value_clear(e);
}

/* ot.value. Elements that no longer fit are left out, whole. */
#define VAL(call) do {                                                  \
	struct jw_mark m_;                                              \
	alone(e);                                                       \
	m_ = jw_mark(&e->val);                                          \
	call;                                                           \
	if (e->val.err || e->val.n > LIM_EV_VALUE - 8)                  \
		jw_rewind(&e->val, m_);                                 \
} while (0)

void ev_val_uint(struct ev *e, uint64_t v) { VAL(jw_a_uint(&e->val, v)); }
void ev_val_be16(struct ev *e, const uint8_t *p, size_t n) { VAL(jw_a_be16(&e->val, p, n)); }
void ev_val_le32s(struct ev *e, const uint8_t *p, size_t n) { VAL(jw_a_le32s(&e->val, p, n)); }
void ev_val_bits(struct ev *e, const uint8_t *p, size_t n) { VAL(jw_a_bits(&e->val, p, n)); }
void ev_val_int(struct ev *e, int64_t v) { VAL(jw_a_int(&e->val, v)); }
void ev_val_real(struct ev *e, double v) { VAL(jw_a_real(&e->val, v)); }
void ev_val_bool(struct ev *e, bool v) { VAL(jw_a_bool(&e->val, v)); }
void ev_val_str(struct ev *e, struct text t) { VAL(jw_a_str(&e->val, t.p, t.n)); }
void ev_val_arr(struct ev *e) { alone(e); jw_k_open(&e->val, JW_NOKEY, '['); }
void ev_val_end(struct ev *e) { jw_end(&e->val); }

char *
ev_room(struct ev *e, uint32_t n)
{
	char *p = e->scratch + e->scratch_n;

	if (n > LIM_EV_SCRATCH - e->scratch_n)
		return NULL;
	e->scratch_n += n;
	return p;
}

struct text
ev_text(struct ev *e, const char *fmt, ...)
{
	char *p = e->scratch + e->scratch_n;
	size_t room = LIM_EV_SCRATCH - e->scratch_n;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(p, room, fmt, ap);
	va_end(ap);
	if (n <= 0 || (size_t)n >= room)
		return (struct text){ 0 };
	e->scratch_n += (uint32_t)n;
	return (struct text){ p, (uint32_t)n };
}

struct text
ev_text_num(struct ev *e, const char *prefix, size_t n, uint64_t v)
{
	char *p = ev_room(e, (uint32_t)n + 20);

	if (!p)
		return (struct text){ 0 };
	memcpy(p, prefix, n);
	return (struct text){ p, (uint32_t)(n + jw_dec(p + n, v)) };
}

struct ident *
ev_identity(struct ev *e, const char *source, enum ident_of of)
{
	struct ident *i;

	if (e->nid == LIM_IDENTITIES) {
		e->eng->st.ident_full++;
		i = &e->eng->spare;
	} else {
		i = &e->id[e->nid++];
	}
	memset(i, 0, sizeof(*i));
	i->source = source;
	i->of = of;
	return i;
}

void
ev_unanswered(struct ev *e, const struct dctx *c)
{
	e->ot.result = c->unseen ? TEXT("not_captured") : TEXT("no_response");
}

void
ev_answered(struct ev *e, struct dctx *c, const struct when *request)
{
	if (!e->ot.result.n)
		e->ot.result = TEXT("ok");
	if (c->when.us >= request->us) {
		e->ot.has_rtt = true;
		e->ot.rtt_us = c->when.us - request->us;
	}
}
