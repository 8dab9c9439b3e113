/* doip.c: DoIP: test benches and vehicles. Identification, routing activation,
 * diagnostic messages with their answers. A message is acknowledged by the
 * gateway and then answered by the control unit behind it: that is one event. */
#include "proto/doip.h"

enum { HEADER = 8, WAIT_BYTES = 300, LONGEST = 1 << 24 };

struct waiting { bool acked; uint16_t n; uint32_t len; uint8_t bytes[WAIT_BYTES]; };
_Static_assert(sizeof(struct waiting) <= PEND_DATA, "a message fits its slot");

static const struct tok types[] = {
	{ DOIP_NACK, "header_nack" },
	{ DOIP_ID_REQ, "vehicle_identification_request" },
	{ DOIP_ID_EID, "vehicle_identification_request_eid" },
	{ DOIP_ID_VIN, "vehicle_identification_request_vin" },
	{ DOIP_ID_RES, "vehicle_announcement" },
	{ DOIP_ACTIVATE, "routing_activation_request" },
	{ DOIP_ACTIVATE_RES, "routing_activation_response" },
	{ DOIP_ALIVE, "alive_check_request" },
	{ DOIP_ALIVE_RES, "alive_check_response" },
	{ DOIP_STATUS, "entity_status_request" },
	{ DOIP_STATUS_RES, "entity_status_response" },
	{ DOIP_POWER, "power_mode_request" },
	{ DOIP_POWER_RES, "power_mode_response" },
	{ DOIP_DIAG, "diagnostic_message" },
	{ DOIP_DIAG_ACK, "diagnostic_ack" },
	{ DOIP_DIAG_NACK, "diagnostic_nack" },
	{ 0, NULL }
};

static const struct tok header_nacks[] = {
	{ 0, "incorrect_pattern" }, { 1, "unknown_payload_type" }, { 2, "message_too_large" },
	{ 3, "out_of_memory" }, { 4, "invalid_payload_length" },
	{ 0, NULL }
};
static const struct tok activations[] = {
	{ 0x00, "unknown_source_address" }, { 0x01, "no_free_socket" },
	{ 0x02, "different_source_address" }, { 0x03, "source_address_in_use" },
	{ 0x04, "missing_authentication" }, { 0x05, "rejected_confirmation" },
	{ 0x06, "unsupported_activation_type" }, { 0x07, "tls_required" }, { 0x10, "ok" },
	{ 0x11, "confirmation_required" },
	{ 0, NULL }
};
static const struct tok diag_nacks[] = {
	{ 2, "invalid_source_address" }, { 3, "unknown_target_address" },
	{ 4, "message_too_large" }, { 5, "out_of_memory" }, { 6, "target_unreachable" },
	{ 7, "unknown_network" }, { 8, "transport_protocol_error" },
	{ 0, NULL }
};
static const char *const power_modes[] = { "not_ready", "ready", "not_supported" };

static ssize_t
doip_length(const struct rd *r)
{
	int v = rd_peek8(r, 0), inverse = rd_peek8(r, 1);
	int hi = rd_peek16(r, 4), lo = rd_peek16(r, 6);
	uint64_t n;

	if (v < 0)
		return 0;
	if ((v == 0 || v > 4) && v != 255)
		return -1;
	if (inverse >= 0 && (v ^ inverse) != 0xff)
		return -1;
	if (hi < 0 || lo < 0)
		return 0;
	n = (uint64_t)hi << 16 | (uint64_t)lo;
	return n > LONGEST ? -1 : (ssize_t)n + HEADER;
}

static void
take_source(struct rd *r, struct doip_pdu *p)
{
	p->source = rd_be16(r);
	p->has_source = rd_ok(r);
}

static void
take_target(struct rd *r, struct doip_pdu *p)
{
	p->target = rd_be16(r);
	p->has_target = rd_ok(r);
}

