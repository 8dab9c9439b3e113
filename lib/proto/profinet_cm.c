/* profinet_cm.c: PROFINET IO's context management over UDP: who connects to
 * which device with which modules, what is read, written and commanded.
 *
 * IEC 61158-6-10, 4.10 (DCE/RPC, connectionless) and 5.2 (blocks). The answer
 * comes from another port than the one that was asked: requests wait by their
 * activity and sequence number, not by flow. A Write of several records is an
 * event for each. */
#include "proto/gather.h"
#include "proto/keep.h"
#include "proto/profinet_cm_put.h"
#include "proto/profinet_epm.h"

enum iface { IF_NONE, IF_DEVICE, IF_CONTROLLER, IF_SUPERVISOR, IF_PARAMETER_SERVER, IF_EPM };
enum { WAIT_RAW = 1408, EPM_LOOKUP = 2 };

/* A request: in raw, or where it is longer among the gathered messages. */
struct cm_wait {
	struct rpc_head h;
	uint16_t cap, repeats;
	uint32_t len;
	bool stored;
	uint8_t raw[WAIT_RAW];
};
_Static_assert(sizeof(struct cm_wait) <= KEEP_DATA, "a datagram's request fits its place");

static const char *const iface_names[] = { NULL, "device", "controller", "supervisor",
	"parameter_server", "endpoint_mapper" };

static const struct tok operations[] = {
	{ CM_CONNECT, "Connect" }, { CM_RELEASE, "Release" }, { CM_READ, "Read" },
	{ CM_WRITE, "Write" }, { CM_CONTROL, "Control" }, { CM_READ_IMPLICIT, "ReadImplicit" },
	{ 0, NULL }
};

static const struct tok epm_operations[] = {
	{ 0, "Insert" }, { 1, "Delete" }, { 2, "Lookup" }, { 3, "Map" }, { 4, "LookupHandleFree" },
	{ 5, "InquireObject" }, { 6, "ManagementDelete" },
	{ 0, NULL }
};

static enum iface
iface_of(const struct rpc_head *h)
{
	static const uint8_t pn[12] = { 0x6c, 0x97, 0x11, 0xd1, 0x82, 0x71, 0x00, 0xa0, 0x24, 0x42,
		0xdf, 0x7d };
	static const uint8_t epm[16] = { 0xe1, 0xaf, 0x83, 0x08, 0x5d, 0x1f, 0x11, 0xc9, 0x91, 0xa4,
		0x08, 0x00, 0x2b, 0x14, 0xa0, 0xfa };
	const uint8_t *u = h->iface;

	if (memcmp(u, epm, 16) == 0)
		return IF_EPM;
	if (memcmp(u + 4, pn, 12) != 0 || u[0] != 0xde || u[1] != 0xa0 || u[2] ||
	    u[3] < IF_DEVICE || u[3] > IF_PARAMETER_SERVER)
		return IF_NONE;
	return (enum iface)u[3];
}

static bool
from_server(const struct rpc_head *h)
{
	return h->type == RPC_RESPONSE || h->type == RPC_FAULT || h->type == RPC_REJECT ||
	    h->type == RPC_WORKING || h->type == RPC_NOCALL || h->type == RPC_FACK;
}

/* An endpoint mapper's answer that has a PROFINET object in it. */
static bool
has_object(struct rd r, bool le)
{
	static const uint8_t pattern[2][6] = { { 0x6c, 0x97, 0x11, 0xd1, 0x82, 0x71 },
		{ 0x97, 0x6c, 0xd1, 0x11, 0x82, 0x71 } };
	uint32_t n = rd_have(&r);
	const uint8_t *p = rd_bytes(&r, n);

	return p && n >= 6 && memmem(p, n, pattern[le], 6);
}

