/* hislip.c: HiSLIP, IVI-6.1 (TCP 4880): a synchronous connection for messages
 * and an asynchronous one for what must not wait behind them.
 *
 *      0       2      3         4           8               16
 *     +-------+------+---------+-----------+---------------+---------
 *     | "HS"  | type | control | parameter | payload length| payload
 *     +-------+------+---------+-----------+---------------+---------
 *
 * The payload of Data and DataEnd is SCPI: those events are "scpi" ones. What
 * only keeps step (sizes, status polls, interruptions) is no event. With
 * version 2 a connection may change to TLS in midstream. */
#include "base/ascii.h"
#include "proto/scpi.h"

enum { HEAD = 16, DEVICE = 40 };

enum type {
	INITIALIZE, INITIALIZE_RESPONSE, FATAL_ERROR, ERROR, ASYNC_LOCK, ASYNC_LOCK_RESPONSE, DATA,
	DATA_END, CLEAR_COMPLETE, CLEAR_ACK, REMOTE_LOCAL, REMOTE_LOCAL_RESPONSE, TRIGGER,
	INTERRUPTED, ASYNC_INTERRUPTED, MAX_SIZE, MAX_SIZE_RESPONSE, ASYNC_INITIALIZE,
	ASYNC_INITIALIZE_RESPONSE, ASYNC_CLEAR, SERVICE_REQUEST, STATUS, STATUS_RESPONSE,
	ASYNC_CLEAR_ACK, LOCK_INFO, LOCK_INFO_RESPONSE, DESCRIPTORS, DESCRIPTORS_RESPONSE,
	START_TLS, ASYNC_START_TLS, ASYNC_START_TLS_RESPONSE, END_TLS, ASYNC_END_TLS,
	ASYNC_END_TLS_RESPONSE, MECHANISMS, MECHANISMS_RESPONSE, AUTH_START, AUTH_EXCHANGE,
	AUTH_RESULT, TYPES
};

/* IVI-6.1, table 4: name; what a request of it does; the type of its answer. */
static const struct { const char *name; uint8_t op, answer; } types[TYPES] = {
	[INITIALIZE] = { "Initialize", OT_CONNECT, INITIALIZE_RESPONSE },
	[INITIALIZE_RESPONSE] = { "InitializeResponse", OT_CONNECT, 0 },
	[FATAL_ERROR] = { "FatalError", OT_ERROR, 0 },
	[ERROR] = { "Error", OT_ERROR, 0 },
	[ASYNC_LOCK] = { "AsyncLock", OT_COMMAND, ASYNC_LOCK_RESPONSE },
	[REMOTE_LOCAL] = { "AsyncRemoteLocalControl", OT_COMMAND, REMOTE_LOCAL_RESPONSE },
	[TRIGGER] = { "Trigger", OT_COMMAND, 0 },
	[ASYNC_INITIALIZE] = { "AsyncInitialize", OT_CONNECT, ASYNC_INITIALIZE_RESPONSE },
	[ASYNC_INITIALIZE_RESPONSE] = { "AsyncInitializeResponse", OT_CONNECT, 0 },
	[ASYNC_CLEAR] = { "AsyncDeviceClear", OT_COMMAND, ASYNC_CLEAR_ACK },
	[SERVICE_REQUEST] = { "AsyncServiceRequest", OT_REPORT, 0 },
	[START_TLS] = { "StartTLS", OT_AUTH, 0 },
	[ASYNC_START_TLS] = { "AsyncStartTLS", OT_AUTH, ASYNC_START_TLS_RESPONSE },
	[END_TLS] = { "EndTLS", OT_AUTH, 0 },
	[ASYNC_END_TLS] = { "AsyncEndTLS", OT_AUTH, ASYNC_END_TLS_RESPONSE },
	[AUTH_START] = { "AuthenticationStart", OT_AUTH, 0 },
	[AUTH_RESULT] = { "AuthenticationResult", OT_AUTH, 0 },
};

