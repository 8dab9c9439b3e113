/* mbus_pdu.c: M-Bus frames and headers as bytes become them. Pure. */
#include "proto/mbus.h"

enum { START_SHORT = 0x10, START_LONG = 0x68, STOP = 0x16, SINGLE = 0xe5 };

const struct tok mbus_cis[] = {
	{ 0x50, "application_reset" }, { 0x51, "data_send" }, { 0x52, "select" },
	{ 0x54, "synchronise" }, { 0x55, "data_send" }, { 0x56, "select" },
	{ 0x5a, "command" }, { 0x5b, "command" }, { 0x5c, "synchronise" },
	{ 0x70, "application_error" }, { 0x71, "alarm" }, { 0x72, "long_header" },
	{ 0x73, "fixed_data" }, { 0x76, "long_header_msb" }, { 0x77, "fixed_data_msb" },
	{ 0x78, "no_header" }, { 0x7a, "short_header" },
	{ 0xb8, "baud_300" }, { 0xb9, "baud_600" }, { 0xba, "baud_1200" }, { 0xbb, "baud_2400" },
	{ 0xbc, "baud_4800" }, { 0xbd, "baud_9600" }, { 0xbe, "baud_19200" },
	{ 0xbf, "baud_38400" },
	{ 0, NULL }
};

static const struct tok media[] = {
	{ 0x00, "other" }, { 0x01, "oil" }, { 0x02, "electricity" }, { 0x03, "gas" },
	{ 0x04, "heat" }, { 0x05, "steam" }, { 0x06, "warm water" }, { 0x07, "water" },
	{ 0x08, "heat cost allocator" }, { 0x09, "compressed air" }, { 0x0a, "cooling" },
	{ 0x0b, "cooling" }, { 0x0c, "heat" }, { 0x0d, "heat and cooling" }, { 0x0e, "bus" },
	{ 0x0f, "unknown" }, { 0x14, "calorific value" }, { 0x15, "hot water" },
	{ 0x16, "cold water" }, { 0x17, "dual register water" }, { 0x18, "pressure" },
	{ 0x19, "A/D converter" }, { 0x1a, "smoke detector" }, { 0x1b, "room sensor" },
	{ 0x1c, "gas detector" }, { 0x20, "breaker" }, { 0x21, "valve" },
	{ 0x25, "customer unit" }, { 0x28, "waste water" }, { 0x29, "garbage" },
	{ 0x31, "communication controller" }, { 0x32, "repeater" }, { 0x36, "radio converter" },
	{ 0x37, "radio converter" },
	{ 0, NULL }
};

static const struct tok functions[] = {
	{ MBUS_SND_NKE, "SND_NKE" }, { MBUS_SND_UD, "SND_UD" }, { MBUS_REQ_UD1, "REQ_UD1" },
	{ MBUS_REQ_UD2, "REQ_UD2" }, { MBUS_RSP_UD, "RSP_UD" },
	{ 0, NULL }
};

const char *mbus_medium(uint8_t medium) { return tok_find(media, medium); }

const char *
mbus_function(uint8_t c)
{
	/* bits 4 and 5: frame count of a request, access demand of an answer */
	return tok_find(functions, c & 0xcfu);
}

ssize_t
mbus_length(const struct rd *r)
{
	int n, start = rd_peek8(r, 0);

	if (start < 0)
		return 0;
	if (start == SINGLE)
		return 1;
	if (start == START_SHORT) {
		n = rd_peek8(r, 1);
		if (n >= 0 && !mbus_function((uint8_t)n))
			return -1;
		n = rd_peek8(r, 4);
		return n < 0 ? 0 : n == STOP ? 5 : -1;
	}
	if (start != START_LONG)
		return -1;
	n = rd_peek8(r, 1);
	if (n < 0)
		return 0;
	if (n < 3 || (rd_peek8(r, 2) >= 0 && rd_peek8(r, 2) != n) ||
	    (rd_peek8(r, 3) >= 0 && rd_peek8(r, 3) != START_LONG))
		return -1;
	return rd_peek8(r, 3) < 0 ? 0 : n + 6;
}

static void
take_id(struct rd *r, uint8_t id[4])
{
	const uint8_t *p = rd_bytes(r, 4);

	if (p)
		memcpy(id, p, 4);
}

