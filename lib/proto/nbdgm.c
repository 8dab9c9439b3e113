/* nbdgm.c: NetBIOS' datagram service (RFC 1002, 4.4) and what computers announce in
 * it, [MS-BRWS] in [MS-MAIL]: name, Windows version, roles. The comment that people
 * give a computer is not written.
 *
 *     type 1, flags 1, id 2, address 4, port 2, length 2, offset 2, source, destination,
 *     SMB transaction with a mailslot's name, and the browser's message */
#include "base/hash.h"
#include "proto/keep.h"
#include "proto/netbios.h"
#include "proto/proto.h"

enum { UNIQUE = 0x10, GROUP, BROADCAST, HOST = 1, DOMAIN = 12, LOCAL_MASTER = 15 };

static const struct tok commands[] = { { 1, "host" }, { 2, "announcement_request" },
	{ 8, "election" }, { 9, "backup_list_request" }, { 10, "backup_list" },
	{ 11, "become_backup" }, { 12, "domain" }, { 13, "master" }, { 14, "reset" },
	{ 15, "local_master" }, { 0, NULL } };

/* [MS-BRWS] 2.2.1, by bit. */
static const struct { uint8_t bit; const char *name; } roles[] = {
	{ 0, "workstation" }, { 1, "server" }, { 2, "sql_server" }, { 3, "domain_controller" },
	{ 4, "backup_domain_controller" }, { 5, "time_source" }, { 9, "print_server" },
	{ 10, "dialin" }, { 11, "unix" }, { 12, "nt_workstation" }, { 15, "nt_server" },
	{ 16, "potential_browser" }, { 17, "backup_browser" }, { 18, "master_browser" },
	{ 19, "domain_master_browser" }, { 26, "terminal_server" },
};

struct msg {
	uint8_t type, command;
	struct nb_name source, dest;
	const uint8_t *ip;
	struct text mailslot;
	bool browser, has_host;
	struct text name;
	uint8_t major, minor;
	uint32_t server;
};

static bool
transaction(struct rd r, struct msg *m)
{
	struct rd all = r, d;
	uint16_t n, at;

	if (rd_be32(&r) != 0xff534d42 || rd_u8(&r) != 0x25)
		return false;
	rd_skip(&r, 27);
	if (rd_u8(&r) < 14)
		return false;
	rd_skip(&r, 22);
	n = rd_le16(&r);
	at = rd_le16(&r);
	rd_skip(&r, 2u * rd_u8(&r) + 1 + 2);
	for (uint32_t k = 0; k < rd_have(&r); k++)
		if (!r.p[r.off + k]) {
			m->mailslot = text_trim(rd_at(&r), k);
			break;
		}
	rd_skip(&all, at);
	d = rd_sub(&all, n);
	m->browser = m->mailslot.n == 16 && memcmp(m->mailslot.p, "\\MAILSLOT\\BROWSE", 16) == 0;
	if (!m->browser)
		return true;
	m->command = rd_u8(&d);
	if (m->command == HOST || m->command == DOMAIN || m->command == LOCAL_MASTER) {
		rd_skip(&d, 5);
		m->name = text_rd(&d, 16);
		for (uint32_t k = 0; k < m->name.n; k++)
			if (!m->name.p[k])
				m->name.n = k;
		m->major = rd_u8(&d);
		m->minor = rd_u8(&d);
		m->server = rd_le32(&d);
		m->has_host = rd_ok(&d) && m->name.n;
	}
	return true;
}

static bool
decode(struct rd *r, struct msg *m)
{
	uint16_t len;

	memset(m, 0, sizeof(*m));
	m->type = rd_u8(r);
	if (m->type < UNIQUE || m->type > 0x16 || rd_u8(r) & 0xf0)
		return false;
	rd_skip(r, 2);
	m->ip = rd_bytes(r, 4);
	rd_skip(r, 2);
	if (m->type > BROADCAST)
		return rd_ok(r);
	len = rd_be16(r);
	rd_skip(r, 2);
	if (len > rd_left(r) || !nb_name(r, &m->source) || !nb_name(r, &m->dest))
		return false;
	if (rd_have(r) >= 32)
		transaction(rd_rest(r), m);
	return true;
}

static enum probe
nbdgm_probe(struct probe_in *in)
{
	struct rd r = in->side[rd_left(&in->side[0]) == 0];
	struct msg m;

	if (in->tcp || !decode(&r, &m))
		return PROBE_NO;
	return m.type <= BROADCAST ? PROBE_YES : PROBE_WEAK;
}

