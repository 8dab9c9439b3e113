/* profibus_dp.c: what DP's services say: IEC 61158-6-3, clause 6. */
#include "proto/hello.h"
#include "proto/profibus.h"

enum { READY_BYTES = 6, EXT_MAX = 238, CFG_ENTRIES = 64 };

/* By the slave's service access point, from 55. */
static const char *const services[8] = { "set_slave_address", "read_input", "read_output",
	"global_control", "get_cfg", "slave_diag", "set_prm", "chk_cfg" };

static const struct tok answers[] = {
	{ 0, "ok" }, { 1, "user_error" }, { 2, "no_resource" }, { 3, "service_not_activated" },
	{ 8, "ok" }, { 9, "no_data" }, { 10, "ok" }, { 12, "data_but_no_resource" },
	{ 13, "data_but_no_resource" }, { 0, NULL }
};

/* What a diagnosis says of the slave, bit by bit: 6.2.3. */
static const char *const diagnosis[24] = {
	"station_non_existent", "station_not_ready", "cfg_fault", "ext_diag", "not_supported",
	"invalid_slave_response", "prm_fault", "master_lock",
	"prm_required", "static_diag", NULL, "watchdog_on", "freeze_mode", "sync_mode", NULL,
	"deactivated", [23] = "ext_diag_overflow",
};
enum { FAULTS = 0x00027d };             /* those that are no mode and no waiting */

/* DPV1's functions in the data of its access points. */
static const struct tok dpv1[] = {
	{ 0x48, "idle" }, { 0x51, "data_transport" }, { 0x56, "resource_manager" },
	{ 0x57, "initiate" }, { 0x58, "abort" }, { 0x5c, "alarm_ack" }, { 0x5e, "read" },
	{ 0x5f, "write" }, { 0, NULL }
};

static bool
is_dpv1(const struct pb_frame *q)
{
	return q->dsap <= SAP_C1 && q->n && tok_find(dpv1, q->data[0]);
}

/* NULL: of the data link layer itself, or of nobody's known. */
const char *
pb_service(const struct pb_frame *q)
{
	if (q->function == 14)
		return "ident";
	if (q->function == 9 || q->function == 15)
		return NULL;
	if (q->dsap == SAP_NONE)
		return q->ssap == SAP_NONE && q->function >= 12 ? "data_exchange" : NULL;
	if (q->dsap >= SAP_SET_ADDRESS && q->dsap <= SAP_CHK_CFG)
		return services[q->dsap - SAP_SET_ADDRESS];
	return is_dpv1(q) ? "dpv1" : NULL;
}

struct text
pb_station(struct ev *e, uint8_t address)
{
	return ev_text_num(e, "profibus ", 9, address);
}

static void
put_head(struct ev *e, const char *service, uint8_t master, uint8_t slave)
{
	ev_cstr(e, "service", service);
	ev_uint(e, "master", master);
	if (slave < 127)
		ev_uint(e, "slave", slave);
	e->ot.service = text_c(service);
	e->ot.object = slave < 127 ? pb_station(e, slave) : TEXT("profibus all");
	e->ot.has_unit = slave < 127;
	e->ot.unit_id = slave;
}

/* ---- data exchange: counted ---- */

struct cyclic { uint8_t master, slave, out, in; };

static void
cyclic_tell(struct dctx *c, const struct hello *h)
{
	const struct cyclic *x = h->now;
	struct ev *e = hello_ev(c, h);

	put_head(e, "data_exchange", x->master, x->slave);
	ev_uint(e, "output_bytes", x->out);
	ev_uint(e, "input_bytes", x->in);
	if (h->what == HELLO_END) {
		e->ot.has_count = true;
		e->ot.count = h->frames;
	}
	ev_emit(e);
}

static void
cyclic_note(struct dctx *c, const struct pb_frame *q, const struct pb_frame *a)
{
	struct cyclic now = { q->src, q->dst, q->n, a->n };
	struct { const struct origin *from; uint8_t kind, master, slave, zero[5]; } key = {
		c->when.from, 'x', q->src, q->dst, { 0 } };

	hello_note(c, &key, sizeof(key), &now, sizeof(now), cyclic_tell);
}

/* ---- global control: an event where it is first heard and where it changes ---- */

struct control { uint8_t master, slave, command, group; };

