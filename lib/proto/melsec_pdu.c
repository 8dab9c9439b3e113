/* melsec_pdu.c: frames, numbers of both codes, devices, names. */
#include "base/ascii.h"
#include "proto/melsec.h"

#define C(code, op, s)  { code, op, { s, sizeof(s) - 1 } }
static const struct melsec_command commands[] = {
	C(0x0101, OT_IDENTIFY, "Read Type Name"), C(0x0401, OT_READ, "Batch Read"),
	C(0x0403, OT_READ, "Random Read"), C(0x0406, OT_READ, "Multiple Block Read"),
	C(0x041a, OT_READ, "Array Label Read"), C(0x041c, OT_READ, "Label Read Random"),
	C(0x0601, OT_READ, "Module Buffer Read"), C(0x0613, OT_READ, "Buffer Memory Read"),
	C(0x0619, OT_OTHER, "Self Test"), C(0x0801, OT_SUBSCRIBE, "Entry Monitor Device"),
	C(0x0802, OT_READ, "Execute Monitor"), C(0x0e30, OT_IDENTIFY, "Node Search"),
	C(0x0e31, OT_CONFIGURE, "IP Address Set"), C(0x0e32, OT_READ, "Device Information Compare"),
	C(0x0e33, OT_CONFIGURE, "Parameter Set Start"), C(0x0e70, OT_REPORT, "Cyclic Data"),
	C(0x1001, OT_COMMAND, "Remote Run"), C(0x1002, OT_COMMAND, "Remote Stop"),
	C(0x1003, OT_COMMAND, "Remote Pause"), C(0x1005, OT_COMMAND, "Remote Latch Clear"),
	C(0x1006, OT_COMMAND, "Remote Reset"), C(0x1401, OT_WRITE, "Batch Write"),
	C(0x1402, OT_WRITE, "Random Write"), C(0x1406, OT_WRITE, "Multiple Block Write"),
	C(0x141a, OT_WRITE, "Array Label Write"), C(0x141b, OT_WRITE, "Label Write Random"),
	C(0x1601, OT_WRITE, "Module Buffer Write"), C(0x1613, OT_WRITE, "Buffer Memory Write"),
	C(0x1617, OT_COMMAND, "Clear Error"), C(0x1630, OT_AUTH, "Remote Password Unlock"),
	C(0x1631, OT_AUTH, "Remote Password Lock"), C(0x1810, OT_READ, "Read Directory"),
	C(0x1811, OT_READ, "Search Directory"), C(0x1820, OT_PROGRAM, "New File"),
	C(0x1822, OT_PROGRAM, "Delete File"), C(0x1824, OT_PROGRAM, "Copy File"),
	C(0x1825, OT_CONFIGURE, "Change File State"), C(0x1826, OT_CONFIGURE, "Change File Date"),
	C(0x1827, OT_PROGRAM, "Open File"), C(0x1828, OT_PROGRAM, "Read File"),
	C(0x1829, OT_PROGRAM, "Write File"), C(0x182a, OT_PROGRAM, "Close File"),
	C(0x2101, OT_REPORT, "On Demand"),
};

static const struct tok ends[] = {
	{ 0x0000, "normal" }, { 0x0055, "write_disabled_while_running" },
	{ 0x4000, "checksum_error" }, { 0x4001, "request_not_supported" },
	{ 0x4002, "request_not_supported" }, { 0x4005, "data_size_error" },
	{ 0x4010, "not_possible_while_running" }, { 0x4013, "not_possible_in_this_state" },
	{ 0x4021, "drive_error" }, { 0x4022, "file_missing" }, { 0x4030, "device_name_error" },
	{ 0x4031, "device_number_out_of_range" }, { 0x4032, "device_qualification_error" },
	{ 0x4080, "data_error" }, { 0x408b, "remote_request_not_possible" },
	{ 0x4121, "file_missing" }, { 0x413f, "no_space" }, { 0xc035, "live_check_timeout" },
	{ 0xc050, "ascii_conversion_error" }, { 0xc051, "too_many_points" },
	{ 0xc052, "too_many_points" }, { 0xc053, "too_many_points" }, { 0xc054, "too_many_points" },
	{ 0xc056, "address_range_exceeded" }, { 0xc058, "ascii_length_mismatch" },
	{ 0xc059, "command_not_supported" }, { 0xc05a, "device_access_denied" },
	{ 0xc05b, "device_access_denied" }, { 0xc05c, "request_content_error" },
	{ 0xc05d, "monitor_not_registered" }, { 0xc05e, "timer_exceeded" },
	{ 0xc05f, "target_cannot_execute" }, { 0xc060, "bit_value_error" },
	{ 0xc061, "length_mismatch" }, { 0xc06f, "code_mismatch" },
	{ 0xc070, "extension_not_possible" }, { 0xc0b5, "data_not_supported" },
	{ 0xc0c4, "too_many_requests" }, { 0xc0d6, "route_error" }, { 0xc200, "password_error" },
	{ 0xc201, "remote_password_locked" }, { 0xc203, "service_not_possible" },
	{ 0xc204, "not_locked_by_this_station" }, { 0xc207, "file_name_too_long" },
	{ 0xc810, "password_error" }, { 0xc815, "password_locked_out" },
	{ 0xcee0, "other_request_being_processed" }, { 0xcee1, "request_too_long" },
	{ 0xcee2, "answer_too_long" }, { 0xcf10, "server_missing" }, { 0xcf20, "cannot_set" },
	{ 0xcf30, "parameter_missing" }, { 0xcf31, "parameter_cannot_be_set" },
	{ 0xcf70, "route_error" }, { 0xcf71, "timeout" }, { 0, NULL },
};

