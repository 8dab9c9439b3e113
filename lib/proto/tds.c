/* tds.c: TDS of Microsoft SQL Server ([MS-TDS]): which version, whether encrypted, which
 * program of which computer logs in. Statements and results are never looked into: they
 * are counted. Names of users are not written.
 *
 *      0      1        2        4      6        7        8
 *     +------+--------+--------+------+--------+--------+--------
 *     | type | status | length | spid | number | window | data
 *     +------+--------+--------+------+--------+--------+--------  length with this head */
#include "proto/ntlm.h"
#include "proto/proto.h"
#include "proto/utf16.h"

enum { BATCH = 1, LOGIN_OLD = 2, RPC = 3, RESPONSE = 4, ATTENTION = 6, BULK = 7, FEDAUTH = 8,
	TRANSACTION = 14, LOGIN7 = 16, SSPI = 17, PRELOGIN = 18, EOM = 1 };

struct tds_state {
	uint32_t batches, rpcs, bulks;
};

struct wait {
	uint8_t kind, encryption;
	bool user, sspi, password;
	uint8_t major, minor;
	uint16_t build;
	uint8_t app_n, host_n, server_n, library_n, database_n;
	char app[64], host[64], server[64], library[32], database[64];
};

static const char *const encryptions[] = { "login_only", "on", "not_supported", "required" };
static const struct tok products[] = { { 8, "Microsoft SQL Server 2000" },
	{ 9, "Microsoft SQL Server 2005" }, { 10, "Microsoft SQL Server 2008" },
	{ 11, "Microsoft SQL Server 2012" }, { 12, "Microsoft SQL Server 2014" },
	{ 13, "Microsoft SQL Server 2016" }, { 14, "Microsoft SQL Server 2017" },
	{ 15, "Microsoft SQL Server 2019" }, { 16, "Microsoft SQL Server 2022" },
	{ 0, NULL } };
static const struct tok tds_versions[] = { { 0x70, "7.0" }, { 0x71, "7.1" }, { 0x72, "7.2" },
	{ 0x73, "7.3" }, { 0x74, "7.4" }, { 0x04, "7.x" }, { 0, NULL } };

static bool
is_request(uint8_t type)
{
	return type == BATCH || type == LOGIN_OLD || type == RPC || type == ATTENTION ||
	    type == BULK || type == FEDAUTH || type == TRANSACTION || type == LOGIN7 ||
	    type == SSPI || type == PRELOGIN;
}

static ssize_t
tds_frame(const struct dctx *c, const struct rd *r)
{
	struct rd p = *r;
	uint8_t type, status;
	uint16_t n;

	if (rd_have(r) < 8)
		return rd_have(r) && !is_request((uint8_t)rd_peek8(r, 0)) &&
		    rd_peek8(r, 0) != RESPONSE ? -1 : 0;
	type = rd_u8(&p);
	status = rd_u8(&p);
	n = rd_be16(&p);
	(void)c;
	if ((!is_request(type) && type != RESPONSE) || status & 0xe0 || n < 8)
		return -1;
	return n;
}

/* The options' table of a prelogin: token 1, offset 2, length 2; ff. */
static bool
prelogin(struct rd d, struct wait *w)
{
	struct rd all = d;
	bool version = false;

	w->kind = PRELOGIN;
	w->encryption = 0xff;
	for (unsigned i = 0; i < 12 && rd_left(&d); i++) {
		uint8_t token = rd_u8(&d);
		uint16_t off, n;
		struct rd v = all;

		if (token == 0xff)
			break;
		off = rd_be16(&d);
		n = rd_be16(&d);
		rd_skip(&v, off);
		v = rd_sub(&v, n);
		if (token > 8 || !rd_ok(&v))
			return false;
		if (token == 0) {
			w->major = rd_u8(&v);
			w->minor = rd_u8(&v);
			w->build = rd_be16(&v);
			version = rd_ok(&v);
		} else if (token == 1) {
			w->encryption = rd_u8(&v);
		}
	}
	return version && rd_ok(&d);
}

