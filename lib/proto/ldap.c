/* ldap.c: LDAP (RFC 4511) over TCP, and over UDP as domain controllers are looked for:
 * who binds how, what is changed, and what a server says of itself in its root entry.
 * Neither names of entries nor their values are written.
 *
 *     SEQUENCE { message id, [APPLICATION n] operation, [0] controls }
 *
 * A search has as many answers as entries: it is one event with their count. */
#include "proto/ber.h"
#include "proto/ntlm.h"
#include "proto/proto.h"

enum { BIND = 0x60, BOUND = 0x61, UNBIND = 0x42, SEARCH = 0x63, ENTRY = 0x64, DONE = 0x65,
	REFERENCE = 0x73, MODIFY = 0x66, ADD = 0x68, DELETE = 0x4a, RENAME = 0x6c, COMPARE = 0x6e,
	ABANDON = 0x50, EXTENDED = 0x77, EXTENDED_DONE = 0x78, INTERMEDIATE = 0x79 };

static const struct { uint8_t request, response; const char *name; enum ot_op op; } ops[] = {
	{ 0x60, 0x61, "bind", OT_AUTH }, { 0x63, 0x65, "search", OT_READ },
	{ 0x66, 0x67, "modify", OT_WRITE }, { 0x68, 0x69, "add", OT_WRITE },
	{ 0x4a, 0x6b, "delete", OT_WRITE }, { 0x6c, 0x6d, "rename", OT_WRITE },
	{ 0x6e, 0x6f, "compare", OT_READ }, { 0x77, 0x78, "extended", OT_OTHER },
};
static const struct tok results[] = { { 0, "ok" }, { 1, "operations_error" },
	{ 2, "protocol_error" }, { 3, "time_limit" }, { 4, "size_limit" },
	{ 7, "auth_unsupported" },
	{ 8, "strong_auth_required" }, { 10, "referral" }, { 14, "sasl_bind_in_progress" },
	{ 16, "no_such_attribute" }, { 32, "no_such_object" }, { 48, "inappropriate_auth" },
	{ 49, "invalid_credentials" }, { 50, "insufficient_access" }, { 51, "busy" },
	{ 52, "unavailable" }, { 53, "unwilling" }, { 65, "schema_violation" },
	{ 68, "already_exists" }, { 80, "other" }, { 0, NULL } };
static const char *const scopes[] = { "base", "one", "sub", "children" };

/* What of the root entry (RFC 4512, 5.1; Active Directory; OpenLDAP's monitors). */
enum { HOST, CONTEXT, ROOT_CONTEXT, VENDOR, VERSION, CAPABILITY, CONTEXTS, CLASS, ROOTS };
static const char *const roots[] = { "dnsHostName", "defaultNamingContext",
	"rootDomainNamingContext", "vendorName", "vendorVersion", "supportedCapabilities",
	"namingContexts", "objectClass" };
enum { ROOT_TEXT = 48 };

struct ldap_state { bool sasl, tls; };

struct wait {
	uint8_t op, auth, mech_n;               /* auth: its tag */
	bool user, empty, root, start_tls;
	uint8_t scope;
	bool ad, openldap;
	char mech[24];
	uint32_t entries;
	uint8_t n[ROOTS];
	char text[4][ROOT_TEXT];                /* of the first texts in roots[] */
	char version[ROOT_TEXT];
};

struct msg { uint32_t id; uint8_t op; struct rd body; };

static bool
decode(struct rd r, struct msg *m)
{
	struct ber b, x;

	if (!ber_take(&r, BER_SEQ, &b) || b.open || !ber_take(&b.v, BER_INT, &x) || x.v.len > 4 ||
	    !x.v.len || !ber_next(&b.v, &x))
		return false;
	m->op = x.first;
	m->body = x.v;
	if ((x.first & 0xc0) != 0x40 || x.number > 25)
		return false;
	b.v.off = 0;
	ber_take(&b.v, BER_INT, &x);
	m->id = (uint32_t)ber_uint(x.v);
	return true;
}

