/* smtp.c: SMTP and submission, RFC 5321, 3207, 4954: who sends mail through whom.
 *
 * What is told: the server's greeting, the name a client gives itself, authentication
 * (never name or secret), STARTTLS, and when the connection ends how many mails and
 * recipients there were. Addresses, subjects and texts are never written. */
#include "base/ascii.h"
#include "proto/line.h"
#include "proto/sysdescr.h"

enum { VERB = 10, NAME = 128 };
enum { MECH_PLAIN = 1, MECH_LOGIN = 2, MECH_CRAM = 4, MECH_NTLM = 8, MECH_GSSAPI = 16,
	MECH_XOAUTH = 32, MECH_DIGEST = 64, MECH_SCRAM = 128 };

struct smtp_state {
	struct when first;
	uint64_t next;
	uint64_t bytes;
	uint64_t bdat;                  /* bytes of content that follow */
	uint32_t commands, mails, recipients, failed;
	uint16_t reply;
	uint8_t mechs, used;
	bool greeted, data, tls_offered, auth_going;
	uint8_t helo_n;
	char helo[NAME];
};

struct smtp_cmd { char verb[VERB]; uint8_t mech; };

static const char *const verbs[] = {
	"EHLO", "HELO", "LHLO", "MAIL", "RCPT", "DATA", "BDAT", "RSET", "VRFY", "EXPN", "NOOP",
	"QUIT", "STARTTLS", "AUTH", "HELP", "ETRN", "TURN", "XCLIENT", "XFORWARD",
};
static const struct { uint8_t bit; const char *word; } mechs[] = {
	{ MECH_PLAIN, "PLAIN" }, { MECH_LOGIN, "LOGIN" }, { MECH_CRAM, "CRAM-MD5" },
	{ MECH_NTLM, "NTLM" }, { MECH_GSSAPI, "GSSAPI" }, { MECH_XOAUTH, "XOAUTH2" },
	{ MECH_DIGEST, "DIGEST-MD5" }, { MECH_SCRAM, "SCRAM-SHA-1" },
	{ MECH_XOAUTH, "OAUTHBEARER" }, { MECH_SCRAM, "SCRAM-SHA-256" },
};

static bool
is_verb(const char *verb)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strcmp(verbs[i], verb) == 0)
			return true;
	return false;
}

static uint8_t
mech_of(struct text t)
{
	for (size_t i = 0; i < sizeof(mechs) / sizeof(mechs[0]); i++)
		if (text_is(t, mechs[i].word))
			return mechs[i].bit;
	return 0;
}

static void
put_mechs(struct ev *e, uint8_t set)
{
	for (size_t i = 0; i < 8; i++)
		if (set & mechs[i].bit)
			ev_a_str(e, text_c(mechs[i].word));
	ev_end(e);
}

/* How open to a listener the secret of a mechanism is. */
static void
tell_secret(struct dctx *c, uint8_t mech)
{
	if (mech & (MECH_PLAIN | MECH_LOGIN))
		proto_credential(c, CRED_PASSWORD, CRED_ENCODED, false);
	else if (mech & (MECH_CRAM | MECH_NTLM | MECH_DIGEST | MECH_SCRAM))
		proto_credential(c, CRED_CHALLENGE, CRED_DIGEST, false);
	else if (mech & MECH_XOAUTH)
		proto_credential(c, CRED_TOKEN, CRED_ENCODED, false);
}

static void
greeting(struct dctx *c, struct text t)
{
	struct ev *e = ev_begin(c, "smtp", &c->when, 0);
	struct ident *i;
	struct banner b;
	struct text host, rest = t.n > 4 ? text_trim(t.p + 4, t.n - 4) : (struct text){ 0 };

	banner_read(rest, &b);
	host = line_word(&rest);
	i = ev_identity(e, "smtp.banner", EV_DEST);
	i->product = b.product;
	i->vendor = b.vendor;
	i->firmware = b.version;
	i->os = b.os;
	if (text_is_name(host, 255) && memchr(host.p, '.', host.n))
		i->hostname = host;
	ev_uint(e, "reply_code", 220);
	e->ot.op = OT_CONNECT;
	e->ot.service = TEXT("greeting");
	e->ot.result = TEXT("ok");
	ev_emit(e);
}

