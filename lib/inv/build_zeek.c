/* build_zeek.c: Zeek's JSON logs: which log a line is of, which way round its ends
 * stand, and what the logs of IT protocols and of known hosts say. A header log
 * (modbus, bacnet, s7comm) counts events; those beside it (modbus_detailed, ...) add
 * facts to them and count nothing. */
#include "inv/build_impl.h"

#include <stdio.h>
#include <string.h>

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

uint32_t
field_text(struct in *in, const char *key)
{
	struct sval x;

	return field_at(in, key, &x) ? text_of(in->v, &x) : 0;
}

struct span
field_span(const struct in *in, const char *key, char *buf, size_t cap)
{
	struct sval x;

	if (!field_at(in, key, &x) || x.type != SVAL_STR)
		return (struct span){ 0 };
	return (struct span){ buf, (uint32_t)sval_text(&x, buf, cap) };
}

bool
field_addr(const struct in *in, const char *key, struct addr *a)
{
	struct sval x;

	return field_at(in, key, &x) && x.type == SVAL_STR && addr_parse(a, x.p, x.n);
}

/* ---- hosts ------------------------------------------------------------------- */

/* From the client's side, as the lease has it: only the server's address stands there. */
static void
dhcp_shape(struct in *in)
{
	struct rec *r = own_copy(in);
	struct sval x;

	if (field_at(in, "mac", &x) && x.type == SVAL_STR)
		r->has_smac = mac_parse(r->smac, x.p, x.n);
	if (!field_addr(in, "assigned_addr", &r->src))
		(void)field_addr(in, "client_addr", &r->src);
	r->sport = 68;
	r->dport = 67;
	r->proto = (struct sval){ .p = "udp", .n = 3, .type = SVAL_STR };
	in->app = pool_cstr(&in->v->pool, "dhcp");
	did(in, OTHER, field_addr(in, "server_addr", &r->dst), false);
}

static void
dhcp_words(struct in *in)
{
	uint32_t name = field_text(in, "host_name");
	struct addr ip;

	if (field_addr(in, "assigned_addr", &ip))
		claim(in, in->src);
	give_word(in, in->src, F_HOSTNAME, name ? name : field_text(in, "client_fqdn"), "dhcp");
}

/* The host a line is about. */
static uint32_t
host_of(struct in *in)
{
	struct addr ip = { .v = 0 };
	uint8_t mac[6];
	struct sval x;
	bool has = field_at(in, "mac", &x) && x.type == SVAL_STR && mac_parse(mac, x.p, x.n);

	if (!field_addr(in, "host", &ip) && !has)
		return INV_NONE;
	return heard_of(in, has ? mac : NULL, &ip, true);
}

static void
host_words(struct in *in)
{
	uint32_t st = host_of(in);
	char t[LIM_TEXT];
	struct sval x;

	give_word(in, st, F_HOSTNAME, field_text(in, "dhcp_host_name"), "dhcp");
	words_subject(in, st, field_span(in, "subject", t, sizeof(t)));
	if (field_at(in, "device_type", &x) && x.type == SVAL_STR && st != INV_NONE)
		(void)inv_speak(in->v, st, pool_cstr(&in->v->pool, "modbus"),
		    pool_cstr(&in->v->pool, "tcp"), 502, x.n > 5 &&
		    memcmp(x.p + x.n - 5, "SLAVE", 5) == 0 ? SIDE_SERVER : SIDE_CLIENT, false,
		    in->r->us, in->r->us);
}

/* A port that answered; what with is a list, empty where nothing was recognised. */
static void
service_words(struct in *in)
{
	uint32_t st = host_of(in), transport = field_text(in, "port_proto"), app = 0, one;
	struct sval list, x;
	uint64_t port;
	struct scan s;
	char t[64];

	if (st == INV_NONE || !field_at(in, "port_num", &x) || !sval_uint(&x, &port) || !port ||
	    port > 65535)
		return;
	if (field_at(in, "service", &list) && list.type == SVAL_ARR)
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
	uint32_t st = host_of(in), name = field_text(in, "name");
	char t[256], kind[64] = "";
	struct sval x;
	size_t n;

	if (st == INV_NONE || !name)
		return;
	if (field_at(in, "software_type", &x))
		plain_word(&x, kind, sizeof(kind));
	if (strncmp(kind, "os::", 4) == 0) {
		give_word(in, st, F_OS, name, source);
		return;
	}
	if (field_at(in, "unparsed_version", &x) && sval_text(&x, t, sizeof(t))) {
		/* a browser's whole line is read as one, by what is certain in it */
		if (strcmp(kind, "http::browser") == 0)
			words_agent(in, st, (struct span){ t, (uint32_t)strlen(t) });
		if (strcmp(kind, "ssh::server") == 0 || strcmp(kind, "ssh::client") == 0)
			words_ssh(in, st, (struct span){ t, (uint32_t)strlen(t) },
			    kind[5] == 's');
	}
	n = (size_t)snprintf(t, sizeof(t), "%.180s", inv_str(in->v, name));
	for (int i = 0; i < 4 && field_at(in, parts[i], &x) && x.n <= 10 && n + 12 < sizeof(t); i++)
		n += (size_t)snprintf(t + n, sizeof(t) - n, "%s%.*s", i ? "." : " ", (int)x.n, x.p);
	give_word(in, st, F_PRODUCT, inv_text(in->v, t, n), source);
}

