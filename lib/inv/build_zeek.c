/* build_zeek.c: Zeek's JSON logs: which log a line is of, which way round its ends
 * stand, and what the logs of IT protocols and of known hosts say. A header log
 * (modbus, bacnet, s7comm) counts events; those beside it (modbus_detailed, ...) add
 * facts to them and count nothing. */
#include "inv/build_impl.h"

#include "inv/link.h"
#include "inv/names.h"

#include <stdio.h>
#include <string.h>

enum { READ, WRITE, COMMAND, PROGRAM, CONFIGURE, IDENTIFY, SUBSCRIBE, REPORT, ALARM, CONNECT,
	AUTH, ERROR, OTHER, NONE = -1 };        /* as op_names */

enum kind {
	WHOLE,                  /* a line is an exchange, or what was seen of one */
	HALF,                   /* a line is a message: is_orig tells whose */
	FACTS,                  /* as HALF, counted in another log already */
	WORDS,                  /* a line says who the ends are; which transport it does not say */
	HOST,                   /* a line is about one host */
};

struct zeek_log {
	const char *name;               /* "x*": whatever begins so */
	const char *app, *transport;    /* "": none */
	enum kind kind;
	int op;
	void (*shape)(struct in *);
	void (*words)(struct in *);
};

static bool
get(const struct in *in, const char *key, struct sval *x)
{
	return scan_get(&in->r->line, key, x) && x->type != SVAL_NULL;
}

static uint32_t
text(struct in *in, const char *key)
{
	struct sval x;

	return get(in, key, &x) ? text_of(in->v, &x) : 0;
}

static struct text
wire(const struct in *in, const char *key, char *buf, size_t cap)
{
	struct sval x;

	if (!get(in, key, &x) || x.type != SVAL_STR)
		return (struct text){ 0 };
	return (struct text){ buf, (uint32_t)sval_text(&x, buf, cap) };
}

static bool
addr_of(const struct in *in, const char *key, struct addr *a)
{
	struct sval x;

	return get(in, key, &x) && x.type == SVAL_STR && addr_parse(a, x.p, x.n);
}

static struct link *
link_here(struct in *in)
{
	if (in->client == INV_NONE || in->server == INV_NONE)
		return NULL;
	return inv_link(in->v, in->client, in->server, in->app, in->transport, in->port, in->guess);
}

/* ---- conn -------------------------------------------------------------------- */

/* "gssapi,smb,ntlm": the least by name of those that are protocols, so that the order
 * of recognition does not matter. */
static uint32_t
service_of(struct in *in, const struct sval *list)
{
	char t[256], *p = t, *comma;
	uint32_t best = 0, app;

	sval_text(list, t, sizeof(t));
	for (; p; p = comma ? comma + 1 : NULL) {
		comma = strchr(p, ',');
		app = app_ours(in->v, p, comma ? (size_t)(comma - p) : strlen(p));
		if (app && (!best || pool_cmp(&in->v->pool, app, best) < 0))
			best = app;
	}
	return best;
}

static void
conn_shape(struct in *in)
{
	static const char *const unanswered[] = { "S0", "REJ", "RSTOS0", "SH" };
	struct rec *r = own_copy(in);
	struct sval x;
	bool said;

	r->has_flow = true;
	if (r->flow.end > r->us)
		r->us = r->flow.end;
	if (sval_is(&r->proto, "icmp")) {       /* its ports are type and code */
		r->sport = r->dport = 0;
		if (r->src.v == 6)
			r->proto = (struct sval){ .p = "icmpv6", .n = 6, .type = SVAL_STR };
	}
	if (get(in, "service", &x) && x.type == SVAL_STR)
		in->app = service_of(in, &x);
	r->app_proto = (struct sval){ .type = SVAL_NONE };
	said = r->flow.pkts[1] > 0;
	in->f->server_spoke = said;
	if (get(in, "conn_state", &x))
		for (size_t i = 0; i < sizeof(unanswered) / sizeof(*unanswered); i++)
			if (sval_is(&x, unanswered[i]))
				in->f->server_spoke = false;
	/* cut into halves: who began is not known, but the lower port serves */
	if (get(in, "conn_state", &x) && sval_is(&x, "OTH") && r->sport < 1024 &&
	    r->dport >= 32768 && r->sport)
		turn(in);
}

