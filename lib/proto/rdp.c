/* RDP, MS-RDPBCGR: how a connection is set up, as far as it is in clear. One
 * event a connection.
 *
 *     TPKT, X.224 CR, "Cookie: mstshash=name\r\n", type(1) flags(1) 8,0 protocols(4)
 *     TPKT, X.224 CC, type(1) flags(1) 8,0 protocol or failure(4)
 *     TPKT, X.224 DT, MCS Connect Initial { GCC { "Duca", client's blocks } }
 *     TPKT, X.224 DT, MCS Connect Response { GCC { "McDn", server's blocks } }
 *
 * Where TLS is agreed on it follows behind the second; else all goes on under
 * RDP's own encryption. The cookie holds a user's name: that it was there is
 * all that is written. */
#include "proto/tpkt.h"

enum { NEG_REQ = 1, NEG_RSP = 2, NEG_FAIL = 3, NEG_CORRELATION = 6, NEG_SIZE = 8 };
enum { P_TLS = 1, P_CREDSSP = 2, P_RDSTLS = 4, P_CREDSSP_EX = 8, P_AAD = 16 };
enum { CS_CORE = 0xc001, CS_NET = 0xc003, SC_CORE = 0x0c01, SC_SECURITY = 0x0c02 };
enum { NAME_UNITS = 15, NAME_MAX = 3 * NAME_UNITS, CHANNELS = 16, CHANNEL_NAME = 8 };

struct rdp_state {
	struct when when;
	uint32_t requested, selected, failure, version, build, method, level, rtt_us;
	bool asked, answered, failed, negotiated, cookie, token, has_client, has_server, has_rtt;
	bool done;
	uint8_t name_n, channels;
	char name[NAME_MAX];
	char channel[CHANNELS][CHANNEL_NAME];
};
_Static_assert(sizeof(struct rdp_state) <= PROTO_STATE_MAX, "state fits its slot");

static const struct tok failures[] = {          /* 2.2.1.2.2 */
	{ 1, "tls_required_by_server" }, { 2, "tls_not_allowed_by_server" },
	{ 3, "no_certificate_on_server" }, { 4, "inconsistent_flags" },
	{ 5, "credssp_required_by_server" }, { 6, "tls_with_user_auth_required_by_server" },
	{ 0, NULL },
};
static const struct tok protocols[] = {         /* 2.2.1.1.1, one bit each */
	{ 0, "rdp" }, { P_TLS, "tls" }, { P_CREDSSP, "credssp" }, { P_RDSTLS, "rdstls" },
	{ P_CREDSSP_EX, "credssp_ex" }, { P_AAD, "aad" }, { 0, NULL },
};
static const struct tok methods[] = {           /* 2.2.1.4.3 */
	{ 0, "none" }, { 1, "rc4_40" }, { 2, "rc4_128" }, { 8, "rc4_56" }, { 16, "fips" },
	{ 0, NULL },
};
static const struct tok levels[] = {
	{ 0, "none" }, { 1, "low" }, { 2, "client_compatible" }, { 3, "high" }, { 4, "fips" },
	{ 0, NULL },
};
static const struct tok versions[] = {          /* 2.2.1.3.2 */
	{ 0x00080001, "4.0" }, { 0x00080004, "5.0" }, { 0x00080005, "10.0" },
	{ 0x00080006, "10.1" }, { 0x00080007, "10.2" }, { 0x00080008, "10.3" },
	{ 0x00080009, "10.4" }, { 0x0008000a, "10.5" }, { 0x0008000b, "10.6" },
	{ 0x0008000c, "10.7" }, { 0x0008000d, "10.8" }, { 0x0008000e, "10.9" },
	{ 0x0008000f, "10.10" }, { 0x00080010, "10.11" }, { 0x00080011, "10.12" }, { 0, NULL },
};
/* Builds of Windows, Microsoft's release information. */
static const struct tok builds[] = {
	{ 2195, "Windows 2000" }, { 2600, "Windows XP" }, { 3790, "Windows Server 2003" },
	{ 6000, "Windows Vista" }, { 6001, "Windows Vista SP1" }, { 6002, "Windows Vista SP2" },
	{ 7600, "Windows 7" }, { 7601, "Windows 7 SP1" }, { 9200, "Windows 8" },
	{ 9600, "Windows 8.1" }, { 10240, "Windows 10 1507" }, { 10586, "Windows 10 1511" },
	{ 14393, "Windows 10 1607" }, { 15063, "Windows 10 1703" }, { 16299, "Windows 10 1709" },
	{ 17134, "Windows 10 1803" }, { 17763, "Windows 10 1809" }, { 18362, "Windows 10 1903" },
	{ 18363, "Windows 10 1909" }, { 19041, "Windows 10 2004" }, { 19042, "Windows 10 20H2" },
	{ 19043, "Windows 10 21H1" }, { 19044, "Windows 10 21H2" }, { 19045, "Windows 10 22H2" },
	{ 20348, "Windows Server 2022" }, { 22000, "Windows 11 21H2" },
	{ 22621, "Windows 11 22H2" }, { 22631, "Windows 11 23H2" }, { 26100, "Windows 11 24H2" },
	{ 26200, "Windows 11 25H2" }, { 0, NULL },
};