/* Code in binary, letters in ASCII, hexadecimal numbers. */
struct device { uint8_t code; const char *name; bool hex; };
static const struct device devices[] = {
	{ 0xa8, "D", false }, { 0x90, "M", false }, { 0x9c, "X", true }, { 0x9d, "Y", true },
	{ 0x91, "SM", false }, { 0xa9, "SD", false }, { 0x92, "L", false }, { 0x93, "F", false },
	{ 0x94, "V", false }, { 0xa0, "B", true }, { 0xb4, "W", true }, { 0xc1, "TS", false },
	{ 0xc0, "TC", false }, { 0xc2, "TN", false }, { 0xc7, "SS", false }, { 0xc6, "SC", false },
	{ 0xc8, "SN", false }, { 0xc4, "CS", false }, { 0xc3, "CC", false }, { 0xc5, "CN", false },
	{ 0xa1, "SB", true }, { 0xb5, "SW", true }, { 0x98, "S", false }, { 0xa2, "DX", true },
	{ 0xa3, "DY", true }, { 0xcc, "Z", false }, { 0xaf, "R", false }, { 0xb0, "ZR", false },
	{ 0x51, "LTS", false }, { 0x50, "LTC", false }, { 0x52, "LTN", false },
	{ 0x59, "LSTS", false }, { 0x58, "LSTC", false }, { 0x5a, "LSTN", false },
	{ 0x55, "LCS", false }, { 0x54, "LCC", false }, { 0x56, "LCN", false },
	{ 0x62, "LZ", false }, { 0x2c, "RD", false }, { 0xab, "G", false },
};

const struct melsec_command *
melsec_command_find(uint16_t code)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (commands[i].code == code)
			return &commands[i];
	return NULL;
}

const char *
melsec_end_name(uint16_t end)
{
	return tok_find(ends, end);
}

/* ---- numbers --------------------------------------------------------- */

static uint32_t
hex(struct rd *r, unsigned digits)
{
	const uint8_t *d = rd_bytes(r, digits);
	uint32_t v = 0;

	for (unsigned i = 0; d && i < digits; i++) {
		int x = ascii_hex(d[i]);
		if (x < 0) {
			rd_set_bad(r);
			return 0;
		}
		v = v << 4 | (uint32_t)x;
	}
	return v;
}

uint8_t
mc_u8(struct mc *m)
{
	return m->ascii ? (uint8_t)hex(&m->r, 2) : rd_u8(&m->r);
}

uint16_t
mc_u16(struct mc *m)
{
	return m->ascii ? (uint16_t)hex(&m->r, 4) : rd_le16(&m->r);
}

uint32_t
mc_u32(struct mc *m)
{
	return m->ascii ? hex(&m->r, 8) : rd_le32(&m->r);
}

uint32_t
mc_left(const struct mc *m, unsigned n)
{
	return rd_have(&m->r) / (m->ascii ? n * 2 : n);
}

/* ---- frames ---------------------------------------------------------- */

/* Of the first bytes: ASCII or not, 4E or not, answer or not. */
static bool
subheader(const struct rd *v, struct melsec_frame *f)
{
	int a = rd_peek8(v, 0), b = rd_peek8(v, 1), c = rd_peek8(v, 2), d = rd_peek8(v, 3);

	f->ascii = a == '5' || a == 'D';
	if (f->ascii && (b == '0' || b == '4') && c == '0' && d == '0') {
		f->answer = a == 'D';
		f->four = b == '4';
		return true;
	}
	f->ascii = false;
	if (b != 0 || (a != 0x50 && a != 0x54 && a != 0xd0 && a != 0xd4))
		return false;
	f->answer = a & 0x80;
	f->four = a & 4;
	return true;
}

