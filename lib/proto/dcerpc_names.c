/* dcerpc_names.c: interfaces by UUID: OPC Classic (DA 2 and 3, A&E, HDA), COM below it,
 * and the services of Windows that change machines. */
#include "proto/dcerpc_names.h"

static const struct rpc_op sync_io[] = { { 3, OT_READ, "Read" }, { 4, OT_WRITE, "Write" },
	{ 5, OT_READ, "ReadMaxAge" }, { 6, OT_WRITE, "WriteVQT" }, { 0, 0, NULL } };
static const struct rpc_op async_io[] = { { 3, OT_READ, "Read" }, { 4, OT_WRITE, "Write" },
	{ 5, OT_READ, "Refresh" }, { 6, OT_OTHER, "Cancel" }, { 0, 0, NULL } };
static const struct rpc_op item_io[] = { { 3, OT_READ, "Read" }, { 4, OT_WRITE, "WriteVQT" },
	{ 0, 0, NULL } };
static const struct rpc_op server[] = { { 3, OT_SUBSCRIBE, "AddGroup" },
	{ 4, OT_READ, "GetErrorString" }, { 5, OT_READ, "GetGroupByName" },
	{ 6, OT_IDENTIFY, "GetStatus" }, { 7, OT_SUBSCRIBE, "RemoveGroup" }, { 0, 0, NULL } };
static const struct rpc_op item_mgt[] = { { 3, OT_SUBSCRIBE, "AddItems" },
	{ 4, OT_READ, "ValidateItems" }, { 5, OT_SUBSCRIBE, "RemoveItems" },
	{ 6, OT_SUBSCRIBE, "SetActiveState" }, { 0, 0, NULL } };
static const struct rpc_op group_state[] = { { 3, OT_READ, "GetState" },
	{ 4, OT_SUBSCRIBE, "SetState" }, { 5, OT_SUBSCRIBE, "SetName" }, { 0, 0, NULL } };
static const struct rpc_op callback[] = { { 3, OT_REPORT, "OnDataChange" },
	{ 4, OT_REPORT, "OnReadComplete" }, { 5, OT_REPORT, "OnWriteComplete" },
	{ 6, OT_REPORT, "OnCancelComplete" }, { 0, 0, NULL } };
static const struct rpc_op browse[] = { { 3, OT_READ, "QueryOrganization" },
	{ 4, OT_READ, "ChangeBrowsePosition" }, { 5, OT_READ, "BrowseOPCItemIDs" },
	{ 6, OT_READ, "GetItemID" }, { 0, 0, NULL } };
static const struct rpc_op event_server[] = { { 3, OT_IDENTIFY, "GetStatus" },
	{ 4, OT_SUBSCRIBE, "CreateEventSubscription" }, { 13, OT_COMMAND, "EnableConditionByArea" },
	{ 14, OT_COMMAND, "EnableConditionBySource" }, { 15, OT_COMMAND, "DisableConditionByArea" },
	{ 16, OT_COMMAND, "DisableConditionBySource" }, { 17, OT_COMMAND, "AckCondition" },
	{ 0, 0, NULL } };
static const struct rpc_op event_sink[] = { { 3, OT_ALARM, "OnEvent" }, { 0, 0, NULL } };
static const struct rpc_op hda_update[] = { { 3, OT_READ, "QueryCapabilities" },
	{ 4, OT_WRITE, "Insert" }, { 5, OT_WRITE, "Replace" }, { 6, OT_WRITE, "InsertReplace" },
	{ 7, OT_WRITE, "DeleteRaw" }, { 8, OT_WRITE, "DeleteAtTime" }, { 0, 0, NULL } };
static const struct rpc_op activator[] = { { 3, OT_CONNECT, "RemoteGetClassObject" },
	{ 4, OT_CONNECT, "RemoteCreateInstance" }, { 0, 0, NULL } };
static const struct rpc_op activation[] = { { 0, OT_CONNECT, "RemoteActivation" }, { 0, 0, NULL } };
static const struct rpc_op exporter[] = { { 0, OT_OTHER, "ResolveOxid" },
	{ 1, OT_OTHER, "SimplePing" }, { 2, OT_OTHER, "ComplexPing" },
	{ 3, OT_OTHER, "ServerAlive" }, { 4, OT_OTHER, "ResolveOxid2" },
	{ 5, OT_OTHER, "ServerAlive2" }, { 0, 0, NULL } };
