/* hl7.h: HL7 v2 over MLLP, what hl7_pdu.c finds in a message and hl7.c tells of it. */
#ifndef OT_PROTO_HL7_H
#define OT_PROTO_HL7_H

#include "proto/pack.h"
#include "proto/proto.h"

enum hl7_tag { HL7_NONE, HL7_SENDER, HL7_SENDER_AT, HL7_RECEIVER, HL7_RECEIVER_AT, HL7_TYPE,
	HL7_STRUCTURE, HL7_VERSION, HL7_PROCESSING, HL7_CHARSET, HL7_PROFILE, HL7_DELIMITERS,
	HL7_SEGMENT, HL7_SW_VENDOR, HL7_SW_PRODUCT, HL7_SW_VERSION, HL7_EQUIPMENT,
	HL7_EQU_MAKER, HL7_EQU_SERIAL, HL7_COMMAND, HL7_CALIBRATE, HL7_ACK, HL7_ERROR };

enum { HL7_KINDS = 28 };

/* One message. The texts are in a struct pack. */
struct hl7_head {
	uint64_t control;               /* MSH-10 by its hash; 0: none */
	uint64_t answers;               /* MSA-2, likewise */
	uint32_t bytes;
	uint16_t segments, software, commands;
	bool ack;                       /* nothing but an acknowledgement */
	bool no_ack;                    /* MSH-15 and 16 ask for none */
	bool security;                  /* MSH-8 is not empty */
	bool partial;                   /* longer than what is looked at */
};

/* The next message of a block, MSH and all up to the next one or the end. False at
 * the end, or with *why set. */
bool hl7_decode(struct rd *r, struct hl7_head *h, struct pack *p, bool cut, const char **why);

/* Delimiters are neither letters, digits nor blanks. */
bool hl7_is_mark(int c);

#endif
