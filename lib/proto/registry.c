/* registry.c: the table of protocols. Two lines for each: see proto.h. */
#include "proto/proto.h"

extern const struct dissector ads_dissector;
extern const struct dissector ah_dissector;
extern const struct dissector amqp_dissector;
extern const struct dissector arp_dissector;
extern const struct dissector astm_dissector;
extern const struct dissector atg_dissector;
extern const struct dissector bacnet_dissector;
extern const struct dissector bacnetsc_dissector;
extern const struct dissector bsap_dissector;
extern const struct dissector c1222_dissector;
extern const struct dissector can_dissector;
extern const struct dissector cdp_dissector;
extern const struct dissector cipio_dissector;
extern const struct dissector citrix_dissector;
extern const struct dissector coap_dissector;
extern const struct dissector codesys_dissector;
extern const struct dissector codesys_v2_dissector;
extern const struct dissector dameware_dissector;
extern const struct dissector dcerpc_dissector;
extern const struct dissector dhcp_dissector;
extern const struct dissector dhcpv6_dissector;
extern const struct dissector dicom_dissector;
extern const struct dissector dlms_dissector;
extern const struct dissector dnp3_dissector;
extern const struct dissector dns_dissector;
extern const struct dissector doip_dissector;
extern const struct dissector dtls_dissector;
extern const struct dissector eapol_dissector;
extern const struct dissector egd_dissector;
extern const struct dissector eigrp_dissector;
extern const struct dissector enip_dissector;
extern const struct dissector esp_dissector;
extern const struct dissector ethercat_dissector;
extern const struct dissector fins_dissector;
extern const struct dissector fox_dissector;
extern const struct dissector ftp_dissector;
extern const struct dissector genisys_dissector;
extern const struct dissector gesrtp_dissector;
extern const struct dissector goose_dissector;
extern const struct dissector hartip_dissector;
extern const struct dissector hislip_dissector;
extern const struct dissector hl7_dissector;
extern const struct dissector hsrp_dissector;
extern const struct dissector http_dissector;
extern const struct dissector http2_dissector;
extern const struct dissector icmp_dissector;
extern const struct dissector iec104_dissector;
extern const struct dissector igmp_dissector;
extern const struct dissector ike_dissector;
extern const struct dissector ipmi_dissector;
extern const struct dissector kerberos_dissector;
extern const struct dissector knxip_dissector;
extern const struct dissector l2tp_dissector;
extern const struct dissector ldap_dissector;
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
extern const struct dissector mtsics_dissector;
extern const struct dissector nbdgm_dissector;
extern const struct dissector nbns_dissector;
extern const struct dissector nomachine_dissector;
extern const struct dissector ntp_dissector;
extern const struct dissector opcua_dissector;
extern const struct dissector openvpn_dissector;
extern const struct dissector ospf_dissector;
extern const struct dissector poct1a_dissector;
extern const struct dissector ppp_dissector;
extern const struct dissector pptp_dissector;
extern const struct dissector profibus_dissector;
extern const struct dissector profinet_cm_dissector;
extern const struct dissector profinet_dcp_dissector;
extern const struct dissector profinet_rt_dissector;
extern const struct dissector ptp_dissector;
extern const struct dissector quic_dissector;
extern const struct dissector radius_dissector;
extern const struct dissector radmin_dissector;
extern const struct dissector rdp_dissector;
extern const struct dissector rfb_dissector;
extern const struct dissector rip_dissector;
extern const struct dissector rocplus_dissector;
extern const struct dissector rpcbind_dissector;
extern const struct dissector rtac_serial_dissector;
extern const struct dissector rtps_dissector;
extern const struct dissector rtsp_dissector;
extern const struct dissector s7comm_dissector;
extern const struct dissector s7plus_dissector;
extern const struct dissector sbus_dissector;
extern const struct dissector scpi_dissector;
extern const struct dissector sip_dissector;
extern const struct dissector smb_dissector;
extern const struct dissector smtp_dissector;
extern const struct dissector snmp_dissector;
extern const struct dissector socks_dissector;
extern const struct dissector softether_dissector;
extern const struct dissector ssdp_dissector;
extern const struct dissector ssh_dissector;
extern const struct dissector stp_dissector;
extern const struct dissector stun_dissector;
extern const struct dissector sv_dissector;
extern const struct dissector synchrophasor_dissector;
extern const struct dissector syslog_dissector;
extern const struct dissector tds_dissector;
extern const struct dissector teamviewer_dissector;
extern const struct dissector telnet_dissector;
extern const struct dissector tftp_dissector;
extern const struct dissector tls_dissector;
extern const struct dissector trdp_dissector;
extern const struct dissector vrrp_dissector;
extern const struct dissector vxi11_dissector;
extern const struct dissector wireguard_dissector;
extern const struct dissector wsd_dissector;

