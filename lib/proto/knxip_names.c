/* knxip_names.c: KNX's own names, and what --list-fields says. */
#include "proto/knxip.h"

const struct tok knx_services[] = {
	{ KNX_SEARCH, "SEARCH_REQUEST" },
	{ KNX_SEARCH_RES, "SEARCH_RESPONSE" },
	{ KNX_DESCRIBE, "DESCRIPTION_REQUEST" },
	{ KNX_DESCRIBE_RES, "DESCRIPTION_RESPONSE" },
	{ KNX_CONNECT, "CONNECT_REQUEST" },
	{ KNX_CONNECT_RES, "CONNECT_RESPONSE" },
	{ KNX_STATE, "CONNECTIONSTATE_REQUEST" },
	{ KNX_STATE_RES, "CONNECTIONSTATE_RESPONSE" },
	{ KNX_DISCONNECT, "DISCONNECT_REQUEST" },
	{ KNX_DISCONNECT_RES, "DISCONNECT_RESPONSE" },
	{ KNX_SEARCH_EXT, "SEARCH_REQUEST_EXTENDED" },
	{ KNX_SEARCH_EXT_RES, "SEARCH_RESPONSE_EXTENDED" },
	{ KNX_CONFIG, "DEVICE_CONFIGURATION_REQUEST" },
	{ KNX_CONFIG_ACK, "DEVICE_CONFIGURATION_ACK" },
	{ KNX_TUNNEL, "TUNNELLING_REQUEST" },
	{ KNX_TUNNEL_ACK, "TUNNELLING_ACK" },
	{ KNX_FEATURE_GET, "TUNNELLING_FEATURE_GET" },
	{ KNX_FEATURE_RES, "TUNNELLING_FEATURE_RESPONSE" },
	{ KNX_FEATURE_SET, "TUNNELLING_FEATURE_SET" },
	{ KNX_FEATURE_INFO, "TUNNELLING_FEATURE_INFO" },
	{ KNX_ROUTING, "ROUTING_INDICATION" },
	{ KNX_LOST, "ROUTING_LOST_MESSAGE" },
	{ KNX_BUSY, "ROUTING_BUSY" },
	{ KNX_ROUTING_SB, "ROUTING_SYSTEM_BROADCAST" },
	{ KNX_DIAG, "REMOTE_DIAGNOSTIC_REQUEST" },
	{ KNX_DIAG_RES, "REMOTE_DIAGNOSTIC_RESPONSE" },
	{ KNX_BASIC_CONFIG, "REMOTE_BASIC_CONFIGURATION_REQUEST" },
	{ KNX_RESET, "REMOTE_RESET_REQUEST" },
	{ KNX_WRAPPER, "SECURE_WRAPPER" },
	{ KNX_SESSION, "SESSION_REQUEST" },
	{ KNX_SESSION_RES, "SESSION_RESPONSE" },
	{ KNX_AUTHENTICATE, "SESSION_AUTHENTICATE" },
	{ KNX_SESSION_STATUS, "SESSION_STATUS" },
	{ KNX_TIMER, "TIMER_NOTIFY" },
	{ 0, NULL }
};

const struct tok knx_status[] = {
	{ 0x00, "ok" },
	{ 0x01, "host_protocol_type" },
	{ 0x02, "version_not_supported" },
	{ 0x04, "sequence_number" },
	{ 0x0f, "error" },
	{ 0x21, "connection_id" },
	{ 0x22, "connection_type" },
	{ 0x23, "connection_option" },
	{ 0x24, "no_more_connections" },
	{ 0x25, "no_more_unique_connections" },
	{ 0x26, "data_connection" },
	{ 0x27, "knx_connection" },
	{ 0x28, "authorisation_error" },
	{ 0x29, "tunnelling_layer" },
	{ 0x2d, "no_tunnelling_address" },
	{ 0x2e, "connection_in_use" },
	{ 0, NULL }
};

const struct tok knx_session_states[] = {
	{ 0, "ok" }, { 1, "authentication_failed" }, { 2, "unauthenticated" }, { 3, "timeout" },
	{ 4, "keep_alive" }, { 5, "close" },
	{ 0, NULL }
};

