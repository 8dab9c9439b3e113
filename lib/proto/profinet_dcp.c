/* profinet_dcp.c: PROFINET DCP, who is there and what it shall be called.
 *
 * IEC 61158-6-10, 4.3. Requests and answers are paired by the asking station
 * and the Xid; to an Identify by multicast everybody answers, and each answer
 * is an event. A Set that carries several blocks is an event for each. */
#include "proto/keep.h"
#include "proto/profinet.h"

enum { TYPE_REQUEST, TYPE_SUCCESS, TYPE_UNSUPPORTED = 5, WAIT_RAW = 520 };

struct dcp_key {
	uint8_t from[6], to[6];         /* to: zero where the request was to many */
	uint8_t xid[4], service[2];
};

/* A request as it came. */
struct dcp_wait {
	uint16_t cap, len, repeats;
	uint8_t raw[WAIT_RAW];
};
_Static_assert(sizeof(struct dcp_wait) <= KEEP_DATA, "a DCP request fits its place");

static const struct tok services[] = {
	{ DCP_SVC_GET, "Get" }, { DCP_SVC_SET, "Set" }, { DCP_SVC_IDENTIFY, "Identify" },
	{ DCP_SVC_HELLO, "Hello" },
	{ 0, NULL }
};

static const struct tok options[] = {
	{ 0x0101, "MACAddress" }, { 0x0102, "IPParameter" }, { 0x0103, "FullIPSuite" },
	{ 0x0201, "TypeOfStation" }, { 0x0202, "NameOfStation" }, { 0x0203, "DeviceID" },
	{ 0x0204, "DeviceRole" }, { 0x0205, "DeviceOptions" }, { 0x0206, "AliasName" },
	{ 0x0207, "DeviceInstance" }, { 0x0208, "OEMDeviceID" }, { 0x0209, "StandardGateway" },
	{ 0x020a, "RSIProperties" }, { 0x030c, "DHCPHostName" }, { 0x032b, "DHCPVendorSpecific" },
	{ 0x0336, "DHCPServerIdentifier" }, { 0x0337, "DHCPParameterRequestList" },
	{ 0x033c, "DHCPClassIdentifier" }, { 0x033d, "DHCPClientIdentifier" },
	{ 0x0351, "DHCPFQDN" }, { 0x0361, "DHCPUUID" }, { 0x03ff, "DHCPControl" },
	{ 0x0501, "StartTransaction" }, { 0x0502, "EndTransaction" }, { 0x0503, "Signal" },
	{ 0x0504, "Response" }, { 0x0505, "FactoryReset" }, { 0x0506, "ResetToFactory" },
	{ 0x0601, "DeviceInitiative" }, { 0x0701, "TSNDomainName" }, { 0xffff, "All" },
	{ 0, NULL }
};

static const struct tok block_errors[] = {
	{ 0, "ok" }, { 1, "option_unsupported" }, { 2, "suboption_unsupported" },
	{ 3, "suboption_not_set" }, { 4, "resource_error" }, { 5, "set_not_possible" },
	{ 6, "in_operation" },
	{ 0, NULL }
};

/* What ResetToFactory resets: its qualifier without the lowest bit. */
static const struct tok resets[] = {
	{ 0x02, "application_data" }, { 0x04, "communication_parameter" },
	{ 0x06, "engineering_parameter" }, { 0x08, "all_stored_data" }, { 0x10, "device" },
	{ 0x12, "device_and_restore" },
	{ 0, NULL }
};

static const struct tok ip_status[] = {
	{ 0x00, "not_set" }, { 0x01, "set" }, { 0x02, "dhcp" }, { 0x80, "not_set_conflict" },
	{ 0x81, "set_conflict" }, { 0x82, "dhcp_conflict" },
	{ 0, NULL }
};

static const struct tok roles[] = {
	{ 1, "io_device" }, { 2, "io_controller" }, { 4, "io_multidevice" }, { 8, "supervisor" },
	{ 0, NULL }
};

static struct text
option_text(struct ev *e, uint16_t o)
{
	const char *s = tok_find(options, o);

	if (s)
		return text_c(s);
	return ev_text(e, o >= 0x8000 ? "Manufacturer %u/%u" : "%u/%u", o >> 8, o & 0xff);
}

static bool
is_reset(const struct dcp_block *b)
{
	return b->option == 5 && (b->sub == 5 || b->sub == 6);
}

