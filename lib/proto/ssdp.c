/* ssdp.c: the Simple Service Discovery Protocol of UPnP (Device Architecture 2.0,
 * section 1): HTTP's manner over UDP, to a group.
 *
 *      NOTIFY * HTTP/1.1               M-SEARCH * HTTP/1.1         HTTP/1.1 200 OK
 *      NT: ... NTS: ssdp:alive         ST: ssdp:all                ST: ...
 *      USN: ... LOCATION: ...          USER-AGENT: ...             USN: ... LOCATION: ...
 *      SERVER: system UPnP/1.0 product/version
 *
 * A device says the same a dozen times each half hour, for itself and each of its
 * services: an event is what is new, and each kind of device once an hour. */
#include "proto/headers.h"
#include "proto/proto.h"
#include "proto/sysdescr.h"
#include "proto/told.h"

enum { SEARCH, NOTIFY, ANSWER };
enum { HEAD_MAX = 4096, PATH = 160 };

struct ssdp_msg {
	int kind;
	struct text nts, target, usn, location, server, agent;
};

static int
kind_of(const struct rd *r)
{
	struct text t = headers_text(r);

	return text_begins(t, "m-search * http/1.") ? SEARCH :
	    text_begins(t, "notify * http/1.") ? NOTIFY :
	    text_begins(t, "http/1.1 200 ") || text_begins(t, "http/1.0 200 ") ? ANSWER : -1;
}

static void
decode(const struct rd *r, int kind, struct ssdp_msg *m)
{
	struct text t = headers_text(r), line;
	struct header x;

	*m = (struct ssdp_msg){ .kind = kind };
	while (rd_have(r) < rd_left(r) && t.n && t.p[t.n - 1] != '\n')
		t.n--;
	headers_line(&t, &line);
	while (headers_next(&t, &x)) {
		if (text_is(x.name, kind == NOTIFY ? "nt" : "st"))
			m->target = x.value;
		else if (text_is(x.name, "nts"))
			m->nts = x.value;
		else if (text_is(x.name, "usn"))
			m->usn = x.value;
		else if (text_is(x.name, "location") || text_is(x.name, "al"))
			m->location = x.value;
		else if (text_is(x.name, "server"))
			m->server = x.value;
		else if (text_is(x.name, "user-agent"))
			m->agent = x.value;
	}
}

/* The device's own id: "uuid:..." up to what it offers. */
static struct text
device_of(struct text usn)
{
	for (uint32_t i = 0; i + 1 < usn.n; i++)
		if (usn.p[i] == ':' && usn.p[i + 1] == ':')
			usn.n = i;
	return usn;
}

static struct text
role_of(struct text type)
{
	static const struct { const char *word; struct text role; } roles[] = {
		{ "device:printer:", TEXT("printer") },
		{ "device:internetgatewaydevice:", TEXT("router") },
		{ "device:wlanaccesspointdevice:", TEXT("access-point") },
		{ "device:digitalsecuritycamera:", TEXT("camera") },
		{ "device:networkcamera:", TEXT("camera") },
	};

	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
		if (text_find(type, roles[i].word))
			return roles[i].role;
	return (struct text){ 0 };
}

/* Not one of the dozen ways to say the same. */
static bool
is_news(struct dctx *c, const struct ssdp_msg *m)
{
	uint64_t h = HASH_BEGIN + (uint64_t)m->kind;

	if (m->kind == SEARCH) {
		/* who looks for known devices one by one says it once */
		h = told_text(h, text_begins(m->target, "uuid:") ? TEXT("uuid:") : m->target);
		return !told_before(c, told_text(h, m->agent), false);
	}
	h = told_text(h, device_of(m->usn));
	h = told_text(h, m->server);
	h = told_text(h, m->nts);
	h = told_text(h, m->location);
	if (text_find(m->target, ":device:"))
		h = told_text(h, m->target);
	return !told_before(c, h, false);
}

static enum verdict
ssdp_dissect(struct dctx *c, struct rd *r)
{
	static const struct text methods[] = { TEXT("M-SEARCH"), TEXT("NOTIFY"), TEXT("answer") };
	int kind = kind_of(r);
	struct ssdp_msg m;
	struct ident *i;
	struct text role;
	unsigned params;
	bool secret;
	char *path;
	struct ev *e;

	if (kind < 0) {
		rd_skip(r, rd_have(r));
		c->why = "START_LINE_INVALID";
		return DIS_BAD;
	}
	decode(r, kind, &m);
	rd_skip(r, rd_have(r));
	if (!is_news(c, &m))
		return DIS_OK;
	e = ev_begin(c, "ssdp", &c->when, c->side);
	ev_word(e, "method", methods[kind]);
	ev_str(e, "nts", m.nts);
	ev_str(e, "target", m.target);
	ev_str(e, "usn", m.usn);
	if (m.location.n) {
		ev_str(e, "location_host", url_host(m.location, &secret));
		path = ev_room(e, PATH);
		if (path)
			ev_str(e, "location_path", url_path(m.location, path, PATH, &params));
	}
	ev_str(e, "server", m.server);
	ev_str(e, "user_agent", m.agent);
	e->ot.op = kind == SEARCH ? OT_IDENTIFY : OT_REPORT;
	e->ot.service = methods[kind];
	e->ot.object = m.target;
	role = kind == SEARCH ? (struct text){ 0 } : role_of(m.target);
	if (m.server.n || m.agent.n || role.n) {
		i = ev_identity(e, kind == SEARCH ? "ssdp.user-agent" : "ssdp.server", EV_SRC);
		if (m.server.n)
			server_identity(i, m.server);
		else if (m.agent.n)
			agent_identity(i, m.agent);
		i->role = role;
		if (!i->product.n && !i->os.n && !i->vendor.n && !role.n &&
		    i == &e->id[e->nid - 1])
			e->nid--;
	}
	ev_emit(e);
	return DIS_OK;
}

/* An answer has what only this protocol's answers have. */
static enum probe
ssdp_probe(struct probe_in *in)
{
	bool first = rd_have(&in->side[0]) > 0;
	const struct rd *r = &in->side[!first];
	int kind = in->tcp ? -1 : kind_of(r);
	struct ssdp_msg m;

	if (kind < 0)
		return PROBE_NO;
	in->reversed = kind == ANSWER ? first : !first && kind == SEARCH;
	if (kind != ANSWER)
		return PROBE_YES;
	decode(r, kind, &m);
	return m.usn.n || m.target.n ? PROBE_YES : PROBE_NO;
}

static const struct hint hints[] = { { HINT_UDP, 1900 }, { HINT_END, 0 } };

static const struct field fields[] = {
	{ "ssdp.method", "string", "M-SEARCH, NOTIFY or answer" },
	{ "ssdp.nts", "string", "ssdp:alive, ssdp:byebye or ssdp:update" },
	{ "ssdp.target", "string", "kind of device or service" },
	{ "ssdp.usn", "string", "unique name of the device or service" },
	{ "ssdp.location_host", "string", "host that describes the device" },
	{ "ssdp.location_path", "string", "path of the description" },
	{ "ssdp.server", "string", "system, version of UPnP, product" },
	{ "ssdp.user_agent", "string", "the searcher's name for itself" },
	{ NULL },
};

const struct dissector ssdp_dissector = {
	.name = "ssdp",
	.title = "SSDP (UPnP)",
	.hints = hints,
	.fields = fields,
	.probe = ssdp_probe,
	.dissect = ssdp_dissect,
};
