/* syslog.c: BSD syslog (RFC 3164), syslog (RFC 5424), over UDP and TCP (RFC 6587): which
 * devices and programs report where, and how grave it is.
 *
 *     <facility * 8 + severity> Mmm dd hh:mm:ss host program[pid]: text
 *     <...>1 time host program pid id [data] text
 *
 * The text is never written. Of each sender's program the first message is an event,
 * then one a minute at most with a count, and at once what is graver than before. */
#include "base/ascii.h"
#include "base/hash.h"
#include "proto/keep.h"
#include "proto/line.h"
#include "proto/sysdescr.h"

enum { HOST = 64, PROGRAM = 48, MINUTE_US = 60000000 };

struct syslog_msg {
	uint8_t facility, severity;
	bool rfc5424;
	struct text host, program;
};

struct syslog_source {
	uint8_t facility, worst, least, host_n, program_n;
	bool rfc5424;
	uint64_t messages, total;
	struct when told;
	char host[HOST], program[PROGRAM];
};

struct syslog_state { uint64_t host; };         /* the first one named in this flow */

static const char *const facilities[24] = {
	"kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron",
	"authpriv", "ftp", "ntp", "audit", "alert", "clock", "local0", "local1", "local2",
	"local3", "local4", "local5", "local6", "local7",
};
static const char *const severities[8] = {
	"emergency", "alert", "critical", "error", "warning", "notice", "informational", "debug",
};

static bool
digit(struct text t, uint32_t i)
{
	return i < t.n && ascii_digit(t.p[i]);
}

static void
advance(struct text *t, uint32_t n)
{
	t->p += n;
	t->n -= n;
}

/* "<34>": its length, or 0. */
static uint32_t
take_pri(struct text t, unsigned *pri)
{
	uint32_t i;

	*pri = 0;
	if (t.n < 3 || t.p[0] != '<')
		return 0;
	for (i = 1; i < 4 && digit(t, i); i++)
		*pri = *pri * 10 + (unsigned)(t.p[i] - '0');
	return i > 1 && i < t.n && t.p[i] == '>' && *pri < 192 ? i + 1 : 0;
}

/* "Oct 11 22:14:15 ", "*Mar  3 19:57:17.371: ": its length, or 0. */
static uint32_t
stamp_length(struct text t)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	uint32_t i = t.n && (*t.p == '*' || *t.p == '.') ? 1 : 0;

	if (t.n < i + 16)
		return 0;
	for (unsigned m = 0; ; m++) {
		if (m == 12)
			return 0;
		if (memcmp(months + 3 * m, t.p + i, 3) == 0)
			break;
	}
	i += 3;
	if (t.p[i] != ' ' || (!digit(t, i + 2) && !digit(t, i + 1)))
		return 0;
	for (i++; i < t.n && (t.p[i] == ' ' || digit(t, i)); i++)
		;
	/* a year may stand before the time, a fraction and a zone's name behind it */
	if (i < 2 || i >= t.n || t.p[i] != ':')
		return 0;
	for (; i < t.n && (t.p[i] == ':' || t.p[i] == '.' || digit(t, i)); i++)
		;
	if (i < t.n && t.p[i] == ' ')
		return i + 1;
	return 0;
}

/* "%LINK-3-UPDOWN:", Cisco's name of a message. */
static struct text
mnemonic(struct text t)
{
	uint32_t i;

	for (i = 1; i < t.n && i < PROGRAM && (ascii_upper(t.p[i]) || digit(t, i) ||
	    t.p[i] == '_' || t.p[i] == '-'); i++)
		;
	if (i > 5 && i < t.n && t.p[i] == ':' && memchr(t.p, '-', i))
		return (struct text){ t.p, i };
	return (struct text){ 0 };
}

/* "sshd[4711]:", "kernel:": the program's name, with nothing else in it. pid asked
 * for: without one it could be any word. */
static struct text
tag(struct text t, bool pid)
{
	struct text name = { t.p, 0 };
	uint32_t i;

	for (i = 0; i < t.n && i < PROGRAM && t.p[i] != '[' && t.p[i] != ':' && t.p[i] != ' '; i++)
		;
	name.n = i;
	while (name.n && memchr(name.p, '/', name.n)) {         /* a path's last part */
		name.p++;
		name.n--;
	}
	if (i >= t.n || !text_is_name(name, PROGRAM))
		return (struct text){ 0 };
	if (t.p[i] == '[') {
		for (i++; digit(t, i); i++)
			;
		return i < t.n && t.p[i] == ']' ? name : (struct text){ 0 };
	}
	return t.p[i] == ':' && !pid ? name : (struct text){ 0 };
}

