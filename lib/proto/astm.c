/* astm.c: CLSI LIS01 and LIS02 (ASTM E1381, E1394): how analysers have spoken to
 * laboratory information systems since serial lines, now through TCP.
 *
 *      ENQ          ->                 who sends asks for the line
 *                   <-  ACK            NAK: busy
 *      STX n text ETX|ETB cc CR LF ->  n counts 1..7, 0, 1..; cc: sum from n to ETX
 *                   <-  ACK            NAK: once more
 *      EOT          ->
 *
 *      H|\^&|||name^version^serial|||||receiver||P|LIS2-A2|time     records, each ended
 *      P|1 ... O|1 ... R|1 ... L|1|N                                 by CR
 *
 * Some instruments leave the link level out and send bare records. From ENQ to EOT
 * is one event, and so is H to L without a link level. Of the header it is read who
 * sends and to whom; all other records are counted by their first letter. */
#include "base/ascii.h"
#include "base/hash.h"
#include "proto/proto.h"

enum { STX = 2, ETX = 3, EOT = 4, ENQ = 5, ACK = 6, NAK = 0x15, ETB = 0x17, CR = '\r', LF = '\n',
	KINDS = 8, RECORD_MAX = 64000, FIELD_MAX = 40 };

enum { A_NAME, A_SOFTWARE, A_SERIAL, A_RECEIVER, A_PROCESSING, A_VERSION, A_DELIMITERS, A_N };

struct astm_state {
	struct when first;
	uint32_t records[KINDS];
	uint32_t bytes, frames, retries, naks, bad;
	uint16_t messages;
	uint8_t sender, number, asked;  /* number: of the last frame; asked: ENQs unanswered */
	bool open, linked, acked, nakked, ended, part, password, gap, refused;
	uint64_t told[2];
	uint8_t n[A_N];
	char text[A_N][FIELD_MAX];
};
_Static_assert(sizeof(struct astm_state) <= PROTO_STATE_MAX, "a flow's state fits");

/* Records by letter; H and L are not counted. The last is for what makers add. */
static const char letters[KINDS] = "PORQCMS";
static const char *const kinds[KINDS] = { "patient", "order", "result", "query", "comment",
	"manufacturer", "scientific", "other" };
enum { ORDER = 1, RESULT = 2, QUERY = 3, OTHER = 7 };

/* ---- the link level ---- */

static bool
is_control(int b)
{
	return b == ENQ || b == ACK || b == NAK || b == EOT;
}

struct frame { uint32_t text_n, n; bool last, has_sum, sum_ok; };

/* The frame that begins with STX at p. 0: more bytes needed; -1: none. */
static ssize_t
take_frame(const uint8_t *p, uint32_t have, struct frame *f)
{
	uint32_t at = 1;
	uint8_t sum = 0;

	memset(f, 0, sizeof(*f));
	if (have < 2)
		return 0;
	if (p[1] < '0' || p[1] > '7')
		return -1;
	while (at < have && p[at] != ETX && p[at] != ETB && p[at] != STX)
		sum = (uint8_t)(sum + p[at++]);
	if (at == have)
		return have < RECORD_MAX + 2 ? 0 : -1;
	if (p[at] == STX)               /* begun anew */
		return -1;
	sum = (uint8_t)(sum + p[at]);
	f->text_n = at - 2;
	f->last = p[at] == ETX;
	if (have < at + 3)
		return 0;
	if (ascii_hex(p[at + 1]) >= 0 && ascii_hex(p[at + 2]) >= 0) {
		f->has_sum = true;
		f->sum_ok = sum == ascii_hex(p[at + 1]) * 16 + ascii_hex(p[at + 2]);
		at += 2;
	}
	at++;
	if (at < have && p[at] == CR)
		at++;
	if (at < have && p[at] == LF)
		at++;
	f->n = at;
	return at;
}

static bool
is_header(const uint8_t *p, uint32_t n)
{
	for (uint32_t i = 1; i < 5; i++) {
		if (i >= n || p[i] <= ' ' || p[i] > '~' || ascii_digit(p[i]) || ascii_letter(p[i]))
			return false;
		for (uint32_t k = 1; k < i; k++)
			if (p[k] == p[i])
				return false;
	}
	return p[0] == 'H' && n > 5 && (p[5] == p[1] || p[5] == CR);
}