/* ---- IT protocols ------------------------------------------------------------ */

static void
dns_shape(struct in *in)
{
	struct sval x;

	did(in, OTHER, get(in, "rcode", &x) || get(in, "answers", &x), false);
}

static void
dns_words(struct in *in)
{
	uint32_t asked = text(in, "query");
	struct sval list, x;
	struct scan s;
	struct addr ip;

	if (!asked || !get(in, "answers", &list) || list.type != SVAL_ARR)
		return;
	for (scan_in(&s, &list); scan_elem(&s, &x); )
		if (x.type == SVAL_STR && addr_parse(&ip, x.p, x.n))
			names_add(in->v, in->v->site, &ip, asked, &in->at, in->r->us);
}

static void
ssl_shape(struct in *in)
{
	struct sval x;

	did(in, CONNECT, get(in, "version", &x), false);
}

/* A server name the client asked for. */
static void
asked_for(struct in *in, uint32_t name)
{
	struct link *l = name ? link_here(in) : NULL;

	if (l)
		link_name(in->v, l, name);
	say(in, in->server, F_NAME, name, "tls.sni");
}

static void
ssl_words(struct in *in)
{
	char t[LIM_TEXT];
	struct sval x;

	asked_for(in, text(in, "server_name"));
	words_subject(in, in->server, wire(in, "subject", t, sizeof(t)));
	if (get(in, "version", &x) && tls_is_old(&x))
		link_noted(in, "tls:version");
}

static const struct op_word http_ops[] = {
	{ "get", READ }, { "head", READ }, { "put", WRITE }, { "post", WRITE }, { "patch", WRITE },
	{ "delete", WRITE }, { "connect", CONNECT }, { NULL, 0 } };

static void
http_shape(struct in *in)
{
	struct sval x;
	uint64_t code = 0;

	if (get(in, "status_code", &x))
		(void)sval_uint(&x, &code);
	did(in, get(in, "method", &x) ? op_of(http_ops, &x, OTHER) : NONE, code != 0, code >= 400);
}

/* That somebody logged in in clear, never who or with what. */
static void
clear_login(struct in *in, const char *key)
{
	struct sval x;
	struct link *l;

	if (get(in, key, &x) && x.n && (l = link_here(in)))
		l->cleartext_credentials = true;
}

static void
http_words(struct in *in)
{
	char t[LIM_TEXT];
	struct text host;
	struct addr ip;
	struct sval x;

	words_agent(in, in->client, wire(in, "user_agent", t, sizeof(t)));
	words_server(in, in->server, wire(in, "server", t, sizeof(t)));
	clear_login(in, "password");
	if (get(in, "uri", &x) && x.n && x.p[0] != '/')
		return;                         /* through a proxy: another's name */
	host = wire(in, "host", t, sizeof(t));
	if (host.n)
		host.n = (uint32_t)strcspn(t, ":");
	if (host.n && !addr_parse(&ip, t, host.n))
		say_text(in, in->server, F_NAME, host, "http.host");
}

static void
ssh_shape(struct in *in)
{
	struct sval x;

	did(in, CONNECT, get(in, "server", &x), false);
}

static void
ssh_words(struct in *in)
{
	char t[LIM_TEXT];
	struct text s;
	struct sval x;

	if ((s = wire(in, "client", t, sizeof(t))).n)
		words_ssh(in, in->client, s, false);
	if ((s = wire(in, "server", t, sizeof(t))).n)
		words_ssh(in, in->server, s, true);
	if (get(in, "version", &x) && x.n == 1 && *x.p == '1')
		link_noted(in, "ssh:version");
}

static void
ntlm_words(struct in *in)
{
	uint32_t dns = text(in, "server_dns_computer_name");

	say(in, in->client, F_HOSTNAME, text(in, "hostname"), "smb");
	say(in, in->server, F_HOSTNAME, dns ? dns : text(in, "server_nb_computer_name"),
	    "smb.ntlm");
}

