/* ptp.c: Precision Time Protocol, IEEE 1588-2008 and 2019 (version 2), on UDP and on
 * Ethernet (802.1AS too); version 1 seen.
 *
 *     type 1 | version 1 | length 2 | domain 1 | 1 | flags 2 | correction 8 | 4 |
 *     clock 8, port 2 | sequence 2 | control 1 | interval 1 | ...
 *
 * A clock is an event where it is first heard in a role and where it falls silent, its
 * announcement where the grandmaster or its quality changes. Management that sets or
 * commands is an event each time. */
#include "proto/hello.h"

enum { SYNC = 0, DELAY_REQ, PDELAY_REQ, PDELAY_RESP, FOLLOW_UP = 8, DELAY_RESP, PDELAY_FOLLOW,
	ANNOUNCE, SIGNALING, MANAGEMENT };
enum { HEADER = 34, SET = 1, COMMAND = 3 };
enum { MASTER = 1, SLAVE, PEER, ANNOUNCER, MANAGER, V1 };

struct ptp {
	uint8_t version, minor, domain, role, profile;
	uint8_t clock[8], gm[8];
	uint16_t port, variance, steps;
	int16_t utc_offset;
	uint8_t priority1, priority2, class, accuracy, source, flags;
	char subdomain[16];
};

static const struct tok sources[] = {
	{ 0x10, "atomic_clock" }, { 0x20, "gnss" }, { 0x30, "radio" }, { 0x39, "serial_time_code" },
	{ 0x40, "ptp" }, { 0x50, "ntp" }, { 0x60, "hand_set" }, { 0x90, "other" },
	{ 0xa0, "oscillator" }, { 0, NULL }
};
static const struct tok actions[] = {
	{ 0, "get" }, { SET, "set" }, { 2, "response" }, { COMMAND, "command" },
	{ 4, "acknowledge" }, { 0, NULL }
};
static const struct tok ids[] = {
	{ 0x0001, "clock_description" }, { 0x0002, "user_description" },
	{ 0x0003, "save_in_non_volatile_storage" }, { 0x0004, "reset_non_volatile_storage" },
	{ 0x0005, "initialize" }, { 0x0006, "fault_log" }, { 0x0007, "fault_log_reset" },
	{ 0x2000, "default_data_set" }, { 0x2001, "current_data_set" },
	{ 0x2002, "parent_data_set" }, { 0x2003, "time_properties_data_set" },
	{ 0x2004, "port_data_set" }, { 0x2005, "priority1" }, { 0x2006, "priority2" },
	{ 0x2007, "domain" }, { 0x2008, "slave_only" }, { 0x2009, "log_announce_interval" },
	{ 0x200a, "announce_receipt_timeout" }, { 0x200b, "log_sync_interval" },
	{ 0x200c, "version_number" }, { 0x200d, "enable_port" }, { 0x200e, "disable_port" },
	{ 0x200f, "time" }, { 0x2010, "clock_accuracy" }, { 0x2011, "utc_properties" },
	{ 0x2012, "traceability_properties" }, { 0x2015, "unicast_master_table" }, { 0, NULL }
};
static const char *const role_names[] = {
	NULL, "master", "slave", "peer", "announcer", "manager", "version_1",
};

static struct text
clock_text(struct ev *e, const uint8_t id[8])
{
	return ev_text(e, "%02x%02x%02x.%02x%02x.%02x%02x%02x", id[0], id[1], id[2], id[3], id[4],
	    id[5], id[6], id[7]);
}

static void
identify(struct ev *e, const uint8_t id[8], struct text role)
{
	const uint8_t mac[6] = { id[0], id[1], id[2], id[5], id[6], id[7] };
	struct ident *i;

	/* an EUI-64 made of a MAC address */
	if (id[3] != 0xff || id[4] != 0xfe)
		return;
	i = ev_identity(e, "ptp", EV_OTHER);
	i->has_mac = true;
	memcpy(i->mac, mac, 6);
	i->role = role;
}

