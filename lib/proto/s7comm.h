/* s7comm.h: the decode half of S7, and what its files share. */
#ifndef OT_PROTO_S7COMM_H
#define OT_PROTO_S7COMM_H

#include "proto/tpkt.h"

enum { S7_JOB = 1, S7_ACK = 2, S7_ACK_DATA = 3, S7_USERDATA = 7 };

enum { S7_CPU = 0x00, S7_READ = 0x04, S7_WRITE = 0x05, S7_REQ_DOWNLOAD = 0x1a, S7_DOWNLOAD = 0x1b,
	S7_END_DOWNLOAD = 0x1c, S7_START_UPLOAD = 0x1d, S7_UPLOAD = 0x1e, S7_END_UPLOAD = 0x1f,
	S7_PI = 0x28, S7_STOP = 0x29, S7_SETUP = 0xf0 };

/* Userdata: who sends (high nibble of its type) and groups (low nibble). */
enum { S7_UD_PUSH = 0, S7_UD_REQUEST = 4, S7_UD_RESPONSE = 8 };
enum { S7_G_MODE, S7_G_PG, S7_G_CYCLIC, S7_G_BLOCK, S7_G_CPU, S7_G_SECURITY, S7_G_PBC, S7_G_TIME,
	S7_G_NC = 15 };

/* One PDU. param and data borrow the message's bytes. */
struct s7_pdu {
	uint8_t rosctr, func;           /* func: of jobs and their answers */
	uint16_t ref;
	uint8_t err_class, err_code;    /* of answers */
	/* userdata's parameter head */
	uint8_t ud_type, group, sub, seq, unit, more;
	uint16_t ud_error;
	bool has_result;                /* unit, more and ud_error are there */
	struct rd param, data;          /* what follows the function or userdata head; the data */
};

/* S7ANY and its kin: what one item of a request names. */
struct s7_item {
	uint8_t syntax, transport, area;
	uint16_t count, db;
	uint32_t addr;                  /* bit address; a number for timers and counters */
};

/* One item of data: return code, kind and bytes, as many as we hold. */
struct s7_value {
	uint8_t code, transport;
	uint32_t n;
	const uint8_t *p;
};

/* The identification lists have some 350 bytes. */
enum { S7_NAME = 24, S7_PART = 400 };

/* Per flow: what is being uploaded, for PDUs that no longer say so; and the first
 * parts of a list that comes in several answers. Each part is asked for, so that
 * what a capture lost between them does no harm. */
struct s7_state {
	uint32_t upload_id;
	uint8_t upload_n, seq;
	bool parts;
	char upload[S7_NAME];
	uint16_t part_n, part_total;
	uint8_t part[S7_PART];
};

/* s7comm_pdu.c: pure. */
bool s7_decode(struct rd *r, struct s7_pdu *p);
bool s7_item_decode(struct rd *r, struct s7_item *i);
bool s7_value_decode(struct rd *r, struct s7_value *v, bool request);
/* Do the items fill what the lengths say? */
bool s7_sound(const struct s7_pdu *p);
/* "DB10.DBW4", "M4.0", "IB2", "T5", "NCK0.U1...": an item's address to d, which has
 * room for it; returns where it ends. */
enum { S7_ADDRESS = 49 };       /* room for one, and what stands between two */
char *s7_address_at(char *d, const struct s7_item *i);

/* s7comm_var.c: read, write, cyclic data. */
void s7_put_read(struct ev *e, const struct s7_pdu *q, const struct s7_pdu *a);
/* The items of a write, one after the other. */
struct s7_writes { struct rd items, values, codes; unsigned n, k; };
void s7_write_begin(struct s7_writes *w, const struct s7_pdu *q, const struct s7_pdu *a);
bool s7_put_write(struct ev *e, struct s7_writes *w);
void s7_put_cyclic(struct ev *e, struct rd *request, struct rd *answer);

/* s7comm_block.c: loading blocks, program invocation, block lists. */
void s7_put_load(struct dctx *c, struct ev *e, const struct s7_pdu *q, const struct s7_pdu *a);
void s7_put_pi(struct ev *e, const struct s7_pdu *q);
bool s7_is_login(const struct s7_pdu *q);       /* a program invocation that holds a password */
void s7_put_stop(struct ev *e, const struct s7_pdu *q);
void s7_put_blocks(struct ev *e, uint8_t sub, struct rd *request, struct rd *answer);
/* "DB10" of "_0A00010P" or "0A00010A"; detail says whether it may write members. */
struct text s7_block_name(struct ev *e, struct rd *r, bool detail);

/* s7comm_user.c: userdata but blocks and lists. */
void s7_put_userdata(struct dctx *c, struct ev *e, const struct s7_pdu *q, const struct s7_pdu *a);

/* s7comm_szl.c: system status lists. payload begins with id and index. */
void s7_put_szl_ids(struct ev *e, uint16_t id, uint16_t index);
void s7_put_szl(struct ev *e, struct rd *payload);

/* s7comm_names.c */
extern const struct tok s7_groups[],
    s7_block_types[], s7_modes[], s7_languages[];
struct text s7_rosctr(uint8_t rosctr);
struct text s7_function(uint8_t func);
struct text s7_transport(uint8_t transport);
const char *s7_return_code(uint8_t code);
const char *s7_error(uint16_t code);
const char *s7_error_class(uint8_t cls);
const char *s7_szl_name(uint16_t id);
struct s7_sub { uint8_t group, sub, op; const char *name; };
const struct s7_sub *s7_sub_find(uint8_t group, uint8_t sub);
/* An error's name, or its number. */
struct text s7_error_text(struct ev *e, uint16_t code);
struct text s7_code_text(struct ev *e, uint8_t code);

extern const struct field s7_fields[];

#endif