static void
snmp_shape(struct in *in)
{
	struct sval x;
	uint64_t set = 0, answers = 0;

	if (get(in, "set_requests", &x))
		(void)sval_uint(&x, &set);
	if (get(in, "get_responses", &x))
		(void)sval_uint(&x, &answers);
	did(in, set ? WRITE : READ, answers > 0, false);
}

static void
snmp_words(struct in *in)
{
	char t[LIM_TEXT];
	struct text s = wire(in, "display_string", t, sizeof(t));

	if (s.n)
		words_descr(in, in->server, s, "snmp");
}

static void
rdp_shape(struct in *in)
{
	struct sval x;

	did(in, CONNECT, get(in, "result", &x), false);
}

static void
rdp_words(struct in *in)
{
	say(in, in->client, F_HOSTNAME, text(in, "client_name"), "rdp.client");
	say(in, in->client, F_OS, text(in, "client_build"), "rdp.client");
}

static void
sip_words(struct in *in)
{
	say(in, in->client, F_PRODUCT, text(in, "user_agent"), "sip.user-agent");
}

static const struct op_word ftp_ops[] = {
	{ "retr", READ }, { "stor", WRITE }, { "appe", WRITE }, { "dele", WRITE }, { NULL, 0 } };

static void
ftp_shape(struct in *in)
{
	struct sval x;

	did(in, get(in, "command", &x) ? op_of(ftp_ops, &x, OTHER) : CONNECT,
	    get(in, "reply_code", &x), false);
}

static void
ftp_words(struct in *in)
{
	clear_login(in, "password");
}

static void
quic_words(struct in *in)
{
	asked_for(in, text(in, "server_name"));
}

static void
answered_shape(struct in *in)
{
	did(in, in->op, true, false);
}

static void
mqtt_words(struct in *in)
{
	say(in, in->client, F_ROLE, pool_cstr(&in->v->pool, "mqtt_client"), "mqtt.connect");
	say(in, in->server, F_ROLE, pool_cstr(&in->v->pool, "mqtt_broker"), "mqtt.connack");
}

/* ---- hosts ------------------------------------------------------------------- */

/* From the client's side, as the lease has it: only the server's address stands there. */
static void
dhcp_shape(struct in *in)
{
	struct rec *r = own_copy(in);
	struct sval x;

	if (get(in, "mac", &x) && x.type == SVAL_STR)
		r->has_smac = mac_parse(r->smac, x.p, x.n);
	if (!addr_of(in, "assigned_addr", &r->src))
		(void)addr_of(in, "client_addr", &r->src);
	r->sport = 68;
	r->dport = 67;
	r->proto = (struct sval){ .p = "udp", .n = 3, .type = SVAL_STR };
	in->app = pool_cstr(&in->v->pool, "dhcp");
	did(in, OTHER, addr_of(in, "server_addr", &r->dst), false);
}

static void
dhcp_words(struct in *in)
{
	uint32_t name = text(in, "host_name");
	struct addr ip;

	if (addr_of(in, "assigned_addr", &ip))
		claim(in, in->src);
	say(in, in->src, F_HOSTNAME, name ? name : text(in, "client_fqdn"), "dhcp");
}

/* The host a line is about. */
static uint32_t
host_of(struct in *in)
{
	struct addr ip = { .v = 0 };
	uint8_t mac[6];
	struct sval x;
	bool has = get(in, "mac", &x) && x.type == SVAL_STR && mac_parse(mac, x.p, x.n);

	if (!addr_of(in, "host", &ip) && !has)
		return INV_NONE;
	return heard_of(in, has ? mac : NULL, &ip, true);
}

static void
host_words(struct in *in)
{
	uint32_t st = host_of(in);
	char t[LIM_TEXT];
	struct sval x;

	say(in, st, F_HOSTNAME, text(in, "dhcp_host_name"), "dhcp");
	words_subject(in, st, wire(in, "subject", t, sizeof(t)));
	if (get(in, "device_type", &x) && x.type == SVAL_STR && st != INV_NONE)
		(void)inv_speak(in->v, st, pool_cstr(&in->v->pool, "modbus"),
		    pool_cstr(&in->v->pool, "tcp"), 502, x.n > 5 &&
		    memcmp(x.p + x.n - 5, "SLAVE", 5) == 0 ? SIDE_SERVER : SIDE_CLIENT, false,
		    in->r->us, in->r->us);
}