static void
put_block(struct ev *e, const struct dcp_block *b)
{
	ev_a_obj(e);
	ev_str(e, "option", option_text(e, (uint16_t)(b->option << 8 | b->sub)));
	if (is_reset(b) && b->sub == 6) {
		ev_cstr(e, "reset", tok_find(resets, b->info & 0x1e));
		ev_uint(e, "qualifier", b->info);
	} else if (b->option != 5) {
		ev_bool(e, "permanent", b->info & 1);
	}
	if (b->option == 5 && b->sub == 3)
		ev_uint(e, "signal", b->value);
	ev_end(e);
}

static void
put_pdu(struct ev *e, const struct dcp_pdu *d)
{
	if (d->type == TYPE_UNSUPPORTED)
		ev_bool(e, "unsupported", true);
	if (d->all)
		ev_bool(e, "all", true);
	ev_str(e, "name_of_station", d->name);
	ev_str(e, "alias", d->alias);
	ev_str(e, "type_of_station", d->station);
	if (d->has_ids) {
		ev_uint(e, "vendor_id", d->vendor);
		ev_cstr(e, "vendor", pn_vendor_name(d->vendor));
		ev_uint(e, "device_id", d->device);
	}
	if (d->has_oem) {
		ev_uint(e, "oem_vendor_id", d->oem_vendor);
		ev_uint(e, "oem_device_id", d->oem_device);
	}
	if (d->has_role) {
		ev_arr(e, "roles");
		for (const struct tok *t = roles; t->s; t++)
			if (d->role & t->v)
				ev_a_str(e, text_c(t->s));
		ev_end(e);
	}
	if (d->has_instance)
		ev_uint(e, "instance", d->instance[0] << 8 | d->instance[1]);
	if (d->has_mac)
		ev_put_mac(e, "mac", d->mac);
	if (d->has_ip) {
		ev_put_ip(e, "ip", &d->ip[0]);
		ev_put_ip(e, "netmask", &d->ip[1]);
		ev_put_ip(e, "gateway", &d->ip[2]);
		if (d->type != TYPE_REQUEST || d->service == DCP_SVC_HELLO)
			ev_cstr(e, "ip_status", tok_find(ip_status, d->ip_info & 0xff));
	}
	if (d->ndns) {
		ev_arr(e, "dns");
		for (unsigned i = 0; i < d->ndns; i++) {
			char t[ADDR_TEXT];
			ev_a_str(e, ((struct text){ t, (uint32_t)addr_put(t, &d->dns[i]) }));
		}
		ev_end(e);
	}
	if (d->noptions) {
		ev_arr(e, "options");
		for (unsigned i = 0; i < d->noptions; i++)
			ev_a_str(e, option_text(e, d->options[i]));
		ev_end(e);
	}
	if (d->nset) {
		ev_arr(e, "set");
		for (unsigned i = 0; i < d->nset; i++)
			put_block(e, &d->set[i]);
		ev_end(e);
	}
	if (d->nerrors) {
		ev_arr(e, "results");
		for (unsigned i = 0; i < d->nerrors; i++) {
			const struct dcp_block *b = &d->errors[i];
			ev_a_obj(e);
			ev_str(e, "option", option_text(e, (uint16_t)(b->option << 8 | b->sub)));
			ev_uint(e, "error_raw", b->error);
			ev_cstr(e, "error", tok_find(block_errors, b->error));
			ev_end(e);
		}
		ev_end(e);
	}
}

static void
describe(struct ident *i, const struct dcp_pdu *d)
{
	i->vendor = d->has_ids ? text_c(pn_vendor_name(d->vendor)) : (struct text){ 0 };
	i->product = d->station;
	i->hostname = d->name;
	if (d->has_role)
		i->role = d->role & 2 ? TEXT("plc") : d->role & 8 ? TEXT("engineering_station") :
		    d->role & 5 ? TEXT("io_device") : (struct text){ 0 };
}

/* What a station said of itself; mac is its own. */
static void
put_identity(struct ev *e, const struct dcp_pdu *d, const uint8_t mac[6], enum ident_of of,
    const char *source)
{
	static const uint8_t none[4];
	struct ident *i = ev_identity(e, source, of);

	describe(i, d);
	if (!d->has_ip || memcmp(d->ip[0].b, none, 4) == 0)
		return;
	i = ev_identity(e, source, EV_OTHER);
	describe(i, d);
	i->has_mac = true;
	memcpy(i->mac, mac, 6);
	i->ip = d->ip[0];
}