static ssize_t
astm_frame(const struct dctx *c, const struct rd *r)
{
	const struct astm_state *s = c->state;
	const uint8_t *p = rd_at(r), *end;
	uint32_t have = rd_have(r);
	struct frame f;

	if (!have)                      /* cut by our snap length */
		return 0;
	if (is_control(*p) || *p == CR || *p == LF)
		return 1;
	if (*p == STX)
		return take_frame(p, have, &f);
	/* bare records: a header, and what follows it */
	if (!(s->open && !s->linked && s->sender == c->side) && (have >= 6 || *p != 'H') &&
	    !is_header(p, have))
		return -1;
	end = memchr(p, CR, have);
	if (memchr(p, LF, end ? (size_t)(end - p) : have))
		end = memchr(p, LF, have);      /* some end records otherwise */
	return end ? end - p + 1 : have < RECORD_MAX ? 0 : -1;
}

/* ---- records ---- */

static struct text
part_of(struct text t, char mark, unsigned nth)
{
	struct text f = { t.p, 0 };
	const char *end;

	if (!t.n)
		return f;
	end = t.p + t.n;
	while (nth && f.p < end)
		nth -= *f.p++ == mark;
	if (nth)
		return (struct text){ 0 };
	while (f.p + f.n < end && f.p[f.n] != mark)
		f.n++;
	return text_trim(f.p, f.n);
}

static void
keep_field(struct astm_state *s, int k, struct text t)
{
	s->n[k] = (uint8_t)(t.n < FIELD_MAX ? t.n : FIELD_MAX);
	if (s->n[k])
		memcpy(s->text[k], t.p, s->n[k]);
}

/* The parts behind the name stand in an order of the maker's choice. A version has
 * digits with points or dashes between, a serial number is longer than three. */
static void
take_sender(struct astm_state *s, struct text f, char component)
{
	for (unsigned i = 1; i < 10; i++) {
		struct text t = part_of(f, component, i);
		unsigned digits = 0, marks = 0, others = 0;

		for (uint32_t k = 0; k < t.n; k++) {
			bool digit = ascii_digit(t.p[k]);
			digits += digit;
			marks += k && (t.p[k] == '.' || t.p[k] == '-');
			others += !digit && t.p[k] != '.' && t.p[k] != '-';
		}
		if (!s->n[A_SOFTWARE] && digits && marks && others <= 2 && t.n <= 24)
			keep_field(s, A_SOFTWARE, t);
		else if (!s->n[A_SERIAL] && digits >= 3 && t.n >= 4 && t.n <= 24)
			keep_field(s, A_SERIAL, t);
	}
	keep_field(s, A_NAME, part_of(f, component, 0));
}

/* "1", "LIS2-A2", "E 1394-97" */
static bool
is_version(struct text t)
{
	if (t.n == 1)
		return ascii_digit(*t.p);
	return t.n >= 4 && t.n <= 12 && (memcmp(t.p, "LIS", 3) == 0 ||
	    memmem(t.p, t.n, "1394", 4) != NULL);
}

static void
take_header(struct dctx *c, struct astm_state *s, struct text t)
{
	char mark = t.p[1];
	struct text f;

	s->messages++;
	if (s->messages > 1)
		return;
	if (memcmp(t.p + 1, "|\\^&", 4) != 0)
		keep_field(s, A_DELIMITERS, (struct text){ t.p + 1, 4 });
	if (part_of(t, mark, 3).n) {
		s->password = true;
		proto_credential(c, CRED_PASSWORD, CRED_CLEAR, false);
	}
	f = part_of(t, mark, 4);
	take_sender(s, f, t.p[3]);
	f = part_of(t, mark, 11);
	if (f.n == 1 && strchr("PTDQ", *f.p))
		keep_field(s, A_PROCESSING, f);
	f = part_of(t, mark, 12);
	/* where the record's end was forgotten what stands there is the patient's */
	if (!is_version(f))
		return;
	keep_field(s, A_VERSION, f);
	if (s->n[A_PROCESSING])
		keep_field(s, A_RECEIVER, part_of(part_of(t, mark, 9), t.p[3], 0));
}

