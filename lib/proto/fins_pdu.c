/* fins_pdu.c: frames, memory areas, and the names of commands and end codes. */
#include "proto/fins.h"

#define C(code, op, s)  { code, op, { s, sizeof(s) - 1 } }
static const struct fins_command commands[] = {
	C(0x0101, OT_READ, "Memory Area Read"), C(0x0102, OT_WRITE, "Memory Area Write"),
	C(0x0103, OT_WRITE, "Memory Area Fill"), C(0x0104, OT_READ, "Multiple Memory Area Read"),
	C(0x0105, OT_WRITE, "Memory Area Transfer"), C(0x0201, OT_READ, "Parameter Area Read"),
	C(0x0202, OT_CONFIGURE, "Parameter Area Write"),
	C(0x0203, OT_CONFIGURE, "Parameter Area Clear"),
	C(0x0220, OT_READ, "Data Link Table Read"),
	C(0x0221, OT_CONFIGURE, "Data Link Table Write"),
	C(0x0304, OT_CONFIGURE, "Program Area Protect"),
	C(0x0305, OT_CONFIGURE, "Program Area Protect Clear"),
	C(0x0306, OT_PROGRAM, "Program Area Read"), C(0x0307, OT_PROGRAM, "Program Area Write"),
	C(0x0308, OT_PROGRAM, "Program Area Clear"), C(0x0401, OT_COMMAND, "Run"),
	C(0x0402, OT_COMMAND, "Stop"), C(0x0403, OT_COMMAND, "Reset"),
	C(0x0501, OT_IDENTIFY, "Controller Data Read"),
	C(0x0502, OT_IDENTIFY, "Connection Data Read"),
	C(0x0601, OT_READ, "Controller Status Read"),
	C(0x0602, OT_READ, "Network Status Read"), C(0x0603, OT_READ, "Data Link Status Read"),
	C(0x0620, OT_READ, "Cycle Time Read"), C(0x0701, OT_READ, "Clock Read"),
	C(0x0702, OT_CONFIGURE, "Clock Write"), C(0x0801, OT_OTHER, "Loopback Test"),
	C(0x0802, OT_READ, "Broadcast Test Results Read"),
	C(0x0803, OT_OTHER, "Broadcast Test Data Send"), C(0x0920, OT_READ, "Message Read"),
	C(0x0c01, OT_COMMAND, "Access Right Acquire"),
	C(0x0c02, OT_COMMAND, "Access Right Forced Acquire"),
	C(0x0c03, OT_COMMAND, "Access Right Release"), C(0x2101, OT_COMMAND, "Error Clear"),
	C(0x2102, OT_READ, "Error Log Read"), C(0x2103, OT_COMMAND, "Error Log Clear"),
	C(0x2140, OT_READ, "FINS Write Access Log Read"),
	C(0x2141, OT_COMMAND, "FINS Write Access Log Clear"),
	C(0x2201, OT_READ, "File Name Read"), C(0x2202, OT_READ, "Single File Read"),
	C(0x2203, OT_PROGRAM, "Single File Write"), C(0x2204, OT_COMMAND, "File Memory Format"),
	C(0x2205, OT_COMMAND, "File Delete"), C(0x2206, OT_CONFIGURE, "Volume Label"),
	C(0x2207, OT_COMMAND, "File Copy"), C(0x2208, OT_COMMAND, "File Name Change"),
	C(0x2209, OT_READ, "File Data Check"), C(0x220a, OT_WRITE, "Memory Area File Transfer"),
	C(0x220b, OT_PROGRAM, "Parameter Area File Transfer"),
	C(0x220c, OT_PROGRAM, "Program Area File Transfer"),
	C(0x220f, OT_READ, "File Memory Index Read"), C(0x2210, OT_READ, "File Memory Read"),
	C(0x2211, OT_WRITE, "File Memory Write"), C(0x2215, OT_COMMAND, "Directory Create/Delete"),
	C(0x2301, OT_COMMAND, "Forced Set/Reset"), C(0x2302, OT_COMMAND, "Forced Set/Reset Cancel"),
	C(0x230a, OT_READ, "Multiple Forced Status Read"), C(0x2601, OT_CONFIGURE, "Name Set"),
	C(0x2602, OT_CONFIGURE, "Name Delete"), C(0x2603, OT_READ, "Name Read"),
};

