/* cip.h: the Common Industrial Protocol inside EtherNet/IP, for enip.c and the
 * cip files.
 *
 * ODVA, The CIP Networks Library, volume 1: message router requests and
 * responses (2-4), encoded paths (appendix C), Connection Manager (3-5).
 *
 *      request                              response
 *     +------+-------+----------+------    +------+---+--------+-----+-----------+------
 *     | svc  | words | path ... | data     | svc  | 0 | status | ext | ext words | data
 *     +------+-------+----------+------    +------+---+--------+-----+-----------+------
 *      bit 7 clear                          bit 7 set
 *
 * Little-endian throughout. */
#ifndef OT_PROTO_CIP_H
#define OT_PROTO_CIP_H

#include "proto/proto.h"

enum {
	CIP_IDENTITY = 0x01, CIP_ROUTER = 0x02, CIP_ASSEMBLY = 0x04, CIP_CONN_MANAGER = 0x06,
	CIP_FILE = 0x37, CIP_TIME_SYNC = 0x43, CIP_MODBUS = 0x44, CIP_QOS = 0x48,
	CIP_PCCC = 0x67, CIP_SYMBOL = 0x6b, CIP_TEMPLATE = 0x6c, CIP_CLOCK = 0x8b,
	CIP_CONTROLLER = 0x8e, CIP_PORT = 0xf4, CIP_TCPIP = 0xf5, CIP_ETHERNET = 0xf6,
};
enum {
	CIP_GET_ALL = 0x01, CIP_SET_ALL = 0x02, CIP_GET_LIST = 0x03, CIP_SET_LIST = 0x04,
	CIP_RESET = 0x05, CIP_START = 0x06, CIP_STOP = 0x07, CIP_MULTIPLE = 0x0a,
	CIP_GET_SINGLE = 0x0e, CIP_SET_SINGLE = 0x10,
	CIP_READ_TAG = 0x4c, CIP_WRITE_TAG = 0x4d, CIP_RMW_TAG = 0x4e, CIP_READ_FRAG = 0x52,
	CIP_WRITE_FRAG = 0x53,
	/* of the Connection Manager */
	CIP_FWD_CLOSE = 0x4e, CIP_UNCONN_SEND = 0x52, CIP_FWD_OPEN = 0x54,
	CIP_LARGE_FWD_OPEN = 0x5b,
	CIP_EXEC_PCCC = 0x4b,
};
enum { CIP_NAME_MAX = 200, CIP_ROUTE_MAX = 64, CIP_POINTS = 4 };

/* An encoded path (EPATH), decoded: where it leads, and what is there. */
struct cip_path {
	bool has_class, has_instance, has_attribute, symbolic, has_key, bad;
	bool has_parent;                        /* an object inside an object */
	uint32_t cls, instance, attribute, parent_cls, parent_instance;
	uint8_t npoints;
	uint32_t point[CIP_POINTS];             /* connection points, and members of objects */
	uint16_t key_vendor, key_type, key_code;
	uint8_t key_major, key_minor;
	uint8_t route_n;
	uint16_t name_n;
	char route[CIP_ROUTE_MAX];              /* "port 1 slot 0" */
	char name[CIP_NAME_MAX];                /* "Program:Main.Tag[3]", if symbolic */
};
void cip_path_decode(struct rd path, struct cip_path *p);
/* Its segments, as EVE writes them: an array "path". */
void cip_path_put(struct ev *e, struct rd path);

struct cip_req {
	uint8_t svc;
	struct rd path, data;
};
struct cip_resp {
	uint8_t svc, status;                    /* svc without its top bit */
	struct rd ext, data;
};
/* One message of r's bytes; false: it is none (r has the error). */
bool cip_request(struct rd *r, struct cip_req *q);
bool cip_response(struct rd *r, struct cip_resp *a);
/* The i'th of the messages in a Multiple Service Packet's data; false: no such. */
bool cip_multiple(struct rd data, unsigned i, struct rd *one);
unsigned cip_multiple_n(struct rd data);