static void
take_code(struct rd *r, struct doip_pdu *p)
{
	p->code = rd_u8(r);
	p->has_code = rd_ok(r);
}

static void
doip_decode(struct rd *r, struct doip_pdu *p)
{
	struct rd b;

	memset(p, 0, sizeof(*p));
	p->version = rd_u8(r);
	rd_skip(r, 1);
	p->type = rd_be16(r);
	b = rd_sub(r, rd_be32(r));
	if (rd_bad(r)) {
		p->why = "PAYLOAD_LENGTH";
		return;
	}
	switch (p->type) {
	case DOIP_NACK: case DOIP_POWER_RES:
		take_code(&b, p);
		break;
	case DOIP_ID_EID:
		p->eid = rd_bytes(&b, 6);
		break;
	case DOIP_ID_VIN:
		p->vin = text_rd(&b, 17);
		break;
	case DOIP_ID_RES:
		p->vin = text_rd(&b, 17);
		take_source(&b, p);
		p->eid = rd_bytes(&b, 6);
		p->gid = rd_bytes(&b, 6);
		p->action = rd_u8(&b);
		p->has_action = rd_ok(&b);
		break;                          /* a synchronisation status may follow */
	case DOIP_ACTIVATE:
		take_source(&b, p);
		p->action = rd_u8(&b);          /* older ones have two bytes here */
		p->has_action = rd_ok(&b);
		break;
	case DOIP_ACTIVATE_RES:
		take_target(&b, p);
		take_source(&b, p);
		take_code(&b, p);
		break;
	case DOIP_ALIVE_RES:
		take_source(&b, p);
		break;
	case DOIP_STATUS_RES:
		p->node_type = rd_u8(&b);
		p->sockets = rd_u8(&b);
		p->open = rd_u8(&b);
		p->has_status = rd_ok(&b);
		if (rd_left(&b))
			p->max_data = rd_be32(&b);
		break;
	case DOIP_DIAG:
		take_source(&b, p);
		take_target(&b, p);
		p->uds = rd_rest(&b);
		break;
	case DOIP_DIAG_ACK: case DOIP_DIAG_NACK:
		take_source(&b, p);
		take_target(&b, p);
		take_code(&b, p);
		break;
	}
	if (rd_bad(&b)) {
		p->why = "PAYLOAD_TOO_SHORT";
		rd_set_bad(r);
	}
}

/* ---- events ---- */

static void
put_hex16(struct ev *e, const char *k, size_t kn, uint16_t v)
{
	ev_k_str(e, k, kn, ev_text(e, "0x%04x", v));
}

static struct text
result_of(struct ev *e, const struct doip_pdu *a)
{
	const struct tok *t = a->type == DOIP_NACK ? header_nacks :
	    a->type == DOIP_ACTIVATE_RES ? activations : diag_nacks;
	const char *s;

	if (!a->has_code || a->type == DOIP_POWER_RES || a->type == DOIP_DIAG_ACK)
		return TEXT("ok");
	s = tok_find(t, a->code);
	return s ? text_c(s) : ev_text(e, "code_0x%02x", a->code);
}

static void
put_fields(struct ev *e, const struct doip_pdu *p)
{
	ev_str(e, "vin", p->vin);
	if (p->eid)
		ev_hex(e, "eid", p->eid, 6);
	if (p->gid)
		ev_hex(e, "gid", p->gid, 6);
	if (p->has_action && p->type == DOIP_ID_RES)
		ev_uint(e, "further_action", p->action);
	else if (p->has_action)
		ev_uint(e, "activation_type", p->action);
	if (p->has_status) {
		ev_cstr(e, "node_type", p->node_type ? "node" : "gateway");
		ev_uint(e, "max_sockets", p->sockets);
		ev_uint(e, "open_sockets", p->open);
		if (p->max_data)
			ev_uint(e, "max_data", p->max_data);
	}
	if (p->type == DOIP_POWER_RES && p->has_code && p->code < 3)
		ev_cstr(e, "power_mode", power_modes[p->code]);
	else if (p->has_code)
		ev_uint(e, "code", p->code);
}

