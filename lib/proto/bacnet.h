/* bacnet.h: what the parts of the BACnet dissector share (ANSI/ASHRAE 135).
 *
 *     bacnet_npdu.c   BVLC (Annex J, Annex U), MS/TP (clause 9), NPDU (clause 6)
 *                     and the APDU's fixed part (clause 20.1): pure decoding
 *     bacnet_tag.c    tagged values (clause 20.2): pure decoding
 *     bacnet_names.c  the standard's own names
 *     bacnet_put.c    references and values into an event
 *     bacnet_app.c    service parameters into an event, with bacnet_prop.c,
 *                     bacnet_alarm.c and bacnet_file.c
 *     bacnet_net.c    BVLC and network layer messages into an event
 *     bacnet_ident.c  who says so
 *     bacnet_wait.c   answers in segments, requests on links without flows
 *     bacnet_fields.c what --list-fields says
 *     bacnet.c        probe and pairing
 */
#ifndef OT_BACNET_H
#define OT_BACNET_H

#include "proto/proto.h"

/* Which way the NPDU came. */
enum bac_link { BAC_IP4 = 0, BAC_IP6, BAC_ETHERNET, BAC_MSTP };

/* MAC addresses inside NPDUs: 18 for BACnet/IPv6 behind a router is the longest in use. */
enum { BAC_MAC = 18 };

/* The virtual link. Function codes differ between Annex J and Annex U: see the
 * enums below. ip and port: the originator of a Forwarded-NPDU, else unset. */
struct bac_vl {
	uint8_t link;                   /* enum bac_link */
	uint8_t fn;                     /* BVLC function, or MS/TP frame type */
	bool has_npdu;
	bool has_vdst;
	uint8_t vsrc[3], vdst[3];       /* Annex U: virtual MACs */
	uint8_t mstp_src, mstp_dst;
	struct addr ip;
	uint16_t port;
};

enum { BVLC_RESULT, BVLC_WRITE_BDT, BVLC_READ_BDT, BVLC_READ_BDT_ACK, BVLC_FORWARDED,
       BVLC_REGISTER_FD, BVLC_READ_FDT, BVLC_READ_FDT_ACK, BVLC_DELETE_FDT, BVLC_DISTRIBUTE,
       BVLC_UNICAST, BVLC_BROADCAST, BVLC_SECURE };
enum { BVLC6_RESULT, BVLC6_UNICAST, BVLC6_BROADCAST, BVLC6_RESOLVE, BVLC6_FORWARDED_RESOLVE,
       BVLC6_RESOLVE_ACK, BVLC6_VRESOLVE, BVLC6_VRESOLVE_ACK, BVLC6_FORWARDED, BVLC6_REGISTER_FD,
       BVLC6_DELETE_FDT, BVLC6_SECURE, BVLC6_DISTRIBUTE };

struct bac_npdu {
	bool msg;                       /* a network layer message, no APDU */
	bool has_src, has_dest;
	uint8_t prio;                   /* 0 normal .. 3 life safety */
	uint8_t hops;
	uint16_t snet, dnet;
	uint8_t slen, dlen;
	uint8_t sadr[BAC_MAC], dadr[BAC_MAC];
	uint8_t type;                   /* of the message */
	uint16_t vendor;                /* of a proprietary message (type >= 0x80) */
};

enum { BAC_CONFIRMED, BAC_UNCONFIRMED, BAC_SIMPLE_ACK, BAC_COMPLEX_ACK, BAC_SEGMENT_ACK, BAC_ERROR,
       BAC_REJECT, BAC_ABORT };

struct bac_apdu {
	uint8_t type;                   /* of the above */
	bool seg, more, srv;
	uint8_t invoke, seq, window;
	uint8_t service;                /* choice; with BAC_REJECT and BAC_ABORT the reason */
};

/* One PDU without its parameters. */
struct bac_hdr {
	struct bac_vl vl;
	struct bac_npdu n;
	struct bac_apdu a;
};

/* Each moves r past what it read; bac_vl_ip() narrows it to what the length
 * field says. False: not decodable; r is BAD or SHORT, or *why says which
 * check failed. */
bool bac_vl_ip(struct rd *r, struct bac_vl *v, const char **why);
/* An MS/TP frame from its type byte on (the preamble already gone); bytes
 * after it are the header CRC, data and data CRC. */
bool bac_vl_mstp(struct rd *r, struct bac_vl *v, const char **why);
bool bac_npdu(struct rd *r, struct bac_npdu *n, const char **why);
bool bac_apdu(struct rd *r, struct bac_apdu *a);