static bool
is_host(struct text t)
{
	for (uint32_t i = 0; i < t.n; i++)
		if (t.p[i] == ':' && t.n < 40 && i) {           /* IPv6 */
			struct addr a;
			return addr_parse(&a, t.p, t.n);
		}
	return text_is_name(t, HOST);
}

static void
take_3164(struct text t, struct syslog_msg *m)
{
	struct text word, rest, host = { 0 };
	uint32_t n = stamp_length(t);

	if (!n) {
		/* Cisco: "72: " or "38: R1: " before the time, and none at all */
		for (unsigned i = 0; i < 3 && t.n; i++) {
			word = line_word(&t);
			if (!word.n || word.p[word.n - 1] != ':')
				return;
			if (i == 0 && (m->program = tag(word, true)).n)
				return;
			word.n--;
			if (i == 1 && text_is_name(word, HOST) && !digit(word, 0))
				host = word;
			for (uint32_t k = 0; i == 0 && k < word.n; k++)
				if (!digit(word, k))
					return;
			if ((n = stamp_length(t)))
				break;
			if (t.n && *t.p == '%')
				break;
		}
		if (t.n && n)
			advance(&t, n);
		if (t.n && *t.p == '%' && (m->program = mnemonic(t)).n)
			m->host = host;
		return;
	}
	advance(&t, n);
	if (t.n && *t.p == '%') {
		m->program = mnemonic(t);
		return;
	}
	rest = t;
	word = line_word(&rest);
	/* the host is one where a program follows, else it may be the text's first word */
	if (is_host(word) && (m->program = rest.n && *rest.p == '%' ? mnemonic(rest) :
	    tag(rest, false)).n)
		m->host = word;
	else
		m->program = tag(t, false);
}

static void
take_5424(struct text t, struct syslog_msg *m)
{
	struct text word;

	m->rfc5424 = true;
	line_word(&t);          /* version */
	line_word(&t);          /* time */
	word = line_word(&t);
	if (!text_is(word, "-") && is_host(word))
		m->host = word;
	word = line_word(&t);
	if (!text_is(word, "-") && text_is_name(word, PROGRAM))
		m->program = word;
}

static bool
syslog_decode(struct text t, struct syslog_msg *m)
{
	unsigned pri;
	uint32_t n = take_pri(t, &pri);

	memset(m, 0, sizeof(*m));
	if (!n)
		return false;
	m->facility = (uint8_t)(pri / 8);
	m->severity = pri & 7;
	advance(&t, n);
	if (t.n > 2 && t.p[0] == '1' && t.p[1] == ' ' && (digit(t, 2) || t.p[2] == '-'))
		take_5424(t, m);
	else
		take_3164(t, m);
	return true;
}

static void
tell(struct dctx *c, struct syslog_source *s, const char *event, bool relayed)
{
	struct text host = { s->host, s->host_n };
	struct ev *e = ev_begin(c, "syslog", &c->when, c->flow ? c->side : 0);
	struct ident *i;
	struct addr a;

	ev_cstr(e, "event", event);
	ev_cstr(e, "format", s->rfc5424 ? "rfc5424" : "rfc3164");
	ev_cstr(e, "facility", facilities[s->facility]);
	ev_cstr(e, "severity", severities[s->worst]);
	ev_str(e, "host", host);
	ev_str(e, "program", ((struct text){ s->program, s->program_n }));
	ev_uint(e, "messages", s->messages);
	e->ot.op = OT_REPORT;
	e->ot.service = TEXT("log");
	e->ot.object = (struct text){ s->program, s->program_n };
	e->ot.has_count = true;
	e->ot.count = s->messages;
	if (host.n && !addr_parse(&a, host.p, host.n) && strcmp(event, "begin") == 0) {
		if (relayed) {
			i = ev_identity(e, "syslog", EV_OTHER);
			i->has_parent = true;
			i->parent = EV_SRC;
			i->sub = host;
		} else {
			i = ev_identity(e, "syslog", EV_SRC);
		}
		i->hostname = host;
	}
	ev_emit(e);
	s->total += s->messages;
	s->messages = 0;
	s->least = s->least < s->worst ? s->least : s->worst;
	s->worst = 7;
	s->told = c->when;
}

static void
source_end(struct dctx *c, struct keep *k)
{
	struct syslog_source *s = (struct syslog_source *)k->data;

	if (s->messages)
		tell(c, s, "count", false);
}

static uint64_t
hash(uint64_t h, struct text t)
{
	h = hash_bytes(h, t.p, t.n);
	return h ^ h >> 29;
}

