/* http_ipp.c: the Internet Printing Protocol inside HTTP:
 *
 *      version 2 | operation or status 2 | request id 4 |
 *      { group tag 1 { value tag 1 | name length 2, name | value length 2, value } } 3
 *
 * Names of jobs and users, and documents, are never looked at. */
#include "proto/http.h"

#include "proto/proto.h"

static const struct tok operations[] = {
	{ 0x02, "Print-Job" }, { 0x03, "Print-URI" }, { 0x04, "Validate-Job" },
	{ 0x05, "Create-Job" }, { 0x06, "Send-Document" }, { 0x07, "Send-URI" },
	{ 0x08, "Cancel-Job" }, { 0x09, "Get-Job-Attributes" }, { 0x0a, "Get-Jobs" },
	{ 0x0b, "Get-Printer-Attributes" }, { 0x0c, "Hold-Job" }, { 0x0d, "Release-Job" },
	{ 0x0e, "Restart-Job" }, { 0x10, "Pause-Printer" }, { 0x11, "Resume-Printer" },
	{ 0x12, "Purge-Jobs" }, { 0x13, "Set-Printer-Attributes" },
	{ 0x15, "Get-Printer-Supported-Values" }, { 0x16, "Create-Printer-Subscriptions" },
	{ 0x1c, "Get-Notifications" }, { 0x22, "Enable-Printer" }, { 0x23, "Disable-Printer" },
	{ 0x39, "Cancel-Jobs" }, { 0x3b, "Close-Job" }, { 0x3c, "Identify-Printer" },
	{ 0x4001, "CUPS-Get-Default" }, { 0x4002, "CUPS-Get-Printers" },
	{ 0x4003, "CUPS-Add-Modify-Printer" }, { 0x4004, "CUPS-Delete-Printer" },
	{ 0x4005, "CUPS-Get-Classes" }, { 0x400b, "CUPS-Get-Devices" }, { 0x400c, "CUPS-Get-PPDs" },
	{ 0, NULL },
};

const char *
ipp_operation(uint16_t op)
{
	return tok_find(operations, op);
}

static bool
begin(struct text body, struct rd *r, uint16_t *code)
{
	uint8_t major;

	*r = rd_init(body.p, body.n, body.n);
	major = rd_u8(r);
	rd_skip(r, 1);
	*code = rd_be16(r);
	rd_skip(r, 4);
	return rd_ok(r) && major >= 1 && major <= 2;
}

uint16_t
ipp_request(struct text body)
{
	struct rd r;
	uint16_t op;

	return begin(body, &r, &op) ? op : 0;
}

/* IEEE 1284's "MFG:HP;MDL:LaserJet;SN:..." */
static void
device_id(struct ident *i, struct text t)
{
	while (t.n) {
		const char *semi = memchr(t.p, ';', t.n);
		struct text kv = { t.p, semi ? (uint32_t)(semi - t.p) : t.n };

		kv = text_trim(kv.p, kv.n);
		if (text_begins(kv, "mfg:"))
			i->vendor = text_trim(kv.p + 4, kv.n - 4);
		else if (text_begins(kv, "manufacturer:"))
			i->vendor = text_trim(kv.p + 13, kv.n - 13);
		else if (text_begins(kv, "sn:"))
			i->serial = text_trim(kv.p + 3, kv.n - 3);
		else if (text_begins(kv, "sern:"))
			i->serial = text_trim(kv.p + 5, kv.n - 5);
		t.n -= semi ? (uint32_t)(semi + 1 - t.p) : t.n;
		t.p = semi ? semi + 1 : t.p;
	}
}

/* Attributes up to the second printer or the end. */
static void
attributes(struct rd *r, struct ident *i, struct text *name)
{
	unsigned printers = 0;

	while (rd_have(r)) {
		uint8_t tag = rd_u8(r);
		struct text key, v;

		if (tag < 0x10) {
			if (tag == 3 || (tag == 4 && printers++))
				return;
			continue;
		}
		key = text_rd(r, rd_be16(r));
		v = text_rd(r, rd_be16(r));
		if (!rd_ok(r) || printers != 1)
			continue;
		if (text_is(key, "printer-make-and-model"))
			i->model = v;
		else if (text_is(key, "printer-name"))
			*name = v;
		else if (text_is(key, "printer-location"))
			i->location = v;
		else if (text_is(key, "printer-firmware-string-version"))
			i->firmware = v;
		else if (text_is(key, "printer-serial-number"))
			i->serial = v;
		else if (text_is(key, "printer-device-id"))
			device_id(i, v);
	}
}

bool
ipp_response(struct ev *e, struct text body)
{
	struct text name = { 0 };
	struct ident *i;
	uint16_t status;
	struct rd r;

	if (!begin(body, &r, &status))
		return false;
	ev_uint(e, "ipp_status", status);
	i = ev_identity(e, "ipp.printer", EV_DEST);
	attributes(&r, i, &name);
	ev_str(e, "printer_name", name);
	if (status >= 0x400)
		e->ot.result = ev_text(e, "ipp_0x%04x", status);
	if (!i->model.n && !i->firmware.n && !i->serial.n) {
		e->nid -= i == &e->id[e->nid - 1];
		return false;
	}
	i->role = TEXT("printer");
	return true;
}