static void
set_value(struct ev *e, const struct dcp_pdu *d, const struct dcp_block *b)
{
	char t[ADDR_TEXT];

	if (b->text.n) {
		ev_val_str(e, b->text);
	} else if (b->option == 1 && b->sub != 1) {
		ev_val_arr(e);
		for (int i = 0; i < 3; i++)
			ev_val_str(e, (struct text){ t, (uint32_t)addr_put(t, &b->ip[i]) });
		ev_val_end(e);
	} else if (b->option == 5 && b->sub == 3) {
		ev_val_uint(e, b->value);
	} else if (b->option == 5 && b->sub == 6) {
		ev_val_str(e, text_c(tok_find(resets, b->info & 0x1e)));
	}
}

/* The answer to one block of a Set. */
static struct text
set_result(struct ev *e, const struct dcp_pdu *a, const struct dcp_block *b)
{
	if (a->type == TYPE_UNSUPPORTED)
		return TEXT("unsupported");
	for (unsigned i = 0; i < a->nerrors; i++)
		if (a->errors[i].option == b->option && a->errors[i].sub == b->sub) {
			const char *s = tok_find(block_errors, a->errors[i].error);
			return s ? text_c(s) : ev_text(e, "error_%u", a->errors[i].error);
		}
	return TEXT("ok");
}

/* The k'th block of a Set is what this event is about. */
static void
put_set(struct ev *e, struct dctx *c, const struct dcp_pdu *q, const struct dcp_pdu *a, unsigned k)
{
	const struct dcp_block *b = &q->set[k];

	e->ot.object = option_text(e, (uint16_t)(b->option << 8 | b->sub));
	e->ot.op = OT_CONFIGURE;
	if (b->option == 5)
		e->ot.op = b->sub == 1 || b->sub == 2 ? OT_OTHER : OT_COMMAND;
	set_value(e, q, b);
	if (!a)
		return;
	e->ot.result = set_result(e, a, b);
	if (e->ot.result.n == 2 && (b->option == 1 || b->option == 2)) {       /* "ok" */
		struct dcp_pdu now = { 0 };
		now.name = b->option == 2 && b->sub == 2 ? b->text : (struct text){ 0 };
		now.has_ip = b->option == 1 && b->sub != 1;
		memcpy(now.ip, b->ip, sizeof(now.ip));
		put_identity(e, &now, c->k->dst_mac, EV_DEST, "dcp.set");
	}
}

static void
report(struct dctx *c, const struct dcp_pdu *q, const struct when *at, const struct dcp_pdu *a,
    unsigned repeats, unsigned k)
{
	const struct dcp_pdu *p = q ? q : a;
	struct ev *e = ev_begin(c, "profinet_dcp", at, 0);
	const char *service = tok_find(services, p->service);
	bool hello = p->service == DCP_SVC_HELLO;

	ev_cstr(e, "service", service);
	if (!service)
		ev_uint(e, "service_raw", p->service);
	ev_uint(e, "xid", p->xid);
	if (repeats)
		ev_uint(e, "repeats", repeats);
	if (q) {
		ev_obj(e, "request");
		if (q->frame == DCP_IDENT_REQ)
			ev_uint(e, "response_delay", q->delay);
		put_pdu(e, q);
		ev_end(e);
	}
	if (a) {
		ev_obj(e, "response");
		put_pdu(e, a);
		ev_end(e);
	}
	e->ot.service = text_c(service);
	e->ot.op = OT_OTHER;
	switch (p->service) {
	case DCP_SVC_IDENTIFY: case DCP_SVC_HELLO:
		e->ot.op = OT_IDENTIFY;
		if (q)
			e->ot.object = q->all ? TEXT("All") : q->name.n ? q->name : q->alias;
		break;
	case DCP_SVC_GET:
		e->ot.op = OT_READ;
		if (q && q->noptions) {
			e->ot.object = option_text(e, q->options[0]);
			e->ot.has_count = true;
			e->ot.count = q->noptions;
		}
		break;
	case DCP_SVC_SET:
		e->ot.op = OT_CONFIGURE;
		if (q && k < q->nset)
			put_set(e, c, q, a, k);
		break;
	}
	if (a && a->type == TYPE_UNSUPPORTED)
		e->ot.result = TEXT("unsupported");
	else if (a && p->service != DCP_SVC_SET && a->nerrors && a->errors[0].error)
		e->ot.result = text_c(tok_find(block_errors, a->errors[0].error));
	if (a && q)
		ev_answered(e, c, at);
	else if (a && !e->ot.result.n)
		e->ot.result = TEXT("ok");
	else if (q && !hello)
		ev_unanswered(e, c);
	if (hello)
		put_identity(e, p, c->k->src_mac, EV_SRC, "dcp.hello");
	else if (a && p->service != DCP_SVC_SET)
		put_identity(e, a, c->k->dst_mac, EV_DEST,
		    p->service == DCP_SVC_GET ? "dcp.get" : "dcp.identify");
	ev_emit(e);
}