static void
ptp_tell(struct dctx *c, const struct hello *h)
{
	const struct ptp *p = h->now, *was = h->before;
	struct ev *e = hello_ev(c, h);
	bool own = memcmp(p->gm, p->clock, 8) == 0, announces = p->role == ANNOUNCER;

	ev_uint(e, "version", p->version);
	ev_cstr(e, "role", role_names[p->role]);
	if (p->version == 1) {
		ev_str(e, "subdomain", text_trim(p->subdomain, strnlen(p->subdomain, 16)));
		ev_emit(e);
		return;
	}
	ev_uint(e, "domain", p->domain);
	ev_str(e, "clock_id", clock_text(e, p->clock));
	ev_uint(e, "port", p->port);
	if (announces) {
		ev_str(e, "grandmaster", clock_text(e, p->gm));
		if (was && memcmp(was->gm, p->gm, 8) != 0)
			ev_str(e, "previous_grandmaster", clock_text(e, was->gm));
		ev_uint(e, "clock_class", p->class);
		ev_uint(e, "clock_accuracy", p->accuracy);
		ev_uint(e, "priority1", p->priority1);
		ev_uint(e, "priority2", p->priority2);
		ev_uint(e, "steps_removed", p->steps);
		ev_int(e, "utc_offset", p->utc_offset);
		ev_cstr(e, "time_source", tok_find(sources, p->source));
		ev_bool(e, "time_traceable", p->flags >> 4 & 1);
		ev_bool(e, "frequency_traceable", p->flags >> 5 & 1);
	}
	if (h->what == HELLO_END && announces)
		ev_uint(e, "other_messages", h->more);
	e->ot.object = ev_text_num(e, "domain:", 7, p->domain);
	if (h->what == HELLO_BEGIN)
		e->ot.service = announces ? TEXT("announce") : text_c(role_names[p->role]);
	else if (was)
		e->ot.service = memcmp(was->gm, p->gm, 8) != 0 ? TEXT("grandmaster_change") :
		    TEXT("quality_change");
	if (h->what != HELLO_END) {
		struct text role = announces && own ? TEXT("grandmaster clock") :
		    announces || p->role == MASTER ? TEXT("master clock") : (struct text){ 0 };

		if (role.n)
			ev_identity(e, "ptp", EV_SRC)->role = role;
		if (announces && !own)
			identify(e, p->gm, TEXT("grandmaster clock"));
	}
	ev_emit(e);
}

static void
take8(struct rd *r, uint8_t to[8])
{
	const uint8_t *p = rd_bytes(r, 8);

	if (p)
		memcpy(to, p, 8);
}

static void
note(struct dctx *c, const struct ptp *p)
{
	uint8_t key[13] = { p->domain, p->role, (uint8_t)(p->port >> 8), (uint8_t)p->port,
		p->version };

	memcpy(key + 5, p->clock, 8);
	if (p->role != ANNOUNCER) {
		/* a clock that announces itself is told of already: the rest is counted */
		uint8_t other[13];

		memcpy(other, key, sizeof(other));
		other[1] = ANNOUNCER;
		if (hello_more(c, other, sizeof(other), 1))
			return;
	}
	hello_note(c, key, sizeof(key), p, sizeof(*p), ptp_tell);
}

static void
announce(struct rd *r, struct ptp *p)
{
	rd_skip(r, 10);
	p->utc_offset = (int16_t)rd_be16(r);
	rd_skip(r, 1);
	p->priority1 = rd_u8(r);
	p->class = rd_u8(r);
	p->accuracy = rd_u8(r);
	p->variance = rd_be16(r);
	p->priority2 = rd_u8(r);
	take8(r, p->gm);
	p->steps = rd_be16(r);
	p->source = rd_u8(r);
}

static void
management(struct dctx *c, struct rd *r, struct ptp *p)
{
	uint8_t target[8], action;
	uint16_t type, id;
	struct ev *e;

	memset(target, 0, sizeof(target));
	take8(r, target);
	rd_skip(r, 4);
	action = rd_u8(r) & 15;
	rd_skip(r, 1);
	type = rd_be16(r);
	rd_skip(r, 2);
	id = rd_be16(r);
	if (!rd_ok(r))
		return;
	if (action != SET && action != COMMAND) {
		note(c, p);
		return;
	}
	e = ev_begin(c, "ptp", &c->when, c->flow ? c->side : 0);
	ev_cstr(e, "event", "management");
	ev_uint(e, "version", p->version);
	ev_uint(e, "domain", p->domain);
	ev_str(e, "clock_id", clock_text(e, p->clock));
	ev_str(e, "target", clock_text(e, target));
	ev_cstr(e, "action", tok_find(actions, action));
	if (type == 1) {
		ev_uint(e, "management_id", id);
		ev_cstr(e, "management_name", tok_find(ids, id));
	}
	ev_arr(e, "weak");
	ev_a_str(e, TEXT("no_auth"));
	ev_end(e);
	e->ot.op = action == SET ? OT_CONFIGURE : OT_COMMAND;
	e->ot.service = action == SET ? TEXT("set") : TEXT("command");
	e->ot.object = text_c(tok_find(ids, id));
	ev_emit(e);
}

