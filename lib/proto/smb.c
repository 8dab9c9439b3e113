/* smb.c: SMB versions 1, 2 and 3 ([MS-CIFS], [MS-SMB2]), behind NetBIOS' session
 * header (RFC 1002, 4.3) on both of their ports: which versions are spoken and
 * whether signed, who logs in how, which shares are used and for what.
 *
 *      0      1          4
 *     +------+----------+-------------------------------
 *     | type | length   | ff, fe or fd "SMB", message
 *     +------+----------+-------------------------------
 *
 * File names are never written: what was done in a share is counted and said when it
 * is left. Names of users are not written either. */
#include "proto/smb.h"

#include "proto/netbios.h"
#include "proto/ntlm.h"

#include <strings.h>

enum { MESSAGE = 0, REQUEST = 0x81, POSITIVE, NEGATIVE, RETARGET, KEEPALIVE };

static const struct tok statuses[] = {
	{ 0, "ok" }, { 0xc0000016, "more_processing_required" }, { 0xc0000022, "access_denied" },
	{ 0xc000006d, "logon_failure" }, { 0xc000006e, "account_restriction" },
	{ 0xc0000071, "password_expired" }, { 0xc0000072, "account_disabled" },
	{ 0xc00000bb, "not_supported" }, { 0xc00000cc, "bad_network_name" },
	{ 0xc0000203, "user_session_deleted" }, { 0xc0000234, "account_locked_out" },
	{ 0xc000000d, "invalid_parameter" }, { 0xc000035c, "network_session_expired" },
	{ 0xc0000064, "no_such_user" }, { 0xc000006a, "wrong_password" },
	{ 0xc00000c9, "network_name_deleted" }, { 0xc0000002, "not_implemented" }, { 0, NULL },
};

static const struct text acts[] = { TEXT("opened"), TEXT("created"), TEXT("read"),
	TEXT("written"), TEXT("deleted"), TEXT("renamed"), TEXT("listed"), TEXT("denied") };

struct text
smb_status(struct ev *e, uint32_t status)
{
	const char *s = tok_find(statuses, status);
	return s ? text_c(s) : ev_text(e, "status_%08x", status);
}

const char *
smb_pipe(const char *name, unsigned n)
{
	/* services whose use over the network is worth a line */
	static const char *const pipes[] = { "svcctl", "atsvc", "winreg", "samr", "lsarpc",
		"srvsvc", "wkssvc", "netlogon", "spoolss", "epmapper", "eventlog", "ntsvcs",
		"browser", "drsuapi", "lsass", "efsrpc", "psexesvc" };

	if (n && name[0] == '\\')
		name++, n--;
	for (size_t i = 0; i < sizeof(pipes) / sizeof(pipes[0]); i++)
		if (strlen(pipes[i]) == n && strncasecmp(pipes[i], name, n) == 0)
			return pipes[i];
	return NULL;
}

void
smb_pipe_event(struct dctx *c, const char *pipe)
{
	const struct smb_state *s = c->state;
	struct ev *e = ev_begin(c, "smb", &c->when, 0);

	ev_cstr(e, "version", s->v2 ? "2" : "1");
	ev_cstr(e, "type", "pipe");
	ev_cstr(e, "pipe", pipe);
	e->ot.op = OT_CONNECT;
	e->ot.service = TEXT("pipe");
	e->ot.object = text_c(pipe);
	ev_emit(e);
}

/* ---- shares */

unsigned
smb_share_fit(char *path, unsigned n)
{
	static const char *const known[] = { "ADMIN$", "IPC$", "PRINT$", "FAX$" };
	const char *slash = memrchr(path, '\\', n);
	unsigned at = slash ? (unsigned)(slash + 1 - path) : 0;
	struct text name = { path + at, n - at };

	if (name.n < 3 || name.p[name.n - 1] != '$')    /* C$: a drive */
		return n;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (text_is(name, known[i]))
			return n;
	memcpy(path + at, "*$", 2);
	return at + 2;
}

struct smb_tree *
smb_tree_find(struct dctx *c, uint32_t id)
{
	struct smb_state *s = c->state;

	for (unsigned i = 0; i < SMB_TREES; i++)
		if (s->tree[i].used && s->tree[i].id == id)
			return &s->tree[i];
	return NULL;
}