static struct mc
header(struct rd *r, struct melsec_frame *f)
{
	struct mc m = { *r, f->ascii };

	mc_u16(&m);
	if (f->four) {
		f->serial = mc_u16(&m);
		mc_u16(&m);
	}
	f->network = mc_u8(&m);
	f->pc = mc_u8(&m);
	f->io = mc_u16(&m);
	f->station = mc_u8(&m);
	f->len = mc_u16(&m);
	return m;
}

ssize_t
melsec_length(const struct rd *v)
{
	struct melsec_frame f = { 0 };
	struct rd r = *v;
	struct mc m;

	if (rd_have(v) < 4) {
		int a = rd_peek8(v, 0), b = rd_peek8(v, 1);
		return a == 0x50 || a == 0x54 || a == 0xd0 || a == 0xd4 ? b > 0 ? -1 : 0 :
		    a == '5' || a == 'D' ? b < 0 || b == '0' || b == '4' ? 0 : -1 : -1;
	}
	if (!subheader(v, &f))
		return -1;
	m = header(&r, &f);
	if (rd_short(&m.r) || (rd_bad(&m.r) && m.r.err_want))
		return 0;
	if (!rd_ok(&m.r) || f.len > MELSEC_MAX * (f.ascii ? 2 : 1) ||
	    f.len < (f.answer ? 2 : 6) * (f.ascii ? 2 : 1))
		return -1;
	return (ssize_t)m.r.off - v->off + f.len;
}

bool
melsec_decode(struct rd *r, struct melsec_frame *f)
{
	struct mc m;

	memset(f, 0, sizeof(*f));
	if (!subheader(r, f))
		return false;
	m = header(r, f);
	m.r = rd_sub(&m.r, f->len);
	if (f->answer) {
		f->end = mc_u16(&m);
	} else {
		f->timer = mc_u16(&m);
		f->cmd = mc_u16(&m);
		f->sub = mc_u16(&m);
	}
	f->data = m.r;
	rd_skip(r, rd_left(r));
	return rd_ok(&m.r);
}

/* ---- devices --------------------------------------------------------- */

/* Subcommands 2 and 3 (and with 0x80) are those of iQ-R: longer numbers. */
struct melsec_device
melsec_device_read(struct mc *m, uint16_t sub)
{
	struct melsec_device d = { 0 };
	bool wide = sub & 2;

	if (sub & 0x80)                 /* extensions: module and index before it */
		return d;
	if (m->ascii) {
		unsigned letters = wide ? 4 : 2, digits = wide ? 8 : 6;
		const uint8_t *s = rd_bytes(&m->r, letters), *n;
		size_t len = letters;
		if (!s || !(n = rd_bytes(&m->r, digits)))
			return d;
		while (len && (s[len - 1] == '*' || s[len - 1] == ' '))
			len--;
		for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
			if (strlen(devices[i].name) == len && !memcmp(devices[i].name, s, len)) {
				d.code = devices[i].code;
				d.name = devices[i].name;
				d.hex = devices[i].hex;
			}
		for (unsigned i = 0; i < digits; i++) {
			int x = n[i] == ' ' ? 0 : ascii_hex(n[i]);
			if (x < 0 || (!d.hex && x > 9)) {
				rd_set_bad(&m->r);
				return d;
			}
			d.n = d.n * (d.hex ? 16 : 10) + (uint32_t)x;
		}
		d.known = d.name != NULL;
		return d;
	}
	if (wide) {
		d.n = rd_le32(&m->r);
		d.code = rd_le16(&m->r);
	} else {
		d.n = rd_le16(&m->r);
		d.n |= (uint32_t)rd_u8(&m->r) << 16;
		d.code = rd_u8(&m->r);
	}
	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
		if (devices[i].code == d.code) {
			d.name = devices[i].name;
			d.hex = devices[i].hex;
		}
	d.known = rd_ok(&m->r);
	return d;
}

struct text
melsec_device_name(struct ev *e, const struct melsec_device *d)
{
	if (!d->known)
		return (struct text){ 0 };
	if (!d->name)
		return ev_text(e, "device 0x%02x:%u", d->code, d->n);
	return d->hex ? ev_text(e, "%s%X", d->name, d->n) :
	    ev_text_num(e, d->name, strlen(d->name), d->n);
}
