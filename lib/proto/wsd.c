/* wsd.c: WS-Discovery (OASIS 1.1, and the draft of 2005 that devices speak): SOAP over
 * UDP, by which Windows finds printers and scanners, and ONVIF its cameras.
 *
 *      <Action>.../discovery/ProbeMatches</Action> ... <Address>urn:uuid:...</Address>
 *      <Types>dn:NetworkVideoTransmitter</Types>
 *      <Scopes>onvif://www.onvif.org/hardware/P3245 ...</Scopes> <XAddrs>http://...</XAddrs>
 *
 * Messages are sent several times over: each is an event the first time. */
#include "proto/headers.h"
#include "proto/proto.h"
#include "proto/sysdescr.h"
#include "proto/told.h"
#include "proto/xmltag.h"

enum { TYPES = 8, SCOPE = 128 };

static const char *const actions[] = {
	"ProbeMatches", "ResolveMatches", "Probe", "Resolve", "Hello", "Bye",
};
enum { PROBE_MATCHES, RESOLVE_MATCHES, PROBE, RESOLVE, HELLO, BYE, ACTIONS };

static int
action_of(struct text doc)
{
	struct text a = xml_value(doc, "Action");

	if (!text_find(a, "/discovery/"))
		return -1;
	for (int i = 0; i < ACTIONS; i++) {
		size_t n = strlen(actions[i]);
		if (a.n > n && a.p[a.n - n - 1] == '/' && memcmp(a.p + a.n - n, actions[i], n) == 0)
			return i;
	}
	return -1;
}

/* The next word of a list parted by white space. */
static struct text
next_word(struct text *t)
{
	struct text w;
	uint32_t n = 0;

	if (!t->n)
		return *t;
	while (t->n && (uint8_t)*t->p <= ' ') {
		t->p++;
		t->n--;
	}
	while (n < t->n && (uint8_t)t->p[n] > ' ')
		n++;
	w = (struct text){ t->p, n };
	t->p += n;
	t->n -= n;
	return w;
}

/* What stands behind "onvif://www.onvif.org/<what>/", %20 made a blank again. */
static struct text
scope(struct ev *e, struct text scopes, const char *what)
{
	struct text w;
	char *d;
	uint32_t at = 0;
	size_t n = strlen(what);

	while ((w = next_word(&scopes)).n) {
		if (!text_begins(w, "onvif://www.onvif.org/") || w.n <= 22 + n + 1 ||
		    memcmp(w.p + 22, what, n) != 0 || w.p[22 + n] != '/')
			continue;
		w.p += 22 + n + 1;
		w.n -= (uint32_t)(22 + n + 1);
		if (!(d = ev_room(e, SCOPE)))
			break;
		for (uint32_t i = 0; i < w.n && at < SCOPE; i++) {
			bool blank = w.p[i] == '%' && i + 2 < w.n && w.p[i + 1] == '2' &&
			    w.p[i + 2] == '0';

			d[at++] = blank ? ' ' : w.p[i];
			i += blank ? 2 : 0;
		}
		return text_trim(d, at);
	}
	return (struct text){ 0 };
}

static struct text
role_of(struct text types)
{
	return text_find(types, "NetworkVideo") ? TEXT("camera") :
	    text_find(types, "PrintDeviceType") ? TEXT("printer") :
	    text_find(types, "ScanDeviceType") ? TEXT("scanner") :
	    text_find(types, "Computer") ? TEXT("workstation") : (struct text){ 0 };
}

static void
identify(struct ev *e, struct text types, struct text scopes)
{
	struct ident *i = ev_identity(e, "wsd.scopes", EV_SRC);

	i->product = scope(e, scopes, "name");
	i->model = scope(e, scopes, "hardware");
	i->location = scope(e, scopes, "location");
	if (i->location.n > 8 && memcmp(i->location.p, "country/", 8) == 0)
		i->location = (struct text){ i->location.p + 8, i->location.n - 8 };
	i->role = role_of(types);
	if (!i->product.n && !i->model.n && !i->role.n && i == &e->id[e->nid - 1])
		e->nid--;
}

static void
put_types(struct ev *e, struct text types)
{
	struct text w;
	unsigned n = 0;

	while (n < TYPES && (w = next_word(&types)).n) {
		const char *colon = memchr(w.p, ':', w.n);

		if (colon)
			w = (struct text){ colon + 1, w.n - (uint32_t)(colon + 1 - w.p) };
		if (!n++)
			ev_arr(e, "types");
		ev_a_str(e, w);
	}
	if (n)
		ev_end(e);
}

static enum verdict
wsd_dissect(struct dctx *c, struct rd *r)
{
	struct text doc = headers_text(r), body, types, scopes, address, addrs;
	int action = action_of(doc);
	uint64_t h = HASH_BEGIN + (uint64_t)(unsigned)action;
	struct ev *e;
	bool secret;

	rd_skip(r, rd_have(r));
	if (action < 0) {
		c->why = "ACTION_UNKNOWN";
		return c->cut ? DIS_OK : DIS_BAD;
	}
	body = xml_inside(doc, "Body");
	types = xml_value(body, "Types");
	scopes = xml_value(body, "Scopes");
	address = xml_value(body, "Address");
	addrs = xml_value(body, "XAddrs");
	h = told_text(h, types);
	h = told_text(h, scopes);
	h = told_text(h, address);
	if (told_before(c, told_text(h, addrs), false))
		return DIS_OK;
	e = ev_begin(c, "wsd", &c->when, c->side);
	ev_cstr(e, "action", actions[action]);
	ev_str(e, "address", address);
	put_types(e, types);
	ev_str(e, "transport_host", url_host(next_word(&addrs), &secret));
	e->ot.op = action == PROBE || action == RESOLVE ? OT_IDENTIFY : OT_REPORT;
	e->ot.service = text_c(actions[action]);
	e->ot.object = address;
	if (action != PROBE && action != RESOLVE && action != BYE)
		identify(e, types, scopes);
	ev_emit(e);
	return DIS_OK;
}

static enum probe
wsd_probe(struct probe_in *in)
{
	bool first = rd_have(&in->side[0]) > 0;
	struct text doc = headers_text(&in->side[!first]);
	int action;

	if (in->tcp || !doc.n || *doc.p != '<')
		return PROBE_NO;
	action = action_of(doc);
	if (action < 0)
		return PROBE_NO;
	in->reversed = first && (action == PROBE_MATCHES || action == RESOLVE_MATCHES);
	return PROBE_YES;
}

static const struct hint hints[] = { { HINT_UDP, 3702 }, { HINT_END, 0 } };

static const struct field fields[] = {
	{ "wsd.action", "string", "Hello, Bye, Probe, ProbeMatches, Resolve or ResolveMatches" },
	{ "wsd.address", "string", "the device's own id" },
	{ "wsd.types", "array", "what kind of device it is" },
	{ "wsd.transport_host", "string", "host at which it is to be asked" },
	{ NULL },
};

const struct dissector wsd_dissector = {
	.name = "wsd",
	.title = "WS-Discovery",
	.hints = hints,
	.fields = fields,
	.probe = wsd_probe,
	.dissect = wsd_dissect,
};
