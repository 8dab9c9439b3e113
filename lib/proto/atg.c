/* atg.c: automatic tank gauges that speak the Veeder-Root serial protocol, over TCP.
 *
 *     SOH [security code] I 201 00 data CR         asked: inquire (I, i) or set (S, s)
 *     SOH CR LF I20100 CR LF date ... ETX          answered, for people (I, S)
 *     SOH i20100 YYMMDDHHmm ... && checksum ETX    answered, for computers (i, s)
 *
 * Function 201, device 00: all tanks. A security code is never written, nor what
 * the tanks hold: only who was asked for what, and the site's name. */
#include "proto/proto.h"

enum { SOH = 1, ETX = 3, ASKED_MAX = 256, CODE = 6, COMMAND = 6 };

static const struct tok functions[] = {
	{ 101, "system_status" },
	{ 102, "system_configuration" },
	{ 111, "alarm_history" },
	{ 112, "active_alarms" },
	{ 201, "in_tank_inventory" },
	{ 202, "delivery_report" },
	{ 203, "leak_detect_report" },
	{ 204, "shift_report" },
	{ 205, "in_tank_status" },
	{ 206, "alarm_history_in_tank" },
	{ 207, "leak_test_history" },
	{ 208, "leak_test_results" },
	{ 214, "mass_and_density" },
	{ 501, "time_of_day" },
	{ 502, "system_configuration_setup" },
	{ 503, "station_header" },
	{ 601, "tank_setup" },
	{ 602, "tank_label" },
	{ 604, "tank_diameter" },
	{ 621, "tank_low_product_limit" },
	{ 628, "tank_maximum_volume" },
	{ 902, "software_revision" },
	{ 905, "software_features" },
	{ 0, NULL },
};

/* What was asked: function and device by the letter and five digits. */
struct command {
	bool found, coded;
	uint8_t letter, device;
	uint16_t function;
	uint32_t after;         /* where it ends */
	uint32_t length;        /* of the message */
};

static bool
is_command(const struct rd *r, uint32_t at)
{
	int c = rd_peek8(r, at);

	if (c != 'I' && c != 'i' && c != 'S' && c != 's')
		return false;
	for (uint32_t i = 1; i < COMMAND; i++) {
		c = rd_peek8(r, at + i);
		if (c < '0' || c > '9')
			return false;
	}
	return true;
}

static unsigned
digits(const struct rd *r, uint32_t at, uint32_t n)
{
	unsigned v = 0;

	for (uint32_t i = 0; i < n; i++)
		v = v * 10 + (unsigned)(rd_peek8(r, at + i) - '0');
	return v;
}

static void
atg_decode(const struct rd *r, struct command *c)
{
	uint32_t at = rd_peek8(r, 0) == SOH;

	*c = (struct command){ .length = rd_left(r) };
	while (rd_peek8(r, at) == '\r' || rd_peek8(r, at) == '\n')
		at++;
	if (!is_command(r, at) && is_command(r, at + CODE)) {
		c->coded = true;
		at += CODE;
	}
	c->found = is_command(r, at);
	if (!c->found)
		return;
	c->letter = (uint8_t)rd_peek8(r, at);
	c->function = (uint16_t)digits(r, at + 1, 3);
	c->device = (uint8_t)digits(r, at + 4, 2);
	c->after = at + COMMAND;
}

static enum probe
atg_probe(struct probe_in *in)
{
	const struct rd *s = in->side;
	struct command c;

	if (!in->tcp || !rd_left(&s[0]))
		return PROBE_NO;
	if (rd_peek8(&s[0], 0) != SOH)
		return PROBE_NO;
	if (rd_have(&s[0]) < 1 + COMMAND)
		return PROBE_MORE;
	atg_decode(&s[0], &c);
	return !c.found || c.coded ? PROBE_NO : PROBE_YES;
}

/* A question ends with CR, LF or ETX; an answer with ETX, or (from some) with the
 * segment. */
static ssize_t
atg_frame(const struct dctx *c, const struct rd *r)
{
	uint32_t have = rd_have(r), most = c->side == 0 && have > ASKED_MAX ? ASKED_MAX : have;
	struct rd v = *r;
	const uint8_t *d = rd_bytes(&v, most);

	for (uint32_t i = 1; d && i < most; i++) {
		if (d[i] == ETX || (c->side == 0 && (d[i] == '\r' || d[i] == '\n')))
			return (ssize_t)i + 1;
		if (d[i] == SOH)
			return (ssize_t)i;
	}
	return c->side == 0 && most < ASKED_MAX && d && d[0] == SOH ? 0 : (ssize_t)most;
}