static enum verdict
ptp_dissect(struct dctx *c, struct rd *r)
{
	uint8_t type, b;
	uint16_t length;
	struct rd body;
	struct ptp p;

	memset(&p, 0, sizeof(p));
	if (rd_peek16(r, 0) == 1 && rd_peek16(r, 2) == 1) {
		const uint8_t *name;

		rd_skip(r, 4);
		p.version = 1;
		p.role = V1;
		if ((name = rd_bytes(r, 16))) {
			memcpy(p.subdomain, name, 16);
			note(c, &p);
		}
		return rd_bad(r) ? DIS_BAD : DIS_OK;
	}
	type = rd_u8(r);
	b = rd_u8(r);
	p.profile = type >> 4;
	type &= 15;
	p.version = b & 15;
	p.minor = b >> 4;
	length = rd_be16(r);
	if (rd_ok(r) && (p.version != 2 || length < HEADER ||
	    (type > PDELAY_RESP && type < FOLLOW_UP) || type > MANAGEMENT)) {
		c->why = p.version != 2 ? "VERSION_UNKNOWN" : "TYPE_OR_LENGTH_INVALID";
		rd_set_bad(r);
		return DIS_BAD;
	}
	body = rd_sub(r, length - (rd_ok(r) ? 4u : length));
	p.domain = rd_u8(&body);
	rd_skip(&body, 2);
	p.flags = rd_u8(&body);
	rd_skip(&body, 12);
	take8(&body, p.clock);
	p.port = rd_be16(&body);
	rd_skip(&body, 4);
	if (!rd_ok(&body)) {
		c->why = "HEADER_TRUNCATED";
		return rd_bad(r) || rd_bad(&body) ? DIS_BAD : DIS_OK;
	}
	if (type != ANNOUNCE)
		p.flags = 0;
	switch (type) {
	case ANNOUNCE:
		p.role = ANNOUNCER;
		announce(&body, &p);
		p.flags &= 0x3f;
		break;
	case SYNC: case FOLLOW_UP: case DELAY_RESP:
		p.role = MASTER;
		break;
	case DELAY_REQ:
		p.role = SLAVE;
		break;
	case MANAGEMENT:
		p.role = MANAGER;
		management(c, &body, &p);
		return rd_bad(&body) || rd_bad(r) ? DIS_BAD : DIS_OK;
	default:
		p.role = PEER;
	}
	if (rd_bad(&body)) {
		c->why = "MESSAGE_TRUNCATED";
		rd_set_bad(r);
		return DIS_BAD;
	}
	if (rd_ok(&body))
		note(c, &p);
	return rd_bad(r) ? DIS_BAD : DIS_OK;
}

static enum probe
ptp_probe(struct probe_in *in)
{
	const struct rd *r = rd_left(&in->side[0]) ? &in->side[0] : &in->side[1];
	int type = rd_peek8(r, 0) & 15, length = rd_peek16(r, 2);

	if (in->tcp || rd_left(r) < HEADER)
		return PROBE_NO;
	if (rd_peek16(r, 0) == 1 && length == 1)
		return PROBE_WEAK;
	if ((rd_peek8(r, 1) & 15) != 2 || length < HEADER || (uint32_t)length > rd_left(r) ||
	    (type > PDELAY_RESP && type < FOLLOW_UP) || type > MANAGEMENT)
		return PROBE_NO;
	return PROBE_WEAK;
}

static const struct hint hints[] = {
	{ HINT_UDP, 319 }, { HINT_UDP, 320 }, { HINT_ETHER, 0x88f7 }, { 0 }
};

static const struct field fields[] = {
	{ "ptp.event", "string", "begin, change, end or management" },
	{ "ptp.frames", "integer", "messages in all, at the end" },
	{ "ptp.changes", "integer", "how often what they say changed, at the end" },
	{ "ptp.duration_us", "integer", "from the first to the last, at the end" },
	{ "ptp.other_messages", "integer", "what else an announcer sent, at the end" },
	{ "ptp.version", "integer", "1 or 2" },
	{ "ptp.role", "string", "master, slave, peer, announcer, manager, version_1" },
	{ "ptp.subdomain", "string", "version 1: the subdomain" },
	{ "ptp.domain", "integer", "the domain" },
	{ "ptp.clock_id", "string", "the sender's clock identity" },
	{ "ptp.port", "integer", "its port" },
	{ "ptp.grandmaster", "string", "the clock that all follow" },
	{ "ptp.previous_grandmaster", "string", "the one before the change" },
	{ "ptp.clock_class", "integer", "6: locked to a reference, 7: holds over, 248: free" },
	{ "ptp.clock_accuracy", "integer", "its accuracy as a code" },
	{ "ptp.priority1", "integer", "first priority: the lowest wins" },
	{ "ptp.priority2", "integer", "second priority" },
	{ "ptp.steps_removed", "integer", "clocks between it and the sender" },
	{ "ptp.utc_offset", "integer", "seconds between TAI and UTC" },
	{ "ptp.time_source", "string", "gnss, atomic_clock, ntp, oscillator, ..." },
	{ "ptp.time_traceable", "boolean", "traceable to a primary reference" },
	{ "ptp.frequency_traceable", "boolean", "so is its frequency" },
	{ "ptp.target", "string", "management: the clock addressed" },
	{ "ptp.action", "string", "management: set or command" },
	{ "ptp.management_id", "integer", "management: what is set" },
	{ "ptp.management_name", "string", "its name" },
	{ "ptp.weak", "array", "no_auth: management without authentication" },
	{ NULL }
};

const struct dissector ptp_dissector = {
	.name = "ptp",
	.title = "Precision Time Protocol",
	.hints = hints,
	.fields = fields,
	.probe = ptp_probe,
	.dissect = ptp_dissect,
};