/* Tags, clause 20.2.1. */
enum { BAC_T_APP, BAC_T_CTX, BAC_T_OPEN, BAC_T_CLOSE };
struct bac_tag { uint32_t len; uint8_t kind, num; };
bool bac_tag(struct rd *r, struct bac_tag *t);
/* Whether a context tag, an opening or a closing tag n (<= 14) comes next. */
bool bac_at(const struct rd *r, uint8_t kind, uint8_t n);
/* Takes the opening or closing tag n; false (and nothing moved) when another comes. */
bool bac_open(struct rd *r, uint8_t n);
bool bac_close(struct rd *r, uint8_t n);
/* Context-tagged unsigned or enumerated, 32 bits at most; false and nothing
 * moved when another comes. */
bool bac_ctx_uint(struct rd *r, uint8_t n, uint64_t *v);
bool bac_ctx_oid(struct rd *r, uint8_t n, uint32_t *oid);
/* Passes over one element, constructed or not; bounded nesting. */
bool bac_skip(struct rd *r);
/* Passes over elements up to, not including, the closing tag of this level;
 * returns how many there were. */
uint32_t bac_skip_to_close(struct rd *r);

/* Values. The numbers of the application tags, and two of our own. */
enum { BAC_NULL, BAC_BOOLEAN, BAC_UNSIGNED, BAC_INTEGER, BAC_REAL, BAC_DOUBLE, BAC_OCTETS,
       BAC_TEXT, BAC_BITS, BAC_ENUM, BAC_DATE, BAC_TIME, BAC_OID,
       BAC_CTX = 32,            /* context-tagged: its type is the property's business */
       BAC_OPEN, BAC_CLOSE };
struct bac_val {
	uint8_t t;
	uint8_t num;                    /* BAC_CTX, BAC_OPEN, BAC_CLOSE: which */
	uint8_t enc;                    /* BAC_TEXT: character set; BAC_BITS: unused bits */
	uint64_t u;                     /* BOOLEAN, UNSIGNED, ENUM, OID */
	int64_t i;
	double d;
	const uint8_t *p;               /* TEXT, OCTETS, BITS, DATE, TIME, CTX: borrowed */
	uint32_t n;
};
/* The next value (or opening or closing tag). */
bool bac_value(struct rd *r, struct bac_val *v);

/* Text as UTF-8 into dst (cap bytes, no NUL): returns its length. UTF-8 is
 * copied as it is. What there is no mapping for here becomes U+FFFD. */
size_t bac_utf8(char *dst, size_t cap, uint8_t enc, const uint8_t *p, uint32_t n);
/* "2004-12-16", "*" for what is unspecified; "12:34:56.78". Bytes as on the
 * wire, n of them; dst holds at least 32. */
size_t bac_date(char *dst, const uint8_t *p, uint32_t n);
size_t bac_time(char *dst, const uint8_t *p, uint32_t n);
/* "0100" from a bit string; at most cap bits. */
size_t bac_bits(char *dst, size_t cap, const uint8_t *p, uint32_t n, uint8_t unused);
/* "analog-value,3"; dst holds at least BAC_OID_TEXT. Returns the length. */
enum { BAC_OID_TEXT = 48, BAC_PROP_TEXT = 48 };
size_t bac_oid_text(char *dst, uint32_t oid);
size_t bac_prop_text(char *dst, uint32_t prop);

/* Names; NULL when the standard (as we know it) has none. */
struct bac_service {
	const char *name;               /* "readProperty", clause 21's own */
	struct text title;              /* "ReadProperty" */
	enum ot_op op;
	struct text member;             /* ,"service":"readProperty" */
};
const struct bac_service *bac_confirmed(uint8_t choice);
const struct bac_service *bac_unconfirmed(uint8_t choice);
const char *bac_object_name(uint32_t type);
const char *bac_property_name(uint32_t prop);
const char *bac_vendor_name(uint32_t id);
const char *bac_enum_name(uint32_t object_type, uint32_t prop, uint64_t v);
/* By PDU type and, for what carries an NPDU, by BVLC function: members as
 * jw_members() takes them. */
extern const struct text bac_pdu_member[], bac_response_member[], bac_bvlc_member[];
extern const struct tok bac_bvlc_functions[], bac_bvlc6_functions[],
    bac_bvlc_results[], bac_bvlc6_results[], bac_messages[], bac_error_classes[],
    bac_error_codes[], bac_reject_reasons[], bac_abort_reasons[], bac_event_types[],
    bac_notify_types[], bac_event_states[], bac_reinit_states[], bac_dcc_states[],
    bac_segmentations[], bac_life_safety_ops[], bac_route_rejects[], bac_mstp_types[];

