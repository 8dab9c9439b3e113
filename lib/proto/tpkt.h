/* tpkt.h: TPKT (RFC 1006) and the connection-oriented transport protocol, class
 * 0 (ISO 8073), under S7, S7-plus and MMS.
 *
 *      0    1    2        4     5      6
 *     +----+----+--------+-----+------+-------------
 *     |0x03|  0 | length | LI  | TPDU | parameters, then user data
 *     +----+----+--------+-----+------+-------------
 *                         `--- LI counts from behind itself
 *
 * A dissector above has a struct tpkt at the beginning of its flow's state, gives its
 * stream PDUs to tpkt_read() and gets whole messages: DT TPDUs without the end mark
 * are gathered, connection set-up and release become events here. */
#ifndef OT_PROTO_TPKT_H
#define OT_PROTO_TPKT_H

#include "proto/gather.h"
#include "proto/proto.h"

enum { COTP_ED = 0x10, COTP_ER = 0x70, COTP_DR = 0x80, COTP_DC = 0xc0, COTP_CC = 0xd0,
	COTP_CR = 0xe0, COTP_DT = 0xf0 };

enum { TSAP_MAX = 32 };

/* One TPDU. */
struct cotp {
	uint8_t type, cls, reason, size;        /* size: 2^size bytes */
	bool eot;
	uint16_t dst_ref, src_ref;
	uint8_t calling_n, called_n;
	uint8_t calling[TSAP_MAX], called[TSAP_MAX];
};

enum tpkt_user { TPKT_OTHER, TPKT_S7, TPKT_S7PLUS, TPKT_MMS };

enum tpkt_got {
	TPKT_BAD,               /* malformed */
	TPKT_NONE,              /* nothing for the user: more to come, or an event was written */
	TPKT_DATA,              /* *message is a whole one */
};

/* Length of the TPKT at the cursor; 0: more bytes needed; -1: none here. */
ssize_t tpkt_frame(const struct rd *r);
/* The TPDU in a TPKT, its header included: r is left at the user data. */
bool tpkt_decode(struct rd *r, struct cotp *h);
/* dissector.probe of all three: is it this user's stream? */
enum probe tpkt_probe(struct probe_in *in, enum tpkt_user user);
/* Takes one TPKT. *m is what has to be dropped after use where it is not NULL. */
enum tpkt_got tpkt_read(struct dctx *c, struct rd *r, struct rd *message, struct gather **m);
/* True: p was a connection request, and its event has been written. */
bool tpkt_expire(struct dctx *c, struct pend *p);

/* Keeps a request as it came, under the user's key: most fit beside the pending
 * entry, of the others the rest is gathered. tpkt_held() gives its bytes back; a
 * gather that it returns has to be dropped with the entry. */
void tpkt_hold(struct dctx *c, uint64_t key, const struct rd *whole);
struct gather *tpkt_held(struct dctx *c, const struct pend *p, struct rd *r);

/* What a message begins with: whose it is, and whether it is an answer. */
enum tpkt_user tpkt_message(const struct rd *r, bool *answer);

/* The fields of connection events, for the users' tables. */
#define TPKT_FIELDS(p)                                                                             \
	{ p ".cotp.src_ref", "integer", "caller's reference of the transport connection" },        \
	    { p ".cotp.dst_ref", "integer", "the called side's" },                                 \
	    { p ".cotp.calling_tsap", "string", "calling transport selector, hex or text" },       \
	    { p ".cotp.called_tsap", "string", "called transport selector, hex or text" },         \
	    { p ".cotp.tpdu_size", "integer", "largest TPDU agreed on, bytes" },                   \
	    { p ".cotp.connection", "string", "kind by the called TSAP: pg, op, basic" },          \
	    { p ".cotp.rack", "integer", "rack by the called TSAP" },                              \
	    { p ".cotp.slot", "integer", "slot by the called TSAP" },                              \
	{ p ".cotp.reason", "integer", "why it was refused or ended" }

#endif
