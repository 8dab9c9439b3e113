/* dnp3_names.c: what DNP3's numbers are called: IEEE 1815-2012, clauses 4 and 11,
 * annex A. Indications are named as EVE has them. */
#include "proto/dnp3.h"

#define WORD(s) { s, sizeof(s) - 1 }
static const struct dnp3_function functions[] = {
	[0] = { WORD("CONFIRM"), OT_OTHER },
	[1] = { WORD("READ"), OT_READ },
	[2] = { WORD("WRITE"), OT_WRITE },
	[3] = { WORD("SELECT"), OT_COMMAND },
	[4] = { WORD("OPERATE"), OT_COMMAND },
	[5] = { WORD("DIRECT_OPERATE"), OT_COMMAND },
	[6] = { WORD("DIRECT_OPERATE_NR"), OT_COMMAND },
	[7] = { WORD("IMMED_FREEZE"), OT_COMMAND },
	[8] = { WORD("IMMED_FREEZE_NR"), OT_COMMAND },
	[9] = { WORD("FREEZE_CLEAR"), OT_COMMAND },
	[10] = { WORD("FREEZE_CLEAR_NR"), OT_COMMAND },
	[11] = { WORD("FREEZE_AT_TIME"), OT_COMMAND },
	[12] = { WORD("FREEZE_AT_TIME_NR"), OT_COMMAND },
	[13] = { WORD("COLD_RESTART"), OT_COMMAND },
	[14] = { WORD("WARM_RESTART"), OT_COMMAND },
	[15] = { WORD("INITIALIZE_DATA"), OT_COMMAND },
	[16] = { WORD("INITIALIZE_APPL"), OT_COMMAND },
	[17] = { WORD("START_APPL"), OT_COMMAND },
	[18] = { WORD("STOP_APPL"), OT_COMMAND },
	[19] = { WORD("SAVE_CONFIG"), OT_CONFIGURE },
	[20] = { WORD("ENABLE_UNSOLICITED"), OT_CONFIGURE },
	[21] = { WORD("DISABLE_UNSOLICITED"), OT_CONFIGURE },
	[22] = { WORD("ASSIGN_CLASS"), OT_CONFIGURE },
	[23] = { WORD("DELAY_MEASURE"), OT_OTHER },
	[24] = { WORD("RECORD_CURRENT_TIME"), OT_OTHER },
	[25] = { WORD("OPEN_FILE"), OT_READ },          /* or OT_PROGRAM, by its mode */
	[26] = { WORD("CLOSE_FILE"), OT_OTHER },
	[27] = { WORD("DELETE_FILE"), OT_PROGRAM },
	[28] = { WORD("GET_FILE_INFO"), OT_READ },
	[29] = { WORD("AUTHENTICATE_FILE"), OT_AUTH },
	[30] = { WORD("ABORT_FILE"), OT_OTHER },
	[31] = { WORD("ACTIVATE_CONFIG"), OT_CONFIGURE },
	[32] = { WORD("AUTHENTICATE_REQ"), OT_AUTH },
	[33] = { WORD("AUTH_REQ_NO_ACK"), OT_AUTH },
	[129] = { WORD("RESPONSE"), OT_READ },
	[130] = { WORD("UNSOLICITED_RESPONSE"), OT_REPORT },
	[131] = { WORD("AUTHENTICATE_RESP"), OT_AUTH },
};

const struct dnp3_function *
dnp3_function(uint8_t fc)
{
	return fc < sizeof(functions) / sizeof(functions[0]) && functions[fc].name.n ?
	    &functions[fc] : NULL;
}

const char *
dnp3_link_function(bool primary, uint8_t fc)
{
	static const char *const prm[16] = { [0] = "RESET_LINK_STATES", [1] = "RESET_USER_PROCESS",
		[2] = "TEST_LINK_STATES", [3] = "CONFIRMED_USER_DATA",
		[4] = "UNCONFIRMED_USER_DATA", [9] = "REQUEST_LINK_STATUS" };
	static const char *const sec[16] = { [0] = "ACK", [1] = "NACK", [11] = "LINK_STATUS",
		[14] = "NOT_FUNCTIONING", [15] = "NOT_SUPPORTED" };

	return primary ? prm[fc & 15] : sec[fc & 15];
}