static void
forget(struct dctx *c, struct keep *s)
{
}

/* Announcements come every twelve minutes: what changed is news. */
static bool
is_news(struct dctx *c, const struct msg *m)
{
	struct { uint8_t src[16]; uint32_t hash, what; } key;
	uint32_t h = HASH32_BEGIN;
	struct keep *s;

	memset(&key, 0, sizeof(key));
	memcpy(key.src, c->k->src.b, 16);
	for (unsigned i = 0; i < 16; i++)
		h = hash32_step(hash32_step(h, m->source.b[i]), m->dest.b[i]);
	key.hash = hash32_bytes(h, m->name.p, m->name.n) ^ m->server;
	key.what = (uint32_t)m->command << 24 | (uint32_t)m->major << 16 | (uint32_t)m->minor << 8 |
	    m->type;
	if ((s = keep_find(c, &key, sizeof(key)))) {
		keep_touch(c, s);
		return false;
	}
	keep_new(c, KEEP_STREAM, &key, sizeof(key), forget);
	return true;
}

static void
put_roles(struct ev *e, uint32_t server)
{
	ev_arr(e, "roles");
	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
		if (server >> roles[i].bit & 1)
			ev_a_str(e, text_c(roles[i].name));
	ev_end(e);
}

static enum verdict
nbdgm_dissect(struct dctx *c, struct rd *r)
{
	struct msg m;
	struct ev *e;
	struct ident *i;
	const char *os;

	if (!decode(r, &m)) {
		c->why = "SYNTAX";
		return c->cut ? DIS_OK : DIS_BAD;
	}
	if (m.type > BROADCAST || !is_news(c, &m))
		return DIS_OK;
	e = ev_begin(c, "nbdgm", &c->when, c->side);
	ev_cstr(e, "type", m.type == UNIQUE ? "unique" : m.type == GROUP ? "group" : "broadcast");
	ev_str(e, "source", nb_text(e, &m.source));
	ev_str(e, "destination", nb_text(e, &m.dest));
	ev_str(e, "mailslot", m.mailslot);
	e->ot.op = OT_OTHER;
	e->ot.service = m.mailslot;
	i = ev_identity(e, "nbdgm", EV_SRC);
	if (m.source.b[15] == 0 || m.source.b[15] == 0x20)
		i->hostname = nb_text(e, &m.source);
	if (m.browser) {
		ev_cstr(e, "command", tok_or(commands, m.command, "unknown"));
		e->ot.service = text_c(tok_or(commands, m.command, "unknown"));
	}
	if (m.has_host) {
		e->ot.op = OT_REPORT;
		e->ot.object = m.name;
		os = windows_name(m.major, m.minor);
		if (m.command == DOMAIN)
			ev_str(e, "domain", m.name);
		else
			ev_str(e, "host", m.name);
		ev_str(e, "os_version", ev_text(e, "%u.%u", m.major, m.minor));
		put_roles(e, m.server);
		if (m.command != DOMAIN) {
			i->hostname = m.name;
			/* Samba gives itself a version of Windows as well */
			i->os = m.server >> 11 & 1 ? TEXT("Unix") : text_c(os);
			if (m.server >> 3 & 1)
				i->role = TEXT("domain_controller");
		}
	}
	ev_emit(e);
	return DIS_OK;
}

static const struct hint hints[] = { { HINT_UDP, 138 }, { HINT_END, 0 } };

static const struct field fields[] = {
	{ "nbdgm.type", "string", "unique, group or broadcast" },
	{ "nbdgm.source", "string", "the sender's NetBIOS name" },
	{ "nbdgm.destination", "string", "whom it is for" },
	{ "nbdgm.mailslot", "string", "what it is about" },
	{ "nbdgm.command", "string", "the browser's message: host, domain, local_master, ..." },
	{ "nbdgm.host", "string", "the computer announced" },
	{ "nbdgm.domain", "string", "the domain announced" },
	{ "nbdgm.os_version", "string", "the version of its system, as it says" },
	{ "nbdgm.roles", "array", "what it says it is: server, domain_controller, ..." },
	{ NULL },
};

const struct dissector nbdgm_dissector = {
	.name = "nbdgm",
	.title = "NetBIOS datagrams with browser announcements",
	.hints = hints,
	.fields = fields,
	.probe = nbdgm_probe,
	.dissect = nbdgm_dissect,
};
