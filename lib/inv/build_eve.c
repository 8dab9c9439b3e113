/* build_eve.c: Suricata's own events (EVE): what each type says in its own detail. */
#include "inv/build_impl.h"

#include "base/stamp.h"
#include "inv/link.h"
#include "inv/names.h"

#include <string.h>

/* One type: our name of the protocol, the server's port (from there: the server
 * speaks), and its readers. */
struct eve_type {
	const char *type, *app;
	uint16_t port;
	void (*shape)(struct in *);
	void (*words)(struct in *);
};

/* A text of the detail, unescaped into buf. */
static struct span
wire_text(const struct in *in, const char *path, char *buf, size_t cap)
{
	struct sval x;

	if (!detail_at(in, path, &x) || x.type != SVAL_STR)
		return (struct span){ 0 };
	return (struct span){ buf, (uint32_t)sval_text(&x, buf, cap) };
}

/* ---- names and addresses ---------------------------------------------------- */

/* Who has which address, without an identity block. */
static void
eve_claims(struct in *in, const char *mac_key, const char *ip_key, const char *source)
{
	struct sval m, i, h;
	struct addr ip;
	uint8_t mac[6];
	uint32_t st;

	if (!detail_at(in, mac_key, &m) || m.type != SVAL_STR || !mac_parse(mac, m.p, m.n))
		return;
	if (!detail_at(in, ip_key, &i) || i.type != SVAL_STR || !addr_parse(&ip, i.p, i.n))
		memset(&ip, 0, sizeof(ip));
	st = inv_station(in->v, mac, &ip, 0);
	claim(in, st);
	if (detail_at(in, "hostname", &h))
		give_word(in, st, F_HOSTNAME, text_of(in->v, &h), source);
}

static void
arp_words(struct in *in)
{
	eve_claims(in, "src_mac", "src_ip", "arp");
}

/* In a log without MACs the client's stands in the message all the same: src is the
 * client here. What a relay passes on has the relay's address, and its port. */
static void
dhcp_mac(struct in *in)
{
	struct rec *r = own_copy(in);
	struct sval mac, x;
	struct addr ip;

	if (r->has_smac || r->has_dmac || r->sport != 68 || !detail_at(in, "client_mac", &mac) ||
	    mac.type != SVAL_STR)
		return;
	if (detail_is(in, "type", "request") || (detail_at(in, "assigned_ip", &x) &&
	    x.type == SVAL_STR && addr_parse(&ip, x.p, x.n) && addr_eq(&ip, &r->src)))
		r->has_smac = mac_parse(r->smac, mac.p, mac.n);
}

static void
dhcp_shape(struct in *in)
{
	bool gives = detail_is(in, "dhcp_type", "ack") || detail_is(in, "dhcp_type", "offer");

	dhcp_mac(in);
	did(in, gives ? CONFIGURE : OTHER, detail_is(in, "type", "reply"), false);
}

static void
dhcp_words(struct in *in)
{
	eve_claims(in, "client_mac", "assigned_ip", "dhcp");
}

/* The first list of answers: {"A":["10.0.0.1"]} where only "grouped" is written. */
static void
dns_grouped(struct in *in, uint32_t asked)
{
	static const char *const kinds[] = { "A", "AAAA" };
	struct sval list, x, grouped;
	struct scan s;
	struct addr ip;

	if (!asked || !detail_at(in, "grouped", &grouped) || grouped.type != SVAL_OBJ)
		return;
	for (int i = 0; i < 2; i++)
		if (scan_get(&grouped, kinds[i], &list))
			for (scan_in(&s, &list); scan_elem(&s, &x); )
				if (x.type == SVAL_STR && addr_parse(&ip, x.p, x.n))
					names_add(in->v, in->v->site, &ip, asked, &in->at,
					    in->r->us);
}

