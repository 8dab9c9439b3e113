/* ads_names.c: ADS commands, states, index groups and return codes (TwinCAT's
 * tables of ADS return codes and system services), and the fields of its events. */
#include "proto/ads.h"

#define WORD(s) { s, sizeof(s) - 1 }

struct text
ads_command_name(uint16_t cmd)
{
	static const struct text names[] = { WORD("Invalid"), WORD("ReadDeviceInfo"), WORD("Read"),
	    WORD("Write"), WORD("ReadState"), WORD("WriteControl"),
	    WORD("AddDeviceNotification"), WORD("DeleteDeviceNotification"),
	    WORD("DeviceNotification"), WORD("ReadWrite") };

	return cmd < sizeof(names) / sizeof(*names) ? names[cmd] : (struct text){ 0 };
}

const char *
ads_state_name(uint16_t state)
{
	static const char *const names[] = { "invalid", "idle", "reset", "init", "start", "run",
	    "stop", "save_config", "load_config", "power_failure", "power_good", "error",
	    "shutdown",
	    "suspend", "resume", "config", "reconfig", "stopping", "incompatible", "exception" };

	return state < sizeof(names) / sizeof(*names) ? names[state] : NULL;
}

static const struct tok groups[] = {
	{ 120, "file_open" }, { 121, "file_close" }, { 122, "file_read" }, { 123, "file_write" },
	{ 124, "file_seek" }, { 131, "file_delete" }, { 132, "file_rename" }, { 133, "file_find" },
	{ 134, "directory_create" }, { 135, "directory_remove" }, { 200, "registry" },
	{ 400, "time" }, { 500, "start_process" }, { 700, "target_description" },
	{ 701, "ip_helper" }, { 702, "ip_host_name" }, { 801, "route_add" },
	{ 802, "route_delete" }, { 803, "route_list" }, { 0x4020, "memory" },
	{ 0x4021, "memory_bit" }, { 0x4025, "memory_size" }, { 0x4030, "retain" },
	{ 0x4040, "data" }, { 0xf003, "symbol_handle_by_name" }, { 0xf004, "symbol_by_name" },
	{ 0xf005, "symbol_by_handle" }, { 0xf006, "symbol_release_handle" },
	{ 0xf007, "symbol_info" }, { 0xf008, "symbol_version" }, { 0xf009, "symbol_info_ex" },
	{ 0xf00a, "symbol_download" }, { 0xf00b, "symbol_upload" },
	{ 0xf00c, "symbol_upload_info" }, { 0xf00e, "data_type_upload" },
	{ 0xf00f, "symbol_upload_info_2" }, { 0xf010, "symbol_notification" },
	{ 0xf020, "inputs" }, { 0xf021, "input_bit" }, { 0xf025, "inputs_size" },
	{ 0xf030, "outputs" }, { 0xf031, "output_bit" }, { 0xf035, "outputs_size" },
	{ 0xf040, "clear_inputs" }, { 0xf050, "clear_outputs" }, { 0xf060, "inputs_and_outputs" },
	{ 0xf080, "sum_read" }, { 0xf081, "sum_write" }, { 0xf082, "sum_read_write" },
	{ 0xf083, "sum_read_ex" }, { 0xf084, "sum_read_ex_2" },
	{ 0xf085, "sum_add_notification" }, { 0xf086, "sum_delete_notification" },
	{ 0xf100, "device_data" }, { 0, NULL },
};

const char *
ads_group_name(uint32_t group)
{
	return group ? tok_find(groups, group) : NULL;
}

