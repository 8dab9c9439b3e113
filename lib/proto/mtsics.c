/* mtsics.c: MT-SICS, the command set of Mettler-Toledo's balances, over TCP as over a
 * serial line. Lines end with CR LF.
 *
 *      I4                 I4 A "B021002593"            who are you
 *      SI                 S D     100.21 g             weigh now
 *      Z                  Z A                          zero
 *      C3                 C3 B ... C3 A                adjust with the built-in weight
 *                         ES, ET, EL                   not understood
 *
 * Status: A done, B begun, S stable, D dynamic, I cannot now, L wrong parameter, + and -
 * out of range. Weights are results of samples: weighings are counted, and no value is
 * written. An adjustment is a calibration, and always an event. */
#include "base/ascii.h"
#include "proto/proto.h"

enum { TOKEN = 6, LINE_MAX_ = 512, NAME_MAX_ = 48 };

enum what { W_NONE, W_IDENTITY, W_WEIGH, W_COMMAND, W_ADJUST, W_SETTING };

struct command { char token[TOKEN]; uint8_t what; const char *name; };

static const struct command commands[] = {
	{ "@", W_COMMAND, "reset" },
	{ "C0", W_ADJUST, "adjustment setting" }, { "C1", W_ADJUST, "adjustment as set" },
	{ "C2", W_ADJUST, "adjustment with external weight" },
	{ "C3", W_ADJUST, "adjustment with internal weight" },
	{ "C4", W_ADJUST, "initial adjustment" },
	{ "COM", W_SETTING, "interface" }, { "D", W_COMMAND, "text on display" },
	{ "DAT", W_SETTING, "date" }, { "DW", W_COMMAND, "weight on display" },
	{ "FSET", W_COMMAND, "factory settings" },
	{ "I0", W_IDENTITY, "commands" }, { "I1", W_IDENTITY, "levels" },
	{ "I10", W_IDENTITY, "name" }, { "I11", W_IDENTITY, "type" },
	{ "I14", W_IDENTITY, "parts" }, { "I2", W_IDENTITY, "type and capacity" },
	{ "I3", W_IDENTITY, "software" }, { "I4", W_IDENTITY, "serial number" },
	{ "I5", W_IDENTITY, "software material number" },
	{ "K", W_COMMAND, "keys" }, { "PWR", W_COMMAND, "power" },
	{ "S", W_WEIGH, "stable weight" }, { "SI", W_WEIGH, "weight at once" },
	{ "SIR", W_WEIGH, "weights repeatedly" }, { "SIRU", W_WEIGH, "weights repeatedly" },
	{ "SIU", W_WEIGH, "weight at once" }, { "SNR", W_WEIGH, "weights on change" },
	{ "SR", W_WEIGH, "weights on change" }, { "ST", W_WEIGH, "weight on key" },
	{ "SU", W_WEIGH, "stable weight" },
	{ "T", W_COMMAND, "tare" }, { "TA", W_COMMAND, "tare value" },
	{ "TAC", W_COMMAND, "clear tare" }, { "TI", W_COMMAND, "tare at once" },
	{ "TIM", W_SETTING, "time" }, { "TST0", W_COMMAND, "test setting" },
	{ "TST1", W_COMMAND, "test as set" }, { "TST2", W_COMMAND, "test with external weight" },
	{ "TST3", W_COMMAND, "test with internal weight" }, { "UPD", W_SETTING, "update rate" },
	{ "Z", W_COMMAND, "zero" }, { "ZI", W_COMMAND, "zero at once" },
};

struct line { struct text token, rest; };

struct asked { char token[TOKEN]; uint8_t n; bool argument, begun; };

struct mts_state {
	struct when first;
	uint32_t weighings, dynamic, refused, over, under;
	char last;                      /* class of the last weighing that was told */
};

/* ---- lines ---- */

