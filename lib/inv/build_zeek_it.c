/* build_zeek_it.c: what Zeek's logs of connections and of IT protocols say. User names,
 * passwords, communities and cookies in them are not looked at but for whether they are
 * there. */
#include "inv/build_impl.h"

#include "inv/link.h"
#include "inv/names.h"

#include <string.h>

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

void
zeek_conn(struct in *in)
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
	if (field_at(in, "service", &x) && x.type == SVAL_STR)
		in->app = service_of(in, &x);
	r->app_proto = (struct sval){ .type = SVAL_NONE };
	said = r->flow.pkts[1] > 0;
	in->f->server_spoke = said;
	if (field_at(in, "conn_state", &x))
		for (size_t i = 0; i < sizeof(unanswered) / sizeof(*unanswered); i++)
			if (sval_is(&x, unanswered[i]))
				in->f->server_spoke = false;
	/* cut into halves: who began is not known, but the lower port serves */
	if (field_at(in, "conn_state", &x) && sval_is(&x, "OTH") && r->sport < 1024 &&
	    r->dport >= 32768 && r->sport)
		turn(in);
}

/* ---- IT protocols ------------------------------------------------------------ */

void
zeek_dns(struct in *in)
{
	struct sval x;

	did(in, OTHER, field_at(in, "rcode", &x) || field_at(in, "answers", &x), false);
}

void
zeek_dns_words(struct in *in)
{
	uint32_t asked = field_text(in, "query");
	struct sval list, x;
	struct scan s;
	struct addr ip;

	if (!asked || !field_at(in, "answers", &list) || list.type != SVAL_ARR)
		return;
	for (scan_in(&s, &list); scan_elem(&s, &x); )
		if (x.type == SVAL_STR && addr_parse(&ip, x.p, x.n))
			names_add(in->v, in->v->site, &ip, asked, &in->at, in->r->us);
}

void
zeek_ssl(struct in *in)
{
	struct sval x;

	did(in, CONNECT, field_at(in, "version", &x), false);
}

/* A server name the client asked for. */
static void
asked_for(struct in *in, uint32_t name)
{
	struct link *l = name ? link_here(in) : NULL;

	if (l)
		link_name(in->v, l, name);
	give_word(in, in->server, F_NAME, name, "tls.sni");
}

void
zeek_ssl_words(struct in *in)
{
	char t[LIM_TEXT];
	struct sval x;

	asked_for(in, field_text(in, "server_name"));
	words_subject(in, in->server, field_span(in, "subject", t, sizeof(t)));
	if (field_at(in, "version", &x) && tls_is_old(&x))
		link_noted(in, "tls:version");
}

void
zeek_http(struct in *in)
{
	struct sval x;
	uint64_t code = 0;

	if (field_at(in, "status_code", &x))
		(void)sval_uint(&x, &code);
	did(in, field_at(in, "method", &x) ? op_of(op_words_http, &x, OTHER) : NONE, code != 0,
	    code >= 400);
}

/* That somebody logged in in clear, never who or with what. */
static void
clear_login(struct in *in, const char *key)
{
	struct sval x;
	struct link *l;

	if (field_at(in, key, &x) && x.n && (l = link_here(in)))
		l->cleartext_credentials = true;
}

void
zeek_http_words(struct in *in)
{
	char t[LIM_TEXT];
	struct span host;
	struct addr ip;
	struct sval x;

	words_agent(in, in->client, field_span(in, "user_agent", t, sizeof(t)));
	words_server(in, in->server, field_span(in, "server", t, sizeof(t)));
	clear_login(in, "password");
	if (field_at(in, "uri", &x) && x.n && x.p[0] != '/')
		return;                         /* through a proxy: another's name */
	host = field_span(in, "host", t, sizeof(t));
	if (host.n)
		host.n = (uint32_t)strcspn(t, ":");
	if (host.n && !addr_parse(&ip, t, host.n))
		give_text(in, in->server, F_NAME, host, "http.host");
}

void
zeek_ssh(struct in *in)
{
	struct sval x;

	did(in, CONNECT, field_at(in, "server", &x), false);
}

void
zeek_ssh_words(struct in *in)
{
	char t[LIM_TEXT];
	struct span s;
	struct sval x;

	if ((s = field_span(in, "client", t, sizeof(t))).n)
		words_ssh(in, in->client, s, false);
	if ((s = field_span(in, "server", t, sizeof(t))).n)
		words_ssh(in, in->server, s, true);
	if (field_at(in, "version", &x) && x.n == 1 && *x.p == '1')
		link_noted(in, "ssh:version");
}

void
zeek_ntlm_words(struct in *in)
{
	uint32_t dns = field_text(in, "server_dns_computer_name");

	give_word(in, in->client, F_HOSTNAME, field_text(in, "hostname"), "smb");
	give_word(in, in->server, F_HOSTNAME, dns ? dns : field_text(in, "server_nb_computer_name"),
	    "smb.ntlm");
}

void
zeek_snmp(struct in *in)
{
	struct sval x;
	uint64_t set = 0, answers = 0;

	if (field_at(in, "set_requests", &x))
		(void)sval_uint(&x, &set);
	if (field_at(in, "get_responses", &x))
		(void)sval_uint(&x, &answers);
	did(in, set ? WRITE : READ, answers > 0, false);
}

void
zeek_snmp_words(struct in *in)
{
	char t[LIM_TEXT];
	struct span s = field_span(in, "display_string", t, sizeof(t));

	if (s.n)
		words_descr(in, in->server, s, "snmp");
}

void
zeek_rdp(struct in *in)
{
	struct sval x;

	did(in, CONNECT, field_at(in, "result", &x), false);
}

void
zeek_rdp_words(struct in *in)
{
	give_word(in, in->client, F_HOSTNAME, field_text(in, "client_name"), "rdp.client");
	give_word(in, in->client, F_OS, field_text(in, "client_build"), "rdp.client");
}

void
zeek_sip_words(struct in *in)
{
	give_word(in, in->client, F_PRODUCT, field_text(in, "user_agent"), "sip.user-agent");
}

static const struct op_word ftp_ops[] = {
	{ "retr", READ }, { "stor", WRITE }, { "appe", WRITE }, { "dele", WRITE }, { NULL, 0 } };

void
zeek_ftp(struct in *in)
{
	struct sval x;

	did(in, field_at(in, "command", &x) ? op_of(ftp_ops, &x, OTHER) : CONNECT,
	    field_at(in, "reply_code", &x), false);
}

void
zeek_ftp_words(struct in *in)
{
	clear_login(in, "password");
}

void
zeek_quic_words(struct in *in)
{
	asked_for(in, field_text(in, "server_name"));
}

void
zeek_answered(struct in *in)
{
	did(in, in->op, true, false);
}

void
zeek_mqtt_words(struct in *in)
{
	give_word(in, in->client, F_ROLE, pool_cstr(&in->v->pool, "mqtt_client"), "mqtt.connect");
	give_word(in, in->server, F_ROLE, pool_cstr(&in->v->pool, "mqtt_broker"), "mqtt.connack");
}
