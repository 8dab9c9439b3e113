/* dlms.c: DLMS/COSEM of meters (IEC 62056-5-3): associations, get, set and action by
 * logical name, what is still visible of ciphered messages.
 *
 * An object is its OBIS code and the attribute or method: "0-0:42.0.0.255 attribute 2".
 * A request is tied to its answer by invoke id, client and server. Passwords, keys and
 * challenges are never written, nor what is set in the objects that hold them. */
#include "proto/dlms.h"

enum { CLASS_DATA = 1, CLASS_REGISTER = 3, CLASS_CLOCK = 8, CLASS_SCRIPT = 9, CLASS_SN = 12,
	CLASS_LN = 15, CLASS_IMAGE = 18, CLASS_SECURITY = 64, CLASS_DISCONNECT = 70 };
enum { LIST_MAX = 64 };

static const struct tok tags[] = {
	{ TAG_SNRM, "SNRM" }, { TAG_UA, "UA" }, { TAG_DISC, "DISC" }, { TAG_DM, "DM" },
	{ AARQ, "AARQ" }, { AARE, "AARE" }, { RLRQ, "RLRQ" }, { RLRE, "RLRE" },
	{ 0x01, "InitiateRequest" }, { 0x05, "ReadRequest" }, { 0x06, "WriteRequest" },
	{ 0x08, "InitiateResponse" }, { 0x0c, "ReadResponse" }, { 0x0d, "WriteResponse" },
	{ SERVICE_ERROR, "ConfirmedServiceError" }, { DATA_NOTE, "DataNotification" },
	{ GET_REQ, "GetRequest" }, { SET_REQ, "SetRequest" }, { EVENT_NOTE, "EventNotification" },
	{ ACTION_REQ, "ActionRequest" }, { GET_RESP, "GetResponse" }, { SET_RESP, "SetResponse" },
	{ ACTION_RESP, "ActionResponse" }, { 0xc8, "GloGetRequest" }, { 0xc9, "GloSetRequest" },
	{ 0xcb, "GloActionRequest" }, { 0xcc, "GloGetResponse" }, { 0xcd, "GloSetResponse" },
	{ 0xcf, "GloActionResponse" }, { 0xd0, "DedGetRequest" }, { 0xd1, "DedSetRequest" },
	{ 0xd3, "DedActionRequest" }, { 0xd4, "DedGetResponse" }, { 0xd5, "DedSetResponse" },
	{ 0xd7, "DedActionResponse" }, { EXCEPTION, "ExceptionResponse" },
	{ 0xdb, "GeneralGloCiphering" }, { 0xdc, "GeneralDedCiphering" },
	{ 0xdd, "GeneralCiphering" }, { 0xdf, "GeneralSigning" }, { 0xe0, "GeneralBlockTransfer" },
	{ 0, NULL },
};

static const struct tok results[] = {
	{ 1, "hardware_fault" }, { 2, "temporary_failure" }, { 3, "read_write_denied" },
	{ 4, "object_undefined" }, { 9, "object_class_inconsistent" },
	{ 11, "object_unavailable" }, { 12, "type_unmatched" }, { 13, "scope_of_access_violated" },
	{ 14, "data_block_unavailable" }, { 15, "long_get_aborted" },
	{ 16, "no_long_get_in_progress" },
	{ 17, "long_set_aborted" }, { 18, "no_long_set_in_progress" },
	{ 19, "data_block_number_invalid" }, { 250, "other_reason" }, { 0, NULL },
};

static const struct tok mechanisms[] = {
	{ 0, "none" }, { 1, "password" }, { 2, "hls" }, { 3, "hls_md5" }, { 4, "hls_sha1" },
	{ 5, "hls_gmac" }, { 6, "hls_sha256" }, { 7, "hls_ecdsa" }, { 0xff, NULL },
};

static bool
is_ciphered(unsigned tag)
{
	return (tag >= 0xc8 && tag <= 0xd7) || (tag >= GENERAL_FIRST && tag < GENERAL_LAST);
}

/* Does this object hold keys or passwords? */
static bool
is_secret(const struct dlms_object *o)
{
	return o->class == CLASS_LN || o->class == CLASS_SN || o->class == CLASS_SECURITY;
}

