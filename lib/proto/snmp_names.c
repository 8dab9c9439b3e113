/* snmp_names.c: the objects that a laboratory's network asks for, by name, and what
 * some of them say of the device. */
#include "proto/snmp.h"

/* After 1.3.6.1 (internet); the longest that fits counts. From the MIBs named. */
static const struct snmp_name names[] = {
	/* SNMPv2-MIB */
	{ 4, { 2, 1, 1, 1 }, "sysDescr", SNMP_DESCR, false },
	{ 4, { 2, 1, 1, 2 }, "sysObjectID", SNMP_OBJECT_ID, false },
	{ 4, { 2, 1, 1, 3 }, "sysUpTime", SNMP_NONE, false },
	{ 4, { 2, 1, 1, 4 }, "sysContact", SNMP_PERSON, false },
	{ 4, { 2, 1, 1, 5 }, "sysName", SNMP_HOSTNAME, false },
	{ 4, { 2, 1, 1, 6 }, "sysLocation", SNMP_LOCATION, false },
	{ 4, { 2, 1, 1, 7 }, "sysServices", SNMP_NONE, false },
	{ 6, { 2, 1, 1, 9, 1, 2 }, "sysORID", SNMP_NONE, false },
	{ 6, { 2, 1, 1, 9, 1, 3 }, "sysORDescr", SNMP_NONE, false },
	{ 6, { 2, 1, 1, 9, 1, 4 }, "sysORUpTime", SNMP_NONE, false },
	/* IF-MIB */
	{ 4, { 2, 1, 2, 1 }, "ifNumber", SNMP_NONE, false },
	{ 6, { 2, 1, 2, 2, 1, 1 }, "ifIndex", SNMP_NONE, false },
	{ 6, { 2, 1, 2, 2, 1, 2 }, "ifDescr", SNMP_NONE, false },
	{ 6, { 2, 1, 2, 2, 1, 3 }, "ifType", SNMP_NONE, false },
	{ 6, { 2, 1, 2, 2, 1, 4 }, "ifMtu", SNMP_NONE, false },
	{ 6, { 2, 1, 2, 2, 1, 5 }, "ifSpeed", SNMP_NONE, false },
	{ 6, { 2, 1, 2, 2, 1, 6 }, "ifPhysAddress", SNMP_NONE, false },
	{ 6, { 2, 1, 2, 2, 1, 7 }, "ifAdminStatus", SNMP_NONE, false },
	{ 6, { 2, 1, 2, 2, 1, 8 }, "ifOperStatus", SNMP_NONE, false },
	{ 6, { 2, 1, 2, 2, 1, 9 }, "ifLastChange", SNMP_NONE, false },
	{ 6, { 2, 1, 2, 2, 1, 10 }, "ifInOctets", SNMP_NONE, false },
	{ 6, { 2, 1, 2, 2, 1, 11 }, "ifInUcastPkts", SNMP_NONE, false },
	{ 6, { 2, 1, 2, 2, 1, 12 }, "ifInNUcastPkts", SNMP_NONE, false },
	{ 6, { 2, 1, 2, 2, 1, 13 }, "ifInDiscards", SNMP_NONE, false },
	{ 6, { 2, 1, 2, 2, 1, 14 }, "ifInErrors", SNMP_NONE, false },
	{ 6, { 2, 1, 2, 2, 1, 16 }, "ifOutOctets", SNMP_NONE, false },
	{ 6, { 2, 1, 2, 2, 1, 17 }, "ifOutUcastPkts", SNMP_NONE, false },
	{ 6, { 2, 1, 2, 2, 1, 19 }, "ifOutDiscards", SNMP_NONE, false },
	{ 6, { 2, 1, 2, 2, 1, 20 }, "ifOutErrors", SNMP_NONE, false },
	{ 7, { 2, 1, 31, 1, 1, 1, 1 }, "ifName", SNMP_NONE, false },
	{ 7, { 2, 1, 31, 1, 1, 1, 6 }, "ifHCInOctets", SNMP_NONE, false },
	{ 7, { 2, 1, 31, 1, 1, 1, 10 }, "ifHCOutOctets", SNMP_NONE, false },
	{ 7, { 2, 1, 31, 1, 1, 1, 15 }, "ifHighSpeed", SNMP_NONE, false },
	{ 7, { 2, 1, 31, 1, 1, 1, 18 }, "ifAlias", SNMP_NONE, false },
	/* IP-MIB, BRIDGE-MIB, HOST-RESOURCES-MIB */
	{ 4, { 2, 1, 4, 1 }, "ipForwarding", SNMP_NONE, false },
	{ 6, { 2, 1, 4, 20, 1, 1 }, "ipAdEntAddr", SNMP_NONE, false },
	{ 6, { 2, 1, 4, 22, 1, 2 }, "ipNetToMediaPhysAddress", SNMP_NONE, false },
	{ 7, { 2, 1, 17, 4, 3, 1, 2 }, "dot1dTpFdbPort", SNMP_NONE, false },
	{ 5, { 2, 1, 25, 1, 1 }, "hrSystemUptime", SNMP_NONE, false },
	{ 7, { 2, 1, 25, 3, 2, 1, 3 }, "hrDeviceDescr", SNMP_PRINTER, false },
	{ 7, { 2, 1, 25, 3, 2, 1, 5 }, "hrDeviceStatus", SNMP_NONE, false },
	{ 7, { 2, 1, 25, 3, 5, 1, 1 }, "hrPrinterStatus", SNMP_NONE, false },
	{ 7, { 2, 1, 25, 3, 5, 1, 2 }, "hrPrinterDetectedErrorState", SNMP_NONE, false },
	/* the names of users' programs and files may be in these: never values */
	{ 5, { 2, 1, 25, 4, 2 }, "hrSWRun", SNMP_NONE, false },
	{ 5, { 2, 1, 25, 6, 3 }, "hrSWInstalled", SNMP_NONE, false },
	/* ENTITY-MIB */
	{ 8, { 2, 1, 47, 1, 1, 1, 1, 2 }, "entPhysicalDescr", SNMP_PRODUCT, true },
	{ 8, { 2, 1, 47, 1, 1, 1, 1, 3 }, "entPhysicalVendorType", SNMP_NONE, false },
	{ 8, { 2, 1, 47, 1, 1, 1, 1, 4 }, "entPhysicalContainedIn", SNMP_NONE, false },
	{ 8, { 2, 1, 47, 1, 1, 1, 1, 5 }, "entPhysicalClass", SNMP_CLASS, true },
	{ 8, { 2, 1, 47, 1, 1, 1, 1, 7 }, "entPhysicalName", SNMP_NONE, false },
	{ 8, { 2, 1, 47, 1, 1, 1, 1, 8 }, "entPhysicalHardwareRev", SNMP_HARDWARE, true },
	{ 8, { 2, 1, 47, 1, 1, 1, 1, 9 }, "entPhysicalFirmwareRev", SNMP_FIRMWARE, true },
	{ 8, { 2, 1, 47, 1, 1, 1, 1, 10 }, "entPhysicalSoftwareRev", SNMP_SOFTWARE, true },
	{ 8, { 2, 1, 47, 1, 1, 1, 1, 11 }, "entPhysicalSerialNum", SNMP_SERIAL, true },
	{ 8, { 2, 1, 47, 1, 1, 1, 1, 12 }, "entPhysicalMfgName", SNMP_VENDOR, true },
	{ 8, { 2, 1, 47, 1, 1, 1, 1, 13 }, "entPhysicalModelName", SNMP_MODEL, true },
	/* Printer-MIB */
	{ 7, { 2, 1, 43, 5, 1, 1, 3 }, "prtGeneralReset", SNMP_NONE, false },
	{ 7, { 2, 1, 43, 5, 1, 1, 4 }, "prtGeneralCurrentOperator", SNMP_PERSON, false },
	{ 7, { 2, 1, 43, 5, 1, 1, 5 }, "prtGeneralServicePerson", SNMP_PERSON, false },
	{ 7, { 2, 1, 43, 5, 1, 1, 16 }, "prtGeneralPrinterName", SNMP_PRODUCT, false },
	{ 7, { 2, 1, 43, 5, 1, 1, 17 }, "prtGeneralSerialNumber", SNMP_SERIAL, false },
	{ 7, { 2, 1, 43, 10, 2, 1, 4 }, "prtMarkerLifeCount", SNMP_NONE, false },
	{ 7, { 2, 1, 43, 11, 1, 1, 6 }, "prtMarkerSuppliesDescription", SNMP_NONE, false },
	{ 7, { 2, 1, 43, 11, 1, 1, 8 }, "prtMarkerSuppliesMaxCapacity", SNMP_NONE, false },
	{ 7, { 2, 1, 43, 11, 1, 1, 9 }, "prtMarkerSuppliesLevel", SNMP_NONE, false },
	/* UPS-MIB */
	{ 6, { 2, 1, 33, 1, 1, 1 }, "upsIdentManufacturer", SNMP_VENDOR, false },
	{ 6, { 2, 1, 33, 1, 1, 2 }, "upsIdentModel", SNMP_MODEL, false },
	{ 6, { 2, 1, 33, 1, 1, 3 }, "upsIdentUPSSoftwareVersion", SNMP_FIRMWARE, false },
	{ 6, { 2, 1, 33, 1, 2, 1 }, "upsBatteryStatus", SNMP_NONE, false },
	{ 6, { 2, 1, 33, 1, 8, 2 }, "upsShutdownAfterDelay", SNMP_NONE, false },
	/* makers' own */
	{ 9, { 4, 1, 11, 2, 3, 9, 1, 1, 7 }, "hpDeviceId", SNMP_DEVICE_ID, false },
	{ 9, { 4, 1, 318, 1, 1, 1, 1, 1, 1 }, "upsBasicIdentModel", SNMP_MODEL, false },
	{ 9, { 4, 1, 318, 1, 1, 1, 1, 2, 1 }, "upsAdvIdentFirmwareRevision", SNMP_FIRMWARE, false },
	{ 9, { 4, 1, 318, 1, 1, 1, 1, 2, 3 }, "upsAdvIdentSerialNumber", SNMP_SERIAL, false },
	{ 6, { 4, 1, 9, 3, 6, 3 }, "chassisId", SNMP_SERIAL, false },
	{ 9, { 4, 1, 9, 9, 96, 1, 1, 1, 1 }, "ccCopyEntry", SNMP_NONE, false },
	{ 5, { 4, 1, 2636, 3, 1 }, "jnxBoxAnatomy", SNMP_NONE, false },
	/* traps: SNMPv2-MIB, IF-MIB, and what comes with them */
	{ 7, { 6, 3, 1, 1, 4, 1, 0 }, "snmpTrapOID", SNMP_NONE, false },
	{ 7, { 6, 3, 1, 1, 4, 3, 0 }, "snmpTrapEnterprise", SNMP_NONE, false },
	{ 6, { 6, 3, 1, 1, 5, 1 }, "coldStart", SNMP_NONE, false },
	{ 6, { 6, 3, 1, 1, 5, 2 }, "warmStart", SNMP_NONE, false },
	{ 6, { 6, 3, 1, 1, 5, 3 }, "linkDown", SNMP_NONE, false },
	{ 6, { 6, 3, 1, 1, 5, 4 }, "linkUp", SNMP_NONE, false },
	{ 6, { 6, 3, 1, 1, 5, 5 }, "authenticationFailure", SNMP_NONE, false },
	{ 6, { 6, 3, 1, 1, 5, 6 }, "egpNeighborLoss", SNMP_NONE, false },
	/* SNMP-USER-BASED-SM-MIB: why an engine refused */
	{ 6, { 6, 3, 15, 1, 1, 1 }, "usmStatsUnsupportedSecLevels", SNMP_NONE, false },
	{ 6, { 6, 3, 15, 1, 1, 2 }, "usmStatsNotInTimeWindows", SNMP_NONE, false },
	{ 6, { 6, 3, 15, 1, 1, 3 }, "usmStatsUnknownUserNames", SNMP_NONE, false },
	{ 6, { 6, 3, 15, 1, 1, 4 }, "usmStatsUnknownEngineIDs", SNMP_NONE, false },
	{ 6, { 6, 3, 15, 1, 1, 5 }, "usmStatsWrongDigests", SNMP_NONE, false },
	{ 6, { 6, 3, 15, 1, 1, 6 }, "usmStatsDecryptionErrors", SNMP_NONE, false },
};