static const struct tok fatal_errors[] = {
	{ 0, "unidentified_error" }, { 1, "poorly_formed_message_header" },
	{ 2, "connection_used_without_both_channels" }, { 3, "invalid_initialization_sequence" },
	{ 4, "maximum_clients_exceeded" }, { 5, "secure_connection_failed" }, { 0, NULL },
};

static const struct tok errors[] = {
	{ 0, "unidentified_error" }, { 1, "unrecognized_message_type" },
	{ 2, "unrecognized_control_code" }, { 3, "unrecognized_vendor_message" },
	{ 4, "message_too_large" }, { 5, "authentication_mechanism_not_accepted" }, { 0, NULL },
};

static const struct tok remote_local[] = {
	{ 0, "disable_remote" }, { 1, "enable_remote" }, { 2, "disable_remote_go_to_local" },
	{ 3, "enable_remote_go_to_remote" }, { 4, "enable_remote_lockout_local" },
	{ 5, "enable_remote_go_to_remote_lockout_local" }, { 6, "go_to_local" }, { 0, NULL },
};

/* Two letters, of the list of VXI plug&play vendors (VPP-9). */
static const struct { char id[3]; const char *name; } vendors[] = {
#include "rules/vendors-vxi.inc"
};

struct hislip_state {
	struct scpi_talk talk;
	uint8_t device_n;
	char device[DEVICE];
	bool plain;                     /* SASL mechanism PLAIN was chosen */
};

struct hs {
	uint8_t type, control;
	uint32_t param;
	uint64_t length;
	struct rd body;
};

/* A request as it waits. */
struct hs_wait {
	uint8_t type, control, device_n;
	uint32_t param;
	char device[DEVICE];
};

static bool
is_tls(const struct rd *r)
{
	return rd_peek8(r, 0) == 0x16 && rd_peek8(r, 1) == 3;
}

static bool
head_ok(const struct rd *r)
{
	struct rd v = *r;
	uint64_t length;
	uint8_t type;

	rd_skip(&v, 2);
	type = rd_u8(&v);
	rd_skip(&v, 5);
	length = rd_be64(&v);
	if (!rd_ok(&v))
		return true;
	return (type < TYPES || type >= 128) && length < (uint64_t)1 << 40;
}

static ssize_t
hislip_frame(const struct dctx *c, const struct rd *r)
{
	struct rd v = *r;
	uint64_t n;

	if (is_tls(r))
		return rd_have(r);
	if (rd_have(r) && rd_peek8(r, 0) != 'H')
		return rd_have(r) == 1 && rd_peek8(r, 0) == 0x16 ? 0 : -1;
	if (rd_have(r) < HEAD)
		return rd_have(r) > 1 && rd_peek8(r, 1) != 'S' ? -1 : 0;
	if (rd_be16(&v) != 0x4853 || !head_ok(r))
		return -1;
	rd_skip(&v, 6);
	n = rd_be64(&v);
	return n > UINT32_MAX - HEAD ? (ssize_t)UINT32_MAX : (ssize_t)n + HEAD;
}

/* ---- events ---- */

/* Two ASCII letters in the lower half of a parameter. */
static struct text
vendor_id(struct ev *e, uint32_t v)
{
	char *p = ev_room(e, 2);
	int a = v >> 8 & 0xff, b = v & 0xff;

	if (!p || a <= ' ' || a > '~' || b < ' ' || b > '~')
		return (struct text){ NULL, 0 };
	p[0] = (char)a;
	p[1] = (char)b;
	return text_trim(p, 2);
}

static const char *
vendor_name(struct text id)
{
	for (size_t i = 0; id.n == 2 && i < sizeof(vendors) / sizeof(vendors[0]); i++)
		if (memcmp(vendors[i].id, id.p, 2) == 0)
			return vendors[i].name;
	return NULL;
}

static struct text
version(struct ev *e, uint32_t v)
{
	return ev_text(e, "%u.%u", v >> 8 & 0xff, v & 0xff);
}