const struct tok knx_conn_types[] = {
	{ 3, "device_management" }, { 4, "tunnel" }, { 6, "remote_logging" },
	{ 7, "remote_configuration" }, { 8, "object_server" },
	{ 0, NULL }
};

const struct tok knx_layers[] = {
	{ 0x02, "link" }, { 0x04, "raw" }, { 0x80, "busmonitor" },
	{ 0, NULL }
};

const struct tok knx_media[] = {
	{ 0x01, "tp0" }, { 0x02, "tp1" }, { 0x04, "pl110" }, { 0x08, "pl132" }, { 0x10, "rf" },
	{ 0x20, "ip" },
	{ 0, NULL }
};

const struct tok knx_families[] = {
	{ 2, "core" }, { 3, "device_management" }, { 4, "tunnelling" }, { 5, "routing" },
	{ 6, "remote_logging" }, { 7, "remote_configuration" }, { 8, "object_server" },
	{ 9, "security" },
	{ 0, NULL }
};

const struct tok knx_features[] = {
	{ 1, "supported_emi_types" }, { 2, "device_descriptor" }, { 3, "bus_connection_status" },
	{ 4, "manufacturer_code" }, { 5, "active_emi_type" }, { 6, "individual_address" },
	{ 7, "max_apdu_length" }, { 8, "info_service_enable" },
	{ 0, NULL }
};

const struct tok knx_cemi_codes[] = {
	{ CEMI_RAW_REQ, "L_Raw.req" },
	{ CEMI_DATA_REQ, "L_Data.req" },
	{ CEMI_POLL_REQ, "L_Poll_Data.req" },
	{ CEMI_POLL_CON, "L_Poll_Data.con" },
	{ CEMI_DATA_IND, "L_Data.ind" },
	{ CEMI_BUSMON, "L_Busmon.ind" },
	{ CEMI_RAW_IND, "L_Raw.ind" },
	{ CEMI_DATA_CON, "L_Data.con" },
	{ CEMI_RAW_CON, "L_Raw.con" },
	{ 0x41, "T_Data_Connected.req" },
	{ 0x4a, "T_Data_Individual.req" },
	{ 0x89, "T_Data_Connected.ind" },
	{ 0x94, "T_Data_Individual.ind" },
	{ CEMI_RESET_IND, "M_Reset.ind" },
	{ CEMI_RESET_REQ, "M_Reset.req" },
	{ CEMI_PROP_WRITE_CON, "M_PropWrite.con" },
	{ CEMI_PROP_WRITE, "M_PropWrite.req" },
	{ CEMI_PROP_INFO, "M_PropInfo.ind" },
	{ CEMI_FUNC_CMD, "M_FuncPropCommand.req" },
	{ CEMI_FUNC_STATE, "M_FuncPropStateRead.req" },
	{ CEMI_FUNC_CON, "M_FuncProp.con" },
	{ CEMI_PROP_READ_CON, "M_PropRead.con" },
	{ CEMI_PROP_READ, "M_PropRead.req" },
	{ 0, NULL }
};

/* What a negative M_Prop confirmation holds instead of data. */
const struct tok knx_cemi_errors[] = {
	{ 0, "unspecified_error" }, { 1, "out_of_range" }, { 2, "out_of_maximum_range" },
	{ 3, "out_of_minimum_range" }, { 4, "memory_error" }, { 5, "read_only" },
	{ 6, "illegal_command" }, { 7, "void_datapoint" }, { 8, "type_conflict" },
	{ 9, "property_index_range" }, { 10, "value_temporarily_not_writeable" },
	{ 0, NULL }
};

const struct tok knx_tpci[] = {
	{ 0, "T_Connect" }, { 1, "T_Disconnect" }, { 2, "T_ACK" }, { 3, "T_NAK" },
	{ 0, NULL }
};