static const struct tok errors[] = {
	{ 0x001, "internal_error" }, { 0x002, "no_runtime" }, { 0x003, "allocation_error" },
	{ 0x004, "mailbox_full" }, { 0x005, "wrong_hmsg" }, { 0x006, "target_port_not_found" },
	{ 0x007, "target_machine_not_found" }, { 0x008, "unknown_command_id" },
	{ 0x009, "bad_task_id" }, { 0x00a, "no_io" }, { 0x00b, "unknown_ams_command" },
	{ 0x00c, "win32_error" }, { 0x00d, "port_not_connected" }, { 0x00e, "invalid_ams_length" },
	{ 0x00f, "invalid_ams_net_id" }, { 0x010, "low_installation_level" },
	{ 0x011, "no_debug" }, { 0x012, "port_disabled" }, { 0x013, "port_already_connected" },
	{ 0x014, "ams_sync_win32_error" }, { 0x015, "ams_sync_timeout" },
	{ 0x016, "ams_sync_ams_error" }, { 0x017, "ams_sync_no_index_map" },
	{ 0x018, "invalid_ams_port" }, { 0x019, "no_memory" }, { 0x01a, "tcp_send_error" },
	{ 0x01b, "host_unreachable" }, { 0x01c, "invalid_ams_fragment" },
	{ 0x01d, "tls_send_error" }, { 0x01e, "access_denied" },
	{ 0x500, "router_no_locked_memory" }, { 0x501, "router_resize_memory_failed" },
	{ 0x502, "router_mailbox_full" }, { 0x503, "router_debug_mailbox_full" },
	{ 0x504, "router_unknown_port_type" }, { 0x505, "router_not_initialized" },
	{ 0x506, "router_name_in_use" }, { 0x507, "router_not_registered" },
	{ 0x508, "router_no_more_queues" }, { 0x509, "router_invalid_port" },
	{ 0x50a, "router_not_active" }, { 0x50b, "router_fragment_mailbox_full" },
	{ 0x50c, "router_fragment_timeout" }, { 0x50d, "router_port_removed" },
	{ 0x700, "device_error" }, { 0x701, "service_not_supported" },
	{ 0x702, "invalid_index_group" }, { 0x703, "invalid_index_offset" },
	{ 0x704, "invalid_access" }, { 0x705, "invalid_size" }, { 0x706, "invalid_data" },
	{ 0x707, "not_ready" }, { 0x708, "busy" }, { 0x709, "invalid_context" },
	{ 0x70a, "out_of_memory" }, { 0x70b, "invalid_parameter" }, { 0x70c, "not_found" },
	{ 0x70d, "syntax_error" }, { 0x70e, "incompatible" }, { 0x70f, "exists" },
	{ 0x710, "symbol_not_found" }, { 0x711, "symbol_version_invalid" },
	{ 0x712, "invalid_state" }, { 0x713, "transmission_mode_not_supported" },
	{ 0x714, "notification_handle_invalid" }, { 0x715, "client_unknown" },
	{ 0x716, "no_more_handles" }, { 0x717, "invalid_watch_size" },
	{ 0x718, "not_initialized" }, { 0x719, "timeout" }, { 0x71a, "no_interface" },
	{ 0x71b, "invalid_interface" }, { 0x71c, "invalid_class_id" },
	{ 0x71d, "invalid_object_id" }, { 0x71e, "pending" }, { 0x71f, "aborted" },
	{ 0x720, "warning" }, { 0x721, "invalid_array_index" }, { 0x722, "symbol_not_active" },
	{ 0x723, "access_denied" }, { 0x724, "license_not_found" }, { 0x725, "license_expired" },
	{ 0x726, "license_exceeded" }, { 0x727, "license_invalid" },
	{ 0x728, "license_system_id" }, { 0x729, "license_no_time_limit" },
	{ 0x72a, "license_future_issue" }, { 0x72b, "license_time_too_long" },
	{ 0x72c, "exception" }, { 0x72d, "license_duplicated" }, { 0x72e, "signature_invalid" },
	{ 0x72f, "certificate_invalid" }, { 0x740, "client_error" },
	{ 0x741, "client_invalid_parameter" }, { 0x742, "client_list_empty" },
	{ 0x743, "client_variable_in_use" }, { 0x744, "client_duplicate_invoke_id" },
	{ 0x745, "client_sync_timeout" }, { 0x746, "client_win32_error" },
	{ 0x747, "client_timeout_invalid" }, { 0x748, "client_port_not_open" },
	{ 0x749, "client_no_ams_address" }, { 0x750, "client_sync_internal" },
	{ 0x751, "client_hash_overflow" }, { 0x752, "client_hash_key_not_found" },
	{ 0x753, "client_no_more_symbols" }, { 0x754, "client_response_invalid" },
	{ 0x755, "client_port_locked" }, { 0, NULL },
};