/* ---- decoding ---- */

static bool
has_prefix(const struct rd *r, const char *s)
{
	for (uint32_t i = 0; s[i]; i++)
		if (rd_peek8(r, i) != s[i])
			return false;
	return true;
}

/* Past a line that ends in CR LF; false when there is none. */
static bool
skip_line(struct rd *r)
{
	while (rd_left(r))
		if (rd_u8(r) == '\r' && rd_peek8(r, 0) == '\n') {
			rd_skip(r, 1);
			return true;
		}
	return false;
}

/* Type, flags, length 8, four bytes. */
static bool
negotiation(struct rd *r, uint8_t *type, uint32_t *value)
{
	if (rd_left(r) < NEG_SIZE)
		return false;
	*type = rd_u8(r);
	rd_skip(r, 1);
	if (rd_le16(r) != NEG_SIZE)
		return false;
	*value = rd_le32(r);
	return rd_ok(r);
}

/* The user data of a connection request, which X.224 puts inside the header that
 * LI counts: from byte 11 of the TPKT on. */
static struct rd
connect_data(const struct rd *tpkt)
{
	struct rd r = *tpkt;

	rd_skip(&r, 11);
	return rd_rest(&r);
}

static bool
is_mcs(const struct rd *r, uint8_t tag)
{
	return rd_peek8(r, 0) == 0x7f && rd_peek8(r, 1) == tag;
}

/* GCC's user data behind the key that H.221 gives it, its PER length passed over. */
static bool
gcc_blocks(struct rd *r, const char *key)
{
	for (; rd_have(r) >= 6; rd_skip(r, 1)) {
		if (!has_prefix(r, key))
			continue;
		rd_skip(r, 4);
		rd_skip(r, rd_peek8(r, 0) & 0x80 ? 2 : 1);
		return true;
	}
	return false;
}

/* ---- whose stream ---- */

static enum probe
side_probe(struct rd r, bool *request)
{
	ssize_t n = tpkt_frame(&r);
	struct rd data, v = r;
	uint32_t value;
	uint8_t type;
	struct cotp h;

	*request = true;
	if (n < 0)
		return PROBE_NO;
	if (n == 0 || (size_t)n > rd_have(&r))
		return PROBE_MORE;
	r = rd_sub(&r, (uint32_t)n);
	v = r;
	switch (rd_peek8(&r, 5) & 0xf0) {
	case COTP_CC:
		*request = false;
		/* FALLTHROUGH */
	case COTP_CR:
		data = connect_data(&r);
		if (!rd_left(&data))
			return *request ? PROBE_WEAK : PROBE_MORE;
		if (*request && (has_prefix(&data, "Cookie: ms") || has_prefix(&data, "tsv://")))
			return PROBE_YES;
		/* X.224's own parameters have other codes; that it is one, or the last of all */
		return negotiation(&data, &type, &value) &&
		    (*request ? type == NEG_REQ : type == NEG_RSP || type == NEG_FAIL) ?
		    PROBE_YES : PROBE_NO;
	case COTP_DT:
		if (!tpkt_decode(&v, &h))
			return PROBE_NO;
		*request = !is_mcs(&v, 0x66);
		return is_mcs(&v, 0x65) || is_mcs(&v, 0x66) ? PROBE_YES : PROBE_NO;
	default:
		return PROBE_NO;
	}
}