/* What a name was asked for by is what people know it by: not the alias' target. */
void
dns_answers(struct in *in)
{
	struct sval list, x, name, q, rd;
	uint32_t asked = 0;
	struct scan s;
	struct addr ip;

	if (detail_at(in, "queries", &q)) {
		scan_in(&s, &q);
		if (scan_elem(&s, &x) && scan_get(&x, "rrname", &name))
			asked = text_of(in->v, &name);
	}
	if (!asked && in->f)
		asked = text_at(in, &in->r->detail, "rrname");
	if (!detail_at(in, "answers", &list)) {
		/* version 1: one answer a record */
		if (in->f && detail_at(in, "rdata", &rd) && rd.type == SVAL_STR &&
		    addr_parse(&ip, rd.p, rd.n))
			names_add(in->v, in->v->site, &ip, asked, &in->at, in->r->us);
		if (in->f)
			dns_grouped(in, asked);
		return;
	}
	for (scan_in(&s, &list); scan_elem(&s, &x); ) {
		if (!scan_get(&x, "rdata", &rd) || rd.type != SVAL_STR ||
		    !addr_parse(&ip, rd.p, rd.n))
			continue;
		if (!asked && scan_get(&x, "rrname", &name))
			asked = text_of(in->v, &name);
		names_add(in->v, in->v->site, &ip, asked, &in->at, in->r->us);
	}
}

static void
dns_shape(struct in *in)
{
	bool answer = detail_is(in, "type", "answer") || detail_is(in, "type", "response");

	did(in, OTHER, answer, false);
	in->f->reply = answer;
	in->f->server_spoke = answer;
}

static void
llmnr_shape(struct in *in)
{
	dns_shape(in);
	in->op = IDENTIFY;
}

/* ---- other protocols -------------------------------------------------------- */

static void
http_shape(struct in *in)
{
	struct sval x;
	uint64_t status = 0;

	if (detail_at(in, "status", &x))
		(void)sval_uint(&x, &status);
	did(in, detail_at(in, "http_method", &x) ? op_of(op_words_http, &x, OTHER) : NONE,
	    status != 0, status >= 400);
}

static void
http_words_say(struct in *in)
{
	char t[LIM_TEXT];
	struct sval x;

	words_agent(in, in->client, wire_text(in, "http_user_agent", t, sizeof(t)));
	words_server(in, in->server, wire_text(in, "server", t, sizeof(t)));
	/* through a proxy the name asked for is another's */
	if (detail_at(in, "url", &x) && x.n && x.p[0] != '/')
		return;
	if (detail_at(in, "hostname", &x) && x.type == SVAL_STR) {
		size_t n = sval_text(&x, t, sizeof(t));
		struct addr ip;
		n = strcspn(t, ":") < n ? strcspn(t, ":") : n;
		if (n && !addr_parse(&ip, t, n))
			give_text(in, in->server, F_NAME, (struct span){ t, (uint32_t)n },
			    "http.host");
	}
}

static void
connect_shape(struct in *in)
{
	did(in, CONNECT, false, false);
}

/* Between equal ports: only a first message, which has no responder's cookie yet,
 * tells who began. */
static void
ike_shape(struct in *in)
{
	struct sval x;
	bool first = !detail_at(in, "resp_spi", &x) || sval_is(&x, "0000000000000000");

	did(in, first ? CONNECT : -1, false, false);
	in->f->no_link = !first;
}

static void
tls_shape(struct in *in)
{
	struct sval x;

	did(in, CONNECT, detail_at(in, "version", &x) && !sval_is(&x, "UNDETERMINED"), false);
}

static void
tls_words(struct in *in)
{
	char t[LIM_TEXT];
	struct sval x;

	words_subject(in, in->server, wire_text(in, "subject", t, sizeof(t)));
	if (detail_at(in, "version", &x) && tls_is_old(&x))
		link_noted(in, "tls:version");
}

static void
quic_words(struct in *in)
{
	struct sval x;
	struct link *l;

	if (!detail_at(in, "sni", &x) || x.type != SVAL_STR || in->client == INV_NONE ||
	    in->server == INV_NONE)
		return;
	l = inv_link(in->v, in->client, in->server, in->app, in->transport, in->port, false);
	if (l)
		link_name(in->v, l, text_of(in->v, &x));
	give_word(in, in->server, F_NAME, text_of(in->v, &x), "tls.sni");
}

