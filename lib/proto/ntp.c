/* ntp.c: NTP versions 1 to 4 (RFC 5905) and its control messages (RFC 9327): who sets
 * whose clock, from what.
 *
 *     leap 2, version 3, mode 3 bits | stratum | poll | precision | root delay 4 |
 *     dispersion 4 | reference 4 | four times of 8
 *
 * A server's answer is an event where it is the first to this client and where its
 * stratum, reference or leap second changes. Control and private messages, which
 * amplifiers are made of, are events once a connection for each kind. */
#include "proto/hello.h"
#include "proto/line.h"
#include "proto/sysdescr.h"

enum { ACTIVE = 1, PASSIVE, CLIENT, SERVER, BROADCAST, CONTROL, PRIVATE };
enum { READVAR = 2, WRITEVAR = 3, CONFIGURE = 8, SAVE = 9, MONLIST = 42, MONLIST0 = 20 };

struct ntp { uint8_t leap, version, mode, stratum, reference[4]; };

struct ntp_state {
	struct when first;
	uint32_t asked, answered;
	uint32_t told;                  /* control operations, a bit each */
	bool private_told[2];
};

static const struct tok modes[] = {
	{ ACTIVE, "symmetric_active" }, { PASSIVE, "symmetric_passive" }, { CLIENT, "client" },
	{ SERVER, "server" }, { BROADCAST, "broadcast" }, { CONTROL, "control" },
	{ PRIVATE, "private" }, { 0, NULL }
};
static const struct tok ops[] = {
	{ 1, "read_status" }, { READVAR, "read_variables" }, { WRITEVAR, "write_variables" },
	{ 4, "read_clock" }, { 5, "write_clock" }, { 6, "set_trap" }, { 7, "trap" },
	{ CONFIGURE, "configure" }, { SAVE, "save_configuration" }, { 10, "read_mru" },
	{ 11, "read_list" }, { 12, "request_nonce" }, { 31, "unset_trap" }, { 0, NULL }
};
static const char *const leaps[4] = { "none", "insert", "delete", "unsynchronised" };

/* A reference clock or the reason of a refusal in letters, else the server asked. */
static struct text
reference(struct ev *e, const struct ntp *n)
{
	struct addr a = addr_v4(n->reference);
	char t[ADDR_TEXT];
	unsigned i;

	if (n->stratum < 2) {
		for (i = 0; i < 4 && n->reference[i] > 0x20 && n->reference[i] < 0x7f; i++)
			;
		return i ? ev_text(e, "%.*s", (int)i, (const char *)n->reference) :
		    (struct text){ 0 };
	}
	return ev_text(e, "%.*s", (int)addr_put(t, &a), t);
}

static void
ntp_tell(struct dctx *c, const struct hello *h)
{
	const struct ntp *n = h->now, *was = h->before;
	bool server = n->mode == SERVER || n->mode == PASSIVE;
	struct ev *e;

	if (h->what == HELLO_END)
		return;
	/* what a server answers is the client's exchange */
	e = ev_begin(c, "ntp", &c->when, server ? !c->side : c->side);
	ev_cstr(e, "event", was ? "change" : "begin");
	ev_uint(e, "version", n->version);
	ev_cstr(e, "mode", tok_find(modes, n->mode));
	ev_uint(e, "stratum", n->stratum);
	ev_str(e, "reference_id", reference(e, n));
	ev_cstr(e, "leap", leaps[n->leap]);
	if (was) {
		if (was->stratum != n->stratum)
			ev_uint(e, "previous_stratum", was->stratum);
		else if (memcmp(was->reference, n->reference, 4) != 0)
			ev_str(e, "previous_reference_id", reference(e, was));
	}
	e->ot.op = server ? OT_READ : OT_REPORT;
	e->ot.service = TEXT("time");
	e->ot.role = TEXT("time server");
	/* a server without time of its own says so with the same stratum */
	e->ot.result = n->stratum == 0 && server && memcmp(n->reference, "INIT", 4) != 0 &&
	    memcmp(n->reference, "STEP", 4) != 0 && n->reference[0] ? TEXT("kiss_of_death") :
	    n->leap == 3 ? TEXT("unsynchronised") : TEXT("ok");
	if (!server)
		e->ot.role.n = 0;
	ev_identity(e, "ntp", server ? EV_DEST : EV_SRC)->role = TEXT("time server");
	ev_emit(e);
}

