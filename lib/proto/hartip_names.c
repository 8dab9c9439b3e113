/* hartip_names.c: HART's commands, response codes, manufacturers and units: HCF
 * SPEC-127 (universal), SPEC-151 (common practice), SPEC-155 (wireless), SPEC-183
 * (common tables). Of manufacturers and units those one meets. */
#include "proto/hartip.h"

/* Sorted by number. */
static const struct hip_known known[] = {
	{ 0, OT_IDENTIFY, "read_unique_identifier", NULL },
	{ 1, OT_READ, "read_primary_variable", "primary_variable" },
	{ 2, OT_READ, "read_loop_current", "loop_current" },
	{ 3, OT_READ, "read_dynamic_variables", "dynamic_variables" },
	{ 6, OT_CONFIGURE, "write_polling_address", "polling_address" },
	{ 7, OT_READ, "read_loop_configuration", "loop_configuration" },
	{ 8, OT_READ, "read_variable_classes", "variable_classes" },
	{ 9, OT_READ, "read_device_variables_with_status", "device_variables" },
	{ 11, OT_IDENTIFY, "read_identifier_by_tag", "tag" },
	{ 12, OT_READ, "read_message", "message" },
	{ 13, OT_IDENTIFY, "read_tag_descriptor_date", "tag" },
	{ 14, OT_READ, "read_transducer_information", "transducer" },
	{ 15, OT_READ, "read_device_information", "device" },
	{ 16, OT_READ, "read_final_assembly_number", "final_assembly_number" },
	{ 17, OT_WRITE, "write_message", "message" },
	{ 18, OT_WRITE, "write_tag_descriptor_date", "tag" },
	{ 19, OT_WRITE, "write_final_assembly_number", "final_assembly_number" },
	{ 20, OT_IDENTIFY, "read_long_tag", "long_tag" },
	{ 21, OT_IDENTIFY, "read_identifier_by_long_tag", "long_tag" },
	{ 22, OT_WRITE, "write_long_tag", "long_tag" },
	{ 31, OT_OTHER, "extended_command", NULL },
	{ 33, OT_READ, "read_device_variables", "device_variables" },
	{ 34, OT_WRITE, "write_damping", "primary_variable damping" },
	{ 35, OT_WRITE, "write_range_values", "primary_variable range" },
	{ 36, OT_COMMAND, "set_upper_range_value", "primary_variable upper_range" },
	{ 37, OT_COMMAND, "set_lower_range_value", "primary_variable lower_range" },
	{ 38, OT_COMMAND, "reset_configuration_changed_flag", NULL },
	{ 39, OT_COMMAND, "eeprom_control", NULL },
	{ 40, OT_COMMAND, "fixed_current_mode", "loop_current" },
	{ 41, OT_COMMAND, "self_test", NULL },
	{ 42, OT_COMMAND, "device_reset", NULL },
	{ 43, OT_CONFIGURE, "set_zero", "calibration:primary_variable zero" },
	{ 44, OT_WRITE, "write_units", "primary_variable units" },
	{ 45, OT_CONFIGURE, "trim_loop_current_zero", "calibration:loop_current zero" },
	{ 46, OT_CONFIGURE, "trim_loop_current_gain", "calibration:loop_current gain" },
	{ 47, OT_WRITE, "write_transfer_function", "primary_variable transfer_function" },
	{ 48, OT_READ, "read_additional_status", "status" },
	{ 49, OT_WRITE, "write_transducer_serial_number", "transducer" },
	{ 50, OT_READ, "read_variable_assignments", "variable_assignments" },
	{ 51, OT_WRITE, "write_variable_assignments", "variable_assignments" },
	{ 52, OT_CONFIGURE, "set_device_variable_zero", "calibration:device_variable zero" },
	{ 53, OT_WRITE, "write_device_variable_units", "device_variable units" },
	{ 54, OT_READ, "read_device_variable_information", "device_variable" },
	{ 55, OT_WRITE, "write_device_variable_damping", "device_variable damping" },
	{ 56, OT_WRITE, "write_device_variable_serial_number", "device_variable serial_number" },
	{ 57, OT_READ, "read_unit_tag_descriptor_date", "unit_tag" },
	{ 58, OT_WRITE, "write_unit_tag_descriptor_date", "unit_tag" },
	{ 59, OT_CONFIGURE, "write_response_preambles", "preambles" },
	{ 60, OT_READ, "read_analog_channel", "analog_channel" },
	{ 66, OT_COMMAND, "fixed_analog_channel_mode", "analog_channel" },
	{ 67, OT_CONFIGURE, "trim_analog_channel_zero", "calibration:analog_channel zero" },
	{ 68, OT_CONFIGURE, "trim_analog_channel_gain", "calibration:analog_channel gain" },
	{ 71, OT_COMMAND, "lock_device", NULL },
	{ 72, OT_COMMAND, "squawk", NULL },
	{ 73, OT_COMMAND, "find_device", NULL },
	{ 74, OT_READ, "read_io_system_capabilities", "io_system" },
	{ 75, OT_READ, "poll_sub_device", "sub_device" },
	{ 76, OT_READ, "read_lock_state", "lock" },
	{ 77, OT_OTHER, "send_to_sub_device", "sub_device" },
	{ 78, OT_OTHER, "aggregated_commands", NULL },
	{ 79, OT_WRITE, "write_device_variable", "device_variable" },
	{ 80, OT_READ, "read_trim_points", "calibration:device_variable trim" },
	{ 81, OT_READ, "read_trim_guidelines", "calibration:device_variable trim" },
	{ 82, OT_CONFIGURE, "write_trim_point", "calibration:device_variable trim" },
	{ 83, OT_CONFIGURE, "reset_trim", "calibration:device_variable trim" },
	{ 84, OT_IDENTIFY, "read_sub_device_identity", "sub_device" },
	{ 85, OT_READ, "read_io_channel_statistics", "io_system" },
	{ 86, OT_READ, "read_sub_device_statistics", "sub_device" },
	{ 87, OT_CONFIGURE, "write_io_master_mode", "io_system" },
	{ 88, OT_CONFIGURE, "write_io_retry_count", "io_system" },
	{ 89, OT_WRITE, "set_real_time_clock", "clock" },
	{ 90, OT_READ, "read_real_time_clock", "clock" },
	{ 91, OT_READ, "read_trend_configuration", "trend" },
	{ 92, OT_CONFIGURE, "write_trend_configuration", "trend" },
	{ 93, OT_READ, "read_trend", "trend" },
	{ 94, OT_READ, "read_io_system_statistics", "io_system" },
	{ 95, OT_READ, "read_communications_statistics", "communications" },
	{ 101, OT_READ, "read_burst_map", "burst" },
	{ 102, OT_CONFIGURE, "map_sub_device_to_burst", "burst" },
	{ 103, OT_CONFIGURE, "write_burst_period", "burst" },
	{ 104, OT_CONFIGURE, "write_burst_trigger", "burst" },
	{ 105, OT_READ, "read_burst_configuration", "burst" },
	{ 106, OT_COMMAND, "flush_delayed_responses", NULL },
	{ 107, OT_CONFIGURE, "write_burst_variables", "burst" },
	{ 108, OT_CONFIGURE, "write_burst_command", "burst" },
	{ 109, OT_CONFIGURE, "burst_control", "burst" },
	{ 110, OT_READ, "read_all_dynamic_variables", "dynamic_variables" },
	{ 111, OT_PROGRAM, "transfer_service_control", "transfer" },
	{ 112, OT_PROGRAM, "transfer_service", "transfer" },
	{ 113, OT_CONFIGURE, "catch_device_variable", "device_variable" },
	{ 114, OT_READ, "read_caught_device_variable", "device_variable" },
	{ 115, OT_READ, "read_event_notification", "event" },
	{ 116, OT_CONFIGURE, "write_event_notification_mask", "event" },
	{ 117, OT_CONFIGURE, "write_event_notification_timing", "event" },
	{ 118, OT_CONFIGURE, "event_notification_control", "event" },
	{ 119, OT_ALARM, "acknowledge_event_notification", "event" },
	{ 512, OT_READ, "read_country_code", "country_code" },
	{ 513, OT_CONFIGURE, "write_country_code", "country_code" },
	{ 768, OT_CONFIGURE, "write_join_key", "join_key" },
	{ 769, OT_READ, "read_join_status", "join" },
	{ 770, OT_COMMAND, "request_active_advertising", NULL },
	{ 771, OT_COMMAND, "force_join", "join" },
	{ 772, OT_READ, "read_join_mode", "join" },
	{ 773, OT_CONFIGURE, "write_network_id", "network_id" },
	{ 774, OT_READ, "read_network_id", "network_id" },
	{ 775, OT_CONFIGURE, "write_network_tag", "network_tag" },
	{ 776, OT_READ, "read_network_tag", "network_tag" },
};

