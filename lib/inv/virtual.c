/* virtual.c: the prefixes of virtual router MACs. */
#include "inv/virtual.h"

#include <stddef.h>
#include <string.h>

static const struct { uint8_t mac[6], mask[6]; const char *by; } prefixes[] = {
	{ { 0x00, 0x00, 0x5e, 0x00, 0x01 }, { 255, 255, 255, 255, 255 }, "vrrp" },      /* IPv4 */
	{ { 0x00, 0x00, 0x5e, 0x00, 0x02 }, { 255, 255, 255, 255, 255 }, "vrrp" },      /* IPv6 */
	{ { 0x00, 0x00, 0x0c, 0x07, 0xac }, { 255, 255, 255, 255, 255 }, "hsrp" },
	{ { 0x00, 0x00, 0x0c, 0x9f, 0xf0 }, { 255, 255, 255, 255, 0xf0 }, "hsrp" },
	{ { 0x00, 0x05, 0x73, 0xa0, 0x00 }, { 255, 255, 255, 255, 0xf0 }, "hsrp" },     /* IPv6 */
	{ { 0x00, 0x07, 0xb4, 0x00 }, { 255, 255, 255, 255 }, "glbp" },
};

const char *
mac_virtual(const uint8_t mac[6])
{
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++) {
		int k = 0;
		while (k < 6 && (mac[k] & prefixes[i].mask[k]) == prefixes[i].mac[k])
			k++;
		if (k == 6)
			return prefixes[i].by;
	}
	return NULL;
}
