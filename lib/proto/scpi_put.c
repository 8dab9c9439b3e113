/* scpi_put.c: SCPI messages as events, for all that carry them. A query and its
 * answer are one event; every other unit of a message is one of its own.
 *
 * What instruments measured is a number or is not written; what people typed
 * (texts in quotes, passwords, names) never is. */
#include "base/ascii.h"
#include "proto/gather.h"
#include "proto/scpi.h"

enum { ARGS_MAX = 64, DEVICE_MAX = 40, OPTIONS_MAX = 16, ANSWERS_AHEAD = 256,
       LOOK_AHEAD = 8 };

/* A query as it waits. */
struct waiting {
	uint16_t turn;
	uint8_t chan, head_n, args_n, device_n, carrier_n, op, answer;
	bool behind, calibration;
	char head[SCPI_HEAD], args[ARGS_MAX], device[DEVICE_MAX], carrier[8];
};

/* ---- arguments ---- */

/* Numbers, units, words, channel lists: what is no text of people's. */
static bool
is_plain(const struct rd *r, bool quotes)
{
	for (uint32_t i = 0; i < rd_have(r); i++) {
		int b = rd_peek8(r, i);

		if (b < ' ' || b > '~' || ((b == '"' || b == '\'') && !quotes) || b == '#')
			return false;
	}
	return rd_have(r) > 0 && rd_have(r) <= ARGS_MAX;
}

/* The first argument where it is ON or OFF; the rest may be the code. */
static uint32_t
switch_length(const struct rd *r)
{
	uint32_t n = 0, have = rd_have(r);
	const uint8_t *p = rd_at(r);

	while (n < have && p[n] != ',' && p[n] != ' ')
		n++;
	if (n == 1 && (p[0] == '0' || p[0] == '1'))
		return n;
	if ((n == 2 || n == 3) && (p[0] & ~0x20) == 'O' &&
	    ((n == 2 && (p[1] & ~0x20) == 'N') ||
	    (n == 3 && (p[1] & ~0x20) == 'F' && (p[2] & ~0x20) == 'F')))
		return n;
	return 0;
}

/* What of the arguments may be written: of makers' own commands numbers alone. */
static struct text
open_args(const struct scpi_unit *u)
{
	const char *p = (const char *)rd_at(&u->args);
	uint32_t n = rd_have(&u->args);
	double x;
	bool lan = u->n > 9 && memcmp(u->head, "SYST", 4) == 0 && u->op == OT_CONFIGURE;

	if (u->secret)
		return (struct text){ p, switch_length(&u->args) };
	if (u->free_text || !is_plain(&u->args, lan) || (!u->known && !scpi_number(u->args, &x)))
		return (struct text){ NULL, 0 };
	if (lan && n > 2 && p[0] == '"' && p[n - 1] == '"')
		return (struct text){ p + 1, n - 2 };
	return (struct text){ p, n };
}

static bool
has_secret(const struct scpi_unit *u)
{
	return u->secret && !u->query && rd_have(&u->args) > switch_length(&u->args);
}

/* ---- events ---- */

static struct text
object_of(struct ev *e, const struct waiting *w)
{
	char *p;

	if (!w->calibration)
		return (struct text){ w->head, w->head_n };
	p = ev_room(e, w->head_n + 12u);
	if (!p)
		return TEXT("calibration");
	memcpy(p, "calibration ", 12);
	memcpy(p + 12, w->head, w->head_n);
	return (struct text){ p, w->head_n + 12u };
}

static struct ev *
begin(struct dctx *c, const struct waiting *w, const struct when *at, int side, bool query)
{
	struct ev *e = ev_begin(c, scpi_dissector.name, at, side);
	char *p = ev_room(e, w->head_n + 1u);

	ev_str(e, "carrier", ((struct text){ w->carrier, w->carrier_n }));
	ev_str(e, "device", ((struct text){ w->device, w->device_n }));
	if (p) {
		memcpy(p, w->head, w->head_n);
		p[w->head_n] = '?';
		e->ot.service = (struct text){ p, w->head_n + (uint32_t)query };
	}
	ev_str(e, "command", e->ot.service);
	ev_str(e, "arguments", ((struct text){ w->args, w->args_n }));
	e->ot.op = (enum ot_op)w->op;
	if (w->op != OT_IDENTIFY)
		e->ot.object = object_of(e, w);
	return e;
}

