/* fins.h: Omron FINS, for the fins files. Communications Commands Reference Manual,
 * W227 and W342.
 *
 *     +-----+---+-----+-----+-----+-----+-----+-----+-----+-----+-----+-----+------
 *     | icf | 0 | gct | dna | da1 | da2 | sna | sa1 | sa2 | sid | mrc | src | ...
 *     +-----+---+-----+-----+-----+-----+-----+-----+-----+-----+-----+-----+------
 *      bit 6: answer; bit 0: none wanted        answers: end code (2) before the data
 *
 * Over TCP a header stands before it: "FINS", length, command, error; big-endian. */
#ifndef OT_PROTO_FINS_H
#define OT_PROTO_FINS_H

#include "proto/proto.h"

enum {
	FINS_HEADER = 10, FINS_TCP_HEADER = 16, FINS_MAX = 2012,
	FINS_MEM_READ = 0x0101, FINS_MEM_WRITE = 0x0102, FINS_MEM_FILL = 0x0103,
	FINS_MEM_MULTI = 0x0104, FINS_MEM_TRANSFER = 0x0105,
	FINS_PROGRAM_PROTECT = 0x0304, FINS_PROGRAM_UNPROTECT = 0x0305,
	FINS_PROGRAM_READ = 0x0306, FINS_PROGRAM_WRITE = 0x0307, FINS_PROGRAM_CLEAR = 0x0308,
	FINS_RUN = 0x0401, FINS_STOP = 0x0402, FINS_CONTROLLER = 0x0501, FINS_UNITS = 0x0502,
	FINS_STATUS = 0x0601, FINS_CLOCK_READ = 0x0701, FINS_CLOCK_WRITE = 0x0702,
	FINS_FORCE = 0x2301,
};

struct fins_frame {
	uint8_t icf, gct, sid;
	uint8_t dest[3], src[3];                /* network, node, unit */
	uint16_t cmd, end;
	bool answer;
	struct rd data;
};
/* False: malformed, or no FINS at all. */
bool fins_decode(struct rd *r, struct fins_frame *f);

struct fins_command { uint16_t code; enum ot_op op; struct text name; };
const struct fins_command *fins_command_find(uint16_t code);
const char *fins_end_name(uint16_t end);
const char *fins_tcp_error_name(uint32_t error);

/* A place in memory: area code, word, bit. */
struct fins_place { uint8_t area, bit; uint16_t word; };
struct fins_place fins_place_read(struct rd *r);
/* "D100", "CIO12.05", "E2_300"; "area 0x77:5" where the code is unknown. */
struct text fins_place_name(struct ev *e, const struct fins_place *p);
/* Bytes of one element: 1 a bit, 2 a word, 4 a register. */
unsigned fins_place_width(uint8_t area);

/* Detail, common block and identity of an exchange; q or a may be NULL. index: which
 * of several forced bits, -1: the only one. */
void fins_put_address(struct ev *e, const struct fins_frame *f);
void fins_put_request(struct ev *e, const struct fins_frame *q);
void fins_put_response(struct ev *e, const struct fins_frame *a);
void fins_put_common(struct ev *e, const struct fins_frame *q, const struct fins_frame *a,
    int index);
void fins_identify(struct ev *e, const struct fins_frame *a);

#endif
