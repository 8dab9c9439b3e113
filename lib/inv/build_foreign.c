/* build_foreign.c: what the readers of Suricata's and Zeek's records share: turning
 * an event so that the client stands first, saying what was done, and our names of
 * protocols and actions. */
#include "inv/build_impl.h"

#include <stdio.h>
#include <string.h>

struct rec *
own_copy(struct in *in)
{
	if (in->r != &in->f->r) {
		in->f->r = *in->r;
		in->r = &in->f->r;
	}
	return &in->f->r;
}

void
turn(struct in *in)
{
	struct rec *r = own_copy(in);
	struct addr a = r->src;
	uint16_t port = r->sport;
	uint8_t mac[6];
	bool has = r->has_smac;
	uint64_t n;

	r->src = r->dst;
	r->dst = a;
	r->sport = r->dport;
	r->dport = port;
	memcpy(mac, r->smac, 6);
	memcpy(r->smac, r->dmac, 6);
	memcpy(r->dmac, mac, 6);
	r->has_smac = r->has_dmac;
	r->has_dmac = has;
	n = r->flow.pkts[0], r->flow.pkts[0] = r->flow.pkts[1], r->flow.pkts[1] = n;
	n = r->flow.bytes[0], r->flow.bytes[0] = r->flow.bytes[1], r->flow.bytes[1] = n;
}

void
did(struct in *in, int op, bool answered, bool refused)
{
	in->has_ot = true;
	in->op = op;
	in->unanswered = !answered;
	in->ok = answered;
	in->refused = refused;
	/* silence is told only where a record stands for the whole exchange */
	in->unseen = true;
}

void
did_write(struct in *in, const char *object, const struct sval *value)
{
	struct foreign *f = in->f;
	uint32_t text = inv_text(in->v, object, strlen(object));

	if (!text)
		return;
	if (f->nwrote == LIM_INV_OBJECTS) {
		in->v->full_facts++;
		return;
	}
	f->wrote[f->nwrote].object = text;
	f->wrote[f->nwrote++].value = value ? *value : (struct sval){ .type = SVAL_NONE };
}

size_t
plain_word(const struct sval *s, char *t, size_t cap)
{
	size_t n = sval_text(s, t, cap);

	for (size_t i = 0; i < n; i++)
		t[i] = t[i] == ' ' || t[i] == '-' ? '_' : (char)tolower((unsigned char)t[i]);
	return n;
}

/* What CIP's services and HTTP's methods do, as both others call them. */
const struct op_word op_words_cip[] = {
	{ "get_", READ }, { "read_modify", WRITE }, { "read_write_modify", WRITE },
	{ "read", READ }, { "find", READ },
	{ "set_", WRITE }, { "write", WRITE }, { "insert", WRITE }, { "remove", WRITE },
	{ "reset", COMMAND }, { "start", COMMAND }, { "stop", COMMAND }, { "restore", COMMAND },
	{ "save", COMMAND }, { "create", CONFIGURE }, { "delete", CONFIGURE },
	{ "apply", CONFIGURE }, { "forward_", CONNECT }, { "large_forward", CONNECT },
	{ NULL, 0 } };
const struct op_word op_words_http[] = {
	{ "get", READ }, { "head", READ }, { "put", WRITE }, { "post", WRITE }, { "patch", WRITE },
	{ "delete", WRITE }, { "connect", CONNECT }, { NULL, 0 } };

int
op_of(const struct op_word *list, const struct sval *name, int otherwise)
{
	char t[64];

	plain_word(name, t, sizeof(t));
	for (; list->word; list++)
		if (strncmp(t, list->word, strlen(list->word)) == 0)
			return list->op;
	return otherwise;
}

/* Engineers count from 1, and put the table's digit before it where it fits. */
void
modbus_object(char *t, size_t cap, const char *table, uint64_t address)
{
	static const struct { const char *table; unsigned digit; } tables[] = {
		{ "coil", 0 }, { "discrete_input", 1 }, { "input_register", 3 },
		{ "holding_register", 4 } };
	unsigned digit = 0;

	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++)
		if (strcmp(tables[i].table, table) == 0)
			digit = tables[i].digit;
	address = (address & 0xffff) + 1;
	if (address > 9999 && digit)
		snprintf(t, cap, "%s:%u%05u", table, digit, (unsigned)address);
	else
		snprintf(t, cap, "%s:%05u", table, digit * 10000 + (unsigned)address);
}

/* ---- protocols ------------------------------------------------------------- */

static const struct { const char *theirs, *ours; } apps[] = {
	/* Suricata */
	{ "krb5", "kerberos" }, { "ftp-data", "ftp_data" }, { "bittorrent-dht", "bittorrent_dht" },
	/* Zeek; "": a layer or a mechanism within another, no protocol to tell of */
	{ "ssl", "tls" }, { "krb", "kerberos" }, { "dce_rpc", "dcerpc" }, { "dnp3_tcp", "dnp3" },
	{ "dnp3_udp", "dnp3" }, { "krb_tcp", "kerberos" }, { "gssapi", "" }, { "ntlm", "" },
	{ "xmpp_starttls", "xmpp" }, { "cip", "enip" }, { "cotp", "" }, { "iso_cotp", "" },
	{ "tpkt", "" }, { "opcua_binary", "opcua" }, { "opcua-binary", "opcua" },
	{ "s7comm_plus", "s7comm-plus" }, { "ge_srtp", "gesrtp" }, { "hart_ip", "hartip" },
	{ "profinet_io_cm", "profinet_cm" }, { "omron_fins", "fins" }, { "bsap_ip", "bsap" },
	{ "bsap_serial", "bsap" }, { "ldap_tcp", "ldap" }, { "ldap_udp", "ldap" },
	{ "ecat", "ethercat" }, { "-", "" }, { "failed", "" }, { "unknown", "" },
};

uint32_t
app_ours(struct inv *v, const char *name, size_t n)
{
	/* the letters their names begin with: most names need no more */
	static const uint32_t first = 1u << ('k' & 31) | 1u << ('f' & 31) | 1u << ('b' & 31) |
	    1u << ('s' & 31) | 1u << ('d' & 31) | 1u << ('g' & 31) | 1u << ('n' & 31) |
	    1u << ('x' & 31) | 1u << ('c' & 31) | 1u << ('i' & 31) | 1u << ('t' & 31) |
	    1u << ('o' & 31) | 1u << ('h' & 31) | 1u << ('p' & 31) | 1u << ('l' & 31) |
	    1u << ('e' & 31) | 1u << ('-' & 31) | 1u << ('u' & 31);

	if (n == 0)
		return 0;
	if (!(first >> (*name & 31) & 1))
		return inv_text(v, name, n);
	if (n > 6 && memcmp(name, "spicy_", 6) == 0) {
		name += 6;
		n -= 6;
		if (n > 4 && (memcmp(name + n - 4, "_tcp", 4) == 0 ||
		    memcmp(name + n - 4, "_udp", 4) == 0))
			n -= 4;
	}
	for (size_t i = 0; i < sizeof(apps) / sizeof(*apps); i++)
		if (apps[i].theirs[0] == *name && strlen(apps[i].theirs) == n &&
		    memcmp(apps[i].theirs, name, n) == 0)
			return pool_cstr(&v->pool, apps[i].ours);
	return inv_text(v, name, n);
}