static enum probe
cm_probe(struct probe_in *in)
{
	for (int side = 0; side < 2; side++) {
		struct rd r = in->side[side];
		struct rpc_head h;
		enum iface i;

		if (in->tcp || !rd_left(&r))
			continue;
		if (!rpc_head_read(&r, &h) || (i = iface_of(&h)) == IF_NONE)
			return PROBE_NO;
		in->reversed = from_server(&h) == (side == 0);
		/* anybody may have an endpoint mapper; PROFINET's is at its own port */
		return i == IF_EPM && !has_object(r, h.le) ? PROBE_WEAK : PROBE_YES;
	}
	return PROBE_NO;
}

static void
put_head(struct ev *e, const struct rpc_head *h)
{
	enum iface i = iface_of(h);
	const char *op = tok_find(i == IF_EPM ? epm_operations : operations, h->op);
	struct pn_object o;

	ev_cstr(e, "operation", op);
	if (!op)
		ev_uint(e, "operation_raw", h->op);
	ev_cstr(e, "interface", iface_names[i]);
	ev_uint(e, "sequence", h->seq);
	cm_put_uuid(e, JW_K("activity"), h->activity);
	if (pn_object(h->object, &o)) {
		ev_obj(e, "object");
		ev_uint(e, "instance", o.instance);
		ev_uint(e, "vendor_id", o.vendor);
		ev_cstr(e, "vendor", pn_vendor_name(o.vendor));
		ev_uint(e, "device_id", o.device);
		ev_end(e);
	}
	e->ot.service = text_c(op);
	e->ot.op = OT_OTHER;
}

/* Who connects, and to whom. */
static void
put_connect(struct ev *e, const struct rpc_head *h, const struct cm_pdu *q, const struct cm_pdu *a)
{
	struct pn_object o;
	struct ident *i;

	e->ot.op = OT_CONNECT;
	if (q && q->has_ar) {
		e->ot.object = q->station;
		i = ev_identity(e, "profinet.connect", EV_SRC);
		i->hostname = q->station;
		i->role = q->ar_type == 6 ? TEXT("engineering_station") : TEXT("plc");
	}
	if (!a || a->status)
		return;
	i = ev_identity(e, "profinet.connect", EV_DEST);
	i->role = TEXT("io_device");
	i->hostname = a->server;
	if (pn_object(h->object, &o))
		i->vendor = text_c(pn_vendor_name(o.vendor));
}

static void
put_control(struct ev *e, const struct cm_pdu *q, const struct cm_pdu *a)
{
	const struct cm_pdu *p = q ? q : a;

	if (!p->has_control)
		return;
	/* "ready" is the device's word, the rest the controller's */
	e->ot.op = p->command & 0x32 ? OT_REPORT : OT_COMMAND;
	e->ot.object = text_c(q ? cm_command_name(q->command) : NULL);
}

static const struct cm_record *
answer_of(const struct cm_pdu *a, const struct cm_record *q, unsigned k)
{
	for (unsigned i = k; i < a->nrec; i++) {
		const struct cm_record *r = &a->rec[i];
		if (r->index == q->index && r->slot == q->slot && r->subslot == q->subslot &&
		    r->api == q->api)
			return r;
	}
	return NULL;
}

/* One event for the k'th record, or for a PDU without any. */
static void
report(struct dctx *c, const struct rpc_head *h, const struct cm_pdu *q, const struct when *at,
    const struct cm_pdu *a, unsigned repeats, unsigned k, int side)
{
	struct ev *e = ev_begin(c, "profinet_cm", at, side);
	const struct cm_record *rq = q && k < q->nrec ? &q->rec[k] : NULL, *ra = NULL;
	uint32_t status = a ? a->status : 0;

	if (a)
		ra = rq ? answer_of(a, rq, k) : k < a->nrec ? &a->rec[k] : NULL;
	put_head(e, h);
	if (repeats)
		ev_uint(e, "repeats", repeats);
	if (q) {
		ev_obj(e, "request");
		cm_put_pdu(e, q, false);
		ev_end(e);
	}
	if (a) {
		ev_obj(e, "response");
		cm_put_pdu(e, a, true);
		ev_end(e);
	}
	switch (h->op) {
	case CM_CONNECT: put_connect(e, h, q, a); break;
	case CM_RELEASE: e->ot.op = OT_CONNECT; break;
	case CM_READ: case CM_READ_IMPLICIT: e->ot.op = OT_READ; break;
	case CM_WRITE: e->ot.op = OT_CONFIGURE; break;
	case CM_CONTROL: put_control(e, q, a); break;
	default: break;
	}
	if (rq || ra)
		cm_put_record(e, rq, ra, h->op == CM_WRITE);
	if (a) {
		if (!status && ra && h->op == CM_WRITE)
			status = ra->status;
		e->ot.result = pn_status_text(e, status);
	}
	if (a && q)
		ev_answered(e, c, at);
	ev_emit(e);
}