const struct hip_known *
hip_known(uint16_t number)
{
	size_t lo = 0, hi = sizeof(known) / sizeof(known[0]);

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (known[mid].number == number)
			return &known[mid];
		if (known[mid].number < number)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

/* What most commands mean by a code; those with several meanings are left out. */
const struct tok hip_codes[] = {
	{ 0, "ok" },
	{ 2, "invalid_selection" },
	{ 3, "parameter_too_large" },
	{ 4, "parameter_too_small" },
	{ 5, "too_few_data_bytes" },
	{ 6, "device_specific_error" },
	{ 7, "in_write_protect_mode" },
	{ 14, "version_not_supported" },
	{ 16, "access_restricted" },
	{ 17, "invalid_device_variable" },
	{ 18, "invalid_units_code" },
	{ 19, "device_variable_not_allowed" },
	{ 20, "invalid_extended_command" },
	{ 21, "invalid_io_card" },
	{ 22, "invalid_channel" },
	{ 23, "sub_device_response_too_long" },
	{ 32, "busy" },
	{ 33, "delayed_response_initiated" },
	{ 34, "delayed_response_running" },
	{ 35, "delayed_response_dead" },
	{ 36, "delayed_response_conflict" },
	{ 64, "command_not_implemented" },
	{ 0, NULL },
};

const struct tok hip_messages[] = {
	{ HIP_INITIATE, "session_initiate" },
	{ HIP_CLOSE, "session_close" },
	{ HIP_KEEP_ALIVE, "keep_alive" },
	{ HIP_TOKEN, "token_passing_pdu" },
	{ HIP_DIRECT, "direct_pdu" },
	{ HIP_AUDIT, "read_audit_log" },
	{ 0, NULL },
};

const struct tok hip_types[] = {
	{ HIP_REQUEST, "request" }, { HIP_RESPONSE, "response" }, { HIP_PUBLISH, "publish" },
	{ HIP_NAK, "nak" }, { 0, NULL },
};

const char *const hip_device_status[8] = {      /* from the low bit */
	"primary_variable_out_of_limits", "other_variable_out_of_limits", "loop_current_saturated",
	"loop_current_fixed", "more_status_available", "cold_start", "configuration_changed",
	"device_malfunction",
};

static const struct tok vendors[] = {
#include "rules/vendors-hart.inc"
	{ 0, NULL },
};

const char *
hip_vendor(uint16_t id)
{
	return tok_search(vendors, TOKS(vendors), id);
}

static const struct tok units[] = {
	{ 1, "inH2O" },
	{ 2, "inHg" },
	{ 3, "ftH2O" },
	{ 4, "mmH2O" },
	{ 5, "mmHg" },
	{ 6, "psi" },
	{ 7, "bar" },
	{ 8, "mbar" },
	{ 10, "kg/cm2" },
	{ 11, "Pa" },
	{ 12, "kPa" },
	{ 13, "torr" },
	{ 14, "atm" },
	{ 16, "gal/min" },
	{ 17, "L/min" },
	{ 19, "m3/h" },
	{ 24, "L/s" },
	{ 28, "m3/s" },
	{ 32, "degC" },
	{ 33, "degF" },
	{ 34, "degR" },
	{ 35, "K" },
	{ 36, "mV" },
	{ 37, "ohm" },
	{ 38, "Hz" },
	{ 39, "mA" },
	{ 40, "gal" },
	{ 41, "L" },
	{ 43, "m3" },
	{ 44, "ft" },
	{ 45, "m" },
	{ 47, "in" },
	{ 48, "cm" },
	{ 49, "mm" },
	{ 50, "min" },
	{ 51, "s" },
	{ 52, "h" },
	{ 57, "%" },
	{ 58, "V" },
	{ 59, "pH" },
	{ 60, "g" },
	{ 61, "kg" },
	{ 63, "lb" },
	{ 70, "g/s" },
	{ 73, "kg/s" },
	{ 74, "kg/min" },
	{ 75, "kg/h" },
	{ 237, "MPa" },
	{ 0, NULL },
};

const char *
hip_units(uint8_t code)
{
	return tok_find(units, code);
}