static enum probe
tds_probe(struct probe_in *in)
{
	struct wait w;

	for (int side = 0; side < 2; side++) {
		const struct rd *r = &in->side[side];
		struct rd d = *r;
		ssize_t n;
		int type = rd_peek8(r, 0), first;

		if (!in->tcp || !rd_left(r))
			continue;
		n = tds_frame(NULL, r);
		if (n <= 0)
			return n ? PROBE_NO : PROBE_MORE;
		rd_skip(&d, 8);
		first = rd_peek8(&d, 0);
		in->reversed = is_request((uint8_t)type) == (side == 1);
		memset(&w, 0, sizeof(w));
		if (type == PRELOGIN || (type == RESPONSE && first == 0))
			return prelogin(d, &w) ? PROBE_YES :
			    (size_t)n > rd_have(r) ? PROBE_MORE : PROBE_NO;
		if (type == LOGIN7)
			return rd_have(&d) >= 4 && rd_le32(&d) == (uint32_t)n - 8 ? PROBE_YES :
			    PROBE_NO;
		/* in the middle: process id and packet number, and a token or headers */
		if (rd_peek8(r, 7) != 0)
			return PROBE_NO;
		if (type == RESPONSE && (first == 0x81 || first == 0xaa || first == 0xab ||
		    first == 0xad || first == 0xe3 || first == 0xfd || first == 0xfe ||
		    first == 0xff || first == 0x79))
			return in->hinted ? PROBE_YES : PROBE_WEAK;
		if ((type == BATCH || type == RPC || type == TRANSACTION) && rd_have(&d) >= 8) {
			uint32_t total = rd_le32(&d), one = rd_le32(&d);
			if (total >= 22 && total < 512 && one >= 18 && one <= total)
				return PROBE_YES;
		}
		return in->hinted && n == (ssize_t)rd_left(r) ? PROBE_WEAK : PROBE_MORE;
	}
	return PROBE_NO;
}

static uint8_t
field(const struct rd *all, struct rd *r, char *d, unsigned room)
{
	struct rd v = *all;
	uint16_t off = rd_le16(r), n = rd_le16(r);

	rd_skip(&v, off);
	v = rd_sub(&v, n * 2u);
	if (!rd_ok(&v))
		return 0;
	return (uint8_t)utf16_put(d, room, rd_bytes(&v, n * 2u), n * 2u);
}

static bool
login(struct rd d, struct wait *w)
{
	struct rd all = d;
	uint32_t n = rd_le32(&d);

	w->kind = LOGIN7;
	w->major = (uint8_t)(rd_le32(&d) >> 24);
	if (n != all.len - all.off && n > all.len - all.off)
		return false;
	rd_skip(&d, 28);
	w->host_n = field(&all, &d, w->host, sizeof(w->host));
	rd_skip(&d, 2);
	w->user = rd_le16(&d) > 0;
	rd_skip(&d, 2);
	w->password = rd_le16(&d) > 0;
	w->app_n = field(&all, &d, w->app, sizeof(w->app));
	w->server_n = field(&all, &d, w->server, sizeof(w->server));
	rd_skip(&d, 4);
	w->library_n = field(&all, &d, w->library, sizeof(w->library));
	rd_skip(&d, 4);
	w->database_n = field(&all, &d, w->database, sizeof(w->database));
	rd_skip(&d, 8);
	w->sspi = rd_le16(&d) > 0;
	return rd_ok(&d);
}

