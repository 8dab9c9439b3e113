/* ftp.c: FTP's control connection, RFC 959, 2228, 2428, 3659, 4217.
 *
 * What is told: the server's greeting and system, logins (never name or password), and
 * commands that touch files, each with its reply's codes. Of a file's name, which may
 * be a patient's, its extension alone. All other commands are counted, and the count
 * is written when the connection ends. */
#include "base/ascii.h"
#include "proto/line.h"
#include "proto/sysdescr.h"

enum { VERB = 8, EXT = 6, CODES = 3 };

struct ftp_state {
	struct when first;
	uint64_t next;                  /* key of the next command */
	uint32_t commands, data, failed;
	uint16_t reply;                 /* of a reply in several lines */
	bool greeted, anonymous, tls_offered;
};

struct ftp_cmd {
	char verb[VERB], ext[EXT];
	uint8_t ncode;
	bool named, anonymous, shipped;
	uint16_t code[CODES];
};

/* What is worth an event, and what it does to the server. */
static const struct { const char *verb; enum ot_op op; } told[] = {
	{ "RETR", OT_READ }, { "STOR", OT_WRITE }, { "STOU", OT_WRITE }, { "APPE", OT_WRITE },
	{ "DELE", OT_WRITE }, { "RNFR", OT_WRITE }, { "RMD", OT_WRITE }, { "XRMD", OT_WRITE },
	{ "MKD", OT_WRITE }, { "XMKD", OT_WRITE }, { "SITE", OT_COMMAND }, { "MFMT", OT_WRITE },
	{ "SYST", OT_IDENTIFY }, { "PASS", OT_AUTH }, { "USER", OT_AUTH }, { "ACCT", OT_AUTH },
	{ "AUTH", OT_OTHER },
};
static const char *const others[] = {
	"ABOR", "ADAT", "ALLO", "CCC", "CDUP", "CLNT", "CWD", "EPRT", "EPSV", "FEAT", "HASH",
	"HELP", "LANG", "LIST", "LPRT", "LPSV", "MDTM", "MLSD", "MLST", "MODE", "NLST", "NOOP",
	"OPTS", "PASV", "PBSZ", "PORT", "PROT", "PWD", "QUIT", "REIN", "REST", "RNTO", "SIZE",
	"SMNT", "STAT", "STRU", "TYPE", "XCUP", "XCWD", "XPWD",
};
/* Passwords that devices are shipped with. */
static const char *const shipped[] = {
	"admin", "password", "root", "user", "1234", "12345", "guest", "default", "pass", "wago",
	"system", "factorycast@schneider", "sresurdevice", "poiuypoiuy", "ftpuser", "private",
};

static int
told_index(const char *verb)
{
	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
		if (strcmp(told[i].verb, verb) == 0)
			return (int)i;
	return -1;
}

static bool
is_verb(const char *verb)
{
	if (told_index(verb) >= 0)
		return true;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strcmp(others[i], verb) == 0)
			return true;
	return false;
}

/* "csv" of "Andersson_Eva.csv": five letters and digits at most, and not digits alone,
 * for those may belong to a person's number. */
static void
extension(struct text name, char to[EXT])
{
	uint32_t at = name.n;
	bool letter = false;

	while (at && name.p[at - 1] != '.' && name.p[at - 1] != '/' && name.n - at < EXT)
		at--;
	to[0] = '\0';
	if (at < 2 || name.p[at - 1] != '.' || at == name.n)
		return;
	for (uint32_t i = at; i < name.n; i++) {
		char c = name.p[i];
		if (!(ascii_digit(c) || ascii_letter(c))) {
			to[0] = '\0';
			return;
		}
		letter |= c > '9';
		to[i - at] = c;
		to[i - at + 1] = '\0';
	}
	if (!letter)
		to[0] = '\0';
}