/* "I4", "TST3", "@": capitals and then digits, as a word of its own. */
static bool
take_line(struct text t, struct line *l)
{
	uint32_t n = 0;

	t = text_trim(t.p, t.n);
	if (t.n && *t.p == '@')
		n = 1;
	while (n < t.n && n < TOKEN && ascii_upper(t.p[n]))
		n++;
	while (n && n < t.n && n < TOKEN && ascii_digit(t.p[n]))
		n++;
	if (!n || n == TOKEN || (n < t.n && t.p[n] != ' '))
		return false;
	l->token = (struct text){ t.p, n };
	l->rest = text_trim(t.p + n, t.n - n);
	return true;
}

static const struct command *
command_find(struct text t)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strlen(commands[i].token) == t.n && memcmp(commands[i].token, t.p, t.n) == 0)
			return &commands[i];
	return NULL;
}

static bool
is_error(const struct line *l)
{
	return !l->rest.n && l->token.n == 2 && l->token.p[0] == 'E' &&
	    (l->token.p[1] == 'S' || l->token.p[1] == 'T' || l->token.p[1] == 'L');
}

/* The status behind an answer's token, or 0. */
static char
status_of(const struct line *l)
{
	char s = l->rest.n ? *l->rest.p : 0;

	if (s == '"')
		return s;
	return s && strchr("ABDILS+-", s) && (l->rest.n == 1 || l->rest.p[1] == ' ') ? s : 0;
}

/* The first text in quotes. */
static struct text
quoted(struct text t)
{
	const char *a = t.n ? memchr(t.p, '"', t.n) : NULL, *b;

	if (!a)
		return (struct text){ 0 };
	a++;
	b = memchr(a, '"', t.n - (uint32_t)(a - t.p));
	return b ? text_trim(a, (size_t)(b - a)) : (struct text){ 0 };
}

/* "S S     100.00 g": status, blanks, a number, its unit. */
static bool
is_weight(const struct line *l)
{
	uint32_t i = 1, digits = 0;

	if (l->token.n != 1 || *l->token.p != 'S' || l->rest.n < 5 ||
	    (*l->rest.p != 'S' && *l->rest.p != 'D'))
		return false;
	while (i < l->rest.n && l->rest.p[i] == ' ')
		i++;
	for (; i < l->rest.n && l->rest.p[i] != ' '; i++) {
		char c = l->rest.p[i];
		if ((c < '0' || c > '9') && c != '.' && c != '-')
			return false;
		digits += ascii_digit(c);
	}
	return digits && i + 1 < l->rest.n && l->rest.n - i <= 6;
}

static ssize_t
mts_frame(const struct dctx *c, const struct rd *r)
{
	uint32_t have = rd_have(r);
	const uint8_t *p, *e;

	if (!have)
		return 0;
	p = rd_at(r);
	if ((e = memchr(p, '\n', have)))
		return e - p + 1;
	return have < LINE_MAX_ ? 0 : -1;
}

/* ---- events ---- */

static uint64_t
key_of(struct text t)
{
	uint64_t k = 1;

	for (uint32_t i = 0; i < t.n; i++)
		k = k << 8 | (uint8_t)t.p[i];
	return k;
}

static struct text
result_of(char status)
{
	switch (status) {
	case 'I':
		return TEXT("not_executable");
	case 'L':
		return TEXT("wrong_parameter");
	case '+':
		return TEXT("overload");
	case '-':
		return TEXT("underload");
	case 'B':
		return TEXT("begun");
	}
	return TEXT("ok");
}

/* "XS205DU 220.0090 g": the capacity cut off. */
static struct text
type_of(struct text t)
{
	uint32_t n = t.n, words = 0;

	while (n && words < 2) {
		while (n && t.p[n - 1] != ' ')
			n--;
		while (n && t.p[n - 1] == ' ')
			n--;
		words++;
	}
	return n && t.p[n] == ' ' && ascii_digit(t.p[n + 1]) ?
	    (struct text){ t.p, n } : t;
}

