/* knxip.c: KNXnet/IP: who offers what, who tunnels into which bus, what is
 * commanded on it.
 *
 * A telegram that a client hands to a gateway is one event with what comes of
 * it: the acknowledgement says that the gateway took it, the confirmation that
 * it went out on the bus (or that a property was read). What is heard of the
 * bus stands alone. Of KNX Secure, whose frames are ciphertext, the first of
 * each direction is told. */
#include "proto/knxip.h"

#include "base/hash.h"

enum { SENT = 8, HEARD = 48, WAIT_BYTES = 432 };
enum { KEY_PAIR = 1, KEY_CONFIRM, KEY_ACK };

struct knx_state {
	/* requests that an acknowledgement names by channel and counter */
	struct { uint64_t key; uint8_t side, channel, seq, used; } sent[SENT];
	uint8_t turn, nheard, heard_turn;
	bool wrapped[2], timed[2];
	uint16_t heard[HEARD];          /* devices on the bus already told of */
};
_Static_assert(sizeof(struct knx_state) <= PROTO_STATE_MAX, "state fits its slot");

/* A request as it came; what does not fit is as if the capture had cut it. */
struct waiting {
	bool acked;
	uint16_t n, len;
	uint8_t bytes[WAIT_BYTES];
};
_Static_assert(sizeof(struct waiting) <= PEND_DATA, "a request fits its slot");

static uint64_t
key_of(uint8_t kind, uint64_t v)
{
	return (uint64_t)kind << 56 | (v & ((UINT64_C(1) << 56) - 1));
}

/* The same for a telegram and its confirmation. */
static uint64_t
confirm_key(const struct knx_pdu *p)
{
	const struct knx_cemi *m = &p->m;
	uint64_t h = hash_u64(HASH_BEGIN, p->channel);

	if (m->data) {
		h = hash_u64(h, (uint64_t)m->dst << 32 | (uint64_t)m->apci << 8 | m->group);
		h = hash_u64(h, (uint64_t)m->pid << 32 | m->address);
		for (uint32_t i = 0; i < m->n; i++)
			h = hash_u64(h, m->p[i]);
	} else {
		bool func = m->mc == CEMI_FUNC_CMD || m->mc == CEMI_FUNC_STATE ||
		    m->mc == CEMI_FUNC_CON;
		bool wr = m->mc == CEMI_PROP_WRITE || m->mc == CEMI_PROP_WRITE_CON;

		h = hash_u64(h, (uint64_t)m->object << 32 | (uint64_t)m->instance << 24 | m->pid);
		h = hash_u64(h, (uint64_t)m->start << 8 | (func ? 2 : wr));
	}
	return key_of(KEY_CONFIRM, h);
}

static uint64_t
pair_key(uint16_t service, uint8_t channel)
{
	return key_of(KEY_PAIR, (uint64_t)service << 8 | channel);
}

static void
wait_for(struct dctx *c, uint64_t key, const struct rd *whole)
{
	struct waiting w;
	uint32_t n = whole->cap;

	memset(&w, 0, offsetof(struct waiting, bytes));
	if (n > WAIT_BYTES)
		n = WAIT_BYTES;
	w.n = (uint16_t)n;
	w.len = (uint16_t)whole->len;
	memcpy(w.bytes, whole->p, n);
	pend_put(c, key, &w, offsetof(struct waiting, bytes) + n);
}

static void
put_hpai(struct ev *e, const struct knx_hpai *h)
{
	ev_put_ip(e, "ip", &h->ip);
	ev_uint(e, "port", h->port);
	ev_cstr(e, "proto", h->tcp ? "tcp" : "udp");
	ev_end(e);
}

static void
put_connection(struct ev *e, const struct knx_pdu *p, const struct knx_pdu *a)
{
	const char *type = tok_find(knx_conn_types, p->conn);

	if (p->has_conn) {
		ev_str(e, "connection", type ? text_c(type) : ev_text_num(e, "", 0, p->conn));
		e->ot.object = text_c(type);
	}
	if (p->has_layer)
		ev_cstr(e, "layer", tok_find(knx_layers, p->layer));
	if (a && a->has_ia)
		ev_str(e, "individual_address", knx_individual(e, a->ia));
	else if (p->has_ia)
		ev_str(e, "individual_address", knx_individual(e, p->ia));
}

