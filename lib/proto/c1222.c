/* c1222.c: ANSI C12.22, meters' tables over networks: an ACSE message around EPSEM
 * around the services of C12.18 and C12.21.
 *
 *     60 | length | A2 called title | A4 called id | A6 calling title | A8 calling id |
 *     AC authentication | BE user information: 28, 81: EPSEM
 *
 *     EPSEM: flags | [class of device (4)] | length, service | length, service ...  [MAC (4)]
 *
 * Bits 2 and 3 of the flags: 0 in clear, 1 with a MAC, 2 ciphered. An answer carries the
 * request's calling id as its called id. User names, passwords and the tables of the
 * security decade are never written. */
#include "base/hex.h"
#include "proto/c1222.h"

static const struct tok titles[] = {
	{ 0x20, "Identification" }, { 0x21, "Terminate" }, { 0x22, "Disconnect" },
	{ 0x24, "Deregistration" }, { 0x25, "Resolve" }, { 0x26, "Trace" },
	{ 0x27, "Registration" }, { 0x30, "Full Read" }, { 0x3e, "Default Read" },
	{ 0x3f, "Partial Read" }, { 0x40, "Full Write" }, { 0x4f, "Partial Write" },
	{ 0x50, "Logon" }, { 0x51, "Security" }, { 0x52, "Logoff" }, { 0x53, "Authenticate" },
	{ 0x70, "Wait" }, { 0x71, "Timing Setup" }, { 0, NULL },
};

static const struct tok results[] = {
	{ 0, "ok" }, { 1, "rejected" }, { 2, "service_not_supported" },
	{ 3, "insufficient_security_clearance" }, { 4, "operation_not_possible" },
	{ 5, "inappropriate_action" }, { 6, "device_busy" }, { 7, "data_not_ready" },
	{ 8, "data_locked" }, { 9, "renegotiate" }, { 10, "invalid_service_sequence" },
	{ 11, "security_mechanism_error" }, { 12, "unknown_application_title" },
	{ 13, "network_timeout" }, { 14, "network_not_reachable" }, { 15, "request_too_large" },
	{ 16, "response_too_large" }, { 17, "segmentation_not_possible" },
	{ 18, "segmentation_error" }, { 0, NULL },
};

static const char *
service_name(uint8_t code)
{
	if (code >= 0x31 && code <= 0x39)
		return "Partial Read by Index";
	if (code >= 0x41 && code <= 0x49)
		return "Partial Write by Index";
	if (code >= 0x60 && code <= 0x6b)
		return "Negotiate";
	return tok_or(titles, code, "Unknown");
}

static bool
is_read(uint8_t code)
{
	return code >= 0x30 && code <= 0x3f;
}

/* The security decade, and the maker's tables, of which nobody else knows what they hold. */
static bool
is_secret(int table)
{
	return (table >= 40 && table <= 46) || table >= 2048;
}

static bool
is_write(uint8_t code)
{
	return code >= 0x40 && code <= 0x4f;
}

/* The k-th service of a message: true, and its bytes. */
static bool
service_at(const struct c1222_msg *m, unsigned k, struct rd *service)
{
	struct rd r = rd_init(m->raw, m->n, m->n);

	for (unsigned i = 0; rd_left(&r); i++) {
		uint32_t n = c1222_length(&r);
		*service = rd_sub(&r, n < rd_left(&r) ? n : rd_left(&r));
		if (i == k)
			return rd_left(service) > 0;
	}
	return false;
}

static unsigned
service_count(const struct c1222_msg *m)
{
	struct rd v;
	unsigned n = 0;

	while (n < SERVICES && service_at(m, n, &v))
		n++;
	return n;
}

/* "1.3.6.1.4.1.33507": an object identifier's text; a relative one begins with a dot. */
static void
put_title(struct ev *e, const char *k, size_t kn, const struct c1222_title *t)
{
	char *d = ev_room(e, 160);
	uint32_t n = 0, v = 0;
	bool first = !t->relative;

	if (!t->n || !d)
		return;
	for (unsigned i = 0; i < t->n && n < 140; i++) {
		v = v << 7 | (t->oid[i] & 0x7f);
		if (t->oid[i] & 0x80)
			continue;
		if (first) {
			uint32_t a = v < 80 ? v / 40 : 2;
			n += (uint32_t)jw_dec(d + n, a);
			d[n++] = '.';
			v -= a * 40;
		} else {
			d[n++] = '.';
		}
		n += (uint32_t)jw_dec(d + n, v);
		first = false;
		v = 0;
	}
	ev_k_str(e, k, kn, (struct text){ d, n });
}

static struct text
table_name(struct ev *e, uint16_t id)
{
	return id >= 2048 ? ev_text_num(e, "mfg_table:", 10, id - 2048u) :
	    ev_text_num(e, "table:", 6, id);
}