static const struct rpc_op rem_unknown[] = { { 3, OT_OTHER, "RemQueryInterface" },
	{ 4, OT_OTHER, "RemAddRef" }, { 5, OT_OTHER, "RemRelease" }, { 0, 0, NULL } };
static const struct rpc_op epm[] = { { 2, OT_READ, "ept_lookup" }, { 3, OT_READ, "ept_map" },
	{ 0, 0, NULL } };
static const struct rpc_op svcctl[] = { { 1, OT_COMMAND, "ControlService" },
	{ 2, OT_CONFIGURE, "DeleteService" }, { 11, OT_CONFIGURE, "ChangeServiceConfigW" },
	{ 12, OT_CONFIGURE, "CreateServiceW" }, { 15, OT_CONNECT, "OpenSCManagerW" },
	{ 16, OT_CONNECT, "OpenServiceW" }, { 19, OT_COMMAND, "StartServiceW" }, { 0, 0, NULL } };
static const struct rpc_op atsvc[] = { { 0, OT_CONFIGURE, "NetrJobAdd" },
	{ 1, OT_CONFIGURE, "NetrJobDel" }, { 0, 0, NULL } };
static const struct rpc_op tasks[] = { { 1, OT_CONFIGURE, "SchRpcRegisterTask" },
	{ 12, OT_COMMAND, "SchRpcRun" }, { 13, OT_CONFIGURE, "SchRpcDelete" }, { 0, 0, NULL } };
static const struct rpc_op winreg[] = { { 6, OT_CONFIGURE, "BaseRegCreateKey" },
	{ 7, OT_CONFIGURE, "BaseRegDeleteKey" }, { 8, OT_CONFIGURE, "BaseRegDeleteValue" },
	{ 17, OT_READ, "BaseRegQueryValue" }, { 22, OT_CONFIGURE, "BaseRegSetValue" },
	{ 0, 0, NULL } };
static const struct rpc_op drsuapi[] = { { 3, OT_READ, "DRSGetNCChanges" }, { 0, 0, NULL } };