static void
take_header(struct rd *r, struct mbus_pdu *p)
{
	uint16_t config;

	switch (p->ci) {
	case 0x72: case 0x76:
		take_id(r, p->id);
		p->maker = rd_le16(r);
		p->version = rd_u8(r);
		p->medium = rd_u8(r);
		/* FALLTHROUGH */
	case 0x7a:
		p->access = rd_u8(r);
		p->status = rd_u8(r);
		config = rd_le16(r);
		if (!rd_ok(r))
			return;
		p->header = p->has_maker = p->ci != 0x7a;
		p->has_status = true;
		p->mode = config >> 8 & 31;
		p->encrypted = p->mode != 0;
		return;
	case 0x73: case 0x77:
		take_id(r, p->id);
		p->access = rd_u8(r);
		p->status = rd_u8(r);
		p->header = p->fixed = p->has_status = rd_ok(r);
		return;
	case 0x52: case 0x56:
		take_id(r, p->id);
		p->maker = rd_le16(r);
		p->version = rd_u8(r);
		p->medium = rd_u8(r);
		p->header = p->has_maker = rd_ok(r);
		return;
	}
}

void
mbus_decode(struct rd *r, struct mbus_pdu *p)
{
	uint8_t sum = 0, n;
	struct rd v, body;

	memset(p, 0, sizeof(*p));
	switch (rd_u8(r)) {
	case SINGLE:
		p->kind = MBUS_ACK;
		return;
	case START_SHORT:
		p->kind = MBUS_SHORT;
		n = 2;
		break;
	default:
		p->kind = MBUS_LONG;
		n = rd_u8(r);
		rd_skip(r, 2);
		break;
	}
	body = rd_sub(r, n);
	v = body;
	p->c = rd_u8(&body);
	p->address = rd_u8(&body);
	if (p->kind == MBUS_LONG) {
		p->ci = rd_u8(&body);
		p->has_ci = rd_ok(&body);
		take_header(&body, p);
		p->records = rd_rest(&body);
		if (rd_bad(&body))
			p->why = "HEADER_TRUNCATED";
	}
	if (!rd_ok(r))
		return;
	while (rd_left(&v))
		sum = (uint8_t)(sum + rd_u8(&v));
	if (rd_u8(r) != sum && rd_ok(r))
		p->why = "CHECKSUM";
	else if (rd_u8(r) != STOP && rd_ok(r))
		p->why = "STOP_BYTE";
	else if (!mbus_function(p->c))
		p->why = "FUNCTION_UNKNOWN";
}

const struct field mbus_fields[] = {
	{ "mbus.address", "integer", "primary address; 253: the selected meter, 255: all" },
	{ "mbus.function", "string", "SND_NKE, SND_UD, REQ_UD1, REQ_UD2, RSP_UD" },
	{ "mbus.response", "string", "ACK or RSP_UD" },
	{ "mbus.ci", "string", "what follows the header: data_send, select, long_header, ..." },
	{ "mbus.id", "string", "identification number; f stands for any digit in a selection" },
	{ "mbus.manufacturer", "string", "three letters (DLMS FLAG)" },
	{ "mbus.version", "integer", "version or generation of the meter" },
	{ "mbus.medium", "string", "what it measures" },
	{ "mbus.access", "integer", "access number, counts telegrams" },
	{ "mbus.status", "array", "busy, error, alarm, power_low, permanent_error, ..." },
	{ "mbus.encrypted", "boolean", "the records are encrypted" },
	{ "mbus.mode", "integer", "security mode" },
	{ "mbus.records", "array", "data records, the first 16" },
	{ "mbus.records.quantity", "string", "what: energy, volume, flow_temperature, ..." },
	{ "mbus.records.unit", "string", "unit of the value" },
	{ "mbus.records.value", "string", "its value: a number, a text, a date" },
	{ "mbus.records.function", "string", "maximum, minimum, error; absent: at this moment" },
	{ "mbus.records.storage", "integer", "number of the stored value; 0 is the present one" },
	{ "mbus.records.tariff", "integer", "tariff" },
	{ "mbus.records.subunit", "integer", "unit within the meter" },
	{ "mbus.records.vif", "string", "value information in hex, where it has no name here" },
	{ "mbus.more", "boolean", "more records in a further telegram" },
	{ "mbus.counters", "array", "both counters of the fixed data structure" },
	{ NULL }
};
