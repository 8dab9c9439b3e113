/* melsec.h: SLMP, the Seamless Message Protocol of Mitsubishi controllers (MC
 * protocol's 3E and 4E frames), for the melsec files. SH-080956 and SH-080008.
 *
 *     4E alone: 54 00, serial (2), 00 00; 3E: 50 00          answers: d4 00, d0 00
 *     +--------+---------+----+---------+---------+--------+-------+---------+---------+-----
 *     | 50 00  | network | pc | i/o (2) | station | length | timer | command | subcmd. | data
 *     +--------+---------+----+---------+---------+--------+-------+---------+---------+-----
 *                                                  answers: length, end code, data
 *
 * Binary is little-endian; ASCII code writes each number in hex digits, most
 * significant first, and two letters for a device. */
#ifndef OT_PROTO_MELSEC_H
#define OT_PROTO_MELSEC_H

#include "proto/proto.h"

enum {
	MELSEC_READ = 0x0401, MELSEC_WRITE = 0x1401, MELSEC_RANDOM_READ = 0x0403,
	MELSEC_RANDOM_WRITE = 0x1402, MELSEC_BLOCK_READ = 0x0406, MELSEC_BLOCK_WRITE = 0x1406,
	MELSEC_MONITOR_ENTRY = 0x0801, MELSEC_TYPE = 0x0101, MELSEC_RUN = 0x1001,
	MELSEC_PAUSE = 0x1003, MELSEC_UNLOCK = 0x1630, MELSEC_LOCK = 0x1631,
	MELSEC_LABEL_READ = 0x041c, MELSEC_LABEL_WRITE = 0x141b,
	MELSEC_CYCLIC = 0x0e70, MELSEC_MAX = 4096,
};

struct melsec_frame {
	bool ascii, four, answer;
	uint8_t network, pc, station;
	uint16_t serial, io, len, timer, cmd, sub, end;
	struct rd data;                         /* behind the subcommand or end code */
};
/* Length of the frame at the cursor, 0: more bytes needed, -1: none here. */
ssize_t melsec_length(const struct rd *v);
bool melsec_decode(struct rd *r, struct melsec_frame *f);

/* Numbers of either code. */
struct mc { struct rd r; bool ascii; };
uint8_t mc_u8(struct mc *m);
uint16_t mc_u16(struct mc *m);
uint32_t mc_u32(struct mc *m);
/* Numbers of n bytes that are still there. */
uint32_t mc_left(const struct mc *m, unsigned n);

struct melsec_device { uint16_t code; uint32_t n; const char *name; bool hex, known; };
struct melsec_device melsec_device_read(struct mc *m, uint16_t sub);
/* "D100", "X1F". */
struct text melsec_device_name(struct ev *e, const struct melsec_device *d);

struct melsec_command { uint16_t code; enum ot_op op; struct text name; };
const struct melsec_command *melsec_command_find(uint16_t code);
const char *melsec_end_name(uint16_t end);

/* Several writes in one request, each an object of its own: how many. */
unsigned melsec_writes(const struct melsec_frame *q);
/* The request ends before what it says it holds. */
bool melsec_is_torn(const struct melsec_frame *q);
/* Detail, common block and identity; q or a may be NULL. index: which of several
 * writes, -1: the only one. */
void melsec_put_request(struct ev *e, const struct melsec_frame *q);
void melsec_put_response(struct ev *e, const struct melsec_frame *a);
void melsec_put_common(struct ev *e, const struct melsec_frame *q, const struct melsec_frame *a,
    int index);
void melsec_identify(struct ev *e, const struct melsec_frame *q, const struct melsec_frame *a);

#endif