#define DA      "-011e-11d0-9675-0020afd8adb3"
#define AE      "-5783-11d1-84a0-00608cb8a7e9"
#define HDA     "-dee0-11d2-a5e5-000086339399"
#define COM     "-0000-0000-c000-000000000046"
static const struct rpc_iface ifaces[] = {
	{ "39c13a4d" DA, "IOPCServer", "OPC DA", server },
	{ "39c13a4e" DA, "IOPCServerPublicGroups", "OPC DA", NULL },
	{ "39c13a4f" DA, "IOPCBrowseServerAddressSpace", "OPC DA", browse },
	{ "39c13a50" DA, "IOPCGroupStateMgt", "OPC DA", group_state },
	{ "39c13a51" DA, "IOPCPublicGroupStateMgt", "OPC DA", NULL },
	{ "39c13a52" DA, "IOPCSyncIO", "OPC DA", sync_io },
	{ "39c13a53" DA, "IOPCAsyncIO", "OPC DA", async_io },
	{ "39c13a54" DA, "IOPCItemMgt", "OPC DA", item_mgt },
	{ "39c13a55" DA, "IEnumOPCItemAttributes", "OPC DA", NULL },
	{ "39c13a70" DA, "IOPCDataCallback", "OPC DA", callback },
	{ "39c13a71" DA, "IOPCAsyncIO2", "OPC DA", async_io },
	{ "39c13a72" DA, "IOPCItemProperties", "OPC DA", NULL },
	{ "39227004-a18f-4b57-8b0a-5235670f4468", "IOPCBrowse", "OPC DA", NULL },
	{ "85c0b427-2893-4cbc-bd78-e5fc5146f08f", "IOPCItemIO", "OPC DA", item_io },
	{ "730f5f0f-55b1-4c81-9e18-ff8a0904e1fa", "IOPCSyncIO2", "OPC DA", sync_io },
	{ "0967b97b-36ef-423e-b6f8-6bff1e40d39d", "IOPCAsyncIO3", "OPC DA", async_io },
	{ "8e368666-d72e-4f78-87ed-647611c61c9f", "IOPCGroupStateMgt2", "OPC DA", group_state },
	{ "f31dfde1-07b6-11d2-b2d8-0060083ba1fb", "IOPCShutdown", "OPC", NULL },
	{ "f31dfde2-07b6-11d2-b2d8-0060083ba1fb", "IOPCCommon", "OPC", NULL },
	{ "13486d50-4821-11d2-a494-3cb306c10000", "IOPCServerList", "OPC", NULL },
	{ "9dd0b56c-ad9e-43ee-8305-487f3188bf7a", "IOPCServerList2", "OPC", NULL },
	{ "65168851" AE, "IOPCEventServer", "OPC A&E", event_server },
	{ "65168855" AE, "IOPCEventSubscriptionMgt", "OPC A&E", NULL },
	{ "65168857" AE, "IOPCEventAreaBrowser", "OPC A&E", NULL },
	{ "6516885f" AE, "IOPCEventSink", "OPC A&E", event_sink },
	{ "1f1217b0" HDA, "IOPCHDA_Server", "OPC HDA", NULL },
	{ "1f1217b1" HDA, "IOPCHDA_Browser", "OPC HDA", NULL },
	{ "1f1217b2" HDA, "IOPCHDA_SyncRead", "OPC HDA", NULL },
	{ "1f1217b3" HDA, "IOPCHDA_SyncUpdate", "OPC HDA", hda_update },
	{ "1f1217b4" HDA, "IOPCHDA_SyncAnnotations", "OPC HDA", NULL },
	{ "1f1217b5" HDA, "IOPCHDA_AsyncRead", "OPC HDA", NULL },
	{ "1f1217b6" HDA, "IOPCHDA_AsyncUpdate", "OPC HDA", hda_update },
	{ "00000000" COM, "IUnknown", "COM", NULL },
	{ "00020400" COM, "IDispatch", "COM", NULL },
	{ "00000131" COM, "IRemUnknown", "COM", rem_unknown },
	{ "00000143" COM, "IRemUnknown2", "COM", rem_unknown },
	{ "000001a0" COM, "ISystemActivator", "COM", activator },
	{ "4d9f4ab8-7d1c-11cf-861e-0020af6e7c57", "IActivation", "COM", activation },
	{ "99fcfec4-5260-101b-bbcb-00aa0021347a", "IObjectExporter", "COM", exporter },
	{ "f309ad18-d86a-11d0-a075-00c04fb68820", "IWbemLevel1Login", "WMI", NULL },
	{ "9556dc99-828c-11cf-a37e-00aa003240c7", "IWbemServices", "WMI", NULL },
	{ "e1af8308-5d1f-11c9-91a4-08002b14a0fa", "epm", NULL, epm },
	{ "367abb81-9844-35f1-ad32-98f038001003", "svcctl", NULL, svcctl },
	{ "12345778-1234-abcd-ef00-0123456789ac", "samr", NULL, NULL },
	{ "12345778-1234-abcd-ef00-0123456789ab", "lsarpc", NULL, NULL },
	{ "12345678-1234-abcd-ef00-01234567cffb", "netlogon", NULL, NULL },
	{ "12345678-1234-abcd-ef00-0123456789ab", "spoolss", NULL, NULL },
	{ "4b324fc8-1670-01d3-1278-5a47bf6ee188", "srvsvc", NULL, NULL },
	{ "6bffd098-a112-3610-9833-46c3f87e345a", "wkssvc", NULL, NULL },
	{ "338cd001-2244-31f1-aaaa-900038001003", "winreg", NULL, winreg },
	{ "1ff70682-0a51-30e8-076d-740be8cee98b", "atsvc", NULL, atsvc },
	{ "86d35949-83c9-4044-b424-db363231fd0c", "ITaskSchedulerService", NULL, tasks },
	{ "e3514235-4b06-11d1-ab04-00c04fc2dcd2", "drsuapi", NULL, drsuapi },
	{ "82273fdc-e32a-18c3-3f78-827929dc23ea", "eventlog", NULL, NULL },
	{ "c681d488-d850-11d0-8c52-00c04fd90f7e", "efsrpc", NULL, NULL },
	{ "df1941c5-fe89-4e79-bf10-463657acf44d", "efsrpc", NULL, NULL },
};
enum { IFACES = sizeof(ifaces) / sizeof(ifaces[0]) };

int
rpc_iface_find(const char *uuid)
{
	for (int i = 0; i < IFACES; i++)
		if (memcmp(ifaces[i].uuid, uuid, 36) == 0)
			return i;
	return -1;
}

const struct rpc_iface *
rpc_iface_at(int i)
{
	return i >= 0 && i < IFACES ? &ifaces[i] : NULL;
}

const struct rpc_op *
rpc_op_find(const struct rpc_iface *f, uint16_t number)
{
	for (const struct rpc_op *o = f ? f->ops : NULL; o && o->name; o++)
		if (o->number == number)
			return o;
	return NULL;
}
