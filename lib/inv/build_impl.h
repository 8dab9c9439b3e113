/* build_impl.h: one event on its way into the inventory, and what the readers of
 * foreign formats may do to it.
 *
 * Our own events say in "ot" and "identity" what an inventory needs. Suricata's and
 * Zeek's say it each in its own way: a reader of theirs first gives the event its
 * shape (who is client, which protocol, what was done), before its stations are
 * made; and afterwards says the words that are in it. */
#ifndef OT_INV_BUILD_IMPL_H
#define OT_INV_BUILD_IMPL_H

#include "inv/asset.h"
#include "inv/wire.h"
#include "model/rec.h"

/* As op_names. */
enum { READ, WRITE, COMMAND, PROGRAM, CONFIGURE, IDENTIFY, SUBSCRIBE, REPORT, ALARM, CONNECT,
	AUTH, ERROR, OTHER, NONE = -1 };

struct foreign;
struct zeek_log;

struct in {
	struct inv *v;
	const struct rec *r;
	struct place at;
	uint32_t src, dst;              /* stations, as the record has them */
	uint32_t client, server;        /* the same two, by what they are to each other */
	uint32_t app, transport;
	uint16_t port;
	bool guess;
	uint64_t times;                 /* how many the record stands for */
	/* from the ot block */
	int op;                         /* -1: none */
	bool has_ot, has_result, unanswered, unseen, refused;
	bool ok;                        /* answered, be it with an error */
	bool has_unit;
	uint64_t unit;
	struct sval object, value;
	struct foreign *f;              /* NULL: our own */
	struct recalled *known;         /* its flow, or NULL */
	uint32_t link;                  /* between client and server, or INV_NONE */
	bool heard;                     /* dst said something */
	bool answered;                  /* the server is known to be there */
};

/* What only foreign records need: a copy of the record, its ends turned where the
 * server stood first, and what was written. */
struct foreign {
	struct rec r;
	bool reply;                     /* the server's half of an exchange: not counted again */
	bool server_spoke;
	bool nobody;                    /* it has no ends: a line about one host */
	bool no_link;                   /* it has ends, but not which protocol joins them */
	const struct zeek_log *log;
	uint32_t nwrote;
	struct { uint32_t object; struct sval value; } wrote[LIM_INV_OBJECTS];
};

/* Every network speaks these, and they say nothing of what a device is for. */
static inline bool
housekeeping(const struct sval *type)
{
	return sval_is(type, "arp") || sval_is(type, "icmp") || sval_is(type, "icmpv6") ||
	    sval_is(type, "nd") || sval_is(type, "igmp") || sval_is(type, "mld");
}
/* The application as a record says it: none where nobody found out which. */
static inline bool
app_is_told(const struct sval *app)
{
	return app->type == SVAL_STR && !sval_is(app, "failed") && !sval_is(app, "unknown") &&
	    !housekeeping(app);
}
/* An address given out is no setpoint. */
static inline bool
gives_addresses(const struct sval *type)
{
	return sval_is(type, "dhcp") || sval_is(type, "dhcpv6");
}
/* Said without having been asked for: then the ports tell who serves. */
static inline bool
unasked(int op)
{
	return op == OP_REPORT || op == OP_ALARM;
}
/* A member of EVE's detail, by its path. */
static inline bool
detail_at(const struct in *in, const char *path, struct sval *x)
{
	return in->r->detail.type == SVAL_OBJ && scan_path(&in->r->detail, path, x);
}
static inline bool
detail_is(const struct in *in, const char *path, const char *word)
{
	struct sval x;

	return detail_at(in, path, &x) && sval_is(&x, word);
}
/* A field of Zeek's line: its names have dots of their own. */
static inline bool
field_at(const struct in *in, const char *key, struct sval *x)
{
	return scan_get(&in->r->line, key, x) && x->type != SVAL_NULL;
}
uint32_t field_text(struct in *in, const char *key);
/* Unescaped into buf. */
struct span field_span(const struct in *in, const char *key, char *buf, size_t cap);
bool field_addr(const struct in *in, const char *key, struct addr *a);

/* Ours: identifiers and traits. */
void traits(struct in *in);
/* Of this event there are none, nor of another of its op, its result and the same members; of a
 * flow none where no TTL of it tells something. */