static struct ev *
command_event(struct dctx *c, const struct ftp_cmd *m, const struct when *at, int side)
{
	struct ev *e = ev_begin(c, "ftp", at, side);
	int i = told_index(m->verb);
	bool file = i >= 0 && i < 10;

	ev_cstr(e, "command", m->verb);
	if (m->named && file) {
		ev_bool(e, "file_name", true);
		ev_cstr(e, "file_extension", m->ext);
		if (m->ext[0])
			e->ot.object = ev_text(e, "*.%s", m->ext);
	}
	if (m->anonymous)
		ev_bool(e, "anonymous", true);
	else if (strcmp(m->verb, "USER") == 0)
		ev_bool(e, "user_name", true);
	if (m->ncode) {
		ev_arr(e, "completion_code");
		for (unsigned k = 0; k < m->ncode; k++)
			ev_a_uint(e, m->code[k]);
		ev_end(e);
	}
	e->ot.op = i >= 0 ? told[i].op : OT_OTHER;
	e->ot.service = text_c(i >= 0 ? told[i].verb : NULL);
	return e;
}

static void
ftp_expire(struct dctx *c, struct pend *p)
{
	const struct ftp_cmd *m = (const struct ftp_cmd *)p->data;
	struct ev *e;

	if (told_index(m->verb) < 0)
		return;
	e = command_event(c, m, &p->when, p->side);
	if (m->ncode)                   /* a transfer that takes longer than we wait */
		e->ot.result = TEXT("started");
	else
		ev_unanswered(e, c);
	ev_emit(e);
}

static void
describe(struct ev *e, struct text t, const char *source, bool greeting)
{
	struct ident *i = ev_identity(e, source, EV_DEST);
	const char *at = text_find(t, " FTP server (");
	struct banner b;

	banner_read(t, &b);
	i->vendor = b.vendor;
	i->product = b.product;
	i->firmware = b.version;
	i->os = b.os;
	/* BSD's way: "host FTP server (version) ready." */
	if (greeting && at) {
		struct text host = { t.p, (uint32_t)(at - t.p) };
		if (text_is_name(host, 255) && memchr(host.p, '.', host.n))
			i->hostname = host;
	}
}

static enum verdict
server_line(struct dctx *c, struct text t)
{
	struct ftp_state *s = c->state;
	struct ftp_cmd m;
	struct pend *p;
	bool more;
	unsigned code = line_code(t, &more);
	struct ev *e;
	struct when at;
	bool answers;

	if (s->reply) {                 /* inside a reply of several lines */
		if (s->reply == 211 && (text_find(t, "AUTH TLS") || text_find(t, "AUTH SSL")))
			s->tls_offered = true;
		if (code != s->reply || more)
			return DIS_OK;
		s->reply = 0;
	} else {
		if (!code)
			return DIS_OK;
		if (more)
			s->reply = (uint16_t)code;
		if (code == 220 && !s->greeted && !s->commands) {
			s->greeted = true;
			e = ev_begin(c, "ftp", &c->when, 0);
			ev_arr(e, "completion_code");
			ev_a_uint(e, code);
			ev_end(e);
			e->ot.op = OT_CONNECT;
			e->ot.service = TEXT("greeting");
			e->ot.result = TEXT("ok");
			describe(e, text_trim(t.p + 4, t.n > 4 ? t.n - 4 : 0), "ftp.banner", true);
			ev_emit(e);
			return DIS_OK;
		}
		if (more)
			return DIS_OK;
	}
	if (code == 227 || code == 228 || code == 229)
		s->data++;
	if (!(p = pend_oldest(c)))
		return DIS_OK;
	memcpy(&m, p->data, sizeof(m));
	if (m.ncode < CODES)
		m.code[m.ncode++] = (uint16_t)code;
	if (code < 200) {               /* there is more to come */
		memcpy(p->data, &m, sizeof(m));
		return DIS_OK;
	}
	at = p->when;
	pend_done(c, p);
	answers = told_index(m.verb) >= 0;
	if (strcmp(m.verb, "USER") == 0 && code == 331)
		answers = false;                /* its password says how it went */
	if (strcmp(m.verb, "RNFR") == 0 && code < 400)
		answers = true;
	s->failed += code >= 400;
	if (answers) {
		e = command_event(c, &m, &at, 0);
		if (strcmp(m.verb, "SYST") == 0 && code == 215)
			describe(e, text_trim(t.p + 4, t.n > 4 ? t.n - 4 : 0), "ftp.syst", false);
		if (code >= 400)
			e->ot.result = ev_text(e, "%u", code);
		ev_answered(e, c, &at);
		ev_emit(e);
	}
	return strcmp(m.verb, "AUTH") == 0 && code == 234 ? DIS_NEXT : DIS_OK;
}