/* Without the flags for a relay (0x8000) and the CPU unit's own errors (0x00c0). */
static const struct tok ends[] = {
	{ 0x0000, "normal" }, { 0x0001, "service_cancelled" }, { 0x0101, "local_not_in_network" },
	{ 0x0102, "token_timeout" }, { 0x0103, "retries_failed" }, { 0x0104, "too_many_frames" },
	{ 0x0105, "node_address_range" }, { 0x0106, "node_address_duplicated" },
	{ 0x0201, "destination_not_in_network" }, { 0x0202, "no_such_unit" },
	{ 0x0203, "third_node_missing" }, { 0x0204, "destination_busy" },
	{ 0x0205, "response_timeout" }, { 0x0301, "communications_controller_error" },
	{ 0x0302, "cpu_unit_error" }, { 0x0303, "controller_error" },
	{ 0x0304, "unit_number_error" }, { 0x0401, "undefined_command" },
	{ 0x0402, "not_supported_by_model" }, { 0x0501, "destination_not_in_routing_table" },
	{ 0x0502, "no_routing_tables" }, { 0x0503, "routing_table_error" },
	{ 0x0504, "too_many_relays" }, { 0x1001, "command_too_long" },
	{ 0x1002, "command_too_short" }, { 0x1003, "element_count_mismatch" },
	{ 0x1004, "command_format_error" }, { 0x1005, "header_error" },
	{ 0x1101, "area_missing" }, { 0x1102, "access_size_error" },
	{ 0x1103, "address_range_error" }, { 0x1104, "address_range_exceeded" },
	{ 0x1106, "program_missing" }, { 0x1109, "relational_error" },
	{ 0x110a, "duplicate_data_access" }, { 0x110b, "response_too_long" },
	{ 0x110c, "parameter_error" }, { 0x2002, "protected" }, { 0x2003, "table_missing" },
	{ 0x2004, "data_missing" }, { 0x2005, "program_missing" }, { 0x2006, "file_missing" },
	{ 0x2007, "data_mismatch" }, { 0x2101, "read_only" }, { 0x2102, "write_protected" },
	{ 0x2103, "cannot_register" }, { 0x2105, "program_missing" }, { 0x2106, "file_missing" },
	{ 0x2107, "file_exists" }, { 0x2108, "cannot_change" },
	{ 0x2201, "not_possible_while_running" }, { 0x2202, "not_possible_while_stopped" },
	{ 0x2203, "wrong_mode_program" }, { 0x2204, "wrong_mode_debug" },
	{ 0x2205, "wrong_mode_monitor" }, { 0x2206, "wrong_mode_run" },
	{ 0x2207, "not_polling_node" }, { 0x2208, "step_not_executable" },
	{ 0x2301, "file_device_missing" }, { 0x2302, "memory_missing" },
	{ 0x2303, "clock_missing" },
	{ 0x2401, "table_error" }, { 0x2502, "memory_error" }, { 0x2503, "io_setting_error" },
	{ 0x2504, "too_many_io_points" }, { 0x2505, "cpu_bus_error" }, { 0x2506, "io_duplication" },
	{ 0x2507, "io_bus_error" }, { 0x2509, "sysmac_bus_error" },
	{ 0x250a, "cpu_bus_unit_error" },
	{ 0x250d, "sysmac_bus_duplication" }, { 0x250f, "memory_error" },
	{ 0x2510, "terminator_missing" }, { 0x2601, "no_protection" },
	{ 0x2602, "incorrect_password" }, { 0x2604, "protected" },
	{ 0x2605, "service_already_executing" }, { 0x2606, "service_stopped" },
	{ 0x2607, "no_execution_right" }, { 0x2608, "settings_not_complete" },
	{ 0x2609, "necessary_items_not_set" }, { 0x260a, "number_already_defined" },
	{ 0x260b, "error_will_not_clear" }, { 0x3001, "no_access_right" },
	{ 0x4001, "service_aborted" }, { 0, NULL },
};

static const struct tok tcp_errors[] = {
	{ 0x00, "normal" }, { 0x01, "not_fins" }, { 0x02, "too_long" }, { 0x03, "not_supported" },
	{ 0x20, "connections_in_use" }, { 0x21, "already_connected" }, { 0x22, "protected_node" },
	{ 0x23, "node_address_range" }, { 0x24, "node_address_duplicated" },
	{ 0x25, "node_addresses_used_up" }, { 0, NULL },
};

const struct fins_command *
fins_command_find(uint16_t code)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (commands[i].code == code)
			return &commands[i];
	return NULL;
}

const char *
fins_end_name(uint16_t end)
{
	return tok_find(ends, end & 0x7f3f);
}

const char *
fins_tcp_error_name(uint32_t error)
{
	return tok_find(tcp_errors, error);
}

