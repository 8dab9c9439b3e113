/* telnet.c: Telnet, RFC 854: who logs in to what, in clear.
 *
 *     IAC WILL|WONT|DO|DONT option          IAC SB option ... IAC SE
 *
 * What is typed and shown is never written. One event a session: the options agreed
 * on, the terminal, whether login and password were asked for, and what the greeting
 * says of a device that is known. It is written when a password has gone by, after
 * which nothing is looked at any more, or when the connection ends. */
#include "proto/line.h"
#include "proto/scpi.h"
#include "proto/sysdescr.h"

enum { IAC = 255, DONT = 254, DO = 253, WONT = 252, WILL = 251, SB = 250, SE = 240 };
enum { OPT_TERMINAL = 24, OPT_AUTH = 37, OPT_ENCRYPT = 38, OPT_START_TLS = 46, OPT_COMPORT = 44 };
enum { TEXT_STATE, IAC_STATE, OPTION_STATE, SB_STATE, SB_IAC_STATE };
enum { GREETING = 224, TERMINAL = 32 };

struct telnet_side {
	uint8_t state, command, option;
	uint16_t sb;                    /* bytes of the subnegotiation */
	uint64_t will;                  /* options 0 to 63 this side performs */
};

struct telnet_state {
	struct when first;
	uint32_t typed, shown;          /* bytes */
	struct telnet_side side[2];
	bool login, password, answered, encrypted, told;
	uint8_t terminal_n, tail_n;
	uint16_t greeting_n;
	char terminal[TERMINAL], tail[16], greeting[GREETING];
};

static const struct tok options[] = {
	{ 0, "binary" }, { 1, "echo" }, { 3, "suppress-go-ahead" }, { 5, "status" },
	{ 6, "timing-mark" }, { 23, "send-location" }, { OPT_TERMINAL, "terminal-type" },
	{ 25, "end-of-record" }, { 31, "window-size" }, { 32, "terminal-speed" },
	{ 33, "remote-flow-control" }, { 34, "linemode" }, { 35, "x-display" },
	{ 36, "environment" }, { OPT_AUTH, "authentication" }, { OPT_ENCRYPT, "encrypt" },
	{ 39, "new-environment" }, { 40, "tn3270e" }, { OPT_COMPORT, "com-port" },
	{ OPT_START_TLS, "start-tls" }, { 0, NULL }
};

static void
put_options(struct ev *e, const struct telnet_side *s)
{
	for (unsigned i = 0; i < 64; i++)
		if (s->will >> i & 1) {
			const char *name = tok_find(options, i);
			char t[20];
			struct text word = text_c(name);
			if (!name)
				word = (struct text){ t, (uint32_t)jw_dec(t, i) };
			ev_a_str(e, word);
		}
	ev_end(e);
}

static void
tell(struct dctx *c)
{
	struct telnet_state *s = c->state;
	struct banner b;
	struct ident *i;
	struct ev *e;

	if (s->told)
		return;
	s->told = true;
	e = ev_begin(c, "telnet", &s->first, 0);
	if (s->side[0].will) {
		ev_arr(e, "client_options");
		put_options(e, &s->side[0]);
	}
	if (s->side[1].will) {
		ev_arr(e, "server_options");
		put_options(e, &s->side[1]);
	}
	ev_str(e, "terminal", ((struct text){ s->terminal, s->terminal_n }));
	ev_bool(e, "login_prompt", s->login);
	ev_bool(e, "password_prompt", s->password);
	if (s->encrypted)
		ev_bool(e, "encrypted", true);
	if (!s->answered) {             /* else it would say how long the secrets are */
		ev_uint(e, "bytes_typed", s->typed);
		ev_uint(e, "bytes_shown", s->shown);
	}
	if (!s->encrypted) {
		ev_arr(e, "weak");
		ev_a_str(e, TEXT("clear"));
		ev_end(e);
	}
	e->ot.op = s->answered ? OT_AUTH : OT_CONNECT;
	e->ot.service = s->answered ? TEXT("login") : TEXT("session");
	banner_read((struct text){ s->greeting, s->greeting_n }, &b);
	i = ev_identity(e, "telnet.banner", EV_DEST);
	i->vendor = b.vendor;
	i->product = b.product;
	i->firmware = b.version;
	i->os = b.os;
	ev_emit(e);
}