/* By code. The first ten carry data in the low bits of theirs. */
static const struct knx_apci apcis[] = {
	{ 0x000, "GroupValueRead", OT_READ },
	{ 0x040, "GroupValueResponse", OT_REPORT },
	{ 0x080, "GroupValueWrite", OT_WRITE },
	{ 0x0c0, "IndividualAddressWrite", OT_CONFIGURE },
	{ 0x100, "IndividualAddressRead", OT_IDENTIFY },
	{ 0x140, "IndividualAddressResponse", OT_IDENTIFY },
	{ 0x180, "ADCRead", OT_READ },
	{ 0x1c0, "ADCResponse", OT_REPORT },
	{ 0x1c8, "SystemNetworkParameterRead", OT_READ },
	{ 0x1c9, "SystemNetworkParameterResponse", OT_REPORT },
	{ 0x1ca, "SystemNetworkParameterWrite", OT_CONFIGURE },
	{ 0x1cc, "PropertyExtValueRead", OT_READ },
	{ 0x1cd, "PropertyExtValueResponse", OT_REPORT },
	{ 0x1ce, "PropertyExtValueWriteCon", OT_WRITE },
	{ 0x1cf, "PropertyExtValueWriteConRes", OT_REPORT },
	{ 0x1d0, "PropertyExtValueWriteUnCon", OT_WRITE },
	{ 0x1d1, "PropertyExtValueInfoReport", OT_REPORT },
	{ 0x1d2, "PropertyExtDescriptionRead", OT_READ },
	{ 0x1d3, "PropertyExtDescriptionResponse", OT_REPORT },
	{ 0x1d4, "FunctionPropertyExtCommand", OT_COMMAND },
	{ 0x1d5, "FunctionPropertyExtStateRead", OT_READ },
	{ 0x1d6, "FunctionPropertyExtStateResponse", OT_REPORT },
	{ 0x1fb, "MemoryExtendedWrite", OT_PROGRAM },
	{ 0x1fc, "MemoryExtendedWriteResponse", OT_REPORT },
	{ 0x1fd, "MemoryExtendedRead", OT_READ },
	{ 0x1fe, "MemoryExtendedReadResponse", OT_REPORT },
	{ 0x200, "MemoryRead", OT_READ },
	{ 0x240, "MemoryResponse", OT_REPORT },
	{ 0x280, "MemoryWrite", OT_PROGRAM },
	{ 0x2c0, "UserMemoryRead", OT_READ },
	{ 0x2c1, "UserMemoryResponse", OT_REPORT },
	{ 0x2c2, "UserMemoryWrite", OT_PROGRAM },
	{ 0x2c4, "UserMemoryBitWrite", OT_PROGRAM },
	{ 0x2c5, "UserManufacturerInfoRead", OT_IDENTIFY },
	{ 0x2c6, "UserManufacturerInfoResponse", OT_IDENTIFY },
	{ 0x2c7, "FunctionPropertyCommand", OT_COMMAND },
	{ 0x2c8, "FunctionPropertyStateRead", OT_READ },
	{ 0x2c9, "FunctionPropertyStateResponse", OT_REPORT },
	{ 0x300, "DeviceDescriptorRead", OT_IDENTIFY },
	{ 0x340, "DeviceDescriptorResponse", OT_IDENTIFY },
	{ 0x380, "Restart", OT_COMMAND },
	{ 0x381, "MasterReset", OT_COMMAND },
	{ 0x3a1, "MasterResetResponse", OT_REPORT },
	{ 0x3c0, "RoutingTableOpen", OT_CONFIGURE },
	{ 0x3c1, "RoutingTableRead", OT_READ },
	{ 0x3c2, "RoutingTableResponse", OT_REPORT },
	{ 0x3c3, "RoutingTableWrite", OT_CONFIGURE },
	{ 0x3c8, "RouterMemoryRead", OT_READ },
	{ 0x3c9, "RouterMemoryResponse", OT_REPORT },
	{ 0x3ca, "RouterMemoryWrite", OT_PROGRAM },
	{ 0x3cd, "RouterStatusRead", OT_READ },
	{ 0x3ce, "RouterStatusResponse", OT_REPORT },
	{ 0x3cf, "RouterStatusWrite", OT_CONFIGURE },
	{ 0x3d0, "MemoryBitWrite", OT_PROGRAM },
	{ 0x3d1, "AuthorizeRequest", OT_AUTH },
	{ 0x3d2, "AuthorizeResponse", OT_AUTH },
	{ 0x3d3, "KeyWrite", OT_CONFIGURE },
	{ 0x3d4, "KeyResponse", OT_REPORT },
	{ 0x3d5, "PropertyValueRead", OT_READ },
	{ 0x3d6, "PropertyValueResponse", OT_REPORT },
	{ 0x3d7, "PropertyValueWrite", OT_WRITE },
	{ 0x3d8, "PropertyDescriptionRead", OT_READ },
	{ 0x3d9, "PropertyDescriptionResponse", OT_REPORT },
	{ 0x3da, "NetworkParameterRead", OT_READ },
	{ 0x3db, "NetworkParameterResponse", OT_REPORT },
	{ 0x3dc, "IndividualAddressSerialNumberRead", OT_IDENTIFY },
	{ 0x3dd, "IndividualAddressSerialNumberResponse", OT_IDENTIFY },
	{ 0x3de, "IndividualAddressSerialNumberWrite", OT_CONFIGURE },
	{ 0x3e0, "DomainAddressWrite", OT_CONFIGURE },
	{ 0x3e1, "DomainAddressRead", OT_READ },
	{ 0x3e2, "DomainAddressResponse", OT_REPORT },
	{ 0x3e3, "DomainAddressSelectiveRead", OT_READ },
	{ 0x3e4, "NetworkParameterWrite", OT_CONFIGURE },
	{ 0x3e5, "LinkRead", OT_READ },
	{ 0x3e6, "LinkResponse", OT_REPORT },
	{ 0x3e7, "LinkWrite", OT_CONFIGURE },
	{ 0x3e8, "GroupPropertyValueRead", OT_READ },
	{ 0x3e9, "GroupPropertyValueResponse", OT_REPORT },
	{ 0x3ea, "GroupPropertyValueWrite", OT_WRITE },
	{ 0x3eb, "GroupPropertyValueInfoReport", OT_REPORT },
	{ 0x3ec, "DomainAddressSerialNumberRead", OT_READ },
	{ 0x3ed, "DomainAddressSerialNumberResponse", OT_REPORT },
	{ 0x3ee, "DomainAddressSerialNumberWrite", OT_CONFIGURE },
	{ 0x3f0, "FileStreamInfoReport", OT_REPORT },
	{ 0x3f1, "SecureService", OT_OTHER },
};

