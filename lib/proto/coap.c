/* coap.c: CoAP: who asks which device for what. A request and its answer are one
 * event, tied by the token; a notification is one of its own, and is about what
 * was asked to be observed. Payloads are not written, but for what a device says
 * of itself: the links of /.well-known/core and LwM2M's device object. */
#include "proto/coap.h"

#include "base/hash.h"

enum { RECENT = 12, WATCHED = 5, WATCHED_PATH = 44, RESOURCES = 64 };

struct coap_state {
	/* messages of late: what comes again with the same id is the same message */
	struct { uint64_t key; uint16_t id; uint8_t side, used; } recent[RECENT];
	/* what is observed, by token */
	struct { uint64_t key; uint8_t n; char path[WATCHED_PATH]; } watched[WATCHED];
	uint8_t turn, wturn;
};
_Static_assert(sizeof(struct coap_state) <= PROTO_STATE_MAX, "state fits its slot");
_Static_assert(sizeof(struct coap_pdu) <= PEND_DATA, "a request fits its slot");

static const char *const types[] = { "CON", "NON", "ACK", "RST" };

static uint64_t
key_of(const struct coap_pdu *p)
{
	return hash_bytes(HASH_BEGIN ^ p->tkl, p->token, p->tkl);
}

static void
put_format(struct ev *e, const char *k, size_t kn, uint16_t v)
{
	const char *s = coap_format(v);
	struct text t = s ? text_c(s) : ev_text_num(e, "", 0, v);

	ev_k_str(e, k, kn, t);
}

static void
put_block(struct ev *e, uint32_t v)
{
	ev_uint(e, "number", v >> 4);
	ev_bool(e, "more", v >> 3 & 1);
	ev_uint(e, "size", 16u << (v & 7));
	ev_end(e);
}

/* "<" target ">" and its attributes, by commas (RFC 6690); nothing nests. */
static void
put_links(struct ev *e, struct rd v)
{
	const uint8_t *p = rd_at(&v), *end = p + rd_have(&v), *lt, *gt;
	unsigned n = 0;

	ev_arr(e, "resources");
	while (n < RESOURCES && (lt = memchr(p, '<', (size_t)(end - p))) &&
	    (gt = memchr(lt, '>', (size_t)(end - lt)))) {
		ev_a_str(e, text_trim(lt + 1, (size_t)(gt - lt - 1)));
		p = gt + 1;
		n++;
	}
	ev_end(e);
}

static void
put_request(struct ev *e, const struct coap_pdu *q)
{
	if (!q->stream)
		ev_cstr(e, "type", types[q->type]);
	ev_cstr(e, "method", coap_method(q->code));
	if (!q->stream)
		ev_uint(e, "message_id", q->id);
	if (q->tkl)
		ev_hex(e, "token", q->token, q->tkl);
	ev_str(e, "host", ((struct text){ q->host, q->nhost }));
	if (q->has_port)
		ev_uint(e, "port", q->port);
	ev_str(e, "path", ((struct text){ q->path, q->npath }));
	ev_str(e, "query", ((struct text){ q->query, q->nquery }));
	if (q->has_observe)
		ev_cstr(e, "observe", q->observe ? "deregister" : "register");
	if (q->has_format)
		put_format(e, JW_K("content_format"), q->format);
	if (q->has_accept)
		put_format(e, JW_K("accept"), q->accept);
	if (q->has_block1) {
		ev_obj(e, "block1");
		put_block(e, q->block1);
	}
	if (q->has_block2) {
		ev_obj(e, "block2");
		put_block(e, q->block2);
	}
	if (q->oscore)
		ev_bool(e, "oscore", true);
	if (q->proxied)
		ev_bool(e, "proxy", true);
	if (q->length)
		ev_uint(e, "length", q->length);
}

static void
put_response(struct ev *e, const struct coap_pdu *a, struct rd payload)
{
	ev_obj(e, "response");
	if (!a->stream)
		ev_cstr(e, "type", types[a->type]);
	ev_str(e, "code", ev_text(e, "%u.%02u", a->code >> 5, a->code & 31));
	ev_cstr(e, "name", coap_code_name(a->code));
	if (!a->stream)
		ev_uint(e, "message_id", a->id);
	if (a->has_observe)
		ev_uint(e, "sequence", a->observe);
	if (a->has_max_age)
		ev_uint(e, "max_age", a->max_age);
	if (a->has_format)
		put_format(e, JW_K("content_format"), a->format);
	if (a->has_block2) {
		ev_obj(e, "block2");
		put_block(e, a->block2);
	}
	if (a->oscore)
		ev_bool(e, "oscore", true);
	if (a->length)
		ev_uint(e, "length", a->length);
	if (a->has_format && a->format == COAP_LINKS)
		put_links(e, payload);
	ev_end(e);
}