bool
fins_decode(struct rd *r, struct fins_frame *f)
{
	const uint8_t *d, *s;

	memset(f, 0, sizeof(*f));
	f->icf = rd_u8(r);
	rd_skip(r, 1);
	f->gct = rd_u8(r);
	d = rd_bytes(r, 3);
	s = rd_bytes(r, 3);
	f->sid = rd_u8(r);
	f->cmd = rd_be16(r);
	f->answer = f->icf & 0x40;
	if (f->answer)
		f->end = rd_be16(r);
	if (!rd_ok(r) || !d || !s)
		return false;
	memcpy(f->dest, d, 3);
	memcpy(f->src, s, 3);
	f->data = rd_rest(r);
	return true;
}

struct fins_place
fins_place_read(struct rd *r)
{
	struct fins_place p;

	p.area = rd_u8(r);
	p.word = rd_be16(r);
	p.bit = rd_u8(r);
	return p;
}

/* Areas of CS, CJ, CP and NJ, and of CV where the codes differ. */
enum kind { WORDS, BITS, FLAGS, WIDE };
struct area { uint8_t code; enum kind kind; const char *name; };
static const struct area areas[] = {
	{ 0x30, BITS, "CIO" }, { 0x31, BITS, "W" }, { 0x32, BITS, "H" }, { 0x33, BITS, "A" },
	{ 0x70, BITS, "CIO" }, { 0x71, BITS, "W" }, { 0x72, BITS, "H" },
	{ 0xb0, WORDS, "CIO" }, { 0xb1, WORDS, "W" }, { 0xb2, WORDS, "H" }, { 0xb3, WORDS, "A" },
	{ 0xf0, WIDE, "CIO" }, { 0xf1, WIDE, "W" }, { 0xf2, WIDE, "H" },
	{ 0x00, BITS, "CIO" }, { 0x40, BITS, "CIO" }, { 0x80, WORDS, "CIO" }, { 0xc0, WIDE, "CIO" },
	{ 0x02, BITS, "D" }, { 0x82, WORDS, "D" }, { 0x09, FLAGS, "T" }, { 0x49, FLAGS, "T" },
	{ 0x89, WORDS, "T" }, { 0x01, FLAGS, "T" }, { 0x41, FLAGS, "T" }, { 0x81, WORDS, "T" },
	{ 0x0a, BITS, "E" }, { 0x98, WORDS, "E" },
	{ 0x9c, WORDS, "EM bank " }, { 0x06, FLAGS, "TK" }, { 0x46, FLAGS, "TK" },
	{ 0xdc, WIDE, "IR" }, { 0xbc, WORDS, "DR" }, { 0x07, FLAGS, "clock pulse " },
	{ 0x03, FLAGS, "TN" }, { 0x04, FLAGS, "ST" }, { 0x44, FLAGS, "ST" }, { 0x84, WORDS, "ST" },
	{ 0x1b, FLAGS, "AC" }, { 0xdd, WORDS, "interrupt " },
};

static const struct area *
area_find(uint8_t code)
{
	for (size_t i = 0; i < sizeof(areas) / sizeof(areas[0]); i++)
		if (areas[i].code == code)
			return &areas[i];
	return NULL;
}

/* Extended memory by bank, -1: another area. */
static int
em_bank(uint8_t code, bool *bits)
{
	*bits = code >= 0x20 && code <= 0x2f;
	if (*bits)
		return code - 0x20;
	if (code >= 0xa0 && code <= 0xaf)
		return code - 0xa0;
	if (code >= 0x90 && code <= 0x97)
		return code - 0x90;
	return -1;
}

struct text
fins_place_name(struct ev *e, const struct fins_place *p)
{
	const struct area *a;
	const char *name;
	bool bits;
	int bank = em_bank(p->area, &bits);

	if (bank >= 0)
		return bits ? ev_text(e, "E%X_%u.%02u", (unsigned)bank, p->word, p->bit) :
		    ev_text(e, "E%X_%u", (unsigned)bank, p->word);
	if (!(a = area_find(p->area)))
		return ev_text(e, "area 0x%02x:%u.%02u", p->area, p->word, p->bit);
	name = a->name;
	if (p->area == 0xbc && p->word == 0x0f00)
		return TEXT("EM bank");
	if (p->area == 0xbc || p->area == 0xdc) /* registers have numbers of their own */
		return ev_text_num(e, name, 2, p->word & 0xff);
	/* counters are the timers' second half */
	if (name[0] == 'T' && !name[1] && p->word & 0x8000)
		return ev_text(e, "C%u", p->word & 0x7fffu);
	if (a->kind == BITS)
		return ev_text(e, "%s%u.%02u", name, p->word, p->bit);
	return ev_text_num(e, name, strlen(name), p->word);
}

unsigned
fins_place_width(uint8_t code)
{
	const struct area *a;
	bool bits;

	if (em_bank(code, &bits) >= 0)
		return bits ? 1 : 2;
	a = area_find(code);
	return !a ? 0 : a->kind == WORDS ? 2 : a->kind == WIDE ? 4 : 1;
}