/* Property and object numbers that the code itself has to know. */
enum { BAC_DEVICE = 8, BAC_FILE = 10 };
enum { BAC_P_APP_SW = 12, BAC_P_FIRMWARE = 44, BAC_P_LOCATION = 58, BAC_P_MODEL = 70,
       BAC_P_OBJECT_NAME = 77, BAC_P_OBJECT_TYPE = 79, BAC_P_PRESENT = 85,
       BAC_P_VENDOR_ID = 120, BAC_P_VENDOR_NAME = 121, BAC_P_SERIAL = 372 };

/* A request as it waits for its answer. */
enum { BAC_REQ_DATA = 300 };
struct bac_req {
	struct bac_hdr h;
	uint32_t bytes;                 /* of parameters on the wire, all segments */
	uint16_t segments;              /* 0: not segmented */
	uint16_t n;                     /* parameters held, of the first segment */
	uint8_t data[BAC_REQ_DATA];
};
_Static_assert(sizeof(struct bac_req) <= PEND_DATA, "a waiting request must fit");

/* An exchange being written: what has been learned on the way. */
struct bac_out {
	struct ev *e;
	bool answer;                    /* the parameters are the answerer's own word */
	bool arr;                       /* "objects" is open */
	bool mute;                      /* past LIM_BACNET_OBJECTS: counted only */
	/* references seen, and the text of ot.object gathered from them */
	uint32_t refs;
	uint32_t oid, prop;             /* of the entry at hand */
	uint32_t first_oid;
	bool differ;                    /* not all references were of first_oid */
	bool obj_full;
	uint32_t obj_n, cur_n;
	/* the first value, for ot.value: as it was written, or a list to be walked again */
	enum { BAC_NO_VALUE, BAC_ONE, BAC_LIST } has_val;
	size_t one_at, one_n;           /* in the record being written */
	struct rd list;
	uint32_t val_oid, val_prop, list_n;
	/* identity */
	struct text vendor, model, firmware, hostname, location, serial;
	/* not cleared: as long as cur_n and obj_n say */
	char cur[BAC_OID_TEXT];         /* oid as text */
	char obj[256];
};
static inline void
bac_out_begin(struct bac_out *o, struct ev *e)
{
	memset(o, 0, offsetof(struct bac_out, cur));
	o->e = e;
}

/* bacnet_app.c: parameters of a confirmed service: what was asked and what was
 * answered (NULL: unknown, or no answer with parameters). */
void bac_write_confirmed(struct bac_out *o, uint8_t service, struct rd *q, struct rd *a);
void bac_write_unconfirmed(struct bac_out *o, uint8_t service, struct rd *r);
/* An Error-PDU's parameters; the error's name becomes ot.result. */
void bac_write_error(struct bac_out *o, uint8_t service, struct rd *r);
/* Closes "objects", where a service has more to say after it. */
void bac_write_close(struct bac_out *o);
/* Closes it, sets ot.object, ot.count and ot.value. */
void bac_write_end(struct bac_out *o);

/* bacnet_net.c */
void bac_write_vl(struct ev *e, const struct bac_vl *v);
/* msg: the reader over a network layer message, or NULL. */
void bac_write_npdu(struct ev *e, const struct bac_npdu *n, struct rd *msg);
/* A BVLC request or answer without an NPDU. */
void bac_write_bvlc(struct ev *e, const struct bac_vl *v, struct rd *r);
/* ot.op and ot.service of a network layer message, of a BVLC function. */
void bac_message_ot(struct ev *e, const struct bac_npdu *n);
void bac_bvlc_ot(struct ev *e, const struct bac_vl *v);

/* bacnet_ident.c: an identity of whoever sent n over v, `who` of the event; and
 * the same with what o has learned of it, if there is anything to say. */
struct ident *bac_subject(const struct dctx *c, struct ev *e, const char *source,
    enum ident_of who, const struct bac_vl *v, const struct bac_npdu *n);
void bac_identify(const struct dctx *c, struct bac_out *o, const char *source,
    enum ident_of who, const struct bac_vl *v, const struct bac_npdu *n);

/* bacnet_fields.c */
extern const struct field bac_fields[];

/* A number as the name in a table, or as digits: never nothing. */
struct text bac_tok(struct ev *e, const struct tok *t, uint32_t v);

#endif