static struct text
object_name(struct ev *e, const struct dlms_object *o, bool method)
{
	return ev_text(e, "%u-%u:%u.%u.%u.%u %s %d", o->obis[0], o->obis[1], o->obis[2],
	    o->obis[3], o->obis[4], o->obis[5], method ? "method" : "attribute", o->index);
}

static enum ot_op
op_of(unsigned tag, const struct dlms_object *o)
{
	switch (tag) {
	case AARQ: case AARE: case RLRQ: case RLRE: case TAG_SNRM: case TAG_UA: case TAG_DISC:
	case TAG_DM: case 0x01: case 0x08:
		return OT_CONNECT;
	case GET_REQ: case GET_RESP: case 0xc8: case 0xcc: case 0xd0: case 0xd4: case 0x05:
	case 0x0c:
		return OT_READ;
	case SET_REQ:
		if (o->class == CLASS_IMAGE)
			return OT_PROGRAM;
		return is_secret(o) || o->class == CLASS_CLOCK ||
		    (o->class >= 19 && o->class <= 48) ? OT_CONFIGURE : OT_WRITE;
	case SET_RESP: case 0xc9: case 0xcd: case 0xd1: case 0xd5: case 0x06: case 0x0d:
		return OT_WRITE;
	case ACTION_REQ:
		if (o->class == CLASS_IMAGE)
			return OT_PROGRAM;
		return o->class == CLASS_LN && o->index == 1 ? OT_AUTH :
		    is_secret(o) ? OT_CONFIGURE : OT_COMMAND;
	case ACTION_RESP: case 0xcb: case 0xcf: case 0xd3: case 0xd7:
		return OT_COMMAND;
	case EVENT_NOTE: case DATA_NOTE:
		return OT_REPORT;
	case EXCEPTION: case SERVICE_ERROR:
		return OT_ERROR;
	default:
		return OT_OTHER;
	}
}

/* The maker's three letters, by which logical device names and system titles begin. */
static struct text
maker(const uint8_t *p, uint32_t n)
{
	for (unsigned i = 0; i < 3; i++)
		if (n < 3 || p[i] < 'A' || p[i] > 'Z')
			return (struct text){ 0 };
	return text_trim(p, 3);
}

static struct ident *
identity(struct ev *e, const struct dlms_msg *m, const char *source)
{
	struct ident *i;

	/* a physical address means a line behind this one: a gateway's meters */
	if (!m->lower) {
		i = ev_identity(e, source, EV_DEST);
		i->role = TEXT("meter");
		return i;
	}
	i = ev_identity(e, source, EV_OTHER);
	i->has_parent = true;
	i->parent = EV_DEST;
	i->sub = ev_text_num(e, "hdlc ", 5, m->lower);
	i->role = TEXT("meter");
	return i;
}

/* What a value read says of who holds it. */
static void
identify(struct ev *e, const struct dlms_msg *m, const struct dlms_object *o, struct rd r)
{
	static const uint8_t name[6] = { 0, 0, 42, 0, 0, 255 };
	static const uint8_t firmware[6] = { 1, 0, 0, 2, 0, 255 };
	static const uint8_t serial[6] = { 0, 0, 96, 1, 0, 255 };
	struct text t;

	if (o->class != CLASS_DATA || o->index != 2 || !(t = dlms_text(r)).n)
		return;
	if (memcmp(o->obis, name, 6) == 0) {
		struct ident *i = identity(e, m, "dlms.name");
		i->hostname = t;
		i->vendor = maker((const uint8_t *)t.p, t.n);
	} else if (memcmp(o->obis, firmware, 6) == 0) {
		identity(e, m, "dlms.firmware")->firmware = t;
	} else if (memcmp(o->obis, serial, 6) == 0) {
		identity(e, m, "dlms.serial")->serial = t;
	}
}