void
smb_tree_close(struct dctx *c, struct smb_tree *t)
{
	const struct smb_state *s = c->state;
	bool any = false, changed = t->acts[SMB_CREATED] || t->acts[SMB_WRITTEN] ||
	    t->acts[SMB_DELETED] || t->acts[SMB_RENAMED];
	struct ev *e;

	t->used = false;
	for (unsigned i = 0; i < SMB_ACTS; i++)
		any |= t->acts[i] != 0;
	if (!any)
		return;
	e = ev_begin(c, "smb", &c->when, 0);
	ev_cstr(e, "version", s->v2 ? "2" : "1");
	ev_cstr(e, "type", "files");
	ev_str(e, "share", ((struct text){ t->share, t->n }));
	for (unsigned i = 0; i < SMB_ACTS; i++) {
		if (!t->acts[i])
			continue;
		switch ((enum smb_act)i) {
		case SMB_OPENED: ev_uint(e, "opened", t->acts[i]); break;
		case SMB_CREATED: ev_uint(e, "created", t->acts[i]); break;
		case SMB_READ: ev_uint(e, "read", t->acts[i]); break;
		case SMB_WRITTEN: ev_uint(e, "written", t->acts[i]); break;
		case SMB_DELETED: ev_uint(e, "deleted", t->acts[i]); break;
		case SMB_RENAMED: ev_uint(e, "renamed", t->acts[i]); break;
		case SMB_LISTED: ev_uint(e, "listed", t->acts[i]); break;
		default: ev_uint(e, "denied", t->acts[i]); break;
		}
	}
	e->ot.op = changed ? OT_WRITE : OT_READ;
	e->ot.service = changed ? acts[SMB_WRITTEN] : acts[SMB_READ];
	e->ot.object = (struct text){ t->share, t->n };
	ev_emit(e);
}

void
smb_tree_open(struct dctx *c, uint32_t id, const char *share, unsigned n)
{
	struct smb_state *s = c->state;
	struct smb_tree *t = smb_tree_find(c, id);

	for (unsigned i = 0; i < SMB_TREES && !t; i++)
		if (!s->tree[i].used)
			t = &s->tree[i];
	if (!t) {
		t = &s->tree[0];
		for (unsigned i = 1; i < SMB_TREES; i++)
			if (s->tree[i].order < t->order)
				t = &s->tree[i];
	}
	if (t->used)
		smb_tree_close(c, t);
	memset(t, 0, sizeof(*t));
	t->used = true;
	t->id = id;
	t->order = ++s->turn;
	t->n = (uint8_t)(n < SMB_SHARE ? n : SMB_SHARE);
	memcpy(t->share, share, t->n);
}

/* ---- events */

const char *
smb_dialect(uint16_t d)
{
	static const struct tok names[] = { { 0x0202, "2.0.2" }, { 0x0210, "2.1" },
		{ 0x0300, "3.0" }, { 0x0302, "3.0.2" }, { 0x0311, "3.1.1" }, { 0x02ff, "2.?" },
		{ 0x0001, "NT LM 0.12" }, { 0, NULL } };
	return tok_find(names, d);
}

static struct ev *
begin(struct dctx *c, const struct smb_wait *q, const struct when *when, const char *type,
    enum ot_op op)
{
	struct ev *e = ev_begin(c, "smb", when, 0);

	ev_cstr(e, "version", q->v2 ? "2" : "1");
	ev_cstr(e, "type", type);
	e->ot.op = op;
	e->ot.service = text_c(type);
	return e;
}

void
smb_put_nego(struct dctx *c, const struct smb_wait *q, const struct when *when,
    const struct smb_nego *a)
{
	struct ev *e = begin(c, q, when, "negotiate", OT_CONNECT);

	if (q->dialects_n) {
		ev_arr(e, "dialects");
		for (unsigned i = 0; i < q->dialects_n; i++)
			ev_a_str(e, text_c(smb_dialect(q->dialects[i])));
		ev_end(e);
	}
	if (!a) {
		ev_unanswered(e, c);
		ev_emit(e);
		return;
	}
	ev_cstr(e, "dialect", a->dialect);
	ev_cstr(e, "signing", a->required ? "required" : a->signing ? "enabled" : "none");
	if (!a->required || !a->v2 || a->plain) {
		ev_arr(e, "weak");
		if (!a->required)
			ev_a_str(e, TEXT("signing"));
		if (!a->v2)
			ev_a_str(e, TEXT("version"));
		if (a->plain)
			ev_a_str(e, TEXT("plain_passwords"));
		ev_end(e);
	}
	e->ot.object = text_c(a->dialect);
	ev_answered(e, c, when);
	ev_emit(e);
}

