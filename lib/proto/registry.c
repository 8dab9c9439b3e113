/* registry.c: the table of protocols. Two lines for each: see proto.h. */
#include "proto/proto.h"

extern const struct dissector ads_dissector;
extern const struct dissector amqp_dissector;
extern const struct dissector arp_dissector;
extern const struct dissector atg_dissector;
extern const struct dissector bacnet_dissector;
extern const struct dissector bacnetsc_dissector;
extern const struct dissector bsap_dissector;
extern const struct dissector c1222_dissector;
extern const struct dissector can_dissector;
extern const struct dissector cdp_dissector;
extern const struct dissector cipio_dissector;
extern const struct dissector coap_dissector;
extern const struct dissector codesys_dissector;
extern const struct dissector dhcp_dissector;
extern const struct dissector dhcpv6_dissector;
extern const struct dissector dlms_dissector;
extern const struct dissector dnp3_dissector;
extern const struct dissector dns_dissector;
extern const struct dissector doip_dissector;
extern const struct dissector egd_dissector;
extern const struct dissector enip_dissector;
extern const struct dissector ethercat_dissector;
extern const struct dissector fins_dissector;
extern const struct dissector fox_dissector;
extern const struct dissector genisys_dissector;
extern const struct dissector gesrtp_dissector;
extern const struct dissector goose_dissector;
extern const struct dissector hartip_dissector;
extern const struct dissector http_dissector;
extern const struct dissector http2_dissector;
extern const struct dissector icmp_dissector;
extern const struct dissector iec104_dissector;
extern const struct dissector knxip_dissector;
extern const struct dissector lldp_dissector;
extern const struct dissector llmnr_dissector;
extern const struct dissector lon_dissector;
extern const struct dissector mbus_dissector;
extern const struct dissector mdns_dissector;
extern const struct dissector melsec_dissector;
extern const struct dissector melsec1e_dissector;
extern const struct dissector melsoft_dissector;
extern const struct dissector mms_dissector;
extern const struct dissector modbus_dissector;
extern const struct dissector mqtt_dissector;
extern const struct dissector opcua_dissector;
extern const struct dissector profinet_cm_dissector;
extern const struct dissector profinet_dcp_dissector;
extern const struct dissector profinet_rt_dissector;
extern const struct dissector rocplus_dissector;
extern const struct dissector rtsp_dissector;
extern const struct dissector s7comm_dissector;
extern const struct dissector s7plus_dissector;
extern const struct dissector sbus_dissector;
extern const struct dissector sip_dissector;
extern const struct dissector socks_dissector;
extern const struct dissector ssdp_dissector;
extern const struct dissector sv_dissector;
extern const struct dissector synchrophasor_dissector;
extern const struct dissector tls_dissector;
extern const struct dissector trdp_dissector;
extern const struct dissector wsd_dissector;

const struct dissector *const registry[] = {
	&ads_dissector,
	&amqp_dissector,
	&arp_dissector,
	&atg_dissector,
	&bacnet_dissector,
	&bacnetsc_dissector,
	&bsap_dissector,
	&c1222_dissector,
	&can_dissector,
	&cdp_dissector,
	&cipio_dissector,
	&coap_dissector,
	&codesys_dissector,
	&dhcp_dissector,
	&dhcpv6_dissector,
	&dlms_dissector,
	&dnp3_dissector,
	&dns_dissector,
	&doip_dissector,
	&egd_dissector,
	&enip_dissector,
	&ethercat_dissector,
	&fins_dissector,
	&fox_dissector,
	&genisys_dissector,
	&gesrtp_dissector,
	&goose_dissector,
	&hartip_dissector,
	&http_dissector,
	&http2_dissector,
	&icmp_dissector,
	&iec104_dissector,
	&knxip_dissector,
	&lldp_dissector,
	&llmnr_dissector,
	&lon_dissector,
	&mbus_dissector,
	&mdns_dissector,
	&melsec_dissector,
	&melsec1e_dissector,
	&melsoft_dissector,
	&mms_dissector,
	&modbus_dissector,
	&mqtt_dissector,
	&opcua_dissector,
	&profinet_cm_dissector,
	&profinet_dcp_dissector,
	&profinet_rt_dissector,
	&rocplus_dissector,
	&rtsp_dissector,
	&s7comm_dissector,
	&s7plus_dissector,
	&sbus_dissector,
	&sip_dissector,
	&socks_dissector,
	&ssdp_dissector,
	&sv_dissector,
	&synchrophasor_dissector,
	&tls_dissector,
	&trdp_dissector,
	&wsd_dissector,
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