static void
put_prelogin(struct dctx *c, const struct wait *q, const struct when *when, const struct wait *a)
{
	struct ev *e = ev_begin(c, "tds", when, 0);
	struct ident *i;
	uint8_t x = a ? a->encryption : 0xff;

	ev_cstr(e, "type", "prelogin");
	if (q)
		ev_str(e, "client_version", ev_text(e, "%u.%u.%u", q->major, q->minor, q->build));
	e->ot.op = OT_CONNECT;
	e->ot.service = TEXT("prelogin");
	if (!a) {
		ev_unanswered(e, c);
		ev_emit(e);
		return;
	}
	i = ev_identity(e, "tds", EV_DEST);
	i->firmware = ev_text(e, "%u.%u.%u", a->major, a->minor, a->build);
	i->product = text_c(tok_or(products, a->major, "Microsoft SQL Server"));
	i->vendor = TEXT("Microsoft");
	ev_str(e, "server_version", i->firmware);
	if (x < 4) {
		ev_cstr(e, "encryption", encryptions[x]);
		if (x == 0 || x == 2) {
			ev_arr(e, "weak");
			ev_a_str(e, TEXT("clear"));
			ev_end(e);
		}
	}
	if (q)
		ev_answered(e, c, when);
	ev_emit(e);
}

/* Tokens of the answer to a login: acknowledged, or an error's number. */
static void
put_login(struct dctx *c, const struct wait *q, const struct when *when, const struct rd *answer)
{
	struct ev *e = ev_begin(c, "tds", when, 0);
	struct rd d = answer ? *answer : rd_init(NULL, 0, 0);
	bool ok = false, more = false;
	uint32_t error = 0;
	struct ntlm ntlm;

	ev_cstr(e, "type", "login");
	ev_cstr(e, "tds_version", tok_find(tds_versions, q->major));
	ev_str(e, "client", ((struct text){ q->host, q->host_n }));
	ev_str(e, "application", ((struct text){ q->app, q->app_n }));
	ev_str(e, "server", ((struct text){ q->server, q->server_n }));
	ev_str(e, "library", ((struct text){ q->library, q->library_n }));
	ev_str(e, "database", ((struct text){ q->database, q->database_n }));
	ev_cstr(e, "auth", q->sspi ? "integrated" : "password");
	if (q->user)
		ev_bool(e, "user_name", true);
	if (q->host_n)
		ev_identity(e, "tds", EV_SRC)->hostname = (struct text){ q->host, q->host_n };
	e->ot.op = OT_AUTH;
	e->ot.service = TEXT("login");
	e->ot.object = (struct text){ q->database, q->database_n };
	if (answer && ntlm_find(d, &ntlm) && ntlm.type == NTLM_CHALLENGE) {
		ntlm_put(e, &ntlm, EV_DEST, "tds.ntlm");
		more = true;
	}
	while (rd_left(&d)) {
		uint8_t token = rd_u8(&d);
		struct rd v;
		if (token != 0xaa && token != 0xab && token != 0xad && token != 0xe3)
			break;
		v = rd_sub(&d, rd_le16(&d));
		if (token == 0xaa && !error)
			error = rd_le32(&v);
		ok |= token == 0xad;
	}
	if (!answer) {
		ev_unanswered(e, c);
	} else {
		ev_answered(e, c, when);
		if (more)
			e->ot.result = TEXT("more");
		else if (!ok && error)
			e->ot.result = ev_text(e, "error_%u", error);
	}
	ev_emit(e);
}

