/* guess.c: what a server's port usually means, for flows in which no structure
 * was recognised. Never more than a guess, and written as one: IANA's service
 * names where EVE has no name of its own, and what laboratories really use. */
#include "proto/engine_impl.h"

static const struct tok tcp_names[] = {
	{ 21, "ftp" }, { 22, "ssh" }, { 23, "telnet" }, { 25, "smtp" },
	{ 88, "krb5" }, { 102, "iso-tsap" }, { 104, "dicom" }, { 111, "sunrpc" },
	{ 135, "dcerpc" }, { 139, "netbios-ssn" }, { 389, "ldap" }, { 445, "smb" },
	{ 515, "printer" }, { 1433, "ms-sql" }, { 2575, "hl7" },
	{ 3306, "mysql" }, { 3389, "rdp" }, { 4880, "hislip" }, { 5025, "scpi" },
	{ 5432, "pgsql" }, { 5900, "rfb" }, { 5938, "teamviewer" },
	{ 9100, "pdl-datastream" }, { 11112, "dicom" }, { 0, NULL },
};

static const struct tok udp_names[] = {
	{ 69, "tftp" }, { 88, "krb5" }, { 111, "sunrpc" }, { 123, "ntp" }, { 137, "netbios-ns" },
	{ 138, "netbios-dgm" }, { 161, "snmp" }, { 162, "snmp" }, { 319, "ptp" }, { 320, "ptp" },
	{ 443, "quic" }, { 500, "ike" }, { 514, "syslog" }, { 1194, "openvpn" },
	{ 4500, "ike" }, { 34964, "profinet" },
	{ 51820, "wireguard" }, { 0, NULL },
};

const char *
guess_name(const struct engine *g, const struct flow *f)
{
	bool tcp = f->proto == IPP_TCP;
	uint8_t i;

	if (f->app || (!tcp && f->proto != IPP_UDP))
		return NULL;
	i = (tcp ? g->tcp_port : g->udp_port)[f->port[1]];
	return i ? registry[i - 1]->name : tok_find(tcp ? tcp_names : udp_names, f->port[1]);
}