static void
fill(struct waiting *w, const struct scpi_via *v, const struct scpi_unit *u)
{
	struct text args = open_args(u);
	uint32_t n = v->device.n < DEVICE_MAX ? v->device.n : DEVICE_MAX;

	memset(w, 0, sizeof(*w));
	w->turn = v->talk->turn;
	w->chan = v->talk->chan;
	w->op = (uint8_t)u->op;
	w->answer = (uint8_t)u->answer;
	w->behind = v->behind;
	w->calibration = u->calibration;
	w->head_n = u->n;
	memcpy(w->head, u->head, u->n);
	w->args_n = (uint8_t)(args.n < ARGS_MAX ? args.n : ARGS_MAX);
	if (w->args_n)
		memcpy(w->args, args.p, w->args_n);
	w->device_n = (uint8_t)n;
	if (n)
		memcpy(w->device, v->device.p, n);
	w->carrier_n = (uint8_t)v->carrier.n;
	memcpy(w->carrier, v->carrier.p, v->carrier.n);
}

static uint64_t
key_of(const struct scpi_talk *t, uint32_t i)
{
	return (uint64_t)1 << 48 | (uint64_t)t->chan << 32 | i;
}

/* Status registers and waits come with every measurement: told of once. */
static bool
is_news(struct scpi_talk *t, const struct scpi_unit *u)
{
	unsigned bit;

	if (u->op != OT_OTHER)
		return true;
	bit = u->head[0] == '*' ? u->head[2] & 15u : 15;
	if (t->told >> bit & 1)
		return false;
	t->told |= (uint16_t)(1u << bit);
	return true;
}

static void
command(struct dctx *c, const struct scpi_via *v, const struct scpi_unit *u)
{
	struct waiting w;
	struct ev *e;
	double x;

	if (has_secret(u))
		proto_credential(c, CRED_PASSWORD, CRED_CLEAR, false);
	if (!is_news(v->talk, u))
		return;
	fill(&w, v, u);
	e = begin(c, &w, &c->when, c->side, false);
	if (has_secret(u))
		ev_bool(e, "secret", true);
	if (rd_have(&u->args))
		ev_uint(e, "argument_bytes", rd_have(&u->args));
	if (w.args_n && scpi_number(rd_init(w.args, w.args_n, w.args_n), &x))
		ev_val_real(e, x);
	else if (w.args_n)
		ev_val_str(e, (struct text){ w.args, w.args_n });
	ev_emit(e);
}

static void
program_lines(struct dctx *c, const struct scpi_via *v, struct rd msg)
{
	struct scpi_talk *t = v->talk;
	struct scpi_path path;
	struct scpi_unit u;
	struct waiting w;
	struct rd line;

	while (scpi_line(&msg, &line)) {
		t->turn++;
		path.n = 0;
		while (scpi_unit(&line, &path, &u)) {
			if (!u.query) {
				command(c, v, &u);
				continue;
			}
			fill(&w, v, &u);
			pend_put(c, key_of(t, t->next++), &w, sizeof(w));
		}
	}
}

/* ---- messages in parts ---- */

/* True when msg is (now) whole. Bytes on a socket come in lines, and of one that
 * goes on only its beginning is read; other carriers say where a message ends. */
static bool
whole(struct dctx *c, const struct scpi_via *v, struct rd *msg, bool end)
{
	struct gather *m = gather_find(c, key_of(v->talk, 0));

	if (!m && end)
		return true;
	if (!m)
		m = gather_begin(c, key_of(v->talk, 0));
	gather_add(m, msg);
	*msg = gather_rd(m);
	return end;
}

/* What was put together has been read. */
static void
parts_done(struct dctx *c, const struct scpi_via *v)
{
	struct gather *m = gather_find(c, key_of(v->talk, 0));

	gather_drop(m);
}

static void answer_lines(struct dctx *c, const struct scpi_via *v, struct rd msg);

/* A new message means that no more is wanted of the last answer. */
static void
answer_cut(struct dctx *c, const struct scpi_via *v)
{
	struct dctx d = *c;
	struct gather *m;

	d.side = !c->side;
	if ((m = gather_find(&d, key_of(v->talk, 0)))) {
		answer_lines(&d, v, gather_rd(m));
		parts_done(&d, v);
	}
}

void
scpi_program(struct dctx *c, const struct scpi_via *v, struct rd msg, bool end)
{
	bool tail = v->talk->tail[0];

	if (v->whole) {
		answer_cut(c, v);
		if (whole(c, v, &msg, end)) {
			program_lines(c, v, msg);
			parts_done(c, v);
		}
		return;
	}
	v->talk->tail[0] = !end;
	/* of a message that goes on only a new unit is anything to read */
	if (!tail || rd_peek8(&msg, 0) == ';')
		program_lines(c, v, msg);
}