/* Requests and answers begin in ways of their own. */
static bool
shape(const struct msg *m)
{
	struct rd r = m->body;
	struct ber b;

	switch (m->op) {
	case BIND:
		return ber_take(&r, BER_INT, &b) && b.v.len == 1 && ber_uint(b.v) <= 3 &&
		    ber_take(&r, BER_OCTETS, &b) && rd_peek8(&r, 0) >= 0x80;
	case SEARCH:
		return ber_take(&r, BER_OCTETS, &b) && ber_take(&r, BER_ENUM, &b);
	case BOUND: case DONE: case EXTENDED_DONE: case 0x67: case 0x69: case 0x6b: case 0x6d:
	case 0x6f:
		return ber_take(&r, BER_ENUM, &b) && ber_take(&r, BER_OCTETS, &b);
	case ENTRY: case MODIFY: case ADD: case RENAME: case COMPARE:
		return rd_peek8(&r, 0) == BER_OCTETS;
	case EXTENDED:
		return rd_peek8(&r, 0) == 0x80;
	case UNBIND:
		return m->body.len == 0;
	case ABANDON:
		return m->body.len <= 4;
	case DELETE: case REFERENCE: case INTERMEDIATE:
		return true;
	default:
		return false;
	}
}

static bool
from_server(uint8_t op)
{
	return op == ENTRY || op == DONE || op == BOUND || op == REFERENCE || op == 0x67 ||
	    op == 0x69 || op == 0x6b || op == 0x6d || op == 0x6f || op == EXTENDED_DONE ||
	    op == INTERMEDIATE;
}

/* The first bytes of a message whose rest is in another segment. */
static bool
begun(const struct rd *r)
{
	int64_t n = ber_len(r);

	return rd_peek8(r, 0) == BER_SEQ && n >= 0 && (!n || n > rd_have(r)) &&
	    (rd_have(r) < 3 || rd_peek8(r, 1) >= 0x80 || rd_peek8(r, 2) == BER_INT);
}

static enum probe
ldap_probe(struct probe_in *in)
{
	for (int side = 0; side < 2; side++) {
		struct rd r = in->side[side];
		struct msg m;

		if (!rd_left(&r))
			continue;
		if (!decode(r, &m) || !shape(&m))
			return in->tcp && begun(&r) ? PROBE_MORE : PROBE_NO;
		in->reversed = from_server(m.op) == (side == 0);
		return PROBE_YES;
	}
	return PROBE_NO;
}

/* Layers that a bind or StartTLS put below: lengths before ciphers, or TLS. Where the
 * capture lost the answer that began them they are known by their first bytes. */
static bool
is_secured(const struct ldap_state *s, const struct rd *r)
{
	return s->tls || (s->sasl && rd_peek8(r, 0) == 0) ||
	    (rd_peek8(r, 0) == 0x16 && rd_peek8(r, 1) == 3);
}

static ssize_t
ldap_frame(const struct dctx *c, const struct rd *r)
{
	int64_t n;

	if (rd_have(r) && is_secured(c->state, r))
		return (ssize_t)rd_have(r);
	if (rd_have(r) && rd_peek8(r, 0) != BER_SEQ)
		return -1;
	n = ber_len(r);
	return n > (1 << 24) ? -1 : (ssize_t)n;
}

static bool
is(struct rd v, const char *s)
{
	uint32_t n = rd_have(&v);
	return n == strlen(s) && memcmp(rd_at(&v), s, n) == 0;
}

static void
root_entry(struct wait *q, struct rd r)
{
	struct ber list, a, type, set, v;

	if (!ber_take(&r, BER_OCTETS, &a) || a.v.len || !ber_take(&r, BER_SEQ, &list))
		return;
	while (ber_take(&list.v, BER_SEQ, &a)) {
		unsigned k;
		if (!ber_take(&a.v, BER_OCTETS, &type) || !ber_take(&a.v, BER_SET, &set))
			break;
		for (k = 0; k < ROOTS && !is(type.v, roots[k]); k++)
			;
		while (k < ROOTS && ber_take(&set.v, BER_OCTETS, &v)) {
			uint32_t n = rd_have(&v.v) < ROOT_TEXT ? rd_have(&v.v) : ROOT_TEXT;
			char *d = k == VERSION ? q->version : k < VERSION ? q->text[k] : NULL;

			/* a server that has no default has one or more, the first its own */
			if (k == CONTEXTS && !q->n[CONTEXT]) {
				memcpy(q->text[CONTEXT], rd_at(&v.v), n);
				q->n[CONTEXT] = (uint8_t)n;
			}
			if (k == CLASS && is(v.v, "OpenLDAProotDSE"))
				q->openldap = true;

			if (k == CAPABILITY && is(v.v, "1.2.840.113556.1.4.800"))
				q->ad = true;
			if (d && n) {
				memcpy(d, rd_at(&v.v), n);
				q->n[k] = (uint8_t)n;
			}
		}
	}
}