static void
ssh_shape(struct in *in)
{
	struct sval x;

	did(in, CONNECT, detail_at(in, "server.software_version", &x), false);
}

static void
ssh_words(struct in *in)
{
	char t[LIM_TEXT];
	struct span s;

	if ((s = wire_text(in, "client.software_version", t, sizeof(t))).n)
		words_ssh(in, in->client, s, false);
	if ((s = wire_text(in, "server.software_version", t, sizeof(t))).n)
		words_ssh(in, in->server, s, true);
	if (detail_is(in, "server.proto_version", "1.5") ||
	    detail_is(in, "client.proto_version", "1.5"))
		link_noted(in, "ssh:version");
}

static const struct op_word smb_words[] = {
	{ "smb1_command_session", AUTH }, { "smb2_command_session", AUTH },
	{ "smb1_command_negotiate", CONNECT }, { "smb2_command_negotiate", CONNECT },
	{ "smb1_command_tree", CONNECT }, { "smb2_command_tree", CONNECT },
	{ "smb1_command_write", WRITE }, { "smb2_command_write", WRITE },
	{ "smb1_command_read", READ }, { "smb2_command_read", READ }, { NULL, 0 } };

static void
smb_shape(struct in *in)
{
	struct sval x;

	did(in, detail_at(in, "command", &x) ? op_of(smb_words, &x, OTHER) : OTHER,
	    detail_at(in, "status", &x), false);
}

static void
smb_words_say(struct in *in)
{
	give_word(in, in->client, F_OS, text_at(in, &in->r->detail, "request.native_os"), "smb");
	give_word(in, in->server, F_OS, text_at(in, &in->r->detail, "response.native_os"), "smb");
	/* the client's; the user beside it is nobody's business */
	give_word(in, in->client, F_HOSTNAME, text_at(in, &in->r->detail, "ntlmssp.host"), "smb");
	if (detail_is(in, "dialect", "NT LM 0.12"))
		link_noted(in, "smb:version");
}

static const struct op_word snmp_words[] = {
	{ "get_", READ }, { "set_", WRITE }, { "trap", ALARM }, { "inform", ALARM },
	{ "response", -1 }, { NULL, 0 } };

static void
snmp_shape(struct in *in)
{
	struct sval x, list;
	struct scan s;
	char t[128];

	if (!detail_at(in, "pdu_type", &x))
		return;
	if (sval_is(&x, "response")) {
		in->f->reply = in->f->server_spoke = true;
		return;
	}
	did(in, op_of(snmp_words, &x, OTHER), false, false);
	if (in->op == WRITE && detail_at(in, "vars", &list) && list.type == SVAL_ARR)
		for (scan_in(&s, &list); scan_elem(&s, &x); )
			if (x.type == SVAL_STR && sval_text(&x, t, sizeof(t)))
				did_write(in, t, NULL);
}

static void
rdp_shape(struct in *in)
{
	bool first = detail_is(in, "event_type", "initial_request");

	did(in, first ? CONNECT : -1, !first, false);
	in->f->reply = !first;
	in->f->server_spoke = !first;
}

static void
rdp_words(struct in *in)
{
	give_word(in, in->client, F_HOSTNAME, text_at(in, &in->r->detail, "client.client_name"),
	    "rdp.client");
	give_word(in, in->client, F_OS, text_at(in, &in->r->detail, "client.build"), "rdp.client");
}

static const struct op_word sip_words[] = {
	{ "register", CONNECT }, { "invite", CONNECT }, { "bye", CONNECT }, { NULL, 0 } };

static void
sip_shape(struct in *in)
{
	struct sval x;

	if (detail_at(in, "method", &x)) {
		did(in, op_of(sip_words, &x, OTHER), false, false);
		return;
	}
	/* an answer goes the other way, between equal ports */
	if (detail_at(in, "code", &x)) {
		turn(in);
		in->f->reply = in->f->server_spoke = true;
	}
}