/* A port that answered; what with is a list, empty where nothing was recognised. */
static void
service_words(struct in *in)
{
	uint32_t st = host_of(in), transport = text(in, "port_proto"), app = 0, one;
	struct sval list, x;
	uint64_t port;
	struct scan s;
	char t[64];

	if (st == INV_NONE || !get(in, "port_num", &x) || !sval_uint(&x, &port) || !port ||
	    port > 65535)
		return;
	if (get(in, "service", &list) && list.type == SVAL_ARR)
		for (scan_in(&s, &list); scan_elem(&s, &x); ) {
			size_t n = plain_word(&x, t, sizeof(t));
			one = app_ours(in->v, t, n);
			if (one && (!app || pool_cmp(&in->v->pool, one, app) < 0))
				app = one;
		}
	(void)inv_speak(in->v, st, app, transport, (uint16_t)port, SIDE_SERVER, false, in->r->us,
	    in->r->us);
}

/* Zeek's own judgement of what runs there. */
static void
software_words(struct in *in)
{
	static const char source[] = "zeek.software";
	static const char *const parts[] = { "version.major", "version.minor", "version.minor2",
		"version.minor3" };
	uint32_t st = host_of(in), name = text(in, "name");
	char t[256], kind[64] = "";
	struct sval x;
	size_t n;

	if (st == INV_NONE || !name)
		return;
	if (get(in, "software_type", &x))
		plain_word(&x, kind, sizeof(kind));
	if (strncmp(kind, "os::", 4) == 0) {
		say(in, st, F_OS, name, source);
		return;
	}
	if (get(in, "unparsed_version", &x) && sval_text(&x, t, sizeof(t))) {
		/* a browser's whole line is read as one, by what is certain in it */
		if (strcmp(kind, "http::browser") == 0)
			words_agent(in, st, (struct text){ t, (uint32_t)strlen(t) });
		if (strcmp(kind, "ssh::server") == 0 || strcmp(kind, "ssh::client") == 0)
			words_ssh(in, st, (struct text){ t, (uint32_t)strlen(t) },
			    kind[5] == 's');
	}
	n = (size_t)snprintf(t, sizeof(t), "%.180s", inv_str(in->v, name));
	for (int i = 0; i < 4 && get(in, parts[i], &x) && x.n <= 10 && n + 12 < sizeof(t); i++)
		n += (size_t)snprintf(t + n, sizeof(t) - n, "%s%.*s", i ? "." : " ", (int)x.n, x.p);
	say(in, st, F_PRODUCT, inv_text(in->v, t, n), source);
}

/* ---- EtherCAT: no addresses but MACs ------------------------------------------ */

static void
ecat_shape(struct in *in)
{
	struct rec *r = own_copy(in);
	struct sval x;

	if (get(in, "srcmac", &x) && x.type == SVAL_STR)
		r->has_smac = mac_parse(r->smac, x.p, x.n);
	if (get(in, "dstmac", &x) && x.type == SVAL_STR)
		r->has_dmac = mac_parse(r->dmac, x.p, x.n);
	did(in, OTHER, false, false);
}

static void
ecat_arp_words(struct in *in)
{
	struct addr ip;
	uint8_t mac[6];
	struct sval x;

	if (get(in, "SHA", &x) && x.type == SVAL_STR && mac_parse(mac, x.p, x.n) &&
	    addr_of(in, "SPA", &ip))
		claim(in, inv_station(in->v, mac, &ip, 0));
}

/* ---- words that stand in fields of their own ---------------------------------- */

