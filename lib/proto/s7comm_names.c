/* s7comm_names.c: S7's numbers and their names; a text is absent where there is none. */
#include "proto/s7comm.h"

#define WORD(s) { s, sizeof(s) - 1 }
struct text
s7_rosctr(uint8_t rosctr)
{
	static const struct text names[] = {
		[S7_JOB] = WORD("job"), [S7_ACK] = WORD("ack"),
		[S7_ACK_DATA] = WORD("ack_data"), [S7_USERDATA] = WORD("userdata"),
	};

	return rosctr <= S7_USERDATA ? names[rosctr] : (struct text){ 0 };
}

struct text
s7_function(uint8_t func)
{
	static const struct { uint8_t func; struct text name; } names[] = {
		{ S7_READ, WORD("read_var") }, { S7_WRITE, WORD("write_var") },
		{ S7_CPU, WORD("cpu_services") },
		{ S7_REQ_DOWNLOAD, WORD("request_download") },
		{ S7_DOWNLOAD, WORD("download_block") },
		{ S7_END_DOWNLOAD, WORD("download_ended") },
		{ S7_START_UPLOAD, WORD("start_upload") }, { S7_UPLOAD, WORD("upload") },
		{ S7_END_UPLOAD, WORD("end_upload") }, { S7_PI, WORD("pi_service") },
		{ S7_STOP, WORD("plc_stop") }, { S7_SETUP, WORD("setup_communication") },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (names[i].func == func)
			return names[i].name;
	return (struct text){ 0 };
}

/* An item's transport size. */
struct text
s7_transport(uint8_t transport)
{
	static const struct text names[] = {
		[1] = WORD("BIT"), [2] = WORD("BYTE"), [3] = WORD("CHAR"), [4] = WORD("WORD"),
		[5] = WORD("INT"), [6] = WORD("DWORD"), [7] = WORD("DINT"), [8] = WORD("REAL"),
		[9] = WORD("DATE"), [0x0a] = WORD("TOD"), [0x0b] = WORD("TIME"),
		[0x0c] = WORD("S5TIME"), [0x0f] = WORD("DATE_AND_TIME"), [0x1c] = WORD("COUNTER"),
		[0x1d] = WORD("TIMER"), [0x1e] = WORD("IEC_TIMER"), [0x1f] = WORD("IEC_COUNTER"),
		[0x20] = WORD("HS_COUNTER"),
	};

	return transport < sizeof(names) / sizeof(*names) ? names[transport] :
	    (struct text){ 0 };
}

const struct tok s7_groups[] = {
	{ S7_G_MODE, "mode_transition" }, { S7_G_PG, "programmer_commands" },
	{ S7_G_CYCLIC, "cyclic_services" }, { S7_G_BLOCK, "block_functions" },
	{ S7_G_CPU, "cpu_functions" }, { S7_G_SECURITY, "security" }, { S7_G_PBC, "pbc" },
	{ S7_G_TIME, "time_functions" }, { S7_G_NC, "nc_programming" }, { 0, NULL },
};

const struct tok s7_block_types[] = {
	{ 0x08, "OB" }, { 0x09, "CMOD" }, { 0x0a, "DB" }, { 0x0b, "SDB" }, { 0x0c, "FC" },
	{ 0x0d, "SFC" }, { 0x0e, "FB" }, { 0x0f, "SFB" }, { 0, NULL },
};

const struct tok s7_languages[] = {
	{ 1, "AWL" }, { 2, "KOP" }, { 3, "FUP" }, { 4, "SCL" }, { 5, "DB" }, { 6, "GRAPH" },
	{ 7, "SDB" }, { 8, "CPU-DB" }, { 0x11, "SDB-after-overall-reset" },
	{ 0x12, "SDB-routing" }, { 0x1d, "ENCRYPT" }, { 0, NULL },
};

/* The operating mode in list 0x0424; a nibble. */
const struct tok s7_modes[] = {
	{ 1, "STOP (update)" }, { 2, "STOP (memory reset)" }, { 3, "STOP (self-initialization)" },
	{ 4, "STOP" }, { 5, "STARTUP (cold restart)" }, { 6, "STARTUP (warm restart)" },
	{ 7, "STARTUP (hot restart)" }, { 8, "RUN" }, { 9, "RUN-R" }, { 10, "HOLD" },
	{ 11, "LINK-UP" }, { 12, "UPDATE" }, { 13, "DEFECT" }, { 14, "SELF-TEST" },
	{ 15, "NO-POWER" }, { 0, NULL },
};

static const struct tok return_codes[] = {
	{ 0xff, "ok" }, { 0x0a, "object_does_not_exist" }, { 0x00, "reserved" },
	{ 0x01, "hardware_fault" }, { 0x03, "access_not_allowed" }, { 0x05, "invalid_address" },
	{ 0x06, "data_type_not_supported" }, { 0x07, "data_type_inconsistent" }, { 0, NULL },
};

static const struct tok classes[] = {
	{ 0x81, "application_relationship" }, { 0x82, "object_definition" },
	{ 0x83, "no_resources" }, { 0x84, "service_processing" }, { 0x85, "supplies" },
	{ 0x87, "access" }, { 0, NULL },
};

static const struct tok errors[] = {
	{ 0x0110, "invalid_block_number" }, { 0x0111, "invalid_request_length" },
	{ 0x0112, "invalid_parameter" }, { 0x0113, "invalid_block_type" },
	{ 0x0114, "block_not_found" }, { 0x0115, "block_already_exists" },
	{ 0x0116, "block_write_protected" }, { 0x0117, "block_too_large" },
	{ 0x0118, "invalid_block_number" }, { 0x0119, "incorrect_password" },
	{ 0x011a, "pg_resource_error" }, { 0x011b, "plc_resource_error" },
	{ 0x011c, "protocol_error" }, { 0x011d, "too_many_blocks" },
	{ 0x011f, "result_buffer_too_small" }, { 0x0120, "end_of_block_list" },
	{ 0x0140, "insufficient_memory" }, { 0x0141, "no_resources" },
	{ 0x8001, "not_in_this_block_status" }, { 0x8003, "block_transfer_error" },
	{ 0x8100, "service_unknown" }, { 0x8104, "service_not_implemented" },
	{ 0x8204, "object_type_inconsistent" }, { 0x8205, "block_copied_not_linked" },
	{ 0x8301, "insufficient_memory" }, { 0x8302, "too_few_resources" },
	{ 0x8304, "no_further_upload" }, { 0x8305, "function_not_available" },
	{ 0x8306, "insufficient_work_memory" }, { 0x8307, "insufficient_retentive_memory" },
	{ 0x8401, "invalid_service_sequence" }, { 0x8402, "not_in_this_object_status" },
	{ 0x8404, "function_cannot_be_performed" }, { 0x8405, "remote_block_disabled" },
	{ 0x8500, "wrong_frame" }, { 0x8503, "service_cancelled" },
	{ 0x8701, "object_addressing_error" }, { 0x8702, "service_not_supported" },
	{ 0x8703, "access_refused" }, { 0x8704, "object_damaged" },
	{ 0xd001, "illegal_job_number" }, { 0xd002, "illegal_job_variant" },
	{ 0xd003, "debugging_not_supported" }, { 0xd004, "illegal_job_status" },
	{ 0xd011, "block_does_not_exist" }, { 0xd012, "wrong_address_in_block" },
	{ 0xd015, "illegal_tag_address" }, { 0xd041, "illegal_status_list" },
	{ 0xd042, "illegal_tag_address" }, { 0xd043, "job_not_found" },
	{ 0xd044, "illegal_tag_value" }, { 0xd045, "not_allowed_in_hold" },
	{ 0xd061, "no_memory_for_job" }, { 0xd062, "job_list_full" },
	{ 0xd081, "not_permitted_in_this_mode" }, { 0xd082, "cannot_exit_hold" },
	{ 0xd0a1, "not_permitted_by_protection_level" }, { 0xd0a2, "memory_being_modified" },
	{ 0xd0a4, "already_forcing" }, { 0xd0a5, "job_not_found" },
	{ 0xd0ad, "mode_already_set" }, { 0xd0c1, "tag_access_error" },
	{ 0xd0c2, "change_to_stop_or_hold" }, { 0xd201, "block_name_syntax" },
	{ 0xd202, "function_parameter_syntax" }, { 0xd205, "block_already_in_ram" },
	{ 0xd206, "block_already_in_eprom" }, { 0xd208, "too_many_copied_blocks" },
	{ 0xd209, "block_not_found" }, { 0xd20a, "too_many_blocks_to_link" },
	{ 0xd20b, "too_many_blocks_to_delete" }, { 0xd20c, "priority_class_missing" },
	{ 0xd20d, "sdb_not_interpretable" }, { 0xd20e, "no_block_available" },
	{ 0xd20f, "block_too_large" }, { 0xd210, "invalid_block_number" },
	{ 0xd212, "wrong_header_attribute" }, { 0xd213, "too_many_sdbs" },
	{ 0xd216, "invalid_user_program" }, { 0xd217, "protection_level_not_permitted" },
	{ 0xd218, "wrong_active_passive_attribute" }, { 0xd219, "wrong_block_length" },
	{ 0xd21a, "wrong_local_data_length" }, { 0xd21b, "cannot_compress" },
	{ 0xd240, "coordination_rules_violated" }, { 0xd241, "not_permitted_by_protection_level" },
	{ 0xd242, "f_block_protection_violated" }, { 0xd250, "update_version_mismatch" },
	{ 0xd252, "checksum_error" }, { 0xd2a1, "another_block_function_active" },
	{ 0xd2a3, "block_not_active" }, { 0xd401, "information_not_available" },
	{ 0xd402, "information_not_available" }, { 0xd403, "already_logged_on" },
	{ 0xd404, "too_many_nodes" }, { 0xd405, "service_not_supported" },
	{ 0xd406, "information_currently_unavailable" }, { 0xd407, "diagnostics_error" },
	{ 0xd409, "dp_bus_error" }, { 0xd601, "function_parameter_syntax" },
	{ 0xd602, "incorrect_password" }, { 0xd603, "connection_already_legitimized" },
	{ 0xd604, "connection_already_enabled" }, { 0xd605, "no_password_set" },
	{ 0xd801, "invalid_tag_address" }, { 0xd802, "job_does_not_exist" },
	{ 0xd803, "illegal_job_status" }, { 0xd804, "illegal_cycle_time" },
	{ 0xd805, "too_many_cyclic_jobs" }, { 0xd807, "cycle_overload" },
	{ 0xdc01, "invalid_date_or_time" }, { 0xe201, "cpu_already_master" },
	{ 0xef01, "id2_not_zero" }, { 0xef02, "id2_unknown" }, { 0, NULL },
};

/* System status lists by the low byte of their id: the list; the rest selects. */
static const struct tok lists[] = {
	{ 0x00, "list_of_lists" }, { 0x11, "module_identification" },
	{ 0x12, "cpu_characteristics" }, { 0x13, "memory_areas" }, { 0x14, "system_areas" },
	{ 0x15, "block_types" }, { 0x16, "priority_classes" }, { 0x17, "sdb_list" },
	{ 0x18, "io_module_limits" }, { 0x19, "led_status" }, { 0x1c, "component_identification" },
	{ 0x21, "interrupt_assignment" }, { 0x22, "interrupt_status" },
	{ 0x23, "priority_class_status" }, { 0x24, "operating_mode" },
	{ 0x25, "process_image_partitions" }, { 0x31, "communication_capability" },
	{ 0x32, "communication_status" }, { 0x33, "diagnostic_stations" },
	{ 0x37, "ethernet_interface" }, { 0x71, "h_cpu_group" }, { 0x74, "led_status" },
	{ 0x75, "h_switched_slaves" }, { 0x81, "start_information" },
	{ 0x82, "start_events" }, { 0x90, "dp_master_system" }, { 0x91, "module_status" },
	{ 0x92, "rack_station_status" }, { 0x94, "rack_station_status" },
	{ 0x95, "extended_dp_master_system" }, { 0x96, "module_status" },
	{ 0x9c, "tool_changer" }, { 0xa0, "diagnostic_buffer" },
	{ 0xb1, "module_diagnostics" }, { 0xb2, "module_diagnostics" },
	{ 0xb3, "module_diagnostics" }, { 0xb4, "dp_slave_diagnostics" }, { 0, NULL },
};

/* Userdata's functions; op is what asking for them means. Sorted as in the groups. */
static const struct s7_sub subs[] = {
	{ S7_G_PG, 0x01, OT_READ, "block_status" },
	{ S7_G_PG, 0x02, OT_READ, "variable_status" },
	{ S7_G_PG, 0x03, OT_READ, "output_istack" },
	{ S7_G_PG, 0x04, OT_READ, "output_bstack" },
	{ S7_G_PG, 0x05, OT_READ, "output_lstack" },
	{ S7_G_PG, 0x06, OT_READ, "time_measurement" },
	{ S7_G_PG, 0x07, OT_READ, "force_selection" },
	{ S7_G_PG, 0x08, OT_WRITE, "modify_variable" },
	{ S7_G_PG, 0x09, OT_WRITE, "force" },
	{ S7_G_PG, 0x0a, OT_COMMAND, "breakpoint" },
	{ S7_G_PG, 0x0b, OT_COMMAND, "exit_hold" },
	{ S7_G_PG, 0x0c, OT_COMMAND, "memory_reset" },
	{ S7_G_PG, 0x0d, OT_OTHER, "disable_job" },
	{ S7_G_PG, 0x0e, OT_OTHER, "enable_job" },
	{ S7_G_PG, 0x0f, OT_OTHER, "delete_job" },
	{ S7_G_PG, 0x10, OT_READ, "read_job_list" },
	{ S7_G_PG, 0x11, OT_READ, "read_job" },
	{ S7_G_PG, 0x12, OT_OTHER, "replace_job" },
	{ S7_G_PG, 0x13, OT_READ, "block_status_v2" },
	{ S7_G_PG, 0x16, OT_COMMAND, "flash_led" },
	{ S7_G_CYCLIC, 0x01, OT_SUBSCRIBE, "cyclic_transfer" },
	{ S7_G_CYCLIC, 0x04, OT_SUBSCRIBE, "unsubscribe" },
	{ S7_G_CYCLIC, 0x05, OT_SUBSCRIBE, "change_driven_transfer" },
	{ S7_G_CYCLIC, 0x07, OT_SUBSCRIBE, "change_driven_transfer_modify" },
	{ S7_G_CYCLIC, 0x08, OT_READ, "read_record" },
	{ S7_G_BLOCK, 0x01, OT_READ, "list_blocks" },
	{ S7_G_BLOCK, 0x02, OT_READ, "list_blocks_of_type" },
	{ S7_G_BLOCK, 0x03, OT_READ, "get_block_info" },
	{ S7_G_CPU, 0x01, OT_READ, "read_szl" },
	{ S7_G_CPU, 0x02, OT_SUBSCRIBE, "message_service" },
	{ S7_G_CPU, 0x03, OT_ALARM, "diagnostic_message" },
	{ S7_G_CPU, 0x05, OT_ALARM, "alarm_8" },
	{ S7_G_CPU, 0x06, OT_ALARM, "notify" },
	{ S7_G_CPU, 0x07, OT_COMMAND, "alarm_8_lock" },
	{ S7_G_CPU, 0x08, OT_COMMAND, "alarm_8_unlock" },
	{ S7_G_CPU, 0x09, OT_REPORT, "scan" },
	{ S7_G_CPU, 0x0b, OT_COMMAND, "alarm_acknowledge" },
	{ S7_G_CPU, 0x0c, OT_REPORT, "alarm_acknowledged" },
	{ S7_G_CPU, 0x0d, OT_REPORT, "alarm_locked" },
	{ S7_G_CPU, 0x0e, OT_REPORT, "alarm_unlocked" },
	{ S7_G_CPU, 0x11, OT_ALARM, "alarm_sq" },
	{ S7_G_CPU, 0x12, OT_ALARM, "alarm_s" },
	{ S7_G_CPU, 0x13, OT_READ, "alarm_query" },
	{ S7_G_CPU, 0x16, OT_ALARM, "notify_8" },
	{ S7_G_SECURITY, 0x01, OT_AUTH, "plc_password" },
	{ S7_G_SECURITY, 0x02, OT_AUTH, "plc_password_clear" },
	{ S7_G_TIME, 0x01, OT_READ, "read_clock" },
	{ S7_G_TIME, 0x02, OT_CONFIGURE, "set_clock" },
	{ S7_G_TIME, 0x03, OT_READ, "read_clock_following" },
	{ S7_G_TIME, 0x04, OT_CONFIGURE, "set_clock_2" },
	{ S7_G_NC, 0x01, OT_PROGRAM, "request_download" },
	{ S7_G_NC, 0x02, OT_PROGRAM, "download_block" },
	{ S7_G_NC, 0x03, OT_PROGRAM, "continue_download" },
	{ S7_G_NC, 0x04, OT_PROGRAM, "download_ended" },
	{ S7_G_NC, 0x06, OT_PROGRAM, "start_upload" },
	{ S7_G_NC, 0x07, OT_PROGRAM, "upload" },
	{ S7_G_NC, 0x08, OT_PROGRAM, "continue_upload" },
};

const struct s7_sub *
s7_sub_find(uint8_t group, uint8_t sub)
{
	for (size_t i = 0; i < sizeof(subs) / sizeof(subs[0]); i++)
		if (subs[i].group == group && subs[i].sub == sub)
			return &subs[i];
	return NULL;
}

const char *s7_return_code(uint8_t code) { return tok_find(return_codes, code); }
const char *s7_error(uint16_t code) { return tok_find(errors, code); }
const char *s7_error_class(uint8_t cls) { return tok_find(classes, cls); }
const char *s7_szl_name(uint16_t id) { return tok_find(lists, id & 0xff); }

struct text
s7_error_text(struct ev *e, uint16_t code)
{
	const char *s = s7_error(code);

	return s ? text_c(s) : ev_text(e, "error_0x%04x", code);
}

struct text
s7_code_text(struct ev *e, uint8_t code)
{
	const char *s;

	if (code == 0xff)
		return TEXT("ok");
	s = s7_return_code(code);

	return s ? text_c(s) : ev_text(e, "code_0x%02x", code);
}