static void
mqtt_shape(struct in *in)
{
	static const struct { const char *key; int op; } packets[] = {
		{ "connect", CONNECT }, { "publish", REPORT }, { "subscribe", SUBSCRIBE },
		{ "unsubscribe", SUBSCRIBE }, { "disconnect", CONNECT }, { "auth", AUTH } };
	static const char *const acks[] = { "connack", "puback", "pubcomp", "suback", "unsuback",
		"pingresp" };
	bool answered = false;
	struct sval x;
	int op = OTHER;

	for (size_t i = 0; i < sizeof(acks) / sizeof(*acks); i++)
		answered |= detail_at(in, acks[i], &x);
	for (size_t i = 0; i < sizeof(packets) / sizeof(*packets) && op == OTHER; i++)
		if (detail_at(in, packets[i].key, &x))
			op = packets[i].op;
	did(in, op, answered, false);
}

static void
mqtt_words(struct in *in)
{
	struct sval x;

	if (detail_at(in, "connect", &x))
		give_word(in, in->client, F_ROLE, pool_cstr(&in->v->pool, "mqtt_client"),
		    "mqtt.connect");
	if (detail_at(in, "connack", &x))
		give_word(in, in->server, F_ROLE, pool_cstr(&in->v->pool, "mqtt_broker"),
		    "mqtt.connack");
}

static const struct op_word ftp_words[] = {
	{ "retr", READ }, { "stor", WRITE }, { "stou", WRITE }, { "appe", WRITE },
	{ "dele", WRITE }, { "rnfr", WRITE }, { "rmd", WRITE }, { "mkd", WRITE },
	{ "site", COMMAND }, { "syst", IDENTIFY }, { "pass", AUTH }, { "user", AUTH },
	{ NULL, 0 } };

static void
ftp_shape(struct in *in)
{
	struct sval x;

	did(in, detail_at(in, "command", &x) ? op_of(ftp_words, &x, OTHER) : CONNECT,
	    detail_is(in, "reply_received", "yes"), false);
}

/* A name or password that went by: that it did, never what it was. */
static void
ftp_words_say(struct in *in)
{
	struct link *l;

	if (!detail_is(in, "command", "PASS") || in->client == INV_NONE || in->server == INV_NONE)
		return;
	l = inv_link(in->v, in->client, in->server, in->app, in->transport, in->port, false);
	if (l)
		l->cleartext_credentials = true;
}

static void
krb5_shape(struct in *in)
{
	struct sval x;
	char t[32];

	if (!detail_at(in, "msg_type", &x))
		return;
	plain_word(&x, t, sizeof(t));
	if (strstr(t, "_rep") || strstr(t, "error")) {
		in->f->reply = in->f->server_spoke = true;
		return;
	}
	did(in, AUTH, false, false);
}

static void
tftp_shape(struct in *in)
{
	did(in, detail_is(in, "packet", "write") ? WRITE : READ, false, false);
}

static void
dcerpc_shape(struct in *in)
{
	struct sval x;

	did(in, detail_is(in, "request", "BIND") ? CONNECT : OTHER,
	    detail_at(in, "response", &x) && !sval_is(&x, "UNREPLIED"), false);
}

static void
other_shape(struct in *in)
{
	did(in, OTHER, false, false);
}

/* ---- flows of one direction -------------------------------------------------- */