static void
take_record(struct dctx *c, struct astm_state *s, struct text t)
{
	const char *k;

	if (!t.n)
		return;
	if (*t.p == 'H') {
		if (is_header((const uint8_t *)t.p, t.n + 1))
			take_header(c, s, t);
		else
			proto_anomaly(c, "HEADER_INVALID");
	} else if (*t.p == 'L') {
		s->ended = true;
	} else {
		k = memchr(letters, *t.p, KINDS - 1);
		s->records[k ? k - letters : OTHER]++;
	}
}

/* The records of one frame. A frame that ends with ETB breaks one off. */
static void
take_text(struct dctx *c, struct astm_state *s, struct text t, bool last)
{
	uint32_t at = 0, from;

	while (at < t.n) {
		for (from = at; at < t.n && t.p[at] != CR && t.p[at] != LF; at++)
			;
		if (!s->part)
			take_record(c, s, (struct text){ t.p + from, at - from });
		s->part = at == t.n && !last;
		at++;
	}
}

/* ---- the event ---- */

static struct text
kept(const struct astm_state *s, int k)
{
	return (struct text){ s->text[k], s->n[k] };
}

static bool
is_news(struct astm_state *s)
{
	uint64_t h = HASH_BEGIN;

	for (int k = A_NAME; k <= A_SERIAL; k++)
		h = hash_bytes(hash_step(h, s->n[k]), s->text[k], s->n[k]);
	if (!s->messages || s->told[s->sender] == h)
		return false;
	s->told[s->sender] = h;
	return s->n[A_NAME] > 0;
}

static struct text
result_of(const struct astm_state *s, const char *how)
{
	if (how[0] == 'r' || how[0] == 'i')     /* refused, interrupted */
		return text_c(how);
	if (s->gap)
		return TEXT("not_captured");
	if (s->nakked)
		return TEXT("nak");
	return (s->messages && s->ended) || (!s->messages && !s->frames) ? TEXT("ok") :
	    TEXT("incomplete");
}

/* From ENQ to EOT, or whatever ended it; then the state is as at the beginning. */
static void
session(struct dctx *c, const char *how)
{
	struct astm_state *s = c->state;
	bool refused = how[0] == 'r', again = s->refused && refused, news;
	uint64_t told[2];
	struct ident *i;
	uint32_t n = 0;
	struct ev *e;

	if (!s->open)
		return;
	/* asking for the line and giving it back says nothing; being refused does, once */
	if ((!s->frames && !s->messages && !refused && !(s->linked && !s->acked)) || again)
		goto done;
	for (unsigned k = 0; k < KINDS; k++)
		n += s->records[k];
	news = is_news(s);
	e = ev_begin(c, "astm", &s->first, s->sender);
	ev_cstr(e, "link", s->linked ? "frames" : "bare");
	ev_str(e, "sender", kept(s, A_NAME));
	ev_str(e, "software", kept(s, A_SOFTWARE));
	ev_str(e, "serial", kept(s, A_SERIAL));
	ev_str(e, "receiver", kept(s, A_RECEIVER));
	ev_str(e, "processing", kept(s, A_PROCESSING));
	ev_str(e, "version", kept(s, A_VERSION));
	ev_str(e, "delimiters", kept(s, A_DELIMITERS));
	if (s->password)
		ev_bool(e, "password", true);
	ev_uint(e, "messages", s->messages);
	ev_arr(e, "records");
	for (unsigned k = 0; k < KINDS; k++) {
		if (!s->records[k])
			continue;
		ev_a_obj(e);
		ev_cstr(e, "kind", kinds[k]);
		ev_uint(e, "count", s->records[k]);
		ev_end(e);
	}
	ev_end(e);
	ev_uint(e, "bytes", s->bytes);
	if (s->linked)
		ev_uint(e, "frames", s->frames);
	if (s->naks)
		ev_uint(e, "naks", s->naks);
	if (s->retries)
		ev_uint(e, "retransmitted", s->retries);
	if (s->bad)
		ev_uint(e, "checksum_errors", s->bad);
	ev_cstr(e, "ended", how);
	e->ot.op = s->records[RESULT] ? OT_REPORT : s->records[QUERY] ? OT_READ :
	    s->records[ORDER] ? OT_OTHER : s->messages ? OT_IDENTIFY :
	    s->frames ? OT_OTHER : OT_CONNECT;
	e->ot.service = s->records[RESULT] ? TEXT("results") : s->records[QUERY] ? TEXT("query") :
	    s->records[ORDER] ? TEXT("orders") : s->messages ? TEXT("header") :
	    s->frames ? TEXT("records") : TEXT("ENQ");
	e->ot.object = kept(s, A_RECEIVER);
	e->ot.has_count = n > 0;
	e->ot.count = n;
	if (s->linked && !s->acked && !refused)
		ev_unanswered(e, c);
	else
		e->ot.result = result_of(s, how);
	if (news) {
		i = ev_identity(e, "astm.header", EV_SRC);
		i->product = kept(s, A_NAME);
		i->firmware = kept(s, A_SOFTWARE);
		i->serial = kept(s, A_SERIAL);
		/* who sends results measured them, or collects from those that did */
		if (s->records[RESULT])
			i->role = TEXT("analyser");
	}
	ev_emit(e);
done:
	memcpy(told, s->told, sizeof(told));
	memset(s, 0, sizeof(*s));
	memcpy(s->told, told, sizeof(told));
	s->refused = refused;
}