/* AARQ and AARE: BER, of which names, mechanism and result are of use. */
static void
put_association(struct ev *e, const struct dlms_msg *m)
{
	struct rd r = rd_init(m->raw, m->n, m->n);
	uint64_t seen = 0;
	unsigned mechanism = 0;

	while (rd_left(&r) >= 2) {
		uint8_t tag = rd_u8(&r);
		/* each once; the mechanism has two tags */
		uint64_t bit = 1ull << ((tag == 0x89 ? 0x8b : tag) & 63);
		uint32_t n = rd_u8(&r);
		struct rd v = rd_sub(&r, n);
		const uint8_t *p = v.p;

		if (!rd_ok(&v))
			return;
		if (seen & bit)
			continue;
		seen |= bit;
		switch (tag) {
		case 0xa1:
			if (n >= 2)
				ev_uint(e, "context", p[n - 1]);
			break;
		case 0x8b: case 0x89:
			if (!n)
				break;
			mechanism = p[n - 1];
			ev_uint(e, "mechanism", mechanism);
			ev_cstr(e, "mechanism_name", tok_find(mechanisms, p[n - 1]));
			break;
		case 0xac:
			ev_bool(e, "authentication_value", true);
			/* of the caller's: the password itself; with MD5 and SHA-1 half of
			 * what guessing one needs, and the other half follows */
			if (m->tag != AARE && mechanism == 1)
				ev_credential(e, CRED_PASSWORD, CRED_CLEAR);
			else if (m->tag != AARE && (mechanism == 3 || mechanism == 4))
				ev_credential(e, CRED_CHALLENGE, CRED_DIGEST);
			break;
		case 0xa2:
			if (n == 3 && m->tag == AARE) {
				ev_uint(e, "result", p[2]);
				if (p[2])
					e->ot.result = p[2] == 1 ? TEXT("rejected_permanent") :
					    TEXT("rejected_transient");
			}
			break;
		case 0xa3:
			if (n == 5)
				ev_uint(e, "diagnostic", p[4]);
			break;
		case 0xa6: case 0xa4:
			if (n != 10 || (tag == 0xa4) != (m->tag == AARE))
				break;
			ev_hex(e, "system_title", p + 2, 8);
			if (m->tag == AARE)
				identity(e, m, "dlms.system_title")->vendor = maker(p + 2, 8);
			break;
		default:
			break;
		}
	}
}

static void
put_ciphered(struct ev *e, const struct dlms_msg *m)
{
	struct rd r = rd_init(m->raw, m->n, m->n);

	ev_bool(e, "ciphered", true);
	if (m->tag >= GENERAL_FIRST) {
		uint8_t n = rd_u8(&r);
		const uint8_t *p = rd_bytes(&r, n);
		if (p && n == 8)
			ev_hex(e, "system_title", p, 8);
		return;
	}
	if (rd_u8(&r) >= 0x80)          /* a length of more than one byte */
		rd_skip(&r, (uint32_t)(m->raw[0] & 7));
	if (rd_left(&r)) {
		ev_uint(e, "security_control", rd_u8(&r));
		if (rd_left(&r) >= 4)
			ev_uint(e, "invocation_counter", rd_be32(&r));
	}
}

/* Past a descriptor's selective access. */
static void
skip_access(struct ev *e, struct rd *r)
{
	if (rd_u8(r)) {
		rd_skip(r, 1);
		dlms_value(e, r, false);
	}
}

static unsigned
list_count(const struct dlms_msg *q)
{
	bool list = (q->tag == GET_REQ && q->type == LIST) || (q->tag == SET_REQ && q->type == 4) ||
	    (q->tag == ACTION_REQ && q->type == LIST);

	if (!list || !q->n || !q->raw[0])
		return 1;
	return q->raw[0] > LIST_MAX ? LIST_MAX : q->raw[0];
}

/* The k-th object of a request, and the value that is set, if any. */
static bool
request_object(struct ev *e, const struct dlms_msg *q, unsigned k, struct dlms_object *o,
    struct rd *value)
{
	struct rd r = rd_init(q->raw, q->n, q->n);
	struct dlms_object other;
	unsigned n = list_count(q);
	bool action = q->tag == ACTION_REQ, has = true;