/* The line `at` lines below the one that holds the command. */
static struct text
line_below(const struct rd *r, uint32_t from, unsigned at)
{
	uint32_t n = from;
	struct rd v = *r;

	for (unsigned i = 0; i < at; n++) {
		int b = rd_peek8(r, n);
		if (b < 0)
			return (struct text){ 0 };
		i += b == '\n';
	}
	rd_skip(&v, n);
	for (n = 0; n < 64 && rd_peek8(&v, n) >= '\t'; n++)
		if (rd_peek8(&v, n) == '\n' || rd_peek8(&v, n) == '\r')
			break;
	return text_rd(&v, n);
}

static struct text
command_text(struct ev *e, const struct command *q)
{
	return ev_text(e, "%c%03u%02u", q->letter, q->function, q->device);
}

static void
report(struct dctx *c, const struct command *q, const struct when *at, int side,
    const struct command *a, const struct rd *r)
{
	struct ev *e = ev_begin(c, "atg", at, side);
	const struct command *m = q ? q : a;
	const char *name = tok_find(functions, m->function);
	bool sets = (m->letter | 32) == 's';
	struct text site;

	ev_str(e, "command", command_text(e, m));
	ev_cstr(e, "function", name);
	ev_bool(e, "computer_format", m->letter & 32);
	if (q)
		ev_bool(e, "security_code", q->coded);
	if (a)
		ev_uint(e, "response_length", a->length);
	e->ot.op = sets ? OT_WRITE : m->function == 902 ? OT_IDENTIFY : OT_READ;
	e->ot.service = name ? text_c(name) : command_text(e, m);
	e->ot.object = m->device ? ev_text_num(e, "device:", 7, m->device) : TEXT("device:all");
	if (!a) {
		ev_unanswered(e, c);
	} else if (!a->found) {
		e->ot.result = TEXT("not_understood");
	} else if (!(a->letter & 32) && a->letter == 'I') {
		/* the date stands below the command, the site's name two lines below that */
		site = line_below(r, a->after, 3);
		ev_str(e, "site", site);
		if (site.n)
			ev_identity(e, "atg.header", EV_DEST)->location = site;
	}
	if (q && a)
		ev_answered(e, c, at);
	else if (a && !e->ot.result.n)
		e->ot.result = TEXT("ok");
	ev_emit(e);
}

static enum verdict
atg_dissect(struct dctx *c, struct rd *r)
{
	struct command m;
	struct pend *p;
	int first = rd_peek8(r, 0);

	atg_decode(r, &m);
	if (c->side == 0) {
		if (m.found)
			pend_put(c, m.function << 8 | m.device, &m, sizeof(m));
		return DIS_OK;
	}
	/* the rest of an answer in several segments has no head; 9999FF1B: what? */
	if (!m.found && rd_peek16(r, first == SOH) != ('9' << 8 | '9'))
		return DIS_OK;
	p = m.found ? pend_find(c, m.function << 8 | m.device) : pend_oldest(c);
	if (p) {
		report(c, (const struct command *)p->data, &p->when, p->side, &m, r);
		pend_done(c, p);
	} else if (m.found) {
		report(c, NULL, &c->when, !c->side, &m, r);
	}
	return DIS_OK;
}

static void
atg_expire(struct dctx *c, struct pend *p)
{
	report(c, (const struct command *)p->data, &p->when, p->side, NULL, NULL);
}

static const struct hint hints[] = { { HINT_TCP, 10001 }, { HINT_END, 0 } };

#define P "atg."
static const struct field fields[] = {
	{ P "command", "string", "letter, function and device" },
	{ P "function", "string", "name of the function" },
	{ P "computer_format", "boolean", "an answer for computers" },
	{ P "security_code", "boolean", "a security code is given (never written)" },
	{ P "response_length", "integer", "bytes answered" },
	{ P "site", "string", "first line of the site's header" },
	{ NULL },
};

const struct dissector atg_dissector = {
	.name = "atg",
	.title = "Automatic tank gauges (Veeder-Root)",
	.hints = hints,
	.fields = fields,
	.probe = atg_probe,
	.frame = atg_frame,
	.dissect = atg_dissect,
	.expire = atg_expire,
};