static enum probe
rdp_probe(struct probe_in *in)
{
	enum probe v[2] = { PROBE_MORE, PROBE_MORE };
	bool request[2] = { true, false };

	if (!in->tcp)
		return PROBE_NO;
	for (int i = 0; i < 2; i++)
		if (rd_have(&in->side[i]))
			v[i] = side_probe(in->side[i], &request[i]);
	if (v[0] != PROBE_YES && v[1] != PROBE_YES)
		return v[0] == PROBE_NO || v[1] == PROBE_NO ? PROBE_NO :
		    v[0] == PROBE_WEAK || v[1] == PROBE_WEAK ? PROBE_WEAK : PROBE_MORE;
	in->reversed = v[0] == PROBE_YES ? !request[0] : request[1];
	return PROBE_YES;
}

static bool
is_tls(const struct rd *r)
{
	return rd_peek8(r, 0) == 0x16 && rd_peek8(r, 1) == 3;
}

static ssize_t
rdp_frame(const struct dctx *c, const struct rd *r)
{
	const struct rdp_state *st = c->state;

	if (st->done)
		return rd_have(r);
	if (is_tls(r))
		return rd_peek16(r, 3) < 0 ? 0 : 5 + rd_peek16(r, 3);
	if (rd_have(r) == 1 && rd_peek8(r, 0) == 0x16)
		return 0;
	/* once connected, what is no TPKT is a fast-path PDU (2.2.9.1.2): behind all that
	 * is in clear, though we may not have had all of it */
	if ((st->answered || st->has_client) && rd_peek8(r, 0) >= 0 && rd_peek8(r, 0) != 3)
		return rd_have(r);
	return tpkt_frame(r);
}

/* ---- the event ---- */

static void
put_bits(struct ev *e, uint32_t bits)
{
	ev_arr(e, "requested");
	if (!bits)
		ev_a_str(e, TEXT("rdp"));
	for (uint32_t b = 1; b <= P_AAD; b <<= 1)
		if (bits & b)
			ev_a_str(e, text_c(tok_find(protocols, b)));
	ev_end(e);
}

static void
put_client(struct ev *e, const struct rdp_state *st)
{
	const char *os = tok_find(builds, st->build), *v = tok_find(versions, st->version);
	struct ident *i;

	ev_obj(e, "client");
	ev_str(e, "version", v ? text_c(v) : ev_text(e, "0x%08x", (unsigned)st->version));
	/* EVE gives builds their names */
	ev_str(e, "build", os ? text_c(os) : ev_text(e, "%u", (unsigned)st->build));
	jw_str(e->w, "client_name", st->name, st->name_n);
	ev_end(e);
	if (st->channels) {
		ev_arr(e, "channels");
		for (int k = 0; k < st->channels; k++)
			ev_a_str(e, text_trim(st->channel[k],
			    strnlen(st->channel[k], CHANNEL_NAME)));
		ev_end(e);
	}
	/* rdesktop and FreeRDP give these two, whatever they run on */
	if (st->build == 2600 || st->build == 18363)
		os = NULL;
	if (!st->name_n && !os)
		return;
	i = ev_identity(e, "rdp.client", EV_SRC);
	i->hostname = (struct text){ st->name, st->name_n };
	i->os = text_c(os);
}