static void
cip_identity_words(struct in *in)
{
	static const char source[] = "enip.list_identity";
	struct addr ip;
	uint32_t st = in->f->reply ? in->server : in->client;
	struct sval x;

	/* the device's own word of where it is, where the log names no sender */
	if (addr_of(in, "socket_address", &ip) && !addr_eq(&ip, &in->r->src) &&
	    !addr_eq(&ip, &in->r->dst))
		st = in->server;
	else if (addr_eq(&ip, &in->r->src))
		st = in->src;
	else if (addr_eq(&ip, &in->r->dst))
		st = in->dst;
	say(in, st, F_VENDOR, text(in, "vendor_name"), source);
	say(in, st, F_PRODUCT, text(in, "product_name"), source);
	say(in, st, F_FIRMWARE, text(in, "revision"), source);
	if (get(in, "serial_number", &x) && x.type == SVAL_STR && x.n > 2 && x.n <= 10 &&
	    memcmp(x.p, "0x", 2) == 0)
		say(in, st, F_SERIAL, inv_text(in->v, x.p + 2, x.n - 2), source);
}

static void
s7_device_words(struct in *in)
{
	static const char source[] = "s7comm.szl";

	say(in, in->server, F_HOSTNAME, text(in, "automation_system_name"), source);
	say(in, in->server, F_MODEL, text(in, "module_name"), source);
	say(in, in->server, F_SERIAL, text(in, "module_serial"), source);
	say(in, in->server, F_VENDOR, pool_cstr(&in->v->pool, "Siemens"), source);
}

static void
opcua_app_words(struct in *in)
{
	static const char source[] = "opcua.application";
	uint32_t product = text(in, "application_name");

	/* the fields of the endpoint's application, by the names of either version */
	say(in, in->server, F_PRODUCT, product ? product : text(in, "text"), source);
}

/* ---- the table ----------------------------------------------------------------- */

