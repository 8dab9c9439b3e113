/* pccc.c: PCCC in CIP (Execute PCCC, class 0x67): what SLC 500, MicroLogix and PLC-5
 * speak. DF1 Protocol and Command Set Reference Manual, 1770-6.5.16, chapter 7.
 *
 *     +----------------------+-----+-----+-------+--------------------+------
 *     | requestor id: length | cmd | sts |  tns  | fnc (or ext. sts)  | data
 *     | vendor (2) serial (4)|     |     |       |                    |
 *     +----------------------+-----+-----+-------+--------------------+------
 *
 * An answer has bit 6 of cmd set, no fnc, and ext. sts only behind sts 0xf0. */
#include "proto/cip.h"

struct pccc {
	uint8_t cmd, sts, fnc, ext;
	uint16_t tns;
	struct rd data;
};

struct function { uint8_t cmd, fnc; enum ot_op op; struct text name; };
#define F(cmd, fnc, op, s)      { cmd, fnc, op, { s, sizeof(s) - 1 } }
static const struct function functions[] = {
	F(0x06, 0x00, OT_OTHER, "Echo"), F(0x06, 0x01, OT_READ, "Read Diagnostic Counters"),
	F(0x06, 0x02, OT_CONFIGURE, "Set Variables"),
	F(0x06, 0x03, OT_IDENTIFY, "Diagnostic Status"),
	F(0x06, 0x04, OT_CONFIGURE, "Set Timeout"), F(0x06, 0x05, OT_CONFIGURE, "Set NAKs"),
	F(0x06, 0x06, OT_CONFIGURE, "Set ENQs"),
	F(0x06, 0x07, OT_COMMAND, "Reset Diagnostic Counters"),
	F(0x06, 0x08, OT_CONFIGURE, "Set Data Table Size"),
	F(0x06, 0x09, OT_READ, "Read Link Parameters"),
	F(0x06, 0x0a, OT_CONFIGURE, "Set Link Parameters"),
	F(0x07, 0x00, OT_COMMAND, "Disable Outputs"), F(0x07, 0x01, OT_COMMAND, "Enable Outputs"),
	F(0x07, 0x03, OT_COMMAND, "Enable PLC Scanning"),
	F(0x07, 0x04, OT_PROGRAM, "Enter Download Mode"),
	F(0x07, 0x05, OT_PROGRAM, "Exit Download/Upload Mode"),
	F(0x07, 0x06, OT_PROGRAM, "Enter Upload Mode"),
	F(0x0f, 0x00, OT_WRITE, "Word Range Write"), F(0x0f, 0x01, OT_READ, "Word Range Read"),
	F(0x0f, 0x02, OT_WRITE, "Bit Write"), F(0x0f, 0x03, OT_WRITE, "File Write"),
	F(0x0f, 0x04, OT_READ, "File Read"), F(0x0f, 0x05, OT_PROGRAM, "Download Request"),
	F(0x0f, 0x06, OT_PROGRAM, "Upload"), F(0x0f, 0x07, OT_COMMAND, "Shutdown"),
	F(0x0f, 0x08, OT_PROGRAM, "Physical Write"), F(0x0f, 0x09, OT_PROGRAM, "Physical Read"),
	F(0x0f, 0x0a, OT_COMMAND, "Restart Request"),
	F(0x0f, 0x11, OT_PROGRAM, "Get Edit Resource"),
	F(0x0f, 0x12, OT_PROGRAM, "Return Edit Resource"),
	F(0x0f, 0x17, OT_PROGRAM, "Read Bytes Physical"),
	F(0x0f, 0x18, OT_PROGRAM, "Write Bytes Physical"),
	F(0x0f, 0x26, OT_WRITE, "Read-Modify-Write"), F(0x0f, 0x29, OT_READ, "Read Section Size"),
	F(0x0f, 0x3a, OT_COMMAND, "Set CPU Mode"), F(0x0f, 0x41, OT_COMMAND, "Disable Forces"),
	F(0x0f, 0x50, OT_PROGRAM, "Download All Request"),
	F(0x0f, 0x52, OT_PROGRAM, "Download Completed"),
	F(0x0f, 0x53, OT_PROGRAM, "Upload All Request"),
	F(0x0f, 0x55, OT_PROGRAM, "Upload Completed"),
	F(0x0f, 0x57, OT_COMMAND, "Initialize Memory"),
	F(0x0f, 0x5e, OT_CONFIGURE, "Modify PLC-2 Compatibility File"),
	F(0x0f, 0x67, OT_WRITE, "Typed Write"), F(0x0f, 0x68, OT_READ, "Typed Read"),
	F(0x0f, 0x79, OT_WRITE, "Read-Modify-Write N"),
	F(0x0f, 0x80, OT_COMMAND, "Change CPU Mode"),
	F(0x0f, 0x81, OT_PROGRAM, "Open File"), F(0x0f, 0x82, OT_PROGRAM, "Close File"),
	F(0x0f, 0x88, OT_OTHER, "Execute Multiple Commands"),
	F(0x0f, 0x8f, OT_CONFIGURE, "Apply Port Configuration"),
	F(0x0f, 0xa1, OT_READ, "Protected Typed Logical Read, two fields"),
	F(0x0f, 0xa2, OT_READ, "Protected Typed Logical Read"),
	F(0x0f, 0xa7, OT_PROGRAM, "Protected Typed File Read"),
	F(0x0f, 0xa9, OT_WRITE, "Protected Typed Logical Write, two fields"),
	F(0x0f, 0xaa, OT_WRITE, "Protected Typed Logical Write"),
	F(0x0f, 0xab, OT_WRITE, "Protected Typed Logical Masked Write"),
	F(0x0f, 0xaf, OT_PROGRAM, "Protected Typed File Write"),
	F(0x00, 0xff, OT_WRITE, "Protected Write"), F(0x01, 0xff, OT_READ, "Unprotected Read"),
	F(0x02, 0xff, OT_WRITE, "Protected Bit Write"),
	F(0x05, 0xff, OT_WRITE, "Unprotected Bit Write"),
	F(0x08, 0xff, OT_WRITE, "Unprotected Write"),
};

