/* cip_names.c: classes, attributes, services and statuses of CIP by number
 * (volume 1, chapter 5 and appendices A and B; Logix5000 Data Access, 1756-PM020,
 * for the tag services). Names are EVE's where EVE has them. */
#include "proto/cip.h"

#include <ctype.h>

/* By number: looked up for each message of a packet of several. */
static const char *const classes[] = {
	[1] = "Identity", [2] = "Message Router", [3] = "DeviceNet", [4] = "Assembly",
	[5] = "Connection", [6] = "Connection Manager", [7] = "Register",
	[8] = "Discrete Input Point", [9] = "Discrete Output Point", [10] = "Analog Input Point",
	[11] = "Analog Output Point", [14] = "Presence Sensing", [15] = "Parameter",
	[16] = "Parameter Group", [18] = "Group", [29] = "Discrete Input Group",
	[30] = "Discrete Output Group", [31] = "Discrete Group", [32] = "Analog Input Group",
	[33] = "Analog Output Group", [34] = "Analog Group", [35] = "Position Sensor",
	[36] = "Position Controller Supervisor", [37] = "Position Controller",
	[38] = "Block Sequencer", [39] = "Command Block", [40] = "Motor Data",
	[41] = "Control Supervisor", [42] = "AC/DC Drive", [43] = "Acknowledge Handler",
	[44] = "Overload", [45] = "Softstart", [46] = "Selection", [48] = "S-Device Supervisor",
	[49] = "S-Analog Sensor", [50] = "S-Analog Actuator", [51] = "S-Single Stage Controller",
	[52] = "S-Gas Calibration", [53] = "Trip Point", [55] = "File",
	[56] = "S-Partial Pressure", [57] = "Safety Supervisor", [58] = "Safety Validator",
	[59] = "Safety Discrete Output Point", [60] = "Safety Discrete Output Group",
	[61] = "Safety Discrete Input Point", [62] = "Safety Discrete Input Group",
	[63] = "Safety Dual Channel Output", [64] = "S-Sensor Calibration", [65] = "Event Log",
	[66] = "Motion Device Axis", [67] = "Time Sync", [68] = "Modbus",
	[69] = "Originator Connection List", [70] = "Modbus Serial Link",
	[71] = "Device Level Ring (DLR)", [72] = "QoS", [73] = "Safety Analog Input Point",
	[74] = "Safety Analog Input Group", [75] = "Safety Dual Channel Analog Input",
	[76] = "SERCOS III Link", [77] = "Target Connection List", [78] = "Base Energy",
	[79] = "Electrical Energy", [80] = "Non-Electrical Energy", [81] = "Base Switch",
	[82] = "SNMP", [83] = "Power Management", [84] = "RSTP Bridge", [85] = "RSTP Port",
	[86] = "PRP/HSR Protocol", [87] = "PRP/HSR Nodes Table", [88] = "Safety Feedback",
	[89] = "Safety Dual Channel Feedback", [90] = "Safety Stop Functions",
	[91] = "Safety Limit Functions", [92] = "Power Curtailment", [93] = "CIP Security",
	[94] = "EtherNet/IP Security", [95] = "Certificate Management", [96] = "Authority",
	[97] = "Password Authenticator", [98] = "Certificate Authenticator",
	[100] = "Controller Name", [103] = "PCCC", [104] = "Program", [106] = "Routine",
	[107] = "Symbol", [108] = "Template", [112] = "Task", [139] = "Wall Clock Time",
	[142] = "Controller", [240] = "ControlNet", [241] = "ControlNet Keeper",
	[242] = "ControlNet Scheduling", [243] = "Connection Configuration", [244] = "Port",
	[245] = "TCP/IP Interface", [246] = "Ethernet Link", [247] = "CompoNet",
	[248] = "CompoNet Repeater", [249] = "HART Master Port", [250] = "I/O Aggregation",
	[256] = "Protection Trip", [257] = "Protection Alarm",
	[258] = "Circuit Breaker Supervisor", [259] = "Circuit Breaker Statistics",
	[260] = "Electrical Demand", [261] = "Electrical Statistics", [262] = "Machine Base Data",
	[263] = "HART Process Device", [264] = "Process Device Diagnostics",
	[265] = "LLDP Management", [266] = "LLDP Data Table", [267] = "IO-Link Service Parameter",
	[268] = "IO-Link Master PHY", [269] = "IO-Link Device PHY",
	[270] = "Pilot Light Supervisor", [271] = "Select Line Link",
	[272] = "In-Cabinet Actual Topology", [273] = "In-Cabinet Commissioning",
};