static void
report_all(struct dctx *c, const struct rpc_head *h, const struct cm_pdu *q, const struct when *at,
    const struct cm_pdu *a, unsigned repeats, int side)
{
	unsigned n = q ? q->nrec : a ? a->nrec : 0;

	for (unsigned k = 0; k < (n ? n : 1); k++)
		report(c, h, q, at, a, repeats, k, side);
}

/* Calls of the endpoint mapper, faults and rejects, and what nobody answered. */
static void
report_plain(struct dctx *c, const struct rpc_head *h, const struct when *at, bool answered,
    const struct rpc_head *ah, struct rd *body, int side)
{
	struct ev *e = ev_begin(c, "profinet_cm", at, side);
	uint32_t status = 0;

	put_head(e, h);
	if (iface_of(h) == IF_EPM)
		e->ot.op = OT_IDENTIFY;
	if (ah && (ah->type == RPC_FAULT || ah->type == RPC_REJECT)) {
		status = rpc_u32(body, ah->le);
		ev_uint(e, "rpc_status", status);
		e->ot.op = OT_ERROR;
		e->ot.result = rpc_status_name(status) ? text_c(rpc_status_name(status)) :
		    ev_text(e, "rpc_status_%08x", status);
	} else if (ah && iface_of(h) == IF_EPM) {
		if (h->op == EPM_LOOKUP)
			epm_put_answer(e, body, ah->le, &status);
		ev_uint(e, "rpc_status", status);
		e->ot.result = !status ? TEXT("ok") : rpc_status_name(status) ?
		    text_c(rpc_status_name(status)) : ev_text(e, "rpc_status_%08x", status);
	}
	if (ah && answered)
		ev_answered(e, c, at);
	else if (!ah)
		ev_unanswered(e, c);
	ev_emit(e);
}

/* A name for a call among gathered messages: while it comes in, or once it waits. */
static uint64_t
gather_key(const struct rpc_head *h, bool stored)
{
	uint64_t key = 0;

	for (int i = 0; i < 8; i++)
		key = key << 8 | (uint8_t)(h->activity[i] ^ h->activity[i + 8]);
	return (key + h->seq) << 1 | stored;
}

/* The request's body; c is its context. */
static struct rd
wait_rd(struct dctx *c, const struct cm_wait *w)
{
	struct gather *m = w->stored ? gather_find(c, gather_key(&w->h, true)) : NULL;

	if (m)
		return gather_rd(m);
	return rd_init(w->raw, w->cap, w->len);
}

static void
wait_drop(struct dctx *c, const struct cm_wait *w)
{
	struct gather *m = w->stored ? gather_find(c, gather_key(&w->h, true)) : NULL;

	gather_drop(m);
}

static void
unanswered(struct dctx *c, struct keep *s)
{
	const struct cm_wait *w = (const struct cm_wait *)s->data;
	struct rd r = wait_rd(c, w);
	struct cm_pdu q;

	if (iface_of(&w->h) == IF_EPM) {
		report_plain(c, &w->h, &s->first, false, NULL, NULL, s->side);
		return;
	}
	cm_decode(&r, false, w->h.le, &q);
	for (unsigned k = 0; k < (q.nrec ? q.nrec : 1); k++) {
		struct ev *e = ev_begin(c, "profinet_cm", &s->first, s->side);

		put_head(e, &w->h);
		if (w->repeats)
			ev_uint(e, "repeats", w->repeats);
		ev_obj(e, "request");
		cm_put_pdu(e, &q, false);
		ev_end(e);
		e->ot.op = w->h.op == CM_READ || w->h.op == CM_READ_IMPLICIT ? OT_READ :
		    OT_CONFIGURE;
		if (w->h.op == CM_CONNECT)
			put_connect(e, &w->h, &q, NULL);
		else if (w->h.op == CM_RELEASE)
			e->ot.op = OT_CONNECT;
		else if (w->h.op == CM_CONTROL)
			put_control(e, &q, NULL);
		if (k < q.nrec)
			cm_put_record(e, &q.rec[k], NULL, w->h.op == CM_WRITE);
		ev_unanswered(e, c);
		ev_emit(e);
	}
	wait_drop(c, w);
}