static bool
path_is(const struct coap_pdu *q, const char *s)
{
	return q->npath == strlen(s) && memcmp(q->path, s, q->npath) == 0;
}

static enum ot_op
op_of(const struct coap_pdu *q)
{
	/* LwM2M's object 5: new firmware */
	if (q->npath > 3 && memcmp(q->path, "/5/", 3) == 0 && q->code >= COAP_POST &&
	    q->code <= COAP_PUT)
		return OT_PROGRAM;
	switch (q->code) {
	case COAP_GET: case COAP_FETCH:
		return q->has_observe ? OT_SUBSCRIBE : path_is(q, "/.well-known/core") ?
		    OT_IDENTIFY : OT_READ;
	case COAP_POST:
		/* LwM2M and CoRE resource directories: a device registers */
		return q->npath >= 3 && memcmp(q->path, "/rd", 3) == 0 &&
		    (q->npath == 3 || q->path[3] == '/') ? OT_CONNECT : OT_COMMAND;
	case COAP_PUT: case COAP_PATCH: case COAP_IPATCH:
		return OT_WRITE;
	case COAP_DELETE:
		return OT_CONFIGURE;
	}
	return OT_OTHER;
}

/* A value among "ep=name&lt=60". */
static struct text
query_value(const struct coap_pdu *q, const char *name)
{
	uint32_t n = (uint32_t)strlen(name), at = 0;

	while (at < q->nquery) {
		const char *p = q->query + at, *end = memchr(p, '&', q->nquery - at);
		uint32_t m = end ? (uint32_t)(end - p) : q->nquery - at;

		if (m > n + 1 && memcmp(p, name, n) == 0 && p[n] == '=')
			return text_trim(p + n + 1, m - n - 1);
		at += m + 1;
	}
	return (struct text){ 0 };
}

static void
device_field(struct ident *i, uint32_t resource, struct text t)
{
	switch (resource) {
	case 0: i->vendor = t; break;
	case 1: i->model = t; break;
	case 2: i->serial = t; break;
	case 3: i->firmware = t; break;
	case 17: i->product = t; break;
	case 18: i->hardware = t; break;
	}
}

/* LwM2M's device object, number 3, whole as TLV or one resource as text. */
static void
identify_device(struct ev *e, const struct coap_pdu *q, const struct coap_pdu *a, struct rd v)
{
	bool tlv = a->has_format && (a->format == COAP_TLV || a->format == COAP_TLV_OLD);
	uint32_t id = 0;
	struct ident *i;

	if (q->npath < 4 || memcmp(q->path, "/3/0", 4) != 0 || a->code >> 5 != 2 || !a->length)
		return;
	i = ev_identity(e, "coap.lwm2m", EV_DEST);
	if (q->npath > 5 && q->path[4] == '/' && !tlv &&
	    (!a->has_format || a->format == COAP_TEXT)) {
		for (uint32_t k = 5; k < q->npath && id < 1000; k++) {
			if (q->path[k] < '0' || q->path[k] > '9')
				return;
			id = id * 10 + (uint32_t)(q->path[k] - '0');
		}
		device_field(i, id, text_rd(&v, rd_have(&v)));
	}
	while (tlv && rd_have(&v)) {
		uint8_t t = rd_u8(&v);
		uint32_t n;

		id = t & 0x20 ? rd_be16(&v) : rd_u8(&v);
		switch (t >> 3 & 3) {
		case 1: n = rd_u8(&v); break;
		case 2: n = rd_be16(&v); break;
		case 3: n = rd_be24(&v); break;
		default: n = t & 7; break;
		}
		if (t >> 6 == 0 && rd_ok(&v))   /* an instance: its resources follow */
			continue;
		if (t >> 6 == 3 && n <= rd_have(&v))
			device_field(i, id, text_rd(&v, n));
		else
			rd_skip(&v, n);
	}
}

