/* atg.c: automatic tank gauges that speak the TLS-350's serial protocol
 * (Veeder-Root Serial Interface Manual 576013-635) through a serial server.
 *
 *     SOH [6 characters of security code] F nnn TT [data] [CR LF]        command
 *     SOH F nnn TT ... ETX                                               answer
 *
 * F is I (inquire) or S (set), in capitals for an answer people read and in small
 * letters for one that programs read; nnn the function, TT the tank or device, 00
 * for all. A code the gauge does not know is answered by 9999FF1B. Imitations leave
 * SOH and ETX out of the answer, so that an answer without them ends with its
 * segment. A security code is never written. */
#include "base/ascii.h"
#include "proto/proto.h"

enum { SOH = 1, ETX = 3, TANKS_MAX = 32, LINES_MAX = 5, WORDS_MAX = 40 };

struct atg_state { uint64_t commands; };

struct atg_cmd {
	char code[6];                   /* "I20100" */
	bool secured;
	uint8_t n;
	uint16_t len;                   /* bytes of data behind the code */
	char data[64];
};

struct atg_tank {
	uint32_t tank;
	struct text product;
	/* volume, tc volume, ullage, height, water, temperature, water volume */
	double v[7];
	unsigned n;
};

struct line { const char *p; uint32_t n; };

struct function {
	uint16_t code;                  /* three digits, hexadecimal */
	enum ot_op set;
	const char *name;
};

/* Table of contents of the manual; 'set' is what an S of it does. */
static const struct function functions[] = {
	{ 0x001, OT_COMMAND, "System Reset" }, { 0x002, OT_COMMAND, "Clear Power Reset Flag" },
	{ 0x003, OT_COMMAND, "Remote Alarm Reset" },
	{ 0x051, OT_COMMAND, "Clear Delivery Reports" },
	{ 0x052, OT_COMMAND, "Start Leak Test" }, { 0x053, OT_COMMAND, "Stop Leak Test" },
	{ 0x101, OT_WRITE, "System Status" }, { 0x102, OT_WRITE, "System Configuration" },
	{ 0x111, OT_WRITE, "Priority Alarm History" },
	{ 0x112, OT_WRITE, "Non-Priority Alarm History" },
	{ 0x113, OT_WRITE, "Active Alarms" }, { 0x114, OT_WRITE, "Cleared Alarms" },
	{ 0x201, OT_WRITE, "In-Tank Inventory" }, { 0x202, OT_WRITE, "In-Tank Delivery" },
	{ 0x203, OT_WRITE, "In-Tank Leak Detect" }, { 0x204, OT_WRITE, "In-Tank Shift Inventory" },
	{ 0x205, OT_WRITE, "In-Tank Status" }, { 0x206, OT_WRITE, "In-Tank Alarm History" },
	{ 0x207, OT_WRITE, "In-Tank Leak Test History" },
	{ 0x208, OT_WRITE, "In-Tank Leak Test Results" }, { 0x251, OT_WRITE, "CSLD Results" },
	{ 0x301, OT_WRITE, "Liquid Sensor Status" },
	{ 0x302, OT_WRITE, "Liquid Sensor Alarm History" },
	{ 0x406, OT_WRITE, "Relay Status" }, { 0x501, OT_CONFIGURE, "Time of Day" },
	{ 0x503, OT_CONFIGURE, "Print Header" },
	{ 0x517, OT_CONFIGURE, "System Type and Language" },
	{ 0x601, OT_CONFIGURE, "Tank Configuration" },
	{ 0x602, OT_CONFIGURE, "Tank Product Label" },
	{ 0x603, OT_CONFIGURE, "Tank Product Code" }, { 0x902, OT_WRITE, "System Revision Level" },
};

static uint32_t
hex(const char *p, unsigned n)
{
	uint32_t v = 0;

	for (unsigned i = 0; i < n; i++)
		v = v << 4 | (uint32_t)ascii_hex(p[i]);
	return v;
}

/* A function code at the place `ahead`: -1 no, 0 too few bytes, 1 yes. */
static int
code_at(const struct rd *r, uint32_t ahead)
{
	static const char kinds[] = "IiSs";

	for (uint32_t i = 0; i < 6; i++) {
		int c = rd_peek8(r, ahead + i);
		if (c < 0)
			return 0;
		if (i == 0 ? !c || !strchr(kinds, c) : i < 4 ? ascii_hex(c) < 0 : !ascii_digit(c))
			return -1;
	}
	return 1;
}