const struct knx_apci *
knx_apci(uint16_t apci)
{
	uint16_t top = apci & 0x3c0;
	size_t lo = 0, hi = sizeof(apcis) / sizeof(apcis[0]);

	/* Restart is one, the others are told apart by their last six bits. */
	if (top != 0x1c0 && top != 0x2c0 && top != 0x380 && top != 0x3c0)
		apci = top;
	else if (top == 0x1c0 && apci < 0x1c8)
		apci = top;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		if (apcis[mid].code < apci)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < sizeof(apcis) / sizeof(apcis[0]) && apcis[lo].code == apci ? &apcis[lo] : NULL;
}

/* KNX Association member codes of makers whose devices one meets. */
static const struct tok makers[] = {
#include "rules/vendors-knx.inc"
	{ 0, NULL },
};

const char *
knx_maker(uint16_t id)
{
	return tok_search(makers, TOKS(makers), id);
}

const struct field knx_fields[] = {
	{ "knxip.service", "string", "KNXnet/IP service of the request, or of what came alone" },
	{ "knxip.response", "string", "service of the answer" },
	{ "knxip.channel", "integer", "communication channel" },
	{ "knxip.sequence", "integer", "sequence counter of the channel" },
	{ "knxip.status", "string", "status of the answer: ok, no_more_connections, ..." },
	{ "knxip.connection", "string", "what it is for: tunnel, device_management, ..." },
	{ "knxip.layer", "string", "layer of a tunnel: link, raw, busmonitor" },
	{ "knxip.individual_address", "string", "address that the tunnel's client has on the bus" },
	{ "knxip.control.ip", "string", "control endpoint as the packet names it" },
	{ "knxip.control.port", "integer", "its port" },
	{ "knxip.control.proto", "string", "udp or tcp" },
	{ "knxip.data.ip", "string", "data endpoint as the packet names it" },
	{ "knxip.data.port", "integer", "its port" },
	{ "knxip.data.proto", "string", "udp or tcp" },
	{ "knxip.device.name", "string", "friendly name" },
	{ "knxip.device.medium", "string", "tp1, pl110, rf, ip, or the bits in hex" },
	{ "knxip.device.programming_mode", "boolean", "it waits for an address" },
	{ "knxip.device.individual_address", "string", "the device's own address" },
	{ "knxip.device.project", "integer", "project number" },
	{ "knxip.device.installation", "integer", "installation number within the project" },
	{ "knxip.device.serial", "string", "KNX serial number" },
	{ "knxip.device.multicast", "string", "address that routing uses" },
	{ "knxip.device.mac", "string", "MAC address" },
	{ "knxip.device.families", "array", "service families with their versions: core:2, ..." },
	{ "knxip.device.secured", "array", "service families that demand KNX Secure" },
	{ "knxip.device.ip", "string", "IP address" },
	{ "knxip.device.mask", "string", "subnet mask" },
	{ "knxip.device.gateway", "string", "default gateway" },
	{ "knxip.device.dhcp_server", "string", "DHCP server" },
	{ "knxip.device.addresses", "array", "additional individual addresses" },
	{ "knxip.device.tunnels", "array", "tunnels, as address:state (free, used, unusable)" },
	{ "knxip.device.descriptor", "string", "mask version: kind of device, four hex digits" },
	{ "knxip.device.max_apdu", "integer", "longest frame it takes" },
	{ "knxip.device.manufacturer_id", "integer", "KNX Association member code" },
	{ "knxip.device.manufacturer", "string", "its name" },
	{ "knxip.cemi.message", "string", "message code: L_Data.req, M_PropRead.con, ..." },
	{ "knxip.cemi.source", "string", "individual address of the sender: 1.1.5" },
	{ "knxip.cemi.destination", "string", "group 1/2/3, or individual address 1.1.5" },
	{ "knxip.cemi.priority", "string", "system, normal, urgent, low" },
	{ "knxip.cemi.hops", "integer", "hop count" },
	{ "knxip.cemi.apci", "string", "application service: GroupValueWrite, MemoryWrite, ..." },
	{ "knxip.cemi.apci_raw", "integer", "its number where it has no name" },
	{ "knxip.cemi.data", "string", "bytes of the value in hex; never those of a key" },
	{ "knxip.cemi.length", "integer", "bytes that are not written: keys, secured data" },
	{ "knxip.cemi.object", "integer", "interface object's index, or type with M_Prop" },
	{ "knxip.cemi.instance", "integer", "its instance" },
	{ "knxip.cemi.property", "integer", "property id" },
	{ "knxip.cemi.count", "integer", "elements" },
	{ "knxip.cemi.start", "integer", "first element" },
	{ "knxip.cemi.address", "string", "memory address in hex" },
	{ "knxip.cemi.bytes", "integer", "bytes of memory" },
	{ "knxip.answer.message", "string", "message code of the confirmation" },
	{ "knxip.answer.data", "string", "bytes that were read, in hex" },
	{ "knxip.answer.error", "string", "why a property was refused" },
	{ "knxip.feature", "string", "tunnelling feature" },
	{ "knxip.feature_value", "string", "its value in hex" },
	{ "knxip.device_state", "integer", "state bits with busy and lost messages" },
	{ "knxip.lost", "integer", "messages lost" },
	{ "knxip.wait_ms", "integer", "pause asked for, in milliseconds" },
	{ "knxip.session", "integer", "secure session" },
	{ "knxip.user_id", "integer", "number of the user who authenticates" },
	{ "knxip.serial", "string", "KNX serial number of a secure frame's sender" },
	{ NULL }
};