static const struct tok statuses[] = {
	{ 0x00, "success" }, { 0x10, "illegal_command" }, { 0x20, "host_problem" },
	{ 0x30, "remote_host_missing" }, { 0x40, "hardware_fault" }, { 0x50, "addressing_problem" },
	{ 0x60, "command_protection" }, { 0x70, "program_mode" }, { 0x80, "compatibility_file" },
	{ 0x90, "cannot_buffer" }, { 0xa0, "wait_ack" }, { 0xb0, "download_active" },
	{ 0xc0, "wait_ack" }, { 0, NULL },
};
static const struct tok extended[] = {
	{ 0x01, "illegal_value" }, { 0x02, "too_few_levels" }, { 0x03, "too_many_levels" },
	{ 0x04, "symbol_not_found" }, { 0x05, "symbol_format" }, { 0x06, "address_unusable" },
	{ 0x07, "file_size" }, { 0x08, "situation_changed" }, { 0x09, "too_large" },
	{ 0x0a, "transaction_too_large" }, { 0x0b, "access_denied" }, { 0x0c, "not_available" },
	{ 0x0d, "already_available" }, { 0x0e, "cannot_execute" }, { 0x0f, "histogram_overflow" },
	{ 0x10, "no_access" }, { 0x11, "illegal_data_type" }, { 0x12, "invalid_parameter" },
	{ 0x13, "deleted_area" }, { 0x14, "execution_failed" }, { 0x15, "conversion_error" },
	{ 0x17, "type_mismatch" }, { 0x18, "invalid_module_response" }, { 0x19, "duplicate_label" },
	{ 0x1a, "file_open" }, { 0x1b, "program_owned" }, { 0x1e, "element_protected" },
	{ 0x1f, "temporary_problem" }, { 0x22, "rack_fault" }, { 0x23, "timeout" }, { 0, NULL },
};
static const struct tok file_types[] = {
	{ 0x82, "O" }, { 0x83, "I" }, { 0x84, "S" }, { 0x85, "B" }, { 0x86, "T" }, { 0x87, "C" },
	{ 0x88, "R" }, { 0x89, "N" }, { 0x8a, "F" }, { 0x8b, "O" }, { 0x8c, "I" }, { 0x8d, "ST" },
	{ 0x8e, "A" }, { 0x91, "L" }, { 0x92, "MG" }, { 0x93, "PD" }, { 0x94, "PLS" }, { 0, NULL },
};
static const struct tok modes[] = {
	{ 1, "remote_program" }, { 6, "remote_run" }, { 7, "remote_test_continuous" },
	{ 8, "remote_test_single_scan" }, { 9, "remote_test_debug" }, { 0, NULL },
};

static bool
decode(struct rd r, bool request, struct pccc *p)
{
	uint8_t id = rd_u8(&r);

	memset(p, 0, sizeof(*p));
	if (id)
		rd_skip(&r, id - 1u);
	p->cmd = rd_u8(&r);
	p->sts = rd_u8(&r);
	p->tns = rd_le16(&r);
	p->fnc = 0xff;
	if (request && (p->cmd == 0x06 || p->cmd == 0x07 || p->cmd == 0x0f))
		p->fnc = rd_u8(&r);
	else if (!request && p->sts == 0xf0)
		p->ext = rd_u8(&r);
	if (!rd_ok(&r))
		return false;
	p->data = rd_rest(&r);
	return true;
}