static const struct tok statuses[] = {
	{ 0, "Success" }, { 1, "Connection failure" }, { 2, "Resource unavailable" },
	{ 3, "Invalid parameter value" }, { 4, "Path segment error" },
	{ 5, "Path destination unknown" }, { 6, "Partial transfer" }, { 7, "Connection lost" },
	{ 8, "Service not supported" }, { 9, "Invalid attribute value" },
	{ 10, "Attribute list error" }, { 11, "Already in requested mode/state" },
	{ 12, "Object state conflict" }, { 13, "Object already exists" },
	{ 14, "Attribute not settable" }, { 15, "Privilege violation" },
	{ 16, "Device state conflict" }, { 17, "Reply data too large" },
	{ 18, "Fragmentation of a primitive value" }, { 19, "Not enough data" },
	{ 20, "Attribute not supported" }, { 21, "Too much data" },
	{ 22, "Object does not exist" }, { 23, "Service fragmentation sequence not in progress" },
	{ 24, "No stored attribute data" }, { 25, "Store operation failure" },
	{ 26, "Routing failure, request packet too large" },
	{ 27, "Routing failure, response packet too large" },
	{ 28, "Missing attribute list entry data" }, { 29, "Invalid attribute value list" },
	{ 30, "Embedded service error" }, { 31, "Vendor specific error" },
	{ 32, "Invalid parameter" }, { 33, "Write-once value or medium already written" },
	{ 34, "Invalid reply received" }, { 35, "Buffer overflow" },
	{ 36, "Invalid message format" }, { 37, "Key failure in path" },
	{ 38, "Path size invalid" }, { 39, "Unexpected attribute in list" },
	{ 40, "Invalid Member ID" }, { 41, "Member not settable" },
	{ 42, "Group 2 only server general failure" }, { 43, "Unknown Modbus error" },
	{ 44, "Attribute not gettable" }, { 255, "Still processing" }, { 0, NULL },
};