static void
identify(struct ev *e, struct text token, struct text v)
{
	struct ident *i;

	if (!v.n || (token.n == 2 && (token.p[1] < '2' || token.p[1] > '4')) ||
	    (token.n == 3 && memcmp(token.p, "I10", 3) != 0 && memcmp(token.p, "I11", 3) != 0))
		return;
	i = ev_identity(e, "mtsics.i", EV_DEST);
	i->vendor = TEXT("Mettler-Toledo");
	if (token.n == 3 && token.p[2] == '0')
		i->hostname = v;
	else if (token.n == 3)
		i->model = v;
	else if (token.p[1] == '2')
		i->model = type_of(v);
	else if (token.p[1] == '3')
		i->firmware = v;
	else
		i->serial = v;
	i->role = TEXT("instrument");
}

static struct text
object_of(struct ev *e, struct text token, const struct command *k)
{
	const char *kind = !k || k->what == W_SETTING ? "setting" : k->what == W_ADJUST ?
	    "calibration" : k->what == W_IDENTITY ? "identity" : k->what == W_WEIGH ? "weight" :
	    "command";

	if (k && k->what == W_WEIGH)
		return TEXT("weight");
	if (!token.n)
		return TEXT("unknown");
	return ev_text(e, "%s:%.*s%s%s", kind, (int)token.n, token.p, k ? " " : "",
	    k ? k->name : "");
}

/* error: ES, ET, EL, or no text. l: the answer, or NULL. */
static void
event(struct dctx *c, const struct asked *q, const struct when *at, const struct line *l,
    struct text error, bool waited)
{
	struct text token = { q->token, q->n }, v = { 0 };
	const struct command *k = command_find(token);
	struct ev *e = ev_begin(c, "mtsics", at, 0);
	char status = l ? status_of(l) : 0;

	/* a word we do not know may be anything that was typed into the wrong line */
	if (!k && token.p[token.n - 1] > '9')
		token = (struct text){ 0 };
	ev_str(e, "command", token);
	if (k)
		ev_cstr(e, "name", k->name);
	if (q->argument)
		ev_bool(e, "argument", true);
	if (status && status != '"')
		ev_str(e, "status", ((struct text){ l->rest.p, 1 }));
	ev_str(e, "error", error);
	switch (k ? k->what : W_NONE) {
	case W_IDENTITY:
		e->ot.op = OT_IDENTIFY;
		v = l ? quoted(l->rest) : v;
		if (v.n && token.n == 2 && token.p[1] == '0')
			v.n = 0;        /* the list of commands tells little */
		if (v.n)
			ev_val_str(e, v);
		identify(e, token, v);
		break;
	case W_WEIGH:
		e->ot.op = OT_READ;
		break;
	case W_ADJUST:
		/* C0 alone asks */
		e->ot.op = token.p[1] == '0' && !q->argument ? OT_READ : OT_CONFIGURE;
		break;
	case W_COMMAND:
		e->ot.op = OT_COMMAND;
		break;
	default:
		e->ot.op = q->argument ? OT_CONFIGURE : OT_READ;
	}
	e->ot.service = token;
	e->ot.object = object_of(e, token, k);
	if (l && waited)
		ev_answered(e, c, at);
	if (q->begun && !status)
		e->ot.result = TEXT("begun");
	else if (!l)
		ev_unanswered(e, c);
	else if (error.n)
		e->ot.result = error.p[1] == 'S' ? TEXT("syntax_error") : error.p[1] == 'T' ?
		    TEXT("transmission_error") : TEXT("logical_error");
	else
		e->ot.result = result_of(status);
	/* a balance that resets says its serial number */
	if (l && token.n && token.p[0] == '@' && l->token.n == 2)
		identify(e, l->token, quoted(l->rest));
	ev_emit(e);
}

/* Weighings are told when one first succeeds, or no longer does. */
static bool
weighed(struct dctx *c, char status)
{
	struct mts_state *s = c->state;
	char kind = status == 'D' ? 'S' : status;

	if (!s->weighings)
		s->first = c->when;
	s->weighings++;
	s->dynamic += status == 'D';
	s->refused += status == 'I' || status == 'L';
	s->over += status == '+';
	s->under += status == '-';
	if (kind == s->last)
		return false;
	s->last = kind;
	return true;
}

