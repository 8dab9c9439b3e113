/* dnsev.h: questions and records of DNS, mDNS and LLMNR as event detail,
 * in the shape of EVE's dns (version 3). */
#ifndef OT_DNSEV_H
#define OT_DNSEV_H

#include "proto/dnsmsg.h"
#include "proto/ev.h"

/* id, flags and the header's bits and opcode. */
void dnsev_header(struct ev *e, const struct dns_msg *m);

/* One element of "queries": {rrname, rrtype}. mcast: the class's top bit is
 * mDNS's wish for a unicast answer (RFC 6762 section 5.4). */
void dnsev_question(struct ev *e, const struct dns_question *q, bool mcast);

/* Reads the questions left (m->n[DNS_QD]) and writes them as "queries". */
void dnsev_questions(struct ev *e, struct dns_msg *m, bool mcast);

/* One record as an element of a list; m notes it when names in it are malformed. */
void dnsev_record(struct ev *e, struct dns_msg *m, struct dns_record *rr, bool mcast);

/* The members of a record in the list t ("dns.answers"), for tables of fields. */
#define DNSEV_RECORD_FIELDS(t) \
	{ t ".rrname", "string", "the name the record belongs to" }, \
	{ t ".rrtype", "string", "the record's type" }, \
	{ t ".ttl", "integer", "seconds it may be kept" }, \
	{ t ".rdata", "string", "an address or a name" }, \
	{ t ".txt", "array", "strings of a TXT record" }, \
	{ t ".srv", "object", "where a service is" }, \
	{ t ".srv.priority", "integer", "lower is tried first" }, \
	{ t ".srv.weight", "integer", "share among equals" }, \
	{ t ".srv.port", "integer", "the service's port" }, \
	{ t ".srv.name", "string", "the host that offers it" }, \
	{ t ".soa", "object", "a zone's start of authority" }, \
	{ t ".soa.mname", "string", "its first name server" }, \
	{ t ".soa.rname", "string", "its keeper's mailbox" }, \
	{ t ".soa.serial", "integer", "version of the zone" }, \
	{ t ".soa.refresh", "integer", "seconds between checks for a newer one" }, \
	{ t ".soa.retry", "integer", "seconds after a check that failed" }, \
	{ t ".soa.expire", "integer", "seconds it holds without a check" }, \
	{ t ".soa.minimum", "integer", "seconds an absence may be remembered" }, \
	{ t ".hinfo", "object", "what a host is" }, \
	{ t ".hinfo.cpu", "string", "its processor" }, \
	{ t ".hinfo.os", "string", "its operating system" }

/* The name as a text that lives until ev_emit. */
struct text dnsev_name(struct ev *e, const struct dns_name *n);

#endif
