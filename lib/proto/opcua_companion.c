/* opcua_companion.c: which companion specifications a server follows: its
 * NamespaceArray (10000-5, 12.2.1, node i=2255) names them, and with them what
 * kind of machine it is. */
#include "proto/opcua.h"

/* Behind "http://opcfoundation.org/UA/", without a slash at the end. */
static const struct { const char *uri, *name; } known[] = {
	{ "DI", "di" }, { "LADS", "lads" }, { "ADI", "adi" }, { "AMB", "amb" },
	{ "AutoID", "autoid" }, { "BACnet", "bacnet" }, { "CNC", "cnc" },
	{ "CommercialKitchenEquipment", "commercial_kitchen" }, { "Dictionary/IRDI", "irdi" },
	{ "FDI5", "fdi" }, { "FDT", "fdt" }, { "GDS", "gds" }, { "Glass/Flat", "glass" },
	{ "I4AAS", "aas" }, { "IA", "ia" }, { "IEC61850-7-3", "iec61850" }, { "IJT/Base", "ijt" },
	{ "ISA95", "isa95" }, { "ISA95-JOBCONTROL_V2", "isa95_jobcontrol" },
	{ "Machinery", "machinery" }, { "Machinery/Jobs", "machinery_jobs" },
	{ "Machinery/ProcessValues", "machinery_process_values" },
	{ "Machinery/Result", "machinery_result" }, { "MachineTool", "machine_tool" },
	{ "MachineVision", "machine_vision" }, { "MTConnect/v2", "mtconnect" },
	{ "OpenSCS", "openscs" }, { "PA-DIM", "pa_dim" }, { "PADIM", "pa_dim" },
	{ "PackML", "packml" }, { "PnEm", "profienergy" }, { "PNIO", "profinet" },
	{ "Powerlink", "powerlink" }, { "PROFINET", "profinet" }, { "Pumps", "pumps" },
	{ "RIO", "rio" }, { "Robotics", "robotics" }, { "Safety", "safety" },
	{ "Scales", "scales" }, { "Sercos", "sercos" }, { "TMC/v2", "tmc" },
	{ "Weihenstephan", "weihenstephan" }, { "WMTP", "wmtp" }, { "CAS", "cas" },
};
static const struct { const char *uri, *name; } others[] = {
	{ "http://www.OPCFoundation.org/UA/2013/01/ISA95", "isa95" },
	{ "http://PLCopen.org/OpcUa/IEC61131-3", "plcopen" },
	{ "http://PLCopen.org/OpcUa/IEC61131-3/", "plcopen" },
	{ "http://www.euromap.org/euromap77", "euromap77" },
	{ "http://www.euromap.org/euromap83", "euromap83" },
};

static const char *
companion(struct text t)
{
	static const char base[] = "http://opcfoundation.org/UA/";
	uint32_t n = sizeof(base) - 1;

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strlen(others[i].uri) == t.n && memcmp(others[i].uri, t.p, t.n) == 0)
			return others[i].name;
	if (t.n <= n || memcmp(t.p, base, n) != 0)
		return NULL;
	t.p += n;
	t.n -= n;
	t.n -= t.p[t.n - 1] == '/';
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strlen(known[i].uri) == t.n && memcmp(known[i].uri, t.p, t.n) == 0)
			return known[i].name;
	return NULL;
}

void
ua_put_companions(struct ev *e, const struct ua_variant *namespaces)
{
	struct rd r = namespaces->body;
	bool open = false, lads = false;

	if (namespaces->type != UA_STRING || !namespaces->array)
		return;
	for (uint32_t i = 0; i < namespaces->n && i < LIM_OPCUA_VALUES && rd_left(&r); i++) {
		const char *name = companion(ua_string(&r));

		if (!name)
			continue;
		if (!open)
			ev_arr(e, "companions");
		open = true;
		ev_a_str(e, text_c(name));
		lads |= strcmp(name, "lads") == 0;
	}
	if (open)
		ev_end(e);
	if (lads)
		ev_identity(e, "opcua.namespaces", EV_DEST)->role = TEXT("analyser");
}
