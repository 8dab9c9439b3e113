/* enterprise.c: vendors by their private enterprise number. IANA's registry has
 * 60,000; these are whom a laboratory's network, printers, power and automation
 * come from. Sorted. */
#include "proto/enterprise.h"

#include "base/tok.h"

static const struct tok vendors[] = {
	{ 2, "IBM" }, { 9, "Cisco" }, { 11, "HP" }, { 42, "Sun Microsystems" }, { 43, "3Com" },
	{ 52, "Enterasys" }, { 63, "Apple" }, { 94, "Nokia" }, { 95, "Rockwell Automation" },
	{ 111, "Oracle" }, { 116, "Hitachi" }, { 119, "NEC" }, { 161, "Motorola" },
	{ 171, "D-Link" }, { 193, "Ericsson" }, { 211, "Fujitsu" }, { 231, "Fujitsu Siemens" },
	{ 232, "HP" }, { 236, "Samsung" }, { 244, "Lantronix" }, { 248, "Hirschmann" },
	{ 253, "Xerox" }, { 297, "Fuji Xerox" }, { 311, "Microsoft" }, { 318, "APC" },
	{ 332, "Digi" }, { 343, "Intel" }, { 367, "Ricoh" }, { 368, "Axis" }, { 388, "Symbol" },
	{ 476, "Vertiv" }, { 534, "Eaton" }, { 637, "Alcatel-Lucent" }, { 641, "Lexmark" },
	{ 674, "Dell" }, { 705, "Eaton" }, { 789, "NetApp" }, { 850, "Tripp Lite" },
	{ 890, "Zyxel" }, { 1248, "Epson" }, { 1347, "Kyocera" }, { 1588, "Brocade" },
	{ 1602, "Canon" }, { 1916, "Extreme Networks" }, { 1991, "Foundry" }, { 2001, "Oki" },
	{ 2011, "Huawei" }, { 2356, "LANCOM" }, { 2385, "Sharp" }, { 2435, "Brother" },
	{ 2606, "Rittal" }, { 2636, "Juniper" }, { 3224, "Juniper" }, { 3375, "F5" },
	{ 3833, "Schneider Electric" }, { 3967, "Bosch" }, { 4196, "Siemens" },
	{ 4329, "Siemens" }, { 4346, "Phoenix Contact" }, { 4526, "Netgear" },
	{ 4555, "Socomec" }, { 5624, "Enterasys" }, { 5951, "Citrix" }, { 6027, "Dell" },
	{ 6486, "Alcatel-Lucent" }, { 6527, "Nokia" }, { 6574, "Synology" }, { 6876, "VMware" },
	{ 7779, "Infoblox" }, { 8691, "Moxa" }, { 8741, "SonicWall" }, { 10418, "Avocent" },
	{ 10642, "Zebra" }, { 10876, "Supermicro" }, { 11129, "Google" }, { 12356, "Fortinet" },
	{ 13576, "WAGO" }, { 13742, "Raritan" }, { 14179, "Cisco" }, { 14823, "Aruba" },
	{ 14988, "MikroTik" }, { 15004, "Siemens RUGGEDCOM" }, { 16177, "Westermo" },
	{ 17163, "Riverbed" }, { 18334, "Konica Minolta" }, { 19046, "Lenovo" },
	{ 21317, "ATEN" }, { 21796, "HW group" }, { 24681, "QNAP" }, { 25053, "Ruckus" },
	{ 25461, "Palo Alto Networks" }, { 25506, "H3C" }, { 29671, "Cisco Meraki" },
	{ 30065, "Arista" }, { 39165, "Hikvision" }, { 41112, "Ubiquiti" }, { 47196, "Aruba" },
	{ 0, NULL },
};

struct text
enterprise_vendor(uint32_t number)
{
	return text_c(tok_find(vendors, number));
}