/* A prompt for a password; the letters that codes differ in are left out. */
static bool
asks_secret(struct text t)
{
	static const char *const words[] = { "password", "passwd", "passcode", "senord",
		"passord", "kennwort", "passwort" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (text_find(t, words[i]))
			return true;
	return false;
}

static void
shown(struct telnet_state *s, uint8_t b)
{
	struct text tail;

	s->shown++;
	/* what comes before the first prompt is the device's own */
	if (!s->login && !s->password && s->greeting_n < GREETING)
		s->greeting[s->greeting_n++] = b >= 0x20 && b < 0x7f ? (char)b : ' ';
	if (s->tail_n == sizeof(s->tail)) {
		memmove(s->tail, s->tail + 1, sizeof(s->tail) - 1);
		s->tail_n--;
	}
	s->tail[s->tail_n++] = (char)b;
	if (b != ':' && b != '?' && b != '>')
		return;
	tail = (struct text){ s->tail, s->tail_n };
	if (asks_secret(tail))
		s->password = true;
	else if (text_find(tail, "login:") || text_find(tail, "username") ||
	    text_find(tail, "user name") || text_find(tail, "user:") || text_find(tail, "name:"))
		s->login = true;
}

/* True when a password's line is whole. */
static bool
typed(struct telnet_state *s, uint8_t b)
{
	s->typed++;
	if (!s->password || (b != '\r' && b != '\n'))
		return false;
	s->answered = true;
	return true;
}

static void
negotiated(struct telnet_side *me, uint8_t option)
{
	if (option < 64 && me->command == WILL)
		me->will |= 1ull << option;
	else if (option < 64 && me->command == WONT)
		me->will &= ~(1ull << option);
}

static void
sub_byte(struct telnet_state *s, struct telnet_side *me, uint8_t b)
{
	if (me->sb++ == 0)
		me->option = b;
	else if (me->option == OPT_TERMINAL && me->sb == 2)
		me->command = b;                /* 0: IS */
	else if (me->option == OPT_TERMINAL && me->command == 0 && s->terminal_n < TERMINAL &&
	    me->sb == s->terminal_n + 3u && b > 0x20 && b < 0x7f)
		s->terminal[s->terminal_n++] = (char)b;
	/* encryption begins with START of ENCRYPT, or FOLLOWS of START_TLS */
	if (me->sb == 2 && ((me->option == OPT_ENCRYPT && b == 3) ||
	    (me->option == OPT_START_TLS && b == 1)))
		s->encrypted = true;
}

/* Instruments take their commands over telnet's port, too, and ask nobody who he is. */
static bool
is_scpi(const struct telnet_state *s, struct rd r)
{
	struct rd line;

	return !s->typed && !s->login && !s->password && rd_have(&r) >= 5 &&
	    rd_have(&r) == rd_left(&r) && scpi_line(&r, &line) && scpi_shape(line) == 2;
}

static enum verdict
telnet_dissect(struct dctx *c, struct rd *r)
{
	struct telnet_state *s = c->state;
	struct telnet_side *me = &s->side[c->side ? 1 : 0];

	if (!s->first.us)
		s->first = c->when;
	while (rd_have(r)) {
		uint8_t b;

		if (!c->side && me->state == TEXT_STATE && !s->typed && is_scpi(s, *r)) {
			c->unread = rd_have(r);
			return DIS_NEXT;
		}
		b = rd_u8(r);
		switch (me->state) {
		case TEXT_STATE:
			if (b == IAC) {
				me->state = IAC_STATE;
			} else if (c->side) {
				shown(s, b);
			} else if (typed(s, b)) {
				proto_credential(c, CRED_PASSWORD, CRED_CLEAR, false);
				tell(c);
				return DIS_LEAVE;
			}
			break;
		case IAC_STATE:
			me->command = b;
			me->state = b >= WILL && b <= DONT ? OPTION_STATE :
			    b == SB ? SB_STATE : TEXT_STATE;
			me->sb = 0;
			break;
		case OPTION_STATE:
			negotiated(me, b);
			me->state = TEXT_STATE;
			break;
		case SB_STATE:
			if (b == IAC)
				me->state = SB_IAC_STATE;
			else if (me->sb < UINT16_MAX)
				sub_byte(s, me, b);
			break;
		default:
			me->state = b == SE ? TEXT_STATE : SB_STATE;
		}
		if (s->encrypted && me->state == TEXT_STATE) {
			tell(c);
			return DIS_LEAVE;
		}
	}
	return DIS_OK;
}

static ssize_t
telnet_frame(const struct dctx *c, const struct rd *r)
{
	(void)c;
	return rd_have(r);
}

static void
telnet_end(struct dctx *c, bool gap)
{
	struct telnet_state *s = c->state;

	if (!c->flow)
		return;
	if (gap)
		s->side[0].state = s->side[1].state = TEXT_STATE;
	else if (s->typed || s->shown || s->side[0].will || s->side[1].will)
		tell(c);
}

static bool
negotiates(const struct rd *r)
{
	int command = rd_peek8(r, 1), option = rd_peek8(r, 2);

	return rd_peek8(r, 0) == IAC && ((command >= WILL && command <= DONT &&
	    option >= 0 && option < 64) || (command == SB && option >= 0 && option < 64));
}

static enum probe
telnet_probe(struct probe_in *in)
{
	struct rd *q = &in->side[0], *a = &in->side[1];
	struct text t = { (const char *)rd_at(a), rd_have(a) };

	if (!in->tcp)
		return PROBE_NO;
	if (negotiates(q) || negotiates(a)) {
		const struct rd *r = negotiates(q) ? q : a;
		int next = rd_peek8(r, 3);
		/* a second command, or its port, makes it certain */
		return in->hinted || next == IAC || (rd_left(q) && rd_left(a)) ? PROBE_YES :
		    PROBE_MORE;
	}
	/* the serial consoles of old devices negotiate nothing */
	if (rd_left(a) && in->hinted && (text_find(t, "login:") || text_find(t, "username:") ||
	    text_find(t, "password:")))
		return PROBE_WEAK;
	return in->hinted ? PROBE_MORE : PROBE_NO;
}

static const struct hint hints[] = { { HINT_TCP, 23 }, { HINT_TCP, 2323 }, { 0 } };

static const struct field fields[] = {
	{ "telnet.client_options", "array", "what the client said it would do" },
	{ "telnet.server_options", "array", "what the server said it would do" },
	{ "telnet.terminal", "string", "the client's terminal" },
	{ "telnet.login_prompt", "boolean", "a name was asked for" },
	{ "telnet.password_prompt", "boolean", "a password was asked for" },
	{ "telnet.encrypted", "boolean", "both went over to encryption" },
	{ "telnet.bytes_typed", "integer", "bytes of text from the client" },
	{ "telnet.bytes_shown", "integer", "bytes of text from the server" },
	{ "telnet.weak", "array", "clear: all can be read" },
	{ NULL }
};

const struct dissector telnet_dissector = {
	.name = "telnet",
	.title = "Telnet",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct telnet_state),
	.probe = telnet_probe,
	.frame = telnet_frame,
	.dissect = telnet_dissect,
	.end = telnet_end,
};