void
smb_token(struct dctx *c, struct smb_wait *q, struct rd blob)
{
	static const uint8_t krb5[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x02, 0x01,
		0x00, 0x6e };
	struct ntlm m;

	if (ntlm_find(blob, &m)) {
		q->ntlm = true;
		q->user = m.user;
		q->anonymous = m.type == NTLM_AUTHENTICATE && m.anonymous;
		if (m.type == NTLM_AUTHENTICATE && !m.anonymous)
			proto_credential(c, CRED_CHALLENGE, CRED_DIGEST, false);
	} else if (rd_have(&blob) &&
	    memmem(rd_at(&blob), rd_have(&blob), krb5, sizeof(krb5))) {
		q->kerberos = true;
	}
}

void
smb_put_session(struct dctx *c, const struct smb_wait *q, const struct when *when, uint32_t status,
    bool guest, bool null_, struct rd blob, struct text os)
{
	struct ev *e = begin(c, q, when, "session_setup", OT_AUTH);
	struct ntlm m;

	ev_cstr(e, "auth", q->kerberos ? "kerberos" : q->ntlm ? "ntlm" : q->plain ? "plain" : NULL);
	if (q->user)
		ev_bool(e, "user_name", true);
	if (q->anonymous || null_)
		ev_bool(e, "anonymous", true);
	if (guest)
		ev_bool(e, "guest", true);
	if (q->n) {
		ev_str(e, "workstation", ((struct text){ q->share, q->n }));
		ev_identity(e, "smb", EV_SRC)->hostname = (struct text){ q->share, q->n };
	}
	if (ntlm_find(blob, &m) && m.type == NTLM_CHALLENGE)
		ntlm_put(e, &m, EV_DEST, "smb.ntlm");
	if (os.n) {
		ev_str(e, "native_os", os);
		if (os.n > 5 && memcmp(os.p, "Samba", 5) == 0)
			ev_identity(e, "smb", EV_DEST)->product = os;
		else
			ev_identity(e, "smb", EV_DEST)->os = os;
	}
	ev_answered(e, c, when);
	e->ot.result = smb_status(e, status);
	ev_emit(e);
}

void
smb_put_tree(struct dctx *c, const struct smb_wait *q, const struct when *when, uint32_t status)
{
	struct ev *e = begin(c, q, when, "tree_connect", OT_CONNECT);

	ev_str(e, "share", ((struct text){ q->share, q->n }));
	e->ot.object = (struct text){ q->share, q->n };
	ev_answered(e, c, when);
	e->ot.result = smb_status(e, status);
	ev_emit(e);
}

static void
smb_expire(struct dctx *c, struct pend *p)
{
	static const char *const types[] = { "negotiate", "session_setup", "tree_connect" };
	const struct smb_wait *q = (const struct smb_wait *)p->data;
	struct ev *e;

	if (q->command == 0) {
		smb_put_nego(c, q, &p->when, NULL);
		return;
	}
	e = begin(c, q, &p->when, types[q->command == 1 ? 1 : 2],
	    q->command == 1 ? OT_AUTH : OT_CONNECT);
	if (q->command != 1) {
		ev_str(e, "share", ((struct text){ q->share, q->n }));
		e->ot.object = (struct text){ q->share, q->n };
	}
	ev_unanswered(e, c);
	ev_emit(e);
}

/* ---- NetBIOS sessions */

static ssize_t
smb_frame(const struct dctx *c, const struct rd *r)
{
	struct rd p = *r;
	uint8_t type;
	uint32_t n;

	(void)c;
	if (rd_have(r) < 4)
		return 0;
	type = rd_u8(&p);
	n = rd_be24(&p);
	if (type == MESSAGE) {
		int magic = rd_peek8(&p, 0);
		if (rd_have(&p) >= 4 && ((magic < 0xfc) || rd_peek8(&p, 1) != 'S' ||
		    rd_peek8(&p, 2) != 'M' || rd_peek8(&p, 3) != 'B'))
			return -1;
		return n < 24 ? -1 : (ssize_t)n + 4;
	}
	return type < REQUEST || type > KEEPALIVE || n > 255 ? -1 : (ssize_t)n + 4;
}