/* The upper half is the remote station's word, the lower the local one's. */
static const char *
status_name(const struct pccc *p)
{
	return p->sts == 0xf0 ? NULL : tok_find(statuses, p->sts & 0xf0 ? p->sts & 0xf0 : p->sts);
}

static const struct function *
find(const struct pccc *p)
{
	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
		if (functions[i].cmd == p->cmd && functions[i].fnc == p->fnc)
			return &functions[i];
	return NULL;
}

/* A field of an address: one byte, or 0xff and two. */
static uint16_t
field(struct rd *r)
{
	uint8_t v = rd_u8(r);

	return v == 0xff ? rd_le16(r) : v;
}

/* "N7:0", "T4:1.ACC", "S2:1/3": the address of a protected typed function. */
struct address { uint8_t bytes, type; uint16_t file, element, sub; bool has_sub; };

static bool
address(const struct pccc *p, struct rd *r, struct address *a)
{
	if (p->cmd != 0x0f || (p->fnc != 0xa1 && p->fnc != 0xa2 && p->fnc != 0xa9 &&
	    p->fnc != 0xaa && p->fnc != 0xab))
		return false;
	*r = p->data;
	a->bytes = rd_u8(r);
	a->file = field(r);
	a->type = rd_u8(r);
	a->element = field(r);
	a->has_sub = p->fnc != 0xa1 && p->fnc != 0xa9;
	a->sub = a->has_sub ? field(r) : 0;
	return rd_ok(r);
}

static struct text
object(struct ev *e, const struct address *a)
{
	static const char *const timer[] = { "", ".PRE", ".ACC" };
	static const char *const control[] = { "", ".LEN", ".POS" };
	const char *t = tok_find(file_types, a->type), *sub = NULL;

	if (!t)
		return ev_text(e, "file %u type 0x%02x:%u", a->file, a->type, a->element);
	if ((a->type == 0x86 || a->type == 0x87) && a->sub < 3)
		sub = timer[a->sub];
	else if (a->type == 0x88 && a->sub < 3)
		sub = control[a->sub];
	if (sub)
		return ev_text(e, "%s%u:%u%s", t, a->file, a->element, sub);
	if (a->sub)
		return ev_text(e, "%s%u:%u.%u", t, a->file, a->element, a->sub);
	return ev_text(e, "%s%u:%u", t, a->file, a->element);
}

/* PLC-5: "$N7:0" in ASCII behind a zero, or levels in binary. */
static struct text
plc5_object(struct ev *e, struct rd *r)
{
	uint8_t flag = rd_u8(r);
	unsigned level[4] = { 0 };

	if (flag == 0) {
		const uint8_t *d;
		uint32_t n = 0;
		if (rd_peek8(r, 0) == '$')
			rd_skip(r, 1);
		while (rd_peek8(r, n) > 0x20 && n < 32)
			n++;
		if (rd_peek8(r, n))
			return (struct text){ 0 };
		d = rd_bytes(r, n);
		rd_skip(r, 1);
		return d ? text_trim(d, n) : (struct text){ 0 };
	}
	for (unsigned i = 0; i < 4; i++)
		if (flag >> i & 1)
			level[i] = field(r);
	return rd_ok(r) ? ev_text(e, "file %u:%u", level[1], level[2]) : (struct text){ 0 };
}

/* Words of 16 bits; floats and longs of 32. */
static void
put_values(struct ev *e, uint8_t type, struct rd r)
{
	cip_value_put(e, type == 0x8a ? 0xca : type == 0x91 ? 0xc4 : type == 0x8d || type == 0x8e ?
	    0 : 0xc3, 0, r, CIP_TO_OT);
}

void
pccc_put_request(struct ev *e, struct rd data)
{
	const struct function *f;
	struct address a;
	struct pccc p;
	struct rd r;

	if (!decode(data, true, &p))
		return;
	f = find(&p);
	ev_obj(e, "pccc");
	ev_uint(e, "command", p.cmd);
	if (p.fnc != 0xff)
		ev_uint(e, "function", p.fnc);
	if (f)
		ev_word(e, "name", f->name);
	ev_uint(e, "transaction", p.tns);
	if (address(&p, &r, &a)) {
		ev_uint(e, "size", a.bytes);
		ev_uint(e, "file", a.file);
		ev_uint(e, "file_type", a.type);
		ev_uint(e, "element", a.element);
		if (a.has_sub)
			ev_uint(e, "sub_element", a.sub);
		if (p.fnc == 0xab)
			ev_uint(e, "mask", rd_le16(&r));
	} else if (rd_left(&p.data)) {
		ev_uint(e, "length", rd_left(&p.data));
	}
	ev_end(e);
}