static enum verdict
finish(struct dctx *c, struct rdp_state *st)
{
	const char *method = tok_find(methods, st->method), *level = tok_find(levels, st->level);
	struct ev *e;

	st->done = true;
	e = ev_begin(c, "rdp", &st->when, 0);
	if (st->cookie)
		ev_bool(e, "user_name", true);
	if (st->token)
		ev_bool(e, "routing_token", true);
	if (st->asked)
		put_bits(e, st->requested);
	if (st->answered && !st->failed) {
		const char *s = tok_find(protocols, st->selected);
		ev_str(e, "selected", s ? text_c(s) : ev_text(e, "0x%x", (unsigned)st->selected));
	}
	if (st->failed)
		ev_str(e, "failure", text_c(tok_or(failures, st->failure, "unknown")));
	if (st->has_client)
		put_client(e, st);
	if (st->has_server) {
		ev_str(e, "encryption_method", method ? text_c(method) :
		    ev_text(e, "0x%x", (unsigned)st->method));
		ev_str(e, "encryption_level", level ? text_c(level) :
		    ev_text(e, "%u", (unsigned)st->level));
	}
	/* RDP's own: RC4 under a key that who is in the middle can learn */
	if ((st->answered && !st->failed && !st->selected) || (st->has_server && st->method)) {
		ev_arr(e, "weak");
		ev_a_str(e, TEXT("security"));
		if (st->has_server && st->method != 16)
			ev_a_str(e, TEXT("cipher"));
		ev_end(e);
	}
	e->ot.op = OT_CONNECT;
	e->ot.service = TEXT("RDP");
	if (st->failed)
		e->ot.result = text_c(tok_or(failures, st->failure, "refused"));
	else if (st->answered)
		e->ot.result = TEXT("ok");
	else if (st->asked)
		ev_unanswered(e, c);
	e->ot.has_rtt = st->has_rtt;
	e->ot.rtt_us = st->rtt_us;
	ev_emit(e);
	return DIS_LEAVE;
}

/* ---- following ---- */

static void
on_request(struct dctx *c, struct rdp_state *st, struct rd data)
{
	uint32_t value;
	uint8_t type;

	if (st->asked)
		return;
	st->asked = true;
	st->when = c->when;
	st->cookie = has_prefix(&data, "Cookie: mstshash=");
	st->token = !st->cookie &&
	    (has_prefix(&data, "Cookie: msts=") || has_prefix(&data, "tsv://"));
	if ((st->cookie || st->token) && !skip_line(&data))
		return;
	if (negotiation(&data, &type, &value) && type == NEG_REQ) {
		st->negotiated = true;
		st->requested = value;
	}
	if (st->cookie)
		proto_credential(c, CRED_USER_NAME, CRED_CLEAR, false);
}

static enum verdict
on_confirm(struct dctx *c, struct rdp_state *st, struct rd data)
{
	uint32_t value;
	uint8_t type;

	st->answered = true;
	if (st->asked && c->when.us >= st->when.us && c->when.us - st->when.us <= UINT32_MAX) {
		st->has_rtt = true;
		st->rtt_us = (uint32_t)(c->when.us - st->when.us);
	}
	if (!st->asked)
		st->when = c->when;
	if (!negotiation(&data, &type, &value))
		return DIS_OK;
	if (type == NEG_FAIL) {
		st->failed = true;
		st->failure = value;
		return finish(c, st);
	}
	if (type != NEG_RSP)
		return c->why = "INVALID_NEGOTIATION", DIS_BAD;
	st->selected = value;
	if (!value)
		return DIS_OK;
	/* TLS begins with the client's next byte */
	finish(c, st);
	return DIS_NEXT;
}

/* Code units to UTF-8; no name has those that come in pairs. */
static void
take_name(struct rdp_state *st, struct rd r)
{
	for (int i = 0; i < NAME_UNITS && rd_left(&r); i++) {
		unsigned u = rd_le16(&r);
		char *d = st->name + st->name_n;
		if (!u || (u & 0xf800) == 0xd800)
			break;
		if (u < 0x80) {
			d[0] = (char)u;
			st->name_n = (uint8_t)(st->name_n + 1);
		} else if (u < 0x800) {
			d[0] = (char)(0xc0 | u >> 6);
			d[1] = (char)(0x80 | (u & 0x3f));
			st->name_n = (uint8_t)(st->name_n + 2);
		} else {
			d[0] = (char)(0xe0 | u >> 12);
			d[1] = (char)(0x80 | (u >> 6 & 0x3f));
			d[2] = (char)(0x80 | (u & 0x3f));
			st->name_n = (uint8_t)(st->name_n + 3);
		}
	}
}

static void
client_core(struct rdp_state *st, struct rd b)
{
	st->version = rd_le32(&b);
	rd_skip(&b, 12);                /* desktop, depth, SAS, keyboard layout */
	st->build = rd_le32(&b);
	take_name(st, rd_sub(&b, 32));
	st->has_client = rd_ok(&b);
}