static enum ot_op
op_of(uint16_t type)
{
	switch (type) {
	case DOIP_NACK: case DOIP_DIAG_NACK:
		return OT_ERROR;
	case DOIP_ID_REQ: case DOIP_ID_EID: case DOIP_ID_VIN: case DOIP_ID_RES:
	case DOIP_STATUS: case DOIP_STATUS_RES:
		return OT_IDENTIFY;
	case DOIP_ACTIVATE: case DOIP_ACTIVATE_RES: case DOIP_ALIVE: case DOIP_ALIVE_RES:
		return OT_CONNECT;
	case DOIP_POWER: case DOIP_POWER_RES:
		return OT_READ;
	}
	return OT_OTHER;
}

static void
identify(struct ev *e, const struct doip_pdu *p, enum ident_of who)
{
	struct ident *i;

	if (p->type != DOIP_ID_RES && !p->has_status)
		return;
	i = ev_identity(e, "doip.announcement", who);
	i->serial = p->vin;
	i->role = p->has_status && p->node_type ? TEXT("doip node") : TEXT("doip gateway");
	if (p->type == DOIP_ID_RES && p->eid) {
		/* the entity's number is its MAC address */
		struct ident *m;

		i->role = TEXT("doip entity");
		m = ev_identity(e, "doip.announcement", EV_OTHER);
		m->has_mac = true;
		memcpy(m->mac, p->eid, 6);
		m->serial = p->vin;
	}
}

/* q or a may be NULL; both a diagnostic message: its UDS, too. */
static void
report(struct dctx *c, const struct doip_pdu *q, const struct when *at, int side,
    const struct doip_pdu *a)
{
	const struct doip_pdu *p = q ? q : a;
	const char *name = tok_find(types, p->type);
	struct ev *e = ev_begin(c, "doip", at, side);
	struct text result = { 0 };
	struct uds uq, ua;

	ev_uint(e, "version", p->version);
	ev_str(e, "type", name ? text_c(name) : ev_text(e, "0x%04x", p->type));
	if (q && a)
		ev_cstr(e, "response", tok_find(types, a->type));
	if (p->has_source)
		put_hex16(e, JW_K("source"), p->source);
	else if (a && a->has_source)
		put_hex16(e, JW_K("source"), a->source);
	if (p->has_target)
		put_hex16(e, JW_K("target"), p->target);
	put_fields(e, q && a && a->type != DOIP_DIAG ? a : p);
	if (q && a && q->has_action && a->type != DOIP_ID_RES)
		ev_uint(e, "activation_type", q->action);
	e->ot.op = op_of(p->type);
	e->ot.service = text_c(name);
	if (p->has_target)
		e->ot.object = ev_text(e, "0x%04x", p->target);
	if (a && a->type != DOIP_DIAG && name)
		result = result_of(e, a);
	if (p->type == DOIP_DIAG && rd_have(&p->uds)) {
		bool both = q && a && a->type == DOIP_DIAG;

		uds_decode(p->uds, &uq);
		if (both) {
			uds_decode(a->uds, &ua);
			if (ua.negative)
				result = uds_refusal(ua.nrc) ? text_c(uds_refusal(ua.nrc)) :
				    ev_text(e, "nrc_0x%02x", ua.nrc);
			if (!uq.n)              /* one identifier, one text */
				uds_identify(e, &ua, q->target, EV_DEST);
		}
		uds_put(e, &uq, both ? &ua : NULL, q ? p->target : p->source);
		if (!q) {
			e->ot.op = OT_REPORT;
			uds_identify(e, &uq, p->source, EV_SRC);
		}
	}
	if (q && a)
		ev_answered(e, c, at);
	if (result.n)
		e->ot.result = result;
	else if (q && !a)
		ev_unanswered(e, c);
	if (a)
		identify(e, a, q ? EV_DEST : EV_SRC);
	ev_emit(e);
}

