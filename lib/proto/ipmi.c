/* ipmi.c: RMCP with ASF and IPMI (DSP0136; IPMI 2.0, 13): how server boards are managed
 * past their systems. Presence pings, how sessions may be authenticated, who made the
 * board, and what it is told to do.
 *
 *      0    1    2     3       4
 *     +----+----+-----+-------+---------------------------------------------
 *     | 06 | 00 | seq | class | 06: enterprise 4, type, tag, 0, length, data
 *     +----+----+-----+-------+ 07: authentication 1, sequence 4, session 4,
 *                                   [code 16], length 1, message
 *                                   06: payload 1, session 4, sequence 4, length 2, payload */
#include "proto/enterprise.h"
#include "proto/proto.h"

enum { ASF = 6, IPMI = 7, APP = 6, CHASSIS = 0, RAW_N = 40 };

static const struct { uint8_t fn, cmd; const char *name; enum ot_op op; } commands[] = {
	{ APP, 0x01, "Get Device ID", OT_IDENTIFY },
	{ APP, 0x02, "Cold Reset", OT_COMMAND },
	{ APP, 0x03, "Warm Reset", OT_COMMAND },
	{ APP, 0x04, "Get Self Test Results", OT_READ },
	{ APP, 0x37, "Get System GUID", OT_IDENTIFY },
	{ APP, 0x38, "Get Channel Authentication Capabilities", OT_IDENTIFY },
	{ APP, 0x39, "Get Session Challenge", OT_AUTH },
	{ APP, 0x3a, "Activate Session", OT_AUTH },
	{ APP, 0x3b, "Set Session Privilege Level", OT_AUTH },
	{ APP, 0x3c, "Close Session", OT_CONNECT },
	{ APP, 0x43, "Set User Access", OT_CONFIGURE },
	{ APP, 0x45, "Set User Name", OT_CONFIGURE },
	{ APP, 0x47, "Set User Password", OT_CONFIGURE },
	{ APP, 0x54, "Get Channel Cipher Suites", OT_IDENTIFY },
	{ CHASSIS, 0x01, "Get Chassis Status", OT_READ },
	{ CHASSIS, 0x02, "Chassis Control", OT_COMMAND },
	{ CHASSIS, 0x04, "Chassis Identify", OT_COMMAND },
	{ CHASSIS, 0x08, "Set System Boot Options", OT_CONFIGURE },
	{ 0x04, 0x2d, "Get Sensor Reading", OT_READ },
	{ 0x0a, 0x11, "Read FRU Data", OT_READ },
	{ 0x0a, 0x43, "Get SEL Entry", OT_READ },
	{ 0x0a, 0x47, "Clear SEL", OT_COMMAND },
	{ 0x0a, 0x23, "Get SDR", OT_READ },
	{ 0x0c, 0x01, "Set LAN Configuration Parameters", OT_CONFIGURE },
	{ 0x0c, 0x02, "Get LAN Configuration Parameters", OT_READ },
};
static const struct tok payloads[] = { { 0x10, "Open Session" }, { 0x11, "Open Session" },
	{ 0x12, "RAKP 1" }, { 0x13, "RAKP 2" }, { 0x14, "RAKP 3" }, { 0x15, "RAKP 4" },
	{ 1, "SOL" }, { 0, NULL } };
static const char *const controls[] = { "power_down", "power_up", "power_cycle", "hard_reset",
	"pulse_diagnostic", "soft_shutdown" };
static const char *const auths[] = { "none", "md2", "md5", "reserved", "password", "oem" };

struct msg {
	uint8_t class, seq, asf;        /* asf: 0x80 ping, 0x40 pong */
	bool is_ipmi;
	uint8_t auth, payload;
	bool plus, encrypted, has_cmd, response;
	uint8_t fn, cmd, rq_seq, n;
	uint8_t raw[RAW_N];             /* the command's data, its completion code first */
};