/* The first time a device is heard on this flow, or any time it says more. */
static void
tell_source(struct dctx *c, struct ev *e, const struct knx_cemi *m, enum ident_of who)
{
	struct knx_state *s = c->state;
	bool more = !m->control && (m->prop || (m->apci & 0x3c0) == APCI_DESC_RES);

	/* 15.15.255 is what any device has before it is given an address */
	if (!m->src || (m->src == 0xffff && !more))
		return;
	for (unsigned i = 0; i < s->nheard && !more; i++)
		if (s->heard[i] == m->src)
			return;
	if (!more) {
		s->heard[s->heard_turn] = m->src;
		s->heard_turn = (uint8_t)((s->heard_turn + 1) % HEARD);
		if (s->nheard < HEARD)
			s->nheard++;
	}
	knx_identify(e, m, who, knx_individual(e, m->src));
}

/* who: the server when the value is its own word, else EV_OTHER. */
static void
put_feature(struct ev *e, const struct knx_pdu *p, enum ident_of who)
{
	uint16_t v = (uint16_t)(p->feature_n == 2 ? p->feature_value[0] << 8 |
	    p->feature_value[1] : 0);

	if (p->feature == 6 && p->feature_n == 2)
		ev_val_str(e, knx_individual(e, v));
	else if (p->feature_n == 1)
		ev_val_uint(e, p->feature_value[0]);
	else
		ev_val_str(e, knx_hex(e, p->feature_value, p->feature_n));
	if (p->feature == 4 && p->feature_n == 2 && who != EV_OTHER)
		ev_identity(e, "knxip.feature", who)->vendor = text_c(knx_maker(v));
	if (p->feature == 2 && p->feature_n == 2 && who != EV_OTHER)
		ev_identity(e, "knxip.feature", who)->model = ev_text(e, "mask %04x", v);
}

static enum ot_op
op_of(uint16_t service)
{
	switch (service) {
	case KNX_SEARCH: case KNX_SEARCH_RES: case KNX_SEARCH_EXT: case KNX_SEARCH_EXT_RES:
	case KNX_DESCRIBE: case KNX_DESCRIBE_RES: case KNX_DIAG: case KNX_DIAG_RES:
		return OT_IDENTIFY;
	case KNX_CONNECT: case KNX_CONNECT_RES: case KNX_STATE: case KNX_STATE_RES:
	case KNX_DISCONNECT: case KNX_DISCONNECT_RES:
		return OT_CONNECT;
	case KNX_SESSION: case KNX_SESSION_RES: case KNX_AUTHENTICATE: case KNX_SESSION_STATUS:
		return OT_AUTH;
	case KNX_FEATURE_GET: case KNX_FEATURE_RES:
		return OT_READ;
	case KNX_FEATURE_SET: case KNX_BASIC_CONFIG:
		return OT_CONFIGURE;
	case KNX_RESET:
		return OT_COMMAND;
	case KNX_LOST: case KNX_BUSY:
		return OT_ERROR;
	case KNX_FEATURE_INFO:
		return OT_REPORT;
	}
	return OT_OTHER;
}

static struct text
status_name(struct ev *e, const struct knx_pdu *p)
{
	const char *s = tok_find(p->service == KNX_SESSION_STATUS ? knx_session_states :
	    knx_status, p->status);

	return s ? text_c(s) : ev_text(e, "status_0x%02x", p->status);
}

/* What a confirmation says: how it went, and what was read. */
static void
put_answer(struct ev *e, const struct knx_cemi *m)
{
	const char *name = tok_find(knx_cemi_codes, m->mc), *error = NULL;
	bool prop_con = m->mc == CEMI_PROP_READ_CON || m->mc == CEMI_PROP_WRITE_CON;

	ev_obj(e, "answer");
	ev_cstr(e, "message", name);
	if (prop_con && m->has_count && m->count == 0) {
		error = m->n ? tok_find(knx_cemi_errors, m->p[0]) : "unspecified_error";
		ev_cstr(e, "error", error ? error : "unspecified_error");
	} else if (!m->data && m->n && !knx_is_secret(m)) {
		ev_hex(e, "data", m->p, m->n);
	}
	ev_end(e);
	e->ot.result = error ? text_c(error) : m->failed ? TEXT("negative_confirmation") :
	    TEXT("ok");
	if (error || m->mc != CEMI_PROP_READ_CON || knx_is_secret(m))
		return;
	if (m->n == 1)
		ev_val_uint(e, m->p[0]);
	else
		ev_val_str(e, knx_hex(e, m->p, m->n));
	knx_identify(e, m, EV_DEST, (struct text){ 0 });
}