static void
report(struct dctx *c, const struct wait *q, const struct when *when, int code, struct rd creds)
{
	struct ev *e = ev_begin(c, "ldap", when, 0);
	struct ident *i;
	struct ntlm ntlm;
	unsigned k = 0;

	while (ops[k].request != q->op)
		k++;
	ev_cstr(e, "type", ops[k].name);
	e->ot.op = ops[k].op;
	e->ot.service = text_c(ops[k].name);
	if (q->op == BIND) {
		ev_cstr(e, "auth", q->auth == 0x80 ? q->empty ? q->user ? "unauthenticated" :
		    "anonymous" : "simple" : q->auth == 0xa3 ? "sasl" : "other");
		ev_str(e, "mechanism", ((struct text){ q->mech, q->mech_n }));
		if (q->user)
			ev_bool(e, "user_name", true);
		if (ntlm_find(creds, &ntlm) && ntlm.type == NTLM_CHALLENGE)
			ntlm_put(e, &ntlm, EV_DEST, "ldap.ntlm");
	} else if (q->op == SEARCH) {
		ev_cstr(e, "scope", q->scope < 4 ? scopes[q->scope] : NULL);
		ev_uint(e, "entries", q->entries);
		e->ot.has_count = true;
		e->ot.count = q->entries;
		if (q->root) {
			e->ot.op = OT_IDENTIFY;
			e->ot.object = TEXT("rootDSE");
		}
	} else if (q->start_tls) {
		ev_bool(e, "start_tls", true);
		e->ot.object = TEXT("StartTLS");
	}
	if (q->root && (q->n[HOST] || q->n[CONTEXT] || q->n[VENDOR] || q->ad || q->openldap)) {
		ev_str(e, "host", ((struct text){ q->text[HOST], q->n[HOST] }));
		ev_str(e, "naming_context", ((struct text){ q->text[CONTEXT], q->n[CONTEXT] }));
		ev_str(e, "root_context",
		    ((struct text){ q->text[ROOT_CONTEXT], q->n[ROOT_CONTEXT] }));
		i = ev_identity(e, "ldap", EV_DEST);
		i->hostname = (struct text){ q->text[HOST], q->n[HOST] };
		i->vendor = (struct text){ q->text[VENDOR], q->n[VENDOR] };
		i->firmware = (struct text){ q->version, q->n[VERSION] };
		if (q->openldap)
			i->product = TEXT("OpenLDAP");
		if (q->ad) {
			i->product = TEXT("Active Directory");
			i->role = TEXT("domain_controller");
		}
	}
	if (code < 0) {
		ev_unanswered(e, c);
	} else {
		ev_answered(e, c, when);
		e->ot.result = text_c(tok_find(results, (uint32_t)code));
		if (!e->ot.result.n)
			e->ot.result = ev_text(e, "result_%d", code);
	}
	ev_emit(e);
}

static bool
request(struct dctx *c, const struct msg *m, struct wait *q)
{
	struct rd r = m->body;
	struct ber b, x;
	struct ntlm ntlm;

	q->op = m->op;
	switch (m->op) {
	case BIND:
		ber_take(&r, BER_INT, &b);
		if (ber_take(&r, BER_OCTETS, &b))
			q->user = b.v.len > 0;
		if (!ber_next(&r, &b))
			break;
		q->auth = b.first;
		q->empty = b.v.len == 0;
		if (b.first == 0x80 && b.v.len)
			proto_credential(c, CRED_PASSWORD, CRED_CLEAR, false);
		if (b.first == 0xa3 && ber_take(&b.v, BER_OCTETS, &x)) {
			uint32_t n = rd_have(&x.v);
			if (n > sizeof(q->mech))
				n = sizeof(q->mech);
			memcpy(q->mech, rd_at(&x.v), n);
			q->mech_n = (uint8_t)n;
			if (q->mech_n == 5 && memcmp(q->mech, "PLAIN", 5) == 0)
				proto_credential(c, CRED_PASSWORD, CRED_CLEAR, false);
			if (ber_next(&b.v, &x) && ntlm_find(x.v, &ntlm) &&
			    ntlm.type == NTLM_AUTHENTICATE && !ntlm.anonymous)
				proto_credential(c, CRED_CHALLENGE, CRED_DIGEST, false);
		}
		break;
	case SEARCH:
		if (ber_take(&r, BER_OCTETS, &b))
			q->root = b.v.len == 0;
		if (ber_take(&r, BER_ENUM, &b))
			q->scope = (uint8_t)ber_uint(b.v);
		q->root &= q->scope == 0;
		break;
	case EXTENDED:
		q->start_tls = ber_take(&r, 0x80, &b) && is(b.v, "1.3.6.1.4.1.1466.20037");
		break;
	default:
		for (unsigned k = 0; k < sizeof(ops) / sizeof(ops[0]); k++)
			if (ops[k].request == m->op)
				return true;
		return false;
	}
	return true;
}