static const struct zeek_log logs[] = {
	{ "conn", "", "", WHOLE, NONE, conn_shape, NULL },
	{ "dns", "dns", "", WHOLE, OTHER, dns_shape, dns_words },
	{ "http", "http", "tcp", WHOLE, READ, http_shape, http_words },
	{ "ssl", "tls", "tcp", WHOLE, CONNECT, ssl_shape, ssl_words },
	{ "ssh", "ssh", "tcp", WHOLE, CONNECT, ssh_shape, ssh_words },
	{ "ftp", "ftp", "tcp", WHOLE, OTHER, ftp_shape, ftp_words },
	{ "smb_mapping", "smb", "tcp", WHOLE, CONNECT, answered_shape, NULL },
	{ "smb_files", "smb", "tcp", WHOLE, READ, answered_shape, NULL },
	{ "smb_cmd", "smb", "tcp", FACTS, OTHER, NULL, NULL },
	{ "dce_rpc", "dcerpc", "tcp", WHOLE, OTHER, answered_shape, NULL },
	{ "ntlm", "", "", WORDS, AUTH, NULL, ntlm_words },
	{ "kerberos", "", "", WORDS, AUTH, NULL, NULL },
	{ "ldap*", "ldap", "", WHOLE, OTHER, NULL, NULL },
	{ "snmp", "snmp", "udp", WHOLE, READ, snmp_shape, snmp_words },
	{ "rdp", "rdp", "tcp", WHOLE, CONNECT, rdp_shape, rdp_words },
	{ "rfb", "rfb", "tcp", WHOLE, CONNECT, NULL, NULL },
	{ "sip", "sip", "udp", WHOLE, OTHER, NULL, sip_words },
	{ "smtp", "smtp", "tcp", WHOLE, OTHER, NULL, NULL },
	{ "ntp", "ntp", "udp", WHOLE, OTHER, NULL, NULL },
	{ "radius", "radius", "udp", WHOLE, AUTH, NULL, NULL },
	{ "syslog", "syslog", "", WHOLE, REPORT, NULL, NULL },
	{ "socks", "socks", "tcp", WHOLE, CONNECT, NULL, NULL },
	{ "mysql", "mysql", "tcp", WHOLE, OTHER, NULL, NULL },
	{ "irc", "irc", "tcp", WHOLE, OTHER, NULL, NULL },
	{ "quic", "quic", "udp", WHOLE, CONNECT, NULL, quic_words },
	{ "mqtt_connect", "mqtt", "tcp", WHOLE, CONNECT, answered_shape, mqtt_words },
	{ "mqtt_publish", "mqtt", "tcp", WHOLE, REPORT, NULL, NULL },
	{ "mqtt_subscribe", "mqtt", "tcp", WHOLE, SUBSCRIBE, NULL, NULL },
	{ "dhcp", "dhcp", "udp", WHOLE, OTHER, dhcp_shape, dhcp_words },
	{ "known_hosts", "", "", HOST, NONE, NULL, host_words },
	{ "known_devices", "", "", HOST, NONE, NULL, host_words },
	{ "known_certs", "", "", HOST, NONE, NULL, host_words },
	{ "known_modbus", "", "", HOST, NONE, NULL, host_words },
	{ "known_services", "", "", HOST, NONE, NULL, service_words },
	{ "software", "", "", HOST, NONE, NULL, software_words },
	{ "modbus", "modbus", "tcp", HALF, OTHER, zeek_modbus, NULL },
	{ "modbus_detailed", "modbus", "tcp", FACTS, OTHER, zeek_modbus_detailed, NULL },
	{ "modbus_mask_write_register", "modbus", "tcp", FACTS, WRITE, zeek_modbus_write, NULL },
	{ "modbus_read_write_multiple_registers", "modbus", "tcp", FACTS, WRITE, zeek_modbus_write,
	    NULL },
	{ "modbus_read_device_identification", "modbus", "tcp", FACTS, IDENTIFY, zeek_modbus_write,
	    zeek_mei_words },
	{ "dnp3", "dnp3", "tcp", WHOLE, OTHER, zeek_dnp3, NULL },
	{ "dnp3_control", "dnp3", "tcp", FACTS, COMMAND, zeek_dnp3_control, NULL },
	{ "dnp3*", "dnp3", "tcp", FACTS, NONE, NULL, NULL },
	{ "enip", "enip", "tcp", HALF, OTHER, zeek_enip, NULL },
	{ "cip", "enip", "tcp", HALF, OTHER, zeek_cip, NULL },
	{ "cip_io", "cipio", "udp", HALF, REPORT, NULL, NULL },
	{ "cip_identity", "", "", WORDS, IDENTIFY, NULL, cip_identity_words },
	{ "bacnet", "bacnet", "udp", HALF, OTHER, zeek_bacnet, NULL },
	{ "bacnet_discovery", "bacnet", "udp", FACTS, IDENTIFY, zeek_bacnet, zeek_bacnet_words },
	{ "bacnet_property", "bacnet", "udp", FACTS, READ, zeek_bacnet_property,
	    zeek_bacnet_property_words },
	{ "bacnet_device_control", "bacnet", "udp", FACTS, COMMAND, zeek_bacnet_control, NULL },
	{ "s7comm", "s7comm", "tcp", HALF, OTHER, zeek_s7comm, NULL },
	{ "s7comm_plus", "s7comm-plus", "tcp", HALF, OTHER, zeek_s7comm, NULL },
	{ "s7comm_upload_download", "s7comm", "tcp", FACTS, PROGRAM, zeek_s7comm_block, NULL },
	{ "s7comm_known_devices", "s7comm", "tcp", FACTS, NONE, NULL, s7_device_words },
	{ "s7comm*", "s7comm", "tcp", FACTS, NONE, NULL, NULL },
	{ "opcua_binary", "opcua", "tcp", HALF, OTHER, zeek_opcua, NULL },
	{ "opcua_binary_write", "opcua", "tcp", FACTS, WRITE, zeek_opcua_write, NULL },
	{ "opcua_binary_get_endpoints_description", "opcua", "tcp", FACTS, NONE, NULL,
	    opcua_app_words },
	{ "opcua_binary_get_endpoints", "opcua", "tcp", FACTS, NONE, NULL, opcua_app_words },
	{ "opcua_binary_create_session_endpoints", "opcua", "tcp", FACTS, NONE, NULL,
	    opcua_app_words },
	{ "opcua_binary*", "opcua", "tcp", FACTS, NONE, NULL, NULL },
	{ "ecat_arp_info", "", "", HOST, NONE, NULL, ecat_arp_words },
	{ "ecat_registers", "ethercat", "ethernet", WHOLE, OTHER, ecat_shape, NULL },
	{ "ecat_log_address", "ethercat", "ethernet", WHOLE, OTHER, ecat_shape, NULL },
	{ "profinet*", "profinet_cm", "udp", HALF, OTHER, zeek_profinet, NULL },
	{ "synchrophasor_cmd", "synchrophasor", "", HALF, COMMAND, NULL, NULL },
	{ "synchrophasor", "synchrophasor", "", WHOLE, REPORT, answered_shape, NULL },
	{ "synchrophasor*", "synchrophasor", "", FACTS, NONE, NULL, NULL },
	{ "genisys", "genisys", "tcp", HALF, OTHER, zeek_genisys, NULL },
	{ "ge_srtp*", "gesrtp", "tcp", HALF, OTHER, zeek_gesrtp, NULL },
	{ "hart_ip_general", "hartip", "", HALF, OTHER, zeek_hartip, NULL },
	{ "hart_ip*", "hartip", "", FACTS, NONE, NULL, NULL },
	{ "omron_fins*", "fins", "", FACTS, NONE, NULL, NULL },
	{ "bsap*", "bsap", "", FACTS, NONE, NULL, NULL },
	{ "c1222*", "c1222", "", FACTS, NONE, NULL, NULL },
	{ "roc_plus*", "rocplus", "", FACTS, NONE, NULL, NULL },
};

