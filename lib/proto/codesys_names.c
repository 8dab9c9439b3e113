/* codesys_names.c: CODESYS components and their commands, as far as public tools
 * and the runtime's published interfaces name them. */
#include "proto/codesys.h"

static const struct { uint8_t v; const char *s; enum ot_op op; } groups[] = {
	{ 0x01, "CmpDevice", OT_OTHER }, { 0x02, "CmpApp", OT_OTHER },
	{ 0x04, "CmpVisuServer", OT_OTHER }, { 0x05, "CmpLog", OT_READ },
	{ 0x06, "CmpSettings", OT_OTHER }, { 0x07, "SysEthernet", OT_OTHER },
	{ 0x08, "CmpFileTransfer", OT_PROGRAM }, { 0x09, "CmpIecVarAccess", OT_OTHER },
	{ 0x0b, "CmpIoMgr", OT_OTHER }, { 0x0c, "CmpUserMgr", OT_AUTH },
	{ 0x0f, "CmpTraceMgr", OT_READ }, { 0x11, "PlcShell", OT_COMMAND },
	{ 0x12, "CmpAppBP", OT_COMMAND }, { 0x13, "CmpAppForce", OT_WRITE },
	{ 0x18, "CmpAlarmManager", OT_OTHER }, { 0x1b, "CmpMonitor", OT_OTHER },
	{ 0x1d, "CmpCodeMeter", OT_OTHER }, { 0x1f, "CmpCoreDump", OT_OTHER },
	{ 0x22, "CmpOpenSSL", OT_OTHER },
};

const char *
cds_group_name(uint8_t group)
{
	for (size_t i = 0; i < sizeof(groups) / sizeof(*groups); i++)
		if (groups[i].v == group)
			return groups[i].s;
	return NULL;
}

enum ot_op
cds_group_op(uint8_t group)
{
	for (size_t i = 0; i < sizeof(groups) / sizeof(*groups); i++)
		if (groups[i].v == group)
			return groups[i].op;
	return OT_OTHER;
}

#define WORD(s) { s, sizeof(s) - 1 }
static const struct cds_command commands[] = {
	{ 1, 1, WORD("GetTargetIdent"), OT_IDENTIFY }, { 1, 2, WORD("DeviceLogin"), OT_AUTH },
	{ 1, 3, WORD("DeviceLogout"), OT_AUTH }, { 1, 4, WORD("ResetOrigin"), OT_COMMAND },
	{ 1, 5, WORD("Echo"), OT_OTHER }, { 1, 6, WORD("SetOperatingMode"), OT_COMMAND },
	{ 1, 7, WORD("GetOperatingMode"), OT_READ }, { 2, 1, WORD("AppLogin"), OT_CONNECT },
	{ 2, 2, WORD("AppLogout"), OT_CONNECT }, { 2, 3, WORD("AppCreate"), OT_PROGRAM },
	{ 2, 4, WORD("AppDelete"), OT_PROGRAM }, { 2, 5, WORD("AppDownload"), OT_PROGRAM },
	{ 2, 6, WORD("AppOnlineChange"), OT_PROGRAM },
	{ 2, 7, WORD("DeviceDownload"), OT_PROGRAM },
	{ 2, 0x10, WORD("AppStart"), OT_COMMAND }, { 2, 0x11, WORD("AppStop"), OT_COMMAND },
	{ 2, 0x12, WORD("AppReset"), OT_COMMAND },
	{ 2, 0x13, WORD("AppSetBreakpoint"), OT_COMMAND },
	{ 2, 0x14, WORD("AppReadStatus"), OT_READ }, { 2, 0x18, WORD("AppReadList"), OT_READ },
	{ 2, 0x23, WORD("AppCreateBootProject"), OT_PROGRAM },
	{ 2, 0x31, WORD("AppReadProjectInfo"), OT_READ },
};

const struct cds_command *
cds_command_find(uint8_t group, uint16_t command)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		if (commands[i].group == group && commands[i].command == command)
			return &commands[i];
	return NULL;
}

const struct field codesys_fields[] = {
	{ "codesys.service", "string", "NameServiceRequest, ...Answer, OpenChannel, Channel, ..." },
	{ "codesys.package", "string", "name service: kind of message" },
	{ "codesys.package_raw", "integer", "its number" },
	{ "codesys.request_id", "integer", "name service: ties answers to a request" },
	{ "codesys.node_name", "string", "the controller's name" },
	{ "codesys.device_name", "string", "what it is" },
	{ "codesys.vendor_name", "string", "who made it" },
	{ "codesys.serial", "string", "its serial number" },
	{ "codesys.target_type", "integer", "kind of device" },
	{ "codesys.target_id", "integer", "maker (upper half) and device" },
	{ "codesys.target_version", "string", "version of its runtime's target" },
	{ "codesys.channel_id", "integer", "channel" },
	{ "codesys.reason", "integer", "opening or closing a channel: why, 0 is well" },
	{ "codesys.encrypted", "boolean", "the channel's content is encrypted; said once a flow" },
	{ "codesys.group", "string", "component of the runtime that is asked" },
	{ "codesys.group_raw", "integer", "its number" },
	{ "codesys.command", "string", "what it is asked, where known" },
	{ "codesys.command_raw", "integer", "its number" },
	{ "codesys.length", "integer", "bytes of the message" },
	{ NULL, NULL, NULL },
};