/* Where the command's code stands behind SOH: 1, or 7 with a security code. */
static int
command_at(const struct rd *r)
{
	int plain = code_at(r, 1), c;

	if (rd_peek8(r, 0) != SOH)
		return -1;
	if (plain >= 0)
		return plain ? 1 : 0;
	for (uint32_t i = 1; i < 7; i++) {
		if ((c = rd_peek8(r, i)) < 0)
			return 0;
		if (c < 0x20 || c > 0x7e)
			return -1;
	}
	c = code_at(r, 7);
	return c < 0 ? -1 : c ? 7 : 0;
}

static ssize_t
atg_frame(const struct dctx *c, const struct rd *r)
{
	uint32_t have = rd_have(r), n;
	int at;

	if (rd_peek8(r, 0) != SOH) {
		/* an imitation's answer, or what a terminal sends beside commands */
		for (n = 1; n < have && rd_peek8(r, n) != SOH; n++)
			if (c->side && rd_peek8(r, n) == ETX)
				return n + 1;
		return n;
	}
	if (c->side) {
		for (n = 1; n < have; n++)
			if (rd_peek8(r, n) == ETX)
				return n + 1;
		return have < LIM_PDU / 2 ? 0 : have;
	}
	if ((at = command_at(r)) <= 0)
		return at < 0 ? (have > 1 ? (ssize_t)have : 0) : 0;
	/* up to the end of the line, or of what was sent at once */
	for (n = (uint32_t)at + 6; n < have; n++) {
		int b = rd_peek8(r, n);
		if (b == SOH)
			break;
		if (b == ETX || b == '\n')
			return n + 1;
	}
	return n;
}

/* An answer repeats the code behind a new line, or has more behind an inquiry's code
 * than a line end. */
static bool
is_answer(const struct rd *r)
{
	int kind = rd_peek8(r, 1);

	if (rd_peek8(r, 0) != SOH)
		return false;
	if (kind == '\r')
		return rd_peek8(r, 2) == '\n' && code_at(r, 3) > 0;
	return (kind | 0x20) == 'i' && code_at(r, 1) > 0 && rd_left(r) > 12 &&
	    rd_peek8(r, 7) != SOH && rd_peek8(r, 7) != '\r' && rd_peek8(r, 7) != '\n';
}

static enum probe
atg_probe(struct probe_in *in)
{
	const struct rd *q = &in->side[0], *a = &in->side[1];
	bool none = !rd_left(q);
	int at;

	if (is_answer(none ? a : q)) {
		in->reversed = !none;
		return PROBE_YES;
	}
	at = command_at(none ? a : q);
	if (at == 1) {
		in->reversed = none;
		return PROBE_YES;
	}
	if (at < 0)
		return PROBE_NO;
	if (at == 7 && !none && rd_left(a))
		return rd_peek8(a, 0) == SOH || rd_peek8(a, 0) == '\n' ? PROBE_YES : PROBE_NO;
	return at == 7 ? PROBE_WEAK : PROBE_MORE;
}

static const struct function *
function_find(const char *code)
{
	uint32_t v = hex(code + 1, 3);

	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
		if (functions[i].code == v)
			return &functions[i];
	return NULL;
}

/* The next line of p, without its end; blanks around it cut. */
static bool
line_next(const char *p, uint32_t n, uint32_t *at, struct line *l)
{
	uint32_t from = *at, to;

	if (from >= n)
		return false;
	for (to = from; to < n && p[to] != '\n'; to++)
		;
	*at = to + 1;
	while (to > from && (p[to - 1] == '\r' || p[to - 1] == ' ' || p[to - 1] == ETX))
		to--;
	while (from < to && (p[from] == ' ' || p[from] == SOH || p[from] == '\r'))
		from++;
	*l = (struct line){ p + from, to - from };
	return true;
}

/* "4947", "-0.5"; false for what is no number. */
static bool
number(const char *p, uint32_t n, double *v)
{
	double x = 0, scale = 0;
	bool neg = n && *p == '-', any = false;

	for (uint32_t i = neg; i < n; i++) {
		if (p[i] == '.' && scale == 0) {
			scale = 1;
			continue;
		}
		if (p[i] < '0' || p[i] > '9')
			return false;
		any = true;
		x = x * 10 + (p[i] - '0');
		scale *= 10;
	}
	*v = (neg ? -x : x) / (scale > 1 ? scale : 1);
	return any;
}