/* Table 1 tells maker, model, versions and serial number. */
static void
identity(struct ev *e, struct rd r)
{
	struct text vendor = text_rd(&r, 4), model = text_rd(&r, 8), serial;
	uint8_t v[4];
	struct ident *i;

	for (unsigned k = 0; k < 4; k++)
		v[k] = rd_u8(&r);
	if (!rd_ok(&r))
		return;
	serial = rd_left(&r) >= 16 ? text_rd(&r, 16) : (struct text){ 0 };
	i = ev_identity(e, "c1222.table1", EV_DEST);
	i->vendor = vendor;
	i->model = model;
	i->hardware = ev_text(e, "%u.%u", v[0], v[1]);
	i->firmware = ev_text(e, "%u.%u", v[2], v[3]);
	i->serial = serial;
	i->role = TEXT("meter");
}

static void
put_bytes(struct ev *e, const uint8_t *p, uint32_t n)
{
	char *d;

	if (!p || !n || n > 64 || !(d = ev_room(e, 2 * n)))
		return;
	hex_put(d, p, n);
	ev_val_str(e, (struct text){ d, 2 * n });
}

/* A service asked for; returns the table it touches, or -1. */
static int
put_service(struct ev *e, struct rd r)
{
	uint8_t code = rd_u8(&r);
	int table = -1;
	uint32_t n;

	ev_uint(e, "service", code);
	ev_cstr(e, "name", service_name(code));
	e->ot.service = text_c(service_name(code));
	e->ot.op = OT_OTHER;
	if (is_read(code) || is_write(code)) {
		bool security;

		e->ot.op = is_read(code) ? OT_READ : OT_WRITE;
		table = code == 0x3e ? 0 : rd_be16(&r);
		if (!rd_ok(&r))
			return -1;
		security = is_secret(table);
		ev_uint(e, "table", (unsigned)table);
		e->ot.object = table_name(e, (uint16_t)table);
		if (is_write(code) && table >= 40 && table <= 46)
			e->ot.op = OT_CONFIGURE;
		if (code == 0x3f || code == 0x4f) {
			n = rd_be24(&r);
			ev_uint(e, "offset", n);
			e->ot.object = ev_text(e, "%.*s+%u", (int)e->ot.object.n,
			    e->ot.object.p, n);
		} else if (code != 0x30 && code != 0x40 && code != 0x3e) {
			rd_skip(&r, 2u * (code & 15u));
		}
		if (is_write(code) || code == 0x3f) {
			n = rd_be16(&r);
			e->ot.has_count = rd_ok(&r);
			e->ot.count = n;
			if (is_write(code) && table == 7 && code == 0x40 && rd_left(&r) >= 2) {
				/* the number stands in eleven bits, lowest byte first or not
				 * as the meter's data order is; procedures are below 256 */
				struct rd v = r;
				uint16_t p = rd_le16(&v);
				if ((p & 0x7ff) > 255)
					p = (uint16_t)(p >> 8 | p << 8);
				ev_uint(e, "procedure", p & 0x7ff);
				e->ot.object = ev_text(e, "table:7 %sprocedure:%u",
				    p & 0x800 ? "mfg_" : "", p & 0x7ff);
				e->ot.op = OT_COMMAND;
				security = p & 0x800;
			}
			if (is_write(code) && !security && rd_left(&r) > n && rd_ok(&r))
				put_bytes(e, rd_bytes(&r, n), n);
		}
	} else if (code == 0x50) {
		e->ot.op = OT_AUTH;
		ev_bool(e, "user_name", true);
		ev_credential(e, CRED_USER_NAME, CRED_CLEAR);
	} else if (code == 0x51 || code == 0x53) {
		e->ot.op = OT_AUTH;
		ev_bool(e, "password", true);
		/* a ticket is a cipher of the server's own challenge */
		if (code == 0x51)
			ev_credential(e, CRED_PASSWORD, CRED_CLEAR);
		else
			ev_credential(e, CRED_CHALLENGE, CRED_DIGEST);
	} else if (code == 0x20) {
		e->ot.op = OT_IDENTIFY;
	} else if (code == 0x21 || code == 0x22 || code == 0x24 || code == 0x27 || code == 0x52) {
		e->ot.op = OT_CONNECT;
	}
	return table;
}

static void
put_answer(struct ev *e, struct rd r, int asked, int table)
{
	uint8_t code = rd_u8(&r);
	const char *name = tok_find(results, code);
	uint32_t n;

	ev_uint(e, "code", code);
	e->ot.result = name ? text_c(name) : ev_text(e, "code_%u", code);
	if (code)
		return;
	if (asked == 0x20 && rd_left(&r) >= 3) {
		ev_uint(e, "standard", rd_u8(&r));
		ev_uint(e, "version", rd_u8(&r));
		ev_uint(e, "revision", rd_u8(&r));
	} else if (asked >= 0x30 && asked <= 0x3f && rd_left(&r) >= 2) {
		n = rd_be16(&r);
		e->ot.has_count = true;
		e->ot.count = n;
		if (table == 1 && asked == 0x30)
			identity(e, r);
		else if (table >= 0 && !is_secret(table) && rd_left(&r) > n)
			put_bytes(e, rd_bytes(&r, n), n);
	}
}

