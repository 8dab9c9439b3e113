/* mdns.c: Multicast DNS, RFC 6762, with service discovery, RFC 6763; and
 * LLMNR, RFC 4795, which is the same message on another port.
 *
 * Both ask a group and are answered from another address or not at all: each
 * message is an event of its own. A response names devices and what they
 * offer; from its records
 *
 *      PTR  _lxi._tcp.local -> "Bench 3._lxi._tcp.local"
 *      SRV  "Bench 3._lxi._tcp.local" -> port 80, bench3.local
 *      TXT  "Bench 3._lxi._tcp.local" -> Manufacturer=..., Model=...
 *      A    bench3.local -> 10.20.0.9
 *
 * the services are put together, and whoever they belong to gets an identity.
 * What a query holds as known answers is others' and is believed of nobody. */
#include "proto/dnsev.h"
#include "proto/dnsmsg.h"
#include "proto/proto.h"

#include <strings.h>

enum { HOSTS = 8 };

struct service {
	struct dns_name instance;       /* "Bench 3._lxi._tcp.local" */
	struct dns_name target;         /* n == 0: no SRV */
	uint16_t port;
	bool has_srv;
	struct rd txt;                  /* p == NULL: none */
};

/* What the records of one response come to. */
struct found {
	unsigned nservice, nhost;
	struct service service[LIM_MDNS_SERVICES];
	struct { struct dns_name name; struct addr ip; } host[HOSTS];
	struct text cpu, os;            /* HINFO */
};

/* ---- the keys of TXT records that say what a device is */

enum what { VENDOR, PRODUCT, MODEL, SERIAL, FIRMWARE, HARDWARE, LOCATION, WHATS };

/* Compared without case (RFC 6763 section 6.4). The first row of a kind that
 * is there wins. type NULL: in any service. */
static const struct { const char *type, *key; enum what what; } keys[] = {
	/* LXI Device Specification 1.5, section 10.4.3 */
	{ NULL, "Manufacturer", VENDOR }, { NULL, "Model", MODEL },
	{ NULL, "SerialNumber", SERIAL }, { NULL, "FirmwareVersion", FIRMWARE },
	/* printers: Bonjour Printing Specification 1.2.1, section 9 */
	{ NULL, "ty", PRODUCT }, { NULL, "product", PRODUCT },
	{ NULL, "usb_MFG", VENDOR }, { NULL, "usb_MDL", MODEL },
	{ NULL, "mfg", VENDOR }, { NULL, "mdl", MODEL },
	{ "_ipp", "note", LOCATION }, { "_ipps", "note", LOCATION },
	{ "_printer", "note", LOCATION }, { "_pdl-datastream", "note", LOCATION },
	/* SiLA 2 part B: the server's own name */
	{ "_sila", "server_name", PRODUCT }, { "_sila", "version", FIRMWARE },
	/* gateways and microcontrollers */
	{ "_esphomelib", "project_name", PRODUCT }, { "_esphomelib", "project_version", FIRMWARE },
	{ "_esphomelib", "board", HARDWARE }, { "_shelly", "app", PRODUCT },
	{ "_shelly", "ver", FIRMWARE }, { "_http", "fw_id", FIRMWARE },
	{ "_arduino", "board", HARDWARE },
	/* what Apple's and Google's devices say */
	{ "_googlecast", "md", MODEL }, { "_hap", "md", MODEL }, { "_raop", "am", MODEL },
	{ "_airplay", "fv", FIRMWARE }, { "_raop", "fv", FIRMWARE },
	/* words that many use */
	{ NULL, "vendor", VENDOR }, { NULL, "serial", SERIAL }, { NULL, "sn", SERIAL },
	{ NULL, "firmware", FIRMWARE }, { NULL, "fw_version", FIRMWARE },
	{ NULL, "fwversion", FIRMWARE }, { NULL, "hw_version", HARDWARE },
	{ NULL, "hwversion", HARDWARE },
};

