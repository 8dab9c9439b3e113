/* cip_vendors.c: who makes a device and what kind it is, by ODVA's numbers: the
 * makers that laboratories and plants have, not all of them. */
#include "proto/cip.h"

static const struct tok vendors[] = {
#include "rules/vendors-odva.inc"
	{ 0, NULL },
};

static const struct tok device_types[] = {
	{ 0, "Generic Device" }, { 2, "AC Drive" }, { 3, "Motor Overload" },
	{ 4, "Limit Switch" }, { 5, "Inductive Proximity Switch" }, { 6, "Photoelectric Sensor" },
	{ 7, "General Purpose Discrete I/O" }, { 9, "Resolver" },
	{ 12, "Communications Adapter" }, { 14, "Programmable Logic Controller" },
	{ 16, "Position Controller" }, { 19, "DC Drive" }, { 21, "Contactor" },
	{ 22, "Motor Starter" }, { 23, "Soft Start" }, { 24, "Human-Machine Interface" },
	{ 26, "Mass Flow Controller" }, { 27, "Pneumatic Valve" },
	{ 28, "Vacuum Pressure Gauge" }, { 29, "Process Control Value" },
	{ 30, "Residual Gas Analyzer" }, { 31, "DC Power Generator" },
	{ 32, "RF Power Generator" }, { 33, "Turbomolecular Vacuum Pump" }, { 34, "Encoder" },
	{ 35, "Safety Discrete I/O Device" }, { 36, "Fluid Flow Controller" },
	{ 37, "CIP Motion Drive" }, { 38, "CompoNet Repeater" },
	{ 39, "Mass Flow Controller, Enhanced" }, { 40, "CIP Modbus Device" },
	{ 41, "CIP Modbus Translator" }, { 42, "Safety Analog I/O Device" },
	{ 43, "Generic Device (keyable)" }, { 44, "Managed Ethernet Switch" },
	{ 45, "CIP Motion Safety Drive Device" }, { 46, "Safety Drive Device" },
	{ 47, "CIP Motion Encoder" }, { 48, "CIP Motion Converter" }, { 49, "CIP Motion I/O" },
	{ 50, "ControlNet Physical Layer Component" }, { 51, "Circuit Breaker" },
	{ 52, "HART Device" }, { 53, "CIP-HART Translator" }, { 200, "Embedded Component" },
	{ 0, NULL },
};

const char *
cip_vendor_name(uint16_t id)
{
	return tok_search(vendors, TOKS(vendors), id);
}

const char *
cip_device_type_name(uint16_t type)
{
	return tok_find(device_types, type);
}

const char *
cip_role(uint16_t type)
{
	switch (type) {
	case 14:
		return "plc";
	case 44:
		return "switch";
	case 41: case 53:
		return "gateway";
	default:
		return NULL;
	}
}