/* "  1  SUPER      8394  8529  4947  48.78  4.12  52.50": number, product, six values. */
static bool
tank_line(const struct line *l, struct atg_tank *t)
{
	struct line w[WORDS_MAX];
	unsigned n = 0;
	double id;

	for (uint32_t i = 0; i < l->n && n < WORDS_MAX;) {
		uint32_t from;
		while (i < l->n && l->p[i] == ' ')
			i++;
		for (from = i; i < l->n && l->p[i] != ' '; i++)
			;
		if (i > from)
			w[n++] = (struct line){ l->p + from, i - from };
	}
	if (n < 7 || !number(w[0].p, w[0].n, &id) || id < 1 || id > 99)
		return false;
	for (unsigned i = 0; i < 6; i++)
		if (!number(w[n - 6 + i].p, w[n - 6 + i].n, &t->v[i]))
			return false;
	t->n = 6;
	t->tank = (uint32_t)id;
	t->product = n == 7 ? (struct text){ 0 } :
	    text_trim(w[1].p, (size_t)(w[n - 7].p + w[n - 7].n - w[1].p));
	return true;
}

static void
put_tank(struct ev *e, const struct atg_tank *t)
{
	static const char *const name[] = { "volume", "tc_volume", "ullage", "height", "water",
		"temperature", "water_volume" };
	char k[24];

	ev_a_obj(e);
	ev_uint(e, "tank", t->tank);
	ev_str(e, "product", t->product);
	for (unsigned i = 0; i < t->n; i++) {
		size_t n = strlen(name[i]);
		/* a key as the writer wants it: ,"name": */
		k[0] = ',';
		k[1] = '"';
		memcpy(k + 2, name[i], n);
		memcpy(k + 2 + n, "\":", 2);
		jw_k_real(e->w, k, n + 4, t->v[i]);
	}
	ev_end(e);
	ev_val_real(e, t->v[0]);
}

/* i201: date and time, then for each tank number, product code, four digits of
 * status, how many values, and these as IEEE floats in eight digits. */
/* False where the list breaks off. */
static bool
put_inventory_machine(struct ev *e, const char *p, uint32_t n)
{
	uint32_t at = 10, tanks = 0;
	bool whole = false;

	ev_arr(e, "tanks");
	ev_val_arr(e);
	while (n >= at + 9 && p[at] != '&' && tanks < TANKS_MAX) {
		struct atg_tank t = { 0 };
		uint32_t k;

		for (uint32_t i = 0; i < 9; i++)
			if (i != 2 && ascii_hex(p[at + i]) < 0)
				goto out;
		t.tank = (uint32_t)(p[at] - '0') * 10 + (uint32_t)(p[at + 1] - '0');
		k = hex(p + at + 7, 2);
		at += 9;
		if (n - at < k * 8)
			goto out;
		for (uint32_t i = 0; i < k; i++, at += 8) {
			for (uint32_t j = 0; j < 8; j++)
				if (ascii_hex(p[at + j]) < 0)
					goto out;
			if (i < 7)
				t.v[t.n++] = (double)rd_f32_of(hex(p + at, 8));
		}
		if (!t.n)
			continue;
		put_tank(e, &t);
		tanks++;
	}
	whole = n > at && (p[at] == '&' || p[at] == ETX);
out:
	ev_val_end(e);
	ev_end(e);
	e->ot.has_count = true;
	e->ot.count = tanks;
	return whole || tanks == TANKS_MAX;
}