/* Extended status behind a connection failure (volume 1, 3-5.6). */
static const struct tok connection_failures[] = {
	{ 0x100, "Connection in use or duplicate Forward Open" },
	{ 0x103, "Transport class and trigger combination not supported" },
	{ 0x106, "Ownership conflict" }, { 0x107, "Target connection not found" },
	{ 0x108, "Invalid network connection parameter" }, { 0x109, "Invalid connection size" },
	{ 0x110, "Target for connection not configured" }, { 0x111, "RPI not supported" },
	{ 0x112, "RPI value(s) not acceptable" }, { 0x113, "Out of connections" },
	{ 0x114, "Vendor ID or product code mismatch" }, { 0x115, "Device type mismatch" },
	{ 0x116, "Revision mismatch" },
	{ 0x117, "Invalid produced or consumed application path" },
	{ 0x118, "Invalid or inconsistent configuration application path" },
	{ 0x119, "Non-listen only connection not opened" },
	{ 0x11a, "Target object out of connections" },
	{ 0x11b, "RPI is smaller than the production inhibit time" },
	{ 0x11c, "Transport class not supported" }, { 0x11d, "Production trigger not supported" },
	{ 0x11e, "Direction not supported" }, { 0x11f, "Invalid O->T Fixed/Variable" },
	{ 0x120, "Invalid T->O Fixed/Variable" }, { 0x121, "Invalid O->T Priority" },
	{ 0x122, "Invalid T->O Priority" }, { 0x123, "Invalid O->T connection type" },
	{ 0x124, "Invalid T->O connection type" }, { 0x125, "Invalid O->T redundant owner" },
	{ 0x126, "Invalid configuration size" }, { 0x127, "Invalid O->T size" },
	{ 0x128, "Invalid T->O size" }, { 0x129, "Invalid configuration application path" },
	{ 0x12a, "Invalid consuming application path" },
	{ 0x12b, "Invalid producing application path" },
	{ 0x12c, "Configuration symbol does not exist" },
	{ 0x12d, "Consuming symbol does not exist" },
	{ 0x12e, "Producing symbol does not exist" },
	{ 0x12f, "Inconsistent application path combination" },
	{ 0x130, "Inconsistent consume data format" },
	{ 0x131, "Inconsistent produce data format" },
	{ 0x132, "NULL ForwardOpen not supported" }, { 0x203, "Connection timed out" },
	{ 0x204, "Unconnected request timed out" },
	{ 0x205, "Parameter error in unconnected request" },
	{ 0x206, "Message too large for UnconnectedSend" },
	{ 0x207, "Unconnected acknowledged without reply" },
	{ 0x301, "No buffer memory available" },
	{ 0x302, "Network bandwidth not available for data" },
	{ 0x303, "No consumed connection ID filter available" },
	{ 0x304, "Not configured to send scheduled priority data" },
	{ 0x305, "Schedule signature mismatch" },
	{ 0x306, "Schedule signature validation not possible" }, { 0x311, "Port not available" },
	{ 0x312, "Link address not valid" }, { 0x315, "Invalid segment in connection path" },
	{ 0x316, "ForwardClose connection path mismatch" }, { 0x317, "Scheduling not specified" },
	{ 0x318, "Link address to self invalid" }, { 0x319, "Secondary resources unavailable" },
	{ 0x31a, "Rack connection already established" },
	{ 0x31b, "Module connection already established" }, { 0x31c, "Miscellaneous" },
	{ 0x31d, "Redundant connection mismatch" },
	{ 0x31e, "No link consumer resources available" },
	{ 0x31f, "No link consumer resources configured" },
	{ 0x800, "Network link offline" }, { 0x801, "Incompatible Multicast RPI" },
	{ 0x802, "Invalid Safety Connection Size" },
	{ 0x803, "Invalid Safety Connection Format" },
	{ 0x804, "Invalid Time Correction Connection Parameters" },
	{ 0x805, "Invalid Ping Interval EPI Multiplier" },
	{ 0x806, "Time Coordination Msg Min Multiplier" },
	{ 0x807, "Network Time Expectation Multiplier" }, { 0x808, "Timeout Multiplier" },
	{ 0x809, "Invalid Max Consumer Number" }, { 0x80a, "Invalid CPCRC" },
	{ 0x80b, "Time Correction Connection ID Invalid" }, { 0x80c, "SCID Mismatch" },
	{ 0x80d, "TUNID not set" }, { 0x80e, "TUNID Mismatch" },
	{ 0x80f, "Configuration operation not allowed" },
	{ 0x810, "No target application data available" },
	{ 0x811, "No originator application data available" },
	{ 0x812, "Node address has changed since the network was scheduled" },
	{ 0x813, "Not configured for off-subnet multicast" },
	{ 0x814, "Invalid produce/consume data format" }, { 0, NULL },
};