	*value = rd_init("", 0, 0);
	if ((q->type == BLOCK && q->tag == GET_REQ) || (q->type == 3 && q->tag == SET_REQ) ||
	    (q->type == BLOCK && action) || q->type > 5)
		return false;           /* a further block: of what, its first has said */
	if (q->type == NORMAL || (q->type == BLOCK && q->tag == SET_REQ)) {
		dlms_object(&r, o);
		if (action)
			has = rd_left(&r) && rd_u8(&r);
		else
			skip_access(e, &r);
		if (rd_ok(&r) && has && q->type == NORMAL && q->tag != GET_REQ)
			*value = rd_rest(&r);
		return rd_ok(&r) || q->n >= 9;
	}
	rd_skip(&r, 1);
	for (unsigned i = 0; i < n; i++) {
		dlms_object(&r, i == k ? o : &other);
		if (!action)
			skip_access(e, &r);
		if (!rd_ok(&r))
			return i > k;
	}
	if (q->tag == GET_REQ)
		return true;
	rd_skip(&r, 1);
	for (unsigned i = 0; i < k; i++)
		dlms_value(e, &r, false);
	if (rd_ok(&r))
		*value = rd_rest(&r);
	return true;
}

static void
put_result(struct ev *e, uint8_t code)
{
	const char *s = tok_find(results, code);

	ev_uint(e, "result", code);
	if (code)
		e->ot.result = s ? text_c(s) : ev_text_num(e, "result_", 7, code);
}

/* The k-th answer of several. */
static void
put_answer(struct ev *e, const struct dlms_msg *m, const struct dlms_msg *a,
    const struct dlms_object *o, unsigned k)
{
	struct rd r = rd_init(a->raw, a->n, a->n);
	bool secret = o && is_secret(o);
	/* what was set or called with is the event's value already */
	bool read = m->tag == GET_REQ || m->tag == GET_RESP;

	switch (a->tag) {
	case GET_RESP:
		if (a->type == BLOCK) {
			ev_bool(e, "last_block", rd_u8(&r) != 0);
			ev_uint(e, "block", rd_be32(&r));
			if (rd_left(&r) && rd_u8(&r))
				put_result(e, rd_u8(&r));
			return;
		}
		if (a->type == LIST) {
			rd_skip(&r, 1);
			for (unsigned i = 0; i < k; i++)
				if (rd_u8(&r))
					rd_skip(&r, 1);
				else
					dlms_value(e, &r, false);
		}
		if (!rd_left(&r))
			return;
		if (rd_u8(&r)) {
			put_result(e, rd_u8(&r));
			return;
		}
		if (o)
			identify(e, m, o, r);
		dlms_value(e, &r, read && !secret);
		return;
	case SET_RESP:
		if (a->type == NORMAL) {
			put_result(e, rd_u8(&r));
		} else if (a->type == 5) {
			rd_skip(&r, 1 + k);
			put_result(e, rd_u8(&r));
		} else {
			if (a->type == 3)
				put_result(e, rd_u8(&r));
			ev_uint(e, "block", rd_be32(&r));
		}
		return;
	case ACTION_RESP:
		if (a->type == NORMAL)
			put_result(e, rd_u8(&r));
		return;
	case EXCEPTION:
		ev_uint(e, "state_error", a->type);
		ev_uint(e, "service_error", a->invoke);
		e->ot.result = TEXT("exception");
		return;
	case SERVICE_ERROR:
		e->ot.result = TEXT("service_error");
		return;
	case AARE:
		put_association(e, a);
		return;
	default:
		if (is_ciphered(a->tag))
			put_ciphered(e, a);
	}
}

static void
put_kind(struct ev *e, const struct dlms_msg *m)
{
	ev_uint(e, "tag", m->tag & 0xff);
	ev_cstr(e, "name", tok_find(tags, m->tag));
	if (m->tag >= GET_REQ && m->tag <= ACTION_RESP && m->tag != EVENT_NOTE)
		ev_uint(e, "invoke_id", m->invoke & 15);
}