static void
begin(struct dctx *c, bool linked)
{
	struct astm_state *s = c->state;

	if (s->open)
		return;
	s->open = true;
	s->linked = linked;
	s->sender = (uint8_t)c->side;
	s->first = c->when;
	s->number = 0xff;
}

static enum verdict
control(struct dctx *c, int b)
{
	struct astm_state *s = c->state;
	bool mine = s->open && s->sender == c->side;

	switch (b) {
	case ENQ:
		if (mine && s->frames)
			session(c, "closed");
		else if (s->open && !mine)      /* both want the line: the other one waits */
			return DIS_OK;
		begin(c, true);
		s->asked++;
		break;
	case ACK:
		if (s->open && !mine) {
			s->acked = true;
			s->nakked = false;
		}
		break;
	case NAK:
		if (!s->open || mine)
			break;
		if (!s->frames) {
			session(c, "refused");
			break;
		}
		s->naks++;
		s->acked = s->nakked = true;
		break;
	case EOT:
		if (s->open)
			session(c, mine ? "eot" : "interrupted");
		break;
	}
	return DIS_OK;
}

static enum verdict
framed(struct dctx *c, struct rd *r)
{
	struct astm_state *s = c->state;
	const uint8_t *p = rd_at(r);
	struct text t;
	struct frame f;

	if (take_frame(p, rd_have(r), &f) <= 0) {
		rd_skip(r, rd_have(r));
		return DIS_OK;
	}
	begin(c, true);
	rd_skip(r, rd_have(r));
	if (s->sender != c->side) {     /* its ENQ was not seen, or ours not answered */
		session(c, "closed");
		begin(c, true);
	}
	s->frames++;
	if (f.has_sum && !f.sum_ok) {
		s->bad++;
		proto_anomaly(c, "CHECKSUM_MISMATCH");
		return DIS_OK;          /* it comes again */
	}
	if (p[1] == s->number) {
		s->retries++;
		return DIS_OK;
	}
	if (s->number != 0xff && p[1] != '0' + (s->number - '0' + 1) % 8)
		proto_anomaly(c, "FRAME_NUMBER");
	s->number = p[1];
	s->bytes += f.text_n;
	t = (struct text){ (const char *)p + 2, f.text_n };
	take_text(c, s, t, f.last);
	return DIS_OK;
}

static enum verdict
astm_dissect(struct dctx *c, struct rd *r)
{
	struct astm_state *s = c->state;
	int b = rd_peek8(r, 0);
	struct text t;
	uint32_t n;

	if (c->cut || b == CR || b == LF) {
		rd_skip(r, rd_have(r));
		if (c->cut) {
			s->gap = true;
			s->number = 0xff;
		}
		return DIS_OK;
	}
	if (is_control(b)) {
		rd_skip(r, 1);
		return control(c, b);
	}
	if (b == STX)
		return framed(c, r);
	n = rd_have(r);
	begin(c, false);
	t.p = (const char *)rd_bytes(r, n);
	t.n = n - 1;                    /* without its CR */
	s->bytes += n;
	take_record(c, s, t);
	if (s->ended)
		session(c, "terminator");
	return DIS_OK;
}