const char *
ads_error_name(uint32_t error)
{
	return error ? tok_find(errors, error) : "ok";
}

const struct field ads_fields[] = {
	{ "ads.command", "string", "ADS command, or of UDP: ServerInfo, AddRoute, ..." },
	{ "ads.command_id", "integer", "its number, where it has no name" },
	{ "ads.target", "string", "AMS NetId and port asked" },
	{ "ads.source", "string", "AMS NetId and port that asks" },
	{ "ads.net_id", "string", "UDP: AMS NetId of the sender" },
	{ "ads.invoke_id", "integer", "pairs request and response" },
	{ "ads.error", "string", "error of the AMS router" },
	{ "ads.result", "string", "result of the command, unless ok" },
	{ "ads.index_group", "integer", "index group, as on the wire" },
	{ "ads.group", "string", "its meaning, where it has one everywhere" },
	{ "ads.index_offset", "integer", "index offset" },
	{ "ads.symbol", "string", "variable's name; of the registry, its key" },
	{ "ads.length", "integer", "bytes read or written" },
	{ "ads.read_length", "integer", "ReadWrite: bytes asked for" },
	{ "ads.write_length", "integer", "ReadWrite: bytes sent" },
	{ "ads.value", "any", "one or two bytes as a number, up to 16 as hex" },
	{ "ads.state", "string", "ADS state" },
	{ "ads.state_raw", "integer", "its number" },
	{ "ads.device_state", "integer", "device state" },
	{ "ads.device_name", "string", "ReadDeviceInfo: name of the program" },
	{ "ads.version", "string", "its version, or TwinCAT's" },
	{ "ads.handle", "integer", "of a symbol or a notification" },
	{ "ads.mode", "integer", "transmission mode of a notification" },
	{ "ads.max_delay_us", "integer", "notifications: longest delay" },
	{ "ads.cycle_us", "integer", "notifications: how often it is looked" },
	{ "ads.entry", "integer", "which of a sum command's entries this is" },
	{ "ads.entries", "integer", "how many it has" },
	{ "ads.items.index_group", "integer", "sum command: index group" },
	{ "ads.items.index_offset", "integer", "sum command: index offset" },
	{ "ads.items.symbol", "string", "variable, where known" },
	{ "ads.items.handle", "integer", "of a notification" },
	{ "ads.items.length", "integer", "bytes" },
	{ "ads.items.value", "any", "as above" },
	{ "ads.items.result", "string", "result, unless ok" },
	{ "ads.items.time", "string", "notification: when it was sampled" },
	{ "ads.target_type", "string", "controller, by its target description" },
	{ "ads.serial", "string", "its serial number" },
	{ "ads.hardware", "string", "its hardware model" },
	{ "ads.image", "string", "version of its system image" },
	{ "ads.os", "string", "its operating system" },
	{ "ads.host_name", "string", "its host name" },
	{ "ads.route", "string", "AddRoute: name of the route" },
	{ "ads.route_address", "string", "AddRoute: the host it leads to" },
	{ "ads.route_net_id", "string", "AddRoute: its NetId" },
	{ "ads.user_name", "boolean", "a user name was sent; never written" },
	{ "ads.password", "boolean", "a password was sent; never written" },
	{ NULL, NULL, NULL },
};
