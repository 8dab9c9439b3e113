/* codesys.c: CODESYS V3 between engineering stations and controllers. The maker
 * publishes nothing: what is here is what public discovery and forensic tools
 * agree on, and no more of it is read.
 *
 *      UDP, and inside TCP behind magic 4 | length 4 (of all):
 *      0    1        2        3       4       5       6
 *     +----+--------+--------+-------+-------+-------+----------------------
 *     |0xc5| hops,  | prio., |service|message|lengths| receiver, sender
 *     |    | words  | ...    |       |       | (4, 4)| address, padding to 4
 *     +----+--------+--------+-------+-------+-------+----------------------
 *
 * Lengths count 16-bit words. Services: 3 name service's request, 4 its answer,
 * 64 channels. A channel carries blocks; the first of a message begins with the
 * service header: protocol, group of commands, command, session. */
#include "proto/codesys.h"

enum { TCP_HEAD = 8, LENGTH_MAX = 64 << 10, NS_REQUEST = 3, NS_ANSWER = 4, CHANNELS = 64,
	NS_RESOLVE_NAME = 0xc201, NS_RESOLVE_ADDRESS = 0xc202, NS_GATEWAY = 0xc203,
	NS_DEVICE = 0xc280,
	BLOCK = 1, ACK = 2, ALIVE = 3, INFO = 0xc2, OPEN = 0xc3, CLOSE = 0xc4, OPENED = 0x83 };
enum { PLAIN = 0xcd55, SECURE = 0x7557, PROGRAMMABLE = 0x1000 };

/* A request that waits: on a channel, or for one. */
struct cds_req { uint16_t channel, protocol, command; uint8_t group; uint32_t length; };

static ssize_t
codesys_frame(const struct dctx *c, const struct rd *v)
{
	static const uint8_t magic[4] = { 0x00, 0x01, 0x17, 0xe8 };
	struct rd r = *v;
	uint32_t n;

	for (uint32_t i = 0; i < 4; i++) {
		int b = rd_peek8(v, i);
		if (b >= 0 && b != magic[i])
			return -1;
	}
	if (rd_have(v) < TCP_HEAD)
		return 0;
	rd_skip(&r, 4);
	n = rd_le32(&r);
	return n < TCP_HEAD + 6 || n > LENGTH_MAX ? -1 : (ssize_t)n;
}

/* The datagram's head and addresses; r is left at its content. */
static bool
take_datagram(struct rd *r, uint8_t *service)
{
	uint32_t start = r->off, words, pad;
	uint8_t magic = rd_u8(r), hop = rd_u8(r), lengths;

	rd_skip(r, 1);
	*service = rd_u8(r);
	rd_skip(r, 1);
	lengths = rd_u8(r);
	words = hop & 7;
	if (!rd_ok(r) || magic != 0xc5 || words < 3)
		return false;
	words += (lengths & 15u) + (lengths >> 4);
	pad = words * 2 % 4;
	rd_skip(r, words * 2 + pad - (r->off - start));
	return rd_ok(r);
}

static enum probe
probe_datagram(struct rd r, bool hinted, bool *answer)
{
	uint8_t service;
	uint16_t kind;

	if (!take_datagram(&r, &service))
		return PROBE_NO;
	*answer = service == NS_ANSWER;
	switch (service) {
	case NS_REQUEST: case NS_ANSWER:
		kind = rd_le16(&r);
		return rd_ok(&r) && kind >> 8 == 0xc2 ? PROBE_YES : PROBE_NO;
	case CHANNELS:
		kind = rd_u8(&r);
		*answer = kind == OPENED;
		return rd_ok(&r) && ((kind >= BLOCK && kind <= ALIVE) ||
		    (kind >= INFO && kind <= CLOSE) || kind == OPENED) ? PROBE_WEAK : PROBE_NO;
	default:
		return (service == 1 || service == 2) && hinted ? PROBE_WEAK : PROBE_NO;
	}
}

static enum probe
codesys_probe(struct probe_in *in)
{
	bool answer = false;

	for (int i = 0; i < 2; i++) {
		struct rd r = in->side[i];
		enum probe v;

		if (!rd_left(&r))
			continue;
		if (in->tcp) {
			ssize_t n = codesys_frame(NULL, &r);
			if (n <= 0)
				return n < 0 ? PROBE_NO : PROBE_MORE;
			rd_skip(&r, TCP_HEAD);
			if (rd_peek8(&r, 0) >= 0 && rd_peek8(&r, 0) != 0xc5)
				return PROBE_NO;
			probe_datagram(r, true, &answer);
			in->reversed = answer == (i == 0);
			return PROBE_YES;
		}
		v = probe_datagram(r, in->hinted, &answer);
		/* answers to a broadcast come in flows of their own */
		in->reversed = answer && i == 0;
		return v;
	}
	return PROBE_MORE;
}