static void
put_secure(struct ev *e, const struct knx_pdu *p, enum ident_of who)
{
	if (p->has_session)
		ev_uint(e, "session", p->session);
	if (p->has_user)
		ev_uint(e, "user_id", p->user);
	if (p->serial) {
		struct ident *i = ev_identity(e, "knxip.secure", who);

		i->serial = knx_serial(e, p->serial);
		i->vendor = text_c(knx_maker((uint16_t)(p->serial[0] << 8 | p->serial[1])));
		if (i->serial.n)
			ev_str(e, "serial", i->serial);
	}
}

/* One event: q and what answered it, q alone, or an answer alone. */
static struct ev *
begin(struct dctx *c, const struct knx_pdu *q, const struct when *at, int side,
    const struct knx_pdu *a)
{
	const struct knx_pdu *p = q ? q : a;
	struct ev *e = ev_begin(c, "knxip", at, side);

	ev_cstr(e, "service", tok_find(knx_services, p->service));
	if (q && a)
		ev_cstr(e, "response", tok_find(knx_services, a->service));
	if (p->has_channel || (a && a->has_channel))
		ev_uint(e, "channel", p->has_channel ? p->channel : a->channel);
	if (p->has_seq)
		ev_uint(e, "sequence", p->seq);
	if (a && a->has_status)
		ev_str(e, "status", status_name(e, a));
	e->ot.op = op_of(p->service);
	e->ot.service = text_c(tok_find(knx_services, p->service));
	put_connection(e, p, a);
	if (p->at[0].has) {
		ev_obj(e, "control");
		put_hpai(e, &p->at[0]);
	}
	if (p->at[1].has) {
		ev_obj(e, "data");
		put_hpai(e, &p->at[1]);
	}
	if (p->has_feature) {
		const struct knx_pdu *v = a && a->has_feature ? a : p;
		const char *name = tok_find(knx_features, p->feature);

		ev_str(e, "feature", name ? text_c(name) : ev_text_num(e, "", 0, p->feature));
		e->ot.object = text_c(name);
		if (v->feature_n && v->feature_value) {
			ev_hex(e, "feature_value", v->feature_value, v->feature_n);
			put_feature(e, v, a ? q ? EV_DEST : EV_SRC : EV_OTHER);
		}
	}
	if (p->has_state) {
		ev_uint(e, "device_state", p->state);
		if (p->service == KNX_LOST)
			ev_uint(e, "lost", p->lost);
		else
			ev_uint(e, "wait_ms", p->wait_ms);
	}
	put_secure(e, a && a->has_session ? a : p, EV_SRC);
	if (a && rd_left(&a->dibs))
		knx_put_dibs(c, e, a->dibs, q ? EV_DEST : EV_SRC);
	if (p->has_cemi) {
		knx_put_cemi(e, &p->m);
		if (p->service == KNX_ROUTING && p->m.data && p->m.group && !p->m.control &&
		    (p->m.apci & 0x3c0) == APCI_GROUP_WRITE)
			e->ot.op = OT_WRITE;    /* here the sender is on the bus itself */
	}
	return e;
}

/* What came alone: announcements, telegrams heard, answers whose question the
 * capture has not. */
static void
alone(struct dctx *c, const struct knx_pdu *p, bool answer)
{
	struct ev *e = begin(c, answer ? NULL : p, &c->when, c->side, answer ? p : NULL);

	if (answer && p->has_status)
		e->ot.result = status_name(e, p);
	if (p->has_cemi && p->m.data && p->m.mc == CEMI_DATA_IND)
		tell_source(c, e, &p->m, EV_SRC);
	ev_emit(e);
}

/* A confirmation whose telegram the capture has not: the client's doing. */
static void
confirmed_alone(struct dctx *c, const struct knx_pdu *a)
{
	struct ev *e = begin(c, a, &c->when, !c->side, NULL);

	put_answer(e, &a->m);
	ev_emit(e);
}

static bool
unpack(const struct waiting *w, struct knx_pdu *q)
{
	struct rd r = rd_init(w->bytes, w->n, w->len);

	knx_decode(&r, q);
	return q->service != 0;
}