/* Names (cip_names.c). */
struct cip_service { struct text name; enum ot_op op; };
/* Never NULL; an unknown service has no name. */
const struct cip_service *cip_service_find(const struct cip_path *p, uint8_t svc);
const char *cip_class_name(uint32_t cls);
const char *cip_attribute_name(uint32_t cls, uint32_t attribute);
const char *cip_status_name(uint8_t status);
const char *cip_extended_name(uint8_t status, uint16_t ext);
/* "Path destination unknown" as a word: path_destination_unknown. */
struct text cip_word(struct ev *e, const char *name);
const char *cip_vendor_name(uint16_t id);
const char *cip_device_type_name(uint16_t type);
const char *cip_role(uint16_t device_type);

/* One exchange, or half of it; q or a may be NULL. */
struct cip_talk {
	const struct cip_req *q;
	const struct cip_resp *a;
	struct cip_path path;                   /* of q */
	struct text route;                      /* to a part behind dest; n == 0: dest itself */
};
/* Whether what a message of this packet did needs an event of its own. */
bool cip_is_deed(const struct cip_req *q);
/* The members of the object "cip" of either side, and the common block. */
void cip_put_request(struct ev *e, const struct cip_talk *t);
void cip_put_response(struct ev *e, const struct cip_talk *t);
void cip_put_common(struct ev *e, const struct dctx *c, const struct cip_talk *t);
/* The object's name: "Program:Main.Tag[3]", "Identity 1 Product Name". */
struct text cip_object(struct ev *e, const struct cip_path *p);

/* Identity (cip_ident.c): the fields of one device. */
struct cip_ident {
	bool has_vendor, has_type, has_code, has_revision, has_status, has_serial, has_state;
	uint16_t vendor, type, code, status;
	uint8_t major, minor, state;
	uint32_t serial;
	struct text name;
};
/* Vendor to product name, as ListIdentity and Get_Attributes_All have them. */
void cip_ident_decode(struct rd *r, struct cip_ident *d);
/* The members of an object "identity", as EVE has them. */
void cip_ident_put(struct ev *e, const struct cip_ident *d);
void cip_ident_say(struct ev *e, const struct cip_ident *d, const char *source,
    struct text route);
/* What the answer to a read of the Identity, TCP/IP or Ethernet object says. */
bool cip_identify(struct ev *e, const struct cip_talk *t, struct cip_ident *d);

/* Connections (cip_conn.c). */
struct cip_open {
	uint32_t ot, to, ot_rpi, to_rpi, ot_params, to_params, orig_serial;
	uint16_t serial, vendor;
	uint8_t tick, ticks, multiplier, trigger;
	bool large;
	struct rd path;
};
bool cip_open_decode(const struct cip_req *q, struct cip_open *o);
/* The answer: O->T and T->O ids. */
bool cip_opened_decode(const struct cip_resp *a, uint32_t *ot, uint32_t *to);
/* Takes an Unconnected Send apart. */
struct cip_unconnected { uint8_t tick, ticks; struct rd message, route; };
bool cip_unconnected_decode(const struct cip_req *q, struct cip_unconnected *u);
/* Where the connection of a Forward Open or Close leads. */
struct text cip_conn_target(struct ev *e, const struct cip_req *q);
void cip_conn_put_request(struct ev *e, const struct cip_req *q);
void cip_conn_put_response(struct ev *e, const struct cip_talk *t);

/* Values (cip_value.c): tag data behind its type. To ot.value, or to the member
 * "value" of the object being written. */
enum cip_to { CIP_TO_OT, CIP_TO_DETAIL };
/* handle tells which structure, where the type is CIP_STRUCT. */
enum { CIP_STRUCT = 0x02a0 };
void cip_value_put(struct ev *e, uint16_t type, uint16_t handle, struct rd data,
    enum cip_to to);
void cip_value_raw(struct ev *e, struct rd data, enum cip_to to);
const char *cip_type_name(uint16_t type);

/* PCCC (pccc.c). */
void pccc_put_request(struct ev *e, struct rd data);
void pccc_put_response(struct ev *e, struct rd data, struct rd request);
void pccc_put_common(struct ev *e, const struct cip_talk *t);

#endif