static bool
decode(struct rd r, struct msg *m)
{
	struct rd b;

	memset(m, 0, sizeof(*m));
	if (rd_u8(&r) != 6 || rd_u8(&r) != 0)
		return false;
	m->seq = rd_u8(&r);
	m->class = rd_u8(&r);
	if (m->class & 0x80)                    /* acknowledge */
		return rd_ok(&r) && (m->class & 0x1f) == ASF && !rd_left(&r);
	if (m->class == ASF) {
		uint8_t n;
		if (rd_be32(&r) != 4542)
			return false;
		m->asf = rd_u8(&r);
		rd_skip(&r, 2);
		n = rd_u8(&r);
		if (n > rd_left(&r))
			return false;
		m->n = n < RAW_N ? n : RAW_N;
		const uint8_t *p = rd_bytes(&r, m->n);
		if (p)
			memcpy(m->raw, p, m->n);
		return p != NULL;
	}
	if (m->class != IPMI)
		return false;
	m->is_ipmi = true;
	m->auth = rd_u8(&r);
	if (m->auth == 6) {
		m->plus = true;
		m->payload = rd_u8(&r);
		m->encrypted = m->payload & 0x80;
		m->payload &= 0x3f;
		if (m->payload == 2)
			rd_skip(&r, 6);
		rd_skip(&r, 8);
		b = rd_sub(&r, rd_le16(&r));
	} else if (m->auth <= 5 && m->auth != 3) {
		rd_skip(&r, 8 + (m->auth ? 16u : 0));
		b = rd_sub(&r, rd_u8(&r));
	} else {
		return false;
	}
	if (rd_bad(&b) || rd_bad(&r) || b.err)
		return rd_short(&r) || rd_short(&b);
	if (m->plus && m->payload) {
		m->n = (uint8_t)(rd_have(&b) < RAW_N ? rd_have(&b) : RAW_N);
		memcpy(m->raw, rd_bytes(&b, m->n), m->n);
		return true;
	}
	if (m->encrypted)
		return true;
	rd_skip(&b, 1);
	m->fn = rd_u8(&b) >> 2;
	rd_skip(&b, 2);
	m->rq_seq = rd_u8(&b);
	m->cmd = rd_u8(&b);
	if (!rd_ok(&b))
		return rd_short(&b);
	m->response = m->fn & 1;
	m->fn &= 0x3e;
	m->has_cmd = true;
	if (rd_have(&b) > 1) {                  /* a checksum ends it */
		uint32_t n = rd_have(&b) - 1;
		m->n = (uint8_t)(n < RAW_N ? n : RAW_N);
		memcpy(m->raw, rd_bytes(&b, m->n), m->n);
	}
	return true;
}

static enum probe
ipmi_probe(struct probe_in *in)
{
	for (int side = 0; side < 2; side++) {
		struct msg m;

		if (in->tcp || !rd_left(&in->side[side]))
			continue;
		if (!decode(in->side[side], &m))
			return PROBE_NO;
		in->reversed = (m.response || m.asf == 0x40 || (m.plus && m.payload > 0x10 &&
		    m.payload & 1)) == (side == 0);
		return PROBE_YES;
	}
	return PROBE_NO;
}

static void
capabilities(struct ev *e, const struct msg *a)
{
	uint8_t types;

	if (a->n < 4 || a->raw[0])
		return;
	types = a->raw[2];
	ev_arr(e, "auth_types");
	for (unsigned i = 0; i < 6; i++)
		if (types >> i & 1 && i != 3)
			ev_a_str(e, text_c(auths[i]));
	ev_end(e);
	ev_bool(e, "ipmi20", types & 0x80 && a->n >= 5 && a->raw[4] & 2);
	if ((types & 0x17) || a->raw[3] & 7) {
		ev_arr(e, "weak");
		if (types & 1)
			ev_a_str(e, TEXT("none"));
		if (types & 0x16)
			ev_a_str(e, TEXT("version"));
		if (a->raw[3] & 3)              /* no user, or no name and a password */
			ev_a_str(e, TEXT("anonymous"));
		ev_end(e);
	}
}