static void
client_net(struct rdp_state *st, struct rd b)
{
	uint32_t n = rd_le32(&b);

	for (; n && rd_left(&b); n--) {
		const uint8_t *p = rd_bytes(&b, CHANNEL_NAME);
		rd_skip(&b, 4);
		if (p && *p && st->channels < CHANNELS)
			memcpy(st->channel[st->channels++], p, CHANNEL_NAME);
	}
}

static enum verdict
on_mcs(struct dctx *c, struct rdp_state *st, struct rd *r)
{
	bool server = is_mcs(r, 0x66);

	if (!server && !is_mcs(r, 0x65))
		return st->has_client ? finish(c, st) : DIS_OK;
	if (!gcc_blocks(r, server ? "McDn" : "Duca"))
		return rd_have(r) < rd_left(r) ? DIS_OK : (c->why = "INVALID_GCC", DIS_BAD);
	if (!st->asked && !st->answered && !st->has_client)
		st->when = c->when;
	while (rd_left(r) >= 4) {
		uint16_t type = rd_le16(r), n = rd_le16(r);
		struct rd b;
		if (n < 4) {
			rd_set_bad(r);
			break;
		}
		b = rd_sub(r, n - 4u);
		if (type == CS_CORE && !server) {
			client_core(st, b);
		} else if (type == CS_NET && !server) {
			client_net(st, b);
		} else if (type == SC_SECURITY && server) {
			st->method = rd_le32(&b);
			st->level = rd_le32(&b);
			st->has_server = rd_ok(&b);
		}
	}
	if (server)
		return finish(c, st);
	return DIS_OK;
}

static enum verdict
rdp_dissect(struct dctx *c, struct rd *r)
{
	struct rdp_state *st = c->state;
	struct cotp h;
	struct rd data;

	if (st->done)
		return DIS_LEAVE;
	if (is_tls(r)) {
		/* some begin TLS without a word about it */
		if (st->answered)
			st->selected = P_TLS;
		return finish(c, st);
	}
	if (rd_peek8(r, 0) != 3)
		return finish(c, st);
	switch (rd_peek8(r, 5) & 0xf0) {
	case COTP_CR:
		data = connect_data(r);
		if (c->side == 0)
			on_request(c, st, data);
		return DIS_OK;
	case COTP_CC:
		data = connect_data(r);
		return c->side == 1 ? on_confirm(c, st, data) : DIS_OK;
	default:
		if (!tpkt_decode(r, &h))
			return c->why = "INVALID_TPDU", DIS_BAD;
		if (h.type != COTP_DT)
			return DIS_OK;
		return on_mcs(c, st, r);
	}
}

static void
rdp_end(struct dctx *c, bool gap)
{
	struct rdp_state *st = c->state;

	if (!gap && st && !st->done && (st->asked || st->answered || st->has_client))
		finish(c, st);
}

static const struct hint hints[] = { { HINT_TCP, 3389 }, { HINT_END, 0 } };

static const struct field fields[] = {
	{ "rdp.user_name", "boolean", "the request named a user, which is not written" },
	{ "rdp.routing_token", "boolean", "the request had a load balancer's token" },
	{ "rdp.requested", "array", "security the client can do: rdp, tls, credssp, rdstls, "
	    "credssp_ex, aad" },
	{ "rdp.selected", "string", "what the server chose" },
	{ "rdp.failure", "string", "why the server refused" },
	{ "rdp.client.version", "string", "protocol version of the client" },
	{ "rdp.client.build", "string", "the client's build, by the name of its Windows" },
	{ "rdp.client.client_name", "string", "the client's host name" },
	{ "rdp.channels", "array", "channels asked for: cliprdr clipboard, rdpdr drives, ..." },
	{ "rdp.encryption_method", "string", "of RDP's own security: none, rc4_40, rc4_56, "
	    "rc4_128, fips" },
	{ "rdp.encryption_level", "string", "none, low, client_compatible, high, fips" },
	{ "rdp.weak", "array", "security (RDP's own), cipher (RC4)" },
	{ NULL, NULL, NULL },
};

const struct dissector rdp_dissector = {
	.name = "rdp",
	.title = "RDP: connection set-up",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct rdp_state),
	.probe = rdp_probe,
	.frame = rdp_frame,
	.dissect = rdp_dissect,
	.end = rdp_end,
};