/* ---- pairing ---- */

static uint64_t
diag_key(uint16_t tester, uint16_t unit, uint8_t sid)
{
	return (uint64_t)DOIP_DIAG << 40 | (uint64_t)tester << 24 | (uint64_t)unit << 8 | sid;
}

static void
wait_for(struct dctx *c, uint64_t key, const struct rd *whole)
{
	struct waiting w;

	memset(&w, 0, offsetof(struct waiting, bytes));
	w.len = rd_left(whole);
	w.n = (uint16_t)(rd_have(whole) < WAIT_BYTES ? rd_have(whole) : WAIT_BYTES);
	memcpy(w.bytes, rd_at(whole), w.n);
	pend_put(c, key, &w, offsetof(struct waiting, bytes) + w.n);
}

static void
unpack(const struct pend *w, struct doip_pdu *q)
{
	const struct waiting *h = (const struct waiting *)w->data;
	struct rd r = rd_init(h->bytes, h->n, h->len);

	doip_decode(&r, q);
}

static bool
answer(struct dctx *c, struct pend *w, const struct doip_pdu *a)
{
	struct doip_pdu q;

	if (!w)
		return false;
	unpack(w, &q);
	report(c, &q, &w->when, w->side, a);
	pend_done(c, w);
	return true;
}

static void
diagnostic(struct dctx *c, const struct doip_pdu *p, const struct rd *whole)
{
	struct uds u;
	struct pend *w;

	if (!rd_have(&p->uds))
		return;
	uds_decode(p->uds, &u);
	/* a tester's heartbeat, by the minute thousands */
	if (u.sid == 0x3e && !u.negative)
		return;
	w = pend_find(c, diag_key(p->target, p->source, u.sid));
	if (w) {
		if (u.negative && u.nrc == 0x78)        /* it will come */
			return;
		answer(c, w, p);
	} else if (!u.negative && !(rd_peek8(&p->uds, 0) & 0x40)) {
		wait_for(c, diag_key(p->source, p->target, u.sid), whole);
	} else {
		report(c, NULL, &c->when, c->side, p);
	}
}

static enum verdict
doip_dissect(struct dctx *c, struct rd *r)
{
	struct rd whole = *r;
	struct doip_pdu p;
	struct pend *w;
	uint16_t of = 0;

	doip_decode(r, &p);
	if (p.why) {
		c->why = p.why;
		return DIS_BAD;
	}
	if (rd_short(r) && !p.has_target && !p.has_source)
		return DIS_OK;
	switch (p.type) {
	case DOIP_ID_REQ: case DOIP_ID_EID: case DOIP_ID_VIN:
		wait_for(c, DOIP_ID_REQ, &whole);
		return DIS_OK;
	case DOIP_ACTIVATE: case DOIP_ALIVE: case DOIP_STATUS: case DOIP_POWER:
		wait_for(c, p.type, &whole);
		return DIS_OK;
	case DOIP_DIAG:
		diagnostic(c, &p, &whole);
		return DIS_OK;
	case DOIP_ID_RES:
		of = DOIP_ID_REQ;
		break;
	case DOIP_ACTIVATE_RES: case DOIP_ALIVE_RES: case DOIP_STATUS_RES: case DOIP_POWER_RES:
		of = p.type - 1;
		break;
	case DOIP_NACK:
		if (answer(c, pend_oldest(c), &p))
			return DIS_OK;
		break;
	case DOIP_DIAG_ACK:
		return DIS_OK;                  /* the unit's own answer follows */
	case DOIP_DIAG_NACK:
		/* what was refused is quoted behind the code */
		w = pend_oldest(c);
		if (w && w->key >> 40 == DOIP_DIAG && answer(c, w, &p))
			return DIS_OK;
		break;
	}
	if (!of || !answer(c, pend_find(c, of), &p))
		report(c, NULL, &c->when, c->side, &p);
	if (!tok_find(types, p.type)) {
		c->why = "TYPE_UNKNOWN";
		return DIS_BAD;
	}
	return DIS_OK;
}