static void
control_tell(struct dctx *c, const struct hello *h)
{
	static const char *const bits[8] = { NULL, "clear_data", "unfreeze", "freeze", "unsync",
		"sync" };
	const struct control *x = h->now;
	struct ev *e = hello_ev(c, h);

	put_head(e, "global_control", x->master, x->slave);
	ev_uint(e, "group", x->group);
	ev_arr(e, "commands");
	for (unsigned i = 0; i < 8; i++)
		if (x->command & 1 << i && bits[i])
			ev_a_str(e, text_c(bits[i]));
	ev_end(e);
	e->ot.op = h->what == HELLO_END ? OT_REPORT : OT_COMMAND;
	e->ot.has_count = h->what == HELLO_END;
	e->ot.count = h->frames;
	ev_val_str(e, x->command & 2 ? TEXT("clear") : x->command & 0x28 ? TEXT("hold") :
	    TEXT("operate"));
	ev_emit(e);
}

void
pb_control(struct dctx *c, const struct pb_frame *f)
{
	struct { const struct origin *from; uint8_t kind, master, slave, zero[5]; } key = {
		c->when.from, 'c', f->src, f->dst, { 0 } };
	struct control now = { f->src, f->dst, 0, 0 };

	if (f->dsap != SAP_CONTROL)
		return;
	if (f->n != 2) {
		proto_anomaly(c, "CONTROL_LENGTH");
		return;
	}
	now.command = f->data[0];
	now.group = f->data[1];
	hello_note(c, &key, sizeof(key), &now, sizeof(now), control_tell);
}

/* ---- diagnosis: an event where it is first seen and where it changes ---- */

struct diag { uint8_t slave, master, status[3], n; uint16_t ident; uint8_t ext[EXT_MAX]; };

static uint32_t
diag_bits(const struct diag *d)
{
	return d->status[0] | (uint32_t)d->status[1] << 8 | (uint32_t)d->status[2] << 16;
}

static void
diag_tell(struct dctx *c, const struct hello *h)
{
	const struct diag *d = h->now;
	uint32_t bits = diag_bits(d);
	struct ident *i;
	struct ev *e;

	if (h->what == HELLO_END)
		return;
	e = hello_ev(c, h);
	put_head(e, "slave_diag", d->master, d->slave);
	ev_uint(e, "ident_number", d->ident);
	ev_arr(e, "status");
	for (unsigned b = 0; b < 24; b++)
		if (bits >> b & 1 && diagnosis[b])
			ev_a_str(e, text_c(diagnosis[b]));
	ev_end(e);
	if (d->n)
		ev_hex(e, "ext_diag", d->ext, d->n < 64 ? d->n : 64);
	e->ot.op = bits & FAULTS ? OT_ALARM : OT_REPORT;
	i = ev_identity(e, "profibus.slave_diag", EV_OTHER);
	i->sub = pb_station(e, d->slave);
	i->model = ev_text(e, "ident 0x%04x", d->ident);
	i->role = TEXT("io_device");
	ev_emit(e);
}

static void
diag_note(struct dctx *c, const struct pb_frame *q, const struct pb_frame *a)
{
	struct { const struct origin *from; uint8_t kind, slave, zero[6]; } key = {
		c->when.from, 'd', q->dst, { 0 } };
	struct diag now;

	if (a->n < READY_BYTES) {
		proto_anomaly(c, "DIAGNOSIS_LENGTH");
		return;
	}
	memset(&now, 0, sizeof(now));
	now.slave = q->dst;
	now.master = q->src;
	memcpy(now.status, a->data, 3);
	now.ident = (uint16_t)(a->data[4] << 8 | a->data[5]);
	now.n = (uint8_t)(a->n - READY_BYTES < EXT_MAX ? a->n - READY_BYTES : EXT_MAX);
	memcpy(now.ext, a->data + READY_BYTES, now.n);
	hello_note(c, &key, sizeof(key), &now, sizeof(now), diag_tell);
}

/* ---- what stands for itself ---- */

static void
put_prm(struct ev *e, const struct pb_frame *q, bool taken)
{
	const uint8_t *d = q->data;
	struct ident *i;

	ev_uint(e, "ident_number", (uint64_t)(d[4] << 8 | d[5]));
	ev_arr(e, "modes");
	if (d[0] & 0x80)
		ev_a_str(e, TEXT("lock"));
	if (d[0] & 0x40)
		ev_a_str(e, TEXT("unlock"));
	if (d[0] & 0x20)
		ev_a_str(e, TEXT("sync"));
	if (d[0] & 0x10)
		ev_a_str(e, TEXT("freeze"));
	if (d[0] & 0x08)
		ev_a_str(e, TEXT("watchdog"));
	ev_end(e);
	if (d[0] & 0x08)
		ev_uint(e, "watchdog_ms", 10u * d[1] * d[2]);
	ev_uint(e, "group", d[6]);
	ev_uint(e, "user_bytes", q->n - 7u);
	if (!taken)                     /* what the master supposes */
		return;
	i = ev_identity(e, "profibus.set_prm", EV_OTHER);
	i->sub = pb_station(e, q->dst);
	i->model = ev_text(e, "ident 0x%04x", d[4] << 8 | d[5]);
}