static void
answered(struct dctx *c, struct pend *w, const struct knx_pdu *a, bool confirmation)
{
	struct knx_pdu q;
	struct text result;
	struct ev *e;

	unpack((const struct waiting *)w->data, &q);
	e = begin(c, &q, &w->when, w->side, a);
	if (confirmation)
		put_answer(e, &a->m);
	else if (a->has_status)
		e->ot.result = status_name(e, a);
	else if (a->service == KNX_SESSION_RES && !a->session)
		e->ot.result = TEXT("no_session");
	result = e->ot.result;
	ev_answered(e, c, &w->when);
	if (result.n)
		e->ot.result = result;
	ev_emit(e);
	pend_done(c, w);
}

/* Whether a confirmation will follow the acknowledgement. */
static bool
is_confirmed(const struct knx_cemi *m)
{
	switch (m->mc) {
	case CEMI_DATA_REQ:
		return m->data && !m->control;
	case CEMI_PROP_READ: case CEMI_PROP_WRITE: case CEMI_FUNC_CMD: case CEMI_FUNC_STATE:
		return m->prop;
	}
	return false;
}

static bool
is_confirmation(const struct knx_cemi *m)
{
	return (m->mc == CEMI_DATA_CON && m->data) || (m->prop &&
	    (m->mc == CEMI_PROP_READ_CON || m->mc == CEMI_PROP_WRITE_CON ||
	    m->mc == CEMI_FUNC_CON));
}

static void
carried(struct dctx *c, const struct knx_pdu *p, const struct rd *whole)
{
	struct knx_state *s = c->state;
	const struct knx_cemi *m = &p->m;
	struct pend *w;
	uint64_t key;

	if (is_confirmation(m)) {
		if (m->control)
			return;
		w = pend_find(c, confirm_key(p));
		if (w)
			answered(c, w, p, true);
		else
			confirmed_alone(c, p);
		return;
	}
	if (!is_confirmed(m) && m->mc != CEMI_RESET_REQ) {
		/* acknowledgements between devices say no more than what they follow */
		if (!m->control || (m->tpci & 3) < 2)
			alone(c, p, false);
		return;
	}
	key = is_confirmed(m) ? confirm_key(p) :
	    key_of(KEY_ACK, (uint64_t)p->channel << 8 | p->seq);
	for (unsigned i = 0; i < SENT; i++)
		if (s->sent[i].used && s->sent[i].key == key && s->sent[i].seq == p->seq &&
		    s->sent[i].channel == p->channel && s->sent[i].side == c->side)
			return;         /* sent again: it was not acknowledged in time */
	s->sent[s->turn].key = key;
	s->sent[s->turn].side = (uint8_t)c->side;
	s->sent[s->turn].channel = p->channel;
	s->sent[s->turn].seq = p->seq;
	s->sent[s->turn].used = 1;
	s->turn = (uint8_t)((s->turn + 1) % SENT);
	wait_for(c, key, whole);
}

static void
acknowledged(struct dctx *c, const struct knx_pdu *p)
{
	struct knx_state *s = c->state;
	struct pend *w;

	for (unsigned i = 0; i < SENT; i++) {
		if (!s->sent[i].used || s->sent[i].channel != p->channel ||
		    s->sent[i].seq != p->seq || s->sent[i].side == c->side)
			continue;
		w = pend_find(c, s->sent[i].key);
		if (!w)
			continue;
		if (p->status || s->sent[i].key >> 56 == KEY_ACK)
			answered(c, w, p, false);
		else
			((struct waiting *)w->data)->acked = true;
		return;
	}
	if (p->status)
		alone(c, p, true);
}

static void
paired(struct dctx *c, const struct knx_pdu *p, uint16_t request)
{
	bool by_channel = request != KNX_CONNECT && request != KNX_DESCRIBE &&
	    request != KNX_SESSION && request != KNX_DIAG;
	struct pend *w = pend_find(c, pair_key(request, by_channel ? p->channel : 0));

	if (w)
		answered(c, w, p, false);
	else
		alone(c, p, true);
}

