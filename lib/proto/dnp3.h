/* dnp3.h: the parts of DNP3 among themselves: names, objects, events. */
#ifndef OT_PROTO_DNP3_H
#define OT_PROTO_DNP3_H

#include "proto/proto.h"

enum {
	DNP3_CONFIRM = 0, DNP3_READ = 1, DNP3_WRITE = 2, DNP3_SELECT = 3, DNP3_OPERATE = 4,
	DNP3_DIRECT = 5, DNP3_DIRECT_NR = 6, DNP3_FREEZE = 7, DNP3_FREEZE_NR = 8,
	DNP3_FREEZE_CLEAR_NR = 10, DNP3_FREEZE_TIME = 11, DNP3_FREEZE_TIME_NR = 12,
	DNP3_COLD_RESTART = 13, DNP3_INIT_APPL = 16, DNP3_STOP_APPL = 18, DNP3_ENABLE = 20,
	DNP3_DISABLE = 21, DNP3_ASSIGN = 22, DNP3_OPEN = 25, DNP3_CLOSE = 26, DNP3_AUTH_FILE = 29,
	DNP3_AUTH = 32, DNP3_AUTH_NR = 33, DNP3_RESPONSE = 129, DNP3_UNSOLICITED = 130,
	DNP3_AUTH_RESPONSE = 131,
};

/* dnp3_names.c */
struct dnp3_function { struct text name; enum ot_op op; };
const struct dnp3_function *dnp3_function(uint8_t fc);  /* or NULL */
const char *dnp3_link_function(bool primary, uint8_t fc);
/* What an engineer calls points of a group: "analog_input"; or NULL. */
const char *dnp3_group(uint8_t g);
const char *dnp3_attribute(uint8_t var);                /* of group 0 */
const char *dnp3_auth_object(uint8_t var);              /* of group 120 */
extern const char *const dnp3_iin[16];
extern const struct tok dnp3_control_status[], dnp3_file_status[], dnp3_file_modes[],
    dnp3_auth_errors[];
extern const char *const dnp3_op_types[16], *const dnp3_trip_close[4];

/* A link frame's header: IEEE 1815-2012, 9.2.4. */
struct dnp3_link {
	uint8_t control;        /* DIR, PRM, FCB, FCV, function */
	uint16_t src, dst;
};
static inline bool dnp3_from_master(uint8_t control) { return control & 0x80; }

/* An object header (4.2.2.7) and where its points are. */
struct dnp3_obj {
	uint8_t group, var, qualifier;
	uint8_t prefix, range;  /* codes within the qualifier */
	bool ranged;            /* start and stop are there */
	bool data;              /* points or their indexes follow */
	uint32_t start, stop, count;
};

enum dnp3_kind { DP_NONE, DP_BIT, DP_DOUBLE, DP_COUNTER, DP_ANALOG, DP_OUTPUT, DP_CROB,
	DP_SETPOINT, DP_TIME, DP_NUMBER, DP_OCTETS, DP_ATTRIBUTE, DP_FILE, DP_AUTH };

/* One point, typed. */
struct dnp3_point {
	enum dnp3_kind kind;
	uint32_t index;
	bool has_index, has_size, has_flags, has_status, has_time, has_value, real;
	uint32_t size;          /* of an object of variable size, or its data */
	uint8_t flags;          /* quality, or the flags octet of a binary object */
	uint8_t status;
	uint64_t time;          /* ms since 1970, or ms relative to the common time */
	int64_t value;
	double number;          /* real */
	uint8_t op, tcc, count; /* CROB */
	bool queue, clear;
	uint32_t on_ms, off_ms;
	struct rd body;         /* octets, attribute, file and authentication objects */
};

/* Walks the objects of one fragment. */
struct dnp3_walk {
	struct rd *r;
	uint8_t fc;
	bool bad;               /* cannot go on: an object that is not known here */
	struct dnp3_obj h;
	uint32_t done;          /* points of h taken */
	const char *layout;
	uint8_t size, bits;     /* layout's size; bits of one packed point */
	uint8_t byte;           /* of packed points */
};
void dnp3_walk_begin(struct dnp3_walk *w, struct rd *r, uint8_t fc);
bool dnp3_next_object(struct dnp3_walk *w);
bool dnp3_next_point(struct dnp3_walk *w, struct dnp3_point *p);

/* The contents of a device attribute (group 0) and of file objects (group 70). */
struct dnp3_attr {
	uint8_t type;
	bool has_number, real;
	int64_t number;
	double value;
	struct text text;
};
void dnp3_attr_decode(struct rd r, struct dnp3_attr *a);
struct dnp3_file {
	bool has_name, has_handle, has_block, has_mode, has_size, has_status, has_key, has_user;
	bool last;
	struct text name;
	uint32_t handle, block, size, bytes;
	uint16_t mode, request, max_block;
	uint8_t status;
};
void dnp3_file_decode(uint8_t var, struct rd r, struct dnp3_file *f);

/* One fragment as it came, or as it waited. */
struct dnp3_msg {
	struct dnp3_link link;
	uint8_t control, fc;    /* application: FIR, FIN, CON, UNS, sequence */
	bool link_only;
	bool told;              /* a request whose event was given out before */
	uint16_t iin;           /* responses: first octet high */
	struct rd body;         /* the objects */
};

/* dnp3_put.c: a fragment as the detail's "request" or "response". Only part
 * `part` (from 1) of its commands; 0: everything. */
void dnp3_put(struct ev *e, const struct dnp3_msg *m, bool response, unsigned part);

/* dnp3_part.c: what one message commands or writes, thing by thing. */
struct dnp3_part {
	struct dnp3_obj h;
	struct dnp3_point p;    /* kind DP_NONE: the whole header */
};
/* Commands and writes of a message: how many events it takes (0: it is one). */
unsigned dnp3_parts(const struct dnp3_msg *m);
bool dnp3_part_find(const struct dnp3_msg *m, unsigned part, struct dnp3_part *out);
/* Whether this object belongs to a part of its own for that function. */
bool dnp3_is_part(uint8_t fc, const struct dnp3_obj *h);

/* dnp3_ot.c: the common block and identity. */
void dnp3_ot(struct ev *e, const struct dnp3_msg *q, const struct dnp3_msg *a, unsigned part);

/* dnp3_app.c */
void dnp3_fragment(struct dctx *c, const struct dnp3_link *l, struct rd r);
void dnp3_link_message(struct dctx *c, const struct dnp3_link *l);
void dnp3_expire(struct dctx *c, struct pend *p);

extern const struct field dnp3_fields[];

#endif