struct cm_key {
	uint8_t activity[16];
	uint32_t seq;
};

/* True when m is kept: a long request that waits where it was put together. */
static bool
take_request(struct dctx *c, const struct rpc_head *h, struct rd body, struct gather *m)
{
	struct cm_key key = { .seq = h->seq };
	uint32_t cap = rd_have(&body), len = rd_left(&body);
	const uint8_t *p = rd_bytes(&body, cap);
	bool stored = cap > WAIT_RAW;
	struct cm_wait *w;
	struct keep *s;
	struct cm_pdu q;

	memcpy(key.activity, h->activity, 16);
	s = keep_find(c, &key, sizeof(key));
	if (s && !s->answered) {
		w = (struct cm_wait *)s->data;
		if (w->len == len && w->stored == stored &&
		    (stored || (w->cap == cap && memcmp(w->raw, p, cap) == 0))) {
			w->repeats++;
			return false;
		}
	}
	s = keep_new(c, KEEP_WAIT, &key, sizeof(key), unanswered);
	w = (struct cm_wait *)s->data;
	w->h = *h;
	w->len = len;
	w->stored = stored;
	body = rd_init(p, cap, len);
	if (!stored) {
		w->cap = (uint16_t)cap;
		memcpy(w->raw, p, cap);
	} else if (m) {
		m->key = gather_key(h, true);
	} else {
		struct rd copy = body;
		m = gather_begin(c, gather_key(h, true));
		gather_add(m, &copy);
	}
	if (iface_of(h) != IF_EPM) {
		cm_decode(&body, false, h->le, &q);
		c->why = q.why;
	}
	return stored;
}

static void
take_answer(struct dctx *c, const struct rpc_head *h, struct rd *body)
{
	struct cm_key key = { .seq = h->seq };
	bool plain = h->type != RPC_RESPONSE || iface_of(h) == IF_EPM;
	const struct cm_wait *w = NULL;
	struct cm_pdu q, a;
	struct dctx d = *c;
	const struct when *at = &c->when;
	int side = !c->side;
	struct keep *s;
	struct pkt k;

	memcpy(key.activity, h->activity, 16);
	s = keep_find(c, &key, sizeof(key));
	if (s && s->answered)
		return;                 /* sent again, or seen at two ports of a mirror */
	if (s) {
		w = (const struct cm_wait *)s->data;
		s->answered = true;
		keep_ctx(&d, &k, c, s);
		d.when = c->when;
		at = &s->first;
		side = s->side;
	}
	if (plain) {
		report_plain(&d, w ? &w->h : h, at, w != NULL, h, body, side);
		if (w)
			wait_drop(&d, w);
		return;
	}
	cm_decode(body, true, h->le, &a);
	c->why = a.why;
	if (w) {
		struct rd r = wait_rd(&d, w);
		cm_decode(&r, false, w->h.le, &q);
	}
	report_all(&d, w ? &w->h : h, w ? &q : NULL, at, &a, w ? w->repeats : 0, side);
	if (w)
		wait_drop(&d, w);
}