static void
answered(struct dctx *c, struct pend *p, unsigned code)
{
	struct smtp_state *s = c->state;
	struct smtp_cmd m;
	struct when at = p->when;
	struct ev *e;

	memcpy(&m, p->data, sizeof(m));
	pend_done(c, p);
	s->failed += code >= 400;
	if (strcmp(m.verb, "RCPT") == 0 && code < 300)
		s->recipients++;
	if (strcmp(m.verb, "DATA") == 0 && code == 354)
		s->data = true;
	if (strcmp(m.verb, "BDAT") == 0 && code < 300)
		s->mails++;
	if (m.verb[1] != 'H' && strcmp(m.verb, "HELO") != 0 && strcmp(m.verb, "AUTH") != 0 &&
	    strcmp(m.verb, "STARTTLS") != 0)
		return;
	e = ev_begin(c, "smtp", &at, 0);
	ev_cstr(e, "command", m.verb);
	ev_uint(e, "reply_code", code);
	if (strcmp(m.verb, "AUTH") == 0) {
		ev_arr(e, "mechanism");
		put_mechs(e, m.mech);
		e->ot.op = OT_AUTH;
	} else if (strcmp(m.verb, "STARTTLS") == 0) {
		e->ot.op = OT_OTHER;
	} else {
		struct text name = { s->helo, s->helo_n };
		ev_str(e, "helo", name);
		if (s->tls_offered)
			ev_bool(e, "tls_offered", true);
		if (s->mechs) {
			ev_arr(e, "mechanisms");
			put_mechs(e, s->mechs);
		}
		e->ot.op = OT_CONNECT;
		if (text_is_name(name, NAME))
			ev_identity(e, "smtp.helo", EV_SRC)->hostname = name;
	}
	e->ot.service = ev_text(e, "%s", m.verb);
	if (code >= 400)
		e->ot.result = ev_text(e, "%u", code);
	ev_answered(e, c, &at);
	ev_emit(e);
}

static enum verdict
server_line(struct dctx *c, struct text t)
{
	struct smtp_state *s = c->state;
	struct text rest = t.n > 4 ? text_trim(t.p + 4, t.n - 4) : (struct text){ 0 };
	unsigned code;
	struct pend *p;
	bool more, tls;

	if (!(code = line_code(t, &more)))
		return DIS_OK;
	if (code == 250 && text_begins(rest, "STARTTLS"))
		s->tls_offered = true;
	if (code == 250 && text_begins(rest, "AUTH")) {
		line_word(&rest);
		while (rest.n)
			s->mechs |= mech_of(line_word(&rest));
	}
	if (code == 220 && !s->greeted && !s->commands) {
		s->greeted = true;
		greeting(c, t);
		return DIS_OK;
	}
	if (more || !(p = pend_oldest(c)))
		return DIS_OK;
	if (code == 334) {              /* the next line is the client's secret */
		s->auth_going = true;
		return DIS_OK;
	}
	s->auth_going = false;
	tls = strcmp(((const struct smtp_cmd *)p->data)->verb, "STARTTLS") == 0 && code == 220;
	answered(c, p, code);
	return tls ? DIS_NEXT : DIS_OK;
}

static void
client_line(struct dctx *c, struct text t)
{
	struct smtp_state *s = c->state;
	struct smtp_cmd m;
	struct text arg, word;

	if (s->auth_going) {
		if (t.n > 1)
			tell_secret(c, s->used);
		return;
	}
	memset(&m, 0, sizeof(m));
	if (!line_verb(t, m.verb, sizeof(m.verb), &arg) || !is_verb(m.verb))
		return;
	s->commands++;
	if (m.verb[1] == 'H' || strcmp(m.verb, "HELO") == 0) {
		word = line_word(&arg);
		s->helo_n = 0;
		s->mechs = 0;
		/* a name or [an address], nothing else */
		if (text_is_name(word, NAME - 1)) {
			memcpy(s->helo, word.p, word.n);
			s->helo_n = (uint8_t)word.n;
		}
	} else if (strcmp(m.verb, "AUTH") == 0) {
		s->used = m.mech = mech_of(line_word(&arg));
		if (arg.n > 1)          /* with its first answer at once */
			tell_secret(c, m.mech);
	} else if (strcmp(m.verb, "MAIL") == 0) {
		s->auth_going = false;
	} else if (strcmp(m.verb, "BDAT") == 0) {
		s->bdat = 0;
		for (uint32_t i = 0; i < arg.n && ascii_digit(arg.p[i]); i++)
			if (s->bdat < UINT32_MAX)
				s->bdat = s->bdat * 10 + (uint64_t)(arg.p[i] - '0');
		s->bytes += s->bdat;
	}
	pend_put(c, s->next++, &m, sizeof(m));
}

static ssize_t
smtp_frame(const struct dctx *c, const struct rd *r)
{
	const struct smtp_state *s = c->state;

	if (!c->side && s->bdat)
		return s->bdat < rd_have(r) ? (ssize_t)s->bdat : (ssize_t)rd_have(r);
	return line_frame(r);
}

static enum verdict
smtp_dissect(struct dctx *c, struct rd *r)
{
	struct smtp_state *s = c->state;
	uint32_t n = rd_have(r);
	const uint8_t *p = rd_bytes(r, n);
	struct text t = text_trim(p, n);

	if (!s->first.us)
		s->first = c->when;
	if (c->side)
		return t.n ? server_line(c, t) : DIS_OK;
	if (s->bdat) {
		s->bdat -= n < s->bdat ? n : s->bdat;
		return DIS_OK;
	}
	if (s->data) {
		s->bytes += n;
		if (n <= 3 && t.n == 1 && *t.p == '.') {
			struct smtp_cmd m = { .verb = "." };
			s->data = false;
			s->mails++;
			pend_put(c, s->next++, &m, sizeof(m));
		}
		return DIS_OK;
	}
	if (t.n)
		client_line(c, t);
	return DIS_OK;
}