static void
client_line(struct dctx *c, struct text t)
{
	struct ftp_state *s = c->state;
	struct ftp_cmd m;
	struct text arg;

	memset(&m, 0, sizeof(m));
	if (!line_verb(t, m.verb, sizeof(m.verb), &arg) || !is_verb(m.verb))
		return;
	s->commands++;
	m.named = arg.n > 0;
	if (strcmp(m.verb, "USER") == 0) {
		s->anonymous = text_is(arg, "anonymous") || text_is(arg, "ftp");
	} else if (strcmp(m.verb, "PASS") == 0 || strcmp(m.verb, "ACCT") == 0) {
		for (size_t i = 0; i < sizeof(shipped) / sizeof(shipped[0]); i++)
			m.shipped |= text_is(arg, shipped[i]);
		if (!s->anonymous && arg.n)
			proto_credential(c, CRED_PASSWORD, CRED_CLEAR, m.shipped);
	} else if (strcmp(m.verb, "PORT") == 0 || strcmp(m.verb, "EPRT") == 0) {
		s->data++;
	} else {
		extension(arg, m.ext);
	}
	m.anonymous = s->anonymous && (strcmp(m.verb, "USER") == 0 || strcmp(m.verb, "PASS") == 0);
	pend_put(c, s->next++, &m, sizeof(m));
}

static ssize_t
ftp_frame(const struct dctx *c, const struct rd *r)
{
	(void)c;
	return line_frame(r);
}

static enum verdict
ftp_dissect(struct dctx *c, struct rd *r)
{
	struct ftp_state *s = c->state;
	uint32_t n = rd_have(r);
	const uint8_t *p = rd_bytes(r, n);
	struct text t = text_trim(p, n);

	if (!s->first.us)
		s->first = c->when;
	if (!t.n)
		return DIS_OK;
	/* its blanks say that a line belongs to the reply before */
	if (c->side)
		return server_line(c, (const char *)p == t.p ? t : (struct text){ (const char *)p,
		    t.n + (uint32_t)(t.p - (const char *)p) });
	client_line(c, t);
	return DIS_OK;
}

static void
ftp_end(struct dctx *c, bool gap)
{
	struct ftp_state *s = c->state;
	struct ev *e;

	if (!c->flow)
		return;
	if (gap) {
		s->reply = 0;
		return;
	}
	if (!s->commands)
		return;
	e = ev_begin(c, "ftp", &s->first, 0);
	ev_uint(e, "commands", s->commands);
	ev_uint(e, "failed", s->failed);
	ev_uint(e, "data_connections", s->data);
	if (s->tls_offered)
		ev_bool(e, "tls_offered", true);
	/* had the server agreed to encrypt, nobody would be here */
	ev_arr(e, "weak");
	ev_a_str(e, TEXT("clear"));
	if (s->anonymous)
		ev_a_str(e, TEXT("anonymous"));
	ev_end(e);
	e->ot.op = OT_OTHER;
	e->ot.service = TEXT("session");
	e->ot.has_count = true;
	e->ot.count = s->commands;
	ev_emit(e);
}

