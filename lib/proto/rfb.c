/* RFB, the protocol of VNC (RFC 6143): version, how the client proves who it is,
 * and the server's name. One event a connection.
 *
 *     "RFB 003.008\n"                         server, then client
 *     n(1) types, or reason                   server; up to 3.3: type(4)
 *     type(1)                                 client
 *     challenge(16) / answer(16)              of type 2
 *     result(4), reason                       server
 *     shared(1) / width(2) height(2) format(16) name
 *
 * Behind the types that we cannot read nothing more is. The name is "host:1
 * (user)" or "user's X desktop (host:1)": only the host is taken. */
#include "base/ascii.h"
#include "proto/proto.h"

enum { VERSION = 12, CHALLENGE = 16, INIT = 24, TYPES = 24, HOST_MAX = 64, NAME_LOOK = 256 };
enum { V_33 = 3003, V_37 = 3007, V_38 = 3008 };
enum { T_INVALID, T_NONE, T_VNC };
enum step { S_VERSION, S_TYPES, S_CHALLENGE, S_RESULT, S_INIT, S_OVER };
enum cstep { C_VERSION, C_TYPE, C_ANSWER, C_INIT, C_OVER };

struct rfb_state {
	struct when when;
	uint32_t result;
	uint16_t width, height;
	uint16_t version[2];            /* client's, server's: major * 1000 + minor */
	uint8_t step[2];                /* client's, server's */
	uint8_t ntypes, types[TYPES], type, host_n;
	bool has_version[2], has_type, has_result, has_init, refused, done;
	char host[HOST_MAX];
};

/* IANA's registry of RFB security types, and what its comments say who uses. */
static const struct tok security[] = {
	{ 1, "none" }, { 2, "vnc" }, { 5, "ra2" }, { 6, "ra2ne" }, { 13, "ra2_256" },
	{ 16, "tight" }, { 17, "ultra" }, { 18, "tls" }, { 19, "vencrypt" }, { 20, "sasl" },
	{ 21, "md5" }, { 22, "xvp" }, { 23, "secure_tunnel" }, { 24, "integrated_ssh" },
	{ 30, "apple_dh" }, { 33, "apple_rsa_srp" }, { 35, "apple_kerberos" }, { 36, "apple_srp" },
	{ 113, "mslogon2" }, { 129, "ra2_256" }, { 130, "ra2ne_256" }, { 133, "ra2_256_dh" },
	{ 0, NULL },
};

/* ---- decoding ---- */

/* "RFB 003.008\n", or as much as there is of it. */
static enum probe
version_shape(const struct rd *r)
{
	static const char like[] = "RFB 000.000\n";

	if (rd_peek8(r, 0) < 0)
		return PROBE_MORE;
	for (uint32_t i = 0; i < VERSION; i++) {
		int ch = rd_peek8(r, i);
		if (ch < 0)
			return PROBE_MORE;
		if (like[i] == '0' ? ch < '0' || ch > '9' : ch != like[i])
			return PROBE_NO;
	}
	return PROBE_YES;
}

static unsigned
digits(struct rd *r)
{
	unsigned v = 0;

	for (int i = 0; i < 3; i++)
		v = v * 10 + (unsigned)(rd_u8(r) - '0');
	return v;
}

/* What both can do: 3.3, 3.7 or 3.8; makers' own numbers behave as the last. */
static unsigned
spoken(const struct rfb_state *st)
{
	unsigned v = st->version[1];

	if (st->has_version[0] && (!st->has_version[1] || st->version[0] < v))
		v = st->version[0];
	return v < V_37 ? V_33 : v < V_38 ? V_37 : V_38;
}

static enum probe
rfb_probe(struct probe_in *in)
{
	enum probe v = PROBE_NO;

	if (!in->tcp)
		return PROBE_NO;
	for (int i = 0; i < 2; i++) {
		if (!rd_have(&in->side[i]))
			continue;
		v = version_shape(&in->side[i]);
		if (v != PROBE_MORE)
			break;
	}
	/* the server speaks first; the client only says which version it takes */
	in->reversed = v == PROBE_YES && rd_have(&in->side[0]) > VERSION + CHALLENGE &&
	    !rd_have(&in->side[1]);
	return v;
}

static ssize_t
server_length(const struct rfb_state *st, const struct rd *r)
{
	int n, reason;

	switch (st->step[1]) {
	case S_VERSION:
		return version_shape(r) == PROBE_NO ? -1 : VERSION;
	case S_TYPES:
		if (spoken(st) == V_33) {
			if (rd_have(r) < 4)
				return 0;
			if (rd_peek16(r, 0) || rd_peek16(r, 2))
				return 4;
			n = 4;
		} else {
			n = rd_peek8(r, 0);
			if (n)
				return n < 0 ? 0 : 1 + n;
			n = 1;
		}
		break;
	case S_CHALLENGE:
		return CHALLENGE;
	case S_RESULT:
		if (rd_have(r) < 4)
			return 0;
		if (spoken(st) < V_38 || (!rd_peek16(r, 0) && !rd_peek16(r, 2)))
			return 4;
		n = 4;
		break;
	case S_INIT:
		if (rd_have(r) < INIT)
			return 0;
		n = INIT - 4;
		break;
	default:
		return rd_have(r);
	}
	/* a text with its length before it */
	reason = rd_peek16(r, (uint32_t)n + 2);
	if (reason < 0)
		return 0;
	return rd_peek16(r, (uint32_t)n) ? -1 : n + 4 + reason;
}

