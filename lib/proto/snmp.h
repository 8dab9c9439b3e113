/* snmp.h: the decode half of SNMP, and what its files share. */
#ifndef OT_PROTO_SNMP_H
#define OT_PROTO_SNMP_H

#include "proto/ber.h"
#include "proto/proto.h"

enum { SNMP_GET = 0xa0, SNMP_NEXT, SNMP_RESPONSE, SNMP_SET, SNMP_TRAP1, SNMP_BULK, SNMP_INFORM,
	SNMP_TRAP2, SNMP_REPORT };
enum { SNMP_AUTH = 1, SNMP_PRIV = 2 };
/* RFC 3416, 4.1: an object identifier has at most 128 arcs. */
enum { SNMP_ARCS = 128 };

struct snmp_oid { unsigned n; uint32_t a[SNMP_ARCS]; };

struct snmp_msg {
	uint8_t version;                /* 0, 1, 3, as on the wire */
	uint8_t pdu;                    /* its tag; 0: encrypted */
	uint8_t flags;                  /* version 3 */
	bool user;                      /* version 3: a user is named */
	const uint8_t *community;       /* borrowed, for comparison only */
	uint32_t community_n;
	const uint8_t *engine;
	uint32_t engine_n;
	uint32_t id;                    /* request id; encrypted: message id */
	int64_t error, index;           /* of GetBulk: non-repeaters, max-repetitions */
	struct rd enterprise;           /* traps of version 1 */
	bool has_agent;
	uint8_t agent[4];
	int64_t generic, specific;
	struct rd vars;
	const char *why;
};

/* snmp_pdu.c: pure. False when it is no SNMP message. */
bool snmp_decode(struct rd r, struct snmp_msg *m);
struct snmp_var { struct rd oid; uint8_t type; struct rd value; };
bool snmp_next(struct rd *vars, struct snmp_var *v);
unsigned snmp_count(struct rd vars);
bool snmp_oid_read(struct rd r, struct snmp_oid *o);

/* snmp_names.c: an object that is known, with what it says of the device. */
enum snmp_what { SNMP_NONE, SNMP_DESCR, SNMP_OBJECT_ID, SNMP_PERSON, SNMP_HOSTNAME, SNMP_LOCATION,
	SNMP_VENDOR, SNMP_PRODUCT, SNMP_MODEL, SNMP_SERIAL, SNMP_FIRMWARE, SNMP_HARDWARE,
	SNMP_SOFTWARE, SNMP_PRINTER, SNMP_DEVICE_ID, SNMP_CLASS };
struct snmp_name {
	uint8_t n;                      /* arcs after 1.3.6.1 */
	uint32_t a[11];
	const char *name;
	uint8_t what;
	bool part;                      /* a table of parts: its index says of which */
};
const struct snmp_name *snmp_find(const struct snmp_oid *o);
/* "sysDescr.0", or numbers; short_: no instance (the column), at most ten arcs. */
struct text snmp_oid_text(struct ev *e, const struct snmp_oid *o, bool numbers, bool short_);
bool snmp_shipped(const uint8_t *p, uint32_t n);

/* snmp_ident.c: what a device says of itself among these variables. */
enum { SNMP_SEEN = 48 };
struct snmp_state {
	uint32_t seen[SNMP_SEEN];       /* said before in this flow */
	uint32_t chassis;               /* its entPhysicalIndex; 0: not known */
	uint16_t next;
	bool printer, encrypted, discovered;
};
void snmp_identify(struct dctx *c, struct ev *e, struct rd vars, enum ident_of of);
void snmp_engine(struct dctx *c, struct ev *e, const struct snmp_msg *m, enum ident_of of);

extern const struct field snmp_fields[];

#endif
