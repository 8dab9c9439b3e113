/* scpi.c: SCPI on a TCP connection of its own (5025 and any other port), and the
 * same through telnet (5024): lines of text, ended by LF, CR LF or CR.
 *
 * A line goes on behind a block of bytes, and one that is too long to be kept
 * (a trace as text) is read as far as it goes and the rest passed over. Telnet's
 * commands (IAC, RFC 854) are taken out; servers there prompt ("SCPI> ").
 *
 * By its words alone it is known: *IDN? on any port. */
#include "proto/scpi.h"

#include "base/ascii.h"

extern const struct dissector telnet_dissector;

enum { LINE_MAX_KEPT = 4096, IAC = 255, SB = 250, SE = 240, WILL = 251, PROBE_LINES = 16 };

struct scpi_state {
	struct scpi_talk talk;
	bool telnet;
};

/* Length of a telnet command at the cursor: 0 when its end is not here. */
static uint32_t
telnet_length(const struct rd *r)
{
	int b = rd_peek8(r, 1);

	if (b < 0)
		return 0;
	if (b == SB) {
		for (uint32_t i = 2; i + 1 < rd_have(r) && i < 64; i++)
			if (rd_peek8(r, i) == IAC && rd_peek8(r, i + 1) == SE)
				return i + 2;
		return rd_have(r) < 64 ? 0 : 64;
	}
	return b < WILL || b == IAC ? 2 : rd_have(r) < 3 ? 0 : 3;
}

static ssize_t
scpi_frame(const struct dctx *c, const struct rd *r)
{
	uint32_t n;

	if (rd_peek8(r, 0) == IAC)
		return telnet_length(r);
	n = scpi_length(r);
	if (!n && rd_have(r) >= LINE_MAX_KEPT)
		return LINE_MAX_KEPT;
	return n;
}

/* A line without telnet's commands, in buf. */
static struct rd
clean(struct rd r, uint8_t *buf)
{
	uint32_t n = 0;

	while (rd_have(&r) && n < LINE_MAX_KEPT) {
		uint32_t k = rd_peek8(&r, 0) == IAC ? telnet_length(&r) : 0;

		if (rd_peek8(&r, 0) == IAC) {
			rd_skip(&r, k ? k : rd_have(&r));
			continue;
		}
		buf[n++] = rd_u8(&r);
	}
	return rd_init(buf, n, n);
}

/* "34461A> 1.2": what a telnet server prompts with, before the next answer. */
static void
pass_prompt(struct rd *r)
{
	for (uint32_t i = 0; i < 24; i++) {
		int b = rd_peek8(r, i);

		if (b == '>' && (rd_peek8(r, i + 1) == ' ' || rd_have(r) == i + 1)) {
			rd_skip(r, i + 1 + (rd_have(r) > i + 1));
			i = UINT32_MAX;         /* they pile up where commands say nothing */
			continue;
		}
		if (!(ascii_digit(b) || ascii_letter(b) ||
		    b == '-' || b == '_'))
			return;
	}
}

/* Is this PDU's end the message's? A block's PDU ends with it, and a long line is
 * taken in pieces. */
static bool
ends(const struct rd *r)
{
	uint32_t n = rd_have(r);
	struct rd less;
	int last;

	if (!n || n < rd_left(r))
		return true;
	last = rd_peek8(r, n - 1);
	less = rd_init(rd_at(r), n - 1, n - 1);
	n = scpi_length(&less);
	return (last == '\n' || last == '\r' || last == 0) && (!n || n == less.len);
}

static enum verdict
scpi_dissect(struct dctx *c, struct rd *r)
{
	struct scpi_state *s = c->state;
	struct scpi_via v = { .talk = &s->talk,
		.carrier = s->telnet ? TEXT("telnet") : TEXT("raw") };
	uint8_t buf[LINE_MAX_KEPT];
	struct rd line = *r;
	bool end;

	if (rd_peek8(r, 0) == IAC) {
		s->telnet = true;
		return DIS_OK;
	}
	/* the greetings were telnet's own, before it gave way */
	s->telnet |= c->flow && c->flow->app_first &&
	    registry[c->flow->app_first - 1] == &telnet_dissector;
	if (s->telnet)
		v.carrier = TEXT("telnet");
	end = ends(r);
	if (s->telnet || memchr(rd_at(r), IAC, rd_have(r) < 64 ? rd_have(r) : 64)) {
		if (rd_peek8(r, 0) != '#')
			line = clean(*r, buf);
	}
	if (c->side == 1)
		pass_prompt(&line);
	if (c->side == 0) {
		/* after telnet's greetings: another talk after all? */
		if (s->telnet && !s->talk.turn && rd_have(&line) > 1 && !scpi_shape(line))
			return DIS_NOT_MINE;
		scpi_program(c, &v, line, end);
	} else {
		scpi_response(c, &v, line, end);
	}
	return DIS_OK;
}

static void
scpi_flow_expire(struct dctx *c, struct pend *p)
{
	scpi_expire(c, p);
}