static void
put_side(struct ev *e, const struct c1222_msg *m)
{
	if (m->mode)
		ev_cstr(e, "security_mode", m->mode == 1 ? "authenticated" : m->mode == 2 ?
		    "ciphered" : "reserved");
	if (m->has_key)
		ev_uint(e, "key_id", m->key);
	if (m->has_class)
		ev_hex(e, "device_class", m->class, 4);
}

static void
one_event(struct dctx *c, const struct c1222_msg *q, const struct when *when,
    const struct c1222_msg *a, unsigned k, unsigned count)
{
	const struct c1222_msg *m = q ? q : a;
	struct ev *e = ev_begin(c, "c1222", when, 0);
	struct rd v;
	int table = -1, asked = -1;
	struct text result = { 0 };

	/* who is called is the device, in an answer who calls */
	put_title(e, JW_K("device"), q ? &q->called : &a->calling);
	put_title(e, JW_K("client"), q ? &q->calling : &a->called);
	ev_uint(e, "invocation_id", q ? q->calling_id : a->called_id);
	e->ot.op = OT_OTHER;
	e->ot.service = m->mode == 2 ? TEXT("Ciphered") : TEXT("Answer");
	if (q) {
		ev_obj(e, "request");
		put_side(e, q);
		if (count > 1)
			ev_uint(e, "index", k);
		if (q->mode != 2 && service_at(q, k, &v)) {
			asked = rd_peek8(&v, 0);
			table = put_service(e, v);
		}
		ev_end(e);
	}
	if (a) {
		ev_obj(e, "response");
		put_side(e, a);
		if (a->mode != 2 && service_at(a, k, &v))
			put_answer(e, v, asked, table);
		ev_end(e);
		result = e->ot.result;
	}
	if (!a)
		ev_unanswered(e, c);
	else if (q)
		ev_answered(e, c, when);
	else
		e->ot.result = TEXT("ok");
	if (result.n)
		e->ot.result = result;
	ev_emit(e);
}

void
c1222_event(struct dctx *c, const struct c1222_msg *q, const struct when *when,
    const struct c1222_msg *a)
{
	const struct c1222_msg *m = q ? q : a;
	unsigned n = m->mode == 2 ? 1 : service_count(m);

	for (unsigned k = 0; k < (n ? n : 1); k++)
		one_event(c, q, when, a, k, n);
}

static void
c1222_expire(struct dctx *c, struct pend *p)
{
	c1222_event(c, (const struct c1222_msg *)p->data, &p->when, NULL);
}

static const struct hint hints[] = {
	{ HINT_TCP, 1153 }, { HINT_UDP, 1153 }, { HINT_END, 0 },
};

#define SIDE(p)                                                                                    \
	{ "c1222." p ".security_mode", "string", "authenticated or ciphered; absent: in clear" },  \
	    { "c1222." p ".key_id", "integer", "number of the key" },                              \
	{                                                                                          \
		"c1222." p ".device_class", "string", "class of the device, hexadecimal"           \
	}

static const struct field fields[] = {
	{ "c1222.device", "string", "application title of who is asked" },
	{ "c1222.client", "string", "application title of who asks" },
	{ "c1222.invocation_id", "integer", "ties answer to request" },
	SIDE("request"),
	{ "c1222.request.index", "integer", "which of several services in one message, from 0" },
	{ "c1222.request.service", "integer", "code of the service" },
	{ "c1222.request.name", "string", "its name" },
	{ "c1222.request.table", "integer", "table read or written; 2048 and more: the maker's" },
	{ "c1222.request.offset", "integer", "byte in the table" },
	{ "c1222.request.procedure", "integer", "procedure that a write of table 7 starts" },
	{ "c1222.request.user_name", "boolean", "true: a logon names somebody" },
	{ "c1222.request.password", "boolean", "true: a password or ticket was sent" },
	SIDE("response"),
	{ "c1222.response.code", "integer", "0: well done" },
	{ "c1222.response.standard", "integer", "reference standard, 3: C12.22" },
	{ "c1222.response.version", "integer", "its version" },
	{ "c1222.response.revision", "integer", "its revision" },
	{ NULL },
};

const struct dissector c1222_dissector = {
	.name = "c1222",
	.title = "ANSI C12.22",
	.hints = hints,
	.fields = fields,
	.probe = c1222_probe,
	.frame = c1222_frame,
	.dissect = c1222_dissect,
	.expire = c1222_expire,
};