/* Attributes worth a name: 5A-2, 5A-... of volume 1 and volume 2. */
struct attribute { uint16_t cls, n; const char *name; };
static const struct attribute attributes[] = {
	{ CIP_IDENTITY, 1, "Vendor ID" }, { CIP_IDENTITY, 2, "Device Type" },
	{ CIP_IDENTITY, 3, "Product Code" }, { CIP_IDENTITY, 4, "Revision" },
	{ CIP_IDENTITY, 5, "Status" }, { CIP_IDENTITY, 6, "Serial Number" },
	{ CIP_IDENTITY, 7, "Product Name" }, { CIP_IDENTITY, 8, "State" },
	{ CIP_IDENTITY, 9, "Configuration Consistency Value" },
	{ CIP_IDENTITY, 10, "Heartbeat Interval" },
	{ CIP_ASSEMBLY, 1, "Member Count" }, { CIP_ASSEMBLY, 2, "Member List" },
	{ CIP_ASSEMBLY, 3, "Data" }, { CIP_ASSEMBLY, 4, "Size" },
	{ 0x0f, 1, "Value" }, { 0x0f, 7, "Name" },
	{ CIP_TIME_SYNC, 1, "PTP Enable" }, { CIP_TIME_SYNC, 3, "System Time" },
	{ CIP_SYMBOL, 1, "Name" }, { CIP_SYMBOL, 2, "Type" },
	{ CIP_TEMPLATE, 1, "Structure Handle" }, { CIP_TEMPLATE, 2, "Member Count" },
	{ CIP_TEMPLATE, 4, "Definition Size" }, { CIP_TEMPLATE, 5, "Structure Size" },
	{ CIP_CLOCK, 6, "Current Time" }, { CIP_CLOCK, 11, "Date and Time" },
	{ CIP_TCPIP, 1, "Status" }, { CIP_TCPIP, 2, "Configuration Capability" },
	{ CIP_TCPIP, 3, "Configuration Control" }, { CIP_TCPIP, 4, "Physical Link" },
	{ CIP_TCPIP, 5, "Interface Configuration" }, { CIP_TCPIP, 6, "Host Name" },
	{ CIP_TCPIP, 8, "TTL Value" }, { CIP_TCPIP, 9, "Mcast Config" },
	{ CIP_TCPIP, 10, "Select ACD" }, { CIP_TCPIP, 13, "Encapsulation Inactivity Timeout" },
	{ CIP_ETHERNET, 1, "Interface Speed" }, { CIP_ETHERNET, 2, "Interface Flags" },
	{ CIP_ETHERNET, 3, "Physical Address" }, { CIP_ETHERNET, 4, "Interface Counters" },
	{ CIP_ETHERNET, 5, "Media Counters" }, { CIP_ETHERNET, 6, "Interface Control" },
	{ CIP_ETHERNET, 7, "Interface Type" }, { CIP_ETHERNET, 9, "Admin State" },
	{ CIP_ETHERNET, 10, "Interface Label" },
};

#define S(name, op)     { TEXT_(name), op }
#define TEXT_(s)        { s, sizeof(s) - 1 }
/* Appendix A: the same for every class. */
static const struct cip_service common[] = {
	[0x01] = S("Get Attributes All", OT_READ), [0x02] = S("Set Attributes All", OT_WRITE),
	[0x03] = S("Get Attribute List", OT_READ), [0x04] = S("Set Attribute List", OT_WRITE),
	[0x05] = S("Reset", OT_COMMAND), [0x06] = S("Start", OT_COMMAND),
	[0x07] = S("Stop", OT_COMMAND), [0x08] = S("Create", OT_CONFIGURE),
	[0x09] = S("Delete", OT_CONFIGURE), [0x0a] = S("Multiple Service Packet", OT_OTHER),
	[0x0d] = S("Apply Attributes", OT_CONFIGURE),
	[0x0e] = S("Get Attributes Single", OT_READ),
	[0x10] = S("Set Attributes Single", OT_WRITE),
	[0x11] = S("Find Next Object Instance", OT_READ),
	[0x15] = S("Restore", OT_COMMAND), [0x16] = S("Save", OT_COMMAND),
	[0x17] = S("No Operation", OT_OTHER), [0x18] = S("Get Member", OT_READ),
	[0x19] = S("Set Member", OT_WRITE), [0x1a] = S("Insert Member", OT_WRITE),
	[0x1b] = S("Remove Member", OT_WRITE), [0x1c] = S("Group Sync", OT_OTHER),
	[0x1d] = S("Get Connection Point Member List", OT_READ),
};

