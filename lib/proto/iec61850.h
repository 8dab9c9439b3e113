/* iec61850.h: what GOOSE and sampled values share: the headers of both on
 * Ethernet (IEC 61850-8-1 annex C, 9-2) and routed (90-5). */
#ifndef OT_IEC61850_H
#define OT_IEC61850_H

#include "proto/ber.h"
#include "proto/keep.h"
#include "proto/proto.h"

/* The next element; false at the end or where it is broken. These two allow no
 * indefinite lengths. */
bool tlv_next(struct rd *r, struct ber *t);

enum { SESSION_GOOSE = 0xa1, SESSION_SV = 0xa2 };

struct apdu_head {
	uint16_t appid, length;
	bool simulated, routed, secured;
	uint32_t spdu;                  /* routed: the SPDU's number */
	const char *why;
};
/* On Ethernet: APPID 2, length 2, reserved 4. body is what follows, within the
 * length, or all there is where that is wrong. */
void apdu_head(struct rd *r, struct apdu_head *h, struct rd *body);
/* Over UDP: false when it is not such a session. */
bool apdu_session(struct rd *r, uint8_t kind, struct apdu_head *h, struct rd *body);
/* PROBE_YES for such a session of this kind. */
enum probe apdu_probe(struct probe_in *in, uint8_t kind);

/* A stream's key: who sends what to whom, in which VLAN or flow. */
struct apdu_key { uint8_t b[32]; };
struct apdu_key apdu_key(const struct dctx *c, uint16_t appid, struct text name);

/* Time as IEC 61850-8-1 8.1.3.7 has it: seconds, fraction, quality. */
struct text utc_text(struct ev *e, const uint8_t p[8]);

#endif