static enum verdict
cm_dissect(struct dctx *c, struct rd *r)
{
	struct rpc_head h;
	struct gather *m = NULL;
	struct rd body;
	bool kept = false;

	if (!rpc_head_read(r, &h)) {
		c->why = "RPC_HEADER";
		return rd_short(r) ? DIS_OK : DIS_BAD;
	}
	if (iface_of(&h) == IF_NONE)
		return DIS_OK;          /* another interface of the same host */
	body = rd_sub(r, h.len);
	if (rd_bad(r)) {
		c->why = "BODY_LENGTH";
		return DIS_BAD;
	}
	if (h.type != RPC_REQUEST && h.type != RPC_RESPONSE && h.type != RPC_FAULT &&
	    h.type != RPC_REJECT)
		return DIS_OK;          /* pings and acknowledgements */
	if (h.flags & RPC_FRAG) {
		uint64_t key = gather_key(&h, false);
		m = h.frag ? gather_find(c, key) : gather_begin(c, key);
		if (!m || m->next != h.frag || !gather_add(m, &body)) {
			/* sent again, or its beginning was not seen */
			return DIS_OK;
		}
		m->next++;
		if (!(h.flags & RPC_LAST_FRAG))
			return DIS_OK;
		body = gather_rd(m);
	}
	if (h.type == RPC_REQUEST)
		kept = take_request(c, &h, body, m);
	else
		take_answer(c, &h, &body);
	if (m && !kept)
		gather_drop(m);
	return c->why || rd_bad(&body) ? DIS_BAD : DIS_OK;
}

static const struct hint hints[] = { { HINT_UDP, 34964 }, { 0 } };

#define F(k, t, m)      { "profinet_cm." k, t, m }
#define STATUS(p)                                                                                  \
	F(p ".raw", "integer", "PNIOStatus"), F(p ".code", "string", "whose answer it is"),        \
	    F(p ".error_decode", "integer", "which list the codes are of"),                        \
	    F(p ".error_code1", "integer", "error"), F(p ".error_code2", "integer", "its detail"), \
	F(p ".error", "string", "its name")
#define SIDE(p)                                                                                    \
	F(p ".blocks", "array", "the blocks it holds"),                                            \
	    F(p ".ar.uuid", "string", "the application relation"),                                 \
	    F(p ".ar.type_raw", "integer", "its type"), F(p ".ar.type", "string", "its name"),     \
	    F(p ".ar.session_key", "integer", "its session"),                                      \
	    F(p ".ar.mac", "string", "the sender's MAC address for it"),                           \
	    F(p ".ar.station_name", "string", "who connects"),                                     \
	    F(p ".iocrs", "array", "its streams of cyclic data"),                                  \
	    F(p ".iocrs[].type_raw", "integer", "direction"),                                      \
	    F(p ".iocrs[].type", "string", "input, output, multicast ..."),                        \
	    F(p ".iocrs[].frame_id", "integer", "frame id of the stream"),                         \
	    F(p ".iocrs[].rt_class", "integer", "RT class"),                                       \
	    F(p ".iocrs[].data_length", "integer", "bytes a frame"),                               \
	    F(p ".iocrs[].cycle_us", "integer", "time between two frames"),                        \
	    F(p ".iocrs[].watchdog_factor", "integer", "frames that may be missing"),              \
	    F(p ".alarm_reference", "integer", "its alarm endpoint"),                              \
	    F(p ".control", "array", "what is commanded or reported"),                             \
	F(p ".records", "integer", "records in it; an event for each")