static const struct zeek_log *
log_named(const struct sval *name)
{
	char t[64];
	size_t i, n;

	if (name->type != SVAL_STR || name->n >= sizeof(t))
		return NULL;
	plain_word(name, t, sizeof(t));
	for (i = 0; i < sizeof(logs) / sizeof(*logs); i++) {
		n = strlen(logs[i].name);
		if (logs[i].name[n - 1] == '*' ? strncmp(t, logs[i].name, n - 1) == 0 :
		    strcmp(t, logs[i].name) == 0)
			return &logs[i];
	}
	return NULL;
}

/* Without a name: fields that no other log has, first match first. */
static const struct zeek_log *
log_guessed(const struct in *in)
{
	static const struct { const char *key, *also, *log; } tells[] = {
		{ "conn_state", NULL, "conn" }, { "qtype_name", NULL, "dns" },
		{ "query", "trans_id", "dns" }, { "trans_depth", "method", "http" },
		{ "trip_control_code", NULL, "dnp3_control" }, { "srtp_type", NULL, "ge_srtp_general" },
		{ "status_msg", NULL, "http" }, { "established", NULL, "ssl" },
		{ "hassh", NULL, "ssh" }, { "auth_attempts", NULL, "ssh" },
		{ "modbus_detailed_link_id", "mei_type", "modbus_read_device_identification" },
		{ "and_mask", NULL, "modbus_mask_write_register" },
		{ "write_start_address", NULL, "modbus_read_write_multiple_registers" },
		{ "request_values", NULL, "modbus_detailed" },
		{ "response_values", NULL, "modbus_detailed" },
		{ "matched", "func", "modbus_detailed" }, { "func", NULL, "modbus" },
		{ "fc_request", NULL, "dnp3" }, { "fc_reply", NULL, "dnp3" },
		{ "cip_service_code", NULL, "cip" }, { "enip_command", NULL, "enip" },
		{ "vendor_name", "product_name", "cip_identity" }, { "io_data", NULL, "cip_io" },
		{ "bvlc_function", NULL, "bacnet" }, { "device_state", "pdu_service",
		    "bacnet_device_control" }, { "property", "pdu_service", "bacnet_property" },
		{ "range", "pdu_service", "bacnet_discovery" },
		{ "vendor", "pdu_service", "bacnet_discovery" },
		{ "rosctr_name", NULL, "s7comm" }, { "opcode_name", NULL, "s7comm_plus" },
		{ "automation_system_name", NULL, "s7comm_known_devices" },
		{ "function_status", NULL, "s7comm_upload_download" },
		{ "identifier_str", NULL, "opcua_binary" },
		{ "get_requests", NULL, "snmp" }, { "security_protocol", NULL, "rdp" },
		{ "client_build", NULL, "rdp" }, { "server_nb_computer_name", NULL, "ntlm" },
		{ "request_type", "till", "kerberos" }, { "share_type", NULL, "smb_mapping" },
		{ "endpoint", "operation", "dce_rpc" }, { "call_id", "method", "sip" },
		{ "helo", NULL, "smtp" }, { "software_type", NULL, "software" },
		{ "port_num", "service", "known_services" }, { "issuer_subject", NULL,
		    "known_certs" }, { "port_num", "serial", "known_certs" },
		{ "device_type", "host", "known_modbus" }, { "msg_types", NULL, "dhcp" },
		{ "assigned_addr", NULL, "dhcp" }, { "dhcp_host_name", NULL, "known_devices" },
		{ "connect_status", NULL, "mqtt_connect" }, { "topic", "qos", "mqtt_publish" },
		{ "topics", "action", "mqtt_subscribe" }, { "reply_msg", "command", "ftp" },
		{ "stratum", NULL, "ntp" }, { "facility", NULL, "syslog" },
		{ "client_initial_dcid", NULL, "quic" }, { "rpc_version", NULL, "profinet_io_cm" },
		{ "header", "direction", "genisys" }, { "frame_type", "command", "synchrophasor_cmd" },
		{ "message_type", "message_id", "hart_ip_general" },
		{ "srcmac", "Command", "ecat_registers" }, { "SHA", "SPA", "ecat_arp_info" },
	};
	struct sval x, k;
	struct scan s;
	unsigned n = 0;

	for (size_t i = 0; i < sizeof(tells) / sizeof(*tells); i++)
		if (get(in, tells[i].key, &x) && (!tells[i].also || get(in, tells[i].also, &x)))
			return log_named(&(struct sval){ .p = tells[i].log,
			    .n = (uint32_t)strlen(tells[i].log), .type = SVAL_STR });
	for (scan_in(&s, &in->r->line); scan_member(&s, &k, &x); )
		n++;
	/* nothing but a time and whom it is about */
	if (n == 2 && get(in, "host", &x))
		return log_named(&(struct sval){ .p = "known_hosts", .n = 11, .type = SVAL_STR });
	if (n == 2 && get(in, "mac", &x))
		return log_named(&(struct sval){ .p = "known_devices", .n = 13, .type = SVAL_STR });
	return NULL;
}

