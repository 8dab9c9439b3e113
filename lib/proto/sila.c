/* sila.c: SiLA 1.x's device identification. */
#include "proto/sila.h"

#include "proto/xmltag.h"

bool
sila_identification(struct rd body, struct sila_ident *out)
{
	struct rd r = body;

	memset(out, 0, sizeof(*out));
	if (!xml_into(&r, "GetDeviceIdentificationResponse"))
		return false;
	xml_text(r, "DeviceManufacturer", out->vendor, sizeof(out->vendor));
	xml_text(r, "DeviceName", out->name, sizeof(out->name));
	xml_text(r, "DeviceSerialNumber", out->serial, sizeof(out->serial));
	xml_text(r, "DeviceFirmwareVersion", out->firmware, sizeof(out->firmware));
	xml_text(r, "SiLAInterfaceVersion", out->interface, sizeof(out->interface));
	xml_text(r, "SiLADeviceClass", out->device_class, sizeof(out->device_class));
	return out->vendor[0] || out->name[0];
}
