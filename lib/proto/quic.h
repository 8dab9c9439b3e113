/* quic.h: QUIC's packets as far as they can be read (RFC 8999, 9000, 9369). */
#ifndef OT_QUIC_H
#define OT_QUIC_H

#include "base/rd.h"
#include "proto/ev.h"

#include <stdbool.h>
#include <stdint.h>

enum { QUIC_CID = 20, QUIC_V2 = 0x6b3343cf };
enum quic_type { QUIC_INITIAL, QUIC_ZERO_RTT, QUIC_HANDSHAKE, QUIC_RETRY, QUIC_NEGOTIATION };

struct quic_packet {
	enum quic_type type;
	uint32_t version;
	struct rd dcid, scid;
	struct rd rest;                 /* RETRY, NEGOTIATION: what follows the ids */
	const uint8_t *p;               /* the packet, n bytes that we hold */
	uint32_t n, pn_at;              /* where its packet number begins */
};

/* One packet with a long header; a datagram may hold several. False where there is none
 * (any more), or one of a version nobody knows. */
bool quic_packet(struct rd *r, struct quic_packet *q);
/* "v1", "draft-29", or NULL for a version that is not known. */
const char *quic_version_name(uint32_t version);
uint64_t quic_varint(struct rd *r);

/* Google's QUIC before the standard, with its own handshake. */
struct gquic { char version[4]; struct text sni, ua; bool hello; };
bool gquic_packet(struct rd r, struct gquic *g);

#endif