static ssize_t
rfb_frame(const struct dctx *c, const struct rd *r)
{
	const struct rfb_state *st = c->state;

	if (st->done)
		return rd_have(r);
	if (c->side == 1)
		return server_length(st, r);
	switch (st->step[0]) {
	case C_VERSION:
		return version_shape(r) == PROBE_NO ? -1 : VERSION;
	case C_ANSWER:
		return CHALLENGE;
	case C_OVER:
		return rd_have(r);
	default:
		return 1;
	}
}

/* ---- the event ---- */

static void
put_version(struct ev *e, unsigned v)
{
	/* as EVE has them */
	ev_str(e, "major", ev_text(e, "%03u", v / 1000));
	ev_str(e, "minor", ev_text(e, "%03u", v % 1000));
	ev_end(e);
}

static void
put_type(struct ev *e, uint8_t t)
{
	const char *s = tok_find(security, t);

	ev_a_str(e, s ? text_c(s) : ev_text(e, "%u", t));
}

static enum verdict
finish(struct dctx *c, struct rfb_state *st)
{
	struct ev *e;

	st->done = true;
	e = ev_begin(c, "rfb", &st->when, 0);
	if (st->has_version[1]) {
		ev_obj(e, "server_protocol_version");
		put_version(e, st->version[1]);
	}
	if (st->has_version[0]) {
		ev_obj(e, "client_protocol_version");
		put_version(e, st->version[0]);
	}
	if (st->ntypes) {
		ev_arr(e, "security_types");
		for (int i = 0; i < st->ntypes; i++)
			put_type(e, st->types[i]);
		ev_end(e);
	}
	if (st->has_type) {
		ev_obj(e, "authentication");
		ev_uint(e, "security_type", st->type);
		ev_cstr(e, "security_name", tok_find(security, st->type));
		if (st->has_result)
			ev_str(e, "security_result", st->result ? TEXT("FAIL") : TEXT("OK"));
		ev_end(e);
	}
	if (st->has_init) {
		ev_obj(e, "framebuffer");
		ev_uint(e, "width", st->width);
		ev_uint(e, "height", st->height);
		ev_end(e);
	}
	if (st->has_type && st->type <= T_VNC) {
		ev_arr(e, "weak");
		ev_a_str(e, st->type == T_NONE ? TEXT("none") : TEXT("des_challenge"));
		ev_a_str(e, TEXT("unencrypted"));
		ev_end(e);
	}
	e->ot.op = OT_CONNECT;
	e->ot.service = TEXT("VNC");
	if (st->refused)
		e->ot.result = TEXT("refused");
	else if (st->has_result && st->result)
		e->ot.result = st->result == 2 ? TEXT("too_many_attempts") :
		    TEXT("authentication_failed");
	else if (st->has_result || st->has_init)
		e->ot.result = TEXT("ok");
	else if (!st->has_version[1])
		ev_unanswered(e, c);
	if (st->host_n)
		ev_identity(e, "rfb.name", EV_DEST)->hostname =
		    (struct text){ st->host, st->host_n };
	ev_emit(e);
	return DIS_LEAVE;
}

/* ---- following ---- */

static bool
host_char(char c)
{
	return ascii_letter(c) || ascii_digit(c) ||
	    c == '-' || c == '_' || c == '.';
}

/* The host of a desktop's name; what has another form may be a person's. */
static void
take_host(struct rfb_state *st, struct rd r)
{
	char t[NAME_LOOK];
	uint32_t n = rd_left(&r) < sizeof(t) ? rd_left(&r) : (uint32_t)sizeof(t);
	const uint8_t *b = rd_bytes(&r, n);
	const char *p = t, *x;
	uint32_t m = 0;

	if (!b || !n)
		return;
	memcpy(t, b, n);
	/* "user's X desktop (host:1)" */
	x = memmem(t, n, "X desktop (", 11);
	if (x)
		p = x + 11;
	n -= (uint32_t)(p - t);
	while (m < n && host_char(p[m]))
		m++;
	if (!m || m > HOST_MAX)
		return;
	/* "host", "host:1", "host:1 (user)", "host ( 10.0.0.1 )" */
	if (m < n && p[m] != ':' && !(n - m >= 3 && memcmp(p + m, " ( ", 3) == 0))
		return;
	if (m < n && p[m] == ':' && (m + 1 == n || p[m + 1] < '0' || p[m + 1] > '9'))
		return;
	memcpy(st->host, p, m);
	st->host_n = (uint8_t)m;
}