static void
one_event(struct dctx *c, const struct dlms_msg *q, const struct when *when,
    const struct dlms_msg *a, unsigned k, unsigned count)
{
	const struct dlms_msg *m = q ? q : a;
	bool unasked = !q && (a->tag == EVENT_NOTE || a->tag == DATA_NOTE);
	struct ev *e = ev_begin(c, "dlms", when, unasked ? 1 : 0);
	struct dlms_object o = { 0 };
	struct rd value;
	bool has = false;

	ev_bool(e, "hdlc", m->hdlc);
	ev_uint(e, "client", m->client);
	ev_uint(e, "server", m->server);
	if (m->lower)
		ev_uint(e, "physical", m->lower);
	e->ot.service = text_c(tok_or(tags, m->tag, "Unknown"));
	if (q) {
		ev_obj(e, "request");
		put_kind(e, q);
		if (count > 1)
			ev_uint(e, "index", k);
		if (q->tag == GET_REQ || q->tag == SET_REQ || q->tag == ACTION_REQ) {
			has = request_object(e, q, k, &o, &value);
			if (has) {
				e->ot.object = object_name(e, &o, q->tag == ACTION_REQ);
				ev_uint(e, "class", o.class);
				if (rd_left(&value) && q->whole)
					dlms_value(e, &value, !is_secret(&o));
			} else if (q->n >= 4 && q->tag != SET_REQ) {
				struct rd r = rd_init(q->raw, q->n, q->n);
				ev_uint(e, "block", rd_be32(&r));
			}
		} else if (q->tag == AARQ) {
			put_association(e, q);
		} else if (is_ciphered(q->tag)) {
			put_ciphered(e, q);
		}
		ev_end(e);
	}
	e->ot.op = op_of(m->tag, &o);
	if (a) {
		ev_obj(e, "response");
		put_kind(e, a);
		if (unasked && a->tag == EVENT_NOTE && a->n >= 10) {
			struct rd r = rd_init(a->raw, a->n, a->n);
			if (rd_u8(&r))
				rd_skip(&r, rd_u8(&r));
			dlms_object(&r, &o);
			if (rd_ok(&r)) {
				e->ot.object = object_name(e, &o, false);
				ev_uint(e, "class", o.class);
				dlms_value(e, &r, !is_secret(&o));
			}
		} else {
			/* of what the answer is not known, secrets cannot be told apart */
			struct dlms_object unknown = { .class = CLASS_LN };
			put_answer(e, m, a, has ? &o : &unknown, k);
		}
		ev_end(e);
	}
	if (!a) {
		ev_unanswered(e, c);
	} else {
		struct text failed = e->ot.result;
		if (q)
			ev_answered(e, c, when);
		else if (!unasked)
			e->ot.result = TEXT("ok");
		if (failed.n)
			e->ot.result = failed;
	}
	ev_emit(e);
}

static void
event(struct dctx *c, const struct dlms_msg *q, const struct when *when, const struct dlms_msg *a)
{
	unsigned n = q && (q->tag == GET_REQ || q->tag == SET_REQ || q->tag == ACTION_REQ) ?
	    list_count(q) : 1;

	for (unsigned k = 0; k < n; k++)
		one_event(c, q, when, a, k, n);
}

/* What an answer has in common with its request. */
static uint64_t
key_of(const struct dlms_msg *m)
{
	uint64_t kind = m->tag >= 0x100 ? 1 : m->tag >= AARQ && m->tag <= RLRE ? 2 :
	    is_ciphered(m->tag) ? 3 : m->tag >= GET_REQ && m->tag <= ACTION_RESP ?
	    16u + (m->invoke & 15u) : 4;

	return kind << 48 | (uint64_t)m->lower << 32 | (uint64_t)m->server << 16 | m->client;
}

void
dlms_message(struct dctx *c, const struct dlms_msg *m)
{
	struct pend *w;

	if (!dlms_is_answer(m->tag) && !(m->tag >= GENERAL_FIRST && m->tag <= GENERAL_LAST &&
	    c->side == 1)) {
		pend_put(c, key_of(m), m, offsetof(struct dlms_msg, raw) + m->n);
		return;
	}
	w = m->tag == EVENT_NOTE || m->tag == DATA_NOTE ? NULL : pend_find(c, key_of(m));
	if (!w && (m->tag == EXCEPTION || m->tag == SERVICE_ERROR))
		w = pend_oldest(c);
	event(c, w ? (const struct dlms_msg *)w->data : NULL, w ? &w->when : &c->when, m);
	if (w)
		pend_done(c, w);
}