static const struct zeek_log *
log_of(const struct in *in)
{
	const struct zeek_log *l;

	if (in->r->type.type == SVAL_STR)
		return log_named(&in->r->type);
	l = log_named(&in->r->log_file);
	return l ? l : log_guessed(in);
}

bool
zeek_shape(struct in *in)
{
	const struct zeek_log *l = log_of(in);
	struct addr sender;
	struct rec *r;
	struct sval x;
	bool orig = true, told;

	if (!l)
		return false;
	in->f->log = l;
	in->op = NONE;
	if (l->kind == HOST) {
		in->f->nobody = true;
		return true;
	}
	r = own_copy(in);
	if (*l->app)
		in->app = pool_cstr(&in->v->pool, l->app);
	if (*l->transport)
		r->proto = (struct sval){ .p = l->transport, .n = (uint32_t)strlen(l->transport),
		    .type = SVAL_STR };
	in->f->no_link = l->kind == WORDS ||
	    (r->proto.type != SVAL_STR && r->src.v && l->kind != WHOLE);
	if ((told = get(in, "is_orig", &x)))
		orig = x.type != SVAL_FALSE;
	else if ((told = addr_of(in, "source_h", &sender)))
		orig = addr_eq(&sender, &r->src);
	in->f->reply = !orig && l->kind != WHOLE;
	in->op = l->op;
	if (l->shape)
		l->shape(in);
	else if (!in->f->reply)
		did(in, l->op, false, false);
	if (l->kind == WHOLE) {
		in->f->server_spoke |= in->has_ot && !in->unanswered;
		return true;
	}
	/* the message's sender is the client, or the server if it answers */
	if (told && orig == in->f->reply)
		turn(in);
	if (in->f->reply) {
		in->f->server_spoke = true;
		in->op = NONE;
	}
	if (in->f->reply || l->kind != HALF)
		in->times = 0;
	return true;
}

void
zeek_words(struct in *in)
{
	if (in->f->log->words)
		in->f->log->words(in);
}
