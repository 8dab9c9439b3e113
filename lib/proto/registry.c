/* registry.c: the table of protocols. Two lines for each: see proto.h. */
#include "proto/proto.h"

extern const struct dissector arp_dissector;
extern const struct dissector bacnet_dissector;
extern const struct dissector cdp_dissector;
extern const struct dissector dhcp_dissector;
extern const struct dissector dhcpv6_dissector;
extern const struct dissector dns_dissector;
extern const struct dissector icmp_dissector;
extern const struct dissector lldp_dissector;
extern const struct dissector llmnr_dissector;
extern const struct dissector mdns_dissector;
extern const struct dissector modbus_dissector;
extern const struct dissector mqtt_dissector;
extern const struct dissector tls_dissector;

const struct dissector *const registry[] = {
#if __has_include("proto/arp.c")
	&arp_dissector,
#endif
#if __has_include("proto/bacnet.c")
	&bacnet_dissector,
#endif
#if __has_include("proto/cdp.c")
	&cdp_dissector,
#endif
#if __has_include("proto/dhcp.c")
	&dhcp_dissector,
#endif
#if __has_include("proto/dhcpv6.c")
	&dhcpv6_dissector,
#endif
#if __has_include("proto/dns.c")
	&dns_dissector,
#endif
#if __has_include("proto/icmp.c")
	&icmp_dissector,
#endif
#if __has_include("proto/lldp.c")
	&lldp_dissector,
#endif
#if __has_include("proto/mdns.c")
	&llmnr_dissector,
	&mdns_dissector,
#endif
#if __has_include("proto/modbus.c")
	&modbus_dissector,
#endif
#if __has_include("proto/mqtt.c")
	&mqtt_dissector,
#endif
#if __has_include("proto/tls.c")
	&tls_dissector,
#endif
};
const size_t registry_n = sizeof(registry) / sizeof(registry[0]);

const struct dissector *
registry_find(const char *name, size_t n)
{
	for (size_t i = 0; i < registry_n; i++)
		if (strlen(registry[i]->name) == n && memcmp(registry[i]->name, name, n) == 0)
			return registry[i];
	return NULL;
}
