/* registry.c: the table of protocols. Two lines for each: see proto.h. */
#include "proto/proto.h"

extern const struct dissector arp_dissector;
extern const struct dissector atg_dissector;
extern const struct dissector bacnet_dissector;
extern const struct dissector bsap_dissector;
extern const struct dissector c1222_dissector;
extern const struct dissector cdp_dissector;
extern const struct dissector dhcp_dissector;
extern const struct dissector dhcpv6_dissector;
extern const struct dissector dlms_dissector;
extern const struct dissector dns_dissector;
extern const struct dissector egd_dissector;
extern const struct dissector genisys_dissector;
extern const struct dissector icmp_dissector;
extern const struct dissector lldp_dissector;
extern const struct dissector llmnr_dissector;
extern const struct dissector mdns_dissector;
extern const struct dissector modbus_dissector;
extern const struct dissector mqtt_dissector;
extern const struct dissector rocplus_dissector;
extern const struct dissector tls_dissector;
extern const struct dissector trdp_dissector;

const struct dissector *const registry[] = {
	&arp_dissector,
	&atg_dissector,
	&bacnet_dissector,
	&bsap_dissector,
	&c1222_dissector,
	&cdp_dissector,
	&dhcp_dissector,
	&dhcpv6_dissector,
	&dlms_dissector,
	&dns_dissector,
	&egd_dissector,
	&genisys_dissector,
	&icmp_dissector,
	&lldp_dissector,
	&llmnr_dissector,
	&mdns_dissector,
	&modbus_dissector,
	&mqtt_dissector,
	&rocplus_dissector,
	&tls_dissector,
	&trdp_dissector,
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
