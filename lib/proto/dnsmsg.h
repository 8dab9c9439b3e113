/* dnsmsg.h: the DNS message, RFC 1035 section 4, as DNS, mDNS and LLMNR share it.
 *
 *      +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
 *      |                      id                       |
 *      |QR|  opcode   |AA|TC|RD|RA| Z|AD|CD|   rcode   |
 *      |   questions, answers, authorities, additionals |   four counts
 *      +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
 *      | name, type, class             (each question) |
 *      | name, type, class, ttl, length, data (records) |
 *
 * Pure: bytes to structs, no event, no state, no allocation. The sections must
 * be read in order: every question, then every record. Names come out without
 * compression; a compression pointer may only go backwards past where its own
 * piece of the name began, so that no name loops. */
#ifndef OT_DNSMSG_H
#define OT_DNSMSG_H

#include "base/rd.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DNS_QD, DNS_AN, DNS_NS, DNS_AR, DNS_SECTIONS };
enum { DNS_A = 1, DNS_NS_RR = 2, DNS_CNAME = 5, DNS_SOA = 6, DNS_PTR = 12, DNS_HINFO = 13,
       DNS_MX = 15, DNS_TXT = 16, DNS_AAAA = 28, DNS_SRV = 33, DNS_DNAME = 39, DNS_OPT = 41 };
enum { DNS_QR = 0x8000, DNS_AA = 0x0400, DNS_TC = 0x0200, DNS_RD = 0x0100, DNS_RA = 0x0080,
       DNS_Z = 0x0040, DNS_AD = 0x0020, DNS_CD = 0x0010 };

/* A name as labels: length, bytes, length, bytes, ..., without the root's 0.
 * n == 0 is the root itself. */
struct dns_name {
	uint8_t n;
	uint8_t b[255];
};
enum { DNS_NAME_TEXT = 1024 };  /* every byte as \DDD, the dots, and some */

struct dns_question {
	struct dns_name name;
	uint16_t type, class;
};

struct dns_record {
	struct dns_name name;
	uint16_t type, class;
	uint32_t ttl;
	struct rd data;         /* a window of the message: names in it may point out of it */
};

struct dns_msg {
	struct rd all;          /* the message, offset 0 its header */
	struct rd r;            /* where we are; its error is the message's */
	uint16_t id, flags;
	uint16_t n[DNS_SECTIONS];
	const char *why;        /* what is malformed, upper case; NULL when the reader knows */
};

/* Takes all that r has left and reads the header. False when that was cut. */
bool dns_begin(struct dns_msg *m, struct rd *r);
/* The next question or record. False when it could not be read whole. */
bool dns_question(struct dns_msg *m, struct dns_question *q);
bool dns_record(struct dns_msg *m, struct dns_record *rr);
/* A name at r, which is m->r or a record's data. What is wrong with it goes to
 * m->why; a record's data does not end the walk through the message. */
bool dns_name(struct dns_msg *m, struct rd *r, struct dns_name *n);

static inline unsigned dns_opcode(const struct dns_msg *m) { return m->flags >> 11 & 15; }
static inline unsigned dns_rcode(const struct dns_msg *m) { return m->flags & 15; }

/* Something in it contradicts itself. */
static inline bool dns_bad(const struct dns_msg *m) { return m->why || rd_bad(&m->r); }

/* Presentation form into dst (DNS_NAME_TEXT bytes), no NUL: "a.b.c", "." for
 * the root; '.' and '\' in a label are escaped, control characters as \DDD.
 * Bytes past ASCII stay: mDNS names are UTF-8 (RFC 6762 section 16). */
size_t dns_name_put(char *dst, const struct dns_name *n);
/* ASCII letters compare without case. */
bool dns_name_eq(const struct dns_name *a, const struct dns_name *b);
/* The label number i from the left, or NULL; *n its length. */
const uint8_t *dns_label(const struct dns_name *a, unsigned i, unsigned *n);

/* Names of types, opcodes and rcodes, or NULL. */
const char *dns_type_name(unsigned type);
const char *dns_rcode_name(unsigned rcode);
const char *dns_opcode_name(unsigned opcode);

/* How much the bytes at r look like a DNS message. */
enum dns_shape {
	DNS_SHAPE_NO,
	DNS_SHAPE_SHORT,        /* fewer bytes than a header needs */
	DNS_SHAPE_HEADER,       /* a header that could be one; what follows is not clean */
	DNS_SHAPE_CLEAN,        /* all records read as they should */
};
enum dns_shape dns_look(struct rd r, struct dns_msg *m, struct dns_question *first);

#endif