static void
device(struct ev *e, const struct msg *a)
{
	struct ident *i;

	if (a->n < 12 || a->raw[0])
		return;
	i = ev_identity(e, "ipmi", EV_DEST);
	i->firmware = ev_text(e, "%u.%02x", a->raw[3] & 0x7f, a->raw[4]);
	i->hardware = ev_text(e, "%u", a->raw[2] & 15);
	i->vendor = enterprise_vendor(a->raw[7] | (uint32_t)a->raw[8] << 8 |
	    (uint32_t)(a->raw[9] & 15) << 16);
	i->order_code = ev_text(e, "0x%04x", a->raw[10] | a->raw[11] << 8);
	i->role = TEXT("bmc");
}

static void
put_command(struct dctx *c, const struct msg *q, const struct when *when, const struct msg *a)
{
	const struct msg *p = q ? q : a;
	struct ev *e = ev_begin(c, "ipmi", when, 0);
	size_t k = 0, n = sizeof(commands) / sizeof(commands[0]);

	while (k < n && (commands[k].fn != p->fn || commands[k].cmd != p->cmd))
		k++;
	ev_cstr(e, "version", p->plus ? "2.0" : "1.5");
	ev_uint(e, "net_function", p->fn);
	ev_uint(e, "command", p->cmd);
	ev_cstr(e, "name", k < n ? commands[k].name : NULL);
	if (!p->plus && p->auth < 6)
		ev_cstr(e, "auth", auths[p->auth]);
	e->ot.op = k < n ? commands[k].op : OT_OTHER;
	e->ot.service = k < n ? text_c(commands[k].name) : ev_text(e, "%02x/%02x", p->fn, p->cmd);
	if (q && q->fn == CHASSIS && q->cmd == 2 && q->n) {
		e->ot.object = TEXT("chassis");
		if ((q->raw[0] & 15) < 6)
			ev_val_str(e, text_c(controls[q->raw[0] & 15]));
	}
	if (a && a->fn == APP && a->cmd == 0x38)
		capabilities(e, a);
	if (a && a->fn == APP && a->cmd == 0x01)
		device(e, a);
	if (!a) {
		ev_unanswered(e, c);
	} else {
		if (q)
			ev_answered(e, c, when);
		else
			e->ot.result = TEXT("ok");
		if (a->n && a->raw[0])
			e->ot.result = ev_text(e, "completion_%02x", a->raw[0]);
	}
	ev_emit(e);
}

/* Opening a session of 2.0 says its algorithms; suite 0 needs no password. */
static void
put_session(struct dctx *c, const struct msg *m)
{
	struct ev *e = ev_begin(c, "ipmi", &c->when, c->side);
	const char *name = tok_find(payloads, m->payload);

	ev_cstr(e, "version", "2.0");
	ev_cstr(e, "name", name);
	e->ot.op = OT_AUTH;
	e->ot.service = text_c(name);
	/* tag, status or privilege, 2; session 4 (answer: 8), then three of type 3, 8 bytes */
	unsigned at = m->payload == 0x11 ? 12 : 8;
	if ((m->payload == 0x10 || m->payload == 0x11) && m->n >= at + 24) {
		uint8_t auth = m->raw[at + 4] & 0x3f, privacy = m->raw[at + 20] & 0x3f;
		ev_uint(e, "auth_algorithm", auth);
		ev_uint(e, "privacy_algorithm", privacy);
		if (!auth || !privacy) {
			ev_arr(e, "weak");
			if (!auth)
				ev_a_str(e, TEXT("none"));
			if (!privacy)
				ev_a_str(e, TEXT("clear"));
			ev_end(e);
		}
	}
	if (m->payload != 0x10 && m->payload != 0x12 && m->payload != 0x14 && m->n >= 2)
		e->ot.result = m->raw[1] ? ev_text(e, "status_%02x", m->raw[1]) : TEXT("ok");
	ev_emit(e);
}