/* After a gap nothing is known of what waits. */
static void
scpi_end(struct dctx *c, bool gap)
{
	struct scpi_state *s = c->state;

	if (gap)
		s->talk.tail[c->side] = false;
}

/* ---- recognising ---- */

struct look { int best; bool greeting, more, no; };

/* Most of what is not SCPI shows it in its first byte. */
static bool
may_begin(int b)
{
	return ascii_letter(b) || b == '*' || b == ':' ||
	    b == ' ' || b == '\r' || b == '\n' || b == IAC;
}

/* One side's first bytes as commands. */
static struct look
look_at(struct rd r)
{
	struct look l = { 0 };
	uint8_t buf[LINE_MAX_KEPT];

	if (!may_begin(rd_peek8(&r, 0))) {
		l.no = rd_have(&r) > 0;
		return l;
	}
	for (int i = 0; i < PROBE_LINES && rd_have(&r); i++) {
		uint32_t n;
		struct rd line;
		int k;

		if (rd_peek8(&r, 0) == IAC) {
			l.greeting = true;
			n = telnet_length(&r);
			if (!n) {
				l.more = true;
				return l;
			}
			rd_skip(&r, n);
			continue;
		}
		n = scpi_length(&r);
		if (!n || n > rd_have(&r)) {
			/* the end of a line is not always sent: *IDN? alone is enough */
			l.more = true;
			n = rd_have(&r);
		}
		line = clean(rd_sub(&r, n), buf);
		while (rd_have(&line) && line.p[line.cap - 1] <= ' ')
			line.cap = --line.len;
		if (!rd_have(&line))
			continue;
		k = scpi_shape(line);
		for (uint32_t j = 0; j < rd_have(&line) && j < 64; j++) {
			int b = rd_peek8(&line, j);
			if ((b < ' ' && b != '\t') || b > '~')
				l.no = true;
			if (b == '#')
				break;          /* a block may begin here */
		}
		if (!k || l.no) {
			l.no |= !l.more || rd_have(&line) > 16;
			return l;
		}
		if (k > l.best && !(l.more && rd_peek8(&line, rd_have(&line) - 1) != '?'))
			l.best = k;
	}
	return l;
}

/* An answer, a greeting, or telnet's commands: text, but for a block. */
static bool
may_answer(const struct rd *r)
{
	for (uint32_t i = 0; i < 32; i++) {
		int b = rd_peek8(r, i);

		if (b < 0 || b == '#' || b == IAC)
			return true;
		if ((b < ' ' && b != '\r' && b != '\n' && b != '\t') || b > '~')
			return false;
	}
	return true;
}

static enum probe
scpi_probe(struct probe_in *in)
{
	struct look l[2];

	/* HTTP, SIP and the like, and what is not text, at the first byte */
	for (int i = 0; i < 2; i++)
		l[i] = look_at(in->side[i]);
	if (l[0].best == 2)
		return PROBE_YES;
	if (l[1].best == 2 && !l[0].best) {
		in->reversed = true;
		return PROBE_YES;
	}
	if (l[0].no || !may_answer(&in->side[1]))
		return PROBE_NO;
	if (l[0].best == 1)
		return in->hinted || rd_left(&in->side[1]) ? PROBE_WEAK : PROBE_MORE;
	/* telnet's greetings on the port where instruments have it: until a line comes */
	if (in->hinted && (l[0].greeting || l[1].greeting))
		return PROBE_WEAK;
	return PROBE_MORE;
}

static const struct hint hints[] = {
	{ HINT_TCP, 5025 }, { HINT_TCP, 5024 }, { HINT_END, 0 },
};

static const struct field fields[] = {
	{ "scpi.carrier", "string", "raw, telnet, vxi11 or hislip" },
	{ "scpi.device", "string", "the device behind that carrier: inst0, gpib0,5, hislip0" },
	{ "scpi.command", "string", "header of the command, upper case; of a query with ?" },
	{ "scpi.arguments", "string", "its arguments, where they are numbers or words" },
	{ "scpi.argument_bytes", "integer", "length of a command's arguments" },
	{ "scpi.secret", "boolean", "an argument was a password or code; it is never written" },
	{ "scpi.response_bytes", "integer", "length of the answer, or of its first part" },
	{ "scpi.block", "boolean", "the answer is a block of bytes, which is passed over" },
	{ "scpi.options", "array", "options installed, of *OPT?" },
	{ "scpi.error_code", "integer", "oldest entry of the error queue, of SYST:ERR?" },
	{ "scpi.error", "string", "its name in the standard" },
	{ "scpi.version", "string", "version of SCPI, of SYST:VERS?" },
	{ NULL },
};

const struct dissector scpi_dissector = {
	.name = "scpi",
	.title = "SCPI instruments",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct scpi_state),
	.probe = scpi_probe,
	.frame = scpi_frame,
	.dissect = scpi_dissect,
	.expire = scpi_flow_expire,
	.end = scpi_end,
};