/* Identifiers: 6.2.5. False: they end amid one. */
static bool
put_cfg(struct ev *e, const uint8_t *d, unsigned n)
{
	unsigned at = 0, modules = 0, bytes[2] = { 0, 0 };      /* in, out */
	bool whole = true;

	while (at < n && whole) {
		uint8_t b = d[at++];

		modules++;
		if (b & 0x30) {
			unsigned len = ((b & 15) + 1u) << (b >> 6 & 1);
			bytes[0] += b & 0x10 ? len : 0;
			bytes[1] += b & 0x20 ? len : 0;
			continue;
		}
		for (unsigned k = 0; k < 2; k++) {      /* outputs' length stands first */
			if (!(b & (k ? 0x40 : 0x80)))
				continue;
			whole = at < n;
			if (whole)
				bytes[!k] += ((d[at] & 63) + 1u) << (d[at] >> 6 & 1);
			at++;
		}
		at += b & 15;                   /* the maker's own */
		whole = whole && at <= n;
	}
	ev_uint(e, "modules", modules);
	ev_uint(e, "input_bytes", bytes[0]);
	ev_uint(e, "output_bytes", bytes[1]);
	return whole;
}

/* Vendor, controller type, hardware and software: four lengths, then the texts. */
static void
put_ident(struct ev *e, const struct pb_frame *q, const struct pb_frame *a)
{
	struct rd r = rd_init(a->data, a->n, a->n);
	uint8_t len[4];
	struct ident *i;
	struct text t[4];

	for (int k = 0; k < 4; k++)
		len[k] = rd_u8(&r);
	for (int k = 0; k < 4; k++)
		t[k] = text_rd(&r, len[k]);
	if (!rd_ok(&r))
		return;
	i = ev_identity(e, "profibus.ident", EV_OTHER);
	i->sub = pb_station(e, q->dst);
	i->vendor = t[0];
	i->product = t[1];
	i->hardware = t[2];
	i->firmware = t[3];
}

/* Slot, index and length behind the function; a write's data is its value. */
static void
put_dpv1(struct ev *e, const struct pb_frame *q, const struct pb_frame *a)
{
	const uint8_t *d = q->data;

	ev_cstr(e, "function", tok_find(dpv1, d[0]));
	e->ot.service = text_c(tok_find(dpv1, d[0]));
	e->ot.op = d[0] == 0x5e ? OT_READ : d[0] == 0x5f ? OT_WRITE :
	    d[0] == 0x57 || d[0] == 0x58 ? OT_CONNECT : OT_OTHER;
	if ((d[0] == 0x5e || d[0] == 0x5f) && q->n >= 4) {
		ev_uint(e, "slot", d[1]);
		ev_uint(e, "index", d[2]);
		ev_uint(e, "length", d[3]);
		e->ot.object = ev_text(e, "profibus %u slot %u index %u", q->dst, d[1], d[2]);
		if (d[0] == 0x5f && q->n > 4)
			ev_hex(e, "data", d + 4, q->n - 4u < 64 ? q->n - 4u : 64);
	}
	if (a && a->kind == PB_TELEGRAM && a->n >= 1 && a->data[0] & 0x80)
		e->ot.result = TEXT("error");
}

static enum ot_op
op_of(const struct pb_frame *q)
{
	switch (q->dsap) {
	case SAP_SET_ADDRESS: case SAP_SET_PRM: case SAP_CHK_CFG: return OT_CONFIGURE;
	case SAP_CONTROL: return OT_COMMAND;
	default: return OT_READ;
	}
}