const char *const dnp3_iin[16] = {      /* from the high bit of IIN1 to the low bit of IIN2 */
	"device_restart", "device_trouble", "local_control", "need_time",
	"class_3_events", "class_2_events", "class_1_events", "all_stations",
	"reserved_1", "reserved_2", "config_corrupt", "already_executing",
	"event_buffer_overflow", "parameter_error", "object_unknown", "no_func_code_support",
};

static const char *const groups[256] = {
	[0] = "device_attribute", [1] = "binary_input", [2] = "binary_input",
	[3] = "double_bit_input", [4] = "double_bit_input", [10] = "binary_output",
	[11] = "binary_output", [12] = "binary_output", [13] = "binary_output", [20] = "counter",
	[21] = "frozen_counter", [22] = "counter", [23] = "frozen_counter", [30] = "analog_input",
	[31] = "frozen_analog_input", [32] = "analog_input", [33] = "frozen_analog_input",
	[34] = "analog_deadband", [40] = "analog_output", [41] = "analog_output",
	[42] = "analog_output", [43] = "analog_output", [50] = "time", [51] = "common_time",
	[52] = "time_delay", [60] = "class", [70] = "file", [80] = "internal_indication",
	[81] = "device_storage", [82] = "device_profile", [83] = "private_registration",
	[85] = "data_set_prototype", [86] = "data_set_descriptor", [87] = "data_set",
	[88] = "data_set", [90] = "application", [91] = "requested_operation",
	[100] = "floating_point", [101] = "bcd", [102] = "unsigned_integer", [110] = "octet_string",
	[111] = "octet_string", [112] = "virtual_terminal", [113] = "virtual_terminal",
	[114] = "extended_octet_string", [115] = "extended_octet_string", [120] = "authentication",
	[121] = "security_statistic", [122] = "security_statistic",
};

const char *
dnp3_group(uint8_t g)
{
	return groups[g];
}

/* 11.3 and annex A.2. */
static const struct tok attributes[] = {
	{ 196, "configuration_id" },
	{ 197, "configuration_version" },
	{ 198, "configuration_build_date" },
	{ 199, "configuration_last_change" },
	{ 200, "configuration_signature" },
	{ 201, "configuration_signature_algorithm" },
	{ 202, "master_resource_id" },
	{ 203, "altitude" },
	{ 204, "longitude" },
	{ 205, "latitude" },
	{ 206, "secondary_operator_name" },
	{ 207, "primary_operator_name" },
	{ 208, "system_name" },
	{ 209, "secure_authentication_version" },
	{ 210, "security_statistics_per_association" },
	{ 211, "user_specific_attributes" },
	{ 212, "master_defined_prototypes" },
	{ 213, "outstation_defined_prototypes" },
	{ 214, "master_defined_data_sets" },
	{ 215, "outstation_defined_data_sets" },
	{ 216, "max_binary_outputs_per_request" },
	{ 217, "local_timing_accuracy" },
	{ 218, "duration_of_time_accuracy" },
	{ 219, "supports_analog_output_events" },
	{ 220, "max_analog_output_index" },
	{ 221, "analog_outputs" },
	{ 222, "supports_binary_output_events" },
	{ 223, "max_binary_output_index" },
	{ 224, "binary_outputs" },
	{ 225, "supports_frozen_counter_events" },
	{ 226, "supports_frozen_counters" },
	{ 227, "supports_counter_events" },
	{ 228, "max_counter_index" },
	{ 229, "counters" },
	{ 230, "supports_frozen_analog_inputs" },
	{ 231, "supports_analog_input_events" },
	{ 232, "max_analog_input_index" },
	{ 233, "analog_inputs" },
	{ 234, "supports_double_bit_events" },
	{ 235, "max_double_bit_index" },
	{ 236, "double_bit_inputs" },
	{ 237, "supports_binary_input_events" },
	{ 238, "max_binary_input_index" },
	{ 239, "binary_inputs" },
	{ 240, "max_transmit_fragment" },
	{ 241, "max_receive_fragment" },
	{ 242, "software_version" },
	{ 243, "hardware_version" },
	{ 244, "owner_name" },
	{ 245, "location" },
	{ 246, "user_assigned_id" },
	{ 247, "device_name" },
	{ 248, "serial_number" },
	{ 249, "subset_and_conformance" },
	{ 250, "product_name" },
	{ 252, "manufacturer" },
	{ 254, "all_attributes" },
	{ 255, "list_of_attributes" },
	{ 0, NULL },
};