static struct text *
slot(struct ident *i, enum what w)
{
	switch (w) {
	case VENDOR: return &i->vendor;
	case PRODUCT: return &i->product;
	case MODEL: return &i->model;
	case SERIAL: return &i->serial;
	case FIRMWARE: return &i->firmware;
	case HARDWARE: return &i->hardware;
	default: return &i->location;
	}
}

static bool
is(const void *p, size_t n, const char *lit)
{
	return strlen(lit) == n && strncasecmp(p, lit, n) == 0;
}

/* The service type of an instance: its label before _tcp or _udp. */
static struct text
type_label(const struct dns_name *n)
{
	struct text last = { NULL, 0 };
	const uint8_t *p;
	unsigned k;

	for (unsigned i = 0; (p = dns_label(n, i, &k)); i++) {
		if (is(p, k, "_tcp") || is(p, k, "_udp"))
			return last;
		last = (struct text){ (const char *)p, k };
	}
	return (struct text){ NULL, 0 };
}

/* A value the vendor wrote for a person: "(HP LaserJet 4000)" is a product in
 * PostScript's brackets. */
static struct text
tidy(struct text v)
{
	if (v.n > 2 && v.p[0] == '(' && v.p[v.n - 1] == ')')
		v = text_trim(v.p + 1, v.n - 2);
	return v;
}

/* What offers such a service is such a thing; most services say nothing of it.
 * Instruments: SiLA 2 part B, LXI 1.5. */
static struct text
service_role(struct text type)
{
	static const struct { const char *type; struct text role; } roles[] = {
		{ "_sila", TEXT("instrument") }, { "_lxi", TEXT("instrument") },
		{ "_vxi-11", TEXT("instrument") }, { "_vxi11", TEXT("instrument") },
		{ "_hislip", TEXT("instrument") }, { "_scpi-raw", TEXT("instrument") },
		{ "_scpi-telnet", TEXT("instrument") }, { "_ipp", TEXT("printer") },
		{ "_ipps", TEXT("printer") }, { "_printer", TEXT("printer") },
		{ "_pdl-datastream", TEXT("printer") }, { "_axis-video", TEXT("camera") },
		{ "_rtsp", TEXT("camera") }, { "_psia", TEXT("camera") } };

	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
		if (is(type.p, type.n, roles[i].type))
			return roles[i].role;
	return (struct text){ 0 };
}

static void
from_txt(struct ident *i, const struct service *s)
{
	struct text type = type_label(&s->instance);
	unsigned rank[WHATS];
	struct rd r = s->txt;

	for (unsigned k = 0; k < WHATS; k++)
		rank[k] = slot(i, (enum what)k)->n ? 0 : UINT32_MAX;
	while (rd_left(&r)) {
		uint8_t n = rd_u8(&r);
		const char *p = (const char *)rd_bytes(&r, n), *eq;
		struct text v;

		if (!p || !n || !(eq = memchr(p, '=', n)))
			continue;
		v = tidy(text_trim(eq + 1, n - (size_t)(eq + 1 - p)));
		if (!v.n)
			continue;
		for (unsigned k = 0; k < sizeof(keys) / sizeof(keys[0]); k++) {
			if (!is(p, (size_t)(eq - p), keys[k].key) || k >= rank[keys[k].what] ||
			    (keys[k].type && !is(type.p, type.n, keys[k].type)))
				continue;
			rank[keys[k].what] = k;
			*slot(i, keys[k].what) = v;
		}
	}
}

/* ---- a response's records gathered */

static struct service *
service_of(struct found *f, const struct dns_name *n)
{
	if (!type_label(n).n)
		return NULL;
	for (unsigned i = 0; i < f->nservice; i++)
		if (dns_name_eq(&f->service[i].instance, n))
			return &f->service[i];
	if (f->nservice == LIM_MDNS_SERVICES)
		return NULL;
	f->service[f->nservice] = (struct service){ .instance = *n };
	return &f->service[f->nservice++];
}

