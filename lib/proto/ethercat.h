/* ethercat.h: what ethercat.c's parts share.
 *
 * A segment is one master and the ring of slaves behind it. Its frames pass
 * every slave and come back with the data filled in and the working counters
 * raised, so that a frame is mostly seen twice: outward and returned. */
#ifndef OT_ETHERCAT_H
#define OT_ETHERCAT_H

#include "proto/keep.h"
#include "proto/proto.h"

enum { EC_NOP, EC_APRD, EC_APWR, EC_APRW, EC_FPRD, EC_FPWR, EC_FPRW, EC_BRD, EC_BWR, EC_BRW, EC_LRD,
	EC_LWR, EC_LRW, EC_ARMW, EC_FRMW };
enum { EC_POSITIONS = 256, EC_SII_FIRST = 0x40, EC_SII_WORDS = 384, EC_LOGICAL = 8 };

struct ec_datagram {
	uint8_t cmd, idx, nth;
	uint16_t adp, ado, len, wkc;
	uint32_t logical;
	struct rd data;                 /* of the frame: gone with it */
};

struct ec_key {
	uint8_t segment[8];             /* the master's MAC address and VLAN, or the flow */
	uint32_t who;                   /* station, or 0x10000 and its position */
	uint8_t kind, cmd, idx, nth;
	uint16_t ado, pad;
};

struct ec_master {
	uint64_t out, back, datagrams, cyclic, mailbox, writes;
	uint32_t told;                  /* changes of working counters so far */
	uint16_t slaves;                /* by the last broadcast that came back */
	uint16_t station[EC_POSITIONS]; /* by position; 0: not known */
	bool begun;                     /* told */
	bool seen_clear;                /* the master's own address has the bit not set */
	bool each;                      /* it asks each slave for its state */
	uint8_t all_state;
	unsigned nlogical;
	struct { uint32_t addr; uint16_t wkc; uint8_t cmd; } logical[EC_LOGICAL];
};

struct ec_slave {
	uint32_t who;
	uint16_t mbx_out, mbx_in;       /* from its sync managers; 0: not known */
	bool has_state, told;
	uint8_t state;
	uint16_t sii_addr;
	uint16_t id_have;               /* one bit a word, from 8 on */
	uint16_t id[8];
	uint8_t have[EC_SII_WORDS / 8];
	uint16_t sii[EC_SII_WORDS];
};
_Static_assert(sizeof(struct ec_slave) <= KEEP_DATA, "a slave fits its place");
_Static_assert(sizeof(struct ec_master) <= KEEP_DATA, "a master fits its place");

/* The frame at hand. */
struct ec_frame {
	struct dctx *c;
	struct ec_key key;              /* the segment; the rest as needed */
	struct ec_master *m;
	bool returned;
};

/* "slave 0x1001" or "position 3"; sub-assets are called that as well. */
struct text ec_who(struct ev *e, uint32_t who);
struct ev *ec_begin(struct dctx *c, const struct when *at, const char *event, uint32_t who);
/* What is known of a slave, made if new. */
struct ec_slave *ec_slave_of(struct ec_frame *f, uint32_t who);
/* A sub-asset behind the master. */
struct ident *ec_ident(struct ev *e, const char *source, uint32_t who);

extern const struct field ec_fields[];

/* ethercat_sii.c: the EEPROM's words as they are read; then what they say. */
void ec_sii_words(struct ec_slave *s, uint16_t addr, struct rd *r);
void ec_sii_tell(struct dctx *c, struct ec_slave *s, const struct when *at);
const char *ec_vendor_name(uint32_t id);

/* ethercat_coe.c: a mailbox written to or read from a slave. True when it was one. */
bool ec_mailbox(struct ec_frame *f, const struct ec_datagram *d, uint32_t who);

#endif
