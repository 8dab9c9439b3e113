/* ads.h: what the parts of the Beckhoff ADS dissector share.
 *
 *   ads.c         AMS over TCP: frames, pairing
 *   ads_put.c     commands into events
 *   ads_note.c    notifications
 *   ads_sum.c     many commands in one (sum commands)
 *   ads_udp.c     discovery and routes over UDP
 *   ads_names.c   numbers and their names; fields */
#ifndef OT_PROTO_ADS_H
#define OT_PROTO_ADS_H

#include "proto/proto.h"

enum { ADS_DEVICE_INFO = 1, ADS_READ, ADS_WRITE, ADS_READ_STATE, ADS_WRITE_CONTROL, ADS_ADD_NOTE,
	ADS_DEL_NOTE, ADS_NOTE, ADS_READ_WRITE };
enum { ADS_F_RESPONSE = 1, ADS_F_NO_RETURN = 2, ADS_F_COMMAND = 4 };
/* Index groups that mean something of their own (TwinCAT ADS: PLC and system services). */
enum { ADS_G_FILE_OPEN = 120, ADS_G_FILE_DELETE = 131, ADS_G_FILE_LAST = 135, ADS_G_REGISTRY = 200,
	ADS_G_TARGET = 700, ADS_G_HOSTNAME = 702, ADS_G_HANDLE = 0xf003,
	ADS_G_BY_NAME = 0xf004, ADS_G_BY_HANDLE = 0xf005, ADS_G_RELEASE = 0xf006,
	ADS_G_INFO = 0xf007, ADS_G_INFO_EX = 0xf009, ADS_G_SUM_READ = 0xf080,
	ADS_G_SUM_WRITE, ADS_G_SUM_READ_WRITE, ADS_G_SUM_READ_EX, ADS_G_SUM_READ_EX2,
	ADS_G_SUM_ADD_NOTE, ADS_G_SUM_DEL_NOTE };

enum { ADS_ADDR_TEXT = 32, ADS_OBJECT_TEXT = 256 };

/* A NetId and a port: a program in a controller. */
struct ads_addr { uint8_t net[6]; uint16_t port; };

struct ads_head {
	struct ads_addr target, source;
	uint16_t cmd, flags;
	uint32_t len, error, invoke;
};

/* A request that waits; a longer body lies in gather's memory under the same key. */
enum { ADS_BODY = PEND_DATA - 48 };
struct ads_req {
	struct ads_head h;
	uint32_t n;                     /* of body */
	uint8_t body[ADS_BODY];
};
_Static_assert(sizeof(struct ads_req) <= PEND_DATA, "request fits its place");

struct ads_state { uint32_t map_at; };

/* One exchange on its way into events: h is the request's. */
struct ads_talk {
	struct dctx *c;
	struct ads_head h;
	bool has_q, has_a;
	struct rd q, a;
	uint32_t error;                 /* of the answer's AMS header */
	struct when when;
	int side;
	struct ev *e;
	bool named;                     /* the last place was a symbol, file or key */
	uint32_t obj_n;
	char obj[ADS_OBJECT_TEXT];
};

/* ads_put.c */
void ads_report(struct ads_talk *t);
struct ev *ads_begin(struct ads_talk *t);
/* result: the command's own, after the AMS header's. */
void ads_emit(struct ads_talk *t, bool answered, uint32_t result);
/* The place a command is about, from its group, offset and what is written with
 * it: a name where there is one (t->named), else "851:0x4020:0x10", the port first. */
struct text ads_place(struct ads_talk *t, uint32_t group, uint32_t offset, struct rd written,
    char d[ADS_OBJECT_TEXT]);
void ads_put_place(struct ads_talk *t, uint32_t group, uint32_t offset, struct rd written);
/* Bytes as a value: one and two are a number, up to 16 hex; longer ones are counted only. */
void ads_put_value(struct ev *e, struct rd data, bool ot);
/* Remembers what an answer named: a symbol's handle. */
void ads_learn(struct ads_talk *t, uint32_t group, struct text place, struct rd answer);
uint64_t ads_number(uint16_t port, uint32_t handle, bool note);
size_t ads_addr_text(char d[ADS_ADDR_TEXT], const struct ads_addr *a);
/* Texts on this wire end with a NUL. */
struct text ads_text(struct rd *r, uint32_t n);

/* ads_note.c */
void ads_add_note(struct ads_talk *t);
void ads_del_note(struct ads_talk *t);
void ads_note(struct ads_talk *t);

/* ads_sum.c: true when the group is a sum command's, and was reported. */
bool ads_sum(struct ads_talk *t, uint32_t group, uint32_t count, struct rd written, bool answered,
    uint32_t result, struct rd answer);

/* ads_udp.c */
enum verdict ads_datagram(struct dctx *c, struct rd *r);
bool ads_is_datagram(const struct rd *r, bool *response);
void ads_datagram_expire(struct dctx *c, struct pend *p);

/* ads_names.c */
const char *ads_error_name(uint32_t error);
const char *ads_state_name(uint16_t state);
const char *ads_group_name(uint32_t group);
struct text ads_command_name(uint16_t cmd);
extern const struct field ads_fields[];

#endif