static void
gather(struct found *f, struct dns_msg *m, const struct dns_record *rr)
{
	struct rd r = rr->data;
	struct dns_name n;
	struct service *s;
	const uint8_t *p;

	if (rr->ttl == 0)               /* a goodbye: RFC 6762 section 10.1 */
		return;
	switch (rr->type) {
	case DNS_PTR:
		/* not the list of types, nor an address' reverse */
		if (type_label(&rr->name).n && dns_name(m, &r, &n) &&
		    n.n > rr->name.n)
			service_of(f, &n);
		break;
	case DNS_SRV:
		rd_skip(&r, 4);
		if ((s = service_of(f, &rr->name))) {
			s->port = rd_be16(&r);
			s->has_srv = dns_name(m, &r, &s->target);
		}
		break;
	case DNS_TXT:
		if ((s = service_of(f, &rr->name)))
			s->txt = r;
		break;
	case DNS_A: case DNS_AAAA:
		if (f->nhost == HOSTS)
			break;
		p = rd_bytes(&r, rr->type == DNS_A ? 4 : 16);
		if (!p)
			break;
		f->host[f->nhost].name = rr->name;
		f->host[f->nhost++].ip = rr->type == DNS_A ? addr_v4(p) : addr_v6(p);
		break;
	case DNS_HINFO:
		if (f->os.n)
			break;
		f->cpu = text_rd(&r, rd_u8(&r));
		f->os = text_rd(&r, rd_u8(&r));
		break;
	}
}

/* ---- events */

static void
put_section(struct ev *e, struct dns_msg *m, int section, struct found *f)
{
	struct dns_record rr;
	bool open = false;
	unsigned written = 0;

	for (unsigned i = 0; i < m->n[section] && dns_record(m, &rr); i++) {
		if (f)
			gather(f, m, &rr);
		if (rr.type == DNS_OPT || written == LIM_DNS_RECORDS)
			continue;
		if (!open && section == DNS_AN)
			ev_arr(e, "answers");
		else if (!open && section == DNS_NS)
			ev_arr(e, "authorities");
		else if (!open)
			ev_arr(e, "additionals");
		open = true;
		written++;
		dnsev_record(e, m, &rr, true);
	}
	if (open)
		ev_end(e);
}

static void
put_services(struct ev *e, const struct found *f)
{
	char t[DNS_NAME_TEXT];

	if (!f->nservice)
		return;
	ev_arr(e, "services");
	for (unsigned i = 0; i < f->nservice; i++) {
		const struct service *s = &f->service[i];
		struct rd r = s->txt;
		bool open = false;

		ev_a_obj(e);
		ev_str(e, "name", ((struct text){ t, (uint32_t)dns_name_put(t, &s->instance) }));
		ev_str(e, "type", type_label(&s->instance));
		if (s->has_srv) {
			ev_str(
			    e, "host", ((struct text){ t, (uint32_t)dns_name_put(t, &s->target) }));
			ev_uint(e, "port", s->port);
		}
		while (rd_left(&r)) {
			struct text v = text_rd(&r, rd_u8(&r));
			if (!v.n)
				continue;
			if (!open)
				ev_arr(e, "txt");
			open = true;
			ev_a_str(e, v);
		}
		if (open)
			ev_end(e);
		ev_end(e);
	}
	ev_end(e);
}

/* "bench3.local" is bench3 to everybody else on the network. */
static struct text
host_text(struct ev *e, const struct dns_name *n)
{
	struct text t = dnsev_name(e, n);

	if (t.n > 6 && strncasecmp(t.p + t.n - 6, ".local", 6) == 0)
		t.n -= 6;
	return t;
}

/* The host whose address the sender has, or UINT32_MAX. */
static unsigned
sender(const struct found *f, const struct addr *src)
{
	for (unsigned i = 0; i < f->nhost; i++)
		if (addr_eq(&f->host[i].ip, src))
			return i;
	return UINT32_MAX;
}

/* Whose identity a host's is: the sender's where its name is the sender's or
 * nothing speaks against it, else that of the address it has. A reflector
 * between networks sends what others said. */