static struct ev *
begin(struct dctx *c, uint8_t type, const struct when *at, int side, struct text device)
{
	struct ev *e = ev_begin(c, "hislip", at, side);

	ev_cstr(e, "message", types[type].name);
	ev_str(e, "sub_address", device);
	e->ot.op = (enum ot_op)types[type].op;
	e->ot.service = text_c(types[type].name);
	if (types[type].op == OT_COMMAND)
		e->ot.object = device;
	return e;
}

static void
put_initialized(struct ev *e, const struct hs_wait *q, const struct hs *a)
{
	bool async = (q ? q->type : a->type - 1) == ASYNC_INITIALIZE;

	if (q && !async) {
		ev_str(e, "client_version", version(e, q->param >> 16));
		ev_str(e, "client_vendor", vendor_id(e, q->param));
	}
	if (!a)
		return;
	if (!async) {
		ev_str(e, "server_version", version(e, a->param >> 16));
		ev_uint(e, "session", a->param & 0xffff);
		ev_cstr(e, "mode", a->control & 1 ? "overlap" : "synchronized");
		if (a->param >> 16 >= 0x200) {
			ev_bool(e, "encryption_mandatory", a->control >> 1 & 1);
			ev_bool(e, "encryption_initial", a->control >> 2 & 1);
		}
	} else {
		struct text id = vendor_id(e, a->param);
		const char *name = vendor_name(id);

		if (q)
			ev_uint(e, "session", q->param & 0xffff);
		ev_str(e, "server_vendor", id);
		if (name) {
			struct ident *i = ev_identity(e, "hislip.initialize", EV_DEST);
			i->vendor = text_c(name);
			i->role = TEXT("instrument");
		}
	}
}

static const char *
lock_result(uint8_t code)
{
	static const char *const names[] = { "failure", "ok", "ok", "error" };
	return code < 4 ? names[code] : NULL;
}

/* A request with its answer, or one of them alone. */
static void
pair_event(struct dctx *c, const struct hs_wait *q, const struct when *at, const struct hs *a)
{
	struct hislip_state *s = c->state;
	uint8_t type = q ? q->type : a->type == INITIALIZE_RESPONSE ? INITIALIZE : ASYNC_INITIALIZE;
	struct text device = q && q->device_n ? (struct text){ q->device, q->device_n } :
	    (struct text){ s->device, s->device_n };
	struct ev *e = begin(c, type, at, 0, device);
	const char *why = NULL;

	if (q && a)
		ev_answered(e, c, at);
	else if (a)
		e->ot.result = TEXT("ok");
	else
		ev_unanswered(e, c);
	switch (type) {
	case INITIALIZE: case ASYNC_INITIALIZE:
		put_initialized(e, q, a);
		break;
	case ASYNC_LOCK:
		ev_cstr(e, "action", !q->control ? "release" : q->param ? "request_shared" :
		    "request_exclusive");
		if (a)
			why = lock_result(a->control);
		break;
	case REMOTE_LOCAL:
		ev_cstr(e, "action", tok_find(remote_local, q->control));
		break;
	case ASYNC_START_TLS: case ASYNC_END_TLS:
		if (a)
			why = a->control == 1 ? "ok" : a->control == 0 ? "busy" : "error";
		break;
	}
	if (why)
		e->ot.result = text_c(why);
	ev_emit(e);
}

/* The lock's name is of the clients' choice (a key that they share): whether
 * there is one tells what kind of lock it is. */
static void
wait_for(struct dctx *c, const struct hs *m)
{
	struct hislip_state *s = c->state;
	struct hs_wait w = { .type = m->type, .control = m->control, .param = m->param };
	struct rd body = m->body;

	if (m->type == INITIALIZE) {
		struct text t = text_rd(&body, rd_have(&body) < DEVICE ? rd_have(&body) : DEVICE);

		w.device_n = s->device_n = (uint8_t)t.n;
		if (t.n) {
			memcpy(w.device, t.p, t.n);
			memcpy(s->device, t.p, t.n);
		}
	} else if (m->type == ASYNC_LOCK) {
		w.param = m->length > 0;
	}
	pend_put(c, types[m->type].answer, &w, sizeof(w));
}