static enum verdict
tds_dissect(struct dctx *c, struct rd *r)
{
	struct tds_state *s = c->state;
	uint8_t type = rd_u8(r), status = rd_u8(r);
	struct wait w = { 0 }, q;
	struct pend *p;
	struct when when;

	rd_skip(r, 6);
	if (!rd_ok(r))
		return c->cut ? DIS_OK : DIS_BAD;
	switch (type) {
	case PRELOGIN:
		if (rd_peek8(r, 0) == 0x16)             /* a TLS handshake: nothing more to see */
			return DIS_LEAVE;
		if (!prelogin(*r, &w)) {
			c->why = "PRELOGIN";
			return c->cut ? DIS_OK : DIS_BAD;
		}
		pend_put(c, PRELOGIN, &w, sizeof(w));
		return DIS_OK;
	case LOGIN7:
		if (!login(*r, &w)) {
			c->why = "LOGIN";
			return c->cut || !(status & EOM) ? DIS_OK : DIS_BAD;
		}
		/* exclusive or and turned nibbles: anybody reads it */
		if (w.password)
			proto_credential(c, CRED_PASSWORD, CRED_ENCODED, false);
		pend_put(c, LOGIN7, &w, sizeof(w));
		return DIS_OK;
	case SSPI: {
		struct ntlm n;
		if (ntlm_find(*r, &n) && n.type == NTLM_AUTHENTICATE && !n.anonymous)
			proto_credential(c, CRED_CHALLENGE, CRED_DIGEST, false);
		return DIS_OK;
	}
	case BATCH: s->batches += status & EOM; return DIS_OK;
	case RPC: s->rpcs += status & EOM; return DIS_OK;
	case BULK: s->bulks += status & EOM; return DIS_OK;
	case RESPONSE: break;
	default: return DIS_OK;
	}
	if ((p = pend_find(c, PRELOGIN))) {
		q = *(const struct wait *)p->data;
		when = p->when;
		pend_done(c, p);
		if (prelogin(*r, &w))
			put_prelogin(c, &q, &when, &w);
	} else if ((p = pend_find(c, LOGIN7))) {
		q = *(const struct wait *)p->data;
		when = p->when;
		pend_done(c, p);
		put_login(c, &q, &when, r);
	} else if (rd_peek8(r, 0) == 0 && prelogin(*r, &w)) {
		put_prelogin(c, NULL, &c->when, &w);
	}
	return DIS_OK;
}

static void
tds_expire(struct dctx *c, struct pend *p)
{
	const struct wait *q = (const struct wait *)p->data;

	if (q->kind == PRELOGIN)
		put_prelogin(c, q, &p->when, NULL);
	else
		put_login(c, q, &p->when, NULL);
}

static void
tds_end(struct dctx *c, bool gap)
{
	struct tds_state *s = c->state;
	struct ev *e;

	if (gap || !c->flow || !(s->batches || s->rpcs || s->bulks))
		return;
	e = ev_begin(c, "tds", &c->when, 0);
	ev_cstr(e, "type", "statements");
	ev_uint(e, "batches", s->batches);
	ev_uint(e, "rpcs", s->rpcs);
	if (s->bulks)
		ev_uint(e, "bulk_loads", s->bulks);
	e->ot.op = OT_OTHER;
	e->ot.service = TEXT("statements");
	ev_emit(e);
}

static const struct hint hints[] = { { HINT_TCP, 1433 }, { HINT_END, 0 } };

static const struct field fields[] = {
	{ "tds.type", "string", "prelogin, login, statements" },
	{ "tds.client_version", "string", "the client's library, in numbers" },
	{ "tds.server_version", "string", "the server's, in numbers" },
	{ "tds.encryption", "string", "login_only, on, not_supported, required" },
	{ "tds.weak", "array", "clear: statements and results go unencrypted" },
	{ "tds.tds_version", "string", "of the protocol" },
	{ "tds.client", "string", "the client's computer" },
	{ "tds.application", "string", "the program that logs in" },
	{ "tds.server", "string", "the server it asks for" },
	{ "tds.library", "string", "the library it uses" },
	{ "tds.database", "string", "the database it wants" },
	{ "tds.auth", "string", "password or integrated" },
	{ "tds.user_name", "boolean", "somebody logs in; never who" },
	NTLM_FIELDS("tds"),
	{ "tds.batches", "integer", "statements sent; never their texts" },
	{ "tds.rpcs", "integer", "procedures called" },
	{ "tds.bulk_loads", "integer", "loads of many rows" },
	{ NULL },
};

const struct dissector tds_dissector = {
	.name = "tds",
	.title = "TDS (Microsoft SQL Server)",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct tds_state),
	.probe = tds_probe,
	.frame = tds_frame,
	.dissect = tds_dissect,
	.expire = tds_expire,
	.end = tds_end,
};