static struct ident *
ident_for(struct ev *e, const struct found *f, const struct dns_name *host, const struct addr *src,
    const char *source)
{
	unsigned me = sender(f, src);
	struct ident *i;

	if (!host->n || (me != UINT32_MAX && dns_name_eq(host, &f->host[me].name)))
		return ev_identity(e, source, EV_SRC);
	for (unsigned k = 0; k < f->nhost; k++) {
		if (!dns_name_eq(host, &f->host[k].name) || f->host[k].ip.v != src->v)
			continue;
		i = ev_identity(e, source, EV_OTHER);
		i->ip = f->host[k].ip;
		return i;
	}
	return me == UINT32_MAX ? ev_identity(e, source, EV_SRC) : NULL;
}

static struct ident *
ident_same(struct ev *e, struct ident *i)
{
	for (unsigned k = 0; k < e->nid; k++) {
		struct ident *o = &e->id[k];
		if (o != i && o->of == i->of && addr_eq(&o->ip, &i->ip) && !o->has_mac)
			return o;
	}
	return NULL;
}

static void
identify(struct dctx *c, struct ev *e, const struct found *f, const char *source)
{
	const struct addr *src = &c->k->src;
	unsigned me = sender(f, src);
	struct ident *i, *o;

	/* names of addresses first: what services say is then added to them */
	for (unsigned k = 0; k < f->nhost && e->nid < LIM_IDENTITIES - 2; k++) {
		bool mine = me != UINT32_MAX && dns_name_eq(&f->host[k].name, &f->host[me].name);

		if (k == me || (me == UINT32_MAX && f->host[k].ip.v != src->v)) {
			i = ev_identity(e, source, k == me ? EV_SRC : EV_OTHER);
			if (k != me)
				i->ip = f->host[k].ip;
		} else {
			i = ev_identity(e, source, EV_OTHER);
			i->ip = f->host[k].ip;
			/* the same host's other addresses, told together with its MAC */
			i->has_mac = mine && c->k->has_mac;
			if (i->has_mac)
				memcpy(i->mac, c->k->src_mac, 6);
		}
		i->hostname = host_text(e, &f->host[k].name);
	}
	for (unsigned k = 0; k < f->nservice; k++) {
		const struct service *s = &f->service[k];

		if (!s->has_srv && !s->txt.p)
			continue;
		i = ident_for(e, f, &s->target, src, source);
		if (!i)
			continue;
		if ((o = ident_same(e, i))) {
			if (i == &e->id[e->nid - 1])
				e->nid--;
			i = o;
		}
		if (s->has_srv && s->target.n && !i->hostname.n)
			i->hostname = host_text(e, &s->target);
		from_txt(i, s);
		if (!i->role.n)
			i->role = service_role(type_label(&s->instance));
	}
	if (f->os.n) {
		i = ev_identity(e, source, EV_SRC);
		if ((o = ident_same(e, i))) {
			e->nid--;
			i = o;
		}
		i->os = f->os;
		i->hardware = f->cpu;
	}
}

static enum probe
mdns_probe(struct probe_in *in)
{
	bool first = rd_left(&in->side[0]) > 0;
	struct dns_msg m;
	struct dns_question q;

	if (!in->hinted || in->tcp)
		return PROBE_NO;
	switch (dns_look(in->side[!first], &m, &q)) {
	case DNS_SHAPE_CLEAN: return PROBE_YES;
	case DNS_SHAPE_HEADER: return PROBE_WEAK;
	default: return PROBE_NO;
	}
}

static enum verdict
dissect(struct dctx *c, struct rd *r, const char *type, const char *source)
{
	struct dns_msg m;
	struct rd at;
	struct dns_question q = { 0 };
	struct found f;
	bool answer, asked;
	struct ev *e;

	if (!dns_begin(&m, r)) {
		c->why = "HEADER_TRUNCATED";
		return rd_bad(&m.r) ? DIS_BAD : DIS_OK;
	}
	f.nservice = f.nhost = 0;
	f.cpu = f.os = (struct text){ NULL, 0 };
	answer = m.flags & DNS_QR;
	at = m.r;
	asked = m.n[DNS_QD] && dns_question(&m, &q);
	m.r = at;
	m.why = NULL;
	e = ev_begin(c, type, &c->when, c->side);
	ev_cstr(e, "type", answer ? "response" : "request");
	dnsev_header(e, &m);
	if (m.n[DNS_QD])
		dnsev_questions(e, &m, true);
	put_section(e, &m, DNS_AN, answer ? &f : NULL);
	put_section(e, &m, DNS_NS, NULL);
	put_section(e, &m, DNS_AR, answer ? &f : NULL);
	if (dns_rcode(&m))
		ev_cstr(e, "rcode", dns_rcode_name(dns_rcode(&m)));
	put_services(e, &f);
	e->ot.op = OT_IDENTIFY;
	e->ot.service = answer ? TEXT("response") : TEXT("query");
	if (asked)
		e->ot.object = dnsev_name(e, &q.name);
	if (answer)
		identify(c, e, &f, source);
	ev_emit(e);
	if (!dns_bad(&m))
		return DIS_OK;
	if (rd_bad(&m.r)) {
		r->err = RD_BAD;
		r->err_off = m.r.err_off;
		r->err_want = m.r.err_want;
	}
	c->why = m.why ? m.why : "MALFORMED_DATA";
	return DIS_BAD;
}