static void
netflow_shape(struct in *in)
{
	struct rec *r = own_copy(in);
	struct sval x;
	uint64_t u;

	r->has_flow = true;
	if (detail_at(in, "pkts", &x) && sval_uint(&x, &u))
		r->flow.pkts[0] = u;
	if (detail_at(in, "bytes", &x) && sval_uint(&x, &u))
		r->flow.bytes[0] = u;
	if (detail_at(in, "start", &x) && x.type == SVAL_STR)
		(void)stamp_parse(&r->flow.start, x.p, x.n);
	if (detail_at(in, "end", &x) && x.type == SVAL_STR)
		(void)stamp_parse(&r->flow.end, x.p, x.n);
	/* more than a knock: a connection stands */
	in->f->server_spoke = r->flow.pkts[0] > 3 && sval_is(&r->proto, "TCP");
	/* the way back is a record of its own */
	if (r->sport && r->sport < r->dport && (r->sport < 1024 || r->dport >= 32768)) {
		turn(in);
		in->f->reply = true;
		in->f->server_spoke = r->flow.pkts[1] > 2 || !sval_is(&r->proto, "TCP");
	}
}

/* ---- the table --------------------------------------------------------------- */

static const struct eve_type types[] = {
	{ "arp", "", 0, NULL, arp_words },
	{ "bittorrent_dht", "bittorrent_dht", 0, other_shape, NULL },
	{ "dcerpc", "dcerpc", 135, dcerpc_shape, NULL },
	{ "dhcp", "dhcp", 67, dhcp_shape, dhcp_words },
	{ "dnp3", "dnp3", 20000, eve_dnp3, NULL },
	{ "dns", "dns", 53, dns_shape, dns_answers },
	{ "enip", "enip", 44818, eve_enip, eve_enip_words },
	{ "ftp", "ftp", 21, ftp_shape, ftp_words_say },
	{ "ftp_data", "ftp_data", 20, other_shape, NULL },
	{ "http", "http", 0, http_shape, http_words_say },
	{ "ike", "ike", 0, ike_shape, NULL },
	{ "krb5", "kerberos", 88, krb5_shape, NULL },
	{ "ldap", "ldap", 389, other_shape, NULL },
	{ "llmnr", "llmnr", 5355, llmnr_shape, dns_answers },
	{ "mdns", "mdns", 0, llmnr_shape, dns_answers },
	{ "modbus", "modbus", 502, eve_modbus, NULL },
	{ "mqtt", "mqtt", 1883, mqtt_shape, mqtt_words },
	{ "netflow", "", 0, netflow_shape, NULL },
	{ "nfs", "nfs", 2049, other_shape, NULL },
	{ "pgsql", "pgsql", 5432, other_shape, NULL },
	{ "pop3", "pop3", 110, other_shape, NULL },
	{ "quic", "quic", 443, connect_shape, quic_words },
	{ "rdp", "rdp", 3389, rdp_shape, rdp_words },
	{ "rfb", "rfb", 5900, connect_shape, NULL },
	{ "sip", "sip", 0, sip_shape, NULL },
	{ "smb", "smb", 445, smb_shape, smb_words_say },
	{ "smtp", "smtp", 25, other_shape, NULL },
	{ "snmp", "snmp", 161, snmp_shape, NULL },
	{ "ssh", "ssh", 22, ssh_shape, ssh_words },
	{ "telnet", "telnet", 23, other_shape, NULL },
	{ "tftp", "tftp", 0, tftp_shape, NULL },
	{ "tls", "tls", 443, tls_shape, tls_words },
	{ "websocket", "websocket", 0, other_shape, NULL },
};

static const struct eve_type *
type_of(const struct in *in)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (sval_is(&in->r->type, types[i].type))
			return &types[i];
	return NULL;
}

void
eve_shape(struct in *in)
{
	const struct eve_type *t = type_of(in);

	if (!t) {
		in->f = NULL;           /* credential and the like: ours */
		return;
	}
	if (*t->app)
		in->app = pool_cstr(&in->v->pool, t->app);
	/* the server's port on the source's side: Suricata logged the answer's way */
	if (t->port && in->r->sport == t->port && in->r->dport != t->port)
		turn(in);
	if (t->shape)
		t->shape(in);
	if (in->f->reply)
		in->times = 0;
}

void
eve_words(struct in *in)
{
	const struct eve_type *t = type_of(in);

	if (t && t->words)
		t->words(in);
}