bool traits_never(const struct in *in);
bool ttl_tells(uint64_t ttl);
/* The same of what is noted of a link beside counts. */
bool noted_never(const struct in *in);
/* The link, and all that is counted and noted of it. `answered`: the server said something. */
void link_of(struct in *in, bool answered);
/* Whether it changed something. */
bool writes(const struct in *in);
/* Suricata: an event without an ot block. */
void eve_shape(struct in *in);
void eve_words(struct in *in);
void eve_modbus(struct in *in);
void eve_dnp3(struct in *in);
void eve_enip(struct in *in);
void eve_enip_words(struct in *in);
/* Zeek. False: there is nothing for us in this log. */
bool zeek_shape(struct in *in);
void zeek_words(struct in *in);
/* The handlers of the table in build_zeek.c: logs of IT protocols, then industrial ones. */
void zeek_conn(struct in *in);
void zeek_dns(struct in *in);
void zeek_dns_words(struct in *in);
void zeek_ssl(struct in *in);
void zeek_ssl_words(struct in *in);
void zeek_http(struct in *in);
void zeek_http_words(struct in *in);
void zeek_ssh(struct in *in);
void zeek_ssh_words(struct in *in);
void zeek_ntlm_words(struct in *in);
void zeek_snmp(struct in *in);
void zeek_snmp_words(struct in *in);
void zeek_rdp(struct in *in);
void zeek_rdp_words(struct in *in);
void zeek_sip_words(struct in *in);
void zeek_ftp(struct in *in);
void zeek_ftp_words(struct in *in);
void zeek_quic_words(struct in *in);
void zeek_answered(struct in *in);
void zeek_mqtt_words(struct in *in);
void zeek_modbus(struct in *in);
void zeek_modbus_detailed(struct in *in);
void zeek_modbus_write(struct in *in);
void zeek_dnp3(struct in *in);
void zeek_dnp3_control(struct in *in);
void zeek_enip(struct in *in);
void zeek_cip(struct in *in);
void zeek_bacnet(struct in *in);
void zeek_bacnet_property(struct in *in);
void zeek_bacnet_control(struct in *in);
void zeek_s7comm(struct in *in);
void zeek_s7comm_block(struct in *in);
void zeek_opcua(struct in *in);
void zeek_opcua_write(struct in *in);
void zeek_profinet(struct in *in);
void zeek_synchrophasor(struct in *in);
void zeek_genisys(struct in *in);
void zeek_gesrtp(struct in *in);
void zeek_hartip(struct in *in);
void zeek_cip_words(struct in *in);
void zeek_s7_words(struct in *in);
void zeek_opcua_words(struct in *in);
void zeek_mei_words(struct in *in);
void zeek_bacnet_words(struct in *in);
void zeek_bacnet_property_words(struct in *in);

/* A string member as a text of the inventory; 0: absent. */
uint32_t text_of(struct inv *v, const struct sval *s);
/* The same, where it is most often the text of the record before. */
uint32_t text_again(struct inv *v, const struct sval *s, uint32_t *last);
uint32_t text_at(struct in *in, const struct sval *o, const char *path);
/* The station's MAC and address belong together: it said so itself. */
void claim(struct in *in, uint32_t st);
void claim_is(struct inv *v, uint32_t st, const struct place *at, int64_t us, bool asked);
/* Whoever has this MAC (or NULL) and this address, heard in passing. */
uint32_t heard_of(struct in *in, const uint8_t *mac, const struct addr *ip, bool heard);
/* Gives a station (or none) a word, with where it is from; value and t may be empty. */
void give_word(struct in *in, uint32_t st, enum field f, uint32_t value, const char *source);
void give_text(struct in *in, uint32_t st, enum field f, struct span t, const char *source);
/* The station of unit n behind the server. */
uint32_t unit_station(struct in *in);
/* Lists of DNS answers, EVE's versions 1 to 3. */
void dns_answers(struct in *in);

/* The record's own copy, to be changed. */
struct rec *own_copy(struct in *in);
/* The record's src is the server: client and server trade places. */
void turn(struct in *in);
/* What was done, and how it ended. */
void did(struct in *in, int op, bool answered, bool refused);
/* An object written to; value may be NULL, what it lies in is of the line. More than fit are
 * counted as full. */
void did_write(struct in *in, const char *object, const struct sval *value);
/* The op of an action's name: the first row whose word it begins with. */
struct op_word { const char *word; int op; };
extern const struct op_word op_words_cip[], op_words_http[];
int op_of(const struct op_word *list, const struct sval *name, int otherwise);
/* A string member lower-cased, '-' and ' ' as '_', into t; its length. */
size_t plain_word(const struct sval *s, char *t, size_t cap);
/* "holding_register:40012" of an address as on the wire. */
void modbus_object(char *t, size_t cap, const char *table, uint64_t address);

/* Our name of a protocol that others call otherwise; 0: none worth telling. */
uint32_t app_ours(struct inv *v, const char *name, size_t n);

/* Free texts (build_words.c): each says what is certain in it. */
void words_agent(struct in *in, uint32_t st, struct span t);
void words_server(struct in *in, uint32_t st, struct span t);
void words_ssh(struct in *in, uint32_t st, struct span t, bool server);
void words_descr(struct in *in, uint32_t st, struct span t, const char *source);
/* A certificate's subject: the host it names. */
void words_subject(struct in *in, uint32_t st, struct span t);
/* A protocol version that nobody should use any more. */
bool tls_is_old(const struct sval *version);
void link_noted(struct in *in, const char *word);

#endif