/* Diagnostic status of SLC 500 and MicroLogix: interface, series and revision,
 * then the bulletin name in eleven characters. */
static void
identify(struct ev *e, struct rd r)
{
	uint8_t kind, revision;
	struct text name;
	struct ident *i;

	rd_skip(&r, 1);
	kind = rd_u8(&r);
	rd_skip(&r, 2);
	revision = rd_u8(&r);
	name = text_rd(&r, 11);
	if (!rd_ok(&r) || kind != 0xee || !name.n)
		return;
	for (uint32_t n = 0; n < name.n; n++)
		if ((uint8_t)name.p[n] < 0x20 || (uint8_t)name.p[n] > 0x7e)
			return;
	i = ev_identity(e, "pccc.diagnostic_status", EV_DEST);
	i->vendor = TEXT("Rockwell Automation/Allen-Bradley");
	i->product = name;
	i->hardware = ev_text(e, "series %c", 'A' + (revision >> 5));
	i->firmware = ev_text(e, "revision %u", revision & 31);
	i->role = TEXT("plc");
}

void
pccc_put_response(struct ev *e, struct rd data, struct rd request)
{
	struct pccc p, q;

	if (!decode(data, false, &p))
		return;
	ev_obj(e, "pccc");
	ev_uint(e, "command", p.cmd);
	ev_uint(e, "transaction", p.tns);
	ev_uint(e, "status_raw", p.sts);
	ev_cstr(e, "status", status_name(&p));
	if (p.sts == 0xf0) {
		ev_uint(e, "extended_status", p.ext);
		ev_cstr(e, "extended_status_name", tok_find(extended, p.ext));
	}
	if (rd_left(&p.data))
		ev_uint(e, "length", rd_left(&p.data));
	ev_end(e);
	if (!p.sts && rd_left(&request) && decode(request, true, &q) && q.cmd == 6 && q.fnc == 3)
		identify(e, p.data);
}

void
pccc_put_common(struct ev *e, const struct cip_talk *t)
{
	const struct function *f = NULL;
	struct address ad = { 0 };
	struct pccc q, a;
	bool addressed = false;
	struct rd r;

	if (t->q && t->q->svc == CIP_EXEC_PCCC && decode(t->q->data, true, &q)) {
		f = find(&q);
		e->ot.op = f ? f->op : OT_OTHER;
		e->ot.service = f ? f->name : ev_text(e, "PCCC 0x%02x/0x%02x", q.cmd, q.fnc);
		e->ot.object = (struct text){ 0 };
		addressed = address(&q, &r, &ad);
		if (addressed) {
			uint16_t mask = q.fnc == 0xab ? rd_le16(&r) : 0;
			e->ot.object = object(e, &ad);
			if (mask && !(mask & (mask - 1))) {     /* one bit: "B3:0/5" */
				e->ot.object = ev_text(e, "%.*s/%u", (int)e->ot.object.n,
				    e->ot.object.p, (unsigned)__builtin_ctz(mask));
				ev_val_bool(e, rd_le16(&r) & mask);
			} else if (f->op == OT_WRITE) {
				put_values(e, ad.type, r);
			}
		} else if (q.cmd == 0x0f && (q.fnc == 0x80 || q.fnc == 0x3a)) {
			uint8_t m = rd_u8(&q.data);
			const char *s = q.fnc == 0x80 ? tok_find(modes, m) : NULL;
			if (s)
				ev_val_str(e, text_c(s));
			else if (rd_ok(&q.data))
				ev_val_uint(e, m);
		} else if (q.cmd == 0x0f && (q.fnc == 0x67 || q.fnc == 0x68 || q.fnc <= 0x01)) {
			rd_skip(&q.data, 4);            /* packet offset, total transaction */
			e->ot.object = plc5_object(e, &q.data);
		}
	}
	if (!t->a || t->a->status || t->a->svc != CIP_EXEC_PCCC || !decode(t->a->data, false, &a))
		return;
	if (a.sts) {
		const char *s = a.sts == 0xf0 ? tok_find(extended, a.ext) : status_name(&a);
		e->ot.result = s ? text_c(s) : ev_text(e, "status_0x%02x", a.sts);
	} else if (addressed && f->op == OT_READ) {
		put_values(e, ad.type, a.data);
	}
}