static void
summary(struct dctx *c)
{
	struct mts_state *s = c->state;
	struct ev *e;

	if (s->weighings < 2)
		return;
	e = ev_begin(c, "mtsics", &s->first, 0);
	ev_cstr(e, "name", "weighings");
	ev_uint(e, "weighings", s->weighings);
	if (s->dynamic)
		ev_uint(e, "dynamic", s->dynamic);
	if (s->refused)
		ev_uint(e, "refused", s->refused);
	if (s->over)
		ev_uint(e, "overload", s->over);
	if (s->under)
		ev_uint(e, "underload", s->under);
	e->ot.op = OT_READ;
	e->ot.service = TEXT("S");
	e->ot.object = TEXT("weight");
	e->ot.has_count = true;
	e->ot.count = s->weighings;
	ev_emit(e);
	s->weighings = 0;
}

static void
request(struct dctx *c, const struct line *l)
{
	struct asked q = { .n = (uint8_t)l->token.n, .argument = l->rest.n > 0 };
	const struct command *k = command_find(l->token);

	memcpy(q.token, l->token.p, l->token.n);
	/* all weighings are answered by S, and repeated ones by many of them */
	pend_put(c, k && k->what == W_WEIGH ? key_of(TEXT("S")) : key_of(l->token), &q, sizeof(q));
}

static void
answer(struct dctx *c, const struct line *l)
{
	const struct command *k = command_find(l->token);
	struct asked none = { .n = (uint8_t)l->token.n };
	char status = status_of(l);
	struct pend *w;

	if (is_error(l)) {
		if ((w = pend_oldest(c))) {
			event(c, (const struct asked *)w->data, &w->when, l, l->token, true);
			pend_done(c, w);
		}
		return;
	}
	w = pend_find(c, key_of(l->token));
	if (!w && k && memcmp(k->token, "I4", 3) == 0)
		w = pend_find(c, key_of(TEXT("@")));
	if (!status && !w)
		return;
	if (k && k->what == W_WEIGH) {
		memcpy(none.token, l->token.p, l->token.n);
		if (weighed(c, status))
			event(c, w ? (const struct asked *)w->data : &none,
			    w ? &w->when : &c->when, l, (struct text){ 0 }, w != NULL);
	} else if (w) {
		struct asked *q = (struct asked *)w->data;
		/* of several lines, and of something that takes its time, the last counts */
		if (status == 'B' || (status == '"' && k && k->what == W_ADJUST)) {
			q->begun = true;
			return;
		}
		event(c, q, &w->when, l, (struct text){ 0 }, true);
	} else if (k && status != 'B' && status != '"' &&
	    (k->what == W_ADJUST || k->what == W_IDENTITY)) {
		/* a balance that adjusted itself, or was switched on */
		memcpy(none.token, l->token.p, l->token.n);
		event(c, &none, &c->when, l, (struct text){ 0 }, false);
	}
	if (w)
		pend_done(c, w);
}

static enum verdict
mts_dissect(struct dctx *c, struct rd *r)
{
	uint32_t n = rd_have(r);
	struct text t = { (const char *)rd_bytes(r, n), n };
	struct line l;

	if (c->cut)
		return DIS_OK;
	t = text_trim(t.p, t.n);
	if (!t.n)
		return DIS_OK;
	if (!take_line(t, &l)) {
		/* in lower case, or a terminal's own lines: what does not answer is not ours */
		if (c->side == 1)
			return DIS_OK;
		c->why = "COMMAND_SHAPE";
		return DIS_BAD;
	}
	if (c->side == 0)
		request(c, &l);
	else
		answer(c, &l);
	return DIS_OK;
}

static void
mts_expire(struct dctx *c, struct pend *w)
{
	const struct asked *q = (const struct asked *)w->data;

	event(c, q, &w->when, NULL, (struct text){ 0 }, true);
}