static enum verdict
ldap_dissect(struct dctx *c, struct rd *r)
{
	struct ldap_state *s = c->state;
	struct wait q = { 0 };
	struct msg m;
	struct pend *w;
	struct ber b;
	struct when when;
	struct rd none = rd_init(NULL, 0, 0);
	int code;

	if (is_secured(s, r))
		return DIS_LEAVE;
	while (rd_left(r)) {
		struct rd one = *r;
		int64_t n = ber_len(r);

		if (!decode(*r, &m) || !shape(&m)) {
			c->why = "SYNTAX";
			return c->cut ? DIS_OK : DIS_BAD;
		}
		rd_skip(r, n > 0 && n <= rd_left(r) ? (uint32_t)n : rd_left(&one));
		if (!from_server(m.op)) {
			if (request(c, &m, &q))
				pend_put(c, m.id, &q, sizeof(q));
			s->sasl |= q.auth == 0xa3;
			memset(&q, 0, sizeof(q));
			continue;
		}
		if (!(w = pend_find(c, m.id)))
			continue;
		struct wait *p = (struct wait *)w->data;
		if (m.op == ENTRY) {
			p->entries++;
			if (p->root)
				root_entry(p, m.body);
			continue;
		}
		if (m.op == REFERENCE || m.op == INTERMEDIATE)
			continue;
		code = ber_take(&m.body, BER_ENUM, &b) ? (int)ber_uint(b.v) & 0xffff : 80;
		q = *p;
		when = w->when;
		pend_done(c, w);
		if (m.op == EXTENDED_DONE && q.start_tls && code == 0)
			s->tls = true;
		if (!(m.op == BOUND && ber_find(&m.body, 0x87, &b)))
			b.v = none;
		report(c, &q, &when, code, b.v);
		if (s->tls)
			return DIS_NEXT;
		memset(&q, 0, sizeof(q));
	}
	return DIS_OK;
}

static void
ldap_expire(struct dctx *c, struct pend *p)
{
	report(c, (const struct wait *)p->data, &p->when, -1, rd_init(NULL, 0, 0));
}

static const struct hint hints[] = {
	{ HINT_TCP, 389 }, { HINT_UDP, 389 }, { HINT_TCP, 3268 }, { HINT_END, 0 },
};

static const struct field fields[] = {
	{ "ldap.type", "string", "bind, search, modify, add, delete, rename, compare, extended" },
	{ "ldap.auth", "string", "anonymous, unauthenticated, simple, sasl" },
	{ "ldap.mechanism", "string", "SASL mechanism" },
	{ "ldap.user_name", "boolean", "somebody is named; never who" },
	NTLM_FIELDS("ldap"),
	{ "ldap.scope", "string", "of a search: base, one, sub, children" },
	{ "ldap.entries", "integer", "entries found" },
	{ "ldap.start_tls", "boolean", "TLS is asked for" },
	{ "ldap.host", "string", "the server's name, from its root entry" },
	{ "ldap.naming_context", "string", "its domain" },
	{ "ldap.root_context", "string", "the domain at the root" },
	{ NULL },
};

const struct dissector ldap_dissector = {
	.name = "ldap",
	.title = "LDAP",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct ldap_state),
	.probe = ldap_probe,
	.frame = ldap_frame,
	.dissect = ldap_dissect,
	.expire = ldap_expire,
};