/* "system=\"Linux/5.10\", version=\"ntpd 4.2.8p15\"": the value of a variable. */
static struct text
variable(struct text t, const char *name)
{
	const char *p = text_find(t, name), *end = t.p + t.n, *from;

	if (!p)
		return (struct text){ 0 };
	p += strlen(name);
	if (p < end && *p == '"')
		p++;
	for (from = p; p < end && *p != '"' && *p != ',' && *p >= 0x20; p++)
		;
	return text_trim(from, (size_t)(p - from));
}

static void
control(struct dctx *c, struct rd *r)
{
	struct ntp_state *s = c->state;
	uint8_t b = rd_u8(r), op = b & 31;
	uint16_t offset, count;
	bool answer = b & 0x80;
	struct text vars, running, version;
	struct rd body;
	struct ident *i;
	struct ev *e;

	rd_skip(r, 6);
	offset = rd_be16(r);
	count = rd_be16(r);
	body = rd_sub(r, count);
	if (rd_bad(r)) {
		c->why = "CONTROL_LENGTH";
		return;
	}
	/* once with the question or, where the answer says what answers, with that */
	vars = (struct text){ (const char *)body.p, rd_have(&body) };
	running = answer && op == READVAR && !offset ? variable(vars, "system=") :
	    (struct text){ 0 };
	if (!running.n && (s->told >> op & 1))
		return;
	if (running.n && (s->told & 1))
		return;
	s->told |= 1u << op | (running.n > 0);
	e = ev_begin(c, "ntp", &c->when, answer ? !c->side : c->side);
	ev_cstr(e, "event", "control");
	ev_cstr(e, "mode", "control");
	ev_uint(e, "opcode", op);
	ev_cstr(e, "opcode_name", tok_find(ops, op));
	ev_arr(e, "weak");
	ev_a_str(e, TEXT("control"));
	ev_end(e);
	e->ot.op = op == WRITEVAR || op == 5 || op == CONFIGURE || op == SAVE ? OT_CONFIGURE :
	    OT_READ;
	e->ot.service = text_c(tok_find(ops, op));
	if (answer)
		e->ot.result = b & 0x40 ? TEXT("error") : TEXT("ok");
	if (running.n) {
		version = variable(vars, "version=");
		i = ev_identity(e, "ntp.control", EV_DEST);
		i->os = running;
		i->role = TEXT("time server");
		i->product = line_word(&version);
		i->firmware = line_word(&version);
		i->hardware = variable(vars, "processor=");
	}
	ev_emit(e);
}

static void
private(struct dctx *c, struct rd *r, bool answer)
{
	struct ntp_state *s = c->state;
	uint8_t code;
	bool list;
	struct ev *e;

	rd_skip(r, 2);
	code = rd_u8(r);
	list = code == MONLIST || code == MONLIST0;
	if (!rd_ok(r) || s->private_told[answer])
		return;
	s->private_told[0] = s->private_told[answer] = true;
	e = ev_begin(c, "ntp", &c->when, answer ? !c->side : c->side);
	ev_cstr(e, "event", "control");
	ev_cstr(e, "mode", "private");
	ev_uint(e, "opcode", code);
	if (list)
		ev_cstr(e, "opcode_name", "monlist");
	if (answer)
		ev_bool(e, "answered", true);
	ev_arr(e, "weak");
	ev_a_str(e, list ? TEXT("monlist") : TEXT("private"));
	ev_end(e);
	e->ot.op = OT_READ;
	e->ot.service = list ? TEXT("monlist") : TEXT("private");
	ev_emit(e);
}