static enum verdict
mdns_dissect(struct dctx *c, struct rd *r)
{
	return dissect(c, r, "mdns", "mdns");
}

static enum verdict
llmnr_dissect(struct dctx *c, struct rd *r)
{
	return dissect(c, r, "llmnr", "llmnr");
}

#define RECORDS(t) \
	DNSEV_RECORD_FIELDS(t), \
	{ t ".cache_flush", "boolean", "replaces what was known of this name and type" }

#define MESSAGE_FIELDS(t) \
	{ t ".type", "string", "request or response" }, \
	{ t ".id", "integer", "transaction id" }, \
	{ t ".flags", "string", "the header's 16 flag bits in hex" }, \
	{ t ".qr", "boolean", "this is a response" }, \
	{ t ".aa", "boolean", "authoritative answer" }, \
	{ t ".tc", "boolean", "more follows" }, \
	{ t ".rd", "boolean", "recursion desired" }, \
	{ t ".ra", "boolean", "recursion available" }, \
	{ t ".opcode", "integer", "kind of query" }, \
	{ t ".opcode_name", "string", "its name" }, \
	{ t ".rcode", "string", "the response code's name where it is no success" }, \
	{ t ".queries", "array", "what was asked" }, \
	{ t ".queries.rrname", "string", "the name asked for" }, \
	{ t ".queries.rrtype", "string", "the record type asked for" }, \
	{ t ".queries.unicast", "boolean", "the answer may come to the asker alone" }, \
	{ t ".answers", "array", "answers; in a request those already known" }, \
	RECORDS(t ".answers"), \
	{ t ".authorities", "array", "in a request: what the sender is about to claim" }, \
	RECORDS(t ".authorities"), \
	{ t ".additionals", "array", "records that go with the answers" }, \
	RECORDS(t ".additionals"), \
	{ t ".services", "array", "services put together from the records (DNS-SD)" }, \
	{ t ".services.name", "string", "the service's instance" }, \
	{ t ".services.type", "string", "its type: _lxi, _ipp, _sila" }, \
	{ t ".services.host", "string", "the host that offers it" }, \
	{ t ".services.port", "integer", "the port it is at" }, \
	{ t ".services.txt", "array", "its attributes, key=value" }

static const struct hint mdns_hints[] = { { HINT_UDP, 5353 }, { 0 } };
static const struct field mdns_fields[] = { MESSAGE_FIELDS("mdns"), { NULL } };

const struct dissector mdns_dissector = {
	.name = "mdns",
	.title = "Multicast DNS and DNS service discovery",
	.hints = mdns_hints,
	.fields = mdns_fields,
	.probe = mdns_probe,
	.dissect = mdns_dissect,
};

static const struct hint llmnr_hints[] = { { HINT_UDP, 5355 }, { 0 } };
static const struct field llmnr_fields[] = { MESSAGE_FIELDS("llmnr"), { NULL } };

const struct dissector llmnr_dissector = {
	.name = "llmnr",
	.title = "Link-Local Multicast Name Resolution",
	.hints = llmnr_hints,
	.fields = llmnr_fields,
	.probe = mdns_probe,
	.dissect = llmnr_dissect,
};