static void
answer(struct dctx *c, const struct hs *m)
{
	struct pend *p = pend_find(c, m->type);

	if (p) {
		struct hs_wait w = *(const struct hs_wait *)p->data;
		struct when at = p->when;

		pend_done(c, p);
		pair_event(c, &w, &at, m);
	} else if (m->type == INITIALIZE_RESPONSE || m->type == ASYNC_INITIALIZE_RESPONSE) {
		pair_event(c, NULL, &c->when, m);
	}
}

/* SASL (RFC 4422): the name of the mechanism, or with PLAIN the password itself. */
static void
authentication(struct dctx *c, const struct hs *m)
{
	struct hislip_state *s = c->state;
	struct text name, device = { s->device, s->device_n };
	struct rd body = m->body;
	struct ev *e;

	if (m->type == AUTH_START) {
		name = text_rd(&body, rd_have(&body) < 20 ? rd_have(&body) : 20);
		for (uint32_t i = 0; i < name.n; i++)   /* RFC 4422, 3.1 */
			if (!(ascii_upper(name.p[i]) || name.p[i] == '-' ||
			    name.p[i] == '_' || ascii_digit(name.p[i])))
				name.n = i;
		s->plain = name.n == 5 && memcmp(name.p, "PLAIN", 5) == 0;
		e = begin(c, AUTH_START, &c->when, c->side, device);
		ev_str(e, "mechanism", name);
		ev_emit(e);
	} else if (m->type == AUTH_EXCHANGE) {
		if (c->side == 0 && m->length)
			proto_credential(c, s->plain ? CRED_PASSWORD : CRED_CHALLENGE,
			    s->plain ? CRED_CLEAR : CRED_DIGEST, false);
	} else {
		e = begin(c, AUTH_RESULT, &c->when, c->side, device);
		e->ot.result = m->control == 1 ? TEXT("ok") : TEXT("refused");
		ev_emit(e);
	}
}

static void
alone(struct dctx *c, const struct hs *m)
{
	struct hislip_state *s = c->state;
	struct text device = { s->device, s->device_n };
	struct ev *e = begin(c, m->type, &c->when, c->side, device);

	if (m->type == FATAL_ERROR || m->type == ERROR) {
		const char *name = tok_find(m->type == ERROR ? errors : fatal_errors, m->control);

		ev_uint(e, "error_code", m->control);
		ev_cstr(e, "error", name);
		e->ot.result = text_c(name ? name : m->control >= 128 ? "device_error" : "error");
	} else if (m->type == SERVICE_REQUEST) {
		ev_uint(e, "status", m->control);
	}
	ev_emit(e);
}

static void
cleared(struct dctx *c, const struct scpi_via *via)
{
	struct dctx d = *c;

	d.side = 1;
	while (scpi_refused(&d, via, TEXT("cleared")))
		;
}