static void
astm_end(struct dctx *c, bool gap)
{
	struct astm_state *s = c->state;

	if (!c->flow)
		return;
	if (gap) {
		s->gap = true;
		s->number = 0xff;
	} else {
		session(c, "closed");
	}
}

/* ---- recognising ---- */

static enum probe
side_probe(const struct rd *r)
{
	const uint8_t *p = rd_at(r);
	uint32_t n = rd_have(r), at = 0;
	struct frame f;

	while (at < n && at < 16 && is_control(p[at]))
		at++;
	if (at == n)
		return PROBE_MORE;
	if (p[at] == 'H')
		return n - at < 6 ? PROBE_MORE : is_header(p + at, n - at) ? PROBE_YES : PROBE_NO;
	if (p[at] != STX)
		return PROBE_NO;
	switch (take_frame(p + at, n - at, &f)) {
	case -1:
		return PROBE_NO;
	case 0:
		return n - at > 8 && !(p[at + 2] == 'H' && is_header(p + at + 2, n - at - 2)) ?
		    PROBE_WEAK : PROBE_MORE;
	}
	if (!f.text_n)
		return PROBE_NO;
	if (is_header(p + at + 2, f.text_n))
		return PROBE_YES;
	/* amid a session: a record's letter, and a checksum that is right */
	if (!f.has_sum || !f.sum_ok || f.text_n < 3)
		return f.has_sum ? PROBE_NO : PROBE_WEAK;
	return (memchr(letters, p[at + 2], KINDS - 1) || p[at + 2] == 'L') && p[at + 3] > ' ' &&
	    ascii_hex(p[at + 3]) < 0 ? PROBE_YES : PROBE_WEAK;
}

static enum probe
astm_probe(struct probe_in *in)
{
	enum probe best = PROBE_NO;

	for (int i = 0; i < 2; i++) {
		enum probe v;

		if (!rd_have(&in->side[i]))
			continue;
		v = side_probe(&in->side[i]);
		if (v == PROBE_NO)
			return PROBE_NO;
		best = v > best ? v : best;
	}
	return best;
}

/* Every maker has a port of its own, and serial servers have theirs. */
static const struct hint hints[] = { { HINT_END, 0 } };

static const struct field fields[] = {
	{ "astm.link", "string", "frames: with the link level; bare: records alone" },
	{ "astm.sender", "string", "sender's name, of the header" },
	{ "astm.software", "string", "its software's version, where one stands beside the name" },
	{ "astm.serial", "string", "its serial number, likewise" },
	{ "astm.receiver", "string", "receiver's name" },
	{ "astm.processing", "string", "P production, T training, D debugging, Q quality control" },
	{ "astm.version", "string", "version of the standard" },
	{ "astm.delimiters", "string", "delimiters other than |\\^&" },
	{ "astm.password", "boolean", "a password was sent; never written" },
	{ "astm.messages", "integer", "headers in this session" },
	{ "astm.records[].kind", "string", "patient, order, result, query, comment, ..." },
	{ "astm.records[].count", "integer", "how many of them" },
	{ "astm.bytes", "integer", "bytes of text" },
	{ "astm.frames", "integer", "frames that were sent" },
	{ "astm.naks", "integer", "frames that were refused" },
	{ "astm.retransmitted", "integer", "frames that came again" },
	{ "astm.checksum_errors", "integer", "frames with a wrong checksum" },
	{ "astm.ended", "string", "eot, terminator, interrupted, refused, closed" },
	{ NULL },
};

const struct dissector astm_dissector = {
	.name = "astm",
	.title = "ASTM E1381/E1394 (CLSI LIS01, LIS02)",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct astm_state),
	.probe = astm_probe,
	.frame = astm_frame,
	.dissect = astm_dissect,
	.end = astm_end,
};