static void
smtp_expire(struct dctx *c, struct pend *p)
{
	(void)c;
	(void)p;                        /* the session's end counts them */
}

static void
smtp_end(struct dctx *c, bool gap)
{
	struct smtp_state *s = c->state;
	struct ev *e;

	if (!c->flow)
		return;
	if (gap) {
		s->data = s->auth_going = false;
		s->bdat = 0;
		return;
	}
	if (!s->commands)
		return;
	e = ev_begin(c, "smtp", &s->first, 0);
	ev_uint(e, "commands", s->commands);
	ev_uint(e, "failed", s->failed);
	ev_uint(e, "mails", s->mails);
	ev_uint(e, "recipients", s->recipients);
	ev_uint(e, "bytes", s->bytes);
	ev_arr(e, "weak");
	ev_a_str(e, TEXT("clear"));
	ev_end(e);
	e->ot.op = OT_OTHER;
	e->ot.service = TEXT("session");
	e->ot.has_count = true;
	e->ot.count = s->mails;
	ev_emit(e);
}

static bool
has_hello(const struct rd *r)
{
	struct text t = { (const char *)rd_at(r), rd_have(r) };

	return text_begins(t, "EHLO ") || text_begins(t, "HELO ") || text_begins(t, "LHLO ");
}

/* The first bytes of one. */
static bool
hello_begun(const struct rd *r)
{
	uint32_t n = rd_have(r);

	return n && n < 5 && (memcmp(rd_at(r), "EHLO", n) == 0 ||
	    memcmp(rd_at(r), "HELO", n) == 0 || memcmp(rd_at(r), "LHLO", n) == 0);
}

static enum probe
smtp_probe(struct probe_in *in)
{
	struct rd *q = &in->side[0], *a = &in->side[1];
	struct text t = { (const char *)rd_at(a), rd_have(a) };

	if (!in->tcp)
		return PROBE_NO;
	if (line_reply_begun(a) && (!rd_left(q) || has_hello(q) || hello_begun(q)))
		return PROBE_MORE;
	if (rd_left(a) && !line_is_reply(a))
		return has_hello(a) && (!rd_left(q) || line_is_reply(q)) ?
		    (in->reversed = true, PROBE_WEAK) : PROBE_NO;
	if (rd_left(q) && rd_left(a)) {
		if (has_hello(q))
			return PROBE_YES;
		t = (struct text){ (const char *)rd_at(q), rd_have(q) };
		return text_begins(t, "MAIL FROM:") || text_begins(t, "RCPT TO:") ||
		    text_begins(t, "STARTTLS") || text_begins(t, "QUIT") ? PROBE_WEAK : PROBE_NO;
	}
	if (rd_left(a))
		return text_begins(t, "220") && text_find(t, "SMTP") ? PROBE_YES :
		    text_begins(t, "220") ? (in->hinted ? PROBE_WEAK : PROBE_MORE) : PROBE_NO;
	if (line_is_reply(q))
		return PROBE_MORE;
	return !has_hello(q) ? (hello_begun(q) ? PROBE_MORE : PROBE_NO) :
	    in->hinted ? PROBE_WEAK : PROBE_MORE;
}

static const struct hint hints[] = { { HINT_TCP, 25 }, { HINT_TCP, 587 }, { 0 } };

static const struct field fields[] = {
	{ "smtp.command", "string", "EHLO, HELO, AUTH or STARTTLS" },
	{ "smtp.helo", "string", "the name the client gives itself" },
	{ "smtp.reply_code", "integer", "the server's reply" },
	{ "smtp.tls_offered", "boolean", "the server could encrypt" },
	{ "smtp.mechanisms", "array", "ways to authenticate that the server offers" },
	{ "smtp.mechanism", "array", "the way that the client chose" },
	{ "smtp.commands", "integer", "commands in all, at the end" },
	{ "smtp.failed", "integer", "commands that were refused, at the end" },
	{ "smtp.mails", "integer", "mails handed over, at the end" },
	{ "smtp.recipients", "integer", "recipients taken, at the end" },
	{ "smtp.bytes", "integer", "bytes of mail, at the end" },
	{ "smtp.weak", "array", "clear: it went without TLS" },
	{ NULL }
};

const struct dissector smtp_dissector = {
	.name = "smtp",
	.title = "SMTP and mail submission",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct smtp_state),
	.probe = smtp_probe,
	.frame = smtp_frame,
	.dissect = smtp_dissect,
	.expire = smtp_expire,
	.end = smtp_end,
};