static void
note(struct dctx *c, const struct syslog_msg *m)
{
	struct { uint8_t ip[16]; uint64_t host, program; } __attribute__((packed)) key;
	struct syslog_state *st = c->state;
	struct syslog_source *s;
	struct keep *k;
	bool relayed;

	memset(&key, 0, sizeof(key));
	memcpy(key.ip, c->flow->addr[c->side].b, 16);
	key.host = hash(1, m->host);
	key.program = hash(2 + m->facility, m->program);
	k = keep_find(c, &key, sizeof(key));
	if (!k) {
		k = keep_new(c, KEEP_STREAM, &key, sizeof(key), source_end);
		s = (struct syslog_source *)k->data;
		s->facility = m->facility;
		s->worst = s->least = m->severity;
		s->rfc5424 = m->rfc5424;
		s->host_n = (uint8_t)m->host.n;
		s->program_n = (uint8_t)m->program.n;
		if (m->host.n)
			memcpy(s->host, m->host.p, m->host.n);
		if (m->program.n)
			memcpy(s->program, m->program.p, m->program.n);
		s->messages = 1;
		/* who names others passes their messages on */
		if (!st->host && m->host.n)
			st->host = key.host;
		relayed = m->host.n && st->host != key.host;
		tell(c, s, "begin", relayed);
		return;
	}
	s = (struct syslog_source *)k->data;
	keep_touch(c, k);
	s->messages++;
	if (m->severity < s->worst)
		s->worst = m->severity;
	if (m->severity < s->least && m->severity <= 3)
		tell(c, s, "graver", false);
	else if (c->when.us - s->told.us >= MINUTE_US)
		tell(c, s, "count", false);
}

static ssize_t
syslog_frame(const struct dctx *c, const struct rd *r)
{
	uint32_t n = 0, i;

	(void)c;
	/* RFC 6587: a length and a blank, or a line */
	for (i = 0; i < 6 && ascii_digit(rd_peek8(r, i)); i++)
		n = n * 10 + (uint32_t)(rd_peek8(r, i) - '0');
	if (i && rd_peek8(r, i) == ' ')
		return n ? (ssize_t)(i + 1 + n) : -1;
	if (i && i == rd_have(r))
		return 0;
	return line_frame(r);
}

static enum verdict
syslog_dissect(struct dctx *c, struct rd *r)
{
	uint32_t n = rd_have(r);
	const uint8_t *p = rd_bytes(r, n);
	struct text t = text_trim(p, n);
	struct syslog_msg m;

	if (c->tcp) {
		while (digit(t, 0))
			advance(&t, 1);
		t = text_trim(t.p, t.n);
	}
	if (syslog_decode(t, &m)) {
		if (!c->cut || m.program.n)     /* else the name may be what was cut off */
			note(c, &m);
	} else if (!c->tcp) {           /* in a stream it is the rest of one of several lines */
		c->why = "PRIORITY_MISSING";
		rd_set_bad(r);
		return DIS_BAD;
	}
	return DIS_OK;
}

static enum probe
syslog_probe(struct probe_in *in)
{
	struct rd *r = rd_left(&in->side[0]) ? &in->side[0] : &in->side[1];
	struct text t = { (const char *)rd_at(r), rd_have(r) };
	unsigned pri;
	uint32_t n;

	if (in->tcp && rd_left(&in->side[1]))
		return PROBE_NO;                /* nobody answers */
	if (in->tcp && digit(t, 0)) {
		while (digit(t, 0))
			advance(&t, 1);
		if (!t.n || *t.p != ' ')
			return PROBE_NO;
		advance(&t, 1);
	}
	if (!(n = take_pri(t, &pri)))
		return PROBE_NO;
	advance(&t, n);
	if (stamp_length(t) || (t.n > 6 && t.p[0] == '1' && t.p[1] == ' ' &&
	    (t.p[2] == '-' || (digit(t, 2) && digit(t, 5) && t.p[6] == '-'))))
		return PROBE_YES;
	return PROBE_WEAK;
}

static const struct hint hints[] = {
	{ HINT_UDP, 514 }, { HINT_TCP, 514 }, { HINT_TCP, 601 }, { HINT_UDP, 1514 },
	{ HINT_TCP, 1514 }, { 0 }
};

static const struct field fields[] = {
	{ "syslog.event", "string", "begin, graver (than ever before) or count" },
	{ "syslog.format", "string", "rfc3164 or rfc5424" },
	{ "syslog.facility", "string", "the facility: kern, daemon, local0, ..." },
	{ "syslog.severity", "string", "the gravest of these messages: emergency to debug" },
	{ "syslog.host", "string", "the host that the messages name" },
	{ "syslog.program", "string", "the program, or Cisco's name of the message" },
	{ "syslog.messages", "integer", "messages since the event before" },
	{ NULL }
};

const struct dissector syslog_dissector = {
	.name = "syslog",
	.title = "Syslog",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct syslog_state),
	.probe = syslog_probe,
	.frame = syslog_frame,
	.dissect = syslog_dissect,
};