const struct dissector *const registry[] = {
	&ads_dissector,
	&ah_dissector,
	&amqp_dissector,
	&arp_dissector,
	&astm_dissector,
	&atg_dissector,
	&bacnet_dissector,
	&bacnetsc_dissector,
	&bsap_dissector,
	&c1222_dissector,
	&can_dissector,
	&cdp_dissector,
	&cipio_dissector,
	&citrix_dissector,
	&coap_dissector,
	&codesys_dissector,
	&codesys_v2_dissector,
	&dameware_dissector,
	&dcerpc_dissector,
	&dhcp_dissector,
	&dhcpv6_dissector,
	&dicom_dissector,
	&dlms_dissector,
	&dnp3_dissector,
	&dns_dissector,
	&doip_dissector,
	&dtls_dissector,
	&eapol_dissector,
	&egd_dissector,
	&eigrp_dissector,
	&enip_dissector,
	&esp_dissector,
	&ethercat_dissector,
	&fins_dissector,
	&fox_dissector,
	&ftp_dissector,
	&genisys_dissector,
	&gesrtp_dissector,
	&goose_dissector,
	&hartip_dissector,
	&hislip_dissector,
	&hl7_dissector,
	&hsrp_dissector,
	&http_dissector,
	&http2_dissector,
	&icmp_dissector,
	&iec104_dissector,
	&igmp_dissector,
	&ike_dissector,
	&ipmi_dissector,
	&kerberos_dissector,
	&knxip_dissector,
	&l2tp_dissector,
	&ldap_dissector,
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
	&mtsics_dissector,
	&nbdgm_dissector,
	&nbns_dissector,
	&nomachine_dissector,
	&ntp_dissector,
	&opcua_dissector,
	&openvpn_dissector,
	&ospf_dissector,
	&poct1a_dissector,
	&ppp_dissector,
	&pptp_dissector,
	&profibus_dissector,
	&profinet_cm_dissector,
	&profinet_dcp_dissector,
	&profinet_rt_dissector,
	&ptp_dissector,
	&quic_dissector,
	&radius_dissector,
	&radmin_dissector,
	&rdp_dissector,
	&rfb_dissector,
	&rip_dissector,
	&rocplus_dissector,
	&rpcbind_dissector,
	&rtac_serial_dissector,
	&rtps_dissector,
	&rtsp_dissector,
	&s7comm_dissector,
	&s7plus_dissector,
	&sbus_dissector,
	&scpi_dissector,
	&sip_dissector,
	&smb_dissector,
	&smtp_dissector,
	&snmp_dissector,
	&socks_dissector,
	&softether_dissector,
	&ssdp_dissector,
	&ssh_dissector,
	&stp_dissector,
	&stun_dissector,
	&sv_dissector,
	&synchrophasor_dissector,
	&syslog_dissector,
	&tds_dissector,
	&teamviewer_dissector,
	&telnet_dissector,
	&tftp_dissector,
	&tls_dissector,
	&trdp_dissector,
	&vrrp_dissector,
	&vxi11_dissector,
	&wireguard_dissector,
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
