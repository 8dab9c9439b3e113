/* fuzz_vendor.c: any bytes as a table of who makes which MAC address: the first byte says which of
 * the four. A maker that is found stands in the table. */
#include "fuzz.h"

#include "model/vendor.h"

#include <stdlib.h>
#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const char *const names[] = { "oui.csv", "mam.csv", "oui36.csv", "oui.txt" };
	const char *dir = fuzz_folder(), *maker;
	struct vendors *v;
	uint8_t mac[6] = { 0 };

	if (n < 6)
		return 0;
	fuzz_folder_put(names[data[0] % 4], data + 6, n - 6);
	if (!(v = vendors_load(dir)))
		exit(2);
	/* an address of the input's, and one whose prefix the seeds have */
	for (int i = 0; i < 2; i++) {
		memcpy(mac, i ? (const uint8_t[]){ 0x00, 0xaa, 0x01, 0x23, 0x45 } : data + 1, 5);
		if (!(maker = vendor_of(v, mac)))
			continue;
		/* a quote in quotes stands twice there */
		if (mac_is_local(mac) ||
		    (!strchr(maker, '"') && !memmem(data + 6, n - 6, maker, strlen(maker))))
			abort();
	}
	vendors_free(v);
	return 0;
}