static void
mts_end(struct dctx *c, bool gap)
{
	if (c->flow && !gap)
		summary(c);
}

/* ---- recognising ---- */

enum shape { NO_LINE, OTHER, COMMAND, ANSWER, SURE };

/* The first line of one side. */
static enum shape
shape_of(const struct rd *r, struct line *l)
{
	uint32_t have = rd_have(r);
	const uint8_t *p, *e;

	if (!have)
		return NO_LINE;
	p = rd_at(r);
	while (have && (*p == '\r' || *p == '\n')) {
		p++;
		have--;
	}
	e = have ? memchr(p, '\n', have < LINE_MAX_ ? have : LINE_MAX_) : NULL;
	if (!e) {
		for (uint32_t i = 0; i < have && i < 8; i++)
			if (p[i] < '\r' || p[i] > '~')
				return OTHER;
		return have < LINE_MAX_ && (!have || *p == '@' || ascii_upper(*p)) ?
		    NO_LINE : OTHER;
	}
	if (!take_line((struct text){ (const char *)p, (uint32_t)(e - p) }, l))
		return OTHER;
	if (is_error(l))
		return ANSWER;
	if (!command_find(l->token))
		return l->token.n > 1 && l->token.p[l->token.n - 1] <= '9' && status_of(l) ?
		    ANSWER : OTHER;
	if (is_weight(l))
		return SURE;
	if (l->token.n >= 2 && *l->token.p == 'I' && status_of(l) == 'A' && quoted(l->rest).n)
		return SURE;
	return status_of(l) ? ANSWER : COMMAND;
}

static enum probe
mts_probe(struct probe_in *in)
{
	struct line l[2] = { 0 };
	enum shape a = shape_of(&in->side[0], &l[0]), b = shape_of(&in->side[1], &l[1]);

	if (a == OTHER || b == OTHER)
		return PROBE_NO;
	if (a == NO_LINE && b == NO_LINE)
		return PROBE_MORE;
	/* an answer of side 0, where it is no command with a parameter */
	in->reversed = a == SURE || (a == ANSWER && b == COMMAND);
	if (a == SURE || b == SURE)
		return PROBE_YES;
	if ((a == COMMAND && b == ANSWER) || (b == COMMAND && a == ANSWER)) {
		bool same = key_of(l[0].token) == key_of(l[1].token);
		return same || (*l[0].token.p == 'S' && *l[1].token.p == 'S') ? PROBE_YES :
		    is_error(&l[a == ANSWER ? 0 : 1]) ? PROBE_WEAK : PROBE_NO;
	}
	if (a == NO_LINE || b == NO_LINE)
		return PROBE_WEAK;
	/* D "text", answered by D A */
	return a == ANSWER && b == ANSWER && key_of(l[0].token) == key_of(l[1].token) ?
	    PROBE_YES : PROBE_NO;
}

static const struct hint hints[] = { { HINT_TCP, 4305 }, { HINT_END, 0 } };

static const struct field fields[] = {
	{ "mtsics.command", "string", "the command: I4, Z, C3, ..." },
	{ "mtsics.name", "string", "what it is for" },
	{ "mtsics.argument", "boolean", "it came with an argument; never written" },
	{ "mtsics.status", "string", "A done, S stable, D dynamic, I cannot now, L wrong, + -" },
	{ "mtsics.error", "string", "ES, ET, EL: not understood" },
	{ "mtsics.weighings", "integer", "weights that were sent in this connection" },
	{ "mtsics.dynamic", "integer", "of these not stable" },
	{ "mtsics.refused", "integer", "weighings that could not be done" },
	{ "mtsics.overload", "integer", "weighings above the range" },
	{ "mtsics.underload", "integer", "weighings below it" },
	{ NULL },
};

const struct dissector mtsics_dissector = {
	.name = "mtsics",
	.title = "MT-SICS (Mettler-Toledo balances)",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct mts_state),
	.probe = mts_probe,
	.frame = mts_frame,
	.dissect = mts_dissect,
	.expire = mts_expire,
	.end = mts_end,
};