/* Of one class: 0x4b to 0x63. Class 0 stands for tags (symbolic paths). */
struct special { uint32_t cls; uint8_t svc; struct cip_service s; };
static const struct special special[] = {
	{ 0, 0x4c, S("Read Tag", OT_READ) }, { 0, 0x4d, S("Write Tag", OT_WRITE) },
	{ 0, 0x4e, S("Read Modify Write Tag", OT_WRITE) },
	{ 0, 0x52, S("Read Tag Fragmented", OT_READ) },
	{ 0, 0x53, S("Write Tag Fragmented", OT_WRITE) },
	{ 0, 0x55, S("Get Instance Attribute List", OT_READ) },
	{ CIP_CONN_MANAGER, 0x4e, S("Forward Close", OT_CONNECT) },
	{ CIP_CONN_MANAGER, 0x52, S("Unconnected Send", OT_OTHER) },
	{ CIP_CONN_MANAGER, 0x54, S("Forward Open", OT_CONNECT) },
	{ CIP_CONN_MANAGER, 0x56, S("Get Connection Data", OT_READ) },
	{ CIP_CONN_MANAGER, 0x57, S("Search Connection Data", OT_READ) },
	{ CIP_CONN_MANAGER, 0x5a, S("Get Connection Owner", OT_READ) },
	{ CIP_CONN_MANAGER, 0x5b, S("Large Forward Open", OT_CONNECT) },
	{ CIP_FILE, 0x4b, S("Initiate Upload", OT_PROGRAM) },
	{ CIP_FILE, 0x4c, S("Initiate Download", OT_PROGRAM) },
	{ CIP_FILE, 0x4d, S("Initiate Partial Read", OT_PROGRAM) },
	{ CIP_FILE, 0x4e, S("Initiate Partial Write", OT_PROGRAM) },
	{ CIP_FILE, 0x4f, S("Upload Transfer", OT_PROGRAM) },
	{ CIP_FILE, 0x50, S("Download Transfer", OT_PROGRAM) },
	{ CIP_FILE, 0x51, S("Clear File", OT_PROGRAM) },
	{ CIP_MODBUS, 0x4b, S("Read Discrete Inputs", OT_READ) },
	{ CIP_MODBUS, 0x4c, S("Read Coils", OT_READ) },
	{ CIP_MODBUS, 0x4d, S("Read Input Registers", OT_READ) },
	{ CIP_MODBUS, 0x4e, S("Read Holding Registers", OT_READ) },
	{ CIP_MODBUS, 0x4f, S("Write Coils", OT_WRITE) },
	{ CIP_MODBUS, 0x50, S("Write Holding Registers", OT_WRITE) },
	{ CIP_MODBUS, 0x51, S("Modbus Passthrough", OT_COMMAND) },
	{ CIP_PCCC, 0x4b, S("Execute PCCC", OT_OTHER) },
	{ CIP_TEMPLATE, 0x4c, S("Read Template", OT_READ) },
	{ 0x72, 0x4c, S("Read Data", OT_READ) },
};

const char *
cip_class_name(uint32_t cls)
{
	return cls < sizeof(classes) / sizeof(classes[0]) ? classes[cls] : NULL;
}

const char *
cip_attribute_name(uint32_t cls, uint32_t attribute)
{
	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++)
		if (attributes[i].cls == cls && attributes[i].n == attribute)
			return attributes[i].name;
	return NULL;
}

const char *
cip_status_name(uint8_t status)
{
	return tok_find(statuses, status);
}

