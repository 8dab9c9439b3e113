/* scpi.h: SCPI and IEEE 488.2 messages, as raw sockets, telnet, VXI-11 and
 * HiSLIP carry them alike.
 *
 * SCPI-1999 volume 1, and IEEE 488.2-1992 clauses 7 and 8:
 *
 *      :CAL:SEC:STAT OFF,1234;:SYST:ERR?\n         a program message, two units
 *      0,"No error"\n                              a response message
 *
 * What a unit does is told by the nodes of its header, each in its short or long
 * form (CALibration: CAL or CALIBRATION), the last with ? when it asks. */
#ifndef OT_SCPI_H
#define OT_SCPI_H

#include "proto/proto.h"

/* scpi_line.c: one message, its units, what they are. No event, no state. */

enum { SCPI_HEAD = 96 };        /* a header is at most 7 nodes of 12 letters or so */

enum scpi_answer {              /* what the answer to a query holds */
	SCPI_VALUE,
	SCPI_IDN, SCPI_OPT, SCPI_ERROR, SCPI_VERSION,
	SCPI_PRIVATE,           /* never to be looked at */
};

struct scpi_unit {
	char head[SCPI_HEAD];   /* whole path, upper case, without the leading colon */
	uint8_t n;
	bool query;
	bool known;             /* its first node is one of the standard's */
	bool calibration;
	bool secret;            /* an argument is, or the answer */
	bool free_text;         /* the argument is for people to read */
	enum scpi_answer answer;
	enum ot_op op;
	struct rd args;
};

/* Where a unit stands in its message: later ones may leave out what the first
 * began with. */
struct scpi_path { char s[SCPI_HEAD]; uint8_t n; };

/* The next line of a message (without its end); false when there is none. Blocks
 * (#<digits><length><bytes>) are passed over by their length. */
bool scpi_line(struct rd *r, struct rd *line);
/* The next unit of a line. False at its end, or where none can be read. */
bool scpi_unit(struct rd *line, struct scpi_path *path, struct scpi_unit *u);
/* The next part of an answer to several queries. */
bool scpi_part(struct rd *line, struct rd *part);
/* Bytes up to and with the end of a line or a block in it; 0: not here as yet. */
uint32_t scpi_length(const struct rd *r);
/* A command that nothing but SCPI has: 2, or that SCPI has too: 1, none: 0. */
int scpi_shape(struct rd line);
/* A number and nothing else. */
bool scpi_number(struct rd r, double *v);
/* The standard's name for an error number, or NULL. */
const char *scpi_error(int32_t code);

/* scpi_put.c: events. */

/* One conversation with an instrument, in the state of the flow that carries it. */
struct scpi_talk {
	uint32_t next, head;            /* queries asked, and the oldest one still open */
	uint16_t turn;                  /* messages: the answers to one come together */
	uint16_t told;                  /* kinds of housekeeping seen */
	uint8_t chan;                   /* apart in one flow */
	bool tail[2];                   /* amid a message, whose beginning was read */
};

struct scpi_via {
	struct scpi_talk *talk;
	struct text carrier;            /* "raw", "telnet", "vxi11", "hislip" */
	struct text device;             /* "inst0", "gpib0,5"; or none */
	bool behind;                    /* the device is another one than the server */
	bool whole;                     /* the carrier says where messages end */
};

/* A (part of a) program message from the client; end: it is its last. */
void scpi_program(struct dctx *c, const struct scpi_via *v, struct rd msg, bool end);
/* A (part of a) response message. */
void scpi_response(struct dctx *c, const struct scpi_via *v, struct rd msg, bool end);
/* The oldest query got this instead of an answer. False when none waits. */
bool scpi_refused(struct dctx *c, const struct scpi_via *v, struct text result);
/* For dissector.expire. False when the request is none of these. */
bool scpi_expire(struct dctx *c, struct pend *p);
/* Not an instrument of its own: "gpib0,5" is behind its gateway, "inst0" is not. */
bool scpi_is_behind(struct text device);

extern const struct dissector scpi_dissector;

#endif