static void
doip_expire(struct dctx *c, struct pend *w)
{
	struct doip_pdu q;

	unpack(w, &q);
	report(c, &q, &w->when, w->side, NULL);
}

static ssize_t
doip_frame(const struct dctx *c, const struct rd *r)
{
	return doip_length(r);
}

static enum probe
doip_probe(struct probe_in *in)
{
	int s = rd_left(&in->side[0]) ? 0 : 1;
	struct rd r = in->side[s];
	ssize_t n = doip_length(&r);
	struct doip_pdu p;

	if (n < 0)
		return PROBE_NO;
	if (n == 0)
		return in->tcp ? PROBE_MORE : PROBE_NO;
	if (!in->tcp && (size_t)n != rd_left(&r))
		return PROBE_NO;
	if (in->tcp && (size_t)n > rd_left(&r) && rd_left(&r) < 64)
		return PROBE_MORE;
	doip_decode(&r, &p);
	if (!tok_find(types, p.type) || p.why)
		return in->hinted ? PROBE_WEAK : PROBE_NO;
	switch (p.type) {
	case DOIP_ID_RES: case DOIP_ACTIVATE_RES: case DOIP_ALIVE: case DOIP_STATUS_RES:
	case DOIP_POWER_RES: case DOIP_NACK: case DOIP_DIAG_ACK: case DOIP_DIAG_NACK:
		in->reversed = s == 0;
		break;
	case DOIP_DIAG:
		break;
	default:
		in->reversed = s == 1;
	}
	return PROBE_YES;
}

static const struct hint hints[] = {
	{ HINT_TCP, 13400 }, { HINT_UDP, 13400 }, { HINT_END, 0 },
};

static const struct field fields[] = {
	{ "doip.version", "integer", "protocol version; 255 in a search" },
	{ "doip.type", "string", "vehicle_announcement, routing_activation_request, ..." },
	{ "doip.response", "string", "type of the answer" },
	{ "doip.source", "string", "logical address of the sender" },
	{ "doip.target", "string", "logical address of the receiver" },
	{ "doip.vin", "string", "vehicle identification number" },
	{ "doip.eid", "string", "entity identification: mostly its MAC address" },
	{ "doip.gid", "string", "group identification" },
	{ "doip.further_action", "integer", "16: central security has to be activated" },
	{ "doip.activation_type", "integer", "0 default, 1 required by regulation, 224 security" },
	{ "doip.node_type", "string", "gateway or node" },
	{ "doip.max_sockets", "integer", "connections it takes" },
	{ "doip.open_sockets", "integer", "connections it has" },
	{ "doip.max_data", "integer", "longest request it takes" },
	{ "doip.power_mode", "string", "not_ready, ready, not_supported" },
	{ "doip.code", "integer", "code of an answer or refusal" },
	{ "doip.uds.sid", "integer", "UDS service" },
	{ "doip.uds.service", "string", "its name" },
	{ "doip.uds.subfunction", "integer", "its sub-function" },
	{ "doip.uds.identifier", "string", "data or routine identifier" },
	{ "doip.uds.length", "integer", "bytes that follow in the request" },
	{ "doip.uds.response_length", "integer", "bytes that follow in the answer" },
	{ "doip.uds.nrc", "integer", "code of the refusal" },
	{ "doip.uds.refusal", "string", "its name" },
	{ NULL },
};

const struct dissector doip_dissector = {
	.name = "doip",
	.title = "Diagnostics over IP",
	.hints = hints,
	.fields = fields,
	.probe = doip_probe,
	.frame = doip_frame,
	.dissect = doip_dissect,
	.expire = doip_expire,
};
