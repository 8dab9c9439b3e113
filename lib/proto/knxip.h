/* knxip.h: KNXnet/IP (ISO 22510, EN 13321-2) and the cEMI frames in it.
 *
 *     +-----+-----+----------+--------+------------------------------------+
 *     |  6  | 10h | service  | length | body: HPAI, DIBs, CRI, or          |
 *     |     |     |          | of all | connection header and cEMI frame   |
 *     +-----+-----+----------+--------+------------------------------------+
 *
 *     knxip_pdu.c     bytes to struct: header, body, cEMI
 *     knxip_dib.c     description blocks: walked, written, who says so
 *     knxip_names.c   services, APCIs, error codes, makers
 *     knxip_put.c     cEMI into an event
 *     knxip.c         probe, pairing, events */
#ifndef OT_KNXIP_H
#define OT_KNXIP_H

#include "proto/proto.h"

enum {
	KNX_SEARCH = 0x0201, KNX_SEARCH_RES, KNX_DESCRIBE, KNX_DESCRIBE_RES, KNX_CONNECT,
	KNX_CONNECT_RES, KNX_STATE, KNX_STATE_RES, KNX_DISCONNECT, KNX_DISCONNECT_RES,
	KNX_SEARCH_EXT, KNX_SEARCH_EXT_RES,
	KNX_CONFIG = 0x0310, KNX_CONFIG_ACK,
	KNX_TUNNEL = 0x0420, KNX_TUNNEL_ACK, KNX_FEATURE_GET, KNX_FEATURE_RES, KNX_FEATURE_SET,
	KNX_FEATURE_INFO,
	KNX_ROUTING = 0x0530, KNX_LOST, KNX_BUSY, KNX_ROUTING_SB,
	KNX_DIAG = 0x0740, KNX_DIAG_RES, KNX_BASIC_CONFIG, KNX_RESET,
	KNX_WRAPPER = 0x0950, KNX_SESSION, KNX_SESSION_RES, KNX_AUTHENTICATE, KNX_SESSION_STATUS,
	KNX_TIMER,
};

/* cEMI message codes. */
enum {
	CEMI_RAW_REQ = 0x10, CEMI_DATA_REQ, CEMI_POLL_REQ = 0x13, CEMI_POLL_CON = 0x25,
	CEMI_DATA_IND = 0x29, CEMI_BUSMON = 0x2b, CEMI_RAW_IND = 0x2d, CEMI_DATA_CON,
	CEMI_RAW_CON, CEMI_RESET_IND = 0xf0, CEMI_RESET_REQ, CEMI_PROP_WRITE_CON = 0xf5,
	CEMI_PROP_WRITE, CEMI_PROP_INFO, CEMI_FUNC_CMD, CEMI_FUNC_STATE, CEMI_FUNC_CON,
	CEMI_PROP_READ_CON, CEMI_PROP_READ,
};

/* APCIs that the code itself has to know; those with their number in the top
 * four bits keep data in the other six. */
enum {
	APCI_GROUP_READ = 0x000, APCI_GROUP_RES = 0x040, APCI_GROUP_WRITE = 0x080,
	APCI_MEM_READ = 0x200, APCI_MEM_RES = 0x240, APCI_MEM_WRITE = 0x280,
	APCI_DESC_READ = 0x300, APCI_DESC_RES = 0x340, APCI_RESTART = 0x380,
	APCI_MASTER_RESET = 0x381, APCI_AUTH = 0x3d1, APCI_KEY_WRITE = 0x3d3,
	APCI_PROP_READ = 0x3d5, APCI_PROP_RES, APCI_PROP_WRITE, APCI_SECURE = 0x3f1,
};

struct knx_hpai { bool has, tcp; struct addr ip; uint16_t port; };

struct knx_cemi {
	uint8_t mc;
	bool data;                      /* an L_Data frame: what follows is filled */
	bool group, failed, control;    /* to a group; confirmed negatively; no APCI */
	uint8_t prio, hops, tpci;
	uint16_t src, dst, apci;
	bool has_small;                 /* six bits in the APCI's own byte */
	uint8_t small;
	const uint8_t *p;               /* bytes behind the APCI */
	uint32_t n;
	/* properties: of M_Prop, or of a device's PropertyValue services */
	bool prop, has_count;
	uint16_t object, pid, count, start;
	uint8_t instance;
	/* memory services */
	bool mem;
	uint32_t address;
	uint16_t bytes;
};

struct knx_pdu {
	uint16_t service;
	bool has_channel, has_seq, has_status, has_conn, has_layer, has_ia, has_cemi, has_feature;
	uint8_t channel, seq, status, conn, layer, feature;
	uint16_t ia;                    /* individual address given to a tunnel */
	struct knx_hpai at[2];          /* control and data endpoint */
	struct rd dibs;
	struct knx_cemi m;
	const uint8_t *feature_value;
	uint32_t feature_n;
	bool has_state;                 /* ROUTING_LOST_MESSAGE, ROUTING_BUSY */
	uint8_t state;
	uint16_t lost, wait_ms;
	bool has_session, has_user;
	uint16_t session;
	uint8_t user;
	const uint8_t *serial;          /* six bytes: a secure frame's sender */
	const char *why;                /* the anomaly's name */
};

/* Length of the PDU at the cursor, 0: more bytes needed, -1: none here. */
ssize_t knx_length(const struct rd *r);
/* A whole PDU from its header on; what is wrong is in r's error and p->why. */
void knx_decode(struct rd *r, struct knx_pdu *p);

/* knxip_dib.c */
struct knx_dib { uint8_t type; struct rd body; };
bool knx_dib_next(struct rd *dibs, struct knx_dib *d);
/* Writes "device" of the blocks, and the identity of `who`. */
void knx_put_dibs(struct dctx *c, struct ev *e, struct rd dibs, enum ident_of who);
/* "1.1.5" and "1/2/3" */
struct text knx_individual(struct ev *e, uint16_t a);
struct text knx_group(struct ev *e, uint16_t a);
struct text knx_hex(struct ev *e, const uint8_t *p, uint32_t n);
struct text knx_serial(struct ev *e, const uint8_t p[6]);   /* empty: none of its own */
struct text knx_latin1(struct ev *e, const uint8_t *p, uint32_t n);

/* knxip_put.c: the frame's detail, ot.op, service, object and value. */
void knx_put_cemi(struct ev *e, const struct knx_cemi *m);
/* Its bytes are not to be written. */
bool knx_is_secret(const struct knx_cemi *m);
/* What a device says of itself in a property or descriptor; who holds it: sub
 * is its individual address, or absent for the gateway itself. */
void knx_identify(struct ev *e, const struct knx_cemi *m, enum ident_of who, struct text sub);

/* knxip_names.c */
extern const struct tok knx_services[], knx_status[], knx_conn_types[], knx_layers[],
    knx_media[], knx_families[], knx_features[], knx_cemi_codes[], knx_cemi_errors[],
    knx_session_states[], knx_tpci[];
struct knx_apci { uint16_t code; const char *name; enum ot_op op; };
const struct knx_apci *knx_apci(uint16_t apci);
const char *knx_maker(uint16_t id);
extern const struct field knx_fields[];

#endif