void
pb_exchange(struct dctx *c, const struct pb_wait *w, const struct pb_frame *a)
{
	const struct pb_frame *q = &w->q;
	const char *service = pb_service(q);
	bool data = a && a->kind == PB_TELEGRAM, broken = false;
	struct ev *e;

	if (!service)
		return;
	if (service == services[SAP_DIAGNOSIS - SAP_SET_ADDRESS] ||
	    (q->dsap == SAP_NONE && q->function >= 12 && q->function != 14)) {
		/* polls: who does not answer is counted */
		if (a && q->dsap == SAP_NONE)
			cyclic_note(c, q, a);
		else if (data && a->n)
			diag_note(c, q, a);
		return;
	}
	/* a DPV1 master asks again and again until the answer is there */
	if (is_dpv1(q) && !q->n)
		return;
	if (q->dsap == SAP_SET_PRM && q->n < 7) {
		proto_anomaly(c, "PARAMETERS_LENGTH");
		return;
	}
	e = ev_begin(c, "profibus", &w->when, 0);
	put_head(e, service, q->src, q->dst);
	e->ot.op = q->function == 14 ? OT_IDENTIFY : op_of(q);
	if (q->dsap == SAP_SET_PRM)
		put_prm(e, q, a && a->kind == PB_ACK);
	else if (q->dsap == SAP_CHK_CFG)
		broken = !put_cfg(e, q->data, q->n);
	else if (q->dsap == SAP_GET_CFG && data)
		broken = !put_cfg(e, a->data, a->n);
	else if (q->dsap == SAP_SET_ADDRESS && q->n >= 4) {
		ev_uint(e, "new_address", q->data[0] & 127);
		ev_uint(e, "ident_number", (uint64_t)(q->data[1] << 8 | q->data[2]));
		ev_bool(e, "locked", q->data[3] != 0);
		ev_val_uint(e, q->data[0] & 127);
	} else if (q->function == 14 && data)
		put_ident(e, q, a);
	else if (is_dpv1(q))
		put_dpv1(e, q, a);
	if (!a) {
		ev_unanswered(e, c);
	} else {
		const char *word = data ? tok_find(answers, a->function) : "ok";

		if (!e->ot.result.n && (!word || strcmp(word, "ok") != 0))
			e->ot.result = word ? text_c(word) :
			    ev_text_num(e, "status_", 7, a->function);
		ev_answered(e, c, &w->when);
	}
	ev_emit(e);
	if (broken)
		proto_anomaly(c, "CONFIGURATION_LENGTH");
}

const struct field pb_fields[] = {
	{ "profibus.service", "string", "slave_diag, set_prm, data_exchange, master_seen, ..." },
	{ "profibus.event", "string", "of what repeats: begin, change or end" },
	{ "profibus.frames", "integer", "how often in all, at the end" },
	{ "profibus.changes", "integer", "how often it changed, at the end" },
	{ "profibus.duration_us", "integer", "from the first to the last" },
	{ "profibus.station", "integer", "address of the station that was first seen" },
	{ "profibus.master", "integer", "address of who asks" },
	{ "profibus.slave", "integer", "address of who is asked" },
	{ "profibus.ident_number", "integer", "number PI gave the slave's type" },
	{ "profibus.status", "array", "a diagnosis: cfg_fault, prm_fault, ext_diag, ..." },
	{ "profibus.ext_diag", "string", "the slave's own diagnosis, hex, 64 bytes at most" },
	{ "profibus.modes", "array", "Set_Prm: lock, unlock, sync, freeze, watchdog" },
	{ "profibus.watchdog_ms", "integer", "Set_Prm: when the slave gives its master up" },
	{ "profibus.group", "integer", "groups as bits: Set_Prm, Global_Control" },
	{ "profibus.user_bytes", "integer", "Set_Prm: bytes of the maker's own parameters" },
	{ "profibus.commands", "array", "Global_Control: clear_data, freeze, sync, ..." },
	{ "profibus.modules", "integer", "identifiers of a configuration" },
	{ "profibus.input_bytes", "integer", "inputs, configured or exchanged" },
	{ "profibus.output_bytes", "integer", "outputs, configured or exchanged" },
	{ "profibus.new_address", "integer", "Set_Slave_Add: the slave's new address" },
	{ "profibus.locked", "boolean", "Set_Slave_Add: no further change" },
	{ "profibus.function", "string", "DPV1: read, write, initiate, ..." },
	{ "profibus.slot", "integer", "DPV1: slot" },
	{ "profibus.index", "integer", "DPV1: index" },
	{ "profibus.length", "integer", "DPV1: bytes asked for or written" },
	{ "profibus.data", "string", "DPV1: what is written, hex, 64 bytes at most" },
	{ "profibus.line.tokens", "integer", "passings of the token" },
	{ "profibus.line.requests", "integer", "questions" },
	{ "profibus.line.answers", "integer", "answers" },
	{ "profibus.line.short_acks", "integer", "of them without any content" },
	{ "profibus.line.unanswered", "integer", "questions that nobody answered" },
	{ "profibus.line.bad", "integer", "telegrams that are malformed" },
	{ "profibus.line.duration_us", "integer", "from the first telegram to the last" },
	{ "profibus.line.masters", "array", "addresses of masters" },
	{ "profibus.line.slaves", "array", "addresses of slaves" },
	{ NULL }
};