enum verdict
dlms_apdu(struct dctx *c, struct dlms_msg *m, struct rd *r)
{
	uint32_t n;
	const uint8_t *p;

	m->tag = rd_u8(r);
	if (rd_ok(r) && !tok_find(tags, m->tag)) {
		c->why = "UNKNOWN_TAG";
		return DIS_BAD;
	}
	if (m->tag >= AARQ && m->tag <= RLRE) {
		n = rd_u8(r);           /* the rest is theirs */
		if (n != rd_left(r) && rd_ok(r) && n < 0x80 && !c->cut) {
			c->why = "LENGTH";
			return DIS_BAD;
		}
	} else if ((m->tag >= GET_REQ && m->tag <= ACTION_RESP && m->tag != EVENT_NOTE) ||
	    m->tag == EXCEPTION) {
		m->type = rd_u8(r);
		m->invoke = rd_u8(r);
	}
	if (!rd_ok(r))
		return DIS_BAD;
	n = rd_have(r) < RAW_MAX ? rd_have(r) : RAW_MAX;
	m->whole = n == rd_left(r);
	if (!(p = rd_bytes(r, n)))
		return DIS_BAD;
	memcpy(m->raw, p, n);
	m->n = (uint16_t)n;
	rd_skip(r, rd_left(r));
	dlms_message(c, m);
	return DIS_OK;
}

static void
dlms_expire(struct dctx *c, struct pend *p)
{
	event(c, (const struct dlms_msg *)p->data, &p->when, NULL);
}

static const struct hint hints[] = {
	{ HINT_TCP, 4059 }, { HINT_UDP, 4059 }, { HINT_TCP, 4060 }, { HINT_END, 0 },
};

#define KIND(p)                                                                                    \
	{ "dlms." p ".tag", "integer", "kind of message" },                                        \
	    { "dlms." p ".name", "string", "its name" },                                           \
	    { "dlms." p ".invoke_id", "integer", "ties answer to request" },                       \
	    { "dlms." p ".class", "integer", "interface class of the object" },                    \
	    { "dlms." p ".block", "integer", "number of a block of a long value" },                \
	    { "dlms." p ".context", "integer", "1 LN, 2 SN, 3 and 4 the same ciphered" },          \
	    { "dlms." p ".mechanism", "integer", "authentication mechanism" },                     \
	    { "dlms." p ".mechanism_name", "string", "its name" },                                 \
	    { "dlms." p ".authentication_value", "boolean", "true: a password or challenge" },     \
	    { "dlms." p ".system_title", "string", "maker and serial number, hexadecimal" },       \
	    { "dlms." p ".ciphered", "boolean", "true: the rest is not readable" },                \
	    { "dlms." p ".security_control", "integer", "how it is ciphered" },                    \
	{                                                                                          \
		"dlms." p ".invocation_counter", "integer", "number of the ciphered message"       \
	}

static const struct field fields[] = {
	{ "dlms.hdlc", "boolean", "true: HDLC frames; false: the TCP and UDP wrapper" },
	{ "dlms.client", "integer", "address of the client" },
	{ "dlms.server", "integer", "address of the logical device" },
	{ "dlms.physical", "integer", "physical address on the line, of HDLC" },
	KIND("request"),
	{ "dlms.request.index", "integer", "which of several objects, from 0" },
	KIND("response"),
	{ "dlms.response.result", "integer", "0: success" },
	{ "dlms.response.diagnostic", "integer", "why an association is refused" },
	{ "dlms.response.last_block", "boolean", "true: the long value ends here" },
	{ "dlms.response.state_error", "integer", "of an exception" },
	{ "dlms.response.service_error", "integer", "of an exception" },
	{ NULL },
};

const struct dissector dlms_dissector = {
	.name = "dlms",
	.title = "DLMS/COSEM",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct dlms_state),
	.probe = dlms_probe,
	.frame = dlms_frame,
	.dissect = dlms_dissect,
	.expire = dlms_expire,
};