static enum verdict
begin_type(struct dctx *c, struct rfb_state *st, uint8_t type)
{
	st->has_type = true;
	st->type = type;
	switch (type) {
	case T_NONE:
		/* 3.3 and 3.7 say nothing of the result where there is nothing to check */
		st->step[1] = spoken(st) == V_38 ? S_RESULT : S_INIT;
		st->step[0] = C_INIT;
		return DIS_OK;
	case T_VNC:
		st->step[1] = S_CHALLENGE;
		st->step[0] = C_ANSWER;
		return DIS_OK;
	default:
		return finish(c, st);
	}
}

static enum verdict
on_types(struct dctx *c, struct rfb_state *st, struct rd *r)
{
	bool old = spoken(st) == V_33;
	uint32_t n = old ? rd_be32(r) : rd_u8(r);

	if (!rd_ok(r))
		return DIS_OK;
	if (!n) {
		st->refused = true;
		return finish(c, st);
	}
	if (old) {
		if (n > UINT8_MAX)
			return c->why = "INVALID_SECURITY_TYPE", DIS_BAD;
		st->types[st->ntypes++] = (uint8_t)n;
		return begin_type(c, st, (uint8_t)n);
	}
	for (; n && rd_left(r); n--) {
		uint8_t t = rd_u8(r);
		if (rd_ok(r) && st->ntypes < TYPES)
			st->types[st->ntypes++] = t;
	}
	return DIS_OK;
}

static enum verdict
rfb_dissect(struct dctx *c, struct rd *r)
{
	struct rfb_state *st = c->state;
	uint8_t step, *next;
	unsigned major;
	uint8_t t;

	if (st->done)
		return DIS_LEAVE;
	next = &st->step[c->side];
	step = *next;
	if (step == S_VERSION) {        /* of both sides */
		rd_skip(r, 4);
		major = digits(r);
		rd_skip(r, 1);
		st->version[c->side] = (uint16_t)(major % 60 * 1000 + digits(r));
		if (!st->has_version[0] && !st->has_version[1])
			st->when = c->when;
		st->has_version[c->side] = true;
		/* a repeater's: the viewer says behind which number it wants to go */
		if (!st->version[c->side])
			return finish(c, st);
		*next = 1;
		return DIS_OK;
	}
	if (c->side == 0) {
		switch (step) {
		case C_TYPE:
			t = rd_u8(r);
			return st->ntypes && spoken(st) > V_33 ? begin_type(c, st, t) : DIS_OK;
		case C_ANSWER:
			proto_credential(c, CRED_CHALLENGE, CRED_DIGEST, false);
			*next = C_INIT;
			return DIS_OK;
		default:
			*next = C_OVER;
			return DIS_OK;
		}
	}
	switch (step) {
	case S_TYPES:
		return on_types(c, st, r);
	case S_CHALLENGE:
		*next = S_RESULT;
		return DIS_OK;
	case S_RESULT:
		st->result = rd_be32(r);
		st->has_result = rd_ok(r);
		*next = S_INIT;
		return st->result ? finish(c, st) : DIS_OK;
	case S_INIT:
		st->width = rd_be16(r);
		st->height = rd_be16(r);
		rd_skip(r, 16);
		st->has_init = rd_ok(r);
		take_host(st, rd_sub(r, rd_be32(r)));
		return finish(c, st);
	default:
		return DIS_OK;
	}
}

static void
rfb_end(struct dctx *c, bool gap)
{
	struct rfb_state *st = c->state;

	/* what follows is pictures */
	if (st && !st->done && (st->has_version[0] || st->has_version[1]))
		finish(c, st);
}

static const struct hint hints[] = {
	{ HINT_TCP, 5900 }, { HINT_TCP, 5901 }, { HINT_TCP, 5902 }, { HINT_TCP, 5903 },
	{ HINT_TCP, 5500 }, { HINT_END, 0 },
};

static const struct field fields[] = {
	{ "rfb.server_protocol_version.major", "string", "the server's version" },
	{ "rfb.server_protocol_version.minor", "string", "its second part; 889 is Apple's" },
	{ "rfb.client_protocol_version.major", "string", "the client's version" },
	{ "rfb.client_protocol_version.minor", "string", "its second part" },
	{ "rfb.security_types", "array", "ways to prove who one is that the server offers" },
	{ "rfb.authentication.security_type", "integer", "the one that was chosen" },
	{ "rfb.authentication.security_name", "string", "its name" },
	{ "rfb.authentication.security_result", "string", "OK or FAIL" },
	{ "rfb.framebuffer.width", "integer", "of the screen, pixels" },
	{ "rfb.framebuffer.height", "integer", "of the screen, pixels" },
	{ "rfb.weak", "array", "none (no password), des_challenge, unencrypted" },
	{ NULL, NULL, NULL },
};

const struct dissector rfb_dissector = {
	.name = "rfb",
	.title = "RFB: VNC's connection set-up",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct rfb_state),
	.probe = rfb_probe,
	.frame = rfb_frame,
	.dissect = rfb_dissect,
	.end = rfb_end,
};