/* UTF-16, little-endian, as UTF-8. */
static struct text
wide_text(struct ev *e, struct rd *r, uint32_t chars)
{
	struct rd v = rd_sub(r, chars * 2);
	char *d = chars && chars <= LIM_TEXT ? ev_room(e, chars * 3) : NULL;
	uint32_t o = 0;

	rd_skip(r, 2);                  /* its NUL */
	while (d && rd_left(&v) >= 2) {
		uint16_t u = rd_le16(&v);
		if (!rd_ok(&v))
			break;
		if (u < 0x80) {
			d[o++] = (char)u;
		} else if (u < 0x800) {
			d[o++] = (char)(0xc0 | u >> 6);
			d[o++] = (char)(0x80 | (u & 0x3f));
		} else {
			d[o++] = (char)(0xe0 | u >> 12);
			d[o++] = (char)(0x80 | (u >> 6 & 0x3f));
			d[o++] = (char)(0x80 | (u & 0x3f));
		}
	}
	return text_trim(d, o);
}

/* An answer names the controller: lengths, numbers, then its names. */
static void
take_device(struct ev *e, struct rd *r)
{
	uint16_t parent, node, device, vendor;
	uint32_t type, id, version;
	uint8_t serial;
	struct ident *i;

	rd_skip(r, 4);                  /* channels, byte order, address difference */
	parent = rd_le16(r);
	node = rd_le16(r);
	device = rd_le16(r);
	vendor = rd_le16(r);
	type = rd_le32(r);
	id = rd_le32(r);
	version = rd_le32(r);
	rd_skip(r, 4);
	serial = rd_u8(r);
	rd_skip(r, 11);
	rd_skip(r, parent);
	if (!rd_ok(r))
		return;
	i = ev_identity(e, "codesys.device_info", EV_SRC);
	i->hostname = wide_text(e, r, node);
	i->product = wide_text(e, r, device);
	i->vendor = wide_text(e, r, vendor);
	if (serial && rd_left(r) >= serial)
		i->serial = text_rd(r, serial);
	i->firmware = ev_text(e, "%u.%u.%u.%u", version >> 24, version >> 16 & 255,
	    version >> 8 & 255, version & 255);
	if (type == PROGRAMMABLE)
		i->role = TEXT("plc");
	ev_str(e, "node_name", i->hostname);
	ev_str(e, "device_name", i->product);
	ev_str(e, "vendor_name", i->vendor);
	ev_str(e, "serial", i->serial);
	ev_uint(e, "target_type", type);
	ev_uint(e, "target_id", id);
	ev_str(e, "target_version", i->firmware);
}

static enum verdict
take_name_service(struct dctx *c, struct rd *r, bool answer)
{
	static const struct tok kinds[] = {
		{ NS_RESOLVE_NAME, "ResolveName" }, { NS_RESOLVE_ADDRESS, "ResolveAddress" },
		{ NS_GATEWAY, "ResolveGateway" }, { NS_DEVICE, "DeviceInfo" }, { 0, NULL },
	};
	uint16_t kind = rd_le16(r);
	uint32_t request;
	struct ev *e;

	rd_skip(r, 2);                  /* version */
	request = rd_le32(r);
	if (!rd_ok(r))
		return DIS_BAD;
	e = ev_begin(c, "codesys", &c->when, c->side);
	ev_cstr(e, "service", answer ? "NameServiceAnswer" : "NameServiceRequest");
	ev_uint(e, "package_raw", kind);
	ev_cstr(e, "package", tok_find(kinds, kind));
	ev_uint(e, "request_id", request);
	e->ot.op = OT_IDENTIFY;
	e->ot.service = text_c(tok_find(kinds, kind));
	if (answer && kind == NS_DEVICE)
		take_device(e, r);
	ev_emit(e);
	return rd_bad(r) ? DIS_BAD : DIS_OK;
}

static void
report(struct dctx *c, const struct cds_req *q, const struct when *at, int side, bool answered,
    bool asked)
{
	struct ev *e = ev_begin(c, "codesys", at, side);
	const struct cds_command *cmd = cds_command_find(q->group, q->command);
	const char *group = cds_group_name(q->group);

	ev_cstr(e, "service", "Channel");
	ev_uint(e, "channel_id", q->channel);
	if (q->protocol == SECURE) {
		ev_bool(e, "encrypted", true);
		e->ot.op = OT_OTHER;
	} else {
		ev_uint(e, "group_raw", q->group);
		ev_cstr(e, "group", group);
		ev_uint(e, "command_raw", q->command);
		if (cmd)
			ev_word(e, "command", cmd->name);
		e->ot.op = cmd ? cmd->op : cds_group_op(q->group);
		e->ot.service = cmd ? cmd->name : text_c(group);
	}
	ev_uint(e, "length", q->length);
	if (!answered)
		ev_unanswered(e, c);
	else if (asked && c->when.us >= at->us) {
		/* what the answer says of success is not known */
		e->ot.has_rtt = true;
		e->ot.rtt_us = c->when.us - at->us;
	}
	ev_emit(e);
}