static bool
is_title(const struct line *l)
{
	static const char *const words[] = { "IN-TANK", "SYSTEM", "TANK ", "SOFTWARE", "LIQUID",
		"DELIVERY", "SHIFT", "PRIORITY", "NON-PRIORITY", "ALARM", "ACTIVE", "PRODUCT" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (l->n >= strlen(words[i]) && memcmp(l->p, words[i], strlen(words[i])) == 0)
			return true;
	return false;
}

/* An answer for people: code, date, the station's header, title, table. */
static void
put_display(struct ev *e, const struct atg_cmd *q, const char *p, uint32_t n)
{
	struct line l, head[LINES_MAX];
	uint32_t at = 0, lines = 0, heads = 0, tanks = 0;
	bool inventory = hex(q->code + 1, 3) == 0x201, open = false, titled = false;
	struct ident *id = NULL;

	while (line_next(p, n, &at, &l)) {
		struct atg_tank t = { 0 };

		if (!l.n || lines++ == 0)       /* its code comes first */
			continue;
		if (lines == 2) {
			ev_str(e, "date", text_trim(l.p, l.n));
			continue;
		}
		titled = titled || is_title(&l);
		if (!titled && heads < LINES_MAX)
			head[heads++] = l;
		if (inventory && tank_line(&l, &t) && tanks < TANKS_MAX) {
			if (!open) {
				ev_arr(e, "tanks");
				ev_val_arr(e);
			}
			open = true;
			put_tank(e, &t);
			tanks++;
		}
		if (hex(q->code + 1, 3) == 0x902) {
			static const char version[] = "VERSION ", number_[] = "SOFTWARE# ";
			const char *v = memmem(l.p, l.n, version, sizeof(version) - 1);
			const char *s = memmem(l.p, l.n, number_, sizeof(number_) - 1);
			if (!id && (v || s))
				id = ev_identity(e, "atg.revision", EV_DEST);
			if (v)
				id->firmware = text_trim(v + sizeof(version) - 1,
				    (size_t)(l.p + l.n - v) - sizeof(version) + 1);
			if (s)
				id->product = text_trim(s + sizeof(number_) - 1,
				    (size_t)(l.p + l.n - s) - sizeof(number_) + 1);
		}
	}
	if (open) {
		ev_val_end(e);
		ev_end(e);
		e->ot.has_count = true;
		e->ot.count = tanks;
	}
	/* without a title nothing tells a header from a table */
	if (!titled || !heads)
		return;
	ev_arr(e, "station");
	for (uint32_t i = 0; i < heads; i++)
		ev_a_str(e, text_trim(head[i].p, head[i].n));
	ev_end(e);
	id = ev_identity(e, "atg.station", EV_DEST);
	id->hostname = text_trim(head[0].p, head[0].n);
	if (heads > 1)
		id->location = text_trim(head[1].p, head[1].n);
	id->role = TEXT("controller");
}

static void
put_request(struct ev *e, const struct atg_cmd *q)
{
	const struct function *f = function_find(q->code);
	bool set = (q->code[0] | 0x20) == 's';
	uint32_t tank = (uint32_t)(q->code[4] - '0') * 10 + (uint32_t)(q->code[5] - '0');

	ev_obj(e, "request");
	ev_str(e, "code", text_trim(q->code, 6));
	ev_cstr(e, "name", f ? f->name : NULL);
	ev_cstr(e, "mode", set ? "set" : "inquire");
	ev_cstr(e, "format", q->code[0] & 0x20 ? "computer" : "display");
	ev_uint(e, "device", tank);
	if (q->secured) {
		ev_bool(e, "security_code", true);
		ev_credential(e, CRED_PASSWORD, CRED_CLEAR);
	}
	if (q->len)
		ev_uint(e, "data_length", q->len);
	ev_end(e);
	e->ot.op = set ? f ? f->set : OT_WRITE :
	    hex(q->code + 1, 3) == 0x902 ? OT_IDENTIFY : OT_READ;
	e->ot.service = f ? text_c(f->name) : ev_text(e, "%.6s", q->code);
	if (hex(q->code + 1, 3) >= 0x200 && hex(q->code + 1, 3) < 0x300)
		e->ot.object = tank ? ev_text_num(e, "tank:", 5, tank) : TEXT("tanks");
	else if (hex(q->code + 1, 3) >= 0x600 && hex(q->code + 1, 3) < 0x700)
		e->ot.object = ev_text(e, "tank:%u function:%.3s", tank, q->code + 1);
	else
		e->ot.object = ev_text(e, "function:%.3s device:%u", q->code + 1, tank);
	/* of a function we do not know, the data may be a code that opens doors */
	if (set && f && q->n)
		ev_val_str(e, text_trim(q->data, q->n));
}

/* One event for a command, its answer, or both. a: the answer's bytes. */
static void
event(struct dctx *c, const struct atg_cmd *q, const struct when *when, const char *a, uint32_t n)
{
	struct ev *e = ev_begin(c, "atg", when, 0);
	bool unknown, bad = false;
	uint32_t skip = 0;

	put_request(e, q);
	if (!a) {
		ev_unanswered(e, c);
		ev_emit(e);
		return;
	}
	while (skip < n && (a[skip] == SOH || a[skip] == '\r' || a[skip] == '\n'))
		skip++;
	a += skip;
	n -= skip;
	unknown = n >= 8 && memcmp(a, "9999FF1B", 8) == 0;
	ev_obj(e, "response");
	ev_uint(e, "length", n + skip);
	if (unknown)
		ev_cstr(e, "error", "9999FF1B");
	else if (n > 6 && q->code[0] == 'i' && hex(q->code + 1, 3) == 0x201)
		bad = !put_inventory_machine(e, a + 6, n - 6) && !c->cut;
	else if (n > 6 && !(q->code[0] & 0x20))
		put_display(e, q, a, n);
	ev_end(e);
	if (when != &c->when)
		ev_answered(e, c, when);
	else
		e->ot.result = TEXT("ok");
	if (unknown)
		e->ot.result = TEXT("function_unknown");
	ev_emit(e);
	if (bad)
		proto_anomaly(c, "INVENTORY_SHAPE");
}

static enum verdict
command(struct dctx *c, struct rd *r)
{
	struct atg_state *s = c->state;
	struct atg_cmd q = { 0 };
	int at = command_at(r);
	const uint8_t *p;
	uint32_t n;

	if (at <= 0) {                  /* a terminal's own bytes, or a line end */
		if (rd_peek8(r, 0) != SOH || c->cut)
			return DIS_OK;
		c->why = "COMMAND_SHAPE";
		return DIS_BAD;
	}
	rd_skip(r, (uint32_t)at);
	q.secured = at == 7;
	if (!(p = rd_bytes(r, 6)))
		return DIS_BAD;
	memcpy(q.code, p, 6);
	n = rd_have(r);
	p = rd_bytes(r, n);
	while (n && (p[n - 1] == '\r' || p[n - 1] == '\n' || p[n - 1] == ETX))
		n--;
	q.len = (uint16_t)(n > UINT16_MAX ? UINT16_MAX : n);
	q.n = (uint8_t)(n < sizeof(q.data) ? n : sizeof(q.data));
	memcpy(q.data, p, q.n);
	pend_put(c, s->commands++, &q, sizeof(q));
	return DIS_OK;
}

static enum verdict
answer(struct dctx *c, struct rd *r)
{
	uint32_t n = rd_have(r), at = 0;
	const char *p = (const char *)rd_bytes(r, n);
	struct pend *w = pend_oldest(c);
	struct atg_cmd q = { 0 };
	struct rd code;

	while (at < n && (p[at] == SOH || p[at] == '\r' || p[at] == '\n'))
		at++;
	code = rd_init(p + at, n - at, n - at);
	if (w) {
		const struct atg_cmd *cmd = (const struct atg_cmd *)w->data;
		bool refused = n - at >= 8 && memcmp(p + at, "9999FF1B", 8) == 0;
		/* an imitation's long answer goes on in further segments */
		if (refused || (code_at(&code, 0) > 0 && memcmp(cmd->code, p + at, 6) == 0)) {
			event(c, cmd, &w->when, p, n);
			pend_done(c, w);
			return DIS_OK;
		}
	}
	if (code_at(&code, 0) <= 0)
		return DIS_OK;
	memcpy(q.code, p + at, 6);
	event(c, &q, &c->when, p, n);
	return DIS_OK;
}

static enum verdict
atg_dissect(struct dctx *c, struct rd *r)
{
	return c->side ? answer(c, r) : command(c, r);
}

static void
atg_expire(struct dctx *c, struct pend *p)
{
	event(c, (const struct atg_cmd *)p->data, &p->when, NULL, 0);
}

static const struct hint hints[] = { { HINT_TCP, 10001 }, { HINT_END, 0 } };

static const struct field fields[] = {
	{ "atg.request.code", "string", "function code and device: I20100" },
	{ "atg.request.name", "string", "what the function is" },
	{ "atg.request.mode", "string", "inquire or set" },
	{ "atg.request.format", "string", "display, for people, or computer" },
	{ "atg.request.device", "integer", "tank or device; 0: all" },
	{ "atg.request.security_code", "boolean", "true: one was sent" },
	{ "atg.request.data_length", "integer", "bytes that a set command carries" },
	{ "atg.response.length", "integer", "bytes of the answer" },
	{ "atg.response.error", "string", "9999FF1B: the gauge does not know the function" },
	{ "atg.response.date", "string", "the gauge's clock, as it writes it" },
	{ "atg.response.station[]", "string", "header lines of the station" },
	{ "atg.response.tanks[].tank", "integer", "number of the tank" },
	{ "atg.response.tanks[].product", "string", "what is in it" },
	{ "atg.response.tanks[].volume", "number", "volume, in the gauge's unit" },
	{ "atg.response.tanks[].tc_volume", "number", "volume at reference temperature" },
	{ "atg.response.tanks[].ullage", "number", "room left" },
	{ "atg.response.tanks[].height", "number", "height of the product" },
	{ "atg.response.tanks[].water", "number", "height of water below it" },
	{ "atg.response.tanks[].temperature", "number", "temperature of the product" },
	{ "atg.response.tanks[].water_volume", "number", "volume of the water" },
	{ NULL },
};

const struct dissector atg_dissector = {
	.name = "atg",
	.title = "Automatic tank gauge (TLS-350)",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct atg_state),
	.probe = atg_probe,
	.frame = atg_frame,
	.dissect = atg_dissect,
	.expire = atg_expire,
};