/* ---- answers ---- */

static uint32_t
commas(const struct rd *r)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < rd_have(r) && i < LIM_TEXT; i++)
		n += rd_peek8(r, i) == ',';
	return n;
}

/* A field up to a comma, or (last) all. */
static struct text
field(struct rd *r, bool last)
{
	const char *p = (const char *)rd_at(r);
	uint32_t n = 0;
	struct text t;

	while (n < rd_have(r) && (last || p[n] != ',') && p[n] != '\n' && p[n] != '\r')
		n++;
	rd_skip(r, n < rd_have(r) ? n + 1 : n);
	t = text_trim(p, n);
	while (t.n && (t.p[0] == ' ' || t.p[0] == '"')) {
		t.p++;
		t.n--;
	}
	while (t.n && (t.p[t.n - 1] == '"' || t.p[t.n - 1] == ' '))
		t.n--;
	if (t.n > LIM_TEXT / 8)         /* IEEE 488.2, 10.14.3: the whole has 72 at most */
		t.n = LIM_TEXT / 8;
	return t.n == 1 && t.p[0] == '0' ? (struct text){ NULL, 0 } : t;
}

static void
identify(struct ev *e, const struct waiting *w, struct rd r)
{
	struct ident *i;

	if (commas(&r) < 2)
		return;
	i = ev_identity(e, "scpi.idn", w->behind ? EV_OTHER : EV_DEST);
	if (w->behind) {
		i->has_parent = true;
		i->parent = EV_DEST;
		i->sub = (struct text){ w->device, w->device_n };
	}
	i->vendor = field(&r, false);
	i->model = field(&r, false);
	i->serial = field(&r, false);
	i->firmware = field(&r, true);
	i->role = TEXT("instrument");
}

/* -113,"Undefined header;...": only the number is taken: behind it may stand
 * what was typed. */
static void
put_error(struct ev *e, struct rd r)
{
	bool neg = rd_peek8(&r, 0) == '-';
	int32_t code = 0;
	const char *name;

	if (neg || rd_peek8(&r, 0) == '+')
		rd_skip(&r, 1);
	if (rd_peek8(&r, 0) < '0' || rd_peek8(&r, 0) > '9')
		return;
	for (int b; (b = rd_peek8(&r, 0)) >= '0' && b <= '9' && code < 100000; rd_skip(&r, 1))
		code = code * 10 + (b - '0');
	code = neg ? -code : code;
	name = scpi_error(code);
	ev_int(e, "error_code", code);
	ev_cstr(e, "error", code ? name : NULL);
	e->ot.result = text_c(name ? name : "error");
}

static void
put_options(struct ev *e, struct rd r)
{
	bool open = false;

	for (unsigned i = 0; i < OPTIONS_MAX && rd_have(&r); i++) {
		struct text t = field(&r, false);

		if (!t.n)
			continue;
		if (!open)
			ev_arr(e, "options");
		open = true;
		ev_a_str(e, t);
	}
	if (open)
		ev_end(e);
}

static void
put_answer(struct ev *e, const struct waiting *w, struct rd r)
{
	double x;

	while (rd_have(&r) && rd_peek8(&r, 0) == ' ')
		rd_skip(&r, 1);
	ev_uint(e, "response_bytes", rd_left(&r));
	if (rd_peek8(&r, 0) == '#')
		ev_bool(e, "block", true);
	switch ((enum scpi_answer)w->answer) {
	case SCPI_IDN:
		identify(e, w, r);
		break;
	case SCPI_OPT:
		put_options(e, r);
		break;
	case SCPI_ERROR:
		put_error(e, r);
		break;
	case SCPI_VERSION:
		if (scpi_number(r, &x))
			ev_str(e, "version", field(&r, true));
		break;
	case SCPI_PRIVATE:
		break;
	case SCPI_VALUE:
		if (scpi_number(r, &x))
			ev_val_real(e, x);
		break;
	}
}

/* The i'th query, or NULL where it has expired. */
static struct pend *
waiting_at(struct dctx *c, const struct scpi_talk *t, uint32_t i)
{
	return i < t->next ? pend_find(c, key_of(t, i)) : NULL;
}

/* The oldest query still open; t->head moves to it. */
static struct pend *
oldest(struct dctx *c, struct scpi_talk *t)
{
	struct pend *p;

	if (t->next - t->head > ANSWERS_AHEAD)
		t->head = t->next - ANSWERS_AHEAD;
	for (; t->head < t->next; t->head++)
		if ((p = waiting_at(c, t, t->head)))
			return p;
	return NULL;
}