/* The first block of a message; the others only carry it on. */
static enum verdict
take_block(struct dctx *c, struct rd *r, uint8_t flags)
{
	struct cds_req q = { 0 };
	struct cds_state *s = c->state;
	struct pend *p;
	uint64_t key;
	uint8_t group;

	q.channel = rd_le16(r);
	rd_skip(r, 8);
	if (!(flags & 1))
		return rd_bad(r) ? DIS_BAD : DIS_OK;
	q.length = rd_le32(r);
	rd_skip(r, 4);
	q.protocol = rd_le16(r);
	if (rd_ok(r) && q.protocol == SECURE) {
		/* said once for a flow: there is nothing to tell them apart */
		if (!s->secure)
			report(c, &q, &c->when, c->side, true, false);
		s->secure = true;
		return DIS_OK;
	}
	if (rd_ok(r) && q.protocol != PLAIN)
		return DIS_OK;
	rd_skip(r, 2);
	group = rd_u8(r);
	rd_skip(r, 1);
	q.command = rd_le16(r);
	rd_skip(r, 4);                  /* the session: a secret of the two */
	if (!rd_ok(r))
		return DIS_BAD;
	q.group = group & 0x7f;
	key = (uint64_t)q.channel << 32 | (uint64_t)q.group << 16 | q.command;
	if (!(group & 0x80)) {
		pend_put(c, key, &q, sizeof(q));
		return DIS_OK;
	}
	if ((p = pend_find(c, key))) {
		report(c, (const struct cds_req *)p->data, &p->when, p->side, true, true);
		pend_done(c, p);
	} else {
		report(c, &q, &c->when, !c->side, true, false);
	}
	return DIS_OK;
}

static enum verdict
take_channel(struct dctx *c, struct rd *r)
{
	uint8_t kind = rd_u8(r), flags = rd_u8(r);
	uint16_t reason, channel;
	struct ev *e;

	if (kind == BLOCK)
		return take_block(c, r, flags);
	if (kind != OPENED && kind != CLOSE)
		return rd_bad(r) ? DIS_BAD : DIS_OK;
	rd_skip(r, 6);                  /* version, checksum */
	if (kind == OPENED)
		rd_skip(r, 4);
	reason = rd_le16(r);
	channel = rd_le16(r);
	if (kind == CLOSE) {            /* the other way round */
		uint16_t t = reason;
		reason = channel;
		channel = t;
	}
	if (!rd_ok(r))
		return DIS_BAD;
	e = ev_begin(c, "codesys", &c->when, kind == OPENED ? !c->side : c->side);
	ev_cstr(e, "service", kind == OPENED ? "OpenChannel" : "CloseChannel");
	ev_uint(e, "channel_id", channel);
	ev_uint(e, "reason", reason);
	e->ot.op = OT_CONNECT;
	e->ot.service = kind == OPENED ? TEXT("OpenChannel") : TEXT("CloseChannel");
	e->ot.result = reason && kind == OPENED ? ev_text_num(e, "reason_", 7, reason) : TEXT("ok");
	ev_emit(e);
	return DIS_OK;
}

static enum verdict
codesys_dissect(struct dctx *c, struct rd *r)
{
	uint8_t service;

	if (c->tcp)
		rd_skip(r, TCP_HEAD);
	if (!take_datagram(r, &service)) {
		c->why = "DATAGRAM_HEADER";
		return rd_short(r) ? DIS_OK : DIS_BAD;
	}
	switch (service) {
	case NS_REQUEST: return take_name_service(c, r, false);
	case NS_ANSWER: return take_name_service(c, r, true);
	case CHANNELS: return take_channel(c, r);
	default: return DIS_OK;         /* addresses between gateways */
	}
}

static void
codesys_expire(struct dctx *c, struct pend *p)
{
	report(c, (const struct cds_req *)p->data, &p->when, p->side, false, true);
}

static const struct hint hints[] = {
	{ HINT_UDP, 1740 }, { HINT_UDP, 1741 }, { HINT_UDP, 1742 }, { HINT_UDP, 1743 },
	{ HINT_TCP, 11740 }, { HINT_TCP, 11741 }, { HINT_TCP, 11742 }, { HINT_TCP, 11743 },
	{ HINT_END, 0 },
};

const struct dissector codesys_dissector = {
	.name = "codesys",
	.title = "CODESYS V3 (discovery, channels)",
	.hints = hints,
	.fields = codesys_fields,
	.state_size = sizeof(struct cds_state),
	.probe = codesys_probe,
	.frame = codesys_frame,
	.dissect = codesys_dissect,
	.expire = codesys_expire,
};