/* ---- EtherCAT: no addresses but MACs ------------------------------------------ */

static void
ecat_shape(struct in *in)
{
	struct rec *r = own_copy(in);
	struct sval x;

	if (field_at(in, "srcmac", &x) && x.type == SVAL_STR)
		r->has_smac = mac_parse(r->smac, x.p, x.n);
	if (field_at(in, "dstmac", &x) && x.type == SVAL_STR)
		r->has_dmac = mac_parse(r->dmac, x.p, x.n);
	did(in, OTHER, false, false);
}

static void
ecat_arp_words(struct in *in)
{
	struct addr ip;
	uint8_t mac[6];
	struct sval x;

	if (field_at(in, "SHA", &x) && x.type == SVAL_STR && mac_parse(mac, x.p, x.n) &&
	    field_addr(in, "SPA", &ip))
		claim(in, inv_station(in->v, mac, &ip, 0));
}

/* ---- the table ----------------------------------------------------------------- */

static const struct zeek_log logs[] = {
	{ "conn", "", "", WHOLE, NONE, zeek_conn, NULL },
	{ "dns", "dns", "", WHOLE, OTHER, zeek_dns, zeek_dns_words },
	{ "http", "http", "tcp", WHOLE, READ, zeek_http, zeek_http_words },
	{ "ssl", "tls", "tcp", WHOLE, CONNECT, zeek_ssl, zeek_ssl_words },
	{ "ssh", "ssh", "tcp", WHOLE, CONNECT, zeek_ssh, zeek_ssh_words },
	{ "ftp", "ftp", "tcp", WHOLE, OTHER, zeek_ftp, zeek_ftp_words },
	{ "smb_mapping", "smb", "tcp", WHOLE, CONNECT, zeek_answered, NULL },
	{ "smb_files", "smb", "tcp", WHOLE, READ, zeek_answered, NULL },
	{ "smb_cmd", "smb", "tcp", FACTS, OTHER, NULL, NULL },
	{ "dce_rpc", "dcerpc", "tcp", WHOLE, OTHER, zeek_answered, NULL },
	{ "ntlm", "", "", WORDS, AUTH, NULL, zeek_ntlm_words },
	{ "kerberos", "", "", WORDS, AUTH, NULL, NULL },
	{ "ldap*", "ldap", "", WHOLE, OTHER, NULL, NULL },
	{ "snmp", "snmp", "udp", WHOLE, READ, zeek_snmp, zeek_snmp_words },
	{ "rdp", "rdp", "tcp", WHOLE, CONNECT, zeek_rdp, zeek_rdp_words },
	{ "rfb", "rfb", "tcp", WHOLE, CONNECT, NULL, NULL },
	{ "sip", "sip", "udp", WHOLE, OTHER, NULL, zeek_sip_words },
	{ "smtp", "smtp", "tcp", WHOLE, OTHER, NULL, NULL },
	{ "ntp", "ntp", "udp", WHOLE, OTHER, NULL, NULL },
	{ "radius", "radius", "udp", WHOLE, AUTH, NULL, NULL },
	{ "syslog", "syslog", "", WHOLE, REPORT, NULL, NULL },
	{ "socks", "socks", "tcp", WHOLE, CONNECT, NULL, NULL },
	{ "mysql", "mysql", "tcp", WHOLE, OTHER, NULL, NULL },
	{ "irc", "irc", "tcp", WHOLE, OTHER, NULL, NULL },
	{ "quic", "quic", "udp", WHOLE, CONNECT, NULL, zeek_quic_words },
	{ "mqtt_connect", "mqtt", "tcp", WHOLE, CONNECT, zeek_answered, zeek_mqtt_words },
	{ "mqtt_publish", "mqtt", "tcp", HALF, REPORT, NULL, NULL },
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
	{ "cip_identity", "", "", WORDS, IDENTIFY, NULL, zeek_cip_words },
	{ "bacnet", "bacnet", "udp", HALF, OTHER, zeek_bacnet, NULL },
	{ "bacnet_discovery", "bacnet", "udp", FACTS, IDENTIFY, zeek_bacnet, zeek_bacnet_words },
	{ "bacnet_property", "bacnet", "udp", FACTS, READ, zeek_bacnet_property,
	    zeek_bacnet_property_words },
	{ "bacnet_device_control", "bacnet", "udp", FACTS, COMMAND, zeek_bacnet_control, NULL },
	{ "s7comm", "s7comm", "tcp", HALF, OTHER, zeek_s7comm, NULL },
	{ "s7comm_plus", "s7comm-plus", "tcp", HALF, OTHER, zeek_s7comm, NULL },
	{ "s7comm_upload_download", "s7comm", "tcp", FACTS, PROGRAM, zeek_s7comm_block, NULL },
	{ "s7comm_known_devices", "s7comm", "tcp", FACTS, NONE, NULL, zeek_s7_words },
	{ "s7comm*", "s7comm", "tcp", FACTS, NONE, NULL, NULL },
	{ "opcua_binary", "opcua", "tcp", HALF, OTHER, zeek_opcua, NULL },
	{ "opcua_binary_write", "opcua", "tcp", FACTS, WRITE, zeek_opcua_write, NULL },
	{ "opcua_binary_get_endpoints_description", "opcua", "tcp", FACTS, NONE, NULL,
	    zeek_opcua_words },
	{ "opcua_binary_get_endpoints", "opcua", "tcp", FACTS, NONE, NULL, zeek_opcua_words },
	{ "opcua_binary_create_session_endpoints", "opcua", "tcp", FACTS, NONE, NULL,
	    zeek_opcua_words },
	{ "opcua_binary*", "opcua", "tcp", FACTS, NONE, NULL, NULL },
	{ "ecat_arp_info", "", "", HOST, NONE, NULL, ecat_arp_words },
	{ "ecat_registers", "ethercat", "ethernet", WHOLE, OTHER, ecat_shape, NULL },
	{ "ecat_log_address", "ethercat", "ethernet", WHOLE, OTHER, ecat_shape, NULL },
	{ "profinet*", "profinet_cm", "udp", HALF, OTHER, zeek_profinet, NULL },
	{ "synchrophasor_cmd", "synchrophasor", "", HALF, COMMAND, NULL, NULL },
	{ "synchrophasor", "synchrophasor", "", WHOLE, REPORT, zeek_answered, NULL },
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
		{ "trip_control_code", NULL, "dnp3_control" },
		{ "srtp_type", NULL, "ge_srtp_general" },
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
		{ "object_name", "pdu_service", "bacnet_discovery" },
		{ "result", "pdu_service", "bacnet_device_control" },
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
		{ "header", "direction", "genisys" },
		{ "frame_type", "command", "synchrophasor_cmd" },
		{ "message_type", "message_id", "hart_ip_general" },
		{ "srcmac", "Command", "ecat_registers" }, { "SHA", "SPA", "ecat_arp_info" },
	};
	struct sval x, k;
	struct scan s;
	unsigned n = 0;

	for (size_t i = 0; i < sizeof(tells) / sizeof(*tells); i++)
		if (field_at(in, tells[i].key, &x) &&
		    (!tells[i].also || field_at(in, tells[i].also, &x)))
			return log_named(&(struct sval){ .p = tells[i].log,
			    .n = (uint32_t)strlen(tells[i].log), .type = SVAL_STR });
	for (scan_in(&s, &in->r->line); scan_member(&s, &k, &x); )
		n++;
	/* nothing but a time and whom it is about */
	if (n == 2 && field_at(in, "host", &x))
		return log_named(&(struct sval){ .p = "known_hosts", .n = 11, .type = SVAL_STR });
	if (n == 2 && field_at(in, "mac", &x))
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
	if ((told = field_at(in, "is_orig", &x)))
		orig = x.type != SVAL_FALSE;
	else if ((told = field_addr(in, "source_h", &sender)))
		orig = addr_eq(&sender, &r->src);
	else if ((told = field_at(in, "from_client", &x)))
		orig = x.type != SVAL_FALSE;
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