static enum verdict
knx_dissect(struct dctx *c, struct rd *r)
{
	struct knx_state *s = c->state;
	struct rd whole = rd_ahead(r);
	struct knx_pdu p;

	knx_decode(r, &p);
	c->why = p.why;
	if (rd_short(r) && !p.has_cemi)
		return DIS_OK;
	if (rd_bad(r))
		return DIS_BAD;
	switch (p.service) {
	case KNX_DESCRIBE: case KNX_CONNECT: case KNX_SESSION: case KNX_DIAG:
		wait_for(c, pair_key(p.service, 0), &whole);
		break;
	case KNX_STATE: case KNX_DISCONNECT: case KNX_FEATURE_GET: case KNX_FEATURE_SET:
		/* both kinds of feature request are answered alike */
		wait_for(c, pair_key(p.service == KNX_FEATURE_SET ? KNX_FEATURE_GET : p.service,
		    p.channel), &whole);
		break;
	case KNX_DESCRIBE_RES: case KNX_CONNECT_RES: case KNX_STATE_RES: case KNX_DISCONNECT_RES:
	case KNX_SESSION_RES: case KNX_DIAG_RES: case KNX_FEATURE_RES:
		paired(c, &p, p.service - 1);
		break;
	case KNX_SEARCH_RES: case KNX_SEARCH_EXT_RES: case KNX_SESSION_STATUS:
		alone(c, &p, true);
		break;
	case KNX_CONFIG: case KNX_TUNNEL:
		carried(c, &p, &whole);
		break;
	case KNX_CONFIG_ACK: case KNX_TUNNEL_ACK:
		acknowledged(c, &p);
		break;
	case KNX_WRAPPER:
		if (!s->wrapped[c->side])
			alone(c, &p, false);
		s->wrapped[c->side] = true;
		break;
	case KNX_TIMER:
		if (!s->timed[c->side])
			alone(c, &p, false);
		s->timed[c->side] = true;
		break;
	default:
		alone(c, &p, false);
	}
	if (rd_ok(r) && rd_left(r)) {
		c->why = "TRAILING_BYTES";
		return DIS_BAD;
	}
	return DIS_OK;
}

static void
knx_expire(struct dctx *c, struct pend *w)
{
	const struct waiting *h = (const struct waiting *)w->data;
	struct knx_pdu q;
	struct ev *e;

	if (!unpack(h, &q))
		return;
	e = begin(c, &q, &w->when, w->side, NULL);
	if (h->acked)
		e->ot.result = TEXT("no_confirmation");
	else
		ev_unanswered(e, c);
	ev_emit(e);
}

static ssize_t
knx_frame(const struct dctx *c, const struct rd *r)
{
	return knx_length(r);
}

/* 1: what a client says, -1: what a server says, 0: neither tells. */
static int
direction(const struct knx_pdu *p)
{
	switch (p->service) {
	case KNX_SEARCH: case KNX_SEARCH_EXT: case KNX_DESCRIBE: case KNX_CONNECT: case KNX_STATE:
	case KNX_FEATURE_GET: case KNX_FEATURE_SET: case KNX_SESSION: case KNX_AUTHENTICATE:
		return 1;
	case KNX_SEARCH_RES: case KNX_SEARCH_EXT_RES: case KNX_DESCRIBE_RES: case KNX_CONNECT_RES:
	case KNX_STATE_RES: case KNX_FEATURE_RES: case KNX_FEATURE_INFO: case KNX_SESSION_RES:
	case KNX_SESSION_STATUS:
		return -1;
	case KNX_TUNNEL: case KNX_CONFIG:
		switch (p->m.mc) {
		case CEMI_DATA_REQ: case CEMI_PROP_READ: case CEMI_PROP_WRITE: case CEMI_RESET_REQ:
			return 1;
		default:
			return -1;
		}
	}
	return 0;
}

static enum probe
knx_probe(struct probe_in *in)
{
	int s = rd_left(&in->side[0]) ? 0 : 1;
	struct rd r = in->side[s];
	ssize_t n = knx_length(&r);
	struct knx_pdu p;

	if (n < 0)
		return PROBE_NO;
	if (n == 0)
		return rd_short(&r) || in->tcp ? PROBE_MORE : PROBE_NO;
	if (!in->tcp && (size_t)n > rd_left(&r))
		return in->hinted ? PROBE_WEAK : PROBE_NO;
	if ((size_t)n > rd_left(&r))
		return PROBE_MORE;
	knx_decode(&r, &p);
	if (rd_bad(&r))
		return in->hinted ? PROBE_WEAK : PROBE_NO;
	in->reversed = direction(&p) == (s == 0 ? -1 : 1);
	return PROBE_YES;
}

static const struct hint hints[] = {
	{ HINT_UDP, 3671 }, { HINT_TCP, 3671 }, { HINT_END, 0 },
};

const struct dissector knxip_dissector = {
	.name = "knxip",
	.title = "KNXnet/IP",
	.hints = hints,
	.fields = knx_fields,
	.state_size = sizeof(struct knx_state),
	.probe = knx_probe,
	.frame = knx_frame,
	.dissect = knx_dissect,
	.expire = knx_expire,
};