/* One event, or for a Set one for each thing set; its transaction marks only
 * where there is nothing else. */
static void
report_all(struct dctx *c, const struct dcp_pdu *q, const struct when *at, const struct dcp_pdu *a,
    unsigned repeats)
{
	bool any = false;

	for (unsigned k = 0; q && q->service == DCP_SVC_SET && k < q->nset; k++) {
		const struct dcp_block *b = &q->set[k];
		if (b->option == 5 && (b->sub == 1 || b->sub == 2))
			continue;
		report(c, q, at, a, repeats, k);
		any = true;
	}
	if (!any)
		report(c, q, at, a, repeats, 0);
}

static void
wait_decode(const struct dcp_wait *w, struct dcp_pdu *q)
{
	struct rd r = rd_init(w->raw, w->cap, w->len);

	dcp_decode(&r, q);
}

static void
unanswered(struct dctx *c, struct keep *s)
{
	const struct dcp_wait *w = (const struct dcp_wait *)s->data;
	struct dcp_pdu q;

	wait_decode(w, &q);
	report_all(c, &q, &s->first, NULL, w->repeats);
}

static struct dcp_key
key_of(const uint8_t from[6], const uint8_t to[6], const struct dcp_pdu *d)
{
	struct dcp_key k = { .service = { d->service } };

	memcpy(k.from, from, 6);
	if (to && !(to[0] & 1))
		memcpy(k.to, to, 6);
	for (int i = 0; i < 4; i++)
		k.xid[i] = (uint8_t)(d->xid >> (24 - 8 * i));
	return k;
}

static void
take_request(struct dctx *c, const struct dcp_pdu *d, const uint8_t *raw, uint32_t cap,
    uint32_t len)
{
	struct dcp_key key = key_of(c->k->src_mac, c->k->dst_mac, d);
	struct keep *s = keep_find(c, &key, sizeof(key));
	struct dcp_wait *w = s ? (struct dcp_wait *)s->data : NULL;

	if (cap > WAIT_RAW)
		cap = WAIT_RAW;
	/* sent again, or seen at two ports of a mirror */
	if (s && !s->answered && w->cap == cap && memcmp(w->raw, raw, cap) == 0) {
		w->repeats++;
		return;
	}
	s = keep_new(c, KEEP_WAIT, &key, sizeof(key), unanswered);
	w = (struct dcp_wait *)s->data;
	w->cap = (uint16_t)cap;
	w->len = (uint16_t)(len > UINT16_MAX ? UINT16_MAX : len);
	memcpy(w->raw, raw, cap);
}

static void
take_response(struct dctx *c, const struct dcp_pdu *a)
{
	struct dcp_key key = key_of(c->k->dst_mac, c->k->src_mac, a);
	struct keep *s = keep_find(c, &key, sizeof(key));
	struct dcp_pdu q;
	struct dctx d;
	struct pkt k;

	if (!s) {
		key = key_of(c->k->dst_mac, NULL, a);
		s = keep_find(c, &key, sizeof(key));
	} else if (s->answered) {
		return;                 /* seen at two ports of a mirror */
	}
	if (s) {
		const struct dcp_wait *w = (const struct dcp_wait *)s->data;
		keep_ctx(&d, &k, c, s);
		d.when = c->when;
		memcpy(k.dst_mac, c->k->src_mac, 6);
		wait_decode(w, &q);
		s->answered = true;
		report_all(&d, &q, &s->first, a, w->repeats);
		return;
	}
	/* an answer alone: its asker is the client all the same */
	d = *c;
	k = *c->k;
	d.k = &k;
	memcpy(k.src_mac, c->k->dst_mac, 6);
	memcpy(k.dst_mac, c->k->src_mac, 6);
	report(&d, NULL, &c->when, a, 0, 0);
}