static enum probe
smb_probe(struct probe_in *in)
{
	for (int side = 0; side < 2; side++) {
		const struct rd *r = &in->side[side];
		bool reply;

		if (!in->tcp || !rd_left(r))
			continue;
		if (smb_frame(NULL, r) < 0)
			return PROBE_NO;
		if (rd_peek8(r, 0) != MESSAGE) {
			if (rd_peek8(r, 0) == REQUEST && rd_peek16(r, 2) == 68 &&
			    rd_peek8(r, 4) == 32) {
				in->reversed = side == 1;
				return PROBE_YES;
			}
			return in->hinted ? PROBE_MORE : PROBE_NO;
		}
		if (rd_have(r) < 24)
			return PROBE_MORE;
		reply = rd_peek8(r, 4) == 0xff ? rd_peek8(r, 13) & 0x80 : rd_peek8(r, 20) & 1;
		if (rd_peek8(r, 4) <= 0xfd)             /* encrypted, compressed: either */
			reply = side == 1;
		in->reversed = reply == (side == 0);
		return PROBE_YES;
	}
	return PROBE_NO;
}

static void
session_request(struct dctx *c, struct rd *r)
{
	struct nb_name to, from;
	struct ev *e;

	if (!nb_name(r, &to) || !nb_name(r, &from))
		return;
	e = ev_begin(c, "smb", &c->when, c->side);
	ev_cstr(e, "type", "netbios_session");
	ev_str(e, "called", nb_text(e, &to));
	ev_str(e, "calling", nb_text(e, &from));
	e->ot.op = OT_CONNECT;
	e->ot.service = TEXT("netbios_session");
	if (nb_is_host(from.b[15], false))
		ev_identity(e, "smb.netbios", EV_SRC)->hostname = nb_text(e, &from);
	ev_emit(e);
}

static enum verdict
smb_dissect(struct dctx *c, struct rd *r)
{
	struct smb_state *s = c->state;
	uint8_t type = rd_u8(r);
	struct ev *e;

	rd_skip(r, 3);
	if (type == REQUEST)
		session_request(c, r);
	if (type != MESSAGE)
		return DIS_OK;
	switch (rd_peek8(r, 0)) {
	case 0xff:
		return smb1_message(c, r);
	case 0xfe:
		s->v2 = true;
		return smb2_message(c, r);
	case 0xfd:
		s->v2 = true;
		if (!s->encrypted) {
			s->encrypted = true;
			e = ev_begin(c, "smb", &c->when, 0);
			ev_cstr(e, "version", "2");
			ev_cstr(e, "type", "encrypted");
			ev_emit(e);
		}
		return DIS_OK;
	default:
		return DIS_OK;
	}
}

static void
smb_end(struct dctx *c, bool gap)
{
	struct smb_state *s = c->state;

	if (!c->flow || gap)
		return;
	for (unsigned i = 0; i < SMB_TREES; i++)
		if (s->tree[i].used)
			smb_tree_close(c, &s->tree[i]);
}

static const struct hint hints[] = { { HINT_TCP, 445 }, { HINT_TCP, 139 }, { HINT_END, 0 } };

static const struct field fields[] = {
	{ "smb.version", "string", "1, or 2 for versions 2 and 3" },
	{ "smb.type", "string", "negotiate, session_setup, tree_connect, files, pipe, encrypted, "
	    "netbios_session" },
	{ "smb.dialects", "array", "what the client offers" },
	{ "smb.dialect", "string", "what the server took" },
	{ "smb.signing", "string", "the server's: required, enabled or none" },
	{ "smb.weak", "array", "signing (not required), version (1), plain_passwords" },
	{ "smb.auth", "string", "ntlm, kerberos or plain" },
	{ "smb.user_name", "boolean", "somebody logs in; never who" },
	{ "smb.anonymous", "boolean", "nobody in particular logs in" },
	{ "smb.guest", "boolean", "the server took the client as a guest" },
	{ "smb.workstation", "string", "the client's computer" },
	{ "smb.native_os", "string", "the server's system, of version 1" },
	NTLM_FIELDS("smb"),
	{ "smb.share", "string", "server and share" },
	{ "smb.opened", "integer", "files opened there; never their names" },
	{ "smb.created", "integer", "files created" },
	{ "smb.read", "integer", "reads" },
	{ "smb.written", "integer", "writes" },
	{ "smb.deleted", "integer", "files deleted" },
	{ "smb.renamed", "integer", "files renamed" },
	{ "smb.listed", "integer", "folders listed" },
	{ "smb.denied", "integer", "what was denied" },
	{ "smb.pipe", "string", "a service reached through a named pipe: svcctl, winreg, ..." },
	{ "smb.called", "string", "NetBIOS name of the server" },
	{ "smb.calling", "string", "NetBIOS name of the client" },
	{ NULL },
};

const struct dissector smb_dissector = {
	.name = "smb",
	.title = "SMB versions 1 to 3",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct smb_state),
	.probe = smb_probe,
	.frame = smb_frame,
	.dissect = smb_dissect,
	.expire = smb_expire,
	.end = smb_end,
};