/* What a controller says to tags, behind the general status 0xff. */
static const struct tok tag_failures[] = {
	{ 0x2104, "Beyond End Of Tag" }, { 0x2105, "Elements Beyond End Of Tag" },
	{ 0x2107, "Tag Type Mismatch" },
	{ 0, NULL }
};

const char *
cip_extended_name(uint8_t status, uint16_t ext)
{
	if (status == 0xff)
		return tok_find(tag_failures, ext);
	return status == 0x01 || status >= 0x1e ? tok_find(connection_failures, ext) : NULL;
}

struct text
cip_word(struct ev *e, const char *name)
{
	uint32_t n = 0, max = (uint32_t)strlen(name);
	char *p = ev_room(e, max);

	if (!p)
		return (struct text){ 0 };
	for (; *name; name++) {
		if (isalnum((unsigned char)*name))
			p[n++] = (char)tolower((unsigned char)*name);
		else if (n && p[n - 1] != '_')
			p[n++] = '_';
	}
	while (n && p[n - 1] == '_')
		n--;
	return (struct text){ p, n };
}

/* Where a Logix controller keeps its program and I/O configuration: what is
 * written there changes what it does. Seen in downloads; no public standard. */
static bool
is_logix_program(uint32_t cls)
{
	return (cls >= 0x64 && cls <= 0x74) || cls == 0x77 || cls == 0x7e || cls == 0x7f ||
	    cls == CIP_CONTROLLER || cls == 0xac || (cls >= 0x300 && cls < 0x400);
}

static bool
is_settings(uint32_t cls)
{
	return cls == CIP_TCPIP || cls == CIP_ETHERNET || cls == CIP_QOS || cls == CIP_PORT ||
	    cls == CIP_TIME_SYNC || cls == CIP_CLOCK || (cls >= 0x5d && cls <= 0x62);
}

const struct cip_service *
cip_service_find(const struct cip_path *p, uint8_t svc)
{
	/* named as above, for classes where the same service means something else */
	static const struct cip_service program[] = {
		[0x02] = S("Set Attributes All", OT_PROGRAM),
		[0x04] = S("Set Attribute List", OT_PROGRAM),
		[0x08] = S("Create", OT_PROGRAM), [0x09] = S("Delete", OT_PROGRAM),
		[0x10] = S("Set Attributes Single", OT_PROGRAM),
	}, settings[] = {
		[0x02] = S("Set Attributes All", OT_CONFIGURE),
		[0x04] = S("Set Attribute List", OT_CONFIGURE),
		[0x10] = S("Set Attributes Single", OT_CONFIGURE),
	}, identity[] = {
		[0x01] = S("Get Attributes All", OT_IDENTIFY),
		[0x03] = S("Get Attribute List", OT_IDENTIFY),
		[0x0e] = S("Get Attributes Single", OT_IDENTIFY),
	}, none = { { NULL, 0 }, OT_OTHER }, change = { { NULL, 0 }, OT_PROGRAM };
	uint32_t cls = p->symbolic || (p->has_class && p->cls == CIP_SYMBOL) ? 0 : p->cls;

	if (svc < sizeof(common) / sizeof(common[0]) && common[svc].name.n) {
		if (p->has_class && is_logix_program(p->cls) &&
		    svc < sizeof(program) / sizeof(program[0]) && program[svc].name.n)
			return &program[svc];
		if (p->has_class && is_settings(p->cls) &&
		    svc < sizeof(settings) / sizeof(settings[0]) && settings[svc].name.n)
			return &settings[svc];
		if (p->has_class && p->cls == CIP_IDENTITY &&
		    svc < sizeof(identity) / sizeof(identity[0]) && identity[svc].name.n)
			return &identity[svc];
		return &common[svc];
	}
	if (svc >= 0x4b) {
		for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++)
			if (special[i].svc == svc && special[i].cls == cls)
				return &special[i].s;
		if (p->has_class && is_logix_program(p->cls))
			return &change;
	}
	return &none;
}