static const char *
watched_path(struct dctx *c, uint64_t key, uint8_t *n)
{
	struct coap_state *s = c->state;

	for (unsigned i = 0; i < WATCHED; i++)
		if (s->watched[i].n && s->watched[i].key == key) {
			*n = s->watched[i].n;
			return s->watched[i].path;
		}
	return NULL;
}

/* w NULL: its request was not seen, or this is a notification. */
static void
report(struct dctx *c, const struct pend *w, const struct coap_pdu *a, struct rd payload)
{
	const struct coap_pdu *q = w ? (const struct coap_pdu *)w->data : NULL;
	const struct when *at = w ? &w->when : &c->when;
	struct ev *e = ev_begin(c, "coap", at, w ? w->side : c->side);
	struct ident *i;
	const char *path;
	uint8_t n;

	if (q) {
		put_request(e, q);
		e->ot.op = op_of(q);
		e->ot.service = text_c(coap_method(q->code));
		e->ot.object = (struct text){ q->path, q->npath };
		if (!q->npath)
			e->ot.object = q->oscore ? (struct text){ 0 } : TEXT("/");
		if (e->ot.op == OT_CONNECT && q->nquery) {
			i = ev_identity(e, "coap.register", EV_SRC);
			i->hostname = query_value(q, "ep");
			if (query_value(q, "lwm2m").n)
				i->role = TEXT("lwm2m-client");
		}
	} else {
		if (!a->stream)
			ev_cstr(e, "type", types[a->type]);
		if (a->tkl)
			ev_hex(e, "token", a->token, a->tkl);
		e->ot.op = OT_REPORT;
		e->ot.service = a->has_observe ? TEXT("Notification") :
		    text_c(coap_code_name(a->code));
		if ((path = watched_path(c, key_of(a), &n))) {
			e->ot.object = (struct text){ path, n };
			ev_str(e, "path", e->ot.object);
		}
	}
	if (!a) {
		ev_unanswered(e, c);
	} else if (a->type == COAP_RST) {
		if (q)
			ev_answered(e, c, at);
		e->ot.result = TEXT("reset");
	} else {
		put_response(e, a, payload);
		if (q) {
			identify_device(e, q, a, payload);
			ev_answered(e, c, at);
		}
		e->ot.result = coap_result(e, a->code);
	}
	ev_emit(e);
}

static void
watch(struct dctx *c, const struct coap_pdu *q, const struct coap_pdu *a)
{
	struct coap_state *s = c->state;
	uint64_t key = key_of(q);
	unsigned at = s->wturn;

	for (unsigned i = 0; i < WATCHED; i++)
		if (s->watched[i].n && s->watched[i].key == key)
			at = i;
	if (q->observe || !a->has_observe) {
		if (s->watched[at].key == key)
			s->watched[at].n = 0;
		return;
	}
	if (at == s->wturn)
		s->wturn = (uint8_t)((s->wturn + 1) % WATCHED);
	s->watched[at].key = key;
	s->watched[at].n = q->npath < WATCHED_PATH ? q->npath : WATCHED_PATH;
	memcpy(s->watched[at].path, q->path, s->watched[at].n);
}

/* The same message again; else it is remembered. */
static bool
again(struct dctx *c, const struct coap_pdu *p)
{
	struct coap_state *s = c->state;
	uint64_t key = key_of(p) ^ p->code;

	for (unsigned i = 0; i < RECENT; i++)
		if (s->recent[i].used && s->recent[i].id == p->id &&
		    s->recent[i].side == c->side && s->recent[i].key == key)
			return true;
	s->recent[s->turn].key = key;
	s->recent[s->turn].id = p->id;
	s->recent[s->turn].side = (uint8_t)c->side;
	s->recent[s->turn].used = 1;
	s->turn = (uint8_t)((s->turn + 1) % RECENT);
	return false;
}

/* A reset names by message id what it refuses. */
static void
refused(struct dctx *c, const struct coap_pdu *p)
{
	struct coap_state *s = c->state;
	struct pend *w;

	for (unsigned i = 0; i < RECENT; i++) {
		if (!s->recent[i].used || s->recent[i].id != p->id || s->recent[i].side == c->side)
			continue;
		for (unsigned m = COAP_GET; m <= COAP_IPATCH; m++) {
			w = pend_find(c, s->recent[i].key ^ m);
			if (!w || ((const struct coap_pdu *)w->data)->code != m)
				continue;
			report(c, w, p, rd_init("", 0, 0));
			pend_done(c, w);
			return;
		}
	}
}