static enum verdict
ntp_dissect(struct dctx *c, struct rd *r)
{
	struct ntp_state *s = c->state;
	uint8_t first, key[18];
	const uint8_t *p;
	struct ntp n;

	memset(&n, 0, sizeof(n));
	if (!s->first.us)
		s->first = c->when;
	first = rd_u8(r);
	n.leap = first >> 6;
	n.version = first >> 3 & 7;
	n.mode = first & 7;
	if (n.mode == CONTROL || n.mode == PRIVATE) {
		if (n.mode == CONTROL)
			control(c, r);
		else
			private(c, r, n.leap >> 1);
		return c->why ? DIS_BAD : DIS_OK;
	}
	n.stratum = rd_u8(r);
	rd_skip(r, 10);
	if ((p = rd_bytes(r, 4)))
		memcpy(n.reference, p, 4);
	rd_skip(r, 32);
	if (rd_bad(r) || !n.version || n.version > 4) {
		c->why = "HEADER_INVALID";
		rd_set_bad(r);
		return DIS_BAD;
	}
	if (!p)
		return DIS_OK;
	/* hosts that know no time ask as peers, too */
	if (n.mode == CLIENT || n.mode == 0 || (n.mode == ACTIVE && (!n.stratum || n.leap == 3))) {
		s->asked++;
		return DIS_OK;
	}
	s->answered++;
	/* for each client its own: the keys' first part is the sender's */
	memset(key, 0, sizeof(key));
	memcpy(key, c->flow->addr[!c->side].b, 16);
	key[16] = n.mode;
	hello_note(c, key, sizeof(key), &n, sizeof(n), ntp_tell);
	return DIS_OK;
}

static void
ntp_end(struct dctx *c, bool gap)
{
	struct ntp_state *s = c->state;
	struct ev *e;

	if (!c->flow || gap || !s->asked || s->answered)
		return;
	e = ev_begin(c, "ntp", &s->first, 0);
	ev_cstr(e, "event", "unanswered");
	ev_cstr(e, "mode", "client");
	e->ot.op = OT_READ;
	e->ot.service = TEXT("time");
	e->ot.has_count = true;
	e->ot.count = s->asked;
	ev_unanswered(e, c);
	ev_emit(e);
}

static enum probe
ntp_probe(struct probe_in *in)
{
	const struct rd *r = rd_left(&in->side[0]) ? &in->side[0] : &in->side[1];
	int b = rd_peek8(r, 0), version = b >> 3 & 7, mode = b & 7, stratum = rd_peek8(r, 1);
	int count = rd_peek16(r, 10);

	if (in->tcp || b < 0 || !version || version > 4)
		return PROBE_NO;
	if (mode == CONTROL)
		return rd_left(r) >= 12 && count >= 0 && (uint32_t)count + 12 <= rd_left(r) ?
		    PROBE_WEAK : PROBE_NO;
	if (mode == PRIVATE)
		return rd_left(r) >= 8 ? PROBE_WEAK : PROBE_NO;
	if (!mode || rd_left(r) < 48 || stratum > 16 || rd_peek8(r, 2) > 17)
		return PROBE_NO;
	if (rd_left(r) != 48 && rd_left(r) != 68 && rd_left(r) != 72 && rd_left(r) % 4)
		return PROBE_NO;
	in->reversed = mode == SERVER && r == &in->side[0];
	return PROBE_WEAK;
}

static const struct hint hints[] = { { HINT_UDP, 123 }, { 0 } };

static const struct field fields[] = {
	{ "ntp.event", "string", "begin, change, control or unanswered" },
	{ "ntp.version", "integer", "1 to 4" },
	{ "ntp.mode", "string", "server, broadcast, symmetric_active, ..." },
	{ "ntp.stratum", "integer", "steps from a reference clock; 0: refused" },
	{ "ntp.reference_id", "string", "the clock, the server it follows, or why it refuses" },
	{ "ntp.leap", "string", "none, insert, delete or unsynchronised" },
	{ "ntp.previous_stratum", "integer", "stratum before the change" },
	{ "ntp.previous_reference_id", "string", "reference before the change" },
	{ "ntp.opcode", "integer", "control or private operation" },
	{ "ntp.opcode_name", "string", "its name" },
	{ "ntp.answered", "boolean", "a private request was answered" },
	{ "ntp.weak", "array", "control, private or monlist: open to anybody" },
	{ NULL }
};

const struct dissector ntp_dissector = {
	.name = "ntp",
	.title = "NTP",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct ntp_state),
	.probe = ntp_probe,
	.dissect = ntp_dissect,
	.end = ntp_end,
};
