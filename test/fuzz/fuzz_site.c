/* fuzz_site.c: any bytes as a site file, and questions to what was accepted. */
#include "fuzz.h"

#include "base/err.h"
#include "model/site.h"

#include <stdlib.h>
#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 1 };
	const uint16_t vlan[2] = { 20, 5 };
	struct addr ip = { .b = { 10, 20, 0, 9 }, .v = 4 };
	struct err e = { "" };
	struct site *s = site_loadb("site.json", data, n, &e);

	if (!s) {
		/* a refusal without a reason helps nobody */
		if (!e.text[0])
			abort();
		return 0;
	}
	site_zone_of(s, vlan, 2, &ip, mac);
	site_zone_of(s, NULL, 0, NULL, NULL);
	site_zone(s, "bms");
	site_conduit_allows(s, "bms", "internet", "mqtt", 1883);
	site_supplier(s, "x");
	site_instrument(s, "x");
	site_policy(s, "log_retention_days", 0);
	site_free(s);
	return 0;
}