static const struct field fields[] = {
	F("operation", "string", "Connect, Release, Read, Write, Control; Lookup ..."),
	F("operation_raw", "integer", "operation without a name"),
	F("interface", "string", "device, controller, supervisor, endpoint_mapper ..."),
	F("sequence", "integer", "the call's number in its activity"),
	F("activity", "string", "the client's activity"),
	F("repeats", "integer", "how often the request came again"),
	F("rpc_status", "integer", "of a fault, a reject, the endpoint mapper"),
	F("object.instance", "integer", "instance of the device that is called"),
	F("object.vendor_id", "integer", "its maker's number at PI"),
	F("object.vendor", "string", "his name"),
	F("object.device_id", "integer", "the maker's number of the device"),
	F("entries", "array", "what the endpoint mapper knows"),
	F("entries[].annotation", "string", "type, order id and revisions of the device"),
	F("entries[].instance", "integer", "instance"),
	F("entries[].vendor_id", "integer", "maker's number at PI"),
	F("entries[].vendor", "string", "his name"),
	F("entries[].device_id", "integer", "the maker's number of the device"),
	SIDE("request"),
	F("request.submodules_count", "integer", "submodules that are expected"),
	F("request.submodules", "array", "the first of them"),
	F("request.submodules[].api", "integer", "application process, if not 0"),
	F("request.submodules[].slot", "integer", "slot"),
	F("request.submodules[].subslot", "integer", "subslot"),
	F("request.submodules[].module_ident", "integer", "module that is expected there"),
	F("request.submodules[].submodule_ident", "integer", "submodule that is expected"),
	F("request.submodules[].input_length", "integer", "bytes of input"),
	F("request.submodules[].output_length", "integer", "bytes of output"),
	F("request.module_diff_count", "integer", "where what is plugged differs"),
	F("request.module_diff", "array", "the first of them"),
	F("request.module_diff[].slot", "integer", "slot"),
	F("request.module_diff[].module_ident", "integer", "module that is there"),
	F("request.module_diff[].module_state", "string", "no_module, wrong_module ..."),
	F("request.module_diff[].subslot", "integer", "subslot"),
	F("request.module_diff[].submodule_ident", "integer", "submodule that is there"),
	F("request.module_diff[].submodule_state", "integer", "its state, bit by bit"),
	SIDE("response"),
	STATUS("response.status"),
	F("response.server_station_name", "string", "the device's name"),
	F("response.module_diff_count", "integer", "where what is plugged differs"),
	F("response.module_diff", "array", "the first of them"),
	F("response.module_diff[].slot", "integer", "slot"),
	F("response.module_diff[].module_ident", "integer", "module that is there"),
	F("response.module_diff[].module_state", "string", "no_module, wrong_module ..."),
	F("response.module_diff[].subslot", "integer", "subslot"),
	F("response.module_diff[].submodule_ident", "integer", "submodule that is there"),
	F("response.module_diff[].submodule_state", "integer", "its state, bit by bit"),
	F("record.sequence", "integer", "the record's number"),
	F("record.api", "integer", "application process"),
	F("record.slot", "integer", "slot"),
	F("record.subslot", "integer", "subslot"),
	F("record.index", "integer", "index of the record"),
	F("record.index_name", "string", "its name"),
	F("record.length", "integer", "its bytes"),
	STATUS("record.status"),
	F("record.data_blocks", "array", "the blocks in it"),
	F("record.vendor_id", "integer", "I&M0: maker"),
	F("record.vendor", "string", "his name"),
	F("record.order_id", "string", "I&M0"),
	F("record.serial", "string", "I&M0"),
	F("record.hardware_revision", "integer", "I&M0"),
	F("record.software_revision", "string", "I&M0"),
	F("record.revision_counter", "integer", "I&M0: changes of the parameters"),
	F("record.profile_id", "integer", "I&M0"),
	F("record.im_supported", "integer", "I&M0: which of I&M1 to 15 there are"),
	F("record.function", "string", "I&M1: what it is for"),
	F("record.location", "string", "I&M1: where it is"),
	F("record.installed", "string", "I&M2: since when"),
	F("record.descriptor", "string", "I&M3: remark"),
	F("record.station_name", "string", "the device's name"),
	F("record.mac", "string", "its interface's MAC address"),
	F("record.ip", "string", "its address"),
	F("record.netmask", "string", "its network mask"),
	F("record.gateway", "string", "its gateway"),
	F("record.peers", "array", "its neighbours, port by port"),
	F("record.peers[].own_port", "string", "its own port"),
	F("record.peers[].port", "string", "the neighbour's port"),
	F("record.peers[].chassis", "string", "the neighbour's name"),
	F("record.peers[].mac", "string", "his MAC address"),
	{ NULL }
};

const struct dissector profinet_cm_dissector = {
	.name = "profinet_cm",
	.title = "PROFINET IO context management",
	.hints = hints,
	.fields = fields,
	.probe = cm_probe,
	.dissect = cm_dissect,
};