const char *
dnp3_attribute(uint8_t var)
{
	return tok_find(attributes, var);
}

const char *
dnp3_auth_object(uint8_t var)
{
	static const char *const name[] = { [1] = "challenge", [2] = "reply",
		[3] = "aggressive_mode_request", [4] = "session_key_status_request",
		[5] = "session_key_status", [6] = "session_key_change", [7] = "error",
		[8] = "user_certificate", [9] = "mac", [10] = "user_status_change",
		[11] = "update_key_change_request", [12] = "update_key_change_reply",
		[13] = "update_key_change", [14] = "update_key_change_signature",
		[15] = "update_key_change_confirmation" };

	return var < sizeof(name) / sizeof(name[0]) ? name[var] : NULL;
}

const struct tok dnp3_control_status[] = {
	{ 0, "success" },
	{ 1, "timeout" },
	{ 2, "no_select" },
	{ 3, "format_error" },
	{ 4, "not_supported" },
	{ 5, "already_active" },
	{ 6, "hardware_error" },
	{ 7, "local" },
	{ 8, "too_many_ops" },
	{ 9, "not_authorized" },
	{ 10, "automation_inhibit" },
	{ 11, "processing_limited" },
	{ 12, "out_of_range" },
	{ 13, "downstream_local" },
	{ 14, "already_complete" },
	{ 15, "blocked" },
	{ 16, "canceled" },
	{ 17, "blocked_other_master" },
	{ 18, "downstream_fail" },
	{ 126, "non_participating" },
	{ 127, "undefined" },
	{ 0, NULL },
};

const struct tok dnp3_file_status[] = {
	{ 0, "success" },
	{ 1, "permission_denied" },
	{ 2, "invalid_mode" },
	{ 3, "file_not_found" },
	{ 4, "file_locked" },
	{ 5, "too_many_open" },
	{ 6, "invalid_handle" },
	{ 7, "write_block_size" },
	{ 8, "comm_lost" },
	{ 9, "cannot_abort" },
	{ 16, "not_opened" },
	{ 17, "handle_expired" },
	{ 18, "buffer_overrun" },
	{ 19, "fatal" },
	{ 20, "block_sequence" },
	{ 255, "undefined" },
	{ 0, NULL },
};

const struct tok dnp3_file_modes[] = {
	{ 0, "delete" }, { 1, "read" }, { 2, "write" }, { 3, "append" }, { 0, NULL },
};

const struct tok dnp3_auth_errors[] = {
	{ 1, "authentication_failed" },
	{ 2, "unexpected_response" },
	{ 3, "no_response" },
	{ 4, "aggressive_mode_not_supported" },
	{ 5, "mac_algorithm_not_supported" },
	{ 6, "key_wrap_algorithm_not_supported" },
	{ 7, "authorization_failed" },
	{ 8, "update_key_change_not_permitted" },
	{ 9, "invalid_signature" },
	{ 10, "invalid_certification_data" },
	{ 11, "unknown_user" },
	{ 12, "max_session_key_status_requests" },
	{ 0, NULL },
};

const char *const dnp3_op_types[16] = { "nul", "pulse_on", "pulse_off", "latch_on", "latch_off" };
const char *const dnp3_trip_close[4] = { "nul", "close", "trip", "reserved" };
