/* websocket.h: WebSocket frames (RFC 6455) taken off a stream, so that whatever
 * runs over them is found out and dissected as on a stream of its own.
 *
 *      +-------+---------+-----------+------+---------------------------+
 *      |fin rsv| mask len| longer len| key  | payload, each byte ^ key  |
 *      | opcode|  1    7 | 0, 2 or 8 |0 or 4|                           |
 *      +-------+---------+-----------+------+---------------------------+
 *
 * Messages' ends are not kept: the protocols of interest (MQTT, AMQP, RFB) take
 * the bytes as a stream. Texts and control frames are passed over. */
#ifndef OT_WEBSOCKET_H
#define OT_WEBSOCKET_H

#include "base/rd.h"

#include <stdbool.h>
#include <stdint.h>

/* One direction. */
struct websocket {
	uint64_t left;          /* bytes of this frame's payload still to come */
	uint8_t head[14];       /* its head, while that is not whole */
	uint8_t nhead;
	uint8_t key[4], at;     /* 0 where it is not masked; which byte comes next */
	bool masked, data;      /* the frame is masked, is one of data */
	bool binary;            /* the message is, which may have several frames */
	bool lost;              /* wait for a segment that begins with a frame */
};

enum { WEBSOCKET_PLAIN = 16 << 10 };

/* The next piece of binary payload in r, which moves on; unmasked in buf
 * (WEBSOCKET_PLAIN bytes) where it must be. False when r has no more. */
bool websocket_next(struct websocket *w, struct rd *r, uint8_t *buf, struct rd *piece);
/* n bytes are missing. */
void websocket_gap(struct websocket *w, uint32_t n);

#endif