static void
finish(struct dctx *c, struct scpi_talk *t, struct pend *p, const struct rd *part, struct text why)
{
	const struct waiting *w = (const struct waiting *)p->data;
	struct ev *e = begin(c, w, &p->when, p->side, true);

	if (part) {
		ev_answered(e, c, &p->when);
		put_answer(e, w, *part);
	} else if (why.n) {
		e->ot.result = why;
	} else {
		ev_unanswered(e, c);
	}
	ev_emit(e);
	pend_done(c, p);
	t->head++;
}

/* Does this answer fit that query? An instrument leaves a query that it does not
 * understand without any, and the next answer is to the next query. */
static bool
fits(const struct rd *line, enum scpi_answer a)
{
	const uint8_t *p = rd_at(line), *comma = memchr(p, ',', rd_have(line));
	bool error = comma && comma > p && ascii_digit(comma[-1]) &&
	    (size_t)(comma - p) <= 7 && (size_t)(comma - p) + 1 < rd_have(line) && comma[1] == '"';

	if (a == SCPI_IDN)
		return commas(line) >= 2 && !error;
	if (a == SCPI_ERROR)
		return error || commas(line) == 0;
	return !error;
}

static bool
is_echo(const struct rd *line, const struct waiting *w)
{
	uint32_t skip = rd_peek8(line, 0) == ':';

	for (uint32_t i = 0; i < w->head_n; i++) {
		int b = rd_peek8(line, i + skip);
		if (b < 0 || (b >= 'a' && b <= 'z' ? b & ~0x20 : b) != w->head[i])
			return false;
	}
	return rd_peek8(line, skip + w->head_n) == '?';
}

static void
answer_lines(struct dctx *c, const struct scpi_via *v, struct rd msg)
{
	struct scpi_talk *t = v->talk;
	struct rd line, part;
	struct pend *p;

	while (scpi_line(&msg, &line)) {
		const struct waiting *w;
		bool known = false;

		if (!(p = oldest(c, t)))
			return;
		w = (const struct waiting *)p->data;
		if (is_echo(&line, w))
			continue;
		for (uint32_t i = t->head; i < t->next && i < t->head + LOOK_AHEAD && !known; i++) {
			struct pend *o = waiting_at(c, t, i);
			known = o && fits(&line,
			    (enum scpi_answer)((const struct waiting *)o->data)->answer);
		}
		while (known && !fits(&line, (enum scpi_answer)w->answer)) {
			finish(c, t, p, NULL, TEXT("no_response"));
			if (!(p = oldest(c, t)))
				return;
			w = (const struct waiting *)p->data;
		}
		for (uint16_t turn = w->turn;; w = (const struct waiting *)p->data) {
			struct pend *next = waiting_at(c, t, t->head + 1);
			bool split = next && ((const struct waiting *)next->data)->turn == turn;

			if (split && !scpi_part(&line, &part))
				break;
			finish(c, t, p, split ? &part : &line, (struct text){ NULL, 0 });
			if (!split || !(p = oldest(c, t)))
				break;
		}
	}
}

void
scpi_response(struct dctx *c, const struct scpi_via *v, struct rd msg, bool end)
{
	bool tail = v->talk->tail[1];

	if (v->whole) {
		if (whole(c, v, &msg, end)) {
			answer_lines(c, v, msg);
			parts_done(c, v);
		}
		return;
	}
	v->talk->tail[1] = !end;
	if (!tail)
		answer_lines(c, v, msg);
}

bool
scpi_refused(struct dctx *c, const struct scpi_via *v, struct text result)
{
	struct pend *p = oldest(c, v->talk);

	if (p)
		finish(c, v->talk, p, NULL, result);
	return p != NULL;
}

bool
scpi_expire(struct dctx *c, struct pend *p)
{
	struct ev *e;

	if (p->key >> 48 != 1)
		return false;
	e = begin(c, (const struct waiting *)p->data, &p->when, p->side, true);
	ev_unanswered(e, c);
	ev_emit(e);
	return true;
}

bool
scpi_is_behind(struct text device)
{
	static const char buses[][5] = { "gpib", "GPIB", "hpib", "HPIB", "usb0", "com1", "COM1" };

	for (size_t i = 0; i < sizeof(buses) / sizeof(buses[0]) && device.n > 4; i++)
		if (memcmp(device.p, buses[i], 4) == 0)
			return memchr(device.p, ',', device.n) != NULL;
	return false;
}