static bool
has_verb(const struct rd *r, bool login)
{
	struct text t = { (const char *)rd_at(r), rd_have(r) }, rest;
	const char *lf = t.n ? memchr(t.p, '\n', t.n) : NULL;
	char verb[VERB];

	if (!lf)
		return false;
	t.n = (uint32_t)(lf - t.p);
	if (t.n && t.p[t.n - 1] == '\r')
		t.n--;
	if (!line_verb(t, verb, sizeof(verb), &rest) || !is_verb(verb))
		return false;
	/* SMTP and POP3 share some; these they do not have, or not so early */
	return !login || told_index(verb) >= 0 || strcmp(verb, "PASV") == 0 ||
	    strcmp(verb, "EPSV") == 0 || strcmp(verb, "FEAT") == 0 || strcmp(verb, "PORT") == 0;
}

/* The first bytes of a line whose rest is in another segment. */
static bool
verb_begun(const struct rd *r)
{
	struct text t = { (const char *)rd_at(r), rd_have(r) }, rest;
	char verb[VERB];

	if (!t.n || memchr(t.p, '\n', t.n))
		return false;
	for (uint32_t i = 0; i < t.n && i < 3; i++)
		if (!ascii_letter(t.p[i]))
			return false;
	return t.n <= 4 || (line_verb(t, verb, sizeof(verb), &rest) && is_verb(verb));
}

static enum probe
ftp_probe(struct probe_in *in)
{
	struct rd *q = &in->side[0], *a = &in->side[1];
	struct text t = { (const char *)rd_at(a), rd_have(a) };

	if (!in->tcp)
		return PROBE_NO;
	if (line_reply_begun(a) && (!rd_left(q) || has_verb(q, true) || verb_begun(q)))
		return PROBE_MORE;
	if (rd_left(q) && rd_left(a))
		return has_verb(q, true) && line_is_reply(a) ? PROBE_YES :
		    line_is_reply(q) && has_verb(a, true) ? (in->reversed = true, PROBE_YES) :
		    PROBE_NO;
	if (rd_left(a)) {
		if (!line_is_reply(a) || text_find(t, "SMTP"))
			return PROBE_NO;
		if (text_begins(t, "220") && text_find(t, "FTP"))
			return PROBE_YES;
		return in->hinted ? PROBE_WEAK : PROBE_MORE;
	}
	if (line_is_reply(q))
		return PROBE_MORE;              /* which side is the server's is not known yet */
	return has_verb(q, true) ? (in->hinted ? PROBE_WEAK : PROBE_MORE) :
	    verb_begun(q) ? PROBE_MORE : PROBE_NO;
}

static const struct hint hints[] = { { HINT_TCP, 21 }, { 0 } };

static const struct field fields[] = {
	{ "ftp.command", "string", "the command" },
	{ "ftp.file_name", "boolean", "it names a file or folder (the name is not written)" },
	{ "ftp.file_extension", "string", "the name's extension" },
	{ "ftp.user_name", "boolean", "it names a user (the name is not written)" },
	{ "ftp.anonymous", "boolean", "the user is anonymous" },
	{ "ftp.completion_code", "array", "codes of its replies, or of the greeting" },
	{ "ftp.commands", "integer", "commands in all, at the end" },
	{ "ftp.failed", "integer", "commands that were refused, at the end" },
	{ "ftp.data_connections", "integer", "data connections agreed on, at the end" },
	{ "ftp.tls_offered", "boolean", "the server could encrypt" },
	{ "ftp.weak", "array", "clear: not encrypted; anonymous" },
	{ NULL }
};

const struct dissector ftp_dissector = {
	.name = "ftp",
	.title = "FTP, control connection",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct ftp_state),
	.probe = ftp_probe,
	.frame = ftp_frame,
	.dissect = ftp_dissect,
	.expire = ftp_expire,
	.end = ftp_end,
};
