/* mbus.h: wired M-Bus (EN 13757-2, EN 13757-3) as gateways pass it over TCP.
 *
 *      E5                                              acknowledgement
 *      10 | C | A | sum | 16                           short frame
 *      68 | L | L | 68 | C | A | CI | data | sum | 16  long frame; L from C on
 *
 *     mbus_pdu.c      frames and their headers
 *     mbus_record.c   data records: what is measured, in which unit
 *     mbus.c          probe, pairing, events */
#ifndef OT_MBUS_H
#define OT_MBUS_H

#include "proto/proto.h"

enum mbus_kind { MBUS_ACK, MBUS_SHORT, MBUS_LONG };
/* C without its frame count bits. */
enum { MBUS_SND_NKE = 0x40, MBUS_SND_UD = 0x43, MBUS_REQ_UD1 = 0x4a, MBUS_REQ_UD2 = 0x4b,
       MBUS_RSP_UD = 0x08 };

struct mbus_pdu {
	uint8_t kind, c, address, ci;
	bool has_ci, header, fixed, encrypted;
	uint8_t id[4];                  /* least significant first, two digits a byte */
	uint16_t maker;
	uint8_t version, medium, access, status, mode;
	bool has_maker, has_status;
	struct rd records;              /* or what else follows CI and header */
	const char *why;
};

/* Bytes of the frame at the cursor; 0: more needed; -1: none here. */
ssize_t mbus_length(const struct rd *r);
void mbus_decode(struct rd *r, struct mbus_pdu *p);
/* "SND_NKE" or NULL. */
const char *mbus_function(uint8_t c);
const char *mbus_medium(uint8_t medium);
extern const struct tok mbus_cis[];

enum mbus_type { MBUS_NONE, MBUS_INT, MBUS_REAL, MBUS_TEXT, MBUS_DATE, MBUS_TIME, MBUS_HEX };
struct mbus_record {
	uint8_t function;               /* 0 instantaneous, 1 maximum, 2 minimum, 3 error */
	uint8_t tariff, subunit;
	uint32_t storage;
	uint8_t vif, table;             /* table: 0, 0xfb, 0xfd: which the VIF is of */
	const char *quantity, *unit;
	int8_t exponent;
	enum mbus_type type;
	int64_t i;
	double real;
	const uint8_t *p;               /* MBUS_TEXT, MBUS_DATE, MBUS_TIME, MBUS_HEX */
	uint32_t n;
};
/* The next record; false at the end, or r BAD. *more: the maker's own bytes say
 * that further telegrams follow. */
bool mbus_record_next(struct rd *r, struct mbus_record *d, bool *more);
/* Its value, scaled, into ot.value when ot is true, else as member "value". */
void mbus_put_value(struct ev *e, const struct mbus_record *d, bool ot);

extern const struct field mbus_fields[];

#endif
