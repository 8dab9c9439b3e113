/* lxi.c: LXI's identification document. */
#include "proto/lxi.h"

#include "proto/xmltag.h"

bool
lxi_identification(struct rd body, struct lxi_ident *out)
{
	struct rd r = body;

	memset(out, 0, sizeof(*out));
	if (!xml_into(&r, "LXIDevice"))
		return false;
	xml_text(r, "Manufacturer", out->vendor, sizeof(out->vendor));
	xml_text(r, "Model", out->model, sizeof(out->model));
	xml_text(r, "SerialNumber", out->serial, sizeof(out->serial));
	if (!xml_text(r, "FirmwareRevision", out->firmware, sizeof(out->firmware)))
		xml_text(r, "FirmwareVersion", out->firmware, sizeof(out->firmware));
	xml_text(r, "Hostname", out->hostname, sizeof(out->hostname));
	xml_text(r, "LXIVersion", out->version, sizeof(out->version));
	return out->vendor[0] || out->model[0] || out->serial[0];
}