const struct snmp_name *
snmp_find(const struct snmp_oid *o)
{
	static const uint32_t internet[4] = { 1, 3, 6, 1 };
	const struct snmp_name *best = NULL;

	if (o->n < 8 || memcmp(o->a, internet, sizeof(internet)) != 0)
		return NULL;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct snmp_name *x = &names[i];
		if (o->a[6] == x->a[2] && o->n >= x->n + 4u &&
		    memcmp(o->a + 4, x->a, x->n * sizeof(x->a[0])) == 0 &&
		    (!best || x->n > best->n))
			best = x;
	}
	return best;
}

/* How much of an object may be written: rows of the tables of users, groups and
 * communities (RFC 3413 to 3415, 3584) are named by them, a character an arc. */
static unsigned
shown(const struct snmp_oid *o)
{
	static const uint32_t modules[6] = { 1, 3, 6, 1, 6, 3 };
	unsigned n = o->n;

	if (n < 8 || memcmp(o->a, modules, sizeof(modules)) != 0)
		return n;
	if (o->a[6] == 15)
		return n > 12 && o->a[8] == 2 ? 12 : n;
	return o->a[6] >= 12 && o->a[6] <= 18 && n > 11 ? 11 : n;
}

struct text
snmp_oid_text(struct ev *e, const struct snmp_oid *o, bool numbers, bool short_)
{
	/* the column of a table is at most ten arcs deep in most of the MIBs */
	enum { COLUMN = 10 };
	const struct snmp_name *x = numbers ? NULL : snmp_find(o);
	unsigned from = x ? x->n + 4 : 0, to = shown(o);
	char *p = ev_room(e, 48 + (o->n - from) * 11), *d = p;

	if (!p || !o->n)
		return (struct text){ 0 };
	if (x) {
		memcpy(d, x->name, strlen(x->name));
		d += strlen(x->name);
	}
	if (short_)
		to = x ? from : to < COLUMN ? to : COLUMN;
	for (unsigned i = from; i < to; i++) {
		if (d > p)
			*d++ = '.';
		d = jw_num_at(d, o->a[i]);
	}
	return (struct text){ p, (uint32_t)(d - p) < LIM_TEXT ? (uint32_t)(d - p) : LIM_TEXT };
}

bool
snmp_shipped(const uint8_t *p, uint32_t n)
{
	static const char *const words[] = {
		"public", "private", "admin", "cisco", "community", "default", "manager",
		"monitor", "netman", "password", "read", "readonly", "readwrite", "ro",
		"rw", "secret", "security", "snmp", "snmpd", "switch", "system", "test",
		"write", "ILMI", "internal", "tivoli", "openview", "canon_admin",
		"Secret C0de", "OrigEquipMfr", "apc", "hp_admin", "guest", "0", "router",
		"proxy", "cable-docsis", "NoGaH$@!",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i]) == n && memcmp(words[i], p, n) == 0)
			return true;
	return false;
}