static enum verdict
coap_dissect(struct dctx *c, struct rd *r)
{
	struct coap_pdu p;
	struct rd payload;
	struct pend *w;

	if (!(c->tcp ? coap_decode_stream : coap_decode)(r, &p, &payload, &c->why))
		return DIS_BAD;
	if (rd_short(r) && !p.code)
		return DIS_OK;
	if (!p.stream && p.type == COAP_RST)
		refused(c, &p);
	if (!p.code || p.code >= COAP_CSM || (!p.stream && again(c, &p)))
		return DIS_OK;
	if (coap_is_request(&p)) {
		if (p.secret)
			proto_credential(c, CRED_PASSWORD, CRED_CLEAR, false);
		else if (p.user)
			proto_credential(c, CRED_USER_NAME, CRED_CLEAR, false);
		/* a device that is itself asked: both ends may ask in one flow */
		pend_put(c, key_of(&p), &p, sizeof(p));
		return DIS_OK;
	}
	w = pend_find(c, key_of(&p));
	if (w) {
		const struct coap_pdu *q = (const struct coap_pdu *)w->data;

		if (q->has_observe)
			watch(c, q, &p);
		report(c, w, &p, payload);
		pend_done(c, w);
	} else {
		report(c, NULL, &p, payload);
	}
	return DIS_OK;
}

static void
coap_expire(struct dctx *c, struct pend *w)
{
	report(c, w, NULL, rd_init("", 0, 0));
}

static bool
readable(const char *s, uint8_t n)
{
	for (uint8_t i = 0; i < n; i++)
		if ((uint8_t)s[i] < ' ' || s[i] == 0x7f)
			return false;
	return true;
}

static ssize_t
coap_frame(const struct dctx *c, const struct rd *r)
{
	(void)c;
	return coap_stream_length(r);
}

/* A stream begins with each side's settings; one joined later has its port only. */
static enum probe
stream_probe(struct probe_in *in)
{
	enum probe best = PROBE_NO;

	for (int s = 0; s < 2; s++) {
		struct rd r = in->side[s], whole, payload;
		const char *why = NULL;
		struct coap_pdu p;
		ssize_t n;

		if (!rd_left(&r))
			continue;
		n = coap_stream_length(&r);
		if (n <= 0 || (size_t)n > rd_have(&r))
			return n < 0 || !in->hinted ? PROBE_NO : PROBE_WEAK;
		whole = rd_sub(&r, (uint32_t)n);
		if (!coap_decode_stream(&whole, &p, &payload, &why) || !p.code)
			return PROBE_NO;
		if (p.code == COAP_CSM && !p.tkl && !p.odd && n > 2)
			best = PROBE_YES;
		else if (best == PROBE_NO && (in->hinted || p.code == COAP_CSM) &&
		    readable(p.path, p.npath))
			best = PROBE_WEAK;
	}
	return best;
}

static enum probe
coap_probe(struct probe_in *in)
{
	int s = rd_left(&in->side[0]) ? 0 : 1;
	struct rd r = in->side[s], payload;
	const char *why = NULL;
	struct coap_pdu p;

	if (in->tcp)
		return stream_probe(in);
	if (!coap_decode(&r, &p, &payload, &why) || rd_bad(&r))
		return in->hinted && rd_peek8(&in->side[s], 0) >> 6 == 1 ? PROBE_WEAK : PROBE_NO;
	if (!p.code)
		return in->hinted ? PROBE_WEAK : PROBE_NO;
	if (!readable(p.path, p.npath) || !readable(p.query, p.nquery) ||
	    !readable(p.host, p.nhost))
		return in->hinted ? PROBE_WEAK : PROBE_NO;
	in->reversed = coap_is_request(&p) == (s == 1);
	if (in->hinted)
		return PROBE_YES;
	/* Elsewhere a header says little; a readable path to ask for says enough. */
	return coap_method(p.code) && p.type <= COAP_NON && p.npath > 3 ? PROBE_YES : PROBE_NO;
}

static const struct hint hints[] = {
	{ HINT_UDP, 5683 }, { HINT_TCP, 5683 }, { HINT_END, 0 },
};

const struct dissector coap_dissector = {
	.name = "coap",
	.title = "CoAP over UDP and TCP",
	.hints = hints,
	.fields = coap_fields,
	.state_size = sizeof(struct coap_state),
	.probe = coap_probe,
	.frame = coap_frame,
	.dissect = coap_dissect,
	.expire = coap_expire,
};