static void
put_asf(struct dctx *c, const struct msg *q, const struct when *when, const struct msg *a)
{
	struct ev *e = ev_begin(c, "ipmi", when, 0);

	ev_cstr(e, "version", "asf");
	ev_cstr(e, "name", "Presence Ping");
	e->ot.op = OT_IDENTIFY;
	e->ot.service = TEXT("Presence Ping");
	if (a && a->n >= 9) {
		struct text vendor = enterprise_vendor((uint32_t)a->raw[0] << 24 |
		    (uint32_t)a->raw[1] << 16 | (uint32_t)a->raw[2] << 8 | a->raw[3]);
		struct ident *i;
		ev_bool(e, "ipmi", a->raw[8] & 0x80);
		i = ev_identity(e, "ipmi.asf", EV_DEST);
		i->vendor = vendor;
		i->role = a->raw[8] & 0x80 ? TEXT("bmc") : (struct text){ 0 };
	}
	if (!a)
		ev_unanswered(e, c);
	else if (q)
		ev_answered(e, c, when);
	ev_emit(e);
}

static uint64_t
key_of(const struct msg *m)
{
	return m->is_ipmi ? (uint64_t)m->fn << 16 | (uint64_t)m->cmd << 8 | m->rq_seq : 1u << 24;
}

static enum verdict
ipmi_dissect(struct dctx *c, struct rd *r)
{
	struct msg m, q;
	struct pend *w;
	struct when when;
	bool answer;

	if (!decode(*r, &m)) {
		c->why = "SYNTAX";
		return c->cut ? DIS_OK : DIS_BAD;
	}
	if (m.class & 0x80 || m.encrypted)
		return DIS_OK;
	if (m.plus && m.payload) {
		if (m.payload >= 0x10 && tok_find(payloads, m.payload))
			put_session(c, &m);
		if (m.payload == 0x13)          /* RAKP 2 has a digest of the password */
			proto_credential(c, CRED_PASSWORD, CRED_DIGEST, false);
		return DIS_OK;
	}
	if (m.is_ipmi ? !m.has_cmd : m.asf != 0x80 && m.asf != 0x40)
		return DIS_OK;
	if (m.auth == 4 && !m.plus)
		proto_credential(c, CRED_PASSWORD, CRED_CLEAR, false);
	answer = m.is_ipmi ? m.response : m.asf == 0x40;
	if (!answer) {
		pend_put(c, key_of(&m), &m, sizeof(m));
		return DIS_OK;
	}
	if ((w = pend_find(c, key_of(&m)))) {
		q = *(const struct msg *)w->data;
		when = w->when;
		pend_done(c, w);
	}
	if (m.is_ipmi)
		put_command(c, w ? &q : NULL, w ? &when : &c->when, &m);
	else
		put_asf(c, w ? &q : NULL, w ? &when : &c->when, &m);
	return DIS_OK;
}

static void
ipmi_expire(struct dctx *c, struct pend *p)
{
	const struct msg *q = (const struct msg *)p->data;

	if (q->is_ipmi)
		put_command(c, q, &p->when, NULL);
	else
		put_asf(c, q, &p->when, NULL);
}

static const struct hint hints[] = { { HINT_UDP, 623 }, { HINT_UDP, 664 }, { HINT_END, 0 } };

static const struct field fields[] = {
	{ "ipmi.version", "string", "1.5, 2.0 or asf" },
	{ "ipmi.net_function", "integer", "group of commands" },
	{ "ipmi.command", "integer", "command" },
	{ "ipmi.name", "string", "its name" },
	{ "ipmi.auth", "string", "how the session is authenticated: none, md5, password, ..." },
	{ "ipmi.auth_types", "array", "what the board would take" },
	{ "ipmi.ipmi20", "boolean", "it takes sessions of version 2.0" },
	{ "ipmi.auth_algorithm", "integer", "of a session of 2.0; 0: none" },
	{ "ipmi.privacy_algorithm", "integer", "of a session of 2.0; 0: none" },
	{ "ipmi.weak", "array", "none, version (1.5's ways), anonymous, clear" },
	{ "ipmi.ipmi", "boolean", "who answers a ping has IPMI" },
	{ NULL },
};

const struct dissector ipmi_dissector = {
	.name = "ipmi",
	.title = "IPMI and ASF over RMCP",
	.hints = hints,
	.fields = fields,
	.probe = ipmi_probe,
	.dissect = ipmi_dissect,
	.expire = ipmi_expire,
};