static enum verdict
dcp_dissect(struct dctx *c, struct rd *r)
{
	const uint8_t *raw = rd_at(r);
	uint32_t cap = r->cap - r->off, len = r->len - r->off;
	int frame = rd_peek16(r, 0);
	struct dcp_pdu d;

	if (frame < DCP_HELLO || frame > DCP_IDENT_RES)
		return DIS_NOT_MINE;
	dcp_decode(r, &d);
	c->why = d.why;
	if (!d.head)
		return rd_short(r) ? DIS_OK : DIS_BAD;
	/* the frame id says what may be in it: 4.3.1.3 */
	if ((d.frame == DCP_HELLO) != (d.service == DCP_SVC_HELLO) ||
	    (d.frame >= DCP_IDENT_REQ) != (d.service == DCP_SVC_IDENTIFY) ||
	    (d.frame == DCP_IDENT_REQ && d.type != TYPE_REQUEST) ||
	    (d.frame == DCP_IDENT_RES && d.type == TYPE_REQUEST)) {
		c->why = "SERVICE_MISMATCH";
		return c->cut ? DIS_OK : DIS_BAD;
	}
	if (d.service == DCP_SVC_HELLO)
		report(c, &d, &c->when, NULL, 0, 0);
	else if (d.type == TYPE_REQUEST)
		take_request(c, &d, raw, cap, len);
	else
		take_response(c, &d);
	return c->why ? DIS_BAD : DIS_OK;
}

static const struct hint hints[] = { { HINT_ETHER, 0x8892 }, { 0 } };

#define SIDE(p)                                                                                    \
	{ "profinet_dcp." p ".all", "boolean", "everybody is meant" },                             \
	    { "profinet_dcp." p ".name_of_station", "string", "the station's name" },              \
	    { "profinet_dcp." p ".alias", "string", "port and neighbour it is known by" },         \
	    { "profinet_dcp." p ".type_of_station", "string", "the maker's word for the type" },   \
	    { "profinet_dcp." p ".vendor_id", "integer", "the maker's number at PI" },             \
	    { "profinet_dcp." p ".vendor", "string", "his name" },                                 \
	    { "profinet_dcp." p ".device_id", "integer", "the maker's number of the device" },     \
	    { "profinet_dcp." p ".oem_vendor_id", "integer", "who sells it, where another" },      \
	    { "profinet_dcp." p ".oem_device_id", "integer", "his number of the device" },         \
	    { "profinet_dcp." p ".roles", "array", "io_device, io_controller, supervisor ..." },   \
	    { "profinet_dcp." p ".instance", "integer", "device instance" },                       \
	    { "profinet_dcp." p ".mac", "string", "MAC address block" },                           \
	    { "profinet_dcp." p ".ip", "string", "the station's address" },                        \
	    { "profinet_dcp." p ".netmask", "string", "its network mask" },                        \
	    { "profinet_dcp." p ".gateway", "string", "its gateway" },                             \
	    { "profinet_dcp." p ".dns", "array", "its name servers" },                             \
	{ "profinet_dcp." p ".options", "array", "what is asked for, or can be asked for" }

static const struct field fields[] = {
	{ "profinet_dcp.service", "string", "Identify, Get, Set or Hello" },
	{ "profinet_dcp.service_raw", "integer", "service without a name" },
	{ "profinet_dcp.xid", "integer", "transaction id" },
	{ "profinet_dcp.repeats", "integer", "how often the request came again" },
	SIDE("request"),
	{ "profinet_dcp.request.response_delay", "integer", "spread of the answers, in 10 ms" },
	{ "profinet_dcp.request.ip_status", "string", "of a Hello: set, dhcp, ..., conflict" },
	{ "profinet_dcp.request.set", "array", "what a Set sets" },
	{ "profinet_dcp.request.set[].option", "string", "NameOfStation, IPParameter, ..." },
	{ "profinet_dcp.request.set[].permanent", "boolean", "kept over a restart" },
	{ "profinet_dcp.request.set[].reset", "string", "what ResetToFactory resets" },
	{ "profinet_dcp.request.set[].qualifier", "integer", "its qualifier as on the wire" },
	{ "profinet_dcp.request.set[].signal", "integer", "0x0100: flash once" },
	SIDE("response"),
	{ "profinet_dcp.response.unsupported", "boolean", "the service is not supported" },
	{ "profinet_dcp.response.ip_status", "string", "set, not_set, dhcp, or with conflict" },
	{ "profinet_dcp.response.results", "array", "the outcome of each block" },
	{ "profinet_dcp.response.results[].option", "string", "of which" },
	{ "profinet_dcp.response.results[].error_raw", "integer", "0: done" },
	{ "profinet_dcp.response.results[].error", "string", "its name" },
	{ NULL }
};

const struct dissector profinet_dcp_dissector = {
	.name = "profinet_dcp",
	.title = "PROFINET DCP",
	.hints = hints,
	.fields = fields,
	.dissect = dcp_dissect,
};