static enum verdict
hislip_dissect(struct dctx *c, struct rd *r)
{
	struct hislip_state *s = c->state;
	struct scpi_via via = { &s->talk, TEXT("hislip"), { s->device, s->device_n },
		scpi_is_behind((struct text){ s->device, s->device_n }), true };
	struct hs m;
	struct ev *e;

	if (is_tls(r)) {
		e = ev_begin(c, "hislip", &c->when, 0);
		ev_cstr(e, "message", "TLS");
		ev_bool(e, "encrypted", true);
		e->ot.op = OT_CONNECT;
		ev_emit(e);
		return DIS_LEAVE;
	}
	rd_skip(r, 2);
	m.type = rd_u8(r);
	m.control = rd_u8(r);
	m.param = rd_be32(r);
	m.length = rd_be64(r);
	if (!rd_ok(r))
		return DIS_OK;
	m.body = rd_init(rd_at(r), rd_have(r), rd_left(r));
	rd_skip(r, rd_have(r));
	if (m.type >= 128)              /* vendors' own */
		return DIS_OK;
	if (m.type >= TYPES) {
		c->why = "UNKNOWN_TYPE";
		return DIS_BAD;
	}
	switch ((enum type)m.type) {
	case DATA: case DATA_END:
		if (c->side == 0)
			scpi_program(c, &via, m.body, m.type == DATA_END);
		else
			scpi_response(c, &via, m.body, m.type == DATA_END);
		break;
	case INITIALIZE: case ASYNC_INITIALIZE: case ASYNC_LOCK: case REMOTE_LOCAL:
	case ASYNC_CLEAR: case ASYNC_START_TLS: case ASYNC_END_TLS:
		wait_for(c, &m);
		break;
	case INITIALIZE_RESPONSE: case ASYNC_INITIALIZE_RESPONSE: case ASYNC_LOCK_RESPONSE:
	case REMOTE_LOCAL_RESPONSE: case ASYNC_CLEAR_ACK: case ASYNC_START_TLS_RESPONSE:
	case ASYNC_END_TLS_RESPONSE:
		answer(c, &m);
		break;
	case AUTH_START: case AUTH_EXCHANGE: case AUTH_RESULT:
		authentication(c, &m);
		break;
	case FATAL_ERROR: case ERROR: case TRIGGER: case SERVICE_REQUEST: case START_TLS:
	case END_TLS:
		alone(c, &m);
		break;
	case CLEAR_COMPLETE:            /* what was asked before is not answered any more */
		cleared(c, &via);
		break;
	default:
		break;
	}
	return DIS_OK;
}

static void
hislip_expire(struct dctx *c, struct pend *p)
{
	if (!scpi_expire(c, p))
		pair_event(c, (const struct hs_wait *)p->data, &p->when, NULL);
}

/* ---- recognising ---- */

static enum probe
hislip_probe(struct probe_in *in)
{
	bool seen = false;

	for (int i = 0; i < 2; i++) {
		struct rd r = in->side[i];
		int b = rd_peek8(&r, 0), type = rd_peek8(&r, 2);

		if (b < 0)
			continue;
		if (b != 'H' || (rd_have(&r) > 1 && rd_peek8(&r, 1) != 'S') || !head_ok(&r))
			return PROBE_NO;
		if (rd_have(&r) < HEAD)
			continue;
		seen = true;
		/* answers from what seemed the client: seen from the middle */
		if (i == 0 && (type == INITIALIZE_RESPONSE || type == ASYNC_INITIALIZE_RESPONSE ||
		    type == STATUS_RESPONSE || type == ASYNC_LOCK_RESPONSE))
			in->reversed = true;
	}
	return seen ? PROBE_YES : PROBE_MORE;
}

static const struct hint hints[] = {
	{ HINT_TCP, 4880 }, { HINT_END, 0 },
};

static const struct field fields[] = {
	{ "hislip.message", "string", "message; a request's, with its answer" },
	{ "hislip.sub_address", "string", "the device asked for: hislip0" },
	{ "hislip.client_version", "string", "the client's version of HiSLIP" },
	{ "hislip.client_vendor", "string", "its maker's two letters" },
	{ "hislip.server_version", "string", "the instrument's version of HiSLIP" },
	{ "hislip.server_vendor", "string", "its maker's two letters" },
	{ "hislip.session", "integer", "number that its two connections share" },
	{ "hislip.mode", "string", "overlap or synchronized" },
	{ "hislip.encryption_mandatory", "boolean", "the instrument insists on TLS" },
	{ "hislip.encryption_initial", "boolean", "TLS from the beginning" },
	{ "hislip.encrypted", "boolean", "the connection changed to TLS" },
	{ "hislip.action", "string", "which lock; remote or local" },
	{ "hislip.mechanism", "string", "SASL mechanism by which the client logs in" },
	{ "hislip.error_code", "integer", "number of an error" },
	{ "hislip.error", "string", "its name" },
	{ "hislip.status", "integer", "status byte of a service request" },
	{ NULL },
};

const struct dissector hislip_dissector = {
	.name = "hislip",
	.title = "HiSLIP",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct hislip_state),
	.probe = hislip_probe,
	.frame = hislip_frame,
	.dissect = hislip_dissect,
	.expire = hislip_expire,
};
